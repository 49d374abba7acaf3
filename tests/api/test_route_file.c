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


static int64_t metres(const gb_route_file *file, uint32_t from, uint32_t to)
{
    const gb_route_problem *p = gb_route_file_problem(file);

    return p->profiles[0].metres[(size_t)from * p->n_locations + to];
}

static int64_t seconds(const gb_route_file *file, uint32_t from, uint32_t to)
{
    const gb_route_problem *p = gb_route_file_problem(file);

    return p->profiles[0].seconds[(size_t)from * p->n_locations + to];
}

#define HEAD                                                                  \
    "NAME : small\nCOMMENT : (Optimal value: 12)\nTYPE : CVRP\n"              \
    "DIMENSION : 3\nCAPACITY : 10\n"
#define DEMANDS "DEMAND_SECTION\n1 0\n2 4\n3 7\nDEPOT_SECTION\n1\n-1\nEOF\n"

START_TEST(cvrp_is_rounded_to_the_nearest)
{
    gb_route_file *file
        = read_text(HEAD "EDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
                         "1 0 0\n2 1 1\n3 3 4\n" DEMANDS);
    const gb_route_problem *p = gb_route_file_problem(file);
    const gb_route_file_facts facts = facts_of(file);
    double x, y;

    ck_assert_str_eq(facts.name, "small");
    ck_assert_str_eq(facts.variant, "CVRP");
    ck_assert(facts.is_fleet_free && facts.has_best_known);
    ck_assert_int_eq(facts.best_known, 12);
    ck_assert_uint_eq(facts.scale, 1);
    ck_assert_int_eq(metres(file, 0, 1), 1);
    ck_assert_int_eq(metres(file, 1, 2), 4); /* 3.6 */
    ck_assert_int_eq(metres(file, 2, 0), 5);
    ck_assert_uint_eq(p->n_clients, 2);
    ck_assert_uint_eq(p->n_vehicles, 2);
    ck_assert_int_eq(p->vehicles[1].capacity[0], 10);
    ck_assert_int_eq(p->client_load[1], 7);
    ck_assert(p->client_must[0] && p->client_must[1]);
    ck_assert_str_eq(gb_route_file_client_name(file, 1), "2");
    ck_assert_str_eq(gb_route_file_vehicle_name(file, 1), "2");
    ck_assert_ptr_null(gb_route_file_client_name(file, 2));
    ck_assert_ptr_null(gb_route_file_vehicle_name(file, 2));
    ck_assert(gb_route_file_location(file, 2, &x, &y));
    assert_near(x + 10 * y, 43, 0);
    ck_assert(!gb_route_file_location(file, 3, &x, &y));
    gb_route_file_free(file);
}
END_TEST

static const struct {
    const char *form, *numbers;
} MATRICES[] = {
    { "FULL_MATRIX", "0 5 6 5 0 7 6 7 0" },
    { "LOWER_ROW", "5\n6 7" },
    { "LOWER_DIAG_ROW", "0 5 0\n6 7 0" },
    { "UPPER_ROW", "5 6\n7" },
    { "UPPER_DIAG_ROW", "0 5 6 0 7 0" },
    { "UPPER_COL", "5 6 7" },
    { "LOWER_COL", "5 6 7" },
    { "UPPER_DIAG_COL", "0 5 0 6 7 0" },
    { "LOWER_DIAG_COL", "0 5 6 0 7 0" },
};

START_TEST(each_form_of_a_matrix_gives_the_same)
{
    char text[1024];
    gb_route_file *file;
    double x, y;

    snprintf(text, sizeof text,
             HEAD "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : %s\n"
                  "EDGE_WEIGHT_SECTION\n%s\n" DEMANDS,
             MATRICES[_i].form, MATRICES[_i].numbers);
    file = read_text(text);
    ck_assert_int_eq(metres(file, 0, 1), 5);
    ck_assert_int_eq(metres(file, 2, 0), 6);
    ck_assert_int_eq(metres(file, 1, 2), 7);
    ck_assert_int_eq(metres(file, 1, 1), 0);
    ck_assert(!gb_route_file_location(file, 0, &x, &y));
    gb_route_file_free(file);
}
END_TEST

