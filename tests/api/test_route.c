#include <gridbeat/gridbeat.h>

#include "test.h"

/*
 * Four places on a line, 600 s apart, a manager at the first; from 08:00 to
 * 17:00, lunch of an hour begun between 11:30 and 13:00.
 */
static const int32_t SECONDS[16] = { 0,    600,  1200, 1800, 600,  0,
                                     600,  1200, 1200, 600,  0,    600,
                                     1800, 1200, 600,  0 };
static const gb_route_profile PROFILE = { .seconds = SECONDS };
static const uint32_t LOCATION[4] = { 1, 2, 3, 3 };
static const int32_t SERVICE[4] = { 1800, 1800, 1800, 1800 };
static const int64_t PRIZE[4] = { 10, 20, 30, 40 };
static const gb_route_break LUNCH = { 41400, 46800, 3600 };

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
    t->manager.shift_end_s = 61200;
    t->manager.breaks = &LUNCH;
    t->manager.n_breaks = 1;
    t->problem.n_locations = 4;
    t->problem.n_profiles = 1;
    t->problem.profiles = &PROFILE;
    t->problem.n_clients = 4;
    t->problem.client_location = LOCATION;
    t->problem.client_service_s = SERVICE;
    t->problem.client_prize = PRIZE;
    t->problem.n_vehicles = 1;
    t->problem.vehicles = &t->manager;
}

START_TEST(a_day_is_planned_and_told_stop_by_stop)
{
    gb_context *ctx = test_context();
    gb_route_solution *solution = NULL;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_totals totals = { .size = sizeof totals };
    gb_route_stop stop = { .size = sizeof stop };
    uint32_t vehicle, item, first[2], items[8];
    size_t needed;
    town t;

    set_up(&t);
    t.manager.cost_per_s_milli = 1;
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    ck_assert(gb_route_solution_summary(solution, &sum));
    ck_assert_uint_eq(sum.n_served, 4);
    ck_assert_int_eq(sum.prize, 100);
    /* Out and back on the line, and four visits; home for lunch. */
    ck_assert_int_eq(sum.travel_s, 3600);
    ck_assert_int_eq(sum.field_s, 3600 + 7200);
    ck_assert_int_eq(sum.value_milli, 100000 - 10800);
    ck_assert(sum.is_certified);
    ck_assert_int_eq(sum.outcome, GB_OUTCOME_ITERATION_LIMIT);
    ck_assert(gb_route_solution_totals(solution, 0, &totals));
    ck_assert_uint_eq(totals.n_items, 5);
    ck_assert_int_eq(totals.end_s - totals.depart_s, totals.duration_s);
    ck_assert(!gb_route_solution_totals(solution, 1, &totals));
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert(gb_route_solution_stop(solution, 0, i, &stop));
        ck_assert_int_eq(stop.arrival_s + stop.access_s + stop.wait_s,
                         stop.start_s);
        if (stop.kind == GB_ROUTE_STOP_CLIENT) {
            ck_assert(gb_route_solution_find(solution, stop.client, &vehicle,
                                             &item));
            ck_assert_uint_eq(vehicle, 0);
            ck_assert_uint_eq(item, i);
            ck_assert_int_eq(stop.end_s - stop.start_s, 1800);
        }
    }
    ck_assert(!gb_route_solution_stop(solution, 0, 5, &stop));
    ck_assert(!gb_route_solution_find(solution, 4, &vehicle, &item));
    ck_assert_int_eq(
        gb_route_solution_order(solution, first, items, 4, &needed),
        GB_ERR_BUFFER);
    ck_assert_uint_eq(needed, 5);
    ck_assert_int_eq(
        gb_route_solution_order(solution, first, items, 8, &needed), GB_OK);
    ck_assert_int_eq(
        gb_route_solution_order(solution, NULL, items, 8, &needed),
        GB_ERR_ARGUMENT);
    stop.size = 8;
    ck_assert(!gb_route_solution_stop(solution, 0, 0, &stop));
    gb_route_solution_free(solution);
    gb_route_solution_free(NULL);
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_left_out_are_told_why)
{
    static const gb_route_window windows[] = { { 28800, 29000 } };
    static const uint32_t first_window[] = { 0, 0, 0, 0, 1 };
    gb_context *ctx = test_context();
    gb_route_solution *solution = NULL, *again = NULL;
    gb_route_reason reason = { .size = sizeof reason };
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[2], items[4];
    size_t needed;
    town t;

    set_up(&t);
    t.problem.client_first_window = first_window;
    t.problem.windows = windows;
    t.manager.shift_end_s = 28800 + 5400; /* two visits */
    t.manager.n_breaks = 0;
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    ck_assert(gb_route_solution_reason(solution, 0, &reason));
    ck_assert_uint_eq(reason.client, 0);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_CROWDED_OUT);
    ck_assert_uint_eq(reason.n_displaced, 1);
    ck_assert_int_eq(reason.displaced_prize, 30);
    ck_assert_int_eq(reason.gain_milli, -20000);
    ck_assert_int_eq(reason.extra_s, 1800);
    ck_assert(gb_route_solution_reason(solution, 2, &reason));
    ck_assert_uint_eq(reason.client, 3);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_IMPOSSIBLE);
    ck_assert_str_eq(gb_route_constraint_name(reason.constraint), "window");
    ck_assert_int_eq(reason.mend_s, 1600); /* there at 30600, not 29000 */
    ck_assert(!gb_route_solution_reason(solution, 3, &reason));
    ck_assert_str_eq(gb_route_constraint_name(77), "none");
    /* Routes that were given get the same reasons when asked for. */
    ck_assert_int_eq(
        gb_route_solution_order(solution, first, items, 4, &needed), GB_OK);
    order.first = first;
    order.items = items;
    assert_ok(ctx, gb_route_explain(ctx, &t.problem, &order, &again));
    ck_assert(gb_route_solution_reason(again, 2, &reason));
    ck_assert_uint_eq(reason.client, 3);
    ck_assert_int_eq(reason.mend_s, 1600);
    gb_route_solution_free(again);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_explain(ctx, &t.problem, NULL, &again));
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

