/*
 * grid_cells_net.c - from lines to faces that know what they are.
 *
 * Noding forgets which line an edge came from.  So each edge is looked up
 * again: it takes the class of the strongest line that both of its ends lie
 * on, within a few steps of the grid that all was rounded to.
 */
#include "grid_cells.h"

#include <string.h>

/* How strongly a class bounds, by gb_line_class; the strongest wins where
 * lines run on top of each other. */
static const struct {
    uint8_t strength;
    bool is_barrier, is_block_line;
} CLASSES[GB_LINE_CLASS_COUNT] = {
    [GB_LINE_ARTERIAL] = { 4, true, true },
    [GB_LINE_SECONDARY] = { 2, false, true },
    [GB_LINE_LOCAL] = { 1, false, false },
    [GB_LINE_RAIL] = { 5, true, true },
    [GB_LINE_RIVER] = { 6, true, true },
    [GB_LINE_BORDER] = { 3, false, true },
};

bool cells_is_barrier(uint8_t line_class)
{
    return line_class < GB_LINE_CLASS_COUNT && CLASSES[line_class].is_barrier;
}

bool cells_is_block_line(uint8_t line_class)
{
    return line_class < GB_LINE_CLASS_COUNT
           && CLASSES[line_class].is_block_line;
}

double cells_width_m(double area_m2, double perimeter_m)
{
    const double half = perimeter_m / 2.0;

    return (half - sqrt(fmax(half * half - 4.0 * area_m2, 0.0))) / 2.0;
}

gb_status cells_find(cells_job *job, gb_cells_finding finding)
{
    return base_array_push(job->run->mem, &job->cells->findings, finding)
               ? GB_OK
               : base_fail_nomem(job->run->ctx);
}

static bool add_rings(const gb_shapes *shapes, geo_lines *lines)
{
    for (uint32_t r = 0; r < shapes->n_rings; r++) {
        const uint32_t begin = shapes->ring_first_point[r];
        const uint32_t end = shapes->ring_first_point[r + 1];

        for (uint32_t i = begin; i < end; i++)
            if (!geo_lines_add_point(lines, shapes->points[i]))
                return false;
        if (!geo_lines_add_point(lines, shapes->points[begin])
            || !geo_lines_end_line(lines))
            return false;
    }
    return true;
}

static bool stop_at_first(void *user, uint32_t item)
{
    (void)user;
    (void)item;
    return false;
}

/* Those stretches of line l that may matter inside `box`, or where boxes of
 * `near` are. */
static bool add_stretches(const gb_lines *from, size_t l, gb_box box,
                          const geo_index *near, geo_lines *lines)
{
    bool is_begun = false;

    for (uint32_t i = from->first_point[l]; i + 1 < from->first_point[l + 1];
         i++) {
        const gb_point a = from->points[i], b = from->points[i + 1];

        const gb_box around = geo_box_of_segment(a, b);

        if (geo_box_meets(around, box)
            && (!near || !geo_index_in_box(near, around, stop_at_first,
                                           NULL))) {
            if (!is_begun && !geo_lines_add_point(lines, a))
                return false;
            if (!geo_lines_add_point(lines, b))
                return false;
            is_begun = true;
        } else if (is_begun) {
            if (!geo_lines_end_line(lines))
                return false;
            is_begun = false;
        }
    }
    return !is_begun || geo_lines_end_line(lines);
}

/* Everything that is to be noded.  Small streets, which are most, only matter
 * where something must be parted; for the user's polygons no street does. */
