/*
 * bench_route.c - prizes collected in a fixed number of iterations, and how
 * fast they go by.
 *
 *   bench_route FOLDER [ITERATIONS [SEED [SEARCHES]]]
 *
 * FOLDER holds toptw/ (KU Leuven's text) and synthetic_bank/ (VROOM's JSON).
 * Prints `name value unit` lines: compare prizes and moves, not seconds.
 */
#include <gridbeat/gridbeat.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct instance {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle *vehicles;
    gb_route_window *windows;
    uint32_t *location, *first_window;
    int32_t *service_s, *seconds;
    int64_t *prize;
} instance;

static void *room(size_t n, size_t size)
{
    void *block = calloc(n ? n : 1, size);

    if (!block) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return block;
}

static void make_room(instance *it, uint32_t n_locations, uint32_t n_clients,
                      uint32_t n_vehicles)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    it->problem = none;
    it->vehicles = room(n_vehicles, sizeof *it->vehicles);
    it->windows = room(n_clients, sizeof *it->windows);
    it->location = room(n_clients, sizeof *it->location);
    it->first_window = room(n_clients + 1, sizeof *it->first_window);
    it->service_s = room(n_clients, sizeof *it->service_s);
    it->prize = room(n_clients, sizeof *it->prize);
    it->seconds
        = room((size_t)n_locations * n_locations, sizeof *it->seconds);
    it->profile.seconds = it->seconds;
    it->profile.metres = NULL;
    for (uint32_t v = 0; v < n_vehicles; v++)
        it->vehicles[v] = vehicle;
    for (uint32_t c = 0; c <= n_clients; c++)
        it->first_window[c] = c;
    it->problem.n_locations = n_locations;
    it->problem.n_profiles = 1;
    it->problem.profiles = &it->profile;
    it->problem.n_clients = n_clients;
    it->problem.client_location = it->location;
    it->problem.client_service_s = it->service_s;
    it->problem.client_prize = it->prize;
    it->problem.client_first_window = it->first_window;
    it->problem.windows = it->windows;
    it->problem.n_vehicles = n_vehicles;
    it->problem.vehicles = it->vehicles;
}

static void clear(instance *it)
{
    free(it->vehicles);
    free(it->windows);
    free(it->location);
    free(it->first_window);
    free(it->service_s);
    free(it->prize);
    free(it->seconds);
}

/* The numbers of the next line; how many. */
static int numbers(FILE *file, double *out, int most)
{
    char line[1024], *at = line, *behind;
    int n = 0;

    if (!fgets(line, sizeof line, file))
        return -1;
    while (n < most) {
        out[n] = strtod(at, &behind);
        if (behind == at)
            break;
        at = behind;
        n++;
    }
    return n;
}

/* Distances cut to 1/`unit`, and all times in that unit. */
static int read_toptw(const char *path, int unit, instance *it)
{
    FILE *file = fopen(path, "r");
    double row[64], *x, *y;
    uint32_t n;

    if (!file)
        return 0;
    if (numbers(file, row, 64) < 3 || numbers(file, row + 32, 32) < 0) {
        fclose(file);
        return 0;
    }
    n = (uint32_t)row[2];
    make_room(it, n + 1, n, 1);
    x = room(n + 1, sizeof *x);
    y = room(n + 1, sizeof *y);
    for (uint32_t i = 0; i <= n; i++) {
        const int k = numbers(file, row, 64);

        if (k < 7)
            break;
        x[i] = row[1];
        y[i] = row[2];
        if (i == 0) {
            it->vehicles[0].shift_end_s = (int32_t)(row[k - 1] * unit);
            continue;
        }
        it->location[i - 1] = i;
        it->service_s[i - 1] = (int32_t)(row[3] * unit);
        it->prize[i - 1] = (int64_t)row[4];
        it->windows[i - 1].early_s = (int32_t)(row[k - 2] * unit);
        it->windows[i - 1].late_s = (int32_t)(row[k - 1] * unit);
    }
    for (uint32_t i = 0; i <= n; i++)
        for (uint32_t j = 0; j <= n; j++)
            it->seconds[i * (n + 1) + j]
                = (int32_t)floor(hypot(x[i] - x[j], y[i] - y[j]) * unit);
    free(x);
    free(y);
    fclose(file);
    return 1;
}

static int32_t int_of(const json_t *object, const char *key)
{
    return (int32_t)json_integer_value(json_object_get(object, key));
}

static int read_bank(const char *path, instance *it)
{
    json_t *root = json_load_file(path, 0, NULL), *rows, *jobs, *vehicles;
    uint32_t n;

    if (!root)
        return 0;
    rows = json_object_get(
        json_object_get(json_object_get(root, "matrices"), "car"),
        "durations");
    jobs = json_object_get(root, "jobs");
    vehicles = json_object_get(root, "vehicles");
    n = (uint32_t)json_array_size(rows);
    make_room(it, n, (uint32_t)json_array_size(jobs),
              (uint32_t)json_array_size(vehicles));
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            it->seconds[i * n + j] = (int32_t)json_integer_value(
                json_array_get(json_array_get(rows, i), j));
    for (uint32_t c = 0; c < it->problem.n_clients; c++) {
        const json_t *job = json_array_get(jobs, c);
        const json_t *window
            = json_array_get(json_object_get(job, "time_windows"), 0);

        it->location[c] = (uint32_t)int_of(job, "location_index");
        it->service_s[c] = int_of(job, "service");
        it->prize[c] = int_of(job, "priority");
        it->windows[c].early_s
            = (int32_t)json_integer_value(json_array_get(window, 0));
        it->windows[c].late_s
            = (int32_t)json_integer_value(json_array_get(window, 1));
    }
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++) {
        const json_t *vehicle = json_array_get(vehicles, v);
        const json_t *shift = json_object_get(vehicle, "time_window");

        it->vehicles[v].start_location
            = (uint32_t)int_of(vehicle, "start_index");
        it->vehicles[v].end_location = (uint32_t)int_of(vehicle, "end_index");
        it->vehicles[v].shift_start_s
            = (int32_t)json_integer_value(json_array_get(shift, 0));
        it->vehicles[v].shift_end_s
            = (int32_t)json_integer_value(json_array_get(shift, 1));
    }
    json_decref(root);
    return 1;
}

