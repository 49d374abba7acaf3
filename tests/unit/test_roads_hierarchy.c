#include "base_context.h"
#include "faulty_alloc.h"
#include "random_states.h"
#include "roads_hierarchy.h"

enum { N = RANDOM_STATES_MAX };

typedef struct reached {
    bool by[N][N];
} reached;

/* Pairs joined by arcs over states below `limit`. */
static void join_over(reached *r, size_t n, size_t limit)
{
    for (size_t k = 0; k < limit; k++)
        for (size_t x = 0; x < n; x++)
            for (size_t y = 0; y < n; y++)
                r->by[x][y] |= r->by[x][k] && r->by[k][y];
}

static bool row_has(roads_rows rows, uint32_t v, uint32_t end)
{
    for (uint32_t e = rows.first[v]; e < rows.first[v + 1]; e++)
        if (rows.ends[e] == end)
            return true;
    return false;
}

static void check_rows(roads_rows rows, size_t n)
{
    ck_assert_uint_eq(rows.first[0], 0);
    ck_assert_uint_eq(rows.first[n], rows.n);
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t e = rows.first[v]; e < rows.first[v + 1]; e++) {
            ck_assert_uint_gt(rows.ends[e], v);
            ck_assert_uint_lt(rows.ends[e], n);
            if (e > rows.first[v])
                ck_assert_uint_gt(rows.ends[e], rows.ends[e - 1]);
        }
}

static void build(random_states *r, gb_context *ctx,
                  roads_hierarchy_built *built)
{
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_hierarchy_build(&run, &r->states, built));
}

START_TEST(an_edge_stands_for_a_path_over_lower_states_and_only_for_that)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    random_states *r = random_states_new(&rng, _i % SHAPE_COUNT);
    const size_t n = r->states.n_states;
    roads_hierarchy_built built;

    build(r, ctx, &built);
    check_rows(built.view.up, n);
    check_rows(built.view.down, n);
    for (uint32_t v = 0; v < n; v++) {
        reached over = { 0 };

        for (size_t a = 0; a < r->states.n_arcs; a++)
            over.by[r->tails[a]][r->heads[a]] = true;
        join_over(&over, n, v);
        for (uint32_t w = v + 1; w < n; w++) {
            ck_assert_int_eq(row_has(built.view.up, v, w), over.by[v][w]);
            ck_assert_int_eq(row_has(built.view.down, v, w), over.by[w][v]);
        }
    }
    roads_hierarchy_clear(ctx->mem, &built);
    free(r);
    gb_context_free(ctx);
}
END_TEST

START_TEST(an_arc_lies_on_the_edge_between_its_ends)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    random_states *r = random_states_new(&rng, _i % SHAPE_COUNT);
    roads_hierarchy_built built;

    build(r, ctx, &built);
    for (size_t a = 0; a < r->states.n_arcs; a++) {
        const uint32_t tail = r->tails[a], head = r->heads[a];
        const uint32_t low = tail < head ? tail : head;
        const roads_rows rows = tail < head ? built.view.up : built.view.down;
        const uint32_t e = built.view.arc_edges[a];

        if (tail == head) {
            ck_assert_uint_eq(e, ROADS_NONE);
            continue;
        }
        ck_assert_uint_ge(e, rows.first[low]);
        ck_assert_uint_lt(e, rows.first[low + 1]);
        ck_assert_uint_eq(rows.ends[e], tail ^ head ^ low);
    }
    roads_hierarchy_clear(ctx->mem, &built);
    free(r);
    gb_context_free(ctx);
}
END_TEST

static bool is_above(const uint32_t *parents, uint32_t v, uint32_t ancestor)
{
    while (v != ROADS_NONE && v < ancestor)
        v = parents[v];
    return v == ancestor;
}

START_TEST(what_is_climbed_to_is_a_parent_or_a_parent_s_parent)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    random_states *r = random_states_new(&rng, _i % SHAPE_COUNT);
    roads_hierarchy_built built;

    build(r, ctx, &built);
    for (uint32_t v = 0; v < r->states.n_states; v++) {
        const uint32_t parent = built.view.parents[v];
        bool has_reason = parent == ROADS_NONE;

        if (parent != ROADS_NONE)
            ck_assert_uint_gt(parent, v);
        for (uint32_t w = 0; w < r->states.n_states; w++)
            if (row_has(built.view.up, v, w) || row_has(built.view.down, v, w))
                ck_assert(is_above(built.view.parents, v, w));
        /* The parent is an end of v or of one below: no longer than needed. */
        for (uint32_t u = 0; u <= v; u++)
            has_reason |= is_above(built.view.parents, u, v)
                          && (row_has(built.view.up, u, parent)
                              || row_has(built.view.down, u, parent));
        ck_assert(has_reason);
    }
    roads_hierarchy_clear(ctx->mem, &built);
    free(r);
    gb_context_free(ctx);
}
END_TEST

START_TEST(lack_of_memory_leaves_nothing_behind)
{
    base_rng rng = base_rng_stream(test_seed(), 5);
    random_states *r = random_states_new(&rng, SHAPE_DENSE);

    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);
        gb_status status = GB_ERR_NOMEM;
        roads_hierarchy_built built;
        base_run run;

        if (ctx) {
            base_run_begin(&run, ctx, (base_limits){ 0 });
            status = roads_hierarchy_build(&run, &r->states, &built);
            if (status)
                ck_assert_uint_eq(built.view.n_states, 0);
            roads_hierarchy_clear(ctx->mem, &built);
        }
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
        /* An array that cannot shrink stays as it is. */
        ck_assert(status == GB_ERR_NOMEM || status == GB_OK);
    }
    free(r);
}
END_TEST

START_TEST(a_cancelled_build_stops)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), 6);
    random_states *r = random_states_new(&rng, SHAPE_DENSE);
    roads_hierarchy_built built;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  roads_hierarchy_build(&run, &r->states, &built));
    ck_assert_ptr_null(built.view.parents);
    roads_hierarchy_clear(ctx->mem, &built);
    free(r);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_hierarchy");
    TCase *tc = tcase_create("roads_hierarchy");
    const int cases = test_cases(20 * SHAPE_COUNT);

    tcase_add_loop_test(
        tc, an_edge_stands_for_a_path_over_lower_states_and_only_for_that, 0,
        cases);
    tcase_add_loop_test(tc, an_arc_lies_on_the_edge_between_its_ends, 0,
                        cases);
    tcase_add_loop_test(
        tc, what_is_climbed_to_is_a_parent_or_a_parent_s_parent, 0, cases);
    tcase_add_loop_test(tc, lack_of_memory_leaves_nothing_behind, 0, 2);
    tcase_add_test(tc, a_cancelled_build_stops);
    suite_add_tcase(suite, tc);
    return suite;
}
