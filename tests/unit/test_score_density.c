#include "base_rng.h"
#include "score_density.h"
#include "score_density_sweep.h"
#include "score_kernel.h"
#include "test.h"

enum { N = 200 };

static void random_points(base_rng *rng, gb_point *points, double *weights)
{
    for (size_t i = 0; i < N; i++) {
        points[i].x_m = base_rng_unit(rng) * 1000;
        points[i].y_m = base_rng_unit(rng) * 800;
        weights[i] = (double)base_rng_below(rng, 5);
        if (i > 0 && base_rng_chance(rng, 0.2))
            points[i] = points[i - 1]; /* several at one address */
    }
}

/* The plain twin. */
static double double_loop(const gb_point *points, const double *weights,
                          gb_point at, gb_kernel kernel, double radius_m)
{
    double sum = 0;

    for (size_t i = 0; i < N; i++) {
        const double dx = points[i].x_m - at.x_m, dy = points[i].y_m - at.y_m;

        sum += weights[i] * score_kernel(kernel, radius_m, dx * dx + dy * dy);
    }
    return sum;
}

START_TEST(a_raster_agrees_with_the_double_loop)
{
    static const double radii_m[] = { 20, 100, 800, 20000 };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const gb_raster raster = { -150, -100, 37, 40, 30 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point points[N];
    double weights[N], values[40 * 30], one, most = 0;

    random_points(&rng, points, weights);
    options.kernel = _i % 3;
    options.radius_m = radii_m[_i / 3 % 4] * (1 + base_rng_unit(&rng));
    for (size_t i = 0; i < N; i++)
        most = fmax(most, double_loop(points, weights, points[i],
                                      (gb_kernel)options.kernel,
                                      options.radius_m));
    options.n_threads = 1 + (uint32_t)_i % 4;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, values));
    for (uint32_t y = 0; y < raster.n_y; y++)
        for (uint32_t x = 0; x < raster.n_x; x++) {
            const gb_point at = { raster.x0_m + raster.step_m * x,
                                  raster.y0_m + raster.step_m * y };
            const double plain
                = double_loop(points, weights, at, (gb_kernel)options.kernel,
                              options.radius_m);

            /* of the highest: moments cancel, some hundred roundings */
            assert_near(values[y * raster.n_x + x], plain, 1e-11 * most);
            assert_ok(ctx, gb_density_at(ctx, points, weights, N, &at, 1,
                                         &options, &one));
            assert_near(one, plain, 1e-13 * most);
        }
    gb_context_free(ctx);
}
END_TEST

/* The plain twin for radii of the points' own. */
static double own_double_loop(const gb_point *points, const double *weights,
                              const double *radii_m, gb_point at,
                              gb_kernel kernel)
{
    double sum = 0;

    for (size_t i = 0; i < N; i++) {
        const double dx = points[i].x_m - at.x_m, dy = points[i].y_m - at.y_m;

        sum += weights[i] * score_kernel(kernel, radii_m[i], dx * dx + dy * dy);
    }
    return sum;
}

START_TEST(each_point_may_have_its_own_radius)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const gb_raster raster = { -150, -100, 37, 40, 30 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point points[N];
    double weights[N], radii_m[N], values[40 * 30], one, most = 0;

    random_points(&rng, points, weights);
    for (size_t i = 0; i < N; i++)
        radii_m[i] = 10 * exp(base_rng_unit(&rng) * 4);
    options.kernel = _i % 3;
    options.radii_m = radii_m;
    options.n_threads = 1 + (uint32_t)_i % 4;
    for (size_t i = 0; i < N; i++)
        most = fmax(most, own_double_loop(points, weights, radii_m, points[i],
                                          (gb_kernel)options.kernel));
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, values));
    for (uint32_t i = 0; i < raster.n_x * raster.n_y; i++) {
        const gb_point at = { raster.x0_m + raster.step_m * (i % raster.n_x),
                              raster.y0_m + raster.step_m * (i / raster.n_x) };
        const double plain = own_double_loop(points, weights, radii_m, at,
                                             (gb_kernel)options.kernel);

        assert_near(values[i], plain, 1e-11 * most);
        assert_ok(ctx, gb_density_at(ctx, points, weights, N, &at, 1,
                                     &options, &one));
        assert_near(one, plain, 1e-13 * most);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_far_apart_in_size_stays_apart)
{
    gb_context *ctx = test_context();
    const gb_point points[] = { { 100, 100 }, { 900, 100 } };
    const double weights[] = { 1e300, 1e-6 };
    const gb_raster raster = { 0, 0, 10, 101, 21 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double values[101 * 21];

    options.kernel = _i;
    options.radius_m = _i == GB_KERNEL_GAUSSIAN ? 10 : 80;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, 2, &raster,
                                     &options, values));
    for (size_t i = 0; i < 101 * 21; i++)
        ck_assert(isfinite(values[i]) && values[i] >= 0);
    assert_near(values[10 * 101 + 50], 0, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_shift_moves_the_surface)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_raster raster = { -150, -100, 37, 40, 30 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point points[N];
    double weights[N], here[40 * 30], there[40 * 30], most = 0;

    random_points(&rng, points, weights);
    options.kernel = _i;
    options.radius_m = 90;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, here));
    for (size_t i = 0; i < N; i++) {
        points[i].x_m += 500000;
        points[i].y_m += 4000000;
    }
    raster.x0_m += 500000;
    raster.y0_m += 4000000;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, there));
    for (size_t i = 0; i < 40 * 30; i++)
        most = fmax(most, here[i]);
    /* the shifted coordinates are rounded to 5e-10 m */
    for (size_t i = 0; i < 40 * 30; i++)
        assert_near(here[i], there[i], 1e-9 * most);
    gb_context_free(ctx);
}
END_TEST

