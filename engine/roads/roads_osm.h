/*
 * roads_osm.h - reads a map in OpenStreetMap's formats, .osm (XML) and
 * .osm.pbf, into plain arrays.
 *
 * Two readers: roads_osm_read() for the graph, roads_features_read() for what
 * stands beside the streets (buildings, housing areas, banks, villages) and
 * for lines.  The file is read once, in any order of its elements; nodes are
 * kept as 16 bytes each and found again by sorting, for a bitmap over node
 * ids costs gigabytes on the smallest city.
 *
 * Coordinates are WGS 84, inside as integers of 1e-7 degrees (about 1 cm),
 * which is what the formats themselves hold.  All arrays are sorted by the id
 * of the element, so that the order of the file does not matter.
 *
 * libreadosm trusts what it reads, so roads_osm_check.h looks at the file
 * before.  Its own allocations do not go through the context.
 */
#ifndef ROADS_OSM_H
#define ROADS_OSM_H

#include <gridbeat/geo.h>
#include <gridbeat/roads.h>

#include "base_run.h"

/* A point in 1e-7 degrees. */
typedef struct roads_e7 {
    int32_t lon, lat;
} roads_e7;

static inline gb_lonlat roads_e7_lonlat(roads_e7 p)
{
    return (gb_lonlat){ p.lon / 1e7, p.lat / 1e7 };
}

/* ---- the map as plain arrays ---- */

/* The tags that are kept, by name; all others are dropped while reading. */
typedef enum roads_key {
    ROADS_KEY_ACCESS, ROADS_KEY_AMENITY, ROADS_KEY_AREA, ROADS_KEY_BARRIER,
    ROADS_KEY_BICYCLE, ROADS_KEY_BOUNDARY, ROADS_KEY_BRIDGE,
    ROADS_KEY_BUILDING, ROADS_KEY_CROSSING, ROADS_KEY_CYCLEWAY,
    ROADS_KEY_CYCLEWAY_BOTH, ROADS_KEY_CYCLEWAY_LEFT, ROADS_KEY_CYCLEWAY_RIGHT,
    ROADS_KEY_EXCEPT, ROADS_KEY_FOOT, ROADS_KEY_HIGHWAY, ROADS_KEY_JUNCTION,
    ROADS_KEY_LANDUSE, ROADS_KEY_MAXSPEED, ROADS_KEY_MAXSPEED_BACKWARD,
    ROADS_KEY_MAXSPEED_FORWARD, ROADS_KEY_MOTOR_VEHICLE, ROADS_KEY_MOTORCAR,
    ROADS_KEY_MOTORROAD, ROADS_KEY_NAME, ROADS_KEY_ONEWAY,
    ROADS_KEY_ONEWAY_BICYCLE, ROADS_KEY_PLACE, ROADS_KEY_RAILWAY,
    ROADS_KEY_RESTRICTION, ROADS_KEY_RESTRICTION_BICYCLE,
    ROADS_KEY_RESTRICTION_MOTOR_VEHICLE, ROADS_KEY_RESTRICTION_MOTORCAR,
    ROADS_KEY_ROUTE, ROADS_KEY_SHOP, ROADS_KEY_TUNNEL, ROADS_KEY_TYPE,
    ROADS_KEY_VEHICLE, ROADS_KEY_WATERWAY,
    ROADS_KEY_COUNT
} roads_key;

typedef struct roads_tag {
    const char *value; /* equal values of one map are one string */
    uint8_t key;       /* roads_key */
} roads_tag;

typedef struct roads_node {
    int64_t id;
    roads_e7 at;
} roads_node;

/*
 * A way refers to nodes[refs[first + i]], i in [0, n); UINT32_MAX stands for
 * a node that the file has not.  A relation refers to ways, outer ones only; a
 * turn restriction to turn_members.  A tagged node has first = its node.
 */
typedef struct roads_element {
    int64_t id;
    uint32_t first, n;
    uint32_t first_tag, n_tags;
} roads_element;

/* A member of a turn restriction. */
typedef enum roads_role {
    ROADS_ROLE_FROM, ROADS_ROLE_VIA, ROADS_ROLE_TO
} roads_role;

