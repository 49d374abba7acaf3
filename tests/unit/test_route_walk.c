#include "route_data.h"
#include "route_walk.h"

#include "test.h"

/* A start, two compounds 600 s apart; three clients, the last two at one. */
static const int32_t SECONDS[9] = { 0, 600, 900, 600, 0, 300, 900, 300, 0 };
static const int32_t METRES[9] = { 0, 6000, 9000, 6000, 0, 3000, 9000, 3000, 0 };
static const gb_route_profile PROFILE = { .seconds = SECONDS, .metres = METRES };
static const uint32_t LOCATION[3] = { 1, 2, 2 }, PLACE[3] = { GB_ROUTE_NONE, 0, 0 };
static const int32_t SERVICE[3] = { 1000, 1000, 1000 }, ACCESS[1] = { 200 };
static const int64_t PRIZE[3] = { 5, 6, 7 };
static const uint32_t FIRST_WINDOW[4] = { 0, 2, 2, 2 };
static const gb_route_window WINDOWS[2] = { { 0, 100 }, { 5000, 5100 } };
static const int32_t SLOTS[2] = { 0, 7000 };
static const int64_t SLOT_PRIZE[6] = { 5, 5, 6, 60, 7, 70 };

static gb_route_problem PROBLEM;
static gb_route_vehicle VEHICLE;
static gb_route_break BREAK;
static route_data DATA;
static gb_context *CTX;

static void setup(void)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    CTX = test_context();
    PROBLEM = none;
    VEHICLE = vehicle;
    BREAK = (gb_route_break){ 6500, 7000, 500 };
    VEHICLE.shift_end_s = 20000;
    VEHICLE.cost_per_s_milli = 2;
    VEHICLE.cost_per_m_milli = 1;
    PROBLEM.n_locations = 3;
    PROBLEM.n_profiles = 1;
    PROBLEM.profiles = &PROFILE;
    PROBLEM.n_places = 1;
    PROBLEM.place_access_s = ACCESS;
    PROBLEM.n_clients = 3;
    PROBLEM.client_location = LOCATION;
    PROBLEM.client_place = PLACE;
    PROBLEM.client_service_s = SERVICE;
    PROBLEM.client_prize = PRIZE;
    PROBLEM.client_first_window = FIRST_WINDOW;
    PROBLEM.windows = WINDOWS;
    PROBLEM.n_vehicles = 1;
    PROBLEM.vehicles = &VEHICLE;
}

static void build(void)
{
    route_data_clear(&DATA);
    assert_ok(CTX, route_data_build(CTX, &PROBLEM, &DATA));
}

static void teardown(void)
{
    route_data_clear(&DATA);
    gb_context_free(CTX);
}

static bool walk(const uint32_t *items, uint32_t n, route_end *end)
{
    return route_walk(&DATA, &DATA.vehicles[0], items, n, end);
}

START_TEST(access_is_paid_once_and_departure_put_off_for_a_window)
{
    const uint32_t items[] = { 0, 1, 2 };
    route_end end;

    DATA.mem = CTX->mem;
    build();
    ck_assert(walk(items, 3, &end));
    /* There for the second window at 5000, so off at 4400; 6000 done, 6300
       there, 6500 in, two visits, 900 home. */
    ck_assert_int_eq(end.depart_s, 4400);
    ck_assert_int_eq(end.end_s, 6500 + 2000 + 900);
    ck_assert_int_eq(end.worth.field_s, end.end_s - end.depart_s);
    ck_assert_int_eq(end.worth.travel_s, 600 + 300 + 900);
    ck_assert_int_eq(end.metres, 18000);
    ck_assert_int_eq(end.worth.value_milli, 18000 - 2 * 5000 - 18000);
}
END_TEST

START_TEST(departure_waits_for_nothing_that_changes_the_slot)
{
    const uint32_t items[] = { 1, 0 };
    route_end end;

    PROBLEM.n_slots = 2;
    PROBLEM.slot_start_s = SLOTS;
    PROBLEM.client_slot_prize = SLOT_PRIZE;
    DATA.mem = CTX->mem;
    build();
    ck_assert(walk(items, 2, &end));
    /* 1100 in at client 1 at the earliest, done 2100; 0 waits for 5000 from
       2400: so much can departure be put off. */
    ck_assert_int_eq(end.depart_s, 2600);
    ck_assert_int_eq(end.prize, 11);
}
END_TEST

