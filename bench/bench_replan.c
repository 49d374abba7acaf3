/*
 * bench_replan.c - what reasons, replans and suggestions take: CPU seconds,
 * and how many a second, on made-up branch-days of a fixed seed.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_CLIENTS = 1000, MOST_MANAGERS = 20 };

typedef struct day {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle managers[MOST_MANAGERS];
    int32_t *seconds;
    uint32_t location[MOST_CLIENTS];
    int32_t service_s[MOST_CLIENTS];
    int64_t prize[MOST_CLIENTS];
    uint32_t first_window[MOST_CLIENTS + 1];
    gb_route_window windows[MOST_CLIENTS];
} day;

static const gb_route_break LUNCH = { 41400, 46800, 3600 };
static uint64_t STATE = 1;

static uint32_t draw(uint32_t bound)
{
    STATE = STATE * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((STATE >> 33) % bound);
}

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void ask(gb_context *ctx, gb_status status, const char *what)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", what, gb_last_error(ctx));
        exit(1);
    }
}

/* A town of 10 km, managers by e-bike from its middle, 8 hours. */
static void make(day *d, uint32_t n_clients, uint32_t n_managers)
{
    const gb_route_problem no_problem = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle no_vehicle = GB_ROUTE_VEHICLE_INIT;
    const uint32_t n = n_clients + 1;
    int32_t x[MOST_CLIENTS + 1], y[MOST_CLIENTS + 1];

    memset(d, 0, sizeof *d);
    d->seconds = malloc((size_t)n * n * sizeof *d->seconds);
    if (!d->seconds)
        exit(1);
    for (uint32_t i = 0; i < n; i++) {
        x[i] = i ? (int32_t)draw(10000) : 5000;
        y[i] = i ? (int32_t)draw(10000) : 5000;
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            d->seconds[i * n + j]
                = (abs(x[i] - x[j]) + abs(y[i] - y[j])) / 5;
    d->profile.seconds = d->seconds;
    for (uint32_t c = 0; c < n_clients; c++) {
        d->location[c] = c + 1;
        d->service_s[c] = 1800 + (int32_t)draw(4) * 300;
        d->prize[c] = 5 + draw(40);
        d->first_window[c + 1] = d->first_window[c];
        if (draw(3) == 0) {
            gb_route_window *w = &d->windows[d->first_window[c + 1]++];

            w->early_s = 28800 + (int32_t)draw(14) * 1800;
            w->late_s = w->early_s + 7200;
        }
    }
    for (uint32_t v = 0; v < n_managers; v++) {
        d->managers[v] = no_vehicle;
        d->managers[v].shift_start_s = 30600;
        d->managers[v].shift_end_s = 61200;
        d->managers[v].breaks = &LUNCH;
        d->managers[v].n_breaks = 1;
        d->managers[v].cost_per_s_milli = 1;
    }
    d->problem = no_problem;
    d->problem.n_locations = n;
    d->problem.n_profiles = 1;
    d->problem.profiles = &d->profile;
    d->problem.n_clients = n_clients;
    d->problem.client_location = d->location;
    d->problem.client_service_s = d->service_s;
    d->problem.client_prize = d->prize;
    d->problem.client_first_window = d->first_window;
    d->problem.windows = d->windows;
    d->problem.n_vehicles = n_managers;
    d->problem.vehicles = d->managers;
}

typedef struct plan {
    gb_route_solution *solution;
    uint32_t first[MOST_MANAGERS + 1], items[2 * MOST_CLIENTS];
    gb_route_order order;
} plan;

static void solve(gb_context *ctx, const day *d, uint64_t iterations, plan *p)
{
    const gb_route_order no_order = GB_ROUTE_ORDER_INIT;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    size_t n;

    options.max_iterations = iterations;
    options.skip_reasons = true;
    ask(ctx, gb_route_solve(ctx, &d->problem, &options, &p->solution),
        "solve");
    ask(ctx, gb_route_solution_order(p->solution, p->first, p->items,
                                     2 * MOST_CLIENTS, &n), "order");
    p->order = no_order;
    p->order.first = p->first;
    p->order.items = p->items;
}

static void bench_reasons(gb_context *ctx, uint32_t n_clients,
                          uint32_t n_managers)
{
    static day d;
    static plan p;
    gb_route_solution *told, *driven;
    gb_route_summary sum = { .size = sizeof sum };
    double begin, plain, s;
    uint32_t n_rough = 0;

    make(&d, n_clients, n_managers);
    solve(ctx, &d, 400, &p);
    begin = cpu_s();
    ask(ctx, gb_route_evaluate(ctx, &d.problem, &p.order, &driven), "drive");
    plain = cpu_s() - begin;
    begin = cpu_s();
    ask(ctx, gb_route_explain(ctx, &d.problem, &p.order, &told), "explain");
    s = cpu_s() - begin - plain;
    (void)gb_route_solution_summary(told, &sum);
    for (uint32_t i = 0; i < sum.n_unserved; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        (void)gb_route_solution_reason(told, i, &reason);
        n_rough += reason.is_rough;
    }
    printf("reasons_%u_of_%u_clients_%u_managers %.4f cpu_s\n",
           sum.n_unserved, n_clients, n_managers, s);
    printf("reasons_%u_managers_rough %u\n", n_managers, n_rough);
    gb_route_solution_free(told);
    gb_route_solution_free(driven);
    gb_route_solution_free(p.solution);
    free(d.seconds);
}

static gb_route_change random_change(const plan *p, const day *d)
{
    static const int32_t kinds[]
        = { GB_ROUTE_CHANGE_CANCEL, GB_ROUTE_CHANGE_ADD,
            GB_ROUTE_CHANGE_DELAY, GB_ROUTE_CHANGE_ABSENT };
    const gb_route_change none = GB_ROUTE_CHANGE_INIT;
    gb_route_change change = none;
    uint32_t v, i;

    change.kind = kinds[draw(4)];
    change.vehicle = draw(d->problem.n_vehicles);
    change.seconds = 1800;
    do {
        change.client = draw(d->problem.n_clients);
        (void)gb_route_solution_find(p->solution, change.client, &v, &i);
    } while ((v == GB_ROUTE_NONE) != (change.kind == GB_ROUTE_CHANGE_ADD));
    return change;
}

static void bench_replan(gb_context *ctx, uint32_t n_clients,
                         uint32_t n_managers)
{
    static day d;
    static plan p;
    gb_route_suggestion best[3];
    double begin, most = 0, total = 0, s;
    uint64_t n_differences = 0, n_counted = 0, iterations = 0;
    const int n = 200;
    size_t n_found = 0, n_best = 0;

    make(&d, n_clients, n_managers);
    solve(ctx, &d, 4000, &p);
    for (int i = 0; i < n; i++) {
        gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
        gb_route_diff_summary sum = { .size = sizeof sum };
        gb_route_change change = random_change(&p, &d);
        gb_route_solution *then;
        gb_route_diff *diff;
        gb_status status;

        options.clock_s = change.kind == GB_ROUTE_CHANGE_CANCEL
            ? 0
            : 30600 + (int32_t)draw(16) * 1800;
        options.max_changes = draw(6);
        begin = cpu_s();
        status = gb_route_replan(ctx, &d.problem, &p.order, &change, 1,
                                 &options, &then, &diff);
        s = cpu_s() - begin;
        ask(ctx, status, "replan");
        total += s;
        most = s > most ? s : most;
        (void)gb_route_diff_summarize(diff, &sum);
        n_differences += sum.n_differences;
        n_counted += sum.n_counted;
        iterations += sum.iterations;
        gb_route_solution_free(then);
        gb_route_diff_free(diff);
    }
    printf("replan_%u_clients_%u_managers_mean %.2f ms\n", n_clients,
           n_managers, 1e3 * total / n);
    printf("replan_%u_clients_%u_managers_most %.2f ms\n", n_clients,
           n_managers, 1e3 * most);
    printf("replan_iterations %llu\n", (unsigned long long)iterations);
    printf("replan_differences %.2f a_replan\n", (double)n_differences / n);
    printf("replan_counted %.2f a_replan\n", (double)n_counted / n);
    begin = cpu_s();
    for (int i = 0; i < n; i++) {
        best[0].size = sizeof *best;
        ask(ctx, gb_route_suggest(ctx, &d.problem, &p.order,
                                  draw(n_clients), NULL, best, 3, &n_best),
            "suggest");
        n_found += n_best;
    }
    printf("suggest_%u_clients_%u_managers_mean %.2f ms\n", n_clients,
           n_managers, 1e3 * (cpu_s() - begin) / n);
    printf("suggest_windows %.2f a_call\n", (double)n_found / n);
    gb_route_solution_free(p.solution);
    free(d.seconds);
}

int main(void)
{
    gb_context *ctx = NULL;

    if (gb_context_new(NULL, &ctx))
        return 1;
    bench_replan(ctx, 150, 10);
    bench_reasons(ctx, 1000, 10);
    bench_reasons(ctx, 1000, 20);
    gb_context_free(ctx);
    return 0;
}
