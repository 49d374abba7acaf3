/*
 * score_density_api.c - implements the densities of gridbeat/score.h.
 */
#include <gridbeat/score.h>

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base_options.h"
#include "base_run.h"
#include "geo_shape.h"
#include "score_density.h"
#include "score_edge.h"
#include "score_kernel.h"

static const double DEFAULT_RADIUS_M = 500;
static const double LEAST_M = 1e-3, LARGEST_RADIUS_M = 1e7;
static const double FARTHEST_M = 1e9;

static gb_status take_density_options(gb_context *ctx,
                                      gb_density_options *to,
                                      const gb_density_options *from)
{
    const gb_status status
        = base_options_take(ctx, to, sizeof *to, from,
                            offsetof(gb_density_options, radii_m));

    if (status)
        return status;
    if (!(to->radius_m > 0) && !(to->radius_m < 0) && !isnan(to->radius_m))
        to->radius_m = DEFAULT_RADIUS_M;
    if (!(to->radius_m >= LEAST_M) || to->radius_m > LARGEST_RADIUS_M)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the radius must lie between 1 mm and 10,000 km");
    if (to->kernel < GB_KERNEL_EPANECHNIKOV || to->kernel > GB_KERNEL_GAUSSIAN)
        return base_fail(ctx, GB_ERR_ARGUMENT, "kernel %d is unknown",
                         to->kernel);
    return GB_OK;
}

static gb_status check_points(gb_context *ctx, const gb_point *points,
                              const double *weights, size_t n)
{
    if (n > 0 && !points)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no points are given");
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(points[i].x_m) || !isfinite(points[i].y_m)
            || (weights && !isfinite(weights[i])))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "point %zu has a coordinate or weight that is no "
                             "finite number",
                             i);
        if (fabs(points[i].x_m) > FARTHEST_M
            || fabs(points[i].y_m) > FARTHEST_M)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "point %zu is not within 1,000,000 km", i);
    }
    return GB_OK;
}

static gb_status check_radii(gb_context *ctx, const double *radii_m, size_t n)
{
    for (size_t i = 0; radii_m && i < n; i++)
        if (!(radii_m[i] >= LEAST_M) || radii_m[i] > LARGEST_RADIUS_M)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the radius of point %zu must lie between 1 mm and "
                             "10,000 km", i);
    return GB_OK;
}

static gb_status check_window(gb_context *ctx, const gb_shapes *window)
{
    if (window && window->n_shapes == 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "the window is empty");
    return geo_shapes_check(ctx, window, "window");
}

static gb_status check_raster(gb_context *ctx, const gb_raster *raster)
{
    if (!raster || !(fabs(raster->x0_m) <= FARTHEST_M)
        || !(fabs(raster->y0_m) <= FARTHEST_M)
        || !(raster->step_m >= LEAST_M && raster->step_m <= FARTHEST_M))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the raster must begin within 1,000,000 km and have "
                         "a step of 1 mm to 1,000,000 km");
    if ((uint64_t)raster->n_x * raster->n_y > INT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a raster of %u x %u cells is too large", raster->n_x,
                         raster->n_y);
    return GB_OK;
}

static score_density_task task_of(const gb_density_options *taken,
                                  const gb_point *points,
                                  const double *weights, size_t n)
{
    return (score_density_task){ .points = points, .weights = weights,
                                 .radii_m = taken->radii_m, .n_points = n,
                                 .kernel = (gb_kernel)taken->kernel,
                                 .radius_m = taken->radius_m };
}

/* Everything that all functions ask of points and options. */
static gb_status take(gb_context *ctx, const gb_point *points,
                      const double *weights, size_t n,
                      const gb_density_options *options,
                      gb_density_options *taken)
{
    gb_status status = take_density_options(ctx, taken, options);

    if (!status)
        status = check_points(ctx, points, weights, n);
    if (!status)
        status = check_radii(ctx, taken->radii_m, n);
    return status ? status : check_window(ctx, taken->window);
}

/*
 * With radii of their own, points are weighed by the mass that they have
 * inside; those outside weigh nothing.  *weights is then the task's.
 */
