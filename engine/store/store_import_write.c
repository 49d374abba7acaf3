#include "store_import_write.h"

#include "store_rtree.h"
#include "store_schema.h"

#include "base_check.h"
#include "geo_crs.h"

#include <stdio.h>
#include <string.h>

/* Parameters of both statements; column c of the kind is FIRST_COLUMN + c. */
enum {
    PARAM_ID = 1,
    FIRST_COLUMN = 2,
    PARAM_LOCATED = 40,
    PARAM_SHAPE,
    PARAM_DATUM,
    PARAM_CELL_SET,
    PARAM_AREA
};

/* Rows that a file of that many bytes has, at the least. */
enum { BYTES_A_ROW = 150, MANY_ROWS = 20000 };

typedef struct field {
    const char *name;
    int param;
} field;

typedef struct fields {
    field of[IMPORT_MAX_COLUMNS + 6];
    size_t n;
} fields;

static void add_field(fields *list, const char *name, int param)
{
    list->of[list->n++] = (field){ name, param };
}

static bool is_kind(const import_kind *kind, const char *name)
{
    return strcmp(kind->name, name) == 0;
}

static bool is_location(const import_column *column)
{
    return column->type == IMPORT_LON || column->type == IMPORT_LAT
        || strcmp(column->name, "accuracy") == 0;
}

/*
 * The table's fields that this file fills.  A new customer needs its location
 * columns even from a file that has none.
 */
static void list_fields(const import_writer *writer, bool is_insert,
                        fields *list)
{
    const import_kind *kind = writer->world->kind;
    const bool is_customer = is_kind(kind, "customers");
    const bool is_located = is_insert || writer->has_location;

    list->n = 0;
    for (size_t c = 0; c < kind->n_columns; c++) {
        const import_column *column = &kind->columns[c];
        bool is_filled = writer->world->is_present[c];

        if (is_customer && is_location(column))
            is_filled = is_located;
        if (column->field && is_filled)
            add_field(list, column->field, FIRST_COLUMN + (int)c);
    }
    if (is_customer && is_located)
        add_field(list, "located_by", PARAM_LOCATED);
    if (kind->has_shape)
        add_field(list, "geom", PARAM_SHAPE);
    if (is_kind(kind, "cells")) {
        add_field(list, "area_m2", PARAM_AREA);
        if (is_insert)
            add_field(list, "cell_set_id", PARAM_CELL_SET);
    } else if (kind->has_shape) {
        add_field(list, "datum", PARAM_DATUM);
    }
}

static void insert_text(const import_kind *kind, const fields *list,
                        base_text *sql)
{
    base_text_format(sql, "INSERT INTO %s(id", kind->table);
    for (size_t f = 0; f < list->n; f++)
        base_text_format(sql, ", %s", list->of[f].name);
    base_text_format(sql, ") VALUES(?%d", PARAM_ID);
    for (size_t f = 0; f < list->n; f++)
        base_text_format(sql, ", ?%d", list->of[f].param);
    base_text_add(sql, ")");
}

static void update_text(const import_kind *kind, const fields *list,
                        base_text *sql)
{
    base_text_format(sql, "UPDATE %s SET ", kind->table);
    for (size_t f = 0; f < list->n; f++)
        base_text_format(sql, "%s%s = ?%d", f ? ", " : "", list->of[f].name,
                         list->of[f].param);
    base_text_format(sql, " WHERE id = ?%d AND (", PARAM_ID);
    for (size_t f = 0; f < list->n; f++)
        base_text_format(sql, "%s%s IS NOT ?%d", f ? " OR " : "",
                         list->of[f].name, list->of[f].param);
    base_text_add(sql, ")");
}

static gb_status prepare_both(import_writer *writer)
{
    gb_workspace *ws = writer->ws;
    const import_kind *kind = writer->world->kind;
    fields list;
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    list_fields(writer, true, &list);
    insert_text(kind, &list, &sql);
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, &writer->insert);
    base_text_reset(&sql);
    list_fields(writer, false, &list);
    update_text(kind, &list, &sql);
    if (!status && list.n > 0)
        status = sql.is_short
            ? base_fail_nomem(ws->run->ctx)
            : store_prepare(ws, sql.chars, &writer->update);
    base_text_clear(&sql);
    return status;
}

