/*
 * Any problem of the model goes through our own JSON and is the same after:
 * the same text when written again, and the same plan when solved.  Its
 * solution goes through our own JSON and through VROOM's answer.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <gridbeat/route_json.h>

static char *text_of_problem(gb_context *ctx, const gb_route_problem *problem,
                             const gb_route_file *file)
{
    size_t needed = 0;
    char *text;

    assert_status(ctx, GB_ERR_BUFFER,
                  gb_route_problem_text(ctx, problem, file, NULL, 0, &needed));
    text = malloc(needed);
    assert_ok(ctx, gb_route_problem_text(ctx, problem, file, text, needed,
                                         &needed));
    return text;
}

static char *text_of_solution(gb_context *ctx, const gb_route_file *file,
                              const gb_route_solution *solution,
                              int32_t format)
{
    size_t needed = 0;
    char *text;

    assert_status(ctx, GB_ERR_BUFFER,
                  gb_route_file_solution_text(ctx, file, solution, format,
                                              NULL, 0, &needed));
    text = malloc(needed);
    assert_ok(ctx, gb_route_file_solution_text(ctx, file, solution, format,
                                               text, needed, &needed));
    return text;
}

static gb_route_file *file_of(gb_context *ctx, const char *text)
{
    gb_route_file *file = NULL;

    assert_ok(ctx, gb_route_file_read_memory(ctx, text, strlen(text), "p.json",
                                             NULL, &file));
    return file;
}

static gb_route_solution *solve(gb_context *ctx,
                                const gb_route_problem *problem, uint64_t seed)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;

    options.max_iterations = 60;
    options.seed = seed;
    assert_ok(ctx, gb_route_solve(ctx, problem, &options, &solution));
    return solution;
}

/* Written, read, driven, written: the same. */
static void check_way_back(gb_context *ctx, const gb_route_file *file,
                           const gb_route_solution *solution, int32_t format,
                           uint64_t seed)
{
    char *text = text_of_solution(ctx, file, solution, format), *again;
    gb_route_file_routes *routes = NULL;
    gb_route_solution *driven = NULL;
    gb_route_file_figures figures = { .size = sizeof figures };
    int64_t told = 0;

    assert_ok(ctx, gb_route_file_read_solution_memory(
                       ctx, file, text, strlen(text), "s.json", &routes));
    ck_assert(gb_route_file_routes_told(routes, &told));
    assert_ok(ctx, gb_route_evaluate(ctx, gb_route_file_problem(file),
                                     gb_route_file_routes_order(routes),
                                     &driven));
    assert_ok(ctx, gb_route_file_figures_get(ctx, file, driven, &figures));
    again = text_of_solution(ctx, file, driven, GB_ROUTE_FORMAT_VROOM);
    if (format == GB_ROUTE_FORMAT_VROOM) {
        ck_assert_msg(strcmp(text, again) == 0, "seed %llu: %s\n%s",
                      (unsigned long long)seed, text, again);
    } else {
        ck_assert_int_eq(told, figures.figure);
        /* The reasons are the search's. */
        *strstr(text, "\"unserved\"") = '\0';
        free(again);
        again = text_of_solution(ctx, file, driven, format);
        ck_assert_ptr_nonnull(strstr(again, strstr(text, "\"routes\"")));
    }
    gb_route_file_routes_free(routes);
    gb_route_solution_free(driven);
    free(text);
    free(again);
}

static const uint32_t FEATURES[] = {
    0, CASE_HAS_LOADS, CASE_HAS_SKILLS, CASE_HAS_RELEASE, CASE_HAS_AFTER,
    CASE_HAS_BUNDLES, CASE_HAS_KINDS, CASE_HAS_GROUP_MUST, CASE_HAS_MUST_USE,
    CASE_HAS_LIMITS, CASE_HAS_SPEED, CASE_HAS_BANDS, CASE_HAS_LEG_COST,
    CASE_HAS_TRAVEL_COST, CASE_HAS_BALANCE, CASE_HAS_ALL
};

START_TEST(a_problem_that_was_written_and_read_is_the_same)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(12);

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 100 * (uint64_t)_i + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        route_case_size size = { 0, 0, FEATURES[_i] };
        static route_case it;
        gb_route_file *file;
        gb_route_solution *one, *other;
        char *text, *again, *plan, *same;

        size.n_clients = (uint32_t)base_rng_between(&rng, 1, 20);
        size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, CASE_VEHICLES);
        if (FEATURES[_i] == CASE_HAS_ALL)
            size.features &= (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1);
        route_case_make(&it, size, route_draw_random, &rng);
        text = text_of_problem(ctx, &it.problem, NULL);
        file = file_of(ctx, text);
        again = text_of_problem(ctx, gb_route_file_problem(file), NULL);
        ck_assert_msg(strcmp(text, again) == 0, "seed %llu: %s\n%s",
                      (unsigned long long)seed, text, again);
        one = solve(ctx, &it.problem, seed);
        other = solve(ctx, gb_route_file_problem(file), seed);
        plan = text_of_solution(ctx, file, one, GB_ROUTE_FORMAT_JSON);
        same = text_of_solution(ctx, file, other, GB_ROUTE_FORMAT_JSON);
        ck_assert_msg(strcmp(plan, same) == 0, "seed %llu",
                      (unsigned long long)seed);
        check_way_back(ctx, file, one, GB_ROUTE_FORMAT_JSON, seed);
        check_way_back(ctx, file, one, GB_ROUTE_FORMAT_VROOM, seed);
        free(text);
        free(again);
        free(plan);
        free(same);
        gb_route_solution_free(one);
        gb_route_solution_free(other);
        gb_route_file_free(file);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_json");
    TCase *tcase = tcase_create("json");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, a_problem_that_was_written_and_read_is_the_same,
                        0, sizeof FEATURES / sizeof *FEATURES);
    suite_add_tcase(suite, tcase);
    return suite;
}
