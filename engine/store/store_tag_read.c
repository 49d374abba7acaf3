/*
 * store_tag_read.c - a dictionary of tags out of JSON.
 */
#include "store_tag.h"

#include "base_check.h"

#include <jansson.h>
#include <string.h>

enum { MOST_TAGS = 1000, MOST_VALUES = 200, MOST_NAME = 200,
       MOST_TITLE = 400 };

static const char *copy(base_arena *arena, const char *text)
{
    char *made = base_arena_alloc(arena, strlen(text) + 1, 1);

    return made ? strcpy(made, text) : NULL;
}

/* Of a tag or a value: something to be read, and to be told from its
 * neighbours where they stand in one cell. */
static bool is_name(const json_t *value)
{
    const char *text = json_string_value(value);
    const size_t n = text ? strlen(text) : 0;

    return n > 0 && n <= MOST_NAME && n == json_string_length(value)
           && !strpbrk(text, ";=\n\r\t") && text[0] != ' '
           && text[n - 1] != ' ';
}

static gb_status check_keys(gb_context *ctx, json_t *object, const char *tag)
{
    static const char *const known[]
        = { "tag", "title_zh", "title_en", "values" };
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value) {
        bool is_known = false;

        for (size_t i = 0; i < COUNT_OF(known); i++)
            is_known |= strcmp(key, known[i]) == 0;
        if (!is_known)
            return base_fail(ctx, GB_ERR_PARSE,
                             "tag \"%s\": the key \"%s\" is unknown; there "
                             "are tag, title_zh, title_en and values",
                             tag, key);
    }
    return GB_OK;
}

static gb_status take_title(gb_context *ctx, base_arena *arena,
                            const json_t *object, const char *key,
                            const char *tag, const char **out)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);

    if (!value || json_is_null(value))
        return GB_OK;
    if (!text || strlen(text) > MOST_TITLE
        || strlen(text) != json_string_length(value))
        return base_fail(ctx, GB_ERR_PARSE,
                         "tag \"%s\": \"%s\" must be a text of at most %d "
                         "bytes", tag, key, MOST_TITLE);
    *out = copy(arena, text);
    return *out ? GB_OK : base_fail_nomem(ctx);
}

static gb_status join_values(gb_context *ctx, base_arena *arena,
                             const json_t *values, const char *tag,
                             const char **out)
{
    base_text joined;
    gb_status status = GB_OK;

    base_text_init(&joined, ctx->mem);
    for (size_t v = 0; v < json_array_size(values) && !status; v++) {
        const json_t *value = json_array_get(values, v);

        for (size_t k = 0; k < v && is_name(value); k++)
            if (json_equal(value, json_array_get(values, k)))
                status = base_fail(ctx, GB_ERR_PARSE,
                                   "tag \"%s\": the value \"%s\" is there "
                                   "twice", tag, json_string_value(value));
        if (!status && !is_name(value))
            status = base_fail(ctx, GB_ERR_PARSE,
                               "tag \"%s\": value %zu is no text without ; "
                               "and = and blanks round it, of 1 to %d bytes",
                               tag, v + 1, MOST_NAME);
        base_text_add(&joined, v ? ";" : "");
        base_text_add(&joined, status ? "" : json_string_value(value));
    }
    if (!status && joined.is_short)
        status = base_fail_nomem(ctx);
    if (!status) {
        *out = copy(arena, joined.chars ? joined.chars : "");
        status = *out ? GB_OK : base_fail_nomem(ctx);
    }
    base_text_clear(&joined);
    return status;
}

static gb_status take_values(gb_context *ctx, base_arena *arena,
                             const json_t *object, const char *tag,
                             store_tag_entry *entry)
{
    const json_t *values = json_object_get(object, "values");

    if (!values || json_is_null(values))
        return GB_OK;
    if (!json_is_array(values) || json_array_size(values) > MOST_VALUES)
        return base_fail(ctx, GB_ERR_PARSE,
                         "tag \"%s\": \"values\" must be a list of at most "
                         "%d texts", tag, MOST_VALUES);
    entry->has_values = true;
    return join_values(ctx, arena, values, tag, &entry->values);
}

static gb_status take_entry(gb_context *ctx, store_tag_entries *out,
                            json_t *object, size_t place)
{
    store_tag_entry *entry = &out->items[out->n];
    const json_t *name = json_object_get(object, "tag");
    gb_status status;

    if (!is_name(name))
        return base_fail(ctx, GB_ERR_PARSE,
                         "tag %zu: \"tag\" is no text without ; and = and "
                         "blanks round it, of 1 to %d bytes", place,
                         MOST_NAME);
    entry->tag = copy(&out->arena, json_string_value(name));
    if (!entry->tag)
        return base_fail_nomem(ctx);
    for (size_t k = 0; k < out->n; k++)
        if (strcmp(out->items[k].tag, entry->tag) == 0)
            return base_fail(ctx, GB_ERR_PARSE,
                             "tag \"%s\" is there twice", entry->tag);
    out->n++;
    status = check_keys(ctx, object, entry->tag);
    if (!status)
        status = take_title(ctx, &out->arena, object, "title_zh", entry->tag,
                            &entry->title_zh);
    if (!status)
        status = take_title(ctx, &out->arena, object, "title_en", entry->tag,
                            &entry->title_en);
    return status ? status
                  : take_values(ctx, &out->arena, object, entry->tag, entry);
}

/* One tag, a list of them, or a list under "tags". */
static gb_status take_all(gb_context *ctx, json_t *root,
                          store_tag_entries *out)
{
    json_t *list = json_is_array(root) ? root : json_object_get(root, "tags");
    const size_t n = list ? json_array_size(list) : 1;
    gb_status status = GB_OK;

    if (n == 0 || n > MOST_TAGS || (list && !json_is_array(list)))
        return base_fail(ctx, GB_ERR_PARSE,
                         "a dictionary is a list of 1 to %d tags", MOST_TAGS);
    out->items = base_arena_alloc(&out->arena, n, sizeof *out->items);
    if (!out->items)
        return base_fail_nomem(ctx);
    memset(out->items, 0, n * sizeof *out->items);
    for (size_t i = 0; i < n && !status; i++)
        status = take_entry(ctx, out, list ? json_array_get(list, i) : root,
                            i + 1);
    return status;
}

gb_status store_tags_read(gb_context *ctx, const char *json,
                          store_tag_entries *out)
{
    json_error_t error;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ctx->mem);
    if (!root)
        return base_fail(ctx, GB_ERR_PARSE, "line %d, column %d: %s",
                         error.line, error.column, error.text);
    status = take_all(ctx, root, out);
    json_decref(root);
    if (status)
        store_tags_clear(out);
    return status;
}

void store_tags_clear(store_tag_entries *entries)
{
    if (entries->arena.mem)
        base_arena_clear(&entries->arena);
    memset(entries, 0, sizeof *entries);
}
