/*
 * The bound of routes against every order of every set on every vehicle
 * (route_oracle.h), for each part of the model, alone and mixed: it is never
 * below the best there is, and what it calls closed is the best.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <gridbeat/route_bound.h>

static uint64_t seed_of(int test, int i)
{
    return test_seed() + 10000 * (uint64_t)(test + 1) + (uint64_t)i;
}

/* The oracle's routes as an order, and the musts that they serve. */
typedef struct best_order {
    gb_route_order order;
    uint32_t first[ORACLE_VEHICLES + 1];
    uint32_t items[ORACLE_VEHICLES * ORACLE_ITEMS];
    uint32_t musts;
} best_order;

static void take_order(const gb_route_problem *p, const oracle_best *best,
                       best_order *out)
{
    uint8_t is_served[CASE_CLIENTS] = { 0 }, has_group[CASE_CLIENTS] = { 0 };
    uint32_t n = 0;

    *out = (best_order){ .order = GB_ROUTE_ORDER_INIT };
    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        out->first[v] = n;
        for (uint32_t i = 0; i < best->routes[v].n_items; i++) {
            const uint32_t item = best->routes[v].items[i];

            out->items[n++] = item;
            if (!(item & UINT32_C(0x80000000)))
                is_served[item] = 1;
        }
    }
    out->first[p->n_vehicles] = n;
    out->order.first = out->first;
    out->order.items = out->items;
    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint32_t group
            = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;

        if (!is_served[c])
            continue;
        out->musts += p->client_must && p->client_must[c];
        if (group != GB_ROUTE_NONE && p->group_must && p->group_must[group]
            && !has_group[group]) {
            has_group[group] = 1;
            out->musts++;
        }
    }
}

static uint32_t count_musts(const gb_route_problem *p)
{
    uint8_t has_group[CASE_CLIENTS] = { 0 };
    uint32_t n = 0;

    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint32_t group
            = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;

        n += p->client_must && p->client_must[c];
        if (group == GB_ROUTE_NONE || !p->group_must || !p->group_must[group]
            || has_group[group])
            continue;
        has_group[group] = 1;
        n++;
    }
    return n;
}

/* What holds of every bound, with the best plan known and without. */
static double hold(gb_context *ctx, const gb_route_problem *p,
                   const char *name, uint64_t seed)
{
    static oracle_best best;
    best_order known;
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result r = { .size = sizeof r };
    gb_route_solution *better;

    oracle_solve(p, &best);
    take_order(p, &best, &known);
    options.known = &known.order;
    assert_ok(ctx, gb_route_bound(ctx, p, &options, &r, NULL));
    ck_assert_msg(r.value_milli_upper >= best.value_milli
                      && r.root_upper >= r.value_milli_upper,
                  "%s, seed %llu: bound %lld, then %lld, best %lld", name,
                  (unsigned long long)seed, (long long)r.root_upper,
                  (long long)r.value_milli_upper,
                  (long long)best.value_milli);
    ck_assert_uint_eq(r.n_musts, known.musts);
    ck_assert_msg(r.musts_upper >= known.musts,
                  "%s, seed %llu: %u musts at most, %u served", name,
                  (unsigned long long)seed, r.musts_upper, known.musts);
    ck_assert_int_eq(r.best_value_milli, best.value_milli);
    ck_assert_msg(!r.is_infeasible || known.musts < count_musts(p),
                  "%s, seed %llu: all musts are served", name,
                  (unsigned long long)seed);

    options.known = NULL;
    assert_ok(ctx, gb_route_bound(ctx, p, &options, &r, &better));
    ck_assert_msg(known.musts < r.n_musts
                      || r.value_milli_upper >= best.value_milli,
                  "%s, seed %llu: bound %lld, best %lld, nothing known", name,
                  (unsigned long long)seed, (long long)r.value_milli_upper,
                  (long long)best.value_milli);
    ck_assert_uint_ge(r.musts_upper, known.musts);
    if (better)
        route_hold_to_checker(ctx, p, better, name, seed);
    if (r.is_closed && !(r.relaxed & GB_ROUTE_RELAXED_MUST_USE)) {
        ck_assert(better != NULL);
        ck_assert_msg(r.best_value_milli == best.value_milli
                          && r.best_musts == known.musts,
                      "%s, seed %llu: closed at %lld and %u musts, best %lld "
                      "and %u",
                      name, (unsigned long long)seed,
                      (long long)r.best_value_milli, r.best_musts,
                      (long long)best.value_milli, known.musts);
    }
    gb_route_solution_free(better);
    return r.is_closed;
}

START_TEST(no_plan_is_worth_more_than_the_bound)
{
    gb_context *ctx = test_context();
    const route_case_part *part = &ROUTE_CASE_PARTS[_i];
    const int n_cases = test_cases(40);
    double n_closed = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i, i);
        static route_case it;

        route_case_make_part(&it, part, seed, i % 10 == 0 ? 7 : 5,
                             3);
        n_closed += hold(ctx, &it.problem, part->name, seed);
    }
    if (getenv("GB_TELL"))
        fprintf(stderr, "%s: %.0f of %d closed\n", part->name, n_closed,
                n_cases);
    gb_context_free(ctx);
}
END_TEST

/* Days with slots alone: who comes early waits for no better prize, so most
 * of them are closed. */
