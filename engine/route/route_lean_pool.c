/*
 * route_lean_pool.c - see route_lean_pool.h.
 */
#include "route_lean_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

/*
 * Fewer clients are solved well as they are, and where plans breed their
 * routes are exchanged already; with longer routes hardly any set of clients
 * comes up twice.  Only with several depots: of one kind R1_10_1 and RC1_10_1 of
 * Gehring and Homberger lose a tenth of a percent (1,000,000 iterations, two
 * searches, seed 1).
 */
enum { LEAST_CLIENTS = 60, MOST_MEAN = 25, LONGEST = 63 };

/* A part of what the plan costs. */
static const double LEAST_EXCESS = 0.0025;

bool route_lean_pools(const route_lean_model *m)
{
    for (uint32_t k = 0; k < m->n_kinds; k++)
        if (m->kinds[k].duration_rate > 0)
            return false;
    return m->has_windows && !m->has_prizes && !m->has_bundles
        && m->n_kinds > 1 && m->n_clients >= LEAST_CLIENTS
        && !route_lean_weave_suits(m);
}

bool route_lean_pool_init(route_lean_pool *pool, const route_lean_model *model,
                          uint32_t most)
{
    base_mem *mem = model->data->mem;
    uint32_t size = 1;

    memset(pool, 0, sizeof *pool);
    while (size < 2 * most)
        size *= 2;
    pool->model = model;
    pool->most = most;
    pool->most_clients = most * MOST_MEAN;
    pool->mask = size - 1;
    pool->columns = base_alloc_array(mem, most, sizeof *pool->columns);
    pool->clients
        = base_alloc_array(mem, pool->most_clients, sizeof *pool->clients);
    pool->table = base_alloc_zeroed(mem, size, sizeof *pool->table);
    pool->prices = base_alloc_zeroed(mem,
                                     (size_t)model->n_clients + model->n_kinds,
                                     sizeof *pool->prices);
    pool->limit = HUGE_VAL;
    if (pool->columns && pool->clients && pool->table && pool->prices)
        return true;
    route_lean_pool_clear(pool);
    return false;
}

void route_lean_pool_clear(route_lean_pool *pool)
{
    base_mem *mem;

    if (!pool->model)
        return;
    mem = pool->model->data->mem;
    base_free(mem, pool->columns);
    base_free(mem, pool->clients);
    base_free(mem, pool->table);
    base_free(mem, pool->prices);
    memset(pool, 0, sizeof *pool);
}

void route_lean_pool_reset(route_lean_pool *pool)
{
    pool->n = pool->n_clients = 0;
    memset(pool->table, 0, ((size_t)pool->mask + 1) * sizeof *pool->table);
}

/* --- columns --- */

static uint64_t mixed(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Of the set: in whatever order its clients stand. */
static uint64_t hash_of(uint32_t kind, const uint32_t *clients, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += mixed(clients[i]);
    return mixed(sum ^ mixed(~(uint64_t)kind));
}

/* Where it stands in the table, or would. */
static uint32_t *slot_of(const route_lean_pool *pool, uint64_t hash)
{
    uint32_t i = (uint32_t)hash & pool->mask;

    while (pool->table[i] && pool->columns[pool->table[i] - 1].hash != hash)
        i = (i + 1) & pool->mask;
    return &pool->table[i];
}

/* With 2^64 values, equal hashes are equal sets: a few thousand are kept. */
static void add(route_lean_pool *pool, const route_lean_column *next,
                const uint32_t *clients)
{
    uint32_t *slot = slot_of(pool, next->hash);
    route_lean_column *column;

    if (*slot) {
        column = &pool->columns[*slot - 1];
        if (column->n != next->n || column->cost <= next->cost)
            return;
        column->cost = next->cost;
    } else {
        if (pool->n >= pool->most || next->n > LONGEST
            || pool->most_clients - pool->n_clients < next->n)
            return;
        column = &pool->columns[pool->n++];
        *column = *next;
        column->first = pool->n_clients;
        pool->n_clients += next->n;
        *slot = pool->n;
    }
    memcpy(&pool->clients[column->first], clients, next->n * sizeof *clients);
}

uint32_t route_lean_pool_find(const route_lean_pool *pool, uint32_t kind,
                              const uint32_t *clients, uint32_t n)
{
    const uint32_t at = *slot_of(pool, hash_of(kind, clients, n));

    return at ? at - 1 : GB_ROUTE_NONE;
}

static void take_route(route_lean_pool *pool, const route_lean *s, uint32_t r,
                       const uint32_t *best_next,
                       const route_lean_pool *known)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = &m->kinds[m->kind_of[r]];
    route_lean_column next
        = { .kind = m->kind_of[r], .cost = kind->fixed_milli };
    uint32_t clients[LONGEST], a = route_lean_start(m, r);

    do {
        const uint32_t b = best_next ? best_next[a] : s->nodes[a].next;

        next.cost += route_lean_leg(s, kind, s->nodes[a].location,
                                    s->nodes[b].location);
        if (b < m->n_clients) {
            if (next.n == LONGEST)
                return;
            clients[next.n++] = b;
            next.excess -= known->prices[b];
        }
        a = b;
    } while (a < m->n_clients);
    next.excess += (double)next.cost
        - known->prices[m->n_clients + next.kind];
    if (next.n == 0 || (!best_next && next.excess > known->limit))
        return;
    next.hash = hash_of(next.kind, clients, next.n);
    add(pool, &next, clients);
}

