/*
 * How often streets lead from cell to cell, on a ground of four squares of
 * 200 m with a river between north and south:
 *
 *        -200    0     200              1000 m
 *      200 +-----|-----+
 *          |  0  |  1  |---- 100 --------|      far to the east a street goes
 *          |  ---|---  |                 |--    round, so that both banks are
 *        0 +~~~~~|~~~~~+                 |      one network
 *          |  2  |  3  |                 |
 *          |  ---|---  |-----------------|
 *     -200 +-----|-----+
 */
#include "plan_crossings.h"
#include "test.h"
#include "tiny_roads.h"

static gb_context *ctx;
static base_run run;
static plan_data data;
static gb_roads *roads;
static gb_point points[16];
static uint32_t first_ring[5], first_point[5];
static const uint32_t first_neighbour[] = { 0, 2, 4, 6, 8 };
static const uint32_t neighbour[] = { 1, 2, 0, 3, 0, 3, 1, 2 };
static uint32_t crossings[8];
static uint8_t has_streets[4];
static char map[4000];
static int n_ways;

enum { AB, AC, BA, BD, CA, CD, DB, DC };

static const gb_point middle = { 500000, 3300000 };

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&data, 0, sizeof data);
    data.run = &run;
    base_context_fork(&data.quiet, ctx);
    assert_ok(ctx, gb_crs_open(ctx, 4547, &data.crs)); /* 114 E */
    for (uint32_t c = 0; c < 4; c++) {
        const double x = middle.x_m + (c % 2 ? 0 : -200);
        const double y = middle.y_m + (c < 2 ? 0 : -200);

        points[4 * c] = (gb_point){ x, y };
        points[4 * c + 1] = (gb_point){ x + 200, y };
        points[4 * c + 2] = (gb_point){ x + 200, y + 200 };
        points[4 * c + 3] = (gb_point){ x, y + 200 };
        first_ring[c + 1] = c + 1;
        first_point[c + 1] = 4 * (c + 1);
    }
    data.cells.n = 4;
    data.cells.n_neighbours = 8;
    data.cells.shapes
        = (gb_shapes){ 4, 4, 16, first_ring, first_point, points };
    data.cells.first_neighbour = first_neighbour;
    data.cells.neighbour = neighbour;
    map[0] = '\0';
    n_ways = 0;
}

static void tear_down(void)
{
    gb_roads_close(roads);
    roads = NULL;
    gb_crs_free(data.crs);
    base_context_join(&data.quiet);
    gb_context_free(ctx);
}

static void add_text(const char *text)
{
    ck_assert_uint_lt(strlen(map) + strlen(text), sizeof map);
    strcat(map, text);
}

/* A street through n points, as x, y in metres from the middle; what has the
 * same coordinates is one node. */
static void add_street(int n, const int *xy)
{
    char text[200];

    for (int i = 0; i < n; i++) {
        const gb_point at
            = { middle.x_m + xy[2 * i], middle.y_m + xy[2 * i + 1] };
        gb_lonlat p;

        assert_ok(ctx, gb_crs_unproject(ctx, data.crs, &at, 1, &p));
        snprintf(text, sizeof text,
                 "<node id='%d' lon='%.7f' lat='%.7f'/>",
                 (xy[2 * i] + 2000) * 10000 + xy[2 * i + 1] + 2000, p.lon_deg,
                 p.lat_deg);
        add_text(text);
    }
    snprintf(text, sizeof text, "<way id='%d'>", ++n_ways);
    add_text(text);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "<nd ref='%d'/>",
                 (xy[2 * i] + 2000) * 10000 + xy[2 * i + 1] + 2000);
        add_text(text);
    }
    add_text("<tag k='highway' v='residential'/></way>");
}
#define STREET(...)                                                           \
    add_street((int)(sizeof((int[]){ __VA_ARGS__ }) / sizeof(int) / 2),       \
               (int[]){ __VA_ARGS__ })

static void count(void)
{
    /* The way round, with a side street at its far end. */
    STREET(100, 100, 1000, 100, 1000, 0);
    STREET(1000, 0, 1000, -100, 100, -100);
    STREET(1000, 0, 1100, 0);
    assert_ok(ctx, tiny_build(ctx, map, NULL, &roads));
    data.roads = roads;
    assert_ok(ctx, plan_crossings(&data, crossings, has_streets));
    ck_assert_uint_eq(crossings[AB], crossings[BA]);
    ck_assert_uint_eq(crossings[AC], crossings[CA]);
    ck_assert_uint_eq(crossings[BD], crossings[DB]);
    ck_assert_uint_eq(crossings[CD], crossings[DC]);
}

START_TEST(nothing_crosses_a_river_without_a_bridge)
{
    STREET(-100, 100, 0, 100, 100, 100);
    STREET(-100, -100, 0, -100, 100, -100);
    count();
    ck_assert_uint_eq(crossings[AB], 1);
    ck_assert_uint_eq(crossings[CD], 1);
    ck_assert_uint_eq(crossings[AC], 0);
    ck_assert_uint_eq(crossings[BD], 0);
    for (int c = 0; c < 4; c++)
        ck_assert_uint_eq(has_streets[c], 1);
}
END_TEST

START_TEST(a_bridge_within_two_cells_crosses_between_these)
{
    STREET(-100, 100, 0, 100, 100, 100);
    STREET(-100, -100, 0, -100, 100, -100);
    STREET(-100, 100, -100, -100);
    count();
    ck_assert_uint_eq(crossings[AC], 1);
    ck_assert_uint_eq(crossings[BD], 0);
}
END_TEST

START_TEST(a_bridge_on_the_border_serves_both_sides)
{
    STREET(-100, 100, 0, 100, 100, 100);
    STREET(-100, -100, 0, -100, 100, -100);
    STREET(0, 100, 0, -100);
    count();
    ck_assert_uint_ge(crossings[AC], 1);
    ck_assert_uint_ge(crossings[BD], 1);
}
END_TEST

START_TEST(a_street_along_a_border_is_a_way_across)
{
    STREET(0, 50, 0, 150);
    STREET(0, 150, 100, 150, 100, 100);
    STREET(-100, -100, 100, -100);
    count();
    ck_assert_uint_ge(crossings[AB], 1);
}
END_TEST

START_TEST(a_cell_without_streets_is_told)
{
    STREET(100, 50, 100, 100);
    STREET(-100, -100, 0, -100, 100, -100);
    count();
    ck_assert_uint_eq(has_streets[0], 0);
    ck_assert_uint_eq(has_streets[1], 1);
    ck_assert_uint_eq(crossings[AB], 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_crossings");
    TCase *tcase = tcase_create("crossings");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, nothing_crosses_a_river_without_a_bridge);
    tcase_add_test(tcase, a_bridge_within_two_cells_crosses_between_these);
    tcase_add_test(tcase, a_bridge_on_the_border_serves_both_sides);
    tcase_add_test(tcase, a_street_along_a_border_is_a_way_across);
    tcase_add_test(tcase, a_cell_without_streets_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
