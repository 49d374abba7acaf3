/*
 * route_lean_insert.c - where a client costs least; see route_lean.h.
 *
 * look_near() is the heart of the search: it is compiled once for each kind of
 * problem, so that a problem without windows does not ask for them.
 */
#include "route_lean.h"

#include <math.h>

#include "base_check.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    MOST_UNITS = -(ROUTE_LEAN_NO_REACH / 2),
    /* The first few near clients bring the price down for the others. */
    SIFTED_FIRST = 8,
    SIFTED = 32
};

static const int64_t NO_LIMIT = INT64_MAX / 256; /* 64 add up */

/* --- does it fit --- */

static bool may_serve(const route_lean_model *m, uint32_t c, uint32_t kind)
{
    return (m->may_serve[(size_t)c * m->n_kind_words + kind / 64]
            >> (kind % 64)) & 1;
}

/* All but times: who serves whom, loads, number of clients. */
INLINE bool has_room(const route_lean *s, uint32_t c, uint32_t r,
                     bool is_plain)
{
    const route_lean_model *m = s->model;
    const route_lean_route *route = &s->routes[r];
    const route_lean_kind *kind = &m->kinds[route->kind];

    if (s->nodes[c].load > s->rooms[r].spare)
        return false;
    if (is_plain)
        return true;
    if (route->n_clients >= kind->max_clients
        || !may_serve(m, c, route->kind))
        return false;
    for (uint32_t d = 1; d < m->n_loads; d++)
        if (s->route_loads[(size_t)r * m->n_loads + d]
                + m->loads[(size_t)c * m->n_loads + d]
            > kind->capacity[d])
            return false;
    return true;
}

static bool is_reachable(const route_lean_model *m,
                         const route_lean_kind *kind, uint32_t a, uint32_t b)
{
    return route_lean_seconds(m, kind, a, b) != GB_ROUTE_UNREACHABLE;
}

static int64_t between(const route_lean_model *m, const int32_t *matrix,
                       uint32_t a, uint32_t b)
{
    if (a == GB_ROUTE_NONE || b == GB_ROUTE_NONE)
        return 0;
    return matrix[(size_t)a * m->n_stride + b];
}

static bool keeps_limits(const route_lean *s, const route_lean_route *route,
                         const route_lean_kind *kind, uint32_t a, uint32_t c,
                         uint32_t b)
{
    const route_lean_model *m = s->model;
    const uint32_t at = s->nodes[c].location, from = s->nodes[a].location;
    const uint32_t to = s->nodes[b].location;
    int64_t metres = 0, travel_s;

    travel_s = between(m, kind->seconds, from, at)
        + between(m, kind->seconds, at, to);
    if (kind->metres)
        metres = between(m, kind->metres, from, at)
            + between(m, kind->metres, at, to);
    if (route->n_clients) {
        travel_s -= between(m, kind->seconds, from, to);
        if (kind->metres)
            metres -= between(m, kind->metres, from, to);
    }
    return route->metres + metres <= kind->max_distance_m
        && route->travel_s + travel_s <= kind->max_travel_s;
}

/* With the times of the legs to and from client c; *more: of duration. */
INLINE bool is_in_time(const route_lean *s, uint32_t a, uint32_t c,
                       uint32_t b, int32_t to_s, int32_t on_s, int64_t *more)
{
    const route_lean_node *node = &s->nodes[c];
    int32_t start_s;

    if (s->to) {
        const route_lean_route *route = &s->routes[s->nodes[a].route];
        const route_lean_kind *kind = &s->model->kinds[route->kind];
        route_lean_piece piece;

        if (!route_lean_join(s->to[a], route_lean_piece_of(node), to_s,
                             &piece)
            || !route_lean_join(piece, s->from[b], on_s, &piece)
            || piece.duration_s > kind->max_duration_s)
            return false;
        *more = kind->duration_rate * piece.duration_s
            - route->duration_cost;
        return true;
    }
    start_s = s->nodes[a].first_s + s->nodes[a].service_s + to_s;
    if (start_s < node->early_s)
        start_s = node->early_s;
    return start_s <= node->late_s
        && start_s + node->service_s + on_s <= s->nodes[b].last_s;
}

