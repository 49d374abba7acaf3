/*
 * faulty_alloc.h - an allocator that refuses the k-th request, and counts.
 *
 *   for (long k = 0;; k++) {
 *       faulty_alloc mem = faulty_alloc_at(k, lasting);
 *       gb_context *ctx = faulty_context(&mem);
 *       ... the call; status is GB_OK or GB_ERR_NOMEM, outputs NULL ...
 *       gb_context_free(ctx);
 *       ck_assert_int_eq(mem.live_blocks, 0);
 *       if (mem.failures == 0) break;       k is past the last request
 *   }
 *
 * Requests of several threads are counted together.
 */
#ifndef FAULTY_ALLOC_H
#define FAULTY_ALLOC_H

#include <gridbeat/base.h>

typedef struct faulty_alloc {
    long fail_at;      /* the request refused; negative: none */
    bool is_lasting;   /* and all after it */
    long requests, failures, live_blocks;
} faulty_alloc;

faulty_alloc faulty_alloc_at(long fail_at, bool is_lasting);
gb_allocator faulty_allocator(faulty_alloc *mem);
/* NULL when the context itself met the refusal. */
gb_context *faulty_context(faulty_alloc *mem);

#endif
