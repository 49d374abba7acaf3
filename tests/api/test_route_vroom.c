#include <gridbeat/gridbeat.h>

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

static gb_status read_text(const char *text, gb_route_file **file)
{
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;

    options.format = GB_ROUTE_FORMAT_VROOM;
    return gb_route_file_read_memory(CTX, text, strlen(text), "v.json",
                                     &options, file);
}

static gb_route_solution *solve(const gb_route_file *file,
                                uint64_t iterations)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    gb_route_findings *findings = NULL;

    options.max_iterations = iterations;
    options.start = gb_route_file_start(file);
    assert_ok(CTX, gb_route_solve(CTX, gb_route_file_problem(file), &options,
                                  &solution));
    assert_ok(CTX, gb_route_check(CTX, gb_route_file_problem(file), solution,
                                  &findings));
    ck_assert_uint_eq(gb_route_findings_count(findings), 0);
    gb_route_findings_free(findings);
    return solution;
}

/* Of the solution as VROOM's answer; free() it. */
static char *answer_of(const gb_route_file *file,
                       const gb_route_solution *solution)
{
    size_t needed = 0;
    char *text;

    assert_status(CTX, GB_ERR_BUFFER,
                  gb_route_file_solution_text(CTX, file, solution,
                                              GB_ROUTE_FORMAT_VROOM, NULL, 0,
                                              &needed));
    text = malloc(needed);
    assert_ok(CTX, gb_route_file_solution_text(CTX, file, solution,
                                               GB_ROUTE_FORMAT_VROOM, text,
                                               needed, &needed));
    return text;
}

/* Read, solved, and its answer; free() it. */
static char *answer(const char *text)
{
    gb_route_file *file = NULL;
    gb_route_solution *solution;
    char *answer;

    assert_ok(CTX, read_text(text, &file));
    solution = solve(file, 200);
    answer = answer_of(file, solution);
    gb_route_solution_free(solution);
    gb_route_file_free(file);
    return answer;
}

#define assert_has(text, part)                                                \
    ck_assert_msg(strstr((text), (part)) != NULL, "no %s in %s", (part),      \
                  (text))

#define MATRIX3 "\"matrices\":{\"car\":{\"durations\":"                       \
                "[[0,100,200],[100,0,150],[200,150,0]],"                      \
                "\"distances\":[[0,1000,2000],[1000,0,1500],[2000,1500,0]]}}"

START_TEST(an_answer_has_all_that_vroom_says)
{
    char *text = answer(
        "{" MATRIX3 ",\"vehicles\":[{\"id\":7,\"start_index\":0,"
        "\"end_index\":0,\"time_window\":[1000,9000],\"description\":\"A\","
        "\"start\":[104.06,30.67],\"capacity\":[5],"
        "\"breaks\":[{\"id\":3,\"service\":60,"
        "\"time_windows\":[[2000,2500]]}]}],"
        "\"jobs\":[{\"id\":18446744073709551615,\"location_index\":1,"
        "\"service\":300,\"setup\":40,\"priority\":9,\"delivery\":[2],"
        "\"description\":\"b\\\"c\",\"location\":[104.1, 30.7],"
        "\"time_windows\":[[5000,6000],[1500,1700]]},"
        "{\"id\":2,\"location_index\":2,\"service\":10,\"delivery\":[9]}]}");

    /* as late as brings it home for the break at 2000 */
    assert_has(text, "{\"code\":0,");
    assert_has(text, "\"summary\":{\"cost\":200,\"routes\":1,\"unassigned\":1,"
                     "\"delivery\":[2],\"amount\":[2],\"pickup\":[0],"
                     "\"setup\":40,\"service\":300,\"duration\":200,"
                     "\"waiting_time\":0,\"priority\":9,\"distance\":2000,"
                     "\"violations\":[],\"computing_times\":{\"loading\":0,"
                     "\"solving\":0,\"routing\":0}}");
    assert_has(text, "\"unassigned\":[\n{\"id\":2,\"location_index\":2,"
                     "\"type\":\"job\"}]");
    assert_has(text, "{\"vehicle\":7,\"cost\":200,\"description\":\"A\"");
    assert_has(text, "{\"type\":\"start\",\"location\":[104.06,30.67],"
                     "\"location_index\":0,\"setup\":0,\"service\":0,"
                     "\"waiting_time\":0,\"load\":[2],\"arrival\":1460,"
                     "\"duration\":0,\"violations\":[],\"distance\":0}");
    assert_has(text, "{\"type\":\"job\",\"description\":\"b\\\"c\","
                     "\"location\":[104.1, 30.7],\"location_index\":1,"
                     "\"id\":18446744073709551615,"
                     "\"job\":18446744073709551615,\"setup\":40,"
                     "\"service\":300,\"waiting_time\":0,\"load\":[0],"
                     "\"arrival\":1560,\"duration\":100,\"violations\":[],"
                     "\"distance\":1000}");
    assert_has(text, "{\"type\":\"break\",\"id\":3,\"setup\":0,"
                     "\"service\":60,\"waiting_time\":0,\"load\":[0],"
                     "\"arrival\":2000,");
    assert_has(text, "{\"type\":\"end\",\"location_index\":0,");
    free(text);
}
END_TEST

