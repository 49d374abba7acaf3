/*
 * Each rule of the model, broken alone.  A plan of five clients on three
 * vehicles is driven by a problem without the rule; then the rule is added, so
 * that the plan keeps it or breaks it by one, and the checker is asked.
 *
 * Locations 0 to 5 lie on a line, 100 s and 200 m apart; the depot is 0,
 * client c is at c + 1.  Vehicle 0 drives 0, 1; vehicle 1 drives 2, 3;
 * vehicle 2 stays at home, and client 4 too.
 */
#include "route_result.h"

#include "test.h"

enum { N = 5, V = 3, L = 6 };

typedef struct town {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[V];
    int32_t seconds[L * L], slower[L * L], metres[L * L], cost[L * L];
    uint32_t location[N], group[N], after[N], bundle[N];
    int32_t release_s[N];
    int64_t prize[N], load[N], capacity[1], kind_prize[2 * N];
    uint64_t skills[N], patterns[2];
    uint32_t first_pattern[2];
    uint8_t group_must[N], must[N];
    int32_t band_start_s[2];
    const int32_t *band_seconds[2];
    gb_context *ctx;
    gb_route_solution *solution;
} town;

static void drive_town(town *t)
{
    static const uint32_t first[] = { 0, 2, 4, 4 }, items[] = { 0, 1, 2, 3 };
    gb_route_order order = GB_ROUTE_ORDER_INIT;

    gb_route_solution_free(t->solution);
    order.first = first;
    order.items = items;
    assert_ok(t->ctx, gb_route_evaluate(t->ctx, &t->problem, &order,
                                        &t->solution));
}

static void setup_town(town *t)
{
    const gb_route_problem no_problem = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle no_vehicle = GB_ROUTE_VEHICLE_INIT;

    memset(t, 0, sizeof *t);
    t->problem = no_problem;
    for (int i = 0; i < L; i++)
        for (int j = 0; j < L; j++) {
            t->seconds[i * L + j] = 100 * abs(i - j);
            t->slower[i * L + j] = 150 * abs(i - j);
            t->metres[i * L + j] = 200 * abs(i - j);
            t->cost[i * L + j] = i != j;
        }
    t->profile.seconds = t->seconds;
    t->profile.metres = t->metres;
    for (uint32_t c = 0; c < N; c++) {
        t->location[c] = c + 1;
        t->prize[c] = 10;
        t->load[c] = 1;
        t->group[c] = t->after[c] = t->bundle[c] = GB_ROUTE_NONE;
        t->kind_prize[c] = 10;
        t->kind_prize[N + c] = 11;
    }
    for (uint32_t v = 0; v < V; v++) {
        t->vehicles[v] = no_vehicle;
        t->vehicles[v].shift_end_s = 10000;
        t->vehicles[v].cost_per_s_milli = 1;
    }
    t->problem.n_locations = L;
    t->problem.n_profiles = 1;
    t->problem.profiles = &t->profile;
    t->problem.n_clients = N;
    t->problem.n_vehicles = V;
    t->problem.vehicles = t->vehicles;
    t->problem.client_location = t->location;
    t->problem.client_prize = t->prize;
    t->ctx = test_context();
    drive_town(t);
}

static void clear_town(town *t)
{
    gb_route_solution_free(t->solution);
    gb_context_free(t->ctx);
}

static const char *finding(const town *t, bool is_certified)
{
    static char text[256];
    gb_route_findings *findings;

    t->solution->summary.is_certified = is_certified;
    assert_ok(t->ctx, gb_route_check(t->ctx, &t->problem, t->solution,
                                     &findings));
    snprintf(text, sizeof text, "%s",
             gb_route_findings_count(findings)
                 ? gb_route_findings_text(findings, 0)
                 : "");
    gb_route_findings_free(findings);
    return text;
}

#define expect_right(t) ck_assert_str_eq(finding(t, false), "")
#define expect_finding(t, part)                                               \
    do {                                                                      \
        const char *line = finding(t, false);                                 \
                                                                              \
        ck_assert_msg(strstr(line, part), "%s", line);                        \
    } while (0)

START_TEST(a_plan_that_keeps_every_rule_is_right)
{
    town t;

    setup_town(&t);
    expect_right(&t);
    clear_town(&t);
}
END_TEST

