/*
 * route_solve.c - see route_solve.h.
 *
 * The iterations are dealt to the searches in equal shares, and the shares to
 * epochs.  Which thread runs which search is left to chance; what a search
 * does depends on its number alone, and the best is chosen by worth and
 * number: so equal bytes come out for any number of threads.  Epochs are
 * there for the time limit: each search gets its part of it before the first
 * one gets the next.
 */
#include "route_solve.h"

#include <string.h>

#include "base_check.h"
#include "base_threads.h"
#include "route_build.h"
#include "route_exact.h"
#include "route_lean.h"
#include "route_search.h"

enum { N_EPOCHS = 8, STEPS_A_LOOK = 8, EXACT_LABELS = 5000 };

/* Of a time limit, what finish() has for itself; and what reasons have, in
 * seconds a client and at most. */
static const double FINISH_SHARE = 0.03;
static const double REASON_S = 1e-5, BANDS_REASON_S = 5e-5;
static const double REASON_SHARE = 0.03;

typedef struct route_race {
    const gb_route_options *options;
    const route_plan *start;
    route_search *searches;
    uint32_t n_searches; /* of these */
    uint64_t share;      /* iterations of each search; 0: until time is up */
    double slice_s;      /* of an epoch; 0: no time limit */
    uint32_t epoch;
    uint64_t iterations, priced; /* of all searches */
    bool is_cut_short; /* time ran out before the iterations were done */
} route_race;

static double reserve_s(const gb_route_options *options,
                        const route_data *data)
{
    const double limit_s = (double)options->time_limit_ms * 1e-3;
    const bool has_bands = data->n_vehicles && data->vehicles[0].n_bands;
    const double reasons_s
        = (has_bands ? BANDS_REASON_S : REASON_S) * data->n_clients;

    if (options->skip_reasons)
        return FINISH_SHARE * limit_s;
    return FINISH_SHARE * limit_s
        + (reasons_s < REASON_SHARE * limit_s ? reasons_s
                                              : REASON_SHARE * limit_s);
}

static double progress_of(const route_race *race, uint64_t iterations,
                          double used_s)
{
    double by_count = 0, by_time = 0;

    if (race->share)
        by_count = (double)iterations / (double)race->share;
    if (race->slice_s > 0) {
        by_time = (race->epoch + used_s / race->slice_s) / N_EPOCHS;
        if (by_time > 1)
            by_time = 1;
    }
    return by_count > by_time ? by_count : by_time;
}

static gb_status run_epoch(base_run *worker, size_t thread, size_t i,
                           void *user)
{
    const route_race *race = user;
    route_search *search = &race->searches[i];
    const uint64_t until = race->share
        ? race->share * (race->epoch + 1) / N_EPOCHS
        : UINT64_MAX;
    const double begin_s = race->slice_s > 0 ? base_clock_s() : 0;
    double used_s = 0;

    (void)thread;
    search->run = worker;
    if (race->epoch == 0)
        route_search_begin(search, race->start);
    while (search->iterations < until) {
        gb_status status = base_poll_many(worker, 8);

        if (status)
            return status;
        if (race->slice_s > 0 && search->iterations % STEPS_A_LOOK == 0) {
            used_s = base_clock_s() - begin_s;
            if (used_s >= race->slice_s || worker->is_late)
                break;
        }
        route_search_step(search,
                          progress_of(race, search->iterations, used_s));
    }
    return GB_OK;
}

/* A left-out client for a run of served ones, where that is worth more. */
static bool displace_by(route_search *search, route_plan *plan, uint32_t c)
{
    route_displacement d;
    const route_tour *tour;
    uint32_t n;

    if (plan->tour_of[c] != GB_ROUTE_NONE
        || !route_displace(plan, c, search->scratch, &d)
        || !route_plan_improves(plan, d.vehicle, &d.end))
        return false;
    tour = &plan->tours[d.vehicle];
    n = route_displaced_items(tour, c, &d, search->scratch);
    return route_plan_allows(plan, d.vehicle, search->scratch, n,
                             GB_ROUTE_NONE, NULL, 0)
        && route_habit_keeps_items(search, tour, search->scratch, n, &d.end)
        && ALWAYS(route_plan_set(plan, d.vehicle, search->scratch, n));
}

static bool displace_for_gain(route_search *search, route_plan *plan)
{
    bool is_better = false;

    for (uint32_t c = 0;
         c < search->data->n_clients && !route_search_is_over(search); c++)
        is_better |= displace_by(search, plan, c);
    return is_better;
}

