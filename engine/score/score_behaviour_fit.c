/*
 * score_behaviour_fit.c - the parameters under which rows are likeliest.
 *
 * Equal rows are counted once: histories in whole days repeat much.  They are
 * sorted, so that those of one x stand together and share their gammas, and
 * so that the sums do not depend on the order in which they were given.
 *
 * The search is a quasi-Newton one (BFGS: J. Nocedal, S. Wright, Numerical
 * Optimization, 2nd ed. 2006, chapter 6) on the logs of at most four
 * parameters, with exact gradients.  A library (NLopt) was considered: its
 * L-BFGS is another's code for these hundred lines, asks malloc for memory
 * past our allocator, and cannot be cancelled between rows.
 *
 * Times and amounts are first divided by a power of two near their largest,
 * which is exact, so that starts and penalty need not know their unit.  The
 * penalty begins where a parameter is PENALTY_LOW or PENALTY_HIGH in that
 * unit, grows as the square of the log beyond, and is 0 in between.
 */
#include "score_behaviour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum {
    BLOCK = 1024,         /* rows between two polls */
    SAMPLE = 4096,        /* distinct rows that choose the start */
    SAMPLE_STEPS = 60,
    HALVINGS = 40
};
static const double PENALTY_LOW = 1e-3, PENALTY_HIGH = 1e4;
static const double NEAR = 0.7; /* to an edge: within a factor of 2 */
static const double VANISHED = 1e-9; /* gradient a customer */
static const double SMALL = 1e-6;    /* the same, where rounding stops us */
static const double ROUNDING = 1e-14; /* gains below this are chance */
static const double FULL_STEP = 2;   /* in logs of parameters */

typedef struct grouped {
    behaviour_row row;
    double count;
} grouped;

typedef struct search {
    base_run *run;
    int32_t kind;
    size_t n_params;
    const grouped *rows;
    size_t n_rows, stride; /* every stride-th row is looked at */
    double weight;         /* customers in those */
    uint32_t n_evaluations;
} search;

typedef struct place {
    double at[4];     /* logs of the parameters */
    double value;     /* mean log-likelihood less the penalty: to be largest */
    double slope[4];
    double loglik;    /* sum */
    double penalty;
} place;

static int by_row(const void *a, const void *b)
{
    const behaviour_row *p = a, *q = b;
    const double u[] = { p->x, p->t_x, p->T }, v[] = { q->x, q->t_x, q->T };

    for (int i = 0; i < 3; i++)
        if (u[i] < v[i] || u[i] > v[i])
            return u[i] < v[i] ? -1 : 1;
    return 0;
}

static size_t group(behaviour_row *rows, size_t n, grouped *out)
{
    size_t n_out = 0;

    qsort(rows, n, sizeof *rows, by_row);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || by_row(&rows[i - 1], &rows[i]) != 0) {
            out[n_out].row = rows[i];
            out[n_out++].count = 0;
        }
        out[n_out - 1].count += 1;
    }
    return n_out;
}

static double penalty_of(search *s, place *p, double scale)
{
    const double low = log(PENALTY_LOW), high = log(PENALTY_HIGH);
    double sum = 0;

    for (size_t i = 0; i < s->n_params; i++) {
        const double over = p->at[i] < low    ? p->at[i] - low
                            : p->at[i] > high ? p->at[i] - high
                                              : 0;

        sum += over * over;
        p->slope[i] -= 2 * over * scale;
    }
    return sum;
}

/* Value and slope at p->at. */
static gb_status evaluate(search *s, place *p)
{
    double params[4] = { 0 }, sum = 0, slope[4] = { 0 };
    behaviour_per_x of_x = { .x = -1 };

    for (size_t i = 0; i < s->n_params; i++)
        params[i] = exp(p->at[i]);
    for (size_t from = 0; from < s->n_rows; from += BLOCK * s->stride) {
        const size_t end = from + BLOCK * s->stride;
        double part = 0, part_slope[4] = { 0 };
        gb_status status;

        for (size_t i = from; i < end && i < s->n_rows; i += s->stride) {
            const grouped *g = &s->rows[i];

            if (g->row.x > of_x.x || g->row.x < of_x.x)
                behaviour_of_x(s->kind, params, g->row.x, true, &of_x);
            part += g->count * behaviour_loglik(s->kind, params, &of_x,
                                                &g->row, g->count,
                                                part_slope, NULL);
        }
        sum += part;
        for (size_t i = 0; i < s->n_params; i++)
            slope[i] += part_slope[i];
        status = base_poll_many(s->run, BLOCK);
        if (status)
            return status;
    }
    s->n_evaluations++;
    for (size_t i = 0; i < s->n_params; i++)
        p->slope[i] = slope[i] * params[i] / s->weight;
    p->loglik = sum;
    p->penalty = penalty_of(s, p, 1 / s->weight);
    p->value = (sum - p->penalty) / s->weight;
    return GB_OK;
}

