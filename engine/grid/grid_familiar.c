/*
 * grid_familiar.c - see grid_familiar.h.
 */
#include "grid_familiar.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"
#include "grid_assign.h"
#include "grid_median.h"

#define NONE UINT32_MAX

/* A thousandth of a unit of load costs as much as a metre: both are whole. */
enum { METRE = 16, LOAD = 1000, ROUNDS = 4 };
static const double OF_BALANCE = 1000, OF_FAMILIARITY = 500;

typedef struct solving {
    const grid_familiar_problem *p;
    const grid_familiar_options *options;
    int64_t *far, *linear, *load, *low, *high, *over;
    grid_median_problem problem;
    uint32_t *component;
    uint32_t *owners;  /* n_starts rows of n */
    grid_median_result *results;
} solving;

/* --- what a plan is worth ------------------------------------------------ */

static double total_of(const grid_familiar_problem *p, size_t m)
{
    double total = 0;

    for (size_t a = 0; a < p->areas->n_areas; a++)
        total += p->areas->activity[m * p->areas->n_areas + a];
    return total;
}

static double imbalance_of(const grid_familiar_problem *p,
                           const uint32_t *owner, double *load)
{
    const size_t n = p->areas->n_areas;
    double imbalance = 0;

    for (size_t m = 1; m < p->areas->n_measures; m++) {
        const double mean = total_of(p, m) / (double)p->k;
        const double by = mean * p->tolerances[m];

        memset(load, 0, p->k * sizeof *load);
        for (size_t a = 0; a < n; a++)
            load[owner[a]] += p->areas->activity[m * n + a];
        for (size_t t = 0; t < p->k; t++)
            imbalance += fmax(0, fabs(load[t] - mean) - by);
    }
    return imbalance;
}

gb_status grid_familiar_measure(base_run *run, const grid_familiar_problem *p,
                                const uint32_t *owner,
                                grid_familiar_value *out)
{
    const size_t n = p->areas->n_areas;
    double *least = base_alloc_array(run->mem, p->k, sizeof *least);
    gb_status status = GB_OK;

    if (!least)
        return base_fail_nomem(run->ctx);
    memset(out, 0, sizeof *out);
    out->imbalance = imbalance_of(p, owner, least);
    for (size_t t = 0; t < p->k; t++)
        least[t] = (double)INFINITY;
    for (size_t a = 0; !status && a < n; a++) {
        double sum = 0;

        for (size_t b = 0; b < n; b++)
            if (owner[b] == owner[a])
                sum += p->distances[b * n + a];
        least[owner[a]] = fmin(least[owner[a]], sum);
        out->familiarity += p->familiarity[owner[a] * n + a];
        status = base_poll(run);
    }
    for (size_t t = 0; t < p->k; t++)
        out->compactness += least[t] < (double)INFINITY ? least[t] : 0;
    out->objective = OF_BALANCE * out->imbalance
        + OF_FAMILIARITY * out->familiarity + out->compactness;
    base_free(run->mem, least);
    return status;
}

/* --- tables -------------------------------------------------------------- */

static bool take_memory(solving *x, base_mem *mem)
{
    const gb_areas *areas = x->p->areas;
    const size_t n = areas->n_areas, k = x->p->k;
    const size_t n_measures = areas->n_measures;
    const uint32_t n_starts = x->options->n_starts;

    x->far = base_alloc_array(mem, n, n * sizeof *x->far);
    x->linear = base_alloc_array(mem, n, k * sizeof *x->linear);
    x->load = base_alloc_array(mem, n, n_measures * sizeof *x->load);
    x->low = base_alloc_zeroed(mem, k, n_measures * sizeof *x->low);
    x->high = base_alloc_zeroed(mem, k, n_measures * sizeof *x->high);
    x->over = base_alloc_zeroed(mem, n_measures, sizeof *x->over);
    x->component = base_alloc_array(mem, n, sizeof *x->component);
    x->owners = base_alloc_array(mem, n_starts, n * sizeof *x->owners);
    x->results = base_alloc_zeroed(mem, n_starts, sizeof *x->results);
    return x->far && x->linear && x->load && x->low && x->high && x->over
        && x->component && x->owners && x->results;
}

