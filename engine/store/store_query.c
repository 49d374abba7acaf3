/*
 * store_query.c - counts and sums for reports.
 */
#include "store_query.h"

#include "base_array.h"
#include "base_check.h"
#include "store_rows.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- count -- */

/* Deposits of customer c that mature in [?1, ?2]; ?1 also is the as-of. */
static const char maturing_sql[]
    = "SELECT coalesce(sum(h.amount_fen), 0) AS fen, count(*) AS n "
      "FROM holding h JOIN product p ON p.id = h.product_id "
      "WHERE h.customer_id = c.id AND p.kind = 'deposit' "
      "AND h.opened_on <= ?1 AND (h.closed_on IS NULL OR h.closed_on > ?1) "
      "AND h.matures_on >= ?1 AND h.matures_on <= ?2";

/* Had customer c a visit in the days before ?1? */
static void add_visited(base_text *sql, int32_t days)
{
    base_text_format(sql,
                     "EXISTS (SELECT 1 FROM visit vi "
                     "WHERE vi.customer_id = c.id AND vi.day <= ?1 "
                     "AND vi.day >= date(?1, '-%d days'))", (int)days);
}

static void add_place(base_text *sql, const store_count_filter *f)
{
    if (f->place_id)
        base_text_format(sql, " AND c.place_id = %lld",
                         (long long)f->place_id);
    if (f->territory_ref)
        base_text_add(
            sql, " AND c.id IN (SELECT cc.customer_id FROM customer_cell cc "
                 "JOIN territory_cell tc ON tc.cell_id = cc.cell_id "
                 "JOIN territory t ON t.id = tc.territory_id "
                 "JOIN territory_version v ON v.id = t.territory_version_id "
                 "WHERE v.state IN ('active', 'retired') "
                 "AND v.from_date <= ?1 "
                 "AND (v.to_date IS NULL OR v.to_date > ?1) "
                 "AND cc.cell_set_id = v.cell_set_id AND t.ref = ?4)");
    if (f->unvisited_days)
        base_text_add(sql, " AND NOT EXISTS (SELECT 1 FROM visit vi "
                           "WHERE vi.customer_id = c.id AND vi.day >= ?3 "
                           "AND vi.day <= ?1)");
    /* Whom the R*Tree may mean, its floats being rounded outwards. */
    if (f->has_box) {
        base_text_add(sql, " AND c.id IN (SELECT i.pkid "
                           "FROM idx_customer_geom i WHERE i.xmax >= ");
        base_text_exact(sql, f->south_west.lon_deg);
        base_text_add(sql, " AND i.xmin <= ");
        base_text_exact(sql, f->north_east.lon_deg);
        base_text_add(sql, " AND i.ymax >= ");
        base_text_exact(sql, f->south_west.lat_deg);
        base_text_add(sql, " AND i.ymin <= ");
        base_text_exact(sql, f->north_east.lat_deg);
        base_text_add(sql, ")");
    }
    if (f->visited_days) {
        base_text_add(sql, " AND ");
        add_visited(sql, f->visited_days);
    }
}

static gb_status count_sql(gb_workspace *ws, const store_count_filter *f,
                           store_statement **st)
{
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    base_text_add(&sql, "SELECT c.geom, c.id, c.ref, c.balance_fen, ");
    if (f->maturing_days) {
        base_text_format(&sql, "(SELECT fen FROM (%s))", maturing_sql);
    } else {
        base_text_add(&sql, "0");
    }
    base_text_add(&sql, ", ");
    if (f->tells_visited_days)
        add_visited(&sql, f->tells_visited_days);
    else
        base_text_add(&sql, "0");
    base_text_add(&sql, " FROM customer c WHERE c.geom IS NOT NULL "
                        "AND (?1 || ?2 || ?3 || coalesce(?4, '')) "
                        "IS NOT NULL");
    if (f->maturing_days)
        base_text_format(&sql,
                         " AND c.id IN (SELECT d.customer_id FROM holding d "
                         "WHERE d.matures_on >= ?1 AND d.matures_on <= ?2) "
                         "AND (SELECT n FROM (%s)) > 0", maturing_sql);
    add_place(&sql, f);
    store_scope_sql(&sql, "c", f->scope);
    base_text_add(&sql, " ORDER BY c.id");
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, st);
    base_text_clear(&sql);
    return status;
}

static bool is_in_box(const store_count_filter *f, gb_lonlat at)
{
    return !f->has_box
           || (at.lon_deg >= f->south_west.lon_deg
               && at.lon_deg <= f->north_east.lon_deg
               && at.lat_deg >= f->south_west.lat_deg
               && at.lat_deg <= f->north_east.lat_deg);
}

