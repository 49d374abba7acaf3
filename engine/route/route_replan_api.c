/*
 * route_replan_api.c - implements gridbeat/route_replan.h.
 */
#include <gridbeat/route_replan.h>

#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "route_build.h"
#include "route_replan.h"
#include "route_suggest.h"

enum {
    DEFAULT_TOLERANCE_S = 900,
    DEFAULT_ITERATIONS = 2000,
    DEFAULT_STEP_S = 1800,
    MOST_CLOCK_S = 100000000
};

struct gb_route_diff {
    base_mem *mem; /* counted: outlives the context */
    route_changes changes;
    gb_route_diff_summary summary;
    gb_route_difference *differences;
};

static const char *const change_names[]
    = { "none",   "cancel", "add",    "delay", "service",
        "absent", "road",   "window", "shift" };

const char *gb_route_change_name(int32_t kind)
{
    return kind > 0 && (size_t)kind < COUNT_OF(change_names)
        ? change_names[kind]
        : NULL;
}

bool gb_route_change_parse(const char *name, int32_t *kind)
{
    for (size_t i = 1; name && kind && i < COUNT_OF(change_names); i++)
        if (strcmp(name, change_names[i]) == 0) {
            *kind = (int32_t)i;
            return true;
        }
    return false;
}

/* --- the diff --- */

static bool differs(const gb_route_solution *was, const gb_route_solution *is,
                    uint32_t c, gb_route_difference *d)
{
    memset(d, 0, sizeof *d);
    d->size = sizeof *d;
    d->client = c;
    d->vehicle_before = was->vehicle_of[c];
    d->vehicle_after = is->vehicle_of[c];
    d->item_before = was->item_of[c];
    d->item_after = is->item_of[c];
    if (d->vehicle_before != GB_ROUTE_NONE)
        d->start_before_s
            = was->stops[was->first_item[d->vehicle_before] + d->item_before]
                  .start_s;
    if (d->vehicle_after != GB_ROUTE_NONE)
        d->start_after_s
            = is->stops[is->first_item[d->vehicle_after] + d->item_after]
                  .start_s;
    if (d->vehicle_before == GB_ROUTE_NONE)
        d->kind = d->vehicle_after == GB_ROUTE_NONE
            ? GB_ROUTE_DIFFERENCE_NONE
            : GB_ROUTE_DIFFERENCE_IN;
    else if (d->vehicle_after == GB_ROUTE_NONE)
        d->kind = GB_ROUTE_DIFFERENCE_OUT;
    else if (d->vehicle_before != d->vehicle_after)
        d->kind = GB_ROUTE_DIFFERENCE_VEHICLE;
    else
        d->kind = d->start_before_s != d->start_after_s
            ? GB_ROUTE_DIFFERENCE_TIME
            : GB_ROUTE_DIFFERENCE_NONE;
    return d->kind != GB_ROUTE_DIFFERENCE_NONE;
}

static bool counts(const route_changes *k, const gb_route_difference *d)
{
    const int32_t moved_s = d->start_after_s - d->start_before_s;

    return !k->is_forced[d->client]
        && (d->kind != GB_ROUTE_DIFFERENCE_TIME
            || (k->tolerance_s >= 0
                && (moved_s > k->tolerance_s || moved_s < -k->tolerance_s)));
}

static bool fill_diff(const route_changes *k, const gb_route_solution *is,
                      gb_route_diff *diff)
{
    const gb_route_solution *was = k->now;
    gb_route_diff_summary *sum = &diff->summary;
    gb_route_difference d;

    for (uint32_t c = 0; c < is->n_clients; c++)
        sum->n_differences += differs(was, is, c, &d);
    diff->differences = base_alloc_array(diff->mem, sum->n_differences,
                                         sizeof *diff->differences);
    if (!diff->differences)
        return false;
    sum->size = sizeof *sum;
    sum->n_differences = 0;
    for (uint32_t c = 0; c < is->n_clients; c++) {
        sum->n_added_unserved
            += k->is_wanted[c] && is->vehicle_of[c] == GB_ROUTE_NONE;
        if (!differs(was, is, c, &d))
            continue;
        d.is_forced = k->is_forced[c];
        d.is_counted = counts(k, &d);
        sum->n_forced += d.is_forced;
        sum->n_counted += d.is_counted;
        diff->differences[sum->n_differences++] = d;
    }
    sum->value_before_milli = was->summary.value_milli;
    sum->value_after_milli = is->summary.value_milli;
    return true;
}

