/*
 * grid_cells_cut.c - lines of our own: across faces that are too heavy, and
 * across the strips between carriageways.
 *
 * A heavy face is halved again and again between its points, in a frame that
 * is turned the way its streets run (the mean direction of its border, modulo
 * a right angle), always across the longer side: so the pieces are compact
 * and stand straight in their block.  Each halving shares the weight out as
 * the pieces still needed on either side.
 */
#include "grid_cells.h"

#include <stdlib.h>

/* Points closer than this are one place: a cut between them would be of no
 * use. */
static const double SAME_PLACE_M = 0.5;

typedef struct load {
    double x, y; /* in the turned frame */
    double weight;
    uint32_t point;
} load;

typedef struct rect {
    double min[2], max[2];
    size_t begin, end; /* loads inside */
} rect;

typedef BASE_ARRAY(load) loads;
typedef BASE_ARRAY(rect) rects;
typedef BASE_ARRAY(double) reals;

typedef struct cutter {
    cells_job *job;
    const cells_net *net;
    size_t face;
    double cos, sin; /* of the turn */
    gb_point origin;
    loads loads;
    rects rects; /* to be looked at */
    reals ratios;
} cutter;

static double along(const load *l, int axis)
{
    return axis == 0 ? l->x : l->y;
}

static int by_x(const void *a, const void *b)
{
    const load *p = a, *q = b;

    if (p->x < q->x || p->x > q->x)
        return p->x < q->x ? -1 : 1;
    return p->point < q->point ? -1 : p->point > q->point;
}

