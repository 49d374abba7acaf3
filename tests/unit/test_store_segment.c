#include "bank.h"
#include "store_segment_facts.h"

static const char today[] = "2026-03-02";
static bank b;

static void set_up(void)
{
    bank_open(&b);
}

static void tear_down(void)
{
    bank_close(&b);
}

static gb_segment_result *must(gb_status status, gb_segment_result *result)
{
    ck_assert_msg(status == GB_OK, "%s", gb_last_error(b.ctx));
    return result;
}

static gb_segment_result *run_segment(const char *name, const char *as_of)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    const gb_status status
        = (options.name = name, options.as_of = as_of, options.limit = 100,
           gb_segment_run(b.ctx, b.ws, &options, &result));

    return must(status, result);
}

static gb_status refused(const char *where)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    gb_status status;

    options.as_of = today;
    options.where = where;
    status = gb_segment_preview(b.ctx, b.ws, &options, &result);
    gb_segment_result_free(result);
    return status;
}

/* --------------------------------------------------------- rows 2, 3, 4 -- */

START_TEST(six_months_exactly_is_dormant_and_one_day_less_is_not)
{
    static const struct {
        const char *last_txn_on, *as_of;
        int kept;
    } table[] = {
        { "2025-09-02", "2026-03-02", 1 }, { "2025-09-03", "2026-03-02", 0 },
        { "2025-08-31", "2026-02-28", 1 }, { "2025-08-31", "2026-02-27", 0 },
        { "2025-08-28", "2026-02-28", 1 }, { "2025-08-28", "2026-02-27", 0 },
        { "2023-08-31", "2024-02-29", 1 }, { "2023-08-31", "2024-02-28", 0 },
        { "2023-08-29", "2024-02-29", 1 }, { "2025-12-31", "2026-06-30", 1 },
        { "2025-12-31", "2026-06-29", 0 }, { "2025-02-28", "2025-08-28", 1 },
        { "2025-02-28", "2025-08-27", 0 }, { "2024-02-29", "2024-08-29", 1 },
        { "2024-02-29", "2024-08-28", 0 }, { "2026-03-02", "2026-03-02", 0 },
        { "2026-04-02", "2026-03-02", 0 },
    };
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;

    options.name = "dormant_6m";
    bank_add(&b, "c", "");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        gb_segment_result *result = NULL;
        char sql[128];

        snprintf(sql, sizeof sql, "UPDATE customer SET last_txn_on = '%s'",
                 table[i].last_txn_on);
        bank_sql(&b, sql);
        options.as_of = table[i].as_of;
        assert_ok(b.ctx,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
        ck_assert_msg(gb_segment_result_kept(result) == table[i].kept,
                      "last %s, as of %s", table[i].last_txn_on,
                      table[i].as_of);
        gb_segment_result_free(result);
    }
}
END_TEST

START_TEST(the_three_kinds_of_dormancy_have_their_bounds)
{
    static const struct {
        const char *segment, *last_txn_on;
        long long balance_fen;
        int kept;
    } table[] = {
        { "dormant_365d_10y", "2025-03-02", 1000, 1 },
        { "dormant_365d_10y", "2025-03-03", 1000, 0 },
        { "dormant_365d_10y", "2025-03-02", 1001, 0 },
        { "dormant_3y", "2023-03-02", 99999999, 1 },
        { "dormant_3y", "2023-03-03", 0, 0 },
        { "early_sleep", "2025-12-02", 0, 1 },
        { "early_sleep", "2025-12-03", 0, 0 },
        { "early_sleep", "2025-09-03", 0, 1 },
        { "early_sleep", "2025-09-02", 0, 0 },
    };
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;

    options.as_of = today;
    bank_add(&b, "c", "");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        gb_segment_result *result = NULL;
        char sql[128];

        snprintf(sql, sizeof sql,
                 "UPDATE customer SET last_txn_on = '%s', balance_fen = %lld",
                 table[i].last_txn_on, table[i].balance_fen);
        bank_sql(&b, sql);
        options.name = table[i].segment;
        assert_ok(b.ctx,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
        ck_assert_msg(gb_segment_result_kept(result) == table[i].kept,
                      "case %zu", i);
        gb_segment_result_free(result);
    }
}
END_TEST

START_TEST(a_customer_without_a_transaction_date_is_unknown_not_out)
{
    int64_t unknown = -1;

    bank_add(&b, "c", "");
    ck_assert_int_eq(
        bank_count(&b, today, "months_since(last_txn_on) >= 6", &unknown), 0);
    ck_assert_int_eq(unknown, 1);
}
END_TEST

