/*
 * route_file_internal.h - a problem while it is read: readers add locations,
 * clients and vehicles; what they add may point into the file's arena, so
 * that nobody frees by hand.  route_file_finish() turns the rows into the
 * arrays of a gb_route_problem and leaves NULL where all is default.
 *
 *   windows = route_file_alloc(ctx, file, n, sizeof *windows) -> NULL: failed
 *   route_file_client client = ROUTE_FILE_CLIENT_INIT;
 *   client.location = ...; client.windows = windows; client.n_windows = n;
 *   status = route_file_add_client(ctx, file, &client);
 *   ...
 *   status = route_file_finish(ctx, file);
 *
 * A format is a row of ROUTE_FILE_FORMATS (route_file_formats.c).
 */
#ifndef ROUTE_FILE_INTERNAL_H
#define ROUTE_FILE_INTERNAL_H

#include <gridbeat/route_file.h>

#include "base_array.h"
#include "base_context.h"
#include "base_text.h"

enum {
    ROUTE_FILE_MOST_LOCATIONS = 20000, /* a matrix of 1.6 GB */
    ROUTE_FILE_MOST_BYTES = 256 << 20
};

/* All pointers: into the arena, or NULL for the default. */
typedef struct route_file_client {
    uint32_t location;
    uint32_t place, group, after, bundle; /* GB_ROUTE_NONE: none */
    int32_t service_s, release_s;
    int64_t prize;
    uint64_t skills;
    bool is_must;
    uint32_t n_windows;
    const gb_route_window *windows;
    bool is_limited;           /* to allowed[0 .. n_allowed) */
    uint32_t n_allowed;
    const uint32_t *allowed;   /* in rising order */
    const int64_t *loads;      /* n_loads of the problem; NULL: all 0 */
    const int64_t *slot_prizes; /* n_slots of the problem */
    const int64_t *kind_prizes; /* n_prize_kinds * max(n_slots, 1) */
    const char *name;          /* NULL: its number */
    uint32_t number;           /* in a .sol; 0: client + 1 */
} route_file_client;
#define ROUTE_FILE_CLIENT_INIT { 0, GB_ROUTE_NONE, GB_ROUTE_NONE,            \
                                 GB_ROUTE_NONE, GB_ROUTE_NONE, 0, 0, 0, 0,   \
                                 false, 0, 0, false, 0, 0, 0, 0, 0, 0, 0 }

struct gb_route_file {
    base_mem *mem; /* its own reference */
    base_arena arena;
    gb_route_file_facts facts; /* facts.size is that of the library */
    gb_route_problem problem;  /* n_locations, n_profiles, profiles, places,
                                  slots, n_loads, n_prize_kinds, group_must,
                                  bundles' patterns, longest and spread are
                                  set by the reader; the rest by finish */
    BASE_ARRAY(gb_route_vehicle) vehicles;
    BASE_ARRAY(const char *) vehicle_names; /* as many; NULL: its number */
    BASE_ARRAY(route_file_client) clients;
    double *xy;           /* 2 a location; NULL: untold */
    uint32_t *vehicle_depot, *vehicle_of_day; /* of a text format with several
                             depots or days: the number from 1; else NULL */
    bool has_numbered_vehicles; /* .sol: Route #k is vehicle k */
    bool counts_uncollected;    /* prizes left are cost */
    /*
     * Where prizes put one thing before another (VROOM's priorities, then
     * jobs, then cost): so many points are prize_step of the prize that people
     * know, and what is left of the points is the rest.  0: points are it.
     */
    int64_t points_a_step, prize_step;
    bool is_prize_count; /* a job is points_a_step, and nothing else is */
    void *own; /* what a JSON format keeps to write its answer; in the arena */
};

/* Routes read from a solution. */
struct gb_route_file_routes {
    base_mem *mem;
    gb_route_order order;
    uint32_t *first, *items; /* of order */
    uint32_t *frozen;        /* of order, or NULL */
    int64_t told;
    bool has_told;
};

/* Zeroed memory of the arena; NULL: no memory, and the error is set. */
void *route_file_alloc(gb_context *ctx, gb_route_file *file, size_t count,
                       size_t size);
/* A copy in the arena with '\0' behind it. */
char *route_file_strndup(gb_context *ctx, gb_route_file *file,
                         const char *text, size_t n);
/* A matrix of n_locations^2 zeros. */
int32_t *route_file_matrix(gb_context *ctx, gb_route_file *file);

gb_status route_file_add_client(gb_context *ctx, gb_route_file *file,
                                const route_file_client *client);
/* name: NULL or in the arena. */
gb_status route_file_add_vehicle(gb_context *ctx, gb_route_file *file,
                                 const gb_route_vehicle *vehicle,
                                 const char *name);
/* After this the file is immutable. */
gb_status route_file_finish(gb_context *ctx, gb_route_file *file);

/* What a reader is given. */
typedef struct route_file_source {
    const char *bytes; /* '\0' behind them */
    size_t n;
    const char *name;  /* for messages: "file.vrp" */
    gb_route_file_options options;
} route_file_source;

/*
 * A format: NULL where it is not offered.  `read` fills an empty file (and
 * calls route_file_finish), `write` appends the solution, `figures` fills all
 * but size (NULL: as the text formats do), `read_routes` gets the arrays of
 * `routes` with route_file_routes_fill().
 */
typedef struct route_file_format {
    const char *name;
    gb_status (*read)(gb_context *ctx, const route_file_source *source,
                      gb_route_file *file);
    gb_status (*write)(gb_context *ctx, const gb_route_file *file,
                       const gb_route_solution *solution, base_text *text);
    gb_status (*read_routes)(gb_context *ctx, const gb_route_file *file,
                             const route_file_source *source,
                             gb_route_file_routes *routes);
    gb_status (*figures)(gb_context *ctx, const gb_route_file *file,
                         const gb_route_solution *solution,
                         gb_route_file_figures *out);
} route_file_format;

enum { ROUTE_FILE_N_FORMATS = GB_ROUTE_FORMAT_JSON + 1 };
extern const route_file_format ROUTE_FILE_FORMATS[ROUTE_FILE_N_FORMATS];

/* What the bytes are; GB_ROUTE_FORMAT_AUTO where nothing speaks for any. */
int32_t route_file_guess(const char *bytes, size_t n);
/* Of text that begins with '{': VROOM or JSON. */
int32_t route_json_guess(const char *bytes, size_t n);

/*
 * Take items vehicle by vehicle: `vehicle[i]` goes with `items[i]`, which
 * keep their order.  Breaks may be among the items.  Refuses a client that is
 * there twice.
 */
gb_status route_file_routes_fill(gb_context *ctx, const gb_route_file *file,
                                 const uint32_t *vehicle,
                                 const uint32_t *items, size_t n,
                                 gb_route_file_routes *routes);

#endif
