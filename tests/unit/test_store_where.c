#include "store_where.h"
#include "test.h"

static const char *const names[] = { "n", "day", "emp.var.rate", "a\"b" };

static bool holds(gb_context *ctx, const char *expression,
                  const char *const *fields, int64_t row)
{
    store_where *where = NULL;
    bool is_so = false;

    assert_ok(ctx, store_where_open(ctx, names, 4, expression, &where));
    assert_ok(ctx, store_where_holds(where, fields, row, &is_so));
    store_where_close(where);
    return is_so;
}

static const struct {
    const char *expression;
    const char *fields[4];
    bool is_so;
} cases[] = {
    { "n <= 10", { "9", "", "", "" }, true },
    { "n <= 10", { "10.5", "", "", "" }, false },
    { "n <= 10", { "", "", "", "" }, false }, /* NULL holds nothing */
    { "n IS NULL", { "", "", "", "" }, true },
    { "n = '007'", { "007", "", "", "" }, true },
    { "n = 7", { "007", "", "", "" }, false },
    { "n = 7", { "7.0", "", "", "" }, true },
    { "day < '2009-01-01'", { "1", "2008-12-31", "", "" }, true },
    { "\"emp.var.rate\" < 0", { "1", "", "-1.8", "" }, true },
    { "[emp.var.rate] BETWEEN -2 AND 0", { "1", "", "-1.8", "" }, true },
    { "\"a\"\"b\" = 'x'", { "1", "", "", "x" }, true },
    { "rowid % 2 = 1", { "1", "", "", "" }, true },
    { "rowid > 5", { "1", "", "", "" }, false },
    { "N > 0 AND DAY LIKE '2008%'", { "1", "2008-12", "", "" }, true },
    { "iif(n > 3, 1, 0) OR abs(n) = 2", { "-2", "", "", "" }, true },
    { "n > 0 -- to the end of the line", { "1", "", "", "" }, true },
};

START_TEST(a_condition_is_that_of_sqlite)
{
    gb_context *ctx = test_context();

    ck_assert_msg(holds(ctx, cases[_i].expression, cases[_i].fields, 3)
                      == cases[_i].is_so,
                  "%s", cases[_i].expression);
    gb_context_free(ctx);
}
END_TEST

static const char *const refused[]
    = { "", "n >", "nosuch = 1", "\"nosuch\" = 1", "(SELECT 1 FROM sqlite_master)",
        "n IN (SELECT name FROM sqlite_schema)", "load_extension('x')",
        "randomblob(1000000000)", "n); DROP TABLE x; --", "n, 1",
        ("n IN (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
         "FROM c) SELECT x FROM c)"),
        "readfile('/etc/passwd') IS NULL", "1; ATTACH 'x' AS y" };

START_TEST(what_is_more_than_a_condition_is_refused)
{
    gb_context *ctx = test_context();
    store_where *where = (store_where *)&ctx;

    assert_status(ctx, GB_ERR_DATA,
                  store_where_open(ctx, names, 4, refused[_i], &where));
    ck_assert_ptr_null(where);
    ck_assert(*gb_last_error(ctx));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_where");
    TCase *tcase = tcase_create("where");

    tcase_add_loop_test(tcase, a_condition_is_that_of_sqlite, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tcase, what_is_more_than_a_condition_is_refused, 0,
                        sizeof refused / sizeof refused[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
