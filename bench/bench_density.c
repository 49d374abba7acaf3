/*
 * bench_density.c - surfaces of 1000 x 1000 cells over 20 km x 20 km with a
 * radius of 500 m: `name value unit` lines.
 *
 *   bench_density [POINTS...]
 *
 * Some 100,000 and 1,000,000 points where none are named: half of them even,
 * half in heaps.  Beside each surface stand the plain loop over points at some
 * cells, as seconds for all cells, and how far the two are apart at most.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gridbeat/gridbeat.h>

#include "base_rng.h"
#include "score_kernel.h"

enum { SIDE = 1000, N_HEAPS = 50, COMPARED = 40 };
static const double STEP_M = 20, RADIUS_M = 500;
static const gb_raster raster = { 10, 10, 20, SIDE, SIDE };
static const char *const names[] = { "epanechnikov", "quartic", "gaussian" };

static double clock_s(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void make_points(gb_point *points, size_t n)
{
    base_rng rng = base_rng_seeded(6);
    gb_point heaps[N_HEAPS];

    for (size_t i = 0; i < N_HEAPS; i++)
        heaps[i] = (gb_point){ base_rng_unit(&rng) * SIDE * STEP_M,
                               base_rng_unit(&rng) * SIDE * STEP_M };
    for (size_t i = 0; i < n; i++) {
        const gb_point heap = heaps[base_rng_below(&rng, N_HEAPS)];
        const double x = base_rng_unit(&rng), y = base_rng_unit(&rng);

        points[i] = i % 2 ? (gb_point){ x * SIDE * STEP_M, y * SIDE * STEP_M }
                          : (gb_point){ heap.x_m + (x - 0.5) * 1000,
                                        heap.y_m + (y - 0.5) * 1000 };
    }
}

static double plain(const gb_point *points, size_t n, gb_kernel kernel,
                    gb_point at)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        const double dx = points[i].x_m - at.x_m, dy = points[i].y_m - at.y_m;
        const double d2 = dx * dx + dy * dy;

        if (d2 < 64 * RADIUS_M * RADIUS_M)
            sum += score_kernel(kernel, RADIUS_M, d2);
    }
    return sum;
}

static void compare(const gb_point *points, size_t n, gb_kernel kernel,
                    const double *values, double cpu_s, const char *name)
{
    base_rng rng = base_rng_seeded(7);
    double off = 0, highest = 0, mass = 0;
    const double began_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    double plain_s;

    for (size_t i = 0; i < SIDE * SIDE; i++) {
        highest = fmax(highest, values[i]);
        mass += values[i] * STEP_M * STEP_M;
    }
    for (size_t i = 0; i < COMPARED; i++) {
        const size_t cell = base_rng_below(&rng, SIDE * SIDE);
        const gb_point at = { raster.x0_m + STEP_M * (double)(cell % SIDE),
                              raster.y0_m + STEP_M * (double)(cell / SIDE) };

        off = fmax(off, fabs(values[cell]
                             - plain(points, n, kernel, at)));
    }
    plain_s = (clock_s(CLOCK_PROCESS_CPUTIME_ID) - began_s) / COMPARED
              * SIDE * SIDE;
    printf("%s.highest %.0f per_km2\n", name, highest * 1e6);
    printf("%s.mass %.0f points\n", name, mass);
    printf("%s.exact %d -\n", name, off <= 1e-8 * highest);
    printf("%s.off %.2g of_highest\n", name, off / highest);
    printf("%s.plain %.4g s\n", name, plain_s);
    printf("%s.plain_ratio %.0f x\n", name, plain_s / cpu_s);
}

static int bench(gb_context *ctx, const gb_point *points, size_t n,
                 gb_kernel kernel, double *values)
{
    gb_density_options options = { .size = sizeof options, .kernel = kernel,
                                   .radius_m = RADIUS_M };
    char name[64];
    double cpu_s = 0, wall_s[3] = { 0 };

    snprintf(name, sizeof name, "density.%s_%.0e", names[kernel], (double)n);
    for (uint32_t threads = 2; threads >= 1; threads--) {
        const double began_s = clock_s(CLOCK_MONOTONIC);
        const double began_cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);

        options.n_threads = threads;
        if (gb_density_raster(ctx, points, NULL, n, &raster, &options,
                              values)) {
            fprintf(stderr, "%s: %s\n", name, gb_last_error(ctx));
            return 1;
        }
        cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - began_cpu_s;
        wall_s[threads] = clock_s(CLOCK_MONOTONIC) - began_s;
    }
    printf("%s.cpu %.4f s\n", name, cpu_s);
    printf("%s.seconds %.4f s\n", name, wall_s[1]);
    printf("%s.two_threads %.2f x\n", name, wall_s[1] / wall_s[2]);
    compare(points, n, kernel, values, cpu_s, name);
    return 0;
}

static int bench_points(gb_context *ctx, double *values, size_t n)
{
    gb_point *points = calloc(n, sizeof *points);
    int failed = points == NULL;

    if (points)
        make_points(points, n);
    for (int k = 0; k < 3 && !failed; k++)
        failed = bench(ctx, points, n, (gb_kernel)k, values);
    free(points);
    return failed;
}

int main(int argc, char **argv)
{
    static const size_t usual[] = { 100000, 1000000 };
    double *values = calloc(SIDE * SIDE, sizeof *values);
    gb_context *ctx = NULL;
    int failed = !values || gb_context_new(NULL, &ctx);

    for (int i = 0; i < 2 && argc < 2 && !failed; i++)
        failed = bench_points(ctx, values, usual[i]);
    for (int i = 1; i < argc && !failed; i++)
        failed = bench_points(ctx, values, strtoul(argv[i], NULL, 10));
    gb_context_free(ctx);
    free(values);
    return failed;
}
