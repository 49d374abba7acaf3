/*
 * call_table.c - roads.table: travel times from the places of one file to
 * those of another.
 *
 * The table is written as it is computed, some rows at a time, so that memory
 * does not grow with it; under another name, so that what has the name is
 * whole.  The forms are told in data/FORMATS.md.
 */
#include "call_roads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "call_travel.h"

enum { CELLS_AT_ONCE = 1 << 20, BINARY_VERSION = 1, BINARY_HEAD = 48 };

typedef struct table {
    call *c;
    call_travel travel;
    call_points from, to;
    const call_points *columns; /* `to`, or `from` where there is none */
    gb_roads_place *from_places, *to_places;
    const gb_roads_place *column_places;
    int32_t *seconds, *metres; /* of the rows at hand */
    size_t rows_at_once;
    bool is_binary;
    base_text names; /* of the columns as CSV fields: ",name," */
    size_t *name_at; /* n + 1 */
    base_text text;  /* what is to be written next */
    FILE *out;
    char *part; /* the name it is written under */
    double snap_ms, search_ms, write_ms;
} table;

/* CPU time of the process: what else the machine does is left out. */
static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* Without "to" both sides are the same. */
static gb_status read_points(table *t)
{
    call *c = t->c;
    gb_status status = call_points_read(c, call_text(c, "from"), &t->from);

    t->columns = &t->from;
    if (status || !call_has(c, "to"))
        return status;
    t->columns = &t->to;
    return call_points_read(c, call_text(c, "to"), &t->to);
}

static gb_status snap(table *t)
{
    const double start_ms = cpu_ms();
    gb_status status = call_travel_snap_all(t->c, &t->travel, &t->from,
                                            &t->from_places);

    t->column_places = t->from_places;
    if (!status && t->columns == &t->to) {
        status = call_travel_snap_all(t->c, &t->travel, &t->to,
                                      &t->to_places);
        t->column_places = t->to_places;
    }
    t->snap_ms = cpu_ms() - start_ms;
    return status;
}

/* The names of the columns are the same in each row: quoted once. */
static bool quote_names(table *t)
{
    t->name_at = base_alloc_array(t->c->mem, t->columns->n + 1,
                                  sizeof *t->name_at);
    if (!t->name_at)
        return false;
    for (size_t i = 0; i < t->columns->n; i++) {
        t->name_at[i] = t->names.n;
        base_text_append(&t->names, ",", 1);
        base_text_csv(&t->names, t->columns->ids[i]);
        base_text_append(&t->names, ",", 1);
    }
    t->name_at[t->columns->n] = t->names.n;
    return !t->names.is_short;
}

static gb_status prepare(table *t)
{
    call *c = t->c;
    const size_t n_cols = t->columns->n;
    size_t n_cells;

    t->rows_at_once = CELLS_AT_ONCE / (n_cols ? n_cols : 1);
    if (t->rows_at_once == 0)
        t->rows_at_once = 1;
    if (t->rows_at_once > t->from.n)
        t->rows_at_once = t->from.n;
    n_cells = t->rows_at_once * n_cols;
    t->seconds = base_alloc_array(c->mem, n_cells, sizeof *t->seconds);
    t->metres = base_alloc_array(c->mem, n_cells, sizeof *t->metres);
    return t->seconds && t->metres && quote_names(t)
               ? GB_OK
               : base_fail_nomem(c->ctx);
}

