/*
 * roads_states.c - see roads_states.h: the states of a mode where turns count,
 * and what both manners share.  Where they do not: roads_states_plain.c.
 *
 * A state is a street in a phase (roads_turns.h), and where a restriction
 * binds who came a certain way, with a node of its tree: these copies are
 * found by following all turns from the streets that such runs begin with.
 */
#include "roads_states_build.h"

#include <stdlib.h>
#include <string.h>

typedef struct copy {
    uint32_t street, node;
    uint32_t next; /* of the same street, found before; ROADS_NONE */
    uint32_t state;
    uint8_t phase;
} copy;

typedef struct slot { /* a state */
    uint32_t street, node;
    uint8_t phase;
} slot;

typedef struct builder {
    base_run *run;
    const roads_turns *turns;
    roads_turn *buffer;
    BASE_ARRAY(copy) copies;
    uint32_t *copy_of;    /* of 2 * node + (phase is IN); ROADS_NONE */
    uint32_t *first_copy; /* of streets; NULL where there are no nodes */
    BASE_ARRAY(slot) slots;
    uint32_t *state_of;   /* of 2 * street + (phase is IN) */
} builder;

/* ---- order ---- */

static int compare_keys(const void *a, const void *b)
{
    const roads_keyed *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

void roads_keyed_sort(roads_keyed *items, size_t n)
{
    if (n > 0)
        qsort(items, n, sizeof *items, compare_keys);
}

static roads_keyed *order_links(base_mem *mem, const roads_map *map,
                                const roads_dissection *dissection)
{
    roads_keyed *order = base_alloc_array(mem, map->n_links, sizeof *order);

    for (uint32_t l = 0; order && l < map->n_links; l++)
        order[l] = (roads_keyed){
            dissection ? roads_dissection_link_key(
                             dissection, map->links[l].from, map->links[l].to)
                       : 0,
            l
        };
    if (order && dissection)
        roads_keyed_sort(order, map->n_links);
    return order;
}

/*
 * The usable streets of the links of one cut by their direction (see
 * roads_dissect.h), the direction that has more of them first; their number.
 */
static size_t order_cut(const roads_turns *turns, const roads_dissection *d,
                        const roads_keyed *links, size_t n_links,
                        uint32_t *out)
{
    size_t n[2] = { 0, 0 }, at[2] = { 0, 0 };

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < 2 * n_links; i++) {
            const uint32_t street = 2 * links[i / 2].id + (i & 1);
            const bool back =
                d
                && roads_dissection_goes_back(
                    d, roads_street_tail(turns->map, street),
                    roads_street_head(turns->map, street));

            if (!turns->usable[street])
                continue;
            if (pass == 0)
                n[back]++;
            else
                out[at[back]++] = street;
        }
        at[n[1] <= n[0]] = n[1] > n[0] ? n[1] : n[0];
    }
    return n[0] + n[1];
}

/* Usable streets by the cuts that they cross, lowest first. */
static bool order_streets(base_mem *mem, const roads_turns *turns,
                          const roads_dissection *dissection,
                          uint32_t *streets, size_t *n)
{
    const size_t n_links = turns->map->n_links;
    roads_keyed *links = order_links(mem, turns->map, dissection);

    *n = 0;
    for (size_t i = 0, end = 0; links && i < n_links; i = end) {
        while (end < n_links && links[end].key == links[i].key)
            end++;
        *n += order_cut(turns, dissection, links + i, end - i, streets + *n);
    }
    base_free(mem, links);
    return links;
}

/* ---- copies for restrictions over several streets ---- */

static bool add_copy(builder *b, const roads_turn *turn)
{
    uint32_t *at = &b->copy_of[2 * (size_t)turn->node
                               + (turn->phase == ROADS_PHASE_IN)];
    uint32_t *first = &b->first_copy[turn->street];
    const copy made = { turn->street, turn->node, *first, ROADS_NONE,
                        turn->phase };

    if (*at != ROADS_NONE)
        return true;
    *at = *first = (uint32_t)b->copies.n;
    return base_array_push(b->run->mem, &b->copies, made);
}

static bool follow(builder *b, uint32_t street, roads_phase phase,
                   uint32_t node)
{
    const size_t n = roads_turns_from(b->turns, street, phase, node,
                                      b->buffer);

    for (size_t i = 0; i < n; i++)
        if (b->buffer[i].node != ROADS_NONE && !add_copy(b, &b->buffer[i]))
            return false;
    return true;
}

