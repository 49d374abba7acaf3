/*
 * plan_tier_told.c - what runs of a tiering say: who is where and why, and
 * what moved between two of them.
 */
#include "plan_tier.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

/* ---- words ---- */

gb_status plan_tier_words_open(gb_workspace *ws, base_run *run,
                               const char *name, const char *date,
                               plan_tier_words *out)
{
    store_tier_told told = { 0 };
    base_arena arena;
    gb_status status;

    memset(out, 0, sizeof *out);
    out->run = run;
    base_arena_init(&arena, run->mem);
    status = store_tier_tell(ws, name, date, &arena, &told);
    if (!status) {
        out->n_ranked = told.n_ranked;
        out->definition = json_loads(told.definition_json, 0, NULL);
        out->tiers = json_loads(told.tiers_json, 0, NULL);
        if (!out->definition || !out->tiers)
            status = base_fail_nomem(run->ctx);
        out->clauses
            = json_object_get(json_array_get(out->tiers, 0), "clauses");
    }
    base_arena_clear(&arena);
    return status;
}

void plan_tier_words_close(plan_tier_words *words)
{
    json_decref(words->definition);
    json_decref(words->tiers);
    memset(words, 0, sizeof *words);
}

static const json_t *find_in(const json_t *list, const char *key,
                             const char *wanted)
{
    for (size_t i = 0; i < json_array_size(list) && wanted; i++) {
        const json_t *item = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(item, key));

        if (name && strcmp(name, wanted) == 0)
            return item;
    }
    return NULL;
}

/* Points and whole yuan as such, other numbers with two digits. */
static void say_number(base_text *out, double value)
{
    base_text_real(out, value, fabs(value - round(value)) < 1e-9 ? 0 : 2);
}

static void say_clause(const plan_tier_words *words,
                       const store_tier_stay *stay, base_text *out)
{
    const json_t *clause = find_in(words->clauses, "name", stay->clause);
    const bool is_zh = words->run->ctx->lang == BASE_LANG_ZH;
    const char *title = json_string_value(
        json_object_get(clause, is_zh ? "title_zh" : "title_en"));

    base_text_add(out, title && title[0] ? title
                       : stay->clause    ? stay->clause
                                         : "");
}

/* Where tier k begins; NaN: nowhere. */
static double border_of(const plan_tier_words *words, size_t k)
{
    const json_t *at_least
        = json_object_get(json_array_get(words->tiers, k), "at_least");

    return json_is_number(at_least) ? json_number_value(at_least)
                                    : (double)NAN;
}

/* The border that matters: of his own tier, or for the last one, which goes
 * down to whatever there is, of the one above. */
static void say_border(const plan_tier_words *words,
                       const store_tier_stay *stay, base_text *out)
{
    const base_lang lang = words->run->ctx->lang;
    const size_t n = json_array_size(words->tiers);
    size_t k = 0;
    double above;
    base_text border;

    while (k < n && find_in(words->tiers, "tier", stay->tier)
                        != json_array_get(words->tiers, k))
        k++;
    above = k > 0 && k < n ? border_of(words, k - 1) : (double)NAN;
    base_text_init(&border, words->run->mem);
    if (k + 1 == n && k > 0) {
        say_number(&border, above);
        k--;
    } else {
        say_number(&border, border_of(words, k));
    }
    if (k < n && !isnan(border_of(words, k)))
        base_text_format(out, base_lang_text(lang, GB_N("; %s begins at %s")),
                         json_string_value(json_object_get(
                             json_array_get(words->tiers, k), "tier")),
                         border.chars ? border.chars : "");
    if (stay->value >= above
        || (k + 1 < n && stay->value < border_of(words, k)
            && find_in(words->tiers, "tier", stay->tier)
                   == json_array_get(words->tiers, k)))
        base_text_add(out, base_lang_text(lang, GB_N("; kept, as it is "
                                                     "near")));
    out->is_short |= border.is_short;
    base_text_clear(&border);
}

void plan_tier_say(const plan_tier_words *words, const store_tier_stay *stay,
                   base_text *out)
{
    base_text value;

    if (stay->clause || isnan(stay->value)) {
        say_clause(words, stay, out);
        return;
    }
    base_text_init(&value, words->run->mem);
    say_number(&value, stay->value);
    if (words->is_part)
        base_text_add(out, value.chars ? value.chars : "");
    else
        base_text_format(
            out,
            base_lang_text(words->run->ctx->lang,
                           GB_N("%s, place %lld of %lld")),
            value.chars ? value.chars : "", (long long)stay->rank,
            (long long)words->n_ranked);
    say_border(words, stay, out);
    out->is_short |= value.is_short;
    base_text_clear(&value);
}

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
    const json_t *from = find_in(tiers, "tier", m->from);
    const json_t *to = find_in(tiers, "tier", m->to);

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
    if (!row || why.is_short || json_array_append_new(l->list, row))
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
