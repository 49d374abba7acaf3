/*
 * call_about.c - the methods that tell of gridbeat itself.
 */
#include "call_groups.h"

static gb_status version(call *c, json_t **result)
{
    return call_result(c, result,
                       json_pack("{s:s, s:s, s:i}", "name", "gridbeat",
                                 "version", gb_version(), "call_version",
                                 GB_CALL_VERSION));
}

static const call_block version_blocks[] = {
    { .text = GB_N("gridbeat {version}") },
};

static const call_column methods_columns[] = {
    { "name", GB_N("method"), CALL_SHOW_PLAIN },
    { "help", GB_N("what it does"), CALL_SHOW_PLAIN },
};
static const call_block methods_blocks[] = {
    { .rows = "methods", CALL_COLUMNS(methods_columns) },
};

static const call_method methods[] = {
    { .name = "version", .help = GB_N("Show the version"),
      .is_scoped = true, CALL_BLOCKS(version_blocks), .run = version },
    { .name = "methods",
      .help = GB_N("Describe all methods, their parameters and results"),
      .is_scoped = true, CALL_BLOCKS(methods_blocks),
      .run = call_describe_all },
};
const call_group call_about_group = CALL_GROUP(methods);
