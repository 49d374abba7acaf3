/*
 * store_territory_edit.c - see store_territory_edit.h.
 */
#include "store_territory_edit.h"

#include "base_check.h"
#include "geo_codec.h"
#include "geo_overlay.h"
#include "store_rows.h"

#include <string.h>

typedef struct trying {
    gb_workspace *ws;
    gb_context *ctx;
    store_edit *e;
    const store_figures *f;  /* before */
    const store_move *moves;
    size_t n_moves;
    uint8_t *is_moved;       /* of cells */
    uint32_t *piece;         /* of cells: a number from 1; 0: not seen */
    uint32_t *queue;
} trying;

static const char *cell_ref(const trying *k, uint32_t c)
{
    return k->f->cells.refs[c];
}

static const char *territory_ref(const trying *k, uint32_t t)
{
    return t < k->f->n ? k->f->items[t].ref : "-";
}

/* ------------------------------------------------------------------ moves -- */

static gb_status make_moves(trying *k)
{
    for (size_t i = 0; i < k->n_moves; i++) {
        const uint32_t c = store_figures_cell(k->f, k->moves[i].cell);
        const uint32_t t = store_figures_territory(k->f, k->moves[i].to);

        if (c == STORE_NONE)
            return base_fail(k->ctx, GB_ERR_NOT_FOUND,
                             "there is no cell \"%s\"", k->moves[i].cell);
        if (t == STORE_NONE)
            return base_fail(k->ctx, GB_ERR_NOT_FOUND,
                             "there is no territory \"%s\"", k->moves[i].to);
        if (k->is_moved[c] && k->e->of_cell[c] != t)
            return base_fail(k->ctx, GB_ERR_ARGUMENT,
                             "cell %s is moved to two territories",
                             cell_ref(k, c));
        if (k->f->of_cell[c] == t)
            return base_fail(k->ctx, GB_ERR_STATE,
                             "cell %s is in territory %s already",
                             cell_ref(k, c), territory_ref(k, t));
        k->is_moved[c] = 1;
        k->e->of_cell[c] = t;
    }
    return GB_OK;
}

/* ------------------------------------------------------------------ rules -- */

static gb_status keep_lock(trying *k, const store_ground_rule *r)
{
    if (r->cell == STORE_NONE || !k->is_moved[r->cell])
        return GB_OK;
    if (r->territory[0]
        && strcmp(r->territory,
                  territory_ref(k, k->e->of_cell[r->cell])) == 0)
        return GB_OK;
    return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                     "cell %s is locked: it cannot move to %s",
                     cell_ref(k, r->cell),
                     territory_ref(k, k->e->of_cell[r->cell]));
}

static gb_status keep_frozen(trying *k, const store_ground_rule *r)
{
    const uint32_t t = store_figures_territory(k->f, r->territory);

    for (uint32_t c = 0; c < k->f->cells.n && t != STORE_NONE; c++)
        if (k->is_moved[c]
            && (k->f->of_cell[c] == t || k->e->of_cell[c] == t))
            return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                             "territory %s is locked: cell %s can neither "
                             "leave nor enter it", r->territory,
                             cell_ref(k, c));
    return GB_OK;
}

static gb_status keep_apart(trying *k, const store_ground_rule *r)
{
    if (r->cell == STORE_NONE || r->other == STORE_NONE
        || (!k->is_moved[r->cell] && !k->is_moved[r->other])
        || k->e->of_cell[r->cell] != k->e->of_cell[r->other])
        return GB_OK;
    return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                     "cells %s and %s are kept apart: both would be in %s",
                     cell_ref(k, r->cell), cell_ref(k, r->other),
                     territory_ref(k, k->e->of_cell[r->cell]));
}

static gb_status keep_barred(trying *k, const store_ground_rule *r)
{
    const store_figure *g;

    if (r->cell == STORE_NONE || !k->is_moved[r->cell])
        return GB_OK;
    g = &k->f->items[k->e->of_cell[r->cell]];
    for (uint32_t s = g->first_span; s < g->first_span + g->n_spans; s++)
        if (strcmp(k->f->spans[s].manager, r->manager_ref) == 0)
            return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                             "cell %s is barred to %s, who has territory %s",
                             cell_ref(k, r->cell), r->manager_ref, g->ref);
    return GB_OK;
}

static gb_status keep_rules(trying *k)
{
    static gb_status (*const each[])(trying *, const store_ground_rule *)
        = { keep_lock, keep_frozen, keep_apart, keep_barred };
    gb_status status = GB_OK;

    for (size_t i = 0; i < k->f->rules.n && !status; i++)
        status = each[k->f->rules.items[i].kind](k, &k->f->rules.items[i]);
    return status;
}

