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
 * Of a street, for the states of modes that mind turns: the key of its link,
 * and 1 more when it leads from the second half to the first.  Whoever leaves
 * the second half does so by one of the latter and comes back by one of the
 * former, so no two of the former meet but over one of the latter, and nothing
 * climbs to the former from the first half: the hierarchy prunes a tenth of
 * the edges and a third of the triangles that streets in any order leave, and
 * searches look at four arcs of ten fewer (Beijing 5419 to 3284, Nanjing
 * 10584 to 6125 on the way up).
 */
uint64_t roads_dissection_street_key(const roads_dissection *d, uint32_t tail,
                                     uint32_t head);

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
