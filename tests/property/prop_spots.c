#include <gridbeat/spots.h>

#include "base_rng.h"
#include "test.h"

enum { MOST = 60 };

/* Areas whose neighbours are drawn at random, in both directions or one. */
typedef struct map {
    uint32_t n;
    double weight[MOST][MOST]; /* 0: no neighbours */
    double values[MOST];
    uint32_t first[MOST + 1], areas[MOST * MOST];
    double weights[MOST * MOST];
    gb_neighbours near;
} map;

static double random_value(base_rng *rng, int kind)
{
    switch (kind) {
    case 0:
        return base_rng_unit(rng);
    case 1: /* many alike */
        return (double)base_rng_below(rng, 3);
    case 2: /* far from 0 */
        return 1e12 + base_rng_unit(rng) * 1e3;
    default: /* as large as they come */
        return (base_rng_unit(rng) - 0.5) * 1e308;
    }
}

static void draw(map *m, base_rng *rng, int kind)
{
    const double share = base_rng_unit(rng);
    const bool is_plain = base_rng_chance(rng, 0.5);
    uint32_t n_near = 0;

    memset(m, 0, sizeof *m);
    m->n = (uint32_t)base_rng_between(rng, 5, MOST);
    for (uint32_t i = 0; i < m->n; i++) {
        m->values[i] = i >= 5 && base_rng_chance(rng, 0.1)
            ? (double)NAN : random_value(rng, kind);
        m->first[i] = n_near;
        for (uint32_t j = 0; j < m->n; j++) {
            if (i == j || !base_rng_chance(rng, share))
                continue;
            m->areas[n_near] = j;
            m->weights[n_near] = is_plain ? 1 : base_rng_unit(rng) + 0.1;
            m->weight[i][j] = m->weights[n_near++];
        }
    }
    m->first[m->n] = n_near;
    m->near = (gb_neighbours){ sizeof m->near, m->n, m->first, m->areas,
                               is_plain ? NULL : m->weights };
}

static uint32_t n_known(const map *m)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->n; i++)
        n += !isnan(m->values[i]);
    return n;
}

/* Sum of value to a power over the known areas but `but`. */
static long double power_sum(const map *m, uint32_t but, long double mean,
                             int power)
{
    long double sum = 0;

    for (uint32_t i = 0; i < m->n; i++)
        if (i != but && !isnan(m->values[i]))
            sum += powl((long double)m->values[i] - mean, power);
    return sum;
}

/* Ord and Getis 1995, (14.14) and following, with or without the area. */
static double plain_gi(const map *m, uint32_t area, bool with_self)
{
    const uint32_t but = with_self ? UINT32_MAX : area;
    const long double n = n_known(m) - (with_self ? 0 : 1);
    const long double mean = power_sum(m, but, 0, 1) / n;
    const long double s2 = power_sum(m, but, mean, 2) / n;
    long double sum = 0, w1 = 0, w2 = 0, variance;

    for (uint32_t j = 0; j < m->n; j++) {
        const long double w = j == area ? with_self : m->weight[area][j];

        if (isnan(m->values[j]))
            continue;
        sum += w * m->values[j];
        w1 += w;
        w2 += w * w;
    }
    variance = s2 * (n * w2 - w1 * w1) / (n - 1);
    return variance > 0 ? (double)((sum - w1 * mean) / sqrtl(variance)) : 0;
}

static double row_sum(const map *m, uint32_t i)
{
    double sum = 0;

    for (uint32_t j = 0; j < m->n; j++)
        if (!isnan(m->values[j]))
            sum += m->weight[i][j];
    return sum;
}

static double plain_moran(const map *m, uint32_t area, bool is_binary)
{
    const long double n = n_known(m);
    const long double mean = power_sum(m, UINT32_MAX, 0, 1) / n;
    const long double m2 = power_sum(m, UINT32_MAX, mean, 2) / n;
    const double row = is_binary ? 1 : row_sum(m, area);
    long double sum = 0;

    for (uint32_t j = 0; j < m->n; j++)
        if (!isnan(m->values[j]) && row > 0)
            sum += m->weight[area][j] / row * (m->values[j] - mean);
    return (double)((m->values[area] - mean) / m2 * sum);
}

START_TEST(statistics_are_those_of_a_full_matrix)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    gb_spot got[MOST];
    map m;

    /* The plain sums have no range for squares of 1e308. */
    draw(&m, &rng, _i % 3);
    options.stat = (int32_t)base_rng_below(&rng, 3);
    options.is_binary = base_rng_chance(&rng, 0.5);
    assert_ok(ctx, gb_spots(ctx, m.values, &m.near, &options, got));
    for (uint32_t i = 0; i < m.n; i++) {
        double plain;

        if (isnan(m.values[i])) {
            ck_assert_int_eq(got[i].spot_class, GB_SPOT_UNKNOWN);
            ck_assert(isnan(got[i].stat) && isnan(got[i].p_fdr));
            continue;
        }
        plain = options.stat == GB_SPOT_MORAN
            ? plain_moran(&m, i, options.is_binary)
            : plain_gi(&m, i, options.stat == GB_SPOT_GISTAR);
        assert_near(got[i].stat, plain, 1e-6 * (1 + fabs(plain)));
        ck_assert(got[i].p >= 0 && got[i].p <= got[i].p_fdr
                  && got[i].p_fdr <= 1);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_larger_unit_and_a_shift_change_nothing)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    gb_spot one[MOST], other[MOST];
    map m;

    draw(&m, &rng, _i % 2 ? 3 : 0);
    options.stat = _i % 3;
    assert_ok(ctx, gb_spots(ctx, m.values, &m.near, &options, one));
    for (uint32_t i = 0; i < m.n; i++)
        m.values[i] = _i % 2 ? m.values[i] / 1024 : m.values[i] * 1e300;
    assert_ok(ctx, gb_spots(ctx, m.values, &m.near, &options, other));
    for (uint32_t i = 0; i < m.n; i++)
        if (!isnan(m.values[i])) {
            ck_assert(isfinite(one[i].z));
            assert_near(one[i].z, other[i].z, 1e-9 * (1 + fabs(one[i].z)));
        }
    gb_context_free(ctx);
}
END_TEST

