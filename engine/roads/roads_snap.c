/*
 * roads_snap.c - a point put on the nearest street: see roads_map.h.
 */
#include <string.h>

#include "roads_measure.h"
#include "roads_rtree.h"

static bool is_on_globe(gb_lonlat p)
{
    return p.lon_deg >= -180 && p.lon_deg <= 180 && p.lat_deg >= -90
           && p.lat_deg <= 90;
}

/* Centimetres from the beginning of the link to a hit on one of its segments. */
static uint32_t along_cm(const roads_map *map, const roads_hit *hit)
{
    const roads_link *link = &map->links[hit->link];
    const roads_e7 *points = map->points;
    double cm = 0;

    for (uint32_t p = link->first_point; p < hit->point; p++)
        cm += 100 * roads_distance_m(points[p], points[p + 1]);
    cm += 100 * hit->share
          * roads_distance_m(points[hit->point], points[hit->point + 1]);
    return cm >= link->cm ? link->cm : (uint32_t)(cm + 0.5);
}

void roads_snap_one(const roads_map *map, const uint8_t *use, gb_mode mode,
                    gb_lonlat point, double max_m, gb_roads_place *out)
{
    roads_hit hit;
    roads_e7 a, b;

    memset(out, 0, sizeof *out);
    out->point = point;
    out->mode = mode;
    out->link = ROADS_NONE;
    out->distance_m = INFINITY;
    out->status = GB_SNAP_INVALID;
    if (!is_on_globe(point))
        return;
    out->status = GB_SNAP_FAR;
    hit = roads_rtree_nearest(map, use, point.lon_deg * 1e7,
                              point.lat_deg * 1e7, max_m);
    if (hit.point == ROADS_NONE)
        return;
    a = map->points[hit.point];
    b = map->points[hit.point + 1];
    out->status = GB_SNAP_OK;
    out->distance_m = hit.distance_m;
    out->link = hit.link;
    out->along_cm = along_cm(map, &hit);
    out->point.lon_deg =
        (a.lon + hit.share * ((double)b.lon - a.lon)) / 1e7;
    out->point.lat_deg =
        (a.lat + hit.share * ((double)b.lat - a.lat)) / 1e7;
}
