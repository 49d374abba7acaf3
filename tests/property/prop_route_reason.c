/*
 * Why a client is not served is true: relaxing the named constraint by the
 * mend makes the client possible, by one less does not.  What is possible is
 * asked of the oracle (route_oracle.h), which shares no code with the search.
 */
#include "base_rng.h"
#include "route_hold.h"

#include <gridbeat/route_reason.h>

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

/* As the header ranks them: seconds, metres, load. */
static int rank_of(int32_t constraint)
{
    return constraint == GB_ROUTE_CONSTRAINT_DISTANCE ? 1
        : constraint == GB_ROUTE_CONSTRAINT_LOAD      ? 2
                                                      : 0;
}

/* No other vehicle and no other constraint of the same or a lower rank is
 * mended by less. */
static void hold_least(const asked *a)
{
    static const int32_t all[]
        = { GB_ROUTE_CONSTRAINT_WINDOW,   GB_ROUTE_CONSTRAINT_SHIFT,
            GB_ROUTE_CONSTRAINT_DURATION, GB_ROUTE_CONSTRAINT_BREAK,
            GB_ROUTE_CONSTRAINT_TRAVEL,   GB_ROUTE_CONSTRAINT_RELEASE,
            GB_ROUTE_CONSTRAINT_DISTANCE, GB_ROUTE_CONSTRAINT_LOAD };
    const gb_route_reason *r = a->reason;

    for (uint32_t v = 0; v < a->it->problem.n_vehicles; v++)
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            for (uint32_t load = 0; load < CASE_LOADS; load++) {
                const int64_t less = rank_of(all[k]) < rank_of(r->constraint)
                    ? 1000000
                    : r->mend - 1;

                if (rank_of(all[k]) > rank_of(r->constraint)
                    || !relax(a->it, all[k], v, r->client, load, less))
                    continue;
                ck_assert_msg(!is_possible_with(a->it, v, r->client),
                              "seed %llu: client %u, %s of vehicle %u: %lld, "
                              "but %s of %u is mended by less",
                              (unsigned long long)a->seed, r->client,
                              gb_route_constraint_name(r->constraint),
                              r->vehicle, (long long)r->mend,
                              gb_route_constraint_name(all[k]), v);
                (void)relax(a->it, all[k], v, r->client, load, -less);
            }
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
    ck_assert_msg(r->mend != 0 && ((uint64_t)r->mend & ~days) == 0,
                  "seed %llu: client %u, bundle %u, %d visits: %llx told, "
                  "days %llx",
                  (unsigned long long)a->seed, r->client, b, n_visits,
                  (long long)r->mend, (long long)days);
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
        hold_least(a);
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
            = (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1);
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

/* --- why the served are served as they are --- */

enum { MOST_ITEMS = CASE_CLIENTS + 8 * CASE_VEHICLES };

/* The plan without client c, or with it before an item of v. */
static gb_route_solution *drive(gb_context *ctx, const route_case *it,
                                const uint32_t *first, const uint32_t *items,
                                uint32_t c, uint32_t v, uint32_t position)
{
    uint32_t new_first[CASE_VEHICLES + 1], new_items[MOST_ITEMS], n = 0;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution = NULL;

    for (uint32_t w = 0; w < it->problem.n_vehicles; w++) {
        uint32_t at = 0;

        new_first[w] = n;
        for (uint32_t i = first[w]; i <= first[w + 1]; i++) {
            if (i < first[w + 1] && items[i] == c)
                continue;
            if (w == v && at == position)
                new_items[n++] = c;
            at++;
            if (i < first[w + 1])
                new_items[n++] = items[i];
        }
    }
    new_first[it->problem.n_vehicles] = n;
    order.first = new_first;
    order.items = new_items;
    return gb_route_evaluate(ctx, &it->problem, &order, &solution) ? NULL
                                                                   : solution;
}

static void consider(const gb_route_solution *with, uint32_t c,
                     const gb_route_served_reason *now, int64_t value_milli,
                     uint32_t n_slots, const route_case *it, int64_t *best)
{
    const gb_route_summary sum = route_summary_of(with);
    gb_route_stop stop = { .size = sizeof stop };
    uint32_t v, item;
    int kind = 2;

    (void)gb_route_solution_find(with, c, &v, &item);
    if (v == GB_ROUTE_NONE)
        return; /* no such position without it */
    (void)gb_route_solution_stop(with, v, item, &stop);
    if (v == now->vehicle)
        kind = 0;
    else if (it->vehicles[v].day == now->day)
        kind = 1;
    if (kind == 0
        && (n_slots ? stop.slot == now->slot
                    : abs(stop.start_s - now->start_s) < 1800))
        return;
    if (sum.value_milli - value_milli > best[kind])
        best[kind] = sum.value_milli - value_milli;
}

static void hold_other(const gb_route_alternative *other, int64_t best,
                       const char *what, uint64_t seed, uint32_t c)
{
    ck_assert_msg(other->is_possible == (best > INT64_MIN),
                  "seed %llu, client %u: %s is%s possible",
                  (unsigned long long)seed, c, what,
                  best > INT64_MIN ? "" : " not");
    if (other->is_possible)
        ck_assert_msg(other->change_milli == best,
                      "seed %llu, client %u: %s changes %lld, not %lld",
                      (unsigned long long)seed, c, what, (long long)best,
                      (long long)other->change_milli);
}

static void hold_served(gb_context *ctx, const route_case *it,
                        const gb_route_solution *now, uint64_t seed, int *n)
{
    const gb_route_summary sum = route_summary_of(now);
    uint32_t first[CASE_VEHICLES + 1], items[MOST_ITEMS];
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    size_t needed;

    assert_ok(ctx, gb_route_solution_order(now, first, items, MOST_ITEMS,
                                           &needed));
    order.first = first;
    order.items = items;
    for (uint32_t c = 0; c < it->problem.n_clients; c++) {
        gb_route_served_reason r = { .size = sizeof r };
        int64_t best[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
        gb_route_solution *without;

        assert_ok(ctx, gb_route_explain_served(ctx, &it->problem, &order, &c,
                                               1, &r));
        if (r.vehicle == GB_ROUTE_NONE)
            continue;
        without = drive(ctx, it, first, items, c, GB_ROUTE_NONE, 0);
        if (!without)
            continue; /* the others need its stop */
        ck_assert(r.left_out.is_possible);
        ck_assert_int_eq(r.left_out.change_milli,
                         route_summary_of(without).value_milli
                             - sum.value_milli);
        gb_route_solution_free(without);
        for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
            for (uint32_t p = 0; p <= first[v + 1] - first[v]; p++) {
                gb_route_solution *with
                    = drive(ctx, it, first, items, c, v, p);

                if (!with)
                    continue;
                consider(with, c, &r, sum.value_milli, it->problem.n_slots,
                         it, best);
                gb_route_solution_free(with);
            }
        hold_other(&r.other_time, best[0], "another time", seed, c);
        hold_other(&r.other_vehicle, best[1], "another manager", seed, c);
        hold_other(&r.other_day, best[2], "another day", seed, c);
        *n += r.other_vehicle.is_possible + r.other_time.is_possible;
    }
}

START_TEST(the_next_best_place_of_a_served_client_is_told_to_the_unit)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(150);
    int n = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 50000 + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        gb_route_solution *solution;
        route_case_size size;
        static route_case it;

        size.n_clients = (uint32_t)base_rng_between(&rng, 2, 12);
        size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, 4);
        size.features
            = (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1)
            & ~(uint32_t)(CASE_HAS_BUNDLES | CASE_HAS_BANDS
                          | CASE_HAS_MUST_USE);
        route_case_make(&it, size, route_draw_random, &rng);
        /* Breaks that are put anew by each drive are another question. */
        for (uint32_t v = 0; v < size.n_vehicles; v++)
            it.vehicles[v].n_breaks = 0;
        solution = route_hold_solve(ctx, &it.problem, 40, "served", seed);
        hold_served(ctx, &it, solution, seed, &n);
        gb_route_solution_free(solution);
    }
    ck_assert_int_gt(n, n_cases / 2);
    gb_context_free(ctx);
}
END_TEST

