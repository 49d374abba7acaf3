/*
 * roads_turns.c - see roads_turns.h.
 */
#include "roads_turns.h"

#include <string.h>

#include "base_array.h"

enum {
    NODE_FORBIDDEN = 1, /* a `no` ends with it: it is not travelled */
    NODE_NAMED = 2,     /* an `only` prescribes its last street */
    NODE_HAS_NAMED = 4  /* ... of a child: no other street follows */
};

/* ---- restrictions ---- */

static uint32_t child_of(const roads_turns *t, uint32_t node, uint32_t street)
{
    uint32_t child = t->nodes[node].first_child;

    while (child != ROADS_NONE && t->nodes[child].street != street)
        child = t->nodes[child].next_sibling;
    return child;
}

static uint32_t add_node(roads_turns *t, uint32_t street, uint32_t depth)
{
    t->nodes[t->n_nodes] = (roads_ban_node){ street, ROADS_NONE, ROADS_NONE,
                                             ROADS_NONE, depth, 0 };
    return (uint32_t)t->n_nodes++;
}

static uint32_t add_child(roads_turns *t, uint32_t node, uint32_t street)
{
    uint32_t child = child_of(t, node, street);

    if (child == ROADS_NONE) {
        child = add_node(t, street, t->nodes[node].depth + 1);
        t->nodes[child].next_sibling = t->nodes[node].first_child;
        t->nodes[node].first_child = child;
    }
    return child;
}

static void add_run(roads_turns *t, const uint32_t *streets, size_t n,
                    bool is_only)
{
    uint32_t node = t->node_of[streets[0]];

    if (node == ROADS_NONE)
        node = t->node_of[streets[0]] = add_node(t, streets[0], 1);
    for (size_t i = 1; i < n; i++) {
        const uint32_t child = add_child(t, node, streets[i]);

        if (is_only && (i > 1 || n == 2)) {
            t->nodes[child].flags |= NODE_NAMED;
            t->nodes[node].flags |= NODE_HAS_NAMED;
        }
        if (!is_only && i + 1 == n)
            t->nodes[child].flags |= NODE_FORBIDDEN;
        node = child;
    }
}

static bool binds_mode(const roads_turns *t, size_t ban)
{
    const roads_map *map = t->map;

    if (!(map->ban_modes[ban] >> t->mode & 1))
        return false;
    for (uint32_t i = map->first_ban[ban]; i < map->first_ban[ban + 1]; i++)
        if (!t->usable[map->ban_streets[i]])
            return false;
    return true;
}

/* Level by level: what a node ends with is found from its parent's. */
static bool find_shorter(base_mem *mem, roads_turns *t)
{
    uint32_t *queue = base_alloc_array(mem, t->n_nodes, sizeof *queue);
    size_t n = 0;

    if (!queue)
        return false;
    for (uint32_t i = 0; i < t->n_nodes; i++)
        if (t->nodes[i].depth == 1)
            queue[n++] = i;
    for (size_t i = 0; i < n; i++) {
        const uint32_t node = queue[i];
        uint32_t child = t->nodes[node].first_child;

        for (; child != ROADS_NONE; child = t->nodes[child].next_sibling) {
            const uint32_t street = t->nodes[child].street;
            uint32_t from = t->nodes[node].shorter, found = ROADS_NONE;

            for (; from != ROADS_NONE && found == ROADS_NONE;
                 from = t->nodes[from].shorter)
                found = child_of(t, from, street);
            t->nodes[child].shorter =
                found != ROADS_NONE ? found : t->node_of[street];
            queue[n++] = child;
        }
    }
    base_free(mem, queue);
    return true;
}

static bool find_bans(base_mem *mem, roads_turns *t)
{
    const roads_map *map = t->map;
    size_t n = 0;

    for (size_t b = 0; t->is_turn_aware && b < map->n_bans; b++)
        if (binds_mode(t, b))
            n += map->first_ban[b + 1] - map->first_ban[b];
    if (n == 0)
        return true;
    t->nodes = base_alloc_array(mem, n, sizeof *t->nodes);
    t->node_of = base_alloc_array(mem, 2 * map->n_links, sizeof *t->node_of);
    if (!t->nodes || !t->node_of)
        return false;
    memset(t->node_of, 0xff, 2 * map->n_links * sizeof *t->node_of);
    for (size_t b = 0; b < map->n_bans; b++)
        if (binds_mode(t, b))
            add_run(t, map->ban_streets + map->first_ban[b],
                    map->first_ban[b + 1] - map->first_ban[b],
                    map->ban_modes[b] & ROADS_BAN_ONLY);
    return find_shorter(mem, t);
}

/*
 * May a street follow for who is bound by `node` and all that it ends with?
 * *next: what binds on it.  Nodes that no run goes on from bind nobody.
 */
