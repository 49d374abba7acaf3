/*
 * call_route.c - see call_route.h: problems and routes in, plans out.
 */
#include "call_route.h"

#include <gridbeat/route_json.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "call_file.h"
#include "route_file_internal.h"

/* ---- in ---- */

static gb_route_file_options options_of(const call *c)
{
    gb_route_file_options o = GB_ROUTE_FILE_OPTIONS_INIT;

    if (call_has(c, "form"))
        gb_route_format_parse(call_text(c, "form"), &o.format);
    o.n_vehicles = (uint32_t)call_int(c, "vehicles");
    o.rounding = call_choice(c, "rounding") + 1; /* -1: by convention */
    o.scale = (uint32_t)call_int(c, "scale");
    return o;
}

static bool has_prizes(const gb_route_problem *p)
{
    if (p->client_kind_prize || p->client_slot_prize)
        return true;
    for (uint32_t i = 0; p->client_prize && i < p->n_clients; i++)
        if (p->client_prize[i] > 0)
            return true;
    return false;
}

/* What one number says of a plan, and how it follows from the value. */
static void take_goal(call_route *r)
{
    const gb_route_problem *p = r->problem;

    r->has_clock = r->facts.format == GB_ROUTE_FORMAT_VROOM
        || r->facts.format == GB_ROUTE_FORMAT_JSON;
    r->goal = r->facts.is_prize ? CALL_ROUTE_PRIZE
        : r->file->counts_uncollected || r->file->points_a_step
                || !has_prizes(p)
            ? CALL_ROUTE_COST : CALL_ROUTE_VALUE;
    if (r->facts.format == GB_ROUTE_FORMAT_JSON && has_prizes(p))
        r->goal = CALL_ROUTE_VALUE;
    for (uint32_t i = 0; r->file->counts_uncollected && i < p->n_clients; i++)
        r->constant += p->client_prize ? p->client_prize[i] : 0;
}

static gb_status read_document(call *c, const gb_route_file_options *options,
                               call_route *r)
{
    char *bytes = json_dumps(call_document(c, "problem"), JSON_COMPACT);
    gb_status status;

    if (!bytes)
        return base_fail_nomem(c->ctx);
    status = gb_route_file_read_memory(c->ctx, bytes, strlen(bytes), "problem",
                                       options, &r->file);
    free(bytes);
    return status;
}

gb_status call_route_open(call *c, call_route *r)
{
    const gb_route_file_options options = options_of(c);
    gb_status status;

    *r = (call_route){ .c = c };
    if (call_has(c, "file") == call_has(c, "problem"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "a problem is needed: either a file or \"problem\"");
    if (call_document(c, "problem"))
        status = read_document(c, &options, r);
    else
        status = gb_route_file_read(
            c->ctx, call_text(c, call_has(c, "file") ? "file" : "problem"),
            &options, &r->file);
    if (status)
        return status;
    r->problem = gb_route_file_problem(r->file);
    r->facts.size = sizeof r->facts;
    gb_route_file_facts_get(r->file, &r->facts);
    take_goal(r);
    return GB_OK;
}

void call_route_close(call_route *r)
{
    gb_route_file_free(r->file);
    r->file = NULL;
}

gb_status call_route_read(const call_route *r, const char *param,
                          gb_route_file_routes **out)
{
    call *c = r->c;
    const json_t *document = call_document(c, param);
    gb_status status;
    char *bytes;

    *out = NULL;
    if (!call_has(c, param))
        return GB_OK;
    if (!document)
        return gb_route_file_read_solution(c->ctx, r->file,
                                           call_text(c, param), out);
    bytes = json_dumps(document, JSON_COMPACT);
    if (!bytes)
        return base_fail_nomem(c->ctx);
    status = gb_route_file_read_solution_memory(
        c->ctx, r->file, bytes, strlen(bytes), param, out);
    free(bytes);
    return status;
}

/* ---- names and times that callers give ---- */

static gb_status find_name(const call_route *r, const char *name,
                           const char *(*name_of)(const gb_route_file *,
                                                  uint32_t),
                           uint32_t n, uint32_t *out)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (uint32_t i = 0; i < n; i++) {
        const char *own = name_of(r->file, i);

        if (!own)
            continue;
        if (strcmp(own, name) == 0) {
            *out = i;
            return GB_OK;
        }
        if (base_is_nearer(name, own, &best))
            nearest = own;
    }
    if (nearest)
        call_note(r->c, GB_N("did you mean \"%s\"?"), nearest);
    return GB_ERR_NOT_FOUND;
}

