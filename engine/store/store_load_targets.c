/*
 * store_load_targets.c - the targets of a date, with all that a plan asks of
 * them, in three walks: the customers, what they hold, their tags.
 */
#include "store_query.h"
#include "store_rows.h"

#include "base_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the indices of a target point to. */
typedef struct lookup {
    store_ids branches, managers, places, cells;
} lookup;

static void lookup_clear(lookup *l)
{
    store_ids_clear(&l->branches);
    store_ids_clear(&l->managers);
    store_ids_clear(&l->places);
    store_ids_clear(&l->cells);
}

static gb_status lookup_build(gb_workspace *ws, const store_branches *branches,
                              const store_managers *managers,
                              const store_places *places,
                              const store_cells *cells, lookup *l)
{
    gb_status status;

    memset(l, 0, sizeof *l);
    status = store_ids_build(ws, branches->items, branches->n,
                             sizeof(store_branch), &l->branches);
    if (!status)
        status = store_ids_build(ws, managers->items, managers->n,
                                 sizeof(store_manager), &l->managers);
    if (!status)
        status = store_ids_build(ws, places->items, places->n,
                                 sizeof(store_place), &l->places);
    if (!status)
        status = store_ids_build(ws, cells ? cells->ids : NULL,
                                 cells ? cells->n : 0, sizeof(int64_t),
                                 &l->cells);
    return status;
}

/*
 * Customers in the place of targets: the same queries over a table of that
 * name which holds them all, or the one that is asked for.
 */
static const char customers_as_targets[]
    = "WITH target AS (SELECT NULL AS id, ?1 AS as_of, id AS customer_id, "
      "NULL AS grade, NULL AS grade_clause, NULL AS channel, "
      "NULL AS channel_rule, NULL AS suggest, NULL AS must_rule, 0 AS score, "
      "NULL AS score_parts_json, NULL AS score_facts_json FROM customer "
      "WHERE ?2 IS NULL OR ref = ?2) ";

/* Whose rows are loaded. */
typedef struct source {
    store_scope scope;
    bool is_customers;    /* all of them, not the targets */
    const char *only_ref; /* of customers; NULL: all */
} source;

/* Of a crew: whom a plan of the date gives to its managers. */
static void add_scope(base_text *sql, const source *from)
{
    if (from->scope.kind != STORE_SCOPE_CREW) {
        store_scope_sql(sql, "c", from->scope);
        return;
    }
    base_text_add(sql,
                  " AND t.id IN (SELECT x.target_id FROM plan p "
                  "JOIN plan_state x ON x.plan_id = p.id "
                  "WHERE p.as_of = ?1");
    store_scope_sql(sql, "x", from->scope);
    base_text_add(sql, ")");
}

/* A query about the targets of a date in the scope. */
static gb_status prepare(gb_workspace *ws, const char *head,
                         const source *from, const char *tail, int32_t on,
                         char day[16], store_statement **st)
{
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    if (from->is_customers)
        base_text_add(&sql, customers_as_targets);
    base_text_add(&sql, head);
    /* Of a crew by its targets, never by walking all of the date. */
    base_text_add(&sql, from->scope.kind == STORE_SCOPE_CREW
                            ? " WHERE +t.as_of = ?1"
                            : " WHERE t.as_of = ?1");
    add_scope(&sql, from);
    base_text_add(&sql, tail);
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, st);
    base_text_clear(&sql);
    if (!status)
        store_bind_text(*st, 1, store_day_text(day, on));
    if (!status && from->only_ref)
        store_bind_text(*st, 2, from->only_ref);
    return status;
}

