/*
 * call_roads_place.c - roads.nearest: the street that a place is put on, and
 * when it is not the one that lies nearest, why.
 */
#include "call_roads.h"

#include <math.h>
#include <string.h>

#include "call_travel.h"
#include "roads_index.h"
#include "roads_rtree.h"

enum { LOOK_M = 100000, HARDLY_NEARER_M = 2 };

/* The street of a place, among the result's own keys. */
static gb_status put_street(call *c, const gb_roads *roads,
                            const gb_roads_place *place, json_t *object)
{
    gb_roads_street street = { .size = sizeof street };
    const gb_status status =
        gb_roads_street_of(c->ctx, roads, place, &street);
    json_t *more;

    if (status)
        return status;
    more = json_pack(
        "{s:f, s:f, s:f, s:I, s:f, s:o, s:s, s:I, s:b, s:b, s:f}",
        "distance_m", place->distance_m, "lon", place->point.lon_deg, "lat",
        place->point.lat_deg, "link", (json_int_t)place->link, "along_m",
        place->along_cm / 100.0, "name", call_string(street.name), "class",
        street.road_class, "link_m", (json_int_t)street.link_m, "end_only",
        (int)(street.is_end != 0), "oneway", (int)(street.is_oneway != 0),
        "bearing_deg", street.bearing_deg);
    if (!more || json_object_update(object, more) != 0) {
        json_decref(more);
        return base_fail_nomem(c->ctx);
    }
    json_decref(more);
    return GB_OK;
}

/* The nearest link that the mode may use at all, connected or not. */
static bool find_any(call *c, const call_travel *travel, gb_lonlat at,
                     double max_m, roads_hit *hit)
{
    const roads_map *map = &travel->roads->map;
    const roads_metric *metric = &travel->roads->modes[travel->mode].metric;
    uint8_t *use = base_alloc_zeroed(c->mem, 2 * map->n_links + 1,
                                     sizeof *use);

    if (!use)
        return false;
    for (size_t l = 0; l < map->n_links; l++)
        if (metric->street_weights[2 * l] < ROADS_FAR
            || metric->street_weights[2 * l + 1] < ROADS_FAR)
            use[2 * l] = use[2 * l + 1] =
                ROADS_USE_START | ROADS_USE_TARGET;
    *hit = roads_rtree_nearest(map, use, at.lon_deg * 1e7, at.lat_deg * 1e7,
                               max_m);
    base_free(c->mem, use);
    return true;
}

/* A street that lies nearer but leads nowhere: the word is "component". */
static bool put_nearer(const call_travel *travel, const roads_hit *hit,
                       json_t *object)
{
    const roads_map *map = &travel->roads->map;
    const roads_link *link;
    json_t *nearer;

    if (hit->point == ROADS_NONE)
        return true;
    link = &map->links[hit->link];
    nearer = json_pack(
        "{s:f, s:o, s:s, s:I}", "distance_m", hit->distance_m, "name",
        call_string(map->names + map->name_at[link->name]), "class",
        roads_class_name((roads_class)map->kinds[link->kind].class), "link",
        (json_int_t)hit->link);
    return call_put(object, "word", json_string("component"))
           && call_put(object, "nearer", nearer);
}

static gb_status look_nearer(call *c, const call_travel *travel, gb_lonlat at,
                             const gb_roads_place *place, json_t *object)
{
    const bool is_found = place->status == GB_SNAP_OK;
    const double limit = is_found ? place->distance_m - HARDLY_NEARER_M
                                  : call_real(c, "max_snap_m");
    roads_hit hit;

    if (!(limit > 0) || place->status == GB_SNAP_INVALID)
        return GB_OK;
    return find_any(c, travel, at, limit, &hit)
                   && put_nearer(travel, &hit, object)
               ? GB_OK
               : base_fail_nomem(c->ctx);
}

/* Of a place beyond the limit: how far it would be. */
static gb_status put_beyond(call *c, const call_travel *travel, gb_lonlat at,
                            json_t *object)
{
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    gb_roads_place far;
    gb_status status;

    options.max_snap_m = LOOK_M;
    status = gb_roads_snap(c->ctx, travel->roads, travel->mode, &at, 1,
                           &options, &far);
    if (!status && far.status == GB_SNAP_OK
        && !call_put(object, "beyond_m", json_real(far.distance_m)))
        status = base_fail_nomem(c->ctx);
    return status;
}

static gb_status describe(call *c, const call_travel *travel, gb_lonlat at,
                          const gb_roads_place *place, json_t *object)
{
    const bool is_found = place->status == GB_SNAP_OK;
    gb_status status = GB_OK;

    c->code = is_found ? 0 : 1;
    if (is_found) {
        status = put_street(c, travel->roads, place, object);
    } else {
        const char *word = call_snap_word(place->status);

        if (!call_put(object, "reason", json_string(word))
            || !call_put(object, "word", json_string(word)))
            return base_fail_nomem(c->ctx);
    }
    if (!status && place->status == GB_SNAP_FAR)
        status = put_beyond(c, travel, at, object);
    return status ? status : look_nearer(c, travel, at, place, object);
}

gb_status call_roads_nearest(call *c, json_t **result)
{
    call_travel travel;
    gb_roads_place place;
    gb_lonlat at = { 0, 0 };
    gb_status status = call_travel_open(c, &travel);

    call_lonlat(c, "at", &at);
    if (!status)
        status = call_travel_snap(c, &travel, &at, 1, &place);
    if (!status)
        status = call_result(
            c, result,
            json_pack("{s:b, s:s, s:s}", "found",
                      (int)(place.status == GB_SNAP_OK), "state",
                      call_snap_word(place.status), "mode",
                      gb_mode_name(travel.mode)));
    if (!status)
        status = describe(c, &travel, at, &place, *result);
    call_travel_close(&travel);
    return status;
}
