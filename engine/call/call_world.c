/*
 * call_world.c - the synthetic bank of the demo.
 */
#include "call_groups.h"

#include <gridbeat/world.h>

static json_t *describe(const call *c, const gb_world_report *report)
{
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "folder",
        call_text(c, "out"), "branches", (json_int_t)report->n_branches,
        "managers", (json_int_t)report->n_managers, "places",
        (json_int_t)report->n_places, "compounds",
        (json_int_t)report->n_compounds, "customers",
        (json_int_t)report->n_customers, "dormant",
        (json_int_t)report->n_dormant, "spoilt",
        (json_int_t)report->n_spoilt, "holdings",
        (json_int_t)report->n_holdings, "appointments",
        (json_int_t)report->n_appointments, "bytes",
        (json_int_t)report->n_bytes);
}

static gb_status make(call *c, json_t **result)
{
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    gb_world_report report = GB_WORLD_REPORT_INIT;
    gb_datum datum = GB_DATUM_WGS84;
    gb_status status;

    options.osm = call_text(c, "osm");
    options.out = call_text(c, "out");
    options.as_of = call_text(c, "as_of");
    options.n_branches = (uint32_t)call_int(c, "branches");
    options.n_managers = (uint32_t)call_int(c, "managers");
    options.n_customers = (uint32_t)call_int(c, "customers");
    gb_datum_parse(call_text(c, "datum"), &datum); /* one of the choices */
    options.datum = (int32_t)datum;
    options.seed = c->seed;
    options.truth = call_text(c, "truth");
    status = gb_world_make(c->ctx, &options, &report);
    return status ? status : call_result(c, result, describe(c, &report));
}

static const call_param make_params[] = {
    { .name = "osm", .type = CALL_PATH, .is_required = true,
      .help = GB_N("an OpenStreetMap extract, .osm.pbf or .osm") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the folder to make") },
    { .name = "branches", .type = CALL_INT, .min = 1, .max = 2000,
      .fallback = "6", .help = GB_N("how many branches") },
    { .name = "managers", .type = CALL_INT, .min = 1, .max = 20000,
      .help = GB_N("how many managers; else four a branch") },
    { .name = "customers", .type = CALL_INT, .min = 1, .max = 20000000,
      .fallback = "20000", .help = GB_N("how many customers") },
    { .name = "as_of", .type = CALL_DATE, .fallback = "2026-03-02",
      .help = GB_N("the bank's today") },
    { .name = "datum", .type = CALL_ENUM, .choices = "wgs84|gcj02|bd09|cgcs2000",
      .fallback = "wgs84", .help = GB_N("of the coordinates in the files") },
    { .name = "truth", .type = CALL_PATH,
      .help = GB_N("also write here who is really there when, for benches") },
};
static const call_column make_columns[] = {
    { "folder", GB_N("folder"), CALL_SHOW_PLAIN },
    { "branches", GB_N("branches"), CALL_SHOW_PLAIN },
    { "managers", GB_N("managers"), CALL_SHOW_PLAIN },
    { "places", GB_N("places"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "dormant", GB_N("of them dormant"), CALL_SHOW_PLAIN },
    { "spoilt", GB_N("spoilt rows"), CALL_SHOW_PLAIN },
    { "holdings", GB_N("holdings"), CALL_SHOW_PLAIN },
    { "appointments", GB_N("appointments"), CALL_SHOW_PLAIN },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
};
static const call_block make_blocks[] = {
    { .text = GB_N("A synthetic bank:"), CALL_COLUMNS(make_columns) },
};

static const call_method methods[] = {
    { .name = "world.make",
      .help = GB_N("Make the delivery of a synthetic bank on a real map"),
      CALL_PARAMS(make_params), CALL_BLOCKS(make_blocks), .run = make },
};
const call_group call_world_group = CALL_GROUP(methods);
