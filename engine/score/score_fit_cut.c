/*
 * score_fit_cut.c - a column cut into bins.
 *
 * Numbers first go into at most FIT_FINE fine bins of about equal size, never
 * parting equal values; texts into one cell each, rare ones into the rest.
 * The drift of a column is looked for in these, before the outcomes have had
 * a say (score_bins.c) in which of them stand together.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score_apply.h"
#include "score_fit.h"

/* A free cut must be likelier than a monotone one by a factor of e^3. */
static const double MONOTONE_MARGIN = 3;
/* Of a bin, in log-likelihood: about half of what chance exceeds once in
 * twenty.  Where bins must rise or fall, chance has less room. */
static const double BIN_PRICE = 2, MONOTONE_PRICE = 1;
/* A value is known from before when so many rows had it. */
enum { ROWS_TO_KNOW = 25, ROWS_TO_KNOW_IN = 1000 };

/* What the fine bins hold, part by part; the last one is for blanks. */
typedef struct fine {
    size_t n; /* without blanks */
    int64_t rows[FIT_PARTS][SCORE_MOST_CELLS + 2];
    int64_t events[FIT_PARTS][SCORE_MOST_CELLS + 2];
} fine;

static void total(const fine *x, int64_t *rows, int64_t *events)
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
static void measure_drift(const fine *x, fit_candidate *c)
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

/* ---- evidence ---- */

static double evidence_of(double rows, double events, double rate, double m)
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
        evidence[b] = evidence_of(r[b], e[b], rate, f->o.smoothing);
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
static void judge(const fit *f, fit_candidate *c)
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

/* ---- numbers ---- */

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
                     const fine *x, fit_candidate *c, uint8_t *bin_of_fine)
{
    int64_t rows[SCORE_MOST_CELLS + 2], events[SCORE_MOST_CELLS + 2];
    const score_cells cells = { x->n, rows, events };
    score_cut cut;

    total(x, rows, events);
    score_cut_monotone(&cells, f->o.max_bins, f->o.min_rows,
                       BIN_PRICE, MONOTONE_PRICE, MONOTONE_MARGIN, &cut);
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
                     const fine *x, const uint8_t *bin_of_fine,
                     fit_candidate *c)
{
    for (size_t i = 0; i < f->rows.n; i++)
        c->bin[i] = bin_of_fine[isnan(values[i])
                                    ? x->n
                                    : fine_of(starts, x->n, values[i])];
}

static void count_fine(const fit *f, const double *values,
                       const double *starts, fine *x)
{
    memset(x->rows, 0, sizeof x->rows);
    memset(x->events, 0, sizeof x->events);
    for (size_t i = 0; i < f->rows.n; i++) {
        const size_t b = isnan(values[i]) ? x->n
                                          : fine_of(starts, x->n, values[i]);

        x->rows[f->rows.part[i]][b]++;
        x->events[f->rows.part[i]][b] += f->rows.event[i];
    }
}

gb_status fit_cut_numbers(fit *f, const double *values, fit_candidate *c)
{
    double starts[2 * FIT_FINE + 2] = { 0 }, gaps[2 * FIT_FINE + 2] = { 0 };
    uint8_t bin_of_fine[SCORE_MOST_CELLS + 2];
    double *sorted = base_alloc_array(f->mem, f->rows.n, sizeof *sorted);
    size_t n = 0;
    fine x;

    c->bin = base_alloc_array(f->mem, f->rows.n, 1);
    if (!sorted || !c->bin) {
        base_free(f->mem, sorted);
        return base_fail_nomem(f->run->ctx);
    }
    for (size_t i = 0; i < f->rows.n; i++)
        if (!isnan(values[i]))
            sorted[n++] = values[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    x.n = find_fine(sorted, n, starts);
    find_gaps(sorted, n, starts, x.n, gaps);
    base_free(f->mem, sorted);
    x.n = x.n ? x.n : 1; /* all blank: one bin, empty */
    count_fine(f, values, starts, &x);
    measure_drift(&x, c);
    cut_fine(f, starts, gaps, &x, c, bin_of_fine);
    bin_rows(f, values, starts, &x, bin_of_fine, c);
    judge(f, c);
    return GB_OK;
}

/* ---- texts ---- */

typedef struct word {
    const char *text;
    uint32_t code;
    int64_t rows, events;
} word;

/* By rate, exactly; then by the text, so that codes do not matter. */
static int by_rate(const void *a, const void *b)
{
    const word *x = a, *y = b;
    const double left = (double)x->events * (double)y->rows;
    const double right = (double)y->events * (double)x->rows;

    if (left < right || left > right)
        return left < right ? -1 : 1;
    return strcmp(x->text, y->text);
}

static void count_words(const fit *f, const gb_scorecard_column *column,
                        word *words)
{
    for (size_t t = 0; t < column->n_texts; t++)
        words[t] = (word){ column->texts[t], (uint32_t)t, 0, 0 };
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint32_t code = column->codes[f->rows.row[i]];

        if (code == GB_SCORECARD_BLANK)
            continue;
        words[code].rows++;
        words[code].events += f->rows.event[i];
    }
}

