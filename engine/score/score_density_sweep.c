/*
 * score_density_sweep.c - see score_density_sweep.h.
 *
 * The chords of a few hundred points are found first, in loops that the
 * compiler makes into vector code; then their moments are added.  A few rows
 * are swept together, so that points are read once for all of them.
 *
 * Where the processor has AVX2 the same operations are done four at a time
 * instead of two: nearly all of the time goes here, and half of it is loads
 * and stores of moments.  No operation is fused with another, so that the
 * bytes are the same on any machine.
 */
#include "score_density_sweep.h"

#include <math.h>
#include <string.h>

enum {
    CHUNK = 256,      /* points: their arrays fit the first cache */
    EPANECHNIKOV_PAIRS = 2
};

/* Two moments that are added at once; gcc and clang know this everywhere. */
typedef double pair __attribute__((vector_size(16)));

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_WIDE 1
typedef double quad __attribute__((vector_size(32), aligned(16), may_alias));
#define WIDE __attribute__((target("avx2")))
#else
#define HAS_WIDE 0
#endif
/* Made into the one or the other way with what calls it. */
#define EITHER static inline __attribute__((always_inline))

static const double RADII_A_STRIP = 5;

/* The part of a strip's reach that lies on the raster. */
typedef struct window {
    double base;   /* its first cell */
    double middle; /* of the strip */
    size_t n;      /* cells */
} window;

typedef struct chords {
    int32_t entry[CHUNK], exit[CHUNK]; /* cells of the window */
    double q[CHUNK];                   /* h - p2 */
} chords;

double score_sweep_width(double radius)
{
    return 2 * ceil(RADII_A_STRIP * radius / 2 + 1);
}

static window window_of(const score_sweep *s, size_t strip)
{
    const score_strips *strips = s->strips;
    const double reach = ceil(s->radius) + 1;
    const double first = strips->first + strips->width * (double)strip;
    const double low = fmax(first - reach, 0);
    const double high
        = fmin(first + strips->width + reach, (double)s->n_x);
    window w = { low, score_strips_middle(strips, strip), 0 };

    if (high > low)
        w.n = (size_t)(high - low);
    return w;
}

/* Cells of the widest window, and the end of all chords. */
static size_t most_cells(const score_sweep *s)
{
    const double most
        = s->strips->width + 2 * (ceil(s->radius) + 1);

    return (size_t)fmin(most, (double)s->n_x) + 1;
}

size_t score_sweep_scratch(const score_sweep *s)
{
    return most_cells(s) * SCORE_SWEEP_ROWS * SCORE_SWEEP_PAIRS
           * sizeof(pair);
}

/* The chord of each point in the row at v = row. */
EITHER void find_chords(const double *restrict p, const double *restrict v,
                        size_t n, double row, double r2, double offset,
                        double last, chords *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const double dv = v[i] - row;
        const double h = r2 - dv * dv;
        const double half = sqrt(h > 0 ? h : 0);
        double low = p[i] + offset - half, high = p[i] + offset + half;

        low = low > -1 ? low : -1;
        low = low < last ? low : last;
        high = high > -1 ? high : -1;
        high = high < last ? high : last;
        /* the cell after; at an end itself the kernel is zero anyhow */
        out->entry[i] = (int32_t)(low + 1);
        out->exit[i] = (int32_t)(high + 1);
        out->q[i] = h - p[i] * p[i];
    }
}

EITHER void find_own_chords(const double *restrict p,
                            const double *restrict v,
                            const double *restrict r, size_t n, double row,
                            double offset, double last, chords *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const double dv = v[i] - row;
        const double h = r[i] * r[i] - dv * dv;
        const double half = sqrt(h > 0 ? h : 0);
        double low = p[i] + offset - half, high = p[i] + offset + half;

        low = low > -1 ? low : -1;
        low = low < last ? low : last;
        high = high > -1 ? high : -1;
        high = high < last ? high : last;
        out->entry[i] = (int32_t)(low + 1);
        out->exit[i] = (int32_t)(high + 1);
        out->q[i] = (h > 0 ? h : 0) - p[i] * p[i];
    }
}

