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
#include "grid_lens.h"
#include "grid_obey.h"
#include "grid_recombine.h"

enum {
    BLOCK = 256,      /* proposals between two looks at clock and schedule */
    CANDIDATES = 8,   /* for the second step of a chain */
    SAMPLES = 2000,   /* proposals that set the scale of temperatures */
    RESCUE_TURNS = 8, /* all together as long as the search before */
    PATIENCE_BITS = 12,
    TRIAL_BLOCKS = 64
};
/* Temperatures, in units of the mean change of the objective by a random
 * shift.  A start is worth keeping unless there is time to form all anew. */
static const double HOT = 0.13, HOTTEST = 0.28, COLD = 0.02;
/* Where the objective is a count, whose steps are coarse: so much hotter. */
static const double COUNT_HEAT = 2;
static const double FINE_HOT = 0.2, FINE_COLD = 0.005;
static const double WARM = 0.15;
/* Proposals an area and territory that are worth melting the start. */
static const double LONG = 80;
/* A step that is beyond the limit by more temperatures than this is seldom
 * made up for by another. */
static const double REACH = 1;
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
    grid_lens lens;
    size_t unspent; /* proposals since the last large move */
    double patience[1 << PATIENCE_BITS]; /* quantiles of what is put up with,
                                            in temperatures */
} annealer;

typedef struct shift {
    uint32_t area, to;
} shift;

/* A random area at the rim of t. */
static uint32_t draw_rim(const grid_state *s, uint64_t *bits, uint32_t t)
{
    return s->pool[s->rim_first[t] + grid_take(bits, s->rim_count[t])];
}

/* A random arc of the area that leads out of its territory, or NONE. */
static uint32_t draw_outside(const annealer *x, uint64_t *bits, uint32_t area)
{
    const grid_state *s = x->s;
    const grid_cell *c = &x->lens.cells[area];
    const grid_arc *arc = x->lens.arcs + c->first;
    const uint32_t t = s->owner[area];
    uint32_t at = grid_take(bits, c->n_open);

    for (uint32_t i = 0; i < c->n_open; i++) {
        if (s->owner[arc[at].to] != t)
            return arc[at].to;
        at = at + 1 < c->n_open ? at + 1 : 0;
    }
    return GB_GRID_NONE;
}

/* A random area at the rim of t and a random neighbour's territory. */
static bool draw_push(const annealer *x, uint64_t *bits, uint32_t t,
                      shift *out)
{
    const grid_state *s = x->s;
    uint32_t area, beyond;

    if (s->rim_count[t] == 0)
        return false;
    area = draw_rim(s, bits, t);
    if (x->lens.cells[area].is_fixed || s->owner[area] != t)
        return false;
    beyond = draw_outside(x, bits, area);
    if (beyond == GB_GRID_NONE)
        return false;
    *out = (shift){ area, s->owner[beyond] };
    return grid_may_enter(s->p, s->owner, area, out->to);
}

/* An area of any neighbour that comes to t. */
static bool draw_pull(const annealer *x, uint64_t *bits, uint32_t t,
                      shift *out)
{
    const grid_state *s = x->s;
    uint32_t area, beyond;

    if (s->rim_count[t] == 0)
        return false;
    area = draw_rim(s, bits, t);
    if (s->owner[area] != t)
        return false;
    beyond = draw_outside(x, bits, area);
    if (beyond == GB_GRID_NONE || x->lens.cells[beyond].is_fixed)
        return false;
    *out = (shift){ beyond, t };
    return grid_may_enter(s->p, s->owner, beyond, t);
}

/* What a change may cost this time: Metropolis's rule, the chance drawn
 * before the price is known. */
static double draw_limit(annealer *x, uint64_t bits)
{
    return x->temperature * x->patience[bits >> (64 - PATIENCE_BITS)];
}

static bool is_taken(annealer *x, double change)
{
    return change <= draw_limit(x, base_rng_next(x->rng));
}

