/*
 * route_replan.c - see route_replan.h: what must change.
 */
#include "route_replan.h"

#include <string.h>

#include "base_check.h"
#include "route_search.h"

/* --- what has begun can be driven --- */

static const gb_route_stop *stops_of(const route_changes *k, uint32_t v)
{
    return &k->now->stops[k->now->first_item[v]];
}

static uint32_t item_of(const gb_route_stop *stop)
{
    return stop->kind == GB_ROUTE_STOP_BREAK ? GB_ROUTE_BREAK(stop->client)
                                             : stop->client;
}

/* The first items of v as it was, less who is gone; their number. */
static uint32_t list_first(const route_changes *k, uint32_t v, uint32_t n,
                           uint32_t *items)
{
    const gb_route_stop *stops = stops_of(k, v);
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        if (stops[i].kind == GB_ROUTE_STOP_BREAK
            || !k->is_gone[stops[i].client])
            items[count++] = item_of(&stops[i]);
    return count;
}

/* The changes have changed v: so must the data. */
static void sync_vehicle(route_replan *r, uint32_t v)
{
    const route_changes *k = r->changes;
    const gb_route_vehicle *given = &k->vehicles[v];
    const gb_route_stop *stops = stops_of(k, v);
    route_vehicle *vehicle = &r->data.vehicles[v];

    vehicle->shift_start_s = given->shift_start_s;
    vehicle->shift_end_s = given->shift_end_s;
    vehicle->max_duration_s
        = given->max_duration_s ? given->max_duration_s : ROUTE_NEVER;
    vehicle->max_travel_s
        = given->max_travel_s ? given->max_travel_s : ROUTE_NEVER;
    vehicle->max_distance_m
        = given->max_distance_m ? given->max_distance_m : INT64_MAX;
    for (uint32_t i = 0; i < vehicle->n_breaks; i++)
        vehicle->breaks[i] = given->breaks[i];
    for (uint32_t i = 0; i < k->n_begun[v]; i++)
        if (stops[i].kind == GB_ROUTE_STOP_CLIENT)
            r->data.clients[stops[i].client].service_s
                = k->service_s[stops[i].client];
}

/*
 * Limits that what has begun breaks, after all that happened, give way to it:
 * the shift ends later, the break is later.  Nothing else does.
 */
static bool stretch(route_replan *r, uint32_t v, const uint32_t *items,
                    uint32_t n)
{
    route_changes *k = r->changes;
    gb_route_vehicle *given = &k->vehicles[v];
    gb_route_break *breaks = &k->breaks[(size_t)v * ROUTE_MOST_BREAKS];
    route_vehicle loose = r->data.vehicles[v];
    route_state state = route_walk_begin(&loose);
    route_end end;
    int32_t clock_s;

    loose.shift_end_s = ROUTE_NEVER;
    loose.max_duration_s = loose.max_travel_s = ROUTE_NEVER;
    loose.max_distance_m = INT64_MAX;
    for (uint32_t i = 0; i < route_behind_last(items, n); i++)
        if (!route_walk_item(&r->data, &loose, &state, items[i]))
            return false;
    clock_s = state.clock_s;
    for (uint32_t i = route_behind_last(items, n); i < n; i++) {
        const uint32_t b = route_break_of(items[i]);

        clock_s = clock_s > breaks[b].early_s ? clock_s : breaks[b].early_s;
        if (breaks[b].late_s < clock_s)
            breaks[b].late_s = loose.breaks[b].late_s = clock_s;
        clock_s += breaks[b].length_s;
    }
    if (!route_walk(&r->data, &loose, items, n, &end))
        return false;
    if (given->shift_end_s < end.end_s)
        given->shift_end_s = end.end_s;
    if (given->max_duration_s && given->max_duration_s < end.end_s
                                                             - end.depart_s)
        given->max_duration_s = end.end_s - end.depart_s;
    if (given->max_travel_s && given->max_travel_s < end.worth.travel_s)
        given->max_travel_s = (int32_t)end.worth.travel_s;
    if (given->max_distance_m && given->max_distance_m < end.metres)
        given->max_distance_m = end.metres;
    sync_vehicle(r, v);
    return route_walk(&r->data, &r->data.vehicles[v], items, n, &end);
}

