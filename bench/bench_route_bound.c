/*
 * The bound of routes on days like a bank's: 5 to 10 managers from two
 * branches, 100 to 180 clients, prizes by the hour, lunch, windows for half of
 * them, and a price on time.  For each day: the value of the plan of a short
 * search, that of the best plan after the proof, how far it may be from the
 * best there is, and what it took to prove that.
 *
 *   bench_route_bound [DAYS [ROUNDS [FIRST [MANAGERS CLIENTS [SECONDS
 *                    [flat]]]]]]
 *   bench_route_bound table [SECONDS [FOLDER [NAME...]]]
 *
 * `flat`: each client is worth the same all day.  `table`: six days that were
 * named before anything was measured on them, the given one from FOLDER
 * (../shared/data/route), 60 seconds each; or those named alone.
 */
#include "hourly_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A plan to measure against. */
static gb_status search(gb_context *ctx, const gb_route_problem *problem,
                        uint32_t *first, uint32_t *items, size_t room,
                        int64_t *value_milli)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution;
    size_t n;
    gb_status status;

    options.max_iterations = 20000;
    options.skip_reasons = true;
    status = gb_route_solve(ctx, problem, &options, &solution);
    if (status == GB_OK)
        status = gb_route_solution_order(solution, first, items, room, &n);
    if (status == GB_OK && gb_route_solution_summary(solution, &summary))
        *value_milli = summary.value_milli;
    gb_route_solution_free(solution);
    return status;
}

typedef struct effort {
    uint64_t rounds;
    int64_t time_limit_ms;
} effort;

static gb_status measure(gb_context *ctx, const gb_route_problem *problem,
                         const char *name, const effort *most, double *gap)
{
    const size_t room = problem->n_clients + problem->n_vehicles;
    uint32_t *first = calloc(problem->n_vehicles + 1, sizeof *first);
    uint32_t *items = calloc(room, sizeof *items);
    gb_route_order known = GB_ROUTE_ORDER_INIT;
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better = NULL;
    int64_t searched = 0;
    gb_status status = first && items
        ? search(ctx, problem, first, items, room, &searched)
        : GB_ERR_NOMEM;
    const clock_t begin = clock();

    known.first = first;
    known.items = items;
    options.known = &known;
    options.max_rounds = most->rounds;
    options.time_limit_ms = most->time_limit_ms;
    if (status == GB_OK)
        status = gb_route_bound(ctx, problem, &options, &r, &better);
    gb_route_solution_free(better);
    free(first);
    free(items);
    if (status)
        return status;
    *gap += r.gap;
    printf("bound.%s.clients %u -\n", name, problem->n_clients);
    printf("bound.%s.managers %u -\n", name, problem->n_vehicles);
    printf("bound.%s.gap %.2f %%\n", name, 100 * r.gap);
    printf("bound.%s.searched %.0f -\n", name, (double)searched / 1000);
    printf("bound.%s.best %.0f -\n", name,
           (double)r.best_value_milli / 1000);
    printf("bound.%s.bound %.0f -\n", name,
           (double)r.value_milli_upper / 1000);
    printf("bound.%s.rounds %llu -\n", name, (unsigned long long)r.n_rounds);
    printf("bound.%s.columns %llu -\n", name,
           (unsigned long long)r.n_columns);
    printf("bound.%s.labels %llu -\n", name, (unsigned long long)r.n_labels);
    printf("bound.%s.cpu %.1f s\n", name,
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    fflush(stdout);
    return GB_OK;
}

/* --- the table ------------------------------------------------------------- */

static const struct {
    const char *name;
    uint64_t seed; /* 0: the given one */
    hourly_size size;
} DAYS[] = {
    { "given", 0, { 0 } },
    { "3x50", 1, { .managers = 3, .clients = 50 } },
    { "4x80tea", 1, { .managers = 4, .clients = 80, .tea = true } },
    { "6x150", 1, { .managers = 6, .clients = 150 } },
    { "6x150b", 2, { .managers = 6, .clients = 150 } },
    { "10x150", 1, { .managers = 10, .clients = 150 } },
};

static gb_status measure_given(gb_context *ctx, const char *folder,
                               const char *name, const effort *most,
                               double *gap)
{
    gb_route_file *file = NULL;
    char path[1024];
    gb_status status;

    snprintf(path, sizeof path, "%s/synthetic_bank/bank150_s1.vroom.json",
             folder);
    status = gb_route_file_read(ctx, path, NULL, &file);
    if (status == GB_OK)
        status = measure(ctx, gb_route_file_problem(file), name, most, gap);
    gb_route_file_free(file);
    return status;
}

static bool is_named(int argc, char **argv, const char *name)
{
    for (int i = 4; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc <= 4;
}

static gb_status measure_table(gb_context *ctx, int argc, char **argv)
{
    const effort most
        = { 1000000, 1000 * (argc > 2 ? strtoll(argv[2], NULL, 10) : 60) };
    const char *folder = argc > 3 ? argv[3] : "../shared/data/route";
    gb_status status = GB_OK;
    double gap = 0;
    int n = 0;

    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS && status == GB_OK;
         i++) {
        hourly_day d;

        if (!is_named(argc, argv, DAYS[i].name))
            continue;
        n++;
        if (DAYS[i].seed == 0) {
            status = measure_given(ctx, folder, DAYS[i].name, &most, &gap);
            continue;
        }
        hourly_day_make(&d, DAYS[i].seed, &DAYS[i].size);
        status = measure(ctx, &d.problem, DAYS[i].name, &most, &gap);
        hourly_day_clear(&d);
    }
    if (status == GB_OK && n > 0)
        printf("bound.mean_gap %.2f %%\n", 100 * gap / n);
    return status;
}

static gb_status measure_drawn(gb_context *ctx, int argc, char **argv)
{
    const uint64_t n_days = argc > 1 ? strtoull(argv[1], NULL, 10) : 5;
    const effort most
        = { argc > 2 ? strtoull(argv[2], NULL, 10) : 2000,
            argc > 6 ? 1000 * strtoll(argv[6], NULL, 10) : 0 };
    const uint64_t begin = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    const hourly_size size
        = { .managers = argc > 5 ? (uint32_t)atoi(argv[4]) : 0,
            .clients = argc > 5 ? (uint32_t)atoi(argv[5]) : 0,
            .flat = argc > 7 && strcmp(argv[7], "flat") == 0 };
    gb_status status = GB_OK;
    double gap = 0;

    for (uint64_t i = begin; i < begin + n_days && status == GB_OK; i++) {
        hourly_day d;
        char name[32];

        snprintf(name, sizeof name, "%llu", (unsigned long long)i);
        hourly_day_make(&d, i, &size);
        status = measure(ctx, &d.problem, name, &most, &gap);
        hourly_day_clear(&d);
    }
    if (status == GB_OK)
        printf("bound.mean_gap %.2f %%\n", 100 * gap / (double)n_days);
    return status;
}

int main(int argc, char **argv)
{
    gb_context *ctx;
    gb_status status = gb_context_new(NULL, &ctx);

    if (status)
        return 1;
    status = argc > 1 && strcmp(argv[1], "table") == 0
        ? measure_table(ctx, argc, argv)
        : measure_drawn(ctx, argc, argv);
    if (status)
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    gb_context_free(ctx);
    return status != GB_OK;
}
