/*
 * store_import_refs.h - the references of a file, or of what it names: text
 * to id and line, in memory.
 *
 * A load of a million customers asks twice a row "which one is that?"; an
 * index of the database answers in microseconds, this hash in a tenth of
 * one.  Open addressing over entries in the order of their coming; texts lie
 * in an arena.  Some 60 bytes a reference.
 */
#ifndef STORE_IMPORT_REFS_H
#define STORE_IMPORT_REFS_H

#include "store_db.h"

#include "base_array.h"

typedef struct import_ref {
    const char *text;
    int64_t id;
    uint64_t line; /* of the file; 0: known from before */
} import_ref;

typedef struct import_refs {
    base_mem *mem; /* borrowed */
    base_arena texts;
    BASE_ARRAY(import_ref) entries;
    uint32_t *slots; /* entry + 1; 0: free */
    size_t n_slots;  /* a power of two */
} import_refs;

void import_refs_init(import_refs *refs, base_mem *mem);
void import_refs_clear(import_refs *refs); /* zeroed is taken */
/* NULL when it is not there. */
import_ref *import_refs_find(const import_refs *refs, const char *text);
/* The text is copied and must not be there yet; NULL means no memory. */
import_ref *import_refs_add(import_refs *refs, const char *text, int64_t id,
                            uint64_t line);
/* All rows of a SELECT of (id, text). */
gb_status import_refs_load(gb_workspace *ws, const char *sql,
                           import_refs *refs);
/* The entry nearest to `text` by edits, at most a third of it; or NULL. */
const char *import_refs_nearest(const import_refs *refs, const char *text);

#endif
