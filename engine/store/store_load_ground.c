/*
 * store_load_ground.c - cells and territories.
 */
#include "store_rows.h"

#include "base_check.h"
#include "geo_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- cells -- */

/* A copy in the arena of n things of a size; NULL when there is no memory. */
static void *keep(base_arena *arena, const void *from, size_t n, size_t size)
{
    void *copy = base_arena_alloc(arena, n, size);

    if (copy && n > 0)
        memcpy(copy, from, n * size);
    return copy;
}

static gb_status keep_shapes(gb_workspace *ws, const geo_shapes *shapes,
                             store_cells *out)
{
    const gb_shapes view = geo_shapes_view(shapes);

    if (out->n == 0)
        return GB_OK;
    out->shapes = view;
    out->shapes.shape_first_ring
        = keep(&out->arena, view.shape_first_ring, view.n_shapes + 1,
               sizeof *view.shape_first_ring);
    out->shapes.ring_first_point
        = keep(&out->arena, view.ring_first_point, view.n_rings + 1,
               sizeof *view.ring_first_point);
    out->shapes.points = keep(&out->arena, view.points, view.n_points,
                              sizeof *view.points);
    if (!out->shapes.shape_first_ring || !out->shapes.ring_first_point
        || !out->shapes.points)
        return base_fail_nomem(ws->run->ctx);
    return GB_OK;
}

static gb_status take_cell(gb_workspace *ws, store_statement *st,
                           double *areas, geo_shapes *shapes, store_cells *out)
{
    geo_geometry geometry;
    gb_shapes view;
    size_t n = 0;
    const void *blob = store_column_blob(st, 3, &n);
    gb_status status = geo_read_blob(ws->run->ctx, blob, n, &geometry);

    if (status) {
        base_fail_prefix(ws->run->ctx, store_column_text(st, 1));
        return status;
    }
    view = geo_shapes_view(&geometry.parts);
    out->ids[out->n] = store_column_int(st, 0);
    out->refs[out->n] = store_row_text(&out->arena, st, 1);
    areas[out->n] = store_column_real(st, 2);
    if (!out->refs[out->n] || !geo_shapes_add_shape(shapes, &view, 0))
        status = base_fail_nomem(ws->run->ctx);
    out->n++;
    geo_geometry_clear(&geometry);
    return status;
}

static gb_status load_shapes(gb_workspace *ws, store_cells *out)
{
    store_statement *st = NULL;
    geo_shapes shapes;
    int64_t n = 0;
    double *areas;
    gb_status status = store_query_int(
        ws, "SELECT count(*) FROM cell WHERE cell_set_id = "
            "(SELECT id FROM cell_set WHERE is_active)", &n);

    if (status)
        return status;
    geo_shapes_init(&shapes, ws->mem);
    out->ids = base_arena_alloc(&out->arena, (size_t)n, sizeof *out->ids);
    out->refs = base_arena_alloc(&out->arena, (size_t)n, sizeof *out->refs);
    areas = base_arena_alloc(&out->arena, (size_t)n, sizeof *areas);
    out->area_m2 = areas;
    if (!out->ids || !out->refs || !areas)
        status = base_fail_nomem(ws->run->ctx);
    if (!status)
        status = store_prepare(ws,
                               "SELECT id, ref, area_m2, geom FROM cell "
                               "WHERE cell_set_id = ?1 ORDER BY ref",
                               &st);
    if (!status)
        store_bind_int(st, 1, out->set);
    while (store_next(ws, st, &status) && out->n < (size_t)n) {
        status = take_cell(ws, st, areas, &shapes, out);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    if (!status)
        status = keep_shapes(ws, &shapes, out);
    geo_shapes_clear(&shapes);
    return status;
}

typedef struct border {
    uint32_t cell, neighbour;
    double border_m;
} border;

static int compare_borders(const void *a, const void *b)
{
    const border *x = a, *y = b;

    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->neighbour > y->neighbour) - (x->neighbour < y->neighbour);
}

