/*
 * score_fit_rows.c - the rows to learn from, in four parts of their time.
 */
#include "score_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_OF_A_KIND = 10 };

typedef struct moment {
    double time;
    uint64_t hash; /* of what the row holds */
    uint32_t row;
    uint8_t event;
} moment;

static int by_time(const void *a, const void *b)
{
    const moment *x = a, *y = b;

    if (x->time < y->time || x->time > y->time)
        return x->time < y->time ? -1 : 1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* Of a row's outcome and values, texts by their letters. */
static uint64_t hash_row(const gb_scorecard_table *table, size_t row,
                         uint8_t event)
{
    uint64_t hash = mix(1, event);

    for (size_t c = 0; c < table->n_columns; c++) {
        const gb_scorecard_column *column = &table->columns[c];
        uint64_t value = 0;

        if (column->numbers) {
            const double number = isnan(column->numbers[row])
                                      ? (double)INFINITY
                                      : column->numbers[row] + 0.0;

            memcpy(&value, &number, sizeof value);
        } else if (column->codes[row] != GB_SCORECARD_BLANK) {
            for (const char *t = column->texts[column->codes[row]]; *t; t++)
                hash = mix(hash, (unsigned char)*t);
        }
        hash = mix(hash, value);
    }
    return hash;
}

/* A row without a time is the earliest: it tells least of what is to come. */
static size_t collect(const fit *f, const uint8_t *outcome, moment *moments)
{
    const double *time = f->o.given->time;
    size_t n = 0;

    for (size_t row = 0; row < f->table->n_rows; row++) {
        if (outcome[row] > 1)
            continue;
        moments[n++] = (moment){
            time ? (isnan(time[row]) ? (double)-INFINITY : time[row])
                 : (double)row,
            time ? hash_row(f->table, row, outcome[row]) : 0, (uint32_t)row,
            outcome[row]
        };
    }
    qsort(moments, n, sizeof *moments, by_time);
    return n;
}

/* Four parts of about the same size; a moment is never parted. */
static void part_rows(fit_rows *rows, const moment *moments)
{
    size_t part = 0;

    for (size_t i = 0; i < rows->n; i++) {
        const bool is_new = i > 0 && moments[i].time > moments[i - 1].time;

        if (is_new)
            while (part + 1 < FIT_PARTS
                   && i * FIT_PARTS >= (part + 1) * rows->n)
                part++;
        rows->row[i] = moments[i].row;
        rows->event[i] = moments[i].event;
        rows->part[i] = (uint8_t)part;
        rows->fold[i] = (uint8_t)(i % FIT_FOLDS);
        rows->part_rows[part]++;
        rows->part_events[part] += moments[i].event;
        rows->n_events += moments[i].event;
    }
}

static gb_status check_rows(const fit *f)
{
    const size_t n_events = f->rows.n_events;

    if (n_events < LEAST_OF_A_KIND || f->rows.n - n_events < LEAST_OF_A_KIND)
        return base_fail(f->run->ctx, GB_ERR_DATA,
                         "%zu of %zu training rows have the outcome; at least "
                         "%d with and %d without it are needed",
                         n_events, f->rows.n, LEAST_OF_A_KIND,
                         LEAST_OF_A_KIND);
    return GB_OK;
}

gb_status fit_take_rows(fit *f, const uint8_t *outcome)
{
    fit_rows *rows = &f->rows;
    const size_t n = f->table->n_rows;
    moment *moments = base_alloc_array(f->mem, n, sizeof *moments);

    if (!moments)
        return base_fail_nomem(f->run->ctx);
    rows->n = collect(f, outcome, moments);
    rows->row = base_alloc_array(f->mem, rows->n, sizeof *rows->row);
    rows->event = base_alloc_array(f->mem, rows->n, 1);
    rows->part = base_alloc_array(f->mem, rows->n, 1);
    rows->fold = base_alloc_array(f->mem, rows->n, 1);
    if (rows->row && rows->event && rows->part && rows->fold)
        part_rows(rows, moments);
    base_free(f->mem, moments);
    if (!rows->row || !rows->event || !rows->part || !rows->fold)
        return base_fail_nomem(f->run->ctx);
    return check_rows(f);
}
