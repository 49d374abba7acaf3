/*
 * score_bins.h - cutting a row of cells into few bins whose outcomes differ.
 *
 * The cells are fine quantiles of numbers in their order, or texts in the
 * order of their rates.  The cut maximises the likelihood of the outcomes less
 * a price for each bin, by dynamic programming over the ends of bins; rising
 * and falling cuts go over pairs of ends.  The plain twin (tests) is
 * the enumeration of all cuts.
 */
#ifndef SCORE_BINS_H
#define SCORE_BINS_H

#include <stddef.h>
#include <stdint.h>

enum { SCORE_MOST_CELLS = 128, SCORE_BINS_MOST = 12 };

typedef enum score_shape {
    SCORE_FREE,
    SCORE_RISING,
    SCORE_FALLING
} score_shape;

typedef struct score_cells {
    size_t n; /* at most SCORE_MOST_CELLS */
    const int64_t *rows, *events;
} score_cells;

typedef struct score_cut {
    size_t n_bins;
    uint32_t ends[SCORE_BINS_MOST]; /* of each bin, exclusive; the last is n */
    double value;
} score_cut;

/* e ln(e / n) + (n - e) ln(1 - e / n) */
double score_bin_loglik(double rows, double events);

/*
 * The best cut into at most max_bins bins of at least min_rows each; one bin
 * when there are too few rows.  `price` is that of a bin.
 */
void score_cut_best(const score_cells *cells, score_shape shape,
                    size_t max_bins, int64_t min_rows, double price,
                    score_cut *out);

/* The better monotone cut, whose bins have a price of their own, unless a free
 * one is better by `margin`. */
void score_cut_monotone(const score_cells *cells, size_t max_bins,
                        int64_t min_rows, double price, double monotone_price,
                        double margin, score_cut *out);

#endif
