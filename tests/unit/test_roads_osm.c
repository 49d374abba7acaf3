/*
 * The map reader: what it keeps, and what it refuses with the place.
 */
#include "roads_osm.h"
#include "test.h"

#include <locale.h>

static gb_context *ctx;
static base_run run;
static roads_osm osm;
static roads_features features;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&osm, 0, sizeof osm);
    memset(&features, 0, sizeof features);
}

static void tear_down(void)
{
    roads_osm_clear(run.mem, &osm);
    roads_features_clear(run.mem, &features);
    gb_context_free(ctx);
}

static const char *write_map(const char *name, const char *text)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", test_folder(), name);
    test_write_file(path, text, strlen(text));
    return path;
}

static size_t count_class(roads_feature_class class)
{
    return features.first_of[class + 1] - features.first_of[class];
}

START_TEST(a_country_is_read_with_the_counts_of_its_manifest)
{
    const char *path = test_data_path("liechtenstein-2013-08-03.osm.pbf");
    size_t highways = 0;

    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    for (size_t i = 0; i < osm.n_ways; i++)
        highways += roads_osm_tag(&osm, &osm.ways[i], ROADS_KEY_HIGHWAY)
                    != NULL;
    ck_assert_uint_eq(osm.nodes_read, 65733);
    ck_assert_uint_eq(osm.ways_read, 7121);
    ck_assert_uint_eq(highways, 3280 - 527); /* which are nodes */
}
END_TEST

START_TEST(its_features_are_those_of_the_manifest)
{
    const char *path = test_data_path("liechtenstein-2013-08-03.osm.pbf");

    assert_ok(ctx, roads_features_read(&run, path, &features));
    ck_assert_uint_ge(count_class(ROADS_FEATURE_BUILDING), 3700);
    ck_assert_uint_ge(count_class(ROADS_FEATURE_BANK), 3);
    /* 15 closed ways, and a relation whose outer ways make one ring. */
    ck_assert_uint_eq(count_class(ROADS_FEATURE_RESIDENTIAL), 16);
    ck_assert_uint_ge(count_class(ROADS_FEATURE_PLACE), 11);
    for (size_t i = 0; i < features.n; i++) {
        const roads_feature *f = &features.items[i];

        ck_assert(f->centre.lon_deg > 9.3 && f->centre.lon_deg < 9.8);
        ck_assert(f->centre.lat_deg > 46.7 && f->centre.lat_deg < 47.6);
        ck_assert_int_eq(f->is_node, features.first_point[i + 1]
                                         == features.first_point[i]);
    }
    ck_assert_uint_gt(features.lines.n_lines, 1000);
}
END_TEST

#define HEAD "<?xml version='1.0'?><osm version='0.6'>"

START_TEST(an_area_has_its_ring_area_and_centre)
{
    const char *path = write_map("a.osm", HEAD
        "<way id='7'><nd ref='4'/><nd ref='1'/><nd ref='2'/><nd ref='3'/>"
        "<nd ref='4'/><tag k='building' v='apartments'/>"
        "<tag k='shop' v='tea'/><tag k='name' v='x'/></way>"
        "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"
        "<node id='3' lon='0.001' lat='0.001'/>"
        "<node id='4' lon='0' lat='0.001'/></osm>");
    const roads_feature *f;

    assert_ok(ctx, roads_features_read(&run, path, &features));
    ck_assert_uint_eq(features.n, 1);
    f = &features.items[0];
    ck_assert_int_eq(f->class, ROADS_FEATURE_BUILDING);
    ck_assert_str_eq(f->value, "apartments");
    ck_assert_str_eq(f->shop, "tea");
    ck_assert_str_eq(f->amenity, "");
    /* On the equator 0.001 degrees are 111.3195 m east, 110.5743 m north. */
    assert_near(f->area_m2, 111.3195 * 110.5743, 0.1);
    assert_near(f->centre.lon_deg, 0.0005, 1e-9);
    assert_near(f->centre.lat_deg, 0.0005, 1e-9);
    ck_assert_uint_eq(features.n_points, 4);
}
END_TEST

