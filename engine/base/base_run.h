/*
 * base_run.h - what a long call hands down: the context, the limits, how far
 * it has come.
 *
 * Work is polled in one place.  A loop over input of unbounded size calls
 * base_poll() each round; it counts, and every 256th time looks at the clock
 * and the cancel flag and calls back.  Limits come in iterations, which are
 * repeatable, and in time, which is not.
 *
 * A call of several phases gives each a share of the whole:
 *
 *   base_run_begin(&run, ctx, limits);
 *   base_run_phase(&run, GB_N("reading roads"), 0.0, 0.4, n_blocks);
 *   for (...) { status = base_poll(&run); if (status) goto done; ... }
 *   base_run_end(&run, status)
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include "base_context.h"

typedef struct base_limits {
    int64_t time_limit_ms;   /* 0: none */
    uint64_t max_iterations; /* 0: none */
    uint32_t n_threads;      /* 0: one */
} base_limits;

typedef struct base_run {
    gb_context *ctx;
    base_mem *mem; /* the context's */
    base_limits limits;
    double start_s, deadline_s, next_call_s;
    const char *phase;
    double from, span; /* this phase's part of the whole */
    uint64_t count, total;
    uint32_t until_look; /* polls before the clock is looked at */
    bool is_late;        /* the deadline has passed */
    bool has_best, has_bound; /* see gb_progress */
    double best, bound;
} base_run;

/* Monotonic seconds. */
double base_clock_s(void);
/* Processor seconds of this thread: what it did, whatever else ran. */
double base_thread_s(void);

void base_run_begin(base_run *run, gb_context *ctx, base_limits limits);
void base_run_phase(base_run *run, const char *phase, double from, double to,
                    uint64_t total);

/* What is told with the progress from now on; on the caller's thread alone. */
void base_run_tell_best(base_run *run, double best);
void base_run_tell_bound(base_run *run, double bound);

/*
 * One more thing is done.  GB_OK, or GB_ERR_CANCELLED with its message.  Sets
 * run->is_late when the deadline has passed: that is no error, the search
 * that asks decides.
 */
gb_status base_poll(base_run *run);
/* As base_poll, for `n` things at once. */
gb_status base_poll_many(base_run *run, uint64_t n);

/* Report fraction 1 when the call succeeded; hands the status back. */
gb_status base_run_end(base_run *run, gb_status status);

/* A run for a worker thread: the same deadline, `child` as its context. */
void base_run_fork(base_run *worker, const base_run *run, gb_context *child);

/* Is there a wish to cancel, or has the deadline passed?  Asks the clock. */
bool base_run_is_over(const base_run *run);

/* Seconds of the call so far. */
double base_run_elapsed_s(const base_run *run);

#endif
