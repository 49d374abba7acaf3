/*
 * store_spots.c - see store_spots.h.
 */
#include "store_spots.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "geo_codec.h"
#include "store_query.h"
#include "store_rows.h"

const char *const store_spot_classes[STORE_N_SPOT_CLASSES]
    = { "none", "hot", "cold", "high-high", "low-low", "high-low", "low-high",
        "unknown" };

enum { UNKNOWN = STORE_N_SPOT_CLASSES - 1 };

/* ---------------------------------------------------------------- spots -- */

gb_status store_count_by_cell(gb_workspace *ws, double *counts, size_t n)
{
    store_statement *st = NULL;
    size_t c = 0;
    gb_status status = store_prepare(
        ws,
        "SELECT count(k.customer_id) FROM cell c LEFT JOIN customer_cell k "
        "ON k.cell_id = c.id AND k.cell_set_id = c.cell_set_id "
        "WHERE c.cell_set_id = (SELECT id FROM cell_set WHERE is_active) "
        "GROUP BY c.id ORDER BY c.ref",
        &st);

    while (store_next(ws, st, &status) && c < n)
        counts[c++] = store_column_real(st, 0);
    store_finalize(st);
    return status;
}

static gb_status insert_layer(gb_workspace *ws, const store_spots *s,
                              int64_t *layer)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(
        ws, "DELETE FROM spot_layer WHERE as_of = ?1 AND name = ?2 "
            "AND stat = ?3", &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, s->on));
    store_bind_text(st, 2, s->name);
    store_bind_text(st, 3, s->stat);
    status = store_run(ws, st);
    store_finalize(st);
    st = NULL;
    if (!status)
        status = store_prepare(
            ws, "INSERT INTO spot_layer(as_of, name, stat, level) "
                "VALUES(?1, ?2, ?3, ?4)", &st);
    if (status)
        return status;
    store_bind_text(st, 1, day);
    store_bind_text(st, 2, s->name);
    store_bind_text(st, 3, s->stat);
    store_bind_real(st, 4, s->level);
    status = store_run(ws, st);
    if (!status)
        *layer = store_last_id(ws);
    store_finalize(st);
    return status;
}

/* NaN is NULL in the file. */
static void bind_known(store_statement *st, int index, double value)
{
    if (isnan(value))
        store_bind_null(st, index);
    else
        store_bind_real(st, index, value);
}

static gb_status insert_cells(gb_workspace *ws, const store_spots *s,
                              int64_t layer)
{
    store_statement *read = NULL, *write = NULL;
    size_t c = 0;
    gb_status status = store_prepare(
        ws, "SELECT id FROM cell WHERE cell_set_id = "
            "(SELECT id FROM cell_set WHERE is_active) ORDER BY ref", &read);

    if (!status)
        status = store_prepare(
            ws, "INSERT INTO spot_cell VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &write);
    while (store_next(ws, read, &status) && c < s->n) {
        const store_spot *spot = &s->items[c++];

        store_bind_int(write, 1, layer);
        store_bind_int(write, 2, store_column_int(read, 0));
        bind_known(write, 3, spot->value);
        bind_known(write, 4, spot->z);
        bind_known(write, 5, spot->p);
        bind_known(write, 6, spot->p_fdr);
        store_bind_text(write, 7, store_spot_classes[spot->spot_class]);
        status = store_run(ws, write);
    }
    store_finalize(read);
    store_finalize(write);
    return status;
}

gb_status store_save_spots(gb_workspace *ws, const store_spots *spots)
{
    int64_t layer = 0;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = insert_layer(ws, spots, &layer);
    if (!status)
        status = insert_cells(ws, spots, layer);
    return store_end(ws, status);
}

static gb_status find_layer(gb_workspace *ws, int64_t *layer,
                            store_spots *out)
{
    store_statement *st = NULL;
    char day[16];
    bool has_row;
    gb_status status = store_prepare(
        ws, "SELECT id, level FROM spot_layer WHERE as_of = ?1 AND name = ?2 "
            "AND stat = ?3", &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, out->on));
    store_bind_text(st, 2, out->name);
    store_bind_text(st, 3, out->stat);
    status = store_step(ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "no hot spots of \"%s\" are kept for %s", out->name,
                           day);
    if (!status) {
        *layer = store_column_int(st, 0);
        out->level = store_column_real(st, 1);
    }
    store_finalize(st);
    return status;
}

static double known(store_statement *st, int column)
{
    return store_column_is_null(st, column) ? (double)NAN
                                            : store_column_real(st, column);
}

static void take_spot(store_statement *st, store_spot *spot)
{
    const char *name = store_column_text(st, 4);

    spot->value = known(st, 0);
    spot->z = known(st, 1);
    spot->p = known(st, 2);
    spot->p_fdr = known(st, 3);
    spot->spot_class = UNKNOWN;
    if (name) {
        const size_t found = store_name_index(name, store_spot_classes,
                                              STORE_N_SPOT_CLASSES);

        if (found < STORE_N_SPOT_CLASSES)
            spot->spot_class = (int32_t)found;
    }
}

