/*
 * Problems and solutions as files: every given solution costs what it tells,
 * every reading is refused with a place and a word, and what is written is
 * read back as the same.
 */
#include <gridbeat/route_file.h>

#include <dirent.h>

#include "test.h"

static gb_context *CTX;

static void setup(void)
{
    CTX = test_context();
}

static void teardown(void)
{
    gb_context_free(CTX);
}

static gb_route_file *read_text(const char *text)
{
    gb_route_file *file;

    assert_ok(CTX, gb_route_file_read_memory(CTX, text, strlen(text), "t",
                                             NULL, &file));
    return file;
}

static gb_route_file_facts facts_of(const gb_route_file *file)
{
    gb_route_file_facts facts = { .size = sizeof facts };

    ck_assert(gb_route_file_facts_get(file, &facts));
    return facts;
}

/* The figures of the routes in `path`, by driving them. */
static gb_route_file_figures drive(const gb_route_file *file,
                                   const gb_route_file_routes *routes,
                                   gb_route_solution **solution)
{
    gb_route_file_figures figures = { .size = sizeof figures };

    assert_ok(CTX, gb_route_evaluate(CTX, gb_route_file_problem(file),
                                     gb_route_file_routes_order(routes),
                                     solution));
    assert_ok(CTX, gb_route_file_figures_get(CTX, file, *solution, &figures));
    return figures;
}

static char *solution_text(const gb_route_file *file,
                           const gb_route_solution *solution)
{
    size_t needed = 0;
    char *text;

    assert_status(CTX, GB_ERR_BUFFER,
                  gb_route_file_solution_text(CTX, file, solution, 0, NULL, 0,
                                              &needed));
    text = malloc(needed);
    ck_assert_ptr_nonnull(text);
    assert_ok(CTX, gb_route_file_solution_text(CTX, file, solution, 0, text,
                                               needed, &needed));
    return text;
}

static void check_written_again(const gb_route_file *file,
                                const gb_route_solution *solution,
                                int64_t figure)
{
    char *text = solution_text(file, solution);
    gb_route_file_routes *routes;
    gb_route_solution *again;
    int64_t told;

    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, text, strlen(text), "t.sol", &routes));
    ck_assert(gb_route_file_routes_told(routes, &told));
    ck_assert_int_eq(told, figure);
    ck_assert_int_eq(drive(file, routes, &again).figure, figure);
    gb_route_solution_free(again);
    gb_route_file_routes_free(routes);
    free(text);
}

static void check_pair(const char *instance, const char *sol)
{
    gb_route_file *file;
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    int64_t told;

    assert_ok(CTX, gb_route_file_read(CTX, instance, NULL, &file));
    ck_assert_int_eq(facts_of(file).format, GB_ROUTE_FORMAT_VRPLIB);
    assert_ok(CTX, gb_route_file_read_solution(CTX, file, sol, &routes));
    ck_assert(gb_route_file_routes_told(routes, &told));
    {
        const gb_route_file_figures figures = drive(file, routes, &solution);

        ck_assert_msg(figures.figure == told, "%s: %lld, told %lld", sol,
                      (long long)figures.figure, (long long)told);
        ck_assert_uint_eq(figures.n_musts_unserved, 0);
        check_written_again(file, solution, told);
    }
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}

static const char *const WITH_SOLUTIONS[]
    = { "cvrp_x", "mdvrptw", "pcvrptw", "vrptw_gh1000_dimacs" };

START_TEST(every_given_solution_costs_what_it_tells)
{
    char name[256], sol[600], instance[600];
    const char *folder;
    struct dirent *entry;
    int n = 0;
    DIR *dir;

    snprintf(name, sizeof name, "data/route/%s", WITH_SOLUTIONS[_i]);
    folder = test_shared_path(name);
    if (!folder)
        return;
    dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir))) {
        const size_t length = strlen(entry->d_name);

        if (length < 4 || strcmp(entry->d_name + length - 4, ".sol") != 0)
            continue;
        snprintf(sol, sizeof sol, "%s/%s", folder, entry->d_name);
        snprintf(instance, sizeof instance, "%s/%.*s.vrp", folder,
                 (int)length - 4, entry->d_name);
        check_pair(instance, sol);
        n++;
    }
    closedir(dir);
    ck_assert_int_gt(n, 5);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_file");
    TCase *given = tcase_create("given");

    tcase_add_checked_fixture(given, setup, teardown);
    tcase_set_timeout(given, 300);
    tcase_add_loop_test(given, every_given_solution_costs_what_it_tells, 0,
                        (int)(sizeof WITH_SOLUTIONS / sizeof *WITH_SOLUTIONS));
    suite_add_tcase(suite, given);
    return suite;
}
