/*
 * What tags come to: one street a rule, with an answer that is obvious to who
 * knows the tag.
 */
#include "roads_facts.h"
#include "roads_profile.h"

#include "faulty_alloc.h"
#include "test.h"

static const char *const mode_names[] = { "foot", "ebike", "car" };
static gb_context *ctx;
static base_run run;
static roads_osm osm;
static roads_source source;
static gb_roads_report report;
static roads_profile profile;

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&osm, 0, sizeof osm);
    memset(&source, 0, sizeof source);
    memset(&report, 0, sizeof report);
    roads_profile_default(&profile);
}

static void tear_down(void)
{
    roads_source_clear(run.mem, &source);
    roads_osm_clear(run.mem, &osm);
    gb_context_free(ctx);
}

static void read_map(const char *elements)
{
    static char path[512], text[8192];

    if (!path[0])
        snprintf(path, sizeof path, "%s/a.osm", test_folder());
    snprintf(text, sizeof text, "<osm>%s</osm>", elements);
    test_write_file(path, text, strlen(text));
    assert_ok(ctx, roads_osm_read(&run, path, &osm));
    assert_ok(ctx, roads_osm_source(&run, &osm, &source, &report));
}

/* "k=v k=v" as <tag .../> elements; "_" in a value is a space. */
static void add_tags(char *text, size_t size, const char *tags)
{
    while (*tags) {
        const size_t word = strcspn(tags, " "), key = strcspn(tags, "=");
        const size_t n = strlen(text);

        snprintf(text + n, size - n, "<tag k='%.*s' v='%.*s'/>", (int)key,
                 tags, (int)(word - key - 1), tags + key + 1);
        tags += word + (tags[word] == ' ');
    }
}

#define THREE                                                                 \
    "<node id='1' lon='0' lat='0'/><node id='3' lon='0.002' lat='0'/>"

static void read_street(const char *tags, const char *node_tags)
{
    char text[4096] = THREE "<node id='2' lon='0.001' lat='0'>";

    add_tags(text, sizeof text, node_tags);
    strcat(text, "</node><way id='9'><nd ref='1'/><nd ref='2'/>"
                 "<nd ref='3'/>");
    add_tags(text, sizeof text, tags);
    strcat(text, "</way>");
    read_map(text);
}

/* ---- ways ---- */

typedef struct rule {
    const char *tags;
    double dkmh[GB_MODE_COUNT][2]; /* along, against; 0: closed */
    const char *ends;              /* modes that end here only: of "fec" */
} rule;

#define BOTH(x) { x, x }
#define ALONG(x) { x, 0 }
#define AGAINST(x) { 0, x }
#define SHUT { 0, 0 }