START_TEST(past_and_redeemed_holdings_count_as_ever_held)
{
    bank_add(&b, "now", "");
    bank_add(&b, "past", "");
    bank_add(&b, "future", "");
    bank_add(&b, "never", "");
    bank_sql(&b, "INSERT INTO holding(customer_id, product_id, opened_on, "
                 "closed_on) VALUES(1, 2, '2025-01-01', NULL), "
                 "(2, 2, '2023-01-01', '2024-01-01'), "
                 "(3, 2, '2026-03-03', NULL), (4, 1, '2020-01-01', NULL)");
    ck_assert_int_eq(bank_count(&b, today, "ever_held('wm_red')", NULL), 2);
    ck_assert_int_eq(bank_count(&b, today, "ever_held('红利一号')", NULL), 2);
    ck_assert_int_eq(bank_count(&b, today, "ever_held('wealth', 'td1')", NULL),
                     3);
    ck_assert_int_eq(bank_count(&b, today, "holds('wealth')", NULL), 1);
    ck_assert_int_eq(
        bank_count(&b, today, "ever_held('wealth') AND NOT holds('wealth')",
                   NULL),
        1);
    ck_assert_int_eq(bank_count(&b, "2026-03-03", "holds('wealth')", NULL), 2);
    ck_assert_int_eq(bank_count(&b, "2023-12-31", "holds('wealth')", NULL), 1);
    ck_assert_int_eq(bank_count(&b, today, "n_products = 1", NULL), 2);
}
END_TEST

START_TEST(an_area_has_holes_and_edges_and_coarse_locations_are_unknown)
{
    int64_t unknown = -1;

    bank_add(&b, "inside", "");
    bank_add(&b, "in_hole", "geom = MakePoint(114.31, 30.51, 4326)");
    bank_add(&b, "on_edge", "geom = MakePoint(114.30, 30.51, 4326)");
    bank_add(&b, "on_hole", "geom = MakePoint(114.308, 30.51, 4326)");
    bank_add(&b, "outside", "geom = MakePoint(114.33, 30.51, 4326)");
    bank_add(&b, "street", "accuracy = 'street'");
    bank_add(&b, "district", "accuracy = 'district'");
    bank_add(&b, "nowhere",
             "accuracy = 'none', located_by = 'none', geom = NULL");
    bank_add(&b, "compound", "accuracy = 'compound'");
    ck_assert_int_eq(
        bank_count(&b, today, "within_area('翠湖一号')", &unknown), 4);
    ck_assert_int_eq(unknown, 3);
    ck_assert_int_eq(bank_count(&b, today, "within_area('a1')", NULL), 4);
    ck_assert_int_eq(
        bank_count(&b, today, "NOT within_area('a1')", &unknown), 2);
    ck_assert_int_eq(unknown, 3);
    assert_status(b.ctx, GB_ERR_NOT_FOUND, refused("within_area('a2')"));
    ck_assert_ptr_nonnull(strstr(gb_last_error(b.ctx), "a2"));
}
END_TEST

/* ------------------------------------------------- rows 5, 6, 20, 22-24 -- */

START_TEST(a_waterfall_counts_each_clause_in_order_with_unknowns_apart)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    assert_ok(b.ctx,
              gb_segment_define(
                  b.ctx, b.ws,
                  "{\"name\": \"mine\", \"clauses\": ["
                  "{\"name\": \"asleep\", \"sql\": "
                  "\"months_since(last_txn_on) >= 6\"},"
                  "{\"name\": \"rich_or_tagged\", \"sql\": "
                  "\"balance_fen > 100 OR has_tag('industry')\"},"
                  "{\"name\": \"here\", \"sql\": \"within_area('a1')\"}]}",
                  &result));
    gb_segment_result_free(result);
    bank_add(&b, "in", "last_txn_on = '2020-01-01', balance_fen = 101");
    bank_add(&b, "awake", "last_txn_on = '2026-03-01', balance_fen = 101");
    bank_add(&b, "poor", "last_txn_on = '2020-01-01', balance_fen = 100");
    bank_add(&b, "tagged", "last_txn_on = '2020-01-01'");
    bank_add(&b, "coarse", "last_txn_on = '2020-01-01', balance_fen = 101, "
                           "accuracy = 'street'");
    bank_add(&b, "dateless", "balance_fen = 101");
    bank_sql(&b, "INSERT INTO customer_tag VALUES(4, 4, 'food')");
    options.as_of = today;
    options.name = "mine";
    options.limit = 10;
    assert_ok(b.ctx, gb_segment_preview(b.ctx, b.ws, &options, &result));
    ck_assert_int_eq(gb_segment_result_seen(result), 6);
    ck_assert_int_eq(gb_segment_result_kept(result), 2);
    ck_assert_int_eq(gb_segment_result_unknown(result), 2);
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "\"kept\": 4, \"unknown\": 1, \"dropped\": 1, \"alone\": 4}"));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "\"kept\": 3, \"unknown\": 1, \"dropped\": 1, \"alone\": 5}"));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "\"kept\": 2, \"unknown\": 2, \"dropped\": 0, \"alone\": 5}"));
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"listed\": [\"in\", \"tagged\"]"));
    gb_segment_result_free(result);
}
END_TEST

