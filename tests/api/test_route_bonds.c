/*
 * Clients who are possible alone and are kept out by others: by the stops that
 * are frozen, by one of their group, by who comes before them.  What holds of
 * all other constraints is in prop_route_reason.c.
 */
#include <gridbeat/gridbeat.h>

#include "test.h"

enum { HOUR_S = 3600 };

typedef struct day {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[2];
    int32_t seconds[9];
    uint32_t location[2], group[2], after[2];
    int32_t service_s[2];
    int64_t prize[2];
    uint32_t first_allowed[3], allowed[3];
    uint32_t first_window[3];
    gb_route_window windows[2];
} day;

/* Two clients ten minutes from the depot and from each other, an hour each,
 * one vehicle with three hours. */
static void make(day *d)
{
    const gb_route_problem problem = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    memset(d, 0, sizeof *d);
    d->problem = problem;
    for (int i = 0; i < 9; i++)
        d->seconds[i] = i % 4 ? 600 : 0;
    d->profile.seconds = d->seconds;
    for (int v = 0; v < 2; v++) {
        d->vehicles[v] = vehicle;
        d->vehicles[v].shift_end_s = 3 * HOUR_S;
    }
    for (uint32_t c = 0; c < 2; c++) {
        d->location[c] = c + 1;
        d->service_s[c] = HOUR_S;
        d->prize[c] = 10;
        d->group[c] = d->after[c] = GB_ROUTE_NONE;
    }
    d->problem.n_locations = 3;
    d->problem.n_profiles = 1;
    d->problem.profiles = &d->profile;
    d->problem.n_clients = 2;
    d->problem.client_location = d->location;
    d->problem.client_service_s = d->service_s;
    d->problem.client_prize = d->prize;
    d->problem.n_vehicles = 1;
    d->problem.vehicles = d->vehicles;
}

/* Client 0 is served by vehicle 0; why is client 1 not? */
static gb_route_reason reason_of(const day *d, uint32_t n_frozen)
{
    gb_context *ctx = test_context();
    uint32_t first[3] = { 0, 1, 1 }, items[1] = { 0 };
    uint32_t frozen[2] = { n_frozen, 0 };
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_reason reason = { .size = sizeof reason };
    gb_route_solution *solution;

    order.first = first;
    order.items = items;
    order.n_frozen = frozen;
    assert_ok(ctx, gb_route_explain(ctx, &d->problem, &order, &solution));
    ck_assert(gb_route_solution_reason(solution, 0, &reason));
    ck_assert_uint_eq(reason.client, 1);
    ck_assert(!gb_route_solution_reason(solution, 1, &reason));
    gb_route_solution_free(solution);
    gb_context_free(ctx);
    return reason;
}

static uint32_t n_served(const day *d)
{
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_solution *solution;

    options.max_iterations = 100;
    assert_ok(ctx, gb_route_solve(ctx, &d->problem, &options, &solution));
    ck_assert(gb_route_solution_summary(solution, &sum));
    gb_route_solution_free(solution);
    gb_context_free(ctx);
    return sum.n_served;
}

/* Open for the first half hour only: in front of the other one. */
static void open_early(day *d)
{
    d->problem.client_first_window = d->first_window;
    d->problem.windows = d->windows;
    d->first_window[2] = 1;
    d->windows[0] = (gb_route_window){ 0, HOUR_S / 2 };
}

START_TEST(what_is_frozen_leaves_no_way)
{
    day d;
    gb_route_reason reason;

    make(&d);
    open_early(&d);
    reason = reason_of(&d, 1);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_IMPOSSIBLE);
    ck_assert_int_eq(reason.constraint, GB_ROUTE_CONSTRAINT_FROZEN);
    /* Relaxed: with nothing frozen there is a way. */
    reason = reason_of(&d, 0);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_UNPROFITABLE);
    ck_assert_uint_eq(n_served(&d), 2);
}
END_TEST

START_TEST(one_of_a_group_keeps_the_others_out)
{
    day d;
    gb_route_reason reason;

    make(&d);
    d.problem.client_group = d.group;
    d.group[0] = d.group[1] = 0;
    reason = reason_of(&d, 0);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_CROWDED_OUT);
    ck_assert_int_eq(reason.constraint, GB_ROUTE_CONSTRAINT_GROUP);
    ck_assert_uint_eq(reason.n_displaced, 1);
    ck_assert_uint_eq(reason.displaced_client, 0);
    ck_assert_uint_eq(n_served(&d), 1);
    d.group[1] = GB_ROUTE_NONE; /* relaxed */
    ck_assert_uint_eq(n_served(&d), 2);
}
END_TEST

/* Client 0 only by vehicle 0, client 1 behind it and only by vehicle 1. */
START_TEST(who_comes_before_is_on_another_route)
{
    day d;
    gb_route_reason reason;

    make(&d);
    d.problem.n_vehicles = 2;
    d.problem.client_after = d.after;
    d.after[1] = 0;
    d.problem.client_first_allowed = d.first_allowed;
    d.problem.allowed_vehicles = d.allowed;
    d.first_allowed[1] = 1;
    d.first_allowed[2] = 2;
    d.allowed[0] = 0;
    d.allowed[1] = 1;
    reason = reason_of(&d, 0);
    ck_assert_int_eq(reason.kind, GB_ROUTE_REASON_CROWDED_OUT);
    ck_assert_int_eq(reason.constraint, GB_ROUTE_CONSTRAINT_ORDER);
    ck_assert_uint_eq(n_served(&d), 1);
    d.after[1] = GB_ROUTE_NONE; /* relaxed */
    ck_assert_uint_eq(n_served(&d), 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_bonds");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_test(tc, what_is_frozen_leaves_no_way);
    tcase_add_test(tc, one_of_a_group_keeps_the_others_out);
    tcase_add_test(tc, who_comes_before_is_on_another_route);
    return suite;
}
