/*
 * call_density.c - density: how thick points stand, smoothed onto a raster or
 * at places.
 *
 * Places in degrees are projected to metres first; then the raster's corner
 * is given, and its cells are told, in degrees, its step in metres.
 */
#include "call_density.h"

#include <math.h>

#include "call_groups.h"
#include "call_score_csv.h"
#include "call_streets.h"

static gb_status at_places(density *d)
{
    gb_context *ctx = d->c->ctx;

    if (!d->places)
        return gb_density_leave_one_out(ctx, d->points, d->read.weights,
                                        d->read.n, &d->options, d->values);
    return gb_density_at(ctx, d->points, d->read.weights, d->read.n,
                         d->places, d->asked.n, &d->options, d->values);
}

/* The same of all points, and the share of it. */
static gb_status divide(density *d)
{
    call *c = d->c;
    double *whole;
    gb_status status;

    if (!d->all_points)
        return GB_OK;
    whole = base_alloc_array(c->mem, d->n_values, sizeof *whole);
    if (!whole)
        return base_fail_nomem(c->ctx);
    status = d->is_at_places
                 ? gb_density_at(c->ctx, d->all_points, d->all.weights,
                                 d->all.n, d->places, d->asked.n, &d->options,
                                 whole)
                 : gb_density_raster(c->ctx, d->all_points, d->all.weights,
                                     d->all.n, &d->raster, &d->options,
                                     whole);
    if (!status)
        status = gb_density_share(c->ctx, d->values, whole, d->n_values,
                                  call_real(c, "least"), d->values);
    base_free(c->mem, whole);
    return status;
}

static gb_status smooth(density *d)
{
    call *c = d->c;
    const gb_raster *r = &d->raster;
    const gb_shapes window = geo_shapes_view(&d->window);
    gb_status status;

    if (window.n_shapes > 0)
        d->options.window = &window;
    d->n_values = d->places ? d->asked.n
                  : d->is_at_places ? d->read.n : (size_t)r->n_x * r->n_y;
    d->values = base_alloc_array(c->mem, d->n_values, sizeof *d->values);
    if (!d->values)
        return base_fail_nomem(c->ctx);
    status = d->is_at_places
                 ? at_places(d)
                 : gb_density_raster(c->ctx, d->points, d->read.weights,
                                     d->read.n, r, &d->options, d->values);
    if (!status)
        status = divide(d);
    d->options.window = NULL;
    for (size_t i = 0; i < d->n_values && !status; i++)
        if (!isnan(d->values[i])) {
            d->highest = fmax(d->highest, d->values[i]);
            d->mass += d->values[i] * r->step_m * r->step_m;
        }
    return status;
}

