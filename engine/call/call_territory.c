/*
 * call_territory.c - territories: check, show, approve, activate.
 */
#include "call_groups.h"
#include "call_steps.h"

#include <string.h>

#include "store_days.h"
#include "store_load.h"
#include "store_save.h"
#include "store_territory_check.h"

enum { CODE_FALSE = 1 };

static int32_t day_of(const call *c)
{
    const char *date = call_text(c, "date");

    return date ? store_day_parse(date) : STORE_NO_DAY;
}

/* ---- check ---- */

static json_t *describe_finding(const store_finding *f)
{
    json_t *row = json_pack("{s:s, s:o, s:o, s:f, s:s}", "kind",
                            store_finding_name(f->kind), "ref",
                            call_text_json(f->ref), "other",
                            call_text_json(f->other_ref), "amount", f->amount,
                            "text", f->text ? f->text : "");

    if (row && f->has_place)
        call_put(row, "at",
                 json_pack("[f, f]", f->at.lon_deg, f->at.lat_deg));
    return row;
}

static json_t *describe_findings(const store_findings *found)
{
    json_t *list = json_array();

    for (size_t i = 0; i < found->n; i++)
        json_array_append_new(list, describe_finding(&found->items[i]));
    return json_pack("{s:I, s:I, s:I, s:I, s:f, s:f, s:I, s:o}", "version",
                     (json_int_t)found->version, "cells",
                     (json_int_t)found->n_cells, "territories",
                     (json_int_t)found->n_territories, "customers",
                     (json_int_t)found->n_customers, "area_m2", found->area_m2,
                     "union_m2", found->union_m2, "n_findings",
                     (json_int_t)found->n_total, "findings", list);
}

/* Without a date: the first day of the version that is active. */
static gb_status date_or_active(call *c, int32_t *on)
{
    *on = day_of(c);
    return *on == STORE_NO_DAY ? store_territory_active_from(c->workspace, on)
                               : GB_OK;
}

static gb_status check(call *c, json_t **result)
{
    store_findings found;
    base_run run;
    int32_t on;
    gb_status status;

    memset(&found, 0, sizeof found);
    call_enter_store(c, &run);
    status = date_or_active(c, &on);
    if (!status)
        status = store_territory_check(c->workspace, call_int(c, "number"),
                                       on, 0, &found);
    status = call_leave_store(c, &run, status);
    if (!status)
        status = call_result(c, result, describe_findings(&found));
    if (!status && found.n_total > 0)
        c->code = CODE_FALSE;
    store_findings_clear(&found);
    return status;
}

/* ---- show ---- */

typedef struct shown {
    store_branches branches;
    store_managers managers;
    store_cells cells;
    store_territories territories;
} shown;

static void clear_shown(shown *s)
{
    store_territories_clear(&s->territories);
    store_cells_clear(&s->cells);
    store_managers_clear(&s->managers);
    store_branches_clear(&s->branches);
}

static json_t *describe_territory(const shown *s, size_t t)
{
    const store_territory *g = &s->territories.items[t];
    json_int_t n_cells = 0;

    for (size_t c = 0; c < s->territories.n_cells; c++)
        n_cells += s->territories.of_cell[c] == t;
    return json_pack(
        "{s:s, s:s, s:o, s:I, s:f, s:f, s:o}", "territory", g->ref, "branch",
        s->branches.items[g->branch].ref, "manager",
        g->owner == STORE_NONE
            ? json_null()
            : json_string(s->managers.items[g->owner].ref),
        "cells", n_cells, "work_s", g->activity, "area_m2", g->area_m2,
        "exceeds", call_text_json(g->exceeds_json));
}

static bool is_wanted(const call *c, const shown *s, const store_territory *g)
{
    const char *manager = call_text(c, "manager");
    const char *branch = call_text(c, "branch");

    if (manager
        && (g->owner == STORE_NONE
            || strcmp(s->managers.items[g->owner].ref, manager) != 0))
        return false;
    return !branch || strcmp(s->branches.items[g->branch].ref, branch) == 0;
}

