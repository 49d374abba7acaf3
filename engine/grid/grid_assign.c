/*
 * grid_assign.c - see grid_assign.h.
 *
 * s, t are territories, j an area.  push[s][t] is the least cost[j][t] -
 * cost[j][s] over the areas with some supply in s, and pushed[s][t] that
 * area.  The prices p keep push[s][t] + p[t] - p[s] >= 0 always; p is 0
 * wherever capacity is left.
 */
#include "grid_assign.h"

#include <string.h>

#include "base_array.h"
#include "base_check.h"

#define NONE UINT32_MAX

typedef BASE_ARRAY(grid_part) part_array;

typedef struct transport {
    base_run *run;
    size_t n, k;
    const int64_t *cost;
    int64_t *left;       /* k: capacity */
    part_array *members; /* k */
    int64_t *push;       /* k rows of k; INT64_MAX: nothing to push */
    uint32_t *pushed;
    int64_t *price;      /* k */
    int64_t *distance;   /* k; of the path search, reduced */
    uint32_t *from;      /* k; the territory before, NONE: the area itself */
    bool *is_settled;    /* k */
} transport;

static bool take_memory(transport *x)
{
    base_mem *mem = x->run->mem;

    x->left = base_alloc_array(mem, x->k, sizeof *x->left);
    x->members = base_alloc_zeroed(mem, x->k, sizeof *x->members);
    x->push = base_alloc_array(mem, x->k * x->k, sizeof *x->push);
    x->pushed = base_alloc_array(mem, x->k * x->k, sizeof *x->pushed);
    x->price = base_alloc_zeroed(mem, x->k, sizeof *x->price);
    x->distance = base_alloc_array(mem, x->k, sizeof *x->distance);
    x->from = base_alloc_array(mem, x->k, sizeof *x->from);
    x->is_settled = base_alloc_array(mem, x->k, sizeof *x->is_settled);
    return x->left && x->members && x->push && x->pushed && x->price
        && x->distance && x->from && x->is_settled;
}

static void clear(transport *x)
{
    base_mem *mem = x->run->mem;

    for (size_t t = 0; x->members && t < x->k; t++)
        base_array_clear(mem, &x->members[t]);
    base_free(mem, x->left);
    base_free(mem, x->members);
    base_free(mem, x->push);
    base_free(mem, x->pushed);
    base_free(mem, x->price);
    base_free(mem, x->distance);
    base_free(mem, x->from);
    base_free(mem, x->is_settled);
}

static void offer(transport *x, size_t s, uint32_t j)
{
    const int64_t *cost = x->cost + (size_t)j * x->k;

    for (size_t t = 0; t < x->k; t++) {
        const int64_t by = cost[t] - cost[s];
        const size_t i = s * x->k + t;

        if (by < x->push[i] || (by == x->push[i] && j < x->pushed[i])) {
            x->push[i] = by;
            x->pushed[i] = j;
        }
    }
}

static void renew_offers(transport *x, size_t s)
{
    for (size_t t = 0; t < x->k; t++) {
        x->push[s * x->k + t] = INT64_MAX;
        x->pushed[s * x->k + t] = NONE;
    }
    for (size_t i = 0; i < x->members[s].n; i++)
        offer(x, s, x->members[s].items[i].area);
}

static size_t find_part(const transport *x, size_t s, uint32_t j)
{
    size_t i = 0;

    while (i < x->members[s].n && x->members[s].items[i].area != j)
        i++;
    return i;
}

static bool add_part(transport *x, size_t s, uint32_t j, int64_t amount)
{
    const size_t i = find_part(x, s, j);
    const grid_part part = { j, (uint32_t)s, amount };

    if (i < x->members[s].n) {
        x->members[s].items[i].amount += amount;
        return true;
    }
    if (!base_array_push(x->run->mem, &x->members[s], part))
        return false;
    offer(x, s, j);
    return true;
}

static void take_part(transport *x, size_t s, uint32_t j, int64_t amount)
{
    part_array *members = &x->members[s];
    const size_t i = find_part(x, s, j);

    members->items[i].amount -= amount;
    if (members->items[i].amount > 0)
        return;
    members->items[i] = members->items[--members->n];
    renew_offers(x, s);
}

static int64_t part_amount(const transport *x, size_t s, uint32_t j)
{
    return x->members[s].items[find_part(x, s, j)].amount;
}

static size_t nearest_open(const transport *x)
{
    size_t best = x->k;

    for (size_t t = 0; t < x->k; t++)
        if (!x->is_settled[t] && x->distance[t] < INT64_MAX
            && (best == x->k || x->distance[t] < x->distance[best]))
            best = t;
    return best;
}

