/*
 * score_behaviour_summary.c - see score_behaviour_summary.h.
 */
#include "score_behaviour_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_day(const void *a, const void *b)
{
    const behaviour_event *p = a, *q = b;

    if (p->day != q->day)
        return p->day < q->day ? -1 : 1;
    return (p->amount > q->amount) - (p->amount < q->amount);
}

/* Events are put together by counting: first[c] is moved to where those of
 * c + 1 begin, and the array then shifted by one. */
static void deal_out(const gb_behaviour_events *e, behaviour_log *out)
{
    const size_t n = e->n_customers;

    for (size_t i = 0; i < e->n; i++)
        out->first[e->customer[i] + 1]++;
    for (size_t c = 0; c < n; c++)
        out->first[c + 1] += out->first[c];
    for (size_t i = 0; i < e->n; i++)
        out->events[out->first[e->customer[i]]++]
            = (behaviour_event){ e->day[i], e->amount ? e->amount[i] : 0 };
    memmove(out->first + 1, out->first, n * sizeof *out->first);
    out->first[0] = 0;
}

gb_status behaviour_log_make(base_run *run, const gb_behaviour_events *e,
                             behaviour_log *out)
{
    out->n_customers = e->n_customers;
    out->first = base_alloc_zeroed(run->mem, e->n_customers + 1,
                                   sizeof *out->first);
    out->events = base_alloc_array(run->mem, e->n, sizeof *out->events);
    if (!out->first || !out->events)
        return base_fail_nomem(run->ctx);
    deal_out(e, out);
    for (size_t c = 0; c < e->n_customers; c++) {
        const gb_status status = base_poll(run);

        if (status)
            return status;
        qsort(out->events + out->first[c], out->first[c + 1] - out->first[c],
              sizeof *out->events, by_day);
    }
    return GB_OK;
}

void behaviour_log_clear(base_mem *mem, behaviour_log *log)
{
    base_free(mem, log->events);
    base_free(mem, log->first);
    log->events = NULL;
    log->first = NULL;
}

behaviour_state behaviour_state_at(const behaviour_log *log, size_t customer,
                                   int32_t day)
{
    const behaviour_event *e = log->events + log->first[customer];
    const size_t n = log->first[customer + 1] - log->first[customer];
    behaviour_state s = { -1, 0, 0, 0, 0, INT32_MAX };

    for (size_t i = 0; i < n; i++) {
        if (e[i].day > day) {
            s.next = e[i].day;
            break;
        }
        if (s.x < 0)
            s.first = e[i].day;
        s.x += s.x < 0 || e[i].day != s.last;
        s.last = e[i].day;
        s.spent += e[i].amount;
        s.repeated += e[i].day != s.first ? e[i].amount : 0;
    }
    return s;
}

static void fill(const behaviour_state *s, int32_t end_day, double unit_days,
                 size_t c, const gb_behaviour_summary *out)
{
    const bool is_there = s->x >= 0;

    if (out->x)
        out->x[c] = is_there ? s->x : 0;
    if (out->t_x)
        out->t_x[c] = ((double)s->last - s->first) / unit_days;
    if (out->T)
        out->T[c] = is_there ? ((double)end_day - s->first) / unit_days : -1;
    if (out->m)
        out->m[c] = s->x > 0 ? s->repeated / s->x : 0;
}

gb_status behaviour_summarize(base_run *run, const gb_behaviour_events *e,
                              int32_t end_day, double unit_days,
                              const gb_behaviour_summary *out)
{
    behaviour_log log = { 0, NULL, NULL };
    gb_status status = behaviour_log_make(run, e, &log);

    for (size_t c = 0; c < e->n_customers && !status; c++) {
        const behaviour_state s = behaviour_state_at(&log, c, end_day);

        if (!isfinite(s.repeated))
            status = base_fail(run->ctx, GB_ERR_DATA,
                               "the amounts of customer %zu are too large to "
                               "be added", c);
        else
            fill(&s, end_day, unit_days, c, out);
    }
    behaviour_log_clear(run->mem, &log);
    return status;
}