/* The breaks that are not among the items, behind them. */
static uint32_t add_breaks(const route_replan *r, uint32_t v, uint32_t *items,
                           uint32_t n)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < n; i++)
        if (route_is_break(items[i]))
            held |= 1u << route_break_of(items[i]);
    for (uint32_t b = 0; b < r->data.vehicles[v].n_breaks; b++)
        if (!(held >> b & 1))
            items[n++] = GB_ROUTE_BREAK(b);
    return n;
}

/* The client that v is on its way to is served at that time, as it falls. */
static gb_status pin_next(route_replan *r, uint32_t v, const uint32_t *items,
                          uint32_t n)
{
    route_changes *k = r->changes;
    route_state state = route_walk_begin(&r->data.vehicles[v]);
    const gb_route_stop *next = &stops_of(k, v)[k->n_begun[v]];
    int32_t moved_s;

    for (uint32_t i = 0; i < n; i++) {
        if (!route_walk_item(&r->data, &r->data.vehicles[v], &state,
                             items[i]))
            break;
        if (items[i] != next->client)
            continue;
        moved_s = state.start_s - next->start_s;
        if (k->tolerance_s >= 0
            && (moved_s > k->tolerance_s || moved_s < -k->tolerance_s))
            k->is_forced[next->client] = 1;
        return route_changes_pin(r->run->ctx, k, next->client, state.start_s);
    }
    return GB_OK;
}

/*
 * Can the first n items be driven, and home from there, or at least all that
 * was planned?  (Where the way home is closed only the latter may be.)
 */
static bool can_go_on(route_replan *r, uint32_t v, uint32_t n)
{
    const route_changes *k = r->changes;
    const route_vehicle *vehicle = &r->data.vehicles[v];
    route_end end;
    uint32_t count = list_first(k, v, n, r->list);

    count = add_breaks(r, v, r->list, count);
    if (route_walk(&r->data, vehicle, r->list, count, &end))
        return true;
    if (k->is_absent[v])
        return false;
    count = list_first(k, v, k->now->totals[v].n_items, r->list);
    return route_walk(&r->data, vehicle, r->list, count, &end);
}

/* What v has begun, or is on its way to, can be driven; or the least of it. */
static gb_status settle(route_replan *r, uint32_t v, bool *is_changed)
{
    route_changes *k = r->changes;
    const uint32_t n_begun = k->n_begun[v];
    uint32_t n;

    if (k->now->totals[v].n_items == 0 || k->n_frozen[v] == 0)
        return GB_OK;
    while (k->n_frozen[v] > n_begun && !can_go_on(r, v, k->n_frozen[v])) {
        *is_changed = true;
        if (--k->n_frozen[v] == n_begun) {
            route_changes_turn(k, v);
            sync_vehicle(r, v);
        }
    }
    if (!can_go_on(r, v, k->n_frozen[v])) {
        n = list_first(k, v, k->n_frozen[v], r->list);
        n = add_breaks(r, v, r->list, n);
        *is_changed |= stretch(r, v, r->list, n);
    }
    if (k->n_frozen[v] > n_begun && route_changes_is_on_way(k, v)
        && !k->is_gone[stops_of(k, v)[n_begun].client]) {
        *is_changed = true;
        n = list_first(k, v, k->n_frozen[v], r->list);
        return pin_next(r, v, r->list, n);
    }
    return GB_OK;
}

/* --- life --- */

