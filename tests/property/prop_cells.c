#include <gridbeat/cells.h>

#include "base_rng.h"
#include "geo_overlay.h"

#include "test.h"

/* A town without sense: lines anywhere, some doubled at the distance of a
 * carriageway, compounds over them, points in heaps. */
typedef struct town {
    geo_shapes region, atomic;
    geo_lines lines;
    gb_shapes region_view, atomic_view;
    gb_lines line_view;
    uint8_t classes[128];
    gb_point points[400];
    double weights[400];
    gb_cells_input input;
    gb_cells_options options;
} town;

static gb_point anywhere(base_rng *rng)
{
    gb_point p = { 5e5 + base_rng_unit(rng) * 2400.0 - 200.0,
                   3e6 + base_rng_unit(rng) * 2400.0 - 200.0 };

    if (base_rng_chance(rng, 0.3)) {
        p.x_m = 5e5 + 200.0 * floor((p.x_m - 5e5) / 200.0);
        p.y_m = 3e6 + 200.0 * floor((p.y_m - 3e6) / 200.0);
    }
    return p;
}

static void add_line(town *t, uint8_t line_class, gb_point a, gb_point b,
                     gb_point c)
{
    t->classes[geo_lines_count(&t->lines)] = line_class;
    ck_assert(geo_lines_add_point(&t->lines, a)
              && geo_lines_add_point(&t->lines, b)
              && geo_lines_add_point(&t->lines, c)
              && geo_lines_end_line(&t->lines));
}

static void add_lines(town *t, base_rng *rng)
{
    const int n = (int)base_rng_between(rng, 0, 40);

    for (int i = 0; i < n; i++) {
        const uint8_t c = (uint8_t)base_rng_below(rng, GB_LINE_CLASS_COUNT);
        gb_point p[3];

        for (int k = 0; k < 3; k++)
            p[k] = anywhere(rng);
        add_line(t, c, p[0], p[1], p[2]);
        if (base_rng_chance(rng, 0.3)) {
            const double off = base_rng_unit(rng) * 25.0;

            for (int k = 0; k < 3; k++) {
                p[k].x_m += off;
                p[k].y_m -= off / 2.0;
            }
            add_line(t, c, p[0], p[1], p[2]);
        }
    }
}

static void add_polygon(geo_shapes *to, base_rng *rng, double size)
{
    const gb_point at = anywhere(rng);
    const int n = (int)base_rng_between(rng, 3, 7);

    for (int i = 0; i < n; i++) {
        const double angle = 6.283185307 * i / n;
        const double radius = size * (0.5 + base_rng_unit(rng));

        ck_assert(geo_shapes_add_point(
            to, (gb_point){ at.x_m + radius * cos(angle),
                            at.y_m + radius * sin(angle) }));
    }
    ck_assert(geo_shapes_end_ring(to) && geo_shapes_end_shape(to));
}

static void add_region(town *t, base_rng *rng)
{
    for (int i = 0; i < 8; i++) {
        const double angle = 6.283185307 * i / 8;
        const double radius = 800.0 + 400.0 * base_rng_unit(rng);

        ck_assert(geo_shapes_add_point(
            &t->region, (gb_point){ 5e5 + 1000.0 + radius * cos(angle),
                                    3e6 + 1000.0 + radius * sin(angle) }));
    }
    ck_assert(geo_shapes_end_ring(&t->region)
              && geo_shapes_end_shape(&t->region));
}

