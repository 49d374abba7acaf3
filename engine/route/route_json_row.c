/*
 * route_json_row.c - clients and vehicles of our own JSON: data/ROUTE_JSON.md.
 */
#include "route_json_take.h"

#include "base_check.h"

enum { MOST_SECONDS = 10000000, MOST_CLOCK_S = 100000000, MOST_BREAKS = 8 };
static const int64_t MOST_PRIZE = INT64_C(1000000000000);

static gb_status wrong(const own_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

static void *alloc(const own_reader *r, size_t n, size_t size)
{
    return route_file_alloc(r->ctx, r->file, n, size);
}

/* ---- clients ---- */

static gb_status take_windows(const own_reader *r, uint32_t node,
                              route_file_client *client)
{
    gb_route_window *windows;
    uint32_t n, pair, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (status || n == 0)
        return status;
    windows = alloc(r, n, sizeof *windows);
    if (!windows)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node); !status && k < n;
         i = route_json_next(r->json, i), k++) {
        int64_t ends[2] = { 0, 0 };

        status = route_own_take_list(r, i, &pair);
        if (!status)
            status = route_own_need_count(r, i, pair, 2);
        if (!status)
            status =
                route_own_take_numbers(r, i, -MOST_CLOCK_S, MOST_CLOCK_S, ends);
        windows[k].early_s = (int32_t)ends[0];
        windows[k].late_s = (int32_t)ends[1];
    }
    client->windows = windows;
    client->n_windows = n;
    return status;
}

static gb_status take_allowed(const own_reader *r, uint32_t node,
                              route_file_client *client)
{
    uint32_t *allowed;
    uint32_t n;
    gb_status status = route_own_take_list(r, node, &n);

    if (status || node == ROUTE_JSON_NONE)
        return status;
    allowed = alloc(r, n, sizeof *allowed);
    if (!allowed)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node);
         !status && client->n_allowed < n; i = route_json_next(r->json, i)) {
        int64_t vehicle = 0;

        status = route_json_int(r->json, i, 0, (int64_t)r->file->vehicles.n - 1,
                                &vehicle);
        allowed[client->n_allowed++] = (uint32_t)vehicle;
    }
    client->is_limited = true;
    client->allowed = allowed;
    return status;
}

/* One list of prizes by slot a kind; without slots, one number a kind. */
static gb_status take_kind_prizes(const own_reader *r, uint32_t node,
                                  route_file_client *client)
{
    const gb_route_problem *p = &r->file->problem;
    const uint32_t n_slots = p->n_slots ? p->n_slots : 1;
    int64_t *prizes;
    uint32_t n, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (status || node == ROUTE_JSON_NONE)
        return status;
    status = route_own_need_count(r, node, n, p->n_prize_kinds);
    if (status)
        return status;
    prizes = alloc(r, (size_t)n * n_slots, sizeof *prizes);
    if (!prizes)
        return GB_ERR_NOMEM;
    client->kind_prizes = prizes;
    if (p->n_slots == 0)
        return route_own_take_numbers(r, node, 0, MOST_PRIZE, prizes);
    for (uint32_t i = route_json_first(r->json, node); !status && k < n;
         i = route_json_next(r->json, i), k++) {
        uint32_t count;

        status = route_own_take_list(r, i, &count);
        if (!status)
            status = route_own_need_count(r, i, count, n_slots);
        if (!status)
            status = route_own_take_numbers(r, i, 0, MOST_PRIZE,
                                            prizes + (size_t)k * n_slots);
    }
    return status;
}

static gb_status take_client(own_reader *r, uint32_t node,
                             const int64_t *no_load)
{
    const gb_route_problem *p = &r->file->problem;
    route_file_client client = ROUTE_FILE_CLIENT_INIT;
    uint32_t at[CLIENT_N];
    gb_status status =
        route_own_take_row(r, node, &ROUTE_JSON_CLIENT, ROUTE_JSON_CLIENT_KEYS,
                           CLIENT_N, &client, at);

    if (!status)
        status = route_own_take_text(r, at[CLIENT_NAME], &client.name);
    if (!status)
        status = take_windows(r, at[CLIENT_WINDOWS], &client);
    if (!status)
        status = take_allowed(r, at[CLIENT_VEHICLES], &client);
    client.loads = no_load;
    if (!status && at[CLIENT_LOADS] != ROUTE_JSON_NONE)
        status = route_own_take_int64s(r, at[CLIENT_LOADS], p->n_loads, 0,
                                       MOST_PRIZE, &client.loads);
    if (!status)
        status = route_own_take_bits(r, at[CLIENT_SKILLS], &client.skills);
    if (!status && at[CLIENT_SLOT_PRIZES] != ROUTE_JSON_NONE)
        status = route_own_take_int64s(r, at[CLIENT_SLOT_PRIZES], p->n_slots, 0,
                                       MOST_PRIZE, &client.slot_prizes);
    if (!status)
        status = take_kind_prizes(r, at[CLIENT_KIND_PRIZES], &client);
    if (client.release_s > -MOST_CLOCK_S)
        r->has_release = true;
    return status ? status : route_file_add_client(r->ctx, r->file, &client);
}

