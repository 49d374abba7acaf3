/*
 * store_save_ground.c - cells and territories into the workspace.
 */
#include "store_rows.h"
#include "store_save.h"

#include "base_check.h"
#include "geo_codec.h"
#include "geo_overlay.h"

#include <stdio.h>
#include <string.h>

/* Geometry bytes of shape s, bound; `bytes` must live until the step. */
static gb_status bind_shape(gb_workspace *ws, store_statement *st, int index,
                            const gb_shapes *shapes, size_t s,
                            geo_bytes *bytes)
{
    bytes->n = 0;
    if (!geo_write_blob_shape(ws->mem, shapes, s, true, ws->epsg, bytes))
        return base_fail_nomem(ws->run->ctx);
    store_bind_blob(st, index, bytes->items, bytes->n);
    return GB_OK;
}

/* One number of one row, with up to two values. */
static gb_status run_with(gb_workspace *ws, const char *sql, int64_t a,
                          const char *b)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    if (status)
        return status;
    store_bind_int(st, 1, a);
    if (b)
        store_bind_text(st, 2, b);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

/* ---------------------------------------------------------------- cells -- */

/* Kept so that a cell that is lost later leaves a gap that can be seen. */
static gb_status bind_region(gb_workspace *ws, store_statement *st, int index,
                             const store_cells_in *cells, geo_bytes *bytes)
{
    geo_shapes joined;
    gb_shapes view;
    gb_status status;

    if (cells->region)
        return bind_shape(ws, st, index, cells->region, 0, bytes);
    store_bind_null(st, index);
    if (cells->n == 0)
        return GB_OK;
    geo_shapes_init(&joined, ws->mem);
    status = geo_union(ws->run->ctx, &cells->shapes, &joined);
    if (!status) {
        view = geo_shapes_view(&joined);
        status = bind_shape(ws, st, index, &view, 0, bytes);
    }
    geo_shapes_clear(&joined);
    return status;
}

static gb_status insert_set(gb_workspace *ws, const store_cells_in *cells,
                            int64_t *set)
{
    store_statement *st = NULL;
    geo_bytes bytes = BASE_ARRAY_INIT;
    gb_status status = store_exec(
        ws, "UPDATE cell_set SET is_active = 0 WHERE is_active;"
            "DELETE FROM cell_set WHERE id NOT IN "
            "(SELECT cell_set_id FROM territory_version);");

    if (!status)
        status = store_prepare(ws,
                               "INSERT INTO cell_set(source, is_active, "
                               "input_digest, region) "
                               "VALUES(?1, 1, ?2, ?3)",
                               &st);
    if (status)
        return status;
    store_bind_text_or(st, 1, cells->source, "given");
    store_bind_text_or(st, 2, cells->input_digest, "");
    status = bind_region(ws, st, 3, cells, &bytes);
    if (!status)
        status = store_run(ws, st);
    if (!status)
        *set = store_last_id(ws);
    store_finalize(st);
    base_array_clear(ws->mem, &bytes);
    return status;
}

static gb_status insert_cells(gb_workspace *ws, const store_cells_in *cells,
                              int64_t set, int64_t *ids)
{
    store_statement *st = NULL;
    geo_bytes bytes = BASE_ARRAY_INIT;
    gb_status status = store_prepare(ws,
                                     "INSERT INTO cell(cell_set_id, ref, "
                                     "area_m2, geom) VALUES(?1, ?2, ?3, ?4)",
                                     &st);

    for (size_t c = 0; c < cells->n && !status; c++) {
        char ref[32];

        snprintf(ref, sizeof ref, "cell%05zu", c + 1);
        store_bind_int(st, 1, set);
        store_bind_text(st, 2, cells->refs ? cells->refs[c] : ref);
        store_bind_real(st, 3, geo_shape_area_m2(&cells->shapes, c));
        status = bind_shape(ws, st, 4, &cells->shapes, c, &bytes);
        if (!status)
            status = store_run(ws, st);
        ids[c] = store_last_id(ws);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    base_array_clear(ws->mem, &bytes);
    return status;
}

/* Row numbers rise with the index, so each pair is stored once as c < d. */
static gb_status insert_neighbours(gb_workspace *ws,
                                   const store_cells_in *cells,
                                   const int64_t *ids)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO cell_neighbour VALUES(?1, ?2, ?3)", &st);

    for (size_t c = 0; c < cells->n && cells->first_neighbour && !status;
         c++) {
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1] && !status; i++) {
            const uint32_t d = cells->neighbour[i];

            if (d <= c)
                continue;
            store_bind_int(st, 1, ids[c]);
            store_bind_int(st, 2, ids[d]);
            store_bind_real(st, 3, cells->border_m[i]);
            status = store_run(ws, st);
        }
    }
    store_finalize(st);
    return status;
}

