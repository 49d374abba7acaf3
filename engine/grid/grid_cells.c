/*
 * grid_cells.c - the way from lines to cells, and to what is told of them.
 */
#include "grid_cells.h"

#include "geo_overlay.h"

#include <gridbeat/grid.h> /* gb_barrier */

#include <string.h>

/* Of hexagons where there is nothing else. */
static const double LEAST_HEXAGON_M2 = 10000.0, MOST_HEXAGONS = 100000.0;

/* A square round each point: their hull is the points' hull with a margin,
 * and there is one for a single point too. */
static gb_status hull_with_margin(gb_context *ctx, const gb_point *points,
                                  size_t n, double margin_m, geo_shapes *out)
{
    gb_status status;
    gb_point *corners = base_alloc_array(ctx->mem, n, 4 * sizeof *corners);

    if (!corners)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < 4 * n; i++) {
        corners[i].x_m = points[i / 4].x_m + (i & 1 ? margin_m : -margin_m);
        corners[i].y_m = points[i / 4].y_m + (i & 2 ? margin_m : -margin_m);
    }
    status = geo_hull(ctx, corners, 4 * n, out);
    base_free(ctx->mem, corners);
    return status;
}

static gb_status make_region(cells_job *job)
{
    gb_context *ctx = job->run->ctx;
    const gb_cells_input *input = job->input;
    gb_status status;
    geo_shapes mended;
    gb_shapes view;

    if (!input->region || input->region->n_shapes == 0) {
        if (job->is_given)
            return GB_OK;
        if (input->n_points > 0)
            return hull_with_margin(ctx, input->points, input->n_points,
                                    job->options.margin_m, &job->region);
        return hull_with_margin(ctx, input->lines->points,
                                input->lines->n_points, job->options.margin_m,
                                &job->region);
    }
    geo_shapes_init(&mended, ctx->mem);
    status = geo_make_valid(ctx, input->region, &mended);
    view = geo_shapes_view(&mended);
    if (!status)
        status = geo_union(ctx, &view, &job->region);
    geo_shapes_clear(&mended);
    view = geo_shapes_view(&job->region);
    if (!status && view.n_rings == 0)
        status = base_fail(ctx, GB_ERR_GEOMETRY, "the region has no area");
    return status;
}

/* Shapes made valid, one by one; the unusable and the large are left out. */
static gb_status take_atomic(cells_job *job, const gb_shapes *shapes)
{
    gb_context *ctx = job->run->ctx;
    uint32_t *same;
    geo_shapes mended;
    gb_shapes view;
    gb_status status;

    if (!shapes || shapes->n_shapes == 0)
        return GB_OK;
    same = base_alloc_array(ctx->mem, shapes->n_shapes, sizeof *same);
    if (!same)
        return base_fail_nomem(ctx);
    geo_shapes_init(&mended, ctx->mem);
    status = geo_make_valid(ctx, shapes, &mended);
    view = geo_shapes_view(&mended);
    if (!status)
        status = cells_find_same(ctx, &view, same);
    for (size_t s = 0; !status && s < view.n_shapes; s++) {
        const double area = geo_shape_area_m2(&view, s);
        gb_cells_finding finding = { GB_CELLS_LARGE_ATOMIC, (uint32_t)s,
                                     GB_CELL_NONE, GB_CELL_NONE, area,
                                     geo_shape_centroid(shapes, s) };

        if (job->is_given
            && fabs(area - geo_shape_area_m2(shapes, s)) > 1e-6 * area) {
            finding.kind = GB_CELLS_INVALID;
            status = cells_find(job, finding);
        } else if (job->is_given && same[s] != s) {
            finding.kind = GB_CELLS_DUPLICATE;
            finding.a = same[s];
            finding.b = (uint32_t)s;
            status = cells_find(job, finding);
            continue;
        } else if (!job->is_given && area > job->options.max_atomic_m2) {
            status = cells_find(job, finding);
            continue;
        }
        if (!status && area > 0.0
            && (!geo_shapes_add_shape(&job->atomic, &view, s)
                || !base_array_push(ctx->mem, &job->atomic_ids, (uint32_t)s)))
            status = base_fail_nomem(ctx);
    }
    geo_shapes_clear(&mended);
    base_free(ctx->mem, same);
    return status;
}

