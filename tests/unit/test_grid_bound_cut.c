#include <stdlib.h>
#include <string.h>

#include "grid_bound_cut.h"
#include "random_areas.h"
#include "test.h"

enum { AREAS = 9, MAPS = 120, STATES = 100000 };

static grid_problem problem_of(gb_context *ctx, const random_areas *in)
{
    grid_problem p;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &in->areas, &in->rules, NULL,
                                      &p));
    return p;
}

static bool is_connected(const grid_problem *p, const uint32_t *owner,
                         uint32_t t)
{
    uint32_t seen[AREAS] = { 0 }, queue[AREAS], head = 0, tail = 0, n = 0;

    for (uint32_t a = 0; a < p->n; a++)
        if (owner[a] == t && n++ == 0) {
            queue[tail++] = a;
            seen[a] = 1;
        }
    while (head < tail) {
        const uint32_t a = queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (owner[b] == t && !seen[b]) {
                seen[b] = 1;
                queue[tail++] = b;
            }
        }
    }
    return n > 0 && tail == n;
}

static bool is_plan(const grid_problem *p, const uint32_t *owner)
{
    for (uint32_t t = 0; t < p->k; t++) {
        int64_t load = 0;

        for (size_t a = 0; a < p->n; a++)
            load += owner[a] == t ? p->load[a] : 0;
        if (load < p->low[t] || load > p->high[t]
            || !is_connected(p, owner, t))
            return false;
    }
    return true;
}

static int64_t cost_of(const grid_problem *p, const uint32_t *owner,
                       bool with_border)
{
    int64_t cost = 0;

    for (size_t a = 0; a < p->n; a++)
        for (size_t i = p->first[a]; i < p->first[a + 1]; i++)
            if (owner[p->neighbours[i]] != owner[a])
                cost += with_border ? p->border[i] : 1;
    return cost / 2;
}

/* Every way to give each area one of k numbers; INT64_MAX: no plan. */
static int64_t enumerate(const grid_problem *p, bool with_border)
{
    uint32_t owner[AREAS] = { 0 };
    int64_t best = INT64_MAX;

    for (;;) {
        size_t a = 0;

        if (is_plan(p, owner)) {
            const int64_t cost = cost_of(p, owner, with_border);

            if (cost < best)
                best = cost;
        }
        while (a < p->n && ++owner[a] == p->k)
            owner[a++] = 0;
        if (a == p->n)
            return best;
    }
}

static random_areas map_of(uint64_t seed)
{
    return random_areas_plain(seed, 5 + (uint32_t)(seed % 5),
                              2 + (uint32_t)(seed % 2),
                              seed % 4 == 0 ? 0.02 : 0.25);
}

static void assert_bound(gb_context *ctx, const grid_problem *p,
                         bool with_border)
{
    const int64_t best = enumerate(p, with_border);
    grid_bound_cut_result found;
    uint32_t owner[AREAS];
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_bound_cut(&run, p, with_border, INT64_MAX, STATES,
                                  &found, owner));
    ck_assert(!found.is_relaxed);
    ck_assert(found.is_closed);
    ck_assert_int_eq(found.is_infeasible, best == INT64_MAX);
    ck_assert_int_eq(found.has_plan, best < INT64_MAX);
    if (best == INT64_MAX)
        return;
    ck_assert_int_eq(found.lower, best);
    ck_assert(is_plan(p, owner));
    ck_assert_int_eq(cost_of(p, owner, with_border), best);
    /* The best plan as upper bound is proven, and no better one found. */
    assert_ok(ctx, grid_bound_cut(&run, p, with_border, best, STATES, &found,
                                  owner));
    ck_assert(found.is_closed && !found.has_plan);
    ck_assert_int_eq(found.lower, best);
}

START_TEST(the_least_cut_is_that_of_all_plans)
{
    gb_context *ctx = test_context();

    for (uint64_t seed = 1; seed <= MAPS; seed++) {
        random_areas in = map_of(seed);
        grid_problem p = problem_of(ctx, &in);

        assert_bound(ctx, &p, false);
        assert_bound(ctx, &p, true);
        grid_problem_clear(&p);
        random_areas_free(&in);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(with_too_few_states_the_bound_is_less_and_holds)
{
    gb_context *ctx = test_context();
    int n_less = 0;

    for (uint64_t seed = 1; seed <= MAPS; seed++) {
        random_areas in = map_of(seed);
        grid_problem p = problem_of(ctx, &in);
        const int64_t best = enumerate(&p, false);
        grid_bound_cut_result found;
        uint32_t owner[AREAS];
        base_run run;

        base_run_begin(&run, ctx, (base_limits){ 0 });
        assert_ok(ctx, grid_bound_cut(&run, &p, false, best, seed % 30,
                                      &found, owner));
        ck_assert(found.lower <= best);
        ck_assert(found.is_closed == (found.lower == best)
                  || best == INT64_MAX);
        n_less += found.lower < best;
        grid_problem_clear(&p);
        random_areas_free(&in);
    }
    ck_assert_int_gt(n_less, MAPS / 4);
    gb_context_free(ctx);
}
END_TEST

/* Four blocks of 3 by 3. */
START_TEST(a_raster_of_36_in_4_is_proven)
{
    enum { SIDE = 6 };
    gb_context *ctx = test_context();
    gb_areas areas = GB_AREAS_INIT;
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_point centres[SIDE * SIDE];
    double activity[SIDE * SIDE], tolerance = 0.001;
    uint32_t first[SIDE * SIDE + 1], neighbours[4 * SIDE * SIDE], n = 0;
    grid_bound_cut_result found;
    uint32_t owner[SIDE * SIDE];
    grid_problem p;
    base_run run;

    for (int a = 0; a < SIDE * SIDE; a++) {
        const int x = a % SIDE, y = a / SIDE;

        centres[a] = (gb_point){ 100.0 * x, 100.0 * y };
        activity[a] = 1;
        first[a] = n;
        if (y > 0)
            neighbours[n++] = (uint32_t)(a - SIDE);
        if (x > 0)
            neighbours[n++] = (uint32_t)(a - 1);
        if (x < SIDE - 1)
            neighbours[n++] = (uint32_t)(a + 1);
        if (y < SIDE - 1)
            neighbours[n++] = (uint32_t)(a + SIDE);
    }
    first[SIDE * SIDE] = n;
    areas.n_areas = SIDE * SIDE;
    areas.n_measures = 1;
    areas.centres = centres;
    areas.first_neighbour = first;
    areas.neighbours = neighbours;
    areas.activity = activity;
    rules.n_territories = 4;
    rules.tolerances = &tolerance;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &areas, &rules, NULL, &p));
    assert_ok(ctx, grid_bound_cut(&run, &p, false, INT64_MAX, 3000000,
                                  &found, owner));
    ck_assert(found.is_closed && found.has_plan);
    ck_assert_int_eq(cost_of(&p, owner, false), found.lower);
    ck_assert_int_eq(found.lower, 12);
    ck_assert_uint_eq(found.width, SIDE);
    grid_problem_clear(&p);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("grid_bound_cut");
    TCase *c = tcase_create("grid_bound_cut");

    tcase_add_test(c, the_least_cut_is_that_of_all_plans);
    tcase_add_test(c, with_too_few_states_the_bound_is_less_and_holds);
    tcase_add_test(c, a_raster_of_36_in_4_is_proven);
    suite_add_tcase(suite, c);
    return suite;
}
