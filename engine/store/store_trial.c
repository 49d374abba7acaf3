/*
 * store_trial.c - see store_trial.h: trials out of the file and into it.
 */
#include "store_trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store_query.h"
#include "store_rows.h"

static double real_or_nan(store_statement *st, int column)
{
    return store_column_is_null(st, column) ? (double)NAN
                                            : store_column_real(st, column);
}

/* Settled: as it says, or not to be known; else open. */
static int32_t active_of(store_statement *st, int active, int settled)
{
    if (store_column_is_null(st, settled))
        return STORE_OPEN;
    return store_column_is_null(st, active)
               ? STORE_NOT_KNOWN
               : (int32_t)store_column_int(st, active);
}

static gb_status take_trial(gb_workspace *ws, store_statement *st,
                            store_trials *out)
{
    store_trial *t = &out->items[out->n++];

    t->customer_id = store_column_int(st, 0);
    t->customer = store_row_text(&out->arena, st, 1);
    t->day = store_row_day(st, 2);
    t->until = store_row_day(st, 3);
    t->segment = store_row_text(&out->arena, st, 4);
    t->strategy = store_row_text(&out->arena, st, 5);
    t->grade = store_row_text(&out->arena, st, 6);
    t->is_held_out = store_column_int(st, 7) != 0;
    t->propensity = store_column_real(st, 8);
    t->score = store_column_int(st, 9);
    t->chance = real_or_nan(st, 10);
    t->is_visited = store_column_int(st, 11) != 0;
    t->is_met = store_column_int(st, 12) != 0;
    t->is_active = active_of(st, 13, 14);
    return t->customer && t->segment && t->strategy && t->grade
               ? GB_OK
               : base_fail_nomem(ws->run->ctx);
}

/*
 * Who comes back is settled at once, who does not when the time is over.  So
 * what is settled is counted from then on only: else the shares of the last
 * weeks would be of those who came back alone.
 */
#define SETTLED(row)                                                          \
    "CASE WHEN " row ".until < (SELECT max(day) FROM (SELECT "                \
    "max(settled_on) AS day FROM trial UNION ALL SELECT max(settled_on) "     \
    "FROM visit_result)) THEN " row ".settled_on END"

static const char trials_sql[]
    = "SELECT t.customer_id, c.ref, t.day, t.until, t.segment, t.strategy, "
      "t.grade, t.is_held_out, t.propensity, t.score, t.chance, "
      "t.is_visited, t.is_met, t.is_active, " SETTLED("t") " "
      "FROM trial t JOIN customer c ON c.id = t.customer_id WHERE ";

