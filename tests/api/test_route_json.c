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
    return gb_route_file_read_memory(CTX, text, strlen(text), "p.json", NULL,
                                     file);
}

static char *problem_text(const gb_route_file *file)
{
    size_t needed = 0;
    char *text;

    assert_status(CTX, GB_ERR_BUFFER,
                  gb_route_problem_text(CTX, gb_route_file_problem(file), file,
                                        NULL, 0, &needed));
    text = malloc(needed);
    assert_ok(CTX, gb_route_problem_text(CTX, gb_route_file_problem(file),
                                         file, text, needed, &needed));
    return text;
}

/* Two days of a manager: every key but bands. */
static const char WHOLE[] =
    "{\"format\": \"gridbeat-route\", \"version\": 1, \"name\": \"two days\", "
    "\"n_loads\": 1, \"n_prize_kinds\": 2, \"longest_per_s_milli\": 3, "
    "\"spread_per_s_milli\": 4, \"slot_start_s\": [0, 43200],\n"
    "\"locations\": [\n"
    "  {\"name\": \"branch\", \"lon_deg\": 104.06, \"lat_deg\": 30.67},\n"
    "  {\"lon_deg\": 104.1, \"lat_deg\": 30.7}],\n"
    "\"profiles\": [\n"
    "  {\"seconds\": [\n"
    "    [0,600],\n"
    "    [700,0]], \"metres\": [\n"
    "    [0,5000],\n"
    "    [5100,0]], \"cost\": [\n"
    "    [0,1],\n"
    "    [2,0]]}],\n"
    "\"places\": [\n"
    "  {\"access_s\": 120}],\n"
    "\"groups\": [\n"
    "  {\"must\": true}],\n"
    "\"bundles\": [\n"
    "  {\"patterns\": [[0], [0, 1]]}],\n"
    "\"vehicles\": [\n"
    "  {\"name\": \"Li\", \"start_location\": 0, \"end_location\": 0, "
    "\"shift_start_s\": 28800, \"shift_end_s\": 64800, \"max_clients\": 9, "
    "\"max_duration_s\": 30000, \"max_travel_s\": 20000, "
    "\"max_distance_m\": 90000, \"speed_permille\": 900, "
    "\"cost_per_s_milli\": 5, \"cost_per_travel_s_milli\": 6, "
    "\"cost_per_m_milli\": 7, \"fixed_cost\": 8, \"prize_kind\": 1, "
    "\"must_use\": true, \"breaks\": [{\"early_s\": 43200, \"late_s\": 46800, "
    "\"length_s\": 3600}], \"capacity\": [4], \"skills\": [0, 63]},\n"
    "  {\"shift_end_s\": 64800, \"day\": 1}],\n"
    "\"clients\": [\n"
    "  {\"name\": \"\xe7\x8e\x8b\", \"location\": 1, \"place\": 0, "
    "\"service_s\": 900, \"must\": true, \"release_s\": 30000, "
    "\"windows_s\": [[36000, 39600], [50400, 54000]], \"vehicles\": [0], "
    "\"loads\": [2], \"skills\": [63], \"slot_prizes\": [40, 30], "
    "\"kind_prizes\": [[1, 2], [3, 4]]},\n"
    "  {\"location\": 1, \"group\": 0, \"after\": 0, \"vehicles\": [0, 1], "
    "\"loads\": [0], \"slot_prizes\": [0, 0], "
    "\"kind_prizes\": [[0, 0], [5, 5]]},\n"
    "  {\"location\": 0, \"bundle\": 0, \"vehicles\": [0, 1], "
    "\"loads\": [0], \"slot_prizes\": [0, 0], "
    "\"kind_prizes\": [[0, 0], [0, 0]]}],\n"
    "\"start\": {\"routes\": [\n"
    "  {\"vehicle\": 0, \"items\": [0, {\"break\": 0}, 1], \"n_frozen\": 1}"
    "]}}\n";

