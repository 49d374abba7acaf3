/*
 * route_habit.c - ways that take no longer than the habit's: from the start
 * always on to the nearest place that is left, whatever its hours.
 *
 * Prizes by the hour pull a route to and fro.  Where that is not wanted (see
 * within_habit of gb_route_options), an iteration may leave the way too long,
 * at a price for each second of it that goes by how many of the last
 * iterations did: between what is allowed and what is not lie the plans that
 * lead from one good route to the next.  What is handed over has the least
 * excess there was, none as a rule.
 */
#include "route_search.h"

#include "base_check.h"

enum { LOOKS_A_PRICE = 16, LEAST_KEPT = 4, MOST_KEPT = 8, MOST_TIMES = 2000 };

/* Price changes by 1/4 up, by 1/5 down. */
static int64_t dearer(int64_t price) { return price + price / 4 + 1; }
static int64_t cheaper(int64_t price) { return price - price / 5; }

static uint32_t add_place(const route_data *data, uint32_t item,
                          uint32_t *places, uint32_t n)
{
    uint32_t at, k = n;

    if (route_is_break(item))
        return n;
    at = data->clients[item].location;
    while (k > 0 && places[k - 1] != at)
        k--;
    if (k == 0)
        places[n++] = at;
    return n;
}

/* On to the nearest of the places, and so on, and home; uses them up. */
static int64_t habit_way(const route_data *data, const route_vehicle *vehicle,
                         uint32_t *places, uint32_t n)
{
    uint32_t here = vehicle->start;
    int64_t way_s = 0;

    while (n > 0) {
        uint32_t next = 0;
        int32_t least_s = route_leg_s(data, vehicle, here, places[0]);

        for (uint32_t k = 1; k < n && here != GB_ROUTE_NONE; k++) {
            const int32_t leg_s = route_leg_s(data, vehicle, here, places[k]);

            if (leg_s < least_s
                || (leg_s == least_s && places[k] < places[next])) {
                least_s = leg_s;
                next = k;
            }
        }
        way_s += least_s;
        here = places[next];
        places[next] = places[--n];
    }
    return way_s + route_leg_s(data, vehicle, here, vehicle->end);
}

int64_t route_habit_s(const route_data *data, const route_vehicle *vehicle,
                      const uint32_t *items, uint32_t n_items,
                      uint32_t *places)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < n_items; i++)
        n = add_place(data, items[i], places, n);
    return habit_way(data, vehicle, places, n);
}

/* Seconds by which these items, with that travel, are over the habit. */
static int64_t excess_of(const route_search *search,
                         const route_vehicle *vehicle, const uint32_t *items,
                         uint32_t n_items, const route_end *end)
{
    int64_t excess_s;

    if (end->n_clients == 0)
        return 0;
    excess_s = end->worth.travel_s
        - route_habit_s(search->data, vehicle, items, n_items,
                        search->places);
    return excess_s > 0 ? excess_s : 0;
}

static int64_t excess_of_tour(const route_search *search,
                              const route_tour *tour)
{
    return excess_of(search, tour->vehicle, tour->items, tour->behind_last,
                     &tour->end);
}

/* The same with client c at the gap, or in place of the item, as it ends. */
static int64_t excess_with(const route_search *search, const route_tour *tour,
                           uint32_t gap, bool is_instead, uint32_t c,
                           const route_end *end)
{
    const route_data *data = search->data;
    uint32_t n = 0;
    int64_t excess_s;

    for (uint32_t i = 0; i <= tour->n_items; i++) {
        if (i == gap)
            n = add_place(data, c, search->places, n);
        if (i < tour->n_items && !(i == gap && is_instead))
            n = add_place(data, tour->items[i], search->places, n);
    }
    excess_s = end->worth.travel_s
        - habit_way(data, tour->vehicle, search->places, n);
    return excess_s > 0 ? excess_s : 0;
}

bool route_habit_keeps(const route_search *search, const route_tour *tour,
                       uint32_t gap, bool is_instead, uint32_t c,
                       const route_end *end)
{
    const int64_t excess_s
        = excess_with(search, tour, gap, is_instead, c, end);

    return excess_s == 0 || excess_s <= excess_of_tour(search, tour);
}

bool route_habit_keeps_items(const route_search *search,
                             const route_tour *tour, const uint32_t *items,
                             uint32_t n_items, const route_end *end)
{
    int64_t excess_s;

    if (!search->within_habit)
        return true;
    excess_s = excess_of(search, tour->vehicle, items, n_items, end);
    return excess_s == 0 || excess_s <= excess_of_tour(search, tour);
}

