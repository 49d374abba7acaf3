/*
 * roads_flood.h - plain Dijkstra from many places at once, up to a limit: how
 * far each state is from the nearest, and which that is.
 */
#ifndef ROADS_FLOOD_H
#define ROADS_FLOOD_H

#include "base_heap.h"
#include "base_run.h"
#include "roads_spots.h"

typedef struct roads_flood {
    roads_view view;
    double *weights;  /* of states; CLOSED */
    uint32_t *owners; /* of states: the place; of equally near ones the
                       * first */
    base_heap heap;
} roads_flood;

/* From all places of `spots`; clear `out` in any case. */
gb_status roads_flood_run(base_run *run, roads_view view,
                          const roads_spots *spots, double limit,
                          roads_flood *out);
void roads_flood_clear(base_mem *mem, roads_flood *flood);

#endif
