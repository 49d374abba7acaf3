#include "base_rng.h"
#include "route_data.h"
#include "route_tour.h"
#include "route_walk.h"

#include "route_hold.h"

#include <gridbeat/route.h>

static void make(route_case *made, uint64_t seed, uint32_t most_clients,
                 uint32_t most_vehicles)
{
    base_rng rng = base_rng_seeded(seed);
    route_case_size size = { 0, 0, 0 };

    size.n_clients = (uint32_t)base_rng_between(&rng, 1, most_clients);
    size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, most_vehicles);
    route_case_make(made, size, route_draw_random, &rng);
}

static gb_route_solution *solve(gb_context *ctx,
                                const gb_route_problem *problem,
                                uint64_t iterations, uint64_t seed)
{
    return route_hold_solve(ctx, problem, iterations, "a bank's day", seed);
}

/* --- reasons --- */

/* Can the client be served alone by the vehicle?  Breaks before and after it,
   of each the first number first or last (there are two at most). */
static bool is_possible_alone(gb_context *ctx, const gb_route_problem *problem,
                              uint32_t v, uint32_t c)
{
    const uint32_t n_breaks = problem->vehicles[v].n_breaks;

    for (uint32_t way = 0; way < 2u << n_breaks; way++) {
        const uint32_t after = way >> 1;
        uint32_t first[CASE_VEHICLES + 1] = { 0 }, items[8], n = 0;
        gb_route_order order = GB_ROUTE_ORDER_INIT;
        gb_route_solution *solution = NULL;
        gb_status status;

        for (uint32_t is_behind = 0; is_behind < 2; is_behind++) {
            for (uint32_t k = 0; k < n_breaks; k++) {
                const uint32_t b = way & 1 ? n_breaks - 1 - k : k;

                if ((after >> b & 1) == is_behind)
                    items[n++] = GB_ROUTE_BREAK(b);
            }
            if (!is_behind)
                items[n++] = c;
        }
        for (uint32_t w = v + 1; w <= problem->n_vehicles; w++)
            first[w] = n;
        order.first = first;
        order.items = items;
        status = gb_route_evaluate(ctx, problem, &order, &solution);
        ck_assert(status == GB_OK || status == GB_ERR_INFEASIBLE);
        gb_route_solution_free(solution);
        if (status == GB_OK)
            return true;
    }
    return false;
}

/* Relax the constraint of the reason in the problem itself. */
static void mend(route_case *it, const gb_route_reason *reason, int32_t more_s)
{
    gb_route_vehicle *vehicle = &it->vehicles[reason->vehicle];

    switch (reason->constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        it->windows[it->first_window[reason->client + 1] - 1].late_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        vehicle->shift_end_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_DURATION:
        vehicle->max_duration_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_BREAK:
        for (uint32_t k = 0; k < vehicle->n_breaks; k++)
            it->breaks[reason->vehicle][k].late_s += more_s;
        break;
    default:
        break;
    }
}

static int hold_reason(gb_context *ctx, uint64_t seed, route_case *it,
                       const gb_route_reason *reason)
{
    bool is_possible = false;

    for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
        is_possible |= is_possible_alone(ctx, &it->problem, v, reason->client);
    ck_assert_msg(is_possible
                      == (reason->kind != GB_ROUTE_REASON_IMPOSSIBLE),
                  "seed %llu: client %u is %spossible alone",
                  (unsigned long long)seed, reason->client,
                  is_possible ? "" : "im");
    if (reason->kind != GB_ROUTE_REASON_IMPOSSIBLE) {
        /* With musts at stake, value may be given away for them. */
        if (!it->problem.client_must)
            ck_assert_msg(reason->gain_milli <= 0,
                          "seed %llu: client %u, gain %lld",
                          (unsigned long long)seed, reason->client,
                          (long long)reason->gain_milli);
        return 0;
    }
    if (reason->mend_s == 0)
        return 0;
    mend(it, reason, reason->mend_s);
    ck_assert_msg(is_possible_alone(ctx, &it->problem, reason->vehicle,
                                    reason->client),
                  "seed %llu: client %u, %s, %d s do not mend it",
                  (unsigned long long)seed, reason->client,
                  gb_route_constraint_name(reason->constraint),
                  reason->mend_s);
    mend(it, reason, -1);
    ck_assert(!is_possible_alone(ctx, &it->problem, reason->vehicle,
                                 reason->client));
    mend(it, reason, 1 - reason->mend_s);
    return 1;
}

