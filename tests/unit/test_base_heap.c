#include "base_heap.h"
#include "base_rng.h"
#include "test.h"

enum { N = 60 };

/* The plain twin: look at all. */
static uint32_t least(const int64_t *keys, const bool *in)
{
    uint32_t best = UINT32_MAX;

    for (uint32_t i = 0; i < N; i++)
        if (in[i] && (best == UINT32_MAX || keys[i] < keys[best]))
            best = i;
    return best;
}

START_TEST(the_heap_agrees_with_looking_at_all)
{
    base_mem *mem = base_mem_new(NULL);
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    base_heap heap;
    int64_t keys[N];
    bool in[N] = { false };

    ck_assert(base_heap_init(&heap, mem, N));
    for (int step = 0; step < 2000; step++) {
        const uint32_t id = (uint32_t)base_rng_below(&rng, N);
        const int64_t key = base_rng_between(&rng, -20, 20);

        switch (base_rng_below(&rng, 5)) {
        case 0:
        case 1:
            base_heap_push(&heap, id, key);
            if (!in[id] || key < keys[id])
                keys[id] = key;
            in[id] = true;
            break;
        case 2:
            base_heap_set(&heap, id, key);
            keys[id] = key;
            in[id] = true;
            break;
        case 3:
            base_heap_remove(&heap, id);
            in[id] = false;
            break;
        default:
            if (heap.n > 0) {
                const uint32_t expected = least(keys, in);
                const base_heap_item got = base_heap_pop(&heap);

                ck_assert_uint_eq(got.id, expected);
                ck_assert_int_eq(got.key, keys[expected]);
                in[expected] = false;
            }
        }
        ck_assert_int_eq(base_heap_has(&heap, id), in[id]);
    }
    base_heap_reset(&heap);
    for (uint32_t i = 0; i < N; i++)
        ck_assert(!base_heap_has(&heap, i));
    base_heap_clear(&heap, mem);
    base_mem_unref(mem);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_heap");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, the_heap_agrees_with_looking_at_all, 0,
                        test_cases(10));
    suite_add_tcase(suite, tcase);
    return suite;
}
