/*
 * store_save_customer_cells.c - in which cell each customer is.
 */
#include "store_rows.h"
#include "store_save.h"

#include "base_array.h"
#include "base_check.h"

/* In which cell a customer is: a row of customer_cell. */
typedef struct customer_row {
    int64_t customer, cell;
} customer_row;

typedef BASE_ARRAY(customer_row) customer_rows;

/* By customer: what the set says so far. */
static gb_status load_customer_rows(gb_workspace *ws, int64_t set,
                                    customer_rows *out)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws, "SELECT customer_id, cell_id FROM customer_cell "
            "WHERE cell_set_id = ?1 ORDER BY customer_id", &st);

    if (!status)
        store_bind_int(st, 1, set);
    while (store_next(ws, st, &status)) {
        const customer_row row
            = { store_column_int(st, 0), store_column_int(st, 1) };

        if (!base_array_push(ws->mem, out, row))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

/* What changes of one customer: NULL where there is, or shall be, nothing. */
static gb_status change_customer_row(gb_workspace *ws, int64_t set,
                                     store_statement *insert,
                                     store_statement *erase,
                                     const customer_row *was,
                                     const customer_row *is)
{
    if (was && is && was->cell == is->cell)
        return GB_OK;
    if (!is) {
        store_bind_int(erase, 1, set);
        store_bind_int(erase, 2, was->customer);
        return store_run(ws, erase);
    }
    store_bind_int(insert, 1, set);
    store_bind_int(insert, 2, is->customer);
    store_bind_int(insert, 3, is->cell);
    return store_run(ws, insert);
}

/* Both lists by customer. */
static gb_status write_differences(gb_workspace *ws, int64_t set,
                                   const customer_rows *was,
                                   const customer_rows *is)
{
    store_statement *insert = NULL, *erase = NULL;
    size_t i = 0, k = 0;
    gb_status status = store_prepare(
        ws, "INSERT OR REPLACE INTO customer_cell VALUES(?1, ?2, ?3)",
        &insert);

    if (!status)
        status = store_prepare(
            ws, "DELETE FROM customer_cell WHERE cell_set_id = ?1 "
                "AND customer_id = ?2", &erase);
    while ((i < was->n || k < is->n) && !status) {
        const customer_row *before = i < was->n ? &was->items[i] : NULL;
        const customer_row *after = k < is->n ? &is->items[k] : NULL;

        if (before && after && before->customer != after->customer) {
            if (before->customer < after->customer)
                after = NULL;
            else
                before = NULL;
        }
        i += before != NULL;
        k += after != NULL;
        status = change_customer_row(ws, set, insert, erase, before, after);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(insert);
    store_finalize(erase);
    return status;
}

static gb_status collect_customer_rows(gb_workspace *ws,
                                       const store_cells *cells,
                                       const int64_t *customers,
                                       const uint32_t *cell, size_t n,
                                       customer_rows *out)
{
    store_ids order = { 0 };
    gb_status status
        = store_ids_build(ws, customers, n, sizeof *customers, &order);

    for (size_t k = 0; k < order.n && !status; k++) {
        const uint32_t i = order.items[k].place;
        customer_row row = { .customer = customers[i] };

        if (cell[i] == STORE_NONE)
            continue;
        if (cell[i] >= cells->n) {
            status = base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                               "customer %lld: cell %u of %zu",
                               (long long)customers[i], (unsigned)cell[i],
                               cells->n);
            break;
        }
        row.cell = cells->ids[cell[i]];
        if (!base_array_push(ws->mem, out, row))
            status = base_fail_nomem(ws->run->ctx);
    }
    store_ids_clear(&order);
    return status;
}

/*
 * From one night to the next hardly anybody moves: only differences are
 * written, in the order of the table.
 */
static gb_status update_customer_cells(gb_workspace *ws,
                                       const store_cells *cells,
                                       const int64_t *customers,
                                       const uint32_t *cell, size_t n)
{
    customer_rows was = BASE_ARRAY_INIT, is = BASE_ARRAY_INIT;
    gb_status status
        = collect_customer_rows(ws, cells, customers, cell, n, &is);

    if (!status)
        status = load_customer_rows(ws, cells->set, &was);
    if (!status)
        status = write_differences(ws, cells->set, &was, &is);
    base_array_clear(ws->mem, &was);
    base_array_clear(ws->mem, &is);
    return status;
}

gb_status store_save_customer_cells(gb_workspace *ws, const store_cells *cells,
                                    const int64_t *customers,
                                    const uint32_t *cell, size_t n)
{
    const gb_status status = store_begin(ws);

    if (status)
        return status;
    return store_end(ws,
                     update_customer_cells(ws, cells, customers, cell, n));
}
