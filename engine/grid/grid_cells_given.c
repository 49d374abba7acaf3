/*
 * grid_cells_given.c - the user's polygons as cells: what overlaps goes to
 * the smaller, gaps to a neighbour, and all of it is reported.
 */
#include "grid_cells.h"

#include <stdlib.h>

/* A piece is a hair below this share of the width of a sliver. */
static const double HAIR = 0.1;

/* A shape by the sum of its vertices: those with equal sums are compared. */
typedef struct summed {
    double area_m2;
    uint32_t shape, n_points;
} summed;

static int by_sum(const void *a, const void *b)
{
    const summed *p = a, *q = b;

    if (p->n_points != q->n_points)
        return p->n_points < q->n_points ? -1 : 1;
    if (p->area_m2 < q->area_m2 || p->area_m2 > q->area_m2)
        return p->area_m2 < q->area_m2 ? -1 : 1;
    return (p->shape > q->shape) - (p->shape < q->shape);
}

static int by_place(const void *a, const void *b)
{
    return geo_point_compare(*(const gb_point *)a, *(const gb_point *)b);
}

static uint32_t first_point(const gb_shapes *shapes, uint32_t s)
{
    return shapes->ring_first_point[shapes->shape_first_ring[s]];
}

/* The same vertices, wherever the rings begin? */
static gb_status have_same_points(gb_context *ctx, const gb_shapes *shapes,
                                  const summed *a, const summed *b,
                                  bool *are_same)
{
    const uint32_t n = a->n_points;
    gb_point *points = base_alloc_array(ctx->mem, 2 * (size_t)n + 1,
                                        sizeof *points);

    if (!points)
        return base_fail_nomem(ctx);
    for (uint32_t i = 0; i < n; i++) {
        points[i] = shapes->points[first_point(shapes, a->shape) + i];
        points[n + i] = shapes->points[first_point(shapes, b->shape) + i];
    }
    qsort(points, n, sizeof *points, by_place);
    qsort(points + n, n, sizeof *points, by_place);
    *are_same = true;
    for (uint32_t i = 0; i < n && *are_same; i++)
        *are_same = geo_point_equal(points[i], points[n + i]);
    base_free(ctx->mem, points);
    return GB_OK;
}

gb_status cells_find_same(gb_context *ctx, const gb_shapes *shapes,
                          uint32_t *same)
{
    const size_t n = shapes->n_shapes;
    summed *list = base_alloc_array(ctx->mem, n, sizeof *list);
    gb_status status = list ? GB_OK : base_fail_nomem(ctx);

    for (uint32_t s = 0; !status && s < n; s++) {
        same[s] = s;
        list[s] = (summed){ round(geo_shape_area_m2(shapes, s) * 1e3), s,
                            shapes->ring_first_point
                                    [shapes->shape_first_ring[s + 1]]
                                - first_point(shapes, s) };
    }
    if (!status && n > 0)
        qsort(list, n, sizeof *list, by_sum);
    for (size_t i = 1; !status && i < n; i++)
        for (size_t k = i; k-- > 0 && !status
                           && list[k].n_points == list[i].n_points
                           && !(list[k].area_m2 < list[i].area_m2);) {
            bool are_same = false;

            if (list[i].n_points > 0 && same[list[k].shape] == list[k].shape)
                status = have_same_points(ctx, shapes, &list[k], &list[i],
                                          &are_same);
            if (are_same) {
                same[list[i].shape] = list[k].shape;
                break;
            }
        }
    base_free(ctx->mem, list);
    return status;
}

/*
 * Pieces of a polygon that hang together only through others, and are thin as
 * a hair, come from borders that were drawn twice: they belong to the
 * neighbour with the longest border.  Told of each face; the largest piece of
 * a polygon stays, whatever its form.
 */