static bool find_copies(builder *b)
{
    const roads_turns *t = b->turns;
    const size_t n_streets = 2 * t->map->n_links;

    if (t->n_nodes == 0)
        return true;
    b->copy_of = base_alloc_array(b->run->mem, 2 * t->n_nodes,
                                  sizeof *b->copy_of);
    b->first_copy = base_alloc_array(b->run->mem, n_streets,
                                     sizeof *b->first_copy);
    if (!b->copy_of || !b->first_copy)
        return false;
    memset(b->copy_of, 0xff, 2 * t->n_nodes * sizeof *b->copy_of);
    memset(b->first_copy, 0xff, n_streets * sizeof *b->first_copy);
    for (size_t i = 0; i < t->n_nodes; i++) {
        const uint32_t street = t->nodes[i].street;
        const bool is_end = t->ends[street / 2];

        if (t->nodes[i].depth > 1)
            continue;
        if (!follow(b, street, is_end ? ROADS_PHASE_OUT : ROADS_PHASE_CORE,
                    ROADS_NONE)
            || (is_end && !follow(b, street, ROADS_PHASE_IN, ROADS_NONE)))
            return false;
    }
    for (size_t i = 0; i < b->copies.n; i++) {
        const copy c = b->copies.items[i];

        if (!follow(b, c.street, c.phase, c.node))
            return false;
    }
    return true;
}

/* ---- numbers ---- */

static bool add_slot(builder *b, uint32_t street, roads_phase phase,
                     uint32_t node)
{
    const slot made = { street, node, (uint8_t)phase };

    return base_array_push(b->run->mem, &b->slots, made);
}

/* A street's states: from the beginning or of the core; at the end; copies. */
static bool number_street(builder *b, uint32_t street)
{
    const bool is_end = b->turns->ends[street / 2];
    uint32_t c = b->first_copy ? b->first_copy[street] : ROADS_NONE;

    b->state_of[2 * (size_t)street] = (uint32_t)b->slots.n;
    if (!add_slot(b, street, is_end ? ROADS_PHASE_OUT : ROADS_PHASE_CORE,
                  ROADS_NONE))
        return false;
    if (is_end) {
        b->state_of[2 * (size_t)street + 1] = (uint32_t)b->slots.n;
        if (!add_slot(b, street, ROADS_PHASE_IN, ROADS_NONE))
            return false;
    }
    for (; c != ROADS_NONE; c = b->copies.items[c].next) {
        b->copies.items[c].state = (uint32_t)b->slots.n;
        if (!add_slot(b, street, b->copies.items[c].phase,
                      b->copies.items[c].node))
            return false;
    }
    return true;
}

static bool number_states(builder *b, const roads_dissection *dissection)
{
    const size_t n_streets = 2 * b->turns->map->n_links;
    uint32_t *order = base_alloc_array(b->run->mem, n_streets, sizeof *order);
    size_t n;
    bool good;

    b->state_of = base_alloc_array(b->run->mem, 2 * n_streets,
                                   sizeof *b->state_of);
    good = order && b->state_of
           && base_array_reserve(b->run->mem, &b->slots, n_streets)
           && order_streets(b->run->mem, b->turns, dissection, order, &n);
    for (size_t i = 0; good && i < n; i++)
        good = number_street(b, order[i]);
    base_free(b->run->mem, order);
    return good;
}

static uint32_t state_after(const builder *b, const roads_turn *turn)
{
    const bool is_in = turn->phase == ROADS_PHASE_IN;

    if (turn->node == ROADS_NONE)
        return b->state_of[2 * (size_t)turn->street
                           + (is_in && b->turns->ends[turn->street / 2])];
    return b->copies
        .items[b->copy_of[2 * (size_t)turn->node + is_in]]
        .state;
}

/* ---- arcs ---- */

bool roads_arcs_add(base_mem *mem, roads_arcs *arcs, uint32_t head,
                    uint32_t street, uint16_t turn)
{
    if (arcs->n >= ROADS_NONE)
        return false;
    if (arcs->n == arcs->capacity) {
        const size_t wanted = arcs->capacity + arcs->capacity / 2 + 64;
        uint32_t *heads = base_realloc_array(mem, arcs->heads, wanted,
                                             sizeof *heads);
        uint32_t *streets;
        uint16_t *turns;

        if (!heads)
            return false;
        arcs->heads = heads;
        streets = base_realloc_array(mem, arcs->streets, wanted,
                                     sizeof *streets);
        if (!streets)
            return false;
        arcs->streets = streets;
        turns = base_realloc_array(mem, arcs->turns, wanted, sizeof *turns);
        if (!turns)
            return false;
        arcs->turns = turns;
        arcs->capacity = wanted;
    }
    arcs->heads[arcs->n] = head;
    arcs->streets[arcs->n] = street;
    arcs->turns[arcs->n++] = turn;
    return true;
}

static gb_status fill_arcs(builder *b, roads_arcs *arcs, uint32_t *first)
{
    const size_t n_states = b->slots.n;

    for (size_t v = 0; v < n_states; v++) {
        const gb_status status = base_poll(b->run);
        const slot s = b->slots.items[v];
        const size_t n = roads_turns_from(b->turns, s.street, s.phase, s.node,
                                          b->buffer);

        if (status)
            return status;
        first[v] = (uint32_t)arcs->n;
        for (size_t i = 0; i < n; i++)
            if (!roads_arcs_add(b->run->mem, arcs,
                                state_after(b, &b->buffer[i]), s.street,
                                b->buffer[i].code))
                return base_fail_nomem(b->run->ctx);
    }
    first[n_states] = (uint32_t)arcs->n;
    return GB_OK;
}

