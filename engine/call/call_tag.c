/*
 * call_tag.c - the dictionary of tags: defined, listed, held against what
 * customers and rules say.
 */
#include "call_file.h"
#include "call_groups.h"

#include <stdlib.h>
#include <string.h>

#include <gridbeat/tag.h>

enum { CODE_FOUND = 1 };

static gb_status finish(call *c, gb_status status, gb_segment_result *made,
                        json_t **result)
{
    if (!status)
        status = call_result_text(c, result, "tags",
                                  gb_segment_result_json(made));
    gb_segment_result_free(made);
    return status;
}

/* One tag out of the parameters, as JSON text; base_free() it. */
static gb_status one_tag(call *c, char **out)
{
    const char *values = call_text(c, "values");
    json_t *list = values ? json_array() : NULL;
    json_t *tag;
    char *text;

    while (values && *values) {
        const size_t n = strcspn(values, ";");

        json_array_append_new(list, json_stringn(values, n));
        values += n + (values[n] == ';');
    }
    tag = json_pack("{s:s, s:s*, s:s*, s:o*}", "tag", call_text(c, "tag"),
                    "title_zh", call_text(c, "title_zh"), "title_en",
                    call_text(c, "title_en"), "values", list);
    text = tag ? json_dumps(tag, 0) : NULL;
    *out = text ? base_strdup(c->mem, text) : NULL;
    free(text);
    json_decref(tag);
    return *out ? GB_OK : base_fail_nomem(c->ctx);
}

static gb_status define(call *c, json_t **result)
{
    const int n_given = call_has(c, "tag") + call_has(c, "file")
                        + call_flag(c, "sample");
    gb_segment_result *made = NULL;
    base_text file;
    char *one = NULL;
    gb_status status = GB_OK;

    base_text_init(&file, c->mem);
    if (n_given != 1)
        status = base_fail(c->ctx, GB_ERR_ARGUMENT,
                           "one of a tag, \"file\" and \"sample\" must be "
                           "given");
    else if (call_has(c, "tag"))
        status = one_tag(c, &one);
    else if (call_has(c, "file"))
        status = call_file_read(c, call_text(c, "file"), &file);
    if (!status)
        status = gb_tag_define(c->ctx, c->workspace,
                               one                   ? one
                               : call_has(c, "file") ? file.chars ? file.chars
                                                                  : ""
                                                     : gb_tag_sample(),
                               &made);
    base_free(c->mem, one);
    base_text_clear(&file);
    return finish(c, status, made, result);
}

static gb_status list(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    const gb_status status = gb_tag_list(c->ctx, c->workspace, c->scope_text,
                                         call_text(c, "tag"), &made);
    const gb_status all = finish(c, status, made, result);

    if (!all && call_has(c, "tag")) {
        json_t *tags = json_object_get(*result, "tags");

        json_object_set(*result, "values",
                        json_object_get(json_array_get(tags, 0), "by_value"));
    }
    return all;
}

static gb_status check(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    gb_status status
        = gb_tag_check(c->ctx, c->workspace, c->scope_text, &made);
    const int64_t n = status ? 0 : gb_segment_result_kept(made);

    status = finish(c, status, made, result);
    if (!status && !call_put(*result, "n_findings", json_integer(n)))
        status = base_fail_nomem(c->ctx);
    c->code = n > 0 ? CODE_FOUND : 0;
    return status;
}

static const call_param define_params[] = {
    { .name = "tag", .type = CALL_TEXT, .is_positional = true,
      .help = GB_N("the name of a tag, new or not") },
    { .name = "values", .type = CALL_TEXT,
      .help = GB_N("the values that are allowed, with ; between; \"\": none") },
    { .name = "title_zh", .type = CALL_TEXT,
      .help = GB_N("what it is called in Chinese") },
    { .name = "title_en", .type = CALL_TEXT,
      .help = GB_N("what it is called in English") },
    { .name = "file", .type = CALL_PATH,
      .help = GB_N("a dictionary in JSON instead") },
    { .name = "sample", .type = CALL_BOOL,
      .help = GB_N("the dictionary that ships instead") },
};
static const call_param list_params[] = {
    { .name = "tag", .type = CALL_TEXT, .is_positional = true,
      .help = GB_N("this tag alone, with the customers of each value") },
};

static const call_block define_blocks[] = {
    { .text = GB_N("{new} new, {changed} changed, {unchanged} as they were") },
};
static const call_column tag_columns[] = {
    { "tag", GB_N("tag"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("title"), CALL_SHOW_PLAIN },
    { "values", GB_N("allowed values"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
};
static const call_column value_columns[] = {
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
};
static const call_block list_blocks[] = {
    { .rows = "tags", CALL_COLUMNS(tag_columns) },
    { .when = "values", .rows = "values", CALL_COLUMNS(value_columns) },
};
static const call_column finding_columns[] = {
    { "text", GB_N("what"), CALL_SHOW_PLAIN },
    { "tag", GB_N("tag"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "nearest", GB_N("nearest, or where"), CALL_SHOW_PLAIN },
};
static const call_block check_blocks[] = {
    { .text = GB_N("{n_findings} findings") },
    { .when = "findings", .rows = "findings", CALL_COLUMNS(finding_columns) },
};

static const call_method methods[] = {
    { .name = "tag.define",
      .help = GB_N("Define a tag, or all of a dictionary"),
      .workspace = CALL_WRITES, CALL_PARAMS(define_params),
      CALL_BLOCKS(define_blocks), .run = define },
    { .name = "tag.list", .help = GB_N("List the tags and who has them"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(list_params),
      CALL_BLOCKS(list_blocks), .run = list },
    { .name = "tag.check",
      .help = GB_N("Hold the tags of customers and rules to the dictionary"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(check_blocks),
      .run = check },
};
const call_group call_tag_group = CALL_GROUP(methods);
