#include <gridbeat/gridbeat.h>

#include "test.h"

/*
 * Six customers on a line, 600 s apart, two managers at the one end; from
 * 08:00 to 17:00, lunch of an hour begun between 11:30 and 13:00.  Customers 0
 * to 2 are on the first route, 3 and 4 on the second, 5 on none.
 */
enum { N_LOCATIONS = 7, N_CLIENTS = 6 };
static const uint32_t LOCATION[N_CLIENTS] = { 1, 2, 3, 4, 5, 6 };
static const int32_t SERVICE[N_CLIENTS]
    = { 3600, 3600, 3600, 3600, 3600, 3600 };
static const int64_t PRIZE[N_CLIENTS] = { 10, 20, 30, 40, 50, 60 };
static const gb_route_break LUNCH = { 41400, 46800, 3600 };
static const uint32_t FIRST[3] = { 0, 4, 7 };
static const uint32_t ITEMS[7]
    = { 0, 1, 2, GB_ROUTE_BREAK(0), 3, 4, GB_ROUTE_BREAK(0) };

typedef struct town {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle managers[2];
    int32_t seconds[N_LOCATIONS * N_LOCATIONS];
    gb_route_order now;
} town;

static void set_up(town *t)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const gb_route_order order = GB_ROUTE_ORDER_INIT;

    memset(t, 0, sizeof *t);
    for (int i = 0; i < N_LOCATIONS; i++)
        for (int j = 0; j < N_LOCATIONS; j++)
            t->seconds[i * N_LOCATIONS + j] = 600 * abs(i - j);
    t->profile.seconds = t->seconds;
    for (int v = 0; v < 2; v++) {
        t->managers[v] = vehicle;
        t->managers[v].shift_start_s = 28800;
        t->managers[v].shift_end_s = 61200;
        t->managers[v].breaks = &LUNCH;
        t->managers[v].n_breaks = 1;
    }
    t->problem = none;
    t->problem.n_locations = N_LOCATIONS;
    t->problem.n_profiles = 1;
    t->problem.profiles = &t->profile;
    t->problem.n_clients = N_CLIENTS;
    t->problem.client_location = LOCATION;
    t->problem.client_service_s = SERVICE;
    t->problem.client_prize = PRIZE;
    t->problem.n_vehicles = 2;
    t->problem.vehicles = t->managers;
    t->now = order;
    t->now.first = FIRST;
    t->now.items = ITEMS;
}

static gb_route_change change_of(int32_t kind)
{
    const gb_route_change none = GB_ROUTE_CHANGE_INIT;
    gb_route_change change = none;

    change.kind = kind;
    return change;
}

static gb_route_stop stop_of(const gb_route_solution *s, uint32_t c)
{
    gb_route_stop stop = { .size = sizeof stop };
    uint32_t v, item;

    ck_assert(gb_route_solution_find(s, c, &v, &item));
    ck_assert_uint_ne(v, GB_ROUTE_NONE);
    ck_assert(gb_route_solution_stop(s, v, item, &stop));
    return stop;
}

static uint32_t vehicle_of(const gb_route_solution *s, uint32_t c)
{
    uint32_t v, item;

    ck_assert(gb_route_solution_find(s, c, &v, &item));
    return v;
}

