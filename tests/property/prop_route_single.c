/*
 * One vehicle against dynamic programming over sets: up to eleven clients, too
 * many for all orders.  A label is a set, its last client, the time and the
 * metres; of two with the same set and last client the later and longer one
 * is dropped.  So what is optional, the windows and the price of the way are
 * decided at once and to the optimum.
 */
#include "base_rng.h"
#include "route_hold.h"

enum { MOST_CLIENTS = 11, MOST_LABELS = 64 };

typedef struct label {
    int64_t clock, metres;
} label;

typedef struct labels {
    uint32_t n;
    label of[MOST_LABELS];
} labels;

static labels TABLE[1 << MOST_CLIENTS][MOST_CLIENTS];

static void add_label(labels *l, label made)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < l->n; i++)
        if (l->of[i].clock <= made.clock && l->of[i].metres <= made.metres)
            return;
    for (uint32_t i = 0; i < l->n; i++)
        if (l->of[i].clock < made.clock || l->of[i].metres < made.metres)
            l->of[n++] = l->of[i];
    l->n = n;
    ck_assert_uint_lt(l->n, MOST_LABELS);
    l->of[l->n++] = made;
}

/* From `at` and that label on to client c. */
static bool go_on(const gb_route_problem *p, uint32_t at, label from,
                  uint32_t c, label *to)
{
    const uint32_t there = p->client_location[c];
    const size_t k = (size_t)at * p->n_locations + there;

    to->clock = from.clock + p->profiles->seconds[k];
    to->metres = from.metres + p->profiles->metres[k];
    if (p->client_first_window) {
        const gb_route_window *w = &p->windows[p->client_first_window[c]];

        if (to->clock < w->early_s)
            to->clock = w->early_s;
        if (to->clock > w->late_s)
            return false;
    }
    to->clock += p->client_service_s[c];
    return true;
}

/* Best musts and value; routes end where they began. */
static void solve_by_sets(const gb_route_problem *p, oracle_best *best)
{
    const gb_route_vehicle *v = &p->vehicles[0];
    const uint32_t n = p->n_clients;

    memset(best, 0, sizeof *best);
    memset(TABLE, 0, sizeof *TABLE << n);
    for (uint32_t c = 0; c < n; c++) {
        label to;

        best->n_musts_unserved += p->client_must[c];
        if (go_on(p, v->start_location, (label){ v->shift_start_s, 0 }, c,
                  &to))
            add_label(&TABLE[1u << c][c], to);
    }
    for (uint32_t set = 1; set < 1u << n; set++) {
        int64_t load = 0, prize = 0;
        uint32_t n_musts_left = 0;

        for (uint32_t c = 0; c < n; c++) {
            const bool is_in = set >> c & 1;

            load += is_in && p->n_loads ? p->client_load[c] : 0;
            prize += is_in ? p->client_prize[c] : 0;
            n_musts_left += !is_in && p->client_must[c];
        }
        if (v->capacity && load > v->capacity[0])
            continue;
        for (uint32_t last = 0; last < n; last++)
            for (uint32_t i = 0; i < TABLE[set][last].n; i++) {
                const label from = TABLE[set][last].of[i];
                const uint32_t at = p->client_location[last];
                const size_t k
                    = (size_t)at * p->n_locations + v->end_location;
                const int64_t value = 1000 * (prize - v->fixed_cost)
                    - v->cost_per_m_milli
                        * (from.metres + p->profiles->metres[k]);
                label to;

                if (from.clock + p->profiles->seconds[k] <= v->shift_end_s
                    && (n_musts_left < best->n_musts_unserved
                        || (n_musts_left == best->n_musts_unserved
                            && value > best->value_milli))) {
                    best->n_musts_unserved = n_musts_left;
                    best->value_milli = value;
                }
                for (uint32_t c = 0; c < n; c++)
                    if (!(set >> c & 1) && go_on(p, at, from, c, &to))
                        add_label(&TABLE[set | 1u << c][c], to);
            }
    }
}

static const case_family FAMILIES[]
    = { CASE_CVRP, CASE_VRPTW, CASE_PCVRPTW, CASE_TOPTW, CASE_HFVRP };
enum { N_FAMILIES = sizeof FAMILIES / sizeof *FAMILIES };

START_TEST(a_single_route_is_as_good_as_dynamic_programming_makes_it)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(12);

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed
            = test_seed() + 1000 * (uint64_t)_i + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        const route_case_size size
            = { 8 + (uint32_t)base_rng_below(&rng, MOST_CLIENTS - 7), 1, 0 };
        static route_case it;
        static oracle_best best;

        route_case_make_plain(&it, FAMILIES[_i], size, route_draw_random,
                              &rng);
        solve_by_sets(&it.problem, &best);
        ck_assert(route_hold_to_best(ctx, &it.problem, &best, "one route",
                                     seed));
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(dynamic_programming_finds_what_all_orders_find)
{
    const int n_cases = test_cases(12);

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed
            = test_seed() + 1000 * (uint64_t)(_i + 50) + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        const route_case_size size
            = { 1 + (uint32_t)base_rng_below(&rng, 6), 1, 0 };
        static route_case it;
        static oracle_best best, other;

        route_case_make_plain(&it, FAMILIES[_i], size, route_draw_random,
                              &rng);
        solve_by_sets(&it.problem, &best);
        oracle_solve(&it.problem, &other);
        ck_assert_uint_eq(best.n_musts_unserved, other.n_musts_unserved);
        ck_assert_int_eq(best.value_milli, other.value_milli);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_single");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, dynamic_programming_finds_what_all_orders_find, 0,
                        N_FAMILIES);
    tcase_add_loop_test(
        tc, a_single_route_is_as_good_as_dynamic_programming_makes_it, 0,
        N_FAMILIES);
    return suite;
}
