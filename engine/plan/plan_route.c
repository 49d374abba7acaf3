/*
 * plan_route.c - see plan_route.h.
 */
#include "plan_route.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "base_check.h"
#include "base_text.h"

/* Farther from the streets of his mode nobody is sent. */
static const double MOST_SNAP_M = 500;

enum { MILLI = 1000, PERMILLE = 1000, HOUR_S = 3600 };

/*
 * What an hour on the way must bring, in points, beside what any hour costs;
 * and whether prizes go by the hour.  Chances to meet somebody by the hour
 * pull a route to and fro; people want routes that look right, and never a
 * longer way than the habit of going to the nearest next would take through
 * the same stops.  So several prices are tried; what is still longer is cut
 * down (cut_detours), and the route that brings most is taken.
 */
static const struct attempt {
    int64_t way_price_per_h;
    bool is_flat; /* each client has his mean prize at any hour */
} attempts[] = { { 150, false }, { 300, true }, { 600, false } };
/* What a way of that price is in metres: kilometres an hour by mode. */
static const int64_t way_km_per_h[GB_MODE_COUNT] = { 5, 20, 30 };

/* The arrays behind a gb_route_problem; all in the day's arena. */
typedef struct day_problem {
    const plan_data *data;
    base_run *run;
    plan_manager_day *day;
    const store_manager *manager;
    gb_lonlat *at;            /* of locations; 0 is the branch */
    uint32_t *place_of;       /* of locations: of data->places, or none */
    uint32_t *location;       /* of candidates */
    gb_roads_place *snapped;  /* of locations */
    uint32_t *client_of;      /* of candidates; NONE: not in the problem */
    uint32_t *candidate_of;   /* of clients */
    size_t n_locations;
    const plan_prizes *prizes;
    int64_t *hourly_prize, *flat_prize; /* n_clients x n_slots */
    gb_route_problem problem;
    gb_route_vehicle vehicle;
    gb_route_break lunch;
    gb_route_profile profile;
} day_problem;

static void *take(day_problem *p, size_t n, size_t size)
{
    return base_arena_alloc(&p->day->arena, n, size);
}

static const store_target *target_of(const day_problem *p, size_t candidate)
{
    return &p->data->targets.items[p->day->candidates[candidate]];
}

/* ---- locations ---- */

typedef struct spot {
    uint32_t place, candidate;
} spot;

static int by_place(const void *a, const void *b)
{
    const spot *p = a, *q = b;

    if (p->place != q->place)
        return p->place < q->place ? -1 : 1;
    return (p->candidate > q->candidate) - (p->candidate < q->candidate);
}

/* One location a place; whoever has none gets one of his own. */
static gb_status find_locations(day_problem *p)
{
    const size_t n = p->day->n_candidates;
    spot *spots = take(p, n, sizeof *spots);

    p->at = take(p, n + 1, sizeof *p->at);
    p->place_of = take(p, n + 1, sizeof *p->place_of);
    p->location = take(p, n, sizeof *p->location);
    if (!spots || !p->at || !p->place_of || !p->location)
        return base_fail_nomem(p->run->ctx);
    p->at[0] = p->data->branches.items[p->manager->branch].at;
    p->place_of[0] = STORE_NONE;
    p->n_locations = 1;
    for (uint32_t c = 0; c < n; c++)
        spots[c] = (spot){ target_of(p, c)->place, c };
    qsort(spots, n, sizeof *spots, by_place);
    for (size_t i = 0; i < n; i++) {
        const uint32_t place = spots[i].place;
        const store_target *t = target_of(p, spots[i].candidate);

        if (place == STORE_NONE || i == 0 || spots[i - 1].place != place) {
            p->place_of[p->n_locations] = place;
            p->at[p->n_locations++]
                = place == STORE_NONE ? t->at
                                      : p->data->places.items[place].gate;
        }
        p->location[spots[i].candidate] = (uint32_t)p->n_locations - 1;
    }
    return GB_OK;
}

