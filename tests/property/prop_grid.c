#include <gridbeat/grid.h>

#include "grid_assign.h"
#include "grid_check.h"
#include "grid_recombine.h"
#include "grid_solve.h"
#include "grid_start.h"
#include "lp.h"
#include "random_areas.h"
#include "test.h"

static gb_territory_options options_of(const random_areas *in)
{
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;

    options.previous = in->previous;
    options.familiarity = in->familiarity;
    options.max_moved = in->max_moved;
    return options;
}

static grid_problem problem_of(gb_context *ctx, const random_areas *in,
                               const uint32_t *previous)
{
    gb_territory_options options = options_of(in);
    grid_problem p;
    base_run run;

    options.travel_s = in->travel_s;
    if (previous)
        options.previous = previous;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &in->areas, &in->rules, &options,
                                      &p));
    return p;
}

/* A plan whose territories are connected: mended from chance. */
static void random_plan(gb_context *ctx, const grid_problem *p,
                        random_source *source, uint32_t *owner)
{
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    for (size_t a = 0; a < p->n; a++)
        owner[a] = random_below(source, (uint32_t)p->k + 1);
    assert_ok(ctx, grid_start_mend(&run, p, owner));
}

static size_t parts_of(const grid_problem *p, const uint32_t *owner,
                       uint32_t t, uint32_t without)
{
    bool met[RANDOM_AREAS_MOST] = { false };
    size_t parts = 0;

    for (uint32_t s = 0; s < p->n; s++) {
        uint32_t stack[RANDOM_AREAS_MOST];
        size_t n = 0;

        if (owner[s] != t || met[s] || s == without)
            continue;
        parts++;
        stack[n++] = s;
        met[s] = true;
        while (n > 0) {
            const uint32_t a = stack[--n];

            for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a];
                 i++) {
                const uint32_t b = p->neighbours[i];

                if (owner[b] == t && b != without && !met[b]) {
                    met[b] = true;
                    stack[n++] = b;
                }
            }
        }
    }
    return parts;
}

START_TEST(the_contiguity_test_agrees_with_plain_search)
{
    size_t n_yes = 0, n_no = 0;

    for (int i = 0; i < test_cases(150); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 120, 6);
        gb_context *ctx = test_context();
        grid_problem p = problem_of(ctx, &in, NULL);
        grid_search_space space = { 0 };
        uint32_t owner[RANDOM_AREAS_MOST];

        ck_assert(grid_search_space_init(&space, ctx->mem, p.n));
        random_plan(ctx, &p, &source, owner);
        /* Also across the wrap of the stamps. */
        space.stamp = UINT32_MAX - 20;
        for (uint32_t a = 0; a < p.n; a++) {
            const size_t before = parts_of(&p, owner, owner[a], UINT32_MAX);
            const size_t after = parts_of(&p, owner, owner[a], a);

            if (before != 1 || after == 0)
                continue;
            ck_assert_msg(grid_can_leave(&p, owner, a, &space)
                              == (after == 1),
                          "seed %llu, area %u",
                          (unsigned long long)source.seed, a);
            n_yes += after == 1;
            n_no += after > 1;
        }
        grid_search_space_clear(&space, ctx->mem);
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
    ck_assert_uint_gt(n_yes, 100);
    ck_assert_uint_gt(n_no, 100);
}
END_TEST

static void assert_same_terms(const grid_terms *a, const grid_terms *b)
{
    ck_assert_int_eq(a->cut, b->cut);
    ck_assert_int_eq(a->border, b->border);
    ck_assert_int_eq(a->barrier, b->barrier);
    ck_assert_int_eq(a->moved, b->moved);
    assert_near(a->moment, b->moment, 1e-6 * (1 + fabs(b->moment)));
    assert_near(a->travel, b->travel, 1e-6 * (1 + fabs(b->travel)));
    assert_near(a->lost, b->lost, 1e-6 * (1 + fabs(b->lost)));
    assert_near(a->excess, b->excess, 1e-9 * (1 + fabs(b->excess)));
}

