/*
 * roads_query.h - the fastest ways by the hierarchy: between two places, and
 * from many to many.
 *
 * Between two: both climb, state by state in ascending rank, and meet at the
 * top of the way.
 *
 * Many to many: sources are taken sixteen at a time, near ones together.
 * Their weights climb through `up` in the order of ranks without a heap, side
 * by side; then one sweep down over all states from which a target can be
 * descended to, laid out once a table (roads_sweep.h).  Where there are fewer
 * targets than sources, targets climb and the sweep is down to the sources.
 *
 *   D. Delling, A. V. Goldberg, A. Nowatzyk, R. F. Werneck, PHAST: hardware-
 *     accelerated shortest path trees, J. Parallel Distrib. Comput. 73 (2013).
 *   D. Delling, A. V. Goldberg, R. F. Werneck, Faster batched shortest paths
 *     in road networks, ATMOS 2011 (restricted sweeps).
 */
#ifndef ROADS_QUERY_H
#define ROADS_QUERY_H

#include "roads_spots.h"

/* What two-place queries need besides, 32 bytes a state; one a thread, reused.
 * NULL: no memory. */
typedef struct roads_pair_query roads_pair_query;
roads_pair_query *roads_pair_new(base_mem *mem, roads_view view);
void roads_pair_free(roads_pair_query *query);

/* The least weight, the direct way included; CLOSED where there is none. */
double roads_pair_weight(roads_pair_query *query,
                         const roads_spots *from_spots, size_t from,
                         const roads_spots *to_spots, size_t to);

/*
 * The streets of that way, in the order of travel: the first and the last one
 * only partly.  Borrowed until the next query; *n is 0 where the places are
 * one or there is no way.  NULL: no memory.
 */
const uint32_t *roads_pair_streets(roads_pair_query *query,
                                   const roads_spots *from_spots, size_t from,
                                   const roads_spots *to_spots, size_t to,
                                   size_t *n, double *weight);

/*
 * All pairs; rows of n_to cells.  Either may be NULL.  GB_ERR_NOMEM,
 * GB_ERR_CANCELLED.  The same bytes for any number of threads, and each cell
 * is a pair's weight, rounded: nothing depends on what else is asked for.
 *
 * Cost: the arcs below 4,096 columns, once for each sixteen rows and thread;
 * memory 12 bytes for each of these arcs, and for each thread 128 bytes a
 * column of 4,096 and some hundred kilobytes.
 */
gb_status roads_table_fill(base_run *run, roads_view view,
                           const roads_spots *from, const roads_spots *to,
                           int32_t *seconds, int32_t *metres);

#endif
