/*
 * route_alone.c - see route_alone.h.
 */
#include "route_alone.h"

#include <string.h>

enum {
    MOST_MEND = 1 << 28, /* seconds, metres */
    MOST_WINDOWS = 16,   /* the last ones; earlier ones are over anyway */
    MOST_PERMUTED = 3    /* breaks: more are tried in three orders */
};

/* --- vehicles that are alike --- */

static bool is_alike(const route_vehicle *a, const route_vehicle *b)
{
    return a->seconds == b->seconds && a->n_bands == b->n_bands
        && a->band_seconds == b->band_seconds
        && a->band_start_s == b->band_start_s && a->start == b->start
        && a->end == b->end && a->shift_start_s == b->shift_start_s
        && a->shift_end_s == b->shift_end_s
        && a->max_duration_s == b->max_duration_s
        && a->max_travel_s == b->max_travel_s
        && a->max_distance_m == b->max_distance_m
        && (a->max_distance_m == INT64_MAX || a->metres == b->metres)
        && a->n_breaks == b->n_breaks
        && memcmp(a->breaks, b->breaks, a->n_breaks * sizeof *a->breaks) == 0;
}

bool route_alone_init(route_alone *alone, const route_data *data)
{
    const uint32_t n = data->n_vehicles;

    memset(alone, 0, sizeof *alone);
    alone->data = data;
    alone->kind_of = base_alloc_array(data->mem, n, sizeof *alone->kind_of);
    alone->kinds = base_alloc_array(data->mem, n, sizeof *alone->kinds);
    alone->fits = base_alloc_zeroed(data->mem, n, 1);
    alone->is_tried = base_alloc_zeroed(data->mem, n, 1);
    if (!alone->kind_of || !alone->kinds || !alone->fits
        || !alone->is_tried) {
        route_alone_clear(alone);
        return false;
    }
    for (uint32_t v = 0; v < n; v++) {
        uint32_t k = 0;

        while (k < alone->n_kinds
               && !is_alike(&alone->kinds[k], &data->vehicles[v]))
            k++;
        if (k == alone->n_kinds) {
            alone->kinds[k] = data->vehicles[v];
            alone->kinds[k].capacity = NULL;
            alone->n_kinds++;
        }
        alone->kind_of[v] = k;
    }
    return true;
}

void route_alone_clear(route_alone *alone)
{
    if (!alone->data)
        return;
    base_free(alone->data->mem, alone->kind_of);
    base_free(alone->data->mem, alone->kinds);
    base_free(alone->data->mem, alone->fits);
    base_free(alone->data->mem, alone->is_tried);
    memset(alone, 0, sizeof *alone);
}

/* --- driving --- */

/* The k-th of the orders of n breaks that are tried: all, while they are few;
   else as they are given, by early and by late. */
static void order_breaks(const route_vehicle *vehicle, uint32_t k,
                         uint8_t *order)
{
    const uint32_t n = vehicle->n_breaks;

    for (uint32_t i = 0; i < n; i++)
        order[i] = (uint8_t)i;
    for (uint32_t i = 1; i < n; i++) {
        uint32_t j = i;

        if (n <= MOST_PERMUTED) {
            /* Digit i of k, in the system of factorials. */
            j = i - k % (i + 1);
            k /= i + 1;
        } else if (k > 0) {
            const gb_route_break *b = vehicle->breaks;

            while (j > 0
                   && (k == 1 ? b[i].early_s < b[order[j - 1]].early_s
                              : b[i].late_s < b[order[j - 1]].late_s))
                j--;
        }
        memmove(&order[j + 1], &order[j], i - j);
        order[j] = (uint8_t)i;
    }
}

static uint32_t n_arrangements(const route_vehicle *vehicle)
{
    static const uint32_t n_orders[MOST_PERMUTED + 1] = { 1, 1, 2, 6 };
    const uint32_t n = vehicle->n_breaks;

    return (n <= MOST_PERMUTED ? n_orders[n] : 3) << n;
}

