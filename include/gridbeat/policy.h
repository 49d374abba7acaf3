/*
 * gridbeat/policy.h - what came of the visits, and which way of treating
 * customers would have brought more.
 *
 * Three things that a bank needs to learn from its own outcomes:
 *
 *   - a share of the customers is held out at random, so that what visits
 *     bring is measured against those who had none;
 *   - success by segment and strategy, where groups of a few customers lean
 *     on all of them, with an interval that says how little is known;
 *   - strategies compared offline, from a log that kept with what probability
 *     each customer was treated as he was: nobody need be visited for it.
 */
#ifndef GRIDBEAT_POLICY_H
#define GRIDBEAT_POLICY_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Is a customer held out?  Decided by a hash of seed and reference alone: the
 * same on each night and each machine, whoever else is in the file.  Whom a
 * share holds out, each larger share holds out as well.
 *
 * @param share  0: nobody, 1: everybody.
 * @return 1 or 0; 0 for no reference.
 *
 * Threads: any thread.  Since: 0.1.
 */
GB_API int gb_policy_held_out(uint64_t seed, const char *ref, double share);

/** A figure and how well it is known. */
typedef struct gb_policy_estimate {
    double value;
    double se;        /* standard error; NaN where it cannot be told */
    double low, high; /* of the interval at the level asked for */
} gb_policy_estimate;

typedef struct gb_policy_rates_options {
    size_t size;
    double strength; /* how many customers of its own a group must have to
                        weigh as much as all of them; 0: learnt */
    double level;    /* of the intervals; 0 = .9 */
} gb_policy_rates_options;
#define GB_POLICY_RATES_OPTIONS_INIT { sizeof(gb_policy_rates_options), 0, 0 }

/**
 * Shares of success by group, each drawn towards that of all by as much as
 * its own customers are few: (successes + k p) / (tries + k), where p is the
 * share of all, with half a success and half a failure added, and k the
 * strength.
 *
 * The interval holds the `level` in the middle of the posterior Beta
 * distribution.  A learnt strength is that of the likeliest Beta-Binomial, from
 * 1/4 to the number of all tries; groups that differ by no more than chance
 * get the greatest, and so are as well known as all together.
 *
 * @param tries      of each of n_groups.
 * @param successes  of them, at most tries.
 * @param out        n_groups; one without tries gets p, and what is known of
 *                   a group in general.
 * @param strength   the strength used; or NULL.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: O(groups) a step of the search.
 * Method: Beta-Binomial empirical Bayes, B. Efron, Large-Scale Inference
 * (2010), chapter 1.  Since: 0.1.
 */
GB_API gb_status gb_policy_rates(gb_context *ctx, const uint64_t *tries,
                                 const uint64_t *successes, size_t n_groups,
                                 const gb_policy_rates_options *options,
                                 gb_policy_estimate *out, double *strength);

/** What was done and what came of it.  Borrowed for the call. */
typedef struct gb_policy_log {
    size_t size;
    size_t n;
    uint32_t n_actions;         /* 1 to 10,000 */
    const uint32_t *actions;    /* the one that was taken, below n_actions */
    const double *propensities; /* with what probability it was: 1e-9 to 1 */
    const double *rewards;      /* 0 or 1, or fen; within +-1e15 */
    const double *expected;     /* n x n_actions: what each action would bring
                                   by a model, within +-1e15; NULL: no model,
                                   and the doubly robust figure is the plain
                                   one */
    const uint32_t *units;      /* below n: rows of one customer have one
                                   number, and count as one for the standard
                                   errors; NULL: each row by itself */
} gb_policy_log;

/**
 * A strategy: with what probability it takes each action in each row.  Either
 * is set.  Borrowed for the call.
 */
typedef struct gb_policy {
    size_t size;
    const uint32_t *choices;     /* n: always this one; below n_actions */
    const double *probabilities; /* n x n_actions, each row 1 in sum */
} gb_policy;

typedef struct gb_policy_options {
    size_t size;
    double clip;  /* weights above are cut to this, at the price of a bias
                     downwards that is told; 0: none */
    double level; /* of the intervals; 0 = .95 */
} gb_policy_options;
#define GB_POLICY_OPTIONS_INIT { sizeof(gb_policy_options), 0, 0 }

/** What makes an estimate doubtful; bits of gb_policy_figures.warnings. */
typedef enum gb_policy_warning {
    GB_POLICY_FEW = 1,       /* the rows weigh as fewer than 100 do */
    GB_POLICY_ONE_ROW = 2,   /* one row has more than a twentieth of all
                                weight */
    GB_POLICY_MEAN = 4,      /* the mean weight is further from 1 than four
                                standard errors and a fiftieth: propensities
                                are not those that were drawn by, or actions
                                that the strategy takes never were */
    GB_POLICY_UNSEEN = 8,    /* it takes actions that the log has nowhere */
    GB_POLICY_CLIPPED = 16   /* clipping took more than a twentieth of all
                                weight */
} gb_policy_warning;