int64_t route_habit_excess(const route_search *search, const route_plan *plan)
{
    int64_t sum_s = 0;

    if (!search->within_habit)
        return 0;
    for (uint32_t v = 0; v < search->data->n_vehicles; v++)
        sum_s += excess_of_tour(search, &plan->tours[v]);
    return sum_s;
}

void route_habit_look(route_search *search, int64_t excess_s)
{
    /* the first plan may be worth little, the best that keeps even less */
    if (search->unit_milli < search->second_milli)
        search->unit_milli = search->second_milli;
    search->n_kept_to += excess_s == 0;
    if (++search->n_looks < LOOKS_A_PRICE)
        return;
    if (search->n_kept_to == 0)
        search->excess_milli *= 2;
    else if (search->n_kept_to < LEAST_KEPT)
        search->excess_milli = dearer(search->excess_milli);
    else if (search->n_kept_to > MOST_KEPT)
        search->excess_milli = cheaper(search->excess_milli);
    if (search->excess_milli < search->unit_milli / 2)
        search->excess_milli = search->unit_milli / 2;
    if (search->excess_milli > MOST_TIMES * search->unit_milli)
        search->excess_milli = MOST_TIMES * search->unit_milli;
    /* Where all of it is over, insertions must keep to the habit, too. */
    search->strict_of_8 = search->n_kept_to == 0 ? 7 : 2;
    search->n_looks = search->n_kept_to = 0;
}

/* --- what makes a way too long goes --- */

/* Neighbouring items of one location, to be left out. */
typedef struct stay {
    uint32_t first, end;
    int64_t prize; /* -1: a must is among them, or what is frozen */
} stay;

static stay stay_at(const route_plan *plan, const route_tour *tour,
                    uint32_t i)
{
    const route_data *data = plan->data;
    const uint32_t at = data->clients[tour->items[i]].location;
    stay s = { i, i, 0 };

    if (i < tour->n_frozen)
        s.prize = -1;
    for (; s.end < tour->behind_last; s.end++) {
        const uint32_t c = tour->items[s.end];

        if (route_is_break(c) || data->clients[c].location != at)
            break;
        if (data->clients[c].n_musts || !route_plan_may_leave(plan, c))
            s.prize = -1;
    }
    if (s.prize == 0)
        s.prize = tour->states[s.end].prize - tour->states[i].prize;
    return s;
}

/* The tour without the stay, in scratch; false: cannot be driven. */
static bool drive_without(route_search *search, const route_tour *tour,
                          stay s, uint32_t *n, route_end *end)
{
    *n = 0;
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (i < s.first || i >= s.end)
            search->scratch[(*n)++] = tour->items[i];
    return route_walk(search->data, tour->vehicle, search->scratch, *n, end);
}

/*
 * Leave out the stay whose prize is least for each second of excess that it
 * takes with it, and a little for those of the way; where none takes any, the
 * one of least prize.  False: there is none to leave out.
 */
static bool leave_one_out(route_search *search, route_plan *plan, uint32_t v,
                          int64_t excess_s)
{
    const route_tour *tour = &plan->tours[v];
    double least = 0;
    stay worst = { 0, 0, 0 }, s;
    uint32_t n;
    route_end end;

    for (uint32_t i = 0; i < tour->behind_last; i = s.end) {
        int64_t saved_s;
        double price;

        s = (stay){ i, i + 1, -1 };
        if (!route_is_break(tour->items[i]))
            s = stay_at(plan, tour, i);
        if (s.prize < 0 || !drive_without(search, tour, s, &n, &end))
            continue;
        saved_s = 8 * (excess_s
                       - excess_of(search, tour->vehicle, search->scratch, n,
                                   &end))
            + tour->end.worth.travel_s - end.worth.travel_s;
        price = saved_s > 0 ? (double)(s.prize + 1) / (double)saved_s
                            : 1e12 + (double)s.prize;
        if (worst.end && price >= least)
            continue;
        least = price;
        worst = s;
    }
    if (worst.end == 0
        || !ALWAYS(drive_without(search, tour, worst, &n, &end)))
        return false;
    route_touch(search, v);
    return ALWAYS(route_plan_set(plan, v, search->scratch, n));
}

void route_habit_cut(route_search *search, route_plan *plan)
{
    for (uint32_t v = 0; v < search->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        int64_t excess_s;

        do
            excess_s = excess_of_tour(search, tour);
        while (excess_s > 0 && leave_one_out(search, plan, v, excess_s));
    }
}

