/*
 * plan_drive.h - what a solution of the route module means for a day: stops,
 * the line on the map, and for everybody else why not.
 */
#ifndef PLAN_DRIVE_H
#define PLAN_DRIVE_H

#include "plan_problem.h"

/* Fill day->route, stops, path, figures, and the fates of those visited. */
gb_status plan_drive_route(plan_problem *p,
                           const gb_route_solution *solution);

/* The fates of those whom the solution does not serve. */
gb_status plan_drive_reasons(plan_problem *p,
                             const gb_route_solution *solution);

#endif
