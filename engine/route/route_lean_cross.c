/*
 * route_lean_cross.c - see route_lean_cross.h.
 *
 * Vehicles of a kind are all the same to it, so that the ends of routes are
 * the ends of kinds; a vehicle that stays at home has a leg from the one to the
 * other.
 */
#include "route_lean_cross.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { ONE_OF_256 = 160 }; /* children by a single cycle */

/* --- life --- */

bool route_lean_cross_suits(const route_lean_model *model)
{
    return !model->has_bundles && model->data->n_groups == 0;
}

bool route_lean_cross_init(route_lean_cross *x, const route_lean_model *model)
{
    base_mem *mem = model->data->mem;
    const size_t n = model->n_clients, n_routes = model->n_routes;
    const size_t n_kinds = model->n_kinds, n_legs = 2 * (n + n_routes);

    memset(x, 0, sizeof *x);
    x->model = model;
    x->n = model->n_clients;
    x->mother_to = base_alloc_array(mem, n, sizeof *x->mother_to);
    x->father_from = base_alloc_array(mem, n, sizeof *x->father_from);
    x->father_to = base_alloc_array(mem, n, sizeof *x->father_to);
    x->next = base_alloc_array(mem, n, sizeof *x->next);
    x->starts = base_alloc_array(mem, n_routes, sizeof *x->starts);
    x->ends = base_alloc_array(mem, n_routes, sizeof *x->ends);
    x->heads = base_alloc_array(mem, n_routes, sizeof *x->heads);
    x->n_starts = base_alloc_array(mem, n_kinds, sizeof *x->n_starts);
    x->n_ends = base_alloc_array(mem, n_kinds, sizeof *x->n_ends);
    x->n_heads = base_alloc_array(mem, n_kinds, sizeof *x->n_heads);
    x->legs = base_alloc_array(mem, n_legs, sizeof *x->legs);
    x->first_leg = base_alloc_array(mem, n_legs + 1, sizeof *x->first_leg);
    x->is_chosen = base_alloc_array(mem, n_legs, sizeof *x->is_chosen);
    x->path = base_alloc_array(mem, n_legs + 2, sizeof *x->path);
    x->place = base_alloc_array(mem, 2 * n_kinds, sizeof *x->place);
    if (x->mother_to && x->father_from && x->father_to && x->next && x->starts
        && x->ends && x->heads && x->n_starts && x->n_ends && x->n_heads
        && x->legs && x->first_leg && x->is_chosen && x->path && x->place)
        return true;
    route_lean_cross_clear(x);
    return false;
}

void route_lean_cross_clear(route_lean_cross *x)
{
    base_mem *mem;

    if (!x->model)
        return;
    mem = x->model->data->mem;
    base_free(mem, x->mother_to);
    base_free(mem, x->father_from);
    base_free(mem, x->father_to);
    base_free(mem, x->next);
    base_free(mem, x->starts);
    base_free(mem, x->ends);
    base_free(mem, x->heads);
    base_free(mem, x->n_starts);
    base_free(mem, x->n_ends);
    base_free(mem, x->n_heads);
    base_free(mem, x->legs);
    base_free(mem, x->first_leg);
    base_free(mem, x->is_chosen);
    base_free(mem, x->path);
    base_free(mem, x->place);
    memset(x, 0, sizeof *x);
}

/* --- what only one of them has --- */

static uint32_t start_of(const route_lean_cross *x, uint32_t kind)
{
    return x->n + 2 * kind;
}

static uint32_t end_of(const route_lean_cross *x, uint32_t kind)
{
    return x->n + 2 * kind + 1;
}

/* A node as it is here: ends of routes are ends of kinds. */
static uint32_t spot_of(const route_lean_cross *x, uint32_t node)
{
    const uint32_t at = node - x->n;

    if (node < x->n)
        return node;
    return start_of(x, x->model->kind_of[at / 2]) + at % 2;
}

static void take_parents(route_lean_cross *x, const uint32_t *mother,
                         const uint32_t *father)
{
    const route_lean_model *m = x->model;

    for (uint32_t c = 0; c < x->n; c++) {
        x->mother_to[c] = spot_of(x, mother[c]);
        x->father_to[c] = spot_of(x, father[c]);
        if (father[c] < x->n)
            x->father_from[father[c]] = c;
    }
    for (uint32_t r = 0; r < m->n_routes; r++) {
        const uint32_t first = father[route_lean_start(m, r)];

        if (first < x->n)
            x->father_from[first] = start_of(x, m->kind_of[r]);
    }
}

