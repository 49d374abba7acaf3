/*
 * route_vroom_vehicle.c - the vehicles of a VROOM file; see route_vroom.h.
 */
#include "route_vroom.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

enum { MOST_SECONDS = 10000000, MOST_LOADS = 8, MOST_BREAKS = 8 };
static const int64_t MOST_UINT = UINT32_MAX;

static gb_status wrong(const vroom_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

static gb_status take_costs(vroom_reader *r, uint32_t node, vroom_vehicle *v)
{
    static const char *const keys[] = { "fixed", "per_hour", "per_task_hour",
                                        "per_km" };
    uint32_t at[COUNT_OF(keys)];
    gb_status status;

    v->per_hour = 3600;
    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_members(r->json, node, keys, COUNT_OF(keys), at);
    if (!status)
        status = route_json_opt_int(r->json, at[0], 0, MOST_UINT, &v->fixed);
    if (!status)
        status = route_json_opt_int(r->json, at[1], 0, 360000, &v->per_hour);
    if (!status)
        status =
            route_json_opt_int(r->json, at[2], 0, MOST_UINT, &v->per_task_hour);
    if (!status)
        status = route_json_opt_int(r->json, at[3], 0, 100000, &v->per_km);
    v->has_per_hour = at[1] != ROUTE_JSON_NONE && v->per_hour != 3600;
    return status;
}

/* A maximum load that is above the capacity forbids nothing. */
static gb_status take_max_load(vroom_reader *r, uint32_t node,
                               const vroom_vehicle *v)
{
    const int64_t *most;
    const gb_status status = route_vroom_take_amounts(r, node, &most);

    for (uint32_t k = 0; !status && most && k < r->own->n_measures; k++)
        if (most[k] < v->capacity[k])
            return wrong(r, node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "a break that waits for a smaller load is "
                                   "not supported"));
    return status;
}

static gb_status take_break_window(vroom_reader *r, uint32_t node,
                                   const vroom_vehicle *v, vroom_break *b)
{
    const vroom_window *windows;
    uint32_t n = 0, kept = 0;
    const gb_status status = route_vroom_take_windows(r, node, &windows, &n);

    if (status || n == 0)
        return status;
    b->is_windowed = true;
    b->window = windows[0];
    for (uint32_t w = 0; w < n; w++) {
        if (v->is_windowed
            && (windows[w].late_s < v->window.early_s
                || windows[w].early_s + b->service_s > v->window.late_s))
            continue;
        b->window = windows[w];
        kept++;
    }
    return kept <= 1
               ? GB_OK
               : wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "a break with %u windows within the "
                                 "vehicle's time; one is supported: leave "
                                 "one of them",
                                 kept));
}

static gb_status take_break(vroom_reader *r, uint32_t node,
                            const vroom_vehicle *v, vroom_break *b)
{
    static const char *const keys[] = { "id", "time_windows", "service",
                                        "description", "max_load" };
    uint32_t at[COUNT_OF(keys)];
    gb_status status =
        route_json_members(r->json, node, keys, COUNT_OF(keys), at);

    if (!status)
        status = route_vroom_take_id(r, node, at[0], &b->id);
    if (!status)
        status =
            route_json_opt_int(r->json, at[2], 0, MOST_SECONDS, &b->service_s);
    if (!status)
        status = take_break_window(r, at[1], v, b);
    if (!status)
        status = route_vroom_take_text(r, at[3], &b->description);
    if (!status)
        status = take_max_load(r, at[4], v);
    return status;
}

static gb_status take_breaks(vroom_reader *r, uint32_t node, vroom_vehicle *v)
{
    const route_json *json = r->json;
    vroom_break *breaks;
    gb_status status;
    uint32_t n, k = 0;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_need(json, node, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    n = route_json_count(json, node);
    if (n > MOST_BREAKS)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "%u breaks; at most %d are supported", n,
                               MOST_BREAKS));
    breaks = route_file_alloc(r->ctx, r->file, n + (size_t)1, sizeof *breaks);
    if (!breaks)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(json, node);
         !status && i < route_json_end(json, node);
         i = route_json_next(json, i), k++) {
        status = take_break(r, i, v, &breaks[k]);
        for (uint32_t j = 0; !status && j < k; j++)
            if (breaks[j].id == breaks[k].id)
                status = wrong(r, i,
                               base_fail(r->ctx, GB_ERR_DATA,
                                         "two breaks have the id %llu",
                                         (unsigned long long)breaks[k].id));
    }
    v->breaks = breaks;
    v->n_breaks = n;
    return status;
}

