/*
 * store_territory_check.c - proves a stored territory table, or names what is
 * wrong with it.
 */
#include "store_territory_check.h"

#include "base_check.h"
#include "base_text.h"
#include "geo_codec.h"
#include "geo_crs.h"
#include "geo_index.h"
#include "geo_overlay.h"
#include "store_rows.h"

#include <stdio.h>
#include <string.h>

enum { MAX_A_KIND = 1000, N_KINDS = STORE_FINDING_OWNER + 1 };
static const double slack_m2 = 0.01;

/* What the check reads for itself. */
typedef struct cell_row {
    int64_t id;
    const char *ref;
    int64_t territory;   /* row; 0: none */
    uint32_t shape;      /* of shapes, or none when it is broken */
    uint32_t n_rows;     /* in territory_cell */
    uint32_t root;       /* of the union-find */
} cell_row;

typedef struct territory_row {
    int64_t id;
    const char *ref;
    uint32_t n_cells, n_parts, first_part; /* a cell of the first part */
} territory_row;

typedef struct check {
    gb_workspace *ws;
    gb_context *ctx;
    store_findings *out;
    BASE_ARRAY(store_finding) findings;
    size_t found[N_KINDS], max_findings;
    char day[16];
    int64_t set;
    BASE_ARRAY(cell_row) cells;
    BASE_ARRAY(territory_row) territories;
    store_ids cell_ids, territory_ids;
    geo_shapes shapes;
    gb_crs *crs;
    base_text text;
} check;

static const char *const names[N_KINDS] = {
    "no_version", "two_versions", "cell_unassigned", "cell_twice",
    "cell_unknown", "empty", "disconnected", "neighbour", "shape", "overlap",
    "gap", "customer", "owner",
};

const char *store_finding_name(int32_t kind)
{
    return kind >= 0 && kind < N_KINDS ? names[kind] : "";
}

/* ------------------------------------------------------------- findings -- */

static const char *keep(check *k, const char *text)
{
    char *copy = base_arena_alloc(&k->out->arena, strlen(text) + 1, 1);

    if (copy)
        strcpy(copy, text);
    return copy;
}

/* The sentence was written to k->text; the place is in metres, or NULL. */
static gb_status add(check *k, store_finding_kind kind, const char *ref,
                     const char *other, const gb_point *at, double amount)
{
    store_finding finding = { .kind = kind, .amount = amount };
    gb_status status = GB_OK;

    k->out->n_total++;
    if (k->found[kind]++ >= k->max_findings)
        return GB_OK;
    finding.ref = keep(k, ref);
    finding.other_ref = keep(k, other);
    finding.text = k->text.is_short
                       ? NULL : keep(k, k->text.chars ? k->text.chars : "");
    if (at && k->crs) {
        status = geo_crs_unproject(k->ctx, k->crs, at, 1, &finding.at);
        finding.has_place = !status;
    }
    if (status)
        return status;
    if (!finding.ref || !finding.other_ref || !finding.text
        || !base_array_push(k->ws->mem, &k->findings, finding))
        return base_fail_nomem(k->ctx);
    return GB_OK;
}

/* Begin a sentence in the context's language; `english` is a GB_N(). */
static const char *begin(check *k, const char *english)
{
    base_text_reset(&k->text);
    return base_lang_text(k->ctx->lang, english);
}

/* Where a cell is; NULL when its shape is broken. */
static const gb_point *place_of(const check *k, const cell_row *cell,
                                gb_point *at)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);

    if (cell->shape == STORE_NONE)
        return NULL;
    *at = geo_shape_centroid(&view, cell->shape);
    return at;
}

/* -------------------------------------------------------------- version -- */

