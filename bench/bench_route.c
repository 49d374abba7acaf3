/*
 * bench_route.c - what plans are worth after a fixed number of iterations, how
 * many moves that took, how fast they go by, and that they take no memory.
 *
 *   bench_route [FOLDER [ITERATIONS [SEED [SEARCHES [THREADS]]]]]
 *
 * Five problems are made here, the same on every machine, a kind each; with a
 * FOLDER (of instances, as ../shared/data/route) those of GIVEN, too.  Prints
 * `name value unit` lines: compare figures and moves, not seconds.
 * `loop_allocations` are the requests for memory that twice the iterations
 * make beside those of once: 0.
 */
#include <gridbeat/gridbeat.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *room(size_t n, size_t size)
{
    void *block = calloc(n ? n : 1, size);

    if (!block) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return block;
}

typedef struct counter {
    long requests;
} counter;

static void *count_request(void *state, void *block, size_t size)
{
    counter *c = state;

    c->requests++;
    return realloc(block, size);
}

static void count_release(void *state, void *block)
{
    (void)state;
    free(block);
}

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005)
        + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}

enum { MADE_CLIENTS = 200, TEXT_BYTES = 1 << 16 };

typedef struct kind {
    const char *name, *vehicles;
    bool has_windows, has_prizes, has_depots;
} kind;

static const kind KINDS[] = {
    { "cvrp", "", false, false, false },
    { "vrptw", "VEHICLES : 50\n", true, false, false },
    { "pcvrptw", "VEHICLES : 12\n", true, true, false },
    { "mdvrp", "VEHICLES : 50\n", false, false, true },
};

static size_t add(char *text, size_t n, const char *format, int a, int b,
                  int c)
{
    return n
        + (size_t)snprintf(text + n, TEXT_BYTES - n, format, a, b, c);
}

/* Half the clients round five towns, half anywhere. */
static size_t write_places(char *text, size_t n, uint64_t *state)
{
    for (int i = 1; i <= MADE_CLIENTS + 1; i++) {
        const int town = (int)draw(state, 10);
        int x = (int)draw(state, 1000), y = (int)draw(state, 1000);

        if (town < 5) {
            x = town * 200 + x / 8;
            y = town * 371 % 900 + y / 8;
        }
        n = add(text, n, "%d %d %d\n", i, x, y);
    }
    return n;
}

static size_t write_times(char *text, size_t n, uint64_t *state)
{
    n += (size_t)snprintf(text + n, TEXT_BYTES - n,
                          "TIME_WINDOW_SECTION\n1 0 6000\n");
    for (int i = 2; i <= MADE_CLIENTS + 1; i++) {
        const int from = (int)draw(state, 3600);

        n = add(text, n, "%d %d %d\n", i, draw(state, 3) ? from : 0,
                from + 1000);
    }
    return n;
}

/* VRPLIB's text; the caller frees it. */
static char *write_problem(const kind *k)
{
    uint64_t state = 7;
    char *text = room(TEXT_BYTES, 1);
    size_t n = (size_t)snprintf(
        text, TEXT_BYTES,
        "NAME : %s\nTYPE : MADE\nDIMENSION : %d\n%sCAPACITY : 100\n"
        "EDGE_WEIGHT_TYPE : EUC_2D\n%sNODE_COORD_SECTION\n",
        k->name, MADE_CLIENTS + 1, k->vehicles,
        k->has_windows ? "SERVICE_TIME : 60\n" : "");

    n = write_places(text, n, &state);
    n = add(text, n, "DEMAND_SECTION\n1 0\n", 0, 0, 0);
    for (int i = 2; i <= MADE_CLIENTS + 1; i++)
        n = add(text, n, "%d %d\n", i,
                k->has_depots && i == 2 ? 0 : 5 + (int)draw(&state, 20), 0);
    if (k->has_windows)
        n = write_times(text, n, &state);
    if (k->has_prizes) {
        n = add(text, n, "PRIZE_SECTION\n", 0, 0, 0);
        for (int i = 2; i <= MADE_CLIENTS + 1; i++)
            n = add(text, n, "%d %d\n", i, 100 + (int)draw(&state, 500), 0);
    }
    if (k->has_depots) {
        n = add(text, n, "VEHICLES_DEPOT_SECTION\n", 0, 0, 0);
        for (int v = 1; v <= 50; v++)
            n = add(text, n, "%d %d\n", v, 1 + v % 2, 0);
    }
    add(text, n, k->has_depots ? "DEPOT_SECTION\n1\n2\n-1\nEOF\n"
                               : "DEPOT_SECTION\n1\n-1\nEOF\n",
        0, 0, 0);
    return text;
}

