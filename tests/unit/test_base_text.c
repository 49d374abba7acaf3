#include "base_text.h"
#include "faulty_alloc.h"
#include "test.h"

#include <locale.h>
#include <math.h>

static const struct {
    double value;
    int decimals;
    const char *expected;
} reals[] = {
    { 0, 2, "0.00" },          { -0.0, 0, "0" },
    { -0.001, 2, "0.00" },     { 1.5, 0, "2" },
    { -1.5, 0, "-2" },         { 9.538123, 6, "9.538123" },
    { 123456789.25, 2, "123456789.25" },
    { 1e300, 2, "1e+300" },    { NAN, 2, "nan" },
    { -INFINITY, 2, "-inf" },
};

START_TEST(reals_are_written_the_same_everywhere)
{
    char buffer[32];

    ck_assert_str_eq(
        base_real_text(buffer, reals[_i].value, reals[_i].decimals),
        reals[_i].expected);
}
END_TEST

START_TEST(exact_reals_read_back_and_are_short)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = { { 0.1, "0.1" }, { -0.0, "-0" }, { 10, "10" },
                  { 1e-7, "1e-07" }, { 1.0 / 3, "0.3333333333333333" },
                  { 0.1 + 0.2, "0.30000000000000004" },
                  { 0, "0" }, { -7, "-7" },
                  { 999999999999999, "999999999999999" },
                  { 1e15, "1e+15" }, { -1e22, "-1e+22" },
                  { 5e-324, "4.94065645841247e-324" }, { INFINITY, "inf" } };
    base_mem *mem = base_mem_new(NULL);
    base_text text;

    base_text_init(&text, mem);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        base_text_reset(&text);
        base_text_exact(&text, cases[i].value);
        ck_assert_str_eq(text.chars, cases[i].text);
    }
    base_text_clear(&text);
    base_mem_unref(mem);
}
END_TEST

START_TEST(integers_of_all_sizes_are_written)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = { { 0, "0" }, { -1, "-1" }, { 10, "10" },
                  { INT64_MAX, "9223372036854775807" },
                  { INT64_MIN, "-9223372036854775808" } };
    base_mem *mem = base_mem_new(NULL);
    base_text text;

    base_text_init(&text, mem);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        base_text_reset(&text);
        base_text_int(&text, cases[i].value);
        ck_assert_str_eq(text.chars, cases[i].text);
    }
    base_text_clear(&text);
    base_mem_unref(mem);
}
END_TEST

/* Where the room ends in the middle of what is written, too. */
START_TEST(formats_of_any_length_go_into_any_room)
{
    char wanted[256];
    base_mem *mem = base_mem_new(NULL);
    base_text text;

    for (int n = 0; n < 150; n++) {
        base_text_init(&text, mem);
        base_text_format(&text, "%0*d", 60, 7);
        base_text_format(&text, "<%0*d>", n, 7);
        snprintf(wanted, sizeof wanted, "%0*d<%0*d>", 60, 7, n, 7);
        ck_assert_str_eq(text.chars, wanted);
        ck_assert_uint_eq(text.n, strlen(wanted));
        base_text_clear(&text);
    }
    base_mem_unref(mem);
}
END_TEST

START_TEST(only_whole_finite_numbers_are_read)
{
    static const char *const bad[]
        = { "", " 1", "1 ", "1,5", "0x10", "nan", "inf", "1e999", "1.2.3",
            "--1", "12abc" };
    double real;
    int64_t whole;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!base_parse_real(bad[i], &real), "%s", bad[i]);
    ck_assert(base_parse_real("-1.25e2", &real));
    assert_near(real, -125, 0);
    ck_assert(base_parse_int("-42", &whole));
    ck_assert_int_eq(whole, -42);
    ck_assert(!base_parse_int("9223372036854775808", &whole));
    ck_assert(!base_parse_int("4.0", &whole));
}
END_TEST

START_TEST(escapes_fit_their_formats)
{
    base_mem *mem = base_mem_new(NULL);
    base_text text;
    char *taken;

    base_text_init(&text, mem);
    base_text_json(&text, "a\"\\\n</script>\xe7\xbd\x91");
    base_text_add(&text, "|");
    base_text_csv(&text, "plain");
    base_text_csv(&text, "a,\"b\"");
    base_text_add(&text, "|");
    base_text_html(&text, "<a href='x'>&\"");
    base_text_format(&text, "|%d%%", 5);
    taken = base_text_take(&text);
    ck_assert_str_eq(taken,
                     "\"a\\\"\\\\\\u000a\\u003c/script>\xe7\xbd\x91\"|plain"
                     "\"a,\"\"b\"\"\"|"
                     "&lt;a href=&#39;x&#39;&gt;&amp;&quot;|5%");
    base_free(mem, taken);
    base_mem_unref(mem);
}
END_TEST

START_TEST(a_text_short_of_memory_says_so_at_the_end)
{
    faulty_alloc counter = faulty_alloc_at(2, true);
    const gb_allocator allocator = faulty_allocator(&counter);
    base_mem *mem = base_mem_new(&allocator);
    base_text text;

    base_text_init(&text, mem);
    for (int i = 0; i < 1000; i++)
        base_text_add(&text, "0123456789");
    ck_assert(text.is_short);
    ck_assert_ptr_null(base_text_take(&text));
    base_mem_unref(mem);
    ck_assert_int_eq(counter.live_blocks, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_text");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, reals_are_written_the_same_everywhere, 0,
                        sizeof reals / sizeof reals[0]);
    tcase_add_test(tcase, exact_reals_read_back_and_are_short);
    tcase_add_test(tcase, integers_of_all_sizes_are_written);
    tcase_add_test(tcase, formats_of_any_length_go_into_any_room);
    tcase_add_test(tcase, only_whole_finite_numbers_are_read);
    tcase_add_test(tcase, escapes_fit_their_formats);
    tcase_add_test(tcase, a_text_short_of_memory_says_so_at_the_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