static char *put_number(char *end, int32_t number)
{
    char digits[12];
    int n = 0;

    do
        digits[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        *end++ = digits[--n];
    return end;
}

/* A million lines take .03 s so, and .5 s by printf. */
static void write_cell(table *t, size_t column, int32_t seconds,
                       int32_t metres)
{
    char figures[32], *end = figures;

    base_text_append(&t->text, t->names.chars + t->name_at[column],
                     t->name_at[column + 1] - t->name_at[column]);
    if (seconds != GB_ROADS_UNREACHABLE) {
        end = put_number(end, seconds);
        *end++ = ',';
        end = put_number(end, metres);
    } else {
        *end++ = ',';
    }
    *end++ = '\n';
    base_text_append(&t->text, figures, (size_t)(end - figures));
}

static void write_csv_row(table *t, size_t row, const int32_t *seconds,
                          const int32_t *metres)
{
    base_text name;

    base_text_init(&name, t->c->mem);
    base_text_csv(&name, t->from.ids[row]);
    for (size_t i = 0; i < t->columns->n; i++) {
        base_text_append(&t->text, name.chars, name.n);
        write_cell(t, i, seconds[i], metres[i]);
    }
    t->text.is_short = t->text.is_short || name.is_short;
    base_text_clear(&name);
}

/* Little-endian, whatever the machine. */
static void put_bytes(base_text *text, uint64_t number, size_t n)
{
    char bytes[8];

    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(number >> (8 * i) & 255);
    base_text_append(text, bytes, n);
}

static void write_binary_row(table *t, const int32_t *seconds,
                             const int32_t *metres)
{
    for (size_t i = 0; i < t->columns->n; i++)
        put_bytes(&t->text, (uint32_t)seconds[i], 4);
    for (size_t i = 0; i < t->columns->n; i++)
        put_bytes(&t->text, (uint32_t)metres[i], 4);
}

static gb_status flush_text(table *t)
{
    if (t->text.is_short)
        return base_fail_nomem(t->c->ctx);
    if (t->text.n && fwrite(t->text.chars, 1, t->text.n, t->out) != t->text.n)
        return base_fail(t->c->ctx, GB_ERR_IO, "%s: %s", t->part,
                         strerror(errno));
    base_text_reset(&t->text);
    return GB_OK;
}

static gb_status write_rows(table *t, size_t first, size_t n)
{
    const double start_ms = cpu_ms();
    gb_status status = GB_OK;

    for (size_t f = 0; f < n && !status; f++) {
        const int32_t *seconds = t->seconds + f * t->columns->n;
        const int32_t *metres = t->metres + f * t->columns->n;

        if (t->is_binary)
            write_binary_row(t, seconds, metres);
        else
            write_csv_row(t, first + f, seconds, metres);
        status = flush_text(t);
    }
    t->write_ms += cpu_ms() - start_ms;
    return status;
}

static void put_ids(base_text *text, const call_points *points)
{
    for (size_t i = 0; i < points->n; i++)
        base_text_append(text, points->ids[i], strlen(points->ids[i]) + 1);
}

/* See data/FORMATS.md. */
static void write_binary_head(table *t)
{
    base_text ids;

    base_text_init(&ids, t->c->mem);
    put_ids(&ids, &t->from);
    put_ids(&ids, t->columns);
    while (ids.n % 8 && !ids.is_short)
        base_text_append(&ids, "", 1);
    base_text_append(&t->text, "GBTABLE", 8);
    put_bytes(&t->text, BINARY_VERSION, 4);
    put_bytes(&t->text, (uint64_t)t->travel.mode, 4);
    put_bytes(&t->text, t->from.n, 8);
    put_bytes(&t->text, t->columns->n, 8);
    put_bytes(&t->text, BINARY_HEAD + ids.n, 8);
    put_bytes(&t->text, 0, 8);
    base_text_append(&t->text, ids.chars ? ids.chars : "", ids.n);
    t->text.is_short = t->text.is_short || ids.is_short;
    base_text_clear(&ids);
}

static gb_status compute(table *t)
{
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_status status;

    query.mode = (int32_t)t->travel.mode;
    query.n_threads = t->c->n_threads;
    query.to = t->column_places;
    query.n_to = t->columns->n;
    if (t->is_binary)
        write_binary_head(t);
    else
        base_text_add(&t->text, "from,to,seconds,metres\n");
    status = flush_text(t);
    if (t->columns->n == 0)
        return status;
    for (size_t first = 0; !status && first < t->from.n;
         first += t->rows_at_once) {
        const size_t left = t->from.n - first;
        const double start_ms = cpu_ms();

        query.from = t->from_places + first;
        query.n_from = left < t->rows_at_once ? left : t->rows_at_once;
        status = gb_roads_table(t->c->ctx, t->travel.roads, &query,
                                t->seconds, t->metres);
        t->search_ms += cpu_ms() - start_ms;
        if (!status)
            status = write_rows(t, first, query.n_from);
    }
    return status;
}

static gb_status open_out(table *t, const char *path)
{
    base_text part;

    base_text_init(&part, t->c->mem);
    base_text_add(&part, path);
    base_text_add(&part, ".part");
    t->part = base_text_take(&part);
    if (!t->part)
        return base_fail_nomem(t->c->ctx);
    t->out = fopen(t->part, "wb");
    return t->out ? GB_OK
                  : base_fail(t->c->ctx, GB_ERR_IO, "%s: %s", t->part,
                              strerror(errno));
}

static gb_status close_out(table *t, const char *path, gb_status status)
{
    const double start_ms = cpu_ms();
    const bool is_closed = !t->out || fclose(t->out) == 0;

    t->out = NULL;
    if (!status && (!is_closed || rename(t->part, path) != 0))
        status = base_fail(t->c->ctx, GB_ERR_IO, "%s: %s", path,
                           strerror(errno));
    if (status && t->part)
        remove(t->part);
    t->write_ms += cpu_ms() - start_ms;
    return status;
}

static json_t *describe(const table *t)
{
    json_t *set_aside = json_array();
    const uint32_t n_threads = t->c->n_threads ? t->c->n_threads : 1;

    if (!set_aside
        || !call_put_set_aside(set_aside, &t->from, t->from_places)
        || (t->columns == &t->to
            && !call_put_set_aside(set_aside, &t->to, t->to_places))) {
        json_decref(set_aside);
        return NULL;
    }
    /* cpu_ms is that of the whole process, so that nothing is left out. */
    return json_pack("{s:f, s:f, s:f, s:f, s:I, s:I, s:I, s:o}", "snap_ms",
                     t->snap_ms, "search_ms", t->search_ms, "write_ms",
                     t->write_ms, "cpu_ms", cpu_ms(), "rows",
                     (json_int_t)t->from.n, "cols",
                     (json_int_t)t->columns->n, "threads",
                     (json_int_t)n_threads, "set_aside", set_aside);
}

static gb_status write_stats(call *c, const json_t *stats, const char *path)
{
    if (json_dump_file(stats, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6))
        == 0)
        return GB_OK;
    return base_fail(c->ctx, GB_ERR_IO, "%s: cannot be written", path);
}

