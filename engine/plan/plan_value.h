/*
 * plan_value.h - what visits to the targets are worth: the card's points
 * become chance x what is at stake x urgency, where the card prices visits.
 */
#ifndef PLAN_VALUE_H
#define PLAN_VALUE_H

#include <gridbeat/value.h>

#include "plan_score.h"

/* Everything about the rows of a table; `kept` borrows from the rest. */
typedef struct plan_values {
    base_arena arena;
    gb_value_result to;
    int64_t *card_points;
    double *card_chance; /* before calibration */
    store_values kept;
} plan_values;

/*
 * Value the rows of data->targets, whose table this is; names of boxes are
 * borrowed from the card.  card_points NULL: worked out here.  Clear it after a
 * failure too.
 */
gb_status plan_values_make(plan_data *data, const gb_score_card *card,
                           const gb_score_table *table,
                           const int64_t *card_points, bool with_parts,
                           plan_values *out);
void plan_values_clear(plan_values *values);

/* Set data->chance_shift from what became of the last visits. */
gb_status plan_value_calibrate(plan_data *data);

/* The card's points of the table's rows, in place, become those of visits. */
gb_status plan_value_points(plan_data *data, const gb_score_card *card,
                            const gb_score_table *table, int64_t *points);

/* The same of the day of the night, and every figure with its parts kept in
 * the workspace. */
gb_status plan_value_targets(plan_data *data, const gb_score_card *card,
                             const gb_score_table *table, int64_t *points);

#endif
