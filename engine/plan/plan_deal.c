/*
 * plan_deal.c - territories to managers, where they are not made for one
 * (plan_division.h).
 *
 * So that nobody has more than his hours allow, and then by how well he knows
 * the customers and how far he has to go.  A 0-1 program for GLPK as long as
 * it is small; else the largest first to whom it fits best, then exchanges.
 */
#include "plan_division.h"

#include <math.h>
#include <string.h>

#include "lp.h"

/* More unknowns than these are dealt out by hand. */
enum { MOST_BY_PROGRAM = 60, MOST_ROUNDS = 50 };
/* Being over one's hours counts so much more than going or knowing. */
static const double OVER_PRICE = 100;
static const double GAP = 0.01;
static const double KNOWN_WEIGHT = 1;

typedef struct dealing {
    plan_division *d;
    uint32_t branch;
    uint32_t *managers;  /* n: of data->managers */
    size_t n, n_grids;
    double *goal;        /* n: what each should have of the work */
    double *cost;        /* n_grids rows of n: 0 to 2 or so */
    const double *work;  /* n_grids */
    uint32_t *owner;     /* n_grids: number of the manager */
} dealing;

static gb_status find_managers(dealing *x)
{
    const store_managers *managers = &x->d->data->managers;
    const plan_team *team = &x->d->teams[x->branch];
    double all = 0;

    x->managers
        = plan_division_take(x->d, managers->n, sizeof *x->managers);
    x->goal = plan_division_take(x->d, managers->n, sizeof *x->goal);
    x->owner = plan_division_take(x->d, x->n_grids, sizeof *x->owner);
    if (!x->managers || !x->goal || !x->owner)
        return GB_ERR_NOMEM;
    for (size_t g = 0; g < x->n_grids; g++)
        all += x->work[g];
    for (uint32_t m = 0; m < managers->n; m++)
        if (managers->items[m].branch == x->branch && !x->d->is_off[m]) {
            x->goal[x->n] = all * x->d->week_s[m] / team->week_s;
            x->managers[x->n++] = m;
        }
    return GB_OK;
}

/* The way there by his mode, against the mean; and whom he does not know. */
static gb_status find_costs(dealing *x)
{
    const plan_division *d = x->d;
    const uint32_t first = d->teams[x->branch].first;
    const size_t n_cells = d->data->cells.n;
    double sum = 0;

    x->cost = plan_division_take(x->d, x->n * x->n_grids, sizeof *x->cost);
    if (!x->cost)
        return GB_ERR_NOMEM;
    for (uint32_t c = 0; c < n_cells; c++) {
        const uint32_t g = d->grid_of[c] - first;

        for (size_t m = 0; m < x->n && g < x->n_grids; m++) {
            const int mode
                = d->data->managers.items[x->managers[m]].mode;
            const uint32_t s
                = d->travel[mode][(size_t)x->branch * n_cells + c];

            if (s != GB_GRID_UNREACHABLE)
                x->cost[g * x->n + m]
                    += s * plan_columns_value(d, 0, x->branch, c);
        }
    }
    for (size_t i = 0; i < x->n * x->n_grids; i++)
        sum += x->cost[i];
    for (size_t i = 0; i < x->n * x->n_grids; i++)
        x->cost[i] /= fmax(sum / (double)(x->n * x->n_grids), 1e-9);
    for (size_t i = 0; i < d->known.n_pairs; i++) {
        const store_known_pair *pair = &d->known.pairs[i];
        const uint32_t g = d->grid_of[pair->cell] - first;

        for (size_t m = 0; m < x->n && g < x->n_grids; m++)
            if (x->managers[m] == pair->manager)
                x->cost[g * x->n + m]
                    -= KNOWN_WEIGHT * pair->customers
                       / fmax(d->has[PLAN_CUSTOMERS][first + g], 1);
    }
    return GB_OK;
}

/* ---- by a program ---- */

/* x[g, m] for each grid and manager, and z: by how much of his goal the worst
 * one is over it. */
