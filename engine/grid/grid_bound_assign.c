/*
 * grid_bound_assign.c - see grid_bound_assign.h.
 */
#include "grid_bound_assign.h"

#include <math.h>
#include <string.h>

enum {
    SUM_BITS = 50,
    ROUNDS = 4 /* of ruling out at one node, each with prices of its own */
};
/* As in grid_bound_hess.c. */
static const double ROUNDING = 1e-11;
/* Prices this near to 0 are 0; in km2. */
static const double FLAT = 1e-7;

struct assign_level {
    uint64_t *may;  /* n; bit t: the area may be in territory t */
    double *price;  /* k */
};

static uint64_t bit(size_t t)
{
    return UINT64_C(1) << t;
}

static bool is_one(uint64_t may)
{
    return (may & (may - 1)) == 0;
}

/* --- making -------------------------------------------------------------- */

/* Whole loads.  Where the weights are none, the limits give way by what the
 * rounding of all areas may come to. */
static void set_loads(assign_search *s)
{
    const double *w = s->m->weight;
    double total = 0, scale = 1, slack = 0;
    bool is_whole = true;

    for (size_t a = 0; a < s->n; a++) {
        total += w[a];
        is_whole = is_whole && w[a] == floor(w[a]);
    }
    if (!is_whole || total >= ldexp(1, SUM_BITS)) {
        int exponent;

        frexp(total, &exponent);
        scale = ldexp(1, SUM_BITS - exponent);
        slack = (double)s->n;
    }
    for (size_t a = 0; a < s->n; a++)
        s->load[a] = llround(w[a] * scale);
    s->low = (int64_t)ceil(s->m->low * scale - slack);
    s->high = (int64_t)floor(fmin(s->m->high, total) * scale + slack);
}

static void copy_open_arcs(assign_search *s, const gb_areas *areas)
{
    uint32_t at = 0;

    for (size_t a = 0; a < s->n; a++) {
        s->first[a] = at;
        for (size_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++)
            if (!areas->barriers || areas->barriers[i] != GB_BARRIER_HARD)
                s->neighbours[at++] = areas->neighbours[i];
    }
    s->first[s->n] = at;
}

gb_status assign_init(base_run *run, assign_search *s, const gb_areas *areas,
                      const hess_model *m, assign_found_fn found, void *user)
{
    base_mem *mem = run->mem;
    const size_t n = m->n, k = m->k;

    *s = (assign_search){ .run = run, .m = m, .n = n, .k = k,
                          .found = found, .user = user };
    s->load = base_alloc_array(mem, n, sizeof *s->load);
    s->first = base_alloc_array(mem, n + 1, sizeof *s->first);
    s->neighbours = base_alloc_array(mem, areas->first_neighbour[n],
                                     sizeof *s->neighbours);
    s->centre = base_alloc_array(mem, k, sizeof *s->centre);
    s->far = base_alloc_zeroed(mem, n * k, sizeof *s->far);
    s->base = base_alloc_array(mem, n, sizeof *s->base);
    s->flow = base_alloc_array(mem, n * k, sizeof *s->flow);
    s->owner = base_alloc_array(mem, n, sizeof *s->owner);
    s->queue = base_alloc_array(mem, n, sizeof *s->queue);
    s->depth = base_alloc_array(mem, n, sizeof *s->depth);
    s->least = base_alloc_array(mem, n, sizeof *s->least);
    s->parent = base_alloc_array(mem, n, sizeof *s->parent);
    s->next = base_alloc_array(mem, n, sizeof *s->next);
    s->mark = base_alloc_array(mem, n, sizeof *s->mark);
    if (!s->load || !s->first || !s->neighbours || !s->centre || !s->far
        || !s->base || !s->flow || !s->owner || !s->queue || !s->depth
        || !s->least || !s->parent || !s->next || !s->mark) {
        assign_clear(s);
        return base_fail_nomem(run->ctx);
    }
    set_loads(s);
    copy_open_arcs(s, areas);
    return GB_OK;
}