static gb_status weigh_inside(base_run *run, const gb_density_options *taken,
                              score_density_task *task, double **weights)
{
    gb_status status;

    *weights = NULL;
    if (!taken->window || !taken->radii_m)
        return GB_OK;
    *weights = base_alloc_array(run->mem, task->n_points, sizeof **weights);
    if (!*weights)
        return base_fail_nomem(run->ctx);
    status = score_edge_at(run, taken->window, task->kernel, 0,
                           task->radii_m, task->points, task->n_points, true,
                           *weights);
    for (size_t i = 0; i < task->n_points && !status; i++)
        if ((*weights)[i] > 0)
            (*weights)[i] = (task->weights ? task->weights[i] : 1)
                            / (*weights)[i];
    task->weights = *weights;
    return status;
}

gb_status gb_density_raster(gb_context *ctx, const gb_point *points,
                            const double *weights, size_t n_points,
                            const gb_raster *raster,
                            const gb_density_options *options, double *values)
{
    gb_density_options taken;
    score_density_task task;
    base_run run;
    double *weighed = NULL;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, points, weights, n_points, options, &taken);
    if (!status)
        status = check_raster(ctx, raster);
    if (!status && !values)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    task = task_of(&taken, points, weights, n_points);
    status = weigh_inside(&run, &taken, &task, &weighed);
    if (!status)
        status = score_density_raster(&run, &task, raster, values);
    if (!status && taken.window && !taken.radii_m)
        status = score_edge_raster(&run, taken.window, task.kernel,
                                   task.radius_m, raster, values);
    base_free(ctx->mem, weighed);
    return base_run_end(&run, status);
}

/* Divide by the masses inside the window; NAN outside. */
static gb_status correct_places(base_run *run, const gb_density_options *taken,
                                const score_density_task *task,
                                const gb_point *at, size_t n, double *values)
{
    double *mass;
    gb_status status;

    if (!taken->window || taken->radii_m)
        return GB_OK;
    mass = base_alloc_array(run->mem, n, sizeof *mass);
    if (!mass)
        return base_fail_nomem(run->ctx);
    status = score_edge_at(run, taken->window, task->kernel, task->radius_m,
                           NULL, at, n, true, mass);
    for (size_t i = 0; i < n && !status; i++)
        values[i] = mass[i] > 0 ? values[i] / mass[i] : (double)NAN;
    base_free(run->mem, mass);
    return status;
}

gb_status gb_density_at(gb_context *ctx, const gb_point *points,
                        const double *weights, size_t n_points,
                        const gb_point *at, size_t n_at,
                        const gb_density_options *options, double *values)
{
    gb_density_options taken;
    score_density_task task;
    base_run run;
    double *weighed = NULL;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, points, weights, n_points, options, &taken);
    if (!status)
        status = check_points(ctx, at, NULL, n_at);
    if (!status && n_at > 0 && !values)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    task = task_of(&taken, points, weights, n_points);
    status = weigh_inside(&run, &taken, &task, &weighed);
    if (!status)
        status = score_density_at(&run, &task, at, n_at, values);
    if (!status)
        status = correct_places(&run, &taken, &task, at, n_at, values);
    base_free(ctx->mem, weighed);
    return base_run_end(&run, status);
}

/* Take each point's own share out of the value at it. */
static void leave_out(const score_density_task *task, double *values)
{
    for (size_t i = 0; i < task->n_points; i++) {
        const double weight = task->weights ? task->weights[i] : 1;
        const double own
            = weight * score_kernel_factor(task->kernel,
                                           task->radii_m ? task->radii_m[i]
                                                         : task->radius_m);
        const double rest = values[i] - own;

        /* what is left of the sum's rounding is nothing */
        values[i] = fabs(rest) <= 1e-15 * fabs(own) ? 0 : rest;
    }
}