START_TEST(every_key_is_read_and_written)
{
    gb_route_file *file = NULL;
    gb_route_file_facts facts = { .size = sizeof facts };
    const gb_route_order *start;
    double x = 0, y = 0;
    char *text;

    assert_ok(CTX, read_text(WHOLE, &file));
    text = problem_text(file);
    ck_assert_str_eq(text, WHOLE);
    ck_assert(gb_route_file_facts_get(file, &facts));
    ck_assert_int_eq(facts.format, GB_ROUTE_FORMAT_JSON);
    ck_assert_str_eq(facts.name, "two days");
    ck_assert_uint_eq(facts.n_days, 2);
    ck_assert_uint_eq(facts.n_depots, 1);
    ck_assert(gb_route_file_location(file, 1, &x, &y));
    assert_near(x, 104.1, 0);
    start = gb_route_file_start(file);
    ck_assert_ptr_nonnull(start);
    ck_assert_uint_eq(start->n_frozen[0], 1);
    ck_assert_uint_eq(start->items[1], GB_ROUTE_BREAK(0));
    ck_assert_str_eq(gb_route_file_client_name(file, 0), "\xe7\x8e\x8b");
    ck_assert_str_eq(gb_route_file_vehicle_name(file, 1), "2");
    free(text);
    gb_route_file_free(file);
}
END_TEST

static const char BANDS[] =
    "{\"format\": \"gridbeat-route\", \"version\": 1, \"name\": \"b\",\n"
    "\"locations\": [\n"
    "  {},\n"
    "  {\"x_m\": -4.25, \"y_m\": 7.0}],\n"
    "\"profiles\": [\n"
    "  {\"bands\": [\n"
    "   {\"start_s\": 0, \"seconds\": [\n"
    "    [0,5],\n"
    "    [null,0]]},\n"
    "   {\"start_s\": 9, \"seconds\": [\n"
    "    [0,6],\n"
    "    [null,0]]}]}],\n"
    "\"vehicles\": [],\n"
    "\"clients\": []}\n";

START_TEST(bands_and_pairs_without_a_way_are_read_and_written)
{
    gb_route_file *file = NULL;
    const gb_route_problem *p;
    double x, y;
    char *text;

    assert_ok(CTX, read_text(BANDS, &file));
    p = gb_route_file_problem(file);
    ck_assert_uint_eq(p->profiles[0].n_bands, 2);
    ck_assert_int_eq(p->profiles[0].seconds[2], GB_ROUTE_UNREACHABLE);
    ck_assert(!gb_route_file_location(file, 0, &x, &y));
    ck_assert(gb_route_file_location(file, 1, &x, &y));
    text = problem_text(file);
    ck_assert_str_eq(text, BANDS);
    free(text);
    gb_route_file_free(file);
}
END_TEST

#define HEAD "{\"format\":\"gridbeat-route\",\"version\":1,"
#define ONE HEAD "\"profiles\":[{\"seconds\":[[0]]}],"
#define V0 "\"vehicles\":[{\"shift_end_s\":9}],"
static const struct {
    const char *text, *said;
} REFUSED[] = {
    { "{\"format\":\"gridbeat-routes\"}",
      "p.json:1:11: format: \"format\": \"gridbeat-route\" is expected" },
    { "{\"format\":\"gridbeat-route\"}", "\"version\" is missing" },
    { "{\"format\":\"gridbeat-route\",\"version\":2}",
      "version: must be a whole number from 1 to 1" },
    { HEAD "\"client\":[]}", "did you mean \"clients\"?" },
    { ONE "\"clients\":[{}]}", "clients[0]: \"location\" is missing" },
    { ONE "\"clients\":[{\"location\":0,\"service_min\":5}]}",
      "clients[0].service_min: there is no such key here; did you mean "
      "\"service_s\"?" },
    { ONE "\"vehicles\":[{}]}", "\"shift_end_s\" is missing" },
    { ONE V0 "\"clients\":[{\"location\":0,\"vehicles\":[1]}]}",
      "clients[0].vehicles[0]: must be a whole number from 0 to 0" },
    { ONE V0 "\"clients\":[{\"location\":0,\"loads\":[1]}]}",
      "clients[0].loads: has 1 items; 0 expected" },
    { ONE V0 "\"clients\":[{\"location\":0,\"windows_s\":[[1]]}]}",
      "clients[0].windows_s[0]: has 1 items; 2 expected" },
    { ONE V0 "\"clients\":[{\"location\":0,\"windows_s\":[[2,1]]}]}",
      "p.json: client 0: time window ends" },
    { ONE V0 "\"clients\":[{\"location\":4}]}", "p.json: client 0: " },
    { ONE "\"vehicles\":[{\"shift_end_s\":9,\"skills\":[64]}]}",
      "vehicles[0].skills[0]: must be a whole number from 0 to 63" },
    { ONE "\"vehicles\":[{\"shift_end_s\":9,\"breaks\":[{\"early_s\":1}]}]}",
      "vehicles[0].breaks[0]: \"late_s\" is missing" },
    { HEAD "\"profiles\":[{}]}",
      "profiles[0]: either \"seconds\" or \"bands\" is needed" },
    { HEAD "\"profiles\":[{\"bands\":[]}]}",
      "profiles[0].bands: 0 bands; 1 to 16 expected" },
    { HEAD "\"locations\":[{\"lon_deg\":1}]}",
      "locations[0]: \"lat_deg\" is missing" },
    { HEAD "\"locations\":[{\"lon_deg\":1,\"x_m\":1}]}",
      "locations[0]: has both degrees and metres" },
    { HEAD "\"locations\":[{\"lon_deg\":181,\"lat_deg\":1}]}",
      "locations[0].lon_deg: must be a number from -180.00 to 180.00" },
    { HEAD "\"locations\":[{}],\"profiles\":[{\"seconds\":[[0,1],[1,0]]}]}",
      "profiles[0].seconds: has 2 rows; 1 are expected" },
    { ONE "\"bundles\":[{}]}", "bundles[0]: \"patterns\" is missing" },
    { ONE "\"groups\":[{}]}", "groups: 1 groups, but only 0 clients" },
    { ONE "\"places\":[{}]}", "places[0]: \"access_s\" is missing" },
    { ONE V0 "\"start\":{\"routes\":[{\"vehicle\":1,\"items\":[]}]}}",
      "start.routes[0].vehicle: must be a whole number from 0 to 0" },
    { ONE V0 "\"clients\":[{\"location\":0}],"
      "\"start\":{\"routes\":[{\"vehicle\":0,\"items\":[0,0]}]}}",
      "start: the solution serves client 1 twice" },
    { ONE V0 "\"clients\":[{\"location\":0}],\"start\":{\"routes\":["
      "{\"vehicle\":0,\"items\":[0]},{\"vehicle\":0,\"items\":[]}]}}",
      "the vehicle 0 has a route already" },
    { ONE V0 "\"clients\":[{\"location\":0}],\"start\":{\"routes\":["
      "{\"vehicle\":0,\"items\":[0],\"n_frozen\":2}]}}",
      "n_frozen: must be a whole number from 0 to 1" },
};

