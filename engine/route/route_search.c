/*
 * route_search.c - see route_search.h.
 */
#include "route_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

/*
 * MOST_STRING and the first temperature (route_search_begin) were chosen on
 * managers' weeks, branch days and nights of synthetic banks, at 6,000 to
 * 10,000 iterations: a first temperature of .8, .3, .2, .1 and .05 of a
 * client's mean value gave sums of 1,700 to 1,719 thousand, .2 the most;
 * strings of 4, 6 and 10 differed by less than two seeds do.  Without
 * route_replace() all were 1 to 5 % worse.  Within the habit, where the price
 * of the way divides the plans, .4 is better than .2 and .1: 12,737, 12,691
 * and 12,713 points net, 15 days of managers, 4,000 iterations, three seeds.
 *
 * Where routes are rebuilt (route_beam.h) other figures are better, for what
 * long strings and cold are good for is then done otherwise: six drawn days of
 * 6 managers and 150 clients, 20,000 iterations, two seeds, gave a mean of
 * 3,790 points without, 3,837 with it, 3,864 with .4 and strings of 3, and
 * 3,881 when time counts .3 instead of .1 (energy()).
 */
enum {
    MOST_STRING = 6,  /* clients taken out of a route at a time */
    MOST_HOURLY_STRING = 3, /* the same where routes are rebuilt, too */
    BLINKS_OF_1024 = 10,
    FORCED_OF_64 = 16 /* see draw_seed() */
};

/* --- life --- */

bool route_search_init(route_search *search, const route_data *data,
                       const route_guide *guide, uint64_t seed,
                       uint64_t number)
{
    uint32_t longest = 0;

    memset(search, 0, sizeof *search);
    search->data = data;
    search->guide = guide;
    search->rng = base_rng_stream(seed, number);
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (data->vehicles[v].most_items > longest)
            longest = data->vehicles[v].most_items;
    search->touched = base_alloc_zeroed(data->mem, data->n_vehicles, 1);
    search->is_stale = base_alloc_zeroed(data->mem, data->n_vehicles, 1);
    search->touched_list = base_alloc_array(data->mem, data->n_vehicles,
                                            sizeof *search->touched_list);
    search->touched_bits = base_alloc_zeroed(data->mem, data->n_words,
                                             sizeof *search->touched_bits);
    search->changed_at = base_alloc_array(data->mem, data->n_vehicles,
                                          sizeof *search->changed_at);
    search->tried_at = base_alloc_array(data->mem, data->n_vehicles,
                                        sizeof *search->tried_at);
    search->offered = base_alloc_array(data->mem, data->n_clients,
                                       sizeof *search->offered);
    search->is_skipped = base_alloc_zeroed(data->mem, data->n_clients, 1);
    search->order = base_alloc_array(data->mem, data->n_clients,
                                     sizeof *search->order);
    search->unserved = base_alloc_array(data->mem, data->n_clients,
                                        sizeof *search->unserved);
    search->scratch = base_alloc_array(data->mem, (size_t)longest + 1,
                                       sizeof *search->scratch);
    search->other_scratch = base_alloc_array(data->mem, (size_t)longest + 1,
                                             sizeof *search->scratch);
    search->places = base_alloc_array(data->mem, (size_t)longest + 1,
                                      sizeof *search->places);
    if (!search->places || !search->touched || !search->is_stale || !search->touched_list
        || !search->touched_bits || !search->offered || !search->changed_at
        || !search->tried_at || !search->is_skipped || !search->order
        || !search->unserved
        || !search->scratch || !search->other_scratch
        || !route_plan_init(&search->current, data)
        || !route_plan_init(&search->candidate, data)
        || !route_plan_init(&search->best, data)
        || (data->n_vehicles == 1 && !route_plan_init(&search->first, data))
        || (route_beam_suits(data)
            && !route_beam_init(&search->beam, data, guide->near,
                                guide->n_near))) {
        route_search_clear(search);
        return false;
    }
    for (uint32_t c = 0; c < data->n_clients; c++)
        search->order[c] = c;
    base_rng_shuffle(&search->rng, search->order, data->n_clients);
    return true;
}

