/*
 * route_lean_links.c - clients go in and out, tails are exchanged; what a route
 * costs and when its stops are follow.
 */
#include "route_lean.h"

#include "base_check.h"

/* --- times --- */

/* Bring what is known of node a and those after it up to date. */
static void walk_on(route_lean *s, uint32_t a)
{
    route_lean_node *nodes = s->nodes;

    for (;; a = nodes[a].next) {
        const uint32_t p = nodes[a].prev;
        const int32_t t_s = nodes[p].travel_s;

        if (s->to) {
            route_lean_piece piece = { 0, 0, 0 };

            if (!route_lean_join(s->to[p], route_lean_piece_of(&nodes[a]),
                                 t_s, &piece))
                assert(0 && "a route that is late");
            s->to[a] = piece;
        } else {
            int32_t first_s = nodes[p].first_s + nodes[p].service_s + t_s;

            if (first_s < nodes[a].early_s)
                first_s = nodes[a].early_s;
            if (first_s == nodes[a].first_s)
                return;
            nodes[a].first_s = first_s;
        }
        if (a >= s->model->n_clients)
            return;
    }
}

static void walk_back(route_lean *s, uint32_t a)
{
    route_lean_node *nodes = s->nodes;

    for (;; a = nodes[a].prev) {
        const uint32_t q = nodes[a].next;
        const int32_t t_s = nodes[a].travel_s;

        if (s->from) {
            route_lean_piece piece = { 0, 0, 0 };

            if (!route_lean_join(route_lean_piece_of(&nodes[a]), s->from[q],
                                 t_s, &piece))
                assert(0 && "a route that is late");
            s->from[a] = piece;
        } else {
            int32_t last_s = nodes[q].last_s - t_s - nodes[a].service_s;

            if (last_s > nodes[a].late_s)
                last_s = nodes[a].late_s;
            if (last_s == nodes[a].last_s)
                return;
            nodes[a].last_s = last_s;
        }
        if (a >= s->model->n_clients)
            return;
    }
}

/* Durations are known at the end. */
static void price_duration(route_lean *s, uint32_t r)
{
    const route_lean_kind *kind = route_lean_kind_of(s, r);
    route_lean_route *route = &s->routes[r];
    int64_t cost = 0;

    if (!kind->duration_rate)
        return;
    if (route->n_clients)
        cost = kind->duration_rate
            * s->to[route_lean_end(s->model, r)].duration_s;
    s->cost += cost - route->duration_cost;
    route->duration_cost = cost;
}

/* --- links --- */

/* What a leg adds to the sums of a route that is limited, or takes. */
static void count_limits(route_lean *s, uint32_t r, uint32_t a, uint32_t b,
                         int sign)
{
    const route_lean_kind *kind = route_lean_kind_of(s, r);
    size_t i;

    if (!s->model->has_limits || a == GB_ROUTE_NONE || b == GB_ROUTE_NONE)
        return;
    i = (size_t)a * s->model->n_stride + b;
    s->routes[r].metres += kind->metres ? sign * kind->metres[i] : 0;
    s->routes[r].travel_s += sign * kind->seconds[i];
}

static void count_leg(route_lean *s, uint32_t a, int sign)
{
    const route_lean_node *node = &s->nodes[a];

    s->cost += sign * route_lean_leg_on(s, a);
    if (s->extra)
        s->units += sign * (int64_t)node->way;
    count_limits(s, node->route, node->location,
                 s->nodes[node->next].location, sign);
}

/* The ways beside a are known. */
static void set_seat(route_lean *s, uint32_t a)
{
    const int32_t in = s->nodes[s->nodes[a].prev].way, on = s->nodes[a].way;

    if (a < s->model->n_clients)
        s->seats[a]
            = (route_lean_seat){ in > on ? in : on, s->nodes[a].route };
}

/*
 * The leg from a to its next, made anew.  Where a matrix is symmetric it is
 * also in the row of the next one, which is at hand if that has just been
 * inserted.
 */
