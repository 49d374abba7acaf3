/*
 * call_bound.h - a bound beside a plan, as JSON: for territory.bound and for
 * territory.solve.
 */
#ifndef CALL_BOUND_H
#define CALL_BOUND_H

#include <gridbeat/bound.h>

#include "call_door.h"

typedef struct call_bound_task {
    const gb_areas *areas;
    const gb_lonlat *places; /* or NULL */
    const gb_territory_rules *rules;
    int32_t objective;       /* gb_territory_objective */
    const uint32_t *plan;    /* valid, or NULL */
    bool is_of_plan;         /* gap and closed are those of `plan`; else of
                                the best plan known in the end */
    int64_t time_limit_ms;   /* 0: none */
    uint64_t max_iterations; /* as gb_bound_options has them */
} call_bound_task;

/*
 * Prove, and describe: lower, upper (the best plan known), plan (the one that
 * is measured), gap (as a share of plan), above (of lower), closed (no plan is
 * better), infeasible, proof, ...
 * `owners` (n_areas) becomes a better plan where found->has_plan.
 */
gb_status call_bound_prove(call *c, const call_bound_task *task,
                           gb_bound_result *found, uint32_t *owners,
                           json_t **described);

/* What a figure of this objective is counted in. */
const char *call_bound_unit(int32_t objective, bool has_places);

/* "cut", "border", "moment", "median". */
const char *call_bound_goal(int32_t objective);

#endif
