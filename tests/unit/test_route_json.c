#include "route_json.h"
#include "test.h"

static gb_context *CTX;
static route_json JSON;

static void setup(void)
{
    CTX = test_context();
}

static void teardown(void)
{
    route_json_clear(&JSON);
    gb_context_free(CTX);
}

static gb_status parse(const char *text)
{
    route_json_clear(&JSON);
    memset(&JSON, 0, sizeof JSON);
    return route_json_parse(CTX, "a.json", text, strlen(text), &JSON);
}

static const struct {
    const char *text, *said;
} BROKEN[] = {
    { "", "a.json:1:1: a value is expected, but the text ends here" },
    { "{", "a.json:1:2: a key in quotes is expected" },
    { "{\"a\" 1}", "a.json:1:6: a colon is expected" },
    { "{\"a\": 1,}", "a.json:1:9: a key in quotes" },
    { "{\"a\": 1\n \"b\": 2}", "a.json:2:2: a comma or } is expected" },
    { "[1,]", "a.json:1:4: a value is expected, but here is \"]\"" },
    { "[1 2]", "a.json:1:4: a comma or ] is expected" },
    { "[01]", "a.json:1:3: a comma or ]" },
    { "[1.]", "a.json:1:4: a digit is expected" },
    { "[-]", "a.json:1:3: a digit is expected" },
    { "[1e]", "a.json:1:4: a digit is expected" },
    { "[nul]", "a.json:1:2: a value is expected" },
    { "[\"a]", "a.json:1:5: a string must be closed" },
    { "[\"\\q\"]", "a.json:1:4: unknown escape" },
    { "[\"\\u12g4\"]", "a.json:1:7: \\u takes four hex digits" },
    { "{} x", "a.json:1:4: nothing may follow" },
    { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "a.json:1:33: too many levels" },
    { "[\"\xff\"]", "a.json: not UTF-8" },
    /* columns are letters, not bytes */
    { "[\"\xe4\xb8\xad\xe6\x96\x87\" 1]", "a.json:1:7: a comma or ]" },
};

START_TEST(broken_text_is_refused_with_line_and_column)
{
    assert_status(CTX, GB_ERR_PARSE, parse(BROKEN[_i].text));
    ck_assert_msg(strstr(gb_last_error(CTX), BROKEN[_i].said) != NULL,
                  "%s: %s", BROKEN[_i].text, gb_last_error(CTX));
    ck_assert_uint_eq(JSON.nodes.n, 0);
}
END_TEST

START_TEST(members_are_found_and_others_refused_with_what_was_meant)
{
    static const char *const keys[] = { "service", "skills" };
    uint32_t at[2];
    int64_t s = 0;

    assert_ok(CTX, parse("{\"skills\": [1, {\"x\": []}], \"service\": -7}"));
    assert_ok(CTX, route_json_members(&JSON, 0, keys, 2, at));
    assert_ok(CTX, route_json_int(&JSON, at[0], -10, 10, &s));
    ck_assert_int_eq(s, -7);
    ck_assert_uint_eq(route_json_count(&JSON, at[1]), 2);

    assert_ok(CTX, parse("{\"service\": 1,\n \"skils\": []}"));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_members(&JSON, 0, keys, 2, at));
    ck_assert_str_eq(gb_last_error(CTX),
                     "a.json:2:2: skils: there is no such key here; did you "
                     "mean \"skills\"?");
    assert_ok(CTX, parse("{\"service\": 1, \"service\": 2}"));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_members(&JSON, 0, keys, 2, at));
    ck_assert_str_eq(gb_last_error(CTX),
                     "a.json:1:16: service: this key stands here twice");
}
END_TEST

