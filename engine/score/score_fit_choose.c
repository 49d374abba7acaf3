/*
 * score_fit_choose.c - factors taken one by one.
 *
 * A score test says which few candidates are worth a fit; each of those is
 * fitted on four of five folds and judged on the fifth, five times.
 */
#include <math.h>
#include <string.h>

#include "base_check.h"
#include "score_fit.h"

enum { SHORTLIST = 8 };
/* In log-likelihood over all folds: less than this is within the noise, and
 * makes a card longer, not better. */
static const double LEAST_GAIN = 2;
/* A gain is near to what was promised: far smaller promises need no fit. */
static const double NEAR = 1.5;

typedef struct promise {
    double value;
    size_t candidate;
} promise;

static void shortlist_add(promise *list, size_t *n, promise p)
{
    size_t at = *n;

    while (at > 0 && p.value > list[at - 1].value)
        at--;
    if (at == SHORTLIST)
        return;
    memmove(list + at + 1, list + at,
            ((*n < SHORTLIST ? *n : SHORTLIST - 1) - at) * sizeof *list);
    list[at] = p;
    *n += *n < SHORTLIST;
}

/* Throw out what tells the same as the factor taken last. */
static void drop_repeats(fit *f, size_t taken)
{
    for (size_t i = 0; i < f->candidates.n; i++) {
        fit_candidate *c = &f->candidates.items[i];
        bool is_taken = false;

        for (size_t k = 0; k < f->n_chosen; k++)
            is_taken |= f->chosen[k] == i;
        if (is_taken || c->reason != FIT_IN)
            continue;
        if (fabs(fit_correlation(f, c, &f->candidates.items[taken]))
            > f->o.max_correlation) {
            c->reason = FIT_REPEATS;
            c->repeats = taken;
        }
    }
}

static gb_status make_shortlist(fit *f, const fit_groups *groups,
                                promise *list, size_t *n)
{
    gb_status status = GB_OK;

    *n = 0;
    for (size_t i = 0; i < f->candidates.n && !status; i++) {
        const fit_candidate *c = &f->candidates.items[i];
        promise p = { 0, i };
        bool is_taken = false;

        for (size_t k = 0; k < f->n_chosen; k++)
            is_taken |= f->chosen[k] == i;
        if (is_taken || c->reason != FIT_IN)
            continue;
        status = fit_model_promise(f, groups, f->chosen, &f->model, c,
                                   &p.value);
        if (!status)
            status = base_poll(f->run);
        if (!status && p.value > 0)
            shortlist_add(list, n, p);
    }
    return status;
}

/* The best of the list by what it adds to folds not fitted on. */
static gb_status find_best(fit *f, const fit_groups *groups,
                           const promise *list, size_t n, double *loglik,
                           size_t *best)
{
    const double before = *loglik;
    gb_status status = GB_OK;

    *best = SIZE_MAX;
    for (size_t k = 0; k < n && !status; k++) {
        fit_groups parted;
        double value = 0;

        if (*best != SIZE_MAX && NEAR * list[k].value < *loglik - before)
            break;
        f->chosen[f->n_chosen] = list[k].candidate;
        status = fit_groups_part(f, groups,
                                 &f->candidates.items[list[k].candidate],
                                 &parted);
        if (!status)
            status = fit_model_judge(f, &parted, f->chosen, &value);
        if (!status)
            status = base_poll(f->run);
        fit_groups_clear(f, &parted);
        if (!status && value > *loglik + (*best == SIZE_MAX ? LEAST_GAIN : 0)) {
            *loglik = value;
            *best = list[k].candidate;
        }
    }
    return status;
}

static gb_status take(fit *f, fit_groups *groups, size_t best, double gain)
{
    fit_groups parted;
    gb_status status = fit_groups_part(f, groups, &f->candidates.items[best],
                                       &parted);

    if (status)
        return status;
    fit_groups_clear(f, groups);
    *groups = parted;
    f->gains[f->n_chosen] = gain;
    f->chosen[f->n_chosen++] = best;
    drop_repeats(f, best);
    return fit_model_all(f, groups, f->chosen, &f->model);
}

gb_status fit_choose(fit *f)
{
    fit_groups groups;
    double loglik = 0;
    gb_status status = fit_groups_begin(f, &groups);

    base_run_phase(f->run, GB_N("choosing factors"), .6, .95, 0);
    if (!status)
        status = fit_model_all(f, &groups, f->chosen, &f->model);
    if (!status)
        status = fit_model_judge(f, &groups, f->chosen, &loglik);
    while (!status && f->n_chosen < f->o.max_factors) {
        promise list[SHORTLIST];
        const double before = loglik;
        size_t n, best = SIZE_MAX;

        status = make_shortlist(f, &groups, list, &n);
        if (!status)
            status = find_best(f, &groups, list, n, &loglik, &best);
        if (status || best == SIZE_MAX)
            break;
        status = take(f, &groups, best, loglik - before);
    }
    fit_groups_clear(f, &groups);
    if (!status && f->n_chosen == 0)
        status = base_fail(f->run->ctx, GB_ERR_DATA,
                           "no factor tells anything of the outcome that "
                           "holds over time");
    return status;
}
