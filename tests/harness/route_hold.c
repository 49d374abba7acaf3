#include "route_hold.h"

#include "base_rng.h"
#include "faulty_alloc.h"

uint32_t route_draw_random(void *rng, uint32_t bound)
{
    return (uint32_t)base_rng_below(rng, bound);
}

gb_route_options route_hold_options(uint64_t iterations, uint32_t n_searches,
                                    uint32_t n_threads)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;

    options.max_iterations = iterations;
    options.n_threads = n_threads;
    options.n_searches = n_searches;
    options.seed = 5;
    return options;
}

void route_hold_to_checker(gb_context *ctx, const gb_route_problem *problem,
                           const gb_route_solution *solution,
                           const char *about, uint64_t seed)
{
    gb_route_findings *findings;

    assert_ok(ctx, gb_route_check(ctx, problem, solution, &findings));
    ck_assert_msg(gb_route_findings_count(findings) == 0, "%s, seed %llu: %s",
                  about, (unsigned long long)seed,
                  gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
}

gb_route_solution *route_hold_solve(gb_context *ctx,
                                    const gb_route_problem *problem,
                                    uint64_t iterations, const char *about,
                                    uint64_t seed)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution;
    gb_status status;

    options.max_iterations = iterations;
    options.seed = seed;
    status = gb_route_solve(ctx, problem, &options, &solution);
    ck_assert_msg(status == GB_OK, "%s, seed %llu: %s", about,
                  (unsigned long long)seed, gb_last_error(ctx));
    route_hold_to_checker(ctx, problem, solution, about, seed);
    return solution;
}

gb_route_summary route_summary_of(const gb_route_solution *solution)
{
    gb_route_summary sum = { .size = sizeof sum };

    ck_assert(gb_route_solution_summary(solution, &sum));
    return sum;
}

static gb_route_summary solve_by(gb_context *ctx,
                                 const gb_route_problem *problem,
                                 const gb_route_options *options)
{
    gb_route_solution *solution;
    gb_route_summary sum;

    assert_ok(ctx, gb_route_solve(ctx, problem, options, &solution));
    sum = route_summary_of(solution);
    gb_route_solution_free(solution);
    return sum;
}

void route_hold_to_threads(const gb_route_problem *problem,
                           const gb_route_options *options)
{
    gb_context *ctx = test_context();
    gb_route_summary first = { 0 };

    for (uint32_t n_threads = 1; n_threads <= 8; n_threads *= 2) {
        gb_route_options by = *options;
        gb_route_summary sum;

        by.n_threads = n_threads;
        sum = solve_by(ctx, problem, &by);
        if (n_threads == 1)
            first = sum;
        ck_assert_int_eq(sum.cost_milli, first.cost_milli);
        ck_assert_uint_eq(sum.iterations, first.iterations);
        ck_assert_uint_eq(sum.moves_priced, first.moves_priced);
    }
    gb_context_free(ctx);
}

void route_hold_to_memory(const gb_route_problem *problem,
                          const gb_route_options *options, bool may_do_without)
{
    long failures = 1;

    for (long k = 0; failures > 0; k++) {
        faulty_alloc mem = faulty_alloc_at(k, false);
        gb_context *ctx = faulty_context(&mem);
        gb_route_solution *solution = NULL;

        if (ctx) {
            const gb_status status
                = gb_route_solve(ctx, problem, options, &solution);

            ck_assert(status == GB_OK ? solution != NULL
                                      : status == GB_ERR_NOMEM);
            ck_assert(mem.failures > 0 || status == GB_OK);
            ck_assert(mem.failures == 0 || status || may_do_without);
            gb_route_solution_free(solution);
        }
        failures = mem.failures;
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
    }
}

void route_hold_to_requests(const gb_route_problem *problem,
                            const gb_route_options *options)
{
    long requests[2];

    for (int k = 0; k < 2; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, false);
        gb_context *ctx = faulty_context(&mem);
        gb_route_options by = *options;

        by.max_iterations <<= k;
        (void)solve_by(ctx, problem, &by);
        gb_context_free(ctx);
        requests[k] = mem.requests;
    }
    ck_assert_int_eq(requests[0], requests[1]);
}

static int compare(const gb_route_summary *sum, const oracle_best *best)
{
    if (sum->n_musts_unserved != best->n_musts_unserved)
        return sum->n_musts_unserved < best->n_musts_unserved ? 1 : -1;
    return (sum->value_milli > best->value_milli)
        - (sum->value_milli < best->value_milli);
}

