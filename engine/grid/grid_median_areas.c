/*
 * grid_median_areas.c - see grid_median_areas.h.
 */
#include "grid_median_areas.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"
#include "grid_median.h"

enum { MOST_AREAS = 2000 };
/* The dearest distance as a whole number: sums stay within 2^50. */
static const double DEAREST = 1LL << 34;

typedef struct solving {
    const grid_problem *p;
    const gb_territory_options *options;
    double scale;       /* whole numbers a unit of the objective */
    int64_t *far;       /* n rows of n */
    int64_t *linear;    /* n rows of k, or NULL */
    int64_t *over;      /* n_measures */
    uint32_t *first, *near;
    grid_median_problem problem;
    uint32_t *owners;   /* n_starts rows of n */
    grid_median_result *results; /* n_starts */
} solving;

bool grid_median_fits(const grid_problem *p,
                      const gb_territory_options *options)
{
    return options->objective == GB_TERRITORY_MEDIAN && p->n <= MOST_AREAS
        && p->k > 1 && p->most_moved == INT64_MAX
        && (p->total_barrier == 0 || options->barrier_weight <= 0);
}

/* --- tables -------------------------------------------------------------- */

static double cost_of(const grid_problem *p, size_t a, size_t b)
{
    return p->weight[a] * hypot(p->x[a] - p->x[b], p->y[a] - p->y[b]);
}

static void fill_far(solving *x)
{
    const grid_problem *p = x->p;
    double dearest = 0;

    for (size_t a = 0; a < p->n; a++)
        for (size_t b = 0; b < p->n; b++)
            dearest = fmax(dearest, cost_of(p, a, b));
    /* Where nothing costs anything, any scale is as good. */
    x->scale = dearest > 1e-9 ? DEAREST / dearest : 1;
    for (size_t a = 0; a < p->n; a++)
        for (size_t b = 0; b < p->n; b++)
            x->far[a * p->n + b] = llround(cost_of(p, a, b) * x->scale);
}

static void fill_near(solving *x)
{
    const grid_problem *p = x->p;

    for (size_t a = 0; a < p->n; a++) {
        memcpy(x->near + x->first[a], p->neighbours + p->first[a],
               p->n_open[a] * sizeof *x->near);
        x->first[a + 1] = x->first[a] + p->n_open[a];
    }
}

/* What an area costs in a territory, beside distances; `first` is the median
 * of the first plan, see gb_territory_options. */
static void fill_linear(solving *x, double first)
{
    const grid_problem *p = x->p;
    const gb_territory_options *o = x->options;
    const double travel = p->travel_s && o->travel_weight > 0
        ? o->travel_weight * first / fmax(p->travel_least, 1e-9) : 0;
    const double lost = p->familiarity && o->familiarity_weight > 0
        ? o->familiarity_weight * first / p->familiarity_most : 0;
    const double moved = p->previous && o->stay_price > 0
        ? o->stay_price * first / (double)p->n : 0;

    for (size_t a = 0; a < p->n; a++)
        for (size_t t = 0; t < p->k; t++) {
            const bool is_moved = p->previous
                && p->previous[a] < p->k && p->previous[a] != t;
            const double price = travel * p->weight[a] * grid_travel(p, t, a)
                - lost * grid_known(p, t, a) + (is_moved ? moved : 0);

            x->linear[a * p->k + t] = llround(price * x->scale);
        }
}

static bool take_memory(solving *x, base_mem *mem)
{
    const grid_problem *p = x->p;
    const bool is_linear = p->travel_s || p->familiarity || p->previous;

    x->far = base_alloc_array(mem, p->n, p->n * sizeof *x->far);
    x->first = base_alloc_zeroed(mem, p->n + 1, sizeof *x->first);
    x->near = base_alloc_array(mem, p->first[p->n], sizeof *x->near);
    x->over = base_alloc_array(mem, p->n_measures, sizeof *x->over);
    x->owners = base_alloc_array(mem, x->options->n_starts,
                                 p->n * sizeof *x->owners);
    x->results = base_alloc_zeroed(mem, x->options->n_starts,
                                   sizeof *x->results);
    if (is_linear)
        x->linear = base_alloc_array(mem, p->n, p->k * sizeof *x->linear);
    return x->far && x->first && x->near && x->over && x->owners && x->results
        && (x->linear || !is_linear);
}

static void clear(solving *x, base_mem *mem)
{
    base_free(mem, x->far);
    base_free(mem, x->first);
    base_free(mem, x->near);
    base_free(mem, x->over);
    base_free(mem, x->owners);
    base_free(mem, x->results);
    base_free(mem, x->linear);
}