static gb_status keep_borders(gb_workspace *ws, border *borders, size_t n,
                              store_cells *out)
{
    uint32_t *first = base_arena_alloc(&out->arena, out->n + 1, sizeof *first);
    uint32_t *neighbour = base_arena_alloc(&out->arena, n, sizeof *neighbour);
    double *border_m = base_arena_alloc(&out->arena, n, sizeof *border_m);

    if (!first || !neighbour || !border_m)
        return base_fail_nomem(ws->run->ctx);
    if (n > 1)
        qsort(borders, n, sizeof *borders, compare_borders);
    memset(first, 0, (out->n + 1) * sizeof *first);
    for (size_t i = 0; i < n; i++) {
        first[borders[i].cell + 1]++;
        neighbour[i] = borders[i].neighbour;
        border_m[i] = borders[i].border_m;
    }
    for (size_t c = 0; c < out->n; c++)
        first[c + 1] += first[c];
    out->first_neighbour = first;
    out->neighbour = neighbour;
    out->border_m = border_m;
    out->n_neighbours = n;
    return GB_OK;
}

static gb_status load_borders(gb_workspace *ws, store_cells *out)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    BASE_ARRAY(border) borders = BASE_ARRAY_INIT;
    gb_status status
        = store_ids_build(ws, out->ids, out->n, sizeof *out->ids, &ids);

    if (!status)
        status = store_prepare(
            ws,
            "SELECT n.cell_id, n.neighbour_id, n.border_m "
            "FROM cell_neighbour n JOIN cell c ON c.id = n.cell_id "
            "WHERE c.cell_set_id = ?1",
            &st);
    if (!status)
        store_bind_int(st, 1, out->set);
    while (store_next(ws, st, &status)) {
        const uint32_t a = store_ids_find(&ids, store_column_int(st, 0));
        const uint32_t b = store_ids_find(&ids, store_column_int(st, 1));
        const double border_m = store_column_real(st, 2);

        if (a == STORE_NONE || b == STORE_NONE)
            continue; /* the check finds it; a search cannot use it */
        if (!base_array_push(ws->mem, &borders, ((border){ a, b, border_m }))
            || !base_array_push(ws->mem, &borders,
                                ((border){ b, a, border_m })))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    if (!status)
        status = keep_borders(ws, borders.items, borders.n, out);
    base_array_clear(ws->mem, &borders);
    store_ids_clear(&ids);
    return status;
}

gb_status store_load_cells(gb_workspace *ws, store_cells *out)
{
    int64_t set = 0;
    const gb_status status = store_query_int(
        ws, "SELECT id FROM cell_set WHERE is_active", &set);

    memset(out, 0, sizeof *out);
    return status ? status : store_load_cells_of(ws, set, out);
}

gb_status store_load_set_of(gb_workspace *ws, int64_t version, int64_t *set)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws, "SELECT cell_set_id FROM territory_version WHERE id = ?1", &st);

    *set = 0;
    if (!status) {
        store_bind_int(st, 1, version);
        status = store_step(ws, st, &has_row);
    }
    if (!status && has_row)
        *set = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

gb_status store_load_cells_of(gb_workspace *ws, int64_t set, store_cells *out)
{
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->set = set;
    status = load_shapes(ws, out);
    if (!status)
        status = load_borders(ws, out);
    if (status)
        store_cells_clear(out);
    return status;
}

void store_cells_clear(store_cells *cells)
{
    if (cells->arena.mem)
        base_arena_clear(&cells->arena);
    memset(cells, 0, sizeof *cells);
}

/* ---------------------------------------------------------- territories -- */

/* The row of the version; *out stays without one when there is none. */
static gb_status load_version(gb_workspace *ws, int64_t version, int32_t on,
                              store_territories *out)
{
    store_statement *st = NULL;
    char day[16];
    bool has_row;
    gb_status status = store_prepare(
        ws,
        version ? "SELECT id, state, from_date, to_date FROM "
                  "territory_version WHERE id = ?1"
                : "SELECT id, state, from_date, to_date FROM "
                  "territory_version WHERE state IN ('active', 'retired') "
                  "AND from_date <= ?1 AND (to_date IS NULL OR to_date > ?1) "
                  "ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    if (version)
        store_bind_int(st, 1, version);
    else
        store_bind_text(st, 1, store_day_text(day, on));
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        out->version = store_column_int(st, 0);
        out->status = (int32_t)store_name_index(store_column_text(st, 1),
                                                store_version_names, 4);
        out->active_from = store_row_day(st, 2);
        out->active_until = store_row_day(st, 3);
    } else if (!status && version) {
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    }
    store_finalize(st);
    return status;
}

