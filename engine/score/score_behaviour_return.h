/*
 * score_behaviour_return.h - who comes back after a silence, learnt from the
 * past: see gb_behaviour_return_fit().
 */
#ifndef SCORE_BEHAVIOUR_RETURN_H
#define SCORE_BEHAVIOUR_RETURN_H

#include "score_behaviour_summary.h"

gb_status behaviour_return_fit(base_run *run, const behaviour_log *log,
                               int32_t first_day, int32_t end_day,
                               const gb_behaviour_return_options *options,
                               gb_behaviour_return *out);

/* The chance of a customer at `day`; NAN when he is not silent so long. */
double behaviour_return_chance(const gb_behaviour_return *model,
                               const behaviour_state *state, int32_t day,
                               double *p_any);

#endif
