#include "base_rng.h"


#include "test.h"

START_TEST(numbers_are_the_published_ones)
{
    /* xoshiro256** from the state 1, 2, 3, 4: the reference C code's output */
    base_rng rng = { { 1, 2, 3, 4 } };

    ck_assert_uint_eq(base_rng_next(&rng), UINT64_C(11520));
    ck_assert_uint_eq(base_rng_next(&rng), UINT64_C(0));
    ck_assert_uint_eq(base_rng_next(&rng), UINT64_C(1509978240));
    ck_assert_uint_eq(base_rng_next(&rng), UINT64_C(1215971899390074240));
}
END_TEST

START_TEST(below_is_uniform)
{
    base_rng rng = base_rng_seeded(test_seed());
    int counts[7] = { 0 };

    for (int i = 0; i < 70000; i++)
        counts[base_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++) /* five standard deviations of 93 */
        assert_near(counts[i], 10000.0, 465.0);
}
END_TEST

START_TEST(between_reaches_both_ends_of_any_span)
{
    base_rng rng = base_rng_seeded(test_seed());
    bool low = false, high = false;

    for (int i = 0; i < 200; i++) {
        const int64_t x = base_rng_between(&rng, -2, 2);

        ck_assert(x >= -2 && x <= 2);
        low |= x == -2;
        high |= x == 2;
    }
    ck_assert(low && high);
    (void)base_rng_between(&rng, INT64_MIN, INT64_MAX);
    ck_assert_int_eq(base_rng_between(&rng, 5, 5), 5);
}
END_TEST

START_TEST(normal_has_mean_zero_and_variance_one)
{
    base_rng rng = base_rng_seeded(test_seed());
    const int n = 100000;
    double sum = 0, squares = 0;

    for (int i = 0; i < n; i++) {
        const double x = base_rng_normal(&rng);

        sum += x;
        squares += x * x;
    }
    assert_near(sum / n, 0, 5 / sqrt(n));
    assert_near(squares / n, 1, 5 * sqrt(2.0 / n));
}
END_TEST

START_TEST(a_shuffle_keeps_every_id_once)
{
    base_rng rng = base_rng_stream(test_seed(), 3);
    uint32_t ids[50];
    bool seen[50] = { false };

    for (uint32_t i = 0; i < 50; i++)
        ids[i] = i;
    base_rng_shuffle(&rng, ids, 50);
    for (uint32_t i = 0; i < 50; i++) {
        ck_assert(!seen[ids[i]]);
        seen[ids[i]] = true;
    }
}
END_TEST

START_TEST(streams_differ)
{
    base_rng a = base_rng_stream(7, 0), b = base_rng_stream(7, 1);

    ck_assert_uint_ne(base_rng_next(&a), base_rng_next(&b));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_rng");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, numbers_are_the_published_ones);
    tcase_add_test(tcase, below_is_uniform);
    tcase_add_test(tcase, between_reaches_both_ends_of_any_span);
    tcase_add_test(tcase, normal_has_mean_zero_and_variance_one);
    tcase_add_test(tcase, a_shuffle_keeps_every_id_once);
    tcase_add_test(tcase, streams_differ);
    suite_add_tcase(suite, tcase);
    return suite;
}
