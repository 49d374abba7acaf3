/*
 * base_mem.c - see base_mem.h.
 */
#include "base_mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct base_mem {
    gb_allocator allocator;
    atomic_size_t count;
};

typedef struct base_arena_chunk {
    struct base_arena_chunk *next;
    size_t capacity;
    max_align_t bytes[];
} base_arena_chunk;

enum { ARENA_CHUNK = 64 * 1024 };

static void *system_reallocate(void *state, void *block, size_t size)
{
    (void)state;
    return realloc(block, size);
}

static void system_release(void *state, void *block)
{
    (void)state;
    free(block);
}

base_mem *base_mem_new(const gb_allocator *allocator)
{
    const gb_allocator system = { NULL, system_reallocate, system_release };
    const gb_allocator *chosen = allocator ? allocator : &system;
    base_mem *mem = chosen->reallocate(chosen->state, NULL, sizeof *mem);

    if (!mem)
        return NULL;
    mem->allocator = *chosen;
    atomic_init(&mem->count, 1);
    return mem;
}

base_mem *base_mem_ref(base_mem *mem)
{
    atomic_fetch_add_explicit(&mem->count, 1, memory_order_relaxed);
    return mem;
}

void base_mem_unref(base_mem *mem)
{
    if (!mem)
        return;
    if (atomic_fetch_sub_explicit(&mem->count, 1, memory_order_acq_rel) == 1) {
        const gb_allocator allocator = mem->allocator;

        allocator.release(allocator.state, mem);
    }
}

void *base_alloc(base_mem *mem, size_t size)
{
    return mem->allocator.reallocate(mem->allocator.state, NULL,
                                     size ? size : 1);
}

void *base_realloc_array(base_mem *mem, void *block, size_t count,
                         size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
        return NULL;
    return mem->allocator.reallocate(mem->allocator.state, block,
                                     bytes ? bytes : 1);
}

void *base_alloc_array(base_mem *mem, size_t count, size_t size)
{
    return base_realloc_array(mem, NULL, count, size);
}

void *base_alloc_zeroed(base_mem *mem, size_t count, size_t size)
{
    void *block = base_alloc_array(mem, count, size);

    if (block)
        memset(block, 0, count * size);
    return block;
}

char *base_strndup(base_mem *mem, const char *text, size_t length)
{
    char *copy = base_alloc(mem, length + 1);

    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *base_strdup(base_mem *mem, const char *text)
{
    return base_strndup(mem, text, strlen(text));
}

void base_free(base_mem *mem, void *block)
{
    if (block)
        mem->allocator.release(mem->allocator.state, block);
}

void base_arena_init(base_arena *arena, base_mem *mem)
{
    *arena = (base_arena){ mem, NULL, NULL, 0 };
}

static base_arena_chunk *arena_add_chunk(base_arena *arena, size_t bytes)
{
    const size_t capacity = bytes > ARENA_CHUNK ? bytes : ARENA_CHUNK;
    base_arena_chunk *chunk;

    if (capacity > PTRDIFF_MAX - sizeof *chunk)
        return NULL;
    chunk = base_alloc(arena->mem, sizeof *chunk + capacity);
    if (!chunk)
        return NULL;
    chunk->capacity = capacity;
    chunk->next = NULL;
    if (arena->current) {
        chunk->next = arena->current->next;
        arena->current->next = chunk;
    } else {
        arena->first = chunk;
    }
    return chunk;
}

void *base_arena_alloc(base_arena *arena, size_t count, size_t size)
{
    const size_t align = sizeof(max_align_t);
    size_t bytes;
    char *block;

    if (__builtin_mul_overflow(count, size, &bytes)
        || bytes > PTRDIFF_MAX - align)
        return NULL;
    bytes = (bytes + align - 1) / align * align;
    while (!arena->current || arena->current->capacity - arena->used < bytes) {
        base_arena_chunk *next
            = arena->current ? arena->current->next : arena->first;

        if (!next || next->capacity < bytes)
            next = arena_add_chunk(arena, bytes);
        if (!next)
            return NULL;
        arena->current = next;
        arena->used = 0;
    }
    block = (char *)arena->current->bytes + arena->used;
    arena->used += bytes;
    return block;
}

void base_arena_reset(base_arena *arena)
{
    arena->current = arena->first;
    arena->used = 0;
}

void base_arena_clear(base_arena *arena)
{
    base_arena_chunk *chunk = arena->first;

    while (chunk) {
        base_arena_chunk *next = chunk->next;

        base_free(arena->mem, chunk);
        chunk = next;
    }
    base_arena_init(arena, arena->mem);
}
