/*
 * base_threads.c - see base_threads.h.
 *
 * Rounds are handed out by an atomic counter.  The caller's thread works too:
 * it polls between its rounds, so progress and cancel go on; after its last
 * round it waits for the others, who see the cancel flag by themselves.
 */
#include "base_threads.h"

#include <pthread.h>

#include "base_check.h"

enum { MOST_THREADS = 64 };

typedef struct round_pool {
    base_round_fn round;
    void *user;
    size_t n_rounds;
    atomic_size_t next;
    atomic_bool stop; /* a round failed: begin no new ones */
} round_pool;

typedef struct worker {
    round_pool *pool;
    gb_context ctx;
    base_run run;
    pthread_t thread;
    size_t index;
    size_t failed_round; /* SIZE_MAX: none */
    bool is_started;
} worker;

size_t base_parallel_threads(const base_run *run, size_t n_rounds)
{
    size_t n = run->limits.n_threads ? run->limits.n_threads : 1;

    if (n > MOST_THREADS)
        n = MOST_THREADS;
    if (n > n_rounds)
        n = n_rounds;
    return n ? n : 1;
}

static void work(worker *w, base_run *caller)
{
    round_pool *pool = w->pool;

    while (!atomic_load(&pool->stop)) {
        const size_t i = atomic_fetch_add(&pool->next, 1);
        gb_status status;

        if (i >= pool->n_rounds)
            break;
        status = pool->round(&w->run, w->index, i, pool->user);
        if (status == GB_OK && caller) {
            caller->count = i;
            caller->until_look = 1; /* rounds may be long */
            status = base_poll(caller);
            if (status)
                base_context_adopt(&w->ctx, caller->ctx);
        }
        if (status) {
            w->failed_round = i;
            atomic_store(&pool->stop, true);
        }
    }
}

static void *work_on_thread(void *argument)
{
    work(argument, NULL);
    return NULL;
}

/*
 * The lowest failed index that any thread met.  Rounds are begun in order and
 * a begun round is finished, so the lowest failing index is always among the
 * begun ones: the same for every number of threads.
 */
static gb_status first_failure(base_run *run, const worker *workers, size_t n)
{
    const worker *first = NULL;

    for (size_t t = 0; t < n; t++)
        if (workers[t].failed_round != SIZE_MAX
            && (!first || workers[t].failed_round < first->failed_round))
            first = &workers[t];
    return first ? base_context_adopt(run->ctx, &first->ctx) : GB_OK;
}

gb_status base_parallel(base_run *run, size_t n_rounds, base_round_fn round,
                        void *user)
{
    const size_t n = base_parallel_threads(run, n_rounds);
    round_pool pool = { .round = round, .user = user, .n_rounds = n_rounds };
    worker *workers = base_alloc_zeroed(run->mem, n, sizeof *workers);
    gb_status status;

    if (!workers)
        return base_fail_nomem(run->ctx);
    atomic_init(&pool.next, 0);
    atomic_init(&pool.stop, false);
    for (size_t t = 0; t < n; t++) {
        worker *w = &workers[t];

        w->pool = &pool;
        w->index = t;
        w->failed_round = SIZE_MAX;
        base_context_fork(&w->ctx, run->ctx);
        base_run_fork(&w->run, run, &w->ctx);
        /* A thread that cannot be started leaves its share to the others. */
        if (t > 0)
            w->is_started
                = pthread_create(&w->thread, NULL, work_on_thread, w) == 0;
    }
    work(&workers[0], run);
    for (size_t t = 1; t < n; t++)
        if (workers[t].is_started)
            pthread_join(workers[t].thread, NULL);
    status = first_failure(run, workers, n);
    for (size_t t = 0; t < n; t++)
        base_context_join(&workers[t].ctx);
    base_free(run->mem, workers);
    return status;
}
