/*
 * bench_grid.c - territories on given graphs: `name value unit` lines.
 *
 *   bench_grid [FOLDER [ITERATIONS [STARTS [SEED]]]]
 *
 * FOLDER is shared/data/grid.  The manifest's yardsticks stand beside, where
 * there are any, as lines whose name ends in `.yardstick`.
 */
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
    const char *yardstick; /* of the objective */
} bench_case;

static const bench_case CASES[] = {
    { "syn10k.border", "synth/syn10k.tg", 50, 0.01,
      GB_TERRITORY_BORDER, "128.2 km in 1.0 s, 123.6 in 7.2 s" },
    { "syn10k.cut", "synth/syn10k.tg", 50, 0.01,
      GB_TERRITORY_CUT, "2168" },
    { "syn10k.moment", "synth/syn10k.tg", 50, 0.01,
      GB_TERRITORY_MOMENT, "none" },
    { "PA.cut", "us2010/PA_tract.tg", 18, 0.005, GB_TERRITORY_CUT,
      "510 in 3.6 s" },
    { "PA.border", "us2010/PA_tract.tg", 18, 0.005,
      GB_TERRITORY_BORDER, "pp .473 in 3.7 s" },
    { "PA.moment", "us2010/PA_tract.tg", 18, 0.005,
      GB_TERRITORY_MOMENT, "11882 in 4.3 s, published 11806" },
};

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

static int run_case(gb_context *ctx, const char *folder,
                    const bench_case *c, gb_territory_options options)
{
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_summary s = { .size = sizeof s };
    gb_territories *made = NULL;
    gb_area_file *file;
    char path[1024];
    double began_s;

    snprintf(path, sizeof path, "%s/%s", folder, c->file);
    file = read_areas(ctx, path);
    if (!file)
        return 1;
    rules.n_territories = c->n_territories;
    rules.tolerances = &c->tolerance;
    options.objective = c->objective;
    began_s = cpu_s();
    if (gb_territory_build(ctx, gb_area_file_areas(file), &rules, &options,
                           &made)) {
        fprintf(stderr, "%s: %s\n", c->name, gb_last_error(ctx));
        gb_area_file_free(file);
        return 1;
    }
    gb_territories_summary(made, &s);
    printf("%s.seconds %.2f s\n", c->name, cpu_s() - began_s);
    printf("%s.valid %d -\n", c->name, s.is_valid);
    printf("%s.max_deviation %.3f %%\n", c->name, 100 * s.max_deviation);
    printf("%s.border %.1f km\n", c->name, s.border_m / 1000);
    printf("%s.cut %llu -\n", c->name, (unsigned long long)s.n_cut);
    printf("%s.polsby_popper %.3f -\n", c->name, s.polsby_popper);
    printf("%s.moment %.0f -\n", c->name,
           moment_of(ctx, file, c->n_territories, made));
    printf("%s.priced %llu moves\n", c->name,
           (unsigned long long)s.n_iterations);
    printf("%s.first_valid %.3f s\n", c->name, s.first_valid_s);
    printf("%s.yardstick %s\n", c->name, c->yardstick);
    gb_territories_free(made);
    gb_area_file_free(file);
    return 0;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "../shared/data/grid";
    const char *only = getenv("BENCH_ONLY");
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_context *ctx = NULL;
    int failed = 0;

    if (argc > 2)
        options.max_iterations = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        options.n_starts = (uint32_t)strtoul(argv[3], NULL, 10);
    if (argc > 4)
        options.seed = strtoull(argv[4], NULL, 10);
    if (gb_context_new(NULL, &ctx))
        return 1;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        if (!only || strstr(CASES[i].name, only))
            failed |= run_case(ctx, folder, &CASES[i], options);
    gb_context_free(ctx);
    return failed;
}
