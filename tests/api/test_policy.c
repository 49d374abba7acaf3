#include <gridbeat/gridbeat.h>

#include "test.h"

/* Four rows drawn with even chance; action 1 pays. */
static const uint32_t actions[] = { 0, 1, 1, 0 };
static const double propensities[] = { .5, .5, .5, .5 };
static const double rewards[] = { 0, 1, 1, 1 };
static const uint32_t always_one[] = { 1, 1, 1, 1 };

static gb_policy_log four(void)
{
    return (gb_policy_log){ sizeof(gb_policy_log), 4, 2, actions, propensities,
                            rewards, NULL, NULL };
}

START_TEST(figures_are_those_of_the_formulas)
{
    gb_context *ctx = test_context();
    const double expected[] = { .25, .75, .25, .75, .25, .75, .25, .75 };
    const gb_policy policy = { sizeof policy, always_one, NULL };
    gb_policy_figures f = { .size = sizeof f };
    gb_policy_log log = four();

    assert_ok(ctx, gb_policy_evaluate(ctx, &log, &policy, NULL, &f));
    ck_assert_uint_eq(f.n_rows, 4);
    ck_assert_uint_eq(f.n_units, 4);
    ck_assert_uint_eq(f.n_matched, 2);
    assert_near(f.n_effective, 2, 1e-12);
    assert_near(f.mean_weight, 1, 1e-12);
    assert_near(f.largest_share, .5, 1e-12);
    assert_near(f.logged.value, .75, 1e-12);
    assert_near(f.inverse.value, 1, 1e-12);
    assert_near(f.inverse.se, sqrt(4. / 3) / 2, 1e-12);
    assert_near(f.inverse.high - f.inverse.value,
                1.959963984540054 * f.inverse.se, 1e-12);
    assert_near(f.normalised.value, 1, 1e-12);
    assert_near(f.normalised.se, 0, 1e-12); /* all that it saw paid */
    ck_assert(isnan(f.direct.value));
    assert_near(f.robust.value, f.inverse.value, 0); /* there is no model */
    assert_near(f.gain.value, .25, 1e-12);
    ck_assert_uint_eq(f.warnings, GB_POLICY_FEW | GB_POLICY_ONE_ROW);
    log.expected = expected;
    assert_ok(ctx, gb_policy_evaluate(ctx, &log, &policy, NULL, &f));
    assert_near(f.direct.value, .75, 1e-12);
    assert_near(f.robust.value, (.75 * 4 + 2 * .25 * 2) / 4, 1e-12);
    gb_context_free(ctx);
}
END_TEST

START_TEST(rows_of_one_customer_count_once)
{
    gb_context *ctx = test_context();
    const uint32_t twice[] = { 3, 1, 1, 3 };
    const gb_policy policy = { sizeof policy, always_one, NULL };
    gb_policy_figures f = { .size = sizeof f };
    gb_policy_log log = four();

    log.units = twice; /* (0, 2) and (2, 0) become 0 - 2 and 4 - 2 */
    assert_ok(ctx, gb_policy_evaluate(ctx, &log, &policy, NULL, &f));
    ck_assert_uint_eq(f.n_units, 2);
    assert_near(f.inverse.value, 1, 1e-12);
    assert_near(f.inverse.se, sqrt(8. * 2) / 4, 1e-12);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_makes_a_figure_doubtful_is_told)
{
    gb_context *ctx = test_context();
    const uint32_t unseen[] = { 2, 2, 1, 1 };
    const double wrong[] = { .1, .1, .1, .1 };
    const gb_policy odd = { sizeof odd, unseen, NULL };
    const gb_policy one = { sizeof one, always_one, NULL };
    gb_policy_options options = GB_POLICY_OPTIONS_INIT;
    gb_policy_figures f = { .size = sizeof f };
    gb_policy_log log = four();

    log.n_actions = 3;
    assert_ok(ctx, gb_policy_evaluate(ctx, &log, &odd, NULL, &f));
    assert_near(f.unseen_share, .5, 1e-12);
    ck_assert(f.warnings & GB_POLICY_UNSEEN);
    log.propensities = wrong;
    options.clip = 4;
    assert_ok(ctx, gb_policy_evaluate(ctx, &log, &one, &options, &f));
    ck_assert_uint_eq(f.n_clipped, 2);
    assert_near(f.mean_weight, 5, 1e-12);
    assert_near(f.clipped_share, .6, 1e-12);
    assert_near(f.inverse.value, 2, 1e-12);
    ck_assert(f.warnings & GB_POLICY_CLIPPED);
    gb_context_free(ctx);
}
END_TEST

