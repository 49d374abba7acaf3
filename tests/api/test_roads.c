/*
 * gridbeat/roads.h by its public face: every status of every call, and what
 * the real maps give.
 */
#include <gridbeat/gridbeat.h>

#include <unistd.h>

#include "tiny_roads.h"

static gb_context *ctx;
static gb_roads *roads;

/* Two crossing streets of some 220 m, a foot path, an island, a river. */
static const char town[] =
    "<node id='1' lon='104' lat='30'/><node id='2' lon='104.001' lat='30'/>"
    "<node id='3' lon='104.002' lat='30'/>"
    "<node id='4' lon='104.001' lat='30.001'/>"
    "<node id='5' lon='104.001' lat='29.999'/>"
    "<node id='6' lon='104.003' lat='30.001'/>"
    "<node id='7' lon='104.003' lat='30.0012'/>"
    "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/>"
    "<tag k='highway' v='primary'/></way>"
    "<way id='2'><nd ref='4'/><nd ref='2'/><nd ref='5'/>"
    "<tag k='highway' v='residential'/></way>"
    "<way id='3'><nd ref='4'/><nd ref='3'/><tag k='highway' v='footway'/>"
    "</way>"
    "<way id='4'><nd ref='6'/><nd ref='7'/>"
    "<tag k='highway' v='residential'/></way>"
    "<way id='5'><nd ref='1'/><nd ref='4'/><tag k='waterway' v='river'/>"
    "</way>";

static void set_up(void)
{
    ctx = test_context();
    roads = NULL;
    assert_ok(ctx, tiny_build(ctx, town, NULL, &roads));
}

static void tear_down(void)
{
    gb_context_free(ctx); /* before the index, as is allowed */
    gb_roads_close(roads);
}

START_TEST(modes_have_names)
{
    gb_mode mode;

    for (int m = 0; m < GB_MODE_COUNT; m++) {
        ck_assert(gb_mode_parse(gb_mode_name((gb_mode)m), &mode));
        ck_assert_int_eq(mode, m);
    }
    ck_assert(gb_mode_parse("E-Bike", &mode) && mode == GB_MODE_EBIKE);
    ck_assert(!gb_mode_parse("horse", &mode));
    ck_assert(!gb_mode_parse(NULL, &mode));
    ck_assert_str_eq(gb_mode_name((gb_mode)7), "?");
}
END_TEST

static int cancel_at_once(void *user, const gb_progress *progress)
{
    (void)user, (void)progress;
    return 1;
}

START_TEST(a_build_answers_each_of_its_statuses)
{
    gb_roads_options options = GB_ROADS_OPTIONS_INIT;
    gb_roads_report report = { .size = sizeof report };
    const char *osm = tiny_path("tiny.osm"), *out = tiny_path("x.roads");
    const char *junk = tiny_path("junk.pbf");

    assert_ok(ctx, gb_roads_build(ctx, osm, out, NULL, &report));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_build(ctx, NULL, out, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_build(ctx, osm, NULL, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_build(ctx, "a.txt", out, NULL, NULL));
    options.ebike_contraflow = 2;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_build(ctx, osm, out, &options, NULL));
    options.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_build(ctx, osm, out, &options, NULL));
    report.size = 4;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_build(ctx, osm, out, NULL, &report));
    assert_status(ctx, GB_ERR_IO,
                  gb_roads_build(ctx, "/nowhere/a.osm", out, NULL, NULL));
    assert_status(ctx, GB_ERR_IO,
                  gb_roads_build(ctx, osm, "/nowhere/x.roads", NULL, NULL));
    test_write_file(junk, "junk", 4);
    assert_status(ctx, GB_ERR_PARSE,
                  gb_roads_build(ctx, junk, out, NULL, NULL));
    gb_context_set_progress(ctx, cancel_at_once, NULL);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_roads_build(ctx, osm, out, NULL, NULL));
    gb_context_set_progress(ctx, NULL, NULL);
    test_write_file(tiny_path("empty.osm"), "<osm/>", 6);
    assert_status(ctx, GB_ERR_DATA,
                  gb_roads_build(ctx, tiny_path("empty.osm"), out, NULL,
                                 NULL));
}
END_TEST

