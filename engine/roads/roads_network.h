/*
 * roads_network.h - the network of a mode out of a map.
 *
 *   ways -> pieces (between consecutive nodes) -> links (pieces joined where
 *   nothing is to decide) -> largest strongly connected part -> arcs, R-tree
 */
#ifndef ROADS_NETWORK_H
#define ROADS_NETWORK_H

#include "roads_index.h"
#include "roads_profile.h"

/* The arrays of a network that is being built; `view` points into them. */
typedef struct roads_built {
    roads_network view;
    uint32_t *first_arc, *segments;
    roads_arc *arcs;
    roads_link *links;
    roads_e7 *points;
    roads_box *boxes;
    uint64_t n_parts;
} roads_built;

/*
 * `rules` are those of the ways, `stops` of the nodes (bit m: mode m).  A mode
 * that nothing is open to gives an empty network.  Clear in any case.
 */
gb_status roads_network_build(base_run *run, const roads_osm *osm,
                              const roads_rule *rules, const uint8_t *stops,
                              gb_mode mode, roads_built *out);
void roads_network_clear(base_mem *mem, roads_built *built);

/*
 * Strongly connected parts of a graph in compressed rows (first: n + 1):
 * part[v] for each node, numbered from 0; false: no memory.
 */
bool roads_parts_find(base_mem *mem, size_t n_nodes, const uint32_t *first,
                      const uint32_t *heads, uint32_t *part, size_t *n_parts);

#endif
