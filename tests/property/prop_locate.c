/*
 * The raster of a geo_locator against a plain scan over all edges, in integers
 * of 1e-8 degrees: patches of a jittered lattice with holes, islands, overlaps
 * and missing cells; places on vertices, on edges, a hair beside them, and far
 * off.
 */
#include "base_array.h"
#include "base_rng.h"
#include "geo_locate_raster.h"
#include "geo_shape.h"

#include "test.h"

enum { MOST_SIDE = 9, MOST_SHAPES = 120, MOST_EDGES = 2000, N_PLACES = 400 };

typedef struct spot {
    int64_t x, y;
} spot;

typedef struct edge {
    spot a, b;
    uint32_t shape;
    bool is_rim;
} edge;

typedef struct town {
    gb_context *ctx;
    int lon, lat;
    int64_t unit; /* the lattice's step in 1e-8 degrees */
    geo_shapes shapes;
    uint32_t groups[MOST_SHAPES];
    edge edges[MOST_EDGES];
    size_t n_edges;
    geo_locator *locator;
} town;

static double degrees(int base, int64_t units)
{
    return base + (double)units / 1e8;
}

static void add_ring(town *t, const spot *ring, size_t n)
{
    const uint32_t shape = (uint32_t)geo_shapes_count(&t->shapes);

    for (size_t i = 0; i < n; i++) {
        const gb_point p = { degrees(t->lon, ring[i].x),
                             degrees(t->lat, ring[i].y) };

        ck_assert(geo_shapes_add_point(&t->shapes, p));
        ck_assert_uint_lt(t->n_edges, MOST_EDGES);
        t->edges[t->n_edges++]
            = (edge){ ring[i], ring[(i + 1) % n], shape, false };
    }
    ck_assert(geo_shapes_end_ring(&t->shapes));
}

static void end_shape(town *t, uint32_t group)
{
    t->groups[geo_shapes_count(&t->shapes)] = group;
    ck_assert(geo_shapes_end_shape(&t->shapes));
}

/* A square of the lattice, now and then with a hole, which now and then has
 * another shape in it. */
static void add_cell(town *t, base_rng *rng, const spot c[4], uint32_t group)
{
    const spot m = { (c[0].x + c[1].x + c[2].x + c[3].x) / 4,
                     (c[0].y + c[1].y + c[2].y + c[3].y) / 4 };
    const int64_t r = t->unit / 8 ? t->unit / 8 : 1;
    const spot hole[4] = { { m.x, m.y + r }, { m.x + r, m.y }, { m.x, m.y - r },
                           { m.x - r, m.y } };
    const spot island[4] = { hole[3], hole[2], hole[1], hole[0] };
    const bool has_hole = t->unit >= 40 && base_rng_chance(rng, 0.2);

    add_ring(t, c, 4);
    if (has_hole)
        add_ring(t, hole, 4);
    end_shape(t, group);
    if (has_hole && base_rng_chance(rng, 0.5)) {
        add_ring(t, island, 4);
        end_shape(t, group + (uint32_t)base_rng_chance(rng, 0.5));
    }
}

static void mark_rim(town *t)
{
    for (size_t i = 0; i < t->n_edges; i++) {
        edge *e = &t->edges[i];
        bool is_backed = false, is_one = true;

        for (size_t j = 0; j < t->n_edges; j++) {
            const edge *o = &t->edges[j];
            const bool is_same = o->a.x == e->a.x && o->a.y == e->a.y
                                 && o->b.x == e->b.x && o->b.y == e->b.y;
            const bool is_back = o->a.x == e->b.x && o->a.y == e->b.y
                                 && o->b.x == e->a.x && o->b.y == e->a.y;

            is_backed = is_backed || is_back;
            if ((is_same || is_back)
                && t->groups[o->shape] != t->groups[e->shape])
                is_one = false;
        }
        e->is_rim = !(is_backed && is_one);
    }
}

static void make_town(town *t, base_rng *rng)
{
    static const int64_t units[] = { 2, 5, 40, 1000, 33333, 2000000 };
    const int n = (int)base_rng_between(rng, 1, MOST_SIDE);
    const double share = base_rng_unit(rng);
    spot v[MOST_SIDE + 1][MOST_SIDE + 1];
    uint32_t group = 0;
    gb_shapes view;

    t->lon = (int)base_rng_between(rng, -180, 179);
    t->lat = (int)base_rng_between(rng, -60, 60);
    t->unit = units[base_rng_below(rng, 6)];
    t->n_edges = 0;
    geo_shapes_init(&t->shapes, t->ctx->mem);
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= n; j++) {
            v[i][j] = (spot){ j * t->unit, i * t->unit };
            if (base_rng_chance(rng, share)) {
                v[i][j].x += base_rng_between(rng, 0, (t->unit - 1) / 2);
                v[i][j].y += base_rng_between(rng, 0, (t->unit - 1) / 2);
            }
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const spot c[4] = { v[i][j], v[i][j + 1], v[i + 1][j + 1],
                                v[i + 1][j] };

            if (n > 1 && base_rng_chance(rng, 0.1))
                continue;
            add_cell(t, rng, c, group);
            group = t->groups[geo_shapes_count(&t->shapes) - 1]
                    + (uint32_t)base_rng_chance(rng, 0.4);
        }
    for (int k = (int)base_rng_below(rng, 3); k > 0; k--) {
        spot c[3] = { v[0][0], v[n][n / 2], v[n / 2][n] };

        c[0].x += base_rng_between(rng, 0, t->unit);
        add_ring(t, c, 3);
        end_shape(t, ++group);
    }
    mark_rim(t);
    view = geo_shapes_view(&t->shapes);
    if (view.n_shapes > 0)
        assert_ok(t->ctx, geo_locator_build_degrees(t->ctx, &view, t->groups,
                                                    &t->locator));
}