START_TEST(a_report_counts_what_was_read_and_kept)
{
    gb_roads_report report = { .size = sizeof report };

    assert_ok(ctx, gb_roads_build(ctx, tiny_path("tiny.osm"),
                                  tiny_path("x.roads"), NULL, &report));
    ck_assert_uint_eq(report.nodes_read, 7);
    ck_assert_uint_eq(report.ways_read, 5);
    ck_assert_uint_eq(report.highways, 4);
    ck_assert_uint_eq(report.lines, 4); /* not the foot path */
    ck_assert_uint_eq(report.modes[GB_MODE_FOOT].open_ways, 4);
    ck_assert_uint_eq(report.modes[GB_MODE_CAR].open_ways, 3);
    /* The island of 22 m is open but not routable. */
    ck_assert_int_eq(report.modes[GB_MODE_CAR].open_m
                         - report.modes[GB_MODE_CAR].routable_m,
                     22);
}
END_TEST

START_TEST(an_index_answers_each_of_its_statuses)
{
    gb_roads *other = NULL;
    const char *path = tiny_path("x.roads");
    size_t size;
    char *bytes = test_read_file(tiny_path("tiny.roads"), &size);
    gb_roads_facts facts = { .size = sizeof facts };
    gb_roads_line_set lines;

    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_open(ctx, NULL, &other));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_open(ctx, path, NULL));
    assert_status(ctx, GB_ERR_IO, gb_roads_open(ctx, "/nowhere/x", &other));
    assert_status(ctx, GB_ERR_IO, gb_roads_open(ctx, "/", &other));
    test_write_file(path, "", 0);
    assert_status(ctx, GB_ERR_PARSE, gb_roads_open(ctx, path, &other));
    test_write_file(path, "hello, this is text", 19);
    assert_status(ctx, GB_ERR_PARSE, gb_roads_open(ctx, path, &other));
    test_write_file(path, bytes, size - 1);
    assert_status(ctx, GB_ERR_INTEGRITY, gb_roads_open(ctx, path, &other));
    bytes[8]++;
    test_write_file(path, bytes, size);
    assert_status(ctx, GB_ERR_SCHEMA, gb_roads_open(ctx, path, &other));
    ck_assert_ptr_null(other);
    free(bytes);

    assert_ok(ctx, gb_roads_info(ctx, roads, &facts));
    ck_assert_uint_eq(facts.file_bytes, size);
    ck_assert_uint_eq(facts.lines, 4);
    assert_near(facts.south_west.lat_deg, 29.999, 1e-9);
    assert_near(facts.north_east.lon_deg, 104.003, 1e-9);
    ck_assert_uint_eq(facts.modes[GB_MODE_FOOT].is_turn_aware, 0);
    ck_assert_uint_eq(facts.modes[GB_MODE_CAR].is_turn_aware, 1);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_info(ctx, NULL, &facts));
    facts.size = 2;
    assert_status(ctx, GB_ERR_OPTIONS, gb_roads_info(ctx, roads, &facts));

    assert_ok(ctx, gb_roads_lines(ctx, roads, &lines));
    ck_assert_uint_eq(lines.n_lines, 4);
    ck_assert_int_eq(lines.classes[0], GB_LINE_ARTERIAL);
    ck_assert_int_eq(lines.classes[3], GB_LINE_RIVER);
    ck_assert_uint_eq(lines.first_point[4], lines.n_points);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_lines(ctx, roads, NULL));
    gb_roads_close(NULL);
}
END_TEST

