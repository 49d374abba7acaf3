/*
 * grid_frontier.c - see grid_frontier.h.
 */
#include "grid_frontier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- an order with narrow frontiers -------------------------------------- */

enum { SWEEPS = 16, GREEDY_STARTS = 128, NOT_TAKEN = -1 };

typedef struct ordering {
    const grid_problem *p;
    uint32_t *order, *best; /* n; areas */
    int32_t *when;          /* n; step of an area, or NOT_TAKEN */
    uint32_t *open;         /* n; open neighbours not taken yet */
    double *key;            /* n */
    double best_cost;
} ordering;

static bool ordering_init(ordering *x, const grid_problem *p)
{
    base_mem *mem = p->mem;

    x->p = p;
    x->best_cost = INFINITY;
    x->order = base_alloc_array(mem, p->n, sizeof *x->order);
    x->best = base_alloc_array(mem, p->n, sizeof *x->best);
    x->when = base_alloc_array(mem, p->n, sizeof *x->when);
    x->open = base_alloc_array(mem, p->n, sizeof *x->open);
    x->key = base_alloc_array(mem, p->n, sizeof *x->key);
    return x->order && x->best && x->when && x->open && x->key;
}

static void ordering_clear(ordering *x)
{
    base_mem *mem = x->p->mem;

    base_free(mem, x->order);
    base_free(mem, x->best);
    base_free(mem, x->when);
    base_free(mem, x->open);
    base_free(mem, x->key);
}

static void reset(ordering *x)
{
    for (size_t a = 0; a < x->p->n; a++) {
        x->when[a] = NOT_TAKEN;
        x->open[a] = x->p->n_open[a];
    }
}

/* By how much the frontier grows when the area is taken. */
static int growth(const ordering *x, uint32_t area)
{
    const grid_problem *p = x->p;
    int grown = x->open[area] > 0;

    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area]; i++)
        if (x->when[p->neighbours[i]] != NOT_TAKEN
            && x->open[p->neighbours[i]] == 1)
            grown--;
    return grown;
}

static void take(ordering *x, uint32_t area, size_t step)
{
    const grid_problem *p = x->p;

    x->order[step] = area;
    x->when[area] = (int32_t)step;
    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area]; i++)
        x->open[p->neighbours[i]]--;
}

/* States grow by some factor with each area on the frontier. */
static void keep_if_better(ordering *x)
{
    double cost = 0, width = 0;

    reset(x);
    for (size_t i = 0; i < x->p->n && cost < x->best_cost; i++) {
        width += growth(x, x->order[i]);
        take(x, x->order[i], i);
        cost += pow(2.5, width);
    }
    if (cost < x->best_cost) {
        x->best_cost = cost;
        memcpy(x->best, x->order, x->p->n * sizeof *x->best);
    }
}

static void sweep(ordering *x, double angle)
{
    const grid_problem *p = x->p;
    const double dx = cos(angle), dy = sin(angle);

    /* Insertion is enough: maps of some hundred areas. */
    for (uint32_t a = 0; a < p->n; a++) {
        size_t at = a;

        x->key[a] = dx * p->x[a] + dy * p->y[a];
        for (; at > 0 && x->key[x->order[at - 1]] > x->key[a]; at--)
            x->order[at] = x->order[at - 1];
        x->order[at] = a;
    }
    keep_if_better(x);
}

/* Always the area that widens the frontier least; of equals the one whose
 * neighbours have waited longest. */
static void grow_from(ordering *x, uint32_t start)
{
    const grid_problem *p = x->p;

    reset(x);
    take(x, start, 0);
    for (size_t step = 1; step < p->n; step++) {
        uint32_t best = GB_GRID_NONE;
        int least = INT32_MAX;
        int32_t oldest = INT32_MAX;

        for (uint32_t a = 0; a < p->n; a++) {
            int32_t first = INT32_MAX - 1;
            int grown;

            if (x->when[a] != NOT_TAKEN)
                continue;
            for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
                const int32_t at = x->when[p->neighbours[i]];

                if (at != NOT_TAKEN && at < first)
                    first = at;
            }
            grown = growth(x, a) + (first == INT32_MAX - 1 ? 1000 : 0);
            if (grown < least || (grown == least && first < oldest)) {
                least = grown;
                oldest = first;
                best = a;
            }
        }
        take(x, best, step);
    }
    keep_if_better(x);
}

