/*
 * route_check.c - is this solution what it says?  Written from the public
 * header alone: shares no code with the search, and finds the departure by
 * trying instead of by reckoning.
 *
 * Only the caller's arrays and the public accessors are read.  Everything is
 * counted in 64 bits.  (Whether the problem itself makes sense is asked of
 * route_data_build(), which computes nothing.)
 */
#include <gridbeat/route.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base_array.h"
#include "base_options.h"
#include "route_data.h"

struct gb_route_findings {
    base_mem *mem;
    BASE_ARRAY(char *) lines;
    bool is_short; /* of memory */
};

GB_PRINTF(2, 3)
static void note(gb_route_findings *findings, const char *format, ...)
{
    char line[256];
    va_list args;
    char *copy;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    copy = base_strdup(findings->mem, line);
    if (!copy || !base_array_push(findings->mem, &findings->lines, copy)) {
        base_free(findings->mem, copy);
        findings->is_short = true;
    }
}

/* --- driving a route, plainly --- */

typedef struct visit {
    int64_t arrival, access, start, end, leg_s, leg_m, prize;
    uint32_t window, slot;
    bool is_break, is_on_road, is_at_home;
} visit;

typedef struct drive {
    const gb_route_problem *problem;
    gb_route_vehicle vehicle;
    visit *visits;
    int64_t base, end; /* earliest departure; coming home */
    int64_t home_by;
    int64_t last_leg_s, last_leg_m;
    uint32_t n_clients;
    uint32_t n_on_spot; /* breaks behind the last client, not at home */
    const char *fault; /* NULL: it can be driven */
    uint32_t fault_item;
} drive;

static void leg(const drive *d, uint32_t from, uint32_t to, int64_t *s,
                int64_t *m)
{
    const gb_route_profile *profile
        = &d->problem->profiles[d->vehicle.profile];
    const size_t at = (size_t)from * d->problem->n_locations + to;

    *s = *m = 0;
    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE)
        return;
    *s = profile->seconds[at];
    if (profile->metres)
        *m = profile->metres[at];
}

static bool is_break(uint32_t item)
{
    return item >= GB_ROUTE_BREAK(0);
}

static int64_t prize_of(const gb_route_problem *p, uint32_t c, int64_t start,
                        uint32_t *slot)
{
    *slot = GB_ROUTE_NONE;
    if (p->n_slots == 0)
        return p->client_prize ? p->client_prize[c] : 0;
    *slot = 0;
    for (uint32_t s = 1; s < p->n_slots; s++)
        if (start >= p->slot_start_s[s])
            *slot = s;
    return p->client_slot_prize[(size_t)c * p->n_slots + *slot];
}

/* The first start at or after `ready` that a window allows; -1: none. */
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
    return 0;
}

static void fail(drive *d, const char *fault, uint32_t item)
{
    if (!d->fault) {
        d->fault = fault;
        d->fault_item = item;
    }
}

