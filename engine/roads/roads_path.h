/*
 * roads_path.h - from the streets of a way to its line.
 *
 * A way is what roads_pair_streets() gives: streets in the order of travel,
 * the first and the last only partly travelled when the places are inside
 * them.
 */
#ifndef ROADS_PATH_H
#define ROADS_PATH_H

#include "roads_map.h"

typedef struct roads_path {
    const roads_map *map;
    const gb_roads_place *from, *to; /* both GB_SNAP_OK */
    const uint32_t *streets;         /* none: the places are one */
    size_t n_streets;
} roads_path;

/* Street i is travelled from here to there, in centimetres from the beginning
 * of its link: descending where it leads against the link. */
typedef struct roads_span {
    uint32_t from_cm, to_cm;
} roads_span;

roads_span roads_path_span(const roads_path *path, size_t i);

typedef struct roads_path_line {
    gb_lonlat *points;      /* the caller's; what is beyond capacity is only */
    size_t capacity;        /* counted */
    uint32_t *street_points; /* NULL, or n_streets: the point that is the
                              * beginning of each street */
    size_t n;
    gb_lonlat last;         /* that was written */
} roads_path_line;

/*
 * From place to place, each point on the line once: points nearer than 1 cm to
 * the one before are left out, but for the place itself at the end.
 */
void roads_path_write(const roads_path *path, roads_path_line *line);

#endif