static const char customers_sql[]
    = "SELECT c.id, c.ref, c.branch_id, c.manager_id, c.place_id, c.geom, "
      "c.accuracy, c.balance_fen, "
      "max(coalesce(c.peak_24m_fen, c.balance_fen), c.balance_fen), "
      "c.last_txn_on, c.opened_on, c.window_from_s, c.window_to_s, "
      "c.service_s, c.do_not_visit, c.reach_sms, a.from_s, a.to_s, "
      "a.manager_id, t.grade, t.grade_clause, t.channel, t.channel_rule, "
      "t.suggest, t.must_rule, t.score, t.id, cc.cell_id, "
      "v.day, v.outcome = 'absent', coalesce(s.manager_id, r.manager_id), "
      "c.fees_12m_fen, c.promised_on, "
      "(SELECT w.card_chance FROM target_value w WHERE w.target_id = t.id) "
      "FROM target t JOIN customer c ON c.id = t.customer_id "
      "LEFT JOIN appointment a ON a.id = (SELECT x.id FROM appointment x "
      "WHERE x.customer_id = c.id AND x.day = ?1 "
      "ORDER BY x.from_s LIMIT 1) "
      "LEFT JOIN visit v ON v.id = (SELECT y.id FROM visit y "
      "WHERE y.customer_id = c.id AND y.day < ?1 "
      "ORDER BY y.day DESC LIMIT 1) "
      "LEFT JOIN customer_assignment s ON s.customer_id = c.id "
      "AND (s.from_date IS NULL OR s.from_date <= ?1) "
      "AND (s.to_date IS NULL OR s.to_date > ?1) "
      "LEFT JOIN customer_relation r ON r.customer_id = c.id "
      "AND r.role = 'lead' "
      "LEFT JOIN customer_cell cc ON cc.customer_id = c.id AND "
      "cc.cell_set_id = (SELECT id FROM cell_set WHERE is_active)";

static void take_numbers(store_statement *st, const lookup *l,
                         store_target *t)
{
    t->id = store_column_int(st, 0);
    t->branch = store_ids_find(&l->branches, store_column_int(st, 2));
    t->manager = store_ids_find(&l->managers, store_column_int(st, 3));
    t->place = store_ids_find(&l->places, store_column_int(st, 4));
    t->accuracy = (int32_t)store_name_index(store_column_text(st, 6),
                                            store_accuracy_names, 6);
    t->balance_fen = store_column_int(st, 7);
    t->peak_24m_fen = store_column_int(st, 8);
    t->last_txn_on = store_row_day(st, 9);
    t->last_visit_on = store_row_day(st, 28);
    t->was_absent = store_column_int(st, 29) != 0;
    t->opened_on = store_row_day(st, 10);
    t->window_from_s = store_row_time(st, 11);
    t->window_to_s = store_row_time(st, 12);
    t->service_s = store_row_time(st, 13);
    t->do_not_visit = store_column_int(st, 14) != 0;
    t->reach_sms = store_column_int(st, 15) != 0;
    t->appointment_from_s = store_row_time(st, 16);
    t->appointment_to_s = store_row_time(st, 17);
    t->appointment_manager
        = store_ids_find(&l->managers, store_column_int(st, 18));
    t->assigned = store_ids_find(&l->managers, store_column_int(st, 30));
    t->channel = (int32_t)store_name_index(store_column_text(st, 21),
                                           store_channel_names, 3);
    if (t->channel > STORE_CHANNEL_NONE)
        t->channel = STORE_CHANNEL_NONE;
    t->score = store_column_int(st, 25);
    t->target_id = store_column_int(st, 26);
    t->cell = store_ids_find(&l->cells, store_column_int(st, 27));
    t->has_fees = !store_column_is_null(st, 31);
    t->fees_12m_fen = store_column_int(st, 31);
    t->promised_on = store_row_day(st, 32);
    t->card_chance = store_column_is_null(st, 33) ? (double)NAN
                                                  : store_column_real(st, 33);
    t->next_maturity_on = STORE_NO_DAY;
}

static gb_status take_target(gb_workspace *ws, store_statement *st,
                             const lookup *l, store_targets *out)
{
    store_target *t = &out->items[out->n++];
    base_arena *arena = &out->arena;

    take_numbers(st, l, t);
    t->ref = store_row_text(arena, st, 1);
    t->grade = store_row_text(arena, st, 19);
    t->grade_clause = store_row_text(arena, st, 20);
    t->channel_rule = store_row_text(arena, st, 22);
    t->suggest = store_row_text(arena, st, 23);
    t->must_rule = store_row_text(arena, st, 24);
    if (!t->ref || !t->grade || !t->grade_clause || !t->channel_rule
        || !t->suggest || !t->must_rule)
        return base_fail_nomem(ws->run->ctx);
    return store_row_point(ws, st, 5, &t->at, &t->has_location);
}

