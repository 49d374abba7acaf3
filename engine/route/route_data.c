/*
 * route_data.c - see route_data.h.
 */
#include "route_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base_options.h"

enum {
    MOST_SECONDS = 10000000,  /* of a leg, a service, an access */
    MOST_METRES = 100000000,  /* of a leg */
    MOST_CLOCK_S = 100000000, /* of any time of day, either sign */
    MOST_RATE = 100000,
    MOST_VEHICLES = 1000000
};
static const int64_t MOST_PRIZE = 1000000000;

static const gb_route_window ANY_TIME = { -ROUTE_NEVER, ROUTE_NEVER };

static gb_status missing(gb_context *ctx, const char *name)
{
    return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s", name);
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
    if (p->n_slots && (!p->slot_start_s || !p->client_slot_prize))
        return missing(ctx, "slot_start_s or client_slot_prize");
    for (uint32_t f = 0; f < p->n_profiles; f++)
        if (!p->profiles[f].seconds && p->n_locations)
            return missing(ctx, "matrix of seconds");
    return GB_OK;
}

static gb_status check_matrices(gb_context *ctx, const gb_route_problem *p)
{
    const size_t n = p->n_locations;

    for (uint32_t f = 0; f < p->n_profiles; f++) {
        const gb_route_profile *profile = &p->profiles[f];

        for (size_t i = 0; i < n * n; i++) {
            const int32_t s = profile->seconds[i];

            if (s == GB_ROUTE_UNREACHABLE)
                continue;
            if (s < 0 || s > MOST_SECONDS)
                return base_fail(ctx, GB_ERR_DATA,
                                 "profile %u: %d s from location %zu to "
                                 "%zu; 0 to %d expected",
                                 f, s, i / n, i % n, MOST_SECONDS);
            if (profile->metres
                && (profile->metres[i] < 0
                    || profile->metres[i] > MOST_METRES))
                return base_fail(ctx, GB_ERR_DATA,
                                 "profile %u: %d m from location %zu to "
                                 "%zu; 0 to %d expected",
                                 f, profile->metres[i], i / n, i % n,
                                 MOST_METRES);
        }
    }
    for (uint32_t s = 1; s < p->n_slots; s++)
        if (p->slot_start_s[s] <= p->slot_start_s[s - 1])
            return base_fail(ctx, GB_ERR_DATA,
                             "slot %u begins at %d s, not after the one "
                             "before it",
                             s, p->slot_start_s[s]);
    for (uint32_t k = 0; k < p->n_places; k++)
        if (p->place_access_s[k] < 0 || p->place_access_s[k] > MOST_SECONDS)
            return base_fail(ctx, GB_ERR_DATA,
                             "place %u: access takes %d s; 0 to %d expected",
                             k, p->place_access_s[k], MOST_SECONDS);
    return GB_OK;
}

static gb_status take_windows(gb_context *ctx, const gb_route_problem *p,
                              uint32_t c, route_client *client)
{
    uint32_t from = 0, to = 0;

    if (p->client_first_window) {
        from = p->client_first_window[c];
        to = p->client_first_window[c + 1];
    }
    if (from > to)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: its windows run from %u to %u", c, from,
                         to);
    client->windows = from < to ? &p->windows[from] : &ANY_TIME;
    client->n_windows = from < to ? to - from : 1;
    for (uint32_t w = from; w < to; w++) {
        const gb_route_window *window = &p->windows[w];

        if (window->early_s > window->late_s)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: time window ends (%d s) before it "
                             "begins (%d s)",
                             c, window->late_s, window->early_s);
        if (window->early_s < -MOST_CLOCK_S || window->late_s > MOST_CLOCK_S)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: time window %d to %d s is no time "
                             "of day",
                             c, window->early_s, window->late_s);
        if (w > from && window->early_s <= window[-1].late_s)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: time window at %d s begins before "
                             "the one before it ends (%d s)",
                             c, window->early_s, window[-1].late_s);
    }
    client->early_s = client->windows[0].early_s;
    client->late_s = client->windows[0].late_s;
    return GB_OK;
}

static gb_status take_prizes(gb_context *ctx, const gb_route_problem *p,
                             uint32_t c, route_client *client)
{
    const uint32_t n = p->n_slots ? p->n_slots : 1;
    const int64_t *prizes = NULL;

    if (p->n_slots)
        prizes = client->slot_prizes
            = &p->client_slot_prize[(size_t)c * p->n_slots];
    else if (p->client_prize)
        prizes = &p->client_prize[c];
    for (uint32_t s = 0; prizes && s < n; s++) {
        if (prizes[s] < 0 || prizes[s] > MOST_PRIZE)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: a prize of %lld; 0 to %lld expected",
                             c, (long long)prizes[s], (long long)MOST_PRIZE);
        if (prizes[s] > client->prize)
            client->prize = prizes[s];
    }
    return GB_OK;
}

