/*
 * roads_index.h - an open index: one map, three modes, all of it as it lies
 * in the file, or with speeds of its own.
 */
#ifndef ROADS_INDEX_H
#define ROADS_INDEX_H

#include "roads_metric.h"
#include "roads_spots.h"

enum { ROADS_VERSION = 2 };

/* The bytes of a file, shared by the indexes that are customised from it. */
typedef struct roads_mapping roads_mapping;

/* Weights that are not the file's, shared by indexes: roads_customise.h. */
typedef struct roads_weights roads_weights;

typedef struct roads_mode {
    roads_states states;
    roads_hierarchy hierarchy;
    roads_metric metric;
    roads_weights *weights; /* what `metric` points into; NULL: the file */
    int32_t band;           /* of the profile, that it is of; -1: free flow */
} roads_mode;

struct gb_roads {
    base_mem *mem; /* counted: outlives the context */
    roads_mapping *mapping;
    uint8_t hash[32];
    roads_e7 south_west, north_east;
    uint64_t n_bytes; /* of the file */
    roads_map map;
    roads_mode modes[GB_MODE_COUNT];
    roads_profile profile; /* that the metrics are of */
    gb_roads_line_set lines;
};

roads_weights *roads_weights_ref(roads_weights *weights);
void roads_weights_unref(roads_weights *weights); /* NULL is taken */

static inline roads_view roads_view_of(const gb_roads *roads, int mode)
{
    const roads_mode *m = &roads->modes[mode];

    return (roads_view){ &roads->map, &m->states, &m->hierarchy, &m->metric };
}

#endif
