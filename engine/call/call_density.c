/*
 * call_density.c - density: how thick points stand, smoothed onto a raster.
 *
 * Places in degrees are projected to metres first; then the raster's corner
 * is given, and its cells are told, in degrees, its step in metres.
 */
#include "call_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gridbeat/geo.h>
#include <gridbeat/score.h>

#include "call_file.h"
#include "call_weighted.h"

enum { MOST_CELLS = 4000000 }; /* of a raster of our own choice */

static const double STEPS_A_RADIUS = 10; /* the same */

typedef struct density {
    call *c;
    call_weighted read;
    gb_point *points;
    gb_crs *crs; /* NULL: planar */
    bool is_degrees; /* the raster's places are told so */
    gb_density_options options;
    gb_raster raster;
    double *values;
    double highest, mass;
} density;

static gb_lonlat corner_of(const call_weighted *p, bool is_far)
{
    gb_lonlat corner = p->at[0];

    for (size_t i = 1; i < p->n; i++) {
        const gb_lonlat *at = &p->at[i];

        corner.lon_deg = is_far ? fmax(corner.lon_deg, at->lon_deg)
                                : fmin(corner.lon_deg, at->lon_deg);
        corner.lat_deg = is_far ? fmax(corner.lat_deg, at->lat_deg)
                                : fmin(corner.lat_deg, at->lat_deg);
    }
    return corner;
}

static gb_status open_crs(density *d)
{
    call *c = d->c;
    int32_t epsg = (int32_t)call_int(c, "epsg");
    gb_status status = GB_OK;

    if (!epsg)
        status = gb_crs_for_extent(c->ctx, corner_of(&d->read, false),
                                   corner_of(&d->read, true), &epsg);
    return status ? status : gb_crs_open(c->ctx, epsg, &d->crs);
}

static gb_status read_points(density *d)
{
    call *c = d->c;
    const bool is_planar = call_flag(c, "planar");
    gb_status status
        = call_weighted_read(c, call_text(c, "points"), is_planar,
                             call_real(c, "max_reject"), &d->read);

    if (status)
        return status;
    if (d->read.n == 0)
        return base_fail(c->ctx, GB_ERR_DATA, "%s: there is no point in it",
                         call_text(c, "points"));
    d->points = base_alloc_array(c->mem, d->read.n, sizeof *d->points);
    if (!d->points)
        return base_fail_nomem(c->ctx);
    if (is_planar) {
        for (size_t i = 0; i < d->read.n; i++)
            d->points[i] = (gb_point){ d->read.at[i].lon_deg,
                                       d->read.at[i].lat_deg };
        return GB_OK;
    }
    status = open_crs(d);
    if (!status)
        status = gb_crs_project(c->ctx, d->crs, d->read.at, d->read.n,
                                d->points);
    return status;
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

static gb_status take_options(density *d)
{
    call *c = d->c;

    d->options = (gb_density_options)GB_DENSITY_OPTIONS_INIT;
    d->options.kernel = call_choice(c, "kernel");
    d->options.radius_m = call_real(c, "radius_m");
    d->options.n_threads = c->n_threads;
    if (!(d->options.radius_m > 0))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "the radius must lie between 0 and 10,000 km");
    if (call_has(c, "step_m") && !(call_real(c, "step_m") > 0))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"step_m\" must be above 0");
    d->is_degrees = d->crs && !call_has(c, "epsg");
    if (call_has(c, "grid"))
        return parse_raster(d);
    choose_raster(d);
    return GB_OK;
}

static gb_status smooth(density *d)
{
    call *c = d->c;
    const gb_raster *r = &d->raster;
    const size_t n = (size_t)r->n_x * r->n_y;
    gb_status status;

    d->values = base_alloc_array(c->mem, n, sizeof *d->values);
    if (!d->values)
        return base_fail_nomem(c->ctx);
    status = gb_density_raster(c->ctx, d->points, d->read.weights, d->read.n,
                               r, &d->options, d->values);
    for (size_t i = 0; i < n && !status; i++) {
        d->highest = fmax(d->highest, d->values[i]);
        d->mass += d->values[i];
    }
    d->mass *= r->step_m * r->step_m;
    return status;
}

/* The centres of a row's cells as they are told. */
static gb_status place_row(const density *d, uint32_t row, gb_point *at,
                           gb_lonlat *told)
{
    const gb_raster *r = &d->raster;

    for (uint32_t i = 0; i < r->n_x; i++) {
        at[i] = (gb_point){ r->x0_m + r->step_m * i,
                            r->y0_m + r->step_m * row };
        told[i] = (gb_lonlat){ at[i].x_m, at[i].y_m };
    }
    return d->is_degrees
               ? gb_crs_unproject(d->c->ctx, d->crs, at, r->n_x, told)
               : GB_OK;
}

