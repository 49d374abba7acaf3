/*
 * store_load_known.c - see store_load_known.h.
 */
#include "store_load_known.h"

#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "geo_codec.h"
#include "geo_shape.h"
#include "store_db.h"
#include "store_rows.h"

enum { DAYS_OF_WEEK = 7 };

typedef struct reading {
    gb_workspace *ws;
    store_known *out;
    store_ids cells, managers;
    int64_t set;
    char day[16];
} reading;

/* Customers of each cell by who looks after them; NULL: nobody does. */
static const char customers_sql[]
    = "SELECT cc.cell_id, c.manager_id, count(*) "
      "FROM customer_cell cc JOIN customer c ON c.id = cc.customer_id "
      "WHERE cc.cell_set_id = ?1 GROUP BY cc.cell_id, c.manager_id";

/* Those whom a manager has visited though another one looks after them. */
static const char visited_sql[]
    = "SELECT cc.cell_id, v.manager_id, count(DISTINCT v.customer_id) "
      "FROM visit v JOIN customer c ON c.id = v.customer_id "
      "JOIN customer_cell cc ON cc.customer_id = c.id "
      "WHERE cc.cell_set_id = ?1 AND v.day < ?2 AND v.manager_id IS NOT NULL "
      "AND v.manager_id IS NOT c.manager_id GROUP BY cc.cell_id, v.manager_id";

/* On most days of a weekday in the eight weeks to come? */
static const char days_sql[]
    = "WITH RECURSIVE ahead(i) AS (SELECT 0 UNION ALL "
      "SELECT i + 1 FROM ahead WHERE i < 55), "
      "days(day, weekday) AS MATERIALIZED (SELECT date(?1, '+' || i || "
      "' days'), strftime('%w', ?1, '+' || i || ' days') FROM ahead) "
      "SELECT manager_id, sum(worked * 2 > n) FROM ("
      "SELECT m.id AS manager_id, count(*) AS n, sum(coalesce("
      "(SELECT is_working FROM calendar_day d "
      "WHERE d.day = days.day AND d.manager_id = m.id), "
      "(SELECT is_working FROM calendar_day d "
      "WHERE d.day = days.day AND d.manager_id IS NULL), "
      "days.weekday NOT IN ('0', '6'))) AS worked "
      "FROM manager m, days GROUP BY m.id, days.weekday) GROUP BY manager_id";

static gb_status prepare(reading *r, const char *sql, store_statement **st)
{
    const gb_status status = store_prepare(r->ws, sql, st);

    if (status)
        return status;
    store_bind_int(*st, 1, r->set);
    if (strstr(sql, "?2"))
        store_bind_text(*st, 2, r->day);
    return GB_OK;
}

typedef BASE_ARRAY(store_known_pair) pair_list;

