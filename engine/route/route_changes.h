/*
 * route_changes.h - a problem to which something happened, with a plan of it
 * under way.
 *
 * The changed problem is made once: what began before the clock becomes a
 * fact (windows and breaks of no width), vehicles leave no earlier than the
 * clock, and the changes are applied.  What is not changed is still the
 * caller's array.  The promises to those who are served are kept beside, as
 * windows that route_changes_promise() puts into a route_data and
 * route_changes_release() takes out again.
 */
#ifndef ROUTE_CHANGES_H
#define ROUTE_CHANGES_H

#include <gridbeat/route_replan.h>

#include "route_result.h"

typedef struct route_own_windows {
    const gb_route_window *windows;
    uint32_t n;
} route_own_windows;

typedef struct route_changes {
    base_arena arena; /* of all that follows */
    gb_route_problem problem;
    const gb_route_solution *now; /* borrowed: the plan as it stands */
    int32_t clock_s, tolerance_s; /* tolerance below 0: no promises */
    uint32_t clock_day;
    gb_route_lock lock;
    uint32_t moving;          /* a client that may be put anywhere; or NONE */

    gb_route_vehicle *vehicles;
    gb_route_profile *profiles;
    gb_route_break *breaks;   /* ROUTE_MOST_BREAKS a vehicle */
    int32_t *service_s;
    uint8_t *must;
    uint64_t *allowed;        /* n_words a client */
    size_t n_words;
    route_own_windows *own, *promised; /* of each client; promised.n 0: none */

    /* Of each client. */
    uint8_t *is_gone;         /* cancelled */
    uint8_t *is_wanted;       /* added */
    uint8_t *is_named;        /* by any change */
    uint8_t *is_forced;       /* outside the budget */
    uint8_t *has_begun;
    /* Of each vehicle. */
    uint32_t *n_begun, *n_frozen;
    uint32_t *extends;        /* item whose end is the clock, for those who
                                 set out from there anew; or NONE */
    int32_t *extended_s, *late_s;
    uint8_t *is_closed;       /* serves nobody but who it has begun with */
    uint8_t *is_absent;
} route_changes;

/*
 * Take the problem and its plan apart; `data` are those of the problem, `now`
 * is the plan.  Set clock, tolerance and lock next.
 */
gb_status route_changes_begin(gb_context *ctx, const gb_route_problem *problem,
                              const route_data *data,
                              const gb_route_solution *now,
                              route_changes *changes);
/*
 * All that happened, and then the facts: changes->problem is whole.  As many
 * first items of each vehicle as `given_frozen` says (NULL: none) are frozen
 * as well.
 */
gb_status route_changes_apply(gb_context *ctx, const gb_route_change *list,
                              size_t n, const uint32_t *given_frozen,
                              route_changes *changes);
void route_changes_clear(route_changes *changes);

/* Memory of the changes, zeroed; NULL: there is none. */
void *route_changes_take(route_changes *changes, size_t count, size_t size);
/* The stops of v as it was. */
const gb_route_stop *route_changes_stops(const route_changes *changes,
                                         uint32_t v);
/* route_changes_roads.c: the legs that the list closes or slows down. */
gb_status route_changes_set_roads(gb_context *ctx, route_changes *changes,
                                  const gb_route_change *list, size_t n);

/* Has v left, by the clock, for the client behind what has begun? */
bool route_changes_is_on_way(const route_changes *changes, uint32_t v);

/*
 * What is found out by driving: v sets out anew at the clock, from where it
 * was last; an item of its route as it was takes longer; client c is served at
 * that time and no other.  The problem changes, and no data built from it.
 */
void route_changes_turn(route_changes *changes, uint32_t v);
void route_changes_lengthen(route_changes *changes, uint32_t v, uint32_t item,
                            int32_t more_s);
gb_status route_changes_pin(gb_context *ctx, route_changes *changes,
                            uint32_t c, int32_t start_s);
/* The list of windows anew, after pinning. */
gb_status route_changes_list_windows(gb_context *ctx, route_changes *changes);

/* The windows of client c in `data`: as promised, or its own. */
void route_changes_promise(const route_changes *changes, route_data *data,
                           uint32_t c);
void route_changes_release(const route_changes *changes, route_data *data,
                           uint32_t c);
/* Write the windows that `data` has into the problem; false: no memory. */
bool route_changes_keep_windows(route_changes *changes,
                                const route_data *data);

#endif
