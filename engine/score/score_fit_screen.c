/*
 * score_fit_screen.c - what is thrown out before the fit, and why.
 *
 * A population stability index alone would throw out much that is sound: that
 * more customers have dealt with us before does not make it tell less.  So a
 * column goes when what it said of the earlier parts did not hold in the last
 * one, or when the last one has values of which nothing could be learnt.
 */
#include <math.h>
#include <string.h>

#include "score_fit.h"

/* A factor that the others do not come half as near to is no factor but the
 * outcome in disguise; this near to 1 nothing honest comes. */
static const double CERTAIN = .98, TWICE = 2, MOST_UNSEEN = .25, ERRORS = 2,
                    ERRORS_TO_TURN = 3;
/* What is cut by its own noise adds nothing where it was not cut from. */
static const double LEAST_HONEST = 2;

/* The best AUC of a candidate other than `but` and what is made of it. */
static double best_other(const fit *f, const fit_candidate *but)
{
    double best = .5;

    for (size_t i = 0; i < f->candidates.n; i++) {
        const fit_candidate *c = &f->candidates.items[i];

        if (c->column != but->column && c->other != but->column)
            best = fmax(best, c->alone);
    }
    return best;
}

static void look_for_leaks(fit *f, fit_candidate *c)
{
    const double excess = c->alone - .5;
    const bool is_certain = c->alone >= CERTAIN;
    char auc[32];

    if (c->alone < f->o.max_alone)
        return;
    base_real_text(auc, c->alone, 3);
    c->is_suspect = true;
    if (!c->is_kept
        && (is_certain || excess > TWICE * (best_other(f, c) - .5))) {
        c->reason = FIT_ALONE;
        base_log(f->run->ctx, GB_LOG_WARNING,
                 "\"%s\" alone separates too well (AUC %s) to have been known "
                 "beforehand: left out; keep it by name if it was",
                 c->name, auc);
        return;
    }
    base_log(f->run->ctx, GB_LOG_WARNING,
             "\"%s\" alone separates very well (AUC %s): was it known "
             "beforehand?",
             c->name, auc);
}

/* Standard error of an AUC of .5 (Mann and Whitney). */
static double error_of_auc(double n_events, double n_rows)
{
    const double n_others = n_rows - n_events;

    if (!(n_events > 0) || !(n_others > 0))
        return .5;
    return sqrt((n_rows + 1) / (12 * n_events * n_others));
}

static void look_for_drift(fit *f, fit_candidate *c)
{
    const size_t last = FIT_PARTS - 1;
    const double error
        = error_of_auc((double)f->rows.part_events[last],
                       (double)f->rows.part_rows[last]);

    if (c->is_kept)
        return;
    if (c->unseen > MOST_UNSEEN)
        c->reason = FIT_UNSEEN;
    else if (c->held < .5 - ERRORS_TO_TURN * error)
        c->reason = FIT_TURNED;
    else if (c->psi > f->o.max_psi && c->held < .5 + ERRORS * error)
        c->reason = FIT_DRIFT;
}

/* A pair of a leak leaks. */
static bool is_of_leak(const fit *f, const fit_candidate *c)
{
    for (size_t i = 0; i < f->candidates.n; i++) {
        const fit_candidate *leak = &f->candidates.items[i];

        if (leak->reason == FIT_ALONE && leak->kind == SCORE_NUMBER
            && c->kind != SCORE_TEXT && !c->is_kept
            && (c->column == leak->column || c->other == leak->column))
            return true;
    }
    return false;
}

void fit_screen(fit *f)
{
    for (size_t i = 0; i < f->candidates.n; i++)
        if (f->candidates.items[i].reason == FIT_IN
            && f->candidates.items[i].kind != SCORE_RATIO
            && f->candidates.items[i].kind != SCORE_DIFFERENCE)
            look_for_leaks(f, &f->candidates.items[i]);
    for (size_t i = 0; i < f->candidates.n; i++) {
        fit_candidate *c = &f->candidates.items[i];

        if (c->reason == FIT_IN && is_of_leak(f, c))
            c->reason = FIT_ALONE;
        if (c->reason == FIT_IN)
            look_for_drift(f, c);
        if (c->reason == FIT_IN && !c->is_kept && !(c->honest > LEAST_HONEST))
            c->reason = FIT_SAME;
    }
}

double fit_correlation(const fit *f, const fit_candidate *a,
                       const fit_candidate *b)
{
    int64_t together[FIT_BINS][FIT_BINS];
    double n = (double)f->rows.n, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;

    memset(together, 0, sizeof together);
    for (size_t i = 0; i < f->rows.n; i++)
        together[a->bin[i]][b->bin[i]]++;
    for (size_t x = 0; x <= a->n_bins; x++)
        for (size_t y = 0; y <= b->n_bins; y++) {
            const double rows = (double)together[x][y];
            const double ea = a->evidence[x], eb = b->evidence[y];

            sa += rows * ea;
            sb += rows * eb;
            saa += rows * ea * ea;
            sbb += rows * eb * eb;
            sab += rows * ea * eb;
        }
    saa -= sa * sa / n;
    sbb -= sb * sb / n;
    sab -= sa * sb / n;
    return saa > 0 && sbb > 0 ? sab / sqrt(saa * sbb) : 0;
}
