#include "geo_codec.h"
#include "geo_locate.h"

#include "test.h"

static gb_context *ctx;
static gb_crs *crs;
static geo_shapes shapes;
static geo_locator *locator;

static void set_up(void)
{
    ctx = test_context();
    assert_ok(ctx, gb_crs_open(ctx, 4544, &crs));
    geo_shapes_init(&shapes, ctx->mem);
    locator = NULL;
}

static void tear_down(void)
{
    geo_locator_free(locator);
    geo_shapes_clear(&shapes);
    gb_crs_free(crs);
    gb_context_free(ctx);
}

static void add(double x, double y, double w, double h)
{
    const gb_point ring[4] = { { x, y }, { x + w, y }, { x + w, y + h },
                               { x, y + h } };

    for (int i = 0; i < 4; i++)
        ck_assert(geo_shapes_add_point(&shapes, ring[i]));
    ck_assert(geo_shapes_end_ring(&shapes) && geo_shapes_end_shape(&shapes));
}

static uint32_t shape_at(double x_m, double y_m)
{
    const gb_point at = { x_m, y_m };
    gb_lonlat degrees;

    assert_ok(ctx, gb_crs_unproject(ctx, crs, &at, 1, &degrees));
    return geo_locate(locator, degrees).shape;
}

START_TEST(a_border_of_forty_kilometres_is_followed_to_two_millimetres)
{
    gb_shapes view;

    add(340000, 3400000, 40000, 20000);
    add(340000, 3420000, 40000, 20000);
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_locator_build(ctx, crs, &view, NULL, &locator));
    for (double x = 340000.003; x < 380000; x += 77.7) {
        ck_assert_uint_eq(shape_at(x, 3419999.9965), 0);
        ck_assert_uint_eq(shape_at(x, 3420000.0035), 1);
        ck_assert_uint_eq(shape_at(x, 3399999.9965), GEO_NOWHERE);
    }
}
END_TEST

START_TEST(shapes_on_both_sides_of_the_date_line_are_neighbours)
{
    gb_shapes view;

    add(179.9, 10, 0.1, 0.1);
    add(-180.0, 10, 0.1, 0.1);
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_locator_build_degrees(ctx, &view, NULL, &locator));
    ck_assert_uint_eq(
        geo_locate(locator, (gb_lonlat){ 179.99999, 10.05 }).shape, 0);
    ck_assert_uint_eq(
        geo_locate(locator, (gb_lonlat){ -179.99999, 10.05 }).shape, 1);
    ck_assert_uint_eq(geo_locate(locator, (gb_lonlat){ -180.0, 10.05 }).other,
                      1);
}
END_TEST

START_TEST(what_is_too_wide_is_refused)
{
    gb_shapes view;

    add(100, 30, 0.1, 0.1);
    add(121, 30, 0.1, 0.1);
    view = geo_shapes_view(&shapes);
    assert_status(ctx, GB_ERR_GEOMETRY,
                  geo_locator_build_degrees(ctx, &view, NULL, &locator));
    geo_shapes_truncate(&shapes, 0);
    add(100, 30, 3, 0.1);
    view = geo_shapes_view(&shapes);
    assert_status(ctx, GB_ERR_GEOMETRY,
                  geo_locator_build_degrees(ctx, &view, NULL, &locator));
    ck_assert_ptr_null(locator);
}
END_TEST

START_TEST(without_shapes_everything_is_outside)
{
    const gb_shapes none = geo_shapes_view(&shapes);
    double metres = 1.0;

    assert_ok(ctx, geo_locator_build_degrees(ctx, &none, NULL, &locator));
    ck_assert_uint_eq(geo_locate(locator, (gb_lonlat){ 0, 0 }).shape,
                      GEO_NOWHERE);
    ck_assert_uint_eq(
        geo_locate_nearest(locator, (gb_lonlat){ 0, 0 }, &metres),
        GEO_NOWHERE);
    assert_near(metres, 0.0, 0.0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo_locate");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase,
                   a_border_of_forty_kilometres_is_followed_to_two_millimetres);
    tcase_add_test(tcase,
                   shapes_on_both_sides_of_the_date_line_are_neighbours);
    tcase_add_test(tcase, what_is_too_wide_is_refused);
    tcase_add_test(tcase, without_shapes_everything_is_outside);
    suite_add_tcase(suite, tcase);
    return suite;
}
