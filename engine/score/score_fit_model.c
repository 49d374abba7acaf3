/*
 * score_fit_model.c - the logistic model of a set of factors.
 *
 * Rows that are alike in all bins (and in their fold) are one
 * group, so a fit costs what the groups cost, and the order of the rows cannot
 * show.
 */
#include <math.h>
#include <string.h>

#include "score_fit.h"

static const double RIDGE = 1e-3;

void fit_groups_clear(fit *f, fit_groups *g)
{
    base_free(f->mem, g->of_row);
    base_free(f->mem, g->fold);
    base_free(f->mem, g->bins);
    base_free(f->mem, g->rows);
    base_free(f->mem, g->events);
    memset(g, 0, sizeof *g);
}

static gb_status take_groups(fit *f, size_t n, size_t n_factors,
                             fit_groups *g)
{
    memset(g, 0, sizeof *g);
    g->n = n;
    g->n_factors = n_factors;
    g->of_row = base_alloc_array(f->mem, f->rows.n, sizeof *g->of_row);
    g->fold = base_alloc_array(f->mem, n, 1);
    g->bins = base_alloc_array(f->mem, n, n_factors + 1);
    g->rows = base_alloc_zeroed(f->mem, n, sizeof *g->rows);
    g->events = base_alloc_zeroed(f->mem, n, sizeof *g->events);
    if (g->of_row && g->fold && g->bins && g->rows && g->events)
        return GB_OK;
    fit_groups_clear(f, g);
    return base_fail_nomem(f->run->ctx);
}

static void count_rows(const fit *f, fit_groups *g)
{
    for (size_t i = 0; i < f->rows.n; i++) {
        g->rows[g->of_row[i]] += 1;
        g->events[g->of_row[i]] += f->rows.event[i];
    }
}

gb_status fit_groups_begin(fit *f, fit_groups *g)
{
    const gb_status status = take_groups(f, FIT_FOLDS, 0, g);

    if (status)
        return status;
    for (size_t p = 0; p < FIT_FOLDS; p++)
        g->fold[p] = (uint8_t)p;
    for (size_t i = 0; i < f->rows.n; i++)
        g->of_row[i] = f->rows.fold[i];
    count_rows(f, g);
    return GB_OK;
}

static void fill_groups(const fit_groups *from, const uint32_t *number,
                        size_t n_bins, fit_groups *out)
{
    for (size_t g = 0; g < from->n; g++)
        for (size_t b = 0; b < n_bins; b++) {
            const uint32_t to = number[g * n_bins + b];

            if (to == UINT32_MAX)
                continue;
            out->fold[to] = from->fold[g];
            memcpy(out->bins + to * out->n_factors,
                   from->bins + g * from->n_factors, from->n_factors);
            out->bins[to * out->n_factors + from->n_factors] = (uint8_t)b;
        }
}

gb_status fit_groups_part(fit *f, const fit_groups *from,
                          const fit_candidate *c, fit_groups *out)
{
    const size_t n_bins = c->n_bins + 1;
    uint32_t *number
        = base_alloc_zeroed(f->mem, from->n * n_bins, sizeof *number);
    uint32_t n = 0;
    gb_status status = number ? GB_OK : base_fail_nomem(f->run->ctx);

    memset(out, 0, sizeof *out);
    if (status)
        return status;
    for (size_t i = 0; i < f->rows.n; i++)
        number[from->of_row[i] * n_bins + c->bin[i]] = 1;
    /* Numbered in the order of the bins, not of the rows. */
    for (size_t k = 0; k < from->n * n_bins; k++)
        number[k] = number[k] ? n++ : UINT32_MAX;
    status = take_groups(f, n, from->n_factors + 1, out);
    if (!status) {
        fill_groups(from, number, n_bins, out);
        for (size_t i = 0; i < f->rows.n; i++)
            out->of_row[i]
                = number[from->of_row[i] * n_bins + c->bin[i]];
        count_rows(f, out);
    }
    base_free(f->mem, number);
    return status;
}

/* ---- fits ---- */

typedef struct design {
    double *x, *rows, *events;
    size_t n, k;
} design;

static gb_status take_design(fit *f, const fit_groups *g, design *d)
{
    d->k = g->n_factors;
    d->n = 0;
    d->x = base_alloc_array(f->mem, g->n, (d->k + 1) * sizeof *d->x);
    d->rows = base_alloc_array(f->mem, g->n, sizeof *d->rows);
    d->events = base_alloc_array(f->mem, g->n, sizeof *d->events);
    return d->x && d->rows && d->events ? GB_OK
                                        : base_fail_nomem(f->run->ctx);
}

static void clear_design(fit *f, design *d)
{
    base_free(f->mem, d->x);
    base_free(f->mem, d->rows);
    base_free(f->mem, d->events);
}

