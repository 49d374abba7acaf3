/*
 * world_math.c - see world_math.h.
 */
#include "world_math.h"

#include <math.h> /* floor, frexp, ldexp: exact everywhere */

#include "base_check.h"

/* ln 2 in two parts, so that n * LN2_HIGH is exact for small n. */
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10

double world_exp(double x)
{
    const double n = floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
    const double r = (x - n * LN2_HIGH) - n * LN2_LOW;
    double sum = 1;

    for (int k = 16; k > 0; k--)
        sum = 1 + sum * r / k;
    return ldexp(sum, (int)n);
}

double world_log(double x)
{
    int exponent;
    double m = frexp(x, &exponent), s, s2, sum = 0;

    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    s = (m - 1) / (m + 1);
    s2 = s * s;
    for (int k = 21; k > 0; k -= 2)
        sum = 1.0 / k + sum * s2;
    return 2 * s * sum + exponent * LN2_LOW + exponent * LN2_HIGH;
}

double world_cos(double rad)
{
    const double x2 = rad * rad;
    double sum = 1;

    for (int k = 22; k > 0; k -= 2)
        sum = 1 - sum * x2 / (k * (k - 1));
    return sum;
}

double world_normal(base_rng *rng)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += base_rng_unit(rng);
    return sum;
}

double world_lognormal(base_rng *rng, double log_median, double sigma)
{
    return world_exp(log_median + sigma * world_normal(rng));
}

uint32_t world_pick(base_rng *rng, const uint8_t *weights, uint32_t n)
{
    uint32_t sum = 0, at, i = 0;

    for (uint32_t k = 0; k < n; k++)
        sum += weights[k];
    assert(sum > 0);
    at = (uint32_t)base_rng_below(rng, sum);
    while (at >= weights[i])
        at -= weights[i++];
    return i;
}

uint64_t world_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) ^ (b + (a >> 29));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
