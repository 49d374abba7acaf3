#define _DEFAULT_SOURCE /* strsep */
/*
 * One tiny map a rule, with an answer that is obvious.  What a street is, who
 * may use it in which direction, and what stands in its middle:
 *
 *      C-----------D          A and B are joined by the way that the rule is
 *      |           |          about, 111 m, with a node M in its middle, and
 *      A=====M=====B          by a detour A-C-D-B over a residential street,
 *                             333 m, open to all in both directions.
 *
 * So each mode in each direction goes straight (111 m) or round (333 m).
 *
 * Turns, what is for a route's end only, and costs, in a town of four blocks:
 *
 *      7---8---9          All streets are residential, open to all in both
 *      |   |   |          directions, 111 m from junction to junction, each a
 *      4---5---6          way of its own that is called after its two nodes:
 *      |   |   |          45 is the one from the west to the middle.
 *      1---2---3
 *
 * A trip from 45 to 58 begins in the middle of the one and ends in the middle
 * of the other, with a left turn between: one block.  From 4 to 6 are two.
 */
#include <math.h>
#include <stdarg.h>

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
    { "highway=service", "", "ss", "ss", "rr", { 80, 27, 0 } },
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
    { "highway=primary access=destination", "", "ss", "rr", "rr", { 0 } },
    { "highway=primary motor_vehicle=destination", "", "ss", "ss", "rr",
      { 0 } },
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

/* ---- the town ---- */

/*
 * Changes, with blanks between: "-36": there is no such way; "58:k=v,k=v": its
 * tags besides highway=residential, or with another highway=; "n5:k=v": tags
 * of node 5.  A relation: tags, and from=, via=, to= with a way (two figures)
 * or a node (one).  Trips: from way to way (middle to middle) or from node to
 * node; for each a figure, its length in blocks.
 */
typedef struct town_rule {
    const char *changes, *relations[2], *trips;
    const char *foot, *ebike, *car;
} town_rule;

