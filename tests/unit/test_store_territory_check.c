#include "ground.h"
#include "store_territory_check.h"

/*
 * 16 cells in two territories of two rows each, three customers, one version
 * in force; each test breaks one thing by hand.
 */
static bank b;
static ground g;
static int32_t today;
static store_findings found;

static void set_up(void)
{
    static const int64_t ids[] = { 1, 2 };
    static const uint32_t cell_of[] = { 0, 15 };
    const store_territory_in items[] = { { "t1", 1, 1, 1, 10.0, NULL },
                                         { "t2", 2, 2, 2, 11.0, NULL } };
    uint32_t of_cell[16];
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell };
    store_cells cells;
    int64_t version = 0;

    bank_open(&b);
    today = store_day_parse("2026-03-02");
    in.owner_from = today;
    ground_make(&g, 4);
    bank_add(&b, "c1", "geom = ST_Transform(MakePoint(528050, 3376050, 4547),"
                       " 4326)");
    bank_add(&b, "c2", "geom = ST_Transform(MakePoint(528350, 3376350, 4547),"
                       " 4326)");
    bank_add(&b, "c3", "geom = NULL, located_by = 'none', accuracy = 'none'");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    for (int c = 0; c < 16; c++)
        of_cell[c] = c >= 8;
    assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, cell_of, 2));
    assert_ok(b.ctx, store_save_territories(b.ws, &cells, &in, &version));
    assert_ok(b.ctx, store_territory_approve(b.ws, version));
    assert_ok(b.ctx, store_territory_activate(b.ws, version, today));
    store_cells_clear(&cells);
    store_leave(b.ws);
}

static void tear_down(void)
{
    store_findings_clear(&found);
    bank_close(&b);
}

static void look(void)
{
    store_findings_clear(&found);
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_territory_check(b.ws, 0, today, 0, &found));
    store_leave(b.ws);
}

/* The first finding of a kind; fails when there is none. */
static const store_finding *first(store_finding_kind kind)
{
    for (size_t i = 0; i < found.n; i++) {
        if (found.items[i].kind == (int32_t)kind)
            return &found.items[i];
    }
    ck_abort_msg("no %s among %zu findings", store_finding_name(kind),
                 found.n);
    return NULL;
}

START_TEST(a_sound_table_has_no_findings)
{
    look();
    ck_assert_msg(found.n == 0, "%s", found.n ? found.items[0].text : "");
    ck_assert_uint_eq(found.n_cells, 16);
    ck_assert_uint_eq(found.n_territories, 2);
    ck_assert_uint_eq(found.n_customers, 2);
    assert_near(found.area_m2, 160000.0, 1e-6);
    assert_near(found.union_m2, 160000.0, 1e-6);
}
END_TEST

START_TEST(a_deleted_row_is_found_with_its_cell_and_customers)
{
    bank_sql(&b, "DELETE FROM territory_cell WHERE cell_id = "
                 "(SELECT id FROM cell WHERE ref = 'cell00016')");
    look();
    ck_assert_str_eq(first(STORE_FINDING_CELL_UNASSIGNED)->ref, "cell00016");
    ck_assert(first(STORE_FINDING_CELL_UNASSIGNED)->has_place);
    ck_assert_str_eq(first(STORE_FINDING_CUSTOMER)->ref, "c2");
    ck_assert_str_eq(first(STORE_FINDING_CUSTOMER)->text,
                     "customer c2 lies in cell cell00016, which is in no "
                     "territory");
    ck_assert_uint_eq(found.n, 2);
}
END_TEST

START_TEST(a_doubled_row_is_found)
{
    bank_sql(&b, "CREATE TABLE doubled AS SELECT * FROM territory_cell;"
                 "DROP TABLE territory_cell;"
                 "ALTER TABLE doubled RENAME TO territory_cell;"
                 "INSERT INTO territory_cell SELECT territory_version_id, "
                 "cell_id, 2 FROM territory_cell WHERE cell_id = "
                 "(SELECT id FROM cell WHERE ref = 'cell00003')");
    look();
    ck_assert_str_eq(first(STORE_FINDING_CELL_TWICE)->ref, "cell00003");
}
END_TEST

START_TEST(a_row_for_no_cell_is_found)
{
    bank_sql(&b, "PRAGMA foreign_keys = OFF;"
                 "INSERT INTO territory_cell VALUES(1, 999, 1)");
    look();
    ck_assert_str_eq(first(STORE_FINDING_CELL_UNKNOWN)->ref, "#999");
}
END_TEST

START_TEST(a_cell_shifted_by_hand_overlaps_and_leaves_a_gap)
{
    bank_sql(&b, "UPDATE cell SET geom = ST_Translate(geom, 1, 0, 0) "
                 "WHERE ref = 'cell00006'");
    look();
    ck_assert_str_eq(first(STORE_FINDING_OVERLAP)->ref, "cell00006");
    ck_assert_str_eq(first(STORE_FINDING_OVERLAP)->other_ref, "cell00007");
    assert_near(first(STORE_FINDING_OVERLAP)->amount, 100.0, 1e-3);
    assert_near(first(STORE_FINDING_GAP)->amount, 100.0, 1e-3);
    ck_assert(first(STORE_FINDING_GAP)->has_place);
    assert_near(found.area_m2 - found.union_m2, 100.0, 1e-3);
}
END_TEST

START_TEST(a_cell_deleted_at_the_rim_is_a_gap)
{
    bank_sql(&b, "DELETE FROM customer_cell;"
                 "DELETE FROM territory_cell WHERE cell_id = 16;"
                 "DELETE FROM cell WHERE id = 16");
    look();
    assert_near(first(STORE_FINDING_GAP)->amount, 10000.0, 1e-3);
    ck_assert_str_eq(first(STORE_FINDING_CUSTOMER)->text,
                     "customer c1 lies in no cell");
}
END_TEST

