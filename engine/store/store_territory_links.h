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

#endif
