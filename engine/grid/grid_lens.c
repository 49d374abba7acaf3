/*
 * grid_lens.c - see grid_lens.h.
 */
#include "grid_lens.h"

#include <math.h>
#include <string.h>

enum { FILL = 4 };

static uint32_t filled(uint32_t n)
{
    return (n + FILL - 1) / FILL * FILL;
}

static double price_of_arc(const grid_problem *p, const grid_prices *prices,
                           size_t i)
{
    return prices->cut + prices->border * (double)p->border[i]
        - prices->barrier * (double)p->barrier[i];
}

static void copy_arcs(grid_lens *lens, const grid_prices *prices)
{
    const grid_problem *p = lens->p;
    uint32_t at = 0;

    for (uint32_t a = 0; a < p->n; a++) {
        grid_cell *c = &lens->cells[a];

        *c = (grid_cell){
            .first = at, .n_arcs = filled(p->first[a + 1] - p->first[a]),
            .n_open = p->n_open[a],
            .is_fixed = p->lock[a] != GB_GRID_NONE,
            .is_wide = p->n_open[a] > GRID_MASK_BITS,
            .load = grid_load(p, a, 0), .x = p->x[a], .y = p->y[a],
            .weight = p->weight[a],
        };
        for (size_t i = p->first[a]; i < p->first[a + 1]; i++)
            lens->arcs[at++] = (grid_arc){
                p->neighbours[i], (float)price_of_arc(p, prices, i) };
        while (at < c->first + c->n_arcs)
            lens->arcs[at++] = (grid_arc){ a, 0 };
    }
}

static bool has_linear(const grid_problem *p, const grid_prices *prices)
{
    return (p->travel_s && prices->travel > 0)
        || (p->previous && prices->moved > 0)
        || (p->familiarity && prices->lost > 0);
}

static void fill_linear(grid_lens *lens, const grid_prices *prices)
{
    const grid_problem *p = lens->p;

    for (size_t a = 0; a < p->n; a++) {
        double *row = lens->linear + a * p->k;

        for (size_t t = 0; t < p->k; t++) {
            row[t] = prices->travel * p->weight[a] * grid_travel(p, t, a)
                - prices->lost * grid_known(p, t, a);
            if (p->previous && p->previous[a] != GB_GRID_NONE
                && p->previous[a] != t)
                row[t] += prices->moved;
        }
    }
}

bool grid_lens_init(grid_lens *lens, const grid_problem *p,
                    const grid_prices *prices)
{
    size_t n_arcs = 0;

    *lens = (grid_lens){ .p = p, .moment = prices->moment,
                         .is_single = p->n_measures == 1 };
    for (size_t a = 0; a < p->n; a++)
        n_arcs += filled(p->first[a + 1] - p->first[a]);
    lens->arcs = base_alloc_array(p->mem, n_arcs, sizeof *lens->arcs);
    lens->cells = base_alloc_array(p->mem, p->n, sizeof *lens->cells);
    if (!lens->arcs || !lens->cells)
        return false;
    copy_arcs(lens, prices);
    if (!has_linear(p, prices))
        return true;
    lens->linear
        = base_alloc_array(p->mem, p->n * p->k, sizeof *lens->linear);
    if (!lens->linear)
        return false;
    fill_linear(lens, prices);
    return true;
}

void grid_lens_clear(grid_lens *lens)
{
    if (!lens->p)
        return;
    base_free(lens->p->mem, lens->arcs);
    base_free(lens->p->mem, lens->cells);
    base_free(lens->p->mem, lens->linear);
    memset(lens, 0, sizeof *lens);
}

static void add_loads(const grid_lens *lens, grid_state *s, uint32_t t,
                      uint32_t area, int sign)
{
    const size_t n = lens->p->n_measures;

    for (size_t m = 0; m < n; m++)
        s->load[t * n + m] += sign * grid_load(lens->p, area, m);
}

static void try_side(const grid_lens *lens, grid_state *s, uint32_t t,
                     int sign, int side, grid_trial *trial)
{
    const grid_cell *c = &lens->cells[trial->area];
    double w;

    trial->excess[side] = s->excess[t];
    s->excess[t] = grid_lens_excess(lens, s, t, trial->area, sign);
    add_loads(lens, s, t, trial->area, sign);
    if (lens->moment <= 0)
        return;
    trial->w[side] = s->sum_w[t];
    trial->x[side] = s->sum_x[t];
    trial->y[side] = s->sum_y[t];
    trial->centre_x[side] = s->centre_x[t];
    trial->centre_y[side] = s->centre_y[t];
    w = s->sum_w[t] += sign * c->weight;
    s->sum_x[t] += sign * c->weight * c->x;
    s->sum_y[t] += sign * c->weight * c->y;
    s->centre_x[t] = w > 0 ? s->sum_x[t] / w : 0;
    s->centre_y[t] = w > 0 ? s->sum_y[t] / w : 0;
}

void grid_lens_try(const grid_lens *lens, grid_state *s, uint32_t area,
                   uint32_t to, grid_trial *trial)
{
    trial->area = area;
    trial->from = s->owner[area];
    trial->to = to;
    try_side(lens, s, trial->from, -1, 0, trial);
    try_side(lens, s, to, 1, 1, trial);
    s->owner[area] = to;
    s->terms.moved += grid_moved_change(s->p, area, trial->from, to);
}

static void untry_side(const grid_lens *lens, grid_state *s, uint32_t t,
                       int sign, int side, const grid_trial *trial)
{
    s->excess[t] = trial->excess[side];
    add_loads(lens, s, t, trial->area, -sign);
    if (lens->moment <= 0)
        return;
    s->sum_w[t] = trial->w[side];
    s->sum_x[t] = trial->x[side];
    s->sum_y[t] = trial->y[side];
    s->centre_x[t] = trial->centre_x[side];
    s->centre_y[t] = trial->centre_y[side];
}

void grid_lens_untry(const grid_lens *lens, grid_state *s,
                     const grid_trial *trial)
{
    s->owner[trial->area] = trial->from;
    s->terms.moved -= grid_moved_change(s->p, trial->area, trial->from,
                                        trial->to);
    untry_side(lens, s, trial->from, -1, 0, trial);
    untry_side(lens, s, trial->to, 1, 1, trial);
}

bool grid_lens_is_fair(const grid_lens *lens, const grid_state *s,
                       const grid_prices *prices, uint32_t area, uint32_t to)
{
    const grid_problem *p = lens->p;
    const uint32_t from = s->owner[area];
    const grid_terms d = grid_state_price(s, area, to);
    grid_prices objective = *prices;
    double told, excess, slack = 0;

    objective.excess = 0;
    told = grid_cost(&objective, &d);
    for (size_t i = p->first[area]; i < p->first[area + 1]; i++)
        slack += fabs(price_of_arc(p, prices, i));
    if (lens->linear)
        slack += fabs(lens->linear[area * p->k + from])
            + fabs(lens->linear[area * p->k + to]);
    excess = grid_lens_excess(lens, s, from, area, -1) - s->excess[from]
        + grid_lens_excess(lens, s, to, area, 1) - s->excess[to];
    return fabs(grid_lens_price(lens, s, area, to) - told)
            <= 1e-5 * (fabs(told) + slack) + 1e-9
        && fabs(excess - d.excess) <= 1e-9;
}
