/*
 * score_density_strips.c - see score_density_strips.h.
 *
 * Two rounds of counting sort: into buckets (a strip's rows), few enough that
 * writing to all of them at once stays in the cache; then each bucket within
 * itself, where an insertion sort finds little left to do.  A bucket that
 * holds very many points of one place goes to qsort().
 */
#include "score_density_strips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_threads.h"

enum {
    MOST_BUCKETS = 2048,     /* beyond, scattering leaves the second cache */
    POINTS_A_BUCKET = 64,
    INSERTION_MOST = 32,     /* points in one slot of the second round */
    MOST_SLOTS = 8192,
    BUCKETS_A_ROUND = 64,
    BLOCK = 65536            /* points that a thread counts at once */
};

typedef struct spot {
    double p, v, w, r;
} spot;

typedef struct sorter {
    const score_strips_plan *plan;
    score_strips *out;
    size_t n_rows, n_buckets, n_blocks;
    double rows_a_unit;
    size_t *counts; /* n_blocks x n_buckets, then where each goes on */
    size_t *bucket_starts; /* n_buckets + 1 */
    spot *spots, *scratch; /* scratch: as long as the fullest, a thread */
    uint32_t *slots;       /* MOST_SLOTS + 1 a thread */
    size_t fullest;
} sorter;

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const spot *s = a, *t = b;
    int order = compare_reals(s->v, t->v);

    if (order == 0)
        order = compare_reals(s->p, t->p);
    if (order == 0)
        order = compare_reals(s->w, t->w);
    return order ? order : compare_reals(s->r, t->r);
}

static bool is_before(const spot *s, const spot *t)
{
    if (s->v < t->v || s->v > t->v)
        return s->v < t->v;
    return by_place(s, t) < 0;
}

/* The bucket of a point and the point in units; false: it is left out. */
static bool place(const sorter *s, size_t i, size_t *bucket, spot *out)
{
    const score_strips_plan *plan = s->plan;
    const double dx_m = plan->points[i].x_m - plan->x0_m;
    const double u = dx_m / plan->unit_m;
    const double r_m = plan->radii_m ? plan->radii_m[i] : 0;
    size_t strip, row;

    out->v = (plan->points[i].y_m - plan->y0_m) / plan->unit_m;
    if (!(u >= plan->min_u && u <= plan->max_u && out->v >= plan->min_v
          && out->v <= plan->max_v))
        return false;
    if (plan->radii_m
        && !(r_m >= plan->least_radius_m && r_m < plan->below_radius_m))
        return false;
    /* neither is below 0: first is the lowest u at most */
    strip = (size_t)((u - s->out->first) / plan->width);
    row = (size_t)((out->v - plan->min_v) * s->rows_a_unit);
    strip = strip < s->out->n_strips ? strip : s->out->n_strips - 1;
    row = row < s->n_rows ? row : s->n_rows - 1;
    *bucket = strip * s->n_rows + row;
    out->p = (dx_m - score_strips_middle(s->out, strip) * plan->unit_m)
             / plan->unit_m;
    out->w = (plan->weights ? plan->weights[i] : 1) * plan->weight_scale;
    out->r = r_m / plan->unit_m;
    return true;
}

static void block_range(const sorter *s, size_t block, size_t *from,
                        size_t *to)
{
    const size_t n = s->plan->n_points;

    *from = n / s->n_blocks * block + (block < n % s->n_blocks
                                           ? block : n % s->n_blocks);
    *to = *from + n / s->n_blocks + (block < n % s->n_blocks);
}

static gb_status count_block(base_run *worker, size_t thread, size_t block,
                             void *user)
{
    sorter *s = user;
    size_t *counts = s->counts + block * s->n_buckets;
    size_t from, to, bucket;
    spot at;

    (void)thread;
    block_range(s, block, &from, &to);
    for (size_t i = from; i < to; i++)
        if (place(s, i, &bucket, &at))
            counts[bucket]++;
    return base_poll_many(worker, to - from);
}