START_TEST(a_relation_lends_its_outer_way_the_class)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"
        "<node id='3' lon='0.001' lat='0.001'/>"
        "<way id='7'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='1'/>"
        "</way>"
        "<relation id='9'><member type='way' ref='7' role='outer'/>"
        "<member type='way' ref='8' role='outer'/>"
        "<tag k='type' v='multipolygon'/>"
        "<tag k='landuse' v='residential'/></relation>"
        "<relation id='10'><member type='way' ref='7' role='outer'/>"
        "<tag k='boundary' v='administrative'/></relation></osm>");

    assert_ok(ctx, roads_features_read(&run, path, &features));
    ck_assert_uint_eq(count_class(ROADS_FEATURE_RESIDENTIAL), 1);
    ck_assert_int_eq(features.items[0].osm_id, 7);
    ck_assert_uint_eq(features.lines.n_lines, 1);
    ck_assert_int_eq(features.lines.classes[0], GB_LINE_BORDER);
}
END_TEST

START_TEST(outer_ways_that_close_a_ring_together_are_joined)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"
        "<node id='3' lon='0.001' lat='0.001'/>"
        "<way id='7'><nd ref='1'/><nd ref='2'/></way>"
        "<way id='8'><nd ref='1'/><nd ref='3'/><nd ref='2'/></way>"
        "<way id='9'><nd ref='1'/><nd ref='3'/></way>"
        "<relation id='11'><member type='way' ref='7' role='outer'/>"
        "<member type='way' ref='8' role='outer'/>"
        "<member type='way' ref='9' role='outer'/>"
        "<tag k='building' v='yes'/></relation></osm>");

    assert_ok(ctx, roads_features_read(&run, path, &features));
    ck_assert_uint_eq(features.n, 1); /* 9 does not close */
    ck_assert_int_eq(features.items[0].osm_id, 11);
    ck_assert_uint_eq(features.n_points, 3);
    assert_near(features.items[0].area_m2, 111.3195 * 110.5743 / 2, 0.1);
}
END_TEST

START_TEST(lines_have_their_class_and_tunnels_are_left_out)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='1' lon='0' lat='0'/><node id='2' lon='0.001' lat='0'/>"
        "<way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='trunk'/></way>"
        "<way id='2'><nd ref='1'/><nd ref='2'/><tag k='railway' v='rail'/></way>"
        "<way id='3'><nd ref='1'/><nd ref='2'/><tag k='railway' v='rail'/>"
        "<tag k='tunnel' v='yes'/></way>"
        "<way id='4'><nd ref='1'/><nd ref='2'/><tag k='waterway' v='river'/></way>"
        "<way id='5'><nd ref='1'/><nd ref='2'/><tag k='highway' v='footway'/></way>"
        "<way id='6'><nd ref='1'/><nd ref='5'/><nd ref='2'/>"
        "<tag k='highway' v='residential'/></way>"
        "</osm>");

    assert_ok(ctx, roads_features_read(&run, path, &features));
    ck_assert_uint_eq(features.lines.n_lines, 3);
    ck_assert_int_eq(features.lines.classes[0], GB_LINE_ARTERIAL);
    ck_assert_int_eq(features.lines.classes[1], GB_LINE_RAIL);
    ck_assert_int_eq(features.lines.classes[2], GB_LINE_RIVER);
}
END_TEST