/* No route worse than its own stops in nearest-neighbour order. */
static bool beat_nearest(route_search *search, route_plan *plan)
{
    route_plan *other = &search->current;
    bool is_better = false;

    for (uint32_t v = 0; v < search->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        uint32_t n = 0, n_breaks = tour->vehicle->n_breaks;

        if (tour->n_frozen)
            continue;
        for (uint32_t w = 0; w < search->data->n_vehicles; w++)
            route_plan_forget(other, w);
        for (uint32_t k = 0; k < n_breaks; k++)
            search->other_scratch[k] = GB_ROUTE_BREAK(k);
        (void)route_plan_set(other, v, search->other_scratch, n_breaks);
        other->tours[v].n_frozen = 0;
        for (uint32_t i = 0; i < tour->n_items; i++)
            if (!route_is_break(tour->items[i]))
                search->scratch[n++] = tour->items[i];
        if (!route_build_nearest(other, v, search->scratch, n)
            || !route_plan_improves(plan, v, &other->tours[v].end))
            continue;
        (void)route_plan_set(plan, v, other->tours[v].items,
                             other->tours[v].n_items);
        is_better = true;
    }
    return is_better;
}

/* The best order of each short route, proven; true where one is better. */
static gb_status make_exact(base_run *run, route_search *search,
                            route_exact *exact, bool *is_better)
{
    route_plan *plan = &search->candidate;

    *is_better = false;
    for (uint32_t v = 0; v < search->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        uint32_t n = 0;

        if (tour->n_frozen || tour->n_items > ROUTE_EXACT_ITEMS)
            continue;
        if (base_run_is_over(run)) /* a route may take a millisecond */
            break;
        for (uint32_t i = 0; i < tour->n_items; i++)
            if (!route_is_break(tour->items[i]))
                search->scratch[n++] = tour->items[i];
        if (!route_exact_suits(search->data, v, n))
            continue;
        if (!route_exact_solve(search->data, v, search->scratch, n,
                               &tour->end.worth, exact))
            return base_fail_nomem(run->ctx);
        *is_better |= exact->is_found
                      && ALWAYS(route_plan_set(plan, v, exact->items,
                                               exact->n_items));
    }
    return GB_OK;
}

static gb_status finish(base_run *run, route_search *search)
{
    route_exact exact = { .most_labels = EXACT_LABELS };
    bool is_better;
    gb_status status = GB_OK;

    if (!route_exact_take_room(search->data, &exact))
        return base_fail_nomem(run->ctx);
    search->run = run;
    do {
        status = base_poll_many(run, 256);
        route_search_finish(search);
        route_plan_copy(&search->candidate, &search->best, NULL);
        is_better = status == GB_OK
                    && (displace_for_gain(search, &search->candidate)
                        || beat_nearest(search, &search->candidate));
        if (status == GB_OK && !is_better)
            status = make_exact(run, search, &exact, &is_better);
        is_better = is_better && route_search_offer(search);
    } while (status == GB_OK && is_better);
    route_exact_give_room(search->data, &exact);
    return status;
}

static route_search *best_of(route_search *searches, uint32_t n)
{
    route_search *best = &searches[0];

    for (uint32_t i = 1; i < n; i++)
        if (route_search_compare(&searches[i], best) > 0)
            best = &searches[i];
    return best;
}

static gb_status hand_over(base_run *run, const route_race *race,
                           route_search *best, gb_status status,
                           gb_route_solution **out)
{
    gb_route_solution *solution = route_result_new(&best->best);

    if (!solution)
        return base_fail_nomem(run->ctx);
    solution->summary.iterations = race->iterations;
    solution->summary.moves_priced = race->priced;
    solution->summary.outcome = race->is_cut_short
                                    ? GB_OUTCOME_TIME_LIMIT
                                    : GB_OUTCOME_ITERATION_LIMIT;
    solution->summary.is_certified
        = status == GB_OK && !race->options->within_habit;
    if (status == GB_OK && !race->options->skip_reasons)
        status = route_explain(run, &best->best, best->scratch, solution);
    if (status == GB_ERR_NOMEM) {
        gb_route_solution_free(solution);
        solution = NULL;
    }
    *out = solution;
    return status;
}

