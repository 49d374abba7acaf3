/*
 * call_territory_rules.c - territories: lock, unlock, forbid, rules.
 */
#include "call_territory.h"

#include <string.h>

#include "call_groups.h"
#include "store_db.h"

/* ---- the list ---- */

static const char *const kind_words[] = {
    [STORE_RULE_LOCK] = GB_N("the cell stays"),
    [STORE_RULE_FREEZE] = GB_N("the territory stays as it is"),
    [STORE_RULE_APART] = GB_N("the cells are never together"),
    [STORE_RULE_BARRED] = GB_N("the cell is never the manager's"),
};

static json_t *describe_rule(const call *c, const store_ground_rule *r)
{
    const bool is_lost
        = (r->kind != STORE_RULE_FREEZE && r->cell == STORE_NONE)
          || (r->kind == STORE_RULE_APART && r->other == STORE_NONE);

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "kind",
                     store_ground_rule_name(r->kind), "words",
                     call_words(c, kind_words[r->kind]), "cell",
                     call_text_json(r->cell_ref), "other",
                     call_text_json(r->other_ref), "territory",
                     call_text_json(r->territory), "manager",
                     call_text_json(r->manager_ref), "since",
                     call_day_json(r->since), "reason",
                     call_text_json(r->reason), "lost", (int)is_lost);
}

static gb_status tell_rules(call *c, json_t **result)
{
    store_cells cells;
    store_ground_rules rules;
    json_t *list = json_array();
    base_run run;
    gb_status status;

    memset(&cells, 0, sizeof cells);
    memset(&rules, 0, sizeof rules);
    call_enter_store(c, &run);
    status = store_begin_read(c->workspace);
    if (!status) {
        status = store_load_cells(c->workspace, &cells);
        if (!status)
            status = store_load_ground_rules(c->workspace, &cells, NULL,
                                             &rules);
        status = store_end(c->workspace, status);
    }
    status = call_leave_store(c, &run, status);
    for (size_t i = 0; i < rules.n && !status; i++)
        json_array_append_new(list, describe_rule(c, &rules.items[i]));
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:I, s:I, s:O}", "n",
                                       (json_int_t)rules.n, "lost",
                                       (json_int_t)rules.n_lost, "rules",
                                       list));
    json_decref(list);
    store_ground_rules_clear(&rules);
    store_cells_clear(&cells);
    return status;
}

/* ---- add, remove ---- */

static gb_status carry_out(call *c, const store_ground_rule_in *rules,
                           size_t n, bool is_removed, json_t **result)
{
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = is_removed ? store_ground_rules_remove(c->workspace, rules, n)
                        : store_ground_rules_add(c->workspace, rules, n);
    status = call_leave_store(c, &run, status);
    return status ? status : tell_rules(c, result);
}

static store_ground_rule_in blank(const call *c, bool is_removed)
{
    store_ground_rule_in in = { .since = STORE_NO_DAY };

    if (!is_removed) {
        in.reason = call_text(c, "reason");
        in.since = call_day(c, "date");
    }
    return in;
}

/* Cells, or without any a whole territory. */
static gb_status change_locks(call *c, bool is_removed, json_t **result)
{
    const size_t n = call_list_size(c, "cell");
    store_ground_rule_in *rules;
    gb_status status;

    if (n == 0 && !call_has(c, "territory")) {
        call_note(c, GB_N("gridbeat territory rules lists what is locked"));
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "name cells, or a territory");
    }
    rules = base_alloc_array(c->mem, n ? n : 1, sizeof *rules);
    if (!rules)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < (n ? n : 1); i++) {
        rules[i] = blank(c, is_removed);
        rules[i].kind = n ? STORE_RULE_LOCK : STORE_RULE_FREEZE;
        rules[i].cell = n ? call_list_item(c, "cell", i) : NULL;
        rules[i].territory = call_text(c, "territory");
    }
    status = carry_out(c, rules, n ? n : 1, is_removed, result);
    base_free(c->mem, rules);
    return status;
}

