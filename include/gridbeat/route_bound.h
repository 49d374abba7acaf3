/*
 * gridbeat/route_bound.h - how much better any plan of routes could be.
 *
 * A search finds good routes and proves nothing.  A bound is a figure that no
 * plan of the same problem can exceed: with both, a plan is "at most 1.2 %
 * below the best possible", or proven to be the best.
 */
#ifndef GRIDBEAT_ROUTE_BOUND_H
#define GRIDBEAT_ROUTE_BOUND_H

#include <gridbeat/route.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What the bound leaves out of a problem.  Each only widens the choice or
 * raises the value, so the bound holds all the same; it may be weaker.
 */
typedef enum gb_route_relaxed {
    GB_ROUTE_RELAXED_BREAKS = 1 << 0,   /* breaks of a vehicle beyond two */
    GB_ROUTE_RELAXED_WAITING = 1 << 1,  /* waits cost nothing; until the first
                                           bound has converged, and all along
                                           with releases, travel by the hour
                                           or three breaks, waiting on purpose
                                           for a later slot is allowed */
    GB_ROUTE_RELAXED_DURATION = 1 << 2, /* waits do not count for
                                           max_duration_s, nor do breaks */
    GB_ROUTE_RELAXED_BANDS = 1 << 3,    /* each leg takes its shortest time of
                                           the day */
    GB_ROUTE_RELAXED_RELEASE = 1 << 4,  /* a release delays its own client
                                           only */
    GB_ROUTE_RELAXED_AFTER = 1 << 5,    /* client_after */
    GB_ROUTE_RELAXED_PATTERNS = 1 << 6, /* groups of clients in bundles */
    GB_ROUTE_RELAXED_BALANCE = 1 << 7,  /* prices on the longest route and on
                                           the spread */
    GB_ROUTE_RELAXED_MUST_USE = 1 << 8, /* vehicles that must be used */
    GB_ROUTE_RELAXED_LIMITS = 1 << 9    /* limits and loads of a vehicle
                                           beyond the four tightest */
} gb_route_relaxed;

typedef struct gb_route_bound_options {
    size_t size;
    const gb_route_order *known; /* a plan to measure against; its routes are
                                    the first columns.  NULL: none */
    int64_t time_limit_ms; /* 0: none; makes the answer unrepeatable.  A
                              quarter goes into a search for a better plan
                              if the first 16th has closed nothing, unless
                              skip_plan is set */
    uint64_t max_rounds;   /* of the master program; 0 = 2000 */
    uint64_t max_labels;   /* of one pricing at a time, some 100 bytes each;
                              0 = 4,000,000.  With few the bound is weaker */
    uint64_t seed;         /* of the search for a better plan */
    uint32_t n_threads;    /* 0 = 1.  One does the work, whatever is given;
                              GLPK's is beside it */
    bool skip_plan;        /* true: do not look for a better plan */
} gb_route_bound_options;
#define GB_ROUTE_BOUND_OPTIONS_INIT                                           \
    { sizeof(gb_route_bound_options), 0, 0, 0, 0, 0, 0, 0 }

/** What was proven.  Musts are must clients and must groups together. */
typedef struct gb_route_bound_result {
    size_t size;               /* set by the caller */
    int64_t value_milli_upper; /* no plan that serves at least n_musts musts
                                  has a greater value */
    uint32_t n_musts;          /* those of the plan known; all that can be
                                  served where none is known */
    uint32_t musts_upper;      /* no plan serves more */
    uint32_t best_musts;       /* of the best plan known or found */
    uint32_t relaxed;          /* gb_route_relaxed of what was left out */
    int64_t best_value_milli;  /* of that plan; INT64_MIN: there is none */
    int64_t root_upper;        /* value_milli_upper before cuts and closing */
    double gap;                /* (value_milli_upper - best_value_milli) /
                                  |best_value_milli|; 1 without a plan */
    bool has_best;             /* there is a plan, known or found */
    bool is_closed;            /* that plan is proven to be the best */
    bool is_infeasible;        /* proven: no plan serves all musts there are,
                                  musts_upper is fewer */
    bool is_trivial;           /* no pricing ended: the bound is the sum of
                                  all prizes less the cheapest way to each */
    int32_t outcome;           /* gb_outcome: OPTIMAL when closed, CONVERGED,
                                  ITERATIONS or TIME_LIMIT */
    uint32_t n_kinds;          /* vehicles that differ */
    uint32_t n_cuts;           /* subset-row cuts in force at the end */
    uint64_t n_columns;        /* routes made */
    uint64_t n_rounds;         /* of the master program */
    uint64_t n_labels;         /* partial routes kept in all pricing */
    double seconds;            /* of the whole call */
} gb_route_bound_result;

/**
 * Prove that no plan of these routes is worth more than so much.
 *
 * Musts come first: `musts_upper` bounds their number, `value_milli_upper`
 * the value of all plans that serve n_musts of them or more.  Both are sums of
 * integers, checked by no floating-point number: whatever the multipliers, the
 * best route against them is found exactly, and their sum is a bound.
 *
 * @param problem  Borrowed for the call.
 * @param options  NULL for all defaults.
 * @param result   Filled on GB_OK; its size is set before.
 * @param better   NULL, or takes a plan that is better than `known` (or just
 *                 a plan, where none is known); NULL in it: none was found.
 * @return GB_OK, also when a limit ended it: every bound reached is true.
 *         GB_ERR_OPTIONS, GB_ERR_ARGUMENT, GB_ERR_DATA as gb_route_solve();
 *         GB_ERR_INFEASIBLE when options->known cannot be driven;
 *         GB_ERR_LIBRARY when GLPK refuses; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Ownership: free *better with gb_route_solution_free().
 * Threads: one thread a context; the problem is only read.
 * Repeatable: equal problem and options give an equal result in the same
 *   build, `seconds` aside, unless time_limit_ms ends it.
 * Cost: a day of 10 vehicles and 150 clients takes some seconds to a minute,
 *   longer routes much longer; memory for max_labels labels and O(n_clients^2).
 * Method: column generation on a set-packing master (M. Desrochers, J.
 *   Desrosiers, M. Solomon, Oper. Res. 40 (1992)), ng-routes by labels from
 *   both ends (R. Baldacci, A. Mingozzi, R. Roberti, Oper. Res. 59 (2011)),
 *   smoothed duals (A. Pessoa et al., INFORMS J. Comput. 30 (2018)), subset-
 *   row cuts (M. Jepsen et al., Oper. Res. 56 (2008)) with limited memory
 *   (D. Pecin et al., Math. Program. Comput. 9 (2017)), plans by fixing
 *   route after route.
 * Since: 0.1.
 */
GB_API gb_status gb_route_bound(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_bound_options *options,
                                gb_route_bound_result *result,
                                gb_route_solution **better);

#ifdef __cplusplus
}
#endif
#endif
