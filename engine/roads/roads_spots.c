/*
 * roads_spots.c - see roads_spots.h.
 */
#include "roads_spots.h"

#include <string.h>

#include "base_array.h"

typedef BASE_ARRAY(roads_spot_end) end_array;

static bool is_open(roads_view view, uint32_t street)
{
    return view.states->starts[street] != ROADS_NONE
           && view.metric->street_weights[street] < ROADS_FAR;
}

/* The street of the link that begins where a place is, ROADS_NONE within it.
 * Both ends of a link of no length are its first. */
static uint32_t street_from(const roads_map *map, const gb_roads_place *place)
{
    if (place->along_cm == 0)
        return 2 * place->link;
    return place->along_cm == map->links[place->link].cm ? 2 * place->link + 1
                                                         : ROADS_NONE;
}

/*
 * The vertex that a place is at, ROADS_NONE inside of links.  At a shut vertex
 * one stands on this side of it, so that counts as inside.
 */
static uint32_t vertex_of(const roads_map *map, const gb_roads_place *place)
{
    const uint32_t street = street_from(map, place);
    uint32_t v;

    if (street == ROADS_NONE)
        return ROADS_NONE;
    v = roads_street_tail(map, street);
    return map->vertex_flags[v] >> place->mode & ROADS_NODE_SHUT ? ROADS_NONE
                                                                 : v;
}

double roads_spots_part(roads_view view, uint32_t street, uint32_t along_cm)
{
    const roads_link *link = &view.map->links[street / 2];
    const uint32_t unit = view.map->length_unit_cm;
    const double whole = view.metric->street_weights[street];
    const uint64_t hundredths = (uint64_t)(whole / ROADS_LENGTHS);
    const uint64_t cm = street & 1 ? link->cm - along_cm : along_cm;

    if (link->cm == 0)
        return street & 1 ? whole : 0;
    return roads_weight((double)((hundredths * cm + link->cm / 2) / link->cm),
                        (double)((cm + unit / 2) / unit));
}

static bool add(base_mem *mem, end_array *ends, double weight, uint32_t state,
                uint32_t street)
{
    const roads_spot_end made = { weight, state, street };

    return base_array_push(mem, ends, made);
}

/* At a vertex, once each: entries from `first` on are of this place. */
static bool add_vertex(base_mem *mem, end_array *ends, size_t first,
                       uint32_t state)
{
    for (size_t i = first; i < ends->n; i++)
        if (ends->items[i].state == state)
            return true;
    return add(mem, ends, 0, state, ROADS_NONE);
}

/* At the very end of a link nothing of a street that ends there is left, but
 * to turn back: the other one leads away at once. */
static bool start_inside(base_mem *mem, roads_view view,
                         const gb_roads_place *place, end_array *out)
{
    const roads_states *states = view.states;
    const uint32_t away = street_from(view.map, place);

    for (uint32_t s = 2 * place->link; s <= 2 * place->link + 1; s++) {
        const uint32_t start = states->starts[s];
        double behind;

        if (!is_open(view, s) || (away != ROADS_NONE && s != away))
            continue;
        behind = roads_spots_part(view, s, place->along_cm);
        for (uint32_t a = states->first_arc[start];
             a < states->first_arc[start + 1]; a++) {
            const double weight = roads_arc_weight(states, view.metric, a);

            if (states->arc_streets[a] == s && weight < ROADS_FAR
                && !add(mem, out, weight - behind, states->heads[a], s))
                return false;
        }
    }
    return true;
}

static bool is_state_of(const roads_states *states, uint32_t state,
                        uint32_t street)
{
    for (uint32_t i = states->first_target[street];
         i < states->first_target[street + 1]; i++)
        if (states->targets[i] == state)
            return true;
    return false;
}

/* May a street of the core be travelled next, by who is at its beginning? */
static bool is_on_core(roads_view view, uint32_t v, uint32_t state)
{
    for (uint32_t i = view.map->first_street[v];
         i < view.map->first_street[v + 1]; i++)
        if (!view.states->ends[view.map->streets[i] / 2]
            && is_state_of(view.states, state, view.map->streets[i]))
            return true;
    return false;
}

/* Does an arc of the state lead on to a street of the core? */
static bool leads_to_core(roads_view view, uint32_t v, uint32_t state)
{
    const roads_states *states = view.states;

    for (uint32_t a = states->first_arc[state];
         a < states->first_arc[state + 1]; a++)
        if (is_on_core(view, v, states->heads[a]))
            return true;
    return false;
}

