/*
 * grid_start.c - see grid_start.h.
 */
#include "grid_start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid_assign.h"

typedef struct ranked {
    double key;
    uint32_t id;
} ranked;

static int by_key(const void *a, const void *b)
{
    const ranked *l = a, *r = b;

    if (l->key != r->key)
        return l->key < r->key ? -1 : 1;
    return (l->id > r->id) - (l->id < r->id);
}

double grid_start_weight(const grid_problem *p, size_t area)
{
    double weight = 0;

    for (size_t m = 0; m < p->n_measures; m++)
        weight += (double)grid_load(p, area, m) * p->inverse[m];
    return weight * (double)p->n / (double)(p->k * p->n_measures);
}

/* --- which slots lie in which component ---------------------------------- */

typedef struct allotment {
    double *weight;   /* of a component, less what its slots take */
    uint32_t *n_areas, *n_slots, *need; /* of a component */
    ranked *slots;    /* k; by falling share */
    uint32_t *home;   /* k; the component of a slot */
    uint32_t *locked; /* k; the component that a lock ties the slot to */
} allotment;

static bool allotment_init(allotment *x, base_mem *mem, size_t c, size_t k)
{
    x->weight = base_alloc_zeroed(mem, c, sizeof *x->weight);
    x->n_areas = base_alloc_zeroed(mem, c, sizeof *x->n_areas);
    x->n_slots = base_alloc_zeroed(mem, c, sizeof *x->n_slots);
    x->need = base_alloc_zeroed(mem, c, sizeof *x->need);
    x->slots = base_alloc_array(mem, k, sizeof *x->slots);
    x->home = base_alloc_array(mem, k, sizeof *x->home);
    x->locked = base_alloc_array(mem, k, sizeof *x->locked);
    return x->weight && x->n_areas && x->n_slots && x->need && x->slots
        && x->home && x->locked;
}

static void allotment_clear(allotment *x, base_mem *mem)
{
    base_free(mem, x->weight);
    base_free(mem, x->n_areas);
    base_free(mem, x->n_slots);
    base_free(mem, x->need);
    base_free(mem, x->slots);
    base_free(mem, x->home);
    base_free(mem, x->locked);
}

static size_t components_of(const grid_problem *p)
{
    return p->is_bridged ? 1 : p->n_components;
}

static uint32_t component_of(const grid_problem *p, size_t area)
{
    return p->is_bridged ? 0 : p->component[area];
}

static void weigh_components(const grid_problem *p, allotment *x)
{
    memset(x->locked, 0xff, p->k * sizeof *x->locked);
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t c = component_of(p, a), t = p->lock[a];

        x->weight[c] += grid_start_weight(p, a);
        x->n_areas[c]++;
        if (t != GB_GRID_NONE && x->locked[t] == GB_GRID_NONE) {
            x->locked[t] = c;
            x->need[c]++;
        }
    }
    for (size_t c = 0; c < components_of(p); c++)
        if (x->need[c] == 0)
            x->need[c] = 1;
}

/* The component most in want of a slot; one in need when it must be. */
static uint32_t neediest(const grid_problem *p, const allotment *x,
                         bool must_need)
{
    uint32_t best = GB_GRID_NONE;

    for (uint32_t c = 0; c < components_of(p); c++) {
        if (x->n_slots[c] >= x->n_areas[c]
            || (must_need && x->n_slots[c] >= x->need[c]))
            continue;
        if (best == GB_GRID_NONE || x->weight[c] > x->weight[best])
            best = c;
    }
    return best;
}

static void allot(const grid_problem *p, allotment *x)
{
    weigh_components(p, x);
    for (size_t t = 0; t < p->k; t++)
        x->slots[t] = (ranked){ -p->share[t], (uint32_t)t };
    qsort(x->slots, p->k, sizeof *x->slots, by_key);
    for (size_t i = 0; i < p->k; i++) {
        const uint32_t slot = x->slots[i].id;
        size_t wanted = 0;
        uint32_t c;

        for (size_t d = 0; d < components_of(p); d++)
            if (x->need[d] > x->n_slots[d])
                wanted += x->need[d] - x->n_slots[d];
        c = neediest(p, x, wanted >= p->k - i);
        if (c == GB_GRID_NONE)
            c = neediest(p, x, false);
        x->home[slot] = c;
        x->n_slots[c]++;
        x->weight[c] -= p->share[slot] * (double)p->n;
    }
}

