/*
 * grid_bound_cut.c - see grid_bound_cut.h.
 */
#include "grid_bound_cut.h"

#include <math.h>
#include <string.h>

#include <xxhash.h>

#include "base_array.h"
#include "grid_frontier.h"

enum {
    MAX_SCALES = 12,
    BLIND_SCALES = 2,
    UNITS = 24,       /* tried for each scale */
    KEY_BYTES = 2 + GRID_FRONTIER_WIDTH + 6 * (GRID_FRONTIER_PARTS + 1),
    NOTE_BYTES = 6 * (GRID_FRONTIER_PARTS + 1)
};

/* --- states of one frontier ---------------------------------------------- */

typedef struct entry {
    uint64_t at;    /* of its key */
    uint64_t note;  /* of what only going on needs */
    int64_t cost;   /* of the cheapest way here */
    int64_t rest;   /* least still to come; INT64_MAX: no way */
} entry;

typedef struct layer {
    BASE_ARRAY(entry) entries;
    BASE_ARRAY(uint8_t) keys;
    BASE_ARRAY(uint8_t) notes;
    uint32_t *slots; /* entry + 1; 0: free */
    size_t n_slots;  /* a power of two */
} layer;

typedef struct cutting {
    base_run *run;
    const grid_problem *p;
    grid_frontier frontier;
    grid_scale scales[MAX_SCALES];
    size_t n_scales;
    int64_t target; /* plans of at most this cost are sought */
    uint64_t max_states, n_states, n_all_states;
    layer *rough, *fine; /* n + 1 */
    size_t level, at;    /* being searched */
    int64_t cost;        /* of the state that goes on */
    int64_t rest;        /* the least found for it */
    grid_front chosen;   /* its successor on the way out */
    uint32_t joined;
    gb_status status;
    bool is_full;
} cutting;

static void clear_layers(cutting *x, layer *layers)
{
    base_mem *mem = x->run->mem;

    for (size_t i = 0; i <= x->p->n; i++) {
        base_array_clear(mem, &layers[i].entries);
        base_array_clear(mem, &layers[i].keys);
        base_array_clear(mem, &layers[i].notes);
        base_free(mem, layers[i].slots);
        layers[i].slots = NULL;
        layers[i].n_slots = 0;
    }
}

/* Joined parts too heavy together are apart: more fronts become one. */
static uint32_t apart_by_weight(const grid_front *g, const uint32_t *weight,
                                const grid_scale *scale, uint32_t t)
{
    const uint32_t high = scale->high;
    uint32_t apart = scale->is_blind ? 0 : g->apart[t];

    for (uint32_t u = 0; u < g->n_parts; u++)
        if (u != t && (uint64_t)weight[t] + weight[u] > high)
            apart |= 1u << u;
    return apart;
}

static size_t write_key(const grid_front *g, const uint32_t *weight,
                        const grid_scale *scale, uint32_t width, uint8_t *key)
{
    size_t n = 0;

    key[n++] = (uint8_t)g->n_closed;
    key[n++] = (uint8_t)g->n_parts;
    memcpy(key + n, g->part, width);
    n += width;
    for (uint32_t t = 0; t < g->n_parts; t++) {
        const uint16_t apart
            = (uint16_t)apart_by_weight(g, weight, scale, t);

        memcpy(key + n, &apart, 2);
        memcpy(key + n + 2, &weight[t], 4);
        n += 6;
    }
    return n;
}

static void read_key(const uint8_t *key, uint32_t width, grid_front *g)
{
    size_t n = 2;

    g->n_closed = key[0];
    g->n_parts = key[1];
    memcpy(g->part, key + n, width);
    n += width;
    for (uint32_t t = 0; t < g->n_parts; t++) {
        uint16_t apart;

        memcpy(&apart, key + n, 2);
        memcpy(&g->weight[t], key + n + 2, 4);
        g->apart[t] = apart;
        g->rough[t] = 0;
        n += 6;
    }
}

/* The borders that were really drawn, and the rougher weights. */
static size_t write_note(const grid_front *g, uint8_t *note)
{
    for (uint32_t t = 0; t < g->n_parts; t++) {
        const uint16_t apart = (uint16_t)g->apart[t];

        memcpy(note + 6 * t, &apart, 2);
        memcpy(note + 6 * t + 2, &g->rough[t], 4);
    }
    return 6 * (size_t)g->n_parts;
}