static gb_status check_versions(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT a.id, b.id, max(a.from_date, b.from_date) "
        "FROM territory_version a JOIN territory_version b ON a.id < b.id "
        "WHERE a.state IN ('active', 'retired') "
        "AND b.state IN ('active', 'retired') "
        "AND a.from_date IS NOT NULL AND b.from_date IS NOT NULL "
        "AND (a.to_date IS NULL OR a.to_date > b.from_date) "
        "AND (b.to_date IS NULL OR b.to_date > a.from_date)",
        &st);

    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row) {
        base_text_format(&k->text,
                         begin(k, GB_N("versions %lld and %lld are both in "
                                       "force on %s")),
                         (long long)store_column_int(st, 0),
                         (long long)store_column_int(st, 1),
                         store_column_text(st, 2));
        status = add(k, STORE_FINDING_TWO_VERSIONS, "", "", NULL, 0.0);
    }
    store_finalize(st);
    return status;
}

static gb_status find_version(check *k, int64_t version)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        version ? "SELECT id, cell_set_id FROM territory_version "
                  "WHERE id = ?1"
                : "SELECT id, cell_set_id FROM territory_version "
                  "WHERE state IN ('active', 'retired') AND from_date <= ?1 "
                  "AND (to_date IS NULL OR to_date > ?1) "
                  "ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    if (version)
        store_bind_int(st, 1, version);
    else
        store_bind_text(st, 1, k->day);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row) {
        k->out->version = store_column_int(st, 0);
        k->set = store_column_int(st, 1);
    } else if (!status && version) {
        status = base_fail(k->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    } else if (!status) {
        base_text_format(&k->text,
                         begin(k, GB_N("no territories are in force on %s")),
                         k->day);
        status = add(k, STORE_FINDING_NO_VERSION, "", "", NULL, 0.0);
    }
    store_finalize(st);
    return status;
}

/* ---------------------------------------------------------- read the rows */

/* A shape that cannot be read is a finding, not the end of the check. */
static gb_status read_shape(check *k, store_statement *st, cell_row *cell)
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
    base_text_format(&k->text,
                     begin(k, GB_N("cell %s: its shape is broken: %s")),
                     cell->ref, why);
    return add(k, STORE_FINDING_SHAPE, cell->ref, "", NULL, 0.0);
}

static gb_status read_cells(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT id, ref, geom FROM cell WHERE cell_set_id = ?1 ORDER BY id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row) {
        cell_row cell = { .id = store_column_int(st, 0) };

        cell.root = (uint32_t)k->cells.n;
        cell.ref = keep(k, store_column_text(st, 1));
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

static gb_status read_territories(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(k->ws,
                                     "SELECT id, ref FROM territory WHERE "
                                     "territory_version_id = ?1 ORDER BY ref",
                                     &st);

    if (!status)
        store_bind_int(st, 1, k->out->version);
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row) {
        territory_row territory = { .id = store_column_int(st, 0) };

        territory.ref = keep(k, store_column_text(st, 1));
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

static gb_status take_assignment(check *k, int64_t cell_id,
                                 int64_t territory_id)
{
    const uint32_t c = store_ids_find(&k->cell_ids, cell_id);
    const uint32_t t = store_ids_find(&k->territory_ids, territory_id);
    char id[32];
    cell_row *cell;

    snprintf(id, sizeof id, "#%lld", (long long)cell_id);
    if (c == STORE_NONE || t == STORE_NONE) {
        base_text_format(&k->text,
                         begin(k, GB_N("a row assigns cell %s to territory "
                                       "row %lld; one of them is not of this "
                                       "version")),
                         c == STORE_NONE ? id : k->cells.items[c].ref,
                         (long long)territory_id);
        return add(k, STORE_FINDING_CELL_UNKNOWN,
                   c == STORE_NONE ? id : k->cells.items[c].ref, "", NULL,
                   0.0);
    }
    cell = &k->cells.items[c];
    cell->n_rows++;
    cell->territory = territory_id;
    k->territories.items[t].n_cells++;
    return GB_OK;
}

static gb_status check_assignment(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT cell_id, territory_id FROM territory_cell "
        "WHERE territory_version_id = ?1 ORDER BY cell_id, territory_id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->out->version);
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row)
        status = take_assignment(k, store_column_int(st, 0),
                                 store_column_int(st, 1));
    store_finalize(st);
    for (size_t c = 0; c < k->cells.n && !status; c++) {
        const cell_row *cell = &k->cells.items[c];
        gb_point at;

        if (cell->n_rows == 1)
            continue;
        if (cell->n_rows == 0)
            base_text_format(&k->text,
                             begin(k, GB_N("cell %s is in no territory")),
                             cell->ref);
        else
            base_text_format(&k->text,
                             begin(k, GB_N("cell %s is in %u territories")),
                             cell->ref, (unsigned)cell->n_rows);
        status = add(k, cell->n_rows ? STORE_FINDING_CELL_TWICE
                                     : STORE_FINDING_CELL_UNASSIGNED,
                     cell->ref, "", place_of(k, cell, &at), 0.0);
    }
    return status;
}

/* ---------------------------------------------------------- connectivity -- */

static uint32_t find_root(check *k, uint32_t c)
{
    cell_row *cells = k->cells.items;

    while (cells[c].root != c) {
        cells[c].root = cells[cells[c].root].root;
        c = cells[c].root;
    }
    return c;
}

/* The lower number becomes the root, so parts have the same names always. */
static void join(check *k, uint32_t a, uint32_t b)
{
    a = find_root(k, a);
    b = find_root(k, b);
    if (a < b)
        k->cells.items[b].root = a;
    else
        k->cells.items[a].root = b;
}

static bool boxes_touch(const check *k, const cell_row *a, const cell_row *b)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);

    if (a->shape == STORE_NONE || b->shape == STORE_NONE)
        return true; /* told already */
    return geo_box_meets(geo_box_grow(geo_shape_box(&view, a->shape), 0.01),
                         geo_shape_box(&view, b->shape));
}

