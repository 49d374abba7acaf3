/*
 * grid_median.c - the plan of grid_median.h, and what its changes cost.
 */
#include "grid_median.h"

#include <string.h>

#include "base_check.h"

#define NONE UINT32_MAX

bool grid_median_init(grid_median *s, base_mem *mem,
                      const grid_median_problem *p)
{
    memset(s, 0, sizeof *s);
    s->p = p;
    s->mem = mem;
    s->price_factor = 1;
    s->owner = base_alloc_zeroed(mem, p->n, sizeof *s->owner);
    s->place = base_alloc_array(mem, p->n, sizeof *s->place);
    s->members = base_alloc_array(mem, p->k, p->n * sizeof *s->members);
    s->sum = base_alloc_array(mem, p->k, p->n * sizeof *s->sum);
    s->load = base_alloc_array(mem, p->k, p->n_measures * sizeof *s->load);
    s->clusters = base_alloc_zeroed(mem, p->k, sizeof *s->clusters);
    s->seen = base_alloc_zeroed(mem, p->n, sizeof *s->seen);
    s->queue = base_alloc_array(mem, p->n, sizeof *s->queue);
    return s->owner && s->place && s->members && s->sum && s->load
        && s->clusters && s->seen && s->queue;
}

void grid_median_clear(grid_median *s)
{
    base_free(s->mem, s->owner);
    base_free(s->mem, s->place);
    base_free(s->mem, s->members);
    base_free(s->mem, s->sum);
    base_free(s->mem, s->load);
    base_free(s->mem, s->clusters);
    base_free(s->mem, s->seen);
    base_free(s->mem, s->queue);
    memset(s, 0, sizeof *s);
}

/* --- members ------------------------------------------------------------- */

static void enter(grid_median *s, uint32_t area, uint32_t c)
{
    const grid_median_problem *p = s->p;
    const int64_t *far = p->far + (size_t)area * p->n;
    int64_t *sum = s->sum + (size_t)c * p->n;

    s->owner[area] = c;
    s->place[area] = (uint32_t)s->clusters[c].n;
    s->members[(size_t)c * p->n + s->clusters[c].n++] = area;
    for (size_t i = 0; i < p->n; i++)
        sum[i] += far[i];
    for (size_t m = 0; m < p->n_measures; m++)
        s->load[c * p->n_measures + m] += p->load[area * p->n_measures + m];
    s->linear += grid_median_linear(p, area, c);
}

static void leave(grid_median *s, uint32_t area)
{
    const grid_median_problem *p = s->p;
    const uint32_t c = s->owner[area], at = s->place[area];
    const int64_t *far = p->far + (size_t)area * p->n;
    uint32_t *members = s->members + (size_t)c * p->n;
    int64_t *sum = s->sum + (size_t)c * p->n;

    members[at] = members[--s->clusters[c].n];
    s->place[members[at]] = at;
    for (size_t i = 0; i < p->n; i++)
        sum[i] -= far[i];
    for (size_t m = 0; m < p->n_measures; m++)
        s->load[c * p->n_measures + m] -= p->load[area * p->n_measures + m];
    s->linear -= grid_median_linear(p, area, c);
}

void grid_median_move(grid_median *s, uint32_t area, uint32_t to)
{
    leave(s, area);
    enter(s, area, to);
}

void grid_median_refit(grid_median *s, uint32_t c)
{
    const grid_median_fit fit = grid_median_weigh(s, c, NONE, NONE);

    s->clusters[c].median = fit.median;
    s->clusters[c].cost = fit.cost;
    s->clusters[c].beyond = fit.beyond;
}

void grid_median_total(grid_median *s)
{
    s->cost = s->beyond = 0;
    for (size_t c = 0; c < s->p->k; c++) {
        s->cost += s->clusters[c].cost;
        s->beyond += s->clusters[c].beyond;
    }
}

void grid_median_set(grid_median *s, const uint32_t *owner)
{
    const grid_median_problem *p = s->p;

    memset(s->sum, 0, p->k * p->n * sizeof *s->sum);
    memset(s->load, 0, p->k * p->n_measures * sizeof *s->load);
    memset(s->clusters, 0, p->k * sizeof *s->clusters);
    s->linear = 0;
    for (size_t a = 0; a < p->n; a++)
        enter(s, (uint32_t)a, owner[a]);
    for (size_t c = 0; c < p->k; c++)
        grid_median_refit(s, (uint32_t)c);
    grid_median_total(s);
}

/* --- prices -------------------------------------------------------------- */

static int64_t load_after(const grid_median *s, uint32_t c, uint32_t out,
                          uint32_t in, size_t m)
{
    const size_t n = s->p->n_measures;

    return s->load[c * n + m] - (out == NONE ? 0 : s->p->load[out * n + m])
        + (in == NONE ? 0 : s->p->load[in * n + m]);
}

