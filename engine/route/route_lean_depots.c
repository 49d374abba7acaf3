/*
 * route_lean_depots.c - routes change their depots, or vehicles.
 *
 * Taking clients out and putting them back hardly ever moves a whole route to
 * another depot or to a vehicle of another kind: it would have to pass plans
 * that are much worse.  Here a route goes over as it is, to a vehicle that
 * stands still or in exchange for a neighbouring route.
 */
#include "route_lean.h"

#include "base_check.h"

enum { MOST_KINDS = 8, NEAR_ROUTES = 20 };

bool route_lean_are_alike(const route_lean_model *m, uint32_t k, uint32_t l)
{
    const route_lean_kind *a = &m->kinds[k], *b = &m->kinds[l];

    return a->cost == b->cost && a->seconds == b->seconds
        && a->rate == b->rate && a->seconds_rate == b->seconds_rate
        && a->duration_rate == b->duration_rate
        && a->max_clients == UINT32_MAX && b->max_clients == UINT32_MAX
        && (!m->has_bundles || a->day == b->day);
}

bool route_lean_may_all(const route_lean_model *m, const route_lean_node *nodes,
                        uint32_t a, uint32_t kind)
{
    const size_t word = kind / 64;

    for (; a < m->n_clients; a = nodes[a].next)
        if (!(m->may_serve[a * m->n_kind_words + word] >> (kind % 64) & 1))
            return false;
    return true;
}

bool route_lean_can_end(const route_lean *s, route_lean_piece piece,
                        uint32_t from, uint32_t b, uint32_t r,
                        int64_t *duration_cost)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = route_lean_kind_of(s, r);

    *duration_cost = 0;
    if (!m->has_time)
        return true;
    for (;; b = s->nodes[b].next) {
        const uint32_t at = b < m->n_clients ? b : route_lean_end(m, r);
        const route_lean_node *node = &s->nodes[at];
        const int32_t t_s
            = route_lean_seconds(m, kind, from, node->location);

        if (t_s == GB_ROUTE_UNREACHABLE
            || !route_lean_join(piece, route_lean_piece_of(node), t_s,
                                &piece))
            return false;
        from = node->location;
        if (at >= m->n_clients)
            break;
    }
    *duration_cost = kind->duration_rate * piece.duration_s;
    return piece.duration_s <= kind->max_duration_s;
}

/* What the ends of route r's way cost in route q of another kind. */
static bool price_in(const route_lean *s, uint32_t r, uint32_t q,
                     int64_t *cost)
{
    const route_lean_model *m = s->model;
    const route_lean_node *start = &s->nodes[route_lean_start(m, q)];
    const route_lean_kind *kind = route_lean_kind_of(s, q);
    const uint32_t first = s->nodes[route_lean_start(m, r)].next;
    const uint32_t last = s->nodes[route_lean_end(m, r)].prev;
    int64_t duration_cost;

    *cost = route_lean_fixed(s, kind)
        + route_lean_leg(s, kind, kind->start, s->nodes[first].location)
        + route_lean_leg(s, kind, s->nodes[last].location, kind->end);
    if ((m->n_loads && s->routes[r].load > kind->capacity[0])
        || !route_lean_may_all(m, s->nodes, first, s->routes[q].kind)
        || !route_lean_can_end(s, route_lean_piece_of(start), kind->start,
                               first, q, &duration_cost))
        return false;
    *cost += duration_cost;
    return true;
}

static int64_t price_now(const route_lean *s, uint32_t r)
{
    const route_lean_model *m = s->model;

    return route_lean_fixed(s, route_lean_kind_of(s, r))
        + route_lean_leg_on(s, route_lean_start(m, r))
        + route_lean_leg_on(s, s->nodes[route_lean_end(m, r)].prev)
        + s->routes[r].duration_cost;
}

static void exchange(route_lean *s, uint32_t r, uint32_t q)
{
    const uint32_t pair[2] = { r, q };
    uint32_t n[2] = { 0, 0 };
    uint32_t *list = s->pool;

    for (int k = 0; k < 2; k++) {
        const uint32_t start = route_lean_start(s->model, pair[k]);

        for (uint32_t a = s->nodes[start].next; a < s->model->n_clients;
             a = s->nodes[a].next)
            list[n[k]++] = a;
        if (n[k])
            route_lean_unlink(s, list[0], list[n[k] - 1]);
        list += n[k];
    }
    route_lean_put(s, q, s->pool, n[0]);
    route_lean_put(s, r, s->pool + n[0], n[1]);
}

bool route_lean_try_depots(route_lean *s, uint32_t c, int64_t limit)
{
    const route_lean_model *m = s->model;
    const uint32_t r = s->nodes[c].route;
    uint32_t other = GB_ROUTE_NONE, k, end = m->first_near[c] + NEAR_ROUTES;
    uint32_t last = GB_ROUTE_NONE;
    int64_t now;

    if (r == GB_ROUTE_NONE || m->n_kinds < 2 || m->n_loads > 1
        || m->has_limits)
        return false;
    now = price_now(s, r);
    k = (uint32_t)base_rng_below(&s->rng, m->n_kinds);
    for (uint32_t i = 0; i < m->n_kinds && i < MOST_KINDS; i++) {
        int64_t there;
        uint32_t q;

        k = k + 1 < m->n_kinds ? k + 1 : 0;
        if (k == s->routes[r].kind || !s->n_free[k]
            || !route_lean_are_alike(m, k, s->routes[r].kind))
            continue;
        q = s->free[m->kinds[k].first_route + s->n_free[k] - 1];
        s->priced++;
        if (price_in(s, r, q, &there) && there - now < limit) {
            limit = there - now;
            other = q;
        }
    }
    if (end > m->first_near[c + 1])
        end = m->first_near[c + 1];
    for (uint32_t i = m->first_near[c]; i < end; i++) {
        const uint32_t q = s->nodes[m->near[i].client].route;
        int64_t there, here;

        if (q == GB_ROUTE_NONE || q == r || q == last
            || s->routes[q].kind == s->routes[r].kind
            || !route_lean_are_alike(m, s->routes[q].kind, s->routes[r].kind))
            continue;
        last = q;
        s->priced++;
        if (price_in(s, r, q, &there) && price_in(s, q, r, &here)
            && there + here - now - price_now(s, q) < limit) {
            limit = there + here - now - price_now(s, q);
            other = q;
        }
    }
    if (other == GB_ROUTE_NONE)
        return false;
    limit += s->cost;
    exchange(s, r, other);
    assert(s->cost == limit);
    return true;
}