START_TEST(relaxing_the_named_constraint_makes_the_client_possible)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(200);
    int n_mended = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 3000 + (uint64_t)i;
        static route_case it;
        gb_route_solution *solution;
        gb_route_reason reason = { .size = sizeof reason };

        make(&it, seed, 10, 2);
        solution = solve(ctx, &it.problem, 200, seed);
        for (uint32_t k = 0; gb_route_solution_reason(solution, k, &reason);
             k++)
            n_mended += hold_reason(ctx, seed, &it, &reason);
        gb_route_solution_free(solution);
    }
    ck_assert_int_gt(n_mended, n_cases / 20);
    gb_context_free(ctx);
}
END_TEST

/* --- prices --- */

START_TEST(the_price_of_an_insertion_is_that_of_driving_the_new_route)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(200);
    long n_fit = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 4000 + (uint64_t)i;
        static route_case it;
        base_rng rng = base_rng_seeded(seed);
        uint32_t items[CASE_CLIENTS + 4];
        route_data data;
        route_plan plan;

        make(&it, seed, 30, 1);
        assert_ok(ctx, route_data_build(ctx, &it.problem, &data));
        ck_assert(route_plan_init(&plan, &data));
        for (int k = 0; k < 200; k++) {
            const uint32_t c
                = (uint32_t)base_rng_below(&rng, data.n_clients);
            const route_tour *tour = &plan.tours[0];
            const uint32_t gap
                = (uint32_t)base_rng_below(&rng, tour->n_items + 1);
            route_end priced, driven;
            int32_t detour_s;
            bool fits, is_priced, is_driven;

            if (plan.tour_of[c] != GB_ROUTE_NONE
                || !route_plan_may_insert(&plan, 0, c))
                continue;
            memcpy(items, tour->items, gap * sizeof *items);
            items[gap] = c;
            memcpy(items + gap + 1, tour->items + gap,
                   (tour->n_items - gap) * sizeof *items);
            is_driven = route_walk(&data, tour->vehicle, items,
                                   tour->n_items + 1, &driven);
            is_priced = route_tour_price(&data, tour, gap, c, &priced);
            fits = route_tour_fits(&data, tour, gap, c, &detour_s);
            ck_assert_msg(is_driven == is_priced, "seed %llu",
                          (unsigned long long)seed);
            ck_assert(!is_priced || fits);
            if (data.vehicles[0].max_duration_s == ROUTE_NEVER)
                ck_assert_msg(is_driven == fits, "seed %llu",
                              (unsigned long long)seed);
            if (!is_driven)
                continue;
            n_fit++;
            ck_assert_int_eq(priced.worth.value_milli,
                             driven.worth.value_milli);
            ck_assert_int_eq(priced.worth.field_s, driven.worth.field_s);
            ck_assert_int_eq(priced.worth.travel_s, driven.worth.travel_s);
            ck_assert_int_eq(priced.depart_s, driven.depart_s);
            ck_assert(route_plan_insert(&plan, 0, gap, c));
            ck_assert_int_eq(plan.worth.value_milli,
                             driven.worth.value_milli);
        }
        route_plan_clear(&plan);
        route_data_clear(&data);
    }
    ck_assert_int_gt(n_fit, n_cases);
    gb_context_free(ctx);
}
END_TEST

/* --- habits --- */

