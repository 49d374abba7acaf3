/*
 * route_bound_graph.h - the routes of one kind of vehicle as paths: nodes are
 * customers, a path collects gains and pays for arcs, and a clock tells what
 * still fits.
 *
 * The clock is the time of day, or, where time limits nothing, the load on
 * board: whatever is monotone and binds.  A node may have several options: a
 * start in [early, late] earns so much.  A path may begin a service later
 * than it could, so being early is never worse.
 *
 * Each side looks at the same graph from one end.  The forward side's clock
 * at a node is the earliest start of service; the backward side's is minus
 * the latest start.  With times, windows and breaks mirrored both are the
 * same procedure (route_bound_label.c), and a path forward to p and a path
 * backward to q join over the arc p, q.
 */
#ifndef ROUTE_BOUND_GRAPH_H
#define ROUTE_BOUND_GRAPH_H

#include "route_bound_model.h"

#define RB_NEVER (INT32_MAX / 2)

typedef struct rb_option {
    int32_t early, late; /* of the side's clock, both included */
    int32_t door;        /* forward side: who comes in [door, early) waits for
                            a window to open at early */
    int64_t gain_milli;
} rb_option;

enum { RB_FORWARD = 0, RB_BACKWARD = 1, RB_MOST_SETS = 1 << RB_MOST_BREAKS };

/* Of n nodes; matrices have n rows of n, the side's nearer node first. */
typedef struct rb_side {
    int32_t *ahead;         /* matrix: from the clock of a node to the next's */
    int64_t *cost;          /* matrix, milli */
    rb_option *options;     /* by early */
    uint32_t *first_option; /* n + 1 */
    int32_t *begin[RB_MOST_SETS]; /* clock at a node that is the side's first,
                                     after these breaks; RB_NEVER: no way */
    int32_t *begin_last[RB_MOST_SETS]; /* forward side: with those breaks in
                                          their other order */
    int64_t *begin_cost;    /* a node; fixed cost on the forward side */
    int32_t *begin_use[RB_MOST_LIMITS]; /* a node */
    int32_t *use[RB_MOST_LIMITS]; /* matrix, the arc alone; NULL: none */
    gb_route_break breaks[RB_MOST_BREAKS];
} rb_side;

typedef struct rb_graph {
    base_mem *mem;
    const rb_model *model;
    uint32_t kind, n;
    uint32_t *customer;     /* of a node */
    uint32_t *node_of;      /* of a customer; GB_ROUTE_NONE: it is no stop */
    int32_t *service;       /* of a node: comes before a break on the forward
                               side, after it on the backward one */
    uint32_t n_sets, n_breaks;
    uint32_t n_limits;
    int32_t limits[RB_MOST_LIMITS];
    int32_t *node_use[RB_MOST_LIMITS];
    int32_t from, to;       /* of the forward clock */
    int64_t most_step;      /* no stop changes a value by more */
    bool is_load;           /* the clock is a limit, not the time */
    bool drops_limits;
    bool is_loose;          /* waiting on purpose brings nothing, or cannot be
                               told from waiting that has to be */
    int32_t last_jump;      /* the last clock at which a prize rises: behind
                               it nobody would wait on purpose */
    rb_side sides[2];
    size_t room;            /* nodes, options and matrices allotted */
} rb_graph;

gb_status rb_graph_init(gb_context *ctx, const rb_model *model,
                        rb_graph *graph);
void rb_graph_clear(rb_graph *graph);
/* Lay out the routes of a kind, in place of what was there. */
void rb_graph_build(rb_graph *graph, uint32_t kind);

/*
 * Clock at node j, before its options, coming from node i at `clock` with
 * these breaks on the way; RB_NEVER: they cannot be had.
 */
int32_t rb_graph_ready(const rb_graph *graph, uint32_t side, uint32_t i,
                       int32_t clock, uint32_t breaks, uint32_t j);

/* Likewise, the breaks in one of their two orders. */
int32_t rb_graph_ready_in(const rb_graph *graph, uint32_t side, uint32_t i,
                          int32_t clock, uint32_t breaks, bool is_turned,
                          uint32_t j);

/* Likewise, of who may also have set out earlier: where a break would begin too
 * late, it begins as late as it can. */
int32_t rb_graph_ready_latest(const rb_graph *graph, uint32_t side, uint32_t i,
                              int32_t clock, uint32_t breaks, bool is_turned,
                              uint32_t j);

/* Whether two orders of these breaks are to be told apart. */
static inline bool rb_has_turns(uint32_t breaks)
{
    return (breaks & (breaks - 1)) != 0;
}

/*
 * The option of a strict path that comes to node i at `clock`, with its start
 * in *start; NULL: it comes too late.
 */
static inline const rb_option *rb_graph_enter(const rb_side *s, uint32_t i,
                                              int32_t clock, int32_t *start)
{
    for (uint32_t o = s->first_option[i]; o < s->first_option[i + 1]; o++) {
        const rb_option *option = &s->options[o];

        if (clock > option->late || clock < option->door)
            continue;
        *start = clock > option->early ? clock : option->early;
        return option;
    }
    return NULL;
}

#endif
