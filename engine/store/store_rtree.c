#include "store_rtree.h"

#include "base_array.h"

#include <sqlite3.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_BYTES = 4,
    CELL_BYTES = 24,
    MAX_NODE = 65536,
    BLOB_HEAD = 38,  /* of a SpatiaLite BLOB, up to the end of its box */
    ROOT = 1
};

typedef struct box {
    int64_t id;                  /* a row's, or a node's number */
    float min_x, max_x, min_y, max_y;
} box;

typedef struct packer {
    gb_workspace *ws;
    const char *table;
    BASE_ARRAY(box) boxes;       /* of the level being packed */
    BASE_ARRAY(box) above;       /* one for each of its nodes */
    size_t node_bytes, n_cells;  /* as the module chose them */
    int64_t next_node;
    store_statement *put_node, *put_parent, *put_row;
    uint8_t node[MAX_NODE];
} packer;

/* The module's floats contain the doubles: down and up are outwards. */
static float below(double value)
{
    const float f = (float)value;

    return (double)f > value ? nextafterf(f, -INFINITY) : f;
}

static float above(double value)
{
    const float f = (float)value;

    return (double)f < value ? nextafterf(f, INFINITY) : f;
}

static double read_double(const uint8_t *bytes)
{
    uint64_t bits = 0;
    double value;

    for (int i = 7; i >= 0; i--)
        bits = bits << 8 | bytes[i];
    memcpy(&value, &bits, sizeof value);
    return value;
}

