/*
 * store_lead.h - leads that were given to somebody on arrival, remembered.
 *
 * A lead is a reference and a place: nothing personal is taken.
 */
#ifndef STORE_LEAD_H
#define STORE_LEAD_H

#include "store_load.h"

typedef struct store_lead {
    const char *ref, *territory, *cell, *manager;
    const char *reason; /* gb_point_reason_name() */
    int32_t day;        /* of the territories */
    gb_lonlat at;       /* WGS 84 */
} store_lead;

/*
 * Remember leads, all or none; one that is known gets its new owner.
 * GB_ERR_DATA for a reference that is none, or looks personal (which is not
 * echoed); GB_ERR_NOT_FOUND for a manager who is not there.
 */
gb_status store_save_leads(gb_workspace *workspace, const store_lead *leads,
                           size_t n);

typedef struct store_leads {
    base_arena arena;
    store_lead *items; /* by reference */
    size_t n;
} store_leads;

/* `manager` NULL: of all. */
gb_status store_load_leads(gb_workspace *workspace, const char *manager,
                           store_leads *out);
void store_leads_clear(store_leads *leads);

#endif
