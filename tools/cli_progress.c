/*
 * cli_progress.c - one redrawn line on a terminal for whatever takes over a
 * second, and the wish to stop.
 *
 * A signal handler can be given nothing, so what it needs is static here.
 */
#include "cli.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static gb_context *running;
static volatile sig_atomic_t caught;
static double start_s;
static bool is_drawn;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void interrupt(int number)
{
    caught = number;
    gb_context_cancel(running);
}

/* How good the best answer is, and how far from what is proven. */
static void draw_best(const gb_progress *progress)
{
    const double off = fabs(progress->best - progress->bound);

    if (progress->has_best)
        fprintf(stderr, _("  best %.0f"), progress->best);
    if (progress->has_bound)
        fprintf(stderr, _("  bound %.0f"), progress->bound);
    if (progress->has_best && progress->has_bound
        && fabs(progress->best) > 0)
        fprintf(stderr, _("  gap %.2f %%"),
                100 * off / fabs(progress->best));
}

static int draw(void *user, const gb_progress *progress)
{
    const double elapsed_s = now_s() - start_s;

    (void)user;
    if (elapsed_s < 1.0)
        return 0;
    fprintf(stderr, "\r\033[K%s", progress->phase ? progress->phase : "");
    if (progress->fraction >= 0.0)
        fprintf(stderr, "  %.0f %%", progress->fraction * 100.0);
    if (progress->total > 0)
        fprintf(stderr, "  %llu/%llu", (unsigned long long)progress->count,
                (unsigned long long)progress->total);
    draw_best(progress);
    fprintf(stderr, "  %.0f s", elapsed_s);
    fflush(stderr);
    is_drawn = true;
    return 0;
}

void cli_progress_start(gb_context *ctx, bool is_quiet)
{
    struct sigaction action;

    running = ctx;
    start_s = now_s();
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = (int)SA_RESETHAND; /* the second one kills */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!is_quiet && isatty(STDERR_FILENO))
        gb_context_set_progress(ctx, draw, NULL);
}

void cli_progress_stop(void)
{
    if (is_drawn)
        fprintf(stderr, "\r\033[K");
    is_drawn = false;
}

int cli_progress_signal(void)
{
    return (int)caught;
}
