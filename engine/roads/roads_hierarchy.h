/*
 * roads_hierarchy.h - the states of a mode contracted in the order of their
 * numbers, whatever the speeds.
 *
 * Contracting a state leads each higher state that leads to it on to each
 * higher state that it leads to.  So there is an edge from x to y exactly
 * when a path of arcs goes from x to y over states lower than both.  The
 * edges are the same for any weights: they are found once, and
 * roads_metric.h gives them weights in milliseconds.
 *
 * Directions are kept apart from the beginning.  Where turns count, a street
 * across a cut is on either side of it only an entrance or only an exit, so
 * of the pairs of neighbours of a state a quarter remain (measured: Beijing
 * 4.4 of 18 million, and 1.1 million edges of 2.3).
 *
 *   J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies,
 *     ACM J. Exp. Algorithmics 21 (2016), doi:10.1145/2886843.
 *   V. Buchhold, D. Wagner, T. Zeitz, M. Zuendorf, Customizable contraction
 *     hierarchies with turn costs, ATMOS 2020,
 *     doi:10.4230/OASIcs.ATMOS.2020.9 (edges that are infinite by structure).
 *   D. J. Rose, R. E. Tarjan, Algorithmic aspects of vertex elimination on
 *     directed graphs, SIAM J. Appl. Math. 34 (1978), doi:10.1137/0134014.
 */
#ifndef ROADS_HIERARCHY_H
#define ROADS_HIERARCHY_H

#include "roads_states.h"

/* Rows of states, ascending in a row, each entry once. */
typedef struct roads_rows {
    size_t n;
    const uint32_t *first; /* n_states + 1 */
    const uint32_t *ends;  /* the higher state */
} roads_rows;

/*
 * If x is in down row v and y is in up row v, and x is not y, then y is in up
 * row x or x in down row y, whichever is lower.
 */
typedef struct roads_hierarchy {
    size_t n_states;
    roads_rows up;             /* row v: higher states that v leads to */
    roads_rows down;           /* row v: higher states that lead to v */
    const uint32_t *arc_edges; /* of each arc of the states, where it lies: in
                                * `up` when its head is higher than its tail,
                                * else in `down`; NONE: it leads to its tail */
    const uint32_t *parents;   /* all higher states that can be climbed to
                                * from v by up and down rows are among parent,
                                * parent's parent and so on, which ascend;
                                * NONE: there are none */
} roads_hierarchy;

typedef struct roads_hierarchy_built {
    roads_hierarchy view;
    void *arrays[6];
} roads_hierarchy_built;

/*
 * GB_ERR_DATA when the edges do not fit into 32 bits; GB_ERR_CANCELLED;
 * GB_ERR_NOMEM.  Clear `out` in any case.
 * Cost: O(pairs of an end of a down row and one of the same up row) time.
 */
gb_status roads_hierarchy_build(base_run *run, const roads_states *states,
                                roads_hierarchy_built *out);
void roads_hierarchy_clear(base_mem *mem, roads_hierarchy_built *built);

#endif
