/*
 * store_territory_figures.c - see store_territory_figures.h.
 */
#include "store_territory_figures.h"

#include "base_check.h"
#include "geo_shape.h"
#include "store_rows.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------- which version -- */

static gb_status version_on(gb_workspace *ws, const char *day,
                            int64_t *version)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT id FROM territory_version WHERE state IN ('active', "
        "'retired') AND from_date <= ?1 AND (to_date IS NULL OR to_date > ?1)"
        " ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, day);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *version = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

gb_status store_version_find(gb_workspace *ws, const char *text,
                             int64_t *version)
{
    gb_context *ctx = ws->run->ctx;
    int64_t is_there = 0;
    gb_status status;

    *version = 0;
    if (strcmp(text, "active") == 0) {
        status = store_query_int(ws, "SELECT id FROM territory_version "
                                     "WHERE state = 'active'", version);
        if (!status && !*version)
            status = base_fail(ctx, GB_ERR_NOT_FOUND,
                               "there are no territories in force");
        return status;
    }
    if (text[0] == '@') {
        if (store_day_parse(text + 1) == STORE_NO_DAY)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "%s \"%s\" is not a date as 2026-03-02",
                             "@DATE", text + 1);
        status = version_on(ws, text + 1, version);
        if (!status && !*version)
            status = base_fail(ctx, GB_ERR_NOT_FOUND,
                               "no territories are in force on %s", text + 1);
        return status;
    }
    if (!base_parse_int(text, version) || *version < 1)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is no version: a number, active, or @DATE "
                         "expected", text);
    {
        store_statement *st = NULL;

        status = store_prepare(
            ws, "SELECT count(*) FROM territory_version WHERE id = ?1", &st);
        if (!status) {
            bool has_row = false;

            store_bind_int(st, 1, *version);
            status = store_step(ws, st, &has_row);
            if (!status && has_row)
                is_there = store_column_int(st, 0);
        }
        store_finalize(st);
    }
    if (!status && !is_there)
        status = base_fail(ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)*version);
    return status;
}

/* ---------------------------------------------------------------- loading -- */

/* Statements here ask for one version, ?1. */
static gb_status prepare(const store_figures *f, const char *sql, int64_t id,
                         store_statement **st)
{
    const gb_status status = store_prepare(f->ws, sql, st);

    if (!status)
        store_bind_int(*st, 1, id);
    return status;
}

static void *zeroed(store_figures *f, size_t n, size_t size)
{
    void *block = base_arena_alloc(&f->arena, n, size);

    if (block)
        memset(block, 0, n * size);
    return block;
}

