/*
 * route_changes.c - see route_changes.h.
 */
#include "route_changes.h"

#include <string.h>

#include "base_options.h"

enum { MOST_CLOCK_S = 100000000, MOST_SECONDS = 10000000 };

void *route_changes_take(route_changes *changes, size_t count, size_t size)
{
    void *block = base_arena_alloc(&changes->arena, count, size);

    if (block)
        memset(block, 0, count * size);
    return block;
}

static void *take(route_changes *changes, size_t count, size_t size)
{
    return route_changes_take(changes, count, size);
}

/* --- the problem as it is given --- */

static bool take_arrays(route_changes *k)
{
    const size_t n = k->problem.n_clients, m = k->problem.n_vehicles;

    return (k->vehicles = take(k, m, sizeof *k->vehicles)) != NULL
        && (k->breaks = take(k, m * ROUTE_MOST_BREAKS, sizeof *k->breaks))
        && (k->profiles
            = take(k, k->problem.n_profiles + m, sizeof *k->profiles))
        && (k->service_s = take(k, n, sizeof *k->service_s))
        && (k->must = take(k, n, 1))
        && (k->allowed = take(k, n * k->n_words, sizeof *k->allowed))
        && (k->own = take(k, n, sizeof *k->own))
        && (k->promised = take(k, n, sizeof *k->promised))
        && (k->is_gone = take(k, n, 1)) && (k->is_wanted = take(k, n, 1))
        && (k->is_named = take(k, n, 1))
        && (k->is_forced = take(k, n, 1)) && (k->has_begun = take(k, n, 1))
        && (k->n_begun = take(k, m, sizeof *k->n_begun))
        && (k->n_frozen = take(k, m, sizeof *k->n_frozen))
        && (k->extends = take(k, m, sizeof *k->extends))
        && (k->extended_s = take(k, m, sizeof *k->extended_s))
        && (k->late_s = take(k, m, sizeof *k->late_s))
        && (k->is_closed = take(k, m, 1)) && (k->is_absent = take(k, m, 1));
}

/* The data were built from it, so sizes and numbers are known to be right. */
static void copy_vehicles(const gb_route_problem *given, route_changes *k)
{
    const size_t stride = given->n_vehicles ? given->vehicles->size : 0;
    const size_t known
        = stride < sizeof *k->vehicles ? stride : sizeof *k->vehicles;

    for (uint32_t v = 0; v < given->n_vehicles; v++) {
        gb_route_vehicle *vehicle = &k->vehicles[v];
        gb_route_break *breaks = &k->breaks[(size_t)v * ROUTE_MOST_BREAKS];

        memcpy(vehicle, (const char *)given->vehicles + v * stride, known);
        vehicle->size = sizeof *vehicle;
        if (vehicle->n_breaks)
            memcpy(breaks, vehicle->breaks,
                   vehicle->n_breaks * sizeof *breaks);
        vehicle->breaks = breaks;
        k->extends[v] = GB_ROUTE_NONE;
    }
}

gb_status route_changes_begin(gb_context *ctx, const gb_route_problem *problem,
                              const route_data *data,
                              const gb_route_solution *now,
                              route_changes *k)
{
    gb_status status;

    base_arena_init(&k->arena, ctx->mem);
    status = base_options_take(ctx, &k->problem, sizeof k->problem, problem,
                               sizeof(gb_route_problem));
    if (status)
        return status;
    k->now = now;
    k->moving = GB_ROUTE_NONE;
    k->n_words = data->n_words;
    if (!take_arrays(k))
        return base_fail_nomem(ctx);
    copy_vehicles(problem, k);
    if (k->problem.n_profiles)
        memcpy(k->profiles, k->problem.profiles,
               k->problem.n_profiles * sizeof *k->profiles);
    for (uint32_t c = 0; c < data->n_clients; c++) {
        k->service_s[c] = data->clients[c].service_s;
        k->must[c] = problem->client_must && problem->client_must[c];
        if (!problem->client_first_window)
            continue;
        k->own[c].windows = &problem->windows[problem->client_first_window[c]];
        k->own[c].n = problem->client_first_window[c + 1]
            - problem->client_first_window[c];
    }
    if (data->n_clients)
        memcpy(k->allowed, data->allowed,
               data->n_clients * k->n_words * sizeof *k->allowed);
    return GB_OK;
}

void route_changes_clear(route_changes *changes)
{
    base_arena_clear(&changes->arena);
}

/* --- what of the plan has begun --- */

