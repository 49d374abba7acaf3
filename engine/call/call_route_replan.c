/*
 * call_route_replan.c - route.replan and route.suggest: the day has begun and
 * something happens; a customer calls.
 */
#include "call_groups.h"

#include <gridbeat/route_replan.h>

#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "call_file.h"
#include "call_route.h"

enum { MOST_SUGGESTIONS = 32, DEFAULT_SUGGESTIONS = 3 };

typedef struct day {
    call_route r;
    gb_route_file_routes *routes;
    BASE_ARRAY(gb_route_change) changes;
    gb_route_solution *plan;
    gb_route_diff *diff;
} day;

static gb_status begin(call *c, day *d)
{
    gb_status status = call_route_open(c, &d->r);

    return status ? status : call_route_read(&d->r, "solution", &d->routes);
}

static void end(day *d)
{
    gb_route_solution_free(d->plan);
    gb_route_diff_free(d->diff);
    gb_route_file_routes_free(d->routes);
    base_free(d->r.c->mem, d->changes.items);
    call_route_close(&d->r);
}

/* A time of day that a parameter tells; *out stays where it is absent. */
static gb_status take_clock(const call *c, const char *name, int32_t *out)
{
    if (!call_has(c, name) || call_route_clock(call_text(c, name), out))
        return GB_OK;
    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "%s = \"%.32s\": a time of day as 10:30 expected", name,
                     call_text(c, name));
}

static gb_status take_day(const call_route *r, uint32_t *out)
{
    const int64_t number = call_int(r->c, "day");

    if (!call_has(r->c, "day"))
        return GB_OK;
    if (number > r->facts.n_days)
        return base_fail(r->c->ctx, GB_ERR_ARGUMENT,
                         "day %lld; the problem has %u", (long long)number,
                         r->facts.n_days);
    *out = (uint32_t)number - 1;
    return GB_OK;
}

/* ---- what happened ---- */

static gb_status add(day *d, const gb_route_change *change)
{
    return base_array_push(d->r.c->mem, &d->changes, *change)
               ? GB_OK : base_fail_nomem(d->r.c->ctx);
}

static gb_status add_clients(day *d, const char *param, int32_t kind)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, param); i++) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        change.kind = kind;
        status = call_route_find_client(&d->r, call_list_item(c, param, i),
                                        &change.client);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

static gb_status add_absent(day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "absent"); i++) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        change.kind = GB_ROUTE_CHANGE_ABSENT;
        status = call_route_find_vehicle(
            &d->r, call_list_item(c, "absent", i), &change.vehicle);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

/* "m7=900": so many seconds behind. */
static gb_status add_delays(day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "delay"); i++) {
        const char *item = call_list_item(c, "delay", i);
        const char *equals = strrchr(item, '=');
        gb_route_change change = GB_ROUTE_CHANGE_INIT;
        int64_t seconds = 0;
        char name[256];

        if (!equals || !base_parse_int(equals + 1, &seconds) || seconds < 0
            || seconds > 86400)
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "delay = \"%.64s\": a vehicle and its seconds as "
                             "m7=900 expected", item);
        snprintf(name, sizeof name, "%.*s", (int)(equals - item), item);
        change.kind = GB_ROUTE_CHANGE_DELAY;
        change.seconds = (int32_t)seconds;
        status = call_route_find_vehicle(&d->r, name, &change.vehicle);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

static gb_status find_location(day *d, const char *name, uint32_t *out)
{
    uint32_t client = 0;
    const gb_status status = call_route_find_client(&d->r, name, &client);

    if (!status)
        *out = d->r.problem->client_location[client];
    return status;
}