static gb_status take_border(check *k, store_statement *st)
{
    const uint32_t a = store_ids_find(&k->cell_ids, store_column_int(st, 0));
    const uint32_t b = store_ids_find(&k->cell_ids, store_column_int(st, 1));
    const double border_m = store_column_real(st, 2);
    const cell_row *x, *y;
    gb_point at;

    if (a == STORE_NONE || b == STORE_NONE) {
        base_text_format(&k->text,
                         begin(k, GB_N("a border of cell rows %lld and %lld: "
                                       "one of them does not exist")),
                         (long long)store_column_int(st, 0),
                         (long long)store_column_int(st, 1));
        return add(k, STORE_FINDING_NEIGHBOUR,
                   a != STORE_NONE ? k->cells.items[a].ref
                   : b != STORE_NONE ? k->cells.items[b].ref : "",
                   "", NULL, border_m);
    }
    x = &k->cells.items[a];
    y = &k->cells.items[b];
    if (!(border_m > 0.0) || !boxes_touch(k, x, y)) {
        base_text_format(&k->text,
                         begin(k, GB_N("cells %s and %s are told to be "
                                       "neighbours and do not touch")),
                         x->ref, y->ref);
        return add(k, STORE_FINDING_NEIGHBOUR, x->ref, y->ref,
                   place_of(k, x, &at), border_m);
    }
    if (x->territory && x->territory == y->territory)
        join(k, a, b);
    return GB_OK;
}

static gb_status check_borders(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT n.cell_id, n.neighbour_id, n.border_m FROM cell_neighbour n "
        "WHERE n.cell_id IN (SELECT id FROM cell WHERE cell_set_id = ?1) "
        "OR n.neighbour_id IN (SELECT id FROM cell WHERE cell_set_id = ?1)",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row)
        status = take_border(k, st);
    store_finalize(st);
    return status;
}

static gb_status tell_part(check *k, const territory_row *t,
                           const cell_row *cell)
{
    gb_point at;

    base_text_format(&k->text,
                     begin(k, GB_N("territory %s is not connected: cell %s "
                                   "lies apart")),
                     t->ref, cell->ref);
    return add(k, STORE_FINDING_DISCONNECTED, t->ref, cell->ref,
               place_of(k, cell, &at), 0.0);
}

static gb_status check_connected(check *k)
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
        base_text_format(&k->text,
                         begin(k, GB_N("territory %s has no cells")),
                         territory->ref);
        status = add(k, STORE_FINDING_EMPTY, territory->ref, "", NULL, 0.0);
    }
    return status;
}

