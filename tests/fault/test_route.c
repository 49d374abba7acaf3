#include "base_context.h"
#include "base_rng.h"

#include "faulty_alloc.h"
#include "faulty_loop.h"
#include "route_case.h"
#include "test.h"

#include <gridbeat/route.h>
#include <gridbeat/route_reason.h>

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

/* Two vehicles, thirty clients, a start to go on from. */
static route_case IT;
static uint32_t FIRST[CASE_VEHICLES + 1], ITEMS[CASE_CLIENTS + 8];
static uint32_t LIST[CASE_CLIENTS];

/* The first case of which the list serves some. */
static void setup_with(uint32_t features)
{
    const route_case_size size = { 30, 2, features };
    gb_context *ctx = test_context();
    size_t n = 0;

    for (uint64_t seed = 7; n < 8; seed++) {
        base_rng rng = base_rng_seeded(seed);
        gb_route_solution *solution;

        ck_assert_uint_lt(seed, 100);
        route_case_make(&IT, size, draw_random, &rng);
        for (uint32_t c = 0; c < IT.problem.n_clients; c++)
            LIST[c] = c;
        assert_ok(ctx, gb_route_greedy(ctx, &IT.problem, LIST, 30,
                                       &solution));
        assert_ok(ctx, gb_route_solution_order(solution, FIRST, ITEMS,
                                               CASE_CLIENTS + 8, &n));
        gb_route_solution_free(solution);
    }
    gb_context_free(ctx);
}

static void setup(void)
{
    setup_with(0);
}

/* The same with every part of the model. */
static void setup_whole(void)
{
    setup_with(CASE_HAS_ALL);
}

static gb_status call_solve(gb_context *ctx)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    gb_status status;

    order.first = FIRST;
    order.items = ITEMS;
    options.start = &order;
    options.max_iterations = 16;
    options.n_threads = 2;
    options.within_habit = IT.problem.n_bundles > 0; /* in one of the two */
    status = gb_route_solve(ctx, &IT.problem, &options, &solution);
    ck_assert((solution == NULL) == (status != GB_OK));
    gb_route_solution_free(solution);
    return status;
}

static gb_status call_others(gb_context *ctx)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *a = NULL, *b = NULL, *c = NULL, *d = NULL;
    gb_route_findings *findings = NULL;
    gb_status status;

    order.first = FIRST;
    order.items = ITEMS;
    status = gb_route_evaluate(ctx, &IT.problem, &order, &a);
    ck_assert((a == NULL) == (status != GB_OK));
    if (!status)
        status = gb_route_explain(ctx, &IT.problem, &order, &d);
    ck_assert(!status || !d);
    if (!status)
        status = gb_route_greedy(ctx, &IT.problem, LIST, 30, &b);
    ck_assert(!status || !b);
    if (!status)
        status = gb_route_nearest_neighbour(ctx, &IT.problem, a, &c);
    ck_assert(!status || !c);
    if (!status)
        status = gb_route_check(ctx, &IT.problem, a, &findings);
    ck_assert(!status || !findings);
    if (!status)
        ck_assert_uint_eq(gb_route_findings_count(findings), 0);
    gb_route_findings_free(findings);
    gb_route_solution_free(a);
    gb_route_solution_free(b);
    gb_route_solution_free(c);
    gb_route_solution_free(d);
    return status;
}

/* A check of another problem's solution notes many findings. */
static gb_status call_findings(gb_context *ctx)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *a = NULL;
    gb_route_findings *findings = NULL;
    gb_status status;

    order.first = FIRST;
    order.items = ITEMS;
    status = gb_route_evaluate(ctx, &IT.problem, &order, &a);
    if (!status) {
        for (uint32_t c = 0; c < IT.problem.n_clients; c++)
            IT.service_s[c] += 7;
        status = gb_route_check(ctx, &IT.problem, a, &findings);
        for (uint32_t c = 0; c < IT.problem.n_clients; c++)
            IT.service_s[c] -= 7;
    }
    if (!status)
        ck_assert_uint_gt(gb_route_findings_count(findings), 0);
    gb_route_findings_free(findings);
    gb_route_solution_free(a);
    return status;
}

static gb_status call_texts(gb_context *ctx)
{
    const gb_route_reason left_out = { .kind = GB_ROUTE_REASON_CROWDED_OUT,
                                       .n_displaced = 2 };
    const gb_route_served_reason served = { .start_s = 30000 };
    char text[256];
    size_t needed;
    gb_status status = gb_route_reason_text(ctx, &left_out, "zh", NULL, text,
                                            sizeof text, &needed);

    return status ? status
                  : gb_route_served_text(ctx, &served, "en", NULL, text,
                                         sizeof text, &needed);
}