START_TEST(priority_comes_before_number_and_number_before_cost)
{
    /* Time for one of two: the dear one has more priority. */
    char *text = answer("{\"matrix\":[[0,10,4000],[10,0,4000],[4000,4000,0]],"
                        "\"vehicles\":[{\"id\":1,\"start_index\":0,"
                        "\"end_index\":0,\"time_window\":[0,8100],"
                        "\"costs\":{\"per_hour\":360000}}],"
                        "\"jobs\":[{\"id\":1,\"location_index\":1,"
                        "\"service\":100,\"priority\":1},"
                        "{\"id\":2,\"location_index\":2,\"service\":100,"
                        "\"priority\":2},"
                        "{\"id\":3,\"location_index\":1,\"service\":8000}]}");

    assert_has(text, "\"cost\":800000,\"routes\":1,\"unassigned\":2,");
    assert_has(text, "\"priority\":2,");
    free(text);

    /* Two without priority come before one, whatever they cost. */
    text = answer("{\"matrix\":[[0,10,1900],[10,0,1900],[1900,1900,0]],"
                  "\"vehicles\":[{\"id\":1,\"start_index\":0,"
                  "\"end_index\":0,\"time_window\":[0,4000],"
                  "\"costs\":{\"per_hour\":360000,\"fixed\":1000000}}],"
                  "\"jobs\":[{\"id\":1,\"location_index\":2,"
                  "\"service\":100},"
                  "{\"id\":2,\"location_index\":2,\"service\":100},"
                  "{\"id\":3,\"location_index\":1,\"service\":3900}]}");
    assert_has(text, "\"routes\":1,\"unassigned\":1,");
    assert_has(text, "\"id\":3,\"location_index\":1,\"type\":\"job\"");
    free(text);
}
END_TEST

START_TEST(setup_is_paid_once_at_a_location)
{
    char *text = answer("{" MATRIX3 ",\"vehicles\":[{\"id\":1,"
                        "\"start_index\":0}],"
                        "\"jobs\":[{\"id\":1,\"location_index\":1,"
                        "\"setup\":50,\"service\":5},"
                        "{\"id\":2,\"location_index\":1,\"setup\":50,"
                        "\"service\":5},"
                        "{\"id\":3,\"location_index\":2,\"setup\":70,"
                        "\"service\":5}]}");

    assert_has(text, "\"unassigned\":0,\"setup\":120,\"service\":15,"
                     "\"duration\":250,");
    free(text);
}
END_TEST

START_TEST(skills_beyond_64_are_held_too)
{
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text,
                                "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,"
                                "\"start_index\":0,\"skills\":[0]},"
                                "{\"id\":2,\"start_index\":0,\"skills\":[");
    char *said;

    for (int s = 1; s < 80; s++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d",
                              s > 1 ? "," : "", 80 - s);
    n += (size_t)snprintf(text + n, sizeof text - n, "]}],\"jobs\":[");
    for (int s = 0; s < 81; s++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "%s{\"id\":%d,\"location_index\":0,"
                              "\"skills\":[%d]}",
                              s ? "," : "", s, s);
    snprintf(text + n, sizeof text - n, "]}");
    said = answer(text);
    assert_has(said, "\"routes\":2,\"unassigned\":1,");
    assert_has(said, "{\"id\":80,");
    free(said);
}
END_TEST

