/*
 * score_fit_fine.c - see score_fit_fine.h.
 */
#include "score_fit_fine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score_apply.h"

/* A free cut must be likelier than a monotone one by a factor of e^3. */
static const double MONOTONE_MARGIN = 3;
/* Of a bin, in log-likelihood: about half of what chance exceeds once in
 * twenty.  Where bins must rise or fall, chance has less room. */
static const double BIN_PRICE = 2, MONOTONE_PRICE = 1;
/* A value is known from before when so many rows had it. */
enum { ROWS_TO_KNOW = 25, ROWS_TO_KNOW_IN = 1000 };

void fit_fine_begin(fit_fine *x, size_t n)
{
    memset(x, 0, sizeof *x);
    x->n = n;
}

void fit_fine_count(const fit *f, fit_fine *x, size_t row, size_t cell)
{
    const uint8_t part = f->rows.part[row], fold = f->rows.fold[row];

    x->rows[part][cell]++;
    x->events[part][cell] += f->rows.event[row];
    x->fold_rows[fold][cell]++;
    x->fold_events[fold][cell] += f->rows.event[row];
}

void fit_fine_total(const fit_fine *x, int64_t *rows, int64_t *events)
{
    for (size_t b = 0; b <= x->n; b++) {
        rows[b] = events[b] = 0;
        for (size_t p = 0; p < FIT_PARTS; p++) {
            rows[b] += x->rows[p][b];
            events[b] += x->events[p][b];
        }
    }
}

/* How far the last part is new, and how far from the one before it. */
void fit_fine_drift(const fit_fine *x, fit_candidate *c)
{
    const size_t last = FIT_PARTS - 1;
    int64_t n_last = 0, n_before = 0, n_new = 0, n_prior = 0, least;
    size_t n_used = 0;

    for (size_t b = 0; b <= x->n; b++) {
        n_last += x->rows[last][b];
        n_prior += x->rows[last - 1][b];
        for (size_t p = 0; p < last; p++)
            n_before += x->rows[p][b];
    }
    least = n_before / ROWS_TO_KNOW_IN;
    if (least < 1)
        least = 1;
    if (least > ROWS_TO_KNOW)
        least = ROWS_TO_KNOW;
    for (size_t b = 0; b <= x->n; b++) {
        int64_t before = 0;

        for (size_t p = 0; p < last; p++)
            before += x->rows[p][b];
        if (before < least)
            n_new += x->rows[last][b];
        n_used += before > 0 || x->rows[last][b] > 0;
    }
    c->unseen = n_last > 0 ? (double)n_new / (double)n_last : 0;
    c->psi = 0;
    if (n_last == 0 || n_prior == 0)
        return;
    c->psi = score_psi(x->rows[last - 1], x->rows[last], x->n + 1);
    /* What chance alone makes of so many bins in so few rows. */
    c->psi -= 2 * (double)n_used
              * (1 / (double)n_last + 1 / (double)n_prior);
    c->psi = fmax(c->psi, 0);
}

/* ---- cuts ---- */

void fit_fine_cut_numbers(const fit *f, size_t n, const int64_t *rows,
                          const int64_t *events, int64_t min_rows,
                          score_cut *cut)
{
    const score_cells cells = { n, rows, events };

    score_cut_monotone(&cells, f->o.max_bins, min_rows, BIN_PRICE,
                       MONOTONE_PRICE, MONOTONE_MARGIN, cut);
}

typedef struct rated {
    int64_t rows, events;
    uint32_t cell;
} rated;

