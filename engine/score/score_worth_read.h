/*
 * score_worth_read.h - what the readers of a card's models share.
 */
#ifndef SCORE_WORTH_READ_H
#define SCORE_WORTH_READ_H

#include "score_card_read.h"
#include "score_worth.h"

/* A number that may be absent; then *out stays. */
gb_status score_read_if_there(score_reader *r, const json_t *object,
                              const char *key, double low, double high,
                              double *out);
gb_status score_read_titles(score_reader *r, const json_t *object,
                            const char **name, const char **title_en,
                            const char **title_zh);
/* Parts have names of their own: they are shown, and kept, by name.  Structs
 * that begin with their name, `stride` bytes apart. */
gb_status score_check_name(score_reader *r, const char *name,
                           const void *first, size_t stride, size_t n);

typedef gb_status (*score_read_item_fn)(score_reader *r, json_t *object,
                                        void *item);
/* A list of 1 to `most` such structs of `size` bytes, in the card's arena. */
gb_status score_read_list(score_reader *r, const char *key,
                          const json_t *list, size_t most, size_t size,
                          score_read_item_fn read_item, void **out,
                          size_t *n_out);

/* score_worth_matrix.c; the other models must have been read */
gb_status score_read_matrix(score_reader *r, json_t *object, score_worth *w);
/* score_worth_write.c: kept as it was read, what a person ordered in order. */
gb_status score_worth_keep_text(score_reader *r, const json_t *value,
                                const char **out);

#endif
