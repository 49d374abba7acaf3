/*
 * route_polish.c - local moves on whole routes: other orders of one, other
 * tails of two, an unserved client for a served one.
 *
 * Each move is tried by writing the new items down and driving them
 * (route_walk), which knows all constraints; routes are short, and this runs
 * on new bests only.  route_replace() runs in every iteration, and asks an
 * O(1) question before it drives.  See route_search.h.
 */
#include "route_search.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum {
    FAR = 24,          /* items that a piece may move in a long route */
    MOST_PIECE = 3
};

/* Is the tour better with other items in [first, rest)? */
static bool improves(const route_search *search, const route_plan *plan,
                     const route_tour *tour,
                     const uint32_t *items, uint32_t first, uint32_t rest,
                     route_end *end)
{
    return route_tour_price_order(search->data, tour, items, first, rest, end)
        && route_plan_improves(plan, tour->number, end);
}

static void set(route_search *search, route_plan *plan, uint32_t v,
                const uint32_t *items, uint32_t n, const route_end *end)
{
    const bool ok = route_plan_set(plan, v, items, n);

    assert(ok);
    assert(memcmp(&plan->tours[v].end.worth, &end->worth, sizeof end->worth)
           == 0);
    (void)ok;
    (void)end;
    route_touch(search, v);
}

/* items with [from, to) moved before index `gap` (outside of it). */
static void write_moved(const route_tour *tour, uint32_t from, uint32_t to,
                        uint32_t gap, bool is_turned, uint32_t *items)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i <= tour->n_items; i++) {
        if (i == gap)
            for (uint32_t k = from; k < to; k++)
                items[n++]
                    = tour->items[is_turned ? to - 1 - (k - from) : k];
        if (i < tour->n_items && (i < from || i >= to))
            items[n++] = tour->items[i];
    }
}

static bool move_piece(route_search *search, route_plan *plan, uint32_t v)
{
    const route_tour *tour = &plan->tours[v];
    route_end end;

    for (uint32_t size = 1; size <= MOST_PIECE; size++)
        for (uint32_t i = tour->n_frozen; i + size <= tour->n_items; i++) {
            const uint32_t first
                = i > tour->n_frozen + FAR ? i - FAR : tour->n_frozen;
            const uint32_t last = i + size + FAR < tour->n_items
                ? i + size + FAR
                : tour->n_items;

            if (route_search_is_over(search))
                return false;
            for (uint32_t gap = first; gap <= last; gap++)
                for (uint32_t turned = 0; turned < (size > 1 ? 2 : 1);
                     turned++) {
                    if (gap >= i && gap <= i + size)
                        continue;
                    search->priced++;
                    write_moved(tour, i, i + size, gap, turned,
                                search->scratch);
                    if (improves(search, plan, tour, search->scratch,
                                 gap < i ? gap : i,
                                 gap < i ? i + size : gap, &end)) {
                        set(search, plan, v, search->scratch, tour->n_items,
                            &end);
                        return true;
                    }
                }
        }
    return false;
}

/* Two-opt (turn items [i, j] round), and the exchange of items i and j. */
static bool turn_or_swap(route_search *search, route_plan *plan, uint32_t v)
{
    const route_tour *tour = &plan->tours[v];
    uint32_t *items = search->scratch;
    route_end end;

    for (uint32_t i = tour->n_frozen; i + 1 < tour->n_items; i++)
        for (uint32_t j = i + 1; j < tour->n_items && j <= i + FAR
             && !route_search_is_over(search);
             j++)
            for (uint32_t kind = 0; kind < 2; kind++) {
                memcpy(items, tour->items, tour->n_items * sizeof *items);
                if (kind == 0) {
                    for (uint32_t k = i; k <= j; k++)
                        items[k] = tour->items[i + j - k];
                } else {
                    items[i] = tour->items[j];
                    items[j] = tour->items[i];
                }
                search->priced++;
                if (improves(search, plan, tour, items, i, j + 1, &end)) {
                    set(search, plan, v, items, tour->n_items, &end);
                    return true;
                }
            }
    return false;
}

/* --- two routes --- */

/* Put break `number` where the route is worth most; false: nowhere. */
static bool place_break(const route_data *data, const route_vehicle *vehicle,
                        uint32_t number, uint32_t *items, uint32_t *n_items,
                        route_end *end)
{
    const uint32_t n = *n_items;
    uint32_t best = UINT32_MAX, at = n;
    route_end tried;

    items[n] = GB_ROUTE_BREAK(number);
    *n_items = n + 1;
    for (;;) {
        if (route_walk(data, vehicle, items, n + 1, &tried)
            && (best == UINT32_MAX
                || route_worth_compare(&tried.worth, &end->worth) > 0)) {
            best = at;
            *end = tried;
        }
        if (at == 0)
            break;
        items[at] = items[at - 1];
        items[--at] = GB_ROUTE_BREAK(number);
    }
    if (best == UINT32_MAX)
        return false;
    memmove(items, items + 1, best * sizeof *items);
    items[best] = GB_ROUTE_BREAK(number);
    return true;
}

