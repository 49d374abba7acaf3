/*
 * gridbeat/roads.h by its public face: speeds that change, directions, what is
 * reached, catchments, crossings, checking, the bank's own tables.
 */
#include <gridbeat/gridbeat.h>

#include "tiny_roads.h"

static gb_context *ctx;
static gb_roads *roads;

enum { N = 4 };
static gb_roads_place places[N];

/*
 * Long Street from west to east, 96 m a piece, with a side street to the
 * north at its middle and a private yard behind that.
 *
 *                 5 . . 6 (private)
 *                 |
 *     1 --------- 2 --------- 3
 */
static const char town[] =
    "<node id='1' lon='104' lat='30'/><node id='2' lon='104.001' lat='30'/>"
    "<node id='3' lon='104.002' lat='30'/>"
    "<node id='5' lon='104.001' lat='30.001'/>"
    "<node id='6' lon='104.002' lat='30.001'/>"
    "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/>"
    "<tag k='highway' v='primary'/><tag k='name' v='Long Street'/></way>"
    "<way id='2'><nd ref='5'/><nd ref='2'/>"
    "<tag k='highway' v='residential'/><tag k='name' v='北街'/></way>"
    "<way id='3'><nd ref='5'/><nd ref='6'/>"
    "<tag k='highway' v='residential'/><tag k='access' v='private'/></way>";

static const gb_lonlat points[N] = { { 104.0001, 30 },      /* Long Street */
                                     { 104.0018, 30 },      /* its far end */
                                     { 104.001, 30.0008 },  /* north */
                                     { 104.0015, 30.001 } };/* the yard */

static void set_up(void)
{
    ctx = test_context();
    roads = NULL;
    assert_ok(ctx, tiny_build(ctx, town, NULL, &roads));
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, points, N, NULL,
                                 places));
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(places[i].status, GB_SNAP_OK);
}

static void tear_down(void)
{
    gb_roads_close(roads);
    gb_context_free(ctx);
}

static int32_t seconds_between(const gb_roads *index, int from, int to)
{
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    int32_t seconds;

    query.mode = places[from].mode;
    query.from = &places[from];
    query.to = &places[to];
    query.n_from = query.n_to = 1;
    assert_ok(ctx, gb_roads_table(ctx, index, &query, &seconds, NULL));
    return seconds;
}

static gb_status with_profile(const char *json, const char *band,
                              gb_roads **out)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;

    speeds.profile_json = json;
    speeds.band = band;
    return gb_roads_customise(ctx, roads, &speeds, out);
}

/* ---- speeds ---- */

START_TEST(half_the_speed_takes_twice_the_time)
{
    gb_roads *slow = NULL;
    gb_roads_facts before = { .size = sizeof before }, after = before;

    /* 164 m at 45 km/h: 13.1 s; at a tenth: 131 s. */
    ck_assert_int_eq(seconds_between(roads, 0, 1), 13);
    assert_ok(ctx, with_profile("{\"car\": {\"speed_kmh\": {\"primary\": 4.5}}}",
                                NULL, &slow));
    ck_assert_int_eq(seconds_between(slow, 0, 1), 131);
    assert_ok(ctx, gb_roads_info(ctx, roads, &before));
    assert_ok(ctx, gb_roads_info(ctx, slow, &after));
    ck_assert_mem_ne(before.hash, after.hash, sizeof before.hash);
    /* The first may go before the second, which may be customised again. */
    gb_roads_close(roads);
    roads = slow;
    assert_ok(ctx, with_profile("{\"car\": {\"speed_kmh\": {\"primary\": 45}}}",
                                NULL, &slow));
    ck_assert_int_eq(seconds_between(slow, 0, 1), 13);
    gb_roads_close(slow);
}
END_TEST

