/*
 * base_threads.h - a loop whose rounds do not depend on each other, on
 * several threads.
 *
 * Each round writes to places of its own, chosen by its index alone; which
 * thread runs it is left to chance, the result is not.  With one thread the
 * loop runs on the caller's.  When rounds fail, the failure of the lowest
 * index is the one reported, whatever finished first.
 */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include "base_run.h"

/*
 * Do round `i`.  `worker` is the run of the executing thread, `thread` in
 * [0, n_threads) tells which scratch memory is its own.
 */
typedef gb_status (*base_round_fn)(base_run *worker, size_t thread, size_t i,
                                   void *user);

/* Progress is reported from the caller's thread as rounds of the phase. */
gb_status base_parallel(base_run *run, size_t n_rounds, base_round_fn round,
                        void *user);

/* How many threads base_parallel() will use: scratch memory to prepare. */
size_t base_parallel_threads(const base_run *run, size_t n_rounds);

#endif
