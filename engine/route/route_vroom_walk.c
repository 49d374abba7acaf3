/*
 * route_vroom_walk.c - see route_vroom_walk.h.
 *
 * Order and legs are the solution's; times are walked anew by VROOM's rules
 * (set-up after waiting, not paid at the location of the task before), as
 * early as possible and then with the latest departure that ends no later.
 * For files of other formats the times are the solution's own, and set-up is
 * access.
 */
#include "route_vroom_walk.h"

#include <string.h>

enum { MOST_BREAKS = VROOM_MOST_BREAKS, MOST_ORDERS = 120 };
static const int64_t NEVER = INT64_MAX;

/* ---- the steps of a route ---- */

static void take_steps(vroom_writer *w, uint32_t v,
                       const gb_route_totals *totals)
{
    const gb_route_vehicle *vehicle = &w->file->vehicles.items[v];
    vroom_step *steps = w->steps;
    int64_t travel_s = totals->travel_s, distance_m = totals->distance_m;
    uint32_t n = 1;

    memset(steps, 0, (totals->n_items + 2) * sizeof *steps);
    steps[0].kind = STEP_START;
    steps[0].location = vehicle->start_location;
    steps[0].arrival_s = totals->depart_s;
    for (uint32_t i = 0; i < totals->n_items; i++, n++) {
        gb_route_stop stop = { .size = sizeof stop };

        gb_route_solution_stop(w->solution, v, i, &stop);
        steps[n].kind =
            stop.kind == GB_ROUTE_STOP_BREAK ? STEP_BREAK : STEP_JOB;
        steps[n].ref = stop.client;
        steps[n].location =
            steps[n].kind == STEP_JOB ? stop.location : GB_ROUTE_NONE;
        steps[n].leg_s = stop.travel_s;
        steps[n].leg_m = stop.distance_m;
        steps[n].arrival_s = stop.arrival_s;
        steps[n].setup_s = stop.access_s;
        steps[n].wait_s = stop.wait_s;
        steps[n].service_s = stop.end_s - stop.start_s;
        travel_s -= stop.travel_s;
        distance_m -= stop.distance_m;
    }
    steps[n].kind = STEP_END;
    steps[n].location = vehicle->end_location;
    steps[n].leg_s = travel_s;
    steps[n].leg_m = distance_m;
    steps[n].arrival_s = totals->end_s;
    w->n_steps = n + 1;
}

/* Where it begins or ends when it is open: at its first or last client. */
static void place_open_ends(vroom_writer *w)
{
    vroom_step *first = &w->steps[0], *last = &w->steps[w->n_steps - 1];
    uint32_t first_client = GB_ROUTE_NONE, last_client = GB_ROUTE_NONE;

    for (uint32_t i = 1; i + 1 < w->n_steps; i++)
        if (w->steps[i].kind == STEP_JOB) {
            last_client = w->steps[i].location;
            if (first_client == GB_ROUTE_NONE)
                first_client = last_client;
        }
    if (first->location == GB_ROUTE_NONE)
        first->location = first_client;
    if (last->location == GB_ROUTE_NONE)
        last->location = last_client;
}

/* ---- by VROOM's rules ---- */

static const vroom_window *windows_of(const vroom_writer *w, uint32_t v,
                                      const vroom_step *step, uint32_t *n)
{
    if (step->kind == STEP_JOB) {
        *n = w->own->jobs[step->ref].n_windows;
        return w->own->jobs[step->ref].windows;
    }
    *n = w->own->vehicles[v].breaks[step->ref].is_windowed;
    return &w->own->vehicles[v].breaks[step->ref].window;
}

/* The first start that is allowed, from `s` on. */
static int64_t first_start(const vroom_window *windows, uint32_t n, int64_t s)
{
    for (uint32_t i = 0; i < n; i++)
        if (s <= windows[i].late_s)
            return s > windows[i].early_s ? s : windows[i].early_s;
    return s;
}