/* Whether durations matter or not: the search keeps other times for them. */
START_TEST(the_ends_of_a_day_need_no_way_between_them)
{
    static const int32_t seconds[16] = {
        0,    600, 1200, GB_ROUTE_UNREACHABLE, 600,  0,    600, 1200,
        1200, 600, 0,    600, GB_ROUTE_UNREACHABLE, 1200, 600, 0
    };
    static const gb_route_profile profile = { .seconds = seconds };
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;

    options.max_iterations = 300;
    for (int32_t is_limited = 0; is_limited < 2; is_limited++) {
        gb_route_solution *solution = NULL;
        gb_route_summary sum = { .size = sizeof sum };
        gb_route_vehicle both[2];
        town t;

        set_up(&t);
        t.problem.profiles = &profile;
        t.manager.n_breaks = 0;
        t.manager.end_location = 3;
        t.manager.cost_per_travel_s_milli = 1;
        t.manager.max_duration_s = is_limited ? 30000 : 0;
        both[0] = both[1] = t.manager;
        t.problem.vehicles = both;
        t.problem.n_vehicles = 2;
        assert_ok(ctx,
                  gb_route_solve(ctx, &t.problem, &options, &solution));
        ck_assert(gb_route_solution_summary(solution, &sum));
        ck_assert(sum.is_certified);
        ck_assert_uint_eq(sum.n_served, 4);
        ck_assert_int_eq(sum.travel_s, 1800);
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_client_that_costs_more_than_it_brings_is_told_so)
{
    gb_context *ctx = test_context();
    gb_route_solution *solution = NULL;
    gb_route_reason reason = { .size = sizeof reason };
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    town t;

    set_up(&t);
    t.manager.cost_per_s_milli = 12; /* 21.6 a visit */
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    ck_assert(gb_route_solution_reason(solution, 0, &reason));
    ck_assert_uint_eq(reason.client, 0);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_UNPROFITABLE);
    ck_assert_int_lt(reason.gain_milli, 0);
    gb_route_solution_free(solution);
    options.skip_reasons = true;
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, &options, &solution));
    ck_assert(gb_route_solution_reason(solution, 0, &reason));
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_NONE);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

