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
 * Speeds and costs of turns are a profile's: data (data/PROFILES.md), changed
 * in milliseconds by gb_roads_customise(), for an hour's traffic as well.
 *
 * A travel time is a property of its two places alone: it never depends on
 * which other pairs are asked for, nor on the number of threads.  Times are
 * added up in hundredths of a second and lengths in centimetres (decimetres
 * on maps beyond 300 km), and rounded once at the end.  Of several ways that
 * take the same time the shortest is meant.
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

/** "foot", "ebike" (or "e-bike"), "car", in any case of letters; false for
 * another name or a NULL.  Any thread. */
GB_API bool gb_mode_parse(const char *name, gb_mode *out);

/** The name that gb_mode_parse() takes; "?" for no mode.  Static; any
 * thread. */
GB_API const char *gb_mode_name(gb_mode mode);

/** Seconds and metres where there is no way. */
#define GB_ROADS_UNREACHABLE INT32_MAX

/* ---- build ---- */

typedef struct gb_roads_options {
    size_t size;
    int32_t ebike_contraflow; /* 1: e-bikes may go against one-way streets
                               * (not roundabouts); 0 = as the profile says */
    const char *profile_json; /* data/PROFILES.md; NULL: the one built in */
} gb_roads_options;
#define GB_ROADS_OPTIONS_INIT { sizeof(gb_roads_options), 0, NULL }

/** What became of the map in one mode. */
typedef struct gb_roads_mode_report {
    uint64_t open_ways;    /* that the mode may use, in one direction or both */
    uint64_t nodes, arcs;  /* what is searched: states and their arcs; where
                            * turns count, a state is a street in a
                            * direction */
    uint64_t links;        /* streets between junctions, of the routable part */
    uint64_t ends;         /* of them: for the end of a route only */
    uint64_t edges;        /* of the hierarchy, up and down */
    int64_t open_m;        /* length of all streets open to the mode */
    int64_t routable_m;    /* of this, from where all can be reached that can
                            * reach it: where routes begin and end */
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
    uint64_t restrictions;       /* turn restrictions that are kept, as runs of
                                  * streets */
    uint64_t refused_restrictions; /* whose members do not meet, or are no
                                    * streets */
    uint64_t links, names;       /* of the map, all modes; street names */
    uint64_t rows_read, refused_rows; /* of CSV: gb_roads_build_links() */
    uint64_t file_bytes;         /* of the index */
    gb_roads_mode_report modes[GB_MODE_COUNT];
} gb_roads_report;

/**
 * Build the index of a map.
 *
 * Access, one-way rules and barriers are taken from the tags; speeds and
 * costs by class and mode are the profile's.  Streets that join end to end
 * with nothing to decide between them become one link, its geometry kept.
 * Routes of a mode begin and end in its largest connected part only: from
 * every place in it every other can be reached.  What is private, or behind
 * what is private, may be used at a route's end only.
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
 *         GB_ERR_DATA       no street in it that any mode can use; or the
 *                           profile is wrong, see gb_roads_customise().
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Threads: one thread a context; it computes on one thread.
 * Cost: about 2 s and 110 MB for 100,000 nodes and 100 MB of file (Beijing,
 *   all three modes), a bit more than in proportion to the map; most of it
 *   for the cuts that order the hierarchy (roads_dissect.h) and for its edges.
 * Method: customizable contraction hierarchies over states that know the
 *   turns (J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction
 *   hierarchies, J. Exp. Algorithmics 21 (2016)).
 * Since: 0.1.
 */
GB_API gb_status gb_roads_build(gb_context *ctx, const char *osm_path,
                                const char *out_path,
                                const gb_roads_options *options,
                                gb_roads_report *report);

