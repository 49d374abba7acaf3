/*
 * route_insert.c - where a client, or all visits of a bundle, goes best.  See
 * route_search.h.
 */
#include "route_search.h"

#include <string.h>

#include "base_check.h"

typedef struct gap_choice {
    uint32_t vehicle, gap;
    int64_t musts, key; /* the greatest is chosen, musts first */
    int64_t gain_milli;
    route_end end;
    bool is_found;
} gap_choice;

static bool is_better_choice(const gap_choice *choice, int64_t musts,
                             int64_t key)
{
    return !choice->is_found || musts > choice->musts
        || (musts == choice->musts && key > choice->key);
}

/*
 * Is the change of the plan, whatever else it does, a gain?  A bold iteration
 * takes losses too: several clients may pay together for a way, or for a
 * vehicle, that none of them pays for alone.  So may the visits of a bundle.
 */
static bool is_gain(const route_search *search, const route_plan *plan,
                    uint32_t v, const route_end *end, int64_t *gain_milli)
{
    const route_worth change
        = route_plan_change(plan, v, end, GB_ROUTE_NONE, NULL);

    *gain_milli = change.value_milli;
    if (search->is_bold || search->is_open)
        return true;
    return change.n_musts ? change.n_musts > 0 : change.value_milli > 0;
}

/* Could the gap be a gain, and better than the one chosen so far? */
static bool is_worth_a_price(const route_search *search,
                             const route_tour *tour, uint32_t gap, uint32_t c,
                             int64_t key, const gap_choice *choice)
{
    int64_t most_milli;

    return route_tour_bound(search->data, tour, gap, false, c, &most_milli)
        && (most_milli > 0 || search->is_bold || search->is_open)
        && (!choice->is_found
            || most_milli + key * search->detour_milli > choice->key);
}

static void look_at_gap(route_search *search, const route_plan *plan,
                        uint32_t v, uint32_t p, uint32_t c, bool is_bounded,
                        int64_t musts, gap_choice *choice)
{
    const route_data *data = search->data;
    const route_tour *tour = &plan->tours[v];
    int32_t detour_s;
    int64_t key, gain_milli;
    route_end end;

    if (!route_tour_fits(data, tour, p, c, &detour_s))
        return;
    key = -(int64_t)detour_s;
    if (data->is_flat) {
        if (!is_better_choice(choice, musts, key)
            || !route_tour_price(data, tour, p, c, &end)
            || !is_gain(search, plan, v, &end, &gain_milli))
            return;
    } else {
        if ((is_bounded && !is_worth_a_price(search, tour, p, c, key, choice))
            || !route_tour_price(data, tour, p, c, &end)
            || !is_gain(search, plan, v, &end, &gain_milli))
            return;
        key = gain_milli + key * search->detour_milli;
        if (!is_better_choice(choice, musts, key))
            return;
    }
    if (search->is_strict
        && !route_habit_keeps(search, tour, p, false, c, &end))
        return;
    *choice = (gap_choice){ v, p, musts, key, gain_milli, end, true };
}

static void look_at_tour(route_search *search, const route_plan *plan,
                         uint32_t v, uint32_t c, uint32_t blinks,
                         gap_choice *choice)
{
    const route_data *data = search->data;
    const route_tour *tour = &plan->tours[v];
    const route_client *client = &data->clients[c];
    const int64_t musts = client->n_musts
        + (tour->vehicle->must_use && tour->end.n_clients == 0);
    const bool is_bounded = musts == 0 && !data->has_balance
        && !route_tour_must_drive(data, tour, c, GB_ROUTE_NONE);
    const int32_t *row
        = tour->vehicle->seconds + (size_t)client->location * data->n_locations;
    uint32_t first = tour->n_frozen, last = tour->n_items, n_bits = 0;
    uint64_t bits = 0;

    if (client->service_s > tour->most_room_s
        || (choice->is_found && choice->musts > musts)
        || !route_plan_may_insert(plan, v, c)
        || !route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last))
        return;
    search->priced += last - first + 1;
    for (uint32_t p = first; p <= last; p++) {
        if (!route_gap_has_room(tour, p, client, row))
            continue;
        if (blinks) {
            if (n_bits == 0) {
                bits = base_rng_next(&search->rng);
                n_bits = 6;
            }
            n_bits--;
            bits >>= 10;
            if ((bits & 1023) < blinks)
                continue;
        }
        look_at_gap(search, plan, v, p, c, is_bounded, musts, choice);
    }
}

/* Was the client not served before this iteration either? */
static bool is_new(const route_search *search, uint32_t c)
{
    return search->is_scoped && search->current.tour_of[c] == GB_ROUTE_NONE;
}

