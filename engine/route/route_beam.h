/*
 * route_beam.h - a route anew, from all who are not served.
 *
 * Labels are ways of beginning the route: who came last, when he was done, and
 * what it brought.  They go forward in time; of those that are done at much
 * the same time the ones that brought most are kept, one for each client who
 * came last.  So the route that comes out is not the best there is, but a good
 * one, and one that no exchange of a few clients would find.  What prizes are
 * is seen through a little noise, so that each call finds another one.
 *
 * Everything that binds several routes is left to others: problems that have
 * it are not for this.
 */
#ifndef ROUTE_BEAM_H
#define ROUTE_BEAM_H

#include "base_rng.h"
#include "route_tour.h"

typedef struct route_beam_label {
    int64_t value_milli;   /* as the noise has it */
    int64_t score_milli;   /* less what its time is worth */
    int32_t clock_s;
    uint32_t item, parent; /* parent: of labels; itself: the first */
    uint32_t location, place;
    uint16_t n_clients;
    uint8_t breaks;        /* that were taken, as bits */
} route_beam_label;

/* What every label asks of a client, close together. */
typedef struct route_beam_client {
    uint32_t location, place;
    int32_t service_s, access_s;
    int32_t early_s, late_s; /* of the first window */
    int32_t last_s;          /* a later start is not home in time */
    uint16_t noise;          /* of the prize, permille; 0: not to be had */
} route_beam_client;

typedef struct route_beam {
    const route_data *data;
    uint32_t n_next;
    uint32_t *next;          /* n_next a client: who may come behind it */
    route_beam_label *labels; /* so many of each step of time */
    uint32_t *n_labels;      /* of each step */
    int64_t *least_milli;    /* of each step: the score of its last label */
    uint32_t *least_at;
    uint32_t *seen;          /* of each client: the label that has it, + 1 */
    route_beam_client *clients;
    uint32_t n_seen;
} route_beam;

/* Is the problem one for this? */
bool route_beam_suits(const route_data *data);
/* `near` as in route_guide. */
bool route_beam_init(route_beam *beam, const route_data *data,
                     const uint32_t *near, uint32_t n_near);
void route_beam_clear(route_beam *beam);

/* How it looks at things. */
typedef struct route_beam_view {
    int64_t second_milli;    /* what time is worth, to compare labels */
    int64_t travel_milli;    /* a price on travel beside the vehicle's */
    uint32_t noise_permille; /* prizes seem so much more or less */
} route_beam_view;

/*
 * Items for vehicle v, which freezes nothing, to come behind those that it has
 * in the plan, if there is a client among them; room for those of the longest
 * route.  0: nobody is worth it.
 */
uint32_t route_beam_find(route_beam *beam, const route_plan *plan, uint32_t v,
                         const route_beam_view *view, base_rng *rng,
                         uint32_t *items);

/* So many items of the tour stay before them. */
uint32_t route_beam_kept(const route_tour *tour);

#endif
