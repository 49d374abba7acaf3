/*
 * Cards fitted on random tables: what is told of the bins is what a recount
 * finds, and points mean what they say.
 */
#include <gridbeat/gridbeat.h>

#include "base_rng.h"
#include "test.h"

enum { MOST_ROWS = 900, COLUMNS = 5 };

typedef struct instance {
    double numbers[COLUMNS][MOST_ROWS];
    uint32_t codes[MOST_ROWS];
    uint8_t outcome[MOST_ROWS];
    gb_scorecard_column columns[COLUMNS];
    gb_scorecard_table table;
} instance;

/* Smooth, with few values, all equal, huge, or mostly blank. */
static double draw(base_rng *rng, int kind)
{
    switch (kind) {
    case 0:
        return base_rng_normal(rng);
    case 1:
        return (double)base_rng_between(rng, 0, 3);
    case 2:
        return 5;
    case 3:
        return base_rng_chance(rng, .5) ? 1e308 : -1e308 * base_rng_unit(rng);
    default:
        return base_rng_chance(rng, .8) ? (double)NAN : base_rng_unit(rng);
    }
}

static void make(instance *x, base_rng *rng)
{
    static const char *const names[COLUMNS]
        = { "a_fen", "b_fen", "c", "d", "town" };
    static const char *const towns[]
        = { "n", "e", "s", "w", "\"x\"", "y,", "中", "0" };
    const size_t n = 100 + base_rng_below(rng, MOST_ROWS - 100);
    int kinds[COLUMNS];

    memset(x, 0, sizeof *x);
    for (size_t c = 0; c < COLUMNS; c++) {
        kinds[c] = (int)base_rng_below(rng, 5);
        x->columns[c].name = names[c];
        x->columns[c].numbers = x->numbers[c];
    }
    kinds[0] = 0;
    x->columns[4].numbers = NULL;
    x->columns[4].codes = x->codes;
    x->columns[4].texts = towns;
    x->columns[4].n_texts = 8;
    for (size_t i = 0; i < n; i++) {
        double eta;

        for (size_t c = 0; c < COLUMNS; c++)
            x->numbers[c][i] = draw(rng, kinds[c]);
        x->codes[i] = base_rng_chance(rng, .1)
                          ? GB_SCORECARD_BLANK
                          : (uint32_t)base_rng_below(rng, 8);
        eta = 1.5 * x->numbers[0][i] + (x->codes[i] < 3 ? 1 : -.5);
        x->outcome[i] = base_rng_chance(rng, 1 / (1 + exp(-eta)));
        if (base_rng_chance(rng, .05))
            x->outcome[i] = GB_SCORECARD_LEFT_OUT;
    }
    x->table = (gb_scorecard_table)GB_SCORECARD_TABLE_INIT;
    x->table.n_rows = n;
    x->table.n_columns = COLUMNS;
    x->table.columns = x->columns;
}

/* Rows and events of each bin, counted again through the public functions. */
static void recount(gb_context *ctx, const instance *x,
                    const gb_score_card *card, size_t factor,
                    int64_t rows[101], int64_t events[101],
                    int32_t points[101])
{
    const size_t n = x->table.n_rows, k = gb_score_card_n_factors(card);
    uint32_t *bins = calloc(n * k, sizeof *bins);
    int32_t *parts = calloc(n * k, sizeof *parts);

    memset(rows, 0, 101 * sizeof *rows);
    memset(events, 0, 101 * sizeof *events);
    assert_ok(ctx, gb_scorecard_bins(ctx, card, &x->table, bins));
    assert_ok(ctx, gb_scorecard_apply(ctx, card, &x->table, parts, NULL,
                                      NULL));
    for (size_t i = 0; i < n; i++) {
        const uint32_t b = bins[i * k + factor];

        ck_assert_uint_lt(b, 101);
        if (x->outcome[i] > 1)
            continue;
        rows[b]++;
        events[b] += x->outcome[i];
        points[b] = parts[i * k + factor];
    }
    free(bins);
    free(parts);
}

