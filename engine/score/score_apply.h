/*
 * score_apply.h - a card bound to the columns of a table.
 */
#ifndef SCORE_APPLY_H
#define SCORE_APPLY_H

#include <gridbeat/scorecard.h>

#include "base_run.h"
#include "score_card.h"

/* A factor and where it looks; borrows table and card. */
typedef struct score_binding {
    const score_factor *factor;
    const gb_scorecard_column *column, *other;
    const char *value;    /* of a tag `name=value` */
    uint8_t *bin_of_text; /* of texts; at most SCORE_MOST_BINS bins */
} score_binding;

gb_status score_bind(gb_context *ctx, const score_factor *factor,
                     const gb_scorecard_table *table, score_binding *out);
void score_unbind(gb_context *ctx, score_binding *bound);
/* n_bins of the factor is the bin of blanks. */
size_t score_bound_bin(const score_binding *bound, size_t row);

/* The same on a matrix of numbers with tags; score_apply_tags.c. */
gb_status score_card_apply_tags(base_run *run, const gb_score_card *card,
                                const gb_score_table *table, int32_t *parts,
                                int64_t *points);
size_t score_find_name(const char *const *names, size_t n, const char *name);
/* What the doors check; score_api.c. */
gb_status score_check_table(gb_context *ctx, const gb_score_table *table);
bool score_has_tag(const gb_score_table *table, size_t row, size_t tag);

gb_status score_card_apply_columns(base_run *run, const gb_score_card *card,
                                   const gb_scorecard_table *table,
                                   int32_t *parts, int64_t *points);
gb_status score_card_bins(base_run *run, const gb_score_card *card,
                          const gb_scorecard_table *table, uint32_t *bins);
gb_status score_card_stability(base_run *run, const gb_score_card *card,
                               const gb_scorecard_table *table, double *psi);
/* By the card's scale. */
double score_card_probability(const gb_score_card *card, double points);

/* Population stability index of two counts over `n` bins. */
double score_psi(const int64_t *before, const int64_t *after, size_t n);

#endif
