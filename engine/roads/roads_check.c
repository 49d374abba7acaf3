/*
 * roads_check.c - see roads_check.h.
 *
 * Places are drawn by link and by length along it, some at its very ends.
 * One plain search serves a row of places, so that many pairs cost little.
 */
#include "roads_check.h"

#include <string.h>

#include "base_rng.h"
#include "roads_query.h"
#include "roads_search.h"

enum {
    ROW = 100,     /* pairs for each plain search */
    MAX_FRONT = 64 /* states of one street: few */
};

typedef struct checker {
    base_run *run;
    roads_view view;
    gb_mode mode;
    uint32_t *usable; /* links that routes begin and end on */
    size_t n_usable;
    gb_roads_place from, to[ROW];
    roads_spots from_spots, to_spots;
    int32_t seconds[ROW], metres[ROW];
    roads_search search;
    roads_pair_query *pair;
    gb_roads_check_report *report;
} checker;

static gb_roads_place draw_place(const checker *c, base_rng *rng)
{
    gb_roads_place place = { .status = GB_SNAP_OK, .mode = (int32_t)c->mode };
    uint32_t cm;

    place.link = c->usable[base_rng_below(rng, c->n_usable)];
    cm = c->view.map->links[place.link].cm;
    switch (base_rng_below(rng, 8)) {
    case 0:
        place.along_cm = 0;
        break;
    case 1:
        place.along_cm = cm;
        break;
    default:
        place.along_cm = (uint32_t)base_rng_below(rng, (uint64_t)cm + 1);
    }
    return place;
}

/* ---- a path added up again ---- */

/* Travellers that have come the same streets: few states, the best of each. */
typedef struct front {
    roads_spot_end items[MAX_FRONT];
    size_t n;
} front;

static void front_add(front *f, uint32_t state, double weight)
{
    size_t i = 0;

    while (i < f->n && f->items[i].state != state)
        i++;
    if (i == MAX_FRONT)
        return;
    if (i == f->n)
        f->items[f->n++] = (roads_spot_end){ ROADS_CLOSED, state, ROADS_NONE };
    if (weight < f->items[i].weight)
        f->items[i].weight = weight;
}

/* All travel one street more, and turn whichever way. */
static void front_travel(const roads_view *view, front *f, uint32_t street)
{
    const roads_states *states = view->states;
    front next = { .n = 0 };

    for (size_t i = 0; i < f->n; i++) {
        const uint32_t v = f->items[i].state;

        for (uint32_t a = states->first_arc[v]; a < states->first_arc[v + 1];
             a++)
            if (states->arc_streets[a] == street)
                front_add(&next, states->heads[a],
                          f->items[i].weight
                              + roads_arc_weight(states, view->metric, a));
    }
    *f = next;
}

/*
 * What the streets come to when the first is only the beginning's rest
 * (starts_within), the last only up to the end (ends_within).
 */
static double add_up(const checker *c, const uint32_t *streets, size_t n,
                     size_t to, bool starts_within, bool ends_within)
{
    const roads_spots *from = &c->from_spots, *end = &c->to_spots;
    const uint32_t first = starts_within ? streets[0] : ROADS_NONE;
    const uint32_t last = ends_within ? streets[n - 1] : ROADS_NONE;
    double best = ROADS_CLOSED;
    front f = { .n = 0 };

    if (starts_within && ends_within && n < 2)
        return ROADS_CLOSED;
    for (uint32_t i = from->first_start[0]; i < from->first_start[1]; i++)
        if (from->starts[i].street == first)
            front_add(&f, from->starts[i].state, from->starts[i].weight);
    for (size_t i = starts_within; i + ends_within < n; i++)
        front_travel(&c->view, &f, streets[i]);
    for (uint32_t t = end->first_target[to]; t < end->first_target[to + 1];
         t++)
        for (size_t i = 0; i < f.n; i++)
            if (end->targets[t].street == last
                && end->targets[t].state == f.items[i].state
                && f.items[i].weight + end->targets[t].weight < best)
                best = f.items[i].weight + end->targets[t].weight;
    return best;
}