static void make_town(town *t, gb_context *ctx, base_rng *rng)
{
    const gb_cells_input none = GB_CELLS_INPUT_INIT;
    const gb_cells_options all = GB_CELLS_OPTIONS_INIT;
    const int n_atomic = (int)base_rng_between(rng, 0, 9);

    *t = (town){ .input = none, .options = all };
    geo_shapes_init(&t->region, ctx->mem);
    geo_shapes_init(&t->atomic, ctx->mem);
    geo_lines_init(&t->lines, ctx->mem);
    add_lines(t, rng);
    for (int i = 0; i < n_atomic; i++)
        add_polygon(&t->atomic, rng, 90.0);
    t->input.n_points = (size_t)base_rng_between(rng, 1, 400);
    for (size_t p = 0; p < t->input.n_points; p++) {
        t->points[p] = p > 0 && base_rng_chance(rng, 0.3)
                           ? t->points[base_rng_below(rng, p)]
                           : anywhere(rng);
        t->weights[p] = (double)base_rng_between(rng, 0, 9);
    }
    if (base_rng_chance(rng, 0.6))
        add_region(t, rng);
    t->region_view = geo_shapes_view(&t->region);
    t->atomic_view = geo_shapes_view(&t->atomic);
    t->line_view = geo_lines_view(&t->lines);
    t->input.region = &t->region_view;
    t->input.atomic = &t->atomic_view;
    t->input.lines = &t->line_view;
    t->input.line_classes = t->classes;
    t->input.points = t->points;
    t->input.weights = t->weights;
    if (base_rng_chance(rng, 0.7))
        t->options.max_weight = (double)base_rng_between(rng, 20, 300);
    if (base_rng_chance(rng, 0.5))
        t->options.min_weight = (double)base_rng_between(rng, 1, 20);
}

static void clear_town(town *t)
{
    geo_shapes_clear(&t->region);
    geo_shapes_clear(&t->atomic);
    geo_lines_clear(&t->lines);
}

static void see(gb_context *ctx, const gb_cells *cells, gb_cells_view *view)
{
    const gb_cells_view empty = GB_CELLS_VIEW_INIT;
    gb_cells_finding found = { 0 };
    size_t n;

    *view = empty;
    assert_ok(ctx, gb_cells_get(ctx, cells, view));
    assert_ok(ctx, gb_cells_check(ctx, view, &found, 1, &n));
    ck_assert_msg(n == 0, "%zu findings, first: kind %d, %u, %u, %g", n,
                  found.kind, found.a, found.b, found.value);
}

static bool is_reported(const gb_cells *cells, gb_cells_finding_kind kind,
                        uint32_t a)
{
    size_t n;
    const gb_cells_finding *all = gb_cells_findings(cells, &n);

    for (size_t i = 0; i < n; i++)
        if (all[i].kind == (int32_t)kind && all[i].a == a)
            return true;
    return false;
}

static bool is_at_rim(const gb_shapes *region, gb_point p, double within_m)
{
    for (uint32_t r = 0; r < region->n_rings; r++) {
        const uint32_t begin = region->ring_first_point[r];
        const uint32_t n = region->ring_first_point[r + 1] - begin;

        for (uint32_t i = 0; i < n; i++)
            if (geo_segment_distance_m(p, region->points[begin + i],
                                       region->points[begin + (i + 1) % n],
                                       NULL)
                <= within_m)
                return true;
    }
    return false;
}

/* Each point is in the one cell that a scan finds, and weighs there. */
static void check_points(const town *t, const gb_cells *cells,
                         const gb_cells_view *view, bool is_made)
{
    const double rim_m = 0.1; /* where rounding has moved the border */

    double sums[4000] = { 0 };

    ck_assert_uint_lt(view->n_cells, 4000);
    for (size_t p = 0; p < t->input.n_points; p++) {
        const uint32_t cell = view->cell_of_point[p];

        if (cell == GB_CELL_NONE) {
            ck_assert(!is_made || t->region_view.n_shapes > 0);
            ck_assert(is_reported(cells, GB_CELLS_OUTSIDE, (uint32_t)p));
            for (size_t c = 0; c < view->n_cells; c++)
                ck_assert(!geo_shape_contains(view->shapes, c, t->points[p]));
            continue;
        }
        ck_assert(geo_shape_contains(view->shapes, cell, t->points[p])
                  || is_at_rim(view->region, t->points[p], rim_m));
        sums[cell] += t->weights[p];
    }
    for (size_t c = 0; c < view->n_cells; c++) {
        assert_near(sums[c], view->weights[c], 1e-9);
        if (t->options.max_weight > 0.0 && sums[c] > t->options.max_weight)
            ck_assert(is_reported(cells, GB_CELLS_HEAVY, (uint32_t)c));
    }
}

