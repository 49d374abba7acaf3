/*
 * score_behaviour_outlook.c - what a customer who is alive at T will do
 * within t; see score_behaviour.h.
 *
 * His rate then is gamma distributed with shape k = r + x and rate alpha + T.
 * For BG and MBG the chance to drop out after each transaction is beta
 * distributed with a and b' (b + x; MBG b + x + 1); at transactions alone can
 * he drop out, so "any" is that of the rate alone.  For Pareto/NBD his
 * drop-out rate has shape s and rate beta + T.
 */
#include "score_behaviour.h"

#include <math.h>

enum { MOST_TERMS = 1000000 };
static const double SMALL = 1e-17, LONG = 1e5;

/* (1 - (1-z)^power) / power, with its limit at power = 0. */
static double growth(double power, double log_rest)
{
    return fabs(power) < 1e-300 ? -log_rest : -expm1(power * log_rest) / power;
}

/* plain_series() where c <= 0, so x = 0: the first term alone has another
 * sign.  At c = 0 a limit: beside it is near enough. */
static double negative_series(double a, double b, double k, double z)
{
    const double c = fabs(a + b - 1) < 1e-9 ? 1e-9 : a + b - 1;
    double term = exp(k * log1p(-z)), sum = term;

    for (int n = 0; n < MOST_TERMS && fabs(term) > SMALL * fabs(sum); n++) {
        term *= (k + n) * (b + n) / ((c + n) * (n + 1)) * z;
        sum += term;
    }
    return c / (a - 1) * (1 - sum);
}

/*
 * ln[(1-z)^k F(k, b; c; z)]: its terms rise to e^(kz) before they fall, so
 * they are brought down on the way.  Past LONG of them, what is left for large
 * k t is G(c)/G(b) y^(1-a), y = k z/(1-z) (the limit of Kummer's function).
 */
static double log_series(double a, double b, double k, double z)
{
    const double c = a + b - 1, y = k * z / (1 - z), top = ldexp(1, 900);
    double term = 1, sum = 1, shift = k * log1p(-z);

    if (y > LONG && c > 0)
        return behaviour_lgamma(c) - behaviour_lgamma(b) + (1 - a) * log(y);
    for (int n = 0; n < MOST_TERMS && fabs(term) > SMALL * fabs(sum); n++) {
        term *= (k + n) * (b + n) / ((c + n) * (n + 1)) * z;
        sum += term;
        if (fabs(sum) > top) {
            sum /= top;
            term /= top;
            shift += 900 * log(2);
        }
    }
    return log(sum) + shift;
}

/*
 * The mean over p of (1 - e^(-rate p t)) / p:
 *   c / (a-1) [1 - (1-z)^k F(k, b'; c; z)],  c = a + b' - 1, z = t/(alpha+T+t)
 *
 * as it stands, good unless a is near 1.  Where c < 0, k is small.
 */
static double plain_series(double a, double b, double k, double z)
{
    const double c = a + b - 1;

    if (c > 1e-9)
        return c / (1 - a) * expm1(log_series(a, b, k, z));
    return negative_series(a, b, k, z);
}

/*
 * The same after Euler's transformation, whose series ends soon, and with
 * (a - 1) divided out, so that a = 1 is a value like any other.
 */
static double euler_series(double a, double b, double k, double z)
{
    const double c = a + b - 1, log_rest = log1p(-z);
    double term = (c - k) * z, sum = term;

    for (int n = 1; n < MOST_TERMS && fabs(term) > SMALL * fabs(sum); n++) {
        term *= (c - k + n) * (a + n - 1) / ((c + n) * (n + 1)) * z;
        sum += term;
    }
    return c * growth(a - 1, log_rest) - exp((a - 1) * log_rest) * sum;
}

static double mean_bg(double a, double b, double k, double rate, double t)
{
    const double z = t / (rate + t), c = a + b - 1;

    /* Where Euler's terms would rise, or change their sign while large. */
    if (a > k + 1 || (k - c) * z > 3)
        return plain_series(fabs(a - 1) < 1e-7 ? 1 + 1e-7 : a, b, k, z);
    return euler_series(a, b, k, z);
}

/* Rounding may not give less than the first alone, or more than all that
 * come to one who never drops out. */
static double expected_bg(double a, double b, double k, double rate, double t)
{
    return fmax(-expm1(-k * log1p(t / rate)),
                fmin(mean_bg(a, b, k, rate, t), k * t / rate));
}

double behaviour_expected(int32_t kind, const double params[4],
                          const behaviour_row *row, double t)
{
    const double k = params[0] + row->x, rate = params[1] + row->T;

    if (kind == GB_BEHAVIOUR_PARETONBD) {
        const double s = params[2], dropping = params[3] + row->T;

        return k / rate * dropping * growth(s - 1, -log1p(t / dropping));
    }
    return expected_bg(params[2],
                       params[3] + row->x + (kind == GB_BEHAVIOUR_MBGNBD), k,
                       rate, t);
}

double behaviour_any(int32_t kind, const double params[4],
                     const behaviour_row *row, double t)
{
    const double k = params[0] + row->x, rate = params[1] + row->T;

    if (kind == GB_BEHAVIOUR_PARETONBD) {
        const double s = params[2], dropping = params[3] + row->T;
        /* The first comes at w, before he drops out. */
        const double log_any
            = log(k) + k * log(rate) + s * log(dropping)
              + behaviour_integral(k + 1, rate, s, dropping, 0, t, NULL);

        return log_any < 0 ? exp(log_any) : 1;
    }
    return -expm1(-k * log1p(t / rate));
}

double behaviour_spend(const double params[4], double x, double m)
{
    const double p = params[0], q = params[1], g = params[2];

    if (!(p * x + q > 1))
        return INFINITY;
    return p * (g + m * x) / (p * x + q - 1);
}