static gb_status snap_locations(day_problem *p)
{
    const gb_snap_options options = { sizeof options, MOST_SNAP_M };

    p->snapped = take(p, p->n_locations, sizeof *p->snapped);
    if (!p->snapped)
        return base_fail_nomem(p->run->ctx);
    return gb_roads_snap(p->run->ctx, p->data->roads,
                         (gb_mode)p->manager->mode, p->at, p->n_locations,
                         &options, p->snapped);
}

static void settle(day_problem *p, size_t candidate, int32_t state,
                   const char *reason)
{
    p->day->fates[candidate]
        = (plan_fate){ p->day->candidates[candidate], state, STORE_NONE,
                       reason, NULL };
}

/* Who cannot be reached by street is settled here; the rest are clients. */
static gb_status find_clients(day_problem *p)
{
    const size_t n = p->day->n_candidates;
    uint32_t n_clients = 0;

    p->client_of = take(p, n, sizeof *p->client_of);
    p->candidate_of = take(p, n, sizeof *p->candidate_of);
    if (!p->client_of || !p->candidate_of)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t c = 0; c < n; c++) {
        const bool is_near
            = p->snapped[p->location[c]].status == GB_SNAP_OK;

        p->client_of[c] = GB_ROUTE_NONE;
        if (p->snapped[0].status != GB_SNAP_OK) {
            settle(p, c, STORE_IMPOSSIBLE, "branch_off_road");
        } else if (!is_near) {
            settle(p, c, STORE_SET_ASIDE, "off_road");
        } else {
            p->client_of[c] = n_clients;
            p->candidate_of[n_clients++] = c;
        }
    }
    p->problem.n_clients = n_clients;
    return GB_OK;
}

/* ---- the problem ---- */

static gb_status fill_matrices(day_problem *p)
{
    const size_t n = p->n_locations;
    int32_t *seconds = take(p, n * n, sizeof *seconds);
    int32_t *metres = take(p, n * n, sizeof *metres);
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;

    if (!seconds || !metres)
        return base_fail_nomem(p->run->ctx);
    query.mode = p->manager->mode;
    query.from = p->snapped;
    query.n_from = n;
    query.n_to = n;
    p->profile = (gb_route_profile){ seconds, metres };
    p->problem.profiles = &p->profile;
    p->problem.n_profiles = 1;
    p->problem.n_locations = (uint32_t)n;
    return gb_roads_table(p->run->ctx, p->data->roads, &query, seconds,
                          metres);
}

static void fill_vehicle(day_problem *p)
{
    const store_manager *m = p->manager;
    const int64_t per_h = p->data->settings->given.cost_per_h * MILLI;

    p->vehicle = (gb_route_vehicle)GB_ROUTE_VEHICLE_INIT;
    p->vehicle.shift_start_s = m->shift_start_s;
    p->vehicle.shift_end_s = m->shift_end_s;
    p->vehicle.cost_per_s_milli = (per_h + HOUR_S / 2) / HOUR_S;
    if (m->break_from_s != STORE_NO_TIME) {
        p->lunch = (gb_route_break){ m->break_from_s,
                                     m->break_to_s - m->break_s, m->break_s };
        p->vehicle.breaks = &p->lunch;
        p->vehicle.n_breaks = 1;
    }
    p->problem.vehicles = &p->vehicle;
    p->problem.n_vehicles = 1;
}

typedef struct client_arrays {
    uint32_t *location, *place, *first_window;
    int32_t *service_s, *access_s;
    uint8_t *must;
    gb_route_window *windows;
} client_arrays;