START_TEST(a_matrix_of_whole_numbers_is_not_scaled)
{
    static const char matrix[] =
        HEAD "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\n"
             "EDGE_WEIGHT_SECTION\n5\n6 %s\nTIME_WINDOW_SECTION\n2 1 50\n"
             DEMANDS;
    char text[1024];
    gb_route_file *file;

    snprintf(text, sizeof text, matrix, "7");
    file = read_text(text);
    ck_assert_uint_eq(facts_of(file).scale, 1);
    ck_assert_int_eq(metres(file, 1, 2), 7);
    ck_assert_int_eq(gb_route_file_problem(file)->windows[0].late_s, 50);
    gb_route_file_free(file);
    snprintf(text, sizeof text, matrix, "7.5");
    file = read_text(text);
    ck_assert_uint_eq(facts_of(file).scale, 10);
    ck_assert_int_eq(metres(file, 1, 2), 75);
    gb_route_file_free(file);
}
END_TEST

/* TSPLIB 95: r = sqrt((dx * dx + dy * dy) / 10), t its nearest integer, and
 * one more where t is below r. */
START_TEST(pseudo_euclidean_lengths_are_rounded_up)
{
    gb_route_file *file
        = read_text(HEAD "EDGE_WEIGHT_TYPE : ATT\nNODE_COORD_SECTION\n"
                         "1 0 0\n2 10 0\n3 10 30\n" DEMANDS);

    ck_assert_int_eq(metres(file, 0, 1), 4);  /* 3.16: 3 is below it */
    ck_assert_int_eq(metres(file, 0, 2), 10); /* 10.0 */
    ck_assert_int_eq(metres(file, 1, 2), 10); /* 9.49: 9 is below it */
    gb_route_file_free(file);
}
END_TEST

/* Ends of lines, tabs, blanks, a byte order mark, no end: all the same. */
START_TEST(how_lines_are_written_does_not_matter)
{
    static const char plain[] =
        HEAD "EDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n"
             "3 3 4\n" DEMANDS;
    static const struct {
        const char *from, *to, *before;
        int cut;
    } WAYS[] = {
        { "\n", "\r\n", "", 0 }, { " ", "\t", "", 0 },
        { "\n", " \t\n", "", 0 }, { "\n", "\n\n", "", 0 },
        { "\n", "\n  ", "", 0 },  { " : ", ":", "", 0 },
        { " : ", ": ", "", 0 },    { "\n", "\n", "\xef\xbb\xbf", 0 },
        { "\n", "\n", "", 1 },    { "\n", "\n", "", 4 },
        { "\n", "\n", "", 8 },
    };

    for (size_t w = 0; w < sizeof WAYS / sizeof *WAYS; w++) {
        char text[2048];
        const char *at = plain;
        size_t n = (size_t)sprintf(text, "%s", WAYS[w].before);
        gb_route_file *file;

        while (*at)
            if (strncmp(at, WAYS[w].from, strlen(WAYS[w].from)) == 0) {
                n += (size_t)sprintf(text + n, "%s", WAYS[w].to);
                at += strlen(WAYS[w].from);
            } else {
                text[n++] = *at++;
            }
        text[n - (size_t)WAYS[w].cut] = '\0';
        file = read_text(text);
        ck_assert_uint_eq(gb_route_file_problem(file)->n_clients, 2);
        ck_assert_int_eq(metres(file, 1, 2), 4);
        ck_assert_int_eq(gb_route_file_problem(file)->client_load[1], 7);
        gb_route_file_free(file);
    }
}
END_TEST

