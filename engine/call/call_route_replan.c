/*
 * call_route_replan.c - route.replan: the day has begun and something happens.
 */
#include "call_groups.h"

#include "call_route_day.h"

static gb_status replan_options(const call_route_day *d, gb_route_replan_options *o)
{
    static const int32_t locks[] = { GB_ROUTE_LOCK_NONE,
                                     GB_ROUTE_LOCK_VEHICLE,
                                     GB_ROUTE_LOCK_ALL };
    const call *c = d->r.c;
    const int lock = call_choice(c, "lock");
    gb_status status;

    o->lock = lock < 0 ? GB_ROUTE_LOCK_NONE : locks[lock];
    o->max_changes = (uint32_t)call_int(c, "max_changes");
    o->tolerance_s = (int32_t)call_int(c, "tolerance");
    if (call_has(c, "promises") && !call_flag(c, "promises"))
        o->tolerance_s = -1;
    o->max_iterations = c->max_iterations;
    o->time_limit_ms = c->time_limit_ms;
    o->seed = c->seed;
    status = call_route_take_clock(c, "clock", &o->clock_s);
    return status ? status : call_route_take_day(&d->r, &o->clock_day);
}

static json_t *where(const call_route *r, uint32_t vehicle)
{
    return vehicle == GB_ROUTE_NONE ? json_null()
                                    : call_route_vehicle(r, vehicle);
}

static json_t *when(uint32_t vehicle, int32_t start_s)
{
    return vehicle == GB_ROUTE_NONE ? json_null() : json_integer(start_s);
}

static json_t *describe_difference(const call_route *r,
                                   const gb_route_difference *d)
{
    static const char *const kinds[] = { "none", "out", "in", "vehicle",
                                         "time" };
    static const char *const words[]
        = { GB_N("as it was"), GB_N("not served any more"),
            GB_N("newly served"), GB_N("by another vehicle"),
            GB_N("at another time") };
    const size_t kind
        = d->kind > 0 && d->kind < (int32_t)COUNT_OF(kinds) ? d->kind : 0;

    return json_pack(
        "{s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:s}", "client",
        call_route_client(r, d->client), "kind", kinds[kind], "forced",
        (int)d->is_forced, "counted", (int)d->is_counted, "vehicle_before",
        where(r, d->vehicle_before), "start_before_s",
        when(d->vehicle_before, d->start_before_s), "vehicle_after",
        where(r, d->vehicle_after), "start_after_s",
        when(d->vehicle_after, d->start_after_s), "text",
        call_words(r->c, words[kind]));
}

/*
 * Those who change vehicle, are in or out, or move by more than the tolerance;
 * or the others, who move within it.
 */
