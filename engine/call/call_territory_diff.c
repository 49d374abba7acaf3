/*
 * call_territory_diff.c - territory.diff: which cells change hands between two
 * versions, or between two dates.
 */
#include "call_territory.h"

#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "store_db.h"
#include "store_territory_diff.h"

/* ---- as JSON ---- */

static json_t *describe_cell(const store_figures *b, const store_diff_cell *d)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:b, s:I, s:I, s:f}", "cell",
        b->cells.refs[d->cell], "from", call_text_json(d->from), "to",
        call_text_json(d->to), "from_manager",
        call_text_json(d->from_manager), "to_manager",
        call_text_json(d->to_manager), "changes_hands",
        (int)d->changes_hands, "customers",
        (json_int_t)b->customers_of_cell[d->cell], "targets",
        (json_int_t)b->targets_of_cell[d->cell], "work",
        b->cell_activity[d->cell]);
}

static json_t *describe_flow(const store_diff_flow *f)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:f}", "from",
                     call_text_json(f->from), "to", call_text_json(f->to),
                     "from_manager", call_text_json(f->from_manager),
                     "to_manager", call_text_json(f->to_manager), "cells",
                     (json_int_t)f->n_cells, "customers",
                     (json_int_t)f->n_customers, "targets",
                     (json_int_t)f->n_targets, "work", f->activity);
}

static json_t *describe_manager(const store_diff_manager *m)
{
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f}", "manager",
        m->manager, "cells_in", (json_int_t)m->cells_in, "cells_out",
        (json_int_t)m->cells_out, "customers_in",
        (json_int_t)m->customers_in, "customers_out",
        (json_int_t)m->customers_out, "targets_in",
        (json_int_t)m->targets_in, "targets_out", (json_int_t)m->targets_out,
        "work_in", m->activity_in, "work_out", m->activity_out);
}

static json_t *describe(const store_figures *a, const store_figures *b,
                        const store_diff *d)
{
    json_t *cells = json_array(), *flows = json_array();
    json_t *managers = json_array();

    for (size_t i = 0; i < d->n_cells; i++)
        json_array_append_new(cells, describe_cell(b, &d->cells[i]));
    for (size_t i = 0; i < d->n_flows; i++)
        json_array_append_new(flows, describe_flow(&d->flows[i]));
    for (size_t i = 0; i < d->n_managers; i++)
        json_array_append_new(managers, describe_manager(&d->managers[i]));
    return json_pack(
        "{s:o, s:o, s:b, s:I, s:I, s:I, s:f, s:I, s:I, s:s, s:f, s:o, s:o, "
        "s:o}",
        "before", call_version_json(a), "after", call_version_json(b),
        "same_cells", (int)d->has_same_cells, "n_cells",
        (json_int_t)b->cells.n, "n_moved", (json_int_t)d->n_cells,
        "n_changing_hands", (json_int_t)d->n_changing_hands,
        "share_changing_hands",
        b->cells.n > 0 ? (double)d->n_changing_hands / (double)b->cells.n
                       : 0.0,
        "customers", (json_int_t)d->n_customers, "targets",
        (json_int_t)d->n_targets, "work_measure", b->measures[0].name, "work",
        d->activity, "managers", managers, "flows", flows, "cells", cells);
}

/* ---- as CSV ---- */

static void put_fields(base_text *text, const char *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            base_text_add(text, ",");
        base_text_csv(text, fields[i]);
    }
}

/* A line a cell; where cells differ, a line for two territories. */
static void write_csv(const store_figures *b, const store_diff *d,
                      base_text *text)
{
    base_text_add(text, d->has_same_cells
                            ? "cell,from,to,from_manager,to_manager,"
                              "customers,targets,work\n"
                            : "from,to,from_manager,to_manager,customers,"
                              "targets\n");
    for (size_t i = 0; i < d->n_cells; i++) {
        const store_diff_cell *k = &d->cells[i];
        const char *const fields[] = { b->cells.refs[k->cell], k->from,
                                       k->to, k->from_manager,
                                       k->to_manager };
        char number[32];

        put_fields(text, fields, COUNT_OF(fields));
        base_text_format(text, ",%lld,%lld,%s\n",
                         (long long)b->customers_of_cell[k->cell],
                         (long long)b->targets_of_cell[k->cell],
                         base_real_text(number, b->cell_activity[k->cell],
                                        3));
    }
    for (size_t i = 0; i < d->n_flows && !d->has_same_cells; i++) {
        const store_diff_flow *f = &d->flows[i];
        const char *const fields[] = { f->from, f->to, f->from_manager,
                                       f->to_manager };

        put_fields(text, fields, COUNT_OF(fields));
        base_text_format(text, ",%lld,%lld\n", (long long)f->n_customers,
                         (long long)f->n_targets);
    }
}