static void clear(solving *x, base_mem *mem)
{
    base_free(mem, x->far);
    base_free(mem, x->linear);
    base_free(mem, x->load);
    base_free(mem, x->low);
    base_free(mem, x->high);
    base_free(mem, x->over);
    base_free(mem, x->component);
    base_free(mem, x->owners);
    base_free(mem, x->results);
}

/* Measure 0 only counts the areas: it has no limits. */
static void fill_loads(solving *x)
{
    const gb_areas *areas = x->p->areas;
    const size_t n = areas->n_areas, n_measures = areas->n_measures;

    for (size_t m = 0; m < n_measures; m++) {
        const double mean = total_of(x->p, m) / (double)x->p->k;
        const double by = mean * x->p->tolerances[m];

        x->over[m] = m == 0 ? 0 : METRE;
        for (size_t a = 0; a < n; a++)
            x->load[a * n_measures + m]
                = m == 0 ? 0 : llround(areas->activity[m * n + a] * LOAD);
        for (size_t t = 0; m > 0 && t < x->p->k; t++) {
            x->low[t * n_measures + m] = llround((mean - by) * LOAD);
            x->high[t * n_measures + m] = llround((mean + by) * LOAD);
        }
    }
}

static void fill(solving *x)
{
    const grid_familiar_problem *p = x->p;
    const size_t n = p->areas->n_areas;

    for (size_t i = 0; i < n * n; i++)
        x->far[i] = llround(p->distances[i] * METRE);
    for (size_t t = 0; t < p->k; t++)
        for (size_t a = 0; a < n; a++)
            x->linear[a * p->k + t] = llround(
                p->familiarity[t * n + a] * OF_FAMILIARITY * METRE);
    fill_loads(x);
    x->problem = (grid_median_problem){
        .n = n, .k = p->k, .n_measures = p->areas->n_measures,
        .far = x->far, .linear = x->linear, .load = x->load, .low = x->low,
        .high = x->high, .over = x->over, .is_soft = true,
        .first = p->areas->first_neighbour, .near = p->areas->neighbours,
        .is_connected = true
    };
}

/* --- a start ------------------------------------------------------------- */

/* Every component has a seed, the others lie anywhere. */
static void draw_seeds(const solving *x, base_rng *rng, uint32_t *order,
                       uint32_t *owner)
{
    const size_t n = x->p->areas->n_areas;
    uint32_t n_seeds = 0, n_seen = 0;

    for (size_t a = 0; a < n; a++) {
        order[a] = (uint32_t)a;
        owner[a] = NONE;
        /* Components are numbered by their lowest area. */
        if (x->component[a] == n_seen) {
            owner[a] = n_seeds++;
            n_seen++;
        }
    }
    base_rng_shuffle(rng, order, n);
    for (size_t i = 0; i < n && n_seeds < x->p->k; i++)
        if (owner[order[i]] == NONE)
            owner[order[i]] = n_seeds++;
}

/* Areas next to a territory join one of those beside, round by round. */
static void grow(const solving *x, base_rng *rng, const uint32_t *order,
                 uint32_t *owner)
{
    const gb_areas *areas = x->p->areas;
    bool is_changed = true;

    while (is_changed) {
        is_changed = false;
        for (size_t i = 0; i < areas->n_areas; i++) {
            const uint32_t a = order[i];
            const uint32_t from = areas->first_neighbour[a];
            const uint32_t degree = areas->first_neighbour[a + 1] - from;
            uint32_t at;

            if (owner[a] != NONE || degree == 0)
                continue;
            at = (uint32_t)base_rng_below(rng, degree);
            for (uint32_t d = 0; d < degree && owner[a] == NONE; d++)
                owner[a] = owner[areas->neighbours[from + (at + d) % degree]];
            is_changed = is_changed || owner[a] != NONE;
        }
    }
}

/* --- searches ------------------------------------------------------------ */

/*
 * Who gets which territory, at the least levels: shifts hardly ever change two
 * owners of whole territories.  The limits are alike for all.
 */