static const char STEPS[] =
    "{" MATRIX3 ",\"vehicles\":[{\"id\":4,\"end_index\":0,"
    "\"steps\":[{\"type\":\"start\"},{\"type\":\"job\",\"id\":9},"
    "{\"type\":\"job\",\"id\":8,\"service_at\":5},{\"type\":\"end\"}]}],"
    "\"jobs\":[{\"id\":8,\"location_index\":1},"
    "{\"id\":9,\"location_index\":2},{\"id\":10,\"location_index\":2}]}";

START_TEST(steps_are_where_to_start_from)
{
    gb_route_file *file = NULL;
    const gb_route_order *start;

    ck_assert_ptr_null(gb_route_file_start(NULL));
    assert_ok(CTX, read_text(STEPS, &file));
    start = gb_route_file_start(file);
    ck_assert_ptr_nonnull(start);
    ck_assert_uint_eq(start->first[0], 0);
    ck_assert_uint_eq(start->first[1], 2);
    ck_assert_uint_eq(start->items[0], 1);
    ck_assert_uint_eq(start->items[1], 0);
    gb_route_file_free(file);
}
END_TEST

START_TEST(an_answer_is_read_back_as_the_same_routes)
{
    gb_route_file *file = NULL;
    gb_route_solution *solution, *again = NULL;
    gb_route_file_routes *routes = NULL;
    gb_route_file_figures figures = { .size = sizeof figures };
    int64_t told = 0;
    char *text, *second;

    assert_ok(CTX, read_text(STEPS, &file));
    solution = solve(file, 50);
    text = answer_of(file, solution);
    assert_ok(CTX, gb_route_file_read_solution_memory(CTX, file, text,
                                                      strlen(text), "a.json",
                                                      &routes));
    assert_ok(CTX, gb_route_evaluate(CTX, gb_route_file_problem(file),
                                     gb_route_file_routes_order(routes),
                                     &again));
    second = answer_of(file, again);
    ck_assert_str_eq(text, second);
    assert_ok(CTX, gb_route_file_figures_get(CTX, file, again, &figures));
    ck_assert(gb_route_file_routes_told(routes, &told));
    ck_assert_int_eq(told, figures.figure);
    ck_assert_int_eq(figures.cost, 250);
    free(text);
    free(second);
    gb_route_file_routes_free(routes);
    gb_route_solution_free(solution);
    gb_route_solution_free(again);
    gb_route_file_free(file);
}
END_TEST

START_TEST(time_stamps_come_back_as_they_are)
{
    char *text = answer("{\"matrix\":[[0,100],[100,0]],\"vehicles\":[{"
                        "\"id\":1,\"start_index\":0,\"end_index\":0,"
                        "\"time_window\":[1763775000,1763780000]}],"
                        "\"jobs\":[{\"id\":5,\"location_index\":1,"
                        "\"service\":50,"
                        "\"time_windows\":[[1763776000,1763776100]]}]}");

    assert_has(text, "\"arrival\":1763776000,\"duration\":100,");
    assert_has(text, "\"arrival\":1763775900,\"duration\":0,");
    free(text);
}
END_TEST

START_TEST(of_a_speed_factor_two_digits_count)
{
    char *text = answer("{\"matrix\":[[0,1000],[1000,0]],\"vehicles\":[{"
                        "\"id\":1,\"start_index\":0,"
                        "\"speed_factor\":1.254}],"
                        "\"jobs\":[{\"id\":5,\"location_index\":1}]}");

    assert_has(text, "\"arrival\":800,\"duration\":800,");
    free(text);
}
END_TEST

