/*
 * roads_states_build.h - what the two manners of states are made with: streets
 * as states (roads_states.c), vertices as states (roads_states_plain.c).
 */
#ifndef ROADS_STATES_BUILD_H
#define ROADS_STATES_BUILD_H

#include "base_array.h"
#include "roads_turns.h"

/* A link or a vertex, and when it is contracted. */
typedef struct roads_keyed {
    uint64_t key;
    uint32_t id;
} roads_keyed;

/* By key, by id. */
void roads_keyed_sort(roads_keyed *items, size_t n);

/* Arcs, one after the other; n of them. */
typedef struct roads_arcs {
    uint32_t *heads, *streets;
    uint16_t *turns;
    size_t n, capacity;
} roads_arcs;

/* false: no memory, or more than 32 bits count. */
bool roads_arcs_add(base_mem *mem, roads_arcs *arcs, uint32_t head,
                    uint32_t street, uint16_t turn);

/* All but the arcs' arrays and `ends` of the links. */
gb_status roads_states_build_plain(base_run *run, const roads_turns *turns,
                                   const roads_dissection *dissection,
                                   roads_states_built *out, roads_arcs *arcs);

#endif