bool route_hold_to_best(gb_context *ctx, const gb_route_problem *problem,
                        const oracle_best *best, const char *about,
                        uint64_t seed)
{
    static const uint64_t efforts[] = { 1000, 20000, 100000 };
    gb_route_summary sum = { 0 };
    int found = -1;

    for (size_t k = 0; k < sizeof efforts / sizeof *efforts && found < 0;
         k++) {
        gb_route_solution *solution
            = route_hold_solve(ctx, problem, efforts[k], about, seed);

        sum = route_summary_of(solution);
        found = compare(&sum, best);
        gb_route_solution_free(solution);
    }
    ck_assert_msg(found <= 0,
                  "%s, seed %llu: musts left out, value: %u, %lld at best; "
                  "%u, %lld found",
                  about, (unsigned long long)seed, best->n_musts_unserved,
                  (long long)best->value_milli, sum.n_musts_unserved,
                  (long long)sum.value_milli);
    if (found < 0)
        printf("# %s, seed %llu: musts left out, value: %u, %lld at best; "
               "%u, %lld found\n",
               about, (unsigned long long)seed, best->n_musts_unserved,
               (long long)best->value_milli, sum.n_musts_unserved,
               (long long)sum.value_milli);
    fflush(stdout); /* a test that fails next does not */
    return found == 0;
}

void route_hold_oracle(gb_context *ctx, const gb_route_problem *problem,
                       const oracle_best *best, const char *about,
                       uint64_t seed)
{
    uint32_t first[ORACLE_VEHICLES + 1] = { 0 };
    uint32_t items[ORACLE_VEHICLES * ORACLE_ITEMS];
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution;
    gb_route_summary sum;
    gb_status status;

    for (uint32_t v = 0; v < problem->n_vehicles; v++) {
        const oracle_route *route = &best->routes[v];

        memcpy(&items[first[v]], route->items,
               route->n_items * sizeof *items);
        first[v + 1] = first[v] + route->n_items;
    }
    order.first = first;
    order.items = items;
    status = gb_route_evaluate(ctx, problem, &order, &solution);
    ck_assert_msg(status == GB_OK, "%s, seed %llu: the best: %s", about,
                  (unsigned long long)seed, gb_last_error(ctx));
    route_hold_to_checker(ctx, problem, solution, about, seed);
    sum = route_summary_of(solution);
    ck_assert_msg(compare(&sum, best) == 0,
                  "%s, seed %llu: musts left out, value: %u, %lld expected; "
                  "%u, %lld driven",
                  about, (unsigned long long)seed, best->n_musts_unserved,
                  (long long)best->value_milli, sum.n_musts_unserved,
                  (long long)sum.value_milli);
    gb_route_solution_free(solution);
}

const route_case_part ROUTE_CASE_PARTS[CASE_PARTS] = {
    { "a bank's day", 0 },
    { "skills", CASE_HAS_SKILLS },
    { "kinds of prizes", CASE_HAS_KINDS },
    { "musts of groups", CASE_HAS_GROUP_MUST },
    { "vehicles that must be used", CASE_HAS_MUST_USE },
    { "limits of distance and travel", CASE_HAS_LIMITS },
    { "speed", CASE_HAS_SPEED },
    { "cost of legs", CASE_HAS_LEG_COST },
    { "cost of travel", CASE_HAS_TRAVEL_COST },
    { "loads", CASE_HAS_LOADS },
    { "release", CASE_HAS_RELEASE },
    { "order", CASE_HAS_AFTER },
    { "bundles", CASE_HAS_BUNDLES },
    { "balance", CASE_HAS_BALANCE },
    { "travel by the hour", CASE_HAS_BANDS },
    { "all mixed", CASE_HAS_ALL },
};

void route_case_make_part(route_case *made, const route_case_part *part,
                          uint64_t seed, uint32_t most_clients,
                          uint32_t most_vehicles)
{
    base_rng rng = base_rng_seeded(seed);
    route_case_size size;

    size.n_clients = (uint32_t)base_rng_between(&rng, 1, most_clients);
    size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, most_vehicles);
    size.features = part->features;
    if (part->features == CASE_HAS_ALL) /* all mixed: some of all */
        size.features &= (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1);
    /* With prices on balance the oracle keeps many routes of each set. */
    if ((size.features & CASE_HAS_BALANCE) && size.n_clients > 5)
        size.n_clients = 5;
    route_case_make(made, size, route_draw_random, &rng);
}
