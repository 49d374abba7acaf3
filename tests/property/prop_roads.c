/*
 * Random small maps as they are written, restrictions and all, through the
 * whole build: one-ways, parallel streets, loops, zero-length links, islands,
 * barriers.
 *
 * Two oracles.  Dijkstra over the states of the index, unit for unit, which
 * gb_roads_check() holds tables, pairs and paths to.  And a search over the
 * pieces of the map as it is written, in doubles: what the build makes of it.
 */
#include "base_rng.h"
#include "roads_measure.h"
#include "roads_states.h"
#include "tiny_roads.h"

enum { MAX_NODES = 40, MAX_WAYS = 40, MAX_REFS = 6, MAX_BANS = 12 };

typedef struct map {
    int n_nodes, n_ways;
    double lon[MAX_NODES], lat[MAX_NODES];
    bool has_bollard[MAX_NODES];
    struct {
        int refs[MAX_REFS], n, oneway, kind;
    } ways[MAX_WAYS];
    struct {
        int from, via, to; /* ways and a node */
        bool is_only;
    } bans[MAX_BANS];
    int n_bans;
    char text[60000];
} map;

static const char *const kinds[] = { "residential", "primary", "footway",
                                     "cycleway", "motorway" };

static void random_map(base_rng *rng, map *m, bool is_awkward)
{
    char *at = m->text;

    m->n_nodes = (int)base_rng_between(rng, 2, MAX_NODES);
    m->n_ways = (int)base_rng_between(rng, 1, MAX_WAYS);
    for (int i = 0; i < m->n_nodes; i++) {
        m->lon[i] = (double)base_rng_between(rng, 0, 100000) * 1e-7;
        m->lat[i] = 30 + (double)base_rng_between(rng, 0, 100000) * 1e-7;
        if (is_awkward && i > 0 && base_rng_chance(rng, 0.2)) {
            m->lon[i] = m->lon[i - 1]; /* zero-length links */
            m->lat[i] = m->lat[i - 1];
        }
        m->has_bollard[i] = base_rng_chance(rng, 0.1);
        at += sprintf(at, "<node id='%d' lon='%.7f' lat='%.7f'>%s</node>",
                      i + 1, m->lon[i], m->lat[i],
                      m->has_bollard[i] ? "<tag k='barrier' v='bollard'/>"
                                        : "");
    }
    for (int w = 0; w < m->n_ways; w++) {
        const int n = (int)base_rng_between(rng, 2, MAX_REFS);

        m->ways[w].n = n;
        m->ways[w].oneway = (int)base_rng_between(rng, -1, 1);
        m->ways[w].kind = (int)base_rng_below(rng, 5);
        at += sprintf(at, "<way id='%d'>", w + 1);
        for (int i = 0; i < n; i++) {
            m->ways[w].refs[i] = (int)base_rng_below(rng, m->n_nodes);
            at += sprintf(at, "<nd ref='%d'/>", m->ways[w].refs[i] + 1);
        }
        at += sprintf(at, "<tag k='highway' v='%s'/>"
                      "<tag k='oneway' v='%d'/></way>",
                      kinds[m->ways[w].kind], m->ways[w].oneway);
    }
}

/* Does a way end at a node, and touch it nowhere else? */
static bool ends_at(const map *m, int way, int node)
{
    int n = 0;

    for (int i = 0; i < m->ways[way].n; i++)
        n += m->ways[way].refs[i] == node;
    return n == 1
           && (m->ways[way].refs[0] == node
               || m->ways[way].refs[m->ways[way].n - 1] == node);
}