static gb_status find_hairs(const cells_job *job, const cells_net *net,
                            bool *is_hair)
{
    base_mem *mem = job->run->mem;
    const size_t n_shapes = geo_shapes_count(&job->atomic);
    const size_t n = net->n_faces;
    uint32_t *parent = base_alloc_array(mem, n, sizeof *parent);
    uint32_t *largest = base_alloc_array(mem, n_shapes, sizeof *largest);
    double *area = base_alloc_zeroed(mem, n, sizeof *area);
    double *around = base_alloc_zeroed(mem, n, sizeof *around);

    if (!parent || !largest || !area || !around) {
        base_free(mem, around);
        base_free(mem, area);
        base_free(mem, largest);
        base_free(mem, parent);
        return base_fail_nomem(job->run->ctx);
    }
    for (uint32_t f = 0; f < n; f++)
        parent[f] = f;
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];

        if (edge->left != UINT32_MAX && edge->right != UINT32_MAX
            && net->shape[edge->left] == net->shape[edge->right])
            cells_unite(parent, edge->left, edge->right);
    }
    for (uint32_t f = 0; f < n; f++)
        area[cells_root(parent, f)] += net->areas_m2[f];
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        const uint32_t l = edge->left == UINT32_MAX
                               ? UINT32_MAX
                               : cells_root(parent, edge->left);
        const uint32_t r = edge->right == UINT32_MAX
                               ? UINT32_MAX
                               : cells_root(parent, edge->right);
        const double length = geo_distance_m(net->edges.vertices[edge->from],
                                             net->edges.vertices[edge->to]);

        if (l != r && l != UINT32_MAX)
            around[l] += length;
        if (l != r && r != UINT32_MAX)
            around[r] += length;
    }
    for (size_t s = 0; s < n_shapes; s++)
        largest[s] = GB_CELL_NONE;
    for (uint32_t f = 0; f < n; f++)
        if (net->shape[f] != GB_CELL_NONE && parent[f] == f
            && (largest[net->shape[f]] == GB_CELL_NONE
                || area[f] > area[largest[net->shape[f]]]))
            largest[net->shape[f]] = f;
    for (uint32_t f = 0; f < n; f++) {
        const uint32_t piece = cells_root(parent, f);

        is_hair[f] = net->shape[f] != GB_CELL_NONE
                     && largest[net->shape[f]] != piece
                     && cells_width_m(area[piece], around[piece])
                            < HAIR * job->options.min_width_m;
    }
    base_free(mem, around);
    base_free(mem, area);
    base_free(mem, largest);
    base_free(mem, parent);
    return GB_OK;
}

gb_status cells_group_given(cells_job *job, const cells_net *net,
                            uint32_t *label, cells_group *groups,
                            size_t *n_groups)
{
    const size_t n_shapes = geo_shapes_count(&job->atomic);
    uint32_t *group_of = base_alloc_array(job->run->mem, n_shapes,
                                          sizeof *group_of);
    bool *is_hair = base_alloc_zeroed(job->run->mem, net->n_faces,
                                      sizeof *is_hair);
    gb_status status = group_of && is_hair ? GB_OK
                                           : base_fail_nomem(job->run->ctx);
    uint32_t n = 0;

    if (!status)
        status = find_hairs(job, net, is_hair);
    if (status)
        goto done;
    for (size_t s = 0; s < n_shapes; s++)
        group_of[s] = GB_CELL_NONE;
    for (size_t f = 0; f < net->n_faces; f++)
        if (net->is_inside[f] && net->shape[f] != GB_CELL_NONE)
            group_of[net->shape[f]] = 0;
    for (size_t s = 0; s < n_shapes; s++)
        if (group_of[s] != GB_CELL_NONE) {
            groups[n] = (cells_group){ .block = n, .source = (uint32_t)s,
                                       .has_compound = true };
            group_of[s] = n++;
        }
    for (size_t f = 0; f < net->n_faces; f++) {
        label[f] = GB_CELL_NONE;
        if (!net->is_inside[f])
            continue;
        if (net->shape[f] == GB_CELL_NONE || is_hair[f]) {
            groups[n] = (cells_group){ .block = n, .source = GB_CELL_NONE };
            label[f] = n++;
        } else {
            label[f] = group_of[net->shape[f]];
        }
        groups[label[f]].area_m2 += net->areas_m2[f];
        groups[label[f]].weight += net->weights[f];
    }
    *n_groups = n;
done:
    base_free(job->run->mem, is_hair);
    base_free(job->run->mem, group_of);
    return status;
}

typedef BASE_ARRAY(gb_cells_finding) findings;

/* Polygons other than its own that hold the face. */
typedef struct sharing {
    cells_job *job;
    const gb_shapes *shapes;
    gb_point at;
    uint32_t owner;
    double area_m2;
    findings *overlaps;
    bool is_short;
} sharing;

static bool look_at_other(void *user, uint32_t item)
{
    sharing *s = user;
    const uint32_t *ids = s->job->atomic_ids.items;
    gb_cells_finding overlap;

    if (item == s->owner || !geo_shape_contains(s->shapes, item, s->at))
        return true;
    overlap = (gb_cells_finding){ GB_CELLS_OVERLAP,
                                  item < s->owner ? ids[item] : ids[s->owner],
                                  item < s->owner ? ids[s->owner] : ids[item],
                                  ids[s->owner], s->area_m2, s->at };
    s->is_short = !base_array_push(s->job->run->mem, s->overlaps, overlap);
    return !s->is_short;
}

static int by_pair(const void *a, const void *b)
{
    const gb_cells_finding *p = a, *q = b;

    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return (p->value < q->value) - (p->value > q->value); /* largest first */
}

/* One finding a pair, at the largest of their common faces. */
static gb_status report_overlaps(cells_job *job, findings *overlaps)
{
    gb_status status = GB_OK;

    if (overlaps->n > 0)
        qsort(overlaps->items, overlaps->n, sizeof *overlaps->items, by_pair);
    for (size_t i = 0, next; !status && i < overlaps->n; i = next) {
        gb_cells_finding sum = overlaps->items[i];

        for (next = i + 1; next < overlaps->n
                           && overlaps->items[next].a == sum.a
                           && overlaps->items[next].b == sum.b;
             next++)
            sum.value += overlaps->items[next].value;
        status = cells_find(job, sum);
    }
    return status;
}

