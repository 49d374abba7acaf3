/*
 * plan_route.c - see plan_route.h.
 */
#include "plan_route.h"

#include <stdlib.h>
#include <string.h>

#include <gridbeat/route_reason.h>

#include "base_check.h"
#include "plan_drive.h"
#include "plan_problem.h"
#include "plan_way.h"

/*
 * What an hour on the way must bring, in points, beside what any hour costs;
 * and whether prizes go by the hour.  Chances to meet somebody by the hour
 * pull a route to and fro; people want routes that look right, and never a
 * longer way than the habit of going to the nearest next would take through
 * the same stops: the search keeps to that.  Where musts make it longer all
 * the same, dearer ways are tried, what is still longer is cut down
 * (plan_way_cut), and the route that brings most is taken.
 */
static const struct attempt {
    int64_t way_price_per_h;
    bool is_flat; /* each client has his mean prize at any hour */
    bool is_last_resort; /* where all before it were still longer */
} attempts[PLAN_SEARCHES - 1] = { { 150, false, false }, { 600, true, false },
                                  { 4800, true, true } };

/* ---- the list by balance to compare with ---- */

typedef struct by_balance {
    bool is_must;
    int64_t balance_fen;
    uint32_t client;
} by_balance;

static int richest_first(const void *a, const void *b)
{
    const by_balance *p = a, *q = b;

    if (p->is_must != q->is_must)
        return p->is_must ? -1 : 1;
    if (p->balance_fen != q->balance_fen)
        return p->balance_fen > q->balance_fen ? -1 : 1;
    return (p->client > q->client) - (p->client < q->client);
}

static int64_t chances_of(const plan_problem *p,
                          const gb_route_solution *solution)
{
    gb_route_totals totals = { .size = sizeof totals };
    int64_t permille = 0;

    (void)gb_route_solution_totals(solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            permille += plan_problem_chance(p, &stop);
    }
    return permille;
}

static gb_status compare_greedy(plan_problem *p)
{
    const size_t n = p->problem.n_clients;
    by_balance *list = plan_problem_take(p, n, sizeof *list);
    uint32_t *order = plan_problem_take(p, n, sizeof *order);
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_solution *solution = NULL;
    gb_status status;

    if (!list || !order)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t c = 0; c < n; c++) {
        const store_target *t = plan_problem_target(p, p->candidate_of[c]);

        list[c] = (by_balance){ plan_is_must(t), t->balance_fen, c };
    }
    qsort(list, n, sizeof *list, richest_first);
    for (size_t i = 0; i < n; i++)
        order[i] = list[i].client;
    status = gb_route_greedy(p->run->ctx, &p->problem, order, n, &solution);
    if (!status) {
        (void)gb_route_solution_summary(solution, &summary);
        p->day->greedy_prize = summary.prize;
        p->day->greedy_field_s = summary.field_s;
        p->day->greedy_travel_s = summary.travel_s;
        p->day->greedy_met_permille = chances_of(p, solution);
    }
    gb_route_solution_free(solution);
    return status;
}

/* ---- search ---- */