static void make_leg(route_lean *s, uint32_t a, bool is_next_at_hand)
{
    const route_lean_model *m = s->model;
    route_lean_node *node = &s->nodes[a];
    const route_lean_kind *kind = route_lean_kind_of(s, node->route);
    const size_t from = node->location, to = s->nodes[node->next].location;
    const size_t i = is_next_at_hand && m->is_symmetric
        ? to * m->n_stride + from
        : from * m->n_stride + to;

    node->way = node->travel_s = 0;
    if (from != GB_ROUTE_NONE && to != GB_ROUTE_NONE) {
        node->way = kind->cost[i];
        if (m->has_time || kind->seconds_rate)
            node->travel_s = kind->seconds[i];
    }
    set_seat(s, a);
    set_seat(s, node->next);
    count_leg(s, a, 1);
}

static void drop_leg(route_lean *s, uint32_t a)
{
    if (s->routes[s->nodes[a].route].n_clients > 0)
        count_leg(s, a, -1);
}

static void add_loads(route_lean *s, uint32_t r, uint32_t c, int sign)
{
    const uint32_t n_loads = s->model->n_loads;

    s->routes[r].load += sign * s->nodes[c].load;
    s->rooms[r].spare -= sign * s->nodes[c].load;
    for (uint32_t d = 1; d < n_loads; d++)
        s->route_loads[(size_t)r * n_loads + d]
            += sign * s->model->loads[(size_t)c * n_loads + d];
}

void route_lean_link(route_lean *s, uint32_t c, uint32_t after)
{
    route_lean_node *nodes = s->nodes;
    const uint32_t r = nodes[after].route, next = nodes[after].next;

    route_lean_note_route(s, r);
    route_lean_note_client(s, c);
    route_lean_set_in(s, c);
    drop_leg(s, after);
    if (s->routes[r].n_clients++ == 0) {
        route_lean_set_used(s, r);
        s->cost += route_lean_fixed(s, route_lean_kind_of(s, r));
    }
    add_loads(s, r, c, 1);
    nodes[c].route = r;
    nodes[c].prev = after;
    nodes[c].next = next;
    nodes[after].next = c;
    nodes[next].prev = c;
    make_leg(s, after, true);
    make_leg(s, c, false);
    s->cost -= nodes[c].worth;
    if (s->model->has_time) {
        nodes[c].first_s = nodes[c].last_s = INT32_MIN;
        walk_on(s, c);
        walk_back(s, c);
        if (s->to)
            price_duration(s, r);
    }
}

/* What an empty route is. */
static void empty(route_lean *s, uint32_t r)
{
    const uint32_t start = route_lean_start(s->model, r);

    s->nodes[start].way = s->nodes[start].travel_s = 0;
    s->cost -= route_lean_fixed(s, route_lean_kind_of(s, r));
    route_lean_set_free(s, r);
}

/*
 * Matrices need not obey the triangle inequality, and truncated ones do not:
 * the way past a client can take longer than the way by it.  Then neighbours
 * go as well.
 */
static void widen(const route_lean *s, uint32_t *first, uint32_t *last)
{
    const route_lean_node *nodes = s->nodes;
    const uint32_t n = s->model->n_clients;
    int64_t cost;

    for (;;) {
        const uint32_t before = nodes[*first].prev;
        const uint32_t behind = nodes[*last].next;

        if ((before >= n && behind >= n)
            || route_lean_can_follow(s, before, behind, &cost))
            return;
        if (behind < n)
            *last = behind;
        else
            *first = before;
    }
}

static void take_out(route_lean *s, uint32_t first, uint32_t last)
{
    route_lean_node *nodes = s->nodes;
    const uint32_t r = nodes[first].route;
    const uint32_t before = nodes[first].prev, behind = nodes[last].next;

    route_lean_note_route(s, r);
    drop_leg(s, before);
    for (uint32_t c = first, next;; c = next) {
        next = nodes[c].next;
        route_lean_note_client(s, c);
        drop_leg(s, c);
        s->cost += nodes[c].worth;
        add_loads(s, r, c, -1);
        route_lean_set_out(s, c);
        if (c == last)
            break;
    }
    nodes[before].next = behind;
    nodes[behind].prev = before;
    for (uint32_t c = first; c != behind; c = nodes[c].next)
        s->routes[r].n_clients--;
    if (s->routes[r].n_clients)
        make_leg(s, before, false);
    else
        empty(s, r);
    if (s->model->has_time) {
        if (s->routes[r].n_clients) {
            walk_on(s, behind);
            walk_back(s, before);
        } else if (s->to) {
            route_lean_node *end = &nodes[behind];

            s->to[behind] = s->from[behind] = route_lean_piece_of(end);
            s->from[before] = s->to[before];
        }
        if (s->to)
            price_duration(s, r);
    }
}

