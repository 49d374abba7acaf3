#include "base_context.h"
#include "faulty_alloc.h"
#include "random_states.h"

enum { N = RANDOM_STATES_MAX };

typedef struct distances {
    double of[N][N];
} distances;

/* The plain twin: Floyd's and Warshall's three loops over the open arcs. */
static void all_pairs(const random_states *r, distances *d)
{
    const size_t n = r->states.n_states;

    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            d->of[x][y] = x == y ? 0 : (double)ROADS_CLOSED;
    for (uint32_t a = 0; a < r->states.n_arcs; a++) {
        const double w = roads_arc_weight(&r->states, &r->metric.view, a);
        double *had = &d->of[r->tails[a]][r->heads[a]];

        *had = w < *had ? w : *had;
    }
    for (size_t k = 0; k < n; k++)
        for (size_t x = 0; x < n; x++)
            for (size_t y = 0; y < n; y++)
                if (d->of[x][k] + d->of[k][y] < d->of[x][y])
                    d->of[x][y] = d->of[x][k] + d->of[k][y];
}

/* What a climb over a graph from v comes to, at each state. */
static void climb(const roads_graph *graph, size_t n, uint32_t v,
                  double *weights)
{
    for (size_t y = 0; y < n; y++)
        weights[y] = ROADS_CLOSED;
    weights[v] = 0;
    for (size_t x = v; x < n; x++)
        for (uint32_t e = graph->first[x]; e < graph->first[x + 1]; e++)
            if (weights[x] + graph->weights[e] < weights[graph->ends[e]])
                weights[graph->ends[e]] = weights[x] + graph->weights[e];
}

static void check_ways(const random_states *r, const distances *exact)
{
    const size_t n = r->states.n_states;
    double from[N][N], to[N][N];
    size_t n_wrong = 0;

    for (uint32_t v = 0; v < n; v++) {
        climb(&r->metric.view.up, n, v, from[v]);
        climb(&r->metric.view.down, n, v, to[v]);
    }
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++) {
            double best = ROADS_CLOSED;

            for (size_t top = 0; top < n; top++)
                best = from[x][top] + to[y][top] < best
                           ? from[x][top] + to[y][top] : best;
            n_wrong += exact->of[x][y] < ROADS_FAR ? best != exact->of[x][y]
                                                  : best < ROADS_FAR;
        }
    ck_assert_uint_eq(n_wrong, 0);
}

/* The weights of the arcs of both graphs, by tail and head. */
static void table_of(const random_states *r, distances *table)
{
    const roads_graph *up = &r->metric.view.up, *down = &r->metric.view.down;
    const size_t n = r->states.n_states;

    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            table->of[x][y] = ROADS_CLOSED;
    for (size_t v = 0; v < n; v++) {
        for (uint32_t e = up->first[v]; e < up->first[v + 1]; e++)
            table->of[v][up->ends[e]] = up->weights[e];
        for (uint32_t e = down->first[v]; e < down->first[v + 1]; e++)
            table->of[down->ends[e]][v] = down->weights[e];
    }
}

/* An arc of the states where one will do, or two lower arcs of the graphs. */
static void check_via(const random_states *r, const distances *table,
                      uint32_t x, uint32_t y, uint32_t via)
{
    bool is_arc = false;

    if (via & ROADS_VIA_ARC) {
        const uint32_t arc = via & ~ROADS_VIA_ARC;

        ck_assert_uint_lt(arc, r->states.n_arcs);
        ck_assert_uint_eq(r->tails[arc], x);
        ck_assert_uint_eq(r->heads[arc], y);
        ck_assert(roads_arc_weight(&r->states, &r->metric.view, arc)
                  == table->of[x][y]);
    } else {
        ck_assert_uint_lt(via, x);
        ck_assert_uint_lt(via, y);
        ck_assert(table->of[x][via] + table->of[via][y] == table->of[x][y]);
        for (uint32_t a = r->first_arc[x]; a < r->first_arc[x + 1]; a++)
            is_arc |= r->heads[a] == y
                      && roads_arc_weight(&r->states, &r->metric.view, a)
                             == table->of[x][y];
        ck_assert(!is_arc);
    }
}

/* Mark the states that the arc from x to y unpacks to, but for y; false: one
 * of them is met again. */
static bool passes_none_twice(const random_states *r, uint32_t x, uint32_t y,
                              bool *passed)
{
    const roads_graph *graph =
        x < y ? &r->metric.view.up : &r->metric.view.down;
    const uint32_t low = x < y ? x : y;
    uint32_t e = graph->first[low];

    while (graph->ends[e] != (x ^ y ^ low))
        e++;
    if (!(graph->via[e] & ROADS_VIA_ARC))
        return passes_none_twice(r, x, graph->via[e], passed)
               && passes_none_twice(r, graph->via[e], y, passed);
    if (passed[x])
        return false;
    passed[x] = true;
    return true;
}

