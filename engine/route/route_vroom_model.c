/*
 * route_vroom_model.c - the problem that a VROOM file means; see
 * route_vroom.h.
 */
#include "route_vroom.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { MOST_CLOCK_S = 90000000, SKILL_BITS = 64 };
static const int64_t MOST_PRIZE = INT64_C(1000000000000);

static gb_status wrong(const vroom_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

/* ---- the clock ---- */

static void widen(const vroom_window *w, int64_t *first, int64_t *last)
{
    if (w->early_s < *first)
        *first = w->early_s;
    if (w->early_s > *last)
        *last = w->early_s;
}

/* Time stamps are counted from the first of them. */
static gb_status set_clock(vroom_reader *r)
{
    int64_t first = INT64_MAX, last = 0;

    for (uint32_t v = 0; v < r->own->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &r->own->vehicles[v];

        if (vehicle->is_windowed)
            widen(&vehicle->window, &first, &last);
        for (uint32_t k = 0; k < vehicle->n_breaks; k++)
            if (vehicle->breaks[k].is_windowed)
                widen(&vehicle->breaks[k].window, &first, &last);
    }
    for (uint32_t j = 0; j < r->own->n_jobs; j++)
        for (uint32_t w = 0; w < r->own->jobs[j].n_windows; w++)
            widen(&r->own->jobs[j].windows[w], &first, &last);
    r->own->clock_s = last > MOST_CLOCK_S / 2 ? first : 0;
    if (last - r->own->clock_s > MOST_CLOCK_S / 2)
        return wrong(r, 0,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "times from %lld to %lld s: more than 500 "
                               "days lie between them",
                               (long long)first, (long long)last));
    return GB_OK;
}

static int32_t on_clock(const vroom_reader *r, int64_t s)
{
    const int64_t own = s - r->own->clock_s;

    return (int32_t)(own < -MOST_CLOCK_S  ? -MOST_CLOCK_S
                     : own > MOST_CLOCK_S ? MOST_CLOCK_S
                                          : own);
}

/* ---- skills ---- */

/* Which bit a skill has: only those that a job asks for have one. */
typedef struct vroom_skills {
    uint32_t ids[SKILL_BITS];
    uint32_t n;
    bool has_more; /* than there are bits: lists of vehicles do it */
} vroom_skills;

static uint64_t skill_bit(const vroom_skills *skills, uint32_t id)
{
    for (uint32_t k = 0; k < skills->n; k++)
        if (skills->ids[k] == id)
            return UINT64_C(1) << k;
    return 0;
}

static uint64_t skill_bits(const vroom_skills *skills, const uint32_t *ids,
                           uint32_t n)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < n; i++)
        bits |= skill_bit(skills, ids[i]);
    return bits;
}

static void number_skills(const vroom_reader *r, vroom_skills *skills)
{
    memset(skills, 0, sizeof *skills);
    for (uint32_t j = 0; j < r->own->n_jobs; j++) {
        const vroom_job *job = &r->own->jobs[j];

        for (uint32_t i = 0; i < job->n_skills; i++) {
            if (skill_bit(skills, job->skills[i]))
                continue;
            if (skills->n == SKILL_BITS) {
                skills->has_more = true;
                return;
            }
            skills->ids[skills->n++] = job->skills[i];
        }
    }
}

/* Both sorted. */
static bool has_skills(const vroom_vehicle *v, const vroom_job *job)
{
    uint32_t i = 0;

    for (uint32_t k = 0; k < v->n_skills && i < job->n_skills; k++)
        i += v->skills[k] == job->skills[i];
    return i == job->n_skills;
}

static gb_status list_vehicles(const vroom_reader *r, const vroom_job *job,
                               route_file_client *client)
{
    const vroom_file *own = r->own;
    uint32_t *allowed =
        route_file_alloc(r->ctx, r->file, own->n_vehicles, sizeof *allowed);

    if (!allowed)
        return GB_ERR_NOMEM;
    client->is_limited = true;
    for (uint32_t v = 0; v < own->n_vehicles; v++)
        if (has_skills(&own->vehicles[v], job))
            allowed[client->n_allowed++] = v;
    client->allowed = allowed;
    return GB_OK;
}

/* ---- locations that jobs share ---- */

typedef struct vroom_places {
    uint32_t *n_jobs;   /* of each location */
    int32_t *longest_s; /* set-up there */
    uint32_t *place;    /* or GB_ROUTE_NONE */
} vroom_places;