void route_lean_unlink(route_lean *s, uint32_t first, uint32_t last)
{
    const uint32_t r = s->nodes[first].route;

    if (s->model->has_time)
        widen(s, &first, &last);
    take_out(s, first, last);
    if (s->model->has_limits && s->routes[r].n_clients
        && (s->routes[r].metres > route_lean_kind_of(s, r)->max_distance_m
            || s->routes[r].travel_s
                   > route_lean_kind_of(s, r)->max_travel_s))
        take_out(s, s->nodes[route_lean_start(s->model, r)].next,
               s->nodes[route_lean_end(s->model, r)].prev);
}

/* Give the clients from a on to route r. */
static uint32_t give_tail(route_lean *s, uint32_t a, uint32_t r)
{
    uint32_t n = 0;

    for (; a < s->model->n_clients; a = s->nodes[a].next) {
        const uint32_t next = s->nodes[a].next, old = s->nodes[a].route;

        add_loads(s, old, a, -1);
        add_loads(s, r, a, 1);
        if (s->model->has_limits && next < s->model->n_clients) {
            const uint32_t from = s->nodes[a].location;

            count_limits(s, old, from, s->nodes[next].location, -1);
            count_limits(s, r, from, s->nodes[next].location, 1);
        }
        s->nodes[a].route = s->seats[a].route = r;
        n++;
    }
    return n;
}

static void hang(route_lean *s, uint32_t a, uint32_t first, uint32_t last,
                 uint32_t end)
{
    if (first < s->model->n_clients) {
        s->nodes[a].next = first;
        s->nodes[first].prev = a;
        s->nodes[last].next = end;
        s->nodes[end].prev = last;
    } else {
        s->nodes[a].next = end;
        s->nodes[end].prev = a;
    }
}

/* All that is known of a route's times, from one end to the other. */
static void walk_all(route_lean *s, uint32_t r)
{
    const uint32_t start = route_lean_start(s->model, r);
    const uint32_t end = start + 1;

    if (!s->routes[r].n_clients) {
        if (s->to) {
            s->to[end] = s->from[end] = route_lean_piece_of(&s->nodes[end]);
            s->from[start] = s->to[start];
            price_duration(s, r);
        }
        return;
    }
    for (uint32_t a = s->nodes[start].next;; a = s->nodes[a].next) {
        s->nodes[a].first_s = INT32_MIN;
        if (a == end)
            break;
    }
    walk_on(s, s->nodes[start].next);
    for (uint32_t a = s->nodes[end].prev;; a = s->nodes[a].prev) {
        s->nodes[a].last_s = INT32_MIN;
        if (a == start)
            break;
    }
    walk_back(s, s->nodes[end].prev);
    if (s->to)
        price_duration(s, r);
}