gb_status call_route_find_client(const call_route *r, const char *name,
                                 uint32_t *out)
{
    return find_name(r, name, gb_route_file_client_name,
                     r->problem->n_clients, out)
               ? base_fail(r->c->ctx, GB_ERR_NOT_FOUND,
                           "the problem has no client \"%.64s\"", name)
               : GB_OK;
}

gb_status call_route_find_vehicle(const call_route *r, const char *name,
                                  uint32_t *out)
{
    return find_name(r, name, gb_route_file_vehicle_name,
                     r->problem->n_vehicles, out)
               ? base_fail(r->c->ctx, GB_ERR_NOT_FOUND,
                           "the problem has no vehicle \"%.64s\"", name)
               : GB_OK;
}

/* The name of the number at `digits` behind one of the words; NULL: none. */
static const char *name_behind(const call_route *r, const char *text,
                               size_t *n_word, size_t *n_digits)
{
    static const char *const words[]
        = { "client ", "客户 ", "vehicle ", "车辆 " };

    for (size_t w = 0; w < COUNT_OF(words); w++) {
        const size_t n = strlen(words[w]);
        int64_t number;
        char digits[16];

        if (strncmp(text, words[w], n) != 0)
            continue;
        *n_word = n;
        *n_digits = strspn(text + n, "0123456789");
        if (*n_digits == 0 || *n_digits >= sizeof digits)
            return NULL;
        memcpy(digits, text + n, *n_digits);
        digits[*n_digits] = '\0';
        if (!base_parse_int(digits, &number) || number >= UINT32_MAX)
            return NULL;
        return w < 2
            ? gb_route_file_client_name(r->file, (uint32_t)number)
            : gb_route_file_vehicle_name(r->file, (uint32_t)number);
    }
    return NULL;
}

char *call_route_name_in(const call_route *r, const char *text)
{
    base_text out;

    base_text_init(&out, r->c->mem);
    while (*text) {
        size_t n_word = 0, n_digits = 0;
        const char *name = name_behind(r, text, &n_word, &n_digits);

        if (!name) {
            base_text_append(&out, text++, 1);
            continue;
        }
        base_text_append(&out, text, n_word);
        base_text_add(&out, name);
        text += n_word + n_digits;
    }
    return base_text_take(&out);
}

gb_status call_route_named(const call_route *r, gb_status status)
{
    gb_context *ctx = r->c->ctx;
    char *words;

    if (status != GB_ERR_INFEASIBLE && status != GB_ERR_DATA)
        return status;
    words = call_route_name_in(r, gb_last_error(ctx));
    if (words)
        status = base_fail(ctx, status, "%s", words);
    base_free(r->c->mem, words);
    return status;
}

bool call_route_clock(const char *text, int32_t *out_s)
{
    const char *colon = text ? strchr(text, ':') : NULL;
    int64_t hours, minutes;
    char part[24];

    if (!text)
        return false;
    if (!colon) {
        if (!base_parse_int(text, &minutes) || minutes < -100000000
            || minutes > 100000000)
            return false;
        *out_s = (int32_t)minutes;
        return true;
    }
    if (colon - text >= (ptrdiff_t)sizeof part || strlen(colon + 1) != 2)
        return false;
    snprintf(part, sizeof part, "%.*s", (int)(colon - text), text);
    if (!base_parse_int(part, &hours) || !base_parse_int(colon + 1, &minutes)
        || hours < 0 || hours > 1000 || minutes < 0 || minutes > 59)
        return false;
    *out_s = (int32_t)(hours * 3600 + minutes * 60);
    return true;
}

