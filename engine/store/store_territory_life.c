/*
 * store_territory_life.c - see store_territory_life.h.
 */
#include "store_territory_life.h"

#include "base_array.h"
#include "base_check.h"
#include "store_rows.h"
#include "store_save.h"

#include <string.h>

/* ----------------------------------------------------------------- states -- */

/* The day on which a version is looked at: of its owners, and of the date. */
static gb_status first_owned(gb_workspace *ws, int64_t version, int32_t *day)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT max(o.first) FROM (SELECT min(from_date) AS first "
        "FROM territory_owner WHERE territory_id IN (SELECT id FROM territory "
        "WHERE territory_version_id = ?1) GROUP BY territory_id) o",
        &st);

    *day = STORE_NO_DAY;
    if (status)
        return status;
    store_bind_int(st, 1, version);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *day = store_row_day(st, 0);
    store_finalize(st);
    if (*day == STORE_NO_DAY)
        *day = 0;
    return status;
}

static bool stands_in_the_way(const store_finding *f)
{
    return f->kind != STORE_FINDING_CUSTOMER
           && f->kind != STORE_FINDING_TWO_VERSIONS;
}

static gb_status hold_against(gb_workspace *ws, int64_t version, int32_t on,
                              size_t *n_outside)
{
    store_findings found;
    const store_finding *first = NULL;
    size_t n = 0;
    gb_status status = store_territory_check(ws, version, on, 0, &found);

    if (status)
        return status;
    *n_outside = 0;
    for (size_t i = 0; i < found.n; i++) {
        *n_outside += found.items[i].kind == STORE_FINDING_CUSTOMER;
        if (!stands_in_the_way(&found.items[i]))
            continue;
        n++;
        if (!first)
            first = &found.items[i];
    }
    if (first)
        status = base_fail(ws->run->ctx, GB_ERR_DATA,
                           "territory version %lld is not valid (%zu "
                           "findings): %s",
                           (long long)version, n, first->text);
    store_findings_clear(&found);
    return status;
}

gb_status store_territory_approve_checked(gb_workspace *ws, int64_t version,
                                          size_t *n_outside)
{
    int32_t on = 0;
    gb_status status = first_owned(ws, version, &on);

    if (!status)
        status = hold_against(ws, version, on, n_outside);
    return status ? status : store_territory_approve(ws, version);
}

gb_status store_territory_activate_checked(gb_workspace *ws, int64_t version,
                                           int32_t on, size_t *n_outside)
{
    const gb_status status = hold_against(ws, version, on, n_outside);

    return status ? status : store_territory_activate(ws, version, on);
}

static gb_status retire(gb_workspace *ws, int64_t version)
{
    store_statement *st = NULL;
    bool has_row = false;
    int32_t state = 0;
    gb_status status = store_prepare(
        ws, "SELECT state FROM territory_version WHERE id = ?1", &st);

    if (status)
        return status;
    store_bind_int(st, 1, version);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        state = (int32_t)store_name_index(store_column_text(st, 0),
                                          store_version_names, 4);
    store_finalize(st);
    st = NULL;
    if (status)
        return status;
    if (!has_row)
        return base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                         "there is no territory version %lld",
                         (long long)version);
    if (state == STORE_VERSION_ACTIVE)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "territory version %lld is in force: activate "
                         "another one in its place", (long long)version);
    if (state == STORE_VERSION_RETIRED)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "territory version %lld is retired already",
                         (long long)version);
    status = store_prepare(ws, "UPDATE territory_version SET "
                               "state = 'retired' WHERE id = ?1", &st);
    if (!status) {
        store_bind_int(st, 1, version);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

gb_status store_territory_retire(gb_workspace *ws, int64_t version)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, retire(ws, version));
}

/* ---------------------------------------------------------------- history -- */

typedef struct reading {
    gb_workspace *ws;
    store_history *out;
    BASE_ARRAY(store_version) versions;
    BASE_ARRAY(store_tenure) tenures;
} reading;

