/*
 * route_json_read.c - a problem out of our own JSON: data/ROUTE_JSON.md.
 *
 * What stands in one place is checked there; what needs the whole (a location
 * that is none, a circle of `after`) is said by route_data_build(), with the
 * number of the client or the vehicle.
 */
#include "route_json_take.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "route_data.h"

enum {
    MOST_SECONDS = 10000000,
    MOST_METRES = 100000000,
    MOST_CLOCK_S = 100000000,
    MOST_LOADS = 8,
    MOST_BANDS = 16,
    MOST_SLOTS = 100000,
    MOST_KEYS = 32
};

static gb_status wrong(const own_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

static void *alloc(const own_reader *r, size_t n, size_t size)
{
    return route_file_alloc(r->ctx, r->file, n, size);
}

gb_status route_own_take_text(const own_reader *r, uint32_t node,
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

/* A list, and how long it is; NONE: it is absent, and *n is 0. */
gb_status route_own_take_list(const own_reader *r, uint32_t node, uint32_t *n)
{
    const gb_status status =
        node == ROUTE_JSON_NONE
            ? GB_OK
            : route_json_need(r->json, node, ROUTE_JSON_ARRAY);

    *n =
        node == ROUTE_JSON_NONE || status ? 0 : route_json_count(r->json, node);
    return status;
}

gb_status route_own_need_count(const own_reader *r, uint32_t node, uint32_t n,
                               uint32_t expected)
{
    if (n == expected)
        return GB_OK;
    return wrong(r, node,
                 base_fail(r->ctx, GB_ERR_DATA, "has %u items; %u expected", n,
                           expected));
}

/* Whole numbers of a list, each in [low, high]. */
gb_status route_own_take_numbers(const own_reader *r, uint32_t node,
                                 int64_t low, int64_t high, int64_t *out)
{
    gb_status status = GB_OK;
    size_t k = 0;

    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = route_json_int(r->json, i, low, high, &out[k++]);
    return status;
}

gb_status route_own_take_int64s(const own_reader *r, uint32_t node,
                                uint32_t expected, int64_t low, int64_t high,
                                const int64_t **out)
{
    int64_t *numbers;
    uint32_t n;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status)
        status = route_own_need_count(r, node, n, expected);
    if (status)
        return status;
    numbers = alloc(r, n, sizeof *numbers);
    if (!numbers)
        return GB_ERR_NOMEM;
    *out = numbers;
    return route_own_take_numbers(r, node, low, high, numbers);
}

/* Bits by their numbers: [0, 5] is 33. */
gb_status route_own_take_bits(const own_reader *r, uint32_t node,
                              uint64_t *bits)
{
    uint32_t n;
    gb_status status = route_own_take_list(r, node, &n);

    for (uint32_t i = n ? route_json_first(r->json, node) : 0;
         !status && n && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i)) {
        int64_t bit = 0;

        status = route_json_int(r->json, i, 0, 63, &bit);
        *bits |= UINT64_C(1) << bit;
    }
    return status;
}

/* ---- members that are one number ---- */

static gb_status take_field(const own_reader *r, uint32_t object,
                            const route_json_field *field, uint32_t node,
                            void *row)
{
    int64_t value = field->absent;
    bool flag = false;
    gb_status status = GB_OK;

    if (node == ROUTE_JSON_NONE) {
        if (field->is_needed)
            return route_json_missing(r->json, object, field->key);
    } else if (field->type == ROUTE_JSON_FLAG) {
        status = route_json_bool(r->json, node, &flag);
        value = flag;
    } else {
        status = route_json_int(r->json, node, field->low, field->high, &value);
    }
    if (!status)
        route_json_store(field, row, value);
    return status;
}

/* The fields and other keys of an object; `others` gets the nodes of those. */
gb_status route_own_take_row(const own_reader *r, uint32_t object,
                             const route_json_fields *fields,
                             const char *const *keys, size_t n_keys, void *row,
                             uint32_t *others)
{
    const char *all[MOST_KEYS];
    uint32_t at[MOST_KEYS];
    gb_status status;

    for (size_t f = 0; f < fields->n; f++)
        all[f] = fields->items[f].key;
    for (size_t k = 0; k < n_keys; k++)
        all[fields->n + k] = keys[k];
    status = route_json_members(r->json, object, all, fields->n + n_keys, at);
    for (size_t f = 0; !status && f < fields->n; f++)
        status = take_field(r, object, &fields->items[f], at[f], row);
    for (size_t k = 0; !status && k < n_keys; k++)
        others[k] = at[fields->n + k];
    return status;
}