/* ----------------------------------------------------------------- areas -- */

/* The cell whose shape is shape s. */
static const char *ref_of_shape(const check *k, uint32_t s)
{
    for (size_t c = 0; c < k->cells.n; c++) {
        if (k->cells.items[c].shape == s)
            return k->cells.items[c].ref;
    }
    return "";
}

typedef struct overlap_user {
    check *k;
    gb_shapes view;
    uint32_t shape;
    gb_status status;
} overlap_user;

static bool look_at_pair(void *user, uint32_t other)
{
    overlap_user *u = user;
    check *k = u->k;
    geo_shapes common;
    gb_shapes view;
    double area;

    if (other <= u->shape)
        return true;
    geo_shapes_init(&common, k->ws->mem);
    u->status = geo_overlay(k->ctx, GEO_INTERSECTION, &u->view, u->shape,
                            &u->view, other, &common);
    view = geo_shapes_view(&common);
    area = !u->status && view.n_shapes > 0 ? geo_shape_area_m2(&view, 0) : 0.0;
    if (!u->status && area > slack_m2) {
        const char *a = ref_of_shape(k, u->shape);
        const char *b = ref_of_shape(k, other);
        const gb_point at = geo_shape_centroid(&view, 0);
        char number[32];

        base_text_format(&k->text,
                         begin(k, GB_N("cells %s and %s overlap by %s m2")),
                         a, b, base_real_text(number, area, 2));
        u->status = add(k, STORE_FINDING_OVERLAP, a, b, &at, area);
    }
    geo_shapes_clear(&common);
    return !u->status;
}

/* Which pairs overlap; asked only when the sum tells that some do. */
static gb_status locate_overlaps(check *k)
{
    overlap_user u = { .k = k, .view = geo_shapes_view(&k->shapes) };
    BASE_ARRAY(gb_box) boxes = BASE_ARRAY_INIT;
    geo_index *index = NULL;
    gb_status status = GB_OK;

    for (size_t s = 0; s < u.view.n_shapes && !status; s++) {
        if (!base_array_push(k->ws->mem, &boxes, geo_shape_box(&u.view, s)))
            status = base_fail_nomem(k->ctx);
    }
    if (!status)
        status = geo_index_build(k->ctx, boxes.items, boxes.n, &index);
    for (size_t s = 0; s < u.view.n_shapes && !status; s++) {
        u.shape = (uint32_t)s;
        geo_index_in_box(index, boxes.items[s], look_at_pair, &u);
        status = u.status ? u.status : base_poll(k->ws->run);
    }
    geo_index_free(index);
    base_array_clear(k->ws->mem, &boxes);
    return status;
}

/* Each part of `a` without `b` as a finding of its own. */
static gb_status tell_difference(check *k, store_finding_kind kind,
                                 const gb_shapes *a, const gb_shapes *b,
                                 const char *english)
{
    geo_shapes rest;
    gb_shapes view;
    gb_status status;

    geo_shapes_init(&rest, k->ws->mem);
    status = geo_overlay(k->ctx, GEO_DIFFERENCE, a, 0, b, 0, &rest);
    view = geo_shapes_view(&rest);
    for (size_t r = 0; r < view.n_rings && !status; r++) {
        const uint32_t from = view.ring_first_point[r];
        const uint32_t n = view.ring_first_point[r + 1] - from;
        const uint32_t first_ring[2] = { 0, 1 }, first_point[2] = { 0, n };
        const gb_shapes part = { 1, 1, n, first_ring, first_point,
                                 view.points + from };
        const double area = geo_ring_area_m2(view.points + from, n);
        gb_point at;
        char number[32];

        if (area <= slack_m2) /* holes are below 0 */
            continue;
        at = geo_shape_centroid(&part, 0);
        base_text_format(&k->text, begin(k, english),
                         base_real_text(number, area, 2));
        status = add(k, kind, "", "", &at, area);
    }
    geo_shapes_clear(&rest);
    return status;
}