/* The last one, up to `s`. */
static int64_t last_start(const vroom_window *windows, uint32_t n, int64_t s)
{
    for (uint32_t i = n; i-- > 0;)
        if (windows[i].early_s <= s)
            return s < windows[i].late_s ? s : windows[i].late_s;
    return s;
}

static void set_actions(vroom_writer *w, uint32_t v)
{
    uint32_t before = w->own->vehicles[v].start;

    for (uint32_t i = 1; i + 1 < w->n_steps; i++) {
        vroom_step *step = &w->steps[i];

        step->setup_s = 0;
        if (step->kind == STEP_BREAK) {
            step->service_s = w->own->vehicles[v].breaks[step->ref].service_s;
            continue;
        }
        step->service_s = w->own->jobs[step->ref].service_s;
        if (step->location != before)
            step->setup_s = w->own->jobs[step->ref].setup_s;
        before = step->location;
    }
}

static void go_forward(vroom_writer *w, uint32_t v, int64_t s)
{
    w->steps[0].arrival_s = s;
    for (uint32_t i = 1; i < w->n_steps; i++) {
        vroom_step *step = &w->steps[i];
        const vroom_window *windows;
        uint32_t n = 0;

        s += step->leg_s;
        step->arrival_s = s;
        if (step->kind == STEP_END)
            continue;
        windows = windows_of(w, v, step, &n);
        s = first_start(windows, n, s);
        step->wait_s = s - step->arrival_s;
        step->late_s =
            n > 0 && s > windows[n - 1].late_s ? s - windows[n - 1].late_s : 0;
        s += step->setup_s + step->service_s;
    }
}

static int64_t latest_departure(const vroom_writer *w, uint32_t v)
{
    const vroom_step *end = &w->steps[w->n_steps - 1];
    int64_t s = end->arrival_s - end->leg_s;

    for (uint32_t i = w->n_steps - 1; i-- > 1;) {
        const vroom_step *step = &w->steps[i];
        uint32_t n = 0;
        const vroom_window *windows = windows_of(w, v, step, &n);

        s = last_start(windows, n, s - step->setup_s - step->service_s)
            - step->leg_s;
    }
    return s;
}

/* The steps without the breaks, whose legs go to the step after them. */
static void leave_breaks_out(vroom_writer *w)
{
    int64_t leg_s = 0, leg_m = 0;

    w->n_jobs = 0;
    for (uint32_t i = 0; i < w->n_steps; i++) {
        vroom_step *job = &w->jobs[w->n_jobs];

        leg_s += w->steps[i].leg_s;
        leg_m += w->steps[i].leg_m;
        if (w->steps[i].kind == STEP_BREAK)
            continue;
        *job = w->steps[i];
        job->leg_s = leg_s;
        job->leg_m = leg_m;
        leg_s = leg_m = 0;
        w->n_jobs++;
    }
}

/* When the step is done that is begun from `s` on; NEVER: too late. */
static int64_t done_by(const vroom_writer *w, uint32_t v,
                       const vroom_step *step, int64_t s)
{
    const vroom_window *windows;
    uint32_t n = 0;

    if (step->kind == STEP_END)
        return s;
    windows = windows_of(w, v, step, &n);
    if (n > 0 && s > windows[n - 1].late_s)
        return NEVER;
    return first_start(windows, n, s) + step->setup_s + step->service_s;
}

static vroom_step break_step(const vroom_writer *w, uint32_t v, uint32_t k)
{
    vroom_step step = { .kind = STEP_BREAK };

    step.ref = k;
    step.location = GB_ROUTE_NONE;
    step.service_s = w->own->vehicles[v].breaks[k].service_s;
    return step;
}

/*
 * Breaks in a given order, wherever they end the route earliest: T(i, k) is
 * the earliest time at which step i and the first k breaks are done, i being
 * the last one driven to.  True: all is in its windows and in the shift.
 */
