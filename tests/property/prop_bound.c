#include <gridbeat/bound.h>

#include <math.h>
#include <string.h>

#include "random_areas.h"
#include "test.h"

enum { MOST = 10 };

/* The best of all plans, by trying them. */
typedef struct trial {
    gb_context *ctx;
    const random_areas *in;
    bool is_numbered; /* which territory is which means something */
    uint32_t owner[MOST], best_owner[4][MOST];
    double best[4];   /* by objective */
    size_t n_valid;
} trial;

static double value_of(const trial *x, int objective, const uint32_t *owner)
{
    const gb_areas *areas = &x->in->areas;
    const size_t k = x->in->rules.n_territories;
    double value = 0;

    if (objective == GB_TERRITORY_MOMENT)
        assert_ok(x->ctx, gb_territory_moment(x->ctx, areas, NULL, k, owner,
                                              NULL, &value));
    else if (objective == GB_TERRITORY_MEDIAN)
        assert_ok(x->ctx, gb_territory_median(x->ctx, areas, NULL, k, owner,
                                              NULL, &value));
    else
        for (uint32_t a = 0; a < areas->n_areas; a++)
            for (uint32_t i = areas->first_neighbour[a];
                 i < areas->first_neighbour[a + 1]; i++)
                if (areas->neighbours[i] > a
                    && owner[a] != owner[areas->neighbours[i]])
                    value += objective == GB_TERRITORY_CUT
                            || !areas->shared_border_m
                        ? 1 : areas->shared_border_m[i];
    return value;
}

static void try_all(trial *x, size_t at, uint32_t n_used)
{
    const size_t n = x->in->areas.n_areas;
    const uint32_t k = (uint32_t)x->in->rules.n_territories;
    size_t n_found = 0;

    if (at < n) {
        const uint32_t most = x->is_numbered || n_used == k ? k : n_used + 1;

        if (!x->is_numbered && n - at < k - n_used)
            return;
        for (uint32_t t = 0; t < most; t++) {
            x->owner[at] = t;
            try_all(x, at + 1, t == n_used ? n_used + 1 : n_used);
        }
        return;
    }
    assert_ok(x->ctx, gb_territory_check(x->ctx, &x->in->areas,
                                         &x->in->rules, x->owner, NULL, 0,
                                         &n_found));
    if (n_found > 0)
        return;
    x->n_valid++;
    for (int o = 0; o < 4; o++) {
        const double value = value_of(x, o, x->owner);

        if (value < x->best[o]) {
            x->best[o] = value;
            memcpy(x->best_owner[o], x->owner, n * sizeof *x->owner);
        }
    }
}

static trial try_instance(gb_context *ctx, const random_areas *in,
                          bool is_numbered)
{
    trial x = { .ctx = ctx, .in = in, .is_numbered = is_numbered };

    for (int o = 0; o < 4; o++)
        x.best[o] = (double)INFINITY;
    try_all(&x, 0, 0);
    return x;
}

static gb_bound_result bound(const trial *x, const gb_bound_options *options,
                             uint32_t *owner)
{
    gb_bound_result r = { .size = sizeof r };

    assert_ok(x->ctx, gb_territory_bound(x->ctx, &x->in->areas, NULL,
                                         &x->in->rules, options, &r, owner));
    return r;
}

/* What holds of each bound, of any rules and limits. */
static gb_bound_result hold(const trial *x, const gb_bound_options *options,
                            int seed)
{
    const int o = options->objective;
    const double best = x->best[o];
    uint32_t owner[MOST], again[MOST];
    const gb_bound_result r = bound(x, options, owner);
    gb_bound_result other = bound(x, options, again);
    size_t n_found = 0;

    ck_assert_msg(r.lower <= best * (1 + 1e-8) + 1e-9,
                  "seed %d, objective %d: %.12g is above %.12g", seed, o,
                  r.lower, best);
    ck_assert(!r.is_infeasible || x->n_valid == 0);
    ck_assert_msg(!r.is_closed || fabs(r.upper - best) <= 1e-8 * best + 1e-9,
                  "seed %d, objective %d: closed at %.12g, not %.12g", seed, o,
                  r.upper, best);
    ck_assert(r.gap >= 0 && r.gap <= 1);
    other.seconds = r.seconds;
    ck_assert_mem_eq(&r, &other, sizeof r);
    if (!r.has_plan)
        return r;
    assert_ok(x->ctx, gb_territory_check(x->ctx, &x->in->areas,
                                         &x->in->rules, owner, NULL, 0,
                                         &n_found));
    ck_assert_uint_eq(n_found, 0);
    ck_assert_double_eq_tol(value_of(x, o, owner), r.upper,
                            1e-9 * r.upper + 1e-9);
    ck_assert_mem_eq(owner, again, x->in->areas.n_areas * sizeof *owner);
    return r;
}

