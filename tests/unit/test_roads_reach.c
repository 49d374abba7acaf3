/*
 * What is reached in a time, and by whom first: on a street drawn by hand, and
 * against tables on a real map.
 */
#include "geo_overlay.h"
#include "roads_index.h"
#include "tiny_roads.h"

#include "base_rng.h"
#include "faulty_alloc.h"

static gb_context *ctx;
static gb_roads *roads;
static gb_roads_reached *reached;

static void set_up(void)
{
    ctx = test_context();
    roads = NULL;
    reached = NULL;
}

static void tear_down(void)
{
    gb_roads_reached_free(reached);
    gb_roads_close(roads);
    gb_context_free(ctx);
}

/* A street of 1,113.2 m along the equator, and a private one of 221 m to the
 * north, 111.3 m from its beginning. */
#define STREET(tags)                                                          \
    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"        \
    "<node id='3' lon='0.009' lat='0'/><node id='4' lon='0.01' lat='0'/>"     \
    "<node id='5' lon='0.001' lat='0.002'/>"                                  \
    "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/>"        \
    "<tag k='highway' v='residential'/>" tags "</way>"                        \
    "<way id='2'><nd ref='2'/><nd ref='5'/>"                                  \
    "<tag k='highway' v='residential'/><tag k='access' v='private'/></way>"

static void reach(gb_mode mode, const gb_lonlat *points, size_t n_points,
                  const int32_t *limits, size_t n_limits)
{
    gb_roads_reach_query query = GB_ROADS_REACH_QUERY_INIT;
    gb_roads_place places[4];

    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, points, n_points, NULL,
                                 places));
    query.from = places;
    query.n_from = n_points;
    query.limits_s = limits;
    query.n_limits = n_limits;
    gb_roads_reached_free(reached);
    assert_ok(ctx, gb_roads_reach(ctx, roads, &query, &reached));
}

/* Square metres near the equator. */
static double area_m2(size_t i)
{
    const gb_shapes areas = gb_roads_reached_areas(reached);

    return geo_shape_area_m2(&areas, i) * 111319.49 * 110574.27;
}

START_TEST(from_mid_street_both_ways_are_reached_to_the_metre)
{
    static const gb_lonlat middle = { 0.005, 0 };
    static const int32_t limits[] = { 36, 72 };

    assert_ok(ctx, tiny_build(ctx, STREET(""), NULL, &roads));
    reach(GB_MODE_FOOT, &middle, 1, limits, 2);
    /* 36 s at 5 km/h are 50 m to each side. */
    ck_assert_int_eq(gb_roads_reached_m(reached, 0), 100);
    ck_assert_int_eq(gb_roads_reached_m(reached, 1), 200);
    /* A stretch of 100 m, 40 m wide to each side, its ends coarsely round. */
    assert_near(area_m2(0), 100 * 80 + 3.14159 * 40 * 40, 900);
    assert_near(area_m2(1), 200 * 80 + 3.14159 * 40 * 40, 900);
    ck_assert_int_eq(gb_roads_reached_m(reached, 2), 0);
}
END_TEST

START_TEST(a_one_way_street_is_reached_ahead_only)
{
    static const gb_lonlat middle = { 0.005, 0 };
    static const int32_t limits[] = { 18 };

    /* And a way back, off the line. */
    assert_ok(ctx, tiny_build(ctx, STREET("<tag k='oneway' v='yes'/>")
                              "<node id='6' lon='0.005' lat='0.004'/>"
                              "<way id='3'><nd ref='4'/><nd ref='6'/>"
                              "<nd ref='1'/><tag k='highway'"
                              " v='residential'/></way>", NULL, &roads));
    reach(GB_MODE_CAR, &middle, 1, limits, 1);
    /* 18 s at 25 km/h. */
    ck_assert_int_eq(gb_roads_reached_m(reached, 0), 125);
}
END_TEST