/* Turn restrictions between ways that end at a node. */
static void random_bans(base_rng *rng, map *m)
{
    char *at = m->text + strlen(m->text);

    m->n_bans = 0;
    for (int tries = 0; tries < 400 && m->n_bans < MAX_BANS; tries++) {
        const int from = (int)base_rng_below(rng, m->n_ways);
        const int to = (int)base_rng_below(rng, m->n_ways);
        const int end = base_rng_chance(rng, 0.5) ? 0 : m->ways[from].n - 1;
        const int via = m->ways[from].refs[end];
        const bool is_only = base_rng_chance(rng, 0.3);

        if (from == to || !ends_at(m, from, via) || !ends_at(m, to, via))
            continue;
        m->bans[m->n_bans].from = from;
        m->bans[m->n_bans].via = via;
        m->bans[m->n_bans].to = to;
        m->bans[m->n_bans].is_only = is_only;
        m->n_bans++;
        at += sprintf(at,
                      "<relation id='%d'><member type='way' ref='%d' "
                      "role='from'/><member type='node' ref='%d' role='via'/>"
                      "<member type='way' ref='%d' role='to'/>"
                      "<tag k='type' v='restriction'/>"
                      "<tag k='restriction' v='%s'/></relation>",
                      m->n_bans, from + 1, via + 1, to + 1,
                      is_only ? "only_straight_on" : "no_left_turn");
    }
}

/* Points on nodes, on streets, beside them. */
static void random_points(base_rng *rng, const map *m, gb_lonlat *points,
                          int n)
{
    for (int i = 0; i < n; i++) {
        const int a = (int)base_rng_below(rng, m->n_nodes);
        const int b = (int)base_rng_below(rng, m->n_nodes);
        const double t = i % 3 ? base_rng_unit(rng) : 0;

        points[i].lon_deg = m->lon[a] + t * (m->lon[b] - m->lon[a]);
        points[i].lat_deg = m->lat[a] + t * (m->lat[b] - m->lat[a]);
    }
}

enum { N = 12 };

static void check_line(gb_context *ctx, const gb_roads *roads,
                       const gb_roads_place *from, const gb_roads_place *to,
                       int32_t seconds, int32_t metres)
{
    static gb_lonlat line[2000];
    gb_roads_path_totals totals;
    double length_m = 0;
    size_t n;

    assert_ok(ctx, gb_roads_path(ctx, roads, from, to, 2000, line, &n,
                                 &totals));
    ck_assert_int_eq(totals.seconds, seconds);
    ck_assert_int_eq(totals.metres, metres);
    ck_assert_uint_ge(n, 1);
    for (size_t i = 1; i < n; i++)
        length_m += roads_distance_m(
            (roads_e7){ (int32_t)lround(line[i - 1].lon_deg * 1e7),
                        (int32_t)lround(line[i - 1].lat_deg * 1e7) },
            (roads_e7){ (int32_t)lround(line[i].lon_deg * 1e7),
                        (int32_t)lround(line[i].lat_deg * 1e7) });
    /* Half a metre of rounding, and a centimetre at most for each point. */
    assert_near(length_m, metres, 0.5 + 0.02 * (double)n);
    assert_near(line[0].lon_deg, from->point.lon_deg, 1.1e-7);
    assert_near(line[n - 1].lon_deg, to->point.lon_deg, 1.1e-7);
    assert_near(line[n - 1].lat_deg, to->point.lat_deg, 1.1e-7);
}

/* Tables of any shape and threads, single pairs and lines agree. */
static void check_mode(gb_context *ctx, base_rng *rng, const map *m,
                       const gb_roads *roads, gb_mode mode)
{
    gb_lonlat points[N];
    gb_roads_place places[N];
    int32_t seconds[N * N], metres[N * N], again[N * N];
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;

    random_points(rng, m, points, N);
    assert_ok(ctx, gb_roads_snap(ctx, roads, mode, points, N, NULL, places));
    query.mode = mode;
    query.from = query.to = places;
    query.n_from = query.n_to = N;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, metres));
    query.n_threads = 3;
    assert_ok(ctx, gb_roads_table(ctx, roads, &query, again, NULL));
    ck_assert_mem_eq(seconds, again, sizeof seconds);
    for (int f = 0; f < N; f++)
        for (int t = 0; t < N; t++) {
            int32_t one_s, one_m;

            query.from = &places[f];
            query.to = &places[t];
            query.n_from = query.n_to = 1;
            assert_ok(ctx, gb_roads_table(ctx, roads, &query, &one_s,
                                          &one_m));
            ck_assert_int_eq(one_s, seconds[f * N + t]);
            ck_assert_int_eq(one_m, metres[f * N + t]);
            if (one_s != GB_ROADS_UNREACHABLE)
                check_line(ctx, roads, &places[f], &places[t], one_s, one_m);
        }
}

