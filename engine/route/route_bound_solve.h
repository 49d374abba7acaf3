/*
 * route_bound_solve.h - the bound itself: rounds of program and pricing, cuts,
 * plans from whole routes.
 */
#ifndef ROUTE_BOUND_SOLVE_H
#define ROUTE_BOUND_SOLVE_H

#include "route_bound_master.h"

/* A plan to measure against; its routes are the first columns. */
typedef struct rb_known {
    bool has_plan;
    uint32_t musts;
    int64_t value_milli;
    const gb_route_solution *solution; /* NULL: figures alone */
} rb_known;

/* Ask for a plan of these routes: chosen[c] is 1 for column c.  Sets is_bad
 * of a column that cannot be driven; a better plan is kept and its value is
 * written to known.  Without columns: of any routes, by a search. */
typedef gb_status (*rb_plan_fn)(void *user, rb_master *master,
                                const uint8_t *chosen, rb_known *known);

typedef struct rb_outcome {
    bool is_trivial;    /* no pricing ended */
    bool is_converged;  /* the root's program and bound met */
    bool misses_musts;  /* the program could not serve what is asked for */
    int64_t upper, root_upper; /* milli */
    uint64_t n_rounds, n_columns, n_labels;
    uint32_t n_cuts;
    uint32_t relaxed;
} rb_outcome;

/*
 * Set can_visit of all customers, and the greatest cost of a stop.  Out of
 * time, all can be visited and nobody's way costs anything: true of a bound.
 */
gb_status rb_find_reach(base_run *run, rb_model *model, int64_t *most_milli);

/*
 * Bound the model's value, for plans with model->n_musts musts.
 *
 * @param plan  NULL: make no plans
 */
gb_status rb_solve(base_run *run, const rb_model *model,
                   const gb_route_bound_options *options, int64_t most_milli,
                   rb_known *known, rb_plan_fn plan, void *user,
                   rb_outcome *out);

#endif
