/*
 * call_route_bound.c - route.bound: what no plan can be better than, and how
 * far a plan is from it; see call_route.h.
 */
#include "call_groups.h"

#include <gridbeat/route_bound.h>

#include <math.h>

#include "call_route.h"

enum {
    DEFAULT_LIMIT_MS = 60000,
    SEARCH_PERCENT = 20 /* of the time, where no plan is given */
};

/* ---- what route.solve asks as well ---- */

typedef struct known_plan {
    uint32_t *first, *items;
    gb_route_order order;
} known_plan;

static gb_status take_order(const call_route *r,
                            const gb_route_solution *plan, known_plan *known)
{
    call *c = r->c;
    const uint32_t n = r->problem->n_vehicles;
    size_t needed = 0;

    *known = (known_plan){ .order = GB_ROUTE_ORDER_INIT };
    if (!plan)
        return GB_OK;
    known->first = base_alloc_array(c->mem, n + 1, sizeof *known->first);
    if (!known->first)
        return base_fail_nomem(c->ctx);
    (void)gb_route_solution_order(plan, known->first, NULL, 0, &needed);
    known->items = base_alloc_array(c->mem, needed + 1, sizeof *known->items);
    if (!known->items)
        return base_fail_nomem(c->ctx);
    (void)gb_route_solution_order(plan, known->first, known->items, needed,
                                  &needed);
    known->order.first = known->first;
    known->order.items = known->items;
    return GB_OK;
}

static json_t *gap_json(const call_route *r, const gb_route_bound_result *b)
{
    const double plan = call_route_figure(r, (double)b->best_value_milli);
    const double bound = call_route_figure(r, (double)b->value_milli_upper);
    const bool is_least = r->goal == CALL_ROUTE_COST;

    if (b->is_closed)
        return json_real(0);
    if (!b->has_best || b->best_musts < b->n_musts || bound <= 0)
        return json_null();
    return json_real(is_least ? plan / ceil(bound) - 1
                              : fmax(0, 1 - plan / bound));
}

static json_t *describe_relaxed(uint32_t relaxed)
{
    static const char *const names[]
        = { "breaks", "waiting", "duration", "bands", "release", "after",
            "patterns", "balance", "must_use", "limits" };
    json_t *list = json_array();

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (relaxed >> i & 1)
            call_put(list, NULL, json_string(names[i]));
    return list;
}

static json_t *describe(const call_route *r, const gb_route_bound_result *b)
{
    static const char *const goals[] = { "cost", "prize", "value" };

    return json_pack(
        "{s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:I, s:I, s:s, s:o, s:I, s:I, "
        "s:I, s:f}",
        "goal", goals[r->goal], "bound",
        call_route_bound_json(r, b->value_milli_upper),
        "plan",
        b->has_best ? call_route_bound_json(r, b->best_value_milli)
                    : json_null(),
        "gap", gap_json(r, b), "closed", (int)b->is_closed, "infeasible",
        (int)b->is_infeasible, "trivial", (int)b->is_trivial, "musts",
        (json_int_t)b->n_musts, "musts_upper", (json_int_t)b->musts_upper,
        "outcome", call_outcome_name(b->outcome), "relaxed",
        describe_relaxed(b->relaxed), "columns", (json_int_t)b->n_columns,
        "rounds", (json_int_t)b->n_rounds, "cuts", (json_int_t)b->n_cuts,
        "seconds", b->seconds);
}

gb_status call_route_prove(const call_route *r, int64_t time_limit_ms,
                           gb_route_solution **plan, json_t **described)
{
    call *c = r->c;
    gb_route_bound_options o = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result found = { .size = sizeof found };
    gb_route_solution *better = NULL;
    known_plan known;
    gb_status status = take_order(r, *plan, &known);

    o.known = *plan ? &known.order : NULL;
    o.time_limit_ms = time_limit_ms;
    o.seed = c->seed;
    o.n_threads = c->n_threads;
    if (!status)
        status = gb_route_bound(c->ctx, r->problem, &o, &found, &better);
    if (!status && better) {
        gb_route_solution_free(*plan);
        *plan = better;
        better = NULL;
    }
    if (!status) {
        *described = describe(r, &found);
        if (!*described)
            status = base_fail_nomem(c->ctx);
    }
    gb_route_solution_free(better);
    base_free(c->mem, known.items);
    base_free(c->mem, known.first);
    return status;
}

