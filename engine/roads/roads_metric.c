/*
 * roads_metric.c - weights through the hierarchy, in two passes and a sweep.
 *
 * Basic, ascending: the weight of an edge from x to y is that of the best arc
 * on it, or of a detour over a lower state z.  A row of x is spread over an
 * array by state, all detours of all its z are set against it there, and the
 * row is gathered again without what is closed.
 *
 * Perfect, descending: where a detour over a higher state is better the edge
 * takes the weight of that and is marked as beaten: no fastest way needs it.
 * Here it is the rows of the higher state that are spread.
 *
 * Then what is beaten is swept out.
 *
 * Time goes by memory and by branches that are guessed wrong, so the inner
 * loops have none, and edges over which no detour can lie are not waited for.
 */
#include <string.h>

#include "roads_metric.h"
#include "roads_waiting.h"

enum { POLL_STATES = 256, WEIGHER_ARRAYS = 4, GRAPH_ARRAYS = 4 };

/* A state, as it stands in the rows of the state at hand. */
typedef struct two_ways {
    double weights[ROADS_BOTH]; /* up: from the state at hand; down: to it */
} two_ways;
typedef struct detour {
    double weight;
    uint32_t via;
} detour;

typedef struct customiser {
    base_run *run;
    const roads_states *states;
    const roads_hierarchy *hierarchy;
    const roads_rows *rows[ROADS_BOTH];
    /*
     * Of edges: as they lie in the hierarchy, until the basic pass comes by
     * and moves them together to rows of their own.
     */
    double *weights[ROADS_BOTH];
    uint32_t *via[ROADS_BOTH]; /* as in roads_graph; NONE: closed or beaten */
    uint32_t *first[ROADS_BOTH], *ends[ROADS_BOTH]; /* those rows */
    bool has_nothing;          /* some arc weighs nothing */
    roads_waiter *waiters;
    union {                    /* of states */
        detour *detours;
        two_ways *two_ways;
    } spread;
} customiser;

static bool customiser_alloc(customiser *c)
{
    base_mem *mem = c->run->mem;
    const size_t n = c->hierarchy->n_states;

    _Static_assert(sizeof(detour) == sizeof(two_ways), "one array for both");
    for (int side = 0; side < ROADS_BOTH; side++) {
        /* One more, for what is written before it is known to be kept. */
        const size_t n_edges = c->rows[side]->n + 1;

        c->weights[side] = base_alloc_array(mem, n_edges, sizeof(double));
        c->via[side] = base_alloc_array(mem, n_edges, sizeof(uint32_t));
        c->ends[side] = base_alloc_array(mem, n_edges, sizeof(uint32_t));
        c->first[side] = base_alloc_array(mem, n + 1, sizeof(uint32_t));
        if (!c->weights[side] || !c->via[side] || !c->ends[side]
            || !c->first[side])
            return false;
        c->first[side][0] = 0;
    }
    c->waiters = roads_waiters_new(mem, n);
    c->spread.two_ways = base_alloc_array(mem, n, sizeof(two_ways));
    return c->waiters && c->spread.two_ways;
}

static void customiser_clear(customiser *c)
{
    base_mem *mem = c->run->mem;

    for (int side = 0; side < ROADS_BOTH; side++) {
        base_free(mem, c->weights[side]);
        base_free(mem, c->via[side]);
        base_free(mem, c->ends[side]);
        base_free(mem, c->first[side]);
    }
    base_free(mem, c->waiters);
    base_free(mem, c->spread.two_ways);
}

