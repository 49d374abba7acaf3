/*
 * score_logit.h - logistic regression with coefficients of at least 0.
 *
 * Newton's method; each step solves the quadratic model within the bounds by
 * cyclic coordinate descent, and is halved until the likelihood rises.  A
 * small ridge keeps the answer finite where the outcomes are separated.  The
 * plain twin (tests) is Newton without bounds, and grids.
 */
#ifndef SCORE_LOGIT_H
#define SCORE_LOGIT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCORE_LOGIT_MOST = 32 }; /* coefficients, with the intercept */

typedef struct score_logit_data {
    size_t n;         /* groups of rows that are alike */
    size_t k;         /* columns of x; k + 1 <= SCORE_LOGIT_MOST */
    const double *x;  /* n x k */
    const double *rows, *events; /* of each group */
    double ridge;     /* on the squares of the slopes, halved */
} score_logit_data;

typedef struct score_logit_fit {
    double beta[SCORE_LOGIT_MOST]; /* the intercept, then the slopes */
    double loglik;                 /* without the ridge */
    bool is_converged;
} score_logit_fit;

/* Starts from fit->beta.  Both outcomes must be there. */
void score_logit(const score_logit_data *data, score_logit_fit *fit);

/* The objective at beta, ridge included; for the tests of the gradient. */
double score_logit_value(const score_logit_data *data, const double *beta,
                         double *gradient);

/* The shift of all linear predictors that makes the mean fit; -30 to 30. */
double score_logit_shift(const double *predictors, const double *rows,
                         const double *events, size_t n);

/* rows x log(1 + exp(eta)) less events x eta: the loss of a group. */
double score_logit_loss(double eta, double rows, double events);

#endif
