#define _DEFAULT_SOURCE /* strsep */
/*
 * One tiny map a rule, with an answer that is obvious:
 *
 *      C-----------D          A and B are joined by the way that the rule is
 *      |           |          about, 111 m, with a node M in its middle, and
 *      A=====M=====B          by a detour A-C-D-B over a residential street,
 *                             333 m, open to all in both directions.
 *
 * So each mode in each direction goes straight (111 m) or round (333 m).
 */
#include "tiny_roads.h"

static const char nodes[] =
    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"
    "<node id='3' lon='0' lat='0.001'/><node id='4' lon='0.001' lat='0.001'/>"
    "<way id='1'><nd ref='1'/><nd ref='3'/><nd ref='4'/><nd ref='2'/>"
    "<tag k='highway' v='residential'/></way>";

typedef struct rule {
    const char *tags; /* of the way, as k=v k=v */
    const char *node; /* of M */
    const char *foot, *ebike, *car; /* A to B, B to A: s straight, r round */
    int seconds[3]; /* of the straight way; 0: not looked at */
} rule;

static const rule rules[] = {
    /* Classes.  111.32 m at 5 km/h are 80.2 s, at 22 km/h 18.2 s. */
    { "highway=primary", "", "ss", "ss", "ss", { 80, 18, 9 } },
    { "highway=residential", "", "ss", "ss", "ss", { 80, 20, 16 } },
    { "highway=motorway", "", "rr", "rr", "sr", { 0, 0, 4 } },
    { "highway=motorway oneway=no", "", "rr", "rr", "ss", { 0 } },
    { "highway=motorway_link", "", "rr", "rr", "ss", { 0 } },
    { "highway=trunk", "", "ss", "rr", "ss", { 0 } },
    { "highway=trunk bicycle=yes", "", "ss", "ss", "ss", { 0 } },
    { "highway=living_street", "", "ss", "ss", "ss", { 80, 27, 40 } },
    { "highway=service", "", "ss", "ss", "ss", { 80, 27, 27 } },
    { "highway=track", "", "ss", "ss", "rr", { 80, 33, 0 } },
    { "highway=track motor_vehicle=yes", "", "ss", "ss", "ss", { 0, 0, 40 } },
    { "highway=cycleway", "", "ss", "ss", "rr", { 80, 20, 0 } },
    /* Pushed over 111 m takes 80 s, ridden round over 334 m 60 s. */
    { "highway=footway", "", "ss", "rr", "rr", { 0 } },
    { "highway=footway bicycle=yes", "", "ss", "ss", "rr", { 80, 40, 0 } },
    { "highway=pedestrian bicycle=yes", "", "ss", "ss", "rr", { 80, 40, 0 } },
    { "highway=path", "", "ss", "ss", "rr", { 80, 50, 0 } },
    { "highway=steps", "", "ss", "rr", "rr", { 134, 0, 0 } },
    { "highway=construction", "", "rr", "rr", "rr", { 0 } },
    { "highway=proposed", "", "rr", "rr", "rr", { 0 } },
    { "route=ferry", "", "ss", "ss", "rr", { 40, 40, 0 } },
    { "route=ferry motor_vehicle=yes", "", "ss", "ss", "ss", { 40, 40, 40 } },
    { "route=ferry foot=no", "", "rr", "ss", "rr", { 0 } },
    { "railway=rail", "", "rr", "rr", "rr", { 0 } },
    { "highway=pedestrian area=yes", "", "ss", "rr", "rr", { 0 } },
    { "highway=service area=yes", "", "ss", "ss", "rr", { 0 } },
    /* One-way. */
    { "highway=primary oneway=yes", "", "ss", "sr", "sr", { 0 } },
    { "highway=primary oneway=true", "", "ss", "sr", "sr", { 0 } },
    { "highway=primary oneway=1", "", "ss", "sr", "sr", { 0 } },
    { "highway=primary oneway=-1", "", "ss", "rs", "rs", { 0 } },
    { "highway=primary oneway=reverse", "", "ss", "rs", "rs", { 0 } },
    { "highway=primary oneway=no", "", "ss", "ss", "ss", { 0 } },
    { "highway=primary oneway=reversible", "", "ss", "rr", "rr", { 0 } },
    { "highway=primary junction=roundabout", "", "ss", "sr", "sr", { 0 } },
    { "highway=primary junction=circular", "", "ss", "sr", "sr", { 0 } },
    { "highway=primary oneway=yes oneway:bicycle=no", "", "ss", "ss", "sr",
      { 0 } },
    { "highway=primary oneway=yes cycleway=opposite_lane", "", "ss", "ss",
      "sr", { 0 } },
    { "highway=primary oneway:bicycle=yes", "", "ss", "sr", "ss", { 0 } },
    /* Access, from the general to the particular. */
    { "highway=primary access=no", "", "rr", "rr", "rr", { 0 } },
    { "highway=primary access=private", "", "rr", "rr", "rr", { 0 } },
    { "highway=primary access=no foot=yes", "", "ss", "rr", "rr", { 0 } },
    { "highway=primary access=no bicycle=yes", "", "rr", "ss", "rr", { 0 } },
    { "highway=primary access=no motorcar=yes", "", "rr", "rr", "ss", { 0 } },
    { "highway=primary access=destination", "", "ss", "ss", "ss", { 0 } },
    { "highway=primary vehicle=no", "", "ss", "rr", "rr", { 0 } },
    { "highway=primary vehicle=no bicycle=designated", "", "ss", "ss", "rr",
      { 0 } },
    { "highway=primary motor_vehicle=no", "", "ss", "ss", "rr", { 0 } },
    { "highway=primary motor_vehicle=private motorcar=yes", "", "ss", "ss",
      "ss", { 0 } },
    { "highway=primary bicycle=no", "", "ss", "rr", "ss", { 0 } },
    { "highway=primary bicycle=use_sidepath", "", "ss", "rr", "ss", { 0 } },
    { "highway=primary foot=no", "", "rr", "ss", "ss", { 0 } },
    { "highway=primary foot=private", "", "rr", "ss", "ss", { 0 } },
    { "highway=footway access=yes", "", "ss", "rr", "rr", { 0 } },
    { "highway=primary access=nonsense", "", "ss", "ss", "ss", { 0 } },
    /* Speeds: a posted limit counts with eight tenths. */
    { "highway=primary maxspeed=100", "", "ss", "ss", "ss", { 80, 18, 5 } },
    { "highway=primary maxspeed=20", "", "ss", "ss", "ss", { 80, 20, 25 } },
    { "highway=primary maxspeed=30mph", "", "ss", "ss", "ss", { 80, 18, 10 } },
    { "highway=primary maxspeed=none", "", "ss", "ss", "ss", { 80, 18, 9 } },
    /* Barriers. */
    { "highway=primary", "barrier=bollard", "ss", "ss", "rr", { 0 } },
    { "highway=primary", "barrier=bollard motor_vehicle=yes", "ss", "ss",
      "ss", { 0 } },
    { "highway=primary", "barrier=gate", "ss", "ss", "ss", { 0 } },
    { "highway=primary", "barrier=gate access=private", "rr", "rr", "rr",
      { 0 } },
    { "highway=primary", "barrier=gate access=private foot=yes", "ss", "rr",
      "rr", { 0 } },
    { "highway=primary", "barrier=lift_gate", "ss", "ss", "ss", { 0 } },
    { "highway=primary", "barrier=block", "ss", "ss", "rr", { 0 } },
    { "highway=primary", "barrier=stile", "ss", "rr", "rr", { 0 } },
    { "highway=primary", "barrier=kissing_gate", "ss", "rr", "rr", { 0 } },
    { "highway=primary", "barrier=wall", "rr", "rr", "rr", { 0 } },
    { "highway=primary", "barrier=wall access=yes", "rr", "rr", "rr", { 0 } },
    { "highway=primary", "barrier=wall foot=yes", "ss", "rr", "rr", { 0 } },
    { "highway=primary", "highway=crossing", "ss", "ss", "ss", { 0 } },
};