static void drive_break(drive *d, const gb_route_break *b, uint32_t i,
                        int64_t *clock)
{
    visit *x = &d->visits[i];

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

static void drive_client(drive *d, uint32_t c, uint32_t i, int64_t *clock,
                         uint32_t *at, uint32_t *place)
{
    const gb_route_problem *p = d->problem;
    const uint32_t to = p->client_location[c];
    const uint32_t its_place
        = p->client_place ? p->client_place[c] : GB_ROUTE_NONE;
    visit *x = &d->visits[i];
    bool ok;

    leg(d, *at, to, &x->leg_s, &x->leg_m);
    if (x->leg_s == GB_ROUTE_UNREACHABLE)
        fail(d, "there is no way to a client", i);
    x->arrival = *clock + x->leg_s;
    if (its_place != GB_ROUTE_NONE && its_place != *place)
        x->access = p->place_access_s[its_place];
    x->start = start_of(p, c, x->arrival + x->access, &x->window, &ok);
    if (!ok)
        fail(d, "a client is served after its windows", i);
    x->prize = prize_of(p, c, x->start, &x->slot);
    x->end = x->start + (p->client_service_s ? p->client_service_s[c] : 0);
    *clock = x->end;
    *at = to;
    *place = its_place;
}

/* Drive from `depart` (INT64_MIN: as early as can be), with so many of the
   breaks behind the last client taken on the spot. */
static void drive_so(drive *d, const uint32_t *items, uint32_t n,
                     int64_t depart, uint32_t n_on_spot)
{
    const gb_route_vehicle *v = &d->vehicle;
    uint32_t at = v->start_location, place = GB_ROUTE_NONE, last = 0;
    int64_t clock = v->shift_start_s;

    d->fault = NULL;
    d->n_clients = 0;
    d->n_on_spot = n_on_spot;
    d->home_by = v->shift_end_s;
    for (uint32_t i = 0; i < n; i++)
        if (!is_break(items[i]))
            last = i;
    for (uint32_t i = 0; i < n && !d->fault; i++) {
        visit *x = &d->visits[i];

        memset(x, 0, sizeof *x);
        x->is_break = is_break(items[i]);
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
            d->base = clock;
            if (depart > clock)
                clock = depart;
        }
        drive_client(d, items[i], i, &clock, &at, &place);
    }
    leg(d, at, v->end_location, &d->last_leg_s, &d->last_leg_m);
    if (d->last_leg_s == GB_ROUTE_UNREACHABLE)
        fail(d, "there is no way home", last);
    d->end = clock + d->last_leg_s;
    if (!d->fault && d->end > d->home_by)
        fail(d, d->home_by < v->shift_end_s
                 ? "it comes home too late for its break"
                 : "it comes home after its shift",
             last);
}

static bool is_out_too_long(const drive *d, int64_t depart)
{
    return d->vehicle.max_duration_s > 0
        && d->end - depart > d->vehicle.max_duration_s;
}

/* The same windows, slots and end as before, when leaving later? */
static bool loses_nothing(const drive *then, const drive *now,
                          const uint32_t *items, uint32_t n)
{
    if (now->fault || now->end != then->end)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!is_break(items[i])
            && (then->visits[i].window != now->visits[i].window
                || then->visits[i].slot != now->visits[i].slot))
            return false;
    return true;
}

/* Money of a route whose clients' visits are known. */
static int64_t value_of(const drive *d, uint32_t n, int64_t depart,
                        int64_t *cost, int64_t *field)
{
    int64_t prize = 0, metres = d->last_leg_m, breaks = 0;

    for (uint32_t i = 0; i < n; i++) {
        const visit *x = &d->visits[i];

        if (!x->is_break) {
            prize += x->prize;
            metres += x->leg_m;
        } else if (x->is_on_road) {
            breaks += x->end - x->start;
        }
    }
    *field = d->end - depart - breaks;
    *cost = d->vehicle.cost_per_s_milli * *field
        + d->vehicle.cost_per_m_milli * metres + 1000 * d->vehicle.fixed_cost;
    return 1000 * prize - *cost;
}

/* Departure as late as loses nothing, by halving; leaves `d` driven so. */
static int64_t drive_late_so(drive *d, visit *more, const uint32_t *items,
                             uint32_t n, uint32_t n_on_spot)
{
    drive then = *d, now = *d;
    int64_t low, high;

    drive_so(&then, items, n, INT64_MIN, n_on_spot);
    *d = then;
    if (then.fault)
        return then.base;
    now.visits = more;
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
    if (is_out_too_long(d, low))
        fail(d, "it is out for too long", 0);
    if (d->vehicle.max_clients > 0 && d->n_clients > d->vehicle.max_clients)
        fail(d, "it serves too many clients", 0);
    return low;
}