static gb_status find_order(base_run *run, ordering *x)
{
    const size_t n = x->p->n;
    const size_t stride = 1 + n / GREEDY_STARTS;

    for (int i = 0; i < SWEEPS; i++)
        sweep(x, i * 6.283185307179586 / SWEEPS);
    for (size_t a = 0; a < n; a += stride) {
        gb_status status = base_poll_many(run, n);

        if (status)
            return status;
        grow_from(x, (uint32_t)a);
    }
    return GB_OK;
}

/* --- its steps ----------------------------------------------------------- */

static void clear_steps(grid_frontier *f, base_mem *mem)
{
    base_free(mem, f->steps);
    base_free(mem, f->slots);
    base_free(mem, f->costs);
}

void grid_frontier_clear(grid_frontier *f, base_mem *mem)
{
    clear_steps(f, mem);
    memset(f, 0, sizeof *f);
}

static void find_backs(const ordering *x, const int64_t *costs,
                       const uint32_t *front, grid_frontier_step *step,
                       grid_frontier *f)
{
    const grid_problem *p = x->p;
    const uint32_t area = step->area;

    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area];
         i++) {
        uint32_t slot = 0;

        if (x->when[p->neighbours[i]] >= x->when[area])
            continue;
        while (front[slot] != p->neighbours[i])
            slot++;
        f->slots[step->back_to] = (uint8_t)slot;
        f->costs[step->back_to++] = costs ? costs[i] : 1;
    }
}

/* False: too wide. */
static bool lay_out(ordering *x, const int64_t *costs, grid_frontier *f)
{
    const grid_problem *p = x->p;
    uint32_t front[GRID_FRONTIER_WIDTH + 1], width = 0, n_backs = 0;

    reset(x);
    for (size_t i = 0; i < p->n; i++)
        x->when[x->best[i]] = (int32_t)i;
    for (size_t i = 0; i < p->n; i++) {
        grid_frontier_step *step = &f->steps[i];
        const uint32_t area = x->best[i];

        if (width >= GRID_FRONTIER_WIDTH)
            return false;
        *step = (grid_frontier_step){ .area = area, .width = width,
                                      .back_from = n_backs,
                                      .back_to = n_backs };
        find_backs(x, costs, front, step, f);
        n_backs = step->back_to;
        front[width] = area;
        for (uint32_t s = 0; s <= width; s++) {
            const uint32_t b = front[s];
            bool stays = false;

            for (size_t j = p->first[b]; j < p->first[b] + p->n_open[b]; j++)
                stays = stays || x->when[p->neighbours[j]] > (int32_t)i;
            if (stays)
                step->kept[step->n_kept++] = (uint8_t)s;
        }
        for (uint32_t s = 0; s < step->n_kept; s++)
            front[s] = front[step->kept[s]];
        width = step->n_kept;
        if (width > f->width)
            f->width = width;
    }
    return true;
}

gb_status grid_frontier_build(base_run *run, const grid_problem *p,
                              const int64_t *costs, grid_frontier *out)
{
    const size_t n_arcs = p->first[p->n];
    ordering x = { 0 };
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    out->n = p->n;
    out->k = p->k;
    out->steps = base_alloc_array(p->mem, p->n, sizeof *out->steps);
    out->slots = base_alloc_array(p->mem, n_arcs, sizeof *out->slots);
    out->costs = base_alloc_array(p->mem, n_arcs, sizeof *out->costs);
    if (!ordering_init(&x, p) || !out->steps || !out->slots || !out->costs)
        status = base_fail_nomem(run->ctx);
    if (!status)
        status = find_order(run, &x);
    if (!status && !lay_out(&x, costs, out))
        status = GB_ERR_NOT_FOUND;
    ordering_clear(&x);
    if (status)
        grid_frontier_clear(out, p->mem);
    return status;
}