static gb_status check_region(check *k, const gb_shapes *all)
{
    store_statement *st = NULL;
    geo_geometry region;
    bool has_row, is_there = false;
    gb_status status = store_prepare(
        k->ws, "SELECT region FROM cell_set WHERE id = ?1", &st);

    if (status)
        return status;
    store_bind_int(st, 1, k->set);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row && !store_column_is_null(st, 0)) {
        size_t n = 0;
        const void *blob = store_column_blob(st, 0, &n);

        status = geo_read_blob(k->ctx, blob, n, &region);
        is_there = !status;
    }
    store_finalize(st);
    if (is_there) {
        const gb_shapes view = geo_shapes_view(&region.parts);

        status = tell_difference(k, STORE_FINDING_GAP, &view, all,
                                 GB_N("%s m2 of the region are in no cell"));
        if (!status)
            status = tell_difference(
                k, STORE_FINDING_OVERLAP, all, &view,
                GB_N("%s m2 of cells lie outside of the region"));
        geo_geometry_clear(&region);
    }
    return status;
}

static gb_status check_areas(check *k)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);
    geo_shapes joined;
    gb_shapes all;
    double sum = 0.0;
    gb_status status;

    if (view.n_shapes == 0)
        return GB_OK;
    for (size_t s = 0; s < view.n_shapes; s++)
        sum += geo_shape_area_m2(&view, s);
    geo_shapes_init(&joined, k->ws->mem);
    status = geo_union(k->ctx, &view, &joined);
    all = geo_shapes_view(&joined);
    if (!status) {
        k->out->area_m2 = sum;
        k->out->union_m2 = geo_shape_area_m2(&all, 0);
        /* Below a millionth of a square metre a cell it is rounding. */
        if (sum - k->out->union_m2 > 1e-6 * (double)view.n_shapes + 1e-3)
            status = locate_overlaps(k);
    }
    if (!status)
        status = check_region(k, &all);
    geo_shapes_clear(&joined);
    return status;
}

/* ------------------------------------------------------------- customers -- */

static gb_status take_customer(check *k, store_statement *st,
                               const gb_shapes *view)
{
    const char *ref = store_column_text(st, 0);
    const uint32_t c = store_ids_find(&k->cell_ids, store_column_int(st, 2));
    const cell_row *cell = c == STORE_NONE ? NULL : &k->cells.items[c];
    gb_lonlat lonlat;
    gb_point at;
    bool is_there;
    gb_status status = store_row_point(k->ws, st, 1, &lonlat, &is_there);

    if (!status)
        status = geo_crs_project(k->ctx, k->crs, &lonlat, 1, &at);
    if (status == GB_ERR_CRS) { /* far off: in no cell, and not on this plane */
        base_enter(k->ctx);
        status = GB_OK;
        cell = NULL;
        at = (gb_point){ 0, 0 };
    }
    if (status)
        return status;
    if (cell && cell->n_rows > 0
        && (cell->shape == STORE_NONE
            || geo_box_contains(geo_box_grow(geo_shape_box(view, cell->shape),
                                             1.0), at)))
        return GB_OK;
    if (!cell)
        base_text_format(&k->text,
                         begin(k, GB_N("customer %s lies in no cell")), ref);
    else if (cell->n_rows == 0)
        base_text_format(&k->text,
                         begin(k, GB_N("customer %s lies in cell %s, which "
                                       "is in no territory")),
                         ref, cell->ref);
    else
        base_text_format(&k->text,
                         begin(k, GB_N("customer %s is counted in cell %s "
                                       "and does not lie there")),
                         ref, cell->ref);
    return add(k, STORE_FINDING_CUSTOMER, ref, cell ? cell->ref : "",
               at.x_m > 0.0 ? &at : NULL, 0.0);
}

static gb_status check_customers(check *k)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT c.ref, c.geom, cc.cell_id FROM customer c "
        "LEFT JOIN customer_cell cc ON cc.cell_set_id = ?1 "
        "AND cc.customer_id = c.id WHERE c.geom IS NOT NULL ORDER BY c.id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row) {
        k->out->n_customers++;
        status = take_customer(k, st, &view);
        if (!status)
            status = base_poll(k->ws->run);
    }
    store_finalize(st);
    return status;
}

