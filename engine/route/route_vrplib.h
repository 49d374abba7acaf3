/*
 * route_vrplib.h - inside of the reader of VRPLIB's text: the state that its
 * parts share.  route_vrplib_head.c takes "KEY : VALUE" lines,
 * route_vrplib_rows.c the rows of sections, route_read_vrplib.c tells which is
 * which and puts together what was taken.
 */
#ifndef ROUTE_VRPLIB_H
#define ROUTE_VRPLIB_H

#include "route_scan.h"
#include "route_text.h"
#include "route_vrplib_weights.h"

enum {
    VRPLIB_MOST_VEHICLES = 100000,
    VRPLIB_MOST_SECTIONS = 32,
    VRPLIB_SEEN_XY = 1,
    VRPLIB_SEEN_DEMAND = 2,
    VRPLIB_SEEN_SERVICE = 4,
    VRPLIB_SEEN_PRIZE = 8,
    VRPLIB_SEEN_RELEASE = 16,
    VRPLIB_SEEN_DEPOT = 32
};

typedef struct vrplib {
    gb_context *ctx;
    route_scan scan;
    route_text text;
    route_weights weights;
    gb_route_file *file;
    const gb_route_file_options *options;
    route_word key; /* of the line or section at hand */
    char name[48];  /* the same as text */
    uint64_t seen_specs, seen_sections;
    route_word section_key[VRPLIB_MOST_SECTIONS]; /* where each begins */
    uint32_t n_nodes, n_vehicles; /* 0: untold */
    double capacity[ROUTE_TEXT_LOADS], duration, distance, fixed, per_length;
    uint32_t n_capacities;
    bool has_capacity, has_service, is_exact, has_depots;
    bool has_best;
    double best, service;
    int32_t type_rounding; /* of EUC_2D, CEIL_2D, FLOOR_2D */
} vrplib;

/* A word of the format, and who takes what follows it: the rest of its line,
 * or one row of its section. */
typedef struct vrplib_keyword {
    const char *name;
    gb_status (*take)(vrplib *v);
} vrplib_keyword;

extern const vrplib_keyword ROUTE_VRPLIB_SPECS[];
extern const size_t ROUTE_VRPLIB_N_SPECS;
extern const vrplib_keyword ROUTE_VRPLIB_SECTIONS[];
extern const size_t ROUTE_VRPLIB_N_SECTIONS;

#endif
