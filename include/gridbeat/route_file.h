/*
 * gridbeat/route_file.h - routing problems and their answers as files: the
 * formats of the field, and our own.
 *
 * A file is read whole into a gb_route_file, which holds a gb_route_problem
 * and what belongs to it: names, places on a plane, and how the file counts.
 * The problem goes to gb_route_solve() and its like; the answer is written in
 * the form that users of the format know.
 *
 * Published best values depend on how lengths are rounded.  So that they can
 * be compared, one point of cost is one unit of the instance as its field
 * counts it, metres are lengths in that unit, and cost_per_m_milli is 1000:
 *
 *  - VRPLIB without windows: lengths rounded to the nearest integer.
 *  - VRPLIB with a matrix (EXPLICIT) and times of whole numbers: as they are.
 *  - VRPLIB with TIME_WINDOW_SECTION and one depot, Solomon,
 *    Gehring-Homberger: lengths and times * 10, truncated (the DIMACS
 *    challenge's convention; 827.3 is 8273 units).  Prizes * 10, too.
 *  - VRPLIB with several depots or a limit of duration or length (DISTANCE,
 *    VEHICLES_MAX_DURATION, VEHICLES_MAX_DISTANCE): lengths, times, costs and
 *    prizes * 1000, each to the nearest.
 *  - Cordeau's MDVRP and PVRP (published in double precision): lengths
 *    * 10000 to the nearest, durations * 10000 rounded up, so that a plan
 *    that keeps its limits here keeps them there.
 *  - TOPTW: lengths and times * 10 (the points of Solomon) or * 100 (those of
 *    Cordeau, with a decimal point), truncated; the prize is in its own
 *    units, and nothing costs anything.
 *  - VROOM's JSON and our own: as their units say.
 *
 * Formats without times have seconds that are lengths (coarser where those
 * are too long for a clock) and shifts that never bind.
 *
 * The number of vehicles is the file's.  Where it tells none it is one that
 * does not bind: 1.3 times what the loads need at least and ten more, never
 * more than there are clients; one for TOPTW.
 */
#ifndef GRIDBEAT_ROUTE_FILE_H
#define GRIDBEAT_ROUTE_FILE_H

#include <gridbeat/route.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gb_route_format {
    GB_ROUTE_FORMAT_AUTO = 0, /* told from the content */
    GB_ROUTE_FORMAT_VRPLIB = 1,
    GB_ROUTE_FORMAT_SOLOMON = 2, /* and Gehring-Homberger */
    GB_ROUTE_FORMAT_CORDEAU = 3, /* MDVRP and PVRP */
    GB_ROUTE_FORMAT_TOPTW = 4,   /* the text of KU Leuven */
    GB_ROUTE_FORMAT_VROOM = 5,
    GB_ROUTE_FORMAT_JSON = 6     /* our own */
} gb_route_format;

/** "vrplib" and so on; NULL for what is none.  Any thread. */
GB_API const char *gb_route_format_name(int32_t format);
/** The format of that name; false, with *format left, when there is none. */
GB_API bool gb_route_format_parse(const char *name, int32_t *format);

/** A problem that was read: owns everything, immutable, any thread reads. */
typedef struct gb_route_file gb_route_file;

/** How lengths become integers. */
typedef enum gb_route_rounding {
    GB_ROUTE_ROUNDING_CONVENTION = 0, /* as above */
    GB_ROUTE_ROUNDING_NEAREST = 1,
    GB_ROUTE_ROUNDING_DOWN = 2,
    GB_ROUTE_ROUNDING_UP = 3
} gb_route_rounding;

/**
 * Travel between places that a file tells by coordinates alone (VROOM's JSON
 * without matrices, which VROOM sends to a router).
 *
 * @param profile  The file's word for the way of travel: "car" and the like.
 * @param lonlat   Longitude and latitude of n places, in degrees.
 * @param seconds, metres  To be filled: n rows of n, from row to column;
 *                 GB_ROUTE_UNREACHABLE in seconds where there is no way.
 * @return GB_OK; else the reading fails with it.
 */
typedef gb_status (*gb_route_travel_fn)(void *user, gb_context *ctx,
                                        const char *profile,
                                        const double *lonlat, size_t n,
                                        int32_t *seconds, int32_t *metres);

