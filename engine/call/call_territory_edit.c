/*
 * call_territory_edit.c - territory.edit: cells moved by hand into a new draft.
 */
#include "call_territory.h"

#include <math.h>
#include <string.h>

#include "call_groups.h"
#include "store_db.h"
#include "store_territory_edit.h"

/* ---- what it does ---- */

static json_t *describe_measure(const store_edit *e, uint32_t t, size_t m)
{
    const store_figure *a = &e->before.items[t], *b = &e->after.items[t];
    const double tolerance = e->after.measures[m].tolerance;
    const double deviation = store_figure_deviation(b, m);

    return json_pack(
        "{s:s, s:f, s:o, s:o, s:o, s:o, s:o, s:b}", "measure",
        e->after.measures[m].name, "before", a->activity[m], "after",
        e->after.measures[m].is_of_cells ? json_real(b->activity[m])
                                         : json_null(),
        "fair", call_real_json(b->fair[m]), "deviation_before",
        call_real_json(store_figure_deviation(a, m)), "deviation",
        call_real_json(deviation), "tolerance", call_real_json(tolerance),
        "beyond_tolerance", (int)(fabs(deviation) > tolerance + 1e-9));
}

static json_t *describe_territory(const store_edit *e, uint32_t t,
                                  bool *is_beyond)
{
    const store_figure *a = &e->before.items[t], *b = &e->after.items[t];
    json_t *measures = json_array();

    for (size_t m = 0; m < e->after.n_measures; m++) {
        json_t *row = describe_measure(e, t, m);

        *is_beyond |= json_is_true(json_object_get(row, "beyond_tolerance"));
        json_array_append_new(measures, row);
    }
    return json_pack(
        "{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:o, s:o, s:o}",
        "territory", b->ref, "manager", call_text_json(b->manager),
        "cells_before", (json_int_t)a->n_cells, "cells",
        (json_int_t)b->n_cells, "customers_before",
        (json_int_t)a->n_customers, "customers", (json_int_t)b->n_customers,
        "targets_before", (json_int_t)a->n_targets, "targets",
        (json_int_t)b->n_targets, "compactness_before",
        store_figure_compactness(a), "compactness",
        store_figure_compactness(b), "deviation_before",
        call_real_json(call_worst_deviation(&e->before, a)), "deviation",
        call_real_json(call_worst_deviation(&e->after, b)), "measures",
        measures);
}

static json_t *describe_moves(const store_edit *e)
{
    const store_figures *f = &e->before;
    json_t *list = json_array();

    for (uint32_t c = 0; c < f->cells.n; c++)
        if (e->of_cell[c] != f->of_cell[c])
            json_array_append_new(
                list,
                json_pack("{s:s, s:o, s:s, s:I, s:I, s:f}", "cell",
                          f->cells.refs[c], "from",
                          f->of_cell[c] < f->n
                              ? json_string(f->items[f->of_cell[c]].ref)
                              : json_null(),
                          "to", f->items[e->of_cell[c]].ref, "customers",
                          (json_int_t)f->customers_of_cell[c], "targets",
                          (json_int_t)f->targets_of_cell[c], "work",
                          f->cell_activity[c]));
    return list;
}

static json_t *describe(const store_edit *e, int64_t version)
{
    json_t *list = json_array();
    bool is_beyond = false;

    for (size_t i = 0; i < e->n_touched; i++)
        json_array_append_new(
            list, describe_territory(e, e->touched[i], &is_beyond));
    return json_pack("{s:I, s:o, s:b, s:b, s:o, s:o}", "made_from",
                     (json_int_t)e->before.version, "version",
                     version ? json_integer((json_int_t)version)
                             : json_null(),
                     "dry_run", (int)(version == 0), "beyond_tolerance",
                     (int)is_beyond, "moves", describe_moves(e),
                     "territories", list);
}

/* ---- the method ---- */

/* One cell for each territory, or all for the only one. */
static gb_status take_moves(call *c, store_move *moves)
{
    const size_t n = call_list_size(c, "move");
    const size_t n_to = call_list_size(c, "to");

    if (n_to != 1 && n_to != n)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "%zu cells are moved to %zu territories: name one "
                         "for all, or one for each", n, n_to);
    for (size_t i = 0; i < n; i++) {
        moves[i].cell = call_list_item(c, "move", i);
        moves[i].to = call_list_item(c, "to", n_to == 1 ? 0 : i);
    }
    return GB_OK;
}

