/*
 * Strategies compared: against the formulas written plainly, and against a
 * planted truth, where what each action brings is known and only the log's
 * draws are chance.
 */
#include <gridbeat/policy.h>

#include "base_rng.h"
#include "test.h"

enum { MOST = 3000, N_ACTIONS = 3, N_STRATA = 4 };

typedef struct trial {
    uint32_t actions[MOST], units[MOST], strata[MOST], choices[MOST];
    double propensities[MOST], rewards[MOST];
    double expected[MOST * N_ACTIONS], probabilities[MOST * N_ACTIONS];
    gb_policy_log log;
    double truth; /* what the choices would bring, a row */
} trial;

/* Chance that an action succeeds in a stratum; none is best in all. */
static const double success[N_STRATA][N_ACTIONS]
    = { { .10, .25, .05 }, { .30, .10, .15 }, { .05, .05, .40 },
        { .20, .22, .18 } };
/* How the log was drawn: not evenly, and by stratum, so that plain means by
 * action are wrong. */
static const double drawn[N_STRATA][N_ACTIONS]
    = { { .70, .20, .10 }, { .10, .80, .10 }, { .45, .45, .10 },
        { .30, .30, .40 } };

static uint32_t draw_action(base_rng *rng, const double *chances)
{
    double u = base_rng_unit(rng);

    for (uint32_t a = 0; a + 1 < N_ACTIONS; a++)
        if ((u -= chances[a]) < 0)
            return a;
    return N_ACTIONS - 1;
}

static void plant(trial *t, size_t n, base_rng *rng)
{
    t->truth = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t s = (uint32_t)base_rng_below(rng, N_STRATA);
        const uint32_t a = draw_action(rng, drawn[s]);

        t->strata[i] = s;
        t->actions[i] = a;
        t->propensities[i] = drawn[s][a];
        t->rewards[i] = base_rng_chance(rng, success[s][a]);
        t->units[i] = (uint32_t)base_rng_below(rng, n);
        t->choices[i] = s == 0 ? 1 : s == 1 ? 0 : 2;
        t->truth += success[s][t->choices[i]] / (double)n;
    }
    t->log = (gb_policy_log){ sizeof t->log, n, N_ACTIONS, t->actions,
                              t->propensities, t->rewards, NULL, NULL };
}

static void mix(trial *t, base_rng *rng)
{
    for (size_t i = 0; i < t->log.n; i++) {
        double sum = 0;

        for (int a = 0; a < N_ACTIONS; a++)
            sum += t->probabilities[i * N_ACTIONS + a] = base_rng_unit(rng);
        for (int a = 0; a < N_ACTIONS; a++) {
            t->probabilities[i * N_ACTIONS + a] /= sum;
            t->expected[i * N_ACTIONS + a] = base_rng_normal(rng);
        }
    }
}

/* Mean and standard error by the definition, unit by unit in a double loop. */
static void assert_plain(const gb_policy_estimate *e, const double *phi,
                         const uint32_t *units, size_t n)
{
    double mean = 0, squares = 0;
    size_t n_units = 0;

    for (size_t i = 0; i < n; i++)
        mean += phi[i] / (double)n;
    for (uint32_t u = 0; u < n; u++) {
        double sum = 0;
        bool is_there = false;

        for (size_t i = 0; i < n; i++)
            if ((units ? units[i] : i) == u) {
                sum += phi[i] - mean;
                is_there = true;
            }
        n_units += is_there;
        squares += sum * sum;
    }
    assert_near(e->value, mean, 1e-9 * (1 + fabs(mean)));
    if (n_units > 1) {
        const double se = sqrt(squares * (double)n_units
                               / ((double)n_units - 1)) / (double)n;

        assert_near(e->se, se, 1e-9 * (1 + se));
    } else {
        ck_assert(isnan(e->se));
    }
}

