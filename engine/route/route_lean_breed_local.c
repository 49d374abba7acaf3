/*
 * route_lean_breed_local.c - see route_lean_breed.h.
 *
 * Each client u is tried beside each of its close ones v: it and the one after
 * it (x) move behind v, change places with v and the one after it (y), or
 * tails and middles are exchanged; the first gain is taken.  A pair is tried
 * again only after one of the two routes has changed.
 */
#include "base_check.h"
#include "route_lean_breed.h"

#define INLINE static inline __attribute__((always_inline))

enum { MOST_LOOPS = 10000 };

/* --- routes --- */

static uint32_t next_empty(const route_lean_breed *b, uint32_t r)
{
    while (r < b->n_routes && b->routes[r].n_clients)
        r++;
    return r;
}

/* The span of angles grows to hold one more. */
static void widen(breed_route *route, uint16_t angle)
{
    if ((uint16_t)(angle - route->from) <= (uint16_t)(route->to - route->from))
        return;
    if ((uint16_t)(angle - route->to) <= (uint16_t)(route->from - angle))
        route->to = angle;
    else
        route->from = angle;
}

void breed_refresh(route_lean_breed *b, uint32_t r)
{
    const uint32_t start = breed_start(b, r), end = start + 1;
    breed_route *route = &b->routes[r];
    uint32_t place = 0, a = start;
    int64_t load = 0, way = 0;

    for (;;) {
        const uint32_t next = b->stops[a].next;

        b->stops[a].route = r;
        b->stops[a].place = place++;
        load += b->stops[a].load;
        b->stops[a].load_to = load;
        if (a == end)
            break;
        if (a == b->stops[start].next)
            route->from = route->to = b->angle[a];
        else if (a != start)
            widen(route, b->angle[a]);
        b->stops[a].leg = breed_leg(b, a, next);
        way += b->stops[a].leg;
        a = next;
    }
    b->way += way - route->way;
    b->penalties += breed_penalty(b, load) - route->penalty;
    route->way = way;
    route->load = load;
    route->penalty = breed_penalty(b, load);
    route->n_clients = place - 2;
    route->changed = b->stamp;
    if (route->n_clients == 0 && r < b->first_empty)
        b->first_empty = r;
    else if (route->n_clients && r == b->first_empty)
        b->first_empty = next_empty(b, r);
}

/* --- moves --- */

typedef struct pair {
    uint32_t u, x, v, y, r, q;
    uint32_t before_u, after_x, before_v, after_y; /* locations */
    uint32_t at_u, at_x, at_v, at_y;
    const int32_t *row_u, *row_x, *row_v, *row_y;
    int64_t leg_pu, leg_ux, leg_x, leg_pv, leg_vy, leg_y;
    int64_t price; /* of the move that was made */
} pair;

INLINE void set_u(const route_lean_breed *b, pair *p, uint32_t u)
{
    const breed_stop *stop = &b->stops[u], *next = &b->stops[stop->next];

    p->u = u;
    p->x = stop->next;
    p->r = stop->route;
    p->at_u = stop->location;
    p->at_x = next->location;
    p->before_u = b->stops[stop->prev].location;
    p->after_x = b->stops[next->next].location;
    p->row_u = b->cost + p->at_u * b->n_stride;
    p->row_x = b->cost + p->at_x * b->n_stride;
    p->leg_pu = b->stops[stop->prev].leg;
    p->leg_ux = stop->leg;
    p->leg_x = next->leg; /* 0 for an end */
}

INLINE void set_v(const route_lean_breed *b, pair *p, uint32_t v)
{
    const breed_stop *stop = &b->stops[v], *next = &b->stops[stop->next];

    p->v = v;
    p->y = stop->next;
    p->q = stop->route;
    p->at_v = stop->location;
    p->at_y = next->location;
    p->before_v = b->stops[stop->prev].location;
    p->after_y = b->stops[next->next].location;
    p->row_v = b->cost + p->at_v * b->n_stride;
    p->row_y = b->cost + p->at_y * b->n_stride;
    p->leg_pv = b->stops[stop->prev].leg;
    p->leg_vy = stop->leg;
    p->leg_y = next->leg;
}