/* The legs out of the depot, and those back. */
static void take_ends(route_lean_cross *x, const uint32_t *mother,
                      const uint32_t *father)
{
    const route_lean_model *m = x->model;

    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];
        uint32_t mothers = 0, fathers = 0; /* vehicles at home */

        x->n_starts[k] = x->n_ends[k] = 0;
        for (uint32_t r = kind->first_route;
             r < kind->first_route + kind->n_routes; r++) {
            const uint32_t first = mother[route_lean_start(m, r)];

            fathers += father[route_lean_start(m, r)] >= x->n;
            if (first >= x->n)
                mothers++;
            else if (x->father_from[first] == start_of(x, k))
                x->father_from[first] = GB_ROUTE_NONE;
            else
                x->starts[kind->first_route + x->n_starts[k]++] = first;
        }
        for (; mothers > fathers; fathers++)
            x->starts[kind->first_route + x->n_starts[k]++] = end_of(x, k);
        for (; fathers > mothers; mothers++)
            x->ends[kind->first_route + x->n_ends[k]++] = start_of(x, k);
    }
}

static void drop_common(route_lean_cross *x)
{
    const route_lean_model *m = x->model;

    for (uint32_t c = 0; c < x->n; c++) {
        const uint32_t to = x->father_to[c], at = to - x->n;

        if (x->mother_to[c] == to) {
            x->mother_to[c] = GB_ROUTE_NONE;
            if (to < x->n)
                x->father_from[to] = GB_ROUTE_NONE;
        } else if (to >= x->n) {
            x->ends[m->kinds[at / 2].first_route + x->n_ends[at / 2]++] = c;
        }
    }
}

/* --- cycles --- */

/* One of a list by chance, which leaves it. */
static uint32_t draw(base_rng *rng, uint32_t *list, uint32_t *n)
{
    const uint32_t at = (uint32_t)base_rng_below(rng, *n);
    const uint32_t drawn = list[at];

    list[at] = list[--*n];
    return drawn;
}

/* Mother's leg from a spot, which is gone then. */
static uint32_t go_on(route_lean_cross *x, base_rng *rng, uint32_t from)
{
    const uint32_t k = (from - x->n) / 2;
    uint32_t to;

    if (from >= x->n)
        return draw(rng, &x->starts[x->model->kinds[k].first_route],
                    &x->n_starts[k]);
    to = x->mother_to[from];
    x->mother_to[from] = GB_ROUTE_NONE;
    return to;
}

/* Father's leg to a spot. */
static uint32_t go_back(route_lean_cross *x, base_rng *rng, uint32_t to)
{
    const uint32_t k = (to - x->n) / 2;
    uint32_t from;

    if (to >= x->n)
        return draw(rng, &x->ends[x->model->kinds[k].first_route],
                    &x->n_ends[k]);
    from = x->father_from[to];
    x->father_from[to] = GB_ROUTE_NONE;
    return from;
}

/*
 * The path from place `at` on is a cycle: even places are left by the mother,
 * odd ones are reached by her.  It begins with a leg of hers.
 */
static void take_cycle(route_lean_cross *x, uint32_t at, uint32_t n_path)
{
    const uint32_t n = n_path - at, odd = at % 2;

    x->first_leg[x->n_cycles++] = x->n_legs;
    for (uint32_t i = 0; i < n; i += 2) {
        const uint32_t a = at + (i + odd) % n;
        const uint32_t b = at + (i + odd + 1) % n;
        const uint32_t c = at + (i + odd + 2) % n;

        x->legs[x->n_legs++] = (cross_leg){ x->path[a], x->path[b] };
        x->legs[x->n_legs++] = (cross_leg){ x->path[c], x->path[b] };
    }
    x->first_leg[x->n_cycles] = x->n_legs;
}

/*
 * Where the path meets itself, the loop is a cycle of its own: at a client
 * only where it began, at ends of kinds anywhere.
 */
