#include "base_rng.h"

#include "faulty_alloc.h"
#include "faulty_loop.h"
#include "route_case.h"
#include "test.h"

#include <gridbeat/route_bound.h>

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

/* Two vehicles, twelve clients: circles, cuts and plans all come up. */
static route_case IT;

static void setup(void)
{
    const route_case_size size
        = { 12, 2, CASE_HAS_BUNDLES | CASE_HAS_GROUP_MUST | CASE_HAS_LIMITS };
    base_rng rng = base_rng_seeded(7);

    route_case_make(&IT, size, draw_random, &rng);
}

static gb_status call_bound(gb_context *ctx)
{
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result result = { .size = sizeof result };
    gb_route_solution *better = NULL;
    gb_status status;

    options.max_rounds = 8;
    status = gb_route_bound(ctx, &IT.problem, &options, &result, &better);
    ck_assert(status == GB_OK || !better);
    gb_route_solution_free(better);
    return status;
}

START_TEST(lack_of_memory_is_survived)
{
    faulty_loop(call_bound, (faulty_way)_i, 16);
}
END_TEST

/* Cancels at its n-th call. */
typedef struct counter {
    long n, at;
} counter;

static int count_and_cancel(void *user, const gb_progress *progress)
{
    counter *c = user;

    (void)progress;
    return ++c->n >= c->at;
}

START_TEST(a_cancel_leaves_nothing_behind)
{
    counter count = { 0, 1 };
    faulty_alloc mem = faulty_alloc_at(-1, false);
    gb_context *ctx = faulty_context(&mem);
    gb_route_bound_result result = { .size = sizeof result };
    gb_route_solution *better = NULL;

    ck_assert_ptr_nonnull(ctx);
    gb_context_set_progress(ctx, count_and_cancel, &count);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_route_bound(ctx, &IT.problem, NULL, &result, &better));
    ck_assert_ptr_null(better);
    gb_context_set_progress(ctx, NULL, NULL);
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_route_bound(ctx, &IT.problem, NULL, &result, NULL));
    gb_context_free(ctx);
    ck_assert_int_eq(mem.live_blocks, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_bound");
    TCase *faults = tcase_create("faults");

    tcase_add_checked_fixture(faults, setup, NULL);
    tcase_set_timeout(faults, 120);
    tcase_add_loop_test(faults, lack_of_memory_is_survived, 0, 2);
    tcase_add_test(faults, a_cancel_leaves_nothing_behind);
    suite_add_tcase(suite, faults);
    return suite;
}
