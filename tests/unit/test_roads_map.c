/*
 * The map: what becomes one link, what stays a vertex, restrictions as runs
 * of streets, and the nearest street.
 */
#include "base_rng.h"
#include "faulty_alloc.h"
#include "hand_source.h"
#include "roads_map.h"
#include "roads_measure.h"
#include "roads_metric.h"
#include "roads_rtree.h"

static gb_context *ctx;
static base_run run;
static hand_source hand;
static roads_map_built built;
static gb_roads_report report;
static const roads_map *map;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&hand, 0, sizeof hand);
    memset(&report, 0, sizeof report);
    map = &built.view;
}

static void tear_down(void)
{
    roads_map_clear(run.mem, &built);
    gb_context_free(ctx);
}

static void build(void)
{
    assert_ok(ctx, roads_map_build(&run, hand_take(&hand), &built, &report));
}

/* Nodes 0 to n - 1 in a row, 100 m apart. */
static void row_of_nodes(int n)
{
    for (int i = 0; i < n; i++)
        hand_node(&hand, 100 * i, 0);
}

/* The vertex at a node; NONE. */
static uint32_t vertex_at(uint32_t node)
{
    for (uint32_t v = 0; v < map->n_vertices; v++)
        if (map->places[v].lon == hand.nodes[node].lon
            && map->places[v].lat == hand.nodes[node].lat)
            return v;
    return ROADS_NONE;
}

/* The street from one node straight to another; NONE. */
static uint32_t street_of(uint32_t from, uint32_t to)
{
    for (uint32_t s = 0; s < 2 * map->n_links; s++)
        if (roads_street_tail(map, s) == vertex_at(from)
            && roads_street_head(map, s) == vertex_at(to))
            return s;
    return ROADS_NONE;
}

static bool is_vertex(uint32_t node)
{
    return vertex_at(node) != ROADS_NONE;
}

/* ---- links ---- */

START_TEST(ways_that_join_end_to_end_are_one_link)
{
    row_of_nodes(5);
    hand_way(&hand, HAND_STREET, 1, "0 1 2");
    hand_way(&hand, HAND_STREET, 1, "4 3 2"); /* drawn the other way */
    build();
    ck_assert_uint_eq(map->n_links, 1);
    ck_assert_uint_eq(map->n_vertices, 2);
    ck_assert_uint_eq(map->n_points, 5);
    assert_near(map->links[0].cm, 40000, 40);
    ck_assert_str_eq(map->names + map->name_at[map->links[0].name],
                     "Main Street");
    ck_assert_uint_eq(report.links, 1);
    ck_assert_uint_eq(report.names, 2);
}
END_TEST

START_TEST(a_change_of_kind_or_name_is_a_vertex)
{
    row_of_nodes(4);
    hand_way(&hand, HAND_STREET, 1, "0 1");
    hand_way(&hand, HAND_STREET, 2, "1 2");
    hand_way(&hand, HAND_LANE, 2, "2 3");
    build();
    ck_assert_uint_eq(map->n_links, 3);
    ck_assert(is_vertex(1) && is_vertex(2));
}
END_TEST

START_TEST(oneway_streets_that_meet_head_on_are_not_one)
{
    row_of_nodes(3);
    hand_way(&hand, HAND_ONEWAY, 0, "0 1");
    hand_way(&hand, HAND_ONEWAY, 0, "2 1");
    build();
    ck_assert_uint_eq(map->n_links, 2);
}
END_TEST

START_TEST(a_oneway_link_is_drawn_along_its_ways)
{
    /* Found from its end first: node 0 is where it leads to. */
    row_of_nodes(4);
    hand_way(&hand, HAND_ONEWAY, 0, "3 2 1");
    hand_way(&hand, HAND_ONEWAY, 0, "1 0");
    build();
    ck_assert_uint_eq(map->n_links, 1);
    ck_assert_uint_eq(map->links[0].from, vertex_at(3));
    ck_assert_uint_eq(map->links[0].to, vertex_at(0));
    ck_assert_int_eq(map->points[0].lon, hand.nodes[3].lon);
    ck_assert_int_eq(map->points[3].lon, hand.nodes[0].lon);
    ck_assert_uint_eq(map->links[0].bearing[0], 192); /* to the west */
    ck_assert_uint_eq(map->links[0].bearing[1], 64);
}
END_TEST