static const rule rules[] = {
    /* Classes. */
    { "highway=motorway", { SHUT, SHUT, ALONG(900) }, "" },
    { "highway=motorway oneway=no", { SHUT, SHUT, BOTH(900) }, "" },
    { "highway=motorway_link", { SHUT, SHUT, BOTH(500) }, "" },
    { "highway=trunk", { BOTH(50), SHUT, BOTH(650) }, "" },
    { "highway=trunk bicycle=yes", { BOTH(50), BOTH(220), BOTH(650) }, "" },
    { "highway=trunk motorroad=yes", { SHUT, SHUT, BOTH(650) }, "" },
    { "highway=primary", { BOTH(50), BOTH(220), BOTH(450) }, "" },
    { "highway=residential", { BOTH(50), BOTH(200), BOTH(250) }, "" },
    { "highway=living_street", { BOTH(50), BOTH(150), BOTH(100) }, "" },
    { "highway=service", { BOTH(50), BOTH(150), BOTH(150) }, "c" },
    { "highway=track", { BOTH(50), BOTH(120), SHUT }, "" },
    { "highway=track motor_vehicle=yes", { BOTH(50), BOTH(120), BOTH(100) },
      "" },
    { "highway=cycleway", { BOTH(50), BOTH(200), SHUT }, "" },
    { "highway=path", { BOTH(50), BOTH(80), SHUT }, "" },
    { "highway=path bicycle=designated", { BOTH(50), BOTH(120), SHUT }, "" },
    { "highway=footway", { BOTH(50), BOTH(50), SHUT }, "" },
    { "highway=footway bicycle=yes", { BOTH(50), BOTH(100), SHUT }, "" },
    { "highway=footway bicycle=dismount", { BOTH(50), BOTH(50), SHUT }, "" },
    { "highway=primary bicycle=dismount", { BOTH(50), BOTH(50), BOTH(450) },
      "" },
    { "highway=footway access=yes", { BOTH(50), BOTH(50), SHUT }, "" },
    { "highway=pedestrian area=yes", { BOTH(50), BOTH(50), SHUT }, "" },
    { "highway=service area=yes", { BOTH(50), BOTH(150), SHUT }, "c" },
    { "highway=steps", { BOTH(30), SHUT, SHUT }, "" },
    { "route=ferry", { BOTH(100), BOTH(100), SHUT }, "" },
    { "route=ferry motor_vehicle=yes", { BOTH(100), BOTH(100), BOTH(100) },
      "" },
    { "route=ferry foot=no", { SHUT, BOTH(100), SHUT }, "" },
    /* One-way. */
    { "highway=primary oneway=yes", { BOTH(50), ALONG(220), ALONG(450) }, "" },
    { "highway=primary oneway=true", { BOTH(50), ALONG(220), ALONG(450) },
      "" },
    { "highway=primary oneway=1", { BOTH(50), ALONG(220), ALONG(450) }, "" },
    { "highway=primary oneway=-1", { BOTH(50), AGAINST(220), AGAINST(450) },
      "" },
    { "highway=primary oneway=reverse",
      { BOTH(50), AGAINST(220), AGAINST(450) }, "" },
    { "highway=primary oneway=no", { BOTH(50), BOTH(220), BOTH(450) }, "" },
    { "highway=primary oneway=reversible", { BOTH(50), SHUT, SHUT }, "" },
    { "highway=primary junction=roundabout",
      { BOTH(50), ALONG(220), ALONG(450) }, "" },
    { "highway=primary junction=circular",
      { BOTH(50), ALONG(220), ALONG(450) }, "" },
    { "highway=primary junction=roundabout oneway=-1",
      { BOTH(50), AGAINST(220), AGAINST(450) }, "" },
    { "highway=primary oneway=yes oneway:bicycle=no",
      { BOTH(50), BOTH(220), ALONG(450) }, "" },
    { "highway=primary oneway=-1 oneway:bicycle=yes",
      { BOTH(50), ALONG(220), AGAINST(450) }, "" },
    { "highway=primary oneway:bicycle=yes",
      { BOTH(50), ALONG(220), BOTH(450) }, "" },
    { "highway=primary oneway=yes cycleway=opposite_lane",
      { BOTH(50), BOTH(220), ALONG(450) }, "" },
    { "highway=primary oneway=yes cycleway:left=opposite",
      { BOTH(50), BOTH(220), ALONG(450) }, "" },
    { "highway=primary oneway=yes cycleway:right=opposite_track",
      { BOTH(50), BOTH(220), ALONG(450) }, "" },
    { "highway=primary oneway=yes cycleway:both=opposite_lane",
      { BOTH(50), BOTH(220), ALONG(450) }, "" },
    { "highway=primary oneway=yes cycleway=lane",
      { BOTH(50), ALONG(220), ALONG(450) }, "" },
    /* Access, from the particular to the general. */
    { "highway=primary access=no foot=yes", { BOTH(50), SHUT, SHUT }, "" },
    { "highway=primary access=no bicycle=yes", { SHUT, BOTH(220), SHUT }, "" },
    { "highway=primary access=no motorcar=yes", { SHUT, SHUT, BOTH(450) },
      "" },
    { "highway=primary access=no psv=yes foot=designated",
      { BOTH(50), SHUT, SHUT }, "" },
    { "highway=primary access=private", { BOTH(50), BOTH(220), BOTH(450) },
      "fec" },
    { "highway=primary access=permit;no", { BOTH(50), BOTH(220), BOTH(450) },
      "fec" },
    { "highway=primary access=private foot=yes",
      { BOTH(50), BOTH(220), BOTH(450) }, "ec" },
    { "highway=primary access=destination",
      { BOTH(50), BOTH(220), BOTH(450) }, "ec" },
    { "highway=primary motor_vehicle=customers",
      { BOTH(50), BOTH(220), BOTH(450) }, "c" },
    { "highway=primary vehicle=delivery",
      { BOTH(50), BOTH(220), BOTH(450) }, "ec" },
    { "highway=primary vehicle=no", { BOTH(50), SHUT, SHUT }, "" },
    { "highway=primary vehicle=no bicycle=designated",
      { BOTH(50), BOTH(220), SHUT }, "" },
    { "highway=primary motor_vehicle=no", { BOTH(50), BOTH(220), SHUT }, "" },
    { "highway=primary motor_vehicle=agricultural;forestry",
      { BOTH(50), BOTH(220), SHUT }, "" },
    { "highway=primary motor_vehicle=private motorcar=yes",
      { BOTH(50), BOTH(220), BOTH(450) }, "" },
    { "highway=primary bicycle=use_sidepath", { BOTH(50), SHUT, BOTH(450) },
      "" },
    { "highway=primary foot=no", { SHUT, BOTH(220), BOTH(450) }, "" },
    { "highway=primary access=nonsense", { BOTH(50), BOTH(220), BOTH(450) },
      "" },
    /* Limits: eight tenths by car, at most that by e-bike. */
    { "highway=primary maxspeed=100", { BOTH(50), BOTH(220), BOTH(800) }, "" },
    { "highway=primary maxspeed=20", { BOTH(50), BOTH(200), BOTH(160) }, "" },
    { "highway=primary maxspeed=3", { BOTH(50), BOTH(50), BOTH(50) }, "" },
    { "highway=primary maxspeed=200", { BOTH(50), BOTH(220), BOTH(1100) },
      "" },
    { "highway=primary maxspeed=none", { BOTH(50), BOTH(220), BOTH(450) },
      "" },
    { "highway=primary maxspeed=50 maxspeed:forward=70",
      { BOTH(50), BOTH(220), { 560, 400 } }, "" },
    { "highway=primary maxspeed:backward=10",
      { BOTH(50), { 220, 100 }, { 450, 80 } }, "" },
    { "highway=footway maxspeed=100", { BOTH(50), BOTH(50), SHUT }, "" },
};

