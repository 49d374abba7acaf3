/*
 * grid_state.c - see grid_state.h.
 */
#include "grid_state.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

bool grid_state_init(grid_state *s, const grid_problem *p)
{
    base_mem *mem = p->mem;

    memset(s, 0, sizeof *s);
    s->p = p;
    s->pool_size = 2 * p->n + 16 * p->k;
    s->owner = base_alloc_array(mem, p->n, sizeof *s->owner);
    s->load = base_alloc_array(mem, p->k * p->n_measures, sizeof *s->load);
    s->sum_w = base_alloc_array(mem, p->k, sizeof *s->sum_w);
    s->sum_x = base_alloc_array(mem, p->k, sizeof *s->sum_x);
    s->sum_y = base_alloc_array(mem, p->k, sizeof *s->sum_y);
    s->excess = base_alloc_array(mem, p->k, sizeof *s->excess);
    s->centre_x = base_alloc_array(mem, p->k, sizeof *s->centre_x);
    s->centre_y = base_alloc_array(mem, p->k, sizeof *s->centre_y);
    s->count = base_alloc_array(mem, p->k, sizeof *s->count);
    s->foreign = base_alloc_array(mem, p->n, sizeof *s->foreign);
    s->slot = base_alloc_array(mem, p->n, sizeof *s->slot);
    s->pool = base_alloc_array(mem, s->pool_size, sizeof *s->pool);
    s->spare = base_alloc_array(mem, s->pool_size, sizeof *s->spare);
    s->rim_first = base_alloc_array(mem, p->k, sizeof *s->rim_first);
    s->rim_room = base_alloc_array(mem, p->k, sizeof *s->rim_room);
    s->rim_count = base_alloc_array(mem, p->k, sizeof *s->rim_count);
    return grid_search_space_init(&s->space, mem, p->n) && s->owner && s->load
        && s->sum_w && s->sum_x && s->sum_y && s->excess && s->centre_x
        && s->centre_y && s->count && s->foreign && s->slot && s->pool && s->spare && s->rim_first && s->rim_room
        && s->rim_count;
}

void grid_state_clear(grid_state *s)
{
    base_mem *mem;

    if (!s->p)
        return;
    mem = s->p->mem;
    base_free(mem, s->owner);
    base_free(mem, s->load);
    base_free(mem, s->sum_w);
    base_free(mem, s->sum_x);
    base_free(mem, s->sum_y);
    base_free(mem, s->excess);
    base_free(mem, s->centre_x);
    base_free(mem, s->centre_y);
    base_free(mem, s->count);
    base_free(mem, s->foreign);
    base_free(mem, s->slot);
    base_free(mem, s->pool);
    base_free(mem, s->spare);
    base_free(mem, s->rim_first);
    base_free(mem, s->rim_room);
    base_free(mem, s->rim_count);
    grid_search_space_clear(&s->space, mem);
    memset(s, 0, sizeof *s);
}

/* --- the lists of areas at the rim --------------------------------------- */

/* Give each territory what it has and an even share of the free places. */
static void lay_out_rims(grid_state *s)
{
    const size_t k = s->p->k;
    size_t used = 0, at = 0, free_each;
    uint32_t *old = s->pool;

    for (size_t t = 0; t < k; t++)
        used += s->rim_count[t];
    free_each = (s->pool_size - used) / k;
    for (size_t t = 0; t < k; t++) {
        const uint32_t from = s->rim_first[t];

        s->rim_first[t] = (uint32_t)at;
        s->rim_room[t] = (uint32_t)(s->rim_count[t] + free_each);
        for (uint32_t i = 0; i < s->rim_count[t]; i++) {
            s->spare[at + i] = old[from + i];
            s->slot[old[from + i]] = (uint32_t)(at + i);
        }
        at += s->rim_room[t];
    }
    s->pool = s->spare;
    s->spare = old;
}

