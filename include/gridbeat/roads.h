/*
 * gridbeat/roads.h - a city's road network in one file, and travel times.
 *
 * A map (OpenStreetMap) is built once into a file X.roads, which processes
 * map into memory and share.  A place on the globe is snapped to the network
 * of a travel mode; between snapped places there are tables and paths.
 *
 *   gb_roads_build(ctx, "city.osm.pbf", "city.roads", NULL, NULL);
 *   gb_roads_open(ctx, "city.roads", &roads);
 *   gb_roads_snap(ctx, roads, GB_MODE_FOOT, points, n, NULL, places);
 *   query.from = places; query.n_from = n;
 *   gb_roads_table(ctx, roads, &query, seconds, metres);
 *
 * A travel time is a property of its two places alone: it never depends on
 * which other pairs are asked for, nor on the number of threads.  Times are
 * added up in milliseconds and lengths in centimetres, and rounded once at
 * the end.  Of several ways that take the same time the shortest is meant.
 *
 * An index is immutable.  Any number of threads may ask it at once, each with
 * a context of its own; what a query needs besides lives for that call only.
 */
#ifndef GRIDBEAT_ROADS_H
#define GRIDBEAT_ROADS_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a manager travels.  Never renumbered: the workspace stores it. */
typedef enum gb_mode {
    GB_MODE_FOOT = 0,
    GB_MODE_EBIKE = 1,
    GB_MODE_CAR = 2
} gb_mode;
#define GB_MODE_COUNT 3

/** "foot", "ebike" (or "e-bike"), "car"; false when unknown. */
GB_API bool gb_mode_parse(const char *name, gb_mode *out);

/** The name that gb_mode_parse() takes.  Any thread. */
GB_API const char *gb_mode_name(gb_mode mode);

/** Seconds and metres where there is no way. */
#define GB_ROADS_UNREACHABLE INT32_MAX

/* ---- build ---- */

typedef struct gb_roads_options {
    size_t size;
    int32_t ebike_contraflow; /* 1: e-bikes may go against one-way streets
                               * (not roundabouts); 0 = only where the map
                               * says so */
} gb_roads_options;
#define GB_ROADS_OPTIONS_INIT { sizeof(gb_roads_options), 0 }

/** What became of the map in one mode. */
typedef struct gb_roads_mode_report {
    uint64_t open_ways;    /* that the mode may use, in one direction or both */
    uint64_t nodes, links, arcs; /* of the routable part, compressed */
    uint64_t parts;        /* strongly connected parts, the routable one too */
    int64_t open_m;        /* length of all streets open to the mode */
    int64_t routable_m;    /* of this, in the largest part: what is kept */
} gb_roads_mode_report;

/** What a build has read, kept and refused. */
typedef struct gb_roads_report {
    size_t size; /* set by the caller */
    uint64_t nodes_read, ways_read, relations_read;
    uint64_t highways;           /* ways that are streets, paths or ferries */
    uint64_t refused_class;      /* of them: of no class known here, or being
                                  * planned or built */
    uint64_t areas;              /* of them: squares, walked along the outline;
                                  * closed to cars */
    uint64_t refused_short;      /* of them: fewer than two nodes left */
    uint64_t refused_access;     /* of them: closed to all modes */
    uint64_t missing_nodes;      /* references to nodes that the file has not */
    uint64_t bad_nodes;          /* nodes off the globe */
    uint64_t duplicate_elements; /* that repeat an id; one of each is kept */
    uint64_t lines;              /* gb_roads_lines() */
    uint64_t file_bytes;         /* of the index */
    gb_roads_mode_report modes[GB_MODE_COUNT];
} gb_roads_report;

/**
 * Build the index of a map.
 *
 * Access, one-way rules, barriers and speeds by class and mode are those of
 * engine/roads/roads_profile.c, which has them as a table.  Streets that join
 * end to end with nothing to decide between them become one link, its
 * geometry kept.  Of each mode only the largest strongly connected part is
 * kept: from every place in it every other can be reached.
 *
 * The file is written under a temporary name beside `out_path` and renamed
 * when it is whole and on the disk; a build that fails or is killed leaves an
 * older index as it was.  Same map, same options: same bytes.
 *
 * @param osm_path  A .osm (XML) or .osm.pbf file.
 * @param options   NULL for all defaults.
 * @param report    NULL, or a struct with its size set; filled when the call
 *                  succeeds.
 * @return GB_OK
 *         GB_ERR_ARGUMENT   a path is NULL, or the file name ends in neither
 *                           .osm nor .pbf.
 *         GB_ERR_OPTIONS    options or report of no known size.
 *         GB_ERR_IO         a file cannot be read or written; with its name
 *                           and the system's reason.
 *         GB_ERR_PARSE      not an OSM file, or truncated or damaged: with
 *                           the byte or the last element that was read.
 *         GB_ERR_DATA       no street in it that any mode can use.
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Threads: one thread a context.
 * Cost: O(n log n) time, some 16 bytes for each node of the map.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_build(gb_context *ctx, const char *osm_path,
                                const char *out_path,
                                const gb_roads_options *options,
                                gb_roads_report *report);

/* ---- the index ---- */

