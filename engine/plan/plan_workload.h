/*
 * plan_workload.h - expected work, the measure that territories share out.
 *
 * The measure shared out is expected work in seconds: to visit every located
 * target that is to be visited once, with the access to its place and the way
 * between places.  The way is the continuous approximation of a tour through
 * m places in an area A, 0.7124 sqrt(m A) (J. Beardwood, J. Halton,
 * J. Hammersley 1959, doi:10.1017/S0305004100034095; the constant from
 * D. Johnson, L. McGeoch 1996), stretched by the detour of streets.
 */
#ifndef PLAN_WORKLOAD_H
#define PLAN_WORKLOAD_H

#include "plan_data.h"

/* Seconds of expected work in each cell: data->cells.n of them. */
gb_status plan_workload(plan_data *data, double *work_s);

#endif
