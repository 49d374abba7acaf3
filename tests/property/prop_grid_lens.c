#include <math.h>
#include <string.h>

#include "grid_lens.h"
#include "grid_obey.h"
#include "grid_start.h"
#include "random_areas.h"
#include "test.h"

typedef struct lens_case {
    gb_context *ctx;
    random_areas in;
    grid_problem p;
    grid_state state;
    grid_prices prices;
    grid_lens lens;
    uint32_t owner[RANDOM_AREAS_MOST], before[RANDOM_AREAS_MOST];
} lens_case;

static void fill_case(lens_case *c, random_source *source)
{
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    base_run run;

    memset(c, 0, sizeof *c);
    c->in = random_areas_new(source, 100, 6);
    random_change(&c->in, source);
    c->in.previous = c->before;
    c->ctx = test_context();
    for (size_t a = 0; a < c->in.areas.n_areas; a++)
        c->before[a] = random_below(
            source, (uint32_t)c->in.rules.n_territories + 1);
    base_run_begin(&run, c->ctx, (base_limits){ 0 });
    options.travel_s = c->in.travel_s;
    options.previous = c->before;
    options.familiarity = c->in.familiarity;
    assert_ok(c->ctx, grid_problem_build(&run, &c->in.areas, &c->in.rules,
                                         &options, &c->p));
    for (size_t a = 0; a < c->p.n; a++)
        c->owner[a] = random_below(source, (uint32_t)c->p.k + 1);
    assert_ok(c->ctx, grid_start_mend(&run, &c->p, c->owner));
    ck_assert(grid_state_init(&c->state, &c->p));
    grid_state_set(&c->state, c->owner);
    c->prices = (grid_prices){
        .cut = random_below(source, 3), .border = random_below(source, 3),
        .barrier = random_below(source, 3), .moved = random_below(source, 3),
        .moment = random_below(source, 3), .travel = random_below(source, 3),
        .lost = random_below(source, 3),
    };
    ck_assert(grid_lens_init(&c->lens, &c->p, &c->prices));
}

static void clear_case(lens_case *c)
{
    grid_lens_clear(&c->lens);
    grid_state_clear(&c->state);
    grid_problem_clear(&c->p);
    random_areas_free(&c->in);
    gb_context_free(c->ctx);
}

/* Single precision, of sums that may cancel. */
static double slack(const lens_case *c, uint32_t area)
{
    const grid_prices *price = &c->prices;
    double all = 1;

    for (size_t i = c->p.first[area]; i < c->p.first[area + 1]; i++)
        all += price->cut + price->border * (double)c->p.border[i]
            + price->barrier * (double)c->p.barrier[i];
    return 1e-6 * all;
}

START_TEST(the_lens_and_the_state_name_the_same_price)
{
    for (int i = 0; i < test_cases(100); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        lens_case c;

        fill_case(&c, &source);
        for (int step = 0; step < 60 && c.p.k > 1; step++) {
            const uint32_t a = random_below(&source, (uint32_t)c.p.n);
            const uint32_t t = random_below(&source, (uint32_t)c.p.k);
            const uint32_t from = c.state.owner[a];
            grid_terms d;
            double told;

            if (from == t)
                continue;
            d = grid_state_price(&c.state, a, t);
            told = grid_cost(&c.prices, &d);
            assert_near(grid_lens_price(&c.lens, &c.state, a, t), told,
                        slack(&c, a) + 1e-9 * fabs(told));
            assert_near(grid_lens_excess(&c.lens, &c.state, from, a, -1)
                            - c.state.excess[from]
                            + grid_lens_excess(&c.lens, &c.state, t, a, 1)
                            - c.state.excess[t],
                        d.excess, 1e-9 * (1 + fabs(d.excess)));
            ck_assert_int_eq(grid_lens_may_leave(&c.lens, &c.state, a),
                             grid_state_may_leave(&c.state, a));
            if (step % 3 == 0)
                grid_state_shift(&c.state, a, t);
        }
        clear_case(&c);
    }
}
END_TEST

START_TEST(a_trial_is_priced_as_if_it_were_made_and_leaves_no_trace)
{
    for (int i = 0; i < test_cases(100); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        lens_case c;

        fill_case(&c, &source);
        for (int step = 0; step < 30 && c.p.k > 1; step++) {
            const uint32_t a = random_below(&source, (uint32_t)c.p.n);
            const uint32_t b = random_below(&source, (uint32_t)c.p.n);
            const uint32_t t = random_below(&source, (uint32_t)c.p.k);
            const uint32_t u = random_below(&source, (uint32_t)c.p.k);
            grid_trial trial;
            double seen, made;

            if (a == b || c.state.owner[a] == t || c.state.owner[b] == u)
                continue;
            grid_lens_try(&c.lens, &c.state, a, t, &trial);
            seen = grid_lens_price(&c.lens, &c.state, b, u);
            grid_lens_untry(&c.lens, &c.state, &trial);
            ck_assert(grid_state_is_sound(&c.state));
            grid_state_shift(&c.state, a, t);
            made = grid_lens_price(&c.lens, &c.state, b, u);
            assert_near(seen, made, slack(&c, b) + 1e-6 * fabs(made));
        }
        clear_case(&c);
    }
}
END_TEST

static size_t count_parts(lens_case *c, const uint32_t *owner)
{
    uint32_t part[RANDOM_AREAS_MOST];

    return grid_parts(&c->p, owner, part, &c->state.space);
}

START_TEST(excess_is_passed_on_between_whole_territories)
{
    size_t n_valid = 0;

    for (int i = 0; i < test_cases(200); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        bool is_valid;
        double before;
        lens_case c;
        size_t parts;
        base_run run;

        fill_case(&c, &source);
        before = c.state.terms.excess;
        parts = count_parts(&c, c.owner);
        base_run_begin(&run, c.ctx, (base_limits){ 0 });
        assert_ok(c.ctx, grid_start_balance(&run, &c.p, c.owner, &is_valid));
        ck_assert_uint_le(count_parts(&c, c.owner), parts);
        grid_state_set(&c.state, c.owner);
        for (size_t t = 0; t < c.p.k; t++)
            ck_assert_uint_gt(c.state.count[t], 0);
        ck_assert_int_eq(is_valid,
                         c.state.terms.excess <= 0
                             && grid_count_breaches(&c.p, c.owner) == 0);
        n_valid += is_valid && before > 0;
        clear_case(&c);
    }
    ck_assert_uint_gt(n_valid, 0);
}
END_TEST

START_TEST(one_draw_gives_several_numbers_each_as_often_as_the_next)
{
    unsigned count[7][11] = { { 0 } };
    base_rng rng = base_rng_seeded(test_seed());

    for (int i = 0; i < 77000; i++) {
        uint64_t bits = base_rng_next(&rng);
        const uint32_t a = grid_take(&bits, 7), b = grid_take(&bits, 11);

        ck_assert(a < 7 && b < 11);
        count[a][b]++;
    }
    for (int a = 0; a < 7; a++)
        for (int b = 0; b < 11; b++)
            ck_assert(count[a][b] > 800 && count[a][b] < 1200);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_grid_lens");
    TCase *tc = tcase_create("lens");

    tcase_add_test(tc, the_lens_and_the_state_name_the_same_price);
    tcase_add_test(tc, a_trial_is_priced_as_if_it_were_made_and_leaves_no_trace);
    tcase_add_test(tc, excess_is_passed_on_between_whole_territories);
    tcase_add_test(tc, one_draw_gives_several_numbers_each_as_often_as_the_next);
    suite_add_tcase(suite, tc);
    return suite;
}
