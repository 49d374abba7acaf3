/*
 * Clusters about their best area: prices of changes against plans computed
 * afresh, connection against plain search, whole searches against every plan.
 */
#include <math.h>
#include <string.h>

#include "grid_median.h"
#include "random_areas.h"
#include "test.h"

enum { MOST = 40, MOST_K = 5, MEASURES = 2 };

typedef struct board {
    grid_median_problem p;
    int64_t far[MOST * MOST], linear[MOST * MOST_K], load[MOST * MEASURES];
    int64_t low[MOST_K * MEASURES], high[MOST_K * MEASURES], over[MEASURES];
    int64_t room[MOST];
    uint32_t first[MOST + 1], near[MOST * MOST];
} board;

/* A raster three wide where clusters are connected; every table by chance,
 * some left out. */
static void draw_board(board *b, random_source *s, size_t n, size_t k)
{
    const bool is_connected = random_below(s, 2);
    uint32_t m = 0;

    memset(b, 0, sizeof *b);
    for (uint32_t a = 0; a < n; a++) {
        b->first[a] = m;
        for (uint32_t c = 0; c < n; c++)
            if ((!is_connected && a != c)
                || (a / 3 == c / 3 && (a == c + 1 || c == a + 1))
                || a + 3 == c || c + 3 == a)
                b->near[m++] = c;
        for (uint32_t c = 0; c < n; c++)
            b->far[a * n + c] = a == c ? 0 : 1 + random_below(s, 99);
        for (uint32_t c = 0; c < k; c++)
            b->linear[a * k + c] = random_below(s, 50);
        for (uint32_t i = 0; i < MEASURES; i++)
            b->load[a * MEASURES + i] = random_below(s, 9);
        b->room[a] = 20 + random_below(s, 60);
    }
    b->first[n] = m;
    for (uint32_t i = 0; i < k * MEASURES; i++) {
        b->low[i] = random_below(s, 4) * (int64_t)n / (int64_t)k / 2;
        b->high[i] = (5 + random_below(s, 4)) * (int64_t)n / (int64_t)k;
    }
    b->over[0] = 10 + random_below(s, 20);
    b->over[1] = 10 + random_below(s, 20);
    b->p = (grid_median_problem){
        .n = n, .k = k, .n_measures = MEASURES, .far = b->far,
        .linear = random_below(s, 2) ? b->linear : NULL, .load = b->load,
        .low = b->low, .high = b->high, .over = b->over,
        .room = random_below(s, 3) ? NULL : b->room,
        .is_soft = random_below(s, 2), .first = b->first, .near = b->near,
        .is_connected = is_connected
    };
}

/* Rows of three are strips, so every cluster is connected. */
static void strips(const board *b, uint32_t *owner)
{
    for (size_t a = 0; a < b->p.n; a++)
        owner[a] = (uint32_t)(a * b->p.k / b->p.n);
}

static int64_t price(const grid_median *s)
{
    return s->cost + s->linear + s->beyond;
}

START_TEST(a_change_costs_the_difference_of_two_plans)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(60); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        static board b;
        grid_median state, fresh;
        uint32_t owner[MOST];

        draw_board(&b, &s, MOST, MOST_K);
        ck_assert(grid_median_init(&state, ctx->mem, &b.p));
        ck_assert(grid_median_init(&fresh, ctx->mem, &b.p));
        strips(&b, owner);
        grid_median_set(&state, owner);
        for (int step = 0; step < 60; step++) {
            const uint32_t j = random_below(&s, MOST);
            const uint32_t in = random_below(&s, MOST);
            const uint32_t back = random_below(&s, 2) ? in : UINT32_MAX;
            const uint32_t from = state.owner[j], to = state.owner[in];
            grid_median_fit left, entered;
            int64_t told;

            if (from == to || state.clusters[from].n < 2)
                continue;
            left = grid_median_weigh(&state, from, j, back);
            entered = grid_median_weigh(&state, to, back, j);
            told = left.cost + left.beyond + entered.cost + entered.beyond;
            grid_median_move(&state, j, to);
            if (back != UINT32_MAX)
                grid_median_move(&state, back, from);
            grid_median_refit(&state, from);
            grid_median_refit(&state, to);
            grid_median_total(&state);
            ck_assert_int_eq(told, state.clusters[from].cost
                                       + state.clusters[from].beyond
                                       + state.clusters[to].cost
                                       + state.clusters[to].beyond);
            grid_median_set(&fresh, state.owner);
            ck_assert_int_eq(price(&state), price(&fresh));
            ck_assert_mem_eq(state.sum, fresh.sum,
                             MOST * MOST_K * sizeof *state.sum);
        }
        grid_median_clear(&state);
        grid_median_clear(&fresh);
    }
    gb_context_free(ctx);
}
END_TEST

/* Areas of cluster c that can be reached from its first one. */
static bool is_one_piece(const board *b, const uint32_t *owner, uint32_t c)
{
    bool seen[MOST] = { false }, is_changed = true;
    size_t n = 0, n_seen = 0;

    for (size_t a = 0; a < b->p.n; a++) {
        if (owner[a] != c)
            continue;
        if (n++ == 0)
            seen[a] = true;
    }
    while (is_changed) {
        is_changed = false;
        for (size_t a = 0; a < b->p.n; a++)
            for (uint32_t i = b->first[a]; seen[a] && i < b->first[a + 1];
                 i++)
                if (owner[b->near[i]] == c && !seen[b->near[i]]) {
                    seen[b->near[i]] = true;
                    is_changed = true;
                }
    }
    for (size_t a = 0; a < b->p.n; a++)
        n_seen += seen[a];
    return n > 0 && n_seen == n;
}