static gb_status load_cells(gb_workspace *ws, int64_t layer, store_spots *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    store_spot *spots;
    gb_status status = store_rows_reserve(
        ws, &out->arena, "SELECT count(*) FROM cell WHERE cell_set_id = "
        "(SELECT id FROM cell_set WHERE is_active)", sizeof *spots, &items,
        &capacity);

    out->items = spots = items;
    if (!status)
        status = store_prepare(
            ws,
            "SELECT s.value, s.z, s.p, s.p_fdr, s.class FROM cell c "
            "LEFT JOIN spot_cell s ON s.cell_id = c.id "
            "AND s.spot_layer_id = ?1 WHERE c.cell_set_id = "
            "(SELECT id FROM cell_set WHERE is_active) ORDER BY c.ref",
            &st);
    if (!status)
        store_bind_int(st, 1, layer);
    while (store_next(ws, st, &status) && out->n < capacity)
        take_spot(st, &spots[out->n++]);
    store_finalize(st);
    return status;
}

gb_status store_load_spots(gb_workspace *ws, const char *name,
                           const char *stat, int32_t on, store_spots *out)
{
    int64_t layer = 0;
    gb_status status;

    *out = (store_spots){ .name = name, .stat = stat, .on = on };
    base_arena_init(&out->arena, ws->mem);
    status = find_layer(ws, &layer, out);
    if (!status)
        status = load_cells(ws, layer, out);
    if (status)
        store_spots_clear(out);
    return status;
}

void store_spots_clear(store_spots *spots)
{
    if (spots->arena.mem)
        base_arena_clear(&spots->arena);
    memset(spots, 0, sizeof *spots);
}

/* ------------------------------------------------------------- clusters -- */

static gb_status insert_clusters(gb_workspace *ws, const store_clusters_in *in,
                                 int64_t *ids)
{
    store_statement *st = NULL;
    geo_bytes bytes = BASE_ARRAY_INIT;
    char day[16];
    gb_status status = store_prepare(
        ws, "INSERT INTO spot_cluster(as_of, number, radius_m, min_points, "
            "area_m2, geom) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", &st);

    store_day_text(day, in->on);
    for (size_t k = 0; k < in->n && !status; k++) {
        bytes.n = 0;
        if (!geo_write_blob_shape(ws->mem, &in->outlines, k, true, 4326,
                                  &bytes)) {
            status = base_fail_nomem(ws->run->ctx);
            break;
        }
        store_bind_text(st, 1, day);
        store_bind_int(st, 2, (int64_t)k + 1);
        store_bind_real(st, 3, in->radius_m);
        store_bind_int(st, 4, in->min_points);
        store_bind_real(st, 5, in->area_m2[k]);
        store_bind_blob(st, 6, bytes.items, bytes.n);
        status = store_run(ws, st);
        ids[k] = store_last_id(ws);
    }
    store_finalize(st);
    base_array_clear(ws->mem, &bytes);
    return status;
}

static gb_status insert_members(gb_workspace *ws, const store_clusters_in *in,
                                const int64_t *ids)
{
    store_statement *st = NULL;
    store_ids rows = { 0 };
    gb_status status = store_prepare(
        ws, "INSERT INTO spot_cluster_target VALUES(?1, ?2)", &st);

    if (!status)
        status = store_ids_build(ws, in->targets, in->n_targets,
                                 sizeof *in->targets, &rows);
    for (size_t k = 0; k < rows.n && !status; k++) {
        const uint32_t t = rows.items[k].place;

        if (in->number[t] == 0)
            continue;
        store_bind_int(st, 1, ids[in->number[t] - 1]);
        store_bind_int(st, 2, in->targets[t]);
        status = store_run(ws, st);
    }
    store_ids_clear(&rows);
    store_finalize(st);
    return status;
}

/* The members by a statement of their own: what a cascade takes a row is a
 * multiple of it. */
static gb_status delete_clusters(gb_workspace *ws, int32_t on)
{
    static const char *const steps[] = {
        "DELETE FROM spot_cluster_target WHERE spot_cluster_id IN "
        "(SELECT id FROM spot_cluster WHERE as_of = ?1)",
        "DELETE FROM spot_cluster WHERE as_of = ?1",
    };
    gb_status status = GB_OK;
    char day[16];

    store_day_text(day, on);
    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, steps[i], &st);
        if (!status) {
            store_bind_text(st, 1, day);
            status = store_run(ws, st);
        }
        store_finalize(st);
    }
    return status;
}

static gb_status write_clusters(gb_workspace *ws, const store_clusters_in *in)
{
    int64_t *ids = base_alloc_array(ws->mem, in->n, sizeof *ids);
    gb_status status = ids ? delete_clusters(ws, in->on)
                           : base_fail_nomem(ws->run->ctx);

    if (!status)
        status = insert_clusters(ws, in, ids);
    if (!status)
        status = insert_members(ws, in, ids);
    base_free(ws->mem, ids);
    return status;
}

gb_status store_save_clusters(gb_workspace *ws,
                              const store_clusters_in *clusters)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, write_clusters(ws, clusters));
}

