/*
 * score_check_drift.c - probabilities that follow the drift of the outcomes.
 *
 * Time goes in blocks of `every` rows.  What a block is shifted by is learnt
 * from the blocks before it alone, as in practice the outcomes of today are
 * known tomorrow; the first block stays as it is.
 */
#include "score_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score_logit.h"

static double logit(double p)
{
    const double bounded = fmin(fmax(p, 1e-12), 1 - 1e-12);

    return log(bounded / (1 - bounded));
}

/* The shift that fits rows [from, to); 0 when they all had one outcome. */
static double shift_of(const double *eta, const double *one,
                       const double *events, size_t from, size_t to)
{
    double sum = 0;

    for (size_t i = from; i < to; i++)
        sum += events[i];
    if (from == to || !(sum > 0) || !(sum < (double)(to - from)))
        return (double)NAN;
    return score_logit_shift(eta + from, one + from, events + from, to - from);
}

typedef struct known {
    double *eta, *one, *events; /* rows with an outcome, in order */
    size_t n;
} known;

static gb_status take_known(base_run *run, size_t n, known *k)
{
    k->n = 0;
    k->eta = base_alloc_array(run->mem, n, sizeof *k->eta);
    k->one = base_alloc_array(run->mem, n, sizeof *k->one);
    k->events = base_alloc_array(run->mem, n, sizeof *k->events);
    return k->eta && k->one && k->events ? GB_OK : base_fail_nomem(run->ctx);
}

static void clear_known(base_run *run, known *k)
{
    base_free(run->mem, k->eta);
    base_free(run->mem, k->one);
    base_free(run->mem, k->events);
}

static void learn(known *k, double probability, uint8_t outcome)
{
    if (outcome > 1)
        return;
    k->eta[k->n] = logit(probability);
    k->one[k->n] = 1;
    k->events[k->n++] = outcome;
}

gb_status score_check_rolling(base_run *run, const double *probability,
                              const uint8_t *outcome, size_t n_rows,
                              size_t every, double *out)
{
    double shift = 0;
    known k;
    gb_status status = take_known(run, n_rows, &k);

    for (size_t from = 0; from < n_rows && !status; from += every) {
        const size_t to = n_rows - from > every ? from + every : n_rows;
        const double fresh = shift_of(k.eta, k.one, k.events,
                                      k.n > every ? k.n - every : 0, k.n);

        shift = isnan(fresh) ? shift : fresh;
        for (size_t i = from; i < to; i++)
            out[i] = 1 / (1 + exp(-logit(probability[i]) - shift));
        for (size_t i = from; i < to; i++)
            learn(&k, probability[i], outcome[i]);
        status = base_poll_many(run, to - from);
    }
    clear_known(run, &k);
    return status;
}

/* ---- isotonic ---- */

void score_isotonic(double *value, double *weight, size_t *scratch, size_t n)
{
    size_t top = 0; /* pools so far; scratch holds their first places */

    for (size_t i = 0; i < n; i++) {
        double sum = value[i] * weight[i], all = weight[i];
        size_t first = i;

        while (top > 0 && value[scratch[top - 1]] * all >= sum) {
            first = scratch[--top];
            sum += value[first] * weight[first];
            all += weight[first];
        }
        value[first] = sum / all;
        weight[first] = all;
        scratch[top++] = first;
    }
    for (size_t pool = top, end = n; pool-- > 0; end = scratch[pool])
        for (size_t i = scratch[pool] + 1; i < end; i++)
            value[i] = value[scratch[pool]];
}

typedef struct pair {
    double p, event;
} pair;

static int by_probability(const void *a, const void *b)
{
    const double x = ((const pair *)a)->p, y = ((const pair *)b)->p;

    return (x > y) - (x < y);
}

typedef struct steps {
    double *p, *value, *weight; /* rising */
    size_t *scratch;
    pair *pairs;
    size_t n_pairs, n;
} steps;

static gb_status take_steps(base_run *run, size_t n, steps *s)
{
    memset(s, 0, sizeof *s);
    s->p = base_alloc_array(run->mem, n, sizeof *s->p);
    s->value = base_alloc_array(run->mem, n, sizeof *s->value);
    s->weight = base_alloc_array(run->mem, n, sizeof *s->weight);
    s->scratch = base_alloc_array(run->mem, n, sizeof *s->scratch);
    s->pairs = base_alloc_array(run->mem, n, sizeof *s->pairs);
    return s->p && s->value && s->weight && s->scratch && s->pairs
               ? GB_OK : base_fail_nomem(run->ctx);
}

static void clear_steps(base_run *run, steps *s)
{
    base_free(run->mem, s->p);
    base_free(run->mem, s->value);
    base_free(run->mem, s->weight);
    base_free(run->mem, s->scratch);
    base_free(run->mem, s->pairs);
}

static void fit_steps(steps *s)
{
    qsort(s->pairs, s->n_pairs, sizeof *s->pairs, by_probability);
    s->n = 0;
    for (size_t i = 0; i < s->n_pairs; i++) {
        if (s->n == 0 || s->pairs[i].p > s->p[s->n - 1]) {
            s->p[s->n] = s->pairs[i].p;
            s->value[s->n] = s->weight[s->n] = 0;
            s->n++;
        }
        s->value[s->n - 1] += s->pairs[i].event;
        s->weight[s->n - 1] += 1;
    }
    for (size_t i = 0; i < s->n; i++)
        s->value[i] /= s->weight[i];
    score_isotonic(s->value, s->weight, s->scratch, s->n);
}

/* Straight between the places that are known, level beyond them. */
static double look_up(const steps *s, double p)
{
    size_t low = 0, high = s->n;
    double part;

    if (s->n == 0)
        return p;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (p >= s->p[middle])
            low = middle;
        else
            high = middle;
    }
    if (p <= s->p[low] || low + 1 == s->n)
        return s->value[low];
    part = (p - s->p[low]) / (s->p[low + 1] - s->p[low]);
    return s->value[low] + part * (s->value[low + 1] - s->value[low]);
}

gb_status score_check_isotonic(base_run *run, const double *probability,
                               const uint8_t *outcome, size_t n_rows,
                               size_t every, double *out)
{
    steps s;
    gb_status status = take_steps(run, n_rows, &s);

    for (size_t from = 0; from < n_rows && !status; from += every) {
        const size_t to = n_rows - from > every ? from + every : n_rows;

        fit_steps(&s);
        for (size_t i = from; i < to; i++)
            out[i] = look_up(&s, probability[i]);
        for (size_t i = from; i < to; i++)
            if (outcome[i] <= 1)
                s.pairs[s.n_pairs++] = (pair){ probability[i], outcome[i] };
        status = base_poll_many(run, to - from);
    }
    clear_steps(run, &s);
    return status;
}
