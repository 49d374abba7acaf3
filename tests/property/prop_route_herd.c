/*
 * Capacities and nothing else: where the lean search lets plans breed.  Debug
 * builds price every move of it to the unit.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <math.h>

enum { N_CLIENTS = 24, N_LOCATIONS = N_CLIENTS + 1, N_VEHICLES = 8 };

typedef struct town {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[N_VEHICLES];
    int32_t seconds[N_LOCATIONS * N_LOCATIONS];
    uint32_t location[N_CLIENTS];
    uint8_t must[N_CLIENTS];
    int64_t load[N_CLIENTS], capacity[N_VEHICLES];
} town;

/* A herd is bred where the iterations are many for the clients. */
enum { MANY = 10000 * N_CLIENTS };

/* Clients in a square, the depot in its middle, its corner or far away. */
static void make(town *made, uint64_t seed, uint32_t n_clients,
                 uint32_t n_vehicles)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(seed);
    double x[N_LOCATIONS], y[N_LOCATIONS];
    int64_t total = 0;

    memset(made, 0, sizeof *made);
    for (uint32_t i = 0; i <= n_clients; i++) {
        x[i] = i ? 1000 * base_rng_unit(&rng) : 500 * (double)(seed % 4);
        y[i] = i ? 1000 * base_rng_unit(&rng) : 500 * (double)(seed % 3);
    }
    for (uint32_t i = 0; i <= n_clients; i++)
        for (uint32_t k = 0; k <= n_clients; k++)
            made->seconds[i * (n_clients + 1) + k]
                = (int32_t)(hypot(x[i] - x[k], y[i] - y[k]) + 0.5);
    for (uint32_t c = 0; c < n_clients; c++) {
        made->location[c] = c + 1;
        made->must[c] = 1;
        made->load[c] = base_rng_between(&rng, 1, 100);
        total += made->load[c];
    }
    made->profile.seconds = made->seconds;
    made->problem = none;
    for (uint32_t v = 0; v < n_vehicles; v++) {
        made->capacity[v] = total * 5 / (4 * n_vehicles) + 100;
        made->vehicles[v] = vehicle;
        made->vehicles[v].shift_end_s = 1000000;
        made->vehicles[v].cost_per_travel_s_milli = 1000;
        made->vehicles[v].capacity = &made->capacity[v];
    }
    made->problem.n_locations = n_clients + 1;
    made->problem.n_profiles = 1;
    made->problem.profiles = &made->profile;
    made->problem.n_clients = n_clients;
    made->problem.client_location = made->location;
    made->problem.client_must = made->must;
    made->problem.n_loads = 1;
    made->problem.client_load = made->load;
    made->problem.n_vehicles = n_vehicles;
    made->problem.vehicles = made->vehicles;
}

START_TEST(plans_of_a_herd_obey_capacities_and_serve_all)
{
    gb_context *ctx = test_context();

    for (uint64_t seed = 0; seed < 6; seed++) {
        const uint32_t n = seed < 4 ? 8 + (uint32_t)seed : N_CLIENTS;
        static town it;
        gb_route_options options;
        gb_route_solution *solution;

        make(&it, seed, n, seed % 2 ? N_VEHICLES : 3);
        options = route_hold_options(10000 * n, 1, 1);
        assert_ok(ctx,
                  gb_route_solve(ctx, &it.problem, &options, &solution));
        route_hold_to_checker(ctx, &it.problem, solution,
                              "capacities alone", seed);
        ck_assert_uint_eq(route_summary_of(solution).n_unserved, 0);
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(annealing_and_breeding_improve_the_first_plan)
{
    gb_context *ctx = test_context();
    static town it;
    int64_t cost[2];

    for (uint64_t seed = 0; seed < 3; seed++) {
        make(&it, seed, N_CLIENTS, N_VEHICLES);
        for (int k = 0; k < 2; k++) {
            const gb_route_options options
                = route_hold_options(k ? MANY : 2, 1, 1);
            gb_route_solution *solution;

            assert_ok(ctx, gb_route_solve(ctx, &it.problem, &options,
                                          &solution));
            cost[k] = route_summary_of(solution).cost_milli;
            gb_route_solution_free(solution);
        }
        ck_assert_int_lt(cost[1], cost[0]);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(threads_change_nothing)
{
    const gb_route_options options = route_hold_options(2 * MANY, 2, 1);
    static town it;

    make(&it, 3, N_CLIENTS, N_VEHICLES);
    route_hold_to_threads(&it.problem, &options);
}
END_TEST

START_TEST(lack_of_memory_for_a_herd_is_survived)
{
    const gb_route_options options = route_hold_options(64, 1, 1);
    static town it;

    make(&it, 3, 12, N_VEHICLES);
    route_hold_to_memory(&it.problem, &options, false);
}
END_TEST

START_TEST(children_take_no_memory)
{
    const gb_route_options options = route_hold_options(MANY, 1, 1);
    static town it;

    make(&it, 3, N_CLIENTS, N_VEHICLES);
    route_hold_to_requests(&it.problem, &options);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_herd");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, plans_of_a_herd_obey_capacities_and_serve_all);
    tcase_add_test(tc, annealing_and_breeding_improve_the_first_plan);
    tcase_add_test(tc, threads_change_nothing);
    tcase_add_test(tc, lack_of_memory_for_a_herd_is_survived);
    tcase_add_test(tc, children_take_no_memory);
    return suite;
}
