#include <gridbeat/spots.h>

#include "base_rng.h"
#include "test.h"

enum { MOST = 150 };

typedef struct cloud {
    size_t n;
    gb_point points[MOST];
    gb_clusters_options options;
} cloud;

static void draw(cloud *c, base_rng *rng)
{
    const double side = 100 + 1000 * base_rng_unit(rng);

    c->n = (size_t)base_rng_between(rng, 0, MOST);
    c->options = (gb_clusters_options)GB_CLUSTERS_OPTIONS_INIT;
    c->options.radius_m = 1 + side / 4 * base_rng_unit(rng);
    c->options.min_points = (uint32_t)base_rng_between(rng, 1, 12);
    if (base_rng_chance(rng, 0.3)) /* whole steps: distances are met exactly */
        c->options.radius_m = 10 * ceil(c->options.radius_m / 10);
    for (size_t i = 0; i < c->n; i++) {
        gb_point *p = &c->points[i];

        *p = (gb_point){ side * base_rng_unit(rng) - side / 2,
                         side * base_rng_unit(rng) };
        if (base_rng_chance(rng, 0.3)) {
            p->x_m = 10 * floor(p->x_m / 10);
            p->y_m = 10 * floor(p->y_m / 10);
        }
        if (i > 0 && base_rng_chance(rng, 0.3))
            *p = c->points[base_rng_below(rng, i)];
    }
}

static bool are_near(const cloud *c, size_t i, size_t k)
{
    const double dx = c->points[i].x_m - c->points[k].x_m;
    const double dy = c->points[i].y_m - c->points[k].y_m;

    return dx * dx + dy * dy <= c->options.radius_m * c->options.radius_m;
}

/* The definition, pair by pair: labels are lowest points of a cluster. */
static void plain(const cloud *c, bool *is_core, size_t *label)
{
    bool is_changed = true;

    for (size_t i = 0; i < c->n; i++) {
        size_t n = 0;

        for (size_t k = 0; k < c->n; k++)
            n += are_near(c, i, k);
        is_core[i] = n >= c->options.min_points;
        label[i] = i;
    }
    while (is_changed) {
        is_changed = false;
        for (size_t i = 0; i < c->n; i++)
            for (size_t k = 0; k < c->n; k++)
                if (is_core[i] && is_core[k] && are_near(c, i, k)
                    && label[k] < label[i]) {
                    label[i] = label[k];
                    is_changed = true;
                }
    }
}

/* Of a point that is no core: the number is that of a nearest core. */
static bool is_right_border(const cloud *c, const bool *is_core, size_t i,
                            const uint32_t *clusters)
{
    double least = INFINITY;
    bool is_right = clusters[i] == 0;

    for (size_t k = 0; k < c->n; k++) {
        const double d = hypot(c->points[i].x_m - c->points[k].x_m,
                               c->points[i].y_m - c->points[k].y_m);

        if (is_core[k] && are_near(c, i, k) && d <= least) {
            is_right = (d >= least && is_right)
                || clusters[k] == clusters[i];
            least = d;
        }
    }
    return is_right;
}

START_TEST(clusters_are_those_of_all_pairs)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    uint32_t clusters[MOST], n_clusters;
    uint8_t cores[MOST];
    bool is_core[MOST];
    size_t label[MOST];
    cloud c;

    draw(&c, &rng);
    plain(&c, is_core, label);
    assert_ok(ctx, gb_clusters(ctx, c.points, c.n, &c.options, clusters,
                               cores, &n_clusters));
    for (size_t i = 0; i < c.n; i++) {
        ck_assert_int_eq(cores[i], is_core[i]);
        ck_assert_uint_le(clusters[i], n_clusters);
        ck_assert(is_core[i] ? clusters[i] > 0
                             : is_right_border(&c, is_core, i, clusters));
        for (size_t k = 0; k < c.n; k++)
            if (is_core[i] && is_core[k])
                ck_assert((label[i] == label[k])
                          == (clusters[i] == clusters[k]));
    }
    gb_context_free(ctx);
}
END_TEST

static size_t size_of(const uint32_t *clusters, size_t n, uint32_t number)
{
    size_t size = 0;

    for (size_t i = 0; i < n; i++)
        size += clusters[i] == number;
    return size;
}

START_TEST(the_order_of_the_points_does_not_matter)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    uint32_t clusters[MOST], n_clusters, again[MOST], n_again;
    uint32_t order[MOST];
    cloud c, other;

    draw(&c, &rng);
    other = c;
    for (uint32_t i = 0; i < c.n; i++)
        order[i] = i;
    base_rng_shuffle(&rng, order, c.n);
    for (size_t i = 0; i < c.n; i++)
        other.points[i] = c.points[order[i]];
    assert_ok(ctx, gb_clusters(ctx, c.points, c.n, &c.options, clusters, NULL,
                               &n_clusters));
    assert_ok(ctx, gb_clusters(ctx, other.points, c.n, &c.options, again,
                               NULL, &n_again));
    ck_assert_uint_eq(n_clusters, n_again);
    for (size_t i = 0; i < c.n; i++)
        ck_assert_uint_eq(again[i], clusters[order[i]]);
    for (uint32_t k = 1; k < n_clusters; k++)
        ck_assert_uint_ge(size_of(clusters, c.n, k),
                          size_of(clusters, c.n, k + 1));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("clusters");
    TCase *tcase = tcase_create("clusters");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, clusters_are_those_of_all_pairs, 0,
                        test_cases(400));
    tcase_add_loop_test(tcase, the_order_of_the_points_does_not_matter, 0,
                        test_cases(100));
    suite_add_tcase(suite, tcase);
    return suite;
}
