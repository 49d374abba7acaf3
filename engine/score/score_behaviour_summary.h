/*
 * score_behaviour_summary.h - transactions summed up; checked values.
 */
#ifndef SCORE_BEHAVIOUR_SUMMARY_H
#define SCORE_BEHAVIOUR_SUMMARY_H

#include <gridbeat/behaviour.h>

#include "base_run.h"

gb_status behaviour_summarize(base_run *run, const gb_behaviour_events *e,
                              int32_t end_day, double unit_days,
                              const gb_behaviour_summary *out);

#endif
