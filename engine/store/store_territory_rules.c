/*
 * store_territory_rules.c - see store_territory_rules.h.
 */
#include "store_territory_rules.h"

#include "base_check.h"
#include "geo_crs.h"
#include "geo_shape.h"
#include "store_rows.h"

#include <string.h>

enum {
    N_KINDS = STORE_RULE_BARRED + 1,
    LAST_DAY = 2932896 /* 9999-12-31 */
};

static const char *const kind_names[N_KINDS]
    = { "lock", "freeze", "apart", "barred" };

const char *store_ground_rule_name(int32_t kind)
{
    return kind >= 0 && kind < N_KINDS ? kind_names[kind] : "";
}

/* ---------------------------------------------------------------- loading -- */

/* Where each cell is by its reference: cells come in the order of theirs. */
static uint32_t find_cell(const store_cells *cells, const char *ref)
{
    size_t low = 0, high = cells->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(cells->refs[middle], ref) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < cells->n && strcmp(cells->refs[low], ref) == 0
               ? (uint32_t)low : STORE_NONE;
}

static uint32_t cell_at(const store_cells *cells, gb_point at)
{
    for (uint32_t c = 0; c < cells->n; c++)
        if (geo_box_contains(geo_shape_box(&cells->shapes, c), at)
            && geo_shape_contains(&cells->shapes, c, at))
            return c;
    return STORE_NONE;
}

typedef struct loading {
    gb_workspace *ws;
    const store_cells *cells;
    store_ids managers;
    gb_crs *crs; /* opened where a place has to be looked for */
    store_ground_rules *out;
    BASE_ARRAY(store_ground_rule) items;
} loading;

/* The cell of a rule: by name in the set that it was made for, else by its
 * place. */
static gb_status locate(loading *l, store_statement *st, int first,
                        const char *ref, uint32_t *cell)
{
    const gb_lonlat at = { store_column_real(st, first),
                           store_column_real(st, first + 1) };
    gb_context *ctx = l->ws->run->ctx;
    gb_point point;
    gb_status status = GB_OK;

    *cell = STORE_NONE;
    if (!ref[0])
        return GB_OK;
    if (store_column_int(st, 2) == l->cells->set)
        *cell = find_cell(l->cells, ref);
    if (*cell != STORE_NONE || l->cells->n == 0)
        return GB_OK;
    if (!l->crs)
        status = geo_crs_open(ctx, l->ws->epsg, &l->crs);
    if (!status)
        status = geo_crs_project(ctx, l->crs, &at, 1, &point);
    if (status == GB_ERR_CRS) { /* far from everything: a lost rule */
        base_enter(ctx);
        return GB_OK;
    }
    if (!status)
        *cell = cell_at(l->cells, point);
    return status;
}

static gb_status take_rule(loading *l, store_statement *st)
{
    base_arena *arena = &l->out->arena;
    store_ground_rule r = { .id = store_column_int(st, 0) };
    gb_status status;

    r.kind = (int32_t)store_name_index(store_column_text(st, 1), kind_names,
                                       N_KINDS);
    r.cell_ref = store_row_text(arena, st, 3);
    r.other_ref = store_row_text(arena, st, 6);
    r.territory = store_row_text(arena, st, 9);
    r.manager_ref = store_row_text(arena, st, 11);
    r.reason = store_row_text(arena, st, 13);
    if (!r.cell_ref || !r.other_ref || !r.territory || !r.manager_ref
        || !r.reason)
        return base_fail_nomem(l->ws->run->ctx);
    r.manager = store_ids_find(&l->managers, store_column_int(st, 10));
    r.since = store_row_day(st, 12);
    status = locate(l, st, 4, r.cell_ref, &r.cell);
    if (!status)
        status = locate(l, st, 7, r.other_ref, &r.other);
    if (status)
        return status;
    if (r.cell != STORE_NONE)
        r.cell_ref = l->cells->refs[r.cell];
    if (r.other != STORE_NONE)
        r.other_ref = l->cells->refs[r.other];
    /* `cells` may be gone before the rules are. */
    if (r.cell != STORE_NONE || r.other != STORE_NONE) {
        const char *texts[2] = { r.cell_ref, r.other_ref };

        for (int i = 0; i < 2; i++) {
            char *copy = base_arena_alloc(arena, strlen(texts[i]) + 1, 1);

            if (!copy)
                return base_fail_nomem(l->ws->run->ctx);
            texts[i] = strcpy(copy, texts[i]);
        }
        r.cell_ref = texts[0];
        r.other_ref = texts[1];
    }
    if ((r.kind != STORE_RULE_FREEZE && r.cell == STORE_NONE)
        || (r.kind == STORE_RULE_APART && r.other == STORE_NONE))
        l->out->n_lost++;
    return base_array_push(l->ws->mem, &l->items, r)
               ? GB_OK : base_fail_nomem(l->ws->run->ctx);
}

