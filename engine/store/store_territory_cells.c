/*
 * store_territory_cells.c - each cell in one territory, borders of cells that
 * touch, territories that hang together.
 */
#include "store_territory_job.h"

#include "base_check.h"
#include "geo_codec.h"
#include "geo_overlay.h"

#include <stdio.h>

/* ---------------------------------------------------------- read the rows */

/* A shape that cannot be read is a finding, not the end of the check. */
static gb_status read_shape(territory_check *k, store_statement *st,
                            cell_row *cell)
{
    geo_geometry geometry;
    gb_shapes view;
    size_t n = 0;
    const void *blob = store_column_blob(st, 2, &n);
    char why[128] = "";
    bool is_valid = false;
    gb_status status = geo_read_blob(k->ctx, blob, n, &geometry);

    cell->shape = STORE_NONE;
    if (status == GB_ERR_NOMEM)
        return status;
    if (status) {
        snprintf(why, sizeof why, "%s", gb_last_error(k->ctx));
        base_enter(k->ctx);
    } else {
        view = geo_shapes_view(&geometry.parts);
        status = geo_is_valid(k->ctx, &view, 0, &is_valid, why);
        if (!status && is_valid && geometry.srid != k->ws->epsg) {
            is_valid = false;
            snprintf(why, sizeof why, "EPSG %d", (int)geometry.srid);
        }
        if (!status && is_valid) {
            cell->shape = (uint32_t)geo_shapes_count(&k->shapes);
            if (!geo_shapes_add_shape(&k->shapes, &view, 0))
                status = base_fail_nomem(k->ctx);
        }
        geo_geometry_clear(&geometry);
        if (status)
            return status;
    }
    if (cell->shape != STORE_NONE)
        return GB_OK;
    territory_say(k, GB_N("cell %s: its shape is broken: %s"), cell->ref, why);
    return territory_add(k, STORE_FINDING_SHAPE, cell->ref, "", NULL, 0.0);
}

static gb_status read_cells(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT id, ref, geom FROM cell WHERE cell_set_id = ?1 ORDER BY id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (store_next(k->ws, st, &status)) {
        cell_row cell = { .id = store_column_int(st, 0) };

        cell.root = (uint32_t)k->cells.n;
        cell.ref = territory_keep(k, store_column_text(st, 1));
        if (!cell.ref)
            status = base_fail_nomem(k->ctx);
        if (!status)
            status = read_shape(k, st, &cell);
        if (!status && !base_array_push(k->ws->mem, &k->cells, cell))
            status = base_fail_nomem(k->ctx);
        if (!status)
            status = base_poll(k->ws->run);
    }
    store_finalize(st);
    if (!status)
        status = store_ids_build(k->ws, k->cells.items, k->cells.n,
                                 sizeof(cell_row), &k->cell_ids);
    k->out->n_cells = k->cells.n;
    return status;
}

static gb_status read_territories(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(k->ws,
                                     "SELECT id, ref FROM territory WHERE "
                                     "territory_version_id = ?1 ORDER BY ref",
                                     &st);

    if (!status)
        store_bind_int(st, 1, k->out->version);
    while (store_next(k->ws, st, &status)) {
        territory_row territory = { .id = store_column_int(st, 0) };

        territory.ref = territory_keep(k, store_column_text(st, 1));
        if (!territory.ref
            || !base_array_push(k->ws->mem, &k->territories, territory))
            status = base_fail_nomem(k->ctx);
    }
    store_finalize(st);
    if (!status)
        status = store_ids_build(k->ws, k->territories.items,
                                 k->territories.n, sizeof(territory_row),
                                 &k->territory_ids);
    k->out->n_territories = k->territories.n;
    return status;
}

static gb_status take_assignment(territory_check *k, int64_t cell_id,
                                 int64_t territory_id)
{
    const uint32_t c = store_ids_find(&k->cell_ids, cell_id);
    const uint32_t t = store_ids_find(&k->territory_ids, territory_id);
    char id[32];
    cell_row *cell;

    snprintf(id, sizeof id, "#%lld", (long long)cell_id);
    if (c == STORE_NONE || t == STORE_NONE) {
        territory_say(k, GB_N("a row assigns cell %s to territory row %lld; "
                              "one of them is not of this version"),
                      c == STORE_NONE ? id : k->cells.items[c].ref,
                      (long long)territory_id);
        return territory_add(k, STORE_FINDING_CELL_UNKNOWN,
                             c == STORE_NONE ? id : k->cells.items[c].ref, "",
                             NULL, 0.0);
    }
    cell = &k->cells.items[c];
    cell->n_rows++;
    cell->territory = territory_id;
    k->territories.items[t].n_cells++;
    return GB_OK;
}

