/*
 * roads_weigh.c - weights of streets and turns, and where routes may begin
 * and end: the first half of roads_metric.h.
 *
 * Kinds are judged, not streets.  Arcs that the profile closes are put aside
 * first; of the others the strongly connected parts are found, which come out
 * in such an order that no arc leads to a later one.  So what reaches the core
 * part, and what it reaches, is found by going through the states once each,
 * part by part.
 */
#include <string.h>

#include "roads_metric.h"

enum { STREETS, TURNS, USE }; /* of arrays */

/* ---- weights ---- */

static double weight_of(double hundredths_s, double lengths)
{
    return hundredths_s < ROADS_LENGTHS && lengths < ROADS_LENGTHS
               ? roads_weight(hundredths_s, lengths)
               : ROADS_CLOSED;
}

static bool weigh_streets(base_mem *mem, const roads_map *map,
                          const roads_profile *profile, gb_mode mode,
                          int band, double *weights)
{
    const double signal =
        floor(profile->modes[mode].turns.signal_s * 100 + 0.5);
    const uint32_t unit = map->length_unit_cm;
    double *dkmh = base_alloc_array(mem, map->n_kinds, 2 * sizeof *dkmh);

    if (!dkmh)
        return false;
    for (size_t i = 0; i < 2 * map->n_kinds; i++)
        dkmh[i] = roads_profile_dkmh(profile, &map->kinds[i / 2], mode,
                                     (int)(i & 1), band);
    for (size_t l = 0; l < map->n_links; l++) {
        const roads_link *link = &map->links[l];
        const double lengths = (double)(((uint64_t)link->cm + unit / 2)
                                        / unit);

        for (size_t d = 0; d < 2; d++) {
            const double speed = dkmh[2 * (size_t)link->kind + d];

            weights[2 * l + d] =
                speed > 0 ? weight_of(floor(link->cm * 36.0 / speed + 0.5)
                                          + link->n_signals * signal,
                                      lengths)
                          : ROADS_CLOSED;
        }
    }
    base_free(mem, dkmh);
    return true;
}

static void weigh_turns(const roads_profile *profile, gb_mode mode,
                        double *weights)
{
    for (uint32_t t = 0; t < ROADS_TURN_NONE; t++)
        weights[t] = weight_of(
            floor(roads_profile_turn_s(profile, mode, t) * 100 + 0.5), 0);
    weights[ROADS_TURN_NONE] = 0;
}

/* ---- where routes may begin and end ---- */

/* The arcs that are open, and the strongly connected parts by them. */
typedef struct parts {
    uint32_t *first, *heads; /* rows of open arcs */
    uint32_t *part;          /* of states */
    uint32_t *order;         /* states by part */
    uint32_t *first_in_part; /* n_parts + 1, into order */
    uint8_t *is_core;        /* of states; while the core part is looked for */
    size_t n_parts;
    uint32_t core;           /* part */
    uint8_t *marks;          /* of parts: as of streets' use */
} parts;

static void clear_parts(base_mem *mem, parts *p)
{
    base_free(mem, p->first);
    base_free(mem, p->heads);
    base_free(mem, p->part);
    base_free(mem, p->order);
    base_free(mem, p->first_in_part);
    base_free(mem, p->is_core);
    base_free(mem, p->marks);
}

static bool is_arc_open(const roads_states *states,
                        const roads_metric *metric, uint32_t arc)
{
    return roads_arc_weight(states, metric, arc) < ROADS_FAR;
}

static void put_closed_aside(const roads_states *states,
                             const roads_metric *metric, parts *p)
{
    uint32_t n = 0;

    for (size_t v = 0; v < states->n_states; v++) {
        p->first[v] = n;
        for (uint32_t a = states->first_arc[v]; a < states->first_arc[v + 1];
             a++)
            if (is_arc_open(states, metric, a))
                p->heads[n++] = states->heads[a];
    }
    p->first[states->n_states] = n;
}

/* Counting sort: by part, in a part by number. */
static void sort_by_part(size_t n_states, parts *p)
{
    uint32_t *first = p->first_in_part;

    memset(first, 0, (p->n_parts + 1) * sizeof *first);
    for (size_t v = 0; v < n_states; v++)
        first[p->part[v] + 1]++;
    for (size_t i = 0; i < p->n_parts; i++)
        first[i + 1] += first[i];
    for (size_t v = n_states; v-- > 0;)
        p->order[--first[p->part[v] + 1]] = (uint32_t)v;
    memmove(first, first + 1, p->n_parts * sizeof *first);
    first[p->n_parts] = (uint32_t)n_states;
}

/* States that are come to, or begun in, on streets of the core. */
static void find_core_states(const roads_map *map, const roads_states *states,
                             uint8_t *is_core)
{
    const bool are_vertices = roads_states_are_vertices(states);

    memset(is_core, 0, states->n_states);
    if (are_vertices) {
        for (size_t a = 0; a < states->n_arcs; a++)
            if (!states->ends[states->arc_streets[a] / 2])
                is_core[states->heads[a]] = 1;
        return;
    }
    for (size_t s = 0; s < 2 * map->n_links; s++)
        for (uint32_t i = states->first_target[s];
             !states->ends[s / 2] && i < states->first_target[s + 1]; i++)
            is_core[states->targets[i]] = 1;
}

/*
 * The part with the most core states, or where there are none with the most
 * states; of equal ones that with the lowest state.
 */
