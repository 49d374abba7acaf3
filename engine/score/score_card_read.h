/*
 * score_card_read.h - what the parts of the card's reader share.
 *
 * Every object is read by a list of the keys it may have; a key beside them
 * is refused by name, so that a typing error never passes as a default.
 */
#ifndef SCORE_CARD_READ_H
#define SCORE_CARD_READ_H

#include <jansson.h>

#include "score_card.h"

typedef struct score_reader {
    gb_context *ctx;
    gb_score_card *card;
    char where[96]; /* the object that is being read, for messages */
} score_reader;

gb_status score_read_keys(score_reader *r, json_t *object,
                          const char *const *keys, size_t n_keys);
/* NULL `out` text stays NULL when the key may be absent and is. */
gb_status score_read_text(score_reader *r, const json_t *object,
                          const char *key, bool is_must, const char **out);
gb_status score_read_whole(score_reader *r, const json_t *value,
                           const char *key, int64_t low, int64_t high,
                           int64_t *out);

gb_status score_read_real(score_reader *r, const json_t *object,
                          const char *key, double low, double high,
                          double *out);

/* score_card_factor.c */
gb_status score_read_factors(score_reader *r, const json_t *array);
/* score_worth_read.c: contribution, loyalty, matrix, urgency, if there */
gb_status score_read_worth(score_reader *r, json_t *root);

#endif
