/*
 * roads_lanes.h - what loops over sixteen lanes share.
 *
 * Such a loop has no intrinsics: it is written so that compilers take several
 * lanes at a time.  Where it pays it is compiled twice, for any processor and
 * for those with AVX2, and the choice is made as it runs.  Weights are whole
 * numbers that doubles hold exactly, so both give the same bits.
 */
#ifndef ROADS_LANES_H
#define ROADS_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROADS_LANES = 16 };

/* Compilers that unroll this first do not see that it can be vectorised. */
#define ROADS_EACH_LANE(l)                                                    \
    _Pragma("GCC unroll 1") for (int l = 0; l < ROADS_LANES; l++)

#define ROADS_ALIGNED(row) __builtin_assume_aligned((row), 64)

/* What both versions are compiled from. */
#define ROADS_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__) && defined(__GNUC__)
#define ROADS_WIDE __attribute__((target("avx2")))
#define ROADS_IS_WIDE() (__builtin_cpu_supports("avx2") != 0)
#else
#define ROADS_WIDE
#define ROADS_IS_WIDE() false
#endif

#endif
