/*
 * score_presence_tries.c - what comes of the first, the second, ... try to
 * meet somebody.
 */
#include "score_presence.h"

#include <math.h>

#include "score_order.h"

static const double Z_95 = 1.959963984540054;

/* Wilson's score interval (1927). */
static void set_interval(gb_presence_try *row)
{
    const double n = (double)row->attempts, z2 = Z_95 * Z_95;
    double middle, half;

    row->share = n > 0 ? (double)row->met / n : 0;
    row->low = 0;
    row->high = 1;
    if (row->attempts == 0)
        return;
    middle = row->share + z2 / (2 * n);
    half = Z_95
           * sqrt(row->share * (1 - row->share) / n + z2 / (4 * n * n));
    row->low = fmax(0, (middle - half) / (1 + z2 / n));
    row->high = fmin(1, (middle + half) / (1 + z2 / n));
}

/* By customer, and of one the oldest first. */
static gb_status sort(base_run *run, const gb_presence_attempts *a,
                      uint64_t *keys, uint32_t *order, uint32_t *sorted)
{
    gb_status status;

    for (size_t i = 0; i < a->n; i++)
        keys[i] = ~score_order_key(a->age_days ? a->age_days[i] : 0);
    status = score_order(run->ctx, keys, a->n, order);
    if (status)
        return status;
    for (size_t i = 0; i < a->n; i++)
        keys[i] = a->customers[order[i]];
    status = score_order(run->ctx, keys, a->n, sorted);
    for (size_t i = 0; i < a->n && !status; i++)
        sorted[i] = order[sorted[i]];
    return status;
}

static void count(const gb_presence_attempts *a, const uint32_t *sorted,
                  gb_presence_try *rows, size_t n_rows)
{
    size_t missed = 0;

    for (size_t i = 0; i < a->n; i++) {
        const uint32_t who = a->customers[sorted[i]];

        if (who == GB_PRESENCE_NONE)
            break; /* they stand last */
        if (i > 0 && a->customers[sorted[i - 1]] != who)
            missed = 0;
        rows[missed].attempts++;
        rows[missed].met += a->is_met[sorted[i]] != 0;
        if (a->is_met[sorted[i]])
            missed = 0;
        else if (missed + 1 < n_rows)
            missed++;
    }
}

gb_status score_presence_by_try(base_run *run, const gb_presence_attempts *a,
                                gb_presence_try *rows, size_t n_rows)
{
    uint64_t *keys = base_alloc_array(run->mem, a->n, sizeof *keys);
    uint32_t *order = base_alloc_array(run->mem, a->n, sizeof *order);
    uint32_t *sorted = base_alloc_array(run->mem, a->n, sizeof *sorted);
    gb_status status = keys && order && sorted ? GB_OK
                                               : base_fail_nomem(run->ctx);

    for (size_t r = 0; r < n_rows; r++)
        rows[r] = (gb_presence_try){ 0, 0, 0, 0, 0 };
    if (!status && a->customers)
        status = sort(run, a, keys, order, sorted);
    if (!status && a->customers)
        count(a, sorted, rows, n_rows);
    for (size_t r = 0; r < n_rows; r++)
        set_interval(&rows[r]);
    base_free(run->mem, keys);
    base_free(run->mem, order);
    base_free(run->mem, sorted);
    return status;
}