/* The column of releases is there when one of them is not 0; who has none
 * then is released at the beginning of time. */
static void settle_releases(own_reader *r)
{
    for (size_t c = 0; !r->has_release && c < r->file->clients.n; c++)
        r->file->clients.items[c].release_s = 0;
}

gb_status route_own_take_clients(own_reader *r, uint32_t node)
{
    const uint32_t n_loads = r->file->problem.n_loads;
    const int64_t *no_load = NULL;
    uint32_t n;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status && n_loads && !(no_load = alloc(r, n_loads, sizeof *no_load)))
        return GB_ERR_NOMEM;
    for (uint32_t i = n ? route_json_first(r->json, node) : 0;
         !status && n && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = take_client(r, i, no_load);
    settle_releases(r);
    return status;
}

/* ---- vehicles ---- */

static gb_status take_break(const own_reader *r, uint32_t node,
                            gb_route_break *b)
{
    static const char *const keys[] = { "early_s", "late_s", "length_s" };
    uint32_t at[COUNT_OF(keys)];
    int32_t *const out[] = { &b->early_s, &b->late_s, &b->length_s };
    gb_status status =
        route_json_members(r->json, node, keys, COUNT_OF(keys), at);

    for (int k = 0; !status && k < 3; k++) {
        if (at[k] == ROUTE_JSON_NONE)
            return route_json_missing(r->json, node, keys[k]);
        status = route_json_int32(r->json, at[k], k == 2 ? 0 : -MOST_CLOCK_S,
                                  k == 2 ? MOST_SECONDS : MOST_CLOCK_S, out[k]);
    }
    return status;
}

static gb_status take_breaks(const own_reader *r, uint32_t node,
                             gb_route_vehicle *vehicle)
{
    gb_route_break *breaks;
    uint32_t n, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status && n > MOST_BREAKS)
        status = wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "%u breaks; at most %d are supported", n,
                                 MOST_BREAKS));
    if (status || n == 0)
        return status;
    breaks = alloc(r, n, sizeof *breaks);
    if (!breaks)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node); !status && k < n;
         i = route_json_next(r->json, i))
        status = take_break(r, i, &breaks[k++]);
    vehicle->breaks = breaks;
    vehicle->n_breaks = n;
    return status;
}

static gb_status take_vehicle(own_reader *r, uint32_t node)
{
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const char *name = NULL;
    uint32_t at[VEHICLE_N];
    gb_status status =
        route_own_take_row(r, node, &ROUTE_JSON_VEHICLE,
                           ROUTE_JSON_VEHICLE_KEYS, VEHICLE_N, &vehicle, at);

    if (!status)
        status = route_own_take_text(r, at[VEHICLE_NAME], &name);
    if (!status)
        status = take_breaks(r, at[VEHICLE_BREAKS], &vehicle);
    if (!status && at[VEHICLE_CAPACITY] != ROUTE_JSON_NONE)
        status = route_own_take_int64s(r, at[VEHICLE_CAPACITY],
                                       r->file->problem.n_loads, 0, INT64_MAX,
                                       &vehicle.capacity);
    if (!status)
        status = route_own_take_bits(r, at[VEHICLE_SKILLS], &vehicle.skills);
    return status ? status
                  : route_file_add_vehicle(r->ctx, r->file, &vehicle, name);
}

gb_status route_own_take_vehicles(own_reader *r, uint32_t node)
{
    uint32_t n;
    gb_status status = route_own_take_list(r, node, &n);

    for (uint32_t i = n ? route_json_first(r->json, node) : 0;
         !status && n && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = take_vehicle(r, i);
    return status;
}
