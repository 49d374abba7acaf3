/*
 * grid_cells_check.c - is this a partition?  Written apart from the build: by
 * sorting directed edges as they come, without faces, labels or GEOS.
 *
 * If every edge has a cell on its left and one (or the outside) on its right,
 * and no two edges cross, then going round any point one passes from cell to
 * cell and back without doubling: cells cover the region once.  The areas are
 * then added up as a second proof.
 */
#include "grid_cells.h"

#include "base_text.h"

#include <stdlib.h>

/* Coordinates lie on a grid of centimetres: what is nearer than this is a
 * touch. */
static const double TOUCH_M = 1e-6;

typedef struct half_edge {
    gb_point low, high; /* its ends by place */
    uint32_t cell;      /* UINT32_MAX: the outside, as the region has it */
    bool is_left;       /* of the way from low to high */
} half_edge;

typedef struct checker {
    gb_context *ctx;
    const gb_cells_view *view;
    cells_findings *out;
    half_edge *edges;
    size_t n_edges;
    uint32_t *unique; /* places of the first of each edge */
    size_t n_unique;
    uint32_t current; /* while crossings are looked for */
} checker;

static void find(checker *c, gb_cells_finding_kind kind, uint32_t a,
                 uint32_t b, double value, gb_point at)
{
    const gb_cells_finding finding = { kind, a, b, GB_CELL_NONE, value, at };

    if (c->out->n < c->out->capacity)
        c->out->items[c->out->n] = finding;
    c->out->n++;
}

static void add_rings(checker *c, const gb_shapes *shapes, size_t s,
                      uint32_t cell)
{
    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        const uint32_t begin = shapes->ring_first_point[r];
        const uint32_t n = shapes->ring_first_point[r + 1] - begin;

        for (uint32_t i = 0; i < n; i++) {
            const gb_point a = shapes->points[begin + i];
            const gb_point b = shapes->points[begin + (i + 1) % n];
            const bool rises = geo_point_compare(a, b) < 0;
            /* the region's outside lies on the right of its rings */
            const half_edge e = { rises ? a : b, rises ? b : a, cell,
                                  cell == UINT32_MAX ? !rises : rises };

            c->edges[c->n_edges++] = e;
        }
    }
}

static int by_ends(const void *a, const void *b)
{
    const half_edge *p = a, *q = b;
    int order = geo_point_compare(p->low, q->low);

    if (!order)
        order = geo_point_compare(p->high, q->high);
    if (!order)
        order = (p->cell > q->cell) - (p->cell < q->cell);
    return order;
}

static bool same_ends(const half_edge *p, const half_edge *q)
{
    return geo_point_equal(p->low, q->low) && geo_point_equal(p->high, q->high);
}

static gb_status list_edges(checker *c)
{
    const gb_cells_view *v = c->view;
    const size_t n = v->shapes->n_points
                     + (v->region ? v->region->n_points : 0);

    c->edges = base_alloc_array(c->ctx->mem, n, sizeof *c->edges);
    c->unique = base_alloc_array(c->ctx->mem, n, sizeof *c->unique);
    if (!c->edges || !c->unique)
        return base_fail_nomem(c->ctx);
    for (size_t s = 0; s < v->n_cells; s++)
        add_rings(c, v->shapes, s, (uint32_t)s);
    for (size_t s = 0; v->region && s < v->region->n_shapes; s++)
        add_rings(c, v->region, s, UINT32_MAX);
    if (c->n_edges > 0)
        qsort(c->edges, c->n_edges, sizeof *c->edges, by_ends);
    for (size_t i = 0; i < c->n_edges; i++)
        if (i == 0 || !same_ends(&c->edges[i - 1], &c->edges[i]))
            c->unique[c->n_unique++] = (uint32_t)i;
    return GB_OK;
}

/* One cell, or the outside, on each side of every edge.  Where no region is
 * given, an edge with one side is taken for the rim. */
static void check_sides(checker *c)
{
    for (size_t u = 0; u < c->n_unique; u++) {
        const size_t begin = c->unique[u];
        const size_t end = u + 1 < c->n_unique ? c->unique[u + 1] : c->n_edges;
        size_t n_left = 0;

        for (size_t i = begin; i < end; i++)
            n_left += c->edges[i].is_left;
        if (!(n_left == 1 && end - begin == 2)
            && !(!c->view->region && end - begin == 1))
            find(c, GB_CELLS_BAD_BORDER, c->edges[begin].cell,
                 end - begin > 1 ? c->edges[begin + 1].cell : GB_CELL_NONE,
                 (double)(end - begin), c->edges[begin].low);
    }
}

