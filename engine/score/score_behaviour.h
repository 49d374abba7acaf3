/*
 * score_behaviour.h - the behaviour models row by row: BG/NBD, MBG/NBD,
 * Pareto/NBD, Gamma-Gamma (gridbeat/behaviour.h).
 *
 * Everything is worked out in logs, so that neither a history of a thousand
 * transactions nor parameters near an edge run out of the range of a double.
 * Rows of one x share what depends on x and the parameters alone (gammas):
 * that is behaviour_per_x, made once for a run of equal x.
 *
 * Notation is that of the papers: x, t_x, T of a customer; r, alpha the shape
 * and rate of the transaction rates; a, b the beta of the chance to drop out;
 * s, beta the shape and rate of the drop-out rates; p, q, gamma of amounts.
 *
 * Pure functions on checked values: no allocation, any thread.
 */
#ifndef SCORE_BEHAVIOUR_H
#define SCORE_BEHAVIOUR_H

#include <gridbeat/behaviour.h>

#include "base_run.h"

typedef struct behaviour_row {
    double x, t_x, T; /* of Gamma-Gamma: x, and m in the place of T */
} behaviour_row;

/* What rows of equal x share, and its derivatives by the parameters. */
typedef struct behaviour_per_x {
    double x;
    double base, d_base[4];     /* common to both ways */
    double alive, d_alive[4];   /* still there at T; logs of a factor */
    double gone, d_gone[4];     /* dropped out at t_x; -inf: cannot have */
} behaviour_per_x;

void behaviour_of_x(int32_t kind, const double params[4], double x,
                    bool with_slopes, behaviour_per_x *out);

/*
 * The log-likelihood of a row; adds weight * gradient where `gradient` is
 * not NULL; and tells P(alive at T) where `alive` is not NULL.
 */
double behaviour_loglik(int32_t kind, const double params[4],
                        const behaviour_per_x *of_x, const behaviour_row *row,
                        double weight, double gradient[4], double *alive);

/* Transactions expected within t > 0 of one who is alive at T. */
double behaviour_expected(int32_t kind, const double params[4],
                          const behaviour_row *row, double t);
/* The chance of any within t, of one who is alive at T. */
double behaviour_any(int32_t kind, const double params[4],
                     const behaviour_row *row, double t);
/* The mean amount; infinite where there is none. */
double behaviour_spend(const double params[4], double x, double m);

/* score_behaviour_fit.c: see gb_behaviour_fit(); rows are checked, `n` of them
 * count, and are reordered. */
gb_status behaviour_fit(base_run *run, int32_t kind, behaviour_row *rows,
                        size_t n, uint32_t max_iterations,
                        gb_behaviour_model *out);

/* ---- score_behaviour_math.c ---- */

double behaviour_lgamma(double x);
double behaviour_digamma(double x);

/*
 * The integral over u from `from` to `to` of
 *   exp(-k ln(A + u) - l ln(B + u)),   k, l >= 0 and not both 0, A, B > 0,
 * as its log; and, where not NULL, means under that weight of ln(A + u),
 * ln(B + u), 1/(A + u), 1/(B + u).  -inf when from >= to.
 */
double behaviour_integral(double k, double A, double l, double B, double from,
                          double to, double means[4]);

#endif
