/*
 * route_lean_weave.c - see route_lean_weave.h.
 */
#include "route_lean_weave.h"

#include <math.h>

#include "base_check.h"

enum {
    LEAST_CLIENTS = 8,
    MOST_CLIENTS = 500,
    LEAST_STEPS = 80,   /* of an annealing, a client */
    LEAST_HERD = 2000,  /* iterations of all, a client */
    FIRST_LOOK = 512,   /* iterations between which is measured how many */
    LAST_LOOK = 4608,   /* there will be */
    STEPS_A_LOOK = 64,  /* iterations between turns */
    LOOKS = 8,          /* of a child's annealing */
    FRESH_OF_256 = 128, /* of its iterations begin where it is new */
    MOST_TRIES = 100    /* pairs that turn out to be the same */
};

/*
 * What the annealings take of the time, and the progress of an annealing at
 * which that of a child begins.  Chosen on Solomon R202, R206 and R210 at
 * 1,300,000 iterations, two or three seeds each, with the numbers above.
 */
static const double FIRST_PART = 0.4, LUKEWARM = 0.5;

/* --- life --- */

bool route_lean_weave_suits(const route_lean_model *m)
{
    return m->has_windows && !m->has_prizes && m->n_kinds == 1
        && m->n_clients >= LEAST_CLIENTS && m->n_clients <= MOST_CLIENTS
        && route_lean_cross_suits(m);
}

bool route_lean_weave_init(route_lean *s)
{
    const route_lean_model *m = s->model;
    const size_t n_nodes = m->n_clients + 2 * (size_t)m->n_routes;
    base_mem *mem = m->data->mem;
    route_lean_weave *w;

    if (!route_lean_weave_suits(m))
        return true;
    w = s->weave = base_alloc_zeroed(mem, 1, sizeof *w);
    if (!w || !route_lean_cross_init(&w->cross, m))
        return false;
    w->links = base_alloc_array(mem, n_nodes * WEAVE_PLANS, sizeof *w->links);
    w->fresh = base_alloc_array(mem, 2 * (size_t)m->n_clients,
                                sizeof *w->fresh);
    if (!w->links || !w->fresh)
        return false;
    for (size_t i = 0; i < WEAVE_PLANS; i++)
        w->plans[i].next = &w->links[i * n_nodes];
    return true;
}

void route_lean_weave_clear(route_lean *s)
{
    route_lean_weave *w = s->weave;
    base_mem *mem = s->model->data->mem;

    if (!w)
        return;
    route_lean_cross_clear(&w->cross);
    base_free(mem, w->links);
    base_free(mem, w->fresh);
    base_free(mem, w);
    s->weave = NULL;
}

bool route_lean_weave_is_busy(const route_lean *s)
{
    return s->weave && !s->weave->is_idle;
}

/* --- the herd --- */

/* Plans that cost the same are taken for the same. */
static bool is_known(const route_lean_weave *w, int64_t cost)
{
    for (uint32_t i = 0; i < w->n_plans; i++)
        if (w->plans[i].cost == cost)
            return true;
    return false;
}

static void store(const route_lean *s, weave_plan *plan)
{
    const route_lean_model *m = s->model;
    const uint32_t n_nodes = m->n_clients + 2 * m->n_routes;

    for (uint32_t a = 0; a < n_nodes; a++)
        plan->next[a] = s->nodes[a].next;
    plan->cost = route_lean_true_cost(s);
}

/* The annealing's plan, where it serves all, joins the herd. */
static void join(const route_lean *s)
{
    route_lean_weave *w = s->weave;

    if (s->n_out == 0 && w->n_plans < WEAVE_PLANS
        && !is_known(w, route_lean_true_cost(s)))
        store(s, &w->plans[w->n_plans++]);
}

void route_lean_weave_invite(route_lean *s, const route_lean *other)
{
    route_lean_weave *w = s->weave;
    const route_lean_model *m = s->model;
    const uint32_t n_nodes = m->n_clients + 2 * m->n_routes;
    uint32_t last = 0;

    if (!w->is_breeding || other->best_musts_out > 0
        || is_known(w, other->best_cost))
        return;
    for (uint32_t i = 1; i < w->n_plans; i++)
        if (w->plans[i].cost > w->plans[last].cost)
            last = i;
    for (uint32_t a = 0; a < n_nodes; a++)
        w->plans[last].next[a] = other->best_next[a];
    w->plans[last].cost = other->best_cost;
    /* The child's mother may be gone. */
    w->has_child = false;
}

