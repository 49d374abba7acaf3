/*
 * call_territory.c - territories: check and show.
 */
#include "call_territory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "call_groups.h"
#include "store_days.h"
#include "store_db.h"
#include "store_territory_check.h"
#include "store_territory_links.h"

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
    *on = call_day(c, "date");
    return *on == STORE_NO_DAY ? store_territory_active_from(c->workspace, on)
                               : GB_OK;
}

/* Customers who are somebody's by an override or as the lead, and do not lie
 * in a territory of his: no fault, but to be known. */
static json_t *describe_outside(const store_links *links)
{
    json_t *list = json_array();

    for (size_t i = 0; i < links->n; i++) {
        const store_link *l = &links->items[i];

        if (l->is_outside)
            json_array_append_new(
                list,
                json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "customer",
                          l->customer, "manager", l->manager, "by",
                          l->is_lead ? "lead" : "assignment", "reason",
                          call_text_json(l->reason), "territory",
                          call_text_json(l->territory), "owner",
                          call_text_json(l->owner)));
    }
    return list;
}

static gb_status check(call *c, json_t **result)
{
    store_findings found;
    store_links links;
    base_run run;
    int32_t on;
    gb_status status;

    memset(&links, 0, sizeof links);
    memset(&found, 0, sizeof found);
    call_enter_store(c, &run);
    status = date_or_active(c, &on);
    if (!status)
        status = store_territory_check(c->workspace, call_int(c, "number"),
                                       on, 0, &found);
    if (!status)
        status = store_load_links(c->workspace, found.version, on, &links);
    status = call_leave_store(c, &run, status);
    if (!status)
        status = call_result(c, result, describe_findings(&found));
    if (!status
        && (!call_put(*result, "overrides", json_integer((json_int_t)links.n))
            || !call_put(*result, "n_outside",
                         json_integer((json_int_t)links.n_outside))
            || !call_put(*result, "outside", describe_outside(&links))))
        status = base_fail_nomem(c->ctx);
    if (!status && found.n_total > 0)
        c->code = CALL_CODE_FALSE;
    store_links_clear(&links);
    store_findings_clear(&found);
    return status;
}

/* ---- versions and territories as JSON ---- */

const char *call_version_state(int32_t state)
{
    static const char *const states[]
        = { "draft", "approved", "active", "retired" };

    return state >= 0 && state < (int32_t)COUNT_OF(states) ? states[state]
                                                           : "";
}

json_t *call_day_json(int32_t day)
{
    char text[16];

    return day == STORE_NO_DAY ? json_null()
                               : json_string(store_day_text(text, day));
}

int32_t call_day(const call *c, const char *name)
{
    const char *date = call_text(c, name);

    return date ? store_day_parse(date) : STORE_NO_DAY;
}

json_t *call_real_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *call_measures_json(const store_figures *f, const store_figure *g)
{
    json_t *list = json_array();

    for (size_t m = 0; m < f->n_measures; m++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:f, s:o, s:o}", "measure", f->measures[m].name,
                      "activity", g->activity[m], "fair",
                      call_real_json(g->fair[m]), "deviation",
                      call_real_json(store_figure_deviation(g, m))));
    return list;
}

double call_worst_deviation(const store_figures *f, const store_figure *g)
{
    double worst = (double)NAN;

    for (size_t m = 0; m < f->n_measures; m++) {
        const double deviation = store_figure_deviation(g, m);

        if (isfinite(deviation)
            && !(isfinite(worst) && fabs(worst) >= fabs(deviation)))
            worst = deviation;
    }
    return worst;
}

json_t *call_version_json(const store_figures *f)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o}", "version",
                     (json_int_t)f->version, "state",
                     call_version_state(f->state), "from",
                     call_day_json(f->from), "to", call_day_json(f->to),
                     "made_from",
                     f->made_from ? json_integer((json_int_t)f->made_from)
                                  : json_null(),
                     "note", call_text_json(f->note));
}

/* ---- show ---- */

