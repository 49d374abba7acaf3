/*
 * The whole model, each part alone and all mixed, against every order of every
 * set on every vehicle (route_oracle.h).
 */
#include "base_rng.h"
#include "route_hold.h"

#include <gridbeat/route.h>

static const route_case_part FAMILIES[CASE_FAMILIES] = {
    [CASE_CVRP] = { "CVRP", 0 },
    [CASE_VRPTW] = { "VRPTW", 0 },
    [CASE_DURATION] = { "limits of duration", 0 },
    [CASE_MDVRP] = { "several depots", 0 },
    [CASE_HFVRP] = { "mixed fleet", 0 },
    [CASE_PCVRPTW] = { "PCVRPTW", 0 },
    [CASE_PVRP] = { "PVRP", 0 },
    [CASE_TOPTW] = { "TOPTW", 0 },
};
static uint64_t seed_of(int test, int i)
{
    return test_seed() + 10000 * (uint64_t)(test + 1) + (uint64_t)i;
}

START_TEST(the_solver_finds_what_all_orders_of_all_sets_find)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &ROUTE_CASE_PARTS[_i];
    const int n_cases = test_cases(60);
    int n_missed = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i, i);
        static route_case it;
        static oracle_best best;

        route_case_make_part(&it, part, seed, i % 10 == 0 ? 7 : 5,
                             i % 3 == 0 ? 3 : 2);
        oracle_solve(&it.problem, &best);
        route_hold_oracle(ctx, &it.problem, &best, part->name, seed);
        n_missed += !route_hold_to_best(ctx, &it.problem, &best, part->name,
                                        seed);
    }
    /* A search is no proof: now and then a client must be served for nothing
       so that another gets into a better slot. */
    ck_assert_int_le(30 * n_missed, n_cases);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_plain_family_is_solved_to_its_best)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &FAMILIES[_i];
    const int n_cases = part->name ? test_cases(30) : 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i + 100, i);
        base_rng rng = base_rng_seeded(seed);
        const route_case_size size
            = { 2 + (uint32_t)base_rng_below(&rng, i % 8 == 0 ? 7 : 5),
                1 + (uint32_t)base_rng_below(&rng, 3), 0 };
        static route_case it;
        static oracle_best best;

        route_case_make_plain(&it, (case_family)_i, size, route_draw_random,
                              &rng);
        oracle_solve(&it.problem, &best);
        route_hold_oracle(ctx, &it.problem, &best, part->name, seed);
        ck_assert(route_hold_to_best(ctx, &it.problem, &best, part->name,
                                     seed));
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_order_of_the_clients_does_not_matter)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &ROUTE_CASE_PARTS[_i];
    const int n_cases = test_cases(10);
    int n_missed = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i + 200, i);
        static route_case it, turned;
        static oracle_best best, other;

        route_case_make_part(&it, part, seed, 6, 2);
        route_case_turn(&it, &turned);
        oracle_solve(&it.problem, &best);
        oracle_solve(&turned.problem, &other);
        ck_assert_int_eq(best.value_milli, other.value_milli);
        ck_assert_uint_eq(best.n_musts_unserved, other.n_musts_unserved);
        n_missed += !route_hold_to_best(ctx, &it.problem, &best, part->name,
                                        seed);
        n_missed += !route_hold_to_best(ctx, &turned.problem, &best,
                                        part->name, seed);
    }
    ck_assert_int_le(10 * n_missed, n_cases);
    gb_context_free(ctx);
}
END_TEST

