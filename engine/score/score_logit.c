/*
 * score_logit.c - see score_logit.h.
 */
#include "score_logit.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 100, MOST_SWEEPS = 500, MOST_HALVINGS = 40 };
static const double TOLERANCE = 1e-10;

/* The quadratic model of the objective about beta. */
typedef struct model {
    size_t m; /* k + 1 */
    double value, gradient[SCORE_LOGIT_MOST];
    double hessian[SCORE_LOGIT_MOST][SCORE_LOGIT_MOST];
} model;

double score_logit_loss(double eta, double rows, double events)
{
    const double soft
        = eta > 0 ? eta + log1p(exp(-eta)) : log1p(exp(eta));

    return rows * soft - events * eta;
}

static double linear(const score_logit_data *d, size_t i, const double *beta)
{
    double eta = beta[0];

    for (size_t j = 0; j < d->k; j++)
        eta += beta[j + 1] * d->x[i * d->k + j];
    return eta;
}

static double loss(const score_logit_data *d, const double *beta)
{
    double sum = 0;

    for (size_t i = 0; i < d->n; i++)
        sum += score_logit_loss(linear(d, i, beta), d->rows[i], d->events[i]);
    return sum;
}

static double ridge_of(const score_logit_data *d, const double *beta)
{
    double sum = 0;

    for (size_t j = 1; j <= d->k; j++)
        sum += beta[j] * beta[j];
    return d->ridge * sum / 2;
}

static void add_group(model *m, const double *x, double residual,
                      double weight)
{
    m->gradient[0] += residual;
    m->hessian[0][0] += weight;
    for (size_t j = 1; j < m->m; j++) {
        const double wx = weight * x[j - 1];

        m->gradient[j] += residual * x[j - 1];
        m->hessian[j][0] += wx;
        for (size_t l = 1; l <= j; l++)
            m->hessian[j][l] += wx * x[l - 1];
    }
}

static void build(const score_logit_data *d, const double *beta, model *m)
{
    memset(m, 0, sizeof *m);
    m->m = d->k + 1;
    m->value = ridge_of(d, beta);
    for (size_t i = 0; i < d->n; i++) {
        const double eta = linear(d, i, beta);
        const double p = 1 / (1 + exp(-eta));

        m->value += score_logit_loss(eta, d->rows[i], d->events[i]);
        add_group(m, d->x + i * d->k, d->rows[i] * p - d->events[i],
                  d->rows[i] * p * (1 - p));
    }
    for (size_t j = 0; j < m->m; j++) {
        if (j > 0) {
            m->gradient[j] += d->ridge * beta[j];
            m->hessian[j][j] += d->ridge;
        }
        for (size_t l = 0; l < j; l++)
            m->hessian[l][j] = m->hessian[j][l];
    }
}

double score_logit_value(const score_logit_data *data, const double *beta,
                         double *gradient)
{
    model m;

    build(data, beta, &m);
    memcpy(gradient, m.gradient, m.m * sizeof *gradient);
    return m.value;
}

/* The least of the quadratic model with beta + step >= 0 for the slopes. */
static void solve_model(const model *m, const double *beta, double *step)
{
    double slope[SCORE_LOGIT_MOST];

    memset(step, 0, m->m * sizeof *step);
    memcpy(slope, m->gradient, m->m * sizeof *slope);
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double moved = 0;

        for (size_t j = 0; j < m->m; j++) {
            const double h = m->hessian[j][j];
            double by;

            if (!(h > 0))
                continue;
            by = -slope[j] / h;
            if (j > 0 && beta[j] + step[j] + by < 0)
                by = -(beta[j] + step[j]);
            step[j] += by;
            for (size_t l = 0; l < m->m; l++)
                slope[l] += m->hessian[l][j] * by;
            moved = fmax(moved, fabs(by));
        }
        if (moved < TOLERANCE / 10)
            return;
    }
}

/* Take the step, or the part of it that helps; how far it went. */
static double take(const score_logit_data *d, const model *m, double *beta,
                   const double *step)
{
    double trial[SCORE_LOGIT_MOST], part = 1;

    for (int halving = 0; halving < MOST_HALVINGS; halving++, part /= 2) {
        double longest = 0;

        for (size_t j = 0; j < m->m; j++) {
            trial[j] = beta[j] + part * step[j];
            if (j > 0 && trial[j] < 0)
                trial[j] = 0;
            longest = fmax(longest, fabs(part * step[j]));
        }
        if (loss(d, trial) + ridge_of(d, trial)
            <= m->value + 1e-12 * fabs(m->value)) {
            memcpy(beta, trial, m->m * sizeof *beta);
            return longest;
        }
    }
    return 0;
}

void score_logit(const score_logit_data *data, score_logit_fit *fit)
{
    fit->is_converged = false;
    for (int i = 0; i < MOST_STEPS && !fit->is_converged; i++) {
        double step[SCORE_LOGIT_MOST];
        model m;

        build(data, fit->beta, &m);
        solve_model(&m, fit->beta, step);
        fit->is_converged = take(data, &m, fit->beta, step) < TOLERANCE;
    }
    fit->loglik = -loss(data, fit->beta);
}

double score_logit_shift(const double *predictors, const double *rows,
                         const double *events, size_t n)
{
    double low = -30, high = 30, sum_events = 0;

    for (size_t i = 0; i < n; i++)
        sum_events += events[i];
    /* Bisection: what is foretold rises with the shift, whatever comes. */
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        double foretold = 0;

        for (size_t g = 0; g < n; g++)
            foretold += rows[g] / (1 + exp(-predictors[g] - middle));
        if (foretold < sum_events)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