START_TEST(barriers_are_vertices_and_signals_in_mid_street_are_counted)
{
    row_of_nodes(6);
    hand.flags[1] = ROADS_NODE_SIGNAL;
    hand.flags[2] = ROADS_NODE_SHUT << GB_MODE_CAR;
    hand.flags[3] = ROADS_NODE_SIGNAL;
    hand.flags[4] = ROADS_NODE_SIGNAL;
    hand.flags[5] = ROADS_NODE_SIGNAL;
    hand_way(&hand, HAND_STREET, 0, "0 1 2 3 4 5");
    build();
    ck_assert_uint_eq(map->n_links, 2);
    ck_assert_uint_eq(map->links[street_of(0, 2) / 2].n_signals, 1);
    ck_assert_uint_eq(map->links[street_of(2, 5) / 2].n_signals, 2);
    ck_assert_uint_eq(map->vertex_flags[vertex_at(2)],
                      ROADS_NODE_SHUT << GB_MODE_CAR);
    ck_assert_uint_eq(map->vertex_flags[vertex_at(5)], ROADS_NODE_SIGNAL);
}
END_TEST

START_TEST(a_ring_that_meets_nothing_has_a_vertex_at_its_lowest_node)
{
    hand_node(&hand, 0, 100);
    hand_node(&hand, 100, 0);
    hand_node(&hand, 0, 0);
    hand_way(&hand, HAND_ONEWAY, 0, "2 1 0 2");
    build();
    ck_assert_uint_eq(map->n_links, 1);
    ck_assert_uint_eq(map->n_vertices, 1);
    ck_assert(is_vertex(0));
    ck_assert_uint_eq(map->links[0].from, map->links[0].to);
    ck_assert_int_eq(map->points[1].lon, hand.nodes[2].lon); /* 0 2 1 0 */
    ck_assert_int_eq(map->points[1].lat, hand.nodes[2].lat);
}
END_TEST

START_TEST(parallel_streets_loops_and_streets_of_no_length_stay)
{
    row_of_nodes(3);
    hand_node(&hand, 50, 50);
    hand_node(&hand, 100, 0); /* 4, at the place of node 1 */
    hand_node(&hand, 250, 50);
    hand_node(&hand, 250, -50);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    hand_way(&hand, HAND_STREET, 1, "0 3 1");
    hand_way(&hand, HAND_STREET, 1, "1 4");   /* of no length */
    hand_way(&hand, HAND_STREET, 2, "4 2");
    hand_way(&hand, HAND_STREET, 1, "2 5 6 2"); /* a loop */
    hand_way(&hand, HAND_STREET, 1, "2 2 2");   /* nothing */
    build();
    ck_assert_uint_eq(map->n_links, 5);
    ck_assert_uint_eq(map->n_vertices, 4);
    for (size_t l = 1; l < map->n_links; l++)
        ck_assert(map->links[l - 1].from < map->links[l].from
                  || (map->links[l - 1].from == map->links[l].from
                      && map->links[l - 1].to <= map->links[l].to));
}
END_TEST

START_TEST(streets_of_a_vertex_are_all_that_leave_it)
{
    base_rng rng = base_rng_seeded(test_seed());
    size_t n = 0;

    for (int i = 0; i < 60; i++)
        hand_node(&hand, (double)base_rng_below(&rng, 1000),
                  (double)base_rng_below(&rng, 1000));
    for (int i = 0; i < 120; i++) {
        char nodes[32];

        snprintf(nodes, sizeof nodes, "%u %u %u",
                 (unsigned)base_rng_below(&rng, 60),
                 (unsigned)base_rng_below(&rng, 60),
                 (unsigned)base_rng_below(&rng, 60));
        hand_way(&hand, (uint32_t)base_rng_below(&rng, HAND_KINDS),
                 (uint32_t)base_rng_below(&rng, 3), nodes);
    }
    build();
    for (uint32_t v = 0; v < map->n_vertices; v++)
        for (uint32_t i = map->first_street[v]; i < map->first_street[v + 1];
             i++, n++) {
            ck_assert_uint_eq(roads_street_tail(map, map->streets[i]), v);
            if (i > map->first_street[v])
                ck_assert_uint_lt(map->streets[i - 1], map->streets[i]);
        }
    ck_assert_uint_eq(n, 2 * map->n_links);
    for (uint32_t l = 0; l < map->n_links; l++) {
        const roads_link *link = &map->links[l];
        double m = 0;

        for (uint32_t p = link->first_point; p < link[1].first_point; p++) {
            ck_assert_uint_eq(roads_link_of_point(map, p), l);
            if (p + 1 < link[1].first_point)
                m += roads_distance_m(map->points[p], map->points[p + 1]);
        }
        assert_near(link->cm, 100 * m, 0.5);
        ck_assert_int_eq(map->points[link->first_point].lon,
                         map->places[link->from].lon);
        ck_assert_int_eq(map->points[link[1].first_point - 1].lat,
                         map->places[link->to].lat);
    }
}
END_TEST

