/*
 * 16 cells of 100 m in two territories of two rows each, on the plane of EPSG
 * 4547; t1 is the southern one, of manager m1 and branch b1.
 */
#include "ground.h"
#include "store_territory_check.h"

#include <gridbeat/territory_index.h>

static bank b;
static ground g;
static gb_crs *crs;
static gb_territory_index *index_;
static gb_territory_index_options options;
static gb_territory_answer a;

static void set_up(void)
{
    const store_territory_in items[] = { { "t1", 1, 1, 1, 10.0, NULL },
                                         { "t2", 2, 2, 2, 11.0, NULL } };
    uint32_t of_cell[16];
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell };
    const int32_t from = store_day_parse("2026-03-02");
    store_cells cells;
    int64_t version = 0;

    bank_open(&b);
    in.owner_from = from;
    ground_make(&g, 4);
    for (int c = 0; c < 16; c++)
        of_cell[c] = c >= 8;
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_territories(b.ws, &cells, &in, &version));
    assert_ok(b.ctx, store_territory_approve(b.ws, version));
    assert_ok(b.ctx, store_territory_activate(b.ws, version, from));
    store_cells_clear(&cells);
    store_leave(b.ws);
    assert_ok(b.ctx, gb_crs_open(b.ctx, 4547, &crs));
    index_ = NULL;
    options = (gb_territory_index_options)GB_TERRITORY_INDEX_OPTIONS_INIT;
    a = (gb_territory_answer)GB_TERRITORY_ANSWER_INIT;
}

static void tear_down(void)
{
    gb_territory_index_free(index_);
    gb_crs_free(crs);
    bank_close(&b);
}

static void open_index(void)
{
    gb_territory_index_free(index_);
    assert_ok(b.ctx, gb_territory_index_open(b.ctx, b.ws, &options, &index_));
}

static void assert_refused(gb_status why)
{
    gb_territory_index_free(index_);
    index_ = NULL;
    assert_status(b.ctx, why,
                  gb_territory_index_open(b.ctx, b.ws, &options, &index_));
    ck_assert_ptr_null(index_);
}

/* Metres from the south-west corner of the chessboard. */
static gb_lonlat degrees_of(double x_m, double y_m)
{
    const gb_point at = { 528000.0 + x_m, 3376000.0 + y_m };
    gb_lonlat degrees;

    assert_ok(b.ctx, gb_crs_unproject(b.ctx, crs, &at, 1, &degrees));
    return degrees;
}

static void ask(double x_m, double y_m)
{
    gb_territory_at_point(index_, degrees_of(x_m, y_m), &a);
}

START_TEST(a_place_has_its_territory_cell_branch_and_owner)
{
    open_index();
    ask(250, 150);
    ck_assert_int_eq(a.reason, GB_POINT_INSIDE);
    ck_assert_str_eq(a.territory, "t1");
    ck_assert_str_eq(a.cell, "cell00007");
    ck_assert_str_eq(a.branch, "b1");
    ck_assert_str_eq(a.manager, "m1");
    ck_assert_uint_eq(a.number, 0);
    ck_assert_uint_eq(a.other, GB_TERRITORY_NONE);
    ck_assert_str_eq(a.other_territory, "");
    ck_assert_uint_eq(a.size, sizeof a);
    ask(50, 399.99);
    ck_assert_str_eq(a.territory, "t2");
    ck_assert_str_eq(a.manager, "m2");
}
END_TEST

START_TEST(a_corner_is_on_the_border_and_goes_to_the_first)
{
    open_index();
    ask(200, 200);
    ck_assert_int_eq(a.reason, GB_POINT_BORDER);
    ck_assert_int_eq(a.is_on_border, 1);
    ck_assert_str_eq(a.territory, "t1");
    ck_assert_str_eq(a.other_territory, "t2");
    /* Between cells of one territory is within it. */
    ask(200, 100);
    ck_assert_int_eq(a.reason, GB_POINT_INSIDE);
    ck_assert_str_eq(a.cell, "cell00002");
    /* The outer rim is in. */
    ask(0, 0);
    ck_assert_int_eq(a.reason, GB_POINT_BORDER);
    ck_assert_str_eq(a.territory, "t1");
    ck_assert_str_eq(a.other_territory, "");
}
END_TEST

