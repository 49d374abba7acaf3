/*
 * route_build.c - see route_build.h.
 */
#include "route_build.h"

#include <string.h>

#include "base_options.h"
#include "route_search.h"

/* --- at the end of a route --- */

/* Behind the last client; a break comes before it only where it must. */
static bool append(route_plan *plan, uint32_t v, uint32_t c)
{
    const route_tour *tour = &plan->tours[v];
    uint32_t first = tour->behind_last, last = tour->n_items;
    route_end end;

    if (!route_plan_may_insert(plan, v, c))
        return false;
    if (!route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last))
        return false;
    for (uint32_t p = first; p <= last; p++)
        if (route_tour_price(plan->data, tour, p, c, &end))
            return route_plan_insert(plan, v, p, c);
    return false;
}

/* As route_plan_init() has it. */
static void empty_again(route_plan *plan, uint32_t v)
{
    const uint32_t n_breaks = plan->tours[v].vehicle->n_breaks;

    for (uint32_t k = 0; k < n_breaks; k++)
        plan->kept[k] = GB_ROUTE_BREAK(k);
    (void)route_plan_set(plan, v, plan->kept, n_breaks);
}

void route_build_take_out_broken(route_plan *plan)
{
    const route_data *data = plan->data;
    uint32_t b = 0;

    while (b < data->n_bundles) {
        if (route_bundle_holds(data, b, plan->bundle_days[b])) {
            b++;
            continue;
        }
        for (uint32_t v = 0; v < data->n_vehicles; v++) {
            const route_tour *tour = &plan->tours[v];
            uint32_t n = 0;

            for (uint32_t i = 0; i < tour->n_items; i++)
                if (route_is_break(tour->items[i])
                    || data->clients[tour->items[i]].bundle != b)
                    plan->kept[n++] = tour->items[i];
            if (n < tour->n_items && !route_plan_set(plan, v, plan->kept, n))
                empty_again(plan, v);
        }
        b = 0; /* an emptied route breaks others */
    }
}

gb_status route_build_greedy(base_run *run, const uint32_t *clients,
                             size_t n_clients, route_plan *plan)
{
    const route_data *data = plan->data;

    for (size_t i = 0; i < n_clients; i++) {
        const uint32_t c = clients[i];
        gb_status status = base_poll(run);

        if (status)
            return status;
        if (c >= data->n_clients)
            return base_fail(run->ctx, GB_ERR_ARGUMENT,
                             "the list names client %u; there are %u", c,
                             data->n_clients);
        if (plan->tour_of[c] != GB_ROUTE_NONE)
            return base_fail(run->ctx, GB_ERR_ARGUMENT,
                             "the list names client %u twice", c);
        for (uint32_t v = 0; v < data->n_vehicles; v++)
            if (append(plan, v, c))
                break;
    }
    route_build_take_out_broken(plan);
    return GB_OK;
}

bool route_build_nearest(route_plan *plan, uint32_t v, uint32_t *clients,
                         uint32_t n)
{
    const route_data *data = plan->data;
    const route_tour *tour = &plan->tours[v];

    while (n > 0) {
        const uint32_t from = tour->states[tour->behind_last].location;
        uint32_t offered = 0;
        bool is_appended = false;

        /* The nearest one first; those that do not fit go to the front. */
        while (offered < n && !is_appended) {
            uint32_t best = offered;
            int32_t best_s = INT32_MAX;

            for (uint32_t i = offered; i < n; i++) {
                const int32_t s
                    = route_leg_s(data, tour->vehicle, from,
                                  data->clients[clients[i]].location);

                if (s < best_s
                    || (s == best_s && clients[i] < clients[best])) {
                    best_s = s;
                    best = i;
                }
            }
            {
                const uint32_t c = clients[best];

                clients[best] = clients[offered];
                clients[offered] = c;
                is_appended = append(plan, v, c);
                if (is_appended)
                    clients[offered] = clients[--n];
            }
            offered++;
        }
        if (!is_appended)
            return false;
    }
    return true;
}

/* --- by hand --- */

static gb_status check_item(gb_context *ctx, const route_plan *plan,
                            uint32_t v, uint32_t item, uint32_t *held)
{
    const route_data *data = plan->data;
    uint32_t group;

    if (route_is_break(item)) {
        const uint32_t k = route_break_of(item);

        if (k >= data->vehicles[v].n_breaks || (*held >> k & 1))
            return base_fail(ctx, GB_ERR_DATA,
                             "vehicle %u: break %u comes twice, or there is "
                             "no such break",
                             v, k);
        *held |= 1u << k;
        return GB_OK;
    }
    if (item >= data->n_clients)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: client %u; there are %u", v, item,
                         data->n_clients);
    if (plan->tour_of[item] != GB_ROUTE_NONE)
        return base_fail(ctx, GB_ERR_DATA, "client %u is served twice", item);
    if (!route_may_serve(data, v, item))
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "vehicle %u may not serve client %u", v, item);
    group = data->clients[item].group;
    if (group != GB_ROUTE_NONE && plan->served_of[group] != GB_ROUTE_NONE)
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "clients %u and %u are of one group", item,
                         plan->served_of[group]);
    if (data->clients[item].bundle != GB_ROUTE_NONE
        && (plan->bundle_days[data->clients[item].bundle]
            >> data->vehicles[v].day
            & 1))
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "client %u: its bundle is visited twice on day %u",
                         item, data->vehicles[v].day);
    if (data->clients[item].bundle != GB_ROUTE_NONE)
        plan->bundle_days[data->clients[item].bundle]
            |= UINT64_C(1) << data->vehicles[v].day;
    plan->tour_of[item] = v;
    if (group != GB_ROUTE_NONE)
        plan->served_of[group] = item;
    return GB_OK;
}

