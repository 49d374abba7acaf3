#include "base_run.h"
#include "faulty_alloc.h"
#include "roads_states.h"
#include "small_map.h"

#include "test.h"

static const gb_mode CAR = GB_MODE_CAR, FOOT = GB_MODE_FOOT;

static gb_context *ctx;
static small_map map;
static roads_states_built built;
static const roads_states *states = &built.view;

static void build(gb_mode mode)
{
    base_run run;

    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_states_build(&run, &map.view, &map.profile, mode,
                                      NULL, &built));
}

static void finish(void)
{
    if (ctx)
        roads_states_clear(ctx->mem, &built);
    gb_context_free(ctx);
    small_map_clear(&map);
    ctx = NULL;
}

/* Which state comes after `state` by turning into `street`; NONE. */
static uint32_t after(uint32_t state, uint32_t street)
{
    for (uint32_t a = states->first_arc[state];
         a < states->first_arc[state + 1]; a++)
        for (uint32_t i = states->first_target[street];
             i < states->first_target[street + 1]; i++)
            if (states->heads[a] == states->targets[i])
                return states->heads[a];
    return ROADS_NONE;
}

static bool may_turn(uint32_t from, uint32_t to)
{
    return after(states->starts[from], to) != ROADS_NONE;
}

static uint32_t turn_code(uint32_t from, uint32_t to)
{
    const uint32_t state = states->starts[from];
    const uint32_t then = after(state, to);

    for (uint32_t a = states->first_arc[state];
         a < states->first_arc[state + 1]; a++)
        if (states->heads[a] == then) {
            ck_assert_uint_eq(states->arc_streets[a], from);
            return states->arc_turns[a];
        }
    ck_abort_msg("no turn from %u to %u", from, to);
    return 0;
}

static uint32_t n_states_of(uint32_t street)
{
    return states->first_target[street + 1] - states->first_target[street];
}

/* Walks the streets; NONE when one of them does not follow. */
static uint32_t walk(const uint32_t *streets, size_t n)
{
    uint32_t state = states->starts[streets[0]];

    for (size_t i = 1; i < n && state != ROADS_NONE; i++)
        state = after(state, streets[i]);
    return state;
}

#define WALK(...)                                                             \
    walk((const uint32_t[]){ __VA_ARGS__ },                                   \
         sizeof(uint32_t[]){ __VA_ARGS__ } / sizeof(uint32_t))

/*
 *          1 (north)
 *          |            links: 0 to the north, 1 east, 2 south, 3 west, all
 *     4 -- 0 -- 2       from the middle; streets 0, 2, 4, 6 lead out,
 *          |            1, 3, 5, 7 lead in
 *          3
 */
static void crossing(roads_kind kind)
{
    small_map_begin(&map, 5);
    small_map_kind(&map, kind);
    small_map_kind(&map, small_map_residential());
    for (uint32_t l = 0; l < 4; l++) {
        small_map_link(&map, 0, l + 1, 10000, l == 0 ? 0 : 1);
        small_map_bearing(&map, l, (uint8_t)(64 * l),
                          (uint8_t)(64 * l + 128));
    }
    small_map_finish(&map);
}

START_TEST(a_crossing_has_a_state_a_street_and_an_arc_a_turn)
{
    crossing(small_map_residential());
    build(CAR);
    ck_assert_uint_eq(states->n_states, 8);
    ck_assert_uint_eq(states->n_arcs, 4 * 4 + 4);
    for (uint32_t s = 0; s < 8; s++)
        ck_assert_uint_eq(n_states_of(s), 1);
    /* From the south: straight on, right, left, back. */
    ck_assert_uint_eq(turn_code(5, 0), 0);
    ck_assert_uint_eq(turn_code(5, 2), 64);
    ck_assert_uint_eq(turn_code(5, 6), 192);
    ck_assert_uint_eq(turn_code(5, 4), 128 | ROADS_TURN_BACK);
    ck_assert_uint_eq(turn_code(4, 5),
                      128 | ROADS_TURN_BACK | ROADS_TURN_DEAD_END);
}
END_TEST