START_TEST(large_maps_measure_in_decimetres)
{
    hand_node(&hand, 0, 0);
    hand_node(&hand, 290000, 0);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    build();
    ck_assert_uint_eq(map->length_unit_cm, 1);
    roads_map_clear(run.mem, &built);
    hand_node(&hand, 310000, 0);
    hand_way(&hand, HAND_STREET, 0, "1 2");
    build();
    ck_assert_uint_eq(map->length_unit_cm, 10);
}
END_TEST

START_TEST(a_map_without_streets_is_empty)
{
    build();
    ck_assert_uint_eq(map->n_links, 0);
    ck_assert_uint_eq(map->n_vertices, 0);
    ck_assert_uint_eq(map->links[0].first_point, 0);
}
END_TEST

START_TEST(lack_of_memory_is_told_and_nothing_is_left)
{
    row_of_nodes(5);
    hand_way(&hand, HAND_STREET, 1, "0 1 2");
    hand_way(&hand, HAND_STREET, 2, "2 3");
    hand_way(&hand, HAND_STREET, 2, "3 4");
    hand_ban(&hand, 0, "w 1", 2, false);
    hand_ban(&hand, 1, "3", 2, true);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *poor = faulty_context(&mem);
        base_run poor_run;
        gb_status status = GB_ERR_NOMEM;

        if (poor) {
            base_run_begin(&poor_run, poor, (base_limits){ 0 });
            status = roads_map_build(&poor_run, hand_take(&hand), &built,
                                     &report);
            roads_map_clear(poor_run.mem, &built);
        }
        gb_context_free(poor);
        ck_assert_int_eq(mem.live_blocks, 0);
        ck_assert_int_eq(status, mem.failures ? GB_ERR_NOMEM : GB_OK);
        if (!mem.failures)
            break;
    }
}
END_TEST

/* ---- restrictions ---- */

/*        4
 *        |        way 0: 0 1 2, through the crossing; way 1: 1 3;
 *  0 --- 1 --- 2  way 2: 1 4
 *        |
 *        3
 */
static void crossing(uint32_t kind)
{
    row_of_nodes(3);
    hand_node(&hand, 100, -100);
    hand_node(&hand, 100, 100);
    hand_way(&hand, kind, 0, "0 1 2");
    hand_way(&hand, HAND_STREET, 0, "1 3");
    hand_way(&hand, HAND_STREET, 0, "1 4");
}

static void assert_ban(size_t i, uint32_t modes, size_t n,
                       const uint32_t *streets)
{
    ck_assert_uint_lt(i, map->n_bans);
    ck_assert_uint_eq(map->ban_modes[i], modes);
    ck_assert_uint_eq(map->first_ban[i + 1] - map->first_ban[i], n);
    for (size_t k = 0; k < n; k++)
        ck_assert_uint_eq(map->ban_streets[map->first_ban[i] + k],
                          streets[k]);
}

START_TEST(a_restriction_at_a_node_is_two_streets)
{
    crossing(HAND_STREET);
    hand_ban(&hand, 1, "1", 2, false);
    hand_ban(&hand, 2, "1", 1, true);
    build();
    ck_assert_uint_eq(map->n_bans, 2);
    ck_assert_uint_eq(report.restrictions, 2);
    assert_ban(0, 4, 2, (uint32_t[]){ street_of(3, 1), street_of(1, 4) });
    assert_ban(1, 4 | ROADS_BAN_ONLY, 2,
               (uint32_t[]){ street_of(4, 1), street_of(1, 3) });
}
END_TEST

START_TEST(a_way_that_left_the_extract_is_known_by_its_id)
{
    crossing(HAND_STREET);
    hand_node(&hand, 500, 0);
    hand_node(&hand, 600, 0);
    hand_way(&hand, HAND_STREET, 0, "5 6");
    hand.ways[3].id = hand.ways[2].id;
    hand_ban(&hand, 1, "1", 3, false);
    build();
    assert_ban(0, 4, 2, (uint32_t[]){ street_of(3, 1), street_of(1, 4) });
}
END_TEST

