/*
 * grid_round.c - grid_start_round(): the best of several power diagrams.
 *
 * Where centres end up depends on where they began, and no search by single
 * areas mends a centre too many on one side of the map.  So diagrams are
 * drawn from bisections turned by chance, a poor one is dropped after a few
 * rounds, and the one with the least moment is taken.
 */
#include <math.h>
#include <string.h>

#include "grid_start.h"

enum { FIRST_ROUNDS = 5, MORE_ROUNDS = 25 };
/* Of the best so far: beyond it after the first rounds, it is dropped. */
static const double HOPELESS = 1.03;

typedef struct centre {
    double w, x, y;
} centre;

/* About mean centres, of whatever the owners are. */
static double moment_of(const grid_problem *p, const uint32_t *owner,
                        centre *centres)
{
    double moment = 0;

    memset(centres, 0, p->k * sizeof *centres);
    for (size_t a = 0; a < p->n; a++) {
        centre *c = &centres[owner[a]];

        c->w += p->weight[a];
        c->x += p->weight[a] * p->x[a];
        c->y += p->weight[a] * p->y[a];
    }
    for (size_t a = 0; a < p->n; a++) {
        const centre *c = &centres[owner[a]];

        if (c->w > 0)
            moment += p->weight[a]
                * ((p->x[a] - c->x / c->w) * (p->x[a] - c->x / c->w)
                   + (p->y[a] - c->y / c->w) * (p->y[a] - c->y / c->w));
    }
    return moment;
}

static gb_status try_one(base_run *run, const grid_problem *p, base_rng *rng,
                         double best, uint32_t *owner, centre *centres,
                         double *moment)
{
    gb_status status = grid_start_bisect(run, p, rng, owner);

    *moment = (double)INFINITY;
    if (!status)
        status = grid_start_power(run, p, FIRST_ROUNDS, owner);
    if (!status && moment_of(p, owner, centres) > HOPELESS * best)
        return GB_OK;
    if (!status)
        status = grid_start_power(run, p, MORE_ROUNDS, owner);
    if (!status)
        *moment = moment_of(p, owner, centres);
    return status;
}

gb_status grid_start_round(base_run *run, const grid_problem *p,
                           base_rng *rng, uint64_t tries, double until_s,
                           uint32_t *owner)
{
    uint32_t *next = base_alloc_array(run->mem, p->n, sizeof *next);
    centre *centres = base_alloc_array(run->mem, p->k, sizeof *centres);
    double best, moment;
    gb_status status;

    if (!next || !centres) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = grid_start_power(run, p, MORE_ROUNDS, owner);
    best = moment_of(p, owner, centres);
    for (uint64_t i = 0; i < tries && !status; i++) {
        if (run->is_late || base_clock_s() > until_s)
            break;
        status = try_one(run, p, rng, best, next, centres, &moment);
        if (!status && moment < best) {
            best = moment;
            memcpy(owner, next, p->n * sizeof *owner);
        }
    }

done:
    base_free(run->mem, next);
    base_free(run->mem, centres);
    return status;
}
