/*
 * route_data.c - see route_data.h.
 */
#include "route_data.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base_options.h"
#include "route_data_take.h"

enum { MOST_VEHICLES = 1000000 };

static gb_status missing(gb_context *ctx, const char *name)
{
    return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s", name);
}

/* Rates of balance as those of vehicles. */
static gb_status check_balance(gb_context *ctx, const gb_route_problem *p)
{
    if (p->longest_per_s_milli < 0 || p->spread_per_s_milli < 0
        || p->longest_per_s_milli > ROUTE_MOST_RATE
        || p->spread_per_s_milli > ROUTE_MOST_RATE)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "balance costs %lld and %lld a second; 0 to %d "
                         "expected",
                         (long long)p->longest_per_s_milli,
                         (long long)p->spread_per_s_milli, ROUTE_MOST_RATE);
    return GB_OK;
}

static gb_status check_arrays(gb_context *ctx, const gb_route_problem *p)
{
    if (p->n_clients >= UINT32_C(0x80000000))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%u clients are too many",
                         p->n_clients);
    if (p->n_vehicles > MOST_VEHICLES)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%u vehicles are too many",
                         p->n_vehicles);
    if (p->n_profiles && !p->profiles)
        return missing(ctx, "profiles");
    if (p->n_clients && !p->client_location)
        return missing(ctx, "client_location");
    if (p->n_vehicles && !p->vehicles)
        return missing(ctx, "vehicles");
    if (p->n_places && !p->place_access_s)
        return missing(ctx, "place_access_s");
    if (p->client_first_window && !p->windows && p->n_clients
        && p->client_first_window[p->n_clients] > 0)
        return missing(ctx, "windows");
    if (p->client_first_allowed && !p->allowed_vehicles && p->n_clients
        && p->client_first_allowed[p->n_clients] > 0)
        return missing(ctx, "allowed_vehicles");
    if (p->n_slots
        && (!p->slot_start_s
            || (!p->client_slot_prize && !p->n_prize_kinds)))
        return missing(ctx, "slot_start_s or client_slot_prize");
    if (p->n_loads > ROUTE_MOST_LOADS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%u loads; %d at most",
                         p->n_loads, ROUTE_MOST_LOADS);
    if (p->n_loads && !p->client_load && p->n_clients)
        return missing(ctx, "client_load");
    if (p->n_prize_kinds && !p->client_kind_prize && p->n_clients)
        return missing(ctx, "client_kind_prize");
    return GB_OK;
}

static gb_status check_tables(gb_context *ctx, const gb_route_problem *p)
{
    for (uint32_t s = 1; s < p->n_slots; s++)
        if (p->slot_start_s[s] <= p->slot_start_s[s - 1])
            return base_fail(ctx, GB_ERR_DATA,
                             "slot %u begins at %d s, not after the one "
                             "before it",
                             s, p->slot_start_s[s]);
    for (uint32_t k = 0; k < p->n_places; k++)
        if (p->place_access_s[k] < 0
            || p->place_access_s[k] > ROUTE_MOST_SECONDS)
            return base_fail(ctx, GB_ERR_DATA,
                             "place %u: access takes %d s; 0 to %d expected",
                             k, p->place_access_s[k], ROUTE_MOST_SECONDS);
    return GB_OK;
}

/* Vehicles that may serve a client: named, and with its skills. */
static gb_status take_allowed(gb_context *ctx, const gb_route_problem *p,
                              uint32_t c, route_data *data)
{
    uint64_t *bits = &data->allowed[c * data->n_words];
    const uint64_t skills = p->client_skills ? p->client_skills[c] : 0;

    if (!p->client_first_allowed)
        for (uint32_t v = 0; v < p->n_vehicles; v++)
            bits[v / 64] |= UINT64_C(1) << (v % 64);
    for (uint32_t i = p->client_first_allowed ? p->client_first_allowed[c] : 0;
         p->client_first_allowed && i < p->client_first_allowed[c + 1]; i++) {
        const uint32_t v = p->allowed_vehicles[i];

        if (v >= p->n_vehicles)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: vehicle %u may serve it; there are "
                             "%u",
                             c, v, p->n_vehicles);
        bits[v / 64] |= UINT64_C(1) << (v % 64);
    }
    for (uint32_t v = 0; skills && v < p->n_vehicles; v++)
        if ((data->vehicles[v].skills & skills) != skills)
            bits[v / 64] &= ~(UINT64_C(1) << (v % 64));
    return GB_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* How many of the least numbers add up to `room` at most. */
