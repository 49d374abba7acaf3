/*
 * roads_metric.c - weights through the hierarchy, in three passes.
 *
 * Basic, ascending: the weight of an edge from x to y is that of the best arc
 * on it, or of a detour over a lower state z.  A row of x is spread over an
 * array by state, all detours of all its z are set against it there, and the
 * row is gathered again.
 *
 * Perfect, descending: a second weight falls below the first where a detour
 * over a higher state is better.  Here it is the rows of the higher state
 * that are spread.
 *
 * Choice, ascending: an edge is kept when both weights are equal and it is an
 * arc or a detour over two edges that are kept.  Edges that are a fastest way
 * are never lost: no detour beats them, and the two edges of a detour that
 * equals them are fastest ways themselves.
 *
 * The inner loops of the first two passes have no branches; what a detour is
 * over is found in the last one, where few edges are left, rather than noted
 * down in the first.
 */
#include <string.h>

#include "roads_metric.h"
#include "roads_waiting.h"

enum { POLL_STATES = 256, GRAPH_ARRAYS = 4, ARRAYS_OF_GRAPH = 4 };

/* Of a state that stands in rows of the state at hand. */
typedef struct two_ways {
    double weights[ROADS_BOTH]; /* up: from the state at hand; down: to it */
} two_ways;

typedef struct customiser {
    base_run *run;
    const roads_states *states;
    const roads_hierarchy *hierarchy;
    const roads_rows *rows[ROADS_BOTH];
    double *basic[ROADS_BOTH], *perfect[ROADS_BOTH]; /* of edges */
    uint32_t *via[ROADS_BOTH]; /* of edges: the arc that it is, or NONE */
    roads_waiter *waiters;
    double *spread;     /* of states */
    two_ways *spread_two;
    uint32_t *over;     /* of states: what the detour is over */
    /* The graphs: weights and via lie in `basic` and `via`, moved together. */
    uint32_t *first[ROADS_BOTH], *ends[ROADS_BOTH], n_kept[ROADS_BOTH];
} customiser;

static bool rows_alloc(customiser *c, int side)
{
    base_mem *mem = c->run->mem;
    const size_t n_states = c->hierarchy->n_states, n = c->rows[side]->n;

    c->basic[side] = base_alloc_array(mem, n, sizeof *c->basic[side]);
    c->perfect[side] = base_alloc_array(mem, n, sizeof *c->perfect[side]);
    c->via[side] = base_alloc_array(mem, n, sizeof *c->via[side]);
    c->ends[side] = base_alloc_array(mem, n, sizeof *c->ends[side]);
    c->first[side] = base_alloc_array(mem, n_states + 1,
                                      sizeof *c->first[side]);
    return c->basic[side] && c->perfect[side] && c->via[side]
           && c->ends[side] && c->first[side];
}

static bool customiser_alloc(customiser *c)
{
    base_mem *mem = c->run->mem;
    const size_t n = c->hierarchy->n_states;

    c->waiters = roads_waiters_new(mem, n);
    c->spread = base_alloc_array(mem, n, sizeof *c->spread);
    c->spread_two = base_alloc_array(mem, n, sizeof *c->spread_two);
    c->over = base_alloc_array(mem, n, sizeof *c->over);
    return rows_alloc(c, ROADS_UP) && rows_alloc(c, ROADS_DOWN) && c->waiters
           && c->spread && c->spread_two && c->over;
}

static void customiser_clear(customiser *c)
{
    base_mem *mem = c->run->mem;

    for (int side = 0; side < ROADS_BOTH; side++) {
        base_free(mem, c->basic[side]);
        base_free(mem, c->perfect[side]);
        base_free(mem, c->via[side]);
        base_free(mem, c->ends[side]);
        base_free(mem, c->first[side]);
    }
    base_free(mem, c->waiters);
    base_free(mem, c->spread);
    base_free(mem, c->spread_two);
    base_free(mem, c->over);
}

