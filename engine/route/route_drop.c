/*
 * route_drop.c - what costs more than it brings leaves a plan; see
 * route_search.h.
 */
#include "route_search.h"

#include <string.h>

bool route_empty(route_search *search, route_plan *plan, uint32_t v)
{
    const route_tour *tour = &plan->tours[v];
    uint32_t n = tour->n_frozen;

    memcpy(search->scratch, tour->items, n * sizeof *search->scratch);
    if (n == 0)
        for (uint32_t k = 0; k < tour->vehicle->n_breaks; k++)
            search->scratch[n++] = GB_ROUTE_BREAK(k);
    return route_plan_set(plan, v, search->scratch, n);
}

static bool drop_route(route_search *search, route_plan *plan, uint32_t v)
{
    const route_tour *tour = &plan->tours[v];

    const route_end none = { .n_clients = 0 };
    route_worth change;

    if (tour->n_frozen > 0 || tour->end.n_clients == 0
        || !route_plan_allows(plan, v, NULL, 0, GB_ROUTE_NONE, NULL, 0))
        return false;
    change = route_plan_change(plan, v, &none, GB_ROUTE_NONE, NULL);
    if (change.n_musts < 0 || change.value_milli <= 0)
        return false;
    route_touch(search, v);
    return route_empty(search, plan, v);
}

/* The items without item i, if they can be driven, in scratch. */
static bool price_without(route_search *search, const route_tour *tour,
                          uint32_t i, route_end *end)
{
    uint32_t n = 0;

    for (uint32_t k = 0; k < tour->n_items; k++)
        if (k != i)
            search->scratch[n++] = tour->items[k];
    return route_walk(search->data, tour->vehicle, search->scratch, n, end);
}

static bool drop_client(route_search *search, route_plan *plan, uint32_t v,
                        uint32_t i)
{
    const route_tour *tour = &plan->tours[v];
    route_worth change;
    route_end end;

    if (!price_without(search, tour, i, &end)
        || !route_plan_may_leave(plan, tour->items[i]))
        return false;
    change = route_plan_change(plan, v, &end, GB_ROUTE_NONE, NULL);
    if (change.n_musts < 0 || change.value_milli <= 0)
        return false;
    route_touch(search, v);
    return route_plan_set(plan, v, search->scratch, tour->n_items - 1);
}

/* All visits of a bundle, where together they cost more than they bring. */
static bool drop_bundle(route_search *search, route_plan *plan, uint32_t b)
{
    const route_data *data = search->data;
    route_worth sum = { 0, 0, 0, 0 };

    for (uint32_t k = data->first_member[b]; k < data->first_member[b + 1];
         k++) {
        const uint32_t c = data->members[k], v = plan->tour_of[c];
        route_worth change;
        route_end end;
        uint32_t i;

        if (v == GB_ROUTE_NONE)
            continue;
        i = route_tour_position(&plan->tours[v], c);
        if (i < plan->tours[v].n_frozen
            || !price_without(search, &plan->tours[v], i, &end))
            return false;
        change = route_plan_change(plan, v, &end, GB_ROUTE_NONE, NULL);
        route_worth_add(&sum, &change, 1);
    }
    if (sum.n_musts < 0 || sum.value_milli <= 0)
        return false;
    for (uint32_t k = data->first_member[b]; k < data->first_member[b + 1];
         k++) {
        const uint32_t c = data->members[k], v = plan->tour_of[c];
        route_end end;

        if (v == GB_ROUTE_NONE)
            continue;
        (void)price_without(search, &plan->tours[v],
                            route_tour_position(&plan->tours[v], c), &end);
        route_touch(search, v);
        (void)route_plan_set(plan, v, search->scratch,
                             plan->tours[v].n_items - 1);
    }
    return true;
}

bool route_drop(route_search *search, route_plan *plan, const uint8_t *which)
{
    bool is_better = false;

    for (uint32_t v = 0; v < search->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];

        if (which && !which[v])
            continue;
        for (uint32_t i = tour->behind_last; i-- > tour->n_frozen;)
            if (!route_is_break(tour->items[i])
                && drop_client(search, plan, v, i)) {
                is_better = true;
                if (i > tour->behind_last)
                    i = tour->behind_last;
            }
        is_better |= drop_route(search, plan, v);
    }
    /* Balance is priced route by route here, which is not to the point. */
    for (uint32_t b = 0;
         b < search->data->n_bundles && !search->data->has_balance; b++)
        if ((plan->bundle_days[b] & (plan->bundle_days[b] - 1)) != 0
            && drop_bundle(search, plan, b))
            is_better = true;
    return is_better;
}
