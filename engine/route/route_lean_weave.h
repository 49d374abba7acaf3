/*
 * route_lean_weave.h - plans with windows that breed: for problems of up to
 * some two hundred clients.
 *
 * Few long routes with windows are a landscape of few deep valleys: a short
 * annealing ends in one of a handful of plans, a long one hardly in others, and
 * the best plan has parts of several.  So a part of the time goes to many short
 * annealings, each from the beginning.  Their plans are a herd, as in the paper
 * that route_lean_cross.h is after: all of it is put into a random order, each
 * plan is the mother of a child by the next one, the child is annealed for a
 * moment around what is new in it, and takes its mother's place where it is
 * cheaper.  Plans that share nearly all of their legs are taken for one, the
 * cheapest of them: else the herd would soon be the best plan and its like.
 * In its place it becomes smaller, the dearest first.
 */
#ifndef ROUTE_LEAN_WEAVE_H
#define ROUTE_LEAN_WEAVE_H

#include "route_lean_cross.h"

enum { WEAVE_PLANS = 60 };

typedef struct weave_plan {
    uint32_t *next; /* of nodes, as route_lean.best_next */
    int64_t cost;
} weave_plan;

struct route_lean_weave {
    route_lean_cross cross;
    weave_plan plans[WEAVE_PLANS];
    uint32_t *links;           /* of all plans */
    uint32_t *now;             /* a plan that may join them */
    uint32_t n_plans;
    uint32_t n_founders;       /* plans when breeding began */
    uint32_t n_anneals;        /* 0: not known yet */
    uint32_t n_annealed;
    double first_progress;
    bool is_idle;              /* one annealing takes all of the time */
    bool is_breeding;

    uint32_t order[WEAVE_PLANS], at; /* whose turn it is to be a mother */
    uint32_t mother;
    uint32_t n_looks;          /* until the child is as it will be */
    bool has_child;
    uint32_t *fresh, n_fresh;  /* clients beside legs that are new in it */
};

#endif
