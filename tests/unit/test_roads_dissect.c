#include "roads_dissect.h"

#include "base_rng.h"
#include "faulty_alloc.h"
#include "roads_cover.h"
#include "roads_cut.h"
#include "roads_states.h"
#include "small_map.h"
#include "test.h"

enum { MAX_V = 1200, MAX_L = 4 * MAX_V };

/* The part of a map that is cut. */
typedef struct town {
    roads_map map;
    roads_e7 places[MAX_V];
    roads_link links[MAX_L + 1];
    uint8_t weight[MAX_L];
} town;

static town *town_new(void)
{
    town *t = calloc(1, sizeof *t);

    ck_assert_ptr_nonnull(t);
    t->map.places = t->places;
    t->map.links = t->links;
    return t;
}

static void town_vertex(town *t, int32_t x, int32_t y)
{
    t->places[t->map.n_vertices++] =
        (roads_e7){ 1040000000 + x, 306000000 + y };
}

static void town_link(town *t, uint32_t from, uint32_t to, uint8_t weight)
{
    t->links[t->map.n_links].from = from;
    t->links[t->map.n_links].to = to;
    t->weight[t->map.n_links++] = weight;
}

/* A chequered town, 0.001 degrees a block, with a river between columns
 * `river` - 1 and `river`, which has bridges at rows 0 and n_rows - 1. */
static town *chequered(uint32_t n_columns, uint32_t n_rows, uint32_t river)
{
    town *t = town_new();

    for (uint32_t y = 0; y < n_rows; y++)
        for (uint32_t x = 0; x < n_columns; x++) {
            const uint32_t v = y * n_columns + x;

            town_vertex(t, (int32_t)x * 10000, (int32_t)y * 10000);
            if (x > 0 && (x != river || y == 0 || y == n_rows - 1))
                town_link(t, v - 1, v, 2);
            if (y > 0)
                town_link(t, v - n_columns, v, 2);
        }
    return t;
}

/* Anything: islands, loops, parallel links, links that do not count. */
static town *random_town(base_rng *rng)
{
    town *t = town_new();
    const uint32_t n = 1 + (uint32_t)base_rng_below(rng, 150);
    const uint32_t m = (uint32_t)base_rng_below(rng, 3 * n);

    for (uint32_t v = 0; v < n; v++)
        town_vertex(t, (int32_t)base_rng_below(rng, 30),
                    (int32_t)base_rng_below(rng, 30));
    for (uint32_t l = 0; l < m; l++) {
        const uint32_t from = (uint32_t)base_rng_below(rng, n);
        const uint32_t near = (from + 1 + (uint32_t)base_rng_below(rng, 4)) % n;

        town_link(t, from,
                  base_rng_chance(rng, .9) ? near
                                           : (uint32_t)base_rng_below(rng, n),
                  (uint8_t)base_rng_below(rng, 16));
    }
    return t;
}

static void dissect(town *t, roads_dissection *out)
{
    gb_context *ctx = test_context();
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_dissect(&run, &t->map, t->weight, out));
    ck_assert_uint_eq(out->n_vertices, t->map.n_vertices);
    gb_context_free(ctx);
}

static void clear(roads_dissection *d)
{
    base_mem *mem = base_mem_new(NULL);

    roads_dissection_clear(mem, d);
    base_mem_unref(mem);
}

/* Levels above a key; fails when it is not one. */
static uint32_t depth_of(uint64_t key)
{
    for (uint32_t depth = 0; depth < 32; depth++) {
        const uint64_t digit = key >> (62 - 2 * depth) & 3;

        ck_assert_uint_ne(digit, 3);
        if (digit == 2) {
            if (depth < 31)
                ck_assert_uint_eq(key << (2 * depth + 2), 0);
            return depth;
        }
    }
    ck_abort_msg("a key without end");
    return 0;
}

static bool is_below(uint64_t key, uint64_t cut)
{
    const uint32_t depth = depth_of(cut);

    return depth == 0 || key >> (64 - 2 * depth) == cut >> (64 - 2 * depth);
}

typedef struct keyed {
    uint64_t key;
    uint32_t link;
} keyed;