/* Moments w, w p; w q and the count. */
static void add_epanechnikov(const double *restrict p,
                             const double *restrict w, size_t n,
                             const chords *restrict c, pair *restrict sums)
{
    for (size_t i = 0; i < n; i++) {
        pair *entry = sums + EPANECHNIKOV_PAIRS * (size_t)c->entry[i];
        pair *exit = sums + EPANECHNIKOV_PAIRS * (size_t)c->exit[i];
        const pair a = { w[i], w[i] * p[i] }, b = { w[i] * c->q[i], 1 };

        entry[0] += a;
        entry[1] += b;
        exit[0] -= a;
        exit[1] -= b;
    }
}

/* Moments w, w p; w (4 p2 - 2 q), w p q; w q2 and the count. */
static void add_quartic(const double *restrict p, const double *restrict w,
                        size_t n, const chords *restrict c,
                        pair *restrict sums)
{
    for (size_t i = 0; i < n; i++) {
        pair *entry = sums + SCORE_SWEEP_PAIRS * (size_t)c->entry[i];
        pair *exit = sums + SCORE_SWEEP_PAIRS * (size_t)c->exit[i];
        const double wq = w[i] * c->q[i], wp = w[i] * p[i];
        const pair a = { w[i], wp };
        const pair b = { 4 * wp * p[i] - 2 * wq, wp * c->q[i] };
        const pair d = { wq * c->q[i], 1 };

        entry[0] += a;
        entry[1] += b;
        entry[2] += d;
        exit[0] -= a;
        exit[1] -= b;
        exit[2] -= d;
    }
}

/* Running sums into values; the scratch is zero again behind them. */
static void take_epanechnikov(pair *sums, const window *w, double *values)
{
    const pair zero = { 0, 0 };
    pair a = zero, b = zero;

    for (size_t i = 0; i < w->n; i++, sums += EPANECHNIKOV_PAIRS) {
        const double x = w->base + (double)i - w->middle;

        a += sums[0];
        b += sums[1];
        sums[0] = sums[1] = zero;
        if (b[1] > 0)
            values[i] += b[0] + x * (2 * a[1] - x * a[0]);
        else
            a = b = zero;
    }
    sums[0] = sums[1] = zero;
}

static void take_quartic(pair *sums, const window *w, double *values)
{
    const pair zero = { 0, 0 };
    pair a = zero, b = zero, d = zero;

    for (size_t i = 0; i < w->n; i++, sums += SCORE_SWEEP_PAIRS) {
        const double x = w->base + (double)i - w->middle;

        a += sums[0];
        b += sums[1];
        d += sums[2];
        sums[0] = sums[1] = sums[2] = zero;
        if (d[1] > 0)
            values[i] += d[0]
                         + x * (4 * b[1]
                                + x * (b[0] + x * (x * a[0] - 4 * a[1])));
        else
            a = b = d = zero;
    }
    sums[0] = sums[1] = sums[2] = zero;
}

#if HAS_WIDE
WIDE static void add_epanechnikov_wide(const double *restrict p,
                                       const double *restrict w, size_t n,
                                       const chords *restrict c,
                                       pair *restrict sums)
{
    for (size_t i = 0; i < n; i++) {
        quad *entry
            = (quad *)(sums + EPANECHNIKOV_PAIRS * (size_t)c->entry[i]);
        quad *exit
            = (quad *)(sums + EPANECHNIKOV_PAIRS * (size_t)c->exit[i]);
        const quad a = { w[i], w[i] * p[i], w[i] * c->q[i], 1 };

        *entry += a;
        *exit -= a;
    }
}

WIDE static void add_quartic_wide(const double *restrict p,
                                  const double *restrict w, size_t n,
                                  const chords *restrict c,
                                  pair *restrict sums)
{
    for (size_t i = 0; i < n; i++) {
        pair *entry = sums + SCORE_SWEEP_PAIRS * (size_t)c->entry[i];
        pair *exit = sums + SCORE_SWEEP_PAIRS * (size_t)c->exit[i];
        const double wq = w[i] * c->q[i], wp = w[i] * p[i];
        const quad a = { w[i], wp, 4 * wp * p[i] - 2 * wq, wp * c->q[i] };
        const pair d = { wq * c->q[i], 1 };

        *(quad *)entry += a;
        entry[2] += d;
        *(quad *)exit -= a;
        exit[2] -= d;
    }
}
#endif

