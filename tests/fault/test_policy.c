#include <gridbeat/gridbeat.h>

#include "faulty_alloc.h"
#include "test.h"

static const uint32_t actions[] = { 0, 1, 1, 0 }, choices[] = { 1, 1, 0, 0 };
static const double propensities[] = { .5, .5, .5, .5 };
static const double rewards[] = { 0, 1, 1, 1 };
static const gb_policy_log four = { sizeof four, 4, 2, actions, propensities,
                                    rewards, NULL, NULL };
static const gb_policy policy = { sizeof policy, choices, NULL };

static gb_status evaluate(gb_context *ctx)
{
    gb_policy_figures figures = { .size = sizeof figures };

    return gb_policy_evaluate(ctx, &four, &policy, NULL, &figures);
}

static gb_status compare(gb_context *ctx)
{
    gb_policy_estimate out;

    return gb_policy_compare(ctx, &four, &policy, &policy, NULL, &out);
}

static gb_status model(gb_context *ctx)
{
    double expected[8];

    return gb_policy_model(ctx, &four, choices, 2, NULL, expected);
}

static gb_status rates(gb_context *ctx)
{
    const uint64_t tries[] = { 3, 9 }, successes[] = { 1, 2 };
    gb_policy_estimate out[2];

    return gb_policy_rates(ctx, tries, successes, 2, NULL, out, NULL);
}

static gb_status shift(gb_context *ctx)
{
    const uint8_t outcomes[] = { 0, 1, 1, 0 };
    gb_policy_estimate out;

    return gb_policy_shift(ctx, propensities, outcomes, 4, NULL, &out);
}

static gb_status (*const calls[])(gb_context *)
    = { evaluate, compare, model, rates, shift };

START_TEST(each_call_survives_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i % 2);
        gb_context *ctx = faulty_context(&mem);
        const gb_status status = ctx ? calls[_i / 2](ctx) : GB_ERR_NOMEM;

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

    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED, calls[_i](ctx));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy");
    TCase *tcase = tcase_create("policy");

    tcase_add_loop_test(tcase, each_call_survives_lack_of_memory, 0, 10);
    tcase_add_loop_test(tcase, a_wish_to_cancel_is_met, 0, 5);
    suite_add_tcase(suite, tcase);
    return suite;
}