START_TEST(a_band_is_slower_and_a_closed_street_is_unreachable)
{
    gb_roads *other = NULL;

    assert_ok(ctx, with_profile(NULL, "morning_peak", &other));
    ck_assert_int_gt(seconds_between(other, 0, 1), seconds_between(roads, 0, 1));
    gb_roads_close(other);
    assert_ok(ctx, with_profile("{\"car\": {\"speed_kmh\": {\"residential\": 0}}}",
                                NULL, &other));
    ck_assert_int_eq(seconds_between(other, 0, 2), GB_ROADS_UNREACHABLE);
    gb_roads_close(other);
}
END_TEST

START_TEST(a_saved_index_keeps_its_speeds)
{
    gb_roads *slow = NULL, *again = NULL;

    assert_ok(ctx, with_profile("{\"car\": {\"speed_kmh\": {\"primary\": 9}}}",
                                "evening_peak", &slow));
    assert_ok(ctx, gb_roads_save(ctx, slow, tiny_path("slow.roads")));
    assert_ok(ctx, gb_roads_open(ctx, tiny_path("slow.roads"), &again));
    ck_assert_int_eq(seconds_between(again, 0, 1), seconds_between(slow, 0, 1));
    gb_roads_close(slow);
    gb_roads_close(again);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_save(ctx, roads, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_roads_save(ctx, NULL, "x"));
    assert_status(ctx, GB_ERR_IO,
                  gb_roads_save(ctx, roads, "/nowhere/x.roads"));
}
END_TEST

START_TEST(customising_answers_each_of_its_statuses)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *other = NULL;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_customise(ctx, NULL, &speeds, &other));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_customise(ctx, roads, &speeds, NULL));
    assert_status(ctx, GB_ERR_PARSE, with_profile("{\n \"car\": }", NULL, &other));
    ck_assert_msg(strstr(gb_last_error(ctx), "2") != NULL, "%s",
                  gb_last_error(ctx));
    assert_status(ctx, GB_ERR_DATA,
                  with_profile("{\"cra\": {}}", NULL, &other));
    ck_assert(strstr(gb_last_error(ctx), "car") != NULL);
    assert_status(ctx, GB_ERR_DATA, with_profile(NULL, "noon", &other));
    assert_status(ctx, GB_ERR_DATA,
                  with_profile("{\"car\": {\"turn_aware\": false}}", NULL,
                               &other));
    ck_assert(strstr(gb_last_error(ctx), "again") != NULL);
    speeds.mode = 7;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_customise(ctx, roads, &speeds, &other));
    speeds.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_customise(ctx, roads, &speeds, &other));
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED, with_profile(NULL, NULL, &other));
    gb_context_resume(ctx);
    ck_assert_ptr_null(other);
}
END_TEST

START_TEST(bands_cover_the_day)
{
    gb_roads_band band = { .size = sizeof band };
    int minutes[2] = { 0, 0 };

    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        assert_ok(ctx, gb_roads_band_at(ctx, roads, i, &band));
        for (int kind = 0; kind < 2; kind++)
            if (band.day_kinds >> kind & 1)
                minutes[kind] += (band.to_min - band.from_min + 1439) % 1440
                                 + 1;
    }
    ck_assert_int_eq(minutes[0], 1440);
    ck_assert_int_eq(minutes[1], 1440);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_band_at(ctx, roads, gb_roads_band_count(roads),
                                   &band));
    band.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS, gb_roads_band_at(ctx, roads, 0, &band));
}
END_TEST

/* Only the car is asked for; the others stay at the hour that they have. */
START_TEST(a_mode_that_stays_as_it_is_keeps_its_band)
{
    static const char moved[] =
        "{\"bands\": [{\"name\": \"x\", \"days\": [\"rest\"], "
        "\"from\": \"00:00\", \"to\": \"24:00\"}, "
        "{\"name\": \"night\", \"days\": [\"working\"], "
        "\"from\": \"00:00\", \"to\": \"24:00\", "
        "\"factor\": {\"car\": 0.5}}]}";
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *night = NULL, *other = NULL, *again = NULL;

    assert_ok(ctx, with_profile(NULL, "night", &night));
    speeds.mode = GB_MODE_CAR;
    speeds.profile_json = "{\"bands\": []}";
    assert_status(ctx, GB_ERR_DATA,
                  gb_roads_customise(ctx, night, &speeds, &other));
    ck_assert_ptr_null(other);
    speeds.profile_json = moved;
    assert_ok(ctx, gb_roads_customise(ctx, night, &speeds, &other));
    assert_ok(ctx, gb_roads_save(ctx, other, tiny_path("moved.roads")));
    assert_ok(ctx, gb_roads_open(ctx, tiny_path("moved.roads"), &again));
    speeds.mode = -1;
    speeds.profile_json = "{\"bands\": []}";
    gb_roads_close(other);
    assert_ok(ctx, gb_roads_customise(ctx, night, &speeds, &other));
    gb_roads_close(night);
    gb_roads_close(other);
    gb_roads_close(again);
}
END_TEST

