#include <gridbeat/gridbeat.h>

#include "test.h"

static gb_context *ctx;
static gb_workspace *ws;

static void setup(void)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    char path[300];

    ctx = test_context();
    options.epsg = 4547;
    snprintf(path, sizeof path, "%s/tags.gb", test_folder());
    assert_ok(ctx, gb_workspace_create(ctx, path, &options, &ws));
}

static void teardown(void)
{
    gb_workspace_close(ws);
    gb_context_free(ctx);
}

/* Defines, and says what the answer has. */
static void define(const char *json, const char *says)
{
    gb_segment_result *result = NULL;

    assert_ok(ctx, gb_tag_define(ctx, ws, json, &result));
    ck_assert_msg(strstr(gb_segment_result_json(result), says), "%s",
                  gb_segment_result_json(result));
    gb_segment_result_free(result);
}

static void list(const char *tag, const char *says)
{
    gb_segment_result *result = NULL;

    assert_ok(ctx, gb_tag_list(ctx, ws, NULL, tag, &result));
    ck_assert_msg(strstr(gb_segment_result_json(result), says), "%s",
                  gb_segment_result_json(result));
    gb_segment_result_free(result);
}

START_TEST(a_tag_is_made_changed_and_kept)
{
    define("{\"tag\": \"trade\", \"title_en\": \"Trade\", \"values\": [\"food\"]}",
           "\"new\": 1, \"changed\": 0, \"unchanged\": 0");
    define("[{\"tag\": \"trade\", \"values\": [\"food\", \"tea\"]}]",
           "\"new\": 0, \"changed\": 1");
    list("trade", "\"title_en\": \"Trade\", \"values\": \"food;tea\"");
    define("{\"tags\": [{\"tag\": \"trade\", \"values\": [\"food\", \"tea\"]}]}",
           "\"unchanged\": 1");
    define("{\"tag\": \"trade\", \"title_en\": null, \"values\": []}",
           "\"changed\": 1");
    list("trade", "\"values\": null");
}
END_TEST

START_TEST(the_dictionary_that_ships_is_taken_and_has_the_three_tags)
{
    gb_segment_result *result = NULL;

    define(gb_tag_sample(), "\"changed\": 0, \"unchanged\": 0");
    list("待发展POS机商户", "\"customers\": 0");
    list("高流水餐饮店", "\"values\": null");
    list("可合作异业联盟", "\"customers\": 0");
    list("行业", "餐饮;零售");
    define(gb_tag_sample(), "\"new\": 0, \"changed\": 0");
    assert_ok(ctx, gb_tag_check(ctx, ws, NULL, &result));
    ck_assert_int_eq(gb_segment_result_kept(result), 0);
    gb_segment_result_free(result);
}
END_TEST

START_TEST(what_is_no_dictionary_is_refused_and_nothing_is_written)
{
    static const char *const wrong[] = {
        "", "{", "[]", "{\"tags\": 3}", "{\"tag\": \"\"}",
        "{\"tag\": \"a;b\"}", "{\"tag\": \"a=b\"}", "{\"tag\": \" a\"}",
        "{\"tag\": \"a\", \"tag\": \"b\"}", "{\"tag\": \"a\", \"value\": []}",
        "{\"tag\": \"a\", \"values\": \"x\"}",
        "{\"tag\": \"a\", \"values\": [1]}",
        "{\"tag\": \"a\", \"values\": [\"x\", \"x\"]}",
        "{\"tag\": \"a\", \"values\": [\"x;y\"]}",
        "{\"tag\": \"a\", \"title_zh\": 7}",
        "[{\"tag\": \"a\"}, {\"tag\": \"a\"}]",
        "[{\"tag\": \"a\"}, {\"tag\": \"b\", \"values\": [\"\"]}]",
    };
    gb_segment_result *result = (gb_segment_result *)&result;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(gb_tag_define(ctx, ws, wrong[i], &result)
                          == GB_ERR_PARSE,
                      "%s: %s", wrong[i], gb_last_error(ctx));
        ck_assert_ptr_null(result);
    }
    list(NULL, "{\"tags\": []}");
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tag_define(ctx, ws, NULL, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tag_define(ctx, NULL, "{}", &result));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tag_list(ctx, ws, NULL, NULL, NULL));
    assert_status(NULL, GB_ERR_ARGUMENT, gb_tag_check(NULL, ws, NULL, &result));
    define("{\"tag\": \"industry\"}", "\"new\": 1");
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_tag_list(ctx, ws, NULL, "industri", &result));
    ck_assert(strstr(gb_last_error(ctx), "industry"));
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_tag_check(ctx, ws, "branch:b9", &result));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tag");
    TCase *tcase = tcase_create("tag");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_tag_is_made_changed_and_kept);
    tcase_add_test(tcase,
                   the_dictionary_that_ships_is_taken_and_has_the_three_tags);
    tcase_add_test(tcase,
                   what_is_no_dictionary_is_refused_and_nothing_is_written);
    suite_add_tcase(suite, tcase);
    return suite;
}
