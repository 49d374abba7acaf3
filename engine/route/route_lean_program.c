/*
 * route_lean_program.c - prices of clients and vehicles by a pool's routes; see
 * route_lean_pool.h.
 *
 * The linear program chooses parts of routes so that everybody is served once,
 * by no more vehicles of a kind than there are.
 */
#include "route_lean_pool.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "lp.h"

typedef struct lean_program {
    size_t n_rows; /* clients, then kinds */
    uint32_t *first, *columns; /* of each row */
    double *ones, *cost, *row_lower, *row_upper, *prices;
    double unit;   /* what the dearest route costs: `cost` counts in it */
} lean_program;

static bool take_memory(base_mem *mem, lean_program *p,
                        const route_lean_pool *pool)
{
    const size_t n_entries = (size_t)pool->n_clients + pool->n;

    p->first = base_alloc_zeroed(mem, p->n_rows + 2, sizeof *p->first);
    p->columns = base_alloc_array(mem, n_entries, sizeof *p->columns);
    p->ones = base_alloc_array(mem, n_entries, sizeof *p->ones);
    p->cost = base_alloc_array(mem, pool->n, sizeof *p->cost);
    p->row_lower = base_alloc_array(mem, p->n_rows, sizeof *p->row_lower);
    p->row_upper = base_alloc_array(mem, p->n_rows, sizeof *p->row_upper);
    p->prices = base_alloc_zeroed(mem, p->n_rows, sizeof *p->prices);
    return p->first && p->columns && p->ones && p->cost && p->row_lower
        && p->row_upper && p->prices;
}

static void give_memory(base_mem *mem, lean_program *p)
{
    base_free(mem, p->first);
    base_free(mem, p->columns);
    base_free(mem, p->ones);
    base_free(mem, p->cost);
    base_free(mem, p->row_lower);
    base_free(mem, p->row_upper);
    base_free(mem, p->prices);
}

/* Each client's routes, then each kind's. */
static void fill_rows(lean_program *p, const route_lean_pool *pool)
{
    const uint32_t n_clients = pool->model->n_clients;
    uint32_t *end = p->first + 1; /* of each row, as far as it is filled */

    for (uint32_t i = 0; i < pool->n_clients; i++)
        end[pool->clients[i] + 1]++;
    for (uint32_t i = 0; i < pool->n; i++)
        end[n_clients + pool->columns[i].kind + 1]++;
    for (size_t r = 0; r < p->n_rows; r++)
        end[r + 1] += end[r];
    for (uint32_t i = 0; i < pool->n; i++) {
        const route_lean_column *column = &pool->columns[i];

        for (uint32_t k = 0; k < column->n; k++)
            p->columns[end[pool->clients[column->first + k]]++] = i;
        p->columns[end[n_clients + column->kind]++] = i;
    }
}

static void fill_bounds(lean_program *p, const route_lean_pool *pool)
{
    const route_lean_model *m = pool->model;

    p->unit = 1;
    for (uint32_t i = 0; i < pool->n; i++)
        p->unit = fmax(p->unit, (double)pool->columns[i].cost);
    for (uint32_t i = 0; i < pool->n; i++)
        p->cost[i] = (double)pool->columns[i].cost / p->unit;
    for (size_t i = 0; i < (size_t)pool->n_clients + pool->n; i++)
        p->ones[i] = 1;
    for (uint32_t c = 0; c < m->n_clients; c++)
        p->row_lower[c] = p->row_upper[c] = 1;
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        p->row_lower[m->n_clients + k] = -HUGE_VAL;
        p->row_upper[m->n_clients + k] = m->kinds[k].n_routes;
    }
}

/* What is left of the time; 0: no limit. */
static int64_t left_ms(double until_s)
{
    const double left_s = until_s - base_clock_s();

    if (until_s >= HUGE_VAL)
        return 0;
    return left_s > 0 ? (int64_t)(left_s * 1e3) + 1 : 1;
}

static gb_status solve(base_run *run, lean_program *p,
                       const route_lean_pool *pool, double until_s,
                       bool *is_done)
{
    const lp_problem lp
        = { .n_columns = pool->n, .n_rows = p->n_rows, .cost = p->cost,
            .row_lower = p->row_lower, .row_upper = p->row_upper,
            .first = p->first, .columns = p->columns,
            .coefficients = p->ones };
    const lp_limits limits = { .time_limit_ms = left_ms(until_s) };
    lp_result result = { .row_dual = p->prices };
    gb_status status = lp_solve(run, &lp, &limits, &result);

    *is_done = !status && result.outcome == GB_OUTCOME_OPTIMAL;
    /* Without prices there is no joining; that is no reason to fail. */
    if (status && status != GB_ERR_NOMEM && status != GB_ERR_CANCELLED) {
        base_enter(run->ctx);
        status = GB_OK;
    }
    return status;
}

static void take_prices(route_lean_pool *pool, const lean_program *p)
{
    const route_lean_model *m = pool->model;

    for (size_t r = 0; r < p->n_rows; r++)
        pool->prices[r] = p->prices[r] * p->unit;
    for (uint32_t i = 0; i < pool->n; i++) {
        route_lean_column *column = &pool->columns[i];
        double excess
            = (double)column->cost - pool->prices[m->n_clients + column->kind];

        for (uint32_t k = 0; k < column->n; k++)
            excess -= pool->prices[pool->clients[column->first + k]];
        column->excess = excess > 0 ? excess : 0;
    }
}

gb_status route_lean_pool_price(base_run *run, route_lean_pool *pool,
                                double until_s, bool *is_done)
{
    const route_lean_model *m = pool->model;
    lean_program p = { .n_rows = (size_t)m->n_clients + m->n_kinds };
    gb_status status;

    *is_done = false;
    if (!take_memory(run->mem, &p, pool)) {
        status = base_fail_nomem(run->ctx);
    } else {
        fill_rows(&p, pool);
        fill_bounds(&p, pool);
        status = solve(run, &p, pool, until_s, is_done);
        if (!status && *is_done)
            take_prices(pool, &p);
    }
    give_memory(run->mem, &p);
    return status;
}