static void check_plain(gb_context *ctx, const gb_roads *roads, uint64_t seed)
{
    gb_roads_check_options options = GB_ROADS_CHECK_OPTIONS_INIT;
    gb_roads_check_report report = { .size = sizeof report };

    options.n_pairs = 200;
    options.seed = seed;
    assert_ok(ctx, gb_roads_check(ctx, roads, &options, &report));
    ck_assert_uint_eq(report.n_wrong_tables, 0);
    ck_assert_uint_eq(report.n_wrong_paths, 0);
}

/* Other speeds, by chance, with some classes closed. */
static gb_roads *random_speeds(gb_context *ctx, base_rng *rng,
                               const gb_roads *roads)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *other = NULL;
    char json[1000];

    snprintf(json, sizeof json,
             "{ \"car\": { \"speed_kmh\": { \"residential\": %d, "
             "\"primary\": %d, \"motorway\": %d }, \"turns\": { \"turn_s\": %d,"
             " \"u_turn_s\": %d } }, \"ebike\": { \"speed_kmh\": { "
             "\"residential\": %d, \"cycleway\": %d } }, \"foot\": { "
             "\"speed_kmh\": { \"footway\": %d } } }",
             (int)base_rng_below(rng, 60), (int)base_rng_below(rng, 60),
             (int)base_rng_below(rng, 110), (int)base_rng_below(rng, 20),
             (int)base_rng_below(rng, 40), (int)base_rng_below(rng, 25),
             (int)base_rng_below(rng, 25), (int)base_rng_below(rng, 6));
    speeds.profile_json = json;
    assert_ok(ctx, gb_roads_customise(ctx, roads, &speeds, &other));
    return other;
}

static uint64_t seed_of(int round)
{
    return test_seed() * 1000003 + (uint64_t)round;
}

START_TEST(tables_pairs_and_paths_are_those_of_dijkstra)
{
    static map m;
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(60); i++) {
        base_rng rng = base_rng_seeded(seed_of(i));
        gb_roads *roads = NULL;

        gb_roads *other;

        random_map(&rng, &m, true);
        random_bans(&rng, &m);
        if (tiny_build(ctx, m.text, NULL, &roads) == GB_ERR_DATA)
            continue; /* each street joins a node with itself */
        ck_assert_msg(roads != NULL, "seed %llu: %s",
                      (unsigned long long)seed_of(i), gb_last_error(ctx));
        for (int mode = 0; mode < GB_MODE_COUNT; mode++)
            check_mode(ctx, &rng, &m, roads, (gb_mode)mode);
        check_plain(ctx, roads, seed_of(i));
        other = random_speeds(ctx, &rng, roads);
        gb_roads_close(roads);
        check_plain(ctx, other, seed_of(i) + 1);
        for (int mode = 0; mode < GB_MODE_COUNT; mode++)
            check_mode(ctx, &rng, &m, other, (gb_mode)mode);
        gb_roads_close(other);
    }
    gb_context_free(ctx);
}
END_TEST

/* km/h of a kind by mode, written here a second time on purpose. */
static double speed_of(int kind, gb_mode mode)
{
    static const double speeds[5][3] = {
        { 5, 20, 25 }, { 5, 22, 45 }, { 5, 5, 0 }, { 5, 20, 0 }, { 0, 0, 90 },
    };

    return speeds[kind][mode];
}

/* A piece of a way, travelled along or against it. */
typedef struct step {
    int way, piece, from, to;
    double s;
} step;

