/*
 * roads_rtree.h - a packed R-tree over the segments of a map: the nearest
 * street to a point.
 *
 * Segments lie in the order of a Hilbert curve through their middles; each 16
 * of them have a box, each 16 boxes have a box, and so on to a single one.
 * Boxes lie level by level from the bottom, so the shape follows from the
 * number of segments and holds no pointers.  (I. Kamel, C. Faloutsos, On packing R-trees,
 * CIKM 1993, doi:10.1145/170088.170403.)
 *
 * One tree serves all modes: which streets are meant is said by each search.
 */
#ifndef ROADS_RTREE_H
#define ROADS_RTREE_H

#include "roads_map.h"

size_t roads_rtree_boxes(size_t n_segments);

/* Sort `segments` and fill `boxes`; false: no memory. */
bool roads_rtree_build(base_mem *mem, roads_segment *segments,
                       size_t n_segments, roads_box *boxes);

/* The box of some points; n > 0. */
roads_box roads_box_of(const roads_e7 *points, size_t n);

/* Place of a point on a Hilbert curve through a box. */
uint32_t roads_hilbert(roads_e7 at, roads_box box);

/*
 * The numbers 0 to n - 1 of points in the order of a Hilbert curve through
 * their box, those at one place by number; false: no memory.
 */
bool roads_hilbert_order(base_mem *mem, const roads_e7 *points, size_t n,
                         uint32_t *order);

typedef struct roads_hit {
    uint32_t point;    /* first of the segment; ROADS_NONE: nothing so near */
    uint32_t link;     /* that it belongs to */
    double share;      /* 0 to 1 along the segment */
    double distance_m;
} roads_hit;

/*
 * The segment nearest to a place within max_m (included), of links that a
 * route may begin on in one direction and end on in one: `use` as in
 * roads_metric.h.  Equally near: that with the lowest point.
 */
roads_hit roads_rtree_nearest(const roads_map *map, const uint8_t *use,
                              double lon_e7, double lat_e7, double max_m);

#endif
