#include <gridbeat/gridbeat.h>

#include <math.h>
#include <string.h>

#include "random_areas.h"
#include "test.h"

/* Four areas in a row, 10 m apart, each 1 heavy. */
static const gb_point ROW_AT[] = { { 0, 0 }, { 10, 0 }, { 20, 0 }, { 30, 0 } };
static const gb_lonlat ROW_PLACES[]
    = { { 10, 50 }, { 10.1, 50 }, { 10.2, 50 }, { 10.3, 50 } };
static const uint32_t ROW_FIRST[] = { 0, 1, 3, 5, 6 };
static const uint32_t ROW_NEXT[] = { 1, 0, 2, 1, 3, 2 };
static const double ONES[] = { 1, 1, 1, 1 };
static const uint32_t HALVES[] = { 0, 0, 1, 1 }, SPLIT[] = { 0, 1, 0, 1 };

static gb_areas row_of_four(void)
{
    gb_areas areas = GB_AREAS_INIT;

    areas.n_areas = 4;
    areas.n_measures = 1;
    areas.centres = ROW_AT;
    areas.first_neighbour = ROW_FIRST;
    areas.neighbours = ROW_NEXT;
    areas.activity = ONES;
    return areas;
}

static gb_bound_result bound(gb_context *ctx, const gb_lonlat *places,
                             size_t k, const gb_bound_options *o,
                             uint32_t *owners)
{
    const gb_areas areas = row_of_four();
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_bound_result r = { .size = sizeof r };

    rules.n_territories = k;
    assert_ok(ctx, gb_territory_bound(ctx, &areas, places, &rules, o, &r,
                                      owners));
    return r;
}

START_TEST(a_row_is_closed_and_the_plan_handed_over)
{
    gb_context *ctx = test_context();
    uint32_t owners[4] = { 9, 9, 9, 9 };
    const gb_bound_result r = bound(ctx, NULL, 2, NULL, owners);

    ck_assert(r.is_closed && r.has_plan && !r.is_infeasible);
    ck_assert_double_eq_tol(r.lower, 200, 1e-6); /* two neighbours, 10 m */
    ck_assert_double_eq_tol(r.upper, 200, 1e-6);
    ck_assert_double_eq_tol(r.gap, 0, 1e-12);
    ck_assert_int_eq(r.method, GB_BOUND_BRANCHED);
    ck_assert_int_eq(r.outcome, GB_OUTCOME_OPTIMAL);
    ck_assert_uint_eq(owners[0], owners[1]);
    ck_assert_uint_eq(owners[2], owners[3]);
    ck_assert_uint_ne(owners[0], owners[2]);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_known_plan_is_measured_and_not_repeated)
{
    gb_context *ctx = test_context();
    uint32_t owners[4] = { 9, 9, 9, 9 };
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    gb_bound_result r;

    for (o.objective = 0; o.objective < 4; o.objective++) {
        o.plan = HALVES;
        r = bound(ctx, NULL, 2, &o, owners);
        ck_assert(r.is_closed && !r.has_plan);
        ck_assert_uint_eq(owners[0], 9);
    }
    o.objective = GB_TERRITORY_MEDIAN;
    ck_assert_double_eq_tol(bound(ctx, NULL, 2, &o, NULL).lower, 20, 1e-6);
    o.objective = GB_TERRITORY_CUT;
    ck_assert_double_eq_tol(bound(ctx, NULL, 2, &o, NULL).lower, 1, 1e-9);
    gb_context_free(ctx);
}
END_TEST

START_TEST(places_are_on_the_ellipsoid)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_four();
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    double moment;

    assert_ok(ctx, gb_territory_moment(ctx, &areas, ROW_PLACES, 2, HALVES,
                                       NULL, &moment));
    ck_assert_double_eq_tol(bound(ctx, ROW_PLACES, 2, &o, NULL).lower, moment,
                            1e-6 * moment);
    gb_context_free(ctx);
}
END_TEST

START_TEST(that_there_is_no_plan_is_proven)
{
    gb_context *ctx = test_context();
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;

    for (o.objective = 0; o.objective < 4; o.objective++) {
        const gb_bound_result r = bound(ctx, NULL, 3, &o, NULL);

        ck_assert_msg(r.is_infeasible || o.objective == GB_TERRITORY_BORDER
                          || o.objective == GB_TERRITORY_CUT,
                      "objective %d", (int)o.objective);
        ck_assert(!r.is_closed && !r.has_plan);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_larger_instance_bounds_any_plan_of_the_search)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(3, 120, 4, 0.1);
    gb_territories *made = NULL;
    gb_territory_summary s = { .size = sizeof s };
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    gb_bound_result r = { .size = sizeof r };
    double moment;

    assert_ok(ctx, gb_territory_build(ctx, &in.areas, &in.rules, NULL, &made));
    gb_territories_summary(made, &s);
    ck_assert(s.is_valid);
    assert_ok(ctx, gb_territory_moment(ctx, &in.areas, NULL, 4,
                                       gb_territories_owners(made), NULL,
                                       &moment));
    o.plan = gb_territories_owners(made);
    o.max_nodes = 2000;
    assert_ok(ctx, gb_territory_bound(ctx, &in.areas, NULL, &in.rules, &o, &r,
                                      NULL));
    ck_assert_double_le(r.lower, moment);
    ck_assert_double_ge(r.lower, 0.9 * moment);
    ck_assert_double_le(r.root_lower, r.lower);
    ck_assert_double_le(r.upper, moment);
    gb_territories_free(made);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    gb_context *ctx = test_context();
    const gb_lonlat nowhere[] = { { 0, 0 }, { 0, 91 }, { 0, 0 }, { 0, 0 } };
    const gb_areas areas = row_of_four();
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    gb_bound_result r = { .size = sizeof r };

    rules.n_territories = 2;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, NULL,
                                     NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, NULL, &o, &r, NULL));
    assert_status(ctx, GB_ERR_DATA,
                  gb_territory_bound(ctx, &areas, nowhere, &rules, &o, &r,
                                     NULL));
    o.plan = SPLIT;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, &r,
                                     NULL));
    o.plan = NULL;
    o.objective = 4;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, &r,
                                     NULL));
    o.objective = 0;
    o.upper = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, &r,
                                     NULL));
    o.upper = 0;
    o.time_limit_ms = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, &r,
                                     NULL));
    o.time_limit_ms = 0;
    o.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_territory_bound(ctx, &areas, NULL, &rules, &o, &r,
                                     NULL));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("api_bound");
    TCase *c = tcase_create("bound");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, a_row_is_closed_and_the_plan_handed_over);
    tcase_add_test(c, a_known_plan_is_measured_and_not_repeated);
    tcase_add_test(c, places_are_on_the_ellipsoid);
    tcase_add_test(c, that_there_is_no_plan_is_proven);
    tcase_add_test(c, a_larger_instance_bounds_any_plan_of_the_search);
    tcase_add_test(c, what_is_wrong_is_refused);
    suite_add_tcase(suite, c);
    return suite;
}
