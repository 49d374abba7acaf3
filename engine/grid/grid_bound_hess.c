/*
 * grid_bound_hess.c - see grid_bound_hess.h.
 */
#include "grid_bound_hess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid_hess.h"

enum {
    FEW = 16,        /* items that are sorted, not split */
    PATIENCE = 6     /* steps without gain before they get shorter */
};
/* Sums of a million terms in double precision lose less than 1e-10. */
static const double ROUNDING = 1e-10;
static const double LEAST_LAMBDA = 1e-4;
static const double LOOK_AHEAD = 0.1;
static const double MIX = 0.3;
/* As shares of what one territory's moment is like; the last of the first. */
static const double FIRST_HEAT = 0.3, LAST_HEAT = 2e-4;
/* Of the time allowed; the rest is for the tree. */
static const double COOLING_TIME = 0.9;
static const double MOMENTUM = 0.9, STEP = 0.3;

/* --- one centre ---------------------------------------------------------- */

/* The least key first; both arrays move. */
static void sort_few(double *key, double *load, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n; i++) {
            const double k = key[i], l = load[i];
            size_t j = i;

            for (; j >= gap && key[j - gap] > k; j -= gap) {
                key[j] = key[j - gap];
                load[j] = load[j - gap];
            }
            key[j] = k;
            load[j] = l;
        }
}

/* Items below the pivot come first; how many. */
static size_t split(double *key, double *load, size_t n, double pivot)
{
    size_t below = 0;

    for (size_t i = 0; i < n; i++) {
        const double k = key[i], l = load[i];
        const bool is_below = k < pivot;

        key[i] = key[below];
        load[i] = load[below];
        key[below] = k;
        load[below] = l;
        below += is_below;
    }
    return below;
}

