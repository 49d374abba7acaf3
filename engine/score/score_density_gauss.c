/*
 * score_density_gauss.c - see score_density_gauss.h.
 */
#include "score_density_gauss.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "score_density_strips.h"

static const double PI = 3.14159265358979323846;
static const double LEAST_RADIUS = 1.5; /* cells; below, sums are shorter */

enum {
    NODES_A_RADIUS = 5,
    REACH = 8 * NODES_A_RADIUS, /* of the kernel, in nodes */
    TAPS = 2 * REACH + 1,
    SPREAD = 20,                /* nodes that a point reaches along an axis */
    SPREAD_ROWS = 8,            /* node rows filled together */
    ROWS_A_ROUND = 8,
    STRIP = 64                  /* nodes */
};

/* The square of s in nodes: s2 t2 / r2 = 1.3 squared with r = 5 nodes. */
static const double SQUARE_S = 1.8229217;

typedef struct gauss {
    const gb_raster *raster;
    score_strips strips; /* in units of nodes, from the first cell's centre */
    double unit;         /* nodes a cell */
    double first_x, first_y; /* the lattice's corner */
    size_t n_x, n_y;         /* nodes */
    double *nodes;           /* n_y x n_x */
    double *half;            /* n_y x raster->n_x: carried along x */
    double *taps_x;          /* raster->n_x x TAPS */
    double *taps_y;          /* raster->n_y x TAPS */
    double *values;
} gauss;

bool score_gauss_pays(double radius)
{
    return radius >= LEAST_RADIUS;
}

/*
 * exp(-(from + k)2 / 2 s2) for k = 0, 1, ...: two exponentials and a table in
 * place of n of them.
 */
static void fill_powers(double from, const double *table, size_t n,
                        double *out)
{
    const double ratio = exp(-from / SQUARE_S);
    double power = exp(-from * from / (2 * SQUARE_S));

    for (size_t k = 0; k < n; k++) {
        out[k] = power * table[k];
        power *= ratio;
    }
}

/* Add a point to the node rows [row, row + n). */
static void spread_point(const gauss *g, const double *table, double u,
                         double v, double weight, size_t row, size_t n)
{
    const double first = floor(u) - (SPREAD / 2 - 1);
    const double from = fmax(first, 0);
    const double to = fmin(first + SPREAD, (double)g->n_x);
    double along[SPREAD], up[SPREAD_ROWS];

    if (from >= to)
        return;
    fill_powers(first - u, table, SPREAD, along);
    fill_powers((double)row - v, table, n, up);
    for (size_t k = 0; k < n; k++) {
        double *nodes = g->nodes + (row + k) * g->n_x + (size_t)from;
        const double *source = along + (size_t)(from - first);
        const size_t n_here = (size_t)(to - from);
        const double up_k = weight * up[k];

        if (fabs((double)(row + k) - v) > SPREAD / 2)
            continue;
        for (size_t i = 0; i < n_here; i++)
            nodes[i] += up_k * source[i];
    }
}

static void fill_table(double table[SPREAD])
{
    for (size_t k = 0; k < SPREAD; k++)
        table[k] = exp(-(double)(k * k) / (2 * SQUARE_S));
}

static gb_status spread_rows(base_run *worker, size_t thread, size_t round,
                             void *user)
{
    const gauss *g = user;
    const score_strips *strips = &g->strips;
    const size_t row = round * SPREAD_ROWS;
    const size_t n = g->n_y - row < SPREAD_ROWS ? g->n_y - row : SPREAD_ROWS;
    const double low = g->first_y + (double)row;
    double table[SPREAD];
    gb_status status = GB_OK;

    (void)thread;
    fill_table(table);
    memset(g->nodes + row * g->n_x, 0, n * g->n_x * sizeof *g->nodes);
    for (size_t strip = 0; strip < strips->n_strips && !status; strip++) {
        const double shift
            = score_strips_middle(strips, strip) - g->first_x;
        size_t from, to;

        score_strips_band(strips, strip, low - SPREAD / 2,
                          low + (double)n - 1 + SPREAD / 2, &from, &to);
        for (size_t i = from; i < to; i++)
            spread_point(g, table, strips->p[i] + shift,
                         strips->v[i] - g->first_y, strips->w[i], row, n);
        status = base_poll_many(worker, to - from);
    }
    return status;
}

/* Four running sums, in an order that is fixed. */
static double dot(const double *restrict a, const double *restrict b)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    size_t i = 0;

    for (; i + 4 <= TAPS; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < TAPS; i++)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

/* The lowest node that cell i takes from, of the lattice's. */
static size_t first_tap(double unit, double first, size_t i)
{
    return (size_t)(round((double)i * unit) - REACH - first);
}

