/*
 * geo_locate_raster.h - the inside of a geo_locator, shared by what builds it
 * and what asks it.
 *
 * Coordinates are 1e-8 degrees from an origin.  Squares have sides of 2^shift
 * and are numbered by rows from the south-west.  The corner of a square is
 * half a unit to the south and west of its first place, so that no vertex has
 * its longitude or latitude.
 *
 * The code of a square is a shape that covers it, GEO_NOWHERE, or MIXED and
 * where its words begin:
 *   number of shapes, then for each, in rising order
 *     group; shape; 2 * edges within the group + whether it holds the corner;
 *     edges on the group's border; then the edges, four words each
 */
#ifndef GEO_LOCATE_RASTER_H
#define GEO_LOCATE_RASTER_H

#include "geo_index.h"
#include "geo_locate.h"

#define LOCATE_MIXED 0x80000000u

typedef struct locate_edge {
    int32_t ax, ay, bx, by;
} locate_edge;

struct geo_locator {
    base_mem *mem; /* a count of its own */
    gb_lonlat origin;
    int64_t west, south; /* of the raster */
    uint32_t n_columns, n_rows;
    int32_t shift;
    uint32_t *codes;
    int32_t *words;
    size_t n_words, n_edges;
    /* For what is in no shape: the edges on borders of groups, on a plane. */
    geo_index *nearest;
    locate_edge *rim;
    uint32_t *rim_shape;
    size_t n_rim;
    double x_m, y_m; /* metres a unit */
};

/* Degrees from a longitude, by the shorter way. */
static inline double locate_turn(double lon_deg, double from_deg)
{
    const double turn = lon_deg - from_deg;

    return turn > 180.0 ? turn - 360.0 : turn < -180.0 ? turn + 360.0 : turn;
}

/*
 * Twice the units: px2, py2 is twice a place or a corner.  Above 0: at its
 * height the edge is to the east.  The height must be within the edge's, which
 * keeps the products below 2^62.
 */
static inline int64_t locate_east(const locate_edge *e, int64_t px2,
                                  int64_t py2)
{
    const int64_t dx = (int64_t)e->bx - e->ax, dy = (int64_t)e->by - e->ay;
    const int64_t cross = dx * (py2 - 2 * (int64_t)e->ay)
                          - dy * (px2 - 2 * (int64_t)e->ax);

    return dy > 0 ? cross : -cross;
}

/* Is the edge to the west of a corner's longitude, a hair above the height
 * py2?  Only where it passes through that height. */
static inline bool locate_is_west(const locate_edge *e, int64_t px2,
                                  int64_t py2)
{
    const int64_t east = locate_east(e, px2, py2);

    return east < 0
           || (east == 0 && (e->bx < e->ax) != (e->by < e->ay));
}

/* Does the edge pass below a hair above px2, py2, at or under it? */
static inline bool locate_is_below(const locate_edge *e, int64_t px2,
                                   int64_t py2)
{
    const int64_t dx = (int64_t)e->bx - e->ax, dy = (int64_t)e->by - e->ay;
    const int64_t cross = dy * (px2 - 2 * (int64_t)e->ax)
                          - dx * (py2 - 2 * (int64_t)e->ay);

    return (dx > 0 ? cross : -cross) <= 0;
}

static inline gb_point locate_on_plane(const geo_locator *locator, double x,
                                       double y)
{
    const gb_point p = { x * locator->x_m, y * locator->y_m };

    return p;
}

#endif
