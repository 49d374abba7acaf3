/*
 * store_segment_run.c - members, grades and targets: found in a scan, then
 * written in one transaction.
 */
#include "store_segment.h"

#include "base_check.h"

#include <string.h>

static void text_member(base_text *json, const char *key, const char *text)
{
    base_text_format(json, ", \"%s\": ", key);
    base_text_json(json, text);
}

/* ------------------------------------------------------------- the scan -- */

/* One walk: a segment, and the first clause that holds of others. */
typedef struct walk {
    gb_workspace *ws;
    store_waterfall waterfall;
    const store_rules *segment, *grades, *channels, *must; /* or NULL */
    store_picks picks;
    int64_t n_ungraded;
    base_text remarks;
} walk;

static uint32_t first_yes(const store_rules *rules, const int8_t **values)
{
    uint32_t first = STORE_NONE;

    for (size_t i = 0; rules && i < rules->n; i++) {
        if ((*values)[i] == STORE_YES && first == STORE_NONE)
            first = (uint32_t)i;
    }
    *values += rules ? rules->n : 0;
    return first;
}

static gb_status walk_row(void *user, int64_t customer, const int8_t *values)
{
    walk *w = user;
    store_pick pick = { .customer = customer };

    if (w->segment) {
        pick.is_member
            = store_waterfall_count(&w->waterfall, values) == STORE_YES;
        values += w->segment->n;
    } else {
        w->waterfall.n_seen++;
    }
    pick.grade = first_yes(w->grades, &values);
    pick.channel = first_yes(w->channels, &values);
    pick.must = first_yes(w->must, &values);
    w->n_ungraded += w->grades && pick.grade == STORE_NONE;
    if (w->segment && !pick.is_member && pick.must == STORE_NONE)
        return GB_OK;
    if (!base_array_push(w->ws->mem, &w->picks, pick))
        return base_fail_nomem(w->ws->run->ctx);
    return GB_OK;
}

static size_t add_clauses(store_clause *clauses, size_t n,
                          const store_rules *rules)
{
    for (size_t i = 0; rules && i < rules->n; i++)
        clauses[n++] = (store_clause){ rules->items[i].name,
                                       rules->items[i].sql };
    return n;
}

static gb_status walk_scan(walk *w, const store_ask *ask)
{
    store_clause clauses[4 * STORE_MAX_RULES];
    store_facts *facts = NULL;
    size_t n = 0;
    gb_status status;

    n = add_clauses(clauses, n, w->segment);
    w->waterfall.rules = w->segment;
    w->waterfall.n = n;
    n = add_clauses(clauses, n, w->grades);
    n = add_clauses(clauses, n, w->channels);
    n = add_clauses(clauses, n, w->must);
    status = store_facts_open(w->ws, ask->as_of, ask->scope, 0, &facts);
    if (!status)
        status = store_facts_compile(facts, clauses, n);
    if (!status) {
        base_run_phase(w->ws->run, GB_N("looking at customers"), 0, 0.5,
                       (uint64_t)store_facts_n(facts));
        status = store_facts_scan(facts, walk_row, w);
    }
    if (!status)
        base_text_format(&w->remarks, ", \"remarks\": [%s]",
                         store_facts_remarks(facts));
    store_facts_close(facts);
    return status;
}

static void walk_init(walk *w, gb_workspace *ws)
{
    memset(w, 0, sizeof *w);
    w->ws = ws;
    base_text_init(&w->remarks, ws->mem);
}

static void walk_clear(walk *w)
{
    base_array_clear(w->ws->mem, &w->picks);
    base_text_clear(&w->remarks);
}

/* What is stored covers everybody, so a part may not write it. */
static gb_status refuse_scope(gb_workspace *ws, const store_ask *ask)
{
    if (ask->scope.kind == STORE_SCOPE_ALL)
        return GB_OK;
    return base_fail(ws->run->ctx, GB_ERR_SCOPE,
                     "stored runs cover the whole workspace; a scope may "
                     "only preview");
}

