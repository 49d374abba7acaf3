/*
 * policy_api.c - implements gridbeat/policy.h.
 */
#include <gridbeat/policy.h>

#include <math.h>
#include <string.h>

#include "base_options.h"
#include "base_text.h"
#include "score_policy.h"

static const double RATES_LEVEL = .9, LEVEL = .95, STRENGTH = 20;
static const double LEAST_PROPENSITY = 1e-9, MOST_WORTH = 1e15;
enum { N_FOLDS = 5, MOST_FOLDS = 1000, MOST_ACTIONS = 10000 };

/* ---- who is held out ---- */

/* FNV-1a over the bytes, then splitmix64's mixing: FNV alone leaves the upper
 * bits of short references that differ in the last digit much alike. */
static uint64_t hash_of(uint64_t seed, const char *ref)
{
    uint64_t hash = 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);

    for (; *ref; ref++)
        hash = (hash ^ (unsigned char)*ref) * 0x100000001b3u;
    hash += 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

int gb_policy_held_out(uint64_t seed, const char *ref, double share)
{
    return ref && (double)(hash_of(seed, ref) >> 11) * 0x1p-53 < share;
}

/* ---- shares of success ---- */

static gb_status check_level(gb_context *ctx, double level)
{
    return level > 0 && level < 1
               ? GB_OK
               : base_fail(ctx, GB_ERR_ARGUMENT,
                           "the level of the intervals is not between 0 and "
                           "1");
}

static gb_status check_rates(gb_context *ctx, const uint64_t *tries,
                             const uint64_t *successes, size_t n,
                             const gb_policy_rates_options *own)
{
    if (!(own->strength >= 0 && own->strength <= 1e12))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the strength is not within 0 to 1e12");
    for (size_t g = 0; g < n; g++)
        if (successes[g] > tries[g] || tries[g] > UINT32_MAX)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "group %zu: %llu of %llu succeeded", g,
                             (unsigned long long)successes[g],
                             (unsigned long long)tries[g]);
    return check_level(ctx, own->level);
}

gb_status gb_policy_rates(gb_context *ctx, const uint64_t *tries,
                          const uint64_t *successes, size_t n_groups,
                          const gb_policy_rates_options *options,
                          gb_policy_estimate *out, double *strength)
{
    gb_policy_rates_options own;
    base_run run;
    gb_status status;

    if (!ctx || (n_groups > 0 && (!tries || !successes || !out)))
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = base_options_take(ctx, &own, sizeof own, options, sizeof own);
    if (!status && own.level == 0)
        own.level = RATES_LEVEL;
    if (!status)
        status = check_rates(ctx, tries, successes, n_groups, &own);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    if (!status)
        status = score_rates(&run, tries, successes, n_groups, &own, out,
                             strength);
    return base_run_end(&run, status);
}

/* ---- logs and strategies ---- */

static bool is_worth(double value)
{
    return value >= -MOST_WORTH && value <= MOST_WORTH;
}

static gb_status check_row(gb_context *ctx, const gb_policy_log *log, size_t i)
{
    if (log->actions[i] >= log->n_actions)
        return base_fail(ctx, GB_ERR_ARGUMENT, "row %zu: action %u of %u", i,
                         log->actions[i], log->n_actions);
    if (!(log->propensities[i] >= LEAST_PROPENSITY
          && log->propensities[i] <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "row %zu: the propensity is not within 1e-9 to 1", i);
    if (!is_worth(log->rewards[i]))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "row %zu: the reward is not within 1e15 of 0", i);
    if (log->units && log->units[i] >= log->n)
        return base_fail(ctx, GB_ERR_ARGUMENT, "row %zu: unit %u of %zu", i,
                         log->units[i], log->n);
    for (uint32_t a = 0; log->expected && a < log->n_actions; a++)
        if (!is_worth(log->expected[i * log->n_actions + a]))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "row %zu: what is expected of action %u is not "
                             "within 1e15 of 0", i, a);
    return GB_OK;
}

static gb_status check_log(gb_context *ctx, const gb_policy_log *log)
{
    gb_status status = GB_OK;

    if (!log || log->size < sizeof *log || log->n == 0
        || log->n >= UINT32_MAX || log->n_actions == 0
        || log->n_actions > MOST_ACTIONS || !log->actions
        || !log->propensities || !log->rewards)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no rows, no actions, or a log of unknown size");
    for (size_t i = 0; i < log->n && !status; i++)
        status = check_row(ctx, log, i);
    return status;
}

static gb_status check_probabilities(gb_context *ctx,
                                     const gb_policy_log *log,
                                     const double *row, size_t i)
{
    double sum = 0;

    for (uint32_t a = 0; a < log->n_actions; a++) {
        if (!(row[a] >= 0 && row[a] <= 1))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "row %zu: the strategy's probability of action "
                             "%u is not within 0 to 1", i, a);
        sum += row[a];
    }
    if (!(fabs(sum - 1) <= 1e-6))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "row %zu: the strategy's probabilities are not 1 in "
                         "sum", i);
    return GB_OK;
}

