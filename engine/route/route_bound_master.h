/*
 * route_bound_master.h - the routes found so far, the linear program that
 * chooses among them, and the bound that multipliers give.
 */
#ifndef ROUTE_BOUND_MASTER_H
#define ROUTE_BOUND_MASTER_H

#include "route_bound_label.h"

typedef struct rb_column {
    size_t first;     /* of rb_master.stops */
    uint32_t n, kind;
    int64_t value;    /* milli, as the graph has it */
    uint64_t hash;    /* of kind and stops */
    uint32_t n_idle;  /* programs in a row that did not want it */
    bool is_bad;      /* a circle, or none can drive it: not for plans */
    bool is_fixed;    /* chosen, while a plan is made */
    double x;         /* in the last program */
    uint8_t place;    /* in its basis: lp_basis */
} rb_column;

typedef struct rb_master {
    base_mem *mem;
    const rb_model *model;
    BASE_ARRAY(rb_column) columns;
    rb_stops stops;
    rb_cut cuts[RB_MOST_CUTS];
    uint8_t cut_place[RB_MOST_CUTS]; /* of their rows in the last basis */
    uint32_t n_cuts;
    uint8_t *row_place;  /* of the other rows */
    uint8_t *more_place; /* of patterns and ways out */
    size_t n_more;
    bool is_diving;      /* some columns are fixed, bad ones are not taken */
    bool has_moved;      /* bounds or rows, since the last program */
    bool has_basis;
    uint64_t n_made;     /* columns, those dropped too */
    double penalty;      /* points of value for a must that no route serves */
    double missing;      /* musts that none serves, in the last program */
    double objective;    /* milli */
    int64_t *kind_duals; /* of the last program */
} rb_master;

gb_status rb_master_init(gb_context *ctx, const rb_model *model,
                         rb_master *master);
void rb_master_clear(rb_master *master);

/* Take a route; false: no memory.  One that is there already is left out, or
 * worth more from now on. */
bool rb_master_add(rb_master *master, uint32_t kind, const uint32_t *customers,
                   uint32_t n, int64_t value, bool *is_new);

/* Solve the program: multipliers, x of each column, the objective. */
gb_status rb_master_solve(base_run *run, rb_master *master, rb_duals *duals);

/* Forget columns that no program has wanted for long. */
void rb_master_tidy(rb_master *master);

/*
 * Fix the columns that the last program chose whole, or, where all of those
 * are fixed, the one nearest to whole.  False: the program was whole.
 */
bool rb_master_fix(rb_master *master);
void rb_master_release(rb_master *master);

/* What a column gains against multipliers, that of its kind not counted. */
int64_t rb_master_gain(const rb_master *master, const rb_column *column,
                       const rb_duals *duals);
/* The sum of multipliers by their rows: the bound without the routes. */
__extension__ typedef __int128 rb_wide;
rb_wide rb_master_offset(const rb_master *master, const rb_duals *duals);

#endif