/* Each edge has the weight of the best arc on it; of equal ones the first. */
static void weigh_arcs(customiser *c, const roads_metric *metric)
{
    const roads_states *s = c->states;

    for (int side = 0; side < ROADS_BOTH; side++) {
        for (size_t e = 0; e < c->rows[side]->n; e++) {
            c->weights[side][e] = ROADS_CLOSED;
            c->via[side][e] = ROADS_NONE;
        }
    }
    for (uint32_t v = 0; v < s->n_states; v++) {
        for (uint32_t a = s->first_arc[v]; a < s->first_arc[v + 1]; a++) {
            const uint32_t e = c->hierarchy->arc_edges[a];
            const int side = s->heads[a] > v ? ROADS_UP : ROADS_DOWN;
            const double weight = roads_arc_weight(s, metric, a);

            if (e != ROADS_NONE && weight < c->weights[side][e]) {
                c->weights[side][e] = weight;
                c->via[side][e] = a | ROADS_VIA_ARC;
                c->has_nothing |= weight <= 0;
            }
        }
    }
}

/*
 * Set detours over z, `weight` and then an edge of its row, against what is
 * spread.
 */
static void relax_basic(detour *spread, const uint32_t *ends,
                        const double *weights, size_t n, double weight,
                        uint32_t z)
{
    for (size_t e = 0; e < n; e++) {
        detour *d = &spread[ends[e]];
        const double over = weight + weights[e], had = d->weight;
        const uint32_t is_better = -(uint32_t)(over < had); /* a mask */

        d->via ^= (d->via ^ z) & is_better;
        d->weight = over < had ? over : had;
    }
}

/*
 * The same, and of equal detours the one over the lowest state, an arc before
 * all (it is negative as a signed number).  Where arcs weigh nothing a detour
 * could pass a state twice, and be twice as long at each level: but the state
 * that it would pass twice is lower than the one that it is over.
 */
static void relax_basic_lowest(detour *spread, const uint32_t *ends,
                               const double *weights, size_t n, double weight,
                               uint32_t z)
{
    for (size_t e = 0; e < n; e++) {
        detour *d = &spread[ends[e]];
        const double over = weight + weights[e], had = d->weight;
        const bool is_lower = (int32_t)z < (int32_t)d->via;

        if (over < had || (over <= had && is_lower))
            *d = (detour){ over, z };
    }
}

static void basic_detours(customiser *c, int side, uint32_t x)
{
    const int other = ROADS_BOTH - 1 - side;
    const uint32_t *ends = c->ends[side];
    uint32_t next;

    for (uint32_t z = c->waiters[x].list[other]; z != ROADS_NONE; z = next) {
        roads_waiter *w = &c->waiters[z];
        const uint32_t e = roads_beyond(w, side, ends, x);
        const double weight = c->weights[other][w->at[other]];

        next = w->next[other];
        if (e == w->end[side])
            continue; /* nor is there anything beyond its next */
        (c->has_nothing ? relax_basic_lowest : relax_basic)(
            c->spread.detours, ends + e, c->weights[side] + e,
            w->end[side] - e, weight, z);
        if (++w->at[other] < w->end[other])
            roads_wait(c->waiters, other, z,
                       c->ends[other][w->at[other]]);
    }
}

/* The basic weights of a row of x, which moves to its place. */
static void basic_row(customiser *c, int side, uint32_t x)
{
    const roads_rows *rows = c->rows[side];
    const uint32_t first = rows->first[x], end = rows->first[x + 1];
    double *weights = c->weights[side];
    uint32_t *via = c->via[side], n = c->first[side][x];

    for (uint32_t e = first; e < end; e++)
        c->spread.detours[rows->ends[e]] = (detour){ weights[e], via[e] };
    basic_detours(c, side, x);
    for (uint32_t e = first; e < end; e++) {
        const uint32_t y = rows->ends[e];
        const detour d = c->spread.detours[y];

        c->ends[side][n] = y;
        weights[n] = d.weight;
        via[n] = d.via;
        n += d.weight < ROADS_FAR;
    }
    c->first[side][x + 1] = n;
}

static void wait_for_first(customiser *c, int side, uint32_t x)
{
    roads_waiter *w = &c->waiters[x];

    w->at[side] = c->first[side][x];
    w->end[side] = c->first[side][x + 1];
    if (w->at[side] < w->end[side])
        roads_wait(c->waiters, side, x, c->ends[side][w->at[side]]);
}

