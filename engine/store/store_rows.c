/*
 * store_rows.c - small pieces of the loaders and savers.
 */
#include "store_rows.h"

#include "geo_codec.h"

#include <stdlib.h>
#include <string.h>

const char *const store_mode_names[3] = { "foot", "ebike", "car" };
const char *const store_channel_names[3] = { "visit", "sms", "none" };
const char *const store_accuracy_names[6]
    = { "exact", "building", "compound", "street", "district", "none" };
const char *const store_version_names[4]
    = { "draft", "approved", "active", "retired" };

size_t store_name_index(const char *text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text && strcmp(text, names[i]) == 0)
            return i;
    }
    return n;
}

const char *store_row_text(base_arena *arena, store_statement *st, int column)
{
    const char *text = store_column_text(st, column);
    char *copy;

    if (!text || !text[0])
        return "";
    copy = base_arena_alloc(arena, strlen(text) + 1, 1);
    if (copy)
        strcpy(copy, text);
    return copy;
}

void *store_row_list(base_arena *arena, const void *rows, size_t n,
                     size_t size)
{
    void *copy = base_arena_alloc(arena, n, size);

    if (copy && n > 0)
        memcpy(copy, rows, n * size);
    return copy;
}

int32_t store_row_time(store_statement *st, int column)
{
    return store_column_is_null(st, column)
               ? STORE_NO_TIME : (int32_t)store_column_int(st, column);
}

int32_t store_row_day(store_statement *st, int column)
{
    return store_day_parse(store_column_text(st, column));
}

gb_status store_row_point(gb_workspace *ws, store_statement *st, int column,
                          gb_lonlat *out, bool *is_there)
{
    size_t n = 0;
    const void *blob = store_column_blob(st, column, &n);
    gb_point point = { 0, 0 };
    int32_t srid;
    gb_status status = GB_OK;

    *out = (gb_lonlat){ 0, 0 };
    *is_there = blob != NULL;
    if (blob)
        status = geo_read_blob_point(ws->run->ctx, blob, n, &srid, &point);
    if (!status)
        *out = (gb_lonlat){ point.x_m, point.y_m };
    return status;
}

void store_bind_day(store_statement *st, int index, int32_t day,
                    char buffer[16])
{
    store_bind_text(st, index,
                    day == STORE_NO_DAY ? NULL : store_day_text(buffer, day));
}

void store_bind_id(store_statement *st, int index, int64_t id)
{
    if (id)
        store_bind_int(st, index, id);
    else
        store_bind_null(st, index);
}

void store_bind_text_or(store_statement *st, int index, const char *text,
                        const char *other)
{
    store_bind_text(st, index, text && text[0] ? text : other);
}

static int compare_ids(const void *a, const void *b)
{
    const struct store_id_place *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

gb_status store_ids_build(gb_workspace *ws, const void *items, size_t n,
                          size_t stride, store_ids *out)
{
    const char *bytes = items;

    out->mem = ws->mem;
    out->n = 0;
    out->items = base_alloc_array(ws->mem, n, sizeof *out->items);
    if (!out->items)
        return base_fail_nomem(ws->run->ctx);
    for (size_t i = 0; i < n; i++) {
        memcpy(&out->items[i].id, bytes + i * stride, sizeof(int64_t));
        out->items[i].place = (uint32_t)i;
    }
    out->n = n;
    if (n > 1)
        qsort(out->items, n, sizeof *out->items, compare_ids);
    return GB_OK;
}

void store_ids_clear(store_ids *ids)
{
    if (ids->mem)
        base_free(ids->mem, ids->items);
    memset(ids, 0, sizeof *ids);
}

uint32_t store_ids_find(const store_ids *ids, int64_t id)
{
    size_t low = 0, high = ids->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (ids->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ids->n && ids->items[low].id == id ? ids->items[low].place
                                                    : STORE_NONE;
}

gb_status store_rows_reserve(gb_workspace *ws, base_arena *arena,
                             const char *count_sql, size_t size, void **items,
                             size_t *capacity)
{
    int64_t n = 0;
    gb_status status = store_query_int(ws, count_sql, &n);

    if (status)
        return status;
    *items = base_arena_alloc(arena, (size_t)n, size);
    if (!*items)
        return base_fail_nomem(ws->run->ctx);
    memset(*items, 0, (size_t)n * size);
    *capacity = (size_t)n;
    return GB_OK;
}
