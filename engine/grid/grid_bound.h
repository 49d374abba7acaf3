/*
 * grid_bound.h - what is to be bounded, and what each way of it hands back.
 */
#ifndef GRID_BOUND_H
#define GRID_BOUND_H

#include <gridbeat/bound.h>

#include "base_run.h"

/* Checked at the door; all borrowed. */
typedef struct grid_bound_task {
    const gb_areas *areas;
    const gb_lonlat *places; /* n, or NULL */
    const gb_territory_rules *rules;
    const gb_bound_options *options; /* no default is left */
    double low, high; /* of measure 0: what some territory may have */
    size_t n_components; /* of the areas; at most n_territories */
    bool is_relaxed;  /* there are rules that low and high do not tell */
} grid_bound_task;

/* The objective is a sum of distances to centres. */
static inline bool grid_bound_is_about(const grid_bound_task *task)
{
    return task->options->objective == GB_TERRITORY_MOMENT
        || task->options->objective == GB_TERRITORY_MEDIAN;
}

/* What a plan is worth, by a way of its own; only where *n_found, of the
 * check, is 0. */
gb_status grid_bound_value(base_run *run, const grid_bound_task *task,
                           const uint32_t *owners, size_t *n_found,
                           double *value);

/*
 * Raise result->lower, from 0; result->upper is that of the plan known, or
 * INFINITY.  A better plan goes to `owners`, which has n, with has_plan.
 */
gb_status grid_bound_moment(base_run *run, const grid_bound_task *task,
                            gb_bound_result *result, uint32_t *owners);

gb_status grid_bound_border(base_run *run, const grid_bound_task *task,
                            gb_bound_result *result, uint32_t *owners);

/* Two figures that differ by less are one: a ratio. */
#define GRID_BOUND_CLOSE 1e-9

#endif
