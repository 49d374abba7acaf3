/*
 * store_tier_stays.c - stays in tiers: written by a run, counted and listed.
 */
#include "store_tier.h"

#include "base_check.h"
#include "store_rows.h"

#include <math.h>
#include <string.h>

static gb_status fill_new(gb_workspace *ws, const store_tier_run *run)
{
    store_statement *st = NULL;
    gb_status status = store_exec(
        ws, "CREATE TEMP TABLE IF NOT EXISTS tier_new("
            "customer_id INTEGER PRIMARY KEY, tier TEXT, value REAL, "
            "rank INTEGER, clause TEXT);"
            "DELETE FROM temp.tier_new;");

    if (!status)
        status = store_prepare(
            ws, "INSERT INTO temp.tier_new VALUES(?1, ?2, ?3, ?4, ?5)", &st);
    for (size_t i = 0; i < run->n && !status; i++) {
        const store_tier_given *g = &run->items[i];

        store_bind_int(st, 1, g->customer);
        store_bind_text(st, 2, g->tier);
        if (isnan(g->value))
            store_bind_null(st, 3);
        else
            store_bind_real(st, 3, g->value);
        store_bind_id(st, 4, g->rank);
        store_bind_text(st, 5, g->clause);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

/*
 * ?1 the date, ?2 the tiering, ?3 the date of the next run or NULL.  Between
 * two runs nothing begins, so a stay that holds on the date, but for one that
 * began on it, holds up to the next run at least.
 */
static const char *const steps[] = {
    /* What lies behind the next run is parted off, */
    "INSERT INTO tier_stay(tiering_id, customer_id, since, until, tier, "
    "value, rank, clause) SELECT tiering_id, customer_id, ?3, until, tier, "
    "value, rank, clause FROM tier_stay WHERE tiering_id = ?2 "
    "AND ?3 IS NOT NULL AND since <= ?1 AND (until IS NULL OR until > ?3)",
    "UPDATE tier_stay SET until = ?3 WHERE tiering_id = ?2 "
    "AND ?3 IS NOT NULL AND since <= ?1 AND (until IS NULL OR until > ?3)",
    /* what an earlier run of the same date said is forgotten, */
    "DELETE FROM tier_stay WHERE tiering_id = ?2 AND since = ?1 "
    "AND (?3 IS NULL OR 1)",
    /* who is elsewhere now ends his stay, */
    "UPDATE tier_stay SET until = ?1 WHERE tiering_id = ?2 AND since < ?1 "
    "AND (until IS NULL OR until > ?1) AND (?3 IS NULL OR 1) "
    "AND tier IS NOT (SELECT n.tier FROM temp.tier_new n "
    "WHERE n.customer_id = tier_stay.customer_id)",
    /* who stopped here goes on, if it is the same tier, */
    "UPDATE tier_stay SET until = ?3 WHERE tiering_id = ?2 AND until = ?1 "
    "AND tier = (SELECT n.tier FROM temp.tier_new n "
    "WHERE n.customer_id = tier_stay.customer_id)",
    /* who stays is told with what he has now; unless a later run follows,
       within the stay, whose word is the last, */
    "UPDATE tier_stay SET value = n.value, rank = n.rank, "
    "clause = n.clause FROM temp.tier_new n "
    "WHERE n.customer_id = tier_stay.customer_id AND tiering_id = ?2 "
    "AND since < ?1 AND (until IS NULL OR until > ?1) AND (?3 IS NULL OR 1) "
    "AND (n.value IS NOT tier_stay.value OR n.rank IS NOT tier_stay.rank "
    "OR n.clause IS NOT tier_stay.clause)",
    /* who is in none of the tiering begins a stay, */
    "INSERT INTO tier_stay(tiering_id, customer_id, since, until, tier, "
    "value, rank, clause) SELECT ?2, n.customer_id, ?1, ?3, n.tier, n.value, "
    "n.rank, n.clause FROM temp.tier_new n WHERE NOT EXISTS ("
    "SELECT 1 FROM tier_stay o WHERE o.tiering_id = ?2 "
    "AND o.customer_id = n.customer_id AND o.since < ?1 "
    "AND (o.until IS NULL OR o.until > ?1))",
    /* and two stays in one tier that meet at the next run are one. */
    "UPDATE tier_stay SET (until, value, rank, clause) = "
    "(SELECT o.until, o.value, o.rank, o.clause FROM tier_stay o "
    "WHERE o.tiering_id = ?2 AND o.customer_id = tier_stay.customer_id "
    "AND o.since = ?3) WHERE tiering_id = ?2 AND until = ?3 "
    "AND (?1 IS NULL OR 1) AND tier = (SELECT o.tier FROM tier_stay o "
    "WHERE o.tiering_id = ?2 AND o.customer_id = tier_stay.customer_id "
    "AND o.since = ?3)",
    "DELETE FROM tier_stay WHERE tiering_id = ?2 AND since = ?3 "
    "AND (?1 IS NULL OR 1) AND EXISTS (SELECT 1 FROM tier_stay o "
    "WHERE o.tiering_id = ?2 AND o.customer_id = tier_stay.customer_id "
    "AND o.since < ?3 AND (o.until IS NULL OR o.until > ?3))",
};

static gb_status write_stays(gb_workspace *ws, const char *as_of,
                             int64_t tiering, const char *next)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, steps[i], &st);
        if (status)
            break;
        store_bind_text(st, 1, as_of);
        store_bind_int(st, 2, tiering);
        store_bind_text(st, 3, next);
        status = store_run(ws, st);
        store_finalize(st);
    }
    return status;
}

