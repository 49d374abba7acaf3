/*
 * score_behaviour.c - likelihoods of the behaviour models, and their exact
 * gradients; see score_behaviour.h.
 *
 * BG/NBD and MBG/NBD (Fader, Hardie, Lee 2005; Batislam et al. 2007), with
 * B(,) the beta function:
 *
 *   L = G(r+x)/G(r) alpha^r [ B(a,b+x+c)/B(a,b) (alpha+T)^-(r+x)
 *                           + B(a+1,b+x+c-1)/B(a,b) (alpha+t_x)^-(r+x) ]
 *
 * with c = 1 for MBG; for BG c = 0 and no second part where x = 0.  The first
 * part is that of being alive at T, so P(alive) is its share.
 *
 * Pareto/NBD (Schmittlein et al. 1987), the time of dropping out left as an
 * integral (score_behaviour_math.c):
 *
 *   L = G(r+x)/G(r) alpha^r beta^s [ (alpha+T)^-(r+x) (beta+T)^-s
 *       + s int_tx^T (alpha+u)^-(r+x) (beta+u)^-(s+1) du ]
 *
 * Gamma-Gamma (Fader & Hardie 2013):
 *
 *   L = G(px+q)/(G(px) G(q)) gamma^q m^(px-1) x^(px) / (gamma+mx)^(px+q)
 */
#include "score_behaviour.h"

#include <math.h>
#include <string.h>

/* ln G(v+x) - ln G(v), and its slope. */
static double rise(double v, double x, double *slope)
{
    if (slope)
        *slope = behaviour_digamma(v + x) - behaviour_digamma(v);
    return behaviour_lgamma(v + x) - behaviour_lgamma(v);
}

/* ln B(a, b+k) - ln B(a, b), and its slopes. */
static double beta_rise(double a, double b, double k, double *by_a,
                        double *by_b)
{
    double up = 0, all = 0;
    const double value = rise(b, k, by_a ? &up : NULL)
                         - rise(a + b, k, by_a ? &all : NULL);

    if (by_a) {
        *by_a = -all;
        *by_b = up - all;
    }
    return value;
}

/* Both ways of BG and MBG: B(a+1,b+k) is B(a,b+k) a/(a+b+k). */
static void of_x_bg(bool is_modified, const double params[4], double x,
                    bool with_slopes, behaviour_per_x *out)
{
    const double a = params[2], b = params[3];
    const double k = is_modified ? x : x - 1;
    double *by_a = with_slopes ? &out->d_alive[2] : NULL;

    out->alive = beta_rise(a, b, k + 1, by_a, &out->d_alive[3]);
    if (k < 0) {
        out->gone = -INFINITY;
        return;
    }
    by_a = with_slopes ? &out->d_gone[2] : NULL;
    out->gone = beta_rise(a, b, k, by_a, &out->d_gone[3]) + log(a)
                - log(a + b + k);
    if (with_slopes) {
        out->d_gone[2] += 1 / a - 1 / (a + b + k);
        out->d_gone[3] -= 1 / (a + b + k);
    }
}

static void of_x_amount(const double params[4], double x, bool with_slopes,
                        behaviour_per_x *out)
{
    const double p = params[0], q = params[1], g = params[2];

    out->base = behaviour_lgamma(p * x + q) - behaviour_lgamma(p * x)
                - behaviour_lgamma(q) + q * log(g) + p * x * log(x);
    if (!with_slopes)
        return;
    out->d_base[0] = x * (behaviour_digamma(p * x + q)
                          - behaviour_digamma(p * x) + log(x));
    out->d_base[1] = behaviour_digamma(p * x + q) - behaviour_digamma(q)
                     + log(g);
    out->d_base[2] = q / g;
}

void behaviour_of_x(int32_t kind, const double params[4], double x,
                    bool with_slopes, behaviour_per_x *out)
{
    const double r = params[0], alpha = params[1];

    memset(out, 0, sizeof *out);
    out->x = x;
    if (kind == GB_BEHAVIOUR_GAMMAGAMMA) {
        of_x_amount(params, x, with_slopes, out);
        return;
    }
    out->base = rise(r, x, with_slopes ? &out->d_base[0] : NULL)
                + r * log(alpha);
    out->d_base[0] += log(alpha);
    out->d_base[1] = r / alpha;
    if (kind == GB_BEHAVIOUR_PARETONBD) {
        const double s = params[2], beta = params[3];

        out->base += s * log(beta);
        out->d_base[2] = log(beta);
        out->d_base[3] = s / beta;
        return;
    }
    of_x_bg(kind == GB_BEHAVIOUR_MBGNBD, params, x, with_slopes, out);
}

