#include <gridbeat/presence.h>

#include "base_rng.h"
#include "test.h"

enum { MOST = 400, N_BANDS = 6, N_SEGMENTS = 3, N_PLACES = 8,
       N_CUSTOMERS = 20 };

typedef struct history {
    uint32_t segments[MOST], places[MOST], customers[MOST];
    uint16_t bands[MOST];
    uint8_t is_met[MOST];
    double ages[MOST], supposed[MOST];
    gb_presence_attempts attempts;
    gb_presence_options options;
} history;

static uint32_t maybe(base_rng *rng, uint32_t unit)
{
    return base_rng_chance(rng, 0.1) ? GB_PRESENCE_NONE : unit;
}

static void draw(history *h, base_rng *rng)
{
    const size_t n = (size_t)base_rng_between(rng, 0, MOST);

    for (size_t i = 0; i < n; i++) {
        h->segments[i] = maybe(rng, (uint32_t)base_rng_below(rng, N_SEGMENTS));
        h->places[i] = maybe(rng, (uint32_t)base_rng_below(rng, N_PLACES));
        h->customers[i]
            = maybe(rng, (uint32_t)base_rng_below(rng, N_CUSTOMERS));
        h->bands[i] = (uint16_t)base_rng_below(rng, N_BANDS);
        h->is_met[i] = base_rng_chance(rng, 0.1 + 0.15 * h->bands[i]);
        h->ages[i] = (double)base_rng_below(rng, 900);
        h->supposed[i] = 0.1 + 0.8 * base_rng_unit(rng);
    }
    h->attempts = (gb_presence_attempts){
        sizeof h->attempts, n, h->segments, h->places, h->customers, h->bands,
        h->is_met, h->ages, NULL
    };
    h->options = (gb_presence_options)GB_PRESENCE_OPTIONS_INIT;
    h->options.n_bands = N_BANDS;
    h->options.half_life_days = 300;
    h->options.prior = 0.3;
}

static double with_odds(double p, double odds)
{
    return p * odds / (1 - p + p * odds);
}

/* Does attempt i of a unit count at a level, for what is asked of `until`
 * (SIZE_MAX: everything counts, else what stands before it)? */
static bool counts(const history *h, int level, uint32_t unit, size_t i,
                   size_t until)
{
    const uint32_t *const units[]
        = { NULL, h->segments, h->places, h->customers };

    if (level > 0 && units[level][i] != unit)
        return false;
    return until == SIZE_MAX || h->ages[i] > h->ages[until]
           || (h->ages[i] == h->ages[until] && i < until);
}

/* The definition of gridbeat/presence.h: p moved by one level, where f has
 * what the level above foretold of each attempt. */
static double plain_step(const history *h, int level, uint32_t unit,
                         uint32_t band, const double *f, size_t until,
                         double p)
{
    const double k = h->options.strengths[level];
    double met = 0, expected = 0, met_b = 0, n_b = 0, p_b = 0, m, q, r;

    if (level > 0 && unit == GB_PRESENCE_NONE)
        return p;
    for (size_t i = 0; i < h->attempts.n; i++) {
        const double w = exp2(-h->ages[i] / 300);

        if (!counts(h, level, unit, i, until))
            continue;
        met += w * h->is_met[i];
        expected += w * f[i];
        met_b += h->bands[i] == band ? w * h->is_met[i] : 0;
        n_b += h->bands[i] == band ? w : 0;
        p_b += h->bands[i] == band ? w * f[i] : 0;
    }
    r = (met + k) / (expected + k);
    p = with_odds(p, r);
    if (n_b <= 0)
        return p;
    m = with_odds(p_b / n_b, r);
    q = (met_b + k * m) / (n_b + k);
    return with_odds(p, q * (1 - m) / ((1 - q) * m));
}

static double plain(const history *h, const uint32_t unit[4], uint32_t band,
                    double supposed)
{
    double f[MOST], next[MOST];

    for (size_t i = 0; i < h->attempts.n; i++)
        f[i] = h->attempts.chances ? h->supposed[i] : 0.3;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++) {
        supposed = plain_step(h, level, unit[level], band, f, SIZE_MAX,
                              supposed);
        for (size_t i = 0; i < h->attempts.n; i++) {
            const uint32_t its[] = { 0, h->segments[i], h->places[i],
                                     h->customers[i] };

            next[i] = plain_step(h, level, its[level], h->bands[i], f, i,
                                 f[i]);
        }
        memcpy(f, next, sizeof f);
    }
    return supposed;
}