/* --- bisection ----------------------------------------------------------- */

typedef struct cut_job {
    size_t from, to;           /* of the areas */
    size_t slot_from, slot_to; /* of the slots */
} cut_job;

typedef struct bisection {
    const grid_problem *p;
    base_rng *rng;
    ranked *areas;   /* n */
    uint32_t *slots; /* k; by component */
    cut_job *jobs;   /* k */
    uint32_t *owner;
} bisection;

static double cut_weight(const grid_problem *p, uint32_t area)
{
    /* A little for the area itself, so that weightless stretches split too. */
    return grid_start_weight(p, area) + 1e-6;
}

/* The direction of the largest spread of the job's areas. */
static double long_axis(const bisection *b, const cut_job *job)
{
    const grid_problem *p = b->p;
    double w = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;

    for (size_t i = job->from; i < job->to; i++) {
        const uint32_t a = b->areas[i].id;
        const double wa = cut_weight(p, a);

        w += wa;
        x += wa * p->x[a];
        y += wa * p->y[a];
        xx += wa * p->x[a] * p->x[a];
        xy += wa * p->x[a] * p->y[a];
        yy += wa * p->y[a] * p->y[a];
    }
    xx -= x * x / w;
    xy -= x * y / w;
    yy -= y * y / w;
    return 0.5 * atan2(2 * xy, xx - yy);
}

static void sort_along(bisection *b, const cut_job *job, double angle)
{
    const double dx = cos(angle), dy = sin(angle);

    for (size_t i = job->from; i < job->to; i++) {
        const uint32_t a = b->areas[i].id;

        b->areas[i].key = dx * b->p->x[a] + dy * b->p->y[a];
    }
    qsort(b->areas + job->from, job->to - job->from, sizeof *b->areas,
          by_key);
}

static double slots_share(const bisection *b, size_t from, size_t to)
{
    double share = 0;

    for (size_t i = from; i < to; i++)
        share += b->p->share[b->slots[i]];
    return share;
}

/* Where the areas in order come nearest to `ratio` of their weight. */
static size_t cut_place(const bisection *b, const cut_job *job, double ratio,
                        size_t n_before, size_t n_after)
{
    double all = 0, before = 0, goal;
    size_t i;

    for (i = job->from; i < job->to; i++)
        all += cut_weight(b->p, b->areas[i].id);
    goal = all * ratio;
    for (i = job->from; i < job->to - n_after; i++) {
        const double w = cut_weight(b->p, b->areas[i].id);

        if (i - job->from >= n_before && before + w / 2 > goal)
            break;
        before += w;
    }
    return i;
}

static void bisect_component(bisection *b, cut_job all)
{
    size_t n_jobs = 0;

    b->jobs[n_jobs++] = all;
    while (n_jobs > 0) {
        const cut_job job = b->jobs[--n_jobs];
        const size_t n_slots = job.slot_to - job.slot_from;
        const size_t slot = job.slot_from + n_slots / 2;
        double angle, ratio;
        size_t at;

        /* None: locks tie all territories to other components. */
        if (n_slots <= 1) {
            for (size_t i = job.from; i < job.to; i++)
                b->owner[b->areas[i].id]
                    = n_slots ? b->slots[job.slot_from] : GB_GRID_NONE;
            continue;
        }
        angle = long_axis(b, &job);
        if (b->rng)
            angle += base_rng_normal(b->rng) * 0.6;
        sort_along(b, &job, angle);
        ratio = slots_share(b, job.slot_from, slot)
            / slots_share(b, job.slot_from, job.slot_to);
        at = cut_place(b, &job, ratio, slot - job.slot_from,
                       job.slot_to - slot);
        b->jobs[n_jobs++] = (cut_job){ job.from, at, job.slot_from, slot };
        b->jobs[n_jobs++] = (cut_job){ at, job.to, slot, job.slot_to };
    }
}