/* ---- locations ---- */

static gb_status take_location(own_reader *r, uint32_t node, size_t i)
{
    static const char *const keys[] = { "name", "lon_deg", "lat_deg", "x_m",
                                        "y_m" };
    uint32_t at[COUNT_OF(keys)];
    double *xy = &r->file->xy[2 * i];
    gb_status status =
        route_json_members(r->json, node, keys, COUNT_OF(keys), at);
    const bool is_lonlat = at[1] != ROUTE_JSON_NONE || at[2] != ROUTE_JSON_NONE;
    const bool is_plane = at[3] != ROUTE_JSON_NONE || at[4] != ROUTE_JSON_NONE;
    const int first = is_lonlat ? 1 : 3;

    if (!status)
        status = route_own_take_text(r, at[0], &r->own->location_names[i]);
    if (status || (!is_lonlat && !is_plane))
        return status;
    if (is_lonlat && is_plane)
        return wrong(
            r, node,
            base_fail(r->ctx, GB_ERR_DATA, "has both degrees and metres"));
    for (int k = 0; k < 2; k++)
        if (at[first + k] == ROUTE_JSON_NONE)
            return route_json_missing(r->json, node, keys[first + k]);
    if (is_lonlat)
        r->own->is_lonlat = true;
    status = route_json_real(r->json, at[first], is_lonlat ? -180 : -1e9,
                             is_lonlat ? 180 : 1e9, &xy[0]);
    return status
               ? status
               : route_json_real(r->json, at[first + 1], is_lonlat ? -90 : -1e9,
                                 is_lonlat ? 90 : 1e9, &xy[1]);
}

static gb_status take_locations(own_reader *r, uint32_t node)
{
    const uint32_t n = r->file->problem.n_locations;
    gb_status status = GB_OK;
    size_t k = 0;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    r->file->xy = alloc(r, (size_t)n * 2, sizeof(double));
    r->own->location_names = alloc(r, n, sizeof *r->own->location_names);
    if (!r->file->xy || !r->own->location_names)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < (size_t)n * 2; i++)
        r->file->xy[i] = (double)NAN;
    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = take_location(r, i, k++);
    return status;
}

/* As many as there are "locations", or rows of the first matrix. */
static gb_status count_locations(own_reader *r, uint32_t locations,
                                 uint32_t profiles)
{
    uint32_t n = 0, node, bands;
    gb_status status = route_own_take_list(r, locations, &n);

    if (!status && locations == ROUTE_JSON_NONE)
        status = route_own_take_list(r, profiles, &n);
    if (status)
        return status;
    if (locations == ROUTE_JSON_NONE && n > 0) {
        node = route_json_first(r->json, profiles);
        bands = route_json_get(r->json, node, "bands");
        if (bands != ROUTE_JSON_NONE
            && route_json_kind_of(r->json, bands) == ROUTE_JSON_ARRAY
            && route_json_count(r->json, bands) > 0)
            node = route_json_first(r->json, bands);
        node = route_json_get(r->json, node, "seconds");
        n = 0;
        if (node != ROUTE_JSON_NONE)
            status = route_own_take_list(r, node, &n);
    }
    if (!status && n > ROUTE_FILE_MOST_LOCATIONS)
        status =
            wrong(r, 0,
                  base_fail(r->ctx, GB_ERR_DATA, "%u locations; at most %d", n,
                            ROUTE_FILE_MOST_LOCATIONS));
    r->file->problem.n_locations = n;
    return status;
}

/* ---- profiles ---- */

static gb_status take_matrix(const own_reader *r, uint32_t node, int64_t most,
                             bool has_null, const int32_t **out)
{
    static const int32_t none = GB_ROUTE_UNREACHABLE;
    int32_t *matrix;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    matrix = route_file_matrix(r->ctx, r->file);
    if (!matrix)
        return GB_ERR_NOMEM;
    *out = matrix;
    return route_json_matrix(r->json, node, r->file->problem.n_locations, most,
                             has_null ? &none : NULL, matrix);
}