const gb_route_stop *route_changes_stops(const route_changes *k, uint32_t v)
{
    return &k->now->stops[k->now->first_item[v]];
}

static const gb_route_stop *stops_of(const route_changes *k, uint32_t v)
{
    return route_changes_stops(k, v);
}

/* Has v left for the client behind the items that have begun? */
bool route_changes_is_on_way(const route_changes *k, uint32_t v)
{
    const gb_route_totals *totals = &k->now->totals[v];
    const gb_route_stop *stops = stops_of(k, v);
    const uint32_t n = k->n_begun[v];
    bool has_client = false;

    if (k->vehicles[v].day != k->clock_day || n >= totals->n_items
        || stops[n].kind != GB_ROUTE_STOP_CLIENT)
        return false;
    for (uint32_t i = 0; i < n; i++)
        has_client |= stops[i].kind == GB_ROUTE_STOP_CLIENT;
    return (has_client ? stops[n - 1].end_s : totals->depart_s) < k->clock_s;
}

static void find_begun(route_changes *k, const uint32_t *given_frozen,
                       uint32_t v)
{
    const gb_route_totals *totals = &k->now->totals[v];
    const gb_route_stop *stops = stops_of(k, v);
    const uint32_t day = k->vehicles[v].day;
    uint32_t n = 0;

    if (day < k->clock_day)
        n = totals->n_items;
    else if (day == k->clock_day)
        while (n < totals->n_items && stops[n].start_s < k->clock_s)
            n++;
    k->n_begun[v] = n;
    for (uint32_t i = 0; i < n; i++)
        if (stops[i].kind == GB_ROUTE_STOP_CLIENT)
            k->has_begun[stops[i].client] = 1;
    k->is_closed[v] = day < k->clock_day
        || (day == k->clock_day && n > 0 && n == totals->n_items
            && totals->end_s <= k->clock_s);
    k->n_frozen[v] = n;
    if (day == k->clock_day && route_changes_is_on_way(k, v))
        k->n_frozen[v]++;
    if (given_frozen && given_frozen[v] > k->n_frozen[v])
        k->n_frozen[v] = given_frozen[v] < totals->n_items
            ? given_frozen[v]
            : totals->n_items;
}

/* --- what happened --- */

static gb_status own_window(gb_context *ctx, route_changes *k, uint32_t c,
                            int32_t early_s, int32_t late_s)
{
    gb_route_window *window = take(k, 1, sizeof *window);

    if (!window)
        return base_fail_nomem(ctx);
    window->early_s = early_s;
    window->late_s = late_s;
    k->own[c] = (route_own_windows){ window, 1 };
    return GB_OK;
}

static gb_status change_client(gb_context *ctx, route_changes *k, size_t i,
                               const gb_route_change *change)
{
    const uint32_t c = change->client;
    uint32_t v;

    if (c >= k->problem.n_clients)
        return base_fail(ctx, GB_ERR_DATA,
                         "change %zu: client %u; there are %u", i, c,
                         k->problem.n_clients);
    v = k->now->vehicle_of[c];
    if (k->has_begun[c] && change->kind != GB_ROUTE_CHANGE_SERVICE)
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "change %zu: the service of client %u has begun", i,
                         c);
    k->is_named[c] = 1;
    switch (change->kind) {
    case GB_ROUTE_CHANGE_CANCEL:
        k->is_gone[c] = 1;
        k->is_wanted[c] = 0;
        break;
    case GB_ROUTE_CHANGE_ADD:
        if (v != GB_ROUTE_NONE && !k->is_gone[c])
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: client %u is served already", i, c);
        k->is_gone[c] = 0;
        k->is_wanted[c] = 1;
        break;
    case GB_ROUTE_CHANGE_WINDOW:
        if (change->early_s > change->late_s
            || change->early_s < -MOST_CLOCK_S
            || change->late_s > MOST_CLOCK_S)
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: a window from %d to %d s", i,
                             change->early_s, change->late_s);
        k->is_forced[c] = 1;
        return own_window(ctx, k, c, change->early_s, change->late_s);
    default:
        if (k->service_s[c] + (int64_t)change->seconds < 0
            || k->service_s[c] + (int64_t)change->seconds > MOST_SECONDS)
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: client %u, whose service takes %d "
                             "s, %d s more",
                             i, c, k->service_s[c], change->seconds);
        if (k->has_begun[c]
            && (k->now->item_of[c] + 1 != k->n_begun[v]
                || route_changes_is_on_way(k, v)))
            return GB_OK;
        k->service_s[c] += change->seconds;
        return GB_OK;
    }
    k->is_forced[c] = 1;
    return GB_OK;
}

