/*
 * score_network_api.c - implements gb_density_streets() of gridbeat/score.h.
 */
#include <gridbeat/score.h>

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base_options.h"
#include "base_run.h"
#include "score_network.h"

static const double DEFAULT_RADIUS_M = 500;
static const double LEAST_M = 1e-3, LARGEST_M = 1e7;

/* A point as it is sorted, so that the caller's order does not show. */
typedef struct weighed_place {
    gb_street_place at;
    double weight;
} weighed_place;

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const weighed_place *p = a, *q = b;
    int order = (p->at.edge > q->at.edge) - (p->at.edge < q->at.edge);

    if (order == 0)
        order = compare_reals(p->at.along_m, q->at.along_m);
    return order ? order : compare_reals(p->weight, q->weight);
}

static gb_status check_streets(gb_context *ctx, const gb_streets *s)
{
    if (!s || s->n_edges == 0 || !s->from || !s->to || !s->length_m)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no streets are given");
    if (s->n_nodes >= UINT32_MAX || s->n_edges >= UINT32_MAX / 2)
        return base_fail(ctx, GB_ERR_ARGUMENT, "too many streets");
    for (size_t e = 0; e < s->n_edges; e++) {
        if (s->from[e] >= s->n_nodes || s->to[e] >= s->n_nodes
            || s->from[e] == s->to[e])
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "street %zu does not lead from one of %zu nodes "
                             "to another", e, s->n_nodes);
        if (!(s->length_m[e] > 0) || s->length_m[e] > LARGEST_M)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the length of street %zu must lie between 0 "
                             "and 10,000 km", e);
    }
    return GB_OK;
}

static gb_status check_places(gb_context *ctx, const gb_streets *s,
                              const gb_street_place *at,
                              const double *weights, size_t n)
{
    if (n > 0 && !at)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no points are given");
    if (n >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "too many points");
    for (size_t i = 0; i < n; i++) {
        if (at[i].edge >= s->n_edges || !(at[i].along_m >= 0)
            || at[i].along_m > s->length_m[at[i].edge])
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "point %zu lies on no street", i);
        if (weights && !isfinite(weights[i]))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "point %zu has a coordinate or weight that is no "
                             "finite number", i);
    }
    return GB_OK;
}

static gb_status take_options(gb_context *ctx, gb_density_options *to,
                              const gb_density_options *from)
{
    const gb_status status
        = base_options_take(ctx, to, sizeof *to, from,
                            offsetof(gb_density_options, radii_m));

    if (status)
        return status;
    if (!(to->radius_m > 0) && !(to->radius_m < 0) && !isnan(to->radius_m))
        to->radius_m = DEFAULT_RADIUS_M;
    if (!(to->radius_m >= LEAST_M) || to->radius_m > LARGEST_M)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the radius must lie between 1 mm and 10,000 km");
    if (to->kernel < GB_KERNEL_EPANECHNIKOV || to->kernel > GB_KERNEL_GAUSSIAN)
        return base_fail(ctx, GB_ERR_ARGUMENT, "kernel %d is unknown",
                         to->kernel);
    if (to->radii_m || to->window)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "along streets there is one radius and no window");
    return GB_OK;
}

/* The points sorted, and solved. */
static gb_status solve(base_run *run, score_network *n,
                       const gb_street_place *points, const double *weights)
{
    weighed_place *sorted
        = base_alloc_array(run->mem, n->n_points, sizeof *sorted);
    gb_street_place *places
        = base_alloc_array(run->mem, n->n_points, sizeof *places);
    double *weighed
        = base_alloc_array(run->mem, n->n_points, sizeof *weighed);
    gb_status status
        = sorted && places && weighed ? GB_OK : base_fail_nomem(run->ctx);

    for (size_t i = 0; i < n->n_points && !status; i++)
        sorted[i]
            = (weighed_place){ points[i], weights ? weights[i] : 1 };
    if (!status && n->n_points > 0)
        qsort(sorted, n->n_points, sizeof *sorted, by_place);
    for (size_t i = 0; i < n->n_points && !status; i++) {
        places[i] = sorted[i].at;
        weighed[i] = sorted[i].weight;
    }
    n->points = places;
    n->weights = weighed;
    if (!status)
        status = n->kernel == GB_KERNEL_GAUSSIAN ? score_network_heat(run, n)
                                                 : score_network_paths(run, n);
    base_free(run->mem, sorted);
    base_free(run->mem, places);
    base_free(run->mem, weighed);
    return status;
}

gb_status gb_density_streets(gb_context *ctx, const gb_streets *streets,
                             const gb_street_place *points,
                             const double *weights, size_t n_points,
                             const gb_street_place *at, size_t n_at,
                             const gb_density_options *options,
                             double *values)
{
    gb_density_options taken;
    score_network n = { .streets = streets, .n_points = n_points, .at = at,
                        .n_at = n_at, .values = values };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take_options(ctx, &taken, options);
    if (!status)
        status = check_streets(ctx, streets);
    if (!status)
        status = check_places(ctx, streets, points, weights, n_points);
    if (!status)
        status = check_places(ctx, streets, at, NULL, n_at);
    if (!status && n_at > 0 && !values)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the values");
    if (status)
        return status;
    n.kernel = (gb_kernel)taken.kernel;
    n.radius_m = taken.radius_m;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("density"), 0, 1, 0);
    status = solve(&run, &n, points, weights);
    return base_run_end(&run, status);
}