static gb_status read_rules(loading *l)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        l->ws,
        "SELECT r.id, r.kind, coalesce(r.cell_set_id, 0), r.cell_ref, "
        "r.lon_deg, r.lat_deg, r.other_ref, r.other_lon_deg, "
        "r.other_lat_deg, r.territory_ref, r.manager_id, m.ref, r.since, "
        "r.reason FROM territory_rule r "
        "LEFT JOIN manager m ON m.id = r.manager_id "
        "ORDER BY CASE r.kind WHEN 'lock' THEN 0 WHEN 'freeze' THEN 1 "
        "WHEN 'apart' THEN 2 ELSE 3 END, r.id",
        &st);

    while (store_next(l->ws, st, &status))
        status = take_rule(l, st);
    store_finalize(st);
    return status;
}

static gb_status keep_rules(loading *l)
{
    store_ground_rules *out = l->out;

    out->items = base_arena_alloc(&out->arena, l->items.n,
                                  sizeof *out->items);
    if (!out->items)
        return base_fail_nomem(l->ws->run->ctx);
    if (l->items.n > 0)
        memcpy(out->items, l->items.items, l->items.n * sizeof *out->items);
    out->n = l->items.n;
    for (size_t i = 0; i < out->n; i++)
        out->first[out->items[i].kind + 1]++;
    for (int k = 0; k < N_KINDS; k++)
        out->first[k + 1] += out->first[k];
    return GB_OK;
}