/** An index, mapped into memory; immutable. */
typedef struct gb_roads gb_roads;

/**
 * Open an index.  The checksum (BLAKE2b) and every offset and id in it are
 * checked, so that a damaged file is refused and never followed.
 *
 * @return GB_OK
 *         GB_ERR_ARGUMENT   path or out is NULL.
 *         GB_ERR_IO         no such file, or it cannot be read.
 *         GB_ERR_PARSE      not a road index.
 *         GB_ERR_SCHEMA     of another version: build it again.
 *         GB_ERR_INTEGRITY  truncated or damaged; the message says where.
 *         GB_ERR_NOMEM
 *
 * Ownership: close with gb_roads_close(), before or after `ctx`.  The file
 *   may be renamed over (a new build) while it is open, but not written into.
 * Threads: one thread a context; the index itself: any thread.
 * Cost: reads the file once.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_open(gb_context *ctx, const char *path,
                               gb_roads **out);

/** Close an index; NULL is taken.  No query on it may be running. */
GB_API void gb_roads_close(gb_roads *roads);

typedef struct gb_roads_mode_info {
    uint64_t nodes, links, arcs;
    int64_t open_m, routable_m;  /* as in gb_roads_mode_report */
} gb_roads_mode_info;

typedef struct gb_roads_facts {
    size_t size; /* set by the caller */
    int32_t version;         /* of the file's format */
    int32_t ebike_contraflow; /* as built */
    uint8_t hash[32];        /* the file's checksum: names this very index */
    gb_lonlat south_west, north_east; /* of the streets of all modes */
    uint64_t file_bytes;
    uint64_t lines;
    gb_roads_mode_info modes[GB_MODE_COUNT];
} gb_roads_facts;

/** Tell about an index.  GB_OK; GB_ERR_OPTIONS for an unknown size. */
GB_API gb_status gb_roads_info(gb_context *ctx, const gb_roads *roads,
                               gb_roads_facts *out);

/* ---- snapping ---- */

typedef enum gb_snap {
    GB_SNAP_OK = 0,
    GB_SNAP_FAR = 1,    /* no street of the mode within max_snap_m */
    GB_SNAP_INVALID = 2 /* not a place on the globe */
} gb_snap;

/**
 * A place on the network of one mode of one index.  Only gb_roads_snap()
 * makes it; it may be stored as long as the index (by its hash) is the same.
 */
typedef struct gb_roads_place {
    gb_lonlat point;    /* on the street; the given point unless GB_SNAP_OK */
    double distance_m;  /* from the given point; infinite unless GB_SNAP_OK */
    int32_t status;     /* gb_snap */
    int32_t mode;       /* gb_mode */
    uint32_t link;      /* of the mode's network; UINT32_MAX unless GB_SNAP_OK */
    uint32_t along_cm;  /* from the beginning of the link */
    uint32_t reserved[2];
} gb_roads_place;

typedef struct gb_snap_options {
    size_t size;
    double max_snap_m;  /* 0 = 1000; at most 100,000 */
} gb_snap_options;
#define GB_SNAP_OPTIONS_INIT { sizeof(gb_snap_options), 0 }

/**
 * Put points on the nearest street of a mode, each by itself.
 *
 * Only the routable part of the mode is looked at.  Of streets equally near
 * the one with the lowest number is taken.  A point farther away than
 * max_snap_m is set aside with GB_SNAP_FAR: that is no error of the call, and
 * in a table such a place is unreachable.
 *
 * @param points  WGS 84.  @param out  n_points places, in the same order.
 * @return GB_OK; GB_ERR_ARGUMENT for an unknown mode, or max_snap_m out of
 *         range; GB_ERR_OPTIONS; GB_ERR_CANCELLED.
 *
 * Threads: one thread a context.
 * Cost: O(log n) a point, a few microseconds; no memory.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_snap(gb_context *ctx, const gb_roads *roads,
                               gb_mode mode, const gb_lonlat *points,
                               size_t n_points,
                               const gb_snap_options *options,
                               gb_roads_place *out);

/* ---- tables and paths ---- */