/* As few breaks on the spot behind the last client as will do. */
static int64_t drive_late(drive *d, visit *more, const uint32_t *items,
                          uint32_t n)
{
    uint32_t n_behind = 0;
    int64_t depart;

    while (n_behind < n && is_break(items[n - 1 - n_behind]))
        n_behind++;
    depart = drive_late_so(d, more, items, n, 0);
    for (uint32_t k = 1; k <= n_behind && d->fault; k++) {
        drive other = *d;
        const int64_t late = drive_late_so(&other, more, items, n, k);

        if (!other.fault) {
            *d = other;
            depart = late;
        }
    }
    return depart;
}

/* --- the check --- */

typedef struct check {
    const gb_route_problem *problem;
    const gb_route_solution *solution;
    gb_route_findings *findings;
    uint32_t *items, *trial; /* of the route at hand */
    visit *visits, *more;
    uint8_t *is_served;
    gb_route_summary sum; /* as recomputed */
} check;

static gb_route_vehicle vehicle_of(const gb_route_problem *p, uint32_t v)
{
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const size_t stride = p->vehicles->size;

    memcpy(&vehicle, (const char *)p->vehicles + v * stride,
           stride < sizeof vehicle ? stride : sizeof vehicle);
    return vehicle;
}

static bool may_serve(const gb_route_problem *p, uint32_t v, uint32_t c)
{
    if (!p->client_first_allowed)
        return true;
    for (uint32_t i = p->client_first_allowed[c];
         i < p->client_first_allowed[c + 1]; i++)
        if (p->allowed_vehicles[i] == v)
            return true;
    return false;
}

static void expect(check *k, uint32_t v, const char *what, int64_t said,
                   int64_t found)
{
    if (said != found)
        note(k->findings,
             "vehicle %" PRIu32 ": %s is given as %" PRId64 ", it is %" PRId64,
             v, what, said, found);
}

static void compare_stop(check *k, uint32_t v, const gb_route_stop *said,
                         const visit *x)
{
    if (x->is_break) {
        if (!x->is_at_home) {
            expect(k, v, "start of a break", said->start_s, x->start);
            expect(k, v, "end of a break", said->end_s, x->end);
        }
        return;
    }
    expect(k, v, "travel", said->travel_s, x->leg_s);
    expect(k, v, "distance", said->distance_m, x->leg_m);
    expect(k, v, "arrival", said->arrival_s, x->arrival);
    expect(k, v, "access", said->access_s, x->access);
    expect(k, v, "wait", said->wait_s, x->start - x->arrival - x->access);
    expect(k, v, "start", said->start_s, x->start);
    expect(k, v, "end", said->end_s, x->end);
    expect(k, v, "slot", said->slot, x->slot);
    expect(k, v, "prize", said->prize, x->prize);
    expect(k, v, "location", said->location,
           k->problem->client_location[said->client]);
    k->sum.prize += x->prize;
    k->sum.travel_s += x->leg_s;
    k->sum.access_s += x->access;
    k->sum.service_s += x->end - x->start;
    k->sum.distance_m += x->leg_m;
}

/* Who is in it, and in which role; false: there is no driving that. */
static bool read_route(check *k, uint32_t v, uint32_t n,
                       const gb_route_vehicle *vehicle)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < n; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        if (!gb_route_solution_stop(k->solution, v, i, &stop)) {
            note(k->findings, "vehicle %" PRIu32 ": stop %" PRIu32
                 " is missing", v, i);
            return false;
        }
        if (stop.kind == GB_ROUTE_STOP_BREAK) {
            if (stop.client >= vehicle->n_breaks
                || (held >> stop.client & 1)) {
                note(k->findings, "vehicle %" PRIu32 ": break %" PRIu32
                     " comes twice or does not exist", v, stop.client);
                return false;
            }
            held |= 1u << stop.client;
            k->items[i] = GB_ROUTE_BREAK(stop.client);
            continue;
        }
        k->items[i] = stop.client;
        if (stop.client >= k->problem->n_clients) {
            note(k->findings, "vehicle %" PRIu32 ": there is no client %"
                 PRIu32, v, stop.client);
            return false;
        }
        if (k->is_served[stop.client]++)
            note(k->findings, "client %" PRIu32 " is served twice",
                 stop.client);
        if (!may_serve(k->problem, v, stop.client))
            note(k->findings, "vehicle %" PRIu32 " may not serve client %"
                 PRIu32, v, stop.client);
    }
    if (held != (1u << vehicle->n_breaks) - 1) {
        note(k->findings, "vehicle %" PRIu32 " lacks a break", v);
        return false;
    }
    return true;
}