/* A grid that is not there has no customers, but that is no answer. */
static gb_status find_territory(gb_workspace *ws, const char *ref,
                                const char *day)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        ws, "SELECT 1 FROM territory t "
            "JOIN territory_version v ON v.id = t.territory_version_id "
            "WHERE v.state IN ('active', 'retired') AND v.from_date <= ?1 "
            "AND (v.to_date IS NULL OR v.to_date > ?1) AND t.ref = ?2", &st);

    if (status)
        return status;
    store_bind_text(st, 1, day);
    store_bind_text(st, 2, ref);
    status = store_step(ws, st, &has_row);
    store_finalize(st);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "no territory \"%s\" is in force on %s", ref, day);
    return status;
}

typedef gb_status (*visit_fn)(void *user, store_statement *st, gb_lonlat at);

/*
 * Calls `visit` with each customer that passes; the columns of its row are
 * geom, id, ref, balance, maturing, visited.  Boxes are tested here on the
 * points themselves: the R*Tree of the file rounds to float, and a count must
 * be the right number.
 */
static gb_status walk(gb_workspace *ws, const store_count_filter *f,
                      visit_fn visit, void *user)
{
    store_statement *st = NULL;
    char as_of[16], until[16], since[16];
    bool is_there;
    gb_status status = GB_OK;

    store_day_text(as_of, f->as_of);
    if (f->territory_ref)
        status = find_territory(ws, f->territory_ref, as_of);
    if (!status)
        status = count_sql(ws, f, &st);
    if (status)
        return status;
    store_bind_text(st, 1, as_of);
    store_bind_text(st, 2, store_day_text(until, f->as_of + f->maturing_days));
    store_bind_text(st, 3,
                    store_day_text(since, f->as_of - f->unvisited_days));
    store_bind_text(st, 4, f->territory_ref);
    while (store_next(ws, st, &status)) {
        gb_lonlat at;

        status = store_row_point(ws, st, 0, &at, &is_there);
        if (!status)
            status = base_poll(ws->run);
        if (!status && is_in_box(f, at))
            status = visit(user, st, at);
        if (status)
            break;
    }
    store_finalize(st);
    return status;
}

static gb_status count_one(void *user, store_statement *st, gb_lonlat at)
{
    store_count *out = user;

    (void)at;
    out->customers++;
    out->balance_fen += store_column_int(st, 3);
    out->maturing_fen += store_column_int(st, 4);
    return GB_OK;
}

gb_status store_query_count(gb_workspace *ws, const store_count_filter *f,
                            store_count *out)
{
    memset(out, 0, sizeof *out);
    return walk(ws, f, count_one, out);
}

typedef struct listing {
    gb_workspace *ws;
    base_arena *arena;
    BASE_ARRAY(store_found) found;
} listing;

static gb_status list_one(void *user, store_statement *st, gb_lonlat at)
{
    listing *l = user;
    const store_found found = { .id = store_column_int(st, 1),
                                .ref = store_row_text(l->arena, st, 2),
                                .at = at,
                                .maturing_fen = store_column_int(st, 4),
                                .is_visited = store_column_int(st, 5) != 0 };

    return found.ref && base_array_push(l->ws->mem, &l->found, found)
        ? GB_OK
        : base_fail_nomem(l->ws->run->ctx);
}

gb_status store_query_found(gb_workspace *ws, const store_count_filter *f,
                            store_found_list *out)
{
    listing l = { .ws = ws, .arena = &out->arena,
                  .found = BASE_ARRAY_INIT };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = walk(ws, f, list_one, &l);
    if (!status) {
        out->items = store_row_list(&out->arena, l.found.items, l.found.n,
                                    sizeof *l.found.items);
        out->n = out->items ? l.found.n : 0;
        status = out->items ? GB_OK : base_fail_nomem(ws->run->ctx);
    }
    base_array_clear(ws->mem, &l.found);
    if (status)
        store_found_clear(out);
    return status;
}

void store_found_clear(store_found_list *list)
{
    if (list->arena.mem)
        base_arena_clear(&list->arena);
    memset(list, 0, sizeof *list);
}

/* ----------------------------------------------------------------- sums -- */

static gb_status take_sum(gb_workspace *ws, store_statement *st,
                          store_sums *out)
{
    store_sum *sum = &out->items[out->n++];

    sum->id = store_column_int(st, 0);
    sum->ref = store_row_text(&out->arena, st, 1);
    sum->name = store_row_text(&out->arena, st, 2);
    sum->depth = (uint32_t)store_column_int(st, 3);
    sum->customers = store_column_int(st, 4);
    sum->balance_fen = store_column_int(st, 5);
    sum->targets = store_column_int(st, 6);
    sum->value = store_column_int(st, 7);
    sum->unvisited = store_column_int(st, 8);
    return sum->ref && sum->name ? GB_OK : base_fail_nomem(ws->run->ctx);
}

