/*
 * plan_build.h - the main path of a night: select, cells, score, tier,
 * territory, plan, check.
 *
 * A night is what its steps share.  They run one after another on its quiet
 * context (plan_data.h), each with a base_run and a transaction of its own.
 */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "base_check.h"
#include "plan_data.h"

typedef struct plan_night {
    base_run *run;       /* of all its steps; NULL: of one alone */
    plan_data kept;      /* what a step leaves for the next; else zeroed */
    gb_workspace *ws;
    const gb_roads *roads;
    plan_settings settings;
    gb_context quiet;
    int64_t n_musts_missed;
} plan_night;

/* The result of a call, which takes a copy of `json`. */
gb_status plan_make_result(gb_context *ctx, json_t *json,
                           int64_t n_musts_missed, gb_plan_result **out);

/* By its name; errors are in night->quiet. */
gb_status plan_one_step(plan_night *night, const char *name, json_t **result);
/* Errors are in run->ctx, with the step's name before them. */
gb_status plan_all_steps(plan_night *night, base_run *run, json_t **result);

#endif