START_TEST(one_more_vehicle_never_costs_more)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &ROUTE_CASE_PARTS[_i];
    const int n_cases = test_cases(30);
    int n_missed = 0, n_better = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i + 400, i);
        static route_case it;
        static oracle_best few, many;

        route_case_make_part(&it, part, seed, 6, 1);
        it.problem.client_first_allowed = NULL;
        it.vehicles[1] = it.vehicles[0];
        it.vehicles[1].must_use = 0;
        oracle_solve(&it.problem, &few);
        n_missed += !route_hold_to_best(ctx, &it.problem, &few, part->name,
                                        seed);
        it.problem.n_vehicles = 2;
        oracle_solve(&it.problem, &many);
        n_missed += !route_hold_to_best(ctx, &it.problem, &many, part->name,
                                        seed);
        ck_assert_uint_le(many.n_musts_unserved, few.n_musts_unserved);
        if (many.n_musts_unserved == few.n_musts_unserved)
            ck_assert_int_ge(many.value_milli, few.value_milli);
        n_better += many.n_musts_unserved < few.n_musts_unserved
            || many.value_milli > few.value_milli;
    }
    ck_assert_int_le(10 * n_missed, n_cases);
    ck_assert_int_gt(n_better, 0);
    gb_context_free(ctx);
}
END_TEST

/* --- a route is driven in one way only --- */

static bool drive(gb_context *ctx, const gb_route_problem *problem, uint32_t v,
                  const uint32_t *items, uint32_t n, const char *about,
                  uint64_t seed, gb_route_totals *totals)
{
    uint32_t first[CASE_VEHICLES + 1] = { 0 };
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution;
    gb_status status;

    for (uint32_t w = v + 1; w <= problem->n_vehicles; w++)
        first[w] = n;
    order.first = first;
    order.items = items;
    status = gb_route_evaluate(ctx, problem, &order, &solution);
    ck_assert_msg(status == GB_OK || status == GB_ERR_INFEASIBLE, "%s",
                  gb_last_error(ctx));
    if (status)
        return false;
    route_hold_to_checker(ctx, problem, solution, about, seed);
    ck_assert(gb_route_solution_totals(solution, v, totals));
    gb_route_solution_free(solution);
    return true;
}

/* Some clients that may stand together, and the breaks, in any order. */
static uint32_t draw_route(const gb_route_problem *p, base_rng *rng,
                           uint32_t v, uint32_t *items)
{
    uint32_t n = 0, most = 1 + (uint32_t)base_rng_below(rng, 5);

    for (uint32_t c = 0; c < p->n_clients; c++)
        if (most > 0 && base_rng_below(rng, 2)) {
            items[n++] = c;
            most--;
        }
    if (n == 0)
        items[n++] = (uint32_t)base_rng_below(rng, p->n_clients);
    for (uint32_t k = 0; k < p->vehicles[v].n_breaks; k++)
        items[n++] = GB_ROUTE_BREAK(k);
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = (uint32_t)base_rng_below(rng, i);
        const uint32_t item = items[i - 1];

        items[i - 1] = items[j];
        items[j] = item;
    }
    return n;
}

START_TEST(a_route_is_driven_as_the_header_says)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &ROUTE_CASE_PARTS[_i];
    const int n_cases = test_cases(300);
    int n_driven = 0, n_refused = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i + 300, i);
        base_rng rng = base_rng_seeded(seed);
        static route_case it;

        route_case_make_part(&it, part, seed, 8, 3);
        for (uint32_t v = 0; v < it.problem.n_vehicles; v++) {
            uint32_t items[ORACLE_ITEMS];
            const uint32_t n = draw_route(&it.problem, &rng, v, items);
            gb_route_totals totals = { .size = sizeof totals };
            oracle_route plain;
            const bool is_driven = drive(ctx, &it.problem, v, items, n,
                                         part->name, seed, &totals);

            ck_assert_msg(
                oracle_drive(&it.problem, v, items, n, &plain) == is_driven,
                "%s, seed %llu, vehicle %u: %s", part->name,
                (unsigned long long)seed, v, gb_last_error(ctx));
            if (!is_driven) {
                n_refused++;
                continue;
            }
            n_driven++;
            ck_assert_int_eq(totals.value_milli, plain.value_milli);
            ck_assert_int_eq(totals.field_s, plain.field_s);
            ck_assert_int_eq(totals.travel_s, plain.travel_s);
        }
    }
    ck_assert_int_gt(n_driven, n_cases / 20);
    ck_assert_int_gt(n_refused, n_cases / 20);
    gb_context_free(ctx);
}
END_TEST