static int side_of(gb_point a, gb_point b, gb_point p)
{
    const double distance = geo_cross_m2(a, b, p) / geo_distance_m(a, b);

    return distance > TOUCH_M ? 1 : distance < -TOUCH_M ? -1 : 0;
}

/* Does p lie on the edge without being one of its ends? */
static bool lies_within(gb_point p, const half_edge *e)
{
    return !geo_point_equal(p, e->low) && !geo_point_equal(p, e->high)
           && geo_segment_distance_m(p, e->low, e->high, NULL) <= TOUCH_M;
}

static bool edges_cross(const half_edge *p, const half_edge *q)
{
    if (lies_within(p->low, q) || lies_within(p->high, q)
        || lies_within(q->low, p) || lies_within(q->high, p))
        return true;
    return side_of(p->low, p->high, q->low) * side_of(p->low, p->high, q->high)
               < 0
           && side_of(q->low, q->high, p->low)
                      * side_of(q->low, q->high, p->high)
                  < 0;
}

static bool look_at_edge(void *user, uint32_t item)
{
    checker *c = user;
    const half_edge *one = &c->edges[c->unique[c->current]];
    const half_edge *other = &c->edges[c->unique[item]];

    if (item > c->current && edges_cross(one, other))
        find(c, GB_CELLS_BAD_CROSSING, one->cell, other->cell, 0.0,
             one->low);
    return true;
}

static gb_status check_crossings(checker *c)
{
    gb_context *ctx = c->ctx;
    gb_box *boxes = base_alloc_array(ctx->mem, c->n_unique, sizeof *boxes);
    geo_index *index = NULL;
    gb_status status;

    if (!boxes)
        return base_fail_nomem(ctx);
    for (size_t u = 0; u < c->n_unique; u++) {
        const half_edge *e = &c->edges[c->unique[u]];

        boxes[u] = geo_box_grow(geo_box_of_segment(e->low, e->high), TOUCH_M);
    }
    status = geo_index_build(ctx, boxes, c->n_unique, &index);
    for (size_t u = 0; !status && u < c->n_unique; u++) {
        c->current = (uint32_t)u;
        geo_index_in_box(index, boxes[u], look_at_edge, c);
        if (u % 4096 == 0 && base_is_cancelled(ctx))
            status = base_fail(ctx, GB_ERR_CANCELLED, "cancelled");
    }
    geo_index_free(index);
    base_free(ctx->mem, boxes);
    return status;
}

/* A shape's first ring runs counter-clockwise, and all have an area. */
static void check_rings(checker *c)
{
    const gb_shapes *v = c->view->shapes;

    for (size_t s = 0; s < v->n_shapes; s++) {
        const uint32_t first = v->shape_first_ring[s];

        for (uint32_t r = first; r < v->shape_first_ring[s + 1]; r++) {
            const uint32_t begin = v->ring_first_point[r];
            const double area
                = geo_ring_area_m2(v->points + begin,
                                   v->ring_first_point[r + 1] - begin);

            if (r == first ? !(area > 0.0) : !(fabs(area) > 0.0))
                find(c, GB_CELLS_BAD_RING, (uint32_t)s, GB_CELL_NONE, area,
                     v->points[begin]);
        }
        if (first == v->shape_first_ring[s + 1])
            find(c, GB_CELLS_BAD_RING, (uint32_t)s, GB_CELL_NONE, 0.0,
                 (gb_point){ 0.0, 0.0 });
    }
}

static void check_areas(checker *c)
{
    const gb_cells_view *v = c->view;
    double cells_m2 = 0.0, region_m2 = 0.0;

    for (size_t s = 0; s < v->n_cells; s++) {
        const double area = geo_shape_area_m2(v->shapes, s);

        cells_m2 += area;
        if (v->areas_m2 && !(fabs(v->areas_m2[s] - area) <= 1e-6 * area))
            find(c, GB_CELLS_BAD_AREA, (uint32_t)s, GB_CELL_NONE,
                 v->areas_m2[s] - area,
                 geo_shape_centroid(v->shapes, s));
    }
    for (size_t s = 0; v->region && s < v->region->n_shapes; s++)
        region_m2 += geo_shape_area_m2(v->region, s);
    if (v->region && !(fabs(cells_m2 - region_m2) <= 1e-9 * region_m2))
        find(c, GB_CELLS_BAD_AREA, GB_CELL_NONE, GB_CELL_NONE,
             cells_m2 - region_m2, geo_shape_centroid(v->region, 0));
}

