#include "lp.h"

#include <glpk.h>
#include <pthread.h>

#include "base_rng.h"
#include "test.h"

/* Least x + y with x + 2 y >= 4 and 3 x + y >= 6: at (1.6, 1.2). */
static const uint32_t FIRST[] = { 0, 2, 4 };
static const uint32_t COLUMNS[] = { 0, 1, 0, 1 };
static const double COEFFICIENTS[] = { 1, 2, 3, 1 };
static const double COST[] = { 1, 1 };
static const double AT_LEAST[] = { 4, 6 };
static const double ENDLESS[] = { (double)INFINITY, (double)INFINITY };

static lp_problem small_program(void)
{
    return (lp_problem){ .n_columns = 2, .n_rows = 2, .cost = COST,
                         .row_lower = AT_LEAST, .row_upper = ENDLESS,
                         .first = FIRST, .columns = COLUMNS,
                         .coefficients = COEFFICIENTS };
}

static base_run new_run(gb_context *ctx)
{
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    return run;
}

START_TEST(a_small_program_is_solved_with_its_duals)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    const lp_problem p = small_program();
    double x[2], dual[2];
    lp_result r = { .x = x, .row_dual = dual };

    assert_ok(ctx, lp_solve(&run, &p, NULL, &r));
    ck_assert_int_eq(r.outcome, GB_OUTCOME_OPTIMAL);
    ck_assert(r.has_answer);
    assert_near(r.objective, 2.8, 1e-9);
    assert_near(r.bound, 2.8, 1e-9);
    assert_near(x[0], 1.6, 1e-9);
    assert_near(x[1], 1.2, 1e-9);
    /* Strong duality: 4 u + 6 v is the same. */
    assert_near(4 * dual[0] + 6 * dual[1], 2.8, 1e-9);
    gb_context_free(ctx);
}
END_TEST

/* Random programs, a column at a time: as from nothing, whatever basis is
 * handed back, a broken one too. */
START_TEST(a_basis_handed_on_changes_no_objective)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    base_rng rng = base_rng_seeded(test_seed());
    enum { ROWS = 6, MOST = 24 };

    for (int i = 0; i < test_cases(10); i++) {
        double cost[MOST], coefficients[ROWS * MOST], at_most[ROWS];
        double endless[ROWS], x[MOST], values[ROWS * MOST];
        uint32_t first[ROWS + 1], columns[ROWS * MOST];
        uint8_t rows[ROWS], places[MOST] = { 0 };
        lp_basis basis = { .rows = rows, .columns = places };

        for (int r = 0; r < ROWS; r++) {
            at_most[r] = (double)base_rng_between(&rng, 1, 9);
            endless[r] = -(double)INFINITY;
        }
        for (uint32_t n = 1; n <= MOST; n++) {
            lp_problem p = { .n_columns = n, .n_rows = ROWS,
                             .is_greatest = true, .cost = cost,
                             .row_lower = endless, .row_upper = at_most,
                             .first = first, .columns = columns,
                             .coefficients = coefficients };
            lp_result warm = { .x = x }, cold = { .x = x };

            cost[n - 1] = (double)base_rng_between(&rng, 1, 50);
            for (uint32_t r = 0; r < ROWS; r++)
                values[r * MOST + n - 1]
                    = (double)base_rng_between(&rng, 1, 4);
            for (uint32_t r = 0; r <= ROWS; r++)
                first[r] = r * n;
            for (uint32_t k = 0; k < ROWS * n; k++) {
                columns[k] = k % n;
                coefficients[k] = values[k / n * MOST + k % n];
            }
            if (n % 7 == 0) /* too few, or too many, are basic */
                memset(places, n % 2 ? LP_BASIC : LP_LOWER, n);
            assert_ok(ctx, lp_solve(&run, &p, NULL, &cold));
            p.basis = &basis;
            basis.is_dual = n % 5 == 0;
            assert_ok(ctx, lp_solve(&run, &p, NULL, &warm));
            ck_assert(basis.is_set);
            assert_near(warm.objective, cold.objective, 1e-7);
        }
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(crossed_bounds_come_back_as_a_status_and_the_next_solve_works)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    lp_problem p = small_program();
    const double lower[] = { 3, 0 }, upper[] = { 2, 1 };
    const uint8_t binary[] = { 0, 1 };
    lp_result r = { 0 };

    p.lower = lower;
    p.upper = upper;
    for (int i = 0; i < 3; i++) {
        assert_status(ctx, GB_ERR_LIBRARY, lp_solve(&run, &p, NULL, &r));
        ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "GLPK: "));
        ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "incorrect"));
    }
    p.is_binary = binary;
    assert_status(ctx, GB_ERR_LIBRARY, lp_solve(&run, &p, NULL, &r));
    p = small_program();
    assert_ok(ctx, lp_solve(&run, &p, NULL, &r));
    assert_near(r.objective, 2.8, 1e-9);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_would_abort_comes_back_with_the_words_of_glpk)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    lp_problem p = small_program();
    const uint32_t out_of_range[] = { 0, 7, 0, 1 }, twice[] = { 0, 0, 0, 1 };
    const uint32_t far[] = { 0, UINT32_MAX, 0, 1 };
    lp_result r = { 0 };

    p.columns = out_of_range;
    assert_status(ctx, GB_ERR_LIBRARY, lp_solve(&run, &p, NULL, &r));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "out of range"));
    p.columns = twice;
    assert_status(ctx, GB_ERR_LIBRARY, lp_solve(&run, &p, NULL, &r));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "duplicate"));
    p.columns = far;
    assert_status(ctx, GB_ERR_LIBRARY, lp_solve(&run, &p, NULL, &r));
    gb_context_free(ctx);
}
END_TEST