/* Ten metres a second along a degree of longitude. */
static gb_status crow_flies(void *user, gb_context *ctx, const char *profile,
                            const double *lonlat, size_t n, int32_t *seconds,
                            int32_t *metres)
{
    (void)ctx;
    ++*(int *)user;
    if (strcmp(profile, "car") != 0)
        return GB_ERR_NOT_FOUND;
    for (size_t i = 0; i < n * n; i++) {
        const double apart = fabs(lonlat[2 * (i / n)] - lonlat[2 * (i % n)]);

        metres[i] = (int32_t)lround(apart * 100000);
        seconds[i] = metres[i] / 10;
    }
    return GB_OK;
}

#define PLACES(profile)                                                       \
    "{\"vehicles\":[{\"id\":1,\"start\":[10,50],\"profile\":\"" profile  \
    "\",\"max_distance\":90000}],\"jobs\":["                               \
    "{\"id\":1,\"location\":[10.25,50],\"setup\":9},"                      \
    "{\"id\":2,\"location\":[10.250,50.0],\"setup\":9},"                   \
    "{\"id\":3,\"location\":[11,50],\"location_index\":77}]}"

START_TEST(travel_between_coordinates_is_asked_for)
{
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;
    gb_route_file *file = NULL;
    gb_route_solution *solution;
    static const char text[] = PLACES("car"), other[] = PLACES("boat");
    static const char index[] = "{\"vehicles\":[{\"id\":1,"
                                "\"start_index\":0}],\"jobs\":[]}";
    static const char none[] = "{\"vehicles\":[{\"id\":1,\"start\":[1,2]}],"
                               "\"jobs\":[{\"id\":1}]}";
    int n_asked = 0;
    char *said;

    options.travel = crow_flies;
    options.travel_user = &n_asked;
    assert_ok(CTX, gb_route_file_read_memory(CTX, text, sizeof text - 1, "v",
                                             &options, &file));
    ck_assert_int_eq(n_asked, 1);
    ck_assert_uint_eq(gb_route_file_problem(file)->n_locations, 3);
    solution = solve(file, 50);
    said = answer_of(file, solution);
    assert_has(said, "\"unassigned\":1,\"setup\":9,\"service\":0,"
                     "\"duration\":2500,");
    assert_has(said, "\"distance\":25000,");
    assert_has(said, "{\"id\":3,\"location\":[11,50],\"type\":\"job\"}");
    assert_has(said, "{\"type\":\"end\",\"location\":[10.25");
    free(said);
    gb_route_solution_free(solution);
    gb_route_file_free(file);

    assert_status(CTX, GB_ERR_NOT_FOUND,
                  gb_route_file_read_memory(CTX, other, sizeof other - 1, "v",
                                            &options, &file));
    ck_assert_str_eq(gb_last_error(CTX),
                     "no travel times for the profile \"boat\"");
    assert_status(CTX, GB_ERR_DATA,
                  gb_route_file_read_memory(CTX, index, sizeof index - 1, "v",
                                            &options, &file));
    assert_has(gb_last_error(CTX), "an index, but there are no \"matrices\"");
    assert_status(CTX, GB_ERR_DATA,
                  gb_route_file_read_memory(CTX, none, sizeof none - 1, "v",
                                            &options, &file));
    assert_has(gb_last_error(CTX), "jobs[0]: \"location\" is missing");
}
END_TEST