/* All of a compound that lies in the region lies in one cell. */
static void check_compounds(gb_context *ctx, const town *t,
                            const gb_cells_view *view)
{
    for (size_t a = 0; a < t->atomic_view.n_shapes; a++) {
        double inside = 0.0, most = 0.0, part;

        if (geo_shape_area_m2(&t->atomic_view, a) > 4e5)
            continue;
        assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_INTERSECTION,
                                           &t->atomic_view, a, view->region, 0,
                                           &inside));
        for (size_t c = 0; c < view->n_cells; c++) {
            if (!geo_box_meets(geo_shape_box(&t->atomic_view, a),
                               geo_shape_box(view->shapes, c)))
                continue;
            assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_INTERSECTION,
                                               &t->atomic_view, a,
                                               view->shapes, c, &part));
            most = fmax(most, part);
        }
        /* borders are rounded to a centimetre; a region may cut a compound
         * in two, which then are two cells */
        ck_assert_msg(most >= inside - 20.0
                          || (t->region_view.n_shapes > 0
                              && most >= inside / 3.0),
                      "compound %zu: %g of %g m2 in one cell", a, most,
                      inside);
    }
}

static void check_connected(const gb_cells_view *view)
{
    for (size_t c = 0; c < view->n_cells; c++) {
        const uint32_t first = view->shapes->shape_first_ring[c];

        for (uint32_t r = first + 1; r < view->shapes->shape_first_ring[c + 1];
             r++) {
            const uint32_t begin = view->shapes->ring_first_point[r];

            ck_assert(geo_ring_area_m2(view->shapes->points + begin,
                                       view->shapes->ring_first_point[r + 1]
                                           - begin)
                      < 0.0);
        }
    }
}

START_TEST(random_towns_are_parted_without_gap_or_overlap)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_context *ctx = test_context();
    gb_cells *cells = NULL, *again = NULL;
    gb_cells_view view, second;
    town t;

    make_town(&t, ctx, &rng);
    assert_ok(ctx, gb_cells_build(ctx, &t.input, &t.options, &cells));
    see(ctx, cells, &view);
    if (t.region_view.n_shapes > 0)
        assert_near(geo_shape_area_m2(view.region, 0),
                    geo_shape_area_m2(&t.region_view, 0),
                    0.01 * geo_shape_perimeter_m(&t.region_view, 0));
    check_points(&t, cells, &view, true);
    check_compounds(ctx, &t, &view);
    check_connected(&view);
    /* the same bytes again */
    assert_ok(ctx, gb_cells_build(ctx, &t.input, &t.options, &again));
    see(ctx, again, &second);
    ck_assert_uint_eq(view.shapes->n_points, second.shapes->n_points);
    ck_assert_mem_eq(view.shapes->points, second.shapes->points,
                     view.shapes->n_points * sizeof(gb_point));
    ck_assert_mem_eq(view.neighbours, second.neighbours,
                     view.first_neighbour[view.n_cells] * sizeof(uint32_t));
    gb_cells_free(cells);
    gb_cells_free(again);
    clear_town(&t);
    gb_context_free(ctx);
}
END_TEST

START_TEST(random_polygons_are_mended_into_cells)
{
    base_rng rng = base_rng_stream(test_seed(), 1000 + (uint64_t)_i);
    const int n = (int)base_rng_between(&rng, 1, 12);
    gb_context *ctx = test_context();
    gb_cells *cells = NULL;
    gb_cells_view view;
    gb_shapes given_view;
    geo_shapes given;
    uint32_t last = 0;
    town t;

    make_town(&t, ctx, &rng);
    geo_shapes_init(&given, ctx->mem);
    for (int i = 0; i < n; i++)
        add_polygon(&given, &rng, 300.0);
    given_view = geo_shapes_view(&given);
    t.options.max_weight = 0.0;
    assert_ok(ctx, gb_cells_from_shapes(ctx, &given_view, &t.input, &t.options,
                                        &cells));
    see(ctx, cells, &view);
    check_points(&t, cells, &view, false);
    for (size_t c = 0; c < view.n_cells; c++) {
        if (view.kinds[c] != GB_CELL_GIVEN)
            continue;
        ck_assert(c == 0 || view.sources[c] > last);
        last = view.sources[c];
    }
    gb_cells_free(cells);
    geo_shapes_clear(&given);
    clear_town(&t);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cells");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, random_towns_are_parted_without_gap_or_overlap,
                        0, test_cases(60));
    tcase_add_loop_test(tcase, random_polygons_are_mended_into_cells, 0,
                        test_cases(40));
    suite_add_tcase(suite, tcase);
    return suite;
}
