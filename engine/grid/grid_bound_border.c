/*
 * grid_bound_border.c - cut and border: what can be proven of them.
 */
#include "grid_bound.h"

#include <math.h>
#include <string.h>

#include "grid_bound_cut.h"
#include "grid_bound_spectral.h"

/* States of one search at most, some 100 bytes each. */
enum { MOST_STATES = 5000000 };

static bool is_border(const grid_bound_task *task)
{
    return task->options->objective == GB_TERRITORY_BORDER;
}

static void raise_lower(const base_run *run, gb_bound_result *r, double lower,
                        int32_t method)
{
    lower = fmin(lower, r->upper);
    if (lower <= r->lower)
        return;
    r->lower = lower;
    r->method = method;
    r->seconds = base_run_elapsed_s(run);
}

/* A plan that the frontiers know of, where the other rules take it as well. */
static gb_status take_plan(base_run *run, const grid_bound_task *task,
                           const uint32_t *plan, gb_bound_result *r,
                           uint32_t *owners)
{
    size_t n_found;
    double value;
    const gb_status status
        = grid_bound_value(run, task, plan, &n_found, &value);

    if (!status && n_found == 0 && value < r->upper) {
        r->upper = value;
        r->has_plan = true;
        memcpy(owners, plan, task->areas->n_areas * sizeof *owners);
    }
    return status;
}

static gb_status search_frontiers(base_run *run, const grid_bound_task *task,
                                  const grid_problem *p, gb_bound_result *r,
                                  uint32_t *owners)
{
    const double unit = is_border(task) ? p->border_unit : 1;
    const uint64_t most = task->options->max_nodes < MOST_STATES
        ? task->options->max_nodes : MOST_STATES;
    const int64_t upper = r->upper < (double)INFINITY
        ? llround(r->upper / unit) : INT64_MAX;
    grid_bound_cut_result found = { 0 };
    uint32_t *plan = base_alloc_array(run->mem, p->n, sizeof *plan);
    gb_status status;

    if (!plan)
        return base_fail_nomem(run->ctx);
    status = grid_bound_cut(run, p, is_border(task), upper, most, &found,
                            plan);
    r->n_nodes += found.n_states;
    if (!status && found.is_infeasible)
        r->is_infeasible = true;
    /* Each border was rounded to the unit, by half of it at most. */
    if (!status)
        raise_lower(run, r,
                    (double)found.lower * unit
                        - (unit < 1 ? unit * (double)p->first[p->n] : 0),
                    GB_BOUND_FRONTIER);
    if (!status && found.has_plan)
        status = take_plan(run, task, plan, r, owners);
    base_free(run->mem, plan);
    return status;
}

/* There is one plan, and it cuts nothing. */
static gb_status bound_one(base_run *run, const grid_bound_task *task,
                           gb_bound_result *r, uint32_t *owners)
{
    uint32_t *plan = base_alloc_zeroed(run->mem, task->areas->n_areas,
                                       sizeof *plan);
    gb_status status = plan ? GB_OK : base_fail_nomem(run->ctx);

    if (!status)
        status = take_plan(run, task, plan, r, owners);
    r->is_infeasible = r->upper == (double)INFINITY;
    r->method = GB_BOUND_COUNT;
    base_free(run->mem, plan);
    return status;
}

/* Territories that touch in a chain, then the eigenvalues. */
static gb_status bound_roughly(base_run *run, const grid_bound_task *task,
                               gb_bound_result *r)
{
    const bool is_count = !is_border(task);
    double lower = 0;
    gb_status status = GB_OK;

    if (is_count)
        raise_lower(run, r,
                    (double)(task->rules->n_territories - task->n_components),
                    GB_BOUND_COUNT);
    status = grid_bound_spectral(run, task, &lower);
    if (!status)
        raise_lower(run, r, is_count ? ceil(lower - 1e-6) : lower,
                    GB_BOUND_SPECTRAL);
    return status;
}

gb_status grid_bound_border(base_run *run, const grid_bound_task *task,
                            gb_bound_result *r, uint32_t *owners)
{
    const gb_territory_options none = GB_TERRITORY_OPTIONS_INIT;
    grid_problem problem;
    gb_status status;

    if (task->rules->n_territories == 1)
        return bound_one(run, task, r, owners);
    base_run_phase(run, GB_N("proving the plan"), 0.1, 1, 0);
    status = grid_problem_build(run, task->areas, task->rules, &none,
                                &problem);
    if (status)
        return status;
    status = bound_roughly(run, task, r);
    if (!status)
        status = search_frontiers(run, task, &problem, r, owners);
    r->root_lower = r->lower;
    grid_problem_clear(&problem);
    return status;
}