/*
 * Drive the items of a before `head`, which is driven already, and those of
 * `items` behind it; the plain walk where more than the clock counts.
 */
static bool drive_joined(const route_data *data, const route_tour *a,
                         uint32_t head, const uint32_t *items, uint32_t n,
                         route_end *end)
{
    const uint32_t behind = route_behind_last(items, n);
    route_state state = a->states[head];

    if (data->n_loads || data->has_order || data->has_release
        || a->vehicle->n_bands || behind < head)
        return route_walk(data, a->vehicle, items, n, end);
    for (uint32_t i = head; i < behind; i++)
        if (!route_walk_item(data, a->vehicle, &state, items[i]))
            return false;
    return route_walk_end(data, a->vehicle, &state, items + behind,
                          n - behind, end);
}

/*
 * The items of a before `head` and the clients of b from `tail` on, driven by
 * a.  Breaks of b mark good places for those that a then lacks.
 */
static bool join(const route_data *data, const route_tour *a, uint32_t head,
                 const route_tour *b, uint32_t tail, uint32_t *items,
                 uint32_t *n_items, route_end *end)
{
    const uint32_t n_breaks = a->vehicle->n_breaks;
    uint32_t n = head, held = 0;
    uint32_t n_clients = a->states[head].n_clients;

    for (uint32_t i = 0; i < head; i++)
        if (route_is_break(a->items[i]))
            held |= 1u << route_break_of(a->items[i]);
    for (uint32_t i = tail; i < b->n_items; i++) {
        const uint32_t c = b->items[i];

        if (route_is_break(c)) {
            if (route_break_of(c) < n_breaks
                && !(held >> route_break_of(c) & 1)) {
                held |= 1u << route_break_of(c);
                items[n++] = c;
            }
            continue;
        }
        if (!route_may_serve(data, a->number, c)
            || ++n_clients + n_breaks > a->capacity)
            return false;
        items[n++] = c;
    }
    memcpy(items, a->items, head * sizeof *items);
    /* Where this cannot be driven, one more break hardly helps. */
    if (!drive_joined(data, a, head, items, n, end))
        return false;
    *n_items = n;
    for (uint32_t k = 0; k < n_breaks; k++)
        if (!(held >> k & 1)
            && !place_break(data, a->vehicle, k, items, n_items, end))
            return false;
    return true;
}

static bool pair_improves(const route_plan *plan, const route_tour *a,
                          const route_tour *b, const route_end *end_a,
                          const route_end *end_b)
{
    const route_worth none = { 0, 0, 0, 0 };
    const route_worth change
        = route_plan_change(plan, a->number, end_a, b->number, end_b);

    return route_worth_compare(&change, &none) > 0;
}

static void set_pair(route_search *search, route_plan *plan, uint32_t v,
                     uint32_t n, const route_end *end, uint32_t w,
                     uint32_t n_other, const route_end *other_end)
{
    /* Forget first: set() unmarks the clients that the tour had. */
    route_plan_forget(plan, v);
    route_plan_forget(plan, w);
    set(search, plan, v, search->scratch, n, end);
    set(search, plan, w, search->other_scratch, n_other, other_end);
}

/*
 * Can a, after its items before `head`, be in time with the clients of b from
 * `tail` on, if nobody ever waited for them and no break were taken?  O(1).
 */