static int compare_keyed(const void *a, const void *b)
{
    const keyed *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

static uint32_t find(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

/*
 * Links join in the order of their keys.  When a cut's turn comes, all that
 * is below it has joined, and nothing has that is above: its links must still
 * lead from one connected part to another.
 */
static void check_parting(const town *t, const roads_dissection *d)
{
    static keyed links[MAX_L];
    uint32_t parent[MAX_V];
    size_t n = 0;

    for (uint32_t v = 0; v < t->map.n_vertices; v++)
        parent[v] = v;
    for (uint32_t l = 0; l < t->map.n_links; l++)
        if (t->weight[l])
            links[n++] = (keyed){ roads_dissection_link_key(
                                      d, t->links[l].from, t->links[l].to), l };
    qsort(links, n, sizeof *links, compare_keyed);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && links[end].key == links[i].key; end++) {
            const roads_link *l = &t->links[links[end].link];

            if (d->paths[l->from] != d->paths[l->to])
                ck_assert_uint_ne(find(parent, l->from), find(parent, l->to));
        }
        for (size_t k = i; k < end; k++) {
            const roads_link *l = &t->links[links[k].link];

            parent[find(parent, l->from)] = find(parent, l->to);
        }
    }
}

/* What the header promises, of all keys. */
static void check(const town *t, const roads_dissection *d)
{
    for (uint32_t v = 0; v < t->map.n_vertices; v++) {
        depth_of(d->paths[v]);
        depth_of(d->covers[v]);
        ck_assert(is_below(d->paths[v], d->covers[v]));
        ck_assert_uint_ge(d->covers[v], d->paths[v]);
    }
    for (size_t l = 0; l < t->map.n_links; l++) {
        const uint32_t from = t->links[l].from, to = t->links[l].to;
        const uint64_t key = roads_dissection_link_key(d, from, to);

        ck_assert(is_below(d->paths[from], key));
        ck_assert(is_below(d->paths[to], key));
        ck_assert_uint_eq(key, roads_dissection_link_key(d, to, from));
        if (d->paths[from] != d->paths[to])
            ck_assert(roads_dissection_goes_back(d, from, to)
                      != roads_dissection_goes_back(d, to, from));
        /* A cut is touched by its cover, or by one of a higher cut. */
        if (t->weight[l] && d->paths[from] != d->paths[to])
            ck_assert(d->covers[from] >= key || d->covers[to] >= key);
    }
    check_parting(t, d);
}

START_TEST(an_empty_map_and_a_single_vertex_have_nothing_to_cut)
{
    town *t = town_new();
    roads_dissection d;

    dissect(t, &d);
    clear(&d);
    town_vertex(t, 0, 0);
    town_link(t, 0, 0, 3);
    dissect(t, &d);
    ck_assert_uint_eq(d.paths[0], (uint64_t)2 << 62);
    ck_assert_uint_eq(d.covers[0], d.paths[0]);
    ck_assert_uint_eq(roads_dissection_link_key(&d, 0, 0), d.paths[0]);
    clear(&d);
    free(t);
}
END_TEST

START_TEST(keys_sort_halves_before_the_cut_between_them)
{
    uint64_t paths[4] = { 0x2000000000000000, /* 02: half 0 */
                          0x5800000000000000, /* 1 1 2 */
                          0x4800000000000000, /* 1 0 2 */
                          0x8000000000000000 };
    roads_dissection d = { paths, paths, 4 };
    const uint64_t inner = roads_dissection_link_key(&d, 1, 2);

    ck_assert_uint_eq(inner, 0x6000000000000000);
    ck_assert_uint_eq(roads_dissection_link_key(&d, 0, 1), (uint64_t)1 << 63);
    ck_assert_uint_eq(roads_dissection_link_key(&d, 2, 2), paths[2]);
    ck_assert(paths[0] < paths[2] && paths[2] < paths[1] && paths[1] < inner
              && inner < (uint64_t)1 << 63);
}
END_TEST

START_TEST(a_town_on_a_river_is_cut_at_its_bridges)
{
    town *t = chequered(20, 20, 9);
    roads_dissection d;
    uint32_t n_top = 0;

    dissect(t, &d);
    check(t, &d);
    for (size_t l = 0; l < t->map.n_links; l++)
        n_top += roads_dissection_link_key(&d, t->links[l].from,
                                           t->links[l].to) >> 62 == 2;
    ck_assert_uint_eq(n_top, 2);
    for (uint32_t v = 0; v < 400; v++)
        ck_assert_uint_eq(d.paths[v] >> 62, d.paths[v % 20 < 9 ? 0 : 19] >> 62);
    clear(&d);
    free(t);
}
END_TEST

