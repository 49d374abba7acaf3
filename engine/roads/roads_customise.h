/*
 * roads_customise.h - the index of a file with other speeds.
 *
 * Map, states and hierarchy stay where they are, in the mapped file; a mode
 * whose speeds change gets weights of its own, counted, so that an index made
 * from another shares those that stay.
 */
#ifndef ROADS_CUSTOMISE_H
#define ROADS_CUSTOMISE_H

#include "roads_index.h"

/*
 * `mode` -1: all.  `band` is one of the profile's, or -1.  The profile agrees
 * with that of the index in what states depend on.
 */
gb_status roads_customise(base_run *run, const gb_roads *roads, int mode,
                          const roads_profile *profile, int band,
                          gb_roads **out);

/* See gb_roads_arrival_s(). */
int32_t roads_arrival_s(const gb_roads_hours *hours, size_t n_hours,
                        int32_t depart_s);

#endif
