/*
 * bench_roads.c - the road index of whole cities: build, other speeds, tables,
 * pairs, and all of it held to plain Dijkstra.
 *
 *   bench_roads DATA SHARED [N [PAIRS]]
 *
 * DATA holds Liechtenstein, SHARED the cities (absent: left out).  N (1000)
 * places are spread over each map for an N x N table; PAIRS (2000) random
 * pairs of each mode are compared with Dijkstra, and on small maps, with N of
 * 1000 or more, all pairs of links by car.  Prints `name value unit`
 * lines: counts can be compared between machines, seconds are CPU seconds of
 * one thread unless the name says otherwise.  Each map is built in a process
 * of its own and asked in another, so that each has its own peak of memory.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base_rng.h"
#include "roads_index.h"
#include "roads_query.h"
#include "roads_search.h"

static const struct {
    const char *name, *file;
    bool is_shared;
} maps[] = {
    { "liechtenstein", "liechtenstein-2013-08-03.osm.pbf", false },
    { "monaco", "data/roads/monaco.osm.pbf", true },
    { "chengdu", "data/roads/chengdu_center.osm.pbf", true },
    { "beijing", "data/roads/beijing_drive.osm.pbf", true },
    { "nanjing", "data/roads/nanjing_car.osm.pbf", true },
};

enum {
    RANDOM_PAIRS = 20000,
    PLAIN_SEARCHES = 20,
    WHOLE = 1000, /* places: with so many, all links of a map */
    SMALL = 6000  /* links of a map of which all pairs are compared */
};

static gb_context *ctx;
static const char *name; /* of the map at hand */

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu_s(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void must(gb_status status)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", name, gb_last_error(ctx));
        exit(1);
    }
}

static void *room(size_t n, size_t size)
{
    void *block = calloc(n, size);

    if (!block)
        exit(1);
    return block;
}

/* Points of a low-discrepancy sequence over the map: no chance needed. */
static gb_lonlat *spread(const gb_roads *roads, size_t n)
{
    gb_roads_facts facts = { .size = sizeof facts };
    gb_lonlat *points = room(n, sizeof *points);

    must(gb_roads_info(ctx, roads, &facts));
    for (size_t i = 0; i < n; i++) {
        const double u = fmod((double)i * 0.754877666246693, 1);
        const double v = fmod((double)i * 0.569840290998053, 1);

        points[i].lon_deg = facts.south_west.lon_deg
                            + u * (facts.north_east.lon_deg
                                   - facts.south_west.lon_deg);
        points[i].lat_deg = facts.south_west.lat_deg
                            + v * (facts.north_east.lat_deg
                                   - facts.south_west.lat_deg);
    }
    return points;
}

/* ---- one mode ---- */

typedef struct asked {
    const gb_roads *roads;
    gb_mode mode;
    gb_roads_place *places;
    size_t n;
} asked;

static void tell_sizes(const asked *a)
{
    gb_roads_facts facts = { .size = sizeof facts };
    const gb_roads_mode_info *mode = &facts.modes[a->mode];
    const char *mode_name = gb_mode_name(a->mode);

    must(gb_roads_info(ctx, a->roads, &facts));
    printf("%s_%s_states %llu states\n", name, mode_name,
           (unsigned long long)mode->nodes);
    printf("%s_%s_arcs %llu arcs\n", name, mode_name,
           (unsigned long long)mode->arcs);
    printf("%s_%s_edges %llu edges\n", name, mode_name,
           (unsigned long long)mode->edges);
    printf("%s_%s_shortcuts %llu arcs\n", name, mode_name,
           (unsigned long long)mode->shortcuts);
    printf("%s_%s_routable %.4f share\n", name, mode_name,
           mode->open_m ? (double)mode->routable_m / (double)mode->open_m : 0);
}

static void bench_customise(const asked *a)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *other;
    double begin;

    speeds.mode = (int32_t)a->mode;
    speeds.band = "morning_peak";
    must(gb_roads_customise(ctx, a->roads, &speeds, &other)); /* warm */
    gb_roads_close(other);
    begin = cpu_s();
    must(gb_roads_customise(ctx, a->roads, &speeds, &other));
    printf("%s_%s_customise %.4f s\n", name, gb_mode_name(a->mode),
           cpu_s() - begin);
    gb_roads_close(other);
}