START_TEST(elements_may_come_in_any_order_and_twice)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='3' lon='3' lat='0'/><node id='1' lon='1' lat='0'/>"
        "<node id='99' lon='1' lat='0'/>"
        "<node id='3' lon='3' lat='0'/><node id='4' lon='1' lat='95'/>"
        "<way id='5'><nd ref='3'/><nd ref='4'/><tag k='highway' v='a'/></way>"
        "<way id='2'><nd ref='1'/></way>"
        "<way id='5'><nd ref='1'/><tag k='highway' v='b'/></way></osm>");

    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    ck_assert_uint_eq(osm.n_nodes, 2); /* 99 is not used */
    ck_assert_uint_eq(osm.n_ways, 2);
    ck_assert_uint_eq(osm.duplicates, 2);
    ck_assert_uint_eq(osm.bad_nodes, 1);
    ck_assert_uint_eq(osm.missing_nodes, 1);
    ck_assert_str_eq(roads_osm_tag(&osm, &osm.ways[1], ROADS_KEY_HIGHWAY),
                     "a");
    ck_assert_uint_eq(osm.refs[osm.ways[1].first], 1);
    ck_assert_uint_eq(osm.refs[osm.ways[1].first + 1], UINT32_MAX);
}
END_TEST

START_TEST(the_decimal_point_does_not_depend_on_the_locale)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='1' lon='9.5' lat='47.25'/>"
        "<way id='2'><nd ref='1'/></way></osm>");

    /* Where no such locale is installed this only repeats the plain case. */
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        printf("# de_DE.UTF-8 is not installed\n");
    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    ck_assert_int_eq(osm.nodes[0].at.lon, 95000000);
    ck_assert_int_eq(osm.nodes[0].at.lat, 472500000);
}
END_TEST

static const char *const kept_keys[] = {
    "access", "amenity", "area", "barrier", "bicycle", "boundary", "bridge",
    "building", "crossing", "cycleway", "cycleway:both", "cycleway:left",
    "cycleway:right", "except", "foot", "highway", "junction", "landuse",
    "maxspeed", "maxspeed:backward", "maxspeed:forward", "motor_vehicle",
    "motorcar", "motorroad", "name", "oneway", "oneway:bicycle", "place",
    "railway", "restriction", "restriction:bicycle",
    "restriction:motor_vehicle", "restriction:motorcar", "route", "shop",
    "tunnel", "type", "vehicle", "waterway",
};

START_TEST(the_tags_that_are_asked_for_are_kept_and_no_other)
{
    char text[4096] = HEAD "<way id='1'><tag k='surface' v='mud'/>"
                           "<tag k='names' v='x'/><tag k='' v='x'/>";

    ck_assert_uint_eq(sizeof kept_keys / sizeof kept_keys[0],
                      ROADS_KEY_COUNT);
    for (int k = ROADS_KEY_COUNT - 1; k >= 0; k--)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "<tag k='%s' v='%s!'/>", kept_keys[k], kept_keys[k]);
    strcat(text, "</way></osm>");
    assert_ok(ctx, roads_osm_read(&run, write_map("a.osm", text), &osm));
    ck_assert_uint_eq(osm.n_tags, ROADS_KEY_COUNT);
    for (int k = 0; k < ROADS_KEY_COUNT; k++) {
        const char *value = roads_osm_tag(&osm, &osm.ways[0], (roads_key)k);

        ck_assert_ptr_nonnull(value);
        ck_assert_uint_eq(strlen(value), strlen(kept_keys[k]) + 1);
        ck_assert(strncmp(value, kept_keys[k], strlen(kept_keys[k])) == 0);
    }
}
END_TEST

START_TEST(equal_values_are_one_string)
{
    char text[65536] = HEAD;

    for (int i = 0; i < 600; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "<way id='%d'><tag k='name' v='street %d'/>"
                 "<tag k='highway' v='street %d'/></way>", i + 1, i % 300,
                 i % 300);
    strcat(text, "</osm>");
    assert_ok(ctx, roads_osm_read(&run, write_map("a.osm", text), &osm));
    for (int i = 0; i < 600; i++) {
        const char *value =
            roads_osm_tag(&osm, &osm.ways[i], ROADS_KEY_NAME);
        char expected[32];

        snprintf(expected, sizeof expected, "street %d", i % 300);
        ck_assert_str_eq(value, expected);
        ck_assert_ptr_eq(value, roads_osm_tag(&osm, &osm.ways[(i + 300) % 600],
                                              ROADS_KEY_HIGHWAY));
    }
}
END_TEST