/* The profile of an index, or of NULL; to be freed. */
static char *profile_of(const gb_roads *index)
{
    char *text, small[1];
    size_t n = 0, again = 0;

    assert_status(ctx, GB_ERR_BUFFER,
                  gb_roads_profile_json(ctx, index, 0, NULL, &n));
    assert_status(ctx, GB_ERR_BUFFER,
                  gb_roads_profile_json(ctx, index, 1, small, &again));
    ck_assert_uint_eq(n, again);
    text = malloc(n);
    ck_assert_ptr_nonnull(text);
    assert_ok(ctx, gb_roads_profile_json(ctx, index, n, text, &again));
    ck_assert_uint_eq(strlen(text) + 1, n);
    return text;
}

START_TEST(a_profile_that_was_asked_for_can_be_given_back)
{
    char *shipped = profile_of(NULL), *own = profile_of(roads), *changed;
    gb_roads *other = NULL, *again = NULL;
    size_t n;

    ck_assert_str_eq(shipped, own);
    assert_ok(ctx, with_profile("{\"car\": {\"fastest_kmh\": 77, "
                                "\"speed_kmh\": {\"motorway\": 77, "
                                "\"motorway_link\": 50}, "
                                "\"own_speed_kmh\": {\"motorway\": 77}}}",
                                NULL, &other));
    changed = profile_of(other);
    ck_assert_str_ne(changed, own);
    assert_ok(ctx, with_profile(changed, NULL, &again));
    free(own);
    own = profile_of(again);
    ck_assert_str_eq(changed, own);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_profile_json(ctx, roads, 0, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_profile_json(ctx, roads, 1, NULL, &n));
    gb_roads_close(other);
    gb_roads_close(again);
    free(shipped);
    free(own);
    free(changed);
}
END_TEST

START_TEST(who_leaves_later_never_arrives_earlier)
{
    /* A jam from 7 to 9 that takes five times as long. */
    const gb_roads_hours hours[3] = { { 0, 600 },
                                      { 7 * 3600, 3000 },
                                      { 9 * 3600, 600 } };
    const gb_roads_hours shut[2] = { { 0, GB_ROADS_UNREACHABLE },
                                     { 3600, 60 } };
    int32_t last = 0;

    for (int32_t t = 0; t < 2 * 86400; t += 7) {
        const int32_t arrival = gb_roads_arrival_s(hours, 3, t);

        ck_assert_int_ge(arrival, last);
        ck_assert_int_ge(arrival, t + 600);
        ck_assert_int_le(arrival, t + 3000);
        last = arrival;
    }
    ck_assert_int_eq(gb_roads_arrival_s(hours, 3, 3600), 4200);
    ck_assert_int_eq(gb_roads_arrival_s(hours, 3, 8 * 3600), 8 * 3600 + 3000);
    /* Half of the way before seven, the other half in the jam. */
    ck_assert_int_eq(gb_roads_arrival_s(hours, 3, 7 * 3600 - 300),
                     7 * 3600 + 1500);
    ck_assert_int_eq(gb_roads_arrival_s(shut, 2, 0), 3660);
    ck_assert_int_eq(gb_roads_arrival_s(shut, 1, 0), GB_ROADS_UNREACHABLE);
    ck_assert_int_eq(gb_roads_arrival_s(NULL, 0, 0), GB_ROADS_UNREACHABLE);
}
END_TEST

