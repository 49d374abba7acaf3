#include <gridbeat/gridbeat.h>

#include <stdio.h>

#include "card_table.h"
#include "test.h"

static gb_score_card *fit(gb_context *ctx, const card_table *t,
                          const gb_scorecard_fit_options *options)
{
    gb_score_card *card = NULL;

    assert_ok(ctx, gb_scorecard_fit(ctx, &t->table, t->outcome, options,
                                    &card));
    return card;
}

static char *text_of(gb_context *ctx, const gb_score_card *card)
{
    size_t needed = 0;
    char *text;

    assert_status(ctx, GB_ERR_BUFFER,
                  gb_scorecard_text(ctx, card, NULL, 0, &needed));
    text = malloc(needed);
    assert_ok(ctx, gb_scorecard_text(ctx, card, text, needed, NULL));
    return text;
}

static bool has_factor(const gb_score_card *card, const char *name)
{
    for (size_t f = 0; f < gb_score_card_n_factors(card); f++)
        if (strcmp(gb_score_card_factor(card, f), name) == 0)
            return true;
    return false;
}

/* Is the column told as left out for that reason? */
static bool is_left_out(const char *text, const char *column,
                        const char *reason)
{
    char wanted[120];

    snprintf(wanted, sizeof wanted, "{\"column\":\"%s\",\"reason\":\"%s\"",
             column, reason);
    if (strstr(text, wanted))
        return true;
    snprintf(wanted, sizeof wanted, "{\"column\": \"%s\", \"reason\": \"%s\"",
             column, reason);
    return strstr(text, wanted) != NULL;
}

static double auc_of(gb_context *ctx, const gb_score_card *card,
                     const card_table *t)
{
    gb_scorecard_figures figures = { .size = sizeof figures };
    double *p = malloc(t->table.n_rows * sizeof *p);

    assert_ok(ctx, gb_scorecard_apply(ctx, card, &t->table, NULL, NULL, p));
    assert_ok(ctx, gb_scorecard_check(ctx, p, t->outcome, t->table.n_rows,
                                      NULL, &figures, NULL));
    free(p);
    return figures.auc;
}

START_TEST(a_planted_truth_is_found_and_noise_is_not)
{
    gb_context *ctx = test_context();
    card_table train, later;
    double best;
    gb_score_card *card;
    char *text;

    card_table_make(&train, 20000, 0, 1);
    card_table_make(&later, 20000, 0, 2);
    card = fit(ctx, &train, NULL);
    text = text_of(ctx, card);
    ck_assert(has_factor(card, "a") != has_factor(card, "d"));
    ck_assert(has_factor(card, "b"));
    ck_assert(has_factor(card, "town"));
    ck_assert(!has_factor(card, "c"));
    ck_assert(is_left_out(text, "d", "repeats")
              || is_left_out(text, "a", "repeats"));
    assert_ok(ctx, gb_scorecard_auc(ctx, later.truth, later.outcome, 20000,
                                    &best));
    ck_assert_double_gt(auc_of(ctx, card, &later), best - .01);
    gb_score_card_free(card);
    free(text);
    card_table_free(&train);
    card_table_free(&later);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_ratio_of_amounts_is_found_where_it_tells)
{
    gb_scorecard_fit_options plain = GB_SCORECARD_FIT_OPTIONS_INIT;
    gb_context *ctx = test_context();
    card_table train, later;
    gb_score_card *card, *without;

    plain.derive = GB_SCORECARD_AS_THEY_ARE;
    card_table_make(&train, 20000, 8, 3);
    card_table_make(&later, 20000, 8, 4);
    card = fit(ctx, &train, NULL);
    without = fit(ctx, &train, &plain);
    ck_assert(has_factor(card, "money_fen / debt_fen"));
    ck_assert(!has_factor(without, "money_fen / debt_fen"));
    ck_assert_double_gt(auc_of(ctx, card, &later),
                        auc_of(ctx, without, &later) + .02);
    gb_score_card_free(card);
    gb_score_card_free(without);
    card_table_free(&train);
    card_table_free(&later);
    gb_context_free(ctx);
}
END_TEST