/* ------------------------------------------------------------- contiguity -- */

/* What a piece is worth keeping for: work, else cells. */
static double weight_of(const trying *k, uint32_t c)
{
    return 1.0 + k->f->cell_activity[c] * 1e3;
}

static double flood(trying *k, uint32_t from, uint32_t number)
{
    const store_cells *cells = &k->f->cells;
    const uint32_t *of_cell = k->e->of_cell;
    size_t head = 0, n = 0;
    double weight = 0.0;

    k->piece[from] = number;
    k->queue[n++] = from;
    while (head < n) {
        const uint32_t c = k->queue[head++];

        weight += weight_of(k, c);
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++) {
            const uint32_t d = cells->neighbour[i];

            if (!k->piece[d] && of_cell[d] == of_cell[from]) {
                k->piece[d] = number;
                k->queue[n++] = d;
            }
        }
    }
    return weight;
}

/* Cells between a piece and the rest of its territory, on a shortest way. */
static void find_bridge(trying *k, uint32_t number, uint32_t main)
{
    const store_cells *cells = &k->f->cells;
    uint32_t *back = k->e->along; /* big enough: one a cell */
    size_t head = 0, n = 0;
    uint32_t end = STORE_NONE;

    for (uint32_t c = 0; c < cells->n; c++) {
        back[c] = STORE_NONE;
        if (k->piece[c] == number) {
            back[c] = c;
            k->queue[n++] = c;
        }
    }
    while (head < n && end == STORE_NONE) {
        const uint32_t c = k->queue[head++];

        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1] && end == STORE_NONE; i++) {
            const uint32_t d = cells->neighbour[i];

            if (k->piece[d] == main)
                end = c;
            else if (back[d] == STORE_NONE) {
                back[d] = c;
                k->queue[n++] = d;
            }
        }
    }
    /* The way back, into the queue, then over `back`, which is done with. */
    n = 0;
    while (end != STORE_NONE && k->piece[end] != number) {
        k->queue[n++] = end;
        end = back[end];
    }
    memcpy(k->e->along, k->queue, n * sizeof *k->queue);
    k->e->n_along = n;
}

static void list_piece(trying *k, uint32_t number)
{
    for (uint32_t c = 0; c < k->f->cells.n; c++)
        if (k->piece[c] == number)
            k->e->along[k->e->n_along++] = c;
}

static gb_status refuse_piece(trying *k, uint32_t t, uint32_t number,
                              uint32_t main)
{
    uint32_t moved = STORE_NONE;

    for (uint32_t c = 0; c < k->f->cells.n && moved == STORE_NONE; c++)
        if (k->piece[c] == number && k->is_moved[c])
            moved = c;
    if (moved != STORE_NONE) {
        find_bridge(k, number, main);
        return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                         "cell %s does not touch territory %s",
                         cell_ref(k, moved), territory_ref(k, t));
    }
    list_piece(k, number);
    return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                     "territory %s would fall apart: %u cells are cut off "
                     "from the rest",
                     territory_ref(k, t), (unsigned)k->e->n_along);
}

static gb_status keep_whole(trying *k, uint32_t t)
{
    const size_t n_cells = k->f->cells.n;
    uint32_t number = 0, main = 0, other = 0;
    double heaviest = -1.0;

    memset(k->piece, 0, n_cells * sizeof *k->piece);
    for (uint32_t c = 0; c < n_cells; c++) {
        double weight;

        if (k->e->of_cell[c] != t || k->piece[c])
            continue;
        weight = flood(k, c, ++number);
        if (weight > heaviest) {
            other = main ? main : other;
            main = number;
            heaviest = weight;
        } else {
            other = number;
        }
    }
    if (number == 0)
        return base_fail(k->ctx, GB_ERR_INFEASIBLE,
                         "territory %s would be empty", territory_ref(k, t));
    /* One that was in pieces before may stay so. */
    if (number == 1 || number <= k->f->items[t].n_parts)
        return GB_OK;
    return refuse_piece(k, t, other, main);
}

static gb_status keep_all_whole(trying *k)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < k->e->n_touched && !status; i++)
        status = keep_whole(k, k->e->touched[i]);
    return status;
}

