/*
 * call_route_suggest.c - route.suggest: windows for a customer who calls.
 */
#include "call_groups.h"

#include "call_route_day.h"

enum { MOST_SUGGESTIONS = 32, DEFAULT_SUGGESTIONS = 3 };

static gb_status suggest_options(const call_route_day *d, gb_route_suggest_options *o)
{
    const call *c = d->r.c;
    gb_status status;

    o->tolerance_s = (int32_t)call_int(c, "tolerance");
    o->step_s = (int32_t)call_int(c, "step");
    o->length_s = (int32_t)call_int(c, "length");
    status = call_route_take_clock(c, "clock", &o->clock_s);
    if (!status)
        status = call_route_take_clock(c, "from", &o->from_s);
    if (!status)
        status = call_route_take_clock(c, "until", &o->until_s);
    return status ? status : call_route_take_day(&d->r, &o->clock_day);
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

static gb_status describe_suggestions(const call_route_day *d,
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
    call_route_day d = { .r.c = c };
    uint32_t client = 0;
    size_t n = 0;
    gb_status status = call_route_day_begin(c, &d);

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
    call_route_day_end(&d);
    return status;
}

/* ---- the table ---- */

static const call_param suggest_params[] = {
    CALL_ROUTE_DAY_PARAMS,
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
    { .name = "route.suggest",
      .help = GB_N("Offer the best windows to a customer who calls"),
      CALL_PARAMS(suggest_params), CALL_BLOCKS(suggest_blocks),
      .run = run_suggest },
};
const call_group call_route_suggest_group = CALL_GROUP(methods);
