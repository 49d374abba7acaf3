/*
 * call_report.c - what people look at: a plan, one target's fate, counts with
 * their sentence, map pages, sheets, exports, sums by node.
 */
#include "call_groups.h"
#include "call_steps.h"

#include <gridbeat/report.h>
#include <string.h>

#include "report_reason.h"
#include "store_days.h"
#include "store_load.h"
#include "store_query.h"
#include "store_save.h"
#include "store_territory_links.h"

enum { DAY_S = 86400 };

static const char *const modes[] = { "foot", "ebike", "car" };

/* ---- plan show ---- */

static json_t *describe_stop(const store_stop *s)
{
    return json_pack(
        "{s:i, s:s, s:s, s:f, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:b}",
        "stop", (int)s->stop_no, "customer", s->ref, "place",
        s->place_ref ? s->place_ref : "", "lon", s->at.lon_deg, "lat",
        s->at.lat_deg, "travel_s", (json_int_t)s->travel_s, "travel_m",
        (json_int_t)s->travel_m, "arrive_s", (json_int_t)s->arrive_s,
        "start_s", (json_int_t)s->start_s, "end_s", (json_int_t)s->end_s,
        "prize", (json_int_t)s->prize, "must", (int)s->is_must);
}

static json_t *describe_route(const store_plan *plan, const store_route *r)
{
    json_t *stops = json_array();
    json_t *row;
    char day[16];

    for (uint32_t s = 0; s < r->n_stops; s++)
        json_array_append_new(stops,
                              describe_stop(&plan->stops[r->first_stop + s]));
    row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
                    "branch", r->branch_ref, "manager", r->manager_ref, "date",
                    store_day_text(day, r->day), "mode", modes[r->mode],
                    "leave_s", (json_int_t)r->leave_s, "back_s",
                    (json_int_t)r->back_s, "travel_s", (json_int_t)r->travel_s,
                    "travel_m", (json_int_t)r->travel_m, "service_s",
                    (json_int_t)r->service_s, "prize", (json_int_t)r->prize,
                    "visits", (json_int_t)r->n_stops);
    if (row && r->break_start_s != STORE_NO_TIME)
        call_put(row, "break",
                 json_pack("{s:I, s:I}", "start_s",
                           (json_int_t)r->break_start_s, "end_s",
                           (json_int_t)r->break_end_s));
    if (row)
        call_put(row, "stops", stops);
    else
        json_decref(stops);
    return row;
}

static gb_status load_plan(call *c, store_plan *plan)
{
    store_scope scope;
    base_run run;
    gb_status status;

    memset(plan, 0, sizeof *plan);
    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = store_load_plan(c->workspace,
                                 store_day_parse(call_text(c, "date")), scope,
                                 plan);
    return call_leave_store(c, &run, status);
}

/* The states of the targets seen, in numbers. */
static json_t *count_states(const store_plan *plan)
{
    json_int_t counts[STORE_N_STATES] = { 0 };
    json_t *object = json_object();

    for (size_t t = 0; t < plan->n_targets; t++)
        counts[plan->targets[t].state]++;
    for (int32_t s = 0; s < STORE_N_STATES; s++)
        json_object_set_new(object, store_plan_state_name(s),
                            json_integer(counts[s]));
    return object;
}

static gb_status show(call *c, json_t **result)
{
    const char *manager = call_text(c, "manager");
    const char *branch = call_text(c, "branch");
    json_t *routes = json_array();
    store_plan plan;
    gb_status status = load_plan(c, &plan);

    for (size_t r = 0; r < plan.n_routes && !status; r++) {
        const store_route *route = &plan.routes[r];

        if ((manager && strcmp(route->manager_ref, manager) != 0)
            || (branch && strcmp(route->branch_ref, branch) != 0))
            continue;
        json_array_append_new(routes, describe_route(&plan, route));
    }
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:s, s:I, s:o, s:O}", "date",
                                       call_text(c, "date"), "targets",
                                       (json_int_t)plan.n_targets, "states",
                                       count_states(&plan), "routes", routes));
    json_decref(routes);
    store_plan_clear(&plan);
    return status;
}

/* ---- plan explain ---- */