static gb_status take_band(const own_reader *r, uint32_t node, int32_t *start_s,
                           const int32_t **seconds)
{
    static const char *const keys[] = { "start_s", "seconds" };
    uint32_t at[COUNT_OF(keys)];
    gb_status status =
        route_json_members(r->json, node, keys, COUNT_OF(keys), at);

    for (int k = 0; !status && k < 2; k++)
        if (at[k] == ROUTE_JSON_NONE)
            return route_json_missing(r->json, node, keys[k]);
    if (!status)
        status = route_json_int32(r->json, at[0], -MOST_CLOCK_S, MOST_CLOCK_S,
                                  start_s);
    return status ? status : take_matrix(r, at[1], MOST_SECONDS, true, seconds);
}

static gb_status take_bands(const own_reader *r, uint32_t node,
                            gb_route_profile *profile)
{
    int32_t *starts;
    const int32_t **seconds;
    uint32_t n, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status && (n == 0 || n > MOST_BANDS))
        status = wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "%u bands; 1 to %d expected", n, MOST_BANDS));
    if (status)
        return status;
    starts = alloc(r, n, sizeof *starts);
    seconds = alloc(r, n, sizeof *seconds);
    if (!starts || !seconds)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i), k++)
        status = take_band(r, i, &starts[k], &seconds[k]);
    profile->band_start_s = starts;
    profile->band_seconds = seconds;
    profile->n_bands = n;
    profile->seconds = seconds[0];
    return status;
}

static gb_status take_profile(const own_reader *r, uint32_t node,
                              gb_route_profile *profile)
{
    static const char *const keys[] = { "name", "seconds", "metres", "cost",
                                        "bands" };
    uint32_t at[COUNT_OF(keys)];
    const char *name;
    gb_status status =
        route_json_members(r->json, node, keys, COUNT_OF(keys), at);

    if (!status)
        status = route_own_take_text(r, at[0], &name);
    if (!status && (at[1] == ROUTE_JSON_NONE) == (at[4] == ROUTE_JSON_NONE))
        status = wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA,
                                 "either \"seconds\" or \"bands\" is needed"));
    if (!status)
        status = take_matrix(r, at[1], MOST_SECONDS, true, &profile->seconds);
    if (!status && at[4] != ROUTE_JSON_NONE)
        status = take_bands(r, at[4], profile);
    if (!status)
        status = take_matrix(r, at[2], MOST_METRES, false, &profile->metres);
    return status ? status
                  : take_matrix(r, at[3], MOST_METRES, false, &profile->cost);
}

static gb_status take_profiles(const own_reader *r, uint32_t node)
{
    gb_route_profile *profiles;
    uint32_t n, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (status)
        return status;
    profiles = alloc(r, n, sizeof *profiles);
    if (!profiles)
        return GB_ERR_NOMEM;
    for (uint32_t i = n ? route_json_first(r->json, node) : 0; !status && k < n;
         i = route_json_next(r->json, i))
        status = take_profile(r, i, &profiles[k++]);
    r->file->problem.profiles = profiles;
    r->file->problem.n_profiles = n;
    return status;
}

/* ---- places, slots, groups, bundles ---- */

static gb_status take_places(const own_reader *r, uint32_t node)
{
    static const char *const keys[] = { "name", "access_s" };
    int32_t *access;
    uint32_t n, at[COUNT_OF(keys)], k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (status)
        return status;
    access = alloc(r, n, sizeof *access);
    if (!access)
        return GB_ERR_NOMEM;
    for (uint32_t i = n ? route_json_first(r->json, node) : 0; !status && k < n;
         i = route_json_next(r->json, i)) {
        const char *name;

        status = route_json_members(r->json, i, keys, COUNT_OF(keys), at);
        if (!status)
            status = route_own_take_text(r, at[0], &name);
        if (!status && at[1] == ROUTE_JSON_NONE)
            status = route_json_missing(r->json, i, "access_s");
        if (!status)
            status =
                route_json_int32(r->json, at[1], 0, MOST_SECONDS, &access[k++]);
    }
    r->file->problem.place_access_s = access;
    r->file->problem.n_places = n;
    return status;
}