/* Where each block's part of each bucket begins. */
static void sum_counts(sorter *s)
{
    size_t sum = 0;

    s->fullest = 0;
    for (size_t b = 0; b < s->n_buckets; b++) {
        s->bucket_starts[b] = sum;
        for (size_t block = 0; block < s->n_blocks; block++) {
            size_t *count = &s->counts[block * s->n_buckets + b];
            const size_t here = *count;

            *count = sum;
            sum += here;
        }
        if (sum - s->bucket_starts[b] > s->fullest)
            s->fullest = sum - s->bucket_starts[b];
    }
    s->bucket_starts[s->n_buckets] = sum;
    s->out->n = sum;
    for (size_t t = 0; t <= s->out->n_strips; t++)
        s->out->starts[t] = s->bucket_starts[t * s->n_rows];
}

static gb_status scatter_block(base_run *worker, size_t thread, size_t block,
                               void *user)
{
    sorter *s = user;
    size_t *next = s->counts + block * s->n_buckets;
    size_t from, to, bucket;
    spot at;

    (void)thread;
    block_range(s, block, &from, &to);
    for (size_t i = from; i < to; i++)
        if (place(s, i, &bucket, &at))
            s->spots[next[bucket]++] = at;
    return base_poll_many(worker, to - from);
}

static void insertion_sort(spot *spots, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const spot moved = spots[i];
        size_t at = i;

        while (at > 0 && is_before(&moved, &spots[at - 1])) {
            spots[at] = spots[at - 1];
            at--;
        }
        spots[at] = moved;
    }
}

static void sort_slot(spot *spots, size_t n)
{
    if (n <= INSERTION_MOST)
        insertion_sort(spots, n);
    else
        qsort(spots, n, sizeof *spots, by_place);
}

/* Sort a bucket by way of slots of equal height into `to`. */
static void sort_bucket(const spot *from, size_t n, spot *to, uint32_t *slots)
{
    double low = from[0].v, high = from[0].v, scale;
    size_t n_slots = 1, start = 0;

    for (size_t i = 1; i < n; i++) {
        low = fmin(low, from[i].v);
        high = fmax(high, from[i].v);
    }
    while (n_slots < n && n_slots < MOST_SLOTS)
        n_slots *= 2;
    scale = high > low ? ((double)n_slots - 0.5) / (high - low) : 0;
    memset(slots, 0, (n_slots + 1) * sizeof *slots);
    for (size_t i = 0; i < n; i++)
        slots[(size_t)((from[i].v - low) * scale) + 1]++;
    for (size_t slot = 0; slot < n_slots; slot++)
        slots[slot + 1] += slots[slot];
    for (size_t i = 0; i < n; i++)
        to[slots[(size_t)((from[i].v - low) * scale)]++] = from[i];
    /* slots[s] now is the end of slot s */
    for (size_t slot = 0; slot < n_slots; slot++) {
        sort_slot(to + start, slots[slot] - start);
        start = slots[slot];
    }
}

static void unpack(const sorter *s, const spot *spots, size_t first, size_t n)
{
    score_strips *out = s->out;

    for (size_t i = 0; i < n; i++) {
        out->p[first + i] = spots[i].p;
        out->v[first + i] = spots[i].v;
        out->w[first + i] = spots[i].w;
        if (out->r)
            out->r[first + i] = spots[i].r;
    }
}

static gb_status sort_buckets(base_run *worker, size_t thread, size_t round,
                              void *user)
{
    sorter *s = user;
    spot *scratch = s->scratch + thread * s->fullest;
    uint32_t *slots = s->slots + thread * (MOST_SLOTS + 1);
    const size_t end = (round + 1) * BUCKETS_A_ROUND < s->n_buckets
                           ? (round + 1) * BUCKETS_A_ROUND : s->n_buckets;

    for (size_t b = round * BUCKETS_A_ROUND; b < end; b++) {
        const size_t from = s->bucket_starts[b];
        const size_t n = s->bucket_starts[b + 1] - from;
        gb_status status;

        if (n == 0)
            continue;
        sort_bucket(s->spots + from, n, scratch, slots);
        unpack(s, scratch, from, n);
        status = base_poll_many(worker, n);
        if (status)
            return status;
    }
    return GB_OK;
}

