/*
 * route_hold.h - what every solution in a test is held to: the checker, and
 * where the problem is tiny the best there is (route_oracle.h).
 */
#ifndef ROUTE_HOLD_H
#define ROUTE_HOLD_H

#include "route_case.h"
#include "route_oracle.h"
#include "test.h"

/* For base_rng as the source. */
uint32_t route_draw_random(void *rng, uint32_t bound);

/* The checker finds nothing; `about` names the case where it does. */
void route_hold_to_checker(gb_context *ctx, const gb_route_problem *problem,
                           const gb_route_solution *solution,
                           const char *about, uint64_t seed);

/* Solved by so many iterations, and held to the checker. */
gb_route_solution *route_hold_solve(gb_context *ctx,
                                    const gb_route_problem *problem,
                                    uint64_t iterations, const char *about,
                                    uint64_t seed);

gb_route_summary route_summary_of(const gb_route_solution *solution);

/* Cost, iterations and moves are the same for 1, 2, 4 and 8 threads. */
void route_hold_to_threads(const gb_route_problem *problem,
                           const gb_route_options *options);

/*
 * Each request for memory refused in turn, by itself: the call says so, or, if
 * `may_do_without`, ends well all the same; and nothing is left.
 */
void route_hold_to_memory(const gb_route_problem *problem,
                          const gb_route_options *options,
                          bool may_do_without);

/* Twice the iterations ask for memory no more often. */
void route_hold_to_requests(const gb_route_problem *problem,
                            const gb_route_options *options);

/*
 * Does the solver find the oracle's best?  Nearly always in a thousand
 * iterations, else in more; never is it better.
 */
bool route_hold_to_best(gb_context *ctx, const gb_route_problem *problem,
                        const oracle_best *best, const char *about,
                        uint64_t seed);

/* The oracle's routes, as the library drives them, are worth as much. */
void route_hold_oracle(gb_context *ctx, const gb_route_problem *problem,
                       const oracle_best *best, const char *about,
                       uint64_t seed);

/* So many iterations, searches and threads; seed 5. */
gb_route_options route_hold_options(uint64_t iterations, uint32_t n_searches,
                                    uint32_t n_threads);

/* A part of the model alone, or none, or all mixed: what tests go through. */
typedef struct route_case_part {
    const char *name;
    uint32_t features;
} route_case_part;
enum { CASE_PARTS = 16 };
extern const route_case_part ROUTE_CASE_PARTS[CASE_PARTS];

/* A case of the part, at most so large, drawn from the seed. */
void route_case_make_part(route_case *made, const route_case_part *part,
                          uint64_t seed, uint32_t most_clients,
                          uint32_t most_vehicles);

#endif