/* ---- streets and directions ---- */

START_TEST(a_place_knows_its_street)
{
    gb_roads_street street = { .size = sizeof street };
    gb_roads_place nowhere = places[0];

    assert_ok(ctx, gb_roads_street_of(ctx, roads, &places[2], &street));
    ck_assert_str_eq(street.name, "北街");
    ck_assert_str_eq(street.road_class, "residential");
    ck_assert_int_eq(street.is_end, 0);
    ck_assert_int_eq(street.is_oneway, 0);
    ck_assert_int_eq(street.link_m, 111);
    assert_ok(ctx, gb_roads_street_of(ctx, roads, &places[3], &street));
    ck_assert_int_eq(street.is_end, 1);
    ck_assert_str_eq(street.name, "");
    nowhere.status = GB_SNAP_FAR;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_street_of(ctx, roads, &nowhere, &street));
    street.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_street_of(ctx, roads, &places[0], &street));
}
END_TEST

/* Links and places make a graph: where a place lies, its link leads past. */
START_TEST(a_link_has_its_ends_length_and_line)
{
    gb_roads_link link = { .size = sizeof link };
    gb_roads_street street = { .size = sizeof street };
    gb_lonlat line[64];
    uint32_t n = 0;
    int64_t vertices = 0;

    while (gb_roads_link_of(ctx, roads, GB_MODE_FOOT, n, &link, line, 64)
           == GB_OK) {
        ck_assert_uint_ge(link.n_points, 2);
        ck_assert_uint_gt(link.length_cm, 0);
        vertices = link.to > vertices ? link.to : vertices;
        n++;
    }
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_roads_link_of(ctx, roads, GB_MODE_FOOT, n, &link, NULL,
                                   0));
    ck_assert_uint_gt(n, 3);
    ck_assert_int_le(vertices, 2 * (int64_t)n);
    assert_ok(ctx, gb_roads_link_of(ctx, roads, (gb_mode)places[2].mode,
                                    places[2].link, &link, line, 64));
    assert_ok(ctx, gb_roads_street_of(ctx, roads, &places[2], &street));
    ck_assert_int_eq(link.is_open, 1);
    ck_assert_int_eq((link.length_cm + 50) / 100, street.link_m);
    ck_assert_uint_le(places[2].along_cm, link.length_cm);
    assert_ok(ctx, gb_roads_link_of(ctx, roads, GB_MODE_FOOT, 0, &link, NULL,
                                    0));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_link_of(ctx, roads, GB_MODE_FOOT, 0, &link, NULL,
                                   1));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_link_of(ctx, NULL, GB_MODE_FOOT, 0, &link, NULL,
                                   0));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_link_of(ctx, roads, (gb_mode)9, 0, &link, NULL,
                                   0));
    link.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_link_of(ctx, roads, GB_MODE_FOOT, 0, &link, NULL,
                                   0));
}
END_TEST

START_TEST(directions_add_up_to_the_table)
{
    gb_roads_directions *way = NULL;
    const gb_roads_step *steps;
    const gb_lonlat *line;
    int32_t seconds = 0, metres = 0;
    size_t n;

    assert_ok(ctx, gb_roads_direct(ctx, roads, &places[0], &places[2], &way));
    n = gb_roads_directions_steps(way, &steps);
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(steps[0].turn, GB_TURN_DEPART);
    ck_assert_str_eq(steps[0].name, "Long Street");
    ck_assert_int_eq(steps[1].turn, GB_TURN_LEFT);
    ck_assert_str_eq(steps[1].name, "北街");
    ck_assert_int_eq(steps[2].turn, GB_TURN_ARRIVE);
    for (size_t i = 0; i < n; i++) {
        seconds += steps[i].seconds;
        metres += steps[i].metres;
    }
    ck_assert_int_eq(seconds, seconds_between(roads, 0, 2));
    ck_assert_int_eq(metres, gb_roads_directions_totals(way).metres);
    ck_assert_uint_eq(gb_roads_directions_line(way, &line), 3);
    assert_near(line[1].lon_deg, 104.001, 1e-9);
    gb_roads_directions_free(way);
    gb_roads_directions_free(NULL);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_direct(ctx, roads, NULL, &places[0], &way));
    ck_assert_ptr_null(way);
    places[1].status = GB_SNAP_FAR;
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_roads_direct(ctx, roads, &places[0], &places[1], &way));
}
END_TEST

