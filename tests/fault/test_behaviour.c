/*
 * Behaviour models without memory, and cancelled.
 */
#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "test.h"

enum { N = 2000 };
static double x[N], t_x[N], T[N], m[N];
static uint32_t who[N];
static int32_t day[N];

static void setup(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = i * 7 % 5 * (i % 3 != 0);
        T[i] = 20 + i % 19;
        t_x[i] = x[i] > 0 ? T[i] * (1 + i % 13) / 14 : 0;
        m[i] = 10 + i % 31;
        who[i] = (uint32_t)(i * 11 % 200);
        day[i] = i % 300;
    }
}

static gb_status fit_all(gb_context *ctx)
{
    const gb_behaviour_rows rows = { sizeof rows, N, x, t_x, T, m };
    const gb_behaviour_events events
        = { sizeof events, N, 200, who, day, m };
    static double any[N], sums[200];
    gb_behaviour_outlook out = { sizeof out, any, NULL, NULL };
    const gb_behaviour_summary summary = { sizeof summary, sums, NULL, NULL,
                                           NULL };
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT;
    const gb_behaviour_return_options options
        = { .size = sizeof options, .dormant_days = 10, .within_days = 20 };
    gb_behaviour_return rule = GB_BEHAVIOUR_RETURN_INIT;
    gb_status status = gb_behaviour_fit(ctx, GB_BEHAVIOUR_MBGNBD, &rows, NULL,
                                        &model);

    if (!status)
        status = gb_behaviour_predict(ctx, &model, &rows, 10, &out);
    if (!status)
        status = gb_behaviour_loglik(ctx, &model, &rows, any, NULL, NULL);
    if (!status)
        status = gb_behaviour_fit(ctx, GB_BEHAVIOUR_GAMMAGAMMA, &rows, NULL,
                                  &model);
    if (!status)
        status = gb_behaviour_spend(ctx, &model, &rows, any);
    if (!status)
        status = gb_behaviour_summarize(ctx, &events, 250, 7, &summary);
    if (!status)
        status = gb_behaviour_return_fit(ctx, &events, 250, &options, &rule);
    if (!status)
        status = gb_behaviour_return_predict(ctx, &rule, &events, 250, sums,
                                             NULL, NULL);
    return status;
}

START_TEST(lack_of_memory_is_survived)
{
    faulty_loop(fit_all, (faulty_way)_i, 1);
}
END_TEST

typedef struct countdown {
    int left;
} countdown;

static int stop(void *user, const gb_progress *p)
{
    countdown *c = user;

    (void)p;
    return c->left-- <= 0;
}

START_TEST(a_wish_to_cancel_is_heard)
{
    const gb_behaviour_rows rows = { sizeof rows, N, x, t_x, T, m };
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT, before = model;
    gb_context *ctx = test_context();
    countdown c = { 0 };

    gb_context_set_progress(ctx, stop, &c);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_behaviour_fit(ctx, GB_BEHAVIOUR_PARETONBD, &rows, NULL,
                                   &model));
    ck_assert_mem_eq(&model, &before, sizeof model);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("behaviour");
    TCase *t = tcase_create("faults");

    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, lack_of_memory_is_survived, 0, 2);
    tcase_add_test(t, a_wish_to_cancel_is_heard);
    suite_add_tcase(suite, t);
    return suite;
}
