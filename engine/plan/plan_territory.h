/*
 * plan_territory.h - the step `territory`: the cells to the managers of all
 * branches.
 *
 * The measure shared out is expected work in seconds (plan_workload.h).
 *
 * Territory i is made for manager i, by branch and reference: its share is the
 * time that he works, its travel the way from his branch by his mode.
 */
#ifndef PLAN_TERRITORY_H
#define PLAN_TERRITORY_H

#include "plan_data.h"

typedef enum plan_how {
    PLAN_AFRESH = 0,    /* as good as can be; moving has its price */
    PLAN_MOVE_LEAST = 1 /* back within the tolerance while moving least */
} plan_how;

/* Data must have targets and cells.  Saves a draft; *version is its number. */
gb_status plan_territories(plan_data *data, plan_how how, int64_t *version,
                           json_t **result);

#endif
