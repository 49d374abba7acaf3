/*
 * score_behaviour_check.h - checks that the calls of gridbeat/behaviour.h
 * share.
 */
#ifndef SCORE_BEHAVIOUR_CHECK_H
#define SCORE_BEHAVIOUR_CHECK_H

#include <gridbeat/behaviour.h>

gb_status behaviour_check_model(gb_context *ctx,
                                const gb_behaviour_model *model);
gb_status behaviour_check_events(gb_context *ctx,
                                 const gb_behaviour_events *events);

#endif
