#include "small_bank.h"
#include "test.h"

static small_bank b;
static gb_workspace *ws;
static char refs[200][16];
static char branch_of[200][8];
static size_t n_refs;

/* The first cells of customers.csv: reference and branch. */
static void read_customers(void)
{
    char path[400], *text, *line;

    snprintf(path, sizeof path, "%s/customers.csv", b.delivery);
    text = test_read_file(path, NULL);
    n_refs = 0;
    line = strchr(text, '\n');
    while (line && line[1] && n_refs < 200
           && sscanf(line + 1, "%15[^,],%7[^,]", refs[n_refs],
                     branch_of[n_refs]) == 2) {
        line = strchr(line + 1, '\n');
        n_refs++;
    }
    free(text);
}

static void set_up(void)
{
    char path[300];

    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "round.gb", path);
    assert_ok(b.ctx, gb_workspace_open(b.ctx, path, NULL, &ws));
    read_customers();
}

static void tear_down(void)
{
    gb_workspace_close(ws);
    small_bank_close(&b);
}

static void add_visits(const char *rows)
{
    char path[300], text[2000];
    gb_import_report *report = NULL;

    snprintf(path, sizeof path, "%.250s/more.csv", b.folder);
    snprintf(text, sizeof text, "customer_ref,date,at,outcome\n%s", rows);
    test_write_file(path, text, strlen(text));
    assert_ok(b.ctx, gb_import(b.ctx, ws, "visits", path, NULL, &report));
    gb_import_report_free(report);
}

/* The answer as text; free() it. */
static char *ask(const gb_plan_presence_options *options)
{
    gb_plan_result *result = NULL;
    char *json;

    assert_ok(b.ctx, gb_plan_presence(b.ctx, ws, options, &result));
    json = strdup(gb_plan_result_json(result));
    gb_plan_result_free(result);
    return json;
}

/* The first value of the key, which is a number. */
static long number(const char *json, const char *key)
{
    char name[40];
    const char *at;

    snprintf(name, sizeof name, "\"%s\":", key);
    at = strstr(json, name);
    ck_assert_msg(at != NULL, "no %s in %s", key, json);
    return atol(at + strlen(name));
}

START_TEST(visits_count_before_the_day_and_with_their_hour)
{
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    char *before, *after, *early;
    char rows[400];

    before = ask(NULL);
    /* 2026-05-01: after all that the world made; a feast of none here */
    snprintf(rows, sizeof rows,
             "%s,2026-05-01,09:40,absent\n%s,2026-05-02,10:00,refused\n"
             "%s,2026-05-04,,met\n%s,2026-05-05,10:00,\n%s,2026-05-06,23:00,met\n",
             refs[0], refs[0], refs[0], refs[0], refs[0]);
    add_visits(rows);
    after = ask(NULL);
    ck_assert_int_eq(number(after, "visits"), number(before, "visits") + 2);
    ck_assert_int_eq(number(after, "untimed"), 2);
    ck_assert_int_eq(number(after, "outside"), 1);
    ck_assert_ptr_nonnull(strstr(after, "\"as_of\":\"2026-05-07\""));
    options.date = "2026-05-01";
    early = ask(&options);
    ck_assert_int_eq(number(early, "visits"), number(before, "visits"));
    free(before);
    free(after);
    free(early);
}
END_TEST

/* A Saturday is a day off, unless everybody's calendar works on it; what one
 * manager's line says is not asked. */
START_TEST(days_off_are_those_of_everybody)
{
    static const char calendar[] = "date,manager_ref,is_working\n"
                                   "2026-05-09,,1\n"
                                   "2026-05-16,m001,1\n"
                                   "2026-05-18,,0\n";
    static const char *const kinds[] = { "off", "workday", "off", "off" };
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    gb_import_report *report = NULL;
    char path[300], rows[400];
    char *answer, *at;

    snprintf(path, sizeof path, "%.250s/calendar.csv", b.folder);
    test_write_file(path, calendar, strlen(calendar));
    assert_ok(b.ctx, gb_import(b.ctx, ws, "calendar", path, NULL, &report));
    gb_import_report_free(report);
    snprintf(rows, sizeof rows,
             "%s,2026-05-02,10:00,met\n%s,2026-05-09,10:00,met\n"
             "%s,2026-05-16,10:00,met\n%s,2026-05-18,10:00,met\n",
             refs[1], refs[1], refs[1], refs[1]);
    add_visits(rows);
    options.customer = refs[1];
    answer = ask(&options);
    at = strstr(answer, "\"date\":\"2026-05-02\"");
    for (size_t i = 0; i < 4; i++) {
        char kind[40];

        ck_assert_ptr_nonnull(at);
        at = strstr(at, "\"day_kind\":");
        snprintf(kind, sizeof kind, "\"day_kind\":\"%s\"", kinds[i]);
        ck_assert_msg(strncmp(at, kind, strlen(kind)) == 0, "%zu: %.30s", i,
                      at);
        at++;
    }
    free(answer);
}
END_TEST

START_TEST(a_scope_has_its_own_visits_and_tells_of_its_own_customers)
{
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    gb_plan_result *result = NULL;
    char *all = ask(NULL), *b01, *b02, *of;
    size_t other = 0;

    options.scope = "branch:b01";
    b01 = ask(&options);
    options.scope = "branch:b02";
    b02 = ask(&options);
    ck_assert_int_gt(number(b01, "visits"), 0);
    ck_assert_int_gt(number(b02, "visits"), 0);
    ck_assert_int_eq(number(b01, "visits") + number(b02, "visits"),
                     number(all, "visits"));
    while (other + 1 < n_refs && strcmp(branch_of[other], "b01") != 0)
        other++;
    ck_assert_str_eq(branch_of[other], "b01");
    options.customer = refs[other];
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    ck_assert_ptr_null(result);
    options.scope = "branch:b01";
    of = ask(&options);
    ck_assert_int_eq(number(of, "visits"), number(all, "visits"));
    ck_assert_ptr_null(strstr(of, "\"profiles\""));
    free(all);
    free(b01);
    free(b02);
    free(of);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    gb_plan_result *result = NULL;

    ck_assert_int_eq(gb_plan_presence(NULL, ws, &options, &result),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_plan_presence(b.ctx, ws, &options, NULL),
                     GB_ERR_ARGUMENT);
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_plan_presence(b.ctx, NULL, &options, &result));
    options.size = 1;
    assert_status(b.ctx, GB_ERR_OPTIONS,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.size = sizeof options;
    options.date = "2026-02-30";
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.date = NULL;
    options.check_after = "yesterday";
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.check_after = NULL;
    options.half_life_days = -1;
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.half_life_days = 0;
    options.card = "{";
    assert_status(b.ctx, GB_ERR_PARSE,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.card = NULL;
    options.scope = "branch:none";
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    options.scope = NULL;
    options.customer = "nobody";
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    gb_context_cancel(b.ctx);
    options.customer = NULL;
    assert_status(b.ctx, GB_ERR_CANCELLED,
                  gb_plan_presence(b.ctx, ws, &options, &result));
    ck_assert_ptr_null(result);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_presence");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, visits_count_before_the_day_and_with_their_hour);
    tcase_add_test(tcase, days_off_are_those_of_everybody);
    tcase_add_test(tcase,
                   a_scope_has_its_own_visits_and_tells_of_its_own_customers);
    tcase_add_test(tcase, what_cannot_be_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
