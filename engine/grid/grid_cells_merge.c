/*
 * grid_cells_merge.c - joining groups of faces until each may be a cell.
 *
 * Three rounds, each a queue that takes the smallest first and joins it to the
 * neighbour with the longest common border:
 *   pieces  of one heavy block, as long as they keep to max_weight together;
 *   slivers, too thin or too small, to anyone;
 *   light   ones, as long as the two keep to max_weight and max_area_m2, and
 *           across a barrier only where there is no other neighbour.
 * A group that has swallowed another takes over its borders; a list of
 * borders is tidied only when it is looked at, so that the whole costs
 * O(m log m) in the number of borders.
 */
#include "grid_cells.h"

#include "base_heap.h"

#include <stdlib.h>

/* A light cell below this share of max_area_m2 is a crumb: it goes to a
 * neighbour of any size, whom it hardly makes larger. */
static const double CRUMB = 0.15;

typedef struct border {
    uint32_t to; /* as it was; its root is meant */
    double length_m, barrier_m;
    double south_m2; /* length times how far south (and a little west) */
} border;

typedef BASE_ARRAY(border) borders;

typedef enum merge_round { PIECES, SLIVERS, LIGHT } merge_round;

typedef struct merger {
    cells_job *job;
    base_mem *mem;
    cells_group *groups;
    borders *borders; /* of each group */
    uint32_t *parent;
    uint32_t n;
} merger;

static int by_neighbour(const void *a, const void *b)
{
    const border *p = a, *q = b;

    if (p->to != q->to)
        return p->to < q->to ? -1 : 1;
    return (p->length_m > q->length_m) - (p->length_m < q->length_m);
}

/* Each neighbour once, by its root. */
static void tidy(merger *m, uint32_t g)
{
    borders *list = &m->borders[g];
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++)
        list->items[i].to = cells_root(m->parent, list->items[i].to);
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_neighbour);
    for (size_t i = 0; i < list->n; i++) {
        const border b = list->items[i];

        if (b.to == g)
            continue;
        if (n > 0 && list->items[n - 1].to == b.to) {
            list->items[n - 1].length_m += b.length_m;
            list->items[n - 1].barrier_m += b.barrier_m;
            list->items[n - 1].south_m2 += b.south_m2;
        } else {
            list->items[n++] = b;
        }
    }
    list->n = n;
}

static bool is_sliver(const merger *m, const cells_group *g)
{
    if (m->job->is_given && g->source != GB_CELL_NONE)
        return false;
    return g->area_m2 < m->job->options.min_area_m2
           || (!g->has_compound
               && cells_width_m(g->area_m2, g->perimeter_m)
                      < m->job->options.min_width_m);
}

/* Is it the turn of this group? */
static bool is_due(const merger *m, merge_round r, const cells_group *g)
{
    switch (r) {
    case PIECES:
        return g->is_piece;
    case SLIVERS:
        return is_sliver(m, g);
    default:
        return g->weight < m->job->options.min_weight;
    }
}

static bool is_heavy_together(const merger *m, const cells_group *a,
                              const cells_group *b)
{
    const double max_weight = m->job->options.max_weight;

    return max_weight > 0.0 && a->weight + b->weight > max_weight;
}

static bool may_join(const merger *m, merge_round r, const cells_group *a,
                     const cells_group *b)
{
    switch (r) {
    case PIECES:
        return a->block == b->block && !is_heavy_together(m, a, b);
    case SLIVERS:
        return true;
    default:
        return !is_heavy_together(m, a, b)
               && (a->area_m2 + b->area_m2 <= m->job->options.max_area_m2
                   || fmin(a->area_m2, b->area_m2)
                          < CRUMB * m->job->options.max_area_m2);
    }
}

/* How good a neighbour is.  Slivers lie along roads, on whose far side they
 * may well end up: there a barrier halves the border; they make nobody too
 * heavy who need not be.  A group too light goes over a barrier only when it
 * must, which any border without one beats. */
