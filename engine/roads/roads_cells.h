/*
 * roads_cells.h - from weights, sixteen lanes side by side, to the seconds
 * and metres of a table.
 */
#ifndef ROADS_CELLS_H
#define ROADS_CELLS_H

#include "roads_lanes.h"
#include "roads_weight.h"

/* Where lane l and column c come to lie: l * lane_stride + c * column_stride;
 * one of the strides is 1. */
typedef struct roads_cells {
    int32_t *seconds, *metres; /* either may be NULL */
    size_t lane_stride, column_stride;
    uint32_t length_unit_cm;
    bool is_wide;              /* ROADS_IS_WIDE() */
} roads_cells;

/* Row c of `weights` is of column columns[c]; its lane l of lane lanes[l].
 * As roads_weight_s() and roads_weight_m(). */
void roads_cells_write(const roads_cells *cells, const uint32_t *lanes,
                       size_t n_lanes, const uint32_t *columns,
                       size_t n_columns, const double *weights);

#endif
