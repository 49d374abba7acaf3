/*
 * gridbeat/bound.h - how much better any plan of territories could be.
 *
 * A search finds a good plan and proves nothing.  A bound is a figure that no
 * valid plan can go below: with both, a plan is "at most 1.8 % above the best
 * possible", or proven to be the best.
 */
#ifndef GRIDBEAT_BOUND_H
#define GRIDBEAT_BOUND_H

#include <gridbeat/grid.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a bound was proven, the weakest first. */
typedef enum gb_bound_method {
    GB_BOUND_NONE = 0,       /* no better than 0 */
    GB_BOUND_COUNT = 1,      /* connected territories must touch: cut, border */
    GB_BOUND_SPECTRAL = 2,   /* eigenvalues of the adjacency: cut, border */
    GB_BOUND_LAGRANGIAN = 3, /* Hess's model, assignment priced: moment and
                                median */
    GB_BOUND_BRANCHED = 4,   /* that, in every branch of a search tree */
    GB_BOUND_FRONTIER = 5    /* all plans, area by area: cut */
} gb_bound_method;

/** What is to be bounded, and how long to try. */
typedef struct gb_bound_options {
    size_t size;
    int32_t objective;       /* gb_territory_objective; MOMENT: about the best
                                own area, as gb_territory_moment() has it */
    const uint32_t *plan;    /* n_areas; a known plan to measure against, by
                                whose value the search is cut short; refused
                                when it breaks a rule; NULL: none */
    double upper;            /* value of a known valid plan, in the unit of
                                the result; 0: that of `plan`, or none */
    int64_t time_limit_ms;   /* 0: none */
    uint64_t max_iterations; /* of the relaxation at the root; 0: some 2,000,
                                fewer where it stands still before */
    uint64_t max_nodes;      /* of the search tree, states of a search over
                                frontiers (5,000,000 of them at most, some
                                500 MB); 0: 5,000,000; UINT64_MAX: no limit */
    uint64_t seed;           /* of all chance; there is none at present */
    uint32_t n_threads;      /* 0 = 1; one is used at present */
} gb_bound_options;
#define GB_BOUND_OPTIONS_INIT                                                 \
    { sizeof(gb_bound_options), 0, 0, 0, 0, 0, 0, 0, 0 }

/** What was proven. */
typedef struct gb_bound_result {
    size_t size;           /* set by the caller */
    double lower;          /* no valid plan is below: moment in the unit of
                              measure 0 times km2 (m2 on the plane), median in
                              that times km (m), border in
                              metres, cut a count; INFINITY when is_infeasible */
    double upper;          /* the best plan known, given or found; INFINITY
                              when there is none */
    double given;          /* value of options->plan; INFINITY: none */
    double gap;            /* (upper - lower) / upper: 0 to 1; 1 without a
                              plan */
    bool is_closed;        /* lower and upper are one: the plan is the best
                              possible (to a ratio of 1e-9 where it is
                              no count) */
    bool is_infeasible;    /* proven: no plan keeps the rules */
    bool has_plan;         /* `owners` was filled with a plan better than the
                              one given */
    bool is_relaxed;       /* rules that only shrink the choice (locks, apart,
                              unequal shares, further measures ...) were left
                              out: the bound holds, it may be weaker */
    int32_t method;        /* gb_bound_method of `lower` */
    int32_t outcome;       /* gb_outcome: OPTIMAL when closed or infeasible */
    double root_lower;     /* before branching */
    uint64_t n_iterations; /* at the root */
    uint64_t n_nodes;      /* of the search tree, or states */
    double seconds;        /* from the start of the call to the best bound */
} gb_bound_result;

/**
 * Prove that no valid plan has less moment, cut or border than `lower`.
 *
 * Moment: Hess's model.  Each territory has a centre, one of its own areas;
 * least is the sum of measure 0 times the squared distance to it, under
 * x_ij <= x_jj, n_territories centres, and the allowed range of measure 0.  Median: the same
 * with plain distances.
 * That each area is in one territory is dualised; what remains is a
 * continuous knapsack with two limits for each possible centre, of which the
 * cheapest n_territories count.  Then centres are branched on, and with the
 * centres fixed the assignment, where the limits are priced instead, a price
 * for each centre; contiguity, and the rules that the relaxation leaves out,
 * are held to in the tree.
 *
 * Cut and border: by the sum of the smallest eigenvalues of the adjacency's
 * Laplacian, proven by the signs of a factorisation; weak, where a territory
 * has many areas.  Small instances exactly, area by area.
 *
 * @param areas   See gb_areas; checked whole.
 * @param places  n_areas; degrees.  NULL: distances are those of the centres
 *                on the plane.  Only the moment needs them.
 * @param rules   What must hold.
 * @param options NULL for all defaults.
 * @param result  The known part is filled, by result->size.
 * @param owners  n_areas: a plan better than the one given, where
 *                result->has_plan; else untouched; or NULL.
 *
 * @return GB_OK, also when a limit came first (ask result->outcome) and when
 *         it is proven that there is no plan (result->is_infeasible).
 *         GB_ERR_ARGUMENT    NULL, out of range, or a plan that breaks a rule
 *         GB_ERR_OPTIONS     a struct of no known size
 *         GB_ERR_DATA        as gb_territory_build()
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Error: `lower` is rounded down by 1e-9 of the sum of what it was summed up
 *   from, far more than double precision can lose on a million areas;
 *   distances are as exact as in gb_territory_moment(), in both figures alike.
 * Threads: one thread a context; the inputs are only read.
 * Repeatable: equal inputs and options give equal results, unless
 *   time_limit_ms ends the call.
 * Cost: moment: O(n r) an iteration, r the areas within reach of one, and
 *   O(n r) memory; then a tree that may grow as the number of plans does.
 * Method: S. W. Hess et al., Oper. Res. 13 (1965) 998-1006; H. Validi,
 *   A. Buchanan, E. Lykhovyd, Imposing contiguity constraints in political
 *   districting models, Oper. Res. 70 (2022) 867-892 (the Lagrangian and
 *   fixing by it); W. Donath, A. Hoffman, IBM J. Res. Dev. 17 (1973) 420-425
 *   (the spectral bound).
 * Since: 0.1.
 */
GB_API gb_status gb_territory_bound(gb_context *ctx, const gb_areas *areas,
                                    const gb_lonlat *places,
                                    const gb_territory_rules *rules,
                                    const gb_bound_options *options,
                                    gb_bound_result *result,
                                    uint32_t *owners);

#ifdef __cplusplus
}
#endif
#endif