static bool is_thin(const cells_job *job, const cells_net *net, size_t f)
{
    return net->shape[f] == GB_CELL_NONE
           && cells_width_m(net->areas_m2[f],
                            geo_shape_perimeter_m(&net->view, f))
                  < job->options.min_width_m;
}

/*
 * Blocks: faces joined over all edges that are no block lines, compounds over
 * all edges of their own.  Thin faces stay alone: joined to either side they
 * would join the two sides of a road.
 */
static void join_blocks(const cells_job *job, const cells_net *net,
                        const bool *thin, uint32_t *parent)
{
    for (size_t f = 0; f < net->n_faces; f++)
        parent[f] = (uint32_t)f;
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        const uint32_t l = edge->left, r = edge->right;

        if (l == UINT32_MAX || r == UINT32_MAX || !net->is_inside[l]
            || !net->is_inside[r] || net->shape[l] != net->shape[r])
            continue;
        if (net->shape[l] != GB_CELL_NONE
            || (!job->has_hexagons && !thin[l] && !thin[r]
                && !cells_is_block_line(net->edge_class[e])))
            cells_unite(parent, l, r);
    }
}

/* Blocks whose weight is above the limit, told of each face; compounds never
 * are. */
static gb_status find_heavy(const cells_job *job, const cells_net *net,
                            uint32_t *parent, bool *is_heavy)
{
    double *weights = base_alloc_zeroed(job->run->mem, net->n_faces,
                                        sizeof *weights);

    if (!weights)
        return base_fail_nomem(job->run->ctx);
    for (size_t f = 0; f < net->n_faces; f++)
        weights[cells_root(parent, (uint32_t)f)] += net->weights[f];
    for (size_t f = 0; f < net->n_faces; f++)
        is_heavy[f] = job->options.max_weight > 0.0 && !job->is_given
                      && net->shape[f] == GB_CELL_NONE
                      && weights[cells_root(parent, (uint32_t)f)]
                             > job->options.max_weight;
    base_free(job->run->mem, weights);
    return GB_OK;
}

/* Scratch of the steps between net and cells. */
typedef struct sorting {
    bool *thin, *is_heavy; /* of each face */
    uint32_t *parent, *label;
    cells_group *groups;
    size_t n_groups;
} sorting;

static void sorting_clear(const cells_job *job, sorting *s)
{
    base_free(job->run->mem, s->thin);
    base_free(job->run->mem, s->is_heavy);
    base_free(job->run->mem, s->parent);
    base_free(job->run->mem, s->label);
    base_free(job->run->mem, s->groups);
    *s = (sorting){ 0 };
}

/* What the faces are: thin, of which block, of a heavy one? */
static gb_status sort_faces(const cells_job *job, const cells_net *net,
                            sorting *s)
{
    base_mem *mem = job->run->mem;

    *s = (sorting){ 0 };
    s->thin = base_alloc_zeroed(mem, net->n_faces, sizeof *s->thin);
    s->is_heavy = base_alloc_zeroed(mem, net->n_faces, sizeof *s->is_heavy);
    s->parent = base_alloc_array(mem, net->n_faces, sizeof *s->parent);
    s->label = base_alloc_array(mem, net->n_faces, sizeof *s->label);
    s->groups = base_alloc_zeroed(mem, net->n_faces, sizeof *s->groups);
    if (!s->thin || !s->is_heavy || !s->parent || !s->label || !s->groups)
        return base_fail_nomem(job->run->ctx);
    for (size_t f = 0; f < net->n_faces; f++)
        s->thin[f] = is_thin(job, net, f);
    join_blocks(job, net, s->thin, s->parent);
    return find_heavy(job, net, s->parent, s->is_heavy);
}

