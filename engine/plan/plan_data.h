/*
 * plan_data.h - what the steps of a night compute on: the rows of a workspace
 * as arrays, and the step that is running.
 *
 * A step runs between store_enter() and store_leave() (store_db.h) on one
 * base_run.  The computing modules are called by their public doors, which
 * clear the error and report progress on their own: so they get a quiet
 * context, which shares allocator, language and cancel flag with the real one
 * and hands its error over (plan_take).
 */
#ifndef PLAN_DATA_H
#define PLAN_DATA_H

#include <gridbeat/geo.h>
#include <gridbeat/plan.h>

#include <jansson.h>

#include "base_run.h"
#include "geo_point.h"
#include "store_db.h"
#include "store_load.h"
#include "store_save.h"

/* Streets against straight lines: 1.2 to 1.4 in towns (Ballou et al. 2002). */
#define PLAN_DETOUR 1.3

/* The options of a step with their defaults filled in. */
typedef struct plan_settings {
    gb_plan_options given; /* texts borrowed from the caller */
    int32_t on;            /* the date as a day */
} plan_settings;

typedef struct plan_data {
    gb_workspace *ws;
    base_run *run;
    const gb_roads *roads; /* NULL: none */
    const plan_settings *settings;
    gb_context quiet;
    gb_crs *crs;
    store_branches branches;
    store_managers managers;
    store_places places;
    store_cells cells;
    store_targets targets;
    gb_point *target_at; /* n_targets; metres; 0, 0 without a location */
    double chance_shift; /* of log odds, for a card that has drifted; 0: none */
} plan_data;

/* What to load besides branches, managers and places. */
enum {
    PLAN_NEEDS_TARGETS = 1,
    PLAN_NEEDS_CELLS = 2,
    PLAN_NEEDS_RECENT = 4 /* where the day has no targets of its own, those of
                             the last day that had some */
};

gb_status plan_data_load(plan_data *data, gb_workspace *ws, base_run *run,
                         const gb_roads *roads, const plan_settings *settings,
                         unsigned needs);
/* All customers of a scope in the place of the targets, or the one of that
 * reference; no cells, and nothing in metres. */
gb_status plan_data_customers(plan_data *data, gb_workspace *ws, base_run *run,
                              const plan_settings *settings,
                              store_scope scope, const char *only_ref);
/* Go on with what another step has loaded. */
void plan_data_resume(plan_data *data, base_run *run);
void plan_data_clear(plan_data *data);

/* The status of a call on data->quiet, its error taken over. */
gb_status plan_take(plan_data *data, gb_status status);

/* Degrees to metres of the workspace's system; `from` and `to` of length n. */
gb_status plan_project(plan_data *data, const gb_lonlat *from, size_t n,
                       gb_point *to);

/* Is a target's location good enough to send somebody there? */
bool plan_is_located(const store_target *target);

/* Is the target somebody to send a manager to? */
bool plan_is_field_target(const store_target *target);

/* Must the target be visited, by a rule or an appointment? */
bool plan_is_must(const store_target *target);

/* How long a visit to it takes. */
int32_t plan_service_s(const plan_data *data, size_t target);

/* GB_ERR_NOMEM where jansson had no memory, else GB_OK; takes over `made`. */
gb_status plan_json(base_run *run, json_t *made, json_t **out);

#endif