static bool take_client_arrays(day_problem *p, size_t n_slots,
                               client_arrays *a)
{
    const size_t n = p->problem.n_clients;

    a->location = take(p, n, sizeof *a->location);
    a->place = take(p, n, sizeof *a->place);
    a->first_window = take(p, n + 1, sizeof *a->first_window);
    a->service_s = take(p, n, sizeof *a->service_s);
    a->access_s = take(p, p->n_locations, sizeof *a->access_s);
    a->must = take(p, n, sizeof *a->must);
    a->windows = take(p, n, sizeof *a->windows);
    p->hourly_prize = take(p, n * n_slots, sizeof *p->hourly_prize);
    p->flat_prize = take(p, n * n_slots, sizeof *p->flat_prize);
    return a->location && a->place && a->first_window && a->service_s
           && a->access_s && a->must && a->windows && p->hourly_prize
           && p->flat_prize;
}

/* An appointment binds; else a window that the customer welcomes. */
static bool window_of(const store_target *t, gb_route_window *out)
{
    if (t->appointment_from_s != STORE_NO_TIME) {
        *out = (gb_route_window){ t->appointment_from_s, t->appointment_to_s };
        return true;
    }
    if (t->window_from_s == STORE_NO_TIME || t->window_to_s == STORE_NO_TIME)
        return false;
    *out = (gb_route_window){ t->window_from_s, t->window_to_s };
    return true;
}

static bool is_must(const store_target *t)
{
    return t->must_rule[0] != '\0' || t->appointment_from_s != STORE_NO_TIME;
}

static void fill_prizes(day_problem *p, uint32_t client, int64_t score,
                        const int16_t *permille)
{
    const size_t n = p->prizes->n_slots;
    int64_t sum = 0;

    for (size_t s = 0; s < n; s++) {
        p->hourly_prize[client * n + s]
            = (score * permille[s] + PERMILLE / 2) / PERMILLE;
        sum += p->hourly_prize[client * n + s];
    }
    for (size_t s = 0; s < n; s++)
        p->flat_prize[client * n + s] = sum / (int64_t)n;
}

static void fill_client(day_problem *p, client_arrays *a, uint32_t client,
                        uint32_t *n_windows)
{
    const uint32_t candidate = p->candidate_of[client];
    const uint32_t row = p->day->candidates[candidate];
    const store_target *t = target_of(p, candidate);

    a->location[client] = p->location[candidate];
    a->place[client] = p->location[candidate];
    a->service_s[client] = plan_service_s(p->data, row);
    a->must[client] = is_must(t);
    a->first_window[client] = *n_windows;
    *n_windows += window_of(t, &a->windows[*n_windows]);
    fill_prizes(p, client, t->score,
                p->prizes->permille + row * p->prizes->n_slots);
}

static gb_status fill_clients(day_problem *p)
{
    const plan_prizes *prizes = p->prizes;
    client_arrays a;
    uint32_t n_windows = 0;

    if (!take_client_arrays(p, prizes->n_slots, &a))
        return base_fail_nomem(p->run->ctx);
    for (size_t l = 0; l < p->n_locations; l++)
        a.access_s[l] = p->place_of[l] == STORE_NONE
                            ? 0
                            : p->data->places.items[p->place_of[l]].access_s;
    for (uint32_t c = 0; c < p->problem.n_clients; c++)
        fill_client(p, &a, c, &n_windows);
    a.first_window[p->problem.n_clients] = n_windows;
    p->problem.n_places = (uint32_t)p->n_locations;
    p->problem.place_access_s = a.access_s;
    p->problem.client_location = a.location;
    p->problem.client_place = a.place;
    p->problem.client_service_s = a.service_s;
    p->problem.client_must = a.must;
    p->problem.client_first_window = a.first_window;
    p->problem.windows = a.windows;
    p->problem.n_slots = (uint32_t)prizes->n_slots;
    p->problem.slot_start_s = prizes->slot_borders_s;
    p->problem.client_slot_prize = p->hourly_prize;
    return GB_OK;
}

