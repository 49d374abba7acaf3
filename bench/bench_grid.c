/*
 * bench_grid.c - territories on given graphs: `name value unit` lines.
 *
 *   bench_grid [FOLDER [ITERATIONS [STARTS [SEED [SEEDS]]]]]
 *
 * FOLDER is shared/data/grid.  ITERATIONS 0: each case for the seconds that
 * its goal allows.  With SEEDS, that many searches from SEED on, and the worst
 * of each figure.  The manifest's yardsticks stand beside, where there are
 * any, as lines whose name ends in `.yardstick`, and what is wanted as
 * `.goal`.  BENCH_ONLY: cases whose name has this in it.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gridbeat/gridbeat.h>

typedef struct bench_case {
    const char *name, *file;
    size_t n_territories;
    double tolerance;
    gb_territory_objective objective;
    int64_t limit_ms;
    const char *goal;
    const char *yardstick; /* of the objective */
    bool is_rebalance;     /* from a plan, after noise */
} bench_case;

static const bench_case CASES[] = {
    { "syn10k.border_1s", "synth/syn10k.tg", 50, 0.01, GB_TERRITORY_BORDER,
      1000, "first valid .1 s, border 126, pp .62", "128.2 km", false },
    { "syn10k.border_5s", "synth/syn10k.tg", 50, 0.01, GB_TERRITORY_BORDER,
      5000, "border 123.5, pp .64", "123.6 km in 7.2 s", false },
    { "syn10k.cut", "synth/syn10k.tg", 50, 0.01, GB_TERRITORY_CUT, 5000,
      "none", "2168", false },
    { "syn10k.moment", "synth/syn10k.tg", 50, 0.01, GB_TERRITORY_MOMENT,
      5000, "none", "none", false },
    { "syn10k.rebalance", "synth/syn10k.tg", 50, 0.01, GB_TERRITORY_BORDER,
      180, "deviation 1 %, moved 2 %, .2 s", "2.3 % moved in .3 s", true },
    { "PA.cut", "us2010/PA_tract.tg", 18, 0.005, GB_TERRITORY_CUT, 5000,
      "cut 500", "510 in 3.6 s", false },
    { "PA.border", "us2010/PA_tract.tg", 18, 0.005, GB_TERRITORY_BORDER,
      5000, "pp .48", "pp .473 in 3.7 s", false },
    { "PA.moment", "us2010/PA_tract.tg", 18, 0.005, GB_TERRITORY_MOMENT,
      5000, "11834", "11882 in 4.3 s, published 11806", false },
};