/* Evidence learnt without fold `without` (FIT_FOLDS: of all); the groups of
 * that fold alone (`is_inside`), or all others. */
static void fill_design(const fit *f, const fit_groups *g,
                        const size_t *chosen, size_t without, bool is_inside,
                        design *d)
{
    d->n = 0;
    for (size_t i = 0; i < g->n; i++) {
        if ((g->fold[i] == without) != is_inside)
            continue;
        for (size_t j = 0; j < d->k; j++) {
            const fit_candidate *c = &f->candidates.items[chosen[j]];
            const uint8_t bin = g->bins[i * g->n_factors + j];

            d->x[d->n * d->k + j] = without < FIT_FOLDS
                                        ? c->evidence_without[without][bin]
                                        : c->evidence[bin];
        }
        d->rows[d->n] = g->rows[i];
        d->events[d->n++] = g->events[i];
    }
}

static bool has_both(const design *d)
{
    double rows = 0, events = 0;

    for (size_t i = 0; i < d->n; i++) {
        rows += d->rows[i];
        events += d->events[i];
    }
    return events > 0 && rows > events;
}

static void fit_design(const design *d, score_logit_fit *out)
{
    const score_logit_data data
        = { d->n, d->k, d->x, d->rows, d->events, RIDGE };
    double rows = 0, events = 0;

    for (size_t i = 0; i < d->n; i++) {
        rows += d->rows[i];
        events += d->events[i];
    }
    memset(out, 0, sizeof *out);
    out->beta[0] = log(events / (rows - events));
    for (size_t j = 1; j <= d->k; j++)
        out->beta[j] = 1; /* what independent factors would have */
    score_logit(&data, out);
}

gb_status fit_model_all(fit *f, const fit_groups *g, const size_t *chosen,
                        score_logit_fit *out)
{
    design d;
    const gb_status status = take_design(f, g, &d);

    if (!status) {
        fill_design(f, g, chosen, FIT_FOLDS, false, &d);
        fit_design(&d, out);
    }
    clear_design(f, &d);
    return status;
}

static double judge_design(const design *d, const score_logit_fit *model)
{
    double sum = 0;

    for (size_t i = 0; i < d->n; i++) {
        double eta = model->beta[0];

        for (size_t j = 0; j < d->k; j++)
            eta += model->beta[j + 1] * d->x[i * d->k + j];
        sum -= score_logit_loss(eta, d->rows[i], d->events[i]);
    }
    return sum;
}

gb_status fit_model_judge(fit *f, const fit_groups *g, const size_t *chosen,
                          double *loglik)
{
    design d;
    const gb_status status = take_design(f, g, &d);

    *loglik = 0;
    for (size_t p = 0; p < FIT_FOLDS && !status; p++) {
        score_logit_fit model;

        fill_design(f, g, chosen, p, false, &d);
        if (!has_both(&d))
            continue;
        fit_design(&d, &model);
        fill_design(f, g, chosen, p, true, &d);
        *loglik += judge_design(&d, &model);
    }
    clear_design(f, &d);
    return status;
}

gb_status fit_model_promise(fit *f, const fit_groups *g,
                            const size_t *chosen,
                            const score_logit_fit *model,
                            const fit_candidate *c, double *promise)
{
    const size_t n_bins = c->n_bins + 1;
    uint32_t *counts
        = base_alloc_zeroed(f->mem, g->n * n_bins, 2 * sizeof *counts);
    double slope = 0, weight = 0, first = 0, second = 0;

    *promise = 0;
    if (!counts)
        return base_fail_nomem(f->run->ctx);
    for (size_t i = 0; i < f->rows.n; i++) {
        uint32_t *count = counts + 2 * (g->of_row[i] * n_bins + c->bin[i]);

        count[0]++;
        count[1] += f->rows.event[i];
    }
    for (size_t i = 0; i < g->n; i++) {
        double eta = model->beta[0], p;

        for (size_t j = 0; j < g->n_factors; j++)
            eta += model->beta[j + 1]
                   * f->candidates.items[chosen[j]]
                         .evidence[g->bins[i * g->n_factors + j]];
        p = 1 / (1 + exp(-eta));
        for (size_t b = 0; b < n_bins; b++) {
            const uint32_t *count = counts + 2 * (i * n_bins + b);
            const double w = count[0] * p * (1 - p), x = c->evidence[b];

            slope += (count[1] - count[0] * p) * x;
            weight += w;
            first += w * x;
            second += w * x * x;
        }
    }
    second -= weight > 0 ? first * first / weight : 0;
    *promise = slope > 0 && second > 0 ? slope * slope / second / 2 : 0;
    base_free(f->mem, counts);
    return GB_OK;
}