/* Blocks, and the single faces of heavy ones, become groups. */
static void form_groups(const cells_net *net, sorting *s)
{
    for (uint32_t f = 0; f < net->n_faces; f++) {
        const uint32_t block = cells_root(s->parent, f);
        cells_group *group;

        s->label[f] = GB_CELL_NONE;
        if (!net->is_inside[f])
            continue;
        if (s->is_heavy[f] || block == f) {
            s->label[f] = (uint32_t)s->n_groups;
            s->groups[s->n_groups++]
                = (cells_group){ .block = block,
                                 .source = net->shape[f],
                                 .has_compound = net->shape[f] != GB_CELL_NONE,
                                 .is_piece = s->is_heavy[f] };
        } else {
            s->label[f] = s->label[block]; /* lower: known already */
        }
        group = &s->groups[s->label[f]];
        group->area_m2 += net->areas_m2[f];
        group->weight += net->weights[f];
    }
}

/* A block beside a compound with nothing but its wall between has been cut
 * into by it. */
static void mark_rests(const cells_net *net, sorting *s)
{
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        const uint32_t l = edge->left, r = edge->right;

        if (l == UINT32_MAX || r == UINT32_MAX || !net->is_inside[l]
            || !net->is_inside[r] || net->edge_class[e] != GB_LINE_NONE
            || (net->shape[l] == GB_CELL_NONE)
                   == (net->shape[r] == GB_CELL_NONE))
            continue;
        s->groups[s->label[net->shape[l] == GB_CELL_NONE ? l : r]].is_rest
            = true;
    }
}

static uint8_t kind_of(const cells_job *job, const cells_group *g)
{
    if (job->is_given)
        return g->source == GB_CELL_NONE ? GB_CELL_REST : GB_CELL_GIVEN;
    if (g->has_compound)
        return GB_CELL_COMPOUND;
    if (g->is_piece)
        return GB_CELL_SPLIT;
    return g->is_rest ? GB_CELL_REST : GB_CELL_BLOCK;
}

static gb_status take_room(cells_job *job, gb_cells *c, size_t n)
{
    base_mem *mem = c->mem;

    c->n_cells = n;
    c->n_points = job->input->n_points;
    c->centres = base_alloc_array(mem, n, sizeof *c->centres);
    c->areas_m2 = base_alloc_array(mem, n, sizeof *c->areas_m2);
    c->perimeters_m = base_alloc_array(mem, n, sizeof *c->perimeters_m);
    c->weights = base_alloc_zeroed(mem, n, sizeof *c->weights);
    c->kinds = base_alloc_array(mem, n, sizeof *c->kinds);
    c->sources = base_alloc_array(mem, n, sizeof *c->sources);
    c->border_classes = base_alloc_array(mem, c->adjacency.n, 1);
    c->barriers = base_alloc_array(mem, c->adjacency.n, 1);
    c->cell_of_point = base_alloc_array(mem, c->n_points, sizeof(uint32_t));
    return c->centres && c->areas_m2 && c->perimeters_m && c->weights
                   && c->kinds && c->sources && c->border_classes
                   && c->barriers && c->cell_of_point
               ? GB_OK
               : base_fail_nomem(job->run->ctx);
}

/* Where neighbour `to` stands in the row of `from`. */
static uint32_t row_place(const geo_adjacency *a, uint32_t from, uint32_t to)
{
    uint32_t begin = a->first[from], end = a->first[from + 1];

    while (begin + 1 < end) {
        const uint32_t middle = begin + (end - begin) / 2;

        if (a->neighbour[middle] <= to)
            begin = middle;
        else
            end = middle;
    }
    return begin;
}