/* Can it begin so much later in each of its windows? */
static bool can_shift(const vroom_job *job, int64_t s)
{
    for (uint32_t w = 0; w < job->n_windows; w++)
        if (job->windows[w].late_s - job->windows[w].early_s < s)
            return false;
    return true;
}

static gb_status make_places(vroom_reader *r, vroom_places *places)
{
    gb_route_problem *p = &r->file->problem;
    int32_t *access;
    uint32_t n = 0;

    places->n_jobs = route_file_alloc(r->ctx, r->file, p->n_locations,
                                      sizeof *places->n_jobs);
    places->longest_s = route_file_alloc(r->ctx, r->file, p->n_locations,
                                         sizeof *places->longest_s);
    places->place = route_file_alloc(r->ctx, r->file, p->n_locations,
                                     sizeof *places->place);
    access = route_file_alloc(r->ctx, r->file, p->n_locations, sizeof *access);
    if (!places->n_jobs || !places->longest_s || !places->place || !access)
        return GB_ERR_NOMEM;
    for (uint32_t j = 0; j < r->own->n_jobs; j++) {
        const vroom_job *job = &r->own->jobs[j];

        places->n_jobs[job->location]++;
        if (job->setup_s > places->longest_s[job->location])
            places->longest_s[job->location] = (int32_t)job->setup_s;
    }
    for (uint32_t i = 0; i < p->n_locations; i++) {
        places->place[i] = GB_ROUTE_NONE;
        if (places->n_jobs[i] < 2 || places->longest_s[i] == 0)
            continue;
        places->place[i] = n;
        access[n++] = places->longest_s[i];
    }
    p->n_places = n;
    p->place_access_s = access;
    return GB_OK;
}

/* ---- clients ---- */

static gb_status set_windows(const vroom_reader *r, const vroom_job *job,
                             int64_t later_s, route_file_client *client)
{
    gb_route_window *windows;

    if (job->n_windows == 0)
        return GB_OK;
    windows =
        route_file_alloc(r->ctx, r->file, job->n_windows, sizeof *windows);
    if (!windows)
        return GB_ERR_NOMEM;
    for (uint32_t w = 0; w < job->n_windows; w++) {
        windows[w].early_s = on_clock(r, job->windows[w].early_s + later_s);
        windows[w].late_s = on_clock(r, job->windows[w].late_s);
    }
    client->windows = windows;
    client->n_windows = job->n_windows;
    return GB_OK;
}

static gb_status set_prize(const vroom_reader *r, const vroom_unit *unit,
                           const vroom_prizes *prizes, const vroom_job *job,
                           route_file_client *client)
{
    const uint32_t n_kinds = r->file->problem.n_prize_kinds;
    int64_t *kinds = NULL;

    client->prize =
        job->priority / prizes->step * prizes->per_priority + prizes->per_job;
    if (n_kinds == 0)
        return GB_OK;
    kinds = route_file_alloc(r->ctx, r->file, n_kinds, sizeof *kinds);
    if (!kinds)
        return GB_ERR_NOMEM;
    for (uint32_t v = 0; v < r->own->n_vehicles; v++)
        kinds[r->own->vehicles[v].prize_kind] =
            client->prize
            - (route_vroom_task_cost(job, r->own->vehicles[v].per_task_hour,
                                     unit)
               + 500)
                  / 1000;
    client->kind_prizes = kinds;
    return GB_OK;
}

static gb_status add_job(const vroom_reader *r, const vroom_places *places,
                         const vroom_skills *skills, const vroom_unit *unit,
                         const vroom_prizes *prizes, const vroom_job *job)
{
    route_file_client client = ROUTE_FILE_CLIENT_INIT;
    const uint32_t place = places->place[job->location];
    const int64_t access_s = places->longest_s[job->location];
    int64_t later_s = 0;
    char id[24];
    gb_status status;

    client.location = job->location;
    client.service_s = (int32_t)job->service_s;
    if (place != GB_ROUTE_NONE && can_shift(job, access_s)) {
        client.place = place;
        later_s = access_s;
    } else {
        client.service_s += (int32_t)job->setup_s;
    }
    client.loads = job->amounts;
    snprintf(id, sizeof id, "%" PRIu64, job->id);
    client.name = route_file_strndup(r->ctx, r->file, id, strlen(id));
    if (!client.name)
        return GB_ERR_NOMEM;
    status = set_windows(r, job, later_s, &client);
    if (!status && skills->has_more)
        status = list_vehicles(r, job, &client);
    else
        client.skills = skill_bits(skills, job->skills, job->n_skills);
    if (!status)
        status = set_prize(r, unit, prizes, job, &client);
    return status ? status : route_file_add_client(r->ctx, r->file, &client);
}

