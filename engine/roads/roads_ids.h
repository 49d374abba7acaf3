/*
 * roads_ids.h - the ids of a table, each with the number in which it came.
 *
 * Keys are bytes: the text of an id, or a point.  Open addressing on XXH3;
 * nothing is ever taken out.
 */
#ifndef ROADS_IDS_H
#define ROADS_IDS_H

#include "base_array.h"
#include "roads_source.h"

typedef struct roads_id {
    const void *key; /* in the arena */
    size_t n;
} roads_id;

typedef struct roads_ids {
    base_mem *mem;
    base_arena keys;
    uint32_t *slots; /* entry + 1; 0: free */
    size_t n_slots;  /* a power of two */
    BASE_ARRAY(roads_id) entries;
} roads_ids;

void roads_ids_init(roads_ids *ids, base_mem *mem);
void roads_ids_clear(roads_ids *ids);
/* ROADS_NONE: it is not there. */
uint32_t roads_ids_find(const roads_ids *ids, const void *key, size_t n);
/* One that is not there yet: its number is that of entries before it. */
bool roads_ids_add(roads_ids *ids, const void *key, size_t n);

#endif
