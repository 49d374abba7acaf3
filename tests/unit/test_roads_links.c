/*
 * A bank's own map from CSV: what a row comes to, and why one is refused.
 *
 *      a --s1-- b --s2-- c     the town of most tests; coordinates are small,
 *               |              so that 0.001 degrees are 111 m
 *               s3
 *               d
 */
#include "roads_links.h"
#include "roads_profile.h"
#include "faulty_alloc.h"
#include "test.h"

#include "base_check.h"

static gb_context *ctx;
static base_run run;
static roads_source source;
static gb_roads_report report;
static char folder[400];
static char told[64][400]; /* "links.csv:3 why" */
static size_t n_told;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&source, 0, sizeof source);
    memset(&report, 0, sizeof report);
    snprintf(folder, sizeof folder, "%s", test_folder());
    n_told = 0;
}

static void tear_down(void)
{
    roads_source_clear(run.mem, &source);
    gb_context_free(ctx);
}

static void on_row(void *user, const char *path, uint64_t line,
                   const char *why)
{
    ck_assert_ptr_eq(user, told);
    ck_assert_uint_lt(n_told, COUNT_OF(told));
    snprintf(told[n_told++], sizeof told[0], "%s:%llu %s",
             strrchr(path, '/') + 1, (unsigned long long)line, why);
}

static const char *write_table(const char *name, const char *text)
{
    static char paths[3][512];
    static unsigned next;
    char *path = paths[next++ % 3];

    if (!text)
        return NULL;
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    test_write_file(path, text, strlen(text));
    return path;
}

static gb_status read_as(gb_datum datum, const char *links, const char *nodes,
                         const char *turns)
{
    const gb_roads_links tables = {
        sizeof tables, write_table("links.csv", links),
        write_table("nodes.csv", nodes), write_table("turns.csv", turns),
        (int32_t)datum
    };

    roads_source_clear(run.mem, &source);
    memset(&report, 0, sizeof report);
    n_told = 0;
    return roads_links_read(&run, &tables, on_row, told, &source, &report);
}

static gb_status read_tables(const char *links, const char *nodes,
                             const char *turns)
{
    return read_as(GB_DATUM_WGS84, links, nodes, turns);
}

static const char town_nodes[] = "id,lon,lat\na,0,0\nb,0.001,0\nc,0.002,0\n"
                                 "d,0.001,-0.001\n";
static const char town_links[] = "id,from,to,class\ns1,a,b,residential\n"
                                 "s2,b,c,residential\ns3,b,d,residential\n";

static const roads_kind *kind_of(size_t way)
{
    ck_assert_uint_lt(way, source.n_ways);
    return &source.kinds[source.ways[way].kind];
}

static uint32_t end_of(size_t way, int end)
{
    const roads_way *w = &source.ways[way];

    return source.refs[w->first_ref + (end ? w->n_refs - 1 : 0)];
}

static const char *name_of(size_t way)
{
    return source.names + source.name_at[source.ways[way].name];
}

/* ---- what a row comes to ---- */

START_TEST(the_demo_map_is_read_without_a_refusal)
{
    char paths[3][512];
    gb_roads_links tables = GB_ROADS_LINKS_INIT;

    snprintf(paths[0], sizeof paths[0], "%s",
             test_data_path("links-demo/links.csv"));
    snprintf(paths[1], sizeof paths[1], "%s",
             test_data_path("links-demo/nodes.csv"));
    snprintf(paths[2], sizeof paths[2], "%s",
             test_data_path("links-demo/turns.csv"));
    tables.links_path = paths[0];
    tables.nodes_path = paths[1];
    tables.turns_path = paths[2];
    assert_ok(ctx, roads_links_read(&run, &tables, on_row, told, &source,
                                    &report));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(report.refused_rows, 0);
    ck_assert_uint_eq(report.rows_read, 34 + 24 + 4);
    ck_assert_uint_eq(report.highways, 32);
    ck_assert_uint_eq(source.n_ways, 32);
    ck_assert_uint_eq(source.n_nodes, 24 + 9); /* nine lines have a bend */
    ck_assert_uint_eq(source.n_bans, 4);
    ck_assert_uint_eq(source.n_via_ways, 1);
    ck_assert_str_eq(name_of(0), "建设路");
    ck_assert_int_eq(kind_of(6)->oneway, 1);
    ck_assert_int_eq(kind_of(10)->oneway, -1);
    ck_assert_uint_eq(kind_of(0)->limit_dkmh[1], 400);
    ck_assert_uint_eq(kind_of(21)->flags, ROADS_KIND_BRIDGE);
    ck_assert_uint_eq(kind_of(28)->access[ROADS_ACCESS_ALL],
                      ROADS_ACCESS_PRIVATE);
}
END_TEST

