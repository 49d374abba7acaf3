/*
 * store_potential.h - where the potential lies: sums over the customers of
 * each cell, beside what the night found there.
 */
#ifndef STORE_POTENTIAL_H
#define STORE_POTENTIAL_H

#include "store_db.h"
#include "store_load.h"

typedef struct store_cell_sum {
    int64_t id;                /* of the cell */
    const char *ref;
    const char *grid, *branch; /* of the territories in force; "": none */
    double area_m2;
    int64_t customers, balance_fen, targets, value, unvisited;
    double per_km2;            /* dormant density where its targets live;
                                  NaN: none */
    double z;                  /* of Gi*; NaN: unknown */
    int32_t spot_class;        /* of Gi*, as gb_spot_class */
    int32_t moran_class;       /* of local Moran */
} store_cell_sum;

typedef struct store_cell_sums {
    base_arena arena;
    store_cell_sum *items; /* by reference */
    size_t n;
} store_cell_sums;

/*
 * Cells of the active set with a customer in the scope; the sums are of these
 * alone.  Unvisited: nobody in the 90 days up to `on`.  `spots`: by which
 * measure a cell is hot (store_spots.h).
 */
gb_status store_query_potential(gb_workspace *workspace, store_scope scope,
                                const char *spots, int32_t on,
                                store_cell_sums *out);
void store_cell_sums_clear(store_cell_sums *sums);

#endif
