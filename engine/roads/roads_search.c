/*
 * roads_search.c - see roads_search.h.
 */
#include "roads_search.h"

#include <string.h>

static const int64_t closed = INT64_MAX;

int32_t roads_weight_s(int64_t weight)
{
    return weight > ROADS_FAR ? GB_ROADS_UNREACHABLE
                              : (int32_t)(((weight >> 32) + 500) / 1000);
}

int32_t roads_weight_m(int64_t weight)
{
    return weight > ROADS_FAR
               ? GB_ROADS_UNREACHABLE
               : (int32_t)(((weight & 0xffffffff) + 50) / 100);
}

/* The share of a link's time that is its first `cm` centimetres. */
static uint32_t part_ms(uint32_t ms, uint32_t cm, uint32_t all_cm)
{
    return all_cm ? (uint32_t)(((uint64_t)ms * cm + all_cm / 2) / all_cm) : 0;
}

/*
 * A spot at the very end of a link is the node there: it may be left and
 * entered by all that the node may, also where the link is one-way.
 */
static void stand_on_node(roads_spot *spot, const roads_link *link)
{
    const int d = spot->along_cm == 0;
    const uint32_t node = d ? link->from : link->to;

    spot->nodes[d] = node;
    spot->to_node[d] = 0;
    spot->entries[!d] = node;
    spot->from_node[!d] = 0;
}

roads_spot roads_spot_of(const roads_network *network,
                         const gb_roads_place *place)
{
    roads_spot spot = { .link = ROADS_NONE,
                        .nodes = { ROADS_NONE, ROADS_NONE },
                        .to_node = { closed, closed },
                        .entries = { ROADS_NONE, ROADS_NONE },
                        .from_node = { closed, closed } };
    const roads_link *link;

    if (place->status != GB_SNAP_OK)
        return spot;
    spot.link = place->link;
    spot.along_cm = place->along_cm;
    link = &network->links[spot.link];
    for (int d = 0; d < 2; d++) {
        /* How far the spot lies from where this direction begins. */
        const uint32_t cm = d ? link->cm - spot.along_cm : spot.along_cm;
        const uint32_t all_ms = link->ms[d];
        uint32_t ms;

        if (all_ms == ROADS_NONE)
            continue;
        ms = part_ms(all_ms, cm, link->cm);
        spot.nodes[d] = d ? link->from : link->to;
        spot.entries[d] = d ? link->to : link->from;
        spot.from_node[d] = roads_weight(ms, cm);
        spot.to_node[d] = roads_weight(all_ms - ms, link->cm - cm);
    }
    if (spot.along_cm == 0 || spot.along_cm == link->cm)
        stand_on_node(&spot, link);
    return spot;
}

int64_t roads_spot_direct(const roads_network *network, const roads_spot *from,
                          const roads_spot *to)
{
    const roads_link *link;
    int64_t best = closed;

    if (from->link == ROADS_NONE || from->link != to->link)
        return closed;
    link = &network->links[from->link];
    if (from->along_cm == to->along_cm)
        return 0;
    for (int d = 0; d < 2; d++)
        if (link->ms[d] != ROADS_NONE
            && (from->along_cm < to->along_cm) == (d == 0)) {
            const int64_t weight = to->from_node[d] - from->from_node[d];

            best = weight < best ? weight : best;
        }
    return best;
}

bool roads_search_init(roads_search *search, base_mem *mem,
                       const roads_network *network, bool keeps_paths)
{
    memset(search, 0, sizeof *search);
    search->network = network;
    search->weights = base_alloc_array(mem, network->n_nodes, 8);
    if (keeps_paths)
        search->via = base_alloc_array(mem, network->n_nodes, 4);
    if (search->weights && (!keeps_paths || search->via)
        && base_heap_init(&search->heap, mem, network->n_nodes))
        return true;
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

size_t roads_spot_want(const roads_spot *spot, uint8_t *wanted)
{
    size_t n = 0;

    for (int d = 0; d < 2; d++)
        if (spot->entries[d] != ROADS_NONE && !wanted[spot->entries[d]]) {
            wanted[spot->entries[d]] = 1;
            n++;
        }
    return n;
}

static void reach(roads_search *search, uint32_t node, int64_t weight,
                  uint32_t arc)
{
    if (weight >= search->weights[node] || weight > ROADS_FAR)
        return;
    search->weights[node] = weight;
    if (search->via)
        search->via[node] = arc;
    base_heap_push(&search->heap, node, weight);
}

void roads_search_run(roads_search *search, const roads_spot *from,
                      const uint8_t *wanted, size_t n_wanted)
{
    const roads_network *network = search->network;

    for (size_t v = 0; v < network->n_nodes; v++)
        search->weights[v] = closed;
    base_heap_reset(&search->heap);
    for (int d = 0; d < 2; d++)
        if (from->nodes[d] != ROADS_NONE)
            reach(search, from->nodes[d], from->to_node[d], ROADS_NONE);
    while (search->heap.n > 0 && n_wanted > 0) {
        const base_heap_item top = base_heap_pop(&search->heap);
        const uint32_t end = network->first_arc[top.id + 1];

        search->n_settled++;
        n_wanted -= wanted[top.id];
        for (uint32_t a = network->first_arc[top.id]; a < end; a++) {
            const roads_arc *arc = &network->arcs[a];

            reach(search, arc->head, top.key + roads_weight(arc->ms, arc->cm),
                  a);
        }
    }
}

int64_t roads_search_weight(const roads_search *search,
                            const roads_spot *from, const roads_spot *to)
{
    int64_t best;

    if (from->link == ROADS_NONE || to->link == ROADS_NONE)
        return closed;
    best = roads_spot_direct(search->network, from, to);
    for (int d = 0; d < 2; d++)
        if (to->entries[d] != ROADS_NONE
            && search->weights[to->entries[d]] <= ROADS_FAR) {
            const int64_t weight =
                search->weights[to->entries[d]] + to->from_node[d];

            best = weight < best ? weight : best;
        }
    return best;
}