static gb_status look_at_faces(cells_job *job, const cells_net *net,
                               const uint32_t *label,
                               const cells_group *groups,
                               const geo_index *index, sharing *s)
{
    gb_status status = GB_OK;

    for (size_t f = 0; !status && f < net->n_faces; f++) {
        if (!net->is_inside[f])
            continue;
        status = geo_shape_point_inside(job->run->ctx, &net->view, f, &s->at);
        s->owner = net->shape[f];
        s->area_m2 = net->areas_m2[f];
        if (!status && s->owner == GB_CELL_NONE) {
            const uint32_t source = groups[label[f]].source;

            status = cells_find(job, (gb_cells_finding){
                                         GB_CELLS_GAP, GB_CELL_NONE,
                                         GB_CELL_NONE,
                                         source == GB_CELL_NONE
                                             ? GB_CELL_NONE
                                             : job->atomic_ids.items[source],
                                         s->area_m2, s->at });
        } else if (!status && groups[label[f]].source != s->owner) {
            const uint32_t source = groups[label[f]].source;

            status = cells_find(job, (gb_cells_finding){
                                         GB_CELLS_GAP,
                                         job->atomic_ids.items[s->owner],
                                         GB_CELL_NONE,
                                         source == GB_CELL_NONE
                                             ? GB_CELL_NONE
                                             : job->atomic_ids.items[source],
                                         s->area_m2, s->at });
        } else if (!status) {
            geo_index_in_box(index, geo_box_of_point(s->at), look_at_other, s);
            if (s->is_short)
                status = base_fail_nomem(job->run->ctx);
        }
        if (!status)
            status = base_poll(job->run);
    }
    return status;
}

static uint32_t count_parts(const gb_shapes *shapes, size_t s)
{
    uint32_t n = 0;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++)
        n += geo_ring_area_m2(shapes->points + shapes->ring_first_point[r],
                              shapes->ring_first_point[r + 1]
                                  - shapes->ring_first_point[r])
             > 0.0;
    return n;
}

static bool is_duplicate(const cells_job *job, uint32_t s)
{
    for (size_t i = 0; i < job->cells->findings.n; i++)
        if (job->cells->findings.items[i].kind == GB_CELLS_DUPLICATE
            && job->cells->findings.items[i].b == s)
            return true;
    return false;
}

/* The user's polygons that are in parts now, and those that are gone. */
static gb_status look_at_shapes(cells_job *job)
{
    const gb_cells *c = job->cells;
    gb_status status = GB_OK;
    const geo_ids *taken = &job->atomic_ids;
    size_t cell = 0; /* cells come in the order of the polygons */
    size_t next = 0; /* of those taken */

    for (size_t s = 0; !status && s < job->given->n_shapes; s++) {
        gb_cells_finding found = { GB_CELLS_VANISHED, (uint32_t)s,
                                   GB_CELL_NONE, GB_CELL_NONE, 0.0,
                                   geo_shape_centroid(job->given, s) };
        const bool is_taken = next < taken->n && taken->items[next] == s;

        next += is_taken;
        if (!is_taken && geo_shape_area_m2(job->given, s) > 0.0
            && is_duplicate(job, (uint32_t)s))
            continue; /* told already */

        if (cell < c->n_cells && c->sources[cell] == s) {
            found.kind = GB_CELLS_PARTS;
            found.value = count_parts(&c->shapes_view, cell++);
            if (found.value < 2.0)
                continue;
        }
        status = cells_find(job, found);
    }
    return status;
}

gb_status cells_report_given(cells_job *job, const cells_net *net,
                             const uint32_t *label, const cells_group *groups)
{
    gb_context *ctx = job->run->ctx;
    const gb_shapes shapes = geo_shapes_view(&job->atomic);
    findings overlaps = BASE_ARRAY_INIT;
    sharing s = { .job = job, .shapes = &shapes, .overlaps = &overlaps };
    gb_box *around = base_alloc_array(ctx->mem, shapes.n_shapes,
                                      sizeof *around);
    geo_index *index = NULL;
    gb_status status;

    if (!around)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < shapes.n_shapes; i++)
        around[i] = geo_shape_box(&shapes, i);
    status = geo_index_build(ctx, around, shapes.n_shapes, &index);
    if (!status)
        status = look_at_faces(job, net, label, groups, index, &s);
    if (!status)
        status = report_overlaps(job, &overlaps);
    if (!status)
        status = look_at_shapes(job);
    geo_index_free(index);
    base_array_clear(ctx->mem, &overlaps);
    base_free(ctx->mem, around);
    return status;
}
