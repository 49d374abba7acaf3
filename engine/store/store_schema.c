#include "store_schema.h"

#include "base_check.h"

#include <stdio.h>
#include <string.h>

/* The build's copies of schema.sql and views.sql, ending in '\0'. */
extern const unsigned char store_schema_sql[];
extern const unsigned char store_schema_to_2_sql[];
extern const unsigned char store_schema_to_3_sql[];
extern const unsigned char store_views_sql[];

typedef struct geometry_column {
    const char *table, *column, *kind;
    bool is_projected; /* in the workspace's system, else 4326 */
    bool has_index;
} geometry_column;

static const geometry_column columns[] = {
    { "branch", "geom", "POINT", false, false },
    { "place", "geom", "POINT", false, true },
    { "place_outline", "geom", "MULTIPOLYGON", false, true },
    { "area", "geom", "MULTIPOLYGON", false, true },
    { "customer", "geom", "POINT", false, true },
    { "plan_route", "geom", "LINESTRING", false, false },
    { "plan_stop", "geom", "POINT", false, false },
    { "spot_cluster", "geom", "MULTIPOLYGON", false, false },
    { "cell", "geom", "MULTIPOLYGON", true, true },
    { "territory", "geom", "MULTIPOLYGON", true, false },
};

/*
 * SpatiaLite's own functions answer 1 or 0, and rather seldom raise an error.
 */
static gb_status call_spatialite(gb_workspace *ws, const char *sql,
                                 const char *what)
{
    int64_t is_done = 0;
    const gb_status status = store_query_int(ws, sql, &is_done);

    /* It answers 0 for an interrupted statement as well. */
    if (!status && is_done != 1
        && gb_last_status(ws->run->ctx) == GB_ERR_CANCELLED)
        return GB_ERR_CANCELLED;
    if (!status && is_done != 1)
        return base_fail(ws->run->ctx, GB_ERR_LIBRARY,
                         "SpatiaLite refused: %s", what);
    return status;
}

/*
 * SpatiaLite notes when a table was written last, with three triggers that
 * cost as much as the row itself; and a file would differ by when it was
 * written.  No reader needs them.
 */
static gb_status drop_clock_triggers(gb_workspace *ws, const char *table)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "DROP TRIGGER IF EXISTS \"tmi_%s_geom\";"
             "DROP TRIGGER IF EXISTS \"tmu_%s_geom\";"
             "DROP TRIGGER IF EXISTS \"tmd_%s_geom\";",
             table, table, table);
    return store_exec(ws, sql);
}

static gb_status register_column(gb_workspace *ws,
                                 const geometry_column *column, int32_t srid)
{
    char sql[256];
    gb_status status;

    snprintf(sql, sizeof sql,
             "SELECT RecoverGeometryColumn('%s', '%s', %d, '%s', 'XY')",
             column->table, column->column, (int)srid, column->kind);
    status = call_spatialite(ws, sql, column->table);
    return status ? status : drop_clock_triggers(ws, column->table);
}

static gb_status register_columns(gb_workspace *ws, bool are_projected,
                                  int32_t srid)
{
    gb_status status = GB_OK;

    for (size_t c = 0; c < COUNT_OF(columns) && !status; c++)
        if (columns[c].is_projected == are_projected)
            status = register_column(ws, &columns[c], srid);
    return status;
}

static gb_status make_tables(gb_workspace *ws)
{
    char sql[128];
    gb_status status;

    /* All metadata in this transaction: 0.1 s, and minutes without one.
     * 'NONE' leaves the 6,000 other systems of the world out. */
    status = call_spatialite(ws, "SELECT InitSpatialMetadataFull(0, 'NONE')",
                             "the spatial metadata");
    if (!status)
        status = call_spatialite(ws, "SELECT InsertEpsgSrid(4326)",
                                 "EPSG 4326");
    if (!status)
        status = store_exec(ws, (const char *)store_schema_sql);
    if (!status)
        status = store_exec(ws, (const char *)store_views_sql);
    if (!status)
        status = register_columns(ws, false, 4326);
    for (size_t c = 0; c < COUNT_OF(columns) && !status; c++)
        if (columns[c].has_index && !columns[c].is_projected)
            status = store_index_make(ws, columns[c].table);
    snprintf(sql, sizeof sql,
             "PRAGMA user_version = %d; PRAGMA application_id = %d;",
             STORE_SCHEMA_VERSION, STORE_APPLICATION_ID);
    return status ? status : store_exec(ws, sql);
}

gb_status store_schema_create(gb_workspace *ws)
{
    gb_status status = store_begin(ws);

    if (status)
        return status;
    return store_end(ws, make_tables(ws));
}

/* ------------------------------------------------------------ migration -- */

/*
 * From version i + 1 to i + 2.  Forward only; a text here is never changed
 * once a release has it.  The views are made anew after the last.
 */
static const unsigned char *const migrations[] = {
    NULL, /* version 1 is the first */
    store_schema_to_2_sql,
    store_schema_to_3_sql,
};

