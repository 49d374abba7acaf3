/*
 * store_save_score.c - scores of targets and density layers.
 */
#include "store_rows.h"
#include "store_save.h"

#include "base_check.h"

#include <math.h>
#include <string.h>

/* --------------------------------------------------------------- scores -- */

static void parts_json(const store_scores *scores, size_t i, base_text *json)
{
    base_text_reset(json);
    base_text_add(json, "{");
    for (size_t p = 0; p < scores->n_parts; p++) {
        base_text_add(json, p ? ", " : "");
        base_text_json(json, scores->part_names[p]);
        base_text_add(json, ": ");
        base_text_int(json, scores->parts[i * scores->n_parts + p]);
    }
    base_text_add(json, "}");
}

static void facts_json(const store_scores *scores, size_t i, base_text *json)
{
    const char *comma = "";

    base_text_reset(json);
    base_text_add(json, "{");
    for (size_t c = 0; c < scores->n_columns; c++) {
        const double value = scores->seen[i * scores->n_columns + c];

        if (!isfinite(value))
            continue;
        base_text_add(json, comma);
        comma = ",";
        base_text_json(json, scores->columns[c]);
        base_text_add(json, ":");
        base_text_exact(json, value);
    }
    base_text_add(json, "}");
}

/* So that a later night can say what has moved, and why. */
static gb_status save_card(gb_workspace *ws, const char *day,
                           const char *json)
{
    static const char *const sql[] = {
        "INSERT OR IGNORE INTO score_card(json) VALUES(?2)",
        "INSERT INTO score_run(as_of, score_card_id) "
        "SELECT ?1, id FROM score_card WHERE json = ?2 "
        "ON CONFLICT(as_of) DO UPDATE "
        "SET score_card_id = excluded.score_card_id",
    };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(sql) && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, sql[i], &st);
        if (!status) {
            if (i > 0)
                store_bind_text(st, 1, day);
            store_bind_text(st, 2, json);
            status = store_run(ws, st);
        }
        store_finalize(st);
    }
    return status;
}

typedef struct score_texts {
    base_text parts, facts;
} score_texts;

static gb_status write_score(gb_workspace *ws, store_statement *st,
                             const store_scores *scores, size_t i,
                             score_texts *texts)
{
    gb_status status;

    parts_json(scores, i, &texts->parts);
    if (scores->card_json)
        facts_json(scores, i, &texts->facts);
    if (texts->parts.is_short || texts->facts.is_short)
        return base_fail_nomem(ws->run->ctx);
    store_bind_int(st, 1, scores->values[i]);
    store_bind_text(st, 2, texts->parts.chars);
    store_bind_int(st, 4, scores->customers[i]);
    store_bind_text(st, 5, texts->facts.chars);
    status = store_run(ws, st);
    if (!status && store_changes(ws) != 1) {
        char day[16];

        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "customer %lld is no target of %s",
                           (long long)scores->customers[i],
                           store_day_text(day, scores->on));
    }
    return status;
}

/* One update a row for all of it: each writes the row anew. */
static gb_status write_scores(gb_workspace *ws, const store_scores *scores)
{
    store_statement *st = NULL;
    store_ids rows = { 0 };
    score_texts texts;
    char day[16];
    gb_status status = store_prepare(
        ws,
        "UPDATE target SET score = ?1, score_parts_json = ?2, "
        "score_facts_json = coalesce(?5, score_facts_json) "
        "WHERE as_of = ?3 AND customer_id = ?4",
        &st);

    if (!status)
        status = store_ids_build(ws, scores->customers, scores->n,
                                 sizeof *scores->customers, &rows);
    base_text_init(&texts.parts, ws->mem);
    base_text_init(&texts.facts, ws->mem);
    store_day_text(day, scores->on);
    if (!status)
        store_bind_text(st, 3, day);
    for (size_t k = 0; k < rows.n && !status; k++) {
        status = write_score(ws, st, scores, rows.items[k].place, &texts);
        if (!status)
            status = base_poll(ws->run);
    }
    if (!status && scores->card_json)
        status = save_card(ws, day, scores->card_json);
    base_text_clear(&texts.parts);
    base_text_clear(&texts.facts);
    store_ids_clear(&rows);
    store_finalize(st);
    return status;
}