START_TEST(a_node_is_kept_for_its_tags_when_it_can_matter)
{
    const char *path = write_map("a.osm", HEAD
        "<node id='1' lon='0' lat='0'><tag k='highway' v='bus_stop'/></node>"
        "<node id='2' lon='0' lat='0'><tag k='highway' v='traffic_signals'/>"
        "</node>"
        "<node id='3' lon='0' lat='0'><tag k='highway' v='crossing'/>"
        "<tag k='crossing' v='traffic_signals'/></node>"
        "<node id='4' lon='0' lat='0'><tag k='name' v='x'/></node>"
        "<node id='5' lon='0' lat='0'><tag k='barrier' v='gate'/>"
        "<tag k='access' v='private'/></node></osm>");

    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    ck_assert_uint_eq(osm.n_tagged, 3);
    ck_assert_int_eq(osm.tagged[0].id, 2);
    ck_assert_int_eq(osm.tagged[1].id, 3);
    ck_assert(roads_osm_tag_is(&osm, &osm.tagged[2], ROADS_KEY_ACCESS,
                               "private"));
}
END_TEST

START_TEST(a_restriction_has_its_members)
{
    const char *path = write_map("a.osm", HEAD
        "<relation id='9'><member type='way' ref='7' role='to'/>"
        "<member type='node' ref='1' role='via'/>"
        "<member type='way' ref='8' role='from'/>"
        "<member type='way' ref='8' role='location_hint'/>"
        "<member type='relation' ref='8' role='from'/>"
        "<tag k='type' v='restriction'/>"
        "<tag k='restriction' v='no_left_turn'/></relation>"
        "<relation id='8'><member type='way' ref='7' role='to'/>"
        "<tag k='type' v='multipolygon'/>"
        "<tag k='restriction' v='no_left_turn'/></relation>"
        "<way id='7'><nd ref='1'/></way><node id='1' lon='0' lat='0'/>"
        "</osm>");

    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    ck_assert_uint_eq(osm.n_restrictions, 1);
    ck_assert_uint_eq(osm.restrictions[0].n, 3);
    ck_assert_int_eq(osm.turn_members[0].role, ROADS_ROLE_TO);
    ck_assert_uint_eq(osm.turn_members[0].at, 0);
    ck_assert_int_eq(osm.turn_members[1].role, ROADS_ROLE_VIA);
    ck_assert(osm.turn_members[1].is_node);
    ck_assert_uint_eq(osm.turn_members[1].at, 0);
    ck_assert_int_eq(osm.turn_members[2].role, ROADS_ROLE_FROM);
    ck_assert_uint_eq(osm.turn_members[2].at, UINT32_MAX); /* has none */
}
END_TEST

static const struct {
    const char *text, *place;
} broken[] = {
    { "", "line 1" },
    { "no map at all", "line 1" },
    { "<html></html>", "not an OSM file" },
    { "<osm>\n<node id='1' lat='1' lon='1'/>\n", "line 3" },
    { "<osm><way id='1'>\n<tag k='highway'/></way></osm>", "line 2" },
    { "<osm><way id='1'><nd ref='x'/></way></osm>", "no number" },
    { "<osm><node id='1' lat='1,5' lon='1'/></osm>", "coordinate" },
    { "<osm><node lat='1' lon='1'/></osm>", "without its id" },
    { "<osm><relation id='1'><member type='way' ref='1'/></relation></osm>",
      "role" },
    { "<osm><way id='1'><way id='2'/></way></osm>", "inside" },
};

START_TEST(a_broken_xml_file_is_refused_with_its_place)
{
    const char *path = write_map("a.osm", broken[_i].text);

    assert_status(ctx, GB_ERR_PARSE, roads_osm_read(&run, path, &osm));
    ck_assert_msg(strstr(gb_last_error(ctx), broken[_i].place) != NULL, "%s",
                  gb_last_error(ctx));
    ck_assert_msg(strstr(gb_last_error(ctx), "a.osm") != NULL, "%s",
                  gb_last_error(ctx));
}
END_TEST

