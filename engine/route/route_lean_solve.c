/*
 * route_lean_solve.c - lean searches side by side.
 *
 * As in route_solve.c: a search's doing depends on its number alone.  The
 * searches meet after each epoch; from the middle on, one that is well behind
 * goes on from the best plan of all.
 */
#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"
#include "route_lean.h"
#include "route_lean_pool.h"

enum { N_EPOCHS = 16, STEPS_A_LOOK = 64 };
/*
 * From FIRST_POOL on routes are kept, of so many plans in an epoch and of so
 * many of each search at least; after FIRST_JOIN and each epoch behind it plans
 * are joined.  At most an epoch's time is given to the program, some tenth of
 * the iterations' to what follows in each search.  Before that the annealing is
 * so warm that it would leave the plan again; once joined, a plan is better
 * than what goes on from it finds until the end.  Chosen on MDVRPTW PR13A,
 * PR14A, PR19A and PR23A, seeds 1 to 3, at 6,000,000 iterations in four
 * searches, together with POOLED_COLD: on average 1.12 % above the best known,
 * and 1.37 when joined after epochs 11, 13 and 14 on the way to a cold of .05.
 * The standard error of the difference is .13.
 *
 * More routes make better plans: with 3072 of them, in the order of their
 * finding, and the best search's plan joined alone, PR14A, PR15A, PR20A and
 * PR23A, seeds 1 and 2, end 1.28 % above the best known in the same iterations,
 * and 1.13 % with room for all and each search's plan joined, all eight better.
 * Twice as many plans, or a join an epoch sooner: no difference.
 */
enum {
    FIRST_POOL = 11,
    FIRST_JOIN = 13,
    POOL_PLANS = 128,
    POOL_LEAST_PLANS = 16,
    POOL_COLUMNS = 8192,
    LEAST_COLUMNS = 512,
    ITERATIONS_A_NODE = 4
};
/* The last join is given so many times what the longest has taken. */
static const double JOIN_ROOM = 1.5;
/*
 * After this epoch and those behind it searches meet; who is behind by so many
 * times the warmth goes on from the best.  Earlier and by less is no better with
 * several depots either: by 3 times from the second epoch on, MDVRPTW PR14A and
 * PR19A, seeds 1 and 2, and PR23A, seed 1, end 1.35 % above the best known on
 * average, and 1.34 % so (6,000,000 iterations, four searches).
 */
enum { FIRST_MEETING = N_EPOCHS / 2 - 1 };
static const double BEHIND = 10;
/* Clients for whom a search can be done in a second; and how many at most. */
enum { CLIENTS_A_SECOND = 100, MOST_BY_TIME = 10 };

typedef struct lean_race {
    const gb_route_options *options;
    const route_plan *start;
    const route_lean_model *model;
    route_lean *searches;
    uint32_t n_searches;
    uint64_t share;  /* iterations of each search; 0: until time is up */
    double slice_s;   /* of an epoch, where there is a time limit */
    double reserve_s; /* of the limit: what comes after needs it */
    uint32_t epoch;
    bool has_limit;
    size_t n_turns;  /* that threads take where searches are more */
    route_lean_pool *pools; /* of each search, then one of all; or NULL */
    uint64_t pool_gap;      /* iterations between plans whose routes are kept */
    uint64_t n_done;        /* iterations of all before the epoch */
    double end_s;           /* of the searches, where there is a time limit */
    double join_s;          /* the longest join so far */
    bool *is_to_join;       /* of each search */
    uint64_t join_nodes;    /* of each search */
    double join_end_s;
} lean_race;

static double progress_of(const lean_race *race, uint64_t iterations,
                          double used_s)
{
    double by_count = 0, by_time = 0;

    if (race->share)
        by_count = (double)iterations / (double)race->share;
    if (race->has_limit)
        by_time = (race->epoch + used_s / race->slice_s) / N_EPOCHS;
    by_count = by_count > by_time ? by_count : by_time;
    return by_count < 1 ? by_count : 1;
}

static gb_status run_epoch(base_run *worker, size_t thread, size_t i,
                           void *user)
{
    const lean_race *race = user;
    route_lean *s = &race->searches[i];
    const uint64_t until = race->share
        ? race->share * (race->epoch + 1) / N_EPOCHS
        : UINT64_MAX;
    const double begin_s = base_clock_s();
    const bool is_pooling = race->pools && race->epoch >= FIRST_POOL;
    uint64_t next_plan = s->iterations + race->pool_gap;
    double used_s = 0;

    (void)thread;
    if (race->epoch == 0 && !s->has_best)
        route_lean_begin(s, race->start);
    while (s->iterations < until) {
        if (s->iterations % STEPS_A_LOOK == 0) {
            gb_status status = base_poll_many(worker, STEPS_A_LOOK);

            if (status)
                return status;
            used_s = base_clock_s() - begin_s;
            if (race->has_limit
                && (used_s >= race->slice_s || worker->is_late))
                break;
            if (is_pooling && s->iterations >= next_plan) {
                route_lean_pool_take(&race->pools[i], s,
                                     &race->pools[race->n_searches]);
                next_plan = s->iterations + race->pool_gap;
            }
        }
        route_lean_step(s, progress_of(race, s->iterations, used_s));
    }
    return GB_OK;
}