static json_t *differences(const call_route_day *d, bool is_within)
{
    gb_route_difference one = { .size = sizeof one };
    json_t *list = json_array();

    for (size_t i = 0; list && gb_route_diff_get(d->diff, i, &one); i++)
        if ((one.is_forced || one.is_counted) != is_within
            && !call_put(list, NULL, describe_difference(&d->r, &one))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static bool put_count(json_t *made, const char *key, uint64_t count)
{
    return call_put(made, key, json_integer((json_int_t)count));
}

static bool put_diff(const call_route_day *d, json_t *made)
{
    static const char *const goals[]
        = { GB_N("cost"), GB_N("prize"), GB_N("value") };
    gb_route_diff_summary s = { .size = sizeof s };
    json_t *diff = differences(d, false), *moved = differences(d, true);
    const size_t n_diff = json_array_size(diff);
    const size_t n_moved = json_array_size(moved);

    gb_route_diff_summarize(d->diff, &s);
    return call_put(made, "diff", diff) && call_put(made, "moved", moved)
        && put_count(made, "n_diff", n_diff)
        && put_count(made, "n_moved", n_moved)
        && put_count(made, "n_forced", s.n_forced)
        && put_count(made, "n_counted", s.n_counted)
        && put_count(made, "added_unserved", s.n_added_unserved)
        && call_put(made, "goal", json_string(goals[d->r.goal]))
        && call_put(made, "goal_text",
                    json_string(call_words(d->r.c, goals[d->r.goal])))
        && call_put(made, "before",
                    call_route_bound_json(&d->r, s.value_before_milli))
        && call_put(made, "after",
                    call_route_bound_json(&d->r, s.value_after_milli))
        && put_count(made, "iterations", s.iterations);
}

static gb_status answer(call_route_day *d, double began_s, json_t **result)
{
    call *c = d->r.c;
    gb_route_file_figures figures = { .size = sizeof figures };
    gb_status status;

    /* Musts and windows are those of the changed day from here on. */
    d->r.problem = gb_route_diff_problem(d->diff);
    status = gb_route_file_figures_get(c->ctx, d->r.file, d->plan, &figures);
    if (!status)
        status = call_result(c, result,
                             call_route_describe(&d->r, d->plan, &figures));
    if (status)
        return status;
    if (figures.n_musts_unserved > 0)
        c->code = CALL_ROUTE_MUST;
    if (!put_diff(d, *result)
        || !call_put(*result, "cpu_s", json_real(call_cpu_s() - began_s)))
        return base_fail_nomem(c->ctx);
    return call_route_give(&d->r, d->plan, *result);
}

static gb_status run_replan(call *c, json_t **result)
{
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    const double began_s = call_cpu_s();
    call_route_day d = { .r.c = c };
    gb_status status = call_route_day_begin(c, &d);

    if (!status)
        status = replan_options(&d, &options);
    if (!status)
        status = call_route_take_changes(&d);
    if (!status)
        status = gb_route_replan(c->ctx, d.r.problem,
                                 gb_route_file_routes_order(d.routes),
                                 d.changes.items, d.changes.n, &options,
                                 &d.plan, &d.diff);
    status = call_route_named(&d.r, status);
    if (!status)
        status = answer(&d, began_s, result);
    call_route_day_end(&d);
    return status;
}

/* ---- the table ---- */

static const call_param replan_params[] = {
    CALL_ROUTE_DAY_PARAMS,
    { .name = "cancel", .type = CALL_LIST,
      .help = GB_N("clients who are not to be served any more") },
    { .name = "add", .type = CALL_LIST,
      .help = GB_N("clients who must be served now") },
    { .name = "absent", .type = CALL_LIST,
      .help = GB_N("vehicles that serve nobody from now on") },
    { .name = "delay", .type = CALL_LIST,
      .help = GB_N("vehicles that are behind, with their seconds: m7=900") },
    { .name = "closed", .type = CALL_LIST,
      .help = GB_N("closed ways, each between two clients: 7/12") },
    { .name = "changes", .type = CALL_DOCUMENT,
      .help = GB_N("these and all other changes as JSON (data/ROUTES.md)") },
    { .name = "lock", .type = CALL_ENUM, .choices = "none|vehicle|all",
      .help = GB_N("what stays: nothing, who serves whom, or the order as "
                   "well") },
    { .name = "max_changes", .type = CALL_INT, .min = 0, .max = 1000000,
      .help = GB_N("how many clients may change beyond those that must; 0 "
                   "where it is not given") },
    { .name = "promises", .type = CALL_BOOL,
      .help = GB_N("hold to the times that clients were told; on unless "
                   "--no-promises") },
    CALL_ROUTE_OUT_PARAMS,
};
static const call_column diff_columns[] = {
    { "client", GB_N("client"), CALL_SHOW_ID },
    { "text", GB_N("what changes"), CALL_SHOW_PLAIN },
    { "vehicle_before", GB_N("vehicle before"), CALL_SHOW_ID },
    { "start_before_s", GB_N("time before"), CALL_SHOW_CLOCK },
    { "vehicle_after", GB_N("vehicle now"), CALL_SHOW_ID },
    { "start_after_s", GB_N("time now"), CALL_SHOW_CLOCK },
    { "forced", GB_N("had to"), CALL_SHOW_PLAIN },
};
static const call_block replan_blocks[] = {
    { .when = "diff", .rows = "diff", CALL_COLUMNS(diff_columns) },
    { .text = GB_N("{n_diff} clients change: {n_forced} had to, {n_counted} "
                   "by choice; {n_moved} move within what was promised") },
    { .text = GB_N("{goal_text}: {before} before, {after} now") },
    CALL_ROUTE_LAST_BLOCKS,
};

static const call_method methods[] = {
    { .name = "route.replan",
      .help = GB_N("Plan the rest of a day again after changes, and disturb "
                   "little"),
      CALL_PARAMS(replan_params), CALL_BLOCKS(replan_blocks),
      .run = run_replan },
};
const call_group call_route_replan_group = CALL_GROUP(methods);
