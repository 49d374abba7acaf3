/*
 * grid_lens.h - a state as one proposal sees it: all that it touches stands
 * close together, and only what has a price is computed.
 *
 * Cut, border and barriers are one price an arc; travel, staying and whatever
 * else is a sum over areas is one table of area by territory.  Prices are
 * those of grid_state_price(), rounded to single precision where they are
 * sums over arcs: good to choose by, while the state itself stays exact.
 *
 * Areas of more than GRID_MASK_BITS neighbours, or of so many open ones, are
 * wide: their rows are walked each time.
 */
#ifndef GRID_LENS_H
#define GRID_LENS_H

#include "grid_state.h"

typedef struct grid_arc {
    uint32_t to;
    float price; /* of being between territories */
} grid_arc;

typedef struct grid_cell {
    uint32_t first;   /* of the lens's arcs */
    uint32_t n_arcs;  /* filled up to fours by arcs to itself without price */
    uint32_t n_open;
    bool is_fixed;    /* locked */
    bool is_wide;
    int64_t load;     /* of measure 0 */
    double x, y, weight;
} grid_cell;

typedef struct grid_lens {
    const grid_problem *p;
    grid_arc *arcs;
    grid_cell *cells; /* n */
    double *linear;   /* n rows of k, or NULL: nothing of this kind */
    double moment;    /* its price */
    bool is_single;   /* one measure */
} grid_lens;

/* A shift that is looked at: not made, but seen by the next one's price. */
typedef struct grid_trial {
    uint32_t area, from, to;
    double excess[2], x[2], y[2], w[2], centre_x[2], centre_y[2];
} grid_trial;

bool grid_lens_init(grid_lens *lens, const grid_problem *problem,
                    const grid_prices *prices);
void grid_lens_clear(grid_lens *lens);

/* Owners and sums of the state as if the area had moved; nothing else. */
void grid_lens_try(const grid_lens *lens, grid_state *state, uint32_t area,
                   uint32_t to, grid_trial *trial);
void grid_lens_untry(const grid_lens *lens, grid_state *state,
                     const grid_trial *trial);

/* What the lens says is what the state says, but for single precision: for
 * assertions. */
bool grid_lens_is_fair(const grid_lens *lens, const grid_state *state,
                       const grid_prices *prices, uint32_t area, uint32_t to);

/* What t is beyond if the area joins (1) or leaves (-1) it. */
static inline double grid_lens_excess(const grid_lens *lens,
                                      const grid_state *s, uint32_t t,
                                      uint32_t area, int sign)
{
    if (!lens->is_single)
        return grid_state_excess(s, t, area, sign);
    return grid_excess(lens->p, t, 0,
                       s->load[t] + sign * lens->cells[area].load);
}

static inline double grid_lens_moment(const grid_cell *c, const grid_state *s,
                                      uint32_t t, int sign)
{
    const double sum = s->sum_w[t], rest = sum + sign * c->weight;
    const double dx = c->x - s->centre_x[t], dy = c->y - s->centre_y[t];

    if (sum <= 0 || rest <= sum * 1e-12)
        return 0;
    return sign * c->weight * sum / rest * (dx * dx + dy * dy);
}

/* The objective's change by moving the area to `to`, without any excess. */
static inline double grid_lens_price(const grid_lens *lens,
                                     const grid_state *s, uint32_t area,
                                     uint32_t to)
{
    const grid_cell *c = &lens->cells[area];
    const grid_arc *arc = lens->arcs + c->first;
    const uint32_t from = s->owner[area];
    float sum = 0;
    double price;

    for (uint32_t i = 0; i < c->n_arcs; i += 4)
        for (uint32_t j = i; j < i + 4; j++) {
            const uint32_t t = s->owner[arc[j].to];

            sum += (float)((t == from) - (t == to)) * arc[j].price;
        }
    price = (double)sum;
    if (lens->moment > 0)
        price += lens->moment * (grid_lens_moment(c, s, from, -1)
                                 + grid_lens_moment(c, s, to, 1));
    if (lens->linear) {
        const double *row = lens->linear + (size_t)area * lens->p->k;

        price += row[to] - row[from];
    }
    return price;
}

/* Which of its open neighbours are of territory t; not of wide ones. */
static inline uint64_t grid_lens_members(const grid_lens *lens,
                                         const grid_state *s,
                                         const grid_cell *c, uint32_t t)
{
    const grid_arc *arc = lens->arcs + c->first;
    uint64_t members = 0;

    for (uint32_t i = 0; i < c->n_open; i++)
        members |= (uint64_t)(s->owner[arc[i].to] == t) << i;
    return members;
}

/* grid_state_may_leave() */
static inline bool grid_lens_may_leave(const grid_lens *lens, grid_state *s,
                                       uint32_t area)
{
    const grid_cell *c = &lens->cells[area];
    const uint32_t t = s->owner[area];

    if (c->is_fixed || s->count[t] <= 1)
        return false;
    if (c->is_wide)
        return grid_can_leave(lens->p, s->owner, area, &s->space);
    return grid_can_leave_members(lens->p, s->owner, area,
                                  grid_lens_members(lens, s, c, t),
                                  &s->space);
}

#endif