START_TEST(what_cannot_be_is_refused_with_its_place)
{
    gb_route_file *file = NULL;

    assert_status(CTX, GB_ERR_DATA, read_text(REFUSED[_i].text, &file));
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(gb_last_error(CTX), REFUSED[_i].said) != NULL,
                  "%s: %s", REFUSED[_i].text, gb_last_error(CTX));
}
END_TEST

static const char DAY[] =
    HEAD "\"name\":\"day\",\"locations\":[{\"lon_deg\":104,\"lat_deg\":30},"
    "{\"lon_deg\":104.5,\"lat_deg\":30.25}],"
    "\"profiles\":[{\"seconds\":[[0,100],[100,0]]}],"
    "\"vehicles\":[{\"start_location\":0,\"end_location\":0,"
    "\"shift_end_s\":1000}],"
    "\"clients\":[{\"location\":1,\"prize\":5},"
    "{\"location\":1,\"prize\":5,\"service_s\":900}]}";

static gb_route_solution *solve(const gb_route_file *file)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;

    options.max_iterations = 20;
    assert_ok(CTX, gb_route_solve(CTX, gb_route_file_problem(file), &options,
                                  &solution));
    return solution;
}

START_TEST(a_solution_is_drawn_on_a_map)
{
    gb_route_file *file = NULL;
    gb_route_solution *solution;
    char text[2000];
    size_t needed = 0;

    assert_ok(CTX, read_text(DAY, &file));
    solution = solve(file);
    assert_ok(CTX, gb_route_solution_geojson(CTX, file, solution, text,
                                             sizeof text, &needed));
    ck_assert_uint_eq(needed, strlen(text) + 1);
    ck_assert_str_eq(
        text,
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"LineString\","
        "\"coordinates\":[[104.000000,30.000000],[104.500000,30.250000],"
        "[104.000000,30.000000]]},\"properties\":{\"kind\":\"route\","
        "\"vehicle\":0,\"name\":\"1\",\"depart_s\":0,\"end_s\":200,"
        "\"clients\":1,\"distance_m\":0,\"prize\":5}},\n"
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[104.500000,30.250000]},\"properties\":{\"kind\":"
        "\"stop\",\"vehicle\":0,\"rank\":1,\"client\":0,\"name\":\"1\","
        "\"arrival_s\":100,\"start_s\":100,\"end_s\":100,\"prize\":5}},\n"
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[104.500000,30.250000]},\"properties\":{\"kind\":"
        "\"unserved\",\"client\":1,\"name\":\"2\"}}\n]}\n");
    gb_route_solution_free(solution);
    gb_route_file_free(file);
}
END_TEST