static uint32_t most_items(const route_replan *r)
{
    uint32_t most = 0;

    for (uint32_t v = 0; v < r->data.n_vehicles; v++) {
        const uint32_t n = r->changes->now->totals[v].n_items;

        if (r->data.vehicles[v].most_items > most)
            most = r->data.vehicles[v].most_items;
        if (n > most)
            most = n;
    }
    return most + ROUTE_MOST_BREAKS + 1;
}

static bool take_lists(route_replan *r)
{
    base_mem *mem = r->run->mem;
    const uint32_t n = r->data.n_clients, longest = most_items(r);
    const uint32_t list = longest > n ? longest : n;

    r->start_s = base_alloc_zeroed(mem, n, sizeof *r->start_s);
    r->trial_start_s = base_alloc_zeroed(mem, n, sizeof *r->start_s);
    r->is_released = base_alloc_zeroed(mem, n, 1);
    r->was_vehicle = base_alloc_array(mem, n, sizeof *r->was_vehicle);
    r->was_s = base_alloc_zeroed(mem, n, sizeof *r->was_s);
    r->list = base_alloc_array(mem, list, sizeof *r->list);
    r->other = base_alloc_array(mem, list, sizeof *r->other);
    r->removed = base_alloc_array(mem, list, sizeof *r->removed);
    r->let_off = base_alloc_array(mem, list, sizeof *r->let_off);
    r->offers = base_alloc_array(mem, n, sizeof *r->offers);
    r->stops = base_alloc_zeroed(mem, longest, sizeof *r->stops);
    r->touched = base_alloc_zeroed(mem, r->data.n_vehicles, 1);
    r->waste = base_alloc_zeroed(mem, r->data.n_vehicles, sizeof *r->waste);
    return r->start_s && r->trial_start_s && r->is_released && r->was_vehicle
        && r->was_s && r->list && r->other && r->removed && r->let_off
        && r->offers && r->stops && r->touched && r->waste;
}

static void remember(route_replan *r)
{
    const gb_route_solution *now = r->changes->now;

    for (uint32_t c = 0; c < now->n_clients; c++) {
        const uint32_t v = now->vehicle_of[c];

        r->was_vehicle[c] = v;
        if (v != GB_ROUTE_NONE)
            r->was_s[c]
                = now->stops[now->first_item[v] + now->item_of[c]].start_s;
    }
}

gb_status route_replan_begin(base_run *run, route_changes *changes,
                             route_replan *r)
{
    bool is_changed = false;
    gb_status status = route_data_build(run->ctx, &changes->problem, &r->data);

    if (status)
        return status;
    r->run = run;
    r->changes = changes;
    r->has_data = true;
    if (!take_lists(r))
        return base_fail_nomem(run->ctx);
    remember(r);
    for (uint32_t v = 0; v < r->data.n_vehicles && status == GB_OK; v++)
        status = settle(r, v, &is_changed);
    if (status == GB_OK && is_changed) {
        route_data_clear(&r->data);
        r->has_data = false;
        status = route_changes_list_windows(run->ctx, changes);
        if (status == GB_OK)
            status = route_data_build(run->ctx, &changes->problem, &r->data);
        r->has_data = status == GB_OK;
    }
    if (status)
        return status;
    r->has_plans = true;
    if (!route_plan_init(&r->plan, &r->data)
        || !route_plan_init(&r->trial, &r->data))
        return base_fail_nomem(run->ctx);
    for (uint32_t c = 0; c < r->data.n_clients; c++)
        route_changes_promise(changes, &r->data, c);
    return GB_OK;
}

void route_replan_clear(route_replan *r)
{
    base_mem *mem = r->run ? r->run->mem : NULL;

    if (!mem)
        return;
    if (r->has_plans) {
        route_plan_clear(&r->plan);
        route_plan_clear(&r->trial);
    }
    if (r->has_data)
        route_data_clear(&r->data);
    base_free(mem, r->start_s);
    base_free(mem, r->trial_start_s);
    base_free(mem, r->is_released);
    base_free(mem, r->was_vehicle);
    base_free(mem, r->was_s);
    base_free(mem, r->list);
    base_free(mem, r->other);
    base_free(mem, r->removed);
    base_free(mem, r->let_off);
    base_free(mem, r->offers);
    base_free(mem, r->stops);
    base_free(mem, r->touched);
    base_free(mem, r->waste);
    memset(r, 0, sizeof *r);
}

