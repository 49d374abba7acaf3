/*
 * score_edge.c - see score_edge.h.
 */
#include "score_edge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_threads.h"
#include "score_kernel.h"

enum { PLACES_A_ROUND = 64 };

static const double PI = 3.14159265358979323846;

/* Gauss and Legendre's 24 points: x and weight of those above 0. */
static const double legendre[][2] = {
    { 0.99518721999702131, 0.012341229799987334 },
    { 0.97472855597130947, 0.028531388628933813 },
    { 0.9382745520027328, 0.044277438817419676 },
    { 0.88641552700440107, 0.059298584915436658 },
    { 0.82000198597390295, 0.073346481411080272 },
    { 0.74012419157855436, 0.086190161531953219 },
    { 0.64809365193697555, 0.097618652104113898 },
    { 0.54542147138883956, 0.10744427011596562 },
    { 0.43379350762604513, 0.11550566805372554 },
    { 0.3150426796961634, 0.12167047292780335 },
    { 0.19111886747361631, 0.12583745634682839 },
    { 0.06405689286260563, 0.12793819534675224 },
};

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int by_low(const void *a, const void *b)
{
    const score_side *s = a, *t = b;

    return (s->low_m > t->low_m) - (s->low_m < t->low_m);
}

static void add_ring(const gb_shapes *shapes, size_t ring, score_window *out)
{
    const uint32_t from = shapes->ring_first_point[ring];
    const uint32_t to = shapes->ring_first_point[ring + 1];

    for (uint32_t i = from; i < to; i++) {
        const gb_point a = shapes->points[i];
        const gb_point b = shapes->points[i + 1 < to ? i + 1 : from];

        if (hypot(b.x_m - a.x_m, b.y_m - a.y_m) > 0)
            out->sides[out->n++] = (score_side){ a, b, fmin(a.y_m, b.y_m),
                                                 fmax(a.y_m, b.y_m) };
    }
}

gb_status score_window_build(gb_context *ctx, const gb_shapes *shapes,
                             score_window *out)
{
    const uint32_t first = shapes->shape_first_ring[0];
    const uint32_t end = shapes->shape_first_ring[shapes->n_shapes];

    out->n = 0;
    out->sides = base_alloc_array(ctx->mem,
                                  shapes->ring_first_point[end]
                                      - shapes->ring_first_point[first],
                                  sizeof *out->sides);
    if (!out->sides)
        return base_fail_nomem(ctx);
    for (size_t ring = first; ring < end; ring++)
        add_ring(shapes, ring, out);
    qsort(out->sides, out->n, sizeof *out->sides, by_low);
    return GB_OK;
}

void score_window_clear(base_mem *mem, score_window *window)
{
    base_free(mem, window->sides);
    window->sides = NULL;
    window->n = 0;
}

/* Owen's T(h, a), h >= 0 and a in [0, 1]. */
static double owen_quadrature(double h, double a)
{
    double sum = 0;

    for (size_t i = 0; i < sizeof legendre / sizeof legendre[0]; i++)
        for (int side = -1; side <= 1; side += 2) {
            const double x = a / 2 * (1 + side * legendre[i][0]);
            const double square = 1 + x * x;

            sum += legendre[i][1] * exp(-h * h * square / 2) / square;
        }
    return sum * a / (4 * PI);
}

/* Owen's T(d, t / d) with the signs of both. */
static double owen(double d, double t)
{
    const double h = fabs(d), k = fabs(t);
    double value;

    if (!(k > 0))
        return 0;
    if (k <= h)
        value = owen_quadrature(h, k / h);
    else
        value = (1 - erf(h * sqrt(0.5)) * erf(k * sqrt(0.5))) / 4
                - owen_quadrature(k, h / k);
    return (d < 0) != (t < 0) ? -value : value;
}

/* The antiderivative for polynomial kernels, with the radius as unit. */
static double beyond(gb_kernel kernel, double d, double t)
{
    const double angle = atan(t / d), t2 = t * t, d2 = d * d;
    const double second = d * t * (d2 + t2 / 3);

    if (kernel == GB_KERNEL_QUARTIC)
        return angle - 3 * d * t + 3 * second
               - d * t * (d2 * d2 + t2 * (2 * d2 / 3 + t2 / 5));
    return angle - 2 * d * t + second;
}