static int by_y(const void *a, const void *b)
{
    const load *p = a, *q = b;

    if (p->y < q->y || p->y > q->y)
        return p->y < q->y ? -1 : 1;
    return p->point < q->point ? -1 : p->point > q->point;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static gb_point turned(const cutter *c, gb_point p)
{
    const double dx = p.x_m - c->origin.x_m, dy = p.y_m - c->origin.y_m;

    return (gb_point){ dx * c->cos + dy * c->sin, dy * c->cos - dx * c->sin };
}

static gb_point turned_back(const cutter *c, double x, double y)
{
    return (gb_point){ c->origin.x_m + x * c->cos - y * c->sin,
                       c->origin.y_m + x * c->sin + y * c->cos };
}

/* The outer ring of the face. */
static const gb_point *outer_ring(const cutter *c, size_t *n)
{
    const gb_shapes *v = &c->net->view;
    const uint32_t ring = v->shape_first_ring[c->face];

    *n = v->ring_first_point[ring + 1] - v->ring_first_point[ring];
    return v->points + v->ring_first_point[ring];
}

/* The mean direction of the border modulo 90 degrees: angles times 4. */
static void turn_with_border(cutter *c)
{
    size_t n;
    const gb_point *ring = outer_ring(c, &n);
    double cos4 = 0.0, sin4 = 0.0, angle;

    for (size_t i = 0; i < n; i++) {
        const gb_point a = ring[i], b = ring[(i + 1) % n];
        const double turn = 4.0 * atan2(b.y_m - a.y_m, b.x_m - a.x_m);

        cos4 += geo_distance_m(a, b) * cos(turn);
        sin4 += geo_distance_m(a, b) * sin(turn);
    }
    angle = atan2(sin4, cos4) / 4.0;
    c->cos = cos(angle);
    c->sin = sin(angle);
    c->origin = ring[0];
}

static rect whole_rect(const cutter *c)
{
    size_t n;
    const gb_point *ring = outer_ring(c, &n);
    rect r = { { HUGE_VAL, HUGE_VAL }, { -HUGE_VAL, -HUGE_VAL }, 0,
               c->loads.n };

    for (size_t i = 0; i < n; i++) {
        const gb_point p = turned(c, ring[i]);

        r.min[0] = fmin(r.min[0], p.x_m);
        r.min[1] = fmin(r.min[1], p.y_m);
        r.max[0] = fmax(r.max[0], p.x_m);
        r.max[1] = fmax(r.max[1], p.y_m);
    }
    return r;
}

static gb_point between(gb_point a, gb_point b, double ratio)
{
    return (gb_point){ a.x_m + ratio * (b.x_m - a.x_m),
                       a.y_m + ratio * (b.y_m - a.y_m) };
}

/*
 * The piece of the line from a to b that lies inside the face: one line for
 * each stretch.  It goes a few steps of the grid too far on both sides: where
 * it ends on another cut, which noding will round away from there by up to a
 * step, it would else end short of it and part nothing.
 */
static bool add_inside(cutter *c, gb_point a, gb_point b)
{
    const gb_shapes *v = &c->net->view;
    base_mem *mem = c->job->run->mem;
    const double over = 5.0 * c->job->options.grid_m / geo_distance_m(a, b);

    c->ratios.n = 0;
    if (!base_array_push(mem, &c->ratios, 0.0)
        || !base_array_push(mem, &c->ratios, 1.0))
        return false;
    for (uint32_t r = v->shape_first_ring[c->face];
         r < v->shape_first_ring[c->face + 1]; r++) {
        const uint32_t begin = v->ring_first_point[r];
        const uint32_t end = v->ring_first_point[r + 1];

        for (uint32_t i = begin; i < end; i++) {
            const gb_point p = v->points[i];
            const gb_point q = v->points[i + 1 < end ? i + 1 : begin];
            const double side_p = geo_cross_m2(a, b, p);
            const double side_q = geo_cross_m2(a, b, q);
            const double side_a = geo_cross_m2(p, q, a);
            const double side_b = geo_cross_m2(p, q, b);

            if ((side_p > 0.0) != (side_q > 0.0)
                && (side_a > 0.0) != (side_b > 0.0)
                && !base_array_push(mem, &c->ratios,
                                    side_a / (side_a - side_b)))
                return false;
        }
    }
    qsort(c->ratios.items, c->ratios.n, sizeof(double), by_value);
    for (size_t i = 0; i + 1 < c->ratios.n; i++) {
        const double s = c->ratios.items[i], t = c->ratios.items[i + 1];
        const gb_point middle = between(a, b, (s + t) / 2.0);

        if (!(t > s) || !geo_shape_contains(v, c->face, middle))
            continue;
        if (!geo_lines_add_point(&c->job->cuts, between(a, b, s - over))
            || !geo_lines_add_point(&c->job->cuts, between(a, b, t + over))
            || !geo_lines_end_line(&c->job->cuts))
            return false;
    }
    return true;
}

/*
 * Where to cut the sorted loads [begin, end): the first gap at which the share
 * wanted is reached, or the last before it; end: nowhere.
 */
static size_t cut_between(const cutter *c, const rect *r, int axis,
                          double wanted)
{
    size_t best = r->end;
    double sum = 0.0, best_off = HUGE_VAL;

    for (size_t i = r->begin; i + 1 < r->end; i++) {
        const load *here = &c->loads.items[i];

        sum += here->weight;
        if (along(here + 1, axis) - along(here, axis) < SAME_PLACE_M)
            continue;
        if (fabs(sum - wanted) < best_off) {
            best_off = fabs(sum - wanted);
            best = i + 1;
        }
    }
    return best;
}

static double weight_in(const cutter *c, const rect *r)
{
    double sum = 0.0;

    for (size_t i = r->begin; i < r->end; i++)
        sum += c->loads.items[i].weight;
    return sum;
}

/* Halve across one axis; false in *is_cut when all loads stand in one line. */
static bool halve(cutter *c, const rect *r, int axis, double weight,
                  bool *is_cut)
{
    base_mem *mem = c->job->run->mem;
    const double n_pieces = ceil(weight / c->job->options.max_weight);
    const int other = 1 - axis;
    load *items = c->loads.items;
    rect low = *r, high = *r;
    double place, from[2], to[2];
    size_t cut;

    qsort(items + r->begin, r->end - r->begin, sizeof *items,
          axis == 0 ? by_x : by_y);
    cut = cut_between(c, r, axis, weight * floor(n_pieces / 2.0) / n_pieces);
    *is_cut = cut < r->end;
    if (!*is_cut)
        return true;
    place = (along(&items[cut - 1], axis) + along(&items[cut], axis)) / 2.0;
    low.max[axis] = high.min[axis] = place;
    low.end = high.begin = cut;
    from[axis] = to[axis] = place;
    from[other] = r->min[other];
    to[other] = r->max[other];
    return base_array_push(mem, &c->rects, low)
           && base_array_push(mem, &c->rects, high)
           && add_inside(c, turned_back(c, from[0], from[1]),
                         turned_back(c, to[0], to[1]));
}

static bool cut_heavy_face(cutter *c)
{
    base_mem *mem = c->job->run->mem;

    turn_with_border(c);
    for (size_t i = 0; i < c->loads.n; i++) {
        load *l = &c->loads.items[i];
        const gb_point p = turned(c, c->job->input->points[l->point]);

        l->x = p.x_m;
        l->y = p.y_m;
    }
    c->rects.n = 0;
    if (!base_array_push(mem, &c->rects, whole_rect(c)))
        return false;
    while (c->rects.n > 0) {
        const rect r = c->rects.items[--c->rects.n];
        const double weight = weight_in(c, &r);
        const int axis = r.max[0] - r.min[0] >= r.max[1] - r.min[1] ? 0 : 1;
        bool is_cut;

        if (weight <= c->job->options.max_weight || r.end - r.begin < 2)
            continue;
        if (!halve(c, &r, axis, weight, &is_cut)
            || (!is_cut && !halve(c, &r, 1 - axis, weight, &is_cut)))
            return false;
    }
    return true;
}

/* Points by face, those outside left out: face f's are order[first[f + 1]] on.
 * Answers how many there are. */
static size_t points_by_face(const cells_job *job, const cells_net *net,
                             uint32_t *first, uint32_t *order)
{
    const size_t n_points = job->input->n_points;
    size_t n_placed;

    for (size_t p = 0; p < n_points; p++)
        if (net->face_of_point[p] != GB_CELL_NONE)
            first[net->face_of_point[p] + 1]++;
    for (size_t f = 0; f < net->n_faces; f++)
        first[f + 1] += first[f];
    n_placed = first[net->n_faces];
    for (size_t p = n_points; p-- > 0;) /* from the back: kept in order */
        if (net->face_of_point[p] != GB_CELL_NONE)
            order[--first[net->face_of_point[p] + 1]] = (uint32_t)p;
    return n_placed;
}

static gb_status cut_heavy(cutter *c, const bool *is_heavy)
{
    cells_job *job = c->job;
    base_mem *mem = job->run->mem;
    const size_t n = c->net->n_faces;
    uint32_t *first = base_alloc_zeroed(mem, n + 1, sizeof *first);
    uint32_t *order = base_alloc_array(mem, job->input->n_points,
                                       sizeof *order);
    gb_status status = GB_OK;
    size_t n_placed;

    if (!first || !order) {
        status = base_fail_nomem(job->run->ctx);
        goto done;
    }
    n_placed = points_by_face(job, c->net, first, order);
    for (size_t f = 0; !status && f < n; f++) {
        const uint32_t begin = first[f + 1];
        uint32_t end = begin;

        status = base_poll(job->run);
        if (status || !is_heavy[f])
            continue;
        while (end < n_placed
               && c->net->face_of_point[order[end]] == f)
            end++;
        c->face = f;
        c->loads.n = 0;
        for (uint32_t i = begin; i < end; i++) {
            const uint32_t p = order[i];
            const load l = { 0.0, 0.0,
                             job->input->weights ? job->input->weights[p]
                                                 : 1.0, p };

            if (!base_array_push(mem, &c->loads, l))
                status = base_fail_nomem(job->run->ctx);
        }
        if (!status && !cut_heavy_face(c))
            status = base_fail_nomem(job->run->ctx);
    }
done:
    base_free(mem, order);
    base_free(mem, first);
    return status;
}

/* The number of a vertex by its place; all of the net's are there. */
static uint32_t vertex_at(const geo_edges *edges, gb_point p)
{
    size_t begin = 0, end = edges->n_vertices;

    while (begin + 1 < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (geo_point_compare(edges->vertices[middle], p) <= 0)
            begin = middle;
        else
            end = middle;
    }
    return (uint32_t)begin;
}

/*
 * Across the strip from one of its vertices: the shortest way to a part of its
 * border that is no near relation along the ring.
 */
static bool cut_across(cutter *c, const gb_point *ring, size_t n, size_t from)
{
    const double width = c->job->options.min_width_m;
    double behind = 0.0, nearest = 2.0 * width;
    gb_point best = ring[from];
    double total = 0.0;

    for (size_t i = 0; i < n; i++)
        total += geo_distance_m(ring[i], ring[(i + 1) % n]);
    for (size_t k = 1; k + 1 < n; k++) {
        const gb_point a = ring[(from + k) % n], b = ring[(from + k + 1) % n];
        double ratio, d;

        behind += geo_distance_m(ring[(from + k - 1) % n], a);
        if (behind < width
            || total - behind - geo_distance_m(a, b) < width)
            continue;
        d = geo_segment_distance_m(ring[from], a, b, &ratio);
        if (d < nearest) {
            nearest = d;
            best = between(a, b, ratio);
        }
    }
    return geo_point_equal(best, ring[from])
           || add_inside(c, ring[from], best);
}

/* Long thin faces are cut where a third face meets their border. */
static bool cut_strip(cutter *c, const uint8_t *degrees)
{
    size_t n;
    const gb_point *ring = outer_ring(c, &n);
    const double perimeter = geo_shape_perimeter_m(&c->net->view, c->face);

    if (perimeter < 10.0 * c->job->options.min_width_m
        || cells_width_m(c->net->areas_m2[c->face], perimeter)
               >= c->job->options.min_width_m)
        return true;
    for (size_t i = 0; i < n; i++)
        if (degrees[vertex_at(&c->net->edges, ring[i])] > 2
            && !cut_across(c, ring, n, i))
            return false;
    return true;
}

static gb_status cut_strips(cutter *c)
{
    const geo_edges *edges = &c->net->edges;
    cells_job *job = c->job;
    gb_status status = GB_OK;
    uint8_t *degrees = base_alloc_zeroed(job->run->mem, edges->n_vertices, 1);

    if (!degrees)
        return base_fail_nomem(job->run->ctx);
    for (size_t e = 0; e < edges->n_edges; e++) {
        const geo_edge *edge = &edges->edges[e];

        degrees[edge->from] = (uint8_t)(degrees[edge->from]
                                        + (degrees[edge->from] < 9));
        degrees[edge->to] = (uint8_t)(degrees[edge->to]
                                      + (degrees[edge->to] < 9));
    }
    for (size_t f = 0; !status && f < c->net->n_faces; f++) {
        c->face = f;
        if (c->net->is_inside[f] && c->net->shape[f] == GB_CELL_NONE
            && !cut_strip(c, degrees))
            status = base_fail_nomem(job->run->ctx);
        if (!status)
            status = base_poll(job->run);
    }
    base_free(job->run->mem, degrees);
    return status;
}

gb_status cells_cut(cells_job *job, const cells_net *net, const bool *is_heavy,
                    bool with_strips)
{
    cutter c = { .job = job, .net = net };
    gb_status status = GB_OK;

    if (job->options.max_weight > 0.0)
        status = cut_heavy(&c, is_heavy);
    if (!status && with_strips)
        status = cut_strips(&c);
    base_array_clear(job->run->mem, &c.loads);
    base_array_clear(job->run->mem, &c.rects);
    base_array_clear(job->run->mem, &c.ratios);
    return status;
}