/* --- children --- */

static uint32_t depot_of(const route_lean_model *m, uint32_t node)
{
    return m->n_clients + m->kind_of[(node - m->n_clients) / 2];
}

/* Whom another one follows than in the mother, and those who follow. */
static void find_fresh(route_lean *s)
{
    route_lean_weave *w = s->weave;
    const route_lean_model *m = s->model;
    const uint32_t *mother = w->plans[w->mother].next;
    const uint32_t n = m->n_clients;

    w->n_fresh = 0;
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t now = s->nodes[c].next, was = mother[c];

        if (now == was
            || (now >= n && was >= n && depot_of(m, now) == depot_of(m, was)))
            continue;
        w->fresh[w->n_fresh++] = c;
        if (now < n)
            w->fresh[w->n_fresh++] = now;
    }
}

uint32_t route_lean_weave_seed(route_lean *s)
{
    const route_lean_weave *w = s->weave;

    if (!w->has_child || w->n_fresh == 0
        || base_rng_below(&s->rng, 256) >= FRESH_OF_256)
        return (uint32_t)base_rng_below(&s->rng, s->model->n_clients);
    return w->fresh[base_rng_below(&s->rng, w->n_fresh)];
}

/* The next pair; each plan is a mother once before any is again. */
static const weave_plan *choose_pair(route_lean *s)
{
    route_lean_weave *w = s->weave;
    const uint32_t at = w->at;

    if (at == 0) {
        for (uint32_t i = 0; i < w->n_plans; i++)
            w->order[i] = i;
        base_rng_shuffle(&s->rng, w->order, w->n_plans);
    }
    w->at = (at + 1) % w->n_plans;
    w->mother = w->order[at];
    return &w->plans[w->order[w->at]];
}

static void make_child(route_lean *s)
{
    route_lean_weave *w = s->weave;

    w->has_child = false;
    for (uint32_t i = 0; i < MOST_TRIES && !w->has_child; i++) {
        const weave_plan *father = choose_pair(s);

        w->has_child
            = route_lean_cross_over(&w->cross, s, w->plans[w->mother].next,
                                    father->next);
    }
    find_fresh(s);
    w->n_looks = LOOKS;
}

static void take_child(route_lean *s)
{
    route_lean_weave *w = s->weave;
    const int64_t cost = route_lean_true_cost(s);

    if (s->n_out == 0 && cost < w->plans[w->mother].cost
        && !is_known(w, cost))
        store(s, &w->plans[w->mother]);
}

static double go_on_with_child(route_lean *s)
{
    route_lean_weave *w = s->weave;

    if (w->n_looks == 0) {
        if (w->has_child)
            take_child(s);
        make_child(s);
    }
    w->n_looks--;
    return 1 - (1 - LUKEWARM) * w->n_looks / LOOKS;
}

/* --- turns --- */

/*
 * As many annealings as the herd has room for, where each gets some time; one,
 * and no herd, where all of the time is none too long for one.
 */
static void count_anneals(route_lean_weave *w, uint32_t n, double progress)
{
    const double done = progress - w->first_progress;
    const double all = done > 0 ? (LAST_LOOK - FIRST_LOOK) / done : 1e12;
    const double most = all / n * FIRST_PART / LEAST_STEPS;

    w->n_anneals = most < WEAVE_PLANS ? (uint32_t)most + 1 : WEAVE_PLANS;
    w->is_idle = all / n < LEAST_HERD;
}

double route_lean_weave_turn(route_lean *s, double progress)
{
    route_lean_weave *w = s->weave;
    const uint64_t n_steps = s->iterations / STEPS_A_LOOK * STEPS_A_LOOK;
    double turn;

    if (w->is_idle)
        return progress;
    if (w->is_breeding)
        return go_on_with_child(s);
    /* Not from the start, which has to do with the first plan as well. */
    if (n_steps == FIRST_LOOK)
        w->first_progress = progress;
    if (n_steps == LAST_LOOK) {
        count_anneals(w, s->model->n_clients, progress);
        if (w->is_idle)
            return progress;
    }
    turn = progress / FIRST_PART * (w->n_anneals ? w->n_anneals : 1);
    if (turn >= w->n_annealed + 1) {
        w->n_annealed = (uint32_t)turn;
        join(s);
    }
    if (progress < FIRST_PART || w->n_plans < 2)
        return turn - floor(turn);
    w->is_breeding = true;
    return go_on_with_child(s);
}
