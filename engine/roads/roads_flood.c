/*
 * roads_flood.c - see roads_flood.h.
 *
 * A state is taken up again when a place with a lower number turns out to be
 * equally near, over arcs that cost nothing: each time its owner falls, so
 * that ends.
 */
#include "roads_flood.h"

#include <string.h>

static void flood(roads_flood *f, uint32_t state, double weight, double limit,
                  uint32_t owner)
{
    if (!(weight <= limit) || weight >= ROADS_FAR
        || weight > f->weights[state]
        || (!(weight < f->weights[state]) && owner >= f->owners[state]))
        return;
    f->weights[state] = weight;
    f->owners[state] = owner;
    base_heap_push(&f->heap, state, (int64_t)weight);
}

static bool prepare(base_mem *mem, roads_view view, roads_flood *f)
{
    const size_t n = view.states->n_states;

    memset(f, 0, sizeof *f);
    f->view = view;
    f->weights = base_alloc_array(mem, n, sizeof *f->weights);
    f->owners = base_alloc_array(mem, n, sizeof *f->owners);
    if (!f->weights || !f->owners || !base_heap_init(&f->heap, mem, n))
        return false;
    for (size_t v = 0; v < n; v++) {
        f->weights[v] = ROADS_CLOSED;
        f->owners[v] = ROADS_NONE;
    }
    return true;
}

gb_status roads_flood_run(base_run *run, roads_view view,
                          const roads_spots *spots, double limit,
                          roads_flood *out)
{
    const roads_states *states = view.states;
    gb_status status = GB_OK;

    if (!prepare(run->mem, view, out))
        return base_fail_nomem(run->ctx);
    for (size_t p = 0; p < spots->n; p++)
        for (uint32_t i = spots->first_start[p]; i < spots->first_start[p + 1];
             i++)
            flood(out, spots->starts[i].state, spots->starts[i].weight, limit,
                  (uint32_t)p);
    while (!status && out->heap.n > 0) {
        const base_heap_item top = base_heap_pop(&out->heap);

        for (uint32_t a = states->first_arc[top.id];
             a < states->first_arc[top.id + 1]; a++)
            flood(out, states->heads[a],
                  (double)top.key + roads_arc_weight(states, view.metric, a),
                  limit, out->owners[top.id]);
        status = base_poll(run);
    }
    return status;
}

void roads_flood_clear(base_mem *mem, roads_flood *flood)
{
    base_free(mem, flood->weights);
    base_free(mem, flood->owners);
    if (flood->heap.items || flood->heap.position)
        base_heap_clear(&flood->heap, mem);
    memset(flood, 0, sizeof *flood);
}
