#include <gridbeat/gridbeat.h>

#include "card_table.h"
#include "faulty_loop.h"
#include "test.h"

static card_table table;

static void set_up(void)
{
    card_table_make(&table, 400, 4, 21);
}

static void tear_down(void)
{
    card_table_free(&table);
}

static gb_status write_and_apply(gb_context *ctx, const gb_score_card *card)
{
    static char text[20000];
    static int32_t parts[400 * 8];
    static uint32_t bins[400 * 8];
    int64_t points[400];
    double p[400], psi[8];
    gb_status status
        = gb_scorecard_text(ctx, card, text, sizeof text, NULL);

    if (!status)
        status = gb_scorecard_apply(ctx, card, &table.table, parts, points, p);
    if (!status)
        status = gb_scorecard_apply(ctx, card, &table.table, NULL, NULL, p);
    if (!status)
        status = gb_scorecard_bins(ctx, card, &table.table, bins);
    if (!status)
        status = gb_scorecard_stability(ctx, card, &table.table, psi);
    return status;
}

static gb_status fit_and_use(gb_context *ctx)
{
    gb_scorecard_fit_options o = GB_SCORECARD_FIT_OPTIONS_INIT;
    gb_score_card *card = NULL;
    gb_status status;

    o.max_factors = 2; /* each further one makes the same requests again */
    status = gb_scorecard_fit(ctx, &table.table, table.outcome, &o, &card);

    ck_assert((card == NULL) == (status != GB_OK));
    if (!status)
        status = write_and_apply(ctx, card);
    gb_score_card_free(card);
    return status;
}

static gb_status check(gb_context *ctx)
{
    gb_scorecard_check_options o = GB_SCORECARD_CHECK_OPTIONS_INIT;
    gb_scorecard_figures f = { .size = sizeof f };
    double auc;
    gb_status status = GB_OK;

    o.every = 100;
    for (o.calibration = 0; o.calibration < 3 && !status; o.calibration++)
        status = gb_scorecard_check(ctx, table.truth, table.outcome, 400, &o,
                                    &f, NULL);
    if (!status)
        status = gb_scorecard_auc(ctx, table.truth, table.outcome, 400, &auc);
    return status;
}

START_TEST(a_fit_survives_lack_of_memory)
{
    faulty_loop(fit_and_use, (faulty_way)_i, 0);
}
END_TEST

START_TEST(a_check_survives_lack_of_memory)
{
    faulty_loop(check, (faulty_way)_i, 0);
}
END_TEST

static int cancel_at(void *user, const gb_progress *progress)
{
    (void)progress;
    return --*(int *)user < 0;
}

START_TEST(a_fit_can_be_cancelled)
{
    gb_context *ctx = test_context();
    gb_score_card *card = (gb_score_card *)&table;
    int left = 1;

    gb_context_set_progress(ctx, cancel_at, &left);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_scorecard_fit(ctx, &table.table, table.outcome, NULL,
                                   &card));
    ck_assert_ptr_null(card);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scorecard");
    TCase *cases = tcase_create("scorecard");

    tcase_add_unchecked_fixture(cases, set_up, tear_down);
    tcase_add_loop_test(cases, a_fit_survives_lack_of_memory, 0, 2);
    tcase_add_loop_test(cases, a_check_survives_lack_of_memory, 0, 2);
    tcase_add_test(cases, a_fit_can_be_cancelled);
    suite_add_tcase(suite, cases);
    return suite;
}