void assign_clear(assign_search *s)
{
    base_mem *mem;

    if (!s->run)
        return;
    mem = s->run->mem;
    for (size_t i = 0; i < s->n_levels; i++) {
        base_free(mem, s->levels[i]->may);
        base_free(mem, s->levels[i]->price);
        base_free(mem, s->levels[i]);
    }
    base_free(mem, s->levels);
    base_free(mem, s->load);
    base_free(mem, s->first);
    base_free(mem, s->neighbours);
    base_free(mem, s->centre);
    base_free(mem, s->far);
    base_free(mem, s->base);
    base_free(mem, s->flow);
    base_free(mem, s->owner);
    base_free(mem, s->queue);
    base_free(mem, s->depth);
    base_free(mem, s->least);
    base_free(mem, s->parent);
    base_free(mem, s->next);
    base_free(mem, s->mark);
    memset(s, 0, sizeof *s);
}

/* Memory of the search at this depth, made when it is first needed. */
static assign_level *level_at(assign_search *s, size_t depth)
{
    base_mem *mem = s->run->mem;
    assign_level **levels, *made;

    if (depth < s->n_levels)
        return s->levels[depth];
    levels = base_realloc_array(mem, s->levels, depth + 1, sizeof *levels);
    if (!levels)
        return NULL;
    s->levels = levels;
    made = base_alloc_zeroed(mem, 1, sizeof *made);
    if (!made)
        return NULL;
    made->may = base_alloc_array(mem, s->n, sizeof *made->may);
    made->price = base_alloc_array(mem, s->k, sizeof *made->price);
    if (!made->may || !made->price) {
        base_free(mem, made->may);
        base_free(mem, made->price);
        base_free(mem, made);
        return NULL;
    }
    s->levels[s->n_levels++] = made;
    return made;
}

/* --- prices by transport ------------------------------------------------- */

enum { NODES = ASSIGN_MOST_CENTRES + 1 };

typedef struct transport {
    assign_search *s;
    const uint64_t *may;
    double *price;          /* k */
    int64_t filled[NODES];  /* what each centre is held to have */
    int64_t excess[NODES];  /* node k is the outside, at price 0 */
    double cost[NODES][NODES];   /* reduced, of moving one unit */
    uint32_t via[NODES][NODES];  /* the area that moves */
    double distance[NODES];
    size_t before[NODES];
    bool is_done[NODES];
} transport;

static uint32_t cheapest(const assign_search *s, uint64_t may,
                         const double *price, size_t a, double *cost)
{
    const double *far = s->far + a * s->k;
    uint32_t best = GB_GRID_NONE;

    *cost = INFINITY;
    for (uint32_t t = 0; t < s->k; t++)
        if ((may & bit(t)) && far[t] + price[t] < *cost) {
            *cost = far[t] + price[t];
            best = t;
        }
    return best;
}

/* Each area whole to where it is cheapest. */
static void begin_transport(transport *x)
{
    assign_search *s = x->s;
    int64_t total = 0, filled = 0;

    memset(x->excess, 0, sizeof x->excess);
    memset(s->flow, 0, s->n * s->k * sizeof *s->flow);
    for (size_t a = 0; a < s->n; a++) {
        double cost;
        const uint32_t t = cheapest(s, x->may[a], x->price, a, &cost);

        s->owner[a] = t;
        s->flow[a * s->k + t] = s->load[a];
        x->excess[t] += s->load[a];
        total += s->load[a];
    }
    for (size_t t = 0; t < s->k; t++) {
        int64_t f = x->excess[t];

        if (x->price[t] > FLAT || f > s->high)
            f = s->high;
        if (x->price[t] < -FLAT || f < s->low)
            f = s->low;
        x->filled[t] = f;
        x->excess[t] -= f;
        filled += f;
    }
    x->excess[s->k] = filled - total;
}

