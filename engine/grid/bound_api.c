/*
 * bound_api.c - implements gridbeat/bound.h.
 */
#include <gridbeat/bound.h>

#include <math.h>
#include <string.h>

#include "base_options.h"
#include "grid_bound.h"
#include "grid_door.h"
#include "grid_problem.h"

enum { MOST_NODES = 5000000 };
/* The check allows 2e-9 of a target beyond the tolerance; here it is more. */
static const double ROUNDING = 4e-9;

/* --- the door ------------------------------------------------------------ */

static gb_status check_places(gb_context *ctx, const gb_lonlat *places,
                              size_t n)
{
    for (size_t a = 0; places && a < n; a++)
        if (!(fabs(places[a].lon_deg) <= 540
              && fabs(places[a].lat_deg) <= 90))
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: its place is none in degrees", a);
    return GB_OK;
}

static gb_status take_options(gb_context *ctx, gb_bound_options *to,
                              const gb_bound_options *from)
{
    gb_status status = base_options_take(ctx, to, sizeof *to, from,
                                         sizeof(gb_bound_options));

    if (status)
        return status;
    if (to->objective < GB_TERRITORY_MOMENT
        || to->objective > GB_TERRITORY_MEDIAN)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "objective %d cannot be bounded",
                         (int)to->objective);
    if (!(to->upper >= 0 && to->upper < (double)INFINITY))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "upper: negative or no number");
    if (to->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "time_limit_ms is negative");
    if (to->max_nodes == 0)
        to->max_nodes = MOST_NODES;
    if (to->n_threads == 0)
        to->n_threads = 1;
    return GB_OK;
}

/* --- what is known before ------------------------------------------------ */

/* The widest range of measure 0 that any territory has. */
static void set_limits(grid_bound_task *task)
{
    const gb_territory_rules *rules = task->rules;
    const double tolerance = rules->tolerances ? rules->tolerances[0] : 0.05;
    double total = 0, sum = 0, least = (double)INFINITY, most = 0;

    for (size_t a = 0; a < task->areas->n_areas; a++)
        total += task->areas->activity[a];
    for (size_t t = 0; t < rules->n_territories; t++) {
        const double share = rules->shares ? rules->shares[t] : 1;

        sum += share;
        least = fmin(least, share);
        most = fmax(most, share);
    }
    task->low = least / sum * total * (1 - tolerance - ROUNDING);
    task->high = most / sum * total * (1 + tolerance + ROUNDING);
    task->low = fmax(task->low, 0);
    task->is_relaxed = least < most || rules->locks || rules->seeds
        || rules->n_apart > 0 || rules->n_barred > 0 || rules->frozen
        || task->areas->n_measures > 1;
}

static gb_status value_of_plan(base_run *run, const grid_bound_task *task,
                               double *value)
{
    size_t n_found;
    const gb_status status = grid_bound_value(run, task, task->options->plan,
                                              &n_found, value);

    if (!status && n_found > 0)
        return base_fail(run->ctx, GB_ERR_ARGUMENT,
                         "the plan breaks rules: %zu findings", n_found);
    return status;
}

static gb_status take_upper(base_run *run, const grid_bound_task *task,
                            gb_bound_result *r)
{
    double value = (double)INFINITY;
    gb_status status = GB_OK;

    r->upper = task->options->upper > 0 ? task->options->upper : (double)INFINITY;
    if (task->options->plan)
        status = value_of_plan(run, task, &value);
    r->given = value;
    r->upper = fmin(r->upper, value);
    return status;
}

/* More components than territories, or an area that none can hold. */
static gb_status look_for_no(base_run *run, grid_bound_task *task,
                             gb_bound_result *r)
{
    const gb_areas *areas = task->areas;
    const size_t n = areas->n_areas, k = task->rules->n_territories;
    uint32_t *component = base_alloc_array(run->mem, n, sizeof *component);
    gb_status status;

    if (!component)
        return base_fail_nomem(run->ctx);
    status = grid_components(run, areas, component, &task->n_components);
    base_free(run->mem, component);
    r->is_infeasible = task->n_components > k || k > n;
    for (size_t a = 0; a < n; a++)
        if (areas->activity[a] > task->high)
            r->is_infeasible = true;
    return status;
}

/* --- the bound ----------------------------------------------------------- */

static void finish(gb_bound_result *r)
{
    if (r->is_infeasible) {
        r->lower = (double)INFINITY;
        r->root_lower = fmax(r->root_lower, 0);
        r->outcome = GB_OUTCOME_OPTIMAL;
        return;
    }
    if (r->outcome == GB_OUTCOME_NONE)
        r->outcome = GB_OUTCOME_CONVERGED;
    r->is_closed = r->upper < (double)INFINITY
        && r->lower >= r->upper * (1 - GRID_BOUND_CLOSE);
    if (r->is_closed) {
        r->lower = r->upper;
        r->outcome = GB_OUTCOME_OPTIMAL;
    }
    r->gap = !(r->upper < (double)INFINITY) ? 1
        : r->upper > 0              ? (r->upper - r->lower) / r->upper : 0;
}

static gb_status bound(base_run *run, grid_bound_task *task,
                       gb_bound_result *r, uint32_t *owners)
{
    gb_status status;

    base_run_phase(run, GB_N("reading areas"), 0, 0.02, 0);
    status = base_poll(run);
    if (!status)
        status = take_upper(run, task, r);
    if (!status)
        status = look_for_no(run, task, r);
    if (status || r->is_infeasible)
        return status;
    if (grid_bound_is_about(task))
        status = grid_bound_moment(run, task, r, owners);
    else
        status = grid_bound_border(run, task, r, owners);
    if (run->is_late && r->outcome == GB_OUTCOME_NONE)
        r->outcome = GB_OUTCOME_TIME_LIMIT;
    return status;
}

gb_status gb_territory_bound(gb_context *ctx, const gb_areas *areas,
                             const gb_lonlat *places,
                             const gb_territory_rules *rules,
                             const gb_bound_options *options,
                             gb_bound_result *result, uint32_t *owners)
{
    gb_bound_result found = { .size = sizeof found };
    gb_bound_options wishes;
    gb_territory_rules must;
    gb_areas known;
    grid_bound_task task = { .areas = &known, .places = places,
                             .rules = &must, .options = &wishes };
    uint32_t *better = NULL;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!result)
        return base_fail(ctx, GB_ERR_ARGUMENT, "result: NULL");
    status = grid_door_areas(ctx, &known, areas);
    if (!status)
        status = grid_door_rules(ctx, &known, &must, rules);
    if (!status)
        status = take_options(ctx, &wishes, options);
    if (!status)
        status = check_places(ctx, places, known.n_areas);
    if (status)
        return status;
    better = base_alloc_array(ctx->mem, known.n_areas, sizeof *better);
    if (!better)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx,
                   (base_limits){ wishes.time_limit_ms, wishes.max_iterations,
                                  wishes.n_threads });
    set_limits(&task);
    found.is_relaxed = task.is_relaxed;
    status = bound(&run, &task, &found, better);
    if (!status) {
        const size_t size
            = result->size < sizeof found ? result->size : sizeof found;

        finish(&found);
        if (size > sizeof found.size)
            memcpy((char *)result + sizeof found.size,
                   (const char *)&found + sizeof found.size,
                   size - sizeof found.size);
        if (owners && found.has_plan)
            memcpy(owners, better, known.n_areas * sizeof *owners);
    }
    base_free(ctx->mem, better);
    return base_run_end(&run, status);
}