static gb_status lock(call *c, json_t **result)
{
    return change_locks(c, false, result);
}

static gb_status unlock(call *c, json_t **result)
{
    return change_locks(c, true, result);
}

static gb_status forbid(call *c, json_t **result)
{
    const bool is_removed = call_flag(c, "remove");
    const size_t n = call_list_size(c, "cells");
    store_ground_rule_in in = blank(c, is_removed);

    if ((n > 0) == (call_has(c, "cell") || call_has(c, "manager"))
        || (n > 0 && n != 2)
        || (n == 0 && !(call_has(c, "cell") && call_has(c, "manager"))))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "name two cells, or one cell and a manager");
    in.kind = n > 0 ? STORE_RULE_APART : STORE_RULE_BARRED;
    in.cell = n > 0 ? call_list_item(c, "cells", 0) : call_text(c, "cell");
    in.other = n > 0 ? call_list_item(c, "cells", 1) : NULL;
    in.manager = n > 0 ? NULL : call_text(c, "manager");
    return carry_out(c, &in, 1, is_removed, result);
}

/* ---- the table ---- */

static const call_column rule_columns[] = {
    { "words", GB_N("rule"), CALL_SHOW_PLAIN },
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
    { "other", GB_N("other cell"), CALL_SHOW_PLAIN },
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "since", GB_N("since"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
};
static const call_block rule_blocks[] = {
    { .text = GB_N("{n} rules") },
    { .when = "rules", .rows = "rules", CALL_COLUMNS(rule_columns) },
    { .when = "lost",
      .text = GB_N("{lost} of them are of cells that are no more") },
};

static const call_param lock_params[] = {
    { .name = "cell", .type = CALL_LIST,
      .help = GB_N("cells that stay where they are, or in the territory") },
    { .name = "territory", .type = CALL_TEXT,
      .help = GB_N("where the cells belong; without cells: it stays as it "
                   "is") },
    { .name = "reason", .type = CALL_TEXT, .help = GB_N("why") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day to be written beside it") },
};
static const call_param unlock_params[] = {
    { .name = "cell", .type = CALL_LIST,
      .help = GB_N("cells that may move again") },
    { .name = "territory", .type = CALL_TEXT,
      .help = GB_N("the territory that may change again") },
};
static const call_param forbid_params[] = {
    { .name = "cells", .type = CALL_LIST,
      .help = GB_N("two that must never be in one territory") },
    { .name = "cell", .type = CALL_TEXT,
      .help = GB_N("one that must never be the manager's") },
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("who") },
    { .name = "remove", .type = CALL_BOOL, .fallback = "false",
      .help = GB_N("take the rule away") },
    { .name = "reason", .type = CALL_TEXT, .help = GB_N("why") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day to be written beside it") },
};

static const call_method methods[] = {
    { .name = "territory.lock",
      .help = GB_N("Lock cells in their territory, or a whole territory"),
      .workspace = CALL_WRITES, CALL_PARAMS(lock_params),
      CALL_BLOCKS(rule_blocks), .run = lock },
    { .name = "territory.unlock", .help = GB_N("Take locks away"),
      .workspace = CALL_WRITES, CALL_PARAMS(unlock_params),
      CALL_BLOCKS(rule_blocks), .run = unlock },
    { .name = "territory.forbid",
      .help = GB_N("Keep two cells apart, or a cell from a manager"),
      .workspace = CALL_WRITES, CALL_PARAMS(forbid_params),
      CALL_BLOCKS(rule_blocks), .run = forbid },
    { .name = "territory.rules",
      .help = GB_N("List what is locked and forbidden"),
      .workspace = CALL_READS, CALL_BLOCKS(rule_blocks),
      .run = tell_rules },
};
const call_group call_territory_rules_group = CALL_GROUP(methods);