START_TEST(windows_prizes_and_services_are_tenths_cut_off)
{
    gb_route_file *file = read_text(
        "TYPE : PCVRPTW\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 9\n"
        "SERVICE_TIME : 90\nEDGE_WEIGHT_TYPE : EUC_2D\n"
        "NODE_COORD_SECTION\n1 0 0\n2 1 1\n3 3 4\n"
        "DEMAND_SECTION\n1 0\n2 1\n3 1\n"
        "TIME_WINDOW_SECTION\n1 0 400\n2 50 60\n2 10 20\n3 0 300\n"
        "PRIZE_SECTION\n1 0\n2 0\n3 7.19\nDEPOT_SECTION\n1\n-1\nEOF\n");
    const gb_route_problem *p = gb_route_file_problem(file);

    ck_assert_int_eq(metres(file, 0, 1), 14);
    ck_assert_int_eq(seconds(file, 1, 2), 36);
    ck_assert_int_eq(p->client_service_s[0], 900);
    ck_assert_int_eq(p->client_prize[1], 71);
    ck_assert(p->client_must[0] && !p->client_must[1]);
    ck_assert_int_eq(p->vehicles[0].shift_end_s, 4000);
    ck_assert_uint_eq(p->client_first_window[1], 2);
    ck_assert_int_eq(p->windows[0].early_s, 100);
    ck_assert_int_eq(p->windows[1].late_s, 600);
    ck_assert_uint_eq(facts_of(file).published_per, 1);
    gb_route_file_free(file);
}
END_TEST

START_TEST(prizes_left_are_cost)
{
    static const char *const TEXT
        = "TYPE : PCVRPTW\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 9\n"
          "EDGE_WEIGHT_TYPE : EUC_2D\n"
          "NODE_COORD_SECTION\n1 0 0\n2 0 1\n3 3 4\n"
          "DEMAND_SECTION\n1 0\n2 1\n3 1\n"
          "TIME_WINDOW_SECTION\n1 0 400\n2 0 60\n3 0 300\n"
          "PRIZE_SECTION\n1 0\n2 5\n3 7\nDEPOT_SECTION\n1\n-1\nEOF\n";
    gb_route_file *file = read_text(TEXT);
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    gb_route_file_figures figures;
    char *text;

    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, "Route #1: 1\nCost: 90\n", 21, "s",
                       &routes));
    figures = drive(file, routes, &solution);
    ck_assert_int_eq(figures.length, 20);
    ck_assert_int_eq(figures.prize, 50);
    ck_assert_int_eq(figures.uncollected, 70);
    ck_assert_int_eq(figures.cost, 90);
    ck_assert_int_eq(figures.figure, 90);
    ck_assert_uint_eq(figures.n_unserved, 1);
    text = solution_text(file, solution);
    ck_assert_str_eq(text, "Route #1: 1\nUnserved: 2\nCost 90\n");
    free(text);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}
END_TEST

#define FLEET                                                                 \
    "NAME : f\nTYPE : HVRP\nDIMENSION : 4\nVEHICLES : 2\nCAPACITY : 20 5\n"             \
    "EDGE_WEIGHT_TYPE : EUC_2D\nVEHICLES_MAX_DISTANCE : 50\n"                 \
    "NODE_COORD_SECTION\n1 0 0\n2 9 0\n3 1 1\n4 3 4\n"                        \
    "DEMAND_SECTION\n1 0 0\n2 0 0\n3 1 2\n4 3 1\n"                            \
    "VEHICLES_DEPOT_SECTION\n1 1\n2 2\n"                                      \
    "CAPACITY_SECTION\n2 7 8\nVEHICLES_FIXED_COST_SECTION\n2 11\n"            \
    "VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 2\n"                              \
    "VEHICLES_MAX_DURATION_SECTION\n1 12.5\n"                                 \
    "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 3\n"                                 \
    "RELEASE_TIME_SECTION\n4 3\n"                                             \
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n4 3 4\n"                               \
    "DEPOT_SECTION\n1\n2\n-1\nEOF\n"

