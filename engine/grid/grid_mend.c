/*
 * grid_mend.c - grid_start_mend(): any owners become a contiguous plan.
 *
 * First each territory's locks are joined by a path into a core, which stays;
 * then each territory keeps its core's part, or its heaviest, and gives up
 * the others; what is given up goes to the neighbour with the least of its
 * share; last, whoever has nothing gets an area from a neighbour who can
 * spare one.
 */
#include <math.h>
#include <string.h>

#include "grid_contiguity.h"
#include "grid_start.h"

typedef struct mending {
    base_run *run;
    const grid_problem *p;
    uint32_t *owner;
    uint32_t *core;    /* n; the territory whose locks this area joins */
    uint32_t *part;    /* n */
    uint32_t *from;    /* n; of the path search */
    double *part_rank; /* n; by part */
    uint32_t *kept;    /* k; the part that a territory keeps */
    double *load;      /* k; in shares */
    uint32_t *count;   /* k */
    grid_search_space space;
} mending;

static bool mending_init(mending *x)
{
    base_mem *mem = x->run->mem;
    const size_t n = x->p->n, k = x->p->k;

    x->core = base_alloc_array(mem, n, sizeof *x->core);
    x->part = base_alloc_array(mem, n, sizeof *x->part);
    x->from = base_alloc_array(mem, n, sizeof *x->from);
    x->part_rank = base_alloc_array(mem, n, sizeof *x->part_rank);
    x->kept = base_alloc_array(mem, k, sizeof *x->kept);
    x->load = base_alloc_array(mem, k, sizeof *x->load);
    x->count = base_alloc_array(mem, k, sizeof *x->count);
    return grid_search_space_init(&x->space, mem, n) && x->core && x->part
        && x->from && x->part_rank && x->kept && x->load && x->count;
}

static void mending_clear(mending *x)
{
    base_mem *mem = x->run->mem;

    base_free(mem, x->core);
    base_free(mem, x->part);
    base_free(mem, x->from);
    base_free(mem, x->part_rank);
    base_free(mem, x->kept);
    base_free(mem, x->load);
    base_free(mem, x->count);
    grid_search_space_clear(&x->space, mem);
}

static uint32_t owned(const mending *x, uint32_t area)
{
    return x->owner[area] < x->p->k ? x->owner[area] : GB_GRID_NONE;
}

/* Breadth first from a lock of t over free areas; `from` leads back. */
static void search_core(mending *x, uint32_t start, uint32_t t)
{
    const grid_problem *p = x->p;
    size_t head = 0, tail = 0;

    memset(x->from, 0xff, p->n * sizeof *x->from);
    x->from[start] = start;
    x->space.queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = x->space.queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (x->from[b] != GB_GRID_NONE
                || (x->core[b] != GB_GRID_NONE && x->core[b] != t)
                || grid_is_barred(p, b, t))
                continue;
            x->from[b] = a;
            x->space.queue[tail++] = b;
        }
    }
}

static void join_locks(mending *x, uint32_t t)
{
    const grid_problem *p = x->p;
    uint32_t start = GB_GRID_NONE;

    for (uint32_t a = 0; a < p->n; a++) {
        if (p->lock[a] != t)
            continue;
        if (start == GB_GRID_NONE) {
            start = a;
            search_core(x, start, t);
            continue;
        }
        if (x->from[a] == GB_GRID_NONE)
            continue; /* cannot be joined; grid_reason.h tells */
        for (uint32_t b = a; b != start; b = x->from[b])
            x->core[b] = t;
    }
}

static void build_cores(mending *x)
{
    const grid_problem *p = x->p;
    bool has_locks = false;

    for (size_t a = 0; a < p->n; a++) {
        x->core[a] = p->lock[a];
        has_locks = has_locks || p->lock[a] != GB_GRID_NONE;
    }
    for (uint32_t t = 0; has_locks && t < p->k; t++)
        join_locks(x, t);
    for (size_t a = 0; a < p->n; a++)
        if (x->core[a] != GB_GRID_NONE)
            x->owner[a] = x->core[a];
}

/* The part with the core, else the heaviest, else the first. */
static void choose_parts(mending *x)
{
    const grid_problem *p = x->p;
    const size_t n_parts = grid_parts(p, x->owner, x->part, &x->space);

    for (size_t i = 0; i < n_parts; i++)
        x->part_rank[i] = 0;
    for (size_t a = 0; a < p->n; a++)
        if (x->part[a] != GB_GRID_NONE)
            x->part_rank[x->part[a]] += grid_start_weight(p, a) + 1e-6
                + (x->core[a] != GB_GRID_NONE ? 1e3 * (double)p->n : 0);
    memset(x->kept, 0xff, p->k * sizeof *x->kept);
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t t = owned(x, (uint32_t)a), part = x->part[a];

        if (t != GB_GRID_NONE
            && (x->kept[t] == GB_GRID_NONE
                || x->part_rank[part] > x->part_rank[x->kept[t]]))
            x->kept[t] = part;
    }
    for (size_t a = 0; a < p->n; a++)
        if (x->part[a] != GB_GRID_NONE && x->part[a] != x->kept[x->owner[a]]
            && p->lock[a] == GB_GRID_NONE)
            x->owner[a] = GB_GRID_NONE;
}

static void give(mending *x, uint32_t area, uint32_t t)
{
    x->owner[area] = t;
    x->load[t] += grid_start_weight(x->p, area) / x->p->share[t];
    x->count[t]++;
}

static void count_loads(mending *x)
{
    for (size_t t = 0; t < x->p->k; t++) {
        x->load[t] = 0;
        x->count[t] = 0;
    }
    for (uint32_t a = 0; a < x->p->n; a++)
        if (owned(x, a) != GB_GRID_NONE)
            give(x, a, x->owner[a]);
}

