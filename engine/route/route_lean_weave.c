/*
 * route_lean_weave.c - see route_lean_weave.h.
 */
#include "route_lean_weave.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

enum {
    LEAST_CLIENTS = 8,
    MOST_CLIENTS = 250,
    LEAST_STEPS = 80,   /* of an annealing, a client */
    LEAST_HERD = 4000,  /* iterations of all, a client */
    FIRST_LOOK = 512,   /* iterations between which is measured how many */
    LAST_LOOK = 4608,   /* there will be */
    STEPS_A_LOOK = 64,  /* iterations between turns */
    LOOKS = 8,          /* of a child's annealing */
    FRESH_OF_256 = 128, /* of its iterations begin where it is new */
    MOST_TRIES = 100,   /* pairs that turn out to be the same */
    APART = 10,         /* of so many legs one more is not shared */
    FEWEST = 6          /* plans in the end */
};

/*
 * What the annealings take of the time, and the progress of an annealing at
 * which that of a child begins.  Chosen on Solomon R202, R206 and R210 at
 * 500,000 to 2,600,000 iterations, two or three seeds each, with the numbers
 * above.  Seeds differ by more than what is near to these.  At 30 s it is no
 * loss for 200 clients (Gehring-Homberger R1_2_8: .39 % off the best known, .42
 * before) and a great one for 400 (R1_4_4: 1.46, .52 before).
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
    w->now = base_alloc_array(mem, n_nodes, sizeof *w->now);
    if (!w->links || !w->fresh || !w->now)
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
    base_free(mem, w->now);
    base_free(mem, w);
    s->weave = NULL;
}

bool route_lean_weave_is_busy(const route_lean *s)
{
    return s->weave && s->weave->n_anneals && !s->weave->is_idle;
}

/* --- the herd --- */

/* Follows another one than there?  The ends of a kind are all the same. */
static bool is_new_leg(const route_lean_model *m, uint32_t now, uint32_t was)
{
    const uint32_t n = m->n_clients;

    return now != was
        && (now < n || was < n
            || m->kind_of[(now - n) / 2] != m->kind_of[(was - n) / 2]);
}

/* Legs from clients that these plans do not share. */
static uint32_t count_apart(const route_lean_model *m, const uint32_t *next,
                            const weave_plan *plan)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < m->n_clients; c++)
        n += is_new_leg(m, next[c], plan->next[c]);
    return n;
}

/* The plan, but for one, that is nearly the same; NULL: none is. */
static weave_plan *find_alike(route_lean *s, const uint32_t *next,
                              const weave_plan *but)
{
    route_lean_weave *w = s->weave;
    weave_plan *closest = NULL;
    uint32_t least = s->model->n_clients / APART + 1;

    for (uint32_t i = 0; i < w->n_plans; i++) {
        uint32_t n;

        if (&w->plans[i] == but)
            continue;
        n = count_apart(s->model, next, &w->plans[i]);
        if (n < least) {
            least = n;
            closest = &w->plans[i];
        }
    }
    return closest;
}

static void store(const route_lean *s, const uint32_t *next, int64_t cost,
                  weave_plan *plan)
{
    const route_lean_model *m = s->model;

    plan->cost = cost;
    memcpy(plan->next, next,
           (m->n_clients + 2 * (size_t)m->n_routes) * sizeof *next);
}

/* The plan as it is, in the form of best_next. */
static const uint32_t *read_plan(route_lean *s)
{
    const route_lean_model *m = s->model;
    const uint32_t n_nodes = m->n_clients + 2 * m->n_routes;

    for (uint32_t a = 0; a < n_nodes; a++)
        s->weave->now[a] = s->nodes[a].next;
    return s->weave->now;
}

/* The annealing's plan, where it serves all, joins the herd. */
static void join(route_lean *s)
{
    route_lean_weave *w = s->weave;
    const int64_t cost = route_lean_true_cost(s);
    const uint32_t *next;
    weave_plan *alike;

    if (s->n_out > 0)
        return;
    next = read_plan(s);
    alike = find_alike(s, next, NULL);
    if (!alike && w->n_plans < WEAVE_PLANS)
        store(s, next, cost, &w->plans[w->n_plans++]);
    else if (alike && cost < alike->cost)
        store(s, next, cost, alike);
}