#define V1 "\"vehicles\":[{\"id\":1,\"start_index\":0}]"
static const struct {
    const char *text, *said;
} REFUSED[] = {
    { "[]", "v.json:1:1: must be an object" },
    { "{" V1 ",\"jobs\":[]}", "no \"matrices\", and nobody to ask" },
    { "{\"matrix\":[[0]],\"jobs\":[]}", "\"vehicles\" is missing" },
    { "{\"matrix\":[[0]]," V1 "}", "\"jobs\" is missing" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[],\"shipments\":[{}]}",
      "shipments: shipments (from one place to another) are not supported" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"start_index\":0,"
      "\"time_windows\":[]}],\"jobs\":[]}",
      "vehicles[0].time_windows: there is no such key here; did you mean "
      "\"time_window\"?" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":1}]}",
      "jobs[0].location_index: must be a whole number from 0 to 0" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location\":[1,2]}]}",
      "jobs[0]: \"location_index\" is missing" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"location_index\":0}]}",
      "jobs[0]: \"id\" is missing" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":0},"
      "{\"id\":1,\"location_index\":0}]}",
      "jobs[1]: two jobs have the id 1" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":0,"
      "\"priority\":101}]}",
      "jobs[0].priority: must be a whole number from 0 to 100" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":0,"
      "\"time_windows\":[[5,9],[9,12]]}]}",
      "jobs[0].time_windows: windows overlap" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":0,"
      "\"time_windows\":[[9,5]]}]}",
      "the window ends (5 s) before it begins (9 s)" },
    { "{\"matrix\":[[0]]," V1 ",\"jobs\":[{\"id\":1,\"location_index\":0,"
      "\"delivery\":[1]}]}",
      "has 1 amounts, but the first vehicle has a capacity of 0" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"start_index\":0,"
      "\"capacity\":[4]}],\"jobs\":[{\"id\":1,\"location_index\":0,"
      "\"delivery\":[1]},{\"id\":2,\"location_index\":0,\"pickup\":[1]}]}",
      "jobs[1].pickup: amounts delivered and picked up in one measure" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"start_index\":0,"
      "\"profile\":\"bike\"}],\"jobs\":[]}",
      "vehicles[0].profile: \"matrices\" has no profile \"bike\"" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1}],\"jobs\":[]}",
      "vehicles[0]: has neither start_index nor end_index" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"costs\":{\"per_km\":2}}],\"jobs\":[]}",
      "has no \"distances\"" },
    { "{\"matrices\":{\"car\":{\"durations\":[[0]],\"costs\":[[0]]}},"
      "\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"costs\":{\"per_hour\":2}}],\"jobs\":[]}",
      "has a matrix of costs" },
    { "{\"matrices\":{\"car\":{\"distances\":[[0]]}}," V1 ",\"jobs\":[]}",
      "matrices.car: \"durations\" is missing" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"time_window\":[0,99],\"breaks\":[{\"id\":1,"
      "\"time_windows\":[[1,2],[5,6]]}]}],\"jobs\":[]}",
      "breaks[0].time_windows: a break with 2 windows" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"time_window\":[0,99],\"breaks\":[{\"id\":1,\"service\":100}]}],"
      "\"jobs\":[]}",
      "the break 1 cannot be taken within the vehicle's time_window" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"time_window\":[0,999],\"breaks\":[{\"id\":1,\"service\":100,"
      "\"time_windows\":[[10,20]]},{\"id\":2,\"service\":100,"
      "\"time_windows\":[[15,90]]}]}],\"jobs\":[]}",
      "its breaks cannot be taken one after the other" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"capacity\":[4],\"breaks\":[{\"id\":1,\"max_load\":[3]}]}],"
      "\"jobs\":[]}",
      "a break that waits for a smaller load" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"type\":\"a\"},{\"id\":2,\"end_index\":0}],\"jobs\":[{\"id\":1,"
      "\"location_index\":0,\"service_per_type\":{\"a\":5}}]}",
      "times that differ by the type of vehicle" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"speed_factor\":0.05}],\"jobs\":[]}",
      "vehicles[0].speed_factor: must be a number from 0.10 to 5.00" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"steps\":[{\"type\":\"job\",\"id\":6}]}],\"jobs\":[]}",
      "vehicles[0].steps[0].id: there is no job 6" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"steps\":[{\"type\":\"job\",\"id\":6},{\"type\":\"job\",\"id\":6}]}],"
      "\"jobs\":[{\"id\":6,\"location_index\":0}]}",
      "vehicles[0].steps[1].id: the job 6 is a step already" },
    { "{\"matrix\":[[0]],\"vehicles\":[{\"id\":1,\"end_index\":0,"
      "\"costs\":{\"per_hour\":359999}}],\"jobs\":[]}",
      "costs beyond what is counted" },
};

START_TEST(what_is_not_supported_is_refused_with_its_place)
{
    gb_route_file *file = NULL;
    const gb_status status = read_text(REFUSED[_i].text, &file);

    ck_assert_msg(status == GB_ERR_DATA || status == GB_ERR_PARSE, "%s",
                  REFUSED[_i].text);
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(gb_last_error(CTX), REFUSED[_i].said) != NULL,
                  "%s: %s", REFUSED[_i].text, gb_last_error(CTX));
}
END_TEST

