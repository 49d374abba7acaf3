#include "roads_cut.h"

#include <string.h>

enum { FREE, SOURCE, SINK };

bool roads_cut_init(base_mem *mem, size_t n_vertices, size_t n_arcs,
                    roads_cut *cut)
{
    memset(cut, 0, sizeof *cut);
    cut->ends = base_alloc_array(mem, n_vertices, 1);
    cut->sides = base_alloc_array(mem, n_vertices, 1);
    cut->residual = base_alloc_array(mem, n_arcs, 1);
    cut->level = base_alloc_zeroed(mem, n_vertices, sizeof *cut->level);
    cut->next = base_alloc_array(mem, n_vertices, sizeof *cut->next);
    cut->queue = base_alloc_array(mem, n_vertices, sizeof *cut->queue);
    cut->path = base_alloc_array(mem, n_vertices, sizeof *cut->path);
    cut->met = base_alloc_array(mem, n_vertices, sizeof *cut->met);
    for (int i = 0; i < 2; i++)
        cut->fronts[i] = base_alloc_array(mem, n_vertices,
                                          sizeof *cut->fronts[i]);
    return cut->ends && cut->sides && cut->residual && cut->level && cut->next
           && cut->queue && cut->path && cut->met && cut->fronts[0]
           && cut->fronts[1];
}

void roads_cut_clear(base_mem *mem, roads_cut *cut)
{
    base_free(mem, cut->ends);
    base_free(mem, cut->sides);
    base_free(mem, cut->residual);
    base_free(mem, cut->level);
    base_free(mem, cut->next);
    base_free(mem, cut->queue);
    base_free(mem, cut->path);
    base_free(mem, cut->met);
    base_free(mem, cut->fronts[0]);
    base_free(mem, cut->fronts[1]);
    memset(cut, 0, sizeof *cut);
}

void roads_cut_begin(roads_cut *cut, const roads_cell *cell)
{
    cut->cell = cell;
    cut->best_flow = cut->best_small = 0;
}

/* ---- flow ---- */

/* Those of the vertices marked `end` that have a neighbour that is not. */
static void keep_front(roads_cut *cut, uint8_t end)
{
    const roads_cell *cell = cut->cell;
    uint32_t *front = cut->fronts[end == SINK], n = 0;

    for (uint32_t i = 0; i < cut->n_fronts[end == SINK]; i++) {
        const uint32_t v = front[i];
        uint32_t a = cell->first[v];

        while (a < cell->first[v + 1] && cut->ends[cell->heads[a]] == end)
            a++;
        if (a < cell->first[v + 1])
            front[n++] = v;
    }
    cut->n_fronts[end == SINK] = n;
}

/* Let there be n_ends sources and as many sinks. */
static void grow_ends(roads_cut *cut, const uint32_t *order, uint32_t n_ends)
{
    const uint32_t n = cut->cell->n;

    for (uint32_t i = cut->n_ends; i < n_ends; i++) {
        const uint32_t source = order[i], sink = order[n - 1 - i];

        cut->ends[source] = SOURCE;
        cut->level[source] = 1;
        cut->fronts[0][cut->n_fronts[0]++] = source;
        cut->ends[sink] = SINK;
        cut->fronts[1][cut->n_fronts[1]++] = sink;
    }
    cut->n_ends = n_ends;
    keep_front(cut, SOURCE);
    keep_front(cut, SINK);
}

/* All levels but those of sources, which keep theirs, 1. */
static void forget_levels(roads_cut *cut, uint32_t n_queued)
{
    for (uint32_t i = cut->n_fronts[0]; i < n_queued; i++)
        cut->level[cut->queue[i]] = 0;
}

/*
 * Levels of the vertices that sources can still send to, up to the first
 * sinks met; those go to cut->met.  The number of vertices queued comes back,
 * the front of the sources first.
 */
static uint32_t measure_levels(roads_cut *cut, uint32_t *n_met)
{
    const roads_cell *cell = cut->cell;
    uint32_t n = cut->n_fronts[0], last_level = UINT32_MAX;

    *n_met = 0;
    memcpy(cut->queue, cut->fronts[0], n * sizeof *cut->queue);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t v = cut->queue[i], level = cut->level[v] + 1;

        if (level > last_level)
            break;
        for (uint32_t a = cell->first[v]; a < cell->first[v + 1]; a++) {
            const uint32_t u = cell->heads[a];

            if (!cut->residual[a] || cut->level[u])
                continue;
            cut->level[u] = level;
            cut->next[u] = cell->first[u];
            cut->queue[n++] = u;
            if (cut->ends[u] == SINK) {
                last_level = level;
                cut->met[(*n_met)++] = u;
            }
        }
    }
    return n;
}

/* The next arc of v over which a vertex one level down can send to it; false:
 * there is none. */
static inline bool find_step(roads_cut *cut, uint32_t v)
{
    const roads_cell *cell = cut->cell;

    for (; cut->next[v] < cell->first[v + 1]; cut->next[v]++) {
        const uint32_t a = cut->next[v];

        if (cut->level[cell->heads[a]] == cut->level[v] - 1
            && cut->residual[cell->twins[a]])
            return true;
    }
    return false;
}

