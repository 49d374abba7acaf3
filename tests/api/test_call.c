#include <gridbeat/gridbeat.h>

#include "test.h"

static gb_session *open_session(gb_context *ctx, const char *workspace,
                                const char *scope)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;

    options.workspace = workspace;
    options.scope = scope;
    assert_ok(ctx, gb_session_open(ctx, &options, &session));
    return session;
}

START_TEST(a_call_answers_with_its_version_its_status_and_its_result)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx, NULL, NULL);
    const char *answer = NULL;

    assert_ok(ctx, gb_call(session, "version", NULL, &answer));
    ck_assert_str_eq(answer,
                     "{\"gridbeat\": 1, \"method\": \"version\", \"status\": "
                     "\"GB_OK\", \"code\": 0, \"name\": "
                     "\"gridbeat\", \"version\": \"0.1.0\", "
                     "\"call_version\": 1}");
    gb_context_free(ctx); /* either order */
    gb_session_close(session);
    gb_session_close(NULL);
}
END_TEST

START_TEST(an_error_is_data_with_the_nearest_known_word)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx, NULL, NULL);
    const char *answer = NULL;

    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_call(session, "versoin", "{}", &answer));
    ck_assert_str_eq(answer,
                     "{\"gridbeat\": 1, \"status\": \"GB_ERR_NOT_FOUND\", "
                     "\"code\": 2, \"error\": {\"id\": \"E2204\", "
                     "\"message\": \"no method \\\"versoin\\\"\", \"notes\": "
                     "[\"did you mean \\\"version\\\"?\"]}}");
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_call(session, "version", "{\"seeds\": 1}", &answer));
    ck_assert_ptr_nonnull(strstr(answer, "did you mean \\\"seed\\\"?"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_call(session, "version", "{\"threads\": 0}", &answer));
    ck_assert_str_eq(gb_last_error(ctx),
                     "threads = 0 is not within 1 to 1024");
    assert_ok(ctx, gb_context_set_lang(ctx, "zh"));
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_call(session, "versoin", "{}", &answer));
    ck_assert_ptr_nonnull(strstr(answer, "没有"));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

static const char *const no_objects[]
    = { "{", "[]", "1", "{\"a\": 1, \"a\": 2}", "{} {}", "nul",
        "{\"threads\": 1e999}", "\"\xff\"" };

START_TEST(what_is_no_json_object_is_refused)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx, NULL, NULL);
    const char *answer = NULL;

    assert_status(ctx, GB_ERR_PARSE,
                  gb_call(session, "version", no_objects[_i], &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"code\": 3"));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_session_refuses_what_it_cannot_read)
{
    gb_context *ctx = test_context();
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;
    const char *answer = "";

    options.scope = "team:7";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_session_open(ctx, &options, &session));
    ck_assert_ptr_null(session);
    options.scope = "branch:";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_session_open(ctx, &options, &session));
    options.scope = NULL;
    options.time_limit_ms = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_session_open(ctx, &options, &session));
    options.time_limit_ms = 0;
    options.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_session_open(ctx, &options, &session));
    ck_assert_int_eq(gb_session_open(NULL, NULL, &session), GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_session_open(ctx, NULL, NULL), GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_call(NULL, "version", NULL, &answer),
                     GB_ERR_ARGUMENT);
    ck_assert_ptr_null(answer);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_status_has_the_exit_code_of_its_kind)
{
    ck_assert_int_eq(gb_exit_code(GB_OK), 0);
    ck_assert_int_eq(gb_exit_code(GB_ERR_ARGUMENT), 2);
    ck_assert_int_eq(gb_exit_code(GB_ERR_PARSE), 3);
    ck_assert_int_eq(gb_exit_code(GB_ERR_SCOPE), 4);
    ck_assert_int_eq(gb_exit_code(GB_ERR_INFEASIBLE), 5);
    ck_assert_int_eq(gb_exit_code(GB_ERR_BUSY), 7);
    ck_assert_int_eq(gb_exit_code(GB_ERR_INTEGRITY), 8);
    ck_assert_int_eq(gb_exit_code(GB_ERR_INTERNAL), 9);
    ck_assert_int_eq(gb_exit_code(GB_ERR_CANCELLED), 130);
}
END_TEST

START_TEST(methods_describe_themselves)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx, NULL, "branch:B01");
    const char *answer = NULL;

    assert_ok(ctx, gb_call(session, "methods", "", &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"name\": \"methods\""));
    ck_assert_ptr_nonnull(strstr(answer, "\"name\": \"seed\""));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_backup_is_refused_where_it_cannot_be_made)
{
    gb_context *ctx = test_context();
    gb_workspace *workspace = NULL, *copy = NULL;
    const char *folder = test_folder();
    char from[600], to[600], nowhere[600];

    snprintf(from, sizeof from, "%s/a.gb", folder);
    snprintf(to, sizeof to, "%s/b.gb", folder);
    snprintf(nowhere, sizeof nowhere, "%s/none/b.gb", folder);
    assert_ok(ctx, gb_workspace_create(ctx, from, NULL, &workspace));
    assert_ok(ctx, gb_workspace_backup(ctx, workspace, to));
    assert_ok(ctx, gb_workspace_open(ctx, to, NULL, &copy));
    gb_workspace_close(copy);
    assert_status(ctx, GB_ERR_STATE, gb_workspace_backup(ctx, workspace, to));
    ck_assert(gb_workspace_backup(ctx, workspace, nowhere) != GB_OK);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_backup(ctx, workspace, ""));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_workspace_backup(ctx, NULL, to));
    gb_workspace_close(workspace);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("call");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase,
                   a_call_answers_with_its_version_its_status_and_its_result);
    tcase_add_test(tcase, an_error_is_data_with_the_nearest_known_word);
    tcase_add_loop_test(tcase, what_is_no_json_object_is_refused, 0,
                        (int)(sizeof no_objects / sizeof *no_objects));
    tcase_add_test(tcase, a_session_refuses_what_it_cannot_read);
    tcase_add_test(tcase, a_status_has_the_exit_code_of_its_kind);
    tcase_add_test(tcase, methods_describe_themselves);
    tcase_add_test(tcase, a_backup_is_refused_where_it_cannot_be_made);
    suite_add_tcase(suite, tcase);
    return suite;
}