static gb_status gather(cells_job *job, geo_lines *lines)
{
    const gb_lines *roads = job->input->lines;
    const gb_shapes region = geo_shapes_view(&job->region);
    const gb_shapes atomic = geo_shapes_view(&job->atomic);
    const gb_lines cuts = geo_lines_view(&job->cuts);
    const gb_box box = geo_shapes_box(&region);
    bool fits = add_rings(&region, lines) && add_rings(&atomic, lines);

    for (size_t l = 0; fits && roads && !job->is_given && l < roads->n_lines;
         l++) {
        const bool is_local = job->input->line_classes[l] == GB_LINE_LOCAL;

        if (!is_local || job->heavy)
            fits = add_stretches(roads, l, box, is_local ? job->heavy : NULL,
                                 lines);
    }
    for (size_t l = 0; fits && l < cuts.n_lines; l++)
        fits = add_stretches(&cuts, l, box, NULL, lines);
    return fits ? GB_OK : base_fail_nomem(job->run->ctx);
}

typedef struct segment {
    gb_point a, b;
    uint8_t line_class;
} segment;

typedef struct class_search {
    const segment *segments;
    gb_point a, b; /* the edge */
    double reach_m;
    uint8_t best;
} class_search;

static bool look_at_segment(void *user, uint32_t item)
{
    class_search *s = user;
    const segment *line = &s->segments[item];

    if ((s->best == GB_LINE_NONE
         || CLASSES[line->line_class].strength > CLASSES[s->best].strength)
        && geo_segment_distance_m(s->a, line->a, line->b, NULL) <= s->reach_m
        && geo_segment_distance_m(s->b, line->a, line->b, NULL) <= s->reach_m)
        s->best = line->line_class;
    return true;
}

typedef BASE_ARRAY(segment) segments;
typedef BASE_ARRAY(gb_box) boxes;

static gb_status list_segments(cells_job *job, segments *out, boxes *around)
{
    const gb_lines *roads = job->input->lines;
    base_mem *mem = job->run->mem;

    for (size_t l = 0; roads && l < roads->n_lines; l++)
        for (uint32_t i = roads->first_point[l];
             i + 1 < roads->first_point[l + 1]; i++) {
            const segment s = { roads->points[i], roads->points[i + 1],
                                job->input->line_classes[l] };

            if (!base_array_push(mem, out, s)
                || !base_array_push(mem, around, geo_box_of_segment(s.a, s.b)))
                return base_fail_nomem(job->run->ctx);
        }
    return GB_OK;
}

static gb_status class_edges(cells_job *job, cells_net *net)
{
    gb_context *ctx = job->run->ctx;
    const double reach_m = 3.0 * job->options.grid_m;
    segments list = BASE_ARRAY_INIT;
    boxes around = BASE_ARRAY_INIT;
    geo_index *index = NULL;
    gb_status status = list_segments(job, &list, &around);

    if (!status)
        status = geo_index_build(ctx, around.items, around.n, &index);
    for (size_t e = 0; !status && e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        class_search s = { list.items, net->edges.vertices[edge->from],
                           net->edges.vertices[edge->to], reach_m,
                           GB_LINE_NONE };
        const gb_point middle = { (s.a.x_m + s.b.x_m) / 2.0,
                                  (s.a.y_m + s.b.y_m) / 2.0 };

        geo_index_in_box(index, geo_box_grow(geo_box_of_point(middle), reach_m),
                         look_at_segment, &s);
        net->edge_class[e] = s.best;
        status = base_poll(job->run);
    }
    geo_index_free(index);
    base_array_clear(job->run->mem, &around);
    base_array_clear(job->run->mem, &list);
    return status;
}

/* Which shapes hold a point: the lowest number, or for the user's polygons
 * the smallest; all that hold it are united (compounds). */
typedef struct shape_search {
    const gb_shapes *shapes;
    const double *areas_m2;
    uint32_t *parent; /* NULL: do not unite */
    gb_point at;
    uint32_t best;
} shape_search;

static bool look_at_shape(void *user, uint32_t item)
{
    shape_search *s = user;

    if (!geo_shape_contains(s->shapes, item, s->at))
        return true;
    if (s->best == GB_CELL_NONE)
        s->best = item;
    else if (s->parent)
        s->best = cells_unite(s->parent, s->best, item);
    else if (s->areas_m2[item] < s->areas_m2[s->best]
             || (s->areas_m2[item] <= s->areas_m2[s->best] && item < s->best))
        s->best = item;
    return true;
}

