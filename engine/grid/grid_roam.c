/*
 * grid_roam.c - see grid_roam.h.
 */
#include "grid_roam.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "grid_obey.h"

enum {
    BLOCK = 256,   /* proposals between two looks at the clock */
    SAMPLES = 1000 /* proposals that set the scale of temperatures */
};

static void fill_patience(grid_roamer *x)
{
    const double n = 1 << GRID_PATIENCE_BITS;

    for (int i = 0; i < 1 << GRID_PATIENCE_BITS; i++)
        x->patience[i] = -log((i + 0.5) / n);
}

bool grid_roamer_init(grid_roamer *x, const grid_problem *p,
                      const grid_prices *prices, const double *far,
                      base_rng *rng)
{
    memset(x, 0, sizeof *x);
    x->p = p;
    x->prices = *prices;
    x->prices.excess = 0;
    x->is_about = far != NULL;
    x->rng = rng;
    x->cost = INFINITY;
    fill_patience(x);
    x->best = base_alloc_array(p->mem, p->n, sizeof *x->best);
    return x->best && grid_state_init(&x->state, p)
        && grid_lens_init(&x->lens, p, prices)
        && (!far || grid_about_init(&x->about, p->mem, far, p->n, p->k));
}

void grid_roamer_clear(grid_roamer *x)
{
    if (!x->p)
        return;
    grid_state_clear(&x->state);
    grid_lens_clear(&x->lens);
    grid_about_clear(&x->about, x->p->mem);
    base_free(x->p->mem, x->best);
    memset(x, 0, sizeof *x);
}

typedef struct shift {
    uint32_t area, to;
} shift;

/* A random area at the rim of t, and a random neighbour's territory. */
static bool draw(const grid_roamer *x, uint64_t *bits, uint32_t t, shift *out)
{
    const grid_state *s = &x->state;
    const grid_cell *c;
    const grid_arc *arc;
    uint32_t area, at;

    if (s->rim_count[t] == 0)
        return false;
    area = s->pool[s->rim_first[t] + grid_take(bits, s->rim_count[t])];
    c = &x->lens.cells[area];
    arc = x->lens.arcs + c->first;
    at = grid_take(bits, c->n_open);
    while (s->owner[arc[at].to] == t)
        at = at + 1 < c->n_open ? at + 1 : 0;
    *out = (shift){ area, s->owner[arc[at].to] };
    return !c->is_fixed && grid_may_enter(x->p, s->owner, area, out->to);
}

/* Without excess; *about is the part that grid_about prices. */
static double price(grid_roamer *x, shift step, double *about)
{
    *about = x->is_about
        ? grid_about_price(&x->about, step.area, x->state.owner[step.area],
                           step.to) : 0;
    x->n_priced++;
    return grid_lens_price(&x->lens, &x->state, step.area, step.to) + *about;
}

static double excess_change(const grid_roamer *x, shift step)
{
    const grid_state *s = &x->state;
    const uint32_t from = s->owner[step.area];

    return grid_lens_excess(&x->lens, s, from, step.area, -1)
        - s->excess[from]
        + grid_lens_excess(&x->lens, s, step.to, step.area, 1)
        - s->excess[step.to];
}

static void apply(grid_roamer *x, shift step, double about)
{
    if (x->is_about)
        grid_about_move(&x->about, step.area, x->state.owner[step.area],
                        step.to);
    x->about_total += about;
    grid_state_shift(&x->state, step.area, step.to);
    assert(x->p->n > 32 || grid_state_is_sound(&x->state));
}

/* Metropolis's rule, the chance drawn before the price is known. */
static double draw_limit(const grid_roamer *x, uint64_t bits)
{
    return x->temperature * x->patience[bits >> (64 - GRID_PATIENCE_BITS)];
}

/* Exactly so: the running sum of the excess drifts. */
static bool is_within(const grid_state *s)
{
    const grid_problem *p = s->p;

    for (size_t i = 0; i < p->k * p->n_measures; i++)
        if (s->load[i] > p->high[i] || s->load[i] < p->low[i])
            return false;
    return grid_count_breaches(p, s->owner) == 0;
}

static double objective_of(const grid_roamer *x)
{
    return grid_cost(&x->prices, &x->state.terms) + x->about_total;
}

static void note(grid_roamer *x)
{
    double cost;

    if (x->state.terms.excess > 1e-6)
        return;
    cost = objective_of(x);
    if (cost >= x->cost || !is_within(&x->state))
        return;
    x->cost = cost;
    memcpy(x->best, x->state.owner, x->p->n * sizeof *x->best);
}

static void propose(grid_roamer *x)
{
    uint64_t bits = base_rng_next(x->rng);
    const uint32_t t = grid_take(&bits, (uint32_t)x->p->k);
    double cost, about;
    shift step;

    if (!draw(x, &bits, t, &step))
        return;
    cost = x->excess_price * excess_change(x, step) + price(x, step, &about);
    if (cost > draw_limit(x, bits)
        || !grid_lens_may_leave(&x->lens, &x->state, step.area))
        return;
    apply(x, step, about);
    note(x);
}

static double mean_change(grid_roamer *x)
{
    double sum = 0;
    size_t n = 0;

    for (int i = 0; i < SAMPLES; i++) {
        uint64_t bits = base_rng_next(x->rng);
        double about;
        shift step;

        if (!draw(x, &bits, grid_take(&bits, (uint32_t)x->p->k), &step))
            continue;
        sum += fabs(price(x, step, &about));
        n++;
    }
    return sum > 0 ? sum / (double)n : 1;
}

static void begin(grid_roamer *x, const uint32_t *owner)
{
    grid_state_set(&x->state, owner);
    x->about_total = x->is_about ? grid_about_set(&x->about, owner) : 0;
    if (x->scale <= 0)
        x->scale = mean_change(x);
    x->cost = INFINITY;
    note(x);
}

gb_status grid_roam(base_run *run, grid_roamer *x,
                    const grid_roam_course *course, const uint32_t *owner)
{
    const double fall = log(course->cold / course->hot);

    begin(x, owner);
    x->excess_price
        = course->slack * x->scale * (double)x->p->n / (double)x->p->k;
    for (uint64_t done = 0; done < course->n_proposals; done += BLOCK) {
        const gb_status status = base_poll_many(run, BLOCK);

        if (status)
            return status;
        if (run->is_late)
            break;
        x->temperature = x->scale * course->hot
            * exp(fall * (double)done / (double)course->n_proposals);
        for (int i = 0; i < BLOCK; i++)
            propose(x);
    }
    return GB_OK;
}

double grid_roamer_cost(grid_roamer *x, const uint32_t *owner)
{
    begin(x, owner);
    return objective_of(x);
}