uint32_t route_alone_items(const route_vehicle *vehicle, uint32_t c,
                           uint32_t arrangement, uint32_t *items)
{
    const uint32_t n_breaks = vehicle->n_breaks;
    uint8_t order[ROUTE_MOST_BREAKS];
    uint32_t n = 0;

    order_breaks(vehicle, arrangement >> n_breaks, order);
    for (uint32_t k = 0; k < n_breaks; k++)
        if (!(arrangement >> k & 1))
            items[n++] = GB_ROUTE_BREAK(order[k]);
    items[n++] = c;
    for (uint32_t k = 0; k < n_breaks; k++)
        if (arrangement >> k & 1)
            items[n++] = GB_ROUTE_BREAK(order[k]);
    return n;
}

bool route_alone_drive(const route_data *data, const route_vehicle *vehicle,
                       uint32_t c, uint32_t *arrangement, route_end *end)
{
    const uint32_t most = n_arrangements(vehicle);
    uint32_t items[ROUTE_MOST_BREAKS + 1];

    for (*arrangement = 0; *arrangement < most; ++*arrangement) {
        const uint32_t n
            = route_alone_items(vehicle, c, *arrangement, items);

        if (route_walk(data, vehicle, items, n, end))
            return true;
    }
    return false;
}

/* A problem of one client, number 0, that may be changed. */
typedef struct relaxed {
    route_data data;
    route_client client;
    route_vehicle vehicle;
    gb_route_window windows[MOST_WINDOWS];
} relaxed;

static void relax_windows(relaxed *r, int32_t more)
{
    uint32_t n = r->client.n_windows;

    if (n > MOST_WINDOWS) {
        r->client.windows += n - MOST_WINDOWS;
        n = MOST_WINDOWS;
    }
    memcpy(r->windows, r->client.windows, n * sizeof *r->windows);
    r->windows[n - 1].late_s += more;
    r->client.windows = r->windows;
    r->client.n_windows = n;
    r->client.early_s = r->windows[0].early_s;
    r->client.late_s = r->windows[0].late_s;
}

/* False: there is nothing to relax. */
static bool relax(const route_data *data, const route_vehicle *vehicle,
                  uint32_t c, gb_route_constraint constraint, int32_t more,
                  relaxed *r)
{
    r->data = *data;
    r->client = data->clients[c];
    r->client.after = GB_ROUTE_NONE;
    r->data.clients = &r->client;
    r->data.has_order = false;
    r->vehicle = *vehicle;
    if (vehicle->prizes)
        r->vehicle.prizes = route_prizes_of(data, vehicle, c);
    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        relax_windows(r, more);
        return true;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        r->vehicle.shift_end_s += more;
        return true;
    case GB_ROUTE_CONSTRAINT_DURATION:
        r->vehicle.max_duration_s += more;
        return vehicle->max_duration_s < ROUTE_NEVER;
    case GB_ROUTE_CONSTRAINT_BREAK:
        for (uint32_t k = 0; k < r->vehicle.n_breaks; k++)
            r->vehicle.breaks[k].late_s += more;
        return vehicle->n_breaks > 0;
    case GB_ROUTE_CONSTRAINT_TRAVEL:
        r->vehicle.max_travel_s += more;
        return vehicle->max_travel_s < ROUTE_NEVER;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        if (vehicle->max_distance_m < INT64_MAX)
            r->vehicle.max_distance_m += more;
        return vehicle->max_distance_m < INT64_MAX;
    case GB_ROUTE_CONSTRAINT_RELEASE:
        r->client.release_s -= more;
        return data->has_release && r->client.release_s > -ROUTE_NEVER;
    case GB_ROUTE_CONSTRAINT_UNREACHABLE:
        if (route_leg_s(data, vehicle, vehicle->start, r->client.location)
            == GB_ROUTE_UNREACHABLE)
            r->vehicle.start = GB_ROUTE_NONE;
        if (route_leg_s(data, vehicle, r->client.location, vehicle->end)
            == GB_ROUTE_UNREACHABLE)
            r->vehicle.end = GB_ROUTE_NONE;
        return true;
    default:
        return false;
    }
}

static bool fits_relaxed(const route_data *data, const route_vehicle *vehicle,
                         uint32_t c, gb_route_constraint constraint,
                         int32_t more)
{
    uint32_t arrangement;
    route_end end;
    relaxed r;

    return relax(data, vehicle, c, constraint, more, &r)
        && route_alone_drive(&r.data, &r.vehicle, 0, &arrangement,
                             &end);
}