/* --- routes as they were --- */

void route_replan_release(route_replan *r, uint32_t c)
{
    if (!r->is_released[c]) {
        r->is_released[c] = 1;
        route_changes_release(r->changes, &r->data, c);
    }
}

void route_replan_promise(route_replan *r, uint32_t c)
{
    if (r->is_released[c]) {
        r->is_released[c] = 0;
        route_changes_promise(r->changes, &r->data, c);
    }
}

/*
 * Walk the items and let off their promise those who cannot be served
 * otherwise; the index of the first who cannot even then (n: the way home);
 * UINT32_MAX: all is well.  Who was let off is in let_off.
 */
static uint32_t walk_releasing(route_replan *r, uint32_t v,
                               const uint32_t *items, uint32_t n)
{
    const route_vehicle *vehicle = &r->data.vehicles[v];
    const uint32_t n_road = route_behind_last(items, n);
    route_state state = route_walk_begin(vehicle);
    route_end end;

    r->n_let_off = 0;
    state.release_s = route_release_of(&r->data, items, n);
    for (uint32_t i = 0; i < n_road; i++) {
        const route_state before = state;

        if (route_walk_item(&r->data, vehicle, &state, items[i]))
            continue;
        if (route_is_break(items[i]) || r->is_released[items[i]]
            || r->changes->promised[items[i]].n == 0)
            return i;
        route_replan_release(r, items[i]);
        r->let_off[r->n_let_off++] = items[i];
        state = before;
        if (!route_walk_item(&r->data, vehicle, &state, items[i]))
            return i;
    }
    /* All of it again: departure, loads and order are the whole route's. */
    return route_walk(&r->data, vehicle, items, n, &end) ? UINT32_MAX : n;
}

/* Those who were let off are held to their promise again. */
static void take_back(route_replan *r)
{
    while (r->n_let_off > 0)
        route_replan_promise(r, r->let_off[--r->n_let_off]);
}

static uint32_t strip_breaks(const uint32_t *items, uint32_t n,
                             uint32_t n_frozen, uint32_t *out)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        if (i < n_frozen || !route_is_break(items[i]))
            out[count++] = items[i];
    return count;
}

static bool set_route(route_replan *r, uint32_t v, const uint32_t *items,
                      uint32_t n, uint32_t n_frozen)
{
    route_tour *tour = &r->plan.tours[v];

    if (n > tour->capacity)
        return false;
    tour->n_frozen = 0;
    if (!route_plan_set(&r->plan, v, items, n))
        return false;
    tour->n_frozen = n_frozen;
    return route_tour_refresh(&r->data, tour)
        && route_insert_breaks(&r->plan, v, NULL);
}

/*
 * The items as the route of v, with as few let off as need be; false: not
 * like that, and the tour is spoilt.  *stuck is where the walk ended.
 */
static bool attempt(route_replan *r, uint32_t v, const uint32_t *items,
                    uint32_t n, uint32_t n_frozen, uint32_t *stuck)
{
    uint32_t count;

    *stuck = walk_releasing(r, v, items, n);
    if (*stuck == UINT32_MAX && set_route(r, v, items, n, n_frozen))
        return true;
    take_back(r);
    count = strip_breaks(items, n, n_frozen, r->other);
    if (walk_releasing(r, v, r->other, count) == UINT32_MAX
        && set_route(r, v, r->other, count, n_frozen))
        return true;
    take_back(r);
    return false;
}