START_TEST(the_price_of_a_shift_is_the_difference_of_two_plans_computed_afresh)
{
    for (int i = 0; i < test_cases(100); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 60, 6);
        gb_context *ctx = test_context();
        uint32_t owner[RANDOM_AREAS_MOST], before[RANDOM_AREAS_MOST];
        grid_state state = { 0 }, afresh = { 0 };
        grid_problem p;

        random_change(&in, &source);
        for (size_t a = 0; a < in.areas.n_areas; a++)
            before[a] = random_below(
                &source, (uint32_t)in.rules.n_territories + 1);
        p = problem_of(ctx, &in, before);
        ck_assert(grid_state_init(&state, &p));
        ck_assert(grid_state_init(&afresh, &p));
        random_plan(ctx, &p, &source, owner);
        grid_state_set(&state, owner);
        for (int step = 0; step < 40 && p.k > 1; step++) {
            const uint32_t a = random_below(&source, (uint32_t)p.n);
            const uint32_t t = random_below(&source, (uint32_t)p.k);
            grid_terms d;

            if (state.owner[a] == t)
                continue;
            d = grid_state_price(&state, a, t);
            grid_state_move(&state, a, t, &d);
            ck_assert(grid_state_is_sound(&state));
            grid_state_set(&afresh, state.owner);
            assert_same_terms(&state.terms, &afresh.terms);
        }
        grid_state_clear(&state);
        grid_state_clear(&afresh);
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(a_recombination_keeps_both_whole_and_can_be_taken_back)
{
    int n_done = 0;

    for (int i = 0; i < test_cases(100); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 100, 5);
        gb_context *ctx = test_context();
        grid_problem p = problem_of(ctx, &in, NULL);
        uint32_t owner[RANDOM_AREAS_MOST];
        grid_recombiner r = { 0 };
        grid_state state = { 0 };

        ck_assert(grid_state_init(&state, &p));
        ck_assert(grid_recombiner_init(&r, &p));
        random_plan(ctx, &p, &source, owner);
        grid_state_set(&state, owner);
        for (int step = 0; step < 10 && p.k > 1; step++) {
            const uint32_t a = random_below(&source, (uint32_t)p.k);
            const uint32_t b
                = (a + 1 + random_below(&source, (uint32_t)p.k - 1))
                % (uint32_t)p.k;
            const grid_terms before = state.terms;
            grid_terms change;

            memcpy(owner, state.owner, p.n * sizeof *owner);
            if (grid_recombine(&r, &state, a, b, 0.1 * step, &change)) {
                ck_assert(grid_state_is_sound(&state));
                ck_assert_uint_eq(parts_of(&p, state.owner, a, UINT32_MAX),
                                  1);
                ck_assert_uint_eq(parts_of(&p, state.owner, b, UINT32_MAX),
                                  1);
                ck_assert_int_eq(before.cut + change.cut, state.terms.cut);
                n_done++;
                if (step % 2)
                    continue;
                grid_recombine_undo(&r, &state);
            }
            ck_assert_mem_eq(owner, state.owner, p.n * sizeof *owner);
            ck_assert(grid_state_is_sound(&state));
        }
        grid_recombiner_clear(&r);
        grid_state_clear(&state);
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
    ck_assert_int_gt(n_done, 20);
}
END_TEST

START_TEST(starts_are_connected_and_nobody_is_left_without)
{
    for (int i = 0; i < test_cases(200); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 150, 12);
        gb_context *ctx = test_context();
        uint32_t owner[RANDOM_AREAS_MOST];
        grid_problem p;
        base_run run;

        /* Locks may make it impossible; they have a test of their own. */
        in.rules.locks = in.rules.seeds = NULL;
        p = problem_of(ctx, &in, NULL);
        base_run_begin(&run, ctx, (base_limits){ 0 });
        assert_ok(ctx, grid_start_bisect(&run, &p, NULL, owner));
        if (i % 2)
            assert_ok(ctx, grid_start_power(&run, &p, 4, owner));
        assert_ok(ctx, grid_start_number(&run, &p, owner));
        if (i % 3 == 0)
            for (size_t a = 0; a < p.n; a++)
                owner[a] = random_below(&source, (uint32_t)p.k + 2);
        assert_ok(ctx, grid_start_mend(&run, &p, owner));
        for (uint32_t t = 0; t < p.k; t++)
            ck_assert_msg(parts_of(&p, owner, t, UINT32_MAX) == 1,
                          "case %d: territory %u has %zu parts", i, t,
                          parts_of(&p, owner, t, UINT32_MAX));
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

/* --- transport ----------------------------------------------------------- */

enum { SUPPLIES = 12, SINKS = 4 };

static double transport_by_lp(base_run *run, const int64_t *supply,
                              const int64_t *capacity, const int64_t *cost)
{
    double c[SUPPLIES * SINKS], low[SUPPLIES + SINKS],
        high[SUPPLIES + SINKS], ones[2 * SUPPLIES * SINKS];
    uint32_t first[SUPPLIES + SINKS + 1], columns[2 * SUPPLIES * SINKS];
    lp_problem p = { .n_columns = SUPPLIES * SINKS,
                     .n_rows = SUPPLIES + SINKS, .cost = c, .row_lower = low,
                     .row_upper = high, .first = first, .columns = columns,
                     .coefficients = ones };
    lp_result r = { 0 };
    uint32_t at = 0;

    for (uint32_t row = 0; row < SUPPLIES + SINKS; row++) {
        const bool is_supply = row < SUPPLIES;

        first[row] = at;
        high[row] = (double)(is_supply ? supply[row]
                                       : capacity[row - SUPPLIES]);
        low[row] = is_supply ? high[row] : 0;
        for (uint32_t i = 0; i < (is_supply ? SINKS : SUPPLIES); i++) {
            columns[at] = is_supply ? row * SINKS + i
                                    : i * SINKS + row - SUPPLIES;
            ones[at++] = 1;
        }
    }
    first[SUPPLIES + SINKS] = at;
    for (int i = 0; i < SUPPLIES * SINKS; i++)
        c[i] = (double)cost[i];
    assert_ok(run->ctx, lp_solve(run, &p, NULL, &r));
    return r.objective;
}

/*
 * By duality no transport costs less than what its prices prove, whatever the
 * prices are: no oracle is needed where both agree.
 */
static void expect_proved(size_t n, size_t k, const int64_t *supply,
                          const int64_t *capacity, const int64_t *cost,
                          const grid_part *parts, size_t n_parts,
                          const int64_t *price)
{
    int64_t paid = 0, proved = 0;

    for (size_t i = 0; i < n_parts; i++)
        paid += parts[i].amount * cost[parts[i].area * k + parts[i].owner];
    for (size_t t = 0; t < k; t++) {
        ck_assert_int_ge(price[t], 0);
        proved -= price[t] * capacity[t];
    }
    for (size_t j = 0; j < n; j++) {
        int64_t least = INT64_MAX;

        for (size_t t = 0; t < k; t++)
            if (cost[j * k + t] + price[t] < least)
                least = cost[j * k + t] + price[t];
        proved += supply[j] * least;
    }
    ck_assert_int_eq(paid, proved);
}

enum { MANY = 900, FEW = 12 };

/* On a plane, at random, or with many ties; slack or tight. */
static void draw_transport(random_source *s, int kind, int64_t *supply,
                           int64_t *capacity, int64_t *cost)
{
    int64_t all = 0;

    for (int j = 0; j < MANY; j++) {
        const int64_t x = random_below(s, 1000), y = random_below(s, 1000);

        all += supply[j] = random_below(s, 50) * random_below(s, 2);
        for (int t = 0; t < FEW; t++) {
            const int64_t dx = x - 83 * t, dy = y - (t * t * 37) % 1000;

            cost[j * FEW + t] = kind == 0 ? dx * dx + dy * dy
                : kind == 1 ? random_below(s, 1000000) : random_below(s, 3);
        }
    }
    for (int t = 0; t < FEW; t++)
        capacity[t] = all / FEW;
    capacity[0] += all % FEW + random_below(s, 2) * random_below(s, 300);
}

START_TEST(the_prices_of_a_transport_prove_it_warm_or_cold)
{
    gb_context *ctx = test_context();
    int64_t *cost = calloc(MANY * FEW, sizeof *cost);

    for (int i = 0; i < test_cases(12); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        int64_t supply[MANY], capacity[FEW], price[FEW], begin[FEW];
        uint32_t owner[MANY];
        grid_part *parts;
        size_t n_parts;
        base_run run;

        base_run_begin(&run, ctx, (base_limits){ 0 });
        draw_transport(&s, i % 3, supply, capacity, cost);
        for (int t = 0; t < FEW; t++)
            begin[t] = (int64_t)random_below(&s, 2000000) - 1000000;
        for (int warm = 0; warm < 3; warm++) {
            assert_ok(ctx, grid_assign(&run, MANY, FEW, supply, capacity,
                                       cost, warm == 1 ? begin
                                           : warm == 2 ? price : NULL,
                                       owner, &parts, &n_parts, price));
            expect_proved(MANY, FEW, supply, capacity, cost, parts, n_parts,
                          price);
            base_free(ctx->mem, parts);
        }
    }
    free(cost);
    gb_context_free(ctx);
}
END_TEST

START_TEST(the_transport_costs_what_the_linear_program_says)
{
    gb_context *ctx = test_context();

    for (int i = 0; i < test_cases(60); i++) {
        random_source s = { .seed = test_seed() + (uint64_t)i };
        int64_t supply[SUPPLIES], capacity[SINKS], cost[SUPPLIES * SINKS];
        int64_t given[SUPPLIES] = { 0 }, taken[SINKS] = { 0 };
        int64_t all = 0, paid = 0, price[SINKS];
        uint32_t owner[SUPPLIES];
        grid_part *parts;
        size_t n_parts;
        base_run run;

        base_run_begin(&run, ctx, (base_limits){ 0 });
        for (int j = 0; j < SUPPLIES; j++)
            all += supply[j] = random_below(&s, 30);
        for (int t = 0; t < SINKS; t++)
            capacity[t] = all / SINKS + random_below(&s, 3)
                + (t == 0 ? SINKS : 0);
        for (int j = 0; j < SUPPLIES * SINKS; j++)
            cost[j] = (int64_t)random_below(&s, 100) - 20;
        assert_ok(ctx, grid_assign(&run, SUPPLIES, SINKS, supply, capacity,
                                   cost, NULL, owner, &parts, &n_parts,
                                   price));
        expect_proved(SUPPLIES, SINKS, supply, capacity, cost, parts, n_parts,
                      price);
        for (size_t j = 0; j < n_parts; j++) {
            ck_assert_int_gt(parts[j].amount, 0);
            given[parts[j].area] += parts[j].amount;
            taken[parts[j].owner] += parts[j].amount;
            paid += parts[j].amount
                * cost[parts[j].area * SINKS + parts[j].owner];
        }
        for (int j = 0; j < SUPPLIES; j++)
            ck_assert_int_eq(given[j], supply[j]);
        for (int t = 0; t < SINKS; t++)
            ck_assert_int_le(taken[t], capacity[t]);
        assert_near((double)paid,
                    transport_by_lp(&run, supply, capacity, cost), 1e-6);
        base_free(ctx->mem, parts);
    }
    gb_context_free(ctx);
}
END_TEST

/* --- whole builds -------------------------------------------------------- */

START_TEST(any_instance_comes_back_whole_and_as_the_check_says)
{
    for (int i = 0; i < test_cases(120); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 80, 8);
        gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
        gb_territory_summary s = { .size = sizeof s };
        gb_territory_finding found[8];
        gb_context *ctx = test_context();
        gb_territories *made;
        size_t n_found, n_listed;

        options.max_iterations = 20000;
        options.objective = i % 3;
        options.travel_s = i % 4 == 0 ? in.travel_s : NULL;
        assert_ok(ctx, gb_territory_build(ctx, &in.areas, &in.rules,
                                          &options, &made));
        gb_territories_summary(made, &s);
        assert_ok(ctx, gb_territory_check(ctx, &in.areas, &in.rules,
                                          gb_territories_owners(made), found,
                                          8, &n_found));
        ck_assert(s.is_valid == (n_found == 0));
        (void)gb_territories_findings(made, &n_listed);
        ck_assert_uint_ge(n_listed, n_found);
        for (size_t f = 0; f < n_found && f < 8; f++) {
            ck_assert_int_ne(found[f].kind, GB_FINDING_UNOWNED);
            ck_assert_int_ne(found[f].kind, GB_FINDING_EMPTY);
            /* Only locks or too few territories break contiguity. */
            if (found[f].kind == GB_FINDING_SPLIT && !in.rules.locks
                && !in.rules.seeds)
                ck_assert_uint_gt(n_listed, n_found);
        }
        gb_territories_free(made);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(catchments_are_whole_and_keep_their_locks)
{
    for (int i = 0; i < test_cases(150); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 120, 8);
        gb_catchment_options options = GB_CATCHMENT_OPTIONS_INIT;
        const size_t k = in.rules.n_territories;
        uint32_t owner[RANDOM_AREAS_MOST];
        gb_context *ctx = test_context();
        grid_problem p = problem_of(ctx, &in, NULL);

        options.shares = in.rules.shares;
        options.pull = in.rules.shares ? 0.25 * (i % 5) : 0;
        options.locks = in.rules.locks;
        assert_ok(ctx, gb_catchment_build(ctx, &in.areas, k, in.travel_s,
                                          &options, owner));
        for (size_t a = 0; a < p.n; a++) {
            ck_assert_uint_lt(owner[a], k);
            if (in.rules.locks && in.rules.locks[a] != GB_GRID_NONE)
                ck_assert_uint_eq(owner[a], in.rules.locks[a]);
        }
        for (uint32_t t = 0; p.n_components == 1 && !in.rules.locks && t < k;
             t++)
            ck_assert_uint_le(parts_of(&p, owner, t, UINT32_MAX), 1);
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_grid");
    TCase *c = tcase_create("grid");

    tcase_set_timeout(c, 120);
    tcase_add_test(c, the_contiguity_test_agrees_with_plain_search);
    tcase_add_test(
        c,
        the_price_of_a_shift_is_the_difference_of_two_plans_computed_afresh);
    tcase_add_test(c, a_recombination_keeps_both_whole_and_can_be_taken_back);
    tcase_add_test(c, starts_are_connected_and_nobody_is_left_without);
    tcase_add_test(c, the_transport_costs_what_the_linear_program_says);
    tcase_add_test(c, the_prices_of_a_transport_prove_it_warm_or_cold);
    tcase_add_test(c, any_instance_comes_back_whole_and_as_the_check_says);
    tcase_add_test(c, catchments_are_whole_and_keep_their_locks);
    suite_add_tcase(suite, c);
    return suite;
}
