/*
 * roads_map.h - the streets of a city, once for all modes.
 *
 *        link 0: 17 points, 412 m, kind 3 "residential", name 7
 *    vertex 0 o----.___          ___o vertex 3
 *                      `---.__.-'        all arrays are flat and sorted, so
 *        link 1 o-----------------o      the file is mapped and used as it is
 *
 * A vertex is a junction, an end, or a place where something changes: kind,
 * name, a barrier, a turn restriction.  A link is the street between two
 * vertices.  It has two directions, 2 * link along its points and
 * 2 * link + 1 against them, called streets here; who may use them, and how
 * fast, is the profile's affair.
 */
#ifndef ROADS_MAP_H
#define ROADS_MAP_H

#include "roads_source.h"

typedef struct roads_link {
    uint32_t from, to; /* vertices; may be equal */
    uint32_t cm;
    uint32_t first_point; /* up to that of the next link */
    uint32_t kind, name;
    uint8_t bearing[2];   /* in 1/256 of a circle from north by east: setting
                           * out along the points, and against them, to what
                           * is 10 m on; arriving is that and 128 */
    uint8_t n_signals;    /* traffic lights between its ends */
    uint8_t reserved;
} roads_link;

/* A stretch between two points of a link: what the nearest is found among. */
typedef struct roads_segment {
    roads_e7 ends[2];  /* as points[point], points[point + 1]: side by side
                        * they are read a third as long */
    uint32_t point, link;
} roads_segment;

typedef struct roads_box {
    int32_t min_lon, min_lat, max_lon, max_lat;
} roads_box;

/* Invariants: roads_file_check.c looks at each of them on opening. */
typedef struct roads_map {
    size_t n_vertices, n_links, n_points, n_kinds, n_names, n_name_bytes,
        n_bans, n_ban_streets, n_boxes;
    const roads_e7 *places;        /* of the vertices, along a Hilbert curve */
    const uint8_t *vertex_flags;   /* ROADS_NODE_* */
    const uint32_t *first_street;  /* n_vertices + 1 */
    const uint32_t *streets;       /* 2 * n_links: those that leave a vertex,
                                    * by number */
    const roads_link *links;       /* n_links + 1, sorted by ends: the last
                                    * only ends the points */
    const roads_e7 *points;
    const roads_kind *kinds;
    const char *names;             /* name i begins at names + name_at[i] */
    const uint32_t *name_at;
    /* Turn restrictions as runs of two or more streets, head to tail. */
    const uint32_t *first_ban;     /* n_bans + 1, into ban_streets */
    const uint32_t *ban_streets;
    const uint8_t *ban_modes;      /* bit m: mode m; bit 7: only this way */
    /* The R-tree over segments: see roads_rtree.h. */
    const roads_segment *segments; /* n_points - n_links */
    const roads_box *boxes;
    uint32_t length_unit_cm;       /* of weights: 1, 10 on maps beyond 300 km */
} roads_map;

enum { ROADS_BAN_ONLY = 128 };

static inline uint32_t roads_street_tail(const roads_map *map, uint32_t street)
{
    const roads_link *link = &map->links[street / 2];

    return street & 1 ? link->to : link->from;
}

static inline uint32_t roads_street_head(const roads_map *map, uint32_t street)
{
    return roads_street_tail(map, street ^ 1);
}

static inline uint32_t roads_link_points(const roads_map *map, uint32_t link)
{
    return map->links[link + 1].first_point - map->links[link].first_point;
}

/* The link that a point belongs to: O(log n). */
uint32_t roads_link_of_point(const roads_map *map, uint32_t point);

/* A map that is being built; `view` points into arrays of its own. */
typedef struct roads_map_built {
    roads_map view;
    void *arrays[16];
} roads_map_built;

/*
 * Streets that join end to end with nothing to decide between them become one
 * link.  Restrictions that do not fit the ways are counted in the report and
 * left out.  Clear `out` in any case.
 */
gb_status roads_map_build(base_run *run, const roads_source *source,
                          roads_map_built *out, gb_roads_report *report);
void roads_map_clear(base_mem *mem, roads_map_built *built);

/*
 * The nearest place of a link that may be started from and arrived at: `use`
 * is a metric's (roads_metric.h), of streets.  Any point, also none on the
 * globe.
 */
void roads_snap_one(const roads_map *map, const uint8_t *use, gb_mode mode,
                    gb_lonlat point, double max_m, gb_roads_place *out);

#endif