void route_lean_swap_tails(route_lean *s, uint32_t a, uint32_t b)
{
    route_lean_node *nodes = s->nodes;
    const uint32_t r = nodes[a].route, q = nodes[b].route;
    const uint32_t r_end = route_lean_end(s->model, r);
    const uint32_t q_end = route_lean_end(s->model, q);
    const uint32_t a_first = nodes[a].next, b_first = nodes[b].next;
    const uint32_t a_last = nodes[r_end].prev, b_last = nodes[q_end].prev;
    const bool r_was_used = s->routes[r].n_clients > 0;
    const bool q_was_used = s->routes[q].n_clients > 0;
    uint32_t n_a, n_b;

    route_lean_note_route(s, r);
    route_lean_note_route(s, q);
    drop_leg(s, a);
    drop_leg(s, b);
    if (a_first < s->model->n_clients)
        drop_leg(s, a_last);
    if (b_first < s->model->n_clients)
        drop_leg(s, b_last);
    n_a = give_tail(s, a_first, q);
    n_b = give_tail(s, b_first, r);
    hang(s, a, b_first, b_last, r_end);
    hang(s, b, a_first, a_last, q_end);
    s->routes[r].n_clients += n_b - n_a;
    s->routes[q].n_clients += n_a - n_b;
    for (uint32_t k = 0; k < 2; k++) {
        const uint32_t x = k ? q : r, head = k ? b : a;
        const uint32_t last = k ? a_last : b_last;
        const uint32_t tail = k ? a_first : b_first;
        const bool was_used = k ? q_was_used : r_was_used;

        if (s->routes[x].n_clients && !was_used) {
            route_lean_set_used(s, x);
            s->cost += route_lean_fixed(s, route_lean_kind_of(s, x));
        }
        if (!s->routes[x].n_clients) {
            if (was_used)
                empty(s, x);
            continue;
        }
        make_leg(s, head, false);
        if (tail < s->model->n_clients)
            make_leg(s, last, false);
    }
    if (s->model->has_time) {
        walk_all(s, r);
        walk_all(s, q);
    }
}

/* --- prices, whole routes --- */

void route_lean_reprice(route_lean *s, int64_t extra, int64_t must_price)
{
    const route_lean_model *m = s->model;

    s->extra = extra;
    s->must_price = must_price;
    s->cost = s->units = s->raised = 0;
    for (uint32_t c = 0; c < m->n_clients; c++)
        s->nodes[c].worth = route_lean_worth(s, c);
    for (uint32_t i = 0; i < s->n_used; i++) {
        const uint32_t r = s->used[i], end = route_lean_end(m, r);

        s->cost += route_lean_fixed(s, route_lean_kind_of(s, r))
            + s->routes[r].duration_cost;
        s->routes[r].metres = s->routes[r].travel_s = 0;
        for (uint32_t a = route_lean_start(m, r); a != end;
             a = s->nodes[a].next) {
            make_leg(s, a, false);
            if (a < m->n_clients)
                s->cost -= s->nodes[a].worth;
        }
    }
}

void route_lean_take_all_out(route_lean *s)
{
    while (s->n_used > 0) {
        const uint32_t r = s->used[s->n_used - 1];

        route_lean_unlink(s, s->nodes[route_lean_start(s->model, r)].next,
                          s->nodes[route_lean_end(s->model, r)].prev);
    }
}

/* At one stroke: a part of a route may be late where the whole is not. */
void route_lean_put(route_lean *s, uint32_t r, const uint32_t *clients,
                    uint32_t n)
{
    const uint32_t start = route_lean_start(s->model, r), end = start + 1;
    route_lean_node *nodes = s->nodes;
    uint32_t before = start;

    if (n == 0)
        return;
    route_lean_note_route(s, r);
    route_lean_set_used(s, r);
    s->cost += route_lean_fixed(s, route_lean_kind_of(s, r));
    s->routes[r].n_clients = n;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t c = clients[i];

        route_lean_note_client(s, c);
        route_lean_set_in(s, c);
        add_loads(s, r, c, 1);
        s->cost -= nodes[c].worth;
        nodes[c].route = r;
        nodes[c].prev = before;
        nodes[before].next = c;
        before = c;
    }
    nodes[before].next = end;
    nodes[end].prev = before;
    for (uint32_t a = start; a != end; a = nodes[a].next)
        make_leg(s, a, false);
    if (s->model->has_time)
        walk_all(s, r);
}

void route_lean_return_to(route_lean *s, const uint32_t *next)
{
    route_lean_open(s);
    route_lean_take_all_out(s);
    for (uint32_t r = 0; r < s->model->n_routes; r++) {
        const uint32_t end = route_lean_end(s->model, r);
        uint32_t n = 0;

        for (uint32_t a = next[route_lean_start(s->model, r)]; a != end;
             a = next[a])
            s->pool[n++] = a;
        route_lean_put(s, r, s->pool, n);
    }
    route_lean_keep(s);
}
