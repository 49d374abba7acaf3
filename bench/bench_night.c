/*
 * bench_night.c - the routes of a whole county bank's night.
 *
 *   bench_night EXTRACT [BRANCHES MANAGERS CUSTOMERS [ITERATIONS [THREADS
 *               [TIMES [SEED]]]]]
 *
 * Makes a bank of 42 branches and 300 managers around the extract, with so
 * many customers that a manager has some 400 to choose from, does a first
 * night, then the plan of the same day again: with the default effort, and
 * with TIMES (ten) times of it; 1: not again.  SEED (1) draws the bank.  The
 * night has the clock on; the ratio of the values tells what the effort that a
 * night spends leaves on the table.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scratch.h"

static const char DATE[] = "2026-03-02";

enum { DEFAULT_ITERATIONS = 4000 };

typedef struct bench {
    gb_context *ctx;
    gb_workspace *ws;
    gb_roads *roads;
    uint32_t n_branches, n_managers, n_customers, n_threads;
    uint64_t iterations, times, seed;
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

/* The number behind "key": in the answer. */
static double number(const char *json, const char *key)
{
    char quoted[64];
    const char *at;

    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    at = strstr(json, quoted);
    return at ? atof(at + strlen(quoted)) : -1;
}

static int make(bench *b, const char *osm)
{
    gb_world_options world = GB_WORLD_OPTIONS_INIT;
    gb_import_options import = GB_IMPORT_OPTIONS_INIT;
    gb_import_report *report = NULL;
    char delivery[400], path[600], index[600];
    const char *folder = scratch_folder();

    snprintf(delivery, sizeof delivery, "%s/delivery", folder);
    snprintf(path, sizeof path, "%s/county.gb", folder);
    snprintf(index, sizeof index, "%s/county.roads", folder);
    world.osm = osm;
    world.out = delivery;
    world.n_customers = b->n_customers;
    world.n_branches = b->n_branches;
    world.n_managers = b->n_managers;
    world.seed = b->seed;
    import.max_reject_ratio = 0.5;
    if (gb_world_make(b->ctx, &world, NULL)
        || gb_roads_build(b->ctx, osm, index, NULL, NULL)
        || gb_roads_open(b->ctx, index, &b->roads)
        || gb_workspace_create(b->ctx, path, NULL, &b->ws)
        || gb_import_delivery(b->ctx, b->ws, delivery, &import, &report))
        return fail(b, "make");
    gb_import_report_free(report);
    return 0;
}

static gb_plan_options options_of(const bench *b, uint64_t iterations)
{
    gb_plan_options options = GB_PLAN_OPTIONS_INIT;

    options.date = DATE;
    options.n_threads = b->n_threads;
    options.max_iterations = iterations;
    return options;
}

static void print_plan(const char *name, const char *json, double began_s,
                       double began_cpu_s)
{
    printf("night.%s.seconds %.1f s\n", name, scratch_clock_s() - began_s);
    printf("night.%s.cpu %.1f s\n", name, cpu_s() - began_cpu_s);
    printf("night.%s.visits %.0f -\n", name, number(json, "visits"));
    printf("night.%s.later %.0f -\n", name, number(json, "deferred"));
    printf("night.%s.value %.0f points\n", name, number(json, "value"));
    printf("night.%s.per_h %.2f points/h\n", name,
           number(json, "value_per_h"));
}

/* The first night divides the ground, too; the second finds it divided. */
static int do_night(bench *b, const char *name)
{
    const gb_plan_options options = options_of(b, b->iterations);
    const double began_s = scratch_clock_s(), began_cpu_s = cpu_s();
    gb_plan_result *result = NULL;
    const char *json, *timing;

    if (gb_plan_night(b->ctx, b->ws, b->roads, &options, &result))
        return fail(b, name);
    json = gb_plan_result_json(result);
    print_plan(name, json, began_s, began_cpu_s);
    timing = strstr(json, "\"timing\"");
    printf("night.%s.timing %s -\n", name, timing ? timing : "");
    gb_plan_result_free(result);
    return 0;
}

static int do_plan(bench *b, const char *name, uint64_t iterations,
                   double *value)
{
    const gb_plan_options options = options_of(b, iterations);
    const double began_s = scratch_clock_s(), began_cpu_s = cpu_s();
    gb_plan_result *result = NULL;

    if (gb_plan_day(b->ctx, b->ws, b->roads, &options, &result))
        return fail(b, name);
    print_plan(name, gb_plan_result_json(result), began_s, began_cpu_s);
    *value = number(gb_plan_result_json(result), "value");
    gb_plan_result_free(result);
    return 0;
}

static int run(bench *b, const char *osm)
{
    double once = 0, more = 0;
    int failed = make(b, osm);

    failed = failed || do_night(b, "first") || do_night(b, "second")
             || do_plan(b, "plan", b->iterations, &once);
    if (b->times > 1) {
        failed = failed
                 || do_plan(b, "plan_of_times", b->times * b->iterations,
                            &more);
        if (!failed)
            printf("night.of_%llu_times_the_effort %.2f %%\n",
                   (unsigned long long)b->times, 100 * once / more);
    }
    printf("night.peak_memory %.1f MB\n", scratch_peak_mb());
    gb_workspace_close(b->ws);
    gb_roads_close(b->roads);
    scratch_remove();
    return failed;
}

static uint32_t argument(int argc, char **argv, int i, uint32_t otherwise)
{
    return argc > i ? (uint32_t)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    bench b = { .n_branches = argument(argc, argv, 2, 42),
                .n_managers = argument(argc, argv, 3, 300),
                .n_customers = argument(argc, argv, 4, 1440000),
                .iterations = argument(argc, argv, 5, DEFAULT_ITERATIONS),
                .n_threads = argument(argc, argv, 6, 2),
                .times = argument(argc, argv, 7, 10),
                .seed = argument(argc, argv, 8, 1) };
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: bench_night EXTRACT [BRANCHES MANAGERS "
                        "CUSTOMERS [ITERATIONS [THREADS [TIMES "
                        "[SEED]]]]]\n");
        return 2;
    }
    if (gb_context_new(NULL, &b.ctx))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    failed = run(&b, argv[1]);
    gb_context_free(b.ctx);
    return failed;
}
