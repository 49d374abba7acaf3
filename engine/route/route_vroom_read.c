/*
 * route_vroom_read.c - the rows of a VROOM file; see route_vroom.h.
 */
#include "route_vroom.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { MOST_SECONDS = 10000000, MOST_METRES = 100000000, MOST_PRIORITY = 100 };
static const int64_t MOST_UINT = UINT32_MAX;

/* ---- small values ---- */

static gb_status wrong(const vroom_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

gb_status route_vroom_take_text(vroom_reader *r, uint32_t node,
                                const char **out)
{
    char *text;
    gb_status status;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_string(r->json, node, &text);
    if (status)
        return status;
    *out = route_file_strndup(r->ctx, r->file, text, strlen(text));
    base_free(r->ctx->mem, text);
    return *out ? GB_OK : GB_ERR_NOMEM;
}

gb_status route_vroom_take_id(vroom_reader *r, uint32_t object, uint32_t node,
                              uint64_t *out)
{
    return node == ROUTE_JSON_NONE ? route_json_missing(r->json, object, "id")
                                   : route_json_uint64(r->json, node, out);
}

static int by_skill(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Sorted, each once. */
gb_status route_vroom_take_skills(vroom_reader *r, uint32_t node,
                                  const uint32_t **out, uint32_t *n)
{
    const route_json *json = r->json;
    uint32_t *skills, kept = 0;
    gb_status status;

    *out = NULL;
    *n = 0;
    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_need(json, node, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    skills = route_file_alloc(r->ctx, r->file,
                              route_json_count(json, node) + (size_t)1,
                              sizeof *skills);
    if (!skills)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(json, node);
         i < route_json_end(json, node); i = route_json_next(json, i)) {
        int64_t skill = 0;

        status = route_json_int(json, i, 0, MOST_UINT, &skill);
        if (status)
            return status;
        skills[(*n)++] = (uint32_t)skill;
    }
    qsort(skills, *n, sizeof *skills, by_skill);
    for (uint32_t i = 0; i < *n; i++)
        if (i == 0 || skills[i] != skills[i - 1])
            skills[kept++] = skills[i];
    *n = kept;
    *out = skills;
    return GB_OK;
}

/* Amounts of n_measures; NULL where all are 0 or the key is absent. */
gb_status route_vroom_take_amounts(vroom_reader *r, uint32_t node,
                                   const int64_t **out)
{
    const uint32_t n = r->own->n_measures;
    int64_t *amounts;
    gb_status status;
    uint32_t k = 0;

    *out = NULL;
    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_need(r->json, node, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    if (route_json_count(r->json, node) != n)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "has %u amounts, but the first vehicle has a "
                               "capacity of %u",
                               route_json_count(r->json, node), n));
    amounts = route_file_alloc(r->ctx, r->file, n + (size_t)1, sizeof *amounts);
    if (!amounts)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = route_json_int(r->json, i, 0, MOST_UINT, &amounts[k++]);
    *out = amounts;
    return status;
}

gb_status route_vroom_take_window(const vroom_reader *r, uint32_t node,
                                  vroom_window *out)
{
    const route_json *json = r->json;
    gb_status status = route_json_need(json, node, ROUTE_JSON_ARRAY);
    uint32_t first = route_json_first(json, node);

    if (status)
        return status;
    if (route_json_count(json, node) != 2)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "a window is [from, to], in seconds"));
    status = route_json_int(json, first, 0, MOST_UINT, &out->early_s);
    if (!status)
        status = route_json_int(json, route_json_next(json, first), 0,
                                MOST_UINT, &out->late_s);
    if (!status && out->early_s > out->late_s)
        status =
            wrong(r, node,
                  base_fail(r->ctx, GB_ERR_DATA,
                            "the window ends (%lld s) before it begins "
                            "(%lld s)",
                            (long long)out->late_s, (long long)out->early_s));
    return status;
}

static int by_time(const void *a, const void *b)
{
    const vroom_window *x = a, *y = b;

    return (x->early_s > y->early_s) - (x->early_s < y->early_s);
}

