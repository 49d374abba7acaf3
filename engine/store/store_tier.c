/*
 * store_tier.c - who is looked at by a tiering, by which number, and what was
 * said of it before.
 */
#include "store_tier.h"

#include "base_check.h"
#include "store_rows.h"

#include <math.h>
#include <string.h>

static gb_status push(gb_workspace *ws, store_tier_rows *out, int64_t id,
                      double value, uint32_t clause)
{
    const store_tier_row row = { id, value, clause };

    return base_array_push(ws->mem, out, row) ? GB_OK
                                              : base_fail_nomem(ws->run->ctx);
}

gb_status store_tier_scores(gb_workspace *ws, const char *as_of,
                            store_tier_rows *out)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT customer_id, score FROM target WHERE as_of = ?1 "
        "AND score IS NOT NULL ORDER BY customer_id",
        &st);

    if (!status)
        store_bind_text(st, 1, as_of);
    while (store_next(ws, st, &status)) {
        status = push(ws, out, store_column_int(st, 0),
                      store_column_real(st, 1), STORE_NONE);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    if (!status && out->n == 0)
        status = base_fail(ws->run->ctx, GB_ERR_STATE,
                           "no target of %s has points: score them first",
                           as_of);
    return status;
}

/* --------------------------------------------------- over customer_facts -- */

typedef struct look {
    gb_workspace *ws;
    store_tier_rows *out;
    bool has_where;
    size_t n_rules;
} look;

static gb_status take_number(void *user, int64_t customer,
                             const double *values)
{
    const look *l = user;

    if (l->has_where && (isnan(values[1]) || fabs(values[1]) <= 0))
        return GB_OK;
    return push(l->ws, l->out, customer, values[0], STORE_NONE);
}

static gb_status take_clause(void *user, int64_t customer,
                             const int8_t *values)
{
    const look *l = user;
    uint32_t first = STORE_NONE;

    if (l->has_where && values[l->n_rules] != STORE_YES)
        return GB_OK;
    for (size_t i = l->n_rules; i > 0; i--)
        if (values[i - 1] == STORE_YES)
            first = (uint32_t)i - 1;
    return push(l->ws, l->out, customer, (double)NAN, first);
}

static gb_status open_look(gb_workspace *ws, const char *as_of,
                           const store_clause *clauses, size_t n,
                           store_facts **facts)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    gb_status status = store_facts_open(ws, as_of, all, 0, facts);

    if (!status)
        status = store_facts_compile(*facts, clauses, n);
    if (!status)
        base_run_phase(ws->run, GB_N("looking at customers"), 0, 0.5,
                       (uint64_t)store_facts_n(*facts));
    return status;
}

gb_status store_tier_numbers(gb_workspace *ws, const char *as_of,
                             const char *by, const char *where,
                             store_tier_rows *out)
{
    const store_clause clauses[] = { { "by", by }, { "where", where } };
    look l = { .ws = ws, .out = out, .has_where = where != NULL };
    store_facts *facts = NULL;
    gb_status status = open_look(ws, as_of, clauses, where ? 2 : 1, &facts);

    if (!status)
        status = store_facts_numbers(facts, take_number, &l);
    store_facts_close(facts);
    return status;
}

gb_status store_tier_clauses(gb_workspace *ws, const char *as_of,
                             const store_rules *rules, const char *where,
                             store_tier_rows *out)
{
    store_clause clauses[STORE_MAX_RULES + 1];
    look l = { .ws = ws, .out = out, .has_where = where != NULL,
               .n_rules = rules->n };
    store_facts *facts = NULL;
    gb_status status;

    for (size_t i = 0; i < rules->n; i++)
        clauses[i] = (store_clause){ rules->items[i].name,
                                     rules->items[i].sql };
    clauses[rules->n] = (store_clause){ "where", where };
    status = open_look(ws, as_of, clauses, rules->n + (where != NULL), &facts);
    if (!status)
        status = store_facts_scan(facts, take_clause, &l);
    store_facts_close(facts);
    return status;
}