/* "a/b": the way between two clients, both ways. */
static gb_status add_closed(day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "closed"); i++) {
        const char *item = call_list_item(c, "closed", i);
        const char *slash = strchr(item, '/');
        gb_route_change change = GB_ROUTE_CHANGE_INIT;
        char name[256];

        if (!slash)
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "closed = \"%.64s\": two clients as 7/12 "
                             "expected", item);
        snprintf(name, sizeof name, "%.*s", (int)(slash - item), item);
        change.kind = GB_ROUTE_CHANGE_ROAD;
        change.seconds = GB_ROUTE_UNREACHABLE;
        status = find_location(d, name, &change.from);
        if (!status)
            status = find_location(d, slash + 1, &change.to);
        if (!status)
            status = add(d, &change);
        if (!status) {
            const uint32_t from = change.from;

            change.from = change.to;
            change.to = from;
            status = add(d, &change);
        }
    }
    return status;
}

/* ---- a list of changes as JSON ---- */

/* A name in JSON: a text, or a number that stands for one. */
static const char *name_of(const json_t *value, char buffer[32])
{
    if (json_is_integer(value)) {
        snprintf(buffer, 32, "%lld", (long long)json_integer_value(value));
        return buffer;
    }
    return json_string_value(value);
}

static gb_status take_seconds(day *d, const json_t *value, const char *key,
                              int32_t *out)
{
    if (json_is_integer(value) && json_integer_value(value) >= -86400
        && json_integer_value(value) <= 100000000) {
        *out = (int32_t)json_integer_value(value);
        return GB_OK;
    }
    if (json_is_string(value)
        && call_route_clock(json_string_value(value), out))
        return GB_OK;
    return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                     "changes[%zu].%s: seconds expected", d->changes.n, key);
}

static gb_status take_member(day *d, const char *key, const json_t *value,
                             gb_route_change *change)
{
    static const char *const known[]
        = { "kind", "client", "vehicle", "from", "to", "seconds", "closed",
            "early_s", "late_s" };
    const char *nearest = NULL;
    char buffer[32];
    const char *name = name_of(value, buffer);
    size_t best = SIZE_MAX;

    if (strcmp(key, "kind") == 0 && name
        && gb_route_change_parse(name, &change->kind))
        return GB_OK;
    if (strcmp(key, "client") == 0 && name)
        return call_route_find_client(&d->r, name, &change->client);
    if (strcmp(key, "vehicle") == 0 && name)
        return call_route_find_vehicle(&d->r, name, &change->vehicle);
    if (strcmp(key, "from") == 0 && name)
        return find_location(d, name, &change->from);
    if (strcmp(key, "to") == 0 && name)
        return find_location(d, name, &change->to);
    if (strcmp(key, "seconds") == 0)
        return take_seconds(d, value, key, &change->seconds);
    if (strcmp(key, "early_s") == 0)
        return take_seconds(d, value, key, &change->early_s);
    if (strcmp(key, "late_s") == 0)
        return take_seconds(d, value, key, &change->late_s);
    if (strcmp(key, "closed") == 0 && json_is_true(value)) {
        change->seconds = GB_ROUTE_UNREACHABLE;
        return GB_OK;
    }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (base_is_nearer(key, known[i], &best))
            nearest = known[i];
    if (nearest && best > 0)
        call_note(d->r.c, GB_N("did you mean \"%s\"?"), nearest);
    return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                     "changes[%zu].%.64s: not known, or of another type",
                     d->changes.n, key);
}

static gb_status add_list(day *d, const json_t *list)
{
    gb_status status = GB_OK;
    json_t *object, *value;
    const char *key;
    size_t i;

    if (!json_is_array(list))
        return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                         "the changes are an array under \"changes\"");
    json_array_foreach(list, i, object) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        json_object_foreach(object, key, value)
            if (!status)
                status = take_member(d, key, value, &change);
        if (!status)
            status = add(d, &change);
        if (status)
            return status;
    }
    return GB_OK;
}