static bool time_breaks(vroom_writer *w, uint32_t v, const uint32_t *order,
                        uint32_t n_breaks)
{
    const gb_route_vehicle *vehicle = &w->file->vehicles.items[v];
    const uint32_t width = MOST_BREAKS + 1;

    for (uint32_t i = 0; i < w->n_jobs; i++)
        for (uint32_t k = 0; k <= n_breaks; k++) {
            int64_t *t = &w->earliest[i * width + k];

            *t = NEVER;
            if (i == 0 && k == 0)
                *t = vehicle->shift_start_s + w->own->clock_s;
            if (i > 0 && t[-(int)width] < NEVER)
                *t = done_by(w, v, &w->jobs[i],
                             t[-(int)width] + w->jobs[i].leg_s);
            if (k > 0 && t[-1] < NEVER) {
                const vroom_step rest = break_step(w, v, order[k - 1]);
                const int64_t s = done_by(w, v, &rest, t[-1]);

                if (s < *t)
                    *t = s;
            }
        }
    return w->earliest[(w->n_jobs - 1) * width + n_breaks]
           <= vehicle->shift_end_s + w->own->clock_s;
}

/* Back through T: the steps with the breaks among them. */
static void put_breaks(vroom_writer *w, uint32_t v, const uint32_t *order,
                       uint32_t n_breaks)
{
    const uint32_t width = MOST_BREAKS + 1;
    uint32_t i = w->n_jobs - 1, k = n_breaks, at = w->n_jobs + n_breaks;

    w->n_steps = at;
    w->steps[--at] = w->jobs[i];
    while (at > 0) {
        const int64_t *t = &w->earliest[i * width + k];
        bool is_break = k > 0 && t[-1] < NEVER;

        if (is_break) {
            const vroom_step rest = break_step(w, v, order[k - 1]);

            is_break = done_by(w, v, &rest, t[-1]) == *t
                       && !(i > 0 && t[-(int)width] < NEVER
                            && done_by(w, v, &w->jobs[i],
                                       t[-(int)width] + w->jobs[i].leg_s)
                                   == *t);
        }
        if (is_break) {
            w->steps[--at] = break_step(w, v, order[--k]);
            if (i + 1 == w->n_jobs) {
                /* Taken after coming home: the way goes before it. */
                vroom_step *after = &w->steps[at + 1];

                w->steps[at].leg_s = after->leg_s;
                w->steps[at].leg_m = after->leg_m;
                after->leg_s = after->leg_m = 0;
            }
            continue;
        }
        if (i + 1 < w->n_jobs)
            w->steps[--at] = w->jobs[i];
        i -= i > 0;
    }
}

static void swap(uint32_t *a, uint32_t *b)
{
    const uint32_t t = *a;

    *a = *b;
    *b = t;
}

/* The next order of the breaks; false: this was the last one. */
static bool next_order(uint32_t *order, uint32_t n)
{
    uint32_t i = n, j = n - 1;

    while (i > 1 && order[i - 2] > order[i - 1])
        i--;
    if (i <= 1)
        return false;
    while (order[j] < order[i - 2])
        j--;
    swap(&order[i - 2], &order[j]);
    for (uint32_t a = i - 1, b = n - 1; a < b; a++, b--)
        swap(&order[a], &order[b]);
    return true;
}

static bool is_before(const vroom_break *a, const vroom_break *b)
{
    const int64_t x = a->is_windowed ? a->window.late_s : NEVER;
    const int64_t y = b->is_windowed ? b->window.late_s : NEVER;

    return x < y;
}

/*
 * The problem lets breaks after the last client be taken all at once, at home;
 * VROOM wants one after the other.  So their places are looked for anew.
 * False: there are none.
 */