typedef struct drop {
    uint32_t at; /* item; UINT32_MAX: none */
    uint32_t n_let_off;
    route_worth worth;
} drop;

/* The client without whom the route can be driven, at least harm. */
static drop find_drop(route_replan *r, uint32_t v, uint32_t n,
                      uint32_t n_frozen, uint32_t *items)
{
    drop best = { .at = UINT32_MAX };

    for (uint32_t i = n_frozen; i < n; i++) {
        const uint32_t c = r->list[i];
        uint32_t count = 0, stuck;

        if (route_is_break(c))
            continue;
        for (uint32_t j = 0; j < n; j++)
            if (j != i)
                items[count++] = r->list[j];
        if (attempt(r, v, items, count, n_frozen, &stuck)) {
            const drop this
                = { i, r->n_let_off, r->plan.tours[v].end.worth };

            if (best.at == UINT32_MAX
                || this.worth.n_musts > best.worth.n_musts
                || (this.worth.n_musts == best.worth.n_musts
                    && (this.n_let_off < best.n_let_off
                        || (this.n_let_off == best.n_let_off
                            && route_worth_compare(&this.worth, &best.worth)
                                > 0))))
                best = this;
            take_back(r);
        }
    }
    return best;
}

/* The route of v as it was, or what can be left of it. */
static gb_status repair_route(route_replan *r, uint32_t v)
{
    route_changes *k = r->changes;
    const uint32_t n_frozen
        = list_first(k, v, k->n_frozen[v], r->list);
    uint32_t n = list_first(k, v,
                            k->is_absent[v] ? k->n_frozen[v]
                                            : k->now->totals[v].n_items,
                            r->list);
    uint32_t stuck, n_clients = 0;

    for (uint32_t i = 0; i < n; i++)
        n_clients += !route_is_break(r->list[i]);
    if (n_clients == 0)
        return GB_OK; /* empty routes are ready */
    while (!attempt(r, v, r->list, n, n_frozen, &stuck)) {
        drop out = find_drop(r, v, n, n_frozen, r->removed);

        if (out.at == UINT32_MAX) {
            /* More than one has to go: the last one before it is stuck. */
            out.at = stuck < n ? stuck + 1 : n;
            while (out.at-- > n_frozen && route_is_break(r->list[out.at]))
                ;
            if (out.at + 1 <= n_frozen || route_is_break(r->list[out.at]))
                for (out.at = n; out.at-- > n_frozen
                     && route_is_break(r->list[out.at]);)
                    ;
        }
        if (out.at == UINT32_MAX || out.at < n_frozen
            || base_poll(r->run) != GB_OK)
            return base_fail(r->run->ctx, GB_ERR_INFEASIBLE,
                             "vehicle %u: what it has begun cannot be driven "
                             "to its end after these changes",
                             v);
        k->is_forced[r->list[out.at]] = 1;
        n--;
        memmove(&r->list[out.at], &r->list[out.at + 1],
                (n - out.at) * sizeof *r->list);
        n_clients--;
        if (n_clients == 0) {
            const uint32_t n_breaks = r->data.vehicles[v].n_breaks;

            for (uint32_t b = 0; b < n_breaks; b++)
                r->list[b] = GB_ROUTE_BREAK(b);
            (void)route_plan_set(&r->plan, v, r->list, n_breaks);
            return GB_OK;
        }
    }
    for (uint32_t i = 0; i < r->n_let_off; i++)
        k->is_forced[r->let_off[i]] = 1;
    return GB_OK;
}

/* --- a place for those who have none --- */

/* Does v set out anew and then go nowhere? */
static bool is_wasting(const route_replan *r, const route_tour *tour)
{
    const uint32_t item = r->changes->extends[tour->number];

    return item != GB_ROUTE_NONE && tour->behind_last == item + 1
        && !route_is_break(tour->items[item]);
}

