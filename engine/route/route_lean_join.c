/*
 * route_lean_join.c - the best plan made of a pool's routes; see
 * route_lean_pool.h.
 */
#include "route_lean_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

/* Routes that are taken out at a time; tries to find one that is tied to
   them; nodes and tries of all. */
enum {
    LEAST_ROUTES = 3,
    MOST_ROUTES = 16,
    TIE_TRIES = 30,
    MOST_NODES = 3000,
    MOST_TRIES = 1000,
    WORDS = 5,
    MOST_UNCOVERED = 64 * WORDS
};

/* A column whose clients are all uncovered: which of them. */
typedef struct join_choice {
    uint64_t bits[WORDS];
    double excess;
    uint32_t column;
} join_choice;

typedef struct lean_join {
    const route_lean_pool *pool;
    const route_lean_model *model;
    base_rng *rng;
    uint32_t *of_first, *of; /* columns of each client */
    uint32_t *plan;         /* columns of the plan */
    uint32_t n_plan;
    uint32_t *owner;        /* of clients: where in the plan */
    uint32_t *spare;        /* of kinds: vehicles that stand still */

    /* A try. */
    bool *is_open;          /* of the plan: taken out */
    uint32_t open[MOST_ROUTES], n_open;
    uint32_t *place;        /* of clients: bit, or GB_ROUTE_NONE */
    uint32_t n_places;
    join_choice *choices;   /* by excess */
    uint32_t n_choices;
    uint32_t first_at[MOST_UNCOVERED + 1];
    uint32_t *at;           /* choices of each bit */
    uint64_t uncovered[WORDS];
    double least;           /* excess of the best choice so far */
    uint32_t chosen[MOST_UNCOVERED], best[MOST_UNCOVERED], n_best;
    uint64_t nodes, most_nodes;
} lean_join;

static void index_columns(lean_join *j)
{
    const route_lean_pool *pool = j->pool;
    uint32_t n = j->model->n_clients;

    memset(j->of_first, 0, ((size_t)n + 1) * sizeof *j->of_first);
    for (uint32_t i = 0; i < pool->n_clients; i++)
        j->of_first[pool->clients[i] + 1]++;
    for (uint32_t c = 0; c < n; c++)
        j->of_first[c + 1] += j->of_first[c];
    for (uint32_t i = pool->n; i-- > 0;) {
        const route_lean_column *column = &pool->columns[i];

        for (uint32_t k = 0; k < column->n; k++)
            j->of[--j->of_first[pool->clients[column->first + k] + 1]] = i;
    }
    /* Now of_first[c + 1] is where c's begin. */
    memmove(j->of_first, j->of_first + 1, n * sizeof *j->of_first);
    j->of_first[n] = pool->n_clients;
}

/* --- the plan in columns --- */

/* False: a route of it is not in the pool. */
static bool read_plan(lean_join *j, const route_lean *s)
{
    const route_lean_model *m = j->model;

    for (uint32_t k = 0; k < m->n_kinds; k++)
        j->spare[k] = m->kinds[k].n_routes;
    for (uint32_t r = 0; r < m->n_routes; r++) {
        const uint32_t kind = m->kind_of[r];
        uint32_t n = 0, column;

        for (uint32_t a = s->best_next[route_lean_start(m, r)];
             a < m->n_clients; a = s->best_next[a]) {
            j->owner[a] = j->n_plan;
            s->pool[n++] = a;
        }
        if (n == 0)
            continue;
        column = route_lean_pool_find(j->pool, kind, s->pool, n);
        if (column == GB_ROUTE_NONE)
            return false;
        j->spare[kind]--;
        j->plan[j->n_plan++] = column;
    }
    return true;
}