/* A manager's day: 400 clients in 120 compounds, lunch, prizes by hour. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005)
        + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}

typedef struct day {
    uint32_t place[400];
    int32_t access_s[120];
    int64_t slot_prize[400 * 4];
    gb_route_break lunch;
} day;

static void make_day(instance *it, day *more)
{
    static const int32_t slot_start_s[4] = { 0, 9000, 18000, 25200 };
    enum { PLACES = 120, CLIENTS = 400 };
    uint64_t state = 42;
    double x[PLACES + 1], y[PLACES + 1];

    make_room(it, PLACES + 1, CLIENTS, 1);
    for (int i = 0; i <= PLACES; i++) {
        x[i] = draw(&state, 6000);
        y[i] = draw(&state, 6000);
    }
    for (int i = 0; i <= PLACES; i++)
        for (int j = 0; j <= PLACES; j++)
            it->seconds[i * (PLACES + 1) + j]
                = (int32_t)(hypot(x[i] - x[j], y[i] - y[j]) * 1.3 / 4.0);
    for (int k = 0; k < PLACES; k++)
        more->access_s[k] = 60 + (int32_t)draw(&state, 300);
    for (uint32_t c = 0; c < CLIENTS; c++) {
        const int64_t prize
            = 10 + draw(&state, 100) * (int64_t)draw(&state, 100) / 20;

        more->place[c] = draw(&state, PLACES);
        it->location[c] = more->place[c] + 1;
        it->service_s[c] = 600 + 60 * (int32_t)draw(&state, 20);
        for (int s = 0; s < 4; s++)
            more->slot_prize[c * 4 + s]
                = prize * (40 + draw(&state, 60)) / 100;
        it->windows[c].late_s = 40000;
        if (draw(&state, 2)) {
            it->windows[c].early_s = 3600 * (int32_t)draw(&state, 7);
            it->windows[c].late_s = it->windows[c].early_s + 7200;
        }
    }
    more->lunch = (gb_route_break){ 9000, 14400, 3600 };
    it->vehicles[0].shift_end_s = 32400;
    it->vehicles[0].breaks = &more->lunch;
    it->vehicles[0].n_breaks = 1;
    it->vehicles[0].cost_per_s_milli = 10;
    it->problem.n_places = PLACES;
    it->problem.place_access_s = more->access_s;
    it->problem.client_place = more->place;
    it->problem.n_slots = 4;
    it->problem.slot_start_s = slot_start_s;
    it->problem.client_slot_prize = more->slot_prize;
}

static int solve(const char *name, const instance *it,
                 const gb_route_options *options)
{
    gb_context *ctx = NULL;
    gb_route_solution *solution = NULL;
    gb_route_summary sum = { .size = sizeof sum };
    const clock_t begin = clock();
    double s;

    if (gb_context_new(NULL, &ctx)
        || gb_route_solve(ctx, &it->problem, options, &solution)) {
        fprintf(stderr, "%s: %s\n", name, ctx ? gb_last_error(ctx) : "");
        gb_context_free(ctx);
        return 1;
    }
    s = (double)(clock() - begin) / CLOCKS_PER_SEC;
    gb_route_solution_summary(solution, &sum);
    printf("%s.prize %lld points\n", name, (long long)sum.prize);
    printf("%s.value %lld milli_points\n", name, (long long)sum.value_milli);
    printf("%s.served %u clients\n", name, sum.n_served);
    printf("%s.moves %llu moves\n", name,
           (unsigned long long)sum.moves_priced);
    printf("%s.cpu %.2f s\n", name, s);
    printf("%s.speed %.0f iterations/s\n", name,
           (double)sum.iterations / (s > 0 ? s : 1e-9));
    fflush(stdout);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name, *folder;
        int unit;
    } toptw[] = { { "pr06", "pr01_10", 100 },
                  { "pr10", "pr01_10", 100 },
                  { "c104", "c_r_rc_100_100", 10 },
                  { "r112", "c_r_rc_100_100", 10 },
                  { "rc108", "c_r_rc_100_100", 10 } };
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    char path[1024];
    instance it;
    day *more = room(1, sizeof *more);
    int status = 0;

    options.max_iterations = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000;
    options.seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    options.n_searches
        = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0;
    make_day(&it, more);
    status |= solve("day", &it, &options);
    clear(&it);
    for (size_t i = 0; argc > 1 && i < sizeof toptw / sizeof *toptw; i++) {
        snprintf(path, sizeof path, "%s/toptw/righini/%s/%s.txt", argv[1],
                 toptw[i].folder, toptw[i].name);
        if (!read_toptw(path, toptw[i].unit, &it)) {
            fprintf(stderr, "%s is absent: skipped\n", path);
            continue;
        }
        status |= solve(toptw[i].name, &it, &options);
        clear(&it);
    }
    snprintf(path, sizeof path, "%s/synthetic_bank/bank150_s1.vroom.json",
             argc > 1 ? argv[1] : ".");
    if (argc > 1 && read_bank(path, &it)) {
        status |= solve("bank150_s1", &it, &options);
        clear(&it);
    }
    free(more);
    return status;
}