static gb_status check_solution(plan_problem *p,
                                const gb_route_solution *solution)
{
    gb_route_findings *findings = NULL;
    gb_status status
        = gb_route_check(p->run->ctx, &p->problem, solution, &findings);

    if (!status && gb_route_findings_count(findings) > 0)
        status = base_fail(p->run->ctx, GB_ERR_INTERNAL,
                           "the route of manager %s does not check: %s",
                           p->manager->ref,
                           gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    return status;
}

/* The prices of an attempt, for all that follows. */
static void take_prices(plan_problem *p, const struct attempt *attempt)
{
    p->vehicle.cost_per_m_milli
        = plan_problem_way_price(p, attempt->way_price_per_h);
    p->problem.client_slot_prize
        = attempt->is_flat ? p->flat_prize : p->hourly_prize;
}

static gb_status solve_at(plan_problem *p, const struct attempt *attempt,
                          gb_route_solution **out)
{
    const gb_plan_options *given = &p->data->settings->given;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;

    take_prices(p, attempt);
    options.max_iterations = given->max_iterations;
    options.time_limit_ms = p->prizes->search_limit_ms;
    options.seed = given->seed;
    options.n_searches = 1; /* managers share the threads */
    options.within_habit = true;
    options.skip_reasons = true; /* those of the best are asked for later */
    return gb_route_solve(p->run->ctx, &p->problem, &options, out);
}

/* One attempt: what was found, and what is driven of it. */
typedef struct found {
    const struct attempt *attempt;
    gb_route_solution *solution;
    gb_route_solution *driven;   /* cut down; NULL: the solution as it is */
    int64_t prize;               /* by the hours of what is driven */
    bool is_longer;              /* than the habit, for the sake of musts */
} found;

static void clear_found(found *f)
{
    gb_route_solution_free(f->solution);
    gb_route_solution_free(f->driven);
    memset(f, 0, sizeof *f);
}

static gb_status cut_down(plan_problem *p, found *f)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[2] = { 0, 0 };
    plan_way w = { 0 };
    gb_status status = plan_way_read(p, f->solution, &w);
    size_t before;

    if (status)
        return status;
    before = w.n;
    f->is_longer = !plan_way_cut(p, &w);
    if (w.n == before)
        return GB_OK;
    first[1] = (uint32_t)w.n;
    order.first = first;
    order.items = w.clients;
    return gb_route_evaluate(p->run->ctx, &p->problem, &order, &f->driven);
}

static int64_t gain_of(const plan_problem *p,
                        const gb_route_solution *solution)
{
    gb_route_totals totals = { .size = sizeof totals };
    int64_t prize = 0;

    (void)gb_route_solution_totals(solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            prize += plan_problem_gain(p, &stop);
    }
    return prize;
}

static bool is_better(const found *a, const found *b)
{
    if (a->is_longer != b->is_longer)
        return b->is_longer;
    return a->prize > b->prize;
}

static gb_status search(plan_problem *p, found *best)
{
    gb_status status = GB_OK;

    memset(best, 0, sizeof *best);
    for (size_t i = 0; i < COUNT_OF(attempts) && !status; i++) {
        found next = { .attempt = &attempts[i] };

        if (attempts[i].is_last_resort && !best->is_longer)
            break;
        status = solve_at(p, &attempts[i], &next.solution);
        if (!status)
            status = cut_down(p, &next);
        if (!status)
            next.prize
                = gain_of(p, next.driven ? next.driven : next.solution);
        if (status || (best->solution && !is_better(&next, best))) {
            clear_found(&next);
            continue;
        }
        clear_found(best);
        *best = next;
        if (!best->driven && !best->is_longer)
            break; /* by its hours and not longer: there is no better */
    }
    if (status)
        clear_found(best);
    return status;
}

/* Visits that were cut out of the found route. */
static gb_status settle_cut(plan_problem *p, const found *f)
{
    gb_route_totals totals = { .size = sizeof totals };

    if (!f->driven)
        return GB_OK;
    (void)gb_route_solution_totals(f->solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };
        uint32_t vehicle = GB_ROUTE_NONE, item;

        (void)gb_route_solution_stop(f->solution, 0, i, &stop);
        if (stop.kind != GB_ROUTE_STOP_CLIENT)
            continue;
        (void)gb_route_solution_find(f->driven, stop.client, &vehicle, &item);
        if (vehicle == GB_ROUTE_NONE)
            plan_problem_settle(p, p->candidate_of[stop.client], STORE_CROWDED_OUT,
                   "detour");
    }
    return GB_OK;
}

