#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "test.h"

static const uint32_t places[] = { 0, 0, 1, 1 }, customers[] = { 0, 1, 2, 2 };
static const uint16_t bands[] = { 0, 1, 1, 0 };
static const uint8_t is_met[] = { 1, 0, 1, 1 };
static const gb_presence_attempts attempts
    = { sizeof attempts, 4, places, places, customers, bands, is_met, NULL, NULL };
static const gb_presence_options options
    = { sizeof options, 2, 0, 0, 0, { 0, 0, 0, 0 } };

static gb_status learn(gb_context *ctx)
{
    gb_presence *learnt = NULL;
    const gb_status status
        = gb_presence_learn(ctx, &attempts, &options, &learnt);

    ck_assert((learnt != NULL) == (status == GB_OK));
    gb_presence_free(learnt);
    return status;
}

START_TEST(learning_survives_lack_of_memory)
{
    faulty_loop(learn, (faulty_way)_i, 1);
}
END_TEST

START_TEST(counting_tries_survives_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);
        gb_presence_try rows[3];
        const gb_status status
            = ctx ? gb_presence_by_try(ctx, &attempts, rows, 3) : GB_ERR_NOMEM;

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
    gb_presence *learnt = NULL;

    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_presence_learn(ctx, &attempts, &options, &learnt));
    ck_assert_ptr_null(learnt);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("presence");
    TCase *tcase = tcase_create("presence");

    tcase_add_loop_test(tcase, learning_survives_lack_of_memory, 0, 2);
    tcase_add_loop_test(tcase, counting_tries_survives_lack_of_memory, 0, 2);
    tcase_add_test(tcase, a_wish_to_cancel_is_met);
    suite_add_tcase(suite, tcase);
    return suite;
}