static double worth(const merger *m, merge_round r, uint32_t g,
                    const border *b)
{
    const bool is_barrier = b->barrier_m > b->length_m / 2.0;
    double length = b->length_m;

    if (r == SLIVERS && m->groups[g].weight > 0.0
        && is_heavy_together(m, &m->groups[g], &m->groups[b->to]))
        length *= 1e-3;
    if (r == PIECES || !is_barrier)
        return length;
    return r == SLIVERS ? length / 2.0 : length * 1e-6;
}

/*
 * The strip between two carriageways has much the same border on either side.
 * Its pieces must not go now here, now there, which would leave the border of
 * the blocks full of notches: of sides about as good, the one to the south.
 */
static const border *southern(merger *m, uint32_t g, const border *best)
{
    const double enough = 0.7 * worth(m, SLIVERS, g, best);

    for (size_t i = 0; i < m->borders[g].n; i++) {
        const border *b = &m->borders[g].items[i];

        if (worth(m, SLIVERS, g, b) >= enough
            && b->south_m2 / b->length_m > best->south_m2 / best->length_m)
            best = b;
    }
    return best;
}

/* The best neighbour's place in the list; the lowest number among equals. */
static const border *best_neighbour(merger *m, merge_round r, uint32_t g)
{
    const border *best = NULL;

    tidy(m, g);
    for (size_t i = 0; i < m->borders[g].n; i++) {
        const border *b = &m->borders[g].items[i];

        if (may_join(m, r, &m->groups[g], &m->groups[b->to])
            && (!best || worth(m, r, g, b) > worth(m, r, g, best)))
            best = b;
    }
    return best && r == SLIVERS ? southern(m, g, best) : best;
}

static uint32_t lower(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Join two roots; `shared_m` is the border that goes. */
static bool join(merger *m, uint32_t a, uint32_t b, double shared_m,
                 uint32_t *joined)
{
    const cells_group one = m->groups[a], other = m->groups[b];
    const bool first_is_larger = m->borders[a].n >= m->borders[b].n;
    borders *large = &m->borders[first_is_larger ? a : b];
    borders *small = &m->borders[first_is_larger ? b : a];
    borders all;
    cells_group sum = one.area_m2 >= other.area_m2 ? one : other;

    if (!base_array_reserve(m->mem, large, small->n))
        return false;
    for (size_t i = 0; i < small->n; i++)
        large->items[large->n++] = small->items[i];
    all = *large;
    base_array_clear(m->mem, small);
    *large = (borders)BASE_ARRAY_INIT;
    sum.area_m2 = one.area_m2 + other.area_m2;
    sum.perimeter_m = one.perimeter_m + other.perimeter_m - 2.0 * shared_m;
    sum.weight = one.weight + other.weight;
    sum.source = lower(one.source, other.source);
    sum.has_compound = one.has_compound || other.has_compound;
    *joined = cells_unite(m->parent, a, b);
    m->groups[*joined] = sum;
    m->borders[*joined] = all;
    return true;
}

static int64_t key_of(const merger *m, merge_round r, uint32_t g)
{
    const double key = r == LIGHT || r == PIECES
                           ? m->groups[g].weight * 1000.0
                           : m->groups[g].area_m2 * 100.0;

    return key < 9e17 ? (int64_t)key : INT64_MAX;
}

static gb_status run_round(merger *m, merge_round r)
{
    gb_status status = GB_OK;
    base_heap heap;

    if (!base_heap_init(&heap, m->mem, m->n))
        return base_fail_nomem(m->job->run->ctx);
    for (uint32_t g = 0; g < m->n; g++)
        if (m->parent[g] == g && is_due(m, r, &m->groups[g]))
            base_heap_push(&heap, g, key_of(m, r, g));
    while (!status && heap.n > 0) {
        const uint32_t g = base_heap_pop(&heap).id;
        const border *best = best_neighbour(m, r, g);
        uint32_t joined;

        status = base_poll(m->job->run);
        if (!best)
            continue;
        base_heap_remove(&heap, best->to);
        if (!join(m, g, best->to, best->length_m, &joined))
            status = base_fail_nomem(m->job->run->ctx);
        else if (is_due(m, r, &m->groups[joined]))
            base_heap_set(&heap, joined, key_of(m, r, joined));
    }
    base_heap_clear(&heap, m->mem);
    return status;
}

static gb_status list_borders(merger *m, const cells_net *net,
                              const uint32_t *label)
{
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        const uint32_t l = edge->left == UINT32_MAX ? UINT32_MAX
                                                    : label[edge->left];
        const uint32_t r = edge->right == UINT32_MAX ? UINT32_MAX
                                                     : label[edge->right];
        const gb_point a = net->edges.vertices[edge->from];
        const gb_point b = net->edges.vertices[edge->to];
        const double length = geo_distance_m(a, b);
        const double barrier
            = cells_is_barrier(net->edge_class[e]) ? length : 0.0;
        const double south = -0.5 * length * (a.y_m + b.y_m
                                              + 0.3 * (a.x_m + b.x_m));

        if (l == r)
            continue;
        if (l != UINT32_MAX)
            m->groups[l].perimeter_m += length;
        if (r != UINT32_MAX)
            m->groups[r].perimeter_m += length;
        if (l != UINT32_MAX && r != UINT32_MAX
            && (!base_array_push(m->mem, &m->borders[l],
                                 ((border){ r, length, barrier, south }))
                || !base_array_push(m->mem, &m->borders[r],
                                    ((border){ l, length, barrier, south }))))
            return base_fail_nomem(m->job->run->ctx);
    }
    return GB_OK;
}