static void check_centres(checker *c)
{
    const gb_cells_view *v = c->view;

    for (size_t s = 0; v->centres && s < v->n_cells; s++)
        if (!geo_shape_contains(v->shapes, s, v->centres[s]))
            find(c, GB_CELLS_BAD_CENTRE, (uint32_t)s, GB_CELL_NONE, 0.0,
                 v->centres[s]);
}

/* What two cells share, once for each direction. */
typedef struct shared {
    uint32_t from, to;
    double length_m;
} shared;

static int by_cells(const void *a, const void *b)
{
    const shared *p = a, *q = b;

    if (p->from != q->from)
        return p->from < q->from ? -1 : 1;
    return (p->to > q->to) - (p->to < q->to);
}

static size_t list_shared(const checker *c, shared *list)
{
    size_t n = 0, kept = 0;

    for (size_t u = 0; u < c->n_unique; u++) {
        const half_edge *e = &c->edges[c->unique[u]];
        const bool has_two = c->unique[u] + 1 < c->n_edges
                             && same_ends(e, e + 1);

        if (!has_two || e[1].cell == UINT32_MAX || e->cell == e[1].cell)
            continue;
        list[n++] = (shared){ e->cell, e[1].cell,
                              geo_distance_m(e->low, e->high) };
        list[n++] = (shared){ e[1].cell, e->cell,
                              geo_distance_m(e->low, e->high) };
    }
    if (n > 0)
        qsort(list, n, sizeof *list, by_cells);
    for (size_t i = 0; i < n; i++)
        if (kept > 0 && by_cells(&list[kept - 1], &list[i]) == 0)
            list[kept - 1].length_m += list[i].length_m;
        else
            list[kept++] = list[i];
    return kept;
}

/* The row of cell `a` against what its borders say, [begin, end) of list. */
static void check_row(checker *c, uint32_t a, const shared *begin,
                      const shared *end)
{
    const gb_cells_view *v = c->view;
    const gb_point at = geo_shape_centroid(v->shapes, a);
    uint32_t k = v->first_neighbour[a];

    for (; begin < end || k < v->first_neighbour[a + 1];) {
        const bool has_row = k < v->first_neighbour[a + 1];

        if (begin < end && has_row && v->neighbours[k] == begin->to) {
            if (v->shared_border_m
                && !(fabs(v->shared_border_m[k] - begin->length_m)
                     <= 1e-6 * (1.0 + begin->length_m)))
                find(c, GB_CELLS_BAD_ADJACENCY, a, begin->to,
                     v->shared_border_m[k], at);
            begin++;
            k++;
        } else if (begin < end && (!has_row || v->neighbours[k] > begin->to)) {
            find(c, GB_CELLS_BAD_ADJACENCY, a, begin->to, begin->length_m, at);
            begin++;
        } else {
            find(c, GB_CELLS_BAD_ADJACENCY, a, v->neighbours[k], 0.0, at);
            k++;
        }
    }
}

/* The borders are symmetric, so rows that agree with them are. */
static gb_status check_adjacency(checker *c)
{
    const gb_cells_view *v = c->view;
    shared *list;
    size_t n, at = 0;

    if (!v->first_neighbour || !v->neighbours)
        return GB_OK;
    list = base_alloc_array(c->ctx->mem, 2 * c->n_unique, sizeof *list);
    if (!list)
        return base_fail_nomem(c->ctx);
    n = list_shared(c, list);
    for (uint32_t a = 0; a < v->n_cells; a++) {
        const size_t begin = at;

        while (at < n && list[at].from == a)
            at++;
        check_row(c, a, list + begin, list + at);
    }
    base_free(c->ctx->mem, list);
    return GB_OK;
}

gb_status cells_check(gb_context *ctx, const gb_cells_view *view,
                      cells_findings *out)
{
    checker c = { .ctx = ctx, .view = view, .out = out };
    gb_status status = list_edges(&c);

    if (!status) {
        check_rings(&c);
        check_areas(&c);
        check_centres(&c);
        check_sides(&c);
        status = check_crossings(&c);
    }
    if (!status)
        status = check_adjacency(&c);
    base_free(ctx->mem, c.edges);
    base_free(ctx->mem, c.unique);
    return status;
}