typedef struct gb_route_file_options {
    size_t size;
    int32_t format;       /* gb_route_format */
    uint32_t n_vehicles;  /* 0: the file's.  Above: so many, where all of the
                             file are alike (of each depot and each day where
                             it has several); else GB_ERR_ARGUMENT */
    int32_t rounding;     /* gb_route_rounding; of the text formats */
    uint32_t scale;       /* units a unit of the file, 1 to 100000; 0: by
                             convention; of the text formats */
    gb_route_travel_fn travel; /* NULL: such files are refused */
    void *travel_user;
} gb_route_file_options;
#define GB_ROUTE_FILE_OPTIONS_INIT { sizeof(gb_route_file_options), 0, 0, 0, 0, \
                                     0, 0 }

/**
 * Read a problem.
 *
 * @param path     Of a file of 256 MB at most.
 * @param options  NULL for all defaults.
 * @param out      The problem, or NULL when the call fails.
 * @return GB_OK; GB_ERR_OPTIONS, GB_ERR_ARGUMENT for options out of range;
 *         GB_ERR_NOT_FOUND, GB_ERR_IO; GB_ERR_PARSE for text that is not of
 *         the format, GB_ERR_DATA for what it says and cannot be, both with
 *         file, line and column, and with the word that may have been meant;
 *         GB_ERR_NOMEM.
 *
 * Ownership: free *out with gb_route_file_free().
 * Threads: one thread a context.
 * Cost: O(bytes + locations^2); four or eight bytes a pair of locations.
 * Since: 0.1.
 */
GB_API gb_status gb_route_file_read(gb_context *ctx, const char *path,
                                    const gb_route_file_options *options,
                                    gb_route_file **out);

/** The same of bytes in memory; `name` stands for the file in messages. */
GB_API gb_status gb_route_file_read_memory(gb_context *ctx, const void *bytes,
                                           size_t n_bytes, const char *name,
                                           const gb_route_file_options *options,
                                           gb_route_file **out);

/** Free it; NULL is taken. */
GB_API void gb_route_file_free(gb_route_file *file);

/** The problem, borrowed from the file.  Any thread. */
GB_API const gb_route_problem *
gb_route_file_problem(const gb_route_file *file);

/** What a file says of itself.  Set size before asking. */
typedef struct gb_route_file_facts {
    size_t size;
    int32_t format;         /* gb_route_format, never AUTO */
    const char *name;       /* what the file calls itself, or its file name */
    const char *variant;    /* "CVRP", "VRPTW", "PVRP" and so on */
    uint32_t n_customers;   /* clients, those of a bundle counted once */
    uint32_t n_depots;      /* locations where vehicles start or end */
    uint32_t n_days;        /* 1 where the file knows no days */
    uint32_t scale;         /* units a unit of the file */
    int32_t rounding;       /* gb_route_rounding of lengths, never 0 */
    bool is_prize;          /* answers are compared by the prize collected,
                               the more the better; else by cost */
    bool is_fleet_free;     /* the number of vehicles was made up */
    bool has_best_known;    /* the file tells a best value */
    uint32_t published_per; /* units a published unit: a published 827.3 is
                               8273 units where this is 10 */
    int64_t best_known;     /* in units */
} gb_route_file_facts;

/** False when out->size is of no known version.  Any thread. */
GB_API bool gb_route_file_facts_get(const gb_route_file *file,
                                    gb_route_file_facts *out);

/**
 * Names as the file has them: of a client the number that stands for it in a
 * solution, or its id or description; of a vehicle its number, from 1, or its
 * id.  NULL when there is no such one.  Visits after the first of a customer
 * who is visited several times have "#2" and so on behind it.  Any thread.
 */
GB_API const char *gb_route_file_client_name(const gb_route_file *file,
                                             uint32_t client);
GB_API const char *gb_route_file_vehicle_name(const gb_route_file *file,
                                              uint32_t vehicle);

/** Where a location is on the plane (or lon, lat); false when untold. */
GB_API bool gb_route_file_location(const gb_route_file *file,
                                   uint32_t location, double *x, double *y);