START_TEST(any_tag_of_the_bank_works_in_a_rule_without_a_change_of_code)
{
    bank_add(&b, "c1", "");
    bank_add(&b, "c2", "");
    bank_add(&b, "c3", "");
    bank_sql(&b, "INSERT INTO tag(id, tag) VALUES(9, '新标签');"
                 "INSERT INTO customer_tag VALUES(1, 9, ''), (2, 4, 'food'), "
                 "(2, 4, 'retail'), (3, 4, 'retail')");
    ck_assert_int_eq(bank_count(&b, today, "has_tag('新标签')", NULL), 1);
    ck_assert_int_eq(bank_count(&b, today, "has_tag('industry')", NULL), 2);
    ck_assert_int_eq(
        bank_count(&b, today, "has_tag('industry', 'retail')", NULL), 2);
    ck_assert_int_eq(
        bank_count(&b, today, "has_tag('industry', 'food')", NULL), 1);
    ck_assert_int_eq(
        bank_count(&b, today, "tag_value('industry') = 'food'", NULL), 1);
    ck_assert_int_eq(
        bank_count(&b, today, "tag_value('industry') IS NULL", NULL), 1);
}
END_TEST

START_TEST(an_unknown_tag_or_product_is_remarked)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "c1", "");
    options.as_of = today;
    options.where = "has_tag('nosuch') OR ever_held('nothing')";
    assert_ok(b.ctx, gb_segment_preview(b.ctx, b.ws, &options, &result));
    ck_assert_ptr_nonnull(strstr(
        gb_segment_result_json(result),
        "\"remarks\": [\"there is no tag \\\"nosuch\\\"\", "
        "\"there is no product or kind \\\"nothing\\\"\"]"));
    gb_segment_result_free(result);
}
END_TEST

START_TEST(customers_are_filtered_by_grade)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "a", "balance_fen = 50000000");
    bank_add(&b, "peak_a", "peak_24m_fen = 50000000");
    bank_add(&b, "b", "balance_fen = 5000000");
    bank_add(&b, "c", "balance_fen = 4999999");
    options.as_of = today;
    assert_ok(b.ctx, gb_segment_grade(b.ctx, b.ws, &options, &result));
    ck_assert_int_eq(gb_segment_result_kept(result), 4);
    gb_segment_result_free(result);
    ck_assert_int_eq(bank_count(&b, today, "grade==\"A\"", NULL), 2);
    ck_assert_int_eq(bank_count(&b, today, "grade = 'B'", NULL), 1);
    ck_assert_str_eq(
        bank_text(&b, "SELECT grade || clause FROM customer_grade g JOIN "
                      "customer c ON c.id = g.customer_id WHERE ref = 'c'"),
        "Cgeneral");
}
END_TEST

START_TEST(cross_selling_finds_the_tagged_who_hold_no_terminal)
{
    gb_segment_result *result;

    bank_add(&b, "c1", "");
    bank_add(&b, "c2", "");
    bank_add(&b, "c3", "");
    bank_add(&b, "c4", "");
    bank_add(&b, "c5", "");
    bank_sql(&b, "INSERT INTO customer_tag VALUES(1, 1, ''), (2, 2, ''), "
                 "(3, 3, ''), (4, 1, '');"
                 "INSERT INTO holding(customer_id, product_id, opened_on, "
                 "closed_on) VALUES(4, 3, '2025-01-01', NULL), "
                 "(3, 3, '2024-01-01', '2025-01-01')");
    result = run_segment("cross_sell_pos", today);
    ck_assert_int_eq(gb_segment_result_kept(result), 3);
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"listed\": [\"c1\", \"c2\", \"c3\"]"));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "{\"branch\": \"b1\", \"members\": 3, \"balance_fen\": 0}"));
    gb_segment_result_free(result);
}
END_TEST

START_TEST(maturing_within_thirty_days_includes_both_ends)
{
    gb_segment_result *result;

    for (int i = 0; i < 4; i++)
        bank_add(&b, (const char *[]){ "c1", "c2", "c3", "c4" }[i], "");
    bank_sql(&b, "INSERT INTO holding(customer_id, product_id, amount_fen, "
                 "opened_on, matures_on) VALUES"
                 "(1, 1, 100, '2025-01-01', '2026-03-02'), "
                 "(2, 1, 200, '2025-01-01', '2026-04-01'), "
                 "(3, 1, 300, '2025-01-01', '2026-04-02'), "
                 "(4, 4, 400, '2025-01-01', '2026-03-10'), "
                 "(1, 1, 500, '2025-01-02', '2026-03-02'), "
                 "(1, 1, 600, '2025-01-03', '2026-03-01')");
    result = run_segment("maturing_30d", today);
    ck_assert_int_eq(gb_segment_result_kept(result), 2);
    ck_assert_int_eq(gb_segment_result_unknown(result), 0);
    gb_segment_result_free(result);
    ck_assert_int_eq(
        bank_count(&b, today, "next_maturity_fen = 600 AND "
                              "next_maturity_on = as_of()", NULL), 1);
}
END_TEST

