/*
 * gridbeat/scorecard.h - score cards learnt from what happened, and how far
 * they may be believed.
 *
 * A card is fitted on a table of customers with a known outcome, and is then
 * a gb_score_card (score.h) like one that was written by hand: few factors,
 * each a short list of bins with whole points, more points = likelier.  What
 * a card is worth is asked of rows that it has not seen, later ones.
 */
#ifndef GRIDBEAT_SCORECARD_H
#define GRIDBEAT_SCORECARD_H

#include <gridbeat/score.h>

#ifdef __cplusplus
extern "C" {
#endif

/** No text in this row; and, of outcomes, a row to leave out. */
#define GB_SCORECARD_BLANK UINT32_MAX
#define GB_SCORECARD_LEFT_OUT 255

/** A column: numbers, or texts by their place in a list.  Borrowed. */
typedef struct gb_scorecard_column {
    const char *name;
    const double *numbers; /* one a row, NaN is blank; NULL: texts */
    const uint32_t *codes; /* one a row, into `texts`; GB_SCORECARD_BLANK */
    const char *const *texts;
    size_t n_texts;
} gb_scorecard_column;

typedef struct gb_scorecard_table {
    size_t size;
    size_t n_rows, n_columns;
    const gb_scorecard_column *columns; /* names differ */
} gb_scorecard_table;
#define GB_SCORECARD_TABLE_INIT { sizeof(gb_scorecard_table), 0, 0, 0 }

/** Which factors are offered beside the columns themselves. */
typedef enum gb_scorecard_derive {
    GB_SCORECARD_RATIOS = 0, /* ratios and differences of like amounts */
    GB_SCORECARD_AS_THEY_ARE = 1
} gb_scorecard_derive;

typedef struct gb_scorecard_fit_options {
    size_t size;
    const char *name;          /* of the card; NULL = "fitted" */
    uint32_t max_factors;      /* 0 = 8; at most 30 */
    uint32_t max_bins;         /* of a factor, without blanks; 0 = 6; 2 to 12 */
    uint32_t min_rows;         /* of a bin; 0 = 1/200 of all, at least 25 */
    uint32_t points_to_double; /* the odds; 0 = 20; 5 to 200 */
    int32_t derive;            /* gb_scorecard_derive */
    double smoothing_rows;     /* added to each bin at the mean rate; 0 = 20 */
    double max_correlation;    /* of two factors' evidence; 0 = 0.8 */
    double max_psi;            /* see gb_scorecard_fit(); 0 = 0.25 */
    double max_alone;          /* AUC of a factor alone; 0 = 0.85 */
    const double *time;        /* one a row; NULL: rows are in time order */
    size_t n_left_out;         /* columns not to be looked at */
    const char *const *left_out;
    size_t n_kept;             /* columns that no test throws out */
    const char *const *kept;
    size_t n_amounts;          /* columns of one unit, beside those whose */
    const char *const *amounts; /* names end in _fen, _yuan and the like */
    /* Kept in the card under "fitted" for who reads it later; NULL = none. */
    const char *id, *target, *where;
} gb_scorecard_fit_options;
#define GB_SCORECARD_FIT_OPTIONS_INIT                                         \
    { sizeof(gb_scorecard_fit_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   \
      0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Fit a card.
 *
 * Numbers are cut into bins whose outcomes differ for certain, rising or
 * falling throughout where that loses nothing; texts are grouped likewise,
 * rare ones together; blanks stand by themselves.  Each bin has its weight of
 * evidence; a logistic model with coefficients of at least 0 puts the factors
 * together.  They are taken in one by one, by what each adds to the likelihood
 * of each fifth of the rows when it is fitted on the others; one that adds
 * next to nothing is not taken, so a card may be shorter than max_factors.
 *
 * Left out, and named with the reason in the card under "left_out": a column
 * that alone separates too well to have been known beforehand; one whose
 * values in the last part of the training period were never seen before, or
 * that drifts (population stability index of the last part against the one
 * before above max_psi) without its evidence holding there; one whose effect
 * turned round; one that repeats a better one.
 *
 * @param outcome  One a row: 1 it came about, 0 not, GB_SCORECARD_LEFT_OUT to
 *                 keep the row out.
 * @param options  NULL: all defaults.
 * @return GB_OK; GB_ERR_DATA with fewer than 10 rows of either outcome, or
 *         when no factor helps; GB_ERR_ARGUMENT, GB_ERR_OPTIONS,
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.
 *
 * Ownership: free with gb_score_card_free().  Threads: one thread a context.
 * Repeatable: equal bytes; with `time`, whatever the order of the rows.
 * Cost: O(rows x candidates) a factor taken.
 * Method: L. Thomas, D. Edelman, J. Crook, Credit Scoring and Its
 *   Applications (2002); bins by dynamic programming, W. D. Fisher, JASA 53
 *   (1958) 789-798.
 * Since: 0.1.
 */
GB_API gb_status gb_scorecard_fit(gb_context *ctx,
                                  const gb_scorecard_table *table,
                                  const uint8_t *outcome,
                                  const gb_scorecard_fit_options *options,
                                  gb_score_card **out);

/**
 * The card as JSON text that gb_score_card_parse() reads to an equal card.
 *
 * @param buffer    May be NULL when `capacity` is 0.
 * @param needed    Bytes with the '\0' at the end; may be NULL.
 * @return GB_OK; GB_ERR_BUFFER when it does not fit; GB_ERR_ARGUMENT;
 *         GB_ERR_NOMEM.
 */
GB_API gb_status gb_scorecard_text(gb_context *ctx, const gb_score_card *card,
                                   char *buffer, size_t capacity,
                                   size_t *needed);

/**
 * Score every row of a table.
 *
 * A factor of a tag is looked for as a column of that name (any text, or a
 * number that is not 0), `name=value` also as the text `value` in a column
 * `name`.
 *
 * @param parts        n_rows x n_factors points, or NULL.
 * @param points       n_rows sums, never below 0; or NULL.
 * @param probability  n_rows, by the card's scale; or NULL.
 * @return GB_OK; GB_ERR_DATA when a column is missing or of the wrong kind, or
 *         a probability is asked of a card that has no scale;
 *         GB_ERR_ARGUMENT; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context; card and table are only read.
 * Cost: O(rows x factors x bins).
 * Since: 0.1.
 */
GB_API gb_status gb_scorecard_apply(gb_context *ctx, const gb_score_card *card,
                                    const gb_scorecard_table *table,
                                    int32_t *parts, int64_t *points,
                                    double *probability);

/**
 * The bin of each factor that every row falls into, from 0 in the card's order;
 * blanks have the number behind the last bin, rows without a tag 1.
 *
 * @param bins  n_rows x n_factors.
 * @return As gb_scorecard_apply().
 */
GB_API gb_status gb_scorecard_bins(gb_context *ctx, const gb_score_card *card,
                                   const gb_scorecard_table *table,
                                   uint32_t *bins);

/**
 * Population stability of each factor: how far the table's rows are spread
 * over its bins otherwise than those that the card was fitted on.  Below .1 is
 * quiet, above .25 loud; NaN for a factor that does not know its rows.
 *
 * @param psi  One a factor.
 * @return As gb_scorecard_apply().
 */
GB_API gb_status gb_scorecard_stability(gb_context *ctx,
                                        const gb_score_card *card,
                                        const gb_scorecard_table *table,
                                        double *psi);

/** How probabilities may follow the drift of the outcomes. */
typedef enum gb_scorecard_calibration {
    GB_SCORECARD_PLAIN = 0,
    GB_SCORECARD_ROLLING = 1, /* an intercept, anew every `every` rows, from
                                 the outcomes of the `every` rows before */
    GB_SCORECARD_ISOTONIC = 2 /* a rising step function of the probability,
                                 anew every `every` rows, from all before */
} gb_scorecard_calibration;

typedef struct gb_scorecard_check_options {
    size_t size;
    int32_t calibration; /* gb_scorecard_calibration */
    uint32_t every;      /* 0 = 1000 rows */
} gb_scorecard_check_options;
#define GB_SCORECARD_CHECK_OPTIONS_INIT                                       \
    { sizeof(gb_scorecard_check_options), 0, 0 }

/** A tenth of the rows, the likeliest first; ties are shared out evenly. */
typedef struct gb_scorecard_tenth {
    double n_rows, n_events;
    double probability, rate; /* foretold and seen */
    double lift;              /* rate over the rate of all */
} gb_scorecard_tenth;

typedef struct gb_scorecard_figures {
    size_t size;
    uint64_t n_rows, n_events;
    double auc;   /* chance that of two rows the one with the event is higher */
    double ks;    /* Kolmogorov and Smirnov: largest distance of the shares */
    double brier; /* mean squared error */
    double log_loss;
    double calibration_error; /* mean over rows of |foretold - seen| by tenth */
    double mean_probability, rate;
    gb_scorecard_tenth tenths[10];
} gb_scorecard_figures;

/**
 * How well probabilities foretold what came.
 *
 * @param probability  One a row, 0 to 1; rows in time order.
 * @param outcome      As of gb_scorecard_fit().
 * @param figures      Its size must be set.
 * @param recalibrated What options->calibration makes of each probability,
 *                     of outcomes before it only; or NULL.  The figures are
 *                     those of these.
 * @return GB_OK; GB_ERR_DATA when all outcomes are equal; GB_ERR_ARGUMENT;
 *         GB_ERR_OPTIONS; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: O(n log n), isotonic O(n log n) each
 * time that it is made anew.
 * Method: T. Fawcett, Pattern Recogn. Lett. 27 (2006) 861-874 (AUC);
 *   pool adjacent violators, M. Ayer et al., Ann. Math. Stat. 26 (1955).
 * Since: 0.1.
 */
GB_API gb_status gb_scorecard_check(gb_context *ctx, const double *probability,
                                    const uint8_t *outcome, size_t n_rows,
                                    const gb_scorecard_check_options *options,
                                    gb_scorecard_figures *figures,
                                    double *recalibrated);

/**
 * AUC of any ranking: higher = likelier, NaN lowest.  For rules to compare a
 * card with.  Errors as of gb_scorecard_check().
 */
GB_API gb_status gb_scorecard_auc(gb_context *ctx, const double *rank,
                                  const uint8_t *outcome, size_t n_rows,
                                  double *auc);

#ifdef __cplusplus
}
#endif
#endif
