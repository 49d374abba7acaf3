/*
 * plan_spots.h - where targets keep company: what a night finds beside the
 * density, and leaves in the workspace.
 *
 * Hot and cold spots among the cells (Gi*) and cells like or unlike their
 * neighbours (local Moran), each with a rate of false discoveries, of
 *
 *   dormant  targets in a cell
 *   value    points of their scores
 *   share    targets among all customers, beyond what chance makes of so many
 *            (gb_spots_rates); unknown where nobody lives
 *
 * Numbers are those of the cell, whatever its size: where targets stand thick
 * is told by the density and the clusters, and share takes out how many people
 * live there.
 *
 * And clusters of targets by density, with outlines.
 */
#ifndef PLAN_SPOTS_H
#define PLAN_SPOTS_H

#include "plan_data.h"

/* Targets must be scored.  *result: counts of each; null without targets. */
gb_status plan_spots(plan_data *data, json_t **result);

#endif
