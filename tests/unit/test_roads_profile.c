/*
 * Profiles: what is built in is what data/profile.json says, what is written
 * is read back, and what is wrong is refused with its path and the mend.
 */
#include "roads_profile.h"
#include "roads_states.h"
#include "test.h"

static gb_context *ctx;
static roads_profile built_in, profile;

static void set_up(void)
{
    ctx = test_context();
    roads_profile_default(&built_in);
}

static void tear_down(void)
{
    gb_context_free(ctx);
}

static char *written(const roads_profile *p)
{
    base_text text;

    base_text_init(&text, ctx->mem);
    roads_profile_write(p, &text);
    ck_assert(!text.is_short);
    return base_text_take(&text);
}

static void ck_assert_same(const roads_profile *a, const roads_profile *b)
{
    char *x = written(a), *y = written(b);

    ck_assert_str_eq(x, y);
    base_free(ctx->mem, x);
    base_free(ctx->mem, y);
}

START_TEST(the_one_built_in_is_that_of_the_file)
{
    size_t size;
    char *json = test_read_file(test_data_path("profile.json"), &size);
    char *text = written(&built_in);

    ck_assert_str_eq(json, text);
    assert_ok(ctx, roads_profile_parse(ctx, json, &profile));
    ck_assert_int_eq(memcmp(&profile, &built_in, sizeof profile), 0);
    base_free(ctx->mem, text);
    free(json);
}
END_TEST

START_TEST(nothing_said_is_the_one_built_in)
{
    assert_ok(ctx, roads_profile_parse(ctx, "{}", &profile));
    ck_assert_int_eq(memcmp(&profile, &built_in, sizeof profile), 0);
}
END_TEST

START_TEST(every_example_of_the_documentation_is_read)
{
    size_t size, n = 0;
    char *text = test_read_file(test_data_path("PROFILES.md"), &size);
    char *at = text;

    while ((at = strstr(at, "```json\n")) != NULL) {
        char *end = strstr(at += 8, "```");

        ck_assert_ptr_nonnull(end);
        *end = '\0';
        ck_assert_msg(roads_profile_parse(ctx, at, &profile) == GB_OK,
                      "%s: %s", at, gb_last_error(ctx));
        at = end + 1;
        n++;
    }
    ck_assert_uint_ge(n, 4);
    free(text);
}
END_TEST

START_TEST(one_near_osrm_s_is_read)
{
    size_t size;
    char *json = test_read_file(test_data_path("profile-osrm-car.json"),
                                &size);
    const roads_mode_profile *car = &profile.modes[GB_MODE_CAR];

    assert_ok(ctx, roads_profile_parse(ctx, json, &profile));
    ck_assert_int_eq(car->speed_dkmh[ROADS_CLASS_TRUNK], 850);
    ck_assert_int_eq(car->is_end[ROADS_CLASS_SERVICE], 0);
    ck_assert(!car->turns.u_turn_anywhere);
    free(json);
}
END_TEST