static gb_status add_document(day *d)
{
    call *c = d->r.c;
    const json_t *given = call_document(c, "changes");
    json_error_t error;
    json_t *read = NULL;
    char *text = NULL;
    gb_status status = GB_OK;

    if (!call_has(c, "changes"))
        return GB_OK;
    if (!given) {
        status = call_file_text(c, "changes", &text);
        if (!status) {
            read = json_loads(text, JSON_REJECT_DUPLICATES, &error);
            if (!read)
                status = base_fail(c->ctx, GB_ERR_PARSE,
                                   "%s, line %d, column %d: %s",
                                   call_text(c, "changes"), error.line,
                                   error.column, error.text);
        }
    }
    if (!status)
        status = add_list(d, json_object_get(given ? given : read,
                                             "changes"));
    json_decref(read);
    base_free(c->mem, text);
    return status;
}

static gb_status take_changes(day *d)
{
    gb_status status = add_clients(d, "cancel", GB_ROUTE_CHANGE_CANCEL);

    if (!status)
        status = add_absent(d);
    if (!status)
        status = add_delays(d);
    if (!status)
        status = add_closed(d);
    if (!status)
        status = add_clients(d, "add", GB_ROUTE_CHANGE_ADD);
    return status ? status : add_document(d);
}

/* ---- route.replan ---- */

static gb_status replan_options(const day *d, gb_route_replan_options *o)
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
    status = take_clock(c, "clock", &o->clock_s);
    return status ? status : take_day(&d->r, &o->clock_day);
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
static json_t *differences(const day *d, bool is_within)
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

static bool put_diff(const day *d, json_t *made)
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

static gb_status answer(day *d, double began_s, json_t **result)
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
    day d = { .r.c = c };
    gb_status status = begin(c, &d);

    if (!status)
        status = replan_options(&d, &options);
    if (!status)
        status = take_changes(&d);
    if (!status)
        status = gb_route_replan(c->ctx, d.r.problem,
                                 gb_route_file_routes_order(d.routes),
                                 d.changes.items, d.changes.n, &options,
                                 &d.plan, &d.diff);
    status = call_route_named(&d.r, status);
    if (!status)
        status = answer(&d, began_s, result);
    end(&d);
    return status;
}

/* ---- route.suggest ---- */

static gb_status suggest_options(const day *d, gb_route_suggest_options *o)
{
    const call *c = d->r.c;
    gb_status status;

    o->tolerance_s = (int32_t)call_int(c, "tolerance");
    o->step_s = (int32_t)call_int(c, "step");
    o->length_s = (int32_t)call_int(c, "length");
    status = take_clock(c, "clock", &o->clock_s);
    if (!status)
        status = take_clock(c, "from", &o->from_s);
    if (!status)
        status = take_clock(c, "until", &o->until_s);
    return status ? status : take_day(&d->r, &o->clock_day);
}

static json_t *describe_suggestion(const call_route *r,
                                   const gb_route_suggestion *s)
{
    return json_pack(
        "{s:o*, s:o, s:i, s:i, s:i, s:i, s:i, s:I, s:o}", "day",
        r->facts.n_days > 1 ? json_integer((json_int_t)s->day + 1) : NULL,
        "vehicle", call_route_vehicle(r, s->vehicle), "early_s",
        (int)s->early_s, "late_s", (int)s->late_s, "start_s",
        (int)s->start_s, "extra_s", (int)s->extra_s, "extra_m",
        (int)s->extra_m, "prize", (json_int_t)call_route_prize(r, s->prize), "gain",
        call_route_points(call_route_gain(r, s->gain_milli)));
}

static gb_status describe_suggestions(const day *d,
                                      const gb_route_suggestion *found,
                                      size_t n, json_t **result)
{
    call *c = d->r.c;
    json_t *list = json_array();
    gb_status status;

    for (size_t i = 0; i < n; i++)
        if (!call_put(list, NULL, describe_suggestion(&d->r, &found[i]))) {
            json_decref(list);
            return base_fail_nomem(c->ctx);
        }
    status = call_result(c, result,
                         json_pack("{s:s, s:o, s:b}", "client",
                                   call_text(c, "client"), "windows", list,
                                   "none", (int)(n == 0)));
    if (!status && n == 0)
        c->code = CALL_ROUTE_FALSE;
    return status;
}

