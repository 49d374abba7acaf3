#include "faulty_loop.h"
#include "test.h"

#include <gridbeat/route_file.h>

/* A text of each format, and a solution of it. */
static const struct {
    const char *problem, *solution;
} CASES[] = {
    { "NAME : x\nTYPE : PCVRPTW\nDIMENSION : 4\nVEHICLES : 2\nCAPACITY : 9 9\n"
      "EDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 0 1\n3 3 4\n"
      "4 4 3\nDEMAND_SECTION\n1 0 0\n2 1 1\n3 1 1\n4 1 0\n"
      "TIME_WINDOW_SECTION\n1 0 400\n2 0 60\n2 70 80\n3 0 300\n"
      "PRIZE_SECTION\n3 7\nMUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 3 4\n"
      "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 3 4\nDEPOT_SECTION\n1\n-1\n",
      "Route #1: 1 2\nCost 90\n" },
    { "NAME : x\nTYPE : CVRP\nDIMENSION : 3\nCAPACITY : 9\n"
      "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\n"
      "EDGE_WEIGHT_SECTION\n1 2 3\nDEMAND_SECTION\n1 0\n2 1\n3 1\n",
      "Route #1: 1 2\n" },
    { "C1\nVEHICLE\nNUMBER CAPACITY\n3 200\nCUSTOMER\nCUST NO.\n"
      "0 40 50 0 0 1236 0\n1 45 68 10 912 967 90\n2 45 70 30 825 870 90\n",
      "Route #1: 2 1\n" },
    { "1 1 2 3\n500 20\n500 20\n0 0\n0 0 0 0 0 0 0\n1 3 4 2 5 2 2 3 5\n"
      "2 1.5 0 1 6 1 1 4\n",
      "Route #1 (day 1): 2 1\nRoute #2 (day 3): 1\n" },
    { "4 10 2 1\n0 200\n0 40 50 0 0 0 0 0 1236\n1 45 68 90 10 1 1 1 912 967\n"
      "2 45 70 90 30 1 1 1 825 870\n",
      "Route #1: 2\nPrize 30\n" },
};

static gb_status write_text(gb_context *ctx, const gb_route_file *file,
                            const gb_route_solution *solution)
{
    gb_route_file_figures figures = { .size = sizeof figures };
    gb_route_file_facts facts = { .size = sizeof facts };
    char text[4096];
    size_t needed;
    double x, y;
    gb_status status
        = gb_route_file_figures_get(ctx, file, solution, &figures);

    ck_assert(gb_route_file_facts_get(file, &facts));
    ck_assert_ptr_nonnull(gb_route_file_client_name(file, 0));
    ck_assert_ptr_nonnull(gb_route_file_vehicle_name(file, 0));
    gb_route_file_location(file, 0, &x, &y);
    ck_assert_ptr_nonnull(gb_route_format_name(facts.format));
    ck_assert(gb_route_format_parse("toptw", &facts.format));
    if (!status)
        status = gb_route_file_solution_text(ctx, file, solution, 0, text,
                                             sizeof text, &needed);
    return status;
}

static gb_status read_and_write(gb_context *ctx, int k)
{
    gb_route_file *file = NULL;
    gb_route_file_routes *routes = NULL;
    gb_route_solution *solution = NULL;
    int64_t told;
    gb_status status = gb_route_file_read_memory(
        ctx, CASES[k].problem, strlen(CASES[k].problem), "t", NULL, &file);

    ck_assert((file == NULL) == (status != GB_OK));
    if (!status)
        status = gb_route_file_read_solution_memory(
            ctx, file, CASES[k].solution, strlen(CASES[k].solution), "s",
            &routes);
    ck_assert(!status || !routes);
    if (!status) {
        gb_route_file_routes_told(routes, &told);
        status = gb_route_evaluate(ctx, gb_route_file_problem(file),
                                   gb_route_file_routes_order(routes),
                                   &solution);
    }
    if (!status)
        status = write_text(ctx, file, solution);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
    return status;
}

static char PROBLEM_PATH[600], SOLUTION_PATH[600];

static gb_status read_files(gb_context *ctx)
{
    gb_route_file *file = NULL;
    gb_route_file_routes *routes = NULL;
    gb_status status = gb_route_file_read(ctx, PROBLEM_PATH, NULL, &file);

    if (!status)
        status = gb_route_file_read_solution(ctx, file, SOLUTION_PATH,
                                             &routes);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
    return status;
}

enum { N_CASES = sizeof CASES / sizeof *CASES };

static int which; /* of the calls */

static gb_status call(gb_context *ctx)
{
    return which < N_CASES ? read_and_write(ctx, which) : read_files(ctx);
}

START_TEST(lack_of_memory_is_survived)
{
    const char *folder = test_folder();

    snprintf(PROBLEM_PATH, sizeof PROBLEM_PATH, "%s/t.vrp", folder);
    snprintf(SOLUTION_PATH, sizeof SOLUTION_PATH, "%s/t.sol", folder);
    test_write_file(PROBLEM_PATH, CASES[0].problem, strlen(CASES[0].problem));
    test_write_file(SOLUTION_PATH, CASES[0].solution,
                    strlen(CASES[0].solution));
    which = _i / 2;
    faulty_loop(call, (faulty_way)(_i % 2), 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_file");
    TCase *memory = tcase_create("memory");

    tcase_add_loop_test(memory, lack_of_memory_is_survived, 0,
                        2 * (N_CASES + 1));
    suite_add_tcase(suite, memory);
    return suite;
}
