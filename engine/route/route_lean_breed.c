/*
 * route_lean_breed.c - life, and one child at a time; see route_lean_breed.h.
 */
#include "route_lean_breed.h"

#include <math.h>

#include "base_check.h"

enum {
    LEAST_CLIENTS = 8,
    MOST_CLIENTS = 400,
    MOST_ANNEALS = 24,
    LEAST_STEPS = 100,  /* of an annealing, a client */
    LEAST_HERD = 10000, /* iterations of all, a client */
    FIRST_LOOK = 512,   /* iterations between which is measured how many */
    LAST_LOOK = 4608,   /* there will be */
    N_SAMPLES = 2,      /* of each */
    N_CLOSE = 20,
    N_BY_CHANCE = 10,   /* other founders */
    N_ALL_BY_CHANCE = 4 * BREED_LEAST, /* of a herd without annealings */
    BALANCE_EVERY = 100,
    MOST_IDLE = 20000,  /* children without a new best: the herd is disbanded */
    REPAIR_PRICE = 10,
    PRICED_A_LOOK = 32000 /* as much work as 64 iterations of the annealing */
};

/*
 * The first part of the time goes to short annealings, each from the beginning.
 * Towards its end each gives some founders: one long one ends hardly better
 * than the best of these, and a herd needs plans that differ.  Chosen on X
 * n190, n228, n275 and n303, 10 s, two seeds each: mean gap .29 % with one
 * annealing alone, .30 with one and a herd, .28 with 10 annealings in half of
 * the time, .23 with 20 in three fifths.
 */
static const double FIRST_PART = 0.6, UNFROZEN = 0.8;
static const int64_t MOST_LOAD = 1000000000000; /* of all clients */

/* --- whom it is for --- */

static int64_t total_load(const route_lean_model *m)
{
    int64_t load = 0;

    for (uint32_t c = 0; c < m->n_clients && load <= MOST_LOAD; c++)
        load = m->loads[c] > MOST_LOAD ? MOST_LOAD + 1 : load + m->loads[c];
    return load;
}

/* Sums of a few legs are taken in 32 bits. */
static bool has_long_legs(const route_lean_model *m)
{
    const size_t n = m->n_stride;

    for (size_t i = 0; i < n * n; i++)
        if (m->kinds[0].cost[i] > INT32_MAX / 4)
            return true;
    return false;
}

static bool suits(const route_lean_model *m)
{
    const route_lean_kind *kind = &m->kinds[0];

    return m->is_plain && m->is_symmetric && !m->has_time && !m->has_prizes
        && m->n_kinds == 1 && m->n_loads == 1 && m->data->n_groups == 0
        && kind->start == kind->end && kind->fixed_milli == 0
        && kind->rate > 0 && kind->capacity[0] > 0
        && kind->capacity[0] <= MOST_LOAD && total_load(m) <= MOST_LOAD
        && m->n_clients >= LEAST_CLIENTS && m->n_clients <= MOST_CLIENTS
        && !has_long_legs(m);
}

/* --- life --- */

static void *room(const route_lean_breed *b, size_t n, size_t size)
{
    return base_alloc_zeroed(b->model->data->mem, n, size);
}

/* The tours and links of all plans are one block. */
static bool take_plans(route_lean_breed *b)
{
    const size_t n = b->n;

    b->links = room(b, 3 * n * BREED_PLANS, sizeof *b->links);
    for (size_t i = 0; i < BREED_PLANS && b->links; i++) {
        b->plans[i].tour = &b->links[3 * n * i];
        b->plans[i].next = b->plans[i].tour + n;
        b->plans[i].prev = b->plans[i].next + n;
    }
    return b->links != NULL;
}

static bool take_memory(route_lean_breed *b)
{
    const size_t n = b->n, n_routes = b->n_routes;
    const size_t n_cuts = (n > n_routes ? n : n_routes) + 1;

    b->stops = room(b, n + 2 * n_routes, sizeof *b->stops);
    b->routes = room(b, n_routes, sizeof *b->routes);
    b->gaps = room(b, n * n_routes, sizeof *b->gaps);
    b->first_close = room(b, n + 1, sizeof *b->first_close);
    b->close = room(b, 2 * n * N_CLOSE, sizeof *b->close);
    b->order = room(b, n, sizeof *b->order);
    b->route_order = room(b, n_routes, sizeof *b->route_order);
    b->x = room(b, n, sizeof *b->x);
    b->y = room(b, n, sizeof *b->y);
    b->angle = room(b, n, sizeof *b->angle);
    b->list = room(b, n, sizeof *b->list);
    b->cuts = room(b, n_cuts, sizeof *b->cuts);
    b->from = room(b, n + 1, sizeof *b->from);
    b->least = room(b, n + 1, sizeof *b->least);
    b->bearing = room(b, n_routes, sizeof *b->bearing);
    b->next = room(b, n + 2 * (size_t)b->model->n_routes, sizeof *b->next);
    b->apart = room(b, (size_t)BREED_PLANS * BREED_PLANS, sizeof *b->apart);
    return b->stops && b->routes && b->gaps && b->first_close && b->close
        && b->order && b->route_order && b->x && b->y && b->angle && b->list
        && b->cuts && b->from && b->least && b->bearing && b->next && b->apart
        && take_plans(b);
}