static gb_status take_slots(const own_reader *r, uint32_t node)
{
    int32_t *starts;
    uint32_t n, k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status && n > MOST_SLOTS)
        status = wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA, "%u slots; at most %d", n,
                                 MOST_SLOTS));
    if (status)
        return status;
    starts = alloc(r, n, sizeof *starts);
    if (!starts)
        return GB_ERR_NOMEM;
    for (uint32_t i = n ? route_json_first(r->json, node) : 0; !status && k < n;
         i = route_json_next(r->json, i), k++)
        status = route_json_int32(r->json, i, -MOST_CLOCK_S, MOST_CLOCK_S,
                                  &starts[k]);
    r->file->problem.slot_start_s = starts;
    r->file->problem.n_slots = n;
    return status;
}

/* `n_clients`: there are no more groups than these. */
static gb_status take_groups(const own_reader *r, uint32_t node,
                             uint32_t n_clients)
{
    static const char *const keys[] = { "must" };
    uint8_t *must;
    uint32_t n, at[COUNT_OF(keys)], k = 0;
    gb_status status = route_own_take_list(r, node, &n);

    if (!status && n > n_clients)
        status =
            wrong(r, node,
                  base_fail(r->ctx, GB_ERR_DATA,
                            "%u groups, but only %u clients", n, n_clients));
    if (status || n == 0)
        return status;
    must = alloc(r, n_clients, sizeof *must);
    if (!must)
        return GB_ERR_NOMEM;
    for (uint32_t i = route_json_first(r->json, node); !status && k < n;
         i = route_json_next(r->json, i), k++) {
        bool flag = false;

        status = route_json_members(r->json, i, keys, COUNT_OF(keys), at);
        if (!status && at[0] != ROUTE_JSON_NONE)
            status = route_json_bool(r->json, at[0], &flag);
        must[k] = flag;
    }
    r->file->problem.group_must = must;
    return status;
}

static gb_status take_patterns(const own_reader *r, uint32_t node,
                               uint64_t *patterns, uint32_t *n)
{
    gb_status status = GB_OK;

    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i))
        status = route_own_take_bits(r, i, &patterns[(*n)++]);
    return status;
}

static gb_status take_bundles(const own_reader *r, uint32_t node)
{
    static const char *const keys[] = { "patterns" };
    uint32_t *first;
    uint64_t *patterns;
    uint32_t n, n_patterns = 0, at = 0, k = 0, count;
    gb_status status = route_own_take_list(r, node, &n);

    if (status || n == 0)
        return status;
    for (uint32_t i = route_json_first(r->json, node);
         !status && i < route_json_end(r->json, node);
         i = route_json_next(r->json, i)) {
        status = route_json_members(r->json, i, keys, COUNT_OF(keys), &at);
        if (!status && at == ROUTE_JSON_NONE)
            status = route_json_missing(r->json, i, "patterns");
        if (!status)
            status = route_own_take_list(r, at, &count);
        if (!status)
            n_patterns += count;
    }
    if (status)
        return status;
    first = alloc(r, n + (size_t)1, sizeof *first);
    patterns = alloc(r, n_patterns, sizeof *patterns);
    if (!first || !patterns)
        return GB_ERR_NOMEM;
    n_patterns = 0;
    for (uint32_t i = route_json_first(r->json, node); !status && k < n;
         i = route_json_next(r->json, i)) {
        status = take_patterns(r, route_json_get(r->json, i, "patterns"),
                               patterns, &n_patterns);
        first[++k] = n_patterns;
    }
    r->file->problem.n_bundles = n;
    r->file->problem.bundle_first_pattern = first;
    r->file->problem.patterns = patterns;
    return status;
}

/* ---- the whole ---- */

enum {
    K_FORMAT,
    K_VERSION,
    K_NAME,
    K_COMMENT,
    K_LOCATIONS,
    K_PROFILES,
    K_PLACES,
    K_SLOTS,
    K_LOADS,
    K_KINDS,
    K_GROUPS,
    K_BUNDLES,
    K_CLIENTS,
    K_VEHICLES,
    K_LONGEST,
    K_SPREAD,
    K_START,
    K_N
};
static const char *const KEYS[K_N] = { "format",
                                       "version",
                                       "name",
                                       "comment",
                                       "locations",
                                       "profiles",
                                       "places",
                                       "slot_start_s",
                                       "n_loads",
                                       "n_prize_kinds",
                                       "groups",
                                       "bundles",
                                       "clients",
                                       "vehicles",
                                       "longest_per_s_milli",
                                       "spread_per_s_milli",
                                       "start" };