typedef struct roads_turn_member {
    uint32_t at;   /* of a way, or of a node; UINT32_MAX: the file has not */
    uint8_t role;  /* roads_role */
    uint8_t is_node;
} roads_turn_member;

typedef struct roads_osm {
    roads_node *nodes; /* sorted by id; those that something refers to */
    roads_element *ways, *relations, *tagged; /* each sorted by id */
    roads_element *restrictions; /* of turn_members; sorted by id */
    uint32_t *refs, *members;
    roads_turn_member *turn_members;
    roads_tag *tags;
    size_t n_nodes, n_ways, n_relations, n_tagged, n_restrictions, n_refs,
        n_members, n_turn_members, n_tags;
    uint64_t nodes_read, ways_read, relations_read;
    uint64_t missing_nodes, bad_nodes, duplicates;
    base_arena strings;
} roads_osm;

/* Read a map; `out` is to be cleared in any case. */
gb_status roads_osm_read(base_run *run, const char *path, roads_osm *out);
void roads_osm_clear(base_mem *mem, roads_osm *osm);

/* The value of a tag, or NULL. */
const char *roads_osm_tag(const roads_osm *osm, const roads_element *element,
                          roads_key key);
bool roads_osm_tag_is(const roads_osm *osm, const roads_element *element,
                      roads_key key, const char *value);

/* ---- lines: streets by class, rails, rivers, borders ---- */

typedef struct roads_lines {
    uint8_t *classes;      /* gb_line_class */
    uint32_t *first_point; /* n + 1 */
    gb_lonlat *points;
    size_t n, n_points;
} roads_lines;

/* The lines of a map, in the order of their ways' ids; clear in any case. */
gb_status roads_lines_find(base_run *run, const roads_osm *osm,
                           roads_lines *out);
void roads_lines_clear(base_mem *mem, roads_lines *lines);

/* ---- features: buildings, areas, banks, villages ---- */

typedef enum roads_feature_class {
    ROADS_FEATURE_BUILDING = 0,    /* building=*; value as "apartments" */
    ROADS_FEATURE_RESIDENTIAL = 1, /* landuse=residential; value "residential" */
    ROADS_FEATURE_BANK = 2,        /* amenity=bank; value "bank" */
    ROADS_FEATURE_MARKET = 3,      /* amenity=marketplace; "marketplace" */
    ROADS_FEATURE_PLACE = 4        /* place=*; value as "village" */
} roads_feature_class;
#define ROADS_FEATURE_CLASS_COUNT 5

/*
 * Feature f: a node has no ring (first_point[f] == first_point[f + 1]), an
 * area has one outer ring of at least 3 points, not closed by a repeated
 * point.  One element that is two things (a building that is a bank) gives
 * two features.  Sorted by class, then nodes before ways, then by id.
 * Strings are never NULL ("" for none) and live as long as the arrays.
 */
typedef struct roads_feature {
    int64_t osm_id;
    gb_lonlat centre;     /* of area: inside of it where it is convex */
    double area_m2;       /* 0 for a node */
    const char *value;    /* of the tag that gave the class */
    const char *amenity, *shop; /* of the same element */
    uint8_t class;        /* roads_feature_class */
    bool is_node;
} roads_feature;

typedef struct roads_features {
    roads_feature *items;
    uint32_t *first_point; /* n + 1 */
    gb_lonlat *points;
    size_t n, n_points;
    size_t first_of[ROADS_FEATURE_CLASS_COUNT + 1]; /* items of a class */
    gb_roads_line_set lines; /* as gb_roads_lines() */
    roads_lines line_arrays; /* what `lines` points into */
    gb_lonlat south_west, north_east; /* of all nodes that are used */
    base_arena strings;
} roads_features;

/*
 * Read the features of a map.  Statuses as gb_roads_build(); an extract
 * without any feature is no error.  Clear `out` in any case.
 */
gb_status roads_features_read(base_run *run, const char *path,
                              roads_features *out);
void roads_features_clear(base_mem *mem, roads_features *features);

#endif