START_TEST(lights_are_known_to_the_turn)
{
    crossing(small_map_residential());
    small_map_vertex(&map, 0, ROADS_NODE_SIGNAL);
    build(CAR);
    ck_assert_uint_eq(turn_code(5, 2), 64 | ROADS_TURN_SIGNAL);
    ck_assert_uint_eq(turn_code(4, 5),
                      128 | ROADS_TURN_BACK | ROADS_TURN_DEAD_END);
}
END_TEST

START_TEST(where_two_streets_meet_a_bend_is_no_turn)
{
    for (int signal = 0; signal < 2; signal++) {
        small_map_begin(&map, 3); /* 0 to the east to 1, to the north to 2 */
        small_map_kind(&map, small_map_residential());
        small_map_link(&map, 0, 1, 10000, 0);
        small_map_link(&map, 1, 2, 10000, 0);
        small_map_bearing(&map, 0, 64, 192);
        small_map_bearing(&map, 1, 0, 128);
        if (signal)
            small_map_vertex(&map, 1, ROADS_NODE_SIGNAL);
        small_map_finish(&map);
        build(CAR);
        ck_assert_uint_eq(turn_code(0, 2), signal ? ROADS_TURN_SIGNAL : 0);
        ck_assert_uint_eq(turn_code(3, 1), signal ? ROADS_TURN_SIGNAL : 0);
        ck_assert_uint_eq(turn_code(0, 1) & ~ROADS_TURN_SIGNAL,
                          128 | ROADS_TURN_BACK);
        finish();
    }
}
END_TEST

START_TEST(against_a_oneway_street_there_is_no_state)
{
    roads_kind kind = small_map_residential();

    kind.oneway = 1; /* out to the north: nothing comes back from there */
    crossing(kind);
    build(CAR);
    ck_assert_uint_eq(states->starts[1], ROADS_NONE);
    ck_assert_uint_eq(n_states_of(1), 0);
    ck_assert_uint_eq(states->ends[0], 1);
    ck_assert_uint_eq(states->ends[1], 0);
    ck_assert(may_turn(5, 0));
    ck_assert_uint_eq(states->first_arc[states->starts[0]],
                      states->first_arc[states->starts[0] + 1]);
}
END_TEST

START_TEST(a_street_that_only_leads_away_leaves_a_dead_end)
{
    roads_kind away = small_map_residential();

    away.oneway = 1;
    small_map_begin(&map, 3); /* 0 - 1 -> 2 */
    small_map_kind(&map, small_map_residential());
    small_map_kind(&map, away);
    small_map_link(&map, 0, 1, 100, 0);
    small_map_link(&map, 1, 2, 100, 1);
    small_map_finish(&map);
    build(CAR);
    ck_assert_uint_ne(turn_code(0, 1) & ROADS_TURN_DEAD_END, 0);
}
END_TEST

START_TEST(no_left_turn_binds_its_modes_only)
{
    crossing(small_map_residential());
    small_map_ban(&map, 1 << CAR, (const uint32_t[]){ 5, 6 }, 2);
    build(CAR);
    ck_assert(!may_turn(5, 6));
    ck_assert(may_turn(5, 0) && may_turn(5, 2) && may_turn(5, 4));
    ck_assert(may_turn(3, 6));
    ck_assert_uint_eq(states->n_states, 8);
    roads_states_clear(ctx->mem, &built);
    gb_context_free(ctx);
    build(GB_MODE_EBIKE);
    ck_assert(may_turn(5, 6));
}
END_TEST

START_TEST(only_straight_on_forbids_all_else_and_turning_back)
{
    crossing(small_map_residential());
    small_map_ban(&map, 1 << CAR | ROADS_BAN_ONLY,
                  (const uint32_t[]){ 5, 0 }, 2);
    build(CAR);
    ck_assert(may_turn(5, 0));
    ck_assert(!may_turn(5, 2) && !may_turn(5, 4) && !may_turn(5, 6));
}
END_TEST

START_TEST(of_two_only_either_may_be_done)
{
    crossing(small_map_residential());
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 5, 0 }, 2);
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 5, 2 }, 2);
    build(CAR);
    ck_assert(may_turn(5, 0) && may_turn(5, 2));
    ck_assert(!may_turn(5, 4) && !may_turn(5, 6));
}
END_TEST