/* Each edge has the weight of the best arc on it; of equal ones the first. */
static void weigh_arcs(customiser *c, const roads_metric *metric)
{
    const roads_states *s = c->states;

    for (int side = 0; side < ROADS_BOTH; side++) {
        for (size_t e = 0; e < c->rows[side]->n; e++)
            c->basic[side][e] = ROADS_CLOSED;
        memset(c->via[side], 0xff, c->rows[side]->n * sizeof *c->via[side]);
    }
    for (uint32_t v = 0; v < s->n_states; v++) {
        for (uint32_t a = s->first_arc[v]; a < s->first_arc[v + 1]; a++) {
            const uint32_t e = c->hierarchy->arc_edges[a];
            const int side = s->heads[a] > v ? ROADS_UP : ROADS_DOWN;
            const double weight = roads_arc_weight(s, metric, a);

            if (e != ROADS_NONE && weight < c->basic[side][e]) {
                c->basic[side][e] = weight;
                c->via[side][e] = a;
            }
        }
    }
}

static void spread_row(double *spread, const uint32_t *ends,
                       const double *weights, uint32_t first, uint32_t end)
{
    for (uint32_t e = first; e < end; e++)
        spread[ends[e]] = weights[e];
}

/* Set `weight` and then each edge of a row against what is spread. */
static void relax(double *spread, const uint32_t *ends, const double *weights,
                  uint32_t first, uint32_t end, double weight)
{
    for (uint32_t e = first; e < end; e++) {
        const double detour = weight + weights[e], had = spread[ends[e]];

        spread[ends[e]] = detour < had ? detour : had;
    }
}

/* The basic weights of a row of x; who waits on the other side moves on. */
static void basic_row(customiser *c, int side, uint32_t x)
{
    const int other = ROADS_BOTH - 1 - side;
    const uint32_t *ends = c->rows[side]->ends;
    const uint32_t *other_ends = c->rows[other]->ends;
    double *weights = c->basic[side];
    const uint32_t first = c->rows[side]->first[x];
    const uint32_t end = c->rows[side]->first[x + 1];
    uint32_t next;

    if (c->waiters[x].list[other] == ROADS_NONE)
        return;
    spread_row(c->spread, ends, weights, first, end);
    for (uint32_t z = c->waiters[x].list[other]; z != ROADS_NONE; z = next) {
        roads_waiter *w = &c->waiters[z];
        const double weight = c->basic[other][w->at[other]];

        next = w->next[other];
        if (weight < ROADS_FAR)
            relax(c->spread, ends, weights, roads_beyond(w, side, ends, x),
                  w->end[side], weight);
        if (++w->at[other] < w->end[other])
            roads_wait(c->waiters, other, z, other_ends[w->at[other]]);
    }
    for (uint32_t e = first; e < end; e++) {
        const double weight = c->spread[ends[e]];

        c->via[side][e] = weight < weights[e] ? ROADS_NONE : c->via[side][e];
        weights[e] = weight;
    }
}

/* x waits in its row of the hierarchy, for its first or its last entry. */
static void wait_in_row(customiser *c, int side, uint32_t x, bool for_last)
{
    const roads_rows *rows = c->rows[side];
    roads_waiter *w = &c->waiters[x];

    w->at[side] = rows->first[x];
    w->end[side] = rows->first[x + 1];
    if (w->at[side] == w->end[side])
        return;
    if (for_last)
        w->at[side] = w->end[side] - 1;
    roads_wait(c->waiters, side, x, rows->ends[w->at[side]]);
}

static gb_status basic_pass(customiser *c)
{
    const size_t n = c->hierarchy->n_states;
    gb_status status = GB_OK;

    for (uint32_t x = 0; x < n && !status; x++) {
        basic_row(c, ROADS_UP, x);
        basic_row(c, ROADS_DOWN, x);
        wait_in_row(c, ROADS_UP, x, false);
        wait_in_row(c, ROADS_DOWN, x, false);
        if (x % POLL_STATES == 0)
            status = base_poll_many(c->run, POLL_STATES);
    }
    return status;
}

/*
 * The edge at `at` leads between x and the state z that is spread; those
 * beyond it between x and states higher than z: each a triangle with z.
 * `side` is that of the row: in up rows the way is from x.
 */