static gb_status take_client(gb_context *ctx, const gb_route_problem *p,
                             uint32_t c, route_data *data)
{
    route_client *client = &data->clients[c];
    gb_status status;

    client->location = p->client_location[c];
    client->place = p->client_place ? p->client_place[c] : GB_ROUTE_NONE;
    client->group = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;
    client->service_s = p->client_service_s ? p->client_service_s[c] : 0;
    client->is_must = p->client_must && p->client_must[c];
    if (client->location >= p->n_locations)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: location %u; there are %u", c,
                         client->location, p->n_locations);
    if (client->place != GB_ROUTE_NONE && client->place >= p->n_places)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: place %u; there are %u", c,
                         client->place, p->n_places);
    if (client->service_s < 0 || client->service_s > MOST_SECONDS)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: service takes %d s; 0 to %d expected", c,
                         client->service_s, MOST_SECONDS);
    if (client->group != GB_ROUTE_NONE) {
        /* Groups are counted by their greatest number: keep it sane. */
        if (client->group >= p->n_clients)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: group %u; below the number of "
                             "clients expected",
                             c, client->group);
        if (client->group >= data->n_groups)
            data->n_groups = client->group + 1;
    }
    if (client->place != GB_ROUTE_NONE)
        client->access_s = p->place_access_s[client->place];
    status = take_windows(ctx, p, c, client);
    return status ? status : take_prizes(ctx, p, c, client);
}

static gb_status take_allowed(gb_context *ctx, const gb_route_problem *p,
                              uint32_t c, route_data *data)
{
    uint64_t *bits = &data->allowed[c * data->n_words];

    if (!p->client_first_allowed) {
        for (uint32_t v = 0; v < p->n_vehicles; v++)
            bits[v / 64] |= UINT64_C(1) << (v % 64);
        return GB_OK;
    }
    for (uint32_t i = p->client_first_allowed[c];
         i < p->client_first_allowed[c + 1]; i++) {
        const uint32_t v = p->allowed_vehicles[i];

        if (v >= p->n_vehicles)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: vehicle %u may serve it; there are "
                             "%u",
                             c, v, p->n_vehicles);
        bits[v / 64] |= UINT64_C(1) << (v % 64);
    }
    return GB_OK;
}

static gb_status check_vehicle(gb_context *ctx, const gb_route_problem *p,
                               uint32_t v, const gb_route_vehicle *given)
{
    if (given->profile >= p->n_profiles)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: profile %u; there are %u", v,
                         given->profile, p->n_profiles);
    if ((given->start_location != GB_ROUTE_NONE
         && given->start_location >= p->n_locations)
        || (given->end_location != GB_ROUTE_NONE
            && given->end_location >= p->n_locations))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: locations %u and %u; there are %u", v,
                         given->start_location, given->end_location,
                         p->n_locations);
    if (given->shift_start_s > given->shift_end_s
        || given->shift_start_s < -MOST_CLOCK_S
        || given->shift_end_s > MOST_CLOCK_S)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a shift from %d to %d s", v,
                         given->shift_start_s, given->shift_end_s);
    if (given->max_duration_s < 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a duration of %d s at most", v,
                         given->max_duration_s);
    if (given->cost_per_s_milli < 0 || given->cost_per_s_milli > MOST_RATE
        || given->cost_per_m_milli < 0 || given->cost_per_m_milli > MOST_RATE)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: costs of %lld a second, %lld a metre; "
                         "0 to %d expected",
                         v, (long long)given->cost_per_s_milli,
                         (long long)given->cost_per_m_milli, MOST_RATE);
    if (given->fixed_cost < 0 || given->fixed_cost > MOST_PRIZE)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a fixed cost of %lld", v,
                         (long long)given->fixed_cost);
    if (given->n_breaks > ROUTE_MOST_BREAKS
        || (given->n_breaks && !given->breaks))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: %u breaks, or none given; %d at most",
                         v, given->n_breaks, ROUTE_MOST_BREAKS);
    for (uint32_t k = 0; k < given->n_breaks; k++) {
        const gb_route_break *b = &given->breaks[k];

        if (b->early_s > b->late_s || b->length_s < 0
            || b->length_s > MOST_SECONDS || b->early_s < -MOST_CLOCK_S
            || b->late_s > MOST_CLOCK_S)
            return base_fail(ctx, GB_ERR_DATA,
                             "vehicle %u: break %u of %d s begins between %d "
                             "and %d s",
                             v, k, b->length_s, b->early_s, b->late_s);
    }
    return GB_OK;
}