static gb_status check_policy(gb_context *ctx, const gb_policy_log *log,
                              const gb_policy *policy)
{
    gb_status status = GB_OK;

    if (!policy || policy->size < sizeof *policy
        || !policy->choices == !policy->probabilities)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a strategy has either choices or probabilities");
    for (size_t i = 0; i < log->n && !status; i++)
        if (!policy->choices)
            status = check_probabilities(
                ctx, log, policy->probabilities + i * log->n_actions, i);
        else if (policy->choices[i] >= log->n_actions)
            status = base_fail(ctx, GB_ERR_ARGUMENT,
                               "row %zu: the strategy takes action %u of %u",
                               i, policy->choices[i], log->n_actions);
    return status;
}

static gb_status take_options(gb_context *ctx,
                              const gb_policy_options *options,
                              gb_policy_options *own)
{
    const gb_status status = base_options_take(ctx, own, sizeof *own, options,
                                               sizeof *own);

    if (status)
        return status;
    if (own->level == 0)
        own->level = LEVEL;
    if (!(own->clip >= 0))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the largest weight is below 0");
    return check_level(ctx, own->level);
}

gb_status gb_policy_evaluate(gb_context *ctx, const gb_policy_log *log,
                             const gb_policy *policy,
                             const gb_policy_options *options,
                             gb_policy_figures *figures)
{
    gb_policy_figures made;
    gb_policy_options own;
    base_run run;
    gb_status status;

    if (!ctx || !figures)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    memset(&made, 0, sizeof made);
    status = take_options(ctx, options, &own);
    if (!status)
        status = check_log(ctx, log);
    if (!status)
        status = check_policy(ctx, log, policy);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("comparing strategies"), 0, 1, 0);
    if (!status)
        status = score_policy_evaluate(&run, log, policy, &own, &made);
    if (!status && !base_options_give(figures, &made, sizeof made))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "the figures are of unknown size");
    return base_run_end(&run, status);
}

gb_status gb_policy_compare(gb_context *ctx, const gb_policy_log *log,
                            const gb_policy *policy, const gb_policy *other,
                            const gb_policy_options *options,
                            gb_policy_estimate *difference)
{
    gb_policy_options own;
    base_run run;
    gb_status status;

    if (!ctx || !difference)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take_options(ctx, options, &own);
    if (!status)
        status = check_log(ctx, log);
    if (!status)
        status = check_policy(ctx, log, policy);
    if (!status)
        status = check_policy(ctx, log, other);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("comparing strategies"), 0, 1, 0);
    if (!status)
        status = score_policy_compare(&run, log, policy, other, &own,
                                      difference);
    return base_run_end(&run, status);
}

/* ---- the model ---- */

static gb_status take_model_options(gb_context *ctx,
                                    const gb_policy_model_options *options,
                                    gb_policy_model_options *own)
{
    const gb_status status = base_options_take(ctx, own, sizeof *own, options,
                                               sizeof *own);

    if (status)
        return status;
    if (own->n_folds == 0)
        own->n_folds = N_FOLDS;
    if (own->strength == 0)
        own->strength = STRENGTH;
    if (own->n_folds > MOST_FOLDS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u folds are too many: at most %d", own->n_folds,
                         (int)MOST_FOLDS);
    if (!(own->strength > 0 && own->strength <= 1e12))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the strength is not within 0 to 1e12");
    return GB_OK;
}

static gb_status check_strata(gb_context *ctx, const gb_policy_log *log,
                              const uint32_t *strata, uint32_t n_strata)
{
    for (size_t i = 0; strata && i < log->n; i++)
        if (strata[i] >= n_strata)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "row %zu: stratum %u of %u", i, strata[i],
                             n_strata);
    return GB_OK;
}

gb_status gb_policy_model(gb_context *ctx, const gb_policy_log *log,
                          const uint32_t *strata, uint32_t n_strata,
                          const gb_policy_model_options *options,
                          double *expected)
{
    gb_policy_model_options own;
    base_run run;
    gb_status status;

    if (!ctx || !expected)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take_model_options(ctx, options, &own);
    if (!status)
        status = check_log(ctx, log);
    if (!status)
        status = check_strata(ctx, log, strata, n_strata);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("foretelling what actions bring"), 0, 1, 0);
    if (!status)
        status = score_policy_model(&run, log, strata, n_strata, &own,
                                    expected);
    return base_run_end(&run, status);
}

/* ---- calibration ---- */

gb_status gb_policy_shift(gb_context *ctx, const double *chances,
                          const uint8_t *outcomes, size_t n,
                          const gb_policy_shift_options *options,
                          gb_policy_estimate *out)
{
    gb_policy_shift_options own;
    base_run run;
    gb_status status;

    if (!ctx || !out || (n > 0 && (!chances || !outcomes)))
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = base_options_take(ctx, &own, sizeof own, options, sizeof own);
    if (!status && own.prior_sd == 0)
        own.prior_sd = 1;
    if (!status && !(own.prior_sd >= 1e-6 && own.prior_sd <= 1e6))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "the deviation of the shift is not within 1e-6 to "
                           "1e6");
    for (size_t i = 0; i < n && !status; i++)
        if (!(chances[i] >= 0 && chances[i] <= 1) || outcomes[i] > 1)
            status = base_fail(ctx, GB_ERR_ARGUMENT,
                               "row %zu: a chance is within 0 to 1, an "
                               "outcome 0 or 1", i);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    if (!status)
        status = base_poll(&run);
    if (!status)
        status = score_shift(&run, chances, outcomes, n, own.prior_sd, out);
    return base_run_end(&run, status);
}

double gb_policy_shifted(double chance, double shift)
{
    return score_shifted(chance, shift);
}