/* --- scales -------------------------------------------------------------- */

typedef struct slip {
    double error, size;
} slip;

/* What weighs nothing slips by nothing, and comes last: by products it would
 * equal every other, and no order would be right. */
static double rate_of(const slip *s)
{
    return s->size > 0 ? s->error / s->size : -1;
}

static int by_rate(const void *a, const void *b)
{
    const double left = rate_of(a), right = rate_of(b);

    return left > right ? -1 : left < right;
}

/* The most that rounding adds to a territory of at most `room`: the fractional
 * knapsack, in units. */
static double most_slip(slip *slips, size_t n, double room)
{
    double most = 0;

    qsort(slips, n, sizeof *slips, by_rate);
    for (size_t i = 0; i < n && slips[i].error > 0 && room > 0; i++) {
        if (slips[i].size <= room)
            most += slips[i].error;
        else
            most += slips[i].error * room / slips[i].size;
        room -= slips[i].size;
    }
    return most;
}

/* What is rounded: the weights, and how far the limits must give. */
static bool set_limits(grid_scale *scale, base_mem *mem,
                       const grid_problem *p, const grid_frontier *f,
                       double unit, int64_t low, int64_t high)
{
    slip *slips = base_alloc_array(mem, 2 * p->n, sizeof *slips);
    double more, less;

    if (!slips)
        return false;
    for (size_t i = 0; i < p->n; i++) {
        const double size
            = (double)grid_load(p, f->steps[i].area, 0) / unit;
        const double error = (double)scale->weight[i] - size;

        slips[i] = (slip){ fmax(error, 0), size };
        slips[p->n + i] = (slip){ fmax(-error, 0), size };
    }
    more = most_slip(slips, p->n, (double)high / unit);
    less = most_slip(slips + p->n, p->n, (double)high / unit);
    base_free(mem, slips);
    scale->is_exact = more <= 0 && less <= 0;
    scale->high = (uint32_t)floor((double)high / unit + more + 1e-6);
    scale->low
        = (uint32_t)fmax(0, ceil((double)low / unit - less - 1e-6));
    return true;
}

bool grid_scale_init(grid_scale *scale, base_mem *mem, const grid_problem *p,
                     const grid_frontier *f, double unit, int64_t low,
                     int64_t high)
{
    memset(scale, 0, sizeof *scale);
    scale->weight = base_alloc_array(mem, p->n, sizeof *scale->weight);
    scale->rest = base_alloc_array(mem, p->n + 1, sizeof *scale->rest);
    if (!scale->weight || !scale->rest)
        return false;
    for (size_t i = 0; i < p->n; i++)
        scale->weight[i] = (uint32_t)llround(
            (double)grid_load(p, f->steps[i].area, 0) / unit);
    scale->rest[p->n] = 0;
    for (size_t i = p->n; i-- > 0;)
        scale->rest[i] = scale->rest[i + 1] + scale->weight[i];
    return set_limits(scale, mem, p, f, unit, low, high);
}

void grid_scale_clear(grid_scale *scale, base_mem *mem)
{
    base_free(mem, scale->weight);
    base_free(mem, scale->rest);
    memset(scale, 0, sizeof *scale);
}

/* --- one area more ------------------------------------------------------- */

/* Parts `from` (bits, the new area's own among them) become one, `into`. */
static void join(grid_front *g, uint32_t width, uint32_t from, uint32_t into)
{
    uint32_t apart = 0;

    for (uint32_t t = 0; t < g->n_parts; t++) {
        if (!(from >> t & 1))
            continue;
        apart |= g->apart[t];
        if (t != into) {
            g->weight[into] += g->weight[t];
            g->rough[into] += g->rough[t];
        }
    }
    g->apart[into] = apart;
    for (uint32_t t = 0; t < g->n_parts; t++)
        if (apart >> t & 1)
            g->apart[t] |= 1u << into;
    for (uint32_t s = 0; s < width; s++)
        if (from >> g->part[s] & 1)
            g->part[s] = (uint8_t)into;
}

/*
 * Drop the slots that do not stay; parts without a slot are finished; the
 * others are numbered as their slots come.  False when a finished one is no
 * territory, or what is left cannot be divided.
 */
