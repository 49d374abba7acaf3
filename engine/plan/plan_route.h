/*
 * plan_route.h - one manager's day: from candidates to a driven route.
 *
 * Locations are the gates of places (a customer without a place is a location
 * of his own); access is the place's and paid once a stay.  The prize of a
 * visit is the customer's points times the chance to meet him in that slot of
 * the day, in whole points.
 *
 * Everything is read from plan_data and the road index, which no one changes
 * meanwhile; so managers are planned on several threads, each with a context
 * of its own.
 */
#ifndef PLAN_ROUTE_H
#define PLAN_ROUTE_H

#include <gridbeat/route.h>

#include "plan_data.h"
#include "plan_horizon.h"
#include "plan_presence.h"

/* At most this many searches are made for the route of a manager. */
enum { PLAN_SEARCHES = 4 };

/* Shared by all managers of a day; read only. */
typedef struct plan_prizes {
    size_t n_slots;
    const int32_t *slot_borders_s; /* n_slots + 1 */
    const int16_t *permille;       /* kinds of day x n_targets x n_slots */
    size_t n_targets;
    int64_t search_limit_ms;       /* of each search for a route; 0: none */
    const plan_horizon *horizon;
} plan_prizes;

/* The chances of a target by slot on a kind of day. */
static inline const int16_t *plan_prizes_of(const plan_prizes *prizes,
                                            int day_kind, size_t target)
{
    return prizes->permille
           + ((size_t)day_kind * prizes->n_targets + target)
                 * prizes->n_slots;
}

/* In place of a state: what was said of the target before holds. */
enum { PLAN_AS_IT_WAS = -1 };

/* Where a candidate ended; targets are indices of data->targets. */
typedef struct plan_fate {
    uint32_t target;
    int32_t state;        /* store_plan_state */
    uint32_t stop;        /* within the manager's stops; STORE_NONE */
    int32_t until;        /* of the deferred; STORE_NO_DAY: as it was found */
    const char *reason;   /* a literal */
    const char *json;     /* in the arena; NULL: no figures */
} plan_fate;

/* What came of a manager's day. */
typedef struct plan_manager_day {
    base_arena arena;
    uint32_t manager;
    uint32_t *candidates; /* in: targets, in the caller's arena */
    size_t n_candidates;
    plan_fate *fates;     /* n_candidates, in their order */
    store_route route;    /* n_stops 0: nobody is visited */
    store_stop *stops;
    gb_lonlat *path;
    size_t n_stops, n_path;
    int64_t n_musts_missed;
    int64_t prize, field_s;               /* of the route */
    int64_t greedy_prize, greedy_field_s; /* of the list by balance */
    int64_t greedy_travel_s;
    int64_t met_permille, greedy_met_permille; /* sums of chances: visits at
                                                  which somebody is met */
    int64_t travel_s, nearest_travel_s;   /* of the same stops */
    int64_t way_price_per_h;              /* at which they were found */
    bool is_flat;                         /* without regard to the hours */
} plan_manager_day;

/* `worker` is the run of the thread.  The arena stays the caller's to clear. */
gb_status plan_manager_solve(const plan_data *data, const plan_prizes *prizes,
                             base_run *worker, plan_manager_day *day);

#endif
