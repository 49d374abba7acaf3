/*
 * grid_solve.c - see grid_solve.h.
 */
#include "grid_solve.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "grid_hess.h"
#include "grid_median_areas.h"
#include "grid_obey.h"
#include "grid_pool.h"
#include "grid_start.h"

/* Exact transport is worth its time up to here: n times k. */
enum { POWER_CELLS = 600000, POWER_ROUNDS = 6 };
/* Diagrams drawn, each for so many proposals an area. */
enum { MOST_DIAGRAMS = 64, DIAGRAM_WORK = 400 };
/* Weight of the border where the moment is the goal. */
static const double SMOOTHNESS = 0.01;

typedef struct solving {
    base_run *run;
    const grid_problem *p;
    const gb_territory_options *options;
    grid_prices prices;
    grid_schedule schedule;
    size_t n_searches;
    uint32_t *owners;     /* n_searches rows of n */
    grid_result *results; /* n_searches */
    uint32_t *early;      /* n; a plan to fall back on, valid if early_s >= 0 */
    double early_s;
} solving;

/* --- starts -------------------------------------------------------------- */

/* More of them, for some of what the search may take: round territories are
 * a good start for any objective. */
static gb_status try_diagrams(base_run *run, const solving *x, base_rng *rng,
                              uint32_t *owner)
{
    const gb_territory_options *o = x->options;
    base_rng own = base_rng_stream(o->seed, UINT64_C(1) << 32);
    const double now_s = base_clock_s();
    double until_s = (double)INFINITY;
    uint64_t tries = MOST_DIAGRAMS;

    if (o->max_iterations > 0)
        tries = o->max_iterations / (DIAGRAM_WORK * x->p->n);
    if (o->time_limit_ms > 0)
        until_s = now_s + (run->deadline_s - now_s)
            / (x->schedule.is_fine ? 3 : 6) / (rng ? 1 : o->n_starts);
    if (tries > MOST_DIAGRAMS)
        tries = MOST_DIAGRAMS;
    return grid_start_round(run, x->p, rng ? rng : &own, tries, until_s,
                            owner);
}

static gb_status start_afresh(base_run *run, const solving *x,
                              base_rng *rng, uint32_t *owner)
{
    const grid_problem *p = x->p;
    const bool is_diagram = (p->n_components == 1 || p->is_bridged)
        && p->n * p->k <= POWER_CELLS;
    gb_status status = grid_start_bisect(run, p, rng, owner);

    if (!status && is_diagram)
        status = grid_start_power(run, p, POWER_ROUNDS, owner);
    if (!status && is_diagram)
        status = try_diagrams(run, x, rng, owner);
    if (!status)
        status = grid_start_number(run, p, owner);
    if (!status)
        status = grid_start_mend(run, p, owner);
    return status ? status : grid_obey(run, p, x->options->seed, owner);
}

/* In milliseconds: bisected, and its excess passed on. */
static gb_status start_early(solving *x)
{
    const grid_problem *p = x->p;
    bool is_valid = false;
    gb_status status = grid_start_bisect(x->run, p, NULL, x->early);

    if (!status)
        status = grid_start_number(x->run, p, x->early);
    if (!status)
        status = grid_start_mend(x->run, p, x->early);
    if (!status)
        status = grid_obey(x->run, p, x->options->seed, x->early);
    if (!status)
        status = grid_start_balance(x->run, p, x->early, &is_valid);
    if (!status && is_valid)
        x->early_s = base_run_elapsed_s(x->run);
    return status;
}

static gb_status start(base_run *run, const solving *x, base_rng *rng,
                       uint32_t *owner)
{
    bool is_valid;
    gb_status status;

    if (!x->p->previous)
        return start_afresh(run, x, rng, owner);
    memcpy(owner, x->p->previous, x->p->n * sizeof *owner);
    status = grid_start_mend(run, x->p, owner);
    if (!status)
        status = grid_obey(run, x->p, x->options->seed, owner);
    return status ? status : grid_start_balance(run, x->p, owner, &is_valid);
}

/* --- prices -------------------------------------------------------------- */

static double objective_of(const solving *x, const grid_terms *terms)
{
    switch (x->options->objective) {
    case GB_TERRITORY_BORDER:
        return (double)terms->border;
    case GB_TERRITORY_CUT:
        return (double)terms->cut;
    default:
        return terms->moment;
    }
}

/*
 * In the unit of the objective, so that temperatures are too; `first` is what
 * the other terms are measured by.
 */