static gb_status take_outline(gb_workspace *ws, store_statement *st,
                              geo_shapes *outlines)
{
    geo_geometry geometry = { 0 };
    gb_shapes view;
    size_t size = 0;
    const void *blob = store_column_blob(st, 3, &size);
    gb_status status = geo_read_blob(ws->run->ctx, blob, size, &geometry);

    if (status)
        return status;
    view = geo_shapes_view(&geometry.parts);
    if (view.n_shapes != 1)
        status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY,
                           "cluster %lld has no outline",
                           (long long)store_column_int(st, 1));
    else if (!geo_shapes_add_shape(outlines, &view, 0))
        status = base_fail_nomem(ws->run->ctx);
    geo_geometry_clear(&geometry);
    return status;
}

static gb_status take_cluster(gb_workspace *ws, store_statement *st,
                              store_clusters *out)
{
    store_cluster *k = &out->items[out->n];
    gb_status status = take_outline(ws, st, &out->outlines);

    if (status)
        return status;
    out->n++;
    k->id = store_column_int(st, 0);
    k->number = (uint32_t)store_column_int(st, 1);
    k->area_m2 = store_column_real(st, 2);
    k->targets = store_column_int(st, 4);
    k->value = store_column_int(st, 5);
    k->balance_fen = store_column_int(st, 6);
    k->at.lon_deg = store_column_real(st, 7);
    k->at.lat_deg = store_column_real(st, 8);
    out->radius_m = store_column_real(st, 9);
    out->min_points = (uint32_t)store_column_int(st, 10);
    k->grid = store_row_text(&out->arena, st, 11);
    return k->grid ? GB_OK : base_fail_nomem(ws->run->ctx);
}

/*
 * ?1 is the date.  The grid of a cluster is that of most of its targets in
 * the scope: of as many, the first by reference.  CROSS JOIN keeps the order:
 * from the customer to his cell, never all cells for each.
 */
static const char members_sql[]
    = "WITH member AS MATERIALIZED ("
      "SELECT k.spot_cluster_id AS cluster, t.score, c.balance_fen, "
      "ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, "
      "(SELECT y.ref FROM territory_version v "
      "CROSS JOIN customer_cell cc ON cc.cell_set_id = v.cell_set_id "
      "AND cc.customer_id = c.id "
      "CROSS JOIN territory_cell tc ON tc.territory_version_id = v.id "
      "AND tc.cell_id = cc.cell_id "
      "JOIN territory y ON y.id = tc.territory_id "
      "WHERE v.state IN ('active', 'retired') AND v.from_date <= ?1 "
      "AND (v.to_date IS NULL OR v.to_date > ?1)) AS grid "
      "FROM spot_cluster s "
      "JOIN spot_cluster_target k ON k.spot_cluster_id = s.id "
      "JOIN target t ON t.id = k.target_id "
      "JOIN customer c ON c.id = t.customer_id WHERE s.as_of = ?1 "
      /* those of the box, or all where there is none */
      "AND (?2 IS NULL OR s.geom IS NULL OR (MbrMaxX(s.geom) >= ?2 "
      "AND MbrMinX(s.geom) <= ?3 AND MbrMaxY(s.geom) >= ?4 "
      "AND MbrMinY(s.geom) <= ?5))";
static const char clusters_sql[]
    = "), by_grid AS MATERIALIZED (SELECT cluster, grid, row_number() OVER ("
      "PARTITION BY cluster ORDER BY count(*) DESC, grid) AS rank "
      "FROM member WHERE grid IS NOT NULL GROUP BY cluster, grid) "
      "SELECT s.id, s.number, s.area_m2, s.geom, count(*), "
      "sum(coalesce(m.score, 0)) AS value, sum(m.balance_fen), avg(m.lon), "
      "avg(m.lat), s.radius_m, s.min_points, coalesce((SELECT grid "
      "FROM by_grid g WHERE g.cluster = s.id AND g.rank = 1), '') "
      "FROM spot_cluster s JOIN member m ON m.cluster = s.id "
      "GROUP BY s.id ORDER BY value DESC, s.number";

gb_status store_load_clusters(gb_workspace *ws, store_scope scope, int32_t on,
                              const gb_lonlat *box, store_clusters *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    char day[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    geo_shapes_init(&out->outlines, ws->mem);
    status = store_rows_reserve(ws, &out->arena,
                                "SELECT count(*) FROM spot_cluster",
                                sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status)
        status = store_scope_prepare(ws, members_sql, "c", scope, clusters_sql,
                                     &st);
    if (!status)
        store_bind_text(st, 1, store_day_text(day, on));
    for (int i = 0; i < 2 && box && !status; i++) {
        store_bind_real(st, 2 + i, box[i].lon_deg);
        store_bind_real(st, 4 + i, box[i].lat_deg);
    }
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_cluster(ws, st, out);
    store_finalize(st);
    if (status)
        store_clusters_clear(out);
    return status;
}

void store_clusters_clear(store_clusters *clusters)
{
    if (clusters->arena.mem)
        base_arena_clear(&clusters->arena);
    geo_shapes_clear(&clusters->outlines);
    memset(clusters, 0, sizeof *clusters);
}