static bool place_breaks(vroom_writer *w, uint32_t v)
{
    const vroom_vehicle *vehicle = &w->own->vehicles[v];
    uint32_t rank[MOST_BREAKS], order[MOST_BREAKS];
    const uint32_t n = vehicle->n_breaks;

    for (uint32_t k = 0; k < n; k++) {
        uint32_t at = k;

        order[k] = k;
        for (;
             at > 0
             && is_before(&vehicle->breaks[k], &vehicle->breaks[rank[at - 1]]);
             at--)
            rank[at] = rank[at - 1];
        rank[at] = k;
    }
    for (int tries = 0; tries < MOST_ORDERS; tries++) {
        uint32_t breaks[MOST_BREAKS];

        for (uint32_t k = 0; k < n; k++)
            breaks[k] = rank[order[k]];
        if (time_breaks(w, v, breaks, n)) {
            put_breaks(w, v, breaks, n);
            return true;
        }
        if (n < 2 || !next_order(order, n))
            break;
    }
    return false;
}

static void walk_route(vroom_writer *w, uint32_t v)
{
    const gb_route_vehicle *vehicle = &w->file->vehicles.items[v];
    vroom_step *end;

    set_actions(w, v);
    leave_breaks_out(w);
    place_breaks(w, v);
    go_forward(w, v, vehicle->shift_start_s + w->own->clock_s);
    go_forward(w, v, latest_departure(w, v));
    end = &w->steps[w->n_steps - 1];
    if (end->arrival_s > vehicle->shift_end_s + w->own->clock_s)
        end->late_s = end->arrival_s - (vehicle->shift_end_s + w->own->clock_s);
}

/* The cost as VROOM counts it: each part rounded down. */
static int64_t cost_of(const vroom_writer *w, uint32_t v,
                       const vroom_sums *sums, int64_t cost_milli)
{
    const vroom_vehicle *vehicle;
    const gb_route_profile *profile;
    const uint32_t n = w->file->problem.n_locations;
    int64_t travel = 0;
    uint32_t before;

    if (!w->own)
        return cost_milli / 1000;
    vehicle = &w->own->vehicles[v];
    profile = &w->file->problem.profiles[vehicle->profile];
    before = vehicle->start;
    if (!profile->cost)
        travel = (sums->travel_s * vehicle->per_hour * 10
                  + sums->distance_m * vehicle->per_km * 36)
                 / 36000;
    for (uint32_t i = 1; profile->cost && i < w->n_steps; i++) {
        const vroom_step *step = &w->steps[i];

        if (step->kind == STEP_BREAK
            || (step->kind == STEP_END && vehicle->end == GB_ROUTE_NONE))
            continue;
        if (before != GB_ROUTE_NONE)
            travel += profile->cost[(size_t)before * n + step->location];
        before = step->location;
    }
    return vehicle->fixed + travel
           + (sums->setup_s + sums->service_s) * vehicle->per_task_hour / 3600;
}

static int64_t priority_of(const vroom_writer *w, uint32_t client)
{
    return w->own ? w->own->jobs[client].priority : 0;
}

static void sum_route(const vroom_writer *w, uint32_t v,
                      const gb_route_totals *totals, vroom_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    sums->n_routes = 1;
    for (uint32_t i = 0; i < w->n_steps; i++) {
        const vroom_step *step = &w->steps[i];

        sums->travel_s += step->leg_s;
        sums->distance_m += step->leg_m;
        sums->wait_s += step->wait_s;
        if (step->kind != STEP_JOB)
            continue;
        sums->setup_s += step->setup_s;
        sums->service_s += step->service_s;
        sums->priority += priority_of(w, step->ref);
        for (uint32_t k = 0; k < route_vroom_n_measures(w); k++)
            sums->loads[k] += route_vroom_load_of(w, step->ref, k);
    }
    sums->cost = cost_of(w, v, sums, totals->cost_milli);
}

/* Steps and sums of a vehicle's route; false: it serves nobody. */
bool route_vroom_make_route(vroom_writer *w, uint32_t v, vroom_sums *sums)
{
    gb_route_totals totals = { .size = sizeof totals };

    if (!gb_route_solution_totals(w->solution, v, &totals)
        || totals.n_clients == 0)
        return false;
    take_steps(w, v, &totals);
    if (w->own)
        walk_route(w, v);
    place_open_ends(w);
    sum_route(w, v, &totals, sums);
    return true;
}
