#include "ground.h"
#include "store_territory_rules.h"

/*
 * 16 cells in two territories of two rows each, t1 of m1 and t2 of m2; rules
 * are added, contradicted, taken away, and found again among other cells.
 */
static bank b;
static ground g;
static store_cells cells;
static store_ground_rules rules;
static store_branches branches;
static store_managers managers;

static void load(void)
{
    store_ground_rules_clear(&rules);
    store_managers_clear(&managers);
    store_branches_clear(&branches);
    store_cells_clear(&cells);
    assert_ok(b.ctx, store_load_branches(b.ws, NULL, &branches));
    assert_ok(b.ctx, store_load_managers(b.ws, &branches, 0, &managers));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_load_ground_rules(b.ws, &cells, &managers, &rules));
}

static void set_up(void)
{
    const store_territory_in items[] = { { "t1", 1, 1, 1, 10.0, NULL },
                                         { "t2", 2, 2, 2, 11.0, NULL } };
    uint32_t of_cell[16];
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell };
    int64_t version = 0;

    bank_open(&b);
    in.owner_from = store_day_parse("2026-03-02");
    ground_make(&g, 4);
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    load();
    for (int c = 0; c < 16; c++)
        of_cell[c] = c >= 8;
    assert_ok(b.ctx, store_save_territories(b.ws, &cells, &in, &version));
}

static void tear_down(void)
{
    store_ground_rules_clear(&rules);
    store_managers_clear(&managers);
    store_branches_clear(&branches);
    store_cells_clear(&cells);
    store_leave(b.ws);
    bank_close(&b);
}

static gb_status lock(const char *cell, const char *territory)
{
    const store_ground_rule_in in = { .kind = STORE_RULE_LOCK, .cell = cell,
                               .territory = territory, .reason = "school",
                               .since = STORE_NO_DAY };

    return store_ground_rules_add(b.ws, &in, 1);
}

static gb_status freeze(const char *territory)
{
    const store_ground_rule_in in = { .kind = STORE_RULE_FREEZE,
                               .territory = territory,
                               .since = STORE_NO_DAY };

    return store_ground_rules_add(b.ws, &in, 1);
}

static gb_status apart(const char *cell, const char *other)
{
    const store_ground_rule_in in = { .kind = STORE_RULE_APART, .cell = cell,
                               .other = other, .since = STORE_NO_DAY };

    return store_ground_rules_add(b.ws, &in, 1);
}

static gb_status bar(const char *cell, const char *manager)
{
    const store_ground_rule_in in = { .kind = STORE_RULE_BARRED, .cell = cell,
                               .manager = manager, .since = STORE_NO_DAY };

    return store_ground_rules_add(b.ws, &in, 1);
}

static void says(const char *text)
{
    ck_assert_msg(strstr(gb_last_error(b.ctx), text), "%s lacks \"%s\"",
                  gb_last_error(b.ctx), text);
}

START_TEST(rules_come_back_as_they_were_given)
{
    assert_ok(b.ctx, lock("cell00002", "t2"));
    assert_ok(b.ctx, lock("cell00009", NULL));
    assert_ok(b.ctx, apart("cell00003", "cell00004"));
    assert_ok(b.ctx, bar("cell00012", "m1"));
    load();
    ck_assert_uint_eq(rules.n, 4);
    ck_assert_uint_eq(rules.n_lost, 0);
    ck_assert_uint_eq(rules.first[1], 2);
    ck_assert_uint_eq(rules.items[0].cell, 1);
    ck_assert_str_eq(rules.items[0].territory, "t2");
    ck_assert_str_eq(rules.items[0].reason, "school");
    ck_assert_str_eq(rules.items[1].territory, "");
    ck_assert_uint_eq(rules.items[2].other, 3);
    ck_assert_str_eq(managers.items[rules.items[3].manager].ref, "m1");
}
END_TEST

START_TEST(the_same_rule_again_is_no_second_one)
{
    assert_ok(b.ctx, apart("cell00003", "cell00004"));
    assert_ok(b.ctx, apart("cell00004", "cell00003"));
    assert_ok(b.ctx, lock("cell00002", "t1"));
    assert_ok(b.ctx, lock("cell00002", "t1"));
    assert_ok(b.ctx, freeze("t2"));
    assert_ok(b.ctx, freeze("t2"));
    load();
    ck_assert_uint_eq(rules.n, 3);
}
END_TEST

START_TEST(two_locks_of_one_cell_contradict)
{
    assert_ok(b.ctx, lock("cell00002", "t2"));
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00002", "t1"));
    says("cell cell00002 cannot be locked in t1: cell cell00002 is locked in "
         "t2");
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00002", NULL));
    load();
    ck_assert_uint_eq(rules.n, 1);
}
END_TEST