/* By rate, exactly; then by cell, whose order the texts give. */
static int by_rate(const void *a, const void *b)
{
    const rated *x = a, *y = b;
    const double left = (double)x->events * (double)y->rows;
    const double right = (double)y->events * (double)x->rows;

    if (left < right || left > right)
        return left < right ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

void fit_fine_cut_words(const fit *f, size_t n, const int64_t *rows,
                        const int64_t *events, int64_t min_rows,
                        uint32_t *order, score_cut *cut)
{
    rated sorted[SCORE_MOST_CELLS];
    int64_t r[SCORE_MOST_CELLS], e[SCORE_MOST_CELLS];
    const score_cells cells = { n, r, e };

    cut->n_bins = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = (rated){ rows[i], events[i], (uint32_t)i };
    qsort(sorted, n, sizeof *sorted, by_rate);
    for (size_t i = 0; i < n; i++) {
        r[i] = sorted[i].rows;
        e[i] = sorted[i].events;
        order[i] = sorted[i].cell;
    }
    if (n > 0)
        score_cut_best(&cells, SCORE_FREE, f->o.max_bins - 1, min_rows,
                       BIN_PRICE, cut);
}

/* ---- honesty ---- */

/* Which bin each cell is in, by a cut of these counts; the bins. */
static size_t bins_of_cells(const fit *f, const fit_fine *x,
                            const fit_candidate *c, const int64_t *rows,
                            const int64_t *events, uint8_t *bin_of_cell)
{
    const bool has_rest = c->kind == SCORE_TEXT;
    const size_t n = x->n - has_rest;
    /* As much smaller as the rows are fewer. */
    const int64_t min_rows = f->o.min_rows * (FIT_FOLDS - 1) / FIT_FOLDS;
    uint32_t order[SCORE_MOST_CELLS];
    score_cut cut;
    size_t at = 0;

    if (has_rest)
        fit_fine_cut_words(f, n, rows, events, min_rows, order, &cut);
    else
        fit_fine_cut_numbers(f, n, rows, events, min_rows, &cut);
    for (size_t b = 0; b < cut.n_bins; b++)
        for (; at < cut.ends[b]; at++)
            bin_of_cell[has_rest ? order[at] : at] = (uint8_t)b;
    if (has_rest)
        bin_of_cell[n] = (uint8_t)cut.n_bins;
    bin_of_cell[x->n] = (uint8_t)(cut.n_bins + has_rest);
    return cut.n_bins + has_rest + 1;
}

static double loglik(double rows, double events, double p)
{
    return events * log(p) + (rows - events) * log1p(-p);
}

/* The gain in one fold of what the others say. */
static double gain_in(const fit *f, const fit_fine *x, const fit_candidate *c,
                      size_t fold)
{
    int64_t rows[SCORE_MOST_CELLS + 2], events[SCORE_MOST_CELLS + 2];
    double r[FIT_BINS] = { 0 }, e[FIT_BINS] = { 0 }, n = 0, n_events = 0;
    double out_rows[FIT_BINS] = { 0 }, out_events[FIT_BINS] = { 0 };
    const double m = f->o.smoothing;
    uint8_t bin_of_cell[SCORE_MOST_CELLS + 2];
    double rate, gain = 0;
    size_t n_bins;

    fit_fine_total(x, rows, events);
    for (size_t k = 0; k <= x->n; k++) {
        rows[k] -= x->fold_rows[fold][k];
        events[k] -= x->fold_events[fold][k];
        n += (double)rows[k];
        n_events += (double)events[k];
    }
    if (!(n_events > 0) || !(n > n_events))
        return 0;
    n_bins = bins_of_cells(f, x, c, rows, events, bin_of_cell);
    for (size_t k = 0; k <= x->n; k++) {
        const size_t b = bin_of_cell[k];

        r[b] += (double)rows[k];
        e[b] += (double)events[k];
        out_rows[b] += (double)x->fold_rows[fold][k];
        out_events[b] += (double)x->fold_events[fold][k];
    }
    rate = n_events / n;
    for (size_t b = 0; b < n_bins; b++)
        gain += loglik(out_rows[b], out_events[b],
                       (e[b] + m * rate) / (r[b] + m))
                - loglik(out_rows[b], out_events[b], rate);
    return gain;
}

void fit_fine_honest(const fit *f, const fit_fine *x, fit_candidate *c)
{
    c->honest = 0;
    for (size_t fold = 0; fold < FIT_FOLDS; fold++)
        c->honest += gain_in(f, x, c, fold);
}

/* ---- evidence ---- */

double fit_evidence(double rows, double events, double rate, double m)
{
    return log((events + m * rate) / (rows - events + m * (1 - rate)))
           - log(rate / (1 - rate));
}

/* Of the first `n_lots` lots but `without`. */
static void weigh(const fit *f, size_t n_bins, int64_t (*rows)[FIT_BINS],
                  int64_t (*events)[FIT_BINS], size_t n_lots,
                  size_t without, double *evidence)
{
    double r[FIT_BINS] = { 0 }, e[FIT_BINS] = { 0 }, n = 0, n_events = 0, rate;

    for (size_t p = 0; p < n_lots; p++)
        for (size_t b = 0; b <= n_bins && p != without; b++) {
            r[b] += (double)rows[p][b];
            e[b] += (double)events[p][b];
            n += (double)rows[p][b];
            n_events += (double)events[p][b];
        }
    rate = fmin(fmax(n_events, .5), fmax(n - .5, .5)) / fmax(n, 1);
    for (size_t b = 0; b <= n_bins; b++)
        evidence[b] = fit_evidence(r[b], e[b], rate, f->o.smoothing);
}

double fit_bins_auc(const double *evidence, const int64_t *rows,
                    const int64_t *events, size_t n)
{
    double n_events = 0, n_others = 0, won = 0;

    for (size_t a = 0; a < n; a++) {
        n_events += (double)events[a];
        n_others += (double)(rows[a] - events[a]);
        for (size_t b = 0; b < n; b++) {
            const double pairs
                = (double)events[a] * (double)(rows[b] - events[b]);

            if (evidence[a] > evidence[b])
                won += pairs;
            else if (!(evidence[a] < evidence[b]))
                won += pairs / 2;
        }
    }
    return n_events > 0 && n_others > 0 ? won / (n_events * n_others) : .5;
}

static void count_bins(const fit *f, fit_candidate *c)
{
    memset(c->rows, 0, sizeof c->rows);
    memset(c->events, 0, sizeof c->events);
    memset(c->fold_rows, 0, sizeof c->fold_rows);
    memset(c->fold_events, 0, sizeof c->fold_events);
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint8_t fold = f->rows.fold[i];

        c->fold_rows[fold][c->bin[i]]++;
        c->fold_events[fold][c->bin[i]] += f->rows.event[i];
        c->rows[f->rows.part[i]][c->bin[i]]++;
        c->events[f->rows.part[i]][c->bin[i]] += f->rows.event[i];
    }
}