static const town_rule towns[] = {
    /* Without a rule: left, straight on, right, and another's left. */
    { "", { "" }, "45>58 45>56 45>25 25>45", "1111", "1111", "1111" },
    /* Restrictions at a node bind who comes from `from` on wheels. */
    { "", { "restriction=no_left_turn from=45 via=5 to=58" },
      "45>58 45>56 45>25 25>45", "1111", "3111", "3111" },
    { "", { "restriction=no_right_turn from=45 via=5 to=25" },
      "45>58 45>56 45>25 25>56", "1111", "1131", "1131" },
    { "", { "restriction=no_straight_on from=45 via=5 to=56" },
      "45>58 45>56 45>25 25>58", "1111", "1411", "1411" },
    { "", { "restriction=only_straight_on from=45 via=5 to=56" },
      "45>58 45>56 45>25 25>45", "1111", "3131", "3131" },
    { "", { "restriction=only_left_turn from=45 via=5 to=58" },
      "45>58 45>56 45>25 25>56", "1111", "1431", "1431" },
    { "", { "restriction=only_right_turn from=45 via=5 to=25" },
      "45>58 45>56 45>25 25>58", "1111", "3411", "3411" },
    /* Whom they bind. */
    { "", { "restriction=no_left_turn except=bicycle from=45 via=5 to=58" },
      "45>58", "1", "1", "3" },
    { "", { "restriction=no_left_turn except=motorcar from=45 via=5 to=58" },
      "45>58", "1", "3", "1" },
    { "", { "restriction=no_left_turn except=psv from=45 via=5 to=58" },
      "45>58", "1", "3", "3" },
    { "", { "restriction:motorcar=no_left_turn from=45 via=5 to=58" },
      "45>58", "1", "1", "3" },
    { "", { "restriction:bicycle=no_left_turn from=45 via=5 to=58" },
      "45>58", "1", "3", "1" },
    { "", { "restriction:hgv=no_left_turn from=45 via=5 to=58" },
      "45>58", "1", "1", "1" },
    /* No entry from two streets, no exit into two. */
    { "", { "restriction=no_entry from=45 from=25 via=5 to=58" },
      "45>58 25>58 56>58 45>56", "1111", "3411", "3411" },
    { "", { "restriction=no_exit from=45 via=5 to=58 to=25" },
      "45>58 45>25 45>56 56>58", "1111", "3311", "3311" },
    /* Over a way: who has come by another is free. */
    { "", { "restriction=no_left_turn from=45 via=56 to=69" },
      "45>69 25>69 45>36 58>36", "2222", "3222", "3222" },
    { "", { "restriction=only_left_turn from=45 via=56 to=69" },
      "45>69 25>69 45>36 58>36", "2222", "2232", "2232" },
    /* Over two. */
    { "-58 -78", { "restriction=no_left_turn from=45 via=56 via=69 to=89" },
      "45>89 25>89", "33", "53", "53" },
    /* A dual carriageway: no turning back by the street between. */
    { "45:oneway=yes 78:oneway=-1", { "" }, "45>78 25>78", "22", "22", "22" },
    { "45:oneway=yes 78:oneway=-1",
      { "restriction=no_u_turn from=45 via=58 to=78" }, "45>78 25>78", "22",
      "42", "42" },
    /* Left at 5 is forbidden, so one turns back: at the dead end 6, and where
     * that is forbidden at the dead end 3, behind 2. */
    { "-12 -14 -36 -47 -69",
      { "restriction=no_left_turn from=45 via=5 to=58" }, "45>58", "1", "3",
      "3" },
    { "-12 -14 -36 -47 -69",
      { "restriction=no_left_turn from=45 via=5 to=58",
        "restriction=no_u_turn from=56 via=6 to=56" }, "45>58", "1", "5",
      "5" },
    /* But where 6 is no dead end nobody turns back, in this profile. */
    { "-12 -14 -47", { "restriction=no_left_turn from=45 via=5 to=58" },
      "45>58", "1", "4", "4" },

    /* Private streets are reached and left, also for a junction at their end,
     * but never crossed. */
    { "58:access=private", { "" }, "5>8 8>5 45>58 58>45 89>58 45>89", "331113",
      "331113", "331113" },
    { "58:motor_vehicle=private", { "" }, "5>8 45>58 58>45", "111", "111",
      "311" },
    { "58:access=destination", { "" }, "5>8 45>58 58>45", "111", "311",
      "311" },
    { "58:highway=service", { "" }, "5>8 8>5 45>58 58>45", "1111", "1111",
      "3311" },
    /* A chain of them, from end to end, into it, out of it, along it. */
    { "25:access=private 58:access=private", { "" },
      "2>8 12>58 58>12 25>58", "4221", "4221", "4221" },
    { "25:highway=service 58:highway=service", { "" },
      "2>8 12>58 58>12 25>58", "2221", "2221", "4221" },
    /* From a private street over the town to another. */
    { "14:access=private 69:access=private", { "" }, "14>69 69>14", "33",
      "33", "33" },
    /* A private gate: nobody passes, */
    { "-36 n6:barrier=gate,access=private", { "" }, "56>69 69>56", "33", "33",
      "33" },
    /* but into a yard that has no other, and out of it. */
    { "-36 -89 n6:barrier=gate,access=private", { "" }, "56>69 69>56", "11",
      "11", "11" },
    { "-36 -89 n6:barrier=gate,access=private", { "" }, "45>69 69>45", "22",
      "22", "22" },
    { "-36 n6:barrier=gate", { "" }, "56>69 69>56", "11", "11", "11" },
    { "-36 n6:barrier=bollard", { "" }, "56>69 69>56", "11", "11", "33" },
    { "-36 n6:barrier=wall", { "" }, "56>69 69>56", "33", "33", "33" },
    /* A yard with two gates is no way through. */
    { "-36 -69 78:access=private n7:barrier=gate,access=private",
      { "" }, "4>8 47>78 78>47", "211", "211", "211" },
};

typedef struct town_text {
    char text[8192];
    size_t n;
} town_text;

static void print(town_text *town, const char *format, ...)
{
    va_list rest;

    va_start(rest, format);
    town->n += (size_t)vsnprintf(town->text + town->n,
                                 sizeof town->text - town->n, format, rest);
    va_end(rest);
    ck_assert_uint_lt(town->n, sizeof town->text);
}