static bool settle(const grid_frontier_step *step, const grid_scale *scale,
                   size_t k, size_t i, const grid_front *g, uint32_t alive,
                   grid_front *out)
{
    uint32_t number[GRID_FRONTIER_PARTS + 1], shown = 0;
    uint64_t left = scale->rest[i + 1], slots;

    out->n_closed = g->n_closed;
    out->n_parts = 0;
    for (uint32_t s = 0; s < step->n_kept; s++) {
        const uint32_t t = g->part[step->kept[s]];

        if (!(shown >> t & 1)) {
            shown |= 1u << t;
            number[t] = out->n_parts++;
        }
        out->part[s] = (uint8_t)number[t];
    }
    for (uint32_t t = 0; t < g->n_parts; t++)
        if ((alive & ~shown) >> t & 1) {
            if (g->weight[t] < scale->low)
                return false;
            out->n_closed++;
        }
    if (out->n_closed > k || out->n_parts > GRID_FRONTIER_PARTS)
        return false;
    for (uint32_t t = 0; t < g->n_parts; t++) {
        uint32_t apart = 0;

        if (!(shown >> t & 1))
            continue;
        for (uint32_t u = 0; u < g->n_parts; u++)
            if (shown >> u & 1
                && (g->apart[t] >> u & 1))
                apart |= 1u << number[u];
        out->apart[number[t]] = apart;
        out->weight[number[t]] = g->weight[t];
        out->rough[number[t]] = g->rough[t];
        left += g->weight[t];
    }
    slots = k - out->n_closed;
    return left >= slots * scale->low && left <= slots * scale->high
        && (slots > 0 || left == 0);
}

/* Can every part still grow to a territory? */
static bool can_grow(const grid_front *g, const grid_scale *scale, size_t i)
{
    for (uint32_t t = 0; t < g->n_parts; t++) {
        uint64_t most = (uint64_t)g->weight[t] + scale->rest[i + 1];

        for (uint32_t u = 0; u < g->n_parts; u++)
            if (u != t && !(g->apart[t] >> u & 1))
                most += g->weight[u];
        if (most < scale->low)
            return false;
    }
    return true;
}

bool grid_frontier_expand(const grid_frontier *f, const grid_scale *scale,
                          const grid_scale *rough, size_t i,
                          const grid_front *front, grid_frontier_visit *visit,
                          void *user)
{
    const grid_frontier_step *step = &f->steps[i];
    const uint32_t own = front->n_parts;
    int64_t cost_of[GRID_FRONTIER_PARTS + 1] = { 0 }, all = 0;
    uint32_t beside = 0, chosen;

    for (uint32_t j = step->back_from; j < step->back_to; j++) {
        const uint32_t t = front->part[f->slots[j]];

        beside |= 1u << t;
        cost_of[t] += f->costs[j];
        all += f->costs[j];
    }
    /* Every subset of the parts beside, none first. */
    chosen = 0;
    do {
        uint32_t weight = scale->weight[i], clash = 0, into = own;
        int64_t cost = all;

        for (uint32_t t = 0; t < own; t++)
            if (chosen >> t & 1) {
                weight += front->weight[t];
                clash |= front->apart[t];
                cost -= cost_of[t];
                if (into == own)
                    into = t;
            }
        if (weight <= scale->high && !(clash & chosen)) {
            grid_front g = *front, next;
            const uint32_t from = chosen | 1u << own;

            g.part[step->width] = (uint8_t)own;
            g.weight[own] = scale->weight[i];
            g.rough[own] = rough ? rough->weight[i] : 0;
            g.apart[own] = beside & ~chosen;
            g.n_parts = own + 1;
            join(&g, step->width + 1, from, into);
            if (settle(step, scale, f->k, i, &g,
                       ((1u << g.n_parts) - 1) & ~(from & ~(1u << into)),
                       &next)
                && can_grow(&next, scale, i)
                && !visit(&next, chosen, cost, user))
                return false;
        }
        chosen = (chosen - beside) & beside;
    } while (chosen != 0);
    return true;
}
