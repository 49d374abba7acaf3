#include <gridbeat/score.h>

#include "base_rng.h"
#include "test.h"

static const double PI = 3.14159265358979323846;

enum { N_VERTICES = 338, N_EDGES = 503, N_POINTS = 116, SIDE = 6 };

static gb_density_options options_of(gb_kernel kernel, double radius_m)
{
    return (gb_density_options){ .size = sizeof(gb_density_options),
                                 .kernel = kernel, .radius_m = radius_m };
}

/* On one long street the kernel is that of a line. */
START_TEST(a_long_street_has_the_kernel_of_a_line)
{
    const uint32_t from[] = { 0 }, to[] = { 1 };
    const double length_m[] = { 2000 };
    const gb_streets streets = { 2, 1, from, to, length_m };
    const gb_street_place point = { 0, 1000 };
    const gb_density_options options = options_of((gb_kernel)_i, 100);
    gb_context *ctx = test_context();

    for (double d = 0; d <= 300; d += 12.5) {
        const gb_street_place at = { 0, 1000 - d };
        const double inside = fmax(0, 1 - d * d / 1e4);
        const double expected
            = _i == GB_KERNEL_GAUSSIAN
                  ? exp(-d * d / 2e4) / (100 * sqrt(2 * PI))
              : _i == GB_KERNEL_QUARTIC ? 15.0 / 1600 * inside * inside
                                        : 3.0 / 400 * inside;
        double value;

        assert_ok(ctx, gb_density_streets(ctx, &streets, &point, NULL, 1, &at,
                                          1, &options, &value));
        assert_near(value, expected,
                    _i == GB_KERNEL_GAUSSIAN ? 1e-3 / 250 : 1e-14);
    }
    gb_context_free(ctx);
}
END_TEST

/* At a star of three the far arms have two thirds, and it is all alike. */
START_TEST(streets_that_meet_have_one_density)
{
    const uint32_t from[] = { 0, 0, 3 }, to[] = { 1, 2, 0 };
    const double length_m[] = { 900, 900, 900 };
    const gb_streets streets = { 4, 3, from, to, length_m };
    const gb_street_place point = { 0, 30 };
    const gb_street_place at[]
        = { { 0, 0 }, { 1, 0 }, { 2, 900 }, { 1, 40 }, { 2, 860 } };
    const gb_density_options options = options_of((gb_kernel)_i, 100);
    const double tolerance = _i == GB_KERNEL_GAUSSIAN ? 2e-5 : 1e-15;
    gb_context *ctx = test_context();
    double values[5];

    assert_ok(ctx, gb_density_streets(ctx, &streets, &point, NULL, 1, at, 5,
                                      &options, values));
    assert_near(values[1], values[0], tolerance);
    assert_near(values[2], values[0], tolerance);
    assert_near(values[4], values[3], tolerance);
    if (_i == GB_KERNEL_EPANECHNIKOV) {
        assert_near(values[0], 3.0 / 400 * (1 - 0.09) * 2 / 3, 1e-15);
        assert_near(values[3], 3.0 / 400 * (1 - 0.49) * 2 / 3, 1e-15);
    }
    gb_context_free(ctx);
}
END_TEST

/* Streets of a town with blocks of 80 to 120 m, and one dead end. */
typedef struct town {
    uint32_t from[2 * SIDE * SIDE], to[2 * SIDE * SIDE];
    double length_m[2 * SIDE * SIDE];
    gb_streets streets;
} town;

static void build_town(town *t, base_rng *rng)
{
    size_t n = 0;

    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        if (i % SIDE + 1 < SIDE) {
            t->from[n] = i;
            t->to[n++] = i + 1;
        }
        if (i + SIDE < SIDE * SIDE) {
            t->from[n] = i + SIDE;
            t->to[n++] = i;
        }
    }
    t->from[n] = 0;
    t->to[n++] = SIDE * SIDE;
    for (size_t e = 0; e < n; e++)
        t->length_m[e] = 80 + 40 * base_rng_unit(rng);
    t->streets = (gb_streets){ SIDE * SIDE + 1, n, t->from, t->to,
                               t->length_m };
}

START_TEST(no_mass_is_lost_and_the_order_does_not_show)
{
    enum { AT_AN_EDGE = 40, N = 5 };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const gb_density_options options
        = options_of((gb_kernel)_i, _i == GB_KERNEL_GAUSSIAN ? 90 : 350);
    static gb_street_place at[2 * SIDE * SIDE * AT_AN_EDGE];
    static double values[2 * SIDE * SIDE * AT_AN_EDGE];
    static double turned[2 * SIDE * SIDE * AT_AN_EDGE];
    gb_street_place points[N], back[N];
    double weights[N], back_weights[N], mass = 0, total = 0;
    town t;
    size_t n_at = 0;

    build_town(&t, &rng);
    for (uint32_t e = 0; e < t.streets.n_edges; e++)
        for (int k = 0; k < AT_AN_EDGE; k++)
            at[n_at++] = (gb_street_place){
                e, t.length_m[e] * (k + 0.5) / AT_AN_EDGE
            };
    for (size_t i = 0; i < N; i++) {
        points[i].edge
            = (uint32_t)base_rng_below(&rng, t.streets.n_edges);
        points[i].along_m
            = base_rng_unit(&rng) * t.length_m[points[i].edge];
        total += weights[i] = 1 + base_rng_unit(&rng);
        back[N - 1 - i] = points[i];
        back_weights[N - 1 - i] = weights[i];
    }
    assert_ok(ctx, gb_density_streets(ctx, &t.streets, points, weights, N, at,
                                      n_at, &options, values));
    for (size_t i = 0; i < n_at; i++)
        mass += values[i] * t.length_m[at[i].edge] / AT_AN_EDGE;
    assert_near(mass / total, 1, 2e-3); /* the sum's own integration */
    assert_ok(ctx, gb_density_streets(ctx, &t.streets, back, back_weights, N,
                                      at, n_at, &options, turned));
    ck_assert_mem_eq(values, turned, n_at * sizeof *values);
    gb_context_free(ctx);
}
END_TEST

