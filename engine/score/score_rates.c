/*
 * score_rates.c - shares of success by group that lean on all groups.
 */
#include <math.h>

#include "score_behaviour.h"
#include "score_policy.h"

/* Steps of the search: quarter powers of two; likelihoods are flat. */
enum { STEPS_OF_TWO = 4, MOST_TERMS = 100000 };
static const double LEAST_STRENGTH = .25, TINY = 1e-300;

static double log_beta(double a, double b)
{
    return behaviour_lgamma(a) + behaviour_lgamma(b)
           - behaviour_lgamma(a + b);
}

/*
 * The continued fraction of the incomplete Beta function by Lentz's method;
 * it settles in about sqrt(max(a, b)) terms where x is below the mean.
 */
static double fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1), value;

    d = 1 / (fabs(d) < TINY ? TINY : d);
    value = d;
    for (int k = 1; k < MOST_TERMS; k++) {
        const double m = k;
        const double even
            = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x
                           / ((a + 2 * m) * (a + 2 * m + 1));
        double change;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        value *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        change = d * c;
        value *= change;
        if (fabs(change - 1) < 1e-15)
            break;
    }
    return value;
}

double score_beta_below(double a, double b, double x)
{
    double front;

    if (x <= 0 || x >= 1)
        return x >= 1;
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b));
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a
                                     : 1 - front * fraction(b, a, 1 - x) / b;
}

double score_beta_quantile(double a, double b, double share)
{
    double low = 0, high = 1;

    for (int i = 0; i < 60 && high - low > 1e-14; i++) {
        const double middle = (low + high) / 2;

        if (score_beta_below(a, b, middle) < share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double score_normal_width(double level)
{
    double low = 0, high = 40;

    for (int i = 0; i < 100; i++) {
        const double middle = (low + high) / 2;

        if (erf(middle / sqrt(2.0)) < level)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Of all groups, given how strongly they lean on the share of all. */
static double log_likelihood(const uint64_t *tries, const uint64_t *successes,
                             size_t n, double share, double strength)
{
    const double a = strength * share, b = strength * (1 - share);
    double sum = 0;

    for (size_t g = 0; g < n; g++) {
        const double hits = (double)successes[g];

        if (tries[g] > 0)
            sum += log_beta(hits + a, (double)tries[g] - hits + b)
                   - log_beta(a, b);
    }
    return sum;
}

static gb_status learn(base_run *run, const uint64_t *tries,
                       const uint64_t *successes, size_t n, double share,
                       double total, double *out)
{
    double best = -INFINITY;
    const double most = total > 1 ? total : 1;
    gb_status status = GB_OK;
    bool is_last = false;

    for (int step = 0; !is_last && !status; step++) {
        double strength
            = LEAST_STRENGTH * exp2((double)step / STEPS_OF_TWO);
        double likelihood;

        is_last = strength >= most;
        strength = is_last ? most : strength;
        likelihood = log_likelihood(tries, successes, n, share, strength);
        if (likelihood >= best) {
            best = likelihood;
            *out = strength;
        }
        status = base_poll(run);
    }
    return status;
}

gb_status score_rates(base_run *run, const uint64_t *tries,
                      const uint64_t *successes, size_t n_groups,
                      const gb_policy_rates_options *options,
                      gb_policy_estimate *out, double *strength)
{
    double k = options->strength, n = 0, hits = 0, share;
    gb_status status = GB_OK;

    for (size_t g = 0; g < n_groups; g++) {
        n += (double)tries[g];
        hits += (double)successes[g];
    }
    share = (hits + .5) / (n + 1);
    if (!(k > 0))
        status = learn(run, tries, successes, n_groups, share, n, &k);
    for (size_t g = 0; g < n_groups && !status; g++) {
        const double a = (double)successes[g] + k * share;
        const double b = (double)(tries[g] - successes[g]) + k * (1 - share);
        const double tail = (1 - options->level) / 2;

        out[g].value = a / (a + b);
        out[g].se = sqrt(a * b / (a + b + 1)) / (a + b);
        out[g].low = score_beta_quantile(a, b, tail);
        out[g].high = score_beta_quantile(a, b, 1 - tail);
        status = base_poll(run);
    }
    if (!status && strength)
        *strength = k;
    return status;
}
