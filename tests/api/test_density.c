#include <gridbeat/gridbeat.h>

#include "test.h"

static const gb_point corners[] = { { 0, 0 }, { 9, 0 }, { 9, 9 }, { 0, 9 } };
static const uint32_t ring[] = { 0, 1 }, four[] = { 0, 4 };
static const gb_shapes box = { 1, 1, 4, ring, four, corners };
static const gb_point points[] = { { 1, 1 }, { 1, 2 }, { 30, 30 } };

START_TEST(a_point_alone_leaves_nothing_behind)
{
    gb_context *ctx = test_context();
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    const double weights[] = { 3, 0.1, 7 };
    double values[3];

    options.kernel = _i;
    options.radius_m = 2;
    assert_ok(ctx, gb_density_leave_one_out(ctx, points, weights, 3, &options,
                                            values));
    ck_assert(values[0] > 0 && values[1] > values[0]);
    assert_near(values[2], 0, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(radii_widen_where_points_are_thin)
{
    gb_context *ctx = test_context();
    gb_density_options pilot = GB_DENSITY_OPTIONS_INIT;
    double radii[3];

    pilot.radius_m = 5;
    assert_ok(ctx, gb_density_radii(ctx, points, NULL, 3, 40, &pilot, radii));
    assert_near(radii[0], radii[1], 1e-12);
    ck_assert(radii[0] < 40 && radii[2] > 40);
    assert_near(radii[0] * radii[1] * radii[2], 64000, 1e-8);
    assert_status(ctx, GB_ERR_DATA,
                  gb_density_radii(ctx, points, (const double[]){ 1, 1, 0 },
                                   3, 40, &pilot, radii));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 2"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_radii(ctx, points, NULL, 3, 0, &pilot, radii));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_radii(ctx, points, NULL, 3, 40, &pilot, NULL));
    gb_context_free(ctx);
}
END_TEST

START_TEST(points_outside_the_window_count_for_nothing_with_own_radii)
{
    gb_context *ctx = test_context();
    const double radii[] = { 2, 3, 400 };
    const gb_point at = { 4, 4 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double with = -1, without = -1;

    options.radii_m = radii;
    options.window = &box;
    assert_ok(ctx, gb_density_at(ctx, points, NULL, 3, &at, 1, &options,
                                 &with));
    assert_ok(ctx, gb_density_at(ctx, points, NULL, 2, &at, 1, &options,
                                 &without));
    assert_near(with, without, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(outside_the_window_there_is_no_density)
{
    gb_context *ctx = test_context();
    const gb_point at[] = { { 4, 4 }, { 10, 4 } };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double values[2];

    options.window = &box;
    assert_ok(ctx, gb_density_at(ctx, points, NULL, 3, at, 2, &options,
                                 values));
    ck_assert(values[0] > 0 && isnan(values[1]));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_share_is_told_where_there_is_enough_of_the_whole)
{
    gb_context *ctx = test_context();
    const double part[] = { 1, 1, 0, 0 }, whole[] = { 2, 0.001, 4, 0 };
    double share[4];

    assert_ok(ctx, gb_density_share(ctx, part, whole, 4, 0.01, share));
    assert_near(share[0], 0.5, 0);
    assert_near(share[2], 0, 0);
    ck_assert(isnan(share[1]) && isnan(share[3]));
    assert_ok(ctx, gb_density_share(ctx, part, whole, 4, 0, share));
    assert_near(share[1], 1000, 1e-9);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_share(ctx, part, whole, 4, 1, share));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_share(ctx, part, NULL, 4, 0, share));
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    gb_context *ctx = test_context();
    const gb_shapes empty = { 0 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double value;

    options.window = &empty;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_at(ctx, points, NULL, 3, points, 1, &options,
                                &value));
    options.window = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_mass_inside(ctx, NULL, points, 1, &options,
                                         &value));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_mass_inside(ctx, &box, points, 1, &options,
                                         NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_leave_one_out(ctx, points, NULL, 3, &options,
                                           NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_at(ctx, &(gb_point){ 1e308, 0 }, NULL, 1, points,
                                1, &options, &value));
    options.window = &box;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_density_in_shapes(ctx, points, NULL, 3, &box, &options,
                                       &value));
    options.window = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_in_shapes(ctx, points, NULL, 3, &box, &options,
                                       NULL));
    assert_ok(ctx, gb_density_in_shapes(ctx, points, NULL, 3, &empty,
                                        &options, NULL));
    options.radii_m = (const double[]){ 1, 2e7, 1 };
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_leave_one_out(ctx, points, NULL, 3, &options,
                                           &value));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 1"));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("density");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, a_point_alone_leaves_nothing_behind, 0, 3);
    tcase_add_test(tcase, radii_widen_where_points_are_thin);
    tcase_add_test(tcase,
                   points_outside_the_window_count_for_nothing_with_own_radii);
    tcase_add_test(tcase, outside_the_window_there_is_no_density);
    tcase_add_test(tcase, a_share_is_told_where_there_is_enough_of_the_whole);
    tcase_add_test(tcase, what_is_wrong_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