static gb_status take_head(own_reader *r, const uint32_t *at)
{
    gb_route_problem *p = &r->file->problem;
    const char *comment;
    int64_t n_loads = 0, n_kinds = 0, version = 0;
    gb_status status;

    if (at[K_FORMAT] == ROUTE_JSON_NONE
        || !route_json_is(r->json, at[K_FORMAT], ROUTE_JSON_PROBLEM))
        return wrong(r, at[K_FORMAT] == ROUTE_JSON_NONE ? 0 : at[K_FORMAT],
                     base_fail(r->ctx, GB_ERR_DATA,
                               "\"format\": \"%s\" is expected",
                               ROUTE_JSON_PROBLEM));
    if (at[K_VERSION] == ROUTE_JSON_NONE)
        return route_json_missing(r->json, 0, "version");
    status =
        route_json_int(r->json, at[K_VERSION], 1, ROUTE_JSON_VERSION, &version);
    if (!status)
        status = route_own_take_text(r, at[K_NAME], &r->file->facts.name);
    if (!status)
        status = route_own_take_text(r, at[K_COMMENT], &comment);
    if (!status)
        status =
            route_json_opt_int(r->json, at[K_LOADS], 0, MOST_LOADS, &n_loads);
    if (!status)
        status = route_json_opt_int(r->json, at[K_KINDS], 0, 1000000, &n_kinds);
    if (!status)
        status = route_json_opt_int(r->json, at[K_LONGEST], 0, 100000,
                                    &p->longest_per_s_milli);
    if (!status)
        status = route_json_opt_int(r->json, at[K_SPREAD], 0, 100000,
                                    &p->spread_per_s_milli);
    p->n_loads = (uint32_t)n_loads;
    p->n_prize_kinds = (uint32_t)n_kinds;
    return status;
}

static gb_status take_body(own_reader *r, const uint32_t *at)
{
    uint32_t n_clients;
    gb_status status = route_own_take_list(r, at[K_CLIENTS], &n_clients);

    if (!status)
        status = count_locations(r, at[K_LOCATIONS], at[K_PROFILES]);
    if (!status)
        status = take_locations(r, at[K_LOCATIONS]);
    if (!status)
        status = take_profiles(r, at[K_PROFILES]);
    if (!status)
        status = take_places(r, at[K_PLACES]);
    if (!status)
        status = take_slots(r, at[K_SLOTS]);
    if (!status)
        status = take_groups(r, at[K_GROUPS], n_clients);
    if (!status)
        status = take_bundles(r, at[K_BUNDLES]);
    if (!status)
        status = route_own_take_vehicles(r, at[K_VEHICLES]);
    return status ? status : route_own_take_clients(r, at[K_CLIENTS]);
}

static gb_status take_start(own_reader *r, uint32_t node)
{
    static const char *const keys[] = { "routes" };
    const size_t n_vehicles = r->file->vehicles.n;
    route_own_routes routes = { BASE_ARRAY_INIT, BASE_ARRAY_INIT, NULL, false };
    gb_route_file_routes filled = { .mem = r->ctx->mem };
    uint32_t at, *first, *items, *frozen;
    gb_status status;

    if (node == ROUTE_JSON_NONE)
        return GB_OK;
    status = route_json_members(r->json, node, keys, 1, &at);
    if (!status && at == ROUTE_JSON_NONE)
        status = route_json_missing(r->json, node, "routes");
    if (!status)
        status = route_own_take_routes(r->ctx, r->file, r->json, at, &routes);
    if (!status)
        status = wrong(r, node,
                       route_file_routes_fill(
                           r->ctx, r->file, routes.vehicles.items,
                           routes.items.items, routes.items.n, &filled));
    if (!status) {
        r->own->start = alloc(r, 1, sizeof *r->own->start);
        first = alloc(r, n_vehicles + 1, sizeof *first);
        items = alloc(r, routes.items.n, sizeof *items);
        frozen = alloc(r, n_vehicles, sizeof *frozen);
        if (r->own->start && first && items && frozen) {
            memcpy(first, filled.first, (n_vehicles + 1) * sizeof *first);
            if (routes.items.n)
                memcpy(items, filled.items, routes.items.n * sizeof *items);
            if (n_vehicles)
                memcpy(frozen, routes.n_frozen, n_vehicles * sizeof *frozen);
            *r->own->start = filled.order;
            r->own->start->first = first;
            r->own->start->items = items;
            r->own->start->n_frozen = routes.has_frozen ? frozen : NULL;
        } else {
            status = GB_ERR_NOMEM;
        }
    }
    base_free(r->ctx->mem, filled.first);
    base_free(r->ctx->mem, filled.items);
    route_own_clear_routes(r->ctx, &routes);
    return status;
}