static void bench_table(asked *a, const gb_lonlat *points)
{
    const char *mode_name = gb_mode_name(a->mode);
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_snap_options options = { sizeof options, 100000, 0 };
    int32_t *seconds = room(a->n * a->n, 4), *metres = room(a->n * a->n, 4);
    double begin = cpu_s(), snapped, sum_s = 0;
    uint64_t reached = 0;

    must(gb_roads_snap(ctx, a->roads, a->mode, points, a->n, &options,
                       a->places));
    snapped = cpu_s();
    query.mode = (int32_t)a->mode;
    query.from = a->places;
    query.n_from = a->n;
    must(gb_roads_table(ctx, a->roads, &query, seconds, metres));
    printf("%s_%s_snap %.2f us\n", name, mode_name,
           (snapped - begin) / (double)a->n * 1e6);
    printf("%s_%s_table_%zux%zu %.4f s\n", name, mode_name, a->n, a->n,
           cpu_s() - snapped);
    for (size_t i = 0; i < a->n * a->n; i++)
        if (seconds[i] != GB_ROADS_UNREACHABLE) {
            sum_s += seconds[i];
            reached++;
        }
    printf("%s_%s_reached %llu pairs\n", name, mode_name,
           (unsigned long long)reached);
    printf("%s_%s_mean %.1f s\n", name, mode_name,
           reached ? sum_s / (double)reached : 0);
    for (uint32_t n_threads = 1; n_threads <= 2; n_threads++) {
        query.n_threads = n_threads;
        begin = seconds_of(CLOCK_MONOTONIC);
        for (int i = 0; i < 5; i++)
            must(gb_roads_table(ctx, a->roads, &query, seconds, metres));
        printf("%s_%s_table_wall_%u_threads %.4f s\n", name, mode_name,
               n_threads, (seconds_of(CLOCK_MONOTONIC) - begin) / 5);
    }
    free(seconds);
    free(metres);
}

/* Random pairs by the hierarchy, and a few by plain searches. */
static void bench_pairs(const asked *a)
{
    const roads_view view = roads_view_of(a->roads, a->mode);
    base_mem *mem = base_mem_new(NULL);
    base_rng rng = base_rng_seeded(1);
    roads_pair_query *pair = roads_pair_new(mem, view);
    roads_search search;
    roads_spots spots;
    double begin, sum = 0;

    if (!pair || !roads_search_init(&search, mem, view)
        || !roads_spots_find(mem, view, a->places, a->n, &spots))
        exit(1);
    begin = cpu_s();
    for (int i = 0; i < RANDOM_PAIRS; i++) {
        const size_t from = base_rng_below(&rng, a->n);
        const size_t to = base_rng_below(&rng, a->n);

        sum += roads_weight_s(roads_pair_weight(pair, &spots, from, &spots,
                                                to));
    }
    printf("%s_%s_pair %.2f us\n", name, gb_mode_name(a->mode),
           (cpu_s() - begin) / RANDOM_PAIRS * 1e6);
    begin = cpu_s();
    for (int i = 0; i < PLAIN_SEARCHES; i++)
        roads_search_run(&search, &spots, base_rng_below(&rng, a->n),
                         ROADS_FAR);
    printf("%s_%s_plain_all %.2f ms\n", name, gb_mode_name(a->mode),
           (cpu_s() - begin) / PLAIN_SEARCHES * 1e3);
    if (sum < 0)
        puts("");
    roads_spots_clear(mem, &spots);
    roads_search_clear(&search, mem);
    roads_pair_free(pair);
    base_mem_unref(mem);
}

/* From the middle of each link to that of each other, by car: the table
 * against a plain search a row. */
static void compare_all(const gb_roads *roads)
{
    const roads_view view = roads_view_of(roads, GB_MODE_CAR);
    base_mem *mem = base_mem_new(NULL);
    gb_roads_place *places = room(view.map->n_links, sizeof *places);
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    const uint32_t unit = view.map->length_unit_cm;
    int32_t *seconds, *metres;
    roads_search search;
    roads_spots spots;
    uint64_t wrong = 0;
    size_t n = 0;

    for (uint32_t l = 0; l < view.map->n_links; l++)
        if (roads_use_link(view.metric->use, l))
            places[n++] = (gb_roads_place){ .mode = GB_MODE_CAR, .link = l,
                                            .along_cm =
                                                view.map->links[l].cm / 2 };
    seconds = room(n * n, 4);
    metres = room(n * n, 4);
    if (!roads_search_init(&search, mem, view)
        || !roads_spots_find(mem, view, places, n, &spots))
        exit(1);
    query.mode = GB_MODE_CAR;
    query.from = places;
    query.n_from = n;
    must(gb_roads_table(ctx, roads, &query, seconds, metres));
    for (size_t f = 0; f < n; f++) {
        roads_search_run(&search, &spots, f, ROADS_FAR);
        for (size_t t = 0; t < n; t++) {
            const double plain =
                roads_search_weight(&search, &spots, f, &spots, t);

            wrong += seconds[f * n + t] != roads_weight_s(plain)
                     || metres[f * n + t] != roads_weight_m(plain, unit);
        }
    }
    printf("%s_car_all_compared %zu pairs\n", name, n * n);
    printf("%s_car_all_wrong %llu pairs\n", name, (unsigned long long)wrong);
    roads_spots_clear(mem, &spots);
    roads_search_clear(&search, mem);
    base_mem_unref(mem);
    free(places);
    free(seconds);
    free(metres);
}

