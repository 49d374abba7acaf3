/*
 * route_lean.h - the search for problems that need no walking.
 *
 * With one window a client, no breaks, no places and no prizes by the hour,
 * whether a client fits into a gap, and what it costs there, is known in O(1)
 * from the two stops beside the gap.  So an iteration takes a few
 * microseconds: some strings of neighbouring clients are taken out, and those
 * that are out go back in, each beside one of its near clients, where it costs
 * least, a gap now and then overlooked (J. Christiaens, G. Vanden Berghe, Slack
 * induction by string removals, Transp. Sci. 54 (2020),
 * doi:10.1287/trsc.2019.0914); or two routes exchange their tails.  The result
 * stands or falls by simulated annealing; what falls is undone from a journal.
 *
 * Routes are doubly linked lists of nodes: a client each, and two ends for
 * each route.  Identical vehicles are one kind.
 *
 * With capacities and nothing else, up to some hundred clients, the annealing
 * is short and done many times, and its plans breed: route_lean_breed.h.  So
 * it is with windows, in another way: route_lean_weave.h.
 *
 * Costs within the search are in thousandths of a point, or finer where only
 * prizes count (`point`).  Where prizes are
 * worth so much more than the way that nothing would keep the way short, the
 * search adds a price of its own to every unit of it (`extra`); the best plan
 * is chosen without.
 */
#ifndef ROUTE_LEAN_H
#define ROUTE_LEAN_H

#include "base_rng.h"
#include "route_tour.h"

/* Vehicles that differ in nothing but their number. */
typedef struct route_lean_kind {
    const int32_t *cost;    /* matrix that costs `rate` a unit */
    const int32_t *seconds, *metres; /* metres: NULL where there is no limit */
    int64_t rate;           /* of the problem, milli */
    int64_t seconds_rate;   /* besides, a second of travel, milli */
    int64_t duration_rate;  /* a second of duration, milli */
    int64_t fixed_milli;
    uint32_t start, end;    /* locations, or GB_ROUTE_NONE */
    int32_t open_s, close_s;
    int32_t max_duration_s, max_travel_s;
    int64_t max_distance_m;
    int64_t capacity[ROUTE_MOST_LOADS];
    uint32_t max_clients, day;
    uint32_t first_route, n_routes;
} route_lean_kind;

/* What all searches of a problem read. */
typedef struct route_lean_model {
    const route_data *data;
    uint32_t n_clients, n_routes, n_kinds, n_loads, n_days;
    uint32_t n_musts;        /* of all clients; musts by group count in each */
    size_t n_stride;         /* locations: a row of a matrix */
    int64_t point;           /* of prizes in units of cost */
    route_lean_kind *kinds;
    uint32_t *kind_of;       /* of routes */
    uint32_t *vehicle_of;    /* of routes */
    uint32_t *route_of;      /* of vehicles */
    uint64_t *may_serve;     /* n_kind_words a client: bit k */
    size_t n_kind_words;
    int64_t *loads;          /* n_loads a client */
    /* Near clients of c: near[first_near[c]] and on, the nearest first. */
    uint32_t *first_near;
    struct route_lean_near *near;
    int32_t *from_depot;     /* of clients: how far, to sort by */
    bool is_plain;    /* one matrix, all of it reachable, one rate, no limits
                         but loads and windows, any vehicle for any client */
    bool is_symmetric; /* a plain matrix: the same both ways */
    bool comes_home;  /* every vehicle ends where it starts */
    bool has_depots;  /* not all start at the same place */
    bool has_time;    /* windows or shifts can matter */
    bool has_windows; /* of clients, with one visit each */
    bool has_duration; /* durations are limited or cost something */
    bool has_limits;  /* of distance or travel */
    bool has_prizes;  /* somebody may be left out */
    bool has_bundles;
} route_lean_model;

/*
 * A gap beside `client` whose way is w long lengthens it by 2 (least - w) at
 * least: in units of the first kind's matrix; see route_lean_least.c.
 */
typedef struct route_lean_near {
    uint32_t client;
    int32_t least;
} route_lean_near;