/* ---- reach, catchments, crossings ---- */

START_TEST(what_is_reached_grows_with_the_limit)
{
    const int32_t limits[2] = { 5, 100 }, wrong[2] = { 5, 5 };
    gb_roads_reach_query query = GB_ROADS_REACH_QUERY_INIT;
    gb_roads_reached *reached = NULL;

    query.from = places;
    query.n_from = 1;
    query.limits_s = limits;
    query.n_limits = 2;
    assert_ok(ctx, gb_roads_reach(ctx, roads, &query, &reached));
    /* 5 s at 45 km/h to the east, 10 m to the west; then all of 400 m. */
    assert_near((double)gb_roads_reached_m(reached, 0), 72, 2);
    assert_near((double)gb_roads_reached_m(reached, 1), 400, 3);
    ck_assert_uint_eq(gb_roads_reached_areas(reached).n_shapes, 2);
    gb_roads_reached_free(reached);
    gb_roads_reached_free(NULL);
    query.limits_s = wrong;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_reach(ctx, roads, &query, &reached));
    query.n_from = 0;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_reach(ctx, roads, &query, &reached));
    query.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_reach(ctx, roads, &query, &reached));
    ck_assert_ptr_null(reached);
}
END_TEST

START_TEST(each_point_belongs_to_the_nearest_centre)
{
    uint32_t owner[N];
    int32_t seconds[N];

    places[3].status = GB_SNAP_FAR;
    assert_ok(ctx, gb_roads_catchments(ctx, roads, GB_MODE_CAR, &places[1], 2,
                                       places, N, owner, seconds));
    ck_assert_uint_eq(owner[1], 0);
    ck_assert_uint_eq(owner[2], 1);
    ck_assert_uint_eq(owner[3], UINT32_MAX);
    ck_assert_int_eq(seconds[0], seconds_between(roads, 1 + (int)owner[0], 0));
    ck_assert_int_eq(seconds[3], GB_ROADS_UNREACHABLE);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_catchments(ctx, roads, GB_MODE_FOOT, places, 2,
                                      places, N, owner, seconds));
}
END_TEST

START_TEST(streets_that_lead_over_are_counted)
{
    gb_lonlat at[32];
    uint32_t labels[32];
    gb_roads_crossing crossings[2];
    size_t n = 0, n_crossings = 0;

    assert_status(ctx, GB_ERR_BUFFER,
                  gb_roads_street_points(ctx, roads, GB_MODE_FOOT, 1, at, &n));
    ck_assert_uint_le(n, 32);
    assert_ok(ctx, gb_roads_street_points(ctx, roads, GB_MODE_FOOT, 32, at,
                                          &n));
    for (size_t i = 0; i < n; i++)
        labels[i] = at[i].lat_deg > 30.0005;
    assert_ok(ctx, gb_roads_crossings(ctx, roads, GB_MODE_FOOT, labels, n, 2,
                                      crossings, &n_crossings));
    ck_assert_uint_eq(n_crossings, 1);
    ck_assert_uint_eq(crossings[0].a, 0);
    ck_assert_uint_eq(crossings[0].b, 1);
    ck_assert_uint_eq(crossings[0].n, 1);
    assert_status(ctx, GB_ERR_BUFFER,
                  gb_roads_crossings(ctx, roads, GB_MODE_FOOT, labels, n, 0,
                                     NULL, &n_crossings));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_crossings(ctx, roads, GB_MODE_FOOT, labels, n - 1,
                                     2, crossings, &n_crossings));
}
END_TEST

/* ---- checking, tables of links ---- */

