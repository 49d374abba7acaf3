/*
 * score_card.h - a score card in memory, and its reader.
 *
 * A factor looks at one column of numbers, at the ratio or difference of two,
 * at a column of texts, or at a tag.  Those of numbers keep their bins as two
 * rising arrays; the first upper border above the value is found from the
 * left, since bins are few.  Those of texts keep all their texts sorted, each
 * with its group.  Names, titles and texts live in the card's arena.
 */
#ifndef SCORE_CARD_H
#define SCORE_CARD_H

#include <gridbeat/score.h>

#include "base_context.h"
#include "base_text.h"

enum { SCORE_MOST_POINTS = 10000, SCORE_MOST_FACTORS = 200,
       SCORE_MOST_BINS = 100, SCORE_MOST_VALUES = 10000 };

typedef enum score_kind {
    SCORE_NUMBER,
    SCORE_RATIO,      /* column / other */
    SCORE_DIFFERENCE, /* column - other */
    SCORE_TEXT,
    SCORE_TAG
} score_kind;

/* A text, and the group that it belongs to. */
typedef struct score_value {
    const char *text;
    uint32_t bin;
} score_value;

typedef struct score_factor {
    const char *name, *title_en, *title_zh;
    score_kind kind;
    const char *column; /* NULL: goes by tag */
    const char *other;  /* of a ratio or difference */
    const char *tag;    /* NULL: goes by column */
    size_t n_bins;      /* of a column: at least 1; of texts the last one is
                           for all that are in no other */
    const double *below; /* of numbers: n_bins - 1 rising upper borders */
    const int32_t *points; /* n_bins; of a tag: 1 */
    int32_t missing;
    size_t n_values;
    const score_value *values; /* of texts: sorted by text */
    /* Of fitted cards, else NULL: n_bins + 1 each, blanks last. */
    const int64_t *rows, *events;
} score_factor;

typedef struct score_profile {
    const char *name, *tag; /* tag NULL: everybody else */
    const int16_t *permille; /* n_slots */
} score_profile;

/* At `points` the odds are `odds`; `to_double` points more double them. */
typedef struct score_scale {
    double points, odds, to_double;
} score_scale;

struct gb_score_card {
    base_mem *mem;
    base_arena arena;
    const char *name;
    int64_t version;
    bool has_scale;
    score_scale scale;
    const char *fitted; /* JSON text of how it was fitted; NULL: by hand */
    size_t n_factors, n_slots, n_profiles;
    const score_factor *factors;
    bool has_presence; /* of its own, not that of the shipped card */
    const int32_t *slot_borders_s; /* n_slots + 1 */
    const score_profile *profiles;
    const struct score_worth *worth; /* score_worth.h; NULL: of a fitted one */
};

gb_status score_card_parse(gb_context *ctx, const char *json, size_t length,
                           gb_score_card **out);
/* The card that ships, as text. */
const char *score_card_shipped(void);

/* An empty card of the context's memory; freed by gb_score_card_free(). */
gb_score_card *score_card_new(gb_context *ctx);
/* Give it the presence of the shipped card. */
gb_status score_card_borrow_presence(gb_context *ctx, gb_score_card *card);
/* A copy in the card's arena; NULL: no memory. */
const char *score_card_keep(gb_score_card *card, const char *text);

/* Sort the values of a factor by text, as score_card_bin_of_text() needs. */
void score_card_sort_values(score_value *values, size_t n);

/* The bin of a value; of a text NULL is blank.  n_bins is that of blanks. */
size_t score_card_bin(const score_factor *factor, double value);
size_t score_card_bin_of_text(const score_factor *factor, const char *text);
static inline int32_t score_card_points(const score_factor *factor, size_t bin)
{
    return bin < factor->n_bins ? factor->points[bin] : factor->missing;
}

/* What a ratio or difference is of two numbers; NaN: blank. */
double score_card_derive(score_kind kind, double a, double b);

/* score_card_write.c: the JSON text, in the layout of the shipped card. */
void score_card_write(const gb_score_card *card, base_text *text);

#endif