/* A stop; ends of routes are nodes too.  One cache line. */
typedef struct route_lean_node {
    uint32_t next, prev, route; /* route: GB_ROUTE_NONE when it is out */
    uint32_t location;
    int32_t early_s, late_s, service_s;
    int32_t first_s, last_s; /* service can begin, must begin */
    /* To the next: in units of the kind's matrix; where somebody asks. */
    int32_t way, travel_s;
    uint32_t n_musts;        /* as route_client has them */
    int64_t load;
    int64_t worth;           /* of serving it */
} route_lean_node;

/* A piece of a route: T. Vidal et al., C&OR 40 (2013), 475-489. */
typedef struct route_lean_piece {
    int32_t duration_s, first_s, last_s;
} route_lean_piece;

typedef struct route_lean_route {
    uint32_t kind, n_clients;
    uint32_t at;      /* in `used`, or GB_ROUTE_NONE when empty */
    int64_t load;
    int64_t metres, travel_s; /* where they are limited */
    int64_t duration_cost;
} route_lean_route;

/*
 * What is asked of all near clients, apart from the rest so that it stays in
 * the nearest cache: of a client its route and the longer way of the two
 * beside it (when it is out: any route, and ROUTE_LEAN_NO_REACH) ...
 */
typedef struct route_lean_seat {
    int32_t reach;
    uint32_t route;
} route_lean_seat;

/* ... and of a route what is left of capacity[0]. */
typedef struct route_lean_room {
    int64_t spare;
    uint32_t stamp; /* of the iteration that journalled it */
} route_lean_room;

typedef struct route_lean_kept {
    uint32_t route;
    route_lean_route was;
} route_lean_kept;

/* Where an insertion is best. */
typedef struct route_lean_gap {
    uint32_t after; /* GB_ROUTE_NONE: nowhere */
    int64_t cost;
} route_lean_gap;

typedef struct route_lean_breed route_lean_breed;
typedef struct route_lean_weave route_lean_weave;

typedef struct route_lean {
    const route_lean_model *model;
    route_lean_node *nodes;  /* clients, then start and end of each route */
    route_lean_piece *to, *from; /* up to and with a node; from it on */
    route_lean_route *routes;
    int64_t *route_loads;    /* n_loads a route */
    route_lean_seat *seats;  /* of clients */
    route_lean_room *rooms;  /* of routes */
    uint32_t *out, *out_at;  /* clients not served, and where they stand */
    uint32_t *used;          /* routes that serve somebody */
    uint32_t *free, *free_at; /* of each kind from its first_route on */
    uint32_t *n_free;
    uint32_t *served_of;     /* of groups: how many are served */
    uint32_t n_out, n_used, n_musts_out;
    int64_t cost;            /* of routes less worth of the served, milli */
    int64_t units;           /* of all legs, by the matrices of cost */
    int64_t extra;           /* price of a unit beside its rate */
    int64_t tax;             /* price of a second of service, with it */
    int64_t served_s;        /* of service, all together */
    double time_price;       /* `extra` before it is rounded */
    double most_price;       /* what a unit brings in the first plan */
    double tax_share;        /* of time_price: what is a second's */
    int64_t must_price;
    int64_t raised;          /* what clients are worth besides, all together */
    int64_t bonus;           /* what serving anybody is worth besides */
    int64_t toll;            /* what a vehicle that sets out costs besides */
    int64_t bold;            /* a route may be begun at such a loss */
    int64_t daring;          /* a client may be inserted at such a loss */
    int64_t most_cost;       /* a plan that costs more will not stand */
    bool is_eager;           /* who was out is offered unchanged routes too */
    bool sees_ends;          /* ends of routes far away are gaps as well */
    int64_t round_trip;      /* what it costs, on average, to one client */

    base_rng rng;
    uint64_t number;         /* among the searches of a race */
    int32_t until_blink;
    uint32_t blink_mean;
    uint64_t iterations, priced;
    double hot, cold;        /* parts of `scale` to begin and to end at */
    double warmth;           /* cost that is lost at a chance of 1 in e */
    double scale;            /* what a client costs, more or less */
    double mean_leg_s;

    /* The journal of an iteration. */
    uint32_t stamp;
    route_lean_node *kept_nodes;
    route_lean_piece *kept_to, *kept_from;
    uint32_t *kept_ids, *changed;
    uint8_t *change; /* of clients: 0 none, 1 was served, 2 was out */
    route_lean_kept *kept_routes;
    int64_t *kept_loads;
    uint32_t n_kept_nodes, n_kept_routes, n_changed;
    int64_t kept_cost, kept_units;
    uint32_t kept_musts_out;

    route_lean_breed *breed; /* small plain problems, or NULL */
    route_lean_weave *weave; /* small problems with windows, or NULL */

    /* Scratch, and the best so far. */
    uint64_t *queue;
    uint32_t *pool;
    uint32_t *best_next;     /* of nodes; clients that are out: themselves */
    int64_t best_cost;       /* without `extra` */
    uint32_t best_musts_out;
    bool has_best;
} route_lean;

