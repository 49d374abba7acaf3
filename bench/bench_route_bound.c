/*
 * The bound of routes on days like a bank's: 5 to 10 managers from two
 * branches, 100 to 180 clients, prizes by the hour, lunch, windows for half of
 * them, and a price on time.  For each day: the value of the plan of a short
 * search, that of the best plan after the proof, how far it may be from the
 * best there is, and what it took to prove that.
 *
 *   bench_route_bound [DAYS [ROUNDS [FIRST [MANAGERS CLIENTS]]]]
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CLIENTS = 180, LOCATIONS = CLIENTS + 2, MANAGERS = 10, SLOTS = 9 };
enum { HOUR = 3600, OPENS = 8 * HOUR + HOUR / 2, CLOSES = 17 * HOUR };

typedef struct day {
    gb_route_problem problem;
    gb_route_profile profile;
    int32_t seconds[LOCATIONS * LOCATIONS];
    gb_route_vehicle managers[MANAGERS];
    gb_route_break lunch;
    uint32_t location[CLIENTS], first_window[CLIENTS + 1];
    gb_route_window windows[CLIENTS];
    int32_t service_s[CLIENTS], slot_start_s[SLOTS];
    int64_t prize[CLIENTS * SLOTS];
} day;

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % bound);
}

/* Metres on a square of 12 km, rides at 20 km/h with a bend. */
static void lay_roads(day *d, uint32_t n)
{
    int32_t x[LOCATIONS], y[LOCATIONS];

    for (uint32_t i = 0; i < n; i++) {
        x[i] = (int32_t)below(12000);
        y[i] = (int32_t)below(12000);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++)
            d->seconds[i * n + k]
                = (abs(x[i] - x[k]) + abs(y[i] - y[k])) * 18 / 100;
}

/* At home in the evening, in a shop all day, at a desk in the morning. */
static void draw_prizes(day *d, uint32_t c)
{
    const uint32_t worth = 5 + below(96), kind = below(3);

    for (uint32_t s = 0; s < SLOTS; s++) {
        const uint32_t at_home[SLOTS] = { 3, 2, 2, 3, 4, 3, 3, 5, 8 };
        const uint32_t at_desk[SLOTS] = { 7, 9, 9, 6, 2, 5, 7, 6, 3 };
        const uint32_t there
            = kind == 0 ? at_home[s] : kind == 1 ? at_desk[s] : 8;

        d->prize[c * SLOTS + s] = worth * there / 9;
    }
}

static void draw_clients(day *d, uint32_t n)
{
    uint32_t n_windows = 0;

    for (uint32_t c = 0; c < n; c++) {
        d->location[c] = c + 2;
        d->service_s[c] = (int32_t)(900 + 300 * below(7));
        d->first_window[c] = n_windows;
        if (below(2)) {
            const int32_t early = (int32_t)(OPENS + 1800 * below(12));

            d->windows[n_windows++]
                = (gb_route_window){ early, early + 2 * HOUR };
        }
        draw_prizes(d, c);
    }
    d->first_window[n] = n_windows;
}

