/*
 * gridbeat/value.h - what a customer brings in a year, how loyal he is, what
 * of it a visit decides, and which service suits him.
 *
 * A score card (score.h) tells how likely a visit succeeds.  Four more keys of
 * the same text, which the head office edits, tell what success is worth:
 *
 *   contribution  fen a year, a sum of weighted columns and tags; of each part
 *                 a share counts as brought now, and a share is at stake at a
 *                 visit;
 *   loyalty       0 to 1000, a weighted mean of curves;
 *   matrix        contribution by loyalty: each box has a strategy;
 *   urgency       curves over the days to a maturity or a promise, which
 *                 multiply what a visit is worth on that day.
 *
 * A card that has `scale` and `contribution` prices visits:
 *
 *   points = chance x at stake / fen_per_point x urgency
 *
 * Every figure has its parts, and they add up.  data/VALUE.md has the form and
 * an example that can be followed by hand.
 */
#ifndef GRIDBEAT_VALUE_H
#define GRIDBEAT_VALUE_H

#include <gridbeat/score.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most points that a visit has by its value. */
#define GB_VALUE_MOST_POINTS 1000000
/** No loyalty and no box: the card has no such model. */
#define GB_VALUE_NO_LOYALTY (-1)
#define GB_VALUE_NO_BOX UINT32_MAX

/** The models that are made of parts. */
typedef enum gb_value_model {
    GB_VALUE_CONTRIBUTION = 0,
    GB_VALUE_LOYALTY = 1,
    GB_VALUE_URGENCY = 2
} gb_value_model;

/** Number of parts of a model; 0: the card does not have it.  Any thread. */
GB_API size_t gb_value_n_parts(const gb_score_card *card,
                               gb_value_model model);

/** The name of a part, or its title in "en" or "zh".  NULL: no such. */
GB_API const char *gb_value_part(const gb_score_card *card,
                                 gb_value_model model, size_t part);
GB_API const char *gb_value_part_title(const gb_score_card *card,
                                       gb_value_model model, size_t part,
                                       const char *lang);

/** Are the points of a visit chance x contribution?  Else they are the
 * card's.  Any thread. */
GB_API bool gb_value_prices_visits(const gb_score_card *card);

/** How many fen a year one point is worth; 0: the card prices no visits. */
GB_API double gb_value_fen_per_point(const gb_score_card *card);

typedef struct gb_value_options {
    size_t size;
    double log_odds_shift; /* added to the card's log odds, for a card whose
                              chances have drifted; 0: as the card says.
                              Within +-50 */
} gb_value_options;
#define GB_VALUE_OPTIONS_INIT { sizeof(gb_value_options), 0 }

/**
 * Where gb_value_apply() writes: one a row, or n_rows x n_parts of the model.
 * What is NULL is not wanted.
 */
typedef struct gb_value_result {
    size_t size;
    int64_t *points;           /* of the visit, 0 to GB_VALUE_MOST_POINTS; the
                                  card's own where it prices no visits */
    double *chance;            /* of success, 0 to 1; NaN without a scale */
    int64_t *contribution_fen; /* what he brings now, fen a year; may be < 0 */
    int64_t *at_stake_fen;     /* what a visit decides of it, fen a year */
    int32_t *loyalty;          /* 0 to 1000, or GB_VALUE_NO_LOYALTY */
    double *urgency;           /* 1 without curves */
    uint32_t *box;             /* of the matrix, or GB_VALUE_NO_BOX */
    int64_t *contribution_parts, *at_stake_parts; /* add up to the sums */
    int32_t *loyalty_parts;    /* add up to the loyalty */
    double *urgency_parts;     /* multiply to the urgency */
} gb_value_result;
#define GB_VALUE_RESULT_INIT                                                  \
    { sizeof(gb_value_result), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * The value of every row.
 *
 * @param card_points  n_rows points of gb_score_card_apply(); NULL: they are
 *                     worked out here, where they are needed.
 * @param result       Its size must be set; the arrays are the caller's.
 * @return GB_OK; GB_ERR_DATA when a model asks for a column that the table
 *         does not have, whatever is wanted; GB_ERR_ARGUMENT;
 *         GB_ERR_OPTIONS; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context; card and table are only read.
 * Cost: O(rows x (parts + tags of the row)).
 * Method: points are an expected value, and the models are weighted sums as
 * banks keep them for customer profitability (P. E. Pfeifer, M. E. Haskins,
 * R. M. Conroy, Customer lifetime value, customer profitability, and the
 * treatment of acquisition spending, J. Manag. Issues 17 (2005)).
 * Since: 0.1.
 */
GB_API gb_status gb_value_apply(gb_context *ctx, const gb_score_card *card,
                                const gb_score_table *table,
                                const int64_t *card_points,
                                const gb_value_options *options,
                                const gb_value_result *result);

/** A box of the matrix.  Texts are borrowed from the card. */
typedef struct gb_value_box {
    size_t size;
    const char *name, *title; /* title in the language asked for */
    /* levels, from 0 = lowest; names and titles of the levels */
    uint32_t contribution, loyalty;
    const char *contribution_name, *contribution_title;
    const char *loyalty_name, *loyalty_title;
    /* the strategy */
    const char *channel;      /* visit, call, sms, app or none */
    uint32_t every_days;      /* days between two contacts; 0: on occasion */
    const char *template_ref; /* "": none */
    const char *advice;       /* in the language; "": none */
} gb_value_box;

/** Levels of the matrix; boxes are numbered contribution x n_loyalty +
 * loyalty.  0 and 0: the card has no matrix.  Any thread. */
GB_API void gb_value_matrix(const gb_score_card *card,
                            size_t *n_contribution, size_t *n_loyalty);

/**
 * Tell of a box.
 *
 * @param lang  "en" or "zh"; NULL and any other: English.
 * @param out   Its size must be set.
 * @return GB_OK; GB_ERR_NOT_FOUND when there is no such box;
 *         GB_ERR_ARGUMENT.
 *
 * Threads: one thread a context.  Since: 0.1.
 */
GB_API gb_status gb_value_box_get(gb_context *ctx, const gb_score_card *card,
                                  uint32_t box, const char *lang,
                                  gb_value_box *out);

#ifdef __cplusplus
}
#endif
#endif