/* What one search came to; or the worst of several. */
typedef struct bench_figures {
    double seconds, max_deviation, border_km, cut, polsby_popper, moment;
    double priced, first_valid_s, moved;
    bool is_valid;
} bench_figures;

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static gb_area_file *read_areas(gb_context *ctx, const char *path)
{
    FILE *stream = fopen(path, "rb");
    gb_area_file *file = NULL;
    char *bytes = NULL;
    long size = 0;

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

/* In 1e6 x km2, as the manifest has it. */
static double moment_of(gb_context *ctx, const gb_area_file *file, size_t k,
                        const gb_territories *made)
{
    double moment = 0;

    if (gb_territory_moment(ctx, gb_area_file_areas(file),
                            gb_area_file_places(file), k,
                            gb_territories_owners(made), NULL, &moment))
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    return moment / 1e6;
}

/* Normal noise, the same on every machine. */
static double noise(uint64_t *seed)
{
    double sum = -6;

    for (int i = 0; i < 12; i++) {
        *seed = *seed * UINT64_C(6364136223846793005) + 1;
        sum += (double)(*seed >> 11) / 9007199254740992.0;
    }
    return sum;
}

static gb_status search(gb_context *ctx, const bench_case *c,
                        const gb_area_file *file, const gb_areas *areas,
                        const gb_territory_options *options,
                        gb_territories **made, bench_figures *out)
{
    const double began_s = cpu_s();
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_summary s = { .size = sizeof s };
    gb_status status;

    rules.n_territories = c->n_territories;
    rules.tolerances = &c->tolerance;
    status = gb_territory_build(ctx, areas, &rules, options, made);
    if (status)
        return status;
    out->seconds = cpu_s() - began_s;
    gb_territories_summary(*made, &s);
    out->is_valid = s.is_valid;
    out->max_deviation = 100 * s.max_deviation;
    out->border_km = s.border_m / 1000;
    out->cut = (double)s.n_cut;
    out->polsby_popper = s.polsby_popper;
    out->priced = (double)s.n_iterations;
    out->first_valid_s = s.first_valid_s;
    out->moment = moment_of(ctx, file, c->n_territories, *made);
    out->moved = 0;
    return GB_OK;
}

/* Search once more from the plan, on activity with noise. */
static gb_status rebalance(gb_context *ctx, const bench_case *c,
                           const gb_area_file *file,
                           gb_territory_options options,
                           gb_territories **made, bench_figures *out)
{
    gb_areas areas = *gb_area_file_areas(file);
    double *noisy = malloc(areas.n_areas * sizeof *noisy);
    uint64_t seed = options.seed + 1;
    gb_territories *before = *made;
    gb_status status;
    size_t moved = 0;

    if (!noisy)
        return GB_ERR_NOMEM;
    for (size_t a = 0; a < areas.n_areas; a++)
        noisy[a] = areas.activity[a] * exp(0.25 * noise(&seed));
    areas.activity = noisy;
    options.previous = gb_territories_owners(before);
    options.max_iterations = 0;
    options.time_limit_ms = c->limit_ms;
    status = search(ctx, c, file, &areas, &options, made, out);
    for (size_t a = 0; !status && a < areas.n_areas; a++)
        moved += gb_territories_owners(*made)[a] != options.previous[a];
    out->moved = 100 * (double)moved / (double)areas.n_areas;
    gb_territories_free(before);
    free(noisy);
    return status;
}

static gb_status run_once(gb_context *ctx, const bench_case *c,
                          const gb_area_file *file,
                          gb_territory_options options, bench_figures *out)
{
    gb_territories *made = NULL;
    gb_status status;

    options.objective = c->objective;
    if (c->is_rebalance)
        options.max_iterations = 2000000;
    else if (options.max_iterations == 0)
        options.time_limit_ms = c->limit_ms;
    status = search(ctx, c, file, gb_area_file_areas(file), &options, &made,
                    out);
    if (!status && c->is_rebalance)
        status = rebalance(ctx, c, file, options, &made, out);
    gb_territories_free(made);
    return status;
}

static bench_figures worse(bench_figures a, bench_figures b)
{
    return (bench_figures){
        .seconds = fmax(a.seconds, b.seconds),
        .max_deviation = fmax(a.max_deviation, b.max_deviation),
        .border_km = fmax(a.border_km, b.border_km),
        .cut = fmax(a.cut, b.cut),
        .polsby_popper = fmin(a.polsby_popper, b.polsby_popper),
        .moment = fmax(a.moment, b.moment),
        .priced = fmin(a.priced, b.priced),
        .first_valid_s = fmax(a.first_valid_s, b.first_valid_s),
        .moved = fmax(a.moved, b.moved),
        .is_valid = a.is_valid && b.is_valid,
    };
}

static void print_figures(const bench_case *c, const bench_figures *f)
{
    printf("%s.seconds %.2f s\n", c->name, f->seconds);
    printf("%s.valid %d -\n", c->name, f->is_valid);
    printf("%s.max_deviation %.3f %%\n", c->name, f->max_deviation);
    printf("%s.border %.1f km\n", c->name, f->border_km);
    printf("%s.cut %.0f -\n", c->name, f->cut);
    printf("%s.polsby_popper %.3f -\n", c->name, f->polsby_popper);
    printf("%s.moment %.0f -\n", c->name, f->moment);
    printf("%s.priced %.0f moves\n", c->name, f->priced);
    printf("%s.first_valid %.3f s\n", c->name, f->first_valid_s);
    if (c->is_rebalance)
        printf("%s.moved %.2f %%\n", c->name, f->moved);
    printf("%s.goal %s\n", c->name, c->goal);
    printf("%s.yardstick %s\n", c->name, c->yardstick);
}

static int run_case(gb_context *ctx, const char *folder, const bench_case *c,
                    gb_territory_options options, unsigned long n_seeds)
{
    bench_figures worst = { 0 };
    gb_area_file *file;
    char path[1024];
    int failed = 0;

    snprintf(path, sizeof path, "%s/%s", folder, c->file);
    file = read_areas(ctx, path);
    if (!file)
        return 1;
    for (unsigned long i = 0; i < n_seeds && !failed; i++, options.seed++) {
        bench_figures one = { 0 };

        if (run_once(ctx, c, file, options, &one)) {
            fprintf(stderr, "%s: %s\n", c->name, gb_last_error(ctx));
            failed = 1;
        }
        worst = i > 0 ? worse(worst, one) : one;
    }
    if (!failed)
        print_figures(c, &worst);
    gb_area_file_free(file);
    return failed;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "../shared/data/grid";
    const char *only = getenv("BENCH_ONLY");
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_context *ctx = NULL;
    unsigned long n_seeds = 1;
    int failed = 0;

    if (argc > 2)
        options.max_iterations = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        options.n_starts = (uint32_t)strtoul(argv[3], NULL, 10);
    if (argc > 4)
        options.seed = strtoull(argv[4], NULL, 10);
    if (argc > 5)
        n_seeds = strtoul(argv[5], NULL, 10);
    if (gb_context_new(NULL, &ctx))
        return 1;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        if (!only || strstr(CASES[i].name, only))
            failed |= run_case(ctx, folder, &CASES[i], options, n_seeds);
    gb_context_free(ctx);
    return failed;
}
