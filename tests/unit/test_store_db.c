#include "store_db.h"
#include "store_schema.h"
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

static gb_context *ctx;
static char path[512];

static void set_up(void)
{
    ctx = test_context();
    snprintf(path, sizeof path, "%s/bank.gb", test_folder());
}

static void tear_down(void)
{
    gb_context_free(ctx);
}

static gb_workspace *make(int32_t epsg)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws = NULL;

    options.epsg = epsg;
    assert_ok(ctx, gb_workspace_create(ctx, path, &options, &ws));
    return ws;
}

START_TEST(a_new_workspace_opens_again_with_its_projected_system)
{
    gb_workspace *ws = make(4547);

    ck_assert_int_eq(gb_workspace_epsg(ws), 4547);
    gb_workspace_close(ws);
    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    ck_assert_int_eq(gb_workspace_epsg(ws), 4547);
    ck_assert_str_eq(gb_workspace_path(ws), path);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(the_connection_is_set_as_the_traps_ask)
{
    static const struct {
        const char *pragma;
        int64_t value;
    } table[] = { { "PRAGMA foreign_keys", 1 },
                  { "PRAGMA synchronous", 1 },
                  { "PRAGMA application_id", STORE_APPLICATION_ID },
                  { "PRAGMA user_version", STORE_SCHEMA_VERSION } };
    gb_workspace *ws = make(0);
    base_run run;
    int64_t value;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_ok(ctx, store_query_int(ws, table[i].pragma, &value));
        ck_assert_msg(value == table[i].value, "%s is %lld",
                      table[i].pragma, (long long)value);
    }
    assert_status(ctx, GB_ERR_LIBRARY,
                  store_query_int(ws, "SELECT \"no such column\"", &value));
    store_leave(ws);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(a_second_writer_is_told_that_the_workspace_is_busy)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *first = make(0), *second;
    base_run run;

    options.busy_timeout_ms = 10;
    assert_ok(ctx, gb_workspace_open(ctx, path, &options, &second));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(first, &run);
    store_enter(second, &run);
    assert_ok(ctx, store_begin(first));
    assert_status(ctx, GB_ERR_BUSY, store_begin(second));
    assert_ok(ctx, store_end(first, GB_OK));
    assert_ok(ctx, store_begin(second));
    assert_ok(ctx, store_end(second, GB_OK));
    store_leave(first);
    store_leave(second);
    gb_workspace_close(first);
    gb_workspace_close(second);
}
END_TEST

START_TEST(a_failed_step_leaves_nothing_behind)
{
    gb_workspace *ws = make(0);
    base_run run;
    char *value;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_begin(ws));
    assert_ok(ctx, store_setting_set(ws, "a", "1"));
    ck_assert_int_eq(store_end(ws, GB_ERR_DATA), GB_ERR_DATA);
    assert_ok(ctx, store_setting_get(ws, "a", &value));
    ck_assert_ptr_null(value);
    assert_ok(ctx, store_begin(ws));
    assert_ok(ctx, store_setting_set(ws, "a", "1"));
    store_leave(ws); /* an open transaction is taken back too */
    store_enter(ws, &run);
    assert_ok(ctx, store_setting_get(ws, "a", &value));
    ck_assert_ptr_null(value);
    store_leave(ws);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(a_file_that_is_no_workspace_is_refused_with_its_reason)
{
    static const char text[]
        = "this is no database, though it is long enough to be taken for one "
          "by its size alone, which is that of a header of SQLite's";
    gb_workspace *ws;

    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_workspace_open(ctx, path, NULL, &ws));
    test_write_file(path, text, sizeof text - 1);
    assert_status(ctx, GB_ERR_SCHEMA,
                  gb_workspace_open(ctx, path, NULL, &ws));
    ck_assert_ptr_null(ws);
    assert_status(ctx, GB_ERR_STATE,
                  gb_workspace_create(ctx, path, NULL, &ws));
}
END_TEST

START_TEST(a_file_of_a_newer_schema_is_refused)
{
    gb_workspace *ws = make(0);
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_exec(ws, "PRAGMA user_version = 99"));
    store_leave(ws);
    gb_workspace_close(ws);
    assert_status(ctx, GB_ERR_SCHEMA,
                  gb_workspace_open(ctx, path, NULL, &ws));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "newer"));
}
END_TEST

/* Tables, indexes and triggers, with what they are made by, as one text. */
static char *describe(gb_workspace *ws)
{
    base_text text;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT "
            "LIKE 'idx\\_%' ESCAPE '\\' UNION ALL "
            "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || "
            "c.\"notnull\" || ' ' || coalesce(c.dflt_value, '-') || ' ' || c.pk "
            "FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'idx\\_%' ESCAPE '\\' "
            "ORDER BY 1", &st);

    assert_ok(ctx, status);
    base_text_init(&text, ws->mem);
    while (store_next(ws, st, &status)) {
        base_text_add(&text, store_column_text(st, 0));
        base_text_add(&text, "\n");
    }
    assert_ok(ctx, status);
    store_finalize(st);
    return base_text_take(&text);
}

static char *describe_file(const char *at)
{
    gb_workspace *ws;
    base_run run;
    char *text, *copy;

    assert_ok(ctx, gb_workspace_open(ctx, at, NULL, &ws));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    text = describe(ws);
    copy = strdup(text);
    base_free(ws->mem, text);
    store_leave(ws);
    gb_workspace_close(ws);
    return copy;
}

