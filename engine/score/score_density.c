/*
 * score_density.c - see score_density.h.
 *
 * Points with a radius of their own are taken by classes of radius, each
 * twice as wide as the one before, so that strips fit the radius.
 */
#include "score_density.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "score_density_gauss.h"
#include "score_density_strips.h"
#include "score_density_sweep.h"
#include "score_kernel.h"

enum { MOST_STRIPS = 1 << 20, LEAST_EXPONENT = -1100, MOST_EXPONENT = 1100 };

/* In cells: below, a chord has too few cells for a sweep to pay. */
static const double LEAST_SWEPT = 2;

/* One class of radii on the raster. */
typedef struct class_work {
    const score_density_task *task;
    const gb_raster *raster;
    score_strips strips;
    score_sweep sweep;
    bool is_swept;
    double radius; /* in cells; the widest of the class */
    char *scratch; /* of the sweep, a thread */
    double *values;
} class_work;

static bool is_swept(gb_kernel kernel, double radius)
{
    return kernel != GB_KERNEL_GAUSSIAN && radius >= LEAST_SWEPT;
}

double score_weight_scale(const double *weights, size_t n, bool *is_negative)
{
    double most = 0;
    int exponent;

    *is_negative = false;
    for (size_t i = 0; weights && i < n; i++) {
        most = fmax(most, fabs(weights[i]));
        *is_negative |= weights[i] < 0;
    }
    if (!weights || !(most > 0))
        return 1;
    frexp(most, &exponent);
    return ldexp(1, exponent > 1020 ? -1020 : exponent < -1020 ? 1020
                                                               : -exponent);
}

/* Add one point to the cells of a row that it reaches; p from cell 0. */
static void spread(gb_kernel kernel, double radius, double p, double dv,
                   double weight, const gb_raster *raster, double *row)
{
    const double reach = score_kernel_reach(kernel, radius);
    const double h = reach * reach - dv * dv;
    const double half = sqrt(h > 0 ? h : 0);
    const double first = fmax(ceil(p - half), 0);
    const double last = fmin(floor(p + half), (double)raster->n_x - 1);

    for (double x = first; h >= 0 && x <= last; x++)
        row[(size_t)x] += weight
                          * score_kernel_shape(kernel, radius,
                                               (x - p) * (x - p) + dv * dv);
}

/* The points of the row's band one by one. */
static void spread_row(const class_work *c, size_t row, double *values)
{
    const score_strips *strips = &c->strips;
    const double reach = score_kernel_reach(c->task->kernel, c->radius);

    for (size_t strip = 0; strip < strips->n_strips; strip++) {
        const double middle = score_strips_middle(strips, strip);
        size_t from, to;

        score_strips_band(strips, strip, (double)row - reach,
                          (double)row + reach, &from, &to);
        for (size_t i = from; i < to; i++)
            spread(c->task->kernel, strips->r ? strips->r[i] : c->radius,
                   middle + strips->p[i], (double)row - strips->v[i],
                   strips->w[i], c->raster, values);
    }
}

static gb_status do_rows(base_run *worker, size_t thread, size_t round,
                         void *user)
{
    const class_work *c = user;
    const size_t row = round * SCORE_SWEEP_ROWS, n_x = c->raster->n_x;
    const size_t n_rows = c->raster->n_y - row < SCORE_SWEEP_ROWS
                              ? c->raster->n_y - row : SCORE_SWEEP_ROWS;

    if (c->is_swept) {
        score_sweep_rows(&c->sweep, row, n_rows,
                         c->scratch
                             + thread * score_sweep_scratch(&c->sweep),
                         c->values + row * n_x);
        return base_poll_many(worker, n_rows * n_x);
    }
    for (size_t k = 0; k < n_rows; k++)
        spread_row(c, row + k, c->values + (row + k) * n_x);
    return base_poll_many(worker, n_rows * n_x);
}

static double width_for(double width, double span)
{
    const double least = 2 * ceil(span / MOST_STRIPS / 2);

    return fmax(width, least);
}

static gb_status build_strips(base_run *run, class_work *c,
                              const score_strips_plan *given)
{
    score_strips_plan plan = *given;
    const double reach = score_kernel_reach(c->task->kernel, c->radius);

    plan.x0_m = c->raster->x0_m;
    plan.y0_m = c->raster->y0_m;
    plan.unit_m = c->raster->step_m;
    plan.min_u = plan.min_v = -reach;
    plan.max_u = c->raster->n_x - 1 + reach;
    plan.max_v = c->raster->n_y - 1 + reach;
    plan.width = width_for(c->is_swept
                               ? score_sweep_width(c->radius)
                               : 2 * ceil(reach + 8),
                           plan.max_u - plan.min_u);
    return score_strips_build(run, &plan, &c->strips);
}

