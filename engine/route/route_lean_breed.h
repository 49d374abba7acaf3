/*
 * route_lean_breed.h - plans that breed: for problems of some hundred clients
 * with one kind of vehicle and one load, and nothing else.
 *
 * One annealing of a small problem is stuck long before its time is up.  So a
 * part of the time goes to a herd of plans (T. Vidal, Hybrid genetic search for
 * the CVRP, C&OR 140 (2022), doi:10.1016/j.cor.2021.105643): two of them are
 * crossed as one tour through all clients, the tour is cut into routes at the
 * least cost, and the routes are improved by local search in which a load too
 * large has a price.  Those that obey capacities and those that do not are
 * kept apart; a plan stays for its cost and for how much it differs.
 *
 * Nothing here asks for coordinates: where clients lie about the depot is
 * made out from the matrix.
 */
#ifndef ROUTE_LEAN_BREED_H
#define ROUTE_LEAN_BREED_H

#include "route_lean.h"

enum {
    BREED_LEAST = 25,  /* plans of a herd after it was thinned out */
    BREED_MORE = 40,   /* children until it is thinned out again */
    BREED_MOST = BREED_LEAST + BREED_MORE + 1,
    BREED_PLANS = 2 * BREED_MOST + 1
};

/* Clients, then start and end of each route; the end goes on to the start. */
typedef struct breed_stop {
    uint32_t next, prev, route, location;
    uint32_t place;    /* in its route; 0: the start */
    uint32_t tested;   /* stamp */
    int64_t leg;       /* to the next */
    int64_t load;
    int64_t load_to;   /* with all before */
    int64_t gain;      /* of taking it out, while routes swap */
} breed_stop;

typedef struct breed_route {
    uint32_t n_clients;
    uint32_t changed, swapped; /* stamps */
    uint16_t from, to;         /* angles it spans */
    int64_t load, way;
    int64_t penalty;           /* milli units, as all prices */
} breed_route;

/* The three best gaps of a route for a client. */
typedef struct breed_gaps {
    uint32_t stamp, after[3];
    int64_t cost[3];
} breed_gaps;

typedef struct breed_plan {
    uint32_t *tour;        /* all clients, route by route */
    uint32_t *next, *prev; /* GB_ROUTE_NONE: the depot */
    int64_t way, excess;   /* load beyond capacities */
    double fitness;        /* the less the better */
} breed_plan;

typedef struct breed_herd {
    uint32_t n, ids[BREED_MOST]; /* of plans, the cheapest first */
} breed_herd;

struct route_lean_breed {
    const route_lean_model *model;
    const int32_t *cost;
    base_rng *rng;
    size_t n_stride;
    uint32_t n, n_routes;   /* clients; routes that may be used */
    uint32_t depot;         /* location */
    int64_t capacity;
    int64_t penalty;        /* of a unit of load too much, milli units */
    int64_t most_penalty;

    /* The plan that is being improved. */
    breed_stop *stops;
    breed_route *routes;
    breed_gaps *gaps;       /* n a route */
    uint32_t *first_close, *close; /* whom a client is tried beside */
    uint32_t *order, *route_order;
    uint32_t stamp, first_empty;
    int64_t way, penalties;
    uint64_t priced;

    /* Where clients lie, the depot in the origin. */
    double *x, *y;
    uint16_t *angle;

    /* Scratch. */
    uint32_t *list, *cuts;  /* cuts: where routes of a tour begin */
    uint32_t *from;
    uint32_t *next;         /* a plan as the annealing holds it */
    int64_t *least;
    double *bearing;

    breed_plan plans[BREED_PLANS];
    uint32_t *links;        /* of all plans */
    uint32_t spare[BREED_PLANS], n_spare; /* plans in no herd */
    uint32_t child;         /* the plan that is being made */
    breed_herd herds[2];    /* within capacities; beyond */
    uint16_t *apart;        /* of two plans: links that only one has */
    uint8_t obeyed[100];    /* did the last children obey capacities? */
    uint32_t n_anneals; /* 0: not known yet */
    uint32_t n_children, n_idle, n_born, n_by_chance, last_sample;
    double first_progress;
    bool is_idle;           /* one annealing takes all of the time */
    int64_t best_way;
    int64_t known;          /* cost of the search's best */
};

static inline uint32_t breed_start(const route_lean_breed *b, uint32_t r)
{
    return b->n + 2 * r;
}

static inline int64_t breed_leg(const route_lean_breed *b, uint32_t i,
                                uint32_t j)
{
    return b->cost[(size_t)b->stops[i].location * b->n_stride
                   + b->stops[j].location];
}

static inline int64_t breed_penalty(const route_lean_breed *b, int64_t load)
{
    return load > b->capacity ? (load - b->capacity) * b->penalty : 0;
}

static inline int64_t breed_price(const route_lean_breed *b,
                                  const breed_plan *plan)
{
    return 1000 * plan->way + b->penalty * plan->excess;
}

/* --- route_lean_breed_tour.c: from tours to routes and back --- */

/* Where clients lie about the depot. */
void breed_locate(route_lean_breed *b);
/* Child: from a piece of one tour, and the others in the other's order. */
void breed_cross(route_lean_breed *b, const breed_plan *mother,
                 const breed_plan *father, breed_plan *child);
/* Cut the plan's tour where it costs least, and load the routes. */
void breed_load(route_lean_breed *b, const breed_plan *plan);
/* Load a plan of the annealing; false: it has too many routes. */
bool breed_take(route_lean_breed *b, const uint32_t *next);
/* What is loaded, as a plan. */
void breed_store(route_lean_breed *b, breed_plan *plan);

/* --- route_lean_breed_local.c: local search on what is loaded --- */

/* Bring what is known of a route up to date. */
void breed_refresh(route_lean_breed *b, uint32_t r);
void breed_improve(route_lean_breed *b);

/* --- route_lean_breed_swap.c --- */

/* Exchange two clients of these routes, each where it is best then. */
bool breed_swap_routes(route_lean_breed *b, uint32_t r, uint32_t q);
/* Take stop u out and put it behind v. */
void breed_move(route_lean_breed *b, uint32_t u, uint32_t v);

/* --- route_lean_breed_herd.c --- */

/*
 * The child joins its herd; false: it is no new best.  Counted are children
 * that tell whether capacities cost enough.
 */
bool breed_join(route_lean_breed *b, bool is_counted);
const breed_plan *breed_choose(route_lean_breed *b);
/* A new price of loads that are too large. */
void breed_balance(route_lean_breed *b);
void breed_disband(route_lean_breed *b);

#endif