static gb_status take_vehicle(gb_context *ctx, const gb_route_problem *p,
                              uint32_t v, route_vehicle *vehicle)
{
    const size_t stride = p->vehicles->size;
    const char *raw = (const char *)p->vehicles + v * stride;
    gb_route_vehicle given;
    gb_status status;

    memcpy(&given, raw, sizeof given.size);
    if (given.size != stride)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "vehicle %u: its size is %zu, that of the first %zu",
                         v, given.size, stride);
    status = base_options_take(ctx, &given, sizeof given, raw,
                               sizeof(gb_route_vehicle));
    if (status == GB_OK)
        status = check_vehicle(ctx, p, v, &given);
    if (status)
        return status;
    vehicle->seconds = p->profiles[given.profile].seconds;
    vehicle->metres = p->profiles[given.profile].metres;
    vehicle->start = given.start_location;
    vehicle->end = given.end_location;
    vehicle->shift_start_s = given.shift_start_s;
    vehicle->shift_end_s = given.shift_end_s;
    vehicle->max_duration_s
        = given.max_duration_s ? given.max_duration_s : ROUTE_NEVER;
    vehicle->max_clients = given.max_clients ? given.max_clients : UINT32_MAX;
    vehicle->cost_per_s_milli = given.cost_per_s_milli;
    vehicle->cost_per_m_milli = given.cost_per_m_milli;
    vehicle->fixed_milli = given.fixed_cost * 1000;
    vehicle->n_breaks = given.n_breaks;
    for (uint32_t k = 0; k < given.n_breaks; k++)
        vehicle->breaks[k] = given.breaks[k];
    return GB_OK;
}

static int compare_seconds(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

/* As many clients as the shift has room for if there were no roads. */
static void bound_items(route_data *data, int32_t *service_s)
{
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        route_vehicle *vehicle = &data->vehicles[v];
        int64_t room = (int64_t)vehicle->shift_end_s - vehicle->shift_start_s;
        uint32_t n = 0, most = 0;

        for (uint32_t c = 0; c < data->n_clients; c++)
            if (route_may_serve(data, v, c))
                service_s[n++] = data->clients[c].service_s;
        qsort(service_s, n, sizeof *service_s, compare_seconds);
        while (most < n && most < vehicle->max_clients
               && room >= service_s[most])
            room -= service_s[most++];
        vehicle->most_items = most + vehicle->n_breaks;
    }
}

static gb_status lay_out(gb_context *ctx, const gb_route_problem *p,
                         route_data *data)
{
    gb_status status = GB_OK;
    int32_t *service_s;

    data->n_words = (p->n_vehicles + 63) / 64;
    data->clients
        = base_alloc_zeroed(data->mem, p->n_clients, sizeof *data->clients);
    data->vehicles
        = base_alloc_zeroed(data->mem, p->n_vehicles, sizeof *data->vehicles);
    data->allowed = data->n_words && p->n_clients > SIZE_MAX / data->n_words
        ? NULL
        : base_alloc_zeroed(data->mem, p->n_clients * data->n_words,
                            sizeof *data->allowed);
    service_s
        = base_alloc_array(data->mem, p->n_clients, sizeof *service_s);
    if (!data->clients || !data->vehicles || !data->allowed || !service_s)
        status = base_fail_nomem(ctx);
    for (uint32_t c = 0; c < p->n_clients && status == GB_OK; c++)
        status = take_client(ctx, p, c, data);
    for (uint32_t v = 0; v < p->n_vehicles && status == GB_OK; v++) {
        const route_vehicle *vehicle = &data->vehicles[v];

        status = take_vehicle(ctx, p, v, &data->vehicles[v]);
        if (vehicle->cost_per_s_milli || vehicle->cost_per_m_milli
            || vehicle->fixed_milli)
            data->is_flat = false;
    }
    for (uint32_t c = 0; c < p->n_clients && status == GB_OK; c++)
        status = take_allowed(ctx, p, c, data);
    if (status == GB_OK)
        bound_items(data, service_s);
    base_free(data->mem, service_s);
    return status;
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
                               sizeof(gb_route_problem));
    if (status == GB_OK)
        status = check_arrays(ctx, &problem);
    if (status == GB_OK)
        status = check_matrices(ctx, &problem);
    if (status)
        return status;
    data->n_locations = problem.n_locations;
    data->n_clients = problem.n_clients;
    data->n_vehicles = problem.n_vehicles;
    data->n_slots = problem.n_slots;
    data->slot_start_s = problem.slot_start_s;
    data->is_flat = problem.n_slots == 0;
    status = lay_out(ctx, &problem, data);
    if (status)
        route_data_clear(data);
    return status;
}

void route_data_clear(route_data *data)
{
    base_free(data->mem, data->clients);
    base_free(data->mem, data->vehicles);
    base_free(data->mem, data->allowed);
    data->clients = NULL;
    data->vehicles = NULL;
    data->allowed = NULL;
}