static inline uint32_t route_lean_start(const route_lean_model *m, uint32_t r)
{
    return m->n_clients + 2 * r;
}

static inline uint32_t route_lean_end(const route_lean_model *m, uint32_t r)
{
    return m->n_clients + 2 * r + 1;
}

static inline const route_lean_kind *
route_lean_kind_of(const route_lean *s, uint32_t route)
{
    return &s->model->kinds[s->routes[route].kind];
}

/* What a vehicle of the kind costs as soon as it serves somebody. */
static inline int64_t route_lean_fixed(const route_lean *s,
                                       const route_lean_kind *kind)
{
    return kind->fixed_milli + s->toll;
}

/* --- route_lean_model.c --- */

/*
 * Who is out is so far from everybody that no gap beside it is worth a look.
 * Half of that is more than three legs are long (ROUTE_MOST_SECONDS).
 */
enum { ROUTE_LEAN_NO_REACH = -(1 << 30) };

/* Can the lean search take the whole of the problem? */
bool route_lean_suits(const route_data *data);
gb_status route_lean_model_init(gb_context *ctx, const route_data *data,
                                route_lean_model *model);
void route_lean_model_clear(route_lean_model *model);

/* --- route_lean_least.c --- */

/* What gaps beside near clients cost at least, once the near are known. */
void route_lean_find_least(route_lean_model *m);

/* --- route_lean_state.c: the plan as it is, and its journal --- */

bool route_lean_init(route_lean *s, const route_lean_model *model,
                     uint64_t seed, uint64_t number);
void route_lean_clear(route_lean *s);

/* The cost of a leg in a route of the kind, with `extra`; and its units. */
static inline int64_t route_lean_leg(const route_lean *s,
                                     const route_lean_kind *kind, uint32_t a,
                                     uint32_t b)
{
    size_t i;

    if (a == GB_ROUTE_NONE || b == GB_ROUTE_NONE)
        return 0;
    i = (size_t)a * s->model->n_stride + b;
    return kind->cost[i] * (kind->rate + s->extra)
        + (kind->seconds_rate ? kind->seconds[i] * kind->seconds_rate : 0);
}

/* That from node a, on the route, to the next. */
static inline int64_t route_lean_leg_on(const route_lean *s, uint32_t a)
{
    const route_lean_node *node = &s->nodes[a];
    const route_lean_kind *kind = route_lean_kind_of(s, node->route);

    return node->way * (kind->rate + s->extra)
        + node->travel_s * kind->seconds_rate;
}

static inline int32_t route_lean_seconds(const route_lean_model *m,
                                         const route_lean_kind *kind,
                                         uint32_t a, uint32_t b)
{
    if (a == GB_ROUTE_NONE || b == GB_ROUTE_NONE)
        return 0;
    return kind->seconds[(size_t)a * m->n_stride + b];
}

/*
 * `a`, then `t_s` of travel, then `b`: false when b begins too late.
 */
static inline bool route_lean_join(route_lean_piece a, route_lean_piece b,
                                   int32_t t_s, route_lean_piece *out)
{
    const int32_t way_s = a.duration_s + t_s;
    const int32_t due_s = b.first_s - way_s;
    const int32_t wait_s = due_s > a.last_s ? due_s - a.last_s : 0;

    if (a.first_s + way_s > b.last_s)
        return false;
    out->duration_s = way_s + b.duration_s + wait_s;
    out->first_s = (due_s > a.first_s ? due_s : a.first_s) - wait_s;
    out->last_s
        = b.last_s - way_s < a.last_s ? b.last_s - way_s : a.last_s;
    return true;
}