static gb_status basic_pass(customiser *c)
{
    const size_t n = c->hierarchy->n_states;
    gb_status status = GB_OK;

    for (uint32_t x = 0; x < n && !status; x++) {
        basic_row(c, ROADS_UP, x);
        basic_row(c, ROADS_DOWN, x);
        wait_for_first(c, ROADS_UP, x);
        wait_for_first(c, ROADS_DOWN, x);
        if (x % POLL_STATES == 0)
            status = base_poll_many(c->run, POLL_STATES);
    }
    return status;
}

/*
 * Edge 0 of a row leads between x and the state z that is spread; those
 * behind it between x and states higher than z: each a triangle with z.
 * `side` is that of the row: in up rows the way is from x.
 */
static void relax_perfect(const two_ways *spread, const uint32_t *ends,
                          double *weights, uint32_t *via, size_t n, int side)
{
    const double weight = weights[0];
    double best = weight;

    for (size_t e = 1; e < n; e++) {
        const two_ways *two = &spread[ends[e]];
        const double over_z = weight + two->weights[side], had = weights[e];
        const double now = over_z < had ? over_z : had;
        const double over_end = now + two->weights[ROADS_BOTH - 1 - side];

        via[e] |= over_z < had ? ROADS_NONE : 0;
        weights[e] = now;
        best = over_end < best ? over_end : best;
    }
    via[0] |= best < weight ? ROADS_NONE : 0;
    weights[0] = best;
}

/* Rows that z stands in, which then wait for the entry before. */
static void perfect_side(customiser *c, int side, uint32_t z)
{
    const uint32_t *ends = c->ends[side];
    uint32_t next;

    for (uint32_t x = c->waiters[z].list[side]; x != ROADS_NONE; x = next) {
        roads_waiter *w = &c->waiters[x];
        const uint32_t e = w->at[side];

        next = w->next[side];
        relax_perfect(c->spread.two_ways, ends + e, c->weights[side] + e,
                      c->via[side] + e, w->end[side] - e, side);
        if (w->at[side]-- > c->first[side][x])
            roads_wait(c->waiters, side, x, ends[w->at[side]]);
    }
}

static void spread_side(customiser *c, int side, uint32_t z)
{
    const uint32_t end = c->first[side][z + 1];

    for (uint32_t e = c->first[side][z]; e < end; e++)
        c->spread.two_ways[c->ends[side][e]].weights[side] =
            c->weights[side][e];
}

static void clear_spread(customiser *c, int side, uint32_t z)
{
    const uint32_t end = c->first[side][z + 1];

    for (uint32_t e = c->first[side][z]; e < end; e++)
        c->spread.two_ways[c->ends[side][e]].weights[side] = ROADS_CLOSED;
}

static void perfect_state(customiser *c, uint32_t z)
{
    if (c->waiters[z].list[ROADS_UP] == ROADS_NONE
        && c->waiters[z].list[ROADS_DOWN] == ROADS_NONE)
        return;
    spread_side(c, ROADS_UP, z);
    spread_side(c, ROADS_DOWN, z);
    perfect_side(c, ROADS_UP, z);
    perfect_side(c, ROADS_DOWN, z);
    clear_spread(c, ROADS_UP, z);
    clear_spread(c, ROADS_DOWN, z);
}

/* The last entry of a row has no triangle: x waits for the one before. */
static void wait_for_last(customiser *c, int side, uint32_t x)
{
    roads_waiter *w = &c->waiters[x];

    w->end[side] = c->first[side][x + 1];
    if (w->end[side] - c->first[side][x] < 2)
        return;
    w->at[side] = w->end[side] - 2;
    roads_wait(c->waiters, side, x, c->ends[side][w->at[side]]);
}

