/*
 * route_lean_breed_swap.c - see route_lean_breed.h.
 *
 * Two clients of two routes change places, but each goes where it is best in
 * the other route, not where the other was (T. Vidal, 2022, section 4: SWAP*).
 * The three best gaps of a route for a client hold until the route changes:
 * one of them is not beside the client that goes.
 */
#include "base_check.h"
#include "route_lean_breed.h"

/* --- gaps --- */

static void offer_gap(breed_gaps *gaps, int64_t cost, uint32_t after)
{
    uint32_t i = 2;

    if (cost >= gaps->cost[2])
        return;
    for (; i > 0 && cost < gaps->cost[i - 1]; i--) {
        gaps->cost[i] = gaps->cost[i - 1];
        gaps->after[i] = gaps->after[i - 1];
    }
    gaps->cost[i] = cost;
    gaps->after[i] = after;
}

static breed_gaps *gaps_of(route_lean_breed *b, uint32_t c, uint32_t r)
{
    return &b->gaps[(size_t)r * b->n + c];
}

/* For all clients of r: what taking it out gains, and its gaps in q. */
static void look(route_lean_breed *b, uint32_t r, uint32_t q)
{
    breed_stop *stops = b->stops;
    const uint32_t q_end = breed_start(b, q) + 1;

    for (uint32_t u = stops[breed_start(b, r)].next; u < b->n;
         u = stops[u].next) {
        breed_gaps *gaps = gaps_of(b, u, q);
        const int32_t *row
            = b->cost + (size_t)stops[u].location * b->n_stride;
        int64_t to = row[b->depot];

        stops[u].gain = stops[stops[u].prev].leg + stops[u].leg
            - breed_leg(b, stops[u].prev, stops[u].next);
        if (gaps->stamp > b->routes[q].changed)
            continue;
        gaps->stamp = b->stamp + 1;
        gaps->cost[0] = gaps->cost[1] = gaps->cost[2] = INT64_MAX;
        gaps->after[0] = gaps->after[1] = gaps->after[2] = GB_ROUTE_NONE;
        b->priced += b->routes[q].n_clients + 1;
        for (uint32_t a = q_end - 1; a != q_end; a = stops[a].next) {
            const int64_t on = row[stops[stops[a].next].location];

            offer_gap(gaps, to + on - stops[a].leg, a);
            to = on;
        }
    }
}

/* Where u goes when v leaves its route. */
static int64_t best_without(route_lean_breed *b, uint32_t u, uint32_t v,
                            uint32_t *after)
{
    const breed_stop *stops = b->stops;
    const breed_gaps *gaps = gaps_of(b, u, stops[v].route);
    const uint32_t before = stops[v].prev;
    const int32_t *row = b->cost + (size_t)stops[u].location * b->n_stride;
    int64_t best = row[stops[before].location]
        + row[stops[stops[v].next].location]
        - breed_leg(b, before, stops[v].next);

    *after = before;
    for (uint32_t i = 0; i < 3; i++)
        if (gaps->after[i] != v && gaps->after[i] != before) {
            if (gaps->after[i] != GB_ROUTE_NONE && gaps->cost[i] < best) {
                best = gaps->cost[i];
                *after = gaps->after[i];
            }
            break;
        }
    return best;
}

/* --- exchanges --- */

typedef struct best_swap {
    int64_t price;
    uint32_t u, v, after_u, after_v; /* GB_ROUTE_NONE: stays */
} best_swap;

/* One client goes over, none comes. */
static void try_over(route_lean_breed *b, uint32_t r, uint32_t q,
                     best_swap *best, bool is_first)
{
    const breed_route *mine = &b->routes[r], *other = &b->routes[q];

    for (uint32_t u = b->stops[breed_start(b, r)].next; u < b->n;
         u = b->stops[u].next) {
        const breed_gaps *gaps = gaps_of(b, u, q);
        const int64_t load = b->stops[u].load;
        const int64_t price = 1000 * (gaps->cost[0] - b->stops[u].gain)
            + breed_penalty(b, mine->load - load) - mine->penalty
            + breed_penalty(b, other->load + load) - other->penalty;

        if (price < best->price)
            *best = is_first
                ? (best_swap){ price, u, GB_ROUTE_NONE, gaps->after[0], 0 }
                : (best_swap){ price, GB_ROUTE_NONE, u, 0, gaps->after[0] };
    }
}

static void try_swaps(route_lean_breed *b, uint32_t r, uint32_t q,
                      best_swap *best)
{
    const breed_stop *stops = b->stops;
    const breed_route *mine = &b->routes[r], *other = &b->routes[q];
    const int64_t penalties = mine->penalty + other->penalty;

    for (uint32_t u = stops[breed_start(b, r)].next; u < b->n;
         u = stops[u].next)
        for (uint32_t v = stops[breed_start(b, q)].next; v < b->n;
             v = stops[v].next) {
            const int64_t more = stops[v].load - stops[u].load;
            const int64_t change = breed_penalty(b, mine->load + more)
                + breed_penalty(b, other->load - more) - penalties;
            uint32_t after_u, after_v;
            int64_t price;

            if (change - 1000 * (stops[u].gain + stops[v].gain) > 0)
                continue;
            price = change
                + 1000
                    * (best_without(b, u, v, &after_u) - stops[u].gain
                       + best_without(b, v, u, &after_v) - stops[v].gain);
            if (price < best->price)
                *best = (best_swap){ price, u, v, after_u, after_v };
        }
}

bool breed_swap_routes(route_lean_breed *b, uint32_t r, uint32_t q)
{
    best_swap best = { 0, GB_ROUTE_NONE, GB_ROUTE_NONE, 0, 0 };
    const int64_t before = 1000 * b->way + b->penalties;

    b->priced += b->routes[r].n_clients * b->routes[q].n_clients;
    look(b, r, q);
    look(b, q, r);
    try_swaps(b, r, q, &best);
    try_over(b, r, q, &best, true);
    try_over(b, q, r, &best, false);
    if (best.price >= 0)
        return false;
    if (best.u != GB_ROUTE_NONE)
        breed_move(b, best.u, best.after_u);
    if (best.v != GB_ROUTE_NONE)
        breed_move(b, best.v, best.after_v);
    b->stamp++;
    breed_refresh(b, r);
    breed_refresh(b, q);
    assert(1000 * b->way + b->penalties == before + best.price);
    (void)before;
    return true;
}