/* A mean area beyond a limit costs what serves one from afar.  Bounded, as
 * `first` is before it is known. */
static void fill_over(solving *x, double first)
{
    const grid_problem *p = x->p;

    for (size_t m = 0; m < p->n_measures; m++)
        x->over[m] = (int64_t)fmax(
            1, fmin(first * x->scale, DEAREST * (double)p->n)
                / fmax(1, (double)p->total[m]));
}

static gb_status fill(solving *x, base_run *run, const uint32_t *owner)
{
    const grid_problem *p = x->p;
    grid_median state;
    double first = 0;
    gb_status status = GB_OK;

    fill_far(x);
    fill_near(x);
    x->problem = (grid_median_problem){
        .n = p->n, .k = p->k, .n_measures = p->n_measures, .far = x->far,
        .load = p->load, .low = p->low, .high = p->high, .over = x->over,
        .first = x->first, .near = x->near, .is_connected = true,
        .lock = p->lock, .rules = p->is_ruled ? p : NULL
    };
    fill_over(x, 1); /* they do not matter yet */
    if (grid_median_init(&state, run->mem, &x->problem)) {
        grid_median_set(&state, owner);
        first = (double)state.cost / x->scale;
    } else {
        status = base_fail_nomem(run->ctx);
    }
    grid_median_clear(&state);
    if (x->linear)
        fill_linear(x, first);
    fill_over(x, first);
    x->problem.linear = x->linear;
    return status;
}

/* --- searches ------------------------------------------------------------ */

static gb_status search_once(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    solving *x = user;
    base_rng rng = base_rng_stream(x->options->seed, i);
    base_run run = *worker;
    const size_t n_threads
        = base_parallel_threads(worker, x->options->n_starts);
    const size_t rounds
        = (x->options->n_starts - i + n_threads - 1) / n_threads;
    const double now_s = base_clock_s();

    (void)thread;
    run.deadline_s = now_s + (run.deadline_s - now_s) / (double)rounds;
    run.is_late = false;
    return grid_median_search(&run, &x->problem, &rng,
                              x->options->max_iterations, false,
                              x->owners + i * x->p->n, &x->results[i]);
}

static size_t best_start(const solving *x)
{
    size_t best = 0;

    for (size_t i = 1; i < x->options->n_starts; i++) {
        const grid_median_result *a = &x->results[i], *b = &x->results[best];

        if (a->beyond < b->beyond
            || (a->beyond == b->beyond
                && a->cost + a->linear < b->cost + b->linear))
            best = i;
    }
    return best;
}

static double excess_of(const grid_problem *p, base_run *run,
                        const uint32_t *owner, gb_status *status)
{
    int64_t *load = base_alloc_zeroed(run->mem, p->k,
                                      p->n_measures * sizeof *load);
    double excess = 0;

    if (!load) {
        *status = base_fail_nomem(run->ctx);
        return 0;
    }
    for (size_t a = 0; a < p->n; a++)
        for (size_t m = 0; m < p->n_measures; m++)
            load[owner[a] * p->n_measures + m] += grid_load(p, a, m);
    for (size_t t = 0; t < p->k; t++)
        for (size_t m = 0; m < p->n_measures; m++)
            excess += grid_excess(p, t, m, load[t * p->n_measures + m]);
    base_free(run->mem, load);
    return excess;
}

gb_status grid_median_solve(base_run *run, const grid_problem *p,
                            const gb_territory_options *options,
                            uint32_t *owner, grid_result *result)
{
    solving x = { .p = p, .options = options };
    const size_t n_starts = options->n_starts;
    uint64_t n_priced = 0;
    gb_status status;
    size_t best;

    if (!take_memory(&x, run->mem)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = fill(&x, run, owner);
    for (size_t i = 0; i < n_starts; i++)
        memcpy(x.owners + i * p->n, owner, p->n * sizeof *owner);
    if (!status)
        status = base_parallel(run, n_starts, search_once, &x);
    if (status)
        goto done;
    best = best_start(&x);
    for (size_t i = 0; i < n_starts; i++)
        n_priced += x.results[i].n_priced;
    memcpy(owner, x.owners + best * p->n, p->n * sizeof *owner);
    *result = (grid_result){
        (double)(x.results[best].cost + x.results[best].linear) / x.scale,
        excess_of(p, run, owner, &status), n_priced,
        x.results[best].first_valid_s,
        options->max_iterations == 0 || run->is_late
            ? GB_OUTCOME_TIME_LIMIT : GB_OUTCOME_ITERATION_LIMIT
    };

done:
    clear(&x, run->mem);
    return status;
}