gb_status gb_density_leave_one_out(gb_context *ctx, const gb_point *points,
                                   const double *weights, size_t n_points,
                                   const gb_density_options *options,
                                   double *values)
{
    gb_density_options taken;
    score_density_task task;
    base_run run;
    double *weighed = NULL;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, points, weights, n_points, options, &taken);
    if (!status && n_points > 0 && !values)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    task = task_of(&taken, points, weights, n_points);
    status = weigh_inside(&run, &taken, &task, &weighed);
    if (!status)
        status = score_density_at(&run, &task, points, n_points, values);
    if (!status) {
        leave_out(&task, values);
        status = correct_places(&run, &taken, &task, points, n_points,
                                values);
    }
    base_free(ctx->mem, weighed);
    return base_run_end(&run, status);
}

/* Abramson's rule about the geometric mean of the pilot densities. */
static gb_status set_radii(gb_context *ctx, const double *pilot, size_t n,
                           double mean_m, double *radii_m)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(pilot[i] > 0))
            return base_fail(ctx, GB_ERR_DATA,
                             "the pilot density at point %zu is not above 0: "
                             "weights must be", i);
        sum += log(pilot[i]);
    }
    for (size_t i = 0; i < n; i++)
        radii_m[i] = mean_m * exp((sum / (double)n - log(pilot[i])) / 2);
    return check_radii(ctx, radii_m, n);
}

gb_status gb_density_radii(gb_context *ctx, const gb_point *points,
                           const double *weights, size_t n_points,
                           double mean_m, const gb_density_options *pilot,
                           double *radii_m)
{
    gb_density_options taken;
    score_density_task task;
    base_run run;
    double *values;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, points, weights, n_points, pilot, &taken);
    if (!status && (!(mean_m >= LEAST_M) || mean_m > LARGEST_RADIUS_M))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "the radius must lie between 1 mm and 10,000 km");
    if (!status && n_points > 0 && !radii_m)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    values = base_alloc_array(ctx->mem, n_points, sizeof *values);
    if (!values)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    task = task_of(&taken, points, weights, n_points);
    task.radii_m = NULL;
    status = score_density_at(&run, &task, points, n_points, values);
    if (!status)
        status = set_radii(ctx, values, n_points, mean_m, radii_m);
    base_free(ctx->mem, values);
    return base_run_end(&run, status);
}

gb_status gb_density_mass_inside(gb_context *ctx, const gb_shapes *window,
                                 const gb_point *at, size_t n_at,
                                 const gb_density_options *options,
                                 double *mass)
{
    gb_density_options taken;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, at, NULL, n_at, options, &taken);
    if (!status)
        status = window ? check_window(ctx, window)
                        : base_fail(ctx, GB_ERR_ARGUMENT,
                                    "the window is empty");
    if (!status && n_at > 0 && !mass)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    status = score_edge_at(&run, window, (gb_kernel)taken.kernel,
                           taken.radius_m, taken.radii_m, at, n_at, false,
                           mass);
    return base_run_end(&run, status);
}

gb_status gb_density_in_shapes(gb_context *ctx, const gb_point *points,
                               const double *weights, size_t n_points,
                               const gb_shapes *shapes,
                               const gb_density_options *options,
                               double *sums)
{
    gb_density_options taken;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, points, weights, n_points, options, &taken);
    if (!status && (taken.radii_m || taken.window))
        status = base_fail(ctx, GB_ERR_OPTIONS,
                           "sums in shapes have one radius and no window");
    if (!status)
        status = geo_shapes_check(ctx, shapes, "shapes");
    if (!status && shapes && shapes->n_shapes > 0 && !sums)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status || !shapes || shapes->n_shapes == 0)
        return status;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = taken.n_threads });
    status = score_edge_sums(&run, points, weights, n_points, shapes,
                             (gb_kernel)taken.kernel, taken.radius_m, sums);
    return base_run_end(&run, status);
}

gb_status gb_density_share(gb_context *ctx, const double *part,
                           const double *whole, size_t n, double least,
                           double *share)
{
    double highest = 0;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (n > 0 && (!part || !whole || !share))
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (!(least >= 0 && least < 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the least share of the highest must lie between 0 "
                         "and 1");
    for (size_t i = 0; i < n; i++)
        highest = whole[i] > highest ? whole[i] : highest;
    for (size_t i = 0; i < n; i++)
        share[i] = whole[i] > 0 && whole[i] >= least * highest
                       ? part[i] / whole[i] : (double)NAN;
    return GB_OK;
}