static gb_status find_tiering(gb_workspace *ws, const char *name, int64_t *id)
{
    static const char *const sql[]
        = { "INSERT OR IGNORE INTO tiering(name) VALUES(?1)",
            "SELECT id FROM tiering WHERE name = ?1" };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(sql) && !status; i++) {
        store_statement *st = NULL;
        bool has_row = false;

        status = store_prepare(ws, sql[i], &st);
        if (!status) {
            store_bind_text(st, 1, name);
            status = store_step(ws, st, &has_row);
        }
        if (!status && has_row)
            *id = store_column_int(st, 0);
        store_finalize(st);
    }
    return status;
}

static gb_status next_run(gb_workspace *ws, int64_t tiering,
                          const char *as_of, char next[16])
{
    store_statement *st = NULL;
    bool has_row;
    const char *text;
    gb_status status = store_prepare(
        ws, "SELECT min(as_of) FROM tier_run WHERE tiering_id = ?1 "
            "AND as_of > ?2",
        &st);

    next[0] = '\0';
    if (status)
        return status;
    store_bind_int(st, 1, tiering);
    store_bind_text(st, 2, as_of);
    status = store_step(ws, st, &has_row);
    text = !status && has_row ? store_column_text(st, 0) : NULL;
    if (text && strlen(text) < 16)
        strcpy(next, text);
    store_finalize(st);
    return status;
}

static gb_status write_run(gb_workspace *ws, int64_t tiering,
                           const store_tier_run *run)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO tier_run(tiering_id, as_of, definition_json, "
        "tiers_json, n_ranked, n_none) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT(tiering_id, as_of) DO UPDATE SET definition_json = ?3, "
        "tiers_json = ?4, n_ranked = ?5, n_none = ?6",
        &st);

    if (status)
        return status;
    store_bind_int(st, 1, tiering);
    store_bind_text(st, 2, run->as_of);
    store_bind_text(st, 3, run->definition_json);
    store_bind_text(st, 4, run->tiers_json);
    store_bind_int(st, 5, run->n_ranked);
    store_bind_int(st, 6, run->n_none);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

gb_status store_tier_save(gb_workspace *ws, const store_tier_run *run)
{
    int64_t tiering = 0;
    char next[16];
    gb_status status = store_begin(ws);

    if (status)
        return status;
    base_run_phase(ws->run, GB_N("writing tiers"), 0.5, 1, run->n);
    status = find_tiering(ws, run->name, &tiering);
    if (!status)
        status = fill_new(ws, run);
    if (!status)
        status = next_run(ws, tiering, run->as_of, next);
    if (!status)
        status = write_stays(ws, run->as_of, tiering, next[0] ? next : NULL);
    if (!status)
        status = write_run(ws, tiering, run);
    if (!status)
        status = store_exec(ws, "DELETE FROM temp.tier_new");
    return store_end(ws, status);
}
