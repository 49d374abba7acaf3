/*
 * grid_search.c - see grid_search.h.
 *
 * Constants were chosen on syn10k (50 at 1 %) and Pennsylvania (18 at .5 %),
 * all three objectives, two million proposals, four seeds: bench_grid.
 */
#include "grid_search.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "grid_recombine.h"

enum {
    BLOCK = 256,      /* proposals between two looks at clock and schedule */
    CANDIDATES = 6,   /* for the second step of a chain */
    SAMPLES = 2000,   /* proposals that set the scale of temperatures */
    RESCUE_TURNS = 8  /* all together as long as the search before */
};
/* In units of the mean change of the objective by a random shift. */
static const double HOT = 0.6, COLD = 0.02, FINE_HOT = 0.3, FINE_COLD = 0.005;
static const double WARM = 0.15;
/* What one mean area's activity beyond the tolerance costs, same unit. */
static const double EXCESS_PRICE = 4;
/* Where the search ended beyond: how much dearer, and how hot. */
static const double RESCUE_PRICE = 3, RESCUE_HOT = 2;

typedef struct annealer {
    base_run *run;
    grid_state *s;
    grid_prices prices;
    base_rng *rng;
    double scale; /* mean change of the objective by a shift */
    double temperature;
    uint32_t *best;
    grid_result *result;
    grid_recombiner recombiner;
    size_t unspent; /* proposals since the last large move */
} annealer;

typedef struct shift {
    uint32_t area, to;
} shift;

/* A random area at the rim of t and a random neighbour's territory. */
static bool draw_shift(const grid_state *s, uint64_t bits, uint32_t t,
                       shift *out)
{
    const grid_problem *p = s->p;
    uint32_t area, n_open, at;
    const uint32_t *row;

    if (s->rim_count[t] == 0)
        return false;
    area = s->pool[s->rim_first[t]
                   + grid_pick((uint32_t)bits, s->rim_count[t])];
    if (p->lock[area] != GB_GRID_NONE)
        return false;
    row = p->neighbours + p->first[area];
    n_open = p->n_open[area];
    at = grid_pick((uint32_t)(bits >> 32), n_open);
    while (s->owner[row[at]] == t)
        at = at + 1 < n_open ? at + 1 : 0;
    *out = (shift){ area, s->owner[row[at]] };
    return true;
}

static bool is_taken(annealer *x, double change)
{
    if (change <= 0)
        return true;
    if (change > 30 * x->temperature)
        return false;
    return base_rng_unit(x->rng) < exp(-change / x->temperature);
}

static void apply(annealer *x, shift step, const grid_terms *change)
{
    grid_state_move(x->s, step.area, step.to, change);
    assert(x->s->p->n > 32 || grid_state_is_sound(x->s));
}

/* --- the second step of a chain ------------------------------------------ */

/* An area that leaves `heavy` again, for anywhere. */
static bool draw_push(annealer *x, uint32_t heavy, shift *out)
{
    return draw_shift(x->s, base_rng_next(x->rng), heavy, out);
}

/* An area of any neighbour that comes to `light`. */
static bool draw_pull(annealer *x, uint32_t light, shift *out)
{
    const grid_state *s = x->s;
    const grid_problem *p = s->p;
    const uint64_t bits = base_rng_next(x->rng);
    const uint32_t *row;
    uint32_t area, n_open, at;

    if (s->rim_count[light] == 0)
        return false;
    area = s->pool[s->rim_first[light]
                   + grid_pick((uint32_t)bits, s->rim_count[light])];
    row = p->neighbours + p->first[area];
    n_open = p->n_open[area];
    at = grid_pick((uint32_t)(bits >> 32), n_open);
    while (s->owner[row[at]] == light)
        at = at + 1 < n_open ? at + 1 : 0;
    if (p->lock[row[at]] != GB_GRID_NONE)
        return false;
    *out = (shift){ row[at], light };
    return true;
}

static bool best_second(annealer *x, shift first, uint32_t from,
                        bool is_push, shift *best, grid_terms *change)
{
    double least = (double)INFINITY;

    for (int i = 0; i < CANDIDATES; i++) {
        grid_terms d;
        shift next;
        double cost;

        if (!(is_push ? draw_push(x, first.to, &next)
                      : draw_pull(x, from, &next))
            || next.area == first.area)
            continue;
        d = grid_state_price(x->s, next.area, next.to);
        x->result->n_priced++;
        cost = grid_cost(&x->prices, &d);
        if (cost < least) {
            least = cost;
            *best = next;
            *change = d;
        }
    }
    return least < (double)INFINITY;
}

/*
 * Move the first area on trial, seek a second one that makes up for it, and
 * take both or none.
 */
