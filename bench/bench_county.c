/*
 * bench_county.c - the territories of a whole county bank, with the clock on.
 *
 *   bench_county EXTRACT [CUSTOMERS [THREADS [BRANCHES MANAGERS SIDE]]]
 *
 * Makes a bank of 42 branches and 300 managers around the extract, lays
 * SIDE x SIDE = 142 x 142 square cells over its places, selects the targets of
 * a day, and divides the cells: `territory build` afresh, then once more on 8
 * threads (the bytes must be the same), then a rebuild after a manager left.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scratch.h"

static const char DATE[] = "2026-03-02";

typedef struct bench {
    gb_context *ctx;
    gb_workspace *ws;
    gb_roads *roads;
    const char *folder;
    uint32_t n_customers, n_threads, n_branches, n_managers, side;
} bench;

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int fail(const bench *b, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, gb_last_error(b->ctx));
    return 1;
}

/* Squares over the box of the places in the delivery. */
static int write_cells(const bench *b, const char *places, const char *path)
{
    FILE *in = fopen(places, "r"), *out = fopen(path, "w");
    double west = 200, south = 100, east = -200, north = -100;
    char line[4096];
    int lon_column = -1, lat_column = -1;

    for (int row = 0; in && fgets(line, sizeof line, in); row++) {
        double lon = 0, lat = 0;
        int column = 0;

        for (char *at = line, *end; at; at = end, column++) {
            end = strchr(at, ',');
            if (end)
                *end++ = '\0';
            at[strcspn(at, "\r\n")] = '\0';
            if (row == 0 && strcmp(at, "lon") == 0)
                lon_column = column;
            if (row == 0 && strcmp(at, "lat") == 0)
                lat_column = column;
            if (row > 0 && column == lon_column)
                lon = atof(at);
            if (row > 0 && column == lat_column)
                lat = atof(at);
        }
        if (row == 0 || lon < -180 || lon > 180 || lat < 3 || lat > 54
            || lon == 0)
            continue;
        west = lon < west ? lon : west;
        east = lon > east ? lon : east;
        south = lat < south ? lat : south;
        north = lat > north ? lat : north;
    }
    if (!in || !out)
        return 1;
    west -= 0.005, east += 0.005, south -= 0.005, north += 0.005;
    fprintf(out, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (uint32_t y = 0; y < b->side; y++)
        for (uint32_t x = 0; x < b->side; x++) {
            const double x0 = west + (east - west) * x / b->side;
            const double x1 = west + (east - west) * (x + 1) / b->side;
            const double y0 = south + (north - south) * y / b->side;
            const double y1 = south + (north - south) * (y + 1) / b->side;

            fprintf(out,
                    "%s{\"type\":\"Feature\",\"properties\":{\"cell_ref\":"
                    "\"c%05u\"},\"geometry\":{\"type\":\"Polygon\","
                    "\"coordinates\":[[[%.7f,%.7f],[%.7f,%.7f],[%.7f,%.7f],"
                    "[%.7f,%.7f],[%.7f,%.7f]]]}}\n",
                    x + y > 0 ? "," : "", y * b->side + x, x0, y0, x1, y0, x1,
                    y1, x0, y1, x0, y0);
        }
    fprintf(out, "]}\n");
    fclose(in);
    return fclose(out);
}

static gb_status load(bench *b, const char *delivery)
{
    static const char *const kinds[][2]
        = { { "orgs", "orgs.csv" },         { "branches", "branches.csv" },
            { "managers", "managers.csv" }, { "calendar", "calendar.csv" },
            { "products", "products.csv" }, { "tags", "tags.csv" },
            { "places", "places.csv" },     { "customers", "customers.csv" },
            { "holdings", "holdings.csv" }, { "visits", "visits.csv" },
            { "cells", "cells.geojson" } };
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    gb_status status = GB_OK;

    options.max_reject_ratio = 0.5;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !status; k++) {
        gb_import_report *report = NULL;
        char path[600];

        snprintf(path, sizeof path, "%s/%s", delivery, kinds[k][1]);
        status = gb_import(b->ctx, b->ws, kinds[k][0], path, &options,
                           &report);
        gb_import_report_free(report);
    }
    return status;
}

static int make(bench *b, const char *osm)
{
    gb_world_options world = GB_WORLD_OPTIONS_INIT;
    gb_world_report made = GB_WORLD_REPORT_INIT;
    gb_segment_options segment = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *selected = NULL;
    char delivery[400], path[600], index[600], places[600], cells[600];

    snprintf(delivery, sizeof delivery, "%s/delivery", b->folder);
    snprintf(path, sizeof path, "%s/county.gb", b->folder);
    snprintf(index, sizeof index, "%s/county.roads", b->folder);
    snprintf(places, sizeof places, "%s/places.csv", delivery);
    snprintf(cells, sizeof cells, "%s/cells.geojson", delivery);
    world.osm = osm;
    world.out = delivery;
    world.n_customers = b->n_customers;
    world.n_branches = b->n_branches;
    world.n_managers = b->n_managers;
    segment.as_of = DATE;
    segment.name = "dormant_6m";
    if (gb_world_make(b->ctx, &world, &made)
        || gb_roads_build(b->ctx, osm, index, NULL, NULL)
        || gb_roads_open(b->ctx, index, &b->roads))
        return fail(b, "make");
    if (write_cells(b, places, cells))
        return fail(b, "cells");
    if (gb_workspace_create(b->ctx, path, NULL, &b->ws) || load(b, delivery)
        || gb_segment_select(b->ctx, b->ws, &segment, &selected))
        return fail(b, "load");
    gb_segment_result_free(selected);
    return 0;
}

