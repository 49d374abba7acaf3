/*
 * roads_weight.h - time and length as one number.
 *
 * A weight is hundredths of a second and units of length (a centimetre; ten
 * on very large maps), added up as one number with the time above, so that
 * the least is the fastest and of these the shortest.  It is a whole number
 * below 2^53, so a double holds it exactly: additions and comparisons have no
 * rounding, in any order, and processors without wide integers compare
 * several at once.
 *
 * 26 bits are for the length (671 km, 6,711 km on large maps), 26 for the
 * time (7.7 days).  What takes longer is unreachable.
 */
#ifndef ROADS_WEIGHT_H
#define ROADS_WEIGHT_H

#include <math.h>
#include <stdint.h>

#include <gridbeat/roads.h>

#define ROADS_LENGTHS 67108864.0      /* 2^26 */
#define ROADS_FAR 4503599627370496.0  /* 2^52: no weight of a path reaches it */
#define ROADS_CLOSED ((double)INFINITY)

/* Both whole numbers, below 2^26. */
static inline double roads_weight(double hundredths_s, double lengths)
{
    return hundredths_s * ROADS_LENGTHS + lengths;
}

static inline int32_t roads_weight_s(double weight)
{
    if (!(weight < ROADS_FAR))
        return GB_ROADS_UNREACHABLE;
    return (int32_t)((floor(weight / ROADS_LENGTHS) + 50) / 100);
}

static inline int32_t roads_weight_m(double weight, uint32_t length_unit_cm)
{
    const double lengths =
        weight - floor(weight / ROADS_LENGTHS) * ROADS_LENGTHS;

    if (!(weight < ROADS_FAR))
        return GB_ROADS_UNREACHABLE;
    return (int32_t)((lengths * length_unit_cm + 50) / 100);
}

#endif