static const faulty_call CALLS[] = { call_solve, call_others, call_findings,
                                 call_texts };

START_TEST(lack_of_memory_is_survived)
{
    faulty_loop(CALLS[_i / 2], (faulty_way)(_i % 2), 1);
}
END_TEST

START_TEST(iterations_take_no_memory)
{
    long requests[2];

    for (int k = 0; k < 2; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, false);
        gb_context *ctx = faulty_context(&mem);
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_solution *solution;

        options.max_iterations = k ? 4000 : 40;
        /* Findings and reasons of the results do not depend on the search. */
        assert_ok(ctx, gb_route_solve(ctx, &IT.problem, &options, &solution));
        gb_route_solution_free(solution);
        gb_context_free(ctx);
        requests[k] = mem.requests;
    }
    ck_assert_int_eq(requests[0], requests[1]);
}
END_TEST

typedef struct canceller {
    int calls, cancel_at;
} canceller;

static int cancel_then(void *user, const gb_progress *progress)
{
    canceller *c = user;

    (void)progress;
    return c->calls++ == c->cancel_at;
}

START_TEST(a_cancelled_search_hands_over_its_best_so_far)
{
    int n_kept = 0;

    for (int k = 0; k < 8; k++) {
        canceller c = { 0, k };
        gb_context *ctx = test_context();
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_solution *solution = NULL;
        gb_status status;

        gb_context_set_progress(ctx, cancel_then, &c);
        options.time_limit_ms = 500;
        options.n_threads = 1 + k % 2;
        status = gb_route_solve(ctx, &IT.problem, &options, &solution);
        gb_context_set_progress(ctx, NULL, NULL);
        if (status == GB_OK) { /* fewer calls than that */
            gb_route_solution_free(solution);
            gb_context_free(ctx);
            break;
        }
        ck_assert_int_eq(status, GB_ERR_CANCELLED);
        ck_assert_str_eq(gb_last_error(ctx), "cancelled");
        if (solution) {
            gb_route_findings *findings;

            n_kept++;
            assert_ok(ctx, gb_route_check(ctx, &IT.problem, solution,
                                          &findings));
            ck_assert_uint_eq(gb_route_findings_count(findings), 0);
            gb_route_findings_free(findings);
        }
        gb_route_solution_free(solution);
        gb_context_free(ctx);
    }
    ck_assert_int_gt(n_kept, 1);
}
END_TEST

START_TEST(a_wish_to_cancel_beforehand_keeps_the_start)
{
    gb_context *ctx = test_context();
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_solution *solution;

    order.first = FIRST;
    order.items = ITEMS;
    options.start = &order;
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_route_solve(ctx, &IT.problem, &options, &solution));
    ck_assert_ptr_nonnull(solution);
    ck_assert(gb_route_solution_summary(solution, &sum));
    ck_assert_uint_gt(sum.n_served, 0);
    gb_route_solution_free(solution);
    gb_context_resume(ctx);
    assert_ok(ctx, gb_route_solve(ctx, &IT.problem, &options, &solution));
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_time_limit_is_kept)
{
    gb_context *ctx = test_context();
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_summary sum = { .size = sizeof sum };
    gb_route_solution *solution;

    options.time_limit_ms = 100;
    assert_ok(ctx, gb_route_solve(ctx, &IT.problem, &options, &solution));
    ck_assert(gb_route_solution_summary(solution, &sum));
    ck_assert_int_eq(sum.outcome, GB_OUTCOME_TIME_LIMIT);
    ck_assert_uint_gt(sum.iterations, 10);
    gb_route_solution_free(solution);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route");
    TCase *tc = tcase_create("all"), *whole = tcase_create("whole model");

    tcase_set_timeout(whole, 120);
    tcase_add_checked_fixture(whole, setup_whole, NULL);
    suite_add_tcase(suite, whole);
    tcase_add_loop_test(whole, lack_of_memory_is_survived, 0,
                        2 * (int)(sizeof CALLS / sizeof *CALLS));
    tcase_add_test(whole, iterations_take_no_memory);
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, lack_of_memory_is_survived, 0,
                        2 * (int)(sizeof CALLS / sizeof *CALLS));
    tcase_add_test(tc, iterations_take_no_memory);
    tcase_add_test(tc, a_cancelled_search_hands_over_its_best_so_far);
    tcase_add_test(tc, a_wish_to_cancel_beforehand_keeps_the_start);
    tcase_add_test(tc, a_time_limit_is_kept);
    return suite;
}
