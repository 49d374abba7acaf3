/*
 * roads_turns.h - which street may follow which in one mode, as the map and
 * its restrictions have it.
 *
 * Who travels a street is in one of three phases:
 *
 *   OUT   from the beginning on streets that are for a route's end only
 *   CORE  on all others
 *   IN    again on streets for a route's end only, up to the end
 *
 * and never goes back to an earlier one.  The core is the largest strongly
 * connected part of the streets that are open to all traffic, counted in
 * streets, of equal parts that with the lowest number; all other streets that
 * a mode can use count as for a route's end only, so that what lies behind a
 * private gate is reached but never crossed.
 *
 * At a vertex that is shut for the mode one can only turn back.  A private one
 * is passed from or to a street that is for a route's end only.
 *
 * Restrictions are runs of streets:
 *
 * - no: the last street of the run does not follow the others.
 * - only: of two streets, nothing but the second follows the first.  Of more,
 *   once two have been travelled, nothing but the next follows.  Several that
 *   have the same streets so far prescribe together: each of theirs may follow.
 *   So who has come a longer way is never bound by less.
 * - A run with a street that the mode cannot use does not bind it.
 *
 * Which of them bind depends on the streets travelled last, of which the
 * longest beginning of a run says all there is to say.  The beginnings are the
 * nodes of a tree, each with the next shorter one that it ends with: A. V.
 * Aho, M. J. Corasick, Efficient string matching, CACM 18 (1975),
 * doi:10.1145/360825.360855.
 */
#ifndef ROADS_TURNS_H
#define ROADS_TURNS_H

#include "base_run.h"
#include "roads_map.h"
#include "roads_profile.h"
#include "roads_states.h"

typedef enum roads_phase {
    ROADS_PHASE_OUT, ROADS_PHASE_CORE, ROADS_PHASE_IN, ROADS_PHASE_COUNT
} roads_phase;

/* A beginning of runs: streets that are travelled one after the other. */
typedef struct roads_ban_node {
    uint32_t street;  /* the last of it */
    uint32_t shorter; /* the longest that this ends with; ROADS_NONE */
    uint32_t first_child, next_sibling; /* one street longer; ROADS_NONE */
    uint32_t depth;   /* streets */
    uint8_t flags;
} roads_ban_node;

typedef struct roads_turns {
    const roads_map *map;
    gb_mode mode;
    bool is_turn_aware;  /* else restrictions do not count */
    uint8_t *usable;     /* of streets: under some profile */
    uint8_t *ends;       /* of links: for a route's end only; 0: of the core,
                          * or not usable at all */
    roads_ban_node *nodes;
    uint32_t *node_of;   /* of streets: that of depth 1, ROADS_NONE; NULL where
                          * there are no nodes */
    size_t n_nodes, max_degree;
} roads_turns;

/* A street that may follow. */
typedef struct roads_turn {
    uint32_t street;
    uint32_t node; /* that binds on it, of depth 2 or more; ROADS_NONE: only
                    * what begins with the street itself */
    uint16_t code; /* ROADS_TURN_* */
    uint8_t phase;
} roads_turn;

/* Clear `out` in any case. */
gb_status roads_turns_init(base_run *run, const roads_map *map,
                           const roads_profile *profile, gb_mode mode,
                           roads_turns *out);
void roads_turns_clear(base_mem *mem, roads_turns *turns);

/*
 * All streets that may follow a usable one that is travelled in a phase, bound
 * by a node of depth 2 or more or by none (ROADS_NONE), in the order of
 * map->streets.  `out`: room for max_degree.
 */
size_t roads_turns_from(const roads_turns *turns, uint32_t street,
                        roads_phase phase, uint32_t node, roads_turn *out);

static inline bool roads_vertex_is_shut(const roads_map *map, uint32_t vertex,
                                        gb_mode mode)
{
    return map->vertex_flags[vertex] >> mode & ROADS_NODE_SHUT;
}

static inline bool roads_vertex_is_private(const roads_map *map,
                                           uint32_t vertex, gb_mode mode)
{
    return map->vertex_flags[vertex] >> mode & ROADS_NODE_PRIVATE;
}

#endif
