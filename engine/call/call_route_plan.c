/*
 * call_route_plan.c - see call_route.h: a plan as JSON, and as a file.
 */
#include "call_route.h"

#include <gridbeat/route_json.h>

#include <string.h>

#include "call_file.h"

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
