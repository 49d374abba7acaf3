/*
 * call_roads.c - methods on the road index.
 */
#include "call_groups.h"
#include "call_table.h"

#include <stdio.h>

/* Metres of all streets open to the mode, and the share that is routable. */
static json_t *describe_mode(gb_mode mode, uint64_t nodes, uint64_t links,
                             uint64_t arcs, int64_t open_m,
                             int64_t routable_m)
{
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:f}", "mode",
                     gb_mode_name(mode), "nodes", (json_int_t)nodes, "links",
                     (json_int_t)links, "arcs", (json_int_t)arcs, "open_m",
                     (json_int_t)open_m, "routable_m", (json_int_t)routable_m,
                     "routable_ratio",
                     open_m > 0 ? (double)routable_m / (double)open_m : 0.0);
}

static json_t *describe_build(const char *out, const gb_roads_report *report)
{
    json_t *modes = json_array();

    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const gb_roads_mode_report *r = &report->modes[m];

        if (!call_put(modes, NULL,
                      describe_mode((gb_mode)m, r->nodes, r->links, r->arcs,
                                    r->open_m, r->routable_m))) {
            json_decref(modes);
            return NULL;
        }
    }
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I}, s:I, s:I, s:I, "
        "s:I, s:I, s:o}",
        "file", out, "nodes_read", (json_int_t)report->nodes_read,
        "ways_read", (json_int_t)report->ways_read, "relations_read",
        (json_int_t)report->relations_read, "streets",
        (json_int_t)report->highways, "areas", (json_int_t)report->areas,
        "refused", "class", (json_int_t)report->refused_class, "short",
        (json_int_t)report->refused_short, "access",
        (json_int_t)report->refused_access, "missing_nodes",
        (json_int_t)report->missing_nodes, "bad_nodes",
        (json_int_t)report->bad_nodes, "duplicate_elements",
        (json_int_t)report->duplicate_elements, "lines",
        (json_int_t)report->lines, "bytes", (json_int_t)report->file_bytes,
        "modes", modes);
}

static gb_status build(call *c, json_t **result)
{
    gb_roads_options options = GB_ROADS_OPTIONS_INIT;
    gb_roads_report report = { .size = sizeof report };
    char *beside = call_roads_path(c);
    const char *out = call_has(c, "out") ? call_text(c, "out") : beside;
    gb_status status;

    options.ebike_contraflow = call_flag(c, "ebike_contraflow");
    if (!out)
        status = base_fail(c->ctx, GB_ERR_STATE,
                           "%s needs --out FILE, or a workspace to put the "
                           "index beside",
                           c->method->name);
    else
        status = gb_roads_build(c->ctx, call_text(c, "osm"), out, &options,
                                &report);
    if (!status)
        status = call_result(c, result, describe_build(out, &report));
    base_free(c->mem, beside);
    return status;
}

static json_t *describe_facts(const gb_roads_facts *facts)
{
    json_t *modes = json_array();
    char hash[2 * sizeof facts->hash + 1];

    for (size_t i = 0; i < sizeof facts->hash; i++)
        snprintf(hash + 2 * i, 3, "%02x", facts->hash[i]);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const gb_roads_mode_info *r = &facts->modes[m];

        if (!call_put(modes, NULL,
                      describe_mode((gb_mode)m, r->nodes, r->links, r->arcs,
                                    r->open_m, r->routable_m))) {
            json_decref(modes);
            return NULL;
        }
    }
    return json_pack("{s:i, s:s, s:b, s:[f,f,f,f], s:I, s:I, s:o}", "format",
                     (int)facts->version, "hash", hash, "ebike_contraflow",
                     (int)(facts->ebike_contraflow != 0), "bbox",
                     facts->south_west.lon_deg, facts->south_west.lat_deg,
                     facts->north_east.lon_deg, facts->north_east.lat_deg,
                     "lines", (json_int_t)facts->lines, "bytes",
                     (json_int_t)facts->file_bytes, "modes", modes);
}

static gb_status info(call *c, json_t **result)
{
    gb_roads_facts facts = { .size = sizeof facts };
    const gb_roads *roads = NULL;
    gb_status status = call_roads(c, call_text(c, "roads"), &roads);

    if (!status)
        status = gb_roads_info(c->ctx, roads, &facts);
    return status ? status
                  : call_result(c, result, describe_facts(&facts));
}

