/*
 * store_load.c - the people and places: orgs, branches, managers, places,
 * customers as points.  Targets are in store_load_targets.c, the ground in
 * store_load_ground.c.
 */
#include "store_query.h"
#include "store_rows.h"

#include "base_array.h"
#include "base_check.h"

#include <string.h>

/* ----------------------------------------------------------------- orgs -- */

static gb_status resolve_parents(gb_workspace *ws, store_orgs *orgs,
                                 const int64_t *parents)
{
    store_ids ids;
    gb_status status = store_ids_build(ws, orgs->items, orgs->n,
                                       sizeof *orgs->items, &ids);

    for (size_t i = 0; i < orgs->n && !status; i++)
        orgs->items[i].parent = store_ids_find(&ids, parents[i]);
    store_ids_clear(&ids);
    return status;
}

gb_status store_load_orgs(gb_workspace *ws, store_orgs *out)
{
    store_statement *st = NULL;
    int64_t *parents = NULL;
    size_t capacity = 0;
    void *items = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_rows_reserve(ws, &out->arena, "SELECT count(*) FROM org",
                                sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status) {
        parents = base_alloc_array(ws->mem, capacity, sizeof *parents);
        status = parents ? store_prepare(ws,
                                         "SELECT id, ref, name, level, "
                                         "parent_id FROM org ORDER BY ref",
                                         &st)
                         : base_fail_nomem(ws->run->ctx);
    }
    while (store_next(ws, st, &status) && out->n < capacity) {
        store_org *org = &out->items[out->n];

        org->id = store_column_int(st, 0);
        org->ref = store_row_text(&out->arena, st, 1);
        org->name = store_row_text(&out->arena, st, 2);
        org->level = store_row_text(&out->arena, st, 3);
        parents[out->n++] = store_column_int(st, 4);
        if (!org->ref || !org->name || !org->level)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    if (!status)
        status = resolve_parents(ws, out, parents);
    base_free(ws->mem, parents);
    if (status)
        store_orgs_clear(out);
    return status;
}

void store_orgs_clear(store_orgs *orgs)
{
    if (orgs->arena.mem)
        base_arena_clear(&orgs->arena);
    memset(orgs, 0, sizeof *orgs);
}

/* ------------------------------------------------------------- branches -- */

static gb_status take_branch(gb_workspace *ws, store_statement *st,
                             const store_ids *orgs, store_branches *out)
{
    store_branch *branch = &out->items[out->n++];
    bool is_there;

    branch->id = store_column_int(st, 0);
    branch->ref = store_row_text(&out->arena, st, 1);
    branch->name = store_row_text(&out->arena, st, 2);
    branch->org = store_ids_find(orgs, store_column_int(st, 3));
    if (!branch->ref || !branch->name)
        return base_fail_nomem(ws->run->ctx);
    return store_row_point(ws, st, 4, &branch->at, &is_there);
}

gb_status store_load_branches(gb_workspace *ws, const store_orgs *orgs,
                              store_branches *out)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    size_t capacity = 0;
    void *items = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_ids_build(ws, orgs ? orgs->items : NULL, orgs ? orgs->n : 0,
                             sizeof(store_org), &ids);
    if (!status)
        status = store_rows_reserve(ws, &out->arena,
                                    "SELECT count(*) FROM branch",
                                    sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status)
        status = store_prepare(ws,
                               "SELECT id, ref, name, org_id, geom "
                               "FROM branch ORDER BY ref",
                               &st);
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_branch(ws, st, &ids, out);
    store_finalize(st);
    store_ids_clear(&ids);
    if (status)
        store_branches_clear(out);
    return status;
}

void store_branches_clear(store_branches *branches)
{
    if (branches->arena.mem)
        base_arena_clear(&branches->arena);
    memset(branches, 0, sizeof *branches);
}

/* ------------------------------------------------------------- managers -- */

