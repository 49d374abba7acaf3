#include "base_rng.h"
#include "score_edge.h"
#include "score_kernel.h"
#include "test.h"

/* A square with a square hole, and a triangle beside it. */
static const gb_point points[]
    = { { 0, 0 },  { 60, 0 },  { 60, 60 }, { 0, 60 },  { 20, 20 }, { 20, 40 },
        { 40, 40 }, { 40, 20 }, { 70, 10 }, { 110, 10 }, { 90, 50 } };
static const uint32_t first_ring[] = { 0, 2, 3 };
static const uint32_t first_point[] = { 0, 4, 8, 11 };
static const gb_shapes shapes = { 2, 3, 11, first_ring, first_point, points };

static bool is_inside(double x, double y)
{
    const bool in_square = x > 0 && x < 60 && y > 0 && y < 60
                           && !(x > 20 && x < 40 && y > 20 && y < 40);
    const bool in_triangle = y > 10 && y - 10 < 2 * (x - 70)
                             && y - 10 < 2 * (110 - x);

    return in_square || in_triangle;
}

/* The plain twin: the kernel summed over a fine raster. */
static double sum_inside(gb_kernel kernel, double radius_m, gb_point at)
{
    const double step = 0.125;
    double sum = 0;

    for (double y = step / 2; y < 60; y += step)
        for (double x = step / 2; x < 110; x += step)
            if (is_inside(x, y))
                sum += score_kernel(kernel, radius_m,
                                    (x - at.x_m) * (x - at.x_m)
                                        + (y - at.y_m) * (y - at.y_m));
    return sum * step * step;
}

