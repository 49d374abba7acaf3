/*
 * grid_cells_given.c - the user's polygons as cells: what overlaps goes to
 * the smaller, gaps to a neighbour, and all of it is reported.
 */
#include "grid_cells.h"

#include <stdlib.h>

gb_status cells_group_given(cells_job *job, const cells_net *net,
                            uint32_t *label, cells_group *groups,
                            size_t *n_groups)
{
    const size_t n_shapes = geo_shapes_count(&job->atomic);
    uint32_t *group_of = base_alloc_array(job->run->mem, n_shapes,
                                          sizeof *group_of);
    uint32_t n = 0;

    if (!group_of)
        return base_fail_nomem(job->run->ctx);
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
        if (net->shape[f] == GB_CELL_NONE) {
            groups[n] = (cells_group){ .block = n, .source = GB_CELL_NONE };
            label[f] = n++;
        } else {
            label[f] = group_of[net->shape[f]];
        }
        groups[label[f]].area_m2 += net->areas_m2[f];
        groups[label[f]].weight += net->weights[f];
    }
    *n_groups = n;
    base_free(job->run->mem, group_of);
    return GB_OK;
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

/* The user's polygons that are in parts now, and those that are gone. */
static gb_status look_at_shapes(cells_job *job)
{
    const gb_cells *c = job->cells;
    gb_status status = GB_OK;
    size_t cell = 0; /* cells come in the order of the polygons */

    for (size_t s = 0; !status && s < job->given->n_shapes; s++) {
        gb_cells_finding found = { GB_CELLS_VANISHED, (uint32_t)s,
                                   GB_CELL_NONE, GB_CELL_NONE, 0.0,
                                   geo_shape_centroid(job->given, s) };

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
