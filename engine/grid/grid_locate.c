/*
 * grid_locate.c - see grid_locate.h.
 */
#include "grid_locate.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"
#include "grid_median.h"

#define NONE UINT32_MAX

enum { MOST_NEAR = 20 };
/* The longest distance as a whole number: sums stay within 2^43. */
static const double LONGEST = 1 << 30;

typedef struct locating {
    const grid_locate_problem *p;
    const gb_location_options *options;
    uint64_t most;        /* proposals a start */
    int64_t *far;         /* n rows of n, scaled */
    int64_t *low, *high;  /* k */
    uint32_t *first, *near;
    bool is_alike;        /* all nodes have one capacity */
    uint32_t *owners;     /* n_starts rows of n */
    grid_median_result *results; /* n_starts */
} locating;

/* --- tables -------------------------------------------------------------- */

static void scale_distances(locating *x)
{
    const size_t n2 = x->p->n * x->p->n;
    double longest = 1e-9;

    for (size_t i = 0; i < n2; i++)
        longest = fmax(longest, x->p->far[i]);
    for (size_t i = 0; i < n2; i++)
        x->far[i] = llround(x->p->far[i] / longest * LONGEST);
}

/* The nearest nodes of each, by insertion; the lower id in a tie. */
static void find_near(locating *x)
{
    const size_t n = x->p->n;
    const size_t most = n - 1 < MOST_NEAR ? n - 1 : MOST_NEAR;

    for (size_t j = 0; j < n; j++) {
        uint32_t *row = x->near + j * most;
        const int64_t *far = x->far + j * n;
        size_t n_row = 0;

        x->first[j + 1] = (uint32_t)((j + 1) * most);
        for (size_t i = 0; i < n; i++) {
            size_t at;

            if (i == j || (n_row == most && far[i] >= far[row[most - 1]]))
                continue;
            at = n_row < most ? n_row++ : most - 1;
            for (; at > 0 && far[i] < far[row[at - 1]]; at--)
                row[at] = row[at - 1];
            row[at] = (uint32_t)i;
        }
    }
}

static bool take_memory(locating *x, base_mem *mem)
{
    const size_t n = x->p->n, k = x->p->k;
    const size_t n_starts = x->options->n_starts;

    x->far = base_alloc_array(mem, n, n * sizeof *x->far);
    x->low = base_alloc_zeroed(mem, k, sizeof *x->low);
    x->high = base_alloc_array(mem, k, sizeof *x->high);
    x->first = base_alloc_zeroed(mem, n + 1, sizeof *x->first);
    x->near = base_alloc_array(mem, n, MOST_NEAR * sizeof *x->near);
    x->owners = base_alloc_array(mem, n_starts, n * sizeof *x->owners);
    x->results = base_alloc_zeroed(mem, n_starts, sizeof *x->results);
    return x->far && x->low && x->high && x->first && x->near && x->owners
        && x->results;
}

static void clear(locating *x, base_mem *mem)
{
    base_free(mem, x->far);
    base_free(mem, x->low);
    base_free(mem, x->high);
    base_free(mem, x->first);
    base_free(mem, x->near);
    base_free(mem, x->owners);
    base_free(mem, x->results);
}

static void fill_tables(locating *x)
{
    const grid_locate_problem *p = x->p;

    scale_distances(x);
    find_near(x);
    x->is_alike = true;
    for (size_t a = 1; a < p->n; a++)
        x->is_alike = x->is_alike && p->capacity[a] == p->capacity[0];
    for (size_t c = 0; c < p->k; c++)
        x->high[c] = x->is_alike ? p->capacity[0] : INT64_MAX;
}

/* --- one start ----------------------------------------------------------- */

/* Nodes at random become medians; the others go to the nearest with room, or
 * to the one with most. */
