/*
 * random_states.h - small graphs of states with weights, of many shapes,
 * without a map under them: each arc travels a street of its own.
 */
#ifndef RANDOM_STATES_H
#define RANDOM_STATES_H

#include "base_rng.h"
#include "roads_metric.h"

#include "test.h"

enum { RANDOM_STATES_MAX = 44, RANDOM_ARCS_MAX = 2200 };

typedef enum random_shape {
    SHAPE_EMPTY, SHAPE_ONE, SHAPE_PATH, SHAPE_STAR, SHAPE_COMPLETE,
    SHAPE_NEAR, SHAPE_SPARSE, SHAPE_DENSE, SHAPE_ISLANDS, SHAPE_ENTRANCES,
    SHAPE_COUNT
} random_shape;

typedef struct random_states {
    roads_states states;
    roads_metric_built metric; /* clear it */
    uint32_t first_arc[RANDOM_STATES_MAX + 1];
    uint32_t tails[RANDOM_ARCS_MAX], heads[RANDOM_ARCS_MAX],
        streets[RANDOM_ARCS_MAX];
    uint16_t turns[RANDOM_ARCS_MAX];
    double street_weights[RANDOM_ARCS_MAX], turn_weights[ROADS_TURN_COUNT];
} random_states;

static bool random_shape_joins(base_rng *rng, random_shape shape, uint32_t n,
                               uint32_t v, uint32_t w)
{
    const uint32_t apart = v > w ? v - w : w - v;

    switch (shape) {
    case SHAPE_PATH:
        return apart == 1 && base_rng_chance(rng, 0.9);
    case SHAPE_STAR:
        return v != w && (v == n / 2 || w == n / 2);
    case SHAPE_COMPLETE:
        return true;
    case SHAPE_NEAR:
        return apart < 5 && base_rng_chance(rng, 0.5);
    case SHAPE_SPARSE:
        return base_rng_chance(rng, 1.7 / n);
    case SHAPE_DENSE:
        return base_rng_chance(rng, 0.3);
    case SHAPE_ISLANDS:
        return v % 3 == w % 3 && base_rng_chance(rng, 6.0 / n);
    case SHAPE_ENTRANCES: /* who can be entered from below cannot leave so */
        return base_rng_chance(rng, 4.0 / n) && (v < w) == (w % 2 == 0);
    default:
        return shape == SHAPE_ONE;
    }
}

/* Weights from a few, so that there are ties and nothings, or from many. */
static void random_states_weigh(random_states *r, base_rng *rng)
{
    const double p_closed = base_rng_chance(rng, 0.5) ? 0.2 : 0;
    const int64_t most[] = { 0, 3, 1000, INT64_C(1) << 45, INT64_C(1) << 50 };
    const int64_t limit = most[base_rng_below(rng, 5)];

    for (size_t a = 0; a < r->states.n_arcs; a++)
        r->street_weights[a] = base_rng_chance(rng, p_closed)
                                   ? (double)ROADS_CLOSED
                                   : (double)base_rng_between(rng, 0, limit);
    for (size_t t = 0; t < ROADS_TURN_COUNT; t++)
        r->turn_weights[t] = (double)base_rng_below(rng, 3);
    r->turn_weights[7] = ROADS_CLOSED;
    r->turn_weights[ROADS_TURN_NONE] = 0;
    r->metric.view.street_weights = r->street_weights;
    r->metric.view.turn_weights = r->turn_weights;
}

static random_states *random_states_new(base_rng *rng, random_shape shape)
{
    random_states *r = calloc(1, sizeof *r);
    uint32_t n = 1 + (uint32_t)base_rng_below(rng, RANDOM_STATES_MAX), m = 0;

    ck_assert_ptr_nonnull(r);
    if (shape <= SHAPE_ONE)
        n = shape;
    for (uint32_t v = 0; v < n; v++) {
        r->first_arc[v] = m;
        for (uint32_t w = n; w-- > 0;)
            while (m < RANDOM_ARCS_MAX
                   && random_shape_joins(rng, shape, n, v, w)) {
                r->tails[m] = v;
                r->heads[m] = w;
                r->streets[m] = m;
                r->turns[m] = base_rng_chance(rng, 0.5)
                                  ? ROADS_TURN_NONE
                                  : (uint16_t)base_rng_below(rng, 12);
                m++;
                if (!base_rng_chance(rng, 0.1)) /* else a parallel one */
                    break;
            }
    }
    r->first_arc[n] = m;
    r->states = (roads_states){ .n_states = n, .n_arcs = m,
                                .first_arc = r->first_arc, .heads = r->heads,
                                .arc_streets = r->streets,
                                .arc_turns = r->turns };
    random_states_weigh(r, rng);
    return r;
}

#endif