START_TEST(each_tag_comes_to_what_it_says)
{
    static const char letters[] = "fec";
    const rule *r = &rules[_i];

    read_street(r->tags, "");
    ck_assert_uint_eq(source.n_ways, 1);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const roads_kind *kind = &source.kinds[source.ways[0].kind];
        const bool is_end = roads_profile_is_end(&profile, kind, (gb_mode)m);
        const bool is_open = r->dkmh[m][0] > 0 || r->dkmh[m][1] > 0;

        for (int d = 0; d < 2; d++) {
            const double got =
                roads_profile_dkmh(&profile, kind, (gb_mode)m, d, -1);

            ck_assert_msg(fabs(got - r->dkmh[m][d]) < 1e-9,
                          "%s: %s %s: %g, expected %g", r->tags,
                          mode_names[m], d ? "against" : "along",
                          got, r->dkmh[m][d]);
            ck_assert(got == 0 || roads_profile_can(kind, (gb_mode)m, d));
        }
        ck_assert_msg(!is_open || is_end == (strchr(r->ends, letters[m])
                                             != NULL),
                      "%s: %s ends", r->tags, mode_names[m]);
        ck_assert_uint_eq(report.modes[m].open_ways, is_open);
    }
}
END_TEST

static const struct {
    const char *tags;
    uint64_t highways, refused_class, refused_access;
} refused[] = {
    { "highway=construction", 1, 1, 0 },
    { "highway=proposed", 1, 1, 0 },
    { "highway=ferry", 1, 1, 0 },
    { "highway=primary access=no", 1, 0, 1 },
    { "highway=motorway motorcar=no", 1, 0, 1 },
    { "highway=cycleway access=no motor_vehicle=no", 1, 0, 1 },
    { "railway=rail", 0, 0, 0 },
    { "route=bus", 0, 0, 0 },
};

START_TEST(what_is_no_street_of_any_mode_is_refused_and_counted)
{
    read_street(refused[_i].tags, "");
    ck_assert_uint_eq(source.n_ways, 0);
    ck_assert_uint_eq(source.n_nodes, 0);
    ck_assert_uint_eq(report.highways, refused[_i].highways);
    ck_assert_uint_eq(report.refused_class, refused[_i].refused_class);
    ck_assert_uint_eq(report.refused_access, refused[_i].refused_access);
}
END_TEST