static bool may_join(const route_data *data, const route_tour *a,
                     uint32_t head, const route_tour *b, uint32_t tail)
{
    const route_state *from = &a->states[head];
    const route_state *last = &b->states[b->behind_last], *next;
    const route_client *client;
    int64_t clock_s = from->clock_s;
    int32_t leg_s, start_s, late_s;

    if (data->has_release || a->vehicle->n_bands || b->vehicle->n_bands
        || a->vehicle->seconds != b->vehicle->seconds)
        return true;
    while (tail < b->behind_last && route_is_break(b->items[tail]))
        tail++;
    if (tail >= b->behind_last) {
        leg_s = route_leg_s(data, a->vehicle, from->location, a->vehicle->end);
        return clock_s + leg_s <= a->vehicle->shift_end_s;
    }
    if (!route_may_serve(data, a->number, b->items[tail]))
        return false;
    client = &data->clients[b->items[tail]];
    leg_s = route_leg_s(data, a->vehicle, from->location, client->location);
    if (leg_s == GB_ROUTE_UNREACHABLE)
        return false;
    if (client->place != from->place)
        leg_s += client->access_s;
    start_s = route_first_start(client, from->clock_s + leg_s, &late_s);
    if (start_s >= ROUTE_NEVER)
        return false;
    next = &b->states[tail + 1];
    clock_s = (int64_t)start_s + client->service_s + last->clock_s
        - next->clock_s - (last->idle_s - next->idle_s)
        - (last->break_s - next->break_s)
        + route_leg_s(data, a->vehicle, last->location, a->vehicle->end);
    return clock_s <= a->vehicle->shift_end_s;
}

static bool exchange_tails(route_search *search, route_plan *plan, uint32_t v,
                           uint32_t w)
{
    const route_data *data = search->data;
    const route_tour *a = &plan->tours[v], *b = &plan->tours[w];
    uint32_t n, n_other;
    route_end end, other_end;

    for (uint32_t i = a->n_frozen; i <= a->behind_last; i++)
        for (uint32_t j = b->n_frozen; j <= b->behind_last; j++) {
            if (i == a->behind_last && j == b->behind_last)
                continue;
            if (route_search_is_over(search))
                return false;
            search->priced++;
            if (!may_join(data, a, i, b, j) || !may_join(data, b, j, a, i))
                continue;
            if (!join(data, a, i, b, j, search->scratch, &n, &end)
                || !join(data, b, j, a, i, search->other_scratch, &n_other,
                         &other_end)
                || !pair_improves(plan, a, b, &end, &other_end)
                || !route_plan_allows(plan, v, search->scratch, n, w,
                                      search->other_scratch, n_other))
                continue;
            set_pair(search, plan, v, n, &end, w, n_other, &other_end);
            return true;
        }
    return false;
}

/* Client c of tour a at i for client d of tour b at j: drivable, and better? */
static bool is_good_exchange(const route_plan *plan, const route_tour *a,
                             uint32_t i, const route_tour *b, uint32_t j,
                             route_end *end, route_end *other_end)
{
    const route_data *data = plan->data;
    const uint32_t c = a->items[i], d = b->items[j];

    return (data->n_loads == 0
            || (route_tour_may_load(data, a, d, c)
                && route_tour_may_load(data, b, c, d)))
        && route_tour_price_instead(data, a, i, d, end)
        && route_tour_price_instead(data, b, j, c, other_end)
        && pair_improves(plan, a, b, end, other_end);
}

static bool exchange_clients(route_search *search, route_plan *plan,
                             uint32_t v, uint32_t w)
{
    const route_data *data = search->data;
    const route_tour *a = &plan->tours[v], *b = &plan->tours[w];
    route_end end, other_end;

    for (uint32_t i = a->n_frozen; i < a->behind_last; i++)
        for (uint32_t j = b->n_frozen; j < b->behind_last; j++) {
            const uint32_t c = a->items[i], d = b->items[j];

            if (route_is_break(c) || route_is_break(d)
                || !route_may_serve(data, v, d)
                || !route_may_serve(data, w, c))
                continue;
            if (route_search_is_over(search))
                return false;
            search->priced++;
            if (!is_good_exchange(plan, a, i, b, j, &end, &other_end))
                continue;
            memcpy(search->scratch, a->items,
                   a->n_items * sizeof *search->scratch);
            memcpy(search->other_scratch, b->items,
                   b->n_items * sizeof *search->scratch);
            search->scratch[i] = d;
            search->other_scratch[j] = c;
            if (!route_plan_allows(plan, v, search->scratch, a->n_items, w,
                                   search->other_scratch, b->n_items))
                continue;
            set_pair(search, plan, v, a->n_items, &end, w, b->n_items,
                     &other_end);
            return true;
        }
    return false;
}

/* Other orders of tour v, until none is better. */
static bool polish_order(route_search *search, route_plan *plan, uint32_t v)
{
    bool is_better = false;

    while (move_piece(search, plan, v) || turn_or_swap(search, plan, v))
        is_better = true;
    return is_better;
}

/*
 * What was tried in vain is not tried again before one of the tours changes:
 * changed_at[v] counts the moves at the last change of v, tried_at[v] those
 * when v was last tried with all before it.
 */