/* Number the cells by their lowest face, or polygon, and move the groups. */
static gb_status number_cells(merger *m, const cells_net *net, uint32_t *label,
                              size_t *n_groups)
{
    uint32_t *cell = base_alloc_array(m->mem, m->n, sizeof *cell);
    uint32_t n = 0;

    if (!cell)
        return base_fail_nomem(m->job->run->ctx);
    for (uint32_t g = 0; g < m->n; g++)
        if (m->parent[g] == g) {
            m->groups[n] = m->groups[g];
            cell[g] = n++;
        }
    for (size_t f = 0; f < net->n_faces; f++)
        if (label[f] != GB_CELL_NONE)
            label[f] = cell[cells_root(m->parent, label[f])];
    *n_groups = n;
    base_free(m->mem, cell);
    return GB_OK;
}

gb_status cells_merge(cells_job *job, const cells_net *net, uint32_t *label,
                      cells_group *groups, size_t *n_groups)
{
    merger m = { job, job->run->mem, groups, NULL, NULL,
                 (uint32_t)*n_groups };
    gb_status status = GB_OK;

    m.parent = base_alloc_array(m.mem, m.n, sizeof *m.parent);
    m.borders = base_alloc_zeroed(m.mem, m.n, sizeof *m.borders);
    if (!m.parent || !m.borders) {
        status = base_fail_nomem(job->run->ctx);
        goto done;
    }
    for (uint32_t g = 0; g < m.n; g++)
        m.parent[g] = g;
    status = list_borders(&m, net, label);
    for (int r = job->is_given ? SLIVERS : PIECES; !status && r <= LIGHT; r++)
        if (r != LIGHT || (job->options.min_weight > 0.0 && !job->is_given))
            status = run_round(&m, (merge_round)r);
    if (!status)
        status = number_cells(&m, net, label, n_groups);
done:
    for (uint32_t g = 0; m.borders && g < m.n; g++)
        base_array_clear(m.mem, &m.borders[g]);
    base_free(m.mem, m.borders);
    base_free(m.mem, m.parent);
    return status;
}
