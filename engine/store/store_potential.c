/*
 * store_potential.c - see store_potential.h.
 */
#include "store_potential.h"

#include <math.h>
#include <string.h>

#include "store_query.h"
#include "store_rows.h"
#include "store_spots.h"

enum { UNVISITED_DAYS = 90, UNKNOWN = STORE_N_SPOT_CLASSES - 1 };

/* ?1 the date, ?2 90 days before it, ?3 the measure of the spots. */
static const char head[]
    = "WITH version AS (SELECT max(id) AS id FROM territory_version "
      "WHERE state IN ('active', 'retired') AND from_date <= ?1 "
      "AND (to_date IS NULL OR to_date > ?1)) "
      "SELECT e.id, e.ref, coalesce(y.ref, ''), coalesce(b.ref, ''), "
      "e.area_m2, count(*), sum(c.balance_fen), count(t.id), "
      "sum(coalesce(t.score, 0)), "
      "sum(NOT EXISTS (SELECT 1 FROM visit v WHERE v.customer_id = c.id "
      "AND v.day >= ?2 AND v.day <= ?1)), d.per_km2, g.z, g.class, m.class "
      "FROM customer_cell cc JOIN cell e ON e.id = cc.cell_id "
      "JOIN customer c ON c.id = cc.customer_id "
      "LEFT JOIN target t ON t.as_of = ?1 AND t.customer_id = c.id "
      "LEFT JOIN density_cell d ON d.cell_id = e.id AND d.density_layer_id = "
      "(SELECT id FROM density_layer WHERE as_of = ?1 AND name = 'dormant') "
      "LEFT JOIN spot_cell g ON g.cell_id = e.id AND g.spot_layer_id = "
      "(SELECT id FROM spot_layer WHERE as_of = ?1 AND name = ?3 "
      "AND stat = 'gistar') "
      "LEFT JOIN spot_cell m ON m.cell_id = e.id AND m.spot_layer_id = "
      "(SELECT id FROM spot_layer WHERE as_of = ?1 AND name = ?3 "
      "AND stat = 'moran') "
      "LEFT JOIN territory_cell tc ON tc.cell_id = e.id "
      "AND tc.territory_version_id = (SELECT id FROM version) "
      "LEFT JOIN territory y ON y.id = tc.territory_id "
      "LEFT JOIN branch b ON b.id = y.branch_id "
      "WHERE cc.cell_set_id = (SELECT id FROM cell_set WHERE is_active)";

static int32_t class_of(store_statement *st, int column)
{
    const char *text = store_column_text(st, column);
    const size_t found
        = text ? store_name_index(text, store_spot_classes,
                                  STORE_N_SPOT_CLASSES)
               : UNKNOWN;

    return found < STORE_N_SPOT_CLASSES ? (int32_t)found : UNKNOWN;
}

static double real_or_nan(store_statement *st, int column)
{
    return store_column_is_null(st, column) ? (double)NAN
                                            : store_column_real(st, column);
}

static gb_status take(gb_workspace *ws, store_statement *st,
                      store_cell_sums *out)
{
    store_cell_sum *s = &out->items[out->n++];

    s->id = store_column_int(st, 0);
    s->ref = store_row_text(&out->arena, st, 1);
    s->grid = store_row_text(&out->arena, st, 2);
    s->branch = store_row_text(&out->arena, st, 3);
    s->area_m2 = store_column_real(st, 4);
    s->customers = store_column_int(st, 5);
    s->balance_fen = store_column_int(st, 6);
    s->targets = store_column_int(st, 7);
    s->value = store_column_int(st, 8);
    s->unvisited = store_column_int(st, 9);
    s->per_km2 = real_or_nan(st, 10);
    s->z = real_or_nan(st, 11);
    s->spot_class = class_of(st, 12);
    s->moran_class = class_of(st, 13);
    return s->ref && s->grid && s->branch ? GB_OK
                                          : base_fail_nomem(ws->run->ctx);
}

gb_status store_query_potential(gb_workspace *ws, store_scope scope,
                                const char *spots, int32_t on,
                                store_cell_sums *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    char day[16], since[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_rows_reserve(
        ws, &out->arena, "SELECT count(*) FROM cell WHERE cell_set_id = "
        "(SELECT id FROM cell_set WHERE is_active)", sizeof *out->items,
        &items, &capacity);
    out->items = items;
    if (!status)
        status = store_scope_prepare(ws, head, "c", scope,
                                     " GROUP BY e.id ORDER BY e.ref", &st);
    if (!status) {
        store_bind_text(st, 1, store_day_text(day, on));
        store_bind_text(st, 2, store_day_text(since, on - UNVISITED_DAYS));
        store_bind_text(st, 3, spots);
    }
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take(ws, st, out);
    store_finalize(st);
    if (status)
        store_cell_sums_clear(out);
    return status;
}

void store_cell_sums_clear(store_cell_sums *sums)
{
    if (sums->arena.mem)
        base_arena_clear(&sums->arena);
    memset(sums, 0, sizeof *sums);
}
