/*
 * bench_travel.c - how well the way between visits is foretold.
 *
 *   bench_travel EXTRACT [CUSTOMERS BRANCHES MANAGERS [ITERATIONS]]
 *
 * Makes a bank around the extract, divides it into territories, and has the
 * route solver visit every target of each territory, on as many days as that
 * takes, by each mode of travel.  Against these routes stand
 *
 *   between  the sum of the places' shares of a tour, times the pace, for
 *            all legs of a day but that from the branch
 *   there    the way from the branch and back, once a day
 *
 * and the two factors by which they fit best: fitted on every other
 * territory, judged on the rest.  As rivals, all legs counted, and the
 * tour by the root of places times area, of the cells and of the whole
 * territory.  The factors go into
 * plan_tour.c, the table into data/TRAVEL.md.
 */
#include <gridbeat/gridbeat.h>
#include <gridbeat/route.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_data.h"
#include "plan_tour.h"
#include "plan_workload.h"
#include "scratch.h"
#include "store_date.h"

static const char DATE[] = "2026-03-02";
enum { MOST_DAYS = 60, DAY_S = 8 * 3600, MOST_STAY_S = 2 * 3600,
       MOST_SAMPLES = 1024 };

typedef struct sample {
    const char *mode;
    size_t n_spots, n_days;
    double way_s;              /* of the solver's routes */
    double between_s, there_s; /* as foretold: there and back, all days */
    double by_cells_s, by_whole_s; /* rivals of between_s */
    double stay_s;
    bool is_held_out;
} sample;

typedef struct bench {
    gb_context *ctx;
    gb_workspace *ws;
    gb_roads *roads;
    uint64_t iterations;
    plan_data data;
    plan_work work;
    store_territories territories;
    sample samples[MOST_SAMPLES];
    size_t n_samples;
} bench;

static int fail(const bench *b, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, gb_last_error(b->ctx));
    return 1;
}

static gb_status make_bank(bench *b, const char *osm, const char *folder,
                           uint32_t n_customers, uint32_t n_branches,
                           uint32_t n_managers)
{
    gb_world_options world = GB_WORLD_OPTIONS_INIT;
    gb_world_report made = GB_WORLD_REPORT_INIT;
    gb_plan_options plan = GB_PLAN_OPTIONS_INIT;
    gb_import_report *report = NULL;
    gb_plan_result *result = NULL;
    char delivery[400], path[400], index[400];
    gb_status status;

    snprintf(delivery, sizeof delivery, "%s/delivery", folder);
    snprintf(path, sizeof path, "%s/bank.gb", folder);
    snprintf(index, sizeof index, "%s/bank.roads", folder);
    world.osm = osm;
    world.out = delivery;
    world.n_customers = n_customers;
    world.n_branches = n_branches;
    world.n_managers = n_managers;
    plan.date = DATE;
    plan.max_iterations = 1;
    status = gb_world_make(b->ctx, &world, &made);
    if (!status)
        status = gb_roads_build(b->ctx, osm, index, NULL, NULL);
    if (!status)
        status = gb_roads_open(b->ctx, index, &b->roads);
    if (!status)
        status = gb_workspace_create(b->ctx, path, NULL, &b->ws);
    if (!status)
        status = gb_import_delivery(b->ctx, b->ws, delivery, NULL, &report);
    gb_import_report_free(report);
    if (!status)
        status = gb_plan_night(b->ctx, b->ws, b->roads, &plan, &result);
    gb_plan_result_free(result);
    return status;
}

/* ---- one territory by one mode ---- */

typedef struct tour {
    gb_lonlat *at;
    gb_roads_place *places;
    int32_t *seconds;
    uint32_t *location;
    int32_t *service_s;
    uint8_t *must;
    const plan_spot **spots;
    size_t n_spots, n_clients;
} tour;