/* ---------------------------------------------------------- what there is -- */

gb_status store_tier_list(gb_workspace *ws, base_text *json)
{
    store_statement *st = NULL;
    bool is_first = true;
    gb_status status = store_prepare(
        ws,
        "SELECT g.name, count(*), min(r.as_of), max(r.as_of), "
        "(SELECT x.definition_json FROM tier_run x WHERE x.tiering_id = g.id "
        "ORDER BY x.as_of DESC LIMIT 1) "
        "FROM tiering g JOIN tier_run r ON r.tiering_id = g.id "
        "GROUP BY g.id ORDER BY g.name",
        &st);

    base_text_add(json, "[");
    while (store_next(ws, st, &status)) {
        base_text_add(json, is_first ? "{\"name\": " : ", {\"name\": ");
        is_first = false;
        base_text_json(json, store_column_text(st, 0));
        base_text_format(json,
                         ", \"runs\": %lld, \"first\": \"%s\", "
                         "\"last\": \"%s\", \"definition\": %s}",
                         (long long)store_column_int(st, 1),
                         store_column_text(st, 2), store_column_text(st, 3),
                         store_column_text(st, 4));
    }
    base_text_add(json, "]");
    store_finalize(st);
    return !status && json->is_short ? base_fail_nomem(ws->run->ctx) : status;
}

gb_status store_tier_definition(gb_workspace *ws, const char *name,
                                const char *as_of, char **json)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT r.definition_json FROM tier_run r "
        "JOIN tiering g ON g.id = r.tiering_id WHERE g.name = ?1 "
        "ORDER BY r.as_of > ?2, abs(julianday(r.as_of) - julianday(?2)) "
        "LIMIT 1",
        &st);

    *json = NULL;
    if (status)
        return status;
    store_bind_text(st, 1, name);
    store_bind_text(st, 2, as_of);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        *json = base_strdup(ws->mem, store_column_text(st, 0));
        if (!*json)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

gb_status store_tier_last(gb_workspace *ws, const char *name,
                          const char *before, char date[16])
{
    store_statement *st = NULL;
    bool has_row;
    const char *text;
    gb_status status = store_prepare(
        ws,
        "SELECT max(r.as_of) FROM tier_run r "
        "JOIN tiering g ON g.id = r.tiering_id "
        "WHERE g.name = ?1 AND r.as_of < ?2",
        &st);

    date[0] = '\0';
    if (status)
        return status;
    store_bind_text(st, 1, name);
    store_bind_text(st, 2, before);
    status = store_step(ws, st, &has_row);
    text = !status && has_row ? store_column_text(st, 0) : NULL;
    if (text && strlen(text) < 16)
        strcpy(date, text);
    store_finalize(st);
    return status;
}

gb_status store_tier_before(gb_workspace *ws, const char *name,
                            const char *date, const store_tier_rows *rows,
                            const char *const *names, size_t n_names,
                            uint32_t *tier)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    gb_status status = store_ids_build(ws, rows->items, rows->n,
                                       sizeof *rows->items, &ids);

    for (size_t i = 0; i < rows->n; i++)
        tier[i] = STORE_NONE;
    if (!status)
        status = store_prepare(
            ws,
            "SELECT s.customer_id, s.tier FROM tier_stay s "
            "JOIN tiering g ON g.id = s.tiering_id WHERE g.name = ?1 "
            "AND s.since <= ?2 AND (s.until IS NULL OR s.until > ?2)",
            &st);
    if (!status) {
        store_bind_text(st, 1, name);
        store_bind_text(st, 2, date);
    }
    while (store_next(ws, st, &status)) {
        const uint32_t i = store_ids_find(&ids, store_column_int(st, 0));
        const size_t t
            = store_name_index(store_column_text(st, 1), names, n_names);

        if (i != STORE_NONE && t < n_names)
            tier[i] = (uint32_t)t;
    }
    store_finalize(st);
    store_ids_clear(&ids);
    return status;
}