/* What moving one unit from each centre to each other costs at least. */
static void price_moves(transport *x)
{
    const assign_search *s = x->s;
    const size_t k = s->k;

    for (size_t t = 0; t <= k; t++)
        for (size_t u = 0; u <= k; u++)
            x->cost[t][u] = INFINITY;
    for (size_t t = 0; t < k; t++) {
        if (x->filled[t] < s->high)
            x->cost[t][k] = fmax(0, -x->price[t]);
        if (x->filled[t] > s->low)
            x->cost[k][t] = fmax(0, x->price[t]);
    }
    for (uint32_t a = 0; a < s->n; a++) {
        const double *far = s->far + a * k;
        const int64_t *flow = s->flow + a * k;

        if (is_one(x->may[a]))
            continue;
        for (size_t t = 0; t < k; t++) {
            if (flow[t] == 0)
                continue;
            for (size_t u = 0; u < k; u++) {
                const double cost
                    = far[u] + x->price[u] - far[t] - x->price[t];

                if (u != t && (x->may[a] & bit(u)) && cost < x->cost[t][u]) {
                    x->cost[t][u] = cost;
                    x->via[t][u] = a;
                }
            }
        }
    }
}

/* From all that have too much to the nearest that has too little, the outside
 * included; GB_GRID_NONE when there is no way. */
static size_t find_path(transport *x)
{
    const size_t k = x->s->k;

    for (size_t t = 0; t <= k; t++) {
        x->distance[t] = x->excess[t] > 0 ? 0 : INFINITY;
        x->before[t] = NODES;
        x->is_done[t] = false;
    }
    for (;;) {
        size_t at = NODES;

        for (size_t t = 0; t <= k; t++)
            if (!x->is_done[t] && x->distance[t] < (double)INFINITY
                && (at == NODES || x->distance[t] < x->distance[at]))
                at = t;
        if (at == NODES || x->excess[at] < 0)
            return at;
        x->is_done[at] = true;
        for (size_t u = 0; u <= k; u++) {
            const double d = x->distance[at] + fmax(0, x->cost[at][u]);

            if (!x->is_done[u] && d < x->distance[u]) {
                x->distance[u] = d;
                x->before[u] = at;
            }
        }
    }
}

static void shift_prices(transport *x, double length)
{
    const size_t k = x->s->k;
    const double outside = fmin(x->distance[k], length);

    for (size_t t = 0; t < k; t++) {
        x->price[t] += outside - fmin(x->distance[t], length);
        if (fabs(x->price[t]) <= FLAT)
            x->price[t] = 0;
    }
}

static void push_along(transport *x, size_t end)
{
    assign_search *s = x->s;
    const size_t k = s->k;
    int64_t amount = -x->excess[end];
    size_t at;

    for (at = end; x->before[at] != NODES; at = x->before[at]) {
        const size_t from = x->before[at];
        const int64_t room = at == k ? s->high - x->filled[from]
            : from == k ? x->filled[at] - s->low
                        : s->flow[x->via[from][at] * k + from];

        amount = room < amount ? room : amount;
    }
    amount = x->excess[at] < amount ? x->excess[at] : amount;
    x->excess[at] -= amount;
    x->excess[end] += amount;
    for (at = end; x->before[at] != NODES; at = x->before[at]) {
        const size_t from = x->before[at];

        if (at == k) {
            x->filled[from] += amount;
        } else if (from == k) {
            x->filled[at] -= amount;
        } else {
            s->flow[x->via[from][at] * k + from] -= amount;
            s->flow[x->via[from][at] * k + at] += amount;
        }
    }
}

/* Prices and flows; false: the limits cannot be met at all. */
static bool solve_transport(assign_search *s, const uint64_t *may,
                            double *price)
{
    transport x = { .s = s, .may = may, .price = price };

    begin_transport(&x);
    for (;;) {
        bool is_even = true;
        size_t end;

        for (size_t t = 0; t <= s->k; t++)
            is_even = is_even && x.excess[t] <= 0;
        if (is_even)
            return true;
        price_moves(&x);
        end = find_path(&x);
        if (end == NODES)
            return false;
        shift_prices(&x, x.distance[end]);
        push_along(&x, end);
    }
}