/* How many rows `from_sql` has in the scope. */
static gb_status count_rows(gb_workspace *ws, const char *from_sql,
                            const source *from, int32_t on, size_t *n)
{
    store_statement *st = NULL;
    base_text head;
    char day[16];
    bool has_row;
    gb_status status;

    base_text_init(&head, ws->mem);
    base_text_add(&head, "SELECT count(*)");
    base_text_add(&head, from_sql);
    status = head.is_short ? base_fail_nomem(ws->run->ctx)
                           : prepare(ws, head.chars, from, "", on, day, &st);
    base_text_clear(&head);
    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status)
        *n = (size_t)store_column_int(st, 0);
    store_finalize(st);
    return status;
}

static int by_ref(const void *a, const void *b)
{
    return strcmp(((const store_target *)a)->ref,
                  ((const store_target *)b)->ref);
}

/*
 * Rows are read in the order in which they lie, for another would read every
 * page many times over, and then sorted: what comes of them must not depend on
 * the order in which customers came.
 */
static gb_status load_customers(gb_workspace *ws, const lookup *l,
                                const source *from, store_targets *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    char day[16];
    gb_status status = count_rows(
        ws, from->scope.kind == STORE_SCOPE_ALL
                ? " FROM target t"
                : " FROM target t JOIN customer c ON c.id = t.customer_id",
        from, out->on, &capacity);

    if (!status) {
        out->items = base_arena_alloc(&out->arena, capacity,
                                      sizeof *out->items);
        if (!out->items)
            status = base_fail_nomem(ws->run->ctx);
    }
    if (!status && capacity > 0)
        memset(out->items, 0, capacity * sizeof *out->items);
    if (!status)
        status = prepare(ws, customers_sql, from, " ORDER BY t.customer_id",
                         out->on, day, &st);
    while (store_next(ws, st, &status) && out->n < capacity) {
        status = take_target(ws, st, l, out);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    if (!status && out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, by_ref);
    return status;
}

/* Rows come by customer, and of one by the day of maturity. */
static gb_status load_holdings(gb_workspace *ws, const source *from,
                               const store_ids *ids, store_targets *out)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = prepare(
        ws,
        "SELECT t.customer_id, h.product_id, h.amount_fen, "
        "CASE WHEN p.kind = 'deposit' THEN h.matures_on END "
        "FROM target t JOIN customer c ON c.id = t.customer_id "
        "JOIN holding h ON h.customer_id = t.customer_id "
        "JOIN product p ON p.id = h.product_id",
        from,
        " AND h.opened_on <= ?1 AND (h.closed_on IS NULL OR h.closed_on > ?1)"
        " ORDER BY t.customer_id, h.product_id, h.opened_on",
        out->on, day, &st);
    int64_t last_customer = 0, last_product = 0;

    while (store_next(ws, st, &status)) {
        const int64_t customer = store_column_int(st, 0);
        const int64_t product = store_column_int(st, 1);
        const uint32_t i = store_ids_find(ids, customer);
        const int32_t matures_on = store_row_day(st, 3);
        store_target *t;

        if (i == STORE_NONE)
            continue;
        t = &out->items[i];
        t->n_products += customer != last_customer || product != last_product;
        last_customer = customer;
        last_product = product;
        if (matures_on == STORE_NO_DAY || matures_on < out->on)
            continue;
        if (t->next_maturity_on == STORE_NO_DAY
            || matures_on < t->next_maturity_on) {
            t->next_maturity_on = matures_on;
            t->next_maturity_fen = store_column_int(st, 2);
        } else if (matures_on == t->next_maturity_on) {
            t->next_maturity_fen += store_column_int(st, 2);
        }
    }
    store_finalize(st);
    return status;
}