START_TEST(snapping_reports_the_distance_and_refuses_what_is_far)
{
    const gb_lonlat points[4] = { { 104.0005, 30.0001 },   /* 11.09 m north */
                                  { 104.0005, 30.05 },     /* 5.4 km */
                                  { 200, 30 },
                                  { 104.003, 30.0011 } };  /* the island */
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    gb_roads_place places[4];

    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 4, NULL,
                                 places));
    ck_assert_int_eq(places[0].status, GB_SNAP_OK);
    assert_near(places[0].distance_m, 11.086, 0.01);
    assert_near(places[0].point.lat_deg, 30, 1e-9);
    assert_near(places[0].point.lon_deg, 104.0005, 1e-9);
    ck_assert_int_eq(places[1].status, GB_SNAP_FAR);
    ck_assert(isinf(places[1].distance_m));
    ck_assert_int_eq(places[2].status, GB_SNAP_INVALID);
    /* Never on the island, though it is nearer. */
    ck_assert_int_eq(places[3].status, GB_SNAP_OK);
    assert_near(places[3].distance_m, 155, 2);

    options.unconnected = 1;
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 4, &options,
                                 places));
    assert_near(places[3].distance_m, 0, 0.01);
    options.unconnected = 2;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                places));
    options.unconnected = 0;

    options.max_snap_m = 11.0;
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                 places));
    ck_assert_int_eq(places[0].status, GB_SNAP_FAR);
    options.max_snap_m = 11.1;
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                 places));
    ck_assert_int_eq(places[0].status, GB_SNAP_OK);

    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, NULL, 0, NULL,
                                 NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_snap(ctx, roads, (gb_mode)3, points, 1, NULL,
                                places));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, NULL, 1, NULL,
                                places));
    options.max_snap_m = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                places));
    options.max_snap_m = (double)NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                places));
    options.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 1, &options,
                                places));
}
END_TEST

START_TEST(within_one_street_times_are_exact)
{
    /* Along the primary street: 0, 30 and 150 m east of its beginning. */
    const double degree_m = 96486.28; /* of longitude on the 30th parallel */
    const gb_lonlat points[3] = { { 104, 30 },
                                  { 104 + 30 / degree_m, 30 },
                                  { 104 + 150 / degree_m, 30 } };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_place places[3];
    int32_t seconds[9], metres[9];

    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_FOOT, points, 3, NULL,
                                 places));
    query.mode = GB_MODE_FOOT;
    query.from = places;
    query.n_from = 3;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, metres));
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(metres[4 * i], 0);
    ck_assert_int_eq(metres[1], 30);
    ck_assert_int_eq(metres[3], 30);
    ck_assert_int_eq(metres[2], 150);
    ck_assert_int_eq(metres[5], 120);
    ck_assert_int_eq(seconds[1], 22);  /* 21.6 */
    ck_assert_int_eq(seconds[5], 86);  /* 86.4 */
}
END_TEST

