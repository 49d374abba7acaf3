/*
 * gridbeat/location.h - the capacitated p-median: which of the nodes become
 * medians, and which median serves each node.
 *
 * For branches and depots that must not be given more than they can do, where
 * nothing has to be contiguous; territories that must are gridbeat/grid.h's.
 * A median serves itself.
 */
#ifndef GRIDBEAT_LOCATION_H
#define GRIDBEAT_LOCATION_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

/** At most so many nodes: the search keeps tables of n x n. */
#define GB_LOCATION_MOST 5000

/** How distances come from points. */
typedef enum gb_location_metric {
    GB_LOCATION_STRAIGHT = 0, /* Euclidean */
    GB_LOCATION_WHOLE = 1     /* Euclidean, without the digits behind the
                                 point, as OR-Library's pmedcap counts */
} gb_location_metric;

/** Nodes; borrowed for the length of a call. */
typedef struct gb_location_nodes {
    size_t size;               /* sizeof of the caller's struct */
    size_t n_nodes;            /* 1 to GB_LOCATION_MOST */
    const int64_t *demands;    /* n_nodes; 0 to 2^40 */
    const int64_t *capacities; /* n_nodes; 0 to 2^50: of demand, its own
                                  included, if it becomes a median */
    const gb_point *points;    /* n_nodes; NULL with distances */
    const double *distances;   /* n_nodes rows of n_nodes, 0 to 1e12: what it
                                  costs to serve the node of the row from that
                                  of the column; NULL: of the points */
    int32_t metric;            /* gb_location_metric, of points */
} gb_location_nodes;
#define GB_LOCATION_NODES_INIT { sizeof(gb_location_nodes), 0, 0, 0, 0, 0, 0 }

/** How long to look. */
typedef struct gb_location_options {
    size_t size;
    uint64_t seed;           /* of all chance */
    uint64_t max_iterations; /* moves priced, of all starts; 0: 22 million, or
                                as many as time_limit_ms allows */
    int64_t time_limit_ms;   /* 0: none */
    uint32_t n_starts;       /* searches that share the iterations, the best
                                is taken; 0 = 1 */
    uint32_t n_threads;      /* 0 = 1; at most n_starts are of use */
    int32_t bound_rounds;    /* of the lower bound; 0 = 300; < 0: no bound */
} gb_location_options;
#define GB_LOCATION_OPTIONS_INIT                                              \
    { sizeof(gb_location_options), 0, 0, 0, 0, 0, 0 }

/** What was found. */
typedef struct gb_location_summary {
    size_t size;            /* set by the caller */
    int32_t outcome;        /* gb_outcome */
    bool is_valid;          /* no median has more than its capacity */
    int64_t beyond;         /* what all have beyond it, together */
    double objective;       /* sum of the distances to the medians */
    double bound;           /* no valid plan costs less; 0 where not known */
    uint64_t n_iterations;  /* moves priced */
    double first_valid_s;   /* of the start taken; < 0: none */
} gb_location_summary;

/**
 * Choose medians and give each node to one, within the capacities and at the
 * least sum of distances.
 *
 * A heuristic with a proof beside it: `bound` says how much better any plan
 * could be at most.
 *
 * @param n_medians  1 to n_nodes.
 * @param options    NULL for all defaults.
 * @param owners     n_nodes, filled: the number of its median, 0 to
 *                   n_medians - 1, in the order of the medians' ids.
 * @param medians    n_medians, filled: the nodes that are medians, rising.
 * @param summary    May be NULL.
 * @return GB_OK, also where no valid plan was found: ask summary->is_valid.
 *         GB_ERR_ARGUMENT    NULL or out of range
 *         GB_ERR_OPTIONS     a struct of no known size
 *         GB_ERR_DATA        a number is broken; the message names the node
 *         GB_ERR_INFEASIBLE  the medians cannot hold all demand, or no median
 *                            a node's, with the numbers
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Threads: one thread a context; the inputs are only read.
 * Repeatable: equal inputs, options and seed give an equal plan for any
 *   n_threads, unless time_limit_ms ends the search.
 * Cost: O(n^2) memory; O(n / n_medians) a move, some ten million a second.
 * Method: annealing with exact medians, then rounds that dissolve a cluster,
 *   open another and anneal what is around (S. Kirkpatrick et al., Science
 *   1983; D. Pisinger, S. Ropke 2010).  Bound: Lagrangian relaxation of the
 *   assignment with fractional knapsacks (J. Mulvey, M. Beck, Eur. J. Oper.
 *   Res. 18 (1984), doi:10.1016/0377-2217(84)90155-3).
 * Since: 0.1.
 */
GB_API gb_status gb_location_solve(gb_context *ctx,
                                   const gb_location_nodes *nodes,
                                   size_t n_medians,
                                   const gb_location_options *options,
                                   uint32_t *owners, uint32_t *medians,
                                   gb_location_summary *summary);

/**
 * What any plan costs, by a way of its own: nothing is shared with the search.
 *
 * Each group's median is the best of its nodes of those that can hold it, or,
 * where none can, of those that can hold most.
 *
 * @param owners     n_nodes; below n_medians.
 * @param medians    n_medians, filled; UINT32_MAX where a group is empty; may
 *                   be NULL.
 * @param objective  Sum of the distances to the medians.
 * @param beyond     What the groups have beyond the capacities of their
 *                   medians, together; 0 for a valid plan without an empty
 *                   group.
 * @return GB_OK; GB_ERR_ARGUMENT, GB_ERR_OPTIONS, GB_ERR_DATA as
 *         gb_location_solve(), GB_ERR_DATA also for an owner out of range;
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.
 * Threads: one thread a context.  Cost: O(n^2).  Since: 0.1.
 */
GB_API gb_status gb_location_measure(gb_context *ctx,
                                     const gb_location_nodes *nodes,
                                     size_t n_medians, const uint32_t *owners,
                                     uint32_t *medians, double *objective,
                                     int64_t *beyond);

#ifdef __cplusplus
}
#endif
#endif
