/*
 * route_plan.c - all tours together: their memory, and who is served where.
 * See route_tour.h.
 *
 * Tours lie in a store one behind the other, each with a little room to grow.
 * One that outgrows it goes to the end of the store; when that is full, all
 * move to the other store, as tight as they are.  So the memory is that of
 * all clients plus all vehicles, however long a single route may become.
 */
#include "route_tour.h"

#include <string.h>

#include "base_check.h"

/* --- memory --- */

/* Records for a tour of so many items, with room to grow. */
static uint32_t room_for(const route_tour *tour, uint32_t n_items)
{
    const uint32_t more = n_items / 2 > 4 ? n_items / 2 : 4;

    return (n_items + more < tour->capacity ? n_items + more
                                            : tour->capacity)
        + 1;
}

/* Records that all tours may need at a time, and whether they never move. */
static size_t size_of_store(const route_data *data, bool *is_fixed)
{
    size_t all = 0, busy = data->n_clients, longest = 0;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_vehicle *vehicle = &data->vehicles[v];

        all += (size_t)vehicle->most_items + 1;
        busy += (size_t)vehicle->n_breaks + 5;
        if (vehicle->most_items > longest)
            longest = vehicle->most_items;
    }
    /* Half of it is room to grow, and as much again until the next move. */
    busy = 3 * busy + longest + 1;
    *is_fixed = all <= busy;
    return *is_fixed ? all : busy;
}

static size_t bytes_of_store(size_t n)
{
    return n * sizeof(route_state) + (5 * n * sizeof(uint32_t) + 15) / 16 * 16;
}

static void lay_store(route_store *store, char *memory, size_t n)
{
    store->states = (route_state *)(void *)memory;
    store->items
        = (uint32_t *)(void *)(memory + n * sizeof *store->states);
    store->behind = store->items + n;
    store->late_s = (int32_t *)(void *)(store->behind + n);
    store->room_s = store->late_s + n;
    store->put_off_s = store->room_s + n;
}

static void point_tour(route_tour *tour, const route_store *store, size_t at)
{
    tour->states = store->states + at;
    tour->items = store->items + at;
    tour->behind = store->behind + at;
    tour->late_s = store->late_s + at;
    tour->room_s = store->room_s + at;
    tour->put_off_s = store->put_off_s + at;
}

static void copy_records(route_tour *to, const route_tour *from)
{
    const size_t n = (size_t)from->n_items + 1;

    memcpy(to->items, from->items, n * sizeof *to->items);
    memcpy(to->states, from->states, n * sizeof *to->states);
    memcpy(to->late_s, from->late_s, n * sizeof *to->late_s);
    memcpy(to->room_s, from->room_s, n * sizeof *to->room_s);
    memcpy(to->put_off_s, from->put_off_s, n * sizeof *to->put_off_s);
    memcpy(to->behind, from->behind, n * sizeof *to->behind);
}

/* All to the other store; tour v gets room for n_items. */
static void move_all(route_plan *plan, uint32_t v, uint32_t n_items)
{
    const route_store *store = &plan->stores[1 - plan->in_use];

    plan->in_use = 1 - plan->in_use;
    plan->used = 0;
    for (uint32_t w = 0; w < plan->data->n_vehicles; w++) {
        route_tour *tour = &plan->tours[w];
        const route_tour old = *tour;
        const uint32_t n
            = w == v && n_items > old.n_items ? n_items : old.n_items;

        tour->room = room_for(tour, n);
        assert(plan->used + tour->room <= plan->store_size);
        point_tour(tour, store, plan->used);
        plan->used += tour->room;
        copy_records(tour, &old);
    }
}

/* Room for n_items in tour v, whose records stay. */
static void make_room(route_plan *plan, uint32_t v, uint32_t n_items)
{
    route_tour *tour = &plan->tours[v];
    const route_tour old = *tour;

    assert(n_items <= tour->capacity);
    if (n_items < tour->room)
        return;
    if (plan->used + room_for(tour, n_items) > plan->store_size) {
        move_all(plan, v, n_items);
        return;
    }
    tour->room = room_for(tour, n_items);
    point_tour(tour, &plan->stores[plan->in_use], plan->used);
    plan->used += tour->room;
    copy_records(tour, &old);
}

