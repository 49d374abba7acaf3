#include "base_context.h"
#include "base_rng.h"

#include "faulty_alloc.h"
#include "faulty_loop.h"
#include "route_case.h"
#include "test.h"

#include <gridbeat/route_reason.h>
#include <gridbeat/route_replan.h>

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

/* Two vehicles, fourteen clients, a plan under way, much that happens. */
static route_case IT;
static uint32_t FIRST[CASE_VEHICLES + 1], ITEMS[CASE_CLIENTS + 8];
static gb_route_order ORDER;
static gb_route_change CHANGES[3];

static void setup(void)
{
    const gb_route_order none = GB_ROUTE_ORDER_INIT;
    const gb_route_change no_change = GB_ROUTE_CHANGE_INIT;
    const route_case_size size
        = { 14, 2, CASE_HAS_LOADS | CASE_HAS_SKILLS | CASE_HAS_BANDS
                       | CASE_HAS_BUNDLES };
    base_rng rng = base_rng_seeded(11);
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution;
    uint32_t v, item;
    size_t n;

    route_case_make(&IT, size, draw_random, &rng);
    options.max_iterations = 40;
    assert_ok(ctx, gb_route_solve(ctx, &IT.problem, &options, &solution));
    assert_ok(ctx, gb_route_solution_order(solution, FIRST, ITEMS,
                                           CASE_CLIENTS + 8, &n));
    ORDER = none;
    ORDER.first = FIRST;
    ORDER.items = ITEMS;
    CHANGES[0] = CHANGES[1] = CHANGES[2] = no_change;
    CHANGES[0].kind = GB_ROUTE_CHANGE_DELAY;
    CHANGES[0].vehicle = 0;
    CHANGES[0].seconds = 600;
    CHANGES[1].kind = GB_ROUTE_CHANGE_ROAD;
    CHANGES[1].from = 0;
    CHANGES[1].to = 1;
    CHANGES[1].seconds = 1234;
    CHANGES[2].kind = GB_ROUTE_CHANGE_ADD;
    for (uint32_t c = 0; c < IT.problem.n_clients; c++) {
        (void)gb_route_solution_find(solution, c, &v, &item);
        if (v == GB_ROUTE_NONE)
            CHANGES[2].client = c;
    }
    ck_assert_uint_ne(CHANGES[2].client, GB_ROUTE_NONE);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}

static gb_status call_replan(gb_context *ctx)
{
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_solution *out = NULL;
    gb_route_diff *diff = NULL;
    gb_route_difference d = { .size = sizeof d };
    gb_status status;

    options.clock_s = 2500;
    options.max_changes = 3;
    options.max_iterations = 10;
    status = gb_route_replan(ctx, &IT.problem, &ORDER, CHANGES, 3, &options,
                             &out, &diff);
    ck_assert((out == NULL) == (status != GB_OK));
    ck_assert((diff == NULL) == (status != GB_OK));
    if (!status)
        (void)gb_route_diff_get(diff, 0, &d);
    gb_route_diff_free(diff);
    gb_route_solution_free(out);
    return status;
}

static gb_status call_suggest(gb_context *ctx)
{
    gb_route_suggestion found[3] = { { .size = sizeof *found } };
    size_t n;

    return gb_route_suggest(ctx, &IT.problem, &ORDER, CHANGES[2].client, NULL,
                            found, 3, &n);
}

static gb_status call_explain(gb_context *ctx)
{
    static const uint32_t clients[] = { 0, 1, 2, 3 };
    gb_route_served_reason reasons[4] = { { .size = sizeof *reasons } };
    gb_route_solution *out = NULL;
    gb_status status
        = gb_route_explain(ctx, &IT.problem, &ORDER, &out);

    ck_assert((out == NULL) == (status != GB_OK));
    gb_route_solution_free(out);
    return status ? status
                  : gb_route_explain_served(ctx, &IT.problem, &ORDER, clients,
                                            4, reasons);
}

static const faulty_call CALLS[] = { call_replan, call_suggest, call_explain };

START_TEST(lack_of_memory_is_survived)
{
    faulty_loop(CALLS[_i / 2], (faulty_way)(_i % 2), 1);
}
END_TEST

START_TEST(the_search_for_a_replan_takes_no_memory)
{
    long requests[2];

    for (int k = 0; k < 2; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, false);
        gb_context *ctx = faulty_context(&mem);
        gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
        gb_route_solution *out;
        gb_route_diff *diff;

        options.max_changes = 4;
        options.max_iterations = k ? 1000 : 1;
        options.skip_reasons = true;
        assert_ok(ctx, gb_route_replan(ctx, &IT.problem, &ORDER, NULL, 0,
                                       &options, &out, &diff));
        gb_route_solution_free(out);
        gb_route_diff_free(diff);
        gb_context_free(ctx);
        requests[k] = mem.requests;
    }
    ck_assert_int_le(labs(requests[0] - requests[1]), 4);
}
END_TEST

START_TEST(a_wish_to_cancel_is_heard)
{
    gb_context *ctx = test_context();

    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED, call_replan(ctx));
    gb_context_resume(ctx);
    assert_ok(ctx, call_replan(ctx));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_time_limit_ends_a_replan)
{
    gb_context *ctx = test_context();
    gb_route_replan_options options = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_solution *out;

    options.max_changes = 4;
    options.time_limit_ms = 20;
    options.max_iterations = UINT64_MAX;
    assert_ok(ctx, gb_route_replan(ctx, &IT.problem, &ORDER, NULL, 0,
                                   &options, &out, NULL));
    ck_assert(gb_route_solution_summary(out, &sum));
    ck_assert_int_eq(sum.outcome, GB_OUTCOME_TIME_LIMIT);
    gb_route_solution_free(out);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_replan");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, lack_of_memory_is_survived, 0,
                        2 * (int)(sizeof CALLS / sizeof *CALLS));
    tcase_add_test(tc, the_search_for_a_replan_takes_no_memory);
    tcase_add_test(tc, a_wish_to_cancel_is_heard);
    tcase_add_test(tc, a_time_limit_ends_a_replan);
    return suite;
}
