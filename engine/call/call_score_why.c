/*
 * call_score_why.c - why a target has his points: on the day, and what has
 * moved since the last night that scored him.
 *
 * All of it is read from what the nights kept, card and facts with it, so the
 * answer is what the night saw, whatever was imported since.
 */
#include "call_groups.h"
#include "call_score.h"
#include "call_score_worth.h"
#include "call_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_tier.h"
#include "store_scored.h"

/* One night's word of the customer. */
typedef struct night {
    store_scored row;
    json_t *parts, *facts;
} night;

typedef struct why {
    call *c;
    base_arena arena;
    night now, before;
    json_t *card;      /* of now; else the shipped one */
    bool is_zh;
    const char *grade_title, *channel_title, *must_title;
    base_text clauses; /* of the segment, all of which hold */
    char tier[64];     /* by points, on the day; "" for none */
    base_text tier_why;
} why;

/* ---- loading ---- */

static gb_status load_night(why *w, store_scope scope, const char *day,
                            bool is_before, night *out)
{
    gb_status status
        = store_load_scored(w->c->workspace, call_text(w->c, "customer"),
                            scope, day, is_before, &w->arena, &out->row);

    if (status || !out->row.is_there)
        return status;
    out->parts = json_loads(out->row.parts_json, 0, NULL);
    if (out->row.facts_json[0])
        out->facts = json_loads(out->row.facts_json, 0, NULL);
    return out->parts ? GB_OK
                      : base_fail(w->c->ctx, GB_ERR_INTEGRITY,
                                  "the points of %s on %s are no JSON",
                                  call_text(w->c, "customer"),
                                  out->row.as_of);
}

static gb_status load_titles(why *w)
{
    gb_workspace *ws = w->c->workspace;
    const store_scored *row = &w->now.row;
    gb_status status
        = store_clause_title(ws, "grades", row->grade_clause, w->is_zh,
                             &w->arena, &w->grade_title);

    if (!status)
        status = store_clause_title(ws, "channels", row->channel_rule,
                                    w->is_zh, &w->arena, &w->channel_title);
    if (!status)
        status = store_clause_title(ws, "must", row->must_rule, w->is_zh,
                                    &w->arena, &w->must_title);
    return status;
}

typedef struct told {
    why *w;
    const plan_tier_words *words;
} told;

static gb_status tell_tier(void *user, const store_tier_stay *stay)
{
    told *t = user;

    plan_tier_say(t->words, stay, &t->w->tier_why);
    snprintf(t->w->tier, sizeof t->w->tier, "%s", stay->tier);
    return GB_OK;
}

/* The night gives tiers after the points: there may be none yet. */
static gb_status load_tier(why *w, store_scope scope, base_run *run)
{
    gb_workspace *ws = w->c->workspace;
    const char *day = call_text(w->c, "date");
    plan_tier_words words = { 0 };
    told t = { w, &words };
    char next[16], last[16];
    gb_status status
        = store_tier_last(ws, PLAN_TIERS,
                          store_day_text(next, store_day_parse(day) + 1),
                          last);

    if (status || strcmp(last, day) != 0)
        return status;
    status = plan_tier_words_open(ws, run, PLAN_TIERS, day, &words);
    words.is_part = scope.kind != STORE_SCOPE_ALL;
    if (!status)
        status = store_tier_members(ws, PLAN_TIERS, scope, day, NULL,
                                    call_text(w->c, "customer"), 1, tell_tier,
                                    &t);
    plan_tier_words_close(&words);
    return status;
}

static gb_status load(why *w)
{
    call *c = w->c;
    const char *since = call_text(c, "since");
    store_scope scope;
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = load_night(w, scope, call_text(c, "date"), false, &w->now);
    if (!status && !w->now.row.is_there)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "\"%s\" has no score of that day: no segment "
                           "selected it, or it lies outside the scope",
                           call_text(c, "customer"));
    if (!status)
        status = load_night(w, scope, since ? since : call_text(c, "date"),
                            !since, &w->before);
    if (!status && since && !w->before.row.is_there)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "\"%s\" has no score of %s",
                           call_text(c, "customer"), since);
    if (!status)
        status = load_titles(w);
    if (!status)
        status = load_tier(w, scope, &run);
    status = call_leave_store(c, &run, status);
    if (!status) {
        const char *card = w->now.row.card_json;

        w->card = json_loads(card[0] ? card : gb_score_card_shipped(), 0,
                             NULL);
        status = w->card ? GB_OK : base_fail_nomem(c->ctx);
    }
    return status;
}

