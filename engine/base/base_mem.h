/*
 * base_mem.h - checked allocation through the caller's allocator.
 *
 * A base_mem is the allocator core of a context: counted atomically, so that
 * an object may outlive the context it was made with.  Every allocation of
 * the engine goes through one and may fail; nothing aborts.  Sizes are
 * multiplied only here, and the product is checked.
 *
 * An arena gives memory that is freed at one stroke; a search makes one and
 * resets it each round, so that its inner loop does not allocate.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <gridbeat/base.h>

typedef struct base_mem base_mem;

/* NULL allocator = malloc.  NULL when there is no memory.  Count is 1. */
base_mem *base_mem_new(const gb_allocator *allocator);
base_mem *base_mem_ref(base_mem *mem);
void base_mem_unref(base_mem *mem); /* takes NULL */

/* A zero size gives a block all the same; NULL means no memory. */
void *base_alloc(base_mem *mem, size_t size);
void *base_alloc_array(base_mem *mem, size_t count, size_t size);
void *base_alloc_zeroed(base_mem *mem, size_t count, size_t size);
/* The old block stays valid when NULL comes back. */
void *base_realloc_array(base_mem *mem, void *block, size_t count,
                         size_t size);
char *base_strdup(base_mem *mem, const char *text);
char *base_strndup(base_mem *mem, const char *text, size_t length);
void base_free(base_mem *mem, void *block); /* takes NULL */

typedef struct base_arena {
    base_mem *mem; /* borrowed */
    struct base_arena_chunk *first, *current;
    size_t used; /* of the current chunk */
} base_arena;

void base_arena_init(base_arena *arena, base_mem *mem);
/* Aligned for any type; NULL means no memory. */
void *base_arena_alloc(base_arena *arena, size_t count, size_t size);
void base_arena_reset(base_arena *arena); /* keeps the chunks */
void base_arena_clear(base_arena *arena); /* gives them back */

#endif