/* The searches of this file, side by side. */
static gb_status run_race(base_run *run, route_race *race)
{
    const size_t n_threads = base_parallel_threads(run, race->n_searches);
    const size_t n_turns = (race->n_searches + n_threads - 1) / n_threads;
    gb_status status = GB_OK;

    race->share = (race->options->max_iterations + race->n_searches - 1)
                  / race->n_searches;
    if (race->options->time_limit_ms > 0)
        race->slice_s = ((double)race->options->time_limit_ms * 1e-3
                         - reserve_s(race->options, race->searches->data))
                        / N_EPOCHS / (double)n_turns;
    for (uint32_t i = 0; i < race->n_searches; i++)
        route_starts_init(&race->searches[i], race->share);
    base_run_phase(run, GB_N("planning routes"), 0, 0.95,
                   (uint64_t)race->n_searches * N_EPOCHS);
    for (race->epoch = 0; race->epoch < N_EPOCHS && status == GB_OK;
         race->epoch++) {
        status = base_parallel(run, race->n_searches, run_epoch, race);
        base_run_tell_best(run,
                           (double)best_of(race->searches, race->n_searches)
                               ->best.worth.value_milli);
    }
    for (uint32_t i = 0; i < race->n_searches; i++) {
        const route_search *search = &race->searches[i];

        race->iterations += search->iterations;
        race->priced += search->priced;
        race->is_cut_short |= race->slice_s > 0
                              && (race->share == 0
                                  || search->iterations < race->share);
    }
    return status;
}

/* The lean search instead; what it finds is finished as any other plan. */
static gb_status run_lean_race(base_run *run, const route_data *data,
                               route_race *race)
{
    route_search *search = &race->searches[0];
    route_lean_report report;
    gb_status status
        = route_lean_solve(run, data, race->options, race->start,
                           reserve_s(race->options, data), &search->candidate,
                           &report);

    if (report.has_best)
        route_plan_copy(&search->best, &search->candidate, NULL);
    race->iterations = report.iterations;
    race->priced = report.priced;
    race->is_cut_short = report.is_cut_short;
    return status;
}

static bool has_frozen(const route_plan *start)
{
    for (uint32_t v = 0; start && v < start->data->n_vehicles; v++)
        if (start->tours[v].n_frozen)
            return true;
    return false;
}

static gb_status plan_routes(base_run *run, const route_data *data, bool is_lean,
                     route_race *race, gb_route_solution **out)
{
    gb_status status
        = is_lean ? run_lean_race(run, data, race) : run_race(run, race);

    if (status == GB_OK) {
        base_run_phase(run, GB_N("finishing routes"), 0.95, 1, 0);
        status = finish(run, best_of(race->searches, race->n_searches));
    }
    if (status == GB_OK || status == GB_ERR_CANCELLED)
        status = hand_over(run, race,
                           best_of(race->searches, race->n_searches), status,
                           out);
    return status;
}

gb_status route_solve(base_run *run, const route_data *data,
                      const gb_route_options *options,
                      const route_plan *start, gb_route_solution **out)
{
    const bool is_lean = !has_frozen(start) && !options->within_habit
        && route_lean_suits(data);
    const uint32_t n = is_lean ? 1
        : options->n_searches  ? options->n_searches
                               : options->n_threads;
    route_race race
        = { .options = options, .start = start, .n_searches = n };
    route_guide guide;
    gb_status status = GB_OK;

    if (!route_guide_init(&guide, data))
        return base_fail_nomem(run->ctx);
    race.searches
        = base_alloc_zeroed(data->mem, n, sizeof *race.searches);
    if (!race.searches)
        status = base_fail_nomem(run->ctx);
    for (uint32_t i = 0; i < n && status == GB_OK; i++)
        if (!route_search_init(&race.searches[i], data, &guide, options->seed,
                               i))
            status = base_fail_nomem(run->ctx);
    for (uint32_t i = 0; i < n && status == GB_OK; i++)
        race.searches[i].within_habit = options->within_habit;
    /* So that a search that never began has no less than it was given. */
    for (uint32_t i = 0; i < n && start && status == GB_OK; i++)
        route_plan_copy(&race.searches[i].best, start, NULL);
    if (status == GB_OK)
        status = plan_routes(run, data, is_lean, &race, out);
    for (uint32_t i = 0; race.searches && i < n; i++)
        route_search_clear(&race.searches[i]);
    base_free(data->mem, race.searches);
    route_guide_clear(&guide, data);
    return status;
}
