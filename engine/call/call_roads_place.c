/*
 * call_roads_place.c - roads.nearest: the street that a place is put on, and
 * when it is not the one that lies nearest, why.
 */
#include "call_roads.h"

#include <math.h>
#include <string.h>

#include "call_travel.h"

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

/* A street that lies nearer but leads nowhere: the word is "component". */
static gb_status put_nearer(call *c, const gb_roads *roads,
                            const gb_roads_place *place, json_t *object)
{
    gb_roads_street street = { .size = sizeof street };
    gb_status status;

    if (place->status != GB_SNAP_OK)
        return GB_OK;
    status = gb_roads_street_of(c->ctx, roads, place, &street);
    if (status)
        return status;
    return call_put(object, "word", json_string("component"))
                   && call_put(object, "nearer",
                               json_pack("{s:f, s:o, s:s, s:I}", "distance_m",
                                         place->distance_m, "name",
                                         call_string(street.name), "class",
                                         street.road_class, "link",
                                         (json_int_t)place->link))
               ? GB_OK
               : base_fail_nomem(c->ctx);
}

static gb_status look_nearer(call *c, const call_travel *travel, gb_lonlat at,
                             const gb_roads_place *place, json_t *object)
{
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;
    gb_roads_place any;
    gb_status status;

    options.unconnected = 1;
    options.max_snap_m = place->status == GB_SNAP_OK
                             ? place->distance_m - HARDLY_NEARER_M
                             : call_real(c, "max_snap_m");
    if (!(options.max_snap_m > 0) || place->status == GB_SNAP_INVALID)
        return GB_OK;
    status = gb_roads_snap(c->ctx, travel->roads, travel->mode, &at, 1,
                           &options, &any);
    return status ? status : put_nearer(c, travel->roads, &any, object);
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
