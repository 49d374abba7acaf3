/*
 * call_segment.c - methods on segments, grades and the selection of targets.
 *
 * The answers are the modules' own JSON (gridbeat/segment.h).
 */
#include "call_file.h"
#include "call_groups.h"

#include <stdio.h>
#include <string.h>

#include <gridbeat/segment.h>

/* Hand the answer over and free it; hands the status on. */
static gb_status finish(call *c, gb_status status, gb_segment_result *made,
                        json_t **result)
{
    if (!status)
        status = call_result_text(c, result, "rows",
                                  gb_segment_result_json(made));
    gb_segment_result_free(made);
    return status;
}

/* Only what the method has as a parameter may be asked for. */
static gb_segment_options options_of(const call *c)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;

    options.name = call_text(c, "segment");
    options.as_of = call_text(c, "as_of");
    options.scope = c->scope_text;
    return options;
}

static gb_status list(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    const gb_status status = gb_segment_list(c->ctx, c->workspace, &made);

    return finish(c, status, made, result);
}

static gb_status facts(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    const gb_status status = gb_segment_facts(c->ctx, &made);

    return finish(c, status, made, result);
}

static gb_status show(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    const gb_status status
        = gb_segment_show(c->ctx, c->workspace, call_text(c, "segment"),
                          (uint32_t)call_int(c, "revision"), &made);

    return finish(c, status, made, result);
}

static gb_status define(call *c, json_t **result)
{
    gb_segment_result *made = NULL;
    const char *rules = call_text(c, "rules");
    base_text text;
    gb_status status = GB_OK;

    base_text_init(&text, c->mem);
    if (call_has(c, "file") == call_has(c, "rules"))
        status = base_fail(c->ctx, GB_ERR_ARGUMENT,
                           "either \"%s\" or \"%s\" must be given", "file",
                           "rules");
    else if (!rules)
        status = call_file_read(c, call_text(c, "file"), &text);
    if (!status)
        status = gb_segment_define(c->ctx, c->workspace,
                                   rules        ? rules
                                   : text.chars ? text.chars
                                                : "",
                                   &made);
    base_text_clear(&text);
    return finish(c, status, made, result);
}

