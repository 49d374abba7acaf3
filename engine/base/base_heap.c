/*
 * base_heap.c - see base_heap.h.
 */
#include "base_heap.h"

#include "base_check.h"

enum { ARITY = 4 };

static bool is_before(base_heap_item a, base_heap_item b)
{
    return a.key < b.key || (a.key == b.key && a.id < b.id);
}

static void put(base_heap *heap, size_t at, base_heap_item item)
{
    heap->items[at] = item;
    heap->position[item.id] = (uint32_t)at;
}

static void sift_up(base_heap *heap, size_t at, base_heap_item item)
{
    while (at > 0) {
        const size_t parent = (at - 1) / ARITY;

        if (!is_before(item, heap->items[parent]))
            break;
        put(heap, at, heap->items[parent]);
        at = parent;
    }
    put(heap, at, item);
}

static void sift_down(base_heap *heap, size_t at, base_heap_item item)
{
    for (;;) {
        const size_t first = at * ARITY + 1;
        const size_t last
            = first + ARITY < heap->n ? first + ARITY : heap->n;
        size_t best = first;

        if (first >= heap->n)
            break;
        for (size_t child = first + 1; child < last; child++)
            if (is_before(heap->items[child], heap->items[best]))
                best = child;
        if (!is_before(heap->items[best], item))
            break;
        put(heap, at, heap->items[best]);
        at = best;
    }
    put(heap, at, item);
}

bool base_heap_init(base_heap *heap, base_mem *mem, size_t n_ids)
{
    *heap = (base_heap){ NULL, NULL, 0, n_ids };
    heap->items = base_alloc_array(mem, n_ids, sizeof *heap->items);
    heap->position = base_alloc_array(mem, n_ids, sizeof *heap->position);
    if (!heap->items || !heap->position) {
        base_heap_clear(heap, mem);
        return false;
    }
    for (size_t i = 0; i < n_ids; i++)
        heap->position[i] = UINT32_MAX;
    return true;
}

void base_heap_clear(base_heap *heap, base_mem *mem)
{
    base_free(mem, heap->items);
    base_free(mem, heap->position);
    *heap = (base_heap){ NULL, NULL, 0, 0 };
}

void base_heap_reset(base_heap *heap)
{
    for (size_t i = 0; i < heap->n; i++)
        heap->position[heap->items[i].id] = UINT32_MAX;
    heap->n = 0;
}

static void insert(base_heap *heap, uint32_t id, int64_t key)
{
    assert(id < heap->n_ids);
    heap->n++;
    sift_up(heap, heap->n - 1, (base_heap_item){ key, id });
}

void base_heap_push(base_heap *heap, uint32_t id, int64_t key)
{
    const uint32_t at = heap->position[id];

    if (at == UINT32_MAX)
        insert(heap, id, key);
    else if (key < heap->items[at].key)
        sift_up(heap, at, (base_heap_item){ key, id });
}

void base_heap_set(base_heap *heap, uint32_t id, int64_t key)
{
    const uint32_t at = heap->position[id];

    if (at == UINT32_MAX)
        insert(heap, id, key);
    else if (key < heap->items[at].key)
        sift_up(heap, at, (base_heap_item){ key, id });
    else
        sift_down(heap, at, (base_heap_item){ key, id });
}

static void remove_at(base_heap *heap, size_t at)
{
    const base_heap_item moved = heap->items[heap->n - 1];

    heap->position[heap->items[at].id] = UINT32_MAX;
    heap->n--;
    if (at == heap->n)
        return;
    if (at > 0 && is_before(moved, heap->items[(at - 1) / ARITY]))
        sift_up(heap, at, moved);
    else
        sift_down(heap, at, moved);
}

base_heap_item base_heap_pop(base_heap *heap)
{
    const base_heap_item top = heap->items[0];

    assert(heap->n > 0);
    remove_at(heap, 0);
    return top;
}

void base_heap_remove(base_heap *heap, uint32_t id)
{
    if (base_heap_has(heap, id))
        remove_at(heap, heap->position[id]);
}
