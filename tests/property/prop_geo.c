#include "base_rng.h"
#include "geo_crs.h"
#include "geo_faces.h"
#include "geo_index.h"
#include "geo_overlay.h"

#include "test.h"

enum { MAX_ITEMS = 700 };

typedef struct found {
    int count[MAX_ITEMS];
    size_t n;
} found;

static bool count_item(void *user, uint32_t item)
{
    found *f = user;

    f->count[item]++;
    f->n++;
    return true;
}

static bool stop_at_third(void *user, uint32_t item)
{
    (void)item;
    return ++*(int *)user < 3;
}

typedef struct instance {
    gb_box boxes[MAX_ITEMS];
    size_t n;
} instance;

/* Boxes or points, some of them equal, so that ties are met. */
static instance random_boxes(base_rng *rng, size_t n)
{
    const bool are_points = base_rng_chance(rng, 0.4);
    instance made = { .n = n };

    for (size_t i = 0; i < n; i++) {
        const double x = (double)base_rng_between(rng, 0, 60);
        const double y = (double)base_rng_between(rng, -30, 30);
        const double w = are_points ? 0.0 : base_rng_unit(rng) * 9.0;
        const double h = are_points ? 0.0 : base_rng_unit(rng) * 9.0;

        made.boxes[i] = (gb_box){ x, y, x + w, y + h };
    }
    return made;
}

/* Farther than its box says, so that the exact distance matters. */
static double real_distance_m(void *user, uint32_t item, gb_point from)
{
    const gb_box *boxes = user;
    const gb_point corner = { boxes[item].max_x_m, boxes[item].max_y_m };

    return geo_distance_m(corner, from);
}

static void check_nearest(const instance *in, const geo_index *index,
                          gb_point from, size_t k, double max_m,
                          geo_index_distance_fn exact)
{
    geo_index_hit hits[MAX_ITEMS];
    bool taken[MAX_ITEMS] = { false };
    const size_t n = geo_index_nearest(index, from, k, max_m, exact,
                                       (void *)(uintptr_t)in->boxes, hits);

    for (size_t h = 0;; h++) {
        double best_m = HUGE_VAL;
        size_t best = SIZE_MAX;

        for (size_t i = 0; i < in->n; i++) {
            const double d
                = exact ? exact((void *)(uintptr_t)in->boxes, (uint32_t)i,
                                from)
                        : geo_box_distance_m(in->boxes[i], from);

            if (!taken[i] && d <= max_m && d < best_m) {
                best_m = d;
                best = i;
            }
        }
        if (best == SIZE_MAX || h == k) {
            ck_assert_uint_eq(n, h);
            return;
        }
        ck_assert_uint_lt(h, n);
        ck_assert_uint_eq(hits[h].item, best);
        assert_near(hits[h].distance_m, best_m, 0);
        taken[best] = true;
    }
}

START_TEST(the_tree_agrees_with_a_scan)
{
    static const size_t sizes[] = { 0, 1, 2, 15, 16, 17, 256, 257, 700 };
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_context *ctx = test_context();
    const instance in = random_boxes(&rng, sizes[_i % 9]);
    geo_index *index;

    assert_ok(ctx, geo_index_build(ctx, in.boxes, in.n, &index));
    ck_assert_uint_eq(geo_index_count(index), in.n);
    for (int q = 0; q < 60; q++) {
        const gb_point at = { base_rng_unit(&rng) * 70.0 - 5.0,
                              base_rng_unit(&rng) * 70.0 - 35.0 };
        const double size = base_rng_unit(&rng) * 20.0;
        const gb_box box = { at.x_m, at.y_m, at.x_m + size, at.y_m + size };
        const size_t k = (size_t)base_rng_below(&rng, 25);
        found in_box = { 0 }, in_radius = { 0 };

        ck_assert(geo_index_in_box(index, box, count_item, &in_box));
        ck_assert(geo_index_in_radius(index, at, size, count_item,
                                      &in_radius));
        for (size_t i = 0; i < in.n; i++) {
            ck_assert_int_eq(in_box.count[i],
                             geo_box_meets(in.boxes[i], box));
            ck_assert_int_eq(in_radius.count[i],
                             geo_box_distance_m(in.boxes[i], at) <= size);
        }
        check_nearest(&in, index, at, k, HUGE_VAL, NULL);
        check_nearest(&in, index, at, k, size, NULL);
        check_nearest(&in, index, at, k, HUGE_VAL, real_distance_m);
    }
    if (in.n >= 3) {
        int n = 0;

        ck_assert(!geo_index_in_box(index, geo_index_box(index),
                                    stop_at_third, &n));
        ck_assert_int_eq(n, 3);
    }
    geo_index_free(index);
    gb_context_free(ctx);
}
END_TEST