static void join_rim(grid_state *s, uint32_t area, uint32_t t)
{
    uint32_t at;

    if (s->rim_count[t] == s->rim_room[t])
        lay_out_rims(s);
    at = s->rim_first[t] + s->rim_count[t]++;
    s->pool[at] = area;
    s->slot[area] = at;
}

static void leave_rim(grid_state *s, uint32_t area, uint32_t t)
{
    const uint32_t at = s->slot[area];
    const uint32_t last = s->pool[s->rim_first[t] + --s->rim_count[t]];

    s->pool[at] = last;
    s->slot[last] = at;
    s->slot[area] = GB_GRID_NONE;
}

/* --- everything from the owners ------------------------------------------ */

static double moment_of(const grid_problem *p, const uint32_t *owner,
                        const double *sum_w, const double *sum_x,
                        const double *sum_y)
{
    double moment = 0;

    for (size_t a = 0; a < p->n; a++) {
        const uint32_t t = owner[a];
        double dx, dy;

        if (sum_w[t] <= 0)
            continue;
        dx = p->x[a] - sum_x[t] / sum_w[t];
        dy = p->y[a] - sum_y[t] / sum_w[t];
        moment += p->weight[a] * (dx * dx + dy * dy);
    }
    return moment;
}

static double excess_of(const grid_state *s, size_t t)
{
    const grid_problem *p = s->p;
    double excess = 0;

    for (size_t m = 0; m < p->n_measures; m++)
        excess += grid_excess(p, t, m, s->load[t * p->n_measures + m]);
    return excess;
}

static double all_excess(const grid_state *s)
{
    double excess = 0;

    for (size_t t = 0; t < s->p->k; t++)
        excess += excess_of(s, t);
    return excess;
}

/* What is told by the sums of t, and asked often. */
static void derive(grid_state *s, uint32_t t)
{
    const double w = s->sum_w[t];

    s->excess[t] = excess_of(s, t);
    s->centre_x[t] = w > 0 ? s->sum_x[t] / w : 0;
    s->centre_y[t] = w > 0 ? s->sum_y[t] / w : 0;
}

static void sum_up(grid_state *s)
{
    const grid_problem *p = s->p;

    memset(s->load, 0, p->k * p->n_measures * sizeof *s->load);
    memset(s->count, 0, p->k * sizeof *s->count);
    for (size_t t = 0; t < p->k; t++)
        s->sum_w[t] = s->sum_x[t] = s->sum_y[t] = 0;
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t t = s->owner[a];

        for (size_t m = 0; m < p->n_measures; m++)
            s->load[t * p->n_measures + m] += grid_load(p, a, m);
        s->count[t]++;
        s->sum_w[t] += p->weight[a];
        s->sum_x[t] += p->weight[a] * p->x[a];
        s->sum_y[t] += p->weight[a] * p->y[a];
    }
    for (uint32_t t = 0; t < p->k; t++)
        derive(s, t);
}

/* The terms that are sums over arcs and areas; each arc is met twice. */
static grid_terms sum_terms(const grid_problem *p, const uint32_t *owner)
{
    grid_terms sum = { 0 };

    for (size_t a = 0; a < p->n; a++) {
        for (size_t i = p->first[a]; i < p->first[a + 1]; i++) {
            const bool is_cut = owner[p->neighbours[i]] != owner[a];

            sum.cut += is_cut;
            sum.border += is_cut ? p->border[i] : 0;
            sum.barrier += is_cut ? 0 : p->barrier[i];
        }
        sum.moved += p->previous && p->previous[a] != GB_GRID_NONE
            && p->previous[a] != owner[a];
        sum.travel += p->weight[a] * grid_travel(p, owner[a], a);
        sum.lost -= grid_known(p, owner[a], a);
    }
    sum.lost += p->familiarity_most;
    sum.cut /= 2;
    sum.border /= 2;
    sum.barrier /= 2;
    return sum;
}