static const struct {
    const char *text;
    int dkmh;
} limits[] = {
    { "50", 500 }, { "50 km/h", 500 }, { "30 mph", 482 }, { "30mph", 482 },
    { "50;60", 500 }, { "walk", 100 }, { "none", 0 }, { "signals", 0 },
    { "CN:urban", 0 }, { "DE:living_street", 100 }, { "DE:zone:30", 300 },
    { "CN:zone30", 300 }, { "GB:walk", 100 }, { "0", 0 }, { "-5", 0 },
    { "99999999999999999999", 0 }, { "301", 0 }, { "", 0 }, { ":", 0 },
    { "CN:", 0 },
};

START_TEST(limits_are_read_in_their_units)
{
    ck_assert_int_eq(roads_facts_limit(limits[_i].text), limits[_i].dkmh);
}
END_TEST

START_TEST(a_street_has_its_name_and_streets_alike_share_a_kind)
{
    const char *kind = "<tag k='highway' v='primary'/>"
                       "<tag k='name' v='\xe4\xba\xba\xe6\xb0\x91\xe8\xb7\xaf'"
                       "/></way>";
    char text[2048];

    snprintf(text, sizeof text, THREE
             "<way id='7'><nd ref='1'/><nd ref='3'/>%s"
             "<way id='5'><nd ref='3'/><nd ref='1'/>%s"
             "<way id='6'><nd ref='3'/><nd ref='1'/>"
             "<tag k='highway' v='primary'/><tag k='bridge' v='yes'/></way>",
             kind, kind);
    read_map(text);
    ck_assert_uint_eq(source.n_ways, 3);
    ck_assert_int_eq(source.ways[0].id, 5);
    ck_assert_uint_eq(source.ways[0].kind, source.ways[2].kind);
    ck_assert_uint_eq(source.ways[0].name, source.ways[2].name);
    ck_assert_str_eq(source.names + source.name_at[source.ways[0].name],
                     "\xe4\xba\xba\xe6\xb0\x91\xe8\xb7\xaf");
    ck_assert_uint_ne(source.ways[1].kind, source.ways[0].kind);
    ck_assert_uint_eq(source.ways[1].name, 0);
    ck_assert_str_eq(source.names, "");
    ck_assert_uint_eq(source.n_kinds, 2);
    ck_assert_uint_eq(source.n_names, 2);
}
END_TEST

START_TEST(a_way_is_cut_where_the_map_has_not_its_node)
{
    read_map("<node id='1' lon='0' lat='0'/><node id='2' lon='1' lat='0'/>"
             "<node id='3' lon='2' lat='0'/><node id='4' lon='3' lat='0'/>"
             "<node id='5' lon='4' lat='0'/><node id='8' lon='4' lat='1'/>"
             "<way id='9'><nd ref='1'/><nd ref='1'/><nd ref='2'/>"
             "<nd ref='77'/><nd ref='3'/><nd ref='78'/><nd ref='4'/>"
             "<nd ref='5'/><tag k='highway' v='primary'/></way>"
             "<way id='10'><nd ref='1'/><nd ref='99'/><nd ref='2'/>"
             "<tag k='highway' v='primary'/></way>");
    ck_assert_uint_eq(source.n_ways, 2);
    for (size_t w = 0; w < 2; w++) {
        ck_assert_int_eq(source.ways[w].id, 9);
        ck_assert_uint_eq(source.ways[w].n_refs, 2);
    }
    ck_assert_uint_eq(source.n_nodes, 4);
    ck_assert_int_eq(source.nodes[source.refs[2]].lon, 30000000);
    ck_assert_uint_eq(report.refused_short, 1);
    ck_assert_uint_eq(report.missing_nodes, 3);
}
END_TEST

/* ---- nodes ---- */