route_worth route_replan_worth(const route_replan *r, const route_plan *plan)
{
    route_worth worth = route_plan_worth(plan);

    for (uint32_t v = 0; v < r->data.n_vehicles; v++)
        if (is_wasting(r, &plan->tours[v]))
            route_worth_add(&worth, &r->waste[v], -1);
    return worth;
}

/* What it costs v to stay until the clock where it was last. */
static void find_waste(route_replan *r, uint32_t v)
{
    const route_changes *k = r->changes;
    const uint32_t item = k->extends[v];
    route_client *client;
    route_end with, without;
    uint32_t n;

    memset(&r->waste[v], 0, sizeof r->waste[v]);
    if (item == GB_ROUTE_NONE
        || stops_of(k, v)[item].kind != GB_ROUTE_STOP_CLIENT)
        return;
    n = list_first(k, v, item + 1, r->list);
    n = add_breaks(r, v, r->list, n);
    if (is_wasting(r, &r->plan.tours[v])) {
        n = r->plan.tours[v].n_items;
        memcpy(r->list, r->plan.tours[v].items, n * sizeof *r->list);
    }
    client = &r->data.clients[stops_of(k, v)[item].client];
    if (!route_walk(&r->data, &r->data.vehicles[v], r->list, n, &with))
        return;
    client->service_s -= k->extended_s[v];
    if (route_walk(&r->data, &r->data.vehicles[v], r->list, n, &without)) {
        r->waste[v] = with.worth;
        route_worth_add(&r->waste[v], &without.worth, -1);
    }
    client->service_s += k->extended_s[v];
}

bool route_replan_gap(const route_replan *r, const route_plan *plan,
                      uint32_t v, uint32_t c, route_replan_choice *choice)
{
    const route_data *data = plan->data;
    const route_tour *tour = &plan->tours[v];
    const uint32_t bundle = data->clients[c].bundle;
    uint32_t first = tour->n_frozen, last = tour->n_items;
    bool is_better = false;

    if (!route_plan_may_insert(plan, v, c)
        || !route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last)
        || (bundle != GB_ROUTE_NONE
            && !route_bundle_holds(data, bundle,
                                   plan->bundle_days[bundle]
                                       | UINT64_C(1) << tour->vehicle->day)))
        return false;
    for (uint32_t p = first; p <= last; p++) {
        route_end end;
        route_worth change;
        int32_t detour_s;

        if (!route_tour_fits(data, tour, p, c, &detour_s)
            || !route_tour_price(data, tour, p, c, &end))
            continue;
        change = route_plan_change(plan, v, &end, GB_ROUTE_NONE, NULL);
        if (is_wasting(r, tour))
            route_worth_add(&change, &r->waste[v], 1);
        if (choice->vehicle != GB_ROUTE_NONE
            && route_worth_compare(&change, &choice->change) <= 0)
            continue;
        *choice = (route_replan_choice){ v, p, change };
        is_better = true;
    }
    return is_better;
}

bool route_replan_pays(const route_data *data, uint32_t c,
                       const route_replan_choice *choice)
{
    if (choice->vehicle == GB_ROUTE_NONE)
        return false;
    return data->clients[c].is_must || choice->change.n_musts > 0
        || (choice->change.n_musts == 0 && choice->change.value_milli > 0);
}

bool route_replan_place(const route_replan *r, route_plan *plan, uint32_t c,
                        const uint8_t *which, uint32_t *vehicle)
{
    const route_data *data = &r->data;
    route_replan_choice choice = { .vehicle = GB_ROUTE_NONE };

    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (!which || which[v])
            (void)route_replan_gap(r, plan, v, c, &choice);
    if (!route_replan_pays(data, c, &choice))
        return false;
    *vehicle = choice.vehicle;
    return ALWAYS(route_plan_insert(plan, choice.vehicle, choice.gap, c));
}

static bool is_before(const route_data *data, uint32_t a, uint32_t b)
{
    const route_client *x = &data->clients[a], *y = &data->clients[b];

    if (x->is_must != y->is_must)
        return x->is_must;
    return x->prize != y->prize ? x->prize > y->prize : a < b;
}

