/*
 * store_scored.c - see store_scored.h.
 */
#include "store_scored.h"

#include "store_rows.h"

#include <string.h>

static gb_status take(gb_workspace *ws, store_statement *st,
                      base_arena *arena, store_scored *out)
{
    const char **const texts[]
        = { &out->as_of,     &out->grade,     &out->grade_clause,
            &out->channel,   &out->channel_rule, &out->must_rule,
            &out->suggest,   &out->parts_json, &out->facts_json,
            &out->card_json, &out->segment,   &out->segment_json };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = store_row_text(arena, st, (int)i);
        if (!*texts[i])
            return base_fail_nomem(ws->run->ctx);
    }
    out->score = store_column_int(st, 12);
    out->is_there = true;
    return GB_OK;
}

gb_status store_load_scored(gb_workspace *ws, const char *ref,
                            store_scope scope, const char *day,
                            bool is_before, base_arena *arena,
                            store_scored *out)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT t.as_of, t.grade, t.grade_clause, t.channel, t.channel_rule, "
        "t.must_rule, t.suggest, t.score_parts_json, t.score_facts_json, "
        "d.json, s.name, v.rules_json, t.score "
        "FROM customer c JOIN target t ON t.customer_id = c.id "
        "JOIN segment_version v ON v.id = t.segment_version_id "
        "JOIN segment s ON s.id = v.segment_id "
        "LEFT JOIN score_run r ON r.as_of = t.as_of "
        "LEFT JOIN score_card d ON d.id = r.score_card_id "
        "WHERE c.ref = ?1 AND t.score IS NOT NULL "
        "AND CASE WHEN ?3 THEN t.as_of < ?2 ELSE t.as_of = ?2 END",
        "c", scope, " ORDER BY t.as_of DESC LIMIT 1", &st);

    memset(out, 0, sizeof *out);
    if (status)
        return status;
    store_bind_text(st, 1, ref);
    store_bind_text(st, 2, day);
    store_bind_int(st, 3, is_before);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        status = take(ws, st, arena, out);
    store_finalize(st);
    return status;
}

gb_status store_clause_title(gb_workspace *ws, const char *kind,
                             const char *clause, bool is_zh,
                             base_arena *arena, const char **out)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT json_extract(e.value, '$.title_' || ?3) "
        "FROM segment_version v JOIN segment s ON s.id = v.segment_id, "
        "json_each(v.rules_json, '$.clauses') e WHERE s.kind = ?1 "
        "AND json_extract(e.value, '$.name') = ?2 ORDER BY v.id DESC LIMIT 1",
        &st);

    *out = clause;
    if (status)
        return status;
    store_bind_text(st, 1, kind);
    store_bind_text(st, 2, clause);
    store_bind_text(st, 3, is_zh ? "zh" : "en");
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        const char *title = store_row_text(arena, st, 0);

        if (!title)
            status = base_fail_nomem(ws->run->ctx);
        else if (title[0])
            *out = title;
    }
    store_finalize(st);
    return status;
}
