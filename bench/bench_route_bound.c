/*
 * The bound of routes on days like a bank's: 5 to 10 managers from two
 * branches, 100 to 180 clients, prizes by the hour, lunch, windows for half of
 * them, and a price on time.  For each day: the value of the plan of a short
 * search, that of the best plan after the proof, how far it may be from the
 * best there is, and what it took to prove that.
 *
 *   bench_route_bound [DAYS [ROUNDS [FIRST [MANAGERS CLIENTS [SECONDS
 *                    [flat]]]]]]
 *
 * `flat`: each client is worth the same all day.
 */
#include "hourly_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A plan to measure against. */
static gb_status search(gb_context *ctx, const hourly_day *d, uint32_t *first,
                        uint32_t *items, size_t room, int64_t *value_milli)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution;
    size_t n;
    gb_status status;

    options.max_iterations = 20000;
    options.skip_reasons = true;
    status = gb_route_solve(ctx, &d->problem, &options, &solution);
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

static gb_status measure(gb_context *ctx, const hourly_day *d, uint64_t number,
                         const effort *most, double *gap)
{
    const unsigned long long day = number;
    const size_t room = d->problem.n_clients + d->problem.n_vehicles;
    uint32_t *first = calloc(d->problem.n_vehicles + 1, sizeof *first);
    uint32_t *items = calloc(room, sizeof *items);
    gb_route_order known = GB_ROUTE_ORDER_INIT;
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better = NULL;
    int64_t searched = 0;
    gb_status status = first && items
        ? search(ctx, d, first, items, room, &searched)
        : GB_ERR_NOMEM;
    const clock_t begin = clock();

    known.first = first;
    known.items = items;
    options.known = &known;
    options.max_rounds = most->rounds;
    options.time_limit_ms = most->time_limit_ms;
    if (status == GB_OK)
        status = gb_route_bound(ctx, &d->problem, &options, &r, &better);
    gb_route_solution_free(better);
    free(first);
    free(items);
    if (status)
        return status;
    *gap += r.gap;
    printf("bound.%llu.clients %u -\n", day, d->problem.n_clients);
    printf("bound.%llu.managers %u -\n", day, d->problem.n_vehicles);
    printf("bound.%llu.gap %.2f %%\n", day, 100 * r.gap);
    printf("bound.%llu.searched %.0f -\n", day, (double)searched / 1000);
    printf("bound.%llu.best %.0f -\n", day,
           (double)r.best_value_milli / 1000);
    printf("bound.%llu.bound %.0f -\n", day,
           (double)r.value_milli_upper / 1000);
    printf("bound.%llu.rounds %llu -\n", day, (unsigned long long)r.n_rounds);
    printf("bound.%llu.columns %llu -\n", day,
           (unsigned long long)r.n_columns);
    printf("bound.%llu.labels %llu -\n", day, (unsigned long long)r.n_labels);
    printf("bound.%llu.cpu %.1f s\n", day,
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    fflush(stdout);
    return GB_OK;
}

int main(int argc, char **argv)
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
    gb_context *ctx;
    gb_status status = gb_context_new(NULL, &ctx);
    double gap = 0;

    if (status)
        return 1;
    for (uint64_t i = begin; i < begin + n_days && status == GB_OK; i++) {
        hourly_day d;

        hourly_day_make(&d, i, &size);
        status = measure(ctx, &d, i, &most, &gap);
        hourly_day_clear(&d);
    }
    if (status)
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    else
        printf("bound.mean_gap %.2f %%\n", 100 * gap / (double)n_days);
    gb_context_free(ctx);
    return status != GB_OK;
}