static uint32_t count_within(int64_t *numbers, uint32_t n, int64_t room)
{
    uint32_t most = 0;

    qsort(numbers, n, sizeof *numbers, compare_numbers);
    while (most < n && room >= numbers[most])
        room -= numbers[most++];
    return most;
}

/* As many clients as a route has room for if there were no roads. */
static uint32_t most_clients(const route_data *data, uint32_t v,
                             int64_t *numbers)
{
    const route_vehicle *vehicle = &data->vehicles[v];
    uint32_t n = 0, most;

    for (uint32_t c = 0; c < data->n_clients; c++)
        if (route_may_serve(data, v, c))
            numbers[n++] = data->clients[c].service_s;
    most = count_within(numbers, n,
                        (int64_t)vehicle->shift_end_s
                            - vehicle->shift_start_s);
    for (uint32_t k = 0; vehicle->capacity && k < data->n_loads; k++) {
        uint32_t m = 0;

        for (uint32_t c = 0; c < data->n_clients; c++)
            if (route_may_serve(data, v, c))
                numbers[m++] = data->clients[c].load[k];
        m = count_within(numbers, n, vehicle->capacity[k]);
        if (m < most)
            most = m;
    }
    return most < vehicle->max_clients ? most : vehicle->max_clients;
}

/* May the same clients be served, and bounds them the same? */
static bool is_bounded_alike(const route_data *data, uint32_t v, uint32_t w)
{
    const route_vehicle *a = &data->vehicles[v], *b = &data->vehicles[w];

    if (a->shift_end_s - a->shift_start_s != b->shift_end_s - b->shift_start_s
        || a->max_clients != b->max_clients
        || !a->capacity != !b->capacity
        || (a->capacity
            && memcmp(a->capacity, b->capacity,
                      data->n_loads * sizeof *a->capacity)
                != 0))
        return false;
    for (uint32_t c = 0; c < data->n_clients; c++)
        if (route_may_serve(data, v, c) != route_may_serve(data, w, c))
            return false;
    return true;
}

static gb_status bound_items(gb_context *ctx, route_data *data)
{
    int64_t *numbers = base_alloc_array(data->mem, data->n_clients,
                                        sizeof *numbers);

    if (!numbers)
        return base_fail_nomem(ctx);
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        route_vehicle *vehicle = &data->vehicles[v];

        /* A fleet is often many of a kind, one behind the other. */
        vehicle->most_items = vehicle->n_breaks
            + (v > 0 && is_bounded_alike(data, v - 1, v)
                   ? vehicle[-1].most_items - vehicle[-1].n_breaks
                   : most_clients(data, v, numbers));
    }
    base_free(data->mem, numbers);
    return GB_OK;
}

/* Of the groups that somebody is in: of no other can anybody be left out. */
static gb_status take_group_musts(gb_context *ctx, const gb_route_problem *p,
                                  route_data *data)
{
    if (!p->group_must || data->n_groups == 0)
        return GB_OK;
    data->group_must = base_alloc_zeroed(data->mem, data->n_groups, 1);
    if (!data->group_must)
        return base_fail_nomem(ctx);
    for (uint32_t c = 0; c < data->n_clients; c++)
        if (data->clients[c].group != GB_ROUTE_NONE)
            data->group_must[data->clients[c].group]
                = p->group_must[data->clients[c].group] != 0;
    return GB_OK;
}