/* No assignment costs less, whatever the prices are. */
static double bound_of(const assign_search *s, const uint64_t *may,
                       const double *price)
{
    double sum = 0, size = 0;

    for (size_t a = 0; a < s->n; a++) {
        double cost;

        cheapest(s, may[a], price, a, &cost);
        sum += s->m->weight[a] * cost;
        size += s->m->weight[a] * fabs(cost);
    }
    for (size_t t = 0; t < s->k; t++) {
        const double part
            = price[t] * (price[t] > 0 ? s->m->high : s->m->low);

        sum -= part;
        size += fabs(part);
    }
    return sum - size * ROUNDING;
}

/* --- ruling out ---------------------------------------------------------- */

typedef enum ruled { RULED_NOTHING, RULED_SOME, RULED_ALL } ruled;

static ruled by_cost(assign_search *s, uint64_t *may, const double *price,
                     double bound, double cut)
{
    ruled r = RULED_NOTHING;

    for (size_t a = 0; a < s->n; a++) {
        const double *far = s->far + a * s->k;
        double least;

        if (is_one(may[a]))
            continue;
        cheapest(s, may[a], price, a, &least);
        for (size_t t = 0; t < s->k; t++)
            if ((may[a] & bit(t))
                && bound + s->m->weight[a] * (far[t] + price[t] - least)
                    >= cut) {
                may[a] &= ~bit(t);
                r = RULED_SOME;
            }
        if (may[a] == 0)
            return RULED_ALL;
    }
    return r;
}

/*
 * Depth first from the centre of t over all that may be in t.  Afterwards
 * s->queue has them in the order of their first visit, *n_reached of them;
 * depth counts from 1, 0: not reached; least is the smallest depth-first
 * number that can be reached from below without the way down.
 */
static void walk(assign_search *s, const uint64_t *may, size_t t,
                 size_t *n_reached)
{
    const uint32_t root = s->centre[t];
    uint32_t at = root, number = 0;

    memset(s->depth, 0, s->n * sizeof *s->depth);
    s->parent[root] = GB_GRID_NONE;
    s->next[root] = s->first[root];
    s->depth[root] = s->least[root] = ++number;
    s->queue[number - 1] = root;
    while (at != GB_GRID_NONE) {
        if (s->next[at] < s->first[at + 1]) {
            const uint32_t to = s->neighbours[s->next[at]++];

            if (!(may[to] & bit(t)) || to == s->parent[at])
                continue;
            if (s->depth[to] > 0) {
                if (s->depth[to] < s->least[at])
                    s->least[at] = s->depth[to];
                continue;
            }
            s->parent[to] = at;
            s->next[to] = s->first[to];
            s->depth[to] = s->least[to] = ++number;
            s->queue[number - 1] = to;
            at = to;
        } else {
            const uint32_t up = s->parent[at];

            if (up != GB_GRID_NONE && s->least[at] < s->least[up])
                s->least[up] = s->least[at];
            at = up;
        }
    }
    *n_reached = number;
}

/* Only t's: every area that all ways from the centre to one of its own lead
 * through. */
static ruled force_between(assign_search *s, uint64_t *may, size_t t,
                           size_t n_reached)
{
    ruled r = RULED_NOTHING;

    /* mark: there is an own area at or below */
    memset(s->mark, 0, s->n);
    for (size_t i = n_reached; i-- > 1;) {
        const uint32_t a = s->queue[i], up = s->parent[a];

        if (may[a] == bit(t))
            s->mark[a] = 1;
        if (!s->mark[a])
            continue;
        s->mark[up] = 1;
        if (s->least[a] >= s->depth[up] && may[up] != bit(t)) {
            may[up] = bit(t);
            r = RULED_SOME;
        }
    }
    return r;
}