START_TEST(outside_the_nearest_and_its_metres_are_told)
{
    open_index();
    ask(100, 450);
    ck_assert_int_eq(a.reason, GB_POINT_OUTSIDE);
    ck_assert_str_eq(a.territory, "");
    ck_assert_str_eq(a.manager, "");
    ck_assert_str_eq(a.other_territory, "t2");
    assert_near(a.distance_m, 50.0, 0.1);
    ask(-30000, -40000);
    ck_assert_str_eq(a.other_territory, "t1");
    assert_near(a.distance_m, 50000.0, 50.0);
    /* As near to both: the first. */
    ask(500, 200);
    ck_assert_str_eq(a.other_territory, "t1");
    gb_territory_at_point(index_, (gb_lonlat){ -179.9, -89.9 }, &a);
    ck_assert_int_eq(a.reason, GB_POINT_OUTSIDE);
}
END_TEST

START_TEST(what_is_no_place_is_invalid)
{
    static const gb_lonlat none[] = { { NAN, 30 }, { 114, INFINITY },
                                      { 190, 30 }, { 114, 91 } };

    open_index();
    for (size_t i = 0; i < 4; i++) {
        gb_territory_at_point(index_, none[i], &a);
        ck_assert_int_eq(a.reason, GB_POINT_INVALID);
        ck_assert_str_eq(a.territory, "");
    }
    gb_territory_at_point(NULL, (gb_lonlat){ 114, 30 }, &a);
    ck_assert_int_eq(a.reason, GB_POINT_OUTSIDE);
    gb_territory_at_point(index_, none[0], NULL);
}
END_TEST

START_TEST(a_territory_that_nobody_has_on_the_date_says_so)
{
    bank_sql(&b, "UPDATE territory_owner SET to_date = '2026-03-10' "
                 "WHERE manager_id = 1");
    options.date = "2026-03-09";
    open_index();
    ask(50, 50);
    ck_assert_int_eq(a.reason, GB_POINT_INSIDE);
    options.date = "2026-03-10";
    open_index();
    ask(50, 50);
    ck_assert_int_eq(a.reason, GB_POINT_NO_OWNER);
    ck_assert_str_eq(a.territory, "t1");
    ck_assert_str_eq(a.manager, "");
    ck_assert_int_eq(a.is_on_border, 0);
    ask(200, 200);
    ck_assert_int_eq(a.reason, GB_POINT_NO_OWNER);
    ck_assert_int_eq(a.is_on_border, 1);
}
END_TEST

