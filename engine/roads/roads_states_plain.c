/*
 * roads_states_plain.c - the states of a mode where turns neither cost time
 * nor are forbidden: the vertices, in the phases that they are come to in.
 */
#include <string.h>

#include "roads_states_build.h"

typedef struct builder {
    base_run *run;
    const roads_turns *turns;
    uint32_t *state_of;        /* of 3 * vertex + phase; ROADS_NONE */
    uint32_t *places;          /* 3 * vertex + phase of each state */
    size_t n_states;
} builder;

/* The phase in which a street's beginning is left at a route's beginning. */
static roads_phase start_phase(const roads_turns *t, uint32_t street)
{
    const uint32_t tail = roads_street_tail(t->map, street);

    return t->ends[street / 2] || roads_vertex_is_shut(t->map, tail, t->mode)
                   || roads_vertex_is_private(t->map, tail, t->mode)
               ? ROADS_PHASE_OUT
               : ROADS_PHASE_CORE;
}

/*
 * The phase at the head of a usable street that is taken in a phase; COUNT:
 * it is not taken.  From the core to the core nobody passes a private vertex.
 */
static roads_phase phase_after(const roads_turns *t, uint32_t street,
                               roads_phase phase)
{
    if (t->ends[street / 2])
        return phase == ROADS_PHASE_OUT ? ROADS_PHASE_OUT : ROADS_PHASE_IN;
    if (phase == ROADS_PHASE_IN
        || (phase == ROADS_PHASE_CORE
            && roads_vertex_is_private(
                t->map, roads_street_tail(t->map, street), t->mode)))
        return ROADS_PHASE_COUNT;
    return ROADS_PHASE_CORE;
}

/* Phases that a vertex is begun at or come to in, as bits. */
static void find_phases(const roads_turns *t, uint8_t *phases)
{
    memset(phases, 0, t->map->n_vertices);
    for (uint32_t s = 0; s < 2 * t->map->n_links; s++) {
        const uint32_t head = roads_street_head(t->map, s);

        if (!t->usable[s])
            continue;
        phases[roads_street_tail(t->map, s)] |=
            (uint8_t)(1 << start_phase(t, s));
        if (!roads_vertex_is_shut(t->map, head, t->mode))
            phases[head] |= t->ends[s / 2]
                                ? 1 << ROADS_PHASE_OUT | 1 << ROADS_PHASE_IN
                                : 1 << ROADS_PHASE_CORE;
    }
}

static roads_keyed *order_vertices(base_mem *mem, const roads_map *map,
                                   const roads_dissection *dissection)
{
    roads_keyed *order = base_alloc_array(mem, map->n_vertices,
                                          sizeof *order);

    for (uint32_t v = 0; order && v < map->n_vertices; v++)
        order[v] = (roads_keyed){
            dissection ? roads_dissection_vertex_key(dissection, v) : 0, v
        };
    if (order && dissection)
        roads_keyed_sort(order, map->n_vertices);
    return order;
}

static bool number_states(builder *b, const roads_dissection *dissection)
{
    const roads_map *map = b->turns->map;
    base_mem *mem = b->run->mem;
    roads_keyed *order = order_vertices(mem, map, dissection);
    uint8_t *phases = base_alloc_array(mem, map->n_vertices, 1);
    const bool good = order && phases;

    b->state_of = base_alloc_array(mem, map->n_vertices,
                                   3 * sizeof *b->state_of);
    b->places = base_alloc_array(mem, map->n_vertices, 3 * sizeof *b->places);
    if (good)
        find_phases(b->turns, phases);
    for (size_t i = 0; good && b->state_of && b->places
                       && i < 3 * map->n_vertices;
         i++) {
        const uint32_t place = 3 * order[i / 3].id + (uint32_t)(i % 3);

        b->state_of[place] = ROADS_NONE;
        if (phases[place / 3] >> place % 3 & 1) {
            b->places[b->n_states] = place;
            b->state_of[place] = (uint32_t)b->n_states++;
        }
    }
    base_free(mem, order);
    base_free(mem, phases);
    return good && b->state_of && b->places;
}