static void clear(why *w)
{
    json_decref(w->now.parts);
    json_decref(w->now.facts);
    json_decref(w->before.parts);
    json_decref(w->before.facts);
    json_decref(w->card);
    base_text_clear(&w->clauses);
    base_text_clear(&w->tier_why);
    base_arena_clear(&w->arena);
}

/* ---- one factor ---- */

/* What the factor looked at; NaN: unknown, or of the tags. */
static double value_of(const night *n, const json_t *factor)
{
    const json_t *ratio = json_object_get(factor, "ratio");
    const json_t *pair = ratio ? ratio : json_object_get(factor, "difference");
    const char *column = json_string_value(json_object_get(factor, "column"));
    const json_t *a, *b;

    if (pair)
        column = json_string_value(json_array_get(pair, 0));
    a = column ? json_object_get(n->facts, column) : NULL;
    if (!pair)
        return a ? json_number_value(a) : (double)NAN;
    b = json_object_get(n->facts, json_string_value(json_array_get(pair, 1)));
    if (!a || !b)
        return (double)NAN;
    if (!ratio)
        return json_number_value(a) - json_number_value(b);
    if (!(json_number_value(b) > 0))
        return json_number_value(a) > 0 ? (double)INFINITY : (double)NAN;
    return json_number_value(a) / json_number_value(b);
}

static size_t bin_of(const json_t *factor, double value)
{
    const json_t *bins = json_object_get(factor, "bins");
    size_t b = 0;

    if (isnan(value))
        return json_array_size(bins);
    while (b + 1 < json_array_size(bins)
           && !(value < json_number_value(json_object_get(
                            json_array_get(bins, b), "below"))))
        b++;
    return b;
}

static bool is_amount(const json_t *factor)
{
    const char *column = json_string_value(json_object_get(factor, "column"));
    const size_t n = column ? strlen(column) : 0;

    return n > 4 && strcmp(column + n - 4, "_fen") == 0;
}

/* Amounts in yuan; whole numbers as such. */
static json_t *show_value(const why *w, const json_t *factor, double value)
{
    const bool is_fen = is_amount(factor);
    base_text text;
    json_t *shown;

    if (!isfinite(value))
        return json_string("");
    base_text_init(&text, w->c->mem);
    value = is_fen ? value / 100 : value;
    base_text_real(&text, value, fabs(value - round(value)) < 1e-9 ? 0 : 2);
    if (is_fen)
        base_text_add(&text, call_words(w->c, GB_N(" yuan")));
    shown = json_string(text.chars ? text.chars : "");
    base_text_clear(&text);
    return shown;
}

/* The borders of amounts in yuan, as the values beside them. */
static void say_bin(const why *w, const json_t *factor, double value,
                    base_text *out)
{
    json_t *shown = json_deep_copy(factor);
    json_t *bins = json_object_get(shown, "bins");

    for (size_t b = 0; is_amount(factor) && b < json_array_size(bins); b++) {
        json_t *bin = json_array_get(bins, b);
        const json_t *below = json_object_get(bin, "below");

        if (below)
            json_object_set_new(bin, "below",
                                json_real(json_number_value(below) / 100));
    }
    call_score_say_bin(w->c, shown, bin_of(factor, value), out);
    json_decref(shown);
}

static void put_side(const why *w, const night *n, const json_t *factor,
                     json_int_t points, const char *value_key,
                     const char *bin_key, json_t *part)
{
    const double value = value_of(n, factor);
    base_text words;

    if (!n->facts || !factor)
        return;
    base_text_init(&words, w->c->mem);
    if (json_object_get(factor, "bins"))
        say_bin(w, factor, value, &words);
    else if (json_object_get(factor, "tag"))
        call_score_say_bin(w->c, factor, points == 0, &words);
    json_object_set_new(part, value_key, show_value(w, factor, value));
    json_object_set_new(part, bin_key,
                        json_string(words.chars ? words.chars : ""));
    base_text_clear(&words);
}

