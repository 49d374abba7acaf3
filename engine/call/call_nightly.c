/*
 * call_nightly.c - one night, and its steps one by one.
 */
#include "call_file.h"
#include "call_groups.h"
#include "call_pages.h"
#include "call_steps.h"

#include <gridbeat/score.h>
#include <stdio.h>
#include <string.h>

enum { CODE_MUST_MISSED = 5 };

typedef gb_status (*road_step_fn)(gb_context *ctx, gb_workspace *workspace,
                                  const gb_roads *roads,
                                  const gb_plan_options *options,
                                  gb_plan_result **out);

static gb_status finish(call *c, gb_status status, gb_plan_result *made,
                        json_t **result)
{
    if (!status)
        status = call_result_text(c, result, "result",
                                  gb_plan_result_json(made));
    if (!status && gb_plan_result_musts_missed(made) > 0)
        c->code = CODE_MUST_MISSED;
    gb_plan_result_free(made);
    return status;
}

static gb_status run_step(call *c, road_step_fn step, json_t **result)
{
    const gb_plan_options options = call_plan_options(c);
    gb_plan_result *made = NULL;
    const gb_roads *roads = NULL;
    gb_status status = call_step_roads(c, &roads);

    if (!status)
        status = step(c->ctx, c->workspace, roads, &options, &made);
    return finish(c, status, made, result);
}

static gb_status score_run(call *c, json_t **result)
{
    gb_plan_options options = call_plan_options(c);
    gb_plan_result *made = NULL;
    char *card = NULL;
    gb_status status = call_file_text(c, "card", &card);

    options.card = card;
    if (!status)
        status = gb_plan_score(c->ctx, c->workspace, &options, &made);
    base_free(c->mem, card);
    return finish(c, status, made, result);
}

static gb_status cells_build(call *c, json_t **result)
{
    return run_step(c, gb_plan_cells, result);
}

/* ---- territories ---- */

/* A weight of 0 that was given means none; one not given, the default. */
static double weight_of(const call *c, const char *name)
{
    if (!call_has(c, name))
        return 0;
    return call_real(c, name) > 0 ? call_real(c, name) : -1;
}

/* What territory.build and territory.rebuild have in common. */
static gb_plan_options territory_options(const call *c)
{
    gb_plan_options options = call_plan_options(c);

    options.grid_iterations = c->max_iterations;
    options.measures = call_text(c, "measure");
    options.left = call_text(c, "left");
    options.borders = call_text(c, "borders");
    options.barrier_weight = weight_of(c, "barrier_weight");
    options.travel_weight = weight_of(c, "travel_weight");
    options.familiarity_weight = weight_of(c, "familiarity_weight");
    return options;
}

static gb_status run_territory(call *c, road_step_fn step,
                               const gb_plan_options *options,
                               json_t **result)
{
    gb_plan_result *made = NULL;
    const gb_roads *roads = NULL;
    gb_status status = call_step_roads(c, &roads);

    if (!status)
        status = step(c->ctx, c->workspace, roads, options, &made);
    return finish(c, status, made, result);
}

static gb_status territory_build(call *c, json_t **result)
{
    gb_plan_options options = territory_options(c);

    options.branch = call_text(c, "branch");
    options.grids_per_manager = (uint32_t)call_int(c, "grids_per_manager");
    options.grids_per_branch = (uint32_t)call_int(c, "grids_per_branch");
    options.stay_price = weight_of(c, "stay_price");
    options.pull = weight_of(c, "pull");
    return run_territory(c, gb_plan_territories, &options, result);
}

/* "active", or the number of a version. */
static gb_status version_of(call *c, int64_t *out)
{
    const char *text = call_text(c, "from");

    *out = 0;
    if (strcmp(text, "active") == 0
        || (base_parse_int(text, out) && *out > 0))
        return GB_OK;
    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "\"%s\" is neither \"active\" nor the number of a "
                     "version",
                     text);
}

static gb_status territory_rebuild(call *c, json_t **result)
{
    gb_plan_options options = territory_options(c);
    const gb_status status = version_of(c, &options.from_version);

    if (status)
        return status;
    options.max_moved = call_real(c, "max_moved");
    return run_territory(c, gb_plan_rebuild, &options, result);
}

static gb_status plan_run(call *c, json_t **result)
{
    return run_step(c, gb_plan_day, result);
}