static double start(const locating *x, base_rng *rng, uint32_t *owner,
                    uint32_t *order, int64_t *left)
{
    const size_t n = x->p->n, k = x->p->k;
    double cost = 0;

    for (size_t a = 0; a < n; a++)
        order[a] = (uint32_t)a;
    base_rng_shuffle(rng, order, n);
    for (size_t c = 0; c < k; c++) {
        owner[order[c]] = (uint32_t)c;
        left[c] = x->p->capacity[order[c]] - x->p->demand[order[c]];
    }
    for (size_t i = k; i < n; i++) {
        const uint32_t a = order[i];
        const int64_t *far = x->far + (size_t)a * n;
        size_t best = k, roomy = 0;

        for (size_t c = 0; c < k; c++) {
            if (left[c] > left[roomy])
                roomy = c;
            if (left[c] >= x->p->demand[a]
                && (best == k || far[order[c]] < far[order[best]]))
                best = c;
        }
        best = best == k ? roomy : best;
        owner[a] = (uint32_t)best;
        left[best] -= x->p->demand[a];
        cost += (double)far[order[best]];
    }
    return cost;
}

/* A unit beyond costs what serves the demand of one from afar. */
static int64_t price_of_unit(const locating *x, double cost)
{
    double demand = 1;

    for (size_t a = 0; a < x->p->n; a++)
        demand += (double)x->p->demand[a];
    return (int64_t)fmax(cost / demand, 1);
}

static gb_status search_once(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    locating *x = user;
    const grid_locate_problem *p = x->p;
    base_rng rng = base_rng_stream(x->options->seed, i);
    uint32_t *owner = x->owners + i * p->n;
    uint32_t *order = base_alloc_array(worker->mem, p->n, sizeof *order);
    int64_t *left = base_alloc_array(worker->mem, p->k, sizeof *left);
    int64_t over = 1;
    const grid_median_problem m = {
        .n = p->n, .k = p->k, .n_measures = 1, .far = x->far,
        .load = p->demand, .low = x->low, .high = x->high, .over = &over,
        .room = x->is_alike ? NULL : p->capacity, .first = x->first,
        .near = x->near
    };
    base_run run = *worker;
    gb_status status;

    (void)thread;
    if (!order || !left) {
        status = base_fail_nomem(worker->ctx);
        goto done;
    }
    if (x->options->time_limit_ms) {
        const size_t n_threads
            = base_parallel_threads(worker, x->options->n_starts);
        const size_t rounds
            = (x->options->n_starts - i + n_threads - 1) / n_threads;
        const double now_s = base_clock_s();

        run.deadline_s = now_s + (run.deadline_s - now_s) / (double)rounds;
        run.is_late = false;
    }
    over = price_of_unit(x, start(x, &rng, owner, order, left));
    status = grid_median_search(&run, &m, &rng, x->most, false, owner,
                                &x->results[i]);

done:
    base_free(worker->mem, order);
    base_free(worker->mem, left);
    return status;
}

/* --- all ----------------------------------------------------------------- */

static size_t best_start(const locating *x)
{
    size_t best = 0;

    for (size_t i = 1; i < x->options->n_starts; i++) {
        const grid_median_result *a = &x->results[i], *b = &x->results[best];

        /* Prices of what is beyond differ, but not in sign. */
        if ((a->beyond > 0) < (b->beyond > 0)
            || ((a->beyond > 0) == (b->beyond > 0)
                && a->cost + a->beyond < b->cost + b->beyond))
            best = i;
    }
    return best;
}

gb_status grid_locate(base_run *run, const grid_locate_problem *p,
                      const gb_location_options *options, uint32_t *owner,
                      grid_locate_result *result)
{
    locating x = { .p = p, .options = options };
    const size_t n_starts = options->n_starts;
    gb_status status;
    size_t best;

    x.most = (options->max_iterations + n_starts - 1) / n_starts;
    if (!take_memory(&x, run->mem)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    fill_tables(&x);
    status = base_parallel(run, n_starts, search_once, &x);
    if (status)
        goto done;
    best = best_start(&x);
    memcpy(owner, x.owners + best * p->n, p->n * sizeof *owner);
    result->first_valid_s = x.results[best].first_valid_s;
    result->n_priced = 0;
    for (size_t i = 0; i < n_starts; i++)
        result->n_priced += x.results[i].n_priced;

done:
    clear(&x, run->mem);
    return status;
}
