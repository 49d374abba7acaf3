/*
 * Weights, where routes begin and end, places, Dijkstra: on maps where 10 cm
 * are travelled in a hundredth of a second (36 km/h).
 */
#include "base_run.h"
#include "faulty_alloc.h"
#include "roads_search.h"
#include "small_map.h"

#include "test.h"

static const gb_mode CAR = GB_MODE_CAR, FOOT = GB_MODE_FOOT;

static gb_context *ctx;
static small_map map;
static roads_states_built states;
static roads_metric_built metric;
static roads_view view;
static gb_mode mode_built;

static void build(gb_mode mode)
{
    base_run run;

    mode_built = mode;
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_states_build(&run, &map.view, &map.profile, mode,
                                      NULL, &states));
    assert_ok(ctx, roads_metric_weigh(&run, &map.view, &states.view,
                                      &map.profile, mode, -1, &metric));
    view = (roads_view){ &map.view, &states.view, NULL, &metric.view };
}

static void finish(void)
{
    if (ctx) {
        roads_states_clear(ctx->mem, &states);
        roads_metric_clear(ctx->mem, &metric);
    }
    gb_context_free(ctx);
    small_map_clear(&map);
    ctx = NULL;
}

static gb_roads_place at(uint32_t link, uint32_t along_cm)
{
    return small_map_place(&map, mode_built, link, along_cm);
}

static double search(gb_roads_place from, gb_roads_place to, double limit)
{
    const gb_roads_place places[] = { from, to };
    roads_search dijkstra;
    roads_spots spots;
    double weight;

    ck_assert(roads_spots_find(ctx->mem, view, places, 2, &spots));
    ck_assert(roads_search_init(&dijkstra, ctx->mem, view));
    roads_search_run(&dijkstra, &spots, 0, limit);
    weight = roads_search_weight(&dijkstra, &spots, 0, &spots, 1);
    roads_search_clear(&dijkstra, ctx->mem);
    roads_spots_clear(ctx->mem, &spots);
    return weight;
}

static double weight(gb_roads_place from, gb_roads_place to)
{
    return search(from, to, ROADS_FAR);
}

/* Of that many centimetres, nothing else. */
static double travelled(double cm)
{
    return roads_weight(cm / 10, cm);
}

/* 0 --- 1 --- 2 --- 3, 100 m each; the one in the middle of a kind. */
static void row(roads_kind kind)
{
    small_map_begin(&map, 4);
    small_map_kind(&map, small_map_residential());
    small_map_kind(&map, kind);
    for (uint32_t l = 0; l < 3; l++) {
        small_map_link(&map, l, l + 1, 10000, l == 1);
        small_map_bearing(&map, l, 64, 192);
    }
    small_map_finish(&map);
}

/* ---- weights ---- */

START_TEST(a_street_takes_its_length_by_its_speed_and_its_lights)
{
    row(small_map_residential());
    map.profile.modes[CAR].speed_dkmh[ROADS_CLASS_RESIDENTIAL] = 240;
    map.profile.modes[CAR].turns.signal_s = 2.5;
    map.view.length_unit_cm = 10;
    build(CAR);
    ck_assert(metric.view.street_weights[0] == roads_weight(1500, 1000));
    finish();

    row(small_map_residential());
    map.profile.modes[CAR].turns.signal_s = 2.5;
    ((roads_link *)(uintptr_t)map.view.links)[1].n_signals = 2;
    build(CAR);
    ck_assert(metric.view.street_weights[0] == travelled(10000));
    ck_assert(metric.view.street_weights[3]
              == roads_weight(1000 + 500, 10000));
}
END_TEST

START_TEST(what_the_profile_closes_is_closed)
{
    roads_kind kind = small_map_residential();

    kind.class = ROADS_CLASS_TERTIARY;
    row(kind);
    map.profile.modes[CAR].speed_dkmh[ROADS_CLASS_TERTIARY] = 0;
    build(CAR);
    ck_assert(isinf(metric.view.street_weights[2]));
    ck_assert_uint_eq(metric.view.use[2], 0);
    ck_assert_int_eq(metric.view.open_cm, 20000);
    ck_assert_int_eq(metric.view.routable_cm, 10000);
    ck_assert_uint_eq(metric.view.n_routable, 1);
    ck_assert(isinf(weight(at(0, 500), at(2, 500))));
    ck_assert(isinf(weight(at(1, 500), at(1, 600))));
}
END_TEST

START_TEST(a_street_beyond_all_measure_is_closed)
{
    row(small_map_residential());
    ((roads_link *)(uintptr_t)map.view.links)[1].cm = 1 << 26;
    build(CAR);
    ck_assert(isinf(metric.view.street_weights[2]));
    finish();

    row(small_map_residential());
    ((roads_link *)(uintptr_t)map.view.links)[1].cm = 1 << 26;
    map.view.length_unit_cm = 10;
    build(CAR);
    ck_assert(metric.view.street_weights[2]
              == roads_weight(6710886, 6710886));
}
END_TEST