/* ---- vehicles ---- */

enum { MOST_BREAKS = 8 };
static const int64_t TOO_LATE = INT64_MIN;

/*
 * latest[set]: until when the first break of a set must be begun for all of it
 * to be taken, one after the other; TOO_LATE: that cannot be.
 */
static void latest_starts(const gb_route_break *breaks, uint32_t n,
                          int64_t *latest)
{
    latest[0] = INT64_MAX;
    for (uint32_t set = 1; set < UINT32_C(1) << n; set++) {
        latest[set] = TOO_LATE;
        for (uint32_t k = 0; k < n; k++) {
            const uint32_t rest = set & ~(UINT32_C(1) << k);
            int64_t s = breaks[k].late_s;

            if (rest == set || latest[rest] == TOO_LATE)
                continue;
            if (latest[rest] - breaks[k].length_s < s)
                s = latest[rest] - breaks[k].length_s;
            if (s >= breaks[k].early_s && s > latest[set])
                latest[set] = s;
        }
    }
}

/*
 * After the last client the problem takes all breaks at once, VROOM one after
 * the other: so of each set of breaks one may begin no later than when all of
 * them still can be taken.  The one that loses least gives way.  False: they
 * never can.
 */
static bool stagger_breaks(gb_route_break *breaks, uint32_t n)
{
    int64_t latest[1 << MOST_BREAKS];

    latest_starts(breaks, n, latest);
    if (latest[(UINT32_C(1) << n) - 1] == TOO_LATE)
        return false;
    for (uint32_t set = 1; set < UINT32_C(1) << n; set++) {
        gb_route_break *first = NULL;

        for (uint32_t k = 0; k < n; k++)
            if (set >> k & 1 && breaks[k].early_s <= latest[set]
                && (!first || breaks[k].late_s < first->late_s))
                first = &breaks[k];
        if (first && first->late_s > latest[set])
            first->late_s = (int32_t)latest[set];
    }
    return true;
}

static gb_status set_breaks(const vroom_reader *r, const vroom_vehicle *from,
                            gb_route_vehicle *to)
{
    gb_route_break *breaks;

    if (from->n_breaks == 0)
        return GB_OK;
    breaks = route_file_alloc(r->ctx, r->file, from->n_breaks, sizeof *breaks);
    if (!breaks)
        return GB_ERR_NOMEM;
    for (uint32_t k = 0; k < from->n_breaks; k++) {
        const vroom_break *b = &from->breaks[k];
        const int32_t last_s = to->shift_end_s - (int32_t)b->service_s;

        breaks[k].length_s = (int32_t)b->service_s;
        breaks[k].early_s = to->shift_start_s;
        breaks[k].late_s = last_s;
        if (b->is_windowed) {
            const int32_t early_s = on_clock(r, b->window.early_s);
            const int32_t late_s = on_clock(r, b->window.late_s);

            if (early_s > breaks[k].early_s)
                breaks[k].early_s = early_s;
            if (late_s < breaks[k].late_s)
                breaks[k].late_s = late_s;
        }
        if (breaks[k].early_s > breaks[k].late_s)
            return wrong(r, from->node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "the break %llu cannot be taken within "
                                   "the vehicle's time_window",
                                   (unsigned long long)b->id));
    }
    if (!stagger_breaks(breaks, from->n_breaks))
        return wrong(r, from->node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "its breaks cannot be taken one after the "
                               "other"));
    to->breaks = breaks;
    to->n_breaks = from->n_breaks;
    return GB_OK;
}

static int32_t at_most_int32(int64_t value)
{
    return value > INT32_MAX / 4 ? INT32_MAX / 4 : (int32_t)value;
}

