/*
 * route_check_drive.c - one route, driven plainly by the list in the public
 * header; the departure is found by halving.
 */
#include "route_check.h"

#include <string.h>

enum { NO_WAY = -1 };

/* --- one leg --- */

/* Seconds in that matrix at the vehicle's own speed, or NO_WAY. */
static int64_t at_speed(const check_drive *d, const int32_t *seconds,
                        size_t at)
{
    const int64_t permille
        = d->vehicle.speed_permille ? d->vehicle.speed_permille : 1000;

    if (seconds[at] == GB_ROUTE_UNREACHABLE)
        return NO_WAY;
    return ((int64_t)seconds[at] * 2000 + permille) / (2 * permille);
}

/* Seconds until there, waits for a better band included; or NO_WAY. */
static int64_t travel_from(const check_drive *d, uint32_t from, uint32_t to,
                           int64_t leave)
{
    const gb_route_profile *profile
        = &d->problem->profiles[d->vehicle.profile];
    const size_t at = (size_t)from * d->problem->n_locations + to;
    int64_t best = NO_WAY;

    if (profile->n_bands == 0)
        return at_speed(d, profile->seconds, at);
    for (uint32_t b = 0; b < profile->n_bands; b++) {
        int64_t begin = leave, travel;

        if (b > 0 && begin < profile->band_start_s[b])
            begin = profile->band_start_s[b];
        if (b + 1 < profile->n_bands && begin >= profile->band_start_s[b + 1])
            continue;
        travel = at_speed(d, profile->band_seconds[b], at);
        if (travel != NO_WAY
            && (best == NO_WAY || begin - leave + travel < best))
            best = begin - leave + travel;
    }
    return best;
}

typedef struct check_leg {
    int64_t travel, metres, points;
} check_leg;

static check_leg leg_from(const check_drive *d, uint32_t from, uint32_t to,
                    int64_t leave)
{
    const gb_route_profile *profile
        = &d->problem->profiles[d->vehicle.profile];
    const size_t at = (size_t)from * d->problem->n_locations + to;
    check_leg leg = { 0, 0, 0 };

    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE)
        return leg;
    leg.travel = travel_from(d, from, to, leave);
    if (profile->metres)
        leg.metres = profile->metres[at];
    if (profile->cost)
        leg.points = profile->cost[at];
    return leg;
}

/* --- one item --- */

static void fail(check_drive *d, const char *fault, uint32_t item)
{
    if (!d->fault) {
        d->fault = fault;
        d->fault_item = item;
    }
}

static int64_t prize_of(const check_drive *d, uint32_t c, int64_t start,
                        uint32_t *slot)
{
    const gb_route_problem *p = d->problem;
    const size_t n_slots = p->n_slots ? p->n_slots : 1;
    size_t at = 0;

    *slot = GB_ROUTE_NONE;
    for (uint32_t s = 0; s < p->n_slots; s++)
        if (s == 0 || start >= p->slot_start_s[s]) {
            *slot = s;
            at = s;
        }
    if (p->n_prize_kinds)
        return p->client_kind_prize[((size_t)d->vehicle.prize_kind
                                         * p->n_clients
                                     + c) * n_slots
                                    + at];
    if (p->n_slots)
        return p->client_slot_prize[c * n_slots + at];
    return p->client_prize ? p->client_prize[c] : 0;
}

/* The first start at or after `ready` that a window allows. */
static int64_t start_of(const gb_route_problem *p, uint32_t c, int64_t ready,
                        uint32_t *window, bool *ok)
{
    uint32_t from = 0, to = 0;

    *ok = true;
    *window = 0;
    if (p->client_first_window) {
        from = p->client_first_window[c];
        to = p->client_first_window[c + 1];
    }
    if (from == to)
        return ready;
    for (uint32_t w = from; w < to; w++) {
        *window = w;
        if (ready < p->windows[w].early_s)
            return p->windows[w].early_s;
        if (ready <= p->windows[w].late_s)
            return ready;
    }
    *ok = false;
    return ready;
}

static void drive_break(check_drive *d, const gb_route_break *b, uint32_t i,
                        int64_t *clock)
{
    check_visit *x = &d->visits[i];

    x->arrival = x->start = *clock;
    if (x->start < b->early_s)
        x->start = b->early_s;
    if (d->n_clients == 0 && b->late_s < d->vehicle.shift_start_s)
        x->start = b->late_s; /* had before the shift */
    if (x->start > b->late_s)
        fail(d, "a break begins after its window", i);
    x->end = x->start + b->length_s;
    if (x->end > *clock)
        *clock = x->end;
}

