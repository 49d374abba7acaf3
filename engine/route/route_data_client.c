/*
 * route_data_client.c - the clients of a problem.  See route_data_take.h.
 */
#include "route_data_take.h"

static const int64_t MOST_LOAD = ROUTE_MOST_PRIZE;
static const int64_t MOST_LOADS_SUM = INT64_C(4000000000000000000);

static const gb_route_window ANY_TIME = { -ROUTE_NEVER, ROUTE_NEVER };

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
        if (window->early_s < -ROUTE_MOST_CLOCK_S || window->late_s > ROUTE_MOST_CLOCK_S)
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

/* One prize of the client, kept where it is the greatest. */
static gb_status take_prize(gb_context *ctx, uint32_t c, int64_t prize,
                            route_client *client)
{
    if (prize < 0 || prize > ROUTE_MOST_PRIZE)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: a prize of %lld; 0 to %lld expected", c,
                         (long long)prize, (long long)ROUTE_MOST_PRIZE);
    if (prize > client->prize)
        client->prize = prize;
    return GB_OK;
}

static gb_status take_prizes(gb_context *ctx, const gb_route_problem *p,
                             uint32_t c, route_client *client)
{
    const size_t n = p->n_slots ? p->n_slots : 1;
    gb_status status = GB_OK;

    if (p->n_prize_kinds) {
        for (uint32_t kind = 0; kind < p->n_prize_kinds; kind++) {
            const int64_t *row = &p->client_kind_prize
                [((size_t)kind * p->n_clients + c) * n];

            for (size_t s = 0; s < n && status == GB_OK; s++)
                status = take_prize(ctx, c, row[s], client);
        }
    } else if (p->n_slots) {
        for (size_t s = 0; s < n && status == GB_OK; s++)
            status = take_prize(ctx, c, p->client_slot_prize[c * n + s],
                                client);
    } else if (p->client_prize) {
        status = take_prize(ctx, c, p->client_prize[c], client);
    }
    return status;
}

static gb_status take_loads(gb_context *ctx, const gb_route_problem *p,
                            uint32_t c, route_client *client)
{
    if (p->n_loads == 0)
        return GB_OK;
    client->load = &p->client_load[(size_t)c * p->n_loads];
    for (uint32_t k = 0; k < p->n_loads; k++)
        if (client->load[k] < 0 || client->load[k] > MOST_LOAD)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: load %u is %lld; 0 to %lld expected",
                             c, k, (long long)client->load[k],
                             (long long)MOST_LOAD);
    return GB_OK;
}

/* Groups are counted by their greatest number: keep it sane. */
static gb_status take_group(gb_context *ctx, const gb_route_problem *p,
                            uint32_t c, route_data *data)
{
    route_client *client = &data->clients[c];

    client->group = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;
    client->is_must = p->client_must && p->client_must[c];
    client->n_musts = client->is_must;
    if (client->group == GB_ROUTE_NONE)
        return GB_OK;
    if (client->group >= p->n_clients)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: group %u; below the number of clients "
                         "expected",
                         c, client->group);
    if (client->group >= data->n_groups)
        data->n_groups = client->group + 1;
    if (p->group_must && p->group_must[client->group])
        client->n_musts++;
    return GB_OK;
}

static gb_status take_release(gb_context *ctx, const gb_route_problem *p,
                              uint32_t c, route_data *data)
{
    route_client *client = &data->clients[c];

    client->release_s = -ROUTE_NEVER;
    if (!p->client_release_s)
        return GB_OK;
    if (p->client_release_s[c] < -ROUTE_MOST_CLOCK_S
        || p->client_release_s[c] > ROUTE_MOST_CLOCK_S)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: its release at %d s is no time of day",
                         c, p->client_release_s[c]);
    client->release_s = p->client_release_s[c];
    data->has_release = true;
    return GB_OK;
}

static gb_status take_place(gb_context *ctx, const gb_route_problem *p,
                            uint32_t c, route_client *client)
{
    client->location = p->client_location[c];
    client->place = p->client_place ? p->client_place[c] : GB_ROUTE_NONE;
    client->service_s = p->client_service_s ? p->client_service_s[c] : 0;
    if (client->location >= p->n_locations)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: location %u; there are %u", c,
                         client->location, p->n_locations);
    if (client->place != GB_ROUTE_NONE && client->place >= p->n_places)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: place %u; there are %u", c,
                         client->place, p->n_places);
    if (client->service_s < 0 || client->service_s > ROUTE_MOST_SECONDS)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: service takes %d s; 0 to %d expected", c,
                         client->service_s, ROUTE_MOST_SECONDS);
    if (client->place != GB_ROUTE_NONE)
        client->access_s = p->place_access_s[client->place];
    return GB_OK;
}

gb_status route_take_client(gb_context *ctx, const gb_route_problem *p,
                            uint32_t c, route_data *data)
{
    route_client *client = &data->clients[c];
    gb_status status = take_place(ctx, p, c, client);

    client->bundle = p->client_bundle ? p->client_bundle[c] : GB_ROUTE_NONE;
    client->after = p->client_after ? p->client_after[c] : GB_ROUTE_NONE;
    if (status == GB_OK)
        status = take_group(ctx, p, c, data);
    if (status == GB_OK)
        status = take_release(ctx, p, c, data);
    if (status == GB_OK)
        status = take_windows(ctx, p, c, client);
    if (status == GB_OK)
        status = take_prizes(ctx, p, c, client);
    return status ? status : take_loads(ctx, p, c, client);
}

gb_status route_take_sums(gb_context *ctx, const gb_route_problem *p,
                          const route_data *data)
{
    int64_t prizes = 0;

    for (uint32_t c = 0; c < p->n_clients; c++) {
        prizes += data->clients[c].prize;
        if (prizes > ROUTE_MOST_SUM)
            return base_fail(ctx, GB_ERR_DATA,
                             "the greatest prizes of the clients add up to "
                             "more than %lld",
                             (long long)ROUTE_MOST_SUM);
    }
    for (uint32_t k = 0; k < p->n_loads; k++) {
        int64_t sum = 0;

        for (uint32_t c = 0; c < p->n_clients; c++) {
            sum += data->clients[c].load[k];
            if (sum > MOST_LOADS_SUM)
                return base_fail(ctx, GB_ERR_DATA,
                                 "load %u of the clients adds up to more than "
                                 "%lld",
                                 k, (long long)MOST_LOADS_SUM);
        }
    }
    return GB_OK;
}
