/*
 * grid_assign.c - see grid_assign.h.
 *
 * s, t are territories, j an area.  push[s][t] is the least cost[j][t] -
 * cost[j][s] over the areas with some supply in s, and pushed[s][t] that
 * area.  The prices p keep push[s][t] + p[t] - p[s] >= 0 always.  Capacity
 * that nobody needs is the supply of one more area, which costs nothing
 * anywhere: so all territories are full at the end, and p is least wherever
 * that area is.
 */
#include "grid_assign.h"

#include <string.h>

#include "base_array.h"
#include "base_check.h"

#define NONE UINT32_MAX

/* Prices are first found with every STRIDE-th area, as long as there are
 * LEAST_AREAS for each territory. */
enum { STRIDE = 8, LEAST_AREAS = 6, FAR = 12 };

typedef struct offer {
    int64_t by;
    uint32_t area;
} offer;
typedef BASE_ARRAY(offer) offers; /* a binary heap; some are stale */

/* What an area has in one territory. */
typedef struct share {
    uint32_t owner, next;
    int64_t amount;
} share;

typedef struct transport {
    base_run *run;
    size_t n, k, stride; /* n areas, the last one of unused capacity */
    const int64_t *cost, *supply;
    int64_t unused;
    int64_t *nothing;    /* k zeros: the costs of unused capacity */
    int64_t *left;       /* k: capacity; < 0: too much is here */
    uint32_t *head;      /* n: the first share */
    BASE_ARRAY(share) shares;
    uint32_t free_share;
    offers *heaps;       /* k rows of k */
    bool *has_heaps;     /* k */
    int64_t *push;       /* k rows of k; INT64_MAX: nothing to push */
    uint32_t *pushed;
    int64_t *price;      /* k */
    int64_t *distance;   /* k; of the path search, reduced */
    uint32_t *from;      /* k; the territory before */
    bool *is_settled;    /* k */
} transport;

static bool take_memory(transport *x)
{
    base_mem *mem = x->run->mem;

    x->nothing = base_alloc_zeroed(mem, x->k, sizeof *x->nothing);
    x->left = base_alloc_array(mem, x->k, sizeof *x->left);
    x->head = base_alloc_array(mem, x->n, sizeof *x->head);
    x->heaps = base_alloc_zeroed(mem, x->k * x->k, sizeof *x->heaps);
    x->has_heaps = base_alloc_zeroed(mem, x->k, sizeof *x->has_heaps);
    x->push = base_alloc_array(mem, x->k * x->k, sizeof *x->push);
    x->pushed = base_alloc_array(mem, x->k * x->k, sizeof *x->pushed);
    x->price = base_alloc_zeroed(mem, x->k, sizeof *x->price);
    x->distance = base_alloc_array(mem, x->k, sizeof *x->distance);
    x->from = base_alloc_array(mem, x->k, sizeof *x->from);
    x->is_settled = base_alloc_array(mem, x->k, sizeof *x->is_settled);
    return x->nothing && x->left && x->head && x->heaps && x->has_heaps
        && x->push && x->pushed && x->price && x->distance && x->from
        && x->is_settled;
}

static void clear(transport *x)
{
    base_mem *mem = x->run->mem;

    for (size_t i = 0; x->heaps && i < x->k * x->k; i++)
        base_array_clear(mem, &x->heaps[i]);
    base_free(mem, x->nothing);
    base_free(mem, x->left);
    base_free(mem, x->head);
    base_array_clear(mem, &x->shares);
    base_free(mem, x->heaps);
    base_free(mem, x->has_heaps);
    base_free(mem, x->push);
    base_free(mem, x->pushed);
    base_free(mem, x->price);
    base_free(mem, x->distance);
    base_free(mem, x->from);
    base_free(mem, x->is_settled);
}

static const int64_t *costs_of(const transport *x, size_t j)
{
    return j + 1 < x->n ? x->cost + j * x->stride * x->k : x->nothing;
}

static int64_t supply_of(const transport *x, size_t j)
{
    return j + 1 < x->n ? x->supply[j * x->stride] : x->unused;
}

/* --- offers -------------------------------------------------------------- */

static bool is_before(offer a, offer b)
{
    return a.by < b.by || (a.by == b.by && a.area < b.area);
}

static void sink_down(offers *heap, size_t i)
{
    const offer down = heap->items[i];

    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= heap->n)
            break;
        if (child + 1 < heap->n
            && is_before(heap->items[child + 1], heap->items[child]))
            child++;
        if (!is_before(heap->items[child], down))
            break;
        heap->items[i] = heap->items[child];
        i = child;
    }
    heap->items[i] = down;
}

