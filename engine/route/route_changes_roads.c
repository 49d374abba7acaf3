/*
 * route_changes_roads.c - closed and slower roads: only matrices that change
 * are copied, and what was driven keeps its old times.
 */
#include "route_changes.h"

#include <string.h>

static int32_t *copy_matrix(route_changes *k, const int32_t *matrix)
{
    const size_t n = k->problem.n_locations;
    int32_t *copy = base_arena_alloc(&k->arena, n * n, sizeof *copy);

    if (copy)
        memcpy(copy, matrix, n * n * sizeof *copy);
    return copy;
}

/* Give the profile matrices of its own, to be written to. */
static bool own_matrices(route_changes *k, gb_route_profile *profile)
{
    const int32_t **bands;

    if (profile->n_bands == 0) {
        profile->seconds = copy_matrix(k, profile->seconds);
        return profile->seconds != NULL;
    }
    bands = route_changes_take(k, profile->n_bands, sizeof *bands);
    for (uint32_t b = 0; bands && b < profile->n_bands; b++) {
        bands[b] = copy_matrix(k, profile->band_seconds[b]);
        if (!bands[b])
            return false;
    }
    if (!bands)
        return false;
    profile->band_seconds = bands;
    profile->seconds = bands[0];
    return true;
}

static void set_leg(const route_changes *k, const gb_route_profile *profile,
                    const gb_route_change *change, int32_t seconds)
{
    const size_t at = (size_t)change->from * k->problem.n_locations
        + change->to;

    /* own_matrices() made them: they are ours to write. */
    if (profile->n_bands == 0)
        ((int32_t *)(uintptr_t)profile->seconds)[at] = seconds;
    for (uint32_t b = 0; b < profile->n_bands; b++)
        ((int32_t *)(uintptr_t)profile->band_seconds[b])[at] = seconds;
}

/* Did v drive from one location to the other before the clock? */
static bool has_driven(const route_changes *k, uint32_t v, uint32_t from,
                       uint32_t to)
{
    const gb_route_stop *stops = route_changes_stops(k, v);
    uint32_t at = k->vehicles[v].start_location;

    for (uint32_t i = 0; i < k->n_frozen[v]; i++) {
        if (stops[i].kind != GB_ROUTE_STOP_CLIENT)
            continue;
        if (at == from && stops[i].location == to)
            return true;
        at = stops[i].location;
    }
    return k->is_closed[v] && at == from && k->vehicles[v].end_location == to;
}

static bool concerns(const gb_route_change *change, uint32_t profile)
{
    return change->kind == GB_ROUTE_CHANGE_ROAD
        && (change->profile == GB_ROUTE_NONE || change->profile == profile);
}

/* A profile for v alone where it has driven such a way; false: no memory. */
static bool keep_driven(route_changes *k, const gb_route_profile *before,
                        const gb_route_change *list, size_t n, uint32_t v)
{
    const uint32_t p = k->vehicles[v].profile;
    gb_route_profile *mine = NULL;

    for (size_t i = 0; i < n; i++) {
        if (!concerns(&list[i], p)
            || !has_driven(k, v, list[i].from, list[i].to))
            continue;
        if (!mine) {
            mine = &k->profiles[k->problem.n_profiles];
            *mine = k->profiles[p];
            if (!own_matrices(k, mine))
                return false;
            k->vehicles[v].profile = k->problem.n_profiles++;
        }
        for (uint32_t b = 0; b < (mine->n_bands ? mine->n_bands : 1); b++) {
            const int32_t *now = mine->n_bands ? mine->band_seconds[b]
                                               : mine->seconds;
            const int32_t *then = before[p].n_bands
                ? before[p].band_seconds[b]
                : before[p].seconds;
            const size_t at = (size_t)list[i].from * k->problem.n_locations
                + list[i].to;

            ((int32_t *)(uintptr_t)now)[at] = then[at];
        }
    }
    return true;
}

gb_status route_changes_set_roads(gb_context *ctx, route_changes *k,
                                  const gb_route_change *list, size_t n)
{
    const gb_route_profile *before = k->problem.profiles;
    const uint32_t n_profiles = k->problem.n_profiles;
    bool is_any = false;

    for (uint32_t p = 0; p < n_profiles; p++) {
        bool is_own = false;

        for (size_t i = 0; i < n; i++) {
            if (!concerns(&list[i], p))
                continue;
            if (!is_own && !own_matrices(k, &k->profiles[p]))
                return base_fail_nomem(ctx);
            is_own = is_any = true;
            set_leg(k, &k->profiles[p], &list[i], list[i].seconds);
        }
    }
    k->problem.profiles = k->profiles;
    for (uint32_t v = 0; v < k->problem.n_vehicles && is_any; v++)
        if (!keep_driven(k, before, list, n, v))
            return base_fail_nomem(ctx);
    return GB_OK;
}
