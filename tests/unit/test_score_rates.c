#include "score_policy.h"

#include "test.h"

/* P(at least k of n) at chance x is the Beta(k, n - k + 1) share below x. */
START_TEST(a_beta_share_is_a_sum_of_binomials)
{
    for (int n = 1; n < 40; n += 3)
        for (int k = 1; k <= n; k++)
            for (double x = .05; x < 1; x += .15) {
                double sum = 0, term = pow(1 - x, n);

                for (int j = 0; j <= n; j++) {
                    sum += j >= k ? term : 0;
                    term *= (double)(n - j) / (j + 1) * x / (1 - x);
                }
                assert_near(score_beta_below(k, n - k + 1, x), sum, 1e-12);
            }
}
END_TEST

START_TEST(a_quantile_has_its_share_below_it)
{
    static const double sides[] = { .01, .5, 1, 7, 300, 1e5 };

    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            for (double share = .05; share < 1; share += .3) {
                const double a = sides[i], b = sides[j];
                const double x = score_beta_quantile(a, b, share);

                /* 1e-14 in x is no share where the density piles up at 1 */
                if (x > 1e-9 && x < 1 - 1e-9)
                    assert_near(score_beta_below(a, b, x), share, 1e-6);
            }
    assert_near(score_beta_quantile(1, 1, .25), .25, 1e-13);
    assert_near(score_beta_quantile(2, 1, .49), .7, 1e-13);
}
END_TEST

START_TEST(the_width_of_an_interval_is_that_of_the_normal)
{
    assert_near(score_normal_width(.95), 1.959963984540054, 1e-12);
    assert_near(score_normal_width(.9), 1.6448536269514722, 1e-12);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score_rates");
    TCase *tcase = tcase_create("score_rates");

    tcase_add_test(tcase, a_beta_share_is_a_sum_of_binomials);
    tcase_add_test(tcase, a_quantile_has_its_share_below_it);
    tcase_add_test(tcase, the_width_of_an_interval_is_that_of_the_normal);
    suite_add_tcase(suite, tcase);
    return suite;
}