/* May who comes over the core go on by a street for a route's end only? */
static bool is_entered(roads_view view, uint32_t v, uint32_t street)
{
    const roads_states *states = view.states;

    for (uint32_t i = view.map->first_street[v];
         i < view.map->first_street[v + 1]; i++) {
        const uint32_t s = view.map->streets[i] ^ 1;
        const uint32_t state = states->starts[s];

        if (states->ends[s / 2] || state == ROADS_NONE)
            continue;
        for (uint32_t a = states->first_arc[state];
             a < states->first_arc[state + 1]; a++)
            if (is_state_of(states, states->heads[a], street))
                return true;
    }
    return false;
}

/* The state in which who comes over the core travels a street for a route's
 * end only: the second of its row. */
static uint32_t arriving_state(const roads_states *states, uint32_t street)
{
    const uint32_t second = states->first_target[street] + 1;

    return second < states->first_target[street + 1]
               ? states->targets[second]
               : states->starts[street];
}

/* On foot the one state of a vertex of the core is that of its streets. */
static bool start_by(base_mem *mem, roads_view view, uint32_t street,
                     bool is_core, size_t first, end_array *out)
{
    const roads_states *states = view.states;
    const uint32_t v = roads_street_tail(view.map, street);
    const bool is_aside = is_core && states->ends[street / 2];
    uint32_t start = states->starts[street];

    if (roads_states_are_vertices(states))
        return is_aside || add_vertex(mem, out, first, start);
    if (is_aside && is_entered(view, v, street))
        start = arriving_state(states, street);
    return add(mem, out, 0, start, ROADS_NONE);
}

static bool start_at(base_mem *mem, roads_view view, uint32_t v, bool is_core,
                     end_array *out)
{
    const size_t first = out->n;

    for (uint32_t i = view.map->first_street[v];
         i < view.map->first_street[v + 1]; i++) {
        const uint32_t s = view.map->streets[i];

        if (is_open(view, s)
            && !start_by(mem, view, s, is_core, first, out))
            return false;
    }
    return true;
}

static bool target_inside(base_mem *mem, roads_view view,
                          const gb_roads_place *place, end_array *out)
{
    const roads_states *states = view.states;
    const uint32_t away = street_from(view.map, place);

    for (uint32_t s = 2 * place->link; s <= 2 * place->link + 1; s++) {
        double before;

        if (!is_open(view, s) || s == away)
            continue;
        before = roads_spots_part(view, s, place->along_cm);
        for (uint32_t i = states->first_target[s];
             i < states->first_target[s + 1]; i++)
            if (!add(mem, out, before, states->targets[i], s))
                return false;
    }
    return true;
}

/* A street that ends at the vertex: all of it is travelled.  must_lead_on: by
 * those only who could go on over the core. */
static bool target_behind(base_mem *mem, roads_view view, uint32_t street,
                          bool must_lead_on, end_array *out)
{
    const roads_states *states = view.states;
    const uint32_t v = roads_street_head(view.map, street);

    for (uint32_t i = states->first_target[street];
         i < states->first_target[street + 1]; i++)
        if ((!must_lead_on || leads_to_core(view, v, states->targets[i]))
            && !add(mem, out, view.metric->street_weights[street],
                    states->targets[i], street))
            return false;
    return true;
}

/* The states of the vertex that a street ends at, where they are vertices. */
static bool target_heads(base_mem *mem, roads_view view, uint32_t street,
                         bool must_lead_on, size_t first, end_array *out)
{
    const roads_states *states = view.states;
    const uint32_t v = roads_street_head(view.map, street);

    for (uint32_t i = states->first_target[street];
         i < states->first_target[street + 1]; i++) {
        const uint32_t state = states->targets[i];

        for (uint32_t a = states->first_arc[state];
             a < states->first_arc[state + 1]; a++)
            if (states->arc_streets[a] == street
                && (!must_lead_on || is_on_core(view, v, states->heads[a]))
                && !add_vertex(mem, out, first, states->heads[a]))
                return false;
    }
    return true;
}

static bool target_at(base_mem *mem, roads_view view, uint32_t v, bool is_core,
                      end_array *out)
{
    const bool are_vertices = roads_states_are_vertices(view.states);
    const size_t first = out->n;

    for (uint32_t i = view.map->first_street[v];
         i < view.map->first_street[v + 1]; i++) {
        const uint32_t s = view.map->streets[i] ^ 1;
        bool must_lead_on = is_core && view.states->ends[s / 2];

        if (!is_open(view, s))
            continue;
        if (!are_vertices && must_lead_on)
            must_lead_on = leads_to_core(view, v, view.states->starts[s]);
        if (!(are_vertices
                  ? target_heads(mem, view, s, must_lead_on, first, out)
                  : target_behind(mem, view, s, must_lead_on, out)))
            return false;
    }
    return true;
}

