#include <gridbeat/gridbeat.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

/*
 * As a CRM server asks: the problem in the call itself, a session a thread.
 * Two managers, a day of eight hours, six customers on a line 600 s apart, one
 * of them cannot be reached in his window.
 */
static const char DAY[]
    = "{\"vehicles\": [{\"id\": 1, \"start_index\": 0, \"end_index\": 0, "
      "\"time_window\": [0, 28800], \"breaks\": [{\"id\": 1, \"service\": "
      "3600, \"time_windows\": [[10800, 14400]]}]}, {\"id\": 2, "
      "\"start_index\": 0, \"end_index\": 0, \"time_window\": [0, 3600]}], "
      "\"jobs\": [%s], \"matrices\": {\"car\": {\"durations\": %s}}}";

static void write_day(char *out, size_t size, const char *before,
                      const char *after)
{
    char jobs[2048] = "", rows[2048] = "[", day[6000];
    size_t n = 0, m = 1;

    for (int c = 1; c <= 6; c++)
        n += (size_t)snprintf(
            jobs + n, sizeof jobs - n,
            "%s{\"id\": %d, \"location_index\": %d, \"service\": 1200, "
            "\"priority\": %d%s}",
            c > 1 ? ", " : "", c + 10, c, c,
            c == 6 ? ", \"time_windows\": [[0, 60]]" : "");
    for (int a = 0; a < 7; a++) {
        for (int b = 0; b < 7; b++)
            m += (size_t)snprintf(rows + m, sizeof rows - m, "%s%d",
                                  b ? "," : a ? ",[" : "[",
                                  600 * abs(a - b));
        m += (size_t)snprintf(rows + m, sizeof rows - m, "]");
    }
    snprintf(rows + m, sizeof rows - m, "]");
    snprintf(day, sizeof day, DAY, jobs, rows);
    snprintf(out, size, "%s%s%s", before, day, after);
}

static gb_session *open_session(gb_context *ctx)
{
    gb_session *session = NULL;

    assert_ok(ctx, gb_session_open(ctx, NULL, &session));
    return session;
}

START_TEST(a_problem_in_the_call_is_solved_and_answered_as_vroom_does)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx);
    const char *answer = NULL;
    char request[8192];

    write_day(request, sizeof request, "{\"problem\": ",
              ", \"iterations\": 500, \"write\": \"vroom\"}");
    assert_ok(ctx, gb_call(session, "route.solve", request, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"code\": 0"));
    ck_assert_ptr_nonnull(strstr(answer, "\"served\": 5"));
    ck_assert_ptr_nonnull(strstr(answer, "\"prize\": 15"));
    ck_assert_ptr_nonnull(strstr(answer, "\"kind\": \"impossible\""));
    ck_assert_ptr_nonnull(strstr(answer, "\"document\": "));
    /* Misspelt: refused, and the right word told. */
    write_day(request, sizeof request, "{\"problem\": ",
              ", \"iteration\": 500}");
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_call(session, "route.solve", request, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "did you mean \\\"iterations\\\"?"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_call(session, "route.solve", "{}", &answer));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_plan_in_the_call_is_checked_and_planned_again)
{
    static const char plan[]
        = ", \"solution\": {\"routes\": [{\"vehicle\": 1, \"steps\": "
          "[{\"type\": \"start\"}, {\"type\": \"job\", \"id\": 12}, "
          "{\"type\": \"break\", \"id\": 1}, {\"type\": \"job\", \"id\": 13}, "
          "{\"type\": \"end\"}]}]}";
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx);
    const char *answer = NULL;
    char request[8192], after[512];

    snprintf(after, sizeof after, "%s}", plan);
    write_day(request, sizeof request, "{\"problem\": ", after);
    assert_ok(ctx, gb_call(session, "route.check", request, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"valid\": true"));
    snprintf(after, sizeof after, "%s, \"cancel\": [\"12\"], \"max_changes\": "
             "9, \"clock\": \"0:00\"}", plan);
    write_day(request, sizeof request, "{\"problem\": ", after);
    assert_ok(ctx, gb_call(session, "route.replan", request, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"client\": 12, \"kind\": \"out\", "
                                         "\"forced\": true"));
    snprintf(after, sizeof after, "%s, \"client\": \"11\"}", plan);
    write_day(request, sizeof request, "{\"problem\": ", after);
    assert_ok(ctx, gb_call(session, "route.suggest", request, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"early_s\": "));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

/* ---- threads ---- */

static void *solve_once(void *out)
{
    gb_context *ctx = NULL;
    gb_session *session = NULL;
    const char *answer = NULL;
    char request[8192], *end;

    write_day(request, sizeof request, "{\"problem\": ",
              ", \"iterations\": 2000, \"seed\": 4}");
    if (gb_context_new(NULL, &ctx) == GB_OK
        && gb_session_open(ctx, NULL, &session) == GB_OK
        && gb_call(session, "route.solve", request, &answer) == GB_OK) {
        snprintf(out, 8192, "%s", answer);
        end = strstr(out, "\"cpu_s\"");
        if (end)
            *end = '\0';
    }
    gb_session_close(session);
    gb_context_free(ctx);
    return NULL;
}

START_TEST(sessions_on_their_own_threads_give_the_same_bytes)
{
    static char answers[4][8192];
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, solve_once,
                                        answers[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_ptr_nonnull(strstr(answers[0], "\"served\": 5"));
    for (int i = 1; i < 4; i++)
        ck_assert_str_eq(answers[0], answers[i]);
}
END_TEST

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

typedef struct stop_watch {
    gb_context *ctx;
    double cancelled_s;
} stop_watch;

static void *cancel_soon(void *user)
{
    const struct timespec soon = { 0, 200000000 };
    stop_watch *watch = user;

    nanosleep(&soon, NULL);
    watch->cancelled_s = now_s();
    gb_context_cancel(watch->ctx);
    return NULL;
}

START_TEST(another_thread_ends_a_call_at_once_and_the_session_lives)
{
    gb_context *ctx = test_context();
    gb_session *session = open_session(ctx);
    stop_watch watch = { .ctx = ctx };
    const char *answer = NULL;
    char request[8192];
    pthread_t thread;

    write_day(request, sizeof request, "{\"problem\": ",
              ", \"time_limit\": 60}");
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, &watch), 0);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_call(session, "route.solve", request, &answer));
    pthread_join(thread, NULL);
    /* A tenth of a second, and what a busy machine adds. */
    ck_assert(now_s() - watch.cancelled_s < 1);
    gb_context_resume(ctx);
    write_day(request, sizeof request, "{\"problem\": ",
              ", \"iterations\": 100}");
    assert_ok(ctx, gb_call(session, "route.solve", request, &answer));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("call_route");
    TCase *tcase = tcase_create("all");

    tcase_add_test(
        tcase, a_problem_in_the_call_is_solved_and_answered_as_vroom_does);
    tcase_add_test(tcase, a_plan_in_the_call_is_checked_and_planned_again);
    tcase_add_test(tcase,
                   sessions_on_their_own_threads_give_the_same_bytes);
    tcase_add_test(
        tcase, another_thread_ends_a_call_at_once_and_the_session_lives);
    suite_add_tcase(suite, tcase);
    return suite;
}