/** The bank's own map as tables: see gb_roads_build_links(). */
typedef struct gb_roads_links {
    size_t size;
    const char *links_path; /* CSV of links; columns: data/FORMATS.md */
    const char *nodes_path; /* CSV of nodes; NULL where links have lines */
    const char *turns_path; /* CSV of forbidden turns; NULL: none */
    int32_t datum;          /* gb_datum of all coordinates */
} gb_roads_links;
#define GB_ROADS_LINKS_INIT { sizeof(gb_roads_links), NULL, NULL, NULL, 0 }

/** A row that a build from tables has refused: in which file, on which line
 * (from 1), and why.  The texts live for this call only. */
typedef void gb_roads_row_fn(void *user, const char *path, uint64_t line,
                             const char *why);

/**
 * Build the index of a map that comes as CSV (UTF-8, RFC 4180).
 *
 * A row that is wrong is refused, with its line and why, and the others are
 * taken; the report counts them as refused_rows.
 *
 * @param links   NULL is refused, and so is links_path NULL.
 * @param on_row  Called for each refused row, in the order of the files, in
 *                the calling thread; may be NULL.
 * @return As gb_roads_build(); GB_ERR_PARSE for a file without the columns,
 *         or with one that is unknown here; GB_ERR_DATA when nothing is left;
 *         GB_ERR_ARGUMENT for an unknown datum.
 *
 * Threads, cost: as gb_roads_build().  Since: 0.1.
 */
GB_API gb_status gb_roads_build_links(gb_context *ctx,
                                      const gb_roads_links *links,
                                      const char *out_path,
                                      const gb_roads_options *options,
                                      gb_roads_row_fn *on_row, void *user,
                                      gb_roads_report *report);

/* ---- the index ---- */

/** An index, mapped into memory; immutable. */
typedef struct gb_roads gb_roads;

/**
 * Open an index.  The checksum (XXH3, 128 bits: it finds damage, it is no
 * seal against who means to deceive) and every offset and id in it are
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
 * Cost: reads the file once (25 ms for 100 MB that the system has at hand);
 *   the file is mapped, so processes share its pages, and those that were
 *   only checked are given back.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_open(gb_context *ctx, const char *path,
                               gb_roads **out);

/** Close an index; NULL is taken.  No query on it may be running, and what is
 * borrowed from it (names, lines, directions) ends.  Any thread. */
GB_API void gb_roads_close(gb_roads *roads);

typedef struct gb_roads_mode_info {
    uint64_t nodes, arcs, links, edges; /* as in gb_roads_mode_report */
    uint64_t shortcuts;          /* that queries climb and descend over: the
                                  * edges that these speeds leave */
    int64_t open_m, routable_m;  /* as there, with these speeds */
    int32_t is_turn_aware;       /* 1: turns cost, and may be forbidden */
} gb_roads_mode_info;

typedef struct gb_roads_facts {
    size_t size; /* set by the caller */
    int32_t version;         /* of the file's format */
    int32_t ebike_contraflow; /* 1: as the profile says that it has */
    uint8_t hash[32];        /* names this very index, speeds included: of a
                              * file its checksum (16 bytes, then zeros) */
    gb_lonlat south_west, north_east; /* of the streets of all modes */
    uint64_t file_bytes;     /* of the file that it is from */
    uint64_t lines, links, names, restrictions; /* as in gb_roads_report */
    gb_roads_mode_info modes[GB_MODE_COUNT];
} gb_roads_facts;

/**
 * Tell about an index.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL; GB_ERR_OPTIONS for a size that is
 *         not known.  Threads: one thread a context.  Cost: none.  Since: 0.1.
 */
GB_API gb_status gb_roads_info(gb_context *ctx, const gb_roads *roads,
                               gb_roads_facts *out);

/* ---- profiles and hours ---- */

/** Change the speeds of an index: what gb_roads_customise() is asked for. */
typedef struct gb_roads_speeds {
    size_t size;
    int32_t mode;             /* gb_mode, or -1: all modes */
    const char *profile_json; /* NULL: the profile that the index has */
    const char *band;         /* a time band of the profile, as
                               * "morning_peak"; NULL: free flow */
} gb_roads_speeds;
#define GB_ROADS_SPEEDS_INIT { sizeof(gb_roads_speeds), -1, NULL, NULL }