START_TEST(all_alike_is_no_spot_anywhere)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    gb_moran moran = { .size = sizeof moran };
    gb_spot got[MOST];
    map m;

    draw(&m, &rng, 0);
    for (uint32_t i = 0; i < m.n; i++)
        m.values[i] = _i == 0 ? 0 : _i == 1 ? 0.1 : 1e308;
    for (options.stat = 0; options.stat < 3; options.stat++) {
        assert_ok(ctx, gb_spots(ctx, m.values, &m.near, &options, got));
        for (uint32_t i = 0; i < m.n; i++) {
            ck_assert(got[i].z == 0 && got[i].p == 1);
            ck_assert_int_eq(got[i].spot_class, GB_SPOT_NONE);
        }
    }
    if (m.first[m.n] > 0) {
        assert_ok(ctx, gb_spots_moran(ctx, m.values, &m.near, NULL, &moran));
        ck_assert(moran.z == 0 && moran.p == 1);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(corrected_p_are_those_of_the_definition)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);
    double p[MOST], got[MOST];
    const size_t n = (size_t)base_rng_between(&rng, 0, MOST);
    size_t n_tests = 0;

    for (size_t i = 0; i < n; i++) {
        p[i] = base_rng_chance(&rng, 0.1) ? (double)NAN
            : base_rng_chance(&rng, 0.3) ? 0.01 * (double)(_i % 5)
                                         : base_rng_unit(&rng);
        n_tests += !isnan(p[i]);
    }
    assert_ok(ctx, gb_false_discovery(ctx, p, n, got));
    for (size_t i = 0; i < n; i++) {
        double least = 1;

        if (isnan(p[i])) {
            ck_assert(isnan(got[i]));
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            size_t n_below = 0;

            for (size_t q = 0; q < n; q++)
                n_below += p[q] <= p[k];
            if (p[k] >= p[i])
                least = fmin(least,
                             p[k] * (double)n_tests / (double)n_below);
        }
        assert_near(got[i], least, 1e-15);
    }
    gb_context_free(ctx);
}
END_TEST

/* Neither the order of areas nor one where nobody lives changes a share. */
START_TEST(shares_are_those_of_the_areas_whatever_their_order)
{
    gb_context *ctx = test_context();
    base_rng rng = base_rng_seeded(test_seed() + (uint64_t)_i);
    double events[MOST + 1], people[MOST + 1], out[MOST + 1];
    double turned_events[MOST], turned_people[MOST], turned[MOST];
    double sum = 0, all = 0, plain = 0;

    for (int i = 0; i < MOST; i++) {
        people[i] = (double)(1 + base_rng_below(&rng, 300));
        events[i] = (double)base_rng_below(&rng, (uint32_t)people[i] + 1);
        turned_events[MOST - 1 - i] = events[i];
        turned_people[MOST - 1 - i] = people[i];
        sum += events[i];
        all += people[i];
    }
    events[MOST] = people[MOST] = 0;
    assert_ok(ctx, gb_spots_rates(ctx, events, people, MOST + 1, out));
    assert_ok(ctx, gb_spots_rates(ctx, turned_events, turned_people, MOST,
                                  turned));
    ck_assert(isnan(out[MOST]));
    for (int i = 0; i < MOST; i++) { /* Marshall's variance between areas */
        const double off = events[i] / people[i] - sum / all;

        plain += people[i] * off * off / all;
    }
    plain = fmax(0, plain - sum / all * MOST / all);
    for (int i = 0; i < MOST; i++) {
        const double off = events[i] / people[i] - sum / all;

        assert_near(out[i], turned[MOST - 1 - i], 1e-9);
        assert_near(out[i], off / sqrt(plain + sum / all / people[i]), 1e-9);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("spots");
    TCase *tcase = tcase_create("spots");
    const int n = test_cases(200);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase,
                        shares_are_those_of_the_areas_whatever_their_order, 0,
                        20);
    tcase_add_loop_test(tcase, statistics_are_those_of_a_full_matrix, 0, n);
    tcase_add_loop_test(tcase, a_larger_unit_and_a_shift_change_nothing, 0,
                        n);
    tcase_add_loop_test(tcase, all_alike_is_no_spot_anywhere, 0, 3);
    tcase_add_loop_test(tcase, corrected_p_are_those_of_the_definition, 0, n);
    suite_add_tcase(suite, tcase);
    return suite;
}
