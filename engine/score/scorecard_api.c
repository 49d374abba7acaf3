/*
 * scorecard_api.c - implements gridbeat/scorecard.h.
 */
#include <gridbeat/scorecard.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "score_apply.h"
#include "score_check.h"
#include "score_fit.h"

enum { MOST_ROWS_EVERY = 1 << 30 };

/* ---- tables ---- */

static gb_status check_column(gb_context *ctx,
                              const gb_scorecard_column *column,
                              size_t n_rows)
{
    if (!column->name || !*column->name)
        return base_fail(ctx, GB_ERR_ARGUMENT, "a column has no name");
    if (column->numbers || n_rows == 0)
        return GB_OK;
    if (!column->codes || (column->n_texts > 0 && !column->texts))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "column \"%s\" has neither numbers nor texts",
                         column->name);
    for (size_t t = 0; t < column->n_texts; t++)
        if (!column->texts[t])
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "column \"%s\": text %zu is missing",
                             column->name, t);
    for (size_t row = 0; row < n_rows; row++)
        if (column->codes[row] >= column->n_texts
            && column->codes[row] != GB_SCORECARD_BLANK)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "column \"%s\": row %zu has text %u of %zu",
                             column->name, row, column->codes[row],
                             column->n_texts);
    return GB_OK;
}

static gb_status check_table(gb_context *ctx, const gb_scorecard_table *table)
{
    gb_status status = GB_OK;

    if (!table || table->size < sizeof *table
        || (table->n_columns > 0 && !table->columns)
        || table->n_rows >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no score table of known size");
    for (size_t c = 0; c < table->n_columns && !status; c++) {
        status = check_column(ctx, &table->columns[c], table->n_rows);
        for (size_t d = 0; d < c && !status; d++)
            if (strcmp(table->columns[c].name, table->columns[d].name) == 0)
                status = base_fail(ctx, GB_ERR_ARGUMENT,
                                   "two columns have the name \"%s\"",
                                   table->columns[c].name);
    }
    return status;
}

/* ---- fit ---- */

static gb_status check_names(gb_context *ctx, const char *const *names,
                             size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!names || !names[i])
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "a list of columns has no name %zu", i);
    return GB_OK;
}

static gb_status check_range(gb_context *ctx, const char *name, double value,
                             double low, double high)
{
    char a[32], b[32];

    if (value >= low && value <= high)
        return GB_OK;
    return base_fail(ctx, GB_ERR_ARGUMENT, "%s must lie between %s and %s",
                     name, base_real_text(a, low, 2),
                     base_real_text(b, high, 2));
}

static double real_or(double given, double fallback)
{
    return given > 0 || given < 0 || isnan(given) ? given : fallback;
}

static gb_status take_fit_options(gb_context *ctx,
                                  const gb_scorecard_fit_options *from,
                                  gb_scorecard_fit_options *given,
                                  fit_options *o)
{
    gb_status status
        = base_options_take(ctx, given, sizeof *given, from, sizeof *given);

    memset(o, 0, sizeof *o);
    o->given = given;
    if (status)
        return status;
    o->max_factors = given->max_factors ? given->max_factors : 8;
    o->max_bins = given->max_bins ? given->max_bins : 6;
    o->points_to_double
        = given->points_to_double ? given->points_to_double : 20;
    o->min_rows = given->min_rows;
    o->smoothing = real_or(given->smoothing_rows, 20);
    o->max_correlation = real_or(given->max_correlation, .8);
    o->max_psi = real_or(given->max_psi, .25);
    o->max_alone = real_or(given->max_alone, .85);
    status = check_range(ctx, "max_factors", o->max_factors, 1,
                         FIT_MOST_FACTORS);
    if (!status)
        status = check_range(ctx, "max_bins", o->max_bins, 2,
                             SCORE_BINS_MOST);
    if (!status)
        status = check_range(ctx, "points_to_double", o->points_to_double, 5,
                             200);
    if (!status)
        status = check_range(ctx, "smoothing_rows", o->smoothing, 1e-3, 1e6);
    if (!status)
        status = check_range(ctx, "max_correlation", o->max_correlation, .01,
                             1);
    if (!status)
        status = check_range(ctx, "max_psi", o->max_psi, 1e-3, 1e3);
    if (!status)
        status = check_range(ctx, "max_alone", o->max_alone, .5, 1);
    if (!status)
        status = check_range(ctx, "derive", given->derive, 0, 1);
    if (!status)
        status = check_names(ctx, given->left_out, given->n_left_out);
    if (!status)
        status = check_names(ctx, given->kept, given->n_kept);
    if (!status)
        status = check_names(ctx, given->amounts, given->n_amounts);
    return status;
}

gb_status gb_scorecard_fit(gb_context *ctx, const gb_scorecard_table *table,
                           const uint8_t *outcome,
                           const gb_scorecard_fit_options *options,
                           gb_score_card **out)
{
    gb_scorecard_fit_options given;
    fit_options taken;
    base_run run;
    gb_status status;

    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    status = take_fit_options(ctx, options, &given, &taken);
    if (!status)
        status = check_table(ctx, table);
    if (!status && table->n_rows > 0 && !outcome)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no outcomes are given");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run,
                        score_fit(&run, table, outcome, &taken, out));
}

