/*
 * roads_reach.h - what can be reached within some seconds, as lengths of
 * streets and as areas; and which of several centres is nearest.
 */
#ifndef ROADS_REACH_H
#define ROADS_REACH_H

#include "geo_shape.h"
#include "roads_spots.h"

struct gb_roads_reached {
    base_mem *mem; /* counted */
    geo_shapes areas; /* one shape a limit, in degrees */
    int64_t *metres;
    size_t n;
};

/* The query is sound: places of the view's mode, limits ascending. */
gb_status roads_reach_find(base_run *run, roads_view view,
                           const gb_roads_reach_query *query,
                           gb_roads_reached **out);
void roads_reach_free(gb_roads_reached *reached); /* NULL is taken */

/* See gb_roads_catchments(); `seconds` may be NULL. */
gb_status roads_catchments_find(base_run *run, roads_view view,
                                const gb_roads_place *centres,
                                size_t n_centres,
                                const gb_roads_place *points, size_t n_points,
                                uint32_t *owner, int32_t *seconds);

#endif
