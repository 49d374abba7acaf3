/*
 * What becomes of territories, without memory at every request: nothing is
 * lost, and the workspace is as it was or as it should be.
 */
#include "faulty_alloc.h"

#include "store_lead.h"
#include "store_territory_diff.h"
#include "store_territory_edit.h"
#include "store_territory_handover.h"
#include "store_territory_life.h"
#include "store_territory_links.h"
#include "territory_case.h"

static char path[512];

/* Each is one call on an entered workspace, which answers its status. */

static gb_status see_figures(gb_workspace *ws)
{
    store_figures f;
    const gb_status status = store_load_figures(ws, 1, STORE_NO_DAY, &f);

    store_figures_clear(&f);
    return status;
}

static gb_status see_diff(gb_workspace *ws)
{
    store_figures f;
    store_diff d = { .n_cells = 0 };
    gb_status status = store_load_figures(ws, 1, STORE_NO_DAY, &f);

    if (!status)
        status = store_diff_make(ws, &f, &f, &d);
    store_diff_clear(&d);
    store_figures_clear(&f);
    return status;
}

static gb_status see_history(gb_workspace *ws)
{
    const store_history_of of = { .cell = "cell00003" };
    store_history h;
    const gb_status status = store_load_history(ws, &of, &h);

    store_history_clear(&h);
    return status;
}

static gb_status see_links(gb_workspace *ws)
{
    store_links l;
    const gb_status status = store_load_links(ws, 1, day("2026-03-02"), &l);

    store_links_clear(&l);
    return status;
}

static gb_status see_people(gb_workspace *ws)
{
    store_people people;
    const gb_status status
        = store_load_people(ws, "c1", day("2026-03-02"), &people);

    store_people_clear(&people);
    return status;
}

static gb_status add_rule(gb_workspace *ws)
{
    const store_ground_rule_in in
        = { .kind = STORE_RULE_APART, .cell = "cell00001",
            .other = "cell00002", .since = STORE_NO_DAY };

    return store_ground_rules_add(ws, &in, 1);
}

static gb_status edit(gb_workspace *ws)
{
    const store_move move = { "cell00008", "t2" };
    store_edit e;
    int64_t version = 0;
    gb_status status = store_edit_try(ws, 1, &move, 1, &e);

    if (!status)
        status = store_edit_save(ws, &e, "why", &version);
    ck_assert((version != 0) == (status == GB_OK));
    store_edit_clear(&e);
    return status;
}

static gb_status approve(gb_workspace *ws)
{
    size_t n;

    return store_territory_approve_checked(ws, 2, &n);
}

static gb_status hand_over(gb_workspace *ws)
{
    const store_handover h = { "m1", "m2", NULL, day("2026-03-10"), false };
    json_t *pack = NULL;
    const gb_status status = store_handover_do(ws, &h, &pack);

    ck_assert((pack != NULL) == (status == GB_OK));
    json_decref(pack);
    return status;
}

static gb_status give_leads(gb_workspace *ws)
{
    const store_lead lead = { "L1", "t1", "cell00001", "m1", "inside",
                              day("2026-03-02"), { 114, 30 } };

    return store_save_leads(ws, &lead, 1);
}

static gb_status see_leads(gb_workspace *ws)
{
    store_leads leads;
    const gb_status status = store_load_leads(ws, NULL, &leads);

    store_leads_clear(&leads);
    return status;
}

static const struct {
    const char *name;
    gb_status (*call)(gb_workspace *ws);
    const char *sql; /* what the call changes, counted before and after */
    int64_t before, after;
} table[] = {
    { "figures", see_figures, "SELECT 0", 0, 0 },
    { "diff", see_diff, "SELECT 0", 0, 0 },
    { "history", see_history, "SELECT 0", 0, 0 },
    { "links", see_links, "SELECT 0", 0, 0 },
    { "people", see_people, "SELECT 0", 0, 0 },
    { "leads", see_leads, "SELECT 0", 0, 0 },
    { "rules", add_rule, "SELECT count(*) FROM territory_rule", 0, 1 },
    { "edit", edit, "SELECT count(*) FROM territory_cell", 32, 48 },
    { "approve", approve,
      "SELECT count(*) FROM territory_version WHERE state = 'approved'", 0,
      1 },
    { "handover", hand_over,
      "SELECT count(*) FROM territory_owner WHERE to_date IS NOT NULL", 0,
      1 },
    { "lead", give_leads, "SELECT count(*) FROM lead", 0, 1 },
};
enum { N_CALLS = sizeof table / sizeof *table };

/* One workspace for all rounds: what has failed has changed nothing. */
static void set_up(void)
{
    territory_case_open();
    territory_case_draft();
    snprintf(path, sizeof path, "%s", b.path);
    territory_case_close();
}

static gb_status round_of(gb_context *ctx, gb_workspace *ws, int which)
{
    base_run run;
    gb_status status;

    base_enter(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    status = table[which].call(ws);
    store_leave(ws);
    return base_run_end(&run, status);
}

static int64_t ask(gb_context *ctx, gb_workspace *ws, const char *sql)
{
    int64_t value = -1;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_query_int(ws, sql, &value));
    store_leave(ws);
    return value;
}

START_TEST(territories_survive_lack_of_memory_at_every_request)
{
    const int which = _i;

    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, which % 2 == 1);
        gb_context *ctx = faulty_context(&mem);
        gb_workspace *ws = NULL;
        gb_status status;
        bool has_failed;

        assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
        mem.fail_at = mem.requests + k;
        status = round_of(ctx, ws, which);
        mem.fail_at = -1;
        has_failed = mem.failures > 0;
        ck_assert_msg(status == (has_failed ? GB_ERR_NOMEM : GB_OK),
                      "%s, request %ld: %s: %s", table[which].name, k,
                      gb_status_name(status), gb_last_error(ctx));
        ck_assert_int_eq(ask(ctx, ws, table[which].sql),
                         has_failed ? table[which].before
                                    : table[which].after);
        gb_workspace_close(ws);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (!has_failed)
            break;
    }
}
END_TEST

/* A few rows are read faster than a call is found to be cancelled. */
START_TEST(a_cancelled_call_is_done_or_changes_nothing)
{
    gb_context *ctx = test_context();
    gb_workspace *ws = NULL;

    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    for (int i = 0; i < N_CALLS; i++) {
        gb_status status;

        gb_context_cancel(ctx);
        status = round_of(ctx, ws, i);
        gb_context_resume(ctx);
        ck_assert(status == GB_OK || status == GB_ERR_CANCELLED);
        ck_assert_int_eq(ask(ctx, ws, table[i].sql),
                         status ? table[i].before : table[i].after);
    }
    gb_workspace_close(ws);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("territory_life");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase,
                        territories_survive_lack_of_memory_at_every_request,
                        0, N_CALLS);
    tcase_add_test(tcase, a_cancelled_call_is_done_or_changes_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
