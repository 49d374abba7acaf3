/*
 * plan_measure.h - the activities that territories share out, each within a
 * tolerance of its own.
 */
#ifndef PLAN_MEASURE_H
#define PLAN_MEASURE_H

#include "base_context.h"

typedef enum plan_activity {
    PLAN_WORKLOAD = 0, /* seconds of expected work (plan_workload.h) */
    PLAN_TARGETS = 1,  /* targets to be visited */
    PLAN_VALUE = 2,    /* their points */
    PLAN_CUSTOMERS = 3, /* all that lie there */
    PLAN_N_ACTIVITIES = 4
} plan_activity;

/* "workload", "targets", ... */
extern const char *const plan_activity_names[PLAN_N_ACTIVITIES];

typedef struct plan_measures {
    size_t n;
    plan_activity which[PLAN_N_ACTIVITIES];
    double tolerances[PLAN_N_ACTIVITIES];
} plan_measures;

/*
 * "workload=10%,targets=0.15,value": each once, with its tolerance or else
 * `tolerance`; NULL is "workload".  GB_ERR_ARGUMENT for anything else.
 */
gb_status plan_measures_parse(gb_context *ctx, const char *text,
                              double tolerance, plan_measures *out);

#endif