START_TEST(distances_are_closed_at_the_best_of_all_plans)
{
    static const double tolerances[] = { 0.05, 0.2, 0.5 };
    static const int distances[] = { GB_TERRITORY_MOMENT,
                                     GB_TERRITORY_MEDIAN };
    size_t n_plans = 0;

    for (int i = 0; i < 60; i++) {
        gb_context *ctx = test_context();
        random_areas in = random_areas_plain(
            (uint64_t)(60 * _i + i), 2 + (uint32_t)i % 9,
            1 + (uint32_t)i % (i % 9 < 3 ? 2 : 4), tolerances[i % 3]);
        const trial x = try_instance(ctx, &in, false);

        n_plans += x.n_valid;
        for (size_t d = 0; d < 2; d++) {
            gb_bound_options o = GB_BOUND_OPTIONS_INIT;
            gb_bound_result r;

            o.objective = distances[d];
            o.max_iterations = i % 2 ? 0 : 10;
            r = hold(&x, &o, i);
            ck_assert_int_eq(r.outcome, GB_OUTCOME_OPTIMAL);
            ck_assert(r.is_infeasible == (x.n_valid == 0));
            ck_assert(r.is_closed == (x.n_valid > 0));
            if (x.n_valid == 0)
                continue;
            o.plan = x.best_owner[o.objective];
            r = hold(&x, &o, i);
            ck_assert(r.is_closed && !r.has_plan);
            o.max_nodes = 2;
            o.plan = NULL;
            hold(&x, &o, i);
        }
        random_areas_free(&in);
        gb_context_free(ctx);
    }
    ck_assert_uint_gt(n_plans, 100);
}
END_TEST

START_TEST(cut_and_border_stay_below_the_best_of_all_plans)
{
    static const double tolerances[] = { 0.05, 0.2, 0.5 };

    for (int i = 0; i < 40; i++) {
        gb_context *ctx = test_context();
        random_areas in = random_areas_plain(
            (uint64_t)(1000 + 40 * _i + i), 2 + (uint32_t)i % 9,
            1 + (uint32_t)i % (i % 9 < 3 ? 2 : 4), tolerances[i % 3]);
        const trial x = try_instance(ctx, &in, false);

        for (int border = 0; border < 2; border++) {
            gb_bound_options o = GB_BOUND_OPTIONS_INIT;

            o.objective = border ? GB_TERRITORY_BORDER : GB_TERRITORY_CUT;
            hold(&x, &o, i);
            if (x.n_valid == 0)
                continue;
            o.plan = x.best_owner[o.objective];
            hold(&x, &o, i);
            o.max_nodes = 2;
            hold(&x, &o, i);
        }
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(any_rules_leave_the_bound_below_the_best_of_all_plans)
{
    for (int i = 0; i < 60; i++) {
        random_source source = { .seed = (uint64_t)(60 * _i + i) };
        gb_context *ctx = test_context();
        random_areas in = random_areas_new(&source, 7, 3);
        const trial x = try_instance(ctx, &in, true);

        for (int objective = 0; objective < 4; objective++) {
            gb_bound_options o = GB_BOUND_OPTIONS_INIT;

            o.objective = objective;
            hold(&x, &o, i);
            if (x.n_valid == 0)
                continue;
            o.plan = x.best_owner[objective];
            hold(&x, &o, i);
        }
        random_areas_free(&in);
        gb_context_free(ctx);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_bound");
    TCase *c = tcase_create("bound");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, distances_are_closed_at_the_best_of_all_plans, 0,
                        3);
    tcase_add_loop_test(c, cut_and_border_stay_below_the_best_of_all_plans, 0,
                        3);
    tcase_add_loop_test(c,
                        any_rules_leave_the_bound_below_the_best_of_all_plans,
                        0, 3);
    suite_add_tcase(suite, c);
    return suite;
}
