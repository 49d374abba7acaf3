/*
 * roads_search.c - see roads_search.h.
 *
 * Weights are whole numbers below 2^53, so the heap takes them as integers.
 */
#include "roads_search.h"

#include <string.h>

bool roads_search_init(roads_search *search, base_mem *mem, roads_view view)
{
    const size_t n = view.states->n_states;

    memset(search, 0, sizeof *search);
    search->view = view;
    search->weights = base_alloc_array(mem, n, sizeof *search->weights);
    search->via = base_alloc_array(mem, n, sizeof *search->via);
    if (search->weights && search->via
        && base_heap_init(&search->heap, mem, n)) {
        for (size_t v = 0; v < n; v++)
            search->weights[v] = ROADS_CLOSED;
        return true;
    }
    roads_search_clear(search, mem);
    return false;
}

void roads_search_clear(roads_search *search, base_mem *mem)
{
    base_free(mem, search->weights);
    base_free(mem, search->via);
    base_heap_clear(&search->heap, mem);
    memset(search, 0, sizeof *search);
}

static void reach(roads_search *search, uint32_t state, double weight,
                  double limit, uint32_t arc)
{
    if (!(weight < search->weights[state]) || weight > limit
        || weight >= ROADS_FAR)
        return;
    search->weights[state] = weight;
    search->via[state] = arc;
    base_heap_push(&search->heap, state, (int64_t)weight);
}

void roads_search_run(roads_search *search, const roads_spots *spots,
                      size_t from, double limit)
{
    const roads_states *states = search->view.states;

    for (size_t v = 0; v < states->n_states; v++)
        search->weights[v] = ROADS_CLOSED;
    base_heap_reset(&search->heap);
    for (uint32_t i = spots->first_start[from];
         i < spots->first_start[from + 1]; i++)
        reach(search, spots->starts[i].state, spots->starts[i].weight, limit,
              ROADS_NONE);
    while (search->heap.n > 0) {
        const base_heap_item top = base_heap_pop(&search->heap);

        search->n_settled++;
        for (uint32_t a = states->first_arc[top.id];
             a < states->first_arc[top.id + 1]; a++)
            reach(search, states->heads[a],
                  (double)top.key
                      + roads_arc_weight(states, search->view.metric, a),
                  limit, a);
    }
}

double roads_search_weight(const roads_search *search,
                           const roads_spots *from_spots, size_t from,
                           const roads_spots *to_spots, size_t to)
{
    double best = roads_spots_direct(search->view, &from_spots->places[from],
                                     &to_spots->places[to], NULL);

    for (uint32_t i = to_spots->first_target[to];
         i < to_spots->first_target[to + 1]; i++) {
        const roads_spot_end *end = &to_spots->targets[i];
        const double weight = search->weights[end->state] + end->weight;

        best = weight < best ? weight : best;
    }
    return best < ROADS_FAR ? best : ROADS_CLOSED;
}
