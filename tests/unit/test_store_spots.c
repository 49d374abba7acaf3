/*
 * test_store_spots.c - hot spots, clusters and potential in a workspace.
 */
#include "ground.h"
#include "store_potential.h"
#include "store_save.h"
#include "store_spots.h"

static const store_scope everyone = { STORE_SCOPE_ALL, 0 };
static bank b;
static ground g;
static int32_t on;

static void set_up(void)
{
    bank_open(&b);
    on = store_day_parse("2026-03-02");
}

static void tear_down(void)
{
    bank_close(&b);
}

static void enter(void)
{
    store_enter(b.ws, &b.run);
}

static void leave(void)
{
    store_leave(b.ws);
}

static void select_all(const char *as_of)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    assert_ok(b.ctx,
              gb_segment_define(b.ctx, b.ws,
                                "{\"name\": \"all\", \"clauses\": "
                                "[{\"name\": \"a\", \"sql\": \"1\"}]}",
                                &result));
    gb_segment_result_free(result);
    options.name = "all";
    options.as_of = as_of;
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
}

/* c1 at branch 1 and c2 at branch 2 in the first cell, c3 in the fourth; all
 * are targets. */
static void populate(void)
{
    static const int64_t ids[] = { 1, 2, 3 }, values[] = { 5, 50, 7 };
    static const uint32_t cell_of[] = { 0, 0, 3 };
    const store_scores scores = { .on = on, .n = 3, .customers = ids,
                                  .values = values };
    store_cells cells;

    bank_add(&b, "c1", "balance_fen = 10");
    bank_add(&b, "c2", "balance_fen = 20, branch_id = 2");
    bank_add(&b, "c3", "balance_fen = 40");
    select_all("2026-03-02");
    ground_make(&g, 2);
    enter();
    assert_ok(b.ctx, store_save_scores(b.ws, &scores));
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, cell_of, 3));
    store_cells_clear(&cells);
    leave();
}

static const store_spot spots[] = {
    { 2, 2.5, 0.0124, 0.0496, 1 },
    { 0, -0.5, 0.617, 0.823, 0 },
    { (double)NAN, (double)NAN, (double)NAN, (double)NAN, 7 },
    { 1, -2.5, 0.0124, 0.0496, 2 },
};

static void save_spots(const char *name, const char *stat)
{
    const store_spots in = { .name = name, .stat = stat, .on = on,
                             .level = 0.05, .items = spots, .n = 4 };

    assert_ok(b.ctx, store_save_spots(b.ws, &in));
}

START_TEST(spots_come_back_to_the_bit)
{
    store_spots out;

    populate();
    enter();
    save_spots("dormant", "gistar");
    save_spots("dormant", "gistar");
    assert_ok(b.ctx,
              store_load_spots(b.ws, "dormant", "gistar", on, &out));
    ck_assert_uint_eq(out.n, 4);
    assert_near(out.level, 0.05, 0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(out.items[i].spot_class, spots[i].spot_class);
        if (i == 2) {
            ck_assert(isnan(out.items[i].value) && isnan(out.items[i].p));
            continue;
        }
        assert_near(out.items[i].value, spots[i].value, 0);
        assert_near(out.items[i].z, spots[i].z, 0);
        assert_near(out.items[i].p_fdr, spots[i].p_fdr, 0);
    }
    store_spots_clear(&out);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_load_spots(b.ws, "dormant", "moran", on, &out));
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_load_spots(b.ws, "dormant", "gistar", on + 1, &out));
    leave();
}
END_TEST

START_TEST(customers_are_counted_by_cell)
{
    double counts[4] = { 9, 9, 9, 9 };

    populate();
    enter();
    assert_ok(b.ctx, store_count_by_cell(b.ws, counts, 4));
    assert_near(counts[0], 2, 0);
    assert_near(counts[1], 0, 0);
    assert_near(counts[3], 1, 0);
    leave();
}
END_TEST