gb_status store_load_ground_rules(gb_workspace *ws, const store_cells *cells,
                           const store_managers *managers, store_ground_rules *out)
{
    loading l = { .ws = ws, .cells = cells, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_ids_build(ws, managers ? managers->items : NULL,
                             managers ? managers->n : 0,
                             sizeof(store_manager), &l.managers);
    if (!status)
        status = read_rules(&l);
    if (!status)
        status = keep_rules(&l);
    store_ids_clear(&l.managers);
    gb_crs_free(l.crs);
    base_array_clear(ws->mem, &l.items);
    if (status)
        store_ground_rules_clear(out);
    return status;
}

void store_ground_rules_clear(store_ground_rules *rules)
{
    if (rules->arena.mem)
        base_arena_clear(&rules->arena);
    memset(rules, 0, sizeof *rules);
}

/* ----------------------------------------------------------- contradiction -- */

/* What rules are held against: where cells are, and whose they are. */
typedef struct judging {
    gb_workspace *ws;
    store_cells cells;
    store_branches branches;
    store_managers managers;
    store_territories base; /* in force, else the last made; version 0: none */
    store_ground_rules rules;
    base_text words[2];
} judging;

static void clear_judging(judging *j)
{
    store_ground_rules_clear(&j->rules);
    store_territories_clear(&j->base);
    store_managers_clear(&j->managers);
    store_branches_clear(&j->branches);
    store_cells_clear(&j->cells);
    base_text_clear(&j->words[0]);
    base_text_clear(&j->words[1]);
}

static gb_status load_judging(gb_workspace *ws, judging *j)
{
    int64_t version = 0;
    gb_status status;

    memset(j, 0, sizeof *j);
    j->ws = ws;
    base_text_init(&j->words[0], ws->mem);
    base_text_init(&j->words[1], ws->mem);
    status = store_query_int(
        ws, "SELECT id FROM territory_version WHERE cell_set_id = "
            "(SELECT id FROM cell_set WHERE is_active) "
            "ORDER BY state = 'active' DESC, id DESC LIMIT 1", &version);
    if (!status)
        status = store_load_cells(ws, &j->cells);
    if (!status)
        status = store_load_branches(ws, NULL, &j->branches);
    if (!status)
        status = store_load_managers(ws, &j->branches, 0, &j->managers);
    if (!status && version)
        status = store_load_territories(ws, &j->branches, &j->managers,
                                        &j->cells, version, LAST_DAY,
                                        &j->base);
    return status;
}

static uint32_t find_territory(const judging *j, const char *ref)
{
    for (uint32_t t = 0; t < j->base.n; t++)
        if (strcmp(j->base.items[t].ref, ref) == 0)
            return t;
    return STORE_NONE;
}

static bool is_frozen(const judging *j, uint32_t territory, size_t *rule)
{
    for (size_t i = j->rules.first[STORE_RULE_FREEZE];
         i < j->rules.first[STORE_RULE_FREEZE + 1]; i++)
        if (territory != STORE_NONE
            && strcmp(j->rules.items[i].territory,
                      j->base.items[territory].ref) == 0) {
            *rule = i;
            return true;
        }
    return false;
}

static uint32_t territory_of(const judging *j, uint32_t cell)
{
    return cell < j->base.n_cells ? j->base.of_cell[cell] : STORE_NONE;
}

/* The territory in which a cell must stay, and the rule that says so. */
static uint32_t fixed_in(const judging *j, uint32_t cell, size_t *rule)
{
    for (size_t i = 0; i < j->rules.first[STORE_RULE_LOCK + 1]; i++) {
        const store_ground_rule *r = &j->rules.items[i];

        if (r->cell != cell || cell == STORE_NONE)
            continue;
        *rule = i;
        return r->territory[0] ? find_territory(j, r->territory)
                               : territory_of(j, cell);
    }
    return is_frozen(j, territory_of(j, cell), rule) ? territory_of(j, cell)
                                                     : STORE_NONE;
}

/* A rule in words, as it stands in an error. */
static const char *word(judging *j, int place, const store_ground_rule *r)
{
    base_text *text = &j->words[place];
    const base_lang lang = j->ws->run->ctx->lang;

    base_text_reset(text);
    if (r->kind == STORE_RULE_LOCK && r->territory[0])
        base_text_format(text,
                         base_lang_text(lang,
                                        GB_N("cell %s is locked in %s")),
                         r->cell_ref, r->territory);
    else if (r->kind == STORE_RULE_LOCK)
        base_text_format(text,
                         base_lang_text(lang,
                                        GB_N("cell %s is locked where it "
                                             "is")),
                         r->cell_ref);
    else if (r->kind == STORE_RULE_FREEZE)
        base_text_format(text,
                         base_lang_text(lang, GB_N("territory %s is locked "
                                                   "as it is")),
                         r->territory);
    else if (r->kind == STORE_RULE_APART)
        base_text_format(text,
                         base_lang_text(lang, GB_N("cells %s and %s are kept "
                                                   "apart")),
                         r->cell_ref, r->other_ref);
    else
        base_text_format(text,
                         base_lang_text(lang, GB_N("cell %s is barred to "
                                                   "%s")),
                         r->cell_ref, r->manager_ref);
    return text->chars ? text->chars : "";
}

static gb_status contradict(judging *j, size_t a, size_t b)
{
    const char *one = word(j, 0, &j->rules.items[a]);
    const char *other = word(j, 1, &j->rules.items[b]);

    return base_fail(j->ws->run->ctx, GB_ERR_DATA,
                     "these contradict each other: %s; %s", one, other);
}

/* A lock against a frozen territory and against another lock of the cell. */
static gb_status judge_lock(judging *j, size_t i)
{
    const store_ground_rule *r = &j->rules.items[i];
    const uint32_t here = territory_of(j, r->cell);
    const uint32_t there = r->territory[0] ? find_territory(j, r->territory)
                                           : here;
    size_t frozen;

    if (r->cell == STORE_NONE)
        return GB_OK;
    for (size_t k = 0; k < i; k++)
        if (j->rules.items[k].cell == r->cell
            && strcmp(j->rules.items[k].territory, r->territory) != 0)
            return contradict(j, k, i);
    if (here != there
        && (is_frozen(j, here, &frozen) || is_frozen(j, there, &frozen)))
        return contradict(j, frozen, i);
    return GB_OK;
}

static gb_status judge_apart(judging *j, size_t i)
{
    const store_ground_rule *r = &j->rules.items[i];
    size_t a, b;
    const uint32_t one = fixed_in(j, r->cell, &a);

    if (one == STORE_NONE || fixed_in(j, r->other, &b) != one)
        return GB_OK;
    /* The lock that came last is what a person has just said. */
    return contradict(j, j->rules.items[a].id > j->rules.items[b].id ? a : b,
                      i);
}

static gb_status judge_barred(judging *j, size_t i)
{
    const store_ground_rule *r = &j->rules.items[i];
    size_t rule;
    const uint32_t in = fixed_in(j, r->cell, &rule);

    return in != STORE_NONE && r->manager != STORE_NONE
                   && j->base.items[in].owner == r->manager
               ? contradict(j, rule, i) : GB_OK;
}

static gb_status judge_all(judging *j)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < j->rules.n && !status; i++) {
        if (j->rules.items[i].kind == STORE_RULE_LOCK)
            status = judge_lock(j, i);
        else if (j->rules.items[i].kind == STORE_RULE_APART)
            status = judge_apart(j, i);
        else if (j->rules.items[i].kind == STORE_RULE_BARRED)
            status = judge_barred(j, i);
    }
    return status;
}