static gb_status find_profile(vroom_reader *r, uint32_t object, uint32_t node,
                              vroom_vehicle *v)
{
    v->profile_name = "car";
    if (node != ROUTE_JSON_NONE) {
        const gb_status status =
            route_vroom_take_text(r, node, &v->profile_name);

        if (status)
            return status;
    }
    for (uint32_t f = 0; f < r->file->problem.n_profiles; f++)
        if (strcmp(r->profile_names[f], v->profile_name) == 0) {
            v->profile = f;
            return GB_OK;
        }
    if (r->is_asked) {
        v->profile = r->file->problem.n_profiles++;
        r->profile_names[v->profile] = v->profile_name;
        return GB_OK;
    }
    return wrong(r, node == ROUTE_JSON_NONE ? object : node,
                 base_fail(r->ctx, GB_ERR_DATA,
                           "\"matrices\" has no profile \"%s\"",
                           v->profile_name));
}

static gb_status take_speed(vroom_reader *r, uint32_t node, vroom_vehicle *v)
{
    double factor = 1;
    const gb_status status =
        node == ROUTE_JSON_NONE
            ? GB_OK
            : route_json_real(r->json, node, 0.1, 5, &factor);

    /* VROOM respects two digits. */
    v->speed_permille = (uint32_t)lround(factor * 100) * 10;
    return status;
}

static gb_status take_limits(vroom_reader *r, const uint32_t at[3],
                             vroom_vehicle *v)
{
    gb_status status =
        route_json_opt_int(r->json, at[0], 0, MOST_UINT, &v->max_tasks);

    v->is_idle = at[0] != ROUTE_JSON_NONE && v->max_tasks == 0;
    if (!status)
        status =
            route_json_opt_int(r->json, at[1], 1, MOST_UINT, &v->max_travel_s);
    if (!status)
        status = route_json_opt_int(r->json, at[2], 1, MOST_UINT,
                                    &v->max_distance_m);
    if (!status && v->max_distance_m && !r->is_asked
        && !r->file->problem.profiles[v->profile].metres)
        status = wrong(r, at[2],
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "\"matrices\" has no \"distances\" for the "
                                 "profile \"%s\"",
                                 v->profile_name));
    return status;
}

/* How cost is counted must be told by one thing, and what it takes be there. */
static gb_status check_costs(vroom_reader *r, uint32_t node,
                             const vroom_vehicle *v)
{
    const gb_route_profile *profile;

    if (r->is_asked)
        return GB_OK;
    profile = &r->file->problem.profiles[v->profile];
    if (profile->cost && (v->has_per_hour || v->per_km))
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "the profile \"%s\" has a matrix of costs; "
                               "per_hour and per_km cannot be told as well",
                               v->profile_name));
    if (v->per_km && !profile->metres)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "\"matrices\" has no \"distances\" for the "
                               "profile \"%s\"",
                               v->profile_name));
    return GB_OK;
}

enum {
    V_ID,
    V_PROFILE,
    V_DESCRIPTION,
    V_START,
    V_START_INDEX,
    V_END,
    V_END_INDEX,
    V_CAPACITY,
    V_COSTS,
    V_SKILLS,
    V_TYPE,
    V_WINDOW,
    V_BREAKS,
    V_SPEED,
    V_MAX_TASKS,
    V_MAX_TRAVEL,
    V_MAX_DISTANCE,
    V_STEPS,
    V_N
};
static const char *const VEHICLE_KEYS[V_N] = {
    "id",           "profile",      "description", "start",
    "start_index",  "end",          "end_index",   "capacity",
    "costs",        "skills",       "type",        "time_window",
    "breaks",       "speed_factor", "max_tasks",   "max_travel_time",
    "max_distance", "steps"
};

static gb_status take_ends(vroom_reader *r, uint32_t node, const uint32_t *at,
                           vroom_vehicle *v)
{
    gb_status status = GB_OK;

    v->start = v->end = GB_ROUTE_NONE;
    if (at[V_START] != ROUTE_JSON_NONE || at[V_START_INDEX] != ROUTE_JSON_NONE)
        status = route_vroom_take_location(r, node, at[V_START_INDEX],
                                           at[V_START], "start_index", "start",
                                           &v->start, &v->start_coordinates);
    if (!status
        && (at[V_END] != ROUTE_JSON_NONE || at[V_END_INDEX] != ROUTE_JSON_NONE))
        status = route_vroom_take_location(r, node, at[V_END_INDEX], at[V_END],
                                           "end_index", "end", &v->end,
                                           &v->end_coordinates);
    if (!status && v->start == GB_ROUTE_NONE && v->end == GB_ROUTE_NONE)
        status = wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "has neither start_index nor end_index"));
    return status;
}