/* What the changes say of a name: copied, or false. */
static bool find_change(const char *changes, const char *name, char *tags,
                        size_t size)
{
    const size_t n = strlen(name);

    for (const char *word = changes; *word; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        if (strncmp(word, name, n) != 0 || !strchr(": ", word[n]))
            continue;
        word += n + (word[n] == ':');
        snprintf(tags, size, "%.*s", (int)strcspn(word, " "), word);
        return true;
    }
    return false;
}

/* "k=v,k=v" as <tag .../> elements. */
static void print_tags(town_text *town, const char *tags)
{
    char copy[256], *rest = copy, *word;

    snprintf(copy, sizeof copy, "%s", tags);
    while ((word = strsep(&rest, ",")) != NULL) {
        char *value = strchr(word, '=');

        if (!value)
            continue;
        *value++ = '\0';
        print(town, "<tag k='%s' v='%s'/>", word, value);
    }
}

static void print_way(town_text *town, const char *changes, int a, int b)
{
    char name[8], tags[256] = "";

    snprintf(name, sizeof name, "-%d%d", a, b);
    if (find_change(changes, name, tags, sizeof tags))
        return;
    find_change(changes, name + 1, tags, sizeof tags);
    print(town, "<way id='%s'><nd ref='%d'/><nd ref='%d'/>", name + 1, a, b);
    if (!strstr(tags, "highway="))
        print_tags(town, "highway=residential");
    print_tags(town, tags);
    print(town, "</way>");
}

static void print_relation(town_text *town, int id, const char *relation)
{
    char copy[256], *rest = copy, *word;

    snprintf(copy, sizeof copy, "%s", relation);
    print(town, "<relation id='%d'><tag k='type' v='restriction'/>", id);
    while ((word = strsep(&rest, " ")) != NULL) {
        char *value = strchr(word, '=') + 1;

        if (strncmp(word, "from=", 5) != 0 && strncmp(word, "via=", 4) != 0
            && strncmp(word, "to=", 3) != 0) {
            print_tags(town, word);
            continue;
        }
        print(town, "<member type='%s' ref='%s' role='%.*s'/>",
              strlen(value) == 1 ? "node" : "way", value,
              (int)(value - word) - 1, word);
    }
    print(town, "</relation>");
}

static gb_lonlat place_of_node(int node)
{
    return (gb_lonlat){ 0.001 * ((node - 1) % 3), 0.001 * ((node - 1) / 3) };
}

/* A node, or the middle of a way. */
static gb_lonlat place_of_name(const char *name)
{
    const gb_lonlat a = place_of_node(name[0] - '0');
    gb_lonlat b;

    if (name[1] < '0' || name[1] > '9')
        return a;
    b = place_of_node(name[1] - '0');
    return (gb_lonlat){ (a.lon_deg + b.lon_deg) / 2,
                        (a.lat_deg + b.lat_deg) / 2 };
}

static gb_roads *build_town(gb_context *ctx, const char *changes,
                            const char *const relations[2],
                            const char *profile)
{
    gb_roads_options options = GB_ROADS_OPTIONS_INIT;
    gb_roads *roads = NULL;
    town_text town = { "", 0 };

    for (int i = 1; i <= 9; i++) {
        const gb_lonlat at = place_of_node(i);
        char name[8], tags[256] = "";

        snprintf(name, sizeof name, "n%d", i);
        find_change(changes, name, tags, sizeof tags);
        print(&town, "<node id='%d' lon='%.3f' lat='%.3f'>", i, at.lon_deg,
              at.lat_deg);
        print_tags(&town, tags);
        print(&town, "</node>");
    }
    for (int i = 1; i <= 9; i++) {
        if (i % 3 != 0)
            print_way(&town, changes, i, i + 1);
        if (i <= 6)
            print_way(&town, changes, i, i + 3);
    }
    for (int i = 0; i < 2 && relations && relations[i]; i++)
        if (*relations[i])
            print_relation(&town, i + 1, relations[i]);
    options.profile_json = profile;
    assert_ok(ctx, tiny_build(ctx, town.text, &options, &roads));
    return roads;
}

