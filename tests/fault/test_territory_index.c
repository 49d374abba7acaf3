/*
 * An index of territories without memory at every request, and a cancelled
 * one.
 */
#include "faulty_alloc.h"
#include "small_bank.h"
#include "test.h"

static small_bank b;
static char path[300];

static void set_up(void)
{
    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "w.gb", path);
    assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL, 1));
}

static void tear_down(void)
{
    small_bank_close(&b);
}

static gb_status open_and_ask(gb_context *ctx)
{
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;
    gb_territory_answer answer = GB_TERRITORY_ANSWER_INIT;
    gb_territory_index *index = NULL;
    gb_workspace *ws = NULL;
    gb_status status = gb_workspace_open(ctx, path, NULL, &ws);

    if (!status)
        status = gb_territory_index_open(ctx, ws, NULL, &index);
    ck_assert((index != NULL) == (status == GB_OK));
    gb_territory_index_about(index, &info);
    ck_assert((info.n_cells > 0) == (status == GB_OK));
    gb_territory_at_point(index, (gb_lonlat){ 0, 0 }, &answer);
    ck_assert_int_eq(answer.reason, GB_POINT_OUTSIDE);
    ck_assert((answer.other_territory[0] != '\0') == (status == GB_OK));
    gb_territory_index_free(index);
    gb_workspace_close(ws);
    return status;
}

START_TEST(an_index_survives_lack_of_memory_at_every_request)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, _i == 1);
        gb_context *ctx = faulty_context(&mem);
        gb_status status;

        mem.fail_at = mem.requests + k;
        status = open_and_ask(ctx);
        mem.fail_at = -1;
        ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK),
                      "request %ld: %s: %s", k, gb_status_name(status),
                      gb_last_error(ctx));
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

START_TEST(asking_takes_no_memory)
{
    faulty_alloc mem = faulty_alloc_at(-1, true);
    gb_context *ctx = faulty_context(&mem);
    gb_territory_index *index = NULL;
    gb_workspace *ws = NULL;
    long before;

    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    assert_ok(ctx, gb_territory_index_open(ctx, ws, NULL, &index));
    before = mem.requests;
    for (int i = 0; i < 1000; i++) {
        gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;

        gb_territory_at_point(index, (gb_lonlat){ 9 + i * 1e-3, 47.1 }, &a);
    }
    ck_assert_int_eq(mem.requests, before);
    gb_workspace_close(ws);
    gb_context_free(ctx);
    gb_territory_index_free(index); /* after both */
    ck_assert_int_eq(mem.live_blocks, 0);
}
END_TEST

START_TEST(a_cancelled_context_opens_none)
{
    gb_territory_index *index = NULL;
    gb_workspace *ws = NULL;

    assert_ok(b.ctx, gb_workspace_open(b.ctx, path, NULL, &ws));
    gb_context_cancel(b.ctx);
    assert_status(b.ctx, GB_ERR_CANCELLED,
                  gb_territory_index_open(b.ctx, ws, NULL, &index));
    ck_assert_ptr_null(index);
    gb_workspace_close(ws);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("territory_index");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase,
                        an_index_survives_lack_of_memory_at_every_request, 0,
                        2);
    tcase_add_test(tcase, asking_takes_no_memory);
    tcase_add_test(tcase, a_cancelled_context_opens_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
