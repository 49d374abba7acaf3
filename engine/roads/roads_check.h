/*
 * roads_check.h - an index held to the plain way: tables, pairs and paths by
 * the hierarchy against Dijkstra, between random places.
 */
#ifndef ROADS_CHECK_H
#define ROADS_CHECK_H

#include "roads_index.h"

/* Counts go on from what the report has. */
gb_status roads_check_mode(base_run *run, const gb_roads *roads, gb_mode mode,
                           uint64_t n_pairs, uint64_t seed,
                           gb_roads_check_report *report);

#endif
