/*
 * store_territory_life.h - the life of a version: draft, approved, active,
 * retired; and who owned what when.
 *
 *   draft -> approved -> active -> retired
 *        \-> retired  \-> retired
 *
 * Approving and activating look at the version with the check that shares no
 * code with the search (store_territory_check.h): what is not valid does not
 * come into force, and so nothing does unchecked.  Customers who lie in no
 * cell do not stand in the way: they are counted, and the check names them.
 */
#ifndef STORE_TERRITORY_LIFE_H
#define STORE_TERRITORY_LIFE_H

#include "store_territory_check.h"

/* GB_ERR_DATA with the first finding for a version that is not valid; the
 * findings that stand in the way are counted. */
gb_status store_territory_approve_checked(gb_workspace *workspace,
                                          int64_t version,
                                          size_t *n_customers_outside);
gb_status store_territory_activate_checked(gb_workspace *workspace,
                                           int64_t version, int32_t on,
                                           size_t *n_customers_outside);
/* A draft or an approved version that is not wanted; GB_ERR_STATE for one
 * that is in force: another one takes its place by being activated. */
gb_status store_territory_retire(gb_workspace *workspace, int64_t version);

typedef struct store_version {
    int64_t id, made_from; /* made_from: 0 for none */
    int32_t state;         /* store_version_status */
    int32_t from, to;      /* days, or STORE_NO_DAY; to: the first no more */
    int64_t n_territories, n_cells;
    bool has_active_cells; /* rests on the cells of now */
    const char *note;
} store_version;

/* From a day on, until the first day no more. */
typedef struct store_tenure {
    int64_t version;
    const char *territory, *manager, *cell; /* cell: "" unless asked for */
    int32_t from, to;                       /* to: or STORE_NO_DAY */
} store_tenure;

typedef struct store_history {
    base_arena arena;
    store_version *versions; /* by number */
    store_tenure *tenures;   /* by date, then territory */
    size_t n_versions, n_tenures;
} store_history;

/* Of one territory, manager or cell; NULL: of all.  What is not known there
 * gives none. */
typedef struct store_history_of {
    const char *territory, *manager, *cell;
} store_history_of;

gb_status store_load_history(gb_workspace *workspace,
                             const store_history_of *of, store_history *out);
void store_history_clear(store_history *history);

#endif
