/*
 * roads_search.h - plain Dijkstra over the states of a mode: the reference
 * that whatever is faster is held to, and what finds all within a limit.
 *
 * E. W. Dijkstra, A note on two problems in connexion with graphs, Numer.
 * Math. 1 (1959), doi:10.1007/BF01386390.
 */
#ifndef ROADS_SEARCH_H
#define ROADS_SEARCH_H

#include "base_heap.h"
#include "roads_spots.h"

typedef struct roads_search {
    roads_view view;
    double *weights;   /* of states, from the last start; CLOSED */
    uint32_t *via;     /* arc that a state was reached by; NONE: a start */
    base_heap heap;
    uint64_t n_settled; /* of all searches */
} roads_search;

bool roads_search_init(roads_search *search, base_mem *mem, roads_view view);
void roads_search_clear(roads_search *search, base_mem *mem);

/* All states whose weight is at most `limit`, from one place of `spots`.
 * Cost: O(n log n) in what is reached, and a sweep over all states. */
void roads_search_run(roads_search *search, const roads_spots *spots,
                      size_t from, double limit);

/* The least weight to a place after a run, the direct way included; CLOSED
 * where there is none. */
double roads_search_weight(const roads_search *search,
                           const roads_spots *from_spots, size_t from,
                           const roads_spots *to_spots, size_t to);

#endif
