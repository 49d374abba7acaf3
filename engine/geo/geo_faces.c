/*
 * geo_faces.c - faces out of lines, and their edges.
 *
 * The lines are noded by GEOS with snap rounding (every vertex on the grid,
 * so equal vertices are equal to the bit) and polygonised by GEOS; all that
 * follows is sorting on vertex numbers.
 */
#include "geo_faces.h"

#include "base_text.h"
#include "geo_geos.h"

#include <stdlib.h>
#include <string.h>

/* Turn the ring so that it begins at its lowest vertex. */
static void begin_lowest(gb_point *ring, size_t n, gb_point *scratch)
{
    size_t low = 0;

    for (size_t i = 1; i < n; i++)
        if (geo_point_compare(ring[i], ring[low]) < 0)
            low = i;
    if (low == 0)
        return;
    memcpy(scratch, ring, n * sizeof *ring);
    for (size_t i = 0; i < n; i++)
        ring[i] = scratch[(low + i) % n];
}

typedef struct face_key {
    gb_point low;
    double area_m2;
    uint32_t face;
} face_key;

/* Two faces may share their lowest vertex: then by the second. */
static int by_low_vertex(const void *a, const void *b)
{
    const face_key *p = a, *q = b;
    const int order = geo_point_compare(p->low, q->low);

    if (order)
        return order;
    if (p->area_m2 < q->area_m2 || p->area_m2 > q->area_m2)
        return p->area_m2 < q->area_m2 ? -1 : 1;
    return p->face < q->face ? -1 : p->face > q->face;
}

/* Append the faces in an order that does not depend on GEOS's. */
static gb_status sort_faces(gb_context *ctx, geo_shapes *faces,
                            geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    const gb_shapes view = geo_shapes_view(faces);
    face_key *keys = base_alloc_array(ctx->mem, view.n_shapes, sizeof *keys);
    gb_point *scratch = base_alloc_array(ctx->mem, view.n_points,
                                         sizeof *scratch);
    gb_status status = GB_OK;

    if (!keys || !scratch) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    for (uint32_t r = 0; r < view.n_rings; r++)
        begin_lowest(faces->points.items + view.ring_first_point[r],
                     view.ring_first_point[r + 1] - view.ring_first_point[r],
                     scratch);
    for (size_t s = 0; s < view.n_shapes; s++) {
        const uint32_t ring = view.shape_first_ring[s];

        keys[s].low = view.points[view.ring_first_point[ring]];
        keys[s].area_m2 = geo_shape_area_m2(&view, s);
        keys[s].face = (uint32_t)s;
    }
    if (view.n_shapes > 0)
        qsort(keys, view.n_shapes, sizeof *keys, by_low_vertex);
    for (size_t s = 0; !status && s < view.n_shapes; s++)
        if (!geo_shapes_add_shape(out, &view, keys[s].face))
            status = base_fail_nomem(ctx);
    if (status)
        geo_shapes_truncate(out, before);
done:
    base_free(ctx->mem, scratch);
    base_free(ctx->mem, keys);
    return status;
}

static gb_status read_faces(geo_geos *geos, const GEOSGeometry *made,
                            geo_shapes *faces)
{
    const int n = made ? GEOSGetNumGeometries_r(geos->handle, made) : -1;

    if (n < 0)
        return geo_geos_failed(geos);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *face = GEOSGetGeometryN_r(geos->handle, made, i);
        const size_t n_before = faces->ring_first_point.n;

        if (!face || !geo_geos_read_rings(geos, face, faces))
            return geo_geos_failed(geos);
        if (faces->ring_first_point.n > n_before
            && !geo_shapes_end_shape(faces))
            return base_fail_nomem(geos->ctx);
    }
    return GB_OK;
}

gb_status geo_faces_of_lines(gb_context *ctx, const gb_lines *lines,
                             double grid_m, geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *all = NULL, *noded = NULL, *made = NULL;
    const GEOSGeometry *parts[1];
    geo_shapes faces;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    geo_shapes_init(&faces, ctx->mem);
    all = geo_geos_lines(&geos, lines);
    noded = all ? GEOSUnaryUnionPrec_r(geos.handle, all, grid_m) : NULL;
    parts[0] = noded;
    made = noded ? GEOSPolygonize_r(geos.handle, parts, 1) : NULL;
    status = read_faces(&geos, made, &faces);
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, noded);
    GEOSGeom_destroy_r(geos.handle, all);
    geo_geos_end(&geos);
    if (!status)
        status = sort_faces(ctx, &faces, out);
    geo_shapes_clear(&faces);
    return status;
}

