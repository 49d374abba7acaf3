#include <gridbeat/gridbeat.h>

#include <string.h>

#include "test.h"

static const char *client_name(void *user, uint32_t client)
{
    return client == 7 ? user : NULL;
}

static const char *vehicle_name(void *user, uint32_t vehicle)
{
    (void)user;
    return vehicle == 0 ? "Wang Li" : "2";
}

static const gb_route_names NAMES
    = { sizeof NAMES, client_name, vehicle_name, (void *)(uintptr_t)"C7" };

/* Times of the day, mends and prizes, as sentences in two languages. */
static const struct {
    gb_route_reason reason;
    const char *en, *zh;
} cases[] = {
    { { .kind = GB_ROUTE_REASON_IMPOSSIBLE,
        .constraint = GB_ROUTE_CONSTRAINT_WINDOW, .needed = 52080,
        .limit = 50400, .mend = 1680 },
      "Wang Li would be there at 14:28; the window closes at 14:00, 28 min "
      "too early", "14:28" },
    { { .kind = GB_ROUTE_REASON_IMPOSSIBLE, .vehicle = 1,
        .constraint = GB_ROUTE_CONSTRAINT_SHIFT, .needed = 61205,
        .limit = 61200, .mend = 5 },
      "manager 2 would be back at 17:00:05; the shift ends at 17:00, 5 s too "
      "early", "17:00:05" },
    { { .kind = GB_ROUTE_REASON_IMPOSSIBLE,
        .constraint = GB_ROUTE_CONSTRAINT_LOAD, .needed = 12, .limit = 10 },
      "it is a load of 12; Wang Li can carry 10", "12" },
    { { .kind = GB_ROUTE_REASON_IMPOSSIBLE,
        .constraint = GB_ROUTE_CONSTRAINT_DISTANCE, .needed = 21500,
        .mend = 500 },
      "Wang Li would go 21.5 km; 500 m less is allowed", "21.5 km" },
    { { .kind = GB_ROUTE_REASON_IMPOSSIBLE,
        .constraint = GB_ROUTE_CONSTRAINT_VEHICLE },
      "nobody may serve it", "没有" },
    { { .kind = GB_ROUTE_REASON_CROWDED_OUT, .prize = 8, .n_displaced = 2,
        .displaced_client = 7, .displaced_prize = 21, .is_rough = true },
      "worth 8; with Wang Li it would take the place of 2 stops worth 21, C7 "
      "among them (not everything was looked at)", "C7" },
    { { .kind = GB_ROUTE_REASON_CROWDED_OUT, .prize = 8, .n_displaced = 1,
        .displaced_client = 7, .displaced_prize = 21, .gain_milli = -13000 },
      "worth 8; with Wang Li it would take the place of C7, worth 21; the "
      "value would change by -13", "-13" },
    { { .kind = GB_ROUTE_REASON_UNPROFITABLE, .prize = 8, .extra_s = 4500,
        .extra_m = 900, .gain_milli = -1500 },
      "worth 8; with Wang Li it would take 1 h 15 min and 900 m, and change "
      "the value by -1.5", "-1.5" },
};

START_TEST(each_reason_is_a_sentence_with_its_numbers)
{
    gb_context *ctx = test_context();
    char text[512];
    size_t needed = 0;

    assert_ok(ctx, gb_route_reason_text(ctx, &cases[_i].reason, "en", &NAMES,
                                        text, sizeof text, &needed));
    ck_assert_str_eq(text, cases[_i].en);
    ck_assert_uint_eq(needed, strlen(text) + 1);
    assert_status(ctx, GB_ERR_BUFFER,
                  gb_route_reason_text(ctx, &cases[_i].reason, "en", &NAMES,
                                       text, needed - 1, &needed));
    assert_ok(ctx, gb_route_reason_text(ctx, &cases[_i].reason, "zh", &NAMES,
                                        text, sizeof text, &needed));
    ck_assert_str_ne(text, cases[_i].en);
    ck_assert_msg(strstr(text, cases[_i].zh) != NULL, "%s", text);
    gb_context_free(ctx);
}
END_TEST

START_TEST(one_who_is_served_hears_what_else_there_was)
{
    gb_context *ctx = test_context();
    gb_route_served_reason reason = { .size = sizeof reason, .start_s = 32400 };
    char text[512];
    size_t needed = 0;

    reason.left_out = (gb_route_alternative){ .is_possible = true,
                                              .change_milli = -20000 };
    reason.other_vehicle
        = (gb_route_alternative){ .is_possible = true, .vehicle = 1,
                                  .start_s = 36000, .change_milli = -2500 };
    assert_ok(ctx, gb_route_served_text(ctx, &reason, "en", &NAMES, text,
                                        sizeof text, &needed));
    ck_assert_str_eq(text, "Wang Li at 09:00; left out: value -20; with "
                           "manager 2 at 10:00: value -2.5");
    reason.other_vehicle.is_possible = false;
    assert_ok(ctx, gb_route_served_text(ctx, &reason, "en", NULL, text,
                                        sizeof text, &needed));
    ck_assert_str_eq(text, "manager 0 at 09:00; left out: value -20; nobody "
                           "else has room that day");
    reason.vehicle = GB_ROUTE_NONE;
    assert_ok(ctx, gb_route_served_text(ctx, &reason, "en", NULL, text,
                                        sizeof text, &needed));
    ck_assert_str_eq(text, "not served");
    gb_context_free(ctx);
}
END_TEST

START_TEST(wrong_calls_have_their_status)
{
    gb_context *ctx = test_context();
    const gb_route_reason reason = { .kind = GB_ROUTE_REASON_CROWDED_OUT };
    gb_route_names bad = NAMES;
    char text[64];
    size_t needed;

    bad.size = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_reason_text(ctx, NULL, "en", NULL, text, 64,
                                       &needed));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_reason_text(ctx, &reason, "fr", NULL, text, 64,
                                       &needed));
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_route_reason_text(ctx, &reason, "en", &bad, text, 64,
                                       &needed));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_reason_text(ctx, &reason, "en", NULL, NULL, 64,
                                       &needed));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_route_served_text(ctx, NULL, "en", NULL, text, 64,
                                       &needed));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_reason_text");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, each_reason_is_a_sentence_with_its_numbers, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, one_who_is_served_hears_what_else_there_was);
    tcase_add_test(tcase, wrong_calls_have_their_status);
    suite_add_tcase(suite, tcase);
    return suite;
}
