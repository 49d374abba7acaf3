#include <gridbeat/gridbeat.h>

#include "test.h"

/*
 * A card of which everything can be worked out by hand: odds 1 at 100 points,
 * doubled by 10 more, a fen_per_point of 1,000.
 */
static const char small_card[]
    = "{\"card\":\"t\",\"version\":1,"
      "\"scale\":{\"points\":100,\"odds\":1,\"to_double\":10},"
      "\"factors\":[{\"name\":\"b\",\"title_en\":\"b\",\"title_zh\":\"b\","
      "\"column\":\"months\",\"missing\":100,\"bins\":[{\"below\":6,"
      "\"points\":100},{\"points\":110}]}],"
      "\"contribution\":{\"fen_per_point\":1000,\"parts\":["
      "{\"name\":\"balance\",\"title_en\":\"balance\",\"title_zh\":\"余额\","
      "\"column\":\"balance\",\"fen_per_unit\":0.015,\"most_fen\":300000,"
      "\"missing_fen\":50,\"at_stake\":0.1},"
      "{\"name\":\"pos\",\"title_en\":\"POS\",\"title_zh\":\"POS\","
      "\"tag\":\"pos\",\"fen\":60000,\"now\":0},"
      "{\"name\":\"keeping\",\"title_en\":\"keeping\",\"title_zh\":\"成本\","
      "\"fen\":-3000,\"at_stake\":0}]},"
      "\"loyalty\":{\"parts\":["
      "{\"name\":\"tenure\",\"title_en\":\"tenure\",\"title_zh\":\"年限\","
      "\"column\":\"months\",\"weight\":2,\"curve\":[[0,0],[10,1000]],"
      "\"missing\":300},"
      "{\"name\":\"kept\",\"title_en\":\"share kept\",\"title_zh\":\"留存\","
      "\"ratio\":[\"balance\",\"peak\"],\"weight\":1,"
      "\"curve\":[[0,0],[0.5,200],[1,1000]]}]},"
      "\"matrix\":{\"contribution\":["
      "{\"name\":\"low\",\"title_en\":\"low\",\"title_zh\":\"低\","
      "\"below\":12000},"
      "{\"name\":\"high\",\"title_en\":\"high\",\"title_zh\":\"高\"}],"
      "\"loyalty\":["
      "{\"name\":\"low\",\"title_en\":\"low\",\"title_zh\":\"低\","
      "\"below\":400},"
      "{\"name\":\"mid\",\"title_en\":\"mid\",\"title_zh\":\"中\","
      "\"below\":700},"
      "{\"name\":\"high\",\"title_en\":\"high\",\"title_zh\":\"高\"}],"
      "\"boxes\":[["
      "{\"name\":\"rest\",\"title_en\":\"rest\",\"title_zh\":\"静\","
      "\"channel\":\"none\"},"
      "{\"name\":\"text\",\"title_en\":\"text\",\"title_zh\":\"信\","
      "\"channel\":\"sms\",\"every_days\":90},"
      "{\"name\":\"grow\",\"title_en\":\"grow\",\"title_zh\":\"升\","
      "\"channel\":\"call\",\"every_days\":60,\"template\":\"t7\","
      "\"advice_en\":\"offer more\",\"advice_zh\":\"多推荐\"}],["
      "{\"name\":\"win\",\"title_en\":\"win\",\"title_zh\":\"赢\","
      "\"channel\":\"visit\",\"every_days\":30},"
      "{\"name\":\"bind\",\"title_en\":\"bind\",\"title_zh\":\"系\","
      "\"channel\":\"visit\",\"every_days\":45},"
      "{\"name\":\"keep\",\"title_en\":\"keep\",\"title_zh\":\"守\","
      "\"channel\":\"visit\",\"every_days\":20}]]},"
      "\"urgency\":[{\"name\":\"maturity\",\"title_en\":\"maturity\","
      "\"title_zh\":\"到期\",\"column\":\"days\","
      "\"curve\":[[-1,1],[0,3],[10,2],[60,1]]}]}";

static const char *const columns[] = { "months", "balance", "peak", "days" };
static const char *const tags[] = { "vip", "pos" };
/* Row 0 by hand: 1,000,000 fen x .015 = 15,000 now, 1,500 at stake, less
 * 3,000 for keeping; tenure 5 months 500, share 1/2 200: (2 x 500 + 200) / 3.
 */
