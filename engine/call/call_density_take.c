/*
 * call_density_take.c - what `density` is asked: points, a window, places, a
 * raster.
 */
#include "call_density.h"

#include <math.h>
#include <string.h>

#include <gridbeat/geo.h>

#include "call_file.h"
#include "geo_codec.h"

enum { MOST_CELLS = 4000000 }; /* of a raster of our own choice */

static const double STEPS_A_RADIUS = 10; /* the same */
static const double LEAST_RADIUS_M = 1e-3, DEFAULT_RADIUS_M = 500;

/* The file of a parameter, on the plane. */
static gb_status read_file(density *d, const char *name, call_weighted *read,
                           gb_point **points)
{
    call *c = d->c;
    const bool is_planar = call_flag(c, "planar");
    gb_status status
        = call_weighted_read(c, call_text(c, name), is_planar,
                             call_real(c, "max_reject"), read);

    if (!status && !is_planar)
        return call_weighted_project(c, call_text(c, name),
                                     (int32_t)call_int(c, "epsg"),
                                     call_real(c, "max_reject"), read,
                                     &d->crs, points);
    return status ? status
                  : call_weighted_plane(c, call_text(c, name), read, points);
}

/* x0,y0,step,nx,ny */
static gb_status parse_raster(density *d)
{
    call *c = d->c;
    double n[5];
    bool is_right = call_list_size(c, "grid") == 5;

    for (size_t i = 0; i < 5 && is_right; i++)
        is_right = base_parse_real(call_list_item(c, "grid", i), &n[i]);
    if (!is_right || !(n[3] >= 1 && n[3] <= 1e9 && n[4] >= 1 && n[4] <= 1e9)
        || n[3] > floor(n[3]) || n[4] > floor(n[4]))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"grid\" must be x0,y0,step,nx,ny: the centre of "
                         "the first cell, the step in metres and two whole "
                         "numbers of cells");
    if (n[3] * n[4] > INT32_MAX)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "a raster of %u x %u cells is too large",
                         (unsigned)n[3], (unsigned)n[4]);
    d->raster = (gb_raster){ n[0], n[1], n[2], (uint32_t)n[3],
                             (uint32_t)n[4] };
    if (!d->is_degrees)
        return GB_OK;
    return gb_crs_project(c->ctx, d->crs, &(gb_lonlat){ n[0], n[1] }, 1,
                          (gb_point *)&d->raster);
}

/* Round all points, a radius wider; coarser where it would get too big. */
static void choose_raster(density *d)
{
    const double reach_m = d->options.radius_m
        * (d->options.kernel == GB_KERNEL_GAUSSIAN ? 3 : 1);
    double step_m = call_has(d->c, "step_m")
                        ? call_real(d->c, "step_m")
                        : d->options.radius_m / STEPS_A_RADIUS;
    gb_box box = { INFINITY, INFINITY, -INFINITY, -INFINITY };
    gb_raster *r = &d->raster;

    for (size_t i = 0; i < d->read.n; i++) {
        box.min_x_m = fmin(box.min_x_m, d->points[i].x_m - reach_m);
        box.min_y_m = fmin(box.min_y_m, d->points[i].y_m - reach_m);
        box.max_x_m = fmax(box.max_x_m, d->points[i].x_m + reach_m);
        box.max_y_m = fmax(box.max_y_m, d->points[i].y_m + reach_m);
    }
    while ((box.max_x_m - box.min_x_m) / step_m
               * ((box.max_y_m - box.min_y_m) / step_m) > MOST_CELLS)
        step_m *= 2;
    r->step_m = step_m;
    r->x0_m = floor(box.min_x_m / step_m) * step_m;
    r->y0_m = floor(box.min_y_m / step_m) * step_m;
    r->n_x = (uint32_t)ceil((box.max_x_m - r->x0_m) / step_m) + 1;
    r->n_y = (uint32_t)ceil((box.max_y_m - r->y0_m) / step_m) + 1;
}

/* ---- the window ---- */

static bool add_ring(geo_shapes *shapes, const gb_point *ring, size_t n)
{
    const bool is_turned = geo_ring_area_m2(ring, n) < 0;
    bool is_added = true;

    for (size_t i = 0; i < n && is_added; i++)
        is_added = geo_shapes_add_point(shapes,
                                        ring[is_turned ? n - 1 - i : i]);
    return is_added && geo_shapes_end_ring(shapes)
           && geo_shapes_end_shape(shapes);
}

/* A ring as CSV, in the columns of the points. */
static gb_status read_ring(density *d)
{
    call_weighted read = { 0 };
    gb_point *ring = NULL;
    gb_status status = read_file(d, "edge", &read, &ring);

    if (!status && read.n < 3)
        status = base_fail(d->c->ctx, GB_ERR_DATA,
                           "%s: a window has three corners at least",
                           call_text(d->c, "edge"));
    if (!status && !add_ring(&d->window, ring, read.n))
        status = base_fail_nomem(d->c->ctx);
    call_weighted_clear(d->c->mem, &read);
    base_free(d->c->mem, ring);
    return status;
}