static gb_status build_problem(day_problem *p)
{
    gb_status status;

    p->problem = (gb_route_problem)GB_ROUTE_PROBLEM_INIT;
    status = find_locations(p);
    if (!status)
        status = snap_locations(p);
    if (!status)
        status = find_clients(p);
    if (!status && p->problem.n_clients > 0)
        status = fill_matrices(p);
    if (!status && p->problem.n_clients > 0)
        status = fill_clients(p);
    fill_vehicle(p);
    return status;
}

/* ---- the answer ---- */

static gb_status check_solution(day_problem *p,
                                const gb_route_solution *solution)
{
    gb_route_findings *findings = NULL;
    gb_status status
        = gb_route_check(p->run->ctx, &p->problem, solution, &findings);

    if (!status && gb_route_findings_count(findings) > 0)
        status = base_fail(p->run->ctx, GB_ERR_INTERNAL,
                           "the route of manager %s does not check: %s",
                           p->manager->ref,
                           gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    return status;
}

/* Whatever the search went by, a visit counts what its hour promises. */
static int64_t hourly_prize(const day_problem *p, const gb_route_stop *stop)
{
    const plan_prizes *prizes = p->prizes;
    size_t slot = 0;

    while (slot + 1 < prizes->n_slots
           && stop->start_s >= prizes->slot_borders_s[slot + 1])
        slot++;
    return p->hourly_prize[stop->client * prizes->n_slots + slot];
}

static store_stop make_stop(const day_problem *p, const gb_route_stop *from)
{
    const uint32_t candidate = p->candidate_of[from->client];
    const store_target *t = target_of(p, candidate);
    const uint32_t place = t->place;

    return (store_stop){
        .customer_id = t->id, .ref = t->ref,
        .place_id
        = place == STORE_NONE ? 0 : p->data->places.items[place].id,
        .at = p->at[from->location], .travel_s = from->travel_s,
        .travel_m = from->distance_m, .arrive_s = from->arrival_s,
        .start_s = from->start_s, .end_s = from->end_s,
        .prize = hourly_prize(p, from), .is_must = is_must(t)
    };
}

static gb_status read_stops(day_problem *p, const gb_route_solution *solution,
                            const gb_route_totals *totals)
{
    plan_manager_day *day = p->day;
    uint32_t last_location = GB_ROUTE_NONE, number = 0;

    day->stops = take(p, totals->n_clients, sizeof *day->stops);
    if (!day->stops)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t i = 0; i < totals->n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_BREAK) {
            day->route.break_start_s = stop.start_s;
            day->route.break_end_s = stop.end_s;
            continue;
        }
        number += stop.location != last_location;
        last_location = stop.location;
        day->stops[day->n_stops] = make_stop(p, &stop);
        day->stops[day->n_stops].stop_no = number;
        day->prize += day->stops[day->n_stops].prize;
        day->fates[p->candidate_of[stop.client]]
            = (plan_fate){ day->candidates[p->candidate_of[stop.client]],
                           STORE_PLANNED, (uint32_t)day->n_stops, "planned",
                           NULL };
        day->n_stops++;
    }
    return GB_OK;
}

typedef BASE_ARRAY(gb_lonlat) path_points;

/* Append the way between two locations; its first point is the last one. */
static gb_status add_leg(day_problem *p, uint32_t from, uint32_t to,
                         path_points *path)
{
    size_t n = 0;
    gb_status status;

    if (from == to)
        return GB_OK;
    do {
        const size_t room = path->capacity - path->n;

        status = gb_roads_path(p->run->ctx, p->data->roads, &p->snapped[from],
                               &p->snapped[to], room,
                               room ? path->items + path->n : NULL, &n, NULL);
        if (status == GB_ERR_BUFFER
            && !base_array_reserve(p->run->mem, path, n))
            return base_fail_nomem(p->run->ctx);
    } while (status == GB_ERR_BUFFER);
    if (!status)
        path->n += n;
    return status;
}

