/*
 * call_roads.c - methods on the road index: their parameters, and how their
 * results are shown.
 */
#include "call_roads.h"

#include "call_groups.h"
#include "call_travel.h"

static const call_param build_params[] = {
    { .name = "osm", .type = CALL_PATH,
      .help = GB_N("an OpenStreetMap extract, .osm.pbf or .osm") },
    { .name = "links", .type = CALL_PATH,
      .help = GB_N("or a map of your own: CSV of links, see "
                   "data/FORMATS.md") },
    { .name = "nodes", .type = CALL_PATH,
      .help = GB_N("CSV of its nodes; needed where links have no lines") },
    { .name = "turns", .type = CALL_PATH,
      .help = GB_N("CSV of its forbidden turns, if there are any") },
    { .name = "datum", .type = CALL_ENUM,
      .choices = "wgs84|gcj02|bd09|cgcs2000", .fallback = "wgs84",
      .help = GB_N("the datum of the coordinates in these tables") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the index to write; else that beside the workspace") },
    { .name = "profile", .type = CALL_PATH,
      .help = GB_N("JSON with other speeds: see data/PROFILES.md") },
    { .name = "ebike_contraflow", .type = CALL_BOOL,
      .help = GB_N("e-bikes may go against one-way streets") },
};
static const call_param info_params[] = { CALL_ROADS_PARAM };
static const call_param profile_params[] = {
    { .name = "roads", .type = CALL_PATH,
      .help = GB_N("the profile of this road index; else the one built in") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file to write; else the console") },
};
static const call_param verify_params[] = {
    CALL_ROADS_PARAM,
    { .name = "pairs", .type = CALL_INT, .min = 1, .max = 1000000,
      .fallback = "1000", .help = GB_N("pairs of places, of each mode") },
};
static const call_param customise_params[] = {
    CALL_ROADS_PARAM,
    CALL_PROFILE_PARAM,
    CALL_BAND_PARAM,
    { .name = "mode", .type = CALL_ENUM, .choices = "foot|ebike|car",
      .help = GB_N("change this way of travel alone; else all") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the index to write") },
};
static const call_param nearest_params[] = {
    { .name = "at", .type = CALL_LONLAT, .is_required = true,
      .help = GB_N("longitude and latitude, as 9.52,47.14") },
    CALL_ROADS_PARAM, CALL_MODE_PARAM, CALL_PROFILE_PARAM, CALL_BAND_PARAM,
    CALL_SNAP_PARAM,
};
static const call_param table_params[] = {
    { .name = "from", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns id, lon, lat") },
    { .name = "to", .type = CALL_PATH,
      .help = GB_N("the same for the columns; else the places of --from") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the table to write: from, to, seconds, metres") },
    { .name = "format", .type = CALL_ENUM, .choices = "csv|binary",
      .fallback = "csv", .help = GB_N("how it is written: data/FORMATS.md") },
    { .name = "stats", .type = CALL_PATH,
      .help = GB_N("JSON to write: counts, and CPU times in ms") },
    CALL_ROADS_PARAM, CALL_MODE_PARAM, CALL_PROFILE_PARAM, CALL_BAND_PARAM,
    CALL_SNAP_PARAM,
};
static const call_param path_params[] = {
    { .name = "from", .type = CALL_LONLAT, .is_required = true,
      .help = GB_N("where the way begins") },
    { .name = "to", .type = CALL_LONLAT, .is_required = true,
      .help = GB_N("where it ends") },
    { .name = "format", .type = CALL_ENUM, .choices = "text|geojson|cue",
      .fallback = "text",
      .help = GB_N("a list of steps, a line with its steps, or an HTML sheet "
                   "to print") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file to write; else the console") },
    { .name = "depart", .type = CALL_TEXT,
      .help = GB_N("when one leaves, HH:MM: speeds of that hour and those "
                   "that follow") },
    { .name = "rest_day", .type = CALL_BOOL,
      .help = GB_N("the day is a rest day, not a working day") },
    CALL_ROADS_PARAM, CALL_MODE_PARAM, CALL_PROFILE_PARAM, CALL_BAND_PARAM,
    CALL_SNAP_PARAM,
};
static const call_param reach_params[] = {
    { .name = "from", .type = CALL_LONLAT, .is_required = true,
      .help = GB_N("where one sets out") },
    { .name = "minutes", .type = CALL_LIST, .is_required = true,
      .help = GB_N("travel times, ascending, as 5,10,15") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("GeoJSON to write: an area for each time") },
    { .name = "width_m", .type = CALL_REAL, .unit = "m", .min = 0,
      .max = 1000, .fallback = "40",
      .help = GB_N("how far beside a street counts as reached") },
    CALL_ROADS_PARAM, CALL_MODE_PARAM, CALL_PROFILE_PARAM, CALL_BAND_PARAM,
    CALL_SNAP_PARAM,
};
static const call_param catchments_params[] = {
    { .name = "centres", .type = CALL_PATH, .is_required = true,
      .help = GB_N("branches: CSV with the columns id, lon, lat") },
    { .name = "points", .type = CALL_PATH, .is_required = true,
      .help = GB_N("what is given to them: CSV with the columns id, lon, "
                   "lat") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV to write: point, centre, seconds") },
    CALL_ROADS_PARAM, CALL_MODE_PARAM, CALL_PROFILE_PARAM, CALL_BAND_PARAM,
    CALL_SNAP_PARAM,
};

static const call_column build_mode_columns[] = {
    { "mode", GB_N("mode"), CALL_SHOW_PLAIN },
    { "open_m", GB_N("open"), CALL_SHOW_M },
    { "routable_m", GB_N("routable"), CALL_SHOW_M },
    { "routable_ratio", GB_N("share"), CALL_SHOW_RATIO },
    { "links", GB_N("links"), CALL_SHOW_PLAIN },
    { "ends", GB_N("at route ends only"), CALL_SHOW_PLAIN },
    { "nodes", GB_N("nodes"), CALL_SHOW_PLAIN },
    { "arcs", GB_N("arcs"), CALL_SHOW_PLAIN },
    { "edges", GB_N("edges"), CALL_SHOW_PLAIN },
};
#define BUILT_COLUMNS                                                         \
    { "restrictions", GB_N("turn restrictions"), CALL_SHOW_PLAIN },           \
    { "refused.restrictions", GB_N("refused: do not meet"),                   \
      CALL_SHOW_PLAIN },                                                      \
    { "links", GB_N("links"), CALL_SHOW_PLAIN },                              \
    { "names", GB_N("street names"), CALL_SHOW_PLAIN },                       \
    { "file", GB_N("file"), CALL_SHOW_PLAIN },                                \
    { "bytes", GB_N("size"), CALL_SHOW_BYTES }
static const call_column build_osm_columns[] = {
    { "nodes_read", GB_N("nodes read"), CALL_SHOW_PLAIN },
    { "ways_read", GB_N("ways read"), CALL_SHOW_PLAIN },
    { "streets", GB_N("of them streets"), CALL_SHOW_PLAIN },
    { "areas", GB_N("of them squares"), CALL_SHOW_PLAIN },
    { "refused.class", GB_N("refused: class unknown"), CALL_SHOW_PLAIN },
    { "refused.short", GB_N("refused: under two nodes"), CALL_SHOW_PLAIN },
    { "refused.access", GB_N("refused: closed to all"), CALL_SHOW_PLAIN },
    { "missing_nodes", GB_N("nodes missing"), CALL_SHOW_PLAIN },
    { "bad_nodes", GB_N("nodes off the globe"), CALL_SHOW_PLAIN },
    { "duplicate_elements", GB_N("ids given twice"), CALL_SHOW_PLAIN },
    BUILT_COLUMNS,
};
static const call_column build_table_columns[] = {
    { "rows_read", GB_N("rows read"), CALL_SHOW_PLAIN },
    { "refused.rows", GB_N("refused"), CALL_SHOW_PLAIN },
    BUILT_COLUMNS,
};
static const call_column reject_columns[] = {
    { "file", GB_N("file"), CALL_SHOW_PLAIN },
    { "line", GB_N("line"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
};
static const call_block build_blocks[] = {
    { .when = "osm", CALL_COLUMNS(build_osm_columns) },
    { .when = "tables", CALL_COLUMNS(build_table_columns) },
    { .rows = "modes", CALL_COLUMNS(build_mode_columns) },
    { .when = "rejects", .text = GB_N("refused rows, all of them in "
                                      "{rejects_file}"),
      .rows = "rejects", CALL_COLUMNS(reject_columns) },
};

static const call_column info_mode_columns[] = {
    { "mode", GB_N("mode"), CALL_SHOW_PLAIN },
    { "open_m", GB_N("open"), CALL_SHOW_M },
    { "routable_m", GB_N("routable"), CALL_SHOW_M },
    { "routable_ratio", GB_N("share"), CALL_SHOW_RATIO },
    { "links", GB_N("links"), CALL_SHOW_PLAIN },
    { "nodes", GB_N("nodes"), CALL_SHOW_PLAIN },
    { "arcs", GB_N("arcs"), CALL_SHOW_PLAIN },
    { "edges", GB_N("edges"), CALL_SHOW_PLAIN },
    { "shortcuts", GB_N("shortcuts"), CALL_SHOW_PLAIN },
};
static const call_column info_cost_columns[] = {
    { "mode", GB_N("mode"), CALL_SHOW_PLAIN },
    { "turns", GB_N("turns count"), CALL_SHOW_PLAIN },
    { "turn_s", GB_N("turn, s"), CALL_SHOW_PLAIN },
    { "u_turn_s", GB_N("U-turn, s"), CALL_SHOW_PLAIN },
    { "signal_s", GB_N("light, s"), CALL_SHOW_PLAIN },
    { "contraflow", GB_N("against one-way"), CALL_SHOW_PLAIN },
    { "band", GB_N("time band"), CALL_SHOW_PLAIN },
};
static const call_column info_columns[] = {
    { "format", GB_N("format version"), CALL_SHOW_ID },
    { "hash", GB_N("checksum"), CALL_SHOW_PLAIN },
    { "bbox", GB_N("west, south, east, north"), CALL_SHOW_PLAIN },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
    { "links", GB_N("links"), CALL_SHOW_PLAIN },
    { "names", GB_N("street names"), CALL_SHOW_PLAIN },
    { "restrictions", GB_N("turn restrictions"), CALL_SHOW_PLAIN },
    { "lines", GB_N("dividing lines"), CALL_SHOW_PLAIN },
};
static const call_column speed_columns[] = {
    { "class", GB_N("class"), CALL_SHOW_PLAIN },
    { "foot", GB_N("foot"), CALL_SHOW_PLAIN },
    { "ebike", GB_N("e-bike"), CALL_SHOW_PLAIN },
    { "car", GB_N("car"), CALL_SHOW_PLAIN },
};
static const call_column band_columns[] = {
    { "band", GB_N("time band"), CALL_SHOW_PLAIN },
    { "days", GB_N("days"), CALL_SHOW_PLAIN },
    { "from_s", GB_N("from"), CALL_SHOW_CLOCK },
    { "to_s", GB_N("to"), CALL_SHOW_CLOCK },
    { "ebike_factor", GB_N("e-bike"), CALL_SHOW_PLAIN },
    { "car_factor", GB_N("car"), CALL_SHOW_PLAIN },
};
static const call_block info_blocks[] = {
    { CALL_COLUMNS(info_columns) },
    { .rows = "modes", CALL_COLUMNS(info_mode_columns) },
    { .rows = "modes", CALL_COLUMNS(info_cost_columns) },
    { .when = "speeds", .text = GB_N("speeds of the profile, km/h"),
      .rows = "speeds", CALL_COLUMNS(speed_columns) },
    { .when = "bands",
      .text = GB_N("time bands: factors of speed, lowest and highest"),
      .rows = "bands", CALL_COLUMNS(band_columns) },
};

static const call_block profile_blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_column verify_columns[] = {
    { "pairs", GB_N("pairs compared"), CALL_SHOW_PLAIN },
    { "unreachable", GB_N("of them without a way"), CALL_SHOW_PLAIN },
    { "wrong_tables", GB_N("wrong tables"), CALL_SHOW_PLAIN },
    { "wrong_paths", GB_N("wrong paths"), CALL_SHOW_PLAIN },
};
static const call_block verify_blocks[] = {
    { CALL_COLUMNS(verify_columns) },
    { .text = GB_N("the index is whole and right") },
};
static const call_block customise_blocks[] = {
    { .text = GB_N("written: {file}") },
};

static const call_column street_columns[] = {
    { "name", GB_N("street"), CALL_SHOW_PLAIN },
    { "class", GB_N("class"), CALL_SHOW_PLAIN },
    { "distance_m", GB_N("away"), CALL_SHOW_M },
    { "end_only", GB_N("for a route's end only"), CALL_SHOW_PLAIN },
    { "oneway", GB_N("one-way"), CALL_SHOW_PLAIN },
    { "link_m", GB_N("length"), CALL_SHOW_M },
};
static const call_block nearest_blocks[] = {
    { .when = "found", .text = GB_N("{lon},{lat}  {distance_m:m} away") },
    { .when = "found", CALL_COLUMNS(street_columns) },
    { .when = "reason", .text = GB_N("no street within reach") },
    { .when = "beyond_m",
      .text = GB_N("the nearest is {beyond_m:m} away, beyond the limit") },
    { .when = "nearer",
      .text = GB_N("a street {nearer.distance_m:m} away ({nearer.class} "
                   "{nearer.name}) is not connected with the rest") },
};

static const call_column table_columns[] = {
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "cols", GB_N("columns"), CALL_SHOW_PLAIN },
    { "set_aside", GB_N("set aside"), CALL_SHOW_PLAIN },
    { "snap_ms", GB_N("snapping, ms"), CALL_SHOW_PLAIN },
    { "search_ms", GB_N("searching, ms"), CALL_SHOW_PLAIN },
    { "write_ms", GB_N("writing, ms"), CALL_SHOW_PLAIN },
    { "cpu_ms", GB_N("all CPU time, ms"), CALL_SHOW_PLAIN },
};
static const call_block table_blocks[] = { { CALL_COLUMNS(table_columns) } };

static const call_column step_columns[] = {
    { "no", GB_N("no."), CALL_SHOW_ID },
    { "text", GB_N("what to do"), CALL_SHOW_PLAIN },
    { "metres", GB_N("for"), CALL_SHOW_M },
    { "total_m", GB_N("so far"), CALL_SHOW_M },
    { "total_s", GB_N("time"), CALL_SHOW_S },
};
static const call_block path_blocks[] = {
    { .when = "listed", .text = GB_N("{mode}: {metres:m} in {seconds:s}") },
    { .when = "depart_s",
      .text = GB_N("leave at {depart_s:clock}, arrive at "
                   "{arrive_s:clock}: {travel_s:s} on the way") },
    { .when = "listed", .rows = "steps", CALL_COLUMNS(step_columns) },
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("written: {file}") },
    { .when = "from_lost",
      .text = GB_N("no street within reach of the start") },
    { .when = "to_lost", .text = GB_N("no street within reach of the end") },
    { .when = "no_way", .text = GB_N("there is no way there") },
};

static const call_column reach_columns[] = {
    { "seconds", GB_N("within"), CALL_SHOW_S },
    { "street_m", GB_N("streets"), CALL_SHOW_M },
    { "area_km2", GB_N("square km"), CALL_SHOW_PLAIN },
};
static const call_block reach_blocks[] = {
    { .when = "limits", .rows = "limits", CALL_COLUMNS(reach_columns) },
    { .when = "file", .text = GB_N("written: {file}") },
    { .when = "reason", .text = GB_N("no street within reach") },
};

static const call_column centre_columns[] = {
    { "centre", GB_N("centre"), CALL_SHOW_PLAIN },
    { "points", GB_N("points given to it"), CALL_SHOW_PLAIN },
    { "mean_s", GB_N("on average"), CALL_SHOW_S },
    { "most_s", GB_N("at most"), CALL_SHOW_S },
};
static const call_column catchments_columns[] = {
    { "points", GB_N("points in all"), CALL_SHOW_PLAIN },
    { "unreached", GB_N("that no centre reaches"), CALL_SHOW_PLAIN },
    { "set_aside", GB_N("set aside"), CALL_SHOW_PLAIN },
};
static const call_block catchments_blocks[] = {
    { CALL_COLUMNS(catchments_columns) },
    { .rows = "centres", CALL_COLUMNS(centre_columns) },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "roads.build", .help = GB_N("Build the road index of a map"),
      CALL_PARAMS(build_params), CALL_BLOCKS(build_blocks),
      .run = call_roads_build },
    { .name = "roads.info", .help = GB_N("Show what a road index holds"),
      .is_scoped = true, CALL_PARAMS(info_params), CALL_BLOCKS(info_blocks),
      .run = call_roads_info },
    { .name = "roads.profile",
      .help = GB_N("Write a profile (speeds, turns, time bands) as JSON, to "
                   "be edited"),
      .is_scoped = true, CALL_PARAMS(profile_params),
      CALL_BLOCKS(profile_blocks), .run = call_roads_profile },
    { .name = "roads.verify",
      .help = GB_N("Check a road index: its checksum, and its answers on "
                   "random pairs"),
      CALL_PARAMS(verify_params), CALL_BLOCKS(verify_blocks),
      .run = call_roads_verify },
    { .name = "roads.customise",
      .help = GB_N("Write a road index with other speeds, without building it "
                   "again"),
      CALL_PARAMS(customise_params), CALL_BLOCKS(customise_blocks),
      .run = call_roads_customise },
    { .name = "roads.nearest",
      .help = GB_N("Find the street nearest to a place"), .is_scoped = true,
      CALL_PARAMS(nearest_params), CALL_BLOCKS(nearest_blocks),
      .run = call_roads_nearest },
    { .name = "roads.path",
      .help = GB_N("Find the fastest way between two places, step by step"),
      .is_scoped = true, CALL_PARAMS(path_params), CALL_BLOCKS(path_blocks),
      .run = call_roads_path_find },
    { .name = "roads.table",
      .help = GB_N("Compute travel times and lengths from many places to "
                   "many"),
      CALL_PARAMS(table_params), CALL_BLOCKS(table_blocks),
      .run = call_roads_table },
    { .name = "roads.reach",
      .help = GB_N("Show what is reached within some minutes, and as areas"),
      .is_scoped = true, CALL_PARAMS(reach_params), CALL_BLOCKS(reach_blocks),
      .run = call_roads_reach },
    { .name = "roads.catchments",
      .help = GB_N("Give each point to the centre that reaches it soonest"),
      CALL_PARAMS(catchments_params), CALL_BLOCKS(catchments_blocks),
      .run = call_roads_catchments },
};
const call_group call_roads_group = CALL_GROUP(methods);