/* Boxes of all shapes; empty ones stand far away. */
static gb_status index_shapes(gb_context *ctx, const gb_shapes *shapes,
                              geo_index **out)
{
    gb_box *around = base_alloc_array(ctx->mem, shapes->n_shapes,
                                      sizeof *around);
    gb_status status;

    *out = NULL;
    if (!around)
        return base_fail_nomem(ctx);
    for (size_t s = 0; s < shapes->n_shapes; s++) {
        around[s] = geo_shape_box(shapes, s);
        if (geo_box_is_empty(around[s]))
            around[s] = (gb_box){ 1e12, 1e12, 1e12, 1e12 };
    }
    status = geo_index_build(ctx, around, shapes->n_shapes, out);
    base_free(ctx->mem, around);
    return status;
}

/* Is the face in the region, and in which compound or polygon? */
static gb_status place_faces(cells_job *job, cells_net *net,
                             const geo_index *index, shape_search *search)
{
    const gb_shapes region = geo_shapes_view(&job->region);
    gb_context *ctx = job->run->ctx;

    for (size_t f = 0; f < net->n_faces; f++) {
        gb_status status = geo_shape_point_inside(ctx, &net->view, f,
                                                  &search->at);

        if (status)
            return status;
        search->best = GB_CELL_NONE;
        net->is_inside[f] = region.n_shapes == 0
                            || geo_shape_contains(&region, 0, search->at);
        if (net->is_inside[f])
            geo_index_in_box(index, geo_box_of_point(search->at),
                             look_at_shape, search);
        net->shape[f] = search->best;
        status = base_poll(job->run);
        if (status)
            return status;
    }
    for (size_t f = 0; search->parent && f < net->n_faces; f++)
        if (net->shape[f] != GB_CELL_NONE)
            net->shape[f] = cells_root(search->parent, net->shape[f]);
    return GB_OK;
}

static gb_status know_faces(cells_job *job, cells_net *net)
{
    const gb_shapes atomic = geo_shapes_view(&job->atomic);
    gb_context *ctx = job->run->ctx;
    geo_index *index = NULL;
    uint32_t *parent = base_alloc_array(ctx->mem, atomic.n_shapes,
                                        sizeof *parent);
    double *areas = base_alloc_array(ctx->mem, atomic.n_shapes, sizeof *areas);
    shape_search search = { &atomic, areas, job->is_given ? NULL : parent,
                            { 0.0, 0.0 }, GB_CELL_NONE };
    gb_status status = GB_OK;

    if (!parent || !areas) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    for (size_t s = 0; s < atomic.n_shapes; s++) {
        parent[s] = (uint32_t)s;
        areas[s] = geo_shape_area_m2(&atomic, s);
    }
    for (size_t f = 0; f < net->n_faces; f++)
        net->areas_m2[f] = geo_shape_area_m2(&net->view, f);
    status = index_shapes(ctx, &atomic, &index);
    if (!status)
        status = place_faces(job, net, index, &search);
done:
    geo_index_free(index);
    base_free(ctx->mem, areas);
    base_free(ctx->mem, parent);
    return status;
}

typedef struct face_search {
    const cells_net *net;
    gb_point at;
    double nearest_m; /* of the faces that do not hold it */
    uint32_t best;
    bool is_inside;
} face_search;

static double rim_distance_m(const gb_shapes *shapes, size_t s, gb_point at)
{
    double nearest = HUGE_VAL;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        const uint32_t begin = shapes->ring_first_point[r];
        const uint32_t end = shapes->ring_first_point[r + 1];

        for (uint32_t i = begin; i < end; i++)
            nearest = fmin(nearest, geo_segment_distance_m(
                                        at, shapes->points[i],
                                        shapes->points[i + 1 < end ? i + 1
                                                                   : begin],
                                        NULL));
    }
    return nearest;
}

