/*
 * store_territory_diff.c - see store_territory_diff.h.
 */
#include "store_territory_diff.h"

#include "base_array.h"
#include "store_rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct comparing {
    gb_workspace *ws;
    const store_figures *a, *b;
    store_diff *out;
    BASE_ARRAY(store_diff_cell) cells;
    BASE_ARRAY(store_diff_flow) flows;
    BASE_ARRAY(store_diff_manager) managers;
} comparing;

static const store_figure *territory(const store_figures *f, uint32_t t)
{
    static const store_figure nobody = { .ref = "", .manager = "" };

    return t < f->n ? &f->items[t] : &nobody;
}

static bool differ(const store_figure *a, const store_figure *b)
{
    return strcmp(a->ref, b->ref) != 0 || strcmp(a->manager, b->manager) != 0;
}

/* ------------------------------------------------------------ the same cells */

static gb_status compare_cells(comparing *k)
{
    const store_figures *b = k->b;
    gb_status status = GB_OK;

    for (uint32_t c = 0; c < b->cells.n && !status; c++) {
        const store_figure *x = territory(k->a, k->a->of_cell[c]);
        const store_figure *y = territory(b, b->of_cell[c]);
        const store_diff_cell cell = {
            c, x->ref, y->ref, x->manager, y->manager,
            strcmp(x->manager, y->manager) != 0
        };
        const store_diff_flow flow = {
            .from = x->ref, .to = y->ref, .from_manager = x->manager,
            .to_manager = y->manager, .n_cells = 1,
            .n_customers = b->customers_of_cell[c],
            .n_targets = b->targets_of_cell[c],
            .activity = b->cell_activity[c]
        };

        if (!differ(x, y))
            continue;
        if (!base_array_push(k->ws->mem, &k->cells, cell)
            || !base_array_push(k->ws->mem, &k->flows, flow))
            status = base_fail_nomem(k->ws->run->ctx);
        k->out->n_changing_hands += cell.changes_hands;
    }
    return status;
}

/* ------------------------------------------------------------- other cells */

static const char customers_sql[]
    = "SELECT coalesce(x.territory_id, 0), coalesce(y.territory_id, 0), "
      "count(*), count(t.id) FROM customer c "
      "LEFT JOIN customer_cell p ON p.customer_id = c.id "
      "AND p.cell_set_id = ?1 "
      "LEFT JOIN territory_cell x ON x.cell_id = p.cell_id "
      "AND x.territory_version_id = ?2 "
      "LEFT JOIN customer_cell q ON q.customer_id = c.id "
      "AND q.cell_set_id = ?3 "
      "LEFT JOIN territory_cell y ON y.cell_id = q.cell_id "
      "AND y.territory_version_id = ?4 "
      "LEFT JOIN target t ON t.customer_id = c.id "
      "AND t.as_of = (SELECT max(as_of) FROM target) "
      "WHERE c.geom IS NOT NULL GROUP BY 1, 2";

static gb_status compare_customers(comparing *k)
{
    store_statement *st = NULL;
    store_ids a = { 0 }, b = { 0 };
    gb_status status = store_ids_build(k->ws, k->a->items, k->a->n,
                                       sizeof(store_figure), &a);

    if (!status)
        status = store_ids_build(k->ws, k->b->items, k->b->n,
                                 sizeof(store_figure), &b);
    if (!status)
        status = store_prepare(k->ws, customers_sql, &st);
    if (!status) {
        store_bind_int(st, 1, k->a->cells.set);
        store_bind_int(st, 2, k->a->version);
        store_bind_int(st, 3, k->b->cells.set);
        store_bind_int(st, 4, k->b->version);
    }
    while (store_next(k->ws, st, &status)) {
        const store_figure *x
            = territory(k->a, store_ids_find(&a, store_column_int(st, 0)));
        const store_figure *y
            = territory(k->b, store_ids_find(&b, store_column_int(st, 1)));
        const store_diff_flow flow = {
            .from = x->ref, .to = y->ref, .from_manager = x->manager,
            .to_manager = y->manager,
            .n_customers = store_column_int(st, 2),
            .n_targets = store_column_int(st, 3)
        };

        if (differ(x, y) && !base_array_push(k->ws->mem, &k->flows, flow))
            status = base_fail_nomem(k->ws->run->ctx);
    }
    store_finalize(st);
    store_ids_clear(&a);
    store_ids_clear(&b);
    return status;
}

/* ----------------------------------------------------------------- summing */