static gb_status draw_path(day_problem *p, const gb_route_solution *solution,
                           const gb_route_totals *totals)
{
    path_points path = BASE_ARRAY_INIT;
    uint32_t here = 0;
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < totals->n_items && !status; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_BREAK)
            continue;
        status = add_leg(p, here, stop.location, &path);
        here = stop.location;
    }
    if (!status)
        status = add_leg(p, here, 0, &path);
    if (!status && path.n > 0) {
        p->day->path = take(p, path.n, sizeof *p->day->path);
        if (!p->day->path)
            status = base_fail_nomem(p->run->ctx);
        else
            memcpy(p->day->path, path.items, path.n * sizeof *path.items);
        p->day->n_path = status ? 0 : path.n;
    }
    base_array_clear(p->run->mem, &path);
    return status;
}

static const char *keep_text(day_problem *p, base_text *text)
{
    char *kept = NULL;

    if (!text->is_short)
        kept = take(p, text->n + 1, 1);
    if (kept)
        memcpy(kept, text->chars, text->n + 1);
    base_text_clear(text);
    return kept;
}

static void word_crowded(const day_problem *p, const gb_route_reason *r,
                         base_text *json)
{
    base_text_format(json, "{\"extra_s\":%d,\"extra_m\":%d,\"prize\":%lld",
                     r->extra_s, r->extra_m, (long long)r->prize);
    if (r->n_displaced > 0 && r->displaced_client < p->problem.n_clients) {
        base_text_add(json, ",\"displaces\":");
        base_text_json(json,
                       target_of(p, p->candidate_of[r->displaced_client])->ref);
        base_text_format(json, ",\"n_displaced\":%u,\"displaced_prize\":%lld",
                         r->n_displaced, (long long)r->displaced_prize);
    }
    base_text_format(json, ",\"gain_milli\":%lld}", (long long)r->gain_milli);
}

/* Why a client is not served, as a state, a code and its figures. */
static gb_status read_reason(day_problem *p, const gb_route_reason *r)
{
    const uint32_t candidate = p->candidate_of[r->client];
    plan_fate fate = { .target = p->day->candidates[candidate],
                       .stop = STORE_NONE };
    base_text json;

    base_text_init(&json, p->run->mem);
    if (r->kind == GB_ROUTE_REASON_IMPOSSIBLE) {
        fate.state = STORE_IMPOSSIBLE;
        fate.reason = gb_route_constraint_name(r->constraint);
        base_text_format(&json, "{\"mend_s\":%d}", r->mend_s);
    } else {
        fate.state = STORE_CROWDED_OUT;
        fate.reason = r->kind == GB_ROUTE_REASON_UNPROFITABLE
                          ? "not_worth_the_way"
                          : "no_time";
        word_crowded(p, r, &json);
    }
    fate.json = keep_text(p, &json);
    if (!fate.json)
        return base_fail_nomem(p->run->ctx);
    p->day->fates[candidate] = fate;
    p->day->n_musts_missed += is_must(target_of(p, candidate));
    return GB_OK;
}

static gb_status read_reasons(day_problem *p,
                              const gb_route_solution *solution)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_status status = GB_OK;

    (void)gb_route_solution_summary(solution, &summary);
    for (uint32_t i = 0; i < summary.n_unserved && !status; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        (void)gb_route_solution_reason(solution, i, &reason);
        status = read_reason(p, &reason);
    }
    return status;
}

static gb_status read_route(day_problem *p, const gb_route_solution *solution)
{
    plan_manager_day *day = p->day;
    gb_route_totals totals = { .size = sizeof totals };
    gb_status status;

    (void)gb_route_solution_totals(solution, 0, &totals);
    status = read_stops(p, solution, &totals);
    if (!status)
        status = draw_path(p, solution, &totals);
    day->field_s = totals.field_s;
    day->travel_s = totals.travel_s;
    day->route.leave_s = totals.depart_s;
    day->route.back_s = totals.end_s;
    day->route.travel_s = totals.travel_s;
    day->route.travel_m = totals.distance_m;
    day->route.service_s = totals.service_s + totals.access_s;
    day->route.wait_s = totals.wait_s;
    day->route.prize = day->prize;
    return status;
}