START_TEST(a_speed_that_is_set_goes_for_tagged_streets_too)
{
    const roads_mode_profile *m = &profile.modes[GB_MODE_EBIKE];

    assert_ok(ctx, roads_profile_parse(
                       ctx,
                       "{\"ebike\": {\"own_speed_kmh\": {\"path\": 14},"
                       " \"speed_kmh\": {\"primary\": 18.5, \"path\": 7,"
                       " \"tertiary\": 0}}}",
                       &profile));
    ck_assert_int_eq(m->speed_dkmh[ROADS_CLASS_PRIMARY], 185);
    ck_assert_int_eq(m->own_dkmh[ROADS_CLASS_PRIMARY], 185);
    ck_assert_int_eq(m->speed_dkmh[ROADS_CLASS_PATH], 70);
    ck_assert_int_eq(m->own_dkmh[ROADS_CLASS_PATH], 140);
    ck_assert_int_eq(m->speed_dkmh[ROADS_CLASS_TERTIARY], 0);
    ck_assert_int_eq(m->own_dkmh[ROADS_CLASS_TERTIARY], 220);
    ck_assert_int_eq(m->speed_dkmh[ROADS_CLASS_SECONDARY], 220);
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
    assert_ok(ctx, roads_profile_parse(
                       ctx,
                       "{\"about\": \"x\", \"car\": {\"limit_share\": 0.12345,"
                       " \"ends\": {\"classes\": [\"track\", \"service\"],"
                       " \"private\": false}, \"speed_kmh\": {\"track\": 9},"
                       " \"turns\": {\"bias\": 0.9302, \"turn_s\": 0.3}},"
                       " \"ebike\": {\"contraflow\": true},"
                       " \"foot\": {\"turn_aware\": true},"
                       " \"bands\": [{\"name\": \"all\","
                       " \"days\": [\"rest\", \"working\"],"
                       " \"from\": \"06:30\", \"to\": \"06:30\", \"factor\":"
                       " {\"car\": {\"other\": 0.5, \"service\": 0.3333},"
                       " \"foot\": 0.7}}]}",
                       &profile));
    {
        roads_profile again;
        char *text = written(&profile);

        assert_near(profile.modes[GB_MODE_CAR].limit_share, 0.1235, 1e-12);
        assert_near(profile.bands[0].factor[GB_MODE_CAR][0], 0.5, 0);
        assert_near(profile.bands[0].factor[GB_MODE_EBIKE][0], 1, 0);
        assert_ok(ctx, roads_profile_parse(ctx, text, &again));
        ck_assert_int_eq(memcmp(&profile, &again, sizeof again), 0);
        ck_assert_same(&profile, &again);
        base_free(ctx->mem, text);
    }
}
END_TEST

/* ---- refusals ---- */

#define BAND(name, days, from, to)                                            \
    "{\"name\": \"" name "\", \"days\": [" days "], \"from\": \"" from        \
    "\", \"to\": \"" to "\"}"
#define BOTH_DAYS "\"working\", \"rest\""

