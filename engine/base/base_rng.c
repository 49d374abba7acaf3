/*
 * base_rng.c - see base_rng.h.
 */
#include "base_rng.h"

#include <math.h>

#include "base_check.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

base_rng base_rng_seeded(uint64_t seed)
{
    base_rng rng;

    for (size_t i = 0; i < COUNT_OF(rng.state); i++)
        rng.state[i] = splitmix(&seed);
    return rng;
}

base_rng base_rng_stream(uint64_t seed, uint64_t stream)
{
    uint64_t mixed = seed;

    mixed = splitmix(&mixed) ^ (stream * UINT64_C(0xd1342543de82ef95) + 1);
    return base_rng_seeded(mixed);
}

uint64_t base_rng_next(base_rng *rng)
{
    uint64_t *s = rng->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t base_rng_below(base_rng *rng, uint64_t bound)
{
    const uint64_t unfair = -bound % bound; /* 2^64 mod bound */
    uint64_t x;

    assert(bound > 0);
    do
        x = base_rng_next(rng);
    while (x < unfair);
    return x % bound;
}

int64_t base_rng_between(base_rng *rng, int64_t low, int64_t high)
{
    const uint64_t span = (uint64_t)high - (uint64_t)low;

    assert(low <= high);
    if (span == UINT64_MAX)
        return (int64_t)base_rng_next(rng);
    return (int64_t)((uint64_t)low + base_rng_below(rng, span + 1));
}

double base_rng_unit(base_rng *rng)
{
    return (double)(base_rng_next(rng) >> 11) * 0x1p-53;
}

bool base_rng_chance(base_rng *rng, double probability)
{
    return base_rng_unit(rng) < probability;
}

double base_rng_normal(base_rng *rng)
{
    double u, v, s;

    do {
        u = 2 * base_rng_unit(rng) - 1;
        v = 2 * base_rng_unit(rng) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s <= 0);
    return u * sqrt(-2 * log(s) / s);
}

void base_rng_shuffle(base_rng *rng, uint32_t *ids, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)base_rng_below(rng, i);
        const uint32_t swapped = ids[i - 1];

        ids[i - 1] = ids[j];
        ids[j] = swapped;
    }
}
