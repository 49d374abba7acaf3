/*
 * call_score_worth.h - the value of a target, for score.explain.
 */
#ifndef CALL_SCORE_WORTH_H
#define CALL_SCORE_WORTH_H

#include "call_door.h"

/*
 * Put into the result what the target's night made of his points: card_points,
 * chance, at_stake_fen, urgency, value_parts, box; and of the day `before`
 * (NULL: none) card_moved, was_chance, was_at_stake_fen, was_urgency.  Nothing where no
 * value was kept.
 */
gb_status call_score_put_worth(call *c, const json_t *card, const char *day,
                               const char *before, json_t *result);

#endif