static void check_route(check *k, uint32_t v)
{
    gb_route_totals t = { .size = sizeof t };
    drive d = { .problem = k->problem,
                .vehicle = vehicle_of(k->problem, v),
                .visits = k->visits };
    int64_t depart, cost, field, value, service = 0, access = 0, prize = 0,
            travel, metres;
    const gb_route_summary before = k->sum;

    if (!gb_route_solution_totals(k->solution, v, &t)) {
        note(k->findings, "vehicle %" PRIu32 " has no totals", v);
        return;
    }
    if (t.n_items == 0) {
        expect(k, v, "value of an empty route", t.value_milli, 0);
        expect(k, v, "number of clients", t.n_clients, 0);
        return;
    }
    if (!read_route(k, v, t.n_items, &d.vehicle))
        return;
    depart = drive_late(&d, k->more, k->items, t.n_items);
    if (d.fault) {
        note(k->findings, "vehicle %" PRIu32 ": %s (item %" PRIu32 ")", v,
             d.fault, d.fault_item);
        return;
    }
    for (uint32_t i = 0; i < t.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(k->solution, v, i, &stop);
        compare_stop(k, v, &stop, &d.visits[i]);
    }
    k->sum.travel_s += d.last_leg_s;
    k->sum.distance_m += d.last_leg_m;
    service = k->sum.service_s - before.service_s;
    access = k->sum.access_s - before.access_s;
    prize = k->sum.prize - before.prize;
    travel = k->sum.travel_s - before.travel_s;
    metres = k->sum.distance_m - before.distance_m;
    value = value_of(&d, t.n_items, depart, &cost, &field);
    expect(k, v, "departure", t.depart_s, depart);
    expect(k, v, "end", t.end_s, d.end);
    expect(k, v, "duration", t.duration_s, d.end - depart);
    expect(k, v, "field time", t.field_s, field);
    expect(k, v, "breaks", t.break_s, d.end - depart - field);
    expect(k, v, "waiting", t.wait_s,
           field - service - access - travel);
    expect(k, v, "travel", t.travel_s, travel);
    expect(k, v, "service", t.service_s, service);
    expect(k, v, "access", t.access_s, access);
    expect(k, v, "distance", t.distance_m, metres);
    expect(k, v, "prize", t.prize, prize);
    expect(k, v, "cost", t.cost_milli, cost);
    expect(k, v, "value", t.value_milli, value);
    expect(k, v, "number of clients", t.n_clients, d.n_clients);
    k->sum.n_served += d.n_clients;
    k->sum.n_routes++;
    k->sum.duration_s += d.end - depart;
    k->sum.field_s += field;
    k->sum.wait_s += field - service - access - travel;
    k->sum.cost_milli += cost;
    k->sum.value_milli += value;
}