static gb_status prepare_tags(import_writer *writer)
{
    gb_workspace *ws = writer->ws;
    gb_status status;

    status = store_prepare(ws, "SELECT tag_id, value FROM customer_tag "
                               "WHERE customer_id = ?1 ORDER BY tag_id, value",
                           &writer->tag_list);
    if (!status)
        status = store_prepare(ws, "DELETE FROM customer_tag "
                                   "WHERE customer_id = ?1",
                               &writer->tag_drop);
    if (!status)
        status = store_prepare(ws, "INSERT INTO customer_tag(customer_id, "
                                   "tag_id, value) VALUES(?1, ?2, ?3)",
                               &writer->tag_add);
    return status;
}

static gb_status load_places(import_writer *writer)
{
    gb_workspace *ws = writer->ws;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "SELECT id, geom, kind FROM place ORDER BY id", &st);

    while (store_next(ws, st, &status)) {
        const size_t id = (size_t)store_column_int(st, 0);
        size_t n;
        const void *blob = store_column_blob(st, 1, &n);

        while (!status && writer->places.n <= id)
            if (!base_array_push(ws->mem, &writer->places,
                                 (import_place){ .is_known = false }))
                status = base_fail_nomem(ws->run->ctx);
        if (status || n != GEO_BLOB_POINT_SIZE)
            continue;
        memcpy(writer->places.items[id].blob, blob, n);
        writer->places.items[id].is_known = true;
        writer->places.items[id].is_building
            = strcmp(store_column_text(st, 2), "building") == 0;
    }
    store_finalize(st);
    return status;
}

/* The bank's own cells: one set, which becomes the active one. */
static gb_status open_cell_set(import_writer *writer)
{
    gb_workspace *ws = writer->ws;
    gb_status status = store_exec(
        ws, "INSERT INTO cell_set(source) SELECT 'given' WHERE NOT EXISTS "
            "(SELECT 1 FROM cell_set WHERE source = 'given')");

    if (!status)
        status = store_query_int(
            ws, "SELECT id FROM cell_set WHERE source = 'given'",
            &writer->cell_set_id);
    return status;
}

gb_status import_writer_open(gb_workspace *ws, const import_world *world,
                             gb_datum datum, import_writer *writer)
{
    const import_kind *kind = world->kind;
    gb_status status = GB_OK;

    memset(writer, 0, sizeof *writer);
    writer->ws = ws;
    writer->world = world;
    writer->datum = datum;
    if (is_kind(kind, "customers")) {
        writer->has_location
            = world->is_present[import_kind_column(kind, "lon")]
            || world->is_present[import_kind_column(kind, "place_ref")];
        status = load_places(writer);
        if (!status)
            status = prepare_tags(writer);
    }
    if (!status && is_kind(kind, "cells"))
        status = open_cell_set(writer);
    if (!status && is_kind(kind, "relations"))
        status = store_prepare(
            ws, "UPDATE customer_relation SET role = 'assist' "
                "WHERE customer_id = ?1 AND role = 'lead' "
                "AND manager_id <> ?2", &writer->lead_drop);
    return status ? status : prepare_both(writer);
}

void import_writer_close(import_writer *writer)
{
    if (!writer->ws)
        return;
    store_finalize(writer->insert);
    store_finalize(writer->update);
    store_finalize(writer->tag_list);
    store_finalize(writer->tag_drop);
    store_finalize(writer->tag_add);
    store_finalize(writer->lead_drop);
    base_array_clear(writer->ws->mem, &writer->places);
    memset(writer, 0, sizeof *writer);
}

/* --------------------------------------------------------------- binding -- */

typedef struct located {
    uint8_t blob[GEO_BLOB_POINT_SIZE], gate[GEO_BLOB_POINT_SIZE];
    const uint8_t *geom, *datum_of; /* NULL: unknown */
    const char *accuracy, *by;
} located;

/* The pair of columns lon, lon + 1 as a BLOB; false when it is empty. */
static gb_status encode_pair(const import_writer *writer,
                             const import_values *values, size_t lon,
                             uint8_t *blob)
{
    gb_lonlat at = { values->of[lon].degrees, values->of[lon + 1].degrees };

    if (writer->datum != GB_DATUM_WGS84
        && writer->datum != GB_DATUM_CGCS2000) {
        const gb_status status
            = gb_datum_convert(writer->ws->run->ctx, writer->datum,
                               GB_DATUM_WGS84, &at, 1);

        if (status)
            return status;
    }
    geo_write_blob_point((gb_point){ at.lon_deg, at.lat_deg }, 4326, blob);
    return GB_OK;
}