/**
 * The same index with other speeds, in memory: the hierarchy is kept and
 * weighed anew.
 *
 * Places snapped with one may be asked of the other, as long as they can be
 * used there: with the other profile a street may be closed, which then is
 * unreachable.
 *
 * @param speeds  NULL: all modes at free flow, with the profile that `roads`
 *                has.  Modes that are not asked for stay as they are, the
 *                time bands are those of the profile that is given.
 * @param out  An index like one from gb_roads_open(); `roads` may be closed
 *             before or after it.
 * @return GB_OK
 *         GB_ERR_ARGUMENT  a NULL, an unknown mode.
 *         GB_ERR_OPTIONS, GB_ERR_NOMEM, GB_ERR_CANCELLED
 *         GB_ERR_PARSE     the profile is no JSON; with line and column.
 *         GB_ERR_DATA      the profile is wrong (which member, and the mend);
 *                          has no such band; changes the band that a mode has
 *                          which is not asked for; or differs in what streets
 *                          are for a route's end only or in whether turns
 *                          count, which needs a new build.
 *
 * Threads: one thread a context.  Cost: some 100 ms for a large city (Nanjing)
 *   and mode, 5 ms for a centre; memory the weights of that mode.
 * Method: as gb_roads_build(), its basic and perfect customisation.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_customise(gb_context *ctx, const gb_roads *roads,
                                    const gb_roads_speeds *speeds,
                                    gb_roads **out);

/**
 * Write an index to a file, whole or not at all; its own may be written over.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL or an empty path; GB_ERR_IO,
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.
 * Threads: one thread a context.  Cost: writes the file once.  Since: 0.1.
 */
GB_API gb_status gb_roads_save(gb_context *ctx, const gb_roads *roads,
                               const char *path);

/** A time band of the profile that an index has. */
typedef struct gb_roads_band {
    size_t size; /* set by the caller */
    char name[32];          /* ended by a zero byte */
    int32_t day_kinds;      /* bit 0: working days; bit 1: rest days */
    int32_t from_min, to_min; /* of the day; to <= from: over midnight */
} gb_roads_band;

/** How many bands there are, 0 for a NULL; band i.  GB_ERR_ARGUMENT when i is
 * none, GB_ERR_OPTIONS for an unknown size.  Since: 0.1. */
GB_API size_t gb_roads_band_count(const gb_roads *roads);
GB_API gb_status gb_roads_band_at(gb_context *ctx, const gb_roads *roads,
                                  size_t i, gb_roads_band *out);

/**
 * A profile as JSON, whole: what gb_roads_build() and gb_roads_customise()
 * read back (data/PROFILES.md).
 *
 * @param roads     Of this index; NULL: the profile that is built in.
 * @param text      Room for `capacity` bytes; may be NULL when that is 0.
 *                  UTF-8, ended by a zero byte.
 * @param n_needed  Bytes of the text with its zero byte, also with
 *                  GB_ERR_BUFFER.
 * @return GB_OK; GB_ERR_BUFFER when it does not fit (nothing is written then);
 *         GB_ERR_ARGUMENT for a NULL; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: some 10 KB of text.  Since: 0.1.
 */
GB_API gb_status gb_roads_profile_json(gb_context *ctx, const gb_roads *roads,
                                       size_t capacity, char *text,
                                       size_t *n_needed);

/** A stretch of the day with one travel time for a pair of places. */
typedef struct gb_roads_hours {
    int32_t from_s;   /* seconds of the day; ascending, the first is 0 */
    int32_t travel_s; /* for a whole trip within it; UNREACHABLE: none */
} gb_roads_hours;