gb_status store_save_cells(gb_workspace *ws, const store_cells_in *cells)
{
    int64_t *ids;
    int64_t set = 0;
    gb_status status;

    if (cells->shapes.n_shapes != cells->n)
        return base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                         "%zu cells with %zu shapes", cells->n,
                         cells->shapes.n_shapes);
    if (!ws->epsg)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "the workspace has no projected system yet; import "
                         "the branches first");
    ids = base_alloc_array(ws->mem, cells->n, sizeof *ids);
    if (!ids)
        return base_fail_nomem(ws->run->ctx);
    status = store_begin(ws);
    if (!status) {
        status = insert_set(ws, cells, &set);
        if (!status)
            status = insert_cells(ws, cells, set, ids);
        if (!status)
            status = insert_neighbours(ws, cells, ids);
        status = store_end(ws, status);
    }
    base_free(ws->mem, ids);
    return status;
}

/* ---------------------------------------------------------- territories -- */

static gb_status insert_version(gb_workspace *ws, const store_cells *cells,
                                const store_territories_in *in,
                                int64_t *version)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO territory_version(cell_set_id, state, input_digest, "
        "options_json, measure, made_from, note) "
        "VALUES(?1, 'draft', ?2, ?3, ?4, ?5, ?6)",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, cells->set);
    store_bind_text_or(st, 2, in->input_digest, "");
    store_bind_text_or(st, 3, in->options_json, "{}");
    store_bind_text_or(st, 4, in->measure, "workload_s");
    store_bind_id(st, 5, in->made_from);
    store_bind_text_or(st, 6, in->note, "");
    status = store_run(ws, st);
    if (!status)
        *version = store_last_id(ws);
    store_finalize(st);
    return status;
}

/* The sum of the cells' areas; outlines may be drawn more coarsely. */
static double area_of(const store_cells *cells, const uint32_t *of_cell,
                      size_t territory)
{
    double area = 0.0;

    for (size_t c = 0; c < cells->n; c++) {
        if (of_cell[c] == territory)
            area += cells->area_m2[c];
    }
    return area;
}

