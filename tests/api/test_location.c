#include <gridbeat/gridbeat.h>

#include <math.h>

#include "random_areas.h"
#include "test.h"

enum { MOST = 60 };

typedef struct town {
    int64_t demands[MOST], capacities[MOST];
    gb_point points[MOST];
    gb_location_nodes nodes;
} town;

/* Capacities are alike, or differ; some slack is left. */
static void build_town(town *x, uint64_t seed, size_t n, size_t k,
                       bool is_alike)
{
    random_source s = { .seed = seed };
    int64_t all = 0;

    for (size_t a = 0; a < n; a++) {
        x->demands[a] = 1 + random_below(&s, 9);
        all += x->demands[a];
        x->points[a] = (gb_point){ random_below(&s, 100),
                                   random_below(&s, 100) };
    }
    for (size_t a = 0; a < n; a++)
        x->capacities[a] = all / (int64_t)k + 6
            + (is_alike ? 0 : random_below(&s, 20));
    x->nodes = (gb_location_nodes)GB_LOCATION_NODES_INIT;
    x->nodes.n_nodes = n;
    x->nodes.demands = x->demands;
    x->nodes.capacities = x->capacities;
    x->nodes.points = x->points;
}

static double far(const town *x, size_t a, size_t b)
{
    return hypot(x->points[a].x_m - x->points[b].x_m,
                 x->points[a].y_m - x->points[b].y_m);
}

/* Of every way to divide the nodes: what the best one costs. */
static double best_of_all(const town *x, size_t k)
{
    const size_t n = x->nodes.n_nodes;
    double best = (double)INFINITY;
    size_t ways = 1;

    for (size_t a = 0; a < n; a++)
        ways *= k;
    for (size_t way = 0; way < ways; way++) {
        double cost = 0;

        for (size_t c = 0; c < k; c++) {
            double least = (double)INFINITY;

            for (size_t m = 0; m < n; m++) {
                int64_t load = 0;
                double sum = 0;
                size_t rest = way;
                bool is_own = false;

                for (size_t a = 0; a < n; a++, rest /= k)
                    if (rest % k == c) {
                        load += x->demands[a];
                        sum += far(x, a, m);
                        is_own = is_own || a == m;
                    }
                if (is_own && load <= x->capacities[m])
                    least = fmin(least, sum);
            }
            cost += least;
        }
        best = fmin(best, cost);
    }
    return best;
}