/**
 * Arrival of who leaves at `depart_s`, over several bands: of the trip each
 * band does the share that its time allows, so that who leaves later never
 * arrives earlier (S. Ichoua, M. Gendreau, J.-Y. Potvin, Vehicle dispatching
 * with time-dependent travel times, Eur. J. Oper. Res. 144 (2003)).
 *
 * @param hours     At most a day of them: from_s below 86,400.
 * @param depart_s  0 or more, also of a later day.
 * @return Seconds of the same day as depart_s, beyond 86,400 into the next
 *         (which has the same bands); GB_ROADS_UNREACHABLE where no hour leads
 *         there within a year, or for a NULL or a depart_s below 0.
 * Any thread.  Cost: a step an hour that passes.  Since: 0.1.
 */
GB_API int32_t gb_roads_arrival_s(const gb_roads_hours *hours, size_t n_hours,
                                  int32_t depart_s);

/* ---- snapping ---- */

typedef enum gb_snap {
    GB_SNAP_OK = 0,
    GB_SNAP_FAR = 1,    /* no routable street of the mode within max_snap_m */
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
    uint32_t link;      /* of the map; UINT32_MAX unless GB_SNAP_OK */
    uint32_t along_cm;  /* from the beginning of the link, 0 to its length */
    uint32_t reserved[2]; /* 0 */
} gb_roads_place;

typedef struct gb_snap_options {
    size_t size;
    double max_snap_m;  /* 0 = 1000; at most 100,000 */
    int32_t unconnected; /* 1: on any street that is open to the mode, also
                          * one that leads nowhere: to tell why a place is
                          * not put on the street nearest to it */
} gb_snap_options;
#define GB_SNAP_OPTIONS_INIT { sizeof(gb_snap_options), 0, 0 }

/**
 * Put points on the nearest street of a mode, each by itself.
 *
 * Only the routable part of the mode is looked at, unless asked for otherwise.
 * Of streets equally near the one with the lowest number is taken.  A point
 * farther away than max_snap_m is set aside with GB_SNAP_FAR: that is no error
 * of the call, and in a table such a place is unreachable.
 *
 * @param points  WGS 84.  @param out  n_points places, in the same order.
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL, an unknown mode, or max_snap_m
 *         out of range; GB_ERR_OPTIONS; GB_ERR_CANCELLED.
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

/** The street that a place is on. */
typedef struct gb_roads_street {
    size_t size; /* set by the caller */
    const char *name;      /* "" where it has none; borrowed from the index */
    const char *road_class; /* as "residential"; static */
    int64_t link_m;        /* length of the link */
    int32_t is_end;        /* 1: for the end of a route only, in this mode */
    int32_t is_oneway;     /* 1: in this mode, with these speeds */
    double bearing_deg;    /* 0 to 360 from north by east, to 1.5 degrees: at
                            * the beginning of the link */
} gb_roads_street;

/** GB_OK; GB_ERR_ARGUMENT for a NULL, or a place that is not GB_SNAP_OK here;
 * GB_ERR_OPTIONS.  Threads: one thread a context.  Since: 0.1. */
GB_API gb_status gb_roads_street_of(gb_context *ctx, const gb_roads *roads,
                                    const gb_roads_place *place,
                                    gb_roads_street *out);

/** A link of the map: the street between two vertices. */
typedef struct gb_roads_link {
    size_t size;         /* set by the caller */
    uint32_t from, to;   /* vertices, numbers from 0; a loop has one twice */
    uint32_t length_cm;
    int32_t is_open;     /* 1: gb_roads_snap() puts places of the mode there */
    size_t n_points;     /* of its line, both ends included */
} gb_roads_link;

/**
 * Link number `link`, as gb_roads_place names it, from the end that along_cm
 * is counted from: with these the streets are a graph.
 *
 * @param points    The first `capacity` points of its line; may be NULL with
 *                  0.  Call again with out->n_points.
 * @return GB_OK; GB_ERR_NOT_FOUND past the last link;
 *         GB_ERR_ARGUMENT for a NULL or an unknown mode; GB_ERR_OPTIONS.
 *
 * Threads: one thread a context.  Cost: O(points).  Since: 0.1.
 */
