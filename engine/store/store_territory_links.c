/*
 * store_territory_links.c - see store_territory_links.h.
 */
#include "store_territory_links.h"

#include "base_array.h"
#include "store_rows.h"

#include <string.h>

/* An override beats the lead. */
static const char links_sql[]
    = "SELECT c.ref, m.ref, l.is_lead, l.reason, t.ref, w.ref FROM ("
      "SELECT a.customer_id AS customer_id, a.manager_id AS manager_id, "
      "0 AS is_lead, a.reason AS reason FROM customer_assignment a "
      "WHERE (a.from_date IS NULL OR a.from_date <= ?2) "
      "AND (a.to_date IS NULL OR a.to_date > ?2) UNION ALL "
      "SELECT r.customer_id, r.manager_id, 1, '' FROM customer_relation r "
      "WHERE r.role = 'lead' AND NOT EXISTS (SELECT 1 "
      "FROM customer_assignment a WHERE a.customer_id = r.customer_id "
      "AND (a.from_date IS NULL OR a.from_date <= ?2) "
      "AND (a.to_date IS NULL OR a.to_date > ?2))) l "
      "JOIN customer c ON c.id = l.customer_id "
      "JOIN manager m ON m.id = l.manager_id "
      "LEFT JOIN customer_cell cc ON cc.customer_id = c.id "
      "AND cc.cell_set_id = (SELECT cell_set_id FROM territory_version "
      "WHERE id = ?1) "
      "LEFT JOIN territory_cell tc ON tc.cell_id = cc.cell_id "
      "AND tc.territory_version_id = ?1 "
      "LEFT JOIN territory t ON t.id = tc.territory_id "
      "LEFT JOIN territory_owner o ON o.territory_id = t.id "
      "AND o.from_date <= ?2 AND (o.to_date IS NULL OR o.to_date > ?2) "
      "LEFT JOIN manager w ON w.id = o.manager_id ORDER BY c.ref";

typedef BASE_ARRAY(store_link) link_array;

static gb_status take_link(gb_workspace *ws, store_statement *st,
                           link_array *items, store_links *out)
{
    base_arena *arena = &out->arena;
    store_link l = { .customer = store_row_text(arena, st, 0),
                     .manager = store_row_text(arena, st, 1),
                     .is_lead = store_column_int(st, 2) != 0,
                     .reason = store_row_text(arena, st, 3),
                     .territory = store_row_text(arena, st, 4),
                     .owner = store_row_text(arena, st, 5) };

    if (!l.customer || !l.manager || !l.reason || !l.territory || !l.owner)
        return base_fail_nomem(ws->run->ctx);
    l.is_outside = strcmp(l.manager, l.owner) != 0;
    out->n_outside += l.is_outside;
    return base_array_push(ws->mem, items, l)
               ? GB_OK : base_fail_nomem(ws->run->ctx);
}

gb_status store_load_links(gb_workspace *ws, int64_t version, int32_t on,
                           store_links *out)
{
    link_array items = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(ws, links_sql, &st);

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    if (!status) {
        store_bind_int(st, 1, version);
        store_bind_text(st, 2, store_day_text(day, on));
    }
    while (store_next(ws, st, &status))
        status = take_link(ws, st, &items, out);
    store_finalize(st);
    out->items = store_row_list(&out->arena, items.items, items.n,
                                sizeof *out->items);
    if (!status && !out->items)
        status = base_fail_nomem(ws->run->ctx);
    out->n = items.n;
    base_array_clear(ws->mem, &items);
    if (status)
        store_links_clear(out);
    return status;
}

void store_links_clear(store_links *links)
{
    if (links->arena.mem)
        base_arena_clear(&links->arena);
    memset(links, 0, sizeof *links);
}

/* ----------------------------------------------------------- one customer -- */

static const char people_sql[]
    = "SELECT m.ref, 'assignment', a.reason, 0, 0 AS rank "
      "FROM customer_assignment a JOIN customer c ON c.id = a.customer_id "
      "JOIN manager m ON m.id = a.manager_id WHERE c.ref = ?1 "
      "AND (a.from_date IS NULL OR a.from_date <= ?2) "
      "AND (a.to_date IS NULL OR a.to_date > ?2) UNION ALL "
      "SELECT m.ref, r.role, '', r.comes_along, "
      "CASE r.role WHEN 'lead' THEN 1 ELSE 2 END FROM customer_relation r "
      "JOIN customer c ON c.id = r.customer_id "
      "JOIN manager m ON m.id = r.manager_id WHERE c.ref = ?1 "
      "ORDER BY 5, 1";

gb_status store_load_people(gb_workspace *ws, const char *customer,
                            int32_t on, store_people *out)
{
    BASE_ARRAY(store_person) items = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(ws, people_sql, &st);

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    if (!status) {
        store_bind_text(st, 1, customer);
        store_bind_text(st, 2, store_day_text(day, on));
    }
    while (store_next(ws, st, &status)) {
        const store_person p = { store_row_text(&out->arena, st, 0),
                                 store_row_text(&out->arena, st, 1),
                                 store_row_text(&out->arena, st, 2),
                                 store_column_int(st, 3) != 0 };

        if (!p.manager || !p.by || !p.reason
            || !base_array_push(ws->mem, &items, p))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    out->items = store_row_list(&out->arena, items.items, items.n,
                                sizeof *out->items);
    if (!status && !out->items)
        status = base_fail_nomem(ws->run->ctx);
    out->n = items.n;
    base_array_clear(ws->mem, &items);
    if (status)
        store_people_clear(out);
    return status;
}

void store_people_clear(store_people *people)
{
    if (people->arena.mem)
        base_arena_clear(&people->arena);
    memset(people, 0, sizeof *people);
}
