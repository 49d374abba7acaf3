#include <gridbeat/gridbeat.h>

#include "faulty_alloc.h"
#include "test.h"

static const char small_card[]
    = "{\"card\":\"t\",\"version\":1,\"factors\":["
      "{\"name\":\"b\",\"title_en\":\"balance\",\"title_zh\":\"余额\","
      "\"column\":\"balance_fen\",\"missing\":-3,\"bins\":[{\"below\":100,"
      "\"points\":1},{\"below\":200,\"points\":5},{\"points\":9}]},"
      "{\"name\":\"p\",\"title_en\":\"POS\",\"title_zh\":\"POS\","
      "\"tag\":\"pos\",\"points\":20}],"
      "\"presence\":{\"slots\":[\"08:00\",\"12:00\",\"24:00\"],\"profiles\":["
      "{\"name\":\"shop\",\"tag\":\"pos\",\"permille\":[900,100]},"
      "{\"name\":\"rest\",\"permille\":[300,400]}]}}";

static gb_score_card *parse(gb_context *ctx, const char *json)
{
    gb_score_card *card = NULL;

    assert_ok(ctx, gb_score_card_parse(ctx, json, strlen(json), &card));
    return card;
}

static const char *const columns[] = { "months_dormant", "balance_fen" };
static const char *const tags[] = { "vip", "pos" };
static const double values[]
    = { 7, 99.5, 7, 100, 7, 199, 7, 200, 7, NAN, 7, 0 };
static const uint32_t first_tag[] = { 0, 0, 1, 1, 3, 3, 3 };
static const uint32_t row_tags[] = { 1, 0, 1 };
static const gb_score_table table
    = { sizeof table, 6, 2, columns, values, 2, tags, first_tag, row_tags };

START_TEST(points_are_the_sum_of_the_parts_and_borders_belong_above)
{
    static const int32_t expected[][2]
        = { { 1, 0 }, { 5, 20 }, { 5, 0 }, { 9, 20 }, { -3, 0 }, { 1, 0 } };
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    int32_t parts[6 * 2];
    int64_t points[6];

    assert_ok(ctx, gb_score_card_apply(ctx, card, &table, parts, points));
    for (size_t r = 0; r < 6; r++) {
        const int64_t sum = expected[r][0] + expected[r][1];

        ck_assert_int_eq(parts[r * 2], expected[r][0]);
        ck_assert_int_eq(parts[r * 2 + 1], expected[r][1]);
        ck_assert_int_eq(points[r], sum < 0 ? 0 : sum);
    }
    ck_assert_uint_eq(gb_score_card_n_factors(card), 2);
    ck_assert_str_eq(gb_score_card_factor(card, 1), "p");
    ck_assert_str_eq(gb_score_card_title(card, 0, "zh"), "余额");
    ck_assert_str_eq(gb_score_card_title(card, 0, "en"), "balance");
    ck_assert_ptr_null(gb_score_card_factor(card, 2));
    gb_context_free(ctx); /* the card outlives its context */
    gb_score_card_free(card);
    gb_score_card_free(NULL);
}
END_TEST

START_TEST(presence_goes_by_the_first_profile_that_fits)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, small_card);
    int16_t permille[6 * 2];

    assert_ok(ctx, gb_score_presence(ctx, card, &table, permille));
    for (size_t r = 0; r < 6; r++)
        ck_assert_int_eq(permille[r * 2], r == 1 || r == 3 ? 900 : 300);
    ck_assert_uint_eq(gb_score_card_n_slots(card), 2);
    ck_assert_int_eq(gb_score_card_slot_borders(card)[1], 43200);
    ck_assert_int_eq(gb_score_card_slot_borders(card)[2], 86400);
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_shipped_card_is_a_card)
{
    gb_context *ctx = test_context();
    gb_score_card *card = parse(ctx, gb_score_card_shipped());

    ck_assert_uint_ge(gb_score_card_n_factors(card), 5);
    assert_status(ctx, GB_ERR_DATA,
                  gb_score_card_apply(ctx, card, &table, NULL,
                                      (int64_t[6]){ 0 }));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "days_to_maturity"));
    gb_score_card_free(card);
    gb_context_free(ctx);
}
END_TEST

/* What replaces what in the small card, and what the message must name. */
static const struct {
    const char *from, *to, *named;
} slips[] = {
    { "\"card\"", "\"crad\"", "crad" },
    { "\"version\":1", "\"version\":0", "version" },
    { "\"missing\":-3", "\"misisng\":-3", "factors[0]: unknown key" },
    { "\"below\":200", "\"below\":100", "bin 2" },
    { "{\"points\":9}", "{\"below\":300,\"points\":9}", "last bin" },
    { "\"points\":9", "\"points\":9.5", "whole number" },
    { "\"points\":20", "\"points\":10001", "10000" },
    { "\"name\":\"p\"", "\"name\":\"b\"", "used twice" },
    { "\"12:00\"", "\"07:00\"", "slots[1]" },
    { "\"24:00\"", "\"24:01\"", "slots[2]" },
    { "[900,100]", "[900]", "profiles[0]" },
    { "[300,400]", "[300,1001]", "profiles[1]" },
    { "\"name\":\"rest\"", "\"name\":\"rest\",\"tag\":\"x\"", "last profile" },
    { "\"tag\":\"pos\",\"points\"", "\"tag\":\"pos\",\"column\":\"c\",\"points\"",
      "by \"column\" or by \"tag\"" },
};