/* Rows of (text, number, ...) as a JSON array of objects. */
static gb_status table_json(gb_workspace *ws, store_statement *st,
                            const char *key, const char *const *columns,
                            size_t n, base_text *json)
{
    bool is_first = true;
    gb_status status = GB_OK;

    base_text_format(json, ", \"%s\": [", key);
    while (store_next(ws, st, &status)) {
        base_text_add(json, is_first ? "{" : ", {");
        is_first = false;
        for (size_t i = 0; i < n; i++) {
            base_text_format(json, "%s\"%s\": ", i ? ", " : "", columns[i]);
            if (i == 0)
                base_text_json(json, store_column_text(st, 0)
                                         ? store_column_text(st, 0) : "");
            else
                base_text_format(json, "%lld",
                                 (long long)store_column_int(st, (int)i));
        }
        base_text_add(json, "}");
    }
    base_text_add(json, "]");
    return status;
}

static gb_status query_json(gb_workspace *ws, const char *sql, const char *arg,
                            const char *key, const char *const *columns,
                            size_t n, base_text *json)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    if (status)
        return status;
    store_bind_text(st, 1, arg);
    status = table_json(ws, st, key, columns, n, json);
    store_finalize(st);
    return status;
}

/* Head of the answer of a run or selection. */
static void waterfall_answer(const walk *w, const store_ask *ask,
                             int64_t n_entered, int64_t n_left,
                             store_answer *answer)
{
    base_text *json = &answer->json;

    answer->seen = w->waterfall.n_seen;
    answer->kept = store_waterfall_kept(&w->waterfall);
    answer->unknown = store_waterfall_unknown(&w->waterfall);
    base_text_add(json, "{\"name\": ");
    base_text_json(json, w->segment->name);
    text_member(json, "as_of", ask->as_of);
    base_text_format(json,
                     ", \"version\": %lld, \"customers\": %lld, "
                     "\"members\": %lld, \"unknown\": %lld, "
                     "\"entered\": %lld, \"left\": %lld, \"clauses\": ",
                     (long long)w->segment->version, (long long)answer->seen,
                     (long long)answer->kept, (long long)answer->unknown,
                     (long long)n_entered, (long long)n_left);
    store_waterfall_json(&w->waterfall, json);
    base_text_append(json, w->remarks.chars ? w->remarks.chars : "",
                     w->remarks.n);
    json->is_short |= w->remarks.is_short;
}

gb_status store_segment_run(gb_workspace *ws, const store_ask *ask,
                            store_answer *answer)
{
    static const char *const columns[] = { "branch", "members", "balance_fen" };
    store_rules rules = { 0 };
    int64_t n_entered = 0, n_left = 0;
    walk w;
    gb_status status = refuse_scope(ws, ask);

    walk_init(&w, ws);
    if (!status)
        status = store_rules_load_kind(ws, ask->name, STORE_RULES_SEGMENT,
                                       &rules);
    w.segment = &rules;
    if (!status)
        status = walk_scan(&w, ask);
    if (!status)
        status = store_begin(ws);
    if (!status) {
        base_run_phase(ws->run, GB_N("writing members"), 0.5, 1, w.picks.n);
        status = store_rules_save(ws, &rules);
        if (!status)
            status = store_members_write(ws, ask->as_of, &rules, &w.waterfall,
                                         &w.picks, &n_entered, &n_left);
        status = store_end(ws, status);
    }
    if (!status) {
        waterfall_answer(&w, ask, n_entered, n_left, answer);
        status = query_json(ws,
                            "SELECT b.ref, count(*), sum(c.balance_fen) "
                            "FROM temp.segment_new n "
                            "JOIN customer c ON c.id = n.customer_id "
                            "JOIN branch b ON b.id = c.branch_id "
                            "WHERE ?1 IS NULL GROUP BY b.ref ORDER BY b.ref",
                            NULL, "by_branch", columns, 3, &answer->json);
    }
    if (!status && ask->limit) {
        store_statement *st = NULL;

        status = store_prepare(ws,
                               "SELECT c.ref FROM temp.segment_new n "
                               "JOIN customer c ON c.id = n.customer_id "
                               "ORDER BY n.customer_id LIMIT ?1",
                               &st);
        if (!status) {
            store_bind_int(st, 1, ask->limit);
            status = store_refs_json(ws, st, "listed", &answer->json);
        }
        store_finalize(st);
    }
    base_text_add(&answer->json, "}");
    walk_clear(&w);
    store_rules_clear(&rules);
    return status;
}

