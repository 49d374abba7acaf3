/*
 * call_workspace.c - methods on the workspace file itself.
 */
#include "call_groups.h"

#include <sys/stat.h>

#include "base_run.h"
#include "store_copy.h"

static json_t *describe(const gb_workspace *workspace)
{
    const char *path = gb_workspace_path(workspace);
    const int32_t epsg = gb_workspace_epsg(workspace);
    struct stat info;

    return json_pack("{s:o, s:i, s:o, s:I}", "path", call_string(path), "schema",
                     (int)gb_workspace_schema_version(), "epsg",
                     epsg ? json_integer(epsg) : json_null(), "bytes",
                     (json_int_t)(stat(path, &info) ? 0 : info.st_size));
}

static gb_status init(call *c, json_t **result)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    const char *path = call_text(c, "path");
    gb_workspace *made = NULL;
    gb_status status;

    if (!path)
        path = c->workspace_path;
    if (!path)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "%s needs the parameter \"%s\": %s", "init", "path",
                         call_words(c, GB_N("the file to make")));
    options.epsg = (int32_t)call_int(c, "epsg");
    options.timezone = call_text(c, "timezone");
    status = gb_workspace_create(c->ctx, path, &options, &made);
    if (!status)
        status = call_result(c, result, describe(made));
    gb_workspace_close(made);
    return status;
}

static const call_param init_params[] = {
    { .name = "path", .type = CALL_PATH, .is_positional = true,
      .help = GB_N("the file to make") },
    { .name = "epsg", .type = CALL_INT, .min = 1024, .max = 999999,
      .help = GB_N("the projected system in metres; else chosen from the "
                   "first branches") },
    { .name = "timezone", .type = CALL_TEXT, .fallback = "Asia/Shanghai",
      .help = GB_N("the zone of all times of day") },
};
static const call_block init_blocks[] = {
    { .text = GB_N("made the workspace {path}") },
};

/* What is in it; not in a scope, from which most of it is hidden. */
static gb_status put_rows(call *c, json_t *object)
{
    store_tally tallies[STORE_N_TALLIES];
    json_t *rows = json_object();
    gb_status status;
    base_run run;

    base_run_begin(&run, c->ctx, (base_limits){ 0 });
    store_enter(c->workspace, &run);
    status = store_tally_rows(c->workspace, tallies);
    store_leave(c->workspace);
    status = base_run_end(&run, status);
    for (size_t i = 0; !status && i < STORE_N_TALLIES; i++)
        if (!call_put(rows, tallies[i].what, json_integer(tallies[i].n)))
            status = base_fail_nomem(c->ctx);
    if (!status && !call_put(object, "rows", json_incref(rows)))
        status = base_fail_nomem(c->ctx);
    json_decref(rows);
    return status;
}

static gb_status info(call *c, json_t **result)
{
    gb_status status = call_result(c, result, describe(c->workspace));

    if (!status && c->scope.kind == CALL_SCOPE_ALL)
        status = put_rows(c, *result);
    return status;
}

static const call_column info_columns[] = {
    { "path", GB_N("file"), CALL_SHOW_PLAIN },
    { "schema", GB_N("schema version"), CALL_SHOW_ID },
    { "epsg", GB_N("projected system (EPSG)"), CALL_SHOW_ID },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
};
static const call_column row_columns[] = {
    { "rows.branches", GB_N("branches"), CALL_SHOW_PLAIN },
    { "rows.managers", GB_N("managers"), CALL_SHOW_PLAIN },
    { "rows.places", GB_N("places"), CALL_SHOW_PLAIN },
    { "rows.customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "rows.holdings", GB_N("holdings"), CALL_SHOW_PLAIN },
    { "rows.appointments", GB_N("appointments"), CALL_SHOW_PLAIN },
    { "rows.targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "rows.cells", GB_N("basic areas"), CALL_SHOW_PLAIN },
    { "rows.territories", GB_N("territories"), CALL_SHOW_PLAIN },
    { "rows.plans", GB_N("plans"), CALL_SHOW_PLAIN },
};
static const call_block info_blocks[] = {
    { CALL_COLUMNS(info_columns) },
    { .when = "rows", CALL_COLUMNS(row_columns) },
};

static gb_status check(call *c, json_t **result)
{
    const gb_status status = gb_workspace_verify(c->ctx, c->workspace);

    return status ? status
                  : call_result(c, result,
                                json_pack("{s:o, s:b}", "path",
                                          call_string(gb_workspace_path(
                                              c->workspace)),
                                          "sound", 1));
}

static const call_block check_blocks[] = {
    { .text = GB_N("{path} is sound") },
};

static gb_status backup(call *c, json_t **result)
{
    const char *out = call_text(c, "out");
    const gb_status status
        = gb_workspace_backup(c->ctx, c->workspace, out);

    return status ? status
                  : call_result(c, result, json_pack("{s:s}", "file", out));
}

static const call_param backup_params[] = {
    { .name = "out", .type = CALL_PATH, .is_positional = true,
      .is_required = true, .help = GB_N("the file to make") },
};
static const call_block backup_blocks[] = {
    { .text = GB_N("copied to {file}") },
};

static gb_status quality(call *c, json_t **result)
{
    const char *json = NULL;
    const gb_status status
        = gb_workspace_quality(c->ctx, c->workspace, &json);

    return status ? status : call_result_text(c, result, "findings", json);
}

static const call_column quality_columns[] = {
    { "code", GB_N("code"), CALL_SHOW_PLAIN },
    { "count", GB_N("count"), CALL_SHOW_PLAIN },
    { "of", GB_N("of"), CALL_SHOW_PLAIN },
    { "title", GB_N("finding"), CALL_SHOW_PLAIN },
    { "mend", GB_N("mend"), CALL_SHOW_PLAIN },
};
static const call_block quality_blocks[] = {
    { .rows = "findings", CALL_COLUMNS(quality_columns) },
};

/* Opening it for writing has done it. */
static gb_status migrate(call *c, json_t **result)
{
    return call_result(c, result,
                       json_pack("{s:I}", "schema",
                                 (json_int_t)gb_workspace_schema_version()));
}

static const call_block migrate_blocks[] = {
    { .text = GB_N("the workspace is of schema {schema:id}") },
};

static const call_method methods[] = {
    { .name = "init", .help = GB_N("Make a workspace"),
      CALL_PARAMS(init_params), CALL_BLOCKS(init_blocks), .run = init },
    { .name = "workspace.info", .help = GB_N("Show what a workspace holds"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(info_blocks),
      .run = info },
    { .name = "workspace.check",
      .help = GB_N("Check a workspace's file and all shapes in it"),
      .workspace = CALL_READS, CALL_BLOCKS(check_blocks), .run = check },
    { .name = "workspace.backup",
      .help = GB_N("Copy a workspace while others use it"),
      .workspace = CALL_READS, CALL_PARAMS(backup_params),
      CALL_BLOCKS(backup_blocks), .run = backup },
    { .name = "workspace.migrate",
      .help = GB_N("Bring a workspace of an earlier version to this one"),
      .workspace = CALL_WRITES, CALL_BLOCKS(migrate_blocks), .run = migrate },
    { .name = "quality", .help = GB_N("List what is doubtful in the data"),
      .workspace = CALL_READS, CALL_BLOCKS(quality_blocks), .run = quality },
};
const call_group call_workspace_group = CALL_GROUP(methods);