static bool is_same(gb_point a, gb_point b)
{
    return !(a.x_m < b.x_m) && !(a.x_m > b.x_m) && !(a.y_m < b.y_m)
           && !(a.y_m > b.y_m);
}

/* What one edge keeps from the place, as a part of the mass; NAN where the
 * place is one of its ends. */
static double kept_out(const score_side *s, gb_kernel kernel,
                       double radius_m, const gb_point *at, bool is_inside)
{
    const double dx = s->b.x_m - s->a.x_m, dy = s->b.y_m - s->a.y_m;
    const double length = hypot(dx, dy);
    const double scale = 1 / (length * radius_m);
    const double ax = at->x_m - s->a.x_m, ay = at->y_m - s->a.y_m;
    double d = (dx * ay - dy * ax) * scale;
    double from = -(dx * ax + dy * ay) * scale;
    double to = from + length / radius_m;

    /* on the line itself: on the side that the crossings say */
    if (!(d > 0) && !(d < 0)) {
        if (is_same(*at, s->a) || is_same(*at, s->b))
            return NAN;
        d = is_inside ? 1e-300 : -1e-300;
    }
    if (kernel == GB_KERNEL_GAUSSIAN)
        return owen(d, to) - owen(d, from);
    if (fabs(d) < 1) {
        const double half = sqrt(1 - d * d);

        from = fmin(fmax(from, -half), half);
        to = fmin(fmax(to, -half), half);
        return (beyond(kernel, d, to) - beyond(kernel, d, from)) / (2 * PI);
    }
    return 0;
}

/* Which cells of the row lie inside, by the crossings to their west. */
static void find_inside(const score_window *w, double x_m, double y_m,
                        double step_m, size_t n, bool *is_inside,
                        double *crossings)
{
    size_t n_crossings = 0, c = 0;

    for (size_t i = 0; i < w->n && w->sides[i].low_m <= y_m; i++) {
        const score_side *s = &w->sides[i];

        if ((s->a.y_m <= y_m) != (s->b.y_m <= y_m))
            crossings[n_crossings++]
                = s->a.x_m + (y_m - s->a.y_m) / (s->b.y_m - s->a.y_m)
                                 * (s->b.x_m - s->a.x_m);
    }
    qsort(crossings, n_crossings, sizeof *crossings, compare_reals);
    for (size_t i = 0; i < n; i++) {
        while (c < n_crossings && crossings[c] <= x_m + step_m * (double)i)
            c++;
        is_inside[i] = c % 2 == 1;
    }
}

/* The mass at a vertex: the angle between its edges, less what the others
 * keep out. */
static double mass_at_vertex(const score_window *w, gb_kernel kernel,
                             double radius_m, const gb_point *at)
{
    double mass = 0;

    for (size_t k = 0; k < w->n; k++) {
        const score_side *s = &w->sides[k];
        const double ax = s->a.x_m - at->x_m, ay = s->a.y_m - at->y_m;
        const double bx = s->b.x_m - at->x_m, by = s->b.y_m - at->y_m;

        if (is_same(*at, s->a) || is_same(*at, s->b))
            continue;
        mass += atan2(ax * by - ay * bx, ax * bx + ay * by) / (2 * PI)
                - kept_out(s, kernel, radius_m, at, true);
    }
    return mass;
}

void score_window_row(const score_window *w, gb_kernel kernel,
                      double radius_m, double x_m, double y_m, double step_m,
                      size_t n, bool *is_inside, double *crossings,
                      double *mass)
{
    const double reach_m = score_kernel_reach(kernel, radius_m);

    find_inside(w, x_m, y_m, step_m, n, is_inside, crossings);
    for (size_t i = 0; i < n; i++)
        mass[i] = is_inside[i] ? 1 : 0;
    for (size_t k = 0; k < w->n && w->sides[k].low_m < y_m + reach_m; k++) {
        const score_side *s = &w->sides[k];
        const double low = fmin(s->a.x_m, s->b.x_m) - reach_m - x_m;
        const double high = fmax(s->a.x_m, s->b.x_m) + reach_m - x_m;
        const double last = fmin(floor(high / step_m), (double)n - 1);

        if (s->high_m <= y_m - reach_m)
            continue;
        for (double i = fmax(ceil(low / step_m), 0); i <= last; i++)
            mass[(size_t)i]
                -= kept_out(s, kernel, radius_m,
                            &(gb_point){ x_m + step_m * i, y_m },
                            is_inside[(size_t)i]);
    }
    for (size_t i = 0; i < n; i++)
        if (isnan(mass[i]))
            mass[i] = mass_at_vertex(
                w, kernel, radius_m,
                &(gb_point){ x_m + step_m * (double)i, y_m });
}