bool route_polish(route_search *search, route_plan *plan,
                  const uint8_t *which)
{
    const uint32_t n = search->data->n_vehicles;
    uint32_t *changed_at = search->changed_at, *tried_at = search->tried_at;
    uint32_t n_moves = 1;
    bool again = true;

    for (uint32_t v = 0; v < n; v++) {
        changed_at[v] = 1;
        tried_at[v] = 0;
    }
    while (again) {
        again = false;
        for (uint32_t v = 0; v < n; v++) {
            const uint32_t tried = tried_at[v];

            if (which && !which[v])
                continue;
            tried_at[v] = n_moves;
            if (changed_at[v] > tried && polish_order(search, plan, v))
                changed_at[v] = ++n_moves;
            for (uint32_t w = 0; w < v; w++)
                if ((!which || which[w])
                    && (changed_at[v] > tried || changed_at[w] > tried)
                    && (exchange_tails(search, plan, v, w)
                        || exchange_clients(search, plan, v, w))) {
                    changed_at[v] = changed_at[w] = ++n_moves;
                    again = true;
                }
        }
    }
    return n_moves > 1;
}

/* --- an unserved client for a served one --- */

/* The time from the clock before item i to the latest start after it. */
static int32_t room_at(const route_data *data, const route_tour *tour,
                       uint32_t i, uint32_t *behind)
{
    const int32_t clock_s = tour->states[i].clock_s;

    *behind = GB_ROUTE_NONE;
    if (i + 1 >= tour->behind_last)
        return tour->vehicle->shift_end_s - clock_s;
    if (route_is_break(tour->items[i + 1]))
        return ROUTE_NEVER;
    *behind = data->clients[tour->items[i + 1]].location;
    return tour->late_s[i + 1] - clock_s;
}

/* Could client c stand in place of item i?  O(1); true may still be wrong. */
static bool may_stand_at(const route_data *data, const route_tour *tour,
                         uint32_t i, uint32_t c)
{
    const route_client *client = &data->clients[c];
    const route_state *before = &tour->states[i];
    int32_t leg_s = route_leg_s(data, tour->vehicle, before->location,
                                client->location);
    int32_t done_s, late_s, by_s;

    if (leg_s == GB_ROUTE_UNREACHABLE)
        return false;
    if (client->place != before->place)
        leg_s += client->access_s;
    done_s = route_first_start(client, before->clock_s + leg_s, &late_s);
    if (done_s > tour->vehicle->shift_end_s)
        return false;
    done_s += client->service_s;
    if (i + 1 < tour->behind_last) {
        const route_client *behind;

        if (route_is_break(tour->items[i + 1]))
            return true;
        behind = &data->clients[tour->items[i + 1]];
        leg_s = route_leg_s(data, tour->vehicle, client->location,
                            behind->location);
        by_s = tour->late_s[i + 1]
            - (client->place != behind->place ? behind->access_s : 0);
    } else {
        leg_s = route_leg_s(data, tour->vehicle, client->location,
                            tour->vehicle->end);
        by_s = tour->vehicle->shift_end_s;
    }
    return leg_s < ROUTE_NEVER && done_s + leg_s <= by_s;
}

static route_offer offer_of(const route_search *search, uint32_t c)
{
    const route_client *client = &search->data->clients[c];

    return (route_offer){ c, client->location, client->service_s,
                          client->n_musts,
                          search->guide->most_prize[search->guide_at + c] };
}

/* Who is not served, in the order of by_prize. */
static void list_unserved(route_search *search, const route_plan *plan)
{
    search->n_unserved = 0;
    for (uint32_t k = 0; k < search->data->n_clients; k++) {
        const uint32_t c = search->guide->by_prize[search->guide_at + k];

        if (route_is_offered(search, plan, c))
            search->unserved[search->n_unserved++] = offer_of(search, c);
    }
}

/* Offer k is served now instead of client c. */
static void exchange_offer(route_search *search, uint32_t k, uint32_t c)
{
    const uint32_t *rank = search->guide->rank + search->guide_at;

    search->n_unserved--;
    memmove(&search->unserved[k], &search->unserved[k + 1],
            (search->n_unserved - k) * sizeof *search->unserved);
    k = search->n_unserved++;
    for (; k > 0 && rank[search->unserved[k - 1].client] > rank[c]; k--)
        search->unserved[k] = search->unserved[k - 1];
    search->unserved[k] = offer_of(search, c);
}

