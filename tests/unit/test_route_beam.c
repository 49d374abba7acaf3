#include "route_search.h"

#include "base_rng.h"
#include "test.h"

/* Hourly days, drawn: prizes by slot, windows for some, lunch, compounds. */
enum { CLIENTS = 40, PLACES = 25, SLOTS = 4, MANAGERS = 2, HOUR = 3600 };

static int32_t SECONDS[(PLACES + 1) * (PLACES + 1)];
static int32_t ACCESS_S[PLACES + 1], SERVICE_S[CLIENTS];
static uint32_t LOCATION[CLIENTS], FIRST_WINDOW[CLIENTS + 1];
static gb_route_window WINDOWS[CLIENTS];
static int64_t PRIZE[CLIENTS * SLOTS];
static gb_route_vehicle VEHICLES[MANAGERS];
static const int32_t SLOT_START_S[SLOTS] = { 0, 2 * HOUR, 4 * HOUR, 6 * HOUR };
static const gb_route_break LUNCH = { 3 * HOUR, 5 * HOUR, HOUR };
static const gb_route_profile PROFILE = { .seconds = SECONDS };

static void draw_clients(base_rng *rng)
{
    uint32_t n_windows = 0;

    for (uint32_t c = 0; c < CLIENTS; c++) {
        LOCATION[c] = 1 + (uint32_t)base_rng_below(rng, PLACES);
        SERVICE_S[c] = 600 * (int32_t)base_rng_below(rng, 5);
        FIRST_WINDOW[c] = n_windows;
        if (base_rng_below(rng, 2)) {
            const int32_t early = HOUR * (int32_t)base_rng_below(rng, 7);

            WINDOWS[n_windows++] = (gb_route_window){ early, early + HOUR };
        }
        for (uint32_t s = 0; s < SLOTS; s++)
            PRIZE[c * SLOTS + s] = (int64_t)base_rng_below(rng, 100);
    }
    FIRST_WINDOW[CLIENTS] = n_windows;
}

static void make_problem(gb_route_problem *p, uint64_t seed,
                         uint32_t n_vehicles)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_stream(seed, 0);

    *p = none;
    for (uint32_t i = 0; i < (PLACES + 1) * (PLACES + 1); i++)
        SECONDS[i] = (int32_t)base_rng_below(&rng, 1800);
    for (uint32_t k = 0; k <= PLACES; k++)
        ACCESS_S[k] = (int32_t)base_rng_below(&rng, 300);
    draw_clients(&rng);
    for (uint32_t v = 0; v < MANAGERS; v++) {
        VEHICLES[v] = vehicle;
        VEHICLES[v].shift_end_s = 8 * HOUR;
        VEHICLES[v].breaks = &LUNCH;
        VEHICLES[v].n_breaks = 1;
        VEHICLES[v].cost_per_s_milli = 3;
    }
    p->n_locations = p->n_places = PLACES + 1;
    p->n_profiles = 1;
    p->profiles = &PROFILE;
    p->place_access_s = ACCESS_S;
    p->client_place = p->client_location = LOCATION;
    p->client_service_s = SERVICE_S;
    p->client_first_window = FIRST_WINDOW;
    p->windows = WINDOWS;
    p->n_clients = CLIENTS;
    p->n_slots = SLOTS;
    p->slot_start_s = SLOT_START_S;
    p->client_slot_prize = PRIZE;
    p->n_vehicles = n_vehicles;
    p->vehicles = VEHICLES;
}

typedef struct made {
    route_data data;
    route_guide guide;
    route_beam beam;
    route_plan plan;
} made;

static void make(gb_context *ctx, uint64_t seed, uint32_t n_vehicles,
                 made *it)
{
    gb_route_problem problem;

    make_problem(&problem, seed, n_vehicles);
    ck_assert_int_eq(route_data_build(ctx, &problem, &it->data), GB_OK);
    ck_assert(route_beam_suits(&it->data));
    ck_assert(route_guide_init(&it->guide, &it->data));
    ck_assert(route_beam_init(&it->beam, &it->data, it->guide.near,
                              it->guide.n_near));
    ck_assert(route_plan_init(&it->plan, &it->data));
}

static void clear(made *it)
{
    route_plan_clear(&it->plan);
    route_beam_clear(&it->beam);
    route_guide_clear(&it->guide, &it->data);
    route_data_clear(&it->data);
}