static gb_status add_vehicle(const vroom_reader *r, const vroom_skills *skills,
                             const vroom_unit *unit, uint32_t v)
{
    const vroom_vehicle *from = &r->own->vehicles[v];
    gb_route_vehicle to = GB_ROUTE_VEHICLE_INIT;
    char id[24];
    const char *name;
    gb_status status;

    to.profile = from->profile;
    to.start_location = from->start;
    to.end_location = from->end;
    to.shift_start_s =
        on_clock(r, from->is_windowed ? from->window.early_s : 0);
    to.shift_end_s =
        from->is_windowed ? on_clock(r, from->window.late_s) : MOST_CLOCK_S;
    to.max_clients =
        from->max_tasks > UINT32_MAX ? 0 : (uint32_t)from->max_tasks;
    to.max_travel_s = at_most_int32(from->max_travel_s);
    to.max_distance_m = from->max_distance_m;
    to.speed_permille = from->speed_permille;
    to.capacity = from->capacity;
    to.skills = skill_bits(skills, from->skills, from->n_skills);
    route_vroom_rate_of(from, &r->file->problem.profiles[from->profile], unit,
                        &to.cost_per_travel_s_milli, &to.cost_per_m_milli);
    route_vroom_scaled(from->fixed, unit, MOST_PRIZE, &to.fixed_cost);
    to.prize_kind = r->file->problem.n_prize_kinds ? from->prize_kind : 0;
    snprintf(id, sizeof id, "%" PRIu64, from->id);
    name = route_file_strndup(r->ctx, r->file, id, strlen(id));
    status = name ? set_breaks(r, from, &to) : GB_ERR_NOMEM;
    return status ? status : route_file_add_vehicle(r->ctx, r->file, &to, name);
}

/* ---- ids ---- */

typedef struct vroom_id {
    uint64_t id;
    uint32_t job;
} vroom_id;

static int by_id(const void *a, const void *b)
{
    const vroom_id *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->job > y->job) - (x->job < y->job);
}

/* Sorted by id; refuses two of one. */
static gb_status sort_ids(const vroom_reader *r, vroom_id **out)
{
    const vroom_file *own = r->own;
    vroom_id *ids = base_alloc_zeroed(r->ctx->mem, own->n_jobs, sizeof *ids);

    *out = ids;
    if (!ids)
        return base_fail_nomem(r->ctx);
    for (uint32_t j = 0; j < own->n_jobs; j++)
        ids[j] = (vroom_id){ own->jobs[j].id, j };
    qsort(ids, own->n_jobs, sizeof *ids, by_id);
    for (uint32_t j = 1; j < own->n_jobs; j++)
        if (ids[j].id == ids[j - 1].id)
            return wrong(r, own->jobs[ids[j].job].node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "two jobs have the id %llu",
                                   (unsigned long long)ids[j].id));
    return GB_OK;
}