static void set_prices(solving *x, const grid_terms *terms)
{
    const gb_territory_options *o = x->options;
    const grid_problem *p = x->p;
    const double first = fmax(objective_of(x, terms), 1e-9);
    grid_prices *prices = &x->prices;

    memset(prices, 0, sizeof *prices);
    if (o->objective == GB_TERRITORY_BORDER)
        prices->border = 1;
    else if (o->objective == GB_TERRITORY_CUT)
        prices->cut = 1;
    else
        prices->moment = 1;
    /* A plan that is a little smoother for the same moment. */
    if (prices->moment > 0 && terms->border > 0)
        prices->border = SMOOTHNESS * first / (double)terms->border;
    if (o->barrier_weight > 0 && p->total_barrier > 0)
        prices->barrier = o->barrier_weight * first
            / (double)p->total_barrier;
    if (o->travel_weight > 0 && p->travel_s)
        prices->travel = o->travel_weight * first
            / fmax(p->travel_least, 1e-9);
    if (o->familiarity_weight > 0 && p->familiarity)
        prices->lost = o->familiarity_weight * first / p->familiarity_most;
    if (o->stay_price > 0 && p->previous)
        prices->moved = o->stay_price * first / (double)p->n;
}

/* --- the searches -------------------------------------------------------- */

/*
 * The run of one search.  The caller's own thread asks the caller's callback;
 * a time limit is shared out evenly over the rounds that a thread has to do.
 */
static base_run run_of_round(const solving *x, const base_run *worker,
                             size_t thread, size_t i)
{
    const size_t n_threads
        = base_parallel_threads(x->run, x->n_searches);
    const size_t rounds
        = (x->n_searches - i + n_threads - 1) / n_threads;
    const double now_s = base_clock_s();
    base_run run = thread == 0 ? *x->run : *worker;

    run.deadline_s = now_s + (run.deadline_s - now_s) / (double)rounds;
    run.total = x->schedule.n_proposals * x->n_searches / n_threads;
    run.count = x->schedule.n_proposals * (i / n_threads);
    return run;
}

static gb_status search_once(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    solving *x = user;
    base_run run = run_of_round(x, worker, thread, i);
    base_rng rng = base_rng_stream(x->options->seed, i);
    uint32_t *owner = x->owners + i * x->p->n;
    grid_state state = { 0 };
    gb_status status = GB_OK;

    if (!grid_state_init(&state, x->p)) {
        status = base_fail_nomem(run.ctx);
        goto done;
    }
    if (i > 0)
        status = start(&run, x, &rng, owner);
    if (status)
        goto done;
    grid_state_set(&state, owner);
    status = grid_search(&run, &state, &x->prices, &x->schedule, &rng, owner,
                         &x->results[i]);

done:
    grid_state_clear(&state);
    if (status && thread == 0)
        base_context_adopt(worker->ctx, run.ctx);
    return status;
}

static gb_status price_first_start(solving *x)
{
    grid_state state = { 0 };
    gb_status status = x->p->previous ? GB_OK : start_early(x);

    if (!status)
        status = start(x->run, x, NULL, x->owners);
    if (!status && !grid_state_init(&state, x->p))
        status = base_fail_nomem(x->run->ctx);
    if (!status) {
        grid_state_set(&state, x->owners);
        set_prices(x, &state.terms);
    }
    grid_state_clear(&state);
    return status;
}

/* The least excess, then the least cost, then the first. */
static size_t best_start(const solving *x)
{
    size_t best = 0;

    for (size_t i = 1; i < x->n_searches; i++) {
        const grid_result *a = &x->results[i], *b = &x->results[best];

        if (a->excess < b->excess
            || (a->excess <= b->excess && a->cost < b->cost))
            best = i;
    }
    return best;
}

/* All proposals in one pool; n_starts only says how many they are. */
static gb_status solve_small(solving *x, const double *far, uint32_t *owner,
                             grid_result *result)
{
    const grid_pool_order order = {
        .prices = &x->prices,
        .far = far,
        .seed = x->options->seed,
        .n_proposals = x->options->max_iterations * x->options->n_starts,
        .is_fine = x->options->objective == GB_TERRITORY_MOMENT
    };

    if (owner != x->owners)
        memcpy(owner, x->owners, x->p->n * sizeof *owner);
    return grid_pool(x->run, x->p, &order, owner, result);
}

/* Nothing better was found, or not as soon. */
static void note_early(const solving *x, uint32_t *owner, grid_result *result)
{
    if (x->early_s < 0)
        return;
    if (result->first_valid_s < 0 || x->early_s < result->first_valid_s)
        result->first_valid_s = x->early_s;
    if (grid_is_valid(result->excess))
        return;
    memcpy(owner, x->early, x->p->n * sizeof *owner);
    result->excess = 0;
}

/* By time alone, no thread is idle: the bytes are not promised then. */
static size_t count_searches(const base_run *run,
                             const gb_territory_options *options)
{
    const size_t n_threads = base_parallel_threads(run, SIZE_MAX);

    if (options->max_iterations > 0 || options->n_starts % n_threads == 0)
        return options->n_starts;
    return (options->n_starts / n_threads + 1) * n_threads;
}

