/*
 * call_score.h - what the methods of score cards share.
 */
#ifndef CALL_SCORE_H
#define CALL_SCORE_H

#include <gridbeat/scorecard.h>

#include "call_score_table.h"
#include "store_where.h"

/* A card with what was written into it about its making. */
typedef struct call_card {
    gb_score_card *card;
    json_t *json; /* the whole text */
} call_card;

/* The card of the file that a parameter names. */
gb_status call_card_read(call *c, const char *param, call_card *out);
void call_card_clear(call_card *card);
/* A text of its "fitted", as "id"; NULL: none. */
const char *call_card_told(const call_card *card, const char *key);

/* A data set: rows that a condition holds for, with outcomes, in time order. */
typedef struct call_score_data {
    call_score_file file;
    call_score_rows rows;
    uint8_t *outcome; /* NULL: no target */
    double *time;     /* NULL: in the order of the file */
    size_t n, capacity;
} call_score_data;

typedef struct call_score_wish {
    const char *path, *target, *event, *where, *time;
    /* Columns to read as texts, or not at all. */
    size_t n_texts, n_skipped;
    const char *const *texts, *const *skipped;
    const call_card *card; /* read only what it needs, as it needs it */
    const char *also;      /* and this column, as numbers */
} call_score_wish;

gb_status call_score_read(call *c, const call_score_wish *wish,
                          call_score_data *data);
void call_score_data_clear(call *c, call_score_data *data);

/* Mark the columns that the card looks at, as it looks at them. */
void call_score_wanted(const call_card *card, const call_score_file *file,
                       call_score_rows *rows);

/* Texts of a list parameter; base_free() the array. */
gb_status call_score_list(call *c, const char *param, const char ***out,
                          size_t *n);

/* call_score_words.c: a card in words. */
json_t *call_score_describe(call *c, const call_card *card);
/* The words of one bin of a factor of the card's JSON; n_bins: blank. */
void call_score_say_bin(call *c, const json_t *factor, size_t bin,
                        base_text *out);
json_t *call_score_left_out(call *c, const call_card *card);

#endif
