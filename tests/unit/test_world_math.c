#include "test.h"
#include "world_math.h"

START_TEST(exp_log_and_cos_agree_with_the_library_within_rounding)
{
    for (int i = -6000; i <= 6000; i++) {
        const double x = i / 10.0;

        ck_assert_double_le(fabs(world_exp(x) / exp(x) - 1), 4e-15);
    }
    for (int i = 1; i < 20000; i++) {
        const double x = i * i / 1000.0;

        assert_near(world_log(x), log(x), 2e-15 * (1 + fabs(log(x))));
    }
    for (int i = -157; i <= 157; i++)
        assert_near(world_cos(i / 100.0), cos(i / 100.0), 1e-15);
}
END_TEST

START_TEST(the_normal_distribution_has_mean_0_and_deviation_1)
{
    base_rng rng = base_rng_seeded(5);
    double sum = 0, squares = 0;
    const int n = 200000;

    for (int i = 0; i < n; i++) {
        const double x = world_normal(&rng);

        sum += x;
        squares += x * x;
    }
    assert_near(sum / n, 0, 0.01);     /* 4.5 standard errors */
    assert_near(squares / n, 1, 0.015);
}
END_TEST

START_TEST(a_choice_follows_its_weights_and_never_takes_a_zero)
{
    const uint8_t weights[] = { 0, 30, 0, 70, 0 };
    base_rng rng = base_rng_seeded(6);
    int counts[5] = { 0 };

    for (int i = 0; i < 100000; i++)
        counts[world_pick(&rng, weights, 5)]++;
    ck_assert_int_eq(counts[0] + counts[2] + counts[4], 0);
    assert_near(counts[1], 30000, 700);
}
END_TEST

START_TEST(the_bits_are_those_of_any_machine)
{
    base_rng rng = base_rng_seeded(7);

    /* Computed once: gcc -O0, gcc -O3 -march=native and clang -O2 agree. */
    ck_assert_double_eq(world_exp(1), 0x1.5bf0a8b14576ap+1);
    ck_assert_double_eq(world_log(10), 0x1.26bb1bbb55516p+1);
    ck_assert_double_eq(world_cos(0.5), 0x1.c1528065b7d5p-1);
    ck_assert_double_eq(world_lognormal(&rng, 2, 0.5), 0x1.4880e802bedb5p+3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world_math");
    TCase *tcase = tcase_create("all");

    tcase_add_test(
        tcase, exp_log_and_cos_agree_with_the_library_within_rounding);
    tcase_add_test(tcase, the_normal_distribution_has_mean_0_and_deviation_1);
    tcase_add_test(tcase,
                   a_choice_follows_its_weights_and_never_takes_a_zero);
    tcase_add_test(tcase, the_bits_are_those_of_any_machine);
    suite_add_tcase(suite, tcase);
    return suite;
}