/* What would mend it, beside the error. */
static void note_along(call *c, const store_edit *e)
{
    json_t *list;
    base_text text;

    if (e->n_along == 0)
        return;
    list = json_array();
    base_text_init(&text, c->mem);
    for (size_t i = 0; i < e->n_along; i++) {
        const char *ref = e->before.cells.refs[e->along[i]];

        json_array_append_new(list, json_string(ref));
        base_text_format(&text, "%s%s", i ? ", " : "", ref);
    }
    if (text.chars)
        call_note(c, GB_N("these would have to go along: %s"), text.chars);
    base_text_clear(&text);
    c->details = json_pack("{s:o}", "go_along", list);
}

/* "cell00004 to b01-g02, ..." where no reason is given. */
static void write_note(const call *c, const store_move *moves, size_t n,
                       base_text *text)
{
    if (call_has(c, "reason")) {
        base_text_add(text, call_text(c, "reason"));
        return;
    }
    for (size_t i = 0; i < n; i++)
        base_text_format(text, "%s%s > %s", i ? ", " : "", moves[i].cell,
                         moves[i].to);
}

static gb_status work(call *c, const store_move *moves, size_t n,
                      store_edit *e, int64_t *made)
{
    int64_t version = call_int(c, "number");
    base_text note;
    gb_status status = GB_OK;

    if (!version)
        status = store_version_find(c->workspace, "active", &version);
    if (!status)
        status = store_edit_try(c->workspace, version, moves, n, e);
    if (status || call_flag(c, "dry_run"))
        return status;
    base_text_init(&note, c->mem);
    write_note(c, moves, n, &note);
    status = note.is_short ? base_fail_nomem(c->ctx)
                           : store_edit_save(c->workspace, e, note.chars,
                                             made);
    base_text_clear(&note);
    return status;
}

static gb_status edit(call *c, json_t **result)
{
    const size_t n = call_list_size(c, "move");
    store_move *moves = base_alloc_array(c->mem, n, sizeof *moves);
    store_edit e;
    base_run run;
    int64_t made = 0;
    gb_status status;

    memset(&e, 0, sizeof e);
    if (!moves)
        return base_fail_nomem(c->ctx);
    status = take_moves(c, moves);
    if (!status) {
        call_enter_store(c, &run);
        status = call_leave_store(c, &run, work(c, moves, n, &e, &made));
        if (status)
            note_along(c, &e);
    }
    if (!status)
        status = call_result(c, result, describe(&e, made));
    store_edit_clear(&e);
    base_free(c->mem, moves);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "move", .type = CALL_LIST, .is_required = true,
      .help = GB_N("cells to be moved") },
    { .name = "to", .type = CALL_LIST, .is_required = true,
      .help = GB_N("the territory that gets them, or one for each") },
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .help = GB_N("the version to start from; else the one in force") },
    { .name = "reason", .type = CALL_TEXT, .help = GB_N("why") },
    { .name = "dry_run", .type = CALL_BOOL, .fallback = "false",
      .help = GB_N("only show what it does") },
};
static const call_column territory_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "cells_before", GB_N("cells before"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "customers_before", GB_N("customers before"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets_before", GB_N("targets before"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "compactness_before", GB_N("compact before"), CALL_SHOW_RATIO },
    { "compactness", GB_N("compact"), CALL_SHOW_RATIO },
};
static const call_column measure_columns[] = {
    { "measure", GB_N("measure"), CALL_SHOW_PLAIN },
    { "before", GB_N("before"), CALL_SHOW_PLAIN },
    { "after", GB_N("after"), CALL_SHOW_PLAIN },
    { "deviation_before", GB_N("off by before"), CALL_SHOW_RATIO },
    { "deviation", GB_N("off by"), CALL_SHOW_RATIO },
    { "tolerance", GB_N("tolerance"), CALL_SHOW_RATIO },
};
static const call_block blocks[] = {
    { .when = "version",
      .text = GB_N("draft {version:id}, made from version {made_from:id}") },
    { .when = "dry_run", .text = GB_N("nothing was stored") },
    { .rows = "territories", CALL_COLUMNS(territory_columns) },
    { .text = GB_N("{territory}"), .rows = "territories[].measures",
      CALL_COLUMNS(measure_columns) },
    { .when = "beyond_tolerance",
      .text = GB_N("a measure is beyond its tolerance") },
};

static const call_method methods[] = {
    { .name = "territory.edit",
      .help = GB_N("Move cells by hand, and see what it does"),
      .workspace = CALL_WRITES, CALL_PARAMS(params), CALL_BLOCKS(blocks),
      .run = edit },
};
const call_group call_territory_edit_group = CALL_GROUP(methods);
