#include "faulty_alloc.h"
#include "faulty_vfs.h"
#include "store_db.h"
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

static char folder[400], template_path[512], path[512], csv[512];
static gb_context *ctx;

static const char customers[]
    = "customer_ref,branch_ref,place_ref,balance_fen,tags\n"
      "c1,b1,p1,100,vip\nc2,b1,,200,\nc3,b9,,300,\nc4,b1,p1,-1,vip\n";

static void write_text(const char *name, const char *text, char out[512])
{
    snprintf(out, 512, "%s/%s", folder, name);
    test_write_file(out, text, strlen(text));
}

static gb_status load(gb_context *with, gb_workspace *ws, const char *kind,
                      const char *file)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    gb_import_report *report = NULL;
    char rejects[512];
    gb_status status;

    snprintf(rejects, sizeof rejects, "%s/rejects.csv", folder);
    options.max_reject_ratio = 0.5;
    options.reject_file = rejects;
    status = gb_import(with, ws, kind, file, &options, &report);
    if (status)
        ck_assert_ptr_null(report);
    gb_import_report_free(report);
    return status;
}

/* A workspace with all but customers, copied for each round. */
static void set_up(void)
{
    gb_workspace *ws;
    char file[512];

    ctx = test_context();
    snprintf(folder, sizeof folder, "%s", test_folder());
    snprintf(template_path, sizeof template_path, "%s/template.gb", folder);
    snprintf(path, sizeof path, "%s/bank.gb", folder);
    assert_ok(ctx, gb_workspace_create(ctx, template_path, NULL, &ws));
    write_text("b.csv", "branch_ref,lon,lat\nb1,104.06,30.67\n", file);
    assert_ok(ctx, load(ctx, ws, "branches", file));
    write_text("p.csv", "place_ref,kind,lon,lat\np1,compound,104.07,30.66\n",
               file);
    assert_ok(ctx, load(ctx, ws, "places", file));
    write_text("t.csv", "tag\nvip\n", file);
    assert_ok(ctx, load(ctx, ws, "tags", file));
    write_text("c.csv", customers, csv);
    gb_workspace_close(ws);
}

static void tear_down(void)
{
    gb_context_free(ctx);
}

static void fresh_copy(void)
{
    static const char *const suffixes[] = { "-wal", "-shm" };
    char name[600];
    size_t size;
    char *bytes = test_read_file(template_path, &size);

    for (size_t s = 0; s < 2; s++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[s]);
        unlink(name);
    }
    test_write_file(path, bytes, size);
    free(bytes);
}

/* Open through the faulty file system and load; the first failure ends it. */
static gb_status open_and_load(const char *vfs)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws = NULL;
    gb_status status;

    options.vfs = vfs;
    status = gb_workspace_open(ctx, path, &options, &ws);
    if (!status)
        status = load(ctx, ws, "customers", csv);
    else
        ck_assert_ptr_null(ws);
    gb_workspace_close(ws);
    return status;
}

static int64_t ask(gb_workspace *ws, const char *sql)
{
    int64_t value = -1;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_query_int(ws, sql, &value));
    store_leave(ws);
    return value;
}

/* Whole, and wholly old or wholly new. */
static void check_whole(bool must_be_new)
{
    gb_workspace *ws;
    int64_t n;

    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    assert_ok(ctx, gb_workspace_verify(ctx, ws));
    n = ask(ws, "SELECT count(*) FROM customer");
    ck_assert_msg(n == 3 || (n == 0 && !must_be_new), "%lld customers",
                  (long long)n);
    ck_assert_int_eq(ask(ws, "SELECT count(*) FROM customer_tag"),
                     n ? 2 : 0);
    ck_assert_int_eq(ask(ws, "SELECT count(*) FROM import_run "
                             "WHERE kind = 'customers'"), n ? 1 : 0);
    ck_assert_int_eq(ask(ws, "SELECT count(*) FROM idx_customer_geom"),
                     n ? 2 : 0);
    /* And it goes on from there. */
    assert_ok(ctx, load(ctx, ws, "customers", csv));
    ck_assert_int_eq(ask(ws, "SELECT count(*) FROM customer"), 3);
    gb_workspace_close(ws);
}

START_TEST(a_failing_disk_leaves_the_workspace_whole)
{
    const faulty_vfs_mode mode = _i ? FAULTY_VFS_LASTING : FAULTY_VFS_ONCE;
    int n_refused = 0;

    for (long k = 0;; k++) {
        gb_status status;
        long failures;

        fresh_copy();
        faulty_vfs_set(k, mode);
        status = open_and_load("faulty");
        failures = faulty_vfs_failures();
        faulty_vfs_set(-1, mode);
        if (failures == 0)
            ck_assert_int_eq(status, GB_OK);
        ck_assert_msg(status == GB_OK || status == GB_ERR_IO, "k %ld: %s: %s",
                      k, gb_status_name(status), gb_last_error(ctx));
        n_refused += status != GB_OK;
        check_whole(status == GB_OK);
        if (failures == 0)
            break;
    }
    ck_assert_int_gt(n_refused, 3);
}
END_TEST

