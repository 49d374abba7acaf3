/*
 * route_result.c - see route_result.h.
 */
#include "route_result.h"

#include <string.h>

/* --- the schedule of a route --- */

static void add_client(const route_data *data, const route_tour *tour,
                       route_state *state, uint32_t c, gb_route_stop *stop)
{
    const route_client *client = &data->clients[c];
    const route_state before = *state;

    (void)route_walk_client(data, tour->vehicle, state, c);
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

static void add_break(const route_tour *tour, route_state *state,
                      uint32_t number, gb_route_stop *stop)
{
    const route_state before = *state;

    (void)route_walk_break(tour->vehicle, state, number);
    stop->start_s = state->start_s;
    stop->arrival_s
        = before.n_clients == 0 ? state->start_s : before.clock_s;
    stop->wait_s = stop->start_s - stop->arrival_s;
    stop->location = before.location;
}

static void add_break_at_home(const route_tour *tour, int32_t *clock_s,
                              uint32_t last, uint32_t number,
                              gb_route_stop *stop)
{
    const gb_route_break *b = &tour->vehicle->breaks[number];

    stop->start_s = *clock_s > b->early_s ? *clock_s : b->early_s;
    stop->arrival_s = stop->start_s;
    stop->location
        = tour->vehicle->end != GB_ROUTE_NONE ? tour->vehicle->end : last;
    *clock_s = stop->start_s + b->length_s;
}

static void schedule(const route_data *data, const route_tour *tour,
                     gb_route_stop *stops, gb_route_totals *totals)
{
    route_state state = route_walk_begin(tour->vehicle);
    int32_t clock_s = tour->end.end_s;

    for (uint32_t i = 0; i < tour->n_items; i++) {
        const uint32_t item = tour->items[i];
        gb_route_stop *stop = &stops[i];

        stop->size = sizeof *stop;
        if (route_is_break(item)) {
            const uint32_t number = route_break_of(item);

            stop->kind = GB_ROUTE_STOP_BREAK;
            stop->client = number;
            stop->slot = GB_ROUTE_NONE;
            if (i >= tour->behind_last + tour->end.n_on_spot)
                add_break_at_home(tour, &clock_s, state.location, number,
                                  stop);
            else
                add_break(tour, &state, number, stop);
            stop->end_s
                = stop->start_s + tour->vehicle->breaks[number].length_s;
            continue;
        }
        if (state.n_clients == 0)
            state.clock_s = tour->end.depart_s;
        add_client(data, tour, &state, item, stop);
        totals->service_s += data->clients[item].service_s;
        totals->access_s += stop->access_s;
    }
    totals->wait_s = state.idle_s;
}

static void fill_route(const route_data *data, const route_tour *tour,
                       gb_route_solution *s)
{
    gb_route_totals *totals = &s->totals[tour->number];
    const route_end *end = &tour->end;
    const uint32_t first = s->first_item[tour->number];

    totals->size = sizeof *totals;
    totals->n_frozen = tour->n_frozen;
    totals->depart_s = end->depart_s;
    totals->end_s = end->end_s;
    s->first_item[tour->number + 1] = first;
    totals->n_clients = tour->states[tour->behind_last].n_clients;
    if (totals->n_clients == 0)
        return;
    totals->n_items = tour->n_items;
    s->first_item[tour->number + 1] = first + tour->n_items;
    totals->duration_s = end->end_s - end->depart_s;
    totals->break_s = end->break_s;
    totals->field_s = (int32_t)end->worth.field_s;
    totals->travel_s = (int32_t)end->worth.travel_s;
    totals->distance_m = end->metres;
    totals->prize = end->prize;
    totals->value_milli = end->worth.value_milli;
    totals->cost_milli = 1000 * end->prize - end->worth.value_milli;
    schedule(data, tour, &s->stops[first], totals);
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (!route_is_break(tour->items[i])) {
            s->vehicle_of[tour->items[i]] = tour->number;
            s->item_of[tour->items[i]] = i;
        }
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
    for (uint32_t c = 0; c < s->n_clients; c++)
        if (s->vehicle_of[c] == GB_ROUTE_NONE)
            sum->n_musts_unserved += data->clients[c].is_must;
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

gb_route_solution *route_result_new(const route_plan *plan)
{
    const route_data *data = plan->data;
    base_mem *mem = data->mem;
    gb_route_solution *s = base_alloc_zeroed(mem, 1, sizeof *s);
    uint32_t n_served = 0;

    if (!s)
        return NULL;
    s->mem = base_mem_ref(mem);
    s->n_clients = data->n_clients;
    s->n_vehicles = data->n_vehicles;
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        const uint32_t n = tour->states[tour->behind_last].n_clients;

        n_served += n;
        s->n_items += n ? tour->n_items : 0;
    }
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
    for (uint32_t v = 0; v < s->n_vehicles; v++)
        fill_route(data, &plan->tours[v], s);
    list_unserved(s);
    sum_up(data, s);
    return s;
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

/* Copy a record into the caller's of `*out` bytes; false: no known size. */
static bool give(void *out, const void *record, size_t known)
{
    size_t size;

    if (!out)
        return false;
    memcpy(&size, out, sizeof size);
    if (size < known)
        return false;
    memcpy(out, record, known);
    memcpy(out, &size, sizeof size);
    return true;
}

bool gb_route_solution_summary(const gb_route_solution *s,
                               gb_route_summary *out)
{
    return s && give(out, &s->summary, sizeof s->summary);
}

bool gb_route_solution_totals(const gb_route_solution *s, uint32_t vehicle,
                              gb_route_totals *out)
{
    return s && vehicle < s->n_vehicles
        && give(out, &s->totals[vehicle], sizeof *out);
}

bool gb_route_solution_stop(const gb_route_solution *s, uint32_t vehicle,
                            uint32_t item, gb_route_stop *out)
{
    return s && vehicle < s->n_vehicles && item < s->totals[vehicle].n_items
        && give(out, &s->stops[s->first_item[vehicle] + item], sizeof *out);
}

bool gb_route_solution_reason(const gb_route_solution *s, uint32_t i,
                              gb_route_reason *out)
{
    return s && i < s->n_unserved && give(out, &s->reasons[i], sizeof *out);
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
