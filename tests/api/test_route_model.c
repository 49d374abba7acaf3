/*
 * The fields of the whole model: what is refused, with which words; and the
 * days of repeated visits.
 */
#include <gridbeat/gridbeat.h>

#include <string.h>

#include "test.h"

static const int32_t SECONDS[4] = { 0, 600, 600, 0 };
static const uint32_t LOCATION[3] = { 1, 1, 1 };
static const int64_t FAIR[3] = { 1, 2, 3 }, NEGATIVE[3] = { 1, -2, 3 };
static const int64_t HUGE_PRIZE[3] = { 1, INT64_C(1000000000001), 1 };
static const int32_t BEFORE_TIME[3] = { 0, 0, -200000000 };
static const int32_t BANDS[2] = { 3600, 3600 };
static const int32_t *const BAND_SECONDS[2] = { SECONDS, SECONDS };
static const uint32_t NONE_AFTER[3]
    = { GB_ROUTE_NONE, GB_ROUTE_NONE, GB_ROUTE_NONE };
static const uint32_t CIRCLE[3] = { 1, 2, 0 };
static const uint32_t AFTER_NOBODY[3] = { GB_ROUTE_NONE, 7, GB_ROUTE_NONE };
static const uint32_t AFTER_VISIT[3] = { GB_ROUTE_NONE, GB_ROUTE_NONE, 0 };
static const uint32_t BUNDLE[3] = { 0, 0, GB_ROUTE_NONE };
static const uint32_t BUNDLE_BEYOND[3] = { 0, 1, GB_ROUTE_NONE };
static const uint32_t PATTERNS_OF[2] = { 0, 1 }, PATTERNS_BACK[2] = { 1, 0 };
static const uint64_t PATTERN[1] = { 3 }, NO_DAY[1] = { 0 };

typedef struct model {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicle;
} model;

typedef enum wrong {
    WRONG_LOADS,
    NO_LOAD,
    NEGATIVE_LOAD,
    NEGATIVE_CAPACITY,
    NO_KIND_PRIZE,
    NO_SUCH_KIND,
    GREAT_PRIZE,
    NO_TIME_OF_RELEASE,
    AFTER_ITSELF,
    AFTER_NO_CLIENT,
    AFTER_A_VISIT,
    NO_SUCH_BUNDLE,
    NO_PATTERNS,
    PATTERNS_BACKWARDS,
    PATTERN_OF_NO_DAY,
    UNLIKE_VISITS,
    MANY_BANDS,
    BANDS_NOT_IN_TURN,
    BANDS_WITHOUT_MATRIX,
    ANOTHER_FIRST_BAND,
    LEG_COST,
    SPEED,
    DAY,
    DISTANCE,
    TRAVEL,
    RATE,
    FIXED,
    BALANCE,
    N_WRONG
} wrong;

