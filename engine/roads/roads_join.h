/*
 * roads_join.h - the ways of a source as pieces between consecutive nodes,
 * and pieces joined to links where there is nothing to decide between them.
 *
 *   ways      A----B----C----D        pieces  AB BC CD BE
 *                  `---------E        links   A-B  B-C-D  B-E
 *
 * What a node must be a vertex for, besides being a junction or an end: a
 * change of kind or name, a barrier, a turn restriction over it.
 */
#ifndef ROADS_JOIN_H
#define ROADS_JOIN_H

#include "base_array.h"
#include "roads_map.h"

typedef struct roads_piece {
    uint32_t ends[2]; /* nodes of the source, in the direction of the way */
    uint32_t way;
} roads_piece;

typedef struct roads_join {
    base_run *run;
    const roads_source *source;
    roads_piece *pieces;
    size_t n_pieces;
    uint32_t *first_of_way; /* n_ways + 1: its pieces, in order */
    uint32_t *first_at;     /* of each node, into `at` */
    uint32_t *at;           /* pieces, by node */
    uint8_t *is_vertex;     /* of nodes: must be one */
    uint32_t *streets;      /* of pieces, once joined: the street that runs
                             * along it; NONE before */
    BASE_ARRAY(roads_link) links; /* from and to: nodes of the source */
    BASE_ARRAY(roads_e7) points;
} roads_join;

/* Clear `join` in any case. */
gb_status roads_join_pieces(base_run *run, const roads_source *source,
                            roads_join *join);

/* Then, when is_vertex is filled. */
gb_status roads_join_links(roads_join *join);

void roads_join_clear(roads_join *join);

#endif
