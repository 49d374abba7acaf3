/*
 * plan_tier_told.c - what runs of a tiering say: who is where and why, and
 * what moved between two of them.
 */
#include "plan_tier.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

/* ---- adding up ---- */

static const char *kind_words(const base_run *run, const char *kind)
{
    static const struct {
        const char *kind, *words;
    } list[] = {
        { "stayed", GB_N("stayed") }, { "entered", GB_N("entered") },
        { "left", GB_N("left") },     { "up", GB_N("up") },
        { "down", GB_N("down") },     { "moved", GB_N("moved") },
    };

    for (size_t i = 0; i < COUNT_OF(list); i++)
        if (strcmp(list[i].kind, kind) == 0)
            return base_lang_text(run->ctx->lang, list[i].words);
    return kind;
}

/* The tiers of the later run have an order; with one that they do not have,
 * nobody can say which is higher. */
static const char *kind_of(const store_tier_move *m, const json_t *tiers)
{
    const json_t *from = plan_tier_find(tiers, "tier", m->from);
    const json_t *to = plan_tier_find(tiers, "tier", m->to);

    if (strcmp(m->from, m->to) == 0)
        return "stayed";
    if (!m->from[0] || !m->to[0])
        return m->from[0] ? "left" : "entered";
    for (size_t k = 0; from && to; k++) {
        if (json_array_get(tiers, k) == to)
            return "up";
        if (json_array_get(tiers, k) == from)
            return "down";
    }
    return "moved";
}

static size_t place_of(const json_t *tiers, const char *name)
{
    size_t k = 0;

    while (k < json_array_size(tiers)
           && strcmp(json_string_value(json_object_get(
                         json_array_get(tiers, k), "tier")), name) != 0)
        k++;
    return k; /* one past the last for none */
}

gb_status plan_tier_add_up(base_run *run, const store_tier_moves *moves,
                           const json_t *tiers, plan_tier_sums *out)
{
    const size_t n = json_array_size(tiers);
    uint64_t *table
        = base_alloc_zeroed(run->mem, (n + 1) * (n + 1), sizeof *table);
    gb_context quiet;
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    out->drift.size = sizeof out->drift;
    if (!table)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < moves->n; i++) {
        const store_tier_move *m = &moves->items[i];

        if (strcmp(kind_of(m, tiers), "moved") == 0)
            out->otherwise += (uint64_t)m->n;
        else
            table[place_of(tiers, m->from) * (n + 1) + place_of(tiers, m->to)]
                += (uint64_t)m->n;
    }
    base_context_fork(&quiet, run->ctx);
    if (n > 0)
        status = gb_tiers_drift(&quiet, table, n, &out->drift);
    if (status)
        base_context_adopt(run->ctx, &quiet);
    base_context_join(&quiet);
    if (out->otherwise > 0)
        out->drift.psi = (double)NAN;
    base_free(run->mem, table);
    return status;
}

gb_status plan_tier_put_sums(base_run *run, const plan_tier_sums *sums,
                             json_t *object)
{
    const gb_tier_drift *d = &sums->drift;
    json_t *made = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "entered",
        (json_int_t)d->entered, "left", (json_int_t)d->left, "stayed",
        (json_int_t)d->stayed, "up", (json_int_t)d->up, "down",
        (json_int_t)d->down, "otherwise", (json_int_t)sums->otherwise, "psi",
        isnan(d->psi) ? json_null() : json_real(round(d->psi * 1e4) / 1e4));

    return made && json_object_update_new(object, made) == 0
               ? GB_OK
               : base_fail_nomem(run->ctx);
}

/* ---- drift ---- */

static json_t *list_moves(const base_run *run, const store_tier_moves *moves,
                          const json_t *tiers)
{
    json_t *list = json_array();

    for (size_t i = 0; i < moves->n; i++) {
        const store_tier_move *m = &moves->items[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:I}", "from", m->from, "to",
                            m->to, "kind", kind_of(m, tiers), "kind_words",
                            kind_words(run, kind_of(m, tiers)), "customers",
                            (json_int_t)m->n));
    }
    return list;
}

typedef struct listing {
    const plan_tier_words *words;
    json_t *list;
    bool with_from;
} listing;