void route_lean_breed_clear(route_lean *s)
{
    route_lean_breed *b = s->breed;
    base_mem *mem = s->model->data->mem;

    if (!b)
        return;
    base_free(mem, b->links);
    base_free(mem, b->stops);
    base_free(mem, b->routes);
    base_free(mem, b->gaps);
    base_free(mem, b->first_close);
    base_free(mem, b->close);
    base_free(mem, b->order);
    base_free(mem, b->route_order);
    base_free(mem, b->x);
    base_free(mem, b->y);
    base_free(mem, b->angle);
    base_free(mem, b->list);
    base_free(mem, b->cuts);
    base_free(mem, b->from);
    base_free(mem, b->least);
    base_free(mem, b->bearing);
    base_free(mem, b->next);
    base_free(mem, b->apart);
    base_free(mem, b);
    s->breed = NULL;
}

static bool is_close(const route_lean_model *m, uint32_t c, uint32_t d)
{
    const uint32_t n = m->first_near[c + 1] - m->first_near[c];

    for (uint32_t i = 0; i < n && i < N_CLOSE; i++)
        if (m->near[m->first_near[c] + i].client == d)
            return true;
    return false;
}

/* The nearest of a client, and those whose nearest it is. */
static void find_close(route_lean_breed *b)
{
    const route_lean_model *m = b->model;
    uint32_t at = 0;

    for (uint32_t c = 0; c < b->n; c++) {
        b->first_close[c] = at;
        for (uint32_t d = 0; d < b->n; d++)
            if (d != c && (is_close(m, c, d) || is_close(m, d, c)))
                b->close[at++] = d;
    }
    b->first_close[b->n] = at;
}

static void lay_out(route_lean_breed *b)
{
    const route_lean_model *m = b->model;
    int64_t most_load = 1, most_way = 1;

    for (uint32_t c = 0; c < b->n; c++) {
        b->stops[c].location = m->data->clients[c].location;
        b->stops[c].load = m->loads[c];
        b->order[c] = c;
        if (m->loads[c] > most_load)
            most_load = m->loads[c];
        for (uint32_t d = 0; d < c; d++)
            if (breed_leg(b, c, d) > most_way)
                most_way = breed_leg(b, c, d);
    }
    for (uint32_t r = 0; r < b->n_routes; r++) {
        const uint32_t start = breed_start(b, r);

        b->route_order[r] = r;
        b->stops[start].location = b->stops[start + 1].location = b->depot;
        b->stops[start].prev = b->stops[start].next = start + 1;
        b->stops[start + 1].prev = b->stops[start + 1].next = start;
    }
    b->penalty = 1000 * most_way / most_load;
    if (b->penalty < 1)
        b->penalty = 1;
    /* All loads together, REPAIR_PRICE times as dear, stay below 2^62. */
    b->most_penalty = 100 * b->penalty;
    b->best_way = INT64_MAX;
    find_close(b);
    breed_locate(b);
    b->n_by_chance = N_BY_CHANCE;
    breed_disband(b);
}

bool route_lean_breed_init(route_lean *s)
{
    const route_lean_model *m = s->model;
    route_lean_breed *b;
    int64_t least;

    if (!suits(m))
        return true;
    b = s->breed = base_alloc_zeroed(m->data->mem, 1, sizeof *b);
    if (!b)
        return false;
    b->model = m;
    b->rng = &s->rng;
    b->n = m->n_clients;
    b->cost = m->kinds[0].cost;
    b->n_stride = m->n_stride;
    b->depot = m->kinds[0].start;
    b->capacity = m->kinds[0].capacity[0];
    least = total_load(m) / b->capacity + 1;
    least += 3 * least / 10 + 3;
    b->n_routes = least < m->n_routes ? (uint32_t)least : m->n_routes;
    if (!take_memory(b))
        return false;
    lay_out(b);
    return true;
}

/* --- to and from the annealing --- */

static void set_penalty(route_lean_breed *b, int64_t penalty)
{
    b->penalty = penalty;
    for (uint32_t r = 0; r < b->n_routes; r++)
        breed_refresh(b, r);
}

static void take_best_of(route_lean_breed *b, const route_lean *s)
{
    b->known = s->best_cost;
    if (s->best_musts_out > 0 || !breed_take(b, s->best_next))
        return;
    breed_store(b, &b->plans[b->child]);
    (void)breed_join(b, false);
}

