/*
 * What is told of borders that no street crosses, and how they are lifted.
 * Three cells in a row, 0 - 1 - 2, with a hard barrier between 1 and 2.
 */
#include "plan_parting.h"
#include "test.h"

#include <gridbeat/grid.h>

static gb_context *ctx;
static base_run run;
static plan_data data;
static plan_parting parting, lifted;
static const uint32_t first_neighbour[] = { 0, 1, 3, 4 };
static const uint32_t neighbour[] = { 1, 0, 2, 1 };
static const double border_m[] = { 300, 300, 500, 500 };
static const char *refs[] = { "cell00001", "cell00002", "cell00003" };
static const plan_ground ground = { .n_cells = 3,
                                   .first_neighbour = first_neighbour,
                                   .neighbour = neighbour,
                                   .border_m = border_m };
static uint8_t *barriers;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&data, 0, sizeof data);
    memset(&parting, 0, sizeof parting);
    memset(&lifted, 0, sizeof lifted);
    data.run = &run;
    data.cells.n = 3;
    data.cells.n_neighbours = 4;
    data.cells.first_neighbour = first_neighbour;
    data.cells.neighbour = neighbour;
    data.cells.border_m = border_m;
    data.cells.refs = refs;
    barriers = base_alloc_zeroed(run.mem, 4, 1);
    ck_assert_ptr_nonnull(barriers);
    barriers[2] = barriers[3] = GB_BARRIER_HARD;
    parting.barriers = barriers;
    parting.n_hard = 1;
}

static void tear_down(void)
{
    plan_parting_clear(run.mem, &parting);
    plan_parting_clear(run.mem, &lifted);
    gb_context_free(ctx);
}

static json_t *tell(const plan_parting *of, const uint32_t *owners)
{
    json_t *list = json_array();

    assert_ok(ctx, plan_parting_tell(&data, of, owners, list));
    return list;
}

static const char *text_of(const json_t *list)
{
    return json_string_value(json_object_get(json_array_get(list, 0), "text"));
}

START_TEST(lifted_barriers_are_soft_and_told_where_a_territory_crosses_them)
{
    static const uint32_t together[] = { 0, 1, 1 }, apart[] = { 0, 0, 1 };
    json_t *list;

    assert_ok(ctx, plan_parting_lift(&run, &ground, &parting, &lifted));
    ck_assert_uint_eq(lifted.n_hard, 0);
    ck_assert_uint_eq(lifted.n_soft, 1);
    ck_assert_uint_eq(lifted.barriers[2], GB_BARRIER_SOFT);
    ck_assert_uint_eq(lifted.barriers[3], GB_BARRIER_SOFT);
    ck_assert_uint_eq(lifted.barriers[0], GB_BARRIER_NONE);
    ck_assert_uint_eq(parting.barriers[2], GB_BARRIER_HARD);

    list = tell(&lifted, together);
    ck_assert_uint_eq(json_array_size(list), 1);
    ck_assert_str_eq(text_of(list),
                     "no street leads on foot from cell00002 to cell00003 "
                     "(500 m of border), but with such borders kept the work "
                     "cannot be shared within the tolerance");
    json_decref(list);
    list = tell(&lifted, apart);
    ck_assert_uint_eq(json_array_size(list), 0);
    json_decref(list);
}
END_TEST

START_TEST(pieces_joined_again_are_told_with_the_longest_border)
{
    static const uint32_t owners[] = { 0, 0, 0 };
    const plan_joined joined = { 1, 2, 512.4 };
    json_t *list;

    ck_assert(base_array_push(run.mem, &parting.joined, joined));
    list = tell(&parting, owners);
    ck_assert_str_eq(text_of(list),
                     "no street leads on foot from cell00002 to cell00003 "
                     "(512 m of border), but apart one of the two sides has "
                     "no work for a whole number of managers");
    ck_assert_str_eq(json_string_value(json_object_get(
                         json_array_get(list, 0), "other_cell")),
                     "cell00003");
    json_decref(list);
}
END_TEST

START_TEST(at_most_twenty_are_told)
{
    static const uint32_t owners[] = { 0, 0, 0 };
    const plan_joined joined = { 1, 2, 1 };
    json_t *list;

    for (int i = 0; i < 30; i++)
        ck_assert(base_array_push(run.mem, &parting.joined, joined));
    list = tell(&parting, owners);
    ck_assert_uint_eq(json_array_size(list), 20);
    json_decref(list);
}
END_TEST

START_TEST(without_roads_nothing_is_known_of_barriers)
{
    assert_ok(ctx, plan_parting_find(&run, &ground, &lifted));
    ck_assert_ptr_null(lifted.barriers);
    ck_assert_uint_eq(lifted.n_hard, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_parting");
    TCase *tcase = tcase_create("parting");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(
        tcase,
        lifted_barriers_are_soft_and_told_where_a_territory_crosses_them);
    tcase_add_test(tcase, pieces_joined_again_are_told_with_the_longest_border);
    tcase_add_test(tcase, at_most_twenty_are_told);
    tcase_add_test(tcase, without_roads_nothing_is_known_of_barriers);
    suite_add_tcase(suite, tcase);
    return suite;
}
