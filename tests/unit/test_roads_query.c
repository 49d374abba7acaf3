#include "query_town.h"
#include "roads_cells.h"
#include "roads_measure.h"
#include "roads_query.h"
#include "roads_sweep.h"
#include "roads_trace.h"

/* ---- cells ---- */

static double some_weight(base_rng *rng)
{
    static const double edges[] = {
        0, 1, 49, 50, 149, 150, 67108863, 67108864.0 * 50, 67108864.0 * 49,
        67108864.0 * 99 + 50, 4503599627370495.0, 4503599627370496.0, 1e300
    };
    const size_t n = sizeof edges / sizeof *edges;
    const uint64_t i = base_rng_below(rng, n + 4);

    if (i < n)
        return edges[i];
    if (i == n)
        return ROADS_CLOSED;
    return roads_weight((double)base_rng_below(rng, 1 << (10 + 8 * (i - n - 1))),
                        (double)base_rng_below(rng, 1 << 26));
}

START_TEST(cells_are_rounded_as_single_weights_are)
{
    enum { N = 131 };
    static _Alignas(64) double weights[N][ROADS_LANES];
    static int32_t seconds[N * ROADS_LANES], metres[N * ROADS_LANES];
    base_rng rng = base_rng_seeded(test_seed());
    uint32_t lanes[ROADS_LANES], columns[N];

    for (int i = 0; i < test_cases(200); i++) {
        const bool is_turned = i & 1;
        const roads_cells cells = {
            .seconds = seconds, .metres = metres,
            .lane_stride = is_turned ? 1 : N,
            .column_stride = is_turned ? ROADS_LANES : 1,
            .length_unit_cm = i & 2 ? 10 : 1,
            .is_wide = i & 4 && ROADS_IS_WIDE()
        };
        size_t n_wrong = 0;

        for (uint32_t l = 0; l < ROADS_LANES; l++)
            lanes[l] = l;
        for (uint32_t c = 0; c < N; c++) {
            columns[c] = c;
            for (int l = 0; l < ROADS_LANES; l++)
                weights[c][l] = some_weight(&rng);
        }
        base_rng_shuffle(&rng, lanes, ROADS_LANES);
        base_rng_shuffle(&rng, columns, N);
        roads_cells_write(&cells, lanes, ROADS_LANES, columns, N,
                          weights[0]);
        for (size_t c = 0; c < N; c++)
            for (size_t l = 0; l < ROADS_LANES; l++) {
                const size_t at = lanes[l] * cells.lane_stride
                                  + columns[c] * cells.column_stride;

                n_wrong += seconds[at] != roads_weight_s(weights[c][l])
                           || metres[at]
                                  != roads_weight_m(weights[c][l],
                                                    cells.length_unit_cm);
            }
        ck_assert_uint_eq(n_wrong, 0);
    }
}
END_TEST

/* ---- sweeps ---- */

START_TEST(both_versions_of_the_loops_give_the_same_bits)
{
    base_rng rng = base_rng_seeded(test_seed());

    for (int i = 0; i < test_cases(20); i++) {
        const size_t n_places = 16;
        uint32_t order[16];
        roads_sweep sweep;
        roads_lanes wide, plain;
        roads_ends starts, targets;
        asked a;
        town t;

        town_make(&rng, GB_MODE_CAR, &t);
        ask(&rng, &t, GB_MODE_CAR, n_places, &a);
        starts = (roads_ends){ a.spots.first_start, a.spots.starts };
        targets = (roads_ends){ a.spots.first_target, a.spots.targets };
        for (uint32_t p = 0; p < n_places; p++)
            order[p] = p;
        ck_assert(roads_sweep_build(t.ctx->mem, &t.view.metric->down,
                                    t.view.states->n_states, targets, order,
                                    n_places, &sweep));
        ck_assert_uint_le(sweep.n_slots, sweep.n_steps + 1);
        ck_assert(roads_lanes_init(&wide, t.ctx->mem,
                                   t.view.states->n_states, &sweep));
        ck_assert(roads_lanes_init(&plain, t.ctx->mem,
                                   t.view.states->n_states, &sweep));
        plain.is_wide = false;
        for (size_t n = 0; n <= n_places; n += 5) {
            ck_assert(roads_lanes_run(&wide, &t.view.metric->up, starts,
                                      order, n, &sweep));
            ck_assert(roads_lanes_run(&plain, &t.view.metric->up, starts,
                                      order, n, &sweep));
            ck_assert_mem_eq(wide.cells, plain.cells,
                             n_places * ROADS_LANES * sizeof(double));
        }
        roads_lanes_clear(&plain);
        roads_lanes_clear(&wide);
        roads_sweep_clear(t.ctx->mem, &sweep);
        ask_clear(&t, &a);
        town_clear(&t);
    }
}
END_TEST

/* The places of `few` over and over. */
static void repeat(const town *t, const asked *few, size_t n,
                   gb_roads_place *places, roads_spots *out)
{
    for (size_t i = 0; i < n; i++)
        places[i] = few->places[i % few->n];
    ck_assert(roads_spots_find(t->ctx->mem, t->view, places, n, out));
}