static gb_status read_boxes(packer *p)
{
    char sql[96];
    store_statement *st = NULL;
    gb_status status;

    snprintf(sql, sizeof sql,
             "SELECT rowid, geom FROM \"%s\" WHERE geom IS NOT NULL",
             p->table);
    status = store_prepare(p->ws, sql, &st);
    while (store_next(p->ws, st, &status)) {
        size_t n;
        const uint8_t *blob = store_column_blob(st, 1, &n);
        box b = { .id = store_column_int(st, 0) };

        /* Our own encoders write little endian, and triggers let in no
         * other things than geometries. */
        if (n < BLOB_HEAD || blob[0] != 0 || blob[1] != 1) {
            status = base_fail(p->ws->run->ctx, GB_ERR_INTEGRITY,
                               "row %lld of %s: no geometry of ours",
                               (long long)b.id, p->table);
            break;
        }
        b.min_x = below(read_double(blob + 6));
        b.min_y = below(read_double(blob + 14));
        b.max_x = above(read_double(blob + 22));
        b.max_y = above(read_double(blob + 30));
        if (!base_array_push(p->ws->mem, &p->boxes, b))
            status = base_fail_nomem(p->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

/* --------------------------------------------------------------- sorting -- */

static int compare_ids(const box *a, const box *b)
{
    return a->id < b->id ? -1 : a->id > b->id;
}

static int by_x(const void *left, const void *right)
{
    const box *a = left, *b = right;
    const float x = a->min_x + a->max_x, y = b->min_x + b->max_x;

    return x < y ? -1 : x > y ? 1 : compare_ids(a, b);
}

static int by_y(const void *left, const void *right)
{
    const box *a = left, *b = right;
    const float x = a->min_y + a->max_y, y = b->min_y + b->max_y;

    return x < y ? -1 : x > y ? 1 : compare_ids(a, b);
}

/* Upright slices of whole nodes, each sorted from the south. */
static void sort_tiles(packer *p)
{
    const size_t n = p->boxes.n;
    const size_t n_nodes = (n + p->n_cells - 1) / p->n_cells;
    const size_t n_slices = (size_t)ceil(sqrt((double)n_nodes));
    const size_t slice
        = (n_nodes + n_slices - 1) / n_slices * p->n_cells;

    qsort(p->boxes.items, n, sizeof *p->boxes.items, by_x);
    for (size_t from = 0; from < n; from += slice)
        qsort(p->boxes.items + from, n - from < slice ? n - from : slice,
              sizeof *p->boxes.items, by_y);
}

/* --------------------------------------------------------------- writing -- */

static uint8_t *write_big(uint8_t *to, uint64_t value, int n_bytes)
{
    for (int i = n_bytes - 1; i >= 0; i--, value >>= 8)
        to[i] = (uint8_t)value;
    return to + n_bytes;
}

static uint8_t *write_float(uint8_t *to, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return write_big(to, bits, 4);
}

static gb_status write_node(packer *p, int64_t number, size_t depth,
                            const box *boxes, size_t n)
{
    uint8_t *to = p->node;

    memset(p->node, 0, p->node_bytes);
    to = write_big(to, number == ROOT ? depth : 0, 2);
    to = write_big(to, n, 2);
    for (size_t i = 0; i < n; i++) {
        to = write_big(to, (uint64_t)boxes[i].id, 8);
        to = write_float(to, boxes[i].min_x);
        to = write_float(to, boxes[i].max_x);
        to = write_float(to, boxes[i].min_y);
        to = write_float(to, boxes[i].max_y);
    }
    store_bind_int(p->put_node, 1, number);
    store_bind_blob(p->put_node, 2, p->node, p->node_bytes);
    return store_run(p->ws, p->put_node);
}

static box around(int64_t number, const box *boxes, size_t n)
{
    box b = boxes[0];

    b.id = number;
    for (size_t i = 1; i < n; i++) {
        b.min_x = fminf(b.min_x, boxes[i].min_x);
        b.max_x = fmaxf(b.max_x, boxes[i].max_x);
        b.min_y = fminf(b.min_y, boxes[i].min_y);
        b.max_y = fmaxf(b.max_y, boxes[i].max_y);
    }
    return b;
}

/* Which node a row (of a leaf) or a node (of one above) lies in. */
static gb_status write_owners(packer *p, store_statement *put,
                              const box *boxes, size_t n, int64_t number)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < n && !status; i++) {
        store_bind_int(put, 1, boxes[i].id);
        store_bind_int(put, 2, number);
        status = store_run(p->ws, put);
    }
    return status;
}

/* Pack p->boxes into nodes; what stands above them becomes p->boxes. */
static gb_status write_level(packer *p, size_t depth, size_t n_levels)
{
    const bool is_leaf = depth == 0;
    const bool is_root = depth + 1 == n_levels;
    gb_status status = GB_OK;

    p->above.n = 0;
    for (size_t from = 0; from < p->boxes.n && !status; from += p->n_cells) {
        const size_t n = p->boxes.n - from < p->n_cells ? p->boxes.n - from
                                                        : p->n_cells;
        const box *boxes = p->boxes.items + from;
        const int64_t number = is_root ? ROOT : p->next_node++;

        status = write_node(p, number, depth, boxes, n);
        if (!status && !is_leaf)
            status = write_owners(p, p->put_parent, boxes, n, number);
        if (!status
            && !base_array_push(p->ws->mem, &p->above,
                                around(number, boxes, n)))
            status = base_fail_nomem(p->ws->run->ctx);
    }
    return status;
}

/*
 * Rows to their leaves, in the order of the rows: written in the order of the
 * nodes they would go all over the table's pages.
 */
typedef struct owner {
    int64_t row, node;
} owner;

static int by_row(const void *left, const void *right)
{
    const owner *a = left, *b = right;

    return a->row < b->row ? -1 : a->row > b->row;
}

static gb_status write_rows(packer *p)
{
    owner *owners
        = base_alloc_array(p->ws->mem, p->boxes.n, sizeof *owners);
    gb_status status = GB_OK;

    if (!owners)
        return base_fail_nomem(p->ws->run->ctx);
    for (size_t i = 0; i < p->boxes.n; i++)
        owners[i] = (owner){ p->boxes.items[i].id,
                             p->above.items[i / p->n_cells].id };
    qsort(owners, p->boxes.n, sizeof *owners, by_row);
    for (size_t i = 0; i < p->boxes.n && !status; i++) {
        store_bind_int(p->put_row, 1, owners[i].row);
        store_bind_int(p->put_row, 2, owners[i].node);
        status = store_run(p->ws, p->put_row);
    }
    base_free(p->ws->mem, owners);
    return status;
}

static gb_status write_tree(packer *p)
{
    size_t n_levels = 1;
    gb_status status = GB_OK;

    for (size_t n = p->boxes.n; n > p->n_cells; n_levels++)
        n = (n + p->n_cells - 1) / p->n_cells;
    if (p->boxes.n == 0)
        return write_node(p, ROOT, 0, NULL, 0);
    sort_tiles(p);
    for (size_t depth = 0; depth < n_levels && !status; depth++) {
        status = write_level(p, depth, n_levels);
        if (!status && depth == 0)
            status = write_rows(p);
        if (status)
            break;
        p->boxes.n = 0;
        if (!base_array_reserve(p->ws->mem, &p->boxes, p->above.n))
            return base_fail_nomem(p->ws->run->ctx);
        memcpy(p->boxes.items, p->above.items,
               p->above.n * sizeof *p->above.items);
        p->boxes.n = p->above.n;
    }
    return status;
}

/* -------------------------------------------------------- the whole of it -- */

static gb_status prepare_put(packer *p, const char *part,
                             store_statement **out)
{
    char sql[128];

    snprintf(sql, sizeof sql,
             "INSERT INTO \"idx_%s_geom_%s\" VALUES(?1, ?2)", p->table, part);
    return store_prepare(p->ws, sql, out);
}

static gb_status clear_index(packer *p)
{
    char sql[512];
    int64_t bytes = 0;
    gb_status status;

    snprintf(sql, sizeof sql,
             "SELECT length(data) FROM \"idx_%s_geom_node\" "
             "WHERE nodeno = 1", p->table);
    status = store_query_int(p->ws, sql, &bytes);
    if (status)
        return status;
    if (bytes < HEAD_BYTES + 2 * CELL_BYTES || bytes > MAX_NODE)
        return base_fail(p->ws->run->ctx, GB_ERR_INTEGRITY,
                         "the spatial index of %s has no root", p->table);
    p->node_bytes = (size_t)bytes;
    p->n_cells = (p->node_bytes - HEAD_BYTES) / CELL_BYTES;
    p->next_node = ROOT + 1;
    snprintf(sql, sizeof sql,
             "DELETE FROM \"idx_%s_geom_node\";"
             "DELETE FROM \"idx_%s_geom_parent\";"
             "DELETE FROM \"idx_%s_geom_rowid\";",
             p->table, p->table, p->table);
    return store_exec(p->ws, sql);
}

static gb_status fill(packer *p)
{
    gb_status status = clear_index(p);

    if (!status)
        status = prepare_put(p, "node", &p->put_node);
    if (!status)
        status = prepare_put(p, "parent", &p->put_parent);
    if (!status)
        status = prepare_put(p, "rowid", &p->put_row);
    if (!status)
        status = read_boxes(p);
    return status ? status : write_tree(p);
}

gb_status store_index_resume(gb_workspace *ws, const char *table,
                             const char *triggers)
{
    packer *p = base_alloc_zeroed(ws->mem, 1, sizeof *p);
    gb_status status;

    if (!p)
        return base_fail_nomem(ws->run->ctx);
    p->ws = ws;
    p->table = table;
    /* The module's own tables are shut to SQL texts of a file; not to ours. */
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)0);
    status = fill(p);
    store_finalize(p->put_node);
    store_finalize(p->put_parent);
    store_finalize(p->put_row);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    base_array_clear(ws->mem, &p->boxes);
    base_array_clear(ws->mem, &p->above);
    base_free(ws->mem, p);
    return status ? status : store_exec(ws, triggers);
}

gb_status store_index_pause(gb_workspace *ws, const char *table,
                            base_text *triggers)
{
    char like[96];
    base_text drops;
    store_statement *st = NULL;
    gb_status status;

    base_text_init(&drops, ws->mem);
    /* gii_, giu_, gid_ keep the index; ggi_ and ggu_ hold each geometry
     * against its column by a search that costs as much as the row, and what
     * is loaded comes from our own encoder. */
    snprintf(like, sizeof like, "g___%s_geom", table);
    status = store_prepare(ws, "SELECT name, sql FROM sqlite_schema "
                               "WHERE type = 'trigger' AND name LIKE ?1 "
                               "ORDER BY name", &st);
    if (!status)
        store_bind_text(st, 1, like);
    while (store_next(ws, st, &status)) {
        base_text_format(&drops, "DROP TRIGGER \"%s\";",
                         store_column_text(st, 0));
        base_text_format(triggers, "%s;", store_column_text(st, 1));
    }
    store_finalize(st);
    if (!status && (drops.is_short || triggers->is_short))
        status = base_fail_nomem(ws->run->ctx);
    if (!status && drops.chars)
        status = store_exec(ws, drops.chars);
    base_text_clear(&drops);
    return status;
}
