/*
 * score_spots.c - see score_spots.h.
 */
#include "score_spots.h"

#include <math.h>

#include "score_order.h"

/* What an area's known neighbours come to. */
typedef struct company {
    double off;      /* sum of weight times value */
    double weight;   /* sum of weights */
    double weight_2; /* sum of their squares */
} company;

/* --- values --- */

/* Neumaier's sum. */
static double mean_of(const double *values, const bool *is_known, size_t n,
                      size_t n_known)
{
    double sum = 0, rest = 0;

    for (size_t i = 0; i < n; i++) {
        const double x = is_known[i] ? values[i] : 0, next = sum + x;

        rest += fabs(sum) >= fabs(x) ? sum - next + x : x - next + sum;
        sum = next;
    }
    return (sum + rest) / (double)n_known;
}

static int exponent_of(const double *values, const bool *is_known, size_t n)
{
    double most = 0;
    int exponent = 0;

    for (size_t i = 0; i < n; i++)
        if (is_known[i] && fabs(values[i]) > most)
            most = fabs(values[i]);
    (void)frexp(most, &exponent);
    return exponent;
}

gb_status score_values_take(gb_context *ctx, const double *values, size_t n,
                            score_values *out)
{
    double mean, most = 0;
    int exponent;

    *out = (score_values){ .n = n };
    out->off = base_alloc_array(ctx->mem, n, sizeof *out->off);
    out->is_known = base_alloc_array(ctx->mem, n, sizeof *out->is_known);
    if (!out->off || !out->is_known) {
        score_values_clear(ctx, out);
        return base_fail_nomem(ctx);
    }
    for (size_t i = 0; i < n; i++) {
        out->is_known[i] = !isnan(values[i]);
        out->n_known += out->is_known[i];
    }
    if (out->n_known == 0)
        return GB_OK;
    exponent = exponent_of(values, out->is_known, n);
    for (size_t i = 0; i < n; i++)
        out->off[i] = out->is_known[i] ? ldexp(values[i], -exponent) : 0;
    /* Twice: far from 0 the mean itself is rounded. */
    for (int round = 0; round < 2; round++) {
        mean = mean_of(out->off, out->is_known, n, out->n_known);
        for (size_t i = 0; i < n; i++)
            out->off[i] = out->is_known[i] ? out->off[i] - mean : 0;
    }
    for (size_t i = 0; i < n; i++)
        most = fabs(out->off[i]) > most ? fabs(out->off[i]) : most;
    /* What is left of equal values is rounding. */
    for (size_t i = 0; i < n; i++) {
        const double d = most > 4e-15 ? out->off[i] : 0;

        out->off[i] = d;
        out->m2 += d * d / (double)out->n_known;
        out->m4 += d * d * d * d / (double)out->n_known;
    }
    return GB_OK;
}

void score_values_clear(gb_context *ctx, score_values *values)
{
    base_free(ctx->mem, values->off);
    base_free(ctx->mem, values->is_known);
    *values = (score_values){ 0 };
}

/* --- one area --- */

static company company_of(const score_values *v, const gb_neighbours *near,
                          size_t area)
{
    company sum = { 0, 0, 0 };

    for (uint32_t k = near->first[area]; k < near->first[area + 1]; k++) {
        const uint32_t other = near->areas[k];
        const double w = near->weights ? near->weights[k] : 1;

        if (!v->is_known[other])
            continue;
        sum.off += w * v->off[other];
        sum.weight += w;
        sum.weight_2 += w * w;
    }
    return sum;
}

static double over(double a, double variance)
{
    return variance > 0 ? a / sqrt(variance) : 0;
}

/* The area itself weighs 1, as a neighbour does where there are no weights. */
static double gi_star(const score_values *v, company c, double own)
{
    const double n = (double)v->n_known;

    c.off += own;
    c.weight += 1;
    c.weight_2 += 1;
    return over(c.off, v->m2 * (n * c.weight_2 - c.weight * c.weight)
                           / (n - 1));
}

static double gi(const score_values *v, company c, double own)
{
    const double n = (double)v->n_known, others = n - 1;
    const double mean = -own / others;
    const double m2 = (v->m2 * n - own * own) / others - mean * mean;

    return over(c.off - c.weight * mean,
                m2 * (others * c.weight_2 - c.weight * c.weight) / (n - 2));
}