START_TEST(columns_come_in_any_order_and_those_with_x_are_left_out)
{
    assert_ok(ctx, read_tables("\xef\xbb\xbfx_remark,class,to,from,id\r\n"
                               "\"a, b\",primary,b,a,s1\r\n",
                               town_nodes, NULL));
    ck_assert_uint_eq(source.n_ways, 1);
    ck_assert_uint_eq(kind_of(0)->class, ROADS_CLASS_PRIMARY);
    ck_assert_int_eq(source.ways[0].id, 2); /* its line */
    ck_assert_int_eq(source.nodes[end_of(0, 1)].lon, 10000);
}
END_TEST

START_TEST(lines_join_where_they_end_and_nowhere_else)
{
    assert_ok(ctx,
              read_tables("id,line,class\n"
                          "s1,\"LINESTRING (0 0, 0.001 0, 0.002 0)\",primary\n"
                          "s2,\"linestring z(0.002 0.00000001 7,.003 0 8)\","
                          "primary\n"
                          "s3,\"LINESTRING(0.001 -0.001,0.001 0,0.001 "
                          "0.001)\",primary\n",
                          NULL, NULL));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(end_of(0, 1), end_of(1, 0));
    ck_assert_uint_eq(source.n_nodes, 3 + 1 + 3); /* s3 only crosses */
}
END_TEST

START_TEST(lines_join_where_they_end_in_a_shifted_datum)
{
    static const char links[]
        = "id,line,class\n"
          "s1,\"LINESTRING (104.06 30.66, 104.07 30.66)\",primary\n"
          "s2,\"LINESTRING (104.07 30.66, 104.08 30.66)\",primary\n";
    static const gb_datum datums[] = { GB_DATUM_GCJ02, GB_DATUM_BD09 };

    for (size_t d = 0; d < COUNT_OF(datums); d++) {
        gb_lonlat at = { 104.06, 30.66 };

        assert_ok(ctx, read_as(datums[d], links, NULL, NULL));
        ck_assert_uint_eq(source.n_nodes, 3);
        ck_assert_uint_eq(end_of(0, 1), end_of(1, 0));
        assert_ok(ctx, gb_datum_convert(ctx, datums[d], GB_DATUM_WGS84, &at,
                                        1));
        assert_near(source.nodes[end_of(0, 0)].lon / 1e7, at.lon_deg, 6e-8);
        assert_near(source.nodes[end_of(0, 0)].lat / 1e7, at.lat_deg, 6e-8);
    }
}
END_TEST

START_TEST(a_line_between_nodes_ends_at_their_places)
{
    /* Two nodes at one place stay two: a street below another one. */
    assert_ok(ctx,
              read_tables("id,from,to,line,class\n"
                          "s1,a,b,\"LINESTRING (0.00001 0, 0.0005 0.0001, "
                          "0.00101 0)\",primary\n"
                          "s2,e,c,,primary\n"
                          "s3,,,\"LINESTRING (0.001 0, 0.001 1)\",primary\n",
                          "id,lon,lat\na,0,0\nb,0.001,0\nc,0.002,0\n"
                          "e,0.001,0\n", NULL));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_int_eq(source.nodes[end_of(0, 0)].lon, 0);
    ck_assert_int_eq(source.nodes[end_of(0, 1)].lon, 10000);
    ck_assert_uint_ne(end_of(0, 1), end_of(1, 0));
    ck_assert_uint_eq(end_of(0, 1), end_of(2, 0)); /* the first of the two */
}
END_TEST