static void walk(route_lean_cross *x, base_rng *rng, uint32_t from)
{
    uint32_t n_path = 0;

    memset(x->place, 0xff, 2 * x->model->n_kinds * sizeof *x->place);
    x->path[n_path++] = from;
    if (from >= x->n)
        x->place[from - x->n] = 0;
    while (n_path > 0) {
        const uint32_t last = x->path[n_path - 1];
        const bool is_out = n_path % 2 == 1;
        const uint32_t spot
            = is_out ? go_on(x, rng, last) : go_back(x, rng, last);
        uint32_t met = GB_ROUTE_NONE;

        if (spot >= x->n)
            met = x->place[spot - x->n];
        else if (!is_out && spot == from)
            met = 0;
        if (met == GB_ROUTE_NONE) {
            if (spot >= x->n)
                x->place[spot - x->n] = n_path;
            x->path[n_path++] = spot;
            continue;
        }
        take_cycle(x, met, n_path);
        for (uint32_t i = met + 1; i < n_path; i++)
            if (x->path[i] >= x->n)
                x->place[x->path[i] - x->n] = GB_ROUTE_NONE;
        n_path = met + 1;
        /* Nothing goes on from where the path began. */
        if (met == 0
            && (from < x->n || x->n_starts[(from - x->n) / 2] == 0))
            n_path = 0;
    }
}

uint32_t route_lean_cross_pair(route_lean_cross *x, base_rng *rng,
                               const uint32_t *mother, const uint32_t *father)
{
    x->n_cycles = x->n_legs = 0;
    take_parents(x, mother, father);
    take_ends(x, mother, father);
    drop_common(x);
    for (uint32_t k = 0; k < x->model->n_kinds; k++)
        if (x->n_starts[k] > 0)
            walk(x, rng, start_of(x, k));
    for (uint32_t c = 0; c < x->n; c++)
        if (x->mother_to[c] != GB_ROUTE_NONE)
            walk(x, rng, c);
    return x->n_cycles;
}

/* --- the child --- */

static void take_mother(route_lean_cross *x, const uint32_t *mother)
{
    const route_lean_model *m = x->model;

    for (uint32_t c = 0; c < x->n; c++)
        x->next[c] = spot_of(x, mother[c]);
    for (uint32_t k = 0; k < m->n_kinds; k++)
        x->n_heads[k] = 0;
    for (uint32_t r = 0; r < m->n_routes; r++) {
        const uint32_t k = m->kind_of[r];
        const uint32_t first = mother[route_lean_start(m, r)];

        if (first < x->n)
            x->heads[m->kinds[k].first_route + x->n_heads[k]++] = first;
    }
}

static void drop_head(route_lean_cross *x, uint32_t k, uint32_t c)
{
    uint32_t *heads = &x->heads[x->model->kinds[k].first_route];

    for (uint32_t i = 0; i < x->n_heads[k]; i++)
        if (heads[i] == c) {
            heads[i] = heads[--x->n_heads[k]];
            return;
        }
}

/* Mother's legs of the cycle go; first all of them, that there is room. */
static void exchange(route_lean_cross *x, uint32_t cycle)
{
    const route_lean_model *m = x->model;
    const uint32_t first = x->first_leg[cycle];
    const uint32_t end = x->first_leg[cycle + 1];

    for (uint32_t i = first; i < end; i += 2)
        if (x->legs[i].from >= x->n && x->legs[i].to < x->n)
            drop_head(x, (x->legs[i].from - x->n) / 2, x->legs[i].to);
    for (uint32_t i = first + 1; i < end; i += 2) {
        const cross_leg leg = x->legs[i];
        const uint32_t k = (leg.from - x->n) / 2;

        if (leg.from < x->n)
            x->next[leg.from] = leg.to;
        else if (leg.to < x->n)
            x->heads[m->kinds[k].first_route + x->n_heads[k]++] = leg.to;
    }
}

/* Can a vehicle of the kind take c besides what it has? */
static bool may_add(const route_lean_model *m, uint32_t k, uint32_t c,
                    const int64_t *load)
{
    const route_lean_kind *kind = &m->kinds[k];

    if (!(m->may_serve[(size_t)c * m->n_kind_words + k / 64] >> (k % 64) & 1))
        return false;
    for (uint32_t d = 0; d < m->n_loads; d++)
        if (load[d] + m->loads[(size_t)c * m->n_loads + d]
            > kind->capacity[d])
            return false;
    return true;
}

/* A route as it grows: what has been driven until its last stop. */
typedef struct cross_way {
    route_lean_piece piece;
    int64_t metres, travel_s, load[ROUTE_MOST_LOADS];
    uint32_t location, n_clients;
} cross_way;

/* On to another location; false: too late. */
static bool drive(const route_lean_model *m, uint32_t k, cross_way *way,
                  uint32_t to, route_lean_piece stop)
{
    const route_lean_kind *kind = &m->kinds[k];
    const int32_t t_s = route_lean_seconds(m, kind, way->location, to);
    const bool is_leg
        = way->location != GB_ROUTE_NONE && to != GB_ROUTE_NONE;

    if (t_s == GB_ROUTE_UNREACHABLE)
        return false;
    if (m->has_time
        && !route_lean_join(way->piece, stop, t_s, &way->piece))
        return false;
    way->travel_s += t_s;
    if (kind->metres && is_leg)
        way->metres += kind->metres[(size_t)way->location * m->n_stride + to];
    way->location = to;
    return true;
}

