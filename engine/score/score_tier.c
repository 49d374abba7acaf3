/*
 * score_tier.c - see score_tier.h.
 *
 * Values are put in order once; a run of equal ones is looked at as a whole,
 * so equal customers share a tier and the order in which they came is nothing.
 */
#include "score_tier.h"

#include <math.h>
#include <string.h>

#include "score_order.h"

/* A run of equal values, as places in the order from the highest. */
typedef struct alike {
    size_t from, to;
    double value;
} alike;

/* The number of customers above the end of tier t: a whole one, so that
 * shares that cannot be written as binary fractions make no difference. */
static double end_of(const gb_tiers *tiers, size_t t, size_t n)
{
    double share = 0;

    if (t + 1 >= tiers->n)
        return (double)n;
    for (size_t i = 0; i <= t; i++)
        share += tiers->share[i];
    return floor(share * (double)n + 0.5);
}

static double middle_of(alike run)
{
    return ((double)run.from + (double)run.to) / 2;
}

static uint32_t tier_of(const gb_tiers *tiers, const double *ends, alike run)
{
    for (size_t t = 0; t < tiers->n; t++) {
        const bool is_last = t + 1 == tiers->n;

        if (tiers->by_shares
                ? is_last || middle_of(run) < ends[t]
                : (is_last && tiers->is_open)
                      || run.value >= tiers->at_least[t])
            return (uint32_t)t;
    }
    return GB_TIER_NONE;
}

/* May who was in tier t stay there, though `run` lies beyond its border? */
static bool may_stay(const gb_tiers *tiers, const double *ends, size_t n,
                     alike run, uint32_t t, double keep)
{
    const double room = keep * (double)n;

    if (keep <= 0)
        return false;
    if (tiers->by_shares)
        return middle_of(run) >= (t > 0 ? ends[t - 1] : 0) - room
               && middle_of(run) < ends[t] + room;
    if (t > 0) {
        const double above = tiers->at_least[t - 1];

        if (run.value >= above + keep * fabs(above))
            return false;
    }
    if (t + 1 == tiers->n && tiers->is_open)
        return true;
    return run.value
           >= tiers->at_least[t] - keep * fabs(tiers->at_least[t]);
}

static void begin_figures(const gb_tiers *tiers, gb_tier *figures)
{
    for (size_t t = 0; t < tiers->n; t++) {
        figures[t] = (gb_tier){ 0 };
        figures[t].highest = figures[t].lowest = (double)NAN;
        figures[t].at_least
            = tiers->by_shares || (t + 1 == tiers->n && tiers->is_open)
                  ? (double)NAN
                  : tiers->at_least[t];
    }
}

/* Values come falling; fmin and fmax leave NaN aside. */
static void count(gb_tier *figure, double value, bool is_kept)
{
    figure->n++;
    figure->n_kept += is_kept;
    figure->sum += value;
    figure->highest = fmax(figure->highest, value);
    figure->lowest = fmin(figure->lowest, value);
}

typedef struct work {
    base_run *run;
    const gb_tiers *tiers;
    const double *values;
    const gb_tiers_options *options;
    uint32_t *order;
    size_t n_known;
    double ends[SCORE_MOST_TIERS];
    uint32_t *tier, *rank; /* rank may be NULL */
    gb_tier *figures;      /* or NULL */
} work;

static void give(const work *w, alike run, uint32_t fresh)
{
    for (size_t k = run.from; k < run.to; k++) {
        const uint32_t i = w->order[k];
        const uint32_t was
            = w->options->before ? w->options->before[i] : GB_TIER_NONE;
        const bool stays
            = was != GB_TIER_NONE && was != fresh
              && may_stay(w->tiers, w->ends, w->n_known, run, was,
                          w->options->keep);

        w->tier[i] = stays ? was : fresh;
        if (w->rank)
            w->rank[i] = (uint32_t)run.from + 1;
        if (w->figures && w->tier[i] != GB_TIER_NONE)
            count(&w->figures[w->tier[i]], run.value, stays);
    }
    if (w->figures && fresh != GB_TIER_NONE && w->tiers->by_shares)
        w->figures[fresh].at_least = run.value;
}