START_TEST(an_infeasible_and_an_unbounded_program_are_told_apart)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    lp_problem p = small_program();
    const double upper[] = { 1, 1 };
    const uint8_t binary[] = { 1, 1 };
    lp_result r = { 0 };

    p.upper = upper;
    assert_status(ctx, GB_ERR_INFEASIBLE, lp_solve(&run, &p, NULL, &r));
    ck_assert_str_eq(gb_last_error(ctx), "the program has no solution");
    ck_assert(!r.has_answer);
    p.is_binary = binary;
    assert_status(ctx, GB_ERR_INFEASIBLE, lp_solve(&run, &p, NULL, &r));
    ck_assert_str_eq(gb_last_error(ctx), "the program has no solution");
    p = small_program();
    p.is_greatest = true;
    assert_status(ctx, GB_ERR_INFEASIBLE, lp_solve(&run, &p, NULL, &r));
    ck_assert_str_eq(gb_last_error(ctx),
                     "the program's objective has no bound");
    gb_context_free(ctx);
}
END_TEST

/* A knapsack: weights and values from the seed. */
typedef struct knapsack {
    double value[60], weight[60];
    double capacity, none;
    uint32_t first[2], columns[60];
    uint8_t binary[60];
    lp_problem p;
} knapsack;

static void fill_knapsack(knapsack *k, size_t n, uint64_t seed)
{
    base_rng rng = base_rng_seeded(seed);

    k->capacity = 0;
    k->none = -(double)INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        k->weight[i] = (double)base_rng_between(&rng, 20, 99);
        k->value[i] = k->weight[i] + (double)base_rng_between(&rng, -5, 5);
        k->columns[i] = i;
        k->binary[i] = 1;
        k->capacity += k->weight[i] / 2;
    }
    k->capacity = floor(k->capacity);
    k->first[0] = 0;
    k->first[1] = (uint32_t)n;
    k->p = (lp_problem){ .n_columns = n, .n_rows = 1, .is_greatest = true,
                         .cost = k->value, .is_binary = k->binary,
                         .row_lower = &k->none, .row_upper = &k->capacity,
                         .first = k->first, .columns = k->columns,
                         .coefficients = k->weight };
}

static double best_of_all(const knapsack *k, size_t n)
{
    double best = 0;

    for (uint32_t set = 0; set < 1u << n; set++) {
        double value = 0, weight = 0;

        for (size_t i = 0; i < n; i++)
            if (set >> i & 1) {
                value += k->value[i];
                weight += k->weight[i];
            }
        if (weight <= k->capacity && value > best)
            best = value;
    }
    return best;
}

START_TEST(binary_programs_have_the_value_of_all_subsets_tried)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    double x[12];

    for (int i = 0; i < 20; i++) {
        lp_result r = { .x = x };
        knapsack k;

        fill_knapsack(&k, 12, test_seed() + (uint64_t)i);
        assert_ok(ctx, lp_solve(&run, &k.p, NULL, &r));
        ck_assert_int_eq(r.outcome, GB_OUTCOME_OPTIMAL);
        assert_near(r.objective, best_of_all(&k, 12), 1e-6);
        for (int c = 0; c < 12; c++)
            assert_near(fabs(x[c] - 0.5), 0.5, 1e-9);
    }
    gb_context_free(ctx);
}
END_TEST

/*
 * A dear program: choose rows of a random 0-1 matrix to cover its columns,
 * large enough not to be done at the root.
 */
enum { SETS = 120, POINTS = 90 };
typedef struct cover {
    double cost[SETS], one[POINTS], endless[POINTS];
    uint8_t binary[SETS];
    uint32_t first[POINTS + 1], columns[POINTS * SETS];
    double ones[POINTS * SETS];
    lp_problem p;
} cover;