START_TEST(what_several_places_reach_counts_once)
{
    static const gb_lonlat pair[] = { { 0.005, 0 }, { 0.0053, 0 } };
    static const int32_t limits[] = { 36 };

    assert_ok(ctx, tiny_build(ctx, STREET(""), NULL, &roads));
    reach(GB_MODE_FOOT, pair, 2, limits, 1);
    /* 33.4 m apart: 50 m, these, 50 m. */
    ck_assert_int_eq(gb_roads_reached_m(reached, 0), 133);
}
END_TEST

START_TEST(a_private_street_is_reached_and_all_of_the_map_in_time)
{
    static const gb_lonlat near = { 0.0012, 0 };
    static const int32_t limits[] = { 20, 100, 2000 };

    assert_ok(ctx, tiny_build(ctx, STREET(""), NULL, &roads));
    reach(GB_MODE_FOOT, &near, 1, limits, 3);
    /* 27.8 m to the east; 22.3 m to the corner, and the rest from there to
     * the west and into the private street. */
    ck_assert_int_eq(gb_roads_reached_m(reached, 0), 61);
    ck_assert_int_eq(gb_roads_reached_m(reached, 2), 1113 + 221);
}
END_TEST

/* ---- a real map ---- */

static bool open_country(void)
{
    const char *path = test_data_path("liechtenstein-2013-08-03.osm.pbf");

    assert_ok(ctx, gb_roads_build(ctx, path, tiny_path("l.roads"), NULL,
                                  NULL));
    assert_ok(ctx, gb_roads_open(ctx, tiny_path("l.roads"), &roads));
    return true;
}

/* Each place equally likely by length, on the streets of a mode. */
static int64_t random_places(base_rng *rng, gb_mode mode,
                             gb_roads_place *places, size_t n)
{
    const roads_map *map = &roads->map;
    const double *weights = roads->modes[mode].metric.street_weights;
    int64_t total = 0, at = 0;
    size_t done = 0;

    for (size_t l = 0; l < map->n_links; l++)
        if (weights[2 * l] < ROADS_FAR || weights[2 * l + 1] < ROADS_FAR)
            total += map->links[l].cm;
    /* Evenly spaced, from a place by chance. */
    at = -base_rng_between(rng, 0, total / (int64_t)n);
    for (uint32_t l = 0; l < map->n_links && done < n; l++) {
        if (!(weights[2 * l] < ROADS_FAR || weights[2 * l + 1] < ROADS_FAR))
            continue;
        while (done < n && at <= (int64_t)map->links[l].cm) {
            if (at >= 0) {
                places[done] = (gb_roads_place){
                    .mode = (int32_t)mode, .link = l,
                    .along_cm = (uint32_t)at };
                places[done++].point = roads_e7_lonlat(
                    map->points[map->links[l].first_point]);
            }
            at += total / (int64_t)n;
        }
        at -= map->links[l].cm;
    }
    for (; done < n; done++)
        places[done] = places[0];
    return total / 100;
}

START_TEST(as_much_is_reached_as_tables_say)
{
    enum { N = 4000 };
    static gb_roads_place places[N];
    static int32_t seconds[N];
    static const int32_t limits[] = { 300, 900, 1800 };
    const gb_mode mode = (gb_mode)_i;
    const gb_lonlat vaduz = { 9.5215, 47.1405 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    base_rng rng = base_rng_seeded(7);
    gb_roads_place from;
    int64_t total;

    open_country();
    total = random_places(&rng, mode, places, N);
    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, &vaduz, 1, NULL, &from));
    query.mode = (int32_t)mode;
    query.from = &from;
    query.n_from = 1;
    query.to = places;
    query.n_to = N;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, NULL));
    reach(mode, &vaduz, 1, limits, 3);
    for (size_t i = 0; i < 3; i++) {
        size_t within = 0;

        for (size_t p = 0; p < N; p++)
            within += seconds[p] <= limits[i];
        assert_near((double)gb_roads_reached_m(reached, i),
                    (double)total * (double)within / N,
                    0.01 * (double)total);
    }
}
END_TEST

