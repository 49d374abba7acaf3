/*
 * geo_index.h - a static R-tree over boxes or points: box, radius, nearest.
 *
 * Packed once by sort-tile-recursive, 16 to a node, without pointers: level 0
 * holds the items in packing order, node i of a level covers the 16 of the
 * level below from 16 i on.  Immutable once built: any number of threads may
 * ask it, and asking allocates nothing.
 *
 * Method: S. Leutenegger, M. Lopez, J. Edgington, STR: a simple and efficient
 * algorithm for R-tree packing, ICDE 1997, doi:10.1109/ICDE.1997.582015;
 * nearest by depth first search with a bound, N. Roussopoulos, S. Kelley,
 * F. Vincent, Nearest neighbor queries, SIGMOD 1995, doi:10.1145/223784.223794.
 */
#ifndef GEO_INDEX_H
#define GEO_INDEX_H

#include "base_context.h"
#include "geo_point.h"

typedef struct geo_index geo_index;

/* Item i is box i; boxes must not be empty.  O(n log n), some 40 n bytes.
 * GB_ERR_ARGUMENT for a box that is empty or not finite. */
gb_status geo_index_build(gb_context *ctx, const gb_box *boxes, size_t n,
                          geo_index **out);
gb_status geo_index_build_points(gb_context *ctx, const gb_point *points,
                                 size_t n, geo_index **out);
/* Segment i joins points[i] and points[i + 1] of a line; items are numbered
 * through all lines, a line of k points has k - 1. */
gb_status geo_index_build_segments(gb_context *ctx, const gb_lines *lines,
                                   geo_index **out);
void geo_index_free(geo_index *index); /* takes NULL */
size_t geo_index_count(const geo_index *index);
/* The box of all; empty when there is nothing. */
gb_box geo_index_box(const geo_index *index);

/* Answer false to stop. */
typedef bool (*geo_index_visit_fn)(void *user, uint32_t item);

/* Visit all items whose box meets `box`, in packing order; false when the
 * visitor stopped it. */
bool geo_index_in_box(const geo_index *index, gb_box box,
                      geo_index_visit_fn visit, void *user);
/* Visit all whose box comes within the radius.  For points that is exact. */
bool geo_index_in_radius(const geo_index *index, gb_point centre,
                         double radius_m, geo_index_visit_fn visit,
                         void *user);

/* How far the item really is; at least the distance of its box. */
typedef double (*geo_index_distance_fn)(void *user, uint32_t item,
                                        gb_point from);

typedef struct geo_index_hit {
    uint32_t item;
    double distance_m;
} geo_index_hit;

/*
 * The k nearest within `max_m` (HUGE_VAL: no limit), nearest first, the lower
 * number first among equals.  Distances by `distance`, or of the boxes where
 * that is NULL.  `hits` has room for k; answers how many there are.
 */
size_t geo_index_nearest(const geo_index *index, gb_point from, size_t k,
                         double max_m, geo_index_distance_fn distance,
                         void *user, geo_index_hit *hits);

#endif
