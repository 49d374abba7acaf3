/*
 * store_territory_index.c - see store_territory_index.h.
 */
#include "store_territory_index.h"

#include "geo_codec.h"
#include "store_query.h"
#include "store_rows.h"

#include <string.h>

typedef struct load {
    gb_workspace *ws;
    gb_territory_index *out;
    store_ids ids; /* of the territories */
    BASE_ARRAY(indexed_territory) territories;
    BASE_ARRAY(indexed_cell) cells;
    BASE_ARRAY(uint32_t) groups; /* territory of a cell */
    geo_shapes shapes;
} load;

static gb_status find_version(const load *l, int64_t version)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        l->ws,
        version ? "SELECT id FROM territory_version WHERE id = ?1"
                : "SELECT id FROM territory_version "
                  "WHERE state IN ('active', 'retired') AND from_date <= ?1 "
                  "AND (to_date IS NULL OR to_date > ?1) "
                  "ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    if (version)
        store_bind_int(st, 1, version);
    else
        store_bind_text(st, 1, l->out->date);
    status = store_step(l->ws, st, &has_row);
    if (!status && has_row)
        l->out->version = store_column_int(st, 0);
    else if (!status && version)
        status = base_fail(l->ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    else if (!status)
        status = base_fail(l->ws->run->ctx, GB_ERR_STATE,
                           "no territories are in force on %s",
                           l->out->date);
    store_finalize(st);
    return status;
}

static gb_status take_territory(load *l, store_statement *st)
{
    base_arena *arena = &l->out->arena;
    const indexed_territory t = { .id = store_column_int(st, 0),
                                  .ref = store_row_text(arena, st, 1),
                                  .branch = store_row_text(arena, st, 2),
                                  .manager = store_row_text(arena, st, 3) };

    return t.ref && t.branch && t.manager
                   && base_array_push(l->ws->mem, &l->territories, t)
               ? GB_OK
               : base_fail_nomem(l->ws->run->ctx);
}

/* Those of the scope, with who has them on the date. */
static gb_status load_territories(load *l, store_scope scope)
{
    static const char head[]
        = "SELECT s.id, s.ref, b.ref, m.ref FROM (SELECT t.id AS id, "
          "t.ref AS ref, t.branch_id AS branch_id, "
          "(SELECT o.manager_id FROM territory_owner o "
          "WHERE o.territory_id = t.id AND o.from_date <= ?2 "
          "AND (o.to_date IS NULL OR o.to_date > ?2) "
          "ORDER BY o.from_date DESC LIMIT 1) AS manager_id "
          "FROM territory t WHERE t.territory_version_id = ?1) s "
          "JOIN branch b ON b.id = s.branch_id "
          "LEFT JOIN manager m ON m.id = s.manager_id WHERE 1";
    store_statement *st = NULL;
    gb_status status
        = store_scope_prepare(l->ws, head, "s", scope, " ORDER BY s.ref", &st);

    if (!status) {
        store_bind_int(st, 1, l->out->version);
        store_bind_text(st, 2, l->out->date);
    }
    while (store_next(l->ws, st, &status)) {
        status = take_territory(l, st);
        if (!status)
            status = base_poll(l->ws->run);
    }
    store_finalize(st);
    if (!status)
        status = store_ids_build(l->ws, l->territories.items,
                                 l->territories.n, sizeof(indexed_territory),
                                 &l->ids);
    return status;
}

static gb_status take_shape(load *l, store_statement *st, const char *ref)
{
    gb_context *ctx = l->ws->run->ctx;
    geo_geometry geometry;
    gb_shapes view;
    size_t n = 0;
    const void *blob = store_column_blob(st, 2, &n);
    gb_status status = geo_read_blob(ctx, blob, n, &geometry);

    if (status == GB_ERR_NOMEM)
        return status;
    if (status)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "the shape of cell %s is broken", ref);
    view = geo_shapes_view(&geometry.parts);
    if (geometry.kind != GEO_POLYGONS || geometry.srid != l->ws->epsg)
        status = base_fail(ctx, GB_ERR_INTEGRITY,
                           "the shape of cell %s is broken", ref);
    else if (!geo_shapes_add_shape(&l->shapes, &view, 0))
        status = base_fail_nomem(ctx);
    geo_geometry_clear(&geometry);
    return status;
}