START_TEST(vehicles_may_differ_in_everything)
{
    gb_route_file *file = read_text(FLEET);
    const gb_route_problem *p = gb_route_file_problem(file);

    ck_assert_uint_eq(facts_of(file).scale, 1000);
    ck_assert_uint_eq(facts_of(file).n_depots, 2);
    ck_assert_uint_eq(p->n_loads, 2);
    ck_assert_int_eq(p->vehicles[0].capacity[1], 5);
    ck_assert_int_eq(p->vehicles[1].capacity[0], 7);
    ck_assert_int_eq(p->vehicles[1].capacity[1], 8);
    ck_assert_uint_eq(p->vehicles[0].start_location, 0);
    ck_assert_uint_eq(p->vehicles[1].end_location, 1);
    ck_assert_int_eq(p->vehicles[0].fixed_cost, 0);
    ck_assert_int_eq(p->vehicles[1].fixed_cost, 11000);
    ck_assert_int_eq(p->vehicles[0].cost_per_m_milli, 2000);
    ck_assert_int_eq(p->vehicles[1].cost_per_m_milli, 1000);
    ck_assert_int_eq(p->vehicles[0].max_duration_s, 12500);
    ck_assert_int_eq(p->vehicles[1].max_duration_s, 0);
    ck_assert_int_eq(p->vehicles[1].max_distance_m, 50000);
    ck_assert_int_eq(p->client_release_s[1], 3000);
    ck_assert_uint_eq(p->client_group[0], 0);
    ck_assert_uint_eq(p->client_group[1], 0);
    ck_assert_uint_eq(p->group_must[0], 1);
    /* client 2 (node 3): both; client 3 (node 4): the second alone */
    ck_assert_uint_eq(p->client_first_allowed[1], 2);
    ck_assert_uint_eq(p->client_first_allowed[2], 3);
    ck_assert_uint_eq(p->allowed_vehicles[2], 1);
    ck_assert_int_eq(metres(file, 0, 2), 1414);
    gb_route_file_free(file);
}
END_TEST

START_TEST(numbered_vehicles_have_lines_of_their_own)
{
    gb_route_file *file = read_text(FLEET);
    const char *given = "Route #2: 3\nCost: 29.211\n";
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    const gb_route_order *order;
    char *text;

    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, given, strlen(given), "s", &routes));
    order = gb_route_file_routes_order(routes);
    ck_assert_uint_eq(order->first[1], 0);
    ck_assert_uint_eq(order->first[2], 1);
    ck_assert_uint_eq(order->items[0], 1);
    ck_assert_int_eq(drive(file, routes, &solution).cost, 2 * 7211 + 11000);
    text = solution_text(file, solution);
    ck_assert_str_eq(text,
                     "Route #1:\nRoute #2: 3\nUnserved: 2\nCost 25422\n");
    free(text);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}
END_TEST

START_TEST(the_caller_chooses_rounding_scale_and_vehicles)
{
    static const char *const TEXT
        = HEAD "EDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
               "1 0 0\n2 1 1\n3 3 4\n" DEMANDS;
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;
    gb_route_file *file;

    options.scale = 100;
    options.rounding = GB_ROUTE_ROUNDING_UP;
    options.n_vehicles = 7;
    options.format = GB_ROUTE_FORMAT_VRPLIB;
    assert_ok(CTX, gb_route_file_read_memory(CTX, TEXT, strlen(TEXT), "t",
                                             &options, &file));
    ck_assert_int_eq(metres(file, 0, 1), 142);
    ck_assert_uint_eq(gb_route_file_problem(file)->n_vehicles, 7);
    ck_assert_int_eq(facts_of(file).rounding, GB_ROUTE_ROUNDING_UP);
    gb_route_file_free(file);
}
END_TEST

static const char SOLOMON[]
    = "C1\n\nVEHICLE\nNUMBER     CAPACITY\n  3         200\n\nCUSTOMER\n"
      "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   "
      "SERVICE   TIME\n\n"
      "    0      40         50          0          0       1236          0\n"
      "    1      45         68         10        912        967         90\n"
      "    2      45         70         30        825        870         90\n";

START_TEST(solomon_is_read)
{
    gb_route_file *file = read_text(SOLOMON);
    const gb_route_problem *p = gb_route_file_problem(file);
    const gb_route_file_facts facts = facts_of(file);
    const char *given = "Route #1: 2 1\nCost 60.0\n";
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    char *text;

    ck_assert_int_eq(facts.format, GB_ROUTE_FORMAT_SOLOMON);
    ck_assert_uint_eq(facts.published_per, 10);
    ck_assert_uint_eq(p->n_vehicles, 3);
    ck_assert_int_eq(metres(file, 0, 1), 186); /* 18.68 */
    ck_assert_int_eq(p->windows[1].early_s, 8250);
    ck_assert_int_eq(p->vehicles[0].shift_end_s, 12360);
    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, given, strlen(given), "s", &routes));
    ck_assert_int_eq(drive(file, routes, &solution).figure, 186 + 20 + 206);
    text = solution_text(file, solution);
    ck_assert_str_eq(text, "Route #1: 2 1\nCost 41.2\n");
    free(text);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}
