#include "base_rng.h"
#include "route_exact.h"

#include "route_case.h"
#include "test.h"

/* What the walk and the exact order know of the model. */
static const uint32_t FEATURES = CASE_HAS_SKILLS | CASE_HAS_AFTER
                                 | CASE_HAS_KINDS | CASE_HAS_GROUP_MUST
                                 | CASE_HAS_LIMITS | CASE_HAS_SPEED
                                 | CASE_HAS_LEG_COST | CASE_HAS_TRAVEL_COST;

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

/* ---- the plain twin: every order of every set ---- */

typedef struct twin {
    const route_data *data;
    uint32_t vehicle, n_clients;
    const uint32_t *clients;
    uint32_t items[ROUTE_EXACT_ITEMS], n_items;
    bool may_drop, has_best;
    route_worth best;
} twin;

static void end_twin(twin *t, uint32_t n_served)
{
    route_end end;

    if (n_served == 0 || (!t->may_drop && n_served < t->n_clients))
        return;
    if (route_walk(t->data, &t->data->vehicles[t->vehicle], t->items,
                   t->n_items, &end)
        && (!t->has_best || route_worth_compare(&end.worth, &t->best) > 0)) {
        t->has_best = true;
        t->best = end.worth;
    }
}

static void permute(twin *t, uint32_t used, uint32_t n_served)
{
    const uint32_t n_breaks = t->data->vehicles[t->vehicle].n_breaks;
    const uint32_t all_breaks
        = ((1u << n_breaks) - 1) << ROUTE_EXACT_CLIENTS;

    if ((used & all_breaks) == all_breaks)
        end_twin(t, n_served);
    for (uint32_t i = 0; i < t->n_clients; i++)
        if (!(used >> i & 1)) {
            t->items[t->n_items++] = t->clients[i];
            permute(t, used | 1u << i, n_served + 1);
            t->n_items--;
        }
    for (uint32_t k = 0; k < n_breaks; k++)
        if (!(used >> (ROUTE_EXACT_CLIENTS + k) & 1)) {
            t->items[t->n_items++] = GB_ROUTE_BREAK(k);
            permute(t, used | 1u << (ROUTE_EXACT_CLIENTS + k), n_served);
            t->n_items--;
        }
}

/* Clients that the vehicle may serve together: no two of a group. */
static uint32_t choose(const route_data *data, uint32_t v, uint32_t most,
                       uint32_t *clients)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < data->n_clients && n < most; c++) {
        bool is_free = route_may_serve(data, v, c);

        for (uint32_t i = 0; i < n; i++)
            is_free &= data->clients[c].group == GB_ROUTE_NONE
                       || data->clients[c].group
                              != data->clients[clients[i]].group;
        if (is_free)
            clients[n++] = c;
    }
    return n;
}

static void compare(const route_data *data, uint32_t v, uint32_t most,
                    bool may_drop)
{
    uint32_t clients[ROUTE_EXACT_CLIENTS];
    const uint32_t n = choose(data, v, most, clients);
    twin t = { .data = data, .vehicle = v, .clients = clients,
               .n_clients = n, .may_drop = may_drop };
    /* Room for them is taken, and by MALLOC_PERTURB_ filled, each time. */
    route_exact exact = { .most_labels = most > 5 ? 1000000 : 20000,
                          .may_drop = may_drop };
    route_end end;

    if (!route_exact_suits(data, v, n))
        return;
    permute(&t, 0, 0);
    ck_assert(route_exact_solve(data, v, clients, n, NULL, &exact));
    ck_assert(exact.is_proven);
    ck_assert_int_eq(exact.is_found, t.has_best);
    if (!t.has_best)
        return;
    ck_assert_int_eq(route_worth_compare(&exact.worth, &t.best), 0);
    ck_assert(route_walk(data, &data->vehicles[v], exact.items, exact.n_items,
                         &end));
    ck_assert_int_eq(route_worth_compare(&end.worth, &t.best), 0);

    /* who knows the best finds no better, and who knows less finds it */
    ck_assert(route_exact_solve(data, v, clients, n, &t.best, &exact));
    ck_assert(exact.is_proven && !exact.is_found);
    t.best.value_milli--;
    ck_assert(route_exact_solve(data, v, clients, n, &t.best, &exact));
    ck_assert(exact.is_proven && exact.is_found);
    ck_assert_int_eq(route_worth_compare(&exact.worth, &end.worth), 0);
}