static gb_status take_territory(gb_workspace *ws, store_statement *st,
                                const store_ids *branches,
                                const store_ids *managers,
                                store_territories *out)
{
    store_territory *t = &out->items[out->n++];

    t->id = store_column_int(st, 0);
    t->ref = store_row_text(&out->arena, st, 1);
    t->branch = store_ids_find(branches, store_column_int(st, 2));
    t->colour = (int32_t)store_column_int(st, 3);
    t->activity = store_column_real(st, 4);
    t->area_m2 = store_column_real(st, 5);
    t->exceeds_json = store_row_text(&out->arena, st, 6);
    t->owner = store_ids_find(managers, store_column_int(st, 7));
    t->fair = store_column_real(st, 8);
    return t->ref && t->exceeds_json ? GB_OK : base_fail_nomem(ws->run->ctx);
}

static gb_status load_items(gb_workspace *ws, const store_ids *branches,
                            const store_ids *managers, int32_t on,
                            store_territories *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    char count[128], day[16];
    gb_status status;

    snprintf(count, sizeof count,
             "SELECT count(*) FROM territory WHERE territory_version_id = "
             "%lld", (long long)out->version);
    status = store_rows_reserve(ws, &out->arena, count, sizeof *out->items,
                                &items, &capacity);
    out->items = items;
    if (!status)
        status = store_prepare(
            ws,
            "SELECT t.id, t.ref, t.branch_id, t.colour, t.activity, "
            "t.area_m2, t.exceeds_json, (SELECT o.manager_id "
            "FROM territory_owner o WHERE o.territory_id = t.id "
            "AND o.from_date <= ?2 AND (o.to_date IS NULL OR o.to_date > ?2)),"
            " coalesce((SELECT a.fair FROM territory_activity a "
            "WHERE a.territory_id = t.id AND a.number = 0), 0)"
            " FROM territory t WHERE t.territory_version_id = ?1 "
            "ORDER BY t.ref",
            &st);
    if (!status) {
        store_bind_int(st, 1, out->version);
        store_bind_text(st, 2, store_day_text(day, on));
    }
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_territory(ws, st, branches, managers, out);
    store_finalize(st);
    return status;
}

static gb_status load_of_cell(gb_workspace *ws, const store_cells *cells,
                              store_territories *out)
{
    store_statement *st = NULL;
    store_ids ids = { 0 }, cell_ids = { 0 };
    uint32_t *of_cell = base_arena_alloc(&out->arena, cells->n,
                                         sizeof *of_cell);
    gb_status status = of_cell ? GB_OK : base_fail_nomem(ws->run->ctx);

    for (size_t c = 0; c < cells->n && !status; c++)
        of_cell[c] = STORE_NONE;
    out->of_cell = of_cell;
    out->n_cells = cells->n;
    if (!status)
        status = store_ids_build(ws, out->items, out->n, sizeof *out->items,
                                 &ids);
    if (!status)
        status = store_ids_build(ws, cells->ids, cells->n, sizeof *cells->ids,
                                 &cell_ids);
    if (!status)
        status = store_prepare(ws,
                               "SELECT cell_id, territory_id "
                               "FROM territory_cell "
                               "WHERE territory_version_id = ?1",
                               &st);
    if (!status)
        store_bind_int(st, 1, out->version);
    while (store_next(ws, st, &status)) {
        const uint32_t c = store_ids_find(&cell_ids, store_column_int(st, 0));

        if (c != STORE_NONE)
            of_cell[c] = store_ids_find(&ids, store_column_int(st, 1));
    }
    store_finalize(st);
    store_ids_clear(&ids);
    store_ids_clear(&cell_ids);
    return status;
}

gb_status store_load_territories(gb_workspace *ws,
                                 const store_branches *branches,
                                 const store_managers *managers,
                                 const store_cells *cells, int64_t version,
                                 int32_t on, store_territories *out)
{
    store_ids branch_ids = { 0 }, manager_ids = { 0 };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->active_from = out->active_until = STORE_NO_DAY;
    status = load_version(ws, version, on, out);
    if (!status)
        status = store_ids_build(ws, branches->items, branches->n,
                                 sizeof(store_branch), &branch_ids);
    if (!status)
        status = store_ids_build(ws, managers->items, managers->n,
                                 sizeof(store_manager), &manager_ids);
    if (!status && out->version)
        status = load_items(ws, &branch_ids, &manager_ids, on, out);
    if (!status && out->version)
        status = load_of_cell(ws, cells, out);
    store_ids_clear(&branch_ids);
    store_ids_clear(&manager_ids);
    if (status)
        store_territories_clear(out);
    return status;
}

void store_territories_clear(store_territories *territories)
{
    if (territories->arena.mem)
        base_arena_clear(&territories->arena);
    memset(territories, 0, sizeof *territories);
}