static json_t *describe_place(const gb_roads_place *place)
{
    static const char *const states[] = { "ok", "far", "invalid" };
    json_t *object = json_pack("{s:b, s:s}", "found",
                               (int)(place->status == GB_SNAP_OK), "state",
                               states[place->status]);

    if (object && place->status != GB_SNAP_OK
        && !call_put(object, "reason", json_string(states[place->status]))) {
        json_decref(object);
        return NULL;
    }
    if (object && place->status == GB_SNAP_OK
        && !(call_put(object, "distance_m", json_real(place->distance_m))
             && call_put(object, "lon", json_real(place->point.lon_deg))
             && call_put(object, "lat", json_real(place->point.lat_deg))
             && call_put(object, "link", json_integer(place->link)))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static gb_status nearest(call *c, json_t **result)
{
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    const gb_roads *roads = NULL;
    gb_roads_place place;
    gb_lonlat at = { 0, 0 };
    gb_mode mode = GB_MODE_FOOT;
    gb_status status = call_roads(c, call_text(c, "roads"), &roads);

    call_lonlat(c, "at", &at);
    gb_mode_parse(call_text(c, "mode"), &mode); /* one of the choices */
    options.max_snap_m = call_real(c, "max_snap_m");
    if (!status)
        status = gb_roads_snap(c->ctx, roads, mode, &at, 1, &options, &place);
    if (status)
        return status;
    c->code = place.status == GB_SNAP_OK ? 0 : 1;
    return call_result(c, result, describe_place(&place));
}

#define ROADS_PARAM                                                           \
    { .name = "roads", .type = CALL_PATH,                                     \
      .help = GB_N("the road index; else that beside the workspace") }
#define MODE_PARAM                                                            \
    { .name = "mode", .type = CALL_ENUM, .choices = "foot|ebike|car",         \
      .fallback = "foot", .help = GB_N("the way of travel") }
#define SNAP_PARAM                                                            \
    { .name = "max_snap_m", .type = CALL_REAL, .unit = "m", .min = 0,         \
      .max = 100000, .fallback = "1000",                                      \
      .help = GB_N("set aside what is farther from a street") }

static const call_param build_params[] = {
    { .name = "osm", .type = CALL_PATH, .is_required = true,
      .help = GB_N("an OpenStreetMap extract, .osm.pbf or .osm") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the index; else beside the workspace") },
    { .name = "ebike_contraflow", .type = CALL_BOOL,
      .help = GB_N("e-bikes may go against one-way streets") },
};
static const call_param info_params[] = { ROADS_PARAM };
static const call_param nearest_params[] = {
    { .name = "at", .type = CALL_LONLAT, .is_required = true,
      .help = GB_N("a place on the globe") },
    ROADS_PARAM, MODE_PARAM, SNAP_PARAM,
};
static const call_param table_params[] = {
    { .name = "from", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns id, lon, lat") },
    { .name = "to", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns id, lon, lat") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV to write: from, to, seconds, metres") },
    { .name = "stats", .type = CALL_PATH,
      .help = GB_N("JSON to write: counts, and CPU times in ms") },
    ROADS_PARAM, MODE_PARAM, SNAP_PARAM,
};

static const call_column mode_columns[] = {
    { "mode", GB_N("mode"), CALL_SHOW_PLAIN },
    { "nodes", GB_N("nodes"), CALL_SHOW_PLAIN },
    { "links", GB_N("links"), CALL_SHOW_PLAIN },
    { "open_m", GB_N("open"), CALL_SHOW_M },
    { "routable_m", GB_N("routable"), CALL_SHOW_M },
    { "routable_ratio", GB_N("share"), CALL_SHOW_RATIO },
};
static const call_column build_columns[] = {
    { "file", GB_N("file"), CALL_SHOW_PLAIN },
    { "nodes_read", GB_N("nodes read"), CALL_SHOW_PLAIN },
    { "ways_read", GB_N("ways read"), CALL_SHOW_PLAIN },
    { "streets", GB_N("of them streets"), CALL_SHOW_PLAIN },
    { "refused.class", GB_N("refused: class unknown"), CALL_SHOW_PLAIN },
    { "areas", GB_N("of them squares"), CALL_SHOW_PLAIN },
    { "refused.short", GB_N("refused: under two nodes"), CALL_SHOW_PLAIN },
    { "refused.access", GB_N("refused: closed to all"), CALL_SHOW_PLAIN },
    { "missing_nodes", GB_N("nodes missing"), CALL_SHOW_PLAIN },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
};
static const call_block build_blocks[] = {
    { CALL_COLUMNS(build_columns) },
    { .rows = "modes", CALL_COLUMNS(mode_columns) },
};
static const call_column info_columns[] = {
    { "format", GB_N("format version"), CALL_SHOW_ID },
    { "hash", GB_N("checksum"), CALL_SHOW_PLAIN },
    { "bbox", GB_N("west, south, east, north"), CALL_SHOW_PLAIN },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
};
static const call_block info_blocks[] = {
    { CALL_COLUMNS(info_columns) },
    { .rows = "modes", CALL_COLUMNS(mode_columns) },
};
static const call_block nearest_blocks[] = {
    { .when = "found", .text = GB_N("{lon},{lat}  {distance_m:m} away") },
    { .when = "reason", .text = GB_N("no street within reach") },
};
static const call_column table_columns[] = {
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "cols", GB_N("columns"), CALL_SHOW_PLAIN },
    { "set_aside", GB_N("set aside"), CALL_SHOW_PLAIN },
    { "snap_ms", GB_N("snapping, ms"), CALL_SHOW_PLAIN },
    { "search_ms", GB_N("searching, ms"), CALL_SHOW_PLAIN },
    { "write_ms", GB_N("writing, ms"), CALL_SHOW_PLAIN },
};
static const call_block table_blocks[] = { { CALL_COLUMNS(table_columns) } };

static const call_method methods[] = {
    { .name = "roads.build", .help = GB_N("Build the road index of a map"),
      CALL_PARAMS(build_params), CALL_BLOCKS(build_blocks), .run = build },
    { .name = "roads.info", .help = GB_N("Show what a road index holds"),
      .is_scoped = true, CALL_PARAMS(info_params), CALL_BLOCKS(info_blocks),
      .run = info },
    { .name = "roads.nearest",
      .help = GB_N("Find the street nearest to a place"), .is_scoped = true,
      CALL_PARAMS(nearest_params), CALL_BLOCKS(nearest_blocks),
      .run = nearest },
    { .name = "roads.table",
      .help = GB_N("Compute travel times from many places to many"),
      CALL_PARAMS(table_params), CALL_BLOCKS(table_blocks),
      .run = call_roads_table },
};
const call_group call_roads_group = CALL_GROUP(methods);
