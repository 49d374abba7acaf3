/*
 * call_route_day.h - a day that has begun: its plan as it stands, and what
 * happened; for route.replan and route.suggest.
 */
#ifndef CALL_ROUTE_DAY_H
#define CALL_ROUTE_DAY_H

#include <gridbeat/route_replan.h>

#include "base_array.h"
#include "call_route.h"

typedef struct call_route_day {
    call_route r;
    gb_route_file_routes *routes;
    BASE_ARRAY(gb_route_change) changes;
    gb_route_solution *plan;
    gb_route_diff *diff;
} call_route_day;

/* The problem and the plan; call_route_day_end() takes any state. */
gb_status call_route_day_begin(call *c, call_route_day *d);
void call_route_day_end(call_route_day *d);

/* A time of day that a parameter tells; *out stays where it is absent. */
gb_status call_route_take_clock(const call *c, const char *name,
                                int32_t *out);
/* The parameter "day", from 1, as one from 0. */
gb_status call_route_take_day(const call_route *r, uint32_t *out);

/* call_route_changes.c: d->changes, out of all parameters that tell some. */
gb_status call_route_take_changes(call_route_day *d);

/* What both have: the problem, "solution", "clock", "day", "tolerance". */
#define CALL_ROUTE_DAY_PARAMS                                                            \
    CALL_ROUTE_PARAMS,                                                        \
    { .name = "solution", .type = CALL_DOCUMENT, .is_positional = true,       \
      .is_required = true, .help = GB_N("the plan as it stands") },           \
    { .name = "clock", .type = CALL_TEXT,                                     \
      .help = GB_N("now, as 10:30 or in seconds; what began before stays as " \
                   "it is") },                                                \
    { .name = "day", .type = CALL_INT, .min = 1, .max = 64,                   \
      .help = GB_N("today, from 1, where the problem has several days") },    \
    { .name = "tolerance", .type = CALL_DURATION,                             \
      .help = GB_N("how far a promised time may move; 15 min where it is "    \
                   "not given") }

#endif
