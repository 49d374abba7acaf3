/*
 * route_text.h - what the text formats have in common: nodes on a plane (or a
 * matrix), demands, times, vehicles, in the file's own units.
 *
 * A reader fills a route_text; route_text_build() scales, rounds and makes
 * the problem of it.  Depots and clients are nodes; node i is location i.
 */
#ifndef ROUTE_TEXT_H
#define ROUTE_TEXT_H

#include "route_file_internal.h"

enum { ROUTE_TEXT_LOADS = 8 };

typedef enum route_metric {
    ROUTE_METRIC_EUCLID = 0,
    ROUTE_METRIC_MANHATTAN,
    ROUTE_METRIC_CHEBYSHEV,
    ROUTE_METRIC_GEO,     /* TSPLIB's, in kilometres */
    ROUTE_METRIC_ATT,     /* TSPLIB's: tenths of the square, then the root */
    ROUTE_METRIC_EXPLICIT /* text->weight */
} route_metric;

typedef struct route_text_node {
    double x, y;
    double demand[ROUTE_TEXT_LOADS];
    double service, early, late, prize, release;
    uint32_t number;        /* in a solution */
    uint32_t group;
    uint32_t n_more_windows; /* in text->windows, beside early and late */
    uint32_t visits, first_pattern, n_patterns; /* PVRP; visits 1: else */
    bool is_depot, is_must, has_window;
    uint8_t seen;           /* a reader's own */
} route_text_node;

typedef struct route_text_window {
    uint32_t node;
    double early, late;
} route_text_window;

typedef struct route_text_vehicle {
    uint32_t depot; /* a node */
    uint32_t day, depot_number;
    double capacity[ROUTE_TEXT_LOADS]; /* below 0: no limit */
    double duration, distance;         /* 0: no limit */
    double fixed, per_length;          /* 1: a unit a unit */
} route_text_vehicle;

typedef struct route_text {
    gb_context *ctx;
    base_mem *mem;
    const char *name; /* of the file, for messages */
    BASE_ARRAY(route_text_node) nodes;
    BASE_ARRAY(route_text_vehicle) vehicles;
    BASE_ARRAY(route_text_window) windows;
    BASE_ARRAY(uint64_t) patterns;
    /* Clients that a vehicle may serve, as pairs; a vehicle without any may
     * serve all. */
    BASE_ARRAY(uint32_t) allowed_vehicle;
    BASE_ARRAY(uint32_t) allowed_node;
    route_metric metric;
    void *matrix; /* of an explicit metric, with: */
    double (*weight)(const void *matrix, size_t n, size_t i, size_t j);
    uint32_t n_loads, n_days;
    bool has_groups;
    bool has_time;      /* windows, limits of duration, releases */
    bool round_time_up; /* durations up, lengths by `rounding` */
    bool has_cost;      /* lengths cost */
    uint32_t scale;
    uint32_t prize_scale; /* 0: as scale */
    int32_t rounding;
} route_text;

void route_text_init(route_text *text, gb_context *ctx, const char *name);
void route_text_clear(route_text *text);
gb_status route_text_build(route_text *text, gb_route_file *file);

/* The number of vehicles that does not bind where no file tells one. */
uint32_t route_text_free_fleet(const route_text *text,
                               const double *capacity);
/* A value in units, by the text's rounding. */
double route_text_scaled(const route_text *text, double value);
/* Lengths in the file's units, for readers that look first. */
double route_text_length(const route_text *text, size_t i, size_t j);

/* As route_data.c has them. */
enum {
    ROUTE_TEXT_MOST_SECONDS = 10000000,
    ROUTE_TEXT_MOST_METRES = 100000000,
    ROUTE_TEXT_MOST_CLOCK_S = 100000000,
    ROUTE_TEXT_MOST_POINTS = 1000000000
};

/* Parts of route_text_build(). */
double route_text_rounded(double value, int32_t rounding);
double route_text_load_scale(const route_text *text);
gb_status route_text_window_of(const route_text *text, size_t node,
                               double early, double late,
                               gb_route_window *out);
gb_status route_text_profile(const route_text *text, gb_route_file *file);
gb_status route_text_clients(route_text *text, gb_route_file *file,
                             double scale);

#endif