/* ----------------------------------------------------------- add, remove -- */

static gb_status place_of(judging *j, gb_crs *crs, const char *ref,
                          uint32_t *cell, gb_lonlat *at)
{
    gb_context *ctx = j->ws->run->ctx;
    gb_point inside;
    gb_status status;

    *cell = find_cell(&j->cells, ref);
    if (*cell == STORE_NONE)
        return base_fail(ctx, GB_ERR_NOT_FOUND, "there is no cell \"%s\"",
                         ref);
    status = geo_shape_point_inside(ctx, &j->cells.shapes, *cell, &inside);
    return status ? status : geo_crs_unproject(ctx, crs, &inside, 1, at);
}

static gb_status manager_of(judging *j, const char *ref, int64_t *id)
{
    for (size_t m = 0; m < j->managers.n; m++)
        if (strcmp(j->managers.items[m].ref, ref) == 0) {
            *id = j->managers.items[m].id;
            return GB_OK;
        }
    return base_fail(j->ws->run->ctx, GB_ERR_NOT_FOUND,
                     "there is no manager \"%s\"", ref);
}

static gb_status check_territory(judging *j, const char *ref)
{
    return find_territory(j, ref) != STORE_NONE
               ? GB_OK
               : base_fail(j->ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory \"%s\"", ref);
}

/* An equal rule of before, to be given the new reason; 0: none. */
static int64_t same_rule(const judging *j, const store_ground_rule_in *in)
{
    const char *cell = in->cell ? in->cell : "";
    const char *other = in->other ? in->other : "";

    for (size_t i = 0; i < j->rules.n; i++) {
        const store_ground_rule *r = &j->rules.items[i];
        const bool is_pair
            = (strcmp(r->cell_ref, cell) == 0
               && strcmp(r->other_ref, other) == 0)
              || (strcmp(r->cell_ref, other) == 0
                  && strcmp(r->other_ref, cell) == 0);

        if (r->kind == in->kind && is_pair
            && (!in->territory || strcmp(r->territory, in->territory) == 0)
            && strcmp(r->manager_ref, in->manager ? in->manager : "") == 0)
            return r->id;
    }
    return 0;
}

static gb_status bind_places(judging *j, const store_ground_rule_in *in,
                             store_statement *st)
{
    const char *const refs[2] = { in->cell, in->other };
    gb_crs *crs = NULL;
    uint32_t cells[2] = { STORE_NONE, STORE_NONE };
    gb_lonlat at;
    gb_status status = geo_crs_open(j->ws->run->ctx, j->ws->epsg, &crs);

    for (int i = 0; i < 2 && !status; i++) {
        const int first = 3 + 3 * i;

        if (!refs[i])
            continue;
        status = place_of(j, crs, refs[i], &cells[i], &at);
        if (status)
            break;
        store_bind_text(st, first, j->cells.refs[cells[i]]);
        store_bind_real(st, first + 1, at.lon_deg);
        store_bind_real(st, first + 2, at.lat_deg);
    }
    gb_crs_free(crs);
    if (!status && in->kind == STORE_RULE_APART && cells[0] == cells[1])
        return base_fail(j->ws->run->ctx, GB_ERR_ARGUMENT,
                         "cell %s cannot be kept apart from itself",
                         in->cell);
    return status;
}