static const struct {
    const char *tags;
    const char *shut, *private; /* of "fec" */
    bool is_signal;
} nodes[] = {
    { "barrier=bollard", "c", "", false },
    { "barrier=bollard motor_vehicle=yes", "", "", false },
    { "barrier=bollard motor_vehicle=private", "", "c", false },
    { "barrier=block", "c", "", false },
    { "barrier=gate", "", "", false },
    { "barrier=lift_gate", "", "", false },
    { "barrier=toll_booth", "", "", false },
    { "barrier=gate access=private", "", "fec", false },
    { "barrier=gate access=private foot=yes", "", "ec", false },
    { "barrier=lift_gate access=customers", "", "ec", false },
    { "barrier=gate access=no", "fec", "", false },
    { "barrier=gate vehicle=no", "ec", "", false },
    { "barrier=lift_gate motor_vehicle=private", "", "c", false },
    { "barrier=stile", "ec", "", false },
    { "barrier=kissing_gate", "ec", "", false },
    { "barrier=kissing_gate bicycle=dismount", "c", "", false },
    { "barrier=wall", "fec", "", false },
    { "barrier=wall access=yes", "fec", "", false },
    { "barrier=wall foot=yes", "ec", "", false },
    { "highway=crossing access=no", "", "", false },
    { "highway=traffic_signals", "", "", true },
    { "highway=crossing crossing=traffic_signals", "", "", true },
    { "highway=crossing crossing=uncontrolled", "", "", false },
    { "highway=traffic_signals barrier=bollard", "c", "", true },
};

static unsigned modes_of(const char *letters)
{
    return (strchr(letters, 'f') ? 1u : 0) | (strchr(letters, 'e') ? 2u : 0)
           | (strchr(letters, 'c') ? 4u : 0);
}

START_TEST(a_node_stops_whom_it_says)
{
    const unsigned expected = modes_of(nodes[_i].shut) * ROADS_NODE_SHUT
                              + modes_of(nodes[_i].private)
                                    * ROADS_NODE_PRIVATE
                              + (nodes[_i].is_signal ? ROADS_NODE_SIGNAL : 0);

    read_street("highway=primary", nodes[_i].tags);
    ck_assert_uint_eq(source.n_nodes, 3);
    ck_assert_msg(source.node_flags[1] == expected, "%s: %u, expected %u",
                  nodes[_i].tags, source.node_flags[1], expected);
    ck_assert_uint_eq(source.node_flags[0], 0);
}
END_TEST

/* ---- restrictions ---- */

/* Three streets meet in 2, and 13 leads on from 3 to 4 and 5:
 *   1 -11- 2 -12- 3 -13- 4 -14- 5 */
#define STREETS                                                               \
    "<node id='1' lon='0' lat='0'/><node id='2' lon='1' lat='0'/>"            \
    "<node id='3' lon='2' lat='0'/><node id='4' lon='3' lat='0'/>"            \
    "<node id='5' lon='4' lat='0'/>" STREET(11, 1, 2) STREET(12, 2, 3)        \
    STREET(13, 3, 4) STREET(14, 4, 5)                                         \
    "<way id='19'><nd ref='2'/><nd ref='5'/></way>"
#define STREET(id, a, b)                                                      \
    "<way id='" #id "'><nd ref='" #a "'/><nd ref='" #b "'/>"                  \
    "<tag k='highway' v='primary'/></way>"
#define WAY(role, id) "<member type='way' ref='" #id "' role='" role "'/>"
#define NODE(role, id) "<member type='node' ref='" #id "' role='" role "'/>"

static void read_turn(const char *members, const char *tags)
{
    char text[4096] = STREETS "<relation id='1'>";

    strcat(text, members);
    add_tags(text, sizeof text, "type=restriction");
    add_tags(text, sizeof text, tags);
    strcat(text, "</relation>");
    read_map(text);
}

static const struct {
    const char *tags;
    unsigned no, only; /* modes */
} turns[] = {
    { "restriction=no_left_turn", 6, 0 },
    { "restriction=no_u_turn", 6, 0 },
    { "restriction=only_straight_on", 0, 6 },
    { "restriction=no_left_turn except=bicycle", 4, 0 },
    { "restriction=no_left_turn except=psv", 6, 0 },
    { "restriction=no_left_turn except=psv;motorcar", 2, 0 },
    { "restriction=no_left_turn except=motor_vehicle", 2, 0 },
    { "restriction=no_left_turn except=psv;motorcar;bicycle", 0, 0 },
    { "restriction:motorcar=no_left_turn", 4, 0 },
    { "restriction:motor_vehicle=only_right_turn", 0, 4 },
    { "restriction:bicycle=no_left_turn", 2, 0 },
    { "restriction=no_left_turn restriction:bicycle=none", 4, 0 },
    { "restriction=no_left_turn restriction:motorcar=only_left_turn", 2, 4 },
    { "restriction:hgv=no_left_turn", 0, 0 },
    { "restriction:conditional=no_left_turn", 0, 0 },
    { "restriction=no_left_turn@(Mo-Fr)", 0, 0 },
    { "restriction=give_way", 0, 0 },
};

