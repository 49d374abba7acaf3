/*
 * lp.h - linear and 0-1 programs, solved by GLPK where GLPK cannot hurt.
 *
 * GLPK answers misuse and lack of memory with abort(), and what it frees on
 * the way out it frees for the whole thread, the host's problems too.  So a
 * solve runs on a thread of its own; an error there jumps out of GLPK, its
 * environment is freed, and the error's words come back as a status.  The
 * calling thread meanwhile polls: progress and cancel go on.
 *
 * Internal; programs come as flat arrays, borrowed for the call.  Any thread;
 * several may solve at once.
 */
#ifndef LP_H
#define LP_H

#include "base_run.h"

/*
 * Least (or greatest) cost * x with row_lower <= A x <= row_upper and lower
 * <= x <= upper.  Bounds may be infinite.  A is given by rows: row r has the
 * entries [first[r], first[r + 1]), no column twice.
 */
/*
 * Where a solve of a real program begins, and where it ended: for a program
 * that is solved again with some columns or rows more.  One entry a row and a
 * column: LP_BASIC, or 0 for at its lower bound, or LP_UPPER.
 */
enum { LP_LOWER = 0, LP_BASIC = 1, LP_UPPER = 2 };
typedef struct lp_basis {
    bool is_set;      /* begin here; a basis that will not do is left */
    bool is_dual;     /* with the dual simplex: bounds or rows have changed */
    uint8_t *rows, *columns;
} lp_basis;

typedef struct lp_problem {
    size_t n_columns, n_rows;     /* n_columns at least 1 */
    bool is_greatest;
    const double *cost;           /* n_columns */
    const double *lower, *upper;  /* n_columns; NULL: 0 and infinite */
    const uint8_t *is_binary;     /* n_columns; 1: x is 0 or 1, whatever its
                                     bounds; NULL: all are real */
    const double *row_lower, *row_upper; /* n_rows */
    const uint32_t *first;        /* n_rows + 1 */
    const uint32_t *columns;
    const double *coefficients;
    lp_basis *basis;              /* NULL: from nothing; set on success */
} lp_problem;

typedef struct lp_limits {
    int64_t time_limit_ms; /* 0: none but the run's */
    double gap;            /* 0-1 programs: stop within this ratio of best */
} lp_limits;

typedef struct lp_result {
    int32_t outcome;   /* gb_outcome: OPTIMAL, CONVERGED (within the gap),
                          TIME_LIMIT */
    bool has_answer;   /* x is feasible */
    double objective;
    double bound;      /* no x is better; infinite when not known */
    double *x;         /* n_columns, the caller's, or NULL */
    double *row_dual;  /* n_rows, likewise; for real programs only */
} lp_result;

/*
 * @param limits  NULL: none
 * @param result  its x and row_dual are set by the caller
 * @return GB_OK, also when a limit came first (ask result->has_answer);
 *         GB_ERR_INFEASIBLE   no x at all, or the cost has no bound
 *         GB_ERR_LIBRARY      GLPK refused, with its words: crossed bounds,
 *                             a column out of range or twice in a row
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 */
gb_status lp_solve(base_run *run, const lp_problem *problem,
                   const lp_limits *limits, lp_result *result);

#endif