/* The number behind "key": in the answer. */
static double number(const char *json, const char *key)
{
    char quoted[64];
    const char *at;

    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    at = strstr(json, quoted);
    return at ? atof(at + strlen(quoted)) : -1;
}

static gb_plan_options options_of(const bench *b, uint32_t n_threads)
{
    gb_plan_options options = GB_PLAN_OPTIONS_INIT;

    options.date = DATE;
    options.n_threads = n_threads;
    (void)b;
    return options;
}

static uint64_t hash(const char *json)
{
    const char *at = strstr(json, "\"territories\"");
    uint64_t h = 14695981039346656037u;

    for (; at && *at; at++)
        h = (h ^ (unsigned char)*at) * 1099511628211u;
    return h;
}

static int build(bench *b, const char *name, uint32_t n_threads,
                 uint64_t *bytes)
{
    const gb_plan_options options = options_of(b, n_threads);
    const double began_s = scratch_clock_s(), began_cpu_s = cpu_s();
    gb_plan_result *result = NULL;
    const char *json;

    if (gb_plan_territories(b->ctx, b->ws, b->roads, &options, &result))
        return fail(b, name);
    json = gb_plan_result_json(result);
    *bytes = hash(json);
    printf("county.%s.seconds %.2f s\n", name, scratch_clock_s() - began_s);
    printf("county.%s.cpu %.2f s\n", name, cpu_s() - began_cpu_s);
    printf("county.%s.cells %.0f -\n", name, number(json, "cells"));
    printf("county.%s.territories %.0f -\n", name,
           number(json, "territories"));
    printf("county.%s.max_deviation %.4f -\n", name,
           number(json, "max_deviation"));
    printf("county.%s.balanced %d -\n", name,
           strstr(json, "\"balanced\":true") != NULL);
    gb_plan_result_free(result);
    return 0;
}

static int rebuild(bench *b)
{
    gb_plan_options options = options_of(b, b->n_threads);
    const double began_s = scratch_clock_s(), began_cpu_s = cpu_s();
    gb_plan_result *result = NULL;
    const char *json;

    options.left = "m017";
    options.from_version = 1;
    if (gb_plan_rebuild(b->ctx, b->ws, b->roads, &options, &result))
        return fail(b, "rebuild");
    json = gb_plan_result_json(result);
    printf("county.rebuild.seconds %.2f s\n", scratch_clock_s() - began_s);
    printf("county.rebuild.cpu %.2f s\n", cpu_s() - began_cpu_s);
    printf("county.rebuild.forced %.0f cells\n", number(json, "forced"));
    printf("county.rebuild.chosen %.0f cells\n", number(json, "chosen"));
    gb_plan_result_free(result);
    return 0;
}

static int run(bench *b, const char *osm)
{
    gb_plan_options options = options_of(b, b->n_threads);
    gb_plan_result *result = NULL;
    uint64_t first = 0, again = 1;
    int failed = make(b, osm);

    if (!failed && gb_plan_cells(b->ctx, b->ws, b->roads, &options, &result))
        failed = fail(b, "cells");
    gb_plan_result_free(result);
    printf("county.before.peak_memory %.1f MB\n", scratch_peak_mb());
    failed = failed || build(b, "build", b->n_threads, &first);
    printf("county.build.peak_memory %.1f MB\n", scratch_peak_mb());
    failed = failed || build(b, "build_8", 8, &again);
    if (!failed && first != again) {
        fprintf(stderr, "other bytes on 8 threads\n");
        failed = 1;
    }
    return failed || rebuild(b);
}

int main(int argc, char **argv)
{
    bench b = { .n_customers = 300000, .n_threads = 2, .n_branches = 42,
                .n_managers = 300, .side = 142 };
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: bench_county EXTRACT [CUSTOMERS [THREADS "
                        "[BRANCHES MANAGERS SIDE]]]\n");
        return 2;
    }
    if (argc > 2)
        b.n_customers = (uint32_t)atoi(argv[2]);
    if (argc > 3)
        b.n_threads = (uint32_t)atoi(argv[3]);
    if (argc > 6) {
        b.n_branches = (uint32_t)atoi(argv[4]);
        b.n_managers = (uint32_t)atoi(argv[5]);
        b.side = (uint32_t)atoi(argv[6]);
    }
    if (gb_context_new(NULL, &b.ctx))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    b.folder = scratch_folder();
    failed = run(&b, argv[1]);
    gb_workspace_close(b.ws);
    gb_roads_close(b.roads);
    gb_context_free(b.ctx);
    scratch_remove();
    return failed;
}