/* Home between A and B, ten minutes from each; A is wanted twice. */
START_TEST(hours_send_nobody_to_and_fro_where_that_is_not_wanted)
{
    static const int32_t seconds[9]
        = { 0, 600, 600, 600, 0, 1200, 600, 1200, 0 };
    static const gb_route_profile profile = { .seconds = seconds };
    static const uint32_t location[3] = { 1, 2, 1 };
    static const uint32_t first_window[4] = { 0, 1, 2, 3 };
    static const gb_route_window windows[3]
        = { { 32400, 34200 }, { 36000, 37800 }, { 39600, 41400 } };
    static const int64_t prize[3] = { 100, 150, 110 };
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    town t;

    set_up(&t);
    t.problem.n_locations = 3;
    t.problem.profiles = &profile;
    t.problem.n_clients = 3;
    t.problem.client_location = location;
    t.problem.client_first_window = first_window;
    t.problem.windows = windows;
    t.problem.client_prize = prize;
    options.max_iterations = 200;
    for (int is_within = 0; is_within < 2; is_within++) {
        gb_route_solution *solution = NULL;
        gb_route_summary sum = { .size = sizeof sum };

        options.within_habit = is_within;
        assert_ok(ctx,
                  gb_route_solve(ctx, &t.problem, &options, &solution));
        ck_assert(gb_route_solution_summary(solution, &sum));
        ck_assert_int_eq(sum.travel_s, is_within ? 2400 : 3600);
        ck_assert_int_eq(sum.prize, is_within ? 260 : 360);
        ck_assert(sum.is_certified == !is_within);
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(baselines_and_evaluation_agree_with_the_checker)
{
    static const uint32_t list[] = { 3, 0, 2, 1 }, first[] = { 0, 4 };
    static const uint32_t items[] = { 3, 0, GB_ROUTE_BREAK(0), 2 };
    gb_context *ctx = test_context();
    gb_route_solution *greedy, *nearest, *given;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_findings *findings;
    town t;

    set_up(&t);
    assert_ok(ctx, gb_route_greedy(ctx, &t.problem, list, 4, &greedy));
    ck_assert(gb_route_solution_summary(greedy, &sum));
    ck_assert_uint_eq(sum.n_served, 4);
    ck_assert_int_eq(sum.travel_s, 1800 + 1200 + 1200 + 600 + 1200);
    assert_ok(ctx, gb_route_nearest_neighbour(ctx, &t.problem, greedy,
                                              &nearest));
    ck_assert(gb_route_solution_summary(nearest, &sum));
    ck_assert_int_eq(sum.travel_s, 3600);
    order.first = first;
    order.items = items;
    assert_ok(ctx, gb_route_evaluate(ctx, &t.problem, &order, &given));
    ck_assert(gb_route_solution_summary(given, &sum));
    ck_assert_uint_eq(sum.n_served, 3);
    assert_ok(ctx, gb_route_check(ctx, &t.problem, given, &findings));
    ck_assert_uint_eq(gb_route_findings_count(findings), 0);
    ck_assert_ptr_null(gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    t.manager.shift_end_s = 40000;
    assert_ok(ctx, gb_route_check(ctx, &t.problem, given, &findings));
    ck_assert_uint_eq(gb_route_findings_count(findings), 1);
    ck_assert_ptr_nonnull(strstr(gb_route_findings_text(findings, 0),
                                 "vehicle 0: "));
    gb_route_findings_free(findings);
    gb_route_findings_free(NULL);
    gb_route_solution_free(greedy);
    gb_route_solution_free(nearest);
    gb_route_solution_free(given);
    gb_context_free(ctx);
}
END_TEST

START_TEST(every_wrong_call_has_its_status)
{
    static const uint32_t first[] = { 0, 2 }, twice[] = { 1, 1 };
    static const uint32_t away[] = { 0, 9 }, breaks[] = { 0, GB_ROUTE_BREAK(1) };
    static const uint32_t both[] = { 0, 3 };
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT, resolved;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution = NULL;
    gb_route_findings *findings = NULL;
    town t;

    set_up(&t);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_solve(ctx, NULL, NULL, &solution));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_solve(ctx, &t.problem, NULL, NULL));
    t.problem.size = 8;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    t.problem.size = sizeof t.problem;
    t.manager.size = 8;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    options.size = 4;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_solve(ctx, &t.problem, &options, &solution));
    options.size = sizeof options;
    options.time_limit_ms = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_solve(ctx, &t.problem, &options, &solution));
    options.time_limit_ms = 0;
    options.n_searches = 1000;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_options_resolved(ctx, &options, &resolved));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_options_resolved(ctx, NULL, NULL));
    assert_ok(ctx, gb_route_options_resolved(ctx, NULL, &resolved));
    ck_assert_uint_eq(resolved.max_iterations, 20000);
    ck_assert_uint_eq(resolved.n_searches, 2);
    ck_assert_uint_eq(resolved.n_threads, 1);

    order.first = first;
    order.items = twice;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_evaluate(ctx, &t.problem, &order, &solution));
    ck_assert_str_eq(gb_last_error(ctx), "client 1 is served twice");
    order.items = away;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_evaluate(ctx, &t.problem, &order, &solution));
    order.items = breaks;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_evaluate(ctx, &t.problem, &order, &solution));
    order.items = both;
    t.manager.shift_end_s = 30000;
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_route_evaluate(ctx, &t.problem, &order, &solution));
    ck_assert_ptr_null(solution);
    options.n_searches = 0;
    options.start = &order;
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_route_solve(ctx, &t.problem, &options, &solution));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_evaluate(ctx, &t.problem, NULL, &solution));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_greedy(ctx, &t.problem, NULL, 2, &solution));
    set_up(&t);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_greedy(ctx, &t.problem, twice, 2, &solution));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_nearest_neighbour(ctx, &t.problem, NULL,
                                             &solution));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_check(ctx, &t.problem, NULL, &findings));
    set_up(&t);
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    t.problem.n_clients = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_check(ctx, &t.problem, solution, &findings));
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

