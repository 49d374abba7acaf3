/*
 * route_api.c - implements gridbeat/route.h; the accessors are in
 * route_result.c, the checker in route_check.c.
 */
#include <gridbeat/route.h>
#include <gridbeat/route_reason.h>

#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "route_build.h"
#include "route_check.h"
#include "route_solve.h"

enum {
    DEFAULT_ITERATIONS = 20000,
    DEFAULT_SEARCHES = 2,
    MOST_SEARCHES = 64,
    MOST_THREADS = 1024
};

static gb_status resolve(gb_context *ctx, const gb_route_options *options,
                         gb_route_options *out)
{
    gb_status status = base_options_take(ctx, out, sizeof *out, options,
                                         sizeof(gb_route_options));

    if (status)
        return status;
    if (out->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a time limit of %lld ms is below 0",
                         (long long)out->time_limit_ms);
    if (out->n_threads > MOST_THREADS || out->n_searches > MOST_SEARCHES)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u threads and %u searches; %d and %d at most",
                         out->n_threads, out->n_searches, MOST_THREADS,
                         MOST_SEARCHES);
    if (out->max_iterations == 0 && out->time_limit_ms == 0)
        out->max_iterations = DEFAULT_ITERATIONS;
    if (out->n_threads == 0)
        out->n_threads = 1;
    if (out->n_searches == 0
        && (out->max_iterations || out->n_threads > MOST_SEARCHES))
        out->n_searches = DEFAULT_SEARCHES;
    return GB_OK;
}

gb_status gb_route_options_resolved(gb_context *ctx,
                                    const gb_route_options *options,
                                    gb_route_options *out)
{
    gb_route_options resolved;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    status = resolve(ctx, options, &resolved);
    if (status == GB_OK)
        *out = resolved;
    return status;
}

/*
 * Debug builds hold every solution to the checker; one that was due at a time
 * without its certificate, which is looked for in every gap of every route.
 */
static gb_status verify(gb_context *ctx, const gb_route_problem *problem,
                        bool is_due, gb_route_solution **solution)
{
#ifdef NDEBUG
    (void)ctx;
    (void)problem;
    (void)is_due;
    (void)solution;
    return GB_OK;
#else
    gb_route_findings *findings;
    gb_status status
        = route_check(ctx, problem, *solution, is_due, &findings);

    if (status == GB_OK && gb_route_findings_count(findings) > 0)
        status = base_fail(ctx, GB_ERR_INTERNAL, "%s",
                           gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    if (status) {
        gb_route_solution_free(*solution);
        *solution = NULL;
    }
    return status;
#endif
}

gb_status gb_route_solve(gb_context *ctx, const gb_route_problem *problem,
                         const gb_route_options *options,
                         gb_route_solution **out)
{
    gb_route_options resolved;
    route_data data;
    route_plan start = { 0 };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    status = resolve(ctx, options, &resolved);
    if (status)
        return status;
    base_run_begin(&run, ctx,
                   (base_limits){ .time_limit_ms = resolved.time_limit_ms,
                                  .n_threads = resolved.n_threads });
    status = route_data_build(ctx, problem, &data);
    if (status)
        return status;
    if (resolved.start) {
        status = route_plan_init(&start, &data) ? GB_OK : base_fail_nomem(ctx);
        if (status == GB_OK)
            status = route_build_order(ctx, resolved.start, &start);
    }
    if (status == GB_OK)
        status = route_solve(&run, &data, &resolved,
                             resolved.start ? &start : NULL, out);
    route_plan_clear(&start);
    route_data_clear(&data);
    if (status == GB_OK)
        status = verify(ctx, problem, resolved.time_limit_ms > 0, out);
    return base_run_end(&run, status);
}

/* What is the same for all that build a plan without a search. */
typedef struct build_job {
    const gb_route_order *order;
    const uint32_t *clients;
    size_t n_clients;
    const gb_route_solution *solution;
    bool is_explained; /* who is not served gets a reason */
} build_job;

static gb_status build_nearest(gb_context *ctx, const route_data *data,
                               const gb_route_solution *solution,
                               route_plan *plan)
{
    uint32_t *clients;

    if (solution->n_clients != data->n_clients
        || solution->n_vehicles != data->n_vehicles)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the solution is of another problem");
    clients = base_alloc_array(data->mem, data->n_clients, sizeof *clients);
    if (!clients)
        return base_fail_nomem(ctx);
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        uint32_t n = 0;

        for (uint32_t i = solution->first_item[v];
             i < solution->first_item[v + 1]; i++)
            if (solution->stops[i].kind == GB_ROUTE_STOP_CLIENT)
                clients[n++] = solution->stops[i].client;
        (void)route_build_nearest(plan, v, clients, n);
    }
    route_build_take_out_broken(plan);
    base_free(data->mem, clients);
    return GB_OK;
}

