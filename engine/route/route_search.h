/*
 * route_search.h - iterated ruin and recreation of a plan.
 *
 * An iteration takes strings of neighbouring clients out of some routes (or
 * single ones at random, or those of least prize a second; or makes a route
 * anew, see route_beam.h), puts breaks back,
 * then fills up: clients in a drawn order, each at the gap of least detour,
 * skipping some at random (blinks).  An unserved client of greater prize then
 * takes the place of a served one where it fits.  Whether the result replaces
 * the current plan is decided as in simulated annealing; every new best is
 * polished by local moves.  Optional clients compete by prize, by prize a
 * second, by nearness and by chance: the order is drawn for each iteration.
 *
 * Between two iterations no client that is not served could be inserted at a
 * gain, more or less: so those are offered to the routes that an iteration has
 * changed, and only what it has taken out is offered to all.  Plans are copied
 * route by route, where they differ.
 *
 *   J. Christiaens, G. Vanden Berghe, Slack induction by string removals for
 *   vehicle routing problems, Transp. Sci. 54 (2020) 417-433,
 *   doi:10.1287/trsc.2019.0914
 *
 * A search owns its memory and draws from its own generator: searches on
 * different threads do not meet.  Nothing allocates after init.
 */
#ifndef ROUTE_SEARCH_H
#define ROUTE_SEARCH_H

#include "base_rng.h"
#include "route_beam.h"
#include "route_tour.h"

/* What all searches of a problem read. */
typedef struct route_guide {
    uint32_t n_near;
    uint32_t *near;       /* n_near a client, the nearest first */
    /* One of each of the following for the greatest of all prizes, and one
       for each kind of prizes behind it. */
    uint32_t n_kinds;     /* 0 where they would be too many, or are none */
    uint32_t *by_prize;   /* clients, musts first, greatest prize first */
    uint32_t *rank;       /* of each client: its place in by_prize */
    uint32_t *by_density; /* musts first, then prize a second of service */
    int64_t *most_prize;  /* of each client: the greatest of all slots */
    int64_t most_prize_milli; /* of all clients together */
} route_guide;

/* Where the clients begin in the arrays of the vehicle's kind. */
static inline size_t route_guide_at(const route_guide *guide,
                                    const route_data *data,
                                    const route_vehicle *vehicle)
{
    return guide->n_kinds
        ? ((size_t)vehicle->prize_kind + 1) * data->n_clients
        : 0;
}

bool route_guide_init(route_guide *guide, const route_data *data);
void route_guide_clear(route_guide *guide, const route_data *data);

/* An unserved client, with what is asked first. */
typedef struct route_offer {
    uint32_t client, location;
    int32_t service_s;
    uint8_t n_musts;
    int64_t prize;
} route_offer;

typedef struct route_search {
    const route_data *data;
    const route_guide *guide;
    base_rng rng;
    route_beam beam;         /* its data is NULL where it does not suit */
    route_plan current, candidate, best;
    route_plan first;        /* see route_starts.c */
    int64_t first_excess_s;
    uint32_t n_starts, run_no;
    /* Vehicles where candidate is not current: flags, a list, a bit set. */
    uint8_t *touched;
    uint32_t *touched_list, n_touched;
    uint64_t *touched_bits;
    uint8_t *is_stale;       /* vehicles where best is not current */
    uint32_t *changed_at, *tried_at; /* of vehicles: see route_polish() */
    size_t guide_at;         /* see route_guide_at(): of this iteration */
    bool is_scoped;          /* see route_is_offered() */
    uint32_t *order;         /* clients, shuffled as it goes */
    uint32_t *scratch, *other_scratch; /* items of the longest route */
    uint32_t *offered, n_offered; /* clients, in the order of an iteration */
    uint8_t *is_skipped;     /* of those: they blinked */
    route_offer *unserved;   /* the dearest first, while replacing */
    uint32_t n_unserved;
    bool is_bold;            /* insertions may cost more than they bring */
    bool is_forced;          /* whom the iteration turns round gets in */
    bool is_open;            /* the same, for one visit of a bundle */
    double mood;             /* temperature, in milli points */
    int64_t second_milli;    /* what a second is worth at present */
    int64_t detour_milli;    /* what a second of detour counts for a gap */
    uint64_t iterations, priced;
    const base_run *run;     /* whose deadline counts; NULL: none does */
    uint32_t until_look;
    bool is_over;            /* the deadline has passed, or a cancel came */
    /* See route_habit.c.  Excess: seconds of way over the habit's. */
    bool within_habit;
    uint32_t *places;        /* room for those of the longest route */
    int64_t excess_milli;    /* price of a second */
    int64_t unit_milli;      /* the greatest that second_milli was */
    int64_t excess_s, best_excess_s; /* of current and best */
    uint32_t n_looks, n_kept_to;
    uint32_t strict_of_8;    /* so many iterations of 8 */
    bool is_strict;          /* no insertion makes an excess greater */
} route_search;

