/*
 * plan_density.h - the surfaces that a night leaves in the workspace:
 *
 *   dormant  targets to the square kilometre
 *   value    points of their scores to the square kilometre
 *   share    targets among all customers, 0 to 1; 0 also where there are next
 *            to none
 *
 * on one raster; and of each cell the mean where its targets live, at its
 * middle where there are none.
 */
#ifndef PLAN_DENSITY_H
#define PLAN_DENSITY_H

#include "plan_data.h"

/* Targets must be scored.  *result: the layer `dormant`; null without any. */
gb_status plan_density(plan_data *data, json_t **result);

#endif