/* --- one gap --- */

/* The gap after a, whatever the problem; the blink is the caller's. */
static bool fits(const route_lean *s, uint32_t a, uint32_t c, int64_t *cost)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes;
    const uint32_t b = nodes[a].next, r = nodes[a].route;
    const route_lean_route *route = &s->routes[r];
    const route_lean_kind *kind = &m->kinds[route->kind];
    const uint32_t at = nodes[c].location;
    int64_t more = 0;

    if (!is_reachable(m, kind, nodes[a].location, at)
        || !is_reachable(m, kind, at, nodes[b].location))
        return false;
    *cost = route_lean_leg(s, kind, nodes[a].location, at)
        + route_lean_leg(s, kind, at, nodes[b].location);
    if (route->n_clients)
        *cost -= route_lean_leg_on(s, a);
    else
        *cost += route_lean_fixed(s, kind);
    if (m->has_limits && !keeps_limits(s, route, kind, a, c, b))
        return false;
    if (m->has_time
        && !is_in_time(s, a, c, b,
                       route_lean_seconds(m, kind, nodes[a].location, at),
                       route_lean_seconds(m, kind, at, nodes[b].location),
                       &more))
        return false;
    *cost += more;
    return true;
}

static bool blinks(route_lean *s)
{
    if (--s->until_blink >= 0)
        return false;
    s->until_blink = (int32_t)(-log(1 - base_rng_unit(&s->rng))
                               * s->blink_mean);
    return true;
}

/* --- the gaps beside near clients --- */

/*
 * Who was out before the iteration found no gap in routes as they are; only
 * those that were changed are looked at.
 */
static bool was_idle(const route_lean *s, uint32_t c)
{
    return s->change[c] != 1 && !s->is_eager
        && s->nodes[c].n_musts == 0;
}

/*
 * How many units cost no less than the limit; any do where they are free.  No
 * gap costs MOST_UNITS, and no less do those of clients that are out.
 */
static int32_t in_units(int64_t limit, int64_t rate)
{
    int64_t units;

    if (rate == 0)
        return limit > 0 ? MOST_UNITS : -MOST_UNITS;
    units = limit / rate + (limit % rate > 0);
    if (units < -MOST_UNITS)
        return -MOST_UNITS;
    return units < MOST_UNITS ? (int32_t)units : MOST_UNITS;
}

/*
 * Of n near clients of c those beside whom there may be a gap for less than
 * `units`: with no branch to be foretold wrongly, for half of them go.
 */
INLINE uint32_t sift(const route_lean *s, uint32_t c,
                     const route_lean_near *near, uint32_t n, int32_t units,
                     bool is_idle, uint32_t *kept)
{
    const int64_t load = s->nodes[c].load;
    const int32_t half = (units + 1) >> 1;
    uint32_t n_kept = 0;

    for (uint32_t i = 0; i < n; i++) {
        const route_lean_seat seat = s->seats[near[i].client];
        const route_lean_room *room = &s->rooms[seat.route];

        kept[n_kept] = near[i].client;
        n_kept += (near[i].least - seat.reach < half) & (room->spare >= load)
            & (!is_idle | (room->stamp == s->stamp));
    }
    return n_kept;
}

/* The ways from the client to all places, and from them to it. */
typedef struct lean_rows {
    const int32_t *cost, *seconds, *cost_to, *seconds_to;
    size_t step; /* from one to the next of those to it */
    int64_t rate;
} lean_rows;

INLINE lean_rows rows_of(const route_lean *s, uint32_t c, bool is_symmetric)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = &m->kinds[0];
    const size_t at = s->nodes[c].location, row = at * m->n_stride;

    return (lean_rows){ .cost = kind->cost + row,
                        .seconds = kind->seconds + row,
                        .cost_to = kind->cost + (is_symmetric ? row : at),
                        .seconds_to = kind->seconds + (is_symmetric ? row : at),
                        .step = is_symmetric ? 1 : m->n_stride,
                        .rate = kind->rate + s->extra };
}