static gb_status walk(const work *w)
{
    alike run = { 0 };
    gb_status status = GB_OK;

    while (run.from < w->n_known && !status) {
        run.value = w->values[w->order[run.from]];
        run.to = run.from + 1;
        while (run.to < w->n_known
               && !(w->values[w->order[run.to]] < run.value))
            run.to++;
        give(w, run, tier_of(w->tiers, w->ends, run));
        status = base_poll_many(w->run, run.to - run.from);
        run.from = run.to;
    }
    return status;
}

/* The highest first, unknown ones last. */
static gb_status put_in_order(work *w, size_t n)
{
    uint64_t *keys = base_alloc_array(w->run->mem, n, sizeof *keys);
    gb_status status;

    w->order = base_alloc_array(w->run->mem, n, sizeof *w->order);
    if (!keys || !w->order) {
        base_free(w->run->mem, keys);
        return base_fail_nomem(w->run->ctx);
    }
    for (size_t i = 0; i < n; i++) {
        w->tier[i] = GB_TIER_NONE;
        if (w->rank)
            w->rank[i] = 0;
        w->n_known += !isnan(w->values[i]);
        keys[i] = isnan(w->values[i]) ? UINT64_MAX
                                      : ~score_order_key(w->values[i]);
    }
    status = score_order(w->run->ctx, keys, n, w->order);
    base_free(w->run->mem, keys);
    return status;
}

gb_status score_tiers_assign(base_run *run, const gb_tiers *tiers,
                             const double *values, size_t n,
                             const gb_tiers_options *options, uint32_t *tier,
                             uint32_t *rank, gb_tier *figures)
{
    work w = { .run = run, .tiers = tiers, .values = values,
               .options = options, .tier = tier, .rank = rank,
               .figures = figures };
    gb_status status = put_in_order(&w, n);

    if (figures)
        begin_figures(tiers, figures);
    for (size_t t = 0; t < tiers->n; t++)
        w.ends[t] = end_of(tiers, t, w.n_known);
    if (!status)
        status = walk(&w);
    base_free(run->mem, w.order);
    return status;
}

/* --------------------------------------------------------------- drift -- */

static double stability(const uint64_t *moves, size_t n)
{
    const size_t width = n + 1;
    double psi = 0, all_before = 0, all_after = 0;

    for (size_t f = 0; f <= n; f++)
        for (size_t t = 0; t <= n; t++) {
            all_before += f < n ? (double)moves[f * width + t] : 0;
            all_after += t < n ? (double)moves[f * width + t] : 0;
        }
    if (!(all_before > 0) || !(all_after > 0))
        return (double)NAN;
    for (size_t k = 0; k < n; k++) {
        double before = 0.5, after = 0.5;

        for (size_t o = 0; o <= n; o++) {
            before += (double)moves[k * width + o];
            after += (double)moves[o * width + k];
        }
        before /= all_before + 0.5 * (double)n;
        after /= all_after + 0.5 * (double)n;
        psi += (after - before) * log(after / before);
    }
    return psi;
}

void score_tiers_drift(const uint64_t *moves, size_t n, gb_tier_drift *out)
{
    for (size_t f = 0; f <= n; f++)
        for (size_t t = 0; t <= n; t++) {
            const uint64_t count_of = moves[f * (n + 1) + t];

            if (f == n && t == n)
                continue; /* in none on either date */
            if (f == n)
                out->entered += count_of;
            else if (t == n)
                out->left += count_of;
            else if (f == t)
                out->stayed += count_of;
            else if (t < f)
                out->up += count_of;
            else
                out->down += count_of;
        }
    out->psi = stability(moves, n);
}
