#include "base_rng.h"
#include "plan_way.h"
#include "test.h"

enum { MOST_LOCATIONS = 9, MOST_CLIENTS = 14 };

/* A problem with just what plan_way looks at. */
typedef struct small_day {
    plan_problem p;
    plan_way way;
    plan_prizes prizes;
    int32_t seconds[MOST_LOCATIONS * MOST_LOCATIONS];
    uint32_t location[MOST_CLIENTS], order[MOST_CLIENTS];
    uint8_t must[MOST_CLIENTS];
    int64_t prize[MOST_CLIENTS];
    bool is_left[MOST_LOCATIONS];
} small_day;

static void fill(small_day *d, base_rng *rng, bool has_musts)
{
    const size_t n = 2 + base_rng_below(rng, MOST_LOCATIONS - 1);

    memset(d, 0, sizeof *d);
    for (size_t i = 0; i < n * n; i++)
        d->seconds[i] = i % (n + 1) == 0
                            ? 0
                            : (int32_t)base_rng_between(rng, 1, 500);
    d->way.n = 1 + base_rng_below(rng, MOST_CLIENTS);
    for (uint32_t c = 0; c < d->way.n; c++) {
        d->order[c] = c;
        d->location[c] = (uint32_t)base_rng_between(rng, 1, (int64_t)n - 1);
        d->prize[c] = base_rng_between(rng, 0, 50);
        d->must[c] = has_musts && base_rng_chance(rng, 0.3);
    }
    base_rng_shuffle(rng, d->order, d->way.n);
    d->prizes.n_slots = 1;
    d->way.clients = d->order;
    d->way.is_left = d->is_left;
    d->p.prizes = &d->prizes;
    d->p.flat_prize = d->prize;
    d->p.n_locations = n;
    d->p.profile.seconds = d->seconds;
    d->p.problem.client_location = d->location;
    d->p.problem.client_must = d->must;
}

/* The plain twin: the way in order, and by the nearest next, of what is left */
static int64_t ordered_s(const small_day *d)
{
    const size_t n = d->p.n_locations;
    uint32_t here = 0;
    int64_t sum = 0;

    for (size_t i = 0; i <= d->way.n; i++) {
        const uint32_t to
            = i < d->way.n ? d->location[d->way.clients[i]] : 0;

        if (to != here)
            sum += d->seconds[here * n + to];
        here = to;
    }
    return sum;
}

static int64_t nearest_s(const small_day *d)
{
    const size_t n = d->p.n_locations;
    bool is_done[MOST_CLIENTS] = { false };
    uint32_t here = 0;
    int64_t sum = 0;

    for (;;) {
        size_t next = SIZE_MAX;

        for (size_t i = 0; i < d->way.n; i++) {
            const uint32_t at = d->location[d->way.clients[i]];

            if (is_done[i])
                continue;
            if (next == SIZE_MAX
                || d->seconds[here * n + at]
                       < d->seconds[here * n
                                    + d->location[d->way.clients[next]]]
                || (d->seconds[here * n + at]
                        == d->seconds[here * n
                                      + d->location[d->way.clients[next]]]
                    && at < d->location[d->way.clients[next]]))
                next = i;
        }
        if (next == SIZE_MAX)
            return sum + d->seconds[here * n];
        sum += d->seconds[here * n + d->location[d->way.clients[next]]];
        here = d->location[d->way.clients[next]];
        for (size_t i = 0; i < d->way.n; i++)
            is_done[i] |= d->location[d->way.clients[i]] == here;
    }
}

START_TEST(what_is_left_is_no_longer_than_the_habit)
{
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);

    for (int round = 0; round < 200; round++) {
        small_day d;

        fill(&d, &rng, false);
        ck_assert_int_eq(plan_way_habit_s(&d.p, &d.way), nearest_s(&d));
        ck_assert(plan_way_cut(&d.p, &d.way));
        ck_assert_int_le(ordered_s(&d), nearest_s(&d));
    }
}
END_TEST

START_TEST(musts_and_the_order_of_the_rest_stay)
{
    base_rng rng = base_rng_stream(test_seed(), 1000 + (uint64_t)_i);

    for (int round = 0; round < 200; round++) {
        uint32_t before[MOST_CLIENTS];
        size_t n_before, at = 0, n_musts = 0;
        small_day d;
        bool is_cut;

        fill(&d, &rng, true);
        n_before = d.way.n;
        memcpy(before, d.order, sizeof before);
        is_cut = plan_way_cut(&d.p, &d.way);
        ck_assert(!is_cut || ordered_s(&d) <= nearest_s(&d));
        for (size_t i = 0; i < n_before; i++) {
            const bool is_kept
                = at < d.way.n && d.way.clients[at] == before[i];

            at += is_kept;
            ck_assert(is_kept || !d.must[before[i]]);
            n_musts += d.must[before[i]];
        }
        ck_assert_uint_eq(at, d.way.n);
        ck_assert(is_cut || n_musts > 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan_way");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, what_is_left_is_no_longer_than_the_habit, 0,
                        test_cases(10));
    tcase_add_loop_test(tcase, musts_and_the_order_of_the_rest_stay, 0,
                        test_cases(10));
    suite_add_tcase(suite, tcase);
    return suite;
}
