/*
 * What came of visits, without memory: the calls on a small workspace with
 * trials, and on a log.
 */
#include <gridbeat/gridbeat.h>

#include <sqlite3.h>
#include <unistd.h>

#include "faulty_alloc.h"
#include "test.h"

/* Half of the trials are held out; a third came back. */
static const char trials_sql[]
    = "INSERT INTO trial(customer_id, day, until, segment, strategy, grade, "
      "is_held_out, propensity, score, chance, is_visited, is_met, is_active, "
      "settled_on) SELECT id, '2026-03-02', '2026-04-01', 's', 'x', 'A', "
      "id % 2, 0.5, 10 * id, 0.2, 1 - id % 2, 1 - id % 2, id % 3 = 0, "
      "'2026-04-02' FROM customer; "
      "INSERT INTO visit_result(visit_id, until, segment, strategy, score, "
      "chance, is_active, settled_on) SELECT id, '2026-04-01', 's', "
      "'x' || id % 2, 10 * id, 0.2, id % 3 = 0, '2026-04-02' FROM visit";

static const char log_csv[]
    = "action,propensity,reward,customer,wish,age\nvisit,.5,1,a,visit,o\n"
      "sms,.5,0,b,visit=.5;sms=.5,o\nsms,.5,1,a,none,y\nvisit,.5,x,a,sms,y\n";

static const struct {
    const char *method, *params;
} calls[] = {
    { "score.outcomes", NULL },
    { "score.calibrate", NULL },
    { "score.trials", NULL },
    { "score.policies", "{\"in\": \"log.csv\", \"policies\": [\"wish\"], "
                        "\"strata\": [\"age\"], \"max_reject\": 0.5}" },
};

static void load(gb_context *ctx, gb_workspace *ws, const char *kind,
                 const char *text)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    gb_import_report *report = NULL;

    test_write_file("in.csv", text, strlen(text));
    options.reject_file = "rejects.csv";
    assert_ok(ctx, gb_import(ctx, ws, kind, "in.csv", &options, &report));
    gb_import_report_free(report);
}

static void set_up(void)
{
    gb_context *ctx = test_context();
    gb_workspace *ws = NULL;
    sqlite3 *db = NULL;

    ck_assert_int_eq(chdir(test_folder()), 0);
    assert_ok(ctx, gb_workspace_create(ctx, "w.gb", NULL, &ws));
    load(ctx, ws, "branches", "branch_ref,lon,lat\nb1,104.06,30.67\n");
    load(ctx, ws, "customers", "customer_ref,branch_ref,balance_fen\n"
                               "c1,b1,1\nc2,b1,2\nc3,b1,3\nc4,b1,4\n"
                               "c5,b1,5\nc6,b1,6\n");
    load(ctx, ws, "visits", "customer_ref,date,outcome\nc1,2026-03-02,met\n"
                            "c2,2026-03-02,met\nc3,2026-03-02,met\n"
                            "c4,2026-03-02,met\n");
    gb_workspace_close(ws);
    gb_context_free(ctx);
    ck_assert_int_eq(sqlite3_open("w.gb", &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, trials_sql, NULL, NULL, NULL) == SQLITE_OK,
                  "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    test_write_file("log.csv", log_csv, sizeof log_csv - 1);
}

/* Open, call, close; is there an answer that says the status? */
static gb_status open_and_call(gb_context *ctx, int i, bool *is_answered)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;
    const char *answer = NULL;
    gb_status status;

    options.workspace = "w.gb";
    *is_answered = false;
    status = gb_session_open(ctx, &options, &session);
    if (!status) {
        status = gb_call(session, calls[i].method, calls[i].params, &answer);
        *is_answered = answer && answer[0] == '{';
    }
    gb_session_close(session);
    return status;
}

START_TEST(a_call_survives_lack_of_memory)
{
    set_up();
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i % 2);
        gb_context *ctx = faulty_context(&mem);
        bool is_answered = false;
        gb_status status = GB_ERR_NOMEM;

        if (ctx)
            status = open_and_call(ctx, _i / 2, &is_answered);
        if (mem.failures == 0)
            assert_status(ctx, GB_OK, status);
        ck_assert(is_answered || status == GB_ERR_NOMEM);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("feedback");
    TCase *tcase = tcase_create("feedback");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, a_call_survives_lack_of_memory, 0, 8);
    suite_add_tcase(suite, tcase);
    return suite;
}