START_TEST(small_towns_are_solved_as_well_as_by_all_plans)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(12); i++) {
        gb_location_options o = GB_LOCATION_OPTIONS_INIT;
        gb_location_summary s = { .size = sizeof s };
        uint32_t owners[MOST], medians[MOST], again[MOST];
        double objective, best;
        int64_t beyond;
        town x;

        build_town(&x, test_seed() + (uint64_t)i, 8, 2 + (size_t)i % 2,
                   i % 4 < 2);
        o.max_iterations = 40000;
        assert_ok(ctx, gb_location_solve(ctx, &x.nodes, 2 + (size_t)i % 2, &o,
                                         owners, medians, &s));
        best = best_of_all(&x, 2 + (size_t)i % 2);
        ck_assert(s.is_valid == (best < (double)INFINITY));
        if (!s.is_valid)
            continue;
        assert_near(s.objective, best, 1e-9);
        ck_assert_double_le(s.bound, best * (1 + 1e-9));
        ck_assert_double_gt(s.bound, 0);
        assert_ok(ctx, gb_location_measure(ctx, &x.nodes, 2 + (size_t)i % 2,
                                           owners, again, &objective,
                                           &beyond));
        assert_near(objective, best, 1e-9);
        ck_assert_int_eq(beyond, 0);
        for (size_t c = 0; c < 2 + (size_t)i % 2; c++)
            ck_assert_uint_eq(again[c], medians[c]);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(any_number_of_threads_gives_the_same_plan)
{
    gb_context *ctx = test_context();
    uint32_t owners[3][MOST], medians[MOST];
    town x;

    build_town(&x, 7, MOST, 6, true);
    for (uint32_t i = 0; i < 3; i++) {
        gb_location_options o = GB_LOCATION_OPTIONS_INIT;
        gb_location_summary s = { .size = sizeof s };

        o.max_iterations = 60000;
        o.n_starts = 3;
        o.n_threads = i + 1;
        o.bound_rounds = -1;
        assert_ok(ctx, gb_location_solve(ctx, &x.nodes, 6, &o, owners[i],
                                         medians, &s));
        ck_assert(s.is_valid);
        ck_assert_double_le(s.bound, 0);
        ck_assert_mem_eq(owners[0], owners[i], sizeof owners[0]);
    }
    for (size_t c = 1; c < 6; c++)
        ck_assert_uint_lt(medians[c - 1], medians[c]);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_time_limit_ends_the_search_and_leaves_some_for_the_bound)
{
    gb_context *ctx = test_context();
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;
    gb_location_summary s = { .size = sizeof s };
    uint32_t owners[MOST], medians[MOST];
    town x;

    build_town(&x, 7, MOST, 6, false);
    o.time_limit_ms = 100;
    assert_ok(ctx, gb_location_solve(ctx, &x.nodes, 6, &o, owners, medians,
                                     &s));
    ck_assert(s.is_valid);
    ck_assert(s.outcome == GB_OUTCOME_TIME_LIMIT
              || s.outcome == GB_OUTCOME_OPTIMAL);
    ck_assert_double_gt(s.bound, 0);
    ck_assert_double_le(s.bound, s.objective * (1 + 1e-9));
    gb_context_free(ctx);
}
END_TEST

START_TEST(distances_may_be_given_and_differ_by_direction)
{
    gb_context *ctx = test_context();
    const int64_t demands[] = { 1, 1, 1 }, capacities[] = { 3, 3, 3 };
    const double distances[] = { 0, 9, 9, 1, 0, 9, 2, 9, 0 };
    gb_location_nodes nodes = GB_LOCATION_NODES_INIT;
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;
    gb_location_summary s = { .size = sizeof s };
    uint32_t owners[3], median;

    nodes.n_nodes = 3;
    nodes.demands = demands;
    nodes.capacities = capacities;
    nodes.distances = distances;
    o.max_iterations = 1000;
    assert_ok(ctx, gb_location_solve(ctx, &nodes, 1, &o, owners, &median,
                                     &s));
    ck_assert_uint_eq(median, 0); /* 1 and 2 come to 0 for 1 and 2 */
    assert_near(s.objective, 3, 1e-12);
    gb_context_free(ctx);
}
END_TEST

START_TEST(whole_distances_lose_what_is_behind_the_point)
{
    gb_context *ctx = test_context();
    const uint32_t owners[] = { 0, 0 };
    double objective;
    int64_t beyond;
    town x = { .points = { { 0, 0 }, { 1, 1 } }, .demands = { 1, 1 },
               .capacities = { 1, 1 } };

    x.nodes = (gb_location_nodes)GB_LOCATION_NODES_INIT;
    x.nodes.n_nodes = 2;
    x.nodes.demands = x.demands;
    x.nodes.capacities = x.capacities;
    x.nodes.points = x.points;
    x.nodes.metric = GB_LOCATION_WHOLE;
    assert_ok(ctx, gb_location_measure(ctx, &x.nodes, 1, owners, NULL,
                                       &objective, &beyond));
    assert_near(objective, 1, 0);
    ck_assert_int_eq(beyond, 1);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_cannot_be_solved_is_refused_with_its_numbers)
{
    gb_context *ctx = test_context();
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;
    uint32_t owners[MOST], medians[MOST];
    double objective;
    int64_t beyond;
    town x;

    build_town(&x, 1, 10, 2, true);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_location_solve(ctx, NULL, 2, NULL, owners, medians,
                                    NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_location_solve(ctx, &x.nodes, 0, NULL, owners, medians,
                                    NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_location_solve(ctx, &x.nodes, 11, NULL, owners, medians,
                                    NULL));
    o.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_location_solve(ctx, &x.nodes, 2, &o, owners, medians,
                                    NULL));
    x.demands[4] = -1;
    assert_status(ctx, GB_ERR_DATA,
                  gb_location_solve(ctx, &x.nodes, 2, NULL, owners, medians,
                                    NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "node 4"));
    x.demands[4] = 1000;
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_location_solve(ctx, &x.nodes, 2, NULL, owners, medians,
                                    NULL));
    for (size_t a = 0; a < 10; a++) {
        x.demands[a] = 10;
        x.capacities[a] = 40;
        owners[a] = 2;
    }
    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_location_solve(ctx, &x.nodes, 2, NULL, owners, medians,
                                    NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "2 medians hold 80"));
    assert_status(ctx, GB_ERR_DATA,
                  gb_location_measure(ctx, &x.nodes, 2, owners, NULL,
                                      &objective, &beyond));
    gb_context_free(ctx);
}
END_TEST

/* The sums fit and no plan does: 3 x 6 in two of 9. */
START_TEST(a_plan_that_breaks_a_capacity_says_so)
{
    gb_context *ctx = test_context();
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;
    gb_location_summary s = { .size = sizeof s };
    uint32_t owners[3], medians[2];
    town x = { .points = { { 0, 0 }, { 5, 0 }, { 9, 0 } },
               .demands = { 6, 6, 6 }, .capacities = { 9, 9, 9 } };

    x.nodes = (gb_location_nodes)GB_LOCATION_NODES_INIT;
    x.nodes.n_nodes = 3;
    x.nodes.demands = x.demands;
    x.nodes.capacities = x.capacities;
    x.nodes.points = x.points;
    o.max_iterations = 5000;
    assert_ok(ctx, gb_location_solve(ctx, &x.nodes, 2, &o, owners, medians,
                                     &s));
    ck_assert(!s.is_valid);
    ck_assert_int_eq(s.beyond, 3);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("location");
    TCase *c = tcase_create("location");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, small_towns_are_solved_as_well_as_by_all_plans);
    tcase_add_test(c, any_number_of_threads_gives_the_same_plan);
    tcase_add_test(
        c, a_time_limit_ends_the_search_and_leaves_some_for_the_bound);
    tcase_add_test(c, distances_may_be_given_and_differ_by_direction);
    tcase_add_test(c, whole_distances_lose_what_is_behind_the_point);
    tcase_add_test(c, what_cannot_be_solved_is_refused_with_its_numbers);
    tcase_add_test(c, a_plan_that_breaks_a_capacity_says_so);
    suite_add_tcase(suite, c);
    return suite;
}