static uint32_t count_days(const gb_route_file *file)
{
    uint32_t most = 0;

    for (size_t v = 0; v < file->vehicles.n; v++)
        if (file->vehicles.items[v].day > most)
            most = file->vehicles.items[v].day;
    return most + 1;
}

static gb_status set_facts(own_reader *r)
{
    gb_route_file *file = r->file;
    const uint32_t n = file->problem.n_locations;
    bool *is_depot = alloc(r, n, sizeof *is_depot);

    if (!is_depot)
        return GB_ERR_NOMEM;
    for (size_t v = 0; v < file->vehicles.n; v++) {
        const gb_route_vehicle *vehicle = &file->vehicles.items[v];

        if (vehicle->start_location < n)
            is_depot[vehicle->start_location] = true;
        if (vehicle->end_location < n)
            is_depot[vehicle->end_location] = true;
    }
    for (uint32_t i = 0; i < n; i++)
        file->facts.n_depots += is_depot[i];
    file->facts.variant = "gridbeat";
    file->facts.n_customers = file->problem.n_clients;
    file->facts.n_days = count_days(file);
    file->has_numbered_vehicles = true;
    return GB_OK;
}

/* Where all are released at 0, the column would have been left out. */
static gb_status keep_releases(own_reader *r)
{
    gb_route_problem *p = &r->file->problem;

    if (!r->has_release || p->client_release_s)
        return GB_OK;
    p->client_release_s = alloc(r, p->n_clients, sizeof(int32_t));
    return p->client_release_s ? GB_OK : GB_ERR_NOMEM;
}

/* What only the whole shows. */
static gb_status check_whole(const own_reader *r, const char *name)
{
    char prefix[256];
    route_data data;
    gb_status status = route_data_build(r->ctx, &r->file->problem, &data);

    if (status == GB_OK) {
        route_data_clear(&data);
        return GB_OK;
    }
    if (status != GB_ERR_NOMEM) {
        snprintf(prefix, sizeof prefix, "%.200s: ", name);
        base_fail_prefix(r->ctx, prefix);
    }
    return status == GB_ERR_ARGUMENT ? GB_ERR_DATA : status;
}

gb_status route_own_read(gb_context *ctx, const route_file_source *source,
                         gb_route_file *file)
{
    route_json json = { 0 };
    own_reader r = { ctx, file, NULL, &json, false };
    uint32_t at[K_N];
    gb_status status;

    if (source->options.n_vehicles)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%s: its vehicles are told one by one; their number "
                         "cannot be changed",
                         source->name);
    r.own = file->own = alloc(&r, 1, sizeof *r.own);
    if (!r.own)
        return GB_ERR_NOMEM;
    status =
        route_json_parse(ctx, source->name, source->bytes, source->n, &json);
    if (!status)
        status = route_json_members(&json, 0, KEYS, K_N, at);
    if (!status)
        status = take_head(&r, at);
    if (!status)
        status = take_body(&r, at);
    if (!status)
        status = route_file_finish(ctx, file);
    if (!status)
        status = keep_releases(&r);
    if (!status)
        status = check_whole(&r, source->name);
    if (!status)
        status = take_start(&r, at[K_START]);
    if (!status)
        status = set_facts(&r);
    route_json_clear(&json);
    return status;
}