/* The territory with room at the end of the shortest path, or k. */
static size_t search_path(transport *x, uint32_t j)
{
    for (size_t t = 0; t < x->k; t++) {
        x->distance[t] = x->cost[(size_t)j * x->k + t] + x->price[t];
        x->from[t] = NONE;
        x->is_settled[t] = false;
    }
    for (;;) {
        const size_t s = nearest_open(x);

        if (s == x->k || x->left[s] > 0)
            return s;
        x->is_settled[s] = true;
        for (size_t t = 0; t < x->k; t++) {
            const int64_t push = x->push[s * x->k + t];
            int64_t by;

            if (x->is_settled[t] || push == INT64_MAX)
                continue;
            by = x->distance[s] + push + x->price[t] - x->price[s];
            if (by < x->distance[t]) {
                x->distance[t] = by;
                x->from[t] = (uint32_t)s;
            }
        }
    }
}

/* Push as much of area j as goes along the path that ends in `last`. */
static bool augment(transport *x, uint32_t j, size_t last, int64_t *rest)
{
    int64_t amount = *rest < x->left[last] ? *rest : x->left[last];
    size_t t;

    for (t = last; x->from[t] != NONE; t = x->from[t]) {
        const size_t s = x->from[t];
        const int64_t most = part_amount(x, s, x->pushed[s * x->k + t]);

        amount = most < amount ? most : amount;
    }
    for (t = 0; t < x->k; t++)
        if (x->is_settled[t])
            x->price[t] += x->distance[last] - x->distance[t];
    x->left[last] -= amount;
    /* From the end: each push is read before its source's offers change. */
    for (t = last; x->from[t] != NONE; t = x->from[t]) {
        const size_t s = x->from[t];
        const uint32_t moved = x->pushed[s * x->k + t];

        if (!add_part(x, t, moved, amount))
            return false;
        take_part(x, s, moved, amount);
    }
    *rest -= amount;
    return add_part(x, t, j, amount);
}

static gb_status place_area(transport *x, uint32_t j, int64_t supply)
{
    while (supply > 0) {
        const size_t last = search_path(x, j);
        gb_status status = base_poll(x->run);

        if (status)
            return status;
        if (last == x->k)
            return base_fail(x->run->ctx, GB_ERR_INFEASIBLE,
                             "transport: the capacities are less than the"
                             " supplies");
        if (!augment(x, j, last, &supply))
            return base_fail_nomem(x->run->ctx);
    }
    return GB_OK;
}

/* An area without supply: where a unit would cost least. */
static uint32_t cheapest(const transport *x, size_t j)
{
    size_t best = 0;

    for (size_t t = 1; t < x->k; t++)
        if (x->cost[j * x->k + t] + x->price[t]
            < x->cost[j * x->k + best] + x->price[best])
            best = t;
    return (uint32_t)best;
}

static void read_owners(const transport *x, const int64_t *supply,
                        uint32_t *owner, int64_t *most)
{
    for (size_t j = 0; j < x->n; j++) {
        most[j] = 0;
        owner[j] = supply[j] == 0 ? cheapest(x, j) : NONE;
    }
    for (size_t t = 0; t < x->k; t++)
        for (size_t i = 0; i < x->members[t].n; i++) {
            const grid_part part = x->members[t].items[i];

            if (part.amount > most[part.area]) {
                most[part.area] = part.amount;
                owner[part.area] = (uint32_t)t;
            }
        }
}

static bool hand_over(const transport *x, grid_part **parts, size_t *n_parts)
{
    size_t n = 0;

    for (size_t t = 0; t < x->k; t++)
        n += x->members[t].n;
    *parts = base_alloc_array(x->run->mem, n, sizeof **parts);
    if (!*parts)
        return false;
    *n_parts = n;
    n = 0;
    for (size_t t = 0; t < x->k; t++)
        for (size_t i = 0; i < x->members[t].n; i++)
            (*parts)[n++] = x->members[t].items[i];
    return true;
}

gb_status grid_assign(base_run *run, size_t n, size_t k,
                      const int64_t *supply, const int64_t *capacity,
                      const int64_t *cost, uint32_t *owner, grid_part **parts,
                      size_t *n_parts, int64_t *price)
{
    transport x = { .run = run, .n = n, .k = k, .cost = cost };
    int64_t *most = base_alloc_array(run->mem, n, sizeof *most);
    gb_status status = GB_OK;

    if (parts)
        *parts = NULL;
    if (!take_memory(&x) || !most) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    memcpy(x.left, capacity, k * sizeof *x.left);
    for (size_t s = 0; s < k; s++)
        renew_offers(&x, s);
    for (size_t j = 0; j < n && !status; j++)
        status = place_area(&x, (uint32_t)j, supply[j]);
    if (status)
        goto done;
    read_owners(&x, supply, owner, most);
    if (parts && !hand_over(&x, parts, n_parts))
        status = base_fail_nomem(run->ctx);
    if (price)
        memcpy(price, x.price, k * sizeof *price);

done:
    clear(&x);
    base_free(run->mem, most);
    return status;
}
