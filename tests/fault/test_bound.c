#include <gridbeat/gridbeat.h>

#include "faulty_loop.h"
#include "random_areas.h"
#include "test.h"

enum { N = 14, K = 3 };

static gb_status call_bound(gb_context *ctx, const random_areas *in,
                            int objective)
{
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    gb_bound_result r = { .size = sizeof r };
    uint32_t owners[RANDOM_AREAS_MOST];

    o.objective = objective;
    o.max_iterations = 20;
    o.max_nodes = 60;
    return gb_territory_bound(ctx, &in->areas, NULL, &in->rules, &o, &r,
                              owners);
}

static random_areas areas; /* of the calls */
static int objective;

static gb_status call_on_areas(gb_context *ctx)
{
    return call_bound(ctx, &areas, objective);
}

START_TEST(lack_of_memory_anywhere_leaves_nothing_behind)
{
    areas = random_areas_plain(5, N, K, 0.2);
    objective = _i;
    faulty_loop(call_on_areas, FAULTY_BY_TURNS, 1);
    random_areas_free(&areas);
}
END_TEST

typedef struct counter {
    int calls, cancel_at;
} counter;

static int count_down(void *user, const gb_progress *progress)
{
    counter *c = user;

    ck_assert(progress->fraction >= 0 && progress->fraction <= 1);
    return ++c->calls == c->cancel_at;
}

START_TEST(a_cancel_at_any_call_back_ends_it)
{
    random_areas in = random_areas_plain(4, 60, 4, 0.05);
    gb_status status = GB_ERR_CANCELLED;

    for (int k = 1; status == GB_ERR_CANCELLED; k++) {
        gb_context *ctx = test_context();
        counter c = { .cancel_at = k };

        gb_context_set_progress(ctx, count_down, &c);
        status = call_bound(ctx, &in, _i);
        ck_assert(status == GB_OK || c.calls == k);
        gb_context_free(ctx);
        ck_assert_int_lt(k, 200);
    }
    ck_assert_int_eq(status, GB_OK);
    random_areas_free(&in);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("fault_bound");
    TCase *c = tcase_create("bound");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, lack_of_memory_anywhere_leaves_nothing_behind, 0,
                        4);
    tcase_add_loop_test(c, a_cancel_at_any_call_back_ends_it, 0, 4);
    suite_add_tcase(suite, c);
    return suite;
}