static double excess_change(const annealer *x, shift step)
{
    const grid_state *s = x->s;
    const uint32_t from = s->owner[step.area];

    return grid_lens_excess(&x->lens, s, from, step.area, -1)
        - s->excess[from]
        + grid_lens_excess(&x->lens, s, step.to, step.area, 1)
        - s->excess[step.to];
}

static void apply(annealer *x, shift step)
{
    assert(grid_lens_is_fair(&x->lens, x->s, &x->prices, step.area, step.to));
    grid_state_shift(x->s, step.area, step.to);
    assert(x->s->p->n > 32 || grid_state_is_sound(x->s));
}

/* --- the second step of a chain ------------------------------------------ */

/*
 * The cheapest of a few that may cost no more than the limit; its cost.
 * `most` areas may have moved with it.
 */
static double best_second(annealer *x, uint32_t t, bool is_push, int64_t most,
                          double limit, shift *best)
{
    double least = (double)INFINITY;

    for (int i = 0; i < CANDIDATES; i++) {
        uint64_t bits = base_rng_next(x->rng);
        shift next;
        double cost;

        if (!(is_push ? draw_push(x, &bits, t, &next)
                      : draw_pull(x, &bits, t, &next))
            || grid_state_moved_after(x->s, next.area, next.to) > most)
            continue;
        cost = x->prices.excess * excess_change(x, next);
        if (cost > limit + REACH * x->temperature)
            continue;
        x->result->n_priced++;
        cost += grid_lens_price(&x->lens, x->s, next.area, next.to);
        if (cost < least) {
            least = cost;
            *best = next;
        }
    }
    return least;
}

/*
 * Try the first area elsewhere, seek a second one that makes up for it, and
 * take both or none.  The one who is too heavy now sheds, else the one too
 * light takes.
 */
static void try_chain(annealer *x, shift first, double limit)
{
    grid_state *s = x->s;
    const uint32_t from = s->owner[first.area];
    const bool is_push = grid_lens_excess(&x->lens, s, first.to, first.area, 1)
        > s->excess[first.to];
    const int64_t most = s->terms.moved > s->p->most_moved
        ? s->terms.moved : s->p->most_moved;
    grid_trial trial;
    shift second = first;
    bool is_good;

    if (!grid_lens_may_leave(&x->lens, s, first.area))
        return;
    grid_lens_try(&x->lens, s, first.area, first.to, &trial);
    is_good = best_second(x, is_push ? first.to : from, is_push, most, limit,
                          &second) <= limit
        && second.area != first.area
        && grid_lens_may_leave(&x->lens, s, second.area);
    grid_lens_untry(&x->lens, s, &trial);
    if (!is_good)
        return;
    apply(x, first);
    apply(x, second);
}

static void propose(annealer *x)
{
    grid_state *s = x->s;
    uint64_t bits = base_rng_next(x->rng);
    const uint32_t t = grid_take(&bits, (uint32_t)s->p->k);
    double cost, excess, limit;
    shift step;

    if (!draw_push(x, &bits, t, &step))
        return;
    x->result->n_priced++;
    limit = draw_limit(x, bits);
    cost = grid_lens_price(&x->lens, s, step.area, step.to);
    excess = excess_change(x, step);
    if (excess > 0) {
        /* Most second steps give back the excess and no more. */
        if (cost < limit + REACH * x->temperature)
            try_chain(x, step, limit - cost - x->prices.excess * excess);
        return;
    }
    if (cost + x->prices.excess * excess <= limit
        && grid_state_may_enter(s, step.area, step.to)
        && grid_lens_may_leave(&x->lens, s, step.area))
        apply(x, step);
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
    uint64_t bits = base_rng_next(x->rng);
    shift step;
    uint32_t b;

    if (!draw_pull(x, &bits, a, &step))
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
                   && !p->travel_s && !p->familiarity))
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
    double sum = 0;
    size_t n = 0;

    for (int i = 0; i < SAMPLES; i++) {
        uint64_t bits = base_rng_next(x->rng);
        const uint32_t t = grid_take(&bits, (uint32_t)x->s->p->k);
        shift step;

        if (!draw_push(x, &bits, t, &step))
            continue;
        sum += fabs(grid_lens_price(&x->lens, x->s, step.area, step.to));
        n++;
    }
    return sum > 0 ? sum / (double)n : 1;
}