void route_search_clear(route_search *search)
{
    if (!search->data)
        return;
    route_plan_clear(&search->current);
    route_plan_clear(&search->candidate);
    route_plan_clear(&search->best);
    route_plan_clear(&search->first);
    route_beam_clear(&search->beam);
    base_free(search->data->mem, search->touched);
    base_free(search->data->mem, search->is_stale);
    base_free(search->data->mem, search->touched_list);
    base_free(search->data->mem, search->touched_bits);
    base_free(search->data->mem, search->offered);
    base_free(search->data->mem, search->changed_at);
    base_free(search->data->mem, search->tried_at);
    base_free(search->data->mem, search->is_skipped);
    base_free(search->data->mem, search->order);
    base_free(search->data->mem, search->unserved);
    base_free(search->data->mem, search->places);
    base_free(search->data->mem, search->scratch);
    base_free(search->data->mem, search->other_scratch);
    memset(search, 0, sizeof *search);
}

static uint32_t below(route_search *search, uint32_t bound)
{
    return (uint32_t)base_rng_below(&search->rng, bound);
}

/* --- recreation --- */

/* Who is offered, in that order, beginning at `offset`. */
static void collect(route_search *search, const uint32_t *order,
                    uint32_t offset)
{
    const uint32_t n = search->data->n_clients;
    uint32_t at = offset;

    search->n_offered = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (route_is_offered(search, &search->candidate, order[at]))
            search->offered[search->n_offered++] = order[at];
        if (++at == n)
            at = 0;
    }
}

/*
 * The dearest first, or in any order: where musts fill vehicles to the brim,
 * no single order finds each packing.
 */
static void insert_musts(route_search *search)
{
    const uint32_t *by_prize
        = search->guide->by_prize + search->guide_at;
    bool is_shuffled;
    uint32_t n = 0;

    for (uint32_t i = 0; i < search->data->n_clients
         && search->data->clients[by_prize[i]].n_musts;
         i++)
        if (route_is_offered(search, &search->candidate, by_prize[i]))
            search->offered[n++] = by_prize[i];
    is_shuffled = n > 1 && below(search, 2) != 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t j = is_shuffled ? i + below(search, n - i) : i;
        const uint32_t c = search->offered[j];

        search->offered[j] = search->offered[i];
        if (route_is_offered(search, &search->candidate, c))
            route_insert_best(search, &search->candidate, c,
                              BLINKS_OF_1024);
    }
}

static void insert_near(route_search *search, uint32_t seed_client)
{
    const route_guide *guide = search->guide;
    const uint32_t *near
        = &guide->near[(size_t)seed_client * guide->n_near];

    for (uint32_t i = 0; i < guide->n_near; i++)
        if (route_is_offered(search, &search->candidate, near[i])
            && (base_rng_next(&search->rng) & 1023) >= 200)
            route_insert_best(search, &search->candidate, near[i],
                              BLINKS_OF_1024);
}

/* The client of draw_seed() gets in, whatever it costs. */
static void force_in(route_search *search, uint32_t c)
{
    const bool is_bold = search->is_bold;

    if (!search->is_forced
        || !route_is_offered(search, &search->candidate, c))
        return;
    search->is_bold = true;
    (void)route_insert_best(search, &search->candidate, c, 0);
    search->is_bold = is_bold;
}

/* The order in which clients are offered: drawn anew for each iteration. */
static void recreate(route_search *search, uint32_t seed_client)
{
    const route_data *data = search->data;
    const route_guide *guide = search->guide;
    route_plan *plan = &search->candidate;
    const uint32_t kind = below(search, 8), n = data->n_clients;
    const uint32_t skip = search->is_bold ? 64 * (1 + below(search, 12))
        : kind < 2                         ? 0
                                           : 32u << below(search, 4);
    const uint32_t offset = below(search, n);

    insert_musts(search);
    force_in(search, seed_client);
    if (kind == 1 || kind == 4 || kind == 7)
        insert_near(search, seed_client);
    collect(search,
            kind < 2       ? search->order
                : kind < 5 ? guide->by_density + search->guide_at
                           : guide->by_prize + search->guide_at,
            kind < 2 ? offset : 0);
    for (uint32_t i = 0; i < search->n_offered; i++) {
        const uint32_t c = search->offered[i];

        search->is_skipped[i] = 0;
        if (plan->tour_of[c] != GB_ROUTE_NONE)
            continue; /* a visit of a bundle that came with another */
        if (skip && (base_rng_next(&search->rng) & 1023) < skip)
            search->is_skipped[i] = 1;
        else
            route_insert_best(search, plan, c, BLINKS_OF_1024);
    }
    for (uint32_t i = 0; skip && !search->is_bold && i < search->n_offered;
         i++)
        if (search->is_skipped[i]
            && plan->tour_of[search->offered[i]] == GB_ROUTE_NONE)
            route_insert_best(search, plan, search->offered[i], 0);
    if (kind < 2) /* a little more disorder for the next time */
        for (uint32_t i = 0; i < 4; i++) {
            const uint32_t a = below(search, n), b = below(search, n);
            const uint32_t c = search->order[a];

            search->order[a] = search->order[b];
            search->order[b] = c;
        }
}