static gb_status take_capacity(vroom_reader *r, uint32_t node,
                               uint32_t capacity, vroom_vehicle *v)
{
    if (capacity == ROUTE_JSON_NONE && r->own->n_measures > 0)
        return route_json_missing(r->json, node, "capacity");
    return route_vroom_take_amounts(r, capacity, &v->capacity);
}

static gb_status take_vehicle(vroom_reader *r, uint32_t node, vroom_vehicle *v)
{
    uint32_t at[V_N];
    gb_status status = route_json_members(r->json, node, VEHICLE_KEYS, V_N, at);

    v->node = node;
    v->steps = at[V_STEPS];
    if (!status)
        status = route_vroom_take_id(r, node, at[V_ID], &v->id);
    if (!status)
        status = find_profile(r, node, at[V_PROFILE], v);
    if (!status)
        status = route_vroom_take_text(r, at[V_DESCRIPTION], &v->description);
    if (!status)
        status = route_vroom_take_text(r, at[V_TYPE], &v->type);
    if (!status)
        status = take_ends(r, node, at, v);
    if (!status)
        status = take_capacity(r, node, at[V_CAPACITY], v);
    if (!status)
        status = take_costs(r, at[V_COSTS], v);
    if (!status)
        status = check_costs(
            r, at[V_COSTS] == ROUTE_JSON_NONE ? node : at[V_COSTS], v);
    if (!status)
        status =
            route_vroom_take_skills(r, at[V_SKILLS], &v->skills, &v->n_skills);
    v->is_windowed = at[V_WINDOW] != ROUTE_JSON_NONE;
    if (!status && v->is_windowed)
        status = route_vroom_take_window(r, at[V_WINDOW], &v->window);
    if (!status)
        status = take_breaks(r, at[V_BREAKS], v);
    if (!status)
        status = take_speed(r, at[V_SPEED], v);
    return status ? status : take_limits(r, &at[V_MAX_TASKS], v);
}

/* The first vehicle tells how many measures loads have. */
static gb_status count_measures(vroom_reader *r)
{
    const uint32_t first = route_json_first(r->json, r->vehicles);
    const uint32_t capacity = route_json_get(r->json, first, "capacity");
    gb_status status;

    if (capacity == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_need(r->json, capacity, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    r->own->n_measures = route_json_count(r->json, capacity);
    if (r->own->n_measures > MOST_LOADS)
        return wrong(r, capacity,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "%u measures; at most %d are supported",
                               r->own->n_measures, MOST_LOADS));
    return GB_OK;
}

gb_status route_vroom_take_vehicles(vroom_reader *r)
{
    const route_json *json = r->json;
    gb_status status;
    uint32_t n = 0, total;

    if (r->vehicles == ROUTE_JSON_NONE)
        return route_json_missing(json, 0, "vehicles");
    status = route_json_need(json, r->vehicles, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    total = route_json_count(json, r->vehicles);
    if (total == 0)
        return wrong(r, r->vehicles,
                     base_fail(r->ctx, GB_ERR_DATA, "there is no vehicle"));
    status = count_measures(r);
    r->vehicle_rows = status ? NULL
                             : route_file_alloc(r->ctx, r->file, total,
                                                sizeof *r->vehicle_rows);
    r->own->is_pickup =
        status ? NULL
               : route_file_alloc(r->ctx, r->file, MOST_LOADS, sizeof(bool));
    r->measure_known =
        status ? NULL
               : route_file_alloc(r->ctx, r->file, MOST_LOADS, sizeof(bool));
    if (!status && r->is_asked)
        r->profile_names =
            route_file_alloc(r->ctx, r->file, total, sizeof *r->profile_names);
    if (!status
        && (!r->vehicle_rows || !r->own->is_pickup || !r->measure_known
            || !r->profile_names))
        status = GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(json, r->vehicles);
         !status && i < route_json_end(json, r->vehicles);
         i = route_json_next(json, i)) {
        memset(&r->vehicle_rows[n], 0, sizeof r->vehicle_rows[n]);
        status = take_vehicle(r, i, &r->vehicle_rows[n]);
        n += !status && !r->vehicle_rows[n].is_idle;
    }
    r->own->vehicles = r->vehicle_rows;
    r->own->n_vehicles = n;
    return status;
}