static void check_unserved(check *k)
{
    const gb_route_problem *p = k->problem;
    uint32_t n = 0;

    for (uint32_t c = 0; c < p->n_clients; c++) {
        gb_route_reason reason = { .size = sizeof reason };

        if (k->is_served[c])
            continue;
        k->sum.n_musts_unserved += p->client_must && p->client_must[c];
        if (!gb_route_solution_reason(k->solution, n, &reason)
            || reason.client != c)
            note(k->findings,
                 "client %" PRIu32 " is neither served nor listed", c);
        n++;
    }
    k->sum.n_unserved = n;
    for (uint32_t c = 0; c < p->n_clients && p->client_group; c++)
        for (uint32_t b = 0; b < c && p->client_group[c] != GB_ROUTE_NONE
             && k->is_served[c]; b++)
            if (k->is_served[b] && p->client_group[b] == p->client_group[c])
                note(k->findings,
                     "clients %" PRIu32 " and %" PRIu32
                     " of one group are both served", b, c);
}

static void check_summary(check *k)
{
    gb_route_summary said = { .size = sizeof said };
    const gb_route_summary *sum = &k->sum;

    if (!gb_route_solution_summary(k->solution, &said)) {
        note(k->findings, "there is no summary");
        return;
    }
#define FIGURE(name)                                                          \
    do {                                                                      \
        if ((int64_t)said.name != (int64_t)sum->name)                         \
            note(k->findings,                                                 \
                 "the summary's " #name " is %" PRId64 ", it is %" PRId64,    \
                 (int64_t)said.name, (int64_t)sum->name);                     \
    } while (0)
    FIGURE(n_served);
    FIGURE(n_unserved);
    FIGURE(n_musts_unserved);
    FIGURE(n_routes);
    FIGURE(prize);
    FIGURE(cost_milli);
    FIGURE(value_milli);
    FIGURE(duration_s);
    FIGURE(field_s);
    FIGURE(travel_s);
    FIGURE(service_s);
    FIGURE(access_s);
    FIGURE(wait_s);
    FIGURE(distance_m);
#undef FIGURE
}

static bool group_is_free(const check *k, uint32_t c)
{
    const uint32_t *group = k->problem->client_group;

    if (!group || group[c] == GB_ROUTE_NONE)
        return true;
    for (uint32_t b = 0; b < k->problem->n_clients; b++)
        if (k->is_served[b] && group[b] == group[c])
            return false;
    return true;
}

/* Can the left-out client be put into the route at a gain? */
static void try_gaps(check *k, uint32_t v, uint32_t n,
                     const gb_route_totals *t, uint32_t c)
{
    drive d = { .problem = k->problem,
                .vehicle = vehicle_of(k->problem, v),
                .visits = k->visits };
    const bool is_must = k->problem->client_must
        && k->problem->client_must[c];

    for (uint32_t gap = t->n_frozen; gap <= n; gap++) {
        int64_t depart, cost, field, now;

        memcpy(k->trial, k->items, gap * sizeof *k->trial);
        k->trial[gap] = c;
        memcpy(k->trial + gap + 1, k->items + gap,
               (n - gap) * sizeof *k->trial);
        depart = drive_late(&d, k->more, k->trial, n + 1);
        if (d.fault)
            continue;
        now = value_of(&d, n + 1, depart, &cost, &field);
        if (is_must || now > t->value_milli)
            note(k->findings,
                 "client %" PRIu32 " could be served by vehicle %" PRIu32
                 " before item %" PRIu32 ", for %" PRId64 " more",
                 c, v, gap, now - t->value_milli);
    }
}

static void check_certificate(check *k)
{
    const gb_route_problem *p = k->problem;

    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        gb_route_totals t = { .size = sizeof t };
        const gb_route_vehicle vehicle = vehicle_of(p, v);
        uint32_t n = 0;

        (void)gb_route_solution_totals(k->solution, v, &t);
        if (t.n_items == 0 && t.n_frozen > 0)
            continue; /* which breaks are frozen is not told */
        for (uint32_t i = 0; i < t.n_items; i++) {
            gb_route_stop stop = { .size = sizeof stop };

            (void)gb_route_solution_stop(k->solution, v, i, &stop);
            k->items[n++] = stop.kind == GB_ROUTE_STOP_BREAK
                ? GB_ROUTE_BREAK(stop.client)
                : stop.client;
        }
        if (t.n_items == 0)
            for (uint32_t b = 0; b < vehicle.n_breaks; b++)
                k->items[n++] = GB_ROUTE_BREAK(b);
        for (uint32_t c = 0; c < p->n_clients; c++)
            if (!k->is_served[c] && may_serve(p, v, c) && group_is_free(k, c))
                try_gaps(k, v, n, &t, c);
    }
}