/* What is wrong with the clients themselves, whatever the clock. */
static gb_status fail_clients(gb_context *ctx, const route_data *data,
                              uint32_t v, const uint32_t *items, uint32_t n)
{
    const int64_t *capacity = data->vehicles[v].capacity;

    for (uint32_t k = 0; capacity && k < data->n_loads; k++) {
        int64_t sum = 0;

        for (uint32_t i = 0; i < n; i++)
            if (!route_is_break(items[i]))
                sum += data->clients[items[i]].load[k];
        if (sum > capacity[k])
            return base_fail(ctx, GB_ERR_INFEASIBLE,
                             "vehicle %u: load %u is %lld; %lld at most", v, k,
                             (long long)sum, (long long)capacity[k]);
    }
    for (uint32_t i = 1; i < n; i++)
        if (!route_order_holds(data, items, i + 1)) {
            uint32_t k = 0;

            while (route_is_break(items[k])
                   || data->clients[items[k]].after != items[i])
                k++;
            return base_fail(ctx, GB_ERR_INFEASIBLE,
                             "vehicle %u: client %u comes before client %u, "
                             "which it comes after",
                             v, items[k], items[i]);
        }
    return GB_OK;
}

/* Say what of the items cannot be driven. */
static gb_status fail_route(gb_context *ctx, const route_data *data,
                            uint32_t v, const uint32_t *items, uint32_t n)
{
    const route_vehicle *vehicle = &data->vehicles[v];
    route_state state = route_walk_begin(vehicle);
    gb_status status = fail_clients(ctx, data, v, items, n);

    if (status)
        return status;
    state.release_s = route_release_of(data, items, n);
    for (uint32_t i = 0; i < n; i++) {
        const int32_t clock_s = state.clock_s;

        if (route_walk_item(data, vehicle, &state, items[i]))
            continue;
        if (route_is_break(items[i]))
            return base_fail(ctx, GB_ERR_INFEASIBLE,
                             "vehicle %u: break %u cannot begin in its window "
                             "after %d s",
                             v, route_break_of(items[i]), clock_s);
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "vehicle %u: client %u (item %u) cannot be served "
                         "after %d s: no way, no window or no shift left",
                         v, items[i], i, clock_s);
    }
    return base_fail(ctx, GB_ERR_INFEASIBLE,
                     "vehicle %u: done with its last client at %d s, it is "
                     "not home in time, has too many clients or is out too "
                     "long or too far",
                     v, state.clock_s);
}

static gb_status build_route(gb_context *ctx, const gb_route_order *order,
                             uint32_t v, route_plan *plan)
{
    const route_data *data = plan->data;
    const uint32_t from = order->first[v], to = order->first[v + 1];
    route_tour *tour = &plan->tours[v];
    uint32_t held = 0, n_clients = 0;
    gb_status status;

    if (from > to)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: its items run from %u to %u", v, from,
                         to);
    for (uint32_t i = from; i < to; i++) {
        status = check_item(ctx, plan, v, order->items[i], &held);
        if (status)
            return status;
        n_clients += !route_is_break(order->items[i]);
    }
    if (order->n_frozen && order->n_frozen[v] > to - from)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: %u items are frozen of %u", v,
                         order->n_frozen[v], to - from);
    if (from == to)
        return GB_OK;
    if (n_clients + tour->vehicle->n_breaks > tour->capacity)
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "vehicle %u: %u clients are more than its shift and "
                         "load have room for",
                         v, n_clients);
    if (!route_plan_set(plan, v, &order->items[from], to - from))
        return fail_route(ctx, data, v, &order->items[from],
                          route_behind_last(&order->items[from], to - from));
    tour->n_frozen = order->n_frozen ? order->n_frozen[v] : 0;
    if (!route_tour_refresh(data, tour)
        || !route_insert_breaks(plan, v, NULL))
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "vehicle %u: there is no room for its breaks", v);
    return GB_OK;
}

/* What binds clients of several routes. */
static gb_status check_links(gb_context *ctx, const route_plan *plan)
{
    const route_data *data = plan->data;

    for (uint32_t c = 0; c < data->n_clients && data->has_order; c++) {
        const uint32_t before = data->clients[c].after;

        if (before != GB_ROUTE_NONE && plan->tour_of[c] != GB_ROUTE_NONE
            && plan->tour_of[before] != GB_ROUTE_NONE
            && plan->tour_of[before] != plan->tour_of[c])
            return base_fail(ctx, GB_ERR_INFEASIBLE,
                             "client %u comes after client %u, and is not on "
                             "the same route",
                             c, before);
    }
    for (uint32_t b = 0; b < data->n_bundles; b++)
        if (!route_bundle_holds(data, b, plan->bundle_days[b]))
            return base_fail(ctx, GB_ERR_INFEASIBLE,
                             "bundle %u: the days of its visits are none of "
                             "its patterns",
                             b);
    return GB_OK;
}

gb_status route_build_order(gb_context *ctx, const gb_route_order *given,
                            route_plan *plan)
{
    gb_route_order order;
    gb_status status
        = base_options_take(ctx, &order, sizeof order, given, sizeof order);

    if (status)
        return status;
    if (!order.first)
        return base_fail(ctx, GB_ERR_ARGUMENT, "the order has no `first`");
    if (!order.items && order.first[plan->data->n_vehicles] > order.first[0])
        return base_fail(ctx, GB_ERR_ARGUMENT, "the order has no `items`");
    for (uint32_t v = 0; v < plan->data->n_vehicles && status == GB_OK; v++)
        status = build_route(ctx, &order, v, plan);
    return status ? status : check_links(ctx, plan);
}
