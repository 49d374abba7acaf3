#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "test.h"

static const gb_point corners[] = { { 0, 0 }, { 9, 0 }, { 9, 9 }, { 0, 9 } };
static const uint32_t ring[] = { 0, 1 }, four[] = { 0, 4 };
static const gb_shapes box = { 1, 1, 4, ring, four, corners };
static const gb_point points[] = { { 1, 1 }, { 5, 2 }, { 8, 8 } };
static const gb_raster raster = { 0, 0, 1, 5, 5 };

/* Sweeps, nodes, sums; with a window; with radii of the points' own. */
static gb_status all_surfaces(gb_context *ctx, gb_density_options *o)
{
    const double radii[] = { 1, 3, 9 };
    double values[25];
    gb_status status = GB_OK;

    for (int32_t kernel = 0; kernel < 3 && !status; kernel++)
        for (int way = 0; way < 4 && !status; way++) {
            o->kernel = kernel;
            o->radius_m = way == 1 ? 0.5 : 4;
            o->radii_m = way == 2 ? radii : NULL;
            o->window = way >= 2 ? &box : NULL;
            status = gb_density_raster(ctx, points, NULL, 3, &raster, o,
                                       values);
            if (!status)
                status = gb_density_at(ctx, points, NULL, 3, points, 3, o,
                                       values);
        }
    return status;
}

static gb_status along_streets(gb_context *ctx, int32_t kernel)
{
    const uint32_t from[] = { 0, 1 }, to[] = { 1, 2 };
    const double length_m[] = { 10, 20 };
    const gb_streets streets = { 3, 2, from, to, length_m };
    const gb_street_place places[] = { { 0, 3 }, { 1, 9 } };
    const gb_density_options options
        = { .size = sizeof options, .kernel = kernel, .radius_m = 30 };
    double values[2];

    return gb_density_streets(ctx, &streets, places, NULL, 2, places, 2,
                              &options, values);
}

static gb_status all_of_it(gb_context *ctx)
{
    const gb_density_options plain
        = { .size = sizeof plain, .radius_m = 4 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double values[3];
    gb_status status = all_surfaces(ctx, &options);

    if (!status)
        status = gb_density_leave_one_out(ctx, points, NULL, 3, &options,
                                          values);
    if (!status)
        status = gb_density_radii(ctx, points, NULL, 3, 4, &options, values);
    if (!status)
        status = gb_density_mass_inside(ctx, &box, points, 3, &options,
                                        values);
    if (!status)
        status = gb_density_in_shapes(ctx, points, NULL, 3, &box, &plain,
                                      values);
    for (int32_t kernel = 0; kernel < 3 && !status; kernel++)
        status = along_streets(ctx, kernel);
    return status ? status
                  : gb_density_share(ctx, values, values, 3, 0, values);
}

START_TEST(densities_survive_lack_of_memory)
{
    faulty_loop(all_of_it, (faulty_way)_i, 1);
}
END_TEST

START_TEST(a_wish_to_cancel_is_met)
{
    gb_context *ctx = test_context();
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double values[25];

    options.kernel = _i;
    options.radius_m = 4;
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_density_raster(ctx, points, NULL, 3, &raster, &options,
                                    values));
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_density_mass_inside(ctx, &box, points, 3, &options,
                                         values));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("density");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, densities_survive_lack_of_memory, 0, 2);
    tcase_add_loop_test(tcase, a_wish_to_cancel_is_met, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