/* Is client c in place of item i a gain? */
static bool is_better_instead(route_search *search, const route_plan *plan,
                              const route_tour *tour,
                              uint32_t i, uint32_t c, route_end *end)
{
    const route_data *data = search->data;
    const uint32_t served = tour->items[i];
    const bool is_driven = route_tour_must_drive(data, tour, c, served);
    int64_t most_milli;

    search->priced++;
    if (!is_driven && !may_stand_at(data, tour, i, c))
        return false;
    if (!is_driven && !data->has_balance
        && data->clients[c].n_musts == data->clients[served].n_musts
        && (!route_tour_bound(data, tour, i, true, c, &most_milli)
            || most_milli < 0))
        return false;
    return route_tour_price_instead(data, tour, i, c, end)
        && route_plan_improves(plan, tour->number, end)
        && (!search->is_strict
            || route_habit_keeps(search, tour, i, true, c, end));
}

/* What binds client c to others, and loads: may it stand for item i of v? */
static bool may_replace(const route_plan *plan, uint32_t v, uint32_t i,
                        uint32_t c)
{
    const route_data *data = plan->data;
    const route_tour *tour = &plan->tours[v];
    const uint32_t served = tour->items[i], bundle = data->clients[c].bundle;
    uint32_t first = i, last = i + 1;

    if (bundle != GB_ROUTE_NONE) {
        const uint64_t day = UINT64_C(1) << tour->vehicle->day;

        if ((plan->bundle_days[bundle] & day)
            || !route_bundle_holds(data, bundle,
                                   plan->bundle_days[bundle] | day))
            return false;
    }
    return (data->n_loads == 0 || route_tour_may_load(data, tour, c, served))
        && (!data->has_order
            || (route_plan_gaps(plan, v, c, served, &first, &last)
                && first <= i + 1 && last >= i));
}

/*
 * Do service and the ways there and on fit into the time between?  The way
 * there comes first: all offers ask the same row of the matrix for it.
 */
static inline bool has_room(const route_data *data, const route_tour *tour,
                            uint32_t i, uint32_t behind, int32_t room_s,
                            const route_offer *offer)
{
    int32_t left_s = room_s - offer->service_s;

    if (left_s < 0)
        return false;
    left_s -= route_leg_s(data, tour->vehicle, tour->states[i].location,
                          offer->location);
    return left_s >= 0
        && (behind == GB_ROUTE_NONE
            || route_leg_s(data, tour->vehicle, offer->location, behind)
                <= left_s);
}

static bool replace_at(route_search *search, route_plan *plan, uint32_t v,
                       uint32_t i)
{
    const route_data *data = search->data;
    const route_tour *tour = &plan->tours[v];
    const route_client *served = &data->clients[tour->items[i]];
    const int64_t prize = tour->states[i + 1].prize - tour->states[i].prize;
    const size_t guide_at
        = route_guide_at(search->guide, data, tour->vehicle);
    const int64_t *most_prize = search->guide->most_prize + guide_at;
    uint32_t behind;
    int32_t room_s = room_at(data, tour, i, &behind);
    route_end end;

    if (data->n_bundles && !route_plan_may_leave(plan, tour->items[i]))
        return false;
    if (data->has_release) { /* who goes may set the clock free */
        room_s = ROUTE_NEVER;
        behind = GB_ROUTE_NONE;
    }
    for (uint32_t k = 0; k < search->n_unserved; k++) {
        const route_offer *offer = &search->unserved[k];
        const uint32_t c = offer->client, group = data->clients[c].group;

        if (offer->n_musts < served->n_musts)
            break;
        if (guide_at == search->guide_at && offer->prize < prize
            && !offer->n_musts)
            break; /* nor do those behind it bring as much */
        if ((most_prize[c] < prize && !offer->n_musts)
            || !has_room(data, tour, i, behind, room_s, offer)
            || !route_may_serve(data, v, c)
            || (group != GB_ROUTE_NONE && group != served->group
                && plan->served_of[group] != GB_ROUTE_NONE)
            || !may_replace(plan, v, i, c)
            || !is_better_instead(search, plan, tour, i, c, &end))
            continue;
        memcpy(search->scratch, tour->items,
               tour->n_items * sizeof *search->scratch);
        search->scratch[i] = c;
        {
            const uint32_t out = tour->items[i];

            set(search, plan, v, search->scratch, tour->n_items, &end);
            exchange_offer(search, k, out);
        }
        return true;
    }
    return false;
}

bool route_replace(route_search *search, route_plan *plan,
                   const uint8_t *which)
{
    bool is_better = false;

    list_unserved(search, plan);
    for (uint32_t v = 0; v < search->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];

        if (which && !which[v])
            continue;
        for (uint32_t i = tour->n_frozen; i < tour->behind_last; i++)
            if (!route_is_break(tour->items[i]))
                while (!route_search_is_over(search)
                       && replace_at(search, plan, v, i))
                    is_better = true;
    }
    return is_better;
}
