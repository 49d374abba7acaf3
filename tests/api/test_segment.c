#include <gridbeat/gridbeat.h>

#include "test.h"

/* Every status that a caller can meet on an empty workspace; what rules do
 * with customers is tested where customers can be made (unit). */
static gb_context *ctx;
static gb_workspace *ws;

static void set_up(void)
{
    char path[512];

    ctx = test_context();
    snprintf(path, sizeof path, "%s/bank.gb", test_folder());
    assert_ok(ctx, gb_workspace_create(ctx, path, NULL, &ws));
}

static void tear_down(void)
{
    gb_workspace_close(ws);
    gb_context_free(ctx);
}

START_TEST(facts_are_listed_without_a_workspace)
{
    gb_segment_result *result = NULL;

    assert_ok(ctx, gb_segment_facts(ctx, &result));
    ck_assert_int_ge(gb_segment_result_kept(result), 20);
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result), "within_area('name or ref')"));
    gb_segment_result_free(result);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_segment_facts(ctx, NULL));
    gb_segment_result_free(NULL);
    ck_assert_str_eq(gb_segment_result_json(NULL), "");
    ck_assert_int_eq(gb_segment_result_seen(NULL), 0);
    ck_assert_int_eq(gb_segment_result_kept(NULL), 0);
    ck_assert_int_eq(gb_segment_result_unknown(NULL), 0);
}
END_TEST

START_TEST(a_result_outlives_its_context_and_workspace)
{
    gb_context *other = test_context();
    gb_segment_result *result = NULL;

    assert_ok(other, gb_segment_list(other, ws, &result));
    gb_context_free(other);
    ck_assert_int_eq(gb_segment_result_kept(result), 12);
    gb_segment_result_free(result);
}
END_TEST

START_TEST(what_is_not_given_is_named)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_options shorter = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    assert_status(ctx, GB_ERR_ARGUMENT, gb_segment_list(ctx, NULL, &result));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_segment_show(ctx, ws, NULL, 0,
                                                        &result));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_segment_define(ctx, ws, "",
                                                          &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_preview(ctx, ws, NULL, &result));
    options.as_of = "2026-02-30";
    options.name = "dormant_6m";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_preview(ctx, ws, &options, &result));
    ck_assert_str_eq(gb_last_error(ctx),
                     "as_of \"2026-02-30\" is not a date as 2026-03-02");
    options.as_of = "2026-03-02";
    options.name = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_preview(ctx, ws, &options, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_run(ctx, ws, &options, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_select(ctx, ws, &options, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_reasons(ctx, ws, &options, NULL, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_diff(ctx, ws, &options, "x", "2026-03-02",
                                  &result));
    options.name = "abc";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_segment_run(ctx, ws, &options, &result));
    options.name = "no_such";
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_segment_run(ctx, ws, &options, &result));
    shorter.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_segment_preview(ctx, ws, &shorter, &result));
    ck_assert_ptr_null(result);
}
END_TEST

START_TEST(an_empty_workspace_gives_empty_answers)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    options.as_of = "2026-03-02";
    options.name = "dormant_365d_10y";
    options.limit = 5;
    assert_ok(ctx, gb_segment_preview(ctx, ws, &options, &result));
    ck_assert_int_eq(gb_segment_result_seen(result), 0);
    gb_segment_result_free(result);
    assert_ok(ctx, gb_segment_run(ctx, ws, &options, &result));
    gb_segment_result_free(result);
    assert_ok(ctx, gb_segment_diff(ctx, ws, &options, "2026-03-02",
                                   "2026-03-02", &result));
    gb_segment_result_free(result);
    assert_ok(ctx, gb_segment_grade(ctx, ws, &options, &result));
    gb_segment_result_free(result);
    assert_ok(ctx, gb_segment_select(ctx, ws, &options, &result));
    gb_segment_result_free(result);
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_segment_reasons(ctx, ws, &options, "c1", &result));
}
END_TEST

START_TEST(every_shipped_rule_set_is_accepted_and_shown)
{
    static const char *const names[]
        = { "abc", "affluent", "channels", "cross_sell_pos",
            "dormant_365d_10y", "dormant_3y", "dormant_6m", "early_sleep",
            "falling", "maturing_30d", "must", "once_affluent" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        gb_segment_result *result = NULL, *defined = NULL;
        const char *rules;
        char *copy;

        assert_ok(ctx, gb_segment_show(ctx, ws, names[i], 0, &result));
        rules = strstr(gb_segment_result_json(result), "\"rules\": ");
        ck_assert_ptr_nonnull(rules);
        copy = strdup(rules + strlen("\"rules\": "));
        copy[strlen(copy) - 1] = '\0'; /* the outer brace */
        assert_ok(ctx, gb_segment_define(ctx, ws, copy, &defined));
        free(copy);
        gb_segment_result_free(result);
        gb_segment_result_free(defined);
    }
}
END_TEST

START_TEST(a_read_only_workspace_previews_and_does_not_run)
{
    gb_workspace_options how = GB_WORKSPACE_OPTIONS_INIT;
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    gb_workspace *reader = NULL;

    how.is_read_only = 1;
    assert_ok(ctx, gb_workspace_open(ctx, gb_workspace_path(ws), &how,
                                     &reader));
    options.as_of = "2026-03-02";
    options.name = "dormant_6m";
    assert_ok(ctx, gb_segment_preview(ctx, reader, &options, &result));
    gb_segment_result_free(result);
    assert_status(ctx, GB_ERR_STATE,
                  gb_segment_run(ctx, reader, &options, &result));
    gb_workspace_close(reader);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("segment");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, facts_are_listed_without_a_workspace);
    tcase_add_test(tcase, a_result_outlives_its_context_and_workspace);
    tcase_add_test(tcase, what_is_not_given_is_named);
    tcase_add_test(tcase, an_empty_workspace_gives_empty_answers);
    tcase_add_test(tcase, every_shipped_rule_set_is_accepted_and_shown);
    tcase_add_test(tcase, a_read_only_workspace_previews_and_does_not_run);
    suite_add_tcase(suite, tcase);
    return suite;
}
