/*
 * plan_territory.h - the step `territory`: the cells to the managers of all
 * branches.
 *
 * What is shared out are the measures of plan_measure.h, expected work in
 * seconds first (plan_workload.h).  A territory is made for a manager, by
 * branch and reference: its share is the time that he works, its travel the
 * way from his branch by his mode.  plan_division.h tells how.
 */
#ifndef PLAN_TERRITORY_H
#define PLAN_TERRITORY_H

#include "plan_data.h"

typedef enum plan_how {
    PLAN_AFRESH = 0,     /* as good as can be; moving has its price */
    PLAN_MOVE_LEAST = 1, /* back within the tolerance while moving least */
    PLAN_IF_DRIFTED = 2  /* that, but only where the territories in force do
                            not keep the tolerance, and others would */
} plan_how;

/*
 * Data must have targets and cells.  Saves a draft; *version is its number, 0
 * where PLAN_IF_DRIFTED found that what is in force had better stay.
 */
gb_status plan_territories(plan_data *data, plan_how how, int64_t *version,
                           json_t **result);

#endif