static void fill_starts(const builder *b, uint32_t *starts)
{
    for (size_t s = 0; s < 2 * b->turns->map->n_links; s++)
        starts[s] = b->turns->usable[s] ? b->state_of[2 * s] : ROADS_NONE;
}

/* Rows of states by street; in a row by number. */
static void fill_targets(const builder *b, uint32_t *first, uint32_t *targets)
{
    const size_t n_streets = 2 * b->turns->map->n_links;

    memset(first, 0, (n_streets + 1) * sizeof *first);
    for (size_t v = 0; v < b->slots.n; v++)
        first[b->slots.items[v].street + 1]++;
    for (size_t s = 0; s < n_streets; s++)
        first[s + 1] += first[s];
    for (size_t v = b->slots.n; v-- > 0;)
        targets[--first[b->slots.items[v].street + 1]] = (uint32_t)v;
    /* Each entry now is where its own row begins: one place too far on. */
    memmove(first, first + 1, n_streets * sizeof *first);
    first[n_streets] = (uint32_t)b->slots.n;
}

static gb_status build_streets(base_run *run, const roads_turns *turns,
                               const roads_dissection *dissection,
                               roads_states_built *out, roads_arcs *arcs)
{
    const size_t n_streets = 2 * turns->map->n_links;
    builder b = { .run = run, .turns = turns };
    gb_status status = GB_OK;

    b.buffer = base_alloc_array(run->mem, turns->max_degree,
                                sizeof *b.buffer);
    if (!b.buffer || !find_copies(&b) || !number_states(&b, dissection)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    out->view.n_states = out->view.n_targets = b.slots.n;
    out->first_arc = base_alloc_array(run->mem, b.slots.n + 1, 4);
    out->starts = base_alloc_array(run->mem, n_streets, 4);
    out->first_target = base_alloc_array(run->mem, n_streets + 1, 4);
    out->targets = base_alloc_array(run->mem, b.slots.n, 4);
    if (!out->first_arc || !out->starts || !out->first_target
        || !out->targets) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    fill_starts(&b, out->starts);
    fill_targets(&b, out->first_target, out->targets);
    status = fill_arcs(&b, arcs, out->first_arc);

done:
    base_free(run->mem, b.buffer);
    base_array_clear(run->mem, &b.copies);
    base_array_clear(run->mem, &b.slots);
    base_free(run->mem, b.copy_of);
    base_free(run->mem, b.first_copy);
    base_free(run->mem, b.state_of);
    return status;
}

static bool trim(base_mem *mem, void **block, size_t n, size_t size)
{
    void *less = base_realloc_array(mem, *block, n, size);

    if (less)
        *block = less;
    return less;
}

/* Hand the arcs over, as long as they are. */
static bool give_arcs(base_mem *mem, roads_arcs *arcs, roads_states_built *out)
{
    void *blocks[3] = { arcs->heads, arcs->streets, arcs->turns };
    bool good = trim(mem, &blocks[0], arcs->n, 4);

    good = trim(mem, &blocks[1], arcs->n, 4) && good;
    good = trim(mem, &blocks[2], arcs->n, 2) && good;
    out->heads = blocks[0];
    out->arc_streets = blocks[1];
    out->arc_turns = blocks[2];
    out->view.n_arcs = arcs->n;
    return good;
}

static void point_view(roads_states_built *out)
{
    out->view.first_arc = out->first_arc;
    out->view.heads = out->heads;
    out->view.arc_streets = out->arc_streets;
    out->view.arc_turns = out->arc_turns;
    out->view.starts = out->starts;
    out->view.first_target = out->first_target;
    out->view.targets = out->targets;
    out->view.ends = out->ends;
}

gb_status roads_states_build(base_run *run, const roads_map *map,
                             const roads_profile *profile, gb_mode mode,
                             const roads_dissection *dissection,
                             roads_states_built *out)
{
    roads_turns turns;
    roads_arcs arcs = { NULL, NULL, NULL, 0, 0 };
    gb_status status;

    memset(out, 0, sizeof *out);
    status = roads_turns_init(run, map, profile, mode, &turns);
    if (!status)
        status = turns.is_turn_aware
                     ? build_streets(run, &turns, dissection, out, &arcs)
                     : roads_states_build_plain(run, &turns, dissection, out,
                                                &arcs);
    if (!give_arcs(run->mem, &arcs, out) && !status)
        status = base_fail_nomem(run->ctx);
    out->ends = turns.ends;
    turns.ends = NULL;
    roads_turns_clear(run->mem, &turns);
    point_view(out);
    return status;
}

void roads_states_clear(base_mem *mem, roads_states_built *built)
{
    base_free(mem, built->first_arc);
    base_free(mem, built->heads);
    base_free(mem, built->arc_streets);
    base_free(mem, built->arc_turns);
    base_free(mem, built->starts);
    base_free(mem, built->first_target);
    base_free(mem, built->targets);
    base_free(mem, built->ends);
    memset(built, 0, sizeof *built);
}
