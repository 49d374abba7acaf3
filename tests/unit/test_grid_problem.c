#include "grid_assign.h"
#include "grid_problem.h"
#include "grid_start.h"
#include "random_areas.h"
#include "test.h"

static grid_problem problem_of(gb_context *ctx, const random_areas *in)
{
    grid_problem p;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &in->areas, &in->rules, NULL,
                                      &p));
    return p;
}

START_TEST(whole_activity_keeps_its_unit_and_fractions_become_whole)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(1, 30, 3, 0.1);
    double parts[30];
    grid_problem p = problem_of(ctx, &in);

    assert_near(p.load_unit[0], 1, 0);
    for (size_t a = 0; a < 30; a++)
        assert_near((double)p.load[a], in.areas.activity[a], 0);
    grid_problem_clear(&p);
    for (size_t a = 0; a < 30; a++)
        parts[a] = in.areas.activity[a] / 7;
    in.areas.activity = parts;
    p = problem_of(ctx, &in);
    for (size_t a = 0; a < 30; a++)
        assert_near((double)p.load[a] * p.load_unit[0], parts[a],
                    p.load_unit[0]);
    ck_assert(p.total[0] < INT64_C(1) << 51);
    ck_assert(p.total[0] > INT64_C(1) << 48);
    grid_problem_clear(&p);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(limits_include_a_load_that_is_exactly_at_the_tolerance)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(1, 4, 4, 0.05);
    const double activity[] = { 19, 21, 20, 20 };
    grid_problem p;

    in.areas.activity = activity;
    p = problem_of(ctx, &in);
    ck_assert_int_eq(p.low[0], 19);
    ck_assert_int_eq(p.high[0], 21);
    assert_near(grid_excess(&p, 0, 0, 21), 0, 0);
    ck_assert(grid_excess(&p, 0, 0, 22) > grid_excess(&p, 0, 0, 21));
    ck_assert(grid_excess(&p, 0, 0, 18) >= p.step);
    grid_problem_clear(&p);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_may_not_be_is_asked_area_by_area)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(1, 9, 9, 0.1);
    const uint32_t apart[] = { 2, 5, 2, 7 }, barred[] = { 4, 69, 4, 0 };
    uint8_t frozen[70] = { [66] = 1 };
    uint32_t before[9] = { 66, 66, 1, 1, 1, 1, 1, 80, 80 };
    uint32_t owner[9] = { 66, 66, 3, 1, 1, 1, 1, 2, 2 };
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    grid_problem p;
    base_run run;

    in.rules.n_territories = 70;
    in.rules.apart = apart;
    in.rules.n_apart = 2;
    in.rules.barred = barred;
    in.rules.n_barred = 2;
    in.rules.frozen = frozen;
    options.previous = before;
    options.max_moved = 3;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &in.areas, &in.rules, &options,
                                      &p));
    ck_assert(!grid_may_enter(&p, owner, 4, 69));
    ck_assert(!grid_may_enter(&p, owner, 4, 0));
    ck_assert(grid_may_enter(&p, owner, 4, 68));
    ck_assert(!grid_may_enter(&p, owner, 2, 1));
    ck_assert(!grid_may_enter(&p, owner, 2, 2));
    ck_assert(!grid_may_enter(&p, owner, 5, 3));
    ck_assert(grid_may_enter(&p, owner, 6, 3));
    ck_assert(!grid_may_enter(&p, owner, 3, 66));
    ck_assert_uint_eq(p.lock[0], 66);
    ck_assert_uint_eq(p.lock[2], GB_GRID_NONE);
    /* Two whose territory has left do not count against the three. */
    ck_assert_int_eq(p.most_moved, 5);
    ck_assert_int_eq(grid_moved_change(&p, 3, 1, 2), 1);
    ck_assert_int_eq(grid_moved_change(&p, 3, 2, 1), -1);
    ck_assert_int_eq(grid_moved_change(&p, 7, 2, 1), 0);
    ck_assert(grid_may_change(&p, 4, 1));
    ck_assert(!grid_may_change(&p, 5, 1));
    ck_assert(grid_may_change(&p, 6, -1));
    grid_problem_clear(&p);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_transport_short_of_capacity_is_infeasible)
{
    gb_context *ctx = test_context();
    const int64_t supply[] = { 3, 4 }, capacity[] = { 5, 1 };
    const int64_t cost[] = { 1, 2, 3, 4 };
    uint32_t owner[2];
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  grid_assign(&run, 2, 2, supply, capacity, cost, NULL,
                              owner, NULL, NULL, NULL));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_territory_left_without_areas_is_given_one)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(2, 25, 5, 0.1);
    grid_problem p = problem_of(ctx, &in);
    uint32_t owner[25] = { 0 };
    size_t count[5] = { 0 };
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_start_mend(&run, &p, owner));
    for (size_t a = 0; a < 25; a++)
        count[owner[a]]++;
    for (size_t t = 0; t < 5; t++)
        ck_assert_uint_gt(count[t], 0);
    grid_problem_clear(&p);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("grid_problem");
    TCase *c = tcase_create("grid_problem");

    tcase_add_test(c, whole_activity_keeps_its_unit_and_fractions_become_whole);
    tcase_add_test(c, limits_include_a_load_that_is_exactly_at_the_tolerance);
    tcase_add_test(c, what_may_not_be_is_asked_area_by_area);
    tcase_add_test(c, a_transport_short_of_capacity_is_infeasible);
    tcase_add_test(c, a_territory_left_without_areas_is_given_one);
    suite_add_tcase(suite, c);
    return suite;
}