void gb_route_diff_free(gb_route_diff *diff)
{
    base_mem *mem;

    if (!diff)
        return;
    mem = diff->mem;
    route_changes_clear(&diff->changes);
    base_free(mem, diff->differences);
    base_free(mem, diff);
    base_mem_unref(mem);
}

bool gb_route_diff_summarize(const gb_route_diff *diff,
                             gb_route_diff_summary *out)
{
    return diff && base_options_give(out, &diff->summary, sizeof diff->summary);
}

bool gb_route_diff_get(const gb_route_diff *diff, size_t i,
                       gb_route_difference *out)
{
    return diff && i < diff->summary.n_differences
        && base_options_give(out, &diff->differences[i], sizeof *out);
}

const gb_route_problem *gb_route_diff_problem(const gb_route_diff *diff)
{
    return diff ? &diff->changes.problem : NULL;
}

/* --- the plan as it stands --- */

/* Drive `order`: its solution and, of the problem, the data. */
static gb_status drive(gb_context *ctx, const gb_route_problem *problem,
                       const gb_route_order *order, route_data *data,
                       gb_route_solution **now)
{
    route_plan plan;
    gb_status status = route_data_build(ctx, problem, data);

    if (status)
        return status;
    if (!route_plan_init(&plan, data)) {
        route_data_clear(data);
        return base_fail_nomem(ctx);
    }
    status = route_build_order(ctx, order, &plan);
    if (status == GB_OK) {
        *now = route_result_new(&plan);
        if (!*now)
            status = base_fail_nomem(ctx);
    }
    route_plan_clear(&plan);
    if (status)
        route_data_clear(data);
    return status;
}

/* Copy changes of any known size into one array of ours. */
static gb_status take_changes(gb_context *ctx, const gb_route_change *given,
                              size_t n, gb_route_change **out)
{
    gb_status status = GB_OK;

    *out = base_alloc_array(ctx->mem, n, sizeof **out);
    if (!*out)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = base_options_take(ctx, &(*out)[i], sizeof **out,
                                   (const char *)given + i * given->size,
                                   sizeof **out);
    return status;
}

static const uint32_t *frozen_of(const gb_route_order *order)
{
    return order->size >= sizeof *order ? order->n_frozen : NULL;
}

static gb_status resolve(gb_context *ctx,
                         const gb_route_replan_options *options,
                         gb_route_replan_options *out)
{
    gb_status status = base_options_take(ctx, out, sizeof *out, options,
                                         sizeof *out);

    if (status)
        return status;
    if (out->lock < GB_ROUTE_LOCK_NONE || out->lock > GB_ROUTE_LOCK_ALL)
        return base_fail(ctx, GB_ERR_ARGUMENT, "there is no lock %d",
                         out->lock);
    if (out->clock_s < -MOST_CLOCK_S || out->clock_s > MOST_CLOCK_S
        || out->tolerance_s > MOST_CLOCK_S || out->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a clock at %d s, a tolerance of %d s, %lld ms",
                         out->clock_s, out->tolerance_s,
                         (long long)out->time_limit_ms);
    if (out->tolerance_s == 0)
        out->tolerance_s = DEFAULT_TOLERANCE_S;
    if (out->max_iterations == 0)
        out->max_iterations = DEFAULT_ITERATIONS;
    return GB_OK;
}

