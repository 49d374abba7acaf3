/*
 * base_array.h - a growing array of any type.
 *
 *   BASE_ARRAY(uint32_t) ids = BASE_ARRAY_INIT;
 *   if (!base_array_push(mem, &ids, 7u)) -> no memory, the array is as it was
 *   ids.items[i], ids.n
 *   base_array_clear(mem, &ids);
 *
 * A pushed value is assigned, so its type is checked by the compiler.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base_mem.h"

#define BASE_ARRAY(type)                                                      \
    struct {                                                                  \
        type *items;                                                          \
        size_t n, capacity;                                                   \
    }
#define BASE_ARRAY_INIT { NULL, 0, 0 }

/* Room for `extra` more; false means no memory. */
#define base_array_reserve(mem, array, extra)                                 \
    ((array)->capacity - (array)->n >= (size_t)(extra)                        \
     || base_array_grow((mem), (void **)(void *)&(array)->items,              \
                        &(array)->capacity, (array)->n, (size_t)(extra),      \
                        sizeof *(array)->items))
#define base_array_push(mem, array, value)                                    \
    (base_array_reserve((mem), (array), 1)                                    \
     && ((array)->items[(array)->n++] = (value), true))
#define base_array_clear(mem, array)                                          \
    (base_free((mem), (array)->items), (array)->items = NULL,                 \
     (array)->n = (array)->capacity = 0)

static inline bool base_array_grow(base_mem *mem, void **items,
                                   size_t *capacity, size_t n, size_t extra,
                                   size_t size)
{
    size_t wanted = *capacity + *capacity / 2 + 8;
    void *grown;

    if (extra > SIZE_MAX - n)
        return false;
    if (wanted < n + extra)
        wanted = n + extra;
    grown = base_realloc_array(mem, *items, wanted, size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

#endif
