/*
 * grid_obey.c - see grid_obey.h.
 */
#include "grid_obey.h"

#include <math.h>
#include <string.h>

#include "grid_state.h"

enum {
    CANDIDATES = 64,    /* ways out that are tried for one area */
    ROUNDS = 8,         /* through all areas that are where they may not be */
    BLOCK = 256,        /* shifts between two looks at the clock */
    SHIFTS_AN_AREA = 1000, MOST_SHIFTS = 200000
};
static const double HOT = 1, COLD = 0.05;
/* Of balance, beside one breach. */
static const double EXCESS_PRICE = 0.2;

uint64_t grid_count_breaches(const grid_problem *p, const uint32_t *owner)
{
    uint64_t n = 0, n_pairs = 0;
    int64_t moved = 0;

    if (!p->is_ruled)
        return 0;
    for (uint32_t a = 0; a < p->n; a++) {
        if (owner[a] < p->k) {
            n += grid_is_barred(p, a, owner[a]);
            n_pairs += grid_count_apart(p, owner, a, owner[a]);
        }
        moved += p->previous && p->previous[a] != GB_GRID_NONE
            && p->previous[a] != owner[a];
    }
    return n + n_pairs / 2
        + (moved > p->most_moved ? (uint64_t)(moved - p->most_moved) : 0);
}

/* --- ways out ------------------------------------------------------------ */

typedef struct obeying {
    base_run *run;
    const grid_problem *p;
    uint32_t *owner;
    uint32_t *saved; /* n */
    uint32_t *part;  /* n */
    uint32_t *from;  /* n; of the search, back to the area */
    uint32_t *queue; /* n */
    uint32_t *size;  /* n; of a part */
    uint64_t n_breaches;
    grid_search_space space;
} obeying;

static bool obeying_init(obeying *x)
{
    base_mem *mem = x->run->mem;
    const size_t n = x->p->n;

    x->saved = base_alloc_array(mem, n, sizeof *x->saved);
    x->part = base_alloc_array(mem, n, sizeof *x->part);
    x->from = base_alloc_array(mem, n, sizeof *x->from);
    x->queue = base_alloc_array(mem, n, sizeof *x->queue);
    x->size = base_alloc_array(mem, n, sizeof *x->size);
    return grid_search_space_init(&x->space, mem, n) && x->saved && x->part
        && x->from && x->queue && x->size;
}

static void obeying_clear(obeying *x)
{
    base_mem *mem = x->run->mem;

    base_free(mem, x->saved);
    base_free(mem, x->part);
    base_free(mem, x->from);
    base_free(mem, x->queue);
    base_free(mem, x->size);
    grid_search_space_clear(&x->space, mem);
}

/*
 * Of the parts of t, the one with locks stays, else the largest; the others
 * go to u.  False where a locked area would have to go, or nothing is left.
 */
static bool give_rest(obeying *x, uint32_t t, uint32_t u)
{
    const grid_problem *p = x->p;
    const size_t n_parts = grid_parts(p, x->owner, x->part, &x->space);
    uint32_t kept = GB_GRID_NONE;
    bool is_tied = false;

    memset(x->size, 0, n_parts * sizeof *x->size);
    for (size_t a = 0; a < p->n; a++)
        if (x->owner[a] == t)
            x->size[x->part[a]]++;
    for (size_t a = 0; a < p->n; a++) {
        const bool is_locked = p->lock[a] != GB_GRID_NONE;

        if (x->owner[a] != t)
            continue;
        if (is_tied && is_locked && x->part[a] != kept)
            return false;
        if (kept == GB_GRID_NONE || (is_locked && !is_tied)
            || (!is_tied && x->size[x->part[a]] > x->size[kept]))
            kept = x->part[a];
        is_tied = is_tied || is_locked;
    }
    for (size_t a = 0; a < p->n; a++)
        if (x->owner[a] == t && x->part[a] != kept)
            x->owner[a] = u;
    return kept != GB_GRID_NONE;
}

/* The areas on the way from `end` back to the one that is to go, to u. */
static bool take_way(obeying *x, uint32_t end, uint32_t u)
{
    const uint32_t t = x->owner[end];
    uint64_t n_breaches;
    uint32_t a = end;

    memcpy(x->saved, x->owner, x->p->n * sizeof *x->saved);
    for (;;) {
        x->owner[a] = u;
        if (x->from[a] == a)
            break;
        a = x->from[a];
    }
    n_breaches = give_rest(x, t, u) ? grid_count_breaches(x->p, x->owner)
                                    : UINT64_MAX;
    if (n_breaches < x->n_breaches) {
        x->n_breaches = n_breaches;
        return true;
    }
    memcpy(x->owner, x->saved, x->p->n * sizeof *x->saved);
    return false;
}

