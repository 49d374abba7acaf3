#include <gridbeat/gridbeat.h>

#include "test.h"

/*
 * Four places on a line, 600 s apart, a manager at the first, for three hours;
 * each visit takes half an hour.  The farthest two share a place.
 */
static const int32_t SECONDS[16] = { 0,    600,  1200, 1800, 600,  0,
                                     600,  1200, 1200, 600,  0,    600,
                                     1800, 1200, 600,  0 };
static const gb_route_profile PROFILE = { .seconds = SECONDS };
static const uint32_t LOCATION[5] = { 1, 2, 3, 3, 1 };
static const int32_t SERVICE[5] = { 1800, 1800, 1800, 1800, 1800 };
static const int64_t PRIZE[5] = { 10, 20, 30, 40, 50 };

typedef struct town {
    gb_route_problem problem;
    gb_route_vehicle manager;
} town;

static void set_up(town *t)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    t->problem = none;
    t->manager = vehicle;
    t->manager.shift_start_s = 28800;
    t->manager.shift_end_s = 39600;
    t->problem.n_locations = 4;
    t->problem.n_profiles = 1;
    t->problem.profiles = &PROFILE;
    t->problem.n_clients = 5;
    t->problem.client_location = LOCATION;
    t->problem.client_service_s = SERVICE;
    t->problem.client_prize = PRIZE;
    t->problem.n_vehicles = 1;
    t->problem.vehicles = &t->manager;
}

START_TEST(a_small_day_is_closed)
{
    town t;
    gb_context *ctx = test_context();
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better;

    set_up(&t);
    assert_ok(ctx, gb_route_bound(ctx, &t.problem, NULL, &r, &better));
    /* An hour of roads to the end and back; four visits in the other two. */
    ck_assert_int_eq(r.value_milli_upper, 140000);
    ck_assert(r.is_closed && r.has_best && !r.is_trivial);
    ck_assert(!r.is_infeasible);
    ck_assert_int_eq(r.outcome, GB_OUTCOME_OPTIMAL);
    ck_assert_int_eq(r.best_value_milli, 140000);
    assert_near(r.gap, 0, 0);
    ck_assert_uint_eq(r.n_kinds, 1);
    ck_assert_uint_eq(r.relaxed, 0);
    ck_assert_ptr_nonnull(better);
    gb_route_solution_free(better);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_plan_known_is_measured)
{
    const uint32_t first[2] = { 0, 1 }, items[1] = { 4 };
    town t;
    gb_context *ctx = test_context();
    gb_route_order known = GB_ROUTE_ORDER_INIT;
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };

    set_up(&t);
    known.first = first;
    known.items = items;
    options.known = &known;
    assert_ok(ctx, gb_route_bound(ctx, &t.problem, &options, &r, NULL));
    ck_assert_int_eq(r.value_milli_upper, 140000);
    ck_assert_int_eq(r.best_value_milli, 50000);
    ck_assert(!r.is_closed);
    assert_near(r.gap, 1.8, 1e-12);
    gb_context_free(ctx);
}
END_TEST

START_TEST(musts_that_exclude_each_other_are_counted)
{
    /* At 28800 + 600 and only then: one of the first two. */
    static const gb_route_window window[2]
        = { { 29400, 29400 }, { 30000, 30600 } };
    static const uint32_t first[6] = { 0, 1, 2, 2, 2, 2 };
    static const uint8_t must[5] = { 1, 1, 0, 0, 0 };
    town t;
    gb_context *ctx = test_context();
    gb_route_bound_result r = { .size = sizeof r };

    set_up(&t);
    t.problem.client_first_window = first;
    t.problem.windows = window;
    t.problem.client_must = must;
    assert_ok(ctx, gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
    ck_assert_uint_eq(r.musts_upper, 1);
    ck_assert_uint_eq(r.n_musts, 1);
    ck_assert(r.is_infeasible);
    /* The second on the way out, then both at the end of the road, and the
       fifth on the way home: to the second. */
    ck_assert_int_eq(r.value_milli_upper, 140000);
    gb_context_free(ctx);
}
END_TEST

/* Nobody may serve the third, and it is no must: only then is all well. */
START_TEST(a_must_that_nobody_can_serve_is_told)
{
    static const uint32_t allowed[4] = { 0, 0, 0, 0 };
    static const uint32_t first[6] = { 0, 1, 2, 2, 3, 4 };

    for (uint32_t k = 0; k < 2; k++) {
        const uint8_t must[5] = { 1, 0, (uint8_t)k, 0, 0 };
        town t;
        gb_context *ctx = test_context();
        gb_route_bound_result r = { .size = sizeof r };

        set_up(&t);
        t.problem.client_first_allowed = first;
        t.problem.allowed_vehicles = allowed;
        t.problem.client_must = must;
        assert_ok(ctx, gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
        ck_assert_uint_eq(r.musts_upper, 1);
        ck_assert_int_eq(r.is_infeasible, k);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(wrong_calls_are_refused)
{
    town t;
    gb_context *ctx = test_context();
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better;
    const uint32_t first[2] = { 0, 5 }, items[5] = { 0, 1, 2, 3, 4 };
    gb_route_order known = GB_ROUTE_ORDER_INIT;

    set_up(&t);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_bound(ctx, &t.problem, NULL, NULL, &better));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_bound(ctx, NULL, NULL, &r, &better));
    r.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
    r.size = sizeof r;
    options.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_bound(ctx, &t.problem, &options, &r, NULL));
    options.size = sizeof options;
    options.time_limit_ms = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_bound(ctx, &t.problem, &options, &r, NULL));
    options.time_limit_ms = 0;
    options.n_threads = 5000;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_bound(ctx, &t.problem, &options, &r, NULL));
    options.n_threads = 1;
    known.first = first;
    known.items = items;
    options.known = &known;
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_route_bound(ctx, &t.problem, &options, &r, NULL));
    t.manager.shift_end_s = 0;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
    gb_context_free(ctx);
}
END_TEST

START_TEST(nothing_to_do_is_bounded_by_nothing)
{
    town t;
    gb_context *ctx = test_context();
    gb_route_bound_result r = { .size = sizeof r };

    set_up(&t);
    t.problem.n_clients = 0;
    assert_ok(ctx, gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
    ck_assert_int_eq(r.value_milli_upper, 0);
    set_up(&t);
    t.problem.n_vehicles = 0;
    assert_ok(ctx, gb_route_bound(ctx, &t.problem, NULL, &r, NULL));
    ck_assert_int_eq(r.value_milli_upper, 0);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_bound");
    TCase *bound = tcase_create("bound");

    tcase_add_test(bound, a_small_day_is_closed);
    tcase_add_test(bound, a_plan_known_is_measured);
    tcase_add_test(bound, musts_that_exclude_each_other_are_counted);
    tcase_add_test(bound, a_must_that_nobody_can_serve_is_told);
    tcase_add_test(bound, wrong_calls_are_refused);
    tcase_add_test(bound, nothing_to_do_is_bounded_by_nothing);
    suite_add_tcase(suite, bound);
    return suite;
}