static const double values[] = {
    5, 1e6, 2e6, 35,
    6, 1e9, 1e9, NAN, /* bounded by most_fen */
    NAN, NAN, 0, -7,
    12, 0, 4, 0,
};
static const uint32_t first_tag[] = { 0, 1, 2, 2, 4 };
static const uint32_t row_tags[] = { 1, 0, 0, 1 };
static const gb_score_table table
    = { sizeof table, 4, 4, columns, values, 2, tags, first_tag, row_tags };

static gb_score_card *parse(gb_context *ctx, const char *json)
{
    gb_score_card *card = NULL;

    assert_ok(ctx, gb_score_card_parse(ctx, json, strlen(json), &card));
    return card;
}

START_TEST(contribution_is_the_sum_of_its_parts_by_hand)
{
    static const int64_t now[][3] = { { 15000, 0, -3000 },
                                      { 300000, 0, -3000 },
                                      { 50, 0, -3000 },
                                      { 0, 0, -3000 } };
    static const int64_t stake[][3] = { { 1500, 60000, 0 },
                                        { 30000, 0, 0 },
                                        { 5, 0, 0 },
                                        { 0, 60000, 0 } };
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    int64_t brings[4], at_stake[4], brings_parts[12], stake_parts[12];
    gb_value_result result = GB_VALUE_RESULT_INIT;

    result.contribution_fen = brings;
    result.at_stake_fen = at_stake;
    result.contribution_parts = brings_parts;
    result.at_stake_parts = stake_parts;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    for (size_t r = 0; r < 4; r++) {
        int64_t sum = 0, sum_at_stake = 0;

        for (size_t p = 0; p < 3; p++) {
            ck_assert_int_eq(brings_parts[r * 3 + p], now[r][p]);
            ck_assert_int_eq(stake_parts[r * 3 + p], stake[r][p]);
            sum += now[r][p];
            sum_at_stake += stake[r][p];
        }
        ck_assert_int_eq(brings[r], sum);
        ck_assert_int_eq(at_stake[r], sum_at_stake);
    }
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(loyalty_is_the_weighted_mean_of_its_curves_and_parts_add_up)
{
    static const int32_t loyal[] = { 400, 733, 200, 667 };
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    int32_t loyalty[4], parts[8];
    gb_value_result result = GB_VALUE_RESULT_INIT;

    result.loyalty = loyalty;
    result.loyalty_parts = parts;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    for (size_t r = 0; r < 4; r++) {
        ck_assert_int_eq(loyalty[r], loyal[r]);
        ck_assert_int_eq(parts[r * 2] + parts[r * 2 + 1], loyal[r]);
    }
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

/* Points 100 are a chance of 1/2, 110 of 2/3. */
START_TEST(a_visit_is_worth_chance_times_what_is_at_stake_times_urgency)
{
    static const double urgency[] = { 1.5, 1, 1, 3 };
    /* 61.5 / 2 x 1.5; 30 x 2/3; .005 / 2; 60 x 2/3 x 3 */
    static const int64_t worth[] = { 46, 20, 0, 120 };
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    double chance[4], pressing[4];
    int64_t points[4], given[4] = { 100, 110, 100, 110 }, again[4];
    gb_value_result result = GB_VALUE_RESULT_INIT;

    result.points = points;
    result.chance = chance;
    result.urgency = pressing;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    for (size_t r = 0; r < 4; r++) {
        assert_near(chance[r], given[r] == 100 ? 1. / 2 : 2. / 3, 1e-15);
        assert_near(pressing[r], urgency[r], 1e-15);
        ck_assert_int_eq(points[r], worth[r]);
    }
    result.points = again;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, given, NULL, &result));
    ck_assert_mem_eq(again, points, sizeof points);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_shift_of_the_log_odds_moves_the_chance)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    gb_value_options options = GB_VALUE_OPTIONS_INIT;
    gb_value_result result = GB_VALUE_RESULT_INIT;
    double chance[4];

    result.chance = chance;
    options.log_odds_shift = log(3);
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, &options,
                                  &result));
    assert_near(chance[0], 3. / 4, 1e-14);
    assert_near(chance[1], 6. / 7, 1e-14);
    options.log_odds_shift = 51;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_value_apply(ctx, card, &table, NULL, &options, &result));
    options.log_odds_shift = NAN;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_value_apply(ctx, card, &table, NULL, &options, &result));
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_customer_is_in_one_box_with_a_strategy)
{
    static const char *const in[] = { "bind", "keep", "rest", "text" };
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    gb_value_result result = GB_VALUE_RESULT_INIT;
    gb_value_box told = { .size = sizeof told };
    size_t n_contribution = 0, n_loyalty = 0;
    uint32_t box[4];

    result.box = box;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    for (size_t r = 0; r < 4; r++) {
        assert_ok(ctx, gb_value_box_get(ctx, card, box[r], "en", &told));
        ck_assert_str_eq(told.name, in[r]);
    }
    gb_value_matrix(card, &n_contribution, &n_loyalty);
    ck_assert_uint_eq(n_contribution, 2);
    ck_assert_uint_eq(n_loyalty, 3);
    assert_ok(ctx, gb_value_box_get(ctx, card, 2, "zh", &told));
    ck_assert_str_eq(told.title, "升");
    ck_assert_str_eq(told.channel, "call");
    ck_assert_uint_eq(told.every_days, 60);
    ck_assert_str_eq(told.template_ref, "t7");
    ck_assert_str_eq(told.advice, "多推荐");
    ck_assert_str_eq(told.loyalty_name, "high");
    ck_assert_str_eq(told.contribution_title, "低");
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_value_box_get(ctx, card, 6, "zh", &told));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_value_box_get(ctx, card, 0, "zh", NULL));
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(parts_have_names_and_titles)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);

    ck_assert_uint_eq(gb_value_n_parts(card, GB_VALUE_CONTRIBUTION), 3);
    ck_assert_uint_eq(gb_value_n_parts(card, GB_VALUE_LOYALTY), 2);
    ck_assert_uint_eq(gb_value_n_parts(card, GB_VALUE_URGENCY), 1);
    ck_assert_str_eq(gb_value_part(card, GB_VALUE_LOYALTY, 1), "kept");
    ck_assert_str_eq(
        gb_value_part_title(card, GB_VALUE_CONTRIBUTION, 2, "zh"), "成本");
    ck_assert_str_eq(gb_value_part_title(card, GB_VALUE_URGENCY, 0, NULL),
                     "maturity");
    ck_assert_ptr_null(gb_value_part(card, GB_VALUE_URGENCY, 1));
    ck_assert_ptr_null(gb_value_part(NULL, GB_VALUE_URGENCY, 0));
    ck_assert(gb_value_prices_visits(card));
    assert_near(gb_value_fen_per_point(card), 1000, 0);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_card_without_models_keeps_its_points)
{
    static const char plain[]
        = "{\"card\":\"t\",\"version\":1,\"factors\":[{\"name\":\"b\","
          "\"title_en\":\"b\",\"title_zh\":\"b\",\"tag\":\"pos\","
          "\"points\":7}]}";
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, plain);
    gb_value_result result = GB_VALUE_RESULT_INIT;
    int64_t points[4], fen[4];
    double chance[4], urgency[4];
    int32_t loyalty[4];
    uint32_t box[4];

    result.points = points;
    result.chance = chance;
    result.contribution_fen = fen;
    result.loyalty = loyalty;
    result.urgency = urgency;
    result.box = box;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    ck_assert_int_eq(points[0], 7);
    ck_assert_int_eq(points[1], 0);
    ck_assert(isnan(chance[0]));
    ck_assert_int_eq(fen[0], 0);
    ck_assert_int_eq(loyalty[0], GB_VALUE_NO_LOYALTY);
    assert_near(urgency[0], 1, 0);
    ck_assert_uint_eq(box[0], GB_VALUE_NO_BOX);
    ck_assert(!gb_value_prices_visits(card));
    ck_assert_uint_eq(gb_value_n_parts(card, GB_VALUE_LOYALTY), 0);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

