#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "test.h"

static const double values[] = { 5, 2, 9, 9, 1 };

static gb_status all_of_it(gb_context *ctx)
{
    const uint64_t moves[] = { 1, 2, 3, 4 };
    gb_tier_drift drift = { .size = sizeof drift };
    gb_tiers *tiers = NULL;
    uint32_t tier[5];
    gb_status status = gb_tiers_parse(ctx, "A=40%,B", &tiers);

    if (!status)
        status = gb_tiers_assign(ctx, tiers, values, 5, NULL, tier, NULL, NULL);
    gb_tiers_free(tiers);
    return status ? status : gb_tiers_drift(ctx, moves, 1, &drift);
}

START_TEST(tiers_survive_lack_of_memory)
{
    faulty_loop(all_of_it, (faulty_way)_i, 1);
}
END_TEST

START_TEST(a_wish_to_cancel_is_met)
{
    gb_context *ctx = test_context();
    gb_tiers *tiers = NULL;
    uint32_t tier[5];

    assert_ok(ctx, gb_tiers_parse(ctx, "A=40%,B", &tiers));
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_tiers_assign(ctx, tiers, values, 5, NULL, tier, NULL,
                                  NULL));
    gb_tiers_free(tiers);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tier");
    TCase *tcase = tcase_create("tier");

    tcase_add_loop_test(tcase, tiers_survive_lack_of_memory, 0, 2);
    tcase_add_test(tcase, a_wish_to_cancel_is_met);
    suite_add_tcase(suite, tcase);
    return suite;
}
