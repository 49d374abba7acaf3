/*
 * plan_bound.h - a stored version of territories as a task for a bound.
 *
 * Measured is the first column of activity that is known cell by cell, else
 * how many customers there are, held
 * to the tolerance of the version, or to what the version itself keeps where
 * that is more: a bound for plans that are balanced no worse.  Barriers, locks
 * and pairs apart are left out; with them a plan only gets dearer.
 */
#ifndef PLAN_BOUND_H
#define PLAN_BOUND_H

#include <gridbeat/grid.h>

#include "store_territory_figures.h"

typedef struct plan_bound_ground {
    base_arena arena;
    gb_areas areas;
    gb_territory_rules rules;
    uint32_t *owners;   /* n_areas; the version */
    double tolerance;   /* as it is held to */
    double worst;       /* deviation of the version, as a ratio */
    const char *measure;
} plan_bound_ground;

/*
 * @param branch     the territories of one branch alone; NULL: all
 * @param tolerance  < 0: the version's own
 * @return GB_OK; GB_ERR_NOT_FOUND: no such branch in it; GB_ERR_STATE: no
 *         cells; GB_ERR_NOMEM
 */
gb_status plan_bound_prepare(base_run *run, const store_figures *figures,
                             const char *branch, double tolerance,
                             plan_bound_ground *out);
void plan_bound_clear(plan_bound_ground *ground);

#endif
