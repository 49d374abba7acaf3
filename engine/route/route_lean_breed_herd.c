/*
 * route_lean_breed_herd.c - see route_lean_breed.h.
 */
#include <string.h>

#include "base_check.h"
#include "route_lean_breed.h"

enum {
    N_ELITE = 4,  /* the cheapest of a herd stay, however alike */
    N_CLOSEST = 5, /* that tell how much a plan differs */
    N_OBEYED = COUNT_OF(((route_lean_breed *)0)->obeyed),
    LEAST_OBEY = 15, /* of 100 children; else capacities cost more or less */
    MOST_OBEY = 25
};

/* --- how much plans differ --- */

static uint16_t *apart(route_lean_breed *b, uint32_t i, uint32_t k)
{
    return &b->apart[(size_t)i * BREED_PLANS + k];
}

/* Links of one plan that the other has not. */
static uint16_t count_apart(const route_lean_breed *b, const breed_plan *p,
                            const breed_plan *q)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < b->n; c++) {
        n += p->next[c] != q->next[c] && p->next[c] != q->prev[c];
        n += p->prev[c] == GB_ROUTE_NONE && q->prev[c] != GB_ROUTE_NONE
            && q->next[c] != GB_ROUTE_NONE;
    }
    return (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

/* Links, on average, to the closest ones of the herd. */
static double difference(route_lean_breed *b, const breed_herd *herd,
                         uint32_t id)
{
    uint16_t close[N_CLOSEST];
    uint32_t n = 0, sum = 0;

    for (uint32_t i = 0; i < herd->n; i++) {
        const uint16_t d = *apart(b, id, herd->ids[i]);
        uint32_t k;

        if (herd->ids[i] == id || (n == N_CLOSEST && d >= close[n - 1]))
            continue;
        for (k = n < N_CLOSEST ? n++ : n - 1; k > 0 && close[k - 1] > d; k--)
            close[k] = close[k - 1];
        close[k] = d;
    }
    for (uint32_t k = 0; k < n; k++)
        sum += close[k];
    return n ? (double)sum / n : 1e9;
}

/* By its place in the order of costs, and in that of differences. */
static void rate(route_lean_breed *b, breed_herd *herd)
{
    double differs[BREED_MOST];
    uint32_t order[BREED_MOST];
    const uint32_t n = herd->n;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = i;

        differs[i] = difference(b, herd, herd->ids[i]);
        for (; k > 0 && differs[order[k - 1]] < differs[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t i = order[k];
        const double most = n > 1 ? n - 1 : 1;

        b->plans[herd->ids[i]].fitness = i / most;
        if (n > N_ELITE)
            b->plans[herd->ids[i]].fitness
                += (1 - (double)N_ELITE / n) * (k / most);
    }
}

/* --- who goes --- */

static void remove_worst(route_lean_breed *b, breed_herd *herd)
{
    uint32_t worst = herd->n - 1;
    bool worst_is_twin = false;

    rate(b, herd);
    for (uint32_t i = 1; i < herd->n; i++) {
        const uint32_t id = herd->ids[i];
        bool is_twin = false;

        for (uint32_t k = 0; k < herd->n && !is_twin; k++)
            is_twin = k != i && *apart(b, id, herd->ids[k]) == 0;
        if ((is_twin && !worst_is_twin)
            || (is_twin == worst_is_twin
                && b->plans[id].fitness
                    > b->plans[herd->ids[worst]].fitness)) {
            worst = i;
            worst_is_twin = is_twin;
        }
    }
    b->spare[b->n_spare++] = herd->ids[worst];
    herd->n--;
    memmove(&herd->ids[worst], &herd->ids[worst + 1],
            (herd->n - worst) * sizeof *herd->ids);
}

/* --- who comes --- */

static void place(route_lean_breed *b, breed_herd *herd, uint32_t id)
{
    const int64_t price = breed_price(b, &b->plans[id]);
    uint32_t i = herd->n++;

    for (; i > 0 && breed_price(b, &b->plans[herd->ids[i - 1]]) > price; i--)
        herd->ids[i] = herd->ids[i - 1];
    herd->ids[i] = id;
}

bool breed_join(route_lean_breed *b, bool is_counted)
{
    const uint32_t id = b->child;
    const breed_plan *plan = &b->plans[id];
    breed_herd *herd = &b->herds[plan->excess > 0];

    if (is_counted)
        b->obeyed[b->n_born++ % N_OBEYED] = plan->excess == 0;
    for (uint32_t i = 0; i < herd->n; i++)
        *apart(b, id, herd->ids[i]) = *apart(b, herd->ids[i], id)
            = count_apart(b, plan, &b->plans[herd->ids[i]]);
    place(b, herd, id);
    if (herd->n >= BREED_MOST)
        while (herd->n > BREED_LEAST)
            remove_worst(b, herd);
    b->child = b->spare[--b->n_spare];
    if (plan->excess > 0 || plan->way >= b->best_way)
        return false;
    b->best_way = plan->way;
    return true;
}

/* --- who breeds --- */

static uint32_t draw(route_lean_breed *b)
{
    uint32_t at = (uint32_t)base_rng_below(
        b->rng, b->herds[0].n + b->herds[1].n);

    return at < b->herds[0].n ? b->herds[0].ids[at]
                              : b->herds[1].ids[at - b->herds[0].n];
}

/* The better of two. */
const breed_plan *breed_choose(route_lean_breed *b)
{
    const breed_plan *one, *other;

    rate(b, &b->herds[0]);
    rate(b, &b->herds[1]);
    one = &b->plans[draw(b)];
    other = &b->plans[draw(b)];
    return other->fitness < one->fitness ? other : one;
}

/* --- the price of too large loads --- */

void breed_balance(route_lean_breed *b)
{
    breed_herd *beyond = &b->herds[1];
    uint32_t n_obey = 0;

    for (uint32_t i = 0; i < N_OBEYED; i++)
        n_obey += b->obeyed[i];
    if (n_obey < LEAST_OBEY && b->penalty < b->most_penalty)
        b->penalty = b->penalty * 6 / 5 + 1;
    else if (n_obey > MOST_OBEY && b->penalty > 1)
        b->penalty = b->penalty * 17 / 20;
    else
        return;
    {
        const uint32_t n = beyond->n;

        beyond->n = 0;
        for (uint32_t i = 0; i < n; i++)
            place(b, beyond, beyond->ids[i]);
    }
}

void breed_disband(route_lean_breed *b)
{
    b->herds[0].n = b->herds[1].n = 0;
    b->n_spare = 0;
    for (uint32_t i = 0; i < BREED_PLANS; i++)
        if (i != b->child)
            b->spare[b->n_spare++] = i;
    memset(b->obeyed, 1, sizeof b->obeyed);
    b->n_born = 0;
}