/* "45>58" */
static gb_roads_path_totals go(gb_context *ctx, const gb_roads *roads,
                               gb_mode mode, const char *trip)
{
    const gb_lonlat points[2] = { place_of_name(trip),
                                  place_of_name(strchr(trip, '>') + 1) };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_path_totals totals, cell;
    gb_roads_place places[2];
    gb_lonlat line[32];
    size_t n;

    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, points, 2, NULL, places));
    ck_assert_msg(places[0].distance_m < 1 && places[1].distance_m < 1,
                  "%s %s: no route begins or ends there", gb_mode_name(mode),
                  trip);
    query.mode = mode;
    query.from = &places[0];
    query.to = &places[1];
    query.n_from = query.n_to = 1;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, &cell.seconds,
                                  &cell.metres));
    assert_ok(ctx, gb_roads_path(ctx, roads, &places[0], &places[1], 32, line,
                                 &n, &totals));
    ck_assert_int_eq(totals.seconds, cell.seconds);
    ck_assert_int_eq(totals.metres, cell.metres);
    return totals;
}

static char blocks_of(int32_t metres)
{
    return metres == GB_ROADS_UNREACHABLE
               ? '-'
               : (char)('0' + (metres + 55) / 111);
}

START_TEST(a_trip_in_the_town_is_so_many_blocks)
{
    /* Turns cost nothing, so the shortest way is taken that is allowed. */
    static const char profile[] =
        "{\"car\":{\"turns\":{\"turn_s\":0,\"u_turn_anywhere\":false}},"
        "\"ebike\":{\"turns\":{\"turn_s\":0,\"u_turn_anywhere\":false}}}";
    const town_rule *t = &towns[_i];
    const char *expected[3] = { t->foot, t->ebike, t->car };
    gb_context *ctx = test_context();
    gb_roads *roads = build_town(ctx, t->changes, t->relations, profile);

    for (int m = 0; m < 3; m++) {
        char found[16] = "";
        size_t n = 0;

        for (const char *trip = t->trips; trip; n++) {
            found[n] = blocks_of(go(ctx, roads, (gb_mode)m, trip).metres);
            trip = strchr(trip, ' ');
            trip = trip ? trip + 1 : NULL;
        }
        ck_assert_msg(strcmp(found, expected[m]) == 0,
                      "[%s] %s, %s: %s are %s blocks, expected %s", t->changes,
                      t->relations[0], gb_mode_name((gb_mode)m), t->trips,
                      found, expected[m]);
    }
    gb_roads_close(roads);
    gb_context_free(ctx);
}
END_TEST

/* ---- what turns and lights cost ---- */

/* All at 20 km/h, .18 s a metre; what a trip takes besides, to the second. */
typedef struct cost {
    const char *changes, *relation, *turns, *trip;
    gb_mode mode;
    char blocks;
    int besides_s;
} cost;

/* With this bias a left turn costs all of turn_s, a right one nothing. */
#define LEFT_30 "\"turn_s\":30,\"bias\":1.5"
#define RIGHT_30 "\"turn_s\":30,\"bias\":0.6666667"
#define NO_TURNS "\"turn_s\":0"
#define LIGHT_30 NO_TURNS ",\"signal_s\":30"
#define U_TURN(s) NO_TURNS ",\"u_turn_s\":" #s
#define LEFT_FORBIDDEN "restriction=no_left_turn from=45 via=5 to=58"