/* All that follows from the bins of the rows. */
void fit_judge(const fit *f, fit_candidate *c)
{
    const size_t last = FIT_PARTS - 1;
    int64_t rows[FIT_BINS] = { 0 }, events[FIT_BINS] = { 0 };
    const double n_events = (double)f->rows.n_events;
    const double n_others = (double)(f->rows.n - f->rows.n_events);
    double before[FIT_BINS];

    count_bins(f, c);
    weigh(f, c->n_bins, c->rows, c->events, FIT_PARTS, SIZE_MAX, c->evidence);
    weigh(f, c->n_bins, c->rows, c->events, last, SIZE_MAX, before);
    for (size_t p = 0; p < FIT_FOLDS; p++)
        weigh(f, c->n_bins, c->fold_rows, c->fold_events, FIT_FOLDS, p,
              c->evidence_without[p]);
    c->information = 0;
    for (size_t b = 0; b <= c->n_bins; b++) {
        for (size_t p = 0; p < FIT_PARTS; p++) {
            rows[b] += c->rows[p][b];
            events[b] += c->events[p][b];
        }
        c->information
            += ((double)events[b] / n_events
                - (double)(rows[b] - events[b]) / n_others)
               * c->evidence[b];
    }
    c->alone = fit_bins_auc(c->evidence, rows, events, c->n_bins + 1);
    c->held = fit_bins_auc(before, c->rows[last], c->events[last],
                           c->n_bins + 1);
}