static uint32_t core_part(const uint8_t *is_core, size_t n_states,
                          const parts *p, uint32_t *sizes)
{
    size_t n_core = 0;
    uint32_t best = ROADS_NONE;

    for (size_t v = 0; v < n_states; v++)
        n_core += is_core[v];
    memset(sizes, 0, p->n_parts * sizeof *sizes);
    for (size_t v = 0; v < n_states; v++)
        sizes[p->part[v]] += n_core == 0 || is_core[v];
    for (size_t v = 0; v < n_states; v++)
        if (best == ROADS_NONE || sizes[p->part[v]] > sizes[best])
            best = p->part[v];
    return best;
}

static void mark_parts(parts *p)
{
    memset(p->marks, 0, p->n_parts);
    p->marks[p->core] = ROADS_USE_START | ROADS_USE_TARGET;
    /* What the core reaches: no arc leads to a later part. */
    for (uint32_t i = p->first_in_part[p->core + 1]; i-- > 0;) {
        const uint32_t v = p->order[i];

        if (p->marks[p->part[v]] & ROADS_USE_TARGET)
            for (uint32_t a = p->first[v]; a < p->first[v + 1]; a++)
                p->marks[p->part[p->heads[a]]] |= ROADS_USE_TARGET;
    }
    /* What reaches the core. */
    for (uint32_t i = p->first_in_part[p->core + 1];
         i < p->first_in_part[p->n_parts]; i++) {
        const uint32_t v = p->order[i];

        for (uint32_t a = p->first[v]; a < p->first[v + 1]; a++)
            p->marks[p->part[v]] |=
                p->marks[p->part[p->heads[a]]] & ROADS_USE_START;
    }
}

static uint8_t use_of(const roads_states *states, const roads_metric *metric,
                      const parts *p, uint32_t street)
{
    const uint32_t start = states->starts[street];
    uint8_t use = 0;

    if (start == ROADS_NONE
        || !(metric->street_weights[street] < ROADS_FAR))
        return 0;
    for (uint32_t a = states->first_arc[start];
         a < states->first_arc[start + 1]; a++)
        if (states->arc_streets[a] == street && is_arc_open(states, metric, a))
            use |= p->marks[p->part[states->heads[a]]] & ROADS_USE_START;
    for (uint32_t i = states->first_target[street];
         i < states->first_target[street + 1]; i++)
        use |= p->marks[p->part[states->targets[i]]] & ROADS_USE_TARGET;
    return use;
}

static gb_status find_use(base_run *run, const roads_map *map,
                          const roads_states *states,
                          const roads_metric *metric, uint8_t *use)
{
    base_mem *mem = run->mem;
    const size_t n = states->n_states;
    parts p = { 0 };
    bool good;

    memset(use, 0, 2 * map->n_links);
    if (n == 0)
        return GB_OK;
    p.first = base_alloc_array(mem, n + 1, 4);
    p.heads = base_alloc_array(mem, states->n_arcs, 4);
    p.part = base_alloc_array(mem, n, 4);
    p.order = base_alloc_array(mem, n, 4);
    p.first_in_part = base_alloc_array(mem, n + 1, 4);
    p.is_core = base_alloc_array(mem, n, 1);
    p.marks = base_alloc_array(mem, n, 1);
    good = p.first && p.heads && p.part && p.order && p.first_in_part
           && p.is_core && p.marks;
    if (good)
        put_closed_aside(states, metric, &p);
    good = good
           && roads_parts_find(mem, n, p.first, p.heads, p.part, &p.n_parts);
    if (good) {
        find_core_states(map, states, p.is_core);
        p.core = core_part(p.is_core, n, &p, p.order);
        sort_by_part(n, &p);
        mark_parts(&p);
        for (uint32_t s = 0; s < 2 * map->n_links; s++)
            use[s] = use_of(states, metric, &p, s);
    }
    clear_parts(mem, &p);
    return good ? GB_OK : base_fail_nomem(run->ctx);
}

static void count_links(const roads_map *map, roads_metric *metric)
{
    for (size_t l = 0; l < map->n_links; l++) {
        const double *weights = metric->street_weights + 2 * l;
        const uint8_t use = metric->use[2 * l] | metric->use[2 * l + 1];

        if (weights[0] < ROADS_FAR || weights[1] < ROADS_FAR)
            metric->open_cm += map->links[l].cm;
        if (use == (ROADS_USE_START | ROADS_USE_TARGET)) {
            metric->routable_cm += map->links[l].cm;
            metric->n_routable++;
        }
    }
}

gb_status roads_metric_weigh(base_run *run, const roads_map *map,
                             const roads_states *states,
                             const roads_profile *profile, gb_mode mode,
                             int band, roads_metric_built *out)
{
    double *streets, *turns;
    uint8_t *use;
    gb_status status;

    memset(out, 0, sizeof *out);
    streets = base_alloc_array(run->mem, 2 * map->n_links, sizeof *streets);
    turns = base_alloc_array(run->mem, ROADS_TURN_COUNT, sizeof *turns);
    use = base_alloc_array(run->mem, 2 * map->n_links, 1);
    out->arrays[STREETS] = streets;
    out->arrays[TURNS] = turns;
    out->arrays[USE] = use;
    out->view.street_weights = streets;
    out->view.turn_weights = turns;
    out->view.use = use;
    if (!streets || !turns || !use
        || !weigh_streets(run->mem, map, profile, mode, band, streets))
        return base_fail_nomem(run->ctx);
    weigh_turns(profile, mode, turns);
    status = find_use(run, map, states, &out->view, use);
    if (status)
        return status;
    count_links(map, &out->view);
    return base_poll(run);
}