START_TEST(a_scope_holds_its_own_territories_alone)
{
    static const char *const scopes[] = { "branch:b2", "org:sub2",
                                          "manager:m2" };
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;

    for (size_t i = 0; i < 3; i++) {
        options.scope = scopes[i];
        open_index();
        gb_territory_index_about(index_, &info);
        ck_assert_uint_eq(info.n_territories, 1);
        ck_assert_uint_eq(info.n_cells, 8);
        ask(50, 150);
        ck_assert_int_eq(a.reason, GB_POINT_OUTSIDE);
        ck_assert_str_eq(a.other_territory, "t2");
        ask(200, 200);
        ck_assert_int_eq(a.reason, GB_POINT_BORDER);
        ck_assert_str_eq(a.territory, "t2");
        ck_assert_str_eq(a.other_territory, "");
    }
    options.scope = "org:city";
    open_index();
    ask(50, 150);
    ck_assert_str_eq(a.territory, "t1");
    options.scope = "branch:nobody";
    assert_refused(GB_ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_date_has_its_own_version_on_its_own_cells)
{
    /* What was in force before rests on other cells than are active now. */
    bank_sql(&b, "UPDATE cell_set SET is_active = 0;"
                 "INSERT INTO cell_set(id, source, is_active) "
                 "VALUES(9, 'given', 1);"
                 "INSERT INTO territory_version(id, cell_set_id, state, "
                 "from_date, to_date) VALUES(8, 9, 'retired', '2026-01-01', "
                 "'2026-03-02');"
                 "INSERT INTO cell(id, cell_set_id, ref, geom) SELECT 900, 9, "
                 "'all', geom FROM cell WHERE ref = 'cell00001';"
                 "INSERT INTO territory(id, territory_version_id, ref, "
                 "branch_id) VALUES(80, 8, 'old', 1);"
                 "INSERT INTO territory_cell VALUES(8, 900, 80)");
    options.date = "2026-02-01";
    open_index();
    ask(50, 50);
    ck_assert_str_eq(a.territory, "old");
    ck_assert_int_eq(a.reason, GB_POINT_NO_OWNER);
    options.date = "2026-03-02";
    open_index();
    ask(50, 50);
    ck_assert_str_eq(a.territory, "t1");
    options.version = 8;
    open_index();
    ask(50, 50);
    ck_assert_str_eq(a.cell, "all");
    options.version = 77;
    assert_refused(GB_ERR_NOT_FOUND);
    options.version = 0;
    options.date = "2025-12-31";
    assert_refused(GB_ERR_STATE);
    ck_assert_ptr_null(index_);
}
END_TEST

START_TEST(a_broken_shape_is_named)
{
    bank_sql(&b, "DROP TRIGGER ggu_cell_geom; DROP TRIGGER giu_cell_geom;"
                 "UPDATE cell SET geom = x'00' WHERE ref = 'cell00006'");
    assert_refused(GB_ERR_INTEGRITY);
    ck_assert_ptr_nonnull(strstr(gb_last_error(b.ctx), "cell00006"));
}
END_TEST

START_TEST(an_index_outlives_its_workspace_until_the_last_holder)
{
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;
    gb_territory_index *held;

    open_index();
    held = gb_territory_index_ref(index_);
    gb_territory_index_free(index_);
    index_ = NULL;
    bank_sql(&b, "DELETE FROM territory_owner");
    gb_territory_at_point(held, degrees_of(50, 50), &a);
    ck_assert_str_eq(a.manager, "m1");
    gb_territory_index_about(held, &info);
    ck_assert_str_eq(info.date, "2026-03-02");
    ck_assert_int_gt(info.version, 0);
    ck_assert_uint_gt(info.n_bytes, 1000);
    gb_territory_index_free(held);
}
END_TEST

START_TEST(a_shorter_answer_is_filled_as_far_as_it_goes)
{
    gb_territory_answer whole = GB_TERRITORY_ANSWER_INIT;

    open_index();
    whole.size = offsetof(gb_territory_answer, cell);
    whole.cell = "left alone";
    gb_territory_at_point(index_, degrees_of(50, 50), &whole);
    ck_assert_str_eq(whole.territory, "t1");
    ck_assert_str_eq(whole.cell, "left alone");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_territory_index");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_place_has_its_territory_cell_branch_and_owner);
    tcase_add_test(tcase, a_corner_is_on_the_border_and_goes_to_the_first);
    tcase_add_test(tcase, outside_the_nearest_and_its_metres_are_told);
    tcase_add_test(tcase, what_is_no_place_is_invalid);
    tcase_add_test(tcase, a_territory_that_nobody_has_on_the_date_says_so);
    tcase_add_test(tcase, a_scope_holds_its_own_territories_alone);
    tcase_add_test(tcase, a_date_has_its_own_version_on_its_own_cells);
    tcase_add_test(tcase, a_broken_shape_is_named);
    tcase_add_test(tcase,
                   an_index_outlives_its_workspace_until_the_last_holder);
    tcase_add_test(tcase, a_shorter_answer_is_filled_as_far_as_it_goes);
    suite_add_tcase(suite, tcase);
    return suite;
}
