#include "store_import_job.h"

#include <stdio.h>
#include <string.h>

/* China, and how far beyond its branches a bank may have anything to do. */
static const import_box china = { 73, 136, 3, 54 };
static const double margin_deg = 10;

static gb_status load_links(import_job *job)
{
    const import_kind *kind = job->kind;
    gb_status status = GB_OK;

    for (size_t c = 0; c < kind->n_columns && !status; c++) {
        char sql[64];

        if (kind->columns[c].type != IMPORT_LINK || !kind->columns[c].field
            || !job->columns.is_present[c])
            continue;
        snprintf(sql, sizeof sql, "SELECT id, ref FROM %s ORDER BY id",
                 kind->columns[c].words);
        import_refs_init(&job->world.links[c], job->mem);
        status = import_refs_load(job->ws, sql, &job->world.links[c]);
    }
    return status;
}

static gb_status load_tags(import_job *job)
{
    store_statement *st = NULL;
    gb_status status;

    import_refs_init(&job->world.tags, job->mem);
    status = import_refs_load(job->ws, "SELECT id, tag FROM tag ORDER BY id",
                              &job->world.tags);
    if (!status)
        status = store_prepare(
            job->ws, "SELECT allowed_values FROM tag ORDER BY id", &st);
    while (store_next(job->ws, st, &status)) {
        const char *text = store_column_text(st, 0);
        char *copy = text ? base_strdup(job->mem, text) : NULL;

        if ((text && !copy)
            || !base_array_push(job->mem, &job->world.tag_values, copy)) {
            base_free(job->mem, copy);
            status = base_fail_nomem(job->ctx);
        }
    }
    store_finalize(st);
    return status;
}

static void widen(import_box *box, double lon, double lat)
{
    box->min_lon = lon < box->min_lon ? lon : box->min_lon;
    box->max_lon = lon > box->max_lon ? lon : box->max_lon;
    box->min_lat = lat < box->min_lat ? lat : box->min_lat;
    box->max_lat = lat > box->max_lat ? lat : box->max_lat;
}

static bool is_within(const import_box *box, const import_box *outer)
{
    return box->min_lon >= outer->min_lon && box->max_lon <= outer->max_lon
        && box->min_lat >= outer->min_lat && box->max_lat <= outer->max_lat;
}

/* Branches tell where the bank is; before them anywhere on the globe goes. */
static gb_status load_box(import_job *job)
{
    static const import_box globe = { -180, 180, -90, 90 };
    import_box box = { 180, -180, 90, -90 };
    store_statement *st = NULL;
    gb_status status
        = store_prepare(job->ws, "SELECT geom FROM branch", &st);

    while (store_next(job->ws, st, &status)) {
        size_t n;
        const uint8_t *blob = store_column_blob(st, 0, &n);
        gb_point at;
        int32_t srid;

        status = geo_read_blob_point(job->ctx, blob, n, &srid, &at);
        if (!status)
            widen(&box, at.x_m, at.y_m);
    }
    store_finalize(st);
    job->world.box = globe;
    if (status || box.min_lon > box.max_lon
        || strcmp(job->kind->name, "branches") == 0)
        return status;
    if (is_within(&box, &china)) {
        job->world.box = china;
        return GB_OK;
    }
    box = (import_box){ box.min_lon - margin_deg, box.max_lon + margin_deg,
                        box.min_lat - margin_deg, box.max_lat + margin_deg };
    if (is_within(&box, &globe))
        job->world.box = box;
    return GB_OK;
}

static gb_status load_keys(import_job *job)
{
    char sql[96];
    int64_t last = 0;
    gb_status status;

    import_refs_init(&job->keys, job->mem);
    import_refs_init(&job->leads, job->mem);
    status = import_refs_load(job->ws, job->kind->keys_sql, &job->keys);
    snprintf(sql, sizeof sql, "SELECT coalesce(max(id), 0) FROM %s",
             job->kind->table);
    if (!status)
        status = store_query_int(job->ws, sql, &last);
    job->next_id = last + 1;
    return status;
}

gb_status import_job_load_world(import_job *job)
{
    gb_status status;

    job->world.kind = job->kind;
    job->world.is_present = job->columns.is_present;
    status = load_box(job);
    if (!status)
        status = load_links(job);
    if (!status && strcmp(job->kind->name, "customers") == 0)
        status = load_tags(job);
    if (!status)
        status = load_keys(job);
    if (!status && strcmp(job->kind->name, "cells") == 0) {
        if (!job->ws->epsg)
            return base_fail(job->ctx, GB_ERR_STATE,
                             "no projected system yet: load branches before "
                             "cells");
        status = gb_crs_open(job->ctx, job->ws->epsg, &job->crs);
    }
    return status;
}