static const char tags_from[]
    = " FROM target t JOIN customer c ON c.id = t.customer_id "
      "JOIN customer_tag ct ON ct.customer_id = c.id "
      "JOIN tag g ON g.id = ct.tag_id";

/* The tags of the first customer first, and so on. */
static gb_status sort_tags(gb_workspace *ws, store_targets *out)
{
    const size_t size = out->n_tags * sizeof *out->tags;
    const char **read = base_alloc(ws->mem, size + 1);
    size_t n = 0;

    if (!read)
        return base_fail_nomem(ws->run->ctx);
    if (size > 0)
        memcpy(read, out->tags, size);
    for (size_t i = 0; i < out->n; i++) {
        store_target *t = &out->items[i];
        const uint32_t first = t->first_tag;

        t->first_tag = t->n_tags ? (uint32_t)n : first;
        for (uint32_t k = 0; k < t->n_tags; k++)
            out->tags[n++] = read[first + k];
    }
    base_free(ws->mem, read);
    return GB_OK;
}

static gb_status load_tags(gb_workspace *ws, const source *from,
                           const store_ids *ids, store_targets *out)
{
    store_statement *st = NULL;
    base_text head;
    char day[16];
    size_t capacity = 0;
    gb_status status = count_rows(ws, tags_from, from, out->on, &capacity);

    if (status)
        return status;
    out->tags = base_arena_alloc(&out->arena, capacity, sizeof *out->tags);
    if (!out->tags)
        return base_fail_nomem(ws->run->ctx);
    base_text_init(&head, ws->mem);
    base_text_add(&head, "SELECT c.id, CASE WHEN ct.value = '' THEN g.tag "
                         "ELSE g.tag || '=' || ct.value END AS tag");
    base_text_add(&head, tags_from);
    status = head.is_short
                 ? base_fail_nomem(ws->run->ctx)
                 : prepare(ws, head.chars, from, " ORDER BY c.id, 2",
                           out->on, day, &st);
    base_text_clear(&head);
    while (store_next(ws, st, &status) && out->n_tags < capacity) {
        const uint32_t at = store_ids_find(ids, store_column_int(st, 0));

        if (at == STORE_NONE)
            continue;
        if (out->items[at].n_tags++ == 0)
            out->items[at].first_tag = (uint32_t)out->n_tags;
        out->tags[out->n_tags] = store_row_text(&out->arena, st, 1);
        if (!out->tags[out->n_tags++])
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status ? status : sort_tags(ws, out);
}

static gb_status load(gb_workspace *ws, const store_branches *branches,
                      const store_managers *managers,
                      const store_places *places, const store_cells *cells,
                      const source *from, int32_t on, store_targets *out)
{
    store_ids ids = { 0 };
    lookup l;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->on = on;
    status = lookup_build(ws, branches, managers, places, cells, &l);
    if (!status)
        status = load_customers(ws, &l, from, out);
    lookup_clear(&l);
    if (!status)
        status = store_ids_build(ws, out->items, out->n, sizeof *out->items,
                                 &ids);
    if (!status)
        status = load_holdings(ws, from, &ids, out);
    if (!status)
        status = load_tags(ws, from, &ids, out);
    store_ids_clear(&ids);
    if (status)
        store_targets_clear(out);
    return status;
}

gb_status store_load_targets(gb_workspace *ws, const store_branches *branches,
                             const store_managers *managers,
                             const store_places *places,
                             const store_cells *cells, store_scope scope,
                             int32_t on, store_targets *out)
{
    const source from = { .scope = scope };

    return load(ws, branches, managers, places, cells, &from, on, out);
}

gb_status store_load_customers(gb_workspace *ws,
                               const store_branches *branches,
                               const store_managers *managers,
                               const store_places *places, store_scope scope,
                               const char *only_ref, int32_t on,
                               store_targets *out)
{
    const source from
        = { .scope = scope, .is_customers = true, .only_ref = only_ref };

    return load(ws, branches, managers, places, NULL, &from, on, out);
}

void store_targets_clear(store_targets *targets)
{
    if (targets->arena.mem)
        base_arena_clear(&targets->arena);
    memset(targets, 0, sizeof *targets);
}