static void relax_perfect(const two_ways *spread, const uint32_t *ends,
                          double *weights, uint32_t at, uint32_t end, int side)
{
    const double weight = weights[at];
    double best = weight;

    for (uint32_t e = at + 1; e < end; e++) {
        const double over_z = weight + spread[ends[e]].weights[side];
        const double had = weights[e];
        const double now = over_z < had ? over_z : had;
        const double over_end =
            now + spread[ends[e]].weights[ROADS_BOTH - 1 - side];

        weights[e] = now;
        best = over_end < best ? over_end : best;
    }
    weights[at] = best;
}

static void perfect_side(customiser *c, int side, uint32_t z)
{
    const roads_rows *rows = c->rows[side];
    uint32_t next;

    for (uint32_t x = c->waiters[z].list[side]; x != ROADS_NONE; x = next) {
        roads_waiter *w = &c->waiters[x];

        next = w->next[side];
        relax_perfect(c->spread_two, rows->ends, c->perfect[side],
                      w->at[side], w->end[side], side);
        if (w->at[side]-- > rows->first[x])
            roads_wait(c->waiters, side, x, rows->ends[w->at[side]]);
    }
    c->waiters[z].list[side] = ROADS_NONE;
}

static void spread_side(customiser *c, int side, uint32_t z, bool is_over)
{
    const roads_rows *rows = c->rows[side];
    const double closed = ROADS_CLOSED;

    for (uint32_t e = rows->first[z]; e < rows->first[z + 1]; e++)
        c->spread_two[rows->ends[e]].weights[side] =
            is_over ? closed : c->perfect[side][e];
}

static gb_status perfect_pass(customiser *c)
{
    const uint32_t n = (uint32_t)c->hierarchy->n_states;
    gb_status status = GB_OK;

    for (uint32_t v = 0; v < n; v++) {
        c->spread_two[v] = (two_ways){ { ROADS_CLOSED, ROADS_CLOSED } };
        c->waiters[v].list[ROADS_UP] = ROADS_NONE;
        c->waiters[v].list[ROADS_DOWN] = ROADS_NONE;
    }
    for (int side = 0; side < ROADS_BOTH; side++) {
        memcpy(c->perfect[side], c->basic[side],
               c->rows[side]->n * sizeof *c->perfect[side]);
        for (uint32_t v = 0; v < n; v++)
            wait_in_row(c, side, v, true);
    }
    for (uint32_t z = n; z-- > 0 && !status;) {
        spread_side(c, ROADS_UP, z, false);
        spread_side(c, ROADS_DOWN, z, false);
        perfect_side(c, ROADS_UP, z);
        perfect_side(c, ROADS_DOWN, z);
        spread_side(c, ROADS_UP, z, true);
        spread_side(c, ROADS_DOWN, z, true);
        if (z % POLL_STATES == 0)
            status = base_poll_many(c->run, POLL_STATES);
    }
    return status;
}

/* Spread what of the row may be kept; what may not equals no detour. */
static void spread_candidates(customiser *c, int side, uint32_t x)
{
    const roads_rows *rows = c->rows[side];
    const double *basic = c->basic[side], *perfect = c->perfect[side];

    for (uint32_t e = rows->first[x]; e < rows->first[x + 1]; e++) {
        const uint32_t y = rows->ends[e];
        const bool may = basic[e] == perfect[e] && basic[e] < ROADS_FAR;

        c->spread[y] = may ? basic[e] : -1;
        c->over[y] = may && c->via[side][e] != ROADS_NONE
                         ? c->via[side][e] | ROADS_VIA_ARC : ROADS_NONE;
    }
}

/* Set detours over z against what is spread. */
static void find_detours(customiser *c, int side, uint32_t z, uint32_t first,
                         double weight)
{
    const uint32_t end = c->waiters[z].end[side];
    const uint32_t *ends = c->ends[side];
    const double *weights = c->basic[side];

    for (uint32_t e = first; e < end; e++) {
        const uint32_t y = ends[e], had = c->over[y];
        const bool is_it = weight + weights[e] == c->spread[y];

        c->over[y] = is_it && had == ROADS_NONE ? z : had;
    }
}