static gb_status perfect_pass(customiser *c)
{
    const uint32_t n = (uint32_t)c->hierarchy->n_states;
    gb_status status = GB_OK;

    for (uint32_t v = 0; v < n; v++) {
        c->spread.two_ways[v] = (two_ways){ { ROADS_CLOSED, ROADS_CLOSED } };
        c->waiters[v].list[ROADS_UP] = ROADS_NONE;
        c->waiters[v].list[ROADS_DOWN] = ROADS_NONE;
    }
    for (uint32_t v = 0; v < n; v++) {
        wait_for_last(c, ROADS_UP, v);
        wait_for_last(c, ROADS_DOWN, v);
    }
    for (uint32_t z = n; z-- > 0 && !status;) {
        perfect_state(c, z);
        if (z % POLL_STATES == 0)
            status = base_poll_many(c->run, POLL_STATES);
    }
    return status;
}

/* Move what is not beaten together. */
static void sweep(customiser *c, int side)
{
    uint32_t *first = c->first[side], *ends = c->ends[side];
    uint32_t *via = c->via[side], n = 0, e = 0;
    double *weights = c->weights[side];

    for (size_t v = 0; v < c->hierarchy->n_states; v++) {
        for (const uint32_t end = first[v + 1]; e < end; e++) {
            const bool is_kept = via[e] != ROADS_NONE;

            ends[n] = ends[e];
            weights[n] = weights[e];
            via[n] = via[e];
            n += is_kept;
        }
        first[v + 1] = n;
    }
}

/* A block that keeps its first n items, or as it was where that fails. */
static void *fitted(base_mem *mem, void *block, size_t n, size_t size)
{
    void *fitting = base_realloc_array(mem, block, n, size);

    return fitting ? fitting : block;
}

/* The rows of a side, swept, go over to a graph. */
static void hand_over(customiser *c, int side, roads_graph *graph,
                      void **arrays)
{
    base_mem *mem = c->run->mem;
    size_t n;

    sweep(c, side);
    n = c->first[side][c->hierarchy->n_states];
    graph->n_arcs = n;
    graph->first = arrays[0] = c->first[side];
    graph->ends = arrays[1] = fitted(mem, c->ends[side], n, sizeof(uint32_t));
    graph->weights = arrays[2] =
        fitted(mem, c->weights[side], n, sizeof(double));
    graph->via = arrays[3] = fitted(mem, c->via[side], n, sizeof(uint32_t));
    c->first[side] = c->ends[side] = c->via[side] = NULL;
    c->weights[side] = NULL;
}

static void clear_graphs(base_mem *mem, roads_metric_built *built)
{
    for (int i = 0; i < ROADS_BOTH * GRAPH_ARRAYS; i++) {
        base_free(mem, built->arrays[WEIGHER_ARRAYS + i]);
        built->arrays[WEIGHER_ARRAYS + i] = NULL;
    }
    built->view.up = built->view.down = (roads_graph){ 0 };
}

gb_status roads_metric_customise(base_run *run, const roads_states *states,
                                 const roads_hierarchy *hierarchy,
                                 roads_metric_built *metric)
{
    customiser c = { .run = run, .states = states, .hierarchy = hierarchy,
                     .rows = { &hierarchy->up, &hierarchy->down } };
    void **arrays = metric->arrays + WEIGHER_ARRAYS;
    gb_status status;

    clear_graphs(run->mem, metric);
    if (!customiser_alloc(&c)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    weigh_arcs(&c, &metric->view);
    status = basic_pass(&c);
    if (!status)
        status = perfect_pass(&c);
    if (!status) {
        hand_over(&c, ROADS_UP, &metric->view.up, arrays);
        hand_over(&c, ROADS_DOWN, &metric->view.down, arrays + GRAPH_ARRAYS);
    }
done:
    customiser_clear(&c);
    return status;
}

void roads_metric_clear(base_mem *mem, roads_metric_built *built)
{
    for (size_t i = 0; i < sizeof built->arrays / sizeof *built->arrays; i++)
        base_free(mem, built->arrays[i]);
    memset(built, 0, sizeof *built);
}
