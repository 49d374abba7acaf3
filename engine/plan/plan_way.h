/*
 * plan_way.h - is a route longer than the habit would be?
 *
 * The habit is to go on to the nearest stop, whatever its hours.  A route that
 * runs to and fro for the sake of hours is cut down until it is no longer than
 * the habit on what is left of its stops.
 */
#ifndef PLAN_WAY_H
#define PLAN_WAY_H

#include "plan_problem.h"

/* The clients of a route in order; breaks are put in again by the module. */
typedef struct plan_way {
    uint32_t *clients;
    size_t n;
    bool *is_left; /* scratch: n_locations, all false between calls */
} plan_way;

/* The clients of a solution; `w` is zeroed, its memory the day's arena. */
gb_status plan_way_read(plan_problem *p, const gb_route_solution *solution,
                        plan_way *w);

/* Seconds of the way by the habit through all its stops. */
int64_t plan_way_habit_s(const plan_problem *p, plan_way *w);

/*
 * Leave out, one by one, the stay whose loss costs least for each second of
 * the way that it saves, until the way is no longer than the habit.  Stays
 * with a must remain: false when it is longer even so.
 */
bool plan_way_cut(const plan_problem *p, plan_way *w);

#endif
