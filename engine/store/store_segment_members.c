/*
 * store_segment_members.c - who is in a segment over time, and what changed.
 *
 * Membership is kept as stays [since, until).  A run on a date says who is in
 * from that date up to the next date that has a run, and nothing of others:
 * so runs may come in any order, and a repeated one changes nothing.
 */
#include "store_segment.h"

#include "base_check.h"

#include <string.h>

static void text_member(base_text *json, const char *key, const char *text)
{
    base_text_format(json, ", \"%s\": ", key);
    base_text_json(json, text);
}

/* ---------------------------------------------------------------- members */

static gb_status fill_new(gb_workspace *ws, const store_picks *members)
{
    store_statement *st = NULL;
    gb_status status = store_exec(
        ws, "CREATE TEMP TABLE IF NOT EXISTS segment_new("
            "customer_id INTEGER PRIMARY KEY);"
            "DELETE FROM temp.segment_new;");

    if (!status)
        status = store_prepare(
            ws, "INSERT INTO temp.segment_new(customer_id) VALUES(?1)", &st);
    for (size_t i = 0; i < members->n && !status; i++) {
        if (!members->items[i].is_member)
            continue;
        store_bind_int(st, 1, members->items[i].customer);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

/* ?1 the date, ?2 the segment, ?3 the date of the next run or NULL. */
static const char *const member_steps[] = {
    /* who is out: what is left of a stay behind the next run, */
    "INSERT INTO segment_member(segment_id, customer_id, since, until) "
    "SELECT segment_id, customer_id, ?3, until FROM segment_member "
    "WHERE segment_id = ?2 AND since <= ?1 AND ?3 IS NOT NULL "
    "AND (until IS NULL OR until > ?3) "
    "AND customer_id NOT IN (SELECT customer_id FROM temp.segment_new)",
    /* a stay that begins here is none, */
    "DELETE FROM segment_member WHERE segment_id = ?2 AND since = ?1 "
    "AND (?3 IS NULL OR 1) "
    "AND customer_id NOT IN (SELECT customer_id FROM temp.segment_new)",
    /* and one that goes on ends here. */
    "UPDATE segment_member SET until = ?1 WHERE segment_id = ?2 "
    "AND since < ?1 AND (until IS NULL OR until > ?1) "
    "AND (?3 IS NULL OR 1) "
    "AND customer_id NOT IN (SELECT customer_id FROM temp.segment_new)",
    /* who is in: a stay that ended here goes on, */
    "UPDATE segment_member SET until = ?3 WHERE segment_id = ?2 "
    "AND until = ?1 "
    "AND customer_id IN (SELECT customer_id FROM temp.segment_new) "
    "AND NOT EXISTS (SELECT 1 FROM segment_member o "
    "WHERE o.segment_id = ?2 AND o.customer_id = segment_member.customer_id "
    "AND o.since = ?1)",
    /* and who has none begins one. */
    "INSERT INTO segment_member(segment_id, customer_id, since, until) "
    "SELECT ?2, n.customer_id, ?1, ?3 FROM temp.segment_new n "
    "WHERE NOT EXISTS (SELECT 1 FROM segment_member o "
    "WHERE o.segment_id = ?2 AND o.customer_id = n.customer_id "
    "AND o.since <= ?1 AND (o.until IS NULL OR o.until > ?1))",
};

/* The date of a neighbouring run of the segment; NULL: there is none. */
static gb_status other_run(gb_workspace *ws, const char *sql,
                           int64_t segment_id, const char *as_of,
                           char out[16], bool *is_there)
{
    store_statement *st = NULL;
    bool has_row;
    const char *text;
    gb_status status = store_prepare(ws, sql, &st);

    *is_there = false;
    if (status)
        return status;
    store_bind_int(st, 1, segment_id);
    store_bind_text(st, 2, as_of);
    status = store_step(ws, st, &has_row);
    text = !status && has_row ? store_column_text(st, 0) : NULL;
    if (text && strlen(text) < 16) {
        strcpy(out, text);
        *is_there = true;
    }
    store_finalize(st);
    return status;
}

static gb_status count_changes(gb_workspace *ws, int64_t segment_id,
                               const char *before, int64_t n_now,
                               int64_t *n_entered, int64_t *n_left)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status;

    *n_entered = n_now;
    *n_left = 0;
    if (!before)
        return GB_OK;
    status = store_prepare(
        ws,
        "SELECT count(*), coalesce(sum(customer_id IN "
        "(SELECT customer_id FROM temp.segment_new)), 0) "
        "FROM segment_member WHERE segment_id = ?1 AND since <= ?2 "
        "AND (until IS NULL OR until > ?2)",
        &st);
    if (status)
        return status;
    store_bind_int(st, 1, segment_id);
    store_bind_text(st, 2, before);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        const int64_t stayed = store_column_int(st, 1);

        *n_left = store_column_int(st, 0) - stayed;
        *n_entered = n_now - stayed;
    }
    store_finalize(st);
    return status;
}