/* Spots that the mode reaches; long stays in pieces, so that they fit a day. */
static gb_status collect(bench *b, uint32_t territory, uint32_t branch,
                         gb_mode mode, tour *t)
{
    const size_t n = b->work.n_spots;
    const gb_snap_options snap = { sizeof snap, 500, 0 };
    const gb_roads_table_query none = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_table_query query = none;
    size_t n_most = 0, kept = 0;
    gb_status status;

    t->at = malloc((n + 1) * sizeof *t->at);
    t->places = malloc((n + 1) * sizeof *t->places);
    t->spots = malloc((n + 1) * sizeof *t->spots);
    t->at[0] = b->data.branches.items[branch].at;
    t->n_spots = 0;
    for (size_t i = 0; i < n; i++)
        if (b->territories.of_cell[b->work.spots[i].cell] == territory) {
            t->spots[t->n_spots++] = &b->work.spots[i];
            t->at[t->n_spots]
                = b->data.targets.items[b->work.spots[i].target].at;
        }
    status = gb_roads_snap(b->ctx, b->roads, mode, t->at, t->n_spots + 1,
                           &snap, t->places);
    for (size_t i = 0; i < t->n_spots && !status; i++)
        if (t->places[i + 1].status == GB_SNAP_OK) {
            t->spots[kept] = t->spots[i];
            t->places[++kept] = t->places[i + 1];
            n_most += (size_t)(t->spots[i]->stay_s / MOST_STAY_S) + 1;
        }
    t->n_spots = kept;
    t->seconds = malloc((kept + 1) * (kept + 1) * sizeof *t->seconds);
    t->location = malloc(n_most * sizeof *t->location);
    t->service_s = malloc(n_most * sizeof *t->service_s);
    t->must = malloc(n_most);
    t->n_clients = 0;
    for (size_t i = 0; i < kept; i++) {
        double left_s = t->spots[i]->stay_s;

        do {
            const double piece_s = fmin(left_s, MOST_STAY_S);

            t->location[t->n_clients] = (uint32_t)i + 1;
            t->service_s[t->n_clients] = (int32_t)piece_s;
            t->must[t->n_clients++] = 1;
            left_s -= piece_s;
        } while (left_s > 1);
    }
    query.mode = (int32_t)mode;
    query.from = t->places;
    query.n_from = query.n_to = kept + 1;
    if (!status)
        status = gb_roads_table(b->ctx, b->roads, &query, t->seconds, NULL);
    return status;
}

static void clear_tour(tour *t)
{
    free(t->at);
    free(t->places);
    free(t->spots);
    free(t->seconds);
    free(t->location);
    free(t->service_s);
    free(t->must);
}

static void foretell(const bench *b, const tour *t, uint32_t territory,
                     uint32_t branch, gb_mode mode, sample *s)
{
    const double pace = b->work.pace[branch * GB_MODE_COUNT + (size_t)mode];
    double area_m2 = 0, there_s = 0;

    for (size_t i = 0; i < t->n_spots; i++) {
        s->stay_s += t->spots[i]->stay_s;
        s->between_s += t->spots[i]->share_m * pace;
    }
    for (size_t i = 0; i < t->n_clients; i++)
        there_s += (double)t->seconds[t->location[i]] * t->service_s[i];
    s->there_s = 2 * there_s / s->stay_s * (double)s->n_days;
    for (uint32_t c = 0; c < b->data.cells.n; c++) {
        size_t n = 0;

        if (b->territories.of_cell[c] != territory)
            continue;
        for (size_t i = 0; i < t->n_spots; i++)
            n += t->spots[i]->cell == c;
        area_m2 += n ? b->data.cells.area_m2[c] : 0;
        s->by_cells_s
            += 0.7124 * sqrt((double)n * b->data.cells.area_m2[c]) * pace;
    }
    s->by_whole_s = 0.7124 * sqrt((double)t->n_spots * area_m2) * pace;
}

