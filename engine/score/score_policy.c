/*
 * score_policy.c - see score_policy.h.
 */
#include "score_policy.h"

#include <math.h>
#include <string.h>

static const double FEW_ROWS = 100, LARGE_SHARE = .05, MEAN_OFF = .02;
static const double MEAN_ERRORS = 4;

typedef struct work {
    const gb_policy_log *log;
    const gb_policy_options *options;
    double z;           /* half the width of intervals, in standard errors */
    double *weights;    /* of rows: as they are, not clipped */
    double *influences; /* of rows: of the figure at hand */
    double *by_unit;
    uint8_t *is_there;  /* of units: has it a row? */
    size_t n_units;
} work;

static void clear(base_mem *mem, work *w)
{
    base_free(mem, w->weights);
    base_free(mem, w->influences);
    base_free(mem, w->by_unit);
    base_free(mem, w->is_there);
}

static gb_status prepare(base_run *run, const gb_policy_log *log,
                         const gb_policy_options *options, work *w)
{
    memset(w, 0, sizeof *w);
    w->log = log;
    w->options = options;
    w->z = score_normal_width(options->level);
    w->weights = base_alloc_array(run->mem, log->n, sizeof *w->weights);
    w->influences = base_alloc_array(run->mem, log->n, sizeof *w->influences);
    w->by_unit = base_alloc_array(run->mem, log->n, sizeof *w->by_unit);
    w->is_there = base_alloc_zeroed(run->mem, log->n, sizeof *w->is_there);
    if (!w->weights || !w->influences || !w->by_unit || !w->is_there)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < log->n; i++) {
        const size_t unit = log->units ? log->units[i] : i;

        w->n_units += !w->is_there[unit];
        w->is_there[unit] = 1;
    }
    return GB_OK;
}

static double chance_of(const gb_policy *policy, uint32_t n_actions, size_t i,
                        uint32_t action)
{
    if (policy->choices)
        return policy->choices[i] == action;
    return policy->probabilities[i * n_actions + action];
}

/* What the model foretells for the strategy in a row. */
static double foretold(const work *w, const gb_policy *policy, size_t i)
{
    const uint32_t n_actions = w->log->n_actions;
    const double *q = w->log->expected + i * n_actions;
    double sum = 0;

    if (policy->choices)
        return q[policy->choices[i]];
    for (uint32_t a = 0; a < n_actions; a++)
        sum += policy->probabilities[i * n_actions + a] * q[a];
    return sum;
}

static double clipped(const work *w, double weight)
{
    const double clip = w->options->clip;

    return clip > 0 && weight > clip ? clip : weight;
}

static double robust_of(const work *w, const gb_policy *policy, size_t i,
                        double weight)
{
    const gb_policy_log *log = w->log;

    if (!log->expected)
        return weight * log->rewards[i];
    return foretold(w, policy, i)
           + weight
                 * (log->rewards[i]
                    - log->expected[i * log->n_actions + log->actions[i]]);
}

/* The mean of the influences; its error from sums by unit. */
static gb_policy_estimate settle(work *w)
{
    const size_t n = w->log->n;
    gb_policy_estimate e = { 0, (double)NAN, (double)NAN, (double)NAN };
    double squares = 0;

    for (size_t i = 0; i < n; i++)
        e.value += w->influences[i];
    e.value /= (double)n;
    memset(w->by_unit, 0, n * sizeof *w->by_unit);
    for (size_t i = 0; i < n; i++)
        w->by_unit[w->log->units ? w->log->units[i] : i]
            += w->influences[i] - e.value;
    for (size_t u = 0; u < n; u++)
        squares += w->by_unit[u] * w->by_unit[u];
    if (w->n_units > 1) {
        const double units = (double)w->n_units;

        e.se = sqrt(squares * units / (units - 1)) / (double)n;
        e.low = e.value - w->z * e.se;
        e.high = e.value + w->z * e.se;
    }
    return e;
}

static void weigh(work *w, const gb_policy *policy, gb_policy_figures *out)
{
    const gb_policy_log *log = w->log;
    double sum = 0, raw = 0, squares = 0, largest = 0;

    for (size_t i = 0; i < log->n; i++) {
        const double weight
            = chance_of(policy, log->n_actions, i, log->actions[i])
              / log->propensities[i];
        const double used = clipped(w, weight);

        w->weights[i] = weight;
        raw += weight;
        sum += used;
        squares += used * used;
        largest = used > largest ? used : largest;
        out->n_matched += weight > 0;
        out->n_clipped += used < weight;
    }
    out->mean_weight = raw / (double)log->n;
    out->n_effective = squares > 0 ? sum * sum / squares : 0;
    out->largest_share = sum > 0 ? largest / sum : 0;
    out->clipped_share = raw > 0 ? (raw - sum) / raw : 0;
}

