/*
 * grid_balance.c - grid_start_balance(): excess runs downhill over the
 * territory graph.
 *
 * A load's strain is the square of its deviation; an area moves from rim to
 * rim wherever that lowers the strain of both together.  So excess is passed
 * on from territory to territory, also by those that are within their
 * tolerance, until it is spread; areas whose move costs little border go
 * first.  A sweep looks at each area at a rim once; some tens of sweeps are
 * enough, as no territory is many steps away from those that lack what it
 * has too much of.
 */
#include <math.h>
#include <string.h>

#include "grid_obey.h"
#include "grid_start.h"
#include "grid_state.h"

enum { SWEEPS = 200, FREE_SWEEP = 12 };
/* Of its border that an area's move may add, per share of its load by which
 * the strain falls: rises sweep by sweep until it does not count. */
static const double BORDER_AT_FIRST = 0.1;

static double strain(const grid_state *s, uint32_t t, uint32_t area, int sign)
{
    const grid_problem *p = s->p;
    double sum = 0;

    for (size_t m = 0; m < p->n_measures; m++) {
        const size_t i = t * p->n_measures + m;
        const double middle = ((double)p->low[i] + (double)p->high[i]) / 2;
        const double load
            = (double)(s->load[i] + sign * grid_load(p, area, m));

        sum += (load - middle) * (load - middle) * p->inverse[m]
            * p->inverse[m];
    }
    return sum;
}

/* By how much the strain of both falls. */
static double relief(const grid_state *s, uint32_t area, uint32_t to)
{
    const uint32_t from = s->owner[area];

    return strain(s, from, area, 0) + strain(s, to, area, 0)
        - strain(s, from, area, -1) - strain(s, to, area, 1);
}

/* Border that the move adds, in parts of the area's own. */
static double added_border(const grid_state *s, uint32_t area, uint32_t to)
{
    const grid_problem *p = s->p;
    double added = 0, all = 1e-9;

    for (size_t i = p->first[area]; i < p->first[area + 1]; i++) {
        const uint32_t t = s->owner[p->neighbours[i]];
        const double border = (double)p->border[i];

        all += border;
        added += t == s->owner[area] ? border : t == to ? -border : 0;
    }
    return added / all;
}

/* The neighbour where the area relieves most, or NONE. */
static uint32_t best_place(const grid_state *s, uint32_t area, double tolerated)
{
    const grid_problem *p = s->p;
    uint32_t best = GB_GRID_NONE;
    double most = 0;

    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area];
         i++) {
        const uint32_t t = s->owner[p->neighbours[i]];
        double gain;

        if (t == s->owner[area] || t == best
            || !grid_state_may_enter(s, area, t))
            continue;
        gain = relief(s, area, t);
        if (gain > most && added_border(s, area, t) <= tolerated) {
            most = gain;
            best = t;
        }
    }
    return best;
}

static size_t sweep(grid_state *s, double tolerated)
{
    size_t n_moved = 0;

    for (uint32_t a = 0; a < s->p->n; a++) {
        uint32_t to;

        if (s->foreign[a] == 0)
            continue;
        to = best_place(s, a, tolerated);
        if (to == GB_GRID_NONE || !grid_state_may_leave(s, a))
            continue;
        grid_state_shift(s, a, to);
        n_moved++;
    }
    return n_moved;
}

static bool is_within(const grid_state *s)
{
    for (size_t t = 0; t < s->p->k; t++)
        if (s->excess[t] > 0)
            return false;
    return true;
}

gb_status grid_start_balance(base_run *run, const grid_problem *p,
                             uint32_t *owner, bool *is_valid)
{
    grid_state s = { 0 };
    gb_status status = GB_OK;

    *is_valid = false;
    if (!grid_state_init(&s, p)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    grid_state_set(&s, owner);
    for (int i = 0; i < SWEEPS && !is_within(&s); i++) {
        const double tolerated = i < FREE_SWEEP
            ? BORDER_AT_FIRST * i : (double)INFINITY;

        if (sweep(&s, tolerated) == 0 && i >= FREE_SWEEP)
            break;
        status = base_poll_many(run, (uint64_t)p->n);
        if (status)
            goto done;
    }
    *is_valid = is_within(&s) && grid_count_breaches(p, s.owner) == 0;
    memcpy(owner, s.owner, p->n * sizeof *owner);

done:
    grid_state_clear(&s);
    return status;
}