/* A manager's day: 400 clients in 120 compounds, lunch, prizes by hour. */
enum { PLACES = 120, CLIENTS = 400, SLOTS = 4 };

typedef struct day {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicle;
    gb_route_break lunch;
    gb_route_window windows[CLIENTS];
    uint32_t location[CLIENTS], place[CLIENTS], first_window[CLIENTS + 1];
    int32_t service_s[CLIENTS], access_s[PLACES];
    int32_t seconds[(PLACES + 1) * (PLACES + 1)];
    int64_t slot_prize[CLIENTS * SLOTS];
} day;

static void make_travel(day *it, uint64_t *state)
{
    double x[PLACES + 1], y[PLACES + 1];

    for (int i = 0; i <= PLACES; i++) {
        x[i] = draw(state, 6000);
        y[i] = draw(state, 6000);
    }
    for (int i = 0; i <= PLACES; i++)
        for (int j = 0; j <= PLACES; j++)
            it->seconds[i * (PLACES + 1) + j]
                = (int32_t)(hypot(x[i] - x[j], y[i] - y[j]) * 1.3 / 4.0);
}

static void make_client(day *it, uint32_t c, uint64_t *state)
{
    const int64_t prize
        = 10 + draw(state, 100) * (int64_t)draw(state, 100) / 20;

    it->place[c] = draw(state, PLACES);
    it->location[c] = it->place[c] + 1;
    it->service_s[c] = 600 + 60 * (int32_t)draw(state, 20);
    for (int s = 0; s < SLOTS; s++)
        it->slot_prize[c * SLOTS + s] = prize * (40 + draw(state, 60)) / 100;
    it->windows[c].late_s = 40000;
    if (draw(state, 2)) {
        it->windows[c].early_s = 3600 * (int32_t)draw(state, 7);
        it->windows[c].late_s = it->windows[c].early_s + 7200;
    }
    it->first_window[c + 1] = c + 1;
}

static void make_day(day *it)
{
    static const int32_t slot_start_s[SLOTS] = { 0, 9000, 18000, 25200 };
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    uint64_t state = 42;

    make_travel(it, &state);
    for (int k = 0; k < PLACES; k++)
        it->access_s[k] = 60 + (int32_t)draw(&state, 300);
    for (uint32_t c = 0; c < CLIENTS; c++)
        make_client(it, c, &state);
    it->problem = none;
    it->vehicle = vehicle;
    it->lunch = (gb_route_break){ 9000, 14400, 3600 };
    it->vehicle.shift_end_s = 32400;
    it->vehicle.breaks = &it->lunch;
    it->vehicle.n_breaks = 1;
    it->vehicle.cost_per_s_milli = 10;
    it->profile.seconds = it->seconds;
    it->problem.n_locations = PLACES + 1;
    it->problem.n_profiles = 1;
    it->problem.profiles = &it->profile;
    it->problem.n_clients = CLIENTS;
    it->problem.client_location = it->location;
    it->problem.client_service_s = it->service_s;
    it->problem.client_first_window = it->first_window;
    it->problem.windows = it->windows;
    it->problem.n_vehicles = 1;
    it->problem.vehicles = &it->vehicle;
    it->problem.n_places = PLACES;
    it->problem.place_access_s = it->access_s;
    it->problem.client_place = it->place;
    it->problem.n_slots = SLOTS;
    it->problem.slot_start_s = slot_start_s;
    it->problem.client_slot_prize = it->slot_prize;
}

static int solve_once(const char *name, const gb_route_problem *problem,
                      const gb_route_options *options, gb_route_summary *sum,
                      double *cpu_s, long *requests)
{
    counter count = { 0 };
    const gb_allocator memory = { &count, count_request, count_release };
    gb_context_options with = GB_CONTEXT_OPTIONS_INIT;
    gb_context *ctx = NULL;
    gb_route_solution *solution = NULL;
    const clock_t begin = clock();

    with.allocator = &memory;
    sum->size = sizeof *sum;
    if (gb_context_new(&with, &ctx)
        || gb_route_solve(ctx, problem, options, &solution)) {
        fprintf(stderr, "%s: %s\n", name, ctx ? gb_last_error(ctx) : "");
        gb_context_free(ctx);
        return 1;
    }
    *cpu_s = (double)(clock() - begin) / CLOCKS_PER_SEC;
    *requests = count.requests;
    gb_route_solution_summary(solution, sum);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
    return 0;
}

