/*
 * plan_density.c - see plan_density.h.
 */
#include "plan_density.h"

#include <math.h>

#include <gridbeat/score.h>

#include "geo_shape.h"

enum { MOST_RASTER_CELLS = 4000000 };

static const double LEAST_OF_ALL = 0.01; /* of their highest: else no share */
static const double TO_KM2 = 1e6;

typedef struct density {
    plan_data *data;
    gb_density_options options;
    gb_raster raster;
    gb_point *targets, *customers, *centres; /* centres: of the cells */
    uint32_t *cell;          /* of each target; STORE_NONE: none */
    uint32_t *in_cell;       /* targets, by cell */
    double *points;          /* scores of the targets */
    size_t n, n_customers;
    double *values, *whole;  /* of the raster; values: then of the cells */
    size_t n_raster;
} density;

/* A raster round all points, a radius wider; coarser when it gets too big. */
static gb_raster raster_round(const gb_point *points, size_t n, double reach_m,
                              double step_m)
{
    gb_box box = { points[0].x_m, points[0].y_m, points[0].x_m,
                   points[0].y_m };
    gb_raster raster;

    for (size_t i = 1; i < n; i++) {
        box.min_x_m = fmin(box.min_x_m, points[i].x_m);
        box.min_y_m = fmin(box.min_y_m, points[i].y_m);
        box.max_x_m = fmax(box.max_x_m, points[i].x_m);
        box.max_y_m = fmax(box.max_y_m, points[i].y_m);
    }
    do {
        raster.step_m = step_m;
        raster.x0_m = floor((box.min_x_m - reach_m) / step_m) * step_m;
        raster.y0_m = floor((box.min_y_m - reach_m) / step_m) * step_m;
        raster.n_x = (uint32_t)ceil((box.max_x_m + reach_m - raster.x0_m)
                                    / step_m) + 1;
        raster.n_y = (uint32_t)ceil((box.max_y_m + reach_m - raster.y0_m)
                                    / step_m) + 1;
        step_m *= 2;
    } while ((double)raster.n_x * raster.n_y > MOST_RASTER_CELLS);
    return raster;
}

static gb_status take_targets(density *d)
{
    plan_data *data = d->data;

    d->targets = base_alloc_array(data->run->mem, data->targets.n,
                                  sizeof *d->targets);
    d->points = base_alloc_array(data->run->mem, data->targets.n,
                                 sizeof *d->points);
    d->cell
        = base_alloc_array(data->run->mem, data->targets.n, sizeof *d->cell);
    if (!d->targets || !d->points || !d->cell)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < data->targets.n; t++)
        if (plan_is_located(&data->targets.items[t])) {
            d->cell[d->n] = data->targets.items[t].cell;
            d->points[d->n] = (double)data->targets.items[t].score;
            d->targets[d->n++] = data->target_at[t];
        }
    return GB_OK;
}

/* All customers whose place is known as well as a target's has to be. */
static gb_status take_customers(density *d)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    plan_data *data = d->data;
    store_customer_points rows;
    gb_lonlat *degrees = NULL;
    gb_status status = store_load_customer_points(
        data->ws, &data->branches, all, data->settings->on, &rows);

    if (status)
        return status;
    degrees = base_alloc_array(data->run->mem, rows.n, sizeof *degrees);
    d->customers = base_alloc_array(data->run->mem, rows.n,
                                    sizeof *d->customers);
    if (!degrees || !d->customers)
        status = base_fail_nomem(data->run->ctx);
    for (size_t i = 0; i < rows.n && !status; i++)
        if (rows.items[i].accuracy <= STORE_ACCURACY_COMPOUND)
            degrees[d->n_customers++] = rows.items[i].at;
    if (!status)
        status = plan_project(data, degrees, d->n_customers, d->customers);
    base_free(data->run->mem, degrees);
    store_customer_points_clear(&rows);
    return status;
}

static gb_status take_places(density *d)
{
    plan_data *data = d->data;
    const gb_plan_options *given = &data->settings->given;
    const store_cells *cells = &data->cells;
    base_mem *mem = data->run->mem;

    d->raster = raster_round(d->targets, d->n, d->options.radius_m,
                             given->density_step_m);
    d->n_raster = (size_t)d->raster.n_x * d->raster.n_y;
    d->values = base_alloc_array(mem, d->n_raster + cells->n,
                                 sizeof *d->values);
    d->whole = base_alloc_array(mem, d->n_raster, sizeof *d->whole);
    d->centres = base_alloc_array(mem, cells->n, sizeof *d->centres);
    d->in_cell = base_alloc_zeroed(mem, cells->n, sizeof *d->in_cell);
    if (!d->values || !d->whole || !d->centres || !d->in_cell)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < d->n; t++)
        if (d->cell[t] != STORE_NONE)
            d->in_cell[d->cell[t]]++;
    for (size_t c = 0; c < cells->n; c++)
        d->centres[c] = geo_shape_centroid(&cells->shapes, c);
    return GB_OK;
}

