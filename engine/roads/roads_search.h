/*
 * roads_search.h - plain Dijkstra on a network, from within a link to within
 * others.  The reference for whatever faster comes later.
 *
 * E. W. Dijkstra, A note on two problems in connexion with graphs, Numer.
 * Math. 1 (1959), doi:10.1007/BF01386390.
 */
#ifndef ROADS_SEARCH_H
#define ROADS_SEARCH_H

#include "base_heap.h"
#include "roads_index.h"

/* A weight: milliseconds << 32 | centimetres. */
#define ROADS_FAR ((int64_t)1 << 62) /* no weight of a path is beyond */

static inline int64_t roads_weight(uint32_t ms, uint32_t cm)
{
    return (int64_t)((uint64_t)ms << 32 | cm);
}

int32_t roads_weight_s(int64_t weight); /* rounded; UNREACHABLE above FAR */
int32_t roads_weight_m(int64_t weight);

/* A place within a link, and what it takes to and from the link's ends. */
typedef struct roads_spot {
    uint32_t link; /* ROADS_NONE: not on the network */
    uint32_t along_cm;
    uint32_t nodes[2];   /* the end that is reached along, against the points */
    int64_t to_node[2];  /* from the spot to that end; above FAR: closed */
    uint32_t entries[2]; /* the end it is entered by along, against */
    int64_t from_node[2];
} roads_spot;

roads_spot roads_spot_of(const roads_network *network,
                         const gb_roads_place *place);

/* Within one link, without leaving it; above ROADS_FAR where it cannot be. */
int64_t roads_spot_direct(const roads_network *network, const roads_spot *from,
                          const roads_spot *to);

typedef struct roads_search {
    const roads_network *network; /* borrowed */
    int64_t *weights;  /* of nodes, from the last start */
    uint32_t *via;     /* arc that a node was reached by; NULL: not kept */
    base_heap heap;
    uint64_t n_settled; /* of all searches */
} roads_search;

bool roads_search_init(roads_search *search, base_mem *mem,
                       const roads_network *network, bool keeps_paths);
void roads_search_clear(roads_search *search, base_mem *mem);

/*
 * Weights of all nodes that are `wanted` (n_wanted of them), and of those
 * that lie nearer than the last of these.
 */
void roads_search_run(roads_search *search, const roads_spot *from,
                      const uint8_t *wanted, size_t n_wanted);

/* The least weight to a spot after a run that wanted its entries. */
int64_t roads_search_weight(const roads_search *search,
                            const roads_spot *from, const roads_spot *to);

/* Mark the nodes that a spot is entered by; how many are new. */
size_t roads_spot_want(const roads_spot *spot, uint8_t *wanted);

/* The line of a path; `points` are pushed as far as they fit. */
typedef struct roads_path_line {
    gb_lonlat *points;
    size_t capacity, n;
    gb_lonlat last;
} roads_path_line;

/* Write the path of roads_search_weight(); the search kept paths. */
gb_status roads_path_write(gb_context *ctx, const roads_search *search,
                           const gb_roads_place *from,
                           const gb_roads_place *to, roads_path_line *line);

#endif
