/*
 * store_territory_diff.h - what changes hands between two versions, or
 * between two dates of one.
 *
 * Where both rest on the same cells it is told cell by cell; where cells were
 * made anew in between, by the customers who lie in them.
 */
#ifndef STORE_TERRITORY_DIFF_H
#define STORE_TERRITORY_DIFF_H

#include "store_territory_figures.h"

/* A cell whose territory or whose manager differs; "" for none. */
typedef struct store_diff_cell {
    uint32_t cell; /* of the cells of both */
    const char *from, *to;                 /* territories */
    const char *from_manager, *to_manager;
    bool changes_hands;                    /* another manager */
} store_diff_cell;

/* Between two territories. */
typedef struct store_diff_flow {
    const char *from, *to, *from_manager, *to_manager; /* "" for none */
    int64_t n_cells; /* 0 where cells differ */
    int64_t n_customers, n_targets;
    double activity; /* of measure 0 of the second; 0 where cells differ */
} store_diff_flow;

typedef struct store_diff_manager {
    const char *manager;
    int64_t cells_in, cells_out, customers_in, customers_out;
    int64_t targets_in, targets_out;
    double activity_in, activity_out;
} store_diff_manager;

typedef struct store_diff {
    base_arena arena;
    bool has_same_cells;
    store_diff_cell *cells;       /* by reference of the cell */
    store_diff_flow *flows;       /* by from, then to; those that differ */
    store_diff_manager *managers; /* by reference; those who gain or lose */
    size_t n_cells, n_flows, n_managers, n_changing_hands;
    int64_t n_customers, n_targets; /* that change hands */
    double activity;
} store_diff;

/* Texts are borrowed from the two, which must outlive it. */
gb_status store_diff_make(gb_workspace *workspace, const store_figures *a,
                          const store_figures *b, store_diff *out);
void store_diff_clear(store_diff *diff);

#endif
