/*
 * score_area_rates.h - shares of unequal areas made comparable, on checked data.
 */
#ifndef SCORE_AREA_RATES_H
#define SCORE_AREA_RATES_H

#include <stddef.h>

/* See gb_spots_rates(). */
void score_area_rates(const double *events, const double *population, size_t n,
                 double *out);

#endif