static void clear(table *t)
{
    call *c = t->c;

    base_text_clear(&t->text);
    base_text_clear(&t->names);
    base_free(c->mem, t->name_at);
    base_free(c->mem, t->part);
    base_free(c->mem, t->seconds);
    base_free(c->mem, t->metres);
    base_free(c->mem, t->from_places);
    base_free(c->mem, t->to_places);
    call_points_clear(c, &t->from);
    call_points_clear(c, &t->to);
    call_travel_close(&t->travel);
}

gb_status call_roads_table(call *c, json_t **result)
{
    table t = { .c = c };
    const char *out = call_text(c, "out"), *stats = call_text(c, "stats");
    gb_status status = call_travel_open(c, &t.travel);

    base_text_init(&t.text, c->mem);
    base_text_init(&t.names, c->mem);
    base_arena_init(&t.from.arena, c->mem);
    base_arena_init(&t.to.arena, c->mem);
    t.is_binary = strcmp(call_text(c, "format"), "binary") == 0;
    if (!status)
        status = read_points(&t);
    if (!status)
        status = snap(&t);
    if (!status)
        status = prepare(&t);
    if (!status)
        status = open_out(&t, out);
    if (!status)
        status = compute(&t);
    if (t.part)
        status = close_out(&t, out, status);
    if (!status)
        status = call_result(c, result, describe(&t));
    if (!status && stats)
        status = write_stats(c, *result, stats);
    clear(&t);
    return status;
}
