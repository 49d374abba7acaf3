/*
 * grid_locate_bound.c - the lower bound of grid_locate.h.
 *
 * Nodes pay a price for being served, whoever serves them and how often: then
 * each median chooses those that pay more than their distance, as many as fit
 * (the last one in part), and the medians that earn most are opened.  Prices
 * less earnings bound every plan from below; a node that is served too often
 * pays less in the next round, one that is not pays more.
 *
 *   M. Held, P. Wolfe, H. Crowder, Math. Program. 6 (1974),
 *   doi:10.1007/BF01580223
 */
#include "grid_locate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct item {
    double gain, rate; /* rate: gain a unit of demand */
    uint32_t node;
    double taken;      /* part */
} item;

typedef struct earning {
    double gain;
    uint32_t median;
} earning;

typedef struct bounding {
    base_run *run;
    const grid_locate_problem *p;
    double *price;      /* n */
    double *served;     /* n; by the opened medians */
    item *items;        /* n */
    earning *earnings;  /* n */
} bounding;

static int by_rate(const void *a, const void *b)
{
    const item *l = a, *r = b;

    if (l->rate != r->rate)
        return l->rate > r->rate ? -1 : 1;
    return (l->node > r->node) - (l->node < r->node);
}

static int by_gain(const void *a, const void *b)
{
    const earning *l = a, *r = b;

    if (l->gain != r->gain)
        return l->gain > r->gain ? -1 : 1;
    return (l->median > r->median) - (l->median < r->median);
}

/* What median i earns; its items are marked with what it takes. */
static double fill_knapsack(bounding *x, size_t i, size_t *n_items)
{
    const grid_locate_problem *p = x->p;
    int64_t left = p->capacity[i], wanted = 0;
    double gain = 0;
    size_t n = 0;

    for (size_t j = 0; j < p->n; j++) {
        const double g = x->price[j] - p->far[j * p->n + i];

        if (g <= 0)
            continue;
        x->items[n++] = (item){ g, p->demand[j] > 0
                                    ? g / (double)p->demand[j]
                                    : (double)INFINITY,
                                (uint32_t)j, 1 };
        wanted += p->demand[j];
        gain += g;
    }
    *n_items = n;
    if (wanted <= left)
        return gain;
    qsort(x->items, n, sizeof *x->items, by_rate);
    gain = 0;
    for (size_t a = 0; a < n; a++) {
        const int64_t demand = p->demand[x->items[a].node];

        if (demand > left) {
            const double part = (double)left / (double)demand;

            x->items[a].taken = part;
            *n_items = a + 1;
            return gain + part * x->items[a].gain;
        }
        left -= demand;
        gain += x->items[a].gain;
    }
    return gain;
}

/* The bound under these prices; `served` says who is served how often. */
static double weigh_prices(bounding *x)
{
    const grid_locate_problem *p = x->p;
    double bound = 0;
    size_t n_items;

    for (size_t j = 0; j < p->n; j++) {
        bound += x->price[j];
        x->served[j] = 0;
    }
    for (size_t i = 0; i < p->n; i++)
        x->earnings[i] = (earning){ fill_knapsack(x, i, &n_items),
                                    (uint32_t)i };
    qsort(x->earnings, p->n, sizeof *x->earnings, by_gain);
    for (size_t c = 0; c < p->k; c++) {
        bound -= x->earnings[c].gain;
        fill_knapsack(x, x->earnings[c].median, &n_items);
        for (size_t a = 0; a < n_items; a++)
            x->served[x->items[a].node] += x->items[a].taken;
    }
    return bound;
}

/* Each node begins with the distance to its (n / k)-th nearest or so. */
static void begin(bounding *x, double upper)
{
    for (size_t j = 0; j < x->p->n; j++)
        x->price[j] = upper / (double)x->p->n;
}

static gb_status step(bounding *x, double scale, double upper, double *best)
{
    const double bound = weigh_prices(x);
    const gb_status status = base_poll(x->run);
    double norm = 0, length;

    *best = fmax(*best, bound);
    for (size_t j = 0; j < x->p->n; j++)
        norm += (1 - x->served[j]) * (1 - x->served[j]);
    if (status || norm <= 0)
        return status;
    length = scale * fmax(1.02 * upper - bound, upper * 1e-6) / norm;
    for (size_t j = 0; j < x->p->n; j++)
        x->price[j] = fmax(0, x->price[j] + length * (1 - x->served[j]));
    return GB_OK;
}

gb_status grid_locate_bound(base_run *run, const grid_locate_problem *p,
                            int32_t n_rounds, double upper, double *bound)
{
    bounding x = { .run = run, .p = p };
    const int32_t patience = n_rounds / 15 + 1;
    double scale = 1.5, before = 0;
    int32_t idle = 0;
    gb_status status = GB_OK;

    *bound = 0;
    x.price = base_alloc_array(run->mem, p->n, sizeof *x.price);
    x.served = base_alloc_array(run->mem, p->n, sizeof *x.served);
    x.items = base_alloc_array(run->mem, p->n, sizeof *x.items);
    x.earnings = base_alloc_array(run->mem, p->n, sizeof *x.earnings);
    if (!x.price || !x.served || !x.items || !x.earnings) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    begin(&x, upper);
    for (int32_t i = 0; !status && !run->is_late && i < n_rounds; i++) {
        status = step(&x, scale, upper, bound);
        idle = *bound > before * (1 + 1e-6) ? 0 : idle + 1;
        before = *bound;
        if (idle >= patience) {
            scale /= 2;
            idle = 0;
        }
    }
    /* Sums of n numbers are right to some 1e-13. */
    *bound = fmax(0, *bound * (1 - 1e-11));

done:
    base_free(run->mem, x.price);
    base_free(run->mem, x.served);
    base_free(run->mem, x.items);
    base_free(run->mem, x.earnings);
    return status;
}