/* --- a plan that can be had no better by one client --- */

/* The items of a tour with client c at gap, or in place of that item. */
static uint32_t write_with(const route_tour *tour, uint32_t gap,
                           bool is_instead, uint32_t c, uint32_t *items)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i <= tour->n_items; i++) {
        if (i == gap)
            items[n++] = c;
        if (i < tour->n_items && !(i == gap && is_instead))
            items[n++] = tour->items[i];
    }
    return n;
}

/* With client c there: drivable, better, and the way no worse than it was? */
static bool try_with(route_search *search, route_plan *plan, uint32_t v,
                     uint32_t gap, bool is_instead, uint32_t c,
                     route_worth *best, uint32_t *n)
{
    const route_data *data = search->data;
    const route_tour *tour = &plan->tours[v];
    route_end end;
    uint32_t count;

    search->priced++;
    if (!(is_instead ? route_tour_price_instead(data, tour, gap, c, &end)
                     : route_tour_price(data, tour, gap, c, &end))
        || route_worth_compare(&end.worth, best) <= 0
        || !route_plan_improves(plan, v, &end))
        return false;
    if (!route_habit_keeps(search, tour, gap, is_instead, c, &end))
        return false;
    count = write_with(tour, gap, is_instead, c, search->scratch);
    if (!route_plan_allows(plan, v, search->scratch, count, GB_ROUTE_NONE,
                              NULL, 0))
        return false;
    *best = end.worth;
    *n = count;
    for (uint32_t i = 0; i < count; i++)
        search->other_scratch[i] = search->scratch[i];
    return true;
}

/* Could client c stand for item i, the clock aside? */
static bool may_stand_for(const route_plan *plan, const route_tour *tour,
                          uint32_t i, uint32_t c)
{
    const route_data *data = plan->data;
    const uint32_t served = tour->items[i], group = data->clients[c].group;

    return i < tour->behind_last && !route_is_break(served)
        && route_may_serve(data, tour->number, c)
        && route_tour_may_load(data, tour, c, served)
        && (group == GB_ROUTE_NONE || group == data->clients[served].group
            || plan->served_of[group] == GB_ROUTE_NONE);
}

/* A quick no to a client at a gap or in place of an item. */
static bool may_gain(const route_data *data, const route_tour *tour,
                     uint32_t gap, bool is_instead, uint32_t c)
{
    const uint32_t out = is_instead ? tour->items[gap] : GB_ROUTE_NONE;
    int64_t most_milli;

    if (data->clients[c].n_musts || data->has_balance
        || route_tour_must_drive(data, tour, c, out))
        return true;
    return tour->states[gap].clock_s < ROUTE_NEVER
        && route_tour_bound(data, tour, gap, is_instead, c, &most_milli)
        && most_milli >= 0;
}

/* Client c at the gap of tour v, or for the client, where it brings most. */
static bool place_in(route_search *search, route_plan *plan, uint32_t v,
                     uint32_t c)
{
    const route_data *data = search->data;
    const route_tour *tour = &plan->tours[v];
    const bool may_insert = data->clients[c].bundle == GB_ROUTE_NONE
        && route_plan_may_insert(plan, v, c);
    route_worth best = tour->end.worth;
    int32_t detour_s;
    uint32_t n = 0;

    for (uint32_t p = tour->n_frozen; p <= tour->n_items; p++) {
        if (may_insert && tour->room_s[p] >= 0
            && route_tour_fits(data, tour, p, c, &detour_s)
            && may_gain(data, tour, p, false, c))
            (void)try_with(search, plan, v, p, false, c, &best, &n);
        if (may_stand_for(plan, tour, p, c)
            && may_gain(data, tour, p, true, c))
            (void)try_with(search, plan, v, p, true, c, &best, &n);
    }
    return n > 0 && ALWAYS(route_plan_set(plan, v, search->other_scratch, n));
}

bool route_habit_fill(route_search *search, route_plan *plan)
{
    bool is_better = false, again = true;

    while (again && !route_search_is_over(search)) {
        again = false;
        for (uint32_t i = 0; i < search->data->n_clients; i++) {
            const uint32_t c = search->guide->by_density[i];

            for (uint32_t v = 0; v < search->data->n_vehicles
                 && plan->tour_of[c] == GB_ROUTE_NONE;
                 v++)
                if (place_in(search, plan, v, c))
                    again = is_better = true;
        }
    }
    return is_better;
}