static int measure(bench *b, uint32_t territory, gb_mode mode)
{
    const uint32_t branch = b->territories.items[territory].branch;
    gb_route_problem p = GB_ROUTE_PROBLEM_INIT;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_profile profile = { .n_bands = 0 };
    gb_route_vehicle vehicles[MOST_DAYS];
    gb_route_solution *solution = NULL;
    gb_route_summary summary = { .size = sizeof summary };
    tour t = { 0 };
    sample s = { .mode = gb_mode_name(mode) };
    gb_status status = collect(b, territory, branch, mode, &t);

    profile.seconds = t.seconds;
    p.n_locations = (uint32_t)t.n_spots + 1;
    p.n_profiles = 1;
    p.profiles = &profile;
    p.n_clients = (uint32_t)t.n_clients;
    p.client_location = t.location;
    p.client_service_s = t.service_s;
    p.client_must = t.must;
    p.n_vehicles = MOST_DAYS;
    p.vehicles = vehicles;
    for (size_t v = 0; v < MOST_DAYS; v++) {
        vehicles[v] = (gb_route_vehicle)GB_ROUTE_VEHICLE_INIT;
        vehicles[v].shift_end_s = DAY_S;
        vehicles[v].cost_per_s_milli = 2;
        vehicles[v].fixed_cost = 60; /* as much as a day: fewest days */
    }
    options.max_iterations = b->iterations;
    options.n_searches = 1;
    options.skip_reasons = true;
    if (!status && t.n_clients >= 10)
        status = gb_route_solve(b->ctx, &p, &options, &solution);
    if (!status && solution) {
        gb_route_solution_summary(solution, &summary);
        s.way_s = (double)summary.travel_s;
        s.n_days = summary.n_routes;
        s.n_spots = t.n_spots;
        s.is_held_out = territory % 2;
        foretell(b, &t, territory, branch, mode, &s);
        if (summary.n_unserved == 0 && b->n_samples < MOST_SAMPLES)
            b->samples[b->n_samples++] = s;
        else
            fprintf(stderr, "territory %u by %s: %u of %u not served\n",
                    territory, s.mode, summary.n_unserved, p.n_clients);
    }
    gb_route_solution_free(solution);
    clear_tour(&t);
    return status ? fail(b, "routes") : 0;
}

/* ---- fitting ---- */

static double first_of(const sample *s, int rival)
{
    const double legs = (double)s->n_spots - (double)s->n_days;

    switch (rival) {
    case 0:
        return s->between_s * fmax(legs, 0) / (double)s->n_spots;
    case 1:
        return s->between_s;
    case 2:
        return s->by_cells_s;
    default:
        return s->by_whole_s;
    }
}

/* Least squares of relative errors: way = x between + y there. */
static void fit(const bench *b, int rival, double *x, double *y)
{
    double aa = 0, ab = 0, bb = 0, aw = 0, bw = 0, det;

    for (size_t i = 0; i < b->n_samples; i++) {
        const sample *s = &b->samples[i];
        const double a = first_of(s, rival) / s->way_s;
        const double c = s->there_s / s->way_s;

        if (s->is_held_out)
            continue;
        aa += a * a;
        ab += a * c;
        bb += c * c;
        aw += a;
        bw += c;
    }
    det = aa * bb - ab * ab;
    *x = (aw * bb - bw * ab) / det;
    *y = (bw * aa - aw * ab) / det;
    if (*y < 0) {
        *y = 0;
        *x = aw / aa;
    }
}

