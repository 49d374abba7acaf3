/*
 * route_bound_state.h - what the parts of a bound share: rounds, circles and
 * waits, cuts, plans.
 */
#ifndef ROUTE_BOUND_STATE_H
#define ROUTE_BOUND_STATE_H

#include "route_bound_solve.h"

enum { RB_BLEND = 256 };

typedef struct rb_bound {
    base_run *run;
    const rb_model *m;
    const gb_route_bound_options *options;
    rb_memory memory;
    rb_pricer pricer;
    rb_master master;
    rb_duals wanted, centre, used; /* the program's, the best's, a blend */
    bool has_centre;
    int64_t *centre_best; /* against them, of each kind: no route gains more */
    int64_t *used_best;
    int32_t blend;       /* how much of the centre, of 256 */
    bool has_searched;   /* for a better plan */
    bool has_moved;      /* the last exact pricing brought a better bound */
    bool is_warming_up;  /* with leave to wait, which is not for long */
    bool has_lost;       /* columns are worth less than they were */
    bool is_exact;       /* price exactly from the start of a round */
    rb_known *known;
    rb_plan_fn plan;
    void *user;
    rb_outcome *out;
    rb_stops stops;      /* scratch */
    rb_joint *order;     /* scratch */
    uint8_t *is_taken;   /* customers of the routes fixed */
} rb_bound;

typedef enum rb_round_end {
    RB_ROUND_ON,        /* there are new routes */
    RB_ROUND_CONVERGED, /* no route gains */
    RB_ROUND_STUCK,     /* labels or time */
    RB_ROUND_CLOSED
} rb_round_end;

void rb_copy_duals(const rb_model *m, rb_duals *to, const rb_duals *from);
/* b->used: b->blend of the centre, the rest of what the program wants. */
void rb_blend_duals(rb_bound *b);
/* A better bound, if it is one. */
bool rb_take_bound(rb_bound *b, rb_wide value);
bool rb_is_closed(const rb_bound *b);
bool rb_is_over(const rb_bound *b);

/* All kinds against the blend.  Exactly: a bound, unless *end says otherwise. */
gb_status rb_price_all(rb_bound *b, bool is_exact, uint32_t *n_new,
                       rb_price_end *end);
/* Rounds of program and pricing until no route gains. */
gb_status rb_converge(rb_bound *b, rb_round_end *end);

/* Rounds with more memory until no circle is chosen. */
gb_status rb_converge_whole(rb_bound *b, rb_round_end *end);

/* Whether there is a kind for which waiting on purpose can be left out. */
bool rb_can_tighten(rb_bound *b);
/* No more waiting on purpose. */
gb_status rb_tighten(rb_bound *b, rb_round_end *end);

/* Routes found so far are worth no more than who never waits on purpose gets. */
void rb_revalue(rb_bound *b);

/* Subset-row cuts over three customers; *n_new: so many were violated. */
gb_status rb_find_cuts(rb_bound *b, uint32_t *n_new);

/* The routes of the plan known become columns. */
gb_status rb_take_known(rb_bound *b);
/* Fix route after route, and ask for the plan. */
gb_status rb_make_plan(rb_bound *b);

/* Of a small day: the best choice among all routes that a better plan can
 * have, if they are not too many. */
gb_status rb_close(rb_bound *b);

#endif