/* The class of most of each border, and whether most of it is a barrier. */
static gb_status class_borders(cells_job *job, const cells_net *net,
                               const uint32_t *label, gb_cells *c)
{
    enum { N = GB_LINE_CLASS_COUNT + 1 };
    double (*lengths)[N] = base_alloc_zeroed(c->mem, c->adjacency.n,
                                             sizeof *lengths);

    if (!lengths)
        return base_fail_nomem(job->run->ctx);
    for (size_t e = 0; e < net->edges.n_edges; e++) {
        const geo_edge *edge = &net->edges.edges[e];
        const uint32_t l = edge->left == UINT32_MAX ? UINT32_MAX
                                                    : label[edge->left];
        const uint32_t r = edge->right == UINT32_MAX ? UINT32_MAX
                                                     : label[edge->right];
        const uint8_t k = net->edge_class[e] < GB_LINE_CLASS_COUNT
                              ? net->edge_class[e]
                              : GB_LINE_CLASS_COUNT;
        const double length = geo_distance_m(net->edges.vertices[edge->from],
                                             net->edges.vertices[edge->to]);

        if (l == r || l == UINT32_MAX || r == UINT32_MAX)
            continue;
        lengths[row_place(&c->adjacency, l, r)][k] += length;
        lengths[row_place(&c->adjacency, r, l)][k] += length;
    }
    for (size_t i = 0; i < c->adjacency.n; i++) {
        double barrier = 0.0;
        uint8_t best = GB_LINE_CLASS_COUNT;

        for (uint8_t k = 0; k < GB_LINE_CLASS_COUNT; k++) {
            if (cells_is_barrier(k))
                barrier += lengths[i][k];
            if (lengths[i][k] > lengths[i][best])
                best = k;
        }
        c->border_classes[i] = best < GB_LINE_CLASS_COUNT ? best
                                                          : GB_LINE_NONE;
        c->barriers[i] = barrier > c->adjacency.shared_m[i] / 2.0
                             ? GB_BARRIER_SOFT
                             : GB_BARRIER_NONE;
    }
    base_free(c->mem, lengths);
    return GB_OK;
}

static gb_status tell_of_cells(cells_job *job, const cells_net *net,
                               const sorting *s, gb_cells *c)
{
    const gb_cells_input *input = job->input;

    for (size_t i = 0; i < c->n_cells; i++) {
        const cells_group *g = &s->groups[i];
        const gb_status status = geo_shape_point_inside(
            job->run->ctx, &c->shapes_view, i, &c->centres[i]);

        if (status)
            return status;
        c->areas_m2[i] = geo_shape_area_m2(&c->shapes_view, i);
        c->perimeters_m[i] = geo_shape_perimeter_m(&c->shapes_view, i);
        c->kinds[i] = kind_of(job, g);
        c->sources[i] = g->source == GB_CELL_NONE
                            ? GB_CELL_NONE
                            : job->atomic_ids.items[g->source];
    }
    for (size_t p = 0; p < c->n_points; p++) {
        const uint32_t face = net->face_of_point[p];
        const gb_cells_finding outside
            = { GB_CELLS_OUTSIDE, (uint32_t)p, GB_CELL_NONE, GB_CELL_NONE, 0.0,
                input->points[p] };

        c->cell_of_point[p] = face == GB_CELL_NONE ? GB_CELL_NONE
                                                   : s->label[face];
        if (c->cell_of_point[p] != GB_CELL_NONE)
            c->weights[c->cell_of_point[p]]
                += input->weights ? input->weights[p] : 1.0;
        else if (cells_find(job, outside))
            return GB_ERR_NOMEM;
    }
    return GB_OK;
}

static gb_status find_heavy_cells(cells_job *job, const gb_cells *c)
{
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < c->n_cells; i++)
        if (job->options.max_weight > 0.0
            && c->weights[i] > job->options.max_weight)
            status = cells_find(job, (gb_cells_finding){
                                         GB_CELLS_HEAVY, (uint32_t)i,
                                         GB_CELL_NONE, GB_CELL_NONE,
                                         c->weights[i], c->centres[i] });
    return status;
}