static const char *title_of(const why *w, const json_t *factor,
                            const char *name)
{
    const char *title = json_string_value(
        json_object_get(factor, w->is_zh ? "title_zh" : "title_en"));

    return title && title[0] ? title : name;
}

static const json_t *factor_of(const why *w, const char *name)
{
    const json_t *factors = json_object_get(w->card, "factors");

    for (size_t f = 0; f < json_array_size(factors); f++) {
        const json_t *factor = json_array_get(factors, f);
        const char *own = json_string_value(json_object_get(factor, "name"));

        if (own && strcmp(own, name) == 0)
            return factor;
    }
    return NULL;
}

/* Nothing where a factor gives no points, then and now. */
static json_t *describe_part(const why *w, const char *name)
{
    const json_t *factor = factor_of(w, name);
    const json_int_t points
        = json_integer_value(json_object_get(w->now.parts, name));
    const json_int_t was
        = json_integer_value(json_object_get(w->before.parts, name));
    json_t *part;

    if (points == 0 && was == 0)
        return NULL;
    part = json_pack("{s:s, s:s, s:I}", "factor", name, "title",
                     title_of(w, factor, name), "points", points);
    put_side(w, &w->now, factor, points, "value", "bin", part);
    if (w->before.row.is_there) {
        put_side(w, &w->before, factor, was, "was_value", "was", part);
        json_object_set_new(part, "moved", json_integer(points - was));
    }
    return part;
}

/* Most points first, what was lost last; equal ones as they stand. */
static int by_points(const json_t *a, const json_t *b)
{
    const json_int_t x = json_integer_value(json_object_get(a, "points"));
    const json_int_t y = json_integer_value(json_object_get(b, "points"));

    return (x < y) - (x > y);
}

static void insert_part(json_t *list, json_t *part)
{
    size_t at = json_array_size(list);

    while (at > 0 && by_points(json_array_get(list, at - 1), part) > 0)
        at--;
    json_array_insert_new(list, at, part);
}

static json_t *describe_parts(const why *w)
{
    json_t *list = json_array();
    const char *name;
    json_t *points, *part;

    json_object_foreach(w->now.parts, name, points)
        if ((part = describe_part(w, name)) != NULL)
            insert_part(list, part);
    json_object_foreach(w->before.parts, name, points)
        if (!json_object_get(w->now.parts, name)
            && (part = describe_part(w, name)) != NULL)
            insert_part(list, part);
    return list;
}

/* ---- why on the list ---- */

static void put_reason(json_t *list, const why *w, const char *what,
                       const char *is, const char *text)
{
    if (text && text[0])
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s}", "what",
                            call_words(w->c, what), "is", is, "why", text));
}

/* A segment holds because all its clauses do. */
static void say_segment(why *w)
{
    json_t *rules = json_loads(w->now.row.segment_json, 0, NULL);
    const json_t *clauses = json_object_get(rules, "clauses");

    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i);

        base_text_add(&w->clauses, i ? call_words(w->c, GB_N("; ")) : "");
        base_text_add(&w->clauses,
                      title_of(w, clause, json_string_value(json_object_get(
                                              clause, "name"))));
    }
    json_decref(rules);
}

static json_t *describe_reasons(why *w)
{
    const store_scored *row = &w->now.row;
    json_t *list = json_array();

    say_segment(w);
    /* a must is a target whatever the segment says */
    if (!row->must_rule[0])
        put_reason(list, w, GB_N("segment"), row->segment, w->clauses.chars);
    put_reason(list, w, GB_N("grade"), row->grade, w->grade_title);
    put_reason(list, w, GB_N("tier"), w->tier, w->tier_why.chars);
    put_reason(list, w, GB_N("channel"), row->channel, w->channel_title);
    put_reason(list, w, GB_N("must"), row->must_rule, w->must_title);
    return list;
}