/* Areas and slots in the order of their components, then cut by cut. */
static void bisect(bisection *b, const allotment *x)
{
    const grid_problem *p = b->p;
    size_t area = 0, slot = 0;

    for (size_t a = 0; a < p->n; a++)
        b->areas[a] = (ranked){ component_of(p, a), (uint32_t)a };
    qsort(b->areas, p->n, sizeof *b->areas, by_key);
    for (uint32_t c = 0; c < components_of(p); c++) {
        const size_t slot_from = slot;

        for (uint32_t t = 0; t < p->k; t++)
            if (x->home[t] == c)
                b->slots[slot++] = t;
        bisect_component(b, (cut_job){ area, area + x->n_areas[c], slot_from,
                                       slot });
        area += x->n_areas[c];
    }
}

gb_status grid_start_bisect(base_run *run, const grid_problem *p,
                            base_rng *rng, uint32_t *owner)
{
    base_mem *mem = run->mem;
    bisection b = { .p = p, .rng = rng, .owner = owner };
    allotment x = { 0 };
    gb_status status = GB_OK;

    b.areas = base_alloc_array(mem, p->n, sizeof *b.areas);
    b.slots = base_alloc_array(mem, p->k, sizeof *b.slots);
    b.jobs = base_alloc_array(mem, p->k + 1, sizeof *b.jobs);
    if (!allotment_init(&x, mem, components_of(p), p->k) || !b.areas
        || !b.slots || !b.jobs) {
        status = base_fail_nomem(run->ctx);
    } else {
        allot(p, &x);
        bisect(&b, &x);
    }
    allotment_clear(&x, mem);
    base_free(mem, b.areas);
    base_free(mem, b.slots);
    base_free(mem, b.jobs);
    return status;
}

/* --- balanced power diagram ---------------------------------------------- */

typedef struct diagram {
    int64_t *supply, *capacity, *cost;
    int64_t *price; /* k; of the round before */
    double *w, *x, *y; /* k; sums, then centres */
    uint32_t *next;
} diagram;

static const double UNITS = 1048576; /* of the mean area's weight */

static bool diagram_init(diagram *d, base_mem *mem, size_t n, size_t k)
{
    d->supply = base_alloc_array(mem, n, sizeof *d->supply);
    d->capacity = base_alloc_array(mem, k, sizeof *d->capacity);
    d->cost = base_alloc_array(mem, n * k, sizeof *d->cost);
    d->price = base_alloc_zeroed(mem, k, sizeof *d->price);
    d->w = base_alloc_array(mem, k, sizeof *d->w);
    d->x = base_alloc_array(mem, k, sizeof *d->x);
    d->y = base_alloc_array(mem, k, sizeof *d->y);
    d->next = base_alloc_array(mem, n, sizeof *d->next);
    return d->supply && d->capacity && d->cost && d->price && d->w && d->x && d->y
        && d->next;
}

static void diagram_clear(diagram *d, base_mem *mem)
{
    base_free(mem, d->supply);
    base_free(mem, d->capacity);
    base_free(mem, d->cost);
    base_free(mem, d->price);
    base_free(mem, d->w);
    base_free(mem, d->x);
    base_free(mem, d->y);
    base_free(mem, d->next);
}

static void set_supplies(const grid_problem *p, diagram *d)
{
    int64_t all = 0;

    for (size_t a = 0; a < p->n; a++) {
        d->supply[a] = llround(grid_start_weight(p, a) * UNITS);
        all += d->supply[a];
    }
    for (size_t t = 0; t < p->k; t++)
        d->capacity[t] = (int64_t)(p->share[t] * (double)all) + 1;
}

static void find_centres(const grid_problem *p, const uint32_t *owner,
                         diagram *d)
{
    for (size_t t = 0; t < p->k; t++)
        d->w[t] = d->x[t] = d->y[t] = 0;
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t t = owner[a];
        const double w = cut_weight(p, (uint32_t)a);

        d->w[t] += w;
        d->x[t] += w * p->x[a];
        d->y[t] += w * p->y[a];
    }
    for (size_t t = 0; t < p->k; t++)
        if (d->w[t] > 0) {
            d->x[t] /= d->w[t];
            d->y[t] /= d->w[t];
        }
}