static gb_status show(call *c, json_t **result)
{
    static const char *const states[]
        = { "draft", "approved", "active", "retired" };
    json_t *list = json_array();
    shown s;
    base_run run;
    char from[16];
    int32_t on;
    gb_status status;

    memset(&s, 0, sizeof s);
    call_enter_store(c, &run);
    status = date_or_active(c, &on);
    if (!status)
        status = store_load_branches(c->workspace, NULL, &s.branches);
    if (!status)
        status = store_load_managers(c->workspace, &s.branches, on,
                                     &s.managers);
    if (!status)
        status = store_load_cells(c->workspace, &s.cells);
    if (!status)
        status = store_load_territories(c->workspace, &s.branches, &s.managers,
                                        &s.cells, call_int(c, "number"), on,
                                        &s.territories);
    status = call_leave_store(c, &run, status);
    if (!status && s.territories.version == 0)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "there are no territories in force");
    for (size_t t = 0; t < s.territories.n && !status; t++)
        if (is_wanted(c, &s, &s.territories.items[t]))
            json_array_append_new(list, describe_territory(&s, t));
    if (!status)
        status = call_result(
            c, result,
            json_pack("{s:I, s:s, s:o, s:O}", "version",
                      (json_int_t)s.territories.version, "state",
                      states[s.territories.status], "from",
                      s.territories.active_from == STORE_NO_DAY
                          ? json_null()
                          : json_string(store_day_text(
                                from, s.territories.active_from)),
                      "territories", list));
    json_decref(list);
    clear_shown(&s);
    return status;
}

/* ---- approve, activate ---- */

static gb_status approve(call *c, json_t **result)
{
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run,
        store_territory_approve(c->workspace, call_int(c, "number")));
    return status ? status
                  : call_result(c, result,
                                json_pack("{s:I, s:s}", "version",
                                          (json_int_t)call_int(c, "number"),
                                          "state", "approved"));
}

static gb_status activate(call *c, json_t **result)
{
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = call_leave_store(c, &run,
                              store_territory_activate(c->workspace,
                                                       call_int(c, "number"),
                                                       day_of(c)));
    return status ? status
                  : call_result(c, result,
                                json_pack("{s:I, s:s, s:s}", "version",
                                          (json_int_t)call_int(c, "number"),
                                          "state", "active", "from",
                                          call_text(c, "date")));
}

/* ---- the table ---- */

#define VERSION                                                               \
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,        \
      .help = GB_N("a version; else the one in force") }

static const call_param check_params[] = {
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day on which they are in force") },
    VERSION,
};
static const call_column finding_columns[] = {
    { "kind", GB_N("finding"), CALL_SHOW_PLAIN },
    { "ref", GB_N("where"), CALL_SHOW_PLAIN },
    { "text", GB_N("what"), CALL_SHOW_PLAIN },
};
static const call_block check_blocks[] = {
    { .text = GB_N("version {version:id}: {territories} territories, {cells} "
                   "cells, {customers} customers, {n_findings} findings") },
    { .when = "findings", .rows = "findings",
      CALL_COLUMNS(finding_columns) },
};

static const call_param show_params[] = {
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day on which they are in force") },
    VERSION,
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("of one manager") },
    { .name = "branch", .type = CALL_TEXT, .help = GB_N("of one branch") },
};
static const call_column show_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "work_s", GB_N("expected work"), CALL_SHOW_S },
};
static const call_block show_blocks[] = {
    { .text = GB_N("version {version:id}, {state}") },
    { .rows = "territories", CALL_COLUMNS(show_columns) },
};

static const call_param approve_params[] = {
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .is_required = true, .is_positional = true,
      .help = GB_N("of the draft") },
};
static const call_param activate_params[] = {
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .is_required = true, .is_positional = true,
      .help = GB_N("of the approved version") },
    { .name = "date", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the first day on which it is in force") },
};
static const call_block state_blocks[] = {
    { .text = GB_N("version {version:id} is {state}") },
};

static const call_method methods[] = {
    { .name = "territory.check",
      .help = GB_N("Prove that territories have no gap and no overlap"),
      .workspace = CALL_READS, CALL_PARAMS(check_params),
      CALL_BLOCKS(check_blocks), .run = check },
    { .name = "territory.show", .help = GB_N("List territories"),
      .workspace = CALL_READS, CALL_PARAMS(show_params),
      CALL_BLOCKS(show_blocks), .run = show },
    { .name = "territory.approve", .help = GB_N("Approve a draft"),
      .workspace = CALL_WRITES, CALL_PARAMS(approve_params),
      CALL_BLOCKS(state_blocks), .run = approve },
    { .name = "territory.activate",
      .help = GB_N("Put an approved version in force"),
      .workspace = CALL_WRITES, CALL_PARAMS(activate_params),
      CALL_BLOCKS(state_blocks), .run = activate },
};
const call_group call_territory_group = CALL_GROUP(methods);