START_TEST(nodes_bring_signals_and_barriers_and_those_unused_are_left_out)
{
    assert_ok(ctx, read_tables("id,from,to,class\ns1,a,b,primary\n"
                               "s2,c,d,primary\n",
                               "id,lon,lat,signal,barrier\n"
                               "z,9,9,1,shut\na,0,0,1,none\nb,0.001,0,0,shut\n"
                               "c,0.002,0,,cars\nd,0.003,0,1,private\n",
                               NULL));
    ck_assert_uint_eq(source.n_nodes, 4);
    ck_assert_uint_eq(source.node_flags[end_of(0, 0)], ROADS_NODE_SIGNAL);
    ck_assert_uint_eq(source.node_flags[end_of(0, 1)], 7);
    ck_assert_uint_eq(source.node_flags[end_of(1, 0)], 4);
    ck_assert_uint_eq(source.node_flags[end_of(1, 1)],
                      7 * ROADS_NODE_PRIVATE + ROADS_NODE_SIGNAL);
}
END_TEST

START_TEST(roundabouts_and_motorways_are_one_way_unless_said)
{
    assert_ok(ctx, read_tables("id,from,to,class,roundabout,oneway\n"
                               "s1,a,b,primary,1,\ns2,a,b,motorway,,\n"
                               "s3,a,b,motorway,,0\ns4,a,b,motorway_link,,\n"
                               "s5,a,b,primary,0,-1\n", town_nodes, NULL));
    ck_assert_int_eq(kind_of(0)->oneway, 1);
    ck_assert_int_eq(kind_of(1)->oneway, 1);
    ck_assert_int_eq(kind_of(2)->oneway, 0);
    ck_assert_int_eq(kind_of(3)->oneway, 0);
    ck_assert_int_eq(kind_of(4)->oneway, -1);
    ck_assert_int_eq(kind_of(4)->oneway_bicycle, ROADS_ONEWAY_UNSAID);
}
END_TEST

START_TEST(a_speed_opens_a_class_and_0_closes_it)
{
    assert_ok(ctx, read_tables(
                       "id,from,to,class,foot_kmh,ebike_kmh,car_kmh,access\n"
                       "s1,a,b,trunk,,15.5,0,\n"
                       "s2,a,b,trunk,,15.5,40,private\n"
                       "s3,a,b,primary,,,,no\ns4,a,b,primary,,,,yes\n",
                       town_nodes, NULL));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(source.n_ways, 3); /* s3 is closed to all */
    ck_assert_uint_eq(report.refused_access, 1);
    ck_assert_uint_eq(report.highways, 4);
    ck_assert_uint_eq(kind_of(0)->access[ROADS_ACCESS_MOTORCAR],
                      ROADS_ACCESS_SHUT);
    ck_assert_uint_eq(kind_of(0)->access[ROADS_ACCESS_FOOT],
                      ROADS_ACCESS_UNSAID);
    ck_assert_uint_eq(kind_of(0)->speed_dkmh[GB_MODE_EBIKE], 155);
    ck_assert(roads_profile_can(kind_of(0), GB_MODE_EBIKE, 0));
    ck_assert(!roads_profile_can(kind_of(0), GB_MODE_CAR, 0));
    ck_assert_uint_eq(kind_of(1)->access[ROADS_ACCESS_ALL],
                      ROADS_ACCESS_PRIVATE);
    ck_assert_uint_eq(kind_of(2)->access[ROADS_ACCESS_ALL],
                      ROADS_ACCESS_UNSAID);
}
END_TEST