/* The prize is the points, as far as he is met. */
static json_t *describe_visit(const store_plan *plan,
                              const store_plan_target *t)
{
    const store_stop *stop = &plan->stops[t->stop];
    json_t *row = describe_stop(stop);

    if (t->score > 0)
        call_put(row, "chance",
                 json_real((double)stop->prize / (double)t->score));
    return row;
}

static json_t *describe_fate(const call *c, const store_plan *plan,
                             const store_plan_target *t)
{
    base_text why;
    json_t *row;
    char day[16];

    base_text_init(&why, c->mem);
    report_reason(&why, c->ctx->lang, t);
    row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o}",
                    "customer", t->ref, "state",
                    store_plan_state_name(t->state), "state_title",
                    report_state_title(c->ctx->lang, t->state), "reason",
                    t->reason, "why", why.chars ? why.chars : "", "score",
                    (json_int_t)t->score, "grade", call_text_json(t->grade),
                    "must_rule", call_text_json(t->must_rule), "channel",
                    call_text_json(t->channel));
    base_text_clear(&why);
    if (row && t->until != STORE_NO_DAY)
        call_put(row, "until", json_string(store_day_text(day, t->until)));
    if (row && t->reason_json && t->reason_json[0])
        call_put(row, "figures", json_loads(t->reason_json, 0, NULL));
    if (row && t->stop != STORE_NONE && t->stop < plan->n_stops)
        call_put(row, "visit", describe_visit(plan, t));
    return row;
}

/* Whose the customer is beside the territory: the first of them has the visit,
 * unless an appointment says otherwise. */
static gb_status put_people(call *c, const char *customer, int32_t on,
                            json_t *result)
{
    store_people people;
    json_t *helpers = json_array(), *along = json_array();
    json_t *whose = json_null();
    base_run run;
    gb_status status;

    memset(&people, 0, sizeof people);
    call_enter_store(c, &run);
    status = call_leave_store(c, &run,
                              store_load_people(c->workspace, customer, on,
                                                &people));
    for (size_t i = 0; i < people.n; i++) {
        const store_person *p = &people.items[i];

        if (i == 0 && strcmp(p->by, "assist") != 0)
            whose = json_pack("{s:s, s:s, s:o}", "manager", p->manager, "by",
                              p->by, "reason", call_text_json(p->reason));
        else if (strcmp(p->manager, people.items[0].manager) == 0 && i > 0)
            continue; /* named already: an override for the lead himself */
        else if (p->comes_along)
            json_array_append_new(along, json_string(p->manager));
        else
            json_array_append_new(helpers, json_string(p->manager));
    }
    store_people_clear(&people);
    if (!call_put(result, "assigned", whose))
        status = base_fail_nomem(c->ctx);
    if (!call_put(result, "assist", helpers)
        || !call_put(result, "come_along", along))
        status = base_fail_nomem(c->ctx);
    return status;
}

static gb_status explain(call *c, json_t **result)
{
    const char *ref = call_text(c, "customer");
    const store_plan_target *found = NULL;
    store_plan plan;
    gb_status status = load_plan(c, &plan);

    for (size_t t = 0; t < plan.n_targets && !status; t++)
        if (strcmp(plan.targets[t].ref, ref) == 0)
            found = &plan.targets[t];
    if (!status && !found)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "\"%s\" is no target of that day: no segment "
                           "selected it, or it lies outside the scope",
                           ref);
    if (!status)
        status = call_result(c, result, describe_fate(c, &plan, found));
    if (!status)
        status = put_people(c, ref, plan.from, *result);
    store_plan_clear(&plan);
    return status;
}

/* ---- map count ---- */

static gb_status take_filter(call *c, store_count_filter *filter)
{
    const char *date = call_text(c, "date");
    double box[4];
    gb_status status;

    memset(filter, 0, sizeof *filter);
    status = store_scope_parse(c->workspace, c->scope_text, &filter->scope);
    if (status)
        return status;
    filter->as_of = date ? store_day_parse(date) : STORE_NO_DAY;
    if (!date)
        status = store_last_target_day(c->workspace, &filter->as_of);
    filter->territory_ref = call_text(c, "grid");
    if (call_bbox(c, "bbox", box)) {
        filter->has_box = true;
        filter->south_west = (gb_lonlat){ box[0], box[1] };
        filter->north_east = (gb_lonlat){ box[2], box[3] };
    }
    filter->maturing_days = (int32_t)(call_int(c, "maturing") / DAY_S);
    if (call_flag(c, "unvisited"))
        filter->unvisited_days
            = (int32_t)(call_int(c, "within") / DAY_S);
    return status;
}