static void list_rims(grid_state *s)
{
    const grid_problem *p = s->p;

    memset(s->rim_first, 0, p->k * sizeof *s->rim_first);
    memset(s->rim_room, 0, p->k * sizeof *s->rim_room);
    memset(s->rim_count, 0, p->k * sizeof *s->rim_count);
    memset(s->slot, 0xff, p->n * sizeof *s->slot);
    lay_out_rims(s);
    for (size_t a = 0; a < p->n; a++) {
        s->foreign[a] = 0;
        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++)
            s->foreign[a] += s->owner[p->neighbours[i]] != s->owner[a];
        if (s->foreign[a] > 0)
            join_rim(s, (uint32_t)a, s->owner[a]);
    }
}

void grid_state_set(grid_state *s, const uint32_t *owner)
{
    memcpy(s->owner, owner, s->p->n * sizeof *owner);
    s->terms = sum_terms(s->p, s->owner);
    list_rims(s);
    grid_state_settle(s);
}

void grid_state_settle(grid_state *s)
{
    sum_up(s);
    s->terms.moment
        = moment_of(s->p, s->owner, s->sum_w, s->sum_x, s->sum_y);
    s->terms.excess = all_excess(s);
}

/* The moment of all areas about one point: what rounding is measured by where
 * each territory's own is next to nothing. */
static double whole_moment(const grid_problem *p)
{
    double moment = 0;

    for (size_t a = 0; a < p->n; a++)
        moment += p->weight[a] * (p->x[a] * p->x[a] + p->y[a] * p->y[a]);
    return moment;
}

static bool is_near(double a, double b, double scale)
{
    return fabs(a - b) <= 1e-6 * (fabs(scale) + 1);
}

bool grid_state_is_sound(const grid_state *s)
{
    const grid_problem *p = s->p;
    const grid_terms sum = sum_terms(p, s->owner);
    size_t on_rim = 0, counted = 0;

    for (size_t t = 0; t < p->k; t++) {
        counted += s->count[t];
        on_rim += s->rim_count[t];
        if (!is_near(s->excess[t], excess_of(s, t), 1))
            return false;
        for (uint32_t i = 0; i < s->rim_count[t]; i++) {
            const uint32_t a = s->pool[s->rim_first[t] + i];

            if (s->owner[a] != t || s->slot[a] != s->rim_first[t] + i)
                return false;
        }
        for (size_t m = 0; m < p->n_measures; m++) {
            int64_t load = 0;

            for (size_t a = 0; a < p->n; a++)
                load += s->owner[a] == t ? grid_load(p, a, m) : 0;
            if (load != s->load[t * p->n_measures + m])
                return false;
        }
    }
    for (size_t a = 0; a < p->n; a++)
        on_rim -= s->foreign[a] > 0;
    return on_rim == 0 && counted == p->n && sum.cut == s->terms.cut
        && sum.border == s->terms.border && sum.barrier == s->terms.barrier
        && sum.moved == s->terms.moved
        && is_near(sum.travel, s->terms.travel, sum.travel)
        && is_near(sum.lost, s->terms.lost, p->familiarity_most)
        && is_near(all_excess(s), s->terms.excess, (double)p->k)
        && is_near(moment_of(p, s->owner, s->sum_w, s->sum_x, s->sum_y),
                   s->terms.moment, whole_moment(p));
}

/* --- one area ------------------------------------------------------------ */

double grid_state_excess(const grid_state *s, uint32_t t, uint32_t area,
                         int sign)
{
    const grid_problem *p = s->p;
    double excess = 0;

    for (size_t m = 0; m < p->n_measures; m++) {
        const int64_t load = s->load[t * p->n_measures + m]
            + sign * grid_load(p, area, m);

        excess += grid_excess(p, t, m, load);
    }
    return excess;
}

/* Weight joins a territory (sign 1) or leaves it (-1): by how much its moment
 * about its own centre changes. */
static double moment_change(const grid_state *s, uint32_t t, uint32_t area,
                            int sign)
{
    const grid_problem *p = s->p;
    const double w = p->weight[area], sum = s->sum_w[t];
    const double rest = sum + sign * w;
    double dx, dy;

    if (w <= 0 || sum <= 0 || rest <= sum * 1e-12)
        return 0;
    dx = p->x[area] - s->centre_x[t];
    dy = p->y[area] - s->centre_y[t];
    return sign * w * sum / rest * (dx * dx + dy * dy);
}