START_TEST(turns_take_their_time_and_vertices_on_foot_none)
{
    row(small_map_residential());
    map.profile.modes[CAR].turns.u_turn_s = 7;
    map.profile.modes[CAR].turns.u_turn_anywhere = false;
    map.profile.modes[FOOT].turns.turn_s = 5;
    build(CAR);
    ck_assert(isinf(metric.view.turn_weights[128 | ROADS_TURN_BACK]));
    ck_assert(metric.view.turn_weights[128 | ROADS_TURN_BACK
                                       | ROADS_TURN_DEAD_END]
              == roads_weight(700, 0));
    ck_assert(metric.view.turn_weights[0] == 0);
    finish();

    row(small_map_residential());
    map.profile.modes[FOOT].turns.turn_s = 5;
    build(FOOT);
    ck_assert(metric.view.turn_weights[ROADS_TURN_NONE] == 0);
}
END_TEST

START_TEST(into_a_trap_one_may_go_but_not_begin_there)
{
    roads_kind oneway = small_map_residential();

    oneway.oneway = 1; /* 0 --- 1 --> 2 --- 3: back from there nobody comes */
    small_map_begin(&map, 5);
    small_map_kind(&map, small_map_residential());
    small_map_kind(&map, oneway);
    small_map_link(&map, 0, 1, 10000, 0);
    small_map_link(&map, 0, 4, 10000, 0);
    small_map_link(&map, 1, 2, 10000, 1);
    small_map_link(&map, 2, 3, 10000, 0);
    small_map_finish(&map);
    build(CAR);
    ck_assert_uint_eq(metric.view.use[0],
                      ROADS_USE_START | ROADS_USE_TARGET);
    ck_assert_uint_eq(metric.view.use[4], ROADS_USE_TARGET);
    ck_assert_uint_eq(metric.view.use[5], 0);
    ck_assert_uint_eq(metric.view.use[6], ROADS_USE_TARGET);
    ck_assert_uint_eq(metric.view.n_routable, 2);
    ck_assert_int_eq(metric.view.routable_cm, 20000);
    ck_assert_int_eq(metric.view.open_cm, 40000);
}
END_TEST

/* ---- places ---- */

START_TEST(the_parts_of_a_street_add_up)
{
    row(small_map_residential());
    map.view.length_unit_cm = (uint32_t)_i;
    map.profile.modes[CAR].speed_dkmh[ROADS_CLASS_RESIDENTIAL] = 333;
    build(CAR);
    for (uint32_t s = 2; s < 4; s++) {
        double last = -1;

        for (uint32_t cm = 0; cm <= 10000; cm += 7) {
            const double part =
                roads_spots_part(view, s, s & 1 ? 10000 - cm : cm);

            ck_assert(part >= last);
            ck_assert(part <= metric.view.street_weights[s]);
            last = part;
        }
        ck_assert(roads_spots_part(view, s, s & 1 ? 0 : 10000)
                  == metric.view.street_weights[s]);
        ck_assert(roads_spots_part(view, s, s & 1 ? 10000 : 0) == 0);
        ck_assert(fmod(roads_spots_part(view, s, s & 1 ? 10000 - 1006 : 1006),
                       ROADS_LENGTHS)
                  == (_i == 1 ? 1006 : 101));
    }
}
END_TEST

START_TEST(within_a_link_and_from_link_to_link)
{
    for (int i = 0; i < 2; i++) {
        row(small_map_residential());
        build(i ? CAR : FOOT);
        ck_assert(weight(at(1, 2000), at(1, 5000)) == travelled(3000));
        ck_assert(weight(at(1, 5000), at(1, 2000)) == travelled(3000));
        ck_assert(weight(at(1, 5000), at(1, 5000)) == 0);
        ck_assert(weight(at(0, 4000), at(2, 1000)) == travelled(17000));
        ck_assert(weight(at(2, 1000), at(0, 4000)) == travelled(17000));
        finish();
    }
}
END_TEST

START_TEST(back_along_a_oneway_street_leads_round_the_block)
{
    roads_kind oneway = small_map_residential();

    oneway.oneway = 1;
    small_map_begin(&map, 3);
    small_map_kind(&map, oneway); /* 0 -> 1 -> 2 -> 0 */
    small_map_link(&map, 0, 1, 10000, 0);
    small_map_link(&map, 1, 2, 20000, 0);
    small_map_link(&map, 2, 0, 30000, 0);
    small_map_finish(&map);
    build(CAR);
    ck_assert(weight(at(0, 6000), at(0, 5000)) == travelled(59000));
    ck_assert(weight(at(0, 5000), at(0, 6000)) == travelled(1000));
}
END_TEST