END_TEST

START_TEST(cordeau_pvrp_is_read)
{
    gb_route_file *file = read_text("1 1 2 3\n500 20\n500 20\n0 0\n"
                                    " 0 0 0 0 0 0 0\n"
                                    " 1 3 4 2 5 2 2 3 5\n"
                                    " 2 1.5 0 1 6 1 1 4\n");
    const gb_route_problem *p = gb_route_file_problem(file);
    const char *given
        = "Route #1 (day 1): 2 1\nRoute #2 (day 3): 1\nCost 0\n";
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    char *text;

    ck_assert_str_eq(facts_of(file).variant, "PVRP");
    ck_assert_uint_eq(facts_of(file).n_days, 3);
    ck_assert_uint_eq(facts_of(file).n_customers, 2);
    ck_assert_uint_eq(p->n_clients, 3);
    ck_assert_uint_eq(p->n_vehicles, 3);
    ck_assert_uint_eq(p->vehicles[2].day, 2);
    ck_assert_int_eq(p->vehicles[0].max_duration_s, 5000000);
    ck_assert_int_eq(p->vehicles[2].max_duration_s, 0);
    ck_assert_uint_eq(p->n_bundles, 2);
    ck_assert_uint_eq(p->client_bundle[1], 0);
    /* 3 = 011: days 2 and 3; 5 = 101: days 1 and 3; 4 = 100: day 1 */
    ck_assert_uint_eq(p->patterns[0], 6);
    ck_assert_uint_eq(p->patterns[1], 5);
    ck_assert_uint_eq(p->patterns[2], 1);
    ck_assert_int_eq(metres(file, 1, 2), 42720); /* 4.27200 */
    ck_assert_int_eq(seconds(file, 1, 2), 42721);
    ck_assert_str_eq(gb_route_file_client_name(file, 1), "1#2");
    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, given, strlen(given), "s", &routes));
    ck_assert_int_eq(drive(file, routes, &solution).figure,
                     15000 + 42720 + 50000 + 100000);
    text = solution_text(file, solution);
    ck_assert_str_eq(text, "Route #1 (day 1): 2 1\nRoute #2 (day 2):\n"
                           "Route #3 (day 3): 1\nCost 20.7720\n");
    free(text);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}
END_TEST

START_TEST(cordeau_mdvrp_is_read)
{
    gb_route_file *file = read_text("2 2 2 2\n0 80\n0 90\n"
                                    " 1 3 4 0 7 1 2 1 2\n"
                                    " 2 6 8 0 9 1 2 1 2\n"
                                    " 3 0 0 0 0 0 0\n"
                                    " 4 9 12 0 0 0 0\n");
    const gb_route_problem *p = gb_route_file_problem(file);

    ck_assert_str_eq(facts_of(file).variant, "MDVRP");
    ck_assert_uint_eq(facts_of(file).n_depots, 2);
    ck_assert_uint_eq(p->n_vehicles, 4);
    ck_assert_uint_eq(p->vehicles[1].start_location, 2);
    ck_assert_uint_eq(p->vehicles[2].end_location, 3);
    ck_assert_int_eq(p->vehicles[3].capacity[0], 90);
    ck_assert_uint_eq(p->n_bundles, 0);
    ck_assert_int_eq(metres(file, 0, 1), 50000);
    gb_route_file_free(file);
}
END_TEST

START_TEST(toptw_is_read)
{
    gb_route_file *file = read_text("4 10 2 1\n0 200\n"
                                    "0 40.00 50.00 0.00 0.00 0 0 0 1236\n"
                                    "1 45.00 68.00 90.00 10.00 1 1 1 912 "
                                    "967\n"
                                    "2 45.00 70.00 90.00 30.00 1 1 1 825 "
                                    "870\n");
    const gb_route_problem *p = gb_route_file_problem(file);
    const gb_route_file_facts facts = facts_of(file);
    const char *given = "Route #1: 2\nPrize 30\n";
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    gb_route_file_figures figures;
    char *text;

    ck_assert_int_eq(facts.format, GB_ROUTE_FORMAT_TOPTW);
    ck_assert(facts.is_prize && facts.is_fleet_free);
    ck_assert_uint_eq(facts.scale, 10);
    ck_assert_uint_eq(p->n_vehicles, 1);
    ck_assert_ptr_null(p->client_must);
    ck_assert_int_eq(p->client_prize[1], 30);
    ck_assert_int_eq(p->vehicles[0].cost_per_m_milli, 0);
    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, given, strlen(given), "s", &routes));
    figures = drive(file, routes, &solution);
    ck_assert_int_eq(figures.figure, 30);
    ck_assert_int_eq(figures.uncollected, 10);
    text = solution_text(file, solution);
    ck_assert_str_eq(text, "Route #1: 2\nUnserved: 1\nPrize 30\n");
    free(text);
    gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
    gb_route_file_free(file);
}
END_TEST

