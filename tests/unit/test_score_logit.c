#include <math.h>
#include <string.h>

#include "base_rng.h"
#include "score_bins.h"
#include "score_logit.h"
#include "test.h"

enum { MOST = 400, COLUMNS = 3 };

typedef struct sample {
    double x[MOST * COLUMNS], rows[MOST], events[MOST];
    score_logit_data data;
} sample;

static void draw(sample *s, base_rng *rng, size_t n, const double *beta)
{
    for (size_t i = 0; i < n; i++) {
        double eta = beta[0];

        for (size_t j = 0; j < COLUMNS; j++) {
            s->x[i * COLUMNS + j] = base_rng_normal(rng);
            eta += beta[j + 1] * s->x[i * COLUMNS + j];
        }
        s->rows[i] = (double)base_rng_between(rng, 1, 4);
        s->events[i] = 0;
        for (int k = 0; k < (int)s->rows[i]; k++)
            s->events[i]
                += base_rng_chance(rng, 1 / (1 + exp(-eta))) ? 1 : 0;
    }
    s->data = (score_logit_data){ n, COLUMNS, s->x, s->rows, s->events, 1e-3 };
}

/* The plain twin: Newton without bounds, solved by elimination. */
static void plain_newton(const score_logit_data *d, double *beta)
{
    memset(beta, 0, (d->k + 1) * sizeof *beta);
    for (int step = 0; step < 100; step++) {
        double a[COLUMNS + 1][COLUMNS + 2] = { { 0 } };
        const size_t m = d->k + 1;

        for (size_t i = 0; i < d->n; i++) {
            double z[COLUMNS + 1] = { 1 }, eta = beta[0], p;

            for (size_t j = 1; j < m; j++) {
                z[j] = d->x[i * d->k + j - 1];
                eta += beta[j] * z[j];
            }
            p = 1 / (1 + exp(-eta));
            for (size_t j = 0; j < m; j++) {
                a[j][m] += (d->events[i] - d->rows[i] * p) * z[j];
                for (size_t l = 0; l < m; l++)
                    a[j][l] += d->rows[i] * p * (1 - p) * z[j] * z[l];
            }
        }
        for (size_t j = 1; j < m; j++) {
            a[j][j] += d->ridge;
            a[j][m] -= d->ridge * beta[j];
        }
        for (size_t j = 0; j < m; j++)
            for (size_t l = 0; l < m; l++) {
                const double by = l == j ? 0 : a[l][j] / a[j][j];

                for (size_t k = 0; k <= m; k++)
                    a[l][k] -= by * a[j][k];
            }
        for (size_t j = 0; j < m; j++)
            beta[j] += a[j][m] / a[j][j];
    }
}

START_TEST(where_no_bound_bites_it_is_newton)
{
    static const double truth[] = { -1, 1.5, .8, 1.1 };
    base_rng rng = base_rng_seeded(test_seed() + _i);
    score_logit_fit fit = { .beta = { 0 } };
    double beta[COLUMNS + 1];
    sample s;

    draw(&s, &rng, MOST, truth);
    plain_newton(&s.data, beta);
    score_logit(&s.data, &fit);
    ck_assert(fit.is_converged);
    for (size_t j = 0; j <= COLUMNS; j++)
        assert_near(fit.beta[j], beta[j], 1e-7);
}
END_TEST

/* Karush, Kuhn and Tucker: the gradient is 0 where free, and points into the
 * bound where not.  The problem is convex, so this is the optimum. */
START_TEST(where_bounds_bite_the_conditions_of_the_optimum_hold)
{
    static const double truth[] = { .5, -1, .7, -.05 };
    base_rng rng = base_rng_seeded(test_seed() + _i);
    score_logit_fit fit = { .beta = { 0, 1, 1, 1 } };
    double gradient[COLUMNS + 1];
    sample s;

    draw(&s, &rng, MOST, truth);
    score_logit(&s.data, &fit);
    ck_assert(fit.is_converged);
    score_logit_value(&s.data, fit.beta, gradient);
    assert_near(gradient[0], 0, 1e-5);
    ck_assert(fit.beta[1] <= 0 && fit.beta[1] >= 0);
    for (size_t j = 1; j <= COLUMNS; j++) {
        ck_assert(fit.beta[j] >= 0);
        if (fit.beta[j] > 0)
            assert_near(gradient[j], 0, 1e-5);
        else
            ck_assert(gradient[j] >= -1e-5);
    }
}
END_TEST

START_TEST(the_gradient_is_that_of_the_value)
{
    static const double beta[] = { -.3, .4, 1.2, .1 }, h = 1e-5;
    base_rng rng = base_rng_seeded(test_seed() + _i);
    double gradient[COLUMNS + 1], unused[COLUMNS + 1];
    sample s;

    draw(&s, &rng, 50, beta);
    score_logit_value(&s.data, beta, gradient);
    for (size_t j = 0; j <= COLUMNS; j++) {
        double up[COLUMNS + 1], down[COLUMNS + 1];

        memcpy(up, beta, sizeof up);
        memcpy(down, beta, sizeof down);
        up[j] += h;
        down[j] -= h;
        assert_near(gradient[j],
                    (score_logit_value(&s.data, up, unused)
                     - score_logit_value(&s.data, down, unused))
                        / (2 * h),
                    1e-5);
    }
}
END_TEST