START_TEST(a_truncated_pbf_is_refused_with_the_byte)
{
    const char *whole = test_data_path("liechtenstein-2013-08-03.osm.pbf");
    size_t size;
    char *bytes = test_read_file(whole, &size), path[512];

    snprintf(path, sizeof path, "%s/cut.osm.pbf", test_folder());
    for (size_t n = 0; n < size; n += n < 200 ? 7 : 39119) {
        test_write_file(path, bytes, n);
        assert_status(ctx, GB_ERR_PARSE, roads_osm_read(&run, path, &osm));
        ck_assert(strstr(gb_last_error(ctx), "byte") != NULL);
        roads_osm_clear(run.mem, &osm);
    }
    free(bytes);
}
END_TEST

START_TEST(a_damaged_pbf_is_refused_or_read)
{
    const char *whole = test_data_path("liechtenstein-2013-08-03.osm.pbf");
    size_t size;
    char *bytes = test_read_file(whole, &size), path[512];

    snprintf(path, sizeof path, "%s/bad.osm.pbf", test_folder());
    for (size_t at = 0; at < size; at += at < 300 ? 3 : 23003) {
        gb_status status;

        bytes[at] ^= 0x10;
        test_write_file(path, bytes, size);
        bytes[at] ^= 0x10;
        status = roads_osm_read(&run, path, &osm);
        ck_assert_msg(status == GB_OK || status == GB_ERR_PARSE, "byte %zu",
                      at);
        roads_osm_clear(run.mem, &osm);
    }
    free(bytes);
}
END_TEST

START_TEST(an_absent_file_and_another_kind_are_told_apart)
{
    assert_status(ctx, GB_ERR_IO, roads_osm_read(&run, "/nowhere/a.osm", &osm));
    assert_status(ctx, GB_ERR_IO, roads_osm_read(&run, "/nowhere/a.pbf", &osm));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  roads_osm_read(&run, "/nowhere/a.txt", &osm));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_osm");
    TCase *read = tcase_create("read"), *refuse = tcase_create("refuse");

    tcase_add_checked_fixture(read, set_up, tear_down);
    tcase_add_test(read, a_country_is_read_with_the_counts_of_its_manifest);
    tcase_add_test(read, its_features_are_those_of_the_manifest);
    tcase_add_test(read, an_area_has_its_ring_area_and_centre);
    tcase_add_test(read, a_relation_lends_its_outer_way_the_class);
    tcase_add_test(read, outer_ways_that_close_a_ring_together_are_joined);
    tcase_add_test(read, lines_have_their_class_and_tunnels_are_left_out);
    tcase_add_test(read, elements_may_come_in_any_order_and_twice);
    tcase_add_test(read, the_decimal_point_does_not_depend_on_the_locale);
    tcase_add_test(read, the_tags_that_are_asked_for_are_kept_and_no_other);
    tcase_add_test(read, equal_values_are_one_string);
    tcase_add_test(read, a_node_is_kept_for_its_tags_when_it_can_matter);
    tcase_add_test(read, a_restriction_has_its_members);
    suite_add_tcase(suite, read);

    tcase_add_checked_fixture(refuse, set_up, tear_down);
    tcase_set_timeout(refuse, 30);
    tcase_add_loop_test(refuse, a_broken_xml_file_is_refused_with_its_place,
                        0, sizeof broken / sizeof broken[0]);
    tcase_add_test(refuse, a_truncated_pbf_is_refused_with_the_byte);
    tcase_add_test(refuse, a_damaged_pbf_is_refused_or_read);
    tcase_add_test(refuse, an_absent_file_and_another_kind_are_told_apart);
    suite_add_tcase(suite, refuse);
    return suite;
}