/* Runs `head`, the scope on c, `tail`; ?1 is the date, ?2 90 days before. */
static gb_status load_sums(gb_workspace *ws, const char *count,
                           const char *head, const char *tail,
                           store_scope scope, int32_t on, store_sums *out)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    void *items = NULL;
    char day[16], since[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_rows_reserve(ws, &out->arena, count, sizeof *out->items,
                                &items, &capacity);
    out->items = items;
    if (!status)
        status = store_scope_prepare(ws, head, "c", scope, tail, &st);
    if (!status) {
        store_bind_text(st, 1, store_day_text(day, on));
        store_bind_text(st, 2, store_day_text(since, on - 90));
    }
    while (store_next(ws, st, &status) && out->n < capacity)
        status = take_sum(ws, st, out);
    store_finalize(st);
    if (status)
        store_sums_clear(out);
    return status;
}

#define SUMS                                                                  \
    "count(*) AS customers, sum(c.balance_fen) AS balance, "                  \
    "count(t.id) AS targets, sum(coalesce(t.score, 0)) AS value, "            \
    "sum(NOT EXISTS (SELECT 1 FROM visit v WHERE v.customer_id = c.id "       \
    "AND v.day >= ?2 AND v.day <= ?1)) AS unvisited "

static const char cells_count_sql[]
    = "SELECT count(*) FROM cell WHERE cell_set_id = "
      "(SELECT id FROM cell_set WHERE is_active)";
static const char cells_sql[]
    = "SELECT e.id, e.ref, '', 0, " SUMS
      "FROM customer_cell cc JOIN cell e ON e.id = cc.cell_id "
      "JOIN customer c ON c.id = cc.customer_id "
      "LEFT JOIN target t ON t.as_of = ?1 AND t.customer_id = c.id "
      "WHERE cc.cell_set_id = (SELECT id FROM cell_set WHERE is_active)";
static const char cells_order_sql[]
    = " GROUP BY e.id ORDER BY value DESC, balance DESC, e.ref";

gb_status store_query_cells(gb_workspace *ws, store_scope scope, int32_t on,
                            store_sums *out)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    char crew[256];

    if (scope.kind != STORE_SCOPE_CREW)
        return load_sums(ws, cells_count_sql, cells_sql, cells_order_sql,
                         scope, on, out);
    snprintf(crew, sizeof crew,
             " AND cc.cell_id IN (SELECT tc.cell_id FROM territory y "
             "JOIN territory_cell tc ON tc.territory_id = y.id "
             "WHERE y.branch_id = %lld)%s", (long long)scope.id,
             cells_order_sql);
    return load_sums(ws, cells_count_sql, cells_sql, crew, all, on, out);
}

/*
 * Sums by branch first, then each branch under all nodes above it: no
 * customer is looked at twice.  The walk down is in the order of references.
 */
gb_status store_query_orgs(gb_workspace *ws, store_scope scope, int32_t on,
                           store_sums *out)
{
    return load_sums(
        ws, "SELECT count(*) FROM org",
        "WITH RECURSIVE "
        "tree(id, ref, name, depth, path) AS ("
        "SELECT id, ref, name, 0, ref || char(1) FROM org "
        "WHERE parent_id IS NULL UNION "
        "SELECT o.id, o.ref, o.name, depth + 1, path || o.ref || char(1) "
        "FROM org o JOIN tree ON o.parent_id = tree.id WHERE depth < 64), "
        "by_branch AS (SELECT c.branch_id, " SUMS "FROM customer c "
        "LEFT JOIN target t ON t.as_of = ?1 AND t.customer_id = c.id "
        "WHERE 1",
        " GROUP BY c.branch_id), "
        "by_org AS (SELECT tree.path, s.* FROM by_branch s "
        "JOIN branch b ON b.id = s.branch_id "
        "JOIN tree ON tree.id = b.org_id) "
        "SELECT n.id, n.ref, n.name, n.depth, "
        "coalesce(sum(s.customers), 0), coalesce(sum(s.balance), 0), "
        "coalesce(sum(s.targets), 0), coalesce(sum(s.value), 0), "
        "coalesce(sum(s.unvisited), 0) FROM tree n "
        "LEFT JOIN by_org s ON substr(s.path, 1, length(n.path)) = n.path "
        "GROUP BY n.id ORDER BY n.path",
        scope, on, out);
}

void store_sums_clear(store_sums *sums)
{
    if (sums->arena.mem)
        base_arena_clear(&sums->arena);
    memset(sums, 0, sizeof *sums);
}