static const struct {
    const char *json;
    gb_status status;
    const char *path, *mend;
} bad[] = {
    { "", GB_ERR_PARSE, "line 1", "" },
    { "{\n\"car\": }", GB_ERR_PARSE, "line 2", "" },
    { "{\"car\": {}, \"car\": {}}", GB_ERR_PARSE, "line 1", "duplicate" },
    { "[]", GB_ERR_DATA, "profile:", "object" },
    { "{\"cra\": {}}", GB_ERR_DATA, "cra:", "did you mean \"car\"" },
    { "{\"bus\": {}}", GB_ERR_DATA, "bus:", "PROFILES.md" },
    { "{\"about\": 3}", GB_ERR_DATA, "about:", "text" },
    { "{\"car\": []}", GB_ERR_DATA, "car:", "object" },
    { "{\"car\": {\"speed\": {}}}", GB_ERR_DATA, "car.speed:",
      "did you mean \"speed_kmh\"" },
    { "{\"car\": {\"speed_kmh\": {\"primry\": 3}}}", GB_ERR_DATA,
      "car.speed_kmh.primry:", "did you mean \"primary\"" },
    { "{\"car\": {\"speed_kmh\": {\"primary\": \"fast\"}}}", GB_ERR_DATA,
      "car.speed_kmh.primary:", "a number from 0 to 200" },
    { "{\"car\": {\"speed_kmh\": {\"primary\": 201}}}", GB_ERR_DATA,
      "car.speed_kmh.primary: is 201", "from 0 to 200" },
    { "{\"car\": {\"speed_kmh\": {\"primary\": -1}}}", GB_ERR_DATA,
      "car.speed_kmh.primary: is -1", "from 0 to 200" },
    { "{\"car\": {\"speed_kmh\": {\"primary\": 1e99}}}", GB_ERR_DATA,
      "car.speed_kmh.primary:", "from 0 to 200" },
    { "{\"car\": {\"speed_kmh\": {\"footway\": 5}}}", GB_ERR_DATA,
      "car.speed_kmh.footway:", "own_speed_kmh" },
    { "{\"car\": {\"speed_kmh\": {\"steps\": 5}}}", GB_ERR_DATA,
      "car.speed_kmh.steps:", "say 0" },
    { "{\"car\": {\"own_speed_kmh\": {\"steps\": 5}}}", GB_ERR_DATA,
      "car.own_speed_kmh.steps:", "say 0" },
    { "{\"foot\": {\"speed_kmh\": {\"motorway\": 5}}}", GB_ERR_DATA,
      "foot.speed_kmh.motorway:", "own_speed_kmh" },
    { "{\"ebike\": {\"speed_kmh\": {\"primary\": 30}}}", GB_ERR_DATA,
      "ebike.speed_kmh.primary: 30.0 is above fastest_kmh, 25.0", "raise" },
    { "{\"car\": {\"fastest_kmh\": 2}}", GB_ERR_DATA, "car:", "slowest_kmh" },
    { "{\"car\": {\"contraflow\": true}}", GB_ERR_DATA, "car.contraflow:",
      "no such name" },
    { "{\"ebike\": {\"contraflow\": 1}}", GB_ERR_DATA, "ebike.contraflow:",
      "true or false" },
    { "{\"car\": {\"turns\": {\"u_turn\": 3}}}", GB_ERR_DATA,
      "car.turns.u_turn:", "did you mean \"u_turn_s\"" },
    { "{\"car\": {\"turns\": {\"bias\": 0}}}", GB_ERR_DATA,
      "car.turns.bias:", "from 0.50 to 2" },
    { "{\"car\": {\"ends\": {\"class\": []}}}", GB_ERR_DATA,
      "car.ends.class:", "did you mean \"classes\"" },
    { "{\"car\": {\"ends\": {\"classes\": [\"servise\"]}}}", GB_ERR_DATA,
      "car.ends.classes.servise:", "did you mean \"service\"" },
    { "{\"car\": {\"ends\": {\"classes\": \"service\"}}}", GB_ERR_DATA,
      "car.ends.classes:", "list" },
    { "{\"bands\": {}}", GB_ERR_DATA, "bands:", "list" },
    { "{\"bands\": [{\"nam\": \"x\"}]}", GB_ERR_DATA, "bands[0].nam:",
      "did you mean \"name\"" },
    { "{\"bands\": [{\"name\": \"x\"}]}", GB_ERR_DATA, "bands[0]:",
      "has no \"days\"" },
    { "{\"bands\": [{\"name\": \"Peak hour\"}]}", GB_ERR_DATA,
      "bands[0].name:", "a-z" },
    { "{\"bands\": [" BAND("x", "\"sunday\"", "00:00", "24:00") "]}",
      GB_ERR_DATA, "bands[0].days:", "rest" },
    { "{\"bands\": [" BAND("x", BOTH_DAYS, "7:00", "24:00") "]}",
      GB_ERR_DATA, "bands[0].from:", "24:00" },
    { "{\"bands\": [" BAND("x", BOTH_DAYS, "00:00", "24:01") "]}",
      GB_ERR_DATA, "bands[0].to:", "24:00" },
    { "{\"bands\": [" BAND("x", "\"working\"", "00:00", "24:00") "]}",
      GB_ERR_DATA, "bands: none holds 00:00 on days of kind \"rest\"",
      "covered" },
    { "{\"bands\": [" BAND("x", BOTH_DAYS, "07:00", "19:00") ", "
      BAND("y", BOTH_DAYS, "19:00", "06:59") "]}",
      GB_ERR_DATA, "bands: none holds 06:59", "covered" },
    { "{\"bands\": [" BAND("x", BOTH_DAYS, "07:00", "19:00") ", "
      BAND("y", BOTH_DAYS, "18:59", "07:00") "]}",
      GB_ERR_DATA, "bands: \"x\" and \"y\" overlap at 18:59", "where" },
    { "{\"bands\": [" BAND("x", BOTH_DAYS, "07:00", "19:00") ", "
      BAND("x", BOTH_DAYS, "19:00", "07:00") "]}",
      GB_ERR_DATA, "bands: two are called \"x\"", "" },
    { "{\"bands\": [{\"name\": \"x\", \"factor\": {\"car\": 3}}]}",
      GB_ERR_DATA, "bands[0].factor.car: is 3", "0.05" },
    { "{\"bands\": [{\"name\": \"x\", \"factor\": {\"car\":"
      " {\"others\": 1}}}]}",
      GB_ERR_DATA, "bands[0].factor.car.others:", "did you mean \"other\"" },
    { "{\"bands\": [{\"name\": \"x\", \"factor\": {\"bike\": 1}}]}",
      GB_ERR_DATA, "bands[0].factor.bike:", "did you mean \"ebike\"" },
};