/* The neighbouring territory with the least of its share; one that may have
 * the area, if any. */
static uint32_t poorest_neighbour(const mending *x, uint32_t area)
{
    const grid_problem *p = x->p;
    uint32_t best = GB_GRID_NONE;
    bool best_may = false;

    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area];
         i++) {
        const uint32_t t = owned(x, p->neighbours[i]);
        bool may;

        if (t == GB_GRID_NONE || t == best)
            continue;
        may = grid_may_enter(p, x->owner, area, t);
        if (best == GB_GRID_NONE || may > best_may
            || (may == best_may
                && (x->load[t] < x->load[best]
                    || (x->load[t] <= x->load[best] && t < best)))) {
            best = t;
            best_may = may;
        }
    }
    return best;
}

/* Owned areas are the first ring; unowned ones join ring after ring. */
static void flood(mending *x)
{
    const grid_problem *p = x->p;
    size_t head = 0, tail = 0;

    for (uint32_t a = 0; a < p->n; a++)
        if (owned(x, a) == GB_GRID_NONE
            && poorest_neighbour(x, a) != GB_GRID_NONE)
            x->space.queue[tail++] = a;
    memset(x->from, 0, p->n * sizeof *x->from);
    for (size_t i = 0; i < tail; i++)
        x->from[x->space.queue[i]] = 1; /* is in the queue */
    while (head < tail) {
        const uint32_t a = x->space.queue[head++];

        give(x, a, poorest_neighbour(x, a));
        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (owned(x, b) == GB_GRID_NONE && !x->from[b]) {
                x->from[b] = 1;
                x->space.queue[tail++] = b;
            }
        }
    }
}

/* An area of t that it can do without and `empty` may have, or NONE. */
static uint32_t spare_area(mending *x, uint32_t t, uint32_t empty)
{
    for (uint32_t a = 0; a < x->p->n; a++)
        if (x->owner[a] == t && x->p->lock[a] == GB_GRID_NONE
            && x->core[a] == GB_GRID_NONE
            && grid_may_enter(x->p, x->owner, a, empty)
            && grid_can_leave(x->p, x->owner, a, &x->space))
            return a;
    return GB_GRID_NONE;
}

/* For the empty territory: an area of the fullest who can spare one. */
static void found(mending *x, uint32_t empty)
{
    const grid_problem *p = x->p;

    memset(x->kept, 0, p->k * sizeof *x->kept); /* asked already */
    for (;;) {
        uint32_t donor = GB_GRID_NONE, area;

        for (uint32_t t = 0; t < p->k; t++)
            if (!x->kept[t] && x->count[t] > 1
                && (donor == GB_GRID_NONE || x->load[t] > x->load[donor]))
                donor = t;
        if (donor == GB_GRID_NONE)
            return;
        x->kept[donor] = 1;
        area = spare_area(x, donor, empty);
        if (area == GB_GRID_NONE)
            continue;
        x->count[donor]--;
        x->load[donor] -= grid_start_weight(p, area) / p->share[donor];
        give(x, area, empty);
        return;
    }
}

/* A territory of a component that has another one, and no locks. */
static uint32_t dispensable(const mending *x)
{
    const grid_problem *p = x->p;
    uint32_t best = GB_GRID_NONE;

    for (uint32_t t = 0; t < p->k; t++) {
        uint32_t home = GB_GRID_NONE;
        bool has_lock = false, has_other = false;

        for (size_t a = 0; a < p->n; a++)
            if (x->owner[a] == t) {
                home = p->component[a];
                has_lock = has_lock || x->core[a] != GB_GRID_NONE;
            }
        for (size_t a = 0; a < p->n; a++)
            has_other = has_other || (p->component[a] == home
                                      && x->owner[a] < p->k
                                      && x->owner[a] != t);
        if (home == GB_GRID_NONE)
            return t;
        if (has_other && !has_lock
            && (best == GB_GRID_NONE || x->load[t] < x->load[best]))
            best = t;
    }
    return best;
}

/*
 * A component that nobody owns: one territory moves there from where it can
 * be missed.  Without one, its areas go to the poorest of all, and the check
 * will say so.
 */
static void settle_component(mending *x, uint32_t area)
{
    const grid_problem *p = x->p;
    const uint32_t c = p->component[area];
    uint32_t t = dispensable(x);

    if (t != GB_GRID_NONE)
        for (size_t a = 0; a < p->n; a++)
            if (x->owner[a] == t)
                x->owner[a] = GB_GRID_NONE;
    if (t == GB_GRID_NONE) {
        t = 0;
        for (uint32_t u = 1; u < p->k; u++)
            if (x->load[u] < x->load[t])
                t = u;
    }
    for (uint32_t a = 0; a < p->n; a++)
        if (p->component[a] == c)
            x->owner[a] = t;
    count_loads(x);
    flood(x);
}

gb_status grid_start_mend(base_run *run, const grid_problem *p,
                          uint32_t *owner)
{
    mending x = { .run = run, .p = p, .owner = owner };
    gb_status status = GB_OK;

    if (!mending_init(&x)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    build_cores(&x);
    choose_parts(&x);
    count_loads(&x);
    flood(&x);
    for (uint32_t a = 0; a < p->n; a++)
        if (owned(&x, a) == GB_GRID_NONE)
            settle_component(&x, a);
    for (uint32_t t = 0; t < p->k; t++)
        if (x.count[t] == 0)
            found(&x, t);

done:
    mending_clear(&x);
    return status;
}