/* The plan of the annealing as it is, improved, is one of the founders. */
static void sample(route_lean_breed *b, const route_lean *s)
{
    const route_lean_model *m = b->model;
    const uint32_t n_nodes = m->n_clients + 2 * m->n_routes;
    const int64_t penalty = b->penalty;

    if (s->n_out > 0)
        return;
    for (uint32_t a = 0; a < n_nodes; a++)
        b->next[a] = s->nodes[a].next;
    if (!breed_take(b, b->next))
        return;
    set_penalty(b, penalty * REPAIR_PRICE);
    breed_improve(b);
    b->penalty = penalty;
    breed_store(b, &b->plans[b->child]);
    (void)breed_join(b, false);
}

/*
 * As many annealings as have the time to be some; one, and no herd, where all
 * of the time is none too long for one.
 */
static void count_anneals(route_lean_breed *b, double progress)
{
    const double done = progress - b->first_progress;
    const double all = done > 0 ? (LAST_LOOK - FIRST_LOOK) / done : 1e12;
    const double steps = all / b->n, n = steps * FIRST_PART / LEAST_STEPS;

    b->n_anneals = n < MOST_ANNEALS ? (uint32_t)n + 1 : MOST_ANNEALS;
    b->is_idle = steps < LEAST_HERD;
}

bool route_lean_breed_waits(route_lean *s, double *progress)
{
    route_lean_breed *b = s->breed;
    double turn = *progress / FIRST_PART, within;

    if (b->is_idle)
        return true;
    if (turn >= 1)
        return false;
    /* Not from the start, which has to do with the first plan as well. */
    if (s->iterations == FIRST_LOOK)
        b->first_progress = *progress;
    if (s->iterations == LAST_LOOK) {
        count_anneals(b, *progress);
        if (b->is_idle)
            return true;
    }
    turn *= b->n_anneals ? b->n_anneals : 1;
    within = turn - floor(turn);
    *progress = within;
    within = (within - UNFROZEN) / (1 - UNFROZEN) * N_SAMPLES;
    if (within >= 0 && (uint32_t)within != b->last_sample) {
        b->last_sample = (uint32_t)within;
        sample(b, s);
    } else if (within < 0) {
        b->last_sample = N_SAMPLES;
    }
    return true;
}

static void give_best(route_lean_breed *b, route_lean *s)
{
    const route_lean_model *m = b->model;
    const breed_plan *plan = &b->plans[b->herds[0].ids[0]];
    uint32_t r = 0, before;

    for (uint32_t k = 0; k < m->n_routes; k++)
        b->next[route_lean_start(m, k)] = route_lean_end(m, k);
    for (uint32_t i = 0; i < b->n; i++) {
        const uint32_t c = plan->tour[i];

        before = plan->prev[c] == GB_ROUTE_NONE ? route_lean_start(m, r)
                                                : plan->prev[c];
        b->next[before] = c;
        if (plan->next[c] == GB_ROUTE_NONE)
            b->next[c] = route_lean_end(m, r++);
    }
    route_lean_return_to(s, b->next);
}

/* --- children --- */

static void make_child(route_lean_breed *b)
{
    breed_plan *child = &b->plans[b->child];

    if (b->n_born < b->n_by_chance) {
        for (uint32_t c = 0; c < b->n; c++)
            child->tour[c] = c;
        base_rng_shuffle(b->rng, child->tour, b->n);
    } else {
        const breed_plan *mother = breed_choose(b);
        const breed_plan *father = breed_choose(b);

        breed_cross(b, mother, father, child);
    }
    breed_load(b, child);
    breed_improve(b);
    breed_store(b, child);
}

/* Again, as if capacities were dearer; kept if it obeys them. */
static bool repair(route_lean_breed *b)
{
    const int64_t penalty = b->penalty;

    set_penalty(b, penalty * REPAIR_PRICE);
    breed_improve(b);
    b->penalty = penalty;
    breed_store(b, &b->plans[b->child]);
    return b->plans[b->child].excess == 0 && breed_join(b, false);
}

bool route_lean_breed_step(route_lean *s)
{
    route_lean_breed *b = s->breed;
    const uint64_t priced = b->priced;
    bool is_best, has_excess;

    if (b->known != s->best_cost || b->n_born == 0)
        take_best_of(b, s);
    make_child(b);
    has_excess = b->plans[b->child].excess > 0;
    is_best = breed_join(b, true);
    if (has_excess && base_rng_below(b->rng, 2))
        is_best = repair(b);
    if (++b->n_children % BALANCE_EVERY == 0)
        breed_balance(b);
    b->n_idle = is_best ? 0 : b->n_idle + 1;
    if (b->n_idle > MOST_IDLE) {
        breed_disband(b);
        b->n_by_chance = N_ALL_BY_CHANCE;
        b->n_idle = 0;
    }
    s->priced += b->priced - priced;
    s->iterations += 64 - s->iterations % 64
        + 64 * ((b->priced - priced) / PRICED_A_LOOK);
    if (is_best) {
        give_best(b, s);
        b->known = route_lean_true_cost(s);
    }
    return is_best;
}