static void find_touched(trying *k)
{
    for (uint32_t t = 0; t < k->f->n; t++) {
        bool is_touched = false;

        for (uint32_t c = 0; c < k->f->cells.n && !is_touched; c++)
            is_touched = k->is_moved[c]
                         && (k->f->of_cell[c] == t || k->e->of_cell[c] == t);
        if (is_touched)
            k->e->touched[k->e->n_touched++] = t;
    }
}

/* -------------------------------------------------------------------- try -- */

static gb_status get_arrays(trying *k)
{
    const size_t n = k->f->cells.n;
    base_arena *arena = &k->e->arena;

    k->e->of_cell = base_arena_alloc(arena, n, sizeof *k->e->of_cell);
    k->e->along = base_arena_alloc(arena, n, sizeof *k->e->along);
    k->e->touched = base_arena_alloc(arena, k->f->n, sizeof *k->e->touched);
    k->is_moved = base_arena_alloc(arena, n, 1);
    k->piece = base_arena_alloc(arena, n, sizeof *k->piece);
    k->queue = base_arena_alloc(arena, n, sizeof *k->queue);
    if (!k->e->of_cell || !k->e->along || !k->e->touched || !k->is_moved
        || !k->piece || !k->queue)
        return base_fail_nomem(k->ctx);
    memset(k->is_moved, 0, n);
    if (n > 0)
        memcpy(k->e->of_cell, k->f->of_cell, n * sizeof *k->e->of_cell);
    return GB_OK;
}

static gb_status try_moves(trying *k, int64_t version)
{
    gb_status status = store_load_figures(k->ws, version, STORE_NO_DAY,
                                          &k->e->before);

    if (!status)
        status = store_load_figures(k->ws, version, STORE_NO_DAY,
                                    &k->e->after);
    if (!status)
        status = get_arrays(k);
    if (!status)
        status = make_moves(k);
    if (!status)
        status = keep_rules(k);
    if (status)
        return status;
    find_touched(k);
    status = keep_all_whole(k);
    return status ? status
                  : store_figures_count(&k->e->after, k->e->of_cell);
}

gb_status store_edit_try(gb_workspace *ws, int64_t version,
                         const store_move *moves, size_t n, store_edit *out)
{
    trying k = { .ws = ws, .ctx = ws->run->ctx, .e = out,
                 .f = &out->before, .moves = moves, .n_moves = n };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_begin_read(ws);
    return status ? status : store_end(ws, try_moves(&k, version));
}

void store_edit_clear(store_edit *edit)
{
    store_figures_clear(&edit->before);
    store_figures_clear(&edit->after);
    if (edit->arena.mem)
        base_arena_clear(&edit->arena);
    memset(edit, 0, sizeof *edit);
}

/* ------------------------------------------------------------------- save -- */

/* Copies with the new version's number at ?2 for the old one's at ?1. */
static gb_status copy_rows(gb_workspace *ws, const char *sql, int64_t from,
                           int64_t to)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    if (status)
        return status;
    store_bind_int(st, 1, from);
    store_bind_int(st, 2, to);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

static gb_status insert_version(gb_workspace *ws, int64_t from,
                                const char *note, int64_t *version)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO territory_version(cell_set_id, state, input_digest, "
        "options_json, measure, made_from, note) SELECT cell_set_id, "
        "'draft', '', options_json, measure, id, ?2 FROM territory_version "
        "WHERE id = ?1",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, from);
    store_bind_text_or(st, 2, note, "");
    status = store_run(ws, st);
    if (!status)
        *version = store_last_id(ws);
    store_finalize(st);
    return status;
}

static gb_status copy_version(gb_workspace *ws, int64_t from, int64_t to)
{
    static const char *const steps[] = {
        "INSERT INTO territory(territory_version_id, ref, branch_id, colour, "
        "activity, area_m2, exceeds_json, geom) SELECT ?2, ref, branch_id, "
        "colour, activity, area_m2, exceeds_json, geom FROM territory "
        "WHERE territory_version_id = ?1 ORDER BY id",
        "INSERT INTO territory_owner SELECT n.id, o.manager_id, o.from_date, "
        "o.to_date FROM territory_owner o JOIN territory t "
        "ON t.id = o.territory_id JOIN territory n "
        "ON n.territory_version_id = ?2 AND n.ref = t.ref "
        "WHERE t.territory_version_id = ?1",
        "INSERT INTO territory_measure SELECT ?2, number, name, tolerance "
        "FROM territory_measure WHERE territory_version_id = ?1",
        "INSERT INTO territory_cell_activity SELECT ?2, cell_id, number, "
        "activity FROM territory_cell_activity "
        "WHERE territory_version_id = ?1",
        "INSERT INTO territory_activity SELECT n.id, a.number, a.activity, "
        "a.fair FROM territory_activity a JOIN territory t "
        "ON t.id = a.territory_id JOIN territory n "
        "ON n.territory_version_id = ?2 AND n.ref = t.ref "
        "WHERE t.territory_version_id = ?1",
    };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++)
        status = copy_rows(ws, steps[i], from, to);
    return status;
}