static const cost costs[] = {
    /* On the right one drives here, so left turns are the dear ones. */
    { "", "", LEFT_30, "45>58", GB_MODE_CAR, '1', 30 },
    { "", "", LEFT_30, "45>25", GB_MODE_CAR, '1', 0 },
    { "", "", LEFT_30, "45>56", GB_MODE_CAR, '1', 0 },
    { "", "", LEFT_30, "45>58", GB_MODE_EBIKE, '1', 30 },
    { "", "", RIGHT_30, "45>58", GB_MODE_CAR, '1', 0 },
    { "", "", RIGHT_30, "45>25", GB_MODE_CAR, '1', 30 },
    /* A bend is no turn, whether the street goes on under its name, */
    { "", "", LEFT_30, "69>89", GB_MODE_CAR, '1', 0 },
    /* as another, */
    { "89:name=North", "", LEFT_30, "69>89", GB_MODE_CAR, '1', 0 },
    { "89:bridge=yes", "", LEFT_30, "69>89", GB_MODE_CAR, '1', 0 },
    /* or through a gate; but where a third one meets them it is. */
    { "n9:barrier=gate", "", LEFT_30, "69>89", GB_MODE_CAR, '1', 0 },
    { "-56", "", LEFT_30, "58>45", GB_MODE_CAR, '1', 0 },
    { "-56", "", LEFT_30, "45>58", GB_MODE_CAR, '1', 30 },
    /* Lights, at a crossing, in a street, at a change of name; two. */
    { "", "", LIGHT_30, "45>56", GB_MODE_CAR, '1', 0 },
    { "n5:highway=traffic_signals", "", LIGHT_30, "45>56",
      GB_MODE_CAR, '1', 30 },
    { "n5:highway=traffic_signals", "", LIGHT_30, "45>56",
      GB_MODE_EBIKE, '1', 30 },
    { "58:oneway=-1 n9:highway=traffic_signals", "", LIGHT_30, "6>8",
      GB_MODE_CAR, '2', 30 },
    { "n9:highway=traffic_signals 89:name=North", "", LIGHT_30,
      "69>89", GB_MODE_CAR, '1', 30 },
    { "n5:highway=traffic_signals n6:highway=traffic_signals -12 -23 -78 -89",
      "", LIGHT_30, "45>69", GB_MODE_CAR, '2', 60 },
    /* Turning back at a dead end costs, and is dearer than a lap of a block
     * elsewhere: from 60 s, by 20 s a block. */
    { "-12 -14 -36 -47 -69", LEFT_FORBIDDEN, U_TURN(60), "45>58",
      GB_MODE_CAR, '3', 60 },
    { "-12 -14 -36 -47 -69", LEFT_FORBIDDEN, U_TURN(5), "45>58",
      GB_MODE_CAR, '3', 5 },
    { "-12 -14 -47", LEFT_FORBIDDEN, U_TURN(5), "45>58", GB_MODE_CAR,
      '3', 5 },
    { "-12 -14 -47", LEFT_FORBIDDEN, U_TURN(60), "45>58", GB_MODE_CAR,
      '4', 0 },
    { "-12 -14 -47", LEFT_FORBIDDEN,
      U_TURN(5) ",\"u_turn_anywhere\":false", "45>58", GB_MODE_CAR, '4',
      0 },
    /* Half a block is pushed, 40 s, not ridden, 10 s. */
    { "-36 -89 69:bicycle=dismount", "", NO_TURNS, "56>69", GB_MODE_EBIKE, '1',
      30 },
    { "-36 -89 69:bicycle=dismount", "", NO_TURNS, "56>69", GB_MODE_CAR, '1', 0 },
    /* Half a block at 8 tenths of 10 km/h takes 25 s, not 10 s. */
    { "-36 -89 69:maxspeed=10", "", NO_TURNS, "56>69", GB_MODE_CAR, '1', 15 },
};

START_TEST(a_turn_or_a_light_costs_what_the_profile_says)
{
    const cost *c = &costs[_i];
    const char *relations[2] = { c->relation, NULL };
    gb_context *ctx = test_context();
    gb_roads_path_totals totals;
    char profile[512];
    gb_roads *roads;

    snprintf(profile, sizeof profile,
             "{\"%s\":{\"speed_kmh\":{\"residential\":20},\"turns\":{%s}}}",
             gb_mode_name(c->mode), c->turns);
    roads = build_town(ctx, c->changes, relations, profile);
    totals = go(ctx, roads, c->mode, c->trip);
    ck_assert_msg(blocks_of(totals.metres) == c->blocks
                      && fabs(totals.seconds - 0.18 * totals.metres
                              - c->besides_s) < 1,
                  "[%s] %s, %s: %s takes %d s for %d m", c->changes,
                  c->relation, c->turns, c->trip, totals.seconds,
                  totals.metres);
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
    tcase_add_loop_test(tcase, a_trip_in_the_town_is_so_many_blocks, 0,
                        sizeof towns / sizeof towns[0]);
    tcase_add_loop_test(tcase, a_turn_or_a_light_costs_what_the_profile_says,
                        0, sizeof costs / sizeof costs[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
