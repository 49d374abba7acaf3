/*
 * route_lean_pool.h - routes of many plans, and the best plan made of them.
 *
 * Annealings differ in what they do well.  Where routes are short, good ones
 * come up again and again in plans that are not, so routes of plans on the
 * way are kept, each set of clients in the cheapest order seen, and now and
 * then the plan that serves everybody once by them at the least cost is
 * looked for (E. Rochat, E. Taillard, J. Heuristics 1 (1995), 147-167,
 * doi:10.1007/BF02430370).  The linear program of it gives each client a
 * price, and each kind of vehicle; what a route costs above the prices of its
 * clients and its vehicle is its excess.  From a plan some routes that the pool
 * ties together are taken out at a time, and all ways to serve their clients by
 * others of less excess are gone through, as long as nodes last.
 */
#ifndef ROUTE_LEAN_POOL_H
#define ROUTE_LEAN_POOL_H

#include "route_lean.h"

typedef struct route_lean_column {
    uint64_t hash;      /* of the kind and the set of clients */
    int64_t cost;
    double excess;      /* by the last prices; none yet: 0 */
    uint32_t kind, n;
    uint32_t first;     /* in `clients` */
} route_lean_column;

typedef struct route_lean_pool {
    const route_lean_model *model;
    route_lean_column *columns;
    uint32_t *clients;
    uint32_t *table;    /* by hash: a column and 1, or 0; open addressing */
    uint32_t n, n_clients, most, most_clients, mask;
    double *prices;     /* of clients, then of kinds: by the last program */
    double limit;       /* of excess; none yet: infinite */
} route_lean_pool;

/* Are routes of the problem such that a pool of them helps? */
bool route_lean_pools(const route_lean_model *model);
/* And the plan as it is, are its routes short enough to be taken? */
bool route_lean_pool_takes(const route_lean *s);
/* For `most` columns; false: no memory. */
bool route_lean_pool_init(route_lean_pool *pool, const route_lean_model *model,
                          uint32_t most);
void route_lean_pool_clear(route_lean_pool *pool);
void route_lean_pool_reset(route_lean_pool *pool);
/*
 * The routes of the plan as it is that are of no more excess than `known`, the
 * pool of all, allows; where there is no room for one it is not taken.
 */
void route_lean_pool_take(route_lean_pool *pool, const route_lean *s,
                          const route_lean_pool *known);
/* All routes of the best plan. */
void route_lean_pool_take_best(route_lean_pool *pool, const route_lean *s);
/* All of others', as far as there is room. */
void route_lean_pool_merge(route_lean_pool *pool, const route_lean_pool *others,
                           uint32_t n_others);
/*
 * By the prices: what is of more excess than the whole of a plan of this cost
 * cannot be in a better one.  Others lower the prices, so that some more is of
 * use.
 */
void route_lean_pool_set_limit(route_lean_pool *pool, int64_t cost);
/* Only those of no more excess than its limit, and of them the best half of
   what there is room for. */
void route_lean_pool_thin(route_lean_pool *pool);
/* The column of these clients, or GB_ROUTE_NONE. */
uint32_t route_lean_pool_find(const route_lean_pool *pool, uint32_t kind,
                              const uint32_t *clients, uint32_t n);

/* --- route_lean_program.c --- */

/*
 * Prices and excesses by the pool's program, by base_clock_s() `until_s`
 * (HUGE_VAL: no limit).  Later than that, or where GLPK gives up, *is_done is
 * false, nothing is changed, and that is no error.
 */
gb_status route_lean_pool_price(base_run *run, route_lean_pool *pool,
                                double until_s, bool *is_done);

/* --- route_lean_join.c --- */

/*
 * Once the pool is priced: a better plan than the best of s made of its routes
 * becomes the best of s, and the plan as it is.  At most `most_nodes` are
 * looked at, and all of it ends by `until_s`.  Between iterations; several
 * searches may do so at once.
 */
gb_status route_lean_join_pool(base_run *run, const route_lean_pool *pool,
                               route_lean *s, uint64_t most_nodes,
                               double until_s);

#endif
