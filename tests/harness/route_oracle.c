#include "route_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const gb_route_vehicle *vehicle_at(const gb_route_problem *p,
                                          uint32_t v)
{
    return &p->vehicles[v]; /* of this header's size */
}

static bool is_client(uint32_t item)
{
    return item < GB_ROUTE_BREAK(0);
}

static void stop_if(bool is_wrong, const char *why)
{
    if (is_wrong) {
        fprintf(stderr, "oracle: %s\n", why);
        abort();
    }
}

/* --- the clock --- */

typedef struct walker {
    const gb_route_problem *p;
    const gb_route_vehicle *v;
    bool is_broken;
    int64_t base, depart, clock; /* base: the earliest departure */
    int64_t breaks, travel, metres, points, prize;
    uint32_t at, place, n_clients;
    uint32_t n_marks, marks[ORACLE_ITEMS]; /* window and slot of each client */
} walker;

static int64_t at_speed(const walker *w, int64_t seconds)
{
    const int64_t speed
        = w->v->speed_permille ? w->v->speed_permille : 1000;

    return seconds * 1000 / speed + (seconds * 1000 % speed * 2 >= speed);
}

static void go(walker *w, uint32_t to)
{
    const gb_route_profile *f = &w->p->profiles[w->v->profile];
    const size_t at = (size_t)w->at * w->p->n_locations + to;
    int64_t there = INT64_MAX;

    if (w->at == GB_ROUTE_NONE || to == GB_ROUTE_NONE) {
        w->at = to;
        return;
    }
    if (f->n_bands == 0 && f->seconds[at] != GB_ROUTE_UNREACHABLE)
        there = w->clock + at_speed(w, f->seconds[at]);
    /* Leave now, or wait for the begin of any band to come. */
    for (uint32_t b = 0; b < f->n_bands; b++) {
        const bool is_over = b + 1 < f->n_bands
            && w->clock >= f->band_start_s[b + 1];
        const bool is_now = !is_over
            && (b == 0 || w->clock >= f->band_start_s[b]);
        const int64_t leave = is_now ? w->clock : f->band_start_s[b];

        if (!is_over && f->band_seconds[b][at] != GB_ROUTE_UNREACHABLE
            && leave + at_speed(w, f->band_seconds[b][at]) < there)
            there = leave + at_speed(w, f->band_seconds[b][at]);
    }
    if (there == INT64_MAX) {
        w->is_broken = true;
        return;
    }
    w->travel += there - w->clock;
    w->clock = there;
    w->metres += f->metres ? f->metres[at] : 0;
    w->points += f->cost ? f->cost[at] : 0;
    w->at = to;
}

/* The earliest instant from `ready` on that is in a window. */
static int64_t begin_service(walker *w, uint32_t c, int64_t ready,
                             uint32_t *which)
{
    const gb_route_problem *p = w->p;
    int64_t best = INT64_MAX;

    *which = 0;
    if (!p->client_first_window
        || p->client_first_window[c] == p->client_first_window[c + 1])
        return ready;
    for (uint32_t i = p->client_first_window[c];
         i < p->client_first_window[c + 1]; i++) {
        const int64_t start
            = ready > p->windows[i].early_s ? ready : p->windows[i].early_s;

        if (start <= p->windows[i].late_s && start < best) {
            best = start;
            *which = i;
        }
    }
    w->is_broken |= best == INT64_MAX;
    return best == INT64_MAX ? ready : best;
}

static void serve(walker *w, uint32_t c)
{
    const gb_route_problem *p = w->p;
    const uint32_t place = p->client_place ? p->client_place[c] : GB_ROUTE_NONE;
    const size_t n_slots = p->n_slots ? p->n_slots : 1;
    uint32_t which;
    size_t slot = 0;

    go(w, p->client_location[c]);
    if (place != GB_ROUTE_NONE && place != w->place)
        w->clock += p->place_access_s[place];
    w->place = place;
    w->clock = begin_service(w, c, w->clock, &which);
    while (slot + 1 < p->n_slots && w->clock >= p->slot_start_s[slot + 1])
        slot++;
    if (p->n_prize_kinds)
        w->prize += p->client_kind_prize
            [(w->v->prize_kind * (size_t)p->n_clients + c) * n_slots + slot];
    else if (p->n_slots)
        w->prize += p->client_slot_prize[c * n_slots + slot];
    else if (p->client_prize)
        w->prize += p->client_prize[c];
    w->marks[w->n_marks++] = which * 1000 + (uint32_t)slot;
    w->clock += p->client_service_s ? p->client_service_s[c] : 0;
    w->n_clients++;
}