static gb_status insert_rule(judging *j, const store_ground_rule_in *in)
{
    store_statement *st = NULL;
    int64_t manager = 0;
    char day[16];
    gb_status status = GB_OK;

    if (in->territory)
        status = check_territory(j, in->territory);
    if (!status && in->manager)
        status = manager_of(j, in->manager, &manager);
    if (!status)
        status = store_prepare(
            j->ws,
            "INSERT INTO territory_rule(kind, cell_set_id, cell_ref, lon_deg, "
            "lat_deg, other_ref, other_lon_deg, other_lat_deg, "
            "territory_ref, manager_id, since, reason) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, kind_names[in->kind]);
    store_bind_id(st, 2, j->cells.set);
    store_bind_text(st, 9, in->territory);
    store_bind_id(st, 10, manager);
    store_bind_day(st, 11, in->since, day);
    store_bind_text_or(st, 12, in->reason, "");
    status = bind_places(j, in, st);
    if (!status)
        status = store_run(j->ws, st);
    store_finalize(st);
    return status;
}

static gb_status change_reason(judging *j, int64_t id,
                               const store_ground_rule_in *in)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(
        j->ws,
        "UPDATE territory_rule SET reason = coalesce(?2, reason), "
        "since = coalesce(?3, since) WHERE id = ?1",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, id);
    store_bind_text_or(st, 2, in->reason, NULL);
    store_bind_day(st, 3, in->since, day);
    status = store_run(j->ws, st);
    store_finalize(st);
    return status;
}

static gb_status reload(judging *j)
{
    store_ground_rules_clear(&j->rules);
    return store_load_ground_rules(j->ws, &j->cells, &j->managers, &j->rules);
}

/* Two locks of one cell differ in the territory alone, which is no part of
 * the key; so the first is named here. */
static gb_status check_other_lock(judging *j, const store_ground_rule_in *in)
{
    const char *territory = in->territory ? in->territory : "";

    for (size_t i = 0; i < j->rules.first[STORE_RULE_LOCK + 1]; i++) {
        const store_ground_rule *r = &j->rules.items[i];

        if (in->kind != STORE_RULE_LOCK || strcmp(r->cell_ref, in->cell) != 0
            || strcmp(r->territory, territory) == 0)
            continue;
        return territory[0]
                   ? base_fail(j->ws->run->ctx, GB_ERR_DATA,
                               "cell %s cannot be locked in %s: %s", in->cell,
                               territory, word(j, 0, r))
                   : base_fail(j->ws->run->ctx, GB_ERR_DATA,
                               "cell %s cannot be locked where it is: %s",
                               in->cell, word(j, 0, r));
    }
    return GB_OK;
}

static gb_status add_one(judging *j, const store_ground_rule_in *in)
{
    const int64_t same = same_rule(j, in);
    gb_status status = check_other_lock(j, in);

    if (!status)
        status = same ? change_reason(j, same, in) : insert_rule(j, in);
    return status ? status : reload(j);
}

gb_status store_ground_rules_add(gb_workspace *ws, const store_ground_rule_in *rules,
                          size_t n)
{
    judging j;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = load_judging(ws, &j);
    if (!status && j.cells.n == 0)
        status = base_fail(ws->run->ctx, GB_ERR_STATE,
                           "there are no cells yet");
    if (!status)
        status = reload(&j);
    for (size_t i = 0; i < n && !status; i++)
        status = add_one(&j, &rules[i]);
    if (!status)
        status = judge_all(&j);
    clear_judging(&j);
    return store_end(ws, status);
}

static gb_status remove_one(judging *j, const store_ground_rule_in *in)
{
    const int64_t id = same_rule(j, in);
    store_statement *st = NULL;
    gb_status status;

    if (!id)
        return base_fail(j->ws->run->ctx, GB_ERR_NOT_FOUND,
                         "there is no such rule of %s",
                         in->cell ? in->cell : in->territory);
    status = store_prepare(j->ws, "DELETE FROM territory_rule WHERE id = ?1",
                           &st);
    if (status)
        return status;
    store_bind_int(st, 1, id);
    status = store_run(j->ws, st);
    store_finalize(st);
    return status ? status : reload(j);
}

gb_status store_ground_rules_remove(gb_workspace *ws, const store_ground_rule_in *rules,
                             size_t n)
{
    judging j;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = load_judging(ws, &j);
    if (!status)
        status = reload(&j);
    for (size_t i = 0; i < n && !status; i++)
        status = remove_one(&j, &rules[i]);
    clear_judging(&j);
    return store_end(ws, status);
}
