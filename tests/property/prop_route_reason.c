/*
 * Why a client is not served is true: relaxing the named constraint by the
 * mend makes the client possible, by one less does not.  What is possible is
 * asked of the oracle (route_oracle.h), which shares no code with the search.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <gridbeat/route.h>

enum { N_CONSTRAINTS = GB_ROUTE_CONSTRAINT_PATTERN + 1 };

typedef struct asked {
    route_case *it;
    const gb_route_reason *reason;
    uint64_t seed;
} asked;

static bool is_possible_with(const route_case *it, uint32_t v, uint32_t c)
{
    const uint32_t n_breaks = it->vehicles[v].n_breaks;
    gb_route_problem alone = it->problem;
    uint32_t items[8], first = 0, n;
    oracle_route route;

    alone.client_bundle = NULL;
    alone.n_bundles = 0;

    /* Two breaks at most: in all orders, before and behind. */
    for (uint32_t turned = 0; turned <= (n_breaks == 2); turned++)
        for (first = 0; first <= n_breaks; first++) {
            n = 0;
            for (uint32_t k = 0; k <= n_breaks; k++) {
                if (k == first)
                    items[n++] = c;
                if (k < n_breaks)
                    items[n++]
                        = GB_ROUTE_BREAK(turned ? n_breaks - 1 - k : k);
            }
            if (oracle_drive(&alone, v, items, n, &route))
                return true;
        }
    return false;
}

static bool is_possible(const route_case *it, uint32_t c)
{
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
        if (is_possible_with(it, v, c))
            return true;
    return false;
}

static int n_bits(uint64_t bits)
{
    int n = 0;

    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

/* Relax the constraint in the problem itself; false: not of that kind. */
static bool relax(route_case *it, int32_t constraint, uint32_t v, uint32_t c,
                  uint32_t load, int64_t more)
{
    gb_route_vehicle *vehicle = &it->vehicles[v];

    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        if (!it->problem.client_first_window
            || it->first_window[c] == it->first_window[c + 1])
            return false;
        it->windows[it->first_window[c + 1] - 1].late_s += (int32_t)more;
        return true;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        vehicle->shift_end_s += (int32_t)more;
        return true;
    case GB_ROUTE_CONSTRAINT_DURATION:
        if (vehicle->max_duration_s)
            vehicle->max_duration_s += (int32_t)more;
        return vehicle->max_duration_s > 0;
    case GB_ROUTE_CONSTRAINT_BREAK:
        for (uint32_t k = 0; k < vehicle->n_breaks; k++)
            it->breaks[v][k].late_s += (int32_t)more;
        return vehicle->n_breaks > 0;
    case GB_ROUTE_CONSTRAINT_TRAVEL:
        if (vehicle->max_travel_s)
            vehicle->max_travel_s += (int32_t)more;
        return vehicle->max_travel_s > 0;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        if (vehicle->max_distance_m)
            vehicle->max_distance_m += more;
        return vehicle->max_distance_m > 0;
    case GB_ROUTE_CONSTRAINT_LOAD:
        if (!vehicle->capacity)
            return false;
        it->capacity[v][load] += more;
        return true;
    case GB_ROUTE_CONSTRAINT_RELEASE:
        if (!it->problem.client_release_s)
            return false;
        it->release_s[c] -= (int32_t)more;
        return true;
    default:
        return false;
    }
}

static void hold_number(const asked *a)
{
    const gb_route_reason *r = a->reason;

    ck_assert_msg(r->mend > 0, "seed %llu: client %u, %s: no mend",
                  (unsigned long long)a->seed, r->client,
                  gb_route_constraint_name(r->constraint));
    ck_assert(relax(a->it, r->constraint, r->vehicle, r->client, r->load,
                    r->mend));
    ck_assert_msg(is_possible_with(a->it, r->vehicle, r->client),
                  "seed %llu: client %u, %s of vehicle %u: %lld do not mend "
                  "it",
                  (unsigned long long)a->seed, r->client,
                  gb_route_constraint_name(r->constraint), r->vehicle,
                  (long long)r->mend);
    (void)relax(a->it, r->constraint, r->vehicle, r->client, r->load, -1);
    ck_assert_msg(!is_possible_with(a->it, r->vehicle, r->client),
                  "seed %llu: client %u, %s of vehicle %u: %lld are more than "
                  "it takes",
                  (unsigned long long)a->seed, r->client,
                  gb_route_constraint_name(r->constraint), r->vehicle,
                  (long long)r->mend);
    (void)relax(a->it, r->constraint, r->vehicle, r->client, r->load,
                1 - r->mend);
    if (r->constraint == GB_ROUTE_CONSTRAINT_RELEASE)
        ck_assert_int_eq(r->limit - r->needed, r->mend);
    else if (r->constraint != GB_ROUTE_CONSTRAINT_BREAK)
        ck_assert_int_eq(r->needed - r->limit, r->mend);
}