/* Each territory has an area: rules may leave one without. */
static bool has_all(const grid_problem *p, const uint32_t *owner)
{
    for (uint32_t t = 0; t < p->k; t++) {
        size_t a = 0;

        while (a < p->n && owner[a] != t)
            a++;
        if (a == p->n)
            return false;
    }
    return true;
}

gb_status grid_solve(base_run *run, const grid_problem *p,
                     const gb_territory_options *options, uint32_t *owner,
                     grid_result *result)
{
    solving x = { .run = run, .p = p, .options = options, .early_s = -1 };
    const size_t n_searches = count_searches(run, options);
    const bool is_pooled
        = grid_pool_fits(p, options->max_iterations * options->n_starts);
    uint64_t n_priced = 0;
    gb_status status;
    size_t best;

    x.n_searches = n_searches;
    x.schedule.n_proposals = options->max_iterations;
    x.schedule.is_warm = p->previous != NULL;
    /* A pool begins anywhere: no time for the best of starts. */
    x.schedule.is_fine = options->objective == GB_TERRITORY_MOMENT
        && !is_pooled;
    x.owners = base_alloc_array(run->mem, n_searches * p->n, sizeof *x.owners);
    x.results = base_alloc_zeroed(run->mem, n_searches, sizeof *x.results);
    x.early = base_alloc_array(run->mem, p->n, sizeof *x.early);
    if (!x.owners || !x.results || !x.early) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    base_run_phase(run, GB_N("first territories"), 0.02, 0.1, 0);
    status = price_first_start(&x);
    if (status)
        goto done;
    base_run_phase(run, GB_N("improving territories"), 0.1, 0.98, n_searches);
    if (grid_median_fits(p, options) && has_all(p, x.owners)) {
        memcpy(owner, x.owners, p->n * sizeof *owner);
        status = grid_median_solve(run, p, options, owner, result);
        if (!status)
            note_early(&x, owner, result);
        goto done;
    }
    if (is_pooled) {
        status = solve_small(&x, NULL, owner, result);
        if (!status)
            note_early(&x, owner, result);
        goto done;
    }
    status = base_parallel(run, n_searches, search_once, &x);
    if (status)
        goto done;
    best = best_start(&x);
    for (size_t i = 0; i < n_searches; i++)
        n_priced += x.results[i].n_priced;
    memcpy(owner, x.owners + best * p->n, p->n * sizeof *owner);
    *result = x.results[best];
    result->n_priced = n_priced;
    note_early(&x, owner, result);

done:
    base_free(run->mem, x.owners);
    base_free(run->mem, x.results);
    base_free(run->mem, x.early);
    return status;
}

/* --- about the best own areas -------------------------------------------- */

/* Row by row: the area's weight times its distance to each other. */
static gb_status measure_far(base_run *run, const gb_areas *areas,
                             const gb_lonlat *places, bool is_squared,
                             double **out)
{
    const size_t n = areas->n_areas;
    grid_spot *spots = base_alloc_array(run->mem, n, sizeof *spots);
    double *far = base_alloc_array(run->mem, n * n, sizeof *far);

    if (!spots || !far) {
        base_free(run->mem, spots);
        base_free(run->mem, far);
        return base_fail_nomem(run->ctx);
    }
    for (size_t a = 0; a < n; a++)
        spots[a] = grid_spot_of(areas, places, a);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const double km2 = grid_spot_km2(&spots[a], &spots[b]);

            far[a * n + b]
                = areas->activity[a] * (is_squared ? km2 : sqrt(km2));
        }
    base_free(run->mem, spots);
    *out = far;
    return GB_OK;
}

gb_status grid_solve_about(base_run *run, const gb_areas *areas,
                           const gb_lonlat *places,
                           const gb_territory_rules *rules,
                           const gb_territory_options *options,
                           bool is_squared, uint32_t *owners,
                           grid_result *result)
{
    grid_problem p;
    solving x = { .run = run, .p = &p, .options = options,
                  .owners = owners, .early_s = -1 };
    double *far = NULL;
    gb_status status = grid_problem_build(run, areas, rules, options, &p);

    if (status)
        return status;
    x.early = base_alloc_array(run->mem, p.n, sizeof *x.early);
    status = x.early ? measure_far(run, areas, places, is_squared, &far)
                     : base_fail_nomem(run->ctx);
    if (!status)
        status = price_first_start(&x);
    if (!status)
        status = solve_small(&x, far, owners, result);
    if (!status)
        note_early(&x, owners, result);
    base_free(run->mem, far);
    base_free(run->mem, x.early);
    grid_problem_clear(&p);
    return status;
}