static weave_plan *find_dearest(route_lean_weave *w)
{
    weave_plan *dearest = &w->plans[0];

    for (uint32_t i = 1; i < w->n_plans; i++)
        if (w->plans[i].cost > dearest->cost)
            dearest = &w->plans[i];
    return dearest;
}

void route_lean_weave_invite(route_lean *s, const route_lean *other)
{
    route_lean_weave *w = s->weave;
    weave_plan *alike;

    if (!w->is_breeding || other->best_musts_out > 0)
        return;
    alike = find_alike(s, other->best_next, NULL);
    if (!alike)
        alike = find_dearest(w);
    if (other->best_cost < alike->cost)
        store(s, other->best_next, other->best_cost, alike);
}

/* Between children: fewer and fewer plans, of which the last ones mate often. */
static void thin_out(route_lean_weave *w, double progress)
{
    const double left = (1 - progress) / (1 - FIRST_PART);

    while (w->n_plans > FEWEST
           && w->n_plans > FEWEST + left * (w->n_founders - FEWEST)) {
        weave_plan *dearest = find_dearest(w);
        const weave_plan gone = *dearest;

        *dearest = w->plans[--w->n_plans];
        w->plans[w->n_plans] = gone; /* its room stays */
        w->at = 0;
    }
}

/* --- children --- */

/* Whom another one follows than in the mother, and those who follow. */
static void find_fresh(route_lean *s)
{
    route_lean_weave *w = s->weave;
    const route_lean_model *m = s->model;
    const uint32_t *mother = w->plans[w->mother].next;
    const uint32_t n = m->n_clients;

    w->n_fresh = 0;
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t now = s->nodes[c].next;

        if (!is_new_leg(m, now, mother[c]))
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

/*
 * In its mother's place where it is cheaper; where it is nearly the same as
 * another plan, in the place of that one.
 */
static void take_child(route_lean *s)
{
    route_lean_weave *w = s->weave;
    weave_plan *mother = &w->plans[w->mother];
    const int64_t cost = route_lean_true_cost(s);
    const uint32_t *next;
    weave_plan *alike;

    if (s->n_out > 0)
        return;
    next = read_plan(s);
    alike = find_alike(s, next, mother);
    if (!alike)
        alike = mother;
    if (cost < alike->cost)
        store(s, next, cost, alike);
}

static double go_on_with_child(route_lean *s, double progress)
{
    route_lean_weave *w = s->weave;

    if (w->n_looks == 0) {
        if (w->has_child)
            take_child(s);
        thin_out(w, progress);
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

/* Is it known by now how many annealings there will be, and more than one? */
static bool has_herd(route_lean *s, double progress)
{
    route_lean_weave *w = s->weave;
    const uint64_t n_steps = s->iterations / STEPS_A_LOOK * STEPS_A_LOOK;

    if (w->n_anneals)
        return true;
    /* Not from the start, which has to do with the first plan as well. */
    if (n_steps == FIRST_LOOK)
        w->first_progress = progress;
    if (n_steps < LAST_LOOK)
        return false;
    count_anneals(w, s->model->n_clients, progress);
    w->n_annealed = (uint32_t)(progress / FIRST_PART * w->n_anneals);
    return !w->is_idle;
}

double route_lean_weave_turn(route_lean *s, double progress)
{
    route_lean_weave *w = s->weave;
    double turn;

    if (w->is_idle)
        return progress;
    if (w->is_breeding)
        return go_on_with_child(s, progress);
    if (!has_herd(s, progress))
        return progress;
    turn = progress / FIRST_PART * w->n_anneals;
    if (turn >= w->n_annealed + 1) {
        w->n_annealed = (uint32_t)turn;
        join(s);
    }
    if (progress < FIRST_PART || w->n_plans < 2)
        return turn - floor(turn);
    w->is_breeding = true;
    w->n_founders = w->n_plans;
    return go_on_with_child(s, progress);
}
