/*
 * bench_assign.c - exact transport of areas to territories: `name value unit`
 * lines.
 *
 *   bench_assign [FOLDER]
 *
 * FOLDER is shared/data/grid.  The cells of synth/syn10k.tg go to 50 centres
 * at squared distances (a power diagram), cold, then in rounds about the mean
 * centres with the prices of the round before; and 10,000 x 50 at random.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gridbeat/gridbeat.h>

#include "base_rng.h"
#include "grid_assign.h"

enum { K = 50, N_RANDOM = 10000, ROUNDS = 6 };

typedef struct transport {
    size_t n;
    int64_t *supply, capacity[K], *cost, price[K];
    uint32_t *owner;
} transport;

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static bool take_memory(transport *x, size_t n)
{
    x->n = n;
    x->supply = calloc(n, sizeof *x->supply);
    x->cost = calloc(n * K, sizeof *x->cost);
    x->owner = calloc(n, sizeof *x->owner);
    return x->supply && x->cost && x->owner;
}

static void clear(transport *x)
{
    free(x->supply);
    free(x->cost);
    free(x->owner);
}

static void set_capacities(transport *x)
{
    int64_t all = 0;

    for (size_t j = 0; j < x->n; j++)
        all += x->supply[j];
    for (size_t t = 0; t < K; t++)
        x->capacity[t] = all / K + 1;
}

static int solve(gb_context *ctx, transport *x, bool is_warm,
                 const char *name)
{
    const double began_s = cpu_s();
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    if (grid_assign(&run, x->n, K, x->supply, x->capacity, x->cost,
                    is_warm ? x->price : NULL, x->owner, NULL, NULL,
                    x->price)) {
        fprintf(stderr, "%s: %s\n", name, gb_last_error(ctx));
        return 1;
    }
    printf("assign.%s.seconds %.4f s\n", name, cpu_s() - began_s);
    return 0;
}

static int bench_random(gb_context *ctx, base_rng *rng)
{
    transport x = { 0 };
    int failed = 1;

    if (take_memory(&x, N_RANDOM)) {
        for (size_t j = 0; j < x.n; j++)
            x.supply[j] = 1 + (int64_t)base_rng_below(rng, 1000);
        for (size_t i = 0; i < x.n * K; i++)
            x.cost[i] = (int64_t)base_rng_below(rng, 1000000);
        set_capacities(&x);
        failed = solve(ctx, &x, false, "random");
    }
    clear(&x);
    return failed;
}

static void set_costs(transport *x, const gb_point *at, const gb_point *centre)
{
    for (size_t j = 0; j < x->n; j++)
        for (size_t t = 0; t < K; t++) {
            const double dx = at[j].x_m - centre[t].x_m;
            const double dy = at[j].y_m - centre[t].y_m;

            x->cost[j * K + t] = llround((dx * dx + dy * dy) * 16);
        }
}

static void move_centres(const transport *x, const gb_point *at,
                         gb_point *centre)
{
    double w[K] = { 0 };

    for (size_t t = 0; t < K; t++)
        centre[t] = (gb_point){ 0, 0 };
    for (size_t j = 0; j < x->n; j++) {
        const uint32_t t = x->owner[j];

        w[t] += (double)x->supply[j];
        centre[t].x_m += (double)x->supply[j] * at[j].x_m;
        centre[t].y_m += (double)x->supply[j] * at[j].y_m;
    }
    for (size_t t = 0; t < K; t++) {
        centre[t].x_m /= w[t];
        centre[t].y_m /= w[t];
    }
}

static int bench_diagram(gb_context *ctx, const gb_areas *areas,
                         base_rng *rng)
{
    gb_point centre[K];
    transport x = { 0 };
    int failed = 1;

    if (take_memory(&x, areas->n_areas)) {
        failed = 0;
        for (size_t j = 0; j < x.n; j++)
            x.supply[j] = llround(areas->activity[j] * 1000);
        for (size_t t = 0; t < K; t++)
            centre[t] = areas->centres[base_rng_below(rng, x.n)];
        set_capacities(&x);
        for (int round = 0; !failed && round < ROUNDS; round++) {
            char name[40];

            snprintf(name, sizeof name, "syn10k.round%d", round);
            set_costs(&x, areas->centres, centre);
            failed = solve(ctx, &x, round > 0, name);
            move_centres(&x, areas->centres, centre);
        }
    }
    clear(&x);
    return failed;
}

static gb_area_file *read_areas(gb_context *ctx, const char *folder)
{
    gb_area_file *file = NULL;
    char path[1024], *bytes = NULL;
    FILE *stream;
    long size = 0;

    snprintf(path, sizeof path, "%s/synth/syn10k.tg", folder);
    stream = fopen(path, "rb");
    if (stream && fseek(stream, 0, SEEK_END) == 0) {
        size = ftell(stream);
        rewind(stream);
        bytes = size > 0 ? malloc((size_t)size) : NULL;
    }
    if (!bytes || fread(bytes, 1, (size_t)size, stream) != (size_t)size)
        fprintf(stderr, "%s: cannot be read\n", path);
    else if (gb_areas_read(ctx, path, bytes, (size_t)size,
                           GB_AREA_FORMAT_TG1, &file))
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    free(bytes);
    if (stream)
        fclose(stream);
    return file;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "../shared/data/grid";
    base_rng rng = base_rng_stream(1, 0);
    gb_context *ctx = NULL;
    gb_area_file *file;
    int failed;

    if (gb_context_new(NULL, &ctx))
        return 1;
    failed = bench_random(ctx, &rng);
    file = read_areas(ctx, folder);
    failed |= !file || bench_diagram(ctx, gb_area_file_areas(file), &rng);
    gb_area_file_free(file);
    gb_context_free(ctx);
    return failed;
}