static gb_status write_run(gb_workspace *ws, const char *as_of,
                           int64_t segment_id, const store_rules *rules,
                           const store_waterfall *waterfall,
                           int64_t n_entered, int64_t n_left)
{
    store_statement *st = NULL;
    base_text json;
    gb_status status = store_prepare(
        ws,
        "DELETE FROM segment_run WHERE as_of = ?1 AND segment_version_id IN "
        "(SELECT id FROM segment_version WHERE segment_id = ?2)",
        &st);

    if (status)
        return status;
    base_text_init(&json, ws->mem);
    store_waterfall_json(waterfall, &json);
    store_bind_text(st, 1, as_of);
    store_bind_int(st, 2, segment_id);
    status = json.is_short ? base_fail_nomem(ws->run->ctx)
                           : store_run(ws, st);
    store_finalize(st);
    st = NULL;
    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO segment_run(segment_version_id, as_of, n_seen, "
            "n_unknown, n_members, n_entered, n_left, waterfall_json) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &st);
    if (!status) {
        store_bind_int(st, 1, rules->version_id);
        store_bind_text(st, 2, as_of);
        store_bind_int(st, 3, waterfall->n_seen);
        store_bind_int(st, 4, store_waterfall_unknown(waterfall));
        store_bind_int(st, 5, store_waterfall_kept(waterfall));
        store_bind_int(st, 6, n_entered);
        store_bind_int(st, 7, n_left);
        store_bind_text(st, 8, json.chars);
        status = store_run(ws, st);
    }
    store_finalize(st);
    base_text_clear(&json);
    return status;
}

static gb_status segment_of_version(gb_workspace *ws, int64_t version_id,
                                    int64_t *segment_id)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws, "SELECT segment_id FROM segment_version WHERE id = ?1", &st);

    if (status)
        return status;
    store_bind_int(st, 1, version_id);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *segment_id = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

gb_status store_members_write(gb_workspace *ws, const char *as_of,
                              const store_rules *rules,
                              const store_waterfall *waterfall,
                              const store_picks *members, int64_t *n_entered,
                              int64_t *n_left)
{
    char before[16], after[16];
    bool has_before = false, has_after = false;
    int64_t segment_id = 0;
    gb_status status = segment_of_version(ws, rules->version_id, &segment_id);

    if (!status)
        status = fill_new(ws, members);
    if (!status)
        status = other_run(ws,
                           "SELECT max(as_of) FROM segment_run r "
                           "JOIN segment_version v "
                           "ON v.id = r.segment_version_id "
                           "WHERE v.segment_id = ?1 AND as_of < ?2",
                           segment_id, as_of, before, &has_before);
    if (!status)
        status = other_run(ws,
                           "SELECT min(as_of) FROM segment_run r "
                           "JOIN segment_version v "
                           "ON v.id = r.segment_version_id "
                           "WHERE v.segment_id = ?1 AND as_of > ?2",
                           segment_id, as_of, after, &has_after);
    if (!status)
        status = count_changes(ws, segment_id, has_before ? before : NULL,
                               store_waterfall_kept(waterfall), n_entered,
                               n_left);
    for (size_t i = 0; i < COUNT_OF(member_steps) && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, member_steps[i], &st);
        if (status)
            break;
        store_bind_text(st, 1, as_of);
        store_bind_int(st, 2, segment_id);
        store_bind_text(st, 3, has_after ? after : NULL);
        status = store_run(ws, st);
        store_finalize(st);
    }
    if (!status)
        status = write_run(ws, as_of, segment_id, rules, waterfall, *n_entered,
                           *n_left);
    return status;
}