START_TEST(streets_and_waters_part_the_ground_tunnels_do_not)
{
    assert_ok(ctx, read_tables(
                       "id,from,to,line,class,tunnel\n"
                       "s1,a,b,,primary,\ns2,a,b,,primary,1\n"
                       "s3,a,b,,footway,\n"
                       "w1,,,\"LINESTRING (0 1, 1 1)\",river,\n"
                       "w2,,,\"LINESTRING (0 1, 1 1)\",canal,1\n"
                       "g1,,,\"LINESTRING (0 2, 1 2, 1 3)\",rail,\n"
                       "g2,,,\"LINESTRING (0 2, 1 2)\",border,1\n"
                       "s4,a,b,,tertiary,0\n", town_nodes, NULL));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(source.n_ways, 4);
    ck_assert_uint_eq(source.lines.n, 5);
    ck_assert_uint_eq(report.lines, 5);
    ck_assert_uint_eq(source.lines.classes[0], GB_LINE_ARTERIAL);
    ck_assert_uint_eq(source.lines.classes[1], GB_LINE_RIVER);
    ck_assert_uint_eq(source.lines.classes[2], GB_LINE_RAIL);
    ck_assert_uint_eq(source.lines.classes[3], GB_LINE_BORDER);
    ck_assert_uint_eq(source.lines.classes[4], GB_LINE_SECONDARY);
    ck_assert_uint_eq(source.lines.first_point[3], 7);
    ck_assert_uint_eq(source.lines.n_points, 11);
}
END_TEST

/* ---- turns ---- */

START_TEST(turns_are_at_a_node_or_over_links)
{
    assert_ok(ctx, read_tables(town_links, town_nodes,
                               "kind,from,via,to,modes\n"
                               "no,s1,b,s3,car\nonly,s1,,s2,\n"
                               "no,s1,s2,s2,ebike\nno,s1,b,s1,car ebike\n"));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(source.n_bans, 4);
    ck_assert_uint_eq(source.bans[0].via_node, end_of(0, 1));
    ck_assert_uint_eq(source.bans[0].from_way, 0);
    ck_assert_uint_eq(source.bans[0].to_way, 2);
    ck_assert_uint_eq(source.bans[0].modes, 1 << GB_MODE_CAR);
    ck_assert_uint_eq(source.bans[0].is_only, 0);
    ck_assert_uint_eq(source.bans[1].via_node, end_of(0, 1));
    ck_assert_uint_eq(source.bans[1].is_only, 1);
    ck_assert_uint_eq(source.bans[1].modes,
                      1 << GB_MODE_CAR | 1 << GB_MODE_EBIKE);
    ck_assert_uint_eq(source.bans[2].via_node, ROADS_NONE);
    ck_assert_uint_eq(source.bans[2].n_vias, 1);
    ck_assert_uint_eq(source.via_ways[source.bans[2].first_via], 1);
    ck_assert_uint_eq(source.bans[2].modes, 1 << GB_MODE_EBIKE);
}
END_TEST

START_TEST(turns_name_nodes_by_number_after_some_are_left_out)
{
    assert_ok(ctx, read_tables("id,from,to,class\ns1,x,y,primary\n"
                               "s2,y,z,primary\n",
                               "id,lon,lat\nunused,5,5\nx,0,0\ny,1,0\nz,2,0\n",
                               "from,via,to,kind\ns1,y,s2,no\n"));
    ck_assert_uint_eq(source.n_nodes, 3);
    ck_assert_uint_eq(source.bans[0].via_node, end_of(1, 0));
    ck_assert_int_eq(source.nodes[source.bans[0].via_node].lon, 10000000);
}
END_TEST

START_TEST(a_street_and_a_node_of_one_id_are_told_apart)
{
    /* "2" is the node where 1 and 2 meet, and the street between 1 and 3. */
    assert_ok(ctx, read_tables("id,from,to,class\n1,1,2,primary\n"
                               "2,2,3,primary\n3,3,4,primary\n",
                               "id,lon,lat\n1,0,0\n2,1,0\n3,2,0\n4,3,0\n",
                               "from,via,to,kind\n1,2,2,no\n1,2,3,no\n"));
    ck_assert_uint_eq(n_told, 0);
    ck_assert_uint_eq(source.bans[0].n_vias, 0);
    ck_assert_uint_eq(source.bans[1].n_vias, 1);
}
END_TEST

/* ---- refusals ---- */

typedef struct refusal {
    const char *links, *nodes, *turns; /* rows below the header */
    const char *told;                  /* the beginning of what is told */
} refusal;

static const char link_header[]
    = "id,from,to,line,class,name,oneway,maxspeed_kmh,foot_kmh,ebike_kmh,"
      "car_kmh,access,bridge,tunnel,roundabout\n"
      "ok,a,b,,primary,,,,,,,,,,\n";