GB_API gb_status gb_roads_link_of(gb_context *ctx, const gb_roads *roads,
                                  gb_mode mode, uint32_t link,
                                  gb_roads_link *out, gb_lonlat *points,
                                  size_t capacity);

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
 * itself too; so is what would take over 7.7 days.
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
 * Cost: for each sixteen rows, or columns where these are fewer, one sweep of
 *   what of the hierarchy lies above the places (40 ms for 1000 x 1000 on
 *   Nanjing); so ask many at once.  Memory: some ten megabytes
 *   for the sweep, and a few for each thread.
 * Method: D. Delling, A. V. Goldberg, R. F. Werneck, Faster batched shortest
 *   paths in road networks, ATMOS 2011; engine/roads/roads_query.h.
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
 * @return GB_OK, also where there is no way or a place is not GB_SNAP_OK;
 *         GB_ERR_BUFFER when the points do not fit: as many as do are written;
 *         GB_ERR_ARGUMENT for a NULL, two modes or a place of another index;
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: one search of both sides, climbing only (20 us on a large city), and
 *   to lay out its memory, 32 bytes a node of the mode.  Many pairs: a table.
 * Since: 0.1.
 */
GB_API gb_status gb_roads_path(gb_context *ctx, const gb_roads *roads,
                               const gb_roads_place *from,
                               const gb_roads_place *to, size_t capacity,
                               gb_lonlat *points, size_t *n_points,
                               gb_roads_path_totals *totals);

typedef enum gb_roads_turn {
    GB_TURN_DEPART = 0,
    GB_TURN_CONTINUE = 1,   /* the name changes, the direction does not */
    GB_TURN_SLIGHT_RIGHT = 2, GB_TURN_RIGHT = 3, GB_TURN_SHARP_RIGHT = 4,
    GB_TURN_BACK = 5,
    GB_TURN_SHARP_LEFT = 6, GB_TURN_LEFT = 7, GB_TURN_SLIGHT_LEFT = 8,
    GB_TURN_ROUNDABOUT = 9, /* leave it by exit number `exit` */
    GB_TURN_ARRIVE = 10
} gb_roads_turn;

/** What to do, and how far it leads. */
typedef struct gb_roads_step {
    int32_t turn;          /* gb_roads_turn: at the beginning of the step */
    int32_t exit;          /* of a roundabout; 0: none */
    const char *name;      /* of the street that is taken; "" */
    const char *road_class; /* of it */
    int32_t seconds, metres; /* of the step; all steps add up to the path's */
    double bearing_deg;    /* setting out, 0 to 360 from north by east */
    gb_lonlat at;          /* where it begins, as first_point */
    uint32_t first_point;  /* in the line of the directions */
    uint32_t is_pushed;    /* 1: an e-bike is pushed here */
} gb_roads_step;

/** A path with its steps; immutable. */
typedef struct gb_roads_directions gb_roads_directions;

/**
 * The fastest way from one place to another, with what to do where.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL, two modes or a place of another
 *         index; GB_ERR_INFEASIBLE where there is no way or a place is not
 *         GB_SNAP_OK; GB_ERR_NOMEM.
 * Ownership: free with gb_roads_directions_free(), before or after `ctx`.
 *   Its names are the index's: they end when that is closed.
 * Threads: one thread a context; directions: any thread.
 * Cost: as gb_roads_path(), and a look at each junction passed.  Since: 0.1.
 */
GB_API gb_status gb_roads_direct(gb_context *ctx, const gb_roads *roads,
                                 const gb_roads_place *from,
                                 const gb_roads_place *to,
                                 gb_roads_directions **out);
GB_API void gb_roads_directions_free(gb_roads_directions *directions);

/** The steps, the first to depart, the last to arrive; the line, its first
 * point the first place; and what they come to.  All are borrowed, and empty
 * for a NULL; `out` may be NULL to count. */
GB_API size_t gb_roads_directions_steps(const gb_roads_directions *directions,
                                        const gb_roads_step **out);
