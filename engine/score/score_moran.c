/*
 * score_moran.c - Moran's I of all areas; see score_spots.h.
 */
#include "score_spots.h"

#include <math.h>
#include <stdlib.h>

/* Sums over all weights that the variance is made of. */
typedef struct sums {
    double cross; /* weight times both values */
    double s0, s1, s2;
} sums;

typedef struct moran_work {
    const score_values *v;
    const gb_neighbours *near;
    bool is_binary;
    double *row;    /* of each area: the sum of its weights ... */
    double *column; /* ... and of the weights that others give it */
} moran_work;

/* 0 where one of the two is unknown. */
static double weight_of(const moran_work *w, size_t area, uint32_t k)
{
    if (!w->v->is_known[area] || !w->v->is_known[w->near->areas[k]])
        return 0;
    return w->near->weights ? w->near->weights[k] : 1;
}

static double share_of(const moran_work *w, size_t area, uint32_t k)
{
    const double weight = weight_of(w, area, k);

    return w->is_binary || w->row[area] <= 0 ? weight : weight / w->row[area];
}

/* The weight that `other` gives `area`; rows are short. */
static double weight_back(const moran_work *w, size_t area, uint32_t other)
{
    for (uint32_t k = w->near->first[other]; k < w->near->first[other + 1];
         k++)
        if (w->near->areas[k] == area)
            return share_of(w, other, k);
    return 0;
}

static gb_status add_rows(base_run *run, moran_work *w, sums *out)
{
    const gb_neighbours *near = w->near;

    for (size_t i = 0; i < near->n_areas; i++)
        for (uint32_t k = near->first[i]; k < near->first[i + 1]; k++)
            w->row[i] += weight_of(w, i, k);
    for (size_t i = 0; i < near->n_areas; i++) {
        const gb_status status = base_poll(run);

        if (status)
            return status;
        for (uint32_t k = near->first[i]; k < near->first[i + 1]; k++) {
            const uint32_t j = near->areas[k];
            const double share = share_of(w, i, k);

            out->cross += share * w->v->off[i] * w->v->off[j];
            out->s0 += share;
            /* Half of (there + back) squared, over both directions. */
            out->s1 += share * (share + weight_back(w, i, j));
            w->column[j] += share;
        }
    }
    return GB_OK;
}

static void add_columns(const moran_work *w, sums *out)
{
    for (size_t i = 0; i < w->near->n_areas; i++) {
        const double row = w->is_binary || w->row[i] <= 0 ? w->row[i] : 1;
        const double both = row + w->column[i];

        out->s2 += both * both;
    }
}

static void conclude(const score_values *v, const sums *s, gb_moran *out)
{
    const double n = (double)v->n_known, s02 = s->s0 * s->s0;
    const double kurtosis = v->m2 > 0 ? v->m4 / (v->m2 * v->m2) : 0;

    out->n_known = v->n_known;
    out->i = v->m2 > 0 ? s->cross / s->s0 / v->m2 : 0;
    out->expected = -1 / (n - 1);
    out->variance
        = (n * (s->s1 * (n * n - 3 * n + 3) - n * s->s2 + 3 * s02)
           - kurtosis * (s->s1 * (n * n - n) - 2 * n * s->s2 + 6 * s02))
            / ((n - 1) * (n - 2) * (n - 3) * s02)
        - out->expected * out->expected;
    out->z = v->m2 > 0 && out->variance > 0
        ? (out->i - out->expected) / sqrt(out->variance) : 0;
    out->p = score_two_sided(out->z);
}

gb_status score_moran(base_run *run, const score_values *values,
                      const gb_neighbours *near, bool is_binary,
                      gb_moran *out)
{
    base_mem *mem = run->mem;
    moran_work w = { values, near, is_binary, NULL, NULL };
    sums s = { 0, 0, 0, 0 };
    gb_status status;

    w.row = base_alloc_zeroed(mem, near->n_areas, sizeof *w.row);
    w.column = base_alloc_zeroed(mem, near->n_areas, sizeof *w.column);
    status = w.row && w.column ? add_rows(run, &w, &s)
                               : base_fail_nomem(run->ctx);
    if (!status && s.s0 <= 0)
        status = base_fail(run->ctx, GB_ERR_ARGUMENT,
                           "no two areas of known value are neighbours");
    if (!status) {
        add_columns(&w, &s);
        conclude(values, &s, out);
    }
    base_free(mem, w.row);
    base_free(mem, w.column);
    return status;
}
