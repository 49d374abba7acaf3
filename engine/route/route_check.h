/*
 * route_check.h - the parts of the checker.
 *
 * The checker is written from the public header alone.  It shares no code with
 * the search: it reads the caller's arrays and the public accessors, counts in
 * 64 bits, drives every route again and finds the departure by trying.  (Only
 * whether the problem makes sense is asked of route_data_build(), which
 * computes nothing.)
 *
 *   route_check_drive.c  drives one route
 *   route_check_gain.c   looks for a left-out client that fits at a gain
 *   route_check.c        compares a solution with both
 */
#ifndef ROUTE_CHECK_H
#define ROUTE_CHECK_H

#include <gridbeat/route.h>

#include "base_array.h"

struct gb_route_findings {
    base_mem *mem;
    BASE_ARRAY(char *) lines;
    bool is_short; /* of memory */
};

GB_PRINTF(2, 3)
void check_note(gb_route_findings *findings, const char *format, ...);

/* One item of a route that was driven. */
typedef struct check_visit {
    int64_t arrival, access, start, end, travel, metres, prize;
    uint32_t window, slot;
    bool is_break, is_on_road, is_at_home;
} check_visit;

typedef struct check_figures {
    uint32_t n_clients;
    int64_t depart, end;
    int64_t duration, field, travel, service, access, wait, breaks;
    int64_t metres, leg_points; /* points: the legs' own cost */
    int64_t prize, cost_milli, value_milli;
} check_figures;

typedef struct check_drive {
    const gb_route_problem *problem;
    gb_route_vehicle vehicle;
    check_visit *visits, *more; /* room for all items, twice */
    int64_t base, end;          /* earliest departure; coming home */
    int64_t home_by;
    int64_t last_travel, last_metres, leg_points;
    uint32_t n_clients;
    uint32_t n_on_spot; /* breaks behind the last client, not at home */
    const char *fault;  /* NULL: it can be driven */
    uint32_t fault_item;
} check_drive;

/*
 * Drive the route by the rules of the header; false with `fault` where it
 * cannot be.  Items are known to exist; at least one is a client.  All limits
 * of the vehicle are looked at, and the order of `client_after` inside the
 * route; who else is served, and where, is not.
 */
bool check_drive_route(check_drive *d, const uint32_t *items, uint32_t n,
                       check_figures *figures);

/* Does the vehicle have the skills, the room and the leave to serve it? */
bool check_may_serve(const gb_route_problem *p, uint32_t v, uint32_t c);

gb_route_vehicle check_vehicle_of(const gb_route_problem *p, uint32_t v);

static inline bool check_is_break(uint32_t item)
{
    return item >= GB_ROUTE_BREAK(0);
}

/* A solution while it is looked at. */
typedef struct check {
    const gb_route_problem *problem;
    const gb_route_solution *solution;
    gb_route_findings *findings;
    uint32_t *items, *trial;     /* of the route at hand */
    check_visit *visits, *more;
    uint32_t *vehicle_of;        /* of each client, as seen in the routes */
    uint32_t *item_of;
    uint32_t *group_client;      /* who is served of it; NONE */
    uint64_t *bundle_days;       /* days with a visit */
    int64_t *field;              /* of each vehicle; -1: not used */
    gb_route_summary sum;        /* as recomputed */
} check;

/* The price of the longest route and of the spread over the field times. */
int64_t check_balance(const gb_route_problem *p, const int64_t *field);

/* As gb_route_check(); the certificate takes most of its time. */
gb_status route_check(gb_context *ctx, const gb_route_problem *problem,
                      const gb_route_solution *solution, bool skip_certificate,
                      gb_route_findings **out);

/* A note for each gap into which a left-out client fits at a gain. */
void check_certificate(check *k);

#endif