/* ---- the method ---- */

typedef struct job {
    call_route r;
    gb_route_file_routes *given;
    gb_route_solution *plan;
} job;

static gb_status find_plan(job *j, int64_t *limit_ms)
{
    call *c = j->r.c;
    gb_route_options o = GB_ROUTE_OPTIONS_INIT;

    if (j->given)
        return gb_route_evaluate(c->ctx, j->r.problem,
                                 gb_route_file_routes_order(j->given),
                                 &j->plan);
    o.time_limit_ms = *limit_ms * SEARCH_PERCENT / 100 + 1;
    *limit_ms -= o.time_limit_ms;
    o.seed = c->seed;
    o.n_threads = c->n_threads;
    o.skip_reasons = true;
    return gb_route_solve(c->ctx, j->r.problem, &o, &j->plan);
}

static gb_status answer(job *j, double began_s, json_t *made,
                        json_t **result)
{
    call *c = j->r.c;
    const gb_status status = call_result(c, result, made);

    if (status)
        return status;
    if (json_is_true(json_object_get(made, "infeasible")))
        c->code = CALL_ROUTE_MUST;
    if (!call_put(*result, "cpu_s", json_real(call_cpu_s() - began_s)))
        return base_fail_nomem(c->ctx);
    return j->plan ? call_route_give(&j->r, j->plan, *result) : GB_OK;
}

static gb_status run(call *c, json_t **result)
{
    const double began_s = call_cpu_s();
    int64_t limit_ms = c->time_limit_ms ? c->time_limit_ms : DEFAULT_LIMIT_MS;
    call_route_telling telling;
    json_t *made = NULL;
    job j = { 0 };
    gb_status status = call_route_open(c, &j.r);

    if (!status)
        status = call_route_read(&j.r, "solution", &j.given);
    call_route_begin_telling(&j.r, &telling);
    if (!status)
        limit_ms = call_route_time_left(&j.r, limit_ms);
    if (!status)
        status = find_plan(&j, &limit_ms);
    if (!status)
        status = call_route_prove(&j.r, limit_ms, &j.plan, &made);
    call_route_end_telling(&telling);
    status = call_route_named(&j.r, status);
    if (!status)
        status = answer(&j, began_s, made, result);
    gb_route_solution_free(j.plan);
    gb_route_file_routes_free(j.given);
    call_route_close(&j.r);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    CALL_ROUTE_PARAMS,
    { .name = "solution", .type = CALL_DOCUMENT, .is_positional = true,
      .help = GB_N("the plan to measure; else one is searched for") },
    CALL_ROUTE_OUT_PARAMS,
};
static const call_column columns[] = {
    { "goal", GB_N("objective"), CALL_SHOW_PLAIN },
    { "plan", GB_N("best plan known"), CALL_SHOW_PLAIN },
    { "bound", GB_N("bound"), CALL_SHOW_PLAIN },
    { "gap", GB_N("off it at most by"), CALL_SHOW_RATIO },
    { "columns", GB_N("routes looked at"), CALL_SHOW_PLAIN },
    { "cpu_s", GB_N("CPU time"), CALL_SHOW_SECONDS },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .when = "closed", .text = GB_N("no plan is better: proven") },
    { .when = "infeasible",
      .text = GB_N("no plan serves everybody who must be served: proven") },
    { .when = "trivial",
      .text = GB_N("no more is proven yet than what all prizes add up to: "
                   "more time is needed") },
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "route.bound",
      .help = GB_N("Prove how much better any plan could be; in 60 s where "
                   "no time limit is given"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_route_bound_group = CALL_GROUP(methods);