/* "k=v k=v" as <tag .../> elements. */
static void add_tags(char *text, size_t size, const char *tags)
{
    char copy[256], *rest = copy, *word;

    snprintf(copy, sizeof copy, "%s", tags);
    while ((word = strsep(&rest, " ")) != NULL) {
        char *value = strchr(word, '=');
        const size_t n = strlen(text);

        if (!value)
            continue;
        *value++ = '\0';
        snprintf(text + n, size - n, "<tag k='%s' v='%s'/>", word, value);
    }
}

static gb_roads *build(gb_context *ctx, const rule *r,
                       const gb_roads_options *options)
{
    char text[4096];
    gb_roads *roads = NULL;

    snprintf(text, sizeof text, "%s<node id='5' lon='0.0005' lat='0'>", nodes);
    add_tags(text, sizeof text, r->node);
    strcat(text, "</node><way id='2'><nd ref='1'/><nd ref='5'/><nd ref='2'/>");
    add_tags(text, sizeof text, r->tags);
    strcat(text, "</way>");
    assert_ok(ctx, tiny_build(ctx, text, options, &roads));
    return roads;
}

static void ask(gb_context *ctx, const gb_roads *roads, gb_mode mode,
                int32_t seconds[4], int32_t metres[4])
{
    const gb_lonlat points[2] = { { 0, 0 }, { 0.001, 0 } };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_place places[2];

    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, points, 2, NULL, places));
    query.mode = mode;
    query.from = places;
    query.n_from = 2;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, metres));
}

