/*
 * score_card.h - a score card in memory, and its reader.
 *
 * Factors of numbers keep their bins as two rising arrays; the first upper
 * border above the value is found from the left, since bins are few.  Names
 * and titles live in the card's arena.
 */
#ifndef SCORE_CARD_H
#define SCORE_CARD_H

#include <gridbeat/score.h>

#include "base_context.h"

typedef struct score_factor {
    const char *name, *title_en, *title_zh;
    const char *column; /* NULL: goes by tag */
    const char *tag;    /* NULL: goes by column */
    size_t n_bins;      /* of a column: at least 1 */
    const double *below; /* n_bins - 1 rising upper borders */
    const int32_t *points; /* n_bins; of a tag: 1 */
    int32_t missing;
} score_factor;

typedef struct score_profile {
    const char *name, *tag; /* tag NULL: everybody else */
    const int16_t *permille; /* n_slots */
} score_profile;

struct gb_score_card {
    base_mem *mem;
    base_arena arena;
    const char *name;
    int64_t version;
    size_t n_factors, n_slots, n_profiles;
    const score_factor *factors;
    const int32_t *slot_borders_s; /* n_slots + 1 */
    const score_profile *profiles;
};

gb_status score_card_parse(gb_context *ctx, const char *json, size_t length,
                           gb_score_card **out);

#endif