/* Musts first, the dearest first. */
void route_replan_sort(const route_data *data, uint32_t *clients, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t c = clients[i];
        uint32_t j = i;

        for (; j > 0 && is_before(data, c, clients[j - 1]); j--)
            clients[j] = clients[j - 1];
        clients[j] = c;
    }
}

/*
 * Who was let off a promise that can be kept after all, now that all others
 * have their places, is held to it.
 */
static void restore_promises(route_replan *r)
{
    route_changes *k = r->changes;

    for (uint32_t c = 0; c < r->data.n_clients; c++) {
        const uint32_t v = r->plan.tour_of[c];
        const route_tour *tour;
        uint32_t n, n_frozen;

        if (!r->is_released[c] || k->promised[c].n == 0
            || v == GB_ROUTE_NONE || v != r->was_vehicle[c])
            continue;
        tour = &r->plan.tours[v];
        n = tour->n_items;
        n_frozen = tour->n_frozen;
        memcpy(r->list, tour->items, n * sizeof *r->list);
        route_replan_promise(r, c);
        if (set_route(r, v, r->list, n, n_frozen)) {
            k->is_forced[c] = 0;
            continue;
        }
        route_replan_release(r, c);
        (void)ALWAYS(set_route(r, v, r->list, n, n_frozen));
    }
}

gb_status route_replan_repair(route_replan *r)
{
    const route_changes *k = r->changes;
    gb_status status = GB_OK;
    uint32_t n = 0, v;
    bool is_placed = true;

    for (v = 0; v < r->data.n_vehicles && status == GB_OK; v++)
        if (k->now->totals[v].n_items > 0) {
            status = repair_route(r, v);
            if (status == GB_OK)
                status = base_poll(r->run);
        }
    if (status)
        return status;
    for (v = 0; v < r->data.n_vehicles; v++)
        find_waste(r, v);
    for (uint32_t c = 0; c < r->data.n_clients; c++)
        if (k->is_forced[c] && !k->is_gone[c]
            && r->plan.tour_of[c] == GB_ROUTE_NONE) {
            route_replan_release(r, c);
            r->offers[n++] = c;
        }
    route_replan_sort(&r->data, r->offers, n);
    while (is_placed) {
        is_placed = false;
        for (uint32_t i = 0; i < n; i++)
            if (r->plan.tour_of[r->offers[i]] == GB_ROUTE_NONE
                && route_replan_place(r, &r->plan, r->offers[i], NULL, &v))
                is_placed = true;
    }
    restore_promises(r);
    return GB_OK;
}

/* --- the result --- */

/* Who set out anew from where he was, but goes nowhere, was done then. */
static void shorten(route_replan *r, uint32_t v)
{
    route_changes *k = r->changes;
    const route_tour *tour = &r->plan.tours[v];
    const uint32_t item = k->extends[v], n_frozen = tour->n_frozen;

    if (item == GB_ROUTE_NONE)
        return;
    for (uint32_t i = item + 1; i < tour->n_items; i++)
        if (!route_is_break(tour->items[i]))
            return;
    route_changes_lengthen(k, v, item, -k->extended_s[v]);
    sync_vehicle(r, v);
    memcpy(r->list, tour->items, tour->n_items * sizeof *r->list);
    (void)ALWAYS(set_route(r, v, r->list, tour->n_items, n_frozen));
}

gb_status route_replan_finish(route_replan *r, gb_route_solution **out)
{
    for (uint32_t v = 0; v < r->data.n_vehicles; v++)
        shorten(r, v);
    if (!route_changes_keep_windows(r->changes, &r->data))
        return base_fail_nomem(r->run->ctx);
    *out = route_result_new(&r->plan);
    return *out ? GB_OK : base_fail_nomem(r->run->ctx);
}