static const struct {
    const char *text;
    gb_status status;
    const char *words; /* in the message */
} REFUSED[] = {
    { "", GB_ERR_PARSE, "no known format" },
    { "hello\nworld\n", GB_ERR_PARSE, "no known format" },
    { "NAME : x\nDIMENSIN : 3\n", GB_ERR_PARSE,
      "t:2:1: \"DIMENSIN\" is unknown; did you mean \"DIMENSION\"?" },
    { "NAME : x\nDIMENSION : 0\n", GB_ERR_DATA, "t:2:13: DIMENSION: \"0\"" },
    { "NAME : x\nDIMENSION : many\n", GB_ERR_PARSE, "not \"many\"" },
    { "NAME : x\nNAME : y\n", GB_ERR_PARSE, "NAME is there twice" },
    { "NAME : x\nBACKHAUL_SECTION\n1 2\n", GB_ERR_DATA, "not in the model" },
    { "NAME : x\nDEMAND_SECTION\n1 2\n", GB_ERR_PARSE, "before DIMENSION" },
    { "NAME : x\n", GB_ERR_PARSE, "DIMENSION is missing" },
    { "NAME : x\nEDGE_WEIGHT_TYPE : EUC_3D\n", GB_ERR_PARSE,
      "did you mean \"EUC_2D\"" },
    { "NAME : x\nEDGE_WEIGHT_TYPE : QWERTZUIOP\n", GB_ERR_PARSE, "one of" },
    { "NAME : x\nEDGE_WEIGHT_FORMAT : LOWER_ROWS\n", GB_ERR_PARSE,
      "did you mean \"LOWER_ROW\"" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1\n", GB_ERR_PARSE,
      "t:8:4: NODE_COORD_SECTION: a number is missing" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n1 1 1\n", GB_ERR_DATA,
      "number 1 is there twice" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n4 1 1\n", GB_ERR_DATA,
      "from 1 to 3 expected" },
    { HEAD "NODE_COORD_SECTION\n1 0 0 9\n", GB_ERR_PARSE,
      "\"9\" is more than expected" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1 1\n" DEMANDS, GB_ERR_DATA,
      "t:6:1: NODE_COORD_SECTION has no row for node 3" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1 1\n3 1 2\n", GB_ERR_DATA,
      "DEMAND_SECTION has no row for node 2" },
    { HEAD "EDGE_WEIGHT_TYPE : EXPLICIT\n" DEMANDS, GB_ERR_PARSE,
      "EDGE_WEIGHT_FORMAT is missing" },
    { HEAD "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\n"
           "EDGE_WEIGHT_SECTION\n1 2\n" DEMANDS,
      GB_ERR_DATA, "t:8:1: EDGE_WEIGHT_SECTION has 2 numbers; 3 expected" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1e9 1\n3 1 2\n" DEMANDS, GB_ERR_DATA,
      "a smaller scale" },
    { HEAD "VEHICLES : 2\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n3 1 2\n"
           "VEHICLES_DEPOT_SECTION\n1 2\n" DEMANDS,
      GB_ERR_DATA, "which is no depot" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1 1\n3 1 2\nTIME_WINDOW_SECTION\n"
           "2 8 5\n" DEMANDS,
      GB_ERR_DATA,
      "t:11:5: the time window ends (5) before it begins (8)" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 1 1\n3 1 2\nTIME_WINDOW_SECTION\n"
           "2 1 5\n2 4 9\n" DEMANDS,
      GB_ERR_DATA, "before the one before it ends" },
    { "NAME : x\nCAPACITY : -3\n", GB_ERR_DATA,
      "t:2:12: CAPACITY: \"-3\"; 0 or above expected" },
    { HEAD "DEMAND_SECTION\n1 0\n2 -7\n", GB_ERR_DATA, "t:8:3: DEMAND" },
    { "C1\nVEHICLE\nNUMBER CAPACTY\n", GB_ERR_PARSE,
      "t:3:8: \"CAPACITY\" expected, not \"CAPACTY\"" },
    { "C1\nVEHICLE\nNUMBER CAPACITY\n1 2\nCUSTOMER\nCUST NO.\n0 1 2 3 4 5\n",
      GB_ERR_PARSE, "SERVICE: a number is missing" },
    { "C1\nVEHICLE\nNUMBER CAPACITY\n1 2\nCUSTOMER\nCUST NO.\n"
      "0 1 2 3 9.5 5 0\n",
      GB_ERR_DATA,
      "t:7:13: the time window ends (5) before it begins (9.5)" },
    { "C1\nVEHICLE\nNUMBER CAPACITY\n1 2\n", GB_ERR_PARSE,
      "CUSTOMER is missing" },
    { "3 1 1 2\n0 9\n0 9\n1 0 0 0 0 0 0 \n", GB_ERR_DATA, "SDVRP" },
    { "1 1 2 2\n0 9\n0 9\n0 0 0 0 0 0 0\n1 0 0 0 1 2 1 1\n2 0 0 0 1 1 1 1\n",
      GB_ERR_DATA, "2 visits, but a pattern of 1 days" },
    { "2 1 3 2\n0 9\n0 9\n1 0 0 0 0 0 0\n", GB_ERR_DATA, "but n is 3" },
    { "4 1 2 1\n0 9\n0 0 0 0 0 0 0 0 9\n1 0 0 0 4 0 0 0 9\n", GB_ERR_DATA,
      "t: 1 points behind the first one, but N is 2" },
    { "4 1 1 1\n0 9\n0 0 0 0 0 0 0 0 9\n1 0 0 0 4 0 0 0\n", GB_ERR_PARSE,
      "a number is missing" },
};