static void compare_all(uint64_t seed, uint32_t features, uint32_t most)
{
    base_rng rng = base_rng_seeded(seed);
    static route_case made;
    gb_context *ctx = test_context();
    route_case_size size = { 2 + most, 2, features };
    route_data data;

    route_case_make(&made, size, draw_random, &rng);
    assert_ok(ctx, route_data_build(ctx, &made.problem, &data));
    for (uint32_t v = 0; v < data.n_vehicles; v++) {
        compare(&data, v, most, false);
        compare(&data, v, most, true);
    }
    route_data_clear(&data);
    gb_context_free(ctx);
}

START_TEST(no_order_of_a_day_is_better)
{
    for (uint64_t i = 0; i < 20; i++)
        compare_all(test_seed() + (uint64_t)_i * 20 + i, 0, 5);
}
END_TEST

START_TEST(nor_with_what_the_whole_model_adds)
{
    for (uint64_t i = 0; i < 20; i++)
        compare_all(test_seed() + 7000 + (uint64_t)_i * 20 + i,
                    (uint32_t)(i * 2654435761u) & FEATURES, 5);
}
END_TEST

START_TEST(nor_of_seven_stops)
{
    compare_all(test_seed() + 90000 + (uint64_t)_i, 0, 7);
}
END_TEST

START_TEST(what_it_has_no_labels_for_is_not_called_proven)
{
    base_rng rng = base_rng_seeded(test_seed());
    static route_case made;
    gb_context *ctx = test_context();
    uint32_t clients[ROUTE_EXACT_CLIENTS];
    route_exact exact = { .most_labels = 3, .may_drop = true };
    route_data data;

    route_case_make(&made, (route_case_size){ 30, 1, 0 }, draw_random, &rng);
    assert_ok(ctx, route_data_build(ctx, &made.problem, &data));
    ck_assert(route_exact_solve(&data, 0, clients,
                                choose(&data, 0, 9, clients), NULL, &exact));
    ck_assert(!exact.is_proven);
    ck_assert_uint_le(exact.n_labels, 3);
    route_data_clear(&data);
    gb_context_free(ctx);
}
END_TEST

/* As gb_route_solve() asks it: a good order is known, all stops stay. */
START_TEST(routes_of_up_to_twelve_stops_are_proven_with_few_labels)
{
    base_rng rng = base_rng_seeded(test_seed() + 5);
    static route_case made;
    gb_context *ctx = test_context();
    uint64_t n_labels = 0, n_tried = 0;
    uint32_t n_proven = 0, n_most = 0, n_cases = 0, n_stops = 0;

    for (uint32_t i = 0; i < 40; i++) {
        uint32_t clients[ROUTE_EXACT_CLIENTS];
        route_exact exact = { .most_labels = 200000, .may_drop = true };
        route_data data;
        uint32_t n;

        route_case_make(&made, (route_case_size){ 24, 1, 0 }, draw_random,
                        &rng);
        assert_ok(ctx, route_data_build(ctx, &made.problem, &data));
        n = choose(&data, 0, ROUTE_EXACT_CLIENTS, clients);
        if (n == ROUTE_EXACT_CLIENTS && route_exact_suits(&data, 0, n)) {
            route_worth known;

            ck_assert(
                route_exact_solve(&data, 0, clients, n, NULL, &exact));
            known = exact.worth;
            n = 0;
            for (uint32_t k = 0; k < exact.n_items; k++)
                if (!route_is_break(exact.items[k]))
                    clients[n++] = exact.items[k];
            exact.may_drop = false;
            exact.most_labels = 5000;
            ck_assert(
                route_exact_solve(&data, 0, clients, n, &known, &exact));
            n_cases++;
            n_stops += n;
            n_proven += exact.is_proven;
            n_labels += exact.n_labels;
            n_tried += exact.n_tried;
            if (exact.n_labels > n_most)
                n_most = exact.n_labels;
        }
        route_data_clear(&data);
    }
    printf("# %.1f stops a route: %u of %u proven, %.0f labels, %.0f tried, "
           "at most %u labels\n",
           (double)n_stops / n_cases, n_proven, n_cases,
           (double)n_labels / n_cases,
           (double)n_tried / n_cases, n_most);
    ck_assert_uint_gt(n_cases, 10);
    ck_assert_uint_ge(10 * n_proven, 9 * n_cases);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_exact");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, no_order_of_a_day_is_better, 0, test_cases(10));
    tcase_add_loop_test(tcase, nor_with_what_the_whole_model_adds, 0,
                        test_cases(10));
    tcase_add_loop_test(tcase, nor_of_seven_stops, 0, test_cases(3));
    tcase_add_test(tcase, routes_of_up_to_twelve_stops_are_proven_with_few_labels);
    tcase_add_test(tcase, what_it_has_no_labels_for_is_not_called_proven);
    suite_add_tcase(suite, tcase);
    return suite;
}
