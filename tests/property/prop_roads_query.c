#include "query_town.h"
#include "roads_query.h"
#include "roads_search.h"

/* The plain twin: a search from each place. */
static void search_all(const town *t, const asked *from, const asked *to,
                       double *weights)
{
    roads_search search;

    ck_assert(roads_search_init(&search, t->ctx->mem, t->view));
    for (size_t f = 0; f < from->n; f++) {
        roads_search_run(&search, &from->spots, f, INFINITY);
        for (size_t c = 0; c < to->n; c++)
            weights[f * to->n + c] = roads_search_weight(
                &search, &from->spots, f, &to->spots, c);
    }
    roads_search_clear(&search, t->ctx->mem);
}

static bool are_same(double a, double b)
{
    return a < ROADS_FAR ? a == b : !(b < ROADS_FAR);
}

static void with_random_towns(int n_cases,
                              void (*check)(base_rng *, const town *, gb_mode))
{
    const uint64_t seed = test_seed();

    for (int i = 0; i < n_cases; i++) {
        base_rng rng = base_rng_stream(seed, (uint64_t)i);
        const gb_mode mode = i % GB_MODE_COUNT;
        town t;

        town_make(&rng, mode, &t);
        check(&rng, &t, mode);
        town_clear(&t);
    }
}

/* ---- tables ---- */

static void check_table(base_rng *rng, const town *t, gb_mode mode)
{
    static double weights[MOST_PLACES * MOST_PLACES];
    static int32_t seconds[MOST_PLACES * MOST_PLACES];
    static int32_t metres[MOST_PLACES * MOST_PLACES];
    const uint32_t unit = t->map.view.length_unit_cm;
    base_run run = t->run;
    asked from, to;
    size_t n_wrong = 0;

    ask(rng, t, mode, base_rng_below(rng, MOST_PLACES), &from);
    ask(rng, t, mode, base_rng_chance(rng, 0.3) ? base_rng_below(rng, 4)
                                                : base_rng_below(rng, MOST_PLACES),
        &to);
    search_all(t, &from, &to, weights);
    assert_ok(t->ctx, roads_table_fill(&run, t->view, &from.spots, &to.spots,
                                       seconds, metres));
    for (size_t i = 0; i < from.n * to.n; i++)
        n_wrong += seconds[i] != roads_weight_s(weights[i])
                   || metres[i] != roads_weight_m(weights[i], unit);
    ck_assert_uint_eq(n_wrong, 0);
    ask_clear(t, &to);
    ask_clear(t, &from);
}

START_TEST(each_cell_of_a_table_is_what_plain_dijkstra_finds)
{
    with_random_towns(test_cases(200), check_table);
}
END_TEST

static void check_threads(base_rng *rng, const town *t, gb_mode mode)
{
    static int32_t first[2][MOST_PLACES * MOST_PLACES];
    static int32_t again[2][MOST_PLACES * MOST_PLACES];
    const uint32_t n_threads[] = { 2, 8 };
    base_run run = t->run;
    asked from, to;

    ask(rng, t, mode, MOST_PLACES, &from);
    ask(rng, t, mode, 30, &to);
    memset(first, 0, sizeof first);
    memset(again, 0, sizeof again);
    assert_ok(t->ctx, roads_table_fill(&run, t->view, &from.spots, &to.spots,
                                       first[0], first[1]));
    for (size_t i = 0; i < 2; i++) {
        run.limits.n_threads = n_threads[i];
        assert_ok(t->ctx,
                  roads_table_fill(&run, t->view, &from.spots, &to.spots,
                                   again[0], again[1]));
        ck_assert_mem_eq(first, again, sizeof first);
    }
    ask_clear(t, &to);
    ask_clear(t, &from);
}

START_TEST(a_table_is_the_same_for_any_number_of_threads)
{
    with_random_towns(test_cases(30), check_threads);
}
END_TEST