START_TEST(projecting_and_back_is_within_a_tenth_of_a_millimetre)
{
    static const int32_t systems[] = { 4534, 4544, 4554, 32632, 32719 };
    static const double meridians[] = { 75, 105, 135, 9, -69 };
    const int s = _i % 5;
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_context *ctx = test_context();
    gb_lonlat from[500], back[500];
    gb_point to[500], again[500];
    gb_crs *crs;

    assert_ok(ctx, geo_crs_open(ctx, systems[s], &crs));
    for (int i = 0; i < 500; i++) {
        from[i].lon_deg = meridians[s] + base_rng_unit(&rng) * 17.8 - 8.9;
        from[i].lat_deg = (systems[s] > 32700 ? -1.0 : 1.0)
                          * base_rng_unit(&rng) * 75.0;
    }
    assert_ok(ctx, geo_crs_project(ctx, crs, from, 500, to));
    assert_ok(ctx, geo_crs_unproject(ctx, crs, to, 500, back));
    assert_ok(ctx, geo_crs_project(ctx, crs, back, 500, again));
    for (int i = 0; i < 500; i++) {
        ck_assert(geo_lonlat_distance_m(from[i], back[i]) < 1e-4);
        ck_assert(geo_distance_m(to[i], again[i]) < 1e-4);
    }
    gb_crs_free(crs);
    gb_context_free(ctx);
}
END_TEST

START_TEST(datums_lead_there_and_back)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);

    for (int i = 0; i < 2000; i++) {
        const gb_datum a = (gb_datum)base_rng_below(&rng, 4);
        const gb_datum b = (gb_datum)base_rng_below(&rng, 4);
        const gb_lonlat from = { 73.0 + base_rng_unit(&rng) * 62.0,
                                 3.0 + base_rng_unit(&rng) * 51.0 };
        const gb_lonlat to = geo_datum_shift(a, b, from);
        const gb_lonlat back = geo_datum_shift(b, a, to);

        assert_near(back.lon_deg, from.lon_deg, 1e-9);
        assert_near(back.lat_deg, from.lat_deg, 1e-9);
        ck_assert(geo_lonlat_distance_m(from, to) < 2500.0);
    }
}
END_TEST

/* Random lines in a square that is itself among them. */
static void random_lines(base_rng *rng, base_mem *mem, geo_lines *lines)
{
    const gb_point corners[] = { { 0, 0 }, { 1000, 0 }, { 1000, 1000 },
                                 { 0, 1000 }, { 0, 0 } };
    const int n = (int)base_rng_between(rng, 0, 30);

    for (int i = 0; i < 5; i++)
        ck_assert(geo_lines_add_point(lines, corners[i]));
    ck_assert(geo_lines_end_line(lines));
    for (int l = 0; l < n; l++) {
        const int n_points = (int)base_rng_between(rng, 2, 5);

        for (int i = 0; i < n_points; i++) {
            gb_point p = { base_rng_unit(rng) * 1200.0 - 100.0,
                           base_rng_unit(rng) * 1200.0 - 100.0 };

            if (base_rng_chance(rng, 0.3)) /* coincident and collinear ones */
                p = (gb_point){ 100.0 * floor(p.x_m / 100.0),
                                100.0 * floor(p.y_m / 100.0) };
            ck_assert(geo_lines_add_point(lines, p));
        }
        ck_assert(geo_lines_end_line(lines));
    }
    (void)mem;
}