/* By weight: too much with it, or too little without. */
static ruled by_load(assign_search *s, uint64_t *may, size_t t)
{
    int64_t own = 0, all = 0;
    ruled r = RULED_NOTHING;

    for (size_t a = 0; a < s->n; a++) {
        own += may[a] == bit(t) ? s->load[a] : 0;
        all += (may[a] & bit(t)) ? s->load[a] : 0;
    }
    if (own > s->high || all < s->low)
        return RULED_ALL;
    for (size_t a = 0; a < s->n; a++) {
        if (!(may[a] & bit(t)) || may[a] == bit(t))
            continue;
        if (all - s->load[a] < s->low)
            may[a] = bit(t);
        else if (own + s->load[a] > s->high)
            may[a] &= ~bit(t);
        else
            continue;
        r = RULED_SOME;
    }
    return r;
}

static ruled by_reach(assign_search *s, uint64_t *may, size_t t)
{
    ruled r = RULED_NOTHING;
    size_t n_reached;

    walk(s, may, t, &n_reached);
    for (size_t a = 0; a < s->n; a++)
        if ((may[a] & bit(t)) && s->depth[a] == 0) {
            may[a] &= ~bit(t);
            if (may[a] == 0)
                return RULED_ALL;
            r = RULED_SOME;
        }
    return force_between(s, may, t, n_reached) ? RULED_SOME : r;
}

/* Until nothing more follows; false: nothing is left. */
static bool rule_out(assign_search *s, uint64_t *may)
{
    bool is_still;

    do {
        is_still = true;
        for (size_t t = 0; t < s->k; t++) {
            const ruled load = by_load(s, may, t);
            ruled reach = RULED_NOTHING;

            if (load != RULED_ALL)
                reach = by_reach(s, may, t);
            if (load == RULED_ALL || reach == RULED_ALL)
                return false;
            is_still = is_still && !load && !reach;
        }
    } while (!is_still);
    return true;
}

/* --- a node -------------------------------------------------------------- */

/* The flow still is one that may be. */
static bool is_flow_left(const assign_search *s, const uint64_t *may)
{
    for (size_t a = 0; a < s->n; a++) {
        for (size_t t = 0; t < s->k; t++)
            if (s->flow[a * s->k + t] > 0 && !(may[a] & bit(t)))
                return false;
        if (s->load[a] == 0 && !(may[a] & bit(s->owner[a])))
            return false;
    }
    return true;
}

/* Bound and rule out in turn; false: nothing below the cut is left. */
static bool tighten(assign_search *s, assign_level *l, double cut,
                    double *bound)
{
    for (int i = 0;; i++) {
        if (!rule_out(s, l->may) || !solve_transport(s, l->may, l->price))
            return false;
        *bound = bound_of(s, l->may, l->price);
        if (*bound >= cut
            || by_cost(s, l->may, l->price, *bound, cut) == RULED_ALL)
            return false;
        if (i == ROUNDS) {
            /* the flow must be of the prices at hand, and may be */
            if (is_flow_left(s, l->may))
                return true;
            continue;
        }
        if (!rule_out(s, l->may))
            return false;
        if (is_flow_left(s, l->may))
            return true;
    }
}

/* The heaviest split area and where most of it is; false: there is none. */
static bool find_split(assign_search *s, uint32_t *area, uint32_t *territory)
{
    *area = GB_GRID_NONE;
    for (uint32_t a = 0; a < s->n; a++) {
        const int64_t *flow = s->flow + a * s->k;
        uint32_t most = s->owner[a];

        for (uint32_t t = 0; t < s->k; t++)
            if (flow[t] > flow[most])
                most = t;
        s->owner[a] = most;
        if (flow[most] == s->load[a]
            || (*area != GB_GRID_NONE && s->load[a] <= s->load[*area]))
            continue;
        *area = a;
        *territory = most;
    }
    return *area != GB_GRID_NONE;
}

/* Steps from the centre of t; `is_own`: over its own alone, else over all
 * that may be.  s->mark: reached; s->parent: the way. */