START_TEST(a_fault_is_told_with_its_path_and_the_mend)
{
    assert_status(ctx, bad[_i].status,
                  roads_profile_parse(ctx, bad[_i].json, &profile));
    ck_assert_msg(strncmp(gb_last_error(ctx), bad[_i].path,
                          strlen(bad[_i].path)) == 0
                      && strstr(gb_last_error(ctx), bad[_i].mend) != NULL,
                  "%s: %s", bad[_i].json, gb_last_error(ctx));
}
END_TEST

/* ---- judging ---- */

static roads_kind street(roads_class class)
{
    roads_kind kind;

    memset(&kind, 0, sizeof kind);
    kind.class = (uint8_t)class;
    kind.oneway_bicycle = ROADS_ONEWAY_UNSAID;
    return kind;
}

static double dkmh(const roads_profile *p, const roads_kind *kind, int mode,
                   int direction)
{
    return roads_profile_dkmh(p, kind, (gb_mode)mode, direction, -1);
}

START_TEST(contraflow_is_for_e_bikes_and_not_round_a_roundabout)
{
    roads_kind kind = street(ROADS_CLASS_PRIMARY);

    kind.oneway = 1;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_EBIKE, 1), 0);
    /* It may be allowed any time: so it is a state already. */
    ck_assert(roads_profile_can(&kind, GB_MODE_EBIKE, 1));
    ck_assert(!roads_profile_can(&kind, GB_MODE_CAR, 1));
    built_in.modes[GB_MODE_EBIKE].contraflow = true;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_EBIKE, 1), 220);
    kind.flags = ROADS_KIND_ROUNDABOUT;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_EBIKE, 1), 0);
    ck_assert(!roads_profile_can(&kind, GB_MODE_EBIKE, 1));
}
END_TEST

START_TEST(what_is_private_is_shut_where_the_profile_has_no_ends)
{
    roads_kind kind = street(ROADS_CLASS_PRIMARY);
    roads_mode_profile *car = &built_in.modes[GB_MODE_CAR];

    kind.access[ROADS_ACCESS_ALL] = ROADS_ACCESS_PRIVATE;
    ck_assert(roads_profile_is_end(&built_in, &kind, GB_MODE_CAR));
    car->is_end_private = 0;
    ck_assert(!roads_profile_is_end(&built_in, &kind, GB_MODE_CAR));
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_CAR, 0), 0);
    kind.access[ROADS_ACCESS_ALL] = ROADS_ACCESS_DESTINATION;
    car->is_end_destination = 0;
    ck_assert(!roads_profile_is_end(&built_in, &kind, GB_MODE_CAR));
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_CAR, 0), 450);
}
END_TEST

START_TEST(a_speed_of_the_source_s_own_is_taken_as_it_is)
{
    roads_kind kind = street(ROADS_CLASS_FOOTWAY);

    kind.speed_dkmh[GB_MODE_CAR] = 123;
    kind.limit_dkmh[0] = 1000;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_CAR, 0), 123);
    kind.access[ROADS_ACCESS_MOTORCAR] = ROADS_ACCESS_SHUT;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_CAR, 0), 0);
    kind.speed_dkmh[GB_MODE_CAR] = 0;
    kind.access[ROADS_ACCESS_MOTORCAR] = ROADS_ACCESS_UNSAID;
    ck_assert_double_eq(dkmh(&built_in, &kind, GB_MODE_CAR, 0), 0);
}
END_TEST

START_TEST(a_band_scales_by_class)
{
    const roads_kind primary = street(ROADS_CLASS_PRIMARY);
    const int band = roads_profile_band(&built_in, "evening_peak");

    ck_assert_int_ge(band, 0);
    ck_assert_int_eq(roads_profile_band(&built_in, "tea_time"), -1);
    assert_near(roads_profile_dkmh(&built_in, &primary, GB_MODE_CAR, 0, band),
                450 * 0.6, 1e-9);
    assert_near(roads_profile_dkmh(&built_in, &primary, GB_MODE_FOOT, 0, band),
                50, 1e-9);
}
END_TEST

