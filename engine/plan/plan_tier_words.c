/*
 * plan_tier_words.c - why somebody is in his tier, in a sentence.
 */
#include "plan_tier.h"

#include <math.h>
#include <string.h>

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

const json_t *plan_tier_find(const json_t *list, const char *key,
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
    const json_t *clause = plan_tier_find(words->clauses, "name", stay->clause);
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

/* Which tier it is; their number for none. */
static size_t place_of(const plan_tier_words *words, const char *tier)
{
    const size_t n = json_array_size(words->tiers);
    const json_t *found = plan_tier_find(words->tiers, "tier", tier);
    size_t k = 0;

    while (k < n && json_array_get(words->tiers, k) != found)
        k++;
    return k;
}

/* Does the tier go down to whatever there is?  The last one does, unless it
 * has a threshold. */
static bool is_bottom(const plan_tier_words *words, size_t k)
{
    const char *text = json_string_value(
        json_object_get(words->definition, "tiers"));

    return k + 1 == json_array_size(words->tiers)
           && (isnan(border_of(words, k)) || !text || !strstr(text, ">="));
}

/* The border that matters: of his own tier, or of the one above. */
static void say_border(const plan_tier_words *words,
                       const store_tier_stay *stay, base_text *out)
{
    const base_lang lang = words->run->ctx->lang;
    const size_t n = json_array_size(words->tiers);
    const size_t own = place_of(words, stay->tier);
    const bool is_lowest = is_bottom(words, own);
    const size_t told = is_lowest && own > 0 ? own - 1 : own;
    const bool came_down = !is_lowest && stay->value < border_of(words, own);
    const bool came_up
        = own > 0 && own < n && stay->value >= border_of(words, own - 1);
    base_text border;

    base_text_init(&border, words->run->mem);
    if (told < n && !isnan(border_of(words, told))) {
        say_number(&border, border_of(words, told));
        base_text_format(out, base_lang_text(lang, GB_N("; %s begins at %s")),
                         json_string_value(json_object_get(
                             json_array_get(words->tiers, told), "tier")),
                         border.chars ? border.chars : "");
    }
    if (came_down || came_up)
        base_text_add(out,
                      base_lang_text(lang, GB_N("; kept, as it is near")));
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