/* From labels to what is handed over. */
static gb_status finish(cells_job *job, const cells_net *net,
                        const sorting *s)
{
    gb_context *ctx = job->run->ctx;
    gb_cells *c = job->cells;
    uint32_t *one = base_alloc_array(ctx->mem, net->n_faces, sizeof *one);
    gb_status status;

    if (!one)
        return base_fail_nomem(ctx);
    for (size_t f = 0; f < net->n_faces; f++)
        one[f] = s->label[f] == GB_CELL_NONE ? GB_CELL_NONE : 0;
    status = geo_dissolve(ctx, &net->edges, one, 1, &c->region);
    base_free(ctx->mem, one);
    if (!status)
        status = geo_dissolve(ctx, &net->edges, s->label, s->n_groups,
                              &c->shapes);
    if (!status)
        status = geo_adjacency_build(ctx, &net->edges, s->label, s->n_groups,
                                     &c->adjacency);
    c->region_view = geo_shapes_view(&c->region);
    c->shapes_view = geo_shapes_view(&c->shapes);
    if (!status)
        status = take_room(job, c, s->n_groups);
    if (!status)
        status = class_borders(job, net, s->label, c);
    if (!status)
        status = tell_of_cells(job, net, s, c);
    return status ? status : find_heavy_cells(job, c);
}

static bool has_streets(const gb_cells_input *input)
{
    for (size_t l = 0; input->lines && l < input->lines->n_lines; l++)
        if (input->line_classes[l] == GB_LINE_LOCAL)
            return true;
    return false;
}

/* The boxes of the heavy faces, if there are any and streets to part them. */
static gb_status index_heavy(cells_job *job, const cells_net *net,
                             const sorting *s)
{
    gb_context *ctx = job->run->ctx;
    gb_box *boxes;
    gb_status status = GB_OK;
    size_t n = 0;

    if (!has_streets(job->input))
        return GB_OK;
    boxes = base_alloc_array(ctx->mem, net->n_faces, sizeof *boxes);
    if (!boxes)
        return base_fail_nomem(ctx);
    for (size_t f = 0; f < net->n_faces; f++)
        if (s->is_heavy[f])
            boxes[n++] = geo_shape_box(&net->view, f);
    if (n > 0)
        status = geo_index_build(ctx, boxes, n, &job->heavy);
    base_free(ctx->mem, boxes);
    return status;
}

static gb_status node_lines(cells_job *job, cells_net *net, sorting *s)
{
    gb_status status;

    sorting_clear(job, s);
    cells_net_clear(job, net);
    status = cells_net_build(job, net);
    return status ? status : sort_faces(job, net, s);
}

/*
 * A cut moves the vertices about it by the rounding, and with them may move a
 * border under a point: so a face may be heavy again, rarely, and then is cut
 * again.  After three rounds it is left and reported.
 */
static gb_status cut_and_node(cells_job *job, cells_net *net, sorting *s)
{
    gb_status status = GB_OK;

    base_run_phase(job->run, GB_N("cutting blocks"), 0.6, 0.9, 0);
    for (int round = 0; !status && round < 3; round++) {
        const size_t n_before = geo_lines_count(&job->cuts);

        status = cells_cut(job, net, s->is_heavy, round == 0);
        if (status || geo_lines_count(&job->cuts) == n_before)
            return status;
        status = node_lines(job, net, s);
    }
    return status;
}

/*
 * Where there is nothing to part the ground along: hexagons over it, of such a
 * size that one has half of the weight allowed in the mean.  Each gives three
 * of its sides, its neighbours the others.
 */