static gb_status take_manager(gb_workspace *ws, store_statement *st,
                              const store_ids *branches, int32_t on,
                              store_managers *out)
{
    store_manager *m = &out->items[out->n++];

    m->id = store_column_int(st, 0);
    m->ref = store_row_text(&out->arena, st, 1);
    m->branch = store_ids_find(branches, store_column_int(st, 2));
    m->mode = (int32_t)store_name_index(store_column_text(st, 3),
                                        store_mode_names, 3);
    m->shift_start_s = (int32_t)store_column_int(st, 4);
    m->shift_end_s = (int32_t)store_column_int(st, 5);
    m->break_from_s = store_row_time(st, 6);
    m->break_to_s = store_row_time(st, 7);
    m->break_s = (int32_t)store_column_int(st, 8);
    m->hired_on = store_row_day(st, 9);
    m->is_working = store_column_is_null(st, 10)
                        ? store_weekday(on) <= 5
                        : store_column_int(st, 10) != 0;
    if (m->hired_on != STORE_NO_DAY && m->hired_on > on)
        m->is_working = false;
    return m->ref ? GB_OK : base_fail_nomem(ws->run->ctx);
}

gb_status store_load_managers(gb_workspace *ws, const store_branches *branches,
                              int32_t on, store_managers *out)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    size_t capacity = 0;
    void *items = NULL;
    char day[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_ids_build(ws, branches->items, branches->n,
                             sizeof(store_branch), &ids);
    if (!status)
        status = store_rows_reserve(ws, &out->arena,
                                    "SELECT count(*) FROM manager",
                                    sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status)
        status = store_prepare(
            ws,
            "SELECT m.id, m.ref, m.branch_id, m.mode, m.shift_start_s, "
            "m.shift_end_s, m.break_from_s, m.break_to_s, m.break_s, "
            "m.hired_on, coalesce("
            "(SELECT is_working FROM calendar_day d "
            "WHERE d.day = ?1 AND d.manager_id = m.id), "
            "(SELECT is_working FROM calendar_day d "
            "WHERE d.day = ?1 AND d.manager_id IS NULL)) "
            "FROM manager m ORDER BY m.ref",
            &st);
    if (!status)
        store_bind_text(st, 1, store_day_text(day, on));
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_manager(ws, st, &ids, on, out);
    store_finalize(st);
    store_ids_clear(&ids);
    if (status)
        store_managers_clear(out);
    return status;
}

void store_managers_clear(store_managers *managers)
{
    if (managers->arena.mem)
        base_arena_clear(&managers->arena);
    memset(managers, 0, sizeof *managers);
}

/* --------------------------------------------------------------- places -- */

static gb_status take_place(gb_workspace *ws, store_statement *st,
                            store_places *out)
{
    store_place *place = &out->items[out->n++];
    bool is_there = false;
    gb_status status;

    place->id = store_column_int(st, 0);
    place->ref = store_row_text(&out->arena, st, 1);
    place->name = store_row_text(&out->arena, st, 2);
    place->kind = store_row_text(&out->arena, st, 3);
    place->access_s = (int32_t)store_column_int(st, 4);
    if (!place->ref || !place->name || !place->kind)
        return base_fail_nomem(ws->run->ctx);
    status = store_row_point(ws, st, 5, &place->at, &is_there);
    if (!status)
        status = store_row_point(ws, st, 6, &place->gate, &is_there);
    if (!is_there)
        place->gate = place->at;
    return status;
}

gb_status store_load_places(gb_workspace *ws, store_places *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_rows_reserve(ws, &out->arena, "SELECT count(*) FROM place",
                                sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status)
        status = store_prepare(ws,
                               "SELECT id, ref, name, kind, access_s, geom, "
                               "gate FROM place ORDER BY ref",
                               &st);
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_place(ws, st, out);
    store_finalize(st);
    if (status)
        store_places_clear(out);
    return status;
}

void store_places_clear(store_places *places)
{
    if (places->arena.mem)
        base_arena_clear(&places->arena);
    memset(places, 0, sizeof *places);
}

/* ------------------------------------------------------ customer points -- */

static const char points_sql[]
    = "SELECT c.id, c.branch_id, c.geom, c.balance_fen, "
      "EXISTS (SELECT 1 FROM target t WHERE t.as_of = ?1 "
      "AND t.customer_id = c.id), coalesce(c.place_id, 0), c.accuracy "
      "FROM customer c WHERE c.geom IS NOT NULL";
static const char in_box_sql[]
    = " AND c.id IN (SELECT i.pkid FROM idx_customer_geom i "
      "WHERE i.xmax >= ?2 AND i.xmin <= ?3 AND i.ymax >= ?4 "
      "AND i.ymin <= ?5) ORDER BY c.ref";

