/*
 * score_behaviour_return.c - see score_behaviour_return.h.
 *
 * A behaviour model is fitted to whole histories, so it explains the busy
 * best; of those long silent it knows little (AUC .683 on CDNOW, where recency
 * alone has .7015).  Here the question itself is fitted: at dates of the past,
 * of those who had then been silent so long, who came back within the time?  A
 * logistic rule of the model's log odds and four plain figures answers it.
 * Dates overlap in their outcomes: that makes no estimate worse, but errors of
 * estimates are larger than the number of rows suggests, and none are given.
 *
 * Nothing after the end of the record is seen: the last date is the end less
 * the time.  Ways tried on CDNOW and left, as they gave no more: hazards by
 * month, a trend in time, the model's log odds held at weight 1, P(alive),
 * squares, Pareto/NBD in the place of MBG/NBD, a new fit of it at each date.
 */
#include "score_behaviour_return.h"

#include <math.h>
#include <string.h>

#include "base_array.h"
#include "score_behaviour.h"

enum { N = GB_BEHAVIOUR_RETURN_WEIGHTS, MOST_STEPS = 60 };
static const double RIDGE = 1;     /* of standardised weights */
static const double VANISHED = 1e-9;
static const double UNLIKELY = 1e-12;

typedef struct example {
    double figures[N]; /* the first is 1 */
    bool has_returned;
} example;

typedef struct examples {
    BASE_ARRAY(example) all;
} examples;

/* The chance by the behaviour model alone. */
static double chance_any(const gb_behaviour_return *model,
                         const behaviour_state *s, int32_t day)
{
    const double unit = model->unit_days;
    const behaviour_row row = { s->x, ((double)s->last - s->first) / unit,
                                ((double)day - s->first) / unit };
    behaviour_per_x of_x;
    double alive;

    behaviour_of_x(model->kind, model->params, row.x, false, &of_x);
    (void)behaviour_loglik(model->kind, model->params, &of_x, &row, 1, NULL,
                           &alive);
    return alive * behaviour_any(model->kind, model->params, &row,
                                 model->within_days / unit);
}

static double figures_of(const gb_behaviour_return *model,
                         const behaviour_state *s, int32_t day, double f[N])
{
    const double any = chance_any(model, s, day);
    const double p = fmin(fmax(any, UNLIKELY), 1 - UNLIKELY);

    f[0] = 1;
    f[1] = log(p / (1 - p));
    f[2] = log1p((double)day - s->last);
    f[3] = log1p(s->x);
    f[4] = log1p((double)s->last - s->first);
    f[5] = log1p(fmin(fmax(s->spent, 0), 1e300) / model->amount_scale);
    return any;
}

static bool is_silent(const gb_behaviour_return *model,
                      const behaviour_state *s, int32_t day)
{
    return s->x >= 0 && (double)day - s->last >= model->dormant_days;
}

/* ---- the behaviour model ---- */

static gb_status fit_behaviour(base_run *run, const behaviour_log *log,
                               int32_t end_day, gb_behaviour_return *out)
{
    gb_behaviour_model fitted = GB_BEHAVIOUR_MODEL_INIT;
    behaviour_row *rows = base_alloc_array(run->mem, log->n_customers,
                                           sizeof *rows);
    double spent = 0;
    size_t n = 0;
    gb_status status;

    if (!rows)
        return base_fail_nomem(run->ctx);
    for (size_t c = 0; c < log->n_customers; c++) {
        const behaviour_state s = behaviour_state_at(log, c, end_day);

        if (s.x < 0)
            continue;
        rows[n++] = (behaviour_row){
            s.x, ((double)s.last - s.first) / out->unit_days,
            ((double)end_day - s.first) / out->unit_days
        };
        spent += fmax(s.spent, 0) / (double)log->n_customers;
    }
    if (!isfinite(spent))
        status = base_fail(run->ctx, GB_ERR_DATA,
                           "the amounts are too large to be added");
    else if (n == 0)
        status = base_fail(run->ctx, GB_ERR_DATA,
                           "there is no transaction by the end of the record");
    else
        status = behaviour_fit(run, out->kind, rows, n, 500, &fitted);
    memcpy(out->params, fitted.params, sizeof out->params);
    out->amount_scale = spent > 0 ? spent : 1;
    base_free(run->mem, rows);
    return status;
}

/* ---- examples out of the past ---- */

static gb_status add_date(base_run *run, const behaviour_log *log, int32_t day,
                          gb_behaviour_return *out, examples *e)
{
    const size_t before = e->all.n;

    for (size_t c = 0; c < log->n_customers; c++) {
        const behaviour_state s = behaviour_state_at(log, c, day);
        example one = { .has_returned = (double)s.next - day
                                        <= out->within_days };
        const gb_status status = base_poll(run);

        if (status)
            return status;
        if (!is_silent(out, &s, day))
            continue;
        (void)figures_of(out, &s, day, one.figures);
        if (!base_array_push(run->mem, &e->all, one))
            return base_fail_nomem(run->ctx);
        out->n_returned += one.has_returned;
    }
    out->n_examples = e->all.n;
    out->n_dates += e->all.n > before;
    return GB_OK;
}

/* ---- the logistic rule ---- */