/* The face that holds it; else, on the rim, the nearest. */
static bool look_at_face(void *user, uint32_t item)
{
    face_search *s = user;
    double distance;

    if (!s->net->is_inside[item])
        return true;
    if (geo_shape_contains(&s->net->view, item, s->at)) {
        s->best = item;
        s->is_inside = true;
        return false;
    }
    distance = rim_distance_m(&s->net->view, item, s->at);
    if (distance < s->nearest_m
        || (distance <= s->nearest_m && item < s->best)) {
        s->nearest_m = distance;
        s->best = item;
    }
    return true;
}

/* Points on the rim may be off by what rounding has moved it. */
static gb_status place_points(cells_job *job, cells_net *net)
{
    const gb_cells_input *input = job->input;
    const double reach_m = 2.0 * job->options.grid_m;
    geo_index *index = NULL;
    gb_status status = index_shapes(job->run->ctx, &net->view, &index);

    for (size_t p = 0; !status && p < input->n_points; p++) {
        face_search s = { net, input->points[p], reach_m, GB_CELL_NONE,
                          false };

        geo_index_in_radius(index, s.at, reach_m, look_at_face, &s);
        net->face_of_point[p] = s.best;
        if (s.best != GB_CELL_NONE)
            net->weights[s.best] += input->weights ? input->weights[p] : 1.0;
        status = base_poll(job->run);
    }
    geo_index_free(index);
    return status;
}

static gb_status take_room(cells_job *job, cells_net *net)
{
    base_mem *mem = job->run->mem;
    const size_t n = net->n_faces;

    net->edge_class = base_alloc_array(mem, net->edges.n_edges, 1);
    net->is_inside = base_alloc_zeroed(mem, n, sizeof(bool));
    net->shape = base_alloc_array(mem, n, sizeof(uint32_t));
    net->areas_m2 = base_alloc_array(mem, n, sizeof(double));
    net->weights = base_alloc_zeroed(mem, n, sizeof(double));
    net->face_of_point = base_alloc_array(mem, job->input->n_points,
                                          sizeof(uint32_t));
    return net->edge_class && net->is_inside && net->shape && net->areas_m2
                   && net->weights && net->face_of_point
               ? GB_OK
               : base_fail_nomem(job->run->ctx);
}

gb_status cells_net_build(cells_job *job, cells_net *net)
{
    gb_context *ctx = job->run->ctx;
    geo_lines lines;
    gb_lines view;
    gb_status status;

    *net = (cells_net){ 0 };
    geo_shapes_init(&net->faces, ctx->mem);
    geo_lines_init(&lines, ctx->mem);
    status = gather(job, &lines);
    view = geo_lines_view(&lines);
    if (!status)
        status = geo_faces_of_lines(ctx, &view, job->options.grid_m,
                                    &net->faces);
    geo_lines_clear(&lines);
    if (status)
        return status;
    net->view = geo_shapes_view(&net->faces);
    net->n_faces = net->view.n_shapes;
    status = geo_edges_build(ctx, &net->view, &net->edges);
    if (!status)
        status = take_room(job, net);
    if (!status)
        status = class_edges(job, net);
    if (!status)
        status = know_faces(job, net);
    if (!status)
        status = place_points(job, net);
    return status;
}

void cells_net_clear(cells_job *job, cells_net *net)
{
    base_mem *mem = job->run->mem;

    geo_shapes_clear(&net->faces);
    geo_edges_clear(&net->edges);
    base_free(mem, net->edge_class);
    base_free(mem, net->is_inside);
    base_free(mem, net->shape);
    base_free(mem, net->areas_m2);
    base_free(mem, net->weights);
    base_free(mem, net->face_of_point);
    *net = (cells_net){ 0 };
}