START_TEST(a_restriction_binds_whom_it_says)
{
    unsigned no = 0, only = 0;

    read_turn(WAY("from", 11) NODE("via", 2) WAY("to", 12), turns[_i].tags);
    for (size_t i = 0; i < source.n_bans; i++) {
        const roads_ban *ban = &source.bans[i];

        ck_assert_int_eq(ban->id, 1);
        ck_assert_uint_eq(ban->from_way, 0);
        ck_assert_uint_eq(ban->to_way, 1);
        ck_assert_uint_eq(ban->via_node, 1);
        *(ban->is_only ? &only : &no) |= ban->modes;
    }
    ck_assert_msg(no == turns[_i].no && only == turns[_i].only,
                  "%s: no %u only %u", turns[_i].tags, no, only);
    ck_assert_uint_eq(report.refused_restrictions, 0);
}
END_TEST

START_TEST(ways_in_the_middle_are_put_in_the_order_of_travel)
{
    read_turn(WAY("from", 11) WAY("via", 13) WAY("via", 12) WAY("to", 14),
              "restriction=no_u_turn");
    ck_assert_uint_eq(source.n_bans, 1);
    ck_assert_uint_eq(source.bans[0].via_node, ROADS_NONE);
    ck_assert_uint_eq(source.bans[0].n_vias, 2);
    ck_assert_uint_eq(source.via_ways[source.bans[0].first_via], 1);
    ck_assert_uint_eq(source.via_ways[source.bans[0].first_via + 1], 2);
    ck_assert_uint_eq(source.bans[0].from_way, 0);
    ck_assert_uint_eq(source.bans[0].to_way, 3);
}
END_TEST

START_TEST(no_entry_comes_from_several_streets_and_no_exit_leads_to_several)
{
    read_turn(WAY("from", 11) WAY("from", 12) NODE("via", 2) WAY("to", 12),
              "restriction=no_entry");
    ck_assert_uint_eq(source.n_bans, 2);
    ck_assert_uint_eq(source.bans[1].from_way, 1);
    roads_source_clear(run.mem, &source);
    roads_osm_clear(run.mem, &osm);
    read_turn(WAY("from", 11) NODE("via", 2) WAY("to", 11) WAY("to", 12),
              "restriction=no_exit");
    ck_assert_uint_eq(source.n_bans, 2);
    ck_assert_uint_eq(source.bans[1].to_way, 1);
}
END_TEST

static const char *const bad_turns[] = {
    WAY("from", 11) WAY("to", 12),
    NODE("via", 2) WAY("to", 12),
    WAY("from", 11) NODE("via", 2),
    WAY("from", 11) NODE("via", 77) WAY("to", 12),
    WAY("from", 11) NODE("via", 2) WAY("to", 77),
    WAY("from", 11) NODE("via", 2) WAY("to", 19), /* no street */
    WAY("from", 11) NODE("via", 3) WAY("to", 12), /* not on 11 */
    WAY("from", 11) NODE("via", 2) NODE("via", 3) WAY("to", 12),
    WAY("from", 11) NODE("via", 2) WAY("via", 12) WAY("to", 13),
    WAY("from", 11) WAY("via", 13) WAY("to", 14), /* do not meet */
    WAY("from", 11) WAY("via", 12) WAY("to", 14),
    WAY("from", 11) WAY("via", 12) WAY("via", 14) WAY("to", 13),
    WAY("from", 11) WAY("from", 12) NODE("via", 2) WAY("to", 12),
};

START_TEST(a_restriction_whose_members_do_not_fit_is_refused)
{
    read_turn(bad_turns[_i], "restriction=only_straight_on");
    ck_assert_uint_eq(source.n_bans, 0);
    ck_assert_uint_eq(report.refused_restrictions, 1);
}
END_TEST