static json_t *describe_owners(const store_figures *f, const store_figure *g)
{
    json_t *list = json_array();

    for (uint32_t s = g->first_span; s < g->first_span + g->n_spans; s++)
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o}", "manager",
                            f->spans[s].manager, "from",
                            call_day_json(f->spans[s].from), "to",
                            call_day_json(f->spans[s].to)));
    return list;
}

/* By its name, as units stand at the end of names. */
static bool is_time(const char *measure)
{
    const size_t n = strlen(measure);

    return n > 2 && strcmp(measure + n - 2, "_s") == 0;
}

static json_t *describe_territory(const store_figures *f,
                                  const store_figure *g)
{
    json_t *row = json_pack(
        "{s:s, s:s, s:o, s:I, s:I, s:I, s:o, s:o, s:f, s:f, s:f, s:I, s:I, "
        "s:b, s:o, s:o, s:o}",
        "territory", g->ref, "branch", g->branch, "manager",
        call_text_json(g->manager), "cells", (json_int_t)g->n_cells,
        "customers", (json_int_t)g->n_customers, "targets",
        (json_int_t)g->n_targets, "work_s",
        is_time(f->measures[0].name) ? json_real(g->activity[0])
                                     : json_null(), "deviation",
        call_real_json(call_worst_deviation(f, g)), "area_m2", g->area_m2,
        "perimeter_m", g->perimeter_m, "compactness",
        store_figure_compactness(g), "parts", (json_int_t)g->n_parts,
        "locked_cells", (json_int_t)g->n_locked, "locked", (int)g->is_frozen,
        "measures", call_measures_json(f, g), "owners",
        describe_owners(f, g), "exceeds", call_text_json(g->exceeds_json));

    return row;
}

static bool is_wanted(const call *c, const store_figure *g)
{
    const char *manager = call_text(c, "manager");
    const char *branch = call_text(c, "branch");
    const char *territory = call_text(c, "territory");

    return (!manager || strcmp(g->manager, manager) == 0)
           && (!branch || strcmp(g->branch, branch) == 0)
           && (!territory || strcmp(g->ref, territory) == 0);
}

/* Of each measure: what there is, its tolerance, and who is furthest off. */
static json_t *describe_measures(const store_figures *f)
{
    json_t *list = json_array();

    for (size_t m = 0; m < f->n_measures; m++) {
        const store_figure *worst = NULL;

        for (size_t t = 0; t < f->n; t++) {
            const double d = store_figure_deviation(&f->items[t], m);

            if (isfinite(d)
                && (!worst || fabs(d) > fabs(store_figure_deviation(worst, m))))
                worst = &f->items[t];
        }
        json_array_append_new(
            list,
            json_pack("{s:s, s:f, s:o, s:o, s:o}", "measure",
                      f->measures[m].name, "total", f->measures[m].total,
                      "tolerance", call_real_json(f->measures[m].tolerance),
                      "worst_deviation",
                      worst ? call_real_json(store_figure_deviation(worst, m))
                            : json_null(),
                      "worst", worst ? json_string(worst->ref)
                                     : json_null()));
    }
    return list;
}

/* The text of the store as JSON; null where there is none. */
static json_t *stored_json(const char *text)
{
    json_t *value = text[0] ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

    return value ? value : json_null();
}

static double mean_compactness(const store_figures *f)
{
    double sum = 0.0;

    for (size_t t = 0; t < f->n; t++)
        sum += store_figure_compactness(&f->items[t]);
    return f->n > 0 ? sum / (double)f->n : 0.0;
}

static gb_status tell(call *c, const store_figures *f, json_t **result)
{
    json_t *made = call_version_json(f), *list = json_array();

    for (size_t t = 0; t < f->n; t++)
        if (is_wanted(c, &f->items[t]))
            json_array_append_new(list,
                                  describe_territory(f, &f->items[t]));
    if (!call_put(made, "date", call_day_json(f->on))
        || !call_put(made, "cells", json_integer((json_int_t)f->cells.n))
        || !call_put(made, "compactness", call_real_json(mean_compactness(f)))
        || !call_put(made, "bound", stored_json(f->bound_json))
        || !call_put(made, "measures", describe_measures(f))
        || !call_put(made, "territories", list)) {
        json_decref(made);
        return base_fail_nomem(c->ctx);
    }
    return call_result(c, result, made);
}