START_TEST(a_large_table_is_its_small_one_over_and_over)
{
    enum { MANY = 5000, FEW = 20 };
    gb_roads_place *places = malloc(MANY * sizeof *places);
    int32_t *small = malloc(MOST_PLACES * FEW * sizeof *small);
    int32_t *large = malloc((size_t)MANY * FEW * sizeof *large);
    base_rng rng = base_rng_seeded(test_seed());
    roads_spots many;
    asked some, few;
    town t;
    size_t n_wrong = 0;

    town_make(&rng, GB_MODE_EBIKE, &t);
    ask(&rng, &t, GB_MODE_EBIKE, MOST_PLACES, &some);
    ask(&rng, &t, GB_MODE_EBIKE, FEW, &few);
    repeat(&t, &some, MANY, places, &many);
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &few.spots, &some.spots,
                                      small, NULL));
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &few.spots, &many,
                                      large, NULL));
    for (size_t f = 0; f < FEW; f++)
        for (size_t c = 0; c < MANY; c++)
            n_wrong += large[f * MANY + c]
                       != small[f * MOST_PLACES + c % MOST_PLACES];
    ck_assert_uint_eq(n_wrong, 0);
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &some.spots, &few.spots,
                                      NULL, small));
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &many, &few.spots,
                                      NULL, large));
    for (size_t f = 0; f < MANY; f++)
        for (size_t c = 0; c < FEW; c++)
            n_wrong += large[f * FEW + c] != small[f % MOST_PLACES * FEW + c];
    ck_assert_uint_eq(n_wrong, 0);
    roads_spots_clear(t.ctx->mem, &many);
    ask_clear(&t, &few);
    ask_clear(&t, &some);
    town_clear(&t);
    free(large);
    free(small);
    free(places);
}
END_TEST

START_TEST(a_table_without_rows_or_columns_is_nothing)
{
    base_rng rng = base_rng_seeded(test_seed());
    asked some, none;
    town t;

    town_make(&rng, GB_MODE_FOOT, &t);
    ask(&rng, &t, GB_MODE_FOOT, 5, &some);
    ask(&rng, &t, GB_MODE_FOOT, 0, &none);
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &some.spots,
                                      &none.spots, NULL, NULL));
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &none.spots,
                                      &some.spots, NULL, NULL));
    assert_ok(t.ctx, roads_table_fill(&t.run, t.view, &none.spots,
                                      &none.spots, NULL, NULL));
    ask_clear(&t, &none);
    ask_clear(&t, &some);
    town_clear(&t);
}
END_TEST

/* ---- lines ---- */

/*
 * Along a meridian, ten points 1e-4 degrees (some 11 m) apart:
 *
 *   0 --- 1 --- 2 --- 3 === 4 === 5 --- 6 --- 7 --- 8 --- 9
 *   vertex 0    link 0      vertex 1  link 1        vertex 2
 *                       (points 3 and 4 are link 0's and link 1's)
 *
 * Link 0 has the points 0 to 4, link 1 the points 4 to 9.
 */
typedef struct meridian {
    roads_map map;
    roads_link links[3];
    roads_e7 points[11];
} meridian;

static void meridian_make(meridian *m)
{
    memset(m, 0, sizeof *m);
    for (int i = 0; i < 11; i++) {
        m->points[i].lon = 1040000000;
        m->points[i].lat = 300000000 + 1000 * (i < 5 ? i : i - 1);
    }
    m->links[0] = (roads_link){ .from = 0, .to = 1 };
    m->links[1] = (roads_link){ .from = 1, .to = 2, .first_point = 5 };
    m->links[2] = (roads_link){ .first_point = 11 };
    for (int l = 0; l < 2; l++) {
        double cm = 0;

        for (uint32_t p = m->links[l].first_point;
             p + 1 < m->links[l + 1].first_point; p++)
            cm += 100 * roads_distance_m(m->points[p], m->points[p + 1]);
        m->links[l].cm = (uint32_t)(cm + 0.5);
    }
    m->map = (roads_map){ .n_links = 2, .n_points = 11, .n_vertices = 3,
                          .links = m->links, .points = m->points,
                          .length_unit_cm = 1 };
}

/* So many steps of 1e-4 degrees from point 0. */
static gb_roads_place meridian_place(const meridian *m, uint32_t link,
                                     double steps)
{
    const double within = link ? (steps - 4) / 5 : steps / 4;
    gb_roads_place place = { .status = GB_SNAP_OK, .link = link };

    place.along_cm = (uint32_t)(within * m->links[link].cm + 0.5);
    place.point = (gb_lonlat){ 104, 30 + steps * 1e-4 };
    return place;
}

static void trace_of(const meridian *m, const gb_roads_place *from,
                     const gb_roads_place *to, const uint32_t *streets,
                     size_t n, base_mem *mem, roads_trace *out)
{
    ck_assert(roads_trace_make(mem, &m->map, from, to, streets, n, out));
    ck_assert_uint_eq(out->stretches.n, n);
}