static void drive_client(check_drive *d, uint32_t c, uint32_t i,
                         int64_t *clock, uint32_t *at, uint32_t *place)
{
    const gb_route_problem *p = d->problem;
    const uint32_t to = p->client_location[c];
    const uint32_t its_place
        = p->client_place ? p->client_place[c] : GB_ROUTE_NONE;
    const check_leg leg = leg_from(d, *at, to, *clock);
    check_visit *x = &d->visits[i];
    bool ok;

    x->travel = leg.travel;
    x->metres = leg.metres;
    d->leg_points += leg.points;
    if (x->travel == NO_WAY)
        fail(d, "there is no way to a client", i);
    x->arrival = *clock + x->travel;
    if (its_place != GB_ROUTE_NONE && its_place != *place)
        x->access = p->place_access_s[its_place];
    x->start = start_of(p, c, x->arrival + x->access, &x->window, &ok);
    if (!ok)
        fail(d, "a client is served after its windows", i);
    x->prize = prize_of(d, c, x->start, &x->slot);
    x->end = x->start + (p->client_service_s ? p->client_service_s[c] : 0);
    *clock = x->end;
    *at = to;
    *place = its_place;
}

/* --- the route --- */

/* Nobody leaves before all that is to be brought is there. */
static int64_t release_of(const gb_route_problem *p, const uint32_t *items,
                          uint32_t n)
{
    int64_t release = INT64_MIN;

    for (uint32_t i = 0; i < n && p->client_release_s; i++)
        if (!check_is_break(items[i])
            && p->client_release_s[items[i]] > release)
            release = p->client_release_s[items[i]];
    return release;
}

/* Drive from `depart` (INT64_MIN: as early as can be), with so many of the
   breaks behind the last client taken on the spot. */
static void drive_so(check_drive *d, const uint32_t *items, uint32_t n,
                     int64_t depart, uint32_t n_on_spot)
{
    const gb_route_vehicle *v = &d->vehicle;
    const int64_t release = release_of(d->problem, items, n);
    uint32_t at = v->start_location, place = GB_ROUTE_NONE, last = 0;
    int64_t clock = v->shift_start_s;
    check_leg home;

    d->fault = NULL;
    d->n_clients = 0;
    d->leg_points = 0;
    d->n_on_spot = n_on_spot;
    d->home_by = v->shift_end_s;
    for (uint32_t i = 0; i < n; i++)
        if (!check_is_break(items[i]))
            last = i;
    for (uint32_t i = 0; i < n && !d->fault; i++) {
        check_visit *x = &d->visits[i];

        memset(x, 0, sizeof *x);
        x->is_break = check_is_break(items[i]);
        x->is_at_home = i > last + n_on_spot;
        x->is_on_road = d->n_clients > 0 && !x->is_at_home;
        x->slot = GB_ROUTE_NONE;
        if (x->is_break) {
            const gb_route_break *b
                = &v->breaks[items[i] - GB_ROUTE_BREAK(0)];

            if (!x->is_at_home)
                drive_break(d, b, i, &clock);
            else if (b->late_s < d->home_by)
                d->home_by = b->late_s;
            continue;
        }
        if (d->n_clients++ == 0) {
            if (release > clock)
                clock = release;
            d->base = clock;
            if (depart > clock)
                clock = depart;
        }
        drive_client(d, items[i], i, &clock, &at, &place);
    }
    if (d->fault)
        return;
    home = leg_from(d, at, v->end_location, clock);
    d->last_travel = home.travel;
    d->last_metres = home.metres;
    d->leg_points += home.points;
    if (home.travel == NO_WAY)
        fail(d, "there is no way home", last);
    d->end = clock + home.travel;
    if (d->end > d->home_by)
        fail(d, d->home_by < v->shift_end_s
                 ? "it comes home too late for its break"
                 : "it comes home after its shift",
             last);
}

/* The same windows, slots and end as before, when leaving later? */
static bool loses_nothing(const check_drive *then, const check_drive *now,
                          const uint32_t *items, uint32_t n)
{
    if (now->fault || now->end != then->end)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!check_is_break(items[i])
            && (then->visits[i].window != now->visits[i].window
                || then->visits[i].slot != now->visits[i].slot))
            return false;
    return true;
}

static void add_up(const check_drive *d, const uint32_t *items, uint32_t n,
                   int64_t depart, check_figures *f)
{
    const gb_route_vehicle *v = &d->vehicle;

    memset(f, 0, sizeof *f);
    f->n_clients = d->n_clients;
    f->depart = depart;
    f->end = d->end;
    f->duration = d->end - depart;
    f->travel = d->last_travel;
    f->metres = d->last_metres;
    f->leg_points = d->leg_points;
    for (uint32_t i = 0; i < n; i++) {
        const check_visit *x = &d->visits[i];

        if (check_is_break(items[i])) {
            f->breaks += x->is_on_road ? x->end - x->start : 0;
            continue;
        }
        f->prize += x->prize;
        f->travel += x->travel;
        f->metres += x->metres;
        f->access += x->access;
        f->service += x->end - x->start;
    }
    f->field = f->duration - f->breaks;
    f->wait = f->field - f->travel - f->access - f->service;
    f->cost_milli = v->cost_per_s_milli * f->field
        + v->cost_per_travel_s_milli * f->travel
        + v->cost_per_m_milli * f->metres
        + 1000 * (v->fixed_cost + f->leg_points);
    f->value_milli = 1000 * f->prize - f->cost_milli;
}