static const vroom_id *find_id(const vroom_id *ids, uint32_t n, uint64_t id)
{
    uint32_t low = 0, high = n;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (ids[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && ids[low].id == id ? &ids[low] : NULL;
}

/* ---- steps: where to start from ---- */

enum { S_TYPE, S_ID, S_AT, S_AFTER, S_BEFORE, S_N };

static gb_status take_step(const vroom_reader *r, uint32_t node,
                           const vroom_id *ids, bool *is_taken, uint32_t *items,
                           uint32_t *n)
{
    static const char *const keys[S_N] = { "type", "id", "service_at",
                                           "service_after", "service_before" };
    uint32_t at[S_N];
    uint64_t id = 0;
    const vroom_id *found;
    gb_status status = route_json_members(r->json, node, keys, S_N, at);

    if (!status && at[S_TYPE] == ROUTE_JSON_NONE)
        return route_json_missing(r->json, node, "type");
    if (status || route_json_is(r->json, at[S_TYPE], "start")
        || route_json_is(r->json, at[S_TYPE], "end")
        || route_json_is(r->json, at[S_TYPE], "break"))
        return status;
    if (!route_json_is(r->json, at[S_TYPE], "job"))
        return wrong(r, at[S_TYPE],
                     base_fail(r->ctx, GB_ERR_DATA,
                               "a step is \"start\", \"job\", \"break\" or "
                               "\"end\""));
    if (at[S_ID] == ROUTE_JSON_NONE)
        return route_json_missing(r->json, node, "id");
    status = route_json_uint64(r->json, at[S_ID], &id);
    if (status)
        return status;
    found = find_id(ids, r->own->n_jobs, id);
    if (!found)
        return wrong(r, at[S_ID],
                     base_fail(r->ctx, GB_ERR_DATA, "there is no job %llu",
                               (unsigned long long)id));
    if (is_taken[found->job])
        return wrong(r, at[S_ID],
                     base_fail(r->ctx, GB_ERR_DATA,
                               "the job %llu is a step already",
                               (unsigned long long)id));
    is_taken[found->job] = true;
    items[(*n)++] = found->job;
    return GB_OK;
}

static gb_status fill_start(vroom_reader *r, const vroom_id *ids,
                            gb_route_order *order)
{
    const vroom_file *own = r->own;
    uint32_t *first =
        route_file_alloc(r->ctx, r->file, own->n_vehicles + 1u, sizeof *first);
    uint32_t *items =
        route_file_alloc(r->ctx, r->file, own->n_jobs, sizeof *items);
    bool *is_taken =
        route_file_alloc(r->ctx, r->file, own->n_jobs, sizeof *is_taken);
    gb_status status = GB_OK;
    uint32_t n = 0;

    if (!first || !items || !is_taken)
        return GB_ERR_NOMEM;
    for (uint32_t v = 0; !status && v < own->n_vehicles; v++) {
        const uint32_t steps = own->vehicles[v].steps;

        if (steps != ROUTE_JSON_NONE) {
            status = route_json_need(r->json, steps, ROUTE_JSON_ARRAY);
            for (uint32_t i = route_json_first(r->json, steps);
                 !status && i < route_json_end(r->json, steps);
                 i = route_json_next(r->json, i))
                status = take_step(r, i, ids, is_taken, items, &n);
        }
        first[v + 1] = n;
    }
    order->size = sizeof *order;
    order->first = first;
    order->items = items;
    return status;
}

static gb_status take_start(vroom_reader *r, const vroom_id *ids)
{
    bool has_steps = false;

    for (uint32_t v = 0; v < r->own->n_vehicles; v++)
        has_steps = has_steps || r->own->vehicles[v].steps != ROUTE_JSON_NONE;
    if (!has_steps)
        return GB_OK;
    r->own->start = route_file_alloc(r->ctx, r->file, 1, sizeof *r->own->start);
    return r->own->start ? fill_start(r, ids, r->own->start) : GB_ERR_NOMEM;
}

/* ---- all of it ---- */

static gb_status set_facts(vroom_reader *r)
{
    gb_route_file_facts *facts = &r->file->facts;
    const vroom_file *own = r->own;
    bool *is_depot = route_file_alloc(
        r->ctx, r->file, r->file->problem.n_locations, sizeof *is_depot);

    if (!is_depot)
        return GB_ERR_NOMEM;
    for (uint32_t v = 0; v < own->n_vehicles; v++) {
        if (own->vehicles[v].start != GB_ROUTE_NONE)
            is_depot[own->vehicles[v].start] = true;
        if (own->vehicles[v].end != GB_ROUTE_NONE)
            is_depot[own->vehicles[v].end] = true;
    }
    for (uint32_t i = 0; i < r->file->problem.n_locations; i++)
        facts->n_depots += is_depot[i];
    facts->variant = "VROOM";
    facts->n_customers = own->n_jobs;
    facts->is_prize = own->has_priorities;
    return GB_OK;
}

static gb_status add_rows(vroom_reader *r, const vroom_unit *unit,
                          const vroom_prizes *prizes)
{
    vroom_places places;
    vroom_skills skills;
    gb_status status = make_places(r, &places);

    number_skills(r, &skills);
    for (uint32_t j = 0; j < r->own->n_jobs; j++)
        if (r->own->jobs[j].amounts)
            r->file->problem.n_loads = r->own->n_measures;
    for (uint32_t v = 0; !status && v < r->own->n_vehicles; v++)
        status = add_vehicle(r, &skills, unit, v);
    for (uint32_t j = 0; !status && j < r->own->n_jobs; j++)
        status = add_job(r, &places, &skills, unit, prizes, &r->own->jobs[j]);
    return status ? status : route_file_finish(r->ctx, r->file);
}

gb_status route_vroom_model(vroom_reader *r)
{
    vroom_unit unit = { 1, 1 };
    vroom_prizes prizes = { 0, 0, 1 };
    vroom_id *ids = NULL;
    gb_status status = set_clock(r);

    if (!status)
        status = sort_ids(r, &ids);
    route_vroom_number_kinds(r);
    if (!status)
        status = route_vroom_choose_unit(r, &unit, &prizes);
    if (!status)
        status = add_rows(r, &unit, &prizes);
    if (!status)
        status = take_start(r, ids);
    if (!status)
        status = set_facts(r);
    r->file->is_prize_count = prizes.per_priority == 0;
    r->file->points_a_step =
        prizes.per_priority ? prizes.per_priority : prizes.per_job;
    r->file->prize_step = r->own->has_priorities ? prizes.step : 0;
    base_free(r->ctx->mem, ids);
    return status;
}
