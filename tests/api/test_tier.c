#include <gridbeat/gridbeat.h>

#include "test.h"

static gb_context *ctx;
static void setup(void) { ctx = test_context(); }
static void teardown(void) { gb_context_free(ctx); }

static gb_tiers *parsed(const char *text)
{
    gb_tiers *tiers = NULL;

    assert_ok(ctx, gb_tiers_parse(ctx, text, &tiers));
    return tiers;
}

START_TEST(a_fifth_the_next_and_the_rest)
{
    const double values[10] = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };
    gb_tiers *tiers = parsed("A=20%,B=30%,C");
    uint32_t tier[10], rank[10];
    gb_tier figures[3];

    ck_assert_uint_eq(gb_tiers_count(tiers), 3);
    ck_assert_str_eq(gb_tiers_name(tiers, 1), "B");
    ck_assert_ptr_null(gb_tiers_name(tiers, 3));
    assert_ok(ctx, gb_tiers_assign(ctx, tiers, values, 10, NULL, tier, rank,
                                   figures));
    for (uint32_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(tier[i], i < 2 ? 0 : i < 5 ? 1 : 2);
        ck_assert_uint_eq(rank[i], i + 1);
    }
    ck_assert(figures[1].n == 3 && figures[1].n_kept == 0);
    assert_near(figures[0].at_least, 9, 0);
    assert_near(figures[1].highest, 8, 0);
    assert_near(figures[1].lowest, 6, 0);
    assert_near(figures[2].sum, 15, 0);
    gb_tiers_free(tiers);
}
END_TEST

START_TEST(thresholds_let_in_who_reaches_them)
{
    const double values[5] = { 500, 499.5, -1, (double)NAN, 200 };
    gb_tiers *open = parsed("A>=500, B>=200, C"), *closed = parsed("A>=500,B>=200");
    uint32_t tier[5], rank[5];
    gb_tier figures[3];

    assert_ok(ctx, gb_tiers_assign(ctx, open, values, 5, NULL, tier, rank,
                                   figures));
    ck_assert(tier[0] == 0 && tier[1] == 1 && tier[2] == 2
              && tier[3] == GB_TIER_NONE && tier[4] == 1);
    ck_assert(rank[3] == 0 && rank[2] == 4);
    assert_near(figures[1].at_least, 200, 0);
    ck_assert(isnan(figures[2].at_least));
    assert_ok(ctx, gb_tiers_assign(ctx, closed, values, 5, NULL, tier, NULL,
                                   NULL));
    ck_assert_uint_eq(tier[2], GB_TIER_NONE);
    gb_tiers_free(open);
    gb_tiers_free(closed);
}
END_TEST

START_TEST(equal_customers_are_never_parted)
{
    const double values[6] = { 5, 5, 5, 5, 5, 1 };
    gb_tiers *tiers = parsed("A=20%,B");
    uint32_t tier[6];
    gb_tier figures[2];

    assert_ok(ctx, gb_tiers_assign(ctx, tiers, values, 6, NULL, tier, NULL,
                                   figures));
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(tier[i], 1);
    ck_assert(figures[0].n == 0 && isnan(figures[0].highest)
              && isnan(figures[0].at_least));
    gb_tiers_free(tiers);
}
END_TEST

START_TEST(who_crosses_a_border_by_little_stays)
{
    const double before_of[4] = { 520, 510, 300, 100 };
    const double after_of[4] = { 490, 440, 505, 100 };
    gb_tiers *tiers = parsed("A>=500,B>=200,C");
    gb_tiers_options options = GB_TIERS_OPTIONS_INIT;
    uint32_t before[4], after[4];
    gb_tier figures[3];

    assert_ok(ctx, gb_tiers_assign(ctx, tiers, before_of, 4, NULL, before,
                                   NULL, NULL));
    options.before = before;
    options.keep = 0.1;
    assert_ok(ctx, gb_tiers_assign(ctx, tiers, after_of, 4, &options, after,
                                   NULL, figures));
    ck_assert_uint_eq(after[0], 0); /* 490 is within 10 % of 500 */
    ck_assert_uint_eq(after[1], 1);
    ck_assert_uint_eq(after[2], 1); /* nor does 505 bring one up at once */
    ck_assert(figures[0].n_kept == 1 && figures[1].n_kept == 1);
    gb_tiers_free(tiers);
}
END_TEST

