/*
 * score_fit_words.c - a column of texts put into groups; rare texts stand
 * together, with those that the card will meet for the first time.
 */
#include <stdlib.h>
#include <string.h>

#include "score_fit_fine.h"

typedef struct word {
    const char *text;
    uint32_t code;
    int64_t rows, events;
} word;

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

/* Cells: frequent words in the order of their number of rows, the rest. */
static void count_cells(const fit *f, const gb_scorecard_column *column,
                        const word *words, size_t n, uint8_t *cell_of_code,
                        fit_fine *x)
{
    fit_fine_begin(x, n + 1);
    memset(cell_of_code, (int)n, column->n_texts);
    for (size_t w = 0; w < n; w++)
        cell_of_code[words[w].code] = (uint8_t)w;
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint32_t code = column->codes[f->rows.row[i]];

        fit_fine_count(f, x, i, code == GB_SCORECARD_BLANK
                                    ? x->n : cell_of_code[code]);
    }
}

/* Groups of the frequent words, then one of all others. */
static void cut_words(const fit *f, const word *words, size_t n,
                      const gb_scorecard_column *column, fit_candidate *c)
{
    int64_t rows[SCORE_MOST_CELLS], events[SCORE_MOST_CELLS];
    uint32_t order[SCORE_MOST_CELLS];
    score_cut cut;
    size_t at = 0;

    for (size_t w = 0; w < n; w++) {
        rows[w] = words[w].rows;
        events[w] = words[w].events;
    }
    fit_fine_cut_words(f, n, rows, events, f->o.min_rows, order, &cut);
    c->n_bins = cut.n_bins + 1;
    memset(c->bin_of_text, (int)cut.n_bins, column->n_texts);
    for (size_t b = 0; b < cut.n_bins; b++)
        for (; at < cut.ends[b]; at++)
            c->bin_of_text[words[order[at]].code] = (uint8_t)b;
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
    fit_fine x;
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
    count_cells(f, column, words, n, c->bin_of_text, &x);
    fit_fine_drift(&x, c);
    fit_fine_honest(f, &x, c);
    cut_words(f, words, n, column, c);
    base_free(f->mem, words);
    bin_words(f, column, c);
    fit_judge(f, c);
    return GB_OK;
}