START_TEST(who_cancels_goes_and_the_others_keep_their_promises)
{
    gb_context *ctx = test_context();
    gb_route_change change = change_of(GB_ROUTE_CHANGE_CANCEL);
    gb_route_solution *now, *then;
    gb_route_diff *diff;
    gb_route_diff_summary sum = { .size = sizeof sum };
    gb_route_difference d = { .size = sizeof d };
    town t;

    set_up(&t);
    change.client = 1;
    assert_ok(ctx, gb_route_evaluate(ctx, &t.problem, &t.now, &now));
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, &change, 1, NULL,
                                   &then, &diff));
    ck_assert(gb_route_diff_summarize(diff, &sum));
    ck_assert_uint_eq(sum.n_counted, 0);
    ck_assert_uint_eq(vehicle_of(then, 1), GB_ROUTE_NONE);
    /* 2 would be an hour earlier, but was promised its time: 900 s of it. */
    ck_assert_int_eq(stop_of(now, 2).start_s - stop_of(then, 2).start_s, 900);
    for (size_t i = 0; gb_route_diff_get(diff, i, &d) && d.client != 2; i++)
        ;
    ck_assert_uint_eq(d.client, 2);
    ck_assert_int_eq(d.kind, GB_ROUTE_DIFFERENCE_TIME);
    ck_assert(!d.is_forced && !d.is_counted);
    ck_assert_int_eq(d.start_before_s - d.start_after_s, 900);
    ck_assert(!gb_route_diff_get(diff, sum.n_differences, &d));
    d.size = 4;
    ck_assert(!gb_route_diff_get(diff, 0, &d));
    sum.size = 4;
    ck_assert(!gb_route_diff_summarize(diff, &sum));
    ck_assert_ptr_nonnull(gb_route_diff_problem(diff));
    ck_assert_ptr_null(gb_route_diff_problem(NULL));
    gb_route_diff_free(diff);
    gb_route_diff_free(NULL);
    gb_route_solution_free(then);
    gb_route_solution_free(now);
    gb_context_free(ctx);
}
END_TEST