gb_status route_vroom_take_windows(vroom_reader *r, uint32_t node,
                                   const vroom_window **out, uint32_t *n)
{
    const route_json *json = r->json;
    vroom_window *windows;
    gb_status status;
    uint32_t k = 0;

    *out = NULL;
    *n = 0;
    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_need(json, node, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    *n = route_json_count(json, node);
    if (*n == 0)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "no window: leave the key out where any time "
                               "is right"));
    windows = route_file_alloc(r->ctx, r->file, *n, sizeof *windows);
    if (!windows)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(json, node);
         !status && i < route_json_end(json, node);
         i = route_json_next(json, i))
        status = route_vroom_take_window(r, i, &windows[k++]);
    if (status)
        return status;
    qsort(windows, *n, sizeof *windows, by_time);
    for (uint32_t w = 1; w < *n; w++)
        if (windows[w].early_s <= windows[w - 1].late_s)
            return wrong(r, node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "windows overlap: one begins at %lld s, "
                                   "another ends at %lld s",
                                   (long long)windows[w].early_s,
                                   (long long)windows[w - 1].late_s));
    *out = windows;
    return GB_OK;
}

/* [lon, lat], kept as it stands for the answer. */
static gb_status take_coordinates(vroom_reader *r, uint32_t node,
                                  const char **out, double lonlat[2])
{
    const route_json *json = r->json;
    const size_t from = json->nodes.items[node].at;
    size_t to = from;
    uint32_t first = route_json_first(json, node);
    gb_status status = route_json_need(json, node, ROUTE_JSON_ARRAY);

    if (status)
        return status;
    if (route_json_count(json, node) != 2)
        return wrong(r, node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "coordinates are [longitude, latitude]"));
    status = route_json_real(json, first, -180, 180, &lonlat[0]);
    if (!status)
        status = route_json_real(json, route_json_next(json, first), -90, 90,
                                 &lonlat[1]);
    if (status)
        return status;
    while (json->bytes[to] != ']')
        to++;
    *out =
        route_file_strndup(r->ctx, r->file, json->bytes + from, to + 1 - from);
    return *out ? GB_OK : GB_ERR_NOMEM;
}

/* Without matrices a place is its coordinates: the same are one location. */
static gb_status find_place(vroom_reader *r, uint32_t object,
                            uint32_t index_node, uint32_t place_node,
                            const char *place_key, uint32_t *location,
                            const char **coordinates)
{
    double lonlat[2] = { 0, 0 };
    int64_t ignored = 0;
    size_t i = 0;
    gb_status status;

    if (index_node != ROUTE_JSON_NONE && place_node == ROUTE_JSON_NONE)
        return wrong(r, index_node,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "an index, but there are no \"matrices\""));
    if (place_node == ROUTE_JSON_NONE)
        return route_json_missing(r->json, object, place_key);
    /* Beside coordinates an index is of no matter, as in VROOM. */
    status = route_json_opt_int(r->json, index_node, 0, MOST_UINT, &ignored);
    if (!status)
        status = take_coordinates(r, place_node, coordinates, lonlat);
    if (status)
        return status;
    while (i < r->lonlat.n
           && memcmp(&r->lonlat.items[i], lonlat, sizeof lonlat) != 0)
        i += 2;
    if (i == r->lonlat.n) {
        if (i / 2 == ROUTE_FILE_MOST_LOCATIONS)
            return wrong(r, place_node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "%u locations; at most %d",
                                   ROUTE_FILE_MOST_LOCATIONS + 1,
                                   ROUTE_FILE_MOST_LOCATIONS));
        if (!base_array_push(r->ctx->mem, &r->lonlat, lonlat[0])
            || !base_array_push(r->ctx->mem, &r->lonlat, lonlat[1]))
            return base_fail_nomem(r->ctx);
    }
    *location = (uint32_t)(i / 2);
    return GB_OK;
}

