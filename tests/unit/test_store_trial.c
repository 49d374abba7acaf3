#include "bank.h"
#include "store_trial.h"

static const store_scope everyone = { STORE_SCOPE_ALL, 0 };
static bank b;

static int32_t day(const char *text)
{
    return store_day_parse(text);
}

/* Customers 1 to 6: who came back when, as of a night. */
static void set_up(void)
{
    bank_open(&b);
    bank_add(&b, "in_time", "last_txn_on = '2026-03-20'");
    bank_add(&b, "last_day", "last_txn_on = '2026-04-01'");
    bank_add(&b, "too_late", "last_txn_on = '2026-04-02'");
    bank_add(&b, "never", "last_txn_on = NULL");
    bank_add(&b, "long_ago", "last_txn_on = '2026-03-01'");
    bank_add(&b, "same_day", "last_txn_on = '2026-03-02'");
}

static void tear_down(void)
{
    bank_close(&b);
}

static store_settled settle(const char *on)
{
    store_settled s;

    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_settle(b.ws, day(on), 30, &s));
    store_leave(b.ws);
    return s;
}

static void save(const char *on, bool is_held_out, bool is_drawn)
{
    store_trial items[6];

    for (int i = 0; i < 6; i++)
        items[i] = (store_trial){
            .customer_id = i + 1, .until = day(on) + 30, .segment = "s",
            .strategy = "call first", .grade = i % 2 ? "A" : "B",
            .is_held_out = is_held_out,
            .propensity = is_held_out ? .05 : .95, .score = 100 + i,
            .chance = i == 0 ? .25 : (double)NAN
        };
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_save_trials(b.ws, day(on), items,
                                       is_drawn ? 6 : 0, is_drawn));
    store_leave(b.ws);
}

static const char *actives(const char *table)
{
    char sql[200];

    snprintf(sql, sizeof sql,
             "SELECT group_concat(coalesce(is_active, CASE WHEN settled_on "
             "IS NULL THEN 'open' ELSE '?' END)) FROM (SELECT * FROM %s "
             "ORDER BY rowid)", table);
    return bank_text(&b, sql);
}

START_TEST(a_trial_is_settled_when_the_answer_is_known_and_not_before)
{
    store_settled s;

    save("2026-03-02", false, true);
    s = settle("2026-03-10"); /* with later data: a transaction is seen */
    ck_assert_int_eq(s.n_trials, 3);
    ck_assert_int_eq(s.n_trials_active, 3);
    ck_assert_int_eq(s.n_trials_open, 3);
    ck_assert_str_eq(actives("trial"), "1,1,open,open,open,1");
    s = settle("2026-04-01"); /* the last day is not over */
    ck_assert_int_eq(s.n_trials, 0);
    s = settle("2026-04-02");
    ck_assert_int_eq(s.n_trials, 3);
    ck_assert_int_eq(s.n_trials_unknown, 1);
    ck_assert_str_eq(actives("trial"), "1,1,?,0,0,1");
    bank_sql(&b, "UPDATE customer SET last_txn_on = '2026-03-05'");
    s = settle("2026-04-03"); /* what is settled stays */
    ck_assert_int_eq(s.n_trials, 0);
    ck_assert_str_eq(actives("trial"), "1,1,?,0,0,1");
}
END_TEST

START_TEST(a_trial_knows_whether_he_was_visited_and_met)
{
    save("2026-03-02", false, true);
    bank_sql(&b, "INSERT INTO visit(customer_id, day, outcome) VALUES"
                 "(1, '2026-03-01', 'met'), (4, '2026-03-02', 'absent'), "
                 "(4, '2026-03-09', 'met'), (5, '2026-04-01', 'refused'), "
                 "(3, '2026-04-02', 'met')");
    settle("2026-04-05");
    ck_assert_str_eq(bank_text(&b, "SELECT group_concat(is_visited || "
                                   "is_met) FROM (SELECT * FROM trial "
                                   "ORDER BY id)"),
                     "00,00,00,11,10,00");
}
END_TEST