/* Frequent words to the front; how many. */
static size_t part_words(const fit *f, word *words, size_t n)
{
    int64_t least = f->o.min_rows;
    size_t n_kept;

    do { /* as many cells as the cut can take */
        n_kept = 0;
        for (size_t t = 0; t < n; t++)
            n_kept += words[t].rows >= least;
        least += least / 4 + 1;
    } while (n_kept > SCORE_MOST_CELLS - 1);
    return n_kept;
}

static int by_rows(const void *a, const void *b)
{
    const word *x = a, *y = b;

    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* Groups of the frequent words, then one of all others. */
static void cut_words(const fit *f, const word *words, size_t n,
                      fit_candidate *c)
{
    int64_t rows[SCORE_MOST_CELLS], events[SCORE_MOST_CELLS];
    const score_cells cells = { n, rows, events };
    score_cut cut = { .n_bins = 0 };
    size_t at = 0;

    for (size_t w = 0; w < n; w++) {
        rows[w] = words[w].rows;
        events[w] = words[w].events;
    }
    if (n > 0)
        score_cut_best(&cells, SCORE_FREE, f->o.max_bins - 1, f->o.min_rows,
                       BIN_PRICE, &cut);
    for (size_t b = 0; b < cut.n_bins; b++)
        for (; at < cut.ends[b]; at++)
            c->bin_of_text[words[at].code] = (uint8_t)b;
    c->n_bins = cut.n_bins + 1;
}

/* Cells of the drift: frequent words, the rest, blanks. */
static void measure_word_drift(const fit *f,
                               const gb_scorecard_column *column,
                               const word *words, size_t n,
                               uint8_t *cell_of_code, fit_candidate *c)
{
    fine x;

    memset(&x, 0, sizeof x);
    x.n = n + 1;
    memset(cell_of_code, (int)n, column->n_texts);
    for (size_t w = 0; w < n; w++)
        cell_of_code[words[w].code] = (uint8_t)w;
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint32_t code = column->codes[f->rows.row[i]];

        x.rows[f->rows.part[i]]
              [code == GB_SCORECARD_BLANK ? x.n : cell_of_code[code]]++;
    }
    measure_drift(&x, c);
}

static void bin_words(const fit *f, const gb_scorecard_column *column,
                      fit_candidate *c)
{
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint32_t code = column->codes[f->rows.row[i]];

        c->bin[i] = code == GB_SCORECARD_BLANK ? (uint8_t)c->n_bins
                                               : c->bin_of_text[code];
    }
}

gb_status fit_cut_texts(fit *f, fit_candidate *c)
{
    const gb_scorecard_column *column = &f->table->columns[c->column];
    word *words = base_alloc_array(f->mem, column->n_texts, sizeof *words);
    size_t n;

    c->bin = base_alloc_array(f->mem, f->rows.n, 1);
    c->bin_of_text = base_alloc_array(f->mem, column->n_texts, 1);
    if (!words || !c->bin || !c->bin_of_text) {
        base_free(f->mem, words);
        return base_fail_nomem(f->run->ctx);
    }
    count_words(f, column, words);
    qsort(words, column->n_texts, sizeof *words, by_rows);
    n = part_words(f, words, column->n_texts);
    measure_word_drift(f, column, words, n, c->bin_of_text, c);
    qsort(words, n, sizeof *words, by_rate);
    c->n_bins = 0;
    memset(c->bin_of_text, UINT8_MAX, column->n_texts);
    cut_words(f, words, n, c);
    for (size_t t = 0; t < column->n_texts; t++)
        if (c->bin_of_text[t] == UINT8_MAX)
            c->bin_of_text[t] = (uint8_t)(c->n_bins - 1);
    base_free(f->mem, words);
    bin_words(f, column, c);
    judge(f, c);
    return GB_OK;
}