static gb_status fill_arcs(const builder *b, roads_arcs *arcs, uint32_t *first)
{
    const roads_turns *t = b->turns;
    const roads_map *map = t->map;

    for (size_t i = 0; i < b->n_states; i++) {
        const uint32_t v = b->places[i] / 3;
        const gb_status status = base_poll(b->run);

        if (status)
            return status;
        first[i] = (uint32_t)arcs->n;
        for (uint32_t k = map->first_street[v]; k < map->first_street[v + 1];
             k++) {
            const uint32_t s = map->streets[k], w = roads_street_head(map, s);
            const roads_phase then =
                phase_after(t, s, (roads_phase)(b->places[i] % 3));

            if (!t->usable[s] || then == ROADS_PHASE_COUNT
                || roads_vertex_is_shut(map, w, t->mode))
                continue;
            if (!roads_arcs_add(b->run->mem, arcs,
                                b->state_of[3 * (size_t)w + then], s,
                                ROADS_TURN_NONE))
                return base_fail_nomem(b->run->ctx);
        }
    }
    first[b->n_states] = (uint32_t)arcs->n;
    return GB_OK;
}

/* Where a street can be taken from by who comes along: not at a shut vertex.
 * Returns how many; `out` may be NULL. */
static size_t targets_of(const builder *b, uint32_t street, uint32_t *out)
{
    const roads_turns *t = b->turns;
    const uint32_t tail = roads_street_tail(t->map, street);
    size_t n = 0;

    if (!t->usable[street] || roads_vertex_is_shut(t->map, tail, t->mode))
        return 0;
    for (int p = 0; p < ROADS_PHASE_COUNT; p++) {
        const uint32_t state = b->state_of[3 * (size_t)tail + (size_t)p];

        if (state == ROADS_NONE
            || phase_after(t, street, (roads_phase)p) == ROADS_PHASE_COUNT)
            continue;
        if (out)
            out[n] = state;
        n++;
    }
    return n;
}

static bool fill_ends(const builder *b, roads_states_built *out)
{
    const size_t n_streets = 2 * b->turns->map->n_links;
    uint32_t n = 0;

    for (uint32_t s = 0; s < n_streets; s++) {
        out->first_target[s] = n;
        n += (uint32_t)targets_of(b, s, NULL);
        out->starts[s] =
            b->turns->usable[s]
                ? b->state_of[3 * (size_t)roads_street_tail(b->turns->map, s)
                              + start_phase(b->turns, s)]
                : ROADS_NONE;
    }
    out->first_target[n_streets] = n;
    out->view.n_targets = n;
    out->targets = base_alloc_array(b->run->mem, n, sizeof *out->targets);
    for (uint32_t s = 0; out->targets && s < n_streets; s++)
        targets_of(b, s, out->targets + out->first_target[s]);
    return out->targets;
}

gb_status roads_states_build_plain(base_run *run, const roads_turns *turns,
                                   const roads_dissection *dissection,
                                   roads_states_built *out, roads_arcs *arcs)
{
    const size_t n_streets = 2 * turns->map->n_links;
    builder b = { .run = run, .turns = turns };
    gb_status status = GB_OK;

    if (!number_states(&b, dissection)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    out->view.n_states = b.n_states;
    out->first_arc = base_alloc_array(run->mem, b.n_states + 1, 4);
    out->starts = base_alloc_array(run->mem, n_streets, 4);
    out->first_target = base_alloc_array(run->mem, n_streets + 1, 4);
    if (!out->first_arc || !out->starts || !out->first_target
        || !fill_ends(&b, out)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = fill_arcs(&b, arcs, out->first_arc);

done:
    base_free(run->mem, b.state_of);
    base_free(run->mem, b.places);
    return status;
}
