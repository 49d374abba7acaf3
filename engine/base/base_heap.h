/*
 * base_heap.h - an addressable 4-ary min-heap on small integer ids.
 *
 * Holds each id of [0, n_ids) at most once under an int64 key.  Equal keys
 * leave in the order of their ids, so that whoever uses the heap is
 * repeatable.  All memory is taken at init: push and pop cannot fail.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base_mem.h"

typedef struct base_heap_item {
    int64_t key;
    uint32_t id;
} base_heap_item;

typedef struct base_heap {
    base_heap_item *items;
    uint32_t *position; /* of each id in items; UINT32_MAX: not in it */
    size_t n, n_ids;
} base_heap;

bool base_heap_init(base_heap *heap, base_mem *mem, size_t n_ids);
void base_heap_clear(base_heap *heap, base_mem *mem);
void base_heap_reset(base_heap *heap); /* O(items in it) */

static inline bool base_heap_has(const base_heap *heap, uint32_t id)
{
    return heap->position[id] != UINT32_MAX;
}
/* Insert, or lower the key; a higher key than the present one is ignored. */
void base_heap_push(base_heap *heap, uint32_t id, int64_t key);
/* Set the key, up or down, inserting when absent. */
void base_heap_set(base_heap *heap, uint32_t id, int64_t key);
base_heap_item base_heap_pop(base_heap *heap); /* heap->n > 0 */
void base_heap_remove(base_heap *heap, uint32_t id); /* absent: nothing */

#endif