static gb_status show(call *c, json_t **result)
{
    store_figures f;
    base_run run;
    int64_t version = call_int(c, "number");
    char day[20] = "active";
    gb_status status;

    memset(&f, 0, sizeof f);
    if (call_has(c, "date"))
        snprintf(day, sizeof day, "@%s", call_text(c, "date"));
    call_enter_store(c, &run);
    status = store_begin_read(c->workspace);
    if (!status) {
        if (!version)
            status = store_version_find(c->workspace, day, &version);
        if (!status)
            status = store_load_figures(c->workspace, version,
                                        call_day(c, "date"), &f);
        status = store_end(c->workspace, status);
    }
    status = call_leave_store(c, &run, status);
    if (!status)
        status = tell(c, &f, result);
    store_figures_clear(&f);
    return status;
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
static const call_column outside_columns[] = {
    { "customer", GB_N("customer"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "by", GB_N("by"), CALL_SHOW_PLAIN },
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "owner", GB_N("owner"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
};
static const call_block check_blocks[] = {
    { .text = GB_N("version {version:id}: {territories} territories, {cells} "
                   "cells, {customers} customers, {n_findings} findings") },
    { .when = "findings", .rows = "findings",
      CALL_COLUMNS(finding_columns) },
    { .when = "n_outside",
      .text = GB_N("{n_outside} of {overrides} overrides lie outside of the "
                   "manager's territories (no fault)"),
      .rows = "outside", CALL_COLUMNS(outside_columns) },
};

static const call_param show_params[] = {
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day on which they are in force") },
    VERSION,
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("of one manager") },
    { .name = "branch", .type = CALL_TEXT, .help = GB_N("of one branch") },
    { .name = "territory", .type = CALL_TEXT, .help = GB_N("of one alone") },
};
static const call_column show_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "work_s", GB_N("expected work"), CALL_SHOW_S },
    { "deviation", GB_N("off by"), CALL_SHOW_RATIO },
    { "compactness", GB_N("compact"), CALL_SHOW_RATIO },
    { "locked_cells", GB_N("locked"), CALL_SHOW_PLAIN },
};
static const call_column measure_columns[] = {
    { "measure", GB_N("measure"), CALL_SHOW_PLAIN },
    { "tolerance", GB_N("tolerance"), CALL_SHOW_RATIO },
    { "worst_deviation", GB_N("off by"), CALL_SHOW_RATIO },
    { "worst", GB_N("at most in"), CALL_SHOW_PLAIN },
};
static const call_block show_blocks[] = {
    { .text = GB_N("version {version:id}, {state}") },
    { .when = "from", .text = GB_N("in force from {from} on") },
    { .when = "to", .text = GB_N("and no more on {to}") },
    { .when = "note", .text = GB_N("made from version {made_from:id}: {note}") },
    { .rows = "territories", CALL_COLUMNS(show_columns) },
    { .when = "measures", .rows = "measures",
      CALL_COLUMNS(measure_columns) },
    { .when = "bound.above",
      .text = GB_N("at most {bound.above:ratio} above the best possible") },
};

static const call_method methods[] = {
    { .name = "territory.check",
      .help = GB_N("Prove that territories have no gap and no overlap"),
      .workspace = CALL_READS, CALL_PARAMS(check_params),
      CALL_BLOCKS(check_blocks), .run = check },
    { .name = "territory.show", .help = GB_N("List territories"),
      .workspace = CALL_READS, CALL_PARAMS(show_params),
      CALL_BLOCKS(show_blocks), .run = show },
};
const call_group call_territory_group = CALL_GROUP(methods);