/* The surface of points on the raster. */
static gb_status smooth(density *d, const gb_point *points,
                        const double *weights, size_t n, double *values)
{
    return plan_take(d->data,
                     gb_density_raster(&d->data->quiet, points, weights, n,
                                       &d->raster, &d->options, values));
}

static double surface_at(const density *d, gb_point p)
{
    const gb_raster *r = &d->raster;
    const double x = floor((p.x_m - r->x0_m) / r->step_m + 0.5);
    const double y = floor((p.y_m - r->y0_m) / r->step_m + 0.5);

    return x >= 0 && y >= 0 && x < r->n_x && y < r->n_y
               ? d->values[(size_t)y * r->n_x + (size_t)x]
               : 0;
}

/*
 * A cell's own value: the mean of the surface where its targets live, at its
 * middle where there is none of them.  The middle alone tells nothing of a
 * cell that is a village and the mountain above it.
 */
static void carry_to_cells(density *d)
{
    double *cells = d->values + d->n_raster;

    for (size_t c = 0; c < d->data->cells.n; c++)
        cells[c] = d->in_cell[c] ? 0 : surface_at(d, d->centres[c]);
    for (size_t t = 0; t < d->n; t++)
        if (d->cell[t] != STORE_NONE)
            cells[d->cell[t]]
                += surface_at(d, d->targets[t]) / d->in_cell[d->cell[t]];
}

static gb_status save(density *d, const char *layer, const char *weight)
{
    plan_data *data = d->data;
    const gb_raster *r = &d->raster;
    const store_density row = {
        .layer = layer, .kernel = "epanechnikov", .on = data->settings->on,
        .epsg = gb_workspace_epsg(data->ws),
        .bandwidth_m = d->options.radius_m, .weight = weight,
        .n_points = d->n, .min_x_m = r->x0_m - r->step_m / 2,
        .min_y_m = r->y0_m - r->step_m / 2, .pixel_m = r->step_m,
        .n_columns = r->n_x, .n_rows = r->n_y, .per_km2 = d->values,
        .cell_per_km2 = data->cells.n ? d->values + d->n_raster : NULL,
        .n_cells = data->cells.n
    };

    return store_save_density(data->ws, &row);
}

static gb_status lay(density *d, const char *layer, const char *weight,
                     const double *weights)
{
    gb_status status = smooth(d, d->targets, weights, d->n, d->values);

    for (size_t i = 0; i < d->n_raster && !status; i++)
        d->values[i] *= TO_KM2;
    if (status)
        return status;
    carry_to_cells(d);
    return save(d, layer, weight);
}

static gb_status lay_share(density *d)
{
    const size_t n = d->n_raster;
    gb_status status = smooth(d, d->targets, NULL, d->n, d->values);

    if (!status)
        status = smooth(d, d->customers, NULL, d->n_customers, d->whole);
    if (!status)
        status = plan_take(d->data,
                           gb_density_share(&d->data->quiet, d->values,
                                            d->whole, n, LEAST_OF_ALL,
                                            d->values));
    for (size_t i = 0; i < n && !status; i++)
        if (isnan(d->values[i]))
            d->values[i] = 0;
    if (status)
        return status;
    carry_to_cells(d);
    return save(d, "share", "share");
}

static gb_status describe(density *d, json_t **result)
{
    double highest = 0;

    for (size_t i = 0; i < d->n_raster; i++)
        highest = fmax(highest, d->values[i]);
    return plan_json(
        d->data->run,
        json_pack("{s:s, s:s, s:f, s:f, s:I, s:f}", "layer", "dormant",
                  "kernel", "epanechnikov", "radius_m", d->options.radius_m,
                  "step_m", d->raster.step_m, "points", (json_int_t)d->n,
                  "highest_per_km2", round(highest * 10) / 10),
        result);
}

static gb_status lay_all(density *d, json_t **result)
{
    gb_status status = take_customers(d);

    if (!status)
        status = take_places(d);
    if (!status)
        status = lay(d, "dormant", "count", NULL);
    if (!status)
        status = describe(d, result);
    if (!status)
        status = lay(d, "value", "points", d->points);
    return status ? status : lay_share(d);
}

gb_status plan_density(plan_data *data, json_t **result)
{
    const gb_plan_options *given = &data->settings->given;
    density d = { .data = data,
                  .options = { .size = sizeof d.options,
                               .radius_m = given->density_radius_m,
                               .n_threads = given->n_threads } };
    gb_status status = take_targets(&d);

    *result = NULL;
    if (!status)
        status = d.n > 0 ? lay_all(&d, result)
                         : plan_json(data->run, json_null(), result);
    if (status) {
        json_decref(*result);
        *result = NULL;
    }
    base_free(data->run->mem, d.targets);
    base_free(data->run->mem, d.customers);
    base_free(data->run->mem, d.centres);
    base_free(data->run->mem, d.points);
    base_free(data->run->mem, d.cell);
    base_free(data->run->mem, d.in_cell);
    base_free(data->run->mem, d.values);
    base_free(data->run->mem, d.whole);
    return status;
}