START_TEST(estimates_are_the_formulas_written_plainly)
{
    static trial t;
    static double phi[4][MOST];
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_context *ctx = test_context();

    for (int round = 0; round < test_cases(20); round++) {
        const size_t n = (size_t)base_rng_between(&rng, 1, 60);
        const bool is_mixed = base_rng_chance(&rng, .5);
        gb_policy policy = { sizeof policy, t.choices, NULL };
        gb_policy_options options = GB_POLICY_OPTIONS_INIT;
        gb_policy_figures f = { .size = sizeof f };
        double sum = 0, worth = 0;

        plant(&t, n, &rng);
        mix(&t, &rng);
        if (is_mixed)
            policy = (gb_policy){ sizeof policy, NULL, t.probabilities };
        if (base_rng_chance(&rng, .5))
            t.log.units = t.units;
        t.log.expected = t.expected;
        options.clip = base_rng_chance(&rng, .5) ? 3 : 0;
        for (size_t i = 0; i < n; i++) {
            const uint32_t a = t.actions[i];
            double w = (is_mixed ? t.probabilities[i * N_ACTIONS + a]
                                 : t.choices[i] == a) / t.propensities[i];
            double q = 0;

            w = options.clip > 0 ? fmin(w, options.clip) : w;
            for (uint32_t b = 0; b < N_ACTIONS; b++)
                q += (is_mixed ? t.probabilities[i * N_ACTIONS + b]
                               : t.choices[i] == b)
                     * t.expected[i * N_ACTIONS + b];
            phi[0][i] = w * t.rewards[i];
            phi[1][i] = q + w * (t.rewards[i] - t.expected[i * N_ACTIONS + a]);
            phi[2][i] = phi[1][i] - t.rewards[i];
            phi[3][i] = q;
            sum += w;
            worth += w * t.rewards[i];
        }
        assert_ok(ctx, gb_policy_evaluate(ctx, &t.log, &policy, &options, &f));
        assert_plain(&f.inverse, phi[0], t.log.units, n);
        assert_plain(&f.robust, phi[1], t.log.units, n);
        assert_plain(&f.gain, phi[2], t.log.units, n);
        assert_plain(&f.direct, phi[3], t.log.units, n);
        if (sum > 0)
            assert_near(f.normalised.value, worth / sum, 1e-9);
        else
            ck_assert(isnan(f.normalised.value));
    }
    gb_context_free(ctx);
}
END_TEST

typedef struct tally {
    double sum, squares, within, se;
} tally;

static void count(tally *x, const gb_policy_estimate *e, double truth)
{
    x->sum += e->value - truth;
    x->squares += (e->value - truth) * (e->value - truth);
    x->within += e->low <= truth && truth <= e->high;
    x->se += e->se;
}

/* By four standard errors each: the mean, and the 95 % of the intervals. */
static void assert_sound(const tally *x, double rounds)
{
    const double deviation = sqrt(x->squares / rounds);

    assert_near(x->sum / rounds, 0, 4 * deviation / sqrt(rounds));
    ck_assert_double_ge(x->within,
                        .95 * rounds - 4 * sqrt(.95 * .05 * rounds));
    assert_near(x->se / rounds / deviation, 1, .25);
}

/* 300 logs of one truth: no figure is off on average by what chance does not
 * explain, intervals hold it as often as they say, the better the model the
 * narrower. */
START_TEST(a_planted_truth_is_found_and_held_by_its_interval)
{
    enum { ROUNDS = 300 };
    static trial t;
    base_rng rng = base_rng_seeded(11);
    gb_context *ctx = test_context();
    tally inverse = { 0 }, normalised = { 0 }, robust = { 0 }, wrong = { 0 };
    double naive = 0;

    for (int round = 0; round < ROUNDS; round++) {
        const gb_policy policy = { sizeof policy, t.choices, NULL };
        gb_policy_figures f = { .size = sizeof f };

        plant(&t, 1500, &rng);
        assert_ok(ctx, gb_policy_model(ctx, &t.log, t.strata, N_STRATA, NULL,
                                       t.expected));
        t.log.expected = t.expected;
        assert_ok(ctx, gb_policy_evaluate(ctx, &t.log, &policy, NULL, &f));
        ck_assert_uint_eq(f.warnings & ~(unsigned)GB_POLICY_MEAN, 0);
        count(&inverse, &f.inverse, t.truth);
        count(&normalised, &f.normalised, t.truth);
        count(&robust, &f.robust, t.truth);
        naive += (f.logged.value - t.truth) / ROUNDS;
        for (size_t i = 0; i < t.log.n * N_ACTIONS; i++)
            t.expected[i] = .5; /* a model that knows nothing */
        assert_ok(ctx, gb_policy_evaluate(ctx, &t.log, &policy, NULL, &f));
        count(&wrong, &f.robust, t.truth);
    }
    ck_assert_double_lt(naive, -.05); /* the log is no answer by itself */
    assert_sound(&inverse, ROUNDS);
    assert_sound(&normalised, ROUNDS);
    assert_sound(&robust, ROUNDS);
    assert_sound(&wrong, ROUNDS);
    ck_assert_double_lt(robust.squares, inverse.squares);
    ck_assert_double_lt(robust.squares, wrong.squares);
    gb_context_free(ctx);
}
END_TEST