static void note_best(annealer *x)
{
    grid_state *s = x->s;
    grid_prices prices = x->prices;
    double cost, excess;

    assert(s->p->n * s->p->k > 1000000 || grid_state_is_sound(s));
    grid_state_settle(s);
    prices.excess = 0;
    cost = grid_cost(&prices, &s->terms);
    excess = s->terms.excess + (double)grid_count_breaches(s->p, s->owner);
    if (excess > x->result->excess
        || (excess >= x->result->excess && cost >= x->result->cost))
        return;
    x->result->excess = excess;
    x->result->cost = cost;
    memcpy(x->best, s->owner, s->p->n * sizeof *x->best);
}

static void note_first_valid(annealer *x)
{
    if (x->result->first_valid_s < 0
        && grid_is_valid(x->s->terms.excess)) {
        grid_state_settle(x->s);
        if (grid_is_valid(x->s->terms.excess)
            && grid_count_breaches(x->s->p, x->s->owner) == 0)
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

/* Proposals in what is left of the time: by a few blocks at half heat. */
static double estimate_proposals(annealer *x)
{
    const double began_s = base_clock_s();
    double each_s;

    x->temperature = x->scale * HOT / 2;
    for (int i = 0; i < TRIAL_BLOCKS; i++)
        propose_block(x);
    each_s = (base_clock_s() - began_s) / (TRIAL_BLOCKS * BLOCK);
    return (x->run->deadline_s - base_clock_s()) / fmax(each_s, 1e-9);
}

static double hot_for(annealer *x, const grid_schedule *schedule)
{
    const double size = (double)x->s->p->n * (double)x->s->p->k;
    const double heat = x->prices.cut > 0 ? COUNT_HEAT : 1;
    double n;

    if (schedule->is_warm)
        return WARM;
    if (schedule->is_fine)
        return FINE_HOT;
    n = schedule->n_proposals > 0 ? (double)schedule->n_proposals
                                  : estimate_proposals(x);
    return heat * fmin(fmax(HOT * pow(n / size / LONG, 0.7), HOT), HOTTEST);
}

static gb_status anneal(annealer *x, const grid_schedule *schedule)
{
    const double hot = hot_for(x, schedule), began_s = base_clock_s();
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

static void fill_patience(annealer *x)
{
    const double n = 1 << PATIENCE_BITS;

    for (int i = 0; i < 1 << PATIENCE_BITS; i++)
        x->patience[i] = -log((i + 0.5) / n);
}

gb_status grid_search(base_run *run, grid_state *s, const grid_prices *prices,
                      const grid_schedule *schedule, base_rng *rng,
                      uint32_t *best, grid_result *result)
{
    annealer *x = base_alloc_zeroed(run->mem, 1, sizeof *x);
    gb_status status = GB_OK;

    if (!x)
        return base_fail_nomem(run->ctx);
    x->run = run;
    x->s = s;
    x->prices = *prices;
    x->rng = rng;
    x->best = best;
    x->result = result;
    fill_patience(x);

    *result = (grid_result){ .cost = INFINITY, .excess = INFINITY,
                             .first_valid_s = -1 };
    note_best(x);
    note_first_valid(x);
    if (s->p->k == 1) {
        result->outcome = GB_OUTCOME_OPTIMAL;
        goto done;
    }
    if (!grid_recombiner_init(&x->recombiner, s->p)
        || !grid_lens_init(&x->lens, s->p, prices)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    x->scale = mean_change(x);
    x->prices.excess = EXCESS_PRICE * x->scale * (double)s->p->n
        / (double)s->p->k;
    status = anneal(x, schedule);
    if (status)
        goto done;
    note_best(x);
    if (!grid_is_valid(result->excess))
        status = rescue(x, schedule);

done:
    grid_lens_clear(&x->lens);
    grid_recombiner_clear(&x->recombiner);
    base_free(run->mem, x);
    return status;
}