static void rest(walker *w, const gb_route_break *b)
{
    int64_t start = w->clock > b->early_s ? w->clock : b->early_s;

    if (w->n_clients == 0 && b->late_s < w->v->shift_start_s)
        start = b->late_s;
    w->is_broken |= start > b->late_s;
    if (start + b->length_s > w->clock)
        w->clock = start + b->length_s;
    if (w->n_clients > 0)
        w->breaks += b->length_s;
}

/* Items one after the other; the last `n_home` of them are breaks at home. */
static walker walk(const gb_route_problem *p, uint32_t v,
                   const uint32_t *items, uint32_t n, uint32_t n_home,
                   int64_t depart, bool goes_home)
{
    walker w = { .p = p, .v = vehicle_at(p, v), .place = GB_ROUTE_NONE };
    int64_t by;

    w.at = w.v->start_location;
    w.clock = w.v->shift_start_s;
    for (uint32_t i = 0; i < n - n_home; i++) {
        if (!is_client(items[i])) {
            rest(&w, &w.v->breaks[items[i] - GB_ROUTE_BREAK(0)]);
            continue;
        }
        if (w.n_clients == 0) {
            for (uint32_t j = 0; j < n && p->client_release_s; j++)
                if (is_client(items[j])
                    && p->client_release_s[items[j]] > w.clock)
                    w.clock = p->client_release_s[items[j]];
            w.base = w.clock;
            if (depart > w.clock)
                w.clock = depart;
            w.depart = w.clock;
        }
        serve(&w, items[i]);
    }
    if (!goes_home)
        return w;
    go(&w, w.v->end_location);
    by = w.v->shift_end_s;
    for (uint32_t i = n - n_home; i < n; i++)
        if (w.v->breaks[items[i] - GB_ROUTE_BREAK(0)].late_s < by)
            by = w.v->breaks[items[i] - GB_ROUTE_BREAK(0)].late_s;
    w.is_broken |= w.clock > by;
    return w;
}

static bool is_as_before(const walker *a, const walker *b)
{
    return !b->is_broken && a->clock == b->clock
        && memcmp(a->marks, b->marks, sizeof a->marks) == 0;
}

/* So many breaks at home, departure as late as may be. */
static bool walk_late(const gb_route_problem *p, uint32_t v,
                      const uint32_t *items, uint32_t n, uint32_t n_home,
                      oracle_route *out)
{
    const walker first = walk(p, v, items, n, n_home, INT64_MIN, true);
    const gb_route_vehicle *vehicle = vehicle_at(p, v);
    int64_t step = 1;
    walker best = first;

    if (first.is_broken)
        return false;
    while (step <= first.clock - first.base)
        step *= 2;
    for (; step > 0; step /= 2) {
        const walker later
            = walk(p, v, items, n, n_home, best.depart + step, true);

        if (is_as_before(&first, &later))
            best = later;
    }
    out->field_s = best.clock - best.depart - best.breaks;
    out->travel_s = best.travel;
    out->value_milli = 1000 * best.prize - 1000 * best.points
        - 1000 * vehicle->fixed_cost
        - vehicle->cost_per_s_milli * out->field_s
        - vehicle->cost_per_travel_s_milli * out->travel_s
        - vehicle->cost_per_m_milli * best.metres;
    out->n_items = n;
    memcpy(out->items, items, n * sizeof *items);
    return (vehicle->max_duration_s == 0
            || best.clock - best.depart <= vehicle->max_duration_s)
        && (vehicle->max_travel_s == 0
            || best.travel <= vehicle->max_travel_s)
        && (vehicle->max_distance_m == 0
            || best.metres <= vehicle->max_distance_m);
}