/* Is a vertex reached and left over the core?  See roads_spots.h. */
static bool is_of_core(roads_view view, uint32_t v, gb_mode mode)
{
    uint8_t use = 0;

    if (view.map->vertex_flags[v] >> mode & ROADS_NODE_PRIVATE)
        return false;
    for (uint32_t i = view.map->first_street[v];
         i < view.map->first_street[v + 1]; i++) {
        const uint32_t s = view.map->streets[i];

        if (!view.states->ends[s / 2])
            use |= (view.metric->use[s] & ROADS_USE_START)
                   | (view.metric->use[s ^ 1] & ROADS_USE_TARGET);
    }
    return use == (ROADS_USE_START | ROADS_USE_TARGET);
}

static bool add_place(base_mem *mem, roads_view view,
                      const gb_roads_place *place, end_array *starts,
                      end_array *targets)
{
    bool is_core;
    uint32_t v;

    if (place->status != GB_SNAP_OK)
        return true;
    v = vertex_of(view.map, place);
    if (v == ROADS_NONE)
        return start_inside(mem, view, place, starts)
               && target_inside(mem, view, place, targets);
    is_core = is_of_core(view, v, (gb_mode)place->mode);
    return start_at(mem, view, v, is_core, starts)
           && target_at(mem, view, v, is_core, targets);
}

bool roads_spots_find(base_mem *mem, roads_view view,
                      const gb_roads_place *places, size_t n,
                      roads_spots *out)
{
    end_array starts = BASE_ARRAY_INIT, targets = BASE_ARRAY_INIT;
    bool good;

    *out = (roads_spots){ .n = n, .places = places };
    out->first_start = base_alloc_array(mem, n + 1, 4);
    out->first_target = base_alloc_array(mem, n + 1, 4);
    good = out->first_start && out->first_target
           && base_array_reserve(mem, &starts, 8 * n)
           && base_array_reserve(mem, &targets, 4 * n);
    for (size_t i = 0; good && i < n; i++) {
        out->first_start[i] = (uint32_t)starts.n;
        out->first_target[i] = (uint32_t)targets.n;
        good = add_place(mem, view, &places[i], &starts, &targets);
    }
    if (good) {
        out->first_start[n] = (uint32_t)starts.n;
        out->first_target[n] = (uint32_t)targets.n;
    }
    out->starts = starts.items;
    out->targets = targets.items;
    return good;
}

void roads_spots_clear(base_mem *mem, roads_spots *spots)
{
    base_free(mem, spots->first_start);
    base_free(mem, spots->first_target);
    base_free(mem, spots->starts);
    base_free(mem, spots->targets);
    memset(spots, 0, sizeof *spots);
}

/*
 * From within a link to the vertex at its end, or ends, of which the nearer:
 * targets at a vertex begin with a street into it, and this one is under way.
 */
static double rest_to(roads_view view, const gb_roads_place *from, uint32_t v,
                      uint32_t *street)
{
    double best = ROADS_CLOSED;

    for (uint32_t s = 2 * from->link; s <= 2 * from->link + 1; s++) {
        double rest;

        if (roads_street_head(view.map, s) != v || !is_open(view, s))
            continue;
        rest = view.metric->street_weights[s]
               - roads_spots_part(view, s, from->along_cm);
        if (rest < best) {
            best = rest;
            *street = s;
        }
    }
    return best;
}

static double direct(roads_view view, const gb_roads_place *from,
                     const gb_roads_place *to, uint32_t *street)
{
    const uint32_t at = vertex_of(view.map, from);
    const uint32_t end = vertex_of(view.map, to);
    const uint32_t s = 2 * from->link + (from->along_cm > to->along_cm);

    *street = ROADS_NONE;
    if (at != ROADS_NONE && at == end)
        return 0;
    if (from->link == to->link && from->along_cm == to->along_cm)
        return 0;
    if (end != ROADS_NONE)
        return at == ROADS_NONE ? rest_to(view, from, end, street)
                                : ROADS_CLOSED;
    if (from->link != to->link || !is_open(view, s))
        return ROADS_CLOSED;
    *street = s;
    return roads_spots_part(view, s, to->along_cm)
           - roads_spots_part(view, s, from->along_cm);
}

double roads_spots_direct(roads_view view, const gb_roads_place *from,
                          const gb_roads_place *to, uint32_t *street)
{
    uint32_t found = ROADS_NONE;
    double weight = ROADS_CLOSED;

    if (from->status == GB_SNAP_OK && to->status == GB_SNAP_OK)
        weight = direct(view, from, to, &found);
    if (street)
        *street = found;
    return weight;
}
