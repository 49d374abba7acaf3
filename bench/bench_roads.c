/*
 * bench_roads.c - building an index, snapping, tables by plain Dijkstra.
 *
 *   bench_roads DATA SHARED [N]
 *
 * DATA holds Liechtenstein, SHARED the cities (absent: left out).  N (300)
 * places are spread over each map.  Prints `name value unit` lines: counts
 * can be compared between machines, seconds are CPU seconds of one thread.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "roads_search.h"

static const struct {
    const char *name, *file;
    bool is_shared;
} maps[] = {
    { "liechtenstein", "liechtenstein-2013-08-03.osm.pbf", false },
    { "chengdu", "data/roads/chengdu_center.osm.pbf", true },
    { "monaco", "data/roads/monaco.osm.pbf", true },
    { "nanjing", "data/roads/nanjing_car.osm.pbf", true },
    { "beijing", "data/roads/beijing_drive.osm.pbf", true },
};

static gb_context *ctx;

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(gb_status status)
{
    if (status) {
        fprintf(stderr, "%s\n", gb_last_error(ctx));
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

/* How many nodes a table settles: its searches again, by hand. */
static uint64_t count_settled(const gb_roads *roads, gb_mode mode,
                              const gb_roads_place *places, size_t n)
{
    const roads_network *network = &roads->modes[mode];
    uint8_t *wanted = room(network->n_nodes, 1);
    base_mem *mem = base_mem_new(NULL);
    roads_search search;
    size_t n_wanted = 0;
    uint64_t settled;

    if (!roads_search_init(&search, mem, network, false))
        exit(1);
    for (size_t i = 0; i < n; i++) {
        const roads_spot spot = roads_spot_of(network, &places[i]);

        n_wanted += roads_spot_want(&spot, wanted);
    }
    for (size_t i = 0; i < n; i++) {
        const roads_spot spot = roads_spot_of(network, &places[i]);

        roads_search_run(&search, &spot, wanted, n_wanted);
    }
    settled = search.n_settled;
    roads_search_clear(&search, mem);
    base_mem_unref(mem);
    free(wanted);
    return settled;
}

static void bench_mode(const char *name, const gb_roads *roads, gb_mode mode,
                       size_t n)
{
    const char *mode_name = gb_mode_name(mode);
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_snap_options options = { sizeof options, 100000 };
    gb_lonlat *points = spread(roads, n);
    gb_roads_place *places = room(n, sizeof *places);
    int32_t *seconds = room(n * n, 4), *metres = room(n * n, 4);
    double begin = cpu_s(), sum_s = 0;

    must(gb_roads_snap(ctx, roads, mode, points, n, &options, places));
    printf("%s_%s_snap %.2f us\n", name, mode_name,
           (cpu_s() - begin) / (double)n * 1e6);
    query.mode = (int32_t)mode;
    query.from = places;
    query.n_from = n;
    begin = cpu_s();
    must(gb_roads_table(ctx, roads, &query, seconds, metres));
    printf("%s_%s_table_%zux%zu %.4f s\n", name, mode_name, n, n,
           cpu_s() - begin);
    for (size_t i = 0; i < n * n; i++)
        sum_s += seconds[i];
    printf("%s_%s_settled %llu nodes\n", name, mode_name,
           (unsigned long long)count_settled(roads, mode, places, n));
    printf("%s_%s_mean %.1f s\n", name, mode_name,
           sum_s / (double)n / (double)n);
    free(points);
    free(places);
    free(seconds);
    free(metres);
}

static void bench_map(const char *name, const char *path, size_t n)
{
    char out[] = "/tmp/bench_roads_XXXXXX";
    gb_roads_report report = { .size = sizeof report };
    gb_roads *roads;
    double begin = cpu_s();
    int file = mkstemp(out);

    if (file < 0)
        exit(1);
    close(file);
    must(gb_roads_build(ctx, path, out, NULL, &report));
    printf("%s_build %.3f s\n", name, cpu_s() - begin);
    printf("%s_file %llu bytes\n", name,
           (unsigned long long)report.file_bytes);
    begin = cpu_s();
    must(gb_roads_open(ctx, out, &roads));
    printf("%s_open %.4f s\n", name, cpu_s() - begin);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const gb_roads_mode_report *told = &report.modes[m];
        const char *mode = gb_mode_name((gb_mode)m);

        printf("%s_%s_nodes %llu nodes\n", name, mode,
               (unsigned long long)told->nodes);
        printf("%s_%s_arcs %llu arcs\n", name, mode,
               (unsigned long long)told->arcs);
        printf("%s_%s_routable %.4f share\n", name, mode,
               (double)told->routable_m / (double)told->open_m);
        bench_mode(name, roads, (gb_mode)m, n);
    }
    gb_roads_close(roads);
    unlink(out);
}

int main(int argc, char **argv)
{
    const size_t n = argc > 3 ? strtoul(argv[3], NULL, 10) : 300;
    struct rusage usage;

    if (argc < 3 || n == 0 || gb_context_new(NULL, &ctx) != GB_OK)
        return 2;
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        char path[1024];

        snprintf(path, sizeof path, "%s/%s", argv[maps[i].is_shared ? 2 : 1],
                 maps[i].file);
        if (access(path, R_OK) == 0)
            bench_map(maps[i].name, path, n);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("peak_memory %ld kB\n", usage.ru_maxrss);
    gb_context_free(ctx);
    return 0;
}
