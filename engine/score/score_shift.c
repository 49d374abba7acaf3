/*
 * score_shift.c - how far chances are off, as one shift of their log odds.
 *
 * The log posterior is concave: Newton's method, within a bracket that each
 * step narrows, cannot leave it.
 */
#include <math.h>

#include "score_policy.h"

enum { MOST_STEPS = 200 };
static const double NEAREST = 1e-9, FARTHEST = 60;
static const double WIDTH_95 = 1.959963984540054;

static double log_odds(double chance)
{
    const double p = fmin(fmax(chance, NEAREST), 1 - NEAREST);

    return log(p) - log1p(-p);
}

static double chance_of(double odds)
{
    return odds >= 0 ? 1 / (1 + exp(-odds)) : exp(odds) / (1 + exp(odds));
}

double score_shifted(double chance, double shift)
{
    return chance_of(log_odds(chance) + shift);
}

/* The derivative of the log posterior, and less the second one. */
static double slope_at(const double *chances, const uint8_t *outcomes,
                       size_t n, double prior_sd, double shift, double *bend)
{
    const double tightness = 1 / (prior_sd * prior_sd);
    double slope = -shift * tightness;

    *bend = tightness;
    for (size_t i = 0; i < n; i++) {
        const double p = score_shifted(chances[i], shift);

        slope += outcomes[i] - p;
        *bend += p * (1 - p);
    }
    return slope;
}

gb_status score_shift(base_run *run, const double *chances,
                      const uint8_t *outcomes, size_t n, double prior_sd,
                      gb_policy_estimate *out)
{
    double low = -FARTHEST, high = FARTHEST, shift = 0, bend = 1;
    gb_status status = GB_OK;

    for (int step = 0; step < MOST_STEPS && !status; step++) {
        const double slope
            = slope_at(chances, outcomes, n, prior_sd, shift, &bend);
        double next = shift + slope / bend;

        if (slope > 0)
            low = shift;
        else if (slope < 0)
            high = shift;
        else
            break;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        if (fabs(next - shift) <= 1e-12 * (1 + fabs(shift)))
            break;
        shift = next;
        status = base_poll_many(run, n + 1);
    }
    out->value = shift;
    out->se = 1 / sqrt(bend);
    out->low = shift - WIDTH_95 * out->se;
    out->high = shift + WIDTH_95 * out->se;
    return status;
}
