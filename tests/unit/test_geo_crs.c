#include "geo_crs.h"

#include "test.h"

/* One field of a CSV line; NULL when empty. */
static char *field(char **rest)
{
    char *begin = *rest, *comma = strchr(begin, ',');

    *rest = comma ? comma + 1 : begin + strlen(begin);
    if (comma)
        *comma = '\0';
    return *begin ? begin : NULL;
}

typedef struct triple {
    gb_lonlat at[3]; /* WGS 84, GCJ-02, BD-09 */
    bool has[3];
    bool is_inexact; /* its source says so */
} triple;

static bool read_triple(char *line, triple *out)
{
    char *rest = line;

    *out = (triple){ .is_inexact = strstr(line, "ONE-STEP")
                                   || strstr(line, "VARIANT")
                                   || strstr(line, "variant") };
    field(&rest);
    for (int d = 0; d < 3; d++) {
        const char *lon = field(&rest), *lat = field(&rest);

        out->has[d] = lon && lat;
        if (out->has[d])
            out->at[d] = (gb_lonlat){ atof(lon), atof(lat) };
    }
    return out->has[1];
}

START_TEST(shifted_datums_agree_with_published_points)
{
    const char *path
        = test_shared_path("data/roads/china_datum_testpoints.csv");
    char *text, *line;
    size_t size;
    int n = 0;

    if (!path)
        return;
    text = test_read_file(path, &size);
    line = strtok(text, "\n");
    while ((line = strtok(NULL, "\n")) != NULL) {
        triple t;

        if (!read_triple(line, &t))
            continue;
        n++;
        if (t.has[2]) {
            const gb_lonlat bd = geo_datum_shift(GB_DATUM_GCJ02, GB_DATUM_BD09,
                                                 t.at[1]);

            assert_near(bd.lon_deg, t.at[2].lon_deg, 1e-6);
            assert_near(bd.lat_deg, t.at[2].lat_deg, 1e-6);
        }
        if (t.has[0] && !t.is_inexact) {
            const gb_lonlat gcj = geo_datum_shift(
                GB_DATUM_WGS84, GB_DATUM_GCJ02, t.at[0]);

            /* the file's WGS 84 side went through someone's one-step
             * inverse: 1e-4 is what its own tests ask for */
            assert_near(gcj.lon_deg, t.at[1].lon_deg, 1e-4);
            assert_near(gcj.lat_deg, t.at[1].lat_deg, 1e-4);
        }
    }
    ck_assert_int_gt(n, 300);
    free(text);
}
END_TEST

START_TEST(zones_are_chosen_by_the_middle_of_the_extent)
{
    static const struct {
        double west, south, east, north;
        int32_t epsg;
    } rows[] = {
        { 103.9, 30.6, 104.2, 30.8, 4544 },  /* Chengdu: 105 E */
        { 116.2, 39.8, 116.6, 40.0, 4548 },  /* Beijing: 117 E */
        { 114.2, 30.4, 114.4, 30.7, 4547 },  /* Wuhan: 114 E */
        { 9.47, 47.0, 9.64, 47.3, 32632 },   /* Liechtenstein */
        { -70.0, -34.0, -70.0, -34.0, 32719 },
        { 179.0, 10.0, 180.0, 11.0, 32660 },
    };
    gb_context *ctx = test_context();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gb_lonlat sw = { rows[i].west, rows[i].south };
        const gb_lonlat ne = { rows[i].east, rows[i].north };
        int32_t epsg;
        gb_crs *crs;

        assert_ok(ctx, geo_crs_for_extent(ctx, sw, ne, &epsg));
        ck_assert_int_eq(epsg, rows[i].epsg);
        assert_ok(ctx, geo_crs_open(ctx, epsg, &crs));
        ck_assert_int_eq(gb_crs_epsg(crs), epsg);
        gb_crs_free(crs);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(x_is_east_and_y_is_north)
{
    /* TRAPS.md has this point from SpatiaLite's own transformation. */
    const gb_lonlat wuhan = { 114.3, 30.6 };
    gb_context *ctx = test_context();
    gb_point p;
    gb_crs *crs;

    assert_ok(ctx, geo_crs_open(ctx, 4547, &crs));
    assert_ok(ctx, geo_crs_project(ctx, crs, &wuhan, 1, &p));
    assert_near(p.x_m, 528770.237, 0.001);
    assert_near(p.y_m, 3386666.251, 0.001);
    gb_crs_free(crs);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_junk_environment_does_not_lead_proj_astray)
{
    gb_context *ctx = test_context();
    gb_crs *crs;

    setenv("PROJ_DATA", "/nowhere", 1);
    setenv("PROJ_LIB", "/nowhere", 1);
    setenv("PROJ_NETWORK", "ON", 1);
    assert_ok(ctx, geo_crs_open(ctx, 4547, &crs));
    gb_crs_free(crs);
    gb_context_free(ctx);
}
END_TEST

START_TEST(distances_on_the_globe_are_those_on_the_plane)
{
    const gb_lonlat a = { 104.00, 30.60 }, b = { 104.05, 30.66 };
    const gb_lonlat both[2] = { { 104.00, 30.60 }, { 104.05, 30.66 } };
    gb_context *ctx = test_context();
    gb_point p[2];
    gb_crs *crs;

    assert_ok(ctx, geo_crs_open(ctx, 4544, &crs));
    assert_ok(ctx, geo_crs_project(ctx, crs, both, 2, p));
    assert_near(geo_lonlat_distance_m(a, b),
                hypot(p[1].x_m - p[0].x_m, p[1].y_m - p[0].y_m), 8.0);
    ck_assert(geo_lonlat_distance_m((gb_lonlat){ 179.9, 0.0 },
                                    (gb_lonlat){ -179.9, 0.0 })
              < 23000.0);
    gb_crs_free(crs);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo_crs");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, shifted_datums_agree_with_published_points);
    tcase_add_test(tcase, zones_are_chosen_by_the_middle_of_the_extent);
    tcase_add_test(tcase, x_is_east_and_y_is_north);
    tcase_add_test(tcase, a_junk_environment_does_not_lead_proj_astray);
    tcase_add_test(tcase, distances_on_the_globe_are_those_on_the_plane);
    suite_add_tcase(suite, tcase);
    return suite;
}