/* What comes after each node in the plan of these columns. */
static void write_plan(const lean_join *j, uint32_t *next, uint32_t *used)
{
    const route_lean_model *m = j->model;

    for (uint32_t k = 0; k < m->n_kinds; k++)
        used[k] = 0;
    for (uint32_t r = 0; r < m->n_routes; r++)
        next[route_lean_start(m, r)] = route_lean_end(m, r);
    for (uint32_t i = 0; i < j->n_plan; i++) {
        const route_lean_column *column = &j->pool->columns[j->plan[i]];
        const uint32_t r
            = m->kinds[column->kind].first_route + used[column->kind]++;
        uint32_t a = route_lean_start(m, r);

        for (uint32_t k = 0; k < column->n; k++) {
            next[a] = j->pool->clients[column->first + k];
            a = next[a];
        }
        next[a] = route_lean_end(m, r);
    }
}

/* --- a try --- */

static uint32_t below(lean_join *j, uint32_t bound)
{
    return (uint32_t)base_rng_below(j->rng, bound);
}

static void take_out(lean_join *j, uint32_t at)
{
    const route_lean_column *column = &j->pool->columns[j->plan[at]];

    j->is_open[at] = true;
    j->open[j->n_open++] = at;
    j->spare[column->kind]++;
    for (uint32_t k = 0; k < column->n; k++)
        j->place[j->pool->clients[column->first + k]] = j->n_places++;
}

/* A route of the plan of which a column has clients, and of open ones too. */
static uint32_t find_tied(lean_join *j)
{
    for (uint32_t t = 0; t < TIE_TRIES; t++) {
        const route_lean_column *from
            = &j->pool->columns[j->plan[j->open[below(j, j->n_open)]]];
        const uint32_t c = j->pool->clients[from->first + below(j, from->n)];
        const uint32_t n = j->of_first[c + 1] - j->of_first[c];
        const route_lean_column *by
            = &j->pool->columns[j->of[j->of_first[c] + below(j, n)]];
        const uint32_t at
            = j->owner[j->pool->clients[by->first + below(j, by->n)]];

        if (!j->is_open[at])
            return at;
    }
    return GB_ROUTE_NONE;
}

static void open_some(lean_join *j)
{
    const uint32_t n
        = LEAST_ROUTES + below(j, MOST_ROUTES - LEAST_ROUTES + 1);

    j->n_open = j->n_places = 0;
    take_out(j, below(j, j->n_plan));
    while (j->n_open < n) {
        const uint32_t at = find_tied(j);

        if (at == GB_ROUTE_NONE
            || j->n_places + j->pool->columns[j->plan[at]].n > MOST_UNCOVERED)
            return;
        take_out(j, at);
    }
}