static bool take_memory(route_plan *plan, bool is_fixed)
{
    const route_data *data = plan->data;
    const size_t n_stores = is_fixed ? 1 : 2;
    const size_t bytes = bytes_of_store(plan->store_size);
    char *memory;

    plan->tours
        = base_alloc_zeroed(data->mem, data->n_vehicles, sizeof *plan->tours);
    plan->tour_of = base_alloc_array(data->mem, data->n_clients,
                                     sizeof *plan->tour_of);
    plan->served_of = base_alloc_array(data->mem, data->n_groups,
                                       sizeof *plan->served_of);
    plan->bundle_days = base_alloc_zeroed(data->mem, data->n_bundles,
                                          sizeof *plan->bundle_days);
    plan->trial = base_alloc_array(
        data->mem, 2 * ((size_t)data->n_clients + ROUTE_MOST_BREAKS + 2),
        sizeof *plan->trial);
    plan->loads = base_alloc_zeroed(
        data->mem, (size_t)data->n_vehicles * data->n_loads,
        sizeof *plan->loads);
    plan->memory = memory = base_alloc_zeroed(data->mem, n_stores, bytes);
    if (!plan->tours || !plan->tour_of || !plan->served_of
        || !plan->bundle_days || !plan->trial || !plan->loads || !memory)
        return false;
    plan->kept = plan->trial + data->n_clients + ROUTE_MOST_BREAKS + 2;
    for (size_t i = 0; i < n_stores; i++)
        lay_store(&plan->stores[i], memory + i * bytes, plan->store_size);
    return true;
}

bool route_plan_init(route_plan *plan, const route_data *data)
{
    bool is_fixed;

    memset(plan, 0, sizeof *plan);
    plan->data = data;
    plan->store_size = size_of_store(data, &is_fixed);
    if (!take_memory(plan, is_fixed)) {
        route_plan_clear(plan);
        return false;
    }
    for (uint32_t c = 0; c < data->n_clients; c++)
        plan->tour_of[c] = GB_ROUTE_NONE;
    for (uint32_t g = 0; g < data->n_groups; g++)
        plan->served_of[g] = GB_ROUTE_NONE;
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        route_tour *tour = &plan->tours[v];

        tour->vehicle = &data->vehicles[v];
        tour->number = v;
        tour->capacity = data->vehicles[v].most_items;
        tour->release_s = -ROUTE_NEVER;
        tour->trial = plan->trial;
        tour->loads = plan->loads + (size_t)v * data->n_loads;
        tour->room = is_fixed ? tour->capacity + 1
                              : room_for(tour, tour->vehicle->n_breaks);
        point_tour(tour, &plan->stores[0], plan->used);
        plan->used += tour->room;
        /* An empty route holds its breaks, so that it is ready for clients. */
        for (uint32_t k = 0; k < tour->vehicle->n_breaks; k++)
            tour->items[tour->n_items++] = GB_ROUTE_BREAK(k);
        route_tour_refresh(data, tour);
    }
    return true;
}

void route_plan_clear(route_plan *plan)
{
    if (!plan->data)
        return;
    base_free(plan->data->mem, plan->tours);
    base_free(plan->data->mem, plan->tour_of);
    base_free(plan->data->mem, plan->served_of);
    base_free(plan->data->mem, plan->bundle_days);
    base_free(plan->data->mem, plan->trial);
    base_free(plan->data->mem, plan->loads);
    base_free(plan->data->mem, plan->memory);
    memset(plan, 0, sizeof *plan);
}

/* --- who is served where --- */

static void mark_client(route_plan *plan, route_tour *tour, uint32_t c,
                        bool is_served)
{
    const route_client *client = &plan->data->clients[c];

    plan->tour_of[c] = is_served ? tour->number : GB_ROUTE_NONE;
    if (client->group != GB_ROUTE_NONE)
        plan->served_of[client->group] = is_served ? c : GB_ROUTE_NONE;
    if (client->bundle != GB_ROUTE_NONE) {
        const uint64_t day = UINT64_C(1) << tour->vehicle->day;

        if (is_served)
            plan->bundle_days[client->bundle] |= day;
        else
            plan->bundle_days[client->bundle] &= ~day;
    }
    for (uint32_t k = 0; k < plan->data->n_loads; k++)
        tour->loads[k] += is_served ? client->load[k] : -client->load[k];
}

static void mark(route_plan *plan, route_tour *tour, bool is_served)
{
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (!route_is_break(tour->items[i]))
            mark_client(plan, tour, tour->items[i], is_served);
}

void route_plan_forget(route_plan *plan, uint32_t v)
{
    route_tour *tour = &plan->tours[v];

    mark(plan, tour, false);
    route_worth_add(&plan->worth, &tour->end.worth, -1);
    memset(&tour->end, 0, sizeof tour->end);
    tour->n_items = 0;
}

static void copy_tour(route_plan *to, const route_plan *from, uint32_t v)
{
    const route_tour *source = &from->tours[v];
    route_tour *tour = &to->tours[v];

    make_room(to, v, source->n_items);
    tour->n_items = source->n_items;
    tour->n_frozen = source->n_frozen;
    tour->behind_last = source->behind_last;
    tour->release_s = source->release_s;
    tour->most_room_s = source->most_room_s;
    tour->end = source->end;
    copy_records(tour, source);
    mark(to, tour, true);
    route_worth_add(&to->worth, &tour->end.worth, 1);
}