/* Keep of a row what is an arc or a detour; lower rows are done already. */
static void choose_row(customiser *c, int side, uint32_t x)
{
    const int other = ROADS_BOTH - 1 - side;
    const roads_rows *rows = c->rows[side];
    uint32_t n = c->n_kept[side], next;

    spread_candidates(c, side, x);
    for (uint32_t z = c->waiters[x].list[other]; z != ROADS_NONE; z = next) {
        roads_waiter *w = &c->waiters[z];

        next = w->next[other];
        find_detours(c, side, z, roads_beyond(w, side, c->ends[side], x),
                     c->basic[other][w->at[other]]);
        if (++w->at[other] < w->end[other])
            roads_wait(c->waiters, other, z, c->ends[other][w->at[other]]);
    }
    c->waiters[x].at[side] = n;
    for (uint32_t e = rows->first[x]; e < rows->first[x + 1]; e++) {
        const uint32_t y = rows->ends[e], over = c->over[y];

        c->basic[side][n] = c->basic[side][e];
        c->via[side][n] = over;
        c->ends[side][n] = y;
        n += over != ROADS_NONE;
    }
    c->waiters[x].end[side] = c->n_kept[side] = n;
    c->first[side][x + 1] = n;
}

static gb_status choice_pass(customiser *c)
{
    const size_t n = c->hierarchy->n_states;
    gb_status status = GB_OK;

    c->first[ROADS_UP][0] = c->first[ROADS_DOWN][0] = 0;
    for (uint32_t x = 0; x < n && !status; x++) {
        choose_row(c, ROADS_UP, x);
        choose_row(c, ROADS_DOWN, x);
        for (int side = 0; side < ROADS_BOTH; side++) {
            const roads_waiter *w = &c->waiters[x];

            if (w->at[side] < w->end[side])
                roads_wait(c->waiters, side, x,
                           c->ends[side][w->at[side]]);
        }
        if (x % POLL_STATES == 0)
            status = base_poll_many(c->run, POLL_STATES);
    }
    return status;
}

/* A block that keeps its first n items, or the block where that fails. */
static void *fitted(base_mem *mem, void *block, size_t n, size_t size)
{
    void *fitting = base_realloc_array(mem, block, n, size);

    return fitting ? fitting : block;
}

static void hand_over(customiser *c, roads_metric_built *metric)
{
    roads_graph *graphs[ROADS_BOTH] = { &metric->view.up, &metric->view.down };

    for (int side = 0; side < ROADS_BOTH; side++) {
        base_mem *mem = c->run->mem;
        const size_t n = c->n_kept[side];
        void **arrays = metric->arrays + GRAPH_ARRAYS + ARRAYS_OF_GRAPH * side;
        uint32_t *ends = fitted(mem, c->ends[side], n, sizeof *ends);
        double *weights = fitted(mem, c->basic[side], n, sizeof *weights);
        uint32_t *via = fitted(mem, c->via[side], n, sizeof *via);

        *graphs[side] = (roads_graph){ n, c->first[side], ends, weights, via };
        arrays[0] = c->first[side];
        arrays[1] = ends;
        arrays[2] = weights;
        arrays[3] = via;
        c->first[side] = c->ends[side] = c->via[side] = NULL;
        c->basic[side] = NULL;
    }
}

static void clear_graphs(base_mem *mem, roads_metric_built *built)
{
    for (int i = GRAPH_ARRAYS; i < GRAPH_ARRAYS + 2 * ARRAYS_OF_GRAPH; i++) {
        base_free(mem, built->arrays[i]);
        built->arrays[i] = NULL;
    }
    built->view.up = built->view.down = (roads_graph){ 0 };
}

gb_status roads_metric_customise(base_run *run, const roads_states *states,
                                 const roads_hierarchy *hierarchy,
                                 roads_metric_built *metric)
{
    customiser c = { .run = run, .states = states, .hierarchy = hierarchy,
                     .rows = { &hierarchy->up, &hierarchy->down } };
    gb_status status = GB_OK;

    clear_graphs(run->mem, metric);
    if (!customiser_alloc(&c)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    weigh_arcs(&c, &metric->view);
    status = basic_pass(&c);
    if (!status)
        status = perfect_pass(&c);
    if (status)
        goto done;
    for (size_t v = 0; v < hierarchy->n_states; v++)
        c.waiters[v].list[ROADS_UP] = c.waiters[v].list[ROADS_DOWN] =
            ROADS_NONE;
    status = choice_pass(&c);
    if (!status)
        hand_over(&c, metric);
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