/*
 * Where a client gets some two thousand iterations many times over, several
 * annealings that meet find more than a long one: it freezes as well as they
 * do, and they in different plans.  Where plans breed a search has annealings
 * of its own.
 */
static uint32_t count_searches(const route_lean_model *m,
                               const gb_route_options *options)
{
    const uint32_t n_threads = options->n_threads;
    int64_t n;

    if (options->n_searches || !m->has_windows || m->n_clients == 0
        || route_lean_weave_suits(m))
        return options->n_searches ? options->n_searches : n_threads;
    n = options->time_limit_ms / 1000 * CLIENTS_A_SECOND / m->n_clients;
    n = n > MOST_BY_TIME ? MOST_BY_TIME : n;
    return n > 1 && n_threads <= MOST_BY_TIME ? (uint32_t)n * n_threads
                                              : n_threads;
}

static route_lean *best_of(const lean_race *race)
{
    return route_lean_best_of(race->searches, race->n_searches);
}

static uint64_t count_iterations(const lean_race *race)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < race->n_searches; i++)
        n += race->searches[i].iterations;
    return n;
}

/* How many plans of each search are to be kept in the next epoch. */
static void space_plans(lean_race *race, uint64_t n_iterations)
{
    uint64_t n_plans = POOL_PLANS / race->n_searches;

    if (n_plans < POOL_LEAST_PLANS)
        n_plans = POOL_LEAST_PLANS;
    race->pool_gap = n_iterations / race->n_searches / n_plans;
}

/* When a join that begins now must be over. */
static double end_of_join(const lean_race *race)
{
    const double epoch_s = race->slice_s * (double)race->n_turns;
    const double end_s = base_clock_s() + epoch_s;

    if (!race->has_limit)
        return HUGE_VAL;
    return end_s < race->end_s ? end_s : race->end_s;
}

/* The routes that all have found, those of the best plans in any case. */
static void gather(lean_race *race)
{
    route_lean_pool *all = &race->pools[race->n_searches];

    for (uint32_t i = 0; i < race->n_searches; i++)
        route_lean_pool_take_best(all, &race->searches[i]);
    route_lean_pool_merge(all, race->pools, race->n_searches);
    for (uint32_t i = 0; i < race->n_searches; i++)
        route_lean_pool_reset(&race->pools[i]);
}

/* Is there a plan, and none of the cost with a search before? */
static bool has_own_plan(const lean_race *race, size_t i)
{
    const route_lean *s = &race->searches[i];

    for (size_t k = 0; k < i; k++)
        if (race->searches[k].has_best
            && race->searches[k].best_cost == s->best_cost)
            return false;
    return s->has_best;
}

static gb_status join_search(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    lean_race *race = user;

    (void)thread;
    return race->is_to_join[i]
        ? route_lean_join_pool(worker, &race->pools[race->n_searches],
                               &race->searches[i], race->join_nodes,
                               race->join_end_s)
        : GB_OK;
}

/*
 * Each search's plan is joined with the routes of all: which of them has most
 * to gain is not known before.
 */
static gb_status join_all(base_run *run, lean_race *race, uint64_t n_more)
{
    route_lean_pool *all = &race->pools[race->n_searches];
    bool is_priced;
    gb_status status
        = route_lean_pool_price(run, all, race->join_end_s, &is_priced);

    if (!status && is_priced) {
        race->join_nodes = 2 * n_more / ITERATIONS_A_NODE;
        for (size_t i = 0; i < race->n_searches; i++)
            race->is_to_join[i] = has_own_plan(race, i);
        status = base_parallel(run, race->n_searches, join_search, race);
        route_lean_pool_set_limit(all, best_of(race)->best_cost);
    } else if (all->most > LEAST_COLUMNS) {
        /* So many routes are too many for the time there is. */
        all->most /= 2;
    }
    route_lean_pool_thin(all);
    return status;
}

static gb_status join(base_run *run, lean_race *race)
{
    const uint64_t n_done = count_iterations(race);
    const uint64_t n_more = n_done - race->n_done;
    const double begin_s = base_clock_s();
    gb_status status = GB_OK;

    space_plans(race, n_more);
    race->n_done = n_done;
    if (race->epoch < FIRST_JOIN)
        return GB_OK;
    race->join_end_s = end_of_join(race);
    gather(race);
    if (race->pools[race->n_searches].n > 0)
        status = join_all(run, race, n_more);
    race->join_s = fmax(race->join_s, base_clock_s() - begin_s);
    return status;
}