static gb_status give_to_whom_knows(const solving *x, base_run *run,
                                    uint32_t *owner)
{
    const size_t n = x->p->areas->n_areas, k = x->p->k;
    int64_t *cost = base_alloc_zeroed(run->mem, k, k * sizeof *cost);
    int64_t *ones = base_alloc_array(run->mem, k, sizeof *ones);
    uint32_t *number = base_alloc_array(run->mem, k, sizeof *number);
    gb_status status;

    if (!cost || !ones || !number) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t t = 0; t < k; t++)
            cost[owner[a] * k + t] += x->linear[a * k + t];
    for (size_t t = 0; t < k; t++)
        ones[t] = 1;
    status = grid_assign(run, k, k, ones, ones, cost, NULL, number, NULL, NULL,
                         NULL);
    for (size_t a = 0; !status && a < n; a++)
        owner[a] = number[owner[a]];

done:
    base_free(run->mem, cost);
    base_free(run->mem, ones);
    base_free(run->mem, number);
    return status;
}

/* ROUNDS searches that share the iterations and the time, owners anew before
 * each. */
static gb_status search_rounds(const solving *x, base_run *run, base_rng *rng,
                               uint32_t *owner, grid_median_result *result)
{
    const uint64_t most = x->options->max_iterations / x->options->n_starts;
    uint64_t n_priced = 0;
    gb_status status = GB_OK;

    for (uint64_t i = 0; !status && i < ROUNDS; i++) {
        base_run part = *run;
        const double now_s = base_clock_s();

        part.deadline_s
            = now_s + (run->deadline_s - now_s) / (double)(ROUNDS - i);
        status = give_to_whom_knows(x, run, owner);
        if (!status)
            status = grid_median_search(&part, &x->problem, rng,
                                        most / ROUNDS, i > 0, owner, result);
        n_priced += result->n_priced;
    }
    result->n_priced = n_priced;
    return status;
}

static gb_status search_once(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    solving *x = user;
    const size_t n = x->p->areas->n_areas;
    base_rng rng = base_rng_stream(x->options->seed, i);
    uint32_t *order = base_alloc_array(worker->mem, n, sizeof *order);
    uint32_t *owner = x->owners + i * n;
    base_run run = *worker;
    const uint32_t n_starts = x->options->n_starts;
    const size_t n_threads = base_parallel_threads(worker, n_starts);
    const size_t rounds = (n_starts - i + n_threads - 1) / n_threads;
    const double now_s = base_clock_s();
    gb_status status;

    (void)thread;
    if (!order)
        return base_fail_nomem(worker->ctx);
    run.deadline_s = now_s + (run.deadline_s - now_s) / (double)rounds;
    run.is_late = false;
    draw_seeds(x, &rng, order, owner);
    grow(x, &rng, order, owner);
    status = search_rounds(x, &run, &rng, owner, &x->results[i]);
    base_free(worker->mem, order);
    return status;
}

static int64_t price_of(const grid_median_result *r)
{
    return r->cost + r->linear + r->beyond;
}

static gb_status prepare(solving *x, base_run *run)
{
    size_t n_components;
    gb_status status;

    if (!take_memory(x, run->mem))
        return base_fail_nomem(run->ctx);
    status = grid_components(run, x->p->areas, x->component, &n_components);
    if (!status && n_components > x->p->k)
        return base_fail(run->ctx, GB_ERR_INFEASIBLE,
                         "the areas fall into %zu unconnected components, "
                         "more than there are territories (%zu)",
                         n_components, x->p->k);
    if (!status)
        fill(x);
    return status;
}

gb_status grid_familiar_solve(base_run *run, const grid_familiar_problem *p,
                              const grid_familiar_options *options,
                              uint32_t *owner, uint64_t *n_priced)
{
    solving x = { .p = p, .options = options };
    const size_t n = p->areas->n_areas;
    size_t best = 0;
    gb_status status = prepare(&x, run);

    if (!status)
        status = base_parallel(run, options->n_starts, search_once, &x);
    if (status)
        goto done;
    for (size_t i = 1; i < options->n_starts; i++)
        if (price_of(&x.results[i]) < price_of(&x.results[best]))
            best = i;
    memcpy(owner, x.owners + best * n, n * sizeof *owner);
    for (size_t i = 0; n_priced && i < options->n_starts; i++)
        *n_priced = (i ? *n_priced : 0) + x.results[i].n_priced;

done:
    clear(&x, run->mem);
    return status;
}
