/*
 * score_edge_sums.c - smoothed weight by shape: of each point near by the
 * mass that its kernel has inside.
 */
#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "geo_shape.h"
#include "score_density_strips.h"
#include "score_edge.h"
#include "score_kernel.h"

enum { MOST_STRIPS = 1 << 20 };

typedef struct sums_work {
    score_strips strips; /* in units of the reach */
    const gb_shapes *shapes;
    gb_kernel kernel;
    double radius_m;
    double *sums;
} sums_work;

/* One shape as shapes of their own, over the same points. */
static gb_shapes only(const gb_shapes *shapes, size_t s)
{
    gb_shapes one = *shapes;

    one.n_shapes = 1;
    one.shape_first_ring = shapes->shape_first_ring + s;
    return one;
}

static double add_strip(const sums_work *w, const score_window *window,
                        size_t strip, const gb_box *box, double *crossings)
{
    const score_strips *s = &w->strips;
    const double unit_m = s->unit_m;
    const double middle_m = score_strips_middle(s, strip) * unit_m;
    size_t from, to;
    double sum = 0;

    score_strips_band(s, strip, box->min_y_m / unit_m - 1,
                      box->max_y_m / unit_m + 1, &from, &to);
    for (size_t i = from; i < to; i++) {
        const double x_m = middle_m + s->p[i] * unit_m;
        const double y_m = s->v[i] * unit_m;
        bool is_inside;
        double mass;

        if (x_m < box->min_x_m - unit_m || x_m > box->max_x_m + unit_m)
            continue;
        score_window_row(window, w->kernel, w->radius_m, x_m, y_m, 1, 1,
                         &is_inside, crossings, &mass);
        sum += s->w[i] * mass;
    }
    return sum;
}

static gb_status sum_shape(base_run *worker, size_t thread, size_t shape,
                           void *user)
{
    const sums_work *w = user;
    const score_strips *s = &w->strips;
    const gb_shapes one = only(w->shapes, shape);
    const gb_box box = geo_shape_box(w->shapes, shape);
    const double low
        = floor((box.min_x_m / s->unit_m - 1 - s->first) / s->width);
    const double high
        = floor((box.max_x_m / s->unit_m + 1 - s->first) / s->width);
    score_window window;
    double *crossings = NULL;
    gb_status status = score_window_build(worker->ctx, &one, &window);

    (void)thread;
    w->sums[shape] = 0;
    if (!status) {
        crossings = base_alloc_array(worker->mem, window.n + 1,
                                     sizeof *crossings);
        if (!crossings)
            status = base_fail_nomem(worker->ctx);
    }
    for (double strip = fmax(low, 0);
         !status && strip <= fmin(high, (double)s->n_strips - 1); strip++) {
        w->sums[shape]
            += add_strip(w, &window, (size_t)strip, &box, crossings);
        status = base_poll(worker);
    }
    base_free(worker->mem, crossings);
    score_window_clear(worker->mem, &window);
    return status;
}

gb_status score_edge_sums(base_run *run, const gb_point *points,
                          const double *weights, size_t n,
                          const gb_shapes *shapes, gb_kernel kernel,
                          double radius_m, double *sums)
{
    const double unit_m = score_kernel_reach(kernel, radius_m);
    const gb_box box = geo_shapes_box(shapes);
    sums_work w = { .shapes = shapes, .kernel = kernel,
                    .radius_m = radius_m, .sums = sums };
    score_strips_plan plan = {
        .points = points, .weights = weights, .n_points = n,
        .weight_scale = 1, .unit_m = unit_m,
        .min_u = box.min_x_m / unit_m - 1, .max_u = box.max_x_m / unit_m + 1,
        .min_v = box.min_y_m / unit_m - 1, .max_v = box.max_y_m / unit_m + 1
    };
    gb_status status;

    plan.width
        = fmax(2, 2 * ceil((plan.max_u - plan.min_u) / MOST_STRIPS / 2));
    base_run_phase(run, GB_N("density"), 0, 1, shapes->n_shapes);
    status = score_strips_build(run, &plan, &w.strips);
    if (!status)
        status = base_parallel(run, shapes->n_shapes, sum_shape, &w);
    score_strips_clear(run->mem, &w.strips);
    return status;
}