static const char node_header[] = "id,lon,lat,signal,barrier\n"
                                  "a,0,0,,\nb,0.001,0,,\nc,0.001,0,,\n";
static const char turn_header[] = "from,via,to,kind,modes\n";

static const refusal refusals[] = {
    { ",a,b,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3110  column id: must not be empty" },
    { "s 1,a,b,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3111  column id, value \"s 1\": not an id" },
    { "ok,a,b,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3113  column id, value \"ok\": the same as in line 2; "
      "leave one of the two lines" },
    { "s1,a,b,,,,,,,,,,,,\n", "", "",
      "links.csv:3 E3110  column class: must not be empty" },
    { "s1,a,b,,residental,,,,,,,,,,\n", "", "",
      "links.csv:3 E3118  column class, value \"residental\": not one of: "
      "motorway " },
    { "s1,a,b,,primary,,2,,,,,,,,\n", "", "",
      "links.csv:3 E3118  column oneway, value \"2\": not one of: 0 1 -1" },
    { "s1,a,b,,primary,,,fast,,,,,,,\n", "", "",
      "links.csv:3 E3115  column maxspeed_kmh, value \"fast\": not a number "
      "(0, 1 .. 200 km/h)" },
    { "s1,a,b,,primary,,,,,,201,,,,\n", "", "",
      "links.csv:3 E3115  column car_kmh, value \"201\"" },
    { "s1,a,b,,primary,,,,,-5,,,,,\n", "", "",
      "links.csv:3 E3115  column ebike_kmh, value \"-5\"" },
    { "s1,a,b,,primary,,,,0.5,,,,,,\n", "", "",
      "links.csv:3 E3115  column foot_kmh, value \"0.5\"" },
    { "s1,a,b,,primary,,,,,,,privat,,,\n", "", "",
      "links.csv:3 E3118  column access, value \"privat\": not one of: yes no "
      "private destination; private?" },
    { "s1,a,b,,primary,,,,,,,,yes,,\n", "", "",
      "links.csv:3 E3117  column bridge, value \"yes\": not a flag: 0 or 1" },
    { "s1,a,b,,primary,,,,,,,,,2,\n", "", "",
      "links.csv:3 E3117  column tunnel" },
    { "s1,a,b,,primary,,,,,,,,,,10\n", "", "",
      "links.csv:3 E3117  column roundabout" },
    { "s1,a,q,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3112  column to, value \"q\": there is no such node" },
    { "s1,,b,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3110  column from: must not be empty" },
    { "s1,a,a,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3141  column to, value \"a\": fewer than two distinct" },
    { "s1,b,c,,primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3141  column to, value \"c\": fewer than two distinct" },
    { "s1,,,\"LINESTRING (1 1)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3141  column line, value \"LINESTRING (1 1)\"" },
    { "s1,,,\"LINESTRING (1 1, 1.00000001 1)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3141  column line" },
    { "s1,,,\"POINT (1 1)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line, value \"POINT (1 1)\": not a line: no "
      "LINESTRING; as LINESTRING (" },
    { "s1,,,\"LINESTRING (1 1, 2)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line, value \"LINESTRING (1 1, 2)\": not a "
      "line: broken behind point 1" },
    { "s1,,,\"LINESTRING ()\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line" },
    { "s1,,,\"LINESTRING (1 1, 2 2) x\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line" },
    { "s1,,,\"LINESTRING (1 1, 2 2\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line" },
    { "s1,,,\"LINESTRING (1 1, nan 2)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line" },
    { "s1,,,\"LINESTRING (1 1, 2 2 3 4 5)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3124  column line" },
    { "s1,,,\"LINESTRING (30.6 104.0, 30.6 104.1)\",primary,,,,,,,,,,\n", "",
      "", "links.csv:3 E3109  column line, value \"LINESTRING (30.6 104.0, "
      "30.6 104.1)\": longitude and latitude look swapped" },
    { "s1,,,\"LINESTRING (181 1, 2 2)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3107  column line" },
    { "s1,,,\"LINESTRING (-170 91, 2 2)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3108  column line" },
    { "s1,b,a,\"LINESTRING (0 0, 0.001 0)\",primary,,,,,,,,,,\n", "", "",
      "links.csv:3 E3143  column from, value \"b\": the line does not begin "
      "and end at its nodes (111 m away); turn the line round" },
    { "s1,a,b,,river,,,,,,,,,,\n", "", "", NULL },
    { "s1,a,b,primary\n", "", "",
      "links.csv:3 E3105  the row has 4 fields, the header 15" },
    { "s1,a,b,,primary,\"x\"y,,,,,,,,,\n", "", "",
      "links.csv:3 E3106  the row is not CSV: a stray quote" },
    { "s1,a,b,,primary,\"x,,,,,,,,,\ns2,a,b,,residental,,,,,,,,,,\n", "", "",
      "links.csv:3 E3106  the row is not CSV: a quote is never closed" },
    { "s1,a,b,,primary,\xc8\xcb,,,,,,,,,\n", "", "",
      "links.csv:3 E3122  bytes that are not UTF-8; write the file in" },
    { "", "a,5,5,,\n", "",
      "nodes.csv:5 E3113  column id, value \"a\": the same as in line 2" },
    { "", ",5,5,,\n", "", "nodes.csv:5 E3110  column id" },
    { "", "d,,5,,\n", "", "nodes.csv:5 E3107  column lon: not a longitude" },
    { "", "d,5,x,,\n", "", "nodes.csv:5 E3108  column lat, value \"x\"" },
    { "", "d,5,-91,,\n", "",
      "nodes.csv:5 E3109  column lon, value \"5\": longitude and latitude" },
    { "", "d,-95,-91,,\n", "", "nodes.csv:5 E3108  column lat, value \"-91\"" },
    { "", "d,-195,1,,\n", "", "nodes.csv:5 E3107  column lon, value \"-195\"" },
    { "", "d,1,1,y,\n", "", "nodes.csv:5 E3117  column signal, value \"y\"" },
    { "", "d,1,1,,gate\n", "",
      "nodes.csv:5 E3118  column barrier, value \"gate\": not one of: none "
      "shut cars private" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", ",,s1,no,\n",
      "turns.csv:2 E3110  column from" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,,s9,no,\n",
      "turns.csv:2 E3112  column to, value \"s9\": there is no such link; "
      "mend the id; its own row may have been refused" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,,s1,,\n",
      "turns.csv:2 E3110  column kind" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,,s1,not,\n",
      "turns.csv:2 E3118  column kind, value \"not\": not one of: no only; "
      "no?" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,,s1,no,car foot\n",
      "turns.csv:2 E3147  column modes, value \"car foot\": a turn binds" },
    { "s1,c,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,,s1,no,\n",
      "turns.csv:2 E3145  column to, value \"s1\": from and to do not meet" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,d,s1,no,\n",
      "turns.csv:2 E3145  column via, value \"d\": from, via and to do not" },
    { "s1,b,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,s9,s1,no,\n",
      "turns.csv:2 E3112  column via, value \"s9\": there is no such link" },
    { "s1,c,d,,primary,,,,,,,,,,\n", "d,1,1,,\n", "ok,s1,ok,no,\n",
      "turns.csv:2 E3145  column via, value \"s1\": from, via and to do not" },
    { "s1,b,a,,primary,,,,,,,,,,\n", "", "ok,,s1,no,\n",
      "turns.csv:2 E3146  column via: the two streets meet at both ends; "
      "name the node in column via" },
    { "s1,b,a,,primary,,,,,,,no,,,\n", "", "ok,,s1,no,\n",
      "turns.csv:2 E3144  column to, value \"s1\": a street closed to all: "
      "s1" },
    { "s1,b,a,,primary,,,,,,,,,,\n", "",
      "ok,ok ok ok ok ok ok ok ok ok ok ok ok ok ok ok ok ok,ok,no,\n",
      "turns.csv:2 E3115  column via" },
};