START_TEST(a_territory_in_two_parts_is_found)
{
    bank_sql(&b, "UPDATE territory_cell SET territory_id = 1 WHERE cell_id = "
                 "(SELECT id FROM cell WHERE ref = 'cell00016')");
    look();
    ck_assert_str_eq(first(STORE_FINDING_DISCONNECTED)->ref, "t1");
    ck_assert_str_eq(first(STORE_FINDING_DISCONNECTED)->other_ref,
                     "cell00016");
    ck_assert_uint_eq(found.n, 1);
}
END_TEST

START_TEST(neighbours_that_do_not_touch_are_found_and_do_not_connect)
{
    bank_sql(&b, "UPDATE territory_cell SET territory_id = 1 WHERE cell_id = "
                 "(SELECT id FROM cell WHERE ref = 'cell00016');"
                 "INSERT INTO cell_neighbour VALUES(1, 16, 50.0)");
    look();
    ck_assert_str_eq(first(STORE_FINDING_NEIGHBOUR)->other_ref, "cell00016");
    first(STORE_FINDING_DISCONNECTED);
}
END_TEST

START_TEST(a_territory_without_cells_or_owner_is_found)
{
    bank_sql(&b, "INSERT INTO territory(territory_version_id, ref, "
                 "branch_id) VALUES(1, 't3', 1)");
    look();
    ck_assert_str_eq(first(STORE_FINDING_EMPTY)->ref, "t3");
    ck_assert_str_eq(first(STORE_FINDING_OWNER)->ref, "t3");
    assert_near(first(STORE_FINDING_OWNER)->amount, 0.0, 0);
}
END_TEST

START_TEST(two_owners_on_one_date_are_found)
{
    bank_sql(&b, "DROP TRIGGER territory_owner_one;"
                 "INSERT INTO territory_owner VALUES(2, 1, '2026-05-01', "
                 "NULL)");
    look();
    ck_assert_str_eq(first(STORE_FINDING_OWNER)->ref, "t2");
    ck_assert_uint_eq(found.n, 1);
}
END_TEST

START_TEST(two_versions_on_one_date_and_none_are_found)
{
    static const char insert[]
        = "INSERT INTO territory_version(cell_set_id, state, from_date, "
          "to_date) VALUES(1, 'retired', '2026-02-01', '2026-03-05')";

    store_enter(b.ws, &b.run);
    assert_status(b.ctx, GB_ERR_INTEGRITY, store_exec(b.ws, insert));
    store_leave(b.ws);
    bank_sql(&b, "DROP TRIGGER territory_version_one");
    bank_sql(&b, insert);
    look();
    first(STORE_FINDING_TWO_VERSIONS);
    bank_sql(&b, "UPDATE territory_version SET state = 'draft'");
    look();
    first(STORE_FINDING_NO_VERSION);
    ck_assert_uint_eq(found.n, 1);
    store_findings_clear(&found);
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_territory_check(b.ws, 1, today, 0, &found));
    ck_assert_uint_eq(found.n, 0);
    store_findings_clear(&found);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_territory_check(b.ws, 77, today, 0, &found));
    store_leave(b.ws);
}
END_TEST

START_TEST(a_customer_counted_in_a_cell_far_away_is_found)
{
    bank_sql(&b, "UPDATE customer_cell SET cell_id = 9 WHERE customer_id = "
                 "1");
    look();
    ck_assert_str_eq(first(STORE_FINDING_CUSTOMER)->ref, "c1");
    ck_assert_uint_eq(found.n, 1);
}
END_TEST

START_TEST(a_broken_shape_is_found)
{
    bank_sql(&b, "UPDATE cell SET geom = GeomFromText('MULTIPOLYGON((("
                 "0 0, 10 10, 10 0, 0 10, 0 0)))', 4547) "
                 "WHERE ref = 'cell00005'");
    look();
    ck_assert_str_eq(first(STORE_FINDING_SHAPE)->ref, "cell00005");
    first(STORE_FINDING_GAP);
}
END_TEST

START_TEST(a_long_list_is_cut_and_counted)
{
    bank_sql(&b, "DELETE FROM territory_cell");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_territory_check(b.ws, 0, today, 3, &found));
    store_leave(b.ws);
    ck_assert_uint_eq(found.n_total, 16 + 2 + 2);
    ck_assert_uint_eq(found.n, 3 + 2 + 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_territory_check");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_sound_table_has_no_findings);
    tcase_add_test(tcase,
                   a_deleted_row_is_found_with_its_cell_and_customers);
    tcase_add_test(tcase, a_doubled_row_is_found);
    tcase_add_test(tcase, a_row_for_no_cell_is_found);
    tcase_add_test(tcase, a_cell_shifted_by_hand_overlaps_and_leaves_a_gap);
    tcase_add_test(tcase, a_cell_deleted_at_the_rim_is_a_gap);
    tcase_add_test(tcase, a_territory_in_two_parts_is_found);
    tcase_add_test(tcase,
                   neighbours_that_do_not_touch_are_found_and_do_not_connect);
    tcase_add_test(tcase, a_territory_without_cells_or_owner_is_found);
    tcase_add_test(tcase, two_owners_on_one_date_are_found);
    tcase_add_test(tcase, two_versions_on_one_date_and_none_are_found);
    tcase_add_test(tcase, a_customer_counted_in_a_cell_far_away_is_found);
    tcase_add_test(tcase, a_broken_shape_is_found);
    tcase_add_test(tcase, a_long_list_is_cut_and_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
