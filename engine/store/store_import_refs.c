#include "store_import_refs.h"

#include "base_near.h"

#include <string.h>

enum { FIRST_SLOTS = 64, MAX_SCANNED = 20000 };

void import_refs_init(import_refs *refs, base_mem *mem)
{
    memset(refs, 0, sizeof *refs);
    refs->mem = mem;
    base_arena_init(&refs->texts, mem);
}

void import_refs_clear(import_refs *refs)
{
    if (!refs->mem)
        return;
    base_arena_clear(&refs->texts);
    base_array_clear(refs->mem, &refs->entries);
    base_free(refs->mem, refs->slots);
    memset(refs, 0, sizeof *refs);
}

/* FNV-1a, with the high bits folded in: the low ones choose the slot. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash ^ (hash >> 29);
}

static size_t slot_of(const import_refs *refs, const char *text)
{
    size_t slot = hash_text(text) & (refs->n_slots - 1);

    while (refs->slots[slot]
           && strcmp(refs->entries.items[refs->slots[slot] - 1].text, text))
        slot = (slot + 1) & (refs->n_slots - 1);
    return slot;
}

import_ref *import_refs_find(const import_refs *refs, const char *text)
{
    size_t slot;

    if (!refs->n_slots)
        return NULL;
    slot = slot_of(refs, text);
    return refs->slots[slot]
        ? &refs->entries.items[refs->slots[slot] - 1] : NULL;
}

static bool grow_slots(import_refs *refs)
{
    const size_t n = refs->n_slots ? refs->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots = base_alloc_zeroed(refs->mem, n, sizeof *slots);

    if (!slots)
        return false;
    base_free(refs->mem, refs->slots);
    refs->slots = slots;
    refs->n_slots = n;
    for (size_t e = 0; e < refs->entries.n; e++)
        slots[slot_of(refs, refs->entries.items[e].text)]
            = (uint32_t)(e + 1);
    return true;
}

import_ref *import_refs_add(import_refs *refs, const char *text, int64_t id,
                            uint64_t line)
{
    const size_t size = strlen(text) + 1;
    import_ref entry = { .id = id, .line = line };
    char *copy;

    /* At most two thirds full. */
    if (refs->entries.n * 3 >= refs->n_slots * 2 && !grow_slots(refs))
        return NULL;
    copy = base_arena_alloc(&refs->texts, size, 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    entry.text = copy;
    if (refs->entries.n >= UINT32_MAX - 1
        || !base_array_push(refs->mem, &refs->entries, entry))
        return NULL;
    refs->slots[slot_of(refs, copy)] = (uint32_t)refs->entries.n;
    return &refs->entries.items[refs->entries.n - 1];
}

gb_status import_refs_load(gb_workspace *ws, const char *sql,
                           import_refs *refs)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    while (store_next(ws, st, &status))
        if (!import_refs_add(refs, store_column_text(st, 1),
                             store_column_int(st, 0), 0))
            status = base_fail_nomem(ws->run->ctx);
    store_finalize(st);
    return status;
}

const char *import_refs_nearest(const import_refs *refs, const char *text)
{
    const size_t limit = strlen(text) / 3;
    size_t best = limit + 1;
    const char *nearest = NULL;

    /* Names of tags and branches are few; a million customers are not
     * looked through for the sake of a hint. */
    if (refs->entries.n > MAX_SCANNED)
        return NULL;
    for (size_t e = 0; e < refs->entries.n && best; e++) {
        const size_t edits
            = base_edits(text, refs->entries.items[e].text, limit);

        if (edits < best) {
            best = edits;
            nearest = refs->entries.items[e].text;
        }
    }
    return nearest;
}