/* Plans of long routes have too few of them. */
bool route_lean_pool_takes(const route_lean *s)
{
    return !s->extra && s->n_used > 0
        && s->model->n_clients / s->n_used <= MOST_MEAN;
}

void route_lean_pool_take(route_lean_pool *pool, const route_lean *s,
                          const route_lean_pool *known)
{
    if (route_lean_pool_takes(s))
        for (uint32_t i = 0; i < s->n_used; i++)
            take_route(pool, s, s->used[i], NULL, known);
}

void route_lean_pool_take_best(route_lean_pool *pool, const route_lean *s)
{
    if (route_lean_pool_takes(s))
        for (uint32_t r = 0; r < pool->model->n_routes; r++)
            take_route(pool, s, r, s->best_next, pool);
}

/* From the last of each on, a turn each: those found last are the best. */
void route_lean_pool_merge(route_lean_pool *pool, const route_lean_pool *others,
                           uint32_t n_others)
{
    uint32_t n_left = n_others;

    for (uint32_t i = 1; n_left > 0; i++) {
        n_left = 0;
        for (uint32_t k = 0; k < n_others; k++) {
            const route_lean_pool *other = &others[k];
            const route_lean_column *column;

            if (i > other->n)
                continue;
            column = &other->columns[other->n - i];
            add(pool, column, &other->clients[column->first]);
            n_left++;
        }
    }
}

/* --- thinning --- */

/* What the program costs: its prices, as often as they are paid. */
static double cost_of_program(const route_lean_pool *pool)
{
    const route_lean_model *m = pool->model;
    double sum = 0;

    for (uint32_t c = 0; c < m->n_clients; c++)
        sum += pool->prices[c];
    for (uint32_t k = 0; k < m->n_kinds; k++)
        sum += pool->prices[m->n_clients + k] * m->kinds[k].n_routes;
    return sum;
}

void route_lean_pool_set_limit(route_lean_pool *pool, int64_t cost)
{
    pool->limit = fmax((double)cost - cost_of_program(pool),
                       LEAST_EXCESS * (double)cost);
}

static int by_excess(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* What the last of `most` columns may have; `values` is scratch. */
static double excess_of_last(const route_lean_pool *pool, uint32_t most,
                             double *values)
{
    for (uint32_t i = 0; i < pool->n; i++)
        values[i] = pool->columns[i].excess;
    qsort(values, pool->n, sizeof *values, by_excess);
    return values[most - 1];
}

void route_lean_pool_thin(route_lean_pool *pool)
{
    base_mem *mem = pool->model->data->mem;
    const uint32_t n = pool->n, most = pool->most / 2;
    double limit = pool->limit;
    double *values = n > most ? base_alloc_array(mem, n, sizeof *values) : NULL;

    if (values) {
        const double last = excess_of_last(pool, most, values);

        limit = last < limit ? last : limit;
    }
    base_free(mem, values);
    route_lean_pool_reset(pool);
    for (uint32_t i = 0; i < n; i++) {
        const route_lean_column column = pool->columns[i];
        uint32_t *to = &pool->clients[pool->n_clients];

        if (column.excess > limit)
            continue;
        memmove(to, &pool->clients[column.first], column.n * sizeof *to);
        pool->columns[pool->n] = column;
        pool->columns[pool->n].first = pool->n_clients;
        pool->n_clients += column.n;
        *slot_of(pool, column.hash) = ++pool->n;
    }
}