static inline void route_touch(route_search *search, uint32_t v)
{
    if (search->touched[v])
        return;
    search->touched[v] = 1;
    search->touched_list[search->n_touched++] = v;
    search->touched_bits[v / 64] |= UINT64_C(1) << (v % 64);
}

/*
 * Is it worth while to offer the client to `plan`?  It is not served; and in
 * an iteration it was just taken out, or may go into a route that has
 * changed: the others had no use for it before.
 */
static inline bool route_is_offered(const route_search *search,
                                    const route_plan *plan, uint32_t c)
{
    const uint64_t *allowed
        = search->data->allowed + c * search->data->n_words;

    if (plan->tour_of[c] != GB_ROUTE_NONE)
        return false;
    if (!search->is_scoped || search->current.tour_of[c] != GB_ROUTE_NONE)
        return true;
    for (size_t i = 0; i < search->data->n_words; i++)
        if (allowed[i] & search->touched_bits[i])
            return true;
    return false;
}

bool route_search_init(route_search *search, const route_data *data,
                       const route_guide *guide, uint64_t seed,
                       uint64_t number);
void route_search_clear(route_search *search);

/* Fill the first plan; `start` may be NULL. */
void route_search_begin(route_search *search, const route_plan *start);

/* One iteration, `progress` of the way (0 to 1) through all of them. */
void route_search_step(route_search *search, double progress);

/*
 * Is there no time left?  What only improves a plan asks it often, and stops;
 * what makes one whole does not ask.
 */
bool route_search_is_over(route_search *search);

/* The better plan of two searches is above 0. */
int route_search_compare(const route_search *a, const route_search *b);

/* The candidate is the best plan if it is better; its routes are not known to
 * be those of `current` then. */
bool route_search_offer(route_search *search);

/* Fill and polish the best plan until nothing improves it. */
void route_search_finish(route_search *search);

/*
 * Insert a client that is not served where that gains most, or more visits of
 * its bundle; false when nothing is gained.  Gaps are skipped with a chance
 * of `blinks` in 1024.
 */
bool route_insert_best(route_search *search, route_plan *plan, uint32_t c,
                       uint32_t blinks);

/*
 * Insert unserved clients at a gain until none is left that can be; breaks
 * that are missing come first.  False: a break found no place.
 */
bool route_fill(route_search *search, route_plan *plan);

/* route_polish.c: better orders of the routes in `which`, at any price. */
bool route_polish(route_search *search, route_plan *plan,
                  const uint8_t *which);
/* An unserved client for a served one, wherever it pays. */
bool route_replace(route_search *search, route_plan *plan,
                   const uint8_t *which);

/* route_rebuild.c: tour v or its rest, and another one at times, from all who
 * are not served; where there is a beam.  False: breaks find no place.  Is an
 * iteration for that?  By chance; single routes need it more. */
bool route_wants_rebuild(route_search *search);
bool route_may_rebuild(const route_search *search, uint32_t v);
bool route_rebuild(route_search *search, uint32_t seed_client, uint32_t v);

/* route_drop.c: clients that cost more than they bring go, and routes. */
bool route_drop(route_search *search, route_plan *plan, const uint8_t *which);
/* Only what is frozen stays in a tour, and all breaks.  False: they find no
 * place. */
bool route_empty(route_search *search, route_plan *plan, uint32_t v);

/*
 * route_habit.c: the way of the habit through the places of these items, in
 * seconds; `places` is room for them.  Ties: the lowest location.
 */
int64_t route_habit_s(const route_data *data, const route_vehicle *vehicle,
                      const uint32_t *items, uint32_t n_items,
                      uint32_t *places);
/* Seconds by which the routes are over it; 0 where nobody asks. */
int64_t route_habit_excess(const route_search *search, const route_plan *plan);
/* Is it no greater with client c at the gap, or in place of the item, when
 * the route then ends like that? */
bool route_habit_keeps(const route_search *search, const route_tour *tour,
                       uint32_t gap, bool is_instead, uint32_t c,
                       const route_end *end);
/* The same of other items of its route; true where nobody asks. */
bool route_habit_keeps_items(const route_search *search,
                             const route_tour *tour, const uint32_t *items,
                             uint32_t n_items, const route_end *end);
/* A candidate had that excess: should a second of it cost more, or less? */
void route_habit_look(route_search *search, int64_t excess_s);
/* Leave out who makes the routes longer than it, but for musts. */
void route_habit_cut(route_search *search, route_plan *plan);
/*
 * Insert clients who are not served, or put them in the place of others, as
 * long as that gains and makes no excess greater.
 */
bool route_habit_fill(route_search *search, route_plan *plan);

/*
 * route_starts.c: how often to begin, if so many iterations are to come (0:
 * nobody knows); the first plan is there; and the progress of the annealing at
 * that of the search, which begins anew there or goes on from the best.
 */
void route_starts_init(route_search *search, uint64_t iterations);
void route_starts_begin(route_search *search);
double route_starts_progress(route_search *search, double progress);

/* Insert the breaks that tour v lacks; false when one finds no gap. */
bool route_insert_breaks(route_plan *plan, uint32_t v, base_rng *rng);

#endif
