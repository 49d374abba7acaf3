#include "store_verify.h"

#include "geo_codec.h"

#include <string.h>

static gb_status check_pages(gb_workspace *ws)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(ws, "PRAGMA integrity_check(1)", &st);

    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row && strcmp(store_column_text(st, 0), "ok") != 0)
        status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY, "%s: %s", ws->path,
                           store_column_text(st, 0));
    store_finalize(st);
    return status;
}

static gb_status check_references(gb_workspace *ws)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(ws, "PRAGMA foreign_key_check", &st);

    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row)
        status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY,
                           "%s: row %lld of %s names a row of %s that is not "
                           "there", ws->path,
                           (long long)store_column_int(st, 1),
                           store_column_text(st, 0),
                           store_column_text(st, 2));
    store_finalize(st);
    return status;
}

static gb_status check_blob(gb_workspace *ws, const char *table, int64_t id,
                            const uint8_t *blob, size_t n, int32_t srid)
{
    geo_geometry geometry = { 0 };
    gb_context child;
    gb_status status;

    base_context_fork(&child, ws->run->ctx);
    status = geo_read_blob(&child, blob, n, &geometry);
    if (status == GB_ERR_NOMEM)
        status = base_fail_nomem(ws->run->ctx);
    else if (status)
        status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY,
                           "%s: row %lld of %s: %s", ws->path, (long long)id,
                           table, child.error);
    else if (geometry.srid != srid)
        status = base_fail(ws->run->ctx, GB_ERR_INTEGRITY,
                           "%s: row %lld of %s: a geometry in EPSG:%d, not %d",
                           ws->path, (long long)id, table,
                           (int)geometry.srid, (int)srid);
    base_context_join(&child);
    geo_geometry_clear(&geometry);
    return status;
}

static gb_status check_column(gb_workspace *ws, const char *table,
                              const char *column, int32_t srid)
{
    store_statement *st = NULL;
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    base_text_format(&sql, "SELECT rowid, \"%s\" FROM \"%s\" "
                           "WHERE \"%s\" IS NOT NULL", column, table, column);
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, &st);
    while (store_next(ws, st, &status)) {
        size_t n;
        const void *blob = store_column_blob(st, 1, &n);

        status = check_blob(ws, table, store_column_int(st, 0), blob, n,
                            srid);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    base_text_clear(&sql);
    return status;
}

static gb_status check_geometries(gb_workspace *ws)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "SELECT f_table_name, f_geometry_column, srid "
            "FROM geometry_columns ORDER BY 1, 2", &st);

    while (store_next(ws, st, &status))
        status = check_column(ws, store_column_text(st, 0),
                              store_column_text(st, 1),
                              (int32_t)store_column_int(st, 2));
    store_finalize(st);
    /* A gate is a point beside the geometry, and not registered. */
    return status ? status : check_column(ws, "place", "gate", 4326);
}

gb_status store_verify(gb_workspace *ws)
{
    gb_status status = store_begin_read(ws);

    if (status)
        return status;
    base_run_phase(ws->run, GB_N("verifying the workspace"), 0, 1, 0);
    status = check_pages(ws);
    if (!status)
        status = check_references(ws);
    if (!status)
        status = check_geometries(ws);
    return store_end(ws, status);
}
