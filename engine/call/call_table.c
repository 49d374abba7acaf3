/*
 * call_table.c - roads.table: travel times from the places of one file to
 * those of another.
 *
 * The table is written as it is computed, some rows at a time, so that memory
 * does not grow with it; under another name, so that what has the name is
 * whole.
 */
#include "call_points.h"
#include "call_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CELLS_AT_ONCE = 1 << 20 };

typedef struct table {
    call *c;
    const gb_roads *roads;
    gb_mode mode;
    call_points from, to;
    gb_roads_place *from_places, *to_places;
    int32_t *seconds, *metres; /* of the rows at hand */
    size_t rows_at_once;
    FILE *out;
    char *part; /* the name it is written under */
    double snap_ms, search_ms, write_ms, start_ms;
} table;

/* CPU time of the process: what else the machine does is left out. */
static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static gb_status snap(table *t, const call_points *points,
                      gb_roads_place **out)
{
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    call *c = t->c;

    options.max_snap_m = call_real(c, "max_snap_m");
    *out = base_alloc_array(c->mem, points->n, sizeof **out);
    if (!*out)
        return base_fail_nomem(c->ctx);
    return gb_roads_snap(c->ctx, t->roads, t->mode, points->at, points->n,
                         &options, *out);
}

static gb_status prepare(table *t)
{
    call *c = t->c;
    const double start_ms = cpu_ms();
    size_t n_cells;
    gb_status status = snap(t, &t->from, &t->from_places);

    if (!status)
        status = snap(t, &t->to, &t->to_places);
    if (status)
        return status;
    t->snap_ms = cpu_ms() - start_ms;
    t->rows_at_once = CELLS_AT_ONCE / (t->to.n ? t->to.n : 1);
    if (t->rows_at_once == 0)
        t->rows_at_once = 1;
    if (t->rows_at_once > t->from.n)
        t->rows_at_once = t->from.n;
    n_cells = t->rows_at_once * t->to.n;
    t->seconds = base_alloc_array(c->mem, n_cells, sizeof *t->seconds);
    t->metres = base_alloc_array(c->mem, n_cells, sizeof *t->metres);
    return t->seconds && t->metres ? GB_OK : base_fail_nomem(c->ctx);
}

static void write_cell(base_text *text, int32_t seconds, int32_t metres)
{
    if (seconds == GB_ROADS_UNREACHABLE)
        base_text_append(text, ",,\n", 3);
    else
        base_text_format(text, ",%ld,%ld\n", (long)seconds, (long)metres);
}

static gb_status write_rows(table *t, size_t first, size_t n)
{
    const double start_ms = cpu_ms();
    base_text text;
    bool is_written = true;

    base_text_init(&text, t->c->mem);
    for (size_t f = 0; f < n && is_written; f++) {
        base_text_reset(&text);
        for (size_t to = 0; to < t->to.n; to++) {
            const size_t cell = f * t->to.n + to;

            base_text_csv(&text, t->from.ids[first + f]);
            base_text_append(&text, ",", 1);
            base_text_csv(&text, t->to.ids[to]);
            write_cell(&text, t->seconds[cell], t->metres[cell]);
        }
        is_written = !text.is_short
                     && fwrite(text.chars, 1, text.n, t->out) == text.n;
    }
    t->write_ms += cpu_ms() - start_ms;
    if (text.is_short) {
        base_text_clear(&text);
        return base_fail_nomem(t->c->ctx);
    }
    base_text_clear(&text);
    return is_written ? GB_OK
                      : base_fail(t->c->ctx, GB_ERR_IO, "%s: %s", t->part,
                                  strerror(errno));
}

static gb_status compute(table *t)
{
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_status status = GB_OK;

    query.mode = (int32_t)t->mode;
    query.n_threads = t->c->n_threads;
    query.to = t->to_places;
    query.n_to = t->to.n;
    fputs("from,to,seconds,metres\n", t->out);
    if (t->to.n == 0)
        return GB_OK;
    for (size_t first = 0; !status && first < t->from.n;
         first += t->rows_at_once) {
        const size_t left = t->from.n - first;
        const double start_ms = cpu_ms();

        query.from = t->from_places + first;
        query.n_from = left < t->rows_at_once ? left : t->rows_at_once;
        status = gb_roads_table(t->c->ctx, t->roads, &query, t->seconds,
                                t->metres);
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
    const bool is_closed = !t->out || fclose(t->out) == 0;

    t->out = NULL;
    if (!status && (!is_closed || rename(t->part, path) != 0))
        status = base_fail(t->c->ctx, GB_ERR_IO, "%s: %s", path,
                           strerror(errno));
    if (status && t->part)
        remove(t->part);
    return status;
}

static bool put_set_aside(json_t *list, const call_points *points,
                          const gb_roads_place *places)
{
    for (size_t i = 0; i < points->n; i++)
        if (places[i].status != GB_SNAP_OK
            && !call_put(list, NULL, call_string(points->ids[i])))
            return false;
    return true;
}

static json_t *describe(const table *t)
{
    json_t *set_aside = json_array();
    const uint32_t n_threads = t->c->n_threads ? t->c->n_threads : 1;

    if (!set_aside || !put_set_aside(set_aside, &t->from, t->from_places)
        || !put_set_aside(set_aside, &t->to, t->to_places)) {
        json_decref(set_aside);
        return NULL;
    }
    return json_pack("{s:f, s:f, s:f, s:f, s:I, s:I, s:I, s:o}", "snap_ms",
                     t->snap_ms, "search_ms", t->search_ms, "write_ms",
                     t->write_ms, "cpu_ms", cpu_ms() - t->start_ms, "rows",
                     (json_int_t)t->from.n, "cols", (json_int_t)t->to.n,
                     "threads", (json_int_t)n_threads, "set_aside", set_aside);
}

static gb_status write_stats(call *c, const json_t *stats, const char *path)
{
    if (json_dump_file(stats, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6))
        == 0)
        return GB_OK;
    return base_fail(c->ctx, GB_ERR_IO, "%s: cannot be written", path);
}

gb_status call_roads_table(call *c, json_t **result)
{
    table t = { .c = c, .start_ms = cpu_ms() };
    const char *out = call_text(c, "out"), *stats = call_text(c, "stats");
    gb_status status = call_roads(c, call_text(c, "roads"), &t.roads);

    gb_mode_parse(call_text(c, "mode"), &t.mode); /* one of the choices */
    if (!status)
        status = call_points_read(c, call_text(c, "from"), &t.from);
    if (!status)
        status = call_points_read(c, call_text(c, "to"), &t.to);
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
    base_free(c->mem, t.part);
    base_free(c->mem, t.seconds);
    base_free(c->mem, t.metres);
    base_free(c->mem, t.from_places);
    base_free(c->mem, t.to_places);
    call_points_clear(c, &t.from);
    call_points_clear(c, &t.to);
    return status;
}
