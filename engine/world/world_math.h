/*
 * world_math.h - exp, log, cos and the normal distribution out of + - * /
 * alone, which IEEE 754 fixes to the last bit: the C library's own differ in
 * it from machine to machine, and a delivery must have the same bytes.
 */
#ifndef WORLD_MATH_H
#define WORLD_MATH_H

#include "base_rng.h"

/* Within some 1e-15 of the true value, relatively; |x| up to 600. */
double world_exp(double x);
double world_log(double x); /* x > 0 and normal */
double world_cos(double rad); /* |rad| up to 1.6 */

/*
 * Mean 0, deviation 1: the sum of twelve uniform numbers less 6.  Ends at
 * +-6, which is welcome here; heavy tails are made by other means.
 */
double world_normal(base_rng *rng);

/* exp(log_median + sigma * normal) */
double world_lognormal(base_rng *rng, double log_median, double sigma);

/* 0 with probability weights[0] / sum, and so on. */
uint32_t world_pick(base_rng *rng, const uint8_t *weights, uint32_t n);

/* A mix of two numbers that seeds a stream of its own. */
uint64_t world_mix(uint64_t a, uint64_t b);

#endif