static gb_status change_vehicle(gb_context *ctx, route_changes *k, size_t i,
                                const gb_route_change *change)
{
    const uint32_t v = change->vehicle;

    if (v >= k->problem.n_vehicles)
        return base_fail(ctx, GB_ERR_DATA,
                         "change %zu: vehicle %u; there are %u", i, v,
                         k->problem.n_vehicles);
    switch (change->kind) {
    case GB_ROUTE_CHANGE_ABSENT:
        k->is_absent[v] = 1;
        break;
    case GB_ROUTE_CHANGE_SHIFT:
        if (change->early_s > change->late_s
            || change->early_s < -MOST_CLOCK_S
            || change->late_s > MOST_CLOCK_S)
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: a shift from %d to %d s", i,
                             change->early_s, change->late_s);
        k->vehicles[v].shift_end_s = change->late_s;
        if (k->n_frozen[v] == 0)
            k->vehicles[v].shift_start_s = change->early_s;
        else if (change->late_s < k->vehicles[v].shift_start_s)
            k->vehicles[v].shift_end_s = k->vehicles[v].shift_start_s;
        break;
    default:
        if (change->seconds < 0
            || change->seconds > MOST_SECONDS - k->late_s[v])
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: vehicle %u is %d s behind", i, v,
                             change->seconds);
        k->late_s[v] += change->seconds;
    }
    return GB_OK;
}

static gb_status change_one(gb_context *ctx, route_changes *k, size_t i,
                            const gb_route_change *change)
{
    switch (change->kind) {
    case GB_ROUTE_CHANGE_CANCEL:
    case GB_ROUTE_CHANGE_ADD:
    case GB_ROUTE_CHANGE_SERVICE:
    case GB_ROUTE_CHANGE_WINDOW:
        return change_client(ctx, k, i, change);
    case GB_ROUTE_CHANGE_DELAY:
    case GB_ROUTE_CHANGE_ABSENT:
    case GB_ROUTE_CHANGE_SHIFT:
        return change_vehicle(ctx, k, i, change);
    case GB_ROUTE_CHANGE_ROAD:
        if (change->from >= k->problem.n_locations
            || change->to >= k->problem.n_locations
            || (change->profile != GB_ROUTE_NONE
                && change->profile >= k->problem.n_profiles))
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: the way from location %u to %u "
                             "(profile %u); there are %u, and %u profiles",
                             i, change->from, change->to, change->profile,
                             k->problem.n_locations, k->problem.n_profiles);
        if (change->seconds != GB_ROUTE_UNREACHABLE
            && (change->seconds < 0 || change->seconds > MOST_SECONDS))
            return base_fail(ctx, GB_ERR_DATA,
                             "change %zu: a way of %d s", i, change->seconds);
        return GB_OK; /* all of them together, later */
    default:
        return base_fail(ctx, GB_ERR_DATA, "change %zu is of no known kind",
                         i);
    }
}

/* --- facts --- */

/* What has begun begins when it began. */
static gb_status pin(gb_context *ctx, route_changes *k, uint32_t v)
{
    const gb_route_stop *stops = stops_of(k, v);
    gb_route_break *breaks = &k->breaks[(size_t)v * ROUTE_MOST_BREAKS];
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < k->n_begun[v] && status == GB_OK; i++) {
        const int32_t start_s = stops[i].start_s;

        if (stops[i].kind == GB_ROUTE_STOP_CLIENT)
            status = own_window(ctx, k, stops[i].client, start_s, start_s);
        else
            breaks[stops[i].client].early_s = breaks[stops[i].client].late_s
                = start_s;
    }
    return status;
}

void route_changes_lengthen(route_changes *k, uint32_t v, uint32_t item,
                            int32_t more_s)
{
    const gb_route_stop *stop = &stops_of(k, v)[item];

    if (stop->kind == GB_ROUTE_STOP_CLIENT)
        k->service_s[stop->client] += more_s;
    else
        k->breaks[(size_t)v * ROUTE_MOST_BREAKS + stop->client].length_s
            += more_s;
}

static bool has_served(const route_changes *k, uint32_t v)
{
    const gb_route_stop *stops = stops_of(k, v);

    for (uint32_t i = 0; i < k->n_begun[v]; i++)
        if (stops[i].kind == GB_ROUTE_STOP_CLIENT)
            return true;
    return false;
}

