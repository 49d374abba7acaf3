/*
 * roads_hierarchy.h - the states of a mode contracted in the order of their
 * numbers, whatever the speeds.
 *
 * Contracting a state joins all its higher neighbours with each other.  The
 * edges that come about so are the same for any weights: they are found once,
 * and roads_metric.h gives them weights in milliseconds.  Edges over which,
 * following the arcs' directions, nothing can ever travel either way are left
 * out.
 *
 *   J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies,
 *     ACM J. Exp. Algorithmics 21 (2016), doi:10.1145/2886843.
 */
#ifndef ROADS_HIERARCHY_H
#define ROADS_HIERARCHY_H

#include "roads_states.h"

typedef struct roads_hierarchy {
    size_t n_states, n_edges;
    const uint32_t *first_edge; /* n_states + 1: edges to higher states */
    const uint32_t *heads;      /* ascending in a row */
    const uint32_t *arc_edges;  /* of each arc of the states, the edge that it
                                 * lies on; NONE where it leads to its tail */
} roads_hierarchy;

typedef struct roads_hierarchy_built {
    roads_hierarchy view;
    uint32_t *first_edge, *heads, *arc_edges;
} roads_hierarchy_built;

/* Clear `out` in any case. */
gb_status roads_hierarchy_build(base_run *run, const roads_states *states,
                                roads_hierarchy_built *out);
void roads_hierarchy_clear(base_mem *mem, roads_hierarchy_built *built);

#endif
