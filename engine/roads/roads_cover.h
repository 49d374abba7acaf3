/*
 * roads_cover.h - fewest vertices that touch all streets of a cut.
 *
 * The ends of a cut's streets make a bipartite graph, in which a least cover
 * has as many vertices as a largest matching has edges (D. Koenig 1931).
 */
#ifndef ROADS_COVER_H
#define ROADS_COVER_H

#include "base_mem.h"

typedef struct roads_cover_edge {
    uint32_t left, right; /* vertices: each is always left, or always right */
} roads_cover_edge;

/* As large as the largest number of vertices; all numbers are below that. */
typedef struct roads_cover {
    uint32_t *row_of;     /* of left vertices; NONE: none yet */
    uint32_t *mate_of;    /* of right vertices: the left one; NONE */
    uint32_t *from;       /* of right vertices: the left one that found it */
    uint32_t *left, *first, *row_mate; /* of rows, one a left vertex */
    uint32_t *queue;
} roads_cover;

/* false: no memory; clear in any case. */
bool roads_cover_init(base_mem *mem, size_t n_vertices, roads_cover *cover);
void roads_cover_clear(base_mem *mem, roads_cover *cover);

/* The edges are sorted by their left vertex.  The cover's vertices go to
 * `chosen`, which has room for n_edges; their number comes back. */
size_t roads_cover_find(roads_cover *cover, const roads_cover_edge *edges,
                        size_t n_edges, uint32_t *chosen);

#endif