static double middle(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/*
 * What the items of least key are worth up to `*room` of weight, which becomes
 * what is left.  `*pivot`: where to split first, then where it ended.
 */
static double fill(double *key, double *load, size_t n, double *room,
                   double *pivot)
{
    double value = 0, at = *pivot;

    while (n > FEW) {
        size_t below = split(key, load, n, at);
        double sum = 0, worth = 0;

        if (below == 0 || below == n) {
            /* No progress yet: by an item of the list; ties are sorted. */
            at = middle(key[0], key[n / 2], key[n - 1]);
            below = split(key, load, n, at);
            if (below == 0)
                break;
        }
        for (size_t i = 0; i < below; i++) {
            sum += load[i];
            worth += load[i] * key[i];
        }
        if (sum <= *room) {
            *room -= sum;
            value += worth;
            *pivot = at;
            key += below;
            load += below;
            n -= below;
        } else {
            n = below;
        }
        if (n > 0)
            at = middle(key[0], key[n / 2], key[n - 1]);
    }
    sort_few(key, load, n);
    for (size_t i = 0; i < n && *room > 0; i++) {
        const double part = fmin(load[i], *room);

        value += part * key[i];
        *room -= part;
        *pivot = key[i];
    }
    return value;
}

/* Keys of what is not on the list of j, but in a block that may have keys
 * below `limit`; adds them to the items.  Returns what the rest cannot be
 * below. */
static double look_beyond(hess_prices *x, const double *price, uint32_t j,
                          double limit, size_t *n)
{
    const hess_model *m = x->m;
    const double *km2 = m->beyond_km2 + j * m->n_blocks;
    double least = INFINITY;

    for (size_t b = 0; b < m->n_blocks; b++) {
        const double key = km2[b] - m->most[b];

        if (key >= limit) {
            least = fmin(least, key);
            continue;
        }
        for (size_t i = m->first_member[b]; i < m->first_member[b + 1]; i++) {
            const uint32_t a = m->member[i];
            const double far = hess_far(m, a, j);

            if (far <= m->edge[j] || a == j)
                continue;
            x->key[*n] = far - price[a];
            x->load[*n] = m->weight[a];
            x->item[(*n)++] = a;
        }
    }
    return least;
}

/* The keys of all but j itself that count; what the rest cannot be below. */
static double list_items(hess_prices *x, const double *price, uint32_t j,
                         double limit, size_t *n)
{
    const hess_model *m = x->m;

    *n = 0;
    for (uint32_t i = m->first[j] + 1; i < m->first[j + 1]; i++) {
        const uint32_t a = m->area[i];

        x->key[*n] = m->km2[i] - price[a];
        x->load[*n] = m->weight[a];
        x->item[(*n)++] = a;
    }
    return look_beyond(x, price, j, limit, n);
}

/* What centre j is worth at these prices; (double)INFINITY where it cannot be one. */
static double value_of(hess_prices *x, const double *price, uint32_t j)
{
    const hess_model *m = x->m;
    const double own = m->weight[j];
    double gains = 0, room, value, beyond;
    size_t n, n_below = 0;

    if (own > m->high)
        return (double)INFINITY;
    x->limit[j] = x->pivot[j] + fabs(x->pivot[j]) * LOOK_AHEAD;
    beyond = list_items(x, price, j, x->limit[j], &n);
    for (size_t i = 0; i < n; i++) {
        const double key = x->key[i], load = x->load[i];

        gains += key < 0 ? load : 0;
        x->key[n_below] = key;
        x->load[n_below] = load;
        n_below += key < beyond;
    }
    if (beyond < 0 || own + gains > m->high)
        room = m->high - own;
    else if (own + gains >= m->low)
        room = gains;
    else
        room = m->low - own;
    value = fill(x->key, x->load, n_below, &room, &x->pivot[j])
        - own * price[j];
    if (room > 1e-9 * m->high) {
        value += beyond < (double)INFINITY ? room * beyond : (double)INFINITY;
        x->pivot[j] = beyond; /* it shall look further */
    }
    return value;
}

/* --- all centres --------------------------------------------------------- */

typedef struct ranking {
    const double *value;
    const uint8_t *choice;
} ranking;

static bool comes_before(const ranking *r, uint32_t a, uint32_t b)
{
    const bool in_a = r->choice[a] == HESS_IN, in_b = r->choice[b] == HESS_IN;

    if (in_a != in_b)
        return in_a;
    if (r->value[a] < r->value[b] || r->value[a] > r->value[b])
        return r->value[a] < r->value[b];
    return a < b;
}

/* The k first of the order that are no HESS_OUT; false: there are fewer. */
static bool take_cheapest(hess_prices *x, const double *value)
{
    const ranking r = { value, x->choice };
    size_t n = 0;

    for (uint32_t j = 0; j < x->m->n; j++) {
        size_t i;

        if (x->choice[j] == HESS_OUT
            || (n == x->m->k && !comes_before(&r, j, x->order[n - 1])))
            continue;
        if (n < x->m->k)
            n++;
        for (i = n - 1; i > 0 && comes_before(&r, j, x->order[i - 1]); i--)
            x->order[i] = x->order[i - 1];
        x->order[i] = j;
    }
    return n == x->m->k;
}

/* The bound at these prices; (double)INFINITY where there are too few centres. */
static double bound_at(hess_prices *x, const double *price, double *value)
{
    const hess_model *m = x->m;
    double sum = 0, size = 0;

    for (size_t b = 0; b < m->n_blocks; b++)
        m->most[b] = -1e300; /* finite: nothing minus it is no number */
    for (size_t a = 0; a < m->n; a++) {
        double *most = &m->most[m->block[a]];

        if (m->weight[a] <= 0)
            continue; /* counts nowhere, whatever its price */
        sum += m->weight[a] * price[a];
        size += m->weight[a] * fabs(price[a]);
        *most = fmax(*most, price[a]);
    }
    for (uint32_t j = 0; j < m->n; j++)
        if (x->choice[j] != HESS_OUT) {
            value[j] = value_of(x, price, j);
            if (value[j] == (double)INFINITY)
                x->choice[j] = HESS_OUT;
        }
    if (!take_cheapest(x, value))
        return (double)INFINITY;
    for (size_t i = 0; i < m->k; i++) {
        sum += value[x->order[i]];
        size += fabs(value[x->order[i]]);
    }
    return sum - size * ROUNDING;
}

/* Less of the slope for what centre j takes, `share` of it. */
static void take(hess_prices *x, const double *price, uint32_t j, double share)
{
    const hess_model *m = x->m;
    /* the last item's key: all below it are taken whole */
    const double last = x->pivot[j];
    double at_last = 0, room = (last < 0 ? m->high : m->low) - m->weight[j];
    size_t n;

    list_items(x, price, j, x->limit[j], &n);
    x->slope[j] -= share;
    for (size_t i = 0; i < n; i++)
        if (x->key[i] < last) {
            room -= x->load[i];
            x->slope[x->item[i]] -= share;
        } else if (x->key[i] <= last) {
            at_last += x->load[i];
        }
    if (at_last <= 0)
        return;
    share *= fmax(0, fmin(1, room / at_last));
    for (size_t i = 0; i < n; i++)
        if (x->key[i] >= last && x->key[i] <= last)
            x->slope[x->item[i]] -= share;
}

/* The key below which centres are so likely that all together are k. */
static double level_for(const hess_prices *x, const double *value, double heat)
{
    const double last = value[x->order[x->m->k - 1]];
    double low = last - heat * log((double)x->m->n + 1), high = last + heat;

    for (int i = 0; i < 40; i++) {
        const double level = (low + high) / 2;
        double sum = 0;

        for (size_t j = 0; j < x->m->n; j++)
            if (x->choice[j] != HESS_OUT && value[j] < level + 7 * heat)
                sum += value[j] <= level ? 1 : exp((level - value[j]) / heat);
        if (sum > (double)x->m->k)
            high = level;
        else
            low = level;
    }
    return (low + high) / 2;
}

/*
 * What each area is still lacking, in x->slope: of the centres just taken, or
 * with heat, of all by how near they come to being taken.
 */
static void find_slope(hess_prices *x, const double *price,
                       const double *value)
{
    const hess_model *m = x->m;
    for (size_t a = 0; a < m->n; a++)
        x->slope[a] = 1;
    if (x->heat > 0) {
        const double level = level_for(x, value, x->heat);

        for (uint32_t j = 0; j < m->n; j++)
            if (x->choice[j] != HESS_OUT && value[j] < level + 7 * x->heat)
                take(x, price, j, value[j] <= level
                     ? 1 : exp((level - value[j]) / x->heat));
    } else {
        for (size_t t = 0; t < m->k; t++)
            take(x, price, x->order[t], 1);
    }
}

gb_status hess_prices_init(base_run *run, hess_prices *x,
                           const hess_model *model)
{
    base_mem *mem = run->mem;
    const size_t n = model->n;

    *x = (hess_prices){ .m = model, .lower = -INFINITY, .lambda = 1 };
    x->choice = base_alloc_zeroed(mem, n, sizeof *x->choice);
    x->price = base_alloc_zeroed(mem, n, sizeof *x->price);
    x->value = base_alloc_zeroed(mem, n, sizeof *x->value);
    x->share = base_alloc_zeroed(mem, n, sizeof *x->share);
    x->tried = base_alloc_zeroed(mem, n, sizeof *x->tried);
    x->tried_value = base_alloc_zeroed(mem, n, sizeof *x->tried_value);
    x->slope = base_alloc_zeroed(mem, n, sizeof *x->slope);
    x->mean = base_alloc_zeroed(mem, n, sizeof *x->mean);
    x->key = base_alloc_zeroed(mem, n, sizeof *x->key);
    x->load = base_alloc_zeroed(mem, n, sizeof *x->load);
    x->pivot = base_alloc_zeroed(mem, n, sizeof *x->pivot);
    x->limit = base_alloc_zeroed(mem, n, sizeof *x->limit);
    x->item = base_alloc_zeroed(mem, n, sizeof *x->item);
    x->order = base_alloc_zeroed(mem, model->k, sizeof *x->order);
    if (x->choice && x->price && x->value && x->share && x->tried
        && x->tried_value && x->slope && x->mean && x->key && x->load
        && x->pivot && x->order && x->limit && x->item)
        return GB_OK;
    hess_prices_clear(x);
    return base_fail_nomem(run->ctx);
}

void hess_prices_clear(hess_prices *x)
{
    base_mem *mem = x->m ? x->m->mem : NULL;

    if (!mem)
        return;
    base_free(mem, x->choice);
    base_free(mem, x->price);
    base_free(mem, x->value);
    base_free(mem, x->share);
    base_free(mem, x->tried);
    base_free(mem, x->tried_value);
    base_free(mem, x->slope);
    base_free(mem, x->mean);
    base_free(mem, x->key);
    base_free(mem, x->load);
    base_free(mem, x->pivot);
    base_free(mem, x->order);
    base_free(mem, x->limit);
    base_free(mem, x->item);
    memset(x, 0, sizeof *x);
}

static void keep(hess_prices *x, double lower)
{
    memcpy(x->price, x->tried, x->m->n * sizeof *x->price);
    memcpy(x->value, x->tried_value, x->m->n * sizeof *x->value);
    x->lower = lower;
    x->threshold = x->value[x->order[x->m->k - 1]];
}

/* km2 around j that holds one territory. */
static double wide_as_one(const hess_model *m, uint32_t j)
{
    double load = 0;

    for (uint32_t i = m->first[j]; i < m->first[j + 1]; i++) {
        load += m->weight[m->area[i]];
        if (load >= m->low)
            return m->km2[i];
    }
    return m->km2[m->first[j + 1] - 1];
}

static void scale_start(hess_prices *x)
{
    const hess_model *m = x->m;

    x->lower = -INFINITY;
    for (double scale = 2; scale > 0.02; scale *= 0.7) {
        double lower;

        for (uint32_t a = 0; a < m->n; a++)
            x->tried[a] = wide_as_one(m, a) * scale;
        lower = bound_at(x, x->tried, x->tried_value);
        if (lower > x->lower && lower < (double)INFINITY)
            keep(x, lower);
    }
}

/* The bound of the stored values under the choices as they are now. */
static void sum_up(hess_prices *x)
{
    const hess_model *m = x->m;
    double sum = 0, size = 0;

    if (!take_cheapest(x, x->value)) {
        x->lower = INFINITY;
        return;
    }
    for (size_t a = 0; a < m->n; a++) {
        sum += m->weight[a] * x->price[a];
        size += m->weight[a] * fabs(x->price[a]);
    }
    for (size_t i = 0; i < m->k; i++) {
        sum += x->value[x->order[i]];
        size += fabs(x->value[x->order[i]]);
    }
    x->lower = sum - size * ROUNDING;
    x->threshold = x->value[x->order[m->k - 1]];
}

/* --- steps --------------------------------------------------------------- */

/* Out with what would lift the bound beyond `upper`. */
static void drop_centres(hess_prices *x, double upper)
{
    if (upper == (double)INFINITY || x->lower == (double)INFINITY)
        return;
    for (size_t j = 0; j < x->m->n; j++)
        if (x->choice[j] == HESS_FREE
            && x->lower + (x->value[j] - x->threshold) >= upper)
            x->choice[j] = HESS_OUT;
}

static double square(const hess_prices *x, const double *v, const double *w)
{
    double sum = 0;

    for (size_t a = 0; a < x->m->n; a++)
        sum += x->m->weight[a] * v[a] * w[a];
    return sum;
}

static void mix(hess_prices *x, double share)
{
    for (size_t a = 0; a < x->m->n; a++) {
        x->mean[a] += share * (x->slope[a] - x->mean[a]);
        x->share[a] *= 1 - share;
    }
    for (size_t t = 0; t < x->m->k; t++)
        x->share[x->order[t]] += share;
}

typedef struct climbing {
    double here;      /* the bound there */
    unsigned n_bad;   /* steps in a row without gain */
} climbing;

/* One step; true when the bound rose. */
static bool step(hess_prices *x, climbing *c, double upper)
{
    const double target = upper < (double)INFINITY
        ? upper : x->lower + 0.05 * fabs(x->lower) + 1e-9;
    const double vv = square(x, x->mean, x->mean);
    const double length = vv > 0 ? x->lambda * (target - c->here) / vv : 0;
    bool is_better;

    for (size_t a = 0; a < x->m->n; a++)
        x->tried[a] += length * x->mean[a];
    c->here = bound_at(x, x->tried, x->tried_value);
    if (c->here == (double)INFINITY) {
        x->lower = INFINITY;
        return true;
    }
    find_slope(x, x->tried, x->tried_value);
    is_better = c->here > x->lower;
    if (is_better) {
        c->n_bad = 0;
        keep(x, c->here);
    } else if (++c->n_bad >= PATIENCE) {
        x->lambda *= 0.6;
        c->n_bad = 0;
        memcpy(x->tried, x->price, x->m->n * sizeof *x->price);
        c->here = bound_at(x, x->tried, x->tried_value);
        find_slope(x, x->tried, x->tried_value);
    }
    mix(x, MIX);
    return is_better;
}

/* What one territory's moment is like, to begin the heat with. */
static double typical_moment(const hess_model *m)
{
    double sum = 0;

    for (uint32_t a = 0; a < m->n; a++)
        sum += m->weight[a] * wide_as_one(m, a) / 2;
    return sum / (double)m->k;
}

/* How far the cooling is, by steps, or by time where that is short. */
static double share_done(const base_run *run, uint64_t i,
                         uint64_t n_iterations, double began_s)
{
    double by_time = 0;

    if (run->limits.time_limit_ms > 0 && run->deadline_s > began_s)
        by_time = (base_clock_s() - began_s) / (run->deadline_s - began_s)
            / COOLING_TIME;
    return fmin(1, fmax((double)i / (double)n_iterations, by_time));
}

static gb_status cool(base_run *run, hess_prices *x, uint64_t n_iterations,
                      double upper)
{
    const hess_model *m = x->m;
    const double from = typical_moment(m) * FIRST_HEAT;
    const double began_s = base_clock_s();
    gb_status status = GB_OK;

    memcpy(x->tried, x->price, m->n * sizeof *x->price);
    memset(x->mean, 0, m->n * sizeof *x->mean);
    for (uint64_t i = 0; i < n_iterations && !run->is_late
         && share_done(run, i, n_iterations, began_s) < 1; i++) {
        const double lower = bound_at(x, x->tried, x->tried_value);

        status = base_poll_many(run, 1 + m->first[m->n] / 1000);
        if (status)
            break;
        x->n_iterations++;
        if (lower == (double)INFINITY) {
            x->lower = INFINITY;
            break;
        }
        if (lower > x->lower) {
            keep(x, lower);
            drop_centres(x, upper);
        }
        if (x->lower >= upper)
            break;
        x->heat = from * pow(LAST_HEAT, share_done(run, i, n_iterations,
                                                   began_s));
        find_slope(x, x->tried, x->tried_value);
        for (size_t a = 0; a < m->n; a++) {
            x->mean[a] = MOMENTUM * x->mean[a] + x->slope[a];
            x->tried[a] += x->mean[a] * x->heat / m->high * STEP;
        }
    }
    x->heat = 0;
    return status;
}

gb_status hess_prices_begin(base_run *run, hess_prices *x,
                            uint64_t n_iterations, double upper)
{
    scale_start(x);
    if (x->lower == -(double)INFINITY) {
        x->lower = INFINITY; /* too few centres at any price */
        return GB_OK;
    }
    return cool(run, x, n_iterations, upper);
}

void hess_prices_set(hess_prices *x, const double *price,
                     const uint8_t *choice)
{
    memcpy(x->choice, choice, x->m->n * sizeof *choice);
    memcpy(x->price, price, x->m->n * sizeof *price);
    x->lower = bound_at(x, x->price, x->value);
    if (x->lower < (double)INFINITY)
        x->threshold = x->value[x->order[x->m->k - 1]];
}

gb_status hess_prices_improve(base_run *run, hess_prices *x,
                              uint64_t n_iterations, double upper)
{
    climbing c = { 0 };
    gb_status status = GB_OK;

    sum_up(x);
    drop_centres(x, upper);
    if (x->lower >= upper)
        return GB_OK;
    x->lambda = 1;
    memcpy(x->tried, x->price, x->m->n * sizeof *x->price);
    c.here = bound_at(x, x->tried, x->tried_value);
    if (c.here == (double)INFINITY) {
        x->lower = INFINITY;
        return GB_OK;
    }
    find_slope(x, x->tried, x->tried_value);
    memcpy(x->mean, x->slope, x->m->n * sizeof *x->mean);
    memset(x->share, 0, x->m->n * sizeof *x->share);
    for (size_t t = 0; t < x->m->k; t++)
        x->share[x->order[t]] = 1;
    for (uint64_t i = 0; i < n_iterations; i++) {
        status = base_poll_many(run, 1 + x->m->first[x->m->n] / 1000);
        if (status || run->is_late || x->lower >= upper
            || x->lambda < LEAST_LAMBDA)
            break;
        x->n_iterations++;
        if (step(x, &c, upper))
            drop_centres(x, upper);
    }
    return status;
}
