/*
 * bench_spots.c - hot spots among a million cells, clusters of a million
 * points.
 *
 *   bench_spots [SIDE [POINTS]]
 *
 * `gistar`: SIDE x SIDE cells (1000), each with up to eight neighbours, Gi*
 * with the correction for false discoveries.  `fdr` is the correction alone.
 * `clusters`: POINTS random points (1,000,000) on a square of 20 km, radius
 * 50 m, 20 neighbours; `plain` counts the neighbours of a thousandth of them
 * by a walk over all, and `of_plain` is how many times longer all would take.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const double SIDE_M = 20000, RADIUS_M = 50;
enum { MIN_POINTS = 20, MOST_NEAR = 8 };

static double cpu_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* 0 to 1, by a multiplicative generator: the same on any machine. */
static double chance(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static int fail(gb_context *ctx)
{
    fprintf(stderr, "%s\n", ctx ? gb_last_error(ctx) : "no memory");
    return 1;
}

static void lay_cells(uint32_t side, uint32_t *first, uint32_t *areas)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < side * side; i++) {
        const uint32_t row = i / side, column = i % side;

        first[i] = n;
        for (uint32_t y = row ? row - 1 : 0; y <= row + 1 && y < side; y++)
            for (uint32_t x = column ? column - 1 : 0;
                 x <= column + 1 && x < side; x++)
                if (y * side + x != i)
                    areas[n++] = y * side + x;
    }
    first[side * side] = n;
}

static int bench_cells(gb_context *ctx, uint32_t side)
{
    const size_t n = (size_t)side * side;
    uint32_t *first = malloc((n + 1) * sizeof *first);
    uint32_t *areas = malloc(n * MOST_NEAR * sizeof *areas);
    double *values = malloc(n * sizeof *values);
    gb_spot *spots = malloc(n * sizeof *spots);
    const gb_neighbours near = { sizeof near, n, first, areas, NULL };
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    uint64_t state = 1;
    size_t n_hot = 0;
    double start, both;

    if (!first || !areas || !values || !spots)
        return fail(NULL);
    lay_cells(side, first, areas);
    for (size_t i = 0; i < n; i++)
        values[i] = chance(&state) + (i % side < side / 8 ? 0.2 : 0);
    options.is_fdr = 1;
    start = cpu_s();
    if (gb_spots(ctx, values, &near, &options, spots))
        return fail(ctx);
    both = cpu_s() - start;
    for (size_t i = 0; i < n; i++) {
        n_hot += spots[i].spot_class == GB_SPOT_HOT;
        values[i] = spots[i].p;
    }
    start = cpu_s();
    if (gb_false_discovery(ctx, values, n, values))
        return fail(ctx);
    printf("spots.cells %zu cells\nspots.hot %zu cells\n", n, n_hot);
    printf("spots.gistar.cpu %.3f s\nspots.fdr.cpu %.3f s\n", both,
           cpu_s() - start);
    free(first);
    free(areas);
    free(values);
    free(spots);
    return 0;
}

/* Neighbours of every thousandth point. */
static size_t count_plain(const gb_point *points, size_t n)
{
    size_t n_near = 0;

    for (size_t i = 0; i < n; i += 1000)
        for (size_t k = 0; k < n; k++) {
            const double dx = points[i].x_m - points[k].x_m;
            const double dy = points[i].y_m - points[k].y_m;

            n_near += dx * dx + dy * dy <= RADIUS_M * RADIUS_M;
        }
    return n_near;
}

static int bench_points(gb_context *ctx, size_t n)
{
    gb_point *points = malloc(n * sizeof *points);
    uint32_t *clusters = malloc(n * sizeof *clusters), n_clusters;
    gb_clusters_options options = GB_CLUSTERS_OPTIONS_INIT;
    uint64_t state = 2;
    size_t n_noise = 0, n_near;
    double start, taken, plain;

    if (!points || !clusters)
        return fail(NULL);
    for (size_t i = 0; i < n; i++) {
        points[i].x_m = SIDE_M * chance(&state);
        points[i].y_m = SIDE_M * chance(&state);
    }
    options.radius_m = RADIUS_M;
    options.min_points = MIN_POINTS;
    start = cpu_s();
    if (gb_clusters(ctx, points, n, &options, clusters, NULL, &n_clusters))
        return fail(ctx);
    taken = cpu_s() - start;
    for (size_t i = 0; i < n; i++)
        n_noise += clusters[i] == 0;
    start = cpu_s();
    n_near = count_plain(points, n);
    plain = 1000 * (cpu_s() - start);
    printf("clusters.points %zu points\nclusters.found %u clusters\n"
           "clusters.noise %zu points\nclusters.seen %zu neighbours\n",
           n, n_clusters, n_noise, n_near);
    printf("clusters.cpu %.3f s\nclusters.of_plain %.0f times\n", taken,
           plain / taken);
    free(points);
    free(clusters);
    return 0;
}

int main(int argc, char **argv)
{
    const long side = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    const long n = argc > 2 ? strtol(argv[2], NULL, 10) : 1000000;
    gb_context *ctx = NULL;
    int code;

    if (argc > 3 || side < 2 || side > 20000 || n < 1 || n > 100000000) {
        fprintf(stderr, "usage: bench_spots [SIDE [POINTS]]\n");
        return 2;
    }
    if (gb_context_new(NULL, &ctx))
        return fail(NULL);
    code = bench_cells(ctx, (uint32_t)side);
    if (!code)
        code = bench_points(ctx, (size_t)n);
    gb_context_free(ctx);
    return code;
}
