/*
 * spots_api.c - implements gridbeat/spots.h.
 */
#include <gridbeat/spots.h>

#include <math.h>

#include "base_options.h"
#include "base_text.h"
#include "score_clusters.h"
#include "score_area_rates.h"
#include "score_spots.h"

static const double DEFAULT_LEVEL = 0.05;
static const double DEFAULT_RADIUS_M = 100, LEAST_RADIUS_M = 1e-3,
                    MOST_RADIUS_M = 1e6, MOST_M = 1e9;
static const double MOST_PEOPLE = 1e15;
enum { DEFAULT_MIN_POINTS = 10, LEAST_AREAS = 3, LEAST_FOR_ALL = 4 };

static gb_status check_neighbours(gb_context *ctx, const gb_neighbours *near)
{
    if (!near || near->size < sizeof *near || !near->first
        || (near->n_areas > 0 && near->first[near->n_areas] > 0
            && !near->areas))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no neighbours, or of unknown size");
    for (size_t i = 0; i < near->n_areas; i++) {
        if (near->first[i] > near->first[i + 1])
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the neighbours of area %zu end before they "
                             "begin", i);
        for (uint32_t k = near->first[i]; k < near->first[i + 1]; k++) {
            if (near->areas[k] >= near->n_areas || near->areas[k] == i)
                return base_fail(ctx, GB_ERR_ARGUMENT,
                                 "area %zu has area %u of %zu as a "
                                 "neighbour", i, near->areas[k],
                                 near->n_areas);
            if (near->weights && !(near->weights[k] >= 0
                                   && isfinite(near->weights[k])))
                return base_fail(ctx, GB_ERR_ARGUMENT,
                                 "area %zu weighs its neighbour %u by less "
                                 "than 0 or no number", i, near->areas[k]);
        }
    }
    return GB_OK;
}

static gb_status take_options(gb_context *ctx,
                              const gb_spots_options *options,
                              gb_spots_options *own)
{
    const gb_status status = base_options_take(ctx, own, sizeof *own, options,
                                               sizeof *own);

    if (status)
        return status;
    if (own->stat < GB_SPOT_GISTAR || own->stat > GB_SPOT_MORAN)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no statistic has number %d",
                         own->stat);
    if (!(own->level >= 0 && own->level <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the level is not within 0 to 1");
    if (own->level <= 0)
        own->level = DEFAULT_LEVEL;
    return GB_OK;
}

static gb_status take_values(gb_context *ctx, const double *values,
                             const gb_neighbours *near, size_t least,
                             score_values *out)
{
    gb_status status = check_neighbours(ctx, near);

    *out = (score_values){ 0 };
    if (!status && near->n_areas > 0 && !values)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no values are given");
    for (size_t i = 0; !status && i < near->n_areas; i++)
        if (isinf(values[i]))
            status = base_fail(ctx, GB_ERR_ARGUMENT,
                               "the value of area %zu is infinite", i);
    if (!status)
        status = score_values_take(ctx, values, near->n_areas, out);
    if (!status && out->n_known < least)
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "%zu areas of known value are too few: at least "
                           "%zu are needed", out->n_known, least);
    return status;
}

gb_status gb_spots(gb_context *ctx, const double *values,
                   const gb_neighbours *neighbours,
                   const gb_spots_options *options, gb_spot *out)
{
    gb_spots_options own;
    score_values taken = { 0 };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the answer");
    status = take_options(ctx, options, &own);
    if (!status)
        status = take_values(ctx, values, neighbours, LEAST_AREAS, &taken);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("finding hot spots"), 0, 1, taken.n);
    if (!status)
        status = score_spots(&run, &taken, neighbours, &own, out);
    score_values_clear(ctx, &taken);
    return base_run_end(&run, status);
}

gb_status gb_spots_moran(gb_context *ctx, const double *values,
                         const gb_neighbours *neighbours,
                         const gb_spots_options *options, gb_moran *out)
{
    gb_spots_options own;
    gb_moran made = { .size = sizeof made };
    score_values taken = { 0 };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take_options(ctx, options, &own);
    if (!status)
        status = take_values(ctx, values, neighbours, LEAST_FOR_ALL, &taken);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("finding hot spots"), 0, 1, taken.n);
    if (!status)
        status = score_moran(&run, &taken, neighbours, own.is_binary, &made);
    score_values_clear(ctx, &taken);
    if (!status && !base_options_give(out, &made, sizeof made))
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the answer");
    return base_run_end(&run, status);
}

gb_status gb_false_discovery(gb_context *ctx, const double *p, size_t n,
                             double *p_fdr)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if ((!p || !p_fdr) && n > 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no p, or no place for them");
    if (n > UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu tests are too many", n);
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0 || p[i] > 1)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the p of test %zu is not within 0 to 1", i);
    return score_false_discovery(ctx, p, n, p_fdr);
}

gb_status gb_spots_rates(gb_context *ctx, const double *events,
                         const double *population, size_t n, double *out)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if ((!events || !population || !out) && n > 0)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no events, no population, or no place for the "
                         "answer");
    for (size_t i = 0; i < n; i++)
        if (!(events[i] >= 0) || !(population[i] >= events[i])
            || population[i] > MOST_PEOPLE)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "area %zu has more events than people, or fewer "
                             "than none", i);
    score_area_rates(events, population, n, out);
    return GB_OK;
}

static gb_status check_points(gb_context *ctx, const gb_point *points,
                              size_t n)
{
    if ((n > 0 && !points) || n >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no points, or too many");
    for (size_t i = 0; i < n; i++)
        if (!(fabs(points[i].x_m) <= MOST_M && fabs(points[i].y_m) <= MOST_M))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "point %zu is not within 1,000,000 km", i);
    return GB_OK;
}

gb_status gb_clusters(gb_context *ctx, const gb_point *points,
                      size_t n_points, const gb_clusters_options *options,
                      uint32_t *clusters, uint8_t *cores,
                      uint32_t *n_clusters)
{
    gb_clusters_options own;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if ((n_points > 0 && !clusters) || !n_clusters)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the answer");
    *n_clusters = 0;
    status = base_options_take(ctx, &own, sizeof own, options, sizeof own);
    if (status)
        return status;
    if (own.radius_m == 0)
        own.radius_m = DEFAULT_RADIUS_M;
    if (own.min_points == 0)
        own.min_points = DEFAULT_MIN_POINTS;
    if (!(own.radius_m >= LEAST_RADIUS_M && own.radius_m <= MOST_RADIUS_M))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the radius is not within 1 mm to 1,000 km");
    status = check_points(ctx, points, n_points);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    if (!status)
        status = score_clusters(&run, points, n_points, own.radius_m,
                                own.min_points, clusters, cores, n_clusters);
    return base_run_end(&run, status);
}
