/*
 * Windows, durations and several depots: where routes of many plans are kept
 * and joined.  Debug builds compare the cost of each join to the unit.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <math.h>

enum { N_CLIENTS = 80, N_DEPOTS = 3, N_LOCATIONS = N_CLIENTS + N_DEPOTS };
enum { N_VEHICLES = 24, ITERATIONS = 12000 };

typedef struct county {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[N_VEHICLES];
    gb_route_window windows[N_CLIENTS];
    int32_t seconds[N_LOCATIONS * N_LOCATIONS];
    uint32_t location[N_CLIENTS], first_window[N_CLIENTS + 1];
    uint8_t must[N_CLIENTS];
    int32_t service_s[N_CLIENTS];
    int64_t load[N_CLIENTS], capacity;
} county;

static void draw_clients(county *made, base_rng *rng)
{
    for (uint32_t c = 0; c < N_CLIENTS; c++) {
        const int32_t from_s = (int32_t)base_rng_between(rng, 600, 8000);

        made->location[c] = N_DEPOTS + c;
        made->must[c] = 1;
        made->load[c] = base_rng_between(rng, 1, 20);
        made->service_s[c] = (int32_t)base_rng_between(rng, 10, 200);
        made->windows[c] = (gb_route_window){ from_s, from_s + 1500 };
        made->first_window[c + 1] = c + 1;
    }
}

static void make(county *made, uint64_t seed)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(seed);
    double x[N_LOCATIONS], y[N_LOCATIONS];

    memset(made, 0, sizeof *made);
    for (uint32_t i = 0; i < N_LOCATIONS; i++) {
        x[i] = 1000 * base_rng_unit(&rng);
        y[i] = 1000 * base_rng_unit(&rng);
    }
    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        for (uint32_t k = 0; k < N_LOCATIONS; k++)
            made->seconds[i * N_LOCATIONS + k]
                = (int32_t)(hypot(x[i] - x[k], y[i] - y[k]) + 0.5);
    draw_clients(made, &rng);
    made->profile.seconds = made->seconds;
    made->capacity = 120;
    made->problem = none;
    for (uint32_t v = 0; v < N_VEHICLES; v++) {
        made->vehicles[v] = vehicle;
        made->vehicles[v].start_location
            = made->vehicles[v].end_location = v % N_DEPOTS;
        made->vehicles[v].shift_end_s = 12000;
        made->vehicles[v].max_duration_s = 7000;
        made->vehicles[v].cost_per_travel_s_milli = 1000;
        made->vehicles[v].capacity = &made->capacity;
    }
    made->problem.n_locations = N_LOCATIONS;
    made->problem.n_profiles = 1;
    made->problem.profiles = &made->profile;
    made->problem.n_clients = N_CLIENTS;
    made->problem.client_location = made->location;
    made->problem.client_must = made->must;
    made->problem.client_service_s = made->service_s;
    made->problem.client_first_window = made->first_window;
    made->problem.windows = made->windows;
    made->problem.n_loads = 1;
    made->problem.client_load = made->load;
    made->problem.n_vehicles = N_VEHICLES;
    made->problem.vehicles = made->vehicles;
}

START_TEST(joined_plans_obey_all_rules_and_serve_all)
{
    gb_context *ctx = test_context();

    for (uint64_t seed = 0; seed < 6; seed++) {
        const gb_route_options options
            = route_hold_options(ITERATIONS, 1 + (uint32_t)(seed % 3), 1);
        static county it;
        gb_route_solution *solution;

        make(&it, seed);
        assert_ok(ctx,
                  gb_route_solve(ctx, &it.problem, &options, &solution));
        route_hold_to_checker(ctx, &it.problem, solution, "several depots",
                              seed);
        ck_assert_uint_eq(route_summary_of(solution).n_unserved, 0);
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(threads_change_nothing_where_plans_are_joined)
{
    const gb_route_options options = route_hold_options(ITERATIONS, 3, 1);
    static county it;

    make(&it, 3);
    route_hold_to_threads(&it.problem, &options);
}
END_TEST

START_TEST(lack_of_memory_for_a_pool_is_survived)
{
    gb_route_options options = route_hold_options(ITERATIONS, 2, 1);
    static county it;

    make(&it, 3);
    options.max_iterations = 1280;
    /* Who must thin a pool and cannot thins it less. */
    route_hold_to_memory(&it.problem, &options, true);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_pool");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, joined_plans_obey_all_rules_and_serve_all);
    tcase_add_test(tc, threads_change_nothing_where_plans_are_joined);
    tcase_add_test(tc, lack_of_memory_for_a_pool_is_survived);
    return suite;
}