static gb_status insert_cells(gb_workspace *ws, const store_edit *e,
                              int64_t version)
{
    const store_figures *f = &e->after;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "INSERT INTO territory_cell SELECT ?1, ?2, id FROM territory "
            "WHERE territory_version_id = ?1 AND ref = ?3", &st);

    for (size_t c = 0; c < f->cells.n && !status; c++) {
        if (e->of_cell[c] >= f->n)
            continue;
        store_bind_int(st, 1, version);
        store_bind_int(st, 2, f->cells.ids[c]);
        store_bind_text(st, 3, f->items[e->of_cell[c]].ref);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

/* The outline of a territory anew, out of its cells. */
static gb_status draw(gb_workspace *ws, const store_edit *e, uint32_t t,
                      geo_bytes *bytes)
{
    const store_cells *cells = &e->after.cells;
    geo_shapes own, joined;
    gb_shapes view;
    gb_status status = GB_OK;

    geo_shapes_init(&own, ws->mem);
    geo_shapes_init(&joined, ws->mem);
    for (size_t c = 0; c < cells->n && !status; c++)
        if (e->of_cell[c] == t
            && !geo_shapes_add_shape(&own, &cells->shapes, c))
            status = base_fail_nomem(ws->run->ctx);
    view = geo_shapes_view(&own);
    if (!status)
        status = geo_union(ws->run->ctx, &view, &joined);
    view = geo_shapes_view(&joined);
    bytes->n = 0;
    if (!status
        && !geo_write_blob_shape(ws->mem, &view, 0, true, ws->epsg, bytes))
        status = base_fail_nomem(ws->run->ctx);
    geo_shapes_clear(&own);
    geo_shapes_clear(&joined);
    return status;
}

static gb_status update_activity(gb_workspace *ws, const store_figures *f,
                                 const store_figure *g, int64_t version)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "UPDATE territory_activity SET activity = ?4 WHERE number = ?3 AND "
        "territory_id = (SELECT id FROM territory "
        "WHERE territory_version_id = ?1 AND ref = ?2)",
        &st);

    for (size_t m = 0; m < f->n_measures && !status; m++) {
        store_bind_int(st, 1, version);
        store_bind_text(st, 2, g->ref);
        store_bind_int(st, 3, (int64_t)m);
        store_bind_real(st, 4, g->activity[m]);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status update_territory(gb_workspace *ws, const store_edit *e,
                                  uint32_t t, int64_t version)
{
    const store_figure *g = &e->after.items[t];
    geo_bytes bytes = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    gb_status status = draw(ws, e, t, &bytes);

    if (!status)
        status = store_prepare(
            ws, "UPDATE territory SET activity = ?3, area_m2 = ?4, geom = ?5, "
                "exceeds_json = NULL WHERE territory_version_id = ?1 AND "
                "ref = ?2", &st);
    if (!status) {
        store_bind_int(st, 1, version);
        store_bind_text(st, 2, g->ref);
        store_bind_real(st, 3, g->activity[0]);
        store_bind_real(st, 4, g->area_m2);
        store_bind_blob(st, 5, bytes.items, bytes.n);
        status = store_run(ws, st);
    }
    store_finalize(st);
    base_array_clear(ws->mem, &bytes);
    return status ? status : update_activity(ws, &e->after, g, version);
}

static gb_status save(gb_workspace *ws, const store_edit *e, const char *note,
                      int64_t *version)
{
    gb_status status = insert_version(ws, e->before.version, note, version);

    if (!status)
        status = copy_version(ws, e->before.version, *version);
    if (!status)
        status = insert_cells(ws, e, *version);
    for (size_t i = 0; i < e->n_touched && !status; i++)
        status = update_territory(ws, e, e->touched[i], *version);
    return status;
}

gb_status store_edit_save(gb_workspace *ws, const store_edit *e,
                          const char *note, int64_t *version)
{
    gb_status status;

    *version = 0;
    status = store_begin(ws);
    if (!status)
        status = store_end(ws, save(ws, e, note, version));
    if (status)
        *version = 0;
    return status;
}
