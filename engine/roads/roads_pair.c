/*
 * roads_pair.c - between two places: see roads_query.h.
 *
 * Both sides climb at once, in the order of the states' numbers: when the
 * turn of a state has come all that lead to it from below are done, so its
 * weight is final, and what is known from both sides is a way.  A bit for
 * each state and side says which are to come.  Nothing climbs on from a state
 * that is already as far as the best way is long.
 *
 * Where one climbs from is noted with each state, so the arcs of a way are
 * read backwards from its top, and each is then replaced by the two arcs
 * below it until they are arcs of the states.
 */
#include "roads_query.h"

#include <string.h>

#include "base_array.h"
#include "base_check.h"

enum { UP = 0, DOWN = 1 }; /* the side of the start, of the target */

typedef struct label {
    double weight;
    uint32_t tail; /* state that it was climbed from; at a start, which */
    uint32_t arc;  /* of the row of `tail`; NONE: a start */
} label;

/* An arc of `up` or `down` between a state and a higher one. */
typedef struct climb_arc {
    uint32_t row, arc, side;
} climb_arc;

struct roads_pair_query {
    base_mem *mem;
    roads_view view;
    size_t n_words;
    uint64_t *waiting[2]; /* bits of states; none between queries */
    label *labels[2];     /* of states that have been met in this query */
    BASE_ARRAY(climb_arc) arcs;
    BASE_ARRAY(uint32_t) streets;
    bool is_broken; /* an arc is not there: the index is forged */
};

typedef struct way {
    double weight;
    uint32_t top; /* its highest state; NONE: there is no way */
} way;

roads_pair_query *roads_pair_new(base_mem *mem, roads_view view)
{
    roads_pair_query *query = base_alloc_zeroed(mem, 1, sizeof *query);
    const size_t n = view.states->n_states;

    if (!query)
        return NULL;
    query->mem = mem;
    query->view = view;
    query->n_words = n / 64 + 1;
    for (int side = 0; side < 2; side++) {
        query->waiting[side] = base_alloc_zeroed(mem, query->n_words,
                                                 sizeof *query->waiting[side]);
        query->labels[side] =
            base_alloc_array(mem, n, sizeof *query->labels[side]);
        if (!query->waiting[side] || !query->labels[side])
            goto failed;
    }
    /* So that a way without streets is no NULL. */
    if (base_array_reserve(mem, &query->streets, 64))
        return query;

failed:
    roads_pair_free(query);
    return NULL;
}

void roads_pair_free(roads_pair_query *query)
{
    if (!query)
        return;
    for (int side = 0; side < 2; side++) {
        base_free(query->mem, query->waiting[side]);
        base_free(query->mem, query->labels[side]);
    }
    base_array_clear(query->mem, &query->arcs);
    base_array_clear(query->mem, &query->streets);
    base_free(query->mem, query);
}

/* ---- the search ---- */

static inline void meet(uint64_t *waiting, label *labels, uint32_t v,
                        double weight, uint32_t tail, uint32_t arc)
{
    const uint64_t bit = UINT64_C(1) << (v % 64);

    if (waiting[v / 64] & bit && !(weight < labels[v].weight))
        return;
    waiting[v / 64] |= bit;
    labels[v] = (label){ weight, tail, arc };
}

static inline void climb(uint64_t *waiting, label *labels,
                         const roads_graph *graph, uint32_t v)
{
    const double weight = labels[v].weight;

    for (uint32_t a = graph->first[v]; a < graph->first[v + 1]; a++)
        meet(waiting, labels, graph->ends[a], weight + graph->weights[a], v,
             a);
}

/* The number of the lowest state's word. */
static size_t set_out(roads_pair_query *query, int side,
                      const roads_spot_end *ends, uint32_t first,
                      uint32_t last)
{
    size_t lowest = query->n_words;

    for (uint32_t e = first; e < last; e++) {
        meet(query->waiting[side], query->labels[side], ends[e].state,
             ends[e].weight, e, ROADS_NONE);
        if (ends[e].state / 64 < lowest)
            lowest = ends[e].state / 64;
    }
    return lowest;
}

/* All states of word i that wait, and those of it that come to wait. */
static void climb_word(roads_pair_query *query, size_t i, way *best)
{
    const roads_metric *metric = query->view.metric;
    uint64_t *from = query->waiting[UP], *to = query->waiting[DOWN];
    label *a = query->labels[UP], *b = query->labels[DOWN];
    uint64_t left;

    while ((left = from[i] | to[i]) != 0) {
        const uint32_t v = (uint32_t)(i * 64) + __builtin_ctzll(left);
        const uint64_t bit = left & -left;
        const bool is_up = from[i] & bit, is_down = to[i] & bit;

        if (is_up && is_down && a[v].weight + b[v].weight < best->weight)
            *best = (way){ a[v].weight + b[v].weight, v };
        if (is_up && a[v].weight < best->weight)
            climb(from, a, &metric->up, v);
        if (is_down && b[v].weight < best->weight)
            climb(to, b, &metric->down, v);
        from[i] &= ~bit;
        to[i] &= ~bit;
    }
}