/* Debug builds hold every answer to the checker. */
static gb_status verify(gb_context *ctx, const gb_route_problem *problem,
                        const gb_route_solution *solution)
{
#ifdef NDEBUG
    (void)ctx;
    (void)problem;
    (void)solution;
    return GB_OK;
#else
    gb_route_findings *findings;
    gb_status status = gb_route_check(ctx, problem, solution, &findings);

    if (status == GB_OK && gb_route_findings_count(findings) > 0)
        status = base_fail(ctx, GB_ERR_INTERNAL, "%s",
                           gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    return status;
#endif
}

static gb_status search(base_run *run, const gb_route_replan_options *options,
                        route_changes *changes, gb_route_solution **out,
                        uint64_t *iterations)
{
    route_replan replan;
    gb_status status;

    memset(&replan, 0, sizeof replan);
    status = route_replan_begin(run, changes, &replan);
    replan.rng = base_rng_seeded(options->seed);
    replan.max_changes = options->max_changes;
    replan.max_iterations = options->max_iterations;
    base_run_phase(run, GB_N("planning again"), 0, 0.9,
                   options->max_iterations);
    if (status == GB_OK)
        status = route_replan_repair(&replan);
    if (status == GB_OK)
        status = route_replan_improve(&replan);
    if (status == GB_OK)
        status = route_replan_finish(&replan, out);
    if (status == GB_OK) {
        (*out)->summary.iterations = *iterations = replan.iterations;
        (*out)->summary.outcome
            = run->is_late ? GB_OUTCOME_TIME_LIMIT : GB_OUTCOME_ITERATION_LIMIT;
        base_run_phase(run, GB_N("finding reasons"), 0.9, 1, 0);
        if (!options->skip_reasons)
            status = route_explain(run, &replan.plan, replan.list, *out);
    }
    route_replan_clear(&replan);
    return status;
}

gb_status gb_route_replan(gb_context *ctx, const gb_route_problem *problem,
                          const gb_route_order *now,
                          const gb_route_change *changes, size_t n_changes,
                          const gb_route_replan_options *options,
                          gb_route_solution **out, gb_route_diff **diff_out)
{
    gb_route_replan_options resolved;
    gb_route_change *list = NULL;
    gb_route_solution *before = NULL, *after = NULL;
    gb_route_diff *diff = NULL;
    route_data data;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (diff_out)
        *diff_out = NULL;
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!now || (!changes && n_changes))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no order is given, or no list");
    status = resolve(ctx, options, &resolved);
    if (status)
        return status;
    base_run_begin(&run, ctx,
                   (base_limits){ .time_limit_ms = resolved.time_limit_ms,
                                  .n_threads = 1 });
    status = drive(ctx, problem, now, &data, &before);
    if (status)
        return status;
    diff = base_alloc_zeroed(ctx->mem, 1, sizeof *diff);
    if (!diff) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    diff->mem = base_mem_ref(ctx->mem);
    status = take_changes(ctx, changes, n_changes, &list);
    if (status == GB_OK)
        status = route_changes_begin(ctx, problem, &data, before,
                                     &diff->changes);
    diff->changes.clock_s = resolved.clock_s;
    diff->changes.clock_day = resolved.clock_day;
    diff->changes.tolerance_s = resolved.tolerance_s;
    diff->changes.lock = (gb_route_lock)resolved.lock;
    if (status == GB_OK)
        status = route_changes_apply(ctx, list, n_changes, frozen_of(now),
                                     &diff->changes);
    if (status == GB_OK)
        status = search(&run, &resolved, &diff->changes, &after,
                        &diff->summary.iterations);
    if (status == GB_OK)
        status = verify(ctx, &diff->changes.problem, after);
    if (status == GB_OK && !fill_diff(&diff->changes, after, diff))
        status = base_fail_nomem(ctx);
done:
    if (status) {
        gb_route_solution_free(after);
        after = NULL;
    }
    if (diff)
        diff->changes.now = NULL;
    if (status || !diff_out) {
        gb_route_diff_free(diff);
        diff = NULL;
    }
    gb_route_solution_free(before);
    base_free(ctx->mem, list);
    route_data_clear(&data);
    *out = after;
    if (diff_out)
        *diff_out = diff;
    return base_run_end(&run, status);
}

