/*
 * faulty_alloc.c - see faulty_alloc.h.
 */
#include "faulty_alloc.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

faulty_alloc faulty_alloc_at(long fail_at, bool is_lasting)
{
    return (faulty_alloc){ fail_at, is_lasting, 0, 0, 0 };
}

static bool refuse(faulty_alloc *mem)
{
    const long request = mem->requests++;
    const bool refused
        = mem->fail_at >= 0
          && (mem->is_lasting ? request >= mem->fail_at
                              : request == mem->fail_at);

    mem->failures += refused;
    return refused;
}

static void *reallocate(void *state, void *block, size_t size)
{
    faulty_alloc *mem = state;
    void *grown = NULL;

    pthread_mutex_lock(&lock);
    if (!refuse(mem)) {
        grown = realloc(block, size);
        mem->live_blocks += grown && !block;
    }
    pthread_mutex_unlock(&lock);
    return grown;
}

static void release(void *state, void *block)
{
    faulty_alloc *mem = state;

    pthread_mutex_lock(&lock);
    mem->live_blocks -= block != NULL;
    pthread_mutex_unlock(&lock);
    free(block);
}

gb_allocator faulty_allocator(faulty_alloc *mem)
{
    return (gb_allocator){ mem, reallocate, release };
}

gb_context *faulty_context(faulty_alloc *mem)
{
    const gb_allocator allocator = faulty_allocator(mem);
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_context *ctx = NULL;

    options.allocator = &allocator;
    if (gb_context_new(&options, &ctx) != GB_OK)
        return NULL;
    return ctx;
}