/* Squared distances as whole numbers, the largest some 2^40. */
static void set_costs(const grid_problem *p, diagram *d)
{
    double extent = 1e-9;

    for (size_t a = 0; a < p->n; a++)
        extent = fmax(extent, fmax(fabs(p->x[a]), fabs(p->y[a])));
    for (size_t a = 0; a < p->n; a++)
        for (size_t t = 0; t < p->k; t++) {
            const double dx = (p->x[a] - d->x[t]) / extent;
            const double dy = (p->y[a] - d->y[t]) / extent;

            d->cost[a * p->k + t]
                = llround((dx * dx + dy * dy) * ldexp(1, 37));
        }
}

gb_status grid_start_power(base_run *run, const grid_problem *p,
                           size_t rounds, uint32_t *owner)
{
    diagram d = { 0 };
    gb_status status = GB_OK;

    if (!diagram_init(&d, run->mem, p->n, p->k)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    set_supplies(p, &d);
    for (size_t round = 0; round < rounds && !run->is_late; round++) {
        size_t n_changed = 0;

        find_centres(p, owner, &d);
        set_costs(p, &d);
        status = grid_assign(run, p->n, p->k, d.supply, d.capacity, d.cost,
                             round > 0 ? d.price : NULL, d.next, NULL, NULL,
                             d.price);
        if (status)
            goto done;
        for (size_t a = 0; a < p->n; a++)
            n_changed += owner[a] != d.next[a];
        memcpy(owner, d.next, p->n * sizeof *owner);
        if (n_changed * 500 < p->n)
            break;
    }

done:
    diagram_clear(&d, run->mem);
    return status;
}

/* --- numbers ------------------------------------------------------------- */

/*
 * What it costs to call part s by the number t.  A share that differs weighs
 * most, a lock in the part next, travel last.
 */
static int64_t number_cost(const grid_problem *p, const double *locked,
                           const double *travel, size_t s, size_t t)
{
    const double share = fabs(p->share[s] - p->share[t]) * (double)p->k;
    const double worst = p->travel_s
        ? (double)p->travel_cap_s * (double)p->n * 2 : 1;

    return llround(fmin(share, 1000) * ldexp(1, 40)
                   - locked[s * p->k + t] / (double)p->n * ldexp(1, 40)
                   + travel[s * p->k + t] / worst * ldexp(1, 30));
}

static void sum_affinity(const grid_problem *p, const uint32_t *owner,
                         double *locked, double *travel)
{
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t s = owner[a];
        const double w = cut_weight(p, (uint32_t)a);

        if (s >= p->k)
            continue;
        if (p->lock[a] != GB_GRID_NONE)
            locked[s * p->k + p->lock[a]] += 0.5 + w / 2;
        for (uint32_t t = 0; p->barred && t < p->k; t++)
            if (grid_is_barred(p, (uint32_t)a, t))
                locked[s * p->k + t] -= 0.5 + w / 2;
        for (size_t t = 0; p->travel_s && t < p->k; t++)
            travel[s * p->k + t] += w * grid_travel(p, t, a);
    }
}

gb_status grid_start_number(base_run *run, const grid_problem *p,
                            uint32_t *owner)
{
    base_mem *mem = run->mem;
    const size_t k = p->k;
    double *locked = base_alloc_zeroed(mem, k * k, sizeof *locked);
    double *travel = base_alloc_zeroed(mem, k * k, sizeof *travel);
    int64_t *cost = base_alloc_array(mem, k * k, sizeof *cost);
    int64_t *ones = base_alloc_array(mem, k, sizeof *ones);
    uint32_t *number = base_alloc_array(mem, k, sizeof *number);
    gb_status status;

    if (!locked || !travel || !cost || !ones || !number) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    sum_affinity(p, owner, locked, travel);
    for (size_t s = 0; s < k; s++) {
        ones[s] = 1;
        for (size_t t = 0; t < k; t++)
            cost[s * k + t] = number_cost(p, locked, travel, s, t);
    }
    status = grid_assign(run, k, k, ones, ones, cost, NULL, number, NULL,
                         NULL, NULL);
    for (size_t a = 0; !status && a < p->n; a++)
        owner[a] = owner[a] < k ? number[owner[a]] : GB_GRID_NONE;

done:
    base_free(mem, locked);
    base_free(mem, travel);
    base_free(mem, cost);
    base_free(mem, ones);
    base_free(mem, number);
    return status;
}
