/*
 * grid_reason_rules.h - reasons in pairs, bars, frozen territories, budgets
 * of moves, and in areas that hang on a single other one; see grid_reason.h.
 *
 * Each is a proof: it asks only what holds for every plan.
 */
#ifndef GRID_REASON_RULES_H
#define GRID_REASON_RULES_H

#include "grid_check.h"
#include "grid_problem.h"

typedef struct grid_reasoning {
    base_run *run;
    const grid_problem *p;
    const gb_territory_rules *rules;
    grid_findings *findings;
} grid_reasoning;

static inline gb_territory_finding
grid_blank_finding(gb_territory_finding_kind kind)
{
    return (gb_territory_finding){ kind, GB_GRID_NONE, GB_GRID_NONE,
                                   GB_GRID_NONE, GB_GRID_NONE, 0, 0, 0, 0 };
}

static inline gb_status grid_reason_add(grid_reasoning *x,
                                        gb_territory_finding finding)
{
    return base_array_push(x->run->mem, x->findings, finding)
        ? GB_OK : base_fail_nomem(x->run->ctx);
}

gb_status grid_reason_pairs(grid_reasoning *reasoning);
gb_status grid_reason_crowd(grid_reasoning *reasoning);
gb_status grid_reason_bars(grid_reasoning *reasoning);
gb_status grid_reason_frozen(grid_reasoning *reasoning);
gb_status grid_reason_moves(grid_reasoning *reasoning);
gb_status grid_reason_pockets(grid_reasoning *reasoning);
gb_status grid_reason_parts(grid_reasoning *reasoning);

#endif