START_TEST(a_check_compares_and_finds_nothing)
{
    gb_roads_check_options options = GB_ROADS_CHECK_OPTIONS_INIT;
    gb_roads_check_report report = { .size = sizeof report };

    options.n_pairs = 300;
    assert_ok(ctx, gb_roads_check(ctx, roads, &options, &report));
    ck_assert_uint_eq(report.n_pairs, 900);
    ck_assert_uint_eq(report.n_wrong_tables, 0);
    ck_assert_uint_eq(report.n_wrong_paths, 0);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_check(ctx, roads, &options, NULL));
    report.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_roads_check(ctx, roads, &options, &report));
}
END_TEST

static void count_row(void *user, const char *path, uint64_t line,
                      const char *why)
{
    uint64_t *last = user;

    ck_assert(strstr(path, "links.csv") != NULL);
    ck_assert_uint_gt(strlen(why), 5);
    *last = line;
}

START_TEST(a_wrong_row_is_told_and_the_others_are_taken)
{
    static const char text[] =
        "id,line,class,name\n"
        "1,\"LINESTRING(104 30, 104.001 30)\",residential,West Street\n"
        "2,\"LINESTRING(104.001 30)\",primary,\n"
        "3,\"LINESTRING(104.001 30, 104.002 30)\",primary,\n";
    gb_roads_links links = GB_ROADS_LINKS_INIT;
    gb_roads_report report = { .size = sizeof report };
    uint64_t last = 0;

    test_write_file(tiny_path("links.csv"), text, strlen(text));
    links.links_path = tiny_path("links.csv");
    assert_ok(ctx, gb_roads_build_links(ctx, &links, tiny_path("l.roads"),
                                        NULL, count_row, &last, &report));
    ck_assert_uint_eq(last, 3);
    ck_assert_uint_eq(report.rows_read, 3);
    ck_assert_uint_eq(report.refused_rows, 1);
    ck_assert_uint_eq(report.links, 2);
    links.links_path = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_roads_build_links(ctx, &links, tiny_path("l.roads"), NULL,
                                       NULL, NULL, NULL));
    links.links_path = "/nowhere/links.csv";
    assert_status(ctx, GB_ERR_IO,
                  gb_roads_build_links(ctx, &links, tiny_path("l.roads"), NULL,
                                       NULL, NULL, NULL));
    test_write_file(tiny_path("empty.csv"), "a,b\n", 4);
    links.links_path = tiny_path("empty.csv");
    assert_status(ctx, GB_ERR_PARSE,
                  gb_roads_build_links(ctx, &links, tiny_path("l.roads"), NULL,
                                       NULL, NULL, NULL));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("api_roads_ways");
    TCase *tcase = tcase_create("roads");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, half_the_speed_takes_twice_the_time);
    tcase_add_test(tcase, a_band_is_slower_and_a_closed_street_is_unreachable);
    tcase_add_test(tcase, a_saved_index_keeps_its_speeds);
    tcase_add_test(tcase, customising_answers_each_of_its_statuses);
    tcase_add_test(tcase, bands_cover_the_day);
    tcase_add_test(tcase, a_mode_that_stays_as_it_is_keeps_its_band);
    tcase_add_test(tcase, a_profile_that_was_asked_for_can_be_given_back);
    tcase_add_test(tcase, who_leaves_later_never_arrives_earlier);
    tcase_add_test(tcase, a_place_knows_its_street);
    tcase_add_test(tcase, a_link_has_its_ends_length_and_line);
    tcase_add_test(tcase, directions_add_up_to_the_table);
    tcase_add_test(tcase, what_is_reached_grows_with_the_limit);
    tcase_add_test(tcase, each_point_belongs_to_the_nearest_centre);
    tcase_add_test(tcase, streets_that_lead_over_are_counted);
    tcase_add_test(tcase, a_check_compares_and_finds_nothing);
    tcase_add_test(tcase, a_wrong_row_is_told_and_the_others_are_taken);
    suite_add_tcase(suite, tcase);
    return suite;
}