/* From when v may be on the road, where it has served nobody yet. */
static void set_out(route_changes *k, uint32_t v)
{
    gb_route_vehicle *vehicle = &k->vehicles[v];
    const gb_route_totals *totals = &k->now->totals[v];
    int32_t from_s = vehicle->shift_start_s;

    if (totals->n_items > 0
        && (k->late_s[v] > 0 || route_changes_is_on_way(k, v)))
        from_s = totals->depart_s > from_s ? totals->depart_s : from_s;
    if (vehicle->day == k->clock_day && from_s < k->clock_s
        && !(totals->n_items > 0 && route_changes_is_on_way(k, v)
             && k->n_frozen[v] > k->n_begun[v]))
        from_s = k->clock_s;
    from_s += k->late_s[v];
    if (from_s > vehicle->shift_end_s) {
        if (k->n_frozen[v] == 0)
            k->is_closed[v] = 1;
        if (k->n_frozen[v] == 0)
            from_s = vehicle->shift_end_s;
        else
            vehicle->shift_end_s = from_s;
    }
    vehicle->shift_start_s = from_s;
}

static void freeze(route_changes *k, uint32_t v)
{
    const gb_route_stop *stops = stops_of(k, v);
    const uint32_t n = k->n_begun[v];
    const bool was_on_way = route_changes_is_on_way(k, v);
    const bool goes_on = was_on_way && !k->is_absent[v]
        && !k->is_gone[stops[n].client];

    if (k->is_absent[v] && k->n_frozen[v] > n)
        k->n_frozen[v] = n;
    else if (was_on_way && !goes_on && k->n_frozen[v] == n + 1)
        k->n_frozen[v] = n;
    if (k->vehicles[v].day < k->clock_day || k->is_closed[v])
        return;
    if (!has_served(k, v)) {
        set_out(k, v);
        return;
    }
    if (k->late_s[v])
        route_changes_lengthen(k, v, n - 1, k->late_s[v]);
    if (!k->is_absent[v] && !goes_on)
        route_changes_turn(k, v);
}

void route_changes_turn(route_changes *k, uint32_t v)
{
    const gb_route_stop *stops = stops_of(k, v);
    const uint32_t n = k->n_begun[v];
    const gb_route_stop *last = n > 0 ? &stops[n - 1] : NULL;
    int32_t end_s;

    if (k->n_frozen[v] > n)
        k->n_frozen[v] = n;
    if (k->vehicles[v].day != k->clock_day)
        return;
    if (!has_served(k, v)) {
        if (k->vehicles[v].shift_start_s < k->clock_s)
            k->vehicles[v].shift_start_s = k->clock_s;
        if (k->vehicles[v].shift_end_s < k->vehicles[v].shift_start_s)
            k->vehicles[v].shift_end_s = k->vehicles[v].shift_start_s;
        return;
    }
    end_s = last->start_s
        + (last->kind == GB_ROUTE_STOP_CLIENT
               ? k->service_s[last->client]
               : k->breaks[(size_t)v * ROUTE_MOST_BREAKS + last->client]
                     .length_s);
    if (end_s < k->clock_s) {
        k->extends[v] = n - 1;
        k->extended_s[v] = k->clock_s - end_s;
        route_changes_lengthen(k, v, n - 1, k->extended_s[v]);
    }
}

/* --- who may serve whom --- */

static bool is_kept(const route_changes *k, uint32_t c)
{
    const uint32_t v = k->now->vehicle_of[c];

    return v != GB_ROUTE_NONE && !k->is_gone[c]
        && (!k->is_absent[v] || k->now->item_of[c] < k->n_frozen[v]);
}

static void only(const route_changes *k, uint32_t c, uint32_t v)
{
    uint64_t *bits = &k->allowed[c * k->n_words];
    const uint64_t bit = bits[v / 64] & (UINT64_C(1) << (v % 64));

    memset(bits, 0, k->n_words * sizeof *bits);
    bits[v / 64] = bit;
}

static void only_day(const route_changes *k, uint32_t c, uint32_t day,
                     bool is_that)
{
    for (uint32_t v = 0; v < k->problem.n_vehicles; v++)
        if ((k->vehicles[v].day == day) != is_that)
            k->allowed[c * k->n_words + v / 64]
                &= ~(UINT64_C(1) << (v % 64));
}