START_TEST(a_slip_in_a_card_is_refused_by_its_place)
{
    gb_context *ctx = test_context();
    gb_score_card *card = NULL;
    const char *at = strstr(small_card, slips[_i].from);
    char text[2048];

    ck_assert_ptr_nonnull(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - small_card),
             small_card, slips[_i].to, at + strlen(slips[_i].from));
    assert_status(ctx, GB_ERR_DATA,
                  gb_score_card_parse(ctx, text, strlen(text), &card));
    ck_assert_ptr_null(card);
    ck_assert_msg(strstr(gb_last_error(ctx), slips[_i].named) != NULL, "%s",
                  gb_last_error(ctx));
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    gb_context *ctx = test_context();
    gb_score_card *card = NULL;
    gb_score_table bad = table;
    const uint32_t wrong_tags[] = { 1, 0, 2 };
    const gb_point points[] = { { 0, 0 }, { INFINITY, 0 } };
    const gb_point four_points[] = { { 0, 0 }, { 1, 0 } };
    const gb_raster raster = { 0, 0, 1, 2, 2 };
    const gb_raster empty = { 0, 0, 0, 2, 2 };
    const gb_raster huge = { 0, 0, 1, UINT32_MAX, 2 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double four[4];
    int64_t scores[6];

    assert_status(ctx, GB_ERR_PARSE,
                  gb_score_card_parse(ctx, "{\n \"card\"", 9, &card));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "card:2:"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_score_card_parse(ctx, NULL, 0, &card));
    card = parse(ctx, small_card);
    bad.row_tags = wrong_tags;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_score_card_apply(ctx, card, &bad, NULL, scores));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_score_card_apply(ctx, card, NULL, NULL, scores));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_score_card_apply(ctx, card, &table, NULL, NULL));
    gb_score_card_free(card);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_raster(ctx, points, NULL, 2, &raster, NULL,
                                    four));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 1"));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_raster(ctx, points, NULL, 1, &empty, NULL, four));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_raster(ctx, points, NULL, 1, &huge, NULL, four));
    options.radius_m = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_raster(ctx, points, NULL, 1, &raster, &options,
                                    four));
    options.radius_m = 10;
    options.kernel = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_at(ctx, points, NULL, 1, points, 1, &options,
                                four));
    options.kernel = 0;
    options.radii_m = (const double[]){ 3, 0 };
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_density_raster(ctx, four_points, NULL, 2, &raster,
                                    &options, four));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 1"));
    options.radii_m = NULL;
    options.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_density_at(ctx, points, NULL, 1, points, 1, &options,
                                four));
    assert_ok(ctx, gb_density_at(ctx, NULL, NULL, 0, points, 1, NULL, four));
    assert_near(four[0], 0, 0);
    gb_context_free(ctx);
}
END_TEST

static gb_status all_of_it(gb_context *ctx)
{
    const gb_point points[] = { { 0, 0 }, { 5, 1 } };
    const gb_raster raster = { 0, 0, 1, 2, 2 };
    gb_score_card *card = NULL;
    int64_t scores[6];
    int16_t permille[12];
    double four[4];
    const gb_density_options own
        = { .size = sizeof own, .radii_m = (const double[]){ 3, 7 } };
    gb_status status
        = gb_score_card_parse(ctx, small_card, strlen(small_card), &card);

    if (!status)
        status = gb_score_card_apply(ctx, card, &table, NULL, scores);
    if (!status)
        status = gb_score_presence(ctx, card, &table, permille);
    if (!status)
        status = gb_density_raster(ctx, points, NULL, 2, &raster, NULL, four);
    if (!status)
        status = gb_density_at(ctx, points, NULL, 2, points, 2, NULL, four);
    if (!status)
        status = gb_density_raster(ctx, points, NULL, 2, &raster, &own, four);
    if (!status)
        status = gb_density_at(ctx, points, NULL, 2, points, 2, &own, four);
    gb_score_card_free(card);
    return status;
}

START_TEST(scores_survive_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);
        const gb_status status = ctx ? all_of_it(ctx) : GB_ERR_NOMEM;

        ck_assert_int_eq(status, mem.failures ? GB_ERR_NOMEM : GB_OK);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

START_TEST(a_wish_to_cancel_is_met)
{
    gb_context *ctx = test_context();
    const gb_point at = { 0, 0 };
    double value;

    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_density_at(ctx, &at, NULL, 1, &at, 1, NULL, &value));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("score");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase,
                   points_are_the_sum_of_the_parts_and_borders_belong_above);
    tcase_add_test(tcase, presence_goes_by_the_first_profile_that_fits);
    tcase_add_test(tcase, the_shipped_card_is_a_card);
    tcase_add_loop_test(tcase, a_slip_in_a_card_is_refused_by_its_place, 0,
                        sizeof slips / sizeof slips[0]);
    tcase_add_test(tcase, what_is_wrong_is_refused);
    tcase_add_loop_test(tcase, scores_survive_lack_of_memory, 0, 2);
    tcase_add_test(tcase, a_wish_to_cancel_is_met);
    suite_add_tcase(suite, tcase);
    return suite;
}