/* Does it pay, when r then carries `more` more and q so much less? */
INLINE bool pays(const route_lean_breed *b, pair *p, int64_t way,
                 int64_t more)
{
    const breed_route *r = &b->routes[p->r], *q = &b->routes[p->q];

    p->price = 1000 * way;
    if (p->r == p->q)
        return way < 0;
    if (p->price >= r->penalty + q->penalty)
        return false;
    p->price += breed_penalty(b, r->load + more)
        + breed_penalty(b, q->load - more) - r->penalty - q->penalty;
    return p->price < 0;
}

void breed_move(route_lean_breed *b, uint32_t u, uint32_t v)
{
    breed_stop *stops = b->stops;

    stops[stops[u].prev].next = stops[u].next;
    stops[stops[u].next].prev = stops[u].prev;
    stops[u].prev = v;
    stops[u].next = stops[v].next;
    stops[stops[v].next].prev = u;
    stops[v].next = u;
    stops[u].route = stops[v].route;
}

static void exchange(route_lean_breed *b, uint32_t u, uint32_t v)
{
    const uint32_t before = b->stops[u].prev;

    breed_move(b, u, v);
    breed_move(b, v, before);
}

/* u, or u and x, or x and u, behind v. */
INLINE bool try_move(route_lean_breed *b, pair *p)
{
    const int64_t load_u = b->stops[p->u].load;
    int64_t out, way;

    if (p->u == p->y)
        return false;
    way = p->row_x[p->before_u] - p->leg_pu - p->leg_ux + p->row_u[p->at_v]
        + p->row_u[p->at_y] - p->leg_vy;
    if (pays(b, p, way, -load_u)) {
        breed_move(b, p->u, p->v);
        return true;
    }
    if (p->x == p->v || p->x >= b->n)
        return false;
    out = b->cost[p->before_u * b->n_stride + p->after_x] - p->leg_pu
        - p->leg_x - p->leg_vy;
    way = out + p->row_u[p->at_v] + p->row_x[p->at_y];
    if (pays(b, p, way, -load_u - b->stops[p->x].load)) {
        breed_move(b, p->u, p->v);
        breed_move(b, p->x, p->u);
        return true;
    }
    way = out + p->row_x[p->at_v] + p->row_u[p->at_y];
    if (pays(b, p, way, -load_u - b->stops[p->x].load)) {
        breed_move(b, p->x, p->v);
        breed_move(b, p->u, p->x);
        return true;
    }
    return false;
}

/* u and v, or u and x and v, or u and x and v and y. */
INLINE bool try_exchange(route_lean_breed *b, pair *p)
{
    const uint32_t n = b->n;
    const int64_t load_u = b->stops[p->u].load;
    const int64_t load_v = b->stops[p->v].load;
    int64_t load_ux, way;

    if (p->v >= n || p->u == p->y)
        return false;
    if (p->u < p->v && p->x != p->v) {
        way = p->row_v[p->before_u] + p->row_v[p->at_x] - p->leg_pu
            - p->leg_ux + p->row_u[p->before_v] + p->row_u[p->at_y]
            - p->leg_pv - p->leg_vy;
        if (pays(b, p, way, load_v - load_u)) {
            exchange(b, p->u, p->v);
            return true;
        }
    }
    if (p->x >= n || p->x == p->v)
        return false;
    load_ux = load_u + b->stops[p->x].load;
    if (p->x != b->stops[p->v].prev) {
        way = p->row_v[p->before_u] + p->row_v[p->after_x] - p->leg_pu
            - p->leg_x + p->row_u[p->before_v] + p->row_x[p->at_y]
            - p->leg_pv - p->leg_vy;
        if (pays(b, p, way, load_v - load_ux)) {
            exchange(b, p->u, p->v);
            breed_move(b, p->x, p->u);
            return true;
        }
    }
    if (p->y >= n || p->u > p->v || p->y == b->stops[p->u].prev
        || p->v == b->stops[p->x].next)
        return false;
    way = p->row_v[p->before_u] + p->row_y[p->after_x] - p->leg_pu - p->leg_x
        + p->row_u[p->before_v] + p->row_x[p->after_y] - p->leg_pv - p->leg_y;
    if (!pays(b, p, way, load_v + b->stops[p->y].load - load_ux))
        return false;
    exchange(b, p->u, p->v);
    exchange(b, p->x, p->y);
    return true;
}