int64_t grid_median_beyond(const grid_median *s, uint32_t c, uint32_t out,
                           uint32_t in)
{
    const grid_median_problem *p = s->p;
    int64_t beyond = 0;

    for (size_t m = 0; m < p->n_measures; m++) {
        const int64_t load = load_after(s, c, out, in, m);
        const int64_t low = p->low[c * p->n_measures + m];
        const int64_t high = p->high[c * p->n_measures + m];

        if (load > high)
            beyond += (load - high) * p->over[m];
        else if (load < low)
            beyond += (low - load) * p->over[m];
    }
    return beyond * s->price_factor;
}

/* One loop for all cases: what does not apply is folded away. */
static inline grid_median_fit best_median(const grid_median *s, uint32_t c,
                                          bool is_out, uint32_t out,
                                          bool is_in, uint32_t in)
{
    const size_t n = s->p->n;
    const int64_t *sum = s->sum + (size_t)c * n;
    const int64_t *less = s->p->far + (is_out ? (size_t)out * n : 0);
    const int64_t *more = s->p->far + (is_in ? (size_t)in * n : 0);
    const uint32_t *members = s->members + (size_t)c * n;
    grid_median_fit fit = { INT64_MAX, 0, NONE };

    if (is_in) {
        fit.median = in;
        fit.cost = sum[in] + more[in] - (is_out ? less[in] : 0);
    }
    for (size_t x = 0; x < s->clusters[c].n; x++) {
        const uint32_t i = members[x];
        const int64_t cost
            = sum[i] - (is_out ? less[i] : 0) + (is_in ? more[i] : 0);

        if (cost < fit.cost && (!is_out || i != out)) {
            fit.cost = cost;
            fit.median = i;
        }
    }
    return fit;
}

/* Where medians hold unlike loads. */
static grid_median_fit best_with_room(const grid_median *s, uint32_t c,
                                      uint32_t out, uint32_t in)
{
    const grid_median_problem *p = s->p;
    const int64_t *sum = s->sum + (size_t)c * p->n;
    const uint32_t *members = s->members + (size_t)c * p->n;
    const int64_t load = load_after(s, c, out, in, 0);
    const size_t n_members = s->clusters[c].n;
    grid_median_fit fit = { INT64_MAX, 0, NONE };

    for (size_t x = 0; x < n_members + (in != NONE); x++) {
        const uint32_t i = x < n_members ? members[x] : in;
        const int64_t cost = sum[i]
            - (out == NONE ? 0 : p->far[(size_t)out * p->n + i])
            + (in == NONE ? 0 : p->far[(size_t)in * p->n + i]);
        const int64_t beyond = load > p->room[i]
            ? (load - p->room[i]) * p->over[0] * s->price_factor : 0;

        if (i != out && (fit.median == NONE
                         || cost + beyond < fit.cost + fit.beyond))
            fit = (grid_median_fit){ cost, beyond, i };
    }
    return fit;
}

grid_median_fit grid_median_weigh(const grid_median *s, uint32_t c,
                                  uint32_t out, uint32_t in)
{
    grid_median_fit fit;

    if (s->p->room)
        fit = best_with_room(s, c, out, in);
    else if (out == NONE)
        fit = in == NONE ? best_median(s, c, false, 0, false, 0)
                         : best_median(s, c, false, 0, true, in);
    else
        fit = in == NONE ? best_median(s, c, true, out, false, 0)
                         : best_median(s, c, true, out, true, in);
    fit.beyond += grid_median_beyond(s, c, out, in);
    return fit;
}

/* --- connection ---------------------------------------------------------- */

bool grid_median_holds(grid_median *s, uint32_t c, uint32_t out, uint32_t in)
{
    const grid_median_problem *p = s->p;
    const uint32_t *members = s->members + (size_t)c * p->n;
    const size_t n = s->clusters[c].n - (out != NONE) + (in != NONE);
    size_t n_seen = 0;

    if (n == 0 || !p->is_connected)
        return n > 0;
    if (++s->stamp == 0) { /* it has come round */
        memset(s->seen, 0, p->n * sizeof *s->seen);
        s->stamp = 1;
    }
    s->queue[n_seen++] = in != NONE ? in : members[members[0] == out];
    s->seen[s->queue[0]] = s->stamp;
    for (size_t x = 0; x < n_seen; x++)
        for (uint32_t i = p->first[s->queue[x]];
             i < p->first[s->queue[x] + 1]; i++) {
            const uint32_t b = p->near[i];

            if (s->seen[b] == s->stamp || b == out
                || (s->owner[b] != c && b != in))
                continue;
            s->seen[b] = s->stamp;
            s->queue[n_seen++] = b;
        }
    return n_seen == n;
}
