/*
 * route_data_travel.c - the matrices of a problem: checked, and those of other
 * speeds and bands derived.  See route_data_take.h.
 */
#include "route_data_take.h"

#include <string.h>

enum { MOST_METRES = 100000000, MOST_LEG_COST = 100000000 };

/* --- checks --- */

typedef enum leg_kind { LEG_SECONDS, LEG_METRES, LEG_COST } leg_kind;

static gb_status fail_leg(gb_context *ctx, const gb_route_problem *p,
                          uint32_t f, leg_kind kind, size_t i, int32_t value)
{
    const size_t from = i / p->n_locations, to = i % p->n_locations;

    if (kind == LEG_SECONDS)
        return base_fail(ctx, GB_ERR_DATA,
                         "profile %u: %d s from location %zu to %zu; 0 to %d "
                         "expected",
                         f, value, from, to, ROUTE_MOST_SECONDS);
    if (kind == LEG_METRES)
        return base_fail(ctx, GB_ERR_DATA,
                         "profile %u: %d m from location %zu to %zu; 0 to %d "
                         "expected",
                         f, value, from, to, MOST_METRES);
    return base_fail(ctx, GB_ERR_DATA,
                     "profile %u: a cost of %d from location %zu to %zu; 0 "
                     "to %d expected",
                     f, value, from, to, MOST_LEG_COST);
}

/* Values outside of 0 to the most, where there is a way. */
static gb_status check_matrix(gb_context *ctx, const gb_route_problem *p,
                              uint32_t f, leg_kind kind,
                              const int32_t *matrix, const int32_t *seconds)
{
    const size_t n = (size_t)p->n_locations * p->n_locations;
    const int32_t most = kind == LEG_SECONDS ? ROUTE_MOST_SECONDS
        : kind == LEG_METRES                 ? MOST_METRES
                                             : MOST_LEG_COST;

    for (size_t i = 0; matrix && i < n; i++)
        if ((matrix[i] < 0 || matrix[i] > most)
            && seconds[i] != GB_ROUTE_UNREACHABLE)
            return fail_leg(ctx, p, f, kind, i, matrix[i]);
    return GB_OK;
}

static gb_status check_bands(gb_context *ctx, const gb_route_problem *p,
                             uint32_t f)
{
    const gb_route_profile *profile = &p->profiles[f];

    if (profile->n_bands > ROUTE_MOST_BANDS)
        return base_fail(ctx, GB_ERR_DATA,
                         "profile %u: %u bands; %d at most", f,
                         profile->n_bands, ROUTE_MOST_BANDS);
    if (!profile->band_start_s || !profile->band_seconds)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the problem has no %s",
                         "band_start_s or band_seconds");
    for (uint32_t b = 0; b < profile->n_bands; b++) {
        const int32_t start_s = profile->band_start_s[b];

        if (!profile->band_seconds[b] && p->n_locations)
            return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s",
                             "matrix of seconds");
        if (start_s < -ROUTE_MOST_CLOCK_S || start_s > ROUTE_MOST_CLOCK_S
            || (b > 0 && start_s <= profile->band_start_s[b - 1]))
            return base_fail(ctx, GB_ERR_DATA,
                             "profile %u: band %u begins at %d s: no time of "
                             "day, or not after the one before it",
                             f, b, start_s);
    }
    if (profile->seconds && profile->seconds != profile->band_seconds[0])
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "profile %u: `seconds` is another matrix than that "
                         "of band 0",
                         f);
    return GB_OK;
}

static gb_status check_profile(gb_context *ctx, const gb_route_problem *p,
                               uint32_t f)
{
    const gb_route_profile *profile = &p->profiles[f];
    const uint32_t n = profile->n_bands ? profile->n_bands : 1;
    gb_status status = profile->n_bands ? check_bands(ctx, p, f) : GB_OK;

    if (status == GB_OK && !profile->n_bands && !profile->seconds
        && p->n_locations)
        return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s",
                         "matrix of seconds");
    for (uint32_t b = 0; b < n && status == GB_OK; b++) {
        const int32_t *seconds
            = profile->n_bands ? profile->band_seconds[b] : profile->seconds;

        status = check_matrix(ctx, p, f, LEG_SECONDS, seconds, seconds);
        if (status == GB_OK)
            status = check_matrix(ctx, p, f, LEG_METRES, profile->metres,
                                  seconds);
        if (status == GB_OK)
            status = check_matrix(ctx, p, f, LEG_COST, profile->cost, seconds);
    }
    return status;
}