START_TEST(mass_is_kept_when_the_raster_covers_all)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const gb_raster raster = { -600, -600, 5, 440, 400 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point points[N];
    double weights[N], mass = 0, total = 0;
    double *values = malloc(sizeof *values * 440 * 400);

    random_points(&rng, points, weights);
    options.kernel = _i;
    options.radius_m = _i == GB_KERNEL_GAUSSIAN ? 70 : 300;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, values));
    for (size_t i = 0; i < 440 * 400; i++)
        mass += values[i] * 25;
    for (size_t i = 0; i < N; i++)
        total += weights[i];
    assert_near(mass / total, 1, 2e-3); /* the raster's own integration */
    free(values);
    gb_context_free(ctx);
}
END_TEST

START_TEST(neither_order_nor_threads_show_in_the_bytes)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_seeded(test_seed());
    const gb_raster raster = { 0, 0, 20, 50, 40 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    gb_point points[N], turned[N];
    double weights[N], turned_weights[N], first[2000], other[2000];

    random_points(&rng, points, weights);
    for (size_t i = 0; i < N; i++) {
        turned[i] = points[N - 1 - i];
        turned_weights[i] = weights[N - 1 - i];
    }
    options.radius_m = 150;
    assert_ok(ctx, gb_density_raster(ctx, points, weights, N, &raster,
                                     &options, first));
    options.n_threads = 8;
    assert_ok(ctx, gb_density_raster(ctx, turned, turned_weights, N, &raster,
                                     &options, other));
    ck_assert_mem_eq(first, other, sizeof first);
    gb_context_free(ctx);
}
END_TEST

/* _i: the kernel, and whether each point has a radius of its own. */
START_TEST(wide_vectors_do_not_show_in_the_bytes)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_seeded(test_seed());
    gb_point points[N];
    double weights[N], radii_m[N], values[2][50] = { { 0 } };
    score_strips strips;
    base_run run;
    score_strips_plan plan
        = { .points = points, .weights = weights, .n_points = N,
            .weight_scale = 1, .below_radius_m = 1e9, .unit_m = 20,
            .width = score_sweep_width(7.5), .min_u = -8, .max_u = 57,
            .min_v = -8, .max_v = 47 };

    random_points(&rng, points, weights);
    for (size_t i = 0; i < N; i++)
        radii_m[i] = 40 + 110 * base_rng_unit(&rng);
    plan.radii_m = _i & 2 ? radii_m : NULL;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, score_strips_build(&run, &plan, &strips));
    for (int narrow = 0; narrow < 2; narrow++) {
        const score_sweep sweep
            = { .strips = &strips, .radius = 7.5, .n_x = 50,
                .is_quartic = _i & 1, .is_narrow = narrow };
        void *scratch = calloc(1, score_sweep_scratch(&sweep));

        score_sweep_rows(&sweep, 20, 1, scratch, values[narrow]);
        free(scratch);
    }
    ck_assert_mem_eq(values[0], values[1], sizeof values[0]);
    ck_assert(values[0][25] > 0);
    score_strips_clear(run.mem, &strips);
    base_run_end(&run, GB_OK);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score_density");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_raster_agrees_with_the_double_loop, 0,
                        test_cases(12));
    tcase_add_loop_test(tcase, each_point_may_have_its_own_radius, 0,
                        test_cases(6));
    tcase_add_loop_test(tcase, what_is_far_apart_in_size_stays_apart, 0, 3);
    tcase_add_loop_test(tcase, a_shift_moves_the_surface, 0, 3);
    tcase_add_loop_test(tcase, mass_is_kept_when_the_raster_covers_all, 0, 3);
    tcase_add_test(tcase, neither_order_nor_threads_show_in_the_bytes);
    tcase_add_loop_test(tcase, wide_vectors_do_not_show_in_the_bytes, 0, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