/* --- ruin --- */

/* Take items [from, to) out, all but [keep_from, keep_to). */
static bool take_out(route_search *search, uint32_t v, uint32_t from,
                     uint32_t to, uint32_t keep_from, uint32_t keep_to)
{
    route_plan *plan = &search->candidate;
    const route_tour *tour = &plan->tours[v];
    uint32_t n = 0;

    route_touch(search, v);
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (i < from || i >= to || (i >= keep_from && i < keep_to))
            search->scratch[n++] = tour->items[i];
    return route_plan_set(plan, v, search->scratch, n)
        || route_empty(search, plan, v);
}

/* A string of items with client c in it. */
static bool ruin_string(route_search *search, uint32_t v, uint32_t c)
{
    const route_tour *tour = &search->candidate.tours[v];
    const uint32_t at = route_tour_position(tour, c);
    const uint32_t n_free = tour->n_items - tour->n_frozen;
    const uint32_t longest
        = search->beam.data ? MOST_HOURLY_STRING : MOST_STRING;
    uint32_t most = n_free < longest ? n_free : longest;
    uint32_t length, kept = 0, from, first, last;

    if (at < tour->n_frozen)
        return true;
    length = 1 + below(search, most);
    if (length > 1 && length < n_free && below(search, 2)) {
        kept = 1 + below(search, n_free - length);
        if (kept > 4)
            kept = 1 + below(search, 4);
    }
    first = at + 1 > length + kept ? at + 1 - length - kept : 0;
    if (first < tour->n_frozen)
        first = tour->n_frozen;
    last = at;
    if (last + length + kept > tour->n_items)
        last = tour->n_items - length - kept;
    if (last < first)
        last = first;
    from = first + below(search, last - first + 1);
    if (kept) {
        const uint32_t hole = from + below(search, length);

        return take_out(search, v, from, from + length + kept, hole,
                        hole + kept);
    }
    return take_out(search, v, from, from + length, 0, 0);
}

static bool ruin_strings(route_search *search, uint32_t seed_client)
{
    const route_guide *guide = search->guide;
    uint32_t n_routes = 1 + below(search, 3);

    for (uint32_t i = 0; i <= guide->n_near && n_routes; i++) {
        const uint32_t c = i == 0
            ? seed_client
            : guide->near[(size_t)seed_client * guide->n_near + i - 1];
        const uint32_t v = search->candidate.tour_of[c];

        if (v == GB_ROUTE_NONE || search->touched[v])
            continue;
        if (!ruin_string(search, v, c))
            return false;
        n_routes--;
    }
    return true;
}

/* Each item of a route with a chance; breaks too. */
static bool ruin_at_random(route_search *search, uint32_t v)
{
    route_plan *plan = &search->candidate;
    const route_tour *tour = &plan->tours[v];
    const uint32_t chance = 1 + below(search, 6); /* of 16 */
    uint64_t bits = 0;
    uint32_t n = 0, n_bits = 0;

    route_touch(search, v);
    for (uint32_t i = 0; i < tour->n_items; i++) {
        if (n_bits == 0) {
            bits = base_rng_next(&search->rng);
            n_bits = 16;
        }
        if (i < tour->n_frozen || (bits & 15) >= chance)
            search->scratch[n++] = tour->items[i];
        bits >>= 4;
        n_bits--;
    }
    return route_plan_set(plan, v, search->scratch, n)
        || route_empty(search, plan, v);
}