/* ---------------------------------------------------------------- owners -- */

static gb_status check_owners(check *k)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        "SELECT t.ref, (SELECT count(*) FROM territory_owner o "
        "WHERE o.territory_id = t.id AND o.from_date <= ?2 "
        "AND (o.to_date IS NULL OR o.to_date > ?2)), "
        "EXISTS (SELECT 1 FROM territory_owner a JOIN territory_owner b "
        "ON a.territory_id = b.territory_id AND (a.from_date < b.from_date "
        "OR (a.from_date = b.from_date AND a.manager_id < b.manager_id)) "
        "WHERE a.territory_id = t.id "
        "AND (a.to_date IS NULL OR a.to_date > b.from_date)) "
        "FROM territory t WHERE t.territory_version_id = ?1 ORDER BY t.ref",
        &st);

    if (!status) {
        store_bind_int(st, 1, k->out->version);
        store_bind_text(st, 2, k->day);
    }
    while (!status && !(status = store_step(k->ws, st, &has_row)) && has_row) {
        const char *ref = store_column_text(st, 0);
        const long long n = (long long)store_column_int(st, 1);

        if (n == 1 && !store_column_int(st, 2))
            continue;
        if (n != 1)
            base_text_format(&k->text,
                             begin(k, GB_N("territory %s has %lld owners on "
                                           "%s")),
                             ref, n, k->day);
        else
            base_text_format(&k->text,
                             begin(k, GB_N("territory %s has two owners on "
                                           "some date")),
                             ref);
        status = add(k, STORE_FINDING_OWNER, ref, "", NULL, (double)n);
    }
    store_finalize(st);
    return status;
}

/* ----------------------------------------------------------------- whole -- */

static gb_status check_all(check *k)
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
    if (!status)
        status = check_areas(k);
    if (!status)
        status = check_customers(k);
    if (!status)
        status = check_owners(k);
    return status;
}

static void clear(check *k)
{
    base_array_clear(k->ws->mem, &k->findings);
    base_array_clear(k->ws->mem, &k->cells);
    base_array_clear(k->ws->mem, &k->territories);
    store_ids_clear(&k->cell_ids);
    store_ids_clear(&k->territory_ids);
    geo_shapes_clear(&k->shapes);
    base_text_clear(&k->text);
    gb_crs_free(k->crs);
}

static gb_status hand_over(check *k)
{
    store_findings *out = k->out;

    out->items = base_arena_alloc(&out->arena, k->findings.n,
                                  sizeof *out->items);
    if (!out->items)
        return base_fail_nomem(k->ctx);
    if (k->findings.n > 0)
        memcpy(out->items, k->findings.items,
               k->findings.n * sizeof *out->items);
    out->n = k->findings.n;
    return GB_OK;
}

gb_status store_territory_check(gb_workspace *ws, int64_t version, int32_t on,
                                size_t max_findings, store_findings *out)
{
    check k = { .ws = ws, .ctx = ws->run->ctx, .out = out,
                .max_findings = max_findings ? max_findings : MAX_A_KIND };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    geo_shapes_init(&k.shapes, ws->mem);
    base_text_init(&k.text, ws->mem);
    store_day_text(k.day, on);
    status = store_begin_read(ws);
    if (!status) {
        if (ws->epsg)
            status = geo_crs_open(k.ctx, ws->epsg, &k.crs);
        if (!status)
            status = check_versions(&k);
        if (!status)
            status = find_version(&k, version);
        if (!status && out->version)
            status = check_all(&k);
        status = store_end(ws, status);
    }
    if (!status)
        status = hand_over(&k);
    clear(&k);
    if (status)
        store_findings_clear(out);
    return status;
}

void store_findings_clear(store_findings *findings)
{
    if (findings->arena.mem)
        base_arena_clear(&findings->arena);
    memset(findings, 0, sizeof *findings);
}