START_TEST(no_half_is_much_smaller_than_the_other)
{
    town *t = chequered(30, 40, 0);
    roads_dissection d;
    uint32_t halves[3] = { 0 }, deepest = 0;

    dissect(t, &d);
    for (uint32_t v = 0; v < 1200; v++) {
        const uint32_t depth = depth_of(d.paths[v]);

        halves[d.paths[v] >> 62]++;
        if (depth > deepest)
            deepest = depth;
    }
    ck_assert_uint_eq(halves[2], 0);
    ck_assert_uint_ge(halves[0], 240);
    ck_assert_uint_ge(halves[1], 240);
    ck_assert_uint_le(deepest, 16);
    clear(&d);
    free(t);
}
END_TEST

/* Chains of stars and paths, whose balance nothing helps. */
START_TEST(odd_shapes_end_in_time)
{
    roads_dissection d;
    town *t = town_new();

    for (uint32_t v = 0; v < MAX_V; v++) { /* a star, all in one place */
        town_vertex(t, 0, 0);
        if (v > 0)
            town_link(t, 0, v, 15);
    }
    dissect(t, &d);
    check(t, &d);
    clear(&d);
    t->map.n_links = 0;
    for (uint32_t v = 1; v < MAX_V; v++) /* a path, that the places say
                                          * nothing about */
        town_link(t, v - 1, v, 1);
    dissect(t, &d);
    check(t, &d);
    clear(&d);
    t->map.n_links = 0; /* islands */
    for (uint32_t v = 5; v < MAX_V; v += 5)
        for (uint32_t w = 1; w < 5; w++)
            town_link(t, v, v + w - 5, 1);
    dissect(t, &d);
    check(t, &d);
    clear(&d);
    free(t);
}
END_TEST

START_TEST(cuts_of_random_towns_part_them_and_are_covered)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    town *t = random_town(&rng);
    roads_dissection d, again;

    dissect(t, &d);
    check(t, &d);
    dissect(t, &again);
    ck_assert_mem_eq(d.paths, again.paths, d.n_vertices * sizeof *d.paths);
    ck_assert_mem_eq(d.covers, again.covers, d.n_vertices * sizeof *d.covers);
    clear(&d);
    clear(&again);
    free(t);
}
END_TEST

START_TEST(parallel_links_count_together_and_closed_ones_not_at_all)
{
    /* 0-1-2-3-4-5-6-7 with doubled links but between 2 and 3; a closed link
     * leads from end to end. */
    town *t = town_new();
    roads_dissection d;

    for (int32_t v = 0; v < 8; v++)
        town_vertex(t, v * 10000, 0);
    for (uint32_t v = 1; v < 8; v++)
        for (int twice = 0; twice < (v == 3 ? 1 : 2); twice++)
            town_link(t, v - 1, v, 4);
    town_link(t, 0, 7, 0);
    town_link(t, 3, 3, 9);
    dissect(t, &d);
    check(t, &d);
    ck_assert_uint_eq(d.paths[0] >> 62, d.paths[2] >> 62);
    ck_assert_uint_ne(d.paths[2] >> 62, d.paths[3] >> 62);
    clear(&d);
    free(t);
}
END_TEST

/*
 * Two blocks of four corners, joined by one two-way street and two one-way
 * streets, 0-4, 1->5, 2->6: over their cut lead three streets to the right
 * and one back.
 *
 *     0---1      4---5
 *     |   |  ==  |   |
 *     2---3      6---7
 */
START_TEST(the_states_of_a_cut_stand_by_direction_the_fewer_last)
{
    gb_context *ctx = test_context();
    uint64_t paths[8];
    roads_dissection d = { paths, paths, 8 };
    roads_states_built states;
    small_map map;
    base_run run;
    roads_kind one_way = small_map_residential();
    uint32_t two, one, to[3], back;

    for (int v = 0; v < 8; v++)
        paths[v] = (v < 4) == _i ? 0x2000000000000000 : 0x6000000000000000;
    one_way.oneway = 1;
    small_map_begin(&map, 8);
    two = small_map_kind(&map, small_map_residential());
    one = small_map_kind(&map, one_way);
    small_map_link(&map, 0, 1, 100, two);
    small_map_link(&map, 0, 2, 100, two);
    back = 2 * small_map_link(&map, 0, 4, 100, two) + 1;
    small_map_link(&map, 1, 3, 100, two);
    to[1] = 2 * small_map_link(&map, 1, 5, 100, one);
    small_map_link(&map, 2, 3, 100, two);
    to[2] = 2 * small_map_link(&map, 2, 6, 100, one);
    small_map_link(&map, 4, 5, 100, two);
    small_map_link(&map, 4, 6, 100, two);
    small_map_link(&map, 5, 7, 100, two);
    small_map_link(&map, 6, 7, 100, two);
    small_map_finish(&map);
    to[0] = back - 1;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, roads_states_build(&run, &map.view, &map.profile,
                                      GB_MODE_CAR, &d, &states));
    ck_assert_uint_eq(states.view.n_states, 20);
    ck_assert_uint_eq(states.view.starts[back], 19);
    for (uint32_t k = 0; k < 3; k++)
        ck_assert_uint_eq(states.view.starts[to[k]], 16 + k);
    roads_states_clear(run.mem, &states);
    small_map_clear(&map);
    gb_context_free(ctx);
}
END_TEST

