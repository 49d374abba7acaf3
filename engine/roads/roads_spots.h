/*
 * roads_spots.h - places within links as beginnings and ends of searches.
 *
 * A place is left and entered by each direction of its link that is open,
 * also by one from which the core is not reached: it may lead to another place
 * nearby.  A place at the very end of a link is the vertex there, left and
 * entered by all streets of it, unless it is shut: then one stands before it.
 * So a place is a few states with what it takes from the place to them, and a
 * few with what it takes from them to the place.
 *
 * A junction is on the street before the private one, not behind it: between
 * two junctions nobody goes by what is for a route's end only.  So at a vertex
 * of the core one begins such a street as who comes over the core does (phase
 * IN, see roads_turns.h), and ends it there only as who set out on such streets
 * (OUT) and could go on over the core.  A vertex is of the core where a street
 * of the core leads away on which routes may begin (ROADS_USE_START) and one
 * arrives on which they may end.  Two exceptions: a place in a private gate is
 * on both sides of it; and a street that nobody may turn into from the core
 * there, or out of to it, is no way through and is begun, or ended, by all.
 *
 * Two places on one link, or one at its end, have a way without a turn as
 * well, and two at one vertex are the same place: see roads_spots_direct().
 */
#ifndef ROADS_SPOTS_H
#define ROADS_SPOTS_H

#include "roads_metric.h"

typedef struct roads_spot_end {
    double weight;
    uint32_t state;
    uint32_t street; /* of a start: that the place is left by; of a target:
                      * that is travelled last; NONE: the place is at the
                      * vertex, no more street is travelled */
} roads_spot_end;

/* One list for all places: place i has starts [first_start[i],
 * first_start[i + 1]), and targets likewise. */
typedef struct roads_spots {
    size_t n;
    const gb_roads_place *places; /* borrowed */
    uint32_t *first_start, *first_target;
    roads_spot_end *starts, *targets;
} roads_spots;

/* What belongs together for a query of one mode. */
typedef struct roads_view {
    const roads_map *map;
    const roads_states *states;
    const roads_hierarchy *hierarchy;
    const roads_metric *metric;
} roads_view;

/*
 * What of a street's weight is before a place of its link.  This and what is
 * behind it, the rest, add up to the whole.
 */
double roads_spots_part(roads_view view, uint32_t street, uint32_t along_cm);

/* Places not GB_SNAP_OK have neither; false: no memory.  Clear in any case. */
bool roads_spots_find(base_mem *mem, roads_view view,
                      const gb_roads_place *places, size_t n,
                      roads_spots *out);
void roads_spots_clear(base_mem *mem, roads_spots *spots);

/*
 * Over no more than one street, or part of it, without a turn: within a link,
 * or from within it to the vertex at its end (then `to` may be of another link
 * that ends there); not from vertex to vertex, as the street between may be
 * for a route's end only.  CLOSED where it cannot be.  *street: that street;
 * NONE for one and the same place, with weight 0, also where it is the end of
 * two links.  May be NULL.
 */
double roads_spots_direct(roads_view view, const gb_roads_place *from,
                          const gb_roads_place *to, uint32_t *street);

#endif
