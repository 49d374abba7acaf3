/*
 * grid_recombine.c - see grid_recombine.h.
 */
#include "grid_recombine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct grid_ranked {
    double key;
    uint32_t id;
} grid_ranked;

bool grid_recombiner_init(grid_recombiner *r, const grid_problem *p)
{
    r->p = p;
    r->n_areas = 0;
    r->areas = base_alloc_array(p->mem, p->n, sizeof *r->areas);
    r->before = base_alloc_array(p->mem, p->n, sizeof *r->before);
    return r->areas && r->before;
}

void grid_recombiner_clear(grid_recombiner *r)
{
    if (!r->p)
        return;
    base_free(r->p->mem, r->areas);
    base_free(r->p->mem, r->before);
    memset(r, 0, sizeof *r);
}

static int by_key(const void *a, const void *b)
{
    const grid_ranked *l = a, *r = b;

    if (l->key < r->key || l->key > r->key)
        return l->key < r->key ? -1 : 1;
    return (l->id > r->id) - (l->id < r->id);
}

static void gather(grid_recombiner *r, const grid_state *s, uint32_t a,
                   uint32_t b, double angle)
{
    const double dx = cos(angle), dy = sin(angle);

    r->n_areas = 0;
    for (uint32_t i = 0; i < r->p->n; i++)
        if (s->owner[i] == a || s->owner[i] == b)
            r->areas[r->n_areas++]
                = (grid_ranked){ dx * r->p->x[i] + dy * r->p->y[i], i };
    qsort(r->areas, r->n_areas, sizeof *r->areas, by_key);
    for (size_t i = 0; i < r->n_areas; i++)
        r->before[i] = s->owner[r->areas[i].id];
}

static void add_terms(grid_terms *sum, const grid_terms *d)
{
    sum->cut += d->cut;
    sum->border += d->border;
    sum->barrier += d->barrier;
    sum->moved += d->moved;
    sum->moment += d->moment;
    sum->travel += d->travel;
    sum->lost += d->lost;
    sum->excess += d->excess;
}

static void set_owner(grid_state *s, uint32_t area, uint32_t to,
                      grid_terms *change)
{
    grid_terms d;

    if (s->owner[area] == to)
        return;
    d = grid_state_price(s, area, to);
    add_terms(change, &d);
    grid_state_move(s, area, to, &d);
}

/* One figure of all measures, as grid_start_weight() but without its scale. */
static double weight_of(const grid_problem *p, uint32_t area)
{
    double weight = 1e-9;

    for (size_t m = 0; m < p->n_measures; m++)
        weight += (double)grid_load(p, area, m) * p->inverse[m];
    return weight;
}

/* In order, the first share of the weight to a; locked areas stay. */
static void cut(grid_recombiner *r, grid_state *s, uint32_t a, uint32_t b,
                grid_terms *change)
{
    const grid_problem *p = r->p;
    double all = 0, taken = 0, goal;

    for (size_t i = 0; i < r->n_areas; i++)
        all += weight_of(p, r->areas[i].id);
    goal = all * p->share[a] / (p->share[a] + p->share[b]);
    for (size_t i = 0; i < r->n_areas; i++) {
        const uint32_t area = r->areas[i].id;
        const double w = weight_of(p, area);

        if (p->lock[area] == GB_GRID_NONE)
            set_owner(s, area, taken + w / 2 <= goal ? a : b, change);
        taken += w;
    }
}

/*
 * Search the part of t that holds `start`; marks it in space->seen by the
 * stamp, and answers how many areas it has.
 */
static size_t search_part(const grid_problem *p, grid_state *s,
                          uint32_t start)
{
    grid_search_space *space = &s->space;
    size_t head = 0, tail = 0;

    space->seen[start] = space->stamp;
    space->queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = space->queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (s->owner[b] == s->owner[start]
                && space->seen[b] != space->stamp) {
                space->seen[b] = space->stamp;
                space->queue[tail++] = b;
            }
        }
    }
    return tail;
}

static bool is_whole(const grid_recombiner *r, grid_state *s, uint32_t t)
{
    for (size_t i = 0; i < r->n_areas; i++) {
        const uint32_t area = r->areas[i].id;

        if (s->owner[area] != t)
            continue;
        if (++s->space.stamp == 0) {
            memset(s->space.seen, 0, r->p->n * sizeof *s->space.seen);
            s->space.stamp = 1;
        }
        return search_part(r->p, s, area) == s->count[t];
    }
    return false;
}

/* Parts of t other than its largest go to the other of the two. */
static void give_fragments(const grid_recombiner *r, grid_state *s,
                           uint32_t t, uint32_t other, grid_terms *change)
{
    uint32_t largest = GB_GRID_NONE;
    size_t most = 0;

    if (++s->space.stamp == 0 || s->space.stamp == UINT32_MAX) {
        memset(s->space.seen, 0, r->p->n * sizeof *s->space.seen);
        s->space.stamp = 1;
    }
    for (size_t i = 0; i < r->n_areas; i++) {
        const uint32_t area = r->areas[i].id;
        size_t n;

        if (s->owner[area] != t || s->space.seen[area] == s->space.stamp)
            continue;
        n = search_part(r->p, s, area);
        if (n > most) {
            most = n;
            largest = area;
        }
    }
    if (largest == GB_GRID_NONE)
        return;
    s->space.stamp++;
    search_part(r->p, s, largest);
    for (size_t i = 0; i < r->n_areas; i++) {
        const uint32_t area = r->areas[i].id;

        if (s->owner[area] == t && s->space.seen[area] != s->space.stamp
            && r->p->lock[area] == GB_GRID_NONE)
            set_owner(s, area, other, change);
    }
}

/* Nothing of the two is where it may not be, and the budget of moves holds;
 * `change` is what brought them there. */
static bool keeps_rules(const grid_recombiner *r, const grid_state *s,
                        const grid_terms *change)
{
    if (!r->p->is_ruled)
        return true;
    for (size_t i = 0; i < r->n_areas; i++) {
        const uint32_t area = r->areas[i].id;

        if (!grid_may_enter(r->p, s->owner, area, s->owner[area]))
            return false;
    }
    return change->moved <= 0 || s->terms.moved <= r->p->most_moved;
}

bool grid_recombine(grid_recombiner *r, grid_state *s, uint32_t a,
                    uint32_t b, double angle, grid_terms *change)
{
    memset(change, 0, sizeof *change);
    gather(r, s, a, b, angle);
    cut(r, s, a, b, change);
    give_fragments(r, s, a, b, change);
    give_fragments(r, s, b, a, change);
    if (is_whole(r, s, a) && is_whole(r, s, b) && keeps_rules(r, s, change))
        return true;
    grid_recombine_undo(r, s);
    return false;
}

bool grid_exchange(grid_recombiner *r, grid_state *s, uint32_t a, uint32_t b,
                   grid_terms *change)
{
    memset(change, 0, sizeof *change);
    gather(r, s, a, b, 0);
    for (size_t i = 0; i < r->n_areas; i++)
        if (r->p->lock[r->areas[i].id] != GB_GRID_NONE)
            return false;
    for (size_t i = 0; i < r->n_areas; i++)
        set_owner(s, r->areas[i].id, r->before[i] == a ? b : a, change);
    if (keeps_rules(r, s, change))
        return true;
    grid_recombine_undo(r, s);
    return false;
}

void grid_recombine_undo(grid_recombiner *r, grid_state *s)
{
    grid_terms ignored = { 0 };

    for (size_t i = 0; i < r->n_areas; i++)
        set_owner(s, r->areas[i].id, r->before[i], &ignored);
}
