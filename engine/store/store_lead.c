/*
 * store_lead.c - see store_lead.h.
 */
#include "store_lead.h"

#include "base_array.h"
#include "store_import_text.h"
#include "store_rows.h"

#include <string.h>

static gb_status check_ref(gb_workspace *ws, const char *ref, size_t i)
{
    static const char letters[]
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
          "._:-";
    const size_t n = strlen(ref);

    if (import_is_personal_value(ref))
        return base_fail(ws->run->ctx, GB_ERR_DATA,
                         "lead %zu: its reference looks like a telephone, "
                         "identity or card number", i + 1);
    if (n < 1 || n > 64 || strspn(ref, letters) != n)
        return base_fail(ws->run->ctx, GB_ERR_DATA,
                         "lead %zu: not a reference: 1 to 64 of A-Z a-z 0-9 "
                         ". _ : -", i + 1);
    return GB_OK;
}

static gb_status save_lead(gb_workspace *ws, store_statement *st,
                           const store_lead *l, size_t i)
{
    char day[16];
    gb_status status = check_ref(ws, l->ref, i);

    if (status)
        return status;
    store_bind_text(st, 1, l->ref);
    store_bind_text(st, 2, store_day_text(day, l->day));
    store_bind_text(st, 3, l->manager);
    store_bind_text(st, 4, l->territory);
    store_bind_text(st, 5, l->cell);
    store_bind_text(st, 6, l->reason);
    store_bind_real(st, 7, l->at.lon_deg);
    store_bind_real(st, 8, l->at.lat_deg);
    status = store_run(ws, st);
    if (!status && store_changes(ws) == 0)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no manager \"%s\"", l->manager);
    return status;
}

gb_status store_save_leads(gb_workspace *ws, const store_lead *leads, size_t n)
{
    store_statement *st = NULL;
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = store_prepare(
        ws,
        "INSERT INTO lead(ref, day, manager_id, territory_ref, cell_ref, "
        "reason, lon_deg, lat_deg) SELECT ?1, ?2, m.id, ?4, ?5, ?6, ?7, ?8 "
        "FROM manager m WHERE m.ref = ?3 ON CONFLICT(ref) DO UPDATE SET "
        "day = excluded.day, manager_id = excluded.manager_id, "
        "territory_ref = excluded.territory_ref, "
        "cell_ref = excluded.cell_ref, reason = excluded.reason, "
        "lon_deg = excluded.lon_deg, lat_deg = excluded.lat_deg",
        &st);
    for (size_t i = 0; i < n && !status; i++)
        status = save_lead(ws, st, &leads[i], i);
    store_finalize(st);
    return store_end(ws, status);
}

typedef BASE_ARRAY(store_lead) lead_array;

static gb_status take_lead(gb_workspace *ws, store_statement *st,
                           base_arena *arena, lead_array *items)
{
    const store_lead l = {
        .ref = store_row_text(arena, st, 0),
        .day = store_row_day(st, 1),
        .manager = store_row_text(arena, st, 2),
        .territory = store_row_text(arena, st, 3),
        .cell = store_row_text(arena, st, 4),
        .reason = store_row_text(arena, st, 5),
        .at = { store_column_real(st, 6), store_column_real(st, 7) },
    };

    return l.ref && l.manager && l.territory && l.cell && l.reason
                   && base_array_push(ws->mem, items, l)
               ? GB_OK : base_fail_nomem(ws->run->ctx);
}

gb_status store_load_leads(gb_workspace *ws, const char *manager,
                           store_leads *out)
{
    lead_array items = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT l.ref, l.day, m.ref, l.territory_ref, l.cell_ref, l.reason, "
        "l.lon_deg, l.lat_deg FROM lead l "
        "JOIN manager m ON m.id = l.manager_id "
        "WHERE ?1 IS NULL OR m.ref = ?1 ORDER BY l.ref",
        &st);

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    if (!status)
        store_bind_text(st, 1, manager);
    while (store_next(ws, st, &status))
        status = take_lead(ws, st, &out->arena, &items);
    store_finalize(st);
    out->items = store_row_list(&out->arena, items.items, items.n,
                                sizeof *out->items);
    if (!status && !out->items)
        status = base_fail_nomem(ws->run->ctx);
    out->n = items.n;
    base_array_clear(ws->mem, &items);
    if (status)
        store_leads_clear(out);
    return status;
}

void store_leads_clear(store_leads *leads)
{
    if (leads->arena.mem)
        base_arena_clear(&leads->arena);
    memset(leads, 0, sizeof *leads);
}
