/*
 * base_run.c - see base_run.h.
 */
#include "base_run.h"

#include <string.h>
#include <time.h>

enum { POLLS_A_LOOK = 256 };
static const double CALL_EVERY_S = 0.1;

double base_clock_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double base_thread_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double base_run_elapsed_s(const base_run *run)
{
    return base_clock_s() - run->start_s;
}

bool base_run_is_over(const base_run *run)
{
    return base_is_cancelled(run->ctx)
        || (run->limits.time_limit_ms > 0
            && base_clock_s() >= run->deadline_s);
}

static gb_status cancelled(base_run *run)
{
    return base_fail(run->ctx, GB_ERR_CANCELLED, "cancelled");
}

/* Tell the caller; his answer may be to cancel. */
static gb_status report(base_run *run, double fraction, double now_s)
{
    gb_context *ctx = run->ctx;
    gb_progress progress = { .size = sizeof progress };

    run->next_call_s = now_s + CALL_EVERY_S;
    if (!ctx->progress)
        return GB_OK;
    progress.phase
        = run->phase ? base_lang_text(ctx->lang, run->phase) : "";
    progress.fraction = fraction;
    progress.count = run->count;
    progress.total = run->total;
    progress.elapsed_s = now_s - run->start_s;
    progress.has_best = run->has_best;
    progress.has_bound = run->has_bound;
    progress.best = run->best;
    progress.bound = run->bound;
    return ctx->progress(ctx->progress_user, &progress) ? cancelled(run)
                                                        : GB_OK;
}

static double fraction_done(const base_run *run)
{
    double share;

    if (run->total == 0)
        return run->from;
    share = (double)run->count / (double)run->total;
    return run->from + run->span * (share < 1 ? share : 1);
}

static gb_status look(base_run *run)
{
    const double now_s = base_clock_s();

    run->until_look = POLLS_A_LOOK;
    if (base_is_cancelled(run->ctx))
        return cancelled(run);
    if (run->limits.time_limit_ms > 0 && now_s >= run->deadline_s)
        run->is_late = true;
    if (now_s < run->next_call_s)
        return GB_OK;
    return report(run, fraction_done(run), now_s);
}

void base_run_begin(base_run *run, gb_context *ctx, base_limits limits)
{
    memset(run, 0, sizeof *run);
    run->ctx = ctx;
    run->mem = ctx->mem;
    run->limits = limits;
    if (run->limits.n_threads == 0)
        run->limits.n_threads = 1;
    run->start_s = base_clock_s();
    run->deadline_s = run->start_s + (double)limits.time_limit_ms * 1e-3;
    run->span = 1;
    run->until_look = 1;
}

void base_run_phase(base_run *run, const char *phase, double from, double to,
                    uint64_t total)
{
    run->phase = phase;
    run->from = from;
    run->span = to - from;
    run->count = 0;
    run->total = total;
    run->next_call_s = 0; /* a new phase is told at once */
    run->until_look = 1;
}

void base_run_tell_best(base_run *run, double best)
{
    run->has_best = true;
    run->best = best;
}

void base_run_tell_bound(base_run *run, double bound)
{
    run->has_bound = true;
    run->bound = bound;
}

gb_status base_poll_many(base_run *run, uint64_t n)
{
    run->count += n;
    if (n < run->until_look) {
        run->until_look -= (uint32_t)n;
        return GB_OK;
    }
    return look(run);
}

gb_status base_poll(base_run *run)
{
    return base_poll_many(run, 1);
}

gb_status base_run_end(base_run *run, gb_status status)
{
    if (status == GB_OK && run->ctx->progress)
        (void)report(run, 1, base_clock_s()); /* too late to cancel */
    if (status == GB_OK)
        base_enter(run->ctx);
    return status;
}

void base_run_fork(base_run *worker, const base_run *run, gb_context *child)
{
    *worker = *run;
    worker->ctx = child;
    worker->mem = child->mem;
    worker->until_look = 1;
    worker->count = 0;
    worker->total = 0;
    worker->limits.n_threads = 1;
}