/* --------------------------------------------------------------- grades -- */

static gb_status write_grades(gb_workspace *ws, const char *as_of,
                              const store_rules *rules,
                              const store_picks *picks)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO customer_grade(customer_id, segment_version_id, grade, "
        "clause, since) VALUES(?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(customer_id) DO UPDATE SET segment_version_id = ?2, "
        "grade = ?3, clause = ?4, since = ?5 "
        "WHERE grade <> ?3 OR clause <> ?4 OR segment_version_id <> ?2",
        &st);

    if (status)
        return status;
    store_bind_int(st, 2, rules->version_id);
    store_bind_text(st, 5, as_of);
    for (size_t i = 0; i < picks->n && !status; i++) {
        const store_rule *rule = &rules->items[picks->items[i].grade];

        store_bind_int(st, 1, picks->items[i].customer);
        store_bind_text(st, 3, rule->grade);
        store_bind_text(st, 4, rule->name);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

static gb_status grade_counts(gb_workspace *ws, const store_rules *rules,
                              const walk *w, base_text *json)
{
    static const char *const columns[] = { "grade", "customers" };
    int64_t counts[STORE_MAX_RULES] = { 0 };

    for (size_t i = 0; i < w->picks.n; i++)
        counts[w->picks.items[i].grade]++;
    base_text_add(json, ", \"clauses\": [");
    for (size_t i = 0; i < rules->n; i++) {
        base_text_add(json, i ? ", {\"name\": " : "{\"name\": ");
        base_text_json(json, rules->items[i].name);
        text_member(json, "grade", rules->items[i].grade);
        text_member(json, "title_zh", rules->items[i].title_zh);
        text_member(json, "title_en", rules->items[i].title_en);
        base_text_format(json, ", \"customers\": %lld}",
                         (long long)counts[i]);
    }
    base_text_add(json, "]");
    return query_json(ws,
                      "SELECT grade, count(*) FROM customer_grade "
                      "WHERE ?1 IS NULL GROUP BY grade ORDER BY grade",
                      NULL, "grades", columns, 2, json);
}

gb_status store_segment_grade(gb_workspace *ws, const store_ask *ask,
                              store_answer *answer)
{
    store_rules rules = { 0 };
    base_text *json = &answer->json;
    walk w;
    gb_status status = refuse_scope(ws, ask);

    walk_init(&w, ws);
    if (!status)
        status = store_rules_load_kind(ws, ask->grades, STORE_RULES_GRADES,
                                       &rules);
    w.grades = &rules;
    if (!status)
        status = walk_scan(&w, ask);
    if (!status && w.n_ungraded > 0)
        status = base_fail(ws->run->ctx, GB_ERR_DATA,
                           "%lld customers get no grade of \"%s\"; end its "
                           "clauses with one that is TRUE",
                           (long long)w.n_ungraded, rules.name);
    if (!status)
        status = store_begin(ws);
    if (!status) {
        base_run_phase(ws->run, GB_N("writing grades"), 0.5, 1, w.picks.n);
        status = store_rules_save(ws, &rules);
        if (!status)
            status = write_grades(ws, ask->as_of, &rules, &w.picks);
        status = store_end(ws, status);
    }
    if (!status) {
        answer->seen = answer->kept = (int64_t)w.picks.n;
        base_text_add(json, "{\"name\": ");
        base_text_json(json, rules.name);
        text_member(json, "as_of", ask->as_of);
        base_text_format(json, ", \"version\": %lld, \"customers\": %lld",
                         (long long)rules.version, (long long)answer->seen);
        status = grade_counts(ws, &rules, &w, json);
        base_text_append(json, w.remarks.chars ? w.remarks.chars : "",
                         w.remarks.n);
        json->is_short |= w.remarks.is_short;
        base_text_add(json, "}");
    }
    walk_clear(&w);
    store_rules_clear(&rules);
    return status;
}

/* -------------------------------------------------------------- targets -- */

/* "" becomes NULL. */
static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static gb_status write_target(gb_workspace *ws, store_statement *st,
                              const walk *w, const store_pick *pick)
{
    const store_rule *channel
        = pick->channel == STORE_NONE ? NULL
                                      : &w->channels->items[pick->channel];

    store_bind_int(st, 2, pick->customer);
    store_bind_text(st, 4, channel ? channel->channel : NULL);
    store_bind_text(st, 5, channel ? channel->name : NULL);
    store_bind_text(st, 6, channel ? or_null(channel->assist) : NULL);
    store_bind_text(st, 7, channel ? or_null(channel->suggest) : NULL);
    store_bind_text(st, 8, pick->must == STORE_NONE
                               ? NULL : w->must->items[pick->must].name);
    return store_run(ws, st);
}

/*
 * Rows of customers who stay targets keep their ids, so an unchanged
 * selection leaves the date's plan as it is.  Where someone drops out, the
 * plan that still speaks of them goes as well.
 */
static gb_status write_targets(gb_workspace *ws, const char *as_of,
                               const walk *w)
{
    static const char *const steps[] = {
        "DELETE FROM plan WHERE as_of = ?1 AND EXISTS ("
        "SELECT 1 FROM target t WHERE t.as_of = ?1 AND t.customer_id "
        "NOT IN (SELECT customer_id FROM temp.segment_new))",
        "DELETE FROM target WHERE as_of = ?1 AND customer_id "
        "NOT IN (SELECT customer_id FROM temp.segment_new)",
    };
    store_statement *st = NULL;
    gb_status status = GB_OK;

    for (size_t i = 0; i < w->picks.n && !status; i++) {
        if (i == 0)
            status = store_prepare(
                ws, "INSERT OR IGNORE INTO temp.segment_new VALUES(?1)", &st);
        if (!status) {
            store_bind_int(st, 1, w->picks.items[i].customer);
            status = store_run(ws, st);
        }
    }
    store_finalize(st);
    st = NULL;
    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++) {
        status = store_prepare(ws, steps[i], &st);
        if (!status) {
            store_bind_text(st, 1, as_of);
            status = store_run(ws, st);
        }
        store_finalize(st);
        st = NULL;
    }
    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO target(as_of, customer_id, segment_version_id, "
            "grade, grade_clause, channel, channel_rule, assist, suggest, "
            "must_rule) SELECT ?1, ?2, ?3, g.grade, g.clause, ?4, ?5, ?6, "
            "?7, ?8 FROM (SELECT 1) LEFT JOIN customer_grade g "
            "ON g.customer_id = ?2 WHERE true "
            "ON CONFLICT(as_of, customer_id) DO UPDATE SET "
            "segment_version_id = excluded.segment_version_id, "
            "grade = excluded.grade, grade_clause = excluded.grade_clause, "
            "channel = excluded.channel, "
            "channel_rule = excluded.channel_rule, "
            "assist = excluded.assist, suggest = excluded.suggest, "
            "must_rule = excluded.must_rule",
            &st);
    if (!status) {
        store_bind_text(st, 1, as_of);
        store_bind_int(st, 3, w->segment->version_id);
    }
    for (size_t i = 0; i < w->picks.n && !status; i++) {
        status = write_target(ws, st, w, &w->picks.items[i]);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

static gb_status target_counts(gb_workspace *ws, const char *as_of,
                               base_text *json)
{
    static const struct {
        const char *key, *sql;
    } tables[] = {
        { "grades", "SELECT coalesce(grade, ''), count(*) FROM target "
                    "WHERE as_of = ?1 GROUP BY 1 ORDER BY 1" },
        { "channels", "SELECT coalesce(channel, ''), count(*) FROM target "
                      "WHERE as_of = ?1 GROUP BY 1 ORDER BY 1" },
        { "channel_rules", "SELECT coalesce(channel_rule, ''), count(*) "
                           "FROM target WHERE as_of = ?1 "
                           "GROUP BY 1 ORDER BY 1" },
        { "must_rules", "SELECT must_rule, count(*) FROM target "
                        "WHERE as_of = ?1 AND must_rule IS NOT NULL "
                        "GROUP BY 1 ORDER BY 1" },
        { "suggestions", "SELECT suggest, count(*) FROM target "
                         "WHERE as_of = ?1 AND suggest IS NOT NULL "
                         "GROUP BY 1 ORDER BY 1" },
    };
    static const char *const columns[] = { "name", "targets" };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(tables) && !status; i++)
        status = query_json(ws, tables[i].sql, as_of, tables[i].key, columns,
                            2, json);
    return status;
}

static gb_status select_write(gb_workspace *ws, const store_ask *ask, walk *w,
                              store_rules *segment, store_rules *channels,
                              store_rules *must, int64_t *n_entered,
                              int64_t *n_left)
{
    gb_status status = store_begin(ws);

    if (status)
        return status;
    base_run_phase(ws->run, GB_N("writing targets"), 0.5, 1, 2 * w->picks.n);
    status = store_rules_save(ws, segment);
    if (!status)
        status = store_rules_save(ws, channels);
    if (!status)
        status = store_rules_save(ws, must);
    if (!status)
        status = store_members_write(ws, ask->as_of, segment, &w->waterfall,
                                     &w->picks, n_entered, n_left);
    if (!status)
        status = write_targets(ws, ask->as_of, w);
    return store_end(ws, status);
}

gb_status store_segment_select(gb_workspace *ws, const store_ask *ask,
                               store_answer *answer)
{
    store_rules segment = { 0 }, channels = { 0 }, must = { 0 };
    store_answer graded = { 0 };
    int64_t n_entered = 0, n_left = 0;
    walk w;
    gb_status status;

    walk_init(&w, ws);
    base_text_init(&graded.json, ws->mem);
    status = store_segment_grade(ws, ask, &graded);
    if (!status && graded.json.is_short)
        status = base_fail_nomem(ws->run->ctx);
    base_text_clear(&graded.json);
    if (!status)
        status = store_rules_load_kind(ws, ask->name, STORE_RULES_SEGMENT,
                                       &segment);
    if (!status)
        status = store_rules_load_kind(ws, ask->channels,
                                       STORE_RULES_CHANNELS, &channels);
    if (!status)
        status = store_rules_load_kind(ws, ask->must, STORE_RULES_MUST, &must);
    w.segment = &segment;
    w.channels = &channels;
    w.must = &must;
    if (!status)
        status = walk_scan(&w, ask);
    if (!status)
        status = select_write(ws, ask, &w, &segment, &channels, &must,
                              &n_entered, &n_left);
    if (!status) {
        waterfall_answer(&w, ask, n_entered, n_left, answer);
        answer->kept = (int64_t)w.picks.n;
        base_text_format(&answer->json, ", \"targets\": %zu", w.picks.n);
        status = target_counts(ws, ask->as_of, &answer->json);
        base_text_add(&answer->json, "}");
    }
    walk_clear(&w);
    store_rules_clear(&segment);
    store_rules_clear(&channels);
    store_rules_clear(&must);
    return status;
}