START_TEST(a_load_above_the_capacity_is_found)
{
    town t;

    setup_town(&t);
    t.problem.n_loads = 1;
    t.problem.client_load = t.load;
    expect_right(&t);
    t.vehicles[0].capacity = t.capacity;
    t.capacity[0] = 2;
    expect_right(&t);
    t.capacity[0] = 1;
    expect_finding(&t, "carries more");
    clear_town(&t);
}
END_TEST

START_TEST(a_skill_that_is_missing_is_found)
{
    town t;

    setup_town(&t);
    t.problem.client_skills = t.skills;
    t.skills[2] = UINT64_C(1) << 63 | 1;
    t.vehicles[1].skills = UINT64_C(1) << 63 | 3;
    expect_right(&t);
    t.vehicles[1].skills = UINT64_C(1) << 63;
    expect_finding(&t, "vehicle 1 may not serve client 2");
    clear_town(&t);
}
END_TEST

START_TEST(who_leaves_before_the_release_is_found)
{
    town t;

    setup_town(&t);
    t.problem.client_release_s = t.release_s;
    expect_right(&t);
    t.release_s[1] = 1;
    expect_finding(&t, "vehicle 0: arrival");
    clear_town(&t);
}
END_TEST

START_TEST(the_wrong_order_of_two_is_found)
{
    town t;

    setup_town(&t);
    t.problem.client_after = t.after;
    t.after[1] = 0;
    t.after[3] = 4; /* who is not served */
    expect_right(&t);
    t.after[1] = GB_ROUTE_NONE;
    t.after[0] = 1;
    expect_finding(&t, "comes before");
    t.after[0] = 2;
    expect_finding(&t, "not on the route of");
    clear_town(&t);
}
END_TEST

START_TEST(days_that_are_no_pattern_are_found)
{
    town t;

    setup_town(&t);
    for (int i = 0; i < L * L; i++)
        t.seconds[i] = t.metres[i] = 0; /* all at one corner: all alike */
    for (uint32_t c = 0; c < N; c++)
        t.location[c] = 1;
    drive_town(&t);
    t.problem.n_bundles = 1;
    t.problem.client_bundle = t.bundle;
    t.problem.bundle_first_pattern = t.first_pattern;
    t.problem.patterns = t.patterns;
    t.first_pattern[1] = 1;
    t.patterns[0] = 5;
    t.bundle[1] = t.bundle[2] = 0;
    t.vehicles[1].day = 2;
    expect_right(&t);
    t.vehicles[1].day = 1;
    expect_finding(&t, "no pattern");
    t.vehicles[1].day = 0;
    expect_finding(&t, "second of bundle 0 on day 0");
    t.bundle[1] = GB_ROUTE_NONE;
    expect_finding(&t, "no pattern");
    t.bundle[2] = GB_ROUTE_NONE;
    t.bundle[4] = 0; /* left out */
    expect_right(&t);
    clear_town(&t);
}
END_TEST

START_TEST(prizes_of_another_kind_are_found)
{
    town t;

    setup_town(&t);
    t.problem.n_prize_kinds = 2;
    t.problem.client_kind_prize = t.kind_prize;
    expect_right(&t);
    t.vehicles[1].prize_kind = 1;
    expect_finding(&t, "vehicle 1: prize");
    clear_town(&t);
}
END_TEST

START_TEST(a_must_of_a_group_or_a_vehicle_that_is_left_out_is_counted)
{
    town t;

    setup_town(&t);
    t.problem.client_group = t.group;
    t.problem.group_must = t.group_must;
    t.group[0] = t.group[4] = 3;
    t.group_must[3] = 1;
    t.group_must[2] = 1; /* nobody is in it */
    t.vehicles[0].must_use = 1;
    expect_right(&t);
    t.group[0] = GB_ROUTE_NONE;
    expect_finding(&t, "n_musts_unserved is 0, it is 1");
    t.group[0] = 3;
    t.vehicles[2].must_use = 1;
    expect_finding(&t, "n_musts_unserved is 0, it is 1");
    t.group[1] = 3;
    expect_finding(&t, "clients 0 and 1 of one group");
    clear_town(&t);
}
END_TEST

START_TEST(a_limit_of_distance_or_travel_that_is_passed_is_found)
{
    town t;

    setup_town(&t);
    t.vehicles[1].max_distance_m = 1600;
    t.vehicles[1].max_travel_s = 800;
    expect_right(&t);
    t.vehicles[1].max_distance_m = 1599;
    expect_finding(&t, "vehicle 1: it travels too far");
    t.vehicles[1].max_distance_m = 0;
    t.vehicles[1].max_travel_s = 799;
    expect_finding(&t, "vehicle 1: it travels for too long");
    clear_town(&t);
}
END_TEST