START_TEST(a_bad_row_is_refused_with_its_line_and_why)
{
    const refusal *c = &refusals[_i];
    char links[2000], nodes[2000], turns[2000];

    snprintf(links, sizeof links, "%s%s", link_header, c->links);
    snprintf(nodes, sizeof nodes, "%s%s", node_header, c->nodes);
    snprintf(turns, sizeof turns, "%s%s", turn_header, c->turns);
    assert_ok(ctx, read_tables(links, nodes, turns));
    if (!c->told) {
        ck_assert_msg(n_told == 0, "%s", told[0]);
        return;
    }
    ck_assert_uint_ge(n_told, 1);
    ck_assert_uint_eq(report.refused_rows, n_told);
    ck_assert_msg(strncmp(told[0], c->told, strlen(c->told)) == 0,
                  "told:     %s\nexpected: %s", told[0], c->told);
    /* The good row in front of it is there all the same. */
    ck_assert_uint_ge(source.n_ways, 1);
    ck_assert_int_eq(source.ways[0].id, 2);
}
END_TEST

START_TEST(a_class_that_is_misspelt_gets_the_nearest_one)
{
    const size_t n = strlen("; residential?");

    assert_ok(ctx, read_tables("id,from,to,class\ns1,a,b,primary\n"
                               "s2,a,b,residental\n", town_nodes, NULL));
    ck_assert_uint_eq(n_told, 1);
    ck_assert_str_eq(told[0] + strlen(told[0]) - n, "; residential?");
}
END_TEST