START_TEST(areas_hold_each_other_and_the_streets_that_are_reached)
{
    enum { N = 2000 };
    static gb_roads_place places[N];
    static gb_lonlat points[N];
    static int32_t seconds[N];
    static const int32_t limits[] = { 240, 480, 720 };
    const gb_mode mode = (gb_mode)_i;
    const gb_lonlat vaduz = { 9.5215, 47.1405 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    base_rng rng = base_rng_seeded(8);
    gb_roads_place from;
    gb_shapes areas;
    size_t n_within = 0;

    open_country();
    reach(mode, &vaduz, 1, limits, 3);
    areas = gb_roads_reached_areas(reached);
    ck_assert_uint_eq(areas.n_shapes, 3);
    for (size_t i = 0; i < 3; i++) {
        bool is_valid;
        double lost;

        assert_ok(ctx, geo_is_valid(ctx, &areas, i, &is_valid, NULL));
        ck_assert(is_valid);
        if (i == 0)
            continue;
        ck_assert_int_gt(gb_roads_reached_m(reached, i),
                         gb_roads_reached_m(reached, i - 1));
        assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_DIFFERENCE, &areas, i - 1,
                                           &areas, i, &lost));
        assert_near(lost, 0, 1e-6 * geo_shape_area_m2(&areas, i - 1));
    }

    for (size_t p = 0; p < N; p++)
        points[p] = (gb_lonlat){
            vaduz.lon_deg + (base_rng_unit(&rng) - 0.5) / 9,
            vaduz.lat_deg + (base_rng_unit(&rng) - 0.5) / 9 };
    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, &vaduz, 1, NULL, &from));
    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, points, N, NULL, places));
    query.mode = (int32_t)mode;
    query.from = &from;
    query.n_from = 1;
    query.to = places;
    query.n_to = N;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, NULL));
    for (size_t p = 0; p < N; p++)
        for (size_t i = 0; i < 3; i++)
            if (seconds[p] < limits[i]) {
                n_within++;
                ck_assert_msg(geo_shape_contains(
                                  &areas, i,
                                  (gb_point){ places[p].point.lon_deg,
                                              places[p].point.lat_deg }),
                              "%d s, limit %d", seconds[p], limits[i]);
            }
    ck_assert_uint_gt(n_within, 20);
}
END_TEST

START_TEST(catchments_are_the_least_of_a_table)
{
    enum { CENTRES = 7, POINTS = 600 };
    static gb_roads_place centres[CENTRES], points[POINTS];
    static int32_t seconds[POINTS], cells[CENTRES * POINTS];
    static uint32_t owner[POINTS];
    const gb_mode mode = (gb_mode)_i;
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    base_rng rng = base_rng_seeded(9);

    open_country();
    (void)random_places(&rng, mode, centres, CENTRES);
    (void)random_places(&rng, mode, points, POINTS);
    for (size_t p = 0; p < POINTS; p += 5) { /* at ends; beside a centre */
        points[p].along_cm = 0;
        points[p + 1] = centres[p / 5 % CENTRES];
        points[p + 1].along_cm =
            (uint32_t)base_rng_below(&rng, 1 + (uint64_t)roads->map.links[
                                               points[p + 1].link].cm);
        points[p + 2] = centres[p / 5 % CENTRES];
        points[p + 2].along_cm = roads->map.links[points[p + 2].link].cm;
    }
    points[3].status = GB_SNAP_FAR;
    centres[4].status = GB_SNAP_FAR;
    assert_ok(ctx, gb_roads_catchments(ctx, roads, mode, centres, CENTRES,
                                       points, POINTS, owner, seconds));
    query.mode = (int32_t)mode;
    query.from = centres;
    query.n_from = CENTRES;
    query.to = points;
    query.n_to = POINTS;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, cells, NULL));
    for (size_t p = 0; p < POINTS; p++) {
        int32_t least = GB_ROADS_UNREACHABLE;

        for (size_t c = 0; c < CENTRES; c++)
            if (cells[c * POINTS + p] < least)
                least = cells[c * POINTS + p];
        ck_assert_int_eq(seconds[p], least);
        if (least == GB_ROADS_UNREACHABLE)
            ck_assert_uint_eq(owner[p], UINT32_MAX);
        else
            ck_assert_int_eq(cells[owner[p] * POINTS + p], least);
    }
    ck_assert_uint_eq(owner[3], UINT32_MAX);
}
END_TEST