/* Of so many managers and clients; 0: drawn. */
static void make_day(day *d, uint64_t seed, uint32_t managers,
                     uint32_t clients)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle manager = GB_ROUTE_VEHICLE_INIT;
    gb_route_problem *p = &d->problem;

    state = seed * 77 + 5;
    *p = none;
    p->n_clients = 100 + below(CLIENTS - 99);
    p->n_vehicles = 5 + below(MANAGERS - 4);
    if (clients && managers) {
        p->n_clients = clients < CLIENTS ? clients : CLIENTS;
        p->n_vehicles = managers < MANAGERS ? managers : MANAGERS;
    }
    p->n_locations = p->n_clients + 2;
    lay_roads(d, p->n_locations);
    draw_clients(d, p->n_clients);
    d->lunch = (gb_route_break){ 11 * HOUR + HOUR / 2, 13 * HOUR, HOUR };
    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        d->managers[v] = manager;
        d->managers[v].start_location = d->managers[v].end_location = v % 2;
        d->managers[v].shift_start_s = OPENS;
        d->managers[v].shift_end_s = CLOSES;
        d->managers[v].breaks = &d->lunch;
        d->managers[v].n_breaks = 1;
        d->managers[v].cost_per_s_milli = 3;
    }
    for (uint32_t s = 0; s < SLOTS; s++)
        d->slot_start_s[s] = (int32_t)(8 + s) * HOUR;
    d->profile.seconds = d->seconds;
    p->n_profiles = 1;
    p->profiles = &d->profile;
    p->client_location = d->location;
    p->client_service_s = d->service_s;
    p->client_first_window = d->first_window;
    p->windows = d->windows;
    p->n_slots = SLOTS;
    p->slot_start_s = d->slot_start_s;
    p->client_slot_prize = d->prize;
    p->vehicles = d->managers;
}

/* A plan to measure against. */
static gb_status search(gb_context *ctx, const day *d, uint32_t *first,
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

static gb_status measure(gb_context *ctx, const day *d, uint64_t number,
                         uint64_t rounds, double *gap)
{
    uint32_t first[MANAGERS + 1], items[CLIENTS + MANAGERS];
    gb_route_order known = GB_ROUTE_ORDER_INIT;
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better = NULL;
    int64_t searched = 0;
    gb_status status
        = search(ctx, d, first, items, CLIENTS + MANAGERS, &searched);
    const clock_t begin = clock();

    known.first = first;
    known.items = items;
    options.known = &known;
    options.max_rounds = rounds;
    if (status == GB_OK)
        status = gb_route_bound(ctx, &d->problem, &options, &r, &better);
    gb_route_solution_free(better);
    if (status)
        return status;
    *gap += r.gap;
    printf("bound.%llu.clients %u -\n", (unsigned long long)number,
           d->problem.n_clients);
    printf("bound.%llu.managers %u -\n", (unsigned long long)number,
           d->problem.n_vehicles);
    printf("bound.%llu.gap %.2f %%\n", (unsigned long long)number,
           100 * r.gap);
    printf("bound.%llu.searched %.0f -\n", (unsigned long long)number,
           (double)searched / 1000);
    printf("bound.%llu.best %.0f -\n", (unsigned long long)number,
           (double)r.best_value_milli / 1000);
    printf("bound.%llu.bound %.0f -\n", (unsigned long long)number,
           (double)r.value_milli_upper / 1000);
    printf("bound.%llu.rounds %llu -\n", (unsigned long long)number,
           (unsigned long long)r.n_rounds);
    printf("bound.%llu.columns %llu -\n", (unsigned long long)number,
           (unsigned long long)r.n_columns);
    printf("bound.%llu.labels %llu -\n", (unsigned long long)number,
           (unsigned long long)r.n_labels);
    printf("bound.%llu.cpu %.1f s\n", (unsigned long long)number,
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    return GB_OK;
}

int main(int argc, char **argv)
{
    const uint64_t n_days = argc > 1 ? strtoull(argv[1], NULL, 10) : 5;
    const uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000;
    const uint64_t begin = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    const uint32_t managers = argc > 5 ? (uint32_t)atoi(argv[4]) : 0;
    const uint32_t clients = argc > 5 ? (uint32_t)atoi(argv[5]) : 0;
    static day d;
    gb_context *ctx;
    gb_status status = gb_context_new(NULL, &ctx);
    double gap = 0;

    if (status)
        return 1;
    for (uint64_t i = begin; i < begin + n_days && status == GB_OK; i++) {
        make_day(&d, i, managers, clients);
        status = measure(ctx, &d, i, rounds, &gap);
    }
    if (status)
        fprintf(stderr, "%s\n", gb_last_error(ctx));
    else
        printf("bound.mean_gap %.2f %%\n", 100 * gap / (double)n_days);
    gb_context_free(ctx);
    return status != GB_OK;
}