/* ---- rows of a raster, and places ---- */

typedef struct edge_work {
    score_window window;
    gb_kernel kernel;
    double radius_m;
    const double *radii_m;
    const gb_raster *raster;
    double *values;
    const gb_point *at;
    size_t n_at;
    bool only_inside;
    size_t n_row; /* cells of a row: of a thread's scratch */
    bool *is_inside;
    double *mass, *crossings;
} edge_work;

static gb_status correct_row(base_run *worker, size_t thread, size_t row,
                             void *user)
{
    const edge_work *w = user;
    const gb_raster *r = w->raster;
    bool *is_inside = w->is_inside + thread * w->n_row;
    double *mass = w->mass + thread * w->n_row;
    double *values = w->values + row * r->n_x;

    score_window_row(&w->window, w->kernel, w->radius_m, r->x0_m,
                     r->y0_m + r->step_m * (double)row, r->step_m, r->n_x,
                     is_inside, w->crossings + thread * (w->window.n + 1),
                     mass);
    for (size_t i = 0; i < r->n_x; i++)
        values[i] = is_inside[i] ? values[i] / mass[i] : (double)NAN;
    return base_poll_many(worker, r->n_x);
}

static gb_status weigh_places(base_run *worker, size_t thread, size_t round,
                              void *user)
{
    const edge_work *w = user;
    const size_t first = round * PLACES_A_ROUND;
    const size_t end = first + PLACES_A_ROUND < w->n_at
                           ? first + PLACES_A_ROUND : w->n_at;
    gb_status status = GB_OK;

    for (size_t i = first; i < end && !status; i++) {
        bool is_inside;

        score_window_row(&w->window, w->kernel,
                         w->radii_m ? w->radii_m[i] : w->radius_m,
                         w->at[i].x_m, w->at[i].y_m, 1, 1, &is_inside,
                         w->crossings + thread * (w->window.n + 1),
                         &w->values[i]);
        if (w->only_inside && !is_inside)
            w->values[i] = 0;
        status = base_poll(worker);
    }
    return status;
}

static gb_status do_edges(base_run *run, const gb_shapes *shapes,
                          edge_work *w, size_t n_rounds, base_round_fn round)
{
    const size_t n_threads = base_parallel_threads(run, n_rounds);
    gb_status status = score_window_build(run->ctx, shapes, &w->window);

    if (status)
        return status;
    w->is_inside = base_alloc_array(run->mem, n_threads, w->n_row);
    w->mass = base_alloc_array(run->mem, n_threads,
                               w->n_row * sizeof *w->mass);
    w->crossings = base_alloc_array(run->mem, n_threads,
                                    (w->window.n + 1) * sizeof *w->crossings);
    base_run_phase(run, GB_N("edge correction"), 0, 1, n_rounds);
    status = w->is_inside && w->mass && w->crossings
                 ? base_parallel(run, n_rounds, round, w)
                 : base_fail_nomem(run->ctx);
    base_free(run->mem, w->is_inside);
    base_free(run->mem, w->mass);
    base_free(run->mem, w->crossings);
    score_window_clear(run->mem, &w->window);
    return status;
}

gb_status score_edge_raster(base_run *run, const gb_shapes *shapes,
                            gb_kernel kernel, double radius_m,
                            const gb_raster *raster, double *values)
{
    edge_work w = { .kernel = kernel, .radius_m = radius_m, .raster = raster,
                    .values = values, .n_row = raster->n_x };

    return do_edges(run, shapes, &w, raster->n_y, correct_row);
}

gb_status score_edge_at(base_run *run, const gb_shapes *shapes,
                        gb_kernel kernel, double radius_m,
                        const double *radii_m, const gb_point *at, size_t n,
                        bool only_inside, double *mass)
{
    edge_work w = { .kernel = kernel, .radius_m = radius_m,
                    .radii_m = radii_m, .at = at, .n_at = n, .values = mass,
                    .only_inside = only_inside };

    return do_edges(run, shapes, &w,
                    (n + PLACES_A_ROUND - 1) / PLACES_A_ROUND, weigh_places);
}