static void moran(const score_values *v, company c, double own, gb_spot *out)
{
    const double n = (double)v->n_known, a = own / v->m2;

    out->stat = out->z = 0;
    if (v->m2 <= 0)
        return;
    out->stat = a * c.off;
    out->z = over(out->stat + own * a * c.weight / (n - 1),
                  a * a * (n / (n - 2))
                      * (c.weight_2 - c.weight * c.weight / (n - 1))
                      * (v->m2 - own * own / (n - 1)));
}

static company in_shares(company c)
{
    if (c.weight > 0) {
        c.off /= c.weight;
        c.weight_2 /= c.weight * c.weight;
        c.weight = 1;
    }
    return c;
}

static void take_one(const score_values *v, const gb_neighbours *near,
                     const gb_spots_options *options, size_t area,
                     gb_spot *out)
{
    company c;

    *out = (gb_spot){ NAN, NAN, NAN, NAN, GB_SPOT_UNKNOWN, 0 };
    if (!v->is_known[area])
        return;
    c = company_of(v, near, area);
    if (options->stat == GB_SPOT_MORAN)
        moran(v, options->is_binary ? c : in_shares(c), v->off[area], out);
    else
        out->stat = out->z = options->stat == GB_SPOT_GI
            ? gi(v, c, v->off[area]) : gi_star(v, c, v->off[area]);
    out->p = score_two_sided(out->z);
}

/* --- all areas --- */

gb_status score_false_discovery(gb_context *ctx, const double *p, size_t n,
                                double *p_fdr)
{
    uint64_t *keys = base_alloc_array(ctx->mem, n, sizeof *keys);
    uint32_t *order = base_alloc_array(ctx->mem, n, sizeof *order);
    gb_status status = keys && order ? GB_OK : base_fail_nomem(ctx);
    double least = 1;
    size_t n_tests = 0;

    for (size_t i = 0; !status && i < n; i++) {
        keys[i] = score_order_key(p[i]);
        n_tests += !isnan(p[i]);
    }
    if (!status)
        status = score_order(ctx, keys, n, order);
    for (size_t i = n; !status && i > 0; i--) {
        const uint32_t item = order[i - 1];

        if (i > n_tests) { /* NaN stands last */
            p_fdr[item] = NAN;
            continue;
        }
        least = fmin(least, p[item] * (double)n_tests / (double)i);
        p_fdr[item] = fmax(least, p[item]); /* but for rounding */
    }
    base_free(ctx->mem, keys);
    base_free(ctx->mem, order);
    return status;
}

static int32_t class_of(const gb_spot *spot, bool is_high, int32_t stat)
{
    if (stat != GB_SPOT_MORAN)
        return spot->z > 0 ? GB_SPOT_HOT : GB_SPOT_COLD;
    if (spot->stat > 0)
        return is_high ? GB_SPOT_HIGH_HIGH : GB_SPOT_LOW_LOW;
    return is_high ? GB_SPOT_HIGH_LOW : GB_SPOT_LOW_HIGH;
}

static gb_status classify(gb_context *ctx, const score_values *v,
                          const gb_spots_options *options, gb_spot *out)
{
    double *p = base_alloc_array(ctx->mem, v->n, sizeof *p);
    gb_status status = p ? GB_OK : base_fail_nomem(ctx);

    for (size_t i = 0; !status && i < v->n; i++)
        p[i] = out[i].p;
    if (!status)
        status = score_false_discovery(ctx, p, v->n, p);
    for (size_t i = 0; !status && i < v->n; i++) {
        if (!v->is_known[i])
            continue;
        out[i].p_fdr = p[i];
        out[i].spot_class = (options->is_fdr ? p[i] : out[i].p)
                > options->level
            ? GB_SPOT_NONE
            : class_of(&out[i], v->off[i] > 0, options->stat);
    }
    base_free(ctx->mem, p);
    return status;
}

gb_status score_spots(base_run *run, const score_values *values,
                      const gb_neighbours *near,
                      const gb_spots_options *options, gb_spot *out)
{
    for (size_t i = 0; i < values->n; i++) {
        const gb_status status = base_poll(run);

        if (status)
            return status;
        take_one(values, near, options, i, &out[i]);
    }
    return classify(run->ctx, values, options, out);
}
