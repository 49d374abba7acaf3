/*
 * score_fit_offer.c - what a card may be made of: the columns, and ratios and
 * differences of amounts of like unit.
 */
#include <math.h>
#include <string.h>

#include "base_check.h"
#include "score_fit.h"

/* Pairs grow with the square: of more amounts the most telling are taken. */
enum { MOST_AMOUNTS = 12 };

/* The unit of an amount as the end of its column's name; a sum of money in
 * one column and a count in another say nothing by their difference. */
static const char *const units[]
    = { "_fen", "_yuan", "_wan", "_cny", "_rmb", "_usd", "_eur", "_gbp",
        "_jpy", "_amount", "_amt" };

static bool is_in(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

/* 0: no amount; n_units + 1: one that the caller named. */
static size_t unit_of(const fit *f, const char *name)
{
    const size_t length = strlen(name);

    if (is_in(name, f->o.given->amounts, f->o.given->n_amounts))
        return COUNT_OF(units) + 1;
    for (size_t u = 0; u < COUNT_OF(units); u++) {
        const size_t n = strlen(units[u]);

        if (length > n && strcmp(name + length - n, units[u]) == 0)
            return u + 1;
    }
    return 0;
}

/* Takes `name` over. */
static gb_status add(fit *f, char *name, score_kind kind, size_t column,
                     size_t other, const double *values)
{
    const gb_scorecard_fit_options *given = f->o.given;
    fit_candidate c;
    gb_status status;

    memset(&c, 0, sizeof c);
    c.name = name;
    c.kind = kind;
    c.column = column;
    c.other = other;
    if (!name || !base_array_push(f->mem, &f->candidates, c)) {
        base_free(f->mem, name);
        return base_fail_nomem(f->run->ctx);
    }
    {
        fit_candidate *kept = &f->candidates.items[f->candidates.n - 1];

        kept->is_kept = is_in(name, given->kept, given->n_kept);
        status = kind == SCORE_TEXT ? fit_cut_texts(f, kept)
                                    : fit_cut_numbers(f, values, kept);
        if (kept->n_bins < 2 && status == GB_OK) {
            /* Blanks against the rest may still tell something. */
            int64_t blank = 0;

            for (size_t p = 0; p < FIT_PARTS; p++)
                blank += kept->rows[p][kept->n_bins];
            if (blank < f->o.min_rows
                || (size_t)blank + (size_t)f->o.min_rows > f->rows.n)
                kept->reason = FIT_SAME;
        }
    }
    return status ? status : base_poll(f->run);
}

gb_status fit_offer_columns(fit *f)
{
    const gb_scorecard_table *table = f->table;
    double *values
        = base_alloc_array(f->mem, f->rows.n, sizeof *values);
    gb_status status = values ? GB_OK : base_fail_nomem(f->run->ctx);

    base_run_phase(f->run, GB_N("cutting columns into bins"), 0, .4,
                   table->n_columns);
    for (size_t c = 0; c < table->n_columns && !status; c++) {
        const gb_scorecard_column *column = &table->columns[c];

        if (is_in(column->name, f->o.given->left_out, f->o.given->n_left_out))
            continue;
        for (size_t i = 0; column->numbers && i < f->rows.n; i++)
            values[i] = column->numbers[f->rows.row[i]];
        status = add(f, base_strdup(f->mem, column->name),
                     column->numbers ? SCORE_NUMBER : SCORE_TEXT, c, SIZE_MAX,
                     values);
    }
    base_free(f->mem, values);
    return status;
}

/* ---- pairs ---- */

/* The amounts of one unit among the candidates, the most telling of them, in
 * the order of the columns. */
static size_t find_amounts(const fit *f, size_t unit, size_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < f->candidates.n; i++) {
        const fit_candidate *c = &f->candidates.items[i];

        if (c->kind != SCORE_NUMBER || c->reason == FIT_ALONE
            || unit_of(f, f->table->columns[c->column].name) != unit)
            continue;
        if (n < MOST_AMOUNTS) {
            out[n++] = i;
            continue;
        }
        for (size_t worst = 0, k = 1; k <= n; k++) {
            if (k < n) {
                if (f->candidates.items[out[k]].information
                    < f->candidates.items[out[worst]].information)
                    worst = k;
            } else if (f->candidates.items[out[worst]].information
                       < c->information) {
                memmove(out + worst, out + worst + 1,
                        (n - worst - 1) * sizeof *out);
                out[n - 1] = i;
            }
        }
    }
    return n;
}

static char *pair_name(fit *f, const char *a, const char *b, score_kind kind)
{
    base_text text;

    base_text_init(&text, f->mem);
    base_text_format(&text, "%s %s %s", a, kind == SCORE_RATIO ? "/" : "-",
                     b);
    if (text.is_short) {
        base_text_clear(&text);
        return NULL;
    }
    return base_text_take(&text);
}

static gb_status add_pair(fit *f, size_t a, size_t b, score_kind kind,
                          double *values)
{
    const gb_scorecard_column *one
        = &f->table->columns[f->candidates.items[a].column];
    const gb_scorecard_column *two
        = &f->table->columns[f->candidates.items[b].column];

    for (size_t i = 0; i < f->rows.n; i++)
        values[i] = score_card_derive(kind, one->numbers[f->rows.row[i]],
                                      two->numbers[f->rows.row[i]]);
    return add(f, pair_name(f, one->name, two->name, kind), kind,
               (size_t)(one - f->table->columns),
               (size_t)(two - f->table->columns), values);
}

gb_status fit_offer_pairs(fit *f)
{
    double *values;
    gb_status status = GB_OK;

    if (f->o.given->derive == GB_SCORECARD_AS_THEY_ARE)
        return GB_OK;
    values = base_alloc_array(f->mem, f->rows.n, sizeof *values);
    if (!values)
        return base_fail_nomem(f->run->ctx);
    base_run_phase(f->run, GB_N("ratios and differences"), .4, .6, 0);
    for (size_t unit = 1; unit <= COUNT_OF(units) + 1 && !status; unit++) {
        size_t amounts[MOST_AMOUNTS];
        const size_t n = find_amounts(f, unit, amounts);

        for (size_t a = 0; a < n && !status; a++)
            for (size_t b = a + 1; b < n && !status; b++) {
                status = add_pair(f, amounts[a], amounts[b], SCORE_RATIO,
                                  values);
                if (!status)
                    status = add_pair(f, amounts[a], amounts[b],
                                      SCORE_DIFFERENCE, values);
            }
    }
    base_free(f->mem, values);
    return status;
}