START_TEST(travel_at_another_speed_or_another_hour_is_found)
{
    town t;

    setup_town(&t);
    t.vehicles[0].speed_permille = 1000;
    expect_right(&t);
    t.vehicles[0].speed_permille = 999;
    expect_right(&t); /* 100.1 s are 100 */
    t.vehicles[0].speed_permille = 995;
    expect_finding(&t, "is given as 100, it is 101");
    t.vehicles[0].speed_permille = 0;
    t.profile.n_bands = 2;
    t.profile.band_start_s = t.band_start_s;
    t.profile.band_seconds = t.band_seconds;
    t.band_seconds[0] = t.seconds;
    t.band_seconds[1] = t.slower;
    t.band_start_s[1] = 401;
    expect_right(&t); /* both set out for home before */
    t.band_start_s[1] = 400;
    expect_finding(&t, "vehicle 1: end is given as 800, it is 1000");
    clear_town(&t);
}
END_TEST

START_TEST(departure_is_put_off_only_while_there_is_a_way_home)
{
    static const uint32_t first[] = { 0, 1, 1, 1 }, items[] = { 0 };
    static const uint32_t first_window[] = { 0, 1, 1, 1, 1, 1 };
    static const gb_route_window window = { 1000, 5000 };
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_totals totals = { .size = sizeof totals };
    town t;

    setup_town(&t);
    t.problem.client_first_window = first_window;
    t.problem.windows = &window;
    t.profile.n_bands = 2;
    t.profile.band_start_s = t.band_start_s;
    t.profile.band_seconds = t.band_seconds;
    t.band_seconds[0] = t.seconds;
    t.band_seconds[1] = t.slower;
    t.band_start_s[1] = 1050;
    t.slower[1 * L + 0] = GB_ROUTE_UNREACHABLE;
    order.first = first;
    order.items = items;
    gb_route_solution_free(t.solution);
    assert_ok(t.ctx, gb_route_evaluate(t.ctx, &t.problem, &order,
                                       &t.solution));
    ck_assert(gb_route_solution_totals(t.solution, 0, &totals));
    ck_assert_int_eq(totals.depart_s, 900);
    ck_assert_int_eq(totals.end_s, 1100);
    expect_right(&t);
    clear_town(&t);
}
END_TEST

START_TEST(each_price_is_counted)
{
    town t;

    setup_town(&t);
    t.vehicles[0].cost_per_travel_s_milli = 1;
    expect_finding(&t, "vehicle 0: cost is given as 400, it is 800");
    t.vehicles[0].cost_per_travel_s_milli = 0;
    t.profile.cost = t.cost;
    expect_finding(&t, "vehicle 0: cost is given as 400, it is 3400");
    t.profile.cost = NULL;
    t.problem.longest_per_s_milli = 1;
    expect_finding(&t, "cost_milli is 1200, it is 2000");
    t.problem.longest_per_s_milli = 0;
    t.problem.spread_per_s_milli = 1;
    expect_finding(&t, "cost_milli is 1200, it is 1600");
    clear_town(&t);
}
END_TEST

/* --- the certificate: client 4 is worth 10,000 and costs 1,000 alone --- */

static bool is_missed(const town *t)
{
    return strstr(finding(t, true), "client 4 could be served") != NULL;
}

START_TEST(who_fits_at_a_gain_is_found_and_who_is_forbidden_is_not)
{
    town t;

    setup_town(&t);
    ck_assert(is_missed(&t));
    t.prize[4] = 0;
    ck_assert(!is_missed(&t));
    t.prize[4] = 10;
    t.problem.client_skills = t.skills;
    t.skills[4] = 1;
    ck_assert(!is_missed(&t));
    t.vehicles[2].skills = 1;
    ck_assert(is_missed(&t));
    t.skills[4] = 0;

    t.problem.client_group = t.group;
    t.group[0] = t.group[4] = 1;
    ck_assert(!is_missed(&t));
    t.group[0] = 2;
    ck_assert(is_missed(&t));

    t.problem.n_loads = 1;
    t.problem.client_load = t.load;
    for (uint32_t v = 0; v < V; v++)
        t.vehicles[v].capacity = t.capacity;
    t.capacity[0] = 2;
    t.load[4] = 2;
    ck_assert(is_missed(&t)); /* the vehicle at home has room */
    t.load[4] = 3;
    ck_assert(!is_missed(&t));
    clear_town(&t);
}
END_TEST