/* Send along the path of `n` arcs, last first; its length up to the first arc
 * that is full now comes back. */
static uint32_t send(roads_cut *cut, uint32_t n)
{
    const uint32_t *arcs = cut->path;
    uint8_t amount = UINT8_MAX;
    uint32_t first_full = n;

    for (uint32_t i = 0; i < n; i++)
        if (cut->residual[arcs[i]] < amount)
            amount = cut->residual[arcs[i]];
    for (uint32_t i = n; i-- > 0;) {
        cut->residual[arcs[i]] -= amount;
        cut->residual[cut->cell->twins[arcs[i]]] += amount;
        if (!cut->residual[arcs[i]])
            first_full = i;
    }
    cut->flow += amount;
    return first_full;
}

/* All that can be sent to one sink up the levels: paths are looked for from
 * the sink, so that each step taken leads to a source. */
static void send_all(roads_cut *cut, uint32_t sink)
{
    const roads_cell *cell = cut->cell;
    uint32_t *arcs = cut->path, n = 0, v = sink;

    for (;;) {
        if (cut->level[v] == 1) {
            n = send(cut, n);
        } else if (find_step(cut, v)) {
            arcs[n++] = cell->twins[cut->next[v]];
            v = cell->heads[cut->next[v]];
            continue;
        } else if (n == 0) {
            return;
        } else { /* nothing leads on from here */
            n--;
            cut->next[cell->heads[arcs[n]]]++;
        }
        v = n > 0 ? cell->heads[cell->twins[arcs[n - 1]]] : sink;
    }
}

/* ---- cuts ---- */

/* Sources and sinks, each in twentieths of the vertices, step by step. */
static const uint32_t shares[] = { 3, 4, 5, 6, 7, 8, 9 };

/* The price is flow^1.5 / small; by products, which all machines agree on. */
static bool is_cheaper(const roads_cut *cut, uint32_t flow, uint32_t small)
{
    const double a = flow, b = cut->best_flow;
    const double s = small, t = cut->best_small;

    return cut->best_small == 0 || a * a * a * t * t < b * b * b * s * s;
}

/* Keep the cut around what was queued and the ends on that side. */
static void keep_if_cheaper(roads_cut *cut, uint8_t end, uint32_t n_queued)
{
    const uint32_t n = cut->cell->n;
    const uint32_t size = n_queued - cut->n_fronts[end == SINK] + cut->n_ends;
    const uint32_t small = size < n - size ? size : n - size;

    if (!is_cheaper(cut, cut->flow, small))
        return;
    cut->best_flow = cut->flow;
    cut->best_small = small;
    for (uint32_t v = 0; v < n; v++)
        cut->sides[v] = cut->ends[v] == end
                            || (cut->level[v] && cut->ends[v] == FREE)
                        ? end == SINK
                        : end != SINK;
}

/* Mark all that can still send to sinks; how many are queued. */
static uint32_t measure_sinks(roads_cut *cut)
{
    const roads_cell *cell = cut->cell;
    uint32_t n = cut->n_fronts[1];

    memcpy(cut->queue, cut->fronts[1], n * sizeof *cut->queue);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t v = cut->queue[i];

        for (uint32_t a = cell->first[v]; a < cell->first[v + 1]; a++) {
            const uint32_t u = cell->heads[a];

            if (cut->level[u] || cut->ends[u] == SINK
                || !cut->residual[cell->twins[a]])
                continue;
            cut->level[u] = 1;
            cut->queue[n++] = u;
        }
    }
    return n;
}

/* Grow the flow to the largest; false: it cannot be cheaper any more. */
static bool flow_all(roads_cut *cut)
{
    const uint32_t half = cut->cell->n / 2;
    uint32_t n_queued, n_met;

    for (;;) {
        if (!is_cheaper(cut, cut->flow, half))
            return false;
        n_queued = measure_levels(cut, &n_met);
        if (n_met == 0)
            break;
        for (uint32_t i = 0; i < n_met; i++)
            send_all(cut, cut->met[i]);
        forget_levels(cut, n_queued);
    }
    keep_if_cheaper(cut, SOURCE, n_queued);
    forget_levels(cut, n_queued);
    n_queued = measure_sinks(cut);
    keep_if_cheaper(cut, SINK, n_queued);
    for (uint32_t i = 0; i < n_queued; i++)
        cut->level[cut->queue[i]] = 0;
    return true;
}

void roads_cut_try(roads_cut *cut, const uint32_t *order)
{
    const roads_cell *cell = cut->cell;

    memset(cut->ends, FREE, cell->n);
    memset(cut->level, 0, cell->n * sizeof *cut->level);
    memcpy(cut->residual, cell->capacity, cell->n_arcs);
    cut->flow = cut->n_ends = cut->n_fronts[0] = cut->n_fronts[1] = 0;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        uint32_t n_ends = (uint32_t)((uint64_t)cell->n * shares[i] / 20);

        if (n_ends == 0)
            n_ends = 1;
        if (n_ends == cut->n_ends)
            continue;
        grow_ends(cut, order, n_ends);
        if (!flow_all(cut))
            return;
    }
}
