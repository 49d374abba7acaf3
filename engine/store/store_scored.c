/*
 * store_scored.c - see store_scored.h.
 */
#include "store_scored.h"

#include "store_rows.h"

#include <math.h>
#include <string.h>

/* ---- saving ---- */

static gb_status save_card(gb_workspace *ws, const char *day,
                           const char *json)
{
    static const char *const sql[] = {
        "INSERT OR IGNORE INTO score_card(json) VALUES(?2)",
        "INSERT INTO score_run(as_of, score_card_id) "
        "SELECT ?1, id FROM score_card WHERE json = ?2 "
        "ON CONFLICT(as_of) DO UPDATE "
        "SET score_card_id = excluded.score_card_id",
    };
    gb_status status = GB_OK;

    for (size_t i = 0; i < sizeof sql / sizeof *sql && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, sql[i], &st);
        if (!status) {
            if (i > 0)
                store_bind_text(st, 1, day);
            store_bind_text(st, 2, json);
            status = store_run(ws, st);
        }
        store_finalize(st);
    }
    return status;
}

static void facts_json(const store_seen *seen, size_t i, base_text *json)
{
    bool is_first = true;

    base_text_reset(json);
    base_text_add(json, "{");
    for (size_t c = 0; c < seen->n_columns; c++) {
        const double value = seen->values[i * seen->n_columns + c];

        if (!isfinite(value))
            continue;
        base_text_add(json, is_first ? "" : ",");
        is_first = false;
        base_text_json(json, seen->columns[c]);
        base_text_add(json, ":");
        base_text_exact(json, value);
    }
    base_text_add(json, "}");
}

static gb_status save_facts(gb_workspace *ws, const char *day,
                            const store_seen *seen)
{
    store_statement *st = NULL;
    store_ids rows = { 0 };
    base_text json;
    gb_status status = store_prepare(
        ws,
        "UPDATE target SET score_facts_json = ?1 WHERE as_of = ?2 "
        "AND customer_id = ?3",
        &st);

    base_text_init(&json, ws->mem);
    if (!status)
        store_bind_text(st, 2, day);
    if (!status)
        status = store_ids_build(ws, seen->customers, seen->n,
                                 sizeof *seen->customers, &rows);
    for (size_t k = 0; k < rows.n && !status; k++) {
        const uint32_t i = rows.items[k].place;

        facts_json(seen, i, &json);
        if (json.is_short) {
            status = base_fail_nomem(ws->run->ctx);
            break;
        }
        store_bind_text(st, 1, json.chars);
        store_bind_int(st, 3, seen->customers[i]);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    base_text_clear(&json);
    store_ids_clear(&rows);
    store_finalize(st);
    return status;
}

gb_status store_save_seen(gb_workspace *ws, const store_seen *seen)
{
    char day[16];
    gb_status status = store_begin(ws);

    if (status)
        return status;
    store_day_text(day, seen->on);
    status = save_card(ws, day, seen->card_json);
    if (!status)
        status = save_facts(ws, day, seen);
    return store_end(ws, status);
}

/* ---- loading ---- */

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