static const struct {
    const char *from, *to, *named;
} slips[] = {
    { "\"fen_per_point\":1000", "\"fen_per_point\":0", "fen_per_point" },
    { "\"fen_per_unit\"", "\"fen_per_uint\"", "contribution.parts[0]" },
    { "\"at_stake\":0.1", "\"at_stake\":1.1", "at_stake" },
    { "\"fen\":60000", "\"fen_per_unit\":60000", "a tag or a constant" },
    { "\"at_stake\":0.1", "\"curve\":[[0,0]]", "a tag or a constant" },
    { "\"name\":\"pos\"", "\"name\":\"balance\"", "used twice" },
    { "\"weight\":1", "\"weight\":0", "loyalty.parts[1]" },
    { "[10,1000]", "[0,1000]", "point 2" },
    { "[10,1000]", "[10,1001]", "between 0 and 1000" },
    { "[\"balance\",\"peak\"]", "[\"balance\"]", "two columns" },
    { "\"below\":700", "\"below\":400", "matrix.loyalty" },
    { "\"below\":12000", "\"below\":\"x\"", "below" },
    { "\"name\":\"win\"", "\"name\":\"Win!\"", "a-z" },
    { "\"name\":\"win\"", "\"name\":\"keep\"", "used twice" },
    { "\"channel\":\"call\"", "\"channel\":\"fax\"", "fax" },
    { "\"every_days\":60", "\"every_days\":-1", "every_days" },
    { "\"loyalty\":{\"parts\"", "\"loyalty\":{\"bits\"", "bits" },
    { "[60,1]]", "[60]]", "point 4" },
    { "\"column\":\"days\"", "\"column\":\"\"", "column" },
};