static gb_status drop_views(gb_workspace *ws)
{
    store_statement *st = NULL;
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    status = store_prepare(ws,
                           "SELECT 'DROP VIEW \"' || name || '\";' "
                           "FROM sqlite_schema WHERE type = 'view' "
                           "AND sql LIKE 'CREATE VIEW %\\_facts %' "
                           "ESCAPE '\\' ORDER BY name",
                           &st);
    while (store_next(ws, st, &status))
        base_text_add(&sql, store_column_text(st, 0));
    store_finalize(st);
    if (!status && sql.is_short)
        status = base_fail_nomem(ws->run->ctx);
    if (!status && sql.chars)
        status = store_exec(ws, sql.chars);
    base_text_clear(&sql);
    return status;
}

static gb_status migrate_one(gb_workspace *ws, int64_t version)
{
    char sql[64];
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = drop_views(ws);
    if (!status)
        status = store_exec(ws, (const char *)migrations[version]);
    if (!status)
        status = store_exec(ws, (const char *)store_views_sql);
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", (int)version + 1);
    if (!status)
        status = store_exec(ws, sql);
    return store_end(ws, status);
}

static gb_status check_version(gb_workspace *ws, int64_t *version)
{
    gb_context *ctx = ws->run->ctx;
    int64_t application = 0;
    gb_status status;

    status = store_query_int(ws, "PRAGMA application_id", &application);
    if (!status)
        status = store_query_int(ws, "PRAGMA user_version", version);
    if (status)
        return status;
    if (application != STORE_APPLICATION_ID)
        return base_fail(ctx, GB_ERR_SCHEMA,
                         "%s: a database, but not a workspace of gridbeat",
                         ws->path);
    if (*version > STORE_SCHEMA_VERSION)
        return base_fail(ctx, GB_ERR_SCHEMA,
                         "%s: written by a newer gridbeat (schema %lld, this "
                         "one knows %d)",
                         ws->path, (long long)*version, STORE_SCHEMA_VERSION);
    if (*version < 1)
        return base_fail(ctx, GB_ERR_SCHEMA,
                         "%s: of no known schema version (%lld)", ws->path,
                         (long long)*version);
    if (*version < STORE_SCHEMA_VERSION && ws->is_read_only)
        return base_fail(ctx, GB_ERR_SCHEMA,
                         "%s: of schema %lld; gridbeat workspace migrate "
                         "brings it to %d",
                         ws->path, (long long)*version, STORE_SCHEMA_VERSION);
    return GB_OK;
}

gb_status store_schema_open(gb_workspace *ws)
{
    int64_t version = 0, epsg = 0;
    gb_status status = check_version(ws, &version);

    for (; !status && version < STORE_SCHEMA_VERSION; version++)
        status = migrate_one(ws, version);
    if (!status)
        status = store_query_int(
            ws, "SELECT CAST(value AS INTEGER) FROM setting "
                "WHERE key = 'epsg'", &epsg);
    ws->epsg = (int32_t)epsg;
    return status;
}

gb_status store_schema_set_epsg(gb_workspace *ws, int32_t epsg)
{
    char text[96];
    int64_t is_known = 0;
    gb_status status;

    if (ws->epsg == epsg)
        return GB_OK;
    if (ws->epsg)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "the workspace has the projected system EPSG:%d "
                         "already, not %d",
                         (int)ws->epsg, (int)epsg);
    snprintf(text, sizeof text, "SELECT InsertEpsgSrid(%d)", (int)epsg);
    status = store_query_int(ws, text, &is_known);
    if (!status && is_known != 1)
        return base_fail(ws->run->ctx, GB_ERR_CRS,
                         "there is no coordinate system EPSG:%d", (int)epsg);
    if (!status)
        status = register_columns(ws, true, epsg);
    if (!status)
        status = store_index_make(ws, "cell");
    snprintf(text, sizeof text, "%d", (int)epsg);
    if (!status)
        status = store_setting_set(ws, "epsg", text);
    if (!status)
        ws->epsg = epsg;
    return status;
}

/* ------------------------------------------------------- spatial indexes -- */

static gb_status index_is_there(gb_workspace *ws, const char *table, bool *out)
{
    char sql[160];
    int64_t is_there = 0;
    gb_status status;

    snprintf(sql, sizeof sql,
             "SELECT spatial_index_enabled FROM geometry_columns WHERE "
             "f_table_name = '%s' AND f_geometry_column = 'geom'", table);
    status = store_query_int(ws, sql, &is_there);
    *out = is_there == 1;
    return status;
}

gb_status store_index_make(gb_workspace *ws, const char *table)
{
    char sql[96];
    bool is_there = false;
    gb_status status = index_is_there(ws, table, &is_there);

    if (status || is_there)
        return status;
    snprintf(sql, sizeof sql, "SELECT CreateSpatialIndex('%s', 'geom')",
             table);
    status = call_spatialite(ws, sql, table);
    return status ? status : drop_clock_triggers(ws, table);
}