START_TEST(no_route_is_worse_than_its_stops_in_nearest_neighbour_order)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(100);
    int n_compared = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 6000 + (uint64_t)i;
        static route_case it;
        uint32_t list[CASE_CLIENTS];
        gb_route_solution *ours, *nearest, *greedy;

        make(&it, seed, 40, 3);
        ours = solve(ctx, &it.problem, 20, seed);
        assert_ok(ctx, gb_route_nearest_neighbour(ctx, &it.problem, ours,
                                                  &nearest));
        for (uint32_t c = 0; c < it.problem.n_clients; c++)
            list[c] = c;
        assert_ok(ctx, gb_route_greedy(ctx, &it.problem, list,
                                       it.problem.n_clients, &greedy));
        route_hold_to_checker(ctx, &it.problem, nearest, "nearest", seed);
        route_hold_to_checker(ctx, &it.problem, greedy, "greedy", seed);
        for (uint32_t v = 0; v < it.problem.n_vehicles; v++) {
            gb_route_totals a = { .size = sizeof a }, b = { .size = sizeof b };

            ck_assert(gb_route_solution_totals(ours, v, &a));
            ck_assert(gb_route_solution_totals(nearest, v, &b));
            if (a.n_clients != b.n_clients || a.n_clients == 0)
                continue;
            n_compared++;
            ck_assert_int_ge(a.value_milli, b.value_milli);
            if (a.value_milli == b.value_milli)
                ck_assert_int_le(a.field_s, b.field_s);
        }
        gb_route_solution_free(ours);
        gb_route_solution_free(nearest);
        gb_route_solution_free(greedy);
    }
    ck_assert_int_gt(n_compared, n_cases / 4);
    gb_context_free(ctx);
}
END_TEST

/* --- what is frozen stays --- */

/* On to the nearest place that is left, and home; of the route of v. */
static int64_t habit_of(const gb_route_problem *problem,
                        const gb_route_solution *solution, uint32_t v)
{
    const gb_route_vehicle *vehicle = &problem->vehicles[v];
    const int32_t *seconds = problem->profiles[vehicle->profile].seconds;
    const uint32_t n = problem->n_locations;
    bool is_left[CASE_LOCATIONS] = { false };
    uint32_t here = vehicle->start_location;
    gb_route_totals totals = { .size = sizeof totals };
    int64_t way_s = 0;

    ck_assert(gb_route_solution_totals(solution, v, &totals));
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        ck_assert(gb_route_solution_stop(solution, v, i, &stop));
        if (stop.kind != GB_ROUTE_STOP_CLIENT)
            continue;
        is_left[stop.location] = true;
        if (here == GB_ROUTE_NONE)
            here = stop.location;
    }
    for (;;) {
        uint32_t next = GB_ROUTE_NONE;

        for (uint32_t l = 0; l < n; l++)
            if (is_left[l]
                && (next == GB_ROUTE_NONE
                    || seconds[here * n + l] < seconds[here * n + next]))
                next = l;
        if (next == GB_ROUTE_NONE)
            break;
        way_s += seconds[here * n + next];
        is_left[next] = false;
        here = next;
    }
    return way_s
        + (here == GB_ROUTE_NONE || vehicle->end_location == GB_ROUTE_NONE
               ? 0
               : seconds[here * n + vehicle->end_location]);
}

static void hold_to_habit(gb_context *ctx, const gb_route_problem *problem,
                          uint64_t seed, int *n_longer)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    uint32_t first[2][CASE_VEHICLES + 1], items[2][CASE_CLIENTS + 8];
    gb_route_solution *free_one = solve(ctx, problem, 60, seed);

    options.max_iterations = 60;
    options.seed = seed;
    options.within_habit = true;
    memset(items, 0, sizeof items);
    for (uint32_t k = 0; k < 2; k++) {
        gb_route_solution *solution = NULL;
        size_t n;

        options.n_threads = 1 + k;
        assert_ok(ctx, gb_route_solve(ctx, problem, &options, &solution));
        route_hold_to_checker(ctx, problem, solution, "habit", seed);
        assert_ok(ctx, gb_route_solution_order(solution, first[k], items[k],
                                               CASE_CLIENTS + 8, &n));
        for (uint32_t v = 0; v < problem->n_vehicles; v++) {
            gb_route_totals totals = { .size = sizeof totals };

            ck_assert(gb_route_solution_totals(solution, v, &totals));
            ck_assert_msg(totals.travel_s <= habit_of(problem, solution, v),
                          "seed %llu: vehicle %u", (unsigned long long)seed,
                          v);
            ck_assert(gb_route_solution_totals(free_one, v, &totals));
            *n_longer += totals.travel_s > habit_of(problem, free_one, v);
        }
        gb_route_solution_free(solution);
    }
    ck_assert_mem_eq(first[0], first[1],
                     (problem->n_vehicles + 1) * sizeof first[0][0]);
    ck_assert_mem_eq(items[0], items[1], sizeof items[0]);
    gb_route_solution_free(free_one);
}