/* Propensities that are not those drawn by: noticed in nearly all logs. */
START_TEST(wrong_propensities_are_noticed)
{
    static trial t;
    base_rng rng = base_rng_seeded(12);
    gb_context *ctx = test_context();
    int n_noticed = 0, n_false = 0;

    for (int round = 0; round < 50; round++) {
        const gb_policy policy = { sizeof policy, t.choices, NULL };
        gb_policy_figures f = { .size = sizeof f };

        plant(&t, MOST, &rng);
        assert_ok(ctx, gb_policy_evaluate(ctx, &t.log, &policy, NULL, &f));
        n_false += (f.warnings & GB_POLICY_MEAN) != 0;
        for (size_t i = 0; i < t.log.n; i++)
            t.propensities[i] = 1. / N_ACTIONS;
        assert_ok(ctx, gb_policy_evaluate(ctx, &t.log, &policy, NULL, &f));
        n_noticed += (f.warnings & GB_POLICY_MEAN) != 0;
    }
    ck_assert_int_ge(n_noticed, 49);
    ck_assert_int_le(n_false, 1);
    gb_context_free(ctx);
}
END_TEST

/* Groups drawn from a Beta: the strength comes back, what leans on all is
 * nearer to the truth than plain shares, nine intervals of ten hold it. */
START_TEST(planted_shares_come_back)
{
    enum { GROUPS = 400 };
    const double strength[] = { 8, 60 };
    base_rng rng = base_rng_seeded(13 + (uint64_t)_i);
    gb_context *ctx = test_context();
    uint64_t tries[GROUPS], successes[GROUPS];
    gb_policy_estimate out[GROUPS];
    double truth[GROUPS], learnt = 0, near = 0, plain = 0;
    int n_within = 0;

    for (int g = 0; g < GROUPS; g++) {
        const int shape = (int)strength[_i];
        double low = 0, high = 0;

        /* Beta(k / 4, 3 k / 4) of whole k / 4, as gammas of whole shape */
        for (int j = 0; j < shape; j++)
            *(j < shape / 4 ? &low : &high) -= log(1 - base_rng_unit(&rng));
        truth[g] = low / (low + high);
        tries[g] = base_rng_below(&rng, 60);
        successes[g] = 0;
        for (uint64_t j = 0; j < tries[g]; j++)
            successes[g] += base_rng_chance(&rng, truth[g]);
    }
    assert_ok(ctx, gb_policy_rates(ctx, tries, successes, GROUPS, NULL, out,
                                   &learnt));
    ck_assert_double_gt(learnt, strength[_i] / 2);
    ck_assert_double_lt(learnt, strength[_i] * 2);
    for (int g = 0; g < GROUPS; g++) {
        const double share
            = tries[g] ? (double)successes[g] / (double)tries[g] : .25;

        near += (out[g].value - truth[g]) * (out[g].value - truth[g]);
        plain += (share - truth[g]) * (share - truth[g]);
        n_within += out[g].low <= truth[g] && truth[g] <= out[g].high;
    }
    ck_assert_double_lt(near, plain * .8);
    ck_assert_int_ge(n_within, 360 - 24); /* four standard deviations */
    ck_assert_int_le(n_within, 360 + 24);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy");
    TCase *tcase = tcase_create("policy");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, estimates_are_the_formulas_written_plainly, 0,
                        4);
    tcase_add_test(tcase, a_planted_truth_is_found_and_held_by_its_interval);
    tcase_add_test(tcase, wrong_propensities_are_noticed);
    tcase_add_loop_test(tcase, planted_shares_come_back, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