/* --- crowded out, or not worth it --- */

/*
 * The plan with c before an item of v, and the items [first_out, behind_out)
 * of v gone but for breaks; NULL: cannot be driven.
 */
static gb_route_solution *replace(gb_context *ctx, const route_case *it,
                                  const uint32_t *first,
                                  const uint32_t *items, uint32_t c,
                                  uint32_t v, uint32_t first_out,
                                  uint32_t n_out)
{
    uint32_t new_first[CASE_VEHICLES + 1], new_items[MOST_ITEMS], n = 0;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution = NULL;

    for (uint32_t w = 0; w < it->problem.n_vehicles; w++) {
        const uint32_t n_items = first[w + 1] - first[w];

        new_first[w] = n;
        for (uint32_t i = 0; i <= n_items; i++) {
            if (w == v && i == first_out)
                new_items[n++] = c;
            if (i == n_items)
                break;
            if (w != v || i < first_out || i >= first_out + n_out
                || (items[first[w] + i] & GB_ROUTE_BREAK(0)))
                new_items[n++] = items[first[w] + i];
        }
    }
    new_first[it->problem.n_vehicles] = n;
    order.first = new_first;
    order.items = new_items;
    return gb_route_evaluate(ctx, &it->problem, &order, &solution) ? NULL
                                                                   : solution;
}