static gb_status read_pairs(reading *r, const char *sql, bool is_all,
                            pair_list *pairs)
{
    store_statement *st = NULL;
    gb_status status = prepare(r, sql, &st);

    while (!status && store_next(r->ws, st, &status)) {
        const store_known_pair pair = {
            store_ids_find(&r->cells, store_column_int(st, 0)),
            store_ids_find(&r->managers, store_column_int(st, 1)),
            (double)store_column_int(st, 2),
        };

        if (pair.cell == STORE_NONE)
            continue;
        if (is_all)
            r->out->customers[pair.cell] += pair.customers;
        if (pair.manager != STORE_NONE
            && !base_array_push(r->ws->mem, pairs, pair))
            status = base_fail_nomem(r->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

static int by_cell(const void *a, const void *b)
{
    const store_known_pair *p = a, *q = b;

    if (p->cell != q->cell)
        return p->cell < q->cell ? -1 : 1;
    return (p->manager > q->manager) - (p->manager < q->manager);
}

/* Sorted, and one for each cell and manager. */
static gb_status take_pairs(reading *r, pair_list *pairs)
{
    store_known *out = r->out;

    out->pairs = base_arena_alloc(&out->arena, pairs->n, sizeof *out->pairs);
    if (!out->pairs)
        return base_fail_nomem(r->ws->run->ctx);
    if (pairs->n > 0)
        qsort(pairs->items, pairs->n, sizeof *pairs->items, by_cell);
    for (size_t i = 0; i < pairs->n; i++) {
        store_known_pair *last
            = out->n_pairs > 0 ? &out->pairs[out->n_pairs - 1] : NULL;

        if (last && by_cell(last, &pairs->items[i]) == 0)
            last->customers += pairs->items[i].customers;
        else
            out->pairs[out->n_pairs++] = pairs->items[i];
    }
    return GB_OK;
}

static gb_status read_days(reading *r)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(r->ws, days_sql, &st);

    if (!status)
        store_bind_text(st, 1, r->day);
    while (!status && store_next(r->ws, st, &status)) {
        const uint32_t m = store_ids_find(&r->managers,
                                          store_column_int(st, 0));

        if (m != STORE_NONE)
            r->out->days_a_week[m] = (int32_t)store_column_int(st, 1);
    }
    store_finalize(st);
    return status;
}

gb_status store_load_known(gb_workspace *ws, const store_cells *cells,
                           const store_managers *managers, int32_t on,
                           store_known *out)
{
    reading r = { .ws = ws, .out = out, .set = cells->set };
    pair_list pairs = { 0 };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    store_day_text(r.day, on);
    out->n_cells = cells->n;
    out->n_managers = managers->n;
    out->customers
        = base_arena_alloc(&out->arena, cells->n, sizeof *out->customers);
    out->days_a_week = base_arena_alloc(&out->arena, managers->n,
                                        sizeof *out->days_a_week);
    status = out->customers && out->days_a_week
                 ? GB_OK
                 : base_fail_nomem(ws->run->ctx);
    if (!status) {
        memset(out->customers, 0, cells->n * sizeof *out->customers);
        memset(out->days_a_week, 0, managers->n * sizeof *out->days_a_week);
        status = store_ids_build(ws, cells->ids, cells->n, sizeof(int64_t),
                                 &r.cells);
    }
    if (!status)
        status = store_ids_build(ws, managers->items, managers->n,
                                 sizeof(store_manager), &r.managers);
    if (!status)
        status = read_pairs(&r, customers_sql, true, &pairs);
    if (!status)
        status = read_pairs(&r, visited_sql, false, &pairs);
    if (!status)
        status = take_pairs(&r, &pairs);
    if (!status)
        status = read_days(&r);
    base_array_clear(ws->mem, &pairs);
    store_ids_clear(&r.cells);
    store_ids_clear(&r.managers);
    if (status)
        store_known_clear(out);
    return status;
}

void store_known_clear(store_known *known)
{
    if (known->arena.mem)
        base_arena_clear(&known->arena);
    memset(known, 0, sizeof *known);
}

/* ---- which area ---- */

/* Points that no area before has claimed. */
static gb_status claim(gb_workspace *ws, store_statement *st, int column,
                       uint32_t area, const gb_lonlat *points, size_t n,
                       uint32_t *area_of)
{
    size_t n_bytes = 0;
    const void *bytes = store_column_blob(st, column, &n_bytes);
    geo_geometry shape;
    gb_shapes view;
    gb_box box;
    gb_status status = geo_read_blob(ws->run->ctx, bytes, n_bytes, &shape);

    if (status)
        return status;
    view = geo_shapes_view(&shape.parts);
    box = geo_shapes_box(&view);
    for (size_t i = 0; i < n && !status; i++) {
        const gb_point p = { points[i].lon_deg, points[i].lat_deg };

        for (size_t s = 0; s < view.n_shapes && area_of[i] == STORE_NONE
                           && geo_box_contains(box, p);
             s++)
            if (geo_shape_contains(&view, s, p))
                area_of[i] = area;
        status = base_poll(ws->run);
    }
    geo_geometry_clear(&shape);
    return status;
}

static bool is_asked(const char *ref, const char *const *refs, size_t n_refs)
{
    for (size_t i = 0; i < n_refs; i++)
        if (strcmp(ref, refs[i]) == 0)
            return true;
    return refs == NULL;
}

static gb_status find_unknown(gb_workspace *ws, const char *const *refs,
                              size_t n_refs)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < n_refs && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, "SELECT 1 FROM area WHERE ref = ?1", &st);
        if (status)
            return status;
        store_bind_text(st, 1, refs[i]);
        if (!store_next(ws, st, &status) && !status)
            status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                               "there is no area \"%s\"", refs[i]);
        store_finalize(st);
    }
    return status;
}

gb_status store_load_area_of(gb_workspace *ws, const char *const *refs,
                             size_t n_refs, const gb_lonlat *points,
                             size_t n_points, uint32_t *area_of)
{
    store_statement *st = NULL;
    uint32_t area = 0;
    gb_status status = find_unknown(ws, refs, refs ? n_refs : 0);

    memset(area_of, 0xff, n_points * sizeof *area_of);
    if (!status)
        status = store_prepare(ws, "SELECT ref, geom FROM area ORDER BY ref",
                               &st);
    while (!status && store_next(ws, st, &status))
        if (is_asked(store_column_text(st, 0), refs, n_refs))
            status = claim(ws, st, 1, area++, points, n_points, area_of);
    store_finalize(st);
    return status;
}