START_TEST(a_restriction_makes_its_node_a_vertex)
{
    /* Nothing else to decide at node 1, but turning back is forbidden. */
    row_of_nodes(3);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    hand_way(&hand, HAND_STREET, 0, "1 2");
    hand_ban(&hand, 0, "1", 0, false);
    build();
    ck_assert_uint_eq(map->n_links, 2);
    assert_ban(0, 4, 2, (uint32_t[]){ street_of(0, 1), street_of(1, 0) });
}
END_TEST

START_TEST(a_way_through_the_node_is_refused_where_it_is_two_way)
{
    crossing(HAND_STREET);
    hand_ban(&hand, 0, "1", 1, false);
    hand_ban(&hand, 1, "1", 0, false);
    hand_ban(&hand, 1, "4", 2, false); /* does not meet it */
    hand_ban(&hand, 1, "3", 2, false); /* the other does not */
    build();
    ck_assert_uint_eq(map->n_bans, 0);
    ck_assert_uint_eq(report.restrictions, 0);
    ck_assert_uint_eq(report.refused_restrictions, 4);
}
END_TEST

START_TEST(a_oneway_street_through_the_node_is_understood)
{
    crossing(HAND_ONEWAY);
    hand_ban(&hand, 0, "1", 1, false);
    hand_ban(&hand, 1, "1", 0, false);
    build();
    ck_assert_uint_eq(map->n_bans, 2);
    assert_ban(0, 4, 2, (uint32_t[]){ street_of(0, 1), street_of(1, 3) });
    assert_ban(1, 4, 2, (uint32_t[]){ street_of(3, 1), street_of(1, 2) });
}
END_TEST

START_TEST(from_a_way_to_itself_forbids_turning_back_on_both_sides)
{
    crossing(HAND_STREET);
    hand_ban(&hand, 0, "1", 0, false);
    hand_ban(&hand, 0, "1", 0, true);
    build();
    ck_assert_uint_eq(report.restrictions, 2);
    ck_assert_uint_eq(map->n_bans, 4);
    assert_ban(0, 4, 2, (uint32_t[]){ street_of(0, 1), street_of(1, 0) });
    assert_ban(1, 4, 2, (uint32_t[]){ street_of(2, 1), street_of(1, 2) });
    assert_ban(2, 4 | ROADS_BAN_ONLY, 2,
               (uint32_t[]){ street_of(0, 1), street_of(1, 2) });
    assert_ban(3, 4 | ROADS_BAN_ONLY, 2,
               (uint32_t[]){ street_of(2, 1), street_of(1, 0) });
}
END_TEST

/*  0 --- 1 -5- 6 -- 2 --- 3     via ways "1 5 6" (side street at 6) and
 *                |  |           "2 6", drawn against each other
 *                7  4
 */
static void two_vias(void)
{
    row_of_nodes(4);
    hand_node(&hand, 200, -100);
    hand_node(&hand, 120, 10);
    hand_node(&hand, 150, 0);
    hand_node(&hand, 150, -100);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    hand_way(&hand, HAND_STREET, 0, "1 5 6");
    hand_way(&hand, HAND_STREET, 0, "2 6");
    hand_way(&hand, HAND_STREET, 0, "4 2");
    hand_way(&hand, HAND_STREET, 0, "2 3");
    hand_way(&hand, HAND_STREET, 0, "6 7");
}

START_TEST(a_restriction_over_ways_lists_all_streets)
{
    two_vias();
    hand_ban(&hand, 0, "w 1 2", 3, false);
    hand_ban(&hand, 4, "w 2 1", 0, true);
    hand_ban(&hand, 0, "w 2 1", 3, false); /* not in this order */
    build();
    ck_assert_uint_eq(map->n_bans, 2);
    ck_assert_uint_eq(report.refused_restrictions, 1);
    ck_assert(is_vertex(1)); /* though nothing branches off there */
    assert_ban(0, 4, 4,
               (uint32_t[]){ street_of(0, 1), street_of(1, 6),
                             street_of(6, 2), street_of(2, 4) });
    assert_ban(1, 4 | ROADS_BAN_ONLY, 4,
               (uint32_t[]){ street_of(3, 2), street_of(2, 6),
                             street_of(6, 1), street_of(1, 0) });
}
END_TEST

START_TEST(a_via_way_with_junctions_in_it_is_several_streets)
{
    row_of_nodes(5);
    hand_node(&hand, 200, 100);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    hand_way(&hand, HAND_STREET, 0, "1 2 3");
    hand_way(&hand, HAND_STREET, 0, "3 4");
    hand_way(&hand, HAND_STREET, 0, "2 5");
    hand_ban(&hand, 0, "w 1", 2, false);
    build();
    assert_ban(0, 4, 4,
               (uint32_t[]){ street_of(0, 1), street_of(1, 2),
                             street_of(2, 3), street_of(3, 4) });
}
END_TEST