/* The clients from a up to z, in the same route, the other way round. */
static void reverse(route_lean_breed *b, uint32_t a, uint32_t z)
{
    breed_stop *stops = b->stops;
    const uint32_t before = stops[a].prev, behind = stops[z].next;
    uint32_t to = before;

    for (uint32_t c = z;;) {
        const uint32_t prev = stops[c].prev;

        stops[to].next = c;
        stops[c].prev = to;
        to = c;
        if (c == a)
            break;
        c = prev;
    }
    stops[to].next = behind;
    stops[behind].prev = to;
}

INLINE bool try_turn(route_lean_breed *b, pair *p)
{
    if (b->stops[p->u].place > b->stops[p->v].place || p->x == p->v
        || !pays(b, p,
                 p->row_u[p->at_v] + p->row_x[p->at_y] - p->leg_ux
                     - p->leg_vy,
                 0))
        return false;
    reverse(b, p->x, p->v);
    return true;
}

static void lay(route_lean_breed *b, uint32_t after, const uint32_t *clients,
                uint32_t n, uint32_t end)
{
    for (uint32_t i = 0; i < n; i++) {
        b->stops[after].next = clients[i];
        b->stops[clients[i]].prev = after;
        after = clients[i];
    }
    b->stops[after].next = end;
    b->stops[end].prev = after;
}

/* u goes on with y, v with x; or heads are joined, and tails. */
static void swap_tails(route_lean_breed *b, const pair *p, bool is_turned)
{
    const uint32_t r_end = breed_start(b, p->r) + 1;
    const uint32_t q_start = breed_start(b, p->q), q_end = q_start + 1;
    uint32_t *list = b->list, n_tail = 0, n_other = 0;

    for (uint32_t c = p->x; c < b->n; c = b->stops[c].next)
        list[n_tail++] = c;
    if (!is_turned) {
        for (uint32_t c = p->y; c < b->n; c = b->stops[c].next)
            list[n_tail + n_other++] = c;
        lay(b, p->u, list + n_tail, n_other, r_end);
        lay(b, p->v, list, n_tail, q_end);
        return;
    }
    for (uint32_t c = p->v; c < b->n; c = b->stops[c].prev)
        list[n_tail + n_other++] = c;
    for (uint32_t i = 0; i < n_tail / 2; i++) {
        const uint32_t c = list[i];

        list[i] = list[n_tail - 1 - i];
        list[n_tail - 1 - i] = c;
    }
    {
        const uint32_t y = p->y;

        lay(b, p->u, list + n_tail, n_other, r_end);
        if (n_tail) {
            lay(b, q_start, list, n_tail, y);
        } else {
            b->stops[q_start].next = y;
            b->stops[y].prev = q_start;
        }
    }
}

INLINE bool try_tails(route_lean_breed *b, pair *p)
{
    const int64_t head_u = b->stops[p->u].load_to;
    const int64_t head_v = b->stops[p->v].load_to;
    const int64_t gone = p->leg_ux + p->leg_vy;
    const int64_t load = b->routes[p->r].load, other = b->routes[p->q].load;

    if (pays(b, p, p->row_u[p->at_v] + p->row_x[p->at_y] - gone,
             head_u + head_v - load)) {
        swap_tails(b, p, true);
        return true;
    }
    if (pays(b, p, p->row_u[p->at_y] + p->row_x[p->at_v] - gone,
             head_u + other - head_v - load)) {
        swap_tails(b, p, false);
        return true;
    }
    return false;
}