static int by_excess(const void *a, const void *b)
{
    const join_choice *x = a, *y = b;

    if (x->excess != y->excess)
        return x->excess < y->excess ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* All of whose clients are uncovered, for less than what went. */
static void find_choices(lean_join *j)
{
    j->n_choices = 0;
    for (uint32_t i = 0; i < j->pool->n; i++) {
        const route_lean_column *column = &j->pool->columns[i];
        const uint32_t *clients = &j->pool->clients[column->first];
        join_choice choice = { .excess = column->excess, .column = i };
        uint32_t k = 0;

        if (column->excess >= j->least)
            continue;
        while (k < column->n && j->place[clients[k]] != GB_ROUTE_NONE)
            k++;
        if (k < column->n)
            continue;
        for (k = 0; k < column->n; k++) {
            const uint32_t bit = j->place[clients[k]];

            choice.bits[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
        j->choices[j->n_choices++] = choice;
    }
    qsort(j->choices, j->n_choices, sizeof *j->choices, by_excess);
}

/* The choices of each bit, those of least excess first. */
static void index_choices(lean_join *j)
{
    uint32_t at = 0;

    for (uint32_t bit = 0; bit < j->n_places; bit++) {
        j->first_at[bit] = at;
        for (uint32_t i = 0; i < j->n_choices; i++)
            if (j->choices[i].bits[bit / 64] >> (bit % 64) & 1)
                j->at[at++] = i;
    }
    j->first_at[j->n_places] = at;
}

static bool can_take(const lean_join *j, const join_choice *choice)
{
    for (uint32_t w = 0; w < WORDS; w++)
        if (choice->bits[w] & ~j->uncovered[w])
            return false;
    return j->spare[j->pool->columns[choice->column].kind] > 0;
}

/* How many could cover the bit; no more than `most` are counted. */
static uint32_t count_ways(const lean_join *j, uint32_t bit, double so_far,
                           uint32_t most)
{
    uint32_t n = 0;

    for (uint32_t i = j->first_at[bit]; i < j->first_at[bit + 1]; i++) {
        const join_choice *choice = &j->choices[j->at[i]];

        if (so_far + choice->excess >= j->least || n >= most)
            break;
        n += can_take(j, choice);
    }
    return n;
}

/* The bit with the fewest ways: GB_ROUTE_NONE where all are covered. */
static uint32_t narrowest(const lean_join *j, double so_far, uint32_t *n_ways)
{
    uint32_t best = GB_ROUTE_NONE;

    *n_ways = UINT32_MAX;
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t left = j->uncovered[w]; left; left &= left - 1) {
            const uint32_t bit = 64 * w + (uint32_t)__builtin_ctzll(left);
            const uint32_t n = count_ways(j, bit, so_far, *n_ways);

            if (n < *n_ways) {
                *n_ways = n;
                best = bit;
            }
            if (*n_ways <= 1)
                return best;
        }
    return best;
}

static void toggle(lean_join *j, const join_choice *choice, int sign)
{
    for (uint32_t w = 0; w < WORDS; w++)
        j->uncovered[w] ^= choice->bits[w];
    j->spare[j->pool->columns[choice->column].kind] -= (uint32_t)sign;
}

/* Of vehicles that stand still, where all of their kind are asked for. */
static double excess_of_spare(const lean_join *j)
{
    const double *of_kind = &j->pool->prices[j->model->n_clients];
    double sum = 0;

    for (uint32_t k = 0; k < j->model->n_kinds; k++)
        sum -= of_kind[k] * j->spare[k];
    return sum;
}

/* As deep as there are routes in a try, which are few. */
static void cover(lean_join *j, uint32_t depth, double so_far)
{
    uint32_t n_ways;
    const uint32_t bit = narrowest(j, so_far, &n_ways);

    j->nodes++;
    if (bit == GB_ROUTE_NONE) {
        so_far += excess_of_spare(j);
        if (so_far >= j->least)
            return;
        j->least = so_far;
        j->n_best = depth;
        memcpy(j->best, j->chosen, depth * sizeof *j->best);
        return;
    }
    for (uint32_t i = j->first_at[bit];
         n_ways > 0 && i < j->first_at[bit + 1]; i++) {
        const join_choice *choice = &j->choices[j->at[i]];

        if (so_far + choice->excess >= j->least || j->nodes >= j->most_nodes)
            return;
        if (!can_take(j, choice))
            continue;
        toggle(j, choice, 1);
        j->chosen[depth] = choice->column;
        cover(j, depth + 1, so_far + choice->excess);
        toggle(j, choice, -1);
    }
}

/* The best found for what is open, or what was there. */
static void close_up(lean_join *j, double before)
{
    const bool is_better = j->least < before;
    uint32_t n = 0;

    for (uint32_t i = 0; i < j->n_open; i++) {
        const uint32_t at = j->open[i];

        j->is_open[at] = false;
        if (!is_better)
            j->spare[j->pool->columns[j->plan[at]].kind]--;
        else
            j->plan[at] = GB_ROUTE_NONE;
    }
    for (uint32_t c = 0; c < j->model->n_clients; c++)
        j->place[c] = GB_ROUTE_NONE;
    if (!is_better)
        return;
    for (uint32_t i = 0; i < j->n_plan; i++)
        if (j->plan[i] != GB_ROUTE_NONE)
            j->plan[n++] = j->plan[i];
    for (uint32_t i = 0; i < j->n_best; i++) {
        j->spare[j->pool->columns[j->best[i]].kind]--;
        j->plan[n++] = j->best[i];
    }
    j->n_plan = n;
    for (uint32_t i = 0; i < n; i++) {
        const route_lean_column *column = &j->pool->columns[j->plan[i]];

        for (uint32_t k = 0; k < column->n; k++)
            j->owner[j->pool->clients[column->first + k]] = i;
    }
}

/* A thousandth of a point is nothing, and prices are not exact. */
static void try_some(lean_join *j)
{
    double before = excess_of_spare(j);

    open_some(j);
    for (uint32_t i = 0; i < j->n_open; i++)
        before += j->pool->columns[j->plan[j->open[i]]].excess;
    before -= 0.5;
    j->least = before;
    memset(j->uncovered, 0, sizeof j->uncovered);
    for (uint32_t bit = 0; bit < j->n_places; bit++)
        j->uncovered[bit / 64] |= UINT64_C(1) << (bit % 64);
    find_choices(j);
    index_choices(j);
    cover(j, 0, 0);
    close_up(j, before);
}

static double excess_of_plan(const lean_join *j)
{
    double sum = excess_of_spare(j);

    for (uint32_t i = 0; i < j->n_plan; i++)
        sum += j->pool->columns[j->plan[i]].excess;
    return sum;
}

static int64_t cost_of_plan(const lean_join *j)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < j->n_plan; i++)
        sum += j->pool->columns[j->plan[i]].cost;
    return sum;
}

