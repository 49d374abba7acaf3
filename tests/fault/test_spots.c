#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "test.h"

static const double values[] = { 9, 8, 1, 2, 7 };
static const uint32_t first[] = { 0, 2, 4, 6, 7, 8 };
static const uint32_t areas[] = { 1, 4, 0, 2, 1, 3, 2, 0 };
static const gb_neighbours near = { sizeof near, 5, first, areas, NULL };
static const gb_point points[] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 500, 9 } };

static gb_status all_of_it(gb_context *ctx)
{
    gb_clusters_options options = GB_CLUSTERS_OPTIONS_INIT;
    gb_moran moran = { .size = sizeof moran };
    gb_spot spots[5];
    double p[] = { 0.5, 0.1, 0.2, 0.9, 0.01 };
    uint32_t clusters[4], n;
    gb_status status = gb_spots(ctx, values, &near, NULL, spots);

    options.min_points = 2;
    if (!status)
        status = gb_spots_moran(ctx, values, &near, NULL, &moran);
    if (!status)
        status = gb_false_discovery(ctx, p, 5, p);
    if (!status)
        status = gb_spots_rates(ctx, p, values, 5, p);
    return status ? status : gb_clusters(ctx, points, 4, &options, clusters,
                                         NULL, &n);
}

START_TEST(spots_and_clusters_survive_lack_of_memory)
{
    faulty_loop(all_of_it, (faulty_way)_i, 1);
}
END_TEST

START_TEST(a_wish_to_cancel_is_met)
{
    gb_context *ctx = test_context();
    gb_moran moran = { .size = sizeof moran };
    gb_spot spots[5];
    uint32_t clusters[4], n;

    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_spots(ctx, values, &near, NULL, spots));
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_spots_moran(ctx, values, &near, NULL, &moran));
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_clusters(ctx, points, 4, NULL, clusters, NULL, &n));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("spots");
    TCase *tcase = tcase_create("spots");

    tcase_add_loop_test(tcase, spots_and_clusters_survive_lack_of_memory, 0,
                        2);
    tcase_add_test(tcase, a_wish_to_cancel_is_met);
    suite_add_tcase(suite, tcase);
    return suite;
}