/* A location by index, with its coordinates where they are told. */
gb_status route_vroom_take_location(vroom_reader *r, uint32_t object,
                                    uint32_t index_node, uint32_t place_node,
                                    const char *index_key,
                                    const char *place_key, uint32_t *location,
                                    const char **coordinates)
{
    double lonlat[2] = { 0, 0 };
    int64_t index = 0;
    gb_status status = GB_OK;

    if (r->is_asked)
        return find_place(r, object, index_node, place_node, place_key,
                          location, coordinates);
    if (place_node != ROUTE_JSON_NONE)
        status = take_coordinates(r, place_node, coordinates, lonlat);
    if (!status && index_node == ROUTE_JSON_NONE)
        return route_json_missing(r->json, object, index_key);
    if (!status)
        status =
            route_json_int(r->json, index_node, 0,
                           (int64_t)r->file->problem.n_locations - 1, &index);
    if (status)
        return status;
    *location = (uint32_t)index;
    if (place_node != ROUTE_JSON_NONE) {
        r->file->xy[2 * index] = lonlat[0];
        r->file->xy[2 * index + 1] = lonlat[1];
    }
    return GB_OK;
}

/* ---- matrices ---- */

static gb_status take_profile(vroom_reader *r, uint32_t node,
                              gb_route_profile *out)
{
    static const char *const keys[] = { "durations", "distances", "costs" };
    static const int32_t no_way = GB_ROUTE_UNREACHABLE, far = MOST_METRES;
    const uint32_t n = r->file->problem.n_locations;
    uint32_t at[3];
    int32_t *matrix[3] = { NULL, NULL, NULL };
    gb_status status = route_json_members(r->json, node, keys, 3, at);

    if (!status && at[0] == ROUTE_JSON_NONE)
        status = route_json_missing(r->json, node, "durations");
    for (int k = 0; !status && k < 3; k++) {
        if (at[k] == ROUTE_JSON_NONE)
            continue;
        matrix[k] = route_file_matrix(r->ctx, r->file);
        status = matrix[k]
                     ? route_json_matrix(r->json, at[k], n,
                                         k == 0 ? MOST_SECONDS : MOST_METRES,
                                         k == 0   ? &no_way
                                         : k == 1 ? &far
                                                  : NULL,
                                         matrix[k])
                     : GB_ERR_NOMEM;
    }
    out->seconds = matrix[0];
    out->metres = matrix[1];
    out->cost = matrix[2];
    if (matrix[1])
        r->own->has_distances = true;
    return status;
}

/* Rows of the first matrix of durations: so many locations there are. */
static gb_status count_locations(vroom_reader *r, uint32_t durations)
{
    const gb_status status =
        route_json_need(r->json, durations, ROUTE_JSON_ARRAY);
    const uint32_t n = status ? 0 : route_json_count(r->json, durations);

    if (status)
        return status;
    if (n == 0 || n > ROUTE_FILE_MOST_LOCATIONS)
        return wrong(r, durations,
                     base_fail(r->ctx, GB_ERR_DATA,
                               "a matrix of %u locations; 1 to %d expected", n,
                               ROUTE_FILE_MOST_LOCATIONS));
    r->file->problem.n_locations = n;
    r->file->xy =
        route_file_alloc(r->ctx, r->file, (size_t)n * 2, sizeof(double));
    if (!r->file->xy)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < (size_t)n * 2; i++)
        r->file->xy[i] = (double)NAN;
    return GB_OK;
}

static gb_status take_old_matrix(vroom_reader *r)
{
    static const int32_t no_way = GB_ROUTE_UNREACHABLE;
    gb_route_profile *profile;
    int32_t *seconds;
    gb_status status = count_locations(r, r->matrix);

    if (status)
        return status;
    profile = route_file_alloc(r->ctx, r->file, 1, sizeof *profile);
    r->profile_names =
        route_file_alloc(r->ctx, r->file, 1, sizeof *r->profile_names);
    seconds = route_file_matrix(r->ctx, r->file);
    if (!profile || !r->profile_names || !seconds)
        return GB_ERR_NOMEM;
    r->profile_names[0] = "car";
    profile->seconds = seconds;
    r->file->problem.profiles = profile;
    r->file->problem.n_profiles = 1;
    return route_json_matrix(r->json, r->matrix, r->file->problem.n_locations,
                             MOST_SECONDS, &no_way, seconds);
}

static gb_status no_matrix(vroom_reader *r)
{
    return wrong(r, 0,
                 base_fail(r->ctx, GB_ERR_DATA,
                           "no \"matrices\", and nobody to ask for travel "
                           "times: give \"matrices\": {\"car\": "
                           "{\"durations\": [[...]]}} and a location_index "
                           "for each place, or a road index"));
}

