/*
 * store_tag.c - tags written and listed.
 */
#include "store_tag.h"

#include "base_check.h"
#include "store_rows.h"

#include <string.h>

static void text_member(base_text *json, const char *key, const char *text)
{
    base_text_format(json, ", \"%s\": ", key);
    if (text)
        base_text_json(json, text);
    else
        base_text_add(json, "null");
}

/* ---- define ---- */

/* Does `values`, separated by ';' ("" for none), have the word? */
static bool allows(const char *values, const char *word)
{
    const size_t n = strlen(word);
    const char *at = values;

    if (!values[0])
        return n == 0;
    while (n > 0) {
        const size_t length = strcspn(at, ";");

        if (length == n && memcmp(at, word, n) == 0)
            return true;
        if (!at[length])
            break;
        at += length + 1;
    }
    return false;
}

/* A value that customers have cannot go. */
static gb_status check_use(gb_workspace *ws, const store_tag_entry *entry)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT ct.value, count(*) FROM customer_tag ct "
        "JOIN tag g ON g.id = ct.tag_id WHERE g.tag = ?1 "
        "GROUP BY ct.value ORDER BY ct.value",
        &st);

    if (!status)
        store_bind_text(st, 1, entry->tag);
    while (store_next(ws, st, &status)) {
        const char *value = store_column_text(st, 0);
        const long long n = (long long)store_column_int(st, 1);

        if (allows(entry->values, value))
            continue;
        status = value[0] ? base_fail(ws->run->ctx, GB_ERR_DATA,
                                      "tag \"%s\": the value \"%s\" cannot "
                                      "go, %lld customers have it",
                                      entry->tag, value, n)
                          : base_fail(ws->run->ctx, GB_ERR_DATA,
                                      "tag \"%s\" cannot have values: %lld "
                                      "customers have it without one",
                                      entry->tag, n);
        store_reset(st);
        break;
    }
    store_finalize(st);
    return status;
}

static gb_status is_known(gb_workspace *ws, const char *tag, bool *out)
{
    store_statement *st = NULL;
    gb_status status
        = store_prepare(ws, "SELECT 1 FROM tag WHERE tag = ?1", &st);

    if (status)
        return status;
    store_bind_text(st, 1, tag);
    status = store_step(ws, st, out);
    store_finalize(st);
    return status;
}

/* ?2 to ?4 NULL: stays as it was; ?5: the values are given. */
static gb_status write_entry(gb_workspace *ws, const store_tag_entry *entry,
                             bool *is_changed)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO tag(tag, title_zh, title_en, allowed_values) "
        "VALUES(?1, ?2, ?3, ?4) ON CONFLICT(tag) DO UPDATE SET "
        "title_zh = coalesce(?2, title_zh), "
        "title_en = coalesce(?3, title_en), "
        "allowed_values = iif(?5, ?4, allowed_values) "
        "WHERE coalesce(?2, title_zh) IS NOT title_zh "
        "OR coalesce(?3, title_en) IS NOT title_en "
        "OR (?5 AND ?4 IS NOT allowed_values)",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, entry->tag);
    store_bind_text(st, 2, entry->title_zh);
    store_bind_text(st, 3, entry->title_en);
    store_bind_text(st, 4, entry->has_values && entry->values[0]
                               ? entry->values : NULL);
    store_bind_int(st, 5, entry->has_values);
    status = store_run(ws, st);
    *is_changed = store_changes(ws) > 0;
    store_finalize(st);
    return status;
}

static gb_status define_one(gb_workspace *ws, const store_tag_entry *entry,
                            int64_t counts[3], base_text *json)
{
    static const char *const words[] = { "new", "changed", "unchanged" };
    bool was_known = false, is_changed = false;
    size_t what;
    gb_status status = is_known(ws, entry->tag, &was_known);

    if (!status && entry->has_values && was_known)
        status = check_use(ws, entry);
    if (!status)
        status = write_entry(ws, entry, &is_changed);
    if (status)
        return status;
    what = !was_known ? 0 : is_changed ? 1 : 2;
    base_text_add(json, json->n ? ", {\"tag\": " : "{\"tag\": ");
    base_text_json(json, entry->tag);
    text_member(json, "became", words[what]);
    base_text_add(json, "}");
    counts[what]++;
    return GB_OK;
}