/* The gap between a and b, if it costs less than so many units; then: those. */
INLINE int32_t look_between(route_lean *s, uint32_t c, uint32_t a, uint32_t b,
                            const lean_rows *rows, int32_t units,
                            route_lean_gap *best, bool has_time)
{
    const route_lean_node *nodes = s->nodes;
    const size_t from = nodes[a].location * rows->step;
    const size_t on = nodes[b].location;
    const int32_t price = rows->cost_to[from] + rows->cost[on] - nodes[a].way;
    int64_t more;

    if (price >= units || blinks(s)
        || (has_time
            && !is_in_time(s, a, c, b, rows->seconds_to[from],
                           rows->seconds[on], &more)))
        return units;
    best->cost = price * rows->rate;
    best->after = a;
    return rows->rate ? price : -MOST_UNITS;
}

/*
 * Plain problems: everything is in the client's own row of the matrix, and in
 * its column where ways there and back differ.
 */
INLINE void look_near_plain(route_lean *s, uint32_t c, route_lean_gap *best,
                            bool has_time, bool is_symmetric)
{
    const route_lean_model *m = s->model;
    const lean_rows rows = rows_of(s, c, is_symmetric);
    const bool is_idle = was_idle(s, c);
    const uint32_t end = m->first_near[c + 1];
    uint32_t kept[SIFTED], n = SIFTED_FIRST;
    int32_t units = in_units(best->cost, rows.rate);

    s->priced += 2 * (uint64_t)(end - m->first_near[c]);
    for (uint32_t at = m->first_near[c]; at < end; at += n, n = SIFTED) {
        uint32_t n_kept;

        n = end - at < n ? end - at : n;
        n_kept = sift(s, c, &m->near[at], n, units, is_idle, kept);
        for (uint32_t i = 0; i < n_kept; i++) {
            const uint32_t a = kept[i];

            units = look_between(s, c, a, s->nodes[a].next, &rows, units, best,
                                 has_time);
            units = look_between(s, c, s->nodes[a].prev, a, &rows, units, best,
                                 has_time);
        }
    }
}

/*
 * Between clusters the way home passes by clients that are near to none of the
 * route: near lists never show these gaps.
 */
static void look_at_ends(route_lean *s, uint32_t c, route_lean_gap *best)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes;
    const int32_t *cost
        = m->kinds[0].cost + (size_t)nodes[c].location * m->n_stride;
    const int64_t rate = m->kinds[0].rate + s->extra;

    s->priced += 2 * (uint64_t)s->n_used;
    for (uint32_t i = 0; i < s->n_used; i++) {
        const uint32_t r = s->used[i], end = route_lean_end(m, r);

        if (!has_room(s, c, r, true))
            continue;
        for (uint32_t turn = 0; turn < 2; turn++) {
            const uint32_t a = turn ? nodes[end].prev : end - 1;
            const int64_t price
                = ((int64_t)cost[nodes[a].location]
                   + cost[nodes[nodes[a].next].location] - nodes[a].way)
                * rate;

            if (price < best->cost && !blinks(s)) {
                best->cost = price;
                best->after = a;
            }
        }
    }
}

/* best: one of each day, or a single one for all days. */
static void look_at(route_lean *s, uint32_t c, uint32_t a,
                    route_lean_gap *best, bool by_day)
{
    const uint32_t r = s->nodes[a].route;
    route_lean_gap *here = by_day ? &best[route_lean_kind_of(s, r)->day]
                                  : best;
    int64_t price;

    s->priced++;
    if (fits(s, a, c, &price) && price < here->cost && !blinks(s)) {
        here->cost = price;
        here->after = a;
    }
}

static void look_near(route_lean *s, uint32_t c, route_lean_gap *best,
                      bool by_day)
{
    const route_lean_model *m = s->model;
    const bool is_idle = was_idle(s, c);

    for (uint32_t i = m->first_near[c]; i < m->first_near[c + 1]; i++) {
        const uint32_t a = m->near[i].client;

        if (s->nodes[a].route == GB_ROUTE_NONE
            || (is_idle
                && s->rooms[s->nodes[a].route].stamp != s->stamp)
            || !has_room(s, c, s->nodes[a].route, false))
            continue;
        look_at(s, c, a, best, by_day);
        look_at(s, c, s->nodes[a].prev, best, by_day);
    }
}