START_TEST(trials_are_loaded_as_they_were_saved)
{
    store_trials all, open;

    save("2026-03-02", true, true);
    settle("2026-03-25");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_load_trials(b.ws, everyone, &all));
    assert_ok(b.ctx, store_load_open_trials(b.ws, day("2026-04-01"), &open));
    store_leave(b.ws);
    ck_assert_uint_eq(all.n, 6);
    ck_assert_uint_eq(open.n, 3); /* 3, 4, 5 */
    ck_assert_int_eq(open.items[0].customer_id, 3);
    ck_assert_int_eq(open.items[0].is_active, STORE_OPEN);
    ck_assert_str_eq(all.items[0].customer, "in_time");
    ck_assert_str_eq(all.items[0].segment, "s");
    ck_assert_str_eq(all.items[0].strategy, "call first");
    ck_assert_str_eq(all.items[0].grade, "B");
    ck_assert(all.items[0].is_held_out);
    assert_near(all.items[0].propensity, .05, 0);
    assert_near(all.items[0].chance, .25, 0);
    ck_assert(isnan(all.items[1].chance));
    ck_assert_int_eq(all.items[0].score, 100);
    ck_assert_int_eq(all.items[0].until, day("2026-04-01"));
    ck_assert_int_eq(all.items[0].is_active, STORE_OPEN); /* for the others'
        sake: who does not come back is not known before the time is over */
    store_trials_clear(&all);
    store_trials_clear(&open);
    settle("2026-04-03");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_load_trials(b.ws, everyone, &all));
    store_leave(b.ws);
    ck_assert_int_eq(all.items[0].is_active, 1);
    store_trials_clear(&all);
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_load_open_trials(b.ws, day("2026-03-02"), &open));
    store_leave(b.ws);
    ck_assert_uint_eq(open.n, 0); /* its own day draws anew */
    store_trials_clear(&open);
}
END_TEST

START_TEST(a_night_done_again_draws_in_place_of_the_first)
{
    save("2026-03-02", false, true);
    save("2026-03-02", true, true);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM trial"), 6);
    ck_assert_int_eq(bank_int(&b, "SELECT sum(is_held_out) FROM trial"), 6);
}
END_TEST

START_TEST(where_nobody_is_held_out_any_more_trials_end_unknown)
{
    save("2026-03-02", true, true);
    settle("2026-03-03");
    save("2026-03-04", false, false);
    ck_assert_str_eq(actives("trial"), "1,1,?,?,?,1");
}
END_TEST

START_TEST(a_visit_counts_for_the_trial_of_its_day)
{
    store_results all;
    store_settled s;

    save("2026-03-02", false, true);
    bank_sql(&b, "INSERT INTO visit(customer_id, day, outcome, manager_id) "
                 "VALUES(1, '2026-03-16', 'met', 1), "
                 "(2, '2026-02-20', 'met', NULL), "
                 "(3, '2026-03-10', 'met', NULL), "
                 "(4, '2026-03-10', 'absent', NULL)");
    s = settle("2026-03-17");
    ck_assert_int_eq(s.n_visits, 2); /* 1 and 3 came back; later data */
    ck_assert_int_eq(s.n_visits_active, 2);
    ck_assert_int_eq(s.n_visits_open, 2);
    s = settle("2026-04-10");
    ck_assert_int_eq(s.n_visits, 2);
    ck_assert_int_eq(s.n_visits_active, 0);
    ck_assert_int_eq(s.n_visits_unknown, 1); /* 2, who came back too late */
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_load_results(b.ws, everyone, &all));
    store_leave(b.ws);
    ck_assert_uint_eq(all.n, 3); /* who was absent has no part in it */
    ck_assert_int_eq(all.items[0].day, day("2026-02-20"));
    ck_assert_str_eq(all.items[0].segment, "");
    ck_assert_int_eq(all.items[0].is_active, STORE_NOT_KNOWN);
    ck_assert_int_eq(all.items[1].is_active, 1);
    ck_assert(isnan(all.items[1].chance));
    ck_assert_str_eq(all.items[2].segment, "s");
    ck_assert_str_eq(all.items[2].strategy, "call first");
    ck_assert_str_eq(all.items[2].manager, "m1");
    assert_near(all.items[2].chance, .25, 0);
    assert_near(all.items[2].score, 100, 0);
    store_results_clear(&all);
}
END_TEST

/* Of those who came back and went on only the later transaction is told. */
START_TEST(a_visit_first_seen_when_its_time_is_over_is_not_counted)
{
    store_settled s;

    bank_sql(&b, "INSERT INTO visit(customer_id, day, outcome) VALUES"
                 "(1, '2026-03-16', 'met'), (4, '2026-03-16', 'met')");
    s = settle("2026-05-01");
    ck_assert_int_eq(s.n_visits, 2);
    ck_assert_int_eq(s.n_visits_unknown, 2);
    ck_assert_int_eq(settle("2026-05-02").n_visits, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_trial");
    TCase *tcase = tcase_create("store_trial");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(
        tcase, a_trial_is_settled_when_the_answer_is_known_and_not_before);
    tcase_add_test(tcase, a_trial_knows_whether_he_was_visited_and_met);
    tcase_add_test(tcase, trials_are_loaded_as_they_were_saved);
    tcase_add_test(tcase, a_night_done_again_draws_in_place_of_the_first);
    tcase_add_test(tcase,
                   where_nobody_is_held_out_any_more_trials_end_unknown);
    tcase_add_test(tcase, a_visit_counts_for_the_trial_of_its_day);
    tcase_add_test(tcase,
                   a_visit_first_seen_when_its_time_is_over_is_not_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