/* Everything that brings u beside v; v may be the start of a route. */
INLINE bool try_pair(route_lean_breed *b, pair *p)
{
    b->priced += 8;
    if (try_move(b, p) || try_exchange(b, p))
        return true;
    return p->r == p->q ? p->v < b->n && try_turn(b, p) : try_tails(b, p);
}

/* --- descent --- */

/* After a move: what it cost is what it was to cost, to the unit. */
static bool settle(route_lean_breed *b, const pair *p)
{
    const int64_t price = 1000 * b->way + b->penalties + p->price;

    b->stamp++;
    breed_refresh(b, p->r);
    if (p->q != p->r)
        breed_refresh(b, p->q);
    assert(1000 * b->way + b->penalties == price);
    (void)price;
    return true;
}

static bool try_client(route_lean_breed *b, uint32_t u, uint32_t loop)
{
    const uint32_t tested = b->stops[u].tested;
    bool is_changed = false;
    pair p;

    b->stops[u].tested = b->stamp;
    set_u(b, &p, u);
    for (uint32_t i = b->first_close[u]; i < b->first_close[u + 1]; i++) {
        const uint32_t v = b->close[i];
        const breed_route *r = &b->routes[b->stops[u].route];
        const breed_route *q = &b->routes[b->stops[v].route];
        bool is_found;

        if (loop > 0 && r->changed <= tested && q->changed <= tested)
            continue;
        set_v(b, &p, v);
        is_found = try_pair(b, &p);
        if (!is_found && b->stops[v].prev >= b->n) {
            set_v(b, &p, b->stops[v].prev);
            is_found = try_pair(b, &p);
        }
        if (is_found) {
            is_changed = settle(b, &p);
            set_u(b, &p, u);
        }
    }
    if (loop > 0 && b->first_empty < b->n_routes) {
        set_v(b, &p, breed_start(b, b->first_empty));
        if (try_move(b, &p) || try_tails(b, &p))
            is_changed = settle(b, &p);
    }
    return is_changed;
}

static bool do_overlap(const breed_route *r, const breed_route *q)
{
    return (uint16_t)(q->from - r->from) <= (uint16_t)(r->to - r->from)
        || (uint16_t)(r->from - q->from) <= (uint16_t)(q->to - q->from);
}

static bool swap_all(route_lean_breed *b, uint32_t loop)
{
    bool is_changed = false;

    for (uint32_t i = 0; i < b->n_routes; i++) {
        const uint32_t r = b->route_order[i];
        breed_route *route = &b->routes[r];
        const uint32_t tested = route->swapped;

        if (!route->n_clients)
            continue;
        route->swapped = b->stamp;
        for (uint32_t k = 0; k < b->n_routes; k++) {
            const uint32_t q = b->route_order[k];
            const breed_route *other = &b->routes[q];

            if (q <= r || !other->n_clients || !route->n_clients
                || (loop > 0 && route->changed <= tested
                    && other->changed <= tested)
                || !do_overlap(route, other))
                continue;
            is_changed |= breed_swap_routes(b, r, q);
        }
    }
    return is_changed;
}

void breed_improve(route_lean_breed *b)
{
    bool is_changed = true;

    base_rng_shuffle(b->rng, b->order, b->n);
    base_rng_shuffle(b->rng, b->route_order, b->n_routes);
    for (uint32_t c = 0; c < b->n; c++)
        if (base_rng_below(b->rng, 20) == 0)
            base_rng_shuffle(b->rng, &b->close[b->first_close[c]],
                             b->first_close[c + 1] - b->first_close[c]);
    for (uint32_t loop = 0; loop < 2 || (is_changed && loop < MOST_LOOPS);
         loop++) {
        is_changed = false;
        for (uint32_t i = 0; i < b->n; i++)
            is_changed |= try_client(b, b->order[i], loop);
        is_changed |= swap_all(b, loop);
    }
}