/* ------------------------------------------------------- row 17: diffs -- */

static void diff(const char *from, const char *to, const char *expected)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    options.name = "affluent";
    options.limit = 10;
    assert_ok(b.ctx,
              gb_segment_diff(b.ctx, b.ws, &options, from, to, &result));
    ck_assert_msg(strstr(gb_segment_result_json(result), expected) != NULL,
                  "%s", gb_segment_result_json(result));
    gb_segment_result_free(result);
}

START_TEST(a_diff_tells_who_entered_left_and_stayed)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "c1", "balance_fen = 6000000");
    bank_add(&b, "c2", "balance_fen = 6000000");
    bank_add(&b, "c3", "");
    gb_segment_result_free(run_segment("affluent", "2026-03-02"));
    bank_sql(&b, "UPDATE customer SET balance_fen = 0 WHERE ref = 'c2';"
                 "UPDATE customer SET balance_fen = 9000000 WHERE ref = 'c3'");
    result = run_segment("affluent", "2026-03-03");
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"entered\": 1, \"left\": 1"));
    gb_segment_result_free(result);
    diff("2026-03-02", "2026-03-03",
         "\"entered\": 1, \"left\": 1, \"stayed\": 1, "
         "\"entered_refs\": [\"c3\"], \"left_refs\": [\"c2\"]");
    options.name = "affluent";
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_diff(b.ctx, b.ws, &options, "2026-03-02",
                                  "2026-03-04", &result));
    ck_assert_ptr_null(result);
}
END_TEST

START_TEST(runs_may_come_in_any_order_and_again)
{
    bank_add(&b, "c1", "balance_fen = 6000000");
    bank_add(&b, "c2", "");
    gb_segment_result_free(run_segment("affluent", "2026-03-05"));
    bank_sql(&b, "UPDATE customer SET balance_fen = 6000000 - balance_fen");
    gb_segment_result_free(run_segment("affluent", "2026-03-03"));
    gb_segment_result_free(run_segment("affluent", "2026-03-03"));
    bank_sql(&b, "UPDATE customer SET balance_fen = 6000000");
    gb_segment_result_free(run_segment("affluent", "2026-03-04"));
    diff("2026-03-03", "2026-03-04", "\"entered\": 1, \"left\": 0, "
                                     "\"stayed\": 1, \"entered_refs\": "
                                     "[\"c1\"]");
    diff("2026-03-04", "2026-03-05", "\"entered\": 0, \"left\": 1, "
                                     "\"stayed\": 1, \"entered_refs\": [], "
                                     "\"left_refs\": [\"c2\"]");
    bank_sql(&b, "UPDATE customer SET balance_fen = 0");
    gb_segment_result_free(run_segment("affluent", "2026-03-04"));
    diff("2026-03-03", "2026-03-04", "\"left_refs\": [\"c2\"]");
    diff("2026-03-04", "2026-03-05", "\"entered_refs\": [\"c1\"]");
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM segment_run"), 3);
}
END_TEST

/* --------------------------------------------------------- rows 18, 19 -- */

START_TEST(seven_grades_give_everybody_one_with_its_clause)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    char json[2000] = "{\"kind\": \"grades\", \"name\": \"seven\", "
                      "\"clauses\": [";

    for (int i = 0; i < 7; i++) {
        char ref[8], set[64];
        const size_t n = strlen(json);

        snprintf(json + n, sizeof json - n,
                 "%s{\"name\": \"g%d\", \"grade\": \"级%d\", \"sql\": "
                 "\"balance_fen >= %d\"}", i ? ", " : "", i, i, 6 - i);
        snprintf(ref, sizeof ref, "c%d", i);
        snprintf(set, sizeof set, "balance_fen = %d", i);
        bank_add(&b, ref, set);
    }
    strcat(json, "]}");
    assert_ok(b.ctx, gb_segment_define(b.ctx, b.ws, json, &result));
    gb_segment_result_free(result);
    options.as_of = today;
    options.grades = "seven";
    assert_ok(b.ctx, gb_segment_grade(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
    ck_assert_int_eq(bank_int(&b, "SELECT count(DISTINCT grade) FROM "
                                  "customer_grade"), 7);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM customer_grade g JOIN "
                                  "customer c ON c.id = g.customer_id WHERE "
                                  "clause = 'g' || (6 - balance_fen)"), 7);
    ck_assert_int_eq(bank_count(&b, today, "grade = '级3'", NULL), 1);
    bank_add(&b, "below", "balance_fen = -1");
    assert_status(b.ctx, GB_ERR_DATA,
                  gb_segment_grade(b.ctx, b.ws, &options, &result));
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM customer_grade"), 7);
}
END_TEST

/* -------------------------------------------------------------- row 46 -- */