/* ---- the method ---- */

static gb_status load(call *c, const char *name, store_figures *out)
{
    const char *text = call_text(c, name);
    const int32_t on = text[0] == '@' ? store_day_parse(text + 1)
                                      : STORE_NO_DAY;
    int64_t version = 0;
    const gb_status status = store_version_find(c->workspace, text, &version);

    return status ? status
                  : store_load_figures(c->workspace, version, on, out);
}

static gb_status compare(call *c, store_figures *a, store_figures *b,
                         store_diff *d)
{
    gb_status status = store_begin_read(c->workspace);

    if (status)
        return status;
    status = load(c, "before", a);
    if (!status)
        status = load(c, "after", b);
    if (!status)
        status = store_diff_make(c->workspace, a, b, d);
    return store_end(c->workspace, status);
}

static gb_status tell_csv(call *c, const store_figures *b,
                          const store_diff *d, json_t **result)
{
    base_text text;
    gb_status status = call_result(
        c, result, json_pack("{s:I}", "rows",
                             (json_int_t)(d->has_same_cells ? d->n_cells
                                                            : d->n_flows)));

    base_text_init(&text, c->mem);
    if (!status) {
        write_csv(b, d, &text);
        status = call_file_give(c, *result, &text);
    }
    base_text_clear(&text);
    return status;
}

static gb_status diff(call *c, json_t **result)
{
    store_figures a, b;
    store_diff d;
    base_run run;
    gb_status status;

    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    memset(&d, 0, sizeof d);
    call_enter_store(c, &run);
    status = call_leave_store(c, &run, compare(c, &a, &b, &d));
    if (!status)
        status = call_flag(c, "csv") || call_has(c, "out")
                     ? tell_csv(c, &b, &d, result)
                     : call_result(c, result, describe(&a, &b, &d));
    store_diff_clear(&d);
    store_figures_clear(&b);
    store_figures_clear(&a);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "before", .type = CALL_TEXT, .is_required = true,
      .is_positional = true,
      .help = GB_N("a version: its number, active, or @DATE") },
    { .name = "after", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("the one to hold against it") },
    { .name = "csv", .type = CALL_BOOL, .fallback = "false",
      .help = GB_N("the cells as CSV") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("write the CSV into this file") },
};
static const call_column manager_columns[] = {
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cells_in", GB_N("cells in"), CALL_SHOW_PLAIN },
    { "cells_out", GB_N("cells out"), CALL_SHOW_PLAIN },
    { "customers_in", GB_N("customers in"), CALL_SHOW_PLAIN },
    { "customers_out", GB_N("customers out"), CALL_SHOW_PLAIN },
    { "targets_in", GB_N("targets in"), CALL_SHOW_PLAIN },
    { "targets_out", GB_N("targets out"), CALL_SHOW_PLAIN },
    { "work_in", GB_N("work in"), CALL_SHOW_PLAIN },
    { "work_out", GB_N("work out"), CALL_SHOW_PLAIN },
};
static const call_column flow_columns[] = {
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to"), CALL_SHOW_PLAIN },
    { "from_manager", GB_N("of"), CALL_SHOW_PLAIN },
    { "to_manager", GB_N("for"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
};
static const call_column cell_columns[] = {
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
    { "from", GB_N("from"), CALL_SHOW_PLAIN },
    { "to", GB_N("to"), CALL_SHOW_PLAIN },
    { "from_manager", GB_N("of"), CALL_SHOW_PLAIN },
    { "to_manager", GB_N("for"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "work", GB_N("work"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "after",
      .text = GB_N("version {before.version:id} to {after.version:id}: "
                   "{n_changing_hands} of {n_cells} cells change hands, with "
                   "{customers} customers, {targets} of them targets") },
    { .when = "managers", .rows = "managers",
      CALL_COLUMNS(manager_columns) },
    { .when = "flows", .rows = "flows", CALL_COLUMNS(flow_columns) },
    { .when = "cells", .rows = "cells", CALL_COLUMNS(cell_columns) },
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("written to {file}") },
};

static const call_method methods[] = {
    { .name = "territory.diff",
      .help = GB_N("Show what changes hands between two versions"),
      .workspace = CALL_READS, CALL_PARAMS(params), CALL_BLOCKS(blocks),
      .run = diff },
};
const call_group call_territory_diff_group = CALL_GROUP(methods);