/* The share of the strategy that goes to actions without any row. */
static gb_status find_unseen(base_run *run, const gb_policy_log *log,
                             const gb_policy *policy, double *share)
{
    uint8_t *is_seen = base_alloc_zeroed(run->mem, log->n_actions, 1);
    double sum = 0;

    if (!is_seen)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < log->n; i++)
        is_seen[log->actions[i]] = 1;
    for (size_t i = 0; i < log->n; i++) {
        if (policy->choices)
            sum += !is_seen[policy->choices[i]];
        else
            for (uint32_t a = 0; a < log->n_actions; a++)
                sum += is_seen[a]
                           ? 0
                           : policy->probabilities[i * log->n_actions + a];
    }
    *share = sum / (double)log->n;
    base_free(run->mem, is_seen);
    return GB_OK;
}

static void warn(work *w, gb_policy_figures *out)
{
    double off;

    memcpy(w->influences, w->weights, w->log->n * sizeof *w->weights);
    off = fabs(out->mean_weight - 1);
    if (off > MEAN_OFF && !(off <= MEAN_ERRORS * settle(w).se))
        out->warnings |= GB_POLICY_MEAN;
    if (out->n_effective < FEW_ROWS)
        out->warnings |= GB_POLICY_FEW;
    if (out->largest_share > LARGE_SHARE)
        out->warnings |= GB_POLICY_ONE_ROW;
    if (out->unseen_share > 0)
        out->warnings |= GB_POLICY_UNSEEN;
    if (out->clipped_share > LARGE_SHARE)
        out->warnings |= GB_POLICY_CLIPPED;
}

/* The ratio's influence is that of its linear part (delta method). */
static gb_policy_estimate normalise(work *w)
{
    const gb_policy_log *log = w->log;
    double sum = 0, worth = 0, ratio;

    for (size_t i = 0; i < log->n; i++) {
        sum += clipped(w, w->weights[i]);
        worth += clipped(w, w->weights[i]) * log->rewards[i];
    }
    if (!(sum > 0))
        return (gb_policy_estimate){ (double)NAN, (double)NAN, (double)NAN,
                                     (double)NAN };
    ratio = worth / sum;
    for (size_t i = 0; i < log->n; i++)
        w->influences[i] = ratio
                           + clipped(w, w->weights[i])
                                 * (log->rewards[i] - ratio)
                                 * ((double)log->n / sum);
    return settle(w);
}

static void estimate(work *w, const gb_policy *policy, gb_policy_figures *out)
{
    const gb_policy_log *log = w->log;
    const gb_policy_estimate none
        = { (double)NAN, (double)NAN, (double)NAN, (double)NAN };

    for (size_t i = 0; i < log->n; i++)
        w->influences[i] = log->rewards[i];
    out->logged = settle(w);
    out->direct = none;
    for (size_t i = 0; i < log->n && log->expected; i++)
        w->influences[i] = foretold(w, policy, i);
    if (log->expected)
        out->direct = settle(w);
    for (size_t i = 0; i < log->n; i++)
        w->influences[i] = clipped(w, w->weights[i]) * log->rewards[i];
    out->inverse = settle(w);
    out->normalised = normalise(w);
    for (size_t i = 0; i < log->n; i++)
        w->influences[i] = robust_of(w, policy, i, clipped(w, w->weights[i]));
    out->robust = settle(w);
    for (size_t i = 0; i < log->n; i++)
        w->influences[i] -= log->rewards[i];
    out->gain = settle(w);
}

gb_status score_policy_evaluate(base_run *run, const gb_policy_log *log,
                                const gb_policy *policy,
                                const gb_policy_options *options,
                                gb_policy_figures *out)
{
    work w;
    gb_status status = prepare(run, log, options, &w);

    if (!status)
        status = find_unseen(run, log, policy, &out->unseen_share);
    if (!status)
        status = base_poll_many(run, log->n);
    if (!status) {
        out->n_rows = log->n;
        out->n_units = w.n_units;
        weigh(&w, policy, out);
        warn(&w, out);
        estimate(&w, policy, out);
    }
    clear(run->mem, &w);
    return status;
}

gb_status score_policy_compare(base_run *run, const gb_policy_log *log,
                               const gb_policy *policy, const gb_policy *other,
                               const gb_policy_options *options,
                               gb_policy_estimate *out)
{
    const gb_policy *const both[] = { policy, other };
    work w;
    gb_status status = prepare(run, log, options, &w);

    if (!status)
        status = base_poll_many(run, log->n);
    for (size_t i = 0; i < log->n && !status; i++) {
        double values[2];

        for (int p = 0; p < 2; p++)
            values[p] = robust_of(
                &w, both[p], i,
                clipped(&w, chance_of(both[p], log->n_actions, i,
                                      log->actions[i])
                                / log->propensities[i]));
        w.influences[i] = values[0] - values[1];
    }
    if (!status)
        *out = settle(&w);
    clear(run->mem, &w);
    return status;
}