START_TEST(no_route_that_keeps_to_the_habit_travels_longer_than_it)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(100);
    int n_longer = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 7500 + (uint64_t)i;
        static route_case it;

        make(&it, seed, 40, 3);
        it.problem.client_must = NULL;
        hold_to_habit(ctx, &it.problem, seed, &n_longer);
    }
    ck_assert_int_gt(n_longer, n_cases / 4);
    gb_context_free(ctx);
}
END_TEST

START_TEST(frozen_items_stay_and_a_start_is_never_made_worse)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(100);
    int n_frozen_items = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 7000 + (uint64_t)i;
        static route_case it;
        base_rng rng = base_rng_seeded(seed);
        uint32_t first[CASE_VEHICLES + 1], items[CASE_CLIENTS + 8];
        uint32_t new_first[CASE_VEHICLES + 1], new_items[CASE_CLIENTS + 8];
        uint32_t n_frozen[CASE_VEHICLES];
        size_t n;
        gb_route_order order = GB_ROUTE_ORDER_INIT;
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_solution *before, *after;

        make(&it, seed, 30, 3);
        before = solve(ctx, &it.problem, 20, seed);
        assert_ok(ctx, gb_route_solution_order(before, first, items,
                                               CASE_CLIENTS + 8, &n));
        for (uint32_t v = 0; v < it.problem.n_vehicles; v++) {
            n_frozen[v] = (uint32_t)base_rng_below(
                &rng, first[v + 1] - first[v] + 1);
            n_frozen_items += (int)n_frozen[v];
        }
        order.first = first;
        order.items = items;
        order.n_frozen = n_frozen;
        options.start = &order;
        options.max_iterations = 50;
        assert_ok(ctx, gb_route_solve(ctx, &it.problem, &options, &after));
        route_hold_to_checker(ctx, &it.problem, after, "frozen", seed);
        assert_ok(ctx, gb_route_solution_order(after, new_first, new_items,
                                               CASE_CLIENTS + 8, &n));
        for (uint32_t v = 0; v < it.problem.n_vehicles; v++) {
            ck_assert_uint_le(n_frozen[v], new_first[v + 1] - new_first[v]);
            ck_assert_mem_eq(&items[first[v]], &new_items[new_first[v]],
                             n_frozen[v] * sizeof *items);
        }
        ck_assert_uint_le(route_summary_of(after).n_musts_unserved,
                          route_summary_of(before).n_musts_unserved);
        if (route_summary_of(after).n_musts_unserved
            == route_summary_of(before).n_musts_unserved)
            ck_assert_int_ge(route_summary_of(after).value_milli,
                             route_summary_of(before).value_milli);
        gb_route_solution_free(before);
        gb_route_solution_free(after);
    }
    ck_assert_int_gt(n_frozen_items, n_cases);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, relaxing_the_named_constraint_makes_the_client_possible);
    tcase_add_test(tc,
                   the_price_of_an_insertion_is_that_of_driving_the_new_route);
    tcase_add_test(tc,
                   no_route_is_worse_than_its_stops_in_nearest_neighbour_order);
    tcase_add_test(tc,
                   no_route_that_keeps_to_the_habit_travels_longer_than_it);
    tcase_add_test(tc, frozen_items_stay_and_a_start_is_never_made_worse);
    return suite;
}