static void hold_to_limits(check_drive *d, const check_figures *f)
{
    const gb_route_vehicle *v = &d->vehicle;

    if (v->max_duration_s > 0 && f->duration > v->max_duration_s)
        fail(d, "it is out for too long", 0);
    if (v->max_travel_s > 0 && f->travel > v->max_travel_s)
        fail(d, "it travels for too long", 0);
    if (v->max_distance_m > 0 && f->metres > v->max_distance_m)
        fail(d, "it travels too far", 0);
}

/* Departure as late as loses nothing; leaves `d` driven so. */
static void drive_late(check_drive *d, const uint32_t *items, uint32_t n,
                       uint32_t n_on_spot, check_figures *f)
{
    check_drive then = *d, now = *d;
    int64_t low, high;

    drive_so(&then, items, n, INT64_MIN, n_on_spot);
    *d = then;
    if (then.fault)
        return;
    now.visits = d->more;
    low = then.base;
    high = then.end + 1;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;

        drive_so(&now, items, n, middle, n_on_spot);
        if (loses_nothing(&then, &now, items, n))
            low = middle;
        else
            high = middle;
    }
    drive_so(d, items, n, low, n_on_spot);
    add_up(d, items, n, low, f);
    hold_to_limits(d, f);
}

/* --- what the clock does not matter for --- */

static void hold_loads(check_drive *d, const uint32_t *items, uint32_t n)
{
    const gb_route_problem *p = d->problem;

    for (uint32_t k = 0; k < p->n_loads && d->vehicle.capacity; k++) {
        int64_t sum = 0;

        for (uint32_t i = 0; i < n && p->client_load; i++)
            if (!check_is_break(items[i]))
                sum += p->client_load[(size_t)items[i] * p->n_loads + k];
        if (sum > d->vehicle.capacity[k])
            fail(d, "it carries more than it can", 0);
    }
}

/* What comes after another client of the route has it before. */
static void hold_sequence(check_drive *d, const uint32_t *items, uint32_t n)
{
    const uint32_t *after = d->problem->client_after;

    for (uint32_t i = 0; i < n && after; i++)
        for (uint32_t j = i + 1; j < n && !check_is_break(items[i]); j++)
            if (after[items[i]] == items[j])
                fail(d, "a client comes before one that it comes after", i);
}

static void hold_count(check_drive *d, const uint32_t *items, uint32_t n)
{
    uint32_t n_clients = 0;

    for (uint32_t i = 0; i < n; i++)
        n_clients += !check_is_break(items[i]);
    if (d->vehicle.max_clients > 0 && n_clients > d->vehicle.max_clients)
        fail(d, "it serves too many clients", 0);
}

bool check_drive_route(check_drive *d, const uint32_t *items, uint32_t n,
                       check_figures *figures)
{
    uint32_t n_behind = 0;

    d->fault = NULL;
    hold_count(d, items, n);
    hold_loads(d, items, n);
    hold_sequence(d, items, n);
    if (d->fault)
        return false;
    while (n_behind < n && check_is_break(items[n - 1 - n_behind]))
        n_behind++;
    drive_late(d, items, n, 0, figures);
    for (uint32_t k = 1; k <= n_behind && d->fault; k++) {
        check_drive other = *d;
        check_figures late;

        drive_late(&other, items, n, k, &late);
        if (!other.fault) {
            *d = other;
            *figures = late;
        }
    }
    return !d->fault;
}

gb_route_vehicle check_vehicle_of(const gb_route_problem *p, uint32_t v)
{
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const size_t stride = p->vehicles->size;

    memcpy(&vehicle, (const char *)p->vehicles + v * stride,
           stride < sizeof vehicle ? stride : sizeof vehicle);
    return vehicle;
}

bool check_may_serve(const gb_route_problem *p, uint32_t v, uint32_t c)
{
    const gb_route_vehicle vehicle = check_vehicle_of(p, v);

    if (p->client_skills && (p->client_skills[c] & ~vehicle.skills))
        return false;
    if (!p->client_first_allowed)
        return true;
    for (uint32_t i = p->client_first_allowed[c];
         i < p->client_first_allowed[c + 1]; i++)
        if (p->allowed_vehicles[i] == v)
            return true;
    return false;
}
