/*
 * grid_reason_parts.c - islands of a few areas that cannot be divided: all
 * sets of areas are asked whether they could be a territory, then whether such
 * sets make up the island.  See grid_reason_rules.h.
 */
#include <math.h>
#include <string.h>

#include "grid_reason_rules.h"

enum { MOST_PARTS = 13 };

typedef struct island {
    const grid_problem *p;
    uint32_t areas[MOST_PARTS];
    uint32_t touches[MOST_PARTS]; /* bits */
    size_t n;
    double *need; /* 2^n: tolerance for the set to be a territory */
    double *best; /* 2^n: to be divided into territories */
} island;

static bool is_joined(const island *x, uint32_t set)
{
    uint32_t met = set & (~set + 1), last = 0;

    while (met != last) {
        last = met;
        for (size_t i = 0; i < x->n; i++)
            if (met >> i & 1)
                met |= x->touches[i] & set;
    }
    return met == set;
}

/* The tolerance that t asks for with that load, beyond what is allowed. */
static double need_of(const grid_problem *p, size_t t, const int64_t *load)
{
    double need = 0;

    for (size_t m = 0; m < p->n_measures; m++) {
        const size_t i = t * p->n_measures + m;
        const double target = p->share[t] * (double)p->total[m];

        if (load[m] > p->high[i] || load[m] < p->low[i])
            need = fmax(need, fabs((double)load[m] / target - 1));
    }
    return need;
}

static void weigh_sets(island *x, int64_t *load)
{
    const grid_problem *p = x->p;

    for (uint32_t set = 1; set < 1u << x->n; set++) {
        x->need[set] = (double)INFINITY;
        if (!is_joined(x, set))
            continue;
        memset(load, 0, p->n_measures * sizeof *load);
        for (size_t i = 0; i < x->n; i++)
            for (size_t m = 0; set >> i & 1 && m < p->n_measures; m++)
                load[m] += grid_load(p, x->areas[i], m);
        for (size_t t = 0; t < p->k; t++)
            x->need[set] = fmin(x->need[set], need_of(p, t, load));
    }
}

/* Of each set: the part with its first area, and the rest. */
static void divide_sets(island *x)
{
    x->best[0] = 0;
    for (uint32_t set = 1; set < 1u << x->n; set++) {
        const uint32_t first = set & (~set + 1), rest = set ^ first;

        x->best[set] = x->need[set];
        for (uint32_t other = rest; other > 0; other = (other - 1) & rest)
            x->best[set] = fmin(x->best[set],
                                fmax(x->need[set ^ other], x->best[other]));
    }
}

static void gather(island *x, uint32_t component)
{
    const grid_problem *p = x->p;

    x->n = 0;
    for (uint32_t a = 0; a < p->n; a++)
        if (p->component[a] == component)
            x->areas[x->n++] = a;
    for (size_t i = 0; i < x->n; i++) {
        const uint32_t a = x->areas[i];

        x->touches[i] = 0;
        for (size_t j = p->first[a]; j < p->first[a] + p->n_open[a]; j++)
            for (size_t b = 0; b < x->n; b++)
                x->touches[i]
                    |= (uint32_t)(x->areas[b] == p->neighbours[j]) << b;
    }
}

static gb_status judge(grid_reasoning *r, island *x, int64_t *load)
{
    gb_territory_finding f = grid_blank_finding(GB_FINDING_NO_PARTS);
    const uint32_t all = (1u << x->n) - 1;

    weigh_sets(x, load);
    divide_sets(x);
    if (x->best[all] <= 0)
        return GB_OK;
    f.area = x->areas[0];
    f.count = (uint32_t)x->n;
    if (x->best[all] < (double)INFINITY)
        f.mend = grid_mend_tolerance(1 + x->best[all], 1);
    return grid_reason_add(r, f);
}

/* Components by their size; n_components of them. */
static gb_status judge_islands(grid_reasoning *r, island *x, int64_t *load,
                               const uint32_t *size)
{
    gb_status status = GB_OK;

    for (uint32_t c = 0; c < r->p->n_components && !status; c++) {
        status = base_poll_many(r->run, r->p->n);
        if (status || size[c] > MOST_PARTS)
            continue;
        gather(x, c);
        status = judge(r, x, load);
    }
    return status;
}

gb_status grid_reason_parts(grid_reasoning *r)
{
    base_mem *mem = r->run->mem;
    const grid_problem *p = r->p;
    island x = { .p = p };
    int64_t *load;
    uint32_t *size;
    gb_status status;

    if (p->n_components < 2 || p->n_components > p->k)
        return GB_OK;
    x.need = base_alloc_array(mem, 1u << MOST_PARTS, sizeof *x.need);
    x.best = base_alloc_array(mem, 1u << MOST_PARTS, sizeof *x.best);
    load = base_alloc_array(mem, p->n_measures, sizeof *load);
    size = base_alloc_zeroed(mem, p->n_components, sizeof *size);
    if (!x.need || !x.best || !load || !size) {
        status = base_fail_nomem(r->run->ctx);
    } else {
        for (size_t a = 0; a < p->n; a++)
            size[p->component[a]]++;
        status = judge_islands(r, &x, load, size);
    }
    base_free(mem, x.need);
    base_free(mem, x.best);
    base_free(mem, load);
    base_free(mem, size);
    return status;
}
