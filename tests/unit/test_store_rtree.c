#include "store_db.h"
#include "store_rtree.h"
#include "test.h"

#include "geo_codec.h"

static gb_context *ctx;
static gb_workspace *ws;
static base_run run;

static void set_up(void)
{
    char path[512];

    ctx = test_context();
    snprintf(path, sizeof path, "%s/bank.gb", test_folder());
    assert_ok(ctx, gb_workspace_create(ctx, path, NULL, &ws));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_exec(ws, "INSERT INTO branch VALUES(1, 'b', NULL, "
                                  "NULL, 'wgs84', MakePoint(104, 30, 4326))"));
}

static void tear_down(void)
{
    store_leave(ws);
    gb_workspace_close(ws);
    gb_context_free(ctx);
}

static void add_customers(int64_t from, int64_t to)
{
    store_statement *st;

    assert_ok(ctx, store_prepare(
        ws, "INSERT INTO customer(id, ref, branch_id, balance_fen, accuracy, "
            "located_by, geom) VALUES(?1, 'c' || ?1, 1, 0, 'exact', 'own', "
            "MakePoint(104 + (?1 * 7919 % 1000) / 1001.0, "
            "30 + (?1 * 104729 % 977) / 983.0, 4326))", &st));
    for (int64_t i = from; i < to; i++) {
        store_bind_int(st, 1, i);
        assert_ok(ctx, store_run(ws, st));
    }
    store_finalize(st);
}

static int64_t ask(const char *sql)
{
    int64_t value = -1;

    assert_ok(ctx, store_query_int(ws, sql, &value));
    return value;
}

/* 51 cells are a node; 2602 rows make a third level. */
static const int64_t sizes[] = { 0, 1, 2, 51, 52, 102, 1000, 2601, 2602,
                                 6000 };

static void pack(int64_t n)
{
    base_text triggers;

    base_text_init(&triggers, ws->mem);
    assert_ok(ctx, store_begin(ws));
    assert_ok(ctx, store_index_pause(ws, "customer", &triggers));
    add_customers(1, n + 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM idx_customer_geom"), 0);
    assert_ok(ctx, store_index_resume(ws, "customer", triggers.chars));
    assert_ok(ctx, store_end(ws, GB_OK));
    base_text_clear(&triggers);
}

START_TEST(a_packed_index_passes_the_checks_of_sqlite_and_spatialite)
{
    const int64_t n = sizes[_i];

    pack(n);
    ck_assert_int_eq(ask("SELECT count(*) FROM idx_customer_geom"), n);
    ck_assert_int_eq(ask("SELECT rtreecheck('idx_customer_geom') = 'ok'"), 1);
    if (n > 0)
        ck_assert_int_eq(ask("SELECT CheckSpatialIndex('customer', 'geom')"),
                         1);
}
END_TEST

START_TEST(a_packed_index_is_kept_up_by_later_rows)
{
    pack(3000);
    add_customers(3001, 3101);
    assert_ok(ctx, store_exec(ws, "DELETE FROM customer WHERE id % 3 = 0;"
                                  "UPDATE customer SET geom = "
                                  "MakePoint(104.5, 30.5, 4326) "
                                  "WHERE id % 5 = 0"));
    ck_assert_int_eq(ask("SELECT rtreecheck('idx_customer_geom') = 'ok'"), 1);
    ck_assert_int_eq(ask("SELECT CheckSpatialIndex('customer', 'geom')"), 1);
    assert_status(ctx, GB_ERR_INTEGRITY, store_exec(
        ws, "UPDATE customer SET geom = MakePoint(1, 1, 4490) "
            "WHERE id = 1"));
}
END_TEST

START_TEST(a_packed_index_finds_what_a_scan_finds)
{
    pack(6000);
    ck_assert_int_eq(
        ask("SELECT count(*) FROM customer c WHERE "
            "ST_X(geom) BETWEEN 104.2 AND 104.31 AND "
            "ST_Y(geom) BETWEEN 30.5 AND 30.62"),
        ask("SELECT count(*) FROM customer WHERE id IN (SELECT pkid FROM "
            "idx_customer_geom WHERE xmin <= 104.31 AND xmax >= 104.2 AND "
            "ymin <= 30.62 AND ymax >= 30.5) AND "
            "ST_X(geom) BETWEEN 104.2 AND 104.31 AND "
            "ST_Y(geom) BETWEEN 30.5 AND 30.62"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_rtree");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(
        tcase, a_packed_index_passes_the_checks_of_sqlite_and_spatialite, 0,
        (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_test(tcase, a_packed_index_is_kept_up_by_later_rows);
    tcase_add_test(tcase, a_packed_index_finds_what_a_scan_finds);
    suite_add_tcase(suite, tcase);
    return suite;
}
