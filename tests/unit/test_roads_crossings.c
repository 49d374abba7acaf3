/*
 * Crossings: how often streets lead from area to area.
 */
#include "hand_source.h"
#include "roads_crossings.h"

static gb_context *ctx;
static base_run run;
static hand_source hand;
static roads_map_built built;
static uint8_t use[64];
static roads_metric metric = { .use = use };

/*   area 1      none     area 2
 *   0 ---- 1 ---- 2 ---- 3        a bridge, drawn from 0 to 3
 *   4 ------------------ 5        another
 *   6 - 7                         within area 1; 7 - 8 - 7: to area 3 and back
 */
static void set_up(void)
{
    gb_roads_report report = { 0 };

    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&hand, 0, sizeof hand);
    memset(use, 3, sizeof use);
    for (int i = 0; i < 4; i++)
        hand_node(&hand, 100 * i, 0);
    hand_node(&hand, 0, 100);
    hand_node(&hand, 300, 100);
    hand_node(&hand, 0, 200);
    hand_node(&hand, 50, 200);
    hand_node(&hand, 50, 300);
    hand_node(&hand, 60, 200);
    hand_way(&hand, HAND_STREET, 0, "0 1 2 3");
    hand_way(&hand, HAND_STREET, 0, "4 5");
    hand_way(&hand, HAND_STREET, 0, "6 7 8 9");
    assert_ok(ctx, roads_map_build(&run, hand_take(&hand), &built, &report));
}

static void tear_down(void)
{
    roads_map_clear(run.mem, &built);
    gb_context_free(ctx);
}

static uint32_t area_of(gb_lonlat at)
{
    const double x_m = (at.lon_deg - 104) * 96480;
    const double y_m = (at.lat_deg - 30) * 110850;

    if (y_m > 250)
        return 3;
    return x_m < 110 ? 1 : x_m < 210 ? ROADS_NONE : 2;
}

static size_t find(gb_roads_crossing **out)
{
    gb_lonlat points[64];
    uint32_t labels[64];
    const size_t n_points = roads_street_points_count(&built.view, &metric);
    size_t n;

    ck_assert_uint_le(n_points, 64);
    roads_street_points_fill(&built.view, &metric, points);
    for (size_t i = 0; i < n_points; i++)
        labels[i] = area_of(points[i]);
    assert_ok(ctx, roads_crossings_find(&run, &built.view, &metric, labels,
                                        out, &n));
    return n;
}

START_TEST(bridges_are_counted_between_their_banks)
{
    gb_roads_crossing *found;
    const size_t n = find(&found);

    ck_assert_uint_eq(roads_street_points_count(&built.view, &metric), 10);
    ck_assert_uint_eq(n, 2);
    ck_assert(found[0].a == 1 && found[0].b == 2 && found[0].n == 2);
    /* There and back again is one link. */
    ck_assert(found[1].a == 1 && found[1].b == 3 && found[1].n == 1);
    base_free(run.mem, found);
}
END_TEST

START_TEST(streets_that_no_route_uses_do_not_count)
{
    gb_roads_crossing *found;
    size_t n;

    memset(use, 0, sizeof use);
    ck_assert_uint_eq(find(&found), 0);
    base_free(run.mem, found);
    /* One-way streets do: begun on one side, ended on the other. */
    use[0] = 1;
    use[1] = 2;
    n = find(&found);
    ck_assert_uint_eq(n, 1);
    base_free(run.mem, found);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_crossings");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, bridges_are_counted_between_their_banks);
    tcase_add_test(tcase, streets_that_no_route_uses_do_not_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