START_TEST(two_strategies_are_compared_row_by_row)
{
    gb_context *ctx = test_context();
    const double mixed[] = { 0, 1, 0, 1, 0, 1, .5, .5 };
    const gb_policy one = { sizeof one, always_one, NULL };
    const gb_policy other = { sizeof other, NULL, mixed };
    const gb_policy_log log = four();
    gb_policy_estimate e;

    assert_ok(ctx, gb_policy_compare(ctx, &log, &one, &other, NULL, &e));
    assert_near(e.value, -.25, 1e-12); /* the last row: 0 against 1 */
    assert_near(e.se, .25, 1e-12);
    assert_ok(ctx, gb_policy_compare(ctx, &log, &one, &one, NULL, &e));
    assert_near(e.value, 0, 0);
    assert_near(e.se, 0, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_model_leans_on_all_and_does_not_know_its_own_row)
{
    gb_context *ctx = test_context();
    const uint32_t strata[] = { 0, 0, 1, 1 };
    gb_policy_model_options options = GB_POLICY_MODEL_OPTIONS_INIT;
    const gb_policy_log log = four();
    double expected[8];

    options.n_folds = 1;
    options.strength = 2;
    assert_ok(ctx, gb_policy_model(ctx, &log, strata, 2, &options, expected));
    /* action 0 at large: (1 + 2 x .75) / 4; in stratum 0: (0 + 2 p) / 3 */
    assert_near(expected[0], 2 * .625 / 3, 1e-12);
    /* action 1 at large: (2 + 2 x .75) / 4; in stratum 1: (1 + 2 p) / 3 */
    assert_near(expected[5], (1 + 2 * .875) / 3, 1e-12);
    options.n_folds = 1000; /* so that no two rows share a fold: leave one */
    assert_ok(ctx, gb_policy_model(ctx, &log, NULL, 0, &options, expected));
    /* row 3 sees (0, 1, 1): action 0 at large (0 + 2 x 2/3) / 3, then again */
    assert_near(expected[6], (0 + 2 * (4. / 9)) / 3, 1e-12);
    gb_context_free(ctx);
}
END_TEST

START_TEST(groups_of_few_lean_on_all)
{
    gb_context *ctx = test_context();
    const uint64_t tries[] = { 100, 2, 0 }, successes[] = { 30, 2, 0 };
    gb_policy_rates_options options = GB_POLICY_RATES_OPTIONS_INIT;
    gb_policy_estimate rates[3];
    const double share = 32.5 / 103;
    double strength = 0;

    options.strength = 10;
    assert_ok(ctx, gb_policy_rates(ctx, tries, successes, 3, &options, rates,
                                   &strength));
    assert_near(strength, 10, 0);
    assert_near(rates[0].value, (30 + 10 * share) / 110, 1e-12);
    assert_near(rates[1].value, (2 + 10 * share) / 12, 1e-12);
    assert_near(rates[2].value, share, 1e-12);
    for (int g = 0; g < 3; g++)
        ck_assert(rates[g].low < rates[g].value
                  && rates[g].value < rates[g].high);
    ck_assert(rates[0].high - rates[0].low < rates[1].high - rates[1].low);
    assert_ok(ctx, gb_policy_rates(ctx, NULL, NULL, 0, NULL, NULL, NULL));
    gb_context_free(ctx);
}
END_TEST

START_TEST(whom_a_share_holds_out_a_larger_one_does_too)
{
    int n = 0, n_both = 0, n_other_seed = 0;
    char ref[20];

    for (int i = 0; i < 20000; i++) {
        int is_out;

        snprintf(ref, sizeof ref, "c%06d", i);
        is_out = gb_policy_held_out(7, ref, .05);
        n += is_out;
        n_both += is_out && gb_policy_held_out(8, ref, .05);
        n_other_seed += gb_policy_held_out(8, ref, .05);
        ck_assert(!is_out || gb_policy_held_out(7, ref, .06));
        ck_assert_int_eq(gb_policy_held_out(7, ref, 0), 0);
        ck_assert_int_eq(gb_policy_held_out(7, ref, 1), 1);
    }
    /* 1,000 expected, standard deviation 31; of both 50, 7 */
    ck_assert_int_gt(n, 876);
    ck_assert_int_lt(n, 1124);
    ck_assert_int_gt(n_other_seed, 876);
    ck_assert_int_lt(n_other_seed, 1124);
    ck_assert_int_gt(n_both, 20);
    ck_assert_int_lt(n_both, 80);
    ck_assert_int_eq(gb_policy_held_out(7, NULL, 1), 0);
}
END_TEST

static void refuse(gb_context *ctx, const gb_policy_log *log,
                   const gb_policy *policy, const gb_policy_options *options,
                   const char *word)
{
    gb_policy_figures f = { .size = sizeof f };

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_evaluate(ctx, log, policy, options, &f));
    ck_assert_msg(strstr(gb_last_error(ctx), word) != NULL, "%s",
                  gb_last_error(ctx));
}

