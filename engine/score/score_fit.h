/*
 * score_fit.h - fitting a card: the training rows, the candidates, the model.
 *
 *   score_fit_rows.c    which rows, in which order, in four parts of the time
 *   score_fit_fine.c    fine cells of a column, its drift, an honest gain
 *   score_fit_cut.c     numbers cut into bins: a candidate
 *   score_fit_words.c   texts put into groups: a candidate
 *   score_fit_offer.c   all columns, and ratios and differences, as candidates
 *   score_fit_screen.c  what is thrown out before the fit, and why
 *   score_fit_model.c   a set of factors, fitted, judged fold by fold
 *   score_fit_choose.c  forward choice of factors
 *   score_fit_card.c    points, scale, the card
 *
 * All counts are whole numbers and all sums run over groups of rows that are
 * alike, in the order of their bins; rows of one moment are put in an order
 * by what they hold.  So the order of the rows does not show in the card.
 */
#ifndef SCORE_FIT_H
#define SCORE_FIT_H

#include <gridbeat/scorecard.h>

#include "base_array.h"
#include "base_run.h"
#include "score_bins.h"
#include "score_card.h"
#include "score_logit.h"

enum {
    FIT_PARTS = 4,          /* of the training period, by time: for drift */
    FIT_FOLDS = 5,          /* every fifth row in time order: for gain */
    FIT_FINE = 32,          /* fine quantiles of a column of numbers */
    FIT_BINS = SCORE_BINS_MOST + 2, /* with the rest of texts, and blanks */
    FIT_MOST_FACTORS = 30
};

typedef struct fit_options {
    const gb_scorecard_fit_options *given;
    uint32_t max_factors, max_bins, points_to_double;
    int64_t min_rows;
    double smoothing, max_correlation, max_psi, max_alone;
} fit_options;

/* The training rows in time order. */
typedef struct fit_rows {
    size_t n, n_events;
    uint32_t *row;   /* in the table */
    uint8_t *event;
    uint8_t *part;   /* rising */
    uint8_t *fold;
    int64_t part_rows[FIT_PARTS], part_events[FIT_PARTS];
} fit_rows;

/* Why a candidate is left out; FIT_IN: it is not. */
typedef enum fit_reason {
    FIT_IN,
    FIT_SAME,      /* says nothing: one bin */
    FIT_ALONE,     /* separates too well alone */
    FIT_UNSEEN,    /* the last part has values that were not there before */
    FIT_DRIFT,     /* drifts, and its evidence did not hold */
    FIT_TURNED,    /* its effect turned round */
    FIT_REPEATS,   /* a better one tells the same */
    FIT_NO_GAIN
} fit_reason;

typedef struct fit_candidate {
    char *name;      /* owned */
    score_kind kind;
    size_t column, other; /* of the table */
    bool is_kept;    /* whatever the tests say */
    size_t n_bins;   /* without that of blanks, which is n_bins itself */
    double below[SCORE_BINS_MOST];
    uint8_t *bin_of_text; /* of texts: one for each of the column */
    uint8_t *bin;    /* one a training row */
    int64_t rows[FIT_PARTS][FIT_BINS], events[FIT_PARTS][FIT_BINS];
    int64_t fold_rows[FIT_FOLDS][FIT_BINS], fold_events[FIT_FOLDS][FIT_BINS];
    double evidence[FIT_BINS]; /* of all parts */
    double evidence_without[FIT_FOLDS][FIT_BINS];
    double honest;      /* gain of rows that the cut was not made from */
    double information; /* value */
    double alone;       /* AUC */
    double psi, unseen, held; /* of the last part; held: an AUC */
    bool is_suspect;    /* alone very good, left out or not */
    fit_reason reason;
    size_t repeats;     /* of FIT_REPEATS: which */
} fit_candidate;

typedef struct fit {
    base_run *run;
    base_mem *mem;
    const gb_scorecard_table *table;
    fit_options o;
    fit_rows rows;
    BASE_ARRAY(fit_candidate) candidates;
    size_t n_chosen, chosen[FIT_MOST_FACTORS];
    double gains[FIT_MOST_FACTORS];
    score_logit_fit model;
} fit;

/* Rows, and the sizes that follow from them. */
gb_status fit_take_rows(fit *f, const uint8_t *outcome);

/* Values of training rows for numbers: NaN is blank.  Fills all but `name`,
 * `column`, `other`, `kind` and `is_kept`. */
gb_status fit_cut_numbers(fit *f, const double *values, fit_candidate *c);
gb_status fit_cut_texts(fit *f, fit_candidate *c);

gb_status fit_offer_columns(fit *f);
gb_status fit_offer_pairs(fit *f);

void fit_screen(fit *f);
/* Correlation of the evidence of two candidates. */
double fit_correlation(const fit *f, const fit_candidate *a,
                       const fit_candidate *b);
/* AUC of bins ordered by evidence; .5 when one outcome is missing. */
double fit_bins_auc(const double *evidence, const int64_t *rows,
                    const int64_t *events, size_t n);

/* ---- a model ---- */

/* Rows that are alike in fold and in the bins of all factors taken. */
typedef struct fit_groups {
    size_t n, n_factors;
    uint32_t *of_row;
    uint8_t *fold;
    uint8_t *bins; /* n x n_factors */
    double *rows, *events;
} fit_groups;

gb_status fit_groups_begin(fit *f, fit_groups *g);
/* `from` parted further by one candidate. */
gb_status fit_groups_part(fit *f, const fit_groups *from,
                          const fit_candidate *c, fit_groups *out);
void fit_groups_clear(fit *f, fit_groups *g);

/* Fit on all folds. `chosen` are the factors of the groups. */
gb_status fit_model_all(fit *f, const fit_groups *g, const size_t *chosen,
                        score_logit_fit *out);
/* Log-likelihood of each fold by the fit on the others; their sum. */
gb_status fit_model_judge(fit *f, const fit_groups *g, const size_t *chosen,
                          double *loglik);
/* What a candidate would add at a first step (score test); 0: nothing. */
gb_status fit_model_promise(fit *f, const fit_groups *g,
                            const size_t *chosen,
                            const score_logit_fit *model,
                            const fit_candidate *c, double *promise);

gb_status fit_choose(fit *f);
gb_status fit_make_card(fit *f, gb_score_card **out);

gb_status score_fit(base_run *run, const gb_scorecard_table *table,
                    const uint8_t *outcome, const fit_options *options,
                    gb_score_card **out);

#endif