/* Would c alone cost no less than the best, whichever vehicle went? */
static bool is_too_far(const route_lean *s, uint32_t c,
                       const route_lean_gap *best)
{
    const route_lean_model *m = s->model;
    const int64_t rate = m->kinds[0].rate + s->extra;

    return m->is_plain && m->is_symmetric && m->comes_home
        && 2 * rate * m->from_depot[c] >= best->cost;
}

static void look_at_empty(route_lean *s, uint32_t c, route_lean_gap *best,
                          bool by_day)
{
    const route_lean_model *m = s->model;

    if (!by_day && is_too_far(s, c, best))
        return;
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        uint32_t r;

        if (!s->n_free[k])
            continue;
        r = s->free[m->kinds[k].first_route + s->n_free[k] - 1];
        if (has_room(s, c, r, false))
            look_at(s, c, route_lean_start(m, r), best, by_day);
    }
}

static void look_everywhere(route_lean *s, uint32_t c, route_lean_gap *best,
                            bool by_day)
{
    for (uint32_t i = 0; i < s->n_used; i++) {
        const uint32_t r = s->used[i], end = route_lean_end(s->model, r);

        if (!has_room(s, c, r, false))
            continue;
        for (uint32_t a = route_lean_start(s->model, r); a != end;
             a = s->nodes[a].next)
            look_at(s, c, a, best, by_day);
    }
}

/* By the version for this kind of problem. */
static void look_beside_near(route_lean *s, uint32_t c, route_lean_gap *best)
{
    const route_lean_model *m = s->model;

    if (!m->is_plain)
        look_near(s, c, best, false);
    else if (m->has_time && m->is_symmetric)
        look_near_plain(s, c, best, true, true);
    else if (m->has_time)
        look_near_plain(s, c, best, true, false);
    else if (m->is_symmetric)
        look_near_plain(s, c, best, false, true);
    else
        look_near_plain(s, c, best, false, false);
    if (s->sees_ends && m->is_plain && m->is_symmetric && !m->has_time)
        look_at_ends(s, c, best);
}

static bool is_barred(const route_lean *s, uint32_t c)
{
    const route_data *data = s->model->data;

    if (data->n_groups == 0)
        return false;
    return data->clients[c].group != GB_ROUTE_NONE
        && s->served_of[data->clients[c].group] > 0;
}

route_lean_gap route_lean_best_gap(route_lean *s, uint32_t c, int64_t limit,
                                   bool is_thorough)
{
    route_lean_gap best = { GB_ROUTE_NONE, limit };

    if (is_barred(s, c))
        return best;
    if (is_thorough) {
        s->until_blink = INT32_MAX;
        look_everywhere(s, c, &best, false);
    } else {
        look_beside_near(s, c, &best);
    }
    if (best.after == GB_ROUTE_NONE)
        best.cost += s->bold;
    look_at_empty(s, c, &best, false);
    if (is_thorough)
        s->until_blink = 0;
    return best;
}

/* The plan costs after what it cost before and the price, to the unit. */
static void link_at_price(route_lean *s, uint32_t c,
                          const route_lean_gap *gap)
{
    const int64_t price = s->cost + gap->cost - s->nodes[c].worth;

    route_lean_link(s, c, gap->after);
    (void)price;
    assert(s->cost == price);
}

/* --- bundles: the cheapest pattern --- */