gb_status route_take_profiles(gb_context *ctx, const gb_route_problem *p)
{
    gb_status status = GB_OK;

    for (uint32_t f = 0; f < p->n_profiles && status == GB_OK; f++)
        status = check_profile(ctx, p, f);
    return status;
}

/* --- other speeds --- */

static void at_speed(const int32_t *from, size_t n, uint32_t speed_permille,
                     int32_t *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] == GB_ROUTE_UNREACHABLE
            ? from[i]
            : (int32_t)(((int64_t)from[i] * 1000 + speed_permille / 2)
                        / speed_permille);
}

static void keep_least(const int32_t *from, size_t n, int32_t *least)
{
    for (size_t i = 0; i < n; i++)
        if (from[i] < least[i])
            least[i] = from[i];
}

/* Bands at their speed one after the other, then the least of them. */
static gb_status derive(gb_context *ctx, const gb_route_profile *profile,
                        size_t n, route_data *data, route_travel *travel)
{
    const bool is_slowed = travel->speed_permille != 1000;
    const uint32_t n_bands = profile->n_bands ? profile->n_bands : 1;
    const size_t n_matrices
        = (is_slowed ? n_bands : 0) + (profile->n_bands ? 1 : 0);
    int32_t *at;

    if (n_matrices && n > SIZE_MAX / sizeof *at / n_matrices)
        return base_fail_nomem(ctx);
    at = travel->memory
        = base_alloc_array(data->mem, n_matrices * n, sizeof *at);
    if (!at)
        return base_fail_nomem(ctx);
    for (uint32_t b = 0; b < n_bands; b++) {
        const int32_t *from
            = profile->n_bands ? profile->band_seconds[b] : profile->seconds;

        travel->bands[b] = from;
        if (!is_slowed)
            continue;
        at_speed(from, n, travel->speed_permille, at);
        travel->bands[b] = at;
        at += n;
    }
    travel->seconds = travel->bands[0];
    if (profile->n_bands == 0)
        return GB_OK;
    if (n)
        memcpy(at, travel->bands[0], n * sizeof *at);
    for (uint32_t b = 1; b < n_bands; b++)
        keep_least(travel->bands[b], n, at);
    travel->seconds = at;
    return GB_OK;
}

gb_status route_take_travel(gb_context *ctx, const gb_route_problem *p,
                            const gb_route_vehicle *given, route_data *data,
                            route_vehicle *vehicle)
{
    const gb_route_profile *profile = &p->profiles[given->profile];
    const uint32_t speed
        = given->speed_permille ? given->speed_permille : 1000;
    route_travel *travel;
    uint32_t i = 0;

    vehicle->seconds = profile->seconds;
    vehicle->metres = profile->metres;
    vehicle->cost = profile->cost;
    if (profile->n_bands == 0 && speed == 1000)
        return GB_OK;
    while (i < data->n_travels
           && (data->travels[i].profile != given->profile
               || data->travels[i].speed_permille != speed))
        i++;
    travel = &data->travels[i];
    if (i == data->n_travels) {
        gb_status status;

        travel->profile = given->profile;
        travel->speed_permille = speed;
        data->n_travels++;
        status = derive(ctx, profile, (size_t)p->n_locations * p->n_locations,
                        data, travel);
        if (status)
            return status;
    }
    vehicle->seconds = travel->seconds;
    vehicle->n_bands = profile->n_bands;
    vehicle->band_start_s = profile->band_start_s;
    vehicle->band_seconds = travel->bands;
    return GB_OK;
}