static bool walk_route(const gb_route_problem *p, uint32_t v,
                       const uint32_t *items, uint32_t n, oracle_route *out)
{
    uint32_t n_behind = 0;

    while (n_behind < n && !is_client(items[n - 1 - n_behind]))
        n_behind++;
    for (uint32_t n_home = n_behind + 1; n_home-- > 0;)
        if (walk_late(p, v, items, n, n_home, out))
            return true;
    return false;
}

/* --- one vehicle: all routes --- */

/* The best routes of one vehicle on one set of clients: one, or one of each
   field time where balance has a price. */
typedef struct options {
    uint32_t n, room;
    oracle_route *routes;
} options;

typedef struct tries {
    const gb_route_problem *p;
    uint32_t v, n, items[ORACLE_ITEMS];
    uint32_t set, held; /* clients, breaks */
    options *of_set;
} tries;

static bool is_better(const oracle_route *a, const oracle_route *b)
{
    if (a->value_milli != b->value_milli)
        return a->value_milli > b->value_milli;
    if (a->field_s != b->field_s)
        return a->field_s < b->field_s;
    return a->travel_s < b->travel_s;
}

static void keep(options *o, const oracle_route *route, bool has_balance)
{
    for (uint32_t i = 0; i < o->n; i++)
        if (!has_balance || o->routes[i].field_s == route->field_s) {
            if (is_better(route, &o->routes[i]))
                o->routes[i] = *route;
            return;
        }
    if (o->n == o->room) {
        o->room = o->room ? 2 * o->room : 1;
        o->routes = realloc(o->routes, o->room * sizeof *o->routes);
        stop_if(!o->routes, "no memory");
    }
    o->routes[o->n++] = *route;
}

static bool fits(const tries *t, uint32_t c)
{
    const gb_route_problem *p = t->p;
    const gb_route_vehicle *v = vehicle_at(p, t->v);
    bool may = !p->client_first_allowed;
    uint32_t n = 1;

    for (uint32_t i = may ? 0 : p->client_first_allowed[c];
         !may && i < p->client_first_allowed[c + 1]; i++)
        may = p->allowed_vehicles[i] == t->v;
    if (!may || (p->client_skills && (p->client_skills[c] & ~v->skills)))
        return false;
    for (uint32_t b = 0; b < p->n_clients; b++) {
        const bool is_in = t->set >> b & 1;

        n += is_in;
        /* b is before c already: it must not come after it, and no other
           visit of a bundle is on the same day. */
        if (is_in && p->client_after && p->client_after[b] == c)
            return false;
        if (is_in && p->client_bundle && p->client_bundle[b] != GB_ROUTE_NONE
            && p->client_bundle[b] == p->client_bundle[c])
            return false;
    }
    for (uint32_t k = 0; v->capacity && p->client_load && k < p->n_loads; k++) {
        int64_t sum = p->client_load[c * p->n_loads + k];

        for (uint32_t b = 0; b < p->n_clients; b++)
            if (t->set >> b & 1)
                sum += p->client_load[b * p->n_loads + k];
        if (sum > v->capacity[k])
            return false;
    }
    return v->max_clients == 0 || n <= v->max_clients;
}

static void try_all(tries *t)
{
    const gb_route_vehicle *v = vehicle_at(t->p, t->v);
    oracle_route route;

    if (t->set && t->held == (1u << v->n_breaks) - 1
        && walk_route(t->p, t->v, t->items, t->n, &route))
        keep(&t->of_set[t->set], &route,
             t->p->longest_per_s_milli || t->p->spread_per_s_milli);
    for (uint32_t c = 0; c < t->p->n_clients; c++) {
        if ((t->set >> c & 1) || !fits(t, c))
            continue;
        t->items[t->n++] = c;
        t->set |= 1u << c;
        /* What is late already stays late, whatever follows. */
        if (!walk(t->p, t->v, t->items, t->n, 0, INT64_MIN, false).is_broken)
            try_all(t);
        t->set &= ~(1u << c);
        t->n--;
    }
    for (uint32_t k = 0; k < v->n_breaks; k++) {
        if (t->held >> k & 1)
            continue;
        t->items[t->n++] = GB_ROUTE_BREAK(k);
        t->held |= 1u << k;
        try_all(t);
        t->held &= ~(1u << k);
        t->n--;
    }
}