static inline route_lean_piece route_lean_piece_of(const route_lean_node *node)
{
    return (route_lean_piece){ node->service_s, node->early_s, node->late_s };
}

void route_lean_open(route_lean *s);  /* begin an iteration */
void route_lean_keep(route_lean *s);  /* end it */
void route_lean_undo(route_lean *s);  /* end it as if it had not been */

/* Before a route or a client is changed; each once an iteration. */
void route_lean_note_route(route_lean *s, uint32_t r);
void route_lean_note_client(route_lean *s, uint32_t c);
void route_lean_set_out(route_lean *s, uint32_t c);
void route_lean_set_in(route_lean *s, uint32_t c);
void route_lean_set_used(route_lean *s, uint32_t r);
void route_lean_set_free(route_lean *s, uint32_t r);

/* Do windows rule the routes, and is the price of the way its own? */
static inline bool route_lean_is_timed(const route_lean *s)
{
    return s->model->has_windows && s->extra == 0;
}

/* What serving c is worth, but for what a must is raised by. */
static inline int64_t route_lean_worth(const route_lean *s, uint32_t c)
{
    const route_client *client = &s->model->data->clients[c];

    return client->prize * s->model->point + client->n_musts * s->must_price
        - s->tax * client->service_s + s->bonus;
}

/* Cost without `extra`, `tax`, `bonus`, `toll` and the price of musts. */
int64_t route_lean_true_cost(const route_lean *s);
void route_lean_take_best(route_lean *s);
/* Everything as it would be if it were added up anew: debug builds. */
bool route_lean_is_sound(const route_lean *s);

/* --- route_lean_links.c --- */

/* Put client c, which is out and fits there, after node `after`. */
void route_lean_link(route_lean *s, uint32_t c, uint32_t after);
/* Take clients first to last out, neighbours in this order. */
void route_lean_unlink(route_lean *s, uint32_t first, uint32_t last);
/* Let an empty route serve these clients, who are out, in this order. */
void route_lean_put(route_lean *s, uint32_t r, const uint32_t *clients,
                    uint32_t n);
/* Let what follows a follow b and the other way round. */
void route_lean_swap_tails(route_lean *s, uint32_t a, uint32_t b);

/* Other prices, and costs to match. */
void route_lean_reprice(route_lean *s, int64_t extra, int64_t must_price);
/* Nobody is served any more. */
void route_lean_take_all_out(route_lean *s);
/* The plan in which next[a] follows node a, as `best_next` holds it. */
void route_lean_return_to(route_lean *s, const uint32_t *next);

/* --- route_lean_musts.c --- */

/* Between iterations: musts that are out are worth more. */
void route_lean_press(route_lean *s);
/* What those served are worth besides. */
int64_t route_lean_raised(const route_lean *s);

/* --- route_lean_price.c --- */

/* By the first plan: none where the way matters by itself. */
void route_lean_first_price(route_lean *s);
/* Between iterations: is it still right? */
void route_lean_tune_price(route_lean *s);

/* --- route_lean_bonus.c --- */

/* Worth and cost as with another bonus. */
void route_lean_set_bonus(route_lean *s, int64_t bonus);
/* A plan's cost as with another toll. */
void route_lean_set_toll(route_lean *s, int64_t toll);
/* Between iterations: as much of both as is right by now. */
void route_lean_tune_bonus(route_lean *s, double progress);

/* --- route_lean_insert.c --- */

/* The cheapest gap for c, below `limit`; all gaps or those beside near ones. */
route_lean_gap route_lean_best_gap(route_lean *s, uint32_t c, int64_t limit,
                                   bool is_thorough);
/* Insert c, and with it its bundle, where that pays.  False: it does not. */
bool route_lean_insert(route_lean *s, uint32_t c, bool is_thorough);
/* Insert c, a must without a bundle, for less than `limit`. */
bool route_lean_insert_must(route_lean *s, uint32_t c, int64_t limit);
/* Could the piece up to a and that from b on be one route of a's? */
bool route_lean_can_follow(const route_lean *s, uint32_t a, uint32_t b,
                           int64_t *duration_cost);

/* --- route_lean_ruin.c --- */