static const struct expected {
    gb_status status;
    const char *words;
} EXPECTED[N_WRONG] = {
    [WRONG_LOADS] = { GB_ERR_ARGUMENT, "9 loads; 8 at most" },
    [NO_LOAD] = { GB_ERR_ARGUMENT, "the problem has no client_load" },
    [NEGATIVE_LOAD] = { GB_ERR_DATA, "client 1: load 0 is -2" },
    [NEGATIVE_CAPACITY] = { GB_ERR_DATA, "vehicle 0: its capacity for load" },
    [NO_KIND_PRIZE] = { GB_ERR_ARGUMENT, "no client_kind_prize" },
    [NO_SUCH_KIND] = { GB_ERR_DATA, "vehicle 0: prize kind 1; there are 1" },
    [GREAT_PRIZE] = { GB_ERR_DATA, "client 1: a prize of 1000000000001" },
    [NO_TIME_OF_RELEASE] = { GB_ERR_DATA, "client 2: its release at" },
    [AFTER_ITSELF] = { GB_ERR_DATA, "client 0 comes after itself" },
    [AFTER_NO_CLIENT] = { GB_ERR_DATA, "client 1: after client 7; there are" },
    [AFTER_A_VISIT] = { GB_ERR_DATA, "visits of a bundle are in no order" },
    [NO_SUCH_BUNDLE] = { GB_ERR_DATA, "client 1: bundle 1; there are 1" },
    [NO_PATTERNS] = { GB_ERR_ARGUMENT, "no client_bundle or bundle_first" },
    [PATTERNS_BACKWARDS] = { GB_ERR_DATA, "its patterns run from 1 to 0" },
    [PATTERN_OF_NO_DAY] = { GB_ERR_DATA, "bundle 0: pattern 0 is of no day" },
    [UNLIKE_VISITS] = { GB_ERR_DATA, "clients 0 and 1 are of bundle 0 and" },
    [MANY_BANDS] = { GB_ERR_DATA, "profile 0: 17 bands; 16 at most" },
    [BANDS_NOT_IN_TURN] = { GB_ERR_DATA, "profile 0: band 1 begins at 3600" },
    [BANDS_WITHOUT_MATRIX] = { GB_ERR_ARGUMENT, "no band_start_s or band_" },
    [ANOTHER_FIRST_BAND] = { GB_ERR_ARGUMENT, "is another matrix than that" },
    [LEG_COST] = { GB_ERR_DATA, "profile 0: a cost of -1 from location 0" },
    [SPEED] = { GB_ERR_DATA, "vehicle 0: a speed of 99 thousandths" },
    [DAY] = { GB_ERR_DATA, "vehicle 0: day 64; 0 to 63 expected" },
    [DISTANCE] = { GB_ERR_DATA, "vehicle 0: -1 m and 0 s of travel" },
    [TRAVEL] = { GB_ERR_DATA, "vehicle 0: 0 m and -1 s of travel" },
    [RATE] = { GB_ERR_DATA, "vehicle 0: costs of 0 a second, 0 a metre, -1" },
    [FIXED] = { GB_ERR_DATA, "vehicle 0: a fixed cost of -1; 0 to" },
    [BALANCE] = { GB_ERR_ARGUMENT, "balance costs -1 and 0 a second" },
};

static void set_up(model *m)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    m->problem = none;
    m->vehicle = vehicle;
    m->profile = (gb_route_profile){ .seconds = SECONDS };
    m->vehicle.shift_end_s = 36000;
    m->problem.n_locations = 2;
    m->problem.n_profiles = 1;
    m->problem.profiles = &m->profile;
    m->problem.n_clients = 3;
    m->problem.client_location = LOCATION;
    m->problem.n_vehicles = 1;
    m->problem.vehicles = &m->vehicle;
}

static void make_bundles(model *m)
{
    m->problem.n_bundles = 1;
    m->problem.client_bundle = BUNDLE;
    m->problem.bundle_first_pattern = PATTERNS_OF;
    m->problem.patterns = PATTERN;
}

static void make_bands(model *m)
{
    m->profile.n_bands = 2;
    m->profile.band_start_s = BANDS;
    m->profile.band_seconds = BAND_SECONDS;
}

static void make_wrong_client(model *m, wrong what)
{
    gb_route_problem *p = &m->problem;
    static const int64_t capacity[1] = { -1 };

    switch (what) {
    case WRONG_LOADS:
        p->n_loads = 9;
        break;
    case NO_LOAD:
        p->n_loads = 1;
        break;
    case NEGATIVE_LOAD:
        p->n_loads = 1;
        p->client_load = NEGATIVE;
        break;
    case NEGATIVE_CAPACITY:
        p->n_loads = 1;
        p->client_load = FAIR;
        m->vehicle.capacity = capacity;
        break;
    case NO_KIND_PRIZE:
        p->n_prize_kinds = 1;
        break;
    case NO_SUCH_KIND:
        p->n_prize_kinds = 1;
        p->client_kind_prize = FAIR;
        m->vehicle.prize_kind = 1;
        break;
    case GREAT_PRIZE:
        p->client_prize = HUGE_PRIZE;
        break;
    case NO_TIME_OF_RELEASE:
        p->client_release_s = BEFORE_TIME;
        break;
    case AFTER_ITSELF:
        p->client_after = CIRCLE;
        break;
    case AFTER_NO_CLIENT:
        p->client_after = AFTER_NOBODY;
        break;
    case BALANCE:
        p->longest_per_s_milli = -1;
        break;
    default:
        break;
    }
}