START_TEST(a_table_of_moves_is_added_up)
{
    /* from (rows) A, B, none to (columns) A, B, none */
    const uint64_t moves[9] = { 7, 2, 1, 3, 20, 4, 5, 6, 90 };
    const uint64_t still[9] = { 7, 0, 0, 0, 20, 0, 0, 0, 90 };
    gb_tier_drift drift = { .size = sizeof drift };

    assert_ok(ctx, gb_tiers_drift(ctx, moves, 2, &drift));
    ck_assert(drift.entered == 11 && drift.left == 5 && drift.stayed == 27
              && drift.up == 3 && drift.down == 2);
    ck_assert(drift.psi > 0);
    assert_ok(ctx, gb_tiers_drift(ctx, still, 2, &drift));
    assert_near(drift.psi, 0, 0);
    assert_ok(ctx, gb_tiers_drift(ctx, (const uint64_t[4]){ 0, 0, 3, 0 }, 1,
                                  &drift));
    ck_assert(isnan(drift.psi) && drift.entered == 3);
    drift.size = 8;
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tiers_drift(ctx, moves, 2, &drift));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tiers_drift(ctx, moves, 0, &drift));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tiers_drift(ctx, NULL, 2, &drift));
    assert_status(NULL, GB_ERR_ARGUMENT, gb_tiers_drift(NULL, moves, 2, &drift));
}
END_TEST

START_TEST(what_is_no_tiering_is_refused_by_the_piece)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        { "", "no name" }, { "A,,B", "no name" }, { "A=20%,A", "twice" },
        { "A=120%,B", "100 %" }, { "A=0%,B", "above 0" }, { "A=20,B", "%" },
        { "A=60%,B=60%", "more than 100 %" }, { "A=100%,B", "nothing" },
        { "A=50%,B=30%", "less than 100 %" }, { "A>=1,B>=2", "below" },
        { "A>=1,B>=1", "below" }, { "A>=x,B", "no number" },
        { "A>=1,B=20%,C", "mix" }, { "A>=3,B,C", "last" },
        { "A>5,B", "A>=500" }, { "A%,B", "A=20%" }, { "A>=nan", "no number" },
        { "A>=1e999", "no number" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "63" },
    };
    char many[400] = "0";
    gb_tiers *tiers = (gb_tiers *)&tiers;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_status(ctx, GB_ERR_PARSE,
                      gb_tiers_parse(ctx, wrong[i].text, &tiers));
        ck_assert_ptr_null(tiers);
        ck_assert_msg(strstr(gb_last_error(ctx), wrong[i].says), "%s: %s",
                      wrong[i].text, gb_last_error(ctx));
    }
    for (int i = 1; i < 65; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), ",%d", i);
    assert_status(ctx, GB_ERR_PARSE, gb_tiers_parse(ctx, many, &tiers));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tiers_parse(ctx, NULL, &tiers));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_tiers_parse(ctx, "A", NULL));
    assert_status(NULL, GB_ERR_ARGUMENT, gb_tiers_parse(NULL, "A", &tiers));
    gb_tiers_free(NULL);
    ck_assert_uint_eq(gb_tiers_count(NULL), 0);
}
END_TEST

START_TEST(bad_values_and_options_are_refused)
{
    const double values[2] = { 1, (double)INFINITY };
    const uint32_t before[2] = { 0, 7 };
    gb_tiers_options options = GB_TIERS_OPTIONS_INIT;
    gb_tiers *tiers = parsed("A=50%,B");
    uint32_t tier[2];

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tiers_assign(ctx, tiers, values, 2, NULL, tier, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tiers_assign(ctx, NULL, values, 1, NULL, tier, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tiers_assign(ctx, tiers, values, 1, NULL, NULL, NULL, NULL));
    options.keep = 0.6;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tiers_assign(ctx, tiers, values, 1, &options, tier, NULL,
                                  NULL));
    options.keep = 0;
    options.before = before + 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_tiers_assign(ctx, tiers, values, 1, &options, tier, NULL,
                                  NULL));
    options.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_tiers_assign(ctx, tiers, values, 1, &options, tier, NULL,
                                  NULL));
    assert_ok(ctx, gb_tiers_assign(ctx, tiers, NULL, 0, NULL, NULL, NULL, NULL));
    gb_tiers_free(tiers);
}
END_TEST

/* --- on a workspace --- */

static gb_workspace *empty_workspace(void)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws = NULL;
    char path[300];

    snprintf(path, sizeof path, "%s/tiers.gb", test_folder());
    options.epsg = 4547;
    assert_ok(ctx, gb_workspace_create(ctx, path, &options, &ws));
    return ws;
}

