/*
 * store_load_promises.c - appointments of the days to come, and the visits
 * that the last plan foretold for today.
 */
#include "store_query.h"
#include "store_rows.h"

#include "base_array.h"

#include <string.h>

static const char promises_sql[]
    = "SELECT a.customer_id, a.day, a.from_s, a.to_s, a.manager_id "
      "FROM appointment a JOIN target t ON t.customer_id = a.customer_id "
      "AND t.as_of = ?1 WHERE a.day > ?1 AND a.day <= ?2 "
      "ORDER BY a.customer_id, a.day, a.from_s";

gb_status store_load_promises(gb_workspace *ws, const store_managers *managers,
                              const store_targets *targets, int32_t until,
                              store_promises *out)
{
    BASE_ARRAY(store_promise) rows = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    store_ids ids = { 0 }, places = { 0 };
    char from[16], to[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_ids_build(ws, managers->items, managers->n,
                             sizeof *managers->items, &ids);
    if (!status)
        status = store_ids_build(ws, targets->items, targets->n,
                                 sizeof *targets->items, &places);
    if (!status)
        status = store_prepare(ws, promises_sql, &st);
    if (!status) {
        store_bind_text(st, 1, store_day_text(from, targets->on));
        store_bind_text(st, 2, store_day_text(to, until));
    }
    while (store_next(ws, st, &status)) {
        const store_promise p
            = { .target = store_ids_find(&places, store_column_int(st, 0)),
                .day = store_row_day(st, 1),
                .from_s = store_row_time(st, 2),
                .to_s = store_row_time(st, 3),
                .manager = store_ids_find(&ids, store_column_int(st, 4)) };

        /* out of the scope of the targets, or not the first one */
        if (p.target == STORE_NONE
            || (rows.n > 0 && rows.items[rows.n - 1].target == p.target))
            continue;
        if (!base_array_push(ws->mem, &rows, p))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    out->n = rows.n;
    out->items = store_row_list(&out->arena, rows.items, rows.n,
                                sizeof *rows.items);
    if (!status && !out->items)
        status = base_fail_nomem(ws->run->ctx);
    base_array_clear(ws->mem, &rows);
    store_ids_clear(&ids);
    store_ids_clear(&places);
    if (status)
        store_promises_clear(out);
    return status;
}

/* Of the last plan before the day, whatever came of it. */
static const char foretold_sql[]
    = "SELECT t.customer_id FROM plan_state s "
      "JOIN target t ON t.id = s.target_id "
      "WHERE s.plan_id = (SELECT id FROM plan WHERE as_of < ?1 "
      "ORDER BY as_of DESC, id DESC LIMIT 1) "
      "AND s.reason = 'planned_later' AND s.until_date <= ?1";

gb_status store_load_foretold(gb_workspace *ws, const store_targets *targets,
                              bool *is_foretold)
{
    store_statement *st = NULL;
    store_ids ids = { 0 };
    char on[16];
    gb_status status = store_ids_build(ws, targets->items, targets->n,
                                       sizeof *targets->items, &ids);

    memset(is_foretold, 0, targets->n * sizeof *is_foretold);
    if (!status)
        status = store_prepare(ws, foretold_sql, &st);
    if (!status)
        store_bind_text(st, 1, store_day_text(on, targets->on));
    while (store_next(ws, st, &status)) {
        const uint32_t target
            = store_ids_find(&ids, store_column_int(st, 0));

        if (target != STORE_NONE)
            is_foretold[target] = true;
    }
    store_finalize(st);
    store_ids_clear(&ids);
    return status;
}

void store_promises_clear(store_promises *promises)
{
    if (promises->arena.mem)
        base_arena_clear(&promises->arena);
    memset(promises, 0, sizeof *promises);
}