static gb_status load(gb_workspace *ws, const char *where, store_scope scope,
                      const char *order, int32_t on, store_trials *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    base_text sql;
    char day[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    base_text_init(&sql, ws->mem);
    base_text_add(&sql, trials_sql);
    base_text_add(&sql, where);
    store_scope_sql(&sql, "c", scope);
    base_text_add(&sql, order);
    status = store_rows_reserve(ws, &out->arena, "SELECT count(*) FROM trial",
                                sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status && sql.is_short)
        status = base_fail_nomem(ws->run->ctx);
    if (!status)
        status = store_prepare(ws, sql.chars, &st);
    if (!status && on != STORE_NO_DAY)
        store_bind_text(st, 1, store_day_text(day, on));
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_trial(ws, st, out);
    store_finalize(st);
    base_text_clear(&sql);
    if (status)
        store_trials_clear(out);
    return status;
}

gb_status store_load_open_trials(gb_workspace *ws, int32_t on,
                                 store_trials *out)
{
    return load(ws, "t.settled_on IS NULL AND t.day < ?1 AND t.until >= ?1",
                (store_scope){ 0 }, " ORDER BY t.customer_id", on, out);
}

gb_status store_load_trials(gb_workspace *ws, store_scope scope,
                            store_trials *out)
{
    return load(ws, "1", scope, " ORDER BY t.day, c.ref", STORE_NO_DAY, out);
}

void store_trials_clear(store_trials *trials)
{
    if (trials->arena.mem)
        base_arena_clear(&trials->arena);
    memset(trials, 0, sizeof *trials);
}

/* ---- saving ---- */

static gb_status on_day(gb_workspace *ws, const char *sql, const char *day)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    if (!status) {
        store_bind_text(st, 1, day);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status write_trials(gb_workspace *ws, int32_t on,
                              const store_trial *items, size_t n,
                              bool is_drawn)
{
    store_statement *st = NULL;
    char day[16], until[16];
    gb_status status = on_day(ws, "DELETE FROM trial WHERE day = ?1",
                              store_day_text(day, on));

    if (!status && !is_drawn)
        status = on_day(ws, "UPDATE trial SET settled_on = ?1 "
                            "WHERE settled_on IS NULL AND day < ?1", day);
    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO trial(customer_id, day, until, segment, strategy, "
            "grade, is_held_out, propensity, score, chance) "
            "VALUES(?1, ?2, ?3, ?4, coalesce((SELECT v.box FROM target t "
            "JOIN target_value v ON v.target_id = t.id WHERE t.as_of = ?2 "
            "AND t.customer_id = ?1), ?5), ?6, ?7, ?8, ?9, ?10)",
            &st);
    for (size_t i = 0; i < n && !status; i++) {
        const store_trial *t = &items[i];

        store_bind_int(st, 1, t->customer_id);
        store_bind_text(st, 2, day);
        store_bind_text(st, 3, store_day_text(until, t->until));
        store_bind_text(st, 4, t->segment);
        store_bind_text(st, 5, t->strategy);
        store_bind_text(st, 6, t->grade);
        store_bind_int(st, 7, t->is_held_out);
        store_bind_real(st, 8, t->propensity);
        store_bind_int(st, 9, t->score);
        if (isnan(t->chance))
            store_bind_null(st, 10);
        else
            store_bind_real(st, 10, t->chance);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

gb_status store_save_trials(gb_workspace *ws, int32_t on,
                            const store_trial *items, size_t n,
                            bool is_drawn)
{
    const gb_status status = store_begin(ws);

    return status ? status
                  : store_end(ws, write_trials(ws, on, items, n, is_drawn));
}

/* ---- results of visits ---- */

static const char results_sql[]
    = "SELECT r.segment, r.strategy, coalesce(m.ref, ''), v.day, r.score, "
      "r.chance, r.is_active, " SETTLED("r") " FROM visit_result r "
      "JOIN visit v ON v.id = r.visit_id "
      "JOIN customer c ON c.id = v.customer_id "
      "LEFT JOIN manager m ON m.id = v.manager_id WHERE v.outcome = 'met'";

static gb_status take_result(gb_workspace *ws, store_statement *st,
                             store_results *out)
{
    store_result *r = &out->items[out->n++];

    r->segment = store_row_text(&out->arena, st, 0);
    r->strategy = store_row_text(&out->arena, st, 1);
    r->manager = store_row_text(&out->arena, st, 2);
    r->day = store_row_day(st, 3);
    r->score = real_or_nan(st, 4);
    r->chance = real_or_nan(st, 5);
    r->is_active = active_of(st, 6, 7);
    return r->segment && r->strategy && r->manager
               ? GB_OK
               : base_fail_nomem(ws->run->ctx);
}

gb_status store_load_results(gb_workspace *ws, store_scope scope,
                             store_results *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    base_text sql;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    base_text_init(&sql, ws->mem);
    base_text_add(&sql, results_sql);
    store_scope_sql(&sql, "c", scope);
    base_text_add(&sql, " ORDER BY v.day, c.ref");
    status = store_rows_reserve(ws, &out->arena,
                                "SELECT count(*) FROM visit_result",
                                sizeof *out->items, &items, &capacity);
    out->items = items;
    if (!status && sql.is_short)
        status = base_fail_nomem(ws->run->ctx);
    if (!status)
        status = store_prepare(ws, sql.chars, &st);
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_result(ws, st, out);
    store_finalize(st);
    base_text_clear(&sql);
    if (status)
        store_results_clear(out);
    return status;
}

void store_results_clear(store_results *results)
{
    if (results->arena.mem)
        base_arena_clear(&results->arena);
    memset(results, 0, sizeof *results);
}