static gb_status add_hexagons(cells_job *job)
{
    const gb_cells_input *input = job->input;
    const gb_shapes region = geo_shapes_view(&job->region);
    const gb_box box = geo_shapes_box(&region);
    const double all_m2 = geo_shape_area_m2(&region, 0);
    double weight = 0.0, hexagon_m2, side;

    for (size_t p = 0; p < input->n_points; p++)
        weight += input->weights ? input->weights[p] : 1.0;
    if (!(weight > job->options.max_weight))
        return GB_OK;
    hexagon_m2 = fmin(all_m2 * job->options.max_weight / weight / 2.0,
                      job->options.max_area_m2);
    hexagon_m2 = fmax(hexagon_m2, LEAST_HEXAGON_M2);
    hexagon_m2 = fmax(hexagon_m2, (box.max_x_m - box.min_x_m)
                                      * (box.max_y_m - box.min_y_m)
                                      / MOST_HEXAGONS);
    side = sqrt(hexagon_m2 * 2.0 / 3.0 / sqrt(3.0));
    for (int64_t row = -1; box.min_y_m + 1.5 * side * (double)row
                           < box.max_y_m + 2.0 * side;
         row++)
        for (int64_t col = -1; box.min_x_m + sqrt(3.0) * side * (double)col
                               < box.max_x_m + 2.0 * side;
             col++) {
            const double x = box.min_x_m
                             + sqrt(3.0) * side
                                   * ((double)col + (row & 1 ? 0.5 : 0.0));
            const double y = box.min_y_m + 1.5 * side * (double)row;
            const double half = sqrt(3.0) / 2.0 * side;
            const gb_point sides[] = { { x - half, y + side / 2.0 },
                                       { x, y + side },
                                       { x + half, y + side / 2.0 },
                                       { x + half, y - side / 2.0 } };

            for (int i = 0; i < 4; i++)
                if (!geo_lines_add_point(&job->cuts, sides[i]))
                    return base_fail_nomem(job->run->ctx);
            if (!geo_lines_end_line(&job->cuts))
                return base_fail_nomem(job->run->ctx);
        }
    job->has_hexagons = true;
    return GB_OK;
}

/* Node the lines that bound blocks; then with the small streets of the heavy
 * ones; then with our own cuts.  Most of the time goes into noding, so what is
 * not needed is left out. */
static gb_status build_net(cells_job *job, cells_net *net, sorting *s)
{
    gb_status status;

    base_run_phase(job->run, GB_N("noding lines"), 0.0, 0.3, 0);
    if (!job->is_given && job->options.max_weight > 0.0
        && (!job->input->lines || job->input->lines->n_lines == 0)
        && (status = add_hexagons(job)) != GB_OK)
        return status;
    status = node_lines(job, net, s);
    if (!status)
        status = index_heavy(job, net, s);
    if (!status && job->heavy) {
        base_run_phase(job->run, GB_N("noding streets"), 0.3, 0.6, 0);
        status = node_lines(job, net, s);
    }
    if (!status && !job->is_given)
        status = cut_and_node(job, net, s);
    return status;
}

gb_status cells_build(cells_job *job)
{
    cells_net net = { 0 };
    sorting s = { 0 };
    gb_status status = make_region(job);

    if (!status)
        status = take_atomic(job, job->is_given ? job->given
                                                : job->input->atomic);
    if (!status)
        status = build_net(job, &net, &s);
    base_run_phase(job->run, GB_N("joining cells"), 0.9, 1.0, 0);
    if (!status && job->is_given)
        status = cells_group_given(job, &net, s.label, s.groups, &s.n_groups);
    if (!status && !job->is_given)
        form_groups(&net, &s);
    if (!status) {
        mark_rests(&net, &s);
        status = cells_merge(job, &net, s.label, s.groups, &s.n_groups);
    }
    if (!status && s.n_groups == 0)
        status = base_fail(job->run->ctx, GB_ERR_GEOMETRY,
                           "the region has no area");
    if (!status)
        status = finish(job, &net, &s);
    if (!status && job->is_given)
        status = cells_report_given(job, &net, s.label, s.groups);
    sorting_clear(job, &s);
    cells_net_clear(job, &net);
    return status;
}
