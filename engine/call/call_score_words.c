/*
 * call_score_words.c - a card in words: a row a bin.
 */
#include "call_score.h"

#include <stdio.h>
#include <string.h>

enum { MOST_NAMED = 6 };

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* The texts of a group, the first few of many. */
static void say_values(call *c, const json_t *values, base_text *out)
{
    const size_t n = json_array_size(values);

    for (size_t v = 0; v < n && v < MOST_NAMED; v++) {
        base_text_add(out, v > 0 ? call_words(c, GB_N(", ")) : "");
        base_text_add(out, json_string_value(json_array_get(values, v)));
    }
    if (n > MOST_NAMED)
        base_text_format(out, call_words(c, GB_N(" and %zu more")),
                         n - MOST_NAMED);
}

static void say_bin(call *c, const json_t *bins, size_t b, base_text *out)
{
    const json_t *bin = json_array_get(bins, b);
    const json_t *values = json_object_get(bin, "values");
    const json_t *below = json_object_get(bin, "below");
    base_text low, high;

    base_text_init(&low, c->mem);
    base_text_init(&high, c->mem);
    if (b > 0)
        base_text_exact(&low,
                             number_of(json_array_get(bins, b - 1), "below"));
    base_text_exact(&high, json_number_value(below));
    if (values)
        say_values(c, values, out);
    else if (below && b > 0)
        base_text_format(out, call_words(c, GB_N("%s to below %s")),
                         low.chars ? low.chars : "",
                         high.chars ? high.chars : "");
    else if (below)
        base_text_format(out, call_words(c, GB_N("below %s")),
                         high.chars ? high.chars : "");
    else if (b > 0)
        base_text_format(out, call_words(c, GB_N("%s and more")),
                         low.chars ? low.chars : "");
    else
        base_text_add(out, call_words(c, GB_N("any value")));
    base_text_clear(&low);
    base_text_clear(&high);
}

void call_score_say_bin(call *c, const json_t *factor, size_t bin,
                        base_text *out)
{
    const json_t *groups = json_object_get(factor, "groups");
    const json_t *bins = groups ? groups : json_object_get(factor, "bins");

    if (!bins)
        base_text_add(out, bin == 0 ? call_words(c, GB_N("has it"))
                                    : call_words(c, GB_N("has it not")));
    else if (bin >= json_array_size(bins))
        base_text_add(out, call_words(c, GB_N("blank")));
    else if (groups && bin + 1 == json_array_size(bins))
        base_text_add(out, call_words(c, GB_N("all others")));
    else
        say_bin(c, bins, bin, out);
}

static void add_row(json_t *list, const char *name, const char *title,
                    const char *bin, const json_t *points, double rows,
                    double events, double all)
{
    json_t *row = json_pack("{s:s, s:s, s:s, s:O}", "factor", name, "title",
                            title, "bin", bin, "points", points);

    if (row && all > 0) {
        json_object_set_new(row, "rows", json_integer((json_int_t)rows));
        json_object_set_new(row, "share", json_real(rows / all));
        if (rows > 0)
            json_object_set_new(row, "rate", json_real(events / rows));
    }
    call_put(list, NULL, row);
}

static double rows_of(const json_t *factor, const json_t *bins)
{
    double sum = number_of(factor, "missing_rows");

    for (size_t b = 0; b < json_array_size(bins); b++)
        sum += number_of(json_array_get(bins, b), "rows");
    return sum;
}

static void describe_factor(call *c, const json_t *factor, const char *title,
                            json_t *list)
{
    const char *name = json_string_value(json_object_get(factor, "name"));
    const json_t *groups = json_object_get(factor, "groups");
    const json_t *bins = groups ? groups : json_object_get(factor, "bins");
    const json_t *missing = json_object_get(factor, "missing");
    const size_t n = json_array_size(bins);
    const double all = rows_of(factor, bins);

    for (size_t b = 0; b < n; b++) {
        const json_t *bin = json_array_get(bins, b);
        base_text text;

        base_text_init(&text, c->mem);
        call_score_say_bin(c, factor, b, &text);
        add_row(list, name, title, text.chars ? text.chars : "",
                json_object_get(bin, "points"), number_of(bin, "rows"),
                number_of(bin, "events"), all);
        base_text_clear(&text);
    }
    if (!bins)
        add_row(list, name, title, call_words(c, GB_N("has it")),
                json_object_get(factor, "points"), 0, 0, 0);
    if (missing
        && (!(all > 0) || number_of(factor, "missing_rows") > 0))
        add_row(list, name, title, call_words(c, GB_N("blank")), missing,
                number_of(factor, "missing_rows"),
                number_of(factor, "missing_events"), all);
}

json_t *call_score_describe(call *c, const call_card *card)
{
    const json_t *factors = json_object_get(card->json, "factors");
    json_t *list = json_array();

    for (size_t f = 0; list && f < json_array_size(factors); f++)
        describe_factor(c, json_array_get(factors, f),
                        gb_score_card_title(card->card, f,
                                            base_lang_name(c->ctx->lang)),
                        list);
    return list;
}

/* ---- what was left out ---- */

static void say_why(call *c, const json_t *left, base_text *out)
{
    const char *reason = json_string_value(json_object_get(left, "reason"));
    const char *of = json_string_value(json_object_get(left, "of"));
    char auc[32], held[32], psi[32], unseen[32];

    base_real_text(auc, number_of(left, "auc"), 3);
    base_real_text(held, number_of(left, "held"), 3);
    base_real_text(psi, number_of(left, "psi"), 2);
    base_real_text(unseen, 100 * number_of(left, "unseen"), 0);
    if (!reason)
        return;
    if (strcmp(reason, "alone") == 0)
        base_text_format(out, call_words(c, GB_N(
            "alone separates too well (AUC %s) to have been known beforehand; "
            "keep it by name if it was")), auc);
    else if (strcmp(reason, "unseen") == 0)
        base_text_format(out, call_words(c, GB_N(
            "drifts: %s %% of the last quarter have values of which nothing "
            "could be learnt before (stability index %s)")), unseen, psi);
    else if (strcmp(reason, "drift") == 0)
        base_text_format(out, call_words(c, GB_N(
            "drifts (stability index %s), and what it said before did not hold "
            "in the last quarter (AUC %s)")), psi, held);
    else if (strcmp(reason, "turned") == 0)
        base_text_format(out, call_words(c, GB_N(
            "its effect turned round in the last quarter (AUC %s)")), held);
    else if (strcmp(reason, "repeats") == 0)
        base_text_format(out, call_words(c, GB_N(
            "tells the same as %s")), of ? of : "?");
    else
        base_text_add(out, call_words(c, GB_N("says nothing")));
}

json_t *call_score_left_out(call *c, const call_card *card)
{
    const json_t *left = json_object_get(
        json_object_get(card->json, "fitted"), "left_out");
    json_t *list = json_array();

    for (size_t i = 0; list && i < json_array_size(left); i++) {
        const json_t *one = json_array_get(left, i);
        base_text text;

        base_text_init(&text, c->mem);
        say_why(c, one, &text);
        call_put(list, NULL,
                 json_pack("{s:O, s:O, s:s}", "column",
                           json_object_get(one, "column"), "reason",
                           json_object_get(one, "reason"), "why",
                           text.chars ? text.chars : ""));
        base_text_clear(&text);
    }
    return list;
}