START_TEST(a_must_of_any_sort_that_fits_is_found)
{
    town t;

    setup_town(&t);
    t.prize[4] = 0;
    ck_assert(!is_missed(&t));
    t.problem.client_group = t.group;
    t.problem.group_must = t.group_must;
    t.group[4] = 2;
    t.group_must[2] = 1;
    t.solution->summary.n_musts_unserved = 1;
    ck_assert(is_missed(&t));
    t.group_must[2] = 0;
    t.vehicles[2].must_use = 1;
    ck_assert(is_missed(&t));
    t.vehicles[2].must_use = 0;
    t.problem.client_must = t.must;
    t.must[4] = 1;
    ck_assert(is_missed(&t));
    clear_town(&t);
}
END_TEST

START_TEST(balance_is_part_of_a_gain)
{
    town t;

    setup_town(&t);
    /* Alone on vehicle 2: 1,000 s; the longest so far has 800. */
    t.prize[4] = 3;
    t.problem.longest_per_s_milli = 9;
    t.solution->summary.cost_milli += 7200;
    t.solution->summary.value_milli -= 7200;
    ck_assert(is_missed(&t)); /* 3000 - 1000 - 9 * 200 = 200 */
    t.problem.longest_per_s_milli = 10;
    t.solution->summary.cost_milli += 800;
    t.solution->summary.value_milli -= 800;
    /* On vehicle 1 it is no longer either: 200 s more at 1 and 10. */
    t.vehicles[1].max_clients = 2;
    t.vehicles[0].max_clients = 2;
    ck_assert(!is_missed(&t));
    clear_town(&t);
}
END_TEST

START_TEST(order_and_patterns_hold_for_who_is_put_in_too)
{
    town t;

    setup_town(&t);
    t.problem.client_after = t.after;
    t.after[4] = 1;
    ck_assert_ptr_nonnull(strstr(finding(&t, true), "by vehicle 0 before "
                                                    "item 2"));
    t.after[4] = GB_ROUTE_NONE;
    t.after[2] = 4;
    ck_assert_ptr_nonnull(strstr(finding(&t, true), "by vehicle 1 before "
                                                    "item 0"));
    t.after[3] = 2;
    t.after[0] = 4; /* in two routes at once: nowhere */
    ck_assert(!is_missed(&t));
    t.problem.client_after = NULL;

    t.problem.n_bundles = 1;
    t.problem.client_bundle = t.bundle;
    t.problem.bundle_first_pattern = t.first_pattern;
    t.problem.patterns = t.patterns;
    t.first_pattern[1] = 1;
    t.patterns[0] = 2;
    t.bundle[4] = 0;
    ck_assert(!is_missed(&t));
    t.vehicles[2].day = 1;
    ck_assert_ptr_nonnull(strstr(finding(&t, true), "by vehicle 2"));
    clear_town(&t);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_check_model");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_plan_that_keeps_every_rule_is_right);
    tcase_add_test(tc, a_load_above_the_capacity_is_found);
    tcase_add_test(tc, a_skill_that_is_missing_is_found);
    tcase_add_test(tc, who_leaves_before_the_release_is_found);
    tcase_add_test(tc, the_wrong_order_of_two_is_found);
    tcase_add_test(tc, days_that_are_no_pattern_are_found);
    tcase_add_test(tc, prizes_of_another_kind_are_found);
    tcase_add_test(tc,
                   a_must_of_a_group_or_a_vehicle_that_is_left_out_is_counted);
    tcase_add_test(tc, a_limit_of_distance_or_travel_that_is_passed_is_found);
    tcase_add_test(tc, travel_at_another_speed_or_another_hour_is_found);
    tcase_add_test(tc,
                   departure_is_put_off_only_while_there_is_a_way_home);
    tcase_add_test(tc, each_price_is_counted);
    tcase_add_test(tc,
                   who_fits_at_a_gain_is_found_and_who_is_forbidden_is_not);
    tcase_add_test(tc, a_must_of_any_sort_that_fits_is_found);
    tcase_add_test(tc, balance_is_part_of_a_gain);
    tcase_add_test(tc, order_and_patterns_hold_for_who_is_put_in_too);
    return suite;
}
