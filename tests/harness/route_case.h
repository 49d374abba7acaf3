/*
 * route_case.h - small routing problems with everything in them: windows,
 * slots, places, breaks, musts, groups, limits, unreachable pairs; nearly
 * always possible, and always valid.
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
    CASE_SLOTS = 4
};

/* The next number in [0, bound). */
typedef uint32_t (*case_draw_fn)(void *source, uint32_t bound);

typedef struct route_case_size {
    uint32_t n_clients, n_vehicles;
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
} route_case;

/* Exactly as many clients and vehicles as `size` says. */
void route_case_make(route_case *made, route_case_size size,
                     case_draw_fn draw, void *source);

#endif