static void look_at_touched(route_search *search, const route_plan *plan,
                            uint32_t c, uint32_t blinks, gap_choice *choice)
{
    for (uint32_t i = 0; i < search->n_touched; i++)
        look_at_tour(search, plan, search->touched_list[i], c, blinks,
                     choice);
}

static bool insert_at(route_search *search, route_plan *plan,
                      const gap_choice *choice, uint32_t c)
{
    const bool ok = route_plan_insert(plan, choice->vehicle, choice->gap, c);

    assert(ok);
    assert(memcmp(&plan->tours[choice->vehicle].end.worth, &choice->end.worth,
                  sizeof choice->end.worth)
           == 0);
    route_touch(search, choice->vehicle);
    return ok;
}

/* --- bundles --- */

/* The visits of a bundle that are to come, day by day. */
typedef struct bundle_look {
    uint32_t bundle, client; /* the first that is not served */
    uint32_t n_unserved;
    uint64_t days;           /* that it is visited on now */
    uint64_t looked_at;
    gap_choice of_day[ROUTE_MOST_DAYS];
} bundle_look;

static uint32_t count_days(uint64_t days)
{
    uint32_t n = 0;

    for (; days; days &= days - 1)
        n++;
    return n;
}

static uint32_t first_day(uint64_t days)
{
    uint32_t day = 0;

    while (!(days >> day & 1))
        day++;
    return day;
}

/* The days that a pattern adds; 0: it cannot be had. */
static uint64_t days_to_add(const route_data *data, const bundle_look *look,
                            uint64_t pattern)
{
    const uint64_t more = pattern & ~look->days;
    const uint32_t n = count_days(more);

    return (pattern & look->days) != look->days || n > look->n_unserved
            || (n > 1 && data->clients[look->client].group != GB_ROUTE_NONE)
        ? 0
        : more;
}

static void look_at_day(route_search *search, const route_plan *plan,
                        uint32_t day, uint32_t blinks, bundle_look *look)
{
    const route_data *data = search->data;

    look->looked_at |= UINT64_C(1) << day;
    look->of_day[day].is_found = false;
    for (uint32_t i = data->first_of_day[day]; i < data->first_of_day[day + 1];
         i++)
        look_at_tour(search, plan, data->by_day[i], look->client, blinks,
                     &look->of_day[day]);
}

/* All days of a pattern together; false: one has no gap. */
static bool add_days(route_search *search, const route_plan *plan,
                     uint64_t days, uint32_t blinks, bundle_look *look,
                     gap_choice *sum)
{
    memset(sum, 0, sizeof *sum);
    for (; days; days &= days - 1) {
        const uint32_t day = first_day(days);
        const gap_choice *choice = &look->of_day[day];

        if (!(look->looked_at >> day & 1))
            look_at_day(search, plan, day, blinks, look);
        if (!choice->is_found)
            return false;
        sum->musts += choice->musts;
        sum->gain_milli += choice->gain_milli;
        sum->key += choice->key;
    }
    if (search->data->is_flat) /* else the key has it */
        sum->key += sum->gain_milli;
    sum->is_found = search->is_bold || sum->musts > 0 || sum->gain_milli > 0;
    return sum->is_found;
}

static bool insert_days(route_search *search, route_plan *plan,
                        const bundle_look *look, uint64_t days)
{
    const route_data *data = search->data;
    uint32_t i = data->first_member[look->bundle];

    for (; days; days &= days - 1, i++) {
        while (plan->tour_of[data->members[i]] != GB_ROUTE_NONE)
            i++;
        if (!insert_at(search, plan, &look->of_day[first_day(days)],
                       data->members[i]))
            return false;
    }
    return true;
}

/* Take the visits of those days out again. */
static void remove_days(route_plan *plan, const bundle_look *look,
                        uint64_t days)
{
    const route_data *data = plan->data;

    for (uint32_t k = data->first_member[look->bundle];
         k < data->first_member[look->bundle + 1]; k++) {
        const uint32_t c = data->members[k], v = plan->tour_of[c];
        uint32_t n = 0;

        if (v == GB_ROUTE_NONE || !(days >> data->vehicles[v].day & 1))
            continue;
        for (uint32_t i = 0; i < plan->tours[v].n_items; i++)
            if (plan->tours[v].items[i] != c)
                plan->kept[n++] = plan->tours[v].items[i];
        (void)route_plan_set(plan, v, plan->kept, n);
    }
}

/*
 * The price of balance was that of each visit by itself: is it a gain all
 * the same?
 */