START_TEST(an_absent_manager_s_customers_go_to_the_other_one)
{
    gb_context *ctx = test_context();
    gb_route_change change = change_of(GB_ROUTE_CHANGE_ABSENT);
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_solution *then;
    gb_route_diff *diff;
    gb_route_diff_summary sum = { .size = sizeof sum };
    gb_route_difference d = { .size = sizeof d };
    town t;

    set_up(&t);
    change.vehicle = 1;
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, &change, 1,
                                   &options, &then, &diff));
    ck_assert(gb_route_diff_summarize(diff, &sum));
    ck_assert_uint_eq(sum.n_counted, 0);
    ck_assert_uint_ge(sum.n_forced, 2);
    for (size_t i = 0; gb_route_diff_get(diff, i, &d); i++)
        ck_assert(d.is_forced == (d.vehicle_before == 1));
    ck_assert_uint_eq(vehicle_of(then, 3), 0);
    gb_route_diff_free(diff);
    gb_route_solution_free(then);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_delay_moves_what_follows_and_not_what_was)
{
    gb_context *ctx = test_context();
    gb_route_change change = change_of(GB_ROUTE_CHANGE_DELAY);
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_solution *now, *then;
    town t;

    set_up(&t);
    assert_ok(ctx, gb_route_evaluate(ctx, &t.problem, &t.now, &now));
    change.vehicle = 0;
    change.seconds = 2400;
    options.clock_s = stop_of(now, 0).start_s + 60;
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, &change, 1,
                                   &options, &then, NULL));
    ck_assert_int_eq(stop_of(then, 0).start_s, stop_of(now, 0).start_s);
    ck_assert_int_eq(stop_of(then, 0).end_s, stop_of(now, 0).end_s + 2400);
    ck_assert_int_eq(stop_of(then, 1).start_s,
                     stop_of(now, 1).start_s + 2400);
    gb_route_solution_free(then);
    gb_route_solution_free(now);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_closed_road_is_driven_round)
{
    gb_context *ctx = test_context();
    gb_route_change changes[2];
    gb_route_solution *then;
    town t;

    set_up(&t);
    changes[0] = changes[1] = change_of(GB_ROUTE_CHANGE_ROAD);
    changes[0].from = 4;
    changes[0].to = 5;
    changes[0].seconds = GB_ROUTE_UNREACHABLE;
    changes[1].from = 1;
    changes[1].to = 2;
    changes[1].seconds = 700;
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, changes, 2, NULL,
                                   &then, NULL));
    ck_assert_int_eq(stop_of(then, 1).travel_s, 700);
    /* The way from 3 to 4 is closed: they do not follow each other. */
    if (vehicle_of(then, 3) == vehicle_of(then, 4))
        ck_assert_int_lt(stop_of(then, 4).start_s, stop_of(then, 3).start_s);
    ck_assert_int_eq(t.seconds[4 * N_LOCATIONS + 5], 600);
    gb_route_solution_free(then);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_customer_who_is_added_is_served_or_told_why_not)
{
    gb_context *ctx = test_context();
    gb_route_change change = change_of(GB_ROUTE_CHANGE_ADD);
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_diff_summary sum = { .size = sizeof sum };
    gb_route_reason reason = { .size = sizeof reason };
    gb_route_solution *then;
    gb_route_diff *diff;
    town t;

    set_up(&t);
    change.client = 5;
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, &change, 1, NULL,
                                   &then, &diff));
    ck_assert_uint_ne(vehicle_of(then, 5), GB_ROUTE_NONE);
    gb_route_diff_free(diff);
    gb_route_solution_free(then);
    /* Nobody can be there and back by noon. */
    t.managers[0].shift_end_s = t.managers[1].shift_end_s = 43200;
    assert_ok(ctx, gb_route_replan(ctx, &t.problem, &t.now, &change, 1,
                                   &options, &then, &diff));
    ck_assert(gb_route_diff_summarize(diff, &sum));
    ck_assert_uint_eq(sum.n_added_unserved, 1);
    ck_assert(gb_route_solution_reason(then, 0, &reason));
    ck_assert_uint_eq(reason.client, 5);
    ck_assert_int_ne(reason.kind, GB_ROUTE_REASON_NONE);
    gb_route_diff_free(diff);
    gb_route_solution_free(then);
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_best_windows_are_told_for_who_calls)
{
    gb_context *ctx = test_context();
    gb_route_suggest_options options = GB_ROUTE_SUGGEST_OPTIONS_INIT;
    gb_route_suggestion found[3] = { { .size = sizeof *found } };
    size_t n;
    town t;

    set_up(&t);
    assert_ok(ctx, gb_route_suggest(ctx, &t.problem, &t.now, 5, NULL, found,
                                    3, &n));
    ck_assert_uint_eq(n, 3);
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(found[i].late_s - found[i].early_s, 1799);
        ck_assert_int_ge(found[i].start_s, found[i].early_s);
        ck_assert_int_le(found[i].start_s, found[i].late_s);
        ck_assert_int_eq(found[i].gain_milli, 60000);
    }
    options.from_s = 54000;
    options.until_s = 55800;
    assert_ok(ctx, gb_route_suggest(ctx, &t.problem, &t.now, 5, &options,
                                    found, 3, &n));
    ck_assert_uint_le(n, 1);
    options.days = 2; /* there is none */
    assert_ok(ctx, gb_route_suggest(ctx, &t.problem, &t.now, 5, &options,
                                    found, 3, &n));
    ck_assert_uint_eq(n, 0);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_suggest(ctx, &t.problem, &t.now, 6, NULL, found, 3,
                                   &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_suggest(ctx, &t.problem, NULL, 5, NULL, found, 3,
                                   &n));
    options.step_s = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_suggest(ctx, &t.problem, &t.now, 5, &options,
                                   found, 3, &n));
    found[0].size = 7;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_suggest(ctx, &t.problem, &t.now, 5, NULL, found, 3,
                                   &n));
    gb_context_free(ctx);
}
END_TEST

