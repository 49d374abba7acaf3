/*
 * route_plan_links.c - what may be done to a plan for all that binds clients
 * to each other: groups, bundles, order; and loads.  See route_tour.h.
 */
#include "route_tour.h"

bool route_bundle_holds(const route_data *data, uint32_t bundle,
                        uint64_t days)
{
    if (days == 0)
        return true;
    for (uint32_t i = data->first_pattern[bundle];
         i < data->first_pattern[bundle + 1]; i++)
        if (data->patterns[i] == days)
            return true;
    return false;
}

bool route_plan_may_leave(const route_plan *plan, uint32_t c)
{
    const uint32_t bundle = plan->data->clients[c].bundle;
    const uint32_t v = plan->tour_of[c];

    return bundle == GB_ROUTE_NONE || v == GB_ROUTE_NONE
        || route_bundle_holds(plan->data, bundle,
                              plan->bundle_days[bundle]
                                  & ~(UINT64_C(1)
                                      << plan->data->vehicles[v].day));
}

bool route_tour_may_load(const route_data *data, const route_tour *tour,
                         uint32_t c, uint32_t instead_of)
{
    const int64_t *capacity = tour->vehicle->capacity;

    for (uint32_t k = 0; capacity && k < data->n_loads; k++)
        if (tour->loads[k] + data->clients[c].load[k]
                - (instead_of != GB_ROUTE_NONE
                       ? data->clients[instead_of].load[k]
                       : 0)
            > capacity[k])
            return false;
    return true;
}

bool route_plan_may_insert(const route_plan *plan, uint32_t v, uint32_t c)
{
    const route_data *data = plan->data;
    const route_client *client = &data->clients[c];
    const route_tour *tour = &plan->tours[v];
    const uint32_t n_clients = tour->states[tour->behind_last].n_clients;
    uint32_t first = 0, last = tour->n_items;

    return route_may_serve(data, v, c)
        && n_clients + tour->vehicle->n_breaks < tour->capacity
        && n_clients < tour->vehicle->max_clients
        && (client->group == GB_ROUTE_NONE
            || plan->served_of[client->group] == GB_ROUTE_NONE)
        && (client->bundle == GB_ROUTE_NONE
            || !(plan->bundle_days[client->bundle] >> tour->vehicle->day & 1))
        && (data->n_loads == 0
            || route_tour_may_load(data, tour, c, GB_ROUTE_NONE))
        && (!data->has_order
            || route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last));
}

/* --- order --- */

bool route_plan_gaps(const route_plan *plan, uint32_t v, uint32_t c,
                     uint32_t but, uint32_t *first, uint32_t *last)
{
    const route_data *data = plan->data;
    const uint32_t before = data->clients[c].after;

    if (!data->has_order)
        return true;
    if (before != GB_ROUTE_NONE && before != but
        && plan->tour_of[before] != GB_ROUTE_NONE) {
        uint32_t gap;

        if (plan->tour_of[before] != v)
            return false;
        gap = route_tour_position(&plan->tours[v], before) + 1;
        if (gap > *first)
            *first = gap;
    }
    for (uint32_t i = data->first_follower[c]; i < data->first_follower[c + 1];
         i++) {
        const uint32_t d = data->followers[i];
        uint32_t gap;

        if (d == but || plan->tour_of[d] == GB_ROUTE_NONE)
            continue;
        if (plan->tour_of[d] != v)
            return false;
        gap = route_tour_position(&plan->tours[v], d);
        if (gap < *last)
            *last = gap;
    }
    return *first <= *last;
}

static bool has_item(const uint32_t *items, uint32_t n_items, uint32_t c)
{
    for (uint32_t i = 0; i < n_items; i++)
        if (items[i] == c)
            return true;
    return false;
}

/*
 * Will client d, bound to one of these items, be among them or nowhere?  It is
 * served as it is now, unless it leaves v or w.
 */
static bool is_with(const route_plan *plan, uint32_t d, uint32_t v,
                    uint32_t w, const uint32_t *items, uint32_t n_items,
                    const uint32_t *other_items, uint32_t n_other)
{
    const uint32_t now = plan->tour_of[d];

    if (has_item(items, n_items, d))
        return true;
    if (has_item(other_items, n_other, d))
        return false;
    return now == GB_ROUTE_NONE || now == v || now == w;
}

static bool one_allows(const route_plan *plan, uint32_t v,
                       const uint32_t *items, uint32_t n_items, uint32_t w,
                       const uint32_t *other_items, uint32_t n_other)
{
    const route_data *data = plan->data;

    for (uint32_t i = 0; i < n_items; i++) {
        const uint32_t c = items[i];

        if (route_is_break(c))
            continue;
        if (data->clients[c].bundle != GB_ROUTE_NONE
            && (plan->tour_of[c] == GB_ROUTE_NONE
                || data->vehicles[plan->tour_of[c]].day
                    != data->vehicles[v].day))
            return false;
        if (!data->has_order)
            continue;
        if (data->clients[c].after != GB_ROUTE_NONE
            && !is_with(plan, data->clients[c].after, v, w, items, n_items,
                        other_items, n_other))
            return false;
        for (uint32_t k = data->first_follower[c];
             k < data->first_follower[c + 1]; k++)
            if (!is_with(plan, data->followers[k], v, w, items, n_items,
                         other_items, n_other))
                return false;
    }
    return !data->has_order || route_order_holds(data, items, n_items);
}

/* Do the clients of bundles that tour v serves stay, here or there? */
static bool keeps_bundles(const route_plan *plan, uint32_t v,
                          const uint32_t *items, uint32_t n_items,
                          const uint32_t *other_items, uint32_t n_other)
{
    const route_tour *tour = &plan->tours[v];

    for (uint32_t i = 0; i < tour->n_items; i++) {
        const uint32_t c = tour->items[i];

        if (!route_is_break(c)
            && plan->data->clients[c].bundle != GB_ROUTE_NONE
            && !has_item(items, n_items, c)
            && !has_item(other_items, n_other, c)
            && !route_plan_may_leave(plan, c))
            return false;
    }
    return true;
}

bool route_plan_allows(const route_plan *plan, uint32_t v,
                       const uint32_t *items, uint32_t n_items, uint32_t w,
                       const uint32_t *other_items, uint32_t n_other)
{
    const route_data *data = plan->data;

    if (!data->has_order && data->n_bundles == 0)
        return true;
    if (data->n_bundles
        && !(keeps_bundles(plan, v, items, n_items, other_items, n_other)
             && (w == GB_ROUTE_NONE
                 || keeps_bundles(plan, w, items, n_items, other_items,
                                  n_other))))
        return false;
    return one_allows(plan, v, items, n_items, w, other_items, n_other)
        && (w == GB_ROUTE_NONE
            || one_allows(plan, w, other_items, n_other, v, items, n_items));
}
