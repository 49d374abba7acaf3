/*
 * score_policy.h - strategies compared from a log of another one; see
 * gridbeat/policy.h for the formulas.
 *
 * Each estimate is the mean of one number a row, its influence, so that one
 * piece of code has all standard errors: rows of a unit are added up first,
 * since what one customer does twice is not two customers' doing.
 */
#ifndef SCORE_POLICY_H
#define SCORE_POLICY_H

#include <gridbeat/policy.h>

#include "base_run.h"

/* Arguments are checked, options have their defaults filled in. */
gb_status score_policy_evaluate(base_run *run, const gb_policy_log *log,
                                const gb_policy *policy,
                                const gb_policy_options *options,
                                gb_policy_figures *out);
gb_status score_policy_compare(base_run *run, const gb_policy_log *log,
                               const gb_policy *policy, const gb_policy *other,
                               const gb_policy_options *options,
                               gb_policy_estimate *out);
gb_status score_policy_model(base_run *run, const gb_policy_log *log,
                             const uint32_t *strata, uint32_t n_strata,
                             const gb_policy_model_options *options,
                             double *expected);

/* score_shift.c */
gb_status score_shift(base_run *run, const double *chances,
                      const uint8_t *outcomes, size_t n, double prior_sd,
                      gb_policy_estimate *out);
double score_shifted(double chance, double shift);

/* score_rates.c */
gb_status score_rates(base_run *run, const uint64_t *tries,
                      const uint64_t *successes, size_t n_groups,
                      const gb_policy_rates_options *options,
                      gb_policy_estimate *out, double *strength);
/* The share of a Beta(a, b) distribution below x; and the x for a share. */
double score_beta_below(double a, double b, double x);
double score_beta_quantile(double a, double b, double share);
/* How many standard errors a level of a normal interval is wide, one way. */
double score_normal_width(double level);

#endif