typedef struct vertex_key {
    gb_point point;
    uint32_t at;
} vertex_key;

static int by_place(const void *a, const void *b)
{
    return geo_point_compare(((const vertex_key *)a)->point,
                             ((const vertex_key *)b)->point);
}

/* Number the vertices by place; vertex[i] is that of point i. */
static gb_status number_vertices(gb_context *ctx, const gb_shapes *faces,
                                 uint32_t *vertex, geo_edges *out)
{
    const size_t n = faces->n_points;
    vertex_key *keys = base_alloc_array(ctx->mem, n, sizeof *keys);

    out->vertices = base_alloc_array(ctx->mem, n, sizeof *out->vertices);
    if (!keys || !out->vertices) {
        base_free(ctx->mem, keys);
        return base_fail_nomem(ctx);
    }
    for (size_t i = 0; i < n; i++)
        keys[i] = (vertex_key){ faces->points[i], (uint32_t)i };
    if (n > 0)
        qsort(keys, n, sizeof *keys, by_place);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !geo_point_equal(keys[i].point, keys[i - 1].point))
            out->vertices[out->n_vertices++] = keys[i].point;
        vertex[keys[i].at] = (uint32_t)(out->n_vertices - 1);
    }
    base_free(ctx->mem, keys);
    return GB_OK;
}

static int by_vertices(const void *a, const void *b)
{
    const geo_edge *p = a, *q = b;

    if (p->from != q->from)
        return p->from < q->from ? -1 : 1;
    return p->to < q->to ? -1 : p->to > q->to;
}

/* One side of each edge, as the rings give them. */
static void list_sides(const gb_shapes *faces, const uint32_t *vertex,
                       geo_edges *out)
{
    for (size_t s = 0; s < faces->n_shapes; s++)
        for (uint32_t r = faces->shape_first_ring[s];
             r < faces->shape_first_ring[s + 1]; r++) {
            const uint32_t begin = faces->ring_first_point[r];
            const uint32_t end = faces->ring_first_point[r + 1];

            for (uint32_t i = begin; i < end; i++) {
                const uint32_t a = vertex[i];
                const uint32_t b = vertex[i + 1 < end ? i + 1 : begin];
                geo_edge edge = { a, b, (uint32_t)s, UINT32_MAX };

                if (a > b)
                    edge = (geo_edge){ b, a, UINT32_MAX, (uint32_t)s };
                if (a != b)
                    out->edges[out->n_edges++] = edge;
            }
        }
}

static gb_status overlapping(gb_context *ctx, const geo_edges *edges,
                             const geo_edge *edge, uint32_t one,
                             uint32_t other)
{
    char x[32], y[32];

    return base_fail(ctx, GB_ERR_GEOMETRY,
                     "faces %u and %u overlap near x %s m, y %s m", one, other,
                     base_real_text(x, edges->vertices[edge->from].x_m, 2),
                     base_real_text(y, edges->vertices[edge->from].y_m, 2));
}

/* Join the two sides of each edge. */
static gb_status join_sides(gb_context *ctx, geo_edges *edges)
{
    size_t n = 0;

    if (edges->n_edges > 0)
        qsort(edges->edges, edges->n_edges, sizeof *edges->edges, by_vertices);
    for (size_t i = 0; i < edges->n_edges; i++) {
        const geo_edge side = edges->edges[i];
        geo_edge *last = n > 0 ? &edges->edges[n - 1] : NULL;

        if (!last || by_vertices(last, &side) != 0) {
            edges->edges[n++] = side;
        } else if (side.left != UINT32_MAX) {
            if (last->left != UINT32_MAX)
                return overlapping(ctx, edges, &side, last->left, side.left);
            last->left = side.left;
        } else {
            if (last->right != UINT32_MAX)
                return overlapping(ctx, edges, &side, last->right,
                                   side.right);
            last->right = side.right;
        }
    }
    edges->n_edges = n;
    return GB_OK;
}

gb_status geo_edges_build(gb_context *ctx, const gb_shapes *faces,
                          geo_edges *out)
{
    gb_status status;
    uint32_t *vertex = NULL;

    *out = (geo_edges){ .mem = ctx->mem };
    vertex = base_alloc_array(ctx->mem, faces->n_points, sizeof *vertex);
    out->edges = base_alloc_array(ctx->mem, faces->n_points,
                                  sizeof *out->edges);
    if (!vertex || !out->edges) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    status = number_vertices(ctx, faces, vertex, out);
    if (status)
        goto done;
    list_sides(faces, vertex, out);
    status = join_sides(ctx, out);
done:
    base_free(ctx->mem, vertex);
    if (status)
        geo_edges_clear(out);
    return status;
}