GB_API size_t gb_roads_directions_line(const gb_roads_directions *directions,
                                       const gb_lonlat **out);
GB_API gb_roads_path_totals
gb_roads_directions_totals(const gb_roads_directions *directions);

/* ---- what can be reached ---- */

/** What gb_roads_reach() is asked for. */
typedef struct gb_roads_reach_query {
    size_t size;
    const gb_roads_place *from; /* several, of one mode: what any of them
                                 * reaches; those not GB_SNAP_OK reach none */
    size_t n_from;
    const int32_t *limits_s;    /* ascending, above 0 */
    size_t n_limits;
    double width_m;  /* how far to the sides of a street counts as reached;
                      * 0 = 40; at most 1000 */
} gb_roads_reach_query;
#define GB_ROADS_REACH_QUERY_INIT \
    { sizeof(gb_roads_reach_query), NULL, 0, NULL, 0, 0 }

/** Areas by travel time (isochrones): area i is within limits_s[i], and holds
 * those before it. */
typedef struct gb_roads_reached gb_roads_reached;

/**
 * What is reached within some seconds, on streets up to the very metre, and
 * as areas round these streets.  Blocks between reached streets count as
 * reached when they are smaller than (5 width_m)^2.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL, places of several modes or of
 *         another index, none, limits not ascending, width_m out of range;
 *         GB_ERR_OPTIONS, GB_ERR_CANCELLED, GB_ERR_NOMEM, GB_ERR_LIBRARY.
 * Ownership: free with gb_roads_reached_free(), before or after `ctx` and the
 *   index.
 * Threads: one thread a context; what is reached: any thread.
 * Cost: a plain search up to the last limit, a look at all streets for each
 *   limit, and a union of areas, which is most of it: some 0.1 s for 100 km of
 *   streets.
 * Method: Dijkstra; streets are widened and united by GEOS, in the projected
 *   system of the map's extent.  Since: 0.1.
 */
GB_API gb_status gb_roads_reach(gb_context *ctx, const gb_roads *roads,
                                const gb_roads_reach_query *query,
                                gb_roads_reached **out);
GB_API void gb_roads_reached_free(gb_roads_reached *reached);

/** One shape for each limit, in degrees as (x lon, y lat); borrowed. */
GB_API gb_shapes gb_roads_reached_areas(const gb_roads_reached *reached);

/** Metres of streets within limit i, in one direction at least; 0 for a NULL
 * or no such limit.  Any thread. */
GB_API int64_t gb_roads_reached_m(const gb_roads_reached *reached, size_t i);

/**
 * To each point the centre that is nearest by travel time from the centre: a
 * branch's catchment.  Of centres as near to the hundredth of a second the one
 * with the shorter way, and of those the first.
 *
 * @param owner    n_points: number of the centre; UINT32_MAX: none reaches it.
 * @param seconds  n_points, as in the cell of a table; may be NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL, an unknown mode, a place of
 *         another mode or index (names it); GB_ERR_CANCELLED, GB_ERR_NOMEM.
 *         Owners and seconds are undefined when the call fails.
 * Threads: one thread a context.
 * Cost: one plain search from all centres at once, however many there are
 *   (15 ms on a large city), then a look at each point; memory 32 bytes a
 *   node of the mode.
 * Method: Dijkstra, the owner told along.  Since: 0.1.
 */
GB_API gb_status gb_roads_catchments(gb_context *ctx, const gb_roads *roads,
                                     gb_mode mode,
                                     const gb_roads_place *centres,
                                     size_t n_centres,
                                     const gb_roads_place *points,
                                     size_t n_points, uint32_t *owner,
                                     int32_t *seconds);

/** Two areas that streets lead between. */
typedef struct gb_roads_crossing {
    uint32_t a, b;  /* labels, a < b */
    uint32_t n;     /* links that cross, either way */
} gb_roads_crossing;

