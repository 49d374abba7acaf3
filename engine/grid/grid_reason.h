/*
 * grid_reason.h - why no plan can keep the rules, told from the rules and the
 * areas alone: each reason is a proof, with its numbers and its mend.
 */
#ifndef GRID_REASON_H
#define GRID_REASON_H

#include "grid_check.h"
#include "grid_problem.h"

gb_status grid_reasons(base_run *run, const grid_problem *problem,
                       const gb_territory_rules *rules,
                       grid_findings *findings);

#endif