static gb_status run_check(check *k, bool is_certified)
{
    const gb_route_problem *p = k->problem;
    base_mem *mem = k->findings->mem;
    const size_t most = (size_t)p->n_clients + ROUTE_MOST_BREAKS + 1;
    gb_status status = GB_ERR_NOMEM;

    k->items = base_alloc_array(mem, most, sizeof *k->items);
    k->trial = base_alloc_array(mem, most, sizeof *k->trial);
    k->visits = base_alloc_zeroed(mem, most, sizeof *k->visits);
    k->more = base_alloc_zeroed(mem, most, sizeof *k->more);
    k->is_served = base_alloc_zeroed(mem, p->n_clients, 1);
    if (!k->items || !k->trial || !k->visits || !k->more || !k->is_served)
        goto done;
    for (uint32_t v = 0; v < p->n_vehicles; v++)
        check_route(k, v);
    check_unserved(k);
    if (k->findings->lines.n == 0) /* else its sums are wrong anyway */
        check_summary(k);
    if (is_certified && k->findings->lines.n == 0)
        check_certificate(k);
    status = k->findings->is_short ? GB_ERR_NOMEM : GB_OK;
done:
    base_free(mem, k->items);
    base_free(mem, k->trial);
    base_free(mem, k->visits);
    base_free(mem, k->more);
    base_free(mem, k->is_served);
    return status;
}

gb_status gb_route_check(gb_context *ctx, const gb_route_problem *given,
                         const gb_route_solution *solution,
                         gb_route_findings **out)
{
    gb_route_problem problem;
    gb_route_summary said = { .size = sizeof said };
    check k = { .problem = &problem, .solution = solution };
    route_data data;
    gb_status status;
    uint32_t vehicle, item;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!solution)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no solution is given");
    status = route_data_build(ctx, given, &data);
    if (status)
        return status;
    route_data_clear(&data);
    status = base_options_take(ctx, &problem, sizeof problem, given,
                               sizeof problem);
    if (status)
        return status;
    if (!gb_route_solution_summary(solution, &said)
        || said.n_served + said.n_unserved != problem.n_clients
        || (problem.n_clients > 0
            && !gb_route_solution_find(solution, problem.n_clients - 1,
                                       &vehicle, &item)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the solution is of another problem");
    k.findings = base_alloc_zeroed(ctx->mem, 1, sizeof *k.findings);
    if (!k.findings)
        return base_fail_nomem(ctx);
    k.findings->mem = base_mem_ref(ctx->mem);
    status = run_check(&k, said.is_certified);
    if (status) {
        gb_route_findings_free(k.findings);
        return base_fail_nomem(ctx);
    }
    *out = k.findings;
    return GB_OK;
}

size_t gb_route_findings_count(const gb_route_findings *findings)
{
    return findings ? findings->lines.n : 0;
}

const char *gb_route_findings_text(const gb_route_findings *findings, size_t i)
{
    return findings && i < findings->lines.n ? findings->lines.items[i]
                                             : NULL;
}

void gb_route_findings_free(gb_route_findings *findings)
{
    base_mem *mem;

    if (!findings)
        return;
    mem = findings->mem;
    for (size_t i = 0; i < findings->lines.n; i++)
        base_free(mem, findings->lines.items[i]);
    base_array_clear(mem, &findings->lines);
    base_free(mem, findings);
    base_mem_unref(mem);
}
