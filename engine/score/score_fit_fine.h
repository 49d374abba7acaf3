/*
 * score_fit_fine.h - what fine cells of a column hold, before the outcomes
 * have had a say in which of them stand together: for its drift, and for what
 * a cut of it is worth on rows that it was not made from.
 */
#ifndef SCORE_FIT_FINE_H
#define SCORE_FIT_FINE_H

#include "score_fit.h"

/* The last cell, of number n, is for blanks. */
typedef struct fit_fine {
    size_t n; /* without blanks */
    int64_t rows[FIT_PARTS][SCORE_MOST_CELLS + 2];
    int64_t events[FIT_PARTS][SCORE_MOST_CELLS + 2];
    int64_t fold_rows[FIT_FOLDS][SCORE_MOST_CELLS + 2];
    int64_t fold_events[FIT_FOLDS][SCORE_MOST_CELLS + 2];
} fit_fine;

void fit_fine_begin(fit_fine *x, size_t n);
/* One training row is in a cell. */
void fit_fine_count(const fit *f, fit_fine *x, size_t row, size_t cell);
/* Of all parts. */
void fit_fine_total(const fit_fine *x, int64_t *rows, int64_t *events);

/* Sets unseen and psi of the candidate. */
void fit_fine_drift(const fit_fine *x, fit_candidate *c);

/* The cut of the cells as candidates are cut: numbers, or words of which the
 * last cell is the rest.  `order` has the cells of words by rate. */
void fit_fine_cut_numbers(const fit *f, size_t n, const int64_t *rows,
                          const int64_t *events, int64_t min_rows,
                          score_cut *cut);
void fit_fine_cut_words(const fit *f, size_t n, const int64_t *rows,
                        const int64_t *events, int64_t min_rows,
                        uint32_t *order, score_cut *cut);

/*
 * What the column adds to the likelihood of each fold when it is cut without
 * that fold: the cut that is used was made with all rows, and so flatters
 * itself.  Sets `honest` of the candidate.
 */
void fit_fine_honest(const fit *f, const fit_fine *x, fit_candidate *c);

/* All that follows from the bins of the rows. */
void fit_judge(const fit *f, fit_candidate *c);

/* (events + m rate) / (rows + m), as log-odds less those of the rate. */
double fit_evidence(double rows, double events, double rate, double m);

#endif