static gb_status check_assignment(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT cell_id, territory_id FROM territory_cell "
        "WHERE territory_version_id = ?1 ORDER BY cell_id, territory_id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->out->version);
    while (store_next(k->ws, st, &status))
        status = take_assignment(k, store_column_int(st, 0),
                                 store_column_int(st, 1));
    store_finalize(st);
    for (size_t c = 0; c < k->cells.n && !status; c++) {
        const cell_row *cell = &k->cells.items[c];
        gb_point at;

        if (cell->n_rows == 1)
            continue;
        if (cell->n_rows == 0)
            territory_say(k, GB_N("cell %s is in no territory"), cell->ref);
        else
            territory_say(k, GB_N("cell %s is in %u territories"), cell->ref,
                          (unsigned)cell->n_rows);
        status = territory_add(k,
                               cell->n_rows ? STORE_FINDING_CELL_TWICE
                                            : STORE_FINDING_CELL_UNASSIGNED,
                               cell->ref, "", territory_place(k, cell, &at),
                               0.0);
    }
    return status;
}

/* ---------------------------------------------------------- connectivity -- */

static uint32_t find_root(territory_check *k, uint32_t c)
{
    cell_row *cells = k->cells.items;

    while (cells[c].root != c) {
        cells[c].root = cells[cells[c].root].root;
        c = cells[c].root;
    }
    return c;
}

/* The lower number becomes the root, so parts have the same names always. */
static void join(territory_check *k, uint32_t a, uint32_t b)
{
    a = find_root(k, a);
    b = find_root(k, b);
    if (a < b)
        k->cells.items[b].root = a;
    else
        k->cells.items[a].root = b;
}

static bool boxes_touch(const territory_check *k, const cell_row *a,
                        const cell_row *b)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);

    if (a->shape == STORE_NONE || b->shape == STORE_NONE)
        return true; /* told already */
    return geo_box_meets(geo_box_grow(geo_shape_box(&view, a->shape), 0.01),
                         geo_shape_box(&view, b->shape));
}

static gb_status take_border(territory_check *k, store_statement *st)
{
    const uint32_t a = store_ids_find(&k->cell_ids, store_column_int(st, 0));
    const uint32_t b = store_ids_find(&k->cell_ids, store_column_int(st, 1));
    const double border_m = store_column_real(st, 2);
    const cell_row *x, *y;
    gb_point at;

    if (a == STORE_NONE || b == STORE_NONE) {
        territory_say(k, GB_N("a border of cell rows %lld and %lld: one of "
                              "them does not exist"),
                      (long long)store_column_int(st, 0),
                      (long long)store_column_int(st, 1));
        return territory_add(k, STORE_FINDING_NEIGHBOUR,
                             a != STORE_NONE ? k->cells.items[a].ref
                             : b != STORE_NONE ? k->cells.items[b].ref : "",
                             "", NULL, border_m);
    }
    x = &k->cells.items[a];
    y = &k->cells.items[b];
    if (!(border_m > 0.0) || !boxes_touch(k, x, y)) {
        territory_say(k, GB_N("cells %s and %s are told to be neighbours and "
                              "do not touch"), x->ref, y->ref);
        return territory_add(k, STORE_FINDING_NEIGHBOUR, x->ref, y->ref,
                             territory_place(k, x, &at), border_m);
    }
    if (x->territory && x->territory == y->territory)
        join(k, a, b);
    return GB_OK;
}

static gb_status check_borders(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT n.cell_id, n.neighbour_id, n.border_m FROM cell_neighbour n "
        "WHERE n.cell_id IN (SELECT id FROM cell WHERE cell_set_id = ?1) "
        "OR n.neighbour_id IN (SELECT id FROM cell WHERE cell_set_id = ?1)",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (store_next(k->ws, st, &status))
        status = take_border(k, st);
    store_finalize(st);
    return status;
}

static gb_status tell_part(territory_check *k, const territory_row *t,
                           const cell_row *cell)
{
    gb_point at;

    territory_say(k, GB_N("territory %s is not connected: cell %s lies apart"),
                  t->ref, cell->ref);
    return territory_add(k, STORE_FINDING_DISCONNECTED, t->ref, cell->ref,
                         territory_place(k, cell, &at), 0.0);
}

static gb_status check_connected(territory_check *k)
{
    gb_status status = GB_OK;

    for (size_t c = 0; c < k->cells.n && !status; c++) {
        const cell_row *cell = &k->cells.items[c];
        const uint32_t t
            = store_ids_find(&k->territory_ids, cell->territory);

        if (t == STORE_NONE || find_root(k, (uint32_t)c) != c)
            continue;
        if (k->territories.items[t].n_parts++ > 0)
            status = tell_part(k, &k->territories.items[t], cell);
    }
    for (size_t t = 0; t < k->territories.n && !status; t++) {
        const territory_row *territory = &k->territories.items[t];

        if (territory->n_cells > 0)
            continue;
        territory_say(k, GB_N("territory %s has no cells"), territory->ref);
        status = territory_add(k, STORE_FINDING_EMPTY, territory->ref, "",
                               NULL, 0.0);
    }
    return status;
}

gb_status territory_check_cells(territory_check *k)
{
    gb_status status = read_cells(k);

    if (!status)
        status = read_territories(k);
    if (!status)
        status = check_assignment(k);
    if (!status)
        status = check_borders(k);
    if (!status)
        status = check_connected(k);
    return status;
}
