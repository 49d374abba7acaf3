/*
 * plan_api.c - implements gridbeat/plan.h.
 */
#include <gridbeat/plan.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_options.h"
#include "plan_build.h"
#include "plan_horizon.h"

enum { DEFAULT_SERVICE_S = 900, DEFAULT_COST_PER_H = 6,
       DEFAULT_ITERATIONS = 4000, DEFAULT_CANDIDATES = 600,
       MOST_SERVICE_S = 8 * 3600, MOST_COST_PER_H = 100000, MOST_GRIDS = 1000,
       DEFAULT_DAYS = 10, MOST_ACTIVATION_DAYS = 366, DEFAULT_CLUSTER = 20 };
static const double DEFAULT_RADIUS_M = 500;
static const double DEFAULT_STEP_M = 100;
static const double DEFAULT_TOLERANCE = 0.10;
static const double DEFAULT_CLUSTER_M = 50, DEFAULT_LEVEL = 0.05;

struct gb_plan_result {
    base_mem *mem;
    char *json;
    int64_t n_musts_missed;
};

const char *gb_plan_result_json(const gb_plan_result *result)
{
    return result ? result->json : NULL;
}

int64_t gb_plan_result_musts_missed(const gb_plan_result *result)
{
    return result ? result->n_musts_missed : 0;
}

void gb_plan_result_free(gb_plan_result *result)
{
    base_mem *mem;

    if (!result)
        return;
    mem = result->mem;
    base_free(mem, result->json);
    base_free(mem, result);
    base_mem_unref(mem);
}

static void fill_defaults(gb_plan_options *o)
{
    if (!o->segment)
        o->segment = "dormant_6m";
    o->density_radius_m = o->density_radius_m > 0 ? o->density_radius_m
                                                  : DEFAULT_RADIUS_M;
    o->density_step_m
        = o->density_step_m > 0 ? o->density_step_m : DEFAULT_STEP_M;
    o->tolerance = o->tolerance > 0 ? o->tolerance : DEFAULT_TOLERANCE;
    o->service_s = o->service_s ? o->service_s : DEFAULT_SERVICE_S;
    o->cost_per_h = o->cost_per_h ? o->cost_per_h : DEFAULT_COST_PER_H;
    o->max_iterations
        = o->max_iterations ? o->max_iterations : DEFAULT_ITERATIONS;
    o->max_candidates
        = o->max_candidates ? o->max_candidates : DEFAULT_CANDIDATES;
    o->n_days = o->n_days ? o->n_days : DEFAULT_DAYS;
    o->n_threads = o->n_threads ? o->n_threads : 1;
    o->cluster_radius_m
        = o->cluster_radius_m > 0 ? o->cluster_radius_m : DEFAULT_CLUSTER_M;
    o->cluster_min_points
        = o->cluster_min_points ? o->cluster_min_points : DEFAULT_CLUSTER;
    o->spot_level = o->spot_level > 0 ? o->spot_level : DEFAULT_LEVEL;
}

static gb_status check_ranges(gb_context *ctx, const gb_plan_options *o)
{
    if (!(o->density_radius_m >= 0 && o->density_radius_m <= 1e5)
        || !(o->density_step_m >= 0 && o->density_step_m <= 1e5))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "radius and step of the density must lie between 0 "
                         "and 100,000 m");
    if (!(o->cluster_radius_m >= 0 && o->cluster_radius_m <= 1e5)
        || !(o->spot_level >= 0 && o->spot_level <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the radius of clusters must lie between 0 and "
                         "100,000 m, the level of hot spots between 0 and 1");
    if (!(o->tolerance >= 0 && o->tolerance <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the tolerance must lie between 0 and 1");
    if (o->service_s < 0 || o->service_s > MOST_SERVICE_S)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a visit of %d s; 0 to %d are allowed", o->service_s,
                         MOST_SERVICE_S);
    if (o->cost_per_h < 0 || o->cost_per_h > MOST_COST_PER_H)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "an hour at %lld points; 0 to %d are allowed",
                         (long long)o->cost_per_h, MOST_COST_PER_H);
    if (!(o->pull <= 1) || !(o->max_moved >= 0 && o->max_moved <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the pull, and the share of cells that may move, "
                         "must not be above 1");
    if (!isfinite(o->barrier_weight) || !isfinite(o->travel_weight)
        || !isfinite(o->familiarity_weight) || !isfinite(o->stay_price))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a weight of territories is no finite number");
    if (o->grids_per_manager > MOST_GRIDS || o->grids_per_branch > MOST_GRIDS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "more than %d territories of a manager or a branch",
                         MOST_GRIDS);
    if (o->n_days > PLAN_MOST_DAYS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u working days ahead; at most %d can be planned",
                         o->n_days, PLAN_MOST_DAYS);
    if (o->activation_days < 0 || o->activation_days > MOST_ACTIVATION_DAYS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a transaction within %d days; 1 to %d are allowed",
                         o->activation_days, MOST_ACTIVATION_DAYS);
    if (!(o->held_out_share <= .5))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "more than half of the customers held out");
    if (o->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the time limit is below 0 ms");
    return GB_OK;
}

static gb_status take_settings(gb_context *ctx, const gb_plan_options *options,
                               plan_settings *settings)
{
    gb_status status
        = base_options_take(ctx, &settings->given, sizeof settings->given,
                            options, sizeof settings->given);

    if (!status)
        status = check_ranges(ctx, &settings->given);
    if (status)
        return status;
    settings->on = store_day_parse(settings->given.date);
    if (settings->on == STORE_NO_DAY)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is not a date YYYY-MM-DD",
                         settings->given.date ? settings->given.date : "");
    fill_defaults(&settings->given);
    return GB_OK;
}

