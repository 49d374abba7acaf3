/*
 * base_rng.h - the only source of chance in the engine.
 *
 * xoshiro256** seeded by splitmix64 (D. Blackman, S. Vigna, Scrambled linear
 * pseudorandom number generators, ACM TOMS 47 (2021), doi:10.1145/3460772).
 * The same seed gives the same numbers on every machine.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct base_rng {
    uint64_t state[4];
} base_rng;

base_rng base_rng_seeded(uint64_t seed);
/* A generator of its own for part `stream` of a job: for threads and rows. */
base_rng base_rng_stream(uint64_t seed, uint64_t stream);
uint64_t base_rng_next(base_rng *rng);
/* Uniform in [0, bound), without bias; bound > 0. */
uint64_t base_rng_below(base_rng *rng, uint64_t bound);
/* Uniform in [low, high], both included. */
int64_t base_rng_between(base_rng *rng, int64_t low, int64_t high);
/* Uniform in [0, 1), 53 bits. */
double base_rng_unit(base_rng *rng);
bool base_rng_chance(base_rng *rng, double probability);
/* Standard normal, by the polar method: no state kept between calls. */
double base_rng_normal(base_rng *rng);
void base_rng_shuffle(base_rng *rng, uint32_t *ids, size_t n);

#endif