START_TEST(a_log_that_cannot_be_is_refused_with_its_row)
{
    gb_context *ctx = test_context();
    const gb_policy one = { sizeof one, always_one, NULL };
    const double zero[] = { .5, .5, 0, .5 }, odd[] = { 0, NAN, 0, 0 };
    const double huge[] = { 0, 0, 0, 1e300 };
    const uint32_t far[] = { 0, 0, 0, 4 };
    const double model[] = { 0, 0, 0, 0, 0, INFINITY, 0, 0 };
    gb_policy_log log = four();

    refuse(ctx, NULL, &one, NULL, "no rows");
    log.n = 0;
    refuse(ctx, &log, &one, NULL, "no rows");
    log = four();
    log.n_actions = 1;
    refuse(ctx, &log, &one, NULL, "row 1");
    log = four();
    log.propensities = zero;
    refuse(ctx, &log, &one, NULL, "row 2");
    log = four();
    log.rewards = odd;
    refuse(ctx, &log, &one, NULL, "row 1");
    log.rewards = huge;
    refuse(ctx, &log, &one, NULL, "row 3");
    log = four();
    log.units = far;
    refuse(ctx, &log, &one, NULL, "unit 4");
    log = four();
    log.expected = model;
    refuse(ctx, &log, &one, NULL, "row 2");
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_strategy_that_cannot_be_is_refused)
{
    gb_context *ctx = test_context();
    const double short_of_one[] = { .5, .5, 1, 0, .5, .4, 1, 0 };
    const double below[] = { .5, .5, 1.5, -.5, 1, 0, 1, 0 };
    const uint32_t far[] = { 0, 0, 2, 0 };
    gb_policy policy = { sizeof policy, always_one, short_of_one };
    gb_policy_options options = GB_POLICY_OPTIONS_INIT;
    gb_policy_log log = four();
    gb_policy_estimate e;

    refuse(ctx, &log, &policy, NULL, "either");
    policy.choices = NULL;
    refuse(ctx, &log, &policy, NULL, "row 2");
    policy.probabilities = below;
    refuse(ctx, &log, &policy, NULL, "row 1");
    policy.probabilities = NULL;
    refuse(ctx, &log, &policy, NULL, "either");
    policy.choices = far;
    refuse(ctx, &log, &policy, NULL, "row 2");
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_compare(ctx, &log, &policy, &policy, NULL, &e));
    policy.choices = always_one;
    options.clip = -1;
    refuse(ctx, &log, &policy, &options, "weight");
    options.clip = 0;
    options.level = 1;
    refuse(ctx, &log, &policy, &options, "level");
    gb_context_free(ctx);
}
END_TEST