START_TEST(chances_are_those_of_the_definition)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_presence *learnt = NULL;
    history h;

    draw(&h, &rng);
    if (_i % 2)
        h.attempts.chances = h.supposed;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        h.options.strengths[level] = 0.5 + 10 * base_rng_unit(&rng);
    assert_ok(ctx, gb_presence_learn(ctx, &h.attempts, &h.options, &learnt));
    for (int q = 0; q < 20; q++) {
        const uint32_t unit[]
            = { 0, maybe(&rng, (uint32_t)base_rng_below(&rng, N_SEGMENTS)),
                maybe(&rng, (uint32_t)base_rng_below(&rng, N_PLACES)),
                maybe(&rng, (uint32_t)base_rng_below(&rng, N_CUSTOMERS)) };
        const uint32_t band = (uint32_t)base_rng_below(&rng, N_BANDS);

        const gb_presence_whom whom = { unit[1], unit[2], unit[3] };
        const double supposed = 0.1 + 0.8 * base_rng_unit(&rng);

        assert_near(gb_presence_at(learnt, unit[1], unit[2], unit[3], band),
                    plain(&h, unit, band, 0.3), 1e-9);
        assert_near(gb_presence_from(learnt, supposed, whom, band, NULL),
                    plain(&h, unit, band, supposed),
                    1e-9);
    }
    gb_presence_free(learnt);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_failed_visit_suggests_another_hour)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const uint32_t whom = (uint32_t)base_rng_below(&rng, N_CUSTOMERS);
    gb_presence *before = NULL, *after = NULL;
    history h;
    size_t n;

    draw(&h, &rng);
    n = h.attempts.n < MOST - 2 ? h.attempts.n : MOST - 2;
    h.attempts.n = n;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        h.options.strengths[level] = 4;
    assert_ok(ctx, gb_presence_learn(ctx, &h.attempts, &h.options, &before));
    for (; h.attempts.n < n + 2; h.attempts.n++) { /* twice, just now */
        h.customers[h.attempts.n] = whom;
        h.segments[h.attempts.n] = h.places[h.attempts.n] = GB_PRESENCE_NONE;
        h.bands[h.attempts.n] = 2;
        h.is_met[h.attempts.n] = 0;
        h.ages[h.attempts.n] = 0;
    }
    assert_ok(ctx, gb_presence_learn(ctx, &h.attempts, &h.options, &after));
    for (uint32_t band = 0; band < N_BANDS; band++) {
        const double was = gb_presence_at(before, 0, 0, whom, band);
        const double is = gb_presence_at(after, 0, 0, whom, band);
        const double lost = is / (1 - is) / (was / (1 - was));
        const double is_2 = gb_presence_at(after, 0, 0, whom, 2);
        const double was_2 = gb_presence_at(before, 0, 0, whom, 2);

        /* No hour is likelier than it was, and this one fell the most. */
        ck_assert(is < was);
        ck_assert(is_2 / (1 - is_2) / (was_2 / (1 - was_2)) <= lost + 1e-12);
    }
    gb_presence_free(before);
    gb_presence_free(after);
    gb_context_free(ctx);
}
END_TEST

/* Customers whose own chance lies about 1/2 with `spread`. */
static double learn_spread(gb_context *ctx, base_rng *rng, double spread)
{
    enum { N = 20000 };
    uint32_t *customers = malloc(N * sizeof *customers);
    uint16_t *bands = calloc(N, sizeof *bands);
    uint8_t *is_met = malloc(N * sizeof *is_met);
    gb_presence_attempts attempts = { sizeof attempts, N, NULL, NULL,
                                      customers, bands, is_met, NULL,
                                      NULL };
    gb_presence *learnt = NULL;
    double chance = 0, strength;

    for (uint32_t i = 0; i < N; i++) {
        if (i % 20 == 0)
            chance = base_rng_chance(rng, 0.5) ? 0.5 + spread : 0.5 - spread;
        customers[i] = i / 20;
        is_met[i] = base_rng_chance(rng, chance);
    }
    assert_ok(ctx, gb_presence_learn(ctx, &attempts, NULL, &learnt));
    strength = gb_presence_strength(learnt, GB_PRESENCE_CUSTOMER);
    gb_presence_free(learnt);
    free(customers);
    free(bands);
    free(is_met);
    return strength;
}

START_TEST(the_more_customers_differ_the_less_they_lean)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    const double alike = learn_spread(ctx, &rng, 0);
    const double some = learn_spread(ctx, &rng, 0.15);
    const double wide = learn_spread(ctx, &rng, 0.45);

    ck_assert_msg(alike >= 256 && alike > some && some > wide && wide <= 4,
                  "%g %g %g", alike, some, wide);
    gb_context_free(ctx);
}
END_TEST

/*
 * A planted truth: places differ, and customers within them.  What is learnt
 * foretells new visits nearly as well as the truth does, and much better than
 * what was supposed; customers are not mistaken for their places, though half
 * of them are alone in theirs.
 */