static void check_subset(base_rng *rng, const town *t, gb_mode mode)
{
    static int32_t all[MOST_PLACES * MOST_PLACES];
    static int32_t few[MOST_PLACES * MOST_PLACES];
    asked places, from, to;
    uint32_t chosen_from[MOST_PLACES], chosen_to[MOST_PLACES];
    base_run run = t->run;
    size_t n_wrong = 0;

    ask(rng, t, mode, MOST_PLACES, &places);
    ask(rng, t, mode, 1 + base_rng_below(rng, 40), &from);
    ask(rng, t, mode, 1 + base_rng_below(rng, 40), &to);
    for (size_t i = 0; i < from.n; i++)
        from.places[i] =
            places.places[chosen_from[i] = (uint32_t)base_rng_below(rng, places.n)];
    for (size_t i = 0; i < to.n; i++)
        to.places[i] =
            places.places[chosen_to[i] = (uint32_t)base_rng_below(rng, places.n)];
    ask_clear(t, &from);
    ask_clear(t, &to);
    ck_assert(roads_spots_find(t->ctx->mem, t->view, from.places, from.n,
                               &from.spots));
    ck_assert(
        roads_spots_find(t->ctx->mem, t->view, to.places, to.n, &to.spots));
    assert_ok(t->ctx, roads_table_fill(&run, t->view, &places.spots,
                                       &places.spots, all, NULL));
    assert_ok(t->ctx, roads_table_fill(&run, t->view, &from.spots, &to.spots,
                                       few, NULL));
    for (size_t f = 0; f < from.n; f++)
        for (size_t c = 0; c < to.n; c++)
            n_wrong += few[f * to.n + c]
                       != all[chosen_from[f] * places.n + chosen_to[c]];
    ck_assert_uint_eq(n_wrong, 0);
    ask_clear(t, &to);
    ask_clear(t, &from);
    ask_clear(t, &places);
}

START_TEST(a_table_of_some_places_is_a_part_of_the_table_of_all)
{
    with_random_towns(test_cases(30), check_subset);
}
END_TEST

/* ---- pairs ---- */

static void check_pairs(base_rng *rng, const town *t, gb_mode mode)
{
    static double weights[MOST_PLACES * MOST_PLACES];
    roads_pair_query *query = roads_pair_new(t->ctx->mem, t->view);
    size_t n_wrong = 0;
    asked from, to;

    ck_assert_ptr_nonnull(query);
    ask(rng, t, mode, base_rng_below(rng, 40), &from);
    ask(rng, t, mode, base_rng_below(rng, 40), &to);
    search_all(t, &from, &to, weights);
    for (size_t f = 0; f < from.n; f++)
        for (size_t c = 0; c < to.n; c++)
            n_wrong += !are_same(weights[f * to.n + c],
                                 roads_pair_weight(query, &from.spots, f,
                                                   &to.spots, c));
    ck_assert_uint_eq(n_wrong, 0);
    ask_clear(t, &to);
    ask_clear(t, &from);
    roads_pair_free(query);
}

START_TEST(the_weight_of_a_pair_is_what_plain_dijkstra_finds)
{
    with_random_towns(test_cases(200), check_pairs);
}
END_TEST

static void put_least(double *weights, uint32_t state, double weight)
{
    if (weight < weights[state])
        weights[state] = weight;
}

/* One more street is travelled, from any of these states. */
static void travel(const town *t, uint32_t street, double *weights,
                   double *after)
{
    const roads_states *states = t->view.states;

    for (uint32_t v = 0; v < states->n_states; v++)
        after[v] = ROADS_CLOSED;
    for (uint32_t v = 0; v < states->n_states; v++)
        for (uint32_t a = states->first_arc[v]; a < states->first_arc[v + 1];
             a++)
            if (states->arc_streets[a] == street)
                put_least(after, states->heads[a],
                          weights[v]
                              + roads_arc_weight(states, t->view.metric, a));
    memcpy(weights, after, states->n_states * sizeof *weights);
}