START_TEST(a_quote_that_is_never_closed_costs_its_row_alone)
{
    assert_ok(ctx, read_tables("id,from,to,class,name\ns1,a,b,primary,\"x\n"
                               "s2,b,c,primary,y\n", town_nodes, NULL));
    ck_assert_uint_eq(n_told, 1);
    ck_assert_uint_eq(source.n_ways, 1);
    ck_assert_int_eq(source.ways[0].id, 3);
    ck_assert_uint_eq(report.rows_read, 4 + 2);
}
END_TEST

START_TEST(nodes_are_missed_where_there_is_no_table)
{
    static const char line[] = "s1,a,\"LINESTRING (0 0, 1 0)\",primary\n";
    char links[200];

    snprintf(links, sizeof links, "id,from,line,class\n%s", line);
    assert_status(ctx, GB_ERR_PARSE, read_tables(links, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx),
                                 "links.csv:1  E3142  column from: no table "
                                 "of nodes was given"));
    snprintf(links, sizeof links, "id,x_from,line,class\n%s", line);
    assert_ok(ctx, read_tables(links, NULL, NULL));
}
END_TEST

typedef struct bad_header {
    const char *links;
    gb_status status;
    const char *why; /* a part of the message */
} bad_header;

static const bad_header bad_headers[] = {
    { "", GB_ERR_PARSE, "links.csv: is empty" },
    { "id,from,to,clas\n", GB_ERR_PARSE,
      "links.csv:1  E3101  column clas: no such column in this table; "
      "class?; mend its name, or put x_ before it" },
    { "id,from,to\n", GB_ERR_PARSE,
      "links.csv:1  E3102  column class: this column must be there" },
    { "from,to,class\n", GB_ERR_PARSE, "E3102  column id" },
    { "id,class,id,from,to\n", GB_ERR_PARSE,
      "E3103  column id: this column is there twice" },
    { "id,class,from\n", GB_ERR_PARSE,
      "neither a column line nor columns from and to" },
    { "id,\"class,from,to\ns1,a,b,primary\n", GB_ERR_PARSE,
      "links.csv:1  E3106  the row is not CSV: a quote is never closed" },
    { "id,class,from,to,\xc8\xcb\n", GB_ERR_PARSE,
      "links.csv:1  E3122  bytes that are not UTF-8" },
    { "\xff\xfei\0d\0", GB_ERR_PARSE, "is UTF-16" },
    { "id,class,from,to\n", GB_ERR_DATA, "no street in it" },
    { "id,class,from,to\ns1,primary,a,q\n", GB_ERR_DATA,
      "no street in it that any mode can use (1 rows refused)" },
};

START_TEST(a_bad_header_or_an_empty_map_fails_the_call)
{
    const bad_header *c = &bad_headers[_i];

    assert_status(ctx, c->status, read_tables(c->links, town_nodes, NULL));
    ck_assert_msg(strstr(gb_last_error(ctx), c->why) != NULL, "%s",
                  gb_last_error(ctx));
}
END_TEST