static gb_status take_matrices(vroom_reader *r)
{
    const route_json *json = r->json;
    gb_route_profile *profiles;
    uint32_t n = 0, f = 0, durations;
    gb_status status;

    if (r->matrices == ROUTE_JSON_NONE && r->matrix == ROUTE_JSON_NONE) {
        r->is_asked = r->options->travel != NULL;
        r->own->has_indices = !r->is_asked;
        return r->is_asked ? GB_OK : no_matrix(r);
    }
    if (r->matrices == ROUTE_JSON_NONE)
        return take_old_matrix(r);
    status = route_json_need(json, r->matrices, ROUTE_JSON_OBJECT);
    if (!status && r->matrix != ROUTE_JSON_NONE)
        status = wrong(r, r->matrix,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "stands beside \"matrices\"; leave one of "
                                 "them out"));
    if (status)
        return status;
    n = route_json_count(json, r->matrices);
    if (n == 0)
        return no_matrix(r);
    durations = route_json_get(json, r->matrices + 2, "durations");
    if (durations == ROUTE_JSON_NONE)
        return route_json_missing(json, r->matrices + 2, "durations");
    status = count_locations(r, durations);
    if (status)
        return status;
    profiles = route_file_alloc(r->ctx, r->file, n, sizeof *profiles);
    r->profile_names =
        route_file_alloc(r->ctx, r->file, n, sizeof *r->profile_names);
    if (!profiles || !r->profile_names)
        return GB_ERR_NOMEM;
    r->file->problem.profiles = profiles;
    r->file->problem.n_profiles = n;
    for (uint32_t key = route_json_first(json, r->matrices);
         !status && key < route_json_end(json, r->matrices);
         key = route_json_next(json, key), f++) {
        status = route_vroom_take_text(r, key, &r->profile_names[f]);
        for (uint32_t g = 0; !status && g < f; g++)
            if (strcmp(r->profile_names[f], r->profile_names[g]) == 0)
                status = wrong(r, key,
                               base_fail(r->ctx, GB_ERR_DATA,
                                         "this key stands here twice"));
        if (!status)
            status = take_profile(r, key + 1, &profiles[f]);
    }
    return status;
}

/* ---- jobs ---- */

/* What is delivered is on board from the start, what is picked up until the
 * end: of either alone a route's sum is its greatest load. */
static gb_status take_loads(vroom_reader *r, uint32_t delivery, uint32_t pickup,
                            uint32_t amount, vroom_job *job)
{
    const int64_t *delivered = NULL, *picked = NULL;
    gb_status status = GB_OK;

    if (amount != ROUTE_JSON_NONE && delivery == ROUTE_JSON_NONE
        && pickup == ROUTE_JSON_NONE)
        delivery = amount;
    status = route_vroom_take_amounts(r, delivery, &delivered);
    if (!status)
        status = route_vroom_take_amounts(r, pickup, &picked);
    for (uint32_t k = 0; !status && k < r->own->n_measures; k++) {
        const bool has_delivery = delivered && delivered[k];
        const bool has_pickup = picked && picked[k];

        if (!has_delivery && !has_pickup)
            continue;
        if ((has_delivery && has_pickup)
            || (r->measure_known[k] && r->own->is_pickup[k] != has_pickup))
            return wrong(r, has_pickup ? pickup : delivery,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "amounts delivered and picked up in one "
                                   "measure (number %u) are not supported "
                                   "together: use only one of them",
                                   k + 1));
        r->measure_known[k] = true;
        r->own->is_pickup[k] = has_pickup;
    }
    if (!status && delivered && picked)
        for (uint32_t k = 0; k < r->own->n_measures; k++)
            if (picked[k])
                ((int64_t *)(uintptr_t)delivered)[k] = picked[k];
    job->amounts = delivered ? delivered : picked;
    return status;
}