static void read_note(const uint8_t *note, grid_front *g)
{
    for (uint32_t t = 0; t < g->n_parts; t++) {
        uint16_t apart;

        memcpy(&apart, note + 6 * t, 2);
        memcpy(&g->rough[t], note + 6 * t + 2, 4);
        g->apart[t] = apart;
    }
}

static uint32_t width_of(const cutting *x, size_t i)
{
    return i < x->p->n ? x->frontier.steps[i].width : 0;
}

static size_t key_size(const uint8_t *key, uint32_t width)
{
    return 2 + width + 6 * (size_t)key[1];
}

static entry *find(const layer *l, const uint8_t *key, size_t n,
                   uint32_t width)
{
    size_t slot;

    if (l->n_slots == 0)
        return NULL;
    slot = XXH3_64bits(key, n) & (l->n_slots - 1);
    for (; l->slots[slot] != 0; slot = (slot + 1) & (l->n_slots - 1)) {
        entry *e = &l->entries.items[l->slots[slot] - 1];
        const uint8_t *other = l->keys.items + e->at;

        if (key_size(other, width) == n && memcmp(other, key, n) == 0)
            return e;
    }
    return NULL;
}

static bool grow_slots(base_mem *mem, layer *l, uint32_t width)
{
    const size_t wanted = l->n_slots ? 2 * l->n_slots : 64;
    uint32_t *slots = base_alloc_zeroed(mem, wanted, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < l->entries.n; i++) {
        const uint8_t *key = l->keys.items + l->entries.items[i].at;
        size_t slot = XXH3_64bits(key, key_size(key, width)) & (wanted - 1);

        while (slots[slot] != 0)
            slot = (slot + 1) & (wanted - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    base_free(mem, l->slots);
    l->slots = slots;
    l->n_slots = wanted;
    return true;
}

static bool add(base_mem *mem, layer *l, const uint8_t *key, size_t n,
                uint32_t width, const grid_front *g, int64_t cost)
{
    uint8_t note[NOTE_BYTES];
    const size_t n_note = write_note(g, note);
    const entry e = { l->keys.n, l->notes.n, cost, INT64_MAX };
    size_t slot;

    if (2 * (l->entries.n + 1) > l->n_slots && !grow_slots(mem, l, width))
        return false;
    if (!base_array_reserve(mem, &l->keys, n)
        || !base_array_reserve(mem, &l->notes, n_note + 1)
        || !base_array_push(mem, &l->entries, e))
        return false;
    memcpy(l->keys.items + l->keys.n, key, n);
    l->keys.n += n;
    memcpy(l->notes.items + l->notes.n, note, n_note);
    l->notes.n += n_note;
    slot = XXH3_64bits(key, n) & (l->n_slots - 1);
    while (l->slots[slot] != 0)
        slot = (slot + 1) & (l->n_slots - 1);
    l->slots[slot] = (uint32_t)l->entries.n;
    return true;
}

/* --- there: forward ------------------------------------------------------ */

/* What the rougher scale says that is still to come. */
static int64_t least_rest(const cutting *x, const grid_front *g)
{
    uint8_t key[KEY_BYTES];
    const uint32_t width = width_of(x, x->at + 1);
    const entry *e;
    size_t n;

    if (x->level == 0)
        return 0;
    n = write_key(g, g->rough, &x->scales[x->level - 1], width, key);
    e = find(&x->rough[x->at + 1], key, n, width);
    return e ? e->rest : INT64_MAX;
}

static bool reach(const grid_front *g, uint32_t joined, int64_t step_cost,
                  void *user)
{
    cutting *x = user;
    layer *l = &x->fine[x->at + 1];
    const uint32_t width = width_of(x, x->at + 1);
    const int64_t cost = x->cost + step_cost;
    uint8_t key[KEY_BYTES];
    int64_t rest;
    entry *e;
    size_t n;

    (void)joined;
    if (cost > x->target)
        return true;
    n = write_key(g, g->weight, &x->scales[x->level], width, key);
    e = find(l, key, n, width);
    if (e) {
        if (cost < e->cost)
            e->cost = cost;
        return true;
    }
    rest = least_rest(x, g);
    if (rest > x->target - cost)
        return true;
    if (x->n_states >= x->max_states || l->entries.n >= UINT32_MAX / 2) {
        x->is_full = true;
        return false;
    }
    x->n_states++;
    if (!add(x->run->mem, l, key, n, width, g, cost)) {
        x->status = base_fail_nomem(x->run->ctx);
        return false;
    }
    return true;
}

static bool go_on(cutting *x)
{
    if (!x->status)
        x->status = base_poll(x->run);
    return !x->status && !x->is_full && !x->run->is_late;
}

static const grid_scale *rough_scale(const cutting *x)
{
    return x->level > 0 ? &x->scales[x->level - 1] : NULL;
}

static void search_forward(cutting *x)
{
    grid_front g = { 0 };
    uint8_t key[KEY_BYTES];

    if (!add(x->run->mem, &x->fine[0], key,
             write_key(&g, g.weight, &x->scales[0], 0, key), 0, &g, 0))
        x->status = base_fail_nomem(x->run->ctx);
    for (x->at = 0; x->at < x->p->n; x->at++) {
        layer *l = &x->fine[x->at];

        for (size_t i = 0; i < l->entries.n && go_on(x); i++) {
            const entry e = l->entries.items[i];

            read_key(l->keys.items + e.at, width_of(x, x->at), &g);
            read_note(l->notes.items + e.note, &g);
            if (x->scales[x->level].is_blind)
                memset(g.apart, 0, sizeof g.apart);
            x->cost = e.cost;
            grid_frontier_expand(&x->frontier, &x->scales[x->level],
                                 rough_scale(x), x->at, &g, reach, x);
        }
        base_array_clear(x->run->mem, &l->notes);
    }
}

/* --- and back ------------------------------------------------------------ */

static bool look_on(const grid_front *g, uint32_t joined, int64_t step_cost,
                    void *user)
{
    cutting *x = user;
    const uint32_t width = width_of(x, x->at + 1);
    uint8_t key[KEY_BYTES];
    const size_t n = write_key(g, g->weight, &x->scales[x->level], width,
                               key);
    const entry *e = find(&x->fine[x->at + 1], key, n, width);

    if (e && e->rest < INT64_MAX && e->rest + step_cost < x->rest) {
        x->rest = e->rest + step_cost;
        x->chosen = *g;
        x->joined = joined;
    }
    return true;
}

static void look_from(cutting *x, const grid_front *g)
{
    x->rest = INT64_MAX;
    grid_frontier_expand(&x->frontier, &x->scales[x->level], NULL, x->at, g,
                         look_on, x);
}

static void search_back(cutting *x)
{
    layer *last = &x->fine[x->p->n];
    grid_front g = { 0 };

    for (size_t i = 0; i < last->entries.n; i++)
        last->entries.items[i].rest = 0;
    for (x->at = x->p->n; x->at-- > 0;) {
        layer *l = &x->fine[x->at];

        for (size_t i = 0; i < l->entries.n && go_on(x); i++) {
            read_key(l->keys.items + l->entries.items[i].at,
                     width_of(x, x->at), &g);
            look_from(x, &g);
            l->entries.items[i].rest = x->rest;
        }
    }
}

/* --- the plan ------------------------------------------------------------ */

/* From the first front along least rests; `owner` as groups of areas. */
static void walk(cutting *x, uint32_t *owner)
{
    const size_t n = x->p->n;
    uint32_t group[GRID_FRONTIER_WIDTH + 1], n_groups = 0;
    grid_front g = { 0 };

    for (x->at = 0; x->at < n; x->at++) {
        const grid_frontier_step *step = &x->frontier.steps[x->at];
        uint32_t own = n_groups++;

        look_from(x, &g);
        for (uint32_t s = 0; s < step->width; s++) {
            const uint32_t old = group[s];

            if (!(x->joined >> g.part[s] & 1) || old == own)
                continue;
            for (size_t i = 0; i < x->at; i++)
                if (owner[x->frontier.steps[i].area] == old)
                    owner[x->frontier.steps[i].area] = own;
            for (uint32_t r = 0; r < step->width; r++)
                if (group[r] == old)
                    group[r] = own;
        }
        owner[step->area] = own;
        group[step->width] = own;
        for (uint32_t s = 0; s < step->n_kept; s++)
            group[s] = group[step->kept[s]];
        g = x->chosen;
    }
}

/* Groups by the order of their first area. */
static gb_status number_groups(const cutting *x, uint32_t *owner)
{
    const size_t n = x->p->n;
    uint32_t *number = base_alloc_array(x->run->mem, n, sizeof *number);
    uint32_t n_numbers = 0;

    if (!number)
        return base_fail_nomem(x->run->ctx);
    memset(number, 0xff, n * sizeof *number);
    for (size_t a = 0; a < n; a++) {
        if (number[owner[a]] == GB_GRID_NONE)
            number[owner[a]] = n_numbers++;
        owner[a] = number[owner[a]];
    }
    base_free(x->run->mem, number);
    return GB_OK;
}

/* --- goals --------------------------------------------------------------- */

typedef enum verdict { DISPROVED, FOUND, GIVEN_UP } verdict;

static int64_t cheapest(const layer *l)
{
    return l->entries.n > 0 ? l->entries.items[0].cost : INT64_MAX;
}

/* What was fine is rough for the next scale. */
static void step_down(cutting *x)
{
    layer *rough = x->rough;

    clear_layers(x, rough);
    x->rough = x->fine;
    x->fine = rough;
}

/*
 * Is there a plan of at most `target`?  `lower` rises to what the scales
 * proved on the way.
 */
static verdict search(cutting *x, int64_t target, int64_t *lower,
                      uint32_t *owner)
{
    verdict v = GIVEN_UP;

    x->target = target;
    for (x->level = 0; x->level < x->n_scales; x->level++) {
        const bool is_last = x->level + 1 == x->n_scales;
        int64_t least;

        x->n_states = 0;
        x->is_full = false;
        search_forward(x);
        x->n_all_states += x->n_states;
        if (!go_on(x))
            break;
        least = cheapest(&x->fine[x->p->n]);
        if (least == INT64_MAX) {
            v = DISPROVED;
            break;
        }
        if (least > *lower)
            *lower = least;
        search_back(x);
        if (!go_on(x))
            break;
        if (is_last) {
            walk(x, owner);
            x->status = number_groups(x, owner);
            v = FOUND;
            break;
        }
        step_down(x);
    }
    clear_layers(x, x->rough);
    clear_layers(x, x->fine);
    return x->status ? GIVEN_UP : v;
}

/* --- scales -------------------------------------------------------------- */

static void widest_limits(const grid_problem *p, int64_t *low, int64_t *high)
{
    *low = INT64_MAX;
    *high = 0;
    for (size_t t = 0; t < p->k; t++) {
        if (p->low[t * p->n_measures] < *low)
            *low = p->low[t * p->n_measures];
        if (p->high[t * p->n_measures] > *high)
            *high = p->high[t * p->n_measures];
    }
    if (*high > p->total[0])
        *high = p->total[0];
    if (*low < 0)
        *low = 0;
}

/* Of units about as rough the one whose limits are tightest. */
static bool add_scale(cutting *x, double about, double least, int64_t low,
                      int64_t high)
{
    base_mem *mem = x->run->mem;
    double tightest = INFINITY;
    grid_scale *best = &x->scales[x->n_scales];

    for (int i = 0; i < UNITS; i++) {
        const double unit = about * (1 + 0.5 * i / UNITS);
        grid_scale scale;
        double room;

        if (!grid_scale_init(&scale, mem, x->p, &x->frontier, unit, low,
                             high)) {
            grid_scale_clear(&scale, mem);
            grid_scale_clear(best, mem); /* it does not count yet */
            return false;
        }
        room = (double)(scale.high - scale.low) * unit;
        if (room < tightest) {
            grid_scale swap = *best;

            tightest = room;
            *best = scale;
            scale = swap;
        }
        grid_scale_clear(&scale, mem);
        if (about <= least)
            break;
    }
    x->n_scales++;
    return true;
}

/*
 * The mean territory in 2, 4, 8, ... parts.  The first are blind to borders
 * already drawn: rough, but few, and enough to lead the next.
 */
static bool add_scales(cutting *x)
{
    const double least = fmax(1, (double)x->p->total[0] / 4e9);
    const double mean = (double)x->p->total[0] / (double)x->p->k;
    double parts = 2;
    int64_t low, high;

    widest_limits(x->p, &low, &high);
    while (mean / parts > 4 * least && x->n_scales + 1 < MAX_SCALES) {
        if (!add_scale(x, mean / parts, least, low, high))
            return false;
        x->scales[x->n_scales - 1].is_blind = x->n_scales <= BLIND_SCALES;
        if (x->n_scales != BLIND_SCALES)
            parts *= 2;
    }
    return add_scale(x, least, least, low, high);
}

static bool is_relaxed(const cutting *x)
{
    const grid_problem *p = x->p;
    bool relaxed = p->n_measures > 1 || p->apart_first || p->barred
        || !x->scales[x->n_scales - 1].is_exact;

    for (size_t t = 1; t < p->k; t++)
        relaxed = relaxed || p->low[t] != p->low[0] || p->high[t] != p->high[0];
    for (size_t a = 0; a < p->n; a++)
        relaxed = relaxed || p->lock[a] != GB_GRID_NONE
            || p->n_open[a] < p->first[a + 1] - p->first[a];
    return relaxed;
}

/* --- the call ------------------------------------------------------------ */

static int64_t all_cost(const cutting *x)
{
    int64_t sum = 0;

    for (size_t i = 0; i < x->p->n; i++)
        for (uint32_t j = x->frontier.steps[i].back_from;
             j < x->frontier.steps[i].back_to; j++)
            sum += x->frontier.costs[j];
    return sum;
}

/*
 * With a plan known, all at once; else from small goals up.  A goal that is
 * too much is followed by the one halfway down.
 */
static void prove(cutting *x, int64_t upper, bool is_known,
                  grid_bound_cut_result *out, uint32_t *owner)
{
    int64_t high = upper - 1, stride = is_known ? high : high / 16 + 1;

    while (out->lower <= high) {
        const int64_t target
            = stride < high - out->lower ? out->lower + stride : high;

        switch (search(x, target, &out->lower, owner)) {
        case DISPROVED:
            out->lower = target + 1;
            break;
        case FOUND:
            out->has_plan = true;
            out->is_closed = !out->is_relaxed;
            return;
        case GIVEN_UP:
            if (x->status || x->run->is_late || target <= out->lower)
                return;
            high = target - 1;
            stride = (high - out->lower) / 2;
            break;
        }
    }
    out->is_closed = out->lower >= upper;
}

gb_status grid_bound_cut(base_run *run, const grid_problem *p,
                         bool with_border, int64_t upper, uint64_t max_states,
                         grid_bound_cut_result *out, uint32_t *owner)
{
    cutting x = { .run = run, .p = p, .max_states = max_states };
    gb_status status;

    memset(out, 0, sizeof *out);
    if (p->is_bridged)
        return GB_OK;
    status = grid_frontier_build(run, p, with_border ? p->border : NULL,
                                 &x.frontier);
    if (status)
        return status == GB_ERR_NOT_FOUND ? GB_OK : status;
    out->width = x.frontier.width;
    x.rough = base_alloc_zeroed(run->mem, p->n + 1, sizeof *x.rough);
    x.fine = base_alloc_zeroed(run->mem, p->n + 1, sizeof *x.fine);
    if (!x.rough || !x.fine || !add_scales(&x)) {
        x.status = base_fail_nomem(run->ctx);
    } else {
        const int64_t all = all_cost(&x);

        out->is_relaxed = is_relaxed(&x);
        prove(&x, upper <= all ? upper : all + 1, upper <= all, out, owner);
        out->is_infeasible = out->is_closed && !out->has_plan && upper > all;
    }
    out->n_states = x.n_all_states;
    for (size_t i = 0; i < x.n_scales; i++)
        grid_scale_clear(&x.scales[i], run->mem);
    base_free(run->mem, x.rough);
    base_free(run->mem, x.fine);
    grid_frontier_clear(&x.frontier, run->mem);
    return x.status;
}