START_TEST(turns_cost_by_angle_and_side)
{
    const double straight = roads_profile_turn_s(&built_in, GB_MODE_CAR, 0);
    const double right = roads_profile_turn_s(&built_in, GB_MODE_CAR, 64);
    const double left = roads_profile_turn_s(&built_in, GB_MODE_CAR, 192);
    const double back = roads_profile_turn_s(&built_in, GB_MODE_CAR, 128);
    const uint32_t u_turn = ROADS_TURN_BACK | 128;

    ck_assert_double_lt(straight, 0.01);
    ck_assert_double_lt(right, left);
    /* 7.5 / (1 + exp(-(13 / 1.075 * .5 - 6.5 * 1.075))) */
    assert_near(right, 7.5 / (1 + exp(6.9875 - 6.0465116)), 1e-4);
    assert_near(left, 7.5 / (1 + exp(6.0465116 - 6.9875)), 1e-4);
    assert_near(back, 7.5, 0.1);
    assert_near(roads_profile_turn_s(&built_in, GB_MODE_CAR,
                                     64 | ROADS_TURN_SIGNAL),
                right + 2, 1e-12);
    assert_near(roads_profile_turn_s(&built_in, GB_MODE_CAR, u_turn), 20, 0);
    built_in.modes[GB_MODE_CAR].turns.u_turn_anywhere = false;
    ck_assert(isinf(roads_profile_turn_s(&built_in, GB_MODE_CAR, u_turn)));
    assert_near(roads_profile_turn_s(&built_in, GB_MODE_CAR,
                                     u_turn | ROADS_TURN_DEAD_END), 20, 0);
    for (uint32_t turn = 0; turn < 256; turn++)
        assert_near(roads_profile_turn_s(&built_in, GB_MODE_FOOT, turn), 0,
                    0);
    assert_near(roads_profile_turn_s(&built_in, GB_MODE_CAR,
                                     ROADS_TURN_NONE), 0, 0);
}
END_TEST

START_TEST(ends_and_turns_make_other_states_but_speeds_do_not)
{
    const roads_kind kinds[2] = { street(ROADS_CLASS_SERVICE),
                                  street(ROADS_CLASS_PRIMARY) };

    profile = built_in;
    profile.modes[GB_MODE_CAR].speed_dkmh[ROADS_CLASS_PRIMARY] = 1;
    profile.modes[GB_MODE_CAR].is_end[ROADS_CLASS_TRACK] = 1; /* not here */
    ck_assert(roads_profile_same_states(&built_in, &profile, kinds, 2));
    profile.modes[GB_MODE_CAR].is_end[ROADS_CLASS_PRIMARY] = 1;
    ck_assert(!roads_profile_same_states(&built_in, &profile, kinds, 2));
    profile = built_in;
    profile.modes[GB_MODE_FOOT].is_turn_aware = true;
    ck_assert(!roads_profile_same_states(&built_in, &profile, kinds, 2));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_profile");
    TCase *tcase = tcase_create("profile");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_one_built_in_is_that_of_the_file);
    tcase_add_test(tcase, nothing_said_is_the_one_built_in);
    tcase_add_test(tcase, every_example_of_the_documentation_is_read);
    tcase_add_test(tcase, one_near_osrm_s_is_read);
    tcase_add_test(tcase, a_speed_that_is_set_goes_for_tagged_streets_too);
    tcase_add_test(tcase, what_is_written_is_read_back);
    tcase_add_loop_test(tcase, a_fault_is_told_with_its_path_and_the_mend, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(tcase, contraflow_is_for_e_bikes_and_not_round_a_roundabout);
    tcase_add_test(tcase,
                   what_is_private_is_shut_where_the_profile_has_no_ends);
    tcase_add_test(tcase, a_speed_of_the_source_s_own_is_taken_as_it_is);
    tcase_add_test(tcase, a_band_scales_by_class);
    tcase_add_test(tcase, turns_cost_by_angle_and_side);
    tcase_add_test(tcase, ends_and_turns_make_other_states_but_speeds_do_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