START_TEST(what_is_wrong_is_told_with_its_place)
{
    gb_route_file *file = (gb_route_file *)&file;

    assert_status(CTX, REFUSED[_i].status,
                  gb_route_file_read_memory(CTX, REFUSED[_i].text,
                                            strlen(REFUSED[_i].text), "t",
                                            NULL, &file));
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(gb_last_error(CTX), REFUSED[_i].words), "%s",
                  gb_last_error(CTX));
}
END_TEST

static const struct {
    const char *text;
    gb_status status;
    const char *words;
} REFUSED_SOLUTIONS[] = {
    { "Route #1: 1 2 1\n", GB_ERR_DATA, "s:1:15: client 1 is served more" },
    { "Route #1: 9\n", GB_ERR_DATA, "no client 9" },
    { "Route #1: x\n", GB_ERR_PARSE, "not \"x\"" },
    { "Route #1 1\n", GB_ERR_PARSE, "expected" },
    { "Rout #1: 1\n", GB_ERR_PARSE, "begins with \"Rout\"" },
    { "Cost\n", GB_ERR_PARSE, "a number is missing" },
    { "Route #1 (day 2): 1\n", GB_ERR_DATA, "no vehicle left" },
    { "Route #1: 1\nRoute #2: 2\nRoute #3:\nRoute #4: 3\nRoute #5: 3\n",
      GB_ERR_DATA, "s:4:11: the problem has no client 3" },
};

START_TEST(a_wrong_solution_is_told_with_its_place)
{
    gb_route_file *file = read_text(SOLOMON);
    gb_route_file_routes *routes = (gb_route_file_routes *)&file;
    const char *text = REFUSED_SOLUTIONS[_i].text;

    assert_status(CTX, REFUSED_SOLUTIONS[_i].status,
                  gb_route_file_read_solution_memory(CTX, file, text,
                                                     strlen(text), "s",
                                                     &routes));
    ck_assert_ptr_null(routes);
    ck_assert_msg(strstr(gb_last_error(CTX), REFUSED_SOLUTIONS[_i].words),
                  "%s", gb_last_error(CTX));
    gb_route_file_free(file);
}
END_TEST