static void spread(assign_search *s, const uint64_t *may, uint32_t t)
{
    size_t head = 0, tail = 0;

    memset(s->mark, 0, s->n);
    s->mark[s->centre[t]] = 1;
    s->parent[s->centre[t]] = GB_GRID_NONE;
    s->queue[tail++] = s->centre[t];
    while (head < tail) {
        const uint32_t a = s->queue[head++];

        for (uint32_t i = s->first[a]; i < s->first[a + 1]; i++) {
            const uint32_t b = s->neighbours[i];

            if (s->mark[b]
                || !(may ? (may[b] & bit(t)) != 0 : s->owner[b] == t))
                continue;
            s->mark[b] = 1;
            s->parent[b] = a;
            s->queue[tail++] = b;
        }
    }
}

/*
 * An area that is cut off from its centre: it, where it may be elsewhere;
 * else the first on the way there that has another owner.  False: all are
 * connected.
 */
static bool find_cut_off(assign_search *s, const uint64_t *may,
                         uint32_t *area, uint32_t *territory)
{
    for (uint32_t t = 0; t < s->k; t++) {
        uint32_t lost = GB_GRID_NONE;

        spread(s, NULL, t);
        for (uint32_t a = 0; a < s->n; a++)
            if (s->owner[a] == t && !s->mark[a]
                && (lost == GB_GRID_NONE || s->load[a] > s->load[lost]))
                lost = a;
        if (lost == GB_GRID_NONE)
            continue;
        *territory = t;
        *area = lost;
        if (!is_one(may[lost]))
            return true;
        spread(s, may, t);
        for (uint32_t a = lost; a != GB_GRID_NONE; a = s->parent[a])
            if (s->owner[a] != t)
                *area = a; /* the last such is the nearest to the centre */
        return true;
    }
    return false;
}

static gb_status tell_found(assign_search *s, double *cut)
{
    double value = 0;

    for (size_t a = 0; a < s->n; a++)
        value += s->m->weight[a] * s->far[a * s->k + s->owner[a]];
    return s->found(s->user, s->owner, value, cut);
}

static gb_status search(assign_search *s, size_t depth, double *cut)
{
    assign_level *l = s->levels[depth], *child;
    uint32_t area, territory;
    double bound;
    gb_status status = base_poll(s->run);

    s->n_nodes++;
    s->is_stopped = s->is_stopped || s->run->is_late
        || s->n_nodes > s->max_nodes;
    if (status || s->is_stopped || !tighten(s, l, *cut, &bound))
        return status;
    if (!find_split(s, &area, &territory)
        && !find_cut_off(s, l->may, &area, &territory))
        return tell_found(s, cut);
    for (int i = 0; i < 2; i++) {
        child = level_at(s, depth + 1);
        if (!child)
            return base_fail_nomem(s->run->ctx);
        memcpy(child->may, l->may, s->n * sizeof *child->may);
        memcpy(child->price, l->price, s->k * sizeof *child->price);
        child->may[area] = i == 0 ? bit(territory)
                                  : l->may[area] & ~bit(territory);
        if (child->may[area] == 0)
            continue;
        status = search(s, depth + 1, cut);
        if (status || s->is_stopped || bound >= *cut)
            break;
    }
    return status;
}

static void set_centres(assign_search *s, const uint32_t *centres)
{
    const hess_model *m = s->m;

    memcpy(s->centre, centres, s->k * sizeof *s->centre);
    memset(s->base, 0, s->n * sizeof *s->base);
    for (size_t t = 0; t < s->k; t++)
        for (uint32_t i = m->first[centres[t]]; i < m->first[centres[t] + 1];
             i++) {
            s->base[m->area[i]] |= bit(t);
            s->far[m->area[i] * s->k + t] = m->km2[i];
        }
    for (size_t t = 0; t < s->k; t++)
        s->base[centres[t]] = bit(t);
}

gb_status assign_solve(assign_search *s, const uint32_t *centres, double *cut)
{
    assign_level *root = level_at(s, 0);

    if (!root)
        return base_fail_nomem(s->run->ctx);
    set_centres(s, centres);
    for (size_t a = 0; a < s->n; a++)
        if (s->base[a] == 0)
            return GB_OK; /* out of every reach */
    memcpy(root->may, s->base, s->n * sizeof *root->may);
    memset(root->price, 0, s->k * sizeof *root->price);
    return search(s, 0, cut);
}
