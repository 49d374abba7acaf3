/*
 * score_network_paths.c - the sum over paths of score_network.h.
 */
#include "score_network.h"

#include <math.h>
#include <stdlib.h>

#include "base_array.h"
#include "score_kernel.h"

/* A path that has come to a node by a street. */
typedef struct arrival {
    uint32_t node, edge;
    double distance_m, share;
} arrival;

typedef struct walker {
    const score_network *n;
    uint32_t *first_edge; /* of a node, in `edges` */
    uint32_t *edges;
    uint32_t *first_at;   /* of an edge, in `order` */
    uint32_t *order;      /* places by edge */
    BASE_ARRAY(arrival) open;
    uint64_t n_looks;     /* at streets, along all paths so far */
} walker;

/* Their number doubles with each junction within the radius: a town's blocks
 * of 50 m and a radius of 300 m would keep a machine for days. */
static const uint64_t MOST_LOOKS = 1000000000;

/* Places of buckets: first[k] to first[k + 1] of the list are those of k. */
static void sum_up(uint32_t *first, size_t n)
{
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
}

static void shift_back(uint32_t *first, size_t n)
{
    for (size_t i = n; i > 0; i--)
        first[i] = first[i - 1];
    first[0] = 0;
}

static gb_status index_streets(base_run *run, walker *w)
{
    const gb_streets *s = w->n->streets;

    w->first_edge = base_alloc_zeroed(run->mem, s->n_nodes + 1,
                                      sizeof *w->first_edge);
    w->edges = base_alloc_array(run->mem, s->n_edges, 2 * sizeof *w->edges);
    w->first_at = base_alloc_zeroed(run->mem, s->n_edges + 1,
                                    sizeof *w->first_at);
    w->order = base_alloc_array(run->mem, w->n->n_at, sizeof *w->order);
    if (!w->first_edge || !w->edges || !w->first_at || !w->order)
        return base_fail_nomem(run->ctx);
    for (size_t e = 0; e < s->n_edges; e++) {
        w->first_edge[s->from[e] + 1]++;
        w->first_edge[s->to[e] + 1]++;
    }
    sum_up(w->first_edge, s->n_nodes);
    for (uint32_t e = 0; e < s->n_edges; e++) {
        w->edges[w->first_edge[s->from[e]]++] = e;
        w->edges[w->first_edge[s->to[e]]++] = e;
    }
    shift_back(w->first_edge, s->n_nodes);
    for (size_t i = 0; i < w->n->n_at; i++)
        w->first_at[w->n->at[i].edge + 1]++;
    sum_up(w->first_at, s->n_edges);
    for (uint32_t i = 0; i < w->n->n_at; i++)
        w->order[w->first_at[w->n->at[i].edge]++] = i;
    shift_back(w->first_at, s->n_edges);
    return GB_OK;
}

/* Add the kernel to the places of an edge, `ahead_m` from one of its ends. */
static void add_edge(const walker *w, uint32_t edge, bool is_forward,
                     double ahead_m, double weight)
{
    const score_network *n = w->n;
    const double length_m = n->streets->length_m[edge];

    for (uint32_t i = w->first_at[edge]; i < w->first_at[edge + 1]; i++) {
        const double along_m = n->at[w->order[i]].along_m;
        const double d = ahead_m + (is_forward ? along_m
                                               : length_m - along_m);

        n->values[w->order[i]]
            += weight * score_kernel_shape(n->kernel, n->radius_m, d * d);
    }
}

/* Go on from a node into all its streets. */
static gb_status go_on(base_run *run, walker *w, arrival a, double weight)
{
    const gb_streets *s = w->n->streets;
    const uint32_t from = w->first_edge[a.node];
    const uint32_t to = w->first_edge[a.node + 1];
    const double share = 2.0 / (to - from);

    w->n_looks += to - from;
    if (w->n_looks > MOST_LOOKS)
        return base_fail(run->ctx, GB_ERR_ARGUMENT,
                         "too many paths within the radius: the Gaussian does "
                         "not mind, or a smaller radius will do");
    for (uint32_t i = from; i < to; i++) {
        const uint32_t edge = w->edges[i];
        const bool is_forward = s->from[edge] == a.node;
        arrival next = { is_forward ? s->to[edge] : s->from[edge], edge,
                         a.distance_m + s->length_m[edge],
                         a.share * (edge == a.edge ? share - 1 : share) };

        if (!(fabs(next.share) > 0))
            continue;
        add_edge(w, edge, is_forward, a.distance_m, weight * next.share);
        if (next.distance_m < w->n->radius_m
            && !base_array_push(run->mem, &w->open, next))
            return base_fail_nomem(run->ctx);
    }
    return base_poll(run);
}

static gb_status spread_point(base_run *run, walker *w, size_t i)
{
    const score_network *n = w->n;
    const gb_streets *s = n->streets;
    const gb_street_place *p = &n->points[i];
    const double left_m = s->length_m[p->edge] - p->along_m;
    gb_status status = GB_OK;

    for (uint32_t k = w->first_at[p->edge]; k < w->first_at[p->edge + 1];
         k++) {
        const double d = n->at[w->order[k]].along_m - p->along_m;

        n->values[w->order[k]]
            += n->weights[i]
               * score_kernel_shape(n->kernel, n->radius_m, d * d);
    }
    w->open.n = 0;
    if (!base_array_push(run->mem, &w->open,
                         ((arrival){ s->from[p->edge], p->edge, p->along_m,
                                     1 }))
        || !base_array_push(run->mem, &w->open,
                            ((arrival){ s->to[p->edge], p->edge, left_m,
                                        1 })))
        return base_fail_nomem(run->ctx);
    while (w->open.n > 0 && !status) {
        const arrival a = w->open.items[--w->open.n];

        if (a.distance_m < n->radius_m)
            status = go_on(run, w, a, n->weights[i]);
    }
    return status;
}

gb_status score_network_paths(base_run *run, const score_network *n)
{
    /* on a line: the integral of the kernel's shape, over the radius */
    const double mass
        = (n->kernel == GB_KERNEL_QUARTIC ? 16.0 / 15 : 4.0 / 3)
          * n->radius_m;
    walker w = { .n = n };
    gb_status status = index_streets(run, &w);

    for (size_t i = 0; i < n->n_at; i++)
        n->values[i] = 0;
    for (size_t i = 0; i < n->n_points && !status; i++)
        status = spread_point(run, &w, i);
    for (size_t i = 0; i < n->n_at; i++)
        n->values[i] /= mass;
    base_array_clear(run->mem, &w.open);
    base_free(run->mem, w.first_edge);
    base_free(run->mem, w.edges);
    base_free(run->mem, w.first_at);
    base_free(run->mem, w.order);
    return status;
}