gb_status gb_scorecard_text(gb_context *ctx, const gb_score_card *card,
                            char *buffer, size_t capacity, size_t *needed)
{
    gb_status status = GB_OK;
    base_text text;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || (capacity > 0 && !buffer))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no card or no place for its text");
    base_text_init(&text, ctx->mem);
    score_card_write(card, &text);
    if (text.is_short) {
        status = base_fail_nomem(ctx);
    } else {
        if (needed)
            *needed = text.n + 1;
        if (text.n + 1 > capacity)
            status = base_fail(ctx, GB_ERR_BUFFER,
                               "the text of the card needs %zu bytes",
                               text.n + 1);
        else
            memcpy(buffer, text.chars, text.n + 1);
    }
    base_text_clear(&text);
    return status;
}

/* ---- apply ---- */

static gb_status begin_apply(gb_context *ctx, const gb_score_card *card,
                             const gb_scorecard_table *table)
{
    base_enter(ctx);
    if (!card)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no card is given");
    return check_table(ctx, table);
}

gb_status gb_scorecard_apply(gb_context *ctx, const gb_score_card *card,
                             const gb_scorecard_table *table, int32_t *parts,
                             int64_t *points, double *probability)
{
    int64_t *sums = points;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    status = begin_apply(ctx, card, table);
    if (!status && probability && !card->has_scale)
        status = base_fail(ctx, GB_ERR_DATA,
                           "card \"%s\" has no \"scale\", so its points are "
                           "no probability",
                           card->name);
    if (status)
        return status;
    if (!sums)
        sums = base_alloc_array(ctx->mem, table->n_rows, sizeof *sums);
    if (!sums)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("scoring"), 0, 1,
                   table->n_rows * card->n_factors);
    status = score_card_apply_columns(&run, card, table, parts, sums);
    for (size_t row = 0; !status && probability && row < table->n_rows; row++)
        probability[row] = score_card_probability(card, (double)sums[row]);
    if (sums != points)
        base_free(ctx->mem, sums);
    return base_run_end(&run, status);
}

gb_status gb_scorecard_bins(gb_context *ctx, const gb_score_card *card,
                            const gb_scorecard_table *table, uint32_t *bins)
{
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    status = begin_apply(ctx, card, table);
    if (!status && !bins)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the bins");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, score_card_bins(&run, card, table, bins));
}

gb_status gb_scorecard_stability(gb_context *ctx, const gb_score_card *card,
                                 const gb_scorecard_table *table, double *psi)
{
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    status = begin_apply(ctx, card, table);
    if (!status && !psi)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no place for the stability");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, score_card_stability(&run, card, table, psi));
}

/* ---- check ---- */

static gb_status check_probabilities(gb_context *ctx,
                                     const double *probability,
                                     const uint8_t *outcome, size_t n_rows)
{
    if (n_rows > 0 && (!probability || !outcome))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no probabilities or no outcomes are given");
    for (size_t i = 0; i < n_rows; i++)
        if (!(probability[i] >= 0 && probability[i] <= 1))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "row %zu: a probability lies between 0 and 1", i);
    return GB_OK;
}

static gb_status recalibrate(base_run *run, const double *probability,
                             const uint8_t *outcome, size_t n_rows,
                             const gb_scorecard_check_options *o, double *out)
{
    switch ((gb_scorecard_calibration)o->calibration) {
    case GB_SCORECARD_ROLLING:
        return score_check_rolling(run, probability, outcome, n_rows,
                                   o->every, out);
    case GB_SCORECARD_ISOTONIC:
        return score_check_isotonic(run, probability, outcome, n_rows,
                                    o->every, out);
    case GB_SCORECARD_PLAIN:
        break;
    }
    if (n_rows > 0)
        memcpy(out, probability, n_rows * sizeof *out);
    return GB_OK;
}

static gb_status take_check_options(gb_context *ctx,
                                    const gb_scorecard_check_options *from,
                                    gb_scorecard_check_options *o)
{
    const gb_status status
        = base_options_take(ctx, o, sizeof *o, from, sizeof *o);

    if (status)
        return status;
    o->every = o->every ? o->every : 1000;
    if (o->every > MOST_ROWS_EVERY || o->calibration < GB_SCORECARD_PLAIN
        || o->calibration > GB_SCORECARD_ISOTONIC)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "calibration %d every %u rows is unknown",
                         o->calibration, o->every);
    return GB_OK;
}

gb_status gb_scorecard_check(gb_context *ctx, const double *probability,
                             const uint8_t *outcome, size_t n_rows,
                             const gb_scorecard_check_options *options,
                             gb_scorecard_figures *figures,
                             double *recalibrated)
{
    gb_scorecard_check_options o;
    gb_scorecard_figures found;
    double *own = NULL;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take_check_options(ctx, options, &o);
    if (!status)
        status = check_probabilities(ctx, probability, outcome, n_rows);
    if (!status && (!figures || figures->size < sizeof *figures))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "no place for the figures, or of no known size");
    if (status)
        return status;
    if (!recalibrated)
        recalibrated = own = base_alloc_array(ctx->mem, n_rows, sizeof *own);
    if (!recalibrated)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = recalibrate(&run, probability, outcome, n_rows, &o, recalibrated);
    if (!status)
        status
            = score_check_figures(&run, recalibrated, outcome, n_rows, &found);
    if (!status)
        base_options_give(figures, &found, sizeof found);
    base_free(ctx->mem, own);
    return base_run_end(&run, status);
}

gb_status gb_scorecard_auc(gb_context *ctx, const double *rank,
                           const uint8_t *outcome, size_t n_rows, double *auc)
{
    base_run run;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!auc || (n_rows > 0 && (!rank || !outcome)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no ranks, no outcomes or no place for the AUC");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run,
                        score_check_auc(&run, rank, outcome, n_rows, auc));
}