START_TEST(the_mass_inside_is_that_of_a_fine_raster)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double mass;

    options.kernel = _i % 3;
    options.radius_m = (options.kernel == GB_KERNEL_GAUSSIAN ? 4 : 12)
                       * (1 + base_rng_unit(&rng));
    for (int k = 0; k < 5; k++) {
        const gb_point at = { base_rng_unit(&rng) * 120 - 5,
                              base_rng_unit(&rng) * 70 - 5 };

        assert_ok(ctx, gb_density_mass_inside(ctx, &shapes, &at, 1, &options,
                                              &mass));
        assert_near(mass, sum_inside((gb_kernel)options.kernel,
                                     options.radius_m, at), 2e-3);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_place_on_the_border_has_half_and_one_on_a_corner_a_quarter)
{
    static const struct {
        gb_point at;
        double mass;
    } cases[] = { { { 30, 0 }, 0.5 }, { { 0, 31 }, 0.5 }, { { 0, 0 }, 0.25 },
                  { { 60, 60 }, 0.25 }, { { 20, 20 }, 0.75 },
                  { { 10, 10 }, 1 }, { { 30, 30 }, 0 }, { { 300, 30 }, 0 },
                  { { 10, 60 }, 0.5 }, { { 60, 33 }, 0.5 } };
    gb_context *ctx = test_context();
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double mass;

    options.kernel = _i;
    options.radius_m = _i == GB_KERNEL_GAUSSIAN ? 0.9 : 9;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_ok(ctx, gb_density_mass_inside(ctx, &shapes, &cases[i].at, 1,
                                              &options, &mass));
        assert_near(mass, cases[i].mass, 1e-12);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_gaussian_over_a_rectangle_is_a_product)
{
    static const gb_point corners[]
        = { { 0, 0 }, { 8, 0 }, { 8, 5 }, { 0, 5 } };
    static const uint32_t rings[] = { 0, 1 }, four[] = { 0, 4 };
    const gb_shapes box = { 1, 1, 4, rings, four, corners };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double mass;

    options.kernel = GB_KERNEL_GAUSSIAN;
    for (int k = 0; k < 20; k++) {
        const gb_point at = { base_rng_unit(&rng) * 12 - 2,
                              base_rng_unit(&rng) * 9 - 2 };
        const double s = 0.2 * exp(base_rng_unit(&rng) * 4);
        const double r = 1 / (s * sqrt(2));
        const double product
            = (erf((8 - at.x_m) * r) + erf(at.x_m * r)) / 2
              * (erf((5 - at.y_m) * r) + erf(at.y_m * r)) / 2;

        options.radius_m = s;
        assert_ok(ctx, gb_density_mass_inside(ctx, &box, &at, 1, &options,
                                              &mass));
        assert_near(mass, product, 1e-13);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(an_even_density_stays_even_up_to_the_edge)
{
    gb_context *ctx = test_context();
    const gb_raster raster = { -4, -4, 4, 30, 17 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    static gb_point even[120 * 70 * 4];
    double values[30 * 17];
    size_t n = 0;

    for (double y = 0.25; y < 60; y += 0.5)
        for (double x = 0.25; x < 110 && n < 120 * 70 * 4; x += 0.5)
            if (is_inside(x, y))
                even[n++] = (gb_point){ x, y };
    options.kernel = _i;
    options.radius_m = _i == GB_KERNEL_GAUSSIAN ? 4 : 10;
    options.window = &shapes;
    assert_ok(ctx, gb_density_raster(ctx, even, NULL, n, &raster, &options,
                                     values));
    for (size_t i = 0; i < 30 * 17; i++) {
        const double x = -4 + 4.0 * (double)(i % 30);
        const double y = -4 + 4.0 * (double)(i / 30);

        if (x >= 20 && x <= 40 && y >= 20 && y <= 40)
            continue; /* the hole and its border */
        if (is_inside(x, y))
            ck_assert_msg(fabs(values[i] - 4) < 0.2, "%g at %g %g", values[i], x, y);
        else if (!(x >= 0 && x <= 60 && y >= 0 && y <= 60)
                 && !(x >= 70 && x <= 110 && y >= 10))
            ck_assert(isnan(values[i]));
    }
    gb_context_free(ctx);
}
END_TEST

/* Columns of squares that part the plane round the points. */
START_TEST(sums_in_shapes_add_up_to_the_weight)
{
    enum { SQUARES = 24 * 12, N = 60 };
    static gb_point square_points[SQUARES * 4];
    static uint32_t rings[SQUARES + 1], firsts[SQUARES + 1];
    const gb_shapes squares
        = { SQUARES, SQUARES, SQUARES * 4, rings, firsts, square_points };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point at[N];
    double weights[N], sums[SQUARES], turned[SQUARES];
    double total = 0, all = 0, middle = 0, mass = 0, plain = 0;

    for (uint32_t i = 0; i <= SQUARES; i++) {
        const double x = 500000 + 20.0 * (i % 24), y = 4e6 + 20.0 * (i / 24);

        rings[i] = i;
        firsts[i] = 4 * i;
        if (i < SQUARES)
            memcpy(square_points + 4 * i,
                   (gb_point[]){ { x, y }, { x + 20, y }, { x + 20, y + 20 },
                                 { x, y + 20 } },
                   sizeof(gb_point[4]));
    }
    for (size_t i = 0; i < N; i++) {
        at[i] = (gb_point){ 500000 + 100 + 280 * base_rng_unit(&rng),
                            4e6 + 100 + 40 * base_rng_unit(&rng) };
        total += weights[i] = 1 + base_rng_unit(&rng);
    }
    options.kernel = _i;
    options.radius_m = _i == GB_KERNEL_GAUSSIAN ? 12 : 90;
    assert_ok(ctx, gb_density_in_shapes(ctx, at, weights, N, &squares,
                                        &options, sums));
    options.n_threads = 3;
    assert_ok(ctx, gb_density_in_shapes(ctx, at, weights, N, &squares,
                                        &options, turned));
    ck_assert_mem_eq(sums, turned, sizeof sums);
    for (size_t i = 0; i < SQUARES; i++)
        all += sums[i];
    assert_near(all, total, 1e-9 * total);
    /* one of them by the plain loop */
    middle = sums[6 * 24 + 10];
    for (size_t i = 0; i < N; i++) {
        const gb_shapes one = { 1, 1, 4, rings, firsts,
                                square_points + 4 * (6 * 24 + 10) };

        options.n_threads = 1;
        assert_ok(ctx, gb_density_mass_inside(ctx, &one, &at[i], 1, &options,
                                              &mass));
        plain += weights[i] * mass;
    }
    assert_near(middle, plain, 1e-9 * total);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score_edge");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_mass_inside_is_that_of_a_fine_raster, 0,
                        test_cases(9));
    tcase_add_loop_test(
        tcase, a_place_on_the_border_has_half_and_one_on_a_corner_a_quarter,
        0, 3);
    tcase_add_loop_test(tcase, a_gaussian_over_a_rectangle_is_a_product, 0,
                        test_cases(10));
    tcase_add_loop_test(tcase, an_even_density_stays_even_up_to_the_edge, 0,
                        3);
    tcase_add_loop_test(tcase, sums_in_shapes_add_up_to_the_weight, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