START_TEST(a_process_killed_while_importing_leaves_the_workspace_whole)
{
    for (long k = 0;; k++) {
        int how;
        pid_t child;

        fresh_copy();
        child = fork();
        if (child == 0) {
            faulty_vfs_set(k, FAULTY_VFS_EXIT);
            _exit(open_and_load("faulty") == GB_OK ? 0 : 1);
        }
        ck_assert_int_eq(waitpid(child, &how, 0), child);
        ck_assert(WIFEXITED(how));
        check_whole(WEXITSTATUS(how) == 0);
        if (WEXITSTATUS(how) != FAULTY_VFS_EXIT_CODE) {
            ck_assert_int_eq(WEXITSTATUS(how), 0);
            ck_assert_int_gt(k, 3);
            break;
        }
    }
}
END_TEST

START_TEST(opening_survives_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *with = faulty_context(&mem);
        gb_workspace *ws = NULL;
        gb_status status = GB_ERR_NOMEM;

        if (with)
            status = gb_workspace_open(with, template_path, NULL, &ws);
        if (status)
            ck_assert_ptr_null(ws);
        gb_workspace_close(ws);
        gb_context_free(with);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0) {
            ck_assert_int_eq(status, GB_OK);
            break;
        }
        ck_assert_int_eq(status, GB_ERR_NOMEM);
    }
}
END_TEST

START_TEST(creating_survives_lack_of_memory_and_leaves_no_file)
{
    char fresh[512];

    snprintf(fresh, sizeof fresh, "%s/fresh.gb", folder);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *with = faulty_context(&mem);
        gb_workspace *ws = NULL;
        gb_status status = GB_ERR_NOMEM;

        if (with)
            status = gb_workspace_create(with, fresh, NULL, &ws);
        gb_workspace_close(ws);
        gb_context_free(with);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0) {
            ck_assert_int_eq(status, GB_OK);
            break;
        }
        ck_assert_int_eq(status, GB_ERR_NOMEM);
        ck_assert_ptr_null(ws);
        ck_assert_int_ne(access(fresh, F_OK), 0);
    }
}
END_TEST

typedef gb_status (*call_fn)(gb_context *with, gb_workspace *ws);

static gb_status load_csv(gb_context *with, gb_workspace *ws)
{
    return load(with, ws, "customers", csv);
}

static gb_status load_json(gb_context *with, gb_workspace *ws)
{
    static char file[512];

    write_text("c.json", "[{\"customer_ref\": \"c1\", \"branch_ref\": \"b1\","
                         " \"balance_fen\": 1}]", file);
    return load(with, ws, "customers", file);
}

static gb_status load_lines(gb_context *with, gb_workspace *ws)
{
    static char file[512];

    write_text("o.jsonl", "{\"org_ref\": \"o2\", \"parent_ref\": \"o1\"}\n"
                          "{\"org_ref\": \"o1\", \"level\": \"\xd2\xbb\"}\n",
               file);
    return load(with, ws, "orgs", file);
}

static gb_status load_cells(gb_context *with, gb_workspace *ws)
{
    static char file[512];

    write_text("k.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":"
               "\"Feature\",\"properties\":{\"cell_ref\":\"k\"},\"geometry\":"
               "{\"type\":\"Polygon\",\"coordinates\":[[[104,30],[104.1,30],"
               "[104.1,30.1],[104,30]]]}}]}", file);
    return load(with, ws, "cells", file);
}

static gb_status load_delivery(gb_context *with, gb_workspace *ws)
{
    gb_import_report *report = NULL;
    char file[512];
    gb_status status;

    write_text("manifest.json",
               "{\"format\": \"gridbeat-delivery\", \"version\": 1, "
               "\"as_of\": \"2026-03-02\", \"files\": [{\"kind\": \"tags\", "
               "\"file\": \"t.csv\"}, {\"kind\": \"roads\", \"file\": "
               "\"p.csv\"}]}", file);
    status = gb_import_delivery(with, ws, folder, NULL, &report);
    gb_import_report_free(report);
    return status;
}

static gb_status quality(gb_context *with, gb_workspace *ws)
{
    const char *json;

    return gb_workspace_quality(with, ws, &json);
}

static const call_fn calls[] = { load_csv,      load_json, load_lines,
                                 load_cells,    load_delivery,
                                 quality,       gb_workspace_verify };

START_TEST(calls_on_a_workspace_survive_lack_of_memory)
{
    gb_workspace *ws;

    fresh_copy();
    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, false);
        gb_context *with = faulty_context(&mem);
        gb_status status = with ? calls[_i](with, ws) : GB_ERR_NOMEM;

        gb_context_free(with);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0) {
            ck_assert_msg(status == GB_OK, "%s", gb_status_name(status));
            break;
        }
        ck_assert_msg(status == GB_ERR_NOMEM, "call %d, request %ld: %s", _i,
                      k, gb_status_name(status));
    }
    assert_ok(ctx, gb_workspace_verify(ctx, ws));
    gb_workspace_close(ws);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, a_failing_disk_leaves_the_workspace_whole, 0,
                        2);
    tcase_add_test(
        tcase, a_process_killed_while_importing_leaves_the_workspace_whole);
    tcase_add_loop_test(tcase, opening_survives_lack_of_memory, 0, 2);
    tcase_add_loop_test(
        tcase, creating_survives_lack_of_memory_and_leaves_no_file, 0, 2);
    tcase_add_loop_test(tcase, calls_on_a_workspace_survive_lack_of_memory, 0,
                        (int)(sizeof calls / sizeof calls[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
