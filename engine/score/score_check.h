/*
 * score_check.h - how well probabilities foretold what came, and ways to let
 * them follow the drift.
 */
#ifndef SCORE_CHECK_H
#define SCORE_CHECK_H

#include <gridbeat/scorecard.h>

#include "base_run.h"

/* Figures of probabilities against outcomes (0 and 1; others are skipped). */
gb_status score_check_figures(base_run *run, const double *probability,
                              const uint8_t *outcome, size_t n_rows,
                              gb_scorecard_figures *figures);
/* NaN ranks lowest. */
gb_status score_check_auc(base_run *run, const double *rank,
                          const uint8_t *outcome, size_t n_rows, double *auc);

gb_status score_check_rolling(base_run *run, const double *probability,
                              const uint8_t *outcome, size_t n_rows,
                              size_t every, double *out);
gb_status score_check_isotonic(base_run *run, const double *probability,
                               const uint8_t *outcome, size_t n_rows,
                               size_t every, double *out);

/*
 * Pool adjacent violators: the rising sequence nearest to `value` by squares
 * weighted by `weight`, in place.  `scratch` has n places.
 */
void score_isotonic(double *value, double *weight, size_t *scratch, size_t n);

#endif
