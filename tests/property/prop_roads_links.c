/*
 * Random maps written twice: as a bank's tables and as an OpenStreetMap
 * extract that says the same.  Both builds give the same index, byte for
 * byte, speeds, barriers and forbidden turns included.
 */
#include <stdarg.h>

#include "base_rng.h"
#include "base_text.h"
#include "tiny_roads.h"

enum { SIDE = 5, NODES = SIDE * SIDE, MAX_LINKS = 60 };

typedef struct link {
    int from, to;
    double bend_lon, bend_lat; /* 0, 0: straight */
} link;

typedef struct town {
    double lon[NODES], lat[NODES];
    link links[MAX_LINKS];
    int n_links;
    base_text osm, links_csv, nodes_csv, turns_csv;
} town;

static void add(base_text *text, const char *format, ...) GB_PRINTF(2, 3);
static void add(base_text *text, const char *format, ...)
{
    char line[400];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    base_text_add(text, line);
}

static void add_nodes(base_rng *rng, town *t)
{
    static const char *const barriers[]
        = { "", "none", "shut", "cars", "private" };
    static const char *const tags[]
        = { "", "", "<tag k='barrier' v='fence'/>",
            "<tag k='barrier' v='bollard'/>",
            "<tag k='barrier' v='gate'/><tag k='access' v='private'/>" };

    add(&t->nodes_csv, "id,lon,lat,signal,barrier\n");
    for (int i = 0; i < NODES; i++) {
        const int barrier
            = base_rng_chance(rng, 0.2) ? (int)base_rng_below(rng, 5) : 0;
        const bool is_signal = base_rng_chance(rng, 0.1);

        t->lon[i] = 104 + (i % SIDE) * 0.002
                    + (double)base_rng_below(rng, 5000) * 1e-7;
        t->lat[i] = 30 + i / SIDE * 0.002
                    + (double)base_rng_below(rng, 5000) * 1e-7;
        add(&t->nodes_csv, "n%d,%.7f,%.7f,%d,%s\n", i, t->lon[i], t->lat[i],
            is_signal, barriers[barrier]);
        add(&t->osm, "<node id='%d' lon='%.7f' lat='%.7f'>%s%s</node>", i + 1,
            t->lon[i], t->lat[i], tags[barrier],
            is_signal ? "<tag k='highway' v='traffic_signals'/>" : "");
    }
}

/* From a node to its neighbour to the east or north. */
static void choose_links(base_rng *rng, town *t)
{
    t->n_links = 0;
    for (int i = 0; i < NODES; i++) {
        for (int step = 1; step <= SIDE; step += SIDE - 1) {
            link *l = &t->links[t->n_links];

            if ((step == 1 ? i % SIDE == SIDE - 1 : i + SIDE >= NODES)
                || base_rng_chance(rng, 0.1))
                continue;
            *l = (link){ i, i + step, 0, 0 };
            if (base_rng_chance(rng, 0.3)) {
                l->bend_lon = (t->lon[i] + t->lon[i + step]) / 2 + 0.0003;
                l->bend_lat = (t->lat[i] + t->lat[i + step]) / 2 - 0.0003;
            }
            t->n_links++;
        }
    }
}

/* Say a thing both ways, or leave it unsaid. */
static void say(base_rng *rng, town *t, double chance, const char *key,
                const char *const *said, const char *const *tags, int n)
{
    const int i = (int)base_rng_below(rng, (uint64_t)n);

    if (!base_rng_chance(rng, chance)) {
        add(&t->links_csv, ",");
        return;
    }
    add(&t->links_csv, ",%s", said[i]);
    add(&t->osm, "<tag k='%s' v='%s'/>", key, tags[i]);
}

static void say_all(base_rng *rng, town *t)
{
    static const char *const classes[]
        = { "motorway", "trunk",         "primary",  "residential",
            "service",  "living_street", "cycleway", "footway", "steps" };
    static const char *const oneway[] = { "0", "1", "-1" };
    static const char *const oneway_tags[] = { "no", "yes", "-1" };
    static const char *const limits[] = { "30", "60" };
    static const char *const access[]
        = { "no", "private", "destination" };
    static const char *const zero[] = { "0" }, *const no[] = { "no" };
    static const char *const one[] = { "1" }, *const yes[] = { "yes" };
    static const char *const round[] = { "roundabout" };
    static const char *const names[] = { "人民路", "East Street", "1" };

    say(rng, t, 1, "highway", classes, classes, 9);
    say(rng, t, 0.7, "name", names, names, 3);
    say(rng, t, 0.4, "oneway", oneway, oneway_tags, 3);
    say(rng, t, 0.3, "maxspeed", limits, limits, 2);
    say(rng, t, 0.15, "access", access, access, 3);
    say(rng, t, 0.1, "foot", zero, no, 1);
    say(rng, t, 0.1, "bicycle", zero, no, 1);
    say(rng, t, 0.1, "motorcar", zero, no, 1);
    say(rng, t, 0.1, "bridge", one, yes, 1);
    say(rng, t, 0.1, "tunnel", one, yes, 1);
    say(rng, t, 0.1, "junction", one, round, 1);
}