/* --- suggestions --- */

static gb_status resolve_suggest(gb_context *ctx,
                                 const gb_route_suggest_options *options,
                                 gb_route_suggest_options *out)
{
    gb_status status = base_options_take(ctx, out, sizeof *out, options,
                                         sizeof *out);

    if (status)
        return status;
    if (out->step_s == 0)
        out->step_s = DEFAULT_STEP_S;
    if (out->length_s == 0)
        out->length_s = out->step_s;
    if (out->tolerance_s == 0)
        out->tolerance_s = DEFAULT_TOLERANCE_S;
    if (out->clock_s < -MOST_CLOCK_S || out->clock_s > MOST_CLOCK_S
        || out->tolerance_s > MOST_CLOCK_S || out->step_s < 60
        || out->step_s > MOST_CLOCK_S || out->length_s < 1
        || out->length_s > MOST_CLOCK_S || out->from_s < -MOST_CLOCK_S
        || out->until_s > MOST_CLOCK_S || out->from_s > out->until_s)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "windows of %d s every %d s from %d to %d s, a "
                         "clock at %d s, a tolerance of %d s",
                         out->length_s, out->step_s, out->from_s,
                         out->until_s, out->clock_s, out->tolerance_s);
    return GB_OK;
}

/* Take the client out of a plan of which all else stays. */
static gb_status suggest(base_run *run, route_changes *changes, uint32_t c,
                         const gb_route_suggest_options *options,
                         gb_route_suggestion *out, size_t capacity, size_t *n)
{
    route_replan replan;
    const uint32_t v = changes->now->vehicle_of[c];
    gb_status status;

    memset(&replan, 0, sizeof replan);
    if (v != GB_ROUTE_NONE
        && changes->now->item_of[c] < changes->n_frozen[v])
        return base_fail(run->ctx, GB_ERR_INFEASIBLE,
                         "client %u: its service has begun, or is frozen", c);
    changes->is_gone[c] = 1;
    changes->promised[c].n = 0;
    status = route_replan_begin(run, changes, &replan);
    if (status == GB_OK)
        status = route_replan_repair(&replan);
    if (status == GB_OK)
        status = route_suggest(&replan, c, options, out, capacity, n);
    route_replan_clear(&replan);
    return status;
}

gb_status gb_route_suggest(gb_context *ctx, const gb_route_problem *problem,
                           const gb_route_order *order, uint32_t client,
                           const gb_route_suggest_options *options,
                           gb_route_suggestion *out, size_t capacity,
                           size_t *n)
{
    gb_route_suggest_options resolved;
    gb_route_solution *now = NULL;
    route_changes changes;
    route_data data;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!order || !n || (!out && capacity))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no order is given, or nowhere to write to");
    *n = 0;
    if (capacity && out->size < sizeof *out)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "a suggestion of %zu bytes; %zu expected", out->size,
                         sizeof *out);
    status = resolve_suggest(ctx, options, &resolved);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = 1 });
    status = drive(ctx, problem, order, &data, &now);
    if (status)
        return status;
    memset(&changes, 0, sizeof changes);
    if (client >= data.n_clients)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "client %u; there are %u",
                           client, data.n_clients);
    if (status == GB_OK)
        status = route_changes_begin(ctx, problem, &data, now, &changes);
    changes.clock_s = resolved.clock_s;
    changes.clock_day = resolved.clock_day;
    changes.tolerance_s = resolved.tolerance_s;
    changes.moving = client;
    if (status == GB_OK)
        status = route_changes_apply(ctx, NULL, 0, frozen_of(order),
                                     &changes);
    if (status == GB_OK)
        status = suggest(&run, &changes, client, &resolved, out, capacity, n);
    if (changes.arena.mem)
        route_changes_clear(&changes);
    gb_route_solution_free(now);
    route_data_clear(&data);
    return base_run_end(&run, status);
}