/* ---- the list by balance to compare with ---- */

typedef struct by_balance {
    bool is_must;
    int64_t balance_fen;
    uint32_t client;
} by_balance;

static int richest_first(const void *a, const void *b)
{
    const by_balance *p = a, *q = b;

    if (p->is_must != q->is_must)
        return p->is_must ? -1 : 1;
    if (p->balance_fen != q->balance_fen)
        return p->balance_fen > q->balance_fen ? -1 : 1;
    return (p->client > q->client) - (p->client < q->client);
}

static gb_status compare_greedy(day_problem *p)
{
    const size_t n = p->problem.n_clients;
    by_balance *list = take(p, n, sizeof *list);
    uint32_t *order = take(p, n, sizeof *order);
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_solution *solution = NULL;
    gb_status status;

    if (!list || !order)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t c = 0; c < n; c++) {
        const store_target *t = target_of(p, p->candidate_of[c]);

        list[c] = (by_balance){ is_must(t), t->balance_fen, c };
    }
    qsort(list, n, sizeof *list, richest_first);
    for (size_t i = 0; i < n; i++)
        order[i] = list[i].client;
    status = gb_route_greedy(p->run->ctx, &p->problem, order, n, &solution);
    if (!status) {
        (void)gb_route_solution_summary(solution, &summary);
        p->day->greedy_prize = summary.prize;
        p->day->greedy_field_s = summary.field_s;
    }
    gb_route_solution_free(solution);
    return status;
}

/* ---- no longer than the habit ---- */

/* The clients of a route in order; breaks are put in again by the module. */
typedef struct way {
    uint32_t *clients;
    size_t n;
    bool *is_left; /* scratch: n_locations, all false between calls */
} way;

/* Neighbouring clients of one location: the piece that is left out. */
typedef struct stay {
    size_t first, end;
} stay;

static bool is_within(stay s, size_t i)
{
    return i >= s.first && i < s.end;
}

static uint32_t location_of(const day_problem *p, const way *w, size_t i)
{
    return p->problem.client_location[w->clients[i]];
}

/*
 * The way from the branch through the same stops and back, always on to the
 * nearest one, whatever its hours: the habit.
 */
static int64_t habit_s(const day_problem *p, way *w, stay without)
{
    const size_t n = p->n_locations;
    const int32_t *seconds = p->profile.seconds;
    uint32_t here = 0;
    int64_t travel_s = 0;

    for (size_t i = 0; i < w->n; i++)
        if (!is_within(without, i))
            w->is_left[location_of(p, w, i)] = true;
    for (;;) {
        uint32_t next = GB_ROUTE_NONE;

        for (uint32_t l = 1; l < n; l++)
            if (w->is_left[l]
                && (next == GB_ROUTE_NONE
                    || seconds[here * n + l] < seconds[here * n + next]))
                next = l;
        if (next == GB_ROUTE_NONE)
            return travel_s + seconds[here * n];
        travel_s += seconds[here * n + next];
        w->is_left[next] = false;
        here = next;
    }
}

/* The way in the order of the route. */
static int64_t ordered_s(const day_problem *p, const way *w, stay without)
{
    const size_t n = p->n_locations;
    uint32_t here = 0;
    int64_t travel_s = 0;

    for (size_t i = 0; i < w->n; i++) {
        const uint32_t to = location_of(p, w, i);

        if (is_within(without, i) || to == here)
            continue;
        travel_s += p->profile.seconds[here * n + to];
        here = to;
    }
    return travel_s + p->profile.seconds[here * n];
}