gb_status store_save_scores(gb_workspace *ws, const store_scores *scores)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, write_scores(ws, scores));
}

/* -------------------------------------------------------------- density -- */

static gb_status insert_layer(gb_workspace *ws, const store_density *d,
                              int64_t *layer)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(
        ws, "DELETE FROM density_layer WHERE as_of = ?1 AND name = ?2", &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, d->on));
    store_bind_text(st, 2, d->layer);
    status = store_run(ws, st);
    store_finalize(st);
    st = NULL;
    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO density_layer(as_of, name, kernel, bandwidth_m, "
            "n_points, weight, epsg, min_x_m, min_y_m, pixel_m, n_columns, "
            "n_rows) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
            "?12)",
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, day);
    store_bind_text(st, 2, d->layer);
    store_bind_text(st, 3, d->kernel);
    store_bind_real(st, 4, d->bandwidth_m);
    store_bind_int(st, 5, (int64_t)d->n_points);
    store_bind_text_or(st, 6, d->weight, "count");
    if (d->per_km2) {
        store_bind_int(st, 7, d->epsg);
        store_bind_real(st, 8, d->min_x_m);
        store_bind_real(st, 9, d->min_y_m);
        store_bind_real(st, 10, d->pixel_m);
        store_bind_int(st, 11, d->n_columns);
        store_bind_int(st, 12, d->n_rows);
    }
    status = store_run(ws, st);
    if (!status)
        *layer = store_last_id(ws);
    store_finalize(st);
    return status;
}

