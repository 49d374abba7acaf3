/*
 * store_territory_links.h - customers who are somebody's whatever the
 * territories say: by an override, or because several managers share them and
 * one leads.
 */
#ifndef STORE_TERRITORY_LINKS_H
#define STORE_TERRITORY_LINKS_H

#include "store_load.h"

typedef struct store_link {
    const char *customer, *manager;
    bool is_lead;        /* of several managers; else an override */
    const char *reason;  /* of the override, or "" */
    const char *territory, *owner; /* where the customer lies; or "" */
    bool is_outside;     /* of the manager's own territories */
} store_link;

typedef struct store_links {
    base_arena arena;
    store_link *items; /* by customer */
    size_t n, n_outside;
} store_links;

/* Those in force on a day, against a version and its owners on that day. */
gb_status store_load_links(gb_workspace *workspace, int64_t version,
                           int32_t on, store_links *out);
void store_links_clear(store_links *links);

/* Somebody who is linked to one customer. */
typedef struct store_person {
    const char *manager;
    const char *by;     /* "assignment", "lead", "assist" */
    const char *reason; /* of an assignment, or "" */
    bool comes_along;   /* assists, and is to be there too */
} store_person;

typedef struct store_people {
    base_arena arena;
    store_person *items; /* the assignment, the lead, then who assists */
    size_t n;
} store_people;

/* Who is linked to a customer on a day, besides the territory's owner. */
gb_status store_load_people(gb_workspace *workspace, const char *customer,
                            int32_t on, store_people *out);
void store_people_clear(store_people *people);

#endif
