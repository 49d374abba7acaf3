/*
 * route_result.c - see route_result.h.
 */
#include "route_result.h"

#include <string.h>

#include "base_options.h"

/* --- the schedule of a route --- */

static void add_client(const route_data *data, const route_vehicle *vehicle,
                       route_state *state, uint32_t c, gb_route_stop *stop)
{
    const route_client *client = &data->clients[c];
    const route_state before = *state;

    (void)route_walk_client(data, vehicle, state, c);
    stop->kind = GB_ROUTE_STOP_CLIENT;
    stop->client = c;
    stop->location = client->location;
    stop->slot = data->n_slots ? route_slot_at(data, state->start_s)
                                : GB_ROUTE_NONE;
    stop->travel_s = state->travel_s - before.travel_s;
    stop->distance_m = (int32_t)(state->metres - before.metres);
    stop->arrival_s = before.clock_s + stop->travel_s;
    stop->access_s = client->place != before.place ? client->access_s : 0;
    stop->wait_s = state->idle_s - before.idle_s;
    stop->start_s = state->start_s;
    stop->end_s = state->clock_s;
    stop->prize = state->prize - before.prize;
}

static void add_break(const route_vehicle *vehicle, route_state *state,
                      uint32_t number, gb_route_stop *stop)
{
    const route_state before = *state;

    (void)route_walk_break(vehicle, state, number);
    stop->start_s = state->start_s;
    stop->arrival_s
        = before.n_clients == 0 ? state->start_s : before.clock_s;
    stop->wait_s = stop->start_s - stop->arrival_s;
    stop->location = before.location;
}

static void add_break_at_home(const route_vehicle *vehicle, int32_t *clock_s,
                              uint32_t last, uint32_t number,
                              gb_route_stop *stop)
{
    const gb_route_break *b = &vehicle->breaks[number];

    stop->start_s = *clock_s > b->early_s ? *clock_s : b->early_s;
    stop->arrival_s = stop->start_s;
    stop->location
        = vehicle->end != GB_ROUTE_NONE ? vehicle->end : last;
    *clock_s = stop->start_s + b->length_s;
}

/* A route that can be driven, and how it ends. */
typedef struct finished {
    const route_vehicle *vehicle;
    uint32_t number; /* of the vehicle */
    const uint32_t *items;
    uint32_t n_items, n_frozen;
    route_end end;
} finished;

static void schedule(const route_data *data, const finished *route,
                     gb_route_stop *stops, gb_route_totals *totals)
{
    const uint32_t on_road
        = route_behind_last(route->items, route->n_items)
        + route->end.n_on_spot;
    route_state state = route_walk_begin(route->vehicle);
    int32_t clock_s = route->end.end_s;

    for (uint32_t i = 0; i < route->n_items; i++) {
        const uint32_t item = route->items[i];
        gb_route_stop *stop = &stops[i];

        stop->size = sizeof *stop;
        if (route_is_break(item)) {
            const uint32_t number = route_break_of(item);

            stop->kind = GB_ROUTE_STOP_BREAK;
            stop->client = number;
            stop->slot = GB_ROUTE_NONE;
            if (i >= on_road)
                add_break_at_home(route->vehicle, &clock_s, state.location,
                                  number, stop);
            else
                add_break(route->vehicle, &state, number, stop);
            stop->end_s
                = stop->start_s + route->vehicle->breaks[number].length_s;
            continue;
        }
        if (state.n_clients == 0)
            state.clock_s = route->end.depart_s;
        add_client(data, route->vehicle, &state, item, stop);
        totals->service_s += data->clients[item].service_s;
        totals->access_s += stop->access_s;
    }
    totals->wait_s = state.idle_s;
}

void route_result_schedule(const route_data *data, const route_tour *tour,
                           gb_route_stop *stops, gb_route_totals *totals)
{
    const finished route = { tour->vehicle,  tour->number,   tour->items,
                             tour->n_items, tour->n_frozen, tour->end };

    schedule(data, &route, stops, totals);
}

static void fill_route(const route_data *data, const finished *route,
                       gb_route_solution *s)
{
    gb_route_totals *totals = &s->totals[route->number];
    const route_end *end = &route->end;
    const uint32_t first = s->first_item[route->number];

    totals->size = sizeof *totals;
    totals->n_frozen = route->n_frozen;
    totals->depart_s = end->depart_s;
    totals->end_s = end->end_s;
    s->first_item[route->number + 1] = first;
    totals->n_clients = end->n_clients;
    if (totals->n_clients == 0)
        return;
    totals->n_items = route->n_items;
    s->first_item[route->number + 1] = first + route->n_items;
    totals->duration_s = end->end_s - end->depart_s;
    totals->break_s = end->break_s;
    totals->field_s = (int32_t)end->worth.field_s;
    totals->travel_s = (int32_t)end->worth.travel_s;
    totals->distance_m = end->metres;
    totals->prize = end->prize;
    totals->value_milli = end->worth.value_milli;
    totals->cost_milli = 1000 * end->prize - end->worth.value_milli;
    schedule(data, route, &s->stops[first], totals);
    for (uint32_t i = 0; i < route->n_items; i++)
        if (!route_is_break(route->items[i])) {
            s->vehicle_of[route->items[i]] = route->number;
            s->item_of[route->items[i]] = i;
        }
}