/* The clients that bring least for the time they take, more or less. */
static bool ruin_worst(route_search *search, uint32_t v)
{
    route_plan *plan = &search->candidate;
    uint32_t n_out = 1 + below(search, 4);

    route_touch(search, v);
    while (n_out-- > 0) {
        const route_tour *tour = &plan->tours[v];
        uint32_t worst = UINT32_MAX;
        double least = 0;

        for (uint32_t i = tour->n_frozen; i < tour->behind_last; i++) {
            const uint32_t c = tour->items[i];
            const route_state *before = &tour->states[i];
            double density;

            if (route_is_break(c))
                continue;
            density = (double)(before[1].prize - before[0].prize)
                / (double)(before[1].clock_s - before[0].clock_s + 1)
                * (0.3 + base_rng_unit(&search->rng));
            if (worst == UINT32_MAX || density < least) {
                worst = i;
                least = density;
            }
        }
        if (worst == UINT32_MAX)
            break;
        if (!take_out(search, v, worst, worst + 1, 0, 0))
            return false;
    }
    return true;
}

static bool ruin(route_search *search, uint32_t seed_client)
{
    const uint32_t kind = below(search, 8);
    const uint32_t v = search->candidate.tour_of[seed_client] != GB_ROUTE_NONE
        ? search->candidate.tour_of[seed_client]
        : below(search, search->data->n_vehicles);

    if (route_wants_rebuild(search) && route_may_rebuild(search, v))
        return route_rebuild(search, seed_client, v);
    if (kind == 0)
        return ruin_at_random(search, v);
    if (kind == 1)
        return ruin_worst(search, v);
    return ruin_strings(search, seed_client);
}

/* --- bundles that a ruin broke --- */

/* Is no bundle left with visits that are no pattern? */
static bool bundles_hold(const route_data *data, const route_plan *plan)
{
    for (uint32_t b = 0; b < data->n_bundles; b++)
        if (!route_bundle_holds(data, b, plan->bundle_days[b]))
            return false;
    return true;
}

/* Take the visits out that are not frozen. */
static bool take_out_bundle(route_search *search, uint32_t b)
{
    const route_data *data = search->data;
    const route_plan *plan = &search->candidate;

    for (uint32_t k = data->first_member[b]; k < data->first_member[b + 1];
         k++) {
        const uint32_t c = data->members[k], v = plan->tour_of[c];
        uint32_t i;

        if (v == GB_ROUTE_NONE)
            continue;
        i = route_tour_position(&plan->tours[v], c);
        if (i >= plan->tours[v].n_frozen
            && !take_out(search, v, i, i + 1, 0, 0))
            return false;
    }
    return true;
}

/*
 * What is left of broken bundles goes.  A route that cannot be driven without
 * it is emptied, which breaks others: so again, until nothing goes any more.
 */
static bool settle(route_search *search)
{
    const route_data *data = search->data;
    bool again = true;

    while (again) {
        again = false;
        for (uint32_t b = 0; b < data->n_bundles; b++) {
            const uint64_t days = search->candidate.bundle_days[b];

            if (route_bundle_holds(data, b, days))
                continue;
            if (!take_out_bundle(search, b))
                return false;
            again |= search->candidate.bundle_days[b] != days;
        }
    }
    return true;
}

/* --- the iteration --- */

static void clear_touched(route_search *search)
{
    for (uint32_t i = 0; i < search->n_touched; i++)
        search->touched[search->touched_list[i]] = 0;
    memset(search->touched_bits, 0,
           search->data->n_words * sizeof *search->touched_bits);
    search->n_touched = 0;
}

/* Back to the current plan. */
static void reject(route_search *search)
{
    route_plan_copy_some(&search->candidate, &search->current,
                         search->touched_list, search->n_touched);
    clear_touched(search);
}

static void accept(route_search *search, int64_t excess_s)
{
    search->excess_s = excess_s;
    route_plan_copy_some(&search->current, &search->candidate,
                         search->touched_list, search->n_touched);
    for (uint32_t i = 0; i < search->n_touched; i++)
        search->is_stale[search->touched_list[i]] = 1;
    clear_touched(search);
}

/* Worth as one number for the annealing. */
static double energy(const route_search *search, const route_worth *worth)
{
    const double share = search->beam.data ? 0.3 : 0.1;

    return (double)worth->n_musts
        * (2.0 * (double)search->guide->most_prize_milli + 1e6)
        + (double)worth->value_milli
        - share * (double)search->second_milli * (double)worth->field_s
        - share * (double)search->second_milli * (double)worth->travel_s;
}

static bool is_accepted(route_search *search, int64_t excess_s,
                        double progress)
{
    const route_worth current = route_plan_worth(&search->current);
    const route_worth candidate = route_plan_worth(&search->candidate);
    const double now = energy(search, &current);
    const double then = energy(search, &candidate);
    const double heat = search->mood * pow(0.03, progress);
    const double luck = 1.0 - base_rng_unit(&search->rng);

    const double dearer = (double)search->excess_milli
        * (double)(excess_s - search->excess_s);

    return then - dearer >= now + heat * log(luck);
}