START_TEST(at_a_vertex_all_its_streets_begin_and_end)
{
    for (int i = 0; i < 2; i++) {
        row(small_map_residential());
        map.profile.modes[CAR].turns.u_turn_s = 9;
        build(i ? CAR : FOOT);
        ck_assert(weight(at(0, 10000), at(1, 3000)) == travelled(3000));
        ck_assert(weight(at(1, 0), at(0, 3000)) == travelled(7000));
        ck_assert(weight(at(1, 3000), at(0, 10000)) == travelled(3000));
        ck_assert(weight(at(0, 3000), at(1, 0)) == travelled(7000));
        ck_assert(weight(at(0, 10000), at(1, 0)) == 0);
        ck_assert(weight(at(0, 0), at(2, 10000)) == travelled(30000));
        finish();
    }
}
END_TEST

START_TEST(before_a_wall_one_stands_on_ones_own_side)
{
    for (int i = 0; i < 2; i++) {
        row(small_map_residential());
        small_map_vertex(&map, 1, ROADS_NODE_SHUT * 7);
        build(i ? CAR : FOOT);
        ck_assert(isinf(weight(at(0, 10000), at(1, 0))));
        ck_assert(weight(at(1, 0), at(2, 500)) == travelled(10500));
        ck_assert(weight(at(2, 500), at(1, 0)) == travelled(10500));
        finish();
    }
}
END_TEST

START_TEST(behind_a_gate_is_reached_also_from_the_street_before_it)
{
    for (int i = 0; i < 2; i++) {
        roads_kind private = small_map_residential();

        private.access[ROADS_ACCESS_ALL] = ROADS_ACCESS_PRIVATE;
        row(private);
        small_map_vertex(&map, 1, ROADS_NODE_PRIVATE * 7);
        build(i ? CAR : FOOT);
        ck_assert(weight(at(0, 9000), at(1, 1000)) == travelled(2000));
        ck_assert(weight(at(1, 1000), at(0, 9000)) == travelled(2000));
        /* What is behind it counts as for a route's end too. */
        ck_assert(weight(at(0, 9000), at(2, 1000)) == travelled(12000));
        finish();
    }
}
END_TEST

START_TEST(from_junction_to_junction_a_private_street_is_no_way)
{
    for (int i = 0; i < 2; i++) {
        roads_kind private = small_map_residential();

        private.access[ROADS_ACCESS_ALL] = ROADS_ACCESS_PRIVATE;
        small_map_begin(&map, 3); /* 0 to 1, 100 m; by 2, 300 m */
        small_map_kind(&map, private);
        small_map_kind(&map, small_map_residential());
        small_map_link(&map, 0, 1, 10000, 0);
        small_map_link(&map, 0, 2, 10000, 1);
        small_map_link(&map, 1, 2, 20000, 1);
        small_map_finish(&map);
        build(i ? CAR : FOOT);
        ck_assert(weight(at(0, 0), at(0, 10000)) == travelled(30000));
        ck_assert(weight(at(0, 10000), at(1, 0)) == travelled(30000));
        /* Begun or ended in it, it is. */
        ck_assert(weight(at(0, 4000), at(0, 10000)) == travelled(6000));
        ck_assert(weight(at(0, 4000), at(2, 0)) == travelled(6000));
        ck_assert(weight(at(1, 0), at(0, 4000)) == travelled(4000));
        ck_assert(weight(at(0, 10000), at(0, 4000)) == travelled(6000));
        finish();
    }
}
END_TEST

START_TEST(a_place_set_aside_is_unreachable)
{
    gb_roads_place far;

    row(small_map_residential());
    build(CAR);
    far = at(0, 100);
    far.status = GB_SNAP_FAR;
    far.link = ROADS_NONE;
    ck_assert(isinf(weight(far, at(0, 100))));
    ck_assert(isinf(weight(at(0, 100), far)));
    ck_assert(isinf(weight(far, far)));
}
END_TEST

START_TEST(the_street_without_a_turn_is_named)
{
    gb_roads_place from, to;
    uint32_t street;

    row(small_map_residential());
    build(CAR);
    from = at(1, 4000);
    to = at(1, 1000);
    ck_assert(roads_spots_direct(view, &from, &to, &street)
              == travelled(3000));
    ck_assert_uint_eq(street, 3);
    to = at(2, 0); /* the end of link 1 */
    ck_assert(roads_spots_direct(view, &from, &to, &street)
              == travelled(6000));
    ck_assert_uint_eq(street, 2);
    to = from;
    ck_assert(roads_spots_direct(view, &from, &to, &street) == 0);
    ck_assert_uint_eq(street, ROADS_NONE);
    to = at(2, 5000);
    ck_assert(isinf(roads_spots_direct(view, &from, &to, &street)));
    ck_assert_uint_eq(street, ROADS_NONE);
}
END_TEST

