/*
 * Borders as barriers, on a ground of two banks of a river:
 *
 *      0 - 1 - 2 - 3      each border of 500 m; along a bank four streets
 *      ~   ~   ~   ~      cross each, over the river as a test says
 *      4 - 5 - 6 - 7
 */
#include "plan_barriers.h"
#include "test.h"

#include <gridbeat/grid.h>

enum { N = 8, N_ARCS = 20 };

static gb_context *ctx;
static base_run run;
static uint32_t first[N + 1], neighbour[N_ARCS], crossings[N_ARCS];
static uint8_t has_streets[N], barriers[N_ARCS];
static double border_m[N_ARCS], work_s[N], shares[4];
static plan_ground ground;
static plan_joined_list joined;

static void add_arc(uint32_t from, uint32_t to, uint32_t *n)
{
    neighbour[*n] = to;
    crossings[*n] = to == from + 4 || from == to + 4 ? 0 : 4;
    border_m[*n] = 500;
    ++*n;
}

static void set_up(void)
{
    uint32_t n = 0;

    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&joined, 0, sizeof joined);
    for (uint32_t c = 0; c < N; c++) {
        first[c] = n;
        if (c >= 4)
            add_arc(c, c - 4, &n);
        if (c % 4 > 0)
            add_arc(c, c - 1, &n);
        if (c % 4 < 3)
            add_arc(c, c + 1, &n);
        if (c < 4)
            add_arc(c, c + 4, &n);
        has_streets[c] = 1;
        work_s[c] = 100;
    }
    first[N] = n;
    ck_assert_uint_eq(n, N_ARCS);
    for (size_t k = 0; k < 4; k++)
        shares[k] = 1;
    ground = (plan_ground){ N,         first,       neighbour, border_m,
                            crossings, has_streets, work_s,    shares,
                            4,         0.05 };
}

static void tear_down(void)
{
    base_array_clear(run.mem, &joined);
    gb_context_free(ctx);
}

static uint32_t arc(uint32_t from, uint32_t to)
{
    for (uint32_t i = first[from]; i < first[from + 1]; i++)
        if (neighbour[i] == to)
            return i;
    ck_abort_msg("%u and %u are no neighbours", from, to);
    return 0;
}

static void bridge(uint32_t a, uint32_t b, uint32_t n)
{
    crossings[arc(a, b)] = crossings[arc(b, a)] = n;
}

static int barrier(uint32_t a, uint32_t b)
{
    ck_assert_int_eq(barriers[arc(a, b)], barriers[arc(b, a)]);
    return barriers[arc(a, b)];
}

START_TEST(a_border_that_nothing_crosses_is_hard_and_one_with_a_bridge_soft)
{
    bridge(1, 5, 1);
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    ck_assert_int_eq(barrier(0, 4), GB_BARRIER_HARD);
    ck_assert_int_eq(barrier(1, 5), GB_BARRIER_SOFT);
    ck_assert_int_eq(barrier(0, 1), GB_BARRIER_NONE);
    ck_assert_uint_eq(joined.n, 0);
}
END_TEST

START_TEST(a_street_each_400_metres_is_no_barrier)
{
    bridge(1, 5, 1);
    border_m[arc(1, 5)] = border_m[arc(5, 1)] = 400;
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    ck_assert_int_eq(barrier(1, 5), GB_BARRIER_NONE);
}
END_TEST

START_TEST(a_river_without_a_bridge_parts_two_banks_that_can_be_served)
{
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    for (uint32_t c = 0; c < 4; c++)
        ck_assert_int_eq(barrier(c, c + 4), GB_BARRIER_HARD);
    ck_assert_uint_eq(joined.n, 0);
}
END_TEST

START_TEST(a_bank_with_work_for_half_a_manager_is_joined_and_told)
{
    work_s[0] = 0; /* 300 and 400, where each may have 175 */
    border_m[arc(2, 6)] = border_m[arc(6, 2)] = 600;
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    for (uint32_t c = 0; c < 4; c++)
        ck_assert_int_eq(barrier(c, c + 4), GB_BARRIER_SOFT);
    ck_assert_uint_eq(joined.n, 1);
    ck_assert_uint_eq(joined.items[0].a, 2);
    ck_assert_uint_eq(joined.items[0].b, 6);
    assert_near(joined.items[0].border_m, 2100, 1e-9);
}
END_TEST

START_TEST(unequal_shares_serve_unequal_banks)
{
    work_s[0] = 0;
    shares[0] = shares[1] = 1; /* 300 for two, 400 for two */
    shares[2] = shares[3] = 4 / 3.0;
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    ck_assert_uint_eq(joined.n, 0);
    ck_assert_int_eq(barrier(0, 4), GB_BARRIER_HARD);
}
END_TEST

START_TEST(more_pieces_than_managers_are_joined_to_as_many)
{
    /* Nothing crosses anything: eight pieces for two. */
    memset(crossings, 0, sizeof crossings);
    ground.n_shares = 2;
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    ck_assert_uint_ge(joined.n, 6);
    ck_assert_uint_le(joined.n, 7);
}
END_TEST

START_TEST(of_a_cell_without_streets_nothing_is_told)
{
    has_streets[5] = 0;
    assert_ok(ctx, plan_barriers(&run, &ground, barriers, &joined));
    ck_assert_int_eq(barrier(1, 5), GB_BARRIER_NONE);
    ck_assert_int_eq(barrier(0, 4), GB_BARRIER_HARD);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_barriers");
    TCase *tcase = tcase_create("barriers");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(
        tcase,
        a_border_that_nothing_crosses_is_hard_and_one_with_a_bridge_soft);
    tcase_add_test(tcase, a_street_each_400_metres_is_no_barrier);
    tcase_add_test(tcase,
                   a_river_without_a_bridge_parts_two_banks_that_can_be_served);
    tcase_add_test(tcase,
                   a_bank_with_work_for_half_a_manager_is_joined_and_told);
    tcase_add_test(tcase, unequal_shares_serve_unequal_banks);
    tcase_add_test(tcase, more_pieces_than_managers_are_joined_to_as_many);
    tcase_add_test(tcase, of_a_cell_without_streets_nothing_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
