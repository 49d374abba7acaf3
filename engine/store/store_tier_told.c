/*
 * store_tier_told.c - what runs of a tiering say: counts of moves, who moved,
 * who is in a tier.
 */
#include "store_tier.h"

#include "base_check.h"
#include "store_rows.h"

#include <math.h>
#include <string.h>

/* There is no such run: say which there are. */
static gb_status not_run(gb_workspace *ws, const char *name,
                         const char *as_of)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT min(r.as_of), max(r.as_of), count(*) FROM tier_run r "
        "JOIN tiering g ON g.id = r.tiering_id WHERE g.name = ?1",
        &st);

    if (!status) {
        store_bind_text(st, 1, name);
        status = store_step(ws, st, &has_row);
    }
    if (!status && has_row && store_column_int(st, 2) > 0)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "tiers \"%s\" were not given for %s; runs from "
                           "%s to %s: %lld",
                           name, as_of, store_column_text(st, 0),
                           store_column_text(st, 1),
                           (long long)store_column_int(st, 2));
    else if (!status)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there are no tiers \"%s\"", name);
    store_finalize(st);
    return status;
}

gb_status store_tier_tell(gb_workspace *ws, const char *name,
                          const char *as_of, base_arena *arena,
                          store_tier_told *out)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT r.definition_json, r.tiers_json, r.n_ranked, r.n_none "
        "FROM tier_run r JOIN tiering g ON g.id = r.tiering_id "
        "WHERE g.name = ?1 AND r.as_of = ?2",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, name);
    store_bind_text(st, 2, as_of);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        out->definition_json = store_row_text(arena, st, 0);
        out->tiers_json = store_row_text(arena, st, 1);
        out->n_ranked = store_column_int(st, 2);
        out->n_none = store_column_int(st, 3);
        if (!out->definition_json || !out->tiers_json)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status || has_row ? status : not_run(ws, name, as_of);
}

/* ---- moves ---- */

/* Of each customer in a tier on either date: where he was, ?2, where he is, ?3,
 * and what he has now.  With a WHERE for more at the end. */
#define HOLDS(s, date)                                                        \
    s ".since <= " date " AND (" s ".until IS NULL OR " s ".until > " date ")"
#define MOVES                                                                 \
    "FROM (SELECT a.customer_id AS id, a.tier AS was, coalesce(b.tier, '') "  \
    "AS tier, b.value, b.rank, b.clause, b.since FROM tiering g "             \
    "JOIN tier_stay a ON a.tiering_id = g.id AND " HOLDS("a", "?2")           \
    " LEFT JOIN tier_stay b ON b.tiering_id = g.id "                          \
    "AND b.customer_id = a.customer_id AND " HOLDS("b", "?3")                 \
    " WHERE g.name = ?1 UNION ALL "                                           \
    "SELECT b.customer_id, '', b.tier, b.value, b.rank, b.clause, b.since "   \
    "FROM tiering g JOIN tier_stay b ON b.tiering_id = g.id AND "             \
    HOLDS("b", "?3")                                                          \
    " WHERE g.name = ?1 AND NOT EXISTS (SELECT 1 FROM tier_stay a "           \
    "WHERE a.tiering_id = g.id AND a.customer_id = b.customer_id AND "        \
    HOLDS("a", "?2") ")) m JOIN customer c ON c.id = m.id WHERE 1"

gb_status store_tier_count_moves(gb_workspace *ws, const char *name,
                                 store_scope scope, const char *from,
                                 const char *to, store_tier_moves *out)
{
    BASE_ARRAY(store_tier_move) rows = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    gb_status status = store_scope_prepare(
        ws, "SELECT was, tier, count(*) " MOVES, "c", scope,
        " GROUP BY was, tier ORDER BY was, tier", &st);

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    if (!status) {
        store_bind_text(st, 1, name);
        store_bind_text(st, 2, from);
        store_bind_text(st, 3, to);
    }
    while (store_next(ws, st, &status)) {
        store_tier_move row = { store_row_text(&out->arena, st, 0),
                                store_row_text(&out->arena, st, 1),
                                store_column_int(st, 2) };

        if (!row.from || !row.to || !base_array_push(ws->mem, &rows, row))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    if (!status) {
        out->items = store_row_list(&out->arena, rows.items, rows.n,
                                    sizeof *rows.items);
        out->n = rows.n;
        if (!out->items)
            status = base_fail_nomem(ws->run->ctx);
    }
    base_array_clear(ws->mem, &rows);
    if (status)
        store_tier_moves_clear(out);
    return status;
}

void store_tier_moves_clear(store_tier_moves *moves)
{
    if (moves->arena.mem)
        base_arena_clear(&moves->arena);
    memset(moves, 0, sizeof *moves);
}

static gb_status each_stay(gb_workspace *ws, store_statement *st,
                           store_tier_fn each, void *user)
{
    gb_status status = GB_OK;

    while (store_next(ws, st, &status)) {
        const store_tier_stay stay = {
            .ref = store_column_text(st, 0),
            .from = store_column_text(st, 1),
            .tier = store_column_text(st, 2),
            .value = store_column_is_null(st, 3) ? (double)NAN
                                                 : store_column_real(st, 3),
            .rank = store_column_int(st, 4),
            .clause = store_column_text(st, 5),
            .since = store_column_text(st, 6),
        };

        status = each(user, &stay);
    }
    return status;
}

gb_status store_tier_movers(gb_workspace *ws, const char *name,
                            store_scope scope, const char *from,
                            const char *to, uint32_t limit,
                            store_tier_fn each, void *user)
{
    store_statement *st = NULL;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT c.ref, was, tier, value, rank, clause, since " MOVES
        " AND was <> tier",
        "c", scope, " ORDER BY c.ref LIMIT ?4", &st);

    if (!status) {
        store_bind_text(st, 1, name);
        store_bind_text(st, 2, from);
        store_bind_text(st, 3, to);
        store_bind_int(st, 4, limit);
        status = each_stay(ws, st, each, user);
    }
    store_finalize(st);
    return status;
}

gb_status store_tier_members(gb_workspace *ws, const char *name,
                             store_scope scope, const char *as_of,
                             const char *tier, const char *customer,
                             uint32_t limit, store_tier_fn each, void *user)
{
    store_statement *st = NULL;
    gb_status status = store_scope_prepare(
        ws,
        "SELECT c.ref, '', a.tier, a.value, a.rank, a.clause, a.since "
        "FROM tiering g JOIN tier_stay a ON a.tiering_id = g.id "
        "JOIN customer c ON c.id = a.customer_id "
        "WHERE g.name = ?1 AND " HOLDS("a", "?2")
        " AND (?3 IS NULL OR a.tier = ?3) AND (?4 IS NULL OR c.ref = ?4)",
        "c", scope, " ORDER BY a.rank, c.ref LIMIT ?5", &st);

    if (!status) {
        store_bind_text(st, 1, name);
        store_bind_text(st, 2, as_of);
        store_bind_text(st, 3, tier);
        store_bind_text(st, 4, customer);
        store_bind_int(st, 5, limit);
        status = each_stay(ws, st, each, user);
    }
    store_finalize(st);
    return status;
}
