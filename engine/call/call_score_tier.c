/*
 * call_score_tier.c - tiers of customers, and what moved between two dates.
 */
#include "call_file.h"
#include "call_groups.h"

#include <gridbeat/plan.h>

static gb_status finish(call *c, gb_status status, gb_plan_result *made,
                        json_t **result)
{
    if (!status)
        status = call_result_text(c, result, "result",
                                  gb_plan_result_json(made));
    gb_plan_result_free(made);
    return status;
}

/* Only what the method has as a parameter may be asked for. */
static gb_plan_tier_options options_of(const call *c)
{
    gb_plan_tier_options options = GB_PLAN_TIER_OPTIONS_INIT;

    options.name = call_text(c, "name");
    options.date = call_text(c, "date");
    options.scope = c->scope_text;
    return options;
}

static gb_status tier(call *c, json_t **result)
{
    gb_plan_tier_options options = options_of(c);
    gb_plan_result *made = NULL;
    gb_status status;

    options.by = call_text(c, "by");
    options.tiers = call_text(c, "tiers");
    options.rules = call_text(c, "rules");
    options.where = call_text(c, "where");
    options.keep = call_real(c, "keep");
    options.scope = NULL;
    status = gb_plan_tiers(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status drift(call *c, json_t **result)
{
    gb_plan_tier_options options = options_of(c);
    gb_plan_result *made = NULL;
    gb_status status;

    options.since = call_text(c, "since");
    options.limit = (uint32_t)call_int(c, "limit");
    status = gb_plan_tier_drift(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status show(call *c, json_t **result)
{
    gb_plan_tier_options options = options_of(c);
    gb_plan_result *made = NULL;
    gb_status status;

    options.tier = call_text(c, "tier");
    options.limit = (uint32_t)call_int(c, "limit");
    status = gb_plan_tier_show(c->ctx, c->workspace, &options, &made);
    return finish(c, status, made, result);
}

static gb_status list(call *c, json_t **result)
{
    gb_plan_result *made = NULL;
    const gb_status status
        = gb_plan_tier_list(c->ctx, c->workspace, &made);

    return finish(c, status, made, result);
}

#define NAME                                                                  \
    { .name = "name", .type = CALL_TEXT, .is_positional = true,               \
      .fallback = "score",                                                    \
      .help = GB_N("the name of the tiers; every night gives those of "       \
                   "\"score\"") }
#define DATE                                                                  \
    { .name = "date", .type = CALL_DATE, .is_required = true,                 \
      .help = GB_N("the day to judge by") }
#define LIMIT                                                                 \
    { .name = "limit", .type = CALL_INT, .min = 0, .max = 1000000,            \
      .fallback = "20", .help = GB_N("list so many customers at most") }

static const call_param tier_params[] = {
    NAME, DATE,
    { .name = "by", .type = CALL_TEXT,
      .help = GB_N("\"score\": points of the targets; or a number over "
                   "customer_facts, as peak_24m_fen") },
    { .name = "tiers", .type = CALL_TEXT,
      .help = GB_N("by shares: A=20%,B=30%,C; by thresholds: A>=500,B>=200,C") },
    { .name = "rules", .type = CALL_TEXT,
      .help = GB_N("instead of a number: rules that give grades, as abc") },
    { .name = "where", .type = CALL_TEXT,
      .help = GB_N("whom to look at, as SQL over customer_facts; else all") },
    { .name = "keep", .type = CALL_RATIO,
      .help = GB_N("who crosses a border by no more than this stays: of all "
                   "customers, or of the threshold") },
};
static const call_param drift_params[] = {
    NAME,
    { .name = "since", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the earlier day") },
    { .name = "date", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the later day") },
    LIMIT,
};
static const call_param show_params[] = {
    NAME, DATE,
    { .name = "tier", .type = CALL_TEXT, .help = GB_N("this tier alone") },
    LIMIT,
};

static const call_column tier_columns[] = {
    { "tier", GB_N("tier"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "kept", GB_N("kept, as they are near"), CALL_SHOW_PLAIN },
    { "at_least", GB_N("begins at"), CALL_SHOW_PLAIN },
    { "highest", GB_N("highest"), CALL_SHOW_PLAIN },
    { "lowest", GB_N("lowest"), CALL_SHOW_PLAIN },
    { "mean", GB_N("mean"), CALL_SHOW_PLAIN },
};
static const call_column clause_columns[] = {
    { "tier", GB_N("tier"), CALL_SHOW_PLAIN },
    { "name", GB_N("clause"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "title_LANG", GB_N("meaning"), CALL_SHOW_PLAIN },
};
static const call_block tier_blocks[] = {
    { .text = GB_N("{customers} customers looked at, {none} in no tier"),
      .rows = "tiers", CALL_COLUMNS(tier_columns) },
    { .when = "clauses", .rows = "clauses", CALL_COLUMNS(clause_columns) },
    { .when = "since",
      .text = GB_N("since {since}: {entered} entered, {left} left, {stayed} "
                   "stayed, {up} went up, {down} went down") },
};
static const call_column move_columns[] = {
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to"), CALL_SHOW_PLAIN },
    { "kind_words", GB_N("what"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
};
static const call_column mover_columns[] = {
    { "customer", GB_N("customer"), CALL_SHOW_ID },
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "tier", GB_N("to"), CALL_SHOW_PLAIN },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_block drift_blocks[] = {
    { .text = GB_N("{name}, {from} to {to}: {entered} entered, {left} left, "
                   "{stayed} stayed, {up} went up, {down} went down"),
      .rows = "moves", CALL_COLUMNS(move_columns) },
    { .when = "psi", .text = GB_N("stability of the shares: {psi} (below 0.1 "
                                  "quiet, above 0.25 loud)") },
    { .when = "otherwise",
      .text = GB_N("{otherwise} went from tiers that are no more") },
    { .when = "redefined",
      .text = GB_N("the tiers were defined otherwise in between, so moves may "
                   "be no change of the customer") },
    { .when = "movers", .rows = "movers", CALL_COLUMNS(mover_columns) },
};
static const call_column count_columns[] = {
    { "tier", GB_N("tier"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "at_least", GB_N("begins at"), CALL_SHOW_PLAIN },
};
static const call_column member_columns[] = {
    { "customer", GB_N("customer"), CALL_SHOW_ID },
    { "tier", GB_N("tier"), CALL_SHOW_PLAIN },
    { "since", GB_N("since"), CALL_SHOW_PLAIN },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_block show_blocks[] = {
    { .rows = "tiers", CALL_COLUMNS(count_columns) },
    { .when = "members", .rows = "members", CALL_COLUMNS(member_columns) },
};
static const call_column list_columns[] = {
    { "name", GB_N("name"), CALL_SHOW_PLAIN },
    { "runs", GB_N("runs"), CALL_SHOW_PLAIN },
    { "first", GB_N("first"), CALL_SHOW_PLAIN },
    { "last", GB_N("last"), CALL_SHOW_PLAIN },
    { "definition.by", GB_N("by"), CALL_SHOW_PLAIN },
    { "definition.tiers", GB_N("tiers"), CALL_SHOW_PLAIN },
    { "definition.rules", GB_N("rules"), CALL_SHOW_PLAIN },
};
static const call_block list_blocks[] = {
    { .rows = "tierings", CALL_COLUMNS(list_columns) },
};

static const call_method methods[] = {
    { .name = "score.tier",
      .help = GB_N("Part customers into tiers, and keep them by date"),
      .workspace = CALL_WRITES, CALL_PARAMS(tier_params),
      CALL_BLOCKS(tier_blocks), .run = tier },
    { .name = "score.tier.drift",
      .help = GB_N("Say who went up, down, in and out between two days"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(drift_params),
      CALL_BLOCKS(drift_blocks), .run = drift },
    { .name = "score.tier.show",
      .help = GB_N("Show who is in which tier, and why"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(show_params),
      CALL_BLOCKS(show_blocks), .run = show },
    { .name = "score.tier.list", .help = GB_N("List the tiers that are kept"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(list_blocks),
      .run = list },
};
const call_group call_score_tier_group = CALL_GROUP(methods);