static gb_status insert_territories(gb_workspace *ws, const store_cells *cells,
                                    const store_territories_in *in,
                                    int64_t version, int64_t *ids)
{
    store_statement *st = NULL;
    geo_bytes bytes = BASE_ARRAY_INIT;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO territory(territory_version_id, ref, branch_id, colour, "
        "activity, area_m2, exceeds_json, geom) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &st);

    for (size_t t = 0; t < in->n && !status; t++) {
        const store_territory_in *item = &in->items[t];

        store_bind_int(st, 1, version);
        store_bind_text(st, 2, item->ref);
        store_bind_int(st, 3, item->branch_id);
        store_bind_int(st, 4, item->colour);
        store_bind_real(st, 5, item->activity);
        store_bind_real(st, 6, area_of(cells, in->of_cell, t));
        store_bind_text_or(st, 7, item->exceeds_json, NULL);
        store_bind_null(st, 8);
        if (in->outlines)
            status = bind_shape(ws, st, 8, in->outlines, t, &bytes);
        if (!status)
            status = store_run(ws, st);
        ids[t] = store_last_id(ws);
    }
    store_finalize(st);
    base_array_clear(ws->mem, &bytes);
    return status;
}

static gb_status insert_owners(gb_workspace *ws,
                               const store_territories_in *in,
                               const int64_t *ids)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(
        ws, "INSERT INTO territory_owner VALUES(?1, ?2, ?3, NULL)", &st);

    for (size_t t = 0; t < in->n && !status; t++) {
        if (!in->items[t].owner_id)
            continue;
        store_bind_int(st, 1, ids[t]);
        store_bind_int(st, 2, in->items[t].owner_id);
        store_bind_text(st, 3, store_day_text(day, in->owner_from));
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status insert_of_cell(gb_workspace *ws, const store_cells *cells,
                                const store_territories_in *in,
                                int64_t version, const int64_t *ids)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO territory_cell VALUES(?1, ?2, ?3)", &st);

    for (size_t c = 0; c < cells->n && !status; c++) {
        if (in->of_cell[c] == STORE_NONE)
            continue;
        if (in->of_cell[c] >= in->n) {
            status = base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                               "cell %s: territory %u of %zu", cells->refs[c],
                               (unsigned)in->of_cell[c], in->n);
            break;
        }
        store_bind_int(st, 1, version);
        store_bind_int(st, 2, cells->ids[c]);
        store_bind_int(st, 3, ids[in->of_cell[c]]);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status insert_measure(gb_workspace *ws, int64_t version,
                                size_t number, const store_measure_in *m)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO territory_measure VALUES(?1, ?2, ?3, ?4)", &st);

    if (status)
        return status;
    store_bind_int(st, 1, version);
    store_bind_int(st, 2, (int64_t)number);
    store_bind_text(st, 3, m->name);
    if (m->tolerance >= 0.0)
        store_bind_real(st, 4, m->tolerance);
    else
        store_bind_null(st, 4);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

static gb_status insert_cell_activity(gb_workspace *ws,
                                      const store_cells *cells,
                                      int64_t version, size_t number,
                                      const store_measure_in *m)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO territory_cell_activity VALUES(?1, ?2, ?3, ?4)", &st);

    for (size_t c = 0; c < cells->n && !status; c++) {
        if (m->of_cell[c] == 0.0)
            continue;
        store_bind_int(st, 1, version);
        store_bind_int(st, 2, cells->ids[c]);
        store_bind_int(st, 3, (int64_t)number);
        store_bind_real(st, 4, m->of_cell[c]);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status insert_activity(gb_workspace *ws, const store_cells *cells,
                                 const store_territories_in *in,
                                 const int64_t *ids, size_t number)
{
    const store_measure_in *m = &in->measures[number];
    double *activity = base_alloc_zeroed(ws->mem, in->n, sizeof *activity);
    store_statement *st = NULL;
    double total = 0.0;
    gb_status status
        = activity ? store_prepare(
                         ws, "INSERT INTO territory_activity "
                             "VALUES(?1, ?2, ?3, ?4)", &st)
                   : base_fail_nomem(ws->run->ctx);

    for (size_t c = 0; c < cells->n && !status; c++) {
        total += m->of_cell[c];
        if (in->of_cell[c] < in->n)
            activity[in->of_cell[c]] += m->of_cell[c];
    }
    for (size_t t = 0; t < in->n && !status; t++) {
        store_bind_int(st, 1, ids[t]);
        store_bind_int(st, 2, (int64_t)number);
        store_bind_real(st, 3, activity[t]);
        store_bind_real(st, 4, m->fair ? m->fair[t] : total / (double)in->n);
        status = store_run(ws, st);
    }
    store_finalize(st);
    base_free(ws->mem, activity);
    return status;
}

static gb_status insert_measures(gb_workspace *ws, const store_cells *cells,
                                 const store_territories_in *in,
                                 int64_t version, const int64_t *ids)
{
    gb_status status = GB_OK;

    for (size_t m = 0; m < in->n_measures && !status; m++) {
        status = insert_measure(ws, version, m, &in->measures[m]);
        if (!status)
            status = insert_cell_activity(ws, cells, version, m,
                                          &in->measures[m]);
        if (!status)
            status = insert_activity(ws, cells, in, ids, m);
    }
    return status;
}

gb_status store_save_territories(gb_workspace *ws, const store_cells *cells,
                                 const store_territories_in *in,
                                 int64_t *version)
{
    int64_t *ids;
    gb_status status;

    *version = 0;
    if (!cells->set)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "there are no cells to make territories of");
    if (in->outlines && in->outlines->n_shapes != in->n)
        return base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                         "%zu territories with %zu outlines", in->n,
                         in->outlines->n_shapes);
    ids = base_alloc_array(ws->mem, in->n, sizeof *ids);
    if (!ids)
        return base_fail_nomem(ws->run->ctx);
    status = store_begin(ws);
    if (!status) {
        status = insert_version(ws, cells, in, version);
        if (!status)
            status = insert_territories(ws, cells, in, *version, ids);
        if (!status)
            status = insert_owners(ws, in, ids);
        if (!status)
            status = insert_of_cell(ws, cells, in, *version, ids);
        if (!status)
            status = insert_measures(ws, cells, in, *version, ids);
        status = store_end(ws, status);
    }
    base_free(ws->mem, ids);
    if (status)
        *version = 0;
    return status;
}

/* ------------------------------------------------------ states and dates -- */

static gb_status state_of(gb_workspace *ws, int64_t version, int32_t *state,
                          int32_t *from)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws, "SELECT state, from_date FROM territory_version WHERE id = ?1",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, version);
    status = store_step(ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    if (!status) {
        *state = (int32_t)store_name_index(store_column_text(st, 0),
                                           store_version_names, 4);
        *from = store_row_day(st, 1);
    }
    store_finalize(st);
    return status;
}

