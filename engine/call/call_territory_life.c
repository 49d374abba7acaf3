/*
 * call_territory_life.c - territories: approve, activate, retire, history.
 */
#include "call_territory.h"

#include <string.h>

#include "call_groups.h"
#include "store_db.h"
#include "store_territory_life.h"

/* ---- states ---- */

static gb_status tell_state(call *c, const char *state, const char *from,
                            size_t n_outside, json_t **result)
{
    return call_result(c, result,
                       json_pack("{s:I, s:s, s:s?, s:I}", "version",
                                 (json_int_t)call_int(c, "number"), "state",
                                 state, "from", from, "customers_outside",
                                 (json_int_t)n_outside));
}

static gb_status approve(call *c, json_t **result)
{
    base_run run;
    size_t n_outside = 0;
    gb_status status;

    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run,
        store_territory_approve_checked(c->workspace, call_int(c, "number"),
                                        &n_outside));
    return status ? status
                  : tell_state(c, "approved", NULL, n_outside, result);
}

static gb_status activate(call *c, json_t **result)
{
    const char *name = call_has(c, "on") ? "on" : "date";
    base_run run;
    size_t n_outside = 0;
    gb_status status;

    if (!call_has(c, name))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "on which day does the version come into force?");
    if (call_has(c, "on") && call_has(c, "date")
        && strcmp(call_text(c, "on"), call_text(c, "date")) != 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "on and date name two days");
    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run,
        store_territory_activate_checked(c->workspace, call_int(c, "number"),
                                         call_day(c, name), &n_outside));
    return status ? status
                  : tell_state(c, "active", call_text(c, name), n_outside,
                               result);
}

static gb_status retire(call *c, json_t **result)
{
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run, store_territory_retire(c->workspace, call_int(c, "number")));
    return status ? status : tell_state(c, "retired", NULL, 0, result);
}

/* ---- history ---- */

static json_t *describe_versions(const store_history *h)
{
    json_t *list = json_array();

    for (size_t i = 0; i < h->n_versions; i++) {
        const store_version *v = &h->versions[i];

        json_array_append_new(
            list,
            json_pack("{s:I, s:s, s:o, s:o, s:I, s:I, s:b, s:o, s:o}",
                      "version", (json_int_t)v->id, "state",
                      call_version_state(v->state), "from",
                      call_day_json(v->from), "to", call_day_json(v->to),
                      "territories", (json_int_t)v->n_territories, "cells",
                      (json_int_t)v->n_cells, "cells_of_now",
                      (int)v->has_active_cells, "made_from",
                      v->made_from ? json_integer((json_int_t)v->made_from)
                                   : json_null(),
                      "note", call_text_json(v->note)));
    }
    return list;
}

static json_t *describe_tenures(const store_history *h)
{
    json_t *list = json_array();

    for (size_t i = 0; i < h->n_tenures; i++) {
        const store_tenure *t = &h->tenures[i];
        json_t *row = json_pack("{s:o, s:o, s:s, s:s, s:I}", "from",
                                call_day_json(t->from), "to",
                                call_day_json(t->to), "territory",
                                t->territory, "manager", t->manager,
                                "version", (json_int_t)t->version);

        if (row && t->cell[0])
            call_put(row, "cell", json_string(t->cell));
        json_array_append_new(list, row);
    }
    return list;
}

static gb_status history(call *c, json_t **result)
{
    const store_history_of of = { call_text(c, "territory"),
                                  call_text(c, "manager"),
                                  call_text(c, "cell") };
    store_history h;
    base_run run;
    gb_status status;

    memset(&h, 0, sizeof h);
    call_enter_store(c, &run);
    status = store_begin_read(c->workspace);
    if (!status)
        status = store_end(c->workspace,
                           store_load_history(c->workspace, &of, &h));
    status = call_leave_store(c, &run, status);
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:o, s:o}", "versions",
                                       describe_versions(&h), "owned",
                                       describe_tenures(&h)));
    store_history_clear(&h);
    return status;
}

/* ---- the table ---- */

#define NUMBER(text)                                                          \
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,        \
      .is_required = true, .is_positional = true, .help = (text) }

static const call_param approve_params[] = { NUMBER(GB_N("of the draft")) };
static const call_param activate_params[] = {
    NUMBER(GB_N("of the approved version")),
    { .name = "on", .type = CALL_DATE,
      .help = GB_N("the first day on which it is in force") },
    { .name = "date", .type = CALL_DATE, .help = GB_N("the same as on") },
};
static const call_param retire_params[] = {
    NUMBER(GB_N("of the draft or approved version")),
};
static const call_block state_blocks[] = {
    { .text = GB_N("version {version:id} is {state}") },
    { .when = "from", .text = GB_N("in force from {from} on") },
    { .when = "customers_outside",
      .text = GB_N("{customers_outside} customers lie in no cell") },
};

static const call_param history_params[] = {
    { .name = "territory", .type = CALL_TEXT, .help = GB_N("of one alone") },
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("of one manager") },
    { .name = "cell", .type = CALL_TEXT, .help = GB_N("of one cell") },
};
static const call_column version_columns[] = {
    { "version", GB_N("version"), CALL_SHOW_ID },
    { "state", GB_N("state"), CALL_SHOW_PLAIN },
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to (no more)"), CALL_SHOW_PLAIN },
    { "territories", GB_N("territories"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "made_from", GB_N("made from"), CALL_SHOW_ID },
    { "note", GB_N("note"), CALL_SHOW_PLAIN },
};
static const call_column owned_columns[] = {
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to (no more)"), CALL_SHOW_PLAIN },
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "version", GB_N("version"), CALL_SHOW_ID },
};
static const call_block history_blocks[] = {
    { .rows = "versions", CALL_COLUMNS(version_columns) },
    { .when = "owned", .text = GB_N("who had what when"), .rows = "owned",
      CALL_COLUMNS(owned_columns) },
};

static const call_method methods[] = {
    { .name = "territory.approve", .help = GB_N("Approve a draft"),
      .workspace = CALL_WRITES, CALL_PARAMS(approve_params),
      CALL_BLOCKS(state_blocks), .run = approve },
    { .name = "territory.activate",
      .help = GB_N("Put an approved version in force"),
      .workspace = CALL_WRITES, CALL_PARAMS(activate_params),
      CALL_BLOCKS(state_blocks), .run = activate },
    { .name = "territory.retire",
      .help = GB_N("Put a version aside that is not wanted"),
      .workspace = CALL_WRITES, CALL_PARAMS(retire_params),
      CALL_BLOCKS(state_blocks), .run = retire },
    { .name = "territory.history",
      .help = GB_N("List versions, and who had what when"),
      .workspace = CALL_READS, CALL_PARAMS(history_params),
      CALL_BLOCKS(history_blocks), .run = history },
};
const call_group call_territory_life_group = CALL_GROUP(methods);