START_TEST(what_a_workspace_cannot_tell_is_refused)
{
    static const struct {
        gb_status status;
        const char *name, *by, *tiers, *rules, *where;
        double keep;
    } wrong[] = {
        { GB_ERR_STATE, NULL, NULL, NULL, NULL, NULL, 0 }, /* no targets */
        { GB_ERR_NOT_FOUND, "mine", NULL, NULL, NULL, NULL, 0 },
        { GB_ERR_PARSE, "x", "balance_fen", "A=20", NULL, NULL, 0 },
        { GB_ERR_DATA, "x", "salary", NULL, NULL, NULL, 0 },
        { GB_ERR_DATA, "x", "(SELECT 1)", NULL, NULL, NULL, 0 },
        { GB_ERR_ARGUMENT, "x", NULL, NULL, "dormant_6m", NULL, 0 },
        { GB_ERR_NOT_FOUND, "x", NULL, NULL, "abd", NULL, 0 },
        { GB_ERR_ARGUMENT, "x", "balance_fen", NULL, "abc", NULL, 0 },
        { GB_ERR_ARGUMENT, "x", "score", NULL, NULL, "TRUE", 0 },
        { GB_ERR_ARGUMENT, "x", "balance_fen", NULL, NULL, NULL, 0.7 },
    };
    gb_plan_tier_options options = GB_PLAN_TIER_OPTIONS_INIT;
    gb_workspace *ws = empty_workspace();
    gb_plan_result *result = (gb_plan_result *)&result;

    options.date = "2026-03-02";
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        options.name = wrong[i].name;
        options.by = wrong[i].by;
        options.tiers = wrong[i].tiers;
        options.rules = wrong[i].rules;
        options.where = wrong[i].where;
        options.keep = wrong[i].keep;
        ck_assert_msg(gb_plan_tiers(ctx, ws, &options, &result)
                          == wrong[i].status,
                      "%zu: %s", i, gb_last_error(ctx));
        ck_assert_ptr_null(result);
    }
    options = (gb_plan_tier_options)GB_PLAN_TIER_OPTIONS_INIT;
    assert_status(ctx, GB_ERR_ARGUMENT, gb_plan_tiers(ctx, ws, NULL, &result));
    options.date = "2026-02-30";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_plan_tiers(ctx, ws, &options, &result));
    options.date = options.since = "2026-03-02";
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_plan_tier_drift(ctx, ws, &options, &result));
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_plan_tier_show(ctx, ws, &options, &result));
    options.scope = "branch:b9";
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_plan_tier_show(ctx, ws, &options, &result));
    options.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_plan_tier_drift(ctx, ws, &options, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_plan_tier_list(ctx, NULL, &result));
    gb_workspace_close(ws);
}
END_TEST

START_TEST(nobody_is_in_the_tiers_of_an_empty_bank)
{
    gb_plan_tier_options options = GB_PLAN_TIER_OPTIONS_INIT;
    gb_workspace *ws = empty_workspace();
    gb_plan_result *result = NULL;

    options.date = "2026-03-02";
    options.name = "rich";
    options.by = "peak_24m_fen";
    assert_ok(ctx, gb_plan_tiers(ctx, ws, &options, &result));
    ck_assert(strstr(gb_plan_result_json(result), "\"customers\":0"));
    gb_plan_result_free(result);
    assert_ok(ctx, gb_plan_tier_list(ctx, ws, &result));
    ck_assert(strstr(gb_plan_result_json(result), "\"rich\""));
    gb_plan_result_free(result);
    gb_workspace_close(ws);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tier");
    TCase *tcase = tcase_create("tiers");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_fifth_the_next_and_the_rest);
    tcase_add_test(tcase, thresholds_let_in_who_reaches_them);
    tcase_add_test(tcase, equal_customers_are_never_parted);
    tcase_add_test(tcase, who_crosses_a_border_by_little_stays);
    tcase_add_test(tcase, a_table_of_moves_is_added_up);
    tcase_add_test(tcase, what_is_no_tiering_is_refused_by_the_piece);
    tcase_add_test(tcase, bad_values_and_options_are_refused);
    tcase_add_test(tcase, what_a_workspace_cannot_tell_is_refused);
    tcase_add_test(tcase, nobody_is_in_the_tiers_of_an_empty_bank);
    suite_add_tcase(suite, tcase);
    return suite;
}