static gb_status add_class(base_run *run, const score_density_task *task,
                           const gb_raster *raster,
                           const score_strips_plan *plan, double radius_m,
                           double *values)
{
    class_work c = { .task = task, .raster = raster, .values = values,
                     .radius = radius_m / raster->step_m };
    const size_t n_rounds
        = (raster->n_y + SCORE_SWEEP_ROWS - 1) / SCORE_SWEEP_ROWS;
    gb_status status;

    c.is_swept = is_swept(task->kernel, c.radius);
    status = build_strips(run, &c, plan);
    if (!status && c.is_swept) {
        c.sweep = (score_sweep){
            .strips = &c.strips, .radius = c.radius, .n_x = raster->n_x,
            .is_quartic = task->kernel == GB_KERNEL_QUARTIC
        };
        c.scratch = base_alloc_zeroed(
            run->mem, base_parallel_threads(run, n_rounds),
            score_sweep_scratch(&c.sweep));
        if (!c.scratch)
            status = base_fail_nomem(run->ctx);
    }
    if (!status && c.strips.n > 0)
        status = base_parallel(run, n_rounds, do_rows, &c);
    score_strips_clear(run->mem, &c.strips);
    base_free(run->mem, c.scratch);
    return status;
}

/* What a swept value lacks: the sweep gives r2 - d2, or its square. */
static double swept_divisor(gb_kernel kernel, double radius)
{
    return kernel == GB_KERNEL_QUARTIC ? radius * radius * radius * radius
                                       : radius * radius;
}

/* The weight of a point with its own radius: with all that depends on it but
 * the unit. */
static double own_weight(const score_density_task *task, size_t i,
                         double step_m, int exponent)
{
    const double r = task->radii_m[i] / step_m;
    const double weight = task->weights ? task->weights[i] : 1;
    const double whole = weight * score_kernel_factor(task->kernel, r);

    return is_swept(task->kernel, ldexp(1, exponent) / step_m)
               ? whole / swept_divisor(task->kernel, r) : whole;
}

static gb_status add_classes(base_run *run, const score_density_task *task,
                             const gb_raster *raster,
                             const score_strips_plan *all, double *values)
{
    score_strips_plan plan = *all;
    double *weights
        = base_alloc_array(run->mem, task->n_points, sizeof *weights);
    bool is_used[MOST_EXPONENT - LEAST_EXPONENT] = { false };
    gb_status status = weights ? GB_OK : base_fail_nomem(run->ctx);

    for (size_t i = 0; i < task->n_points && !status; i++) {
        int e;

        frexp(task->radii_m[i], &e); /* below 2^e, at least half of that */
        is_used[e - LEAST_EXPONENT] = true;
        weights[i] = own_weight(task, i, raster->step_m, e);
    }
    plan.weights = weights;
    plan.radii_m = task->radii_m;
    for (int e = LEAST_EXPONENT; e < MOST_EXPONENT && !status; e++) {
        if (!is_used[e - LEAST_EXPONENT])
            continue;
        plan.least_radius_m = ldexp(0.5, e);
        plan.below_radius_m = ldexp(1, e);
        status = add_class(run, task, raster, &plan, plan.below_radius_m,
                           values);
    }
    base_free(run->mem, weights);
    return status;
}

/* The last factor of all values; and none below 0 by rounding. */
static void finish(double *values, size_t n, double factor, bool is_negative)
{
    for (size_t i = 0; i < n; i++) {
        const double value = values[i] * factor;

        values[i] = value > 0 || is_negative ? value : 0;
    }
}

gb_status score_density_raster(base_run *run, const score_density_task *task,
                               const gb_raster *raster, double *values)
{
    const size_t n_cells = (size_t)raster->n_x * raster->n_y;
    const double radius = task->radius_m / raster->step_m;
    bool is_negative;
    const score_strips_plan plan = {
        .points = task->points, .weights = task->weights,
        .n_points = task->n_points,
        .weight_scale = score_weight_scale(task->weights, task->n_points,
                                           &is_negative)
    };
    double factor = 1 / plan.weight_scale;
    gb_status status = GB_OK;

    base_run_phase(run, GB_N("density"), 0, 1, raster->n_y);
    memset(values, 0, n_cells * sizeof *values);
    if (n_cells == 0 || task->n_points == 0)
        return GB_OK;
    if (task->radii_m) {
        status = add_classes(run, task, raster, &plan, values);
        factor /= raster->step_m * raster->step_m;
    } else {
        double of_kernel = score_kernel_factor(task->kernel, task->radius_m);

        if (task->kernel == GB_KERNEL_GAUSSIAN && score_gauss_pays(radius))
            status = score_gauss_raster(run, task, plan.weight_scale, raster,
                                        values, &of_kernel);
        else
            status = add_class(run, task, raster, &plan, task->radius_m,
                               values);
        factor *= of_kernel;
        if (is_swept(task->kernel, radius))
            factor /= swept_divisor(task->kernel, radius);
    }
    if (!status)
        finish(values, n_cells, factor, is_negative);
    return status;
}