static void make_wrong_bundle(model *m, wrong what)
{
    gb_route_problem *p = &m->problem;

    switch (what) {
    case AFTER_A_VISIT:
        make_bundles(m);
        p->client_after = AFTER_VISIT;
        break;
    case NO_SUCH_BUNDLE:
        make_bundles(m);
        p->client_bundle = BUNDLE_BEYOND;
        break;
    case NO_PATTERNS:
        make_bundles(m);
        p->bundle_first_pattern = NULL;
        break;
    case PATTERNS_BACKWARDS:
        make_bundles(m);
        p->bundle_first_pattern = PATTERNS_BACK;
        break;
    case PATTERN_OF_NO_DAY:
        make_bundles(m);
        p->patterns = NO_DAY;
        break;
    case UNLIKE_VISITS:
        make_bundles(m);
        p->client_prize = FAIR;
        break;
    default:
        break;
    }
}

static void make_wrong_vehicle(model *m, wrong what)
{
    static const int32_t cost[4] = { -1, 0, 0, 0 };
    static const int32_t others[4] = { 0, 0, 0, 0 };

    switch (what) {
    case MANY_BANDS:
        make_bands(m);
        m->profile.n_bands = 17;
        break;
    case BANDS_NOT_IN_TURN:
        make_bands(m);
        break;
    case BANDS_WITHOUT_MATRIX:
        make_bands(m);
        m->profile.band_seconds = NULL;
        break;
    case ANOTHER_FIRST_BAND:
        make_bands(m);
        m->profile.n_bands = 1;
        m->profile.seconds = others;
        break;
    case LEG_COST:
        m->profile.cost = cost;
        break;
    case SPEED:
        m->vehicle.speed_permille = 99;
        break;
    case DAY:
        m->vehicle.day = 64;
        break;
    case DISTANCE:
        m->vehicle.max_distance_m = -1;
        break;
    case TRAVEL:
        m->vehicle.max_travel_s = -1;
        break;
    case RATE:
        m->vehicle.cost_per_travel_s_milli = -1;
        break;
    case FIXED:
        m->vehicle.fixed_cost = -1;
        break;
    default:
        break;
    }
}

START_TEST(wrong_parts_of_the_model_are_named)
{
    gb_context *ctx = test_context();
    gb_route_solution *solution;
    model m;

    set_up(&m);
    make_wrong_client(&m, (wrong)_i);
    make_wrong_bundle(&m, (wrong)_i);
    make_wrong_vehicle(&m, (wrong)_i);
    assert_status(ctx, EXPECTED[_i].status,
                  gb_route_solve(ctx, &m.problem, NULL, &solution));
    ck_assert_ptr_null(solution);
    ck_assert_msg(strstr(gb_last_error(ctx), EXPECTED[_i].words) != NULL,
                  "\"%s\" does not say \"%s\"", gb_last_error(ctx),
                  EXPECTED[_i].words);
    gb_context_free(ctx);
}
END_TEST