/* Search outwards within its territory; each other one met is a way out. */
static bool let_go(obeying *x, uint32_t area)
{
    const grid_problem *p = x->p;
    const uint32_t t = x->owner[area];
    size_t head = 0, tail = 0, n_tried = 0;

    if (p->lock[area] != GB_GRID_NONE)
        return false;
    memset(x->from, 0xff, p->n * sizeof *x->from);
    x->from[area] = area;
    x->queue[tail++] = area;
    while (head < tail && n_tried < CANDIDATES) {
        const uint32_t a = x->queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i], u = x->owner[b];

            if (u == t && x->from[b] == GB_GRID_NONE
                && p->lock[b] == GB_GRID_NONE) {
                x->from[b] = a;
                x->queue[tail++] = b;
            } else if (u != t && grid_may_enter(p, x->owner, area, u)) {
                if (take_way(x, a, u))
                    return true;
                if (++n_tried == CANDIDATES)
                    break;
            }
        }
    }
    return false;
}

static gb_status find_ways(obeying *x)
{
    const grid_problem *p = x->p;
    gb_status status = GB_OK;

    for (int round = 0; round < ROUNDS && x->n_breaches > 0; round++) {
        const uint64_t before = x->n_breaches;

        for (uint32_t a = 0; a < p->n && !status; a++) {
            status = base_poll(x->run);
            if (!grid_may_enter(p, x->owner, a, x->owner[a]))
                (void)let_go(x, a);
        }
        if (status || x->n_breaches == before || x->run->is_late)
            break;
    }
    return status;
}

/* --- by chance ----------------------------------------------------------- */

typedef struct wandering {
    const grid_problem *p;
    grid_state state;
    base_rng rng;
    double temperature;
    int64_t n_breaches;
} wandering;

static int64_t over(const grid_problem *p, int64_t moved)
{
    return moved > p->most_moved ? moved - p->most_moved : 0;
}

static int64_t breaches_after(const wandering *x, uint32_t area, uint32_t to)
{
    const grid_state *s = &x->state;
    const uint32_t from = s->owner[area];

    return grid_is_barred(x->p, area, to) - grid_is_barred(x->p, area, from)
        + (int64_t)grid_count_apart(x->p, s->owner, area, to)
        - (int64_t)grid_count_apart(x->p, s->owner, area, from)
        + over(x->p, grid_state_moved_after(s, area, to))
        - over(x->p, s->terms.moved);
}

static void wander(wandering *x)
{
    grid_state *s = &x->state;
    const grid_problem *p = x->p;
    const uint32_t t = (uint32_t)base_rng_below(&x->rng, p->k);
    uint32_t area, to;
    int64_t change;
    double cost;

    if (s->rim_count[t] == 0)
        return;
    area = s->pool[s->rim_first[t]
                   + base_rng_below(&x->rng, s->rim_count[t])];
    to = s->owner[p->neighbours[p->first[area]
                                + base_rng_below(&x->rng, p->n_open[area])]];
    if (to == t || p->lock[area] != GB_GRID_NONE)
        return;
    change = breaches_after(x, area, to);
    cost = (double)change
        + EXCESS_PRICE * (grid_state_excess(s, t, area, -1)
                          - grid_state_excess(s, t, area, 0)
                          + grid_state_excess(s, to, area, 1)
                          - grid_state_excess(s, to, area, 0));
    if (cost > 0
        && base_rng_unit(&x->rng) >= exp(-cost / x->temperature))
        return;
    if (!grid_state_may_leave(s, area))
        return;
    (void)grid_state_shift(s, area, to);
    x->n_breaches += change;
}

static gb_status wander_off(obeying *x, uint64_t seed)
{
    const grid_problem *p = x->p;
    const uint64_t n_shifts = p->n < MOST_SHIFTS / SHIFTS_AN_AREA
        ? SHIFTS_AN_AREA * p->n : MOST_SHIFTS;
    wandering w = { .p = p, .rng = base_rng_stream(seed, 0x6f626579) };
    gb_status status = GB_OK;

    if (!grid_state_init(&w.state, p)) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    grid_state_set(&w.state, x->owner);
    w.n_breaches = (int64_t)x->n_breaches;
    for (uint64_t i = 0; i < n_shifts && x->n_breaches > 0; i++) {
        if (i % BLOCK == 0) {
            status = base_poll_many(x->run, BLOCK);
            if (status || x->run->is_late)
                break;
            w.temperature
                = HOT * pow(COLD / HOT, (double)i / (double)n_shifts);
        }
        wander(&w);
        if (w.n_breaches < (int64_t)x->n_breaches) {
            x->n_breaches = (uint64_t)w.n_breaches;
            memcpy(x->owner, w.state.owner, p->n * sizeof *x->owner);
        }
    }

done:
    grid_state_clear(&w.state);
    return status;
}

gb_status grid_obey(base_run *run, const grid_problem *p, uint64_t seed,
                    uint32_t *owner)
{
    obeying x = { .run = run, .p = p, .owner = owner };
    gb_status status = GB_OK;

    if (!p->is_ruled || p->k == 1)
        return GB_OK;
    x.n_breaches = grid_count_breaches(p, owner);
    if (x.n_breaches == 0)
        return GB_OK;
    if (!obeying_init(&x))
        status = base_fail_nomem(run->ctx);
    if (!status)
        status = find_ways(&x);
    if (!status && x.n_breaches > 0)
        status = wander_off(&x, seed);
    obeying_clear(&x);
    return status;
}