/* The weight of a path, from its streets alone; CLOSED where it has a gap. */
static double path_weight(checker *c, size_t to)
{
    const uint32_t *streets;
    double told, best;
    uint32_t direct;
    size_t n;

    streets = roads_pair_streets(c->pair, &c->from_spots, 0, &c->to_spots, to,
                                 &n, &told);
    best = roads_spots_direct(c->view, &c->from, &c->to[to], &direct);
    if (!streets)
        return ROADS_CLOSED;
    if (n == 0 || (n == 1 && streets[0] == direct && best == told))
        return best;
    best = ROADS_CLOSED;
    for (int within = 0; within < 4; within++) {
        const double sum =
            add_up(c, streets, n, to, within & 1, within & 2);

        best = sum < best ? sum : best;
    }
    return best;
}

static void compare(checker *c, size_t to)
{
    const double plain =
        roads_search_weight(&c->search, &c->from_spots, 0, &c->to_spots, to);
    const double fast =
        roads_pair_weight(c->pair, &c->from_spots, 0, &c->to_spots, to);
    const uint32_t unit = c->view.map->length_unit_cm;

    c->report->n_pairs++;
    c->report->n_unreachable += !(plain < ROADS_FAR);
    c->report->n_wrong_tables +=
        c->seconds[to] != roads_weight_s(plain)
        || c->metres[to] != roads_weight_m(plain, unit)
        || (plain < ROADS_FAR ? fast != plain : fast < ROADS_FAR);
    if (plain < ROADS_FAR)
        c->report->n_wrong_paths += path_weight(c, to) != plain;
}

static gb_status check_row(checker *c, size_t n, base_rng *rng)
{
    base_mem *mem = c->run->mem;
    gb_status status = GB_OK;

    c->from = draw_place(c, rng);
    for (size_t i = 0; i < n; i++)
        c->to[i] = draw_place(c, rng);
    if (!roads_spots_find(mem, c->view, &c->from, 1, &c->from_spots)
        || !roads_spots_find(mem, c->view, c->to, n, &c->to_spots))
        status = base_fail_nomem(c->run->ctx);
    if (!status) {
        roads_search_run(&c->search, &c->from_spots, 0, ROADS_FAR);
        status = roads_table_fill(c->run, c->view, &c->from_spots,
                                  &c->to_spots, c->seconds, c->metres);
    }
    for (size_t i = 0; i < n && !status; i++)
        compare(c, i);
    roads_spots_clear(mem, &c->from_spots);
    roads_spots_clear(mem, &c->to_spots);
    return status;
}

static void find_usable(checker *c)
{
    for (uint32_t l = 0; l < c->view.map->n_links; l++)
        if (roads_use_link(c->view.metric->use, l))
            c->usable[c->n_usable++] = l;
}

gb_status roads_check_mode(base_run *run, const gb_roads *roads, gb_mode mode,
                           uint64_t n_pairs, uint64_t seed,
                           gb_roads_check_report *report)
{
    checker *c = base_alloc_zeroed(run->mem, 1, sizeof *c);
    base_rng rng = base_rng_stream(seed, (uint64_t)mode);
    gb_status status = GB_OK;

    if (!c)
        return base_fail_nomem(run->ctx);
    c->run = run;
    c->view = roads_view_of(roads, (int)mode);
    c->mode = mode;
    c->report = report;
    c->usable = base_alloc_array(run->mem, c->view.map->n_links, 4);
    c->pair = roads_pair_new(run->mem, c->view);
    if (!c->usable || !c->pair
        || !roads_search_init(&c->search, run->mem, c->view))
        status = base_fail_nomem(run->ctx);
    else
        find_usable(c);
    while (!status && n_pairs > 0 && c->n_usable > 0) {
        const size_t n = n_pairs < ROW ? (size_t)n_pairs : ROW;

        status = check_row(c, n, &rng);
        if (!status)
            status = base_poll_many(run, n);
        n_pairs -= n;
    }
    roads_search_clear(&c->search, run->mem);
    roads_pair_free(c->pair);
    base_free(run->mem, c->usable);
    base_free(run->mem, c);
    return status;
}