static gb_status preview(call *c, json_t **result)
{
    gb_segment_options options = options_of(c);
    gb_segment_result *made = NULL;
    gb_status status;

    options.where = call_text(c, "where");
    options.limit = (uint32_t)call_int(c, "limit");
    status = gb_segment_preview(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status run(call *c, json_t **result)
{
    gb_segment_options options = options_of(c);
    gb_segment_result *made = NULL;
    gb_status status;

    options.limit = (uint32_t)call_int(c, "limit");
    status = gb_segment_run(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status diff(call *c, json_t **result)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *made = NULL;
    gb_status status;

    options.name = call_text(c, "segment");
    options.scope = c->scope_text;
    options.limit = (uint32_t)call_int(c, "limit");
    status = gb_segment_diff(c->ctx, c->workspace, &options,
                             call_text(c, "from"), call_text(c, "to"), &made);
    return finish(c, status, made, result);
}

static gb_status grade(call *c, json_t **result)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *made = NULL;
    gb_status status;

    options.as_of = call_text(c, "as_of");
    options.grades = call_text(c, "grades");
    options.scope = c->scope_text;
    status = gb_segment_grade(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status select_targets(call *c, json_t **result)
{
    gb_segment_options options = options_of(c);
    gb_segment_result *made = NULL;
    gb_status status;

    options.grades = call_text(c, "grades");
    options.channels = call_text(c, "channels");
    options.must = call_text(c, "must");
    status = gb_segment_select(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status explain(call *c, json_t **result)
{
    gb_segment_options options = options_of(c);
    gb_segment_result *made = NULL;
    const gb_status status
        = gb_segment_reasons(c->ctx, c->workspace, &options,
                             call_text(c, "customer"), &made);

    return finish(c, status, made, result);
}

#define AS_OF_PARAM                                                           \
    { .name = "as_of", .type = CALL_DATE, .is_required = true,                \
      .help = GB_N("the day to judge by") }
#define LIMIT_PARAM                                                           \
    { .name = "limit", .type = CALL_INT, .min = 0, .max = 1000000,            \
      .fallback = "0", .help = GB_N("list so many customers at most") }
#define GRADES_PARAM                                                          \
    { .name = "grades", .type = CALL_TEXT, .fallback = "abc",                 \
      .help = GB_N("the rules that give grades") }

static const call_param show_params[] = {
    { .name = "segment", .type = CALL_TEXT, .is_positional = true,
      .is_required = true, .help = GB_N("the name of a set of rules") },
    { .name = "revision", .type = CALL_INT, .min = 0, .max = UINT32_MAX,
      .help = GB_N("an older version; else the one in force") },
};
static const call_param define_params[] = {
    { .name = "file", .type = CALL_PATH, .is_positional = true,
      .help = GB_N("a file of JSON rules") },
    { .name = "rules", .type = CALL_TEXT,
      .help = GB_N("the JSON rules themselves") },
};
static const call_param preview_params[] = {
    { .name = "segment", .type = CALL_TEXT, .is_positional = true,
      .help = GB_N("the name of a segment") },
    AS_OF_PARAM,
    { .name = "where", .type = CALL_TEXT,
      .help = GB_N("one more clause, as SQL over customer_facts") },
    LIMIT_PARAM,
};
static const call_param run_params[] = {
    { .name = "segment", .type = CALL_TEXT, .is_positional = true,
      .is_required = true, .help = GB_N("the name of a segment") },
    AS_OF_PARAM,
    LIMIT_PARAM,
};
static const call_param diff_params[] = {
    { .name = "segment", .type = CALL_TEXT, .is_positional = true,
      .is_required = true, .help = GB_N("the name of a segment") },
    { .name = "from", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the earlier day") },
    { .name = "to", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the later day") },
    LIMIT_PARAM,
};
static const call_param grade_params[] = { AS_OF_PARAM, GRADES_PARAM };
static const call_param select_params[] = {
    { .name = "segment", .type = CALL_TEXT, .is_positional = true,
      .fallback = "dormant_6m", .help = GB_N("the name of a segment") },
    AS_OF_PARAM,
    GRADES_PARAM,
    { .name = "channels", .type = CALL_TEXT, .fallback = "channels",
      .help = GB_N("the rules that choose channels") },
    { .name = "must", .type = CALL_TEXT, .fallback = "must",
      .help = GB_N("the rules that say who must be visited") },
};
static const call_param explain_params[] = {
    { .name = "customer", .type = CALL_TEXT, .is_positional = true,
      .is_required = true, .help = GB_N("the reference of a customer") },
    { .name = "segment", .type = CALL_TEXT, .fallback = "dormant_6m",
      .help = GB_N("the name of a set of rules") },
    AS_OF_PARAM,
};

static const call_column list_columns[] = {
    { "name", GB_N("name"), CALL_SHOW_PLAIN },
    { "kind", GB_N("kind"), CALL_SHOW_PLAIN },
    { "version", GB_N("version"), CALL_SHOW_ID },
    { "clauses", GB_N("clauses"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("title"), CALL_SHOW_PLAIN },
    { "runs", GB_N("run for"), CALL_SHOW_PLAIN },
};
static const call_block list_blocks[] = {
    { .rows = "rules", CALL_COLUMNS(list_columns) },
};
static const call_column fact_columns[] = {
    { "name", GB_N("name"), CALL_SHOW_PLAIN },
    { "type", GB_N("type"), CALL_SHOW_PLAIN },
    { "unit", GB_N("unit"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_column function_columns[] = {
    { "usage", GB_N("function"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_block facts_blocks[] = {
    { .text = GB_N("Columns of customer_facts:"), .rows = "columns",
      CALL_COLUMNS(fact_columns) },
    { .text = GB_N("Functions:"), .rows = "functions",
      CALL_COLUMNS(function_columns) },
};
static const call_column rule_columns[] = {
    { "name", GB_N("clause"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
    { "sql", GB_N("expression"), CALL_SHOW_PLAIN },
};
static const call_block show_blocks[] = {
    { .text = GB_N("{name} ({kind}), version {version}"),
      .rows = "rules.clauses", CALL_COLUMNS(rule_columns) },
};
static const call_block define_blocks[] = {
    { .text = GB_N("{name} is now at version {version}") },
};
static const call_column waterfall_columns[] = {
    { "name", GB_N("clause"), CALL_SHOW_PLAIN },
    { "kept", GB_N("kept"), CALL_SHOW_PLAIN },
    { "dropped", GB_N("dropped here"), CALL_SHOW_PLAIN },
    { "unknown", GB_N("unknown"), CALL_SHOW_PLAIN },
    { "alone", GB_N("by itself"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_block preview_blocks[] = {
    { .text = GB_N("{customers} customers, {members} kept, {unknown} unknown"),
      .rows = "clauses", CALL_COLUMNS(waterfall_columns) },
    { .when = "listed", .text = GB_N("customers: {listed}") },
};
static const call_column branch_columns[] = {
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "members", GB_N("customers"), CALL_SHOW_PLAIN },
    { "balance_fen", GB_N("balance, yuan"), CALL_SHOW_FEN },
};
static const call_block run_blocks[] = {
    { .text = GB_N("{customers} customers, {members} kept, {unknown} unknown"),
      .rows = "clauses", CALL_COLUMNS(waterfall_columns) },
    { .text = GB_N("{entered} entered, {left} left") },
    { .rows = "by_branch", CALL_COLUMNS(branch_columns) },
    { .when = "listed", .text = GB_N("customers: {listed}") },
};
static const call_block diff_blocks[] = {
    { .text = GB_N("{name}, {from} to {to}: {entered} entered, {left} left, "
                   "{stayed} stayed") },
    { .when = "entered_refs", .text = GB_N("entered: {entered_refs}") },
    { .when = "left_refs", .text = GB_N("left: {left_refs}") },
};
static const call_column grade_columns[] = {
    { "grade", GB_N("grade"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
};
static const call_column grade_rule_columns[] = {
    { "grade", GB_N("grade"), CALL_SHOW_PLAIN },
    { "name", GB_N("clause"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_block grade_blocks[] = {
    { .rows = "grades", CALL_COLUMNS(grade_columns) },
    { .rows = "clauses", CALL_COLUMNS(grade_rule_columns) },
};
static const call_block select_blocks[] = {
    { .text = GB_N("{customers} customers, {members} kept, {unknown} unknown"),
      .rows = "clauses", CALL_COLUMNS(waterfall_columns) },
    { .text = GB_N("{targets} targets for {as_of}") },
};
static const call_column explain_columns[] = {
    { "name", GB_N("clause"), CALL_SHOW_PLAIN },
    { "holds", GB_N("holds"), CALL_SHOW_PLAIN },
    { "sql", GB_N("expression"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_block explain_blocks[] = {
    { .text = GB_N("{customer} and {name}, {as_of}:"), .rows = "clauses",
      CALL_COLUMNS(explain_columns) },
    { .text = GB_N("with {facts}") },
};

static const call_method methods[] = {
    { .name = "segment.list", .help = GB_N("List segments and other rules"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(list_blocks),
      .run = list },
    { .name = "segment.facts",
      .help = GB_N("List what the clauses of rules may use"),
      .is_scoped = true, CALL_BLOCKS(facts_blocks), .run = facts },
    { .name = "segment.show", .help = GB_N("Show a set of rules"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(show_params),
      CALL_BLOCKS(show_blocks), .run = show },
    { .name = "segment.define", .help = GB_N("Store a set of rules"),
      .workspace = CALL_WRITES, CALL_PARAMS(define_params),
      CALL_BLOCKS(define_blocks), .run = define },
    { .name = "segment.preview",
      .help = GB_N("Count how many customers each clause keeps"),
      .workspace = CALL_READS, .is_scoped = true,
      CALL_PARAMS(preview_params), CALL_BLOCKS(preview_blocks),
      .run = preview },
    { .name = "segment.run", .help = GB_N("Store the members of a segment"),
      .workspace = CALL_WRITES, CALL_PARAMS(run_params),
      CALL_BLOCKS(run_blocks), .run = run },
    { .name = "segment.diff",
      .help = GB_N("Compare the members of a segment on two days"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(diff_params),
      CALL_BLOCKS(diff_blocks), .run = diff },
    { .name = "segment.grade", .help = GB_N("Give every customer a grade"),
      .workspace = CALL_WRITES, CALL_PARAMS(grade_params),
      CALL_BLOCKS(grade_blocks), .run = grade },
    { .name = "segment.select", .help = GB_N("Make the targets of a day"),
      .workspace = CALL_WRITES, CALL_PARAMS(select_params),
      CALL_BLOCKS(select_blocks), .run = select_targets },
    { .name = "segment.explain",
      .help = GB_N("Show which clauses hold for a customer"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(explain_params),
      CALL_BLOCKS(explain_blocks), .run = explain },
};
const call_group call_segment_group = CALL_GROUP(methods);
