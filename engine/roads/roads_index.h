/*
 * roads_index.h - the network of a mode, as it lies in the file.
 *
 *        link 0: 17 points, 412 m, 297 s there, closed back
 *    node 0 o----.___          ___o node 3
 *                    `---.__.-'        all arrays are flat and sorted, so
 *        link 1 o-------------o        the file is mapped and used as it is
 *
 * A node is a junction, an end, or a place where the rules change.  A link is
 * the street between two nodes with its geometry, cut by nothing.  An arc is
 * a link in one direction, as the search wants it: sorted by tail, and of
 * parallel ones only the best.  Where a street is barred (a bollard), the
 * node is split in two that are not connected.
 *
 * A weight is milliseconds and centimetres.  They are added up as one number,
 * milliseconds above, so the least is the fastest and of these the shortest;
 * a link has at most 2^29 of each, a path at most 2^30 ms (12 days), so that
 * no sum overflows.
 */
#ifndef ROADS_INDEX_H
#define ROADS_INDEX_H

#include "roads_osm.h"

enum { ROADS_VERSION = 1 };

#define ROADS_NONE UINT32_MAX
#define ROADS_MAX_WEIGHT (UINT32_C(1) << 29)

typedef struct roads_link {
    uint32_t from, to;
    uint32_t ms[2];       /* along the points, against them; ROADS_NONE: closed */
    uint32_t cm;
    uint32_t first_point; /* up to that of the next link */
    uint32_t class;       /* of roads_profile.c */
} roads_link;

typedef struct roads_arc {
    uint32_t head, ms, cm;
    uint32_t link; /* 2 * link, + 1 against its points */
} roads_arc;

typedef struct roads_box {
    int32_t min_lon, min_lat, max_lon, max_lat;
} roads_box;

/* Invariants: roads_file.c checks each of them on opening. */
typedef struct roads_network {
    size_t n_nodes, n_links, n_points, n_arcs;
    const uint32_t *first_arc; /* n_nodes + 1 */
    const roads_arc *arcs;
    const roads_link *links;   /* n_links + 1: the last only ends the points */
    const roads_e7 *points;
    /* The R-tree over segments: see roads_rtree.h. */
    const uint32_t *segments;  /* n_points - n_links, each its first point */
    const roads_box *boxes;
    size_t n_boxes;
    int64_t open_cm, routable_cm;
} roads_network;

static inline uint32_t roads_link_points(const roads_network *n, uint32_t link)
{
    return n->links[link + 1].first_point - n->links[link].first_point;
}

/* The link that a point belongs to: O(log n). */
uint32_t roads_link_of_point(const roads_network *network, uint32_t point);

struct gb_roads {
    base_mem *mem; /* counted: outlives the context */
    void *map;     /* the whole file */
    size_t n_bytes;
    uint8_t hash[32];
    int32_t ebike_contraflow;
    roads_e7 south_west, north_east;
    roads_network modes[GB_MODE_COUNT];
    gb_roads_line_set lines;
};

#endif
