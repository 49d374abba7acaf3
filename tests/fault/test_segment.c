#include "bank.h"
#include "faulty_alloc.h"

#include <gridbeat/tag.h>

/*
 * Memory refused to our own requests, one by one, in every public call of
 * gridbeat/segment.h.  The workspace is opened once for all, with a context
 * of its own: what is tested is the call, not the opening.
 */
static bank b;

static const char json[] = "{\"name\": \"mine\", \"clauses\": [{\"name\": "
                           "\"a\", \"sql\": \"balance_fen >= 0\"}]}";

static const char tags[] = "[{\"tag\": \"industry\", \"values\": "
                           "[\"food\", \"tea\"]}, {\"tag\": \"vip\"}]";

static void set_up(void)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_open(&b);
    bank_add(&b, "c1", "last_txn_on = '2020-01-01', balance_fen = 5000000");
    bank_add(&b, "c2", "manager_id = 1");
    bank_sql(&b, "INSERT INTO holding(customer_id, product_id, opened_on) "
                 "VALUES(1, 1, '2025-01-01');"
                 "INSERT INTO customer_tag VALUES(2, 4, 'food')");
    options.name = "affluent";
    options.as_of = "2026-03-01";
    assert_ok(b.ctx, gb_segment_run(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
}

static void tear_down(void)
{
    bank_close(&b);
}

static gb_status call(gb_context *ctx, gb_workspace *ws, int which,
                      gb_segment_result **out)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;

    options.as_of = "2026-03-02";
    options.name = "affluent";
    options.limit = 5;
    switch (which) {
    case 0: return gb_segment_list(ctx, ws, out);
    case 1: return gb_segment_facts(ctx, out);
    case 2: return gb_segment_show(ctx, ws, "abc", 0, out);
    case 3: return gb_segment_define(ctx, ws, json, out);
    case 4:
        options.where = "has_tag('industry', 'food') OR holds('deposit') OR "
                        "within_area('a1') OR org_path LIKE '/x/%' OR "
                        "appointment_on = as_of() OR n_products > 1";
        return gb_segment_preview(ctx, ws, &options, out);
    case 5: return gb_segment_run(ctx, ws, &options, out);
    case 6:
        return gb_segment_diff(ctx, ws, &options, "2026-03-01", "2026-03-01",
                               out);
    case 7: return gb_segment_grade(ctx, ws, &options, out);
    case 8: return gb_segment_select(ctx, ws, &options, out);
    case 9: return gb_segment_reasons(ctx, ws, &options, "c1", out);
    case 10: return gb_tag_define(ctx, ws, tags, out);
    case 11: return gb_tag_list(ctx, ws, "branch:b1", NULL, out);
    default: return gb_tag_check(ctx, ws, NULL, out);
    }
}

START_TEST(a_call_survives_lack_of_memory)
{
    const int which = _i / 2;
    const bool is_lasting = _i % 2;

    gb_workspace_close(b.ws);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, is_lasting);
        gb_context *ctx = faulty_context(&mem);
        gb_segment_result *result = NULL;
        gb_workspace *ws = NULL;
        gb_status status;

        assert_ok(ctx, gb_workspace_open(ctx, b.path, NULL, &ws));
        mem.fail_at = mem.requests + k;
        status = call(ctx, ws, which, &result);
        mem.fail_at = -1;
        mem.is_lasting = false;
        ck_assert((result != NULL) == (status == GB_OK));
        ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK),
                      "call %d, request %ld: %s %s", which, k,
                      gb_status_name(status), gb_last_error(ctx));
        gb_segment_result_free(result);
        if (mem.failures > 0) {
            result = NULL;
            assert_ok(ctx, call(ctx, ws, which, &result));
            gb_segment_result_free(result);
        }
        gb_workspace_close(ws);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
    assert_ok(b.ctx, gb_workspace_open(b.ctx, b.path, NULL, &b.ws));
}
END_TEST

typedef struct canceller {
    int calls, at;
} canceller;

static int cancel_at(void *user, const gb_progress *progress)
{
    canceller *c = user;

    (void)progress;
    return c->calls++ == c->at;
}

START_TEST(a_cancelled_call_changes_nothing)
{
    for (int at = 0; at < 3; at++) {
        canceller c = { 0, at };
        gb_segment_result *result = NULL;
        gb_status status;

        gb_context_set_progress(b.ctx, cancel_at, &c);
        status = call(b.ctx, b.ws, 5, &result);
        gb_context_set_progress(b.ctx, NULL, NULL);
        ck_assert(status == GB_OK || status == GB_ERR_CANCELLED);
        ck_assert((result != NULL) == (status == GB_OK));
        gb_segment_result_free(result);
        if (status == GB_ERR_CANCELLED && at == 0)
            ck_assert_int_eq(
                bank_int(&b, "SELECT count(*) FROM segment_run"), 1);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("segment");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, a_call_survives_lack_of_memory, 0, 26);
    tcase_add_test(tcase, a_cancelled_call_changes_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