static gb_status explain(base_run *run, const route_data *data,
                         const route_plan *plan, gb_route_solution *solution)
{
    uint32_t *scratch
        = base_alloc_array(data->mem, data->n_clients + ROUTE_MOST_BREAKS + 1,
                           sizeof *scratch);
    const gb_status status
        = scratch ? route_explain(run, plan, scratch, solution)
                  : base_fail_nomem(run->ctx);

    base_free(data->mem, scratch);
    return status;
}

static gb_status build(gb_context *ctx, const gb_route_problem *problem,
                       const build_job *job, gb_route_solution **out)
{
    route_data data;
    route_plan plan;
    base_run run;
    gb_status status = route_data_build(ctx, problem, &data);

    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = 1 });
    if (!route_plan_init(&plan, &data)) {
        route_data_clear(&data);
        return base_fail_nomem(ctx);
    }
    if (job->order)
        status = route_build_order(ctx, job->order, &plan);
    else if (job->solution)
        status = build_nearest(ctx, &data, job->solution, &plan);
    else
        status = route_build_greedy(&run, job->clients, job->n_clients, &plan);
    if (status == GB_OK) {
        *out = route_result_new(&plan);
        if (!*out)
            status = base_fail_nomem(ctx);
    }
    if (status == GB_OK && job->is_explained)
        status = explain(&run, &data, &plan, *out);
    if (status) {
        gb_route_solution_free(*out);
        *out = NULL;
    }
    route_plan_clear(&plan);
    route_data_clear(&data);
    if (status == GB_OK)
        status = verify(ctx, problem, false, out);
    return base_run_end(&run, status);
}

static gb_status drive(gb_context *ctx, const gb_route_problem *problem,
                       const gb_route_order *order, bool is_explained,
                       gb_route_solution **out)
{
    const build_job job = { .order = order, .is_explained = is_explained };

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!order)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no order is given");
    return build(ctx, problem, &job, out);
}

gb_status gb_route_evaluate(gb_context *ctx, const gb_route_problem *problem,
                            const gb_route_order *order,
                            gb_route_solution **out)
{
    return drive(ctx, problem, order, false, out);
}

gb_status gb_route_explain(gb_context *ctx, const gb_route_problem *problem,
                           const gb_route_order *order,
                           gb_route_solution **out)
{
    return drive(ctx, problem, order, true, out);
}

gb_status gb_route_greedy(gb_context *ctx, const gb_route_problem *problem,
                          const uint32_t *clients, size_t n_clients,
                          gb_route_solution **out)
{
    const build_job job = { .clients = clients, .n_clients = n_clients };

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!clients && n_clients)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no list is given");
    return build(ctx, problem, &job, out);
}

gb_status gb_route_nearest_neighbour(gb_context *ctx,
                                     const gb_route_problem *problem,
                                     const gb_route_solution *solution,
                                     gb_route_solution **out)
{
    const build_job job = { .solution = solution };

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!solution)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no solution is given");
    return build(ctx, problem, &job, out);
}
