/*
 * geo_point.h - points and boxes on the plane, in metres; small inlines.
 */
#ifndef GEO_POINT_H
#define GEO_POINT_H

#include <math.h>

#include <gridbeat/geo.h>

static inline double geo_distance_m(gb_point a, gb_point b)
{
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;

    return sqrt(dx * dx + dy * dy);
}

static inline bool geo_point_is_finite(gb_point p)
{
    return isfinite(p.x_m) && isfinite(p.y_m);
}

/* The same place to the bit, which is what "shared vertex" means here. */
static inline bool geo_point_equal(gb_point a, gb_point b)
{
    return !(a.x_m < b.x_m || a.x_m > b.x_m || a.y_m < b.y_m
             || a.y_m > b.y_m);
}

/* By x, then y: below 0, 0, above 0. */
static inline int geo_point_compare(gb_point a, gb_point b)
{
    if (a.x_m < b.x_m || a.x_m > b.x_m)
        return a.x_m < b.x_m ? -1 : 1;
    if (a.y_m < b.y_m || a.y_m > b.y_m)
        return a.y_m < b.y_m ? -1 : 1;
    return 0;
}

/* Twice the signed area of the triangle; above 0: counter-clockwise. */
static inline double geo_cross_m2(gb_point a, gb_point b, gb_point c)
{
    return (b.x_m - a.x_m) * (c.y_m - a.y_m)
           - (b.y_m - a.y_m) * (c.x_m - a.x_m);
}

/* Distance to the segment from a to b, whose nearest point is at *ratio of
 * the way (NULL when nobody asks). */
static inline double geo_segment_distance_m(gb_point p, gb_point a, gb_point b,
                                            double *ratio)
{
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;
    const double length2 = dx * dx + dy * dy;
    double t = 0.0;
    gb_point near;

    if (length2 > 0.0)
        t = ((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / length2;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    if (ratio)
        *ratio = t;
    near.x_m = a.x_m + t * dx;
    near.y_m = a.y_m + t * dy;
    return geo_distance_m(p, near);
}

/* Holds nothing; takes on the first point that it is grown by. */
static inline gb_box geo_box_empty(void)
{
    const gb_box box = { HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL };

    return box;
}

static inline bool geo_box_is_empty(gb_box box)
{
    return !(box.min_x_m <= box.max_x_m && box.min_y_m <= box.max_y_m);
}

static inline gb_box geo_box_of_point(gb_point p)
{
    const gb_box box = { p.x_m, p.y_m, p.x_m, p.y_m };

    return box;
}

static inline gb_box geo_box_of_segment(gb_point a, gb_point b)
{
    const gb_box box = { fmin(a.x_m, b.x_m), fmin(a.y_m, b.y_m),
                         fmax(a.x_m, b.x_m), fmax(a.y_m, b.y_m) };

    return box;
}

static inline gb_box geo_box_join(gb_box a, gb_box b)
{
    const gb_box box = { fmin(a.min_x_m, b.min_x_m), fmin(a.min_y_m, b.min_y_m),
                         fmax(a.max_x_m, b.max_x_m),
                         fmax(a.max_y_m, b.max_y_m) };

    return box;
}

static inline gb_box geo_box_grow(gb_box box, double by_m)
{
    const gb_box grown = { box.min_x_m - by_m, box.min_y_m - by_m,
                           box.max_x_m + by_m, box.max_y_m + by_m };

    return grown;
}

/* Borders count: boxes that touch meet. */
static inline bool geo_box_meets(gb_box a, gb_box b)
{
    return a.min_x_m <= b.max_x_m && b.min_x_m <= a.max_x_m
           && a.min_y_m <= b.max_y_m && b.min_y_m <= a.max_y_m;
}

static inline bool geo_box_contains(gb_box box, gb_point p)
{
    return box.min_x_m <= p.x_m && p.x_m <= box.max_x_m
           && box.min_y_m <= p.y_m && p.y_m <= box.max_y_m;
}

/* 0 inside. */
static inline double geo_box_distance_m(gb_box box, gb_point p)
{
    const double dx = fmax(fmax(box.min_x_m - p.x_m, p.x_m - box.max_x_m), 0.0);
    const double dy = fmax(fmax(box.min_y_m - p.y_m, p.y_m - box.max_y_m), 0.0);

    return sqrt(dx * dx + dy * dy);
}

#endif
