#include <gridbeat/gridbeat.h>

#include "faulty_alloc.h"
#include "test.h"

START_TEST(a_context_refuses_options_it_does_not_know)
{
    struct {
        gb_context_options known;
        char more[16];
    } newer = { .known = GB_CONTEXT_OPTIONS_INIT };
    gb_context_options half = GB_CONTEXT_OPTIONS_INIT;
    const gb_allocator broken = { NULL, NULL, NULL };
    gb_context *ctx = NULL;

    newer.known.size = sizeof newer;
    ck_assert_int_eq(gb_context_new(&newer.known, &ctx), GB_OK);
    gb_context_free(ctx);
    newer.more[3] = 1;
    ck_assert_int_eq(gb_context_new(&newer.known, &ctx), GB_ERR_OPTIONS);
    ck_assert_ptr_null(ctx);
    half.size = 4;
    ck_assert_int_eq(gb_context_new(&half, &ctx), GB_ERR_OPTIONS);
    half.size = sizeof half;
    half.allocator = &broken;
    ck_assert_int_eq(gb_context_new(&half, &ctx), GB_ERR_ARGUMENT);
    half.allocator = NULL;
    half.lang = "fr";
    ck_assert_int_eq(gb_context_new(&half, &ctx), GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_context_new(NULL, NULL), GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(messages_come_in_the_language_asked_for)
{
    gb_context *ctx = test_context();

    ck_assert_str_eq(gb_last_error(ctx), "");
    assert_status(ctx, GB_ERR_ARGUMENT, gb_context_set_lang(ctx, "tlh"));
    ck_assert_str_eq(gb_last_error(ctx),
                     "language \"tlh\" is unknown; en and zh are known");
    ck_assert_int_eq(gb_last_status(ctx), GB_ERR_ARGUMENT);
    assert_ok(ctx, gb_context_set_lang(ctx, "zh_CN"));
    ck_assert_str_eq(gb_last_error(ctx), "");
    ck_assert_str_eq(gb_context_lang(ctx), "zh");
    gb_context_free(ctx);
    gb_context_free(NULL);
}
END_TEST

START_TEST(every_status_has_a_name_and_a_text)
{
    ck_assert_str_eq(gb_status_name(GB_ERR_NOMEM), "GB_ERR_NOMEM");
    ck_assert_str_eq(gb_status_text(GB_OK), "done");
    ck_assert_str_eq(gb_status_name((gb_status)12345), "GB_ERR_INTERNAL");
    ck_assert_int_ge((int)strlen(gb_version()), 5);
}
END_TEST

START_TEST(a_context_survives_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);

        ck_assert((ctx == NULL) == (mem.failures > 0));
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, a_context_refuses_options_it_does_not_know);
    tcase_add_test(tcase, messages_come_in_the_language_asked_for);
    tcase_add_test(tcase, every_status_has_a_name_and_a_text);
    tcase_add_loop_test(tcase, a_context_survives_lack_of_memory, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