/* "service_per_type": what it says for the vehicles there are, if all alike. */
static gb_status take_per_type(vroom_reader *r, uint32_t node, int64_t *s)
{
    const int64_t fallback = *s;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    for (uint32_t v = 0; v < r->own->n_vehicles; v++) {
        const char *type = r->vehicle_rows[v].type;
        const uint32_t told =
            type ? route_json_get(r->json, node, type) : ROUTE_JSON_NONE;
        int64_t own = fallback;
        gb_status status = route_json_need(r->json, node, ROUTE_JSON_OBJECT);

        if (!status)
            status = route_json_opt_int(r->json, told, 0, MOST_SECONDS, &own);
        if (status)
            return status;
        if (v > 0 && own != *s)
            return wrong(r, node,
                         base_fail(r->ctx, GB_ERR_DATA,
                                   "times that differ by the type of vehicle "
                                   "are not supported"));
        *s = own;
    }
    return GB_OK;
}

enum {
    J_ID,
    J_DESCRIPTION,
    J_LOCATION,
    J_LOCATION_INDEX,
    J_SETUP,
    J_SERVICE,
    J_SETUP_PER_TYPE,
    J_SERVICE_PER_TYPE,
    J_AMOUNT,
    J_DELIVERY,
    J_PICKUP,
    J_SKILLS,
    J_PRIORITY,
    J_WINDOWS,
    J_N
};
static const char *const JOB_KEYS[J_N] = {
    "id",       "description", "location",       "location_index",
    "setup",    "service",     "setup_per_type", "service_per_type",
    "amount",   "delivery",    "pickup",         "skills",
    "priority", "time_windows"
};

static gb_status take_times(vroom_reader *r, const uint32_t *at, vroom_job *job)
{
    gb_status status = route_json_opt_int(r->json, at[J_SETUP], 0,
                                          MOST_SECONDS / 2, &job->setup_s);

    if (!status)
        status = route_json_opt_int(r->json, at[J_SERVICE], 0, MOST_SECONDS / 2,
                                    &job->service_s);
    if (!status)
        status = take_per_type(r, at[J_SETUP_PER_TYPE], &job->setup_s);
    if (!status)
        status = take_per_type(r, at[J_SERVICE_PER_TYPE], &job->service_s);
    if (!status)
        status = route_vroom_take_windows(r, at[J_WINDOWS], &job->windows,
                                          &job->n_windows);
    return status;
}

static gb_status take_job(vroom_reader *r, uint32_t node, vroom_job *job)
{
    uint32_t at[J_N];
    gb_status status = route_json_members(r->json, node, JOB_KEYS, J_N, at);

    job->node = node;
    if (!status)
        status = route_vroom_take_id(r, node, at[J_ID], &job->id);
    if (!status)
        status = route_vroom_take_text(r, at[J_DESCRIPTION], &job->description);
    if (!status)
        status = route_vroom_take_location(
            r, node, at[J_LOCATION_INDEX], at[J_LOCATION], "location_index",
            "location", &job->location, &job->coordinates);
    if (!status)
        status = take_times(r, at, job);
    if (!status)
        status = take_loads(r, at[J_DELIVERY], at[J_PICKUP], at[J_AMOUNT], job);
    if (!status)
        status = route_vroom_take_skills(r, at[J_SKILLS], &job->skills,
                                         &job->n_skills);
    if (!status)
        status = route_json_opt_int(r->json, at[J_PRIORITY], 0, MOST_PRIORITY,
                                    &job->priority);
    if (job->priority > 0)
        r->own->has_priorities = true;
    return status;
}

static gb_status take_jobs(vroom_reader *r)
{
    const route_json *json = r->json;
    gb_status status = GB_OK;
    uint32_t n = 0;

    if (r->jobs == ROUTE_JSON_NONE)
        return route_json_missing(json, 0, "jobs");
    status = route_json_need(json, r->jobs, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    r->job_rows = route_file_alloc(r->ctx, r->file,
                                   route_json_count(json, r->jobs) + (size_t)1,
                                   sizeof *r->job_rows);
    if (!r->job_rows)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(json, r->jobs);
         !status && i < route_json_end(json, r->jobs);
         i = route_json_next(json, i))
        status = take_job(r, i, &r->job_rows[n++]);
    r->own->jobs = r->job_rows;
    r->own->n_jobs = n;
    return status;
}

/* ---- travel that is asked for ---- */