START_TEST(a_scope_takes_any_node_branch_or_manager)
{
    static const struct {
        const char *scope;
        int seen;
    } table[] = { { NULL, 3 },        { "org:hq", 3 },   { "org:city", 3 },
                  { "org:sub1", 1 },  { "org:sub2", 2 }, { "branch:b2", 2 },
                  { "manager:m2", 1 } };
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "c1", "");
    bank_add(&b, "c2", "branch_id = 2");
    bank_add(&b, "c3", "branch_id = 2, manager_id = 2");
    options.as_of = today;
    options.where = "org_path LIKE '/hq/city/%' AND branch_ref IS NOT NULL";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        options.scope = table[i].scope;
        assert_ok(b.ctx,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
        ck_assert_int_eq(gb_segment_result_seen(result), table[i].seen);
        ck_assert_int_eq(gb_segment_result_kept(result), table[i].seen);
        gb_segment_result_free(result);
    }
    options.scope = "org:nowhere";
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
    options.scope = "planet:earth";
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
    options.scope = "branch:b1";
    options.name = "dormant_6m";
    assert_status(b.ctx, GB_ERR_SCOPE,
                  gb_segment_run(b.ctx, b.ws, &options, &result));
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_reasons(b.ctx, b.ws, &options, "c2", &result));
}
END_TEST

/* --------------------------------------------------------- rows 70 - 72 -- */

START_TEST(channels_follow_the_balance_the_manager_and_the_wishes)
{
    static const struct {
        const char *ref, *set, *expected; /* channel/rule/assist/suggest */
    } table[] = {
        { "r70", "balance_fen = 5000000, manager_id = 1",
          "visit/aum_50k_managed/sms/-" },
        { "r71", "balance_fen = 4999999, manager_id = 1", "sms/mass/-/-" },
        { "r71_peak",
          "balance_fen = 0, peak_24m_fen = 5000000, manager_id = 1",
          "visit/peak_50k_managed/sms/-" },
        { "r71_peak_below",
          "balance_fen = 0, peak_24m_fen = 4999999, manager_id = 1",
          "sms/mass/-/-" },
        { "r72", "balance_fen = 5000000",
          "sms/aum_50k_ownerless/-/assign_manager" },
        { "r72_silent", "balance_fen = 5000000, reach_sms = 0",
          "none/ownerless_unreachable/-/assign_manager" },
        { "no_visit", "balance_fen = 5000000, manager_id = 1, "
                      "do_not_visit = 1", "sms/no_visits/-/-" },
        { "no_way", "do_not_visit = 1, reach_sms = NULL", "none/no_way/-/-" },
        { "silent", "reach_sms = NULL", "none/mass_unreachable/-/-" },
    };
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bank_add(&b, table[i].ref, table[i].set);
        bank_sql(&b, "UPDATE customer SET last_txn_on = '2020-01-01'");
    }
    options.as_of = today;
    options.name = "dormant_6m";
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    ck_assert_int_eq(gb_segment_result_kept(result), 9);
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "\"suggestions\": [{\"name\": \"assign_manager\", "
               "\"targets\": 2}]"));
    gb_segment_result_free(result);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char sql[512];

        snprintf(sql, sizeof sql,
                 "SELECT channel || '/' || channel_rule || '/' || "
                 "coalesce(assist, '-') || '/' || coalesce(suggest, '-') "
                 "FROM target t JOIN customer c ON c.id = t.customer_id "
                 "WHERE c.ref = '%s'", table[i].ref);
        ck_assert_str_eq(bank_text(&b, sql), table[i].expected);
    }
}
END_TEST

START_TEST(a_must_rule_makes_a_target_and_selecting_again_keeps_the_rows)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    int64_t id;

    bank_add(&b, "asleep", "last_txn_on = '2020-01-01'");
    bank_add(&b, "awake", "last_txn_on = '2026-03-01'");
    bank_add(&b, "booked", "last_txn_on = '2026-03-01'");
    bank_sql(&b, "INSERT INTO appointment(customer_id, day, from_s, to_s) "
                 "VALUES(3, '2026-03-02', 36000, 39600), "
                 "(2, '2026-03-03', 36000, 39600)");
    options.as_of = today;
    options.name = "dormant_6m";
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM target"), 2);
    ck_assert_str_eq(bank_text(&b, "SELECT must_rule FROM target WHERE "
                                   "customer_id = 3"), "appointment");
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM segment_member"), 1);
    id = bank_int(&b, "SELECT id FROM target WHERE customer_id = 1");
    bank_sql(&b, "INSERT INTO plan(from_date, to_date, as_of) "
                 "VALUES('2026-03-02', '2026-03-02', '2026-03-02');"
                 "INSERT INTO plan_state(plan_id, target_id, state, reason) "
                 "SELECT 1, id, 'set_aside', 'x' FROM target");
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
    ck_assert_int_eq(bank_int(&b, "SELECT id FROM target WHERE "
                                  "customer_id = 1"), id);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM plan_state"), 2);
    bank_sql(&b, "UPDATE customer SET last_txn_on = '2026-03-01'");
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM target"), 1);
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM plan"), 0);
}
END_TEST