void geo_edges_clear(geo_edges *edges)
{
    if (edges->mem) {
        base_free(edges->mem, edges->edges);
        base_free(edges->mem, edges->vertices);
    }
    *edges = (geo_edges){ 0 };
}

/* The label of a face; without labels, the face. */
static uint32_t label_of(const uint32_t *label, uint32_t face)
{
    return face == UINT32_MAX || !label ? face : label[face];
}

typedef struct side {
    uint32_t face, neighbour;
    double length_m;
} side;

static int by_faces(const void *a, const void *b)
{
    const side *p = a, *q = b;

    if (p->face != q->face)
        return p->face < q->face ? -1 : 1;
    if (p->neighbour != q->neighbour)
        return p->neighbour < q->neighbour ? -1 : 1;
    return (p->length_m > q->length_m) - (p->length_m < q->length_m);
}

/* Both sides of each edge between two labels, or of a label and nothing. */
static size_t list_borders(const geo_edges *edges, const uint32_t *label,
                           side *sides, double *rim_m)
{
    size_t n = 0;

    for (size_t e = 0; e < edges->n_edges; e++) {
        const geo_edge *edge = &edges->edges[e];
        const uint32_t l = label_of(label, edge->left);
        const uint32_t r = label_of(label, edge->right);
        const double length = geo_distance_m(edges->vertices[edge->from],
                                             edges->vertices[edge->to]);

        if (l == r)
            continue;
        if (l == UINT32_MAX || r == UINT32_MAX) {
            rim_m[l == UINT32_MAX ? r : l] += length;
            continue;
        }
        sides[n++] = (side){ l, r, length };
        sides[n++] = (side){ r, l, length };
    }
    return n;
}

/* Sorted sides, summed by pair: lengths come in one order for both ways, so
 * the sums are equal to the bit. */
static void sum_sides(const side *sides, size_t n, geo_adjacency *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && sides[i].face == sides[i - 1].face
            && sides[i].neighbour == sides[i - 1].neighbour) {
            out->shared_m[out->n - 1] += sides[i].length_m;
            continue;
        }
        out->neighbour[out->n] = sides[i].neighbour;
        out->shared_m[out->n++] = sides[i].length_m;
        out->first[sides[i].face + 1]++;
    }
    for (size_t f = 0; f < out->n_faces; f++)
        out->first[f + 1] += out->first[f];
}

gb_status geo_adjacency_build(gb_context *ctx, const geo_edges *edges,
                              const uint32_t *label, size_t n_labels,
                              geo_adjacency *out)
{
    side *sides = base_alloc_array(ctx->mem, 2 * edges->n_edges,
                                   sizeof *sides);
    gb_status status = GB_OK;
    size_t n;

    *out = (geo_adjacency){ .mem = ctx->mem, .n_faces = n_labels };
    out->first = base_alloc_zeroed(ctx->mem, n_labels + 1, sizeof *out->first);
    out->rim_m = base_alloc_zeroed(ctx->mem, n_labels, sizeof *out->rim_m);
    out->neighbour = base_alloc_array(ctx->mem, 2 * edges->n_edges,
                                      sizeof *out->neighbour);
    out->shared_m = base_alloc_array(ctx->mem, 2 * edges->n_edges,
                                     sizeof *out->shared_m);
    if (!sides || !out->first || !out->rim_m || !out->neighbour
        || !out->shared_m) {
        geo_adjacency_clear(out);
        status = base_fail_nomem(ctx);
        goto done;
    }
    n = list_borders(edges, label, sides, out->rim_m);
    if (n > 0)
        qsort(sides, n, sizeof *sides, by_faces);
    sum_sides(sides, n, out);
done:
    base_free(ctx->mem, sides);
    return status;
}

void geo_adjacency_clear(geo_adjacency *adjacency)
{
    if (adjacency->mem) {
        base_free(adjacency->mem, adjacency->first);
        base_free(adjacency->mem, adjacency->neighbour);
        base_free(adjacency->mem, adjacency->shared_m);
        base_free(adjacency->mem, adjacency->rim_m);
    }
    *adjacency = (geo_adjacency){ 0 };
}