START_TEST(a_solution_is_read_back_with_what_was_frozen)
{
    static const char text[] =
        "{\"format\":\"gridbeat-route-solution\",\"cost\":3,\"extra\":[],"
        "\"routes\":[{\"vehicle\":0,\"n_frozen\":1,"
        "\"stops\":[{\"client\":1,\"arrival_s\":4}]}]}";
    gb_route_file *file = NULL;
    gb_route_file_routes *routes = NULL;
    const gb_route_order *order;
    int64_t told = 0;

    assert_ok(CTX, read_text(DAY, &file));
    assert_ok(CTX, gb_route_file_read_solution_memory(
                       CTX, file, text, sizeof text - 1, "s.json", &routes));
    order = gb_route_file_routes_order(routes);
    ck_assert_uint_eq(order->first[1], 1);
    ck_assert_uint_eq(order->items[0], 1);
    ck_assert_uint_eq(order->n_frozen[0], 1);
    ck_assert(gb_route_file_routes_told(routes, &told));
    ck_assert_int_eq(told, 3);
    gb_route_file_routes_free(routes);

    assert_status(CTX, GB_ERR_DATA,
                  gb_route_file_read_solution_memory(
                      CTX, file, WHOLE, sizeof WHOLE - 1, "s.json", &routes));
    ck_assert_ptr_null(routes);
    gb_route_file_free(file);
}
END_TEST

START_TEST(wrong_calls_are_refused)
{
    gb_route_file *file = NULL, *other = NULL, *plane = NULL;
    gb_route_solution *solution;
    const gb_route_problem *problem;
    gb_route_problem broken;
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;
    char text[8];
    size_t needed = 0;

    assert_ok(CTX, read_text(DAY, &file));
    assert_ok(CTX, read_text(WHOLE, &other));
    assert_ok(CTX, read_text(BANDS, &plane));
    problem = gb_route_file_problem(file);
    solution = solve(file);
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_problem_text(CTX, NULL, file, NULL, 0, &needed));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_problem_text(CTX, problem, file, NULL, 0, NULL));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_problem_text(CTX, problem, file, NULL, 9, &needed));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_problem_text(CTX, problem, other, NULL, 0,
                                        &needed));
    assert_status(CTX, GB_ERR_BUFFER,
                  gb_route_problem_text(CTX, problem, NULL, text, sizeof text,
                                        &needed));
    ck_assert_uint_gt(needed, 100);
    broken = *problem;
    broken.size = 3;
    assert_status(CTX, GB_ERR_OPTIONS,
                  gb_route_problem_text(CTX, &broken, NULL, NULL, 0, &needed));
    broken.size = problem->size;
    broken.vehicles = NULL;
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_problem_text(CTX, &broken, NULL, NULL, 0, &needed));

    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_solution_geojson(CTX, NULL, solution, NULL, 0,
                                            &needed));
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_solution_geojson(CTX, other, solution, NULL, 0,
                                            &needed));
    assert_status(CTX, GB_ERR_BUFFER,
                  gb_route_solution_geojson(CTX, file, solution, NULL, 0,
                                            &needed));
    gb_route_solution_free(solution);
    solution = solve(plane);
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_solution_geojson(CTX, plane, solution, NULL, 0,
                                            &needed));
    ck_assert_str_eq(gb_last_error(CTX),
                     "the file has no longitudes and latitudes");
    gb_route_solution_free(solution);
    gb_route_file_free(plane);
    gb_route_file_free(other);
    options.n_vehicles = 4;
    assert_status(CTX, GB_ERR_ARGUMENT,
                  gb_route_file_read_memory(CTX, DAY, sizeof DAY - 1, "p",
                                            &options, &other));
    gb_route_file_free(file);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_json");
    TCase *tcase = tcase_create("json");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, every_key_is_read_and_written);
    tcase_add_test(tcase, bands_and_pairs_without_a_way_are_read_and_written);
    tcase_add_loop_test(tcase, what_cannot_be_is_refused_with_its_place, 0,
                        sizeof REFUSED / sizeof *REFUSED);
    tcase_add_test(tcase, a_solution_is_drawn_on_a_map);
    tcase_add_test(tcase, a_solution_is_read_back_with_what_was_frozen);
    tcase_add_test(tcase, wrong_calls_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