static void try_chain(annealer *x, shift first, const grid_terms *change)
{
    grid_state *s = x->s;
    const uint32_t from = s->owner[first.area];
    const double cost = grid_cost(&x->prices, change);
    /* The one who is too heavy now sheds, else the one too light takes. */
    const bool is_push = grid_state_excess(s, first.to, first.area, 1)
        > grid_state_excess(s, first.to, first.area, 0);
    grid_terms next, back;
    shift second;

    if (!grid_state_may_leave(s, first.area))
        return;
    apply(x, first, change);
    if (best_second(x, first, from, is_push, &second, &next)
        && is_taken(x, cost + grid_cost(&x->prices, &next))
        && grid_state_may_leave(s, second.area)) {
        apply(x, second, &next);
        return;
    }
    back = grid_state_price(s, first.area, from);
    apply(x, (shift){ first.area, from }, &back);
}

static void propose(annealer *x)
{
    grid_state *s = x->s;
    const uint64_t bits = base_rng_next(x->rng);
    const uint32_t t = grid_pick((uint32_t)(bits >> 32), (uint32_t)s->p->k);
    grid_terms d;
    double cost;
    shift step;

    if (!draw_shift(s, base_rng_next(x->rng), t, &step))
        return;
    d = grid_state_price(s, step.area, step.to);
    x->result->n_priced++;
    cost = grid_cost(&x->prices, &d);
    if (d.excess > 0) {
        /* Most second steps give back the excess and no more. */
        if (cost - x->prices.excess * d.excess < 12 * x->temperature)
            try_chain(x, step, &d);
        return;
    }
    if (is_taken(x, cost) && grid_state_may_leave(s, step.area))
        apply(x, step, &d);
}

/*
 * Merge a random territory and a neighbour of it and cut them along a random
 * direction, or in half of the cases across the line of their centres.
 */
static void try_recombination(annealer *x)
{
    grid_state *s = x->s;
    const uint32_t a = (uint32_t)base_rng_below(x->rng, s->p->k);
    double angle = base_rng_unit(x->rng) * 6.283185307179586;
    grid_terms change;
    shift step;
    uint32_t b;

    if (!draw_pull(x, a, &step))
        return;
    b = s->owner[step.area];
    if (base_rng_chance(x->rng, 0.5) && s->sum_w[a] > 0 && s->sum_w[b] > 0)
        angle = atan2(s->sum_y[b] / s->sum_w[b] - s->sum_y[a] / s->sum_w[a],
                      s->sum_x[b] / s->sum_w[b] - s->sum_x[a] / s->sum_w[a])
            + base_rng_normal(x->rng) * 0.2;
    x->result->n_priced++;
    if (grid_recombine(&x->recombiner, s, a, b, angle, &change)
        && !is_taken(x, grid_cost(&x->prices, &change)))
        grid_recombine_undo(&x->recombiner, s);
    assert(s->p->n > 32 || grid_state_is_sound(s));
}

/* Two territories change places, where it matters who is where. */
static void try_exchange(annealer *x)
{
    grid_state *s = x->s;
    const grid_problem *p = s->p;
    const uint32_t a = (uint32_t)base_rng_below(x->rng, p->k);
    const uint32_t b = (uint32_t)base_rng_below(x->rng, p->k);
    grid_terms change;

    if (a == b || (p->share[a] <= p->share[b] && p->share[b] <= p->share[a]
                   && !p->travel_s))
        return;
    x->result->n_priced++;
    if (grid_exchange(&x->recombiner, s, a, b, &change)
        && !is_taken(x, grid_cost(&x->prices, &change)))
        grid_recombine_undo(&x->recombiner, s);
    assert(p->n > 32 || grid_state_is_sound(s));
}

/* --- the course ---------------------------------------------------------- */

/* The mean change of the objective by a random shift, either way. */
static double mean_change(annealer *x)
{
    grid_prices prices = x->prices;
    double sum = 0;
    size_t n = 0;

    prices.excess = 0;
    for (int i = 0; i < SAMPLES; i++) {
        const uint32_t t
            = (uint32_t)base_rng_below(x->rng, x->s->p->k);
        grid_terms d;
        shift step;

        if (!draw_shift(x->s, base_rng_next(x->rng), t, &step))
            continue;
        d = grid_state_price(x->s, step.area, step.to);
        sum += fabs(grid_cost(&prices, &d));
        n++;
    }
    return sum > 0 ? sum / (double)n : 1;
}

static void note_best(annealer *x)
{
    grid_state *s = x->s;
    grid_prices prices = x->prices;
    double cost;

    assert(s->p->n * s->p->k > 1000000 || grid_state_is_sound(s));
    grid_state_settle(s);
    prices.excess = 0;
    cost = grid_cost(&prices, &s->terms);
    if (s->terms.excess > x->result->excess
        || (s->terms.excess >= x->result->excess && cost >= x->result->cost))
        return;
    x->result->excess = s->terms.excess;
    x->result->cost = cost;
    memcpy(x->best, s->owner, s->p->n * sizeof *x->best);
}