/* How much of the constraint the route uses. */
static int64_t use_of(const relaxed *r, const uint32_t *items, uint32_t n,
                      gb_route_constraint constraint, const route_end *end)
{
    route_state state = route_walk_begin(&r->vehicle);

    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_SHIFT:
        return end->end_s;
    case GB_ROUTE_CONSTRAINT_DURATION:
        return end->end_s - end->depart_s;
    case GB_ROUTE_CONSTRAINT_TRAVEL:
        return end->worth.travel_s;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        return end->metres;
    case GB_ROUTE_CONSTRAINT_WINDOW:
        state.release_s = route_release_of(&r->data, items, n);
        for (uint32_t i = 0; i < n; i++) {
            (void)route_walk_item(&r->data, &r->vehicle, &state, items[i]);
            if (!route_is_break(items[i]))
                break;
        }
        return state.start_s;
    default:
        return INT64_MAX;
    }
}

static int64_t limit_of(const route_data *data, const route_vehicle *vehicle,
                        uint32_t c, gb_route_constraint constraint)
{
    const route_client *client = &data->clients[c];

    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        return client->windows[client->n_windows - 1].late_s;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        return vehicle->shift_end_s;
    case GB_ROUTE_CONSTRAINT_DURATION:
        return vehicle->max_duration_s;
    case GB_ROUTE_CONSTRAINT_TRAVEL:
        return vehicle->max_travel_s;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        return vehicle->max_distance_m;
    case GB_ROUTE_CONSTRAINT_RELEASE:
        return client->release_s;
    default:
        return 0;
    }
}

/* The least use of it by any set of breaks, it being out of the way. */
static int64_t guess_mend(const route_data *data,
                          const route_vehicle *vehicle, uint32_t c,
                          gb_route_constraint constraint)
{
    uint32_t items[ROUTE_MOST_BREAKS + 1];
    int64_t least = INT64_MAX;
    relaxed r;

    if (!relax(data, vehicle, c, constraint, MOST_MEND, &r))
        return 0;
    for (uint32_t k = 0; k < n_arrangements(vehicle); k++) {
        const uint32_t n = route_alone_items(&r.vehicle, 0, k, items);
        route_end end;

        if (route_walk(&r.data, &r.vehicle, items, n, &end)) {
            const int64_t use = use_of(&r, items, n, constraint, &end);

            if (use < least)
                least = use;
        }
    }
    return least == INT64_MAX
        ? -1
        : least - limit_of(data, vehicle, c, constraint);
}