enum { MAX_STEPS = 2 * MAX_WAYS * MAX_REFS };

static int find_steps(const map *m, gb_mode mode, step *out)
{
    int n = 0;

    for (int w = 0; w < m->n_ways; w++)
        for (int i = 1; i < m->ways[w].n; i++)
            for (int d = 0; d < 2; d++) {
                const int from = m->ways[w].refs[i - 1 + d];
                const int to = m->ways[w].refs[i - d];
                const int oneway = mode ? m->ways[w].oneway : 0;
                const double speed = speed_of(m->ways[w].kind, mode);
                const roads_e7 a = { (int32_t)lround(m->lon[from] * 1e7),
                                     (int32_t)lround(m->lat[from] * 1e7) };
                const roads_e7 b = { (int32_t)lround(m->lon[to] * 1e7),
                                     (int32_t)lround(m->lat[to] * 1e7) };

                if (speed > 0 && oneway != (d ? 1 : -1) && from != to)
                    out[n++] = (step){ w, i, from, to,
                                       roads_distance_m(a, b) * 3.6 / speed };
            }
    return n;
}

/* Can the mode follow a restriction?  An `only` into a street that it can use
 * under no profile binds nobody; e-bikes may be let against one-way streets. */
static bool is_followed(const map *m, gb_mode mode, int ban)
{
    const int to = m->bans[ban].to;
    const bool leaves_along = m->ways[to].refs[0] == m->bans[ban].via;

    return !m->bans[ban].is_only
           || (speed_of(m->ways[to].kind, mode) > 0
               && (mode == GB_MODE_EBIKE
                   || m->ways[to].oneway != (leaves_along ? -1 : 1)));
}

static bool may_turn(const map *m, gb_mode mode, const step *a, const step *b)
{
    bool is_bound = false, is_named = false; /* by an `only`; of several any */

    if (a->to != b->from || (mode == GB_MODE_CAR && m->has_bollard[a->to]))
        return false;
    if (mode == GB_MODE_FOOT)
        return true;
    if (a->way == b->way && a->piece == b->piece)
        return false; /* turning back takes ten minutes: not looked at */
    for (int i = 0; i < m->n_bans; i++) {
        if (m->bans[i].from != a->way || m->bans[i].via != a->to
            || !is_followed(m, mode, i))
            continue;
        if (!m->bans[i].is_only && m->bans[i].to == b->way)
            return false;
        is_bound |= m->bans[i].is_only;
        is_named |= m->bans[i].is_only && m->bans[i].to == b->way;
    }
    return !is_bound || is_named;
}

/* From a node to all: Bellman-Ford over steps, then what they lead to. */
static void plain_times(const map *m, gb_mode mode, int start, double *best)
{
    static step steps[MAX_STEPS];
    static double at[MAX_STEPS]; /* when a step has been travelled */
    const int n = find_steps(m, mode, steps);
    bool is_changed = true;

    for (int i = 0; i < n; i++)
        at[i] = steps[i].from == start ? steps[i].s : HUGE_VAL;
    while (is_changed) {
        is_changed = false;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n && at[i] < HUGE_VAL; j++)
                if (may_turn(m, mode, &steps[i], &steps[j])
                    && at[i] + steps[j].s < at[j]) {
                    at[j] = at[i] + steps[j].s;
                    is_changed = true;
                }
    }
    for (int v = 0; v < m->n_nodes; v++)
        best[v] = v == start ? 0 : HUGE_VAL;
    for (int i = 0; i < n; i++)
        if (at[i] < best[steps[i].to])
            best[steps[i].to] = at[i];
}

/* Turns are free but for turning back, which nobody does in ten minutes. */
static const char plain_turns[] =
    "{ \"car\": { \"turns\": { \"turn_s\": 0, \"u_turn_s\": 600 } }, "
    "\"ebike\": { \"turns\": { \"turn_s\": 0, \"u_turn_s\": 600 } } }";