static void note_first_valid(annealer *x)
{
    if (x->result->first_valid_s < 0
        && grid_is_valid(x->s->terms.excess)) {
        grid_state_settle(x->s);
        if (grid_is_valid(x->s->terms.excess))
            x->result->first_valid_s = base_run_elapsed_s(x->run);
    }
}

/* 0 to 1: how much of the search is done. */
static double progress_of(const annealer *x, const grid_schedule *schedule,
                          uint64_t done, double began_s)
{
    const base_run *run = x->run;

    if (schedule->n_proposals > 0)
        return (double)done / (double)schedule->n_proposals;
    return (base_clock_s() - began_s)
        / fmax(run->deadline_s - began_s, 1e-9);
}

/* A block of proposals, and a large move for every so many areas of them. */
static void propose_block(annealer *x)
{
    const size_t a_large_move = 64 + x->s->p->n;

    for (int i = 0; i < BLOCK; i++)
        propose(x);
    for (x->unspent += BLOCK; x->unspent >= a_large_move;
         x->unspent -= a_large_move) {
        try_recombination(x);
        try_exchange(x);
    }
    note_first_valid(x);
}

static gb_status anneal(annealer *x, const grid_schedule *schedule)
{
    const double began_s = base_clock_s();
    const double hot = schedule->is_warm ? WARM
        : schedule->is_fine ? FINE_HOT : HOT;
    const double cold = schedule->is_fine ? FINE_COLD : COLD;
    const uint64_t epoch = x->s->p->n > 4096 ? x->s->p->n : 4096;
    uint64_t done = 0, next_epoch = epoch;

    x->result->outcome = GB_OUTCOME_ITERATION_LIMIT;
    for (;;) {
        const double part = progress_of(x, schedule, done, began_s);
        gb_status status = base_poll_many(x->run, BLOCK);

        if (status)
            return status;
        if (x->run->is_late || part >= 1)
            break;
        x->temperature = x->scale * hot * pow(cold / hot, part);
        propose_block(x);
        done += BLOCK;
        if (done >= next_epoch) {
            note_best(x);
            next_epoch = done + epoch;
        }
    }
    if (schedule->n_proposals == 0 || done < schedule->n_proposals)
        x->result->outcome = GB_OUTCOME_TIME_LIMIT;
    return GB_OK;
}

/*
 * The plan is beyond its tolerance still: heat up and cool again, by turns
 * from the best and from where the last turn ended, at a dearer price and
 * with more recombinations, until it is within or the patience ends.
 */
static gb_status rescue_turn(annealer *x, uint64_t n_proposals)
{
    gb_status status = GB_OK;

    for (uint64_t done = 0; done < n_proposals && !status; done += BLOCK) {
        x->temperature = x->scale * RESCUE_HOT
            * pow(COLD / RESCUE_HOT, (double)done / (double)n_proposals);
        propose_block(x);
        if (x->s->terms.excess < x->result->excess)
            note_best(x);
        if (grid_is_valid(x->result->excess) || x->run->is_late)
            break;
        status = base_poll_many(x->run, BLOCK);
    }
    return status;
}

static gb_status rescue(annealer *x, const grid_schedule *schedule)
{
    const uint64_t each = schedule->n_proposals / RESCUE_TURNS;
    gb_status status = GB_OK;

    x->prices.excess *= RESCUE_PRICE;
    for (int turn = 0; turn < RESCUE_TURNS && !status; turn++) {
        if (turn % 2 == 0)
            grid_state_set(x->s, x->best);
        status = rescue_turn(x, each);
        if (grid_is_valid(x->result->excess) || x->run->is_late)
            break;
    }
    return status;
}

gb_status grid_search(base_run *run, grid_state *s, const grid_prices *prices,
                      const grid_schedule *schedule, base_rng *rng,
                      uint32_t *best, grid_result *result)
{
    annealer x = { .run = run, .s = s, .prices = *prices, .rng = rng,
                   .best = best, .result = result };
    gb_status status;

    *result = (grid_result){ .cost = INFINITY, .excess = INFINITY,
                             .first_valid_s = -1 };
    note_best(&x);
    note_first_valid(&x);
    if (s->p->k == 1) {
        result->outcome = GB_OUTCOME_OPTIMAL;
        return GB_OK;
    }
    x.scale = mean_change(&x);
    x.prices.excess = EXCESS_PRICE * x.scale * (double)s->p->n
        / (double)s->p->k;
    if (!grid_recombiner_init(&x.recombiner, s->p)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = anneal(&x, schedule);
    if (status)
        goto done;
    note_best(&x);
    if (!grid_is_valid(result->excess))
        status = rescue(&x, schedule);

done:
    grid_recombiner_clear(&x.recombiner);
    return status;
}
