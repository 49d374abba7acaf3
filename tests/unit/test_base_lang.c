#include "base_lang.h"
#include "test.h"

START_TEST(locale_names_give_languages)
{
    base_lang lang = BASE_LANG_EN;

    ck_assert(base_lang_parse("zh_CN.UTF-8", &lang));
    ck_assert_int_eq(lang, BASE_LANG_ZH);
    ck_assert(base_lang_parse("en", &lang));
    ck_assert_int_eq(lang, BASE_LANG_EN);
    ck_assert(!base_lang_parse("C", &lang));
    ck_assert(!base_lang_parse("", &lang));
    ck_assert(!base_lang_parse("zhuang", &lang));
}
END_TEST

START_TEST(texts_are_translated_or_left_as_they_are)
{
    ck_assert_str_eq(base_lang_text(BASE_LANG_ZH, "out of memory"),
                     "内存不足");
    ck_assert_str_eq(base_lang_text(BASE_LANG_EN, "out of memory"),
                     "out of memory");
    ck_assert_str_eq(base_lang_text(BASE_LANG_ZH, "no such text"),
                     "no such text");
    ck_assert_str_eq(base_lang_text(BASE_LANG_ZH, ""), "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_lang");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, locale_names_give_languages);
    tcase_add_test(tcase, texts_are_translated_or_left_as_they_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