/* The stay that begins at i; its prize, or -1 when a must is in it. */
static stay stay_at(const day_problem *p, const way *w, size_t i,
                    int64_t *prize)
{
    stay s = { i, i };

    *prize = 0;
    while (s.end < w->n && location_of(p, w, s.end) == location_of(p, w, i)) {
        const uint32_t c = w->clients[s.end++];

        if (p->problem.client_must[c])
            *prize = -1;
        else if (*prize >= 0)
            *prize += p->flat_prize[c * p->prizes->n_slots];
    }
    return s;
}

/*
 * Leave out, one by one, the stay whose loss costs least for each second of
 * the way that it saves, until the way is no longer than the habit; stays
 * with a must remain.
 */
static void cut_detours(const day_problem *p, way *w)
{
    static const stay none = { SIZE_MAX, SIZE_MAX };

    while (w->n > 0 && ordered_s(p, w, none) > habit_s(p, w, none)) {
        const int64_t way_s = ordered_s(p, w, none);
        const int64_t excess_s = way_s - habit_s(p, w, none);
        stay worst = none, s;
        double best = INFINITY;
        int64_t prize;

        for (size_t i = 0; i < w->n; i = s.end) {
            int64_t saved_s;
            double price;

            s = stay_at(p, w, i, &prize);
            /* seconds of detour count, and a little those of the way */
            saved_s = 8 * (excess_s - ordered_s(p, w, s) + habit_s(p, w, s))
                      + way_s - ordered_s(p, w, s);
            price = (double)(prize + 1) / (double)saved_s;
            if (prize < 0 || saved_s <= 0 || price >= best)
                continue;
            best = price;
            worst = s;
        }
        if (worst.first == SIZE_MAX)
            return; /* appointments make the way what it is */
        memmove(w->clients + worst.first, w->clients + worst.end,
                (w->n - worst.end) * sizeof *w->clients);
        w->n -= worst.end - worst.first;
    }
}

/* ---- search ---- */

static gb_status read_way(day_problem *p, const gb_route_solution *solution,
                          way *w)
{
    gb_route_totals totals = { .size = sizeof totals };

    (void)gb_route_solution_totals(solution, 0, &totals);
    w->clients = take(p, totals.n_clients, sizeof *w->clients);
    w->is_left = take(p, p->n_locations, sizeof *w->is_left);
    if (!w->clients || !w->is_left)
        return base_fail_nomem(p->run->ctx);
    memset(w->is_left, 0, p->n_locations * sizeof *w->is_left);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            w->clients[w->n++] = stop.client;
    }
    return GB_OK;
}

static gb_status solve_at(day_problem *p, const struct attempt *attempt,
                          gb_route_solution **out)
{
    const gb_plan_options *given = &p->data->settings->given;
    const int64_t m_per_h = way_km_per_h[p->manager->mode] * 1000;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_status status;

    p->vehicle.cost_per_m_milli
        = (attempt->way_price_per_h * MILLI + m_per_h / 2) / m_per_h;
    p->problem.client_slot_prize
        = attempt->is_flat ? p->flat_prize : p->hourly_prize;
    options.max_iterations = given->max_iterations;
    options.time_limit_ms = given->time_limit_ms;
    options.seed = given->seed;
    status = gb_route_solve(p->run->ctx, &p->problem, &options, out);
    if (!status)
        status = check_solution(p, *out);
    return status;
}

/* One attempt: what was found, and what is driven of it. */
typedef struct found {
    const struct attempt *attempt;
    gb_route_solution *solution; /* with reasons for the unserved */
    gb_route_solution *driven;   /* cut down; NULL: the solution as it is */
    int64_t prize;               /* by the hours of what is driven */
} found;

static void clear_found(found *f)
{
    gb_route_solution_free(f->solution);
    gb_route_solution_free(f->driven);
    memset(f, 0, sizeof *f);
}