START_TEST(cells_apart_cannot_be_locked_together)
{
    assert_ok(b.ctx, lock("cell00002", "t2"));
    assert_ok(b.ctx, apart("cell00002", "cell00009"));
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00009", NULL));
    says("cells cell00002 and cell00009 are kept apart");
    says("cell cell00009 is locked where it is");
    assert_status(b.ctx, GB_ERR_DATA, freeze("t2"));
    says("territory t2 is locked as it is");
}
END_TEST

START_TEST(a_cell_cannot_be_locked_into_or_out_of_a_frozen_territory)
{
    assert_ok(b.ctx, freeze("t1"));
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00002", "t2"));
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00009", "t1"));
    assert_ok(b.ctx, lock("cell00002", "t1"));
    assert_ok(b.ctx, lock("cell00009", "t2"));
}
END_TEST

START_TEST(a_barred_manager_cannot_have_the_cell_locked_in_his_territory)
{
    assert_ok(b.ctx, bar("cell00002", "m1"));
    assert_status(b.ctx, GB_ERR_DATA, lock("cell00002", "t1"));
    says("cell cell00002 is barred to m1");
    assert_ok(b.ctx, lock("cell00002", "t2"));
    assert_status(b.ctx, GB_ERR_DATA, bar("cell00002", "m2"));
}
END_TEST

START_TEST(what_is_not_there_is_told)
{
    assert_status(b.ctx, GB_ERR_NOT_FOUND, lock("cell99", "t1"));
    assert_status(b.ctx, GB_ERR_NOT_FOUND, lock("cell00001", "t9"));
    assert_status(b.ctx, GB_ERR_NOT_FOUND, freeze("t9"));
    assert_status(b.ctx, GB_ERR_NOT_FOUND, bar("cell00001", "m9"));
    assert_status(b.ctx, GB_ERR_ARGUMENT, apart("cell00001", "cell00001"));
    load();
    ck_assert_uint_eq(rules.n, 0);
}
END_TEST

START_TEST(a_rule_is_taken_away_once)
{
    const store_ground_rule_in in = { .kind = STORE_RULE_APART, .cell = "cell00004",
                               .other = "cell00003", .since = STORE_NO_DAY };

    assert_ok(b.ctx, apart("cell00003", "cell00004"));
    assert_ok(b.ctx, store_ground_rules_remove(b.ws, &in, 1));
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_ground_rules_remove(b.ws, &in, 1));
    load();
    ck_assert_uint_eq(rules.n, 0);
}
END_TEST

START_TEST(all_rules_of_a_call_are_added_or_none)
{
    const store_ground_rule_in in[] = {
        { .kind = STORE_RULE_LOCK, .cell = "cell00001", .territory = "t1",
          .since = STORE_NO_DAY },
        { .kind = STORE_RULE_LOCK, .cell = "cell00001", .territory = "t2",
          .since = STORE_NO_DAY },
    };

    assert_status(b.ctx, GB_ERR_DATA, store_ground_rules_add(b.ws, in, 2));
    load();
    ck_assert_uint_eq(rules.n, 0);
}
END_TEST

START_TEST(rules_hold_for_cells_that_are_made_anew)
{
    assert_ok(b.ctx, lock("cell00002", "t1"));   /* x 100 to 200, y 0 */
    assert_ok(b.ctx, lock("cell00016", "t2"));   /* x and y 300 to 400 */
    ground_make(&g, 3);                          /* 9 cells, 300 m wide */
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    load();
    ck_assert_uint_eq(rules.n, 2);
    ck_assert_uint_eq(rules.n_lost, 1);
    ck_assert_str_eq(rules.items[0].cell_ref, "cell00002");
    ck_assert_uint_eq(rules.items[1].cell, STORE_NONE);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_territory_rules");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, rules_come_back_as_they_were_given);
    tcase_add_test(tcase, the_same_rule_again_is_no_second_one);
    tcase_add_test(tcase, two_locks_of_one_cell_contradict);
    tcase_add_test(tcase, cells_apart_cannot_be_locked_together);
    tcase_add_test(tcase,
                   a_cell_cannot_be_locked_into_or_out_of_a_frozen_territory);
    tcase_add_test(
        tcase, a_barred_manager_cannot_have_the_cell_locked_in_his_territory);
    tcase_add_test(tcase, what_is_not_there_is_told);
    tcase_add_test(tcase, a_rule_is_taken_away_once);
    tcase_add_test(tcase, all_rules_of_a_call_are_added_or_none);
    tcase_add_test(tcase, rules_hold_for_cells_that_are_made_anew);
    suite_add_tcase(suite, tcase);
    return suite;
}
