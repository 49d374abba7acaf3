/*
 * call_route_solve.c - route.solve: plan the routes of a file.
 */
#include "call_groups.h"

#include <gridbeat/route_json.h>

#include "call_route.h"

enum { DEFAULT_LIMIT_MS = 10000 };

typedef struct solve {
    call_route r;
    gb_route_file_routes *start; /* NULL: from what the problem says */
    gb_route_solution *plan;
    json_t *proof;               /* NULL: not asked for */
} solve;

/* ---- the search ---- */

static gb_route_options options_of(const solve *s)
{
    const call *c = s->r.c;
    gb_route_options o = GB_ROUTE_OPTIONS_INIT;

    o.max_iterations = c->max_iterations;
    o.time_limit_ms = c->time_limit_ms;
    if (!o.max_iterations && !o.time_limit_ms)
        o.time_limit_ms = DEFAULT_LIMIT_MS;
    o.time_limit_ms = call_route_time_left(&s->r, o.time_limit_ms);
    o.seed = c->seed;
    o.n_threads = c->n_threads;
    o.n_searches = (uint32_t)call_int(c, "searches");
    o.start = s->start ? gb_route_file_routes_order(s->start)
                       : gb_route_file_start(s->r.file);
    o.skip_reasons = call_has(c, "reasons") && !call_flag(c, "reasons");
    return o;
}

/* Interrupted: the best so far is not lost where a file was named for it. */
static gb_status save_best(solve *s)
{
    call *c = s->r.c;
    json_t *ignored = json_object();
    gb_status status = GB_ERR_CANCELLED;

    if (s->plan && call_has(c, "out")) {
        gb_context_resume(c->ctx);
        if (ignored && call_route_give(&s->r, s->plan, ignored) == GB_OK)
            call_note(c, GB_N("the best plan so far is in %s"),
                      call_text(c, "out"));
        status = base_fail(c->ctx, GB_ERR_CANCELLED, "cancelled");
    }
    json_decref(ignored);
    return status;
}

static gb_status search(solve *s)
{
    const gb_route_options options = options_of(s);
    call *c = s->r.c;
    call_route_telling telling;
    gb_status status;

    call_route_begin_telling(&s->r, &telling);
    status = gb_route_solve(c->ctx, s->r.problem, &options, &s->plan);
    if (!status && call_flag(c, "bound"))
        status = call_route_prove(&s->r, options.time_limit_ms, &s->plan,
                                  &s->proof);
    call_route_end_telling(&telling);
    return status == GB_ERR_CANCELLED ? save_best(s)
                                      : call_route_named(&s->r, status);
}

/* ---- the answer ---- */

static bool put_proof(json_t *result, json_t *proof)
{
    static const char *const keys[] = { "bound", "gap", "closed" };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (json_object_set(result, keys[i],
                            json_object_get(proof, keys[i])))
            return false;
    return json_object_set(result, "proof", proof) == 0;
}

static gb_status answer(solve *s, double began_s, json_t **result)
{
    call *c = s->r.c;
    gb_route_file_figures figures = { .size = sizeof figures };
    gb_route_summary summary = { .size = sizeof summary };
    gb_status status
        = gb_route_file_figures_get(c->ctx, s->r.file, s->plan, &figures);

    if (status)
        return status;
    gb_route_solution_summary(s->plan, &summary);
    status = call_result(c, result,
                         call_route_describe(&s->r, s->plan, &figures));
    if (status)
        return status;
    if (figures.n_musts_unserved > 0)
        c->code = CALL_ROUTE_MUST;
    if (!call_put(*result, "outcome",
                  json_string(call_outcome_name(summary.outcome)))
        || !call_put(*result, "certified", json_boolean(summary.is_certified))
        || !call_put(*result, "iterations",
                     json_integer((json_int_t)summary.iterations))
        || !call_put(*result, "moves_priced",
                     json_integer((json_int_t)summary.moves_priced))
        || !call_put(*result, "cpu_s", json_real(call_cpu_s() - began_s)))
        return base_fail_nomem(c->ctx);
    if (s->proof && !put_proof(*result, s->proof))
        return base_fail_nomem(c->ctx);
    return call_route_give(&s->r, s->plan, *result);
}

static gb_status run(call *c, json_t **result)
{
    const double began_s = call_cpu_s();
    solve s = { 0 };
    gb_status status = call_route_open(c, &s.r);

    if (!status)
        status = call_route_read(&s.r, "start", &s.start);
    if (!status)
        status = search(&s);
    if (!status)
        status = answer(&s, began_s, result);
    json_decref(s.proof);
    gb_route_solution_free(s.plan);
    gb_route_file_routes_free(s.start);
    call_route_close(&s.r);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    CALL_ROUTE_PARAMS,
    { .name = "start", .type = CALL_DOCUMENT,
      .help = GB_N("a solution to start from; else what the problem gives, "
                   "or nothing") },
    { .name = "searches", .type = CALL_INT, .min = 1, .max = 1024,
      .help = GB_N("independent searches that share the iterations; the best "
                   "one wins") },
    { .name = "reasons", .type = CALL_BOOL,
      .help = GB_N("say of each client who is not served why not; on unless "
                   "--no-reasons") },
    { .name = "bound", .type = CALL_BOOL,
      .help = GB_N("prove how much better any plan could be; takes up to the "
                   "time limit once more") },
    CALL_ROUTE_OUT_PARAMS,
};
static const call_column bound_columns[] = {
    { "bound", GB_N("bound"), CALL_SHOW_PLAIN },
    { "gap", GB_N("off it at most by"), CALL_SHOW_RATIO },
};
static const call_column effort_columns[] = {
    { "outcome", GB_N("ended by"), CALL_SHOW_PLAIN },
    { "iterations", GB_N("iterations"), CALL_SHOW_PLAIN },
    { "cpu_s", GB_N("CPU time"), CALL_SHOW_SECONDS },
};
static const call_block blocks[] = {
    CALL_ROUTE_BLOCKS,
    { .when = "proof", CALL_COLUMNS(bound_columns) },
    { .when = "closed", .text = GB_N("no plan is better: proven") },
    { CALL_COLUMNS(effort_columns) },
    CALL_ROUTE_LAST_BLOCKS,
};

static const call_method methods[] = {
    { .name = "route.solve",
      .help = GB_N("Plan the routes of a file; for 10 s where neither a time "
                   "limit nor iterations are given"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_route_solve_group = CALL_GROUP(methods);