static void improve(base_run *run, lean_join *j, uint64_t most_nodes,
                    double until_s)
{
    for (uint32_t c = 0; c < j->model->n_clients; c++)
        j->place[c] = GB_ROUTE_NONE;
    for (uint32_t t = 0; t < MOST_TRIES && j->nodes < most_nodes; t++) {
        if (base_run_is_over(run) || base_clock_s() >= until_s
            || excess_of_plan(j) < 1)
            return;
        j->most_nodes = j->nodes + MOST_NODES < most_nodes
            ? j->nodes + MOST_NODES
            : most_nodes;
        try_some(j);
    }
}

/* --- all of it --- */

static bool take_memory(lean_join *j)
{
    base_mem *mem = j->model->data->mem;
    const size_t n = j->model->n_clients, n_columns = j->pool->n;

    j->of_first = base_alloc_array(mem, n + 1, sizeof *j->of_first);
    j->of = base_alloc_array(mem, j->pool->n_clients, sizeof *j->of);
    j->plan = base_alloc_array(mem, n, sizeof *j->plan);
    j->owner = base_alloc_zeroed(mem, n, sizeof *j->owner);
    j->spare = base_alloc_array(mem, j->model->n_kinds, sizeof *j->spare);
    j->is_open = base_alloc_zeroed(mem, n, sizeof *j->is_open);
    j->place = base_alloc_array(mem, n, sizeof *j->place);
    j->choices = base_alloc_array(mem, n_columns, sizeof *j->choices);
    j->at = base_alloc_array(mem, j->pool->n_clients, sizeof *j->at);
    return j->of_first && j->of && j->plan && j->owner
        && j->spare && j->is_open && j->place && j->choices && j->at;
}

static void give_memory(lean_join *j)
{
    base_mem *mem = j->model->data->mem;

    base_free(mem, j->of_first);
    base_free(mem, j->of);
    base_free(mem, j->plan);
    base_free(mem, j->owner);
    base_free(mem, j->spare);
    base_free(mem, j->is_open);
    base_free(mem, j->place);
    base_free(mem, j->choices);
    base_free(mem, j->at);
}

gb_status route_lean_join_pool(base_run *run, const route_lean_pool *pool,
                               route_lean *s, uint64_t most_nodes,
                               double until_s)
{
    lean_join *j = base_alloc_zeroed(run->mem, 1, sizeof *j);
    gb_status status = GB_OK;

    if (!j)
        return base_fail_nomem(run->ctx);
    j->pool = pool;
    j->model = s->model;
    j->rng = &s->rng;
    if (!take_memory(j)) {
        status = base_fail_nomem(run->ctx);
    } else if (s->best_musts_out == 0 && read_plan(j, s)) {
        index_columns(j);
        improve(run, j, most_nodes, until_s);
        if (cost_of_plan(j) < s->best_cost) {
            write_plan(j, s->best_next, j->spare);
            route_lean_return_to(s, s->best_next);
            assert(route_lean_true_cost(s) == cost_of_plan(j));
            route_lean_take_best(s);
        }
    }
    give_memory(j);
    base_free(run->mem, j);
    return status;
}