START_TEST(faces_and_their_unions_keep_the_area)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_context *ctx = test_context();
    geo_lines lines;
    geo_shapes faces, unions, whole;
    geo_edges edges;
    geo_adjacency adjacency;
    uint32_t *label;
    gb_lines line_view;
    gb_shapes face_view, view;
    double area = 0.0, united = 0.0;

    geo_lines_init(&lines, ctx->mem);
    geo_shapes_init(&faces, ctx->mem);
    geo_shapes_init(&unions, ctx->mem);
    geo_shapes_init(&whole, ctx->mem);
    random_lines(&rng, ctx->mem, &lines);
    line_view = geo_lines_view(&lines);
    assert_ok(ctx, geo_faces_of_lines(ctx, &line_view, 0.01, &faces));
    face_view = geo_shapes_view(&faces);
    label = malloc(face_view.n_shapes * sizeof *label);
    for (size_t f = 0; f < face_view.n_shapes; f++) {
        area += geo_shape_area_m2(&face_view, f);
        label[f] = (uint32_t)base_rng_below(&rng, 4);
    }
    ck_assert(area >= 1e6 - 20.0); /* snapped: lines move by half a grid */
    assert_ok(ctx, geo_edges_build(ctx, &face_view, &edges));
    assert_ok(ctx, geo_dissolve(ctx, &edges, label, 4, &unions));
    view = geo_shapes_view(&unions);
    ck_assert_uint_eq(view.n_shapes, 4);
    for (size_t l = 0; l < 4; l++) {
        bool is_valid;
        char why[128];

        united += geo_shape_area_m2(&view, l);
        assert_ok(ctx, geo_is_valid(ctx, &view, l, &is_valid, why));
        ck_assert_msg(is_valid, "label %zu: %s", l, why);
    }
    assert_near(united, area, 1e-6 * area);
    assert_ok(ctx, geo_union(ctx, &view, &whole));
    view = geo_shapes_view(&whole);
    assert_near(geo_shape_area_m2(&view, 0), area, 1e-6 * area);

    /* the border of each label is that of its neighbours and the rim */
    assert_ok(ctx, geo_adjacency_build(ctx, &edges, label, 4, &adjacency));
    view = geo_shapes_view(&unions);
    for (uint32_t l = 0; l < 4; l++) {
        double border = adjacency.rim_m[l];

        for (uint32_t k = adjacency.first[l]; k < adjacency.first[l + 1]; k++)
            border += adjacency.shared_m[k];
        assert_near(border, geo_shape_perimeter_m(&view, l), 1e-6);
    }
    /* any point is in one face and in that face's union */
    for (int i = 0; i < 100; i++) {
        const gb_point p = { base_rng_unit(&rng) * 998.0 + 1.0,
                             base_rng_unit(&rng) * 998.0 + 1.0 };
        uint32_t owner = UINT32_MAX;
        int n = 0;

        for (size_t f = 0; f < face_view.n_shapes; f++)
            if (geo_shape_contains(&face_view, f, p)) {
                owner = label[f];
                n++;
            }
        ck_assert_int_eq(n, 1);
        for (uint32_t l = 0; l < 4; l++)
            ck_assert_int_eq(geo_shape_contains(&view, l, p), l == owner);
    }
    geo_adjacency_clear(&adjacency);
    geo_edges_clear(&edges);
    geo_shapes_clear(&whole);
    geo_shapes_clear(&unions);
    geo_shapes_clear(&faces);
    geo_lines_clear(&lines);
    free(label);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, the_tree_agrees_with_a_scan, 0,
                        test_cases(18));
    tcase_add_loop_test(
        tcase, projecting_and_back_is_within_a_tenth_of_a_millimetre, 0,
        test_cases(5));
    tcase_add_loop_test(tcase, datums_lead_there_and_back, 0, test_cases(3));
    tcase_add_loop_test(tcase, faces_and_their_unions_keep_the_area, 0,
                        test_cases(40));
    suite_add_tcase(suite, tcase);
    return suite;
}
