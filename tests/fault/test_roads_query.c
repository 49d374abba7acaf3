#include "faulty_alloc.h"
#include "query_town.h"
#include "roads_query.h"

#include "base_context.h"

/* The town is built with memory of its own; only the call runs out of it. */
static void fill(const town *t, const asked *from, const asked *to,
                 faulty_alloc *mem, uint32_t n_threads)
{
    static int32_t seconds[MOST_PLACES * MOST_PLACES];
    gb_context *ctx = faulty_context(mem);
    gb_status status;
    base_run run;

    if (!ctx)
        return;
    base_run_begin(&run, ctx, (base_limits){ .n_threads = n_threads });
    status = roads_table_fill(&run, t->view, &from->spots, &to->spots,
                              seconds, NULL);
    if (mem->failures)
        ck_assert_int_eq(status, GB_ERR_NOMEM);
    else
        assert_ok(ctx, status);
    gb_context_free(ctx);
}

START_TEST(a_table_survives_lack_of_memory)
{
    base_rng rng = base_rng_seeded(test_seed());
    asked from, to;
    town t;

    town_make(&rng, GB_MODE_CAR, &t);
    ask(&rng, &t, GB_MODE_CAR, 40, &from);
    ask(&rng, &t, GB_MODE_CAR, 60, &to);
    for (uint32_t n_threads = 1; n_threads <= 2; n_threads++)
        for (long k = 0;; k++) {
            faulty_alloc mem = faulty_alloc_at(k, _i);

            fill(&t, &from, &to, &mem, n_threads);
            ck_assert_int_eq(mem.live_blocks, 0);
            if (mem.failures == 0)
                break;
        }
    ask_clear(&t, &to);
    ask_clear(&t, &from);
    town_clear(&t);
}
END_TEST

/* True when the query came to its end. */
static bool query_all(const town *t, const asked *a, base_mem *mem)
{
    roads_pair_query *query = roads_pair_new(mem, t->view);
    bool good = query != NULL;

    for (size_t i = 0; good && i < a->n * a->n; i++) {
        double weight;
        size_t n;

        good = roads_pair_streets(query, &a->spots, i / a->n, &a->spots,
                                  i % a->n, &n, &weight)
               != NULL;
    }
    roads_pair_free(query);
    return good;
}

START_TEST(a_pair_survives_lack_of_memory)
{
    base_rng rng = base_rng_seeded(test_seed());
    asked a;
    town t;

    town_make(&rng, GB_MODE_CAR, &t);
    ask(&rng, &t, GB_MODE_CAR, 20, &a);
    for (long k = 1;; k++) { /* 0 is the context */
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);

        if (ctx)
            ck_assert(query_all(&t, &a, ctx->mem) == (mem.failures == 0));
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
    ask_clear(&t, &a);
    town_clear(&t);
}
END_TEST

START_TEST(a_cancelled_table_says_so)
{
    static int32_t seconds[MOST_PLACES * MOST_PLACES];
    base_rng rng = base_rng_seeded(test_seed());
    base_run run;
    asked a;
    town t;

    town_make(&rng, GB_MODE_EBIKE, &t);
    ask(&rng, &t, GB_MODE_EBIKE, MOST_PLACES, &a);
    base_run_begin(&run, t.ctx, (base_limits){ .n_threads = 1 });
    gb_context_cancel(t.ctx);
    assert_status(t.ctx, GB_ERR_CANCELLED,
                  roads_table_fill(&run, t.view, &a.spots, &a.spots, seconds,
                                   NULL));
    ask_clear(&t, &a);
    town_clear(&t);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_query");
    TCase *memory = tcase_create("memory"), *cancel = tcase_create("cancel");

    tcase_set_timeout(memory, 60);
    tcase_add_loop_test(memory, a_table_survives_lack_of_memory, 0, 2);
    tcase_add_loop_test(memory, a_pair_survives_lack_of_memory, 0, 2);
    tcase_add_test(cancel, a_cancelled_table_says_so);
    suite_add_tcase(suite, memory);
    suite_add_tcase(suite, cancel);
    return suite;
}
