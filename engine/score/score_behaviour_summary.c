/*
 * score_behaviour_summary.c - from transactions to x, t_x, T, m; see
 * gb_behaviour_summarize().
 *
 * The events of a customer are put together by counting, and sorted by day
 * and amount, so that sums do not depend on the order in which they came.
 */
#include "score_behaviour_summary.h"

#include <math.h>
#include <stdlib.h>

typedef struct event {
    int32_t day;
    double amount;
} event;

static int by_day(const void *a, const void *b)
{
    const event *p = a, *q = b;

    if (p->day != q->day)
        return p->day < q->day ? -1 : 1;
    return (p->amount > q->amount) - (p->amount < q->amount);
}

/* Figures of one customer, whose events are in order and by end_day. */
static bool sum_up(const event *events, size_t n, int32_t end_day,
                   double unit_days, size_t c,
                   const gb_behaviour_summary *out)
{
    double x = 0, spent = 0;

    for (size_t i = 0; i < n; i++) {
        x += i > 0 && events[i].day != events[i - 1].day;
        spent += events[i].day != events[0].day ? events[i].amount : 0;
    }
    if (out->x)
        out->x[c] = x;
    if (out->t_x)
        out->t_x[c] = n ? ((double)events[n - 1].day - events[0].day)
                              / unit_days : 0;
    if (out->T)
        out->T[c] = n ? ((double)end_day - events[0].day) / unit_days : -1;
    if (out->m)
        out->m[c] = x > 0 ? spent / x : 0;
    return isfinite(spent);
}

/* first[c] to first[c + 1]: the places of customer c's events by end_day. */
static void count(const gb_behaviour_events *e, int32_t end_day, size_t *first)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->day[i] <= end_day)
            first[e->customer[i] + 1]++;
    for (size_t c = 0; c < e->n_customers; c++)
        first[c + 1] += first[c];
}

static gb_status sum_all(base_run *run, const gb_behaviour_events *e,
                         int32_t end_day, double unit_days, size_t *first,
                         event *events, const gb_behaviour_summary *out)
{
    size_t begin = 0;
    gb_status status = GB_OK;

    for (size_t i = 0; i < e->n; i++)
        if (e->day[i] <= end_day)
            events[first[e->customer[i]]++]
                = (event){ e->day[i], e->amount ? e->amount[i] : 0 };
    /* first[c] now is where the events of c + 1 begin. */
    for (size_t c = 0; c < e->n_customers && !status; c++) {
        const size_t end = first[c];

        qsort(events + begin, end - begin, sizeof *events, by_day);
        if (!sum_up(events + begin, end - begin, end_day, unit_days, c, out))
            return base_fail(run->ctx, GB_ERR_DATA,
                             "the amounts of customer %zu are too large to "
                             "be added", c);
        begin = end;
        status = base_poll(run);
    }
    return status;
}

gb_status behaviour_summarize(base_run *run, const gb_behaviour_events *e,
                              int32_t end_day, double unit_days,
                              const gb_behaviour_summary *out)
{
    size_t *first = base_alloc_zeroed(run->mem, e->n_customers + 1,
                                      sizeof *first);
    event *events = base_alloc_array(run->mem, e->n, sizeof *events);
    gb_status status;

    if (!first || !events) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    count(e, end_day, first);
    status = sum_all(run, e, end_day, unit_days, first, events, out);

done:
    base_free(run->mem, events);
    base_free(run->mem, first);
    return status;
}