/**
 * All points of the streets where routes of a mode can begin and end, link by
 * link; where links meet, each has the point.  To be labelled by the areas
 * that they lie in, for gb_roads_crossings().
 *
 * @param points  WGS 84; room for `capacity`; may be NULL when that is 0.
 * @param n       How many there are, also with GB_ERR_BUFFER.
 * @return GB_OK; GB_ERR_BUFFER when they do not fit: none is written then;
 *         GB_ERR_ARGUMENT for a NULL or an unknown mode.
 * Threads: one thread a context.  Cost: a look at all streets.  Since: 0.1.
 */
GB_API gb_status gb_roads_street_points(gb_context *ctx, const gb_roads *roads,
                                        gb_mode mode, size_t capacity,
                                        gb_lonlat *points, size_t *n);

/**
 * How often one can go from area to area: the links of a mode that lead out
 * of one label into another, counted for each pair, which ascend.  A link
 * that leads to and fro between two areas counts once; one that passes
 * through points without a label leads from the label before to the one
 * behind.
 *
 * @param labels   Of each point of gb_roads_street_points(), n_labels in all:
 *                 which area it is in; UINT32_MAX: in none.
 * @param out, n   As points and n there; with GB_ERR_BUFFER as many as fit
 *                 are written.
 * @return GB_OK; GB_ERR_BUFFER; GB_ERR_ARGUMENT for a NULL, an unknown mode,
 *         or another number of labels than there are points; GB_ERR_CANCELLED,
 *         GB_ERR_NOMEM.
 * Threads: one thread a context.  Cost: a look at all streets, and a sort of
 *   the crossings.  Since: 0.1.
 */
GB_API gb_status gb_roads_crossings(gb_context *ctx, const gb_roads *roads,
                                    gb_mode mode, const uint32_t *labels,
                                    size_t n_labels, size_t capacity,
                                    gb_roads_crossing *out, size_t *n);

/* ---- checking ---- */

typedef struct gb_roads_check_options {
    size_t size;
    uint64_t n_pairs; /* of places, of each mode; 0 = 1000 */
    uint64_t seed;
} gb_roads_check_options;
#define GB_ROADS_CHECK_OPTIONS_INIT { sizeof(gb_roads_check_options), 0, 0 }

typedef struct gb_roads_check_report {
    size_t size; /* set by the caller */
    uint64_t n_pairs;         /* compared, of all modes */
    uint64_t n_unreachable;   /* of them: without a way, by plain Dijkstra */
    uint64_t n_wrong_tables;  /* table, or pair, and plain Dijkstra differ */
    uint64_t n_wrong_paths;   /* that do not add up to it, or have a gap */
} gb_roads_check_report;

/**
 * Hold the fast ways of an index to the plain one, on random places: tables
 * and paths against Dijkstra on the same streets and turns.
 *
 * @return GB_OK, also when something is wrong: see the report.
 *         GB_ERR_INTEGRITY  the checksum does not fit any more.
 *         GB_ERR_ARGUMENT for a NULL; GB_ERR_OPTIONS, GB_ERR_CANCELLED,
 *         GB_ERR_NOMEM.
 * Threads: one thread a context.  Repeatable: same seed, same pairs.
 * Cost: reads the file, and a plain search for each hundred pairs (20 ms on a
 *   large city by car).  Since: 0.1.
 */
GB_API gb_status gb_roads_check(gb_context *ctx, const gb_roads *roads,
                                const gb_roads_check_options *options,
                                gb_roads_check_report *report);

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
 * All lines of an index, in the order of their ways' ids; of a map from tables
 * in the order of its rows.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a NULL.
 *
 * Ownership: borrowed from the index, until gb_roads_close(); one that is
 *   customised from it has them, too.
 * Threads: one thread a context.  Cost: none.  Since: 0.1.
 */
GB_API gb_status gb_roads_lines(gb_context *ctx, const gb_roads *roads,
                                gb_roads_line_set *out);

#ifdef __cplusplus
}
#endif
#endif