/* The best way that is below `limit`. */
static way search(roads_pair_query *query, const roads_spots *from_spots,
                  size_t from, const roads_spots *to_spots, size_t to,
                  double limit)
{
    way best = { limit, ROADS_NONE };
    const size_t up = set_out(query, UP, from_spots->starts,
                              from_spots->first_start[from],
                              from_spots->first_start[from + 1]);
    const size_t down = set_out(query, DOWN, to_spots->targets,
                                to_spots->first_target[to],
                                to_spots->first_target[to + 1]);

    for (size_t i = up < down ? up : down; i < query->n_words; i++)
        climb_word(query, i, &best);
    return best;
}

double roads_pair_weight(roads_pair_query *query,
                         const roads_spots *from_spots, size_t from,
                         const roads_spots *to_spots, size_t to)
{
    const double direct =
        roads_spots_direct(query->view, &from_spots->places[from],
                           &to_spots->places[to], NULL);

    return search(query, from_spots, from, to_spots, to, direct).weight;
}

/* ---- the streets ---- */

static const roads_graph *graph_of(const roads_pair_query *query,
                                   uint32_t side)
{
    return side == UP ? &query->view.metric->up : &query->view.metric->down;
}

/* Pushes the arc between a state and a higher one; room is there. */
static void push_arc(roads_pair_query *query, uint32_t side, uint32_t state,
                     uint32_t higher)
{
    const roads_graph *graph = graph_of(query, side);
    const uint32_t end = graph->first[state + 1];
    uint32_t low = graph->first[state], high = end;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (graph->ends[middle] < higher)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < end && graph->ends[low] == higher)
        query->arcs.items[query->arcs.n++] =
            (climb_arc){ state, low, side };
    else
        query->is_broken = true;
}

/*
 * Takes the arcs on the stack beyond `n` apart, the last of them first.  A
 * fastest way comes to no state twice: what is longer is none, and would be
 * without bounds where the arcs of a forged index lie in each other.
 */
static bool unpack(roads_pair_query *query, size_t n)
{
    const roads_states *states = query->view.states;
    const size_t most = states->n_states + 2;

    while (query->arcs.n > n) {
        const climb_arc it = query->arcs.items[--query->arcs.n];
        const roads_graph *graph = graph_of(query, it.side);
        const uint32_t via = graph->via[it.arc], end = graph->ends[it.arc];

        if (via & ROADS_VIA_ARC) {
            query->is_broken |= query->streets.n > most;
            if (query->is_broken
                || !base_array_push(query->mem, &query->streets,
                                    states->arc_streets[via & ~ROADS_VIA_ARC]))
                return false;
            continue;
        }
        if (!base_array_reserve(query->mem, &query->arcs, 2))
            return false;
        push_arc(query, UP, via, it.side == UP ? end : it.row);
        push_arc(query, DOWN, via, it.side == UP ? it.row : end);
        if (query->is_broken)
            return false;
    }
    return true;
}

/* The arcs climbed to the top, the last first; where they set out from. */
static bool arcs_to_top(roads_pair_query *query, uint32_t top, uint32_t *start)
{
    const label *labels = query->labels[UP];

    query->arcs.n = 0;
    for (; labels[top].arc != ROADS_NONE; top = labels[top].tail)
        if (!base_array_push(query->mem, &query->arcs,
                             ((climb_arc){ labels[top].tail, labels[top].arc,
                                           UP })))
            return false;
    *start = labels[top].tail;
    return true;
}

/* The arcs from the top down, taken apart as they come. */
static bool streets_from_top(roads_pair_query *query, uint32_t top,
                             uint32_t *target)
{
    const label *labels = query->labels[DOWN];

    for (; labels[top].arc != ROADS_NONE; top = labels[top].tail)
        if (!base_array_push(query->mem, &query->arcs,
                             ((climb_arc){ labels[top].tail, labels[top].arc,
                                           DOWN }))
            || !unpack(query, 0))
            return false;
    *target = labels[top].tail;
    return true;
}

static bool push_street(roads_pair_query *query, uint32_t street)
{
    return street == ROADS_NONE
           || base_array_push(query->mem, &query->streets, street);
}

static bool find_streets(roads_pair_query *query,
                         const roads_spots *from_spots,
                         const roads_spots *to_spots, uint32_t top)
{
    uint32_t start, target;

    return arcs_to_top(query, top, &start)
           && push_street(query, from_spots->starts[start].street)
           && unpack(query, 0) && streets_from_top(query, top, &target)
           && push_street(query, to_spots->targets[target].street);
}

const uint32_t *roads_pair_streets(roads_pair_query *query,
                                   const roads_spots *from_spots, size_t from,
                                   const roads_spots *to_spots, size_t to,
                                   size_t *n, double *weight)
{
    uint32_t street = ROADS_NONE;
    const double direct =
        roads_spots_direct(query->view, &from_spots->places[from],
                           &to_spots->places[to], &street);
    const way best = search(query, from_spots, from, to_spots, to, direct);
    bool is_done;

    *n = 0;
    *weight = best.weight;
    query->arcs.n = query->streets.n = 0;
    query->is_broken = false;
    if (best.top != ROADS_NONE)
        is_done = find_streets(query, from_spots, to_spots, best.top);
    else
        is_done = best.weight < ROADS_FAR ? push_street(query, street) : true;
    if (query->is_broken) {
        *weight = ROADS_CLOSED;
        return query->streets.items;
    }
    if (!is_done)
        return NULL;
    *n = query->streets.n;
    return query->streets.items;
}