START_TEST(tables_and_paths_answer_each_of_their_statuses)
{
    const gb_lonlat points[3] = { { 104, 30 }, { 104.001, 30.001 },
                                  { 10, 10 } };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_place places[3], bad;
    gb_roads_path_totals totals;
    int32_t seconds[9], metres[9];
    gb_lonlat line[8];
    size_t n;

    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 3, NULL,
                                 places));
    query.mode = GB_MODE_CAR;
    query.from = places;
    query.n_from = 3;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, metres));
    ck_assert_int_eq(metres[1], 207); /* 96.49 and 110.85 m */
    ck_assert_int_eq(metres[2], GB_ROADS_UNREACHABLE);
    ck_assert_int_eq(seconds[6], GB_ROADS_UNREACHABLE);
    ck_assert_int_eq(seconds[8], GB_ROADS_UNREACHABLE);
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, NULL, NULL));
    query.n_from = 0;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, NULL, NULL));
    query.n_from = 3;

    assert_ok(ctx, gb_roads_path(ctx, roads, &places[0], &places[1], 8, line,
                                 &n, &totals));
    ck_assert_uint_eq(n, 3);
    assert_near(line[1].lon_deg, 104.001, 1e-9);
    ck_assert_int_eq(totals.metres, metres[1]);
    ck_assert_int_eq(totals.seconds, seconds[1]);
    assert_status(ctx, GB_ERR_BUFFER,
                  gb_roads_path(ctx, roads, &places[0], &places[1], 2, line,
                                &n, NULL));
    ck_assert_uint_eq(n, 3);
    assert_ok(ctx, gb_roads_path(ctx, roads, &places[0], &places[2], 8, line,
                                 &n, &totals));
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(totals.seconds, GB_ROADS_UNREACHABLE);
    assert_ok(ctx, gb_roads_path(ctx, roads, &places[0], &places[0], 8, line,
                                 &n, &totals));
    ck_assert_uint_eq(n, 1);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_path(ctx, roads, &places[0], NULL, 8, line, &n,
                                NULL));

    bad = places[0];
    bad.link = 1000;
    query.to = &bad;
    query.n_to = 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_path(ctx, roads, &places[0], &bad, 8, line, &n,
                                NULL));
    bad = places[0];
    bad.along_cm = 1000000;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    bad.status = 9;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    query.to = NULL;
    query.mode = GB_MODE_FOOT;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    ck_assert(strstr(gb_last_error(ctx), "snapped for car") != NULL);
    query.mode = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    query.mode = GB_MODE_CAR;
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_roads_snap(ctx, roads, GB_MODE_CAR, points, 3, NULL,
                                places));
    gb_context_resume(ctx);
    query.size = 0;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_table(ctx, roads, &query, seconds, metres));
}
END_TEST

START_TEST(a_failed_build_leaves_the_older_index_and_nothing_else)
{
    const char *path = tiny_path("tiny.roads");
    size_t size, size_after;
    char *before = test_read_file(path, &size), *after;

    test_write_file(tiny_path("cut.osm"), "<osm><node id='1'", 17);
    assert_status(ctx, GB_ERR_PARSE,
                  gb_roads_build(ctx, tiny_path("cut.osm"), path, NULL,
                                 NULL));
    after = test_read_file(path, &size_after);
    ck_assert_uint_eq(size, size_after);
    ck_assert_mem_eq(before, after, size);
    free(before);
    free(after);
}
END_TEST

START_TEST(the_same_map_gives_the_same_bytes)
{
    size_t a, b;
    char *first = test_read_file(tiny_path("tiny.roads"), &a), *second;

    assert_ok(ctx, gb_roads_build(ctx, tiny_path("tiny.osm"),
                                  tiny_path("again.roads"), NULL, NULL));
    second = test_read_file(tiny_path("again.roads"), &b);
    ck_assert_uint_eq(a, b);
    ck_assert_mem_eq(first, second, a);
    free(first);
    free(second);
}
END_TEST

/* ---- real maps ---- */

static const struct {
    const char *data, *shared;
    double least_share[3]; /* of the streets of a mode that are routable */
} maps[] = {
    { "liechtenstein-2013-08-03.osm.pbf", NULL, { 0.94, 0.94, 0.98 } },
    { NULL, "data/roads/chengdu_center.osm.pbf", { 0.98, 0.88, 0.82 } },
    { NULL, "data/roads/monaco.osm.pbf", { 0.97, 0.96, 0.87 } },
};

/* Metres as the crow flies, on a sphere. */
static double crow_m(gb_lonlat a, gb_lonlat b)
{
    const double radian = 3.14159265358979 / 180;
    const double x = (b.lon_deg - a.lon_deg)
                     * cos((a.lat_deg + b.lat_deg) / 2 * radian);

    return 111195 * hypot(x, b.lat_deg - a.lat_deg);
}

/*
 * 60 places on the streets of all the map: no way is shorter than the crow's,
 * speeds are those of the mode, detours on the whole as cities have them.
 */
