/*
 * call_names.c - see call_names.h.
 */
#include "call_names.h"

#include <string.h>

void call_names_init(call_names *names, base_mem *mem)
{
    *names = (call_names){ .at = BASE_ARRAY_INIT };
    base_text_init(&names->chars, mem);
}

void call_names_clear(call_names *names)
{
    base_array_clear(names->chars.mem, &names->at);
    base_free(names->chars.mem, names->slots);
    base_text_clear(&names->chars);
    names->slots = NULL;
    names->n_slots = 0;
}

const char *call_names_name(const call_names *names, uint32_t number)
{
    return names->chars.chars + names->at.items[number];
}

/* FNV-1a. */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

static size_t slot_of(const call_names *names, const char *name)
{
    size_t slot = (size_t)hash_of(name) & (names->n_slots - 1);

    while (names->slots[slot]
           && strcmp(call_names_name(names, names->slots[slot] - 1), name)
               != 0)
        slot = (slot + 1) & (names->n_slots - 1);
    return slot;
}

static bool widen(call_names *names)
{
    const size_t n = names->n_slots ? 2 * names->n_slots : 1024;
    uint32_t *slots = base_alloc_zeroed(names->chars.mem, n, sizeof *slots);

    if (!slots)
        return false;
    base_free(names->chars.mem, names->slots);
    names->slots = slots;
    names->n_slots = n;
    for (size_t i = 0; i < names->at.n; i++)
        slots[slot_of(names, call_names_name(names, (uint32_t)i))]
            = (uint32_t)i + 1;
    return true;
}

bool call_names_number(call_names *names, const char *name, uint32_t *out)
{
    size_t slot;

    if (2 * (names->at.n + 1) > names->n_slots && !widen(names))
        return false;
    slot = slot_of(names, name);
    if (!names->slots[slot]) {
        if (names->at.n >= CALL_NAMES_MOST
            || !base_array_push(names->chars.mem, &names->at, names->chars.n))
            return false;
        base_text_append(&names->chars, name, strlen(name) + 1);
        if (names->chars.is_short)
            return false;
        names->slots[slot] = (uint32_t)names->at.n;
    }
    *out = names->slots[slot] - 1;
    return true;
}