/* ----------------------------------------------------------------- diff -- */

static gb_status check_run(gb_workspace *ws, const char *name, const char *day)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT 1 FROM segment_run r "
        "JOIN segment_version v ON v.id = r.segment_version_id "
        "JOIN segment s ON s.id = v.segment_id "
        "WHERE s.name = ?1 AND r.as_of = ?2",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, name);
    store_bind_text(st, 2, day);
    status = store_step(ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "segment \"%s\" was not run for %s", name, day);
    store_finalize(st);
    return status;
}

/* Members at day ?2 of segment ?1 in the scope, who are none at day ?3 (or,
 * with `and_then`, are); counts and references share the text. */
static gb_status difference(gb_workspace *ws, const store_ask *ask,
                            const char *at, const char *other, bool and_then,
                            const char *what, store_statement **out)
{
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    base_text_format(
        &sql,
        "SELECT %s FROM segment s "
        "JOIN segment_member m ON m.segment_id = s.id "
        "JOIN customer c ON c.id = m.customer_id "
        "WHERE s.name = ?1 AND m.since <= ?2 "
        "AND (m.until IS NULL OR m.until > ?2) "
        "AND %s EXISTS (SELECT 1 FROM segment_member o "
        "WHERE o.segment_id = s.id AND o.customer_id = m.customer_id "
        "AND o.since <= ?3 AND (o.until IS NULL OR o.until > ?3))",
        what, and_then ? "" : "NOT");
    store_scope_sql(&sql, "c", ask->scope);
    if (strcmp(what, "c.ref") == 0)
        base_text_add(&sql, " ORDER BY c.ref LIMIT ?4");
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, out);
    base_text_clear(&sql);
    if (status)
        return status;
    store_bind_text(*out, 1, ask->name);
    store_bind_text(*out, 2, at);
    store_bind_text(*out, 3, other);
    if (strcmp(what, "c.ref") == 0)
        store_bind_int(*out, 4, ask->limit);
    return GB_OK;
}

static gb_status count_difference(gb_workspace *ws, const store_ask *ask,
                                  const char *at, const char *other,
                                  bool and_then, int64_t *n)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status
        = difference(ws, ask, at, other, and_then, "count(*)", &st);

    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status)
        *n = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

static gb_status list_difference(gb_workspace *ws, const store_ask *ask,
                                 const char *at, const char *other,
                                 const char *key, base_text *json)
{
    store_statement *st = NULL;
    gb_status status = difference(ws, ask, at, other, false, "c.ref", &st);

    if (!status)
        status = store_refs_json(ws, st, key, json);
    store_finalize(st);
    return status;
}

gb_status store_segment_diff(gb_workspace *ws, const store_ask *ask,
                             const char *from, const char *to,
                             store_answer *answer)
{
    int64_t entered = 0, left = 0, stayed = 0;
    base_text *json = &answer->json;
    gb_status status = check_run(ws, ask->name, from);

    if (!status)
        status = check_run(ws, ask->name, to);
    if (!status)
        status = count_difference(ws, ask, to, from, false, &entered);
    if (!status)
        status = count_difference(ws, ask, from, to, false, &left);
    if (!status)
        status = count_difference(ws, ask, from, to, true, &stayed);
    if (status)
        return status;
    base_text_add(json, "{\"name\": ");
    base_text_json(json, ask->name);
    text_member(json, "from", from);
    text_member(json, "to", to);
    base_text_format(json,
                     ", \"entered\": %lld, \"left\": %lld, \"stayed\": %lld",
                     (long long)entered, (long long)left, (long long)stayed);
    status = list_difference(ws, ask, to, from, "entered_refs", json);
    if (!status)
        status = list_difference(ws, ask, from, to, "left_refs", json);
    base_text_add(json, "}");
    answer->kept = entered;
    return status;
}