EITHER void find_all_chords(const score_sweep *s, const window *w, size_t from,
                            size_t to, double row, chords *c)
{
    const score_strips *strips = s->strips;
    const double offset = w->middle - w->base, last = (double)w->n - 1;

    if (strips->r)
        find_own_chords(strips->p + from, strips->v + from, strips->r + from,
                        to - from, row, offset, last, c);
    else
        find_chords(strips->p + from, strips->v + from, to - from, row,
                    s->radius * s->radius, offset, last, c);
}

/* The points [from, to) of one strip in one row. */
static void sweep_chunk(const score_sweep *s, const window *w, size_t from,
                        size_t to, double row, pair *sums)
{
    chords c;

    find_all_chords(s, w, from, to, row, &c);
    if (s->is_quartic)
        add_quartic(s->strips->p + from, s->strips->w + from, to - from, &c,
                    sums);
    else
        add_epanechnikov(s->strips->p + from, s->strips->w + from, to - from,
                         &c, sums);
}

#if HAS_WIDE
WIDE static void sweep_chunk_wide(const score_sweep *s, const window *w,
                                  size_t from, size_t to, double row,
                                  pair *sums)
{
    chords c;

    find_all_chords(s, w, from, to, row, &c);
    if (s->is_quartic)
        add_quartic_wide(s->strips->p + from, s->strips->w + from, to - from,
                         &c, sums);
    else
        add_epanechnikov_wide(s->strips->p + from, s->strips->w + from,
                              to - from, &c, sums);
}
#endif

typedef void (*sweep_chunk_fn)(const score_sweep *s, const window *w,
                               size_t from, size_t to, double row,
                               pair *sums);

static sweep_chunk_fn choose_chunk(const score_sweep *s)
{
#if HAS_WIDE
    if (!s->is_narrow && __builtin_cpu_supports("avx2"))
        return sweep_chunk_wide;
#endif
    (void)s;
    return sweep_chunk;
}

static void sweep_strip(const score_sweep *s, size_t strip, size_t row,
                        size_t n_rows, void *memory, double *values)
{
    const window w = window_of(s, strip);
    const size_t row_pairs = most_cells(s) * SCORE_SWEEP_PAIRS;
    const sweep_chunk_fn sweep = choose_chunk(s);
    pair *const scratch = memory;
    size_t from[SCORE_SWEEP_ROWS], to[SCORE_SWEEP_ROWS];

    if (w.n == 0 || n_rows == 0)
        return;
    for (size_t k = 0; k < n_rows; k++)
        score_strips_band(s->strips, strip, (double)(row + k) - s->radius,
                          (double)(row + k) + s->radius, &from[k], &to[k]);
    for (size_t chunk = from[0]; chunk < to[n_rows - 1]; chunk += CHUNK)
        for (size_t k = 0; k < n_rows; k++) {
            const size_t begin = chunk > from[k] ? chunk : from[k];
            const size_t end = chunk + CHUNK < to[k] ? chunk + CHUNK : to[k];

            if (begin < end)
                sweep(s, &w, begin, end, (double)(row + k),
                      scratch + k * row_pairs);
        }
    for (size_t k = 0; k < n_rows; k++) {
        double *row_values = values + k * s->n_x + (size_t)w.base;
        pair *sums = scratch + k * row_pairs;

        if (from[k] == to[k])
            continue;
        if (s->is_quartic)
            take_quartic(sums, &w, row_values);
        else
            take_epanechnikov(sums, &w, row_values);
    }
}

void score_sweep_rows(const score_sweep *s, size_t row, size_t n_rows,
                      void *memory, double *values)
{
    for (size_t strip = 0; strip < s->strips->n_strips; strip++)
        if (s->strips->starts[strip] < s->strips->starts[strip + 1])
            sweep_strip(s, strip, row, n_rows, memory, values);
}