static gb_status nightly_run(call *c, json_t **result)
{
    gb_plan_options options = call_plan_options(c);
    gb_plan_result *made = NULL;
    const gb_roads *roads = NULL;
    char *card = NULL;
    gb_status status = call_step_roads(c, &roads);

    if (!status)
        status = call_file_text(c, "card", &card);
    options.card = card;
    if (!status)
        status = gb_plan_night(c->ctx, c->workspace, roads, &options, &made);
    status = finish(c, status, made, result);
    if (!status && call_flag(c, "report"))
        status = call_pages_write(c, roads, *result);
    if (status) {
        json_decref(*result);
        *result = NULL;
    }
    base_free(c->mem, card);
    return status;
}

/* ---- the table ---- */

#define DATE                                                                  \
    { .name = "date", .type = CALL_DATE, .is_required = true,                 \
      .help = GB_N("the day to plan, also the day as of which customers are " \
                   "looked at") }
#define ROADS                                                                 \
    { .name = "roads", .type = CALL_PATH,                                     \
      .help = GB_N("the road index; else the one beside the workspace") }
#define DAYS                                                                  \
    { .name = "days", .type = CALL_INT, .min = 1, .max = 20,                  \
      .fallback = "10",                                                       \
      .help = GB_N("working days that routes are planned for at once") }
#define CARD                                                                  \
    { .name = "card", .type = CALL_PATH,                                      \
      .help = GB_N("a score card in JSON; else the one that ships") }
#define PRESENCE                                                              \
    { .name = "presence", .type = CALL_ENUM, .choices = "learnt|card",        \
      .fallback = "learnt",                                                   \
      .help = GB_N("when customers are met: as their visits taught, or as "   \
                   "the card has it") }
#define TOLERANCE                                                             \
    { .name = "tolerance", .type = CALL_RATIO, .fallback = "10%",             \
      .help = GB_N("of expected work between the territories of a branch") }

#define HELD_OUT                                                              \
    { .name = "held_out", .type = CALL_RATIO,                                 \
      .help = GB_N("of those free for a visit, the share left alone at "      \
                   "random, to measure what visits bring; at most half; 0: "  \
                   "nobody; kept for the nights to come; 0.05 at first") }
#define ACTIVATION_DAYS                                                       \
    { .name = "activation_days", .type = CALL_INT, .min = 1, .max = 366,      \
      .help = GB_N("a visit counts when a transaction comes within so many "  \
                   "days; kept for the nights to come; else as it was last "  \
                   "told, 30 at first") }