static void hold_skills(const asked *a)
{
    const gb_route_reason *r = a->reason;
    gb_route_vehicle *vehicle = &a->it->vehicles[r->vehicle];
    const uint64_t had = vehicle->skills;

    ck_assert((uint64_t)r->mend
              == (a->it->skills[r->client] & ~vehicle->skills));
    vehicle->skills |= (uint64_t)r->mend;
    ck_assert(is_possible_with(a->it, r->vehicle, r->client));
    for (uint64_t rest = (uint64_t)r->mend; rest; rest &= rest - 1) {
        vehicle->skills
            = (had | (uint64_t)r->mend) & ~(rest & (~rest + 1));
        ck_assert(!is_possible_with(a->it, r->vehicle, r->client));
    }
    vehicle->skills = had;
}

static bool is_cut(const route_case *it, uint32_t v, uint32_t from,
                   uint32_t to)
{
    return from != GB_ROUTE_NONE && to != GB_ROUTE_NONE
        && it->problem.profiles[it->vehicles[v].profile]
                .seconds[from * it->problem.n_locations + to]
        == GB_ROUTE_UNREACHABLE;
}

/* With a way of no length where there is none. */
static void hold_way(const asked *a)
{
    const uint32_t v = a->reason->vehicle, c = a->reason->client;
    gb_route_vehicle *vehicle = &a->it->vehicles[v];
    const gb_route_vehicle had = *vehicle;
    const uint32_t at = a->it->location[c];

    ck_assert(is_cut(a->it, v, had.start_location, at)
              || is_cut(a->it, v, at, had.end_location));
    if (is_cut(a->it, v, had.start_location, at))
        vehicle->start_location = GB_ROUTE_NONE;
    if (is_cut(a->it, v, at, had.end_location))
        vehicle->end_location = GB_ROUTE_NONE;
    ck_assert(is_possible_with(a->it, v, c));
    *vehicle = had;
}

/* None of them alone mends it, with any vehicle. */
static void hold_several(const asked *a)
{
    static const int32_t all[]
        = { GB_ROUTE_CONSTRAINT_WINDOW,   GB_ROUTE_CONSTRAINT_SHIFT,
            GB_ROUTE_CONSTRAINT_DURATION, GB_ROUTE_CONSTRAINT_BREAK,
            GB_ROUTE_CONSTRAINT_TRAVEL,   GB_ROUTE_CONSTRAINT_DISTANCE,
            GB_ROUTE_CONSTRAINT_RELEASE,  GB_ROUTE_CONSTRAINT_LOAD };
    const uint32_t c = a->reason->client;

    for (uint32_t v = 0; v < a->it->problem.n_vehicles; v++) {
        gb_route_vehicle *vehicle = &a->it->vehicles[v];
        const uint64_t had = vehicle->skills;

        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            for (uint32_t load = 0; load < CASE_LOADS; load++) {
                if (!relax(a->it, all[k], v, c, load, 1000000))
                    continue;
                ck_assert_msg(!is_possible_with(a->it, v, c),
                              "seed %llu: client %u: %s alone mends it",
                              (unsigned long long)a->seed, c,
                              gb_route_constraint_name(all[k]));
                (void)relax(a->it, all[k], v, c, load, -1000000);
            }
        vehicle->skills = UINT64_MAX;
        ck_assert_msg(!is_possible_with(a->it, v, c),
                      "seed %llu: client %u: skills alone mend it",
                      (unsigned long long)a->seed, c);
        vehicle->skills = had;
    }
}

static void hold_pattern(const asked *a)
{
    const gb_route_reason *r = a->reason;
    const uint32_t b = a->it->bundle[r->client];
    uint64_t days = 0;
    int n_visits = 0;

    ck_assert_uint_ne(b, GB_ROUTE_NONE);
    for (uint32_t c = 0; c < a->it->problem.n_clients; c++)
        n_visits += a->it->bundle[c] == b;
    for (uint32_t v = 0; v < a->it->problem.n_vehicles; v++)
        if (is_possible_with(a->it, v, r->client))
            days |= UINT64_C(1) << a->it->vehicles[v].day;
    for (uint32_t i = a->it->first_pattern[b]; i < a->it->first_pattern[b + 1];
         i++)
        ck_assert((a->it->patterns[i] & ~days) != 0
                  || n_bits(a->it->patterns[i]) > n_visits);
    ck_assert_msg(r->mend != 0 && ((uint64_t)r->mend & ~days) == 0, "seed %llu: client %u, bundle %u: %llx, days %llx told %llx, visits %d, patterns %u %llx", (unsigned long long)a->seed, r->client, b, (long long)r->mend, (long long)days, (long long)r->limit, n_visits, a->it->first_pattern[b+1]-a->it->first_pattern[b], (long long)a->it->patterns[a->it->first_pattern[b]]);
    ck_assert_int_le(n_bits((uint64_t)r->mend), n_visits);
}