/* Strips and buckets of the box. */
static void lay_out(sorter *s)
{
    const score_strips_plan *plan = s->plan;
    score_strips *out = s->out;
    size_t wanted = plan->n_points / POINTS_A_BUCKET + 1;

    out->x0_m = plan->x0_m;
    out->y0_m = plan->y0_m;
    out->unit_m = plan->unit_m;
    out->width = plan->width;
    out->first = floor(plan->min_u / plan->width) * plan->width;
    out->n_strips
        = (size_t)((plan->max_u - out->first) / plan->width) + 1;
    if (wanted > MOST_BUCKETS)
        wanted = MOST_BUCKETS;
    s->n_rows = wanted / out->n_strips + 1;
    s->n_buckets = s->n_rows * out->n_strips;
    s->rows_a_unit = (double)s->n_rows
                     / fmax(plan->max_v - plan->min_v, 1e-300);
}

static gb_status count_all(base_run *run, sorter *s)
{
    const size_t n_blocks = s->plan->n_points / BLOCK + 1;
    gb_status status;

    s->n_blocks = base_parallel_threads(run, n_blocks);
    s->counts = base_alloc_zeroed(run->mem, s->n_blocks * s->n_buckets,
                                  sizeof *s->counts);
    s->bucket_starts = base_alloc_array(run->mem, s->n_buckets + 1,
                                        sizeof *s->bucket_starts);
    s->out->starts = base_alloc_array(run->mem, s->out->n_strips + 1,
                                      sizeof *s->out->starts);
    if (!s->counts || !s->bucket_starts || !s->out->starts)
        return base_fail_nomem(run->ctx);
    status = base_parallel(run, s->n_blocks, count_block, s);
    if (!status)
        sum_counts(s);
    return status;
}

static gb_status take_memory(base_run *run, sorter *s, size_t n_rounds)
{
    const size_t n_threads = base_parallel_threads(run, n_rounds);
    score_strips *out = s->out;

    s->spots = base_alloc_array(run->mem, out->n, sizeof *s->spots);
    s->scratch = base_alloc_array(run->mem, s->fullest * n_threads,
                                  sizeof *s->scratch);
    s->slots = base_alloc_array(run->mem, n_threads * (MOST_SLOTS + 1),
                                sizeof *s->slots);
    out->p = base_alloc_array(run->mem, out->n, sizeof *out->p);
    out->v = base_alloc_array(run->mem, out->n, sizeof *out->v);
    out->w = base_alloc_array(run->mem, out->n, sizeof *out->w);
    if (s->plan->radii_m)
        out->r = base_alloc_array(run->mem, out->n, sizeof *out->r);
    return s->spots && s->scratch && s->slots && out->p && out->v && out->w
                   && (out->r || !s->plan->radii_m)
               ? GB_OK : base_fail_nomem(run->ctx);
}

gb_status score_strips_build(base_run *run, const score_strips_plan *plan,
                             score_strips *out)
{
    sorter s = { .plan = plan, .out = out };
    size_t n_rounds;
    gb_status status;

    memset(out, 0, sizeof *out);
    lay_out(&s);
    n_rounds = (s.n_buckets + BUCKETS_A_ROUND - 1) / BUCKETS_A_ROUND;
    status = count_all(run, &s);
    if (!status)
        status = take_memory(run, &s, n_rounds);
    if (!status)
        status = base_parallel(run, s.n_blocks, scatter_block, &s);
    if (!status)
        status = base_parallel(run, n_rounds, sort_buckets, &s);
    base_free(run->mem, s.counts);
    base_free(run->mem, s.bucket_starts);
    base_free(run->mem, s.spots);
    base_free(run->mem, s.scratch);
    base_free(run->mem, s.slots);
    if (status)
        score_strips_clear(run->mem, out);
    return status;
}

void score_strips_clear(base_mem *mem, score_strips *strips)
{
    base_free(mem, strips->starts);
    base_free(mem, strips->p);
    base_free(mem, strips->v);
    base_free(mem, strips->w);
    base_free(mem, strips->r);
    memset(strips, 0, sizeof *strips);
}

/* The first point of [low, high) at or above a v. */
static size_t lower_bound(const double *v, size_t low, size_t high,
                          double least)
{
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (v[middle] < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void score_strips_band(const score_strips *s, size_t strip, double low,
                       double high, size_t *from, size_t *to)
{
    *from = lower_bound(s->v, s->starts[strip], s->starts[strip + 1], low);
    *to = lower_bound(s->v, *from, s->starts[strip + 1],
                      nextafter(high, INFINITY));
}
