/*
 * score_check.c - AUC, KS, lift, Brier and calibration, all from one walk
 * along the rows sorted by probability; rows of equal probability count as
 * one lot, so their order does not show.
 */
#include "score_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct ranked {
    double rank;
    uint32_t event;
} ranked;

/* A lot of rows of one rank. */
typedef struct lot {
    double rank, rows, events;
} lot;

static int by_rank_falling(const void *a, const void *b)
{
    const double x = ((const ranked *)a)->rank, y = ((const ranked *)b)->rank;

    return (x < y) - (x > y);
}

/* Lots from the highest rank down; *out is freed by the caller. */
static gb_status make_lots(base_run *run, const double *rank,
                           const uint8_t *outcome, size_t n_rows, lot **out,
                           size_t *n_lots)
{
    ranked *sorted = base_alloc_array(run->mem, n_rows, sizeof *sorted);
    lot *lots = NULL;
    size_t n = 0;

    *out = NULL;
    *n_lots = 0;
    if (!sorted)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < n_rows; i++)
        if (outcome[i] <= 1)
            sorted[n++] = (ranked){ isnan(rank[i]) ? (double)-INFINITY
                                                   : rank[i],
                                    outcome[i] };
    qsort(sorted, n, sizeof *sorted, by_rank_falling);
    lots = base_alloc_array(run->mem, n, sizeof *lots);
    for (size_t i = 0; lots && i < n; i++) {
        if (i == 0 || sorted[i].rank < sorted[i - 1].rank)
            lots[(*n_lots)++] = (lot){ sorted[i].rank, 0, 0 };
        lots[*n_lots - 1].rows += 1;
        lots[*n_lots - 1].events += sorted[i].event;
    }
    base_free(run->mem, sorted);
    if (!lots)
        return base_fail_nomem(run->ctx);
    *out = lots;
    return GB_OK;
}

static gb_status check_both(base_run *run, double events, double rows)
{
    if (!(events > 0) || !(rows > events))
        return base_fail(run->ctx, GB_ERR_DATA,
                         "all %lld outcomes are equal: nothing can be told of "
                         "a score",
                         (long long)rows);
    return GB_OK;
}

static void sum_lots(const lot *lots, size_t n, double *rows, double *events)
{
    *rows = *events = 0;
    for (size_t i = 0; i < n; i++) {
        *rows += lots[i].rows;
        *events += lots[i].events;
    }
}

/* AUC, and the largest distance of the shares of both kinds. */
static void walk(const lot *lots, size_t n, double rows, double events,
                 double *auc, double *ks)
{
    double seen = 0, seen_events = 0, won = 0;

    *ks = 0;
    for (size_t i = 0; i < n; i++) {
        const double others = lots[i].rows - lots[i].events;

        won += others * (seen_events + lots[i].events / 2);
        seen += others;
        seen_events += lots[i].events;
        *ks = fmax(*ks, fabs(seen_events / events - seen / (rows - events)));
    }
    *auc = won / (events * (rows - events));
}

/* Tenths, likeliest first; a lot on a border gives each its share. */
static void fill_tenths(const lot *lots, size_t n, double rows, double rate,
                        gb_scorecard_tenth *tenths)
{
    double sums[10] = { 0 };
    size_t t = 0;

    memset(tenths, 0, 10 * sizeof *tenths);
    for (size_t i = 0; i < n; i++) {
        double left = lots[i].rows;

        while (left > 0) {
            const double room = rows / 10 - tenths[t].n_rows;
            const double part = t == 9 || left < room ? left : room;

            tenths[t].n_rows += part;
            tenths[t].n_events += lots[i].events * part / lots[i].rows;
            sums[t] += lots[i].rank * part;
            left -= part;
            if (t < 9 && tenths[t].n_rows >= rows / 10)
                t++;
            else if (!(part > 0))
                break;
        }
    }
    for (t = 0; t < 10; t++) {
        if (!(tenths[t].n_rows > 0))
            continue;
        tenths[t].probability = sums[t] / tenths[t].n_rows;
        tenths[t].rate = tenths[t].n_events / tenths[t].n_rows;
        tenths[t].lift = tenths[t].rate / rate;
    }
}

static void fill_losses(const lot *lots, size_t n, gb_scorecard_figures *f)
{
    const double least = 1e-15; /* a certainty that fails costs 34.5, not all */

    for (size_t i = 0; i < n; i++) {
        const double p = lots[i].rank, others = lots[i].rows - lots[i].events;
        const double bounded = fmin(fmax(p, least), 1 - least);

        f->brier += lots[i].events * (1 - p) * (1 - p) + others * p * p;
        f->log_loss
            -= lots[i].events * log(bounded) + others * log1p(-bounded);
        f->mean_probability += lots[i].rows * p;
    }
}

static void fill_figures(const lot *lots, size_t n, double rows,
                         double events, gb_scorecard_figures *f)
{
    f->n_rows = (uint64_t)rows;
    f->n_events = (uint64_t)events;
    f->rate = events / rows;
    walk(lots, n, rows, events, &f->auc, &f->ks);
    fill_tenths(lots, n, rows, f->rate, f->tenths);
    fill_losses(lots, n, f);
    f->brier /= rows;
    f->log_loss /= rows;
    f->mean_probability /= rows;
    for (size_t t = 0; t < 10; t++)
        f->calibration_error
            += f->tenths[t].n_rows / rows
               * fabs(f->tenths[t].probability - f->tenths[t].rate);
}

gb_status score_check_figures(base_run *run, const double *probability,
                              const uint8_t *outcome, size_t n_rows,
                              gb_scorecard_figures *figures)
{
    double rows = 0, events = 0;
    size_t n = 0;
    lot *lots = NULL;
    gb_status status
        = make_lots(run, probability, outcome, n_rows, &lots, &n);

    memset(figures, 0, sizeof *figures);
    if (!status) {
        sum_lots(lots, n, &rows, &events);
        status = check_both(run, events, rows);
    }
    if (!status)
        fill_figures(lots, n, rows, events, figures);
    base_free(run->mem, lots);
    return status;
}

gb_status score_check_auc(base_run *run, const double *rank,
                          const uint8_t *outcome, size_t n_rows, double *auc)
{
    double rows = 0, events = 0, ks;
    size_t n = 0;
    lot *lots = NULL;
    gb_status status = make_lots(run, rank, outcome, n_rows, &lots, &n);

    if (!status) {
        sum_lots(lots, n, &rows, &events);
        status = check_both(run, events, rows);
    }
    if (!status)
        walk(lots, n, rows, events, auc, &ks);
    base_free(run->mem, lots);
    return status;
}
