/*
 * route_replan.h - a plan of a changed problem that is close to the plan
 * before: see gridbeat/route_replan.h.
 *
 * First what must be: the routes as they were, less who is gone; promises are
 * given up, and clients, only where the route cannot be driven otherwise.
 * Then those without a place are put between the others, whose promises, as
 * windows, leave no room for harm.  Then a search spends the budget: it takes
 * some clients out or lets them off their promise, fills up and keeps what is
 * better and within the budget.
 */
#ifndef ROUTE_REPLAN_H
#define ROUTE_REPLAN_H

#include "base_rng.h"
#include "route_changes.h"

typedef struct route_replan {
    base_run *run;
    route_changes *changes;
    route_data data;          /* of the changed problem */
    route_plan plan, trial;   /* the best so far, and what is tried */
    bool has_data, has_plans;
    base_rng rng;
    uint32_t max_changes;
    uint64_t max_iterations, iterations;
    int32_t *start_s, *trial_start_s; /* of each client, as told */
    uint8_t *is_released;     /* let off their promise */
    uint32_t *was_vehicle;    /* before; NONE: not served */
    int32_t *was_s;
    uint32_t *list, *other;   /* items or clients */
    uint32_t *removed, *let_off, *offers; /* clients */
    uint32_t n_removed, n_let_off, n_offers;
    gb_route_stop *stops;     /* of the longest route */
    uint8_t *touched;         /* vehicles where trial is not plan */
    route_worth *waste;       /* of vehicles that set out anew at the clock:
                                 what that alone changes, and they need not if
                                 they go nowhere */
} route_replan;

/* changes->problem is applied; makes data and plans of it. */
gb_status route_replan_begin(base_run *run, route_changes *changes,
                             route_replan *replan);
/* What must change, and nothing else. */
gb_status route_replan_repair(route_replan *replan);
/* Up to max_changes more. */
gb_status route_replan_improve(route_replan *replan);
/* The problem and data are as the plan wants them; then make the result. */
gb_status route_replan_finish(route_replan *replan, gb_route_solution **out);
void route_replan_clear(route_replan *replan);

/* --- what repair, search and suggestions share --- */

typedef struct route_replan_choice {
    uint32_t vehicle, gap; /* vehicle NONE: none yet */
    route_worth change;    /* of all routes */
} route_replan_choice;

/* The best gap of v for c, if it is better than the choice. */
bool route_replan_gap(const route_replan *replan, const route_plan *plan,
                      uint32_t v, uint32_t c, route_replan_choice *choice);
bool route_replan_pays(const route_data *data, uint32_t c,
                       const route_replan_choice *choice);
/* Put c where it is worth most among those vehicles, if it pays. */
bool route_replan_place(const route_replan *replan, route_plan *plan,
                        uint32_t c, const uint8_t *which, uint32_t *vehicle);
/* The worth of all routes, without waste. */
route_worth route_replan_worth(const route_replan *replan,
                               const route_plan *plan);
void route_replan_sort(const route_data *data, uint32_t *clients, uint32_t n);
void route_replan_release(route_replan *replan, uint32_t c);
void route_replan_promise(route_replan *replan, uint32_t c);

#endif