/** A solution in the instance's own figures.  Set size before asking. */
typedef struct gb_route_file_figures {
    size_t size;
    int64_t figure;      /* what best values are compared with, in units: the
                            cost or, where the facts say is_prize, the prize */
    int64_t cost;        /* length, fixed and other costs, and the prizes not
                            collected where the format counts them */
    int64_t length;      /* of all routes */
    int64_t prize;       /* collected */
    int64_t uncollected; /* of clients that are not served */
    uint32_t n_routes;
    uint32_t n_unserved;
    uint32_t n_musts_unserved; /* above 0: not to be compared */
} gb_route_file_figures;

/**
 * @return GB_OK; GB_ERR_OPTIONS for a size of no known version;
 *         GB_ERR_ARGUMENT when the solution is of another problem.
 */
GB_API gb_status gb_route_file_figures_get(gb_context *ctx,
                                           const gb_route_file *file,
                                           const gb_route_solution *solution,
                                           gb_route_file_figures *out);

/**
 * A solution as text, with '\0' behind it.
 *
 * The text formats have the form of CVRPLIB's .sol: "Route #1: 31 46 35", a
 * line a route, then "Cost 27591".  Numbers are those of the clients in the
 * file less one in VRPLIB (where the depot is 1), as they are in the others.
 * The number behind # is the vehicle's, and vehicles without clients have a
 * line, where vehicles differ; else routes are counted through.  With several
 * depots or days these follow: "Route #5 (depot 2): 7 9".  The cost is the
 * published figure, with a decimal point where published_per is above 1;
 * prizes not collected are in it.  Where answers are compared by prize the
 * last line is "Prize 298".  Customers left out stand in a line "Unserved: "
 * before it, where there are any.
 *
 * @param format    What to write: 0 for that of the file; VROOM's answer and
 *                  our own JSON for any file, too.
 * @param buffer    NULL with a capacity of 0 to ask for the size.
 * @param needed    Bytes that it takes, with the '\0'.
 * @return GB_OK; GB_ERR_BUFFER when capacity < *needed, with *needed set;
 *         GB_ERR_ARGUMENT when the solution is of another problem, or the
 *         format cannot hold it; GB_ERR_NOMEM.
 */
GB_API gb_status gb_route_file_solution_text(gb_context *ctx,
                                             const gb_route_file *file,
                                             const gb_route_solution *solution,
                                             int32_t format, char *buffer,
                                             size_t capacity, size_t *needed);

/** Routes that were read: to check, to start from.  Immutable. */
typedef struct gb_route_file_routes gb_route_file_routes;

/**
 * Read a solution of the problem: of the form that gb_route_file_solution_text
 * writes ("Cost: 27591" and "Cost 27591" are both right), or VROOM's answer,
 * or our own JSON, told from its content.
 *
 * Route #k is that of vehicle k where there are several kinds; "(depot 2)" and
 * "(day 3)" send it to the next free vehicle of these.  What cannot be driven
 * is no matter of the reader: gb_route_evaluate() says it.
 *
 * @return as gb_route_file_read().  GB_ERR_DATA also for a client that the
 *         problem has not, or that is served twice, and for more routes than
 *         vehicles.
 *
 * Ownership: free *out with gb_route_file_routes_free(); it borrows nothing.
 */
GB_API gb_status gb_route_file_read_solution(gb_context *ctx,
                                             const gb_route_file *file,
                                             const char *path,
                                             gb_route_file_routes **out);

/** The same of bytes in memory; `name` stands for the file in messages. */
GB_API gb_status gb_route_file_read_solution_memory(
    gb_context *ctx, const gb_route_file *file, const void *bytes,
    size_t n_bytes, const char *name, gb_route_file_routes **out);

GB_API void gb_route_file_routes_free(gb_route_file_routes *routes);

/** As options->start and gb_route_evaluate() take them.  Borrowed. */
GB_API const gb_route_order *
gb_route_file_routes_order(const gb_route_file_routes *routes);

/**
 * The cost or prize that the solution tells of itself, in units; false when
 * it tells none.
 */
GB_API bool gb_route_file_routes_told(const gb_route_file_routes *routes,
                                      int64_t *figure);

#ifdef __cplusplus
}
#endif
#endif