START_TEST(other_arguments_are_refused_too)
{
    gb_context *ctx = test_context();
    const uint64_t tries[] = { 1 }, successes[] = { 2 };
    const uint32_t strata[] = { 0, 1, 2, 0 };
    gb_policy_rates_options rates = GB_POLICY_RATES_OPTIONS_INIT;
    gb_policy_model_options model = GB_POLICY_MODEL_OPTIONS_INIT;
    gb_policy_figures small = { .size = 8 };
    const gb_policy one = { sizeof one, always_one, NULL };
    const gb_policy_log log = four();
    gb_policy_estimate out;
    double expected[8];

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_rates(ctx, tries, successes, 1, NULL, &out, NULL));
    rates.strength = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_rates(ctx, tries, tries, 1, &rates, &out, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_model(ctx, &log, strata, 2, NULL, expected));
    model.n_folds = 1001;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_model(ctx, &log, NULL, 0, &model, expected));
    model.n_folds = 2;
    model.strength = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_model(ctx, &log, NULL, 0, &model, expected));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_evaluate(ctx, &log, &one, NULL, &small));
    ck_assert_int_eq(gb_policy_evaluate(NULL, &log, &one, NULL, &small),
                     GB_ERR_ARGUMENT);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_shift_brings_chances_to_what_came)
{
    gb_context *ctx = test_context();
    gb_policy_shift_options options = GB_POLICY_SHIFT_OPTIONS_INIT;
    gb_policy_estimate shift;
    double chances[1000];
    uint8_t outcomes[1000];

    for (int i = 0; i < 1000; i++) {
        chances[i] = .5;
        outcomes[i] = i % 5 == 0;
    }
    options.prior_sd = 1e6;
    assert_ok(ctx, gb_policy_shift(ctx, chances, outcomes, 1000, &options,
                                   &shift));
    assert_near(shift.value, log(.2 / .8), 1e-9);
    assert_near(shift.se, 1 / sqrt(1000 * .2 * .8), 1e-9);
    assert_near(gb_policy_shifted(.5, shift.value), .2, 1e-9);
    assert_near(gb_policy_shifted(.3, 0), .3, 1e-12);
    ck_assert_double_lt(gb_policy_shifted(1, -50), 1);
    ck_assert_double_gt(gb_policy_shifted(0, 50), .5);
    /* nothing known: no shift; one outcome: not far, however odd it is */
    assert_ok(ctx, gb_policy_shift(ctx, NULL, NULL, 0, NULL, &shift));
    assert_near(shift.value, 0, 0);
    assert_near(shift.se, 1, 1e-12);
    assert_ok(ctx, gb_policy_shift(ctx, chances, outcomes, 1, NULL, &shift));
    ck_assert_double_gt(shift.value, .3);
    ck_assert_double_lt(shift.value, .5);
    chances[3] = 1.5;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_shift(ctx, chances, outcomes, 4, NULL, &shift));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "row 3"));
    options.prior_sd = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_policy_shift(ctx, NULL, NULL, 0, &options, &shift));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy");
    TCase *tcase = tcase_create("policy");

    tcase_add_test(tcase, figures_are_those_of_the_formulas);
    tcase_add_test(tcase, rows_of_one_customer_count_once);
    tcase_add_test(tcase, what_makes_a_figure_doubtful_is_told);
    tcase_add_test(tcase, two_strategies_are_compared_row_by_row);
    tcase_add_test(tcase, a_model_leans_on_all_and_does_not_know_its_own_row);
    tcase_add_test(tcase, groups_of_few_lean_on_all);
    tcase_add_test(tcase, whom_a_share_holds_out_a_larger_one_does_too);
    tcase_add_test(tcase, a_log_that_cannot_be_is_refused_with_its_row);
    tcase_add_test(tcase, a_strategy_that_cannot_be_is_refused);
    tcase_add_test(tcase, other_arguments_are_refused_too);
    tcase_add_test(tcase, a_shift_brings_chances_to_what_came);
    suite_add_tcase(suite, tcase);
    return suite;
}
