#include <gridbeat/gridbeat.h>

#include "test.h"

static const uint32_t places[] = { 0, 0, 1, GB_PRESENCE_NONE };
static const uint16_t bands[] = { 0, 1, 1, 0 };
static const uint8_t is_met[] = { 1, 0, 1, 1 };

static gb_presence_attempts four(void)
{
    return (gb_presence_attempts){ sizeof(gb_presence_attempts), 4, NULL,
                                   places, NULL, bands, is_met, NULL,
                                   NULL };
}

START_TEST(few_visits_move_the_chance_a_little)
{
    gb_context *ctx = test_context();
    const gb_presence_attempts attempts = four();
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    gb_presence *learnt = NULL;

    options.n_bands = 2;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        options.strengths[level] = 8;
    assert_ok(ctx, gb_presence_learn(ctx, &attempts, &options, &learnt));
    gb_context_free(ctx); /* what was learnt outlives its context */
    /* All: r = (3 + 8) / (2 + 8), p' = .55 / 1.05, p'' = (2 + 8 p') / 10 */
    assert_near(gb_presence_at(learnt, GB_PRESENCE_NONE, GB_PRESENCE_NONE,
                               GB_PRESENCE_NONE, 0),
                (2 + 8 * 0.55 / 1.05) / 10, 1e-12);
    ck_assert(gb_presence_at(learnt, 7, 0, 3, 0)
              > gb_presence_at(learnt, 7, 0, 3, 1));
    ck_assert(gb_presence_at(learnt, 7, 1, 3, 1)
              > gb_presence_at(learnt, 7, 0, 3, 1));
    assert_near(gb_presence_strength(learnt, GB_PRESENCE_PLACE), 8, 0);
    assert_near(gb_presence_strength(learnt, GB_PRESENCE_LEVELS), 0, 0);
    assert_near(gb_presence_strength(NULL, 0), 0, 0);
    gb_presence_free(learnt);
    gb_presence_free(NULL);
}
END_TEST