gb_status store_tags_define(gb_workspace *ws,
                            const store_tag_entries *entries,
                            store_answer *answer)
{
    int64_t counts[3] = { 0 };
    base_text tags;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    base_text_init(&tags, ws->mem);
    for (size_t i = 0; i < entries->n && !status; i++)
        status = define_one(ws, &entries->items[i], counts, &tags);
    if (!status && tags.is_short)
        status = base_fail_nomem(ws->run->ctx);
    status = store_end(ws, status);
    if (!status)
        base_text_format(&answer->json,
                         "{\"new\": %lld, \"changed\": %lld, "
                         "\"unchanged\": %lld, \"tags\": [%s]}",
                         (long long)counts[0], (long long)counts[1],
                         (long long)counts[2], tags.chars);
    answer->kept = counts[0] + counts[1];
    base_text_clear(&tags);
    return status;
}

/* ---- list ---- */

static gb_status not_there(gb_workspace *ws, const char *tag)
{
    store_statement *st = NULL;
    base_text names;
    char buffer[256];
    const char *near;
    gb_status status
        = store_prepare(ws, "SELECT tag FROM tag ORDER BY tag", &st);

    base_text_init(&names, ws->mem);
    while (store_next(ws, st, &status)) {
        base_text_add(&names, names.n ? ";" : "");
        base_text_add(&names, store_column_text(st, 0));
    }
    store_finalize(st);
    near = store_nearest_of_list(tag, names.chars ? names.chars : "", buffer);
    if (!status && near)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no tag \"%s\"; did you mean \"%s\"?",
                           tag, near);
    else if (!status)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no tag \"%s\"", tag);
    base_text_clear(&names);
    return status;
}

/* Who has it, with however many values. */
static gb_status count_customers(gb_workspace *ws, store_scope scope,
                                 int64_t tag, int64_t *customers)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT count(DISTINCT ct.customer_id) FROM customer_tag ct "
        "JOIN customer c ON c.id = ct.customer_id WHERE ct.tag_id = ?1",
        "c", scope, "", &st);

    *customers = 0;
    if (!status)
        store_bind_int(st, 1, tag);
    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *customers = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

/* One tag's values in the scope. */
static gb_status list_values(gb_workspace *ws, store_scope scope, int64_t tag,
                             base_text *json)
{
    store_statement *st = NULL;
    bool is_first = true;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT ct.value, count(*) FROM customer_tag ct "
        "JOIN customer c ON c.id = ct.customer_id WHERE ct.tag_id = ?1",
        "c", scope, " GROUP BY ct.value ORDER BY 2 DESC, ct.value", &st);

    if (!status)
        store_bind_int(st, 1, tag);
    while (store_next(ws, st, &status)) {
        base_text_add(json, is_first ? "{\"value\": " : ", {\"value\": ");
        base_text_json(json, store_column_text(st, 0));
        base_text_format(json, ", \"customers\": %lld}",
                         (long long)store_column_int(st, 1));
        is_first = false;
    }
    store_finalize(st);
    return status;
}

gb_status store_tags_list(gb_workspace *ws, store_scope scope,
                          const char *tag, store_answer *answer)
{
    base_text *json = &answer->json;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT id, tag, title_zh, title_en, allowed_values FROM tag "
        "WHERE ?1 IS NULL OR tag = ?1 ORDER BY tag",
        &st);

    base_text_add(json, "{\"tags\": [");
    if (!status)
        store_bind_text(st, 1, tag);
    while (!status && store_next(ws, st, &status)) {
        int64_t customers = 0;

        base_text_add(json, answer->kept++ ? ", {\"tag\": " : "{\"tag\": ");
        base_text_json(json, store_column_text(st, 1));
        text_member(json, "title_zh", store_column_text(st, 2));
        text_member(json, "title_en", store_column_text(st, 3));
        text_member(json, "values", store_column_text(st, 4));
        base_text_add(json, ", \"by_value\": [");
        status = list_values(ws, scope, store_column_int(st, 0), json);
        if (!status)
            status = count_customers(ws, scope, store_column_int(st, 0),
                                     &customers);
        base_text_format(json, "], \"customers\": %lld}",
                         (long long)customers);
    }
    store_finalize(st);
    base_text_add(json, "]}");
    return !status && tag && answer->kept == 0 ? not_there(ws, tag) : status;
}