static gb_status take_cell(load *l, store_statement *st)
{
    const indexed_cell cell = {
        .territory = store_ids_find(&l->ids, store_column_int(st, 0)),
        .ref = store_row_text(&l->out->arena, st, 1)
    };

    if (cell.territory == STORE_NONE) /* beyond the scope */
        return GB_OK;
    if (!cell.ref || !base_array_push(l->ws->mem, &l->cells, cell)
        || !base_array_push(l->ws->mem, &l->groups, cell.territory))
        return base_fail_nomem(l->ws->run->ctx);
    return take_shape(l, st, cell.ref);
}

/* In the order of the territories, so that the first is the lowest. */
static gb_status load_cells(load *l)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        l->ws,
        "SELECT tc.territory_id, c.ref, c.geom FROM territory_cell tc "
        "JOIN cell c ON c.id = tc.cell_id "
        "JOIN territory t ON t.id = tc.territory_id "
        "WHERE tc.territory_version_id = ?1 ORDER BY t.ref, c.ref",
        &st);

    if (!status)
        store_bind_int(st, 1, l->out->version);
    while (store_next(l->ws, st, &status)) {
        status = take_cell(l, st);
        if (!status)
            status = base_poll(l->ws->run);
    }
    store_finalize(st);
    return status;
}

static gb_status build_locator(load *l)
{
    const gb_shapes view = geo_shapes_view(&l->shapes);
    gb_context *ctx = l->ws->run->ctx;
    gb_crs *crs = NULL;
    gb_status status;

    if (l->cells.n == 0)
        return GB_OK;
    status = geo_crs_open(ctx, l->ws->epsg, &crs);
    if (!status)
        status = geo_locator_build(ctx, crs, &view, l->groups.items,
                                   &l->out->locator);
    gb_crs_free(crs);
    return status;
}

/* Arrays into the arena, once their sizes are known. */
static gb_status keep(load *l)
{
    gb_territory_index *out = l->out;
    const size_t n = l->territories.n, n_cells = l->cells.n;

    out->territories = base_arena_alloc(&out->arena, n,
                                        sizeof *out->territories);
    out->cells = base_arena_alloc(&out->arena, n_cells, sizeof *out->cells);
    if (!out->territories || !out->cells)
        return base_fail_nomem(l->ws->run->ctx);
    if (n > 0)
        memcpy(out->territories, l->territories.items,
               n * sizeof *out->territories);
    if (n_cells > 0)
        memcpy(out->cells, l->cells.items, n_cells * sizeof *out->cells);
    out->n_territories = n;
    out->n_cells = n_cells;
    return GB_OK;
}

gb_status store_territory_index_load(gb_workspace *workspace, int64_t version,
                                     int32_t on, store_scope scope,
                                     gb_territory_index *out)
{
    load l = { .ws = workspace, .out = out };
    gb_status status;

    store_day_text(out->date, on);
    geo_shapes_init(&l.shapes, workspace->mem);
    status = store_begin_read(workspace);
    if (!status) {
        status = find_version(&l, version);
        if (!status)
            status = load_territories(&l, scope);
        if (!status)
            status = load_cells(&l);
        status = store_end(workspace, status);
    }
    if (!status)
        status = build_locator(&l);
    if (!status)
        status = keep(&l);
    store_ids_clear(&l.ids);
    geo_shapes_clear(&l.shapes);
    base_array_clear(workspace->mem, &l.territories);
    base_array_clear(workspace->mem, &l.cells);
    base_array_clear(workspace->mem, &l.groups);
    return status;
}