static void check_plausible(const gb_roads *city, gb_mode mode)
{
    enum { N = 60 };
    static const double fastest_kmh[3] = { 10, 22, 110 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    gb_roads_facts facts = { .size = sizeof facts };
    gb_lonlat points[N];
    gb_roads_place places[N];
    static int32_t seconds[N * N], metres[N * N], again[N * N];
    double road_m = 0, straight_m = 0;

    assert_ok(ctx, gb_roads_info(ctx, city, &facts));
    for (int i = 0; i < N; i++) {
        const double u = fmod(i * 0.754877666, 1), v = fmod(i * 0.569840291, 1);

        points[i].lon_deg = facts.south_west.lon_deg
                            + u * (facts.north_east.lon_deg
                                   - facts.south_west.lon_deg);
        points[i].lat_deg = facts.south_west.lat_deg
                            + v * (facts.north_east.lat_deg
                                   - facts.south_west.lat_deg);
    }
    options.max_snap_m = 50000;
    assert_ok(ctx, gb_roads_snap(ctx, city, mode, points, N, &options,
                                 places));
    query.mode = mode;
    query.from = places;
    query.n_from = N;
    assert_ok(ctx, gb_roads_table(ctx, city, &query, seconds, metres));
    query.n_threads = 2;
    assert_ok(ctx, gb_roads_table(ctx, city, &query, again, NULL));
    ck_assert_mem_eq(seconds, again, sizeof seconds);
    for (int i = 0; i < N * N; i++) {
        const double crow = crow_m(places[i / N].point, places[i % N].point);

        ck_assert_int_ne(seconds[i], GB_ROADS_UNREACHABLE);
        ck_assert_msg(metres[i] >= crow * 0.99 - 2, "%d m, %g m by air",
                      metres[i], crow);
        ck_assert(metres[i] <= (seconds[i] + 1) * fastest_kmh[mode] / 3.6 + 1);
        road_m += metres[i];
        straight_m += crow;
    }
    ck_assert_msg(road_m < 2.1 * straight_m, "%s: detour %.2f",
                  gb_mode_name(mode), road_m / straight_m);
}

START_TEST(a_real_map_is_plausible)
{
    const char *path = maps[_i].data ? test_data_path(maps[_i].data)
                                     : test_shared_path(maps[_i].shared);
    gb_roads_report report = { .size = sizeof report };
    gb_roads *city = NULL;

    if (!path)
        return;
    assert_ok(ctx, gb_roads_build(ctx, path, tiny_path("city.roads"), NULL,
                                  &report));
    assert_ok(ctx, gb_roads_open(ctx, tiny_path("city.roads"), &city));
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const double share = (double)report.modes[m].routable_m
                             / (double)report.modes[m].open_m;

        ck_assert_msg(share >= maps[_i].least_share[m] && share <= 1,
                      "%s %s: %.3f", path, gb_mode_name((gb_mode)m), share);
        check_plausible(city, (gb_mode)m);
    }
    gb_roads_close(city);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("api_roads");
    TCase *tcase = tcase_create("roads");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, modes_have_names);
    tcase_add_test(tcase, a_build_answers_each_of_its_statuses);
    tcase_add_test(tcase, a_report_counts_what_was_read_and_kept);
    tcase_add_test(tcase, an_index_answers_each_of_its_statuses);
    tcase_add_test(tcase, snapping_reports_the_distance_and_refuses_what_is_far);
    tcase_add_test(tcase, within_one_street_times_are_exact);
    tcase_add_test(tcase, tables_and_paths_answer_each_of_their_statuses);
    tcase_add_test(tcase, a_failed_build_leaves_the_older_index_and_nothing_else);
    tcase_add_test(tcase, the_same_map_gives_the_same_bytes);
    tcase_add_loop_test(tcase, a_real_map_is_plausible, 0,
                        sizeof maps / sizeof maps[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