START_TEST(what_was_supposed_is_where_learning_begins)
{
    gb_context *ctx = test_context();
    gb_presence_attempts attempts = four();
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    const double supposed[] = { 0.9, 0.2, 0.2, 0.9 };
    const gb_presence_whom nobody
        = { GB_PRESENCE_NONE, GB_PRESENCE_NONE, GB_PRESENCE_NONE };
    const gb_presence_whom there = { GB_PRESENCE_NONE, 0, GB_PRESENCE_NONE };
    double steps[GB_PRESENCE_LEVELS];
    gb_presence_row row;
    gb_presence *learnt = NULL;

    options.n_bands = 2;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        options.strengths[level] = level == GB_PRESENCE_PLACE ? 8 : 1e9;
    attempts.chances = supposed;
    assert_ok(ctx, gb_presence_learn(ctx, &attempts, &options, &learnt));
    /* Elsewhere nothing is known but what was supposed. */
    assert_near(gb_presence_from(learnt, 0.9, nobody, 0, NULL), 0.9, 1e-6);
    assert_near(gb_presence_from(learnt, 0.2, nobody, 1, steps), 0.2, 1e-6);
    assert_near(steps[GB_PRESENCE_ALL], 0.2, 1e-6);
    /* Place 0: 1.1 were expected, 1 was met; nobody in band 1. */
    ck_assert(gb_presence_row_at(learnt, GB_PRESENCE_PLACE, 0, &row));
    ck_assert_uint_eq(row.unit, 0);
    ck_assert_uint_eq(row.band, GB_PRESENCE_NONE);
    assert_near(row.odds, (1 + 8) / (1.1 + 8), 1e-6);
    assert_near(row.attempts, 2, 0);
    assert_near(row.met, 1, 0);
    ck_assert(gb_presence_row_at(learnt, GB_PRESENCE_PLACE, 2, &row));
    ck_assert(row.unit == 0 && row.band == 1 && row.odds < 1);
    ck_assert(gb_presence_row_at(learnt, GB_PRESENCE_PLACE, 4, &row));
    ck_assert(row.unit == 1 && row.band == 1 && row.odds > 1);
    ck_assert(!gb_presence_row_at(learnt, GB_PRESENCE_PLACE, 5, &row));
    ck_assert(!gb_presence_row_at(learnt, GB_PRESENCE_CUSTOMER, 0, &row));
    ck_assert(!gb_presence_row_at(learnt, GB_PRESENCE_LEVELS, 0, &row));
    ck_assert(!gb_presence_row_at(NULL, 0, 0, &row));
    ck_assert(gb_presence_from(learnt, 0.2, there, 1, NULL) < 0.19);
    ck_assert(isnan(gb_presence_from(learnt, 1, there, 1, steps)));
    ck_assert(isnan(steps[0]));
    gb_presence_free(learnt);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_try_counts_from_the_last_meeting_on)
{
    gb_context *ctx = test_context();
    /* 7: missed, missed, met, missed; 9: met, met; nobody */
    const uint32_t customers[] = { 7, 9, 7, 7, 9, 7, GB_PRESENCE_NONE };
    const uint16_t slots[7] = { 0 };
    const uint8_t met[] = { 0, 1, 0, 0, 1, 1, 1 };
    const double ages[] = { 30, 30, 20, 1, 3, 10, 5 };
    gb_presence_attempts attempts = GB_PRESENCE_ATTEMPTS_INIT;
    gb_presence_try rows[4];

    attempts.n = 7;
    attempts.customers = customers;
    attempts.bands = slots;
    attempts.is_met = met;
    attempts.age_days = ages;
    assert_ok(ctx, gb_presence_by_try(ctx, &attempts, rows, 4));
    ck_assert(rows[0].attempts == 4 && rows[0].met == 2);
    ck_assert(rows[1].attempts == 1 && rows[1].met == 0);
    ck_assert(rows[2].attempts == 1 && rows[2].met == 1);
    ck_assert(rows[3].attempts == 0 && rows[3].high >= 1);
    /* Wilson: 2 of 4 */
    assert_near(rows[0].low, 0.15003898915214947, 1e-12);
    assert_near(rows[0].high, 0.8499610108478506, 1e-12);
    assert_ok(ctx, gb_presence_by_try(ctx, &attempts, rows, 2));
    ck_assert(rows[1].attempts == 2 && rows[1].met == 1);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_by_try(ctx, &attempts, rows, 0));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_by_try(ctx, NULL, rows, 2));
    attempts.customers = NULL;
    assert_ok(ctx, gb_presence_by_try(ctx, &attempts, rows, 1));
    ck_assert(rows[0].attempts == 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    gb_context *ctx = test_context();
    gb_presence_attempts attempts = four();
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    const double ages[] = { 0, 1, -1, 2 }, odd[] = { 0, 1, NAN, 2 };
    gb_presence *learnt = NULL;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "attempt 1"));
    options.n_bands = 2;
    attempts.age_days = ages;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "attempt 2"));
    attempts.age_days = odd;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    attempts.age_days = NULL;
    options.prior = 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    options.prior = 0;
    options.half_life_days = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    options.half_life_days = INFINITY;
    options.strengths[2] = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    options.strengths[2] = 0;
    options.n_bands = 10001;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    options.n_bands = 2;
    attempts.chances = odd; /* 0 is quite sure */
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "attempt 0"));
    attempts.chances = NULL;
    attempts.is_met = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    ck_assert_ptr_null(learnt);
    attempts.n = 0;
    assert_ok(ctx, gb_presence_learn(ctx, &attempts, &options, &learnt));
    assert_near(gb_presence_at(learnt, 0, 0, 0, 0), 0.5, 0);
    gb_presence_free(learnt);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("presence");
    TCase *tcase = tcase_create("presence");

    tcase_add_test(tcase, few_visits_move_the_chance_a_little);
    tcase_add_test(tcase, what_was_supposed_is_where_learning_begins);
    tcase_add_test(tcase, a_try_counts_from_the_last_meeting_on);
    tcase_add_test(tcase, what_cannot_be_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
