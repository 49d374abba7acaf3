#include <math.h>
#include <string.h>

#include "grid_about.h"
#include "grid_check.h"
#include "grid_obey.h"
#include "grid_pool.h"
#include "grid_roam.h"
#include "grid_solve.h"
#include "grid_start.h"
#include "random_areas.h"
#include "test.h"

typedef struct pool_case {
    gb_context *ctx;
    random_areas in;
    base_run run;
    grid_problem p;
    grid_prices prices;
    double *far;
    uint32_t owner[RANDOM_AREAS_MOST];
} pool_case;

static void fill_case(pool_case *c, uint64_t seed)
{
    random_source source = { .seed = seed };
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    size_t n;

    memset(c, 0, sizeof *c);
    c->in = random_areas_new(&source, 60, 5);
    c->ctx = test_context();
    n = c->in.areas.n_areas;
    base_run_begin(&c->run, c->ctx, (base_limits){ 0 });
    options.travel_s = c->in.travel_s;
    assert_ok(c->ctx, grid_problem_build(&c->run, &c->in.areas, &c->in.rules,
                                         &options, &c->p));
    assert_ok(c->ctx, grid_start_bisect(&c->run, &c->p, NULL, c->owner));
    assert_ok(c->ctx, grid_start_number(&c->run, &c->p, c->owner));
    assert_ok(c->ctx, grid_start_mend(&c->run, &c->p, c->owner));
    assert_ok(c->ctx, grid_obey(&c->run, &c->p, seed, c->owner));
    c->prices = (grid_prices){ .cut = 1, .barrier = (double)(seed % 2),
                               .moment = (double)(seed % 3) };
    c->far = base_alloc_array(c->ctx->mem, n * n, sizeof *c->far);
    ck_assert_ptr_nonnull(c->far);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            c->far[a * n + b] = c->p.weight[a]
                * hypot(c->p.x[a] - c->p.x[b], c->p.y[a] - c->p.y[b]);
}

static void clear_case(pool_case *c)
{
    base_free(c->ctx->mem, c->far);
    grid_problem_clear(&c->p);
    random_areas_free(&c->in);
    gb_context_free(c->ctx);
}

/* From nothing. */
static double plain_about(const pool_case *c, const uint32_t *owner)
{
    const size_t n = c->p.n;
    double all = 0;

    for (uint32_t t = 0; t < c->p.k; t++) {
        double least = (double)INFINITY;

        for (size_t i = 0; i < n; i++) {
            double sum = 0;

            for (size_t a = 0; a < n; a++)
                sum += owner[a] == t ? c->far[a * n + i] : 0;
            if (owner[i] == t)
                least = fmin(least, sum);
        }
        all += least < (double)INFINITY ? least : 0;
    }
    return all;
}

START_TEST(a_move_about_own_areas_costs_what_recomputation_says)
{
    for (int i = 0; i < test_cases(40); i++) {
        const uint64_t seed = test_seed() + (uint64_t)i;
        random_source source = { .seed = seed + 1000 };
        grid_about about;
        pool_case c;

        fill_case(&c, seed);
        ck_assert(grid_about_init(&about, c.ctx->mem, c.far, c.p.n, c.p.k));
        ck_assert_double_eq_tol(grid_about_set(&about, c.owner),
                                plain_about(&c, c.owner),
                                1e-9 * plain_about(&c, c.owner) + 1e-9);
        for (int step = 0; step < 50 && c.p.k > 1; step++) {
            const uint32_t area = random_below(&source, (uint32_t)c.p.n);
            const uint32_t to = random_below(&source, (uint32_t)c.p.k);
            const uint32_t from = c.owner[area];
            const double before = plain_about(&c, c.owner);
            double told;

            if (from == to)
                continue;
            told = grid_about_price(&about, area, from, to);
            grid_about_move(&about, area, from, to);
            c.owner[area] = to;
            ck_assert_double_eq_tol(before + told, plain_about(&c, c.owner),
                                    1e-7 * (before + 1));
            ck_assert_double_eq_tol(grid_about_total(&about),
                                    plain_about(&c, c.owner),
                                    1e-7 * (before + 1));
        }
        grid_about_clear(&about, c.ctx->mem);
        clear_case(&c);
    }
}
END_TEST

/* What the check finds wrong with a plan, but for its balance. */
static size_t count_faults(pool_case *c, const uint32_t *owner,
                           size_t *n_unbalanced)
{
    const grid_plan plan = { .owners = owner };
    grid_findings found = BASE_ARRAY_INIT;
    size_t n = 0;

    assert_ok(c->ctx, grid_check(&c->run, &c->in.areas, &c->in.rules, &plan,
                                 &found));
    *n_unbalanced = 0;
    for (size_t i = 0; i < found.n; i++)
        *n_unbalanced += found.items[i].kind == GB_FINDING_BALANCE;
    n = found.n - *n_unbalanced;
    base_array_clear(c->ctx->mem, &found);
    return n;
}

/* How many cycles met a valid plan, in all cases. */
static int n_met;