START_TEST(prizes_by_the_hour_are_bounded_as_they_are_driven)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(80);
    int n = 0;
    double n_closed = 0;

    for (int i = 0; n < n_cases; i++) {
        const uint64_t seed = seed_of(500, i);
        static route_case it;

        route_case_make_part(&it, &ROUTE_CASE_PARTS[0], seed, 6, 2);
        if (it.problem.n_slots == 0)
            continue;
        n_closed += hold(ctx, &it.problem, "prizes by the hour", seed);
        n++;
    }
    if (getenv("GB_TELL"))
        fprintf(stderr, "by the hour: %.0f of %d closed\n", n_closed, n);
    ck_assert_double_ge(n_closed, .8 * n);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_plain_family_is_closed)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(30);
    double n_closed = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(_i + 100, i);
        base_rng rng = base_rng_seeded(seed);
        const route_case_size size
            = { 2 + (uint32_t)base_rng_below(&rng, i % 8 == 0 ? 7 : 5),
                1 + (uint32_t)base_rng_below(&rng, 3), 0 };
        static route_case it;

        route_case_make_plain(&it, (case_family)_i, size, route_draw_random,
                              &rng);
        n_closed += hold(ctx, &it.problem, "a plain family", seed);
    }
    if (getenv("GB_TELL"))
        fprintf(stderr, "family %d: %.0f of %d closed\n", _i, n_closed,
                n_cases);
    gb_context_free(ctx);
}
END_TEST

/* Too large for the oracle: labels are many enough there to take in each
 * other's clocks.  Prizes by the hour, one vehicle or two. */
START_TEST(no_search_finds_more_than_the_bound)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(6);
    int n = 0;

    for (int i = 0; n < n_cases; i++) {
        static route_case it;
        base_rng rng = base_rng_seeded(seed_of(700, i));
        const route_case_size size = { 16, 1 + (uint32_t)i % 2, 0 };
        gb_route_options search = GB_ROUTE_OPTIONS_INIT;
        gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
        gb_route_bound_result r = { .size = sizeof r };
        gb_route_solution *found;
        gb_route_summary best;

        route_case_make(&it, size, route_draw_random, &rng);
        if (it.problem.n_slots == 0)
            continue;
        n++;
        options.max_rounds = 20;
        assert_ok(ctx, gb_route_bound(ctx, &it.problem, &options, &r, NULL));
        search.max_iterations = 1000;
        search.skip_reasons = true;
        assert_ok(ctx, gb_route_solve(ctx, &it.problem, &search, &found));
        best = route_summary_of(found);
        ck_assert_msg(best.n_musts_unserved > 0
                          || best.value_milli <= r.value_milli_upper,
                      "case %d: bound %lld, found %lld", i,
                      (long long)r.value_milli_upper,
                      (long long)best.value_milli);
        gb_route_solution_free(found);
    }
    gb_context_free(ctx);
}
END_TEST

/* Stopped after few rounds, or short of labels. */
START_TEST(a_bound_that_was_stopped_holds)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(60);

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = seed_of(300, i);
        static route_case it;
        static oracle_best best;
        best_order known;
        gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
        gb_route_bound_result r = { .size = sizeof r };

        route_case_make_part(&it, &ROUTE_CASE_PARTS[i % CASE_PARTS], seed, 6,
                             3);
        oracle_solve(&it.problem, &best);
        take_order(&it.problem, &best, &known);
        options.known = &known.order;
        if (i % 2)
            options.max_rounds = 1 + (uint64_t)i % 7;
        else
            options.max_labels = 1 + (uint64_t)i % 40;
        assert_ok(ctx, gb_route_bound(ctx, &it.problem, &options, &r, NULL));
        ck_assert_msg(r.value_milli_upper >= best.value_milli,
                      "seed %llu: bound %lld, best %lld",
                      (unsigned long long)seed,
                      (long long)r.value_milli_upper,
                      (long long)best.value_milli);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_same_problem_gives_the_same_bytes)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(12); i++) {
        static route_case it;
        base_rng rng = base_rng_seeded(seed_of(400, i));
        const route_case_size size = { 14, 3, CASE_HAS_LOADS };
        gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
        gb_route_bound_result r[2];
        gb_route_solution *better[2];

        route_case_make(&it, size, route_draw_random, &rng);
        options.max_rounds = 40;
        for (uint32_t k = 0; k < 2; k++) {
            memset(&r[k], 0, sizeof r[k]);
            r[k].size = sizeof r[k];
            options.n_threads = 1 + 3 * k;
            assert_ok(ctx, gb_route_bound(ctx, &it.problem, &options, &r[k],
                                          &better[k]));
            r[k].seconds = 0;
        }
        ck_assert_mem_eq(&r[0], &r[1], sizeof r[0]);
        ck_assert((better[0] == NULL) == (better[1] == NULL));
        if (better[0])
            ck_assert_int_eq(route_summary_of(better[0]).value_milli,
                             route_summary_of(better[1]).value_milli);
        gb_route_solution_free(better[0]);
        gb_route_solution_free(better[1]);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_bound");
    TCase *model = tcase_create("model");

    tcase_set_timeout(model, 120);
    tcase_add_loop_test(model, no_plan_is_worth_more_than_the_bound, 0,
                        CASE_PARTS);
    tcase_add_test(model, prizes_by_the_hour_are_bounded_as_they_are_driven);
    tcase_add_loop_test(model, a_plain_family_is_closed, 0, CASE_FAMILIES);
    tcase_add_test(model, no_search_finds_more_than_the_bound);
    tcase_add_test(model, a_bound_that_was_stopped_holds);
    tcase_add_test(model, the_same_problem_gives_the_same_bytes);
    suite_add_tcase(suite, model);
    return suite;
}