static void try_vehicle(const gb_route_problem *p, uint32_t v, options *of_set)
{
    tries t = { .p = p, .v = v, .of_set = of_set };

    stop_if(p->n_clients > ORACLE_CLIENTS, "too large a problem");
    stop_if(vehicle_at(p, v)->n_breaks + p->n_clients > ORACLE_ITEMS,
            "too many items");
    try_all(&t);
}

void oracle_routes(const gb_route_problem *p, uint32_t v, oracle_route *of_set)
{
    options routes[1 << ORACLE_CLIENTS] = { { 0 } };

    try_vehicle(p, v, routes);
    for (uint32_t set = 0; set < 1u << p->n_clients; set++) {
        of_set[set].n_items = 0;
        for (uint32_t i = 0; i < routes[set].n; i++)
            if (i == 0 || is_better(&routes[set].routes[i], &of_set[set]))
                of_set[set] = routes[set].routes[i];
        free(routes[set].routes);
    }
}

/* --- all vehicles --- */

typedef struct joining {
    const gb_route_problem *p;
    options *of[ORACLE_VEHICLES]; /* by set */
    uint32_t set[ORACLE_VEHICLES];
    const oracle_route *route[ORACLE_VEHICLES];
    oracle_best *best;
    bool has_best;
} joining;

static uint32_t vehicle_of(const joining *j, uint32_t c)
{
    for (uint32_t v = 0; v < j->p->n_vehicles; v++)
        if (j->set[v] >> c & 1)
            return v;
    return GB_ROUTE_NONE;
}

static bool may_stand_together(const joining *j)
{
    const gb_route_problem *p = j->p;

    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint32_t v = vehicle_of(j, c);

        if (v == GB_ROUTE_NONE)
            continue;
        for (uint32_t b = 0; b < c; b++)
            if (vehicle_of(j, b) != GB_ROUTE_NONE && p->client_group
                && p->client_group[b] != GB_ROUTE_NONE
                && p->client_group[b] == p->client_group[c])
                return false;
        /* after in one route: try_all() sees to the order there */
        if (p->client_after && p->client_after[c] != GB_ROUTE_NONE
            && vehicle_of(j, p->client_after[c]) != GB_ROUTE_NONE
            && vehicle_of(j, p->client_after[c]) != v)
            return false;
    }
    for (uint32_t b = 0; b < p->n_bundles; b++) {
        uint64_t days = 0;
        bool is_pattern;

        for (uint32_t c = 0; c < p->n_clients; c++) {
            const uint32_t v = vehicle_of(j, c);

            if (v == GB_ROUTE_NONE || p->client_bundle[c] != b)
                continue;
            if (days >> vehicle_at(p, v)->day & 1)
                return false;
            days |= UINT64_C(1) << vehicle_at(p, v)->day;
        }
        is_pattern = days == 0;
        for (uint32_t i = p->bundle_first_pattern[b];
             i < p->bundle_first_pattern[b + 1]; i++)
            is_pattern |= days == p->patterns[i];
        if (!is_pattern)
            return false;
    }
    return true;
}

bool oracle_drive(const gb_route_problem *p, uint32_t v, const uint32_t *items,
                  uint32_t n, oracle_route *out)
{
    tries t = { .p = p, .v = v };
    joining j = { .p = p };

    for (uint32_t i = 0; i < n; i++) {
        if (!is_client(items[i]))
            continue;
        if (!fits(&t, items[i]))
            return false;
        t.set |= 1u << items[i];
    }
    j.set[v] = t.set;
    return may_stand_together(&j) && walk_route(p, v, items, n, out);
}

