/*
 * roads_states.h - what a traveller of one mode can be in the midst of, and
 * what can come next.
 *
 * Where turns cost time or are forbidden a state is "about to travel street
 * s", and an arc travels s and turns into the next street.  Where they do not
 * (on foot) a state is "at vertex v", and an arc travels a street to the next
 * vertex.  Either way an arc travels one street, arc_streets[a], and then
 * turns, arc_turns[a]; its weight is the sum of the two.  Whatever searches
 * need not know which it is.
 *
 * Three things multiply states:
 * - A restriction of three or more streets (over via ways) binds who came a
 *   certain way: the streets on it have a second state for those.
 * - A street that may be used at a route's end only (private, behind a
 *   private gate, behind such streets) has two: one to leave it at the
 *   beginning, one to arrive; from the second nothing leads back.
 * - On foot the same holds for the vertices of such streets.
 *
 * States are numbered by their rank in the hierarchy (roads_hierarchy.h): a
 * state that is contracted earlier has a lower number.
 *
 * What may follow what, exactly: roads_turns.h.  On foot, at vertices, a phase
 * is what one has come by: OUT by streets for a route's end only, or nothing
 * (where such streets begin); CORE; IN.  A street of the core that begins at a
 * private vertex is begun in OUT there, since who comes over the core must not
 * go on by it.  A shut vertex is no arc's head, but streets begin there too.
 *
 * Everything here is a fact of the map; how long it takes is in
 * roads_metric.h.  Streets that the mode can use under no profile are left
 * out.
 */
#ifndef ROADS_STATES_H
#define ROADS_STATES_H

#include "roads_dissect.h"
#include "roads_map.h"
#include "roads_profile.h"

/* A turn, as an index to its costs. */
enum {
    ROADS_TURN_ANGLE = 255,    /* change of bearing, 1/256 of a circle to the
                                * right; 128 is back; 0 where no more than two
                                * streets end: a bend, as within a link */
    ROADS_TURN_SIGNAL = 256,   /* at traffic lights */
    ROADS_TURN_BACK = 512,     /* into the same link: a U-turn */
    ROADS_TURN_DEAD_END = 1024,/* with it: there is nothing else to do (in the
                                * core: nothing that stays in it) */
    ROADS_TURN_NONE = 2048,    /* no turn: costs nothing (on foot) */
    ROADS_TURN_COUNT = 2049
};

typedef struct roads_states {
    size_t n_states, n_arcs, n_targets;
    const uint32_t *first_arc;   /* n_states + 1 */
    const uint32_t *heads;       /* of arcs */
    const uint32_t *arc_streets;
    const uint16_t *arc_turns;
    /*
     * Who is on a street at a route's beginning leaves it by those arcs of
     * starts[street] that travel it.
     */
    const uint32_t *starts;       /* 2 * n_links; NONE: the mode cannot */
    /* States from which a street is travelled at a route's end; ascending.
     * Where streets are states those of one that is for a route's end only
     * begin with that of the beginning (its start), then that of the end. */
    const uint32_t *first_target; /* 2 * n_links + 1 */
    const uint32_t *targets;
    const uint8_t *ends;          /* of links: 1: at a route's end only; 0: of
                                   * the core, or the mode cannot use it */
} roads_states;

/* Of a mode where turns do not count: states are vertices, not streets. */
static inline bool roads_states_are_vertices(const roads_states *states)
{
    return states->n_arcs > 0 && states->arc_turns[0] == ROADS_TURN_NONE;
}

typedef struct roads_states_built {
    roads_states view;
    uint32_t *first_arc, *heads, *arc_streets, *starts, *first_target,
        *targets;
    uint16_t *arc_turns;
    uint8_t *ends;
} roads_states_built;

/*
 * Without a dissection (NULL) states are numbered by street or vertex.  Clear
 * `out` in any case.  GB_ERR_NOMEM, GB_ERR_CANCELLED.
 */
gb_status roads_states_build(base_run *run, const roads_map *map,
                             const roads_profile *profile, gb_mode mode,
                             const roads_dissection *dissection,
                             roads_states_built *out);
void roads_states_clear(base_mem *mem, roads_states_built *built);

/*
 * Strongly connected parts of a graph in compressed rows (first: n + 1):
 * part[v] for each node, numbered from 0; false: no memory.
 */
bool roads_parts_find(base_mem *mem, size_t n_nodes, const uint32_t *first,
                      const uint32_t *heads, uint32_t *part, size_t *n_parts);

#endif