START_TEST(of_equally_near_centres_the_first_is_taken)
{
    static const gb_lonlat lonlats[] = { { 0.006, 0 }, { 0.004, 0 },
                                         { 0.006, 0 }, { 0.005, 0 } };
    gb_roads_place places[4];
    uint32_t owner[1];
    int32_t seconds[1];

    assert_ok(ctx, tiny_build(ctx, STREET(""), NULL, &roads));
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_FOOT, lonlats, 4, NULL,
                                 places));
    assert_ok(ctx, gb_roads_catchments(ctx, roads, GB_MODE_FOOT, places, 3,
                                       places, 1, owner, seconds));
    ck_assert_uint_eq(owner[0], 0); /* and not 2, which is there as well */
    ck_assert_int_eq(seconds[0], 0);
    assert_ok(ctx, gb_roads_catchments(ctx, roads, GB_MODE_FOOT, places, 0,
                                       places, 1, owner, NULL));
    ck_assert_uint_eq(owner[0], UINT32_MAX);
}
END_TEST

START_TEST(it_survives_any_lack_of_memory)
{
    static const gb_lonlat middle = { 0.005, 0 };
    static const int32_t limits[] = { 36, 400 };
    gb_roads_reach_query query = GB_ROADS_REACH_QUERY_INIT;
    gb_roads_place place;
    uint32_t owner;

    assert_ok(ctx, tiny_build(ctx, STREET(""), NULL, &roads));
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_FOOT, &middle, 1, NULL,
                                 &place));
    query.from = &place;
    query.n_from = 1;
    query.limits_s = limits;
    query.n_limits = 2;
    for (long k = 0, failures = 1; failures > 0; k++) {
        faulty_alloc mem = faulty_alloc_at(k, false);
        gb_context *faulty = faulty_context(&mem);
        gb_status status;

        if (!faulty)
            continue;
        status = gb_roads_reach(faulty, roads, &query, &reached);
        ck_assert((status == GB_OK) == (reached != NULL));
        gb_roads_reached_free(reached);
        reached = NULL;
        if (status == GB_OK)
            status = gb_roads_catchments(faulty, roads, GB_MODE_FOOT, &place,
                                         1, &place, 1, &owner, NULL);
        gb_context_free(faulty);
        failures = mem.failures;
        ck_assert_int_eq(status, failures ? GB_ERR_NOMEM : GB_OK);
        ck_assert_int_eq(mem.live_blocks, 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_reach");
    TCase *tcase = tcase_create("reach");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   from_mid_street_both_ways_are_reached_to_the_metre);
    tcase_add_test(tcase, a_one_way_street_is_reached_ahead_only);
    tcase_add_test(tcase, what_several_places_reach_counts_once);
    tcase_add_test(tcase,
                   a_private_street_is_reached_and_all_of_the_map_in_time);
    tcase_add_loop_test(tcase, as_much_is_reached_as_tables_say, 0,
                        GB_MODE_COUNT);
    tcase_add_loop_test(
        tcase, areas_hold_each_other_and_the_streets_that_are_reached, 0,
        GB_MODE_COUNT);
    tcase_add_loop_test(tcase, catchments_are_the_least_of_a_table, 0,
                        GB_MODE_COUNT);
    tcase_add_test(tcase, of_equally_near_centres_the_first_is_taken);
    tcase_add_test(tcase, it_survives_any_lack_of_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