/* ------------------------------------------------------------- refusals -- */

START_TEST(a_clause_is_refused_with_the_name_of_what_it_may_not)
{
    static const struct {
        const char *where, *named;
    } table[] = {
        { "balanse_fen > 1", "did you mean balance_fen" },
        { "1; DROP TABLE customer", ";" },
        { "1) OR (1", "closed that was not opened" },
        { "1), (2", "closed that was not opened" },
        { "(1", "not closed" },
        { "1 -- x", "comments" },
        { "1 /* x", "comments" },
        { "'x", "a quote is not closed" },
        { "random() > 0", "random" },
        { "EXISTS (SELECT 1 FROM manager)", "EXISTS" },
        { "1 IN (SELECT 1)", "SELECT" },
        { "1 IN sqlite_master", "sqlite_master" },
        { "load_extension('x')", "load_extension" },
        { "balance_fen > ?1", "?" },
        { "BlobFromFile('/etc/passwd') IS NULL", "BlobFromFile" },
        { "gbi_holds(1, 'x')", "gbi_holds" },
        { "count(*) > 1", "count" },
        { "1, 2", "comma" },
        { " ", "nothing in it" },
        { "months_since(last_txn_on, 2) > 1", "takes 1 to 1" },
        { "months_since", "is a function" },
        { "has_tag(customer_ref)", "texts in quotes" },
        { "has_tag('a' || customer_ref)", "texts in quotes" },
        { "balance_fen FROM customer", "FROM" },
        { "days_since('2026-02-30') > 1", "2026-02-30" },
        { "customer_ref", "gives a text" },
        { "balance_fen >", "syntax error" },
        { "as_of(1)", "takes 0 to 0" },
        { "x'00'", "\"x\"" },
        { "12ab", "runs into a word" },
        { "[balance_fen] > 1", "[" },
        { "date('now') > '2026-01-01'", "date" },
    };

    bank_add(&b, "c", "last_txn_on = '2020-01-01'");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const gb_status status = refused(table[i].where);

        ck_assert_msg(status == GB_ERR_DATA, "%s: %s", table[i].where,
                      gb_last_error(b.ctx));
        ck_assert_msg(strstr(gb_last_error(b.ctx), table[i].named) != NULL,
                      "%s: %s", table[i].where, gb_last_error(b.ctx));
    }
}
END_TEST

START_TEST(the_authorizer_alone_refuses_the_same)
{
    static const struct {
        const char *expression, *named;
    } table[] = {
        { "(SELECT count(*) FROM manager)", "the function count" },
        { "(SELECT ref FROM manager LIMIT 1)", "reading manager" },
        { "(SELECT balance_fen FROM customer LIMIT 1)", "reading customer" },
        { "(SELECT count(*) FROM main.customer_facts)", NULL },
        { "(SELECT sql FROM sqlite_master LIMIT 1)", "reading sqlite_master" },
        { "(SELECT 1 FROM pragma_table_info('customer'))", "" },
        { "(SELECT 1 FROM setting)", "reading setting" },
        { "(SELECT 1 FROM segment_version)", "reading segment_version" },
        { "random()", "the function random" },
        { "load_extension('x')", "the function load_extension" },
        { "readfile('/etc/passwd')", "" },
        { "BlobFromFile('/etc/passwd')", "no such function" },
        { "randomblob(1000000000)", "the function randomblob" },
        { "datetime('now')", "the function datetime" },
        { "gbi_org_path(1)", "the function gbi_org_path" },
        { "(WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) "
          "SELECT count(*) FROM t)", "not allowed" },
        { "1) FROM temp.customer_facts; ATTACH 'x' AS y; --",
          "not one expression" },
        { "1) FROM temp.customer_facts; PRAGMA user_version = 9; --",
          "not one expression" },
        { "1) FROM temp.customer_facts UNION SELECT id, ref FROM manager --",
          "reading manager" },
    };
    store_facts *facts = NULL;

    bank_add(&b, "c", "");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_facts_open(b.ws, today, (store_scope){ 0 }, 0,
                                      &facts));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const gb_status status
            = store_facts_compile_unchecked(facts, table[i].expression);

        if (!table[i].named)
            continue; /* our own view: what it shows may be read */
        ck_assert_msg(status == GB_ERR_DATA, "%s: %d %s", table[i].expression,
                      (int)status, gb_last_error(b.ctx));
        ck_assert_msg(strstr(gb_last_error(b.ctx), table[i].named) != NULL,
                      "%s: %s", table[i].expression, gb_last_error(b.ctx));
    }
    store_facts_close(facts);
    store_leave(b.ws);
}
END_TEST

static gb_status no_row(void *user, int64_t customer, const int8_t *values)
{
    (void)user;
    (void)customer;
    (void)values;
    return GB_OK;
}

