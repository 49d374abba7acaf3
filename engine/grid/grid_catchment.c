/*
 * grid_catchment.c - see grid_catchment.h.
 */
#include "grid_catchment.h"

#include <math.h>
#include <string.h>

#include "base_heap.h"

enum { ROUNDS = 60 };
/* Added to all travel, so that scaling moves borders at the door, too. */
static const double DOOR_S = 60;
/* Unreachable, in seconds: a month, so that it comes after all else. */
static const double NEVER_S = 2592000;

typedef struct growth {
    base_run *run;
    const gb_areas *areas;
    const gb_catchment_options *options;
    size_t n, k;
    const uint32_t *travel_s;
    double *scale;     /* k; of a branch's travel */
    uint32_t *source;  /* k; where a branch begins, NONE: nowhere */
    uint32_t *owner;   /* n */
    uint32_t *wanted;  /* n; the branch that the area is in the heap for */
    bool *is_grown;    /* n; its neighbours were offered */
    base_heap heap;
    double *load, *goal; /* k; of measure 0, or of areas */
    uint32_t *best;    /* n */
} growth;

static bool growth_init(growth *g)
{
    base_mem *mem = g->run->mem;

    g->scale = base_alloc_array(mem, g->k, sizeof *g->scale);
    g->source = base_alloc_array(mem, g->k, sizeof *g->source);
    g->wanted = base_alloc_array(mem, g->n, sizeof *g->wanted);
    g->owner = base_alloc_array(mem, g->n, sizeof *g->owner);
    g->best = base_alloc_array(mem, g->n, sizeof *g->best);
    g->is_grown = base_alloc_array(mem, g->n, sizeof *g->is_grown);
    g->load = base_alloc_array(mem, g->k, sizeof *g->load);
    g->goal = base_alloc_array(mem, g->k, sizeof *g->goal);
    return base_heap_init(&g->heap, mem, g->n) && g->scale && g->source
        && g->wanted && g->owner && g->best && g->is_grown && g->load
        && g->goal;
}

static void growth_clear(growth *g)
{
    base_mem *mem = g->run->mem;

    base_heap_clear(&g->heap, mem);
    base_free(mem, g->scale);
    base_free(mem, g->source);
    base_free(mem, g->wanted);
    base_free(mem, g->owner);
    base_free(mem, g->best);
    base_free(mem, g->is_grown);
    base_free(mem, g->load);
    base_free(mem, g->goal);
}

static double travel(const growth *g, size_t branch, size_t area)
{
    const uint32_t s = g->travel_s[branch * g->n + area];

    return s == GB_GRID_UNREACHABLE ? NEVER_S : fmin(s, NEVER_S - 1);
}

static int64_t key_of(const growth *g, size_t branch, size_t area)
{
    return llround((travel(g, branch, area) + DOOR_S) * g->scale[branch]
                   * 1024);
}

static uint32_t lock_of(const growth *g, size_t area)
{
    return g->options->locks ? g->options->locks[area] : GB_GRID_NONE;
}

static uint32_t nearest_free(const growth *g, size_t branch)
{
    uint32_t best = GB_GRID_NONE;

    for (uint32_t a = 0; a < g->n; a++) {
        const uint32_t lock = lock_of(g, a);

        if (g->owner[a] != GB_GRID_NONE
            || (lock != GB_GRID_NONE && lock != branch))
            continue;
        if (best == GB_GRID_NONE
            || travel(g, branch, a) < travel(g, branch, best))
            best = a;
    }
    return best;
}

/*
 * Each branch begins at its nearest area; where two claim one, the nearer has
 * it, and the other its next.  `owner` serves as the mark of claimed areas.
 */
static void choose_sources(growth *g)
{
    memset(g->owner, 0xff, g->n * sizeof *g->owner);
    memset(g->source, 0xff, g->k * sizeof *g->source);
    for (size_t round = 0; round < g->k; round++) {
        uint32_t best = GB_GRID_NONE, at = GB_GRID_NONE;

        for (uint32_t b = 0; b < g->k; b++) {
            uint32_t a;

            if (g->source[b] != GB_GRID_NONE)
                continue;
            a = nearest_free(g, b);
            if (a != GB_GRID_NONE
                && (best == GB_GRID_NONE
                    || travel(g, b, a) < travel(g, best, at))) {
                best = b;
                at = a;
            }
        }
        if (best == GB_GRID_NONE)
            return;
        g->source[best] = at;
        g->owner[at] = best;
    }
}

static void offer(growth *g, uint32_t area, uint32_t branch)
{
    const int64_t key = key_of(g, branch, area);
    uint32_t held;

    if (!base_heap_has(&g->heap, area)) {
        g->wanted[area] = branch;
        base_heap_push(&g->heap, area, key);
        return;
    }
    held = g->wanted[area];
    if (key < key_of(g, held, area)
        || (key == key_of(g, held, area) && branch < held)) {
        g->wanted[area] = branch;
        base_heap_set(&g->heap, area, key);
    }
}

