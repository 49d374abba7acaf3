/*
 * hourly_day.h - days like a bank's, drawn from a seed: managers of two
 * branches, clients worth more at some hours than at others, lunch, windows
 * for half of them, and a price on time; compounds with a set-up and several
 * days where asked for.
 */
#ifndef HOURLY_DAY_H
#define HOURLY_DAY_H

#include <gridbeat/gridbeat.h>

typedef struct hourly_day {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_break *breaks; /* of each day: lunch, tea */
    int32_t *seconds;
    gb_route_vehicle *managers; /* day after day */
    uint32_t *location, *place, *first_window;
    gb_route_window *windows;
    int32_t *service_s, *access_s, *slot_start_s;
    int64_t *prize;
    int64_t *flat_prize; /* of a client, at any hour */
} hourly_day;

typedef struct hourly_size {
    uint32_t managers, clients; /* 0: 5 to 10 and 100 to 180 are drawn */
    uint32_t days;              /* 1 to 10 */
    uint32_t compounds;         /* 0: everybody lives alone */
    bool flat;                  /* each is worth the same all day */
    bool tea;                   /* a second break: 15 minutes after 14:30 */
} hourly_size;

/* Ends the program where there is no memory. */
void hourly_day_make(hourly_day *d, uint64_t seed, const hourly_size *size);
void hourly_day_clear(hourly_day *d);

#endif
