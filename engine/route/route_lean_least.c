/*
 * route_lean_least.c - what gaps beside near clients cost at least.
 *
 * To put c between a and the next, b, lengthens the way by
 * (a to c) + (c to b) - (a to b).  No b is there for which (c to b) + (a to b)
 * is less than some `least`, about the way from a to c where the matrix is
 * measured on a map; so the gap adds (a to c) + least - 2 (a to b) at least.
 * With one number a pair, the least over all b, and one a client, the longer
 * of the two ways beside it, the search passes by most near clients without
 * looking at their gaps.  It holds for any matrix: nothing is assumed of it.
 */
#include "route_lean.h"

/* From both of the rows on to the same place: the least of the sums. */
static int64_t least_on(const int32_t *a, const int32_t *c, size_t n)
{
    uint32_t least = UINT32_MAX;

    for (size_t b = 0; b < n; b++) {
        const uint32_t sum = (uint32_t)a[b] + (uint32_t)c[b];

        least = sum < least ? sum : least;
    }
    return least;
}

/* From the same place to both, a and c. */
static int64_t least_in(const int32_t *matrix, size_t a, size_t c, size_t n)
{
    uint32_t least = UINT32_MAX;

    for (size_t b = 0; b < n; b++) {
        const int32_t *row = matrix + b * n;
        const uint32_t sum = (uint32_t)row[a] + (uint32_t)row[c];

        least = sum < least ? sum : least;
    }
    return least;
}

static int32_t least_of(const route_lean_model *m, uint32_t a, uint32_t c)
{
    const int32_t *cost = m->kinds[0].cost;
    const size_t n = m->n_stride;
    const size_t at = m->data->clients[a].location;
    const size_t to = m->data->clients[c].location;
    const int64_t after
        = cost[at * n + to] + least_on(&cost[at * n], &cost[to * n], n);
    int64_t before = after;

    if (!m->is_symmetric)
        before = cost[to * n + at] + least_in(cost, at, to, n);
    return (int32_t)((after < before ? after : before) / 2);
}

void route_lean_find_least(route_lean_model *m)
{
    for (uint32_t c = 0; c < m->n_clients; c++)
        for (uint32_t i = m->first_near[c]; i < m->first_near[c + 1]; i++)
            m->near[i].least = least_of(m, m->near[i].client, c);
}