/* Why the others are not served by what was found, at its prices. */
static gb_status read_reasons(plan_problem *p, const found *f)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_totals totals = { .size = sizeof totals };
    gb_route_solution *explained = NULL;
    uint32_t first[2] = { 0, 0 }, *items;
    size_t needed = 0;
    gb_status status;

    (void)gb_route_solution_totals(f->solution, 0, &totals);
    items = plan_problem_take(p, totals.n_items, sizeof *items);
    if (!items)
        return base_fail_nomem(p->run->ctx);
    status = gb_route_solution_order(f->solution, first, items,
                                     totals.n_items, &needed);
    order.first = first;
    order.items = items;
    if (!status)
        status = gb_route_explain(p->run->ctx, &p->problem, &order,
                                  &explained);
    if (!status)
        status = plan_drive_reasons(p, explained);
    gb_route_solution_free(explained);
    return status;
}

static bool visits_nobody(const found *f)
{
    gb_route_totals totals = { .size = sizeof totals };

    (void)gb_route_solution_totals(f->driven ? f->driven : f->solution, 0,
                                   &totals);
    return totals.n_clients == 0;
}

/*
 * No day is given to waiting alone: tomorrow would say the same of the day
 * after it, and nobody would ever be visited.
 */
static gb_status search_day(plan_problem *p, const plan_wait *wait,
                            found *best)
{
    gb_status status;

    plan_wait_price(p, wait);
    status = search(p, best);
    if (!status && visits_nobody(best)) {
        clear_found(best);
        plan_problem_of_day(p, 0);
        status = search(p, best);
    }
    return status;
}

static gb_status solve(plan_problem *p, const plan_wait *wait)
{
    found best;
    plan_way w = { 0 };
    gb_status status = search_day(p, wait, &best);

    if (!status) {
        take_prices(p, best.attempt);
        status = check_solution(p, best.driven ? best.driven : best.solution);
    }
    if (!status)
        status = settle_cut(p, &best);
    if (!status)
        status = read_reasons(p, &best);
    if (!status)
        status = plan_drive_route(p, best.driven ? best.driven : best.solution);
    if (!status)
        status = plan_way_read(p, best.driven ? best.driven : best.solution, &w);
    if (!status) {
        p->day->nearest_travel_s = plan_way_habit_s(p, &w);
        p->day->way_price_per_h = best.attempt->way_price_per_h;
        p->day->is_flat = best.attempt->is_flat;
        p->problem.client_slot_prize = p->hourly_prize;
    }
    clear_found(&best);
    return status;
}

/* The day of the plan, and what is then left for the later ones. */
static gb_status solve_days(plan_problem *p)
{
    plan_wait wait;
    gb_status status = plan_wait_build(p, &wait);

    if (status)
        return status;
    plan_problem_of_day(p, 0);
    if (p->problem.n_clients > 0)
        status = compare_greedy(p);
    if (!status && p->problem.n_clients > 0)
        status = solve(p, &wait);
    return status ? status : plan_horizon_later(p, &wait);
}

gb_status plan_manager_solve(const plan_data *data, const plan_prizes *prizes,
                             base_run *worker, plan_manager_day *day)
{
    plan_problem p = { .data = data, .run = worker, .day = day,
                      .prizes = prizes,
                      .manager = &data->managers.items[day->manager] };
    gb_status status;

    day->route.break_start_s = day->route.break_end_s = STORE_NO_TIME;
    day->fates = base_arena_alloc(&day->arena, day->n_candidates,
                                  sizeof *day->fates);
    if (!day->fates)
        return base_fail_nomem(worker->ctx);
    if (day->n_candidates == 0)
        return GB_OK;
    for (size_t c = 0; c < day->n_candidates; c++)
        day->fates[c].state = PLAN_AS_IT_WAS;
    base_arena_init(&p.scratch, worker->mem);
    status = plan_problem_build(&p);
    if (!status && p.n_open > 0)
        status = solve_days(&p);
    base_arena_clear(&p.scratch);
    return status;
}