START_TEST(too_much_work_ends_with_an_error)
{
    char expression[8000] = "";
    store_facts *facts = NULL;

    bank_add(&b, "c", "");
    for (int i = 0; i < 12; i++)
        bank_sql(&b, "INSERT INTO customer(ref, branch_id, balance_fen, "
                     "accuracy, located_by) SELECT ref || '.' || id || "
                     "abs(random()), 1, 0, 'none', 'none' FROM customer");
    for (int i = 0; i < 300; i++)
        strcat(expression, "balance_fen + ");
    strcat(expression, "1 IN (SELECT a.balance_fen FROM temp.customer_facts a,"
                       " temp.customer_facts d)");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_facts_open(b.ws, today, (store_scope){ 0 }, 0,
                                      &facts));
    assert_ok(b.ctx, store_facts_compile_unchecked(facts, expression));
    assert_status(b.ctx, GB_ERR_DATA, store_facts_scan(facts, no_row, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(b.ctx), "more work"));
    store_facts_close(facts);
    store_leave(b.ws);
}
END_TEST

START_TEST(a_cancelled_look_says_so)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "c", "");
    options.as_of = today;
    options.where = "1";
    gb_context_cancel(b.ctx);
    assert_status(b.ctx, GB_ERR_CANCELLED,
                  gb_segment_preview(b.ctx, b.ws, &options, &result));
    gb_context_resume(b.ctx);
    assert_ok(b.ctx, gb_segment_preview(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
}
END_TEST

/* -------------------------------------------- list, show, define, reasons */

START_TEST(rule_sets_have_versions_and_the_shipped_are_listed)
{
    static const char first[] = "{\"name\": \"affluent\", \"clauses\": [{"
                                "\"name\": \"x\", \"sql\": \"balance_fen "
                                ">= 10\"}]}";
    static const char second[] = "{\"clauses\": [{\"sql\": \"balance_fen "
                                 ">= 20\", \"name\": \"x\"}], \"name\": "
                                 "\"affluent\"}";
    gb_segment_result *result = NULL;

    assert_ok(b.ctx, gb_segment_list(b.ctx, b.ws, &result));
    ck_assert_int_eq(gb_segment_result_kept(result), 12);
    gb_segment_result_free(result);
    bank_add(&b, "c", "balance_fen = 15");
    gb_segment_result_free(run_segment("affluent", today)); /* stored as 1 */
    assert_ok(b.ctx, gb_segment_define(b.ctx, b.ws, first, &result));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result), "\"version\": 2"));
    gb_segment_result_free(result);
    assert_ok(b.ctx, gb_segment_define(b.ctx, b.ws, first, &result));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result), "\"version\": 2"));
    gb_segment_result_free(result);
    result = run_segment("affluent", today);
    ck_assert_int_eq(gb_segment_result_kept(result), 1);
    gb_segment_result_free(result);
    assert_ok(b.ctx, gb_segment_define(b.ctx, b.ws, second, &result));
    gb_segment_result_free(result);
    result = run_segment("affluent", today);
    ck_assert_int_eq(gb_segment_result_kept(result), 0);
    gb_segment_result_free(result);
    assert_ok(b.ctx, gb_segment_show(b.ctx, b.ws, "affluent", 2, &result));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result), "balance_fen >= 10"));
    gb_segment_result_free(result);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_show(b.ctx, b.ws, "affluent", 9, &result));
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_show(b.ctx, b.ws, "dormant_6n", 0, &result));
    ck_assert_ptr_nonnull(strstr(gb_last_error(b.ctx), "dormant_6m"));
}
END_TEST

START_TEST(a_broken_rule_set_is_refused_and_not_stored)
{
    static const struct {
        const char *json;
        gb_status status;
        const char *named;
    } table[] = {
        { "{", GB_ERR_PARSE, "line 1" },
        { "[]", GB_ERR_PARSE, "object" },
        { "{\"name\": \"x y\", \"clauses\": []}", GB_ERR_PARSE, "x y" },
        { "{\"name\": \"x\", \"clauses\": []}", GB_ERR_PARSE, "1 to 32" },
        { "{\"name\": \"x\", \"kind\": \"y\"}", GB_ERR_PARSE, "\"y\"" },
        { "{\"name\": \"x\", \"clausses\": []}", GB_ERR_PARSE, "clauses" },
        { "{\"name\": \"x\", \"clauses\": [{\"name\": \"a\"}]}", GB_ERR_PARSE,
          "sql" },
        { "{\"name\": \"x\", \"name\": \"x\"}", GB_ERR_PARSE, "uplicate" },
        { "{\"name\": \"x\", \"clauses\": [{\"name\": \"a\", \"sql\": \"1\"},"
          "{\"name\": \"a\", \"sql\": \"1\"}]}", GB_ERR_PARSE, "two clauses" },
        { "{\"name\": \"x\", \"clauses\": [{\"name\": \"a\", \"sql\": \"y\"}"
          "]}", GB_ERR_DATA, "clause \"a\"" },
        { "{\"name\": \"x\", \"kind\": \"grades\", \"clauses\": [{\"name\": "
          "\"a\", \"sql\": \"1\"}]}", GB_ERR_PARSE, "grade" },
        { "{\"name\": \"x\", \"kind\": \"channels\", \"clauses\": [{\"name\": "
          "\"a\", \"sql\": \"1\", \"channel\": \"pigeon\"}]}", GB_ERR_PARSE,
          "visit, sms or none" },
        { "{\"name\": \"abc\", \"clauses\": [{\"name\": \"a\", \"sql\": "
          "\"1\"}]}", GB_ERR_DATA, "of kind grades" },
    };
    gb_segment_result *result = NULL;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_status(b.ctx, table[i].status,
                      gb_segment_define(b.ctx, b.ws, table[i].json, &result));
        ck_assert_msg(strstr(gb_last_error(b.ctx), table[i].named) != NULL,
                      "%zu: %s", i, gb_last_error(b.ctx));
        ck_assert_ptr_null(result);
    }
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM segment"), 0);
}
END_TEST

