#include "route_search.h"

#include "base_rng.h"
#include "test.h"

/* A manager's day in compounds: two clients at each, worth more at an hour. */
enum { CLIENTS = 24, PLACES = 12, SLOTS = 4, HOUR = 3600, STEPS = 600 };

static int32_t SECONDS[(PLACES + 1) * (PLACES + 1)];
static int32_t SERVICE_S[CLIENTS];
static uint32_t LOCATION[CLIENTS];
static int64_t PRIZE[CLIENTS * SLOTS];
static const int32_t SLOT_START_S[SLOTS] = { 0, 2 * HOUR, 4 * HOUR, 6 * HOUR };
static const gb_route_profile PROFILE = { .seconds = SECONDS };

static void draw(uint64_t seed, uint32_t n_vehicles,
                 gb_route_vehicle *vehicles, gb_route_problem *p)
{
    base_rng rng = base_rng_stream(seed, 0);

    for (uint32_t i = 0; i < (PLACES + 1) * (PLACES + 1); i++)
        SECONDS[i] = 300 + (int32_t)base_rng_below(&rng, 1500);
    for (uint32_t c = 0; c < CLIENTS; c++) {
        LOCATION[c] = 1 + c / 2;
        SERVICE_S[c] = 900;
        for (uint32_t s = 0; s < SLOTS; s++)
            PRIZE[c * SLOTS + s] = (int64_t)base_rng_below(&rng, 100);
    }
    for (uint32_t v = 0; v < n_vehicles; v++) {
        vehicles[v] = (gb_route_vehicle)GB_ROUTE_VEHICLE_INIT;
        vehicles[v].shift_end_s = 8 * HOUR;
        vehicles[v].cost_per_s_milli = 3;
    }
    *p = (gb_route_problem)GB_ROUTE_PROBLEM_INIT;
    p->n_locations = PLACES + 1;
    p->n_profiles = 1;
    p->profiles = &PROFILE;
    p->client_location = LOCATION;
    p->client_service_s = SERVICE_S;
    p->n_clients = CLIENTS;
    p->n_slots = SLOTS;
    p->slot_start_s = SLOT_START_S;
    p->client_slot_prize = PRIZE;
    p->n_vehicles = n_vehicles;
    p->vehicles = vehicles;
}

typedef struct made {
    gb_context *ctx;
    gb_route_vehicle vehicles[2];
    route_data data;
    route_guide guide;
    route_search search;
} made;

static void make(made *it, uint32_t n_vehicles, bool within_habit)
{
    gb_route_problem problem;

    ck_assert_int_eq(gb_context_new(NULL, &it->ctx), GB_OK);
    draw(1, n_vehicles, it->vehicles, &problem);
    ck_assert_int_eq(route_data_build(it->ctx, &problem, &it->data), GB_OK);
    ck_assert(route_guide_init(&it->guide, &it->data));
    ck_assert(route_search_init(&it->search, &it->data, &it->guide, 1, 0));
    it->search.within_habit = within_habit;
}

static void clear(made *it)
{
    route_search_clear(&it->search);
    route_guide_clear(&it->guide, &it->data);
    route_data_clear(&it->data);
    gb_context_free(it->ctx);
}

static uint32_t starts_of(uint32_t n_vehicles, bool within_habit,
                          uint64_t iterations)
{
    made it;
    uint32_t n;

    make(&it, n_vehicles, within_habit);
    route_starts_init(&it.search, iterations);
    n = it.search.n_starts;
    clear(&it);
    return n;
}

START_TEST(single_days_within_the_habit_begin_more_than_once)
{
    ck_assert_uint_eq(starts_of(1, true, 4000), 6);
    ck_assert_uint_eq(starts_of(1, true, 40000), 6);
    ck_assert_uint_eq(starts_of(1, true, 2000), 3);
    ck_assert_uint_eq(starts_of(1, true, 500), 1);
    ck_assert_uint_eq(starts_of(1, true, 0), 6);
    ck_assert_uint_eq(starts_of(1, false, 4000), 1);
    ck_assert_uint_eq(starts_of(2, true, 4000), 1);
}
END_TEST

START_TEST(progress_goes_from_0_to_1_in_each_run)
{
    made it;
    uint32_t n_runs = 1;
    double before = 0;

    make(&it, 1, true);
    route_starts_init(&it.search, 4000);
    route_search_begin(&it.search, NULL);
    for (uint32_t i = 0; i <= STEPS; i++) {
        const uint32_t run = it.search.run_no;
        const double at
            = route_starts_progress(&it.search, (double)i / STEPS);

        ck_assert(at >= 0 && at < 1 + 1e-9);
        if (it.search.run_no != run) {
            ck_assert_double_gt(before, 0.9);
            n_runs++;
        } else {
            ck_assert_double_ge(at, before);
        }
        before = at;
    }
    ck_assert_uint_eq(n_runs, it.search.n_starts + 1);
    ck_assert_double_gt(before, 1 - 1e-9);
    clear(&it);
}
END_TEST

/* Runs begin with the first plan, the last of them with the best. */
START_TEST(no_run_loses_the_best_plan)
{
    made it;
    route_search *s = &it.search;
    route_worth first, best;
    int64_t excess_s;

    make(&it, 1, true);
    route_starts_init(s, 4000);
    route_search_begin(s, NULL);
    first = s->current.worth;
    best = s->best.worth;
    excess_s = s->best_excess_s;
    for (uint32_t i = 0; i < STEPS; i++) {
        const uint32_t run = s->run_no;

        (void)route_starts_progress(s, (double)i / STEPS);
        if (s->run_no != run) {
            const route_worth *from
                = s->run_no < s->n_starts ? &first : &s->best.worth;

            ck_assert_mem_eq(&s->current.worth, from, sizeof *from);
            ck_assert_mem_eq(&s->candidate.worth, from, sizeof *from);
        }
        route_search_step(s, (double)i / STEPS);
        ck_assert_int_le(s->best_excess_s, excess_s);
        if (s->best_excess_s == excess_s)
            ck_assert_int_ge(route_worth_compare(&s->best.worth, &best), 0);
        best = s->best.worth;
        excess_s = s->best_excess_s;
    }
    ck_assert_int_eq(s->best_excess_s, 0);
    ck_assert_int_eq(route_habit_excess(s, &s->best), 0);
    clear(&it);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_starts");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, single_days_within_the_habit_begin_more_than_once);
    tcase_add_test(tc, progress_goes_from_0_to_1_in_each_run);
    tcase_add_test(tc, no_run_loses_the_best_plan);
    return suite;
}