static void fill_cover(cover *c)
{
    base_rng rng = base_rng_seeded(5);
    uint32_t n = 0;

    for (size_t s = 0; s < SETS; s++) {
        c->cost[s] = (double)base_rng_between(&rng, 90, 110);
        c->binary[s] = 1;
    }
    for (size_t i = 0; i < POINTS; i++) {
        c->first[i] = n;
        for (uint32_t s = 0; s < SETS; s++)
            if (base_rng_chance(&rng, 0.07)) {
                c->columns[n] = s;
                c->ones[n++] = 1;
            }
        c->one[i] = 1;
        c->endless[i] = (double)INFINITY;
    }
    c->first[POINTS] = n;
    c->p = (lp_problem){ .n_columns = SETS, .n_rows = POINTS,
                         .cost = c->cost, .is_binary = c->binary,
                         .row_lower = c->one, .row_upper = c->endless,
                         .first = c->first, .columns = c->columns,
                         .coefficients = c->ones };
}

START_TEST(a_time_limit_is_kept_and_is_no_error)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    const lp_limits limits = { .time_limit_ms = 300 };
    cover *c = malloc(sizeof *c);
    lp_result r = { 0 };
    double began_s;

    fill_cover(c);
    began_s = base_clock_s();
    assert_ok(ctx, lp_solve(&run, &c->p, &limits, &r));
    ck_assert_int_eq(r.outcome, GB_OUTCOME_TIME_LIMIT);
    ck_assert(base_clock_s() - began_s < 5);
    if (r.has_answer)
        ck_assert(r.bound <= r.objective);
    free(c);
    gb_context_free(ctx);
}
END_TEST

static int refuse(void *user, const gb_progress *progress)
{
    (void)user;
    return progress->elapsed_s > 0.1;
}

START_TEST(a_cancel_is_heard_while_glpk_works)
{
    gb_context *ctx = test_context();
    base_run run;
    cover *c = malloc(sizeof *c);
    lp_result r = { 0 };
    double began_s;

    fill_cover(c);
    gb_context_set_progress(ctx, refuse, NULL);
    run = new_run(ctx);
    began_s = base_clock_s();
    assert_status(ctx, GB_ERR_CANCELLED, lp_solve(&run, &c->p, NULL, &r));
    ck_assert(base_clock_s() - began_s < 5);
    free(c);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_gap_ends_a_search_early)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    const lp_limits limits = { .time_limit_ms = 20000, .gap = 0.3 };
    cover *c = malloc(sizeof *c);
    lp_result r = { 0 };

    fill_cover(c);
    assert_ok(ctx, lp_solve(&run, &c->p, &limits, &r));
    ck_assert_int_eq(r.outcome, GB_OUTCOME_CONVERGED);
    ck_assert(r.has_answer);
    ck_assert(r.objective * 0.7 <= r.bound + 1e-6);
    free(c);
    gb_context_free(ctx);
}
END_TEST

static void *solve_many(void *user)
{
    gb_context *ctx = test_context();
    base_run run = new_run(ctx);
    int *failed = user;

    for (int i = 0; i < 20; i++) {
        lp_problem p = small_program();
        const double upper[] = { 1, 1 };
        lp_result r = { 0 };

        if (lp_solve(&run, &p, NULL, &r) || fabs(r.objective - 2.8) > 1e-9)
            ++*failed;
        p.upper = upper;
        if (lp_solve(&run, &p, NULL, &r) != GB_ERR_INFEASIBLE)
            ++*failed;
    }
    gb_context_free(ctx);
    return NULL;
}

START_TEST(threads_solve_at_once_and_the_hosts_problem_survives)
{
    glp_prob *host = glp_create_prob();
    pthread_t threads[4];
    int failed[4] = { 0 };

    glp_add_cols(host, 3);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, solve_many,
                                        &failed[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(failed[i], 0);
    }
    ck_assert_int_eq(glp_get_num_cols(host), 3);
    glp_delete_prob(host);
    glp_free_env();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("lp");
    TCase *c = tcase_create("lp");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, a_small_program_is_solved_with_its_duals);
    tcase_add_test(c, a_basis_handed_on_changes_no_objective);
    tcase_add_test(
        c, crossed_bounds_come_back_as_a_status_and_the_next_solve_works);
    tcase_add_test(c, what_would_abort_comes_back_with_the_words_of_glpk);
    tcase_add_test(c, an_infeasible_and_an_unbounded_program_are_told_apart);
    tcase_add_test(c, binary_programs_have_the_value_of_all_subsets_tried);
    tcase_add_test(c, a_time_limit_is_kept_and_is_no_error);
    tcase_add_test(c, a_cancel_is_heard_while_glpk_works);
    tcase_add_test(c, a_gap_ends_a_search_early);
    tcase_add_test(c, threads_solve_at_once_and_the_hosts_problem_survives);
    suite_add_tcase(suite, c);
    return suite;
}
