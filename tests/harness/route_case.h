/*
 * route_case.h - small routing problems, nearly always possible, and always
 * valid.  Three makers: what a bank's day always has (windows, slots, places,
 * breaks, musts, groups, limits, unreachable pairs), with any features of the
 * whole model added; and the plain families of the literature.
 *
 * Numbers come from a source that the test chooses: a generator, or the bytes
 * of a fuzzer.
 */
#ifndef ROUTE_CASE_H
#define ROUTE_CASE_H

#include <gridbeat/route.h>

enum {
    CASE_CLIENTS = 64,
    CASE_LOCATIONS = 40,
    CASE_VEHICLES = 4,
    CASE_SLOTS = 4,
    CASE_LOADS = 2,
    CASE_KINDS = 2,
    CASE_BANDS = 3,
    CASE_DAYS = 3,
    CASE_PATTERNS = 7
};

/* What may be added to a bank's day: bits of route_case_size.features. */
enum {
    CASE_HAS_LOADS = 1 << 0,
    CASE_HAS_SKILLS = 1 << 1,
    CASE_HAS_RELEASE = 1 << 2,
    CASE_HAS_AFTER = 1 << 3,
    CASE_HAS_BUNDLES = 1 << 4,
    CASE_HAS_KINDS = 1 << 5,
    CASE_HAS_GROUP_MUST = 1 << 6,
    CASE_HAS_MUST_USE = 1 << 7,
    CASE_HAS_LIMITS = 1 << 8, /* of distance and travel time */
    CASE_HAS_SPEED = 1 << 9,
    CASE_HAS_BANDS = 1 << 10,
    CASE_HAS_LEG_COST = 1 << 11,
    CASE_HAS_TRAVEL_COST = 1 << 12,
    CASE_HAS_BALANCE = 1 << 13,
    CASE_HAS_ALL = (1 << 14) - 1
};

/* The plain families. */
typedef enum case_family {
    CASE_CVRP,
    CASE_VRPTW,
    CASE_DURATION, /* CVRP with a limit of duration and service */
    CASE_MDVRP,
    CASE_HFVRP,    /* fixed and running costs by vehicle */
    CASE_PCVRPTW,
    CASE_PVRP,
    CASE_TOPTW,
    CASE_FAMILIES
} case_family;

/* The next number in [0, bound). */
typedef uint32_t (*case_draw_fn)(void *source, uint32_t bound);

typedef struct route_case_size {
    uint32_t n_clients, n_vehicles;
    uint32_t features; /* CASE_HAS_... */
} route_case_size;

typedef struct route_case {
    gb_route_problem problem;
    gb_route_profile profiles[2];
    gb_route_vehicle vehicles[CASE_VEHICLES];
    gb_route_break breaks[CASE_VEHICLES][2];
    int32_t seconds[2][CASE_LOCATIONS * CASE_LOCATIONS];
    int32_t metres[CASE_LOCATIONS * CASE_LOCATIONS];
    int32_t access_s[CASE_LOCATIONS];
    uint32_t location[CASE_CLIENTS], place[CASE_CLIENTS], group[CASE_CLIENTS];
    int32_t service_s[CASE_CLIENTS];
    uint8_t must[CASE_CLIENTS];
    int64_t prize[CASE_CLIENTS];
    uint32_t first_window[CASE_CLIENTS + 1];
    gb_route_window windows[2 * CASE_CLIENTS];
    int32_t slot_start_s[CASE_SLOTS];
    int64_t slot_prize[CASE_CLIENTS * CASE_SLOTS];
    uint32_t first_allowed[CASE_CLIENTS + 1];
    uint32_t allowed[CASE_CLIENTS * CASE_VEHICLES];
    int64_t load[CASE_CLIENTS * CASE_LOADS];
    int64_t capacity[CASE_VEHICLES][CASE_LOADS];
    uint64_t skills[CASE_CLIENTS];
    int32_t release_s[CASE_CLIENTS];
    uint32_t after[CASE_CLIENTS], bundle[CASE_CLIENTS];
    uint32_t first_pattern[CASE_CLIENTS + 1];
    uint64_t patterns[CASE_CLIENTS * CASE_PATTERNS];
    int64_t kind_prize[CASE_KINDS * CASE_CLIENTS * CASE_SLOTS];
    uint8_t group_must[CASE_CLIENTS];
    int32_t band_start_s[CASE_BANDS];
    int32_t band[2][CASE_BANDS][CASE_LOCATIONS * CASE_LOCATIONS];
    const int32_t *band_seconds[2][CASE_BANDS];
    int32_t leg_cost[CASE_LOCATIONS * CASE_LOCATIONS];
} route_case;

/* Exactly as many clients and vehicles as `size` says. */
void route_case_make(route_case *made, route_case_size size,
                     case_draw_fn draw, void *source);

/* One of a plain family; `features` of the size are not looked at. */
void route_case_make_plain(route_case *made, case_family family,
                           route_case_size size, case_draw_fn draw,
                           void *source);

/* The same problem with its clients in the opposite order. */
void route_case_turn(const route_case *from, route_case *turned);

#endif