static char *slip(size_t s)
{
    const char *at = strstr(small_card, slips[s].from);
    char *bad = malloc(sizeof small_card + 100);

    ck_assert_ptr_nonnull(at);
    ck_assert_ptr_nonnull(bad);
    snprintf(bad, sizeof small_card + 100, "%.*s%s%s",
             (int)(at - small_card), small_card, slips[s].to,
             at + strlen(slips[s].from));
    return bad;
}

START_TEST(a_slip_is_named_with_its_place)
{
    gb_context *ctx = test_context();
    gb_score_card *card = NULL;
    char *bad = slip((size_t)_i);

    assert_status(ctx, GB_ERR_DATA,
                  gb_score_card_parse(ctx, bad, strlen(bad), &card));
    ck_assert_msg(strstr(gb_last_error(ctx), slips[_i].named) != NULL,
                  "%s is not named in: %s", slips[_i].named,
                  gb_last_error(ctx));
    ck_assert_ptr_null(card);
    free(bad);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_written_card_is_the_same_card)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card), *again;
    gb_value_result result = GB_VALUE_RESULT_INIT;
    int64_t points[4], twice[4];
    char text[8192], text_again[8192];

    assert_ok(ctx, gb_scorecard_text(ctx, card, text, sizeof text, NULL));
    again = parse(ctx, text);
    assert_ok(ctx, gb_scorecard_text(ctx, again, text_again,
                                     sizeof text_again, NULL));
    ck_assert_str_eq(text, text_again);
    result.points = points;
    assert_ok(ctx, gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    result.points = twice;
    assert_ok(ctx, gb_value_apply(ctx, again, &table, NULL, NULL, &result));
    ck_assert_mem_eq(points, twice, sizeof points);
    gb_score_card_free(again);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_column_that_is_not_there_is_named)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    gb_value_result result = GB_VALUE_RESULT_INIT;
    gb_score_table less = table;
    int64_t points[4];

    less.n_columns = 3;
    assert_status(ctx, GB_ERR_DATA,
                  gb_value_apply(ctx, card, &less, NULL, NULL, &result));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "days"));
    result.size = 8;
    result.points = points;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_value_apply(ctx, card, &table, NULL, NULL, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_value_apply(ctx, NULL, &table, NULL, NULL, &result));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_value_apply(NULL, card, &table, NULL, NULL, &result));
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *s = suite_create("value");
    TCase *c = tcase_create("value");

    tcase_add_test(c, contribution_is_the_sum_of_its_parts_by_hand);
    tcase_add_test(c,
                   loyalty_is_the_weighted_mean_of_its_curves_and_parts_add_up);
    tcase_add_test(
        c, a_visit_is_worth_chance_times_what_is_at_stake_times_urgency);
    tcase_add_test(c, a_shift_of_the_log_odds_moves_the_chance);
    tcase_add_test(c, a_customer_is_in_one_box_with_a_strategy);
    tcase_add_test(c, parts_have_names_and_titles);
    tcase_add_test(c, a_card_without_models_keeps_its_points);
    tcase_add_loop_test(c, a_slip_is_named_with_its_place, 0,
                        sizeof slips / sizeof *slips);
    tcase_add_test(c, a_written_card_is_the_same_card);
    tcase_add_test(c, a_column_that_is_not_there_is_named);
    suite_add_tcase(s, c);
    return s;
}