/* ---- figures ---- */

/*
 * A value of k steps of prize, less a cost below one step, or more some points
 * below one: the steps.
 */
static double steps_of(const gb_route_file *file, double points)
{
    const double steps = points / (double)file->points_a_step;

    return file->is_prize_count ? ceil(steps) : floor(steps);
}

double call_route_figure(const call_route *r, double value_milli)
{
    const double points = value_milli / 1000;
    const gb_route_file *file = r->file;

    if (r->goal == CALL_ROUTE_VALUE)
        return points;
    if (r->goal == CALL_ROUTE_PRIZE)
        return file->points_a_step
            ? steps_of(file, points) * (double)file->prize_step
            : floor(points);
    if (file->points_a_step) /* the jobs that it serves, less the cost */
        return steps_of(file, points) * (double)file->points_a_step - points;
    return (double)r->constant - points;
}

int64_t call_route_prize(const call_route *r, int64_t points)
{
    const gb_route_file *file = r->file;

    return file->points_a_step
        ? points / file->points_a_step * file->prize_step : points;
}

json_t *call_route_points(int64_t milli)
{
    return milli % 1000 ? json_real((double)milli / 1000)
                        : json_integer(milli / 1000);
}

/* Costs of a file are whole: a bound on them is rounded to the good side. */
json_t *call_route_bound_json(const call_route *r, int64_t upper_milli)
{
    const double figure = call_route_figure(r, (double)upper_milli);

    if (r->goal == CALL_ROUTE_VALUE)
        return call_route_points(upper_milli);
    return json_integer(
        (json_int_t)(r->goal == CALL_ROUTE_COST ? ceil(figure)
                                                : floor(figure)));
}

int64_t call_route_gain(const call_route *r, int64_t milli)
{
    const gb_route_file *file = r->file;

    if (!file->points_a_step)
        return milli;
    return 1000 * file->prize_step
        * llround((double)milli / 1000 / (double)file->points_a_step);
}

static int tell(void *user, const gb_progress *progress)
{
    const call_route_telling *t = user;
    gb_progress told = *progress;

    told.best = call_route_figure(t->r, progress->best);
    told.bound = call_route_figure(t->r, progress->bound);
    return t->told(t->user, &told);
}

void call_route_begin_telling(const call_route *r, call_route_telling *t)
{
    gb_context *ctx = r->c->ctx;

    *t = (call_route_telling){ r, ctx->progress, ctx->progress_user };
    if (t->told)
        gb_context_set_progress(ctx, tell, t);
}

void call_route_end_telling(call_route_telling *t)
{
    gb_context_set_progress(t->r->c->ctx, t->told, t->user);
}

/* ---- a plan as JSON ---- */

/* 17 for "17", where that is how the number would be written. */
static json_t *name_json(const call_route *r, const char *name)
{
    char again[32];
    int64_t number;

    if (!name)
        return json_null();
    if (r->facts.format == GB_ROUTE_FORMAT_JSON
        || !base_parse_int(name, &number))
        return call_string(name);
    snprintf(again, sizeof again, "%lld", (long long)number);
    return strcmp(again, name) == 0 ? json_integer(number)
                                    : call_string(name);
}

json_t *call_route_client(const call_route *r, uint32_t client)
{
    return name_json(r, gb_route_file_client_name(r->file, client));
}

json_t *call_route_vehicle(const call_route *r, uint32_t vehicle)
{
    return name_json(r, gb_route_file_vehicle_name(r->file, vehicle));
}