static void roam_one(uint64_t seed)
{
    const grid_prices none = { 0 };
    base_rng rng = base_rng_seeded(seed);
    const bool is_about = seed % 2;
    size_t n_unbalanced, n_before;
    grid_roamer x;
    pool_case c;

    fill_case(&c, seed);
    ck_assert(grid_roamer_init(&x, &c.p, is_about ? &none : &c.prices,
                               is_about ? c.far : NULL, &rng));
    for (int i = 0; i < 4 && c.p.k > 1; i++) {
        const grid_roam_course course = { 4000, 1, 0.1, 0.5 + i };
        double cost;

        assert_ok(c.ctx, grid_roam(&c.run, &x, &course, c.owner));
        ck_assert(grid_state_is_sound(&x.state));
        if (!(x.cost < (double)INFINITY))
            continue;
        n_met++;
        /* Islands may allow no plan at all. */
        if (count_faults(&c, c.owner, &n_before) == 0)
            ck_assert_uint_eq(count_faults(&c, x.best, &n_unbalanced), 0);
        count_faults(&c, x.best, &n_unbalanced);
        ck_assert_uint_eq(n_unbalanced, 0);
        cost = x.cost;
        if (is_about)
            ck_assert_double_eq_tol(cost, plain_about(&c, x.best),
                                    1e-6 * (cost + 1));
        memcpy(c.owner, x.best, c.p.n * sizeof *c.owner);
        ck_assert_double_eq_tol(grid_roamer_cost(&x, c.owner), cost,
                                1e-6 * (fabs(cost) + 1));
    }
    grid_roamer_clear(&x);
    clear_case(&c);
}

START_TEST(what_roaming_brings_home_keeps_all_rules_and_costs_what_it_says)
{
    n_met = 0;
    for (int i = 0; i < test_cases(80); i++)
        roam_one(test_seed() + (uint64_t)i);
    /* Parts, locks and tolerances of some cases allow no plan at all. */
    ck_assert_int_gt(n_met, test_cases(80) / 2);
}
END_TEST

static void pool_by(pool_case *c, uint32_t n_threads, bool is_about,
                    uint32_t *owner, grid_result *result)
{
    const grid_pool_order order = { .prices = &c->prices,
                                    .far = is_about ? c->far : NULL,
                                    .seed = 5,
                                    .n_proposals = 60000 };
    base_run run;

    memcpy(owner, c->owner, c->p.n * sizeof *owner);
    base_run_begin(&run, c->ctx, (base_limits){ .n_threads = n_threads });
    assert_ok(c->ctx, grid_pool(&run, &c->p, &order, owner, result));
}

START_TEST(a_pool_gives_the_same_plan_for_any_number_of_threads)
{
    int n_compared = 0;

    for (int i = 0; i < test_cases(12); i++) {
        uint32_t one[RANDOM_AREAS_MOST], many[RANDOM_AREAS_MOST];
        grid_result result, other;
        size_t n_unbalanced, n_before;
        pool_case c;

        fill_case(&c, test_seed() + (uint64_t)i);
        if (grid_pool_fits(&c.p, 60000)) {
            pool_by(&c, 1, i % 2, one, &result);
            for (uint32_t t = 2; t <= 8; t += 6) {
                pool_by(&c, t, i % 2, many, &other);
                ck_assert_mem_eq(one, many, c.p.n * sizeof *one);
                ck_assert_uint_eq(result.n_priced, other.n_priced);
                n_compared++;
            }
            /* Islands may allow no plan at all. */
            if (count_faults(&c, c.owner, &n_before) == 0) {
                ck_assert_uint_eq(count_faults(&c, one, &n_unbalanced), 0);
                ck_assert_uint_eq(n_unbalanced == 0,
                                  grid_is_valid(result.excess));
            }
        }
        clear_case(&c);
    }
    ck_assert_int_gt(n_compared, 0);
}
END_TEST

START_TEST(a_plan_about_own_areas_is_the_best_of_all)
{
    /* A row of six areas: with one tolerance, three pairs are the only plan;
     * with more, the heavy ends decide. */
    static const uint32_t first[] = { 0, 1, 3, 5, 7, 9, 10 };
    static const uint32_t next[] = { 1, 0, 2, 1, 3, 2, 4, 3, 5, 4 };
    static const gb_point at[] = { { 0, 0 }, { 1000, 0 }, { 2000, 0 },
                                   { 3000, 0 }, { 4000, 0 }, { 5000, 0 } };
    static const double people[] = { 10, 1, 10, 1, 10, 1 };
    const double tolerance = 0.01;
    const gb_areas areas = { .size = sizeof areas, .n_areas = 6,
                             .n_measures = 1, .centres = at,
                             .first_neighbour = first, .neighbours = next,
                             .activity = people };
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_context *ctx = test_context();
    grid_result result;
    uint32_t owner[6];
    base_run run;

    rules.n_territories = 3;
    rules.tolerances = &tolerance;
    options.max_iterations = 60000;
    options.n_starts = 1;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_solve_about(&run, &areas, NULL, &rules, &options,
                                    true, owner, &result));
    ck_assert(grid_is_valid(result.excess));
    for (size_t a = 0; a < 6; a += 2)
        ck_assert_uint_eq(owner[a], owner[a + 1]);
    /* Each about its heavy area, one of weight 1 a kilometre away. */
    ck_assert_double_eq_tol(result.cost, 3e6, 1);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_grid_pool");
    TCase *tc = tcase_create("pool");

    tcase_add_test(tc, a_move_about_own_areas_costs_what_recomputation_says);
    tcase_add_test(
        tc, what_roaming_brings_home_keeps_all_rules_and_costs_what_it_says);
    tcase_add_test(tc, a_pool_gives_the_same_plan_for_any_number_of_threads);
    tcase_add_test(tc, a_plan_about_own_areas_is_the_best_of_all);
    suite_add_tcase(suite, tc);
    return suite;
}