START_TEST(potential_is_summed_in_a_scope_beside_what_the_night_found)
{
    store_cell_sums sums;

    populate();
    enter();
    save_spots("dormant", "gistar");
    assert_ok(b.ctx,
              store_query_potential(b.ws, everyone, "dormant", on, &sums));
    ck_assert_uint_eq(sums.n, 2);
    ck_assert_str_eq(sums.items[0].ref, "cell00001");
    ck_assert_int_eq(sums.items[0].customers, 2);
    ck_assert_int_eq(sums.items[0].value, 55);
    ck_assert_int_eq(sums.items[0].balance_fen, 30);
    ck_assert_int_eq(sums.items[0].unvisited, 2);
    ck_assert_int_eq(sums.items[0].spot_class, 1);
    ck_assert_int_eq(sums.items[0].moran_class, 7);
    ck_assert(isnan(sums.items[0].per_km2));
    ck_assert_int_eq(sums.items[1].spot_class, 2);
    store_cell_sums_clear(&sums);
    assert_ok(b.ctx,
              store_query_potential(b.ws, (store_scope){ STORE_SCOPE_BRANCH, 2 },
                                    "value", on, &sums));
    ck_assert_uint_eq(sums.n, 1);
    ck_assert_int_eq(sums.items[0].value, 50);
    ck_assert_int_eq(sums.items[0].spot_class, 7);
    store_cell_sums_clear(&sums);
    leave();
}
END_TEST

static void add_square(geo_shapes *shapes, double x)
{
    ck_assert(geo_shapes_add_point(shapes, (gb_point){ x, 30 }));
    ck_assert(geo_shapes_add_point(shapes, (gb_point){ x + 0.01, 30 }));
    ck_assert(geo_shapes_add_point(shapes, (gb_point){ x + 0.01, 30.01 }));
    ck_assert(geo_shapes_end_ring(shapes));
    ck_assert(geo_shapes_end_shape(shapes));
}

static void save_clusters(uint32_t first, uint32_t second, uint32_t third)
{
    static const double area_m2[] = { 100, 200 };
    static const int64_t targets[] = { 1, 2, 3 };
    const uint32_t number[] = { first, second, third };
    store_clusters_in in = { .on = on, .radius_m = 50, .min_points = 20,
                             .n = 2, .area_m2 = area_m2, .n_targets = 3,
                             .targets = targets, .number = number };
    geo_shapes outlines;

    geo_shapes_init(&outlines, b.ctx->mem);
    add_square(&outlines, 114.3);
    add_square(&outlines, 114.4);
    in.outlines = geo_shapes_view(&outlines);
    assert_ok(b.ctx, store_save_clusters(b.ws, &in));
    geo_shapes_clear(&outlines);
}

START_TEST(clusters_are_counted_in_a_scope)
{
    store_clusters out;
    gb_shapes view;

    populate();
    enter();
    save_clusters(1, 2, 0);
    save_clusters(1, 2, 2); /* in place of those */
    assert_ok(b.ctx, store_load_clusters(b.ws, everyone, on, NULL, &out));
    ck_assert_uint_eq(out.n, 2);
    ck_assert_uint_eq(out.items[0].number, 2);
    ck_assert_int_eq(out.items[0].targets, 2);
    ck_assert_int_eq(out.items[0].value, 57);
    ck_assert_int_eq(out.items[0].balance_fen, 60);
    ck_assert_int_eq(out.items[1].value, 5);
    assert_near(out.radius_m, 50, 0);
    view = geo_shapes_view(&out.outlines);
    ck_assert_uint_eq(view.n_shapes, 2);
    ck_assert(view.points[0].x_m >= 114.4);
    store_clusters_clear(&out);
    assert_ok(b.ctx,
              store_load_clusters(b.ws, (store_scope){ STORE_SCOPE_BRANCH, 2 },
                                  on, NULL, &out));
    ck_assert_uint_eq(out.n, 1);
    ck_assert_int_eq(out.items[0].targets, 1);
    ck_assert_int_eq(out.items[0].value, 50);
    store_clusters_clear(&out);
    assert_ok(b.ctx, store_load_clusters(b.ws, everyone, on + 1, NULL, &out));
    ck_assert_uint_eq(out.n, 0);
    store_clusters_clear(&out);
    leave();
}
END_TEST

START_TEST(a_target_that_goes_leaves_its_cluster)
{
    store_clusters out;

    populate();
    enter();
    save_clusters(1, 2, 2);
    leave();
    bank_sql(&b, "DELETE FROM target WHERE customer_id = 1");
    enter();
    assert_ok(b.ctx, store_load_clusters(b.ws, everyone, on, NULL, &out));
    ck_assert_uint_eq(out.n, 1);
    store_clusters_clear(&out);
    leave();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_spots");
    TCase *tcase = tcase_create("store_spots");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, spots_come_back_to_the_bit);
    tcase_add_test(tcase, customers_are_counted_by_cell);
    tcase_add_test(tcase,
                   potential_is_summed_in_a_scope_beside_what_the_night_found);
    tcase_add_test(tcase, clusters_are_counted_in_a_scope);
    tcase_add_test(tcase, a_target_that_goes_leaves_its_cluster);
    suite_add_tcase(suite, tcase);
    return suite;
}
