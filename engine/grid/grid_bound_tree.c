/*
 * grid_bound_tree.c - see grid_bound_tree.h.
 */
#include "grid_bound_tree.h"

#include <math.h>
#include <string.h>

#include "base_array.h"
#include "grid_bound_assign.h"

enum { NODE_STEPS = 40 };
/* Ratios above the root's bound: of the first round, and beyond which there is
 * no more limit. */
static const double FIRST_REACH = 0.005, MOST_REACH = 1000;

typedef struct node {
    double bound;
    uint64_t number;  /* in the order of making */
    double *price;    /* n; the choices behind them in the same block */
} node;

typedef struct tree {
    base_run *run;
    const grid_bound_task *task;
    hess_prices *prices;
    gb_bound_result *r;
    uint32_t *owners;
    assign_search assign;
    BASE_ARRAY(node) open; /* a heap, the least bound first */
    uint64_t n_made;
    uint32_t *centres;     /* k */
    double limit;          /* of this round */
    double cut;            /* nothing above is looked for */
    double floor;          /* least of what only left-out rules refuse */
} tree;

/* --- open nodes ---------------------------------------------------------- */

static bool is_before(const node *a, const node *b)
{
    if (a->bound < b->bound || a->bound > b->bound)
        return a->bound < b->bound;
    return a->number > b->number; /* deeper first */
}

static uint8_t *choice_of(const tree *t, const node *x)
{
    return (uint8_t *)(x->price + t->prices->m->n);
}

/* A copy of the prices as they stand, with one choice more. */
static gb_status push(tree *t, uint32_t area, hess_choice choice)
{
    const hess_prices *p = t->prices;
    const size_t n = p->m->n;
    node made = { .bound = p->lower, .number = t->n_made++ };
    size_t at = t->open.n;

    made.price = base_alloc_array(t->run->mem, n, sizeof(double) + 1);
    if (!made.price || !base_array_push(t->run->mem, &t->open, made)) {
        base_free(t->run->mem, made.price);
        return base_fail_nomem(t->run->ctx);
    }
    memcpy(made.price, p->price, n * sizeof *made.price);
    memcpy(choice_of(t, &made), p->choice, n);
    if (area != GB_GRID_NONE)
        choice_of(t, &made)[area] = (uint8_t)choice;
    while (at > 0 && is_before(&made, &t->open.items[(at - 1) / 2])) {
        t->open.items[at] = t->open.items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    t->open.items[at] = made;
    return GB_OK;
}

static node pop(tree *t)
{
    const node first = t->open.items[0], last = t->open.items[--t->open.n];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < t->open.n
            && is_before(&t->open.items[child + 1], &t->open.items[child]))
            child++;
        if (child >= t->open.n || !is_before(&t->open.items[child], &last))
            break;
        t->open.items[at] = t->open.items[child];
        at = child;
    }
    t->open.items[at] = last;
    return first;
}

/* --- plans --------------------------------------------------------------- */

/* A plan that the relaxation knows of: better, or refused by other rules. */
static gb_status take_plan(void *user, const uint32_t *owners, double value,
                           double *cut)
{
    tree *t = user;
    double about;
    size_t n_found;
    const gb_status status
        = grid_bound_value(t->run, t->task, owners, &n_found, &about);

    if (status)
        return status;
    if (n_found > 0) {
        t->floor = fmin(t->floor, value);
    } else if (about < t->r->upper) {
        t->r->upper = about;
        t->r->has_plan = true;
        memcpy(t->owners, owners, t->prices->m->n * sizeof *owners);
    }
    *cut = fmin(*cut,
                fmin(t->floor, t->r->upper) * (1 - GRID_BOUND_CLOSE));
    return GB_OK;
}

/* --- nodes --------------------------------------------------------------- */

/* Of the free, the one that was taken most often; GB_GRID_NONE when none is
 * free or all centres are known. */
static uint32_t choose(tree *t)
{
    const hess_prices *p = t->prices;
    uint32_t best = GB_GRID_NONE;
    size_t n_in = 0, n_free = 0;

    for (uint32_t j = 0; j < p->m->n; j++) {
        n_in += p->choice[j] == HESS_IN;
        if (p->choice[j] != HESS_FREE)
            continue;
        n_free++;
        if (best == GB_GRID_NONE || p->share[j] > p->share[best])
            best = j;
    }
    return n_in == p->m->k || n_in + n_free == p->m->k ? GB_GRID_NONE : best;
}

static gb_status solve_leaf(tree *t)
{
    const hess_prices *p = t->prices;
    size_t n = 0;

    for (int is_free = 0; is_free < 2; is_free++)
        for (uint32_t j = 0; j < p->m->n && n < p->m->k; j++)
            if (p->choice[j] == (is_free ? HESS_FREE : HESS_IN))
                t->centres[n++] = j;
    return assign_solve(&t->assign, t->centres, &t->cut);
}

