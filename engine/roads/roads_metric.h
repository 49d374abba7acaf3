/*
 * roads_metric.h - how long everything takes in one mode: a profile applied
 * to the states and the hierarchy ("customised").
 *
 * First each street and each turn is weighed, and what can be reached from,
 * and can reach, the largest strongly connected part is found: only there a
 * route begins or ends.  Then weights rise through the hierarchy: of each
 * edge the best of the arc that lies on it and of all detours over a lower
 * state (basic), then of detours over a higher one too (perfect), after which
 * an edge that such a detour beats is left out.  (Only detours over edges are
 * looked at.  Some arcs that are no fastest way stay, 2 in 100; no harm.)
 *
 * What remains are two small graphs.  Between any two states a fastest way
 * climbs over arcs of `up` and descends over arcs of `down`.
 */
#ifndef ROADS_METRIC_H
#define ROADS_METRIC_H

#include "roads_hierarchy.h"
#include "roads_weight.h"

/*
 * Rows of states, ascending ends in a row.  Row v of `up`: arcs from v to
 * higher states; of `down`: arcs from higher states to v.
 */
typedef struct roads_graph {
    size_t n_arcs;
    const uint32_t *first;   /* n_states + 1 */
    const uint32_t *ends;    /* the higher state */
    const double *weights;   /* finite */
    const uint32_t *via;     /* the lower state that the detour is over; with
                              * ROADS_VIA_ARC: the arc of the states itself */
} roads_graph;

#define ROADS_VIA_ARC (UINT32_C(1) << 31)

enum { ROADS_USE_START = 1, ROADS_USE_TARGET = 2 };

typedef struct roads_metric {
    const double *street_weights; /* 2 * n_links; CLOSED */
    const double *turn_weights;   /* ROADS_TURN_COUNT; CLOSED */
    const uint8_t *use;           /* of streets: whether a route may begin, may
                                   * end on it */
    roads_graph up, down;
    int64_t open_cm, routable_cm; /* of links */
    uint64_t n_routable;          /* links that routes begin and end on */
} roads_metric;

/* Of the arrays the first four are the weigher's, the others the graphs'. */
typedef struct roads_metric_built {
    roads_metric view;
    void *arrays[12];
} roads_metric_built;

/* Does a route begin and end on a link, in one direction at least? */
static inline bool roads_use_link(const uint8_t *use, uint32_t link)
{
    return (use[2 * link] | use[2 * link + 1])
           == (ROADS_USE_START | ROADS_USE_TARGET);
}

static inline double roads_arc_weight(const roads_states *states,
                                      const roads_metric *metric, uint32_t arc)
{
    return metric->street_weights[states->arc_streets[arc]]
           + metric->turn_weights[states->arc_turns[arc]];
}

/* Weights of streets and turns, and `use`; the graphs are left empty. */
gb_status roads_metric_weigh(base_run *run, const roads_map *map,
                             const roads_states *states,
                             const roads_profile *profile, gb_mode mode,
                             int band, roads_metric_built *out);

/*
 * The two graphs, from the weights; any that were there before are freed.
 * An arc that is a fastest way between its ends, as all arcs of fastest ways
 * are, is joined to its via by arcs that are in the graphs too, and whose
 * weights add up to its own; unpacked it passes no state twice.
 * GB_ERR_NOMEM, GB_ERR_CANCELLED: the graphs are empty.
 * O(triangles of the hierarchy).
 */
gb_status roads_metric_customise(base_run *run, const roads_states *states,
                                 const roads_hierarchy *hierarchy,
                                 roads_metric_built *metric);

void roads_metric_clear(base_mem *mem, roads_metric_built *built);

#endif
