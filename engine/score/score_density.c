/*
 * score_density.c - see score_density.h.
 *
 * A raster row is one round of the parallel loop: it walks the points of its
 * band in sorted order and adds each to the cells that it reaches.  So a cell
 * gets its terms in one order, whoever computes the row.
 */
#include "score_density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_threads.h"

static const double PI = 3.14159265358979323846;
static const double GAUSSIAN_REACH = 8; /* standard deviations: gb_kernel */

enum { PLACES_A_ROUND = 256 };

typedef struct weighted {
    double x_m, y_m, weight;
} weighted;

typedef struct density {
    const weighted *points; /* by y, then x, then weight */
    size_t n_points;
    gb_kernel kernel;
    double radius_m, reach_m;
    const gb_raster *raster;
    const gb_point *at;
    size_t n_at;
    double *values;
} density;

double score_kernel_reach_m(gb_kernel kernel, double radius_m)
{
    return kernel == GB_KERNEL_GAUSSIAN ? GAUSSIAN_REACH * radius_m : radius_m;
}

double score_kernel(gb_kernel kernel, double radius_m, double distance2_m2)
{
    const double r2 = radius_m * radius_m;
    const double inside = 1 - distance2_m2 / r2;

    if (kernel == GB_KERNEL_GAUSSIAN) {
        if (distance2_m2 > GAUSSIAN_REACH * GAUSSIAN_REACH * r2)
            return 0;
        return exp(-distance2_m2 / (2 * r2)) / (2 * PI * r2);
    }
    if (inside <= 0)
        return 0;
    return kernel == GB_KERNEL_QUARTIC ? 3 / (PI * r2) * inside * inside
                                       : 2 / (PI * r2) * inside;
}

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const weighted *p = a, *q = b;
    int order = compare_reals(p->y_m, q->y_m);

    if (order == 0)
        order = compare_reals(p->x_m, q->x_m);
    return order ? order : compare_reals(p->weight, q->weight);
}

/* The first point at or above a y. */
static size_t lower_bound(const density *d, double y_m)
{
    size_t low = 0, high = d->n_points;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (d->points[middle].y_m < y_m)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Add one point to the cells of a row that it reaches. */
static void spread(const density *d, const weighted *p, double dy_m,
                   double *row)
{
    const gb_raster *raster = d->raster;
    const double half
        = sqrt(fmax(0, d->reach_m * d->reach_m - dy_m * dy_m));
    const double first = floor((p->x_m - half - raster->x0_m) / raster->step_m);
    const double last = ceil((p->x_m + half - raster->x0_m) / raster->step_m);
    const double n_x = (double)raster->n_x;

    if (last < 0 || first >= n_x)
        return;
    for (uint32_t i = (uint32_t)fmax(0, first);
         (double)i <= fmin(last, n_x - 1); i++) {
        const double dx_m = raster->x0_m + raster->step_m * i - p->x_m;

        row[i] += p->weight
                  * score_kernel(d->kernel, d->radius_m,
                                 dx_m * dx_m + dy_m * dy_m);
    }
}

static gb_status do_row(base_run *worker, size_t thread, size_t row,
                        void *user)
{
    const density *d = user;
    const double y_m = d->raster->y0_m + d->raster->step_m * (double)row;
    double *values = d->values + row * d->raster->n_x;
    gb_status status = GB_OK;

    (void)thread;
    memset(values, 0, d->raster->n_x * sizeof *values);
    for (size_t p = lower_bound(d, y_m - d->reach_m);
         p < d->n_points && d->points[p].y_m <= y_m + d->reach_m && !status;
         p++) {
        spread(d, &d->points[p], y_m - d->points[p].y_m, values);
        status = base_poll(worker);
    }
    return status;
}

static gb_status do_places(base_run *worker, size_t thread, size_t round,
                           void *user)
{
    const density *d = user;
    const size_t first = round * PLACES_A_ROUND;
    const size_t end = first + PLACES_A_ROUND < d->n_at
                           ? first + PLACES_A_ROUND
                           : d->n_at;
    gb_status status = GB_OK;

    (void)thread;
    for (size_t i = first; i < end && !status; i++) {
        const gb_point *at = &d->at[i];
        double sum = 0;

        for (size_t p = lower_bound(d, at->y_m - d->reach_m);
             p < d->n_points && d->points[p].y_m <= at->y_m + d->reach_m;
             p++) {
            const double dx_m = at->x_m - d->points[p].x_m;
            const double dy_m = at->y_m - d->points[p].y_m;

            sum += d->points[p].weight
                   * score_kernel(d->kernel, d->radius_m,
                                  dx_m * dx_m + dy_m * dy_m);
        }
        d->values[i] = sum;
        status = base_poll(worker);
    }
    return status;
}

static gb_status run_density(base_run *run, density *d, const gb_point *points,
                             const double *weights, size_t n_rounds,
                             base_round_fn round)
{
    weighted *sorted
        = base_alloc_array(run->mem, d->n_points, sizeof *sorted);
    gb_status status;

    if (!sorted)
        return base_fail_nomem(run->ctx);
    for (size_t p = 0; p < d->n_points; p++)
        sorted[p] = (weighted){ points[p].x_m, points[p].y_m,
                                weights ? weights[p] : 1 };
    qsort(sorted, d->n_points, sizeof *sorted, by_place);
    d->points = sorted;
    d->reach_m = score_kernel_reach_m(d->kernel, d->radius_m);
    base_run_phase(run, GB_N("density"), 0, 1, n_rounds);
    status = base_parallel(run, n_rounds, round, d);
    base_free(run->mem, sorted);
    return status;
}

gb_status score_density_raster(base_run *run, const gb_point *points,
                               const double *weights, size_t n_points,
                               const gb_raster *raster, gb_kernel kernel,
                               double radius_m, double *values)
{
    density d = { .n_points = n_points, .kernel = kernel,
                  .radius_m = radius_m, .raster = raster, .values = values };

    return run_density(run, &d, points, weights, raster->n_y, do_row);
}

gb_status score_density_at(base_run *run, const gb_point *points,
                           const double *weights, size_t n_points,
                           const gb_point *at, size_t n_at, gb_kernel kernel,
                           double radius_m, double *values)
{
    density d = { .n_points = n_points, .kernel = kernel,
                  .radius_m = radius_m, .at = at, .n_at = n_at,
                  .values = values };

    return run_density(run, &d, points, weights,
                       (n_at + PLACES_A_ROUND - 1) / PLACES_A_ROUND,
                       do_places);
}