static void assert_line(const meridian *m, const gb_roads_place *from,
                        const gb_roads_place *to, const uint32_t *streets,
                        size_t n_streets, const double *steps, size_t n)
{
    base_mem *mem = base_mem_new(NULL);
    roads_trace trace;

    trace_of(m, from, to, streets, n_streets, mem, &trace);
    ck_assert_uint_eq(trace.points.n, n);
    for (size_t i = 0; i < n; i++)
        assert_near(trace.points.items[i].lat_deg, 30 + steps[i] * 1e-4, 1e-9);
    roads_trace_clear(mem, &trace);
    base_mem_unref(mem);
}

START_TEST(a_line_has_each_point_between_two_places_once)
{
    static const double along[] = { 1.5, 2, 3, 4, 5, 6, 6.25 };
    static const double against[] = { 6.25, 6, 5, 4, 3, 2, 1.5 };
    static const uint32_t up[] = { 0, 2 }, down[] = { 3, 1 };
    meridian m;
    gb_roads_place a, b;

    meridian_make(&m);
    a = meridian_place(&m, 0, 1.5);
    b = meridian_place(&m, 1, 6.25);
    assert_line(&m, &a, &b, up, 2, along, 7);
    assert_line(&m, &b, &a, down, 2, against, 7);
}
END_TEST

START_TEST(a_line_within_a_link_has_what_lies_between)
{
    static const double along[] = { 4.5, 5, 6, 7, 8, 8.5 };
    static const double none[] = { 4.25, 4.75 }, one[] = { 4.25 };
    static const uint32_t street[] = { 2 };
    meridian m;
    gb_roads_place a, b;

    meridian_make(&m);
    a = meridian_place(&m, 1, 4.5);
    b = meridian_place(&m, 1, 8.5);
    assert_line(&m, &a, &b, street, 1, along, 6);
    a = meridian_place(&m, 1, 4.25);
    b = meridian_place(&m, 1, 4.75);
    assert_line(&m, &a, &b, street, 1, none, 2);
    assert_line(&m, &a, &a, NULL, 0, one, 1);
}
END_TEST

/* A vertex may be told by either link that ends there. */
START_TEST(a_place_at_a_vertex_is_the_end_of_a_whole_street)
{
    static const double whole[] = { 4, 5, 6, 7, 8, 9 };
    static const double back[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };
    static const uint32_t street[] = { 2 }, streets[] = { 3, 1 };
    meridian m;
    gb_roads_place a, b, c;

    meridian_make(&m);
    a = meridian_place(&m, 0, 4); /* vertex 1, by link 0 */
    b = meridian_place(&m, 1, 9);
    c = meridian_place(&m, 0, 0);
    assert_line(&m, &a, &b, street, 1, whole, 6);
    assert_line(&m, &b, &c, streets, 2, back, 10);
}
END_TEST

START_TEST(each_street_of_a_line_is_known_by_its_first_point_and_its_span)
{
    static const uint32_t streets[] = { 3, 1 };
    base_mem *mem = base_mem_new(NULL);
    const roads_stretch *stretches;
    gb_roads_place a, b;
    roads_trace trace;
    meridian m;

    meridian_make(&m);
    a = meridian_place(&m, 1, 6.25);
    b = meridian_place(&m, 0, 1.5);
    trace_of(&m, &a, &b, streets, 2, mem, &trace);
    stretches = trace.stretches.items;
    ck_assert_uint_eq(stretches[0].first_point, 0);
    ck_assert_uint_eq(stretches[1].first_point, 3); /* 6.25, 6, 5, 4 */
    ck_assert_uint_eq(stretches[0].from_cm, a.along_cm);
    ck_assert_uint_eq(stretches[0].to_cm, 0);
    ck_assert_uint_eq(stretches[1].from_cm, m.links[0].cm);
    ck_assert_uint_eq(stretches[1].to_cm, b.along_cm);
    roads_trace_clear(mem, &trace);
    base_mem_unref(mem);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_query");
    TCase *tables = tcase_create("tables"), *lines = tcase_create("lines");

    tcase_set_timeout(tables, 60);
    tcase_add_test(tables, cells_are_rounded_as_single_weights_are);
    tcase_add_test(tables, both_versions_of_the_loops_give_the_same_bits);
    tcase_add_test(tables, a_large_table_is_its_small_one_over_and_over);
    tcase_add_test(tables, a_table_without_rows_or_columns_is_nothing);
    tcase_add_test(lines, a_line_has_each_point_between_two_places_once);
    tcase_add_test(lines, a_line_within_a_link_has_what_lies_between);
    tcase_add_test(lines, a_place_at_a_vertex_is_the_end_of_a_whole_street);
    tcase_add_test(
        lines, each_street_of_a_line_is_known_by_its_first_point_and_its_span);
    suite_add_tcase(suite, tables);
    suite_add_tcase(suite, lines);
    return suite;
}