static void word_count(base_text *text, base_lang lang,
                       const store_count_filter *filter, int64_t n)
{
    const bool matures = filter->maturing_days > 0;
    const bool waits = filter->unvisited_days > 0;
    const char *form;

    if (matures && waits)
        form = GB_N("%lld customers on this map have a deposit that matures "
                    "within %d days and still need a visit");
    else if (matures)
        form = GB_N("%lld customers on this map have a deposit that matures "
                    "within %d days");
    else if (waits)
        form = GB_N("%lld customers on this map still need a visit");
    else
        form = GB_N("%lld customers are on this map");
    form = base_lang_text(lang, form);
    if (matures)
        base_text_format(text, form, (long long)n, (int)filter->maturing_days);
    else
        base_text_format(text, form, (long long)n);
}

static gb_status count(call *c, json_t **result)
{
    store_count_filter filter;
    store_count counted = { 0 };
    base_text en, zh;
    base_run run;
    char day[16];
    gb_status status;

    call_enter_store(c, &run);
    status = take_filter(c, &filter);
    if (!status)
        status = store_query_count(c->workspace, &filter, &counted);
    status = call_leave_store(c, &run, status);
    if (status)
        return status;
    base_text_init(&en, c->mem);
    base_text_init(&zh, c->mem);
    word_count(&en, BASE_LANG_EN, &filter, counted.customers);
    word_count(&zh, BASE_LANG_ZH, &filter, counted.customers);
    if (en.is_short || zh.is_short)
        status = base_fail_nomem(c->ctx);
    else
        status = call_result(
            c, result,
            json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:s}", "date",
                      store_day_text(day, filter.as_of), "customers",
                      (json_int_t)counted.customers, "balance_fen",
                      (json_int_t)counted.balance_fen, "maturing_fen",
                      (json_int_t)counted.maturing_fen, "sentence",
                      c->ctx->lang == BASE_LANG_ZH ? zh.chars : en.chars,
                      "sentence_en", en.chars, "sentence_zh", zh.chars));
    base_text_clear(&en);
    base_text_clear(&zh);
    return status;
}

/* ---- files ---- */

static gb_report_options report_options(const call *c)
{
    gb_report_options options = GB_REPORT_OPTIONS_INIT;

    options.date = call_text(c, "date");
    options.scope = c->scope_text;
    return options;
}

/* What was written, and of whom: `key` is "branch" or "manager". */
static gb_status file_result(call *c, json_t **result, gb_status status,
                             const char *key)
{
    return status ? status
                  : call_result(c, result,
                                json_pack("{s:s, s:s}", key,
                                          call_text(c, key), "file",
                                          call_text(c, "out")));
}

static gb_status map_html(call *c, json_t **result)
{
    gb_report_options options = report_options(c);
    const gb_roads *roads = NULL;
    gb_status status = call_step_roads(c, &roads);

    options.branch = call_text(c, "branch");
    options.before = call_text(c, "before");
    options.after = call_text(c, "after");
    if (!status)
        status = gb_report_map(c->ctx, c->workspace, roads, &options,
                               call_text(c, "out"));
    return file_result(c, result, status, "branch");
}

static gb_status sheets(call *c, json_t **result)
{
    gb_report_options options = report_options(c);

    options.branch = call_text(c, "branch");
    options.manager = call_text(c, "manager");
    return file_result(c, result,
                       gb_report_sheets(c->ctx, c->workspace, &options,
                                        call_text(c, "out")),
                       "branch");
}

static gb_status territory_sheet(call *c, json_t **result)
{
    gb_report_options options = report_options(c);
    const gb_roads *roads = NULL;
    gb_status status = call_step_roads(c, &roads);

    options.manager = call_text(c, "manager");
    if (!status)
        status = gb_report_territory(c->ctx, c->workspace, roads, &options,
                                     call_text(c, "out"));
    return file_result(c, result, status, "manager");
}