static gb_status write_csv(const density *d, base_text *text)
{
    const gb_raster *r = &d->raster;
    gb_point *at = base_alloc_array(d->c->mem, r->n_x, sizeof *at);
    gb_lonlat *told = base_alloc_array(d->c->mem, r->n_x, sizeof *told);
    gb_status status = at && told ? GB_OK : base_fail_nomem(d->c->ctx);

    base_text_add(text, "x,y,value\n");
    for (uint32_t row = 0; row < r->n_y && !status; row++) {
        status = place_row(d, row, at, told);
        for (uint32_t i = 0; i < r->n_x && !status && !text->is_short; i++) {
            base_text_exact(text, told[i].lon_deg);
            base_text_append(text, ",", 1);
            base_text_exact(text, told[i].lat_deg);
            base_text_append(text, ",", 1);
            base_text_exact(text, d->values[(size_t)row * r->n_x + i]);
            base_text_append(text, "\n", 1);
        }
    }
    base_free(d->c->mem, at);
    base_free(d->c->mem, told);
    return status;
}

static json_t *describe(const density *d)
{
    const gb_raster *r = &d->raster;
    json_t *findings = call_weighted_faults(d->c, &d->read);
    json_t *made;

    if (!findings)
        return NULL;
    made = json_pack(
        "{s:I, s:I, s:s, s:f, s:o, s:{s:f, s:f, s:f, s:I, s:I}, s:f, s:f, "
        "s:o}",
        "points", (json_int_t)d->read.n, "rejected", (json_int_t)d->read.n_bad,
        "kernel", call_text(d->c, "kernel"), "radius_m", d->options.radius_m,
        "epsg", d->crs ? json_integer(gb_crs_epsg(d->crs)) : json_null(),
        "grid", "x0_m", r->x0_m, "y0_m", r->y0_m, "step_m", r->step_m, "nx",
        (json_int_t)r->n_x, "ny", (json_int_t)r->n_y, "highest_per_km2",
        d->highest * 1e6, "mass", d->mass, "findings", findings);
    return made;
}

static gb_status give(density *d, json_t **result)
{
    base_text text;
    gb_status status = call_result(d->c, result, describe(d));

    if (status || !call_has(d->c, "out"))
        return status;
    base_text_init(&text, d->c->mem);
    status = write_csv(d, &text);
    if (!status)
        status = call_file_give(d->c, *result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status run(call *c, json_t **result)
{
    density d = { .c = c };
    gb_status status = read_points(&d);

    if (!status)
        status = take_options(&d);
    if (!status)
        status = smooth(&d);
    if (!status)
        status = give(&d, result);
    call_weighted_clear(c->mem, &d.read);
    base_free(c->mem, d.points);
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
      .fallback = "epanechnikov", .help = GB_N("shape of the smoothing") },
    { .name = "radius_m", .type = CALL_REAL, .unit = "m", .fallback = "500",
      .help = GB_N("where the kernel ends; for the Gaussian its standard "
                   "deviation") },
    { .name = "grid", .type = CALL_LIST,
      .help = GB_N("x0,y0,step,nx,ny: the centre of the first cell (lon,lat "
                   "without --planar and --epsg), the step in metres; else "
                   "round all points") },
    { .name = "step_m", .type = CALL_REAL, .unit = "m",
      .help = GB_N("side of a cell where no grid is given; else a tenth of "
                   "the radius") },
    { .name = "epsg", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .help = GB_N("the projected system of the grid and of x and y; else "
                   "the zone of the points, and degrees") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("CSV of x, y and the value in points per square metre") },
};
static const call_column columns[] = {
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("bad rows"), CALL_SHOW_PLAIN },
    { "kernel", GB_N("kernel"), CALL_SHOW_PLAIN },
    { "radius_m", GB_N("radius"), CALL_SHOW_M },
    { "grid.nx", GB_N("cells to the east"), CALL_SHOW_PLAIN },
    { "grid.ny", GB_N("cells to the north"), CALL_SHOW_PLAIN },
    { "grid.step_m", GB_N("side of a cell"), CALL_SHOW_M },
    { "highest_per_km2", GB_N("highest per km2"), CALL_SHOW_PLAIN },
    { "mass", GB_N("on the grid in all"), CALL_SHOW_PLAIN },
};
static const call_column finding_columns[] = {
    { "line", GB_N("line"), CALL_SHOW_ID },
    { "column", GB_N("column"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .when = "findings", .rows = "findings", .most = 10,
      CALL_COLUMNS(finding_columns) },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "density",
      .help = GB_N("Smooth points onto a raster: how thick they stand"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_density_group = CALL_GROUP(methods);