/*
 *   0 --- 1 --- 2 --- 3     links 0 (0-1), 1 (1-2), 2 (1-4), 3 (2-3), 4 (2-5)
 *         |     |
 *         4     5
 */
static void two_crossings(void)
{
    small_map_begin(&map, 6);
    small_map_kind(&map, small_map_residential());
    small_map_link(&map, 0, 1, 100, 0);
    small_map_link(&map, 1, 2, 100, 0);
    small_map_link(&map, 1, 4, 100, 0);
    small_map_link(&map, 2, 3, 100, 0);
    small_map_link(&map, 2, 5, 100, 0);
    small_map_finish(&map);
}

START_TEST(a_restriction_over_a_street_binds_who_came_that_way)
{
    two_crossings();
    small_map_ban(&map, 7, (const uint32_t[]){ 0, 2, 8 }, 3);
    build(CAR);
    ck_assert_uint_eq(states->n_states, 11);
    ck_assert_uint_eq(n_states_of(2), 2);
    ck_assert_uint_eq(WALK(0, 2, 8), ROADS_NONE);
    ck_assert_uint_ne(WALK(0, 2, 6), ROADS_NONE);
    ck_assert_uint_ne(WALK(5, 2, 8), ROADS_NONE);
    ck_assert_uint_ne(WALK(2, 8), ROADS_NONE);
    /* Who turned back on the way is free of it. */
    ck_assert_uint_ne(WALK(0, 2, 3, 2, 8), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 2, 3, 1, 0, 2, 8), ROADS_NONE);
}
END_TEST

START_TEST(an_only_over_a_street_binds_once_on_it)
{
    two_crossings();
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 0, 2, 6 },
                  3);
    build(CAR);
    ck_assert_uint_ne(WALK(0, 2, 6), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 2, 8), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 2, 3), ROADS_NONE);
    ck_assert_uint_ne(WALK(0, 4), ROADS_NONE);
    ck_assert_uint_ne(WALK(5, 2, 8), ROADS_NONE);
}
END_TEST

START_TEST(who_has_come_a_longer_way_is_bound_by_no_less)
{
    two_crossings();
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 2, 8 }, 2);
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 0, 2, 6 },
                  3);
    build(CAR);
    ck_assert_uint_ne(WALK(2, 8), ROADS_NONE);
    ck_assert_uint_eq(WALK(2, 6), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 2, 6), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 2, 8), ROADS_NONE);
}
END_TEST

START_TEST(a_restriction_with_a_street_of_no_use_does_not_bind)
{
    roads_kind footway = small_map_residential();

    footway.class = ROADS_CLASS_FOOTWAY;
    crossing(footway);
    small_map_ban(&map, 7 | ROADS_BAN_ONLY, (const uint32_t[]){ 5, 0 }, 2);
    build(CAR);
    ck_assert_uint_eq(states->starts[0], ROADS_NONE);
    ck_assert(may_turn(5, 2));
}
END_TEST

START_TEST(a_private_street_is_left_or_come_to_but_not_crossed)
{
    roads_kind private = small_map_residential();

    private.access[ROADS_ACCESS_ALL] = ROADS_ACCESS_PRIVATE;
    small_map_begin(&map, 4); /* 0 = 1 === 2 = 3, the middle one private, */
    small_map_kind(&map, small_map_residential()); /* 0 - 3 round about */
    small_map_kind(&map, private);
    small_map_link(&map, 0, 1, 100, 0);
    small_map_link(&map, 0, 3, 100, 0);
    small_map_link(&map, 1, 2, 100, 1);
    small_map_link(&map, 2, 3, 100, 0);
    small_map_finish(&map);
    build(CAR);
    ck_assert_uint_eq(states->ends[2], 1);
    ck_assert_uint_eq(n_states_of(4), 2);
    ck_assert_uint_ne(WALK(0, 4), ROADS_NONE);
    ck_assert_uint_ne(WALK(4, 6), ROADS_NONE);
    ck_assert_uint_eq(WALK(0, 4, 6), ROADS_NONE);
    ck_assert_uint_ne(turn_code(0, 1) & ROADS_TURN_DEAD_END, 0);
    finish();

    /* On foot as well, at vertices: 1 and 2 in all phases, 0 and 3 in one. */
    small_map_begin(&map, 4);
    small_map_kind(&map, small_map_residential());
    small_map_kind(&map, private);
    small_map_link(&map, 0, 1, 100, 0);
    small_map_link(&map, 0, 3, 100, 0);
    small_map_link(&map, 1, 2, 100, 1);
    small_map_link(&map, 2, 3, 100, 0);
    small_map_finish(&map);
    build(FOOT);
    ck_assert_uint_eq(states->n_states, 8);
    ck_assert(roads_states_are_vertices(states));
    ck_assert_uint_eq(n_states_of(4), 3);
    ck_assert_uint_eq(n_states_of(6), 2);
}
END_TEST