static int by_ends(const void *p, const void *q)
{
    const store_diff_flow *x = p, *y = q;
    int order = strcmp(x->from, y->from);

    if (!order)
        order = strcmp(x->to, y->to);
    if (!order)
        order = strcmp(x->from_manager, y->from_manager);
    return order ? order : strcmp(x->to_manager, y->to_manager);
}

static void join_flows(comparing *k)
{
    size_t n = 0;

    if (k->flows.n > 1)
        qsort(k->flows.items, k->flows.n, sizeof *k->flows.items, by_ends);
    for (size_t i = 0; i < k->flows.n; i++) {
        const store_diff_flow *f = &k->flows.items[i];
        store_diff_flow *last = n > 0 ? &k->flows.items[n - 1] : NULL;

        if (last && by_ends(last, f) == 0) {
            last->n_cells += f->n_cells;
            last->n_customers += f->n_customers;
            last->n_targets += f->n_targets;
            last->activity += f->activity;
        } else {
            k->flows.items[n++] = *f;
        }
    }
    k->flows.n = n;
}

static gb_status account(comparing *k, const char *manager, bool is_gain,
                         const store_diff_flow *f)
{
    store_diff_manager *m = NULL;

    if (!manager[0])
        return GB_OK;
    for (size_t i = 0; i < k->managers.n && !m; i++)
        if (strcmp(k->managers.items[i].manager, manager) == 0)
            m = &k->managers.items[i];
    if (!m) {
        if (!base_array_push(k->ws->mem, &k->managers,
                             ((store_diff_manager){ .manager = manager })))
            return base_fail_nomem(k->ws->run->ctx);
        m = &k->managers.items[k->managers.n - 1];
    }
    *(is_gain ? &m->cells_in : &m->cells_out) += f->n_cells;
    *(is_gain ? &m->customers_in : &m->customers_out) += f->n_customers;
    *(is_gain ? &m->targets_in : &m->targets_out) += f->n_targets;
    *(is_gain ? &m->activity_in : &m->activity_out) += f->activity;
    return GB_OK;
}

static int by_manager(const void *p, const void *q)
{
    return strcmp(((const store_diff_manager *)p)->manager,
                  ((const store_diff_manager *)q)->manager);
}

static gb_status sum_up(comparing *k)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < k->flows.n && !status; i++) {
        const store_diff_flow *f = &k->flows.items[i];

        if (strcmp(f->from_manager, f->to_manager) == 0)
            continue;
        k->out->n_customers += f->n_customers;
        k->out->n_targets += f->n_targets;
        k->out->activity += f->activity;
        status = account(k, f->from_manager, false, f);
        if (!status)
            status = account(k, f->to_manager, true, f);
    }
    if (k->managers.n > 1)
        qsort(k->managers.items, k->managers.n, sizeof *k->managers.items,
              by_manager);
    return status;
}

static void *keep(comparing *k, const void *items, size_t n, size_t size)
{
    void *copy = base_arena_alloc(&k->out->arena, n, size);

    if (copy && n > 0)
        memcpy(copy, items, n * size);
    return copy;
}

static gb_status hand_over(comparing *k)
{
    store_diff *out = k->out;

    out->cells = keep(k, k->cells.items, k->cells.n, sizeof *out->cells);
    out->flows = keep(k, k->flows.items, k->flows.n, sizeof *out->flows);
    out->managers = keep(k, k->managers.items, k->managers.n,
                         sizeof *out->managers);
    out->n_cells = k->cells.n;
    out->n_flows = k->flows.n;
    out->n_managers = k->managers.n;
    return out->cells && out->flows && out->managers
               ? GB_OK : base_fail_nomem(k->ws->run->ctx);
}

gb_status store_diff_make(gb_workspace *ws, const store_figures *a,
                          const store_figures *b, store_diff *out)
{
    comparing k = { .ws = ws, .a = a, .b = b, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    out->has_same_cells = a->cells.set == b->cells.set;
    status = out->has_same_cells ? compare_cells(&k) : compare_customers(&k);
    if (!status) {
        join_flows(&k);
        status = sum_up(&k);
    }
    if (!status)
        status = hand_over(&k);
    base_array_clear(ws->mem, &k.cells);
    base_array_clear(ws->mem, &k.flows);
    base_array_clear(ws->mem, &k.managers);
    if (status)
        store_diff_clear(out);
    return status;
}

void store_diff_clear(store_diff *diff)
{
    if (diff->arena.mem)
        base_arena_clear(&diff->arena);
    memset(diff, 0, sizeof *diff);
}