static void grow_from(growth *g, uint32_t a)
{
    const gb_areas *areas = g->areas;
    const uint32_t branch = g->owner[a];

    g->is_grown[a] = true;
    for (size_t i = areas->first_neighbour[a];
         i < areas->first_neighbour[a + 1]; i++) {
        const uint32_t b = areas->neighbours[i];

        if (areas->barriers && areas->barriers[i] == GB_BARRIER_HARD)
            continue;
        if (g->owner[b] == GB_GRID_NONE
            || (g->owner[b] == branch && !g->is_grown[b]))
            offer(g, b, branch);
    }
}

/* The unowned area with the least travel from any branch. */
static uint32_t next_component(const growth *g, uint32_t *branch)
{
    uint32_t best = GB_GRID_NONE;
    int64_t least = INT64_MAX;

    for (uint32_t a = 0; a < g->n; a++)
        for (uint32_t b = 0; g->owner[a] == GB_GRID_NONE && b < g->k; b++)
            if (key_of(g, b, a) < least) {
                least = key_of(g, b, a);
                best = a;
                *branch = b;
            }
    return best;
}

static gb_status grow(growth *g)
{
    base_heap_reset(&g->heap);
    memset(g->is_grown, 0, g->n * sizeof *g->is_grown);
    for (size_t a = 0; a < g->n; a++)
        g->owner[a] = lock_of(g, a);
    for (uint32_t b = 0; b < g->k; b++)
        if (g->source[b] != GB_GRID_NONE)
            offer(g, g->source[b], b);
    for (;;) {
        uint32_t branch, a;
        gb_status status = base_poll(g->run);

        if (status)
            return status;
        if (g->heap.n == 0) {
            a = next_component(g, &branch);
            if (a == GB_GRID_NONE)
                return GB_OK;
            offer(g, a, branch);
        }
        a = base_heap_pop(&g->heap).id;
        if (g->owner[a] == GB_GRID_NONE)
            g->owner[a] = g->wanted[a];
        grow_from(g, a);
    }
}

/* --- shares -------------------------------------------------------------- */

static double weight_of(const growth *g, size_t area)
{
    return g->areas->activity[area] + 1e-9;
}

/* How far the loads are from the goal, as a share of the whole. */
static double weigh(growth *g)
{
    double all = 0, off = 0;

    for (size_t b = 0; b < g->k; b++)
        g->load[b] = 0;
    for (size_t a = 0; a < g->n; a++) {
        g->load[g->owner[a]] += weight_of(g, a);
        all += weight_of(g, a);
    }
    for (size_t b = 0; b < g->k; b++)
        off += fabs(g->load[b] - g->goal[b]);
    return off / all;
}

static void set_goals(growth *g)
{
    const gb_catchment_options *o = g->options;
    double shares = 0, all = 0;

    (void)weigh(g);
    for (size_t b = 0; b < g->k; b++) {
        shares += o->shares[b];
        all += g->load[b];
    }
    for (size_t b = 0; b < g->k; b++)
        g->goal[b] = (1 - o->pull) * g->load[b]
            + o->pull * all * o->shares[b] / shares;
}

static gb_status pull_to_shares(growth *g)
{
    double least = INFINITY;

    set_goals(g);
    for (int round = 0; round < ROUNDS && !g->run->is_late; round++) {
        const double off = weigh(g);
        gb_status status;

        if (off < least) {
            least = off;
            memcpy(g->best, g->owner, g->n * sizeof *g->best);
        }
        if (off < 0.005)
            break;
        /* Smaller steps later: borders move by whole areas and may swing. */
        for (size_t b = 0; b < g->k; b++) {
            const double ratio
                = (g->load[b] + 1e-9) / (g->goal[b] + 1e-9);

            g->scale[b] *= pow(fmin(fmax(ratio, 0.5), 2),
                               0.5 / (1 + round / 10));
            g->scale[b] = fmin(fmax(g->scale[b], 1e-3), 1e3);
        }
        status = grow(g);
        if (status)
            return status;
    }
    memcpy(g->owner, g->best, g->n * sizeof *g->best);
    return GB_OK;
}

gb_status grid_catchment(base_run *run, const gb_areas *areas,
                         size_t n_branches, const uint32_t *travel_s,
                         const gb_catchment_options *options,
                         uint32_t *owner)
{
    growth g = { .run = run, .areas = areas, .options = options,
                 .n = areas->n_areas, .k = n_branches,
                 .travel_s = travel_s };
    gb_status status;

    if (!growth_init(&g)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t b = 0; b < g.k; b++) {
        g.scale[b] = 1;
        g.goal[b] = 0;
    }
    choose_sources(&g);
    status = grow(&g);
    if (!status && options->shares && options->pull > 0)
        status = pull_to_shares(&g);
    if (!status)
        memcpy(owner, g.owner, g.n * sizeof *owner);

done:
    growth_clear(&g);
    return status;
}