static uint32_t count_musts_left(const joining *j)
{
    const gb_route_problem *p = j->p;
    uint32_t n = 0;

    for (uint32_t c = 0; c < p->n_clients; c++)
        n += p->client_must && p->client_must[c]
            && vehicle_of(j, c) == GB_ROUTE_NONE;
    for (uint32_t v = 0; v < p->n_vehicles; v++)
        n += vehicle_at(p, v)->must_use && j->set[v] == 0;
    for (uint32_t g = 0; p->client_group && p->group_must && g < p->n_clients;
         g++) {
        bool exists = false, is_served = false;

        for (uint32_t c = 0; c < p->n_clients; c++)
            if (p->client_group[c] == g) {
                exists = true;
                is_served |= vehicle_of(j, c) != GB_ROUTE_NONE;
            }
        n += exists && p->group_must[g] && !is_served;
    }
    return n;
}

static void compare_with_best(joining *j)
{
    oracle_best now = { .n_musts_unserved = count_musts_left(j) };
    oracle_best *best = j->best;
    int64_t longest = 0, shortest = INT64_MAX;

    for (uint32_t v = 0; v < j->p->n_vehicles; v++) {
        const oracle_route *route = j->route[v];

        if (!route)
            continue;
        now.value_milli += route->value_milli;
        now.field_s += route->field_s;
        now.travel_s += route->travel_s;
        now.routes[v] = *route;
        if (route->field_s > longest)
            longest = route->field_s;
        if (route->field_s < shortest)
            shortest = route->field_s;
    }
    if (shortest != INT64_MAX)
        now.value_milli -= j->p->longest_per_s_milli * longest
            + j->p->spread_per_s_milli * (longest - shortest);
    if (j->has_best
        && (now.n_musts_unserved > best->n_musts_unserved
            || (now.n_musts_unserved == best->n_musts_unserved
                && (now.value_milli < best->value_milli
                    || (now.value_milli == best->value_milli
                        && (now.field_s > best->field_s
                            || (now.field_s == best->field_s
                                && now.travel_s >= best->travel_s)))))))
        return;
    j->has_best = true;
    *best = now;
}

static void choose_routes(joining *j, uint32_t v)
{
    const options *o;

    if (v == j->p->n_vehicles) {
        compare_with_best(j);
        return;
    }
    j->route[v] = NULL;
    if (j->set[v] == 0) {
        choose_routes(j, v + 1);
        return;
    }
    o = &j->of[v][j->set[v]];
    for (uint32_t i = 0; i < o->n; i++) {
        j->route[v] = &o->routes[i];
        choose_routes(j, v + 1);
    }
}

static void choose_sets(joining *j, uint32_t v, uint32_t left)
{
    /* The second: for the compiler, which inlines this in itself. */
    if (v == j->p->n_vehicles || v == ORACLE_VEHICLES) {
        if (may_stand_together(j))
            choose_routes(j, 0);
        return;
    }
    for (uint32_t set = left;; set = (set - 1) & left) {
        if (set == 0 || j->of[v][set].n > 0) {
            j->set[v] = set;
            choose_sets(j, v + 1, left & ~set);
        }
        if (set == 0)
            break;
    }
    j->set[v] = 0;
}

void oracle_solve(const gb_route_problem *p, oracle_best *best)
{
    const uint32_t n_sets = 1u << p->n_clients;
    joining j = { .p = p, .best = best };

    stop_if(p->n_clients > ORACLE_CLIENTS || p->n_vehicles > ORACLE_VEHICLES,
            "too large a problem");
    memset(best, 0, sizeof *best);
    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        j.of[v] = calloc(n_sets, sizeof *j.of[v]);
        stop_if(!j.of[v], "no memory");
        try_vehicle(p, v, j.of[v]);
    }
    choose_sets(&j, 0, n_sets - 1);
    for (uint32_t v = 0; v < p->n_vehicles; v++) {
        for (uint32_t set = 0; set < n_sets; set++)
            free(j.of[v][set].routes);
        free(j.of[v]);
    }
}