static void swim_up(offers *heap)
{
    size_t i = heap->n - 1;
    const offer up = heap->items[i];

    while (i > 0 && is_before(up, heap->items[(i - 1) / 2])) {
        heap->items[i] = heap->items[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->items[i] = up;
}

static share *find_share(const transport *x, size_t s, uint32_t j)
{
    uint32_t i = x->head[j];

    while (i != NONE && x->shares.items[i].owner != s)
        i = x->shares.items[i].next;
    return i == NONE ? NULL : &x->shares.items[i];
}

/* The best offer from s to t that still stands. */
static void renew(transport *x, size_t s, size_t t)
{
    offers *heap = &x->heaps[s * x->k + t];

    while (heap->n && !find_share(x, s, heap->items[0].area)) {
        heap->items[0] = heap->items[--heap->n];
        if (heap->n)
            sink_down(heap, 0);
    }
    x->push[s * x->k + t] = heap->n ? heap->items[0].by : INT64_MAX;
    x->pushed[s * x->k + t] = heap->n ? heap->items[0].area : NONE;
}

static bool add_offers(transport *x, size_t s, uint32_t j)
{
    const int64_t *cost = costs_of(x, j);

    for (size_t t = 0; t < x->k; t++) {
        offers *heap = &x->heaps[s * x->k + t];

        if (t == s)
            continue;
        if (!base_array_push(x->run->mem, heap,
                             ((offer){ cost[t] - cost[s], j })))
            return false;
        swim_up(heap);
        x->push[s * x->k + t] = heap->items[0].by;
        x->pushed[s * x->k + t] = heap->items[0].area;
    }
    return true;
}

/* The heaps of s, once a path wants to leave it. */
static bool make_heaps(transport *x, size_t s)
{
    for (size_t j = 0; j < x->n; j++) {
        const int64_t *cost = costs_of(x, j);

        if (!find_share(x, s, (uint32_t)j))
            continue;
        for (size_t t = 0; t < x->k; t++)
            if (t != s
                && !base_array_push(x->run->mem, &x->heaps[s * x->k + t],
                                    ((offer){ cost[t] - cost[s],
                                              (uint32_t)j })))
                return false;
    }
    for (size_t t = 0; t < x->k; t++) {
        offers *heap = &x->heaps[s * x->k + t];

        for (size_t i = heap->n / 2; i-- > 0;)
            sink_down(heap, i);
        renew(x, s, t);
    }
    x->has_heaps[s] = true;
    return true;
}

/* --- shares -------------------------------------------------------------- */

static bool add_share(transport *x, size_t s, uint32_t j, int64_t amount)
{
    share *there = find_share(x, s, j);
    const share made = { (uint32_t)s, x->head[j], amount };
    uint32_t at = x->free_share;

    if (there) {
        there->amount += amount;
        return true;
    }
    if (at != NONE) {
        x->free_share = x->shares.items[at].next;
        x->shares.items[at] = made;
    } else {
        at = (uint32_t)x->shares.n;
        if (!base_array_push(x->run->mem, &x->shares, made))
            return false;
    }
    x->head[j] = at;
    return !x->has_heaps[s] || add_offers(x, s, j);
}

static void take_share(transport *x, size_t s, uint32_t j, int64_t amount)
{
    uint32_t *link = &x->head[j];
    share *items = x->shares.items;
    uint32_t at;

    while (items[*link].owner != s)
        link = &items[*link].next;
    at = *link;
    items[at].amount -= amount;
    if (items[at].amount > 0)
        return;
    *link = items[at].next;
    items[at].next = x->free_share;
    x->free_share = at;
    for (size_t t = 0; t < x->k; t++)
        if (x->pushed[s * x->k + t] == j)
            renew(x, s, t);
}

/* --- paths --------------------------------------------------------------- */

static size_t nearest_open(const transport *x)
{
    int64_t least = INT64_MAX;
    size_t best = x->k;

    for (size_t t = 0; t < x->k; t++)
        if (!x->is_settled[t] && x->distance[t] < least) {
            least = x->distance[t];
            best = t;
        }
    return best;
}

static gb_status settle(transport *x, size_t s)
{
    const int64_t *push = x->push + s * x->k;
    const int64_t base = x->distance[s] - x->price[s];

    if (!x->has_heaps[s] && !make_heaps(x, s))
        return base_fail_nomem(x->run->ctx);
    x->is_settled[s] = true;
    for (size_t t = 0; t < x->k; t++)
        if (!x->is_settled[t] && push[t] != INT64_MAX
            && base + push[t] + x->price[t] < x->distance[t]) {
            x->distance[t] = base + push[t] + x->price[t];
            x->from[t] = (uint32_t)s;
        }
    return GB_OK;
}

/* From where too much is to the nearest where there is room; and the prices
 * that make this path one without cost. */
static gb_status search_path(transport *x, size_t start, size_t *last)
{
    for (size_t t = 0; t < x->k; t++) {
        x->distance[t] = INT64_MAX;
        x->from[t] = NONE;
        x->is_settled[t] = false;
    }
    x->distance[start] = 0;
    for (;;) {
        const size_t s = nearest_open(x);
        gb_status status;

        assert(s < x->k); /* there is as much room as there is too much */
        *last = s;
        if (x->left[s] > 0)
            break;
        status = settle(x, s);
        if (status)
            return status;
    }
    for (size_t t = 0; t < x->k; t++)
        if (x->is_settled[t])
            x->price[t] += x->distance[*last] - x->distance[t];
    return GB_OK;
}

/* Push as much along the path as goes; from its end, so that each push is
 * read before the offers of its source change. */
static bool augment(transport *x, size_t start, size_t last)
{
    int64_t amount = -x->left[start];

    if (x->left[last] < amount)
        amount = x->left[last];
    for (size_t t = last; t != start; t = x->from[t]) {
        const size_t s = x->from[t];
        const share *most = find_share(x, s, x->pushed[s * x->k + t]);

        amount = most->amount < amount ? most->amount : amount;
    }
    x->left[last] -= amount;
    x->left[start] += amount;
    for (size_t t = last; t != start; t = x->from[t]) {
        const size_t s = x->from[t];
        const uint32_t moved = x->pushed[s * x->k + t];

        if (!add_share(x, t, moved, amount))
            return false;
        take_share(x, s, moved, amount);
    }
    return true;
}

static gb_status push_on(transport *x, size_t start)
{
    while (x->left[start] < 0) {
        size_t last;
        gb_status status = base_poll(x->run);

        if (!status)
            status = search_path(x, start, &last);
        if (status)
            return status;
        if (!augment(x, start, last))
            return base_fail_nomem(x->run->ctx);
    }
    return GB_OK;
}

/* --- one transport ------------------------------------------------------- */

/* Where a unit costs least under the prices; where most room is of those. */
static size_t cheapest(const transport *x, const int64_t *cost)
{
    int64_t least = cost[0] + x->price[0];
    size_t best = 0;

    for (size_t t = 1; t < x->k; t++) {
        const int64_t paid = cost[t] + x->price[t];

        if (paid < least || (paid == least && x->left[t] > x->left[best])) {
            least = paid;
            best = t;
        }
    }
    return best;
}

static gb_status solve(transport *x)
{
    gb_status status = GB_OK;

    x->free_share = NONE;
    if (!base_array_reserve(x->run->mem, &x->shares, x->n))
        return base_fail_nomem(x->run->ctx);
    for (size_t i = 0; i < x->k * x->k; i++) {
        x->push[i] = INT64_MAX;
        x->pushed[i] = NONE;
    }
    for (size_t j = 0; j < x->n; j++) {
        const int64_t supply = supply_of(x, j);
        size_t t;

        x->head[j] = NONE;
        if (supply == 0)
            continue;
        t = cheapest(x, costs_of(x, j));
        x->left[t] -= supply;
        if (!add_share(x, t, (uint32_t)j, supply))
            return base_fail_nomem(x->run->ctx);
    }
    for (size_t s = 0; !status && s < x->k; s++)
        status = push_on(x, s);
    return status;
}

/* Unused capacity lies where the price is least. */
static void give_prices(const transport *x, int64_t *price)
{
    int64_t least = INT64_MAX;

    for (size_t t = 0; t < x->k; t++)
        least = x->price[t] < least ? x->price[t] : least;
    for (size_t t = 0; t < x->k; t++)
        price[t] = x->price[t] - least;
}

static int64_t sum(const int64_t *values, size_t n, size_t stride)
{
    int64_t all = 0;

    for (size_t i = 0; i < n; i += stride)
        all += values[i];
    return all;
}

/* The capacities for every stride-th area alone; they may round up. */
static void set_room(transport *x, size_t n, const int64_t *capacity)
{
    const int64_t needed = sum(x->supply, n, x->stride);
    const double part = (double)needed
        / (double)(sum(x->supply, n, 1) + (needed == 0));

    for (size_t t = 0; t < x->k; t++)
        x->left[t] = x->stride == 1
            ? capacity[t] : (int64_t)((double)capacity[t] * part) + 2;
    x->unused = sum(x->left, x->k, 1) - needed;
}

/* From prices to better ones; the shares stay in x. */
static gb_status solve_every(transport *x, size_t n, size_t stride,
                             const int64_t *capacity, int64_t *price)
{
    gb_status status;

    x->stride = stride;
    x->n = (n + stride - 1) / stride + 1;
    if (!take_memory(x))
        return base_fail_nomem(x->run->ctx);
    memcpy(x->price, price, x->k * sizeof *price);
    set_room(x, n, capacity);
    if (x->unused < 0) /* rounding, where capacity is tight and numbers huge */
        return stride > 1 ? GB_OK : base_fail(x->run->ctx, GB_ERR_INFEASIBLE,
            "transport: the capacities are less than the supplies");
    status = solve(x);
    if (!status)
        give_prices(x, price);
    return status;
}

/* --- the answer ---------------------------------------------------------- */

static void read_owners(const transport *x, uint32_t *owner)
{
    for (size_t j = 0; j + 1 < x->n; j++) {
        int64_t most = 0;

        if (x->head[j] == NONE)
            owner[j] = (uint32_t)cheapest(x, costs_of(x, j));
        for (uint32_t i = x->head[j]; i != NONE; i = x->shares.items[i].next)
        {
            const share *at = &x->shares.items[i];

            if (at->amount > most
                || (at->amount == most && at->owner < owner[j])) {
                most = at->amount;
                owner[j] = at->owner;
            }
        }
    }
}

static bool hand_over(const transport *x, grid_part **parts, size_t *n_parts)
{
    size_t n = 0, *next = base_alloc_zeroed(x->run->mem, x->k + 1,
                                            sizeof *next);

    for (size_t j = 0; next && j + 1 < x->n; j++)
        for (uint32_t i = x->head[j]; i != NONE; i = x->shares.items[i].next)
        {
            next[x->shares.items[i].owner + 1]++;
            n++;
        }
    *parts = next ? base_alloc_array(x->run->mem, n, sizeof **parts) : NULL;
    *n_parts = n;
    for (size_t t = 0; *parts && t < x->k; t++)
        next[t + 1] += next[t];
    for (size_t j = 0; *parts && j + 1 < x->n; j++)
        for (uint32_t i = x->head[j]; i != NONE; i = x->shares.items[i].next)
        {
            const share at = x->shares.items[i];

            (*parts)[next[at.owner]++]
                = (grid_part){ (uint32_t)j, at.owner, at.amount };
        }
    base_free(x->run->mem, next);
    return *parts != NULL;
}

/* Whether more than one part in FAR would have to be pushed on. */
static bool is_far(const transport *x, size_t n, const int64_t *capacity,
                   const int64_t *price, int64_t *load)
{
    int64_t all = 0, beyond = 0;

    for (size_t j = 0; j < n; j++) {
        const int64_t *cost = x->cost + j * x->k;
        size_t best = 0;

        for (size_t t = 1; t < x->k; t++)
            if (cost[t] + price[t] < cost[best] + price[best])
                best = t;
        load[best] += x->supply[j];
        all += x->supply[j];
    }
    for (size_t t = 0; t < x->k; t++)
        beyond += load[t] > capacity[t] ? load[t] - capacity[t] : 0;
    return beyond > all / FAR;
}

gb_status grid_assign(base_run *run, size_t n, size_t k,
                      const int64_t *supply, const int64_t *capacity,
                      const int64_t *cost, const int64_t *begin,
                      uint32_t *owner, grid_part **parts, size_t *n_parts,
                      int64_t *price)
{
    const transport clean = { .run = run, .k = k, .cost = cost,
                              .supply = supply };
    transport x = clean;
    int64_t *prices = base_alloc_zeroed(run->mem, 2 * k, sizeof *prices);
    size_t stride = 1;
    bool is_cold;
    gb_status status = GB_OK;

    if (parts)
        *parts = NULL;
    if (!prices)
        return base_fail_nomem(run->ctx);
    if (begin)
        memcpy(prices, begin, k * sizeof *prices);
    is_cold = !begin || is_far(&x, n, capacity, prices, prices + k);
    while (is_cold && n / stride / STRIDE >= LEAST_AREAS * k)
        stride *= STRIDE;
    for (;; stride /= STRIDE) {
        x = clean;
        status = solve_every(&x, n, stride, capacity, prices);
        if (status || stride == 1)
            break;
        clear(&x);
    }
    if (status)
        goto done;
    read_owners(&x, owner);
    if (parts && !hand_over(&x, parts, n_parts))
        status = base_fail_nomem(run->ctx);
    if (price)
        memcpy(price, prices, k * sizeof *price);

done:
    clear(&x);
    base_free(run->mem, prices);
    return status;
}
