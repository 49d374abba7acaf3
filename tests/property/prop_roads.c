/*
 * Random small maps: one-ways, parallel streets, loops, zero-length links,
 * islands, barriers.
 *
 * Two oracles.  Bellman-Ford over the links of the index, unit for unit: the
 * search, the arcs, the places within links.  And Dijkstra in O(n^2) over the
 * nodes of the map as it is written, in doubles: what the build makes of it.
 */
#include "base_rng.h"
#include "roads_index.h"
#include "roads_measure.h"
#include "roads_network.h"
#include "roads_rtree.h"
#include "roads_search.h"
#include "tiny_roads.h"

enum { MAX_NODES = 40, MAX_WAYS = 40, MAX_REFS = 6 };

typedef struct map {
    int n_nodes, n_ways;
    double lon[MAX_NODES], lat[MAX_NODES];
    bool has_bollard[MAX_NODES];
    struct {
        int refs[MAX_REFS], n, oneway, kind;
    } ways[MAX_WAYS];
    char text[40000];
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

/*
 * Bellman-Ford: from within a link, by splitting it in thought: all ends it
 * reaches, then all links until nothing changes.
 */
static int64_t plain_weight(const roads_network *n, const roads_spot *from,
                            const roads_spot *to)
{
    int64_t *weights = malloc((n->n_nodes + 1) * sizeof *weights);
    int64_t best = roads_spot_direct(n, from, to);
    bool changed = true;

    ck_assert_ptr_nonnull(weights);
    for (size_t v = 0; v < n->n_nodes; v++)
        weights[v] = INT64_MAX;
    for (int d = 0; d < 2; d++)
        if (from->nodes[d] != ROADS_NONE
            && from->to_node[d] < weights[from->nodes[d]])
            weights[from->nodes[d]] = from->to_node[d];
    while (changed) {
        changed = false;
        for (size_t i = 0; i < n->n_links; i++)
            for (int d = 0; d < 2; d++) {
                const roads_link *link = &n->links[i];
                const uint32_t tail = d ? link->to : link->from;
                const uint32_t head = d ? link->from : link->to;

                if (link->ms[d] == ROADS_NONE || weights[tail] > ROADS_FAR)
                    continue;
                const int64_t weight =
                    weights[tail] + roads_weight(link->ms[d], link->cm);
                if (weight < weights[head]) {
                    weights[head] = weight;
                    changed = true;
                }
            }
    }
    for (int d = 0; d < 2; d++)
        if (to->entries[d] != ROADS_NONE
            && weights[to->entries[d]] <= ROADS_FAR
            && weights[to->entries[d]] + to->from_node[d] < best)
            best = weights[to->entries[d]] + to->from_node[d];
    free(weights);
    return best;
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

static void check_mode(gb_context *ctx, base_rng *rng, const map *m,
                       const gb_roads *roads, gb_mode mode)
{
    const roads_network *network = &roads->modes[mode];
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
            const roads_spot from = roads_spot_of(network, &places[f]);
            const roads_spot to = roads_spot_of(network, &places[t]);
            int64_t weight = plain_weight(network, &from, &to);
            int32_t one_s, one_m;

            if (places[f].status || places[t].status)
                weight = INT64_MAX;
            ck_assert_int_eq(seconds[f * N + t], roads_weight_s(weight));
            ck_assert_int_eq(metres[f * N + t], roads_weight_m(weight));
            /* The same, when nothing else is asked. */
            query.from = &places[f];
            query.to = &places[t];
            query.n_from = query.n_to = 1;
            assert_ok(ctx, gb_roads_table(ctx, roads, &query, &one_s,
                                          &one_m));
            ck_assert_int_eq(one_s, seconds[f * N + t]);
            ck_assert_int_eq(one_m, metres[f * N + t]);
            if (weight <= ROADS_FAR)
                check_line(ctx, roads, &places[f], &places[t], one_s, one_m);
        }
}

static uint64_t seed_of(int round)
{
    return test_seed() * 1000003 + (uint64_t)round;
}

START_TEST(tables_and_paths_are_those_of_bellman_ford)
{
    static map m;
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(60); i++) {
        base_rng rng = base_rng_seeded(seed_of(i));
        gb_roads *roads = NULL;

        random_map(&rng, &m, true);
        if (tiny_build(ctx, m.text, NULL, &roads) == GB_ERR_DATA)
            continue; /* each street joins a node with itself */
        ck_assert_msg(roads != NULL, "seed %llu: %s",
                      (unsigned long long)seed_of(i), gb_last_error(ctx));
        for (int mode = 0; mode < GB_MODE_COUNT; mode++)
            check_mode(ctx, &rng, &m, roads, (gb_mode)mode);
        gb_roads_close(roads);
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

static void relax(const map *m, gb_mode mode, int way, int from, int to,
                  const double *at, double *best)
{
    const double speed = speed_of(m->ways[way].kind, mode);
    const roads_e7 a = { (int32_t)lround(m->lon[from] * 1e7),
                         (int32_t)lround(m->lat[from] * 1e7) };
    const roads_e7 b = { (int32_t)lround(m->lon[to] * 1e7),
                         (int32_t)lround(m->lat[to] * 1e7) };

    if (speed > 0) {
        const double s = at[from] + roads_distance_m(a, b) * 3.6 / speed;

        best[to] = s < best[to] ? s : best[to];
    }
}

/* Dijkstra over the nodes of the map, whichever is nearest next. */
static void plain_times(const map *m, gb_mode mode, int start, double *best)
{
    bool is_done[MAX_NODES] = { false };

    for (int v = 0; v < m->n_nodes; v++)
        best[v] = v == start ? 0 : HUGE_VAL;
    for (;;) {
        int v = -1;

        for (int u = 0; u < m->n_nodes; u++)
            if (!is_done[u] && best[u] < HUGE_VAL
                && (v < 0 || best[u] < best[v]))
                v = u;
        if (v < 0)
            return;
        is_done[v] = true;
        if (mode == GB_MODE_CAR && m->has_bollard[v] && v != start)
            continue;
        for (int w = 0; w < m->n_ways; w++)
            for (int i = 1; i < m->ways[w].n; i++) {
                const int a = m->ways[w].refs[i - 1], b = m->ways[w].refs[i];
                const int oneway = mode ? m->ways[w].oneway : 0;

                if (a == v && oneway != -1)
                    relax(m, mode, w, a, b, best, best);
                if (b == v && oneway != 1)
                    relax(m, mode, w, b, a, best, best);
            }
    }
}

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

        random_map(&rng, &m, false);
        if (tiny_build(ctx, m.text, NULL, &roads) == GB_ERR_DATA)
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
                if (places[f].distance_m > 0.01 || m.has_bollard[f])
                    continue;
                plain_times(&m, (gb_mode)mode, f, best);
                for (int t = 0; t < m.n_nodes; t++) {
                    if (places[t].distance_m > 0.01 || m.has_bollard[t])
                        continue;
                    assert_near(seconds[f * m.n_nodes + t], best[t], 0.6);
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

START_TEST(the_nearest_segment_is_that_of_a_scan)
{
    gb_context *ctx = test_context();
    base_mem *mem = base_mem_new(NULL);

    for (int i = 0; i < test_cases(40); i++) {
        base_rng rng = base_rng_seeded(seed_of(i) + 5);
        const size_t n = (size_t)base_rng_between(&rng, 2, 3000);
        roads_e7 *points = malloc(n * sizeof *points);
        uint32_t *segments = malloc(n * sizeof *segments);
        roads_box *boxes = malloc(n * sizeof *boxes);
        roads_network network = { .n_points = n, .n_links = 1,
                                  .points = points, .segments = segments,
                                  .boxes = boxes,
                                  .n_boxes = roads_rtree_boxes(n - 1) };

        /* One link that wanders about, with a few standstills. */
        points[0] = (roads_e7){ 1040000000, 306000000 };
        for (size_t p = 1; p < n; p++) {
            points[p] = points[p - 1];
            if (base_rng_chance(&rng, 0.95)) {
                points[p].lon += (int32_t)base_rng_between(&rng, -5000, 5000);
                points[p].lat += (int32_t)base_rng_between(&rng, -5000, 5000);
            }
            segments[p - 1] = (uint32_t)(p - 1);
        }
        ck_assert(roads_rtree_build(mem, points, segments, n - 1, boxes));
        for (int q = 0; q < 50; q++) {
            const double lon = 1040000000
                               + (double)base_rng_between(&rng, -200000,
                                                          200000);
            const double lat = 306000000
                               + (double)base_rng_between(&rng, -200000,
                                                          200000);
            const double max_m = q % 5 ? 1e5 : 100;
            roads_hit best = { ROADS_NONE, 0, INFINITY };
            roads_network one = network;
            roads_hit got = roads_rtree_nearest(&network, lon, lat, max_m);

            one.n_points = 2; /* a tree of one segment: asked one by one */
            for (uint32_t p = 0; p + 1 < n; p++) {
                const roads_e7 pair[2] = { points[p], points[p + 1] };
                const uint32_t zero = 0;
                const roads_box box = { INT32_MIN, INT32_MIN, INT32_MAX,
                                        INT32_MAX };
                roads_hit hit;

                one.points = pair;
                one.segments = &zero;
                one.boxes = &box;
                hit = roads_rtree_nearest(&one, lon, lat, max_m);
                if (hit.point != ROADS_NONE
                    && hit.distance_m < best.distance_m) {
                    best = hit;
                    best.point = p;
                }
            }
            /* Two that meet at a point may differ in the last digit. */
            ck_assert_int_eq(got.point == ROADS_NONE,
                             best.point == ROADS_NONE);
            ck_assert(got.point == ROADS_NONE
                      || fabs(got.distance_m - best.distance_m) < 1e-9);
        }
        free(points);
        free(segments);
        free(boxes);
    }
    base_mem_unref(mem);
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
    tcase_add_test(tcase, tables_and_paths_are_those_of_bellman_ford);
    tcase_add_test(tcase, the_build_keeps_the_times_of_the_map_as_written);
    tcase_add_test(tcase, the_nearest_segment_is_that_of_a_scan);
    tcase_add_test(tcase, parts_are_the_nodes_that_reach_each_other);
    suite_add_tcase(suite, tcase);
    return suite;
}