static gb_status run(call *c, json_t **result)
{
    density d = { .c = c };
    gb_status status;

    if (call_has(c, "streets"))
        return call_streets(c, result);
    status = call_density_take(&d);
    if (!status)
        status = smooth(&d);
    if (!status)
        status = call_density_give(&d, result);
    call_weighted_clear(c->mem, &d.read);
    call_weighted_clear(c->mem, &d.all);
    call_weighted_clear(c->mem, &d.asked);
    geo_shapes_clear(&d.window);
    base_free(c->mem, d.points);
    base_free(c->mem, d.all_points);
    base_free(c->mem, d.places);
    base_free(c->mem, d.radii_m);
    base_free(c->mem, d.values);
    gb_crs_free(d.crs);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "points", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns lon, lat and perhaps w, a weight") },
    { .name = "planar", .type = CALL_BOOL,
      .help = GB_N("the columns are x and y in metres") },
    { .name = "kernel", .type = CALL_ENUM,
      .choices = "epanechnikov|quartic|gaussian",
      .help = GB_N("shape of the smoothing; else epanechnikov, along streets "
                   "gaussian") },
    { .name = "radius_m", .type = CALL_REAL, .unit = "m",
      .help = GB_N("where the kernel ends; for the Gaussian its standard "
                   "deviation; else 500 m, along streets 150 m") },
    { .name = "streets", .type = CALL_PATH,
      .help = GB_N("a road index: density along its streets, in points per "
                   "metre of street") },
    { .name = "grid", .type = CALL_LIST,
      .help = GB_N("x0,y0,step,nx,ny: the centre of the first cell (lon,lat "
                   "without --planar and --epsg), the step in metres; else "
                   "round all points") },
    { .name = "step_m", .type = CALL_REAL, .unit = "m",
      .help = GB_N("side of a cell where no grid is given, else a tenth of "
                   "the radius; pieces of a street, else a sixth of it") },
    { .name = "epsg", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .help = GB_N("the projected system of the grid and of x and y; else "
                   "the zone of the points, and degrees") },
    { .name = "edge", .type = CALL_PATH,
      .help = GB_N("where points can be at all, to correct the values at its "
                   "edge: GeoJSON, or a ring as CSV") },
    { .name = "adaptive", .type = CALL_BOOL,
      .help = GB_N("radii that follow the points, with radius_m as their "
                   "mean") },
    { .name = "pilot_m", .type = CALL_REAL, .unit = "m",
      .help = GB_N("radius of the density that these follow; else radius_m") },
    { .name = "all", .type = CALL_PATH,
      .help = GB_N("CSV of all points: the values are then the share that "
                   "the points have of these") },
    { .name = "least", .type = CALL_RATIO, .fallback = "1%",
      .help = GB_N("no share where all points are below this part of their "
                   "highest density") },
    { .name = "at", .type = CALL_PATH,
      .help = GB_N("CSV of places: values at these instead of a grid") },
    { .name = "leave_one_out", .type = CALL_BOOL,
      .help = GB_N("values at the points, each without itself") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("x, y and the value in points per square metre as .csv; "
                   ".asc, .geojson (contour lines), .png (with world file "
                   "and legend); pieces of streets as .csv or .geojson") },
};
static const call_column columns[] = {
    { "points", GB_N("number of points"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("bad rows"), CALL_SHOW_PLAIN },
    { "kernel", GB_N("kernel"), CALL_SHOW_PLAIN },
    { "radius_m", GB_N("radius"), CALL_SHOW_M },
};
static const call_column grid_columns[] = {
    { "grid.nx", GB_N("cells to the east"), CALL_SHOW_PLAIN },
    { "grid.ny", GB_N("cells to the north"), CALL_SHOW_PLAIN },
    { "grid.step_m", GB_N("side of a cell"), CALL_SHOW_M },
};
static const call_column density_columns[] = {
    { "highest_per_km2", GB_N("highest per km2"), CALL_SHOW_PLAIN },
    { "mass", GB_N("on the grid in all"), CALL_SHOW_PLAIN },
};
static const call_column share_columns[] = {
    { "highest_share", GB_N("highest share"), CALL_SHOW_RATIO },
};
static const call_column street_columns[] = {
    { "streets_m", GB_N("streets near them"), CALL_SHOW_M },
    { "pieces", GB_N("in pieces"), CALL_SHOW_PLAIN },
    { "on_no_street", GB_N("points on no street"), CALL_SHOW_PLAIN },
};
static const call_column per_km_columns[] = {
    { "highest_per_km", GB_N("highest per km of street"), CALL_SHOW_PLAIN },
    { "mass", GB_N("on the streets in all"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .when = "grid", CALL_COLUMNS(grid_columns) },
    { .when = "highest_per_km2", CALL_COLUMNS(density_columns) },
    { .when = "highest_share", CALL_COLUMNS(share_columns) },
    { .when = "streets_m", CALL_COLUMNS(street_columns) },
    { .when = "highest_per_km", CALL_COLUMNS(per_km_columns) },
    SCORE_REJECTS_BLOCK("findings"),
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "density",
      .help = GB_N("Smooth points onto a raster: how thick they stand"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_density_group = CALL_GROUP(methods);