START_TEST(turning_back_over_a_connecting_street_is_understood)
{
    /* Two lanes of a road, joined by way 2, and the same way back. */
    hand_node(&hand, 0, 0);
    hand_node(&hand, 100, 0);
    hand_node(&hand, 200, 0);
    hand_node(&hand, 0, 20);
    hand_node(&hand, 100, 20);
    hand_node(&hand, 200, 20);
    hand_way(&hand, HAND_ONEWAY, 0, "0 1 2");
    hand_way(&hand, HAND_ONEWAY, 0, "5 4 3");
    hand_way(&hand, HAND_STREET, 0, "1 4");
    hand_ban(&hand, 0, "w 2", 1, false);
    build();
    assert_ban(0, 4, 3,
               (uint32_t[]){ street_of(0, 1), street_of(1, 4),
                             street_of(4, 3) });
}
END_TEST

/* ---- the nearest street ---- */

static uint8_t use[2 * HAND_MOST];

/* All segments, one by one. */
static roads_hit plain_nearest(gb_lonlat at, double max_m)
{
    const double lon = at.lon_deg * 1e7, lat = at.lat_deg * 1e7;
    const roads_scale scale = roads_scale_at(lat);
    roads_hit best = { ROADS_NONE, ROADS_NONE, 0, INFINITY };

    for (uint32_t l = 0; l < map->n_links; l++)
        for (uint32_t p = map->links[l].first_point;
             p + 1 < map->links[l + 1].first_point; p++) {
            const roads_e7 a = map->points[p], b = map->points[p + 1];
            const double x = ((double)b.lon - a.lon) * scale.x_m;
            const double y = ((double)b.lat - a.lat) * scale.y_m;
            const double px = (lon - a.lon) * scale.x_m;
            const double py = (lat - a.lat) * scale.y_m;
            const double m2 = x * x + y * y;
            double t = m2 > 0 ? (px * x + py * y) / m2 : 0, d;

            t = fmax(0, fmin(1, t));
            d = hypot(px - t * x, py - t * y);
            if ((use[2 * l] | use[2 * l + 1]) == 3 && d <= max_m
                && d < best.distance_m - 1e-9)
                best = (roads_hit){ p, l, t, d };
        }
    return best;
}

START_TEST(the_nearest_street_is_the_one_that_a_look_at_all_finds)
{
    base_rng rng = base_rng_stream(test_seed(), 1);

    for (int i = 0; i < 1500; i++)
        hand_node(&hand, (double)base_rng_below(&rng, 5000),
                  (double)base_rng_below(&rng, 5000));
    for (int i = 0; i < 1200; i++) {
        const unsigned a = (unsigned)base_rng_below(&rng, 1500);
        char nodes[32];

        snprintf(nodes, sizeof nodes, "%u %u", a,
                 (a + 1 + (unsigned)base_rng_below(&rng, 3)) % 1500);
        hand_way(&hand, HAND_STREET, i % 3 == 0, nodes);
    }
    build();
    for (size_t s = 0; s < 2 * map->n_links; s++)
        use[s] = (uint8_t)base_rng_below(&rng, 4);
    for (int i = 0; i < test_cases(300); i++) {
        const gb_lonlat at = { 104 + base_rng_unit(&rng) * 0.06 - 0.005,
                               30 + base_rng_unit(&rng) * 0.06 - 0.005 };
        const double max_m = (double)base_rng_below(&rng, 600);
        const roads_hit plain = plain_nearest(at, max_m);
        gb_roads_place place;

        roads_snap_one(map, use, GB_MODE_CAR, at, max_m, &place);
        ck_assert_int_eq(place.mode, GB_MODE_CAR);
        ck_assert_int_eq(place.status, plain.link == ROADS_NONE ? GB_SNAP_FAR
                                                                : GB_SNAP_OK);
        if (plain.link == ROADS_NONE) {
            ck_assert_uint_eq(place.link, ROADS_NONE);
            continue;
        }
        assert_near(place.distance_m, plain.distance_m, 1e-6);
        ck_assert((use[2 * place.link] | use[2 * place.link + 1]) == 3);
        ck_assert_uint_le(place.along_cm, map->links[place.link].cm);
    }
}
END_TEST

