/*
 * plan_cells_told.h - what was found and mended when cells were made, and what
 * has come out, as JSON for people.
 */
#ifndef PLAN_CELLS_TOLD_H
#define PLAN_CELLS_TOLD_H

#include "plan_data.h"

#include <gridbeat/cells.h>

typedef struct plan_cells_telling {
    plan_data *data;
    const gb_cells *cells;
    const gb_cells_view *view;
    const char *const *given;  /* references of the bank's polygons; or NULL */
    const char *const *refs;   /* of the cells, as they are saved */
    double max_weight;
} plan_cells_telling;

/* Counts by kind, as an object; NULL without memory. */
json_t *plan_cells_counts(const plan_cells_telling *t);
/* Each repair: kind, the polygons by their references, m2, place in degrees. */
gb_status plan_cells_repairs(const plan_cells_telling *t, json_t **out);
/* Figures of the cells: sizes, weights, shape. */
json_t *plan_cells_figures(const plan_cells_telling *t);

#endif