START_TEST(the_build_keeps_the_times_of_the_map_as_written)
{
    static map m;
    gb_context *ctx = test_context();
    long n_compared = 0;

    for (int i = 0; i < test_cases(100); i++) {
        base_rng rng = base_rng_seeded(seed_of(i) + 77);
        gb_roads *roads = NULL;
        gb_lonlat points[MAX_NODES];
        gb_roads_place places[MAX_NODES];
        static int32_t seconds[MAX_NODES * MAX_NODES];
        gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;

        gb_roads_options options = GB_ROADS_OPTIONS_INIT;

        options.profile_json = plain_turns;
        random_map(&rng, &m, false);
        random_bans(&rng, &m);
        if (tiny_build(ctx, m.text, &options, &roads) == GB_ERR_DATA)
            continue;
        for (int v = 0; v < m.n_nodes; v++)
            points[v] = (gb_lonlat){ m.lon[v], m.lat[v] };
        for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
            assert_ok(ctx, gb_roads_snap(ctx, roads, (gb_mode)mode, points,
                                         (size_t)m.n_nodes, NULL, places));
            query.mode = mode;
            query.from = places;
            query.n_from = (size_t)m.n_nodes;
            assert_ok(ctx, gb_roads_table(ctx, roads, &query, seconds, NULL));
            for (int f = 0; f < m.n_nodes; f++) {
                double best[MAX_NODES];

                /* A barred node is several: its place is one of them. */
                if (places[f].distance_m > 1e-6 || m.has_bollard[f])
                    continue;
                plain_times(&m, (gb_mode)mode, f, best);
                for (int t = 0; t < m.n_nodes; t++) {
                    if (places[t].distance_m > 1e-6 || m.has_bollard[t])
                        continue;
                    if (best[t] > 590 && seconds[f * m.n_nodes + t] > 590)
                        continue; /* with turning back, or on foot and far */
                    assert_near(seconds[f * m.n_nodes + t], best[t], 0.7);
                    n_compared++;
                }
            }
        }
        gb_roads_close(roads);
    }
    ck_assert_int_gt(n_compared, 2000);
    gb_context_free(ctx);
}
END_TEST

START_TEST(parts_are_the_nodes_that_reach_each_other)
{
    base_mem *mem = base_mem_new(NULL);

    for (int i = 0; i < test_cases(200); i++) {
        base_rng rng = base_rng_seeded(seed_of(i) + 9);
        enum { V = 30 };
        const size_t n = (size_t)base_rng_between(&rng, 1, V);
        uint32_t first[V + 1] = { 0 }, heads[V * 4], part[V];
        bool reaches[V][V] = { { false } };
        size_t n_parts;

        for (size_t v = 0; v < n; v++) {
            const size_t degree = (size_t)base_rng_below(&rng, 4);

            reaches[v][v] = true;
            first[v + 1] = first[v];
            for (size_t k = 0; k < degree; k++) {
                heads[first[v + 1]] = (uint32_t)base_rng_below(&rng, n);
                reaches[v][heads[first[v + 1]++]] = true;
            }
        }
        for (size_t k = 0; k < n; k++)
            for (size_t a = 0; a < n; a++)
                for (size_t b = 0; b < n; b++)
                    reaches[a][b] |= reaches[a][k] && reaches[k][b];
        ck_assert(roads_parts_find(mem, n, first, heads, part, &n_parts));
        for (size_t a = 0; a < n; a++) {
            ck_assert_uint_lt(part[a], n_parts);
            for (size_t b = 0; b < n; b++)
                ck_assert_int_eq(part[a] == part[b],
                                 reaches[a][b] && reaches[b][a]);
        }
    }
    base_mem_unref(mem);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_roads");
    TCase *tcase = tcase_create("roads");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, tables_pairs_and_paths_are_those_of_dijkstra);
    tcase_add_test(tcase, the_build_keeps_the_times_of_the_map_as_written);
    tcase_add_test(tcase, parts_are_the_nodes_that_reach_each_other);
    suite_add_tcase(suite, tcase);
    return suite;
}
