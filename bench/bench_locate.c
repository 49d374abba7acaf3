/*
 * bench_locate.c - the capacitated p-median, and territories of the least
 * median: `name value unit` lines.
 *
 *   bench_locate [FOLDER [ITERATIONS [SEED]]]
 *
 * FOLDER is shared/data/grid.  Best known values stand beside as lines whose
 * name ends in `.yardstick`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gridbeat/gridbeat.h>

typedef struct bench_case {
    const char *name, *file, *yardstick;
} bench_case;

static const bench_case CASES[] = {
    { "SJC1", "cpmp/SJC1.dat", "17288.99, proved" },
    { "SJC2", "cpmp/SJC2.dat", "33270.94, proved" },
    { "SJC3a", "cpmp/SJC3a.dat", "45335.16, proved" },
    { "u724_030", "cpmp/u724_030.txt", "95034, proved" },
    { "2DU60-05-5", "ctdp/2DU60-05-5.dat", "5303.20" },
    { "2DU80-05-8", "ctdp/2DU80-05-8.dat", "6680.28" },
    { "DU150-05-1", "ctdp/DU150-05-1.dat", "none" },
};

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static gb_area_file *read_areas(gb_context *ctx, const char *path)
{
    static char bytes[1 << 20];
    FILE *stream = fopen(path, "rb");
    gb_area_file *file = NULL;
    size_t n;

    if (!stream) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return NULL;
    }
    n = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    if (gb_areas_read(ctx, path, bytes, n, GB_AREA_FORMAT_ANY, &file))
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    return file;
}

static gb_status locate(gb_context *ctx, const gb_area_file *file, size_t k,
                        uint64_t iterations, uint64_t seed, double *value)
{
    const gb_areas *areas = gb_area_file_areas(file);
    const size_t n = areas->n_areas;
    int64_t *amounts = calloc(2 * n, sizeof *amounts);
    uint32_t *owners = calloc(n + k, sizeof *owners);
    gb_location_nodes nodes = GB_LOCATION_NODES_INIT;
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;
    gb_location_summary s = { .size = sizeof s };
    gb_status status = GB_ERR_NOMEM;

    for (size_t a = 0; amounts && a < n; a++) {
        amounts[a] = (int64_t)areas->activity[a];
        amounts[n + a] = (int64_t)gb_area_file_capacities(file)[a];
    }
    nodes.n_nodes = n;
    nodes.demands = amounts;
    nodes.capacities = amounts ? amounts + n : NULL;
    nodes.points = areas->centres;
    o.max_iterations = iterations;
    o.seed = seed;
    if (amounts && owners)
        status = gb_location_solve(ctx, &nodes, k, &o, owners, owners + n,
                                   &s);
    *value = s.is_valid ? s.objective : -1;
    if (!status)
        printf("bound %.2f -\n", s.bound);
    free(amounts);
    free(owners);
    return status;
}

static gb_status divide(gb_context *ctx, const gb_area_file *file, size_t k,
                        uint64_t iterations, uint64_t seed, double *value)
{
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_options o = GB_TERRITORY_OPTIONS_INIT;
    gb_territory_summary s = { .size = sizeof s };
    gb_territories *made = NULL;
    gb_status status;

    rules.n_territories = k;
    rules.tolerances = gb_area_file_tolerances(file);
    o.objective = GB_TERRITORY_MEDIAN;
    o.max_iterations = iterations ? iterations : 40000000;
    o.seed = seed;
    status = gb_territory_build(ctx, gb_area_file_areas(file), &rules, &o,
                                &made);
    if (status)
        return status;
    gb_territories_summary(made, &s);
    *value = s.is_valid ? s.objective : -1;
    gb_territories_free(made);
    return GB_OK;
}

static int run_case(gb_context *ctx, const char *folder, const bench_case *c,
                    uint64_t iterations, uint64_t seed)
{
    gb_area_facts facts = { .size = sizeof facts };
    gb_area_file *file;
    double began_s, value = -1;
    char path[1024];
    gb_status status;

    snprintf(path, sizeof path, "%s/%s", folder, c->file);
    file = read_areas(ctx, path);
    if (!file)
        return 1;
    gb_area_file_facts(file, &facts);
    began_s = cpu_s();
    if (facts.format == GB_AREA_FORMAT_CPMP)
        printf("locate.%s.", c->name);
    status = (facts.format == GB_AREA_FORMAT_CPMP ? locate : divide)(
        ctx, file, facts.n_territories, iterations, seed, &value);
    if (status)
        fprintf(stderr, "%s: %s\n", c->name, gb_last_error(ctx));
    printf("locate.%s.seconds %.2f s\n", c->name, cpu_s() - began_s);
    printf("locate.%s.objective %.2f m\n", c->name, value);
    printf("locate.%s.yardstick %s\n", c->name, c->yardstick);
    gb_area_file_free(file);
    return status != GB_OK;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "../shared/data/grid";
    const uint64_t iterations = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    const uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    gb_context *ctx = NULL;
    int failed = 0;

    if (gb_context_new(NULL, &ctx))
        return 1;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        failed |= run_case(ctx, folder, &CASES[i], iterations, seed);
    gb_context_free(ctx);
    return failed;
}