static double largest(const double *v, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

static double dot(const double *u, const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += u[i] * v[i];
    return sum;
}

/* The inverse of the curvature, as far as it is known. */
typedef struct curvature {
    double h[4][4];
    bool is_fresh;
} curvature;

static void forget(curvature *c)
{
    memset(c, 0, sizeof *c);
    for (int i = 0; i < 4; i++)
        c->h[i][i] = 1;
    c->is_fresh = true;
}

/* After a step; y is the change of the negative slope. */
static void learn(curvature *c, const double *step, const double *y, size_t n)
{
    const double sy = dot(step, y, n), yy = dot(y, y, n);
    double hy[4] = { 0 }, yhy = 0;

    if (!(sy > 1e-12 * sqrt(yy * dot(step, step, n))))
        return;
    for (size_t i = 0; c->is_fresh && i < n; i++)
        c->h[i][i] = sy / yy;
    c->is_fresh = false;
    for (size_t i = 0; i < n; i++) {
        hy[i] = dot(c->h[i], y, n);
        yhy += y[i] * hy[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            c->h[i][j] += (1 + yhy / sy) * step[i] * step[j] / sy
                          - (hy[i] * step[j] + step[i] * hy[j]) / sy;
}

/*
 * From *p along `way`, to a place that is better by a share of what the slope
 * promises; the step is halved, or shortened to where a parabola has its top.
 * *is_found false: none is.
 */
static gb_status walk(search *s, const place *p, const double *way,
                      place *next, bool *is_found)
{
    const double promise = dot(p->slope, way, s->n_params);
    const double most = largest(way, s->n_params);
    double step = most > FULL_STEP ? FULL_STEP / most : 1;

    *is_found = false;
    for (int i = 0; i < HALVINGS; i++) {
        double shorter;
        gb_status status;

        for (size_t d = 0; d < s->n_params; d++)
            next->at[d] = p->at[d] + step * way[d];
        status = evaluate(s, next);
        if (status)
            return status;
        if (next->value >= p->value + 1e-4 * step * promise) {
            *is_found = true;
            return GB_OK;
        }
        shorter = 0.5 * promise * step * step
                  / (promise * step - (next->value - p->value));
        step = shorter > 0.1 * step && shorter < 0.5 * step ? shorter
                                                            : 0.5 * step;
    }
    return GB_OK;
}

/* From *p to the top; at most `n_steps`, and until the slope is `enough`. */
static gb_status climb(search *s, place *p, uint32_t n_steps, double enough)
{
    const size_t n = s->n_params;
    curvature c;
    int n_at_rest = 0;
    gb_status status = evaluate(s, p);

    forget(&c);
    for (uint32_t i = 0; !status && i < n_steps; i++) {
        double way[4] = { 0 }, step[4], y[4];
        place next = { 0 };
        bool is_found;

        if (!(largest(p->slope, n) > enough))
            break;
        for (size_t d = 0; d < n; d++)
            way[d] = dot(c.h[d], p->slope, n);
        if (!(dot(way, p->slope, n) > 0)) {
            forget(&c);
            memcpy(way, p->slope, sizeof way);
        }
        status = walk(s, p, way, &next, &is_found);
        if (status || (!is_found && (c.is_fresh || largest(p->slope, n) <= SMALL)))
            break;
        if (!is_found) { /* what was learnt misleads */
            forget(&c);
            continue;
        }
        n_at_rest = next.value - p->value <= ROUNDING * fabs(p->value)
                        ? n_at_rest + 1 : 0;
        for (size_t d = 0; d < n; d++) {
            step[d] = next.at[d] - p->at[d];
            y[d] = p->slope[d] - next.slope[d];
        }
        *p = next;
        learn(&c, step, y, n);
        if (n_at_rest > 2
            || (n_at_rest > 0 && largest(p->slope, n) <= SMALL))
            break;
    }
    return status;
}

/* The starts of gb_behaviour_fit(): by the mean of x, and of m. */
static void start_at(const search *s, int which, place *p)
{
    static const double shapes[][3] = { /* r or p, a or s or q, b or beta */
        { 0.5, 0.8, 2 }, { 2, 0.5, 0.5 }, { 0.2, 2, 8 }
    };
    const double *shape = shapes[which];
    double sum_x = 0, sum_T = 0, n = 0, rate;

    for (size_t i = 0; i < s->n_rows; i++) {
        sum_x += s->rows[i].count * s->rows[i].row.x;
        sum_T += s->rows[i].count * s->rows[i].row.T;
        n += s->rows[i].count;
    }
    memset(p, 0, sizeof *p);
    if (s->kind == GB_BEHAVIOUR_GAMMAGAMMA) {
        const double powers[] = { 6, 1.5, 20 }, shape_q = 1 + powers[which] / 2;

        p->at[0] = log(powers[which]);
        p->at[1] = log(shape_q);
        p->at[2] = log(sum_T / n * (shape_q - 1) / powers[which]);
        return;
    }
    rate = sum_x / sum_T; /* below 0 it is not, at 0 the penalty holds */
    p->at[0] = log(shape[0]);
    p->at[1] = log(shape[0] / fmax(rate, 1e-2));
    p->at[2] = log(shape[1]);
    p->at[3] = log(s->kind == GB_BEHAVIOUR_PARETONBD ? 0.25 * shape[2]
                                                     : shape[2]);
}

/* The best of the starts on a share of the rows, then all rows. */
static gb_status find(search *s, uint32_t n_steps, place *best)
{
    gb_status status = GB_OK;

    s->stride = s->n_rows > SAMPLE ? s->n_rows / SAMPLE : 1;
    s->weight = 0;
    for (size_t i = 0; i < s->n_rows; i += s->stride)
        s->weight += s->rows[i].count;
    best->value = -INFINITY;
    for (int which = 0; !status && which < 3; which++) {
        place p;

        start_at(s, which, &p);
        status = climb(s, &p, SAMPLE_STEPS, SMALL);
        if (!status && p.value > best->value)
            *best = p;
    }
    s->stride = 1;
    s->weight = 0;
    for (size_t i = 0; i < s->n_rows; i++)
        s->weight += s->rows[i].count;
    s->n_evaluations = 0;
    if (!isfinite(best->value))
        start_at(s, 0, best);
    return status ? status : climb(s, best, n_steps, VANISHED);
}

/* A power of two at or above the largest of the third figures. */
static double unit_of(const behaviour_row *rows, size_t n)
{
    double most = 0;
    int power;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, rows[i].T);
    (void)frexp(most, &power);
    return ldexp(1, power);
}

static void hand_over(const search *s, const place *p, double unit,
                      gb_behaviour_model *out)
{
    const bool is_amount = s->kind == GB_BEHAVIOUR_GAMMAGAMMA;
    double shift = 0;

    out->kind = s->kind;
    for (size_t i = 0; i < s->n_params; i++) {
        out->params[i] = exp(p->at[i]);
        if (p->at[i] < log(PENALTY_LOW) + NEAR
            || p->at[i] > log(PENALTY_HIGH) - NEAR)
            out->at_edge |= UINT32_C(1) << i;
    }
    out->params[is_amount ? 2 : 1] *= unit;
    if (s->kind == GB_BEHAVIOUR_PARETONBD)
        out->params[3] *= unit;
    /* A density by x times, or by one mean amount, in the caller's unit. */
    for (size_t i = 0; i < s->n_rows; i++)
        shift += s->rows[i].count * (is_amount ? 1 : s->rows[i].row.x);
    out->loglik = p->loglik - shift * log(unit);
    out->penalty = p->penalty;
    out->gradient = largest(p->slope, s->n_params);
    out->is_converged = out->gradient <= SMALL;
    out->n_evaluations = s->n_evaluations;
    out->n = (uint64_t)s->weight;
    out->n_distinct = s->n_rows;
}

gb_status behaviour_fit(base_run *run, int32_t kind, behaviour_row *rows,
                        size_t n, uint32_t max_iterations,
                        gb_behaviour_model *out)
{
    const double unit = unit_of(rows, n);
    grouped *groups = base_alloc_array(run->mem, n, sizeof *groups);
    search s = { .run = run, .kind = kind, .rows = groups,
                 .n_params = kind == GB_BEHAVIOUR_GAMMAGAMMA ? 3 : 4 };
    place best = { 0 };
    gb_status status;

    if (!groups)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < n; i++) {
        rows[i].t_x /= unit;
        rows[i].T /= unit;
    }
    s.n_rows = group(rows, n, groups);
    status = find(&s, max_iterations, &best);
    if (!status)
        hand_over(&s, &best, unit, out);
    base_free(run->mem, groups);
    return status;
}