static void price_seconds(route_search *search)
{
    const route_worth *worth = &search->best.worth;

    search->second_milli = worth->field_s > 0 && worth->value_milli > 0
        ? worth->value_milli / worth->field_s
        : 0;
    if (search->second_milli < 1)
        search->second_milli = 1;
}

bool route_search_is_over(route_search *search)
{
    enum { STEPS_A_LOOK = 64 };

    if (search->is_over || !search->run || search->until_look-- > 0)
        return search->is_over;
    search->until_look = STEPS_A_LOOK;
    search->is_over = base_run_is_over(search->run);
    return search->is_over;
}

/* The current plan is the best one. */
static void take_best(route_search *search)
{
    route_plan_copy(&search->best, &search->current, search->is_stale);
    memset(search->is_stale, 0, search->data->n_vehicles);
    search->best_excess_s = search->excess_s;
    price_seconds(search);
}

/* Musts first, then the least excess, then what else makes a plan better. */
static int compare_plans(const route_plan *a, int64_t excess_a_s,
                         const route_plan *b, int64_t excess_b_s)
{
    const route_worth of_a = route_plan_worth(a), of_b = route_plan_worth(b);

    if (of_a.n_musts == of_b.n_musts && excess_a_s != excess_b_s)
        return excess_a_s < excess_b_s ? 1 : -1;
    return route_worth_compare(&of_a, &of_b);
}

static bool is_new_best(const route_search *search, int64_t excess_s)
{
    return compare_plans(&search->candidate, excess_s, &search->best,
                         search->best_excess_s)
        > 0;
}

int route_search_compare(const route_search *a, const route_search *b)
{
    return compare_plans(&a->best, a->best_excess_s, &b->best,
                         b->best_excess_s);
}

void route_search_begin(route_search *search, const route_plan *start)
{
    uint32_t n_served = 0;

    if (start)
        route_plan_copy(&search->candidate, start, NULL);
    search->second_milli = 1;
    (void)route_fill(search, &search->candidate);
    (void)route_polish(search, &search->candidate, NULL);
    route_plan_copy(&search->current, &search->candidate, NULL);
    clear_touched(search);
    memset(search->is_stale, 1, search->data->n_vehicles);
    search->excess_s = route_habit_excess(search, &search->current);
    take_best(search);
    search->excess_milli = 2 * search->second_milli;
    search->strict_of_8 = 2;
    route_starts_begin(search);
    for (uint32_t c = 0; c < search->data->n_clients; c++)
        n_served += search->best.tour_of[c] != GB_ROUTE_NONE;
    search->mood = n_served
        ? (search->within_habit || search->beam.data ? 0.4 : 0.2)
            * (double)llabs(search->best.worth.value_milli) / n_served
        : 1;
}

/* A vehicle that stays at home, if there is one: it may pay to use it. */
static void touch_unused(route_search *search)
{
    const uint32_t n = search->data->n_vehicles, first = below(search, n);

    for (uint32_t i = 0; i < n; i++) {
        const uint32_t v = first + i < n ? first + i : first + i - n;

        if (search->candidate.tours[v].end.n_clients == 0) {
            route_touch(search, v);
            return;
        }
    }
}

/*
 * The client an iteration turns round.  Of a single day within the habit it is
 * at times one of those that bring most for their time, who must get in at any
 * price: so the day tries places that none of their clients pays for alone.
 * 54 later days of two synthetic counties, 500 iterations: 9,109 points net
 * without, a mean of 15 seeds, 9,176 with it, of 20; the same five seeds gave
 * 9,098 and 9,118.
 * Searches that begin more than once (route_starts.c) gained nothing by it.
 */
static uint32_t draw_seed(route_search *search)
{
    const uint32_t n = search->data->n_clients;
    double unit;

    search->is_forced = search->within_habit && search->beam.data
        && search->data->n_vehicles == 1 && search->n_starts < 2
        && below(search, 64) < FORCED_OF_64;
    if (!search->is_forced)
        return below(search, n);
    unit = base_rng_unit(&search->rng);
    return search->guide->by_density[(uint32_t)(unit * unit * n)];
}