START_TEST(separated_outcomes_still_have_a_finite_answer)
{
    static const double x[] = { -1, 1 }, rows[] = { 9, 9 }, events[] = { 0, 9 };
    const score_logit_data data = { 2, 1, x, rows, events, 1e-3 };
    score_logit_fit fit = { .beta = { 0, 1 } };

    score_logit(&data, &fit);
    ck_assert(isfinite(fit.beta[0]) && isfinite(fit.beta[1]));
    ck_assert(fit.beta[1] > 3 && fit.loglik > -.1);
}
END_TEST

START_TEST(the_shift_makes_the_mean_fit)
{
    static const double eta[] = { -2, 0, 3 }, rows[] = { 10, 20, 5 },
                        events[] = { 4, 9, 5 };
    const double shift = score_logit_shift(eta, rows, events, 3);
    double foretold = 0;

    for (size_t i = 0; i < 3; i++)
        foretold += rows[i] / (1 + exp(-eta[i] - shift));
    assert_near(foretold, 18, 1e-9);
    ck_assert(score_logit_shift(eta, rows, rows, 3) > 29);
}
END_TEST

/* ---- bins ---- */

/* All ways to cut n cells, as bits between cells. */
static double enumerate(const score_cells *cells, score_shape shape,
                        size_t max_bins, int64_t min_rows, double price)
{
    double best = (double)-INFINITY;

    for (uint32_t cut = 0; cut < 1u << (cells->n - 1); cut++) {
        double value = 0, last = -1;
        int64_t rows = 0, events = 0;
        size_t n_bins = 0;
        bool is_fine = true;

        for (size_t c = 0; c < cells->n; c++) {
            rows += cells->rows[c];
            events += cells->events[c];
            if (c + 1 < cells->n && !(cut >> c & 1))
                continue;
            is_fine &= rows >= min_rows && rows > 0;
            if (is_fine) {
                const double rate = (double)events / (double)rows;

                is_fine = last < 0 || shape == SCORE_FREE
                          || (shape == SCORE_RISING ? rate >= last - 1e-12
                                                    : rate <= last + 1e-12);
                last = rate;
                value += score_bin_loglik((double)rows, (double)events)
                         - price;
            }
            rows = events = 0;
            n_bins++;
        }
        if (is_fine && n_bins <= max_bins && value > best)
            best = value;
    }
    return best;
}

START_TEST(no_cut_is_better_than_the_one_found)
{
    base_rng rng = base_rng_seeded(test_seed() + 100);

    for (int k = 0; k < test_cases(300); k++) {
        int64_t rows[9], events[9];
        const size_t n = base_rng_below(&rng, 9) + 1;
        const score_cells cells = { n, rows, events };
        const size_t max_bins = base_rng_below(&rng, 5) + 1;
        const int64_t min_rows = base_rng_between(&rng, 1, 40);
        const double price = base_rng_unit(&rng) * 3;

        for (size_t c = 0; c < n; c++) {
            rows[c] = base_rng_between(&rng, 0, 60);
            events[c] = base_rng_between(&rng, 0, rows[c]);
        }
        for (int shape = SCORE_FREE; shape <= SCORE_FALLING; shape++) {
            const double best = enumerate(&cells, (score_shape)shape,
                                          max_bins, min_rows, price);
            score_cut cut;

            score_cut_best(&cells, (score_shape)shape, max_bins, min_rows,
                           price, &cut);
            ck_assert_uint_le(cut.n_bins, max_bins);
            ck_assert_uint_eq(cut.ends[cut.n_bins - 1], n);
            if (isfinite(best))
                assert_near(cut.value, best, 1e-9);
            else
                ck_assert_uint_eq(cut.n_bins, 1);
        }
    }
}
END_TEST

START_TEST(a_bend_is_kept_only_where_it_is_certain)
{
    static const int64_t rows[] = { 1000, 1000, 1000 };
    static const int64_t slight[] = { 100, 102, 150 };
    static const int64_t certain[] = { 200, 100, 200 };
    const score_cells a = { 3, rows, slight }, b = { 3, rows, certain };
    score_cut cut;

    score_cut_monotone(&a, 6, 1, 2, 1, 3, &cut);
    ck_assert_uint_eq(cut.n_bins, 2);
    ck_assert_uint_eq(cut.ends[0], 2);
    score_cut_monotone(&b, 6, 1, 2, 1, 3, &cut);
    ck_assert_uint_eq(cut.n_bins, 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score_logit");
    TCase *logit = tcase_create("logit"), *bins = tcase_create("bins");

    tcase_add_loop_test(logit, where_no_bound_bites_it_is_newton, 0, 5);
    tcase_add_loop_test(
        logit, where_bounds_bite_the_conditions_of_the_optimum_hold, 0, 5);
    tcase_add_loop_test(logit, the_gradient_is_that_of_the_value, 0, 5);
    tcase_add_test(logit, separated_outcomes_still_have_a_finite_answer);
    tcase_add_test(logit, the_shift_makes_the_mean_fit);
    tcase_add_test(bins, no_cut_is_better_than_the_one_found);
    tcase_add_test(bins, a_bend_is_kept_only_where_it_is_certain);
    suite_add_tcase(suite, logit);
    suite_add_tcase(suite, bins);
    return suite;
}