static gb_status fail_state(gb_workspace *ws, int64_t version, int32_t state,
                            const char *wanted)
{
    return base_fail(ws->run->ctx, GB_ERR_STATE,
                     "territory version %lld is %s, not %s",
                     (long long)version, store_version_names[state], wanted);
}

gb_status store_territory_approve(gb_workspace *ws, int64_t version)
{
    int32_t state = 0, from;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = state_of(ws, version, &state, &from);
    if (!status && state != STORE_VERSION_DRAFT)
        status = fail_state(ws, version, state, "draft");
    if (!status)
        status = run_with(ws,
                          "UPDATE territory_version SET state = 'approved' "
                          "WHERE id = ?1",
                          version, NULL);
    return store_end(ws, status);
}

static gb_status activate(gb_workspace *ws, int64_t version, int32_t on)
{
    static const char *const steps[] = {
        /* Those that would come into force later or today never do, */
        "UPDATE territory_version SET state = 'retired', from_date = NULL, "
        "to_date = NULL WHERE id <> ?1 AND state IN ('active', 'retired') "
        "AND from_date >= ?2",
        /* the one in force until now ends, */
        "UPDATE territory_version SET state = 'retired', to_date = ?2 "
        "WHERE id <> ?1 AND state IN ('active', 'retired') "
        "AND from_date < ?2 AND (to_date IS NULL OR to_date > ?2)",
        "UPDATE territory_version SET state = 'retired' "
        "WHERE id <> ?1 AND state = 'active' AND ?2 IS NOT NULL",
        /* and this one begins. */
        "UPDATE territory_version SET state = 'active', from_date = ?2, "
        "to_date = NULL WHERE id = ?1",
    };
    int32_t state = 0, from = STORE_NO_DAY;
    char day[16];
    gb_status status = state_of(ws, version, &state, &from);

    if (!status && state == STORE_VERSION_ACTIVE && from != STORE_NO_DAY
        && from <= on)
        return GB_OK; /* it is in force on that day */
    if (!status && state != STORE_VERSION_APPROVED)
        status = fail_state(ws, version, state, "approved");
    store_day_text(day, on);
    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++)
        status = run_with(ws, steps[i], version, day);
    return status;
}

gb_status store_territory_activate(gb_workspace *ws, int64_t version,
                                   int32_t on)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, activate(ws, version, on));
}

gb_status store_territory_set_bound(gb_workspace *ws, int64_t version,
                                    const char *bound_json)
{
    int32_t state, from;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = state_of(ws, version, &state, &from);
    if (!status)
        status = run_with(ws,
                          bound_json
                              ? "UPDATE territory_version SET bound_json = ?2 "
                                "WHERE id = ?1"
                              : "UPDATE territory_version SET bound_json = "
                                "NULL WHERE id = ?1",
                          version, bound_json);
    return store_end(ws, status);
}

/* The span of ownership that holds the day ends there; the new one takes its
 * end. */
static gb_status change_owner(gb_workspace *ws, int64_t territory,
                              int64_t manager, const char *day)
{
    store_statement *st = NULL;
    char until[16] = "", from[16] = "";
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT from_date, to_date FROM territory_owner "
        "WHERE territory_id = ?1 AND from_date <= ?2 "
        "AND (to_date IS NULL OR to_date > ?2)",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, territory);
    store_bind_text(st, 2, day);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        snprintf(from, sizeof from, "%s", store_column_text(st, 0));
        snprintf(until, sizeof until, "%s",
                 store_column_text(st, 1) ? store_column_text(st, 1) : "");
    }
    store_finalize(st);
    st = NULL;
    if (!status && from[0])
        status = run_with(ws,
                          strcmp(from, day) == 0
                              ? "DELETE FROM territory_owner "
                                "WHERE territory_id = ?1 AND from_date = ?2"
                              : "UPDATE territory_owner SET to_date = ?2 "
                                "WHERE territory_id = ?1 AND from_date < ?2 "
                                "AND (to_date IS NULL OR to_date > ?2)",
                          territory, day);
    if (!status)
        status = store_prepare(
            ws, "INSERT INTO territory_owner VALUES(?1, ?2, ?3, ?4)", &st);
    if (!status) {
        store_bind_int(st, 1, territory);
        store_bind_int(st, 2, manager);
        store_bind_text(st, 3, day);
        store_bind_text(st, 4, until[0] ? until : NULL);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

gb_status store_territory_set_owner(gb_workspace *ws, int64_t territory_id,
                                    int64_t manager_id, int32_t on)
{
    char day[16];
    const gb_status status = store_begin(ws);

    if (status)
        return status;
    return store_end(ws, change_owner(ws, territory_id, manager_id,
                                      store_day_text(day, on)));
}
