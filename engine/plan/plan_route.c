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
 * the same stops.  So the price rises until that holds, and if it must, the
 * hours no longer count for the order.
 */
static const struct attempt {
    int64_t way_price_per_h;
    bool is_flat; /* each client has his mean prize at any hour */
} attempts[] = { { 150, false }, { 300, false }, { 600, false },
                 { 300, true },  { 1200, true }, { 4800, true } };
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

static gb_status read_solution(day_problem *p,
                               const gb_route_solution *solution)
{
    plan_manager_day *day = p->day;
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_totals totals = { .size = sizeof totals };
    gb_status status;

    (void)gb_route_solution_summary(solution, &summary);
    (void)gb_route_solution_totals(solution, 0, &totals);
    status = read_stops(p, solution, &totals);
    if (!status)
        status = draw_path(p, solution, &totals);
    for (uint32_t i = 0; i < summary.n_unserved && !status; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        (void)gb_route_solution_reason(solution, i, &reason);
        status = read_reason(p, &reason);
    }
    day->field_s = summary.field_s;
    day->travel_s = summary.travel_s;
    day->n_iterations = summary.iterations;
    day->route.leave_s = totals.depart_s;
    day->route.back_s = totals.end_s;
    day->route.travel_s = totals.travel_s;
    day->route.travel_m = totals.distance_m;
    day->route.service_s = totals.service_s + totals.access_s;
    day->route.wait_s = totals.wait_s;
    day->route.prize = day->prize;
    return status;
}

/* ---- the habits to compare with ---- */

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

/*
 * The way from the branch through the same stops and back, always on to the
 * nearest one, whatever its hours: the habit.  Locations are marked in
 * `is_left`, and unmarked.
 */
static int64_t nearest_travel_s(const day_problem *p, bool *is_left)
{
    const size_t n = p->n_locations;
    const int32_t *seconds = p->profile.seconds;
    uint32_t here = 0;
    int64_t travel_s = 0;

    for (;;) {
        uint32_t next = GB_ROUTE_NONE;

        for (uint32_t l = 1; l < n; l++)
            if (is_left[l]
                && (next == GB_ROUTE_NONE
                    || seconds[here * n + l] < seconds[here * n + next]))
                next = l;
        if (next == GB_ROUTE_NONE)
            return travel_s + seconds[here * n];
        travel_s += seconds[here * n + next];
        is_left[next] = false;
        here = next;
    }
}

/* How a solution's way compares with the habit on its stops. */
static gb_status measure_way(day_problem *p, const gb_route_solution *solution,
                             int64_t *travel_s, int64_t *nearest_s)
{
    gb_route_totals totals = { .size = sizeof totals };
    bool *is_left
        = base_alloc_zeroed(p->run->mem, p->n_locations, sizeof *is_left);

    if (!is_left)
        return base_fail_nomem(p->run->ctx);
    (void)gb_route_solution_totals(solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT && stop.location > 0)
            is_left[stop.location] = true;
    }
    *travel_s = totals.travel_s;
    *nearest_s = nearest_travel_s(p, is_left);
    base_free(p->run->mem, is_left);
    return GB_OK;
}

/* ---- search ---- */

/* A solution's routes as a start for the next; in the day's arena. */
static gb_status take_order(day_problem *p, const gb_route_solution *solution,
                            gb_route_order *order)
{
    uint32_t *first = take(p, 2, sizeof *first);
    uint32_t *items;
    size_t n = 0;
    gb_status status;

    if (!first)
        return base_fail_nomem(p->run->ctx);
    status = gb_route_solution_order(solution, first, NULL, 0, &n);
    if (status != GB_OK && status != GB_ERR_BUFFER)
        return status;
    items = take(p, n, sizeof *items);
    if (!items)
        return base_fail_nomem(p->run->ctx);
    *order = (gb_route_order)GB_ROUTE_ORDER_INIT;
    order->first = first;
    order->items = items;
    return gb_route_solution_order(solution, first, items, n, &n);
}

static gb_status solve_at(day_problem *p, const struct attempt *attempt,
                          const gb_route_solution *before,
                          gb_route_solution **out)
{
    const gb_plan_options *given = &p->data->settings->given;
    const int64_t m_per_h = way_km_per_h[p->manager->mode] * 1000;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_order order;
    gb_status status = GB_OK;

    p->vehicle.cost_per_m_milli
        = (attempt->way_price_per_h * MILLI + m_per_h / 2) / m_per_h;
    p->problem.client_slot_prize
        = attempt->is_flat ? p->flat_prize : p->hourly_prize;
    options.max_iterations = given->max_iterations;
    options.time_limit_ms = given->time_limit_ms;
    options.seed = given->seed;
    if (before) {
        status = take_order(p, before, &order);
        options.start = &order;
        options.max_iterations = given->max_iterations / 2 + 1;
    }
    if (!status)
        status = gb_route_solve(p->run->ctx, &p->problem, &options, out);
    if (!status)
        status = check_solution(p, *out);
    return status;
}

/* Raise the price of the way until the route is no longer than the habit. */
static gb_status search(day_problem *p, gb_route_solution **out)
{
    gb_route_solution *best = NULL, *next = NULL;
    double best_ratio = INFINITY;
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(attempts) && best_ratio > 1; i++) {
        int64_t travel_s = 0, nearest_s = 0;
        double ratio;

        status = solve_at(p, &attempts[i], best, &next);
        if (!status)
            status = measure_way(p, next, &travel_s, &nearest_s);
        if (status)
            break;
        ratio = nearest_s > 0 ? (double)travel_s / (double)nearest_s : 0;
        if (ratio < best_ratio) {
            gb_route_solution_free(best);
            best = next;
            best_ratio = ratio;
            p->day->nearest_travel_s = nearest_s;
            p->day->way_price_per_h = attempts[i].way_price_per_h;
            p->day->is_flat = attempts[i].is_flat;
        } else {
            gb_route_solution_free(next);
        }
        next = NULL;
    }
    gb_route_solution_free(next);
    if (status) {
        gb_route_solution_free(best);
        best = NULL;
    }
    *out = best;
    return status;
}

static gb_status solve(day_problem *p)
{
    gb_route_solution *solution = NULL;
    gb_status status = search(p, &solution);

    if (!status)
        status = read_solution(p, solution);
    p->problem.client_slot_prize = p->hourly_prize;
    if (!status)
        status = compare_greedy(p);
    gb_route_solution_free(solution);
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