/* ---- searches ---- */

START_TEST(a_limit_is_kept)
{
    row(small_map_residential());
    build(CAR);
    /* To the beginning of link 2 it is 160 m, to the place 20 m more. */
    ck_assert(search(at(0, 4000), at(2, 2000), travelled(16000))
              == travelled(18000));
    ck_assert(isinf(search(at(0, 4000), at(2, 2000), travelled(15999))));
}
END_TEST

/*
 * 0 ==> 1 --- 2: link 0 leads to 1, link 1 back, link 2 into a dead end, where
 * one has to go first.
 */
START_TEST(turning_back_is_paid)
{
    roads_kind oneway = small_map_residential();

    oneway.oneway = 1;
    small_map_begin(&map, 3);
    small_map_kind(&map, small_map_residential());
    small_map_kind(&map, oneway);
    small_map_link(&map, 0, 1, 10000, 1);
    small_map_link(&map, 1, 0, 10000, 1);
    small_map_link(&map, 1, 2, 10000, 0);
    small_map_finish(&map);
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 0, 4 }, 2);
    map.profile.modes[CAR].turns.u_turn_s = 7;
    map.profile.modes[CAR].turns.u_turn_anywhere = false;
    build(CAR);
    ck_assert(weight(at(0, 5000), at(1, 5000))
              == travelled(30000) + roads_weight(700, 0));
    ck_assert(weight(at(2, 5000), at(1, 5000)) == travelled(10000));
}
END_TEST

START_TEST(lack_of_memory_is_survived)
{
    base_rng rng = base_rng_seeded(3);
    gb_roads_place places[6];

    small_map_random(&rng, 12, 30, 12, &map);
    build(CAR);
    for (size_t i = 0; i < 6; i++)
        places[i] = small_map_random_place(&rng, &map, CAR);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *faulty = faulty_context(&mem);

        if (faulty) {
            roads_metric_built made;
            roads_search dijkstra = { 0 };
            roads_spots spots;
            base_run run;
            bool good;

            base_run_begin(&run, faulty, (base_limits){ 0 });
            good = !roads_metric_weigh(&run, &map.view, &states.view,
                                       &map.profile, CAR, -1, &made);
            good = roads_spots_find(faulty->mem, view, places, 6, &spots)
                   && good;
            good = roads_search_init(&dijkstra, faulty->mem, view) && good;
            ck_assert_int_eq(good, mem.failures == 0);
            roads_metric_clear(faulty->mem, &made);
            roads_spots_clear(faulty->mem, &spots);
            roads_search_clear(&dijkstra, faulty->mem);
        }
        gb_context_free(faulty);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_search");
    TCase *weights = tcase_create("weights");
    TCase *places = tcase_create("places");
    TCase *searches = tcase_create("searches");

    tcase_add_checked_fixture(weights, NULL, finish);
    tcase_add_test(weights,
                   a_street_takes_its_length_by_its_speed_and_its_lights);
    tcase_add_test(weights, what_the_profile_closes_is_closed);
    tcase_add_test(weights, a_street_beyond_all_measure_is_closed);
    tcase_add_test(weights, turns_take_their_time_and_vertices_on_foot_none);
    tcase_add_test(weights, into_a_trap_one_may_go_but_not_begin_there);
    suite_add_tcase(suite, weights);
    tcase_add_checked_fixture(places, NULL, finish);
    tcase_add_loop_test(places, the_parts_of_a_street_add_up, 1, 2);
    tcase_add_loop_test(places, the_parts_of_a_street_add_up, 10, 11);
    tcase_add_test(places, within_a_link_and_from_link_to_link);
    tcase_add_test(places, back_along_a_oneway_street_leads_round_the_block);
    tcase_add_test(places, at_a_vertex_all_its_streets_begin_and_end);
    tcase_add_test(places, before_a_wall_one_stands_on_ones_own_side);
    tcase_add_test(places,
                   behind_a_gate_is_reached_also_from_the_street_before_it);
    tcase_add_test(places,
                   from_junction_to_junction_a_private_street_is_no_way);
    tcase_add_test(places, a_place_set_aside_is_unreachable);
    tcase_add_test(places, the_street_without_a_turn_is_named);
    suite_add_tcase(suite, places);
    tcase_add_checked_fixture(searches, NULL, finish);
    tcase_add_test(searches, a_limit_is_kept);
    tcase_add_test(searches, turning_back_is_paid);
    tcase_add_loop_test(searches, lack_of_memory_is_survived, 0, 2);
    suite_add_tcase(suite, searches);
    return suite;
}
