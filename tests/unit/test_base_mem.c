#include "base_array.h"
#include "base_mem.h"
#include "faulty_alloc.h"
#include "test.h"

START_TEST(a_product_that_overflows_is_no_memory)
{
    base_mem *mem = base_mem_new(NULL);

    ck_assert_ptr_null(base_alloc_array(mem, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(base_alloc_zeroed(mem, SIZE_MAX, 2));
    base_mem_unref(mem);
}
END_TEST

START_TEST(the_core_lives_until_its_last_owner_goes)
{
    faulty_alloc counter = faulty_alloc_at(-1, false);
    const gb_allocator allocator = faulty_allocator(&counter);
    base_mem *mem = base_mem_new(&allocator);

    base_mem_ref(mem);
    base_mem_unref(mem);
    ck_assert_int_eq(counter.live_blocks, 1);
    base_mem_unref(mem);
    ck_assert_int_eq(counter.live_blocks, 0);
}
END_TEST

START_TEST(an_arena_hands_out_distinct_aligned_blocks_and_reuses_them)
{
    faulty_alloc counter = faulty_alloc_at(-1, false);
    const gb_allocator allocator = faulty_allocator(&counter);
    base_mem *mem = base_mem_new(&allocator);
    base_arena arena;
    long requests;

    base_arena_init(&arena, mem);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 1000; i++) {
            char *block = base_arena_alloc(&arena, i + 1, 7);

            ck_assert_ptr_nonnull(block);
            ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
            memset(block, (int)i, (i + 1) * 7);
        }
        if (round == 0)
            requests = counter.requests;
        base_arena_reset(&arena);
    }
    ck_assert_int_eq(counter.requests, requests);
    ck_assert_ptr_null(base_arena_alloc(&arena, SIZE_MAX, 1));
    base_arena_clear(&arena);
    base_mem_unref(mem);
    ck_assert_int_eq(counter.live_blocks, 0);
}
END_TEST

START_TEST(a_growing_array_keeps_its_items_when_memory_runs_out)
{
    faulty_alloc counter = faulty_alloc_at(4, true);
    const gb_allocator allocator = faulty_allocator(&counter);
    base_mem *mem = base_mem_new(&allocator);
    BASE_ARRAY(uint32_t) array = BASE_ARRAY_INIT;
    uint32_t n = 0;

    while (base_array_push(mem, &array, n))
        n++;
    ck_assert_uint_eq(array.n, n);
    for (uint32_t i = 0; i < n; i++)
        ck_assert_uint_eq(array.items[i], i);
    base_array_clear(mem, &array);
    base_mem_unref(mem);
    ck_assert_int_eq(counter.live_blocks, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base_mem");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, a_product_that_overflows_is_no_memory);
    tcase_add_test(tcase, the_core_lives_until_its_last_owner_goes);
    tcase_add_test(tcase,
                   an_arena_hands_out_distinct_aligned_blocks_and_reuses_them);
    tcase_add_test(tcase,
                   a_growing_array_keeps_its_items_when_memory_runs_out);
    suite_add_tcase(suite, tcase);
    return suite;
}
