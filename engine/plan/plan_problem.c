/*
 * plan_problem.c - see plan_problem.h.
 */
#include "plan_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo_crs.h"

/* Farther from the streets of his mode nobody is sent. */
static const double MOST_SNAP_M = 500;

/* Metres a second by mode, where there is no map to tell. */
static const double pace_m_per_s[GB_MODE_COUNT] = { 1.3, 5, 8 };

/* What a way of a price an hour is in metres: kilometres an hour by mode. */
static const int64_t way_km_per_h[GB_MODE_COUNT] = { 5, 20, 30 };

enum { MILLI = 1000, PERMILLE = 1000, HOUR_S = 3600 };

void *plan_problem_take(plan_problem *p, size_t n, size_t size)
{
    return base_arena_alloc(&p->scratch, n, size);
}

const store_target *plan_problem_target(const plan_problem *p, size_t candidate)
{
    return &p->data->targets.items[p->day->candidates[candidate]];
}

void plan_problem_settle(plan_problem *p, size_t candidate, int32_t state,
                   const char *reason)
{
    p->day->fates[candidate]
        = (plan_fate){ p->day->candidates[candidate], state, STORE_NONE,
                       STORE_NO_DAY, reason, NULL };
}

const char *plan_problem_text(plan_problem *p, base_text *text)
{
    char *kept = NULL;

    if (!text->is_short)
        kept = base_arena_alloc(&p->day->arena, text->n + 1, 1);
    if (kept)
        memcpy(kept, text->chars, text->n + 1);
    base_text_clear(text);
    return kept;
}

int64_t plan_problem_way_price(const plan_problem *p, int64_t per_h)
{
    const int64_t m_per_h = way_km_per_h[p->manager->mode] * 1000;

    return (per_h * MILLI + m_per_h / 2) / m_per_h;
}

int64_t plan_problem_points(const plan_problem *p, uint32_t candidate,
                            size_t slot)
{
    const plan_horizon *h = p->prizes->horizon;
    const uint32_t row = p->day->candidates[candidate];
    const int64_t score = h->scores[p->day_no * h->n_targets + row];

    return (score * plan_prizes_of(p->prizes, h->kinds[p->day_no], row)[slot]
            + PERMILLE / 2)
           / PERMILLE;
}

int64_t plan_problem_prize(const plan_problem *p, const gb_route_stop *stop)
{
    return plan_problem_points(p, p->candidate_of[stop->client], stop->slot);
}

int64_t plan_problem_chance(const plan_problem *p, const gb_route_stop *stop)
{
    const uint32_t row = p->day->candidates[p->candidate_of[stop->client]];

    return plan_prizes_of(p->prizes, p->prizes->horizon->kinds[p->day_no],
                          row)[stop->slot];
}

