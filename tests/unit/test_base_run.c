#include "base_run.h"
#include "base_threads.h"
#include "test.h"

typedef struct seen {
    int calls, cancel_at;
    double first, last;
    gb_progress at_last;
} seen;

static int note(void *user, const gb_progress *progress)
{
    seen *s = user;

    if (s->calls == 0)
        s->first = progress->fraction;
    s->last = progress->fraction;
    s->at_last = *progress;
    return ++s->calls == s->cancel_at;
}

START_TEST(progress_begins_at_zero_and_ends_at_one)
{
    gb_context *ctx = test_context();
    seen s = { 0 };
    base_run run;

    gb_context_set_progress(ctx, note, &s);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, "counting", 0, 1, 1000);
    for (int i = 0; i < 1000; i++)
        assert_ok(ctx, base_poll(&run));
    assert_ok(ctx, base_run_end(&run, GB_OK));
    assert_near(s.first, 0, 0.01);
    assert_near(s.last, 1, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(best_and_bound_are_told_with_the_progress)
{
    gb_context *ctx = test_context();
    seen s = { 0 };
    base_run run;

    gb_context_set_progress(ctx, note, &s);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, base_poll(&run));
    ck_assert(!s.at_last.has_best && !s.at_last.has_bound);
    base_run_tell_best(&run, -12);
    base_run_tell_bound(&run, 30);
    assert_ok(ctx, base_run_end(&run, GB_OK));
    ck_assert(s.at_last.has_best && s.at_last.has_bound);
    assert_near(s.at_last.best, -12, 0);
    assert_near(s.at_last.bound, 30, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_callback_or_a_flag_cancels)
{
    gb_context *ctx = test_context();
    seen s = { .cancel_at = 1 };
    base_run run;

    gb_context_set_progress(ctx, note, &s);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_status(ctx, GB_ERR_CANCELLED, base_poll(&run));
    gb_context_set_progress(ctx, NULL, NULL);
    gb_context_cancel(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_status(ctx, GB_ERR_CANCELLED, base_poll(&run));
    gb_context_resume(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, base_poll(&run));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_deadline_is_noticed)
{
    gb_context *ctx = test_context();
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ .time_limit_ms = 20 });
    while (!run.is_late)
        assert_ok(ctx, base_poll(&run));
    ck_assert(base_run_elapsed_s(&run) >= 0.02);
    gb_context_free(ctx);
}
END_TEST

static gb_status square(base_run *worker, size_t thread, size_t i, void *user)
{
    int *squares = user;

    (void)thread;
    squares[i] = (int)(i * i);
    if (i == 70 || i == 71)
        return base_fail(worker->ctx, GB_ERR_DATA, "round %zu", i);
    return GB_OK;
}

START_TEST(a_parallel_loop_fills_every_place_and_reports_the_first_failure)
{
    gb_context *ctx = test_context();
    int squares[100] = { 0 };
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ .n_threads = (uint32_t)_i });
    assert_ok(ctx, base_parallel(&run, 70, square, squares));
    for (int i = 0; i < 70; i++)
        ck_assert_int_eq(squares[i], i * i);
    assert_status(ctx, GB_ERR_DATA, base_parallel(&run, 100, square, squares));
    ck_assert_str_eq(gb_last_error(ctx), "round 70");
    gb_context_free(ctx);
}
END_TEST

static gb_status take_a_while(base_run *worker, size_t thread, size_t i,
                              void *user)
{
    (void)worker;
    (void)thread;
    (void)i;
    (void)user;
    for (const double until_s = base_clock_s() + 0.11;
         base_clock_s() < until_s;) {
    }
    return GB_OK;
}

START_TEST(progress_is_told_after_each_of_few_long_rounds)
{
    gb_context *ctx = test_context();
    seen s = { 0 };
    base_run run;

    gb_context_set_progress(ctx, note, &s);
    base_run_begin(&run, ctx, (base_limits){ .n_threads = 1 });
    base_run_phase(&run, "working", 0, 1, 3);
    assert_ok(ctx, base_parallel(&run, 3, take_a_while, NULL));
    ck_assert_int_ge(s.calls, 3);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_run");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, progress_begins_at_zero_and_ends_at_one);
    tcase_add_test(tcase, best_and_bound_are_told_with_the_progress);
    tcase_add_test(tcase, a_callback_or_a_flag_cancels);
    tcase_add_test(tcase, a_deadline_is_noticed);
    tcase_add_test(tcase, progress_is_told_after_each_of_few_long_rounds);
    tcase_add_loop_test(
        tcase,
        a_parallel_loop_fills_every_place_and_reports_the_first_failure, 1, 9);
    suite_add_tcase(suite, tcase);
    return suite;
}
