/* Which searches of a race go on from the best plan of all. */
#include "route_lean.h"

#include <stdlib.h>
#include <string.h>

#include "base_rng.h"
#include "test.h"

enum { N_CLIENTS = 12, N_VEHICLES = 6, N_LOCATIONS = N_CLIENTS + 2 };
enum { N_SEARCHES = 3, N_NODES = N_CLIENTS + 2 * N_VEHICLES };

typedef struct stage {
    gb_context *ctx;
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[N_VEHICLES];
    int32_t seconds[N_LOCATIONS * N_LOCATIONS];
    uint32_t location[N_CLIENTS];
    uint8_t must[N_CLIENTS];
    route_data data;
    route_lean_model model;
    route_lean searches[N_SEARCHES];
} stage;

/* Two depots; any route is possible. */
static void make_problem(stage *it)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(1);
    int64_t x[N_LOCATIONS];

    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        x[i] = base_rng_between(&rng, 0, 1000);
    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        for (uint32_t j = 0; j < N_LOCATIONS; j++)
            it->seconds[i * N_LOCATIONS + j] = (int32_t)labs(x[i] - x[j]);
    for (uint32_t c = 0; c < N_CLIENTS; c++) {
        it->location[c] = c + 2;
        it->must[c] = 1;
    }
    for (uint32_t v = 0; v < N_VEHICLES; v++) {
        it->vehicles[v] = vehicle;
        it->vehicles[v].start_location = it->vehicles[v].end_location = v % 2;
        it->vehicles[v].shift_end_s = 100000;
        it->vehicles[v].cost_per_travel_s_milli = 1000;
    }
    it->profile.seconds = it->seconds;
    it->problem = none;
    it->problem.n_locations = N_LOCATIONS;
    it->problem.n_profiles = 1;
    it->problem.profiles = &it->profile;
    it->problem.n_clients = N_CLIENTS;
    it->problem.client_location = it->location;
    it->problem.client_must = it->must;
    it->problem.n_vehicles = N_VEHICLES;
    it->problem.vehicles = it->vehicles;
}

/* The first search has a good plan, the others one by chance each. */
static void set_up(stage *it, uint64_t seed)
{
    base_rng rng = base_rng_seeded(seed);
    uint32_t clients[N_CLIENTS];

    it->ctx = test_context();
    make_problem(it);
    assert_ok(it->ctx, route_data_build(it->ctx, &it->problem, &it->data));
    assert_ok(it->ctx,
              route_lean_model_init(it->ctx, &it->data, &it->model));
    for (uint32_t i = 0; i < N_SEARCHES; i++) {
        route_lean *s = &it->searches[i];

        ck_assert(route_lean_init(s, &it->model, seed, i));
        route_lean_begin(s, NULL);
        if (i == 0)
            continue;
        for (uint32_t c = 0; c < N_CLIENTS; c++)
            clients[c] = c;
        base_rng_shuffle(&rng, clients, N_CLIENTS);
        route_lean_open(s);
        route_lean_take_all_out(s);
        route_lean_put(s, i, clients, N_CLIENTS);
        route_lean_keep(s);
        route_lean_take_best(s);
        ck_assert_int_gt(s->best_cost, it->searches[0].best_cost);
    }
}

static void tear_down(stage *it)
{
    for (uint32_t i = 0; i < N_SEARCHES; i++)
        route_lean_clear(&it->searches[i]);
    route_lean_model_clear(&it->model);
    route_data_clear(&it->data);
    gb_context_free(it->ctx);
}

/* It is behind by so many times its warmth then. */
static void put_behind(stage *it, uint32_t i, double warmths)
{
    it->searches[i].warmth
        = (double)(it->searches[i].best_cost - it->searches[0].best_cost)
        / warmths;
}

static bool has_plan(const route_lean *s, const uint32_t *next, int64_t cost)
{
    return s->best_cost == cost
        && memcmp(s->best_next, next, N_NODES * sizeof *next) == 0;
}

START_TEST(who_is_too_far_behind_for_its_warmth_goes_on_from_the_best_plan)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static stage it;
        route_lean *s = it.searches;
        uint32_t best[N_NODES], own[N_NODES];
        int64_t best_cost, own_cost;

        set_up(&it, seed);
        memcpy(best, s[0].best_next, sizeof best);
        memcpy(own, s[1].best_next, sizeof own);
        best_cost = s[0].best_cost;
        own_cost = s[1].best_cost;
        put_behind(&it, 1, 2.9);
        put_behind(&it, 2, 3.1);
        route_lean_meet(s, N_SEARCHES, 3);
        ck_assert(has_plan(&s[0], best, best_cost));
        ck_assert(has_plan(&s[1], own, own_cost));
        ck_assert(has_plan(&s[2], best, best_cost));
        ck_assert_int_eq(route_lean_true_cost(&s[2]), best_cost);
        for (uint32_t i = 0; i < N_SEARCHES; i++)
            ck_assert(route_lean_is_sound(&s[i]));
        tear_down(&it);
    }
}
END_TEST

START_TEST(of_equal_plans_the_first_is_the_best_one)
{
    static stage it;
    route_lean *s = it.searches;

    set_up(&it, 1);
    put_behind(&it, 1, 10);
    put_behind(&it, 2, 10);
    route_lean_meet(s, N_SEARCHES, 3);
    ck_assert_int_eq(s[1].best_cost, s[0].best_cost);
    ck_assert_ptr_eq(route_lean_best_of(s, N_SEARCHES), &s[0]);
    ck_assert_ptr_eq(route_lean_best_of(s + 1, N_SEARCHES - 1), &s[1]);
    tear_down(&it);
}
END_TEST

START_TEST(who_serves_more_musts_is_before_who_is_cheaper)
{
    static stage it;
    route_lean *s = it.searches;

    set_up(&it, 1);
    s[0].best_musts_out = 1;
    s[1].best_cost = s[2].best_cost - 1;
    ck_assert_ptr_eq(route_lean_best_of(s, N_SEARCHES), &s[1]);
    s[1].has_best = false;
    ck_assert_ptr_eq(route_lean_best_of(s, N_SEARCHES), &s[2]);
    tear_down(&it);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_lean_meet");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_test(
        tc, who_is_too_far_behind_for_its_warmth_goes_on_from_the_best_plan);
    tcase_add_test(tc, of_equal_plans_the_first_is_the_best_one);
    tcase_add_test(tc, who_serves_more_musts_is_before_who_is_cheaper);
    return suite;
}
