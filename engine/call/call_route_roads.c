/*
 * call_route_roads.c - travel times for a problem that tells coordinates
 * alone, from a road index: what VROOM asks a router for.
 */
#include "call_route.h"

#include <string.h>

typedef struct profile_word {
    const char *word; /* of VROOM's world: OSRM, openrouteservice, Valhalla */
    gb_mode mode;
} profile_word;

static const profile_word WORDS[] = {
    { "car", GB_MODE_CAR },           { "driving", GB_MODE_CAR },
    { "driving-car", GB_MODE_CAR },   { "auto", GB_MODE_CAR },
    { "foot", GB_MODE_FOOT },         { "walking", GB_MODE_FOOT },
    { "foot-walking", GB_MODE_FOOT }, { "pedestrian", GB_MODE_FOOT },
    { "bike", GB_MODE_EBIKE },        { "ebike", GB_MODE_EBIKE },
    { "cycling", GB_MODE_EBIKE },     { "bicycle", GB_MODE_EBIKE },
    { "cycling-regular", GB_MODE_EBIKE },
    { "cycling-electric", GB_MODE_EBIKE },
};

static gb_status find_mode(gb_context *ctx, const char *profile, gb_mode *mode)
{
    for (size_t w = 0; w < sizeof WORDS / sizeof *WORDS; w++)
        if (strcmp(profile, WORDS[w].word) == 0) {
            *mode = WORDS[w].mode;
            return GB_OK;
        }
    return base_fail(ctx, GB_ERR_DATA,
                     "the profile \"%s\" is no way of travel of the road "
                     "index: car, foot or bike",
                     profile);
}

static gb_status check_places(gb_context *ctx, const gb_roads_place *places,
                              const gb_lonlat *points, size_t n)
{
    char lon[32], lat[32];

    for (size_t i = 0; i < n; i++)
        if (places[i].status != GB_SNAP_OK)
            return base_fail(ctx, GB_ERR_DATA,
                             "[%s, %s]: there is no street within 1000 m",
                             base_real_text(lon, points[i].lon_deg, 6),
                             base_real_text(lat, points[i].lat_deg, 6));
    return GB_OK;
}

gb_status call_route_travel(void *user, gb_context *ctx, const char *profile,
                            const double *lonlat, size_t n, int32_t *seconds,
                            int32_t *metres)
{
    call *c = user;
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_lonlat *points = base_alloc_array(c->mem, n, sizeof *points);
    gb_roads_place *places = base_alloc_array(c->mem, n, sizeof *places);
    const gb_roads *roads = NULL;
    gb_mode mode = GB_MODE_CAR;
    gb_status status = find_mode(ctx, profile, &mode);

    if (!points || !places)
        status = base_fail_nomem(ctx);
    for (size_t i = 0; !status && i < n; i++)
        points[i] = (gb_lonlat){ lonlat[2 * i], lonlat[2 * i + 1] };
    if (!status)
        status = call_roads(c, call_text(c, "roads"), &roads);
    if (!status)
        status = gb_roads_snap(ctx, roads, mode, points, n, NULL, places);
    if (!status)
        status = check_places(ctx, places, points, n);
    query.mode = (int32_t)mode;
    query.n_threads = c->n_threads;
    query.from = places;
    query.n_from = n;
    if (!status)
        status = gb_roads_table(ctx, roads, &query, seconds, metres);
    base_free(c->mem, points);
    base_free(c->mem, places);
    return status;
}