static bool is_allowed(const roads_turns *t, uint32_t node, uint32_t street,
                       uint32_t *next)
{
    *next = ROADS_NONE;
    for (; node != ROADS_NONE; node = t->nodes[node].shorter) {
        const uint32_t child = child_of(t, node, street);
        const uint8_t flags =
            child == ROADS_NONE ? 0 : t->nodes[child].flags;

        if (flags & NODE_FORBIDDEN)
            return false;
        if ((t->nodes[node].flags & NODE_HAS_NAMED) && !(flags & NODE_NAMED))
            return false;
        if (*next == ROADS_NONE && child != ROADS_NONE
            && t->nodes[child].first_child != ROADS_NONE)
            *next = child;
    }
    return true;
}

/* ---- turns ---- */

static roads_phase phase_after(roads_phase phase, bool is_end)
{
    if (!is_end)
        return phase == ROADS_PHASE_IN ? ROADS_PHASE_COUNT : ROADS_PHASE_CORE;
    return phase == ROADS_PHASE_OUT ? ROADS_PHASE_OUT : ROADS_PHASE_IN;
}

/* Where a street becomes another, with nothing to decide: a change of kind or
 * name, a barrier.  Within links bends cost nothing; nor do they there. */
static bool is_bend(const roads_map *map, uint32_t vertex)
{
    return map->first_street[vertex + 1] - map->first_street[vertex] == 2;
}

static uint16_t turn_code(const roads_map *map, uint32_t vertex,
                          uint32_t street, uint32_t next)
{
    /* Bearings are of setting out: the end of a street is its way back. */
    const uint8_t back = map->links[street / 2].bearing[~street & 1];
    const uint8_t out = map->links[next / 2].bearing[next & 1];
    const bool is_back = next == (street ^ 1);
    uint32_t code = (uint8_t)(out - back + 128);

    if (is_bend(map, vertex) && !is_back)
        code = 0;
    if (map->vertex_flags[vertex] & ROADS_NODE_SIGNAL)
        code |= ROADS_TURN_SIGNAL;
    if (is_back)
        code |= ROADS_TURN_BACK;
    return (uint16_t)code;
}

/*
 * Turning back is the only thing to do where nothing else follows that goes
 * on as long: who is in the core cannot go through by a street for ends only.
 */
static void mark_dead_end(roads_turn *turns, size_t n, roads_phase phase)
{
    roads_turn *back = NULL;

    for (size_t i = 0; i < n; i++)
        if (turns[i].code & ROADS_TURN_BACK)
            back = &turns[i];
        else if (phase != ROADS_PHASE_CORE
                 || turns[i].phase == ROADS_PHASE_CORE)
            return;
    if (back)
        back->code |= ROADS_TURN_DEAD_END;
}

size_t roads_turns_from(const roads_turns *t, uint32_t street,
                        roads_phase phase, uint32_t node, roads_turn *out)
{
    const roads_map *map = t->map;
    const uint32_t v = roads_street_head(map, street);
    const bool is_shut = roads_vertex_is_shut(map, v, t->mode);
    const bool is_barred = !t->ends[street / 2]
                           && roads_vertex_is_private(map, v, t->mode);
    size_t n = 0;

    if (node == ROADS_NONE && t->node_of)
        node = t->node_of[street];
    for (uint32_t i = map->first_street[v]; i < map->first_street[v + 1];
         i++) {
        const uint32_t next = map->streets[i];
        const bool is_end = t->ends[next / 2];
        const roads_phase then = phase_after(phase, is_end);
        uint32_t bound = ROADS_NONE;

        if (!t->usable[next] || then == ROADS_PHASE_COUNT)
            continue;
        if (next != (street ^ 1) && (is_shut || (is_barred && !is_end)))
            continue;
        if (node != ROADS_NONE && !is_allowed(t, node, next, &bound))
            continue;
        out[n++] = (roads_turn){ next, bound, turn_code(map, v, street, next),
                                 (uint8_t)then };
    }
    mark_dead_end(out, n, phase);
    return n;
}

/* ---- which streets, and which of them are the core ---- */

/* Judged once a kind. */
static bool find_usable(base_mem *mem, const roads_profile *profile,
                        roads_turns *t)
{
    const roads_map *map = t->map;
    uint8_t *facts = base_alloc_array(mem, map->n_kinds, 1);

    if (!facts)
        return false;
    for (size_t k = 0; k < map->n_kinds; k++) {
        const roads_kind *kind = &map->kinds[k];

        facts[k] = (uint8_t)(roads_profile_can(kind, t->mode, 0)
                             | roads_profile_can(kind, t->mode, 1) << 1
                             | roads_profile_is_end(profile, kind, t->mode)
                                   << 2);
    }
    for (size_t l = 0; l < map->n_links; l++) {
        const uint8_t fact = facts[map->links[l].kind];

        t->usable[2 * l] = fact & 1;
        t->usable[2 * l + 1] = fact >> 1 & 1;
        t->ends[l] = (fact & 3) && fact >> 2;
    }
    base_free(mem, facts);
    return true;
}