/* Little-endian doubles, which is what every machine we build for has. */
static gb_status insert_rows(gb_workspace *ws, const store_density *d,
                             int64_t layer)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO density_row VALUES(?1, ?2, ?3)", &st);

    for (uint32_t r = 0; r < d->n_rows && !status; r++) {
        store_bind_int(st, 1, layer);
        store_bind_int(st, 2, r);
        store_bind_blob(st, 3, d->per_km2 + (size_t)r * d->n_columns,
                        d->n_columns * sizeof *d->per_km2);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status insert_cell_values(gb_workspace *ws, const store_density *d,
                                    int64_t layer)
{
    store_statement *read = NULL, *write = NULL;
    size_t c = 0;
    gb_status status = store_prepare(
        ws,
        "SELECT id FROM cell WHERE cell_set_id = "
        "(SELECT id FROM cell_set WHERE is_active) ORDER BY ref",
        &read);

    if (!status)
        status = store_prepare(
            ws, "INSERT INTO density_cell VALUES(?1, ?2, ?3)", &write);
    while (store_next(ws, read, &status) && c < d->n_cells) {
        store_bind_int(write, 1, layer);
        store_bind_int(write, 2, store_column_int(read, 0));
        store_bind_real(write, 3, d->cell_per_km2[c++]);
        status = store_run(ws, write);
    }
    store_finalize(read);
    store_finalize(write);
    return status;
}

gb_status store_save_density(gb_workspace *ws, const store_density *density)
{
    int64_t layer = 0;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = insert_layer(ws, density, &layer);
    if (!status && density->per_km2)
        status = insert_rows(ws, density, layer);
    if (!status && density->cell_per_km2)
        status = insert_cell_values(ws, density, layer);
    return store_end(ws, status);
}

static gb_status load_layer(gb_workspace *ws, const char *name, int64_t *layer,
                            store_density *out)
{
    store_statement *st = NULL;
    char day[16];
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT id, name, kernel, bandwidth_m, n_points, weight, epsg, "
        "min_x_m, min_y_m, pixel_m, n_columns, n_rows FROM density_layer "
        "WHERE as_of = ?1 AND name = ?2",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, out->on));
    store_bind_text(st, 2, name);
    status = store_step(ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no density layer \"%s\" of %s", name,
                           day);
    if (!status) {
        *layer = store_column_int(st, 0);
        out->layer = store_row_text(&out->arena, st, 1);
        out->kernel = store_row_text(&out->arena, st, 2);
        out->bandwidth_m = store_column_real(st, 3);
        out->n_points = (uint64_t)store_column_int(st, 4);
        out->weight = store_row_text(&out->arena, st, 5);
        out->epsg = (int32_t)store_column_int(st, 6);
        out->min_x_m = store_column_real(st, 7);
        out->min_y_m = store_column_real(st, 8);
        out->pixel_m = store_column_real(st, 9);
        out->n_columns = (uint32_t)store_column_int(st, 10);
        out->n_rows = (uint32_t)store_column_int(st, 11);
        if (!out->layer || !out->kernel || !out->weight)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

static gb_status load_rows(gb_workspace *ws, int64_t layer,
                           store_density *out)
{
    store_statement *st = NULL;
    const size_t n = (size_t)out->n_columns * out->n_rows;
    double *values;
    gb_status status;

    if (n == 0)
        return GB_OK;
    values = base_arena_alloc(&out->arena, n, sizeof *values);
    if (!values)
        return base_fail_nomem(ws->run->ctx);
    memset(values, 0, n * sizeof *values);
    out->per_km2 = values;
    status = store_prepare(ws,
                           "SELECT row, per_km2 FROM density_row "
                           "WHERE density_layer_id = ?1",
                           &st);
    if (!status)
        store_bind_int(st, 1, layer);
    while (store_next(ws, st, &status)) {
        const int64_t row = store_column_int(st, 0);
        size_t size = 0;
        const void *bytes = store_column_blob(st, 1, &size);

        if (row >= 0 && row < out->n_rows
            && size == out->n_columns * sizeof *values)
            memcpy(values + (size_t)row * out->n_columns, bytes, size);
        else
            status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY,
                               "density layer \"%s\": row %lld is broken",
                               out->layer, (long long)row);
    }
    store_finalize(st);
    return status;
}

static gb_status load_cell_values(gb_workspace *ws, int64_t layer,
                                  store_density *out)
{
    store_statement *st = NULL;
    int64_t n = 0;
    double *values;
    gb_status status = store_query_int(
        ws, "SELECT count(*) FROM cell WHERE cell_set_id = "
            "(SELECT id FROM cell_set WHERE is_active)", &n);

    if (status)
        return status;
    values = base_arena_alloc(&out->arena, (size_t)n, sizeof *values);
    if (!values)
        return base_fail_nomem(ws->run->ctx);
    status = store_prepare(
        ws,
        "SELECT d.per_km2 FROM cell c LEFT JOIN density_cell d "
        "ON d.cell_id = c.id AND d.density_layer_id = ?1 "
        "WHERE c.cell_set_id = (SELECT id FROM cell_set WHERE is_active) "
        "ORDER BY c.ref",
        &st);
    if (!status)
        store_bind_int(st, 1, layer);
    while (store_next(ws, st, &status) && out->n_cells < (size_t)n) {
        if (!store_column_is_null(st, 0))
            out->cell_per_km2 = values;
        values[out->n_cells++] = store_column_real(st, 0);
    }
    store_finalize(st);
    return status;
}

gb_status store_load_density(gb_workspace *ws, const char *layer, int32_t on,
                             store_density *out)
{
    int64_t id = 0;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->on = on;
    status = load_layer(ws, layer, &id, out);
    if (!status)
        status = load_rows(ws, id, out);
    if (!status)
        status = load_cell_values(ws, id, out);
    if (status)
        store_density_clear(out);
    return status;
}

void store_density_clear(store_density *density)
{
    if (density->arena.mem)
        base_arena_clear(&density->arena);
    memset(density, 0, sizeof *density);
}