/* The least that mends it; 0: nothing does. */
static int32_t least_mend(const route_data *data,
                          const route_vehicle *vehicle, uint32_t c,
                          gb_route_constraint constraint)
{
    int32_t low = 0, high = MOST_MEND;
    const int64_t guess = guess_mend(data, vehicle, c, constraint);

    if (guess > 0 && guess < MOST_MEND
        && fits_relaxed(data, vehicle, c, constraint, (int32_t)guess)
        && !fits_relaxed(data, vehicle, c, constraint, (int32_t)guess - 1))
        return (int32_t)guess;
    if (!fits_relaxed(data, vehicle, c, constraint, high))
        return 0;
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;

        if (fits_relaxed(data, vehicle, c, constraint, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* --- the nearest of all vehicles --- */

/* Which mend is smaller: that of the lower rank, then the lesser one. */
static int rank_of(int32_t constraint)
{
    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_NONE:
        return 9;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        return 1;
    case GB_ROUTE_CONSTRAINT_LOAD:
        return 2;
    case GB_ROUTE_CONSTRAINT_SKILLS:
        return 3;
    case GB_ROUTE_CONSTRAINT_UNREACHABLE:
        return 4;
    case GB_ROUTE_CONSTRAINT_SEVERAL:
        return 5;
    default:
        return 0; /* seconds */
    }
}

static int n_bits(uint64_t bits)
{
    int n = 0;

    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

static int64_t size_of(int32_t constraint, int64_t mend)
{
    return constraint == GB_ROUTE_CONSTRAINT_SKILLS ? n_bits((uint64_t)mend)
                                                    : mend;
}

static void keep_least(gb_route_reason *reason, uint32_t v,
                       gb_route_constraint constraint, int64_t mend,
                       int64_t needed, int64_t limit, uint32_t load)
{
    const int rank = rank_of((int32_t)constraint);
    const int old_rank = rank_of(reason->constraint);

    if (rank > old_rank
        || (rank == old_rank
            && size_of((int32_t)constraint, mend)
                >= size_of(reason->constraint, reason->mend)))
        return;
    reason->constraint = (int32_t)constraint;
    reason->vehicle = v;
    reason->mend = mend;
    reason->mend_s = rank == 0 ? (int32_t)mend : 0;
    reason->needed = needed;
    reason->limit = limit;
    reason->load = load;
}

static bool is_cut_off(const route_data *data, const route_vehicle *vehicle,
                       uint32_t c)
{
    const uint32_t at = data->clients[c].location;

    return route_leg_s(data, vehicle, vehicle->start, at)
        == GB_ROUTE_UNREACHABLE
        || route_leg_s(data, vehicle, at, vehicle->end)
        == GB_ROUTE_UNREACHABLE;
}

/* What of the clock and the road stands against it. */
static void diagnose_drive(const route_alone *alone, uint32_t v, uint32_t c,
                           gb_route_reason *reason)
{
    static const gb_route_constraint in_turn[]
        = { GB_ROUTE_CONSTRAINT_WINDOW, GB_ROUTE_CONSTRAINT_SHIFT,
            GB_ROUTE_CONSTRAINT_DURATION, GB_ROUTE_CONSTRAINT_BREAK,
            GB_ROUTE_CONSTRAINT_TRAVEL, GB_ROUTE_CONSTRAINT_RELEASE,
            GB_ROUTE_CONSTRAINT_DISTANCE };
    const route_data *data = alone->data;
    const route_vehicle *vehicle = &alone->kinds[alone->kind_of[v]];
    bool is_any = false;

    if (is_cut_off(data, vehicle, c)) {
        keep_least(reason, v,
                   fits_relaxed(data, vehicle, c,
                                GB_ROUTE_CONSTRAINT_UNREACHABLE, 0)
                       ? GB_ROUTE_CONSTRAINT_UNREACHABLE
                       : GB_ROUTE_CONSTRAINT_SEVERAL,
                   0, 0, 0, 0);
        return;
    }
    for (size_t k = 0; k < sizeof in_turn / sizeof *in_turn; k++) {
        const int32_t mend = least_mend(data, vehicle, c, in_turn[k]);
        const int64_t limit = limit_of(data, vehicle, c, in_turn[k]);

        if (mend <= 0)
            continue;
        is_any = true;
        keep_least(reason, v, in_turn[k], mend,
                   in_turn[k] == GB_ROUTE_CONSTRAINT_RELEASE ? limit - mend
                                                             : limit + mend,
                   limit, 0);
    }
    if (!is_any)
        keep_least(reason, v, GB_ROUTE_CONSTRAINT_SEVERAL, 0, 0, 0, 0);
}

static bool may_by_name(const route_data *data, uint32_t v, uint32_t c)
{
    if (!data->named_first)
        return true;
    for (uint32_t i = data->named_first[c]; i < data->named_first[c + 1]; i++)
        if (data->named[i] == v)
            return true;
    return false;
}

/* Loads that are too much for v; the last of them in *which. */
static uint32_t n_overloads(const route_data *data, uint32_t v, uint32_t c,
                            uint32_t *which)
{
    const int64_t *capacity = data->vehicles[v].capacity;
    uint32_t n = 0;

    for (uint32_t k = 0; capacity && k < data->n_loads; k++)
        if (data->clients[c].load[k] > capacity[k]) {
            *which = k;
            n++;
        }
    return n;
}

static bool fits_kind(route_alone *alone, uint32_t v, uint32_t c)
{
    const uint32_t k = alone->kind_of[v];
    uint32_t arrangement;
    route_end end;

    if (alone->fits[k] == 0)
        alone->fits[k] = 1
            + route_alone_drive(alone->data, &alone->kinds[k], c, &arrangement,
                                &end);
    return alone->fits[k] == 2;
}

static bool fits(route_alone *alone, uint32_t v, uint32_t c)
{
    uint32_t which;

    return route_may_serve(alone->data, v, c)
        && n_overloads(alone->data, v, c, &which) == 0
        && fits_kind(alone, v, c);
}

/* How near one vehicle comes that may serve it by name. */
static void diagnose(route_alone *alone, uint32_t v, uint32_t c,
                     gb_route_reason *reason)
{
    const route_data *data = alone->data;
    const uint64_t skills = data->skills ? data->skills[c] : 0;
    const uint64_t lacking = skills & ~data->vehicles[v].skills;
    uint32_t load = 0;
    const uint32_t n_over = n_overloads(data, v, c, &load);
    const bool is_late = !fits_kind(alone, v, c);

    if ((lacking != 0) + n_over + is_late > 1) {
        keep_least(reason, v, GB_ROUTE_CONSTRAINT_SEVERAL, 0, 0, 0, 0);
    } else if (lacking) {
        keep_least(reason, v, GB_ROUTE_CONSTRAINT_SKILLS, (int64_t)lacking,
                   (int64_t)skills, (int64_t)data->vehicles[v].skills, 0);
    } else if (n_over) {
        const int64_t limit = data->vehicles[v].capacity[load];
        const int64_t needed = data->clients[c].load[load];

        keep_least(reason, v, GB_ROUTE_CONSTRAINT_LOAD, needed - limit,
                   needed, limit, load);
    } else if (!alone->is_tried[alone->kind_of[v]]) {
        alone->is_tried[alone->kind_of[v]] = 1;
        diagnose_drive(alone, v, c, reason);
    }
}

/* The days on which c can be served. */
static uint64_t days_of(route_alone *alone, uint32_t c)
{
    uint64_t days = 0;

    for (uint32_t v = 0; v < alone->data->n_vehicles; v++)
        if (!(days >> alone->data->vehicles[v].day & 1) && fits(alone, v, c))
            days |= UINT64_C(1) << alone->data->vehicles[v].day;
    return days;
}

/* Is there no pattern of its bundle that the days allow?  Then which would. */
static bool lacks_pattern(route_alone *alone, uint32_t c,
                          gb_route_reason *reason)
{
    const route_data *data = alone->data;
    const uint32_t b = data->clients[c].bundle;
    const int n_visits
        = (int)(data->first_member[b + 1] - data->first_member[b]);
    const uint64_t days = days_of(alone, c);
    int fewest = 65, most_held = -1;
    uint64_t mend = 0;

    for (uint32_t i = data->first_pattern[b]; i < data->first_pattern[b + 1];
         i++) {
        const uint64_t pattern = data->patterns[i];

        if ((pattern & ~days) == 0 && n_bits(pattern) <= n_visits)
            return false;
        if (n_bits(pattern) < fewest)
            fewest = n_bits(pattern);
    }
    /* As many visits as the shortest pattern, near to one of the patterns. */
    if (fewest > n_visits)
        fewest = n_visits;
    for (uint32_t i = data->first_pattern[b]; i < data->first_pattern[b + 1];
         i++) {
        const int held = n_bits(data->patterns[i] & days);

        if (held > most_held) {
            most_held = held;
            mend = data->patterns[i] & days;
        }
    }
    for (uint64_t rest = days & ~mend; rest && n_bits(mend) < fewest;
         rest &= rest - 1)
        mend |= rest & (~rest + 1);
    while (n_bits(mend) > fewest)
        mend &= mend - 1;
    reason->kind = GB_ROUTE_REASON_IMPOSSIBLE;
    reason->constraint = GB_ROUTE_CONSTRAINT_PATTERN;
    reason->mend = (int64_t)mend;
    reason->limit = (int64_t)days;
    return true;
}

bool route_alone_impossible(route_alone *alone, uint32_t c,
                            gb_route_reason *reason)
{
    const route_data *data = alone->data;
    bool may_any = false;

    memset(alone->fits, 0, alone->n_kinds);
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (fits(alone, v, c))
            return data->clients[c].bundle != GB_ROUTE_NONE
                && lacks_pattern(alone, c, reason);
    reason->kind = GB_ROUTE_REASON_IMPOSSIBLE;
    memset(alone->is_tried, 0, alone->n_kinds);
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (may_by_name(data, v, c)) {
            may_any = true;
            diagnose(alone, v, c, reason);
        }
    if (!may_any)
        reason->constraint = GB_ROUTE_CONSTRAINT_VEHICLE;
    return true;
}
