/*
 * score_card_apply.c - the points of a value, and of the rows of a table.
 *
 * A table of columns is walked factor by factor: a factor looks at one or two
 * columns, and texts are looked up once for each different text.
 */
#include "score_apply.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { ROWS_AT_ONCE = 4096 }; /* between two polls */

size_t score_card_bin(const score_factor *factor, double value)
{
    size_t bin = 0;

    if (isnan(value))
        return factor->n_bins;
    while (bin + 1 < factor->n_bins && value >= factor->below[bin])
        bin++;
    return bin;
}

size_t score_card_bin_of_text(const score_factor *factor, const char *text)
{
    size_t from = 0, to = factor->n_values;

    if (!text)
        return factor->n_bins;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const int order = strcmp(text, factor->values[middle].text);

        if (order == 0)
            return factor->values[middle].bin;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return factor->n_bins - 1;
}

double score_card_derive(score_kind kind, double a, double b)
{
    double made;

    if (isnan(a) || isnan(b))
        return (double)NAN;
    if (kind == SCORE_DIFFERENCE)
        made = a - b;
    else if (b > 0)
        made = a / b;
    else if (b < 0 || !(a > 0))
        return (double)NAN; /* which fmax() would make a number of */
    else /* of nothing: more than any share of something */
        made = DBL_MAX;
    return fmin(fmax(made, -DBL_MAX), DBL_MAX);
}

static const gb_scorecard_column *find_column(const gb_scorecard_table *table,
                                              const char *name, size_t length)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strncmp(table->columns[c].name, name, length) == 0
            && table->columns[c].name[length] == '\0')
            return &table->columns[c];
    return NULL;
}

static gb_status lacks(gb_context *ctx, const score_factor *factor,
                       const char *name)
{
    return base_fail(ctx, GB_ERR_DATA,
                     "factor \"%s\" asks for the column \"%s\", which there "
                     "is not",
                     factor->name, name);
}

/* A column that is blank throughout has no kind: it goes for numbers too. */
static bool is_blank(const gb_scorecard_column *column, size_t n_rows)
{
    return column->n_texts == 0 || n_rows == 0;
}

static gb_status bind_number(gb_context *ctx, const score_factor *factor,
                             const gb_scorecard_table *table, const char *name,
                             const gb_scorecard_column **out)
{
    *out = find_column(table, name, strlen(name));
    if (!*out)
        return lacks(ctx, factor, name);
    if (!(*out)->numbers && !is_blank(*out, table->n_rows))
        return base_fail(ctx, GB_ERR_DATA,
                         "factor \"%s\" asks for numbers, and the column "
                         "\"%s\" has texts",
                         factor->name, name);
    return GB_OK;
}

/* The bin of each text that the column knows. */
static gb_status look_texts_up(gb_context *ctx, score_binding *bound)
{
    const gb_scorecard_column *column = bound->column;

    bound->bin_of_text = base_alloc_array(ctx->mem, column->n_texts,
                                          sizeof *bound->bin_of_text);
    if (!bound->bin_of_text)
        return base_fail_nomem(ctx);
    for (size_t t = 0; t < column->n_texts; t++)
        bound->bin_of_text[t] = (uint8_t)score_card_bin_of_text(
            bound->factor, column->texts[t]);
    return GB_OK;
}

static gb_status bind_text(gb_context *ctx, const gb_scorecard_table *table,
                           score_binding *bound)
{
    const score_factor *factor = bound->factor;

    bound->column
        = find_column(table, factor->column, strlen(factor->column));
    if (!bound->column)
        return lacks(ctx, factor, factor->column);
    if (bound->column->numbers)
        return base_fail(ctx, GB_ERR_DATA,
                         "factor \"%s\" asks for texts, and the column \"%s\" "
                         "has numbers",
                         factor->name, factor->column);
    return look_texts_up(ctx, bound);
}

/* A column of the tag's name; or of what stands before its '='. */
static gb_status bind_tag(gb_context *ctx, const gb_scorecard_table *table,
                          score_binding *bound)
{
    const char *tag = bound->factor->tag;
    const char *equals = strchr(tag, '=');

    bound->column = find_column(table, tag, strlen(tag));
    if (!bound->column && equals) {
        bound->column = find_column(table, tag, (size_t)(equals - tag));
        bound->value = equals + 1;
    }
    return bound->column ? GB_OK : lacks(ctx, bound->factor, tag);
}

gb_status score_bind(gb_context *ctx, const score_factor *factor,
                     const gb_scorecard_table *table, score_binding *out)
{
    gb_status status;

    *out = (score_binding){ .factor = factor };
    switch (factor->kind) {
    case SCORE_TAG:
        return bind_tag(ctx, table, out);
    case SCORE_TEXT:
        return bind_text(ctx, table, out);
    case SCORE_NUMBER:
    case SCORE_RATIO:
    case SCORE_DIFFERENCE:
        break;
    }
    status = bind_number(ctx, factor, table, factor->column, &out->column);
    if (!status && factor->other)
        status = bind_number(ctx, factor, table, factor->other, &out->other);
    return status;
}

void score_unbind(gb_context *ctx, score_binding *bound)
{
    base_free(ctx->mem, bound->bin_of_text);
    *bound = (score_binding){ .factor = NULL };
}

static double number_at(const gb_scorecard_column *column, size_t row)
{
    return column->numbers ? column->numbers[row] : (double)NAN;
}

