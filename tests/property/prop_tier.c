#include <gridbeat/tier.h>

#include "base_rng.h"
#include "test.h"

enum { MOST = 60, MOST_TIERS = 6 };

typedef struct draw {
    size_t n, n_tiers;
    double values[MOST], share[MOST_TIERS], at_least[MOST_TIERS], keep;
    uint32_t before[MOST];
    bool by_shares, is_open;
    char text[400];
} draw;

/* Few different values, so that many are equal; some unknown. */
static void draw_values(draw *d, base_rng *rng)
{
    const int64_t most = base_rng_between(rng, 1, 80);

    d->n = (size_t)base_rng_between(rng, 0, MOST);
    for (size_t i = 0; i < d->n; i++) {
        d->values[i] = base_rng_chance(rng, 0.1)
                           ? (double)NAN
                           : (double)base_rng_between(rng, -most, most) / 2;
        d->before[i] = base_rng_chance(rng, 0.2)
                           ? GB_TIER_NONE
                           : (uint32_t)base_rng_below(rng, d->n_tiers);
    }
    d->keep = base_rng_chance(rng, 0.5) ? 0 : 0.3 * base_rng_unit(rng);
}

static void draw_tiers(draw *d, base_rng *rng)
{
    int64_t left = 100, border = 30;
    char *at = d->text;

    d->n_tiers = (size_t)base_rng_between(rng, 1, MOST_TIERS);
    d->by_shares = base_rng_chance(rng, 0.5);
    d->is_open = base_rng_chance(rng, 0.5) && d->n_tiers > 1;
    for (size_t t = 0; t < d->n_tiers; t++) {
        const bool is_last = t + 1 == d->n_tiers;
        const int64_t percent = base_rng_between(rng, 1, left / 2 + 1);

        at += sprintf(at, "%st%zu", t ? "," : "", t);
        d->share[t] = (double)(is_last ? left : percent) / 100;
        d->at_least[t] = (double)border;
        if (d->by_shares && !is_last)
            at += sprintf(at, "=%lld%%", (long long)percent);
        else if (!d->by_shares && !(is_last && d->is_open))
            at += sprintf(at, ">=%lld", (long long)border);
        left -= percent;
        border -= base_rng_between(rng, 1, 25);
    }
}

/* The plain twin: counts who is above and alike, one customer at a time. */
static double plain_middle(const draw *d, size_t i, size_t *n_known,
                           uint32_t *rank)
{
    size_t above = 0, alike = 0;

    *n_known = 0;
    for (size_t k = 0; k < d->n; k++) {
        *n_known += !isnan(d->values[k]);
        above += d->values[k] > d->values[i];
        alike += !(d->values[k] > d->values[i])
                 && d->values[k] >= d->values[i];
    }
    *rank = (uint32_t)above + 1;
    return (double)above + (double)alike / 2;
}

static double border_below(const draw *d, size_t t, size_t n)
{
    double sum = 0;

    for (size_t k = 0; k <= t; k++)
        sum += d->share[k];
    return t + 1 == d->n_tiers ? (double)n : round(sum * (double)n);
}

static bool lies_in(const draw *d, size_t t, double middle, double value,
                    size_t n, double keep)
{
    const double room = keep * (double)n;
    const bool is_last = t + 1 == d->n_tiers;

    if (d->by_shares)
        return middle >= (t ? border_below(d, t - 1, n) : 0) - room
               && middle < border_below(d, t, n) + room;
    return (t == 0
            || value < d->at_least[t - 1] + keep * fabs(d->at_least[t - 1]))
           && ((is_last && d->is_open)
               || value >= d->at_least[t] - keep * fabs(d->at_least[t]));
}

static uint32_t plain_tier(const draw *d, size_t i, uint32_t *rank)
{
    size_t n;
    const double middle = plain_middle(d, i, &n, rank);
    const double value = d->values[i];

    if (isnan(value)) {
        *rank = 0;
        return GB_TIER_NONE;
    }
    if (d->keep > 0 && d->before[i] != GB_TIER_NONE
        && lies_in(d, d->before[i], middle, value, n, d->keep))
        return d->before[i];
    for (uint32_t t = 0; t < d->n_tiers; t++)
        if (lies_in(d, t, middle, value, n, 0))
            return t;
    return GB_TIER_NONE;
}

static void check_figures(const draw *d, const uint32_t *tier,
                          const gb_tier *figures)
{
    for (uint32_t t = 0; t < d->n_tiers; t++) {
        uint64_t n = 0;
        double sum = 0, lowest = INFINITY, highest = -INFINITY;

        for (size_t i = 0; i < d->n; i++) {
            if (tier[i] != t)
                continue;
            n++;
            sum += d->values[i];
            lowest = fmin(lowest, d->values[i]);
            highest = fmax(highest, d->values[i]);
        }
        ck_assert_uint_eq(figures[t].n, n);
        assert_near(figures[t].sum, sum, 1e-9);
        if (n > 0) {
            assert_near(figures[t].lowest, lowest, 0);
            assert_near(figures[t].highest, highest, 0);
        }
    }
}

START_TEST(tiers_are_those_of_counting_one_by_one)
{
    gb_context *ctx = test_context();
    base_rng rng;

    rng = base_rng_seeded(test_seed() + (uint64_t)_i);
    for (int k = 0; k < 50; k++) {
        gb_tiers_options options = GB_TIERS_OPTIONS_INIT;
        uint32_t tier[MOST], rank[MOST];
        gb_tier figures[MOST_TIERS];
        gb_tiers *tiers = NULL;
        draw d;

        draw_tiers(&d, &rng);
        draw_values(&d, &rng);
        options.before = d.before;
        options.keep = d.keep;
        assert_ok(ctx, gb_tiers_parse(ctx, d.text, &tiers));
        assert_ok(ctx, gb_tiers_assign(ctx, tiers, d.values, d.n, &options,
                                       tier, rank, figures));
        for (size_t i = 0; i < d.n; i++) {
            uint32_t plain_rank;

            ck_assert_msg(tier[i] == plain_tier(&d, i, &plain_rank),
                          "seed %llu: %s, customer %zu of %zu",
                          (unsigned long long)test_seed() + (unsigned)_i,
                          d.text, i, d.n);
            ck_assert_uint_eq(rank[i], plain_rank);
        }
        check_figures(&d, tier, figures);
        gb_tiers_free(tiers);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_tier_is_off_its_share_by_less_than_the_equals_at_its_borders)
{
    gb_context *ctx = test_context();
    gb_tiers *tiers = NULL;
    double values[1000];
    uint32_t tier[1000];
    gb_tier figures[3];
    base_rng rng;

    rng = base_rng_seeded(test_seed());
    assert_ok(ctx, gb_tiers_parse(ctx, "A=10%,B=30%,C", &tiers));
    for (size_t i = 0; i < 1000; i++)
        values[i] = (double)base_rng_between(&rng, 0, 99);
    assert_ok(ctx, gb_tiers_assign(ctx, tiers, values, 1000, NULL, tier, NULL,
                                   figures));
    assert_near((double)figures[0].n, 100, 20);
    assert_near((double)figures[1].n, 300, 30);
    gb_tiers_free(tiers);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tier");
    TCase *tcase = tcase_create("tier");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, tiers_are_those_of_counting_one_by_one, 0,
                        test_cases(20));
    tcase_add_test(
        tcase, a_tier_is_off_its_share_by_less_than_the_equals_at_its_borders);
    suite_add_tcase(suite, tcase);
    return suite;
}
