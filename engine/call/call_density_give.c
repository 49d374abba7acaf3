/*
 * call_density_give.c - what `density` answers: the figures, and the surface
 * as a file of the kind that its name says.
 */
#include "call_density.h"

#include <math.h>
#include <string.h>

#include "call_file.h"
#include "call_surface.h"

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

static void add_value(base_text *text, gb_lonlat at, double value)
{
    base_text_exact(text, at.lon_deg);
    base_text_append(text, ",", 1);
    base_text_exact(text, at.lat_deg);
    base_text_append(text, ",", 1);
    if (!isnan(value)) /* blank where there is none */
        base_text_exact(text, value);
    base_text_append(text, "\n", 1);
}

static gb_status write_rows(const density *d, base_text *text)
{
    const gb_raster *r = &d->raster;
    gb_point *at = base_alloc_array(d->c->mem, r->n_x, sizeof *at);
    gb_lonlat *told = base_alloc_array(d->c->mem, r->n_x, sizeof *told);
    gb_status status = at && told ? GB_OK : base_fail_nomem(d->c->ctx);

    for (uint32_t row = 0; row < r->n_y && !status; row++) {
        status = place_row(d, row, at, told);
        for (uint32_t i = 0; i < r->n_x && !status && !text->is_short; i++)
            add_value(text, told[i], d->values[(size_t)row * r->n_x + i]);
    }
    base_free(d->c->mem, at);
    base_free(d->c->mem, told);
    return status;
}

static gb_status write_csv(const density *d, base_text *text)
{
    const call_weighted *at = d->places ? &d->asked : &d->read;

    base_text_add(text, "x,y,value\n");
    if (!d->is_at_places)
        return write_rows(d, text);
    for (size_t i = 0; i < at->n && !text->is_short; i++)
        add_value(text, at->at[i], d->values[i]);
    return GB_OK;
}

static bool ends_in(const char *path, const char *end)
{
    const size_t n = strlen(path), n_end = strlen(end);

    return n > n_end && strcmp(path + n - n_end, end) == 0;
}

/* Lines and pictures, which tell per square kilometre. */
static gb_status write_file(density *d, json_t *result)
{
    const char *path = call_text(d->c, "out");
    const bool is_share = d->all_points != NULL;
    const call_surface surface = {
        .raster = &d->raster, .values = d->values, .crs = d->crs,
        .highest = d->highest, .factor = is_share ? 1 : 1e6,
        .unit = is_share ? "share" : "per_km2"
    };
    base_text text;
    gb_status status = GB_OK;

    if (d->is_at_places && !ends_in(path, ".csv"))
        return base_fail(d->c->ctx, GB_ERR_ARGUMENT,
                         "values at places are written as .csv alone");
    if (ends_in(path, ".png")) {
        status = call_surface_png(d->c->ctx, &surface, path);
        return !status && !call_put(result, "file", call_string(path))
                   ? base_fail_nomem(d->c->ctx) : status;
    }
    base_text_init(&text, d->c->mem);
    if (ends_in(path, ".asc"))
        call_surface_asc(&surface, &text);
    else if (ends_in(path, ".geojson"))
        status = call_surface_contours(d->c->ctx, &surface, &text);
    else
        status = write_csv(d, &text);
    if (!status)
        status = call_file_give(d->c, result, &text);
    base_text_clear(&text);
    return status;
}

static json_t *describe_raster(const density *d)
{
    const gb_raster *r = &d->raster;

    if (d->is_at_places)
        return json_null();
    return json_pack("{s:f, s:f, s:f, s:I, s:I}", "x0_m", r->x0_m, "y0_m",
                     r->y0_m, "step_m", r->step_m, "nx", (json_int_t)r->n_x,
                     "ny", (json_int_t)r->n_y);
}

static json_t *describe(const density *d)
{
    static const char *const kernels[]
        = { "epanechnikov", "quartic", "gaussian" };
    const bool is_share = d->all_points != NULL;
    json_t *findings = call_weighted_faults(d->c, &d->read);

    if (!findings)
        return NULL;
    return json_pack(
        "{s:I, s:I, s:s, s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "points",
        (json_int_t)d->read.n, "rejected",
        (json_int_t)(d->read.n_bad + d->all.n_bad + d->asked.n_bad), "kernel",
        kernels[d->options.kernel], "radius_m", d->options.radius_m, "epsg",
        d->crs ? json_integer(gb_crs_epsg(d->crs)) : json_null(), "grid",
        describe_raster(d), "highest_per_km2",
        is_share ? json_null() : json_real(d->highest * 1e6),
        "highest_share", is_share ? json_real(d->highest) : json_null(),
        "mass",
        is_share || d->is_at_places ? json_null() : json_real(d->mass),
        "findings", findings);
}

gb_status call_density_give(density *d, json_t **result)
{
    const gb_status status = call_result(d->c, result, describe(d));

    return status || !call_has(d->c, "out") ? status
                                            : write_file(d, *result);
}
