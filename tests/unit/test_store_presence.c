/*
 * Visits as tries, and what they taught, in and out of a workspace.
 */
#include "bank.h"
#include "store_presence.h"

static const store_scope everyone = { STORE_SCOPE_ALL, 0 };
static bank b;

static int32_t day(const char *text)
{
    return store_day_parse(text);
}

static void set_up(void)
{
    bank_open(&b);
    bank_add(&b, "c1", "balance_fen = 1");
    bank_add(&b, "c2", "balance_fen = 1, branch_id = 2");
}

static void tear_down(void)
{
    bank_close(&b);
}

static store_attempts load(store_scope scope, const char *since,
                           const char *on)
{
    store_attempts found;

    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_load_attempts(b.ws, scope, day(since), day(on),
                                         &found));
    store_leave(b.ws);
    return found;
}

START_TEST(visits_with_an_hour_and_an_outcome_are_tries)
{
    const store_scope second = { STORE_SCOPE_BRANCH, 2 };
    store_attempts found;

    bank_sql(&b,
             "INSERT INTO visit(customer_id, day, outcome, at_s) VALUES"
             "(2, '2026-01-09', 'met', 36000), (1, '2026-01-09', 'refused', 1),"
             "(1, '2026-01-10', 'absent', 86400), (1, '2026-01-12', NULL, 9),"
             "(1, '2026-01-13', 'met', NULL), (1, '2026-01-14', 'met', 5)");
    found = load(everyone, "2026-01-09", "2026-01-14");
    ck_assert_uint_eq(found.n, 3); /* by day, then customer */
    ck_assert_uint_eq(found.n_untimed, 2);
    ck_assert(found.items[0].customer_id == 1 && found.items[0].is_met);
    ck_assert(found.items[1].customer_id == 2 && found.items[1].is_met);
    ck_assert(found.items[1].is_workday && found.items[1].at_s == 36000);
    ck_assert(!found.items[2].is_met && !found.items[2].is_workday);
    store_attempts_clear(&found);
    found = load(second, "2020-01-01", "2027-01-01");
    ck_assert_uint_eq(found.n, 1);
    store_attempts_clear(&found);
    found = load(everyone, "2020-01-01", "2026-01-09");
    ck_assert(found.n == 0 && found.n_untimed == 0);
    store_attempts_clear(&found);
}
END_TEST

START_TEST(the_calendar_of_everybody_says_what_is_a_workday)
{
    static const struct {
        const char *day;
        bool is_workday;
    } days[] = { { "2026-03-06", true },   { "2026-03-07", false },
                 { "2026-03-08", false },  { "2026-03-09", false },
                 { "2026-03-14", true },   { "2026-03-10", true } };

    bank_sql(&b, "INSERT INTO calendar_day(day, manager_id, is_working) VALUES"
                 "('2026-03-09', NULL, 0), ('2026-03-14', NULL, 1), "
                 "('2026-03-10', 1, 0), ('2026-03-07', 1, 1)");
    store_enter(b.ws, &b.run);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        bool is_workday = !days[i].is_workday;

        assert_ok(b.ctx, store_is_workday(b.ws, day(days[i].day),
                                          &is_workday));
        ck_assert_msg(is_workday == days[i].is_workday, "%s", days[i].day);
    }
    store_leave(b.ws);
}
END_TEST

START_TEST(marks_go_to_those_with_the_tag_or_its_value)
{
    const int64_t customers[] = { 1, 2 };
    uint32_t marks[] = { 9, 9 };
    store_ids ids = { 0 };

    bank_sql(&b, "INSERT INTO tag(id, tag) VALUES(71, 'x'), (72, 'y')");
    bank_sql(&b, "INSERT INTO customer_tag VALUES(1, 71, ''), (2, 72, 'v'), "
                 "(1, 72, 'w')");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_ids_build(b.ws, customers, 2, sizeof *customers,
                                     &ids));
    assert_ok(b.ctx, store_mark_tagged(b.ws, "x", &ids, 3, marks));
    ck_assert(marks[0] == 3 && marks[1] == 9);
    assert_ok(b.ctx, store_mark_tagged(b.ws, "y=v", &ids, 4, marks));
    ck_assert(marks[0] == 3 && marks[1] == 4);
    assert_ok(b.ctx, store_mark_tagged(b.ws, "y", &ids, 5, marks));
    assert_ok(b.ctx, store_mark_tagged(b.ws, "none", &ids, 6, marks));
    ck_assert(marks[0] == 3 && marks[1] == 4);
    store_leave(b.ws);
    store_ids_clear(&ids);
}
END_TEST

typedef struct rows {
    int n, i;
} rows;

static bool next(void *user, store_odds *row)
{
    rows *r = user;

    if (r->i == r->n)
        return false;
    *row = (store_odds){ .level = "place", .day_kind = "workday",
                         .unit_id = r->i++, .from_s = 28800, .visits = 2,
                         .met = 1, .odds = 0.5 };
    return true;
}

START_TEST(what_was_learnt_replaces_what_was)
{
    const store_presence p
        = { .on = day("2026-03-02"), .n_visits = 5, .n_met = 2,
            .half_life_days = 365, .slots_json = "[]", .profiles_json = "[]",
            .strengths_json = "{}" };

    for (int n = 3; n >= 1; n -= 2) {
        rows r = { n, 0 };

        store_enter(b.ws, &b.run);
        assert_ok(b.ctx, store_save_presence(b.ws, &p, next, &r));
        store_leave(b.ws);
        ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM presence_odds"),
                         n);
        ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM presence_run"),
                         1);
    }
    ck_assert_str_eq(bank_text(&b, "SELECT as_of FROM presence_run"),
                     "2026-03-02");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_presence");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, visits_with_an_hour_and_an_outcome_are_tries);
    tcase_add_test(tcase, the_calendar_of_everybody_says_what_is_a_workday);
    tcase_add_test(tcase, marks_go_to_those_with_the_tag_or_its_value);
    tcase_add_test(tcase, what_was_learnt_replaces_what_was);
    suite_add_tcase(suite, tcase);
    return suite;
}
