/*
 * roads_dissect.h - a city cut in two, its halves cut in two, and so on, each
 * time across as few streets as can be.
 *
 * What is cut last is contracted first, so the few streets that connect two
 * halves come on top of the hierarchy, and a search climbs through few of
 * them.  One dissection of the map serves all modes.
 *
 * Cuts are found by flows: the vertices are sorted along a direction, the
 * first and the last quarter are source and sink, and the least cut between
 * them is taken, of several directions the best.
 *
 *   A. Schild, C. Sommer, On balanced separators in road networks, SEA 2015,
 *     doi:10.1007/978-3-319-20086-6_22 (inertial flow).
 *   J. Dibbelt, B. Strasser, D. Wagner, Customizable contraction hierarchies,
 *     ACM J. Exp. Algorithmics 21 (2016), doi:10.1145/2886843.
 *   V. Buchhold, D. Wagner, T. Zeitz, M. Zuendorf, Customizable contraction
 *     hierarchies with turn costs, ATMOS 2020 (streets in the order of cuts).
 */
#ifndef ROADS_DISSECT_H
#define ROADS_DISSECT_H

#include "roads_map.h"

/*
 * Each vertex has its way down the tree of halves: two bits a level from the
 * top of a word, 0 or 1 for the half, and 2 behind the last of at most 31.
 * The key of a cut is the way of what it cuts.  So 2 sorts behind both halves,
 * and few vertices that are not cut any more share a way.
 */
typedef struct roads_dissection {
    uint64_t *paths;  /* of vertices */
    uint64_t *covers; /* of vertices: the key of the highest cut at which the
                       * vertex was taken as a separator, or its own path */
    size_t n_vertices;
} roads_dissection;

/*
 * Keys sort what is contracted first before what is contracted last: below a
 * cut everything in its first half, then its second, then the cut itself.
 */
static inline uint64_t roads_dissection_vertex_key(const roads_dissection *d,
                                                   uint32_t vertex)
{
    return d->covers[vertex];
}

/* Of a link: the cut that parts its ends, or the way that they share. */
uint64_t roads_dissection_link_key(const roads_dissection *d, uint32_t from,
                                   uint32_t to);

/*
 * Does a street lead from the second half of what parts its ends to the
 * first?  Whoever leaves a half comes back by a street of the other direction.
 * So with the streets of each direction together, those that are contracted
 * first never meet but over one of the others, and nothing climbs to them from
 * the half that they lead to: the hierarchy has a tenth fewer edges and a
 * third fewer triangles than with streets in any order, and a search looks at
 * four arcs of ten fewer.  Best the fewer come last (roads_states.c).
 */
static inline bool roads_dissection_goes_back(const roads_dissection *d,
                                              uint32_t tail, uint32_t head)
{
    return d->paths[tail] > d->paths[head];
}

/*
 * Cut the map.  `weight[l]`: how much link l counts in a cut, 0 to 15 (0:
 * nothing travels it).  Clear `out` in any case.
 * Polls once a vertex in all.  The same map and weights give the same bytes.
 * Cost: O(n sqrt(n) log n) or so; under a second for 100,000 links.
 */
gb_status roads_dissect(base_run *run, const roads_map *map,
                        const uint8_t *weight, roads_dissection *out);
void roads_dissection_clear(base_mem *mem, roads_dissection *dissection);

#endif