/* Own coordinates first, else the place's, else none. */
static gb_status locate_customer(const import_writer *writer,
                                 const import_values *values, located *at)
{
    const import_kind *kind = writer->world->kind;
    const size_t lon = import_kind_column(kind, "lon");
    const import_value *place
        = &values->of[import_kind_column(kind, "place_ref")];
    const import_value *accuracy
        = &values->of[import_kind_column(kind, "accuracy")];
    const bool is_told = accuracy->is_set;
    const bool is_none = is_told && strcmp(accuracy->text, "none") == 0;

    *at = (located){ .accuracy = "none", .by = "none" };
    if (values->of[lon].is_set && !is_none) {
        at->geom = at->blob;
        at->by = "own";
        at->accuracy = is_told ? accuracy->text : "exact";
        return encode_pair(writer, values, lon, at->blob);
    }
    if (place->is_set && (size_t)place->number < writer->places.n
        && writer->places.items[place->number].is_known) {
        const import_place *known = &writer->places.items[place->number];

        at->geom = known->blob;
        at->by = "place";
        at->accuracy = is_told && !is_none ? accuracy->text
            : known->is_building           ? "building" : "compound";
    }
    return GB_OK;
}

static void bind_point(store_statement *st, int param, const uint8_t *blob)
{
    if (blob)
        store_bind_blob(st, param, blob, GEO_BLOB_POINT_SIZE);
    else
        store_bind_null(st, param);
}

static void bind_value(store_statement *st, int param,
                       const import_column *column, const import_value *value)
{
    if (!value->is_set) {
        store_bind_null(st, param);
        return;
    }
    switch (column->type) {
    case IMPORT_LINK:
    case IMPORT_FEN:
    case IMPORT_SECONDS:
    case IMPORT_CLOCK:
    case IMPORT_BOOL:
        store_bind_int(st, param, value->number);
        return;
    default:
        store_bind_text(st, param, value->text);
    }
}

/* SQLite has as many parameters as the highest that a statement names. */
static void bind_columns(const import_writer *writer, store_statement *st,
                         bool is_insert, const import_values *values,
                         located *at)
{
    const import_kind *kind = writer->world->kind;
    fields list;

    list_fields(writer, is_insert, &list);
    for (size_t f = 0; f < list.n; f++) {
        const int param = list.of[f].param;
        const size_t c = (size_t)(param - FIRST_COLUMN);

        if (param >= PARAM_LOCATED)
            continue;
        if (strcmp(list.of[f].name, "geom") == 0)
            bind_point(st, param, at->geom);
        else if (strcmp(list.of[f].name, "gate") == 0)
            bind_point(st, param, values->of[c].is_set ? at->gate : NULL);
        else if (strcmp(list.of[f].name, "datum") == 0)
            store_bind_text(st, param,
                            at->geom == at->blob
                                ? gb_datum_name(writer->datum) : NULL);
        else if (at->by && strcmp(list.of[f].name, "accuracy") == 0)
            store_bind_text(st, param, at->accuracy);
        else
            bind_value(st, param, &kind->columns[c], &values->of[c]);
    }
}

static gb_status bind_row(const import_writer *writer, store_statement *st,
                          bool is_insert, int64_t id,
                          const import_values *values,
                          const import_shape *shape, located *at)
{
    const import_kind *kind = writer->world->kind;

    store_bind_int(st, PARAM_ID, id);
    bind_columns(writer, st, is_insert, values, at);
    if (at->by && (is_insert || writer->has_location))
        store_bind_text(st, PARAM_LOCATED, at->by);
    if (kind->has_shape) {
        store_bind_blob(st, PARAM_SHAPE, shape->blob.items, shape->blob.n);
        if (is_kind(kind, "cells")) {
            store_bind_real(st, PARAM_AREA, shape->area_m2);
            if (is_insert)
                store_bind_int(st, PARAM_CELL_SET, writer->cell_set_id);
        } else {
            store_bind_text(st, PARAM_DATUM, gb_datum_name(writer->datum));
        }
    }
    return GB_OK;
}