/* The polygons of one geometry or feature, turned as shapes have to be. */
static gb_status add_geometry(density *d, const json_t *json)
{
    gb_context *ctx = d->c->ctx;
    geo_geometry geometry = { 0 };
    gb_shapes shapes;
    gb_status status = geo_read_geojson(ctx, json, &geometry);

    if (status)
        return status;
    if (geometry.kind != GEO_POLYGONS)
        status = base_fail(ctx, GB_ERR_DATA, "%s: a window is a polygon",
                           call_text(d->c, "edge"));
    if (!status && d->crs)
        status = geo_geometry_project(ctx, d->crs, &geometry);
    shapes = geo_shapes_view(&geometry.parts);
    for (size_t s = 0; s < shapes.n_shapes && !status; s++)
        if (!geo_shapes_add_shape(&d->window, &shapes, s))
            status = base_fail_nomem(ctx);
    geo_geometry_clear(&geometry);
    return status;
}

static gb_status read_geojson(density *d, const char *text, size_t length)
{
    json_error_t fault;
    json_t *json = json_loadb(text, length, 0, &fault);
    const json_t *features = json_object_get(json, "features");
    gb_status status = GB_OK;

    if (!json)
        return base_fail(d->c->ctx, GB_ERR_PARSE, "%s:%d:%d: %s",
                         call_text(d->c, "edge"), fault.line, fault.column,
                         fault.text);
    if (!features)
        status = add_geometry(d, json);
    for (size_t i = 0; i < json_array_size(features) && !status; i++)
        status = add_geometry(d, json_array_get(features, i));
    json_decref(json);
    return status;
}

static gb_status read_window(density *d)
{
    const char *path = call_text(d->c, "edge");
    base_text text;
    gb_status status;

    if (!path)
        return GB_OK;
    base_text_init(&text, d->c->mem);
    status = call_file_read(d->c, path, &text);
    if (!status)
        status = text.n > 0 && strchr("{ \t\r\n", text.chars[0])
                     ? read_geojson(d, text.chars, text.n) : read_ring(d);
    base_text_clear(&text);
    return status;
}

/* ---- options ---- */

static gb_status check_options(density *d)
{
    call *c = d->c;

    if (!(d->options.radius_m >= LEAST_RADIUS_M))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "the radius must lie between 1 mm and 10,000 km");
    if (call_has(c, "step_m") && !(call_real(c, "step_m") > 0))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"step_m\" must be above 0");
    if (call_has(c, "at") && call_flag(c, "leave_one_out"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"at\" and \"leave_one_out\" are two ways");
    if (call_has(c, "all") && (call_flag(c, "leave_one_out")
                               || call_flag(c, "adaptive")))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"all\" goes with one radius and all points");
    return GB_OK;
}

static gb_status take_options(density *d)
{
    call *c = d->c;

    d->options = (gb_density_options)GB_DENSITY_OPTIONS_INIT;
    d->options.kernel = call_has(c, "kernel") ? call_choice(c, "kernel")
                                              : GB_KERNEL_EPANECHNIKOV;
    d->options.radius_m = call_has(c, "radius_m") ? call_real(c, "radius_m")
                                                  : DEFAULT_RADIUS_M;
    d->options.n_threads = c->n_threads;
    d->is_at_places = call_has(c, "at") || call_flag(c, "leave_one_out");
    return check_options(d);
}

/* Radii after Abramson, with the radius as their mean. */
static gb_status take_radii(density *d)
{
    call *c = d->c;
    gb_density_options pilot = d->options;

    if (!call_flag(c, "adaptive"))
        return GB_OK;
    if (call_has(c, "pilot_m"))
        pilot.radius_m = call_real(c, "pilot_m");
    d->radii_m = base_alloc_array(c->mem, d->read.n, sizeof *d->radii_m);
    if (!d->radii_m)
        return base_fail_nomem(c->ctx);
    d->options.radii_m = d->radii_m;
    return gb_density_radii(c->ctx, d->points, d->read.weights, d->read.n,
                            d->options.radius_m, &pilot, d->radii_m);
}

static gb_status take_places(density *d)
{
    call *c = d->c;

    if (call_has(c, "at"))
        return read_file(d, "at", &d->asked, &d->places);
    if (call_has(c, "grid"))
        return parse_raster(d);
    if (!d->is_at_places)
        choose_raster(d);
    return GB_OK;
}

gb_status call_density_take(density *d)
{
    call *c = d->c;
    gb_status status = take_options(d);

    geo_shapes_init(&d->window, c->mem);
    if (!status)
        status = read_file(d, "points", &d->read, &d->points);
    d->is_degrees = d->crs && !call_has(c, "epsg");
    if (!status && call_has(c, "all"))
        status = read_file(d, "all", &d->all, &d->all_points);
    if (!status)
        status = read_window(d);
    if (!status)
        status = take_radii(d);
    return status ? status : take_places(d);
}