/** What a table is asked for. */
typedef struct gb_roads_table_query {
    size_t size;
    int32_t mode;               /* gb_mode: that of all places */
    uint32_t n_threads;         /* 0 = 1; the answer is the same for any */
    const gb_roads_place *from; /* borrowed for the call; so is `to` */
    size_t n_from;
    const gb_roads_place *to;   /* NULL: the same places as `from` */
    size_t n_to;
} gb_roads_table_query;
#define GB_ROADS_TABLE_QUERY_INIT \
    { sizeof(gb_roads_table_query), 0, 0, NULL, 0, NULL, 0 }

/**
 * Travel times and lengths from many places to many.
 *
 * Cell [f * n_to + t] is the fastest way from place f to place t, begun and
 * ended within their streets to the centimetre; a table is not symmetric.  A
 * place that is not GB_SNAP_OK is GB_ROADS_UNREACHABLE from and to all,
 * itself too; so is what would take over 12 days.
 *
 * @param seconds, metres  n_from * n_to cells, row by row; either may be NULL.
 *                         Rounded to the nearest whole.  Undefined when the
 *                         call fails.
 * @return GB_OK
 *         GB_ERR_ARGUMENT   unknown mode; a place of another mode or index
 *                           (names it); the number of cells overflows.
 *         GB_ERR_OPTIONS, GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Threads: one thread a context; uses query->n_threads of its own.
 * Repeatable: same bytes for any number of threads.
 * Cost: one search a row that ends when all columns are settled; memory 28
 *   bytes for each node of the mode and thread.
 * Method: E. W. Dijkstra, A note on two problems in connexion with graphs,
 *   Numerische Mathematik 1 (1959), doi:10.1007/BF01386390.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_table(gb_context *ctx, const gb_roads *roads,
                                const gb_roads_table_query *query,
                                int32_t *seconds, int32_t *metres);

/** What a path comes to; the same as the cell of a table. */
typedef struct gb_roads_path_totals {
    int32_t seconds, metres; /* GB_ROADS_UNREACHABLE: no way */
} gb_roads_path_totals;

/**
 * The fastest way from one place to another, as a line.
 *
 * @param points    Room for `capacity` points; may be NULL when that is 0.
 *                  The first is from->point, the last to->point; one when
 *                  these are the same, none when there is no way.
 * @param n_points  How many there are, also with GB_ERR_BUFFER.
 * @param totals    NULL, or filled with GB_OK and GB_ERR_BUFFER.
 * @return GB_OK; GB_ERR_BUFFER when the points do not fit; GB_ERR_ARGUMENT
 *         for two modes or a place of another index; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: one search.  Since: 0.1.
 */
GB_API gb_status gb_roads_path(gb_context *ctx, const gb_roads *roads,
                               const gb_roads_place *from,
                               const gb_roads_place *to, size_t capacity,
                               gb_lonlat *points, size_t *n_points,
                               gb_roads_path_totals *totals);

/* ---- lines that part a city into blocks ---- */

typedef enum gb_line_class {
    GB_LINE_ARTERIAL = 0,  /* motorway, trunk, primary, and their links */
    GB_LINE_SECONDARY = 1, /* secondary, tertiary, and their links */
    GB_LINE_LOCAL = 2,     /* residential, unclassified, living street */
    GB_LINE_RAIL = 3,      /* above ground */
    GB_LINE_RIVER = 4,     /* river, canal */
    GB_LINE_BORDER = 5     /* of an administrative area */
} gb_line_class;
#define GB_LINE_CLASS_COUNT 6

/**
 * The lines of a map that cells are cut along: line l is of class
 * classes[l] and has the points [first_point[l], first_point[l + 1]), at
 * least two.  Tunnels are left out: they part nothing.
 */
typedef struct gb_roads_line_set {
    size_t n_lines, n_points;
    const uint8_t *classes;      /* gb_line_class */
    const uint32_t *first_point; /* n_lines + 1 */
    const gb_lonlat *points;     /* WGS 84 */
} gb_roads_line_set;

/**
 * All lines of an index, in the order of their ways' ids.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL.
 *
 * Ownership: borrowed from the index, until gb_roads_close().
 * Threads: one thread a context.  Cost: none.  Since: 0.1.
 */
GB_API gb_status gb_roads_lines(gb_context *ctx, const gb_roads *roads,
                                gb_roads_line_set *out);

#ifdef __cplusplus
}
#endif
#endif
