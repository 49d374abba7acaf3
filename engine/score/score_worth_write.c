/*
 * score_worth_write.c - the models of a card as text, for people: a part, a
 * level, a box on a line each.
 */
#include "score_worth_read.h"

#include "base_text.h"

/* A named thing, and a curve, stand on one line each. */
static bool is_on_one_line(const json_t *value)
{
    const json_t *first = json_array_get(value, 0);

    if (json_is_object(value))
        return json_object_get(value, "name") != NULL;
    return !json_is_object(first)
           && !json_is_object(json_array_get(first, 0));
}

static void write_value(base_text *text, const json_t *value, int depth);

static void write_break(base_text *text, bool is_broken, int depth)
{
    if (is_broken)
        base_text_format(text, "\n%*s", 2 * depth, "");
}

static void write_list(base_text *text, const json_t *list, int depth)
{
    const bool is_broken = !is_on_one_line(list);

    base_text_add(text, "[");
    for (size_t i = 0; i < json_array_size(list); i++) {
        base_text_add(text, i == 0 ? "" : is_broken ? "," : ", ");
        write_break(text, is_broken, depth + 1);
        write_value(text, json_array_get(list, i), depth + 1);
    }
    write_break(text, is_broken, depth);
    base_text_add(text, "]");
}

static void write_object(base_text *text, const json_t *object, int depth)
{
    const bool is_broken = !is_on_one_line(object);
    const char *key;
    json_t *value;
    bool is_first = true;

    base_text_add(text, "{");
    /* the iterator wants an object that may be changed, and does not */
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        base_text_add(text, is_first ? "" : is_broken ? "," : ", ");
        write_break(text, is_broken, depth + 1);
        base_text_json(text, key);
        base_text_add(text, ": ");
        write_value(text, value, depth + 1);
        is_first = false;
    }
    write_break(text, is_broken, depth);
    base_text_add(text, "}");
}

/* What was read is at most five deep, or it was refused. */
static void write_value(base_text *text, const json_t *value, int depth)
{
    if (json_is_object(value))
        write_object(text, value, depth);
    else if (json_is_array(value))
        write_list(text, value, depth);
    else if (json_is_string(value))
        base_text_json(text, json_string_value(value));
    else if (json_is_integer(value))
        base_text_format(text, "%lld", (long long)json_integer_value(value));
    else
        base_text_exact(text, json_number_value(value) + 0.0);
}

/* Kept as it was read: what a person ordered stays in order. */
gb_status score_worth_keep_text(score_reader *r, const json_t *value,
                           const char **out)
{
    base_text text;

    base_text_init(&text, r->ctx->mem);
    write_value(&text, value, 1);
    *out = text.is_short ? NULL : score_card_keep(r->card, text.chars);
    base_text_clear(&text);
    return *out ? GB_OK : base_fail_nomem(r->ctx);
}