/* Take out and fill up again; false: a break found no place. */
static bool change_candidate(route_search *search)
{
    const uint32_t seed_client = draw_seed(search);
    bool ok = ruin(search, seed_client) && settle(search);

    for (uint32_t i = 0; i < search->n_touched && ok; i++) {
        const uint32_t v = search->touched_list[i];

        if (!route_insert_breaks(&search->candidate, v, &search->rng))
            ok = route_empty(search, &search->candidate, v)
                && route_insert_breaks(&search->candidate, v, NULL);
    }
    if (!ok)
        return false;
    search->is_bold = below(search, 16) == 0;
    search->detour_milli
        = below(search, 4) ? search->second_milli >> below(search, 3) : 0;
    if (search->is_bold)
        touch_unused(search);
    search->guide_at = search->n_touched == 0
        ? 0
        : route_guide_at(
            search->guide, search->data,
            search->candidate.tours[search->touched_list[0]].vehicle);
    search->is_strict = search->within_habit
        && below(search, 8) < search->strict_of_8;
    search->is_scoped = true;
    recreate(search, seed_client);
    if (search->is_bold)
        (void)route_drop(search, &search->candidate, search->touched);
    search->is_bold = false;
    (void)route_replace(search, &search->candidate, search->touched);
    search->is_scoped = search->is_strict = false;
    search->guide_at = 0;
    return bundles_hold(search->data, &search->candidate);
}

/* Better orders of what made the new best, if they keep to the habit. */
static void polish_best(route_search *search, uint32_t n_touched)
{
    int64_t excess_s;

    for (uint32_t i = 0; i < n_touched; i++)
        route_touch(search, search->touched_list[i]);
    (void)route_polish(search, &search->candidate, search->touched);
    excess_s = route_habit_excess(search, &search->candidate);
    if (is_new_best(search, excess_s)) {
        accept(search, excess_s);
        take_best(search);
    } else {
        reject(search);
    }
}

static void take_new_best(route_search *search, int64_t excess_s)
{
    const uint32_t n_touched = search->n_touched;

    if (!search->within_habit)
        (void)route_polish(search, &search->candidate, search->touched);
    accept(search, excess_s);
    take_best(search);
    if (search->within_habit)
        polish_best(search, n_touched);
}

void route_search_step(route_search *search, double progress)
{
    int64_t excess_s;

    progress = route_starts_progress(search, progress);
    search->iterations++;
    if (search->data->n_clients == 0 || search->data->n_vehicles == 0)
        return;
    if (!change_candidate(search)) {
        reject(search);
        return;
    }
    excess_s = route_habit_excess(search, &search->candidate);
    if (search->within_habit)
        route_habit_look(search, excess_s);
    if (excess_s > 0 && search->best_excess_s > 0) {
        route_habit_cut(search, &search->candidate);
        excess_s = route_habit_excess(search, &search->candidate);
    }
    if (is_new_best(search, excess_s))
        take_new_best(search, excess_s);
    else if (is_accepted(search, excess_s, progress))
        accept(search, excess_s);
    else
        reject(search);
}

/* Fill and polish the candidate, whatever its way. */
static void finish_candidate(route_search *search)
{
    route_plan *plan = &search->candidate;

    /* Routes without clients as route_plan_init() has them. */
    for (uint32_t v = 0; v < search->data->n_vehicles; v++)
        if (plan->tours[v].behind_last == 0 && plan->tours[v].n_frozen == 0)
            (void)route_empty(search, plan, v);
    do
        (void)route_fill(search, plan);
    while (route_drop(search, plan, NULL) || route_polish(search, plan, NULL)
           || route_replace(search, plan, NULL));
}

bool route_search_offer(route_search *search)
{
    const int64_t excess_s = route_habit_excess(search, &search->candidate);

    if (!is_new_best(search, excess_s))
        return false;
    route_plan_copy(&search->best, &search->candidate, NULL);
    search->best_excess_s = excess_s;
    price_seconds(search);
    return true;
}

void route_search_finish(route_search *search)
{
    route_plan_copy(&search->candidate, &search->best, NULL);
    finish_candidate(search);
    if (!route_search_offer(search) && !search->within_habit)
        route_plan_copy(&search->best, &search->candidate, NULL);
    if (search->within_habit) {
        route_habit_cut(search, &search->best);
        (void)route_habit_fill(search, &search->best);
        search->best_excess_s = route_habit_excess(search, &search->best);
    }
}
