/*
 * plan_score.h - the step `score`: targets by a card, and their density.
 */
#ifndef PLAN_SCORE_H
#define PLAN_SCORE_H

#include <gridbeat/score.h>

#include "plan_data.h"

/*
 * The targets as a score table: the columns of data/CARDS.md and all tags.
 * Free with plan_table_clear(), which takes a zeroed struct.
 */
typedef struct plan_table {
    gb_score_table table;
    double *values;
    const char **tags;
    uint32_t *row_first_tag, *row_tags;
} plan_table;

gb_status plan_table_fill(plan_data *data, plan_table *out);
/* The same table as of another day: what time alone changes. */
void plan_table_move(const plan_data *data, plan_table *table, int32_t on);
void plan_table_clear(plan_data *data, plan_table *table);

/* The card of the settings, or the shipped one. */
gb_status plan_card(plan_data *data, gb_score_card **out);

/* Data must have targets and cells (which may be none). */
gb_status plan_score(plan_data *data, json_t **result);

#endif