static int solve(const char *name, const gb_route_problem *problem,
                 const gb_route_options *given)
{
    gb_route_options options = *given;
    gb_route_summary sum, twice;
    double s, twice_s;
    long requests, more;

    options.skip_reasons = true;
    if (solve_once(name, problem, &options, &sum, &s, &requests))
        return 1;
    options.max_iterations *= 2;
    if (solve_once(name, problem, &options, &twice, &twice_s, &more))
        return 1;
    printf("%s.prize %lld points\n", name, (long long)sum.prize);
    printf("%s.cost %lld milli_points\n", name, (long long)sum.cost_milli);
    printf("%s.served %u clients\n", name, sum.n_served);
    printf("%s.musts_unserved %u clients\n", name, sum.n_musts_unserved);
    printf("%s.moves %llu moves\n", name,
           (unsigned long long)sum.moves_priced);
    printf("%s.loop_allocations %ld requests\n", name, more - requests);
    printf("%s.cpu %.2f s\n", name, s);
    printf("%s.speed %.0f iterations/s\n", name,
           (double)sum.iterations / (s > 0 ? s : 1e-9));
    printf("%s.priced %.2f million_moves/s\n", name,
           (double)sum.moves_priced / (s > 0 ? s : 1e-9) / 1e6);
    fflush(stdout);
    return 0;
}

static int solve_file(const char *name, gb_context *ctx, gb_route_file *file,
                      gb_status status, const gb_route_options *options)
{
    int failed;

    if (status) {
        fprintf(stderr, "%s: %s\n", name, gb_last_error(ctx));
        return status != GB_ERR_NOT_FOUND;
    }
    failed = solve(name, gb_route_file_problem(file), options);
    gb_route_file_free(file);
    return failed;
}

static const struct {
    const char *name, *path;
} GIVEN[] = {
    { "pr06", "toptw/righini/pr01_10/pr06.txt" },
    { "pr10", "toptw/righini/pr01_10/pr10.txt" },
    { "c104", "toptw/righini/c_r_rc_100_100/c104.txt" },
    { "X-n502-k39", "cvrp_x/X-n502-k39.vrp" },
    { "X-n1001-k43", "cvrp_x/X-n1001-k43.vrp" },
    { "R208", "vrptw_solomon/R208.txt" },
    { "RC2_10_1", "vrptw_gh1000_dimacs/RC2_10_1.vrp" },
    { "C1_10_2", "pcvrptw/C1_10_2.vrp" },
    { "PR11A", "mdvrptw/PR11A.vrp" },
    { "pvrp_pr05", "pvrp_cordeau/pr05" },
    { "bank150_s1", "synthetic_bank/bank150_s1.vroom.json" },
};

static int solve_made(gb_context *ctx, const gb_route_options *options)
{
    day *it = room(1, sizeof *it);
    int failed;

    make_day(it);
    failed = solve("day", &it->problem, options);
    free(it);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        char *text = write_problem(&KINDS[i]);
        gb_route_file *file = NULL;
        const gb_status status = gb_route_file_read_memory(
            ctx, text, strlen(text), KINDS[i].name, NULL, &file);

        failed |= solve_file(KINDS[i].name, ctx, file, status, options);
        free(text);
    }
    return failed;
}

static int solve_given(gb_context *ctx, const char *folder,
                       const gb_route_options *options)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof GIVEN / sizeof *GIVEN; i++) {
        char path[1024];
        gb_route_file *file = NULL;
        gb_status status;

        snprintf(path, sizeof path, "%s/%s", folder, GIVEN[i].path);
        status = gb_route_file_read(ctx, path, NULL, &file);
        failed |= solve_file(GIVEN[i].name, ctx, file, status, options);
    }
    return failed;
}

static uint64_t number(int argc, char **argv, int i, uint64_t otherwise)
{
    return argc > i ? strtoull(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_context *ctx = NULL;
    int failed;

    options.max_iterations = number(argc, argv, 2, 20000);
    options.seed = number(argc, argv, 3, 1);
    options.n_searches = (uint32_t)number(argc, argv, 4, 0);
    options.n_threads = (uint32_t)number(argc, argv, 5, 0);
    if (gb_context_new(NULL, &ctx))
        return 1;
    failed = solve_made(ctx, &options);
    if (argc > 1)
        failed |= solve_given(ctx, argv[1], &options);
    gb_context_free(ctx);
    return failed;
}