static gb_status export_plan(call *c, json_t **result)
{
    gb_report_options options = report_options(c);
    uint64_t n = 0;
    gb_status status;

    options.format = call_text(c, "format");
    status = gb_report_plan(c->ctx, c->workspace, &options,
                            call_text(c, "out"), &n);
    return status ? status
                  : call_result(c, result,
                                json_pack("{s:s, s:s, s:I}", "file",
                                          call_text(c, "out"), "format",
                                          options.format, "stops",
                                          (json_int_t)n));
}

static gb_status export_targets(call *c, json_t **result)
{
    gb_report_options options = report_options(c);
    gb_status status;

    options.format = "targets";
    status = gb_report_plan(c->ctx, c->workspace, &options,
                            call_text(c, "out"), NULL);
    return status ? status
                  : call_result(c, result,
                                json_pack("{s:s}", "file",
                                          call_text(c, "out")));
}

/* ---- sums ---- */

static gb_status report_orgs(call *c, json_t **result)
{
    json_t *rows = json_array();
    store_sums sums;
    store_scope scope;
    base_run run;
    gb_status status;

    memset(&sums, 0, sizeof sums);
    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = call_check_night(c);
    if (!status)
        status = store_query_orgs(c->workspace, scope,
                                  store_day_parse(call_text(c, "date")),
                                  &sums);
    status = call_leave_store(c, &run, status);
    for (size_t i = 0; i < sums.n && !status; i++) {
        const store_sum *s = &sums.items[i];

        json_array_append_new(
            rows,
            json_pack("{s:s, s:s, s:i, s:I, s:I, s:I, s:I, s:I}", "ref",
                      s->ref, "name", s->name ? s->name : "", "depth",
                      (int)s->depth, "customers", (json_int_t)s->customers,
                      "targets", (json_int_t)s->targets, "value",
                      (json_int_t)s->value, "balance_fen",
                      (json_int_t)s->balance_fen, "unvisited",
                      (json_int_t)s->unvisited));
    }
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:s, s:O}", "date",
                                       call_text(c, "date"), "rows", rows));
    json_decref(rows);
    store_sums_clear(&sums);
    return status;
}

/* ---- the table ---- */

#define DATE                                                                  \
    { .name = "date", .type = CALL_DATE, .is_required = true,                 \
      .help = GB_N("the day of the plan") }
#define OUT                                                                   \
    { .name = "out", .type = CALL_PATH, .is_required = true,                  \
      .help = GB_N("the file to write") }
#define BRANCH_MUST                                                           \
    { .name = "branch", .type = CALL_TEXT, .is_required = true,               \
      .help = GB_N("reference of the branch") }
#define MANAGER                                                               \
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("of one manager") }

static const call_param show_params[] = {
    DATE, MANAGER,
    { .name = "branch", .type = CALL_TEXT, .help = GB_N("of one branch") },
};
static const call_column show_columns[] = {
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "mode", GB_N("mode"), CALL_SHOW_PLAIN },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "prize", GB_N("points"), CALL_SHOW_PLAIN },
    { "leave_s", GB_N("leaves"), CALL_SHOW_CLOCK },
    { "back_s", GB_N("back"), CALL_SHOW_CLOCK },
    { "travel_s", GB_N("on the way"), CALL_SHOW_S },
    { "travel_m", GB_N("distance"), CALL_SHOW_M },
};
static const call_block show_blocks[] = {
    { .rows = "routes", CALL_COLUMNS(show_columns) },
};

static const call_param explain_params[] = {
    { .name = "customer", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("reference of the customer") },
    DATE,
};
static const call_block explain_blocks[] = {
    { .text = GB_N("{customer}: {state_title}: {why}") },
    { .when = "visit", .text = GB_N("visit at {visit.start_s:clock}, "
                                    "{visit.prize} points") },
    { .when = "visit.chance",
      .text = GB_N("the chance to meet him then is {visit.chance:ratio}") },
    { .when = "until", .text = GB_N("until {until}") },
    { .when = "assigned",
      .text = GB_N("{assigned.manager} has the customer whatever the territory "
                   "says") },
    { .when = "assigned.reason", .text = GB_N("because: {assigned.reason}") },
    { .when = "come_along",
      .text = GB_N("to come along, by arrangement: {come_along}") },
    { .when = "assist", .text = GB_N("also linked: {assist}") },
};