static const struct {
    const char *text, *said;
} WRONG_ANSWERS[] = {
    { "{}", "\"routes\" is missing" },
    { "{\"routes\":[{\"vehicle\":5,\"steps\":[]}]}",
      "routes[0].vehicle: there is no vehicle 5" },
    { "{\"routes\":[{\"vehicle\":4,\"steps\":[]},"
      "{\"vehicle\":4,\"steps\":[]}]}",
      "routes[1].vehicle: the vehicle 4 has a route already" },
    { "{\"routes\":[{\"vehicle\":4,\"steps\":[{\"type\":\"job\","
      "\"id\":1}]}]}",
      "routes[0].steps[0].id: there is no job 1" },
    { "{\"routes\":[{\"vehicle\":4,\"steps\":[{\"type\":\"break\","
      "\"id\":1}]}]}",
      "the vehicle has no break 1" },
    { "{\"routes\":[{\"vehicle\":4,\"steps\":[{\"type\":\"pickup\","
      "\"id\":1}]}]}",
      "a step is \"start\"" },
    { "{\"routes\":[{\"vehicle\":4,\"steps\":[{\"type\":\"job\","
      "\"id\":8},{\"type\":\"job\",\"job\":8}]}]}",
      "twice" },
};

START_TEST(an_answer_that_does_not_fit_is_refused)
{
    gb_route_file *file = NULL;
    gb_route_file_routes *routes = NULL;

    assert_ok(CTX, read_text(STEPS, &file));
    assert_status(CTX, GB_ERR_DATA,
                  gb_route_file_read_solution_memory(
                      CTX, file, WRONG_ANSWERS[_i].text,
                      strlen(WRONG_ANSWERS[_i].text), "a.json", &routes));
    ck_assert_ptr_null(routes);
    assert_has(gb_last_error(CTX), WRONG_ANSWERS[_i].said);
    gb_route_file_free(file);
}
END_TEST

START_TEST(the_bank_day_is_read_and_solved)
{
    const char *path = test_shared_path("data/route/synthetic_bank/"
                                        "bank150_s1.vroom.json");
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;
    gb_route_file_figures figures = { .size = sizeof figures };
    gb_route_file *file = NULL;
    gb_route_solution *solution;

    if (!path)
        return;
    options.format = GB_ROUTE_FORMAT_VROOM;
    assert_ok(CTX, gb_route_file_read(CTX, path, &options, &file));
    solution = solve(file, 400);
    assert_ok(CTX, gb_route_file_figures_get(CTX, file, solution, &figures));
    ck_assert_int_eq(figures.prize + figures.uncollected, 3445);
    ck_assert_int_gt(figures.prize, 2800);
    ck_assert_int_eq(figures.figure, figures.prize);
    gb_route_solution_free(solution);
    gb_route_file_free(file);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_vroom");
    TCase *tcase = tcase_create("vroom");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_answer_has_all_that_vroom_says);
    tcase_add_test(tcase, priority_comes_before_number_and_number_before_cost);
    tcase_add_test(tcase, setup_is_paid_once_at_a_location);
    tcase_add_test(tcase, skills_beyond_64_are_held_too);
    tcase_add_test(tcase, steps_are_where_to_start_from);
    tcase_add_test(tcase, an_answer_is_read_back_as_the_same_routes);
    tcase_add_test(tcase, of_a_speed_factor_two_digits_count);
    tcase_add_test(tcase, travel_between_coordinates_is_asked_for);
    tcase_add_test(tcase, time_stamps_come_back_as_they_are);
    tcase_add_loop_test(tcase, what_is_not_supported_is_refused_with_its_place,
                        0, sizeof REFUSED / sizeof *REFUSED);
    tcase_add_loop_test(tcase, an_answer_that_does_not_fit_is_refused, 0,
                        sizeof WRONG_ANSWERS / sizeof *WRONG_ANSWERS);
    tcase_add_test(tcase, the_bank_day_is_read_and_solved);
    suite_add_tcase(suite, tcase);
    return suite;
}