START_TEST(a_refusal_says_the_path)
{
    int64_t s;
    uint32_t list, object;

    assert_ok(CTX, parse("{\"jobs\": [{}, {\"id\": 1, \"service\": 1.5}]}"));
    list = route_json_get(&JSON, 0, "jobs");
    object = route_json_next(&JSON, route_json_first(&JSON, list));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_int(&JSON, route_json_get(&JSON, object,
                                                       "service"),
                                 0, 9, &s));
    ck_assert_str_eq(gb_last_error(CTX),
                     "a.json:1:36: jobs[1].service: must be a whole number "
                     "from 0 to 9");
}
END_TEST

START_TEST(whole_numbers_are_exact_to_the_last_bit)
{
    uint64_t id = 0;
    int64_t s = 0;

    assert_ok(CTX, parse("[18446744073709551615, 18446744073709551616, "
                         "-9223372036854775807, 1e3, 3.0]"));
    assert_ok(CTX, route_json_uint64(&JSON, 1, &id));
    ck_assert(id == UINT64_MAX);
    assert_status(CTX, GB_ERR_DATA, route_json_uint64(&JSON, 2, &id));
    assert_ok(CTX, route_json_int(&JSON, 3, INT64_MIN, INT64_MAX, &s));
    ck_assert(s == -INT64_MAX);
    assert_status(CTX, GB_ERR_DATA, route_json_uint64(&JSON, 3, &id));
    assert_status(CTX, GB_ERR_DATA, route_json_int(&JSON, 4, 0, 9999, &s));
    assert_status(CTX, GB_ERR_DATA, route_json_int(&JSON, 5, 0, 9999, &s));
}
END_TEST

START_TEST(strings_are_decoded)
{
    char *text = NULL;

    assert_ok(CTX, parse("[\"a\\\"\\\\\\n\\u4e2d\\ud83d\\ude00/\", "
                         "\"\\ud83d\", \"\\u0000\", 1]"));
    assert_ok(CTX, route_json_string(&JSON, 1, &text));
    ck_assert_str_eq(text, "a\"\\\n\xe4\xb8\xad\xf0\x9f\x98\x80/");
    base_free(CTX->mem, text);
    for (uint32_t node = 2; node <= 4; node++) {
        assert_status(CTX, GB_ERR_DATA,
                      route_json_string(&JSON, node, &text));
        ck_assert_ptr_null(text);
    }
}
END_TEST

START_TEST(matrices_are_square_and_know_no_way)
{
    static const int32_t none = -1;
    int32_t cells[4];

    assert_ok(CTX, parse("[[0, 5], [null, 99]]"));
    assert_ok(CTX, route_json_matrix(&JSON, 0, 2, 50, &none, cells));
    ck_assert(cells[1] == 5 && cells[2] == -1 && cells[3] == -1);
    assert_status(CTX, GB_ERR_DATA,
                  route_json_matrix(&JSON, 0, 2, 50, NULL, cells));
    assert_ok(CTX, parse("[[0, 5], [1]]"));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_matrix(&JSON, 0, 2, 50, NULL, cells));
    ck_assert_str_eq(gb_last_error(CTX), "a.json:1:10: [1]: has 1 numbers, "
                                         "but the matrix has 2 rows");
    assert_ok(CTX, parse("[[0, 5, 6], [1, 2, 3]]"));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_matrix(&JSON, 0, 2, 50, NULL, cells));
    assert_status(CTX, GB_ERR_DATA,
                  route_json_matrix(&JSON, 0, 3, 50, NULL, cells));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_json");
    TCase *tcase = tcase_create("tape");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, broken_text_is_refused_with_line_and_column, 0,
                        sizeof BROKEN / sizeof *BROKEN);
    tcase_add_test(tcase,
                   members_are_found_and_others_refused_with_what_was_meant);
    tcase_add_test(tcase, a_refusal_says_the_path);
    tcase_add_test(tcase, whole_numbers_are_exact_to_the_last_bit);
    tcase_add_test(tcase, strings_are_decoded);
    tcase_add_test(tcase, matrices_are_square_and_know_no_way);
    suite_add_tcase(suite, tcase);
    return suite;
}