/* ---- the streets of Chicago, by R (spatstat) ---- */

static size_t read_csv(const char *name, size_t width, double *values)
{
    const char *path = test_shared_path(name);
    char *text, *line;
    size_t n = 0;

    if (!path)
        return 0;
    text = test_read_file(path, NULL);
    line = strchr(text, '\n') + 1;
    while (*line)
        for (size_t c = 0; c < width; c++) {
            values[n++] = strtod(line, &line);
            line += strspn(line, ",\r\n");
        }
    free(text);
    return n / width;
}

static gb_street_place snap(const gb_streets *s, const double *vertices,
                            double x, double y)
{
    gb_street_place best = { 0, 0 };
    double nearest = INFINITY;

    for (uint32_t e = 0; e < s->n_edges; e++) {
        const double *a = vertices + 2 * s->from[e];
        const double *b = vertices + 2 * s->to[e];
        const double dx = b[0] - a[0], dy = b[1] - a[1];
        const double part = fmin(
            fmax(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy),
                 0),
            1);
        const double d = hypot(x - a[0] - part * dx, y - a[1] - part * dy);

        if (d < nearest) {
            nearest = d;
            best = (gb_street_place){ e, part * s->length_m[e] };
        }
    }
    ck_assert(nearest < 1e-6);
    return best;
}

START_TEST(the_streets_of_chicago_are_met)
{
    static double vertices[N_VERTICES * 2], ends[N_EDGES * 2];
    static double rows[N_POINTS * 4];
    uint32_t from[N_EDGES], to[N_EDGES];
    double length_m[N_EDGES], values[N_POINTS], most = 0, off = 0;
    gb_street_place points[N_POINTS];
    const gb_streets streets = { N_VERTICES, N_EDGES, from, to, length_m };
    /* the reference's radius is its kernel's standard deviation */
    const gb_density_options options
        = _i ? options_of(GB_KERNEL_EPANECHNIKOV, 60 * sqrt(5))
             : options_of(GB_KERNEL_GAUSSIAN, 60);
    gb_context *ctx;

    if (!read_csv("data/score/points/chicago_vertices.csv", 2, vertices)
        || !read_csv("data/score/points/chicago_edges.csv", 2, ends)
        || !read_csv("data/score/reference/chicago_network_kde_at_points.csv",
                     4, rows))
        return;
    ctx = test_context();
    for (size_t e = 0; e < N_EDGES; e++) {
        from[e] = (uint32_t)ends[2 * e] - 1;
        to[e] = (uint32_t)ends[2 * e + 1] - 1;
        length_m[e] = hypot(vertices[2 * to[e]] - vertices[2 * from[e]],
                            vertices[2 * to[e] + 1]
                                - vertices[2 * from[e] + 1]);
    }
    for (size_t i = 0; i < N_POINTS; i++)
        points[i] = snap(&streets, vertices, rows[4 * i], rows[4 * i + 1]);
    assert_ok(ctx, gb_density_streets(ctx, &streets, points, NULL, N_POINTS,
                                      points, N_POINTS, &options, values));
    for (size_t i = 0; i < N_POINTS; i++) {
        const double expected = rows[4 * i + 2 + (size_t)_i];

        most = fmax(most, expected);
        off += fabs(values[i] / expected - 1) / N_POINTS;
    }
    ck_assert_msg(off <= 2e-2, "off by %g in the mean", off);
    /* the reference's sums over paths stand on a lattice of its own */
    for (size_t i = 0; i < N_POINTS; i++)
        assert_near(values[i], rows[4 * i + 2 + (size_t)_i],
                    (_i ? 5e-2 : 2e-2) * most);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_are_no_streets_is_refused)
{
    const uint32_t from[] = { 0 }, to[] = { 1 }, same[] = { 0 };
    const double length_m[] = { 10 }, none[] = { 0 };
    const gb_streets good = { 2, 1, from, to, length_m };
    const gb_streets bad[] = { { 2, 0, from, to, length_m },
                               { 1, 1, from, to, length_m },
                               { 2, 1, from, same, length_m },
                               { 2, 1, from, to, none } };
    const gb_street_place at = { 0, 5 };
    const gb_street_place off[] = { { 1, 5 }, { 0, 11 }, { 0, -1 } };
    gb_density_options options = options_of(GB_KERNEL_QUARTIC, 5);
    gb_context *ctx = test_context();
    double value;

    for (size_t i = 0; i < 4; i++)
        assert_status(ctx, GB_ERR_ARGUMENT,
                      gb_density_streets(ctx, &bad[i], &at, NULL, 1, &at, 1,
                                         &options, &value));
    for (size_t i = 0; i < 3; i++)
        assert_status(ctx, GB_ERR_ARGUMENT,
                      gb_density_streets(ctx, &good, &off[i], NULL, 1, &at, 1,
                                         &options, &value));
    options.radii_m = &value;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_density_streets(ctx, &good, &at, NULL, 1, &at, 1,
                                     &options, &value));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score_network");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_long_street_has_the_kernel_of_a_line, 0, 3);
    tcase_add_loop_test(tcase, streets_that_meet_have_one_density, 0, 3);
    tcase_add_loop_test(tcase, no_mass_is_lost_and_the_order_does_not_show, 0,
                        3);
    tcase_add_loop_test(tcase, the_streets_of_chicago_are_met, 0, 2);
    tcase_add_test(tcase, what_are_no_streets_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