static const char *text_at(const gb_scorecard_column *column, size_t row)
{
    const uint32_t code = column->codes[row];

    return code == GB_SCORECARD_BLANK ? NULL : column->texts[code];
}

/* Does the row carry the tag?  Then it is in the first bin, else in none. */
static size_t bin_of_tag(const score_binding *bound, size_t row)
{
    const gb_scorecard_column *column = bound->column;
    const char *text;
    bool has_it;

    if (column->numbers) {
        const double value = column->numbers[row];

        has_it = !bound->value && (value > 0 || value < 0);
    } else {
        text = text_at(column, row);
        has_it = text && (!bound->value || strcmp(text, bound->value) == 0);
    }
    return has_it ? 0 : 1;
}

size_t score_bound_bin(const score_binding *bound, size_t row)
{
    const score_factor *factor = bound->factor;

    switch (factor->kind) {
    case SCORE_TAG:
        return bin_of_tag(bound, row);
    case SCORE_TEXT: {
        const uint32_t code = bound->column->codes[row];

        return code == GB_SCORECARD_BLANK ? factor->n_bins
                                          : bound->bin_of_text[code];
    }
    case SCORE_RATIO:
    case SCORE_DIFFERENCE:
        return score_card_bin(factor,
                              score_card_derive(
                                  factor->kind, number_at(bound->column, row),
                                  number_at(bound->other, row)));
    case SCORE_NUMBER:
        break;
    }
    return score_card_bin(factor, number_at(bound->column, row));
}

/* The points of one factor, added to all rows. */
static gb_status add_factor(base_run *run, const score_binding *bound,
                            size_t n_rows, size_t f, size_t n_factors,
                            int32_t *parts, int64_t *points)
{
    gb_status status = GB_OK;

    for (size_t from = 0; from < n_rows && !status; from += ROWS_AT_ONCE) {
        const size_t to
            = n_rows - from > ROWS_AT_ONCE ? from + ROWS_AT_ONCE : n_rows;

        for (size_t row = from; row < to; row++) {
            const int32_t won = score_card_points(
                bound->factor, score_bound_bin(bound, row));

            points[row] += won;
            if (parts)
                parts[row * n_factors + f] = won;
        }
        status = base_poll_many(run, to - from);
    }
    return status;
}

double score_card_probability(const gb_score_card *card, double points)
{
    const score_scale *s = &card->scale;
    const double odds
        = s->odds * exp2((points - s->points) / s->to_double);

    return isinf(odds) ? 1 : odds / (1 + odds);
}

gb_status score_card_apply_columns(base_run *run, const gb_score_card *card,
                                   const gb_scorecard_table *table,
                                   int32_t *parts, int64_t *points)
{
    gb_context *ctx = run->ctx;
    gb_status status = GB_OK;

    memset(points, 0, table->n_rows * sizeof *points);
    for (size_t f = 0; f < card->n_factors && !status; f++) {
        score_binding bound;

        status = score_bind(ctx, &card->factors[f], table, &bound);
        if (!status)
            status = add_factor(run, &bound, table->n_rows, f,
                                card->n_factors, parts, points);
        score_unbind(ctx, &bound);
    }
    for (size_t row = 0; row < table->n_rows; row++)
        points[row] = points[row] > 0 ? points[row] : 0;
    return status;
}

gb_status score_card_bins(base_run *run, const gb_score_card *card,
                          const gb_scorecard_table *table, uint32_t *bins)
{
    gb_status status = GB_OK;

    for (size_t f = 0; f < card->n_factors && !status; f++) {
        score_binding bound;

        status = score_bind(run->ctx, &card->factors[f], table, &bound);
        for (size_t row = 0; !status && row < table->n_rows; row++) {
            bins[row * card->n_factors + f]
                = (uint32_t)score_bound_bin(&bound, row);
            status = base_poll(run);
        }
        score_unbind(run->ctx, &bound);
    }
    return status;
}

gb_status score_card_stability(base_run *run, const gb_score_card *card,
                               const gb_scorecard_table *table, double *psi)
{
    gb_status status = GB_OK;

    for (size_t f = 0; f < card->n_factors && !status; f++) {
        const score_factor *factor = &card->factors[f];
        int64_t seen[SCORE_MOST_BINS + 1] = { 0 };
        score_binding bound;

        psi[f] = NAN;
        if (!factor->rows)
            continue;
        status = score_bind(run->ctx, factor, table, &bound);
        for (size_t row = 0; !status && row < table->n_rows; row++) {
            seen[score_bound_bin(&bound, row)]++;
            status = base_poll(run);
        }
        if (!status)
            psi[f] = score_psi(factor->rows, seen, factor->n_bins + 1);
        score_unbind(run->ctx, &bound);
    }
    return status;
}

double score_psi(const int64_t *before, const int64_t *after, size_t n)
{
    double n_before = 0, n_after = 0, sum = 0;

    for (size_t b = 0; b < n; b++) {
        n_before += (double)before[b];
        n_after += (double)after[b];
    }
    if (!(n_before > 0) || !(n_after > 0))
        return 0;
    for (size_t b = 0; b < n; b++) {
        /* Half a row where there is none, else the sum has no bound. */
        const double p = fmax((double)before[b], .5) / n_before;
        const double q = fmax((double)after[b], .5) / n_after;

        if (before[b] > 0 || after[b] > 0)
            sum += (q - p) * log(q / p);
    }
    return sum;
}
