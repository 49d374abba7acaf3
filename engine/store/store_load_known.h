/*
 * store_load_known.h - who knows whom on which ground, and who works how many
 * days a week: what territories go by besides the targets of a date.
 *
 * As store_load.h: one struct with an arena of its own, indices of the arrays
 * given.
 */
#ifndef STORE_LOAD_KNOWN_H
#define STORE_LOAD_KNOWN_H

#include "store_load.h"

/* A manager and a cell where he looks after somebody or has visited. */
typedef struct store_known_pair {
    uint32_t cell, manager;
    double customers; /* that he looks after, or has visited */
} store_known_pair;

typedef struct store_known {
    base_arena arena;
    double *customers;       /* n_cells: all that lie there */
    store_known_pair *pairs; /* by cell, then manager */
    size_t n_cells, n_pairs;
    int32_t *days_a_week;    /* n_managers: 0 to 7; a weekday counts when he
                                works on most of its days in eight weeks */
    size_t n_managers;
} store_known;

/* Customers by the active set of cells; visits before day `on`. */
gb_status store_load_known(gb_workspace *workspace, const store_cells *cells,
                           const store_managers *managers, int32_t on,
                           store_known *out);
void store_known_clear(store_known *known); /* takes an empty one */

/*
 * Which area each cell lies in: the one of `refs` (NULL: of all) that holds a
 * point of it, the first by reference where several do, STORE_NONE for none.
 *
 * @param refs     n_refs references; GB_ERR_NOT_FOUND for one that is not
 *                 there.
 * @param points   n_cells, degrees.
 * @param area_of  n_cells.
 */
gb_status store_load_area_of(gb_workspace *workspace, const char *const *refs,
                             size_t n_refs, const gb_lonlat *points,
                             size_t n_points, uint32_t *area_of);

#endif