/*
 * The least weight of a way over these streets in this order and no other,
 * from any start of one place to any target of another.
 */
static double weight_of_streets(const town *t, const roads_spots *from,
                                size_t f, const roads_spots *to, size_t c,
                                const uint32_t *streets, size_t n)
{
    const size_t n_states = t->view.states->n_states;
    double *weights = malloc((n_states + 1) * sizeof *weights);
    double *after = malloc((n_states + 1) * sizeof *after);
    double best = ROADS_CLOSED;

    for (int is_inside = 0; is_inside < 2; is_inside++) {
        for (size_t v = 0; v < n_states; v++)
            weights[v] = ROADS_CLOSED;
        for (uint32_t e = from->first_start[f]; e < from->first_start[f + 1];
             e++)
            if (is_inside ? n > 0 && from->starts[e].street == streets[0]
                          : from->starts[e].street == ROADS_NONE)
                put_least(weights, from->starts[e].state,
                          from->starts[e].weight);
        for (size_t i = is_inside; i <= n; i++) {
            for (uint32_t e = to->first_target[c];
                 e < to->first_target[c + 1]; e++) {
                const roads_spot_end *end = &to->targets[e];

                if ((i == n && end->street == ROADS_NONE)
                    || (i + 1 == n && end->street == streets[i]))
                    best = fmin(best, weights[end->state] + end->weight);
            }
            if (i < n)
                travel(t, streets[i], weights, after);
        }
    }
    free(after);
    free(weights);
    return best;
}

static void check_streets(base_rng *rng, const town *t, gb_mode mode)
{
    roads_pair_query *query = roads_pair_new(t->ctx->mem, t->view);
    asked from, to;

    ck_assert_ptr_nonnull(query);
    ask(rng, t, mode, base_rng_below(rng, 20), &from);
    ask(rng, t, mode, base_rng_below(rng, 20), &to);
    for (size_t f = 0; f < from.n; f++)
        for (size_t c = 0; c < to.n; c++) {
            const double weight = roads_pair_weight(query, &from.spots, f,
                                                    &to.spots, c);
            uint32_t direct_street;
            const double direct =
                roads_spots_direct(t->view, &from.places[f], &to.places[c],
                                   &direct_street);
            double told;
            size_t n;
            const uint32_t *streets = roads_pair_streets(
                query, &from.spots, f, &to.spots, c, &n, &told);

            ck_assert_ptr_nonnull(streets);
            ck_assert(are_same(weight, told));
            if (!(weight < ROADS_FAR)) {
                ck_assert_uint_eq(n, 0);
            } else if (weight == direct) {
                ck_assert_uint_eq(n, direct_street != ROADS_NONE);
                if (n)
                    ck_assert_uint_eq(streets[0], direct_street);
            } else {
                ck_assert(weight
                          == weight_of_streets(t, &from.spots, f, &to.spots,
                                               c, streets, n));
            }
        }
    ask_clear(t, &to);
    ask_clear(t, &from);
    roads_pair_free(query);
}

START_TEST(the_streets_of_a_pair_add_up_to_its_weight)
{
    with_random_towns(test_cases(100), check_streets);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_query");
    TCase *tables = tcase_create("tables"), *pairs = tcase_create("pairs");

    tcase_set_timeout(tables, 120);
    tcase_set_timeout(pairs, 120);
    tcase_add_test(tables, each_cell_of_a_table_is_what_plain_dijkstra_finds);
    tcase_add_test(tables, a_table_is_the_same_for_any_number_of_threads);
    tcase_add_test(tables, a_table_of_some_places_is_a_part_of_the_table_of_all);
    tcase_add_test(pairs, the_weight_of_a_pair_is_what_plain_dijkstra_finds);
    tcase_add_test(pairs, the_streets_of_a_pair_add_up_to_its_weight);
    suite_add_tcase(suite, tables);
    suite_add_tcase(suite, pairs);
    return suite;
}