START_TEST(a_planted_truth_is_learnt_at_each_level)
{
    enum { N_UNITS = 1500, EACH = 12, N = N_UNITS * EACH };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), 77 + (uint64_t)_i);
    uint32_t *places = malloc(N * sizeof *places);
    uint32_t *customers = malloc(N * sizeof *customers);
    uint16_t *bands = malloc(N * sizeof *bands);
    uint8_t *is_met = malloc(N);
    double *ages = malloc(N * sizeof *ages), *own = malloc(N * sizeof *own);
    double supposed_loss = 0, learnt_loss = 0, true_loss = 0;
    gb_presence_attempts attempts = { sizeof attempts, N, NULL, places,
                                      customers, bands, is_met, ages, NULL };
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    gb_presence *learnt = NULL;

    for (uint32_t c = 0; c < N_UNITS; c++) {
        const uint32_t place = c % 2 ? c : c / 40 * 2 + 1000000;
        base_rng of_place = base_rng_stream(test_seed(), place);
        const double level = base_rng_normal(&of_place) + 0.7 * base_rng_normal(&rng);

        for (uint32_t i = 0; i < EACH; i++) {
            const uint32_t at = c * EACH + i;

            places[at] = place;
            customers[at] = c;
            bands[at] = (uint16_t)base_rng_below(&rng, N_BANDS);
            ages[at] = EACH - i; /* the oldest first */
            own[at] = 1 / (1 + exp(-level - 0.3 * (bands[at] - 2.5)));
            is_met[at] = base_rng_chance(&rng, own[at]);
        }
    }
    options.n_bands = N_BANDS;
    options.half_life_days = INFINITY;
    for (size_t i = 0; i < N; i++) /* the last visit of each is held out */
        if (i % EACH == EACH - 1)
            customers[i] = places[i] = GB_PRESENCE_NONE;
    assert_ok(ctx, gb_presence_learn(ctx, &attempts, &options, &learnt));
    for (uint32_t c = 0; c < N_UNITS; c++) {
        const size_t at = c * EACH + EACH - 1;
        const double p
            = gb_presence_at(learnt, GB_PRESENCE_NONE, places[at - 1], c,
                             bands[at]);
        const double all
            = gb_presence_at(learnt, GB_PRESENCE_NONE, GB_PRESENCE_NONE,
                             GB_PRESENCE_NONE, bands[at]);

        learnt_loss += (p - is_met[at]) * (p - is_met[at]);
        supposed_loss += (all - is_met[at]) * (all - is_met[at]);
        true_loss += (own[at] - is_met[at]) * (own[at] - is_met[at]);
    }
    ck_assert_msg(learnt_loss - true_loss
                      < 0.55 * (supposed_loss - true_loss),
                  "%g learnt, %g supposed, %g by the truth", learnt_loss,
                  supposed_loss, true_loss);
    ck_assert_msg(gb_presence_strength(learnt, GB_PRESENCE_CUSTOMER) <= 64,
                  "%g", gb_presence_strength(learnt, GB_PRESENCE_CUSTOMER));
    gb_presence_free(learnt);
    free(places);
    free(customers);
    free(bands);
    free(is_met);
    free(ages);
    free(own);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_was_never_tried_is_as_the_level_above)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_presence *learnt = NULL;
    history h;

    draw(&h, &rng);
    assert_ok(ctx, gb_presence_learn(ctx, &h.attempts, &h.options, &learnt));
    for (uint32_t band = 0; band < N_BANDS; band++) {
        const double p = gb_presence_at(learnt, 1, 2, GB_PRESENCE_NONE, band);

        ck_assert(p > 0 && p < 1);
        ck_assert(gb_presence_at(learnt, 1, 2, 4711, band) >= p
                  && gb_presence_at(learnt, 1, 2, 4711, band) <= p);
        if (h.attempts.n == 0)
            assert_near(p, 0.3, 0);
    }
    ck_assert(isnan(gb_presence_at(learnt, 0, 0, 0, N_BANDS)));
    ck_assert(isnan(gb_presence_at(NULL, 0, 0, 0, 0)));
    gb_presence_free(learnt);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("presence");
    TCase *tcase = tcase_create("presence");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, chances_are_those_of_the_definition, 0,
                        test_cases(30));
    tcase_add_loop_test(tcase, a_failed_visit_suggests_another_hour, 0,
                        test_cases(50));
    tcase_add_loop_test(tcase, the_more_customers_differ_the_less_they_lean,
                        0, test_cases(3));
    tcase_add_loop_test(tcase, a_planted_truth_is_learnt_at_each_level, 0,
                        test_cases(2));
    tcase_add_loop_test(tcase, what_was_never_tried_is_as_the_level_above, 0,
                        test_cases(50));
    suite_add_tcase(suite, tcase);
    return suite;
}
