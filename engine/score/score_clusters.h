/*
 * score_clusters.h - clusters of points by density, exact, on checked data.
 *
 * Places (points at one spot are one place with a number) are sorted into
 * cells so small that all in one cell are neighbours; whoever lies within the
 * radius is then in one of the 25 cells about.  A cell with enough points has
 * only cores; cells are joined as wholes, by the first pair of cores that is
 * near enough.  The plain twin (tests) compares all pairs of points.
 */
#ifndef SCORE_CLUSTERS_H
#define SCORE_CLUSTERS_H

#include <gridbeat/spots.h>

#include "base_run.h"

gb_status score_clusters(base_run *run, const gb_point *points, size_t n,
                         double radius_m, uint32_t min_points,
                         uint32_t *clusters, uint8_t *cores,
                         uint32_t *n_clusters);

#endif