static gb_status locate(const import_writer *writer,
                        const import_values *values, located *at)
{
    const import_kind *kind = writer->world->kind;
    gb_status status = GB_OK;

    if (is_kind(kind, "customers"))
        return locate_customer(writer, values, at);
    *at = (located){ .geom = NULL };
    for (size_t c = 0; c < kind->n_columns && !status; c++) {
        const char *name = kind->columns[c].field;

        if (kind->columns[c].type != IMPORT_LON || !values->of[c].is_set)
            continue;
        if (strcmp(name, "geom") == 0)
            at->geom = at->blob;
        status = encode_pair(writer, values, c,
                             strcmp(name, "gate") == 0 ? at->gate : at->blob);
    }
    return status;
}

/* ------------------------------------------------------------------ tags -- */

static gb_status tags_differ(import_writer *writer, int64_t id,
                             const import_values *values, bool *differ)
{
    size_t n = 0;
    gb_status status = GB_OK;

    *differ = false;
    store_bind_int(writer->tag_list, 1, id);
    while (store_next(writer->ws, writer->tag_list, &status)) {
        const import_tag *tag = &values->tags[n];

        if (n >= values->n_tags
            || tag->tag_id != store_column_int(writer->tag_list, 0)
            || strcmp(tag->value, store_column_text(writer->tag_list, 1))) {
            *differ = true;
            store_reset(writer->tag_list);
            return GB_OK;
        }
        n++;
    }
    *differ = n < values->n_tags;
    return status;
}

static gb_status put_tags(import_writer *writer, int64_t id, bool is_new,
                          const import_values *values, bool *is_changed)
{
    gb_workspace *ws = writer->ws;
    gb_status status = GB_OK;

    if (!is_new) {
        status = tags_differ(writer, id, values, is_changed);
        if (status || !*is_changed)
            return status;
        store_bind_int(writer->tag_drop, 1, id);
        status = store_run(ws, writer->tag_drop);
    }
    for (size_t t = 0; t < values->n_tags && !status; t++) {
        store_bind_int(writer->tag_add, 1, id);
        store_bind_int(writer->tag_add, 2, values->tags[t].tag_id);
        store_bind_text(writer->tag_add, 3, values->tags[t].value);
        status = store_run(ws, writer->tag_add);
    }
    return status;
}

/* Who led until now assists where the file names another lead. */
static gb_status drop_lead(import_writer *writer, const import_values *values)
{
    if (strcmp(values->of[2].text, "lead") != 0)
        return GB_OK;
    store_bind_int(writer->lead_drop, 1, values->of[0].number);
    store_bind_int(writer->lead_drop, 2, values->of[1].number);
    return store_run(writer->ws, writer->lead_drop);
}

gb_status import_writer_put(import_writer *writer, int64_t id, bool is_new,
                            const import_values *values,
                            const import_shape *shape, import_effect *effect)
{
    const import_kind *kind = writer->world->kind;
    store_statement *st = is_new ? writer->insert : writer->update;
    bool has_new_tags = false;
    located at = { .geom = NULL };
    gb_status status = locate(writer, values, &at);

    *effect = is_new ? IMPORT_LOADED : IMPORT_UNCHANGED;
    if (!status && is_kind(kind, "relations"))
        status = drop_lead(writer, values);
    if (!status && st) {
        status = bind_row(writer, st, is_new, id, values, shape, &at);
        if (!status)
            status = store_run(writer->ws, st);
        if (!status && !is_new && store_changes(writer->ws) > 0)
            *effect = IMPORT_CHANGED;
    }
    if (!status && is_kind(kind, "customers")
        && writer->world->is_present[import_kind_column(kind, "tags")])
        status = put_tags(writer, id, is_new, values, &has_new_tags);
    if (has_new_tags && !is_new)
        *effect = IMPORT_CHANGED;
    return status;
}

/* ------------------------------------------------------------ afterwards -- */

static gb_status choose_epsg(gb_workspace *ws)
{
    gb_lonlat low = { 181, 91 }, high = { -181, -91 };
    store_statement *st = NULL;
    int32_t epsg;
    gb_status status = store_prepare(ws, "SELECT geom FROM branch", &st);

    while (store_next(ws, st, &status)) {
        size_t n;
        const uint8_t *blob = store_column_blob(st, 0, &n);
        int32_t srid;
        gb_point at;

        status = geo_read_blob_point(ws->run->ctx, blob, n, &srid, &at);
        if (status)
            break;
        low.lon_deg = at.x_m < low.lon_deg ? at.x_m : low.lon_deg;
        low.lat_deg = at.y_m < low.lat_deg ? at.y_m : low.lat_deg;
        high.lon_deg = at.x_m > high.lon_deg ? at.x_m : high.lon_deg;
        high.lat_deg = at.y_m > high.lat_deg ? at.y_m : high.lat_deg;
    }
    store_finalize(st);
    if (status || low.lon_deg > high.lon_deg)
        return status;
    /* A single branch has no extent: some metres round it. */
    low.lon_deg -= 1e-3;
    low.lat_deg -= 1e-3;
    high.lon_deg += 1e-3;
    high.lat_deg += 1e-3;
    status = gb_crs_for_extent(ws->run->ctx, low, high, &epsg);
    return status ? status : store_schema_set_epsg(ws, epsg);
}