typedef BASE_ARRAY(store_customer_point) customer_points;

static gb_status take_point(gb_workspace *ws, store_statement *st,
                            const store_ids *branches,
                            store_customer_point *point)
{
    bool is_there;

    point->id = store_column_int(st, 0);
    point->branch = store_ids_find(branches, store_column_int(st, 1));
    point->balance_fen = store_column_int(st, 3);
    point->is_target = store_column_int(st, 4) != 0;
    point->place_id = store_column_int(st, 5);
    point->accuracy = (int32_t)store_name_index(
        store_column_text(st, 6), store_accuracy_names,
        COUNT_OF(store_accuracy_names));
    return store_row_point(ws, st, 2, &point->at, &is_there);
}

static gb_status read_points(gb_workspace *ws, store_statement *st,
                             const store_ids *branches, customer_points *out)
{
    gb_status status = GB_OK;

    while (store_next(ws, st, &status)) {
        store_customer_point point;

        status = take_point(ws, st, branches, &point);
        if (!status && !base_array_push(ws->mem, out, point))
            status = base_fail_nomem(ws->run->ctx);
        if (!status)
            status = base_poll(ws->run);
    }
    return status;
}

/*
 * Points in the order of references, read in that of the table: reading a bank
 * in another order reads its pages many times over.
 */
static gb_status sort_points(gb_workspace *ws, const customer_points *read,
                             store_customer_points *out)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    gb_status status = store_ids_build(ws, read->items, read->n,
                                       sizeof *read->items, &ids);

    if (!status)
        status = store_prepare(ws, "SELECT id FROM customer ORDER BY ref",
                               &st);
    while (out->n < read->n && store_next(ws, st, &status)) {
        const uint32_t at = store_ids_find(&ids, store_column_int(st, 0));

        if (at != STORE_NONE)
            out->items[out->n++] = read->items[at];
        status = base_poll(ws->run);
    }
    store_finalize(st);
    store_ids_clear(&ids);
    return status;
}

/* box: south-west and north-east; NULL for everywhere. */
static gb_status load_points(gb_workspace *ws, const store_branches *branches,
                             store_scope scope, int32_t on,
                             const gb_lonlat *box, store_customer_points *out)
{
    customer_points read = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    store_ids ids = { 0 };
    char day[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_ids_build(ws, branches->items, branches->n,
                             sizeof(store_branch), &ids);
    if (!status)
        status = store_scope_prepare(ws, points_sql, "c", scope,
                                     box ? in_box_sql : " ORDER BY c.id",
                                     &st);
    if (!status)
        store_bind_text(st, 1, store_day_text(day, on));
    for (int i = 0; i < 2 && box && !status; i++) {
        store_bind_real(st, 2 + i, box[i].lon_deg);
        store_bind_real(st, 4 + i, box[i].lat_deg);
    }
    if (!status)
        status = read_points(ws, st, &ids, &read);
    store_finalize(st);
    store_ids_clear(&ids);
    if (!status) {
        out->items = store_row_list(&out->arena, read.items, read.n,
                                    sizeof *read.items);
        status = out->items ? GB_OK : base_fail_nomem(ws->run->ctx);
    }
    if (!status && box)
        out->n = read.n; /* they came in order */
    else if (!status)
        status = sort_points(ws, &read, out);
    base_array_clear(ws->mem, &read);
    if (status)
        store_customer_points_clear(out);
    return status;
}

gb_status store_load_customer_points(gb_workspace *ws,
                                     const store_branches *branches,
                                     store_scope scope, int32_t on,
                                     store_customer_points *out)
{
    return load_points(ws, branches, scope, on, NULL, out);
}

gb_status store_load_customer_points_in(gb_workspace *ws,
                                        const store_branches *branches,
                                        store_scope scope, int32_t on,
                                        gb_lonlat south_west,
                                        gb_lonlat north_east,
                                        store_customer_points *out)
{
    const gb_lonlat box[] = { south_west, north_east };

    return load_points(ws, branches, scope, on, box, out);
}

void store_customer_points_clear(store_customer_points *points)
{
    if (points->arena.mem)
        base_arena_clear(&points->arena);
    memset(points, 0, sizeof *points);
}