static bool insert_if_gain(route_search *search, route_plan *plan,
                           const bundle_look *look, uint64_t days)
{
    const route_worth before = route_plan_worth(plan);
    route_worth after;

    if (!insert_days(search, plan, look, days))
        return false;
    after = route_plan_worth(plan);
    if (search->is_bold || !search->data->has_balance
        || route_worth_compare(&after, &before) > 0)
        return true;
    remove_days(plan, look, days);
    return false;
}

/* More visits of the bundle of which c is the first that is not served. */
static bool insert_bundle(route_search *search, route_plan *plan, uint32_t c,
                          uint32_t blinks)
{
    const route_data *data = search->data;
    const uint32_t b = data->clients[c].bundle;
    bundle_look look;
    gap_choice best = { .is_found = false }, sum = best;
    uint64_t best_days = 0;

    look.bundle = b;
    look.client = c;
    look.days = plan->bundle_days[b];
    look.looked_at = 0;
    look.n_unserved = 0;
    for (uint32_t i = data->first_member[b]; i < data->first_member[b + 1];
         i++) {
        if (plan->tour_of[data->members[i]] != GB_ROUTE_NONE)
            continue;
        if (data->members[i] < c)
            return false; /* that one speaks for all */
        look.n_unserved++;
    }
    search->is_open = true;
    if (is_new(search, c)) { /* nothing has changed but in those */
        look_at_touched(search, plan, c, 0, &sum);
        if (!sum.is_found) {
            search->is_open = false;
            return false;
        }
    }
    for (uint32_t k = data->first_pattern[b]; k < data->first_pattern[b + 1];
         k++) {
        const uint64_t days = days_to_add(data, &look, data->patterns[k]);

        if (days && add_days(search, plan, days, blinks, &look, &sum)
            && is_better_choice(&best, sum.musts, sum.key)) {
            best = sum;
            best_days = days;
        }
    }
    search->is_open = false;
    return best.is_found && insert_if_gain(search, plan, &look, best_days);
}

bool route_insert_best(route_search *search, route_plan *plan, uint32_t c,
                       uint32_t blinks)
{
    gap_choice choice = { .is_found = false };

    if (search->data->clients[c].bundle != GB_ROUTE_NONE)
        return insert_bundle(search, plan, c, blinks);
    if (is_new(search, c))
        look_at_touched(search, plan, c, blinks, &choice);
    else
        for (uint32_t v = 0; v < search->data->n_vehicles; v++)
            look_at_tour(search, plan, v, c, blinks, &choice);
    return choice.is_found && insert_at(search, plan, &choice, c);
}

/* --- breaks --- */

bool route_insert_breaks(route_plan *plan, uint32_t v, base_rng *rng)
{
    route_tour *tour = &plan->tours[v];
    const uint32_t n = tour->vehicle->n_breaks;
    uint32_t held = 0;

    if (n == 0)
        return true;
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (route_is_break(tour->items[i]))
            held |= 1u << route_break_of(tour->items[i]);
    for (uint32_t k = 0; k < n; k++) {
        const bool at_random = rng && base_rng_below(rng, 2);
        route_end end, best_end;
        uint32_t best = UINT32_MAX, n_found = 0;

        if (held >> k & 1)
            continue;
        for (uint32_t p = tour->n_frozen; p <= tour->n_items; p++) {
            if (!route_tour_price(plan->data, tour, p, GB_ROUTE_BREAK(k),
                                  &end))
                continue;
            n_found++;
            if (best == UINT32_MAX
                || (at_random
                        ? base_rng_below(rng, n_found) == 0
                        : route_worth_compare(&end.worth, &best_end.worth)
                            > 0)) {
                best = p;
                best_end = end;
            }
        }
        if (best == UINT32_MAX
            || !route_plan_insert(plan, v, best, GB_ROUTE_BREAK(k)))
            return false;
    }
    return true;
}

bool route_fill(route_search *search, route_plan *plan)
{
    const int64_t detour_milli = search->detour_milli;
    bool is_filled = false;

    for (uint32_t v = 0; v < search->data->n_vehicles; v++)
        if (!route_insert_breaks(plan, v, NULL))
            return false;
    search->detour_milli = 0; /* so that no gain is missed */
    while (!is_filled) {
        is_filled = true;
        for (uint32_t i = 0; i < search->data->n_clients; i++) {
            const uint32_t c = search->guide->by_density[i];

            if (plan->tour_of[c] == GB_ROUTE_NONE
                && route_insert_best(search, plan, c, 0))
                is_filled = false;
        }
    }
    search->detour_milli = detour_milli;
    return true;
}