static gb_status cut_down(day_problem *p, found *f)
{
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[2] = { 0, 0 };
    way w = { 0 };
    gb_status status = read_way(p, f->solution, &w);
    size_t before;

    if (status)
        return status;
    before = w.n;
    cut_detours(p, &w);
    if (w.n == before)
        return GB_OK;
    first[1] = (uint32_t)w.n;
    order.first = first;
    order.items = w.clients;
    status = gb_route_evaluate(p->run->ctx, &p->problem, &order, &f->driven);
    if (!status)
        status = check_solution(p, f->driven);
    return status;
}

static int64_t prize_of(const day_problem *p,
                        const gb_route_solution *solution)
{
    gb_route_totals totals = { .size = sizeof totals };
    int64_t prize = 0;

    (void)gb_route_solution_totals(solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            prize += hourly_prize(p, &stop);
    }
    return prize;
}

static gb_status search(day_problem *p, found *best)
{
    gb_status status = GB_OK;

    memset(best, 0, sizeof *best);
    for (size_t i = 0; i < COUNT_OF(attempts) && !status; i++) {
        found next = { .attempt = &attempts[i] };

        status = solve_at(p, &attempts[i], &next.solution);
        if (!status)
            status = cut_down(p, &next);
        if (!status)
            next.prize
                = prize_of(p, next.driven ? next.driven : next.solution);
        if (status || (best->solution && next.prize <= best->prize)) {
            clear_found(&next);
            continue;
        }
        clear_found(best);
        *best = next;
        if (!best->driven)
            break; /* by its hours and not longer: there is no better */
    }
    if (status)
        clear_found(best);
    return status;
}

/* Visits that were cut out of the found route. */
static gb_status settle_cut(day_problem *p, const found *f)
{
    gb_route_totals totals = { .size = sizeof totals };

    if (!f->driven)
        return GB_OK;
    (void)gb_route_solution_totals(f->solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };
        uint32_t vehicle = GB_ROUTE_NONE, item;

        (void)gb_route_solution_stop(f->solution, 0, i, &stop);
        if (stop.kind != GB_ROUTE_STOP_CLIENT)
            continue;
        (void)gb_route_solution_find(f->driven, stop.client, &vehicle, &item);
        if (vehicle == GB_ROUTE_NONE)
            settle(p, p->candidate_of[stop.client], STORE_CROWDED_OUT,
                   "detour");
    }
    return GB_OK;
}

static gb_status solve(day_problem *p)
{
    found best;
    way w = { 0 };
    gb_status status = search(p, &best);

    if (!status)
        status = settle_cut(p, &best);
    if (!status)
        status = read_reasons(p, best.solution);
    if (!status)
        status = read_route(p, best.driven ? best.driven : best.solution);
    if (!status)
        status = read_way(p, best.driven ? best.driven : best.solution, &w);
    if (!status) {
        p->day->nearest_travel_s
            = habit_s(p, &w, (stay){ SIZE_MAX, SIZE_MAX });
        p->day->way_price_per_h = best.attempt->way_price_per_h;
        p->day->is_flat = best.attempt->is_flat;
        p->problem.client_slot_prize = p->hourly_prize;
        status = compare_greedy(p);
    }
    clear_found(&best);
    return status;
}

gb_status plan_manager_solve(const plan_data *data, const plan_prizes *prizes,
                             base_run *worker, plan_manager_day *day)
{
    day_problem p = { .data = data, .run = worker, .day = day,
                      .prizes = prizes,
                      .manager = &data->managers.items[day->manager] };
    gb_status status;

    day->route.break_start_s = day->route.break_end_s = STORE_NO_TIME;
    day->fates = take(&p, day->n_candidates, sizeof *day->fates);
    if (!day->fates)
        return base_fail_nomem(worker->ctx);
    if (day->n_candidates == 0)
        return GB_OK;
    status = build_problem(&p);
    if (!status && p.problem.n_clients > 0)
        status = solve(&p);
    return status;
}