static void clear_town(town *t)
{
    geo_locator_free(t->locator);
    t->locator = NULL;
    geo_shapes_clear(&t->shapes);
}

/* ------------------------------------------------------------------ scan -- */

static int64_t side_of(const edge *e, spot p)
{
    return (e->b.x - e->a.x) * (p.y - e->a.y)
           - (e->b.y - e->a.y) * (p.x - e->a.x);
}

static bool lies_on(const edge *e, spot p)
{
    return side_of(e, p) == 0 && p.x >= (e->a.x < e->b.x ? e->a.x : e->b.x)
           && p.x <= (e->a.x < e->b.x ? e->b.x : e->a.x)
           && p.y >= (e->a.y < e->b.y ? e->a.y : e->b.y)
           && p.y <= (e->a.y < e->b.y ? e->b.y : e->a.y);
}

static geo_location scan(const town *t, spot p)
{
    geo_location found = { GEO_NOWHERE, GEO_NOWHERE, false };
    bool holds[MOST_SHAPES] = { false }, touches[MOST_SHAPES] = { false };

    for (size_t i = 0; i < t->n_edges; i++) {
        const edge *e = &t->edges[i];

        if (lies_on(e, p)) {
            touches[e->shape] = true;
            found.is_on_border |= e->is_rim;
        }
        if ((e->a.y > p.y) != (e->b.y > p.y)
            && (side_of(e, p) > 0) == (e->b.y > e->a.y))
            holds[e->shape] = !holds[e->shape];
    }
    for (uint32_t s = 0; s < MOST_SHAPES; s++) {
        if (!holds[s] && !touches[s])
            continue;
        if (found.shape == GEO_NOWHERE)
            found.shape = s;
        else if (found.other == GEO_NOWHERE
                 && t->groups[s] != t->groups[found.shape])
            found.other = s;
    }
    return found;
}

/* In millimetres, of all edges that are a border of a group. */
static uint32_t scan_nearest(const town *t, spot p)
{
    double best = HUGE_VAL;
    uint32_t shape = GEO_NOWHERE;

    for (size_t i = 0; i < t->n_edges; i++) {
        const edge *e = &t->edges[i];
        const double mm
            = ceil(1e3
                       * geo_segment_distance_m(
                           locate_on_plane(t->locator, (double)p.x,
                                           (double)p.y),
                           locate_on_plane(t->locator, (double)e->a.x,
                                           (double)e->a.y),
                           locate_on_plane(t->locator, (double)e->b.x,
                                           (double)e->b.y),
                           NULL)
                   + 1e-4);

        if (e->is_rim && mm < best) {
            best = mm;
            shape = e->shape;
        }
    }
    return shape;
}

/* A vertex, a place on an edge, or anywhere; then a hair off, or not. */
static spot random_place(const town *t, base_rng *rng)
{
    const edge *e = &t->edges[base_rng_below(rng, (uint32_t)t->n_edges)];
    const int64_t dx = e->b.x - e->a.x, dy = e->b.y - e->a.y;
    spot p = e->a;

    switch (base_rng_below(rng, 4)) {
    case 0:
        break;
    case 1: /* exactly on it where half of it is whole */
        p.x += dx / 2;
        p.y += dy / 2;
        break;
    default:
        p.x = base_rng_between(rng, -t->unit, (MOST_SIDE + 1) * t->unit);
        p.y = base_rng_between(rng, -t->unit, (MOST_SIDE + 1) * t->unit);
        return p;
    }
    if (base_rng_chance(rng, 0.5)) {
        p.x += base_rng_between(rng, -1, 1);
        p.y += base_rng_between(rng, -1, 1);
    }
    return p;
}

static town t;

START_TEST(a_place_is_where_a_scan_over_all_edges_has_it)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);

    t.ctx = test_context();
    make_town(&t, &rng);
    for (int i = 0; i < N_PLACES && t.n_edges > 0; i++) {
        const spot p = random_place(&t, &rng);
        const gb_lonlat at = { degrees(t.lon, p.x), degrees(t.lat, p.y) };
        const geo_location expected = scan(&t, p);
        const geo_location got = geo_locate(t.locator, at);
        double metres;

        ck_assert_msg(got.shape == expected.shape
                          && got.other == expected.other
                          && got.is_on_border == expected.is_on_border,
                      "seed %llu, case %d, place %d: %u %u %d, not %u %u %d",
                      (unsigned long long)test_seed(), _i, i, got.shape,
                      got.other, got.is_on_border, expected.shape,
                      expected.other, expected.is_on_border);
        if (got.shape != GEO_NOWHERE)
            continue;
        ck_assert_uint_eq(
            t.groups[geo_locate_nearest(t.locator, at, &metres)],
            t.groups[scan_nearest(&t, p)]);
        ck_assert(metres >= 0.0);
    }
    clear_town(&t);
    gb_context_free(t.ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("locate");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, a_place_is_where_a_scan_over_all_edges_has_it,
                        0, test_cases(60));
    suite_add_tcase(suite, tcase);
    return suite;
}
