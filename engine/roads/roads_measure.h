/*
 * roads_measure.h - metres on the globe, near a place.
 *
 * Within a few hundred kilometres of a latitude a unit of 1e-7 degrees is so
 * many metres to the east and to the north: from the radii of curvature of
 * the WGS 84 ellipsoid.  A street's segment of 1 km is right to some 1e-7 of
 * its length, so no projection is needed, and none is chosen.
 */
#ifndef ROADS_MEASURE_H
#define ROADS_MEASURE_H

#include <math.h>

#include "roads_osm.h"

typedef struct roads_scale {
    double x_m, y_m; /* metres in 1e-7 degrees of longitude, of latitude */
} roads_scale;

static inline roads_scale roads_scale_at(double lat_e7)
{
    const double radian = 3.14159265358979323846 / 180;
    const double a = 6378137.0, e2 = 6.69437999014e-3;
    const double phi = lat_e7 * 1e-7 * radian, s = sin(phi);
    const double w = sqrt(1 - e2 * s * s);
    const double east = a / w * cos(phi);
    const double north = a * (1 - e2) / (w * w * w);

    return (roads_scale){ east * radian * 1e-7, north * radian * 1e-7 };
}

/* Metres between two points not farther apart than a street's segment. */
static inline double roads_distance_m(roads_e7 a, roads_e7 b)
{
    const roads_scale scale = roads_scale_at(((double)a.lat + b.lat) / 2);

    return hypot(((double)b.lon - a.lon) * scale.x_m,
                 ((double)b.lat - a.lat) * scale.y_m);
}

#endif