static void check_rows(const random_states *r, const roads_graph *graph,
                       bool is_up, const distances *table,
                       const distances *exact)
{
    bool is_beaten = false; /* by a detour over two others */

    ck_assert_uint_eq(graph->first[0], 0);
    ck_assert_uint_eq(graph->first[r->states.n_states], graph->n_arcs);
    for (uint32_t v = 0; v < r->states.n_states; v++)
        for (uint32_t e = graph->first[v]; e < graph->first[v + 1]; e++) {
            const uint32_t end = graph->ends[e];
            const uint32_t x = is_up ? v : end, y = is_up ? end : v;

            ck_assert(graph->weights[e] < ROADS_FAR);
            ck_assert_uint_gt(end, e > graph->first[v] ? graph->ends[e - 1]
                                                       : v);
            ck_assert(table->of[x][y] >= exact->of[x][y]);
            if (table->of[x][y] == exact->of[x][y]) {
                bool passed[N] = { false };

                check_via(r, table, x, y, graph->via[e]);
                ck_assert(passes_none_twice(r, x, y, passed) && !passed[y]);
            }
            for (uint32_t z = 0; z < r->states.n_states; z++)
                is_beaten |= table->of[x][z] + table->of[z][y]
                             < table->of[x][y];
        }
    ck_assert(!is_beaten);
}

START_TEST(climbing_finds_the_fastest_ways_whatever_the_weights)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    random_states *r = random_states_new(&rng, _i % SHAPE_COUNT);
    roads_hierarchy_built hierarchy;
    distances table, exact;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_hierarchy_build(&run, &r->states, &hierarchy));
    for (int again = 0; again < 4; again++) {
        assert_ok(ctx, roads_metric_customise(&run, &r->states,
                                              &hierarchy.view, &r->metric));
        all_pairs(r, &exact);
        check_ways(r, &exact);
        table_of(r, &table);
        check_rows(r, &r->metric.view.up, true, &table, &exact);
        check_rows(r, &r->metric.view.down, false, &table, &exact);
        random_states_weigh(r, &rng);
    }
    roads_metric_clear(ctx->mem, &r->metric);
    roads_hierarchy_clear(ctx->mem, &hierarchy);
    free(r);
    gb_context_free(ctx);
}
END_TEST

START_TEST(lack_of_memory_leaves_the_graphs_empty)
{
    base_rng rng = base_rng_stream(test_seed(), 5);
    random_states *r = random_states_new(&rng, SHAPE_DENSE);
    gb_context *other = test_context();
    roads_hierarchy_built hierarchy;
    distances exact;
    base_run run;

    all_pairs(r, &exact);
    base_run_begin(&run, other, (base_limits){ 0 });
    assert_ok(other, roads_hierarchy_build(&run, &r->states, &hierarchy));
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);

        if (ctx) {
            base_run_begin(&run, ctx, (base_limits){ 0 });
            if (roads_metric_customise(&run, &r->states, &hierarchy.view,
                                       &r->metric))
                ck_assert_ptr_null(r->metric.view.up.first);
            else
                check_ways(r, &exact);
            roads_metric_clear(ctx->mem, &r->metric);
            r->metric.view.street_weights = r->street_weights;
            r->metric.view.turn_weights = r->turn_weights;
        }
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
    roads_hierarchy_clear(other->mem, &hierarchy);
    gb_context_free(other);
    free(r);
}
END_TEST

START_TEST(a_cancelled_customisation_leaves_the_graphs_empty)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), 6);
    random_states *r = random_states_new(&rng, SHAPE_DENSE);
    roads_hierarchy_built hierarchy;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_hierarchy_build(&run, &r->states, &hierarchy));
    assert_ok(ctx, roads_metric_customise(&run, &r->states, &hierarchy.view,
                                          &r->metric));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  roads_metric_customise(&run, &r->states, &hierarchy.view,
                                         &r->metric));
    ck_assert_ptr_null(r->metric.view.up.first);
    roads_metric_clear(ctx->mem, &r->metric);
    roads_hierarchy_clear(ctx->mem, &hierarchy);
    free(r);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_metric");
    TCase *tc = tcase_create("roads_metric");

    tcase_add_loop_test(
        tc, climbing_finds_the_fastest_ways_whatever_the_weights, 0,
        test_cases(30 * SHAPE_COUNT));
    tcase_add_loop_test(tc, lack_of_memory_leaves_the_graphs_empty, 0, 2);
    tcase_add_test(tc, a_cancelled_customisation_leaves_the_graphs_empty);
    suite_add_tcase(suite, tc);
    return suite;
}
