#include "roads_ids.h"

#include <string.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 256 };

void roads_ids_init(roads_ids *ids, base_mem *mem)
{
    memset(ids, 0, sizeof *ids);
    ids->mem = mem;
    base_arena_init(&ids->keys, mem);
}

void roads_ids_clear(roads_ids *ids)
{
    if (!ids->mem)
        return;
    base_arena_clear(&ids->keys);
    base_free(ids->mem, ids->slots);
    base_array_clear(ids->mem, &ids->entries);
    memset(ids, 0, sizeof *ids);
}

/* The slot of a key, or the free one where it would be. */
static size_t slot_of(const roads_ids *ids, const void *key, size_t n)
{
    size_t at = (size_t)XXH3_64bits(key, n) & (ids->n_slots - 1);

    for (;; at = (at + 1) & (ids->n_slots - 1)) {
        const roads_id *entry;

        if (!ids->slots[at])
            return at;
        entry = &ids->entries.items[ids->slots[at] - 1];
        if (entry->n == n && memcmp(entry->key, key, n) == 0)
            return at;
    }
}

uint32_t roads_ids_find(const roads_ids *ids, const void *key, size_t n)
{
    size_t at;

    if (ids->n_slots == 0)
        return ROADS_NONE;
    at = slot_of(ids, key, n);
    return ids->slots[at] ? ids->slots[at] - 1 : ROADS_NONE;
}

static bool grow(roads_ids *ids)
{
    const size_t wanted = ids->n_slots ? 2 * ids->n_slots : FIRST_SLOTS;
    uint32_t *slots = base_alloc_zeroed(ids->mem, wanted, sizeof *slots);

    if (!slots)
        return false;
    base_free(ids->mem, ids->slots);
    ids->slots = slots;
    ids->n_slots = wanted;
    for (size_t e = 0; e < ids->entries.n; e++) {
        const roads_id *entry = &ids->entries.items[e];

        slots[slot_of(ids, entry->key, entry->n)] = (uint32_t)e + 1;
    }
    return true;
}

bool roads_ids_add(roads_ids *ids, const void *key, size_t n)
{
    void *copy;

    if (2 * ids->entries.n >= ids->n_slots && !grow(ids))
        return false;
    copy = base_arena_alloc(&ids->keys, n + 1, 1);
    if (!copy)
        return false;
    memcpy(copy, key, n);
    ((char *)copy)[n] = '\0';
    if (!base_array_push(ids->mem, &ids->entries, ((roads_id){ copy, n })))
        return false;
    ids->slots[slot_of(ids, key, n)] = (uint32_t)ids->entries.n;
    return true;
}