static gb_status carry_along(base_run *worker, size_t thread, size_t round,
                             void *user)
{
    const gauss *g = user;
    const size_t begin = round * ROWS_A_ROUND;
    const size_t end
        = begin + ROWS_A_ROUND < g->n_y ? begin + ROWS_A_ROUND : g->n_y;
    gb_status status = GB_OK;

    (void)thread;
    for (size_t row = begin; row < end && !status; row++) {
        for (size_t i = 0; i < g->raster->n_x; i++)
            g->half[row * g->raster->n_x + i]
                = dot(g->taps_x + i * TAPS,
                      g->nodes + row * g->n_x
                          + first_tap(g->unit, g->first_x, i));
        status = base_poll_many(worker, g->raster->n_x);
    }
    return status;
}

static gb_status carry_up(base_run *worker, size_t thread, size_t round,
                          void *user)
{
    const gauss *g = user;
    const size_t n_x = g->raster->n_x, begin = round * ROWS_A_ROUND;
    const size_t end = begin + ROWS_A_ROUND < g->raster->n_y
                           ? begin + ROWS_A_ROUND : g->raster->n_y;
    gb_status status = GB_OK;

    (void)thread;
    for (size_t row = begin; row < end && !status; row++) {
        double *restrict to = g->values + row * n_x;
        const double *from
            = g->half + first_tap(g->unit, g->first_y, row) * n_x;

        for (size_t tap = 0; tap < TAPS; tap++) {
            const double weight = g->taps_y[row * TAPS + tap];

            for (size_t i = 0; i < n_x; i++)
                to[i] += weight * from[tap * n_x + i];
        }
        status = base_poll_many(worker, n_x);
    }
    return status;
}

/* What each cell takes of the nodes round it. */
static double *make_taps(base_run *run, const gauss *g, size_t n)
{
    const double square_t
        = NODES_A_RADIUS * NODES_A_RADIUS - SQUARE_S;
    double *taps = base_alloc_array(run->mem, n, TAPS * sizeof *taps);

    for (size_t i = 0; taps && i < n; i++)
        for (size_t tap = 0; tap < TAPS; tap++) {
            const double at = (double)i * g->unit;
            const double d = round(at) - REACH + (double)tap - at;

            taps[i * TAPS + tap] = exp(-d * d / (2 * square_t));
        }
    return taps;
}

static gb_status take_memory(base_run *run, gauss *g)
{
    const gb_raster *r = g->raster;

    g->first_x = g->first_y = -REACH;
    g->n_x = (size_t)round((r->n_x - 1) * g->unit) + TAPS;
    g->n_y = (size_t)round((r->n_y - 1) * g->unit) + TAPS;
    g->nodes = base_alloc_array(run->mem, g->n_x, g->n_y * sizeof *g->nodes);
    g->half = base_alloc_array(run->mem, r->n_x, g->n_y * sizeof *g->half);
    g->taps_x = make_taps(run, g, r->n_x);
    g->taps_y = make_taps(run, g, r->n_y);
    return g->nodes && g->half && g->taps_x && g->taps_y
               ? GB_OK : base_fail_nomem(run->ctx);
}

static gb_status build_strips(base_run *run, gauss *g,
                              const score_density_task *task,
                              double weight_scale)
{
    const gb_raster *r = g->raster;
    const score_strips_plan plan = {
        .points = task->points, .weights = task->weights,
        .n_points = task->n_points, .weight_scale = weight_scale,
        .x0_m = r->x0_m, .y0_m = r->y0_m,
        .unit_m = task->radius_m / NODES_A_RADIUS, .width = STRIP,
        .min_u = -REACH, .max_u = (r->n_x - 1) * g->unit + REACH,
        .min_v = -REACH, .max_v = (r->n_y - 1) * g->unit + REACH
    };

    return score_strips_build(run, &plan, &g->strips);
}

static size_t rounds_of(size_t n, size_t a_round)
{
    return (n + a_round - 1) / a_round;
}

gb_status score_gauss_raster(base_run *run, const score_density_task *task,
                             double weight_scale, const gb_raster *raster,
                             double *values, double *factor)
{
    const double unit_m = task->radius_m / NODES_A_RADIUS;
    const double square_t = NODES_A_RADIUS * NODES_A_RADIUS - SQUARE_S;
    gauss g = { .raster = raster, .unit = raster->step_m / unit_m,
                .values = values };
    gb_status status = take_memory(run, &g);

    *factor = 1 / (4 * PI * PI * SQUARE_S * square_t * unit_m * unit_m);
    if (!status)
        status = build_strips(run, &g, task, weight_scale);
    if (!status)
        status = base_parallel(run, rounds_of(g.n_y, SPREAD_ROWS),
                               spread_rows, &g);
    if (!status)
        status = base_parallel(run, rounds_of(g.n_y, ROWS_A_ROUND),
                               carry_along, &g);
    if (!status)
        status = base_parallel(run, rounds_of(raster->n_y, ROWS_A_ROUND),
                               carry_up, &g);
    score_strips_clear(run->mem, &g.strips);
    base_free(run->mem, g.nodes);
    base_free(run->mem, g.half);
    base_free(run->mem, g.taps_x);
    base_free(run->mem, g.taps_y);
    return status;
}