/* ln(e^u + e^v), and the share of the first. */
static double join(double u, double v, double *share)
{
    const double top = u > v ? u : v, low = u > v ? v : u;
    const double e = exp(low - top); /* 0 for -inf */

    *share = u > v ? 1 / (1 + e) : e / (1 + e);
    return top + log1p(e);
}

static double loglik_bg(const double params[4], const behaviour_per_x *of_x,
                        const behaviour_row *row, double weight,
                        double *gradient, double *alive)
{
    const double k = params[0] + row->x;
    const double at_end = params[1] + row->T, at_last = params[1] + row->t_x;
    const double log_end = log(at_end), log_last = log(at_last);
    double w;
    const double value = of_x->base + join(of_x->alive - k * log_end,
                                           of_x->gone - k * log_last, &w);

    if (alive)
        *alive = w;
    if (!gradient)
        return value;
    gradient[0] += weight * (of_x->d_base[0] - w * log_end
                             - (1 - w) * log_last);
    gradient[1] += weight * (of_x->d_base[1]
                             - k * (w / at_end + (1 - w) / at_last));
    for (int i = 2; i < 4; i++)
        gradient[i] += weight * (w * of_x->d_alive[i]
                                 + (1 - w) * of_x->d_gone[i]);
    return value;
}

static double loglik_pareto(const double params[4],
                            const behaviour_per_x *of_x,
                            const behaviour_row *row, double weight,
                            double *gradient, double *alive)
{
    const double k = params[0] + row->x, alpha = params[1];
    const double s = params[2], beta = params[3], T = row->T;
    double means[4] = { 0 }, w;
    const double gone
        = log(s) + behaviour_integral(k, alpha, s + 1, beta, row->t_x, T,
                                      gradient ? means : NULL);
    const double value
        = of_x->base
          + join(-k * log(alpha + T) - s * log(beta + T), gone, &w);

    if (alive)
        *alive = w;
    if (!gradient)
        return value;
    gradient[0] += weight * (of_x->d_base[0] - w * log(alpha + T)
                             - (1 - w) * means[0]);
    gradient[1] += weight * (of_x->d_base[1] - w * k / (alpha + T)
                             - (1 - w) * k * means[2]);
    gradient[2] += weight * (of_x->d_base[2] - w * log(beta + T)
                             + (1 - w) * (1 / s - means[1]));
    gradient[3] += weight * (of_x->d_base[3] - w * s / (beta + T)
                             - (1 - w) * (s + 1) * means[3]);
    return value;
}

static double loglik_amount(const double params[4],
                            const behaviour_per_x *of_x,
                            const behaviour_row *row, double weight,
                            double *gradient)
{
    const double p = params[0], q = params[1], g = params[2];
    const double x = row->x, m = row->T;
    const double all = g + m * x, log_all = log(all);

    if (gradient) {
        gradient[0] += weight * (of_x->d_base[0] + x * (log(m) - log_all));
        gradient[1] += weight * (of_x->d_base[1] - log_all);
        gradient[2] += weight * (of_x->d_base[2] - (p * x + q) / all);
    }
    return of_x->base + (p * x - 1) * log(m) - (p * x + q) * log_all;
}

double behaviour_loglik(int32_t kind, const double params[4],
                        const behaviour_per_x *of_x, const behaviour_row *row,
                        double weight, double gradient[4], double *alive)
{
    if (kind == GB_BEHAVIOUR_GAMMAGAMMA)
        return loglik_amount(params, of_x, row, weight, gradient);
    if (kind == GB_BEHAVIOUR_PARETONBD)
        return loglik_pareto(params, of_x, row, weight, gradient, alive);
    return loglik_bg(params, of_x, row, weight, gradient, alive);
}
