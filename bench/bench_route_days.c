/*
 * bench_route_days.c - what plans of a bank's hourly days are worth after so
 * many iterations, or so much time.
 *
 *   bench_route_days [ITERATIONS [SECONDS [SEEDS [FIRST [MANAGERS CLIENTS
 *                    [DAYS [COMPOUNDS [SIZES [HABIT]]]]]]]]]
 *
 * Drawn days (hourly_day.h) FIRST and on, six of them or SIZES, each planned
 * with SEEDS seeds by one search; 0 iterations: until the seconds are over.
 * HABIT 1: no route longer than the habit, as nights are planned.
 * With libcpu_clock.so preloaded the seconds are those of the CPU.
 */
#include "hourly_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t word(int argc, char **argv, int i, uint64_t otherwise)
{
    return argc > i ? strtoull(argv[i], NULL, 10) : otherwise;
}

static gb_status plan(gb_context *ctx, const hourly_day *d,
                      const gb_route_options *options, double *value,
                      gb_route_summary *summary)
{
    gb_route_solution *solution;
    const gb_status status
        = gb_route_solve(ctx, &d->problem, options, &solution);

    if (status == GB_OK) {
        (void)gb_route_solution_summary(solution, summary);
        *value += (double)summary->value_milli / 1000;
    }
    gb_route_solution_free(solution);
    return status;
}

static gb_status plan_day(gb_context *ctx, uint64_t day,
                          const hourly_size *size, uint64_t n_seeds,
                          gb_route_options *options, double *sum)
{
    gb_route_summary summary = { .size = sizeof summary };
    const clock_t begin = clock();
    uint64_t iterations = 0;
    double value = 0;
    hourly_day d;
    gb_status status = GB_OK;

    hourly_day_make(&d, day, size);
    for (uint64_t seed = 1; seed <= n_seeds && status == GB_OK; seed++) {
        options->seed = seed;
        status = plan(ctx, &d, options, &value, &summary);
        iterations += summary.iterations;
    }
    value /= (double)n_seeds;
    *sum += value;
    if (status == GB_OK)
        printf("days.%llu.value %.1f points\ndays.%llu.iterations %llu -\n"
               "days.%llu.cpu %.2f s\n",
               (unsigned long long)day, value, (unsigned long long)day,
               (unsigned long long)(iterations / n_seeds),
               (unsigned long long)day,
               (double)(clock() - begin) / CLOCKS_PER_SEC
                   / (double)n_seeds);
    fflush(stdout);
    hourly_day_clear(&d);
    return status;
}

int main(int argc, char **argv)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    const uint64_t n_seeds = word(argc, argv, 3, 2);
    const uint64_t first = word(argc, argv, 4, 1);
    const hourly_size size
        = { .managers = (uint32_t)word(argc, argv, 5, 6),
            .clients = (uint32_t)word(argc, argv, 6, 150),
            .days = (uint32_t)word(argc, argv, 7, 1),
            .compounds = (uint32_t)word(argc, argv, 8, 0) };
    const uint64_t n = word(argc, argv, 9, 6);
    gb_context *ctx;
    gb_status status = gb_context_new(NULL, &ctx);
    double sum = 0;

    if (status)
        return 1;
    options.max_iterations = word(argc, argv, 1, 20000);
    options.time_limit_ms = (int64_t)(1000 * word(argc, argv, 2, 0));
    options.n_searches = 1;
    options.within_habit = word(argc, argv, 10, 0) != 0;
    options.skip_reasons = true;
    for (uint64_t i = first; i < first + n && status == GB_OK; i++)
        status = plan_day(ctx, i, &size, n_seeds, &options, &sum);
    if (status)
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    else
        printf("days.mean %.2f points\n", sum / (double)n);
    gb_context_free(ctx);
    return status != GB_OK;
}