START_TEST(a_file_of_the_first_schema_is_brought_to_this_one)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    char old[600], command[1400], *migrated, *made;
    gb_workspace *ws;

    snprintf(old, sizeof old, "%s/old.gb", test_folder());
    snprintf(command, sizeof command,
             "gzip -dc '%s/tests/unit/old/schema_1.gb.gz' > '%s'",
             getenv("GB_SOURCE"), old);
    ck_assert_int_eq(system(command), 0);
    options.is_read_only = 1;
    assert_status(ctx, GB_ERR_SCHEMA,
                  gb_workspace_open(ctx, old, &options, &ws));
    migrated = describe_file(old);
    gb_workspace_close(make(4547));
    made = describe_file(path);
    ck_assert_str_eq(migrated, made);
    free(migrated);
    free(made);
    assert_ok(ctx, gb_workspace_open(ctx, old, &options, &ws));
    gb_workspace_close(ws);
}
END_TEST

START_TEST(a_read_only_workspace_refuses_to_write)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws = make(0);
    base_run run;

    gb_workspace_close(ws);
    options.is_read_only = 1;
    assert_ok(ctx, gb_workspace_open(ctx, path, &options, &ws));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_status(ctx, GB_ERR_STATE, store_begin(ws));
    store_leave(ws);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(a_long_statement_is_cancelled)
{
    gb_workspace *ws = make(0);
    base_run run;
    int64_t n;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  store_query_int(ws, "WITH RECURSIVE c(x) AS (SELECT 1 UNION "
                                      "ALL SELECT x + 1 FROM c) "
                                      "SELECT count(*) FROM c", &n));
    gb_context_resume(ctx);
    store_leave(ws);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(an_unknown_projected_system_is_refused_and_leaves_no_file)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws;

    options.epsg = 999999;
    assert_status(ctx, GB_ERR_CRS,
                  gb_workspace_create(ctx, path, &options, &ws));
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(territories_refuse_two_owners_on_one_date)
{
    gb_workspace *ws = make(4547);
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_exec(
        ws, "INSERT INTO branch VALUES(1, 'b', NULL, NULL, 'wgs84', "
            "MakePoint(104, 30, 4326));"
            "INSERT INTO manager(id, ref, branch_id, mode, shift_start_s, "
            "shift_end_s) VALUES(1, 'm', 1, 'foot', 0, 1);"
            "INSERT INTO cell_set(id, source) VALUES(1, 'given');"
            "INSERT INTO territory_version(id, cell_set_id, state) "
            "VALUES(1, 1, 'draft'), (2, 1, 'draft');"
            "INSERT INTO territory(id, territory_version_id, ref, branch_id) "
            "VALUES(1, 1, 't', 1);"
            "INSERT INTO territory_owner VALUES(1, 1, '2026-01-01', "
            "'2026-02-01'), (1, 1, '2026-02-01', NULL)"));
    assert_status(ctx, GB_ERR_INTEGRITY, store_exec(
        ws, "INSERT INTO territory_owner VALUES(1, 1, '2026-01-15', "
            "'2026-01-16')"));
    assert_status(ctx, GB_ERR_INTEGRITY, store_exec(
        ws, "INSERT INTO territory_cell VALUES(2, 1, 1)"));
    store_leave(ws);
    gb_workspace_close(ws);
}
END_TEST

START_TEST(gdal_lists_the_layers)
{
    static const char *const layers[] = { "branch", "customer", "cell",
                                          "territory", "plan_route",
                                          "plan_stop", "place", "area" };
    char command[1400], *text, list[600];
    size_t size;

    if (system("command -v ogrinfo > /dev/null") != 0) {
        printf("# skipped: ogrinfo is not installed\n");
        return;
    }
    gb_workspace_close(make(4547));
    snprintf(list, sizeof list, "%s.txt", path);
    snprintf(command, sizeof command, "ogrinfo -ro -q %s > %s", path, list);
    ck_assert_int_eq(system(command), 0);
    text = test_read_file(list, &size);
    for (size_t l = 0; l < sizeof layers / sizeof layers[0]; l++)
        ck_assert_msg(strstr(text, layers[l]) != NULL, "%s not in\n%s",
                      layers[l], text);
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_db");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase,
                   a_new_workspace_opens_again_with_its_projected_system);
    tcase_add_test(tcase, the_connection_is_set_as_the_traps_ask);
    tcase_add_test(tcase,
                   a_second_writer_is_told_that_the_workspace_is_busy);
    tcase_add_test(tcase, a_failed_step_leaves_nothing_behind);
    tcase_add_test(tcase,
                   a_file_that_is_no_workspace_is_refused_with_its_reason);
    tcase_add_test(tcase, a_file_of_a_newer_schema_is_refused);
    tcase_add_test(tcase, a_file_of_the_first_schema_is_brought_to_this_one);
    tcase_add_test(tcase, a_read_only_workspace_refuses_to_write);
    tcase_add_test(tcase, a_long_statement_is_cancelled);
    tcase_add_test(tcase,
                   an_unknown_projected_system_is_refused_and_leaves_no_file);
    tcase_add_test(tcase, territories_refuse_two_owners_on_one_date);
    tcase_add_test(tcase, gdal_lists_the_layers);
    suite_add_tcase(suite, tcase);
    return suite;
}
