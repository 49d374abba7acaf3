#include "base_rng.h"
#include "route_result.h"

#include "route_case.h"
#include "test.h"

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

static size_t count_findings(gb_context *ctx, const route_case *it,
                             const gb_route_solution *solution)
{
    gb_route_findings *findings;
    size_t n;

    assert_ok(ctx, gb_route_check(ctx, &it->problem, solution, &findings));
    n = gb_route_findings_count(findings);
    gb_route_findings_free(findings);
    return n;
}

/* One more in each number of a solution in turn. */
static void spoil_numbers(gb_context *ctx, const route_case *it,
                          gb_route_solution *s)
{
    gb_route_stop *client = s->stops;
    gb_route_totals *t = s->totals;

    while (client->kind != GB_ROUTE_STOP_CLIENT)
        client++;
    while (t->n_clients == 0)
        t++;
    {
        int32_t *numbers[] = { &client->arrival_s, &client->access_s,
                               &client->wait_s,    &client->start_s,
                               &client->end_s,     &client->travel_s,
                               &client->distance_m, &t->depart_s,
                               &t->end_s,          &t->duration_s,
                               &t->field_s,        &t->travel_s,
                               &t->service_s,      &t->access_s,
                               &t->wait_s,         &t->break_s };
        int64_t *wide[] = { &client->prize,         &t->prize,
                            &t->cost_milli,         &t->value_milli,
                            &t->distance_m,         &s->summary.prize,
                            &s->summary.cost_milli, &s->summary.value_milli,
                            &s->summary.field_s,    &s->summary.travel_s,
                            &s->summary.wait_s,     &s->summary.distance_m };
        uint32_t *counts[]
            = { &client->client, &client->slot, &client->location,
                &s->summary.n_musts_unserved, &s->summary.n_routes };

        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            ++*numbers[i];
            ck_assert_uint_gt(count_findings(ctx, it, s), 0);
            --*numbers[i];
        }
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
            ++*wide[i];
            ck_assert_uint_gt(count_findings(ctx, it, s), 0);
            --*wide[i];
        }
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            ++*counts[i];
            ck_assert_uint_gt(count_findings(ctx, it, s), 0);
            --*counts[i];
        }
    }
    ck_assert_uint_eq(count_findings(ctx, it, s), 0);
}

START_TEST(each_number_that_is_one_off_is_found)
{
    gb_context *ctx = test_context();

    for (uint64_t seed = 1; seed < 8; seed++) {
        const route_case_size size = { 20, 2, 0 };
        static route_case it;
        base_rng rng = base_rng_seeded(seed);
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_solution *solution;

        route_case_make(&it, size, draw_random, &rng);
        options.max_iterations = 50;
        assert_ok(ctx, gb_route_solve(ctx, &it.problem, &options, &solution));
        if (solution->summary.n_served > 0)
            spoil_numbers(ctx, &it, solution);
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_client_left_out_for_no_reason_is_found)
{
    gb_context *ctx = test_context();
    const route_case_size size = { 12, 1, 0 };
    static route_case it;
    int n_found = 0;

    for (uint64_t seed = 1; seed < 30; seed++) {
        base_rng rng = base_rng_seeded(seed);
        gb_route_solution *nobody;

        route_case_make(&it, size, draw_random, &rng);
        assert_ok(ctx, gb_route_greedy(ctx, &it.problem, NULL, 0, &nobody));
        ck_assert_uint_eq(count_findings(ctx, &it, nobody), 0);
        nobody->summary.is_certified = true;
        n_found += count_findings(ctx, &it, nobody) > 0;
        gb_route_solution_free(nobody);
    }
    ck_assert_int_gt(n_found, 15);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_check");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_number_that_is_one_off_is_found);
    tcase_add_test(tc, a_client_left_out_for_no_reason_is_found);
    return suite;
}
