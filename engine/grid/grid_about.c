/*
 * grid_about.c - see grid_about.h.
 */
#include "grid_about.h"

#include <math.h>
#include <string.h>

bool grid_about_init(grid_about *x, base_mem *mem, const double *far,
                     size_t n, size_t k)
{
    memset(x, 0, sizeof *x);
    x->n = n;
    x->k = k;
    x->far = far;
    x->sum = base_alloc_array(mem, k * n, sizeof *x->sum);
    x->least = base_alloc_array(mem, k, sizeof *x->least);
    x->members = base_alloc_array(mem, k * n, sizeof *x->members);
    x->place = base_alloc_array(mem, n, sizeof *x->place);
    x->count = base_alloc_array(mem, k, sizeof *x->count);
    return x->sum && x->least && x->members && x->place && x->count;
}

void grid_about_clear(grid_about *x, base_mem *mem)
{
    base_free(mem, x->sum);
    base_free(mem, x->least);
    base_free(mem, x->members);
    base_free(mem, x->place);
    base_free(mem, x->count);
    memset(x, 0, sizeof *x);
}

static double least_of(const grid_about *x, uint32_t t)
{
    const uint32_t *members = x->members + t * x->n;
    double least = INFINITY;

    for (uint32_t i = 0; i < x->count[t]; i++)
        least = fmin(least, x->sum[t * x->n + members[i]]);
    return x->count[t] > 0 ? least : 0;
}

static void join(grid_about *x, uint32_t area, uint32_t t)
{
    const double *far = x->far + area * x->n;
    double *sum = x->sum + t * x->n;

    for (size_t c = 0; c < x->n; c++)
        sum[c] += far[c];
    x->place[area] = x->count[t];
    x->members[t * x->n + x->count[t]++] = area;
}

static void leave(grid_about *x, uint32_t area, uint32_t t)
{
    const double *far = x->far + area * x->n;
    double *sum = x->sum + t * x->n;
    uint32_t *members = x->members + t * x->n;
    const uint32_t last = members[--x->count[t]];

    for (size_t c = 0; c < x->n; c++)
        sum[c] -= far[c];
    members[x->place[area]] = last;
    x->place[last] = x->place[area];
}

double grid_about_set(grid_about *x, const uint32_t *owner)
{
    memset(x->sum, 0, x->k * x->n * sizeof *x->sum);
    memset(x->count, 0, x->k * sizeof *x->count);
    for (size_t a = 0; a < x->n; a++)
        join(x, (uint32_t)a, owner[a]);
    for (uint32_t t = 0; t < x->k; t++)
        x->least[t] = least_of(x, t);
    return grid_about_total(x);
}

/* The least of t with the area (sign 1) or without it (-1). */
static double least_with(const grid_about *x, uint32_t area, uint32_t t,
                         double sign)
{
    const uint32_t *members = x->members + t * x->n;
    const double *sum = x->sum + t * x->n, *far = x->far + area * x->n;
    double least = sign > 0 ? sum[area] : (double)INFINITY;

    for (uint32_t i = 0; i < x->count[t]; i++) {
        const uint32_t c = members[i];
        const double about = sum[c] + sign * far[c];

        if (about < least && c != area)
            least = about;
    }
    return least < (double)INFINITY ? least : 0;
}

double grid_about_price(const grid_about *x, uint32_t area, uint32_t from,
                        uint32_t to)
{
    return least_with(x, area, from, -1) - x->least[from]
        + least_with(x, area, to, 1) - x->least[to];
}

void grid_about_move(grid_about *x, uint32_t area, uint32_t from, uint32_t to)
{
    leave(x, area, from);
    join(x, area, to);
    x->least[from] = least_of(x, from);
    x->least[to] = least_of(x, to);
}

double grid_about_total(const grid_about *x)
{
    double total = 0;

    for (size_t t = 0; t < x->k; t++)
        total += x->least[t];
    return total;
}
