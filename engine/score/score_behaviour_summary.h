/*
 * score_behaviour_summary.h - transactions by customer, in order, and what
 * they come to at a day; checked values.
 */
#ifndef SCORE_BEHAVIOUR_SUMMARY_H
#define SCORE_BEHAVIOUR_SUMMARY_H

#include <gridbeat/behaviour.h>

#include "base_run.h"

typedef struct behaviour_event {
    int32_t day;
    double amount;
} behaviour_event;

/* Customer c's events: first[c] to first[c + 1], by day and amount, so that
 * sums do not depend on the order in which they came. */
typedef struct behaviour_log {
    size_t n_customers;
    size_t *first;
    behaviour_event *events;
} behaviour_log;

gb_status behaviour_log_make(base_run *run, const gb_behaviour_events *e,
                             behaviour_log *out);
void behaviour_log_clear(base_mem *mem, behaviour_log *log);

/* A customer at the end of a day. */
typedef struct behaviour_state {
    double x;           /* repeats; -1: no transaction by then */
    int32_t first, last; /* days */
    double repeated;    /* sum of the repeats' amounts */
    double spent;       /* of all */
    int32_t next;       /* day of the next transaction; INT32_MAX: none */
} behaviour_state;

behaviour_state behaviour_state_at(const behaviour_log *log, size_t customer,
                                   int32_t day);

gb_status behaviour_summarize(base_run *run, const gb_behaviour_events *e,
                              int32_t end_day, double unit_days,
                              const gb_behaviour_summary *out);

#endif