static gb_status ask_profile(vroom_reader *r, uint32_t f,
                             gb_route_profile *profile)
{
    const size_t n = r->file->problem.n_locations;
    int32_t *seconds = route_file_matrix(r->ctx, r->file);
    int32_t *metres = route_file_matrix(r->ctx, r->file);
    gb_status status;

    if (!seconds || !metres)
        return GB_ERR_NOMEM;
    status =
        r->options->travel(r->options->travel_user, r->ctx, r->profile_names[f],
                           r->lonlat.items, n, seconds, metres);
    if (status)
        return r->ctx->error[0] != '\0'
                   ? status
                   : base_fail(r->ctx, status,
                               "no travel times for the profile \"%s\"",
                               r->profile_names[f]);
    for (size_t i = 0; i < n * n; i++) {
        if (seconds[i] < 0 || seconds[i] > MOST_SECONDS)
            seconds[i] = GB_ROUTE_UNREACHABLE;
        if (metres[i] < 0 || metres[i] > MOST_METRES)
            metres[i] = MOST_METRES;
    }
    profile->seconds = seconds;
    profile->metres = metres;
    return GB_OK;
}

static gb_status ask_travel(vroom_reader *r)
{
    gb_route_problem *p = &r->file->problem;
    gb_route_profile *profiles;
    gb_status status = GB_OK;

    if (!r->is_asked)
        return GB_OK;
    p->n_locations = (uint32_t)(r->lonlat.n / 2);
    profiles =
        route_file_alloc(r->ctx, r->file, p->n_profiles, sizeof *profiles);
    r->file->xy =
        route_file_alloc(r->ctx, r->file, r->lonlat.n, sizeof(double));
    if (!profiles || !r->file->xy)
        return GB_ERR_NOMEM;
    memcpy(r->file->xy, r->lonlat.items, r->lonlat.n * sizeof(double));
    p->profiles = profiles;
    r->own->has_distances = true;
    for (uint32_t f = 0; !status && f < p->n_profiles; f++)
        status = ask_profile(r, f, &profiles[f]);
    return status;
}

/* ---- the file ---- */

/* "shipments": [] says nothing, and programs write it. */
static gb_status refuse_shipments(const vroom_reader *r, uint32_t node)
{
    if (node == ROUTE_JSON_NONE
        || (route_json_kind_of(r->json, node) == ROUTE_JSON_ARRAY
            && route_json_count(r->json, node) == 0))
        return GB_OK;
    return wrong(r, node,
                 base_fail(r->ctx, GB_ERR_DATA,
                           "shipments (from one place to another) are not "
                           "supported, only jobs"));
}

static gb_status read_rows(vroom_reader *r)
{
    static const char *const keys[] = { "jobs", "shipments", "vehicles",
                                        "matrices", "matrix" };
    uint32_t at[COUNT_OF(keys)];
    gb_status status = route_json_members(r->json, 0, keys, COUNT_OF(keys), at);

    if (!status)
        status = refuse_shipments(r, at[1]);
    r->jobs = at[0];
    r->vehicles = at[2];
    r->matrices = at[3];
    r->matrix = at[4];
    if (!status)
        status = take_matrices(r);
    if (!status)
        status = route_vroom_take_vehicles(r);
    if (!status)
        status = take_jobs(r);
    return status ? status : ask_travel(r);
}

gb_status route_vroom_read(gb_context *ctx, const route_file_source *source,
                           gb_route_file *file)
{
    route_json json = { 0 };
    vroom_reader r = { 0 };
    gb_status status;

    if (source->options.n_vehicles)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%s: its vehicles are told one by one; their number "
                         "cannot be changed",
                         source->name);
    r.ctx = ctx;
    r.file = file;
    r.json = &json;
    r.options = &source->options;
    r.own = route_file_alloc(ctx, file, 1, sizeof *r.own);
    if (!r.own)
        return GB_ERR_NOMEM;
    file->own = r.own;
    r.own->has_indices = true;
    status =
        route_json_parse(ctx, source->name, source->bytes, source->n, &json);
    if (!status)
        status = read_rows(&r);
    if (!status)
        status = route_vroom_model(&r);
    route_json_clear(&json);
    base_array_clear(ctx->mem, &r.lonlat);
    return status;
}
