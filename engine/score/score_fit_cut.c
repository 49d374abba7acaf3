/*
 * score_fit_cut.c - a column of numbers cut into bins: first into at most
 * FIT_FINE fine bins of about equal size, never parting equal values, then
 * into few by what came about.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score_fit_fine.h"

/* The greatest multiple of 10^exponent, or of half of it, up to `high`. */
static double floor_to(double high, int exponent, int halves)
{
    const double power = pow(10, abs(exponent)) * (exponent < 0 ? halves : 1);

    if (exponent < 0)
        return floor(high * power) / power;
    return floor(high / (power / halves)) * (power / halves);
}

/* The roundest number in (low, high]: cards are read by people. */
static double round_between(double low, double high)
{
    const double largest = fmax(fabs(low), fabs(high));
    int exponent;

    if (low < 0 && high >= 0)
        return 0;
    if (!(largest > 1e-280) || largest > 1e280)
        return high;
    exponent = (int)ceil(log10(largest));
    for (int digit = 0; digit < 18; digit++)
        for (int halves = 1; halves <= 2; halves++) {
            const double at = floor_to(high, exponent - digit, halves);

            if (at > low && at <= high)
                return at;
        }
    return high;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Lower ends of the fine bins: a new one when the last is full. */
static size_t find_fine(const double *sorted, size_t n, double *starts)
{
    const size_t full = n / FIT_FINE + 1;
    size_t n_fine = 0, in_bin = 0;

    for (size_t i = 0; i < n; i++) {
        const bool is_new = i == 0 || sorted[i] > sorted[i - 1];
        size_t equal = i;

        if (!is_new) {
            in_bin++;
            continue;
        }
        while (equal < n && !(sorted[equal] > sorted[i]))
            equal++;
        /* A value that fills a bin by itself gets one by itself. */
        if (n_fine == 0 || in_bin >= full || equal - i >= full) {
            starts[n_fine++] = sorted[i];
            in_bin = 0;
        }
        in_bin++;
    }
    return n_fine;
}

static size_t fine_of(const double *starts, size_t n, double value)
{
    size_t low = 0, high = n;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (value >= starts[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The greatest value below each start: a border may lie anywhere between. */
static void find_gaps(const double *sorted, size_t n, const double *starts,
                      size_t n_fine, double *gaps)
{
    size_t i = 0;

    for (size_t b = 1; b < n_fine; b++) {
        while (i < n && sorted[i] < starts[b])
            i++;
        gaps[b] = sorted[i - 1];
    }
}

static void cut_fine(const fit *f, const double *starts, const double *gaps,
                     const fit_fine *x, fit_candidate *c,
                     uint8_t *bin_of_fine)
{
    int64_t rows[SCORE_MOST_CELLS + 2], events[SCORE_MOST_CELLS + 2];
    score_cut cut;

    fit_fine_total(x, rows, events);
    fit_fine_cut_numbers(f, x->n, rows, events, f->o.min_rows, &cut);
    c->n_bins = cut.n_bins;
    for (size_t b = 0, at = 0; b < cut.n_bins; b++) {
        for (; at < cut.ends[b]; at++)
            bin_of_fine[at] = (uint8_t)b;
        if (b + 1 < cut.n_bins)
            c->below[b] = round_between(gaps[at], starts[at]);
    }
    bin_of_fine[x->n] = (uint8_t)c->n_bins;
}

static void bin_rows(const fit *f, const double *values, const double *starts,
                     const fit_fine *x, const uint8_t *bin_of_fine,
                     fit_candidate *c)
{
    for (size_t i = 0; i < f->rows.n; i++)
        c->bin[i] = bin_of_fine[isnan(values[i])
                                    ? x->n
                                    : fine_of(starts, x->n, values[i])];
}

static void count_fine(const fit *f, const double *values,
                       const double *starts, fit_fine *x)
{
    for (size_t i = 0; i < f->rows.n; i++)
        fit_fine_count(f, x, i,
                       isnan(values[i]) ? x->n
                                        : fine_of(starts, x->n, values[i]));
}

gb_status fit_cut_numbers(fit *f, const double *values, fit_candidate *c)
{
    double starts[2 * FIT_FINE + 2] = { 0 }, gaps[2 * FIT_FINE + 2] = { 0 };
    uint8_t bin_of_fine[SCORE_MOST_CELLS + 2];
    double *sorted = base_alloc_array(f->mem, f->rows.n, sizeof *sorted);
    size_t n = 0, n_fine;
    fit_fine x;

    c->bin = base_alloc_array(f->mem, f->rows.n, 1);
    if (!sorted || !c->bin) {
        base_free(f->mem, sorted);
        return base_fail_nomem(f->run->ctx);
    }
    for (size_t i = 0; i < f->rows.n; i++)
        if (!isnan(values[i]))
            sorted[n++] = values[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    n_fine = find_fine(sorted, n, starts);
    find_gaps(sorted, n, starts, n_fine, gaps);
    base_free(f->mem, sorted);
    fit_fine_begin(&x, n_fine ? n_fine : 1); /* all blank: one bin, empty */
    count_fine(f, values, starts, &x);
    fit_fine_drift(&x, c);
    fit_fine_honest(f, &x, c);
    cut_fine(f, starts, gaps, &x, c, bin_of_fine);
    bin_rows(f, values, starts, &x, bin_of_fine, c);
    fit_judge(f, c);
    return GB_OK;
}