/* The pattern that gains most, or UINT32_MAX; each visit is worth `worth`. */
static uint32_t best_pattern(const route_data *data, uint32_t bundle,
                             uint32_t n_members, const route_lean_gap *best,
                             int64_t worth)
{
    uint32_t chosen = UINT32_MAX;
    int64_t least = 0;

    for (uint32_t i = data->first_pattern[bundle];
         i < data->first_pattern[bundle + 1]; i++) {
        int64_t cost = 0;
        uint32_t n = 0;

        for (uint64_t days = data->patterns[i]; days; days &= days - 1) {
            const route_lean_gap *gap = &best[__builtin_ctzll(days)];

            n++;
            cost += gap->after == GB_ROUTE_NONE ? NO_LIMIT : gap->cost - worth;
            if (cost >= NO_LIMIT / 2)
                break;
        }
        if (cost < least && n <= n_members) {
            least = cost;
            chosen = i;
        }
    }
    return chosen;
}

static bool insert_bundle(route_lean *s, uint32_t c, bool is_thorough)
{
    const route_data *data = s->model->data;
    const uint32_t bundle = data->clients[c].bundle;
    const uint32_t *members = &data->members[data->first_member[bundle]];
    const uint32_t n
        = data->first_member[bundle + 1] - data->first_member[bundle];
    route_lean_gap best[ROUTE_MOST_DAYS];
    uint32_t chosen, k = 0;

    for (uint32_t d = 0; d < ROUTE_MOST_DAYS; d++)
        best[d] = (route_lean_gap){ GB_ROUTE_NONE, NO_LIMIT };
    if (is_thorough) {
        s->until_blink = INT32_MAX;
        look_everywhere(s, c, best, true);
    } else {
        look_near(s, c, best, true);
    }
    look_at_empty(s, c, best, true);
    if (is_thorough)
        s->until_blink = 0;
    chosen = best_pattern(data, bundle, n, best, s->nodes[c].worth);
    if (chosen == UINT32_MAX)
        return false;
    for (uint64_t days = data->patterns[chosen]; days; days &= days - 1)
        link_at_price(s, members[k++], &best[__builtin_ctzll(days)]);
    return true;
}

bool route_lean_insert(route_lean *s, uint32_t c, bool is_thorough)
{
    const int64_t limit = s->nodes[c].worth + s->daring;
    const bool is_must = s->nodes[c].n_musts > 0;
    route_lean_gap gap;

    if (s->model->has_bundles
        && s->model->data->clients[c].bundle != GB_ROUTE_NONE)
        return insert_bundle(s, c, is_thorough)
            || (is_must && !is_thorough && insert_bundle(s, c, true));
    gap = route_lean_best_gap(s, c, limit, is_thorough);
    if (gap.after == GB_ROUTE_NONE && is_must && !is_thorough)
        gap = route_lean_best_gap(s, c, limit, true);
    if (gap.after == GB_ROUTE_NONE)
        return false;
    link_at_price(s, c, &gap);
    return true;
}

/* All gaps are looked at only where nothing else would do at any price. */
bool route_lean_insert_must(route_lean *s, uint32_t c, int64_t limit)
{
    const int64_t worth = s->nodes[c].worth;
    const bool is_full = s->n_used == s->model->n_routes;
    const int64_t most = limit < worth ? limit : worth;
    route_lean_gap gap = route_lean_best_gap(s, c, most, false);

    if (gap.after == GB_ROUTE_NONE && (limit >= worth || is_full))
        gap = route_lean_best_gap(s, c, most, true);
    if (gap.after == GB_ROUTE_NONE)
        return false;
    link_at_price(s, c, &gap);
    return true;
}

bool route_lean_can_follow(const route_lean *s, uint32_t a, uint32_t b,
                           int64_t *duration_cost)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = route_lean_kind_of(s, s->nodes[a].route);
    const uint32_t from = s->nodes[a].location, to = s->nodes[b].location;
    const int32_t t_s = route_lean_seconds(m, kind, from, to);

    *duration_cost = 0;
    if (t_s == GB_ROUTE_UNREACHABLE)
        return false;
    if (s->to) {
        route_lean_piece piece;

        if (!route_lean_join(s->to[a], s->from[b], t_s, &piece)
            || piece.duration_s > kind->max_duration_s)
            return false;
        *duration_cost = kind->duration_rate * piece.duration_s;
        return true;
    }
    return !m->has_time
        || s->nodes[a].first_s + s->nodes[a].service_s + t_s
            <= s->nodes[b].last_s;
}