/* Clients, groups and vehicles that are musts and are left out. */
static uint32_t count_missed(const route_data *data,
                             const gb_route_solution *s)
{
    uint32_t n = 0;

    for (uint32_t v = 0; v < s->n_vehicles; v++)
        n += data->vehicles[v].must_use && s->totals[v].n_clients == 0;
    for (uint32_t c = 0; c < s->n_clients; c++)
        n += data->clients[c].is_must && s->vehicle_of[c] == GB_ROUTE_NONE;
    if (!data->group_must)
        return n;
    for (uint32_t g = 0; g < data->n_groups; g++)
        n += data->group_must[g] != 0;
    for (uint32_t c = 0; c < s->n_clients; c++) /* one of a group at most */
        n -= s->vehicle_of[c] != GB_ROUTE_NONE
            && data->clients[c].group != GB_ROUTE_NONE
            && data->group_must[data->clients[c].group];
    return n;
}

static int64_t price_balance(const route_data *data,
                             const gb_route_solution *s)
{
    int64_t longest_s = 0, shortest_s = INT64_MAX;

    for (uint32_t v = 0; v < s->n_vehicles; v++) {
        if (s->totals[v].n_clients == 0)
            continue;
        if (s->totals[v].field_s > longest_s)
            longest_s = s->totals[v].field_s;
        if (s->totals[v].field_s < shortest_s)
            shortest_s = s->totals[v].field_s;
    }
    return s->summary.n_routes == 0
        ? 0
        : data->longest_per_s_milli * longest_s
            + data->spread_per_s_milli * (longest_s - shortest_s);
}

static void sum_up(const route_data *data, gb_route_solution *s)
{
    gb_route_summary *sum = &s->summary;

    sum->size = sizeof *sum;
    for (uint32_t v = 0; v < s->n_vehicles; v++) {
        const gb_route_totals *t = &s->totals[v];

        sum->n_served += t->n_clients;
        sum->n_routes += t->n_clients > 0;
        sum->prize += t->prize;
        sum->cost_milli += t->cost_milli;
        sum->value_milli += t->value_milli;
        sum->duration_s += t->duration_s;
        sum->field_s += t->field_s;
        sum->travel_s += t->travel_s;
        sum->service_s += t->service_s;
        sum->access_s += t->access_s;
        sum->wait_s += t->wait_s;
        sum->distance_m += t->distance_m;
    }
    sum->n_unserved = s->n_unserved;
    sum->n_musts_unserved = count_missed(data, s);
    sum->balance_milli = price_balance(data, s);
    sum->cost_milli += sum->balance_milli;
    sum->value_milli -= sum->balance_milli;
}

static void list_unserved(gb_route_solution *s)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < s->n_clients; c++)
        if (s->vehicle_of[c] == GB_ROUTE_NONE) {
            gb_route_reason *reason = &s->reasons[n++];

            reason->size = sizeof *reason;
            reason->client = c;
            reason->vehicle = GB_ROUTE_NONE;
            reason->displaced_vehicle = GB_ROUTE_NONE;
            reason->displaced_client = GB_ROUTE_NONE;
        }
}

/* Memory for so many items, of which n_served are clients; or NULL. */
static gb_route_solution *new_solution(const route_data *data,
                                       uint32_t n_items, uint32_t n_served)
{
    base_mem *mem = data->mem;
    gb_route_solution *s = base_alloc_zeroed(mem, 1, sizeof *s);

    if (!s)
        return NULL;
    s->mem = base_mem_ref(mem);
    s->n_clients = data->n_clients;
    s->n_vehicles = data->n_vehicles;
    s->n_items = n_items;
    s->n_unserved = s->n_clients - n_served;
    s->totals = base_alloc_zeroed(mem, s->n_vehicles, sizeof *s->totals);
    s->first_item = base_alloc_zeroed(mem, (size_t)s->n_vehicles + 1,
                                      sizeof *s->first_item);
    s->stops = base_alloc_zeroed(mem, s->n_items, sizeof *s->stops);
    s->reasons = base_alloc_zeroed(mem, s->n_unserved, sizeof *s->reasons);
    s->vehicle_of
        = base_alloc_array(mem, s->n_clients, sizeof *s->vehicle_of);
    s->item_of = base_alloc_array(mem, s->n_clients, sizeof *s->item_of);
    if (!s->totals || !s->first_item || !s->stops || !s->reasons
        || !s->vehicle_of || !s->item_of) {
        gb_route_solution_free(s);
        return NULL;
    }
    for (uint32_t c = 0; c < s->n_clients; c++)
        s->vehicle_of[c] = s->item_of[c] = GB_ROUTE_NONE;
    return s;
}

