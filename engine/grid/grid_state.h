/*
 * grid_state.h - a plan under search, and what moving one area would change.
 *
 * Keeps for each territory its sums of activity, of weight, weight times x
 * and y, so that the change of every quantity is found in one walk over the
 * neighbours of the area that moves.  Keeps, too, for each territory the list
 * of its areas that touch another: where moves begin.
 *
 * Loads, border and cut are whole numbers and exact.  The moment drifts by
 * rounding; grid_state_settle() computes it afresh.  grid_state_is_sound()
 * recomputes all and is asserted in debug builds.
 */
#ifndef GRID_STATE_H
#define GRID_STATE_H

#include "base_rng.h"
#include "grid_contiguity.h"

/* Change, or sum, of all that counts. */
typedef struct grid_terms {
    int64_t cut;      /* adjacencies between territories */
    int64_t border;   /* their length in border units */
    int64_t barrier;  /* soft barrier within territories, border units */
    int64_t moved;    /* areas away from their previous territory */
    double moment;
    double travel;    /* sum of weight times seconds */
    double lost;      /* familiarity, of what could be kept */
    double excess;    /* sum of loads beyond the allowed, in mean targets */
} grid_terms;

/* What each term costs. */
typedef struct grid_prices {
    double cut, border, barrier, moved, moment, travel, lost, excess;
} grid_prices;

typedef struct grid_state {
    const grid_problem *p; /* borrowed */
    uint32_t *owner;       /* n */
    int64_t *load;         /* k rows of n_measures */
    double *sum_w, *sum_x, *sum_y; /* k; of weight, weight times x, y */
    double *excess;        /* k; what its loads are beyond the allowed */
    double *centre_x, *centre_y; /* k; sums by weight, 0 where there is none */
    uint32_t *count;       /* k; areas */
    uint32_t *foreign;     /* n; open arcs to other territories */
    uint32_t *slot;        /* n; its place in the pool, or GB_GRID_NONE */
    uint32_t *pool;        /* rim areas, a stretch for each territory */
    uint32_t *rim_first, *rim_room, *rim_count; /* k */
    uint32_t *spare;       /* as pool; to lay it out afresh */
    size_t pool_size;
    grid_terms terms;
    grid_search_space space;
} grid_state;

bool grid_state_init(grid_state *state, const grid_problem *problem);
void grid_state_clear(grid_state *state);
/* Take over owners, all below k, and compute everything. */
void grid_state_set(grid_state *state, const uint32_t *owner);
/* The moment and the excess afresh, free of drift. */
void grid_state_settle(grid_state *state);
bool grid_state_is_sound(const grid_state *state);

/* What moving `area` to territory `to` would change; to is not its owner. */
grid_terms grid_state_price(const grid_state *state, uint32_t area,
                            uint32_t to);
/* Move it; `change` is what grid_state_price() said. */
void grid_state_move(grid_state *state, uint32_t area, uint32_t to,
                     const grid_terms *change);
/* Both in one walk: what it changed. */
grid_terms grid_state_shift(grid_state *state, uint32_t area, uint32_t to);
/* The area may go: not locked, not the last, its territory stays whole. */
bool grid_state_may_leave(grid_state *state, uint32_t area);

/* No rule forbids the area to move to `to` (grid_may_enter()), nor does the
 * budget of moves. */
static inline bool grid_state_may_enter(const grid_state *s, uint32_t area,
                                        uint32_t to)
{
    const grid_problem *p = s->p;

    return !p->is_ruled
        || (grid_may_enter(p, s->owner, area, to)
            && grid_may_change(p, s->terms.moved,
                               grid_moved_change(p, area, s->owner[area],
                                                 to)));
}

/* How many areas will have moved. */
static inline int64_t grid_state_moved_after(const grid_state *s,
                                             uint32_t area, uint32_t to)
{
    return s->terms.moved
        + grid_moved_change(s->p, area, s->owner[area], to);
}

/* Excess of t if its loads were to change by sign times those of an area. */
double grid_state_excess(const grid_state *state, uint32_t t, uint32_t area,
                         int sign);

double grid_cost(const grid_prices *prices, const grid_terms *terms);

/* Whole number in [0, n) from 32 random bits. */
static inline uint32_t grid_pick(uint32_t bits, uint32_t n)
{
    return (uint32_t)(((uint64_t)bits * n) >> 32);
}

/*
 * Whole number in [0, n), from the head of 64 random bits; what they hold
 * beyond it stays, so that one draw is good for several small numbers.
 */
static inline uint32_t grid_take(uint64_t *bits, uint32_t n)
{
    const uint32_t taken = grid_pick((uint32_t)(*bits >> 32), n);

    *bits *= n;
    return taken;
}

#endif
