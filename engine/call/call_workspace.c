/*
 * call_workspace.c - methods on the workspace file itself.
 */
#include "call_groups.h"

#include <sys/stat.h>

static json_t *describe(const gb_workspace *workspace)
{
    const char *path = gb_workspace_path(workspace);
    const int32_t epsg = gb_workspace_epsg(workspace);
    struct stat info;

    return json_pack("{s:s, s:i, s:o, s:I}", "path", path, "schema",
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

static gb_status info(call *c, json_t **result)
{
    return call_result(c, result, describe(c->workspace));
}

static const call_column info_columns[] = {
    { "path", GB_N("file"), CALL_SHOW_PLAIN },
    { "schema", GB_N("schema version"), CALL_SHOW_ID },
    { "epsg", GB_N("projected system (EPSG)"), CALL_SHOW_ID },
    { "bytes", GB_N("size"), CALL_SHOW_BYTES },
};
static const call_block info_blocks[] = {
    { CALL_COLUMNS(info_columns) },
};

static const call_method methods[] = {
    { .name = "init", .help = GB_N("Make a workspace"),
      CALL_PARAMS(init_params), CALL_BLOCKS(init_blocks), .run = init },
    { .name = "workspace.info", .help = GB_N("Tell about a workspace"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(info_blocks),
      .run = info },
};
const call_group call_workspace_group = CALL_GROUP(methods);
