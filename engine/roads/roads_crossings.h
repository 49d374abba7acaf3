/*
 * roads_crossings.h - how often streets lead from area to area: what tells a
 * river with bridges from one without.
 *
 * Counted are the streets that routes begin and end on (`use` of a metric).
 * A link counts once for each pair of areas that follow each other along its
 * points; points in no area are passed over, so a bridge counts between its
 * two banks.
 */
#ifndef ROADS_CROSSINGS_H
#define ROADS_CROSSINGS_H

#include "roads_metric.h"

/* How many points these streets have. */
size_t roads_street_points_count(const roads_map *map,
                                 const roads_metric *metric);

/* All of them, link by link. */
void roads_street_points_fill(const roads_map *map,
                              const roads_metric *metric, gb_lonlat *out);

/*
 * Pairs of areas in ascending order; `labels` of the points in that order.
 * *out is to be freed with base_free().
 */
gb_status roads_crossings_find(base_run *run, const roads_map *map,
                               const roads_metric *metric,
                               const uint32_t *labels,
                               gb_roads_crossing **out, size_t *n);

#endif