static const char *card_of(const why *w)
{
    const char *name = json_string_value(json_object_get(w->card, "card"));

    return name ? name : "";
}

static gb_status explain(call *c, json_t **result)
{
    why w = { .c = c, .is_zh = c->ctx->lang == BASE_LANG_ZH };
    json_t *made = NULL;
    gb_status status;

    base_arena_init(&w.arena, c->mem);
    base_text_init(&w.clauses, c->mem);
    base_text_init(&w.tier_why, c->mem);
    status = load(&w);
    if (!status) {
        made = json_pack("{s:s, s:s, s:I, s:s, s:s, s:o, s:o}", "customer",
                         call_text(c, "customer"), "date", w.now.row.as_of,
                         "score", (json_int_t)w.now.row.score, "grade",
                         w.now.row.grade, "card", card_of(&w), "parts",
                         describe_parts(&w), "reasons",
                         describe_reasons(&w));
        if (made && !w.before.row.is_there)
            json_object_set_new(made, "first", json_true());
        if (made && w.before.row.is_there)
            json_object_update_new(
                made, json_pack("{s:s, s:I, s:s, s:I}", "since",
                                w.before.row.as_of, "was",
                                (json_int_t)w.before.row.score, "was_grade",
                                w.before.row.grade, "moved",
                                (json_int_t)(w.now.row.score
                                             - w.before.row.score)));
        status = call_result(c, result, made);
    }
    if (!status)
        status = call_score_put_worth(
            c, w.card, w.now.row.as_of,
            w.before.row.is_there ? w.before.row.as_of : NULL, *result);
    clear(&w);
    return status;
}

static const call_param params[] = {
    { .name = "customer", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("reference of the customer") },
    { .name = "date", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the day of the score") },
    { .name = "since", .type = CALL_DATE,
      .help = GB_N("what has moved since this day; else since the last one "
                   "before that has a score of the customer") },
};
static const call_column part_columns[] = {
    { "title", GB_N("factor"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "bin", GB_N("bin"), CALL_SHOW_PLAIN },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
};
static const call_column moved_columns[] = {
    { "title", GB_N("factor"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "bin", GB_N("bin"), CALL_SHOW_PLAIN },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
    { "was_value", GB_N("was"), CALL_SHOW_PLAIN },
    { "moved", GB_N("moved by"), CALL_SHOW_PLAIN },
};
static const call_column worth_columns[] = {
    { "title", GB_N("at stake, yuan a year"), CALL_SHOW_PLAIN },
    { "at_stake_fen", GB_N("now"), CALL_SHOW_FEN },
    { "moved_fen", GB_N("moved by"), CALL_SHOW_FEN },
};
static const call_column reason_columns[] = {
    { "what", GB_N("what"), CALL_SHOW_PLAIN },
    { "is", GB_N("is"), CALL_SHOW_PLAIN },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .text = GB_N("{customer}: {score} points, grade {grade}"),
      .rows = "reasons", CALL_COLUMNS(reason_columns) },
    { .when = "chance",
      .text = GB_N("{chance:ratio} chance of success, by {card_points} points "
                   "of the card; {at_stake_fen:fen} yuan a year at stake; "
                   "urgency {urgency:times}") },
    { .when = "was_chance",
      .text = GB_N("before: {was_chance:ratio} chance, {was_at_stake_fen:fen} "
                   "yuan a year, urgency {was_urgency:times}") },
    { .when = "since",
      .text = GB_N("since {since}: moved by {moved} points, from {was}, then grade "
                   "{was_grade}"),
      .rows = "parts", CALL_COLUMNS(moved_columns) },
    { .when = "first", .rows = "parts", CALL_COLUMNS(part_columns) },
    { .when = "value_parts", .rows = "value_parts",
      CALL_COLUMNS(worth_columns) },
};

static const call_method methods[] = {
    { .name = "score.explain",
      .help = GB_N("Say why a customer is on the list, why he has his score, "
                   "and what has moved"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(params),
      CALL_BLOCKS(blocks), .run = explain },
};
const call_group call_score_why_group = CALL_GROUP(methods);
