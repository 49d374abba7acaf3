#include <gridbeat/gridbeat.h>

#include "test.h"

static gb_context *ctx;

static void setup(void)
{
    ctx = test_context();
}

static void teardown(void)
{
    gb_context_free(ctx);
}

START_TEST(a_datum_is_known_by_its_name)
{
    gb_datum datum;

    for (int d = 0; d < 4; d++) {
        ck_assert(gb_datum_parse(gb_datum_name((gb_datum)d), &datum));
        ck_assert_int_eq(datum, d);
    }
    ck_assert(gb_datum_parse("GCJ02", &datum));
    ck_assert_int_eq(datum, GB_DATUM_GCJ02);
    ck_assert(!gb_datum_parse("gcj-02", &datum));
    ck_assert(!gb_datum_parse("wgs8", &datum));
    ck_assert(!gb_datum_parse("", &datum));
    ck_assert(!gb_datum_parse(NULL, &datum));
    ck_assert_str_eq(gb_datum_name((gb_datum)9), "unknown");
}
END_TEST

START_TEST(points_in_china_are_shifted_and_others_are_not)
{
    gb_lonlat points[] = { { 104.06, 30.67 }, { 9.52, 47.14 } };

    assert_ok(ctx, gb_datum_convert(ctx, GB_DATUM_WGS84, GB_DATUM_GCJ02,
                                    points, 2));
    ck_assert(fabs(points[0].lon_deg - 104.06) > 0.001);
    assert_near(points[1].lon_deg, 9.52, 0);
    assert_ok(ctx, gb_datum_convert(ctx, GB_DATUM_GCJ02, GB_DATUM_WGS84,
                                    points, 2));
    assert_near(points[0].lon_deg, 104.06, 1e-9);
    assert_near(points[0].lat_deg, 30.67, 1e-9);
    assert_ok(ctx, gb_datum_convert(ctx, GB_DATUM_WGS84, GB_DATUM_CGCS2000,
                                    points, 0));
}
END_TEST

START_TEST(a_bad_point_is_named_and_none_is_changed)
{
    gb_lonlat points[] = { { 104.06, 30.67 }, { 1040.6, 30.67 } };

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_datum_convert(ctx, GB_DATUM_BD09, GB_DATUM_WGS84, points,
                                   2));
    ck_assert_str_eq(gb_last_error(ctx), "point 1: longitude 1040.600000, "
                     "latitude 30.670000 is not on the globe");
    assert_near(points[0].lon_deg, 104.06, 0);
    points[1].lon_deg = (double)NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_datum_convert(ctx, GB_DATUM_BD09, GB_DATUM_WGS84, points,
                                   2));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_datum_convert(ctx, (gb_datum)7, GB_DATUM_WGS84, points,
                                   1));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_datum_convert(ctx, GB_DATUM_BD09, GB_DATUM_WGS84, NULL,
                                   1));
    ck_assert_int_eq(gb_datum_convert(NULL, GB_DATUM_BD09, GB_DATUM_WGS84,
                                      points, 1), GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(an_extent_without_a_zone_is_refused)
{
    const gb_lonlat a = { 10, 20 }, b = { 11, 21 }, pole = { 11, 85 };
    const gb_lonlat south = { 10, -81 };
    int32_t epsg;

    assert_ok(ctx, gb_crs_for_extent(ctx, a, b, &epsg));
    ck_assert_int_eq(epsg, 32632);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_crs_for_extent(ctx, b, a, &epsg));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_crs_for_extent(ctx, a, b, NULL));
    assert_status(ctx, GB_ERR_CRS, gb_crs_for_extent(ctx, a, pole, &epsg));
    assert_status(ctx, GB_ERR_CRS, gb_crs_for_extent(ctx, south, b, &epsg));
    ck_assert_int_eq(gb_crs_for_extent(NULL, a, b, &epsg), GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(only_metric_zones_on_known_datums_are_opened)
{
    /* geographic; web Mercator; Beijing 54; Lambert in metres; nothing;
     * British grid, on a datum of its own */
    static const int32_t none[] = { 4326, 3857, 2414, 2154, 99999, 27700, -5 };
    gb_crs *crs = (gb_crs *)8;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_status(ctx, GB_ERR_CRS, gb_crs_open(ctx, none[i], &crs));
        ck_assert_ptr_null(crs);
        ck_assert_str_ne(gb_last_error(ctx), "");
    }
    assert_status(ctx, GB_ERR_ARGUMENT, gb_crs_open(ctx, 4544, NULL));
    ck_assert_int_eq(gb_crs_open(NULL, 4544, &crs), GB_ERR_ARGUMENT);
    gb_crs_free(NULL);
    ck_assert_int_eq(gb_crs_epsg(NULL), 0);
}
END_TEST

START_TEST(points_off_the_zone_are_refused)
{
    gb_lonlat points[] = { { 104, 30 }, { 120, 30 } };
    gb_point plane[2], far = { 3e6, 3e6 };
    gb_crs *crs;

    assert_ok(ctx, gb_crs_open(ctx, 4544, &crs));
    assert_ok(ctx, gb_crs_project(ctx, crs, points, 1, plane));
    assert_status(ctx, GB_ERR_CRS,
                  gb_crs_project(ctx, crs, points, 2, plane));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 1"));
    assert_status(ctx, GB_ERR_CRS,
                  gb_crs_unproject(ctx, crs, &far, 1, points));
    far.x_m = (double)NAN;
    assert_status(ctx, GB_ERR_CRS,
                  gb_crs_unproject(ctx, crs, &far, 1, points));
    points[0].lon_deg = (double)INFINITY;
    assert_status(ctx, GB_ERR_CRS,
                  gb_crs_project(ctx, crs, points, 1, plane));
    assert_ok(ctx, gb_crs_project(ctx, crs, NULL, 0, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_crs_project(ctx, crs, NULL, 1, plane));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_crs_unproject(ctx, NULL, plane, 1, points));
    ck_assert_int_eq(gb_crs_project(NULL, crs, points, 1, plane),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_crs_unproject(NULL, crs, plane, 1, points),
                     GB_ERR_ARGUMENT);
    gb_crs_free(crs);
}
END_TEST

START_TEST(a_system_outlives_its_context)
{
    gb_context *other = test_context();
    const gb_lonlat at = { 105, 30 };
    gb_point p;
    gb_crs *crs;

    assert_ok(other, gb_crs_open(other, 4544, &crs));
    gb_context_free(other);
    assert_ok(ctx, gb_crs_project(ctx, crs, &at, 1, &p));
    assert_near(p.x_m, 500000.0, 1e-3);
    gb_crs_free(crs);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_datum_is_known_by_its_name);
    tcase_add_test(tcase, points_in_china_are_shifted_and_others_are_not);
    tcase_add_test(tcase, a_bad_point_is_named_and_none_is_changed);
    tcase_add_test(tcase, an_extent_without_a_zone_is_refused);
    tcase_add_test(tcase, only_metric_zones_on_known_datums_are_opened);
    tcase_add_test(tcase, points_off_the_zone_are_refused);
    tcase_add_test(tcase, a_system_outlives_its_context);
    suite_add_tcase(suite, tcase);
    return suite;
}
