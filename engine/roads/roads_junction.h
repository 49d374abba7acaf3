/*
 * roads_junction.h - what a junction looks like to who passes it.
 */
#ifndef ROADS_JUNCTION_H
#define ROADS_JUNCTION_H

#include "roads_spots.h"

/* No turn to tell: one just goes on. */
enum { ROADS_GO_ON = -1 };

/* Change of bearing from one street into another, in 1/256 of a circle:
 * -127 to 128, above 0 to the right. */
int roads_turn_angle(const roads_map *map, uint32_t from, uint32_t into);

/*
 * The turn (gb_roads_turn) from a street into another that leaves the vertex
 * it leads to, as it has to be told to who may take the streets with a finite
 * weight; GO_ON.  is_new: the street differs in more than its direction.
 */
int32_t roads_turn_told(roads_view view, uint32_t from, uint32_t into,
                        bool is_new);

/* By the angle alone; CONTINUE when it goes straight on. */
int32_t roads_turn_by_angle(int angle);

bool roads_is_roundabout(const roads_map *map, uint32_t street);

/* Streets, not of a roundabout, that one may leave it by at the vertex that
 * `from` leads to. */
int32_t roads_exits_at(roads_view view, uint32_t from);

/* What the turn costs, as an arc of the states says; 0: no arc says it. */
double roads_turn_weight(roads_view view, uint32_t from, uint32_t into);

#endif