START_TEST(a_break_is_home_on_the_spot_or_on_the_way)
{
    const uint32_t behind[] = { 0, 1, GB_ROUTE_BREAK(0) };
    const uint32_t between[] = { 0, GB_ROUTE_BREAK(0), 1 };
    const uint32_t before[] = { GB_ROUTE_BREAK(0), 1 };
    route_end end;

    VEHICLE.breaks = &BREAK;
    VEHICLE.n_breaks = 1;
    BREAK.late_s = 7500;
    DATA.mem = CTX->mem;
    build();
    /* Done at 7500, home at 8400: the break is taken on the spot. */
    ck_assert(walk(behind, 3, &end));
    ck_assert_uint_eq(end.n_on_spot, 1);
    ck_assert_int_eq(end.end_s, 8900);
    ck_assert_int_eq(end.break_s, 500);
    ck_assert_int_eq(end.worth.field_s, 8900 - 4400 - 500);
    /* Done with 0 at 6000: waits for 6500, eats until 7000, 7500 in. */
    ck_assert(walk(between, 3, &end));
    ck_assert_int_eq(end.end_s, 7000 + 500 + 1000 + 900);
    ck_assert_int_eq(end.depart_s, 4500); /* the window of 0 gives 100 */
    /* Before leaving it costs nothing. */
    ck_assert(walk(before, 2, &end));
    ck_assert_int_eq(end.depart_s, 7000);
    ck_assert_int_eq(end.break_s, 0);
    /* Home by its latest begin: nothing on the spot. */
    BREAK.late_s = 8400;
    build();
    ck_assert(walk(behind, 3, &end));
    ck_assert_uint_eq(end.n_on_spot, 0);
    ck_assert_int_eq(end.end_s, 8400);
}
END_TEST

START_TEST(a_break_before_the_shift_is_had)
{
    const uint32_t items[] = { GB_ROUTE_BREAK(0), 1 };
    route_end end;

    VEHICLE.breaks = &BREAK;
    VEHICLE.n_breaks = 1;
    VEHICLE.shift_start_s = 8000;
    DATA.mem = CTX->mem;
    build();
    ck_assert(walk(items, 2, &end));
    ck_assert_int_eq(end.depart_s, 8000);
    VEHICLE.shift_start_s = 7200; /* it lasts until 7500 */
    build();
    ck_assert(walk(items, 2, &end));
    ck_assert_int_eq(end.depart_s, 7500);
}
END_TEST

START_TEST(limits_are_limits)
{
    const uint32_t items[] = { 1, 2 };
    route_end end;

    VEHICLE.max_duration_s = 900 + 200 + 2000 + 900;
    DATA.mem = CTX->mem;
    build();
    ck_assert(walk(items, 2, &end));
    VEHICLE.max_duration_s--;
    build();
    ck_assert(!walk(items, 2, &end));
    VEHICLE.max_duration_s = 0;
    VEHICLE.max_clients = 1;
    build();
    ck_assert(!walk(items, 2, &end));
    ck_assert(walk(items, 1, &end));
    VEHICLE.shift_end_s = 900 + 200 + 1000 + 900;
    build();
    ck_assert(walk(items, 1, &end));
    VEHICLE.shift_end_s--;
    build();
    ck_assert(!walk(items, 1, &end));
    VEHICLE.end_location = GB_ROUTE_NONE; /* an open end saves the way home */
    build();
    ck_assert(walk(items, 1, &end));
    ck_assert_int_eq(end.end_s, 2100);
}
END_TEST

START_TEST(an_empty_route_is_worth_nothing_and_costs_nothing)
{
    const uint32_t items[] = { GB_ROUTE_BREAK(0) };
    route_end end;

    VEHICLE.breaks = &BREAK;
    VEHICLE.n_breaks = 1;
    VEHICLE.fixed_cost = 10;
    DATA.mem = CTX->mem;
    build();
    ck_assert(walk(items, 1, &end));
    ck_assert_int_eq(end.worth.value_milli, 0);
    ck_assert_int_eq(end.worth.field_s, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_walk");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, access_is_paid_once_and_departure_put_off_for_a_window);
    tcase_add_test(tc, departure_waits_for_nothing_that_changes_the_slot);
    tcase_add_test(tc, a_break_is_home_on_the_spot_or_on_the_way);
    tcase_add_test(tc, a_break_before_the_shift_is_had);
    tcase_add_test(tc, limits_are_limits);
    tcase_add_test(tc, an_empty_route_is_worth_nothing_and_costs_nothing);
    return suite;
}
