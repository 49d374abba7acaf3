/*
 * plan_day.h - the step `plan`: every target of a date to exactly one state.
 *
 * First what can be said without a route (another channel, no location, no
 * owner, owner away), then each manager's routes, then one plan that is saved
 * whole.  The counts by state add up to the targets, or the step fails: the
 * save checks it once more.
 */
#ifndef PLAN_DAY_H
#define PLAN_DAY_H

#include "plan_data.h"

/* Data must have targets and cells. */
gb_status plan_day(plan_data *data, int64_t *n_musts_missed, json_t **result);

#endif
