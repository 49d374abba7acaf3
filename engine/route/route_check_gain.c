/*
 * route_check_gain.c - the certificate: can a left-out client be put into a
 * route at a gain?  Each gap of each route is tried by driving the route with
 * it; what the whole solution forbids (groups, bundles, what comes after whom)
 * is asked before.
 */
#include "route_check.h"

#include <inttypes.h>
#include <string.h>

int64_t check_balance(const gb_route_problem *p, const int64_t *field)
{
    int64_t longest = -1, shortest = INT64_MAX;

    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        if (field[v] < 0)
            continue;
        if (field[v] > longest)
            longest = field[v];
        if (field[v] < shortest)
            shortest = field[v];
    }
    if (longest < 0)
        return 0;
    return p->longest_per_s_milli * longest
        + p->spread_per_s_milli * (longest - shortest);
}

static uint32_t group_of(const gb_route_problem *p, uint32_t c)
{
    return p->client_group ? p->client_group[c] : GB_ROUTE_NONE;
}

/* One more visit on that day: is it still a pattern of the bundle? */
static bool day_is_free(const check *k, uint32_t v, uint32_t c)
{
    const gb_route_problem *p = k->problem;
    const uint32_t b
        = p->client_bundle ? p->client_bundle[c] : GB_ROUTE_NONE;
    const uint64_t day = UINT64_C(1) << check_vehicle_of(p, v).day;

    if (b == GB_ROUTE_NONE)
        return true;
    if (k->bundle_days[b] & day)
        return false;
    for (uint32_t i = p->bundle_first_pattern[b];
         i < p->bundle_first_pattern[b + 1]; i++)
        if (p->patterns[i] == (k->bundle_days[b] | day))
            return true;
    return false;
}

/* The gaps of the vehicle's route that are between those that come before the
   client and those that come after it; false: there are none. */
static bool find_gaps(const check *k, uint32_t v, uint32_t c, uint32_t *from,
                      uint32_t *to)
{
    const uint32_t *after = k->problem->client_after;

    if (!after)
        return true;
    if (after[c] != GB_ROUTE_NONE
        && k->vehicle_of[after[c]] != GB_ROUTE_NONE) {
        if (k->vehicle_of[after[c]] != v)
            return false;
        if (*from <= k->item_of[after[c]])
            *from = k->item_of[after[c]] + 1;
    }
    for (uint32_t b = 0; b < k->problem->n_clients; b++)
        if (after[b] == c && k->vehicle_of[b] != GB_ROUTE_NONE) {
            if (k->vehicle_of[b] != v)
                return false;
            if (*to > k->item_of[b])
                *to = k->item_of[b];
        }
    return *from <= *to;
}

static bool wins_a_must(const check *k, const check_drive *d, uint32_t c,
                        bool is_used)
{
    const gb_route_problem *p = k->problem;
    const uint32_t g = group_of(p, c);

    return (p->client_must && p->client_must[c])
        || (g != GB_ROUTE_NONE && p->group_must && p->group_must[g])
        || (d->vehicle.must_use && !is_used);
}

static void try_gaps(check *k, uint32_t v, uint32_t n,
                     const gb_route_totals *t, uint32_t c)
{
    const gb_route_problem *p = k->problem;
    check_drive d = { .problem = p,
                      .vehicle = check_vehicle_of(p, v),
                      .visits = k->visits,
                      .more = k->more };
    const bool is_wanted = wins_a_must(k, &d, c, t->n_items > 0);
    const int64_t balance = check_balance(p, k->field);
    uint32_t from = t->n_frozen, to = n;

    if (!find_gaps(k, v, c, &from, &to))
        return;
    for (uint32_t gap = from; gap <= to; gap++) {
        const int64_t field = k->field[v];
        check_figures f;
        int64_t gain;

        memcpy(k->trial, k->items, gap * sizeof *k->trial);
        k->trial[gap] = c;
        memcpy(k->trial + gap + 1, k->items + gap,
               (n - gap) * sizeof *k->trial);
        if (!check_drive_route(&d, k->trial, n + 1, &f))
            continue;
        k->field[v] = f.field;
        gain = f.value_milli - t->value_milli - check_balance(p, k->field)
            + balance;
        k->field[v] = field;
        if (is_wanted || gain > 0)
            check_note(k->findings,
                       "client %" PRIu32 " could be served by vehicle %" PRIu32
                       " before item %" PRIu32 ", for %" PRId64 " more",
                       c, v, gap, gain);
    }
}

/* The route as it is, or the breaks of a vehicle that stays at home. */
static uint32_t list_items(check *k, uint32_t v, const gb_route_totals *t)
{
    const uint32_t n_breaks = check_vehicle_of(k->problem, v).n_breaks;

    for (uint32_t i = 0; i < t->n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(k->solution, v, i, &stop);
        k->items[i] = stop.kind == GB_ROUTE_STOP_BREAK
            ? GB_ROUTE_BREAK(stop.client)
            : stop.client;
    }
    if (t->n_items > 0)
        return t->n_items;
    for (uint32_t b = 0; b < n_breaks; b++)
        k->items[b] = GB_ROUTE_BREAK(b);
    return n_breaks;
}

void check_certificate(check *k)
{
    const gb_route_problem *p = k->problem;

    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        gb_route_totals t = { .size = sizeof t };
        uint32_t n;

        (void)gb_route_solution_totals(k->solution, v, &t);
        if (t.n_items == 0 && t.n_frozen > 0)
            continue; /* which breaks are frozen is not told */
        n = list_items(k, v, &t);
        for (uint32_t c = 0; c < p->n_clients; c++) {
            const uint32_t g = group_of(p, c);

            if (k->vehicle_of[c] == GB_ROUTE_NONE && check_may_serve(p, v, c)
                && (g == GB_ROUTE_NONE || k->group_client[g] == GB_ROUTE_NONE)
                && day_is_free(k, v, c))
                try_gaps(k, v, n, &t, c);
        }
    }
}