static uint32_t find(made *it, uint32_t v, uint32_t noise, uint64_t seed,
                     uint32_t *items)
{
    const route_beam_view view = { 20, 0, noise };
    base_rng rng = base_rng_stream(seed, 1);

    return route_beam_find(&it->beam, &it->plan, v, &view, &rng, items);
}

START_TEST(routes_can_be_driven_and_take_nobody_twice)
{
    gb_context *ctx;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint32_t items[CLIENTS + 1], n;
        made it;

        make(ctx, seed, MANAGERS, &it);
        for (uint32_t v = 0; v < MANAGERS; v++) {
            n = find(&it, v, 100, seed, items);
            ck_assert_uint_gt(n, 0);
            for (uint32_t i = 0; i < n; i++) {
                for (uint32_t k = 0; k < i; k++)
                    ck_assert_uint_ne(items[i], items[k]);
                if (!route_is_break(items[i]))
                    ck_assert_uint_eq(it.plan.tour_of[items[i]],
                                      GB_ROUTE_NONE);
            }
            ck_assert(route_plan_set(&it.plan, v, items, n));
        }
        clear(&it);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(one_route_is_worth_nearly_what_a_long_search_finds)
{
    double found = 0, searched = 0;
    gb_context *ctx;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        uint32_t items[CLIENTS + 1], n;
        route_search search;
        made it;

        make(ctx, seed, 1, &it);
        n = find(&it, 0, 0, seed, items);
        ck_assert(route_plan_set(&it.plan, 0, items, n));
        found += (double)it.plan.worth.value_milli;
        ck_assert(route_search_init(&search, &it.data, &it.guide, 1, 0));
        route_search_begin(&search, NULL);
        for (uint32_t i = 0; i < 1000; i++)
            route_search_step(&search, i / 1000.0);
        searched += (double)search.best.worth.value_milli;
        route_search_clear(&search);
        clear(&it);
    }
    ck_assert_double_gt(found, 0.9 * searched);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_a_route_begins_with_stays)
{
    gb_context *ctx;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint32_t items[CLIENTS + 1], n, n_kept;
        made it;

        make(ctx, seed, 1, &it);
        n = find(&it, 0, 100, seed, items);
        ck_assert(route_plan_set(&it.plan, 0, items, n));
        for (n_kept = it.plan.tours[0].behind_last - 1; n_kept > 0;
             n_kept--) {
            uint32_t n_first;

            ck_assert(route_plan_set(&it.plan, 0, items, n_kept));
            n_first = route_beam_kept(&it.plan.tours[0]);
            n = n_first + find(&it, 0, 100, seed + n_kept, items + n_first);
            for (uint32_t i = n_first; i < n; i++)
                for (uint32_t k = 0; k < i; k++)
                    ck_assert_uint_ne(items[i], items[k]);
            ck_assert(n == n_first
                      || route_plan_set(&it.plan, 0, items, n));
        }
        clear(&it);
    }
    gb_context_free(ctx);
}
END_TEST

/* Who comes next is asked of the first vehicle's roads. */
START_TEST(without_vehicles_there_is_no_route)
{
    gb_route_problem problem;
    gb_context *ctx;
    gb_route_solution *solution;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    make_problem(&problem, 1, 0);
    ck_assert_int_eq(gb_route_solve(ctx, &problem, NULL, &solution), GB_OK);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_same_chance_gives_the_same_route)
{
    uint32_t items[CLIENTS + 1], again[CLIENTS + 1], n;
    gb_context *ctx;
    made it;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    make(ctx, 3, MANAGERS, &it);
    n = find(&it, 0, 100, 5, items);
    (void)find(&it, 1, 300, 9, again);
    ck_assert_uint_eq(find(&it, 0, 100, 5, again), n);
    ck_assert_mem_eq(items, again, n * sizeof *items);
    clear(&it);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_beam");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, routes_can_be_driven_and_take_nobody_twice);
    tcase_add_test(tc, one_route_is_worth_nearly_what_a_long_search_finds);
    tcase_add_test(tc, what_a_route_begins_with_stays);
    tcase_add_test(tc, without_vehicles_there_is_no_route);
    tcase_add_test(tc, the_same_chance_gives_the_same_route);
    return suite;
}