gb_route_solution *route_result_new(const route_plan *plan)
{
    const route_data *data = plan->data;
    gb_route_solution *s;
    uint32_t n_served = 0, n_items = 0;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];

        n_served += tour->end.n_clients;
        n_items += tour->end.n_clients ? tour->n_items : 0;
    }
    s = new_solution(data, n_items, n_served);
    if (!s)
        return NULL;
    for (uint32_t v = 0; v < s->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        const finished route = { tour->vehicle, v,
                                 tour->items,   tour->n_items,
                                 tour->n_frozen, tour->end };

        fill_route(data, &route, s);
    }
    list_unserved(s);
    sum_up(data, s);
    return s;
}

gb_status route_result_from_items(gb_context *ctx, const route_data *data,
                                  const uint32_t *first,
                                  const uint32_t *items,
                                  const uint32_t *n_frozen,
                                  gb_route_solution **out)
{
    uint32_t n_served = 0, n_items = 0;

    *out = NULL;
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        uint32_t n = 0;

        for (uint32_t i = first[v]; i < first[v + 1]; i++)
            n += !route_is_break(items[i]);
        n_served += n;
        n_items += n ? first[v + 1] - first[v] : 0;
    }
    *out = new_solution(data, n_items, n_served);
    if (!*out)
        return base_fail_nomem(ctx);
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        finished route = { &data->vehicles[v],
                           v,
                           items + first[v],
                           first[v + 1] - first[v],
                           n_frozen ? n_frozen[v] : 0,
                           { .n_clients = 0 } };

        if (!route_walk(data, route.vehicle, route.items, route.n_items,
                        &route.end)) {
            gb_route_solution_free(*out);
            *out = NULL;
            return base_fail(ctx, GB_ERR_INTERNAL,
                             "vehicle %u: a route that cannot be driven was "
                             "handed over",
                             v);
        }
        fill_route(data, &route, *out);
    }
    list_unserved(*out);
    sum_up(data, *out);
    return GB_OK;
}

void gb_route_solution_free(gb_route_solution *s)
{
    base_mem *mem;

    if (!s)
        return;
    mem = s->mem;
    base_free(mem, s->totals);
    base_free(mem, s->first_item);
    base_free(mem, s->stops);
    base_free(mem, s->reasons);
    base_free(mem, s->vehicle_of);
    base_free(mem, s->item_of);
    base_free(mem, s);
    base_mem_unref(mem);
}

/* --- questions --- */

bool gb_route_solution_summary(const gb_route_solution *s,
                               gb_route_summary *out)
{
    return s && base_options_give(out, &s->summary, sizeof s->summary);
}

bool gb_route_solution_totals(const gb_route_solution *s, uint32_t vehicle,
                              gb_route_totals *out)
{
    return s && vehicle < s->n_vehicles
        && base_options_give(out, &s->totals[vehicle], sizeof *out);
}

bool gb_route_solution_stop(const gb_route_solution *s, uint32_t vehicle,
                            uint32_t item, gb_route_stop *out)
{
    return s && vehicle < s->n_vehicles && item < s->totals[vehicle].n_items
        && base_options_give(out, &s->stops[s->first_item[vehicle] + item],
                             sizeof *out);
}

bool gb_route_solution_reason(const gb_route_solution *s, uint32_t i,
                              gb_route_reason *out)
{
    return s && i < s->n_unserved
        && base_options_give(out, &s->reasons[i], sizeof *out);
}

bool gb_route_solution_find(const gb_route_solution *s, uint32_t client,
                            uint32_t *vehicle, uint32_t *item)
{
    if (!s || client >= s->n_clients || !vehicle || !item)
        return false;
    *vehicle = s->vehicle_of[client];
    *item = s->item_of[client];
    return true;
}

gb_status gb_route_solution_order(const gb_route_solution *s, uint32_t *first,
                                  uint32_t *items, size_t capacity,
                                  size_t *needed)
{
    if (!s || !first || !needed || (!items && capacity))
        return GB_ERR_ARGUMENT;
    *needed = s->n_items;
    memcpy(first, s->first_item,
           ((size_t)s->n_vehicles + 1) * sizeof *first);
    if (capacity < s->n_items)
        return GB_ERR_BUFFER;
    for (uint32_t i = 0; i < s->n_items; i++)
        items[i] = s->stops[i].kind == GB_ROUTE_STOP_BREAK
            ? GB_ROUTE_BREAK(s->stops[i].client)
            : s->stops[i].client;
    return GB_OK;
}