static gb_status read_versions(reading *r)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        r->ws,
        "SELECT v.id, v.made_from, v.state, v.from_date, v.to_date, "
        "(SELECT count(*) FROM territory t "
        "WHERE t.territory_version_id = v.id), "
        "(SELECT count(*) FROM territory_cell c "
        "WHERE c.territory_version_id = v.id), s.is_active, v.note "
        "FROM territory_version v JOIN cell_set s ON s.id = v.cell_set_id "
        "ORDER BY v.id",
        &st);

    while (store_next(r->ws, st, &status)) {
        const store_version v = {
            .id = store_column_int(st, 0),
            .made_from = store_column_int(st, 1),
            .state = (int32_t)store_name_index(store_column_text(st, 2),
                                               store_version_names, 4),
            .from = store_row_day(st, 3),
            .to = store_row_day(st, 4),
            .n_territories = store_column_int(st, 5),
            .n_cells = store_column_int(st, 6),
            .has_active_cells = store_column_int(st, 7) != 0,
            .note = store_row_text(&r->out->arena, st, 8),
        };

        if (!v.note || !base_array_push(r->ws->mem, &r->versions, v))
            status = base_fail_nomem(r->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

/* Spans of owners within those of their versions. */
static const char tenure_sql[]
    = "SELECT v.id, t.ref, m.ref, %s, max(o.from_date, v.from_date) AS a, "
      "nullif(min(coalesce(o.to_date, '9999-99-99'), "
      "coalesce(v.to_date, '9999-99-99')), '9999-99-99') AS z "
      "FROM territory_version v "
      "JOIN territory t ON t.territory_version_id = v.id "
      "JOIN territory_owner o ON o.territory_id = t.id "
      "JOIN manager m ON m.id = o.manager_id %s "
      "WHERE v.state IN ('active', 'retired') AND v.from_date IS NOT NULL "
      "AND (v.to_date IS NULL OR o.from_date < v.to_date) "
      "AND (o.to_date IS NULL OR o.to_date > v.from_date) "
      "AND (?1 IS NULL OR t.ref = ?1) AND (?2 IS NULL OR m.ref = ?2) %s "
      "ORDER BY a, t.ref";

static gb_status prepare_tenures(reading *r, const store_history_of *of,
                                 store_statement **st)
{
    base_text sql;
    gb_status status;

    base_text_init(&sql, r->ws->mem);
    base_text_format(&sql, tenure_sql, of->cell ? "c.ref" : "''",
                     of->cell ? "JOIN territory_cell tc "
                                "ON tc.territory_id = t.id "
                                "JOIN cell c ON c.id = tc.cell_id" : "",
                     of->cell ? "AND c.ref = ?3" : "");
    status = sql.is_short ? base_fail_nomem(r->ws->run->ctx)
                          : store_prepare(r->ws, sql.chars, st);
    base_text_clear(&sql);
    if (status)
        return status;
    store_bind_text(*st, 1, of->territory);
    store_bind_text(*st, 2, of->manager);
    if (of->cell)
        store_bind_text(*st, 3, of->cell);
    return GB_OK;
}

static gb_status read_tenures(reading *r, const store_history_of *of)
{
    base_arena *arena = &r->out->arena;
    store_statement *st = NULL;
    gb_status status = prepare_tenures(r, of, &st);

    while (store_next(r->ws, st, &status)) {
        const store_tenure t = {
            .version = store_column_int(st, 0),
            .territory = store_row_text(arena, st, 1),
            .manager = store_row_text(arena, st, 2),
            .cell = store_row_text(arena, st, 3),
            .from = store_row_day(st, 4),
            .to = store_row_day(st, 5),
        };

        if (!t.territory || !t.manager || !t.cell
            || !base_array_push(r->ws->mem, &r->tenures, t))
            status = base_fail_nomem(r->ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

static gb_status keep(reading *r)
{
    store_history *out = r->out;
    const size_t n = r->versions.n, m = r->tenures.n;

    out->versions = base_arena_alloc(&out->arena, n, sizeof *out->versions);
    out->tenures = base_arena_alloc(&out->arena, m, sizeof *out->tenures);
    if (!out->versions || !out->tenures)
        return base_fail_nomem(r->ws->run->ctx);
    if (n > 0)
        memcpy(out->versions, r->versions.items, n * sizeof *out->versions);
    if (m > 0)
        memcpy(out->tenures, r->tenures.items, m * sizeof *out->tenures);
    out->n_versions = n;
    out->n_tenures = m;
    return GB_OK;
}

gb_status store_load_history(gb_workspace *ws, const store_history_of *of,
                             store_history *out)
{
    reading r = { .ws = ws, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = read_versions(&r);
    if (!status)
        status = read_tenures(&r, of);
    if (!status)
        status = keep(&r);
    base_array_clear(ws->mem, &r.versions);
    base_array_clear(ws->mem, &r.tenures);
    if (status)
        store_history_clear(out);
    return status;
}

void store_history_clear(store_history *history)
{
    if (history->arena.mem)
        base_arena_clear(&history->arena);
    memset(history, 0, sizeof *history);
}
