/*
 * store_rows.h - small pieces of the loaders and savers: texts and points out
 * of rows, and from row numbers to places in an array.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store_db.h"
#include "store_load.h"

/* A copy in the arena; "" for NULL.  NULL: no memory. */
const char *store_row_text(base_arena *arena, store_statement *st, int column);
/* Rows collected elsewhere, copied to the arena.  NULL: no memory. */
void *store_row_list(base_arena *arena, const void *rows, size_t n,
                     size_t size);
/* STORE_NO_TIME for NULL. */
int32_t store_row_time(store_statement *st, int column);
/* STORE_NO_DAY for NULL. */
int32_t store_row_day(store_statement *st, int column);
/* A POINT; *is_there false (and 0, 0) for NULL. */
gb_status store_row_point(gb_workspace *ws, store_statement *st, int column,
                          gb_lonlat *out, bool *is_there);

/* Binds a day as text, or NULL for STORE_NO_DAY; the buffer must live. */
void store_bind_day(store_statement *st, int index, int32_t day,
                    char buffer[16]);
/* NULL for 0. */
void store_bind_id(store_statement *st, int index, int64_t id);
/* `other` for NULL and "". */
void store_bind_text_or(store_statement *st, int index, const char *text,
                        const char *other);

/* Which item has a row number: items whose struct begins with int64_t id. */
typedef struct store_ids {
    base_mem *mem;
    struct store_id_place {
        int64_t id;
        uint32_t place;
    } *items; /* by id */
    size_t n;
} store_ids;

gb_status store_ids_build(gb_workspace *ws, const void *items, size_t n,
                          size_t stride, store_ids *out);
void store_ids_clear(store_ids *ids); /* a zeroed struct is taken */
/* STORE_NONE when it is not there, as for id 0. */
uint32_t store_ids_find(const store_ids *ids, int64_t id);

/*
 * Count with `count_sql` (no values), and give the arena an array of that
 * many zeroed items: rows appear between the two, so a loader must not take
 * more than *capacity.
 */
gb_status store_rows_reserve(gb_workspace *ws, base_arena *arena,
                             const char *count_sql, size_t size, void **items,
                             size_t *capacity);

/* A text of a code among names; n when it is none. */
size_t store_name_index(const char *text, const char *const *names, size_t n);

extern const char *const store_mode_names[3];
extern const char *const store_channel_names[3];
extern const char *const store_accuracy_names[6];
extern const char *const store_version_names[4];

#endif