static bool is_client(uint32_t item)
{
    return !(item & GB_ROUTE_BREAK(0));
}

/* The best change by c in place of one client, or in a gap; false: none. */
static bool best_of_all(gb_context *ctx, const route_case *it,
                        const gb_route_solution *now, const uint32_t *first,
                        const uint32_t *items, uint32_t c, uint32_t n_out,
                        int64_t *best)
{
    const int64_t value_milli = route_summary_of(now).value_milli;
    bool is_found = false;

    for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
        for (uint32_t i = 0; i + n_out <= first[v + 1] - first[v]; i++) {
            gb_route_solution *with;
            int64_t change;

            if (n_out && !is_client(items[first[v] + i]))
                continue;
            with = replace(ctx, it, first, items, c, v, i, n_out);
            if (!with)
                continue;
            change = route_summary_of(with).value_milli - value_milli;
            if (!is_found || change > *best)
                *best = change;
            is_found = true;
            gb_route_solution_free(with);
        }
    return is_found;
}

static void hold_crowded(gb_context *ctx, const route_case *it,
                         const gb_route_solution *now,
                         const gb_route_reason *r, uint64_t seed, int *n)
{
    uint32_t first[CASE_VEHICLES + 1], items[MOST_ITEMS];
    int64_t best = 0;
    size_t needed;
    bool is_found;

    assert_ok(ctx, gb_route_solution_order(now, first, items, MOST_ITEMS,
                                           &needed));
    is_found = best_of_all(ctx, it, now, first, items, r->client, 0, &best);
    ck_assert_msg(is_found == (r->kind == GB_ROUTE_REASON_UNPROFITABLE),
                  "seed %llu: client %u fits into %s gap",
                  (unsigned long long)seed, r->client, is_found ? "a" : "no");
    if (!is_found) {
        is_found = best_of_all(ctx, it, now, first, items, r->client, 1,
                               &best);
        ck_assert_msg(is_found == (r->n_displaced == 1),
                      "seed %llu: client %u can%s replace one",
                      (unsigned long long)seed, r->client,
                      is_found ? "" : "not");
    }
    if (!is_found)
        return;
    ck_assert_msg(best == r->gain_milli,
                  "seed %llu: client %u changes the value by %lld, told %lld",
                  (unsigned long long)seed, r->client, (long long)best,
                  (long long)r->gain_milli);
    n[r->kind]++;
}

START_TEST(who_is_crowded_out_is_told_whose_place_it_would_take_and_at_what_cost)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(400);
    int n[4] = { 0 };

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 70000 + (uint64_t)i;
        base_rng rng = base_rng_seeded(seed);
        gb_route_reason reason = { .size = sizeof reason };
        gb_route_solution *solution;
        route_case_size size;
        static route_case it;

        size.n_clients = (uint32_t)base_rng_between(&rng, 4, 24);
        size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, 4);
        size.features
            = (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1)
            & ~(uint32_t)(CASE_HAS_BUNDLES | CASE_HAS_MUST_USE
                          | CASE_HAS_GROUP_MUST | CASE_HAS_BANDS);
        route_case_make(&it, size, route_draw_random, &rng);
        it.problem.client_must = NULL;
        /* Breaks that are put anew by each drive are another question. */
        for (uint32_t v = 0; v < size.n_vehicles; v++)
            it.vehicles[v].n_breaks = 0;
        solution = route_hold_solve(ctx, &it.problem, 30, "crowded", seed);
        for (uint32_t k = 0; gb_route_solution_reason(solution, k, &reason);
             k++)
            if (reason.kind == GB_ROUTE_REASON_CROWDED_OUT
                || reason.kind == GB_ROUTE_REASON_UNPROFITABLE)
                hold_crowded(ctx, &it, solution, &reason, seed, n);
        gb_route_solution_free(solution);
    }
    ck_assert_int_gt(n[GB_ROUTE_REASON_CROWDED_OUT], n_cases / 4);
    ck_assert_int_gt(n[GB_ROUTE_REASON_UNPROFITABLE], n_cases / 20);
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
    tcase_add_test(tc,
                   the_next_best_place_of_a_served_client_is_told_to_the_unit);
    tcase_add_test(
        tc,
        who_is_crowded_out_is_told_whose_place_it_would_take_and_at_what_cost);
    return suite;
}
