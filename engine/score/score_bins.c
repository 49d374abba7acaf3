/*
 * score_bins.c - see score_bins.h.
 *
 * Notation: cells 0..n, best[b][i][j] the value of b + 1 bins of which the
 * last is [i, j).  For a free cut only the best i for each (b, j) is needed;
 * the same tables are used for both, since n is small.
 */
#include "score_bins.h"

#include <math.h>
#include <string.h>

typedef struct table {
    const score_cells *cells;
    int64_t rows[SCORE_MOST_CELLS + 1], events[SCORE_MOST_CELLS + 1];
    score_shape shape;
    int64_t min_rows;
    double price;
    /* Of the layer of b bins and of the one before it. */
    double now[SCORE_MOST_CELLS][SCORE_MOST_CELLS + 1];
    double before[SCORE_MOST_CELLS][SCORE_MOST_CELLS + 1];
    /* Where the bin before [i, j) begins. */
    uint8_t from[SCORE_BINS_MOST][SCORE_MOST_CELLS][SCORE_MOST_CELLS + 1];
} table;

double score_bin_loglik(double rows, double events)
{
    double sum = 0;

    if (events > 0)
        sum += events * log(events / rows);
    if (rows > events)
        sum += (rows - events) * log((rows - events) / rows);
    return sum;
}

static double value_of(const table *t, size_t i, size_t j)
{
    const int64_t rows = t->rows[j] - t->rows[i];

    if (rows < t->min_rows || rows == 0)
        return (double)-INFINITY;
    return score_bin_loglik((double)rows,
                            (double)(t->events[j] - t->events[i]))
           - t->price;
}

/* May [h, i) stand before [i, j)?  Exact, by products of whole numbers. */
static int follows(const table *t, size_t h, size_t i, size_t j)
{
    const double left = (double)(t->events[i] - t->events[h])
                        * (double)(t->rows[j] - t->rows[i]);
    const double right = (double)(t->events[j] - t->events[i])
                         * (double)(t->rows[i] - t->rows[h]);

    switch (t->shape) {
    case SCORE_RISING:
        return left <= right;
    case SCORE_FALLING:
        return left >= right;
    case SCORE_FREE:
        break;
    }
    return 1;
}

/* One bin more than the layer `before`. */
static void next_layer(table *t, size_t b)
{
    const size_t n = t->cells->n;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j <= n; j++) {
            const double own = value_of(t, i, j);
            double best = (double)-INFINITY;

            for (size_t h = 0; h < i && isfinite(own); h++)
                if (t->before[h][i] > best && follows(t, h, i, j)) {
                    best = t->before[h][i];
                    t->from[b][i][j] = (uint8_t)h;
                }
            t->now[i][j] = best + own;
        }
}

static void first_layer(table *t)
{
    for (size_t i = 0; i < t->cells->n; i++)
        for (size_t j = i + 1; j <= t->cells->n; j++)
            t->now[i][j] = i == 0 ? value_of(t, i, j) : (double)-INFINITY;
}

/* If the best last bin of this layer beats the cut, the cut becomes it. */
static void keep_better(const table *t, size_t b, score_cut *out)
{
    const size_t n = t->cells->n;
    size_t start = n, j = n;

    for (size_t i = 0; i < n; i++)
        if (t->now[i][n] > out->value) {
            out->value = t->now[i][n];
            start = i;
        }
    if (start == n)
        return;
    out->n_bins = b + 1;
    for (size_t layer = b + 1; layer-- > 0;) {
        const size_t i = start;

        out->ends[layer] = (uint32_t)j;
        start = layer > 0 ? t->from[layer][i][j] : 0;
        j = i;
    }
}

void score_cut_best(const score_cells *cells, score_shape shape,
                    size_t max_bins, int64_t min_rows, double price,
                    score_cut *out)
{
    table t;

    out->n_bins = 1;
    out->ends[0] = (uint32_t)cells->n;
    out->value = (double)-INFINITY;
    t.cells = cells;
    t.shape = shape;
    t.min_rows = min_rows;
    t.price = price;
    t.rows[0] = t.events[0] = 0;
    for (size_t c = 0; c < cells->n; c++) {
        t.rows[c + 1] = t.rows[c] + cells->rows[c];
        t.events[c + 1] = t.events[c] + cells->events[c];
    }
    for (size_t b = 0; b < max_bins && b < cells->n && b < SCORE_BINS_MOST;
         b++) {
        if (b == 0) {
            first_layer(&t);
        } else {
            memcpy(t.before, t.now, sizeof t.before);
            next_layer(&t, b);
        }
        keep_better(&t, b, out);
    }
}

void score_cut_monotone(const score_cells *cells, size_t max_bins,
                        int64_t min_rows, double price, double monotone_price,
                        double margin, score_cut *out)
{
    score_cut falling, any;

    score_cut_best(cells, SCORE_RISING, max_bins, min_rows, monotone_price,
                   out);
    score_cut_best(cells, SCORE_FALLING, max_bins, min_rows, monotone_price,
                   &falling);
    score_cut_best(cells, SCORE_FREE, max_bins, min_rows, price, &any);
    if (falling.value > out->value)
        *out = falling;
    if (any.value > out->value + margin)
        *out = any;
}