void route_lean_ruin(route_lean *s, uint32_t seed);
void route_lean_recreate(route_lean *s, uint32_t seed);
/* A route for the seed alone, or its own anew, and who is out around it. */
void route_lean_grow(route_lean *s, uint32_t seed);
/* Somebody who is out at any price, and who is out around him. */
void route_lean_detour(route_lean *s);
/* Exchange tails at c for less than `limit`, where that can be. */
bool route_lean_try_tails(route_lean *s, uint32_t c, int64_t limit);

/* --- route_lean_swap.c --- */

/*
 * Let c, who is out, take the place of somebody served for less than `limit`;
 * who goes may go in elsewhere.  False: nothing was done.
 */
bool route_lean_try_swap(route_lean *s, uint32_t c, int64_t limit);

/* --- route_lean_depots.c --- */

/* Do vehicles of both kinds pay the same for the same way between clients? */
bool route_lean_are_alike(const route_lean_model *m, uint32_t k, uint32_t l);
/* Could vehicles of the kind serve client a and those after it? */
bool route_lean_may_all(const route_lean_model *m,
                        const route_lean_node *nodes, uint32_t a,
                        uint32_t kind);
/* Could route r go on from the piece, at `from`, by b and those after it? */
bool route_lean_can_end(const route_lean *s, route_lean_piece piece,
                        uint32_t from, uint32_t b, uint32_t r,
                        int64_t *duration_cost);
/*
 * Let a vehicle of another kind go c's route for less than `limit`; one that
 * goes a route nearby gets this one's.
 */
bool route_lean_try_depots(route_lean *s, uint32_t c, int64_t limit);

/* --- route_lean_breed.c: see route_lean_breed.h --- */

/* Makes room where the problem is one for it.  False: there is none. */
bool route_lean_breed_init(route_lean *s);
void route_lean_breed_clear(route_lean *s);
/*
 * Is it the annealing's turn?  Then *progress becomes that of the annealing,
 * and plans of it are taken over.  Between iterations.
 */
bool route_lean_breed_waits(route_lean *s, double *progress);
/* A child more.  True: it is the best so far, and the plan as it is now. */
bool route_lean_breed_step(route_lean *s);

/* --- route_lean_weave.c: see route_lean_weave.h --- */

bool route_lean_weave_suits(const route_lean_model *model);
/* Makes room where the problem is one for it.  False: there is none. */
bool route_lean_weave_init(route_lean *s);
void route_lean_weave_clear(route_lean *s);
/* Has it plans of its own?  Then the search goes on from no other's. */
bool route_lean_weave_is_busy(const route_lean *s);
/* The other's best plan joins the herd of a search that is busy. */
void route_lean_weave_invite(route_lean *s, const route_lean *other);
/*
 * Between iterations, as often as the heat is set: a child may take the place
 * of the plan.  The progress of the annealing that goes on.
 */
double route_lean_weave_turn(route_lean *s, double progress);
/* Where an iteration begins. */
uint32_t route_lean_weave_seed(route_lean *s);

/* --- route_lean_search.c --- */

/* A first plan; `start` may be NULL. */
void route_lean_begin(route_lean *s, const route_plan *start);
/* Within an iteration: insert whoever is out, in turn, while that pays. */
void route_lean_offer_all(route_lean *s);
void route_lean_step(route_lean *s, double progress);
/* Back to the best, and nothing left out that could be inserted at a gain. */
void route_lean_finish(route_lean *s);

/* --- route_lean_meet.c --- */

/* The search with the best plan; of equal ones the first. */
route_lean *route_lean_best_of(route_lean *searches, uint32_t n);
/*
 * Between iterations: who is behind the best by so many times its own warmth
 * goes on from there.
 */
void route_lean_meet(route_lean *searches, uint32_t n, double warmths);

/* --- route_lean_solve.c --- */

typedef struct route_lean_report {
    uint64_t iterations, priced;
    bool has_best;     /* there is a plan */
    bool is_cut_short; /* time ran out before the iterations were done */
} route_lean_report;

/*
 * Race as the options say; `reserve_s` of the time limit is left.  `best` is
 * a plan without routes and gets those of the best search, also when the call
 * was cancelled and report->has_best.  `start` may be NULL.
 */
gb_status route_lean_solve(base_run *run, const route_data *data,
                           const gb_route_options *options,
                           const route_plan *start, double reserve_s,
                           route_plan *best, route_lean_report *report);

#endif