START_TEST(probabilities_are_those_of_the_truth)
{
    gb_scorecard_figures figures = { .size = sizeof figures };
    gb_context *ctx = test_context();
    card_table train, later;
    double p[20000];
    gb_score_card *card;

    card_table_make(&train, 20000, 0, 5);
    card_table_make(&later, 20000, 0, 6);
    card = fit(ctx, &train, NULL);
    assert_ok(ctx, gb_scorecard_apply(ctx, card, &later.table, NULL, NULL, p));
    assert_ok(ctx, gb_scorecard_check(ctx, p, later.outcome, 20000, NULL,
                                      &figures, NULL));
    ck_assert_double_lt(figures.calibration_error, .02);
    ck_assert_uint_eq(figures.n_rows, 20000);
    gb_score_card_free(card);
    card_table_free(&train);
    card_table_free(&later);
    gb_context_free(ctx);
}
END_TEST

START_TEST(with_a_time_the_order_of_the_rows_does_not_show)
{
    gb_scorecard_fit_options o = GB_SCORECARD_FIT_OPTIONS_INIT;
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card;
    char *before, *after;

    card_table_make(&t, 3000, 4, 7);
    for (size_t i = 0; i < 3000; i++)
        t.time[i] = (double)(i / 40); /* many rows of one moment */
    o.time = t.time;
    card = fit(ctx, &t, &o);
    before = text_of(ctx, card);
    gb_score_card_free(card);
    for (size_t i = 2999; i > 0; i--) {
        const size_t j = (size_t)(card_unit(&t) * (double)(i + 1));
#define SWAP(type, array)                                                     \
    do {                                                                      \
        const type kept_ = (array)[i];                                        \
        (array)[i] = (array)[j];                                              \
        (array)[j] = kept_;                                                   \
    } while (0)
        for (size_t c = 0; c < CARD_COLUMNS; c++)
            if (c != 4)
                SWAP(double, t.numbers[c]);
        SWAP(uint32_t, t.towns);
        SWAP(uint8_t, t.outcome);
        SWAP(double, t.time);
    }
    card = fit(ctx, &t, &o);
    after = text_of(ctx, card);
    ck_assert_str_eq(before, after);
    gb_score_card_free(card);
    free(before);
    free(after);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_was_known_only_afterwards_is_caught)
{
    static const char *const kept[] = { "c" };
    gb_scorecard_fit_options o = GB_SCORECARD_FIT_OPTIONS_INIT;
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card;
    char *text;

    card_table_make(&t, 5000, 0, 8);
    for (size_t i = 0; i < 5000; i++) /* filled in once it has come about */
        t.numbers[2][i] = t.outcome[i] ? card_unit(&t) : (double)NAN;
    card = fit(ctx, &t, NULL);
    text = text_of(ctx, card);
    ck_assert(!has_factor(card, "c"));
    ck_assert(is_left_out(text, "c", "alone"));
    ck_assert_ptr_nonnull(strstr(text, "\"suspects\": [\"c\"]"));
    gb_score_card_free(card);
    free(text);
    o.kept = kept;
    o.n_kept = 1;
    card = fit(ctx, &t, &o);
    ck_assert(has_factor(card, "c"));
    gb_score_card_free(card);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_column_that_runs_away_or_turns_round_is_left_out)
{
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card;
    char *text;

    card_table_make(&t, 8000, 0, 9);
    for (size_t i = 0; i < 8000; i++) {
        const double sign = i < 6000 ? 1 : -1;

        t.numbers[2][i] = (double)i / 100 + 3 * t.outcome[i];
        t.numbers[5][i] = sign * t.outcome[i] + 2 * card_normal(&t);
    }
    card = fit(ctx, &t, NULL);
    text = text_of(ctx, card);
    ck_assert(is_left_out(text, "c", "unseen"));
    ck_assert(is_left_out(text, "money_fen", "turned"));
    ck_assert(!has_factor(card, "c") && !has_factor(card, "money_fen"));
    gb_score_card_free(card);
    free(text);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_card_is_the_same_after_it_was_written_and_read)
{
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card, *again = NULL;
    int32_t parts[2000 * 8], other_parts[2000 * 8];
    int64_t points[2000], other_points[2000];
    double p[2000], q[2000];
    char *text, *twice;

    card_table_make(&t, 2000, 4, 10);
    card = fit(ctx, &t, NULL);
    text = text_of(ctx, card);
    assert_ok(ctx, gb_score_card_parse(ctx, text, strlen(text), &again));
    twice = text_of(ctx, again);
    assert_ok(ctx, gb_scorecard_apply(ctx, card, &t.table, parts, points, p));
    assert_ok(ctx, gb_scorecard_apply(ctx, again, &t.table, other_parts,
                                      other_points, q));
    ck_assert_int_eq(memcmp(points, other_points, sizeof points), 0);
    ck_assert_int_eq(memcmp(p, q, sizeof p), 0);
    for (size_t i = 0; i < 2000; i++) {
        int64_t sum = 0;

        for (size_t f = 0; f < gb_score_card_n_factors(card); f++)
            sum += parts[i * gb_score_card_n_factors(card) + f];
        ck_assert_int_eq(sum, points[i]);
    }
    gb_score_card_free(again);
    again = NULL;
    assert_ok(ctx, gb_score_card_parse(ctx, twice, strlen(twice), &again));
    gb_score_card_free(again);
    gb_score_card_free(card);
    free(text);
    free(twice);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

/* One column after the other becomes hostile; nothing breaks, and the card,
 * if there is one, does without it. */
START_TEST(hostile_columns_do_no_harm)
{
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card = NULL;

    card_table_make(&t, 1000, 0, 11);
    for (size_t i = 0; i < 1000; i++) {
        t.numbers[1][i] = (double)NAN;
        t.numbers[2][i] = 7;
        t.numbers[5][i] = i % 2 ? 1e308 : -1e308;
        t.numbers[6][i] = i % 3 ? 0 : 1e308;
        t.towns[i] = GB_SCORECARD_BLANK;
    }
    card = fit(ctx, &t, NULL);
    ck_assert(!has_factor(card, "b") && !has_factor(card, "c")
              && !has_factor(card, "town"));
    ck_assert(has_factor(card, "a") || has_factor(card, "d"));
    gb_score_card_free(card);
    for (size_t i = 0; i < 1000; i++)
        t.numbers[0][i] = t.numbers[3][i] = 0;
    card = (gb_score_card *)&t;
    ck_assert_int_ne(gb_scorecard_fit(ctx, &t.table, t.outcome, NULL, &card),
                     GB_ERR_INTERNAL);
    gb_score_card_free(card);
    memset(t.outcome, 1, 1000);
    assert_status(ctx, GB_ERR_DATA, gb_scorecard_fit(ctx, &t.table, t.outcome,
                                                     NULL, &card));
    ck_assert_ptr_null(card);
    t.table.n_rows = 0;
    assert_status(ctx, GB_ERR_DATA, gb_scorecard_fit(ctx, &t.table, t.outcome,
                                                     NULL, &card));
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

/* ---- checks ---- */

START_TEST(figures_are_those_of_the_book)
{
    /* 4 rows of .8, .6, .6, .1 with outcomes 1, 1, 0, 0. */
    static const double p[] = { .6, .8, .1, .6 };
    static const uint8_t outcome[] = { 1, 1, 0, 0 };
    gb_scorecard_figures f = { .size = sizeof f };
    gb_context *ctx = test_context();

    assert_ok(ctx, gb_scorecard_check(ctx, p, outcome, 4, NULL, &f, NULL));
    assert_near(f.auc, 3.5 / 4, 1e-12);
    assert_near(f.ks, .5, 1e-12);
    assert_near(f.brier, (.04 + .16 + .36 + .01) / 4, 1e-12);
    assert_near(f.rate, .5, 1e-12);
    assert_near(f.mean_probability, 2.1 / 4, 1e-12);
    assert_near(f.tenths[0].lift, 2, 1e-12);
    assert_near(f.tenths[9].rate, 0, 1e-12);
    assert_near(f.log_loss,
                -(log(.8) + log(.6) + log(.4) + log(.9)) / 4, 1e-12);
    /* Tenths of .4 rows: twice .8 to 1; .7 to .75; four times .6 to .5; .35
     * to .25; twice .1 to 0. */
    assert_near(f.calibration_error, .115, 1e-9);
    gb_context_free(ctx);
}
END_TEST

START_TEST(auc_is_the_share_of_pairs_won)
{
    gb_context *ctx = test_context();
    card_table t;
    double auc, won = 0, pairs = 0;

    card_table_make(&t, 400, 0, 12);
    for (size_t i = 0; i < 400; i++) {
        t.time[i] = floor(4 * t.numbers[0][i]); /* with ties */
        if (i % 50 == 0)
            t.time[i] = (double)NAN;
    }
    for (size_t i = 0; i < 400; i++)
        for (size_t j = 0; j < 400; j++) {
            const double x
                = isnan(t.time[i]) ? (double)-INFINITY : t.time[i];
            const double y
                = isnan(t.time[j]) ? (double)-INFINITY : t.time[j];

            if (!t.outcome[i] || t.outcome[j])
                continue;
            pairs += 1;
            won += x > y ? 1 : x < y ? 0 : .5;
        }
    assert_ok(ctx, gb_scorecard_auc(ctx, t.time, t.outcome, 400, &auc));
    assert_near(auc, won / pairs, 1e-12);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(calibration_follows_drift_and_looks_at_no_later_outcome)
{
    gb_scorecard_check_options o = GB_SCORECARD_CHECK_OPTIONS_INIT;
    gb_scorecard_figures plain = { .size = sizeof plain }, followed = plain;
    gb_context *ctx = test_context();
    double p[8000], out[8000], again[8000];
    uint8_t outcome[8000];
    card_table t;

    card_table_make(&t, 8000, 0, 13);
    for (size_t i = 0; i < 8000; i++) { /* the base rate climbs */
        const double eta = log(t.truth[i] / (1 - t.truth[i]))
                           + 3 * (double)i / 8000;

        p[i] = t.truth[i];
        outcome[i] = card_unit(&t) < 1 / (1 + exp(-eta));
    }
    assert_ok(ctx, gb_scorecard_check(ctx, p, outcome, 8000, NULL, &plain,
                                      out));
    ck_assert_int_eq(memcmp(p, out, sizeof p), 0);
    o.every = 500;
    for (o.calibration = GB_SCORECARD_ROLLING;
         o.calibration <= GB_SCORECARD_ISOTONIC; o.calibration++) {
        const size_t turn = 4321 / 500 * 500 + 500;

        assert_ok(ctx, gb_scorecard_check(ctx, p, outcome, 8000, &o,
                                          &followed, out));
        ck_assert_double_lt(followed.calibration_error,
                            plain.calibration_error
                                * (o.calibration == GB_SCORECARD_ROLLING
                                       ? .3 : .8));
        outcome[4321] ^= 1;
        assert_ok(ctx, gb_scorecard_check(ctx, p, outcome, 8000, &o,
                                          &followed, again));
        outcome[4321] ^= 1;
        ck_assert_int_eq(memcmp(out, again, turn * sizeof *out), 0);
        ck_assert_int_ne(memcmp(out + turn, again + turn, 500 * sizeof *out),
                         0);
    }
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_moved_population_shows_in_its_factor_alone)
{
    gb_context *ctx = test_context();
    card_table t;
    double psi[8];
    gb_score_card *card;
    size_t n;

    card_table_make(&t, 5000, 0, 14);
    card = fit(ctx, &t, NULL);
    n = gb_score_card_n_factors(card);
    assert_ok(ctx, gb_scorecard_stability(ctx, card, &t.table, psi));
    for (size_t f = 0; f < n; f++)
        assert_near(psi[f], 0, 1e-9);
    for (size_t i = 0; i < 5000; i++)
        t.numbers[1][i] += 1;
    assert_ok(ctx, gb_scorecard_stability(ctx, card, &t.table, psi));
    for (size_t f = 0; f < n; f++)
        if (strcmp(gb_score_card_factor(card, f), "b") == 0)
            ck_assert_double_gt(psi[f], .25);
        else
            assert_near(psi[f], 0, 1e-9);
    gb_score_card_free(card);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

/* ---- statuses ---- */

START_TEST(wrong_calls_are_refused)
{
    static const double half[] = { .5, .5 }, no[] = { .5, 1.5 };
    static const uint8_t outcome[] = { 0, 1 }, same[] = { 1, 1 };
    /* without a scale */
    static const char plain[]
        = "{\"card\":\"t\",\"version\":1,\"factors\":[{\"name\":\"x\","
          "\"title_en\":\"x\",\"title_zh\":\"x\",\"tag\":\"none\","
          "\"points\":1}]}";
    gb_scorecard_fit_options o = GB_SCORECARD_FIT_OPTIONS_INIT;
    gb_scorecard_check_options check = GB_SCORECARD_CHECK_OPTIONS_INIT;
    gb_scorecard_figures f = { .size = sizeof f };
    gb_context *ctx = test_context();
    gb_score_card *card = NULL, *own = NULL;
    card_table t;
    double p[100], auc;

    card_table_make(&t, 100, 0, 15);
    assert_ok(ctx, gb_score_card_parse(ctx, plain, strlen(plain), &own));
    o.max_factors = 31;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, &t.table, t.outcome, &o, &card));
    o = (gb_scorecard_fit_options)GB_SCORECARD_FIT_OPTIONS_INIT;
    o.max_psi = (double)NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, &t.table, t.outcome, &o, &card));
    o.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_scorecard_fit(ctx, &t.table, t.outcome, &o, &card));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, NULL, t.outcome, NULL, &card));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, &t.table, NULL, NULL, &card));
    t.columns[1].name = "a";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, &t.table, t.outcome, NULL, &card));
    t.columns[1].name = "b";
    t.towns[3] = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_fit(ctx, &t.table, t.outcome, NULL, &card));
    t.towns[3] = 0;
    assert_status(ctx, GB_ERR_DATA,
                  gb_scorecard_apply(ctx, own, &t.table, NULL, NULL, p));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "scale"));
    assert_status(ctx, GB_ERR_DATA,
                  gb_scorecard_apply(ctx, own, &t.table, NULL, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "none"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_bins(ctx, own, &t.table, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_stability(ctx, own, &t.table, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_text(ctx, NULL, NULL, 0, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_check(ctx, no, outcome, 2, NULL, &f, NULL));
    assert_status(ctx, GB_ERR_DATA,
                  gb_scorecard_check(ctx, half, same, 2, NULL, &f, NULL));
    check.calibration = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_check(ctx, half, outcome, 2, &check, &f, NULL));
    f.size = 8;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_check(ctx, half, outcome, 2, NULL, &f, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_scorecard_auc(ctx, half, outcome, 2, NULL));
    assert_status(ctx, GB_ERR_DATA,
                  gb_scorecard_auc(ctx, half, same, 2, &auc));
    gb_score_card_free(own);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(old_cards_and_tags_are_applied_to_tables_of_columns)
{
    static const char json[]
        = "{\"card\":\"t\",\"version\":1,\"factors\":["
          "{\"name\":\"b\",\"title_en\":\"b\",\"title_zh\":\"b\",\"column\":"
          "\"b\",\"missing\":-3,\"bins\":[{\"below\":100,\"points\":1},"
          "{\"points\":9}]},"
          "{\"name\":\"p\",\"title_en\":\"p\",\"title_zh\":\"p\",\"tag\":"
          "\"pos\",\"points\":20},"
          "{\"name\":\"m\",\"title_en\":\"m\",\"title_zh\":\"m\",\"tag\":"
          "\"best=morning\",\"points\":5}]}";
    static const double b[] = { 99, 100, (double)NAN }, pos[] = { 1, 0, 1 };
    static const uint32_t best[] = { 0, 1, GB_SCORECARD_BLANK };
    static const char *const texts[] = { "evening", "morning" };
    const gb_scorecard_column columns[]
        = { { "b", b, NULL, NULL, 0 },
            { "pos", pos, NULL, NULL, 0 },
            { "best", NULL, best, texts, 2 } };
    static const uint32_t expected[] = { 0, 0, 1, 1, 1, 0, 2, 0, 1 };
    const gb_scorecard_table table = { sizeof table, 3, 3, columns };
    gb_context *ctx = test_context();
    gb_score_card *card = NULL;
    int64_t points[3];
    uint32_t bins[9];

    assert_ok(ctx, gb_score_card_parse(ctx, json, strlen(json), &card));
    ck_assert_uint_gt(gb_score_card_n_slots(card), 0); /* as shipped */
    assert_ok(ctx, gb_scorecard_apply(ctx, card, &table, NULL, points, NULL));
    ck_assert_int_eq(points[0], 21);
    ck_assert_int_eq(points[1], 14);
    ck_assert_int_eq(points[2], 17);
    assert_ok(ctx, gb_scorecard_bins(ctx, card, &table, bins));
    for (size_t i = 0; i < 9; i++)
        ck_assert_uint_eq(bins[i], expected[i]);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_fitted_card_scores_a_matrix_with_tags_as_it_does_columns)
{
    static const char *const names[] = { "money_fen", "a", "d", "debt_fen",
                                         "b" };
    static const size_t places[] = { 5, 0, 3, 6, 1 };
    static const char *const tags[]
        = { "vip", "town=far", "town=near", "town=middle", "townhouse=near" };
    gb_context *ctx = test_context();
    card_table t;
    gb_score_card *card;
    gb_score_table matrix = { .size = sizeof matrix };
    double *values = malloc(3000 * 5 * sizeof *values);
    uint32_t first[3001], row_tags[9000], n = 0;
    int64_t points[3000], same[3000];
    int32_t *parts = malloc(3000 * 8 * sizeof *parts);

    card_table_make(&t, 3000, 6, 31);
    for (size_t i = 0; i < 3000; i++) {
        for (size_t c = 0; c < 5; c++)
            values[i * 5 + c] = t.numbers[places[c]][i];
        first[i] = n;
        row_tags[n++] = 4;
        if (i % 3 == 0)
            row_tags[n++] = 0;
        if (i % 7 == 0)
            t.towns[i] = GB_SCORECARD_BLANK;
        else
            row_tags[n++] = t.towns[i] + 1;
    }
    first[3000] = n;
    card = fit(ctx, &t, NULL);
    ck_assert(has_factor(card, "town"));
    ck_assert(has_factor(card, "money_fen / debt_fen"));
    matrix.n_rows = 3000;
    matrix.n_columns = 5;
    matrix.columns = names;
    matrix.values = values;
    matrix.n_tags = 5;
    matrix.tags = tags;
    matrix.row_first_tag = first;
    matrix.row_tags = row_tags;
    assert_ok(ctx, gb_scorecard_apply(ctx, card, &t.table, NULL, points,
                                      NULL));
    assert_ok(ctx, gb_score_card_apply(ctx, card, &matrix, parts, same));
    ck_assert_int_eq(memcmp(points, same, sizeof points), 0);
    gb_score_card_free(card);
    free(parts);
    free(values);
    card_table_free(&t);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scorecard");
    TCase *fits = tcase_create("fit"), *checks = tcase_create("check");

    tcase_add_test(fits, a_planted_truth_is_found_and_noise_is_not);
    tcase_add_test(fits, a_ratio_of_amounts_is_found_where_it_tells);
    tcase_add_test(fits, probabilities_are_those_of_the_truth);
    tcase_add_test(fits, with_a_time_the_order_of_the_rows_does_not_show);
    tcase_add_test(fits, what_was_known_only_afterwards_is_caught);
    tcase_add_test(fits, a_column_that_runs_away_or_turns_round_is_left_out);
    tcase_add_test(fits, a_card_is_the_same_after_it_was_written_and_read);
    tcase_add_test(fits, hostile_columns_do_no_harm);
    tcase_add_test(checks, figures_are_those_of_the_book);
    tcase_add_test(checks, auc_is_the_share_of_pairs_won);
    tcase_add_test(checks,
                   calibration_follows_drift_and_looks_at_no_later_outcome);
    tcase_add_test(checks, a_moved_population_shows_in_its_factor_alone);
    tcase_add_test(checks, wrong_calls_are_refused);
    tcase_add_test(checks,
                   old_cards_and_tags_are_applied_to_tables_of_columns);
    tcase_add_test(
        checks, a_fitted_card_scores_a_matrix_with_tags_as_it_does_columns);
    suite_add_tcase(suite, fits);
    suite_add_tcase(suite, checks);
    return suite;
}