int64_t plan_problem_gain(const plan_problem *p, const gb_route_stop *stop)
{
    return p->hourly_prize[stop->client * p->prizes->n_slots + stop->slot];
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
static gb_status find_locations(plan_problem *p)
{
    const size_t n = p->day->n_candidates;
    spot *spots = plan_problem_take(p, n, sizeof *spots);

    p->at = plan_problem_take(p, n + 1, sizeof *p->at);
    p->place_of = plan_problem_take(p, n + 1, sizeof *p->place_of);
    p->location = plan_problem_take(p, n, sizeof *p->location);
    if (!spots || !p->at || !p->place_of || !p->location)
        return base_fail_nomem(p->run->ctx);
    p->at[0] = p->data->branches.items[p->manager->branch].at;
    p->place_of[0] = STORE_NONE;
    p->n_locations = 1;
    for (uint32_t c = 0; c < n; c++)
        spots[c] = (spot){ plan_problem_target(p, c)->place, c };
    qsort(spots, n, sizeof *spots, by_place);
    for (size_t i = 0; i < n; i++) {
        const uint32_t place = spots[i].place;
        const store_target *t = plan_problem_target(p, spots[i].candidate);

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

static gb_status snap_locations(plan_problem *p)
{
    const gb_snap_options options = { sizeof options, MOST_SNAP_M, 0 };

    p->snapped = plan_problem_take(p, p->n_locations, sizeof *p->snapped);
    if (!p->snapped)
        return base_fail_nomem(p->run->ctx);
    if (!p->data->roads) { /* as the crow flies: every place is on the way */
        memset(p->snapped, 0, p->n_locations * sizeof *p->snapped);
        return GB_OK;
    }
    return gb_roads_snap(p->run->ctx, p->data->roads,
                         (gb_mode)p->manager->mode, p->at, p->n_locations,
                         &options, p->snapped);
}

/* Who cannot be reached by street is settled here. */
static gb_status find_open(plan_problem *p)
{
    const size_t n = p->day->n_candidates;

    p->is_open = plan_problem_take(p, n, sizeof *p->is_open);
    if (!p->is_open)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t c = 0; c < n; c++) {
        const bool is_near
            = p->snapped[p->location[c]].status == GB_SNAP_OK;

        p->is_open[c] = false;
        if (p->snapped[0].status != GB_SNAP_OK) {
            plan_problem_settle(p, c, STORE_IMPOSSIBLE, "branch_off_road");
        } else if (!is_near) {
            plan_problem_settle(p, c, STORE_SET_ASIDE, "off_road");
        } else {
            p->is_open[c] = true;
            p->n_open++;
        }
    }
    return GB_OK;
}

/* ---- the problem ---- */

/* Without a map: straight lines, stretched, at each mode's pace. */
static void guess_matrices(const plan_problem *p, int32_t *seconds,
                           int32_t *metres)
{
    const size_t n = p->n_locations;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double way_m
                = geo_lonlat_distance_m(p->at[i], p->at[j]) * PLAN_DETOUR;

            metres[i * n + j] = (int32_t)lround(way_m);
            seconds[i * n + j]
                = (int32_t)lround(way_m / pace_m_per_s[p->manager->mode]);
        }
}

static gb_status fill_matrices(plan_problem *p)
{
    const size_t n = p->n_locations;
    int32_t *seconds = plan_problem_take(p, n * n, sizeof *seconds);
    int32_t *metres = plan_problem_take(p, n * n, sizeof *metres);
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;

    if (!seconds || !metres)
        return base_fail_nomem(p->run->ctx);
    p->profile
        = (gb_route_profile){ .seconds = seconds, .metres = metres };
    p->problem.profiles = &p->profile;
    p->problem.n_profiles = 1;
    p->problem.n_locations = (uint32_t)n;
    if (!p->data->roads) {
        guess_matrices(p, seconds, metres);
        return GB_OK;
    }
    query.mode = p->manager->mode;
    query.from = p->snapped;
    query.n_from = n;
    query.n_to = n;
    return gb_roads_table(p->run->ctx, p->data->roads, &query, seconds,
                          metres);
}

static void fill_vehicle(plan_problem *p)
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

static bool take_client_arrays(plan_problem *p, size_t n_slots)
{
    const size_t n = p->n_open;
    plan_clients *a = &p->clients;

    p->candidate_of = plan_problem_take(p, n, sizeof *p->candidate_of);
    a->location = plan_problem_take(p, n, sizeof *a->location);
    a->place = plan_problem_take(p, n, sizeof *a->place);
    a->first_window = plan_problem_take(p, n + 1, sizeof *a->first_window);
    a->service_s = plan_problem_take(p, n, sizeof *a->service_s);
    a->access_s = plan_problem_take(p, p->n_locations, sizeof *a->access_s);
    a->must = plan_problem_take(p, n, sizeof *a->must);
    a->windows = plan_problem_take(p, n, sizeof *a->windows);
    p->hourly_prize = plan_problem_take(p, n * n_slots, sizeof *p->hourly_prize);
    p->flat_prize = plan_problem_take(p, n * n_slots, sizeof *p->flat_prize);
    return p->candidate_of && a->location && a->place && a->first_window && a->service_s
           && a->access_s && a->must && a->windows && p->hourly_prize
           && p->flat_prize;
}

/* An appointment binds; else a window that the customer welcomes. */
static bool window_of(const plan_problem *p, uint32_t row,
                      gb_route_window *out)
{
    const store_target *t = &p->data->targets.items[row];
    const plan_promise *promise = &p->prizes->horizon->promises[row];

    if (promise->day > 0) {
        *out = (gb_route_window){ promise->from_s, promise->to_s };
        return true;
    }
    if (t->appointment_from_s != STORE_NO_TIME) {
        *out = (gb_route_window){ t->appointment_from_s, t->appointment_to_s };
        return true;
    }
    if (t->window_from_s == STORE_NO_TIME || t->window_to_s == STORE_NO_TIME)
        return false;
    *out = (gb_route_window){ t->window_from_s, t->window_to_s };
    return true;
}

static void fill_prizes(plan_problem *p, uint32_t client)
{
    const size_t n = p->prizes->n_slots;
    int64_t sum = 0;

    for (size_t s = 0; s < n; s++) {
        p->hourly_prize[client * n + s]
            = plan_problem_points(p, p->candidate_of[client], s);
        sum += p->hourly_prize[client * n + s];
    }
    for (size_t s = 0; s < n; s++)
        p->flat_prize[client * n + s] = sum / (int64_t)n;
}

static void fill_client(plan_problem *p, uint32_t client, uint32_t *n_windows)
{
    plan_clients *a = &p->clients;
    const uint32_t candidate = p->candidate_of[client];
    const uint32_t row = p->day->candidates[candidate];
    const store_target *t = plan_problem_target(p, candidate);

    a->location[client] = p->location[candidate];
    a->place[client] = p->location[candidate];
    a->service_s[client] = plan_service_s(p->data, row);
    a->must[client]
        = plan_is_must(t) || p->prizes->horizon->promises[row].day > 0;
    a->first_window[client] = *n_windows;
    *n_windows += window_of(p, row, &a->windows[*n_windows]);
    fill_prizes(p, client);
}

static gb_status prepare_clients(plan_problem *p)
{
    const plan_prizes *prizes = p->prizes;
    const plan_clients *a = &p->clients;

    if (!take_client_arrays(p, prizes->n_slots))
        return base_fail_nomem(p->run->ctx);
    for (size_t l = 0; l < p->n_locations; l++)
        a->access_s[l] = p->place_of[l] == STORE_NONE
                            ? 0
                            : p->data->places.items[p->place_of[l]].access_s;
    p->problem.n_places = (uint32_t)p->n_locations;
    p->problem.place_access_s = a->access_s;
    p->problem.client_location = a->location;
    p->problem.client_place = a->place;
    p->problem.client_service_s = a->service_s;
    p->problem.client_must = a->must;
    p->problem.client_first_window = a->first_window;
    p->problem.windows = a->windows;
    p->problem.n_slots = (uint32_t)prizes->n_slots;
    p->problem.slot_start_s = prizes->slot_borders_s;
    p->problem.client_slot_prize = p->hourly_prize;
    return GB_OK;
}

/* A must is one today; a promise is kept on its own day alone. */
static bool is_of_day(const plan_problem *p, uint32_t candidate)
{
    const plan_horizon *h = p->prizes->horizon;
    const uint32_t row = p->day->candidates[candidate];

    if (!p->is_open[candidate])
        return false;
    if (h->promises[row].day > 0)
        return h->promises[row].day == p->day_no;
    return h->first_day[row] <= p->day_no
           && (p->day_no == 0
               || !plan_is_must(plan_problem_target(p, candidate)));
}

void plan_problem_of_day(plan_problem *p, uint32_t day_no)
{
    uint32_t n = 0, n_windows = 0;

    p->day_no = day_no;
    for (uint32_t c = 0; c < p->day->n_candidates; c++)
        if (is_of_day(p, c)) {
            p->candidate_of[n] = c;
            fill_client(p, n++, &n_windows);
        }
    p->clients.first_window[n] = n_windows;
    p->problem.n_clients = n;
}

gb_status plan_problem_build(plan_problem *p)
{
    gb_status status;

    p->problem = (gb_route_problem)GB_ROUTE_PROBLEM_INIT;
    status = find_locations(p);
    if (!status)
        status = snap_locations(p);
    if (!status)
        status = find_open(p);
    if (!status && p->n_open > 0)
        status = fill_matrices(p);
    if (!status && p->n_open > 0)
        status = prepare_clients(p);
    fill_vehicle(p);
    return status;
}