static gb_status lay_out(gb_context *ctx, const gb_route_problem *p,
                         route_data *data)
{
    gb_status status = GB_OK;

    data->n_words = (p->n_vehicles + 63) / 64;
    data->clients
        = base_alloc_zeroed(data->mem, p->n_clients, sizeof *data->clients);
    data->vehicles
        = base_alloc_zeroed(data->mem, p->n_vehicles, sizeof *data->vehicles);
    data->travels
        = base_alloc_zeroed(data->mem, p->n_vehicles, sizeof *data->travels);
    data->allowed = data->n_words && p->n_clients > SIZE_MAX / data->n_words
        ? NULL
        : base_alloc_zeroed(data->mem, p->n_clients * data->n_words,
                            sizeof *data->allowed);
    if (!data->clients || !data->vehicles || !data->allowed || !data->travels)
        status = base_fail_nomem(ctx);
    for (uint32_t c = 0; c < p->n_clients && status == GB_OK; c++)
        status = route_take_client(ctx, p, c, data);
    if (status == GB_OK)
        status = take_group_musts(ctx, p, data);
    if (status == GB_OK)
        status = route_take_sums(ctx, p, data);
    for (uint32_t v = 0; v < p->n_vehicles && status == GB_OK; v++)
        status = route_take_vehicle(ctx, p, v, data);
    for (uint32_t c = 0; c < p->n_clients && status == GB_OK; c++)
        status = take_allowed(ctx, p, c, data);
    if (status == GB_OK)
        status = route_take_days(ctx, data);
    if (status == GB_OK)
        status = route_take_order(ctx, data);
    if (status == GB_OK)
        status = route_take_bundles(ctx, p, data);
    return status ? status : bound_items(ctx, data);
}

gb_status route_data_build(gb_context *ctx, const gb_route_problem *given,
                           route_data *data)
{
    gb_route_problem problem;
    gb_status status;

    memset(data, 0, sizeof *data);
    data->mem = ctx->mem;
    if (!given)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no problem is given");
    status = base_options_take(ctx, &problem, sizeof problem, given,
                               offsetof(gb_route_problem, n_loads));
    if (status == GB_OK)
        status = check_arrays(ctx, &problem);
    if (status == GB_OK)
        status = check_balance(ctx, &problem);
    if (status == GB_OK)
        status = check_tables(ctx, &problem);
    if (status == GB_OK)
        status = route_take_profiles(ctx, &problem);
    if (status)
        return status;
    data->n_locations = problem.n_locations;
    data->n_clients = problem.n_clients;
    data->n_vehicles = problem.n_vehicles;
    data->n_slots = problem.n_slots;
    data->n_loads = problem.n_loads;
    data->n_prize_kinds = problem.n_prize_kinds;
    data->slot_start_s = problem.slot_start_s;
    data->named_first = problem.client_first_allowed;
    data->named = problem.allowed_vehicles;
    data->skills = problem.client_skills;
    data->kind_prizes = problem.n_prize_kinds ? problem.client_kind_prize
                                              : NULL;
    data->longest_per_s_milli = problem.longest_per_s_milli;
    data->spread_per_s_milli = problem.spread_per_s_milli;
    data->has_balance
        = problem.longest_per_s_milli || problem.spread_per_s_milli;
    data->is_flat = problem.n_slots == 0 && problem.n_prize_kinds == 0
        && !data->has_balance;
    status = lay_out(ctx, &problem, data);
    if (status)
        route_data_clear(data);
    return status;
}

void route_data_clear(route_data *data)
{
    for (uint32_t i = 0; i < data->n_travels; i++)
        base_free(data->mem, data->travels[i].memory);
    base_free(data->mem, data->travels);
    base_free(data->mem, data->clients);
    base_free(data->mem, data->vehicles);
    base_free(data->mem, data->allowed);
    base_free(data->mem, data->group_must);
    base_free(data->mem, data->first_follower);
    base_free(data->mem, data->followers);
    base_free(data->mem, data->first_member);
    base_free(data->mem, data->members);
    base_free(data->mem, data->by_day);
    memset(data, 0, sizeof *data);
}