static gb_status begin_pools(base_run *run, lean_race *race)
{
    const route_lean_model *m = race->model;

    if (!route_lean_pools(m))
        return GB_OK;
    race->pools = base_alloc_zeroed(m->data->mem, race->n_searches + 1,
                                    sizeof *race->pools);
    race->is_to_join = base_alloc_zeroed(m->data->mem, race->n_searches,
                                         sizeof *race->is_to_join);
    if (!race->pools || !race->is_to_join)
        return base_fail_nomem(run->ctx);
    for (uint32_t i = 0; i <= race->n_searches; i++)
        if (!route_lean_pool_init(&race->pools[i], m, POOL_COLUMNS))
            return base_fail_nomem(run->ctx);
    return GB_OK;
}

static void end_pools(lean_race *race)
{
    for (uint32_t i = 0; race->pools && i <= race->n_searches; i++)
        route_lean_pool_clear(&race->pools[i]);
    base_free(race->model->data->mem, race->pools);
    base_free(race->model->data->mem, race->is_to_join);
}

/* What is left of the time limit for epochs. */
static double left_s(const lean_race *race)
{
    double left = race->end_s - base_clock_s();

    if (race->epoch + 1 == N_EPOCHS)
        left -= JOIN_ROOM * race->join_s;
    return left;
}

static gb_status run_race(base_run *run, lean_race *race)
{
    gb_status status = GB_OK;

    race->end_s = run->deadline_s - race->reserve_s;
    for (race->epoch = 0; race->epoch < N_EPOCHS && !status; race->epoch++) {
        if (race->has_limit) {
            race->slice_s = left_s(race) / (N_EPOCHS - race->epoch)
                / (double)race->n_turns;
            if (race->slice_s <= 0)
                race->slice_s = 1e-9;
        }
        status = base_parallel(run, race->n_searches, run_epoch,
                               race);
        if (!status && race->pools)
            status = join(run, race);
        if (!status && race->epoch >= FIRST_MEETING)
            route_lean_meet(race->searches, race->n_searches, BEHIND);
        if (best_of(race)->has_best)
            base_run_tell_best(run,
                               -(double)best_of(race)->best_cost
                                   / (double)race->model->point);
    }
    return status;
}

/* The routes of the best search, for what comes after. */
static bool hand_over(const route_lean *s, route_plan *plan)
{
    const route_lean_model *m = s->model;

    for (uint32_t v = 0; v < m->n_routes; v++) {
        const uint32_t r = m->route_of[v], end = route_lean_end(m, r);
        uint32_t n = 0;

        for (uint32_t a = s->best_next[route_lean_start(m, r)]; a != end;
             a = s->best_next[a])
            s->pool[n++] = a;
        if (n > 0 && !ALWAYS(route_plan_set(plan, v, s->pool, n)))
            return false;
    }
    return true;
}

static gb_status race_all(base_run *run, lean_race *race)
{
    const gb_route_options *options = race->options;
    const route_lean_model *m = race->model;
    const size_t n_threads = base_parallel_threads(run, race->n_searches);
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < race->n_searches && !status; i++)
        if (!route_lean_init(&race->searches[i], m, options->seed, i))
            status = base_fail_nomem(run->ctx);
    race->n_turns = (race->n_searches + n_threads - 1) / n_threads;
    race->share = (options->max_iterations + race->n_searches - 1)
        / race->n_searches;
    race->has_limit = options->time_limit_ms > 0;
    base_run_phase(run, GB_N("planning routes"), 0, 0.95,
                   (uint64_t)race->n_searches * N_EPOCHS);
    if (!status)
        status = begin_pools(run, race);
    if (!status)
        status = run_race(run, race);
    end_pools(race);
    return status;
}

gb_status route_lean_solve(base_run *run, const route_data *data,
                           const gb_route_options *options,
                           const route_plan *start, double reserve_s,
                           route_plan *best, route_lean_report *report)
{
    lean_race race = { .options = options, .start = start };
    route_lean_model model;
    gb_status status = route_lean_model_init(run->ctx, data, &model);

    memset(report, 0, sizeof *report);
    if (status)
        return status;
    race.model = &model;
    race.n_searches = count_searches(&model, options);
    race.reserve_s = reserve_s;
    race.searches = base_alloc_zeroed(data->mem, race.n_searches,
                                      sizeof *race.searches);
    if (!race.searches)
        status = base_fail_nomem(run->ctx);
    else
        status = race_all(run, &race);
    if (race.searches && best_of(&race)->has_best) {
        route_lean *winner = best_of(&race);

        if (!status)
            route_lean_finish(winner);
        report->has_best = true;
        if (!hand_over(winner, best))
            status = base_fail_nomem(run->ctx);
    }
    for (uint32_t i = 0; race.searches && i < race.n_searches; i++) {
        const route_lean *s = &race.searches[i];

        report->iterations += s->iterations;
        report->priced += s->priced;
        report->is_cut_short |= race.has_limit
            && (race.share == 0 || s->iterations < race.share);
    }
    for (uint32_t i = 0; race.searches && i < race.n_searches; i++)
        route_lean_clear(&race.searches[i]);
    base_free(data->mem, race.searches);
    route_lean_model_clear(&model);
    return status;
}