typedef struct gb_policy_figures {
    size_t size;
    size_t n_rows, n_units;
    size_t n_matched;     /* rows whose action the strategy could take */
    size_t n_clipped;
    double n_effective;   /* (sum of weights)^2 / sum of squares (Kish) */
    double mean_weight;   /* 1 but for chance, where all is as told */
    double largest_share; /* of all weight, that of one row */
    double clipped_share; /* of all weight, what clipping took */
    double unseen_share;  /* of the strategy, on actions seen nowhere */
    uint32_t warnings;    /* bits of gb_policy_warning */
    uint32_t reserved;
    gb_policy_estimate logged;     /* the mean of what came */
    gb_policy_estimate direct;     /* of the model alone; NaN without one */
    gb_policy_estimate inverse;    /* inverse propensity */
    gb_policy_estimate normalised; /* self-normalised */
    gb_policy_estimate robust;     /* doubly robust */
    gb_policy_estimate gain;       /* robust less logged, row by row, so that
                                      what both have in common cancels */
} gb_policy_figures;

/**
 * Find what a strategy would have brought, a row, from a log of another.
 *
 * With w = (probability under the strategy) / propensity, clipped, and q the
 * model:
 *
 *   inverse     mean of w r
 *   normalised  sum of w r / sum of w
 *   robust      mean of q(strategy) + w (r - q(action taken))
 *   direct      mean of q(strategy)
 *
 * Inverse and robust are right on average whatever the model is, as long as
 * the propensities are those that the actions were drawn by and each action
 * of the strategy had a chance.  Robust varies less the better the model.
 * Standard errors are those of a sum over independent units, by the
 * influence of each; that of `direct` does not know the model's own error.
 * Intervals are normal.
 *
 * @return GB_OK; GB_ERR_ARGUMENT, naming the row; GB_ERR_CANCELLED;
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: O(rows x actions).
 * Method: D. G. Horvitz, D. J. Thompson, JASA 47 (1952),
 * doi:10.1080/01621459.1952.10483446; M. Dudik, J. Langford, L. Li, Doubly
 * robust policy evaluation and learning, ICML (2011), and with D. Erhan,
 * Statistical Science 29 (2014), doi:10.1214/14-STS500; A. Swaminathan,
 * T. Joachims, The self-normalized estimator for counterfactual learning,
 * NIPS (2015).  Since: 0.1.
 */
GB_API gb_status gb_policy_evaluate(gb_context *ctx, const gb_policy_log *log,
                                    const gb_policy *policy,
                                    const gb_policy_options *options,
                                    gb_policy_figures *figures);

/**
 * Find how much more one strategy brings than another, by the doubly robust
 * figure of each row: two that mostly agree are told apart from fewer rows
 * than their figures alone would need.
 *
 * Errors, threads, cost as gb_policy_evaluate().  Since: 0.1.
 */
GB_API gb_status gb_policy_compare(gb_context *ctx, const gb_policy_log *log,
                                   const gb_policy *policy,
                                   const gb_policy *other,
                                   const gb_policy_options *options,
                                   gb_policy_estimate *difference);

typedef struct gb_policy_model_options {
    size_t size;
    uint32_t n_folds; /* 0 = 5; 1 to 1000.  1: rows are foretold from
                         themselves too, which flatters */
    uint32_t reserved;
    double strength;  /* rows of an action that a stratum must have to weigh
                         as much as the action at large; 0 = 20 */
    uint64_t seed;
} gb_policy_model_options;
#define GB_POLICY_MODEL_OPTIONS_INIT                                          \
    { sizeof(gb_policy_model_options), 0, 0, 0, 0 }

/**
 * Foretell what each action would bring in each row: the mean of its rewards
 * in the row's stratum, drawn towards its mean at large, and that towards the
 * mean of all.  Units go to folds by chance, and a row is foretold from the
 * folds that its unit is not in, so that it does not know its own outcome.
 *
 * @param strata    n numbers below n_strata; NULL: one stratum.
 * @param expected  n x n_actions, as gb_policy_log.expected takes it.
 * @return As gb_policy_evaluate().
 *
 * Threads: one thread a context.  Repeatable by the seed.
 * Cost: O(rows x actions + folds x strata x actions).
 * Method: cross-fitting, V. Chernozhukov et al., The Econometrics Journal 21
 * (2018), doi:10.1111/ectj.12097.  Since: 0.1.
 */
GB_API gb_status gb_policy_model(gb_context *ctx, const gb_policy_log *log,
                                 const uint32_t *strata, uint32_t n_strata,
                                 const gb_policy_model_options *options,
                                 double *expected);

typedef struct gb_policy_shift_options {
    size_t size;
    double prior_sd; /* of the shift, before any outcome is known; 0 = 1 */
} gb_policy_shift_options;
#define GB_POLICY_SHIFT_OPTIONS_INIT { sizeof(gb_policy_shift_options), 0 }

/**
 * Find the shift of the log odds that makes foretold chances fit what came of
 * them: the mode of its posterior, with a normal prior around 0, so that few
 * outcomes move it little and one that never varies is no trouble.
 *
 * @param chances   n, within 0 to 1; those within 1e-9 of either end count as
 *                  that.
 * @param outcomes  0 or 1.
 * @param out       the shift, its standard error and interval of 95 %.
 * @return GB_OK; GB_ERR_ARGUMENT, naming the row; GB_ERR_CANCELLED.
 *
 * Threads: one thread a context.  Cost: O(n) a Newton step, some ten of them.
 * Since: 0.1.
 */
GB_API gb_status gb_policy_shift(gb_context *ctx, const double *chances,
                                 const uint8_t *outcomes, size_t n,
                                 const gb_policy_shift_options *options,
                                 gb_policy_estimate *out);

/** A chance with its log odds shifted.  Any thread. */
GB_API double gb_policy_shifted(double chance, double shift);

#ifdef __cplusplus
}
#endif
#endif