START_TEST(what_lies_behind_a_private_gate_is_for_a_routes_end_only)
{
    small_map_begin(&map, 5); /* 0 - 1 - 2 (gate) - 3 - 4 */
    small_map_kind(&map, small_map_residential());
    for (uint32_t v = 0; v < 4; v++)
        small_map_link(&map, v, v + 1, 100, 0);
    small_map_finish(&map);
    small_map_vertex(&map, 2, ROADS_NODE_PRIVATE << CAR);
    build(CAR);
    /* Both sides are as large; the one with the lower number is the core. */
    for (uint32_t l = 0; l < 4; l++)
        ck_assert_uint_eq(states->ends[l], l >= 2);
    ck_assert_uint_ne(WALK(2, 4, 6), ROADS_NONE);
    ck_assert_uint_ne(WALK(7, 5, 3), ROADS_NONE);
    ck_assert_uint_eq(WALK(2, 4, 5, 3), ROADS_NONE);
    ck_assert_uint_ne(turn_code(2, 3) & ROADS_TURN_DEAD_END, 0);
}
END_TEST

START_TEST(at_a_shut_vertex_one_turns_back)
{
    crossing(small_map_residential());
    small_map_vertex(&map, 0, ROADS_NODE_SHUT << CAR);
    build(CAR);
    ck_assert(!may_turn(5, 0) && !may_turn(5, 2) && !may_turn(5, 6));
    ck_assert_uint_ne(turn_code(5, 4) & ROADS_TURN_DEAD_END, 0);
}
END_TEST

START_TEST(on_foot_a_shut_vertex_is_begun_at_but_not_come_to)
{
    crossing(small_map_residential());
    small_map_vertex(&map, 0, ROADS_NODE_SHUT << FOOT);
    build(FOOT);
    for (size_t a = 0; a < states->n_arcs; a++)
        ck_assert_uint_ne(states->heads[a], states->starts[0]);
    ck_assert(may_turn(0, 1)); /* at vertex 1 */
    ck_assert_uint_eq(n_states_of(0), 0);
    ck_assert_uint_eq(n_states_of(1), 1);
}
END_TEST

START_TEST(a_loop_may_be_travelled_again)
{
    small_map_begin(&map, 2);
    small_map_kind(&map, small_map_residential());
    small_map_link(&map, 0, 0, 100, 0);
    small_map_link(&map, 0, 1, 100, 0);
    small_map_finish(&map);
    build(CAR);
    ck_assert(may_turn(0, 0));
    ck_assert(may_turn(0, 1) && may_turn(0, 2));
    ck_assert_uint_ne(turn_code(0, 1) & ROADS_TURN_BACK, 0);
    ck_assert_uint_eq(turn_code(0, 0) & ROADS_TURN_BACK, 0);
}
END_TEST

START_TEST(a_map_without_streets_has_no_states)
{
    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        small_map_begin(&map, 3);
        small_map_finish(&map);
        build((gb_mode)mode);
        ck_assert_uint_eq(states->n_states, 0);
        ck_assert_uint_eq(states->n_arcs, 0);
        finish();
    }
}
END_TEST