/* Visits of a bundle that are planned keep their days; others wait. */
static gb_status untie_bundles(gb_context *ctx, route_changes *k)
{
    const uint32_t n = k->problem.n_clients;
    uint32_t *bundle;
    uint8_t *is_untied;

    if (!k->problem.client_bundle)
        return GB_OK;
    bundle = take(k, n, sizeof *bundle);
    is_untied = take(k, k->problem.n_bundles, 1);
    if (!bundle || !is_untied)
        return base_fail_nomem(ctx);
    memcpy(bundle, k->problem.client_bundle, n * sizeof *bundle);
    for (uint32_t c = 0; c < n; c++)
        if (bundle[c] != GB_ROUTE_NONE
            && (k->now->vehicle_of[c] != GB_ROUTE_NONE || k->is_named[c]
                || c == k->moving))
            is_untied[bundle[c]] = 1;
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t b = bundle[c], v = k->now->vehicle_of[c];

        if (b == GB_ROUTE_NONE || !is_untied[b])
            continue;
        bundle[c] = GB_ROUTE_NONE;
        if (v != GB_ROUTE_NONE && c != k->moving) {
            only_day(k, c, k->vehicles[v].day, true);
            continue;
        }
        if (!k->is_wanted[c] && c != k->moving)
            memset(&k->allowed[c * k->n_words], 0,
                   k->n_words * sizeof *k->allowed);
        for (uint32_t d = 0; d < n; d++)
            if (d != c && k->problem.client_bundle[d] == b && is_kept(k, d))
                only_day(k, c, k->vehicles[k->now->vehicle_of[d]].day, false);
    }
    k->problem.client_bundle = bundle;
    return GB_OK;
}

static void restrict_client(route_changes *k, uint32_t c)
{
    const uint32_t v = k->now->vehicle_of[c];
    uint64_t *bits = &k->allowed[c * k->n_words];

    if (k->is_gone[c]) {
        memset(bits, 0, k->n_words * sizeof *bits);
        return;
    }
    if (v != GB_ROUTE_NONE && is_kept(k, c)
        && (k->lock != GB_ROUTE_LOCK_NONE
            || k->now->item_of[c] < k->n_frozen[v])) {
        only(k, c, v);
        return;
    }
    for (uint32_t w = 0; w < k->problem.n_vehicles; w++)
        if ((k->is_closed[w] || k->is_absent[w])
            && !(v == w && k->now->item_of[c] < k->n_frozen[v]))
            bits[w / 64] &= ~(UINT64_C(1) << (w % 64));
}

static gb_status list_allowed(gb_context *ctx, route_changes *k)
{
    const uint32_t n = k->problem.n_clients;
    uint32_t *first = take(k, (size_t)n + 1, sizeof *first), *list;
    uint32_t count = 0;

    for (uint32_t c = 0; c < n; c++)
        for (uint32_t v = 0; v < k->problem.n_vehicles; v++)
            count += k->allowed[c * k->n_words + v / 64] >> (v % 64) & 1;
    list = take(k, count, sizeof *list);
    if (!first || !list)
        return base_fail_nomem(ctx);
    count = 0;
    for (uint32_t c = 0; c < n; c++) {
        for (uint32_t v = 0; v < k->problem.n_vehicles; v++)
            if (k->allowed[c * k->n_words + v / 64] >> (v % 64) & 1)
                list[count++] = v;
        first[c + 1] = count;
    }
    k->problem.client_first_allowed = first;
    k->problem.allowed_vehicles = list;
    return GB_OK;
}

/* --- promises --- */

static gb_status promise(gb_context *ctx, route_changes *k, uint32_t c)
{
    const int32_t at_s
        = stops_of(k, k->now->vehicle_of[c])[k->now->item_of[c]].start_s;
    const int32_t from_s = at_s - k->tolerance_s;
    const int32_t to_s = at_s + k->tolerance_s;
    const route_own_windows *own = &k->own[c];
    gb_route_window *windows = take(k, own->n ? own->n : 1, sizeof *windows);
    uint32_t n = 0;

    if (!windows)
        return base_fail_nomem(ctx);
    if (own->n == 0)
        windows[n++] = (gb_route_window){ from_s, to_s };
    for (uint32_t w = 0; w < own->n; w++) {
        const gb_route_window *given = &own->windows[w];

        if (given->late_s < from_s || given->early_s > to_s)
            continue;
        windows[n].early_s
            = given->early_s > from_s ? given->early_s : from_s;
        windows[n++].late_s = given->late_s < to_s ? given->late_s : to_s;
    }
    k->promised[c] = (route_own_windows){ windows, n };
    return GB_OK;
}