gb_status import_write_after(gb_workspace *ws, const import_kind *kind,
                             const gb_import_counts *counts)
{
    if (counts->n_loaded + counts->n_changed == 0)
        return GB_OK;
    if (is_kind(kind, "branches") && !ws->epsg)
        return choose_epsg(ws);
    if (is_kind(kind, "places") && counts->n_changed > 0)
        return store_exec(
            ws, "UPDATE customer SET geom = p.geom FROM place p "
                "WHERE p.id = customer.place_id "
                "AND customer.located_by = 'place' "
                "AND customer.geom IS NOT p.geom");
    if (is_kind(kind, "cells"))
        return store_exec(
            ws, "UPDATE cell_set SET is_active = 0 WHERE source <> 'given';"
                "UPDATE cell_set SET is_active = 1, input_digest = '' "
                "WHERE source = 'given';"
                "DELETE FROM cell_neighbour WHERE cell_id IN (SELECT c.id "
                "FROM cell c JOIN cell_set s ON s.id = c.cell_set_id "
                "WHERE s.source = 'given');"
                "DELETE FROM customer_cell WHERE cell_set_id IN (SELECT id "
                "FROM cell_set WHERE source = 'given');");
    return GB_OK;
}

/* ------------------------------------------------------------ large loads -- */

static bool has_spatial_index(const import_kind *kind)
{
    return kind->has_shape || is_kind(kind, "customers")
        || is_kind(kind, "places");
}

static gb_status drop_indexes(gb_workspace *ws, const import_kind *kind,
                              base_text *made_anew)
{
    store_statement *st = NULL;
    base_text drops;
    gb_status status;

    base_text_init(&drops, ws->mem);
    status = store_prepare(ws, "SELECT name, sql FROM sqlite_schema WHERE "
                               "type = 'index' AND tbl_name IN (?1, ?2) "
                               "AND sql IS NOT NULL ORDER BY name", &st);
    if (!status) {
        store_bind_text(st, 1, kind->table);
        store_bind_text(st, 2, is_kind(kind, "customers") ? "customer_tag"
                                                          : kind->table);
    }
    while (store_next(ws, st, &status)) {
        base_text_format(&drops, "DROP INDEX %s;", store_column_text(st, 0));
        base_text_format(made_anew, "%s;", store_column_text(st, 1));
    }
    store_finalize(st);
    if (!status && (drops.is_short || made_anew->is_short))
        status = base_fail_nomem(ws->run->ctx);
    if (!status && drops.chars)
        status = store_exec(ws, drops.chars);
    base_text_clear(&drops);
    return status;
}

gb_status import_bulk_begin(gb_workspace *ws, const import_kind *kind,
                            int64_t n_known, int64_t file_size,
                            import_bulk *bulk)
{
    const int64_t n_rows = file_size / BYTES_A_ROW;
    gb_status status = GB_OK;

    base_text_init(&bulk->triggers, ws->mem);
    base_text_init(&bulk->indexes, ws->mem);
    if (n_rows < MANY_ROWS)
        return GB_OK;
    if (has_spatial_index(kind) && n_known < n_rows)
        status = store_index_pause(ws, kind->table, &bulk->triggers);
    if (!status && n_known == 0)
        status = drop_indexes(ws, kind, &bulk->indexes);
    return status;
}

gb_status import_bulk_end(gb_workspace *ws, const import_kind *kind,
                          import_bulk *bulk)
{
    gb_status status = GB_OK;

    if (bulk->indexes.chars)
        status = store_exec(ws, bulk->indexes.chars);
    if (!status && bulk->triggers.chars)
        status = store_index_resume(ws, kind->table, bulk->triggers.chars);
    return status;
}

void import_bulk_clear(import_bulk *bulk)
{
    if (bulk->indexes.mem) {
        base_text_clear(&bulk->indexes);
        base_text_clear(&bulk->triggers);
    }
}