static size_t find_max_degree(const roads_map *map)
{
    size_t max = 0;

    for (size_t v = 0; v < map->n_vertices; v++) {
        const size_t n = map->first_street[v + 1] - map->first_street[v];

        max = n > max ? n : max;
    }
    return max;
}

/* Is it a street that the core may be made of? */
static bool is_open(const roads_turns *t, size_t street)
{
    return t->usable[street] && !t->ends[street / 2];
}

/* What follows what among the open streets, restrictions of two included. */
static gb_status fill_open(base_run *run, const roads_turns *t,
                           roads_turn *turns, uint32_t *first,
                           uint32_t **heads)
{
    size_t n = 0, capacity = 0;

    for (uint32_t s = 0; s < 2 * t->map->n_links; s++) {
        const gb_status status = base_poll(run);
        size_t n_turns = 0;

        if (status)
            return status;
        first[s] = (uint32_t)n;
        if (is_open(t, s))
            n_turns = roads_turns_from(t, s, ROADS_PHASE_CORE, ROADS_NONE,
                                       turns);
        if (n + n_turns >= ROADS_NONE)
            return base_fail_nomem(run->ctx);
        if (capacity - n < n_turns
            && !base_array_grow(run->mem, (void **)(void *)heads, &capacity,
                                n, n_turns, sizeof **heads))
            return base_fail_nomem(run->ctx);
        for (size_t i = 0; i < n_turns; i++)
            if (turns[i].phase == ROADS_PHASE_CORE)
                (*heads)[n++] = turns[i].street;
    }
    first[2 * t->map->n_links] = (uint32_t)n;
    return GB_OK;
}

/* The part with the most open streets, of equal ones that with the lowest. */
static uint32_t largest_part(const roads_turns *t, const uint32_t *part,
                             uint32_t *sizes, size_t n_parts)
{
    uint32_t best = ROADS_NONE;

    memset(sizes, 0, n_parts * sizeof *sizes);
    for (size_t s = 0; s < 2 * t->map->n_links; s++)
        sizes[part[s]] += is_open(t, s);
    for (size_t s = 0; s < 2 * t->map->n_links; s++)
        if (is_open(t, s)
            && (best == ROADS_NONE || sizes[part[s]] > sizes[best]))
            best = part[s];
    return best;
}

/* What is open but not of the largest part is for a route's end only. */
static gb_status find_core(base_run *run, roads_turns *t)
{
    const size_t n = 2 * t->map->n_links;
    uint32_t *first = base_alloc_array(run->mem, n + 1, sizeof *first);
    uint32_t *part = base_alloc_array(run->mem, n, sizeof *part);
    roads_turn *turns = base_alloc_array(run->mem, t->max_degree,
                                         sizeof *turns);
    uint32_t *heads = NULL, core;
    gb_status status = GB_OK;
    size_t n_parts;

    if (!first || !part || !turns)
        status = base_fail_nomem(run->ctx);
    if (!status)
        status = fill_open(run, t, turns, first, &heads);
    if (!status
        && !roads_parts_find(run->mem, n, first, heads, part, &n_parts))
        status = base_fail_nomem(run->ctx);
    if (!status) {
        core = largest_part(t, part, first, n_parts);
        for (size_t l = 0; l < t->map->n_links; l++)
            if (!t->ends[l])
                t->ends[l] = (is_open(t, 2 * l) || is_open(t, 2 * l + 1))
                             && !(is_open(t, 2 * l) && part[2 * l] == core)
                             && !(is_open(t, 2 * l + 1)
                                  && part[2 * l + 1] == core);
    }
    base_free(run->mem, first);
    base_free(run->mem, part);
    base_free(run->mem, turns);
    base_free(run->mem, heads);
    return status;
}

gb_status roads_turns_init(base_run *run, const roads_map *map,
                           const roads_profile *profile, gb_mode mode,
                           roads_turns *out)
{
    base_mem *mem = run->mem;

    *out = (roads_turns){ .map = map, .mode = mode,
                          .is_turn_aware = profile->modes[mode].is_turn_aware,
                          .max_degree = find_max_degree(map) };
    out->usable = base_alloc_array(mem, 2 * map->n_links, 1);
    out->ends = base_alloc_array(mem, map->n_links, 1);
    if (!out->usable || !out->ends || !find_usable(mem, profile, out)
        || !find_bans(mem, out))
        return base_fail_nomem(run->ctx);
    return find_core(run, out);
}

void roads_turns_clear(base_mem *mem, roads_turns *turns)
{
    base_free(mem, turns->usable);
    base_free(mem, turns->ends);
    base_free(mem, turns->nodes);
    base_free(mem, turns->node_of);
    memset(turns, 0, sizeof *turns);
}