/* ---- the interner, memory ---- */

START_TEST(kinds_and_names_are_kept_once_each)
{
    roads_interner *interner = roads_interner_new(run.mem);
    roads_kind kind;
    char name[16];

    ck_assert_ptr_nonnull(interner);
    ck_assert_uint_eq(roads_intern_name(interner, NULL), 0);
    ck_assert_uint_eq(roads_intern_name(interner, ""), 0);
    memset(&kind, 0, sizeof kind);
    for (int round = 0; round < 2; round++)
        for (unsigned i = 0; i < 1000; i++) {
            kind.limit_dkmh[0] = (uint16_t)i;
            snprintf(name, sizeof name, "street %u", i);
            ck_assert_uint_eq(roads_intern_kind(interner, &kind), i);
            ck_assert_uint_eq(roads_intern_name(interner, name), i + 1);
        }
    ck_assert(roads_interner_give(interner, &source));
    ck_assert_uint_eq(source.n_kinds, 1000);
    ck_assert_uint_eq(source.n_names, 1001);
    ck_assert_str_eq(source.names + source.name_at[1000], "street 999");
    roads_interner_free(interner);
}
END_TEST

START_TEST(every_class_has_its_name)
{
    roads_class class;

    for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
        ck_assert(roads_class_parse(roads_class_name((roads_class)c),
                                    &class));
        ck_assert_int_eq(class, c);
    }
    ck_assert(!roads_class_parse("motorways", &class));
}
END_TEST

START_TEST(it_survives_any_lack_of_memory)
{
    static char path[512];
    char text[4096] = STREETS "<relation id='1'>" WAY("from", 11)
        WAY("via", 13) WAY("via", 12) WAY("to", 14)
        "<tag k='type' v='restriction'/><tag k='restriction' v='no_u_turn'/>"
        "</relation>";

    snprintf(path, sizeof path, "%s/b.osm", test_folder());
    memmove(text + 5, text, strlen(text) + 1);
    memcpy(text, "<osm>", 5);
    strcat(text, "</osm>");
    test_write_file(path, text, strlen(text));
    for (long k = 0, failures = 1; failures > 0; k++) {
        faulty_alloc mem = faulty_alloc_at(k, false);
        gb_context *faulty = faulty_context(&mem);
        gb_status status;

        if (!faulty)
            continue;
        base_run_begin(&run, faulty, (base_limits){ 0 });
        status = roads_osm_read(&run, path, &osm);
        if (!status)
            status = roads_osm_source(&run, &osm, &source, &report);
        roads_source_clear(run.mem, &source);
        roads_osm_clear(run.mem, &osm);
        gb_context_free(faulty);
        failures = mem.failures;
        ck_assert_int_eq(status, failures ? GB_ERR_NOMEM : GB_OK);
        ck_assert_int_eq(mem.live_blocks, 0);
    }
    base_run_begin(&run, ctx, (base_limits){ 0 });
}
END_TEST

#define LOOP(tcase, test, array)                                              \
    tcase_add_loop_test(tcase, test, 0, sizeof array / sizeof array[0])

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_source");
    TCase *tcase = tcase_create("source");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    LOOP(tcase, each_tag_comes_to_what_it_says, rules);
    LOOP(tcase, what_is_no_street_of_any_mode_is_refused_and_counted, refused);
    LOOP(tcase, limits_are_read_in_their_units, limits);
    tcase_add_test(tcase,
                   a_street_has_its_name_and_streets_alike_share_a_kind);
    tcase_add_test(tcase, a_way_is_cut_where_the_map_has_not_its_node);
    LOOP(tcase, a_node_stops_whom_it_says, nodes);
    LOOP(tcase, a_restriction_binds_whom_it_says, turns);
    tcase_add_test(tcase, ways_in_the_middle_are_put_in_the_order_of_travel);
    tcase_add_test(
        tcase,
        no_entry_comes_from_several_streets_and_no_exit_leads_to_several);
    LOOP(tcase, a_restriction_whose_members_do_not_fit_is_refused, bad_turns);
    tcase_add_test(tcase, kinds_and_names_are_kept_once_each);
    tcase_add_test(tcase, every_class_has_its_name);
    tcase_add_test(tcase, it_survives_any_lack_of_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