static gb_status by_program(dealing *x, bool *is_done)
{
    const size_t n_x = x->n * x->n_grids, n_rows = x->n_grids + x->n;
    plan_division *d = x->d;
    double *cost = plan_division_take(d, n_x + 1, sizeof *cost);
    uint8_t *is_binary = plan_division_take(d, n_x + 1, 1);
    double *lower = plan_division_take(d, n_rows, sizeof *lower);
    double *upper = plan_division_take(d, n_rows, sizeof *upper);
    uint32_t *first = plan_division_take(d, n_rows + 1, sizeof *first);
    uint32_t *columns
        = plan_division_take(d, 2 * n_x + x->n, sizeof *columns);
    double *coefficients
        = plan_division_take(d, 2 * n_x + x->n, sizeof *coefficients);
    double *answer = plan_division_take(d, n_x + 1, sizeof *answer);
    const lp_limits limits = { .gap = GAP };
    lp_problem problem = { .n_columns = n_x + 1, .n_rows = n_rows };
    lp_result result = { .x = answer };
    uint32_t at = 0;
    gb_status status;

    if (!cost || !is_binary || !lower || !upper || !first || !columns
        || !coefficients || !answer)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < n_x; i++) {
        cost[i] = x->cost[i];
        is_binary[i] = 1;
    }
    cost[n_x] = OVER_PRICE;
    for (size_t g = 0; g < x->n_grids; g++) {
        first[g] = at;
        lower[g] = upper[g] = 1;
        for (size_t m = 0; m < x->n; m++) {
            columns[at] = (uint32_t)(g * x->n + m);
            coefficients[at++] = 1;
        }
    }
    for (size_t m = 0; m < x->n; m++) {
        first[x->n_grids + m] = at;
        lower[x->n_grids + m] = -INFINITY;
        upper[x->n_grids + m] = 1;
        for (size_t g = 0; g < x->n_grids; g++) {
            columns[at] = (uint32_t)(g * x->n + m);
            coefficients[at++] = x->work[g] / fmax(x->goal[m], 1e-9);
        }
        columns[at] = (uint32_t)n_x;
        coefficients[at++] = -1;
    }
    first[n_rows] = at;
    problem.cost = cost;
    problem.is_binary = is_binary;
    problem.row_lower = lower;
    problem.row_upper = upper;
    problem.first = first;
    problem.columns = columns;
    problem.coefficients = coefficients;
    status = lp_solve(d->data->run, &problem, &limits, &result);
    *is_done = !status && result.has_answer;
    for (size_t g = 0; g < x->n_grids && *is_done; g++)
        for (uint32_t m = 0; m < x->n; m++)
            if (answer[g * x->n + m] > 0.5)
                x->owner[g] = m;
    return status;
}

/* ---- by hand ---- */

static double price(const dealing *x, double *load)
{
    double worst = 0, sum = 0;

    memset(load, 0, x->n * sizeof *load);
    for (size_t g = 0; g < x->n_grids; g++) {
        load[x->owner[g]] += x->work[g];
        sum += x->cost[g * x->n + x->owner[g]];
    }
    for (size_t m = 0; m < x->n; m++)
        worst = fmax(worst, load[m] / fmax(x->goal[m], 1e-9) - 1);
    return OVER_PRICE * worst + sum;
}

/* The largest grid that is left, to whom it fits best. */
static gb_status by_size(dealing *x, double *load)
{
    uint8_t *is_dealt = plan_division_take(x->d, x->n_grids, 1);

    if (!is_dealt)
        return GB_ERR_NOMEM;
    for (size_t round = 0; round < x->n_grids; round++) {
        size_t g = x->n_grids;
        uint32_t best = 0;

        for (size_t i = 0; i < x->n_grids; i++)
            if (!is_dealt[i] && (g == x->n_grids || x->work[i] > x->work[g]))
                g = i;
        for (uint32_t m = 1; m < x->n; m++)
            if ((load[m] + x->work[g]) / fmax(x->goal[m], 1e-9)
                < (load[best] + x->work[g]) / fmax(x->goal[best], 1e-9))
                best = m;
        is_dealt[g] = 1;
        x->owner[g] = best;
        load[best] += x->work[g];
    }
    return GB_OK;
}

/* Exchanges of two, as long as one helps. */
static gb_status by_hand(dealing *x)
{
    double *load = plan_division_take(x->d, x->n, sizeof *load);
    gb_status status = load ? by_size(x, load) : GB_ERR_NOMEM;
    double now = status ? 0 : price(x, load);
    bool is_better = !status;

    for (int round = 0; round < MOST_ROUNDS && is_better; round++) {
        is_better = false;
        for (size_t g = 0; g < x->n_grids && !status; g++) {
            for (size_t h = 0; h < g; h++) {
                const uint32_t a = x->owner[g], b = x->owner[h];
                double then;

                x->owner[g] = b;
                x->owner[h] = a;
                then = price(x, load);
                if (then < now - 1e-9) {
                    now = then;
                    is_better = true;
                } else {
                    x->owner[g] = a;
                    x->owner[h] = b;
                }
            }
            status = base_poll(x->d->data->run);
        }
    }
    return status;
}

/* ---- the whole ---- */

static gb_status deal_out(plan_division *d, uint32_t branch)
{
    const plan_team *team = &d->teams[branch];
    dealing x = { .d = d, .branch = branch, .n_grids = team->n,
                  .work = d->has[PLAN_WORKLOAD] + team->first };
    bool is_done = false;
    gb_status status = find_managers(&x);

    if (!status)
        status = find_costs(&x);
    if (!status && x.n * x.n_grids <= MOST_BY_PROGRAM)
        status = by_program(&x, &is_done);
    if (!status && !is_done)
        status = by_hand(&x);
    for (size_t g = 0; g < x.n_grids && !status; g++)
        d->grids.items[team->first + g].owner = x.managers[x.owner[g]];
    return status;
}

gb_status plan_deal(plan_division *d)
{
    gb_status status = GB_OK;

    for (uint32_t b = 0; b < d->data->branches.n && !status; b++)
        if (d->teams[b].n > 0 && !d->teams[b].is_kept
            && d->grids.items[d->teams[b].first].owner == STORE_NONE)
            status = deal_out(d, b);
    return status;
}