static gb_status load_head(store_figures *f, int64_t version, int64_t *set)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = prepare(
        f,
        "SELECT cell_set_id, state, from_date, to_date, made_from, note, "
        "bound_json, options_json, measure FROM territory_version "
        "WHERE id = ?1",
        version, &st);

    if (!status)
        status = store_step(f->ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(f->ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    if (!status) {
        f->version = version;
        *set = store_column_int(st, 0);
        f->state = (int32_t)store_name_index(store_column_text(st, 1),
                                             store_version_names, 4);
        f->from = store_row_day(st, 2);
        f->to = store_row_day(st, 3);
        f->made_from = store_column_int(st, 4);
        f->note = store_row_text(&f->arena, st, 5);
        f->bound_json = store_row_text(&f->arena, st, 6);
        f->options_json = store_row_text(&f->arena, st, 7);
        f->measure_text = store_row_text(&f->arena, st, 8);
        if (!f->note || !f->bound_json || !f->options_json
            || !f->measure_text)
            status = base_fail_nomem(f->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

static gb_status count_of(store_figures *f, const char *sql, size_t *n)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = prepare(f, sql, f->version, &st);

    if (!status)
        status = store_step(f->ws, st, &has_row);
    if (!status && has_row)
        *n = (size_t)store_column_int(st, 0);
    store_finalize(st);
    return status;
}

/* A version of before there were measures has one, of its territories. */
static gb_status load_measures(store_figures *f)
{
    store_statement *st = NULL;
    size_t n = 0, at = 0;
    gb_status status = count_of(f, "SELECT count(*) FROM territory_measure "
                                   "WHERE territory_version_id = ?1", &n);

    if (status)
        return status;
    f->n_measures = n > 0 ? n : 1;
    f->measures = zeroed(f, f->n_measures, sizeof *f->measures);
    f->cell_activity = zeroed(f, f->n_measures * f->cells.n,
                              sizeof *f->cell_activity);
    if (!f->measures || !f->cell_activity)
        return base_fail_nomem(f->ws->run->ctx);
    f->measures[0].name = f->measure_text;
    f->measures[0].tolerance = NAN;
    status = prepare(f, "SELECT name, tolerance FROM territory_measure "
                        "WHERE territory_version_id = ?1 ORDER BY number",
                     f->version, &st);
    while (store_next(f->ws, st, &status) && at < n) {
        store_measure *m = &f->measures[at++];

        m->name = store_row_text(&f->arena, st, 0);
        m->tolerance = store_column_is_null(st, 1) ? (double)NAN
                                                   : store_column_real(st, 1);
        m->is_of_cells = true;
        if (!m->name)
            status = base_fail_nomem(f->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

static gb_status load_items(store_figures *f)
{
    store_statement *st = NULL;
    size_t n = 0;
    gb_status status = count_of(f, "SELECT count(*) FROM territory "
                                   "WHERE territory_version_id = ?1", &n);

    if (status)
        return status;
    f->items = zeroed(f, n, sizeof *f->items);
    if (!f->items)
        return base_fail_nomem(f->ws->run->ctx);
    status = prepare(
        f,
        "SELECT t.id, t.ref, b.ref, t.branch_id, t.colour, t.exceeds_json, "
        "t.activity FROM territory t JOIN branch b ON b.id = t.branch_id "
        "WHERE t.territory_version_id = ?1 ORDER BY t.ref",
        f->version, &st);
    while (store_next(f->ws, st, &status) && f->n < n) {
        store_figure *g = &f->items[f->n++];

        g->id = store_column_int(st, 0);
        g->ref = store_row_text(&f->arena, st, 1);
        g->branch = store_row_text(&f->arena, st, 2);
        g->branch_id = store_column_int(st, 3);
        g->colour = (int32_t)store_column_int(st, 4);
        g->exceeds_json = store_row_text(&f->arena, st, 5);
        g->manager = "";
        g->activity = zeroed(f, f->n_measures, sizeof *g->activity);
        g->fair = zeroed(f, f->n_measures, sizeof *g->fair);
        if (!g->ref || !g->branch || !g->exceeds_json || !g->activity
            || !g->fair) {
            status = base_fail_nomem(f->ws->run->ctx);
            break;
        }
        g->activity[0] = store_column_real(st, 6);
        for (size_t m = 0; m < f->n_measures; m++)
            g->fair[m] = NAN;
    }
    store_finalize(st);
    return status;
}

static gb_status load_spans(store_figures *f)
{
    store_statement *st = NULL;
    size_t n = 0, t = 0;
    gb_status status = count_of(
        f,
        "SELECT count(*) FROM territory_owner o JOIN territory t "
        "ON t.id = o.territory_id WHERE t.territory_version_id = ?1", &n);

    if (status)
        return status;
    f->spans = zeroed(f, n, sizeof *f->spans);
    if (!f->spans)
        return base_fail_nomem(f->ws->run->ctx);
    status = prepare(
        f,
        "SELECT t.id, m.ref, m.id, o.from_date, o.to_date "
        "FROM territory t JOIN territory_owner o ON o.territory_id = t.id "
        "JOIN manager m ON m.id = o.manager_id "
        "WHERE t.territory_version_id = ?1 ORDER BY t.ref, o.from_date",
        f->version, &st);
    while (store_next(f->ws, st, &status) && f->n_spans < n) {
        store_owner_span *s = &f->spans[f->n_spans];
        const int64_t id = store_column_int(st, 0);

        while (t < f->n && f->items[t].id != id)
            t++;
        s->manager = store_row_text(&f->arena, st, 1);
        s->manager_id = store_column_int(st, 2);
        s->from = store_row_day(st, 3);
        s->to = store_row_day(st, 4);
        if (!s->manager)
            status = base_fail_nomem(f->ws->run->ctx);
        if (t < f->n && f->items[t].n_spans++ == 0)
            f->items[t].first_span = (uint32_t)f->n_spans;
        f->n_spans++;
    }
    store_finalize(st);
    return status;
}

static gb_status load_of_cell(store_figures *f)
{
    store_statement *st = NULL;
    store_ids cells = { 0 }, items = { 0 };
    gb_status status
        = store_ids_build(f->ws, f->cells.ids, f->cells.n,
                          sizeof *f->cells.ids, &cells);

    f->of_cell = zeroed(f, f->cells.n, sizeof *f->of_cell);
    if (!f->of_cell)
        status = base_fail_nomem(f->ws->run->ctx);
    for (size_t c = 0; c < f->cells.n && !status; c++)
        f->of_cell[c] = STORE_NONE;
    if (!status)
        status = store_ids_build(f->ws, f->items, f->n, sizeof *f->items,
                                 &items);
    if (!status)
        status = prepare(f, "SELECT cell_id, territory_id FROM "
                            "territory_cell WHERE territory_version_id = ?1",
                         f->version, &st);
    while (store_next(f->ws, st, &status)) {
        const uint32_t c = store_ids_find(&cells, store_column_int(st, 0));

        if (c != STORE_NONE)
            f->of_cell[c] = store_ids_find(&items, store_column_int(st, 1));
    }
    store_finalize(st);
    st = NULL;
    if (!status)
        status = prepare(f, "SELECT cell_id, number, activity FROM "
                            "territory_cell_activity "
                            "WHERE territory_version_id = ?1",
                         f->version, &st);
    while (store_next(f->ws, st, &status)) {
        const uint32_t c = store_ids_find(&cells, store_column_int(st, 0));
        const size_t m = (size_t)store_column_int(st, 1);

        if (c != STORE_NONE && m < f->n_measures)
            f->cell_activity[m * f->cells.n + c] = store_column_real(st, 2);
    }
    store_finalize(st);
    store_ids_clear(&cells);
    store_ids_clear(&items);
    return status;
}

static gb_status load_fair(store_figures *f)
{
    store_statement *st = NULL;
    store_ids items = { 0 };
    gb_status status = store_ids_build(f->ws, f->items, f->n,
                                       sizeof *f->items, &items);

    if (!status)
        status = prepare(
            f,
            "SELECT a.territory_id, a.number, a.fair FROM territory_activity "
            "a JOIN territory t ON t.id = a.territory_id "
            "WHERE t.territory_version_id = ?1", f->version, &st);
    while (store_next(f->ws, st, &status)) {
        const uint32_t t = store_ids_find(&items, store_column_int(st, 0));
        const size_t m = (size_t)store_column_int(st, 1);

        if (t != STORE_NONE && m < f->n_measures)
            f->items[t].fair[m] = store_column_real(st, 2);
    }
    store_finalize(st);
    store_ids_clear(&items);
    return status;
}

static gb_status load_customers(store_figures *f)
{
    store_statement *st = NULL;
    store_ids cells = { 0 };
    gb_status status
        = store_ids_build(f->ws, f->cells.ids, f->cells.n,
                          sizeof *f->cells.ids, &cells);

    f->customers_of_cell = zeroed(f, f->cells.n,
                                  sizeof *f->customers_of_cell);
    f->targets_of_cell = zeroed(f, f->cells.n, sizeof *f->targets_of_cell);
    if (!f->customers_of_cell || !f->targets_of_cell)
        status = base_fail_nomem(f->ws->run->ctx);
    if (!status)
        status = prepare(
            f,
            "SELECT cc.cell_id, count(*), count(t.id) FROM customer_cell cc "
            "LEFT JOIN target t ON t.customer_id = cc.customer_id AND "
            "t.as_of = (SELECT max(as_of) FROM target) "
            "WHERE cc.cell_set_id = ?1 GROUP BY cc.cell_id",
            f->cells.set, &st);
    while (store_next(f->ws, st, &status)) {
        const uint32_t c = store_ids_find(&cells, store_column_int(st, 0));

        if (c == STORE_NONE)
            continue;
        f->customers_of_cell[c] = store_column_int(st, 1);
        f->targets_of_cell[c] = store_column_int(st, 2);
    }
    store_finalize(st);
    store_ids_clear(&cells);
    return status;
}

static gb_status measure_cells(store_figures *f)
{
    f->cell_perimeter_m = zeroed(f, f->cells.n, sizeof(double));
    if (!f->cell_perimeter_m)
        return base_fail_nomem(f->ws->run->ctx);
    for (size_t c = 0; c < f->cells.n; c++)
        f->cell_perimeter_m[c] = geo_shape_perimeter_m(&f->cells.shapes, c);
    return GB_OK;
}

/* ---------------------------------------------------------------- owners -- */

/* The day on which owners are asked for where none is named. */
static int32_t usual_day(const store_figures *f)
{
    int32_t first = STORE_NO_DAY;

    if (f->from != STORE_NO_DAY)
        return f->from;
    for (size_t s = 0; s < f->n_spans; s++)
        if (first == STORE_NO_DAY || f->spans[s].from < first)
            first = f->spans[s].from;
    return first;
}

static bool holds(const store_owner_span *s, int32_t on)
{
    return s->from <= on && (s->to == STORE_NO_DAY || s->to > on);
}

static void find_owners(store_figures *f)
{
    for (size_t t = 0; t < f->n; t++) {
        store_figure *g = &f->items[t];

        for (uint32_t s = g->first_span; s < g->first_span + g->n_spans; s++)
            if (holds(&f->spans[s], f->on)) {
                g->manager = f->spans[s].manager;
                g->manager_id = f->spans[s].manager_id;
            }
    }
}

/* --------------------------------------------------------------- counting -- */

/* Cells of one territory that hang together, from one of them. */
static void flood(const store_figures *f, const uint32_t *of_cell,
                  uint32_t from, uint8_t *seen, uint32_t *queue)
{
    const store_cells *cells = &f->cells;
    size_t head = 0, n = 0;

    seen[from] = 1;
    queue[n++] = from;
    while (head < n) {
        const uint32_t c = queue[head++];

        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++) {
            const uint32_t d = cells->neighbour[i];

            if (!seen[d] && of_cell[d] == of_cell[from]) {
                seen[d] = 1;
                queue[n++] = d;
            }
        }
    }
}

static void add_cell(store_figures *f, store_figure *g,
                     const uint32_t *of_cell, uint32_t c)
{
    const store_cells *cells = &f->cells;

    g->n_cells++;
    g->n_customers += f->customers_of_cell[c];
    g->n_targets += f->targets_of_cell[c];
    g->area_m2 += cells->area_m2[c];
    g->perimeter_m += f->cell_perimeter_m[c];
    for (uint32_t i = cells->first_neighbour[c];
         i < cells->first_neighbour[c + 1]; i++)
        if (of_cell[cells->neighbour[i]] == of_cell[c])
            g->perimeter_m -= cells->border_m[i];
    for (size_t m = 0; m < f->n_measures; m++)
        if (f->measures[m].is_of_cells)
            g->activity[m] += f->cell_activity[m * cells->n + c];
}

static void count_rules(store_figures *f, const uint32_t *of_cell)
{
    for (size_t i = 0; i < f->rules.first[STORE_RULE_FREEZE + 1]; i++) {
        const store_ground_rule *r = &f->rules.items[i];

        if (r->kind == STORE_RULE_FREEZE) {
            const uint32_t t = store_figures_territory(f, r->territory);

            if (t != STORE_NONE)
                f->items[t].is_frozen = true;
        } else if (r->cell != STORE_NONE && of_cell[r->cell] != STORE_NONE) {
            f->items[of_cell[r->cell]].n_locked++;
        }
    }
}

static void reset(store_figures *f)
{
    for (size_t t = 0; t < f->n; t++) {
        store_figure *g = &f->items[t];

        g->n_cells = g->n_parts = g->n_locked = 0;
        g->n_customers = g->n_targets = 0;
        g->area_m2 = g->perimeter_m = 0.0;
        g->is_frozen = false;
        for (size_t m = 0; m < f->n_measures; m++)
            if (f->measures[m].is_of_cells)
                g->activity[m] = 0.0;
    }
}

gb_status store_figures_count(store_figures *f, const uint32_t *of_cell)
{
    base_mem *mem = f->ws->mem;
    uint8_t *seen = base_alloc_zeroed(mem, f->cells.n, 1);
    uint32_t *queue = base_alloc_array(mem, f->cells.n, sizeof *queue);
    gb_status status = seen && queue ? GB_OK
                                     : base_fail_nomem(f->ws->run->ctx);

    if (!status)
        reset(f);
    for (uint32_t c = 0; c < f->cells.n && !status; c++) {
        const uint32_t t = of_cell[c];

        if (t >= f->n)
            continue;
        add_cell(f, &f->items[t], of_cell, c);
        if (!seen[c]) {
            f->items[t].n_parts++;
            flood(f, of_cell, c, seen, queue);
        }
    }
    if (!status)
        count_rules(f, of_cell);
    for (size_t m = 0; m < f->n_measures && !status; m++) {
        f->measures[m].total = 0.0;
        for (size_t t = 0; t < f->n; t++)
            f->measures[m].total += f->items[t].activity[m];
    }
    base_free(mem, seen);
    base_free(mem, queue);
    return status;
}

double store_figure_compactness(const store_figure *g)
{
    const double pi = 3.14159265358979323846;

    return g->perimeter_m > 0.0
               ? fmin(1.0, 4.0 * pi * g->area_m2
                               / (g->perimeter_m * g->perimeter_m))
               : 0.0;
}

double store_figure_deviation(const store_figure *g, size_t measure)
{
    return g->fair[measure] > 0.0
               ? g->activity[measure] / g->fair[measure] - 1.0
               : (double)NAN;
}

uint32_t store_figures_cell(const store_figures *f, const char *ref)
{
    size_t low = 0, high = f->cells.n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(f->cells.refs[middle], ref) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < f->cells.n && strcmp(f->cells.refs[low], ref) == 0
               ? (uint32_t)low : STORE_NONE;
}

uint32_t store_figures_territory(const store_figures *f, const char *ref)
{
    for (uint32_t t = 0; t < f->n; t++)
        if (strcmp(f->items[t].ref, ref) == 0)
            return t;
    return STORE_NONE;
}

/* ------------------------------------------------------------------ whole -- */

static gb_status load(store_figures *f, int64_t version, int32_t on)
{
    int64_t set = 0;
    gb_status status = load_head(f, version, &set);

    if (!status)
        status = store_load_cells_of(f->ws, set, &f->cells);
    if (!status)
        status = store_load_ground_rules(f->ws, &f->cells, NULL, &f->rules);
    if (!status)
        status = load_measures(f);
    if (!status)
        status = load_items(f);
    if (!status)
        status = load_spans(f);
    if (!status)
        status = load_of_cell(f);
    if (!status)
        status = load_fair(f);
    if (!status)
        status = load_customers(f);
    if (!status)
        status = measure_cells(f);
    if (status)
        return status;
    f->on = on == STORE_NO_DAY ? usual_day(f) : on;
    find_owners(f);
    return store_figures_count(f, f->of_cell);
}

gb_status store_load_figures(gb_workspace *ws, int64_t version, int32_t on,
                             store_figures *out)
{
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->ws = ws;
    status = load(out, version, on);
    if (status)
        store_figures_clear(out);
    return status;
}

void store_figures_clear(store_figures *figures)
{
    store_ground_rules_clear(&figures->rules);
    store_cells_clear(&figures->cells);
    if (figures->arena.mem)
        base_arena_clear(&figures->arena);
    memset(figures, 0, sizeof *figures);
}
