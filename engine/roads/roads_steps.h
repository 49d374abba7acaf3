/*
 * roads_steps.h - what to do where: the streets of a way told as steps.
 *
 * A step goes on as long as nothing has to be told: the name stays, or there
 * is no other way to go.  Turns are told by the change of bearing, and where
 * a straighter way is left.  Roundabouts are one step with the street that
 * they are left by; on foot they are streets like others.  Pieces without a
 * name of under 50 m, as between two carriageways, are no step of their own
 * where it goes straight on.
 */
#ifndef ROADS_STEPS_H
#define ROADS_STEPS_H

#include "roads_profile.h"
#include "roads_spots.h"

struct gb_roads_directions {
    base_mem *mem; /* counted */
    gb_roads_step *steps; /* names are of the map */
    gb_lonlat *points;
    size_t n_steps, n_points;
    gb_roads_path_totals totals;
};

/* What directions are made of. */
typedef struct roads_way_found {
    roads_view view;
    const roads_profile *profile; /* that the metric is of */
    gb_mode mode;
    const gb_roads_place *from, *to;
    const uint32_t *streets; /* of roads_pair_streets() */
    size_t n;
    double weight;
} roads_way_found;

/* GB_OK, GB_ERR_NOMEM; GB_ERR_INFEASIBLE where the weight is no way's. */
gb_status roads_steps_make(gb_context *ctx, const roads_way_found *way,
                           gb_roads_directions **out);
void roads_steps_free(gb_roads_directions *directions); /* NULL is taken */

#endif