/* With the factors that are built in: all territories; else those held out. */
static void judge(const bench *b, const char *name, int rival,
                  bool is_built_in)
{
    double x = PLAN_TOUR_BETWEEN, y = PLAN_TOUR_THERE;
    double mean = 0, worst = 0, bias = 0, of_work = 0;
    size_t n = 0;

    if (!is_built_in)
        fit(b, rival, &x, &y);
    for (size_t i = 0; i < b->n_samples; i++) {
        const sample *s = &b->samples[i];
        const double e
            = (x * first_of(s, rival) + y * s->there_s) / s->way_s - 1;

        if (!s->is_held_out && !is_built_in)
            continue;
        mean += fabs(e);
        bias += e;
        of_work += fabs(e) * s->way_s / (s->way_s + s->stay_s);
        worst = fmax(worst, fabs(e));
        n++;
    }
    printf("travel.%s.between %.3f -\n", name, x);
    printf("travel.%s.there %.3f -\n", name, y);
    printf("travel.%s.judged_on %zu tours\n", name, n);
    printf("travel.%s.mean_error %.1f %%\n", name, 100 * mean / (double)n);
    printf("travel.%s.bias %.1f %%\n", name, 100 * bias / (double)n);
    printf("travel.%s.worst_error %.1f %%\n", name, 100 * worst);
    printf("travel.%s.mean_error_of_work %.2f %%\n", name,
           100 * of_work / (double)n);
}

static int measure_all(bench *b)
{
    int failed = 0;

    for (uint32_t t = 0; t < b->territories.n && !failed; t++)
        for (int mode = 0; mode < GB_MODE_COUNT && !failed; mode++)
            failed = measure(b, t, (gb_mode)mode);
    if (failed)
        return failed;
    for (size_t i = 0; i < b->n_samples; i++) {
        const sample *s = &b->samples[i];

        fprintf(stderr, "%-5s %4zu spots %2zu days way %7.0f between %7.0f "
                "there %7.0f cells %7.0f whole %7.0f stay %8.0f\n", s->mode,
                s->n_spots, s->n_days, s->way_s, s->between_s, s->there_s,
                s->by_cells_s, s->by_whole_s, s->stay_s);
    }
    judge(b, "built_in", 0, true);
    judge(b, "density", 0, false);
    judge(b, "all_legs", 1, false);
    judge(b, "cells", 2, false);
    judge(b, "whole", 3, false);
    return 0;
}

static int run(bench *b)
{
    plan_settings settings = { .on = store_day_parse(DATE) };
    base_run run;
    gb_status status;
    int failed = 1;

    settings.given = (gb_plan_options)GB_PLAN_OPTIONS_INIT;
    settings.given.date = DATE;
    settings.given.service_s = 900;
    base_run_begin(&run, b->ctx, (base_limits){ 0 });
    store_enter(b->ws, &run);
    status = plan_data_load(&b->data, b->ws, &run, b->roads, &settings,
                            PLAN_NEEDS_TARGETS | PLAN_NEEDS_CELLS);
    if (!status)
        status = plan_work_find(&b->data, &b->work);
    if (!status)
        status = store_load_territories(b->ws, &b->data.branches,
                                        &b->data.managers, &b->data.cells, 0,
                                        settings.on, &b->territories);
    failed = status ? fail(b, "load") : measure_all(b);
    store_territories_clear(&b->territories);
    plan_work_clear(&b->work);
    plan_data_clear(&b->data);
    store_leave(b->ws);
    return failed;
}

int main(int argc, char **argv)
{
    static bench b;
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: bench_travel EXTRACT [CUSTOMERS BRANCHES "
                        "MANAGERS [ITERATIONS]]\n");
        return 2;
    }
    b.iterations = argc > 5 ? strtoull(argv[5], NULL, 10) : 4000;
    if (gb_context_new(NULL, &b.ctx))
        return 1;
    failed = make_bank(&b, argv[1], scratch_folder(),
                       argc > 2 ? (uint32_t)atoi(argv[2]) : 20000,
                       argc > 3 ? (uint32_t)atoi(argv[3]) : 6,
                       argc > 4 ? (uint32_t)atoi(argv[4]) : 24)
                 ? fail(&b, "bank")
                 : run(&b);
    gb_workspace_close(b.ws);
    gb_roads_close(b.roads);
    gb_context_free(b.ctx);
    scratch_remove();
    return failed;
}