static void add_links(base_rng *rng, town *t)
{
    add(&t->links_csv, "id,from,to,line,class,name,oneway,maxspeed_kmh,access,"
                       "foot_kmh,ebike_kmh,car_kmh,bridge,tunnel,"
                       "roundabout\n");
    for (int l = 0; l < t->n_links; l++)
        if (t->links[l].bend_lon > 0)
            add(&t->osm, "<node id='%d' lon='%.7f' lat='%.7f'/>", 1000 + l,
                t->links[l].bend_lon, t->links[l].bend_lat);
    for (int l = 0; l < t->n_links; l++) {
        const link *k = &t->links[l];

        add(&t->osm, "<way id='%d'><nd ref='%d'/>", l + 1, k->from + 1);
        add(&t->links_csv, "s%d,n%d,n%d,", l, k->from, k->to);
        if (k->bend_lon > 0) {
            add(&t->osm, "<nd ref='%d'/>", 1000 + l);
            add(&t->links_csv,
                "\"LINESTRING (%.7f %.7f, %.7f %.7f, %.7f %.7f)\"",
                t->lon[k->from], t->lat[k->from], k->bend_lon, k->bend_lat,
                t->lon[k->to], t->lat[k->to]);
        }
        add(&t->osm, "<nd ref='%d'/>", k->to + 1);
        say_all(rng, t);
        add(&t->osm, "</way>");
        add(&t->links_csv, "\n");
    }
}

/* Turns between links that meet, by the name of the node. */
static void add_turns(base_rng *rng, town *t)
{
    add(&t->turns_csv, "from,via,to,kind,modes\n");
    for (int from = 0, id = 1; from < t->n_links; from++) {
        const int to
            = (int)base_rng_below(rng, (uint64_t)t->n_links);
        const link *a = &t->links[from], *b = &t->links[to];
        const bool is_only = base_rng_chance(rng, 0.3);
        const int via = a->to == b->from || a->to == b->to ? a->to : a->from;

        if (from == to || (via != b->from && via != b->to))
            continue;
        add(&t->turns_csv, "s%d,n%d,s%d,%s,\n", from, via, to,
            is_only ? "only" : "no");
        add(&t->osm,
            "<relation id='%d'><member type='way' ref='%d' role='from'/>"
            "<member type='node' ref='%d' role='via'/>"
            "<member type='way' ref='%d' role='to'/>"
            "<tag k='type' v='restriction'/>"
            "<tag k='restriction' v='%s'/></relation>",
            id++, from + 1, via + 1, to + 1,
            is_only ? "only_straight_on" : "no_left_turn");
    }
}

static const char *write_text(const char *name, const base_text *text)
{
    const char *path = tiny_path(name);

    test_write_file(path, text->chars, text->n);
    return path;
}

static gb_status build_tables(gb_context *ctx, const town *t, gb_roads **out)
{
    char paths[3][512];
    gb_roads_links tables = GB_ROADS_LINKS_INIT;
    gb_status status;

    snprintf(paths[0], sizeof paths[0], "%s",
             write_text("links.csv", &t->links_csv));
    snprintf(paths[1], sizeof paths[1], "%s",
             write_text("nodes.csv", &t->nodes_csv));
    snprintf(paths[2], sizeof paths[2], "%s",
             write_text("turns.csv", &t->turns_csv));
    tables.links_path = paths[0];
    tables.nodes_path = paths[1];
    tables.turns_path = paths[2];
    status = gb_roads_build_links(ctx, &tables, tiny_path("tables.roads"),
                                  NULL, NULL, NULL, NULL);
    return status ? status
                  : gb_roads_open(ctx, tiny_path("tables.roads"), out);
}

static void compare(gb_context *ctx, uint64_t seed)
{
    base_mem *mem = base_mem_new(NULL);
    base_rng rng = base_rng_seeded(seed);
    gb_roads *of_osm = NULL, *of_tables = NULL;
    gb_roads_facts a = { .size = sizeof a }, b = { .size = sizeof b };
    town t;
    gb_status status;

    base_text_init(&t.osm, mem);
    base_text_init(&t.links_csv, mem);
    base_text_init(&t.nodes_csv, mem);
    base_text_init(&t.turns_csv, mem);
    add_nodes(&rng, &t);
    choose_links(&rng, &t);
    add_links(&rng, &t);
    add_turns(&rng, &t);
    status = tiny_build(ctx, t.osm.chars, NULL, &of_osm);
    assert_status(ctx, status, build_tables(ctx, &t, &of_tables));
    if (!status) {
        assert_ok(ctx, gb_roads_info(ctx, of_osm, &a));
        assert_ok(ctx, gb_roads_info(ctx, of_tables, &b));
        ck_assert_msg(memcmp(a.hash, b.hash, sizeof a.hash) == 0,
                      "GB_SEED=%llu: %llu and %llu links, %llu and %llu "
                      "restrictions, %llu and %llu lines",
                      (unsigned long long)seed, (unsigned long long)a.links,
                      (unsigned long long)b.links,
                      (unsigned long long)a.restrictions,
                      (unsigned long long)b.restrictions,
                      (unsigned long long)a.lines,
                      (unsigned long long)b.lines);
    }
    gb_roads_close(of_osm);
    gb_roads_close(of_tables);
    base_text_clear(&t.osm);
    base_text_clear(&t.links_csv);
    base_text_clear(&t.nodes_csv);
    base_text_clear(&t.turns_csv);
    base_mem_unref(mem);
}

START_TEST(tables_and_an_extract_that_say_the_same_are_one_index)
{
    const uint64_t seed = test_seed();
    const int n = test_cases(40);
    gb_context *ctx = test_context();

    for (int i = 0; i < n; i++)
        compare(ctx, seed + (uint64_t)i);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_roads_links");
    TCase *tcase = tcase_create("tables");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase,
                   tables_and_an_extract_that_say_the_same_are_one_index);
    suite_add_tcase(suite, tcase);
    return suite;
}