void route_plan_copy(route_plan *to, const route_plan *from,
                     const uint8_t *which)
{
    /* First forget all, then mark: a client may have changed its route. */
    for (uint32_t v = 0; v < to->data->n_vehicles; v++)
        if (!which || which[v])
            route_plan_forget(to, v);
    for (uint32_t v = 0; v < to->data->n_vehicles; v++)
        if (!which || which[v])
            copy_tour(to, from, v);
}

void route_plan_copy_some(route_plan *to, const route_plan *from,
                          const uint32_t *vehicles, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        route_plan_forget(to, vehicles[i]);
    for (uint32_t i = 0; i < n; i++)
        copy_tour(to, from, vehicles[i]);
}

bool route_plan_set(route_plan *plan, uint32_t v, const uint32_t *items,
                    uint32_t n_items)
{
    route_tour *tour = &plan->tours[v];

    route_plan_forget(plan, v);
    make_room(plan, v, n_items);
    if (n_items > 0)
        memmove(tour->items, items, n_items * sizeof *items);
    tour->n_items = n_items;
    mark(plan, tour, true);
    for (uint32_t k = 0; tour->vehicle->capacity && k < plan->data->n_loads;
         k++)
        if (tour->loads[k] > tour->vehicle->capacity[k])
            return false;
    if ((plan->data->has_order
         && !route_order_holds(plan->data, tour->items, n_items))
        || !route_tour_refresh(plan->data, tour)) {
        memset(&tour->end, 0, sizeof tour->end);
        return false;
    }
    route_worth_add(&plan->worth, &tour->end.worth, 1);
    return true;
}

bool route_plan_insert(route_plan *plan, uint32_t v, uint32_t gap,
                       uint32_t item)
{
    route_tour *tour = &plan->tours[v];
    const size_t n_behind = tour->n_items - gap;

    assert(tour->n_items < tour->capacity && gap >= tour->n_frozen);
    make_room(plan, v, tour->n_items + 1);
    memmove(&tour->items[gap + 1], &tour->items[gap],
            n_behind * sizeof *tour->items);
    tour->items[gap] = item;
    tour->n_items++;
    if (!route_is_break(item))
        mark_client(plan, tour, item, true);
    route_worth_add(&plan->worth, &tour->end.worth, -1);
    memset(&tour->end, 0, sizeof tour->end);
    if (!route_tour_refresh_from(plan->data, tour, gap))
        return false;
    route_worth_add(&plan->worth, &tour->end.worth, 1);
    return true;
}

/* --- the price of balance --- */

/* It, where v and w (or NONE) end otherwise than their tours say. */
static int64_t balance_milli(const route_plan *plan, uint32_t v,
                             const route_end *end, uint32_t w,
                             const route_end *other_end)
{
    const route_data *data = plan->data;
    int64_t longest_s = 0, shortest_s = INT64_MAX;

    for (uint32_t i = 0; i < data->n_vehicles; i++) {
        const route_end *one = i == v ? end
            : i == w                  ? other_end
                                      : &plan->tours[i].end;

        if (one->n_clients == 0)
            continue;
        if (one->worth.field_s > longest_s)
            longest_s = one->worth.field_s;
        if (one->worth.field_s < shortest_s)
            shortest_s = one->worth.field_s;
    }
    if (shortest_s == INT64_MAX)
        return 0;
    return data->longest_per_s_milli * longest_s
        + data->spread_per_s_milli * (longest_s - shortest_s);
}

int64_t route_plan_balance(const route_plan *plan)
{
    return plan->data->has_balance
        ? balance_milli(plan, GB_ROUTE_NONE, NULL, GB_ROUTE_NONE, NULL)
        : 0;
}

route_worth route_plan_worth(const route_plan *plan)
{
    route_worth worth = plan->worth;

    worth.value_milli -= route_plan_balance(plan);
    return worth;
}

route_worth route_plan_change(const route_plan *plan, uint32_t v,
                              const route_end *end, uint32_t w,
                              const route_end *other_end)
{
    route_worth change = end->worth;

    route_worth_add(&change, &plan->tours[v].end.worth, -1);
    if (w != GB_ROUTE_NONE) {
        route_worth_add(&change, &other_end->worth, 1);
        route_worth_add(&change, &plan->tours[w].end.worth, -1);
    }
    if (plan->data->has_balance)
        change.value_milli += route_plan_balance(plan)
            - balance_milli(plan, v, end, w, other_end);
    return change;
}