static gb_status add_stay(void *user, const store_tier_stay *stay)
{
    listing *l = user;
    base_run *run = l->words->run;
    base_text why;
    json_t *row;
    gb_status status = GB_OK;

    base_text_init(&why, run->mem);
    if (stay->tier[0])
        plan_tier_say(l->words, stay, &why);
    row = json_pack("{s:s, s:s, s:s}", "customer", stay->ref, "tier",
                    stay->tier, "why", why.chars ? why.chars : "");
    if (row && stay->since)
        json_object_set_new(row, "since", json_string(stay->since));
    if (row && l->with_from)
        json_object_set_new(row, "from", json_string(stay->from));
    if (row && !isnan(stay->value) && stay->tier[0]) {
        json_object_set_new(row, "value", json_real(stay->value));
        if (!l->words->is_part)
            json_object_set_new(row, "rank", json_integer(stay->rank));
    }
    if (why.is_short) {
        json_decref(row);
        row = NULL;
    }
    if (!row || json_array_append_new(l->list, row))
        status = base_fail_nomem(run->ctx);
    base_text_clear(&why);
    return status;
}

static gb_status list_movers(gb_workspace *ws, const char *name,
                             const char *from, const char *to,
                             store_scope scope, uint32_t limit,
                             const plan_tier_words *words, json_t *out)
{
    listing l = { words, json_array(), true };
    const gb_status status = store_tier_movers(ws, name, scope, from, to,
                                               limit, add_stay, &l);

    json_object_set_new(out, "movers", l.list);
    return status;
}

gb_status plan_tier_drift(gb_workspace *ws, base_run *run, const char *name,
                          const char *from, const char *to, store_scope scope,
                          uint32_t limit, json_t **out)
{
    plan_tier_sums sums;
    plan_tier_words before = { 0 }, after = { 0 };
    store_tier_moves moves = { 0 };
    gb_status status = plan_tier_words_open(ws, run, name, from, &before);

    *out = NULL;
    if (!status)
        status = plan_tier_words_open(ws, run, name, to, &after);
    before.is_part = after.is_part = scope.kind != STORE_SCOPE_ALL;
    if (!status)
        status = store_tier_count_moves(ws, name, scope, from, to, &moves);
    if (!status)
        status = plan_tier_add_up(run, &moves, after.tiers, &sums);
    if (!status)
        status = plan_json(
            run,
            json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", name, "from", from,
                      "to", to, "redefined",
                      !json_equal(before.definition, after.definition),
                      "moves", list_moves(run, &moves, after.tiers)),
            out);
    if (!status)
        status = plan_tier_put_sums(run, &sums, *out);
    if (!status && limit > 0)
        status = list_movers(ws, name, from, to, scope, limit, &after, *out);
    if (status) {
        json_decref(*out);
        *out = NULL;
    }
    store_tier_moves_clear(&moves);
    plan_tier_words_close(&before);
    plan_tier_words_close(&after);
    return status;
}

/* The tiers with their borders, and how many of the scope are in each. */
static json_t *count_tiers(const plan_tier_words *words,
                           const store_tier_moves *here)
{
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(words->tiers); i++) {
        json_t *tier = json_array_get(words->tiers, i);
        const char *name = json_string_value(json_object_get(tier, "tier"));
        int64_t n = 0;

        for (size_t k = 0; k < here->n; k++)
            if (strcmp(here->items[k].to, name) == 0)
                n += here->items[k].n;
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:O}", "tier", name, "customers",
                            (json_int_t)n, "at_least",
                            json_object_get(tier, "at_least")));
    }
    return list;
}

gb_status plan_tier_show(gb_workspace *ws, base_run *run, const char *name,
                         const char *date, const char *tier,
                         store_scope scope, uint32_t limit, json_t **out)
{
    plan_tier_words words = { 0 };
    store_tier_moves here = { 0 };
    gb_status status = plan_tier_words_open(ws, run, name, date, &words);
    listing l = { &words, NULL, false };

    *out = NULL;
    words.is_part = scope.kind != STORE_SCOPE_ALL;
    if (!status)
        status = store_tier_count_moves(ws, name, scope, date, date, &here);
    if (!status)
        status = plan_json(run, json_array(), &l.list);
    if (!status)
        status = store_tier_members(ws, name, scope, date, tier, NULL, limit,
                                    add_stay, &l);
    if (!status)
        status = plan_json(
            run,
            json_pack("{s:s, s:s, s:O, s:o, s:O}", "name", name, "date", date,
                      "definition", words.definition, "tiers",
                      count_tiers(&words, &here), "members", l.list),
            out);
    json_decref(l.list);
    store_tier_moves_clear(&here);
    plan_tier_words_close(&words);
    return status;
}
