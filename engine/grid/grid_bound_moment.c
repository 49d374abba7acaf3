/*
 * grid_bound_moment.c - the moment: prices first, then the tree.
 */
#include "grid_bound.h"

#include <math.h>

#include "grid_bound_assign.h"
#include "grid_bound_tree.h"

/* Up to here every area that can be reached is looked at. */
enum { WHOLE_AREAS = 600, ROOT_ITERATIONS = 1000 };

static void take_lower(const base_run *run, gb_bound_result *r, double lower,
                       int32_t method)
{
    lower = fmin(lower, r->upper);
    if (lower <= r->lower)
        return;
    r->lower = lower;
    r->method = method;
    r->seconds = base_run_elapsed_s(run);
}

gb_status grid_bound_moment(base_run *run, const grid_bound_task *task,
                            gb_bound_result *r, uint32_t *owners)
{
    const size_t n = task->areas->n_areas;
    const uint64_t n_iterations = task->options->max_iterations
        ? task->options->max_iterations : ROOT_ITERATIONS;
    hess_model model = { 0 };
    hess_prices prices = { 0 };
    gb_status status;

    base_run_phase(run, GB_N("pricing areas"), 0.02, 0.4, n + n_iterations);
    status = hess_model_build(run, task->areas, task->places,
                              task->rules->n_territories, task->low,
                              task->high,
                              task->options->objective == GB_TERRITORY_MOMENT,
                              n <= WHOLE_AREAS, &model);
    if (status)
        return status;
    status = hess_prices_init(run, &prices, &model);
    if (status)
        goto done;
    status = hess_prices_begin(run, &prices, n_iterations, r->upper);
    r->n_iterations = prices.n_iterations;
    if (status)
        goto done;
    take_lower(run, r, prices.lower, GB_BOUND_LAGRANGIAN);
    r->root_lower = r->lower;
    if (r->lower < r->upper * (1 - GRID_BOUND_CLOSE) && n <= WHOLE_AREAS
        && model.k <= ASSIGN_MOST_CENTRES && !run->is_late) {
        base_run_phase(run, GB_N("proving the plan"), 0.4, 1, 0);
        status = grid_bound_tree(run, task, &prices, r, owners);
    }
    r->is_infeasible = r->lower == (double)INFINITY;

done:
    hess_prices_clear(&prices);
    hess_model_clear(&model);
    return status;
}