static const call_param night_params[] = {
    DATE,
    { .name = "segment", .type = CALL_TEXT, .fallback = "dormant_6m",
      .help = GB_N("whom to look at") },
    { .name = "grades", .type = CALL_TEXT, .fallback = "abc",
      .help = GB_N("the rules that give grades") },
    CARD, TOLERANCE, ROADS, DAYS, PRESENCE, HELD_OUT, ACTIVATION_DAYS,
    { .name = "rebuild", .type = CALL_BOOL,
      .help = GB_N("new basic areas and territories, whatever there is") },
    { .name = "report", .type = CALL_BOOL, .fallback = "true",
      .help = GB_N("write map pages and route sheets") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the folder for pages; else bank.out/DATE for bank.gb") },
};
static const call_column night_columns[] = {
    { "date", GB_N("date"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "states.planned", GB_N("  planned"), CALL_SHOW_PLAIN },
    { "states.other_channel", GB_N("  another channel"), CALL_SHOW_PLAIN },
    { "states.deferred", GB_N("  deferred"), CALL_SHOW_PLAIN },
    { "states.crowded_out", GB_N("  no room that day"), CALL_SHOW_PLAIN },
    { "states.impossible", GB_N("  impossible"), CALL_SHOW_PLAIN },
    { "states.set_aside", GB_N("  set aside for now"), CALL_SHOW_PLAIN },
    { "held_out", GB_N("    of them held out at random"), CALL_SHOW_PLAIN },
    { "steps.select.watch.early_sleep",
      GB_N("falling asleep, three to six months"), CALL_SHOW_PLAIN },
    { "steps.select.watch.falling",
      GB_N("losing money, less than half of the peak"), CALL_SHOW_PLAIN },
    { "managers_at_work", GB_N("managers at work"), CALL_SHOW_PLAIN },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "musts_missed", GB_N("musts missed"), CALL_SHOW_PLAIN },
    { "value", GB_N("value, points"), CALL_SHOW_PLAIN },
    { "value_per_h", GB_N("value an hour in the field"), CALL_SHOW_PLAIN },
    { "by_balance.value_per_h", GB_N("  a list by balance would bring"),
      CALL_SHOW_PLAIN },
    { "expected_met", GB_N("expected to be met"), CALL_SHOW_PLAIN },
    { "by_balance.expected_met", GB_N("  by a list by balance"),
      CALL_SHOW_PLAIN },
    { "travel_share", GB_N("share of field time on the way"),
      CALL_SHOW_RATIO },
    { "same_stops.travel_s", GB_N("on the way"), CALL_SHOW_S },
    { "same_stops.nearest_travel_s", GB_N("  by nearest neighbour"),
      CALL_SHOW_S },
};
static const call_block night_blocks[] = {
    { CALL_COLUMNS(night_columns) },
    { .when = "timing", .text = GB_N("took {timing.total_s:seconds}, at most "
                                     "{timing.peak_memory_mb} MB") },
    { .when = "folder", .text = GB_N("pages and route sheets: {folder}") },
};

static const call_param score_params[] = {
    DATE, CARD,
    { .name = "radius_m", .type = CALL_REAL, .unit = "m", .fallback = "500",
      .help = GB_N("kernel radius of the density") },
};
static const call_block score_blocks[] = {
    { .text = GB_N("{targets} targets scored, {points} points in all, at most "
                   "{highest}") },
    { .when = "density", .text = GB_N("density: {density.kernel} kernel of "
                                      "{density.radius_m} m, at most "
                                      "{density.highest_per_km2} a km2") },
};

static const call_param cells_params[] = {
    DATE, TOLERANCE, ROADS,
    { .name = "rebuild", .type = CALL_BOOL,
      .help = GB_N("new ones, also where there are some") },
};
static const call_column repair_columns[] = {
    { "kind", GB_N("mended"), CALL_SHOW_PLAIN },
    { "a", GB_N("polygon"), CALL_SHOW_PLAIN },
    { "b", GB_N("and"), CALL_SHOW_PLAIN },
    { "owner", GB_N("goes to"), CALL_SHOW_PLAIN },
    { "area_m2", GB_N("m2"), CALL_SHOW_PLAIN },
    { "at", GB_N("at"), CALL_SHOW_PLAIN },
};
static const call_block cells_blocks[] = {
    { .text = GB_N("{cells} basic areas, {customers} customers in them") },
    { .when = "figures",
      .text = GB_N("{figures.smallest_m2} to {figures.largest_m2} m2, in the "
                   "middle {figures.median_m2}; {figures.slivers} slivers, "
                   "{figures.with_holes} round others, "
                   "{figures.cells_per_manager} a manager") },
    { .when = "repairs", .rows = "repairs", CALL_COLUMNS(repair_columns) },
};

#define LEFT                                                                  \
    { .name = "left", .type = CALL_TEXT,                                      \
      .help = GB_N("managers who own none any more, with commas") }
#define MEASURE                                                               \
    { .name = "measure", .type = CALL_TEXT,                                   \
      .help = GB_N("what is shared out, each within its tolerance: "          \
                   "workload=10%,targets=15%; out of workload, targets, "     \
                   "value, customers") }
#define BORDERS                                                               \
    { .name = "borders", .type = CALL_TEXT,                                   \
      .help = GB_N("imported areas, with commas, or \"all\": better not "     \
                   "across their borders") }
#define WEIGHTS                                                               \
    { .name = "barrier_weight", .type = CALL_REAL,                            \
      .help = GB_N("of rivers, main roads and borders within a territory; "   \
                   "0.1") },                                                  \
    { .name = "travel_weight", .type = CALL_REAL,                             \
      .help = GB_N("of the way from the branch; 0.5") },                      \
    { .name = "familiarity_weight", .type = CALL_REAL,                        \
      .help = GB_N("of customers who keep their manager; 0.5") }

static const call_param territory_params[] = {
    DATE, TOLERANCE, ROADS, MEASURE,
    { .name = "branch", .type = CALL_TEXT,
      .help = GB_N("divide this branch alone; the others keep theirs") },
    { .name = "grids_per_manager", .type = CALL_INT, .min = 1, .max = 100,
      .help = GB_N("territories of each manager; 1") },
    { .name = "grids_per_branch", .type = CALL_INT, .min = 1, .max = 1000,
      .help = GB_N("territories of each branch, dealt out to its managers by "
                   "hours, way and familiarity") },
    LEFT, BORDERS,
    { .name = "pull", .type = CALL_RATIO,
      .help = GB_N("which branch has which cell: from 0, by travel time, to "
                   "1, by its managers' hours; 1") },
    WEIGHTS,
    { .name = "stay_price", .type = CALL_REAL,
      .help = GB_N("of cells that change hands; 5") },
    { .name = "rebuild", .type = CALL_BOOL,
      .help = GB_N("afresh, not from those in force") },
};
static const call_param rebuild_params[] = {
    DATE, TOLERANCE, ROADS, MEASURE,
    { .name = "from", .type = CALL_TEXT, .fallback = "active",
      .help = GB_N("the version to start from; \"active\": that in force") },
    { .name = "max_moved", .type = CALL_RATIO,
      .help = GB_N("the share of cells that may change hands, besides those "
                   "of managers who left; else as few as will do") },
    LEFT, BORDERS, WEIGHTS,
};
static const call_column grid_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "work_s", GB_N("expected work"), CALL_SHOW_S },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "deviation", GB_N("off its share"), CALL_SHOW_RATIO },
};
static const call_column cannot_columns[] = {
    { "text", GB_N("what cannot be kept"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
    { "place", GB_N("heaviest place in or beside it"), CALL_SHOW_PLAIN },
    { "cell_work_s", GB_N("expected work"), CALL_SHOW_S },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_column handover_columns[] = {
    { "territory", GB_N("goes on as it is"), CALL_SHOW_PLAIN },
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to"), CALL_SHOW_PLAIN },
};
static const call_column move_columns[] = {
    { "cell", GB_N("changes hands"), CALL_SHOW_PLAIN },
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "from_manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "to", GB_N("to"), CALL_SHOW_PLAIN },
    { "to_manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "work_s", GB_N("expected work"), CALL_SHOW_S },
    { "reason", GB_N("why"), CALL_SHOW_PLAIN },
};
#define DRAFTED                                                               \
    { .text = GB_N("draft {version:id}: {territories} territories of "        \
                   "{cells} cells, at most {max_deviation:ratio} off their "  \
                   "share") },                                                \
    { .rows = "grids", CALL_COLUMNS(grid_columns) },                          \
    { .when = "handovers", .rows = "handovers",                               \
      CALL_COLUMNS(handover_columns) }
#define CANNOT                                                                \
    { .when = "findings", .rows = "findings", CALL_COLUMNS(cannot_columns) }
static const call_block territory_blocks[] = { DRAFTED, CANNOT };
static const call_block rebuild_blocks[] = {
    DRAFTED,
    { .when = "moves", .rows = "moves", CALL_COLUMNS(move_columns) },
    { .text = GB_N("{chosen} cells change hands by choice, {forced} because "
                   "their manager left") },
    { .when = "enough", .text = GB_N("that does not suffice: {enough:ratio} "
                                     "of the cells are known to do") },
    CANNOT,
};

static const call_param plan_params[] = { DATE, ROADS, DAYS, PRESENCE,
                                          HELD_OUT, ACTIVATION_DAYS };

static const call_method methods[] = {
    { .name = "nightly.run", .help = GB_N("Run all steps of a night, and write its pages"),
      .workspace = CALL_WRITES, CALL_PARAMS(night_params),
      CALL_BLOCKS(night_blocks), .run = nightly_run },
    { .name = "score.run", .help = GB_N("Score the targets of a date"),
      .workspace = CALL_WRITES, CALL_PARAMS(score_params),
      CALL_BLOCKS(score_blocks), .run = score_run },
    { .name = "cells.build", .help = GB_N("Make basic areas"),
      .workspace = CALL_WRITES, CALL_PARAMS(cells_params),
      CALL_BLOCKS(cells_blocks), .run = cells_build },
    { .name = "territory.build", .help = GB_N("Draft territories"),
      .workspace = CALL_WRITES, CALL_PARAMS(territory_params),
      CALL_BLOCKS(territory_blocks), .run = territory_build },
    { .name = "territory.rebuild",
      .help = GB_N("Bring territories back into balance while moving least"),
      .workspace = CALL_WRITES, CALL_PARAMS(rebuild_params),
      CALL_BLOCKS(rebuild_blocks), .run = territory_rebuild },
    { .name = "plan.run", .help = GB_N("Plan the routes of a date"),
      .workspace = CALL_WRITES, CALL_PARAMS(plan_params),
      CALL_BLOCKS(night_blocks), .run = plan_run },
};
const call_group call_nightly_group = CALL_GROUP(methods);