START_TEST(structs_of_the_first_version_are_taken)
{
    gb_context *ctx = test_context();
    gb_route_solution *solution;
    gb_route_summary sum = { .size = sizeof sum };
    model m;

    set_up(&m);
    m.problem.client_prize = FAIR;
    m.problem.client_after = NONE_AFTER;
    m.problem.size = offsetof(gb_route_problem, n_loads);
    m.vehicle.size = offsetof(gb_route_vehicle, cost_per_travel_s_milli);
    m.vehicle.must_use = 7; /* behind the end: not looked at */
    assert_ok(ctx, gb_route_solve(ctx, &m.problem, NULL, &solution));
    ck_assert(gb_route_solution_summary(solution, &sum));
    ck_assert_int_eq(sum.prize, 6);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

/* All sets of days, tried one by one. */
static size_t count_patterns(uint32_t n_days, uint32_t n_visits,
                             uint32_t min_gap, uint32_t max_gap,
                             bool is_cyclic, uint64_t *patterns)
{
    size_t n = 0;

    for (uint64_t set = 1; set < UINT64_C(1) << n_days; set++) {
        uint32_t days[16], n_set = 0;
        bool ok = true;

        for (uint32_t d = 0; d < n_days; d++)
            if (set >> d & 1)
                days[n_set++] = d;
        for (uint32_t i = 0; i < n_set && (i + 1 < n_set || is_cyclic); i++) {
            const uint32_t gap = i + 1 < n_set
                ? days[i + 1] - days[i]
                : days[0] + n_days - days[i];

            ok &= gap >= min_gap && (max_gap == 0 || gap <= max_gap);
        }
        if (ok && n_set == n_visits)
            patterns[n++] = set;
    }
    return n;
}

START_TEST(patterns_are_all_that_keep_the_gaps)
{
    static uint64_t found[1024], tried[1024];

    for (uint32_t n_days = 1; n_days <= 10; n_days++)
        for (uint32_t n_visits = 1; n_visits <= n_days + 1; n_visits++)
            for (uint32_t min_gap = 1; min_gap <= 4; min_gap++)
                for (uint32_t more = 0; more <= 8; more++) {
                    const uint32_t max_gap = more % 4 ? min_gap + more % 4 - 1
                                                      : 0;
                    size_t n, needed;

                    n = count_patterns(n_days, n_visits, min_gap, max_gap,
                                       more > 4, tried);
                    ck_assert_int_eq(gb_route_patterns(n_days, n_visits,
                                                       min_gap, max_gap,
                                                       more > 4, found, 1024,
                                                       &needed),
                                     GB_OK);
                    ck_assert_uint_eq(needed, n);
                    ck_assert_int_eq(memcmp(found, tried, n * sizeof *tried),
                                     0);
                }
}
END_TEST

START_TEST(wrong_questions_for_patterns_have_their_status)
{
    uint64_t one;
    size_t needed;

    ck_assert_int_eq(gb_route_patterns(5, 2, 1, 0, false, &one, 1, &needed),
                     GB_ERR_BUFFER);
    ck_assert_uint_eq(needed, 10);
    ck_assert_int_eq(gb_route_patterns(5, 2, 1, 0, false, NULL, 0, &needed),
                     GB_ERR_BUFFER);
    ck_assert_int_eq(gb_route_patterns(65, 2, 1, 0, false, &one, 1, &needed),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(64, 32, 1, 0, false, &one, 1, &needed),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(5, 0, 1, 0, false, &one, 1, &needed),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(5, 2, 3, 2, false, &one, 1, &needed),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(5, 2, 1, 0, false, NULL, 1, &needed),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(5, 2, 1, 0, false, &one, 1, NULL),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_route_patterns(64, 1, 1, 0, false, &one, 1, &needed),
                     GB_ERR_BUFFER);
    ck_assert_uint_eq(needed, 64);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_model");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, wrong_parts_of_the_model_are_named, 0, N_WRONG);
    tcase_add_test(tc, structs_of_the_first_version_are_taken);
    tcase_add_test(tc, patterns_are_all_that_keep_the_gaps);
    tcase_add_test(tc, wrong_questions_for_patterns_have_their_status);
    return suite;
}
