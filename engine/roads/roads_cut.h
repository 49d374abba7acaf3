/*
 * roads_cut.h - one connected piece of a city cut in two across few streets.
 *
 *        sources            least cut            sinks
 *      o--o--o--o--o--o--o--o-|-o--o--o--o--o--o--o--o
 *      the first along         |         the last along
 *      a direction                       that direction
 *
 * Along each of several directions the first and the last vertices become
 * sources and sinks, and a flow between them grows until none is left; that
 * gives a least cut.  Then more vertices become sources and sinks and the
 * flow goes on from where it stood, which gives cuts of better balance.  A
 * cut's price is the streets cut, to the power of 1.5, for the size of its
 * smaller half; a flow that cannot become cheaper any more is given up.
 */
#ifndef ROADS_CUT_H
#define ROADS_CUT_H

#include "base_mem.h"

/* A graph with each edge as two arcs; no loops. */
typedef struct roads_cell {
    uint32_t n, n_arcs;
    uint32_t *first;   /* n + 1 */
    uint32_t *heads;   /* of arcs */
    uint32_t *twins;   /* of arcs: the one back */
    uint8_t *capacity; /* of arcs: 1 to 15, both of an edge the same */
} roads_cell;

/* What the search for a cut writes on; as large as the largest cell. */
typedef struct roads_cut {
    const roads_cell *cell; /* borrowed, for one search */
    uint8_t *ends;          /* of vertices: neither, source or sink */
    uint8_t *residual;      /* of arcs */
    uint32_t *level;        /* steps from a source, from 1; 0: unknown */
    uint32_t *next;         /* of vertices: the arc to try */
    uint32_t *queue;
    uint32_t *met;          /* sinks that the levels have come to */
    uint32_t *path;         /* arcs to a sink, the last first */
    uint32_t *fronts[2];    /* sources, sinks with a neighbour that is none */
    uint32_t n_fronts[2];
    uint32_t n_ends;        /* sources; there are as many sinks */
    uint32_t flow;
    uint8_t *sides;         /* of vertices, of the best so far: 0 or 1 */
    uint32_t best_flow, best_small; /* 0: none yet */
} roads_cut;

/* false: no memory; clear in any case. */
bool roads_cut_init(base_mem *mem, size_t n_vertices, size_t n_arcs,
                    roads_cut *cut);
void roads_cut_clear(base_mem *mem, roads_cut *cut);

/* Begin on a connected cell of two vertices or more. */
void roads_cut_begin(roads_cut *cut, const roads_cell *cell);
/* Try the direction along which `order` lists the vertices.  After one call
 * at least, cut->sides has vertices of both sides. */
void roads_cut_try(roads_cut *cut, const uint32_t *order);

#endif
