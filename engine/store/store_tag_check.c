/*
 * store_tag_check.c - what customers and rules say, held to the dictionary.
 */
#include "store_tag.h"

#include "base_check.h"
#include "base_near.h"

#include <stdio.h>
#include <string.h>

const char *store_nearest_of_list(const char *word, const char *list,
                                  char buffer[256])
{
    size_t best = SIZE_MAX;
    char one[256];

    for (const char *at = list; *at;) {
        const size_t n = strcspn(at, ";");
        const char *near, *const names[] = { one };
        const size_t kept = n < sizeof one ? n : sizeof one - 1;

        memcpy(one, at, kept);
        one[kept] = '\0';
        near = store_nearest(word, names, 1);
        if (near && base_distance(word, one) < best) {
            best = base_distance(word, one);
            strcpy(buffer, one);
        }
        at += n + (at[n] == ';');
    }
    return best < SIZE_MAX ? buffer : NULL;
}

static void add_finding(gb_workspace *ws, store_answer *answer,
                        const char *kind, const char *tag, const char *value,
                        int64_t customers, const char *nearest,
                        const char *text)
{
    base_text *json = &answer->json;

    base_text_add(json, answer->kept++ ? ", {\"kind\": \"" : "{\"kind\": \"");
    base_text_add(json, kind);
    base_text_add(json, "\", \"tag\": ");
    base_text_json(json, tag);
    base_text_add(json, ", \"value\": ");
    base_text_json(json, value);
    base_text_format(json, ", \"customers\": %lld, \"nearest\": ",
                     (long long)customers);
    base_text_json(json, nearest ? nearest : "");
    base_text_add(json, ", \"text\": ");
    base_text_json(json, base_lang_text(ws->run->ctx->lang, text));
    base_text_add(json, "}");
}

/* Values that the dictionary does not have (any more). */
static gb_status check_values(gb_workspace *ws, store_scope scope,
                              store_answer *answer)
{
    store_statement *st = NULL;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT g.tag, ct.value, count(*), coalesce(g.allowed_values, '') "
        "FROM customer_tag ct JOIN tag g ON g.id = ct.tag_id "
        "JOIN customer c ON c.id = ct.customer_id WHERE "
        "CASE WHEN g.allowed_values IS NULL THEN ct.value <> '' ELSE "
        "instr(';' || g.allowed_values || ';', ';' || ct.value || ';') = 0 "
        "END",
        "c", scope, " GROUP BY g.tag, ct.value ORDER BY g.tag, ct.value",
        &st);

    while (store_next(ws, st, &status)) {
        char buffer[256];
        const char *value = store_column_text(st, 1);

        add_finding(ws, answer, "value", store_column_text(st, 0), value,
                    store_column_int(st, 2),
                    store_nearest_of_list(value, store_column_text(st, 3),
                                          buffer),
                    GB_N("a value that the dictionary does not have"));
    }
    store_finalize(st);
    return status;
}

/* Two spellings of one word: SQLite folds the case of ASCII letters. */
static gb_status check_alike(gb_workspace *ws, store_answer *answer)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT a.tag, min(b.tag) FROM tag a JOIN tag b ON a.tag <> b.tag "
        "AND lower(replace(replace(a.tag, ' ', ''), '_', '')) = "
        "lower(replace(replace(b.tag, ' ', ''), '_', '')) "
        "AND b.tag < a.tag GROUP BY a.tag ORDER BY a.tag",
        &st);

    while (store_next(ws, st, &status))
        add_finding(ws, answer, "alike", store_column_text(st, 0), "", 0,
                    store_column_text(st, 1),
                    GB_N("the same but for case and blanks"));
    store_finalize(st);
    return status;
}

/* A tag name in the text of a clause, behind has_tag(' or tag_value('. */
static const char *next_tag(const char *at, char tag[256])
{
    static const char *const calls[] = { "has_tag", "tag_value" };
    const char *open = NULL;
    size_t n;

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        const char *found = strstr(at, calls[i]);

        if (found && (!open || found < open))
            open = found;
    }
    open = open ? strchr(open, '(') : NULL;
    if (!open)
        return NULL;
    open += 1 + strspn(open + 1, " ");
    if (*open != '\'' && *open != '"')
        return open;
    n = strcspn(open + 1, *open == '"' ? "\"" : "'");
    snprintf(tag, 256, "%.*s", n < 255 ? (int)n : 255, open + 1);
    return open + 1 + n;
}

static gb_status note_unknown(gb_workspace *ws, const char *tag,
                              const char *rules, store_answer *answer)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status
        = store_prepare(ws, "SELECT 1 FROM tag WHERE tag = ?1", &st);

    if (status)
        return status;
    store_bind_text(st, 1, tag);
    status = store_step(ws, st, &has_row);
    store_finalize(st);
    if (!status && !has_row)
        add_finding(ws, answer, "rule", tag, "", 0, rules,
                    GB_N("rules ask for a tag that nobody defined"));
    return status;
}

/* Of the newest version of each rule set that is stored. */
static gb_status check_rules(gb_workspace *ws, store_answer *answer)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT DISTINCT s.name, json_extract(e.value, '$.sql') "
        "FROM segment s JOIN segment_version v ON v.id = "
        "(SELECT max(x.id) FROM segment_version x WHERE x.segment_id = s.id), "
        "json_each(v.rules_json, '$.clauses') e "
        "WHERE e.value LIKE '%tag%' ORDER BY 1, 2",
        &st);

    while (!status && store_next(ws, st, &status)) {
        const char *at = store_column_text(st, 1);
        char tag[256] = "";

        while (!status && at && (at = next_tag(at, tag)) != NULL) {
            if (tag[0])
                status = note_unknown(ws, tag, store_column_text(st, 0),
                                      answer);
            tag[0] = '\0';
        }
    }
    store_finalize(st);
    return status;
}

gb_status store_tags_check(gb_workspace *ws, store_scope scope,
                           store_answer *answer)
{
    gb_status status;

    base_text_add(&answer->json, "{\"findings\": [");
    status = check_values(ws, scope, answer);
    if (!status)
        status = check_alike(ws, answer);
    if (!status)
        status = check_rules(ws, answer);
    base_text_add(&answer->json, "]}");
    return status;
}