gb_status route_changes_list_windows(gb_context *ctx, route_changes *k)
{
    const uint32_t n = k->problem.n_clients;
    uint32_t *first = take(k, (size_t)n + 1, sizeof *first);
    size_t count = 0;
    gb_route_window *windows;

    for (uint32_t c = 0; c < n; c++)
        count += k->own[c].n;
    windows = take(k, count, sizeof *windows);
    if (!first || !windows)
        return base_fail_nomem(ctx);
    count = 0;
    for (uint32_t c = 0; c < n; c++) {
        if (k->own[c].n)
            memcpy(&windows[count], k->own[c].windows,
                   k->own[c].n * sizeof *windows);
        k->own[c].windows = &windows[count];
        count += k->own[c].n;
        first[c + 1] = (uint32_t)count;
    }
    k->problem.client_first_window = first;
    k->problem.windows = windows;
    return GB_OK;
}

gb_status route_changes_apply(gb_context *ctx, const gb_route_change *list,
                              size_t n, const uint32_t *given_frozen,
                              route_changes *k)
{
    const uint32_t n_clients = k->problem.n_clients;
    gb_status status = GB_OK;

    for (uint32_t v = 0; v < k->problem.n_vehicles; v++)
        find_begun(k, given_frozen, v);
    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = change_one(ctx, k, i, &list[i]);
    if (status == GB_OK)
        status = route_changes_set_roads(ctx, k, list, n);
    for (uint32_t v = 0; v < k->problem.n_vehicles && status == GB_OK; v++) {
        freeze(k, v);
        status = pin(ctx, k, v);
    }
    for (uint32_t c = 0; c < n_clients && status == GB_OK; c++) {
        k->must[c] = k->is_wanted[c] || (k->must[c] && !k->is_gone[c]);
        restrict_client(k, c);
        if (k->now->vehicle_of[c] != GB_ROUTE_NONE && !is_kept(k, c))
            k->is_forced[c] = 1;
        if (is_kept(k, c) && !k->is_forced[c] && k->tolerance_s >= 0
            && !k->has_begun[c])
            status = promise(ctx, k, c);
    }
    if (status == GB_OK)
        status = untie_bundles(ctx, k);
    if (status == GB_OK)
        status = list_allowed(ctx, k);
    if (status == GB_OK)
        status = route_changes_list_windows(ctx, k);
    k->problem.client_must = k->must;
    k->problem.client_service_s = k->service_s;
    k->problem.vehicles = k->vehicles;
    return status;
}

/* --- windows of the data --- */

gb_status route_changes_pin(gb_context *ctx, route_changes *k, uint32_t c,
                            int32_t start_s)
{
    k->promised[c].n = 0;
    return own_window(ctx, k, c, start_s, start_s);
}

static const gb_route_window ANY_TIME = { -ROUTE_NEVER, ROUTE_NEVER };

static void give_windows(route_data *data, uint32_t c,
                         const route_own_windows *own)
{
    route_client *client = &data->clients[c];

    client->windows = own->n ? own->windows : &ANY_TIME;
    client->n_windows = own->n ? own->n : 1;
    client->early_s = client->windows[0].early_s;
    client->late_s = client->windows[0].late_s;
}

void route_changes_promise(const route_changes *changes, route_data *data,
                           uint32_t c)
{
    if (changes->promised[c].n)
        give_windows(data, c, &changes->promised[c]);
}

void route_changes_release(const route_changes *changes, route_data *data,
                           uint32_t c)
{
    give_windows(data, c, &changes->own[c]);
}

bool route_changes_keep_windows(route_changes *k, const route_data *data)
{
    const uint32_t n = k->problem.n_clients;
    uint32_t *first = take(k, (size_t)n + 1, sizeof *first);
    size_t count = 0;
    gb_route_window *windows;

    for (uint32_t c = 0; c < n; c++)
        count += data->clients[c].n_windows;
    windows = take(k, count, sizeof *windows);
    if (!first || !windows)
        return false;
    count = 0;
    for (uint32_t c = 0; c < n; c++) {
        const route_client *client = &data->clients[c];

        if (k->own[c].n > 0 || client->windows == k->promised[c].windows)
            for (uint32_t w = 0; w < client->n_windows; w++)
                windows[count++] = client->windows[w];
        first[c + 1] = (uint32_t)count;
    }
    k->problem.client_first_window = first;
    k->problem.windows = windows;
    return true;
}