/* ---- the least cover ---- */

/* The least number of vertices that touch all edges: try all sets. */
static int least_cover(const roads_cover_edge *edges, size_t n_edges,
                       uint32_t n)
{
    int best = INT32_MAX;

    for (uint32_t set = 0; set < (uint32_t)1 << n; set++) {
        bool covers = true;

        for (size_t i = 0; i < n_edges; i++)
            covers &= (set >> edges[i].left | set >> edges[i].right) & 1;
        if (covers && __builtin_popcount(set) < best)
            best = __builtin_popcount(set);
    }
    return best;
}

START_TEST(a_cover_is_the_least_there_is)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    base_mem *mem = base_mem_new(NULL);
    const uint32_t n_left = 1 + (uint32_t)base_rng_below(&rng, 6);
    roads_cover_edge edges[36];
    uint32_t chosen[36], set = 0;
    roads_cover cover;
    size_t n = 0, n_chosen;

    ck_assert(roads_cover_init(mem, 12, &cover));
    for (uint32_t a = 0; a < n_left; a++)
        for (uint32_t b = n_left; b < 12; b++)
            if (n < 36 && base_rng_chance(&rng, .3))
                edges[n++] = (roads_cover_edge){ a, b };
    n_chosen = roads_cover_find(&cover, edges, n, chosen);
    for (size_t i = 0; i < n_chosen; i++)
        set |= (uint32_t)1 << chosen[i];
    for (size_t i = 0; i < n; i++)
        ck_assert((set >> edges[i].left | set >> edges[i].right) & 1);
    ck_assert_int_eq((int)n_chosen, least_cover(edges, n, 12));
    ck_assert_int_eq(__builtin_popcount(set), (int)n_chosen);
    roads_cover_clear(mem, &cover);
    base_mem_unref(mem);
}
END_TEST

START_TEST(lack_of_memory_is_said)
{
    town *t = chequered(6, 6, 3);

    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *ctx = faulty_context(&mem);
        gb_status status = GB_ERR_NOMEM;

        if (ctx) {
            roads_dissection d;
            base_run run;

            base_run_begin(&run, ctx, (base_limits){ 0 });
            status = roads_dissect(&run, &t->map, t->weight, &d);
            roads_dissection_clear(run.mem, &d);
            gb_context_free(ctx);
        }
        ck_assert_int_eq(mem.live_blocks, 0);
        ck_assert_int_eq(status, mem.failures ? GB_ERR_NOMEM : GB_OK);
        if (!mem.failures)
            break;
    }
    free(t);
}
END_TEST

START_TEST(a_cancel_ends_it)
{
    town *t = chequered(20, 20, 9);
    gb_context *ctx = test_context();
    roads_dissection d;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  roads_dissect(&run, &t->map, t->weight, &d));
    roads_dissection_clear(run.mem, &d);
    gb_context_free(ctx);
    free(t);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_dissect");
    TCase *tcase = tcase_create("dissect");

    tcase_add_test(tcase, an_empty_map_and_a_single_vertex_have_nothing_to_cut);
    tcase_add_test(tcase, keys_sort_halves_before_the_cut_between_them);
    tcase_add_test(tcase, a_town_on_a_river_is_cut_at_its_bridges);
    tcase_add_test(tcase, no_half_is_much_smaller_than_the_other);
    tcase_add_test(tcase, odd_shapes_end_in_time);
    tcase_add_test(tcase,
                   parallel_links_count_together_and_closed_ones_not_at_all);
    tcase_add_loop_test(
        tcase, the_states_of_a_cut_stand_by_direction_the_fewer_last, 0, 2);
    tcase_add_loop_test(tcase, cuts_of_random_towns_part_them_and_are_covered,
                        0, test_cases(60));
    tcase_add_loop_test(tcase, a_cover_is_the_least_there_is, 0,
                        test_cases(60));
    tcase_add_loop_test(tcase, lack_of_memory_is_said, 0, 2);
    tcase_add_test(tcase, a_cancel_ends_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
