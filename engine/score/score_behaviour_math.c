/*
 * score_behaviour_math.c - gammas, and the one integral that Pareto/NBD
 * needs; see score_behaviour.h.
 *
 * The integral is usually written as a difference of two hypergeometric
 * functions, which cancel when t_x is near T and overflow when x is large.
 * It is taken as it stands instead: on the scale of ln(min(A, B) + u) the
 * integrand is nearly an exponential, and Gauss-Legendre sums of 32 places
 * over pieces in which it falls by no more than e^-24 leave errors of the
 * order of rounding (test behaviour: against plain Simpson sums).
 */
#define _DEFAULT_SOURCE /* lgamma_r: lgamma writes a global */
#include "score_behaviour.h"

#include <math.h>

double behaviour_lgamma(double x)
{
    int sign;

    return lgamma_r(x, &sign);
}

/*
 * By recurrence up to 10, then the asymptotic series (Abramowitz & Stegun
 * 6.3.18), whose last term there is below 1e-16.
 */
double behaviour_digamma(double x)
{
    double below = 0, inv2;

    for (; x < 10; x += 1)
        below += 1 / x;
    inv2 = 1 / (x * x);
    return log(x) - 0.5 / x
           - inv2 * (1.0 / 12 - inv2 * (1.0 / 120 - inv2 * (1.0 / 252
               - inv2 * (1.0 / 240 - inv2 * (1.0 / 132 - inv2 * (691.0 / 32760
               - inv2 / 12))))))
           - below;
}

enum { N_HALF = 16 };
/* The upper half of the places and weights of Gauss-Legendre, 32 places. */
static const double places[N_HALF][2] = {
    { 0.04830766568773831, 0.096540088514727812 },
    { 0.14447196158279649, 0.095638720079274833 },
    { 0.23928736225213706, 0.093844399080804566 },
    { 0.33186860228212767, 0.091173878695763863 },
    { 0.42135127613063533, 0.087652093004403908 },
    { 0.50689990893222936, 0.083311924226946846 },
    { 0.5877157572407623, 0.078193895787070311 },
    { 0.66304426693021523, 0.072345794108848449 },
    { 0.73218211874028971, 0.065822222776361752 },
    { 0.79448379596794239, 0.058684093478535704 },
    { 0.84936761373256997, 0.050998059262376244 },
    { 0.8963211557660522, 0.042835898022226426 },
    { 0.93490607593773967, 0.034273862913021626 },
    { 0.96476225558750639, 0.025392065309262427 },
    { 0.98561151154526838, 0.016274394730905965 },
    { 0.99726386184948157, 0.0070186100094692984 },
};
static const double MOST_FALL = 24;   /* of the log, over one piece */
static const double MOST_LENGTH = 3;  /* of a piece, in logs */
static const double NOTHING = 40;     /* e^-40 of the sum is left out */

/* w is ln(low + u) less its value where the integral begins. */
typedef struct integrand {
    double k, A, l, B;
    double from, width; /* width: low + from, low the lesser of A and B */
    double top;         /* log of the integrand at w = 0 */
    double sum, sums[4];
    bool with_means;
} integrand;

static double log_at(const integrand *f, double w)
{
    const double u = f->from + f->width * expm1(w);

    return w - f->k * log(f->A + u) - f->l * log(f->B + u);
}

static void add_place(integrand *f, double w, double weight)
{
    const double u = f->from + f->width * expm1(w);
    const double a = log(f->A + u), b = log(f->B + u);
    const double value = weight * exp(w - f->k * a - f->l * b - f->top);

    f->sum += value;
    if (!f->with_means)
        return;
    f->sums[0] += value * a;
    f->sums[1] += value * b;
    f->sums[2] += value / (f->A + u);
    f->sums[3] += value / (f->B + u);
}

/* How long a piece from w on may be: the log falls at a rate that grows by
 * no more than the factor e^length over it. */
static double piece_at(const integrand *f, double w)
{
    const double u = f->from + f->width * expm1(w);
    const double here = f->width * exp(w);
    const double rate = f->k * here / (f->A + u) + f->l * here / (f->B + u);
    const double step = MOST_FALL / (1 + exp(1) * rate);

    if (MOST_LENGTH * (1 + exp(MOST_LENGTH) * rate) <= MOST_FALL)
        return MOST_LENGTH;
    return step < 1 ? step : 1;
}

double behaviour_integral(double k, double A, double l, double B, double from,
                          double to, double means[4])
{
    integrand f = { k, A, l, B, from, from + (A < B ? A : B), 0, 0, { 0 },
                    means != NULL };
    const double end = log1p((to - from) / f.width);
    double w = 0;

    if (!(from < to))
        return -INFINITY;
    f.top = log_at(&f, 0);
    while (w < end) {
        const double step = piece_at(&f, w);
        const double next = w + step < end ? w + step : end;
        const double middle = 0.5 * (w + next), half = 0.5 * (next - w);

        for (int i = 0; i < N_HALF; i++) {
            add_place(&f, middle - half * places[i][0], half * places[i][1]);
            add_place(&f, middle + half * places[i][0], half * places[i][1]);
        }
        w = next;
        /* The log is concave in w: once it has fallen it goes on falling. */
        if (log_at(&f, w) - f.top < log(f.sum) - NOTHING)
            break;
    }
    for (int i = 0; means && i < 4; i++)
        means[i] = f.sums[i] / f.sum;
    return f.top + log(f.sum) + log(f.width);
}