START_TEST(each_rule_gives_the_obvious_answer)
{
    const rule *r = &rules[_i];
    const char *expected[3] = { r->foot, r->ebike, r->car };
    gb_context *ctx = test_context();
    gb_roads *roads = build(ctx, r, NULL);

    for (int m = 0; m < 3; m++) {
        int32_t seconds[4], metres[4];
        char found[3] = "";

        ask(ctx, roads, (gb_mode)m, seconds, metres);
        for (int d = 0; d < 2; d++) {
            const int32_t got = metres[d ? 2 : 1];

            /* 111.32 m; two sides of 110.57 m and one of 111.32 m */
            found[d] = got == 111 ? 's' : got == 332 ? 'r' : '?';
        }
        ck_assert_msg(strcmp(found, expected[m]) == 0,
                      "%s [%s] %s: %s, expected %s (%d m, %d m)", r->tags,
                      r->node, gb_mode_name((gb_mode)m), found, expected[m],
                      metres[1], metres[2]);
        if (r->seconds[m])
            ck_assert_msg(seconds[1] == r->seconds[m],
                          "%s %s: %d s, expected %d s", r->tags,
                          gb_mode_name((gb_mode)m), seconds[1],
                          r->seconds[m]);
    }
    gb_roads_close(roads);
    gb_context_free(ctx);
}
END_TEST

START_TEST(contraflow_lets_e_bikes_but_not_round_a_roundabout_backwards)
{
    static const rule street = { "highway=primary oneway=yes", "", "", "", "",
                                 { 0 } };
    static const rule round = { "highway=primary junction=roundabout", "", "",
                                "", "", { 0 } };
    gb_roads_options options = GB_ROADS_OPTIONS_INIT;
    gb_context *ctx = test_context();
    int32_t seconds[4], metres[4];
    gb_roads *roads;

    options.ebike_contraflow = 1;
    roads = build(ctx, &street, &options);
    ask(ctx, roads, GB_MODE_EBIKE, seconds, metres);
    ck_assert_int_eq(metres[2], 111);
    ask(ctx, roads, GB_MODE_CAR, seconds, metres);
    ck_assert_int_eq(metres[2], 332);
    gb_roads_close(roads);

    roads = build(ctx, &round, &options);
    ask(ctx, roads, GB_MODE_EBIKE, seconds, metres);
    ck_assert_int_eq(metres[2], 332);
    gb_roads_close(roads);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_real_roundabout_is_driven_round_one_way)
{
    /* A ring of four nodes, an arm at each of two opposite ones. */
    static const char map[] =
        "<node id='1' lon='0.001' lat='0'/><node id='2' lon='0' lat='0.001'/>"
        "<node id='3' lon='-0.001' lat='0'/>"
        "<node id='4' lon='0' lat='-0.001'/>"
        "<node id='5' lon='0.003' lat='0'/><node id='6' lon='-0.003' lat='0'/>"
        "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/>"
        "<nd ref='1'/><tag k='highway' v='primary'/>"
        "<tag k='junction' v='roundabout'/></way>"
        "<way id='2'><nd ref='5'/><nd ref='1'/>"
        "<tag k='highway' v='primary'/></way>"
        "<way id='3'><nd ref='3'/><nd ref='6'/>"
        "<tag k='highway' v='primary'/></way>";
    static const gb_lonlat ends[2] = { { 0.003, 0 }, { -0.003, 0 } };
    gb_context *ctx = test_context();
    gb_roads *roads = NULL;
    gb_roads_place a, b;
    gb_lonlat line[16];
    size_t n;

    assert_ok(ctx, tiny_build(ctx, map, NULL, &roads));
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, &ends[0], 1, NULL,
                                 &a));
    assert_ok(ctx, gb_roads_snap(ctx, roads, GB_MODE_CAR, &ends[1], 1, NULL,
                                 &b));
    assert_ok(ctx, gb_roads_path(ctx, roads, &a, &b, 16, line, &n, NULL));
    ck_assert_uint_eq(n, 5);
    assert_near(line[2].lat_deg, 0.001, 1e-9); /* over the north */
    assert_ok(ctx, gb_roads_path(ctx, roads, &b, &a, 16, line, &n, NULL));
    ck_assert_uint_eq(n, 5);
    assert_near(line[2].lat_deg, -0.001, 1e-9); /* over the south */
    gb_roads_close(roads);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_rules");
    TCase *tcase = tcase_create("rules");

    tcase_add_loop_test(tcase, each_rule_gives_the_obvious_answer, 0,
                        sizeof rules / sizeof rules[0]);
    tcase_add_test(tcase,
                   contraflow_lets_e_bikes_but_not_round_a_roundabout_backwards);
    tcase_add_test(tcase, a_real_roundabout_is_driven_round_one_way);
    suite_add_tcase(suite, tcase);
    return suite;
}