static const call_param count_params[] = {
    { .name = "grid", .type = CALL_TEXT,
      .help = GB_N("within a territory, by its reference") },
    { .name = "bbox", .type = CALL_BBOX,
      .help = GB_N("within a box of degrees, borders included") },
    { .name = "maturing", .type = CALL_DURATION,
      .help = GB_N("with a deposit that matures within this time, as 30d") },
    { .name = "unvisited", .type = CALL_BOOL,
      .help = GB_N("whom nobody has visited lately") },
    { .name = "within", .type = CALL_DURATION, .fallback = "90d",
      .help = GB_N("what lately means") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("as of this day; else of the last night") },
};
static const call_block count_blocks[] = {
    { .text = GB_N("{sentence}") },
};

#define ROADS                                                                 \
    { .name = "roads", .type = CALL_PATH,                                     \
      .help = GB_N("the road index; else the one beside the workspace") }

static const call_param map_params[] = {
    BRANCH_MUST, DATE, OUT, ROADS,
    { .name = "before", .type = CALL_TEXT,
      .help = GB_N("show what changes hands from this version of "
                   "territories: its number, active, or @DATE") },
    { .name = "after", .type = CALL_TEXT,
      .help = GB_N("the version to show; else the one in force") },
};
static const call_param territory_params[] = {
    { .name = "manager", .type = CALL_TEXT, .is_required = true,
      .help = GB_N("reference of the manager") },
    DATE, OUT, ROADS,
};
static const call_param sheets_params[] = { BRANCH_MUST, DATE, OUT, MANAGER };
static const call_param export_params[] = {
    DATE, OUT,
    { .name = "format", .type = CALL_ENUM, .choices = "csv|geojson|gpx|ics",
      .fallback = "csv", .help = GB_N("the form of the file") },
};
static const call_param export_targets_params[] = { DATE, OUT };
static const call_block file_blocks[] = {
    { .text = GB_N("written: {file}") },
};

static const call_param orgs_params[] = { DATE };
static const call_column orgs_columns[] = {
    { "ref", GB_N("organisation"), CALL_SHOW_PLAIN },
    { "name", GB_N("name"), CALL_SHOW_PLAIN },
    { "depth", GB_N("level"), CALL_SHOW_ID },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "value", GB_N("potential, points"), CALL_SHOW_PLAIN },
    { "balance_fen", GB_N("balance"), CALL_SHOW_FEN },
};
static const call_block orgs_blocks[] = {
    { .rows = "rows", CALL_COLUMNS(orgs_columns) },
};

static const call_method methods[] = {
    { .name = "plan.show", .help = GB_N("Show the routes of a date"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(show_params),
      CALL_BLOCKS(show_blocks), .run = show },
    { .name = "plan.explain",
      .help = GB_N("Say why a customer is visited, or why not"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(explain_params),
      CALL_BLOCKS(explain_blocks), .run = explain },
    { .name = "map.count", .help = GB_N("Count customers on a piece of map"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(count_params),
      CALL_BLOCKS(count_blocks), .run = count },
    { .name = "map.html", .help = GB_N("Write the map page of a branch"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(map_params),
      CALL_BLOCKS(file_blocks), .run = map_html },
    { .name = "report.sheets", .help = GB_N("Write route sheets to print"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(sheets_params),
      CALL_BLOCKS(file_blocks), .run = sheets },
    { .name = "territory.sheet",
      .help = GB_N("Write a manager's territories to print"),
      .workspace = CALL_READS, .is_scoped = true,
      CALL_PARAMS(territory_params), CALL_BLOCKS(file_blocks),
      .run = territory_sheet },
    { .name = "report.orgs", .help = GB_N("Sum up by node of the organisation"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(orgs_params),
      CALL_BLOCKS(orgs_blocks), .run = report_orgs },
    { .name = "export.targets",
      .help = GB_N("Write all targets with state and reason as CSV"),
      .workspace = CALL_READS, .is_scoped = true,
      CALL_PARAMS(export_targets_params), CALL_BLOCKS(file_blocks),
      .run = export_targets },
    { .name = "export.plan", .help = GB_N("Write the stops of a plan"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(export_params),
      CALL_BLOCKS(file_blocks), .run = export_plan },
};
const call_group call_report_group = CALL_GROUP(methods);