/* jansson's memory is not ours: copy the text into the context's. */
gb_status plan_make_result(gb_context *ctx, json_t *json,
                             int64_t n_musts_missed, gb_plan_result **out)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12));
    gb_plan_result *result = base_alloc_zeroed(ctx->mem, 1, sizeof *result);

    if (result && text)
        result->json = base_strdup(ctx->mem, text);
    free(text);
    if (!result || !result->json) {
        base_free(ctx->mem, result);
        return base_fail_nomem(ctx);
    }
    result->mem = base_mem_ref(ctx->mem);
    result->n_musts_missed = n_musts_missed;
    *out = result;
    return GB_OK;
}

/* One step by its name, or all with NULL. */
static gb_status run_steps(gb_context *ctx, gb_workspace *workspace,
                           const gb_roads *roads,
                           const gb_plan_options *options, const char *step,
                           gb_plan_result **out)
{
    plan_night night = { .ws = workspace, .roads = roads };
    json_t *json = NULL;
    base_run run;
    gb_status status;

    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    status = take_settings(ctx, options, &night.settings);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_context_fork(&night.quiet, ctx);
    if (step) {
        status = plan_one_step(&night, step, &json);
        if (status)
            base_context_adopt(ctx, &night.quiet);
    } else {
        status = plan_all_steps(&night, &run, &json);
    }
    if (!status)
        status = plan_make_result(ctx, json, night.n_musts_missed, out);
    json_decref(json);
    base_context_join(&night.quiet);
    return base_run_end(&run, status);
}

gb_status gb_plan_settle(gb_context *ctx, gb_workspace *workspace,
                         const gb_plan_options *options, gb_plan_result **out)
{
    return run_steps(ctx, workspace, NULL, options, "settle", out);
}

gb_status gb_plan_score(gb_context *ctx, gb_workspace *workspace,
                        const gb_plan_options *options, gb_plan_result **out)
{
    return run_steps(ctx, workspace, NULL, options, "score", out);
}

gb_status gb_plan_cells(gb_context *ctx, gb_workspace *workspace,
                        const gb_roads *roads, const gb_plan_options *options,
                        gb_plan_result **out)
{
    return run_steps(ctx, workspace, roads, options, "cells", out);
}

gb_status gb_plan_territories(gb_context *ctx, gb_workspace *workspace,
                              const gb_roads *roads,
                              const gb_plan_options *options,
                              gb_plan_result **out)
{
    return run_steps(ctx, workspace, roads, options, "draft", out);
}

gb_status gb_plan_rebuild(gb_context *ctx, gb_workspace *workspace,
                          const gb_roads *roads,
                          const gb_plan_options *options, gb_plan_result **out)
{
    return run_steps(ctx, workspace, roads, options, "rebuild", out);
}

gb_status gb_plan_day(gb_context *ctx, gb_workspace *workspace,
                      const gb_roads *roads, const gb_plan_options *options,
                      gb_plan_result **out)
{
    return run_steps(ctx, workspace, roads, options, "plan", out);
}

gb_status gb_plan_night(gb_context *ctx, gb_workspace *workspace,
                        const gb_roads *roads, const gb_plan_options *options,
                        gb_plan_result **out)
{
    return run_steps(ctx, workspace, roads, options, NULL, out);
}