static double chance_of(const double weights[N], const double f[N])
{
    double sum = 0;

    for (int i = 0; i < N; i++)
        sum += weights[i] * f[i];
    return 1 / (1 + exp(-sum));
}

/* To mean 0 and deviation 1, but for the constant; what does not vary is 0. */
static void standardise(examples *e, double mean[N], double deviation[N])
{
    const double n = (double)e->all.n;

    for (int i = 0; i < N; i++) {
        double sum = 0, squares = 0;

        for (size_t k = 0; k < e->all.n; k++)
            sum += e->all.items[k].figures[i];
        mean[i] = i ? sum / n : 0;
        for (size_t k = 0; k < e->all.n; k++)
            squares += pow(e->all.items[k].figures[i] - mean[i], 2);
        deviation[i] = squares > 1e-18 * n && i ? sqrt(squares / n) : 1;
        for (size_t k = 0; k < e->all.n; k++)
            e->all.items[k].figures[i]
                = (e->all.items[k].figures[i] - mean[i]) / deviation[i];
    }
}

/* Slope and curvature of the log-likelihood less half the ridge. */
static void look(const examples *e, const double weights[N], double slope[N],
                 double curve[N][N])
{
    memset(slope, 0, N * sizeof *slope);
    memset(curve, 0, sizeof(double[N][N]));
    for (size_t k = 0; k < e->all.n; k++) {
        const double *f = e->all.items[k].figures;
        const double p = chance_of(weights, f);

        for (int i = 0; i < N; i++) {
            slope[i] += f[i] * (e->all.items[k].has_returned - p);
            for (int j = 0; j <= i; j++)
                curve[i][j] += f[i] * f[j] * p * (1 - p);
        }
    }
    for (int i = 0; i < N; i++) {
        slope[i] -= i ? RIDGE * weights[i] : 0;
        curve[i][i] += i ? RIDGE : 1e-9;
    }
}

/* Solve curve * step = slope by Cholesky's factors; the ridge keeps it
 * positive. */
static void solve(double curve[N][N], const double slope[N], double step[N])
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            double sum = curve[i][j];

            for (int k = 0; k < j; k++)
                sum -= curve[i][k] * curve[j][k];
            curve[i][j] = i == j ? sqrt(fmax(sum, 1e-12))
                                 : sum / curve[j][j];
        }
    for (int i = 0; i < N; i++) {
        step[i] = slope[i];
        for (int k = 0; k < i; k++)
            step[i] -= curve[i][k] * step[k];
        step[i] /= curve[i][i];
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int k = i + 1; k < N; k++)
            step[i] -= curve[k][i] * step[k];
        step[i] /= curve[i][i];
    }
}

/* Newton's method, in steps of no more than 1 each. */
static gb_status fit_rule(base_run *run, const examples *e,
                          gb_behaviour_return *out, double weights[N])
{
    const double rate = (double)out->n_returned / (double)out->n_examples;

    weights[0] = log(rate / (1 - rate));
    for (int s = 0; s < MOST_STEPS && !out->is_converged; s++) {
        double slope[N], curve[N][N], step[N], most = 0;
        const gb_status status = base_poll_many(run, 256);

        if (status)
            return status;
        look(e, weights, slope, curve);
        solve(curve, slope, step);
        for (int i = 0; i < N; i++)
            most = fmax(most, fabs(step[i]));
        for (int i = 0; i < N; i++)
            weights[i] += step[i] / fmax(most, 1);
        out->is_converged = most < VANISHED;
    }
    return GB_OK;
}

static gb_status learn(base_run *run, examples *e, gb_behaviour_return *out)
{
    double mean[N], deviation[N], weights[N] = { 0 };
    gb_status status;

    if (out->n_returned == 0 || out->n_returned == out->n_examples)
        return base_fail(run->ctx, GB_ERR_DATA,
                         "of %llu silent customers at %u dates of the past "
                         "%llu came back: nothing can be learnt from that",
                         (unsigned long long)out->n_examples, out->n_dates,
                         (unsigned long long)out->n_returned);
    standardise(e, mean, deviation);
    status = fit_rule(run, e, out, weights);
    for (int i = 0; i < N; i++) {
        out->weights[i] += weights[i] / deviation[i];
        out->weights[0] -= i ? weights[i] * mean[i] / deviation[i] : 0;
    }
    return status;
}

gb_status behaviour_return_fit(base_run *run, const behaviour_log *log,
                               int32_t first_day, int32_t end_day,
                               const gb_behaviour_return_options *options,
                               gb_behaviour_return *out)
{
    const double step = options->step_days;
    examples e = { BASE_ARRAY_INIT };
    gb_status status = fit_behaviour(run, log, end_day, out);

    for (uint32_t i = 0; i < options->n_dates && !status; i++) {
        const double day = end_day - out->within_days - i * step;

        if (day < first_day)
            break;
        status = add_date(run, log, (int32_t)floor(day), out, &e);
    }
    if (!status)
        status = learn(run, &e, out);
    base_array_clear(run->mem, &e.all);
    return status;
}

double behaviour_return_chance(const gb_behaviour_return *model,
                               const behaviour_state *state, int32_t day,
                               double *p_any)
{
    double f[N];

    if (!is_silent(model, state, day))
        return NAN;
    *p_any = figures_of(model, state, day, f);
    return chance_of(model->weights, f);
}