/* Keys ascend with the numbers: of streets, or of vertices on foot. */
START_TEST(states_are_numbered_by_the_cuts)
{
    const gb_mode mode = (gb_mode)_i;
    uint8_t weight[SMALL_MAP_LINKS];
    roads_dissection cuts;
    uint64_t last = 0;
    base_run run;
    base_rng rng = base_rng_seeded(7);

    small_map_random(&rng, 60, 150, 10, &map);
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(weight, 1, sizeof weight);
    assert_ok(ctx, roads_dissect(&run, &map.view, weight, &cuts));
    assert_ok(ctx, roads_states_build(&run, &map.view, &map.profile, mode,
                                      &cuts, &built));
    for (size_t v = 0; v < states->n_states; v++) {
        uint32_t street;
        uint64_t key;

        if (states->first_arc[v] == states->first_arc[v + 1])
            continue;
        street = states->arc_streets[states->first_arc[v]];
        key = roads_states_are_vertices(states)
                  ? roads_dissection_vertex_key(
                        &cuts, roads_street_tail(&map.view, street))
                  : roads_dissection_link_key(
                        &cuts, roads_street_tail(&map.view, street),
                        roads_street_head(&map.view, street));
        ck_assert_uint_ge(key, last);
        last = key;
    }
    ck_assert_uint_gt(last, 0);
    roads_dissection_clear(ctx->mem, &cuts);
}
END_TEST

START_TEST(lack_of_memory_is_survived)
{
    const gb_mode mode = (gb_mode)(_i / 2);
    base_rng rng = base_rng_seeded(3);

    small_map_random(&rng, 12, 30, 12, &map);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i % 2);
        gb_context *faulty = faulty_context(&mem);

        if (faulty) {
            base_run run;
            gb_status status;

            base_run_begin(&run, faulty, (base_limits){ 0 });
            status = roads_states_build(&run, &map.view, &map.profile, mode,
                                        NULL, &built);
            ck_assert_int_eq(status, mem.failures ? GB_ERR_NOMEM : GB_OK);
            roads_states_clear(faulty->mem, &built);
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
    Suite *suite = suite_create("roads_states");
    TCase *turns = tcase_create("turns");
    TCase *bans = tcase_create("restrictions");
    TCase *ends = tcase_create("ends");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(turns, NULL, finish);
    tcase_add_test(turns, a_crossing_has_a_state_a_street_and_an_arc_a_turn);
    tcase_add_test(turns, lights_are_known_to_the_turn);
    tcase_add_test(turns, where_two_streets_meet_a_bend_is_no_turn);
    tcase_add_test(turns, against_a_oneway_street_there_is_no_state);
    tcase_add_test(turns, a_street_that_only_leads_away_leaves_a_dead_end);
    tcase_add_test(turns, a_loop_may_be_travelled_again);
    suite_add_tcase(suite, turns);
    tcase_add_checked_fixture(bans, NULL, finish);
    tcase_add_test(bans, no_left_turn_binds_its_modes_only);
    tcase_add_test(bans, only_straight_on_forbids_all_else_and_turning_back);
    tcase_add_test(bans, of_two_only_either_may_be_done);
    tcase_add_test(bans, a_restriction_over_a_street_binds_who_came_that_way);
    tcase_add_test(bans, an_only_over_a_street_binds_once_on_it);
    tcase_add_test(bans, who_has_come_a_longer_way_is_bound_by_no_less);
    tcase_add_test(bans, a_restriction_with_a_street_of_no_use_does_not_bind);
    suite_add_tcase(suite, bans);
    tcase_add_checked_fixture(ends, NULL, finish);
    tcase_add_test(ends, a_private_street_is_left_or_come_to_but_not_crossed);
    tcase_add_test(ends,
                   what_lies_behind_a_private_gate_is_for_a_routes_end_only);
    tcase_add_test(ends, at_a_shut_vertex_one_turns_back);
    tcase_add_test(ends, on_foot_a_shut_vertex_is_begun_at_but_not_come_to);
    suite_add_tcase(suite, ends);
    tcase_add_checked_fixture(all, NULL, finish);
    tcase_add_test(all, a_map_without_streets_has_no_states);
    tcase_add_loop_test(all, states_are_numbered_by_the_cuts, 0,
                        GB_MODE_COUNT);
    tcase_add_loop_test(all, lack_of_memory_is_survived, 0,
                        2 * GB_MODE_COUNT);
    suite_add_tcase(suite, all);
    return suite;
}