START_TEST(changes_that_make_no_sense_are_refused)
{
    static const struct {
        int32_t kind, seconds, early_s, late_s;
        uint32_t client, vehicle, from;
        gb_status status;
    } cases[] = {
        { 0, 0, 0, 0, 0, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_CANCEL, 0, 0, 0, 9, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_ADD, 0, 0, 0, 1, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_CANCEL, 0, 0, 0, 0, 0, 0, GB_ERR_INFEASIBLE },
        { GB_ROUTE_CHANGE_DELAY, -1, 0, 0, 0, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_DELAY, 1, 0, 0, 0, 2, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_SERVICE, -4000, 0, 0, 1, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_WINDOW, 0, 9, 8, 2, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_SHIFT, 0, 9, 8, 2, 0, 0, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_ROAD, 5, 0, 0, 2, 0, 99, GB_ERR_DATA },
        { GB_ROUTE_CHANGE_ROAD, -5, 0, 0, 2, 0, 0, GB_ERR_DATA },
    };
    gb_context *ctx = test_context();
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_solution *then;
    gb_route_diff *diff;
    int32_t kind;
    town t;

    set_up(&t);
    options.clock_s = 33000; /* the first visits have begun */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gb_route_change change = change_of(cases[i].kind);

        change.client = cases[i].client;
        change.vehicle = cases[i].vehicle;
        change.seconds = cases[i].seconds;
        change.early_s = cases[i].early_s;
        change.late_s = cases[i].late_s;
        change.from = cases[i].from;
        change.to = 1;
        assert_status(ctx, cases[i].status,
                      gb_route_replan(ctx, &t.problem, &t.now, &change, 1,
                                      &options, &then, &diff));
        ck_assert_ptr_null(then);
        ck_assert_ptr_null(diff);
    }
    options.lock = 7;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_replan(ctx, &t.problem, &t.now, NULL, 0, &options,
                                  &then, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_replan(ctx, &t.problem, NULL, NULL, 0, NULL, &then,
                                  NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_replan(ctx, &t.problem, &t.now, NULL, 1, NULL,
                                  &then, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_replan(ctx, &t.problem, &t.now, NULL, 0, NULL,
                                  NULL, NULL));
    ck_assert_str_eq(gb_route_change_name(GB_ROUTE_CHANGE_ROAD), "road");
    ck_assert_ptr_null(gb_route_change_name(0));
    ck_assert(gb_route_change_parse("absent", &kind));
    ck_assert_int_eq(kind, GB_ROUTE_CHANGE_ABSENT);
    ck_assert(!gb_route_change_parse("none", &kind));
    ck_assert(!gb_route_change_parse("gone", &kind));
    gb_context_free(ctx);
}
END_TEST

/* --- reasons --- */

START_TEST(why_a_customer_is_served_there_and_then_is_told)
{
    static const uint32_t clients[] = { 0, 5 };
    gb_context *ctx = test_context();
    gb_route_served_reason reasons[2]
        = { { .size = sizeof *reasons }, { .size = sizeof *reasons } };
    uint32_t nobody = 77;
    town t;

    set_up(&t);
    assert_ok(ctx, gb_route_explain_served(ctx, &t.problem, &t.now, clients, 2,
                                           reasons));
    ck_assert_uint_eq(reasons[0].vehicle, 0);
    ck_assert_int_eq(reasons[0].prize, 10);
    ck_assert(reasons[0].left_out.is_possible);
    ck_assert_int_eq(reasons[0].left_out.change_milli, -10000);
    ck_assert_int_eq(reasons[0].left_out.field_s, -3600);
    ck_assert(reasons[0].other_vehicle.is_possible);
    ck_assert_int_eq(reasons[0].other_vehicle.change_milli, 0);
    ck_assert(!reasons[0].other_day.is_possible);
    ck_assert_uint_eq(reasons[1].vehicle, GB_ROUTE_NONE);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_explain_served(ctx, &t.problem, &t.now, &nobody, 1,
                                          reasons));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_explain_served(ctx, &t.problem, NULL, clients, 1,
                                          reasons));
    assert_ok(ctx, gb_route_explain_served(ctx, &t.problem, &t.now, NULL, 0,
                                           NULL));
    reasons[0].size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_explain_served(ctx, &t.problem, &t.now, clients, 2,
                                          reasons));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_replan");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_test(tc, who_cancels_goes_and_the_others_keep_their_promises);
    tcase_add_test(tc, an_absent_manager_s_customers_go_to_the_other_one);
    tcase_add_test(tc, a_delay_moves_what_follows_and_not_what_was);
    tcase_add_test(tc, a_closed_road_is_driven_round);
    tcase_add_test(tc, a_customer_who_is_added_is_served_or_told_why_not);
    tcase_add_test(tc, the_best_windows_are_told_for_who_calls);
    tcase_add_test(tc, changes_that_make_no_sense_are_refused);
    tcase_add_test(tc, why_a_customer_is_served_there_and_then_is_told);
    return suite;
}