static gb_status visit(tree *t, const node *x)
{
    uint32_t area;
    gb_status status;

    hess_prices_set(t->prices, x->price, choice_of(t, x));
    t->prices->lower = fmax(t->prices->lower, x->bound);
    status = hess_prices_improve(t->run, t->prices, NODE_STEPS, t->cut);
    if (status || t->prices->lower >= t->cut)
        return status;
    t->prices->lower = fmax(t->prices->lower, x->bound);
    area = choose(t);
    if (area == GB_GRID_NONE)
        return solve_leaf(t);
    status = push(t, area, HESS_OUT);
    return status ? status : push(t, area, HESS_IN);
}

/* What is proven when `x` and all that is open are left undone. */
static double lower_of(const tree *t, const node *x)
{
    double lower = fmin(t->limit, fmin(t->r->upper, t->floor));

    if (x)
        lower = fmin(lower, x->bound);
    if (t->open.n > 0)
        lower = fmin(lower, t->open.items[0].bound);
    return lower;
}

static void raise_lower(tree *t, double lower)
{
    if (lower <= t->r->lower)
        return;
    t->r->lower = lower;
    t->r->method = GB_BOUND_BRANCHED;
    t->r->seconds = base_run_elapsed_s(t->run);
}

/* All nodes below the limit of the round; *is_done: none is left. */
static gb_status climb(tree *t, bool *is_done)
{
    const uint64_t most = t->task->options->max_nodes;
    gb_status status = push(t, GB_GRID_NONE, HESS_FREE);

    *is_done = false;
    while (!status && t->open.n > 0) {
        node x = pop(t);

        t->r->n_nodes++;
        if (x.bound < t->cut)
            status = visit(t, &x);
        if (status || t->run->is_late || t->assign.is_stopped
            || t->r->n_nodes + t->assign.n_nodes > most) {
            t->r->outcome = t->run->is_late ? GB_OUTCOME_TIME_LIMIT
                                            : GB_OUTCOME_ITERATION_LIMIT;
            raise_lower(t, lower_of(t, &x));
            base_free(t->run->mem, x.price);
            return status;
        }
        base_free(t->run->mem, x.price);
        if (t->open.n > 0)
            raise_lower(t, lower_of(t, NULL));
    }
    *is_done = !status;
    if (!status)
        raise_lower(t, lower_of(t, NULL));
    return status;
}

static void clear_open(tree *t)
{
    for (size_t i = 0; i < t->open.n; i++)
        base_free(t->run->mem, t->open.items[i].price);
    t->open.n = 0;
}

/*
 * In rounds: first only what is hardly above the bound of the root, then twice
 * as far.  A round that finds nothing is cheap and a proof in itself; the one
 * that finds the best plan has a limit that is soon as good as that plan.
 */
static gb_status climb_in_rounds(tree *t, const node *root)
{
    gb_status status = GB_OK;
    double reach = FIRST_REACH;
    bool is_done = true;

    t->assign.max_nodes = t->task->options->max_nodes;
    while (!status && is_done) {
        t->limit = reach < MOST_REACH && root->bound > 0
            ? root->bound * (1 + reach) : (double)INFINITY;
        t->cut = fmin(t->limit, fmin(t->floor, t->r->upper)
                                    * (1 - GRID_BOUND_CLOSE));
        hess_prices_set(t->prices, root->price, choice_of(t, root));
        t->prices->lower = root->bound;
        status = climb(t, &is_done);
        clear_open(t);
        if (fmin(t->r->upper, t->floor) <= t->limit
            || t->limit == (double)INFINITY)
            break;
        reach *= 2;
    }
    return status;
}

gb_status grid_bound_tree(base_run *run, const grid_bound_task *task,
                          hess_prices *prices, gb_bound_result *r,
                          uint32_t *owners)
{
    tree t = { .run = run, .task = task, .prices = prices, .r = r,
               .owners = owners, .floor = INFINITY };
    const size_t n = prices->m->n;
    node root = { .bound = prices->lower };
    gb_status status;

    t.centres = base_alloc_array(run->mem, prices->m->k, sizeof *t.centres);
    root.price = base_alloc_array(run->mem, n, sizeof(double) + 1);
    if (!t.centres || !root.price) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    memcpy(root.price, prices->price, n * sizeof *root.price);
    memcpy(choice_of(&t, &root), prices->choice, n);
    status = assign_init(run, &t.assign, task->areas, prices->m, take_plan,
                         &t);
    if (!status)
        status = climb_in_rounds(&t, &root);
    r->n_nodes += t.assign.n_nodes;

done:
    clear_open(&t);
    base_array_clear(run->mem, &t.open);
    assign_clear(&t.assign);
    base_free(run->mem, t.centres);
    base_free(run->mem, root.price);
    return status;
}