/* More points, likelier: by the rates with 20 rows of the mean added. */
static void check_points(const int64_t rows[101], const int64_t events[101],
                         const int32_t points[101])
{
    double n = 0, n_events = 0, least = INFINITY;

    for (size_t b = 0; b < 101; b++) {
        n += (double)rows[b];
        n_events += (double)events[b];
    }
    for (size_t a = 0; a < 101; a++)
        for (size_t b = 0; b < 101; b++) {
            const double of_a = ((double)events[a] + 20 * n_events / n)
                                / ((double)rows[a] + 20);
            const double of_b = ((double)events[b] + 20 * n_events / n)
                                / ((double)rows[b] + 20);

            if (rows[a] && rows[b] && points[a] > points[b])
                ck_assert_double_gt(of_a, of_b);
        }
    for (size_t b = 0; b < 101; b++)
        if (rows[b])
            least = fmin(least, points[b]);
    ck_assert_double_ge(least, 0);
}

static void check_scale(gb_context *ctx, const instance *x,
                        const gb_score_card *card)
{
    const size_t n = x->table.n_rows;
    int64_t *points = calloc(n, sizeof *points);
    double *p = calloc(n, sizeof *p), sum = 0, events = 0;

    assert_ok(ctx, gb_scorecard_apply(ctx, card, &x->table, NULL, points, p));
    for (size_t i = 0; i < n; i++) {
        if (x->outcome[i] <= 1) {
            sum += p[i];
            events += x->outcome[i];
        }
        for (size_t j = i; j < n && j < i + 10; j++)
            ck_assert((points[i] > points[j]) == (p[i] > p[j]));
    }
    assert_near(sum, events, 1e-6 * events);
    free(points);
    free(p);
}

START_TEST(bins_are_as_told_and_points_mean_what_they_say)
{
    static instance x;
    base_rng rng = base_rng_seeded(test_seed() + (uint64_t)_i);
    gb_context *ctx = test_context();

    for (int k = 0; k < test_cases(15); k++) {
        gb_score_card *card = NULL;
        gb_status status;

        make(&x, &rng);
        status = gb_scorecard_fit(ctx, &x.table, x.outcome, NULL, &card);
        ck_assert(status == GB_OK || status == GB_ERR_DATA);
        for (size_t f = 0; card && f < gb_score_card_n_factors(card); f++) {
            int64_t rows[101], events[101];
            int32_t points[101] = { 0 };

            recount(ctx, &x, card, f, rows, events, points);
            check_points(rows, events, points);
        }
        if (card)
            check_scale(ctx, &x, card);
        gb_score_card_free(card);
    }
    gb_context_free(ctx);
}
END_TEST

/* A card is its rows: where the table is the one it was fitted on, nothing has
 * moved, which holds the counts in the card to the bins of the rows. */
START_TEST(counts_in_the_card_are_those_of_its_rows)
{
    static instance x;
    base_rng rng = base_rng_seeded(test_seed() + 77);
    gb_context *ctx = test_context();

    for (int k = 0; k < test_cases(20); k++) {
        gb_score_card *card = NULL;
        double psi[8];

        make(&x, &rng);
        for (size_t i = 0; i < x.table.n_rows; i++)
            x.outcome[i] &= 1;
        if (gb_scorecard_fit(ctx, &x.table, x.outcome, NULL, &card))
            continue;
        assert_ok(ctx, gb_scorecard_stability(ctx, card, &x.table, psi));
        for (size_t f = 0; f < gb_score_card_n_factors(card); f++)
            assert_near(psi[f], 0, 1e-12);
        gb_score_card_free(card);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scorecard");
    TCase *cases = tcase_create("scorecard");

    tcase_add_loop_test(cases, bins_are_as_told_and_points_mean_what_they_say,
                        0, 3);
    tcase_add_test(cases, counts_in_the_card_are_those_of_its_rows);
    suite_add_tcase(suite, cases);
    return suite;
}