START_TEST(reasons_tell_each_clause_with_the_values_it_saw)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    bank_add(&b, "c1", "last_txn_on = '2025-03-02', balance_fen = 1001");
    bank_sql(&b, "INSERT INTO holding(customer_id, product_id, amount_fen, "
                 "opened_on, matures_on) VALUES"
                 "(1, 1, 100, '2025-01-01', '2026-03-20')");
    options.as_of = today;
    options.name = "dormant_365d_10y";
    assert_ok(b.ctx,
              gb_segment_reasons(b.ctx, b.ws, &options, "c1", &result));
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"sql\": \"days_since(last_txn_on) >= "
                                 "365\", \"holds\": true}"));
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"holds\": false}], \"member\": false, "
                                 "\"facts\": {\"balance_fen\": 1001, "
                                 "\"last_txn_on\": \"2025-03-02\"}"));
    gb_segment_result_free(result);
    options.name = "abc";
    assert_ok(b.ctx,
              gb_segment_reasons(b.ctx, b.ws, &options, "c1", &result));
    ck_assert_ptr_nonnull(
        strstr(gb_segment_result_json(result),
               "\"decided_by\": \"potential_maturing\", \"grade\": \"B\""));
    ck_assert_ptr_nonnull(strstr(gb_segment_result_json(result),
                                 "\"next_maturity_on\": \"2026-03-20\""));
    gb_segment_result_free(result);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_segment_reasons(b.ctx, b.ws, &options, "c9", &result));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_segment");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   six_months_exactly_is_dormant_and_one_day_less_is_not);
    tcase_add_test(tcase, the_three_kinds_of_dormancy_have_their_bounds);
    tcase_add_test(tcase,
                   a_customer_without_a_transaction_date_is_unknown_not_out);
    tcase_add_test(tcase, past_and_redeemed_holdings_count_as_ever_held);
    tcase_add_test(
        tcase, an_area_has_holes_and_edges_and_coarse_locations_are_unknown);
    tcase_add_test(
        tcase, a_waterfall_counts_each_clause_in_order_with_unknowns_apart);
    tcase_add_test(
        tcase, any_tag_of_the_bank_works_in_a_rule_without_a_change_of_code);
    tcase_add_test(tcase, an_unknown_tag_or_product_is_remarked);
    tcase_add_test(tcase, customers_are_filtered_by_grade);
    tcase_add_test(tcase,
                   cross_selling_finds_the_tagged_who_hold_no_terminal);
    tcase_add_test(tcase, maturing_within_thirty_days_includes_both_ends);
    tcase_add_test(tcase, a_diff_tells_who_entered_left_and_stayed);
    tcase_add_test(tcase, runs_may_come_in_any_order_and_again);
    tcase_add_test(tcase, seven_grades_give_everybody_one_with_its_clause);
    tcase_add_test(tcase, a_scope_takes_any_node_branch_or_manager);
    tcase_add_test(tcase,
                   channels_follow_the_balance_the_manager_and_the_wishes);
    tcase_add_test(
        tcase, a_must_rule_makes_a_target_and_selecting_again_keeps_the_rows);
    tcase_add_test(
        tcase, a_clause_is_refused_with_the_name_of_what_it_may_not);
    tcase_add_test(tcase, the_authorizer_alone_refuses_the_same);
    tcase_add_test(tcase, too_much_work_ends_with_an_error);
    tcase_add_test(tcase, a_cancelled_look_says_so);
    tcase_add_test(tcase,
                   rule_sets_have_versions_and_the_shipped_are_listed);
    tcase_add_test(tcase, a_broken_rule_set_is_refused_and_not_stored);
    tcase_add_test(tcase, reasons_tell_each_clause_with_the_values_it_saw);
    suite_add_tcase(suite, tcase);
    return suite;
}