/* ---- at places ---- */

enum { PLACES_A_ROUND = 256 };

typedef struct places_work {
    const score_density_task *task;
    score_strips strips; /* in units of the reach */
    const gb_point *at;
    size_t n_at;
    double factor;
    double *values;
} places_work;

/* The sum at one place, without the factor. */
static double sum_at(const places_work *w, const gb_point *at)
{
    const score_strips *s = &w->strips;
    const double reach = score_kernel_reach(w->task->kernel, 1);
    const double u = at->x_m / s->unit_m, v = at->y_m / s->unit_m;
    const double low = floor((u - 1 - s->first) / s->width);
    const double high = floor((u + 1 - s->first) / s->width);
    double sum = 0;

    for (double strip = fmax(low, 0);
         strip <= fmin(high, (double)s->n_strips - 1); strip++) {
        const double p = (at->x_m - score_strips_middle(s, (size_t)strip)
                                        * s->unit_m) / s->unit_m;
        size_t from, to;

        score_strips_band(s, (size_t)strip, v - 1, v + 1, &from, &to);
        for (size_t i = from; i < to; i++) {
            const double dx = p - s->p[i], dy = v - s->v[i];

            sum += s->w[i]
                   * score_kernel_shape(w->task->kernel,
                                        (s->r ? s->r[i] : 1 / reach),
                                        dx * dx + dy * dy);
        }
    }
    return sum;
}

static gb_status do_places(base_run *worker, size_t thread, size_t round,
                           void *user)
{
    const places_work *w = user;
    const size_t first = round * PLACES_A_ROUND;
    const size_t end = first + PLACES_A_ROUND < w->n_at
                           ? first + PLACES_A_ROUND : w->n_at;
    gb_status status = GB_OK;

    (void)thread;
    for (size_t i = first; i < end && !status; i++) {
        w->values[i] = sum_at(w, &w->at[i]) * w->factor;
        status = base_poll(worker);
    }
    return status;
}

static void bound_places(const gb_point *at, size_t n,
                         score_strips_plan *plan)
{
    const double unit_m = plan->unit_m;

    plan->min_u = plan->min_v = INFINITY;
    plan->max_u = plan->max_v = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        plan->min_u = fmin(plan->min_u, at[i].x_m / unit_m - 1);
        plan->max_u = fmax(plan->max_u, at[i].x_m / unit_m + 1);
        plan->min_v = fmin(plan->min_v, at[i].y_m / unit_m - 1);
        plan->max_v = fmax(plan->max_v, at[i].y_m / unit_m + 1);
    }
    plan->width = width_for(2, plan->max_u - plan->min_u);
}

/* Weights with the factors of their own radii, and the widest of these. */
static gb_status own_weights(base_run *run, const score_density_task *task,
                             double **out, double *widest_m)
{
    *out = base_alloc_array(run->mem, task->n_points, sizeof **out);
    *widest_m = 0;
    if (!*out)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < task->n_points; i++) {
        *widest_m = fmax(*widest_m, task->radii_m[i]);
        (*out)[i] = (task->weights ? task->weights[i] : 1)
                    * score_kernel_factor(task->kernel, task->radii_m[i]);
    }
    return GB_OK;
}

gb_status score_density_at(base_run *run, const score_density_task *task,
                           const gb_point *at, size_t n_at, double *values)
{
    const size_t n_rounds = (n_at + PLACES_A_ROUND - 1) / PLACES_A_ROUND;
    places_work w = { .task = task, .at = at, .n_at = n_at,
                      .values = values };
    score_strips_plan plan = { .points = task->points,
                               .weights = task->weights,
                               .radii_m = task->radii_m,
                               .n_points = task->n_points, .weight_scale = 1,
                               .below_radius_m = INFINITY };
    double widest_m = task->radius_m, *weights = NULL;
    gb_status status = GB_OK;

    base_run_phase(run, GB_N("density"), 0, 1, n_rounds);
    if (n_at == 0)
        return GB_OK;
    if (task->radii_m && task->n_points > 0) {
        status = own_weights(run, task, &weights, &widest_m);
        plan.weights = weights;
    }
    w.factor = task->radii_m ? 1 : score_kernel_factor(task->kernel, widest_m);
    plan.unit_m = score_kernel_reach(task->kernel, widest_m);
    bound_places(at, n_at, &plan);
    if (!status)
        status = score_strips_build(run, &plan, &w.strips);
    if (!status)
        status = base_parallel(run, n_rounds, do_places, &w);
    score_strips_clear(run->mem, &w.strips);
    base_free(run->mem, weights);
    return status;
}