static json_t *describe_stop(const call_route *r, const gb_route_stop *s)
{
    const bool is_break = s->kind == GB_ROUTE_STOP_BREAK;
    double x = 0, y = 0;
    const bool is_placed = s->location != GB_ROUTE_NONE
        && gb_route_file_location(r->file, s->location, &x, &y);

    return json_pack(
        "{s:o*, s:o*, s:o*, s:i, s:i, s:i, s:i, s:i, s:i, s:I, s:o*}",
        "client", is_break ? NULL : call_route_client(r, s->client), "break",
        is_break ? json_integer((json_int_t)s->client + 1) : NULL, "at",
        is_placed ? json_pack("[f,f]", x, y) : NULL, "travel_s",
        (int)s->travel_s, "arrival_s", (int)s->arrival_s, "access_s",
        (int)s->access_s, "wait_s", (int)s->wait_s, "start_s",
        (int)s->start_s, "end_s", (int)s->end_s, "distance_m",
        (json_int_t)s->distance_m, "prize",
        is_break ? NULL : json_integer(call_route_prize(r, s->prize)));
}

/* The loads of a route; NULL where the problem has none. */
static json_t *describe_load(const call_route *r,
                             const gb_route_solution *solution, uint32_t v,
                             const gb_route_totals *t)
{
    const gb_route_problem *p = r->problem;
    json_t *list = p->n_loads && p->client_load ? json_array() : NULL;

    for (uint32_t k = 0; list && k < p->n_loads; k++) {
        int64_t sum = 0;

        for (uint32_t i = 0; i < t->n_items; i++) {
            gb_route_stop stop = { .size = sizeof stop };

            if (gb_route_solution_stop(solution, v, i, &stop)
                && stop.kind == GB_ROUTE_STOP_CLIENT)
                sum += p->client_load[(size_t)stop.client * p->n_loads + k];
        }
        call_put(list, NULL, json_integer(sum));
    }
    return list;
}

static json_t *describe_route(const call_route *r,
                              const gb_route_solution *solution, uint32_t v,
                              const gb_route_totals *t)
{
    json_t *clients = json_array(), *stops = json_array();

    for (uint32_t i = 0; i < t->n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        if (!gb_route_solution_stop(solution, v, i, &stop)
            || !call_put(stops, NULL, describe_stop(r, &stop))
            || (stop.kind == GB_ROUTE_STOP_CLIENT
                && !call_put(clients, NULL,
                             call_route_client(r, stop.client)))) {
            json_decref(clients);
            json_decref(stops);
            return NULL;
        }
    }
    return json_pack(
        "{s:o, s:o*, s:i, s:o, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:I, s:o*, "
        "s:I, s:o, s:o}",
        "vehicle", call_route_vehicle(r, v), "day",
        r->facts.n_days > 1
            ? json_integer((json_int_t)r->problem->vehicles[v].day + 1)
            : NULL,
        "n_clients", (int)t->n_clients, "clients", clients, "depart_s",
        (int)t->depart_s, "end_s", (int)t->end_s, "duration_s",
        (int)t->duration_s, "field_s", (int)t->field_s, "travel_s",
        (int)t->travel_s, "service_s", (int)t->service_s, "wait_s",
        (int)t->wait_s, "distance_m", (json_int_t)t->distance_m, "load",
        describe_load(r, solution, v, t), "prize",
        (json_int_t)call_route_prize(r, t->prize),
        "cost", call_route_points(t->cost_milli), "stops", stops);
}