grid_terms grid_state_price(const grid_state *s, uint32_t area, uint32_t to)
{
    const grid_problem *p = s->p;
    const uint32_t from = s->owner[area];
    grid_terms d = { 0 };

    for (size_t i = p->first[area]; i < p->first[area + 1]; i++) {
        const uint32_t t = s->owner[p->neighbours[i]];
        const int sign = (t == from) - (t == to);

        d.cut += sign;
        d.border += sign * p->border[i];
        d.barrier -= sign * p->barrier[i];
    }
    if (p->previous && p->previous[area] != GB_GRID_NONE)
        d.moved = (p->previous[area] == from) - (p->previous[area] == to);
    if (p->travel_s)
        d.travel = p->weight[area]
            * (grid_travel(p, to, area) - grid_travel(p, from, area));
    d.lost = grid_known(p, from, area) - grid_known(p, to, area);
    d.moment = moment_change(s, from, area, -1)
        + moment_change(s, to, area, 1);
    d.excess = grid_state_excess(s, from, area, -1) - s->excess[from]
        + grid_state_excess(s, to, area, 1) - s->excess[to];
    return d;
}

static void carry(grid_state *s, uint32_t t, uint32_t area, int sign)
{
    const grid_problem *p = s->p;

    for (size_t m = 0; m < p->n_measures; m++)
        s->load[t * p->n_measures + m] += sign * grid_load(p, area, m);
    s->sum_w[t] += sign * p->weight[area];
    s->sum_x[t] += sign * p->weight[area] * p->x[area];
    s->sum_y[t] += sign * p->weight[area] * p->y[area];
    s->count[t] += (uint32_t)sign;
    derive(s, t);
}

static void turn_neighbours(grid_state *s, uint32_t area, uint32_t from,
                            uint32_t to)
{
    const grid_problem *p = s->p;
    uint32_t foreign = 0;

    for (size_t i = p->first[area]; i < p->first[area] + p->n_open[area];
         i++) {
        const uint32_t b = p->neighbours[i], t = s->owner[b];

        foreign += t != to;
        if (t == from && s->foreign[b]++ == 0)
            join_rim(s, b, t);
        else if (t == to && --s->foreign[b] == 0)
            leave_rim(s, b, t);
    }
    s->foreign[area] = foreign;
}

void grid_state_move(grid_state *s, uint32_t area, uint32_t to,
                     const grid_terms *d)
{
    const uint32_t from = s->owner[area];

    assert(from != to);
    if (s->foreign[area] > 0)
        leave_rim(s, area, from);
    s->owner[area] = to;
    carry(s, from, area, -1);
    carry(s, to, area, 1);
    turn_neighbours(s, area, from, to);
    if (s->foreign[area] > 0)
        join_rim(s, area, to);
    s->terms.cut += d->cut;
    s->terms.border += d->border;
    s->terms.barrier += d->barrier;
    s->terms.moved += d->moved;
    s->terms.moment += d->moment;
    s->terms.travel += d->travel;
    s->terms.lost += d->lost;
    s->terms.excess += d->excess;
}

grid_terms grid_state_shift(grid_state *s, uint32_t area, uint32_t to)
{
    const grid_terms d = grid_state_price(s, area, to);

    grid_state_move(s, area, to, &d);
    return d;
}

bool grid_state_may_leave(grid_state *s, uint32_t area)
{
    return s->p->lock[area] == GB_GRID_NONE && s->count[s->owner[area]] > 1
        && grid_can_leave(s->p, s->owner, area, &s->space);
}

double grid_cost(const grid_prices *c, const grid_terms *d)
{
    return c->cut * (double)d->cut + c->border * (double)d->border
        + c->barrier * (double)d->barrier + c->moved * (double)d->moved
        + c->moment * d->moment + c->travel * d->travel + c->lost * d->lost
        + c->excess * d->excess;
}
