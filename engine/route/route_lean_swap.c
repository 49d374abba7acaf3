/*
 * route_lean_swap.c - a client who is out takes the place of one who is served.
 *
 * Where a route is full, the best that can be done to it is often to serve
 * another client instead; a ruin finds that too, but takes ten times as long.
 */
#include "route_lean.h"

#include "base_check.h"

/* What it costs to serve c instead of a, where all are of one matrix. */
static int64_t price_swap(const route_lean *s, uint32_t a, uint32_t c)
{
    const route_lean_node *nodes = s->nodes;
    const route_lean_kind *kind = route_lean_kind_of(s, nodes[a].route);
    const uint32_t before = nodes[a].prev, at = nodes[c].location;

    return route_lean_leg(s, kind, nodes[before].location, at)
        + route_lean_leg(s, kind, at, nodes[nodes[a].next].location)
        - route_lean_leg_on(s, before) - route_lean_leg_on(s, a)
        + nodes[a].worth - nodes[c].worth;
}

static bool swap_fits(const route_lean *s, uint32_t a, uint32_t c)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes, *node = &nodes[c];
    const route_lean_route *route = &s->routes[nodes[a].route];
    const route_lean_kind *kind = &m->kinds[route->kind];
    const route_lean_node *before = &nodes[nodes[a].prev];
    const route_lean_node *behind = &nodes[nodes[a].next];
    const int32_t to_s = route_lean_seconds(m, kind, before->location,
                                            node->location);
    const int32_t on_s = route_lean_seconds(m, kind, node->location,
                                            behind->location);
    int32_t start_s;

    if (route->load - nodes[a].load + node->load > kind->capacity[0])
        return false;
    if (!m->has_time)
        return true;
    if (s->to) {
        route_lean_piece piece;

        return route_lean_join(s->to[nodes[a].prev],
                               route_lean_piece_of(node), to_s, &piece)
            && route_lean_join(piece, s->from[nodes[a].next], on_s, &piece)
            && piece.duration_s <= kind->max_duration_s;
    }
    start_s = before->first_s + before->service_s + to_s;
    if (start_s < node->early_s)
        start_s = node->early_s;
    return start_s <= node->late_s
        && start_s + node->service_s + on_s <= behind->last_s;
}

/* May a go out for somebody? */
static bool may_go(const route_lean *s, uint32_t a)
{
    const route_client *client = &s->model->data->clients[a];

    return a < s->model->n_clients && s->nodes[a].route != GB_ROUTE_NONE
        && client->n_musts == 0 && client->bundle == GB_ROUTE_NONE
        && client->group == GB_ROUTE_NONE;
}

/* Whose place costs c least, below `limit`. */
static uint32_t find_place(route_lean *s, uint32_t c, int64_t limit)
{
    const route_lean_model *m = s->model;
    uint32_t best = GB_ROUTE_NONE;

    for (uint32_t i = m->first_near[c]; i < m->first_near[c + 1]; i++) {
        const uint32_t b = m->near[i].client;
        uint32_t places[3];

        if (s->nodes[b].route == GB_ROUTE_NONE)
            continue;
        places[0] = s->nodes[b].prev;
        places[1] = b;
        places[2] = s->nodes[b].next;
        s->priced += 3;
        for (uint32_t k = 0; k < 3; k++) {
            const uint32_t a = places[k];
            int64_t price;

            if (!may_go(s, a))
                continue;
            price = price_swap(s, a, c);
            if (price < limit && swap_fits(s, a, c)) {
                limit = price;
                best = a;
            }
        }
    }
    return best;
}

bool route_lean_try_swap(route_lean *s, uint32_t c, int64_t limit)
{
    const route_client *client = &s->model->data->clients[c];
    uint32_t a, before, behind;

    if (s->nodes[c].route != GB_ROUTE_NONE || client->bundle != GB_ROUTE_NONE
        || client->group != GB_ROUTE_NONE || !s->model->is_plain)
        return false;
    a = find_place(s, c, limit);
    if (a == GB_ROUTE_NONE)
        return false;
    before = s->nodes[a].prev;
    behind = s->nodes[a].next;
    route_lean_unlink(s, a, a);
    /* Neighbours go too where the way past a takes longer than that by it. */
    if (s->nodes[before].next == behind
        && (before >= s->model->n_clients
            || s->nodes[before].route != GB_ROUTE_NONE)
        && s->nodes[behind].prev == before)
        route_lean_link(s, c, before);
    s->is_eager = true;
    (void)route_lean_insert(s, a, false);
    return true;
}
