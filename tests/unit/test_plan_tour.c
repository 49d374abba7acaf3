/*
 * The way between visits, before any route is made.
 */
#include "plan_tour.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "base_rng.h"

static gb_context *ctx;
static base_run run;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
}

static void tear_down(void)
{
    gb_context_free(ctx);
}

static double tour_m(const gb_point *spots, size_t n)
{
    double *metres = malloc(n * sizeof *metres);
    double sum = 0;

    assert_ok(ctx, plan_tour_shares(&run, spots, n, metres));
    for (size_t i = 0; i < n; i++) {
        ck_assert(metres[i] >= 0);
        sum += metres[i];
    }
    free(metres);
    return sum;
}

/* Within 5 %: the rim has fewer neighbours. */
START_TEST(places_strewn_by_chance_make_the_tour_of_their_density)
{
    enum { N = 4000 };
    static gb_point spots[N];
    base_rng rng = base_rng_stream(11, 0);
    const double side_m = 10000;

    for (size_t i = 0; i < N; i++)
        spots[i] = (gb_point){ side_m * base_rng_unit(&rng),
                               side_m * base_rng_unit(&rng) };
    ck_assert_double_eq_tol(tour_m(spots, N)
                                / (0.7124 * sqrt(N * side_m * side_m)),
                            1, 0.05);
}
END_TEST

START_TEST(twice_as_far_apart_is_twice_the_way)
{
    gb_point near[50], far[50];

    for (int i = 0; i < 50; i++) {
        near[i] = (gb_point){ 70.0 * (i % 10), 50.0 * (i / 10) };
        far[i] = (gb_point){ 2 * near[i].x_m, 2 * near[i].y_m };
    }
    ck_assert_double_eq_tol(tour_m(far, 50) / tour_m(near, 50), 2, 1e-9);
}
END_TEST

START_TEST(one_place_alone_is_far_but_no_farther_than_five_kilometres)
{
    const gb_point alone = { 0, 0 };

    ck_assert(tour_m(&alone, 1) > 4500 && tour_m(&alone, 1) <= 5000);
    assert_ok(ctx, plan_tour_shares(&run, NULL, 0, NULL));
}
END_TEST

START_TEST(work_is_at_least_the_stay_and_grows_with_the_way)
{
    const double stay = 40000, day = 28800;
    const double here = plan_tour_work_s(stay, 20, 0, 0, day);
    const double between = plan_tour_work_s(stay, 20, 6000, 0, day);
    const double there = plan_tour_work_s(stay, 20, 6000, 1200, day);

    ck_assert_double_eq_tol(here, stay, 1e-9);
    ck_assert(between > here && there > between);
    /* The first stop of each of 40000 / 28800 days comes from the branch. */
    ck_assert_double_eq_tol(between - here,
                            PLAN_TOUR_BETWEEN * 6000
                                * (1 - stay / day / 20),
                            1e-6);
    ck_assert_double_eq_tol(there * (1 - 2 * PLAN_TOUR_THERE * 1200 / day),
                            between, 1e-6);
}
END_TEST

START_TEST(however_far_the_branch_half_a_day_is_for_visits)
{
    ck_assert_double_eq_tol(plan_tour_work_s(1000, 1, 0, 1e6, 28800), 2000,
                            1e-9);
}
END_TEST

START_TEST(work_adds_up_over_cells_that_are_alike)
{
    const double whole = plan_tour_work_s(40000, 20, 6000, 900, 28800);
    const double half = plan_tour_work_s(20000, 10, 3000, 900, 28800);

    ck_assert_double_eq_tol(2 * half, whole, 1e-6);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_tour");
    TCase *tcase = tcase_create("tour");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase,
                   places_strewn_by_chance_make_the_tour_of_their_density);
    tcase_add_test(tcase, twice_as_far_apart_is_twice_the_way);
    tcase_add_test(tcase,
                   one_place_alone_is_far_but_no_farther_than_five_kilometres);
    tcase_add_test(tcase, work_is_at_least_the_stay_and_grows_with_the_way);
    tcase_add_test(tcase, however_far_the_branch_half_a_day_is_for_visits);
    tcase_add_test(tcase, work_adds_up_over_cells_that_are_alike);
    suite_add_tcase(suite, tcase);
    return suite;
}