START_TEST(a_place_within_a_street_is_right_to_the_centimetre)
{
    gb_roads_place place;

    row_of_nodes(4);
    hand_way(&hand, HAND_STREET, 0, "0 1 2 3");
    build();
    memset(use, 3, sizeof use);
    roads_snap_one(map, use, GB_MODE_FOOT,
                   (gb_lonlat){ 104.00259125, 30.00009021 }, 1000, &place);
    ck_assert_int_eq(place.status, GB_SNAP_OK);
    ck_assert_uint_eq(place.link, 0);
    assert_near(place.along_cm, 25000, 30);
    assert_near(place.distance_m, 10, 0.05);
    assert_near(place.point.lat_deg, 30, 1e-9);
    assert_near(place.point.lon_deg, 104.00259125, 1e-9);
    /* The ends of a street are the ends, also from beyond them. */
    roads_snap_one(map, use, GB_MODE_FOOT, (gb_lonlat){ 103.999, 30.001 },
                   1000, &place);
    ck_assert_uint_eq(place.along_cm, 0);
    roads_snap_one(map, use, GB_MODE_FOOT, (gb_lonlat){ 104.005, 30 }, 1000,
                   &place);
    ck_assert_uint_eq(place.along_cm, map->links[0].cm);
}
END_TEST

START_TEST(only_streets_that_are_begun_and_ended_on_are_taken)
{
    const gb_lonlat at = { 104.0005, 30.0001 };
    gb_roads_place place;

    row_of_nodes(2);
    hand_node(&hand, 0, -200);
    hand_node(&hand, 100, -200);
    hand_way(&hand, HAND_STREET, 0, "0 1");
    hand_way(&hand, HAND_STREET, 0, "2 3");
    build();
    memset(use, 3, sizeof use);
    for (unsigned u = 0; u < 16; u++) {
        const uint32_t link = street_of(0, 1) / 2;

        use[2 * link] = (uint8_t)(u & 3);
        use[2 * link + 1] = (uint8_t)(u >> 2);
        roads_snap_one(map, use, GB_MODE_CAR, at, 1000, &place);
        ck_assert_int_eq(place.link == link, ((u | u >> 2) & 3) == 3);
    }
    roads_snap_one(map, use, GB_MODE_CAR, (gb_lonlat){ 181, 0 }, 1000,
                   &place);
    ck_assert_int_eq(place.status, GB_SNAP_INVALID);
    roads_snap_one(map, use, GB_MODE_CAR, (gb_lonlat){ NAN, 0 }, 1000, &place);
    ck_assert_int_eq(place.status, GB_SNAP_INVALID);
    roads_snap_one(map, use, GB_MODE_CAR, (gb_lonlat){ 10, 30 }, 1000, &place);
    ck_assert_int_eq(place.status, GB_SNAP_FAR);
    ck_assert(isinf(place.distance_m));
}
END_TEST

Suite *test_suite(void)
{
    const TTest *const all[] = {
        ways_that_join_end_to_end_are_one_link,
        a_change_of_kind_or_name_is_a_vertex,
        oneway_streets_that_meet_head_on_are_not_one,
        a_oneway_link_is_drawn_along_its_ways,
        barriers_are_vertices_and_signals_in_mid_street_are_counted,
        a_ring_that_meets_nothing_has_a_vertex_at_its_lowest_node,
        parallel_streets_loops_and_streets_of_no_length_stay,
        streets_of_a_vertex_are_all_that_leave_it,
        large_maps_measure_in_decimetres,
        a_map_without_streets_is_empty,
        a_restriction_at_a_node_is_two_streets,
        a_way_that_left_the_extract_is_known_by_its_id,
        a_restriction_makes_its_node_a_vertex,
        a_way_through_the_node_is_refused_where_it_is_two_way,
        a_oneway_street_through_the_node_is_understood,
        from_a_way_to_itself_forbids_turning_back_on_both_sides,
        a_restriction_over_ways_lists_all_streets,
        a_via_way_with_junctions_in_it_is_several_streets,
        turning_back_over_a_connecting_street_is_understood,
        the_nearest_street_is_the_one_that_a_look_at_all_finds,
        a_place_within_a_street_is_right_to_the_centimetre,
        only_streets_that_are_begun_and_ended_on_are_taken,
    };
    Suite *suite = suite_create("roads_map");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tcase, all[i]);
    tcase_add_loop_test(tcase, lack_of_memory_is_told_and_nothing_is_left, 0,
                        2);
    suite_add_tcase(suite, tcase);
    return suite;
}