START_TEST(a_file_that_is_not_there_is_named)
{
    gb_roads_links tables = GB_ROADS_LINKS_INIT;

    tables.links_path = "/nowhere/links.csv";
    assert_status(ctx, GB_ERR_IO, roads_links_read(&run, &tables, NULL, NULL,
                                                   &source, &report));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "/nowhere/links.csv"));
    ck_assert_int_eq(gb_last_status(ctx), GB_ERR_IO);
}
END_TEST

START_TEST(a_datum_of_no_known_number_is_refused)
{
    assert_status(ctx, GB_ERR_ARGUMENT,
                  read_as((gb_datum)17, town_links, town_nodes, NULL));
}
END_TEST

static gb_status read_demo(gb_context *reader)
{
    char paths[3][512];
    gb_roads_links tables = { sizeof tables, paths[0], paths[1], paths[2],
                              GB_DATUM_GCJ02 };
    gb_roads_report counted = { 0 };
    roads_source read;
    base_run reading;
    gb_status status;

    snprintf(paths[0], sizeof paths[0], "%s",
             test_data_path("links-demo/links.csv"));
    snprintf(paths[1], sizeof paths[1], "%s",
             test_data_path("links-demo/nodes.csv"));
    snprintf(paths[2], sizeof paths[2], "%s",
             test_data_path("links-demo/turns.csv"));
    base_run_begin(&reading, reader, (base_limits){ 0 });
    status = roads_links_read(&reading, &tables, NULL, NULL, &read, &counted);
    roads_source_clear(reading.mem, &read);
    return status;
}

START_TEST(lack_of_memory_leaves_nothing_behind)
{
    long k = 0;

    for (;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *reader = faulty_context(&mem);
        gb_status status = reader ? read_demo(reader) : GB_ERR_NOMEM;

        gb_context_free(reader);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0) {
            ck_assert_int_eq(status, GB_OK);
            break;
        }
        ck_assert_int_eq(status, GB_ERR_NOMEM);
    }
    ck_assert_int_gt(k, 20);
}
END_TEST

START_TEST(a_cancelled_reading_leaves_nothing_behind)
{
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED, read_demo(ctx));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_links");
    TCase *tcase = tcase_create("rows");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_demo_map_is_read_without_a_refusal);
    tcase_add_test(tcase,
                   columns_come_in_any_order_and_those_with_x_are_left_out);
    tcase_add_test(tcase, lines_join_where_they_end_and_nowhere_else);
    tcase_add_test(tcase, lines_join_where_they_end_in_a_shifted_datum);
    tcase_add_test(tcase, a_line_between_nodes_ends_at_their_places);
    tcase_add_test(
        tcase,
        nodes_bring_signals_and_barriers_and_those_unused_are_left_out);
    tcase_add_test(tcase, roundabouts_and_motorways_are_one_way_unless_said);
    tcase_add_test(tcase, a_speed_opens_a_class_and_0_closes_it);
    tcase_add_test(tcase, streets_and_waters_part_the_ground_tunnels_do_not);
    tcase_add_test(tcase, turns_are_at_a_node_or_over_links);
    tcase_add_test(tcase, turns_name_nodes_by_number_after_some_are_left_out);
    tcase_add_test(tcase, a_street_and_a_node_of_one_id_are_told_apart);
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("refusals");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_bad_row_is_refused_with_its_line_and_why, 0,
                        (int)COUNT_OF(refusals));
    tcase_add_test(tcase, a_class_that_is_misspelt_gets_the_nearest_one);
    tcase_add_test(tcase, a_quote_that_is_never_closed_costs_its_row_alone);
    tcase_add_test(tcase, nodes_are_missed_where_there_is_no_table);
    tcase_add_loop_test(tcase, a_bad_header_or_an_empty_map_fails_the_call, 0,
                        (int)COUNT_OF(bad_headers));
    tcase_add_test(tcase, a_file_that_is_not_there_is_named);
    tcase_add_test(tcase, a_datum_of_no_known_number_is_refused);
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("faults");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, lack_of_memory_leaves_nothing_behind, 0, 2);
    tcase_add_test(tcase, a_cancelled_reading_leaves_nothing_behind);
    suite_add_tcase(suite, tcase);
    return suite;
}