/* --- the same bytes --- */

/* All that a solution answers, one after the other. */
typedef struct answers {
    size_t n;
    unsigned char of[1 << 16];
} answers;

static void note(answers *a, const void *bytes, size_t n)
{
    ck_assert_uint_le(a->n + n, sizeof a->of);
    memcpy(a->of + a->n, bytes, n);
    a->n += n;
}

static void note_all(const gb_route_solution *s, answers *a)
{
    gb_route_summary sum = { .size = sizeof sum };

    a->n = 0;
    ck_assert(gb_route_solution_summary(s, &sum));
    note(a, &sum, sizeof sum);
    for (uint32_t v = 0;; v++) {
        gb_route_totals totals = { .size = sizeof totals };
        gb_route_stop stop = { .size = sizeof stop };

        if (!gb_route_solution_totals(s, v, &totals))
            break;
        note(a, &totals, sizeof totals);
        for (uint32_t i = 0; gb_route_solution_stop(s, v, i, &stop); i++)
            note(a, &stop, sizeof stop);
    }
    for (uint32_t i = 0;; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        if (!gb_route_solution_reason(s, i, &reason))
            break;
        note(a, &reason, sizeof reason);
    }
}

static void hold_to_same_bytes(gb_context *ctx,
                               const gb_route_problem *problem,
                               const char *about, uint64_t seed)
{
    static const uint32_t threads[] = { 1, 2, 8 };
    static answers first, other;

    for (int k = 0; k < 3; k++) {
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_solution *solution;

        options.max_iterations = 400;
        options.n_searches = 4;
        options.n_threads = threads[k];
        options.seed = seed;
        assert_ok(ctx, gb_route_solve(ctx, problem, &options, &solution));
        route_hold_to_checker(ctx, problem, solution, about, seed);
        note_all(solution, k ? &other : &first);
        gb_route_solution_free(solution);
        ck_assert_msg(k == 0
                          || (other.n == first.n
                              && memcmp(other.of, first.of, first.n) == 0),
                      "%s, seed %llu: %u threads answer something else",
                      about, (unsigned long long)seed, threads[k]);
    }
}

START_TEST(any_number_of_threads_gives_the_same_bytes)
{
    gb_context *ctx = test_context();
    const bool is_plain = _i >= CASE_PARTS;
    const route_case_part *part
        = is_plain ? &FAMILIES[_i - CASE_PARTS] : &ROUTE_CASE_PARTS[_i];

    for (int i = 0; i < 2 && part->name; i++) {
        const uint64_t seed = seed_of(_i + 500, i);
        static route_case it;
        base_rng rng = base_rng_seeded(seed);
        const route_case_size size = { 40, 4, part->features };

        if (is_plain)
            route_case_make_plain(&it, (case_family)(_i - CASE_PARTS), size,
                                  route_draw_random, &rng);
        else
            route_case_make(&it, size, route_draw_random, &rng);
        hold_to_same_bytes(ctx, &it.problem, part->name, seed);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_model");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, the_solver_finds_what_all_orders_of_all_sets_find,
                        0, CASE_PARTS);
    tcase_add_loop_test(tc, a_plain_family_is_solved_to_its_best, 0,
                        CASE_FAMILIES);
    tcase_add_loop_test(tc, the_order_of_the_clients_does_not_matter, 0,
                        CASE_PARTS);
    tcase_add_loop_test(tc, one_more_vehicle_never_costs_more, 0, CASE_PARTS);
    tcase_add_loop_test(tc, any_number_of_threads_gives_the_same_bytes, 0,
                        CASE_PARTS + CASE_FAMILIES);
    tcase_add_loop_test(tc, a_route_is_driven_as_the_header_says, 0, CASE_PARTS);
    return suite;
}
