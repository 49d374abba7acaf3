/*
 * route_lean_cross.h - a child of two plans, by edge assembly.
 *
 * The legs that only one of two plans has fall into cycles in which those of
 * the one and those of the other take turns.  A child is the mother with the
 * legs of some cycles exchanged: it has nearly all of its legs from its parents
 * and keeps most of its mother (Y. Nagata, O. Braysy, W. Dullaert, A penalty-
 * based edge assembly memetic algorithm for the vehicle routing problem with
 * time windows, C&OR 37 (2010), 724-737, doi:10.1016/j.cor.2009.06.022).
 *
 * Unlike the paper there are no penalties: who comes too late, is too much, or
 * was left in a round without a depot goes out, and the search inserts them
 * anew.  So a child keeps every limit, whatever the problem, and only musts
 * for whom no gap was left are missing from it.
 *
 * Plans are as route_lean.best_next holds them: next[a] follows node a; who is
 * out follows itself.
 */
#ifndef ROUTE_LEAN_CROSS_H
#define ROUTE_LEAN_CROSS_H

#include "route_lean.h"

/* From where to where: clients, or the start or end of a kind. */
typedef struct cross_leg {
    uint32_t from, to;
} cross_leg;

typedef struct route_lean_cross {
    const route_lean_model *model;
    uint32_t n;            /* clients */

    /* What is left of both plans once their common legs are gone. */
    uint32_t *mother_to;   /* of clients; GB_ROUTE_NONE: none is left */
    uint32_t *father_from;
    uint32_t *starts, *n_starts; /* mother's first clients, by kinds */
    uint32_t *ends, *n_ends;     /* father's last clients, by kinds */

    /* Cycles: mother's leg and father's, in turn. */
    cross_leg *legs;
    uint32_t *first_leg, n_cycles, n_legs;

    /* Scratch. */
    uint32_t *path, *place; /* place: in the path, of ends of kinds */
    uint32_t *father_to;
    uint32_t *next;         /* of the child's clients */
    uint32_t *heads, *n_heads; /* first clients of its routes, by kinds */
    uint8_t *is_chosen;     /* of cycles */
} route_lean_cross;

/* Not where who is served asks for more than the limits of each route. */
bool route_lean_cross_suits(const route_lean_model *model);
bool route_lean_cross_init(route_lean_cross *x, const route_lean_model *model);
void route_lean_cross_clear(route_lean_cross *x);

/* Finds the cycles of two plans: how many.  None: they are the same. */
uint32_t route_lean_cross_pair(route_lean_cross *x, base_rng *rng,
                               const uint32_t *mother, const uint32_t *father);

/*
 * The child of this mother, with the legs of the chosen cycles exchanged, is
 * the plan of s from here on; nothing of it can be undone.
 */
void route_lean_cross_child(route_lean_cross *x, route_lean *s,
                            const uint32_t *mother);

/*
 * Both at once: one cycle, or a random half of them.  False: the plans are the
 * same, and the plan of s is as it was.
 */
bool route_lean_cross_over(route_lean_cross *x, route_lean *s,
                           const uint32_t *mother, const uint32_t *father);

#endif