START_TEST(arguments_are_checked)
{
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;
    gb_route_file_facts facts = { 0 };
    gb_route_file_figures figures = { 0 };
    gb_route_file_routes *routes;
    gb_route_file *file;
    size_t needed;
    int32_t format = 7;
    int64_t told;

    assert_status(CTX, GB_ERR_NOT_FOUND,
                  gb_route_file_read(CTX, "/no/such/file", NULL, &file));
    assert_status(CTX, GB_ERR_IO, gb_route_file_read(CTX, "/", NULL, &file));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read(CTX, NULL, NULL, &file));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read_memory(CTX, NULL, 1, "t", NULL, &file));
    options.format = 99;
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read(CTX, "/x", &options, &file));
    options.format = 0;
    options.rounding = 9;
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read(CTX, "/x", &options, &file));
    options.rounding = 0;
    options.scale = 100001;
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read(CTX, "/x", &options, &file));
    options.size = 1;
    assert_status(CTX, GB_ERR_OPTIONS,
                  gb_route_file_read(CTX, "/x", &options, &file));
    file = read_text(SOLOMON);
    ck_assert(!gb_route_file_facts_get(file, &facts));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_figures_get(CTX, file, NULL, &figures));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_solution_text(CTX, file, NULL, 0, NULL, 0,
                                              &needed));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read_solution(CTX, file, NULL, &routes));
    assert_status(CTX, GB_ERR_NOT_FOUND,
                  gb_route_file_read_solution(CTX, file, "/no/such", &routes));
    ck_assert(!gb_route_file_routes_told(NULL, &told));
    ck_assert_ptr_null(gb_route_file_routes_order(NULL));
    ck_assert_ptr_null(gb_route_file_problem(NULL));
    gb_route_file_routes_free(NULL);
    gb_route_file_free(NULL);
    gb_route_file_free(file);
    ck_assert_str_eq(gb_route_format_name(GB_ROUTE_FORMAT_TOPTW), "toptw");
    ck_assert_ptr_null(gb_route_format_name(99));
    ck_assert(gb_route_format_parse("cordeau", &format));
    ck_assert_int_eq(format, GB_ROUTE_FORMAT_CORDEAU);
    ck_assert(!gb_route_format_parse("excel", &format));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static TCase *small_ones(void)
{
    TCase *small = tcase_create("small");

    tcase_add_checked_fixture(small, setup, teardown);
    tcase_add_test(small, cvrp_is_rounded_to_the_nearest);
    tcase_add_loop_test(small, each_form_of_a_matrix_gives_the_same, 0,
                        COUNT(MATRICES));
    tcase_add_test(small, a_matrix_of_whole_numbers_is_not_scaled);
    tcase_add_test(small, pseudo_euclidean_lengths_are_rounded_up);
    tcase_add_test(small, how_lines_are_written_does_not_matter);
    tcase_add_test(small, windows_prizes_and_services_are_tenths_cut_off);
    tcase_add_test(small, prizes_left_are_cost);
    tcase_add_test(small, vehicles_may_differ_in_everything);
    tcase_add_test(small, numbered_vehicles_have_lines_of_their_own);
    tcase_add_test(small, the_caller_chooses_rounding_scale_and_vehicles);
    tcase_add_test(small, solomon_is_read);
    tcase_add_test(small, cordeau_pvrp_is_read);
    tcase_add_test(small, cordeau_mdvrp_is_read);
    tcase_add_test(small, toptw_is_read);
    tcase_add_loop_test(small, what_is_wrong_is_told_with_its_place, 0,
                        COUNT(REFUSED));
    tcase_add_loop_test(small, a_wrong_solution_is_told_with_its_place, 0,
                        COUNT(REFUSED_SOLUTIONS));
    tcase_add_test(small, arguments_are_checked);
    return small;
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_file");
    TCase *given = tcase_create("given");

    tcase_add_checked_fixture(given, setup, teardown);
    tcase_set_timeout(given, 300);
    tcase_add_loop_test(given, every_given_solution_costs_what_it_tells, 0,
                        COUNT(WITH_SOLUTIONS));
    suite_add_tcase(suite, given);
    suite_add_tcase(suite, small_ones());
    return suite;
}