static json_t *describe_routes(const call_route *r,
                               const gb_route_solution *solution)
{
    json_t *list = json_array();

    for (uint32_t v = 0; list && v < r->problem->n_vehicles; v++) {
        gb_route_totals totals = { .size = sizeof totals };

        if (!gb_route_solution_totals(solution, v, &totals)
            || totals.n_clients == 0)
            continue;
        if (!call_put(list, NULL, describe_route(r, solution, v, &totals))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *call_route_unserved_json(const call_route *r,
                                 const gb_route_solution *solution)
{
    gb_route_reason reason = { .size = sizeof reason };
    json_t *list = json_array();

    for (uint32_t i = 0;
         list && gb_route_solution_reason(solution, i, &reason); i++)
        if (!call_put(list, NULL, call_route_reason_json(r, &reason))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *call_route_describe(const call_route *r,
                            const gb_route_solution *solution,
                            const gb_route_file_figures *f)
{
    gb_route_summary s = { .size = sizeof s };

    gb_route_solution_summary(solution, &s);
    return json_pack(
        "{s:o, s:s, s:s?, s:I, s:I, s:I, s:I, s:o, s:b, s:I, s:I, s:I, s:I, "
        "s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:o, s:o}",
        "name", call_string(r->facts.name ? r->facts.name : ""), "format",
        gb_route_format_name(r->facts.format), "variant", r->facts.variant,
        "cost", (json_int_t)f->cost, "length", (json_int_t)f->length, "prize",
        (json_int_t)f->prize, "uncollected", (json_int_t)f->uncollected,
        "value", call_route_points(s.value_milli), "feasible",
        (int)(f->n_musts_unserved == 0), "n_routes", (json_int_t)f->n_routes,
        "served", (json_int_t)s.n_served, "n_unserved",
        (json_int_t)f->n_unserved, "musts_unserved",
        (json_int_t)f->n_musts_unserved, "duration_s",
        (json_int_t)s.duration_s, "field_s", (json_int_t)s.field_s,
        "travel_s", (json_int_t)s.travel_s, "wait_s", (json_int_t)s.wait_s,
        "distance_m", (json_int_t)s.distance_m, "clock", (int)r->has_clock,
        "plain", (int)!r->has_clock, "routes", describe_routes(r, solution),
        "unserved", call_route_unserved_json(r, solution));
}

/* ---- out ---- */

static gb_status ask_text(const call_route *r,
                          const gb_route_solution *solution, char *buffer,
                          size_t capacity, size_t *needed)
{
    static const int32_t forms[]
        = { [CALL_ROUTE_SOL] = GB_ROUTE_FORMAT_VRPLIB,
            [CALL_ROUTE_VROOM] = GB_ROUTE_FORMAT_VROOM,
            [CALL_ROUTE_JSON] = GB_ROUTE_FORMAT_JSON };
    const int form = call_choice(r->c, "write");

    if (form == CALL_ROUTE_GEOJSON)
        return gb_route_solution_geojson(r->c->ctx, r->file, solution, buffer,
                                         capacity, needed);
    return gb_route_file_solution_text(
        r->c->ctx, r->file, solution,
        form == CALL_ROUTE_OF_FILE ? GB_ROUTE_FORMAT_AUTO : forms[form],
        buffer, capacity, needed);
}

static gb_status write_text(const call_route *r,
                            const gb_route_solution *solution,
                            base_text *text)
{
    call *c = r->c;
    size_t needed = 0;
    char *buffer;
    gb_status status = ask_text(r, solution, NULL, 0, &needed);

    if (status && status != GB_ERR_BUFFER)
        return status;
    buffer = base_alloc(c->mem, needed);
    if (!buffer)
        return base_fail_nomem(c->ctx);
    status = ask_text(r, solution, buffer, needed, &needed);
    if (!status)
        base_text_append(text, buffer, needed - 1);
    base_free(c->mem, buffer);
    return status;
}

/* What stands in the file is the plan that is told, by its own reading. */
static gb_status read_again(const call_route *r,
                            const gb_route_solution *solution)
{
    call *c = r->c;
    gb_route_file_figures told = { .size = sizeof told };
    gb_route_file_figures found = { .size = sizeof found };
    gb_route_file_routes *routes = NULL;
    gb_route_solution *again = NULL;
    gb_status status
        = gb_route_file_figures_get(c->ctx, r->file, solution, &told);

    if (!status)
        status = gb_route_file_read_solution(c->ctx, r->file,
                                             call_text(c, "out"), &routes);
    if (!status)
        status = gb_route_evaluate(c->ctx, r->problem,
                                   gb_route_file_routes_order(routes),
                                   &again);
    if (!status)
        status = gb_route_file_figures_get(c->ctx, r->file, again, &found);
    if (!status
        && (found.cost != told.cost || found.prize != told.prize
            || found.n_unserved != told.n_unserved))
        status = base_fail(c->ctx, GB_ERR_INTERNAL,
                           "%s: not what was written", call_text(c, "out"));
    gb_route_solution_free(again);
    gb_route_file_routes_free(routes);
    return status;
}

gb_status call_route_give(const call_route *r,
                          const gb_route_solution *solution, json_t *result)
{
    call *c = r->c;
    base_text text;
    gb_status status;

    if (!call_has(c, "out") && !call_has(c, "write"))
        return GB_OK;
    base_text_init(&text, c->mem);
    status = write_text(r, solution, &text);
    if (!status)
        status = call_file_give(c, result, &text);
    base_text_clear(&text);
    if (status || !call_has(c, "out")
        || call_choice(c, "write") == CALL_ROUTE_GEOJSON)
        return status;
    return read_again(r, solution);
}

/* ---- how people see it ---- */

const call_column call_route_clock_columns[CALL_ROUTE_N_CLOCK] = {
    { "vehicle", GB_N("vehicle"), CALL_SHOW_ID },
    { "n_clients", GB_N("clients"), CALL_SHOW_PLAIN },
    { "depart_s", GB_N("start"), CALL_SHOW_CLOCK },
    { "end_s", GB_N("end"), CALL_SHOW_CLOCK },
    { "duration_s", GB_N("duration"), CALL_SHOW_S },
    { "travel_s", GB_N("on the way"), CALL_SHOW_S },
    { "distance_m", GB_N("distance"), CALL_SHOW_M },
    { "prize", GB_N("prize"), CALL_SHOW_PLAIN },
    { "cost", GB_N("cost"), CALL_SHOW_PLAIN },
};
/* Where a unit of time is one of length. */
const call_column call_route_plain_columns[CALL_ROUTE_N_PLAIN] = {
    { "vehicle", GB_N("vehicle"), CALL_SHOW_ID },
    { "n_clients", GB_N("clients"), CALL_SHOW_PLAIN },
    { "depart_s", GB_N("start"), CALL_SHOW_PLAIN },
    { "end_s", GB_N("end"), CALL_SHOW_PLAIN },
    { "distance_m", GB_N("length"), CALL_SHOW_PLAIN },
    { "prize", GB_N("prize"), CALL_SHOW_PLAIN },
    { "cost", GB_N("cost"), CALL_SHOW_PLAIN },
};
const call_column call_route_sum_columns[CALL_ROUTE_N_SUM] = {
    { "cost", GB_N("cost"), CALL_SHOW_PLAIN },
    { "prize", GB_N("prize"), CALL_SHOW_PLAIN },
    { "n_routes", GB_N("routes"), CALL_SHOW_PLAIN },
    { "served", GB_N("served"), CALL_SHOW_PLAIN },
    { "n_unserved", GB_N("not served"), CALL_SHOW_PLAIN },
};
const call_column call_route_time_columns[CALL_ROUTE_N_TIME] = {
    { "field_s", GB_N("time in the field"), CALL_SHOW_S },
    { "travel_s", GB_N("on the way"), CALL_SHOW_S },
    { "wait_s", GB_N("waiting"), CALL_SHOW_S },
    { "distance_m", GB_N("distance"), CALL_SHOW_M },
};
const call_column call_route_unserved_columns[CALL_ROUTE_N_UNSERVED] = {
    { "client", GB_N("client"), CALL_SHOW_ID },
    { "prize", GB_N("prize"), CALL_SHOW_PLAIN },
    { "text", GB_N("why not"), CALL_SHOW_PLAIN },
};