START_TEST(connection_is_what_plain_search_says)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(300); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        static board b;
        grid_median state;
        uint32_t owner[MOST], changed[MOST];
        const uint32_t out = random_below(&s, 18), in = random_below(&s, 18);

        draw_board(&b, &s, 18, 2);
        if (!b.p.is_connected)
            continue;
        ck_assert(grid_median_init(&state, ctx->mem, &b.p));
        for (int a = 0; a < 18; a++)
            owner[a] = random_below(&s, 2);
        owner[0] = 0;
        owner[1] = 1;
        grid_median_set(&state, owner);
        memcpy(changed, owner, sizeof changed);
        if (owner[out] == 0)
            changed[out] = 1;
        if (owner[in] == 1)
            changed[in] = 0;
        ck_assert(grid_median_holds(&state, 0,
                                    owner[out] == 0 ? out : UINT32_MAX,
                                    owner[in] == 1 ? in : UINT32_MAX)
                  == is_one_piece(&b, changed, 0));
        grid_median_clear(&state);
    }
    gb_context_free(ctx);
}
END_TEST

/* The best of all plans: beyond first, unless it is only paid for. */
static int64_t best_of_all(const board *b, gb_context *ctx, bool *is_any)
{
    uint32_t owner[MOST];
    int64_t best = INT64_MAX;
    grid_median state;
    size_t ways = 1;

    *is_any = false;
    ck_assert(grid_median_init(&state, ctx->mem, &b->p));
    for (size_t a = 0; a < b->p.n; a++)
        ways *= b->p.k;
    for (size_t way = 0; way < ways; way++) {
        size_t rest = way;
        bool is_whole = true;

        for (size_t a = 0; a < b->p.n; a++, rest /= b->p.k)
            owner[a] = (uint32_t)(rest % b->p.k);
        for (uint32_t c = 0; is_whole && c < b->p.k; c++) {
            bool is_there = false;

            for (size_t a = 0; a < b->p.n; a++)
                is_there = is_there || owner[a] == c;
            is_whole = is_there
                && (!b->p.is_connected || is_one_piece(b, owner, c));
        }
        if (!is_whole)
            continue;
        grid_median_set(&state, owner);
        if (!b->p.is_soft && state.beyond > 0)
            continue;
        *is_any = true;
        if (price(&state) < best)
            best = price(&state);
    }
    grid_median_clear(&state);
    return best;
}

START_TEST(a_search_finds_the_best_of_all_plans)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(25); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        static board b;
        grid_median_result r = { 0 };
        base_rng rng = base_rng_stream(test_seed(), (uint64_t)i);
        uint32_t owner[MOST];
        bool is_any;
        int64_t best;
        base_run run;

        draw_board(&b, &s, 8, 2 + random_below(&s, 2));
        base_run_begin(&run, ctx, (base_limits){ 0 });
        strips(&b, owner);
        assert_ok(ctx, grid_median_search(&run, &b.p, &rng, 60000, false,
                                          owner, &r));
        best = best_of_all(&b, ctx, &is_any);
        if (is_any)
            ck_assert_msg(r.cost + r.linear + r.beyond == best, "case %d: %lld, %lld; soft %d connected %d room %d k %zu beyond %lld", i, (long long)(r.cost + r.linear + r.beyond), (long long)best, b.p.is_soft, b.p.is_connected, b.p.room != NULL, b.p.k, (long long)r.beyond);
        else
            ck_assert_int_gt(r.beyond, 0);
        for (uint32_t c = 0; b.p.is_connected && c < b.p.k; c++)
            ck_assert(is_one_piece(&b, owner, c));
    }
    gb_context_free(ctx);
}
END_TEST

/* The whole way through the door, with all its rules. */
START_TEST(territories_of_the_least_median_keep_all_rules)
{
    for (int i = 0; i < test_cases(40); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&s, 60, 6);
        gb_territory_options o = GB_TERRITORY_OPTIONS_INIT;
        gb_territory_summary m = { .size = sizeof m };
        gb_context *ctx = test_context();
        gb_territories *made;
        double median;
        size_t n_found;

        o.objective = GB_TERRITORY_MEDIAN;
        o.max_iterations = 20000;
        o.n_starts = 2;
        o.barrier_weight = -1;
        o.travel_s = i % 2 ? in.travel_s : NULL;
        assert_ok(ctx, gb_territory_build(ctx, &in.areas, &in.rules, &o,
                                          &made));
        gb_territories_summary(made, &m);
        assert_ok(ctx, gb_territory_check(ctx, &in.areas, &in.rules,
                                          gb_territories_owners(made), NULL,
                                          0, &n_found));
        ck_assert(m.is_valid == (n_found == 0));
        assert_ok(ctx, gb_territory_median(ctx, &in.areas, NULL,
                                           in.rules.n_territories,
                                           gb_territories_owners(made), NULL,
                                           &median));
        assert_near(m.objective, median, 1e-9);
        gb_territories_free(made);
        gb_context_free(ctx);
        random_areas_free(&in);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_grid_median");
    TCase *c = tcase_create("median");

    tcase_set_timeout(c, 120);
    tcase_add_test(c, a_change_costs_the_difference_of_two_plans);
    tcase_add_test(c, connection_is_what_plain_search_says);
    tcase_add_test(c, a_search_finds_the_best_of_all_plans);
    tcase_add_test(c, territories_of_the_least_median_keep_all_rules);
    suite_add_tcase(suite, c);
    return suite;
}
