/*
 * What territories may share out, as it is written.
 */
#include "plan_measure.h"
#include "test.h"

static gb_context *ctx;
static plan_measures m;

static void set_up(void)
{
    ctx = test_context();
}

static void tear_down(void)
{
    gb_context_free(ctx);
}

START_TEST(nothing_named_is_the_workload)
{
    assert_ok(ctx, plan_measures_parse(ctx, NULL, 0.1, &m));
    ck_assert_uint_eq(m.n, 1);
    ck_assert_int_eq(m.which[0], PLAN_WORKLOAD);
    ck_assert_double_eq(m.tolerances[0], 0.1);
}
END_TEST

START_TEST(each_has_its_own_tolerance_or_the_common_one)
{
    assert_ok(ctx, plan_measures_parse(
                       ctx, "value=20%,workload,targets=0.15,customers=7.5%",
                       0.1, &m));
    ck_assert_uint_eq(m.n, 4);
    ck_assert_int_eq(m.which[0], PLAN_VALUE);
    ck_assert_int_eq(m.which[1], PLAN_WORKLOAD);
    ck_assert_int_eq(m.which[2], PLAN_TARGETS);
    ck_assert_int_eq(m.which[3], PLAN_CUSTOMERS);
    ck_assert_double_eq_tol(m.tolerances[0], 0.2, 1e-12);
    ck_assert_double_eq_tol(m.tolerances[1], 0.1, 1e-12);
    ck_assert_double_eq_tol(m.tolerances[2], 0.15, 1e-12);
    ck_assert_double_eq_tol(m.tolerances[3], 0.075, 1e-12);
}
END_TEST

/* What is refused, and the words that it is refused with. */
static const char *const refused[][2] = {
    { "hours", "\"hours\" is no measure; there are workload, targets, value "
               "and customers" },
    { "", "\"\" is no measure; there are workload, targets, value and "
          "customers" },
    { "value,", "\"\" is no measure; there are workload, targets, value and "
                "customers" },
    { "value,value=1%", "the measure \"value\" is named twice" },
    { "value=x", "\"x\" is no tolerance of value; one is written 10% or 0.1" },
    { "value=0", "\"0\" is no tolerance of value; one is written 10% or 0.1" },
    { "value=", "\"\" is no tolerance of value; one is written 10% or 0.1" },
    { "value=101%",
      "\"101%\" is no tolerance of value; one is written 10% or 0.1" },
    { "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg",
      "\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd...\" is no measure" },
};

START_TEST(what_is_no_measure_is_refused_in_words)
{
    assert_status(ctx, GB_ERR_ARGUMENT,
                  plan_measures_parse(ctx, refused[_i][0], 0.1, &m));
    ck_assert_str_eq(gb_last_error(ctx), refused[_i][1]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_measure");
    TCase *tcase = tcase_create("measures");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, nothing_named_is_the_workload);
    tcase_add_test(tcase, each_has_its_own_tolerance_or_the_common_one);
    tcase_add_loop_test(tcase, what_is_no_measure_is_refused_in_words, 0,
                        sizeof refused / sizeof *refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