static void hold(asked *a, int *n)
{
    const gb_route_reason *r = a->reason;
    const bool possible = is_possible(a->it, r->client);

    if (r->kind != GB_ROUTE_REASON_IMPOSSIBLE) {
        ck_assert_msg(possible, "seed %llu: client %u is impossible alone",
                      (unsigned long long)a->seed, r->client);
        return;
    }
    n[r->constraint]++;
    if (r->constraint == GB_ROUTE_CONSTRAINT_PATTERN) {
        hold_pattern(a);
        return;
    }
    ck_assert_msg(!possible, "seed %llu: client %u is possible alone, not %s",
                  (unsigned long long)a->seed, r->client,
                  gb_route_constraint_name(r->constraint));
    switch (r->constraint) {
    case GB_ROUTE_CONSTRAINT_VEHICLE:
        ck_assert_uint_eq(a->it->first_allowed[r->client],
                          a->it->first_allowed[r->client + 1]);
        break;
    case GB_ROUTE_CONSTRAINT_SKILLS:
        hold_skills(a);
        break;
    case GB_ROUTE_CONSTRAINT_UNREACHABLE:
        hold_way(a);
        break;
    case GB_ROUTE_CONSTRAINT_SEVERAL:
        hold_several(a);
        break;
    default:
        hold_number(a);
    }
}

/* Limits that are often too tight for a client alone. */
static void tighten(route_case *it, base_rng *rng)
{
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++) {
        gb_route_vehicle *vehicle = &it->vehicles[v];

        if (base_rng_below(rng, 4) == 0)
            vehicle->max_travel_s = 300 + (int32_t)base_rng_below(rng, 2500);
        if (base_rng_below(rng, 4) == 0)
            vehicle->max_distance_m
                = 300 + (int64_t)base_rng_below(rng, 2500);
        if (vehicle->capacity && base_rng_below(rng, 2))
            it->capacity[v][base_rng_below(rng, it->problem.n_loads)]
                = (int64_t)base_rng_below(rng, 8);
        if (base_rng_below(rng, 2))
            vehicle->skills = 0;
        if (base_rng_below(rng, 4) == 0)
            vehicle->shift_end_s -= (int32_t)base_rng_below(
                rng, (uint64_t)(vehicle->shift_end_s
                                - vehicle->shift_start_s));
    }
    for (uint32_t c = 0; it->problem.client_release_s
         && !it->problem.client_bundle && c < it->problem.n_clients;
         c++)
        if (base_rng_below(rng, 3) == 0)
            it->release_s[c] += 6000;
}

START_TEST(relaxing_the_named_constraint_and_no_other_makes_it_possible)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(3000);
    int n[N_CONSTRAINTS] = { 0 };
    static const int32_t seen[]
        = { GB_ROUTE_CONSTRAINT_VEHICLE,  GB_ROUTE_CONSTRAINT_UNREACHABLE,
            GB_ROUTE_CONSTRAINT_WINDOW,   GB_ROUTE_CONSTRAINT_SHIFT,
            GB_ROUTE_CONSTRAINT_DURATION, GB_ROUTE_CONSTRAINT_BREAK,
            GB_ROUTE_CONSTRAINT_SEVERAL,  GB_ROUTE_CONSTRAINT_SKILLS,
            GB_ROUTE_CONSTRAINT_LOAD,     GB_ROUTE_CONSTRAINT_DISTANCE,
            GB_ROUTE_CONSTRAINT_TRAVEL,   GB_ROUTE_CONSTRAINT_RELEASE,
            GB_ROUTE_CONSTRAINT_PATTERN };

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        gb_route_options options = GB_ROUTE_OPTIONS_INIT;
        gb_route_reason reason = { .size = sizeof reason };
        gb_route_solution *solution;
        route_case_size size;
        static route_case it;

        size.n_clients = (uint32_t)base_rng_between(&rng, 1, 8);
        size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, 3);
        size.features
            = (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1)
            & ~(uint32_t)CASE_HAS_BANDS;
        route_case_make(&it, size, route_draw_random, &rng);
        tighten(&it, &rng);
        options.max_iterations = 20;
        options.seed = seed;
        ck_assert_msg(gb_route_solve(ctx, &it.problem, &options, &solution)
                          == GB_OK,
                      "seed %llu: %s", (unsigned long long)seed,
                      gb_last_error(ctx));
        for (uint32_t k = 0; gb_route_solution_reason(solution, k, &reason);
             k++) {
            asked a = { &it, &reason, seed };

            ck_assert(reason.kind != GB_ROUTE_REASON_NONE);
            hold(&a, n);
        }
        gb_route_solution_free(solution);
    }
    for (size_t k = 0; k < sizeof seen / sizeof *seen; k++)
        ck_assert_msg(n[seen[k]] > 0, "%s was never the reason",
                      gb_route_constraint_name(seen[k]));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_reason");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 300);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc,
                   relaxing_the_named_constraint_and_no_other_makes_it_possible);
    return suite;
}