/* ---- one map ---- */

static void build(const char *path, const char *out, size_t n, size_t pairs)
{
    gb_roads_report report = { .size = sizeof report };
    const double begin = cpu_s();

    (void)n;
    (void)pairs;
    must(gb_roads_build(ctx, path, out, NULL, &report));
    printf("%s_build %.3f s\n", name, cpu_s() - begin);
    printf("%s_file %llu bytes\n", name,
           (unsigned long long)report.file_bytes);
    printf("%s_links %llu links\n", name, (unsigned long long)report.links);
    printf("%s_restrictions %llu runs\n", name,
           (unsigned long long)report.restrictions);
}

static gb_roads *open_index(const char *index)
{
    gb_roads *roads;

    must(gb_roads_open(ctx, index, &roads));
    return roads;
}

/* A car's table alone, for its memory. */
static void ask_once(const char *path, const char *index, size_t n,
                     size_t pairs)
{
    const double begin = cpu_s();
    gb_roads *roads = open_index(index);
    asked a = { roads, GB_MODE_CAR, room(n, sizeof *a.places), n };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_lonlat *points = spread(roads, n);
    gb_snap_options options = { sizeof options, 100000, 0 };
    int32_t *seconds = room(n * n, 4), *metres = room(n * n, 4);

    (void)path;
    (void)pairs;
    printf("%s_open %.4f s\n", name, cpu_s() - begin);
    must(gb_roads_snap(ctx, roads, a.mode, points, n, &options, a.places));
    query.mode = (int32_t)a.mode;
    query.from = a.places;
    query.n_from = n;
    must(gb_roads_table(ctx, roads, &query, seconds, metres));
    gb_roads_close(roads);
}

static void ask(const char *path, const char *index, size_t n, size_t pairs)
{
    gb_roads *roads = open_index(index);
    gb_lonlat *points = spread(roads, n);
    gb_roads_check_options options = GB_ROADS_CHECK_OPTIONS_INIT;
    gb_roads_check_report report = { .size = sizeof report };

    (void)path;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        asked a = { roads, (gb_mode)m, room(n, sizeof *a.places), n };

        tell_sizes(&a);
        bench_customise(&a);
        bench_table(&a, points);
        bench_pairs(&a);
        free(a.places);
    }
    if (n >= WHOLE && roads->map.n_links <= SMALL)
        compare_all(roads);
    options.n_pairs = pairs;
    must(gb_roads_check(ctx, roads, &options, &report));
    printf("%s_compared %llu pairs\n", name,
           (unsigned long long)report.n_pairs);
    printf("%s_wrong_tables %llu pairs\n", name,
           (unsigned long long)report.n_wrong_tables);
    printf("%s_wrong_paths %llu pairs\n", name,
           (unsigned long long)report.n_wrong_paths);
    free(points);
    gb_roads_close(roads);
}

typedef void stage(const char *path, const char *index, size_t n,
                   size_t pairs);

/* A stage in a process of its own; its peak of memory under `label`. */
static bool run_stage(stage *what, const char *label, const char *path,
                      const char *index, size_t n, size_t pairs)
{
    struct rusage usage;
    int status;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (gb_context_new(NULL, &ctx) != GB_OK)
            exit(1);
        what(path, index, n, pairs);
        gb_context_free(ctx);
        exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        return false;
    if (label)
        printf("%s_%s_memory %.1f MB\n", name, label,
               (double)usage.ru_maxrss / 1e3);
    return true;
}

int main(int argc, char **argv)
{
    const size_t n = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000;
    const size_t pairs = argc > 4 ? strtoul(argv[4], NULL, 10) : 2000;
    char index[] = "/tmp/bench_roads_XXXXXX";
    int file = mkstemp(index);
    bool good = true;

    if (argc < 3 || n == 0 || file < 0)
        return 2;
    close(file);
    for (size_t i = 0; i < sizeof maps / sizeof maps[0] && good; i++) {
        char path[1024];

        snprintf(path, sizeof path, "%s/%s", argv[maps[i].is_shared ? 2 : 1],
                 maps[i].file);
        if (access(path, R_OK) != 0)
            continue;
        name = maps[i].name;
        good = run_stage(build, "build", path, index, n, pairs)
               && run_stage(ask_once, "table", path, index, n, pairs)
               && run_stage(ask, NULL, path, index, n, pairs);
    }
    unlink(index);
    return good ? 0 : 1;
}