/* Would it come home as it should? */
static bool comes_home(const route_lean_model *m, uint32_t k, cross_way way)
{
    const route_lean_kind *kind = &m->kinds[k];
    const route_lean_piece home = { 0, kind->open_s, kind->close_s };

    return drive(m, k, &way, kind->end, home)
        && (!m->has_duration
            || way.piece.duration_s <= kind->max_duration_s)
        && (!m->has_limits
            || (way.metres <= kind->max_distance_m
                && way.travel_s <= kind->max_travel_s));
}

static cross_way at_depot(const route_lean_kind *kind)
{
    return (cross_way){ .piece = { 0, kind->open_s, kind->close_s },
                        .location = kind->start };
}

/* Serve c next; false, and some of it done: that cannot be. */
static bool serve(const route_lean *s, uint32_t k, cross_way *way, uint32_t c)
{
    const route_lean_model *m = s->model;
    const route_lean_node *node = &s->nodes[c];

    if (way->n_clients >= m->kinds[k].max_clients
        || !may_add(m, k, c, way->load)
        || !drive(m, k, way, node->location, route_lean_piece_of(node)))
        return false;
    for (uint32_t d = 0; d < m->n_loads; d++)
        way->load[d] += m->loads[(size_t)c * m->n_loads + d];
    way->n_clients++;
    return true;
}

static bool is_possible(const route_lean *s, uint32_t k, const uint32_t *list,
                        uint32_t n)
{
    cross_way way = at_depot(&s->model->kinds[k]);

    for (uint32_t i = 0; i < n; i++)
        if (!serve(s, k, &way, list[i]))
            return false;
    return comes_home(s->model, k, way);
}

/*
 * Of these clients in this order, those whom one vehicle can serve.  All of
 * them at once first: without the triangle inequality a part of a route may be
 * late where the whole is not.
 */
static uint32_t keep_possible(const route_lean *s, uint32_t k, uint32_t *list,
                              uint32_t n)
{
    cross_way way = at_depot(&s->model->kinds[k]);
    uint32_t n_kept = 0;

    if (is_possible(s, k, list, n))
        return n;
    for (uint32_t i = 0; i < n; i++) {
        cross_way on = way;

        if (!serve(s, k, &on, list[i]) || !comes_home(s->model, k, on))
            continue;
        way = on;
        list[n_kept++] = list[i];
    }
    return n_kept;
}

/* The route that begins with c. */
static void put_route(route_lean_cross *x, route_lean *s, uint32_t k,
                      uint32_t c)
{
    const route_lean_kind *kind = &s->model->kinds[k];
    uint32_t n = 0;

    for (; c < x->n; c = x->next[c])
        s->pool[n++] = c;
    n = keep_possible(s, k, s->pool, n);
    route_lean_put(s, s->free[kind->first_route + s->n_free[k] - 1], s->pool,
                   n);
}

void route_lean_cross_child(route_lean_cross *x, route_lean *s,
                            const uint32_t *mother)
{
    const route_lean_model *m = x->model;

    take_mother(x, mother);
    for (uint32_t i = 0; i < x->n_cycles; i++)
        if (x->is_chosen[i])
            exchange(x, i);
    route_lean_open(s);
    route_lean_take_all_out(s);
    for (uint32_t k = 0; k < m->n_kinds; k++)
        for (uint32_t i = 0; i < x->n_heads[k]; i++)
            put_route(x, s, k, x->heads[m->kinds[k].first_route + i]);
    s->is_eager = true;
    route_lean_offer_all(s);
    route_lean_keep(s);
}

bool route_lean_cross_over(route_lean_cross *x, route_lean *s,
                           const uint32_t *mother, const uint32_t *father)
{
    const uint32_t n = route_lean_cross_pair(x, &s->rng, mother, father);
    const bool is_one = base_rng_below(&s->rng, 256) < ONE_OF_256;

    if (n == 0)
        return false;
    for (uint32_t i = 0; i < n; i++)
        x->is_chosen[i] = !is_one && base_rng_below(&s->rng, 2);
    x->is_chosen[base_rng_below(&s->rng, n)] = 1;
    route_lean_cross_child(x, s, mother);
    return true;
}