static gb_status run_suggest(call *c, json_t **result)
{
    gb_route_suggest_options options = GB_ROUTE_SUGGEST_OPTIONS_INIT;
    gb_route_suggestion found[MOST_SUGGESTIONS]
        = { { .size = sizeof found[0] } };
    const size_t most = call_has(c, "most") ? (size_t)call_int(c, "most")
                                            : DEFAULT_SUGGESTIONS;
    day d = { .r.c = c };
    uint32_t client = 0;
    size_t n = 0;
    gb_status status = begin(c, &d);

    if (!status)
        status = suggest_options(&d, &options);
    if (!status)
        status = call_route_find_client(&d.r, call_text(c, "client"),
                                        &client);
    if (!status)
        status = gb_route_suggest(c->ctx, d.r.problem,
                                  gb_route_file_routes_order(d.routes),
                                  client, &options, found, most, &n);
    status = call_route_named(&d.r, status);
    if (!status)
        status = describe_suggestions(&d, found, n, result);
    end(&d);
    return status;
}

/* ---- the table ---- */

#define DAY_PARAMS                                                            \
    CALL_ROUTE_PARAMS,                                                        \
    { .name = "solution", .type = CALL_DOCUMENT, .is_positional = true,       \
      .is_required = true, .help = GB_N("the plan as it stands") },           \
    { .name = "clock", .type = CALL_TEXT,                                     \
      .help = GB_N("now, as 10:30 or in seconds; what began before stays as " \
                   "it is") },                                                \
    { .name = "day", .type = CALL_INT, .min = 1, .max = 64,                   \
      .help = GB_N("today, from 1, where the problem has several days") },    \
    { .name = "tolerance", .type = CALL_DURATION,                             \
      .help = GB_N("how far a promised time may move; 15 min where it is "    \
                   "not given") }

static const call_param replan_params[] = {
    DAY_PARAMS,
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

static const call_param suggest_params[] = {
    DAY_PARAMS,
    { .name = "client", .type = CALL_TEXT, .is_positional = true,
      .is_required = true, .help = GB_N("who calls") },
    { .name = "from", .type = CALL_TEXT,
      .help = GB_N("windows from this time of day on") },
    { .name = "until", .type = CALL_TEXT,
      .help = GB_N("windows up to this time of day") },
    { .name = "step", .type = CALL_DURATION,
      .help = GB_N("windows begin at multiples of it; 30 min where it is not "
                   "given") },
    { .name = "length", .type = CALL_DURATION,
      .help = GB_N("how long a window is; as the step where it is not "
                   "given") },
    { .name = "most", .type = CALL_INT, .min = 1, .max = MOST_SUGGESTIONS,
      .help = GB_N("how many to offer; 3 where it is not given") },
};
static const call_column window_columns[] = {
    { "day", GB_N("day"), CALL_SHOW_PLAIN },
    { "vehicle", GB_N("vehicle"), CALL_SHOW_ID },
    { "early_s", GB_N("from"), CALL_SHOW_CLOCK },
    { "late_s", GB_N("until"), CALL_SHOW_CLOCK },
    { "extra_s", GB_N("more time"), CALL_SHOW_S },
    { "extra_m", GB_N("more way"), CALL_SHOW_M },
    { "gain", GB_N("change of the value"), CALL_SHOW_PLAIN },
};
static const call_block suggest_blocks[] = {
    { .when = "windows", .rows = "windows", CALL_COLUMNS(window_columns) },
    { .when = "none", .text = GB_N("nobody has room for client {client}") },
};

static const call_method methods[] = {
    { .name = "route.replan",
      .help = GB_N("Plan the rest of a day again after changes, and disturb "
                   "little"),
      CALL_PARAMS(replan_params), CALL_BLOCKS(replan_blocks),
      .run = run_replan },
    { .name = "route.suggest",
      .help = GB_N("Offer the best windows to a customer who calls"),
      CALL_PARAMS(suggest_params), CALL_BLOCKS(suggest_blocks),
      .run = run_suggest },
};
const call_group call_route_replan_group = CALL_GROUP(methods);