START_TEST(wrong_data_is_named)
{
    static const gb_route_window window[] = { { 43200, 36000 } };
    static const uint32_t first[] = { 0, 0, 0, 1, 1 };
    static const int64_t prize[4] = { 0, -1, 0, 0 };
    static const uint32_t location[4] = { 0, 1, 4, 0 };
    static int32_t bad_seconds[16];
    const gb_route_profile bad = { .seconds = bad_seconds };
    gb_context *ctx = test_context();
    gb_route_solution *solution;
    town t;

    set_up(&t);
    t.problem.client_first_window = first;
    t.problem.windows = window;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    ck_assert_str_eq(gb_last_error(ctx),
                     "client 2: time window ends (36000 s) before it begins "
                     "(43200 s)");
    set_up(&t);
    t.problem.client_prize = prize;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    t.problem.client_location = location;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    bad_seconds[3] = -2;
    t.problem.profiles = &bad;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    t.manager.shift_end_s = 0;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    t.manager.profile = 1;
    assert_status(ctx, GB_ERR_DATA,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    set_up(&t);
    t.problem.client_location = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_solve(ctx, &t.problem, NULL, &solution));
    gb_context_free(ctx);
}
END_TEST

START_TEST(nobody_to_visit_and_nobody_to_go_are_no_errors)
{
    gb_context *ctx = test_context();
    gb_route_solution *solution;
    gb_route_reason reason = { .size = sizeof reason };
    gb_route_summary sum = { .size = sizeof sum };
    town t;

    set_up(&t);
    t.problem.n_clients = 0;
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    gb_route_solution_free(solution);
    set_up(&t);
    t.problem.n_vehicles = 0;
    assert_ok(ctx, gb_route_solve(ctx, &t.problem, NULL, &solution));
    ck_assert(gb_route_solution_summary(solution, &sum));
    ck_assert_uint_eq(sum.n_unserved, 4);
    ck_assert(gb_route_solution_reason(solution, 3, &reason));
    ck_assert_int_eq(reason.constraint, GB_ROUTE_CONSTRAINT_VEHICLE);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_day_is_planned_and_told_stop_by_stop);
    tcase_add_test(tc, the_left_out_are_told_why);
    tcase_add_test(tc, the_ends_of_a_day_need_no_way_between_them);
    tcase_add_test(tc, a_client_that_costs_more_than_it_brings_is_told_so);
    tcase_add_test(tc,
                   hours_send_nobody_to_and_fro_where_that_is_not_wanted);
    tcase_add_test(tc, baselines_and_evaluation_agree_with_the_checker);
    tcase_add_test(tc, every_wrong_call_has_its_status);
    tcase_add_test(tc, wrong_data_is_named);
    tcase_add_test(tc, nobody_to_visit_and_nobody_to_go_are_no_errors);
    return suite;
}
